"""Write a trained event reader as int8 ONNX with tokenizer, manifest and figures.

python -m training.events.export --encoder DIR --checkpoint training/runs/events/last.pt --out src/detente/models/events
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from .data import STATUSES, TYPES
from .model import EventNet


def write_manifest(folder: Path, about: dict[str, object]) -> None:
    """Write the digests of a model folder's files, in the form that detente.engines.weights reads."""
    files = sorted(p for p in folder.iterdir() if p.suffix != ".md" and p.name != "manifest.json")
    digests = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    (folder / "manifest.json").write_text(json.dumps({"files": digests, "about": about}, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", default="src/detente/models/events")
    parser.add_argument("--float", action="store_true", help="keep 32-bit weights, to see what int8 costs")
    args = parser.parse_args()
    net = EventNet(args.encoder)
    net.load_state_dict(torch.load(args.checkpoint, weights_only=False)["net"])
    net.eval()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (2, 12))
    names = ["types", "status", "attributed", "heads", "tails"]
    axes = {n: {0: "batch", 1: "length"} for n in ["input_ids", "attention_mask", *names]}
    plain = out / "float.onnx"
    torch.onnx.export(net, (ids, torch.ones_like(ids)), str(plain), input_names=["input_ids", "attention_mask"],
                      output_names=names, dynamic_axes=axes, opset_version=17, dynamo=False)  # fmt: skip
    if args.float:
        plain.rename(out / "events.onnx")
    else:
        quantize_dynamic(str(plain), str(out / "events.onnx"), weight_type=QuantType.QInt8, per_channel=True)
        plain.unlink()
    onnx.checker.check_model(str(out / "events.onnx"))
    shutil.copy(Path(args.encoder) / "tokenizer.json", out / "tokenizer.json")
    write_manifest(out, {"types": TYPES, "statuses": STATUSES, "role_bias": net.role_bias.tolist()})
    print({p.name: p.stat().st_size for p in out.iterdir()})


if __name__ == "__main__":
    main()
