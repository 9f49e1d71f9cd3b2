"""The shipped weights: found by name, checked by digest."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import EngineError

_MODELS = Path(__file__).resolve().parent.parent / "models"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A model's folder whose files are those of its manifest.

    `recipe` names the model and its version by digest; `about` is what the manifest says besides
    digests (labels, widths, limits).
    """

    name: str
    folder: Path
    recipe: str
    about: dict[str, Any]

    def path(self, file: str) -> Path:
        """Where a file of the model lies."""
        return self.folder / file


def open_weights(name: str, models: Path = _MODELS) -> Weights:
    """The weights of the model `name`, every file checked against its manifest.

    Raises `EngineError` that names the file which is missing or altered.
    """
    folder = models / name
    manifest = _read_manifest(folder)
    for file, digest in manifest["files"].items():
        _check_file(folder / file, digest)
    recipe = f"{name}-{_digest_of(json.dumps(manifest['files'], sort_keys=True).encode())[:12]}"
    return Weights(name=name, folder=folder, recipe=recipe, about=manifest.get("about", {}))


def write_manifest(folder: Path, about: dict[str, Any]) -> None:
    """Writes the manifest of a model folder: the digest of each file but cards and itself."""
    files = sorted(p for p in folder.iterdir() if p.suffix not in {".md", ".py"} and p.name != MANIFEST)
    digests = {path.name: _digest_of(path.read_bytes()) for path in files if path.is_file()}
    body = json.dumps({"files": digests, "about": about}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(body + "\n", encoding="utf-8")


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"].items()
    except FileNotFoundError:
        raise EngineError(f"{path}: no such model; reinstall détente") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"{path}: not a manifest ({error}); reinstall détente") from error
    return dict(manifest)


def _check_file(path: Path, digest: str) -> None:
    try:
        found = _digest_of(path.read_bytes())
    except OSError as error:
        raise EngineError(f"{path}: cannot be read ({error}); reinstall détente") from error
    if found != digest:
        raise EngineError(f"{path}: not the file that was shipped (its digest differs); reinstall détente")


def _digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
