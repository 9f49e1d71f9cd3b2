"""Synchrony: whether two outlets tell the same claims closer in time than chance would have it.

News itself makes outlets speak on the same days. So chance is not a shuffled calendar but, within each claim,
any two of the outlets that tell it: a claim's times stay as they are, and it is drawn by lot which two of
them belong to the pair (a permutation test within blocks; Good 2005, ch. 3). Claims of two tellers, or told by all
at one moment, leave nothing to draw and are not counted. p values are corrected for the number of pairs
(Benjamini and Hochberg 1995).
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from statistics import median

from detente.measure.narratives import HAPPENING
from detente.records import DocumentId, Narrative, NarrativeId, Synchrony

LEAST_CLAIMS = 5  # with three tellers each, five closest pairs have a chance of 1 in 243
LEAST_SHARED = 2  # claims that a pair must share to be listed at all
MOST_PAIRS = 200  # those that share most
MOST_TELLERS = 60  # of one claim that count for pairs: the first ones
DRAWS = 9999

Times = Mapping[str, float]  # hours, by outlet


def find_synchrony(narratives: Iterable[Narrative]) -> tuple[Synchrony, ...]:
    """Give the pairs of outlets, the surest first, then those that share most claims.

    Only incidents themselves are counted, not the answers to questions about them: one article is one telling.
    """
    told = {n.id: n for n in narratives if n.field == HAPPENING}
    times = {id: _times(narrative) for id, narrative in told.items()}
    shared: defaultdict[tuple[str, str], list[NarrativeId]] = defaultdict(list)
    for id in sorted(times):
        for pair in combinations(sorted(list(times[id])[:MOST_TELLERS]), 2):
            shared[pair].append(id)
    often = [pair for pair, ids in shared.items() if len(ids) >= LEAST_SHARED]
    often.sort(key=lambda pair: (-len(shared[pair]), pair))
    found = [_compare(pair, shared[pair], times, told) for pair in often[:MOST_PAIRS]]
    return tuple(sorted(_corrected(found), key=_rank))


def _rank(each: Synchrony) -> tuple[float, int, tuple[str, str]]:
    return 2.0 if each.p_value is None else each.p_value, -len(each.narratives), each.outlets


def _times(narrative: Narrative) -> dict[str, float]:
    """Give the hour of each outlet's first telling, the earliest first."""
    found: dict[str, float] = {}
    for telling in narrative.tellings:
        if telling.at is not None:
            found.setdefault(telling.outlet, telling.at.timestamp() / 3600)
    return found


def _compare(
    pair: tuple[str, str], ids: Sequence[NarrativeId], times: Mapping[NarrativeId, Times],
    told: Mapping[NarrativeId, Narrative],
) -> Synchrony:  # fmt: skip
    blocks = [times[id] for id in ids if len(times[id]) > 2 and len(set(times[id].values())) > 1]
    counted = blocks or [times[id] for id in ids]
    gaps = [abs(block[pair[0]] - block[pair[1]]) for block in counted]
    chance = [gap for block in blocks for gap in _gaps(block)]
    return Synchrony(
        outlets=pair, narratives=tuple(ids), tested=len(blocks), gap_hours=round(median(gaps), 2),
        chance_hours=round(median(chance), 2) if chance else None,
        p_value=permutation_p(pair, blocks) if len(blocks) >= LEAST_CLAIMS else None,
        echoes=sum(_repeats(told[id], pair) for id in ids),
    )  # fmt: skip


def _gaps(block: Times) -> list[float]:
    return [abs(a - b) for a, b in combinations(block.values(), 2)]


def permutation_p(pair: tuple[str, str], blocks: Sequence[Times]) -> float:
    """Give the share of draws in which two tellers by lot are as close in all claims together as the pair.

    Closeness is the sum of the logarithms of the gaps, so that one claim told weeks apart does not outweigh
    nine told within the hour. The draws are the same for the same pair.
    """
    observed = sum(_closeness(abs(block[pair[0]] - block[pair[1]])) for block in blocks)
    options = [[_closeness(gap) for gap in _gaps(block)] for block in blocks]
    chance = random.Random("/".join(pair))
    drawn = [chance.choices(each, k=DRAWS) for each in options]
    as_close: int = sum(sum(gaps) <= observed + 1e-9 for gaps in zip(*drawn, strict=True))
    return (as_close + 1) / (DRAWS + 1)


def _closeness(gap_hours: float) -> float:
    return math.log1p(gap_hours)


def _repeats(narrative: Narrative, pair: tuple[str, str]) -> bool:
    outlet: dict[DocumentId, str] = {t.document: t.outlet for t in narrative.tellings}
    return any(
        t.echo_of is not None and {t.outlet, outlet.get(t.echo_of)} == set(pair) for t in narrative.tellings
    )


def _corrected(found: Sequence[Synchrony]) -> list[Synchrony]:
    """Give the pairs with p values corrected for how many were tested."""
    tested = sorted((each for each in found if each.p_value is not None), key=_rank)
    kept = [each for each in found if each.p_value is None]
    least = 1.0
    for rank, each in reversed(list(enumerate(tested, 1))):
        assert each.p_value is not None
        least = min(least, each.p_value * len(tested) / rank)
        kept.append(replace(each, p_value=round(least, 4)))
    return kept
