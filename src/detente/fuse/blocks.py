"""Which events are compared: those that share a key, and in crowded keys only near neighbours.

Every rule here looks at the set of events and never at the order in which they came.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from operator import itemgetter

from detente.fuse.sketch import QUADS, Party, Sketch

MONTH = 30.0
YEAR = 365.25
MOST_YEARS = 4
SLACK = 3.0  # days by which reports of one act differ without saying so
CROWD = 16  # a block of more events is sorted, and each is compared with its neighbours
WINDOW = 5
WIDE = 75.0  # days; a wider time is looked up by its years


def block_keys(sketch: Sketch) -> tuple[str, ...]:
    """Give the keys of an event: its parties, its place and its rarest words, each within its time."""
    times = _times(sketch)
    return tuple(sorted({f"{what}@{time}" for what in _subjects(sketch) for time in times}))


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
    rare = sorted(sketch.words.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    yield from (f"says:{a}:{b}" for a, b in combinations(sorted(word for word, _ in rare), 2))


def _side(party: Party) -> str:
    return party.country if party.country else party.name


def candidate_pairs(sketches: Sequence[Sketch]) -> Iterator[tuple[int, int]]:
    """Give the pairs (smaller number first) to compare; a pair may come more than once."""
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for number, sketch in enumerate(sketches):
        for key in block_keys(sketch):
            blocks[key].append(number)
    for key, members in blocks.items():
        if len(members) > 1:
            pairs = _pairs_of(members, sketches)
            yield from _with_vague(pairs, sketches) if "@y" in key else pairs


def _with_vague(pairs: Iterable[tuple[int, int]], sketches: Sequence[Sketch]) -> Iterator[tuple[int, int]]:
    """Keep the pairs of which one is dated vaguely: precise ones meet under their months."""
    for a, b in pairs:
        if sketches[a].width > WIDE or sketches[b].width > WIDE:
            yield a, b


def _pairs_of(members: list[int], sketches: Sequence[Sketch]) -> Iterator[tuple[int, int]]:
    if len(members) <= CROWD:
        yield from (_ordered(a, b) for a, b in combinations(members, 2))
        return
    for view in (_by_time, _by_words):
        ranked = [n for _, n in sorted(((view(sketches[n]), n) for n in members), key=itemgetter(0))]
        for at, number in enumerate(ranked):
            yield from (_ordered(number, other) for other in ranked[at + 1 : at + 1 + WINDOW])


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _by_time(sketch: Sketch) -> tuple[object, ...]:
    known = sketch.first is not None
    return (not known, sketch.first or 0.0, sketch.type, sketch.last or 0.0, _signature(sketch), sketch.id)


def _by_words(sketch: Sketch) -> tuple[object, ...]:
    return (sketch.type, _signature(sketch), sketch.id)


def _signature(sketch: Sketch) -> tuple[str, ...]:
    rare: Iterable[tuple[str, float]] = sorted(sketch.words.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(word for word, _ in list(rare)[:4])
