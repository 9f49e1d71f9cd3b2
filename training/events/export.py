"""From a trained event reader to the files that ship: 8-bit ONNX, tokenizer, manifest."""

import shutil
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from detente.engines.weights import write_manifest

from .data import STATUSES, TYPES
from .model import EventNet

OUTPUTS = ["types", "status", "attributed", "heads", "tails"]


def export_reader(checkpoint: Path, encoder: Path, out: Path) -> None:
    """Write `events.onnx`, `tokenizer.json` and `manifest.json` into the folder `out`."""
    net = EventNet(str(encoder))
    net.load_state_dict(torch.load(checkpoint, weights_only=False)["net"])
    net.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (2, 12))
    axes = {n: {0: "batch", 1: "length"} for n in ["input_ids", "attention_mask", *OUTPUTS]}
    whole = out / "whole.onnx"
    torch.onnx.export(
        net, (ids, torch.ones_like(ids)), str(whole), input_names=["input_ids", "attention_mask"],
        output_names=OUTPUTS, dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(str(whole), str(out / "events.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
    onnx.checker.check_model(str(out / "events.onnx"))
    shutil.copy(encoder / "tokenizer.json", out / "tokenizer.json")
    write_manifest(out, {"types": TYPES, "statuses": STATUSES, "role_bias": net.role_bias.tolist()})
