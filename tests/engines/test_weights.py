import json
from pathlib import Path

import pytest

from detente.engines.weights import MANIFEST, open_weights, write_manifest
from detente.errors import EngineError


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "network.onnx").write_bytes(b"weights")
    (folder / "CARD.md").write_text("a card")
    write_manifest(folder, {"labels": ["a"]})
    return tmp_path


def test_opens_what_was_written(models: Path) -> None:
    weights = open_weights("toy", models)
    assert weights.about == {"labels": ["a"]}
    assert weights.path("network.onnx").read_bytes() == b"weights"
    assert weights.recipe.startswith("toy-")


def test_a_card_may_change(models: Path) -> None:
    before = open_weights("toy", models).recipe
    (models / "toy" / "CARD.md").write_text("another card")
    assert open_weights("toy", models).recipe == before


def test_altered_weights_are_refused_by_name(models: Path) -> None:
    (models / "toy" / "network.onnx").write_bytes(b"weightz")
    with pytest.raises(EngineError, match=r"network\.onnx.*digest"):
        open_weights("toy", models)


def test_missing_weights_are_refused_by_name(models: Path) -> None:
    (models / "toy" / "network.onnx").unlink()
    with pytest.raises(EngineError, match=r"network\.onnx"):
        open_weights("toy", models)


def test_no_model_and_no_manifest(models: Path) -> None:
    with pytest.raises(EngineError, match="no such model"):
        open_weights("absent", models)
    (models / "toy" / MANIFEST).write_text(json.dumps([1]))
    with pytest.raises(EngineError, match="not a manifest"):
        open_weights("toy", models)
