"""From evidence to groups of events that tell of one incident each, part by part.

A *part* is what hangs together by pairs that are likelier than `JOIN`, or by a person's word: clusters are joined
only where the mean evidence passes that mark, so that no incident reaches beyond its part. Adding or removing an
event changes nothing but the parts that its pairs touch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from detente.fuse.cluster import cluster
from detente.fuse.score import FINE, JOIN, UNSURE, odds_of, probability
from detente.records import EventId

Pair = tuple[EventId, EventId]
Likes = dict[EventId, dict[EventId, float]]
JOINS = round(odds_of(JOIN) * FINE)
NEARS = round(odds_of(UNSURE) * FINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Events that tell of one incident, and the best evidence that holds each in it."""

    events: tuple[EventId, ...]
    holds: Mapping[EventId, tuple[EventId, float]]  # event -> the event it is most like, probability


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Events that hang together, the evidence of the pairs among them, and what persons judged of them."""

    events: Sequence[EventId]
    evidence: Mapping[Pair, int] = field(default_factory=dict)  # smaller id first -> hundred-thousandths
    together: Sequence[Pair] = ()
    apart: Sequence[Pair] = ()


def group_part(part: Part) -> list[tuple[EventId, ...]]:
    """Give the groups of a part, each sorted, in order: the same ones however events and evidence stand."""
    if len(part.events) == 1:
        return [(part.events[0],)]
    groups = cluster(part.events, part.evidence, part.together, part.apart, JOINS)
    return [tuple(EventId(id) for id in group) for group in groups]


def hold_groups(groups: Sequence[tuple[EventId, ...]], evidence: Mapping[Pair, int]) -> list[Group]:
    """Give the groups with what holds each event in its own."""
    home = {id: k for k, group in enumerate(groups) for id in group}
    holds: list[dict[EventId, tuple[EventId, float]]] = [{} for _ in groups]
    for (a, b), odds in sorted(evidence.items()):
        if home[a] == home[b]:
            _hold(holds[home[a]], a, b, probability(odds / FINE))
    return [Group(events=group, holds=held) for group, held in zip(groups, holds, strict=True)]


def _hold(holds: dict[EventId, tuple[EventId, float]], a: EventId, b: EventId, p: float) -> None:
    for one, other in ((a, b), (b, a)):
        if one not in holds or p > holds[one][1]:
            holds[one] = (other, p)


def likes(pairs: Iterable[tuple[Pair, int]]) -> Likes:
    """Give for each event those that it is like, with the probability, of pairs with their evidence."""
    found: Likes = {}
    for (a, b), odds in pairs:
        if odds >= NEARS:
            p = probability(odds / FINE)
            found.setdefault(a, {})[b] = found.setdefault(b, {})[a] = p
    return found
