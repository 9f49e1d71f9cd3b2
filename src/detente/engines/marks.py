"""Marked sentences as the relation network sees them: piece numbers with marks around the parties."""

from collections.abc import Sequence
from typing import NamedTuple

Span = tuple[int, int]

FIRST, LAST = 101, 102
LONGEST = 112
"""Pieces that the network reads at most; of a longer sentence a window around the marks."""
MARKS = {"s": (1, 2), "t": (3, 4), "e": (5, 6)}
"""Unused numbers of the vocabulary: before and after the source, the target and the event word."""


class Mark(NamedTuple):
    """A party or an event word: its `kind` (a key of `MARKS`) and character range."""

    kind: str
    span: Span


def mark_pieces(ids: Sequence[int], offsets: Sequence[Span], marks: Sequence[Mark]) -> list[int]:
    """The pieces of a sentence with marks around the ranges, between first and last piece.

    `offsets` are the pieces' character ranges. A mark without letters, out of the text or turned round
    is left out. A sentence of more than `LONGEST` pieces is cut to windows around its marks.
    """
    put: dict[int, list[int]] = {}
    for mark in marks:
        inside = [k for k, (a, b) in enumerate(offsets) if a < mark.span[1] and b > mark.span[0]]
        if inside and mark.span[0] < mark.span[1]:
            opening, closing = MARKS[mark.kind]
            put.setdefault(inside[0], []).append(opening)
            put.setdefault(inside[-1] + 1, []).insert(0, closing)
    room = LONGEST - 2 - sum(map(len, put.values()))
    kept = _window(len(ids), sorted(put), room)
    made = [FIRST]
    for k in kept:
        made += put.get(k, [])
        if k < len(ids):
            made.append(ids[k])
    return [*made, LAST]


def _window(size: int, places: Sequence[int], room: int) -> list[int]:
    """The piece positions to keep (and the one past the end, for a mark there): those nearest to a mark."""
    if size <= room:
        return list(range(size + 1))
    near = sorted(range(size), key=lambda k: min((_distance(k, place) for place in places), default=k))
    return sorted({*near[:room], *places})


def _distance(piece: int, place: int) -> float:
    """How far a piece is from a mark that stands before `place`."""
    return piece - place + 0.5 if piece >= place else place - piece - 0.5


__all__ = ["FIRST", "LAST", "LONGEST", "MARKS", "Mark", "mark_pieces"]
