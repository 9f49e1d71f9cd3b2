"""The floors hold, errors are caught in one place, and the install stays light."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import detente

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "detente"
MODULES = sorted(SOURCE.rglob("*.py"))


def test_the_floors_of_the_architecture_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT / "src"))
    assert lint_imports(no_cache=True) == 0


RIMS = ["engines/onnx.py", "runtime.py"]  # a library without an error tree; the workers


def test_broad_excepts_stand_at_the_rims_alone() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type)
    ]
    assert [place.split(":")[0] for place in found] == RIMS, found


def _is_broad(caught: ast.expr | None) -> bool:
    names = (
        {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)} if caught else {"BaseException"}
    )
    return bool(names & {"Exception", "BaseException"})


def test_no_module_is_called_after_nothing() -> None:
    empty = {"utils", "util", "common", "core", "base", "manager", "service", "helpers", "misc"}
    assert not [path for path in MODULES if path.stem in empty or path.parent.name in empty]


def _locked(name: str) -> set[str]:
    return set(re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_nothing_heavy_is_installed(name: str) -> None:
    heavy = {"torch", "transformers", "tensorflow", "jax", "ray", "spacy", "weasyprint", "python-docx"}
    assert not _locked(name) & heavy
    assert not [each for each in _locked(name) if each.startswith(("nvidia", "cuda", "triton"))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes_and_no_place_of_its_own(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(_locked(name))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--index|--find-links|--trusted", text)


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for asked, name in (
        (project["dependencies"], "requirements.txt"),
        (project["optional-dependencies"]["dev"], "requirements-dev.txt"),
    ):
        names = {re.split(r"[\[<>=]", each)[0] for each in asked}
        assert names <= _locked(name)


def test_the_public_names_are_these() -> None:
    assert sorted(detente.__all__) == PUBLIC
    assert all(getattr(detente, name) for name in PUBLIC)


PUBLIC = sorted(["Desk", "DetenteError", "Settings", "__version__", "load_settings", "open_desk"])
