"""From a trained event reader to the files that ship: 8-bit ONNX, tokenizer, manifest."""

import shutil
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from detente.engines.event_windows import FEATURES
from detente.engines.weights import write_manifest
from training.annotator.minilm import minilm_folder

from .data import STATUSES, TYPES
from .model import EventNet
from .windows import ENDS

OUTPUTS = ["types", "status", "attributed", "heads", "tails"]


def export_reader(checkpoint: Path, out: Path) -> None:
    """Write `events.onnx`, `tokenizer.json` and `manifest.json` into the folder `out`."""
    state = torch.load(checkpoint, weights_only=False)
    labels = state["labels"]
    net = EventNet([len(labels[f]) for f in FEATURES])
    net.load_state_dict(state["net"])
    net.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (2, 12))
    inputs = (ids, torch.ones(2, 12, len(FEATURES), dtype=torch.long), torch.zeros(2, 12, len(TYPES)))
    axes = {n: {0: "batch", 1: "length"} for n in ["ids", "features", "hints", *OUTPUTS]}
    whole = out / "whole.onnx"
    torch.onnx.export(
        net, inputs, str(whole), input_names=["ids", "features", "hints"],
        output_names=OUTPUTS, dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(
        str(whole), str(out / "events.onnx"), weight_type=QuantType.QInt8, per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"], extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    whole.unlink()
    onnx.load(str(out / "events.onnx"))
    shutil.copy(minilm_folder() / "tokenizer.json", out / "tokenizer.json")
    write_manifest(out, {
        "types": TYPES, "statuses": STATUSES, "role_bias": net.role_bias.tolist(), "labels": labels, "ends": ENDS,
    })  # fmt: skip
