"""Many sketches in little memory: numbers in place of words, opened again one at a time."""

import math
import struct
from array import array
from collections.abc import Hashable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from detente.fuse.sketch import Sketch, Spot, telling
from detente.records import EventId

_HEAD = struct.Struct("<10i2d4q")
_NONE = -1
_NO_TIME = math.nan
_OPEN = 20_000  # sketches kept open at a time


class Shelf:
    """Holds sketches in the order in which they were added: some 500 bytes each instead of 4,000."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._things: list[Any] = []
        self._rows: list[bytes] = []
        self._ids: list[EventId] = []
        self._known: list[datetime] = []
        self._stories: dict[int, bytes] = {}
        self.open = lru_cache(maxsize=_OPEN)(self._open)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, sketch: Sketch) -> None:
        """Put a sketch behind those that are there."""
        document = self._number(sketch.document)
        if document not in self._stories:
            story = array("i", map(self._number, sketch.story)).tobytes()
            self._stories[document] = story + array("d", sketch.story.values()).tobytes()
        lists = (sketch.actors, sketch.recipients, sketch.words, sketch.names)
        head = _HEAD.pack(
            *(document, self._number(sketch.root), self._number(sketch.type), self._number(sketch.status)),
            *(self._number(sketch.trigger), self._number(sketch.spot) if sketch.spot else _NONE, sketch.at),
            *(len(sketch.actors) << 16 | len(sketch.recipients), len(sketch.words), sketch.known),
            *(_NO_TIME if day is None else day for day in (sketch.first, sketch.last)),
            *(n for told in (sketch.killed, sketch.injured) for n in (told or (_NONE, _NONE))),
        )
        self._rows.append(head + array("i", [self._number(x) for told in lists for x in told]).tobytes())
        self._ids.append(sketch.id)
        self._known.append(sketch.known_at)

    def _number(self, thing: Hashable) -> int:
        number = self._numbers.setdefault(thing, len(self._things))
        if number == len(self._things):
            self._things.append(thing)
        return number

    def _open(self, at: int) -> Sketch:
        row, things = self._rows[at], self._things
        (document, root, kind, status, trigger, spot, start, sides, words, known,
         first, last, *tolls) = _HEAD.unpack_from(row)  # fmt: skip
        told = [things[n] for n in array("i", row[_HEAD.size :])]
        doers, parties = sides >> 16, (sides >> 16) + (sides & 0xFFFF)
        return Sketch(
            id=self._ids[at], document=things[document], root=things[root], type=things[kind], status=things[status],
            actors=tuple(told[:doers]), recipients=tuple(told[doers:parties]),
            first=_day(first), last=_day(last), spot=None if spot == _NONE else self._spot(spot),
            killed=_toll(*tolls[:2]), injured=_toll(*tolls[2:]), trigger=things[trigger], known=bool(known),
            words={w: telling(w) for w in told[parties : parties + words]},
            names={w: telling(w) for w in told[parties + words :]},
            story=self._story(document), known_at=self._known[at], at=start,
        )  # fmt: skip

    def _spot(self, number: int) -> Spot:
        found: Spot = self._things[number]
        return found

    def _story(self, document: int) -> Mapping[str, float]:
        row = self._stories[document]
        size = len(row) // 12
        names = array("i", row[: size * 4])
        return {self._things[n]: w for n, w in zip(names, array("d", row[size * 4 :]), strict=True)}


def _day(value: float) -> float | None:
    return None if math.isnan(value) else value


def _toll(low: int, high: int) -> tuple[int, int] | None:
    return None if low == _NONE else (low, high)

