"""Copies on a desk: documents that come one after another are marked as if all had come together."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from detente.desk import Desk
from detente.read import find_copies
from detente.records import Document, DocumentId
from detente.settings import Settings
from tests.read.test_copies import EDITED, OTHER, WIRE, make

FURTHER = EDITED.replace("Rescue workers", "Rescuers").replace("About nine hundred", "Some 900")
DOCUMENTS = (
    make("a", EDITED, 0, "The Ledger", "The Wire"),
    make("b", WIRE, 1, "The Wire"),
    make("c", FURTHER, 2, "The Herald"),
    make("d", OTHER, 0),
    make("e", OTHER, 3),
    make("f", WIRE[: len(WIRE) // 2], 1),
    make("g", "Six died.", 0),
    make("h", WIRE, 0, "The Globe"),
)


def put(desk: Desk, documents: list[Document]) -> None:
    with desk.store.writing() as writing:
        for document in documents:
            writing.put_documents(document.page, [document])


def marks(documents: list[Document]) -> dict[str, Document]:
    return {document.id: document for document in documents if document.copy_of is not None}


def on_desk(desk: Desk) -> dict[str, Document]:
    return marks(list(desk.store.find(Document)))


@pytest.mark.parametrize("seed", range(6))
def test_one_after_another_as_all_together(tmp_path: Path, seed: int) -> None:
    rng, order = random.Random(seed), list(DOCUMENTS)
    rng.shuffle(order)
    with Desk(tmp_path, Settings(desk=str(tmp_path))) as desk:
        while order:
            some = [order.pop() for _ in range(min(len(order), rng.randint(1, 3)))]
            put(desk, some)
            desk.find_copies()
        assert on_desk(desk) == marks(list(find_copies(DOCUMENTS)))


def test_a_page_that_is_read_anew_frees_its_copies(tmp_path: Path) -> None:
    with Desk(tmp_path, Settings(desk=str(tmp_path))) as desk:
        put(desk, list(DOCUMENTS))
        desk.find_copies()
        assert on_desk(desk)["a"].copy_of == "b"
        another = replace(DOCUMENTS[1], text=OTHER, id=DocumentId("z"))
        put(desk, [another])
        assert not on_desk(desk)
        desk.find_copies()
        rest = [d for d in DOCUMENTS if d.id != "b"]
        assert on_desk(desk) == marks(list(find_copies([*rest, another])))


def test_what_was_compared_is_not_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Desk(tmp_path, Settings(desk=str(tmp_path))) as desk:
        put(desk, list(DOCUMENTS[:6]))
        desk.find_copies()
        asked: list[int] = []
        compare = Desk._compare
        monkeypatch.setattr(Desk, "_compare", lambda self, ids, recipe: (asked.append(len(ids)), compare(self, ids, recipe)))
        put(desk, list(DOCUMENTS[6:]))
        desk.find_copies()
        desk.find_copies()
        assert asked == [2]
