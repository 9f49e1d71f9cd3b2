"""The shipped annotator and the world pack, loaded once."""

import pytest

from detente.engines import Annotator, load_annotator
from detente.packs import Pack, load_pack


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return load_annotator()


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack([])
