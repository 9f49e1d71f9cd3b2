"""The invented pieces: every quote stands in its text, every field has a value of the guidelines."""

from collections import Counter

from training.annotations.convert import check_event
from training.stories import load_all

PIECES = list(load_all())


def test_every_quote_stands_in_its_text() -> None:
    assert len(PIECES) >= 200
    for piece in PIECES:
        for event in piece["events"]:
            assert all(quote in piece["text"] for quote in (event["quote"], *event["also"])), (piece["doc"], event["id"])


def test_fields_have_values_of_the_guidelines() -> None:
    for piece in PIECES:
        for event in piece["events"]:
            check_event(event)
        assert len({event["id"] for event in piece["events"]}) == len(piece["events"])


def test_rare_statuses_and_all_types_are_there() -> None:
    told = Counter(event["status"] for piece in PIECES for event in piece["events"])
    assert min(told[s] for s in ("planned", "possible", "attempted", "denied")) >= 100
    assert len({event["type"] for piece in PIECES for event in piece["events"]}) == 16
