"""Which events are compared: those that share a key, and in crowded keys only near neighbours.

Every rule here looks at the set of events and never at the order in which they came. The pairs of a whole desk
are found by `all_pairs`, those of one event on a desk whose cards are kept by `Block.near`: by the same rule.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, combinations, product

import numpy as np
from numpy.typing import NDArray

from detente.fuse.sketch import QUADS, Party, Sketch
from detente.records import Card

MONTH = 30.0
YEAR = 365.25
MOST_YEARS = 4
SLACK = 3.0  # days by which reports of one act differ without saying so
CROWD = 16  # a block of more events is sorted, and each is compared with its neighbours
WINDOW = 5
WIDE = 75.0  # days; a wider time is looked up by its years
_TYPES = {name: number for number, name in enumerate(sorted(QUADS))}
_DATES = 1 << 23  # quarters of a day on either side of 1970 that places in a block tell apart: 5,700 years

Slot = tuple[int, int, int]  # an event's place in a block: by time, by words, number

Codes = NDArray[np.int64]


def card_of(sketch: Sketch) -> Card:
    """Give the card of an event, before it is put anywhere."""
    words = [_digest(word) for word in _rarest(sketch, 4)]
    return Card(
        number=number_of(sketch.id), event=sketch.id, document=sketch.document,
        keys=tuple(sorted({_key(key) for key in block_keys(sketch)})),
        by_time=_by_time(sketch, words), by_words=_by_words(sketch, words),
    )  # fmt: skip


def number_of(event: str) -> int:
    """Give the number of an event: 63 bits of the digest of its id."""
    return int.from_bytes(blake2b(event.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def block_keys(sketch: Sketch) -> tuple[str, ...]:
    """Give the keys of an event: its parties, its place and its rarest words, each within its time."""
    times = _times(sketch)
    return tuple(sorted({f"{what}@{time}" for what in _subjects(sketch) for time in times}))


def _key(key: str) -> int:
    """Give a key as 63 bits, signed, of which the last is set in keys of years."""
    return number_of(key) >> 1 << 1 | ("@y" in key)


def of_years(key: int) -> bool:
    """Tell whether a key is of years: precise events meet under their months, here only with vague ones."""
    return bool(key & 1)


def vague(by_time: int) -> bool:
    """Tell by an event's place in time whether its time is too wide for months."""
    return bool(by_time & 1)


def _times(sketch: Sketch) -> list[str]:
    if sketch.first is None or sketch.last is None:
        return ["?"]
    years = _buckets("y", sketch, YEAR)[:MOST_YEARS]
    return years if sketch.width > WIDE else _buckets("m", sketch, MONTH) + years


def _buckets(name: str, sketch: Sketch, size: float) -> list[str]:
    first, last = sketch.first or 0.0, sketch.last or 0.0
    return [f"{name}{n}" for n in range(int((first - SLACK) // size), int((last + SLACK) // size) + 1)]


def _subjects(sketch: Sketch) -> Iterator[str]:
    family = QUADS[sketch.type].partition(" ")[0]
    sides = sorted({_side(p) for p in sketch.parties})[:6]
    yield from (f"{family}:{a}:{b}" for a, b in combinations(sides, 2))
    if len(sides) < 2:
        yield from (f"{family}:{a}:{sketch.type}" for a in sides)
    yield from (f"who:{p.name}" for p in sketch.parties if not p.unnamed and len(p.words) > 1)
    if sketch.spot is not None and not sketch.spot.wide:
        yield f"at:{sketch.spot.name}:{sketch.type}"
    if sketch.trigger:
        yield from (f"story:{sketch.trigger}:{name}" for name in list(sketch.story)[:3])
    yield from (f"says:{a}:{b}" for a, b in combinations(sorted(_rarest(sketch, 3)), 2))


def _side(party: Party) -> str:
    return party.country if party.country else party.name


def _rarest(sketch: Sketch, most: int) -> list[str]:
    ranked = sorted(sketch.words.items(), key=lambda pair: (-pair[1], pair[0]))
    return [word for word, _ in ranked[:most]]


@lru_cache(maxsize=65536)
def _digest(word: str) -> int:
    return number_of(word) & 0xFFFFFF


def _by_time(sketch: Sketch, words: Sequence[int]) -> int:
    """Give the place in time, as 63 bits: undated last, then first day, type, width, rarest words; odd if vague."""
    first = min(max(int((sketch.first or 0.0) * 4) + _DATES, 0), 2 * _DATES - 1)
    width = 63 if sketch.first is None else min(math.ceil(sketch.width + 1).bit_length(), 62)
    packed = (sketch.first is None) << 24 | first
    packed = packed << 4 | _TYPES[sketch.type]
    packed = packed << 6 | width
    for word in (*words, 0, 0)[:2]:
        packed = packed << 13 | word >> 11
    return packed << 1 | (sketch.width > WIDE)


def _by_words(sketch: Sketch, words: Sequence[int]) -> int:
    """Give the place among words, as 62 bits: type, then the rarest words."""
    packed = _TYPES[sketch.type]
    for word, bits in zip((*words, 0, 0, 0, 0), (20, 16, 12, 10), strict=False):
        packed = packed << bits | word >> (24 - bits)
    return packed


def slot_of(card: Card) -> Slot:
    """Give the place of an event in each of its blocks."""
    return card.by_time, card.by_words, card.number


def time_order(slot: Slot) -> tuple[int, int]:
    """Give what a block is sorted by in its view of time."""
    return slot[0], slot[2]


def words_order(slot: Slot) -> tuple[int, int]:
    """Give what a block is sorted by in its view of words."""
    return slot[1], slot[2]


VIEWS = (time_order, words_order)


class Stacked:
    """The blocks of a whole desk as arrays: which event (by its place in the list of cards) stands in which."""

    def __init__(self) -> None:
        self.keys, self.owners = array("q"), array("i")
        self.by_time, self.by_words, self.numbers = array("q"), array("q"), array("q")

    def add(self, card: Card) -> None:
        """Put a card behind those that are there."""
        at = len(self.numbers)
        self.keys.extend(card.keys)
        self.owners.extend([at] * len(card.keys))
        self.by_time.append(card.by_time)
        self.by_words.append(card.by_words)
        self.numbers.append(card.number)

    def rows(self) -> Iterator[list[tuple[int, int, int, int]]]:
        """Give key, place in time, number and place among words of every event in every block, in runs, sorted."""
        keys, owners = np.frombuffer(self.keys, np.int64), np.frombuffer(self.owners, np.int32)
        times, words, numbers = (np.frombuffer(a, np.int64) for a in (self.by_time, self.by_words, self.numbers))
        order = np.argsort(keys, kind="stable")
        for at in range(0, len(order), _RUN):
            part = order[at : at + _RUN]
            who = owners[part]
            columns = (keys[part], times[who], numbers[who], words[who])
            yield list(zip(*(column.tolist() for column in columns), strict=True))


_RUN = 50_000


def all_pairs(blocks: Stacked) -> Codes:
    """Give the pairs to compare, each once: smaller place * number of cards + greater place, sorted."""
    if not blocks.keys:
        return np.zeros(0, np.int64)
    keys, owners = np.frombuffer(blocks.keys, np.int64), np.frombuffer(blocks.owners, np.int32)
    times, words, numbers = (
        np.frombuffer(a, np.int64) for a in (blocks.by_time, blocks.by_words, blocks.numbers)
    )
    order = np.lexsort((_ranks(times, numbers)[owners], keys))
    keys, owners = keys[order], owners[order]
    crowded = _sizes(keys) > CROWD
    wide = (times & 1).astype(bool)
    found = [_apart(step, keys, owners, wide, crowded) for step in range(1, CROWD)]
    keys, owners = keys[crowded], owners[crowded]
    order = np.lexsort((_ranks(words, numbers)[owners], keys))
    keys, owners = keys[order], owners[order]
    found += [_apart(step, keys, owners, wide, wide[:0]) for step in range(1, WINDOW + 1)]
    return np.unique(np.concatenate(found))


def _ranks(places: Codes, numbers: Codes) -> NDArray[np.int32]:
    ranks = np.empty(len(places), np.int32)
    ranks[np.lexsort((numbers, places))] = np.arange(len(places), dtype=np.int32)
    return ranks


def _sizes(keys: Codes) -> NDArray[np.int64]:
    """Give for each member of sorted keys how many have its key."""
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    counts = np.diff(np.append(starts, len(keys)))
    return np.repeat(counts, counts)


def _apart(
    step: int, keys: Codes, owners: NDArray[np.int32], wide: NDArray[np.bool_], crowded: NDArray[np.bool_]
) -> Codes:
    """Give the pairs that stand `step` apart in one sorted block; in crowds no further than the window."""
    near = keys[:-step] == keys[step:]
    if step > WINDOW:
        near &= ~crowded[:-step]
    at = np.flatnonzero(near)
    a, b = owners[at], owners[at + step]
    kept = ((keys[at] & 1) == 0) | wide[a] | wide[b]
    a, b = a[kept].astype(np.int64), b[kept].astype(np.int64)
    codes: Codes = np.minimum(a, b) * len(wide) + np.maximum(a, b)
    return codes


class Block:
    """The events that share a key, or of a crowd at least those next to the places that are asked for."""

    def __init__(self, key: int, members: Iterable[Slot], crowded: bool | None = None) -> None:
        self._of_years = of_years(key)
        self.members = list(members)
        self.crowded = len(self.members) > CROWD if crowded is None else crowded
        self._ranked = [sorted(self.members, key=view) for view in VIEWS] if self.crowded else []

    def near(self, slot: Slot) -> Iterator[int]:
        """Give the numbers of the events that the one at a place is compared with."""
        for other in chain.from_iterable(self._sides(slot)) if self.crowded else self.members:
            if other[2] != slot[2] and self.allows(slot, other):
                yield other[2]

    def across(self, slot: Slot) -> Iterator[tuple[int, int]]:
        """Give the pairs that are compared or not by whether something stands at a place between them."""
        sides = self._sides(slot)
        for before, after in zip(sides[::2], sides[1::2], strict=True):
            for a, b in product(before, after):
                if self.allows(a, b):
                    yield min(a[2], b[2]), max(a[2], b[2])

    def all(self) -> Iterator[tuple[int, int]]:
        """Give all pairs."""
        for a, b in combinations(self.members, 2):
            if self.allows(a, b):
                yield min(a[2], b[2]), max(a[2], b[2])

    def allows(self, one: Slot, other: Slot) -> bool:
        """Tell whether two may be compared under this key: in years, only where one is vague."""
        return not self._of_years or vague(one[0]) or vague(other[0])

    def _sides(self, slot: Slot) -> list[list[Slot]]:
        """Give those before and those after a place, in each view."""
        found = []
        for view, ranked in zip(VIEWS, self._ranked, strict=True):
            first, last = bisect_left(ranked, view(slot), key=view), bisect_right(ranked, view(slot), key=view)
            found += [ranked[max(0, first - WINDOW) : first], ranked[last : last + WINDOW]]
        return found


def candidate_pairs(sketches: Sequence[Sketch]) -> Iterator[tuple[int, int]]:
    """Give the pairs (smaller place first) to compare among sketches, each once."""
    blocks = Stacked()
    for sketch in sketches:
        blocks.add(card_of(sketch))
    for code in all_pairs(blocks).tolist():
        yield code // len(sketches), code % len(sketches)
