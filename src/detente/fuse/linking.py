"""From events to groups that tell of one incident each, with the evidence for it."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.fuse.blocks import candidate_pairs
from detente.fuse.cluster import cluster, components
from detente.fuse.score import JOIN, UNSURE, Weights, log_odds, probability
from detente.fuse.sketch import Sketch
from detente.records import EventId

Pair = tuple[EventId, EventId]
_UNSURE_ODDS = float(np.log(UNSURE / (1 - UNSURE)))
_JOIN_ODDS = float(np.log(JOIN / (1 - JOIN)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Events that tell of one incident, the best evidence that holds each, and near misses."""

    events: tuple[EventId, ...]
    holds: Mapping[EventId, tuple[EventId, float]]  # event -> the event it is most like, probability
    near: tuple[tuple[EventId, EventId, float], ...]  # ours, one of another incident, probability


def group_events(
    sketches: Sequence[Sketch], weights: Weights, together: Iterable[Pair] = (), apart: Iterable[Pair] = ()
) -> Iterator[Group]:
    """Give the groups, component by component: the same ones in whatever order the sketches stand."""
    codes, odds = _score_pairs(sketches, weights)
    ids = [sketch.id for sketch in sketches]
    known = set(ids)
    joined = sorted(p for p in together if p[0] in known and p[1] in known)
    parted = sorted(p for p in apart if p[0] in known and p[1] in known)
    linked = _pairs(ids, codes[odds > _UNSURE_ODDS])
    home = {id: k for k, part in enumerate(components(ids, [*linked, *joined])) for id in part}
    evidence = _by_component(ids, codes, odds, home)
    sorted_joined, sorted_parted = _grouped(joined, home), _grouped(parted, home)
    parts: defaultdict[int, list[str]] = defaultdict(list)
    for id in sorted(home):
        parts[home[id]].append(id)
    for k, part in parts.items():
        found = evidence.get(k, {})
        groups = (
            [tuple(part)]
            if len(part) == 1
            else cluster(part, found, sorted_joined.get(k, ()), sorted_parted.get(k, ()), _JOIN_ODDS)
        )
        yield from _explained([tuple(EventId(e) for e in g) for g in groups], found)


def _score_pairs(
    sketches: Sequence[Sketch], weights: Weights
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Give each compared pair once, as one number, and its log-odds."""
    size = len(sketches)
    raw = array("q", (a * size + b for a, b in candidate_pairs(sketches)))
    codes = np.unique(np.frombuffer(raw, dtype=np.int64)) if raw else np.zeros(0, dtype=np.int64)
    odds = np.fromiter(
        (log_odds(sketches[c // size], sketches[c % size], weights) for c in codes.tolist()),
        np.float32,
        len(codes),
    )
    return codes, odds


def _pairs(ids: Sequence[EventId], codes: NDArray[np.int64]) -> Iterator[Pair]:
    for code in codes.tolist():
        yield ids[code // len(ids)], ids[code % len(ids)]


def _grouped(pairs: Iterable[Pair], home: Mapping[str, int]) -> dict[int, list[Pair]]:
    found: defaultdict[int, list[Pair]] = defaultdict(list)
    for a, b in pairs:
        if home[a] == home[b]:
            found[home[a]].append((a, b))
    return found


def _by_component(
    ids: Sequence[EventId], codes: NDArray[np.int64], odds: NDArray[np.float32], home: Mapping[str, int]
) -> dict[int, dict[tuple[str, str], float]]:
    """Give the evidence within each component, for and against; between components there is none for."""
    found: defaultdict[int, dict[tuple[str, str], float]] = defaultdict(dict)
    for (a, b), value in zip(_pairs(ids, codes), odds.tolist(), strict=True):
        if home[a] == home[b]:
            found[home[a]][min(a, b), max(a, b)] = round(value, 5)
    return found


def _explained(
    groups: list[tuple[EventId, ...]], evidence: Mapping[tuple[str, str], float]
) -> Iterator[Group]:
    home = {id: k for k, group in enumerate(groups) for id in group}
    holds: list[dict[EventId, tuple[EventId, float]]] = [{} for _ in groups]
    near: list[list[tuple[EventId, EventId, float]]] = [[] for _ in groups]
    for (a, b), odds in sorted(evidence.items()):
        p, x, y = probability(odds), EventId(a), EventId(b)
        if home[x] == home[y]:
            for one, other in ((x, y), (y, x)):
                if one not in holds[home[x]] or p > holds[home[x]][one][1]:
                    holds[home[x]][one] = (other, p)
        elif p >= UNSURE:
            near[home[x]].append((x, y, p))
            near[home[y]].append((y, x, p))
    for group, held, missed in zip(groups, holds, near, strict=True):
        yield Group(events=group, holds=held, near=tuple(missed))
