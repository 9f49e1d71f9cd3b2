"""From a trained network to the model folder: one ONNX graph in 8-bit whole numbers, tokenizer, manifest."""

from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from detente.engines.weights import write_manifest

from . import data
from .data import LABELS, STATUSES, Row
from .model import OUTPUTS, PairNet

OPSET = 17


def ship(
    net: PairNet,
    tokenizer: Tokenizer,
    rows: Sequence[Row],
    modes: Sequence[str],
    folder: Path,
) -> None:
    """Write every file of the model folder but the card."""
    folder.mkdir(parents=True, exist_ok=True)
    export(net, folder / "relations.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    about = {"types": LABELS, "statuses": STATUSES, "modes": list(modes), "modes_of": data.modes_of(rows)}
    write_manifest(folder, about)


def export(net: PairNet, path: Path, *, whole_numbers: bool = True) -> None:
    """Write the network as ONNX; without `whole_numbers` in floats, to compare."""
    net = net.float().eval().cpu()
    whole = path.with_suffix(".float.onnx")
    example = torch.tensor([[101, 1, 2000, 2, 102], [101, 3, 2000, 4, 102]])
    axes = {0: "batch", 1: "long"}
    torch.onnx.export(
        net, (example, torch.ones_like(example)), str(whole), dynamo=False, opset_version=OPSET,
        input_names=["input_ids", "attention_mask"], output_names=list(OUTPUTS),
        dynamic_axes={"input_ids": axes, "attention_mask": axes} | {name: {0: "batch"} for name in OUTPUTS},
    )  # fmt: skip
    if not whole_numbers:
        whole.rename(path)
        return
    quantize_dynamic(
        whole,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather", "Gemm"],
        extra_options={"MatMulConstBOnly": True},
    )
    whole.unlink()


__all__ = ["export", "ship"]
