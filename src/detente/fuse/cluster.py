"""Clusters of reports: the same for any order in which the reports came.

Best first: of all clusters that were compared, the two with the greatest mean evidence (log-odds that
they tell of the same incident) are joined, as long as it speaks for joining; ties fall to the smaller
ids. What a person judged stands above: "same" is joined first, "different" is never joined.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

Pair = tuple[str, str]
P = TypeVar("P", bound=Pair)


def components(ids: Iterable[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """Give the connected parts of a graph, each sorted, in the order of their first ids."""
    parent = {id: id for id in ids}
    for a, b in pairs:
        x, y = find(parent, a), find(parent, b)
        if x != y:
            parent[max(x, y)] = min(x, y)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id in sorted(parent):
        found[find(parent, id)].append(id)
    return [found[root] for root in sorted(found)]


def find(parent: dict[str, str], id: str) -> str:
    """Give the root of an id, shortening the way to it."""
    while parent[id] != id:
        parent[id] = parent[parent[id]]
        id = parent[id]
    return id


def find_root(parent: list[int], at: int) -> int:
    """Give the root of a place, shortening the way to it."""
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


class _Clusters:
    """Clusters under way: members, and summed evidence between clusters that were compared."""

    def __init__(self, ids: Iterable[str], least: float) -> None:
        self.least = least
        self.members = {id: [id] for id in ids}
        self.near: dict[str, dict[str, tuple[float, int]]] = {id: {} for id in self.members}
        self.apart: dict[str, set[str]] = {id: set() for id in self.members}
        self.heap: list[tuple[float, str, str]] = []

    def compare(self, a: str, b: str, weight: float) -> None:
        total, count = self.near[a].get(b, (0.0, 0))
        self.near[a][b] = self.near[b][a] = (total + weight, count + 1)

    def push(self, a: str, b: str) -> None:
        total, count = self.near[a][b]
        if total > self.least * count and b not in self.apart[a]:
            heapq.heappush(self.heap, (-round(total / count, 9), min(a, b), max(a, b)))

    def join(self, a: str, b: str) -> tuple[str, list[str]]:
        """Join two clusters under the smaller name, and give it with the clusters to which the evidence changed.

        Those that only the one of the smaller name was compared with are not among them: a cluster of thousands
        that takes in one report more would else be looked at whole each time.
        """
        keep, gone = min(a, b), max(a, b)
        self.near[keep].pop(gone, None)
        moved = self.near.pop(gone)
        moved.pop(keep, None)
        for other, (total, count) in moved.items():
            mine, number = self.near[keep].get(other, (0.0, 0))
            del self.near[other][gone]
            self.near[keep][other] = self.near[other][keep] = (mine + total, number + count)
        for other in self.apart.pop(gone):
            self.apart[other].discard(gone)
            self.apart[other].add(keep)
            self.apart[keep].add(other)
        self.members[keep] += self.members.pop(gone)
        return keep, list(moved)

    def current(self, weight: float, a: str, b: str) -> bool:
        if a not in self.members or b not in self.members or b not in self.near[a]:
            return False
        total, count = self.near[a][b]
        return -round(total / count, 9) == weight and b not in self.apart[a]


def cluster(
    ids: Iterable[str],
    evidence: Mapping[P, float],
    together: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
    least: float = 0.0,
) -> list[tuple[str, ...]]:
    """Give clusters of ids, each sorted, in order.

    `evidence` holds log-odds, for the pairs that were compared; clusters are joined while their mean is
    above `least`; `together` and `apart` are a person's
    judgements, and `apart` wins where both are said of the same two clusters.
    """
    names = sorted(ids)
    made = _Clusters(names, least)
    for (a, b), weight in sorted(evidence.items()):
        made.compare(a, b, weight)
    for a, b in sorted(apart):
        made.apart[a].add(b)
        made.apart[b].add(a)
    _join_judged(made, together)
    for a in sorted(made.near):
        for b in sorted(made.near[a]):
            if a < b:
                made.push(a, b)
    _join_best(made)
    return sorted(tuple(sorted(members)) for members in made.members.values())


def _join_judged(made: _Clusters, together: Iterable[Pair]) -> None:
    home = {id: id for id in made.members}
    for a, b in sorted(together):
        x, y = find(home, a), find(home, b)
        if x != y and y not in made.apart[x]:
            keep, _ = made.join(x, y)
            home[max(x, y)] = keep


def _join_best(made: _Clusters) -> None:
    while made.heap:
        weight, a, b = heapq.heappop(made.heap)
        if made.current(weight, a, b):
            keep, changed = made.join(a, b)
            for other in changed:
                made.push(keep, other)
