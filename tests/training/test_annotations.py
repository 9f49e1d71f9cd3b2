"""The annotated articles: fields by the guidelines, spans within the texts where these are at hand."""

import json
from pathlib import Path

import pytest
from training.annotations import FOLDER, gold_name, load, load_all
from training.annotations.convert import check_event
from training.events.data import HELD_ALWAYS

TEXTS = Path(__file__).resolve().parents[3] / "shared/data/newswire"
FOLDERS = [FOLDER, FOLDER / "second", FOLDER / "held"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_field_is_of_the_guidelines(folder: Path) -> None:
    for path in sorted(folder.glob("*.json")):
        marked = json.loads(path.read_text(encoding="utf-8"))
        assert "text" not in marked, f"{path.name} holds its text"
        for event in marked["events"]:
            check_event(event)
            assert all(0 <= start < end for start, end in event["spans"]), f"{path.name} {event['id']}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_quotes_are_restored(folder: Path) -> None:
    if not TEXTS.is_dir():
        pytest.skip(f"{TEXTS} is not there: the annotated texts may not be copied")
    for item in load(folder, TEXTS):
        assert all(event["quote"].strip() for event in item["events"]), item["doc"]


def test_no_article_is_given_twice() -> None:
    if not TEXTS.is_dir():
        pytest.skip(f"{TEXTS} is not there: the annotated texts may not be copied")
    names = [item["doc"] for item in load_all(TEXTS)]
    assert len(set(names)) == len(names)


def test_names_tell_what_is_held_out() -> None:
    assert gold_name("newswire/a_b_1.txt") == "newswire-a-b-1"
    old = gold_name("times/TBAQ-cleaned/AQUAINT/APW19990206.0090.tml")
    assert old == "times-APW19990206.0090"
    assert HELD_ALWAYS.match(old)
    assert not HELD_ALWAYS.match(gold_name("newswire/a_b_1.txt"))
