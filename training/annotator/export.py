"""From the trained network to the files that ship: two ONNX graphs in 8-bit whole numbers."""

from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from training.annotator.network import Network

OPSET = 17


class _WithRoot(nn.Module):
    """The network with the root's state in front of the words' states."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, shapes: Tensor, firsts: Tensor, lasts: Tensor) -> tuple[Tensor, ...]:
        states, arcs, flat = self.network(pieces, shapes, firsts, lasts)
        root = self.network.root.expand(states.shape[0], 1, -1)
        return torch.cat([root, states], dim=1), arcs, flat


def export_network(network: Network, folder: Path, *, whole_numbers: bool = True) -> None:
    """Writes `network.onnx` and `relations.onnx`; without `whole_numbers` in floats, to compare."""
    network = network.float().eval()
    folder.mkdir(parents=True, exist_ok=True)
    _export_annotator(network, folder / "network.onnx")
    _export_relations(network, folder / "relations.onnx")
    if whole_numbers:
        for name, kinds in (("network.onnx", ["MatMul", "Gather"]), ("relations.onnx", ["MatMul"])):
            _quantize(folder / name, kinds)


def _export_annotator(network: Network, path: Path) -> None:
    batch = tuple(torch.ones(2, size, dtype=torch.long) for size in (9, 9, 5, 5))
    torch.onnx.export(
        _WithRoot(network), batch, str(path), dynamo=False, opset_version=OPSET,
        input_names=["pieces", "shapes", "firsts", "lasts"], output_names=["states", "arcs", "flat"],
        dynamic_axes={
            "pieces": {0: "batch", 1: "long"}, "shapes": {0: "batch", 1: "long"},
            "firsts": {0: "batch", 1: "wide"}, "lasts": {0: "batch", 1: "wide"},
        },
    )  # fmt: skip


def _export_relations(network: Network, path: Path) -> None:
    pair = (torch.zeros(3, 384), torch.zeros(3, 384))
    torch.onnx.export(
        network.labels, pair, str(path), dynamo=False, opset_version=OPSET,
        input_names=["dep", "head"], output_names=["scores"],
        dynamic_axes={"dep": {0: "words"}, "head": {0: "words"}},
    )  # fmt: skip


def _quantize(path: Path, kinds: list[str]) -> None:
    whole = path.with_suffix(".float.onnx")
    path.rename(whole)
    quantize_dynamic(
        whole, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=kinds,
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    whole.unlink()
