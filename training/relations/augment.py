"""Rows made from our own rows: other parties, turned round, cut short. Labels stay right by construction."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from detente.engines.marks import Mark

from .data import NONE, Row

ONE_WAY = frozenset({"ACCUSE", "ASSAULT", "COERCE", "MOBILIZE", "REJECT", "REQUEST", "SANCTION", "THREATEN"})
"""Types that hold from source to target alone, unless the sentence says otherwise."""
TOLD_BY_VERB = frozenset({"ACCUSE", "ASSAULT", "COERCE", "CONSULT"})
"""Types that what stands between the parties tells, so that the rest of the sentence can go."""
_BOTH_WAYS = re.compile(
    r"\b(?:each other|one another|exchang\w*|trad(?:ed|ing)|clash\w*|both|between|mutual\w*)\b", re.I
)
_VERB_LIKE = re.compile(r"[a-z]{4,}")
RENAMED, TURNED, CUT = 0.25, 0.08, 0.15  # shares of the rows that can be changed so


class Variety:
    """Changes rows at random; the parties it puts in are those of our own rows."""

    def __init__(self, rows: Sequence[Row]) -> None:
        own = [row for row in rows if row.source == "own" and row.types != (NONE,)]
        spans = [(mark.kind, row.text[slice(*mark.span)]) for row in own for mark in row.marks]
        self._parties = {
            kind: sorted({words for k, words in spans if k == kind and len(words) < 50}) for kind in "st"
        }
        self._known = {(row.text, row.marks) for row in rows}

    def vary(self, row: Row, rng: random.Random) -> Row:
        """The row or a change of it."""
        if {mark.kind for mark in row.marks} == {"s", "t", "e"}:
            return _hide(row, rng)
        if row.source != "own" or row.types == (NONE,):
            return row
        if row.types[0] in TOLD_BY_VERB and rng.random() < CUT:
            row = cut_short(row)
        if rng.random() < RENAMED:
            row = self._rename(row, rng)
        return row

    def turned(self, rows: Sequence[Row], rng: random.Random) -> list[Row]:
        """Pairs turned round, in which the one who undergoes does nothing."""
        fit = [
            row for row in rows if row.source == "own" and row.types[0] in ONE_WAY and rng.random() < TURNED
        ]
        made = [turn_round(row) for row in fit if not _BOTH_WAYS.search(row.text)]
        return [row for row in made if (row.text, row.marks) not in self._known]

    def _rename(self, row: Row, rng: random.Random) -> Row:
        text, marks, moved = row.text, list[Mark](), 0
        for mark in sorted(row.marks, key=lambda mark: mark.span):
            start, end = mark.span[0] + moved, mark.span[1] + moved
            party = rng.choice(self._parties[mark.kind])
            text = text[:start] + party + text[end:]
            moved += len(party) - (end - start)
            marks.append(Mark(mark.kind, (start, start + len(party))))
        return replace(row, text=text, marks=tuple(marks))


def turn_round(row: Row) -> Row:
    """What the target does to the source: nothing."""
    other = {"s": "t", "t": "s"}
    marks = tuple(Mark(other[mark.kind], mark.span) for mark in row.marks)
    return replace(row, marks=marks, types=(NONE,), styled=(), status=None, mode=None)


def cut_short(row: Row) -> Row:
    """The sentence up to the second party, where a verb may stand before it; else the row."""
    first, last = sorted(mark.span for mark in row.marks)
    between = row.text[first[1] : last[0]]
    if "," in between or not _VERB_LIKE.search(between) or row.status != "happened":
        return row
    return replace(row, text=row.text[: last[1]] + ".", mode=None)


def _hide(row: Row, rng: random.Random) -> Row:
    """Hides now the event mark, now the parties, so that each is enough."""
    lot = rng.random()
    keep = "ste" if lot < 0.34 else "e" if lot < 0.67 else "st"
    return replace(row, marks=tuple(mark for mark in row.marks if mark.kind in keep))
