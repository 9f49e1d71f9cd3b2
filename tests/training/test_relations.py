"""The rows that the relation classifier learns from."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.relations import data
from training.relations.data import Row

from detente.engines.marks import Mark

SENTENCES = Path(__file__).parents[2] / "training" / "sentences"


def test_marks_are_taken_out() -> None:
    text, marks = data.unmark("<t>Togo</t>'s port was shelled by <s>Ghana</s>.")
    assert text == "Togo's port was shelled by Ghana."
    assert {(m.kind, text[slice(*m.span)]) for m in marks} == {("t", "Togo"), ("s", "Ghana")}


@given(st.lists(st.sampled_from(["<s>", "</s>", "<t>", "</t>", "a", " b"])))
def test_broken_marks_never_raise_and_never_stay(parts: list[str]) -> None:
    text, marks = data.unmark("".join(parts))
    assert "<" not in text
    assert all(0 <= m.span[0] <= m.span[1] <= len(text) for m in marks)


@pytest.mark.parametrize(
    ("score", "before", "status"),
    [
        (3.0, ["it"], "happened"),
        (3.0, ["it", "will"], None),
        (-2.0, ["did", "not"], "denied"),
        (0.0, ["may"], "possible"),
        (0.0, ["plans", "to"], None),
        (2.0, [], None),
    ],
)
def test_factuality_is_a_status_where_it_is_clear(
    score: float, before: list[str], status: str | None
) -> None:
    assert data.status_of(score, before) == status


def test_predicates_are_marked(tmp_path: Path) -> None:
    for name in ("factbank_v1", "uw"):
        folder = tmp_path / name
        folder.mkdir()
        rows = ["0\tTroops\t_", "1\tnever\t_", "2\tleft\t-3.0"]
        (folder / "train.conll").write_text("\n".join(f"{row}\tX\tx\ty\tz" for row in rows) + "\n")
    (first, _) = data.load_factuality(tmp_path, "train")
    assert (first.text, first.status) == ("Troops never left", "denied")
    assert [first.text[slice(*m.span)] for m in first.marks] == ["left"]


def row(text: str, source: str = "own") -> Row:
    return Row(text=text, marks=(), types=("AID",), source=source, group=data.group_of(text))


def test_one_sentence_is_never_on_both_sides() -> None:
    rows = [row(f"Sentence {k} of {source}", source) for k in range(60) for source in ("own", "plv")]
    rows += [row("“sentence 7 of OWN”!", "cameo")]
    held, rest = data.hold_out(rows, 5, 0)
    assert held
    assert len(held) + len(rest) == len(rows)
    assert not {r.group for r in held} & {r.group for r in rest}


def test_a_round_holds_each_source_by_its_share() -> None:
    rows = [row(f"{k}", "plv") for k in range(10)] + [row(f"{k}", "fact") for k in range(50)]
    drawn = data.draw(rows, random.Random(1))
    assert [r.source for r in drawn].count("plv") == 10 * data.SHARES["plv"]
    assert [r.source for r in drawn].count("fact") == 50 * data.SHARES["fact"]
    assert drawn == data.draw(rows, random.Random(1))


def test_our_own_sentences_are_all_read() -> None:
    rows = data.load_sentences(SENTENCES)
    assert len(rows) > 3000
    assert {r.types[0] for r in rows} == set(data.LABELS)
    assert all(len(r.marks) == 2 and {m.kind for m in r.marks} == {"s", "t"} for r in rows)
    assert all(r.text[slice(*m.span)].strip() for r in rows for m in r.marks)
    modes = data.modes_of(rows)
    assert "aerial" in modes["ASSAULT"]
    assert not modes["NONE"]


def test_runs_of_words_become_one_party(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("Swiss B-S\npolice I-S\njailed O\na B-T\nspy I-T\n. O\n\nRain O\nfell O\n")
    classes = tmp_path / "classes.tsv"
    classes.write_text("Swiss police jailed a spy.\t4\nRain fell.\t0\n")
    rows = data.load_cameo(classes, pairs)
    assert [(r.source, r.some) for r in rows] == [("cameo", True), ("pairs", None), ("cameo", False)]
    assert [rows[1].text[slice(*m.span)] for m in rows[1].marks] == ["Swiss police", "a spy"]
    assert "COERCE" in rows[1].types
    assert rows[2].types == ()
    assert isinstance(rows[1].marks[0], Mark)
