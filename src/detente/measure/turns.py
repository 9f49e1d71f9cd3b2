"""Turning points: days from which a dyad's flow of conflict or cooperation is another one.

Two windows are compared, the days from a day on and the days up to it, by the likelihood ratio of two rates
against one; on three scales, since a raid, a campaign and a summit differ in length, and the clearest counts.
Counts of news are more scattered than Poisson's, so that the ratio is divided by the scatter of the window
before (quasi-likelihood; McCullagh and Nelder 1989, 9.2).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import get_args

from detente.measure.signals import Signal
from detente.records import Flow, IncidentId, Turn

SCALES = ((28, 7), (56, 3), (56, 14))  # days before, days from the day on
AFTER, BEFORE = 7, 56  # days over which rates are told
LEAST_BEFORE = 14  # days that must be known before a turn can be told
APART = 14  # days between two turns of one flow
LEAST_EVENTS = 3.0  # events in the week after: two are no turn
# With this mark, flows whose days were shuffled show about one false rise in a dyad-year, with 10 three in
# four years (python -m evals index prints the rate).
MARK = 9.0


def desk_turns(
    signals: Sequence[Signal], dyads: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], tuple[Turn, ...]]:
    """Give the turns of dyads, under their sorted sides, over all days of the signals."""
    if not signals:
        return {}
    first, last = min(s.day for s in signals), max(s.day for s in signals)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        tuple(sorted(dyad)): find_turns([s for s in signals if {s.source, s.target} == set(dyad)], days)
        for dyad in dyads
    }


def daily_flow(signals: Iterable[Signal], flow: Flow, days: Sequence[date]) -> list[float]:
    """Give the sum of a flow's values on each day."""
    sums: defaultdict[date, float] = defaultdict(float)
    for signal in signals:
        if (signal.value > 0) == (flow == "conflict"):
            sums[signal.day] += abs(signal.value)
    return [sums[day] for day in days]


def find_turns(signals: Sequence[Signal], days: Sequence[date], mark: float = MARK) -> tuple[Turn, ...]:
    """Give the turning points of both flows in order of time."""
    found: list[Turn] = []
    for flow in get_args(Flow):
        own = [s for s in signals if (s.value > 0) == (flow == "conflict")]
        unit = sum(abs(s.value) for s in own) / len(own) if own else 1.0
        series = daily_flow(own, flow, days)
        scores = turn_scores([value / unit for value in series])
        for at in pick_turns(scores, mark):
            found.append(_turn(flow, at, scores[at], series, days, own))
    return tuple(sorted(found, key=lambda t: (t.day, t.flow)))


def turn_scores(series: Sequence[float]) -> list[float]:
    """Give for each day how clearly the flow changes there: above 0 a rise, below 0 a fall."""
    sums = [0.0]
    squares = [0.0]
    for value in series:
        sums.append(sums[-1] + value)
        squares.append(squares[-1] + value * value)
    return [max((_score(at, scale, sums, squares) for scale in SCALES), key=abs) for at in range(len(series))]


def _score(at: int, scale: tuple[int, int], sums: Sequence[float], squares: Sequence[float]) -> float:
    first, last = max(0, at - scale[0]), at + scale[1]
    m, n = at - first, last - at
    if m < LEAST_BEFORE or last >= len(sums):
        return 0.0
    before, after = sums[at] - sums[first], sums[last] - sums[at]
    if max(after, before * n / m) < LEAST_EVENTS:
        return 0.0
    a, b = (after + 0.5) / n, (before + 0.5) / m
    both = (after + before + 1) / (n + m)
    ratio = (after + 0.5) * math.log(a / both) + (before + 0.5) * math.log(b / both)
    mean = before / m
    variance = (squares[at] - squares[first]) / m - mean * mean
    scatter = max(1.0, (variance + 1 / m) / (mean + 1 / m))
    return math.copysign(ratio / scatter, a - b)


def pick_turns(scores: Sequence[float], mark: float = MARK) -> list[int]:
    """Give the days whose score passes the mark and is the greatest within APART days."""
    kept: list[int] = []
    for at in sorted(range(len(scores)), key=lambda k: (-abs(scores[k]), k)):
        if abs(scores[at]) < mark:
            break
        if all(abs(at - other) > APART for other in kept):
            kept.append(at)
    return sorted(kept)


def _turn(
    flow: Flow,
    at: int,
    score: float,
    series: Sequence[float],
    days: Sequence[date],
    signals: Sequence[Signal],
) -> Turn:
    first = max(0, at - BEFORE)
    weights: defaultdict[IncidentId, float] = defaultdict(float)
    for signal in signals:
        if days[at] <= signal.day < days[at] + timedelta(days=AFTER):
            weights[signal.incident] += abs(signal.value)
    return Turn(
        day=days[at], flow=flow, rises=score > 0, score=round(score, 3),
        before=round(sum(series[first:at]) / max(1, at - first), 3),
        after=round(sum(series[at : at + AFTER]) / AFTER, 3), incidents=_weightiest(weights),
    )  # fmt: skip


def _weightiest(weights: Mapping[IncidentId, float]) -> tuple[IncidentId, ...]:
    return tuple(sorted(weights, key=lambda id: (-weights[id], id)))
