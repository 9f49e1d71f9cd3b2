"""The daily index of tension: what incidents add, fading, corrected for how much is reported.

    value(d) = max(0, (conflict(d) - RELIEF * cooperation(d)) / volume(d))
    conflict(d) = sum of the signals up to day d, each halved every HALF_LIFE days

docs/tension.md argues each choice. The interval is that of a Gamma-Poisson rate with as many events as the
fading weights leave (Jeffreys prior). A day on which no source was up has no value: unknown is not calm.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from detente.measure.signals import Signal
from detente.records import Document, IncidentId, Reading, ReadingId, make_id

HALF_LIFE = 10.0  # days
MEMORY = 60  # days after which a signal has faded below 2 %
RELIEF = 0.5  # a concession calms less than an attack of equal score alarms
STEADY = 20.0  # incidents that count as known volume, so that a small desk is not shaken by its own size
FRESH = 7  # days within which a source counts as up
EXPECTED = 45  # days within which a source that told something is expected to tell again
HISTORY = 730  # days of the past that are measured
MOST_DYADS = 12  # measured where a desk names none
CODE = "measure-1"

Dyad = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """On which days each source told anything."""

    days: Mapping[str, tuple[date, ...]]

    def on(self, day: date) -> float:
        """Give the share of the expected sources that were up within the last week."""
        expected = [s for s, days in self.days.items() if _any(days, day - timedelta(EXPECTED), day)]
        fresh = [s for s in expected if _any(self.days[s], day - timedelta(FRESH - 1), day)]
        return len(fresh) / len(expected) if expected else 0.0


def _any(days: Sequence[date], first: date, last: date) -> bool:
    return bisect_left(days, first) < bisect_right(days, last)


def cover(documents: Iterable[Document]) -> Coverage:
    """Give the coverage by documents: a source is an outlet, or the page where none is known."""
    found: defaultdict[str, set[date]] = defaultdict(set)
    every = list(documents)
    dated = [d for d in every if d.published is not None] or every  # a file's own date says nothing of a source
    for document in dated:
        told = document.published.latest if document.published else document.known_at
        found[document.outlet or "unnamed outlets"].add(told.date())
    return Coverage(days={name: tuple(sorted(days)) for name, days in found.items()})


def full_coverage(days: Sequence[date]) -> Coverage:
    """Give the coverage of a source that tells something every day."""
    return Coverage(days={"all": tuple(days)})


def days_between(first: date, last: date) -> list[date]:
    """Give the days from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def volume_by_day(signals: Iterable[Signal], days: Sequence[date]) -> dict[date, float]:
    """Give how much was reported around each day, 1 being usual; shrunk towards 1 where little is known."""
    counts = Counter(day for day, _ in {(s.day, s.incident) for s in signals})
    usual = sum(counts[day] for day in days) / len(days) if days else 0.0
    found: dict[date, float] = {}
    fading = usual
    keep = 0.5 ** (1 / HALF_LIFE)
    for day in days:
        fading = fading * keep + counts[day] * (1 - keep)
        found[day] = (fading + STEADY / 30) / (usual + STEADY / 30)
    return found


def take_readings(
    signals: Sequence[Signal],
    dyads: Iterable[Dyad],
    days: Sequence[date],
    coverage: Coverage,
    recipe: str = CODE,
) -> Iterator[Reading]:
    """Give a reading for each dyad (two sides) or theatre (one name, or more than two sides) and day.

    `parts` tell conflict in words and deeds, cooperation, and who acts on whom; `incidents` are those behind
    the value, the weightiest first.
    """
    volume = volume_by_day(signals, days)
    up = {day: coverage.on(day) for day in days}
    for dyad in dyads:
        own = sorted(concerning(signals, dyad), key=lambda s: (s.day, s.incident, s.source, s.target))
        dates = [s.day for s in own]
        for day in days:
            recent = own[bisect_left(dates, day - timedelta(days=MEMORY)) : bisect_right(dates, day)]
            yield _reading(dyad, day, recent, volume[day], up[day], recipe)


def measure_desk(
    signals: Sequence[Signal], documents: Iterable[Document], dyads: Iterable[Dyad] = (), recipe: str = CODE
) -> Iterator[Reading]:
    """Give the readings of the dyads, those with most incidents where none are named.

    The days run from the first signal that lies within HISTORY days of the last, to the last day on which
    anything was told.
    """
    if not signals:
        return
    coverage = cover(documents)
    last = max((days[-1] for days in coverage.days.values()), default=max(s.day for s in signals))
    recent = [s for s in signals if last - timedelta(days=HISTORY) <= s.day <= last]
    if recent:
        days = days_between(min(s.day for s in recent), last)
        yield from take_readings(recent, list(dyads) or busiest(recent), days, coverage, recipe)


def busiest(signals: Iterable[Signal], most: int = MOST_DYADS) -> list[Dyad]:
    """Give the pairs of sides between which most incidents fell."""
    counts = Counter(dyad for dyad, _ in {(tuple(sorted((s.source, s.target))), s.incident) for s in signals})
    return sorted(counts, key=lambda dyad: (-counts[dyad], dyad))[:most]


def concerning(signals: Iterable[Signal], dyad: Dyad) -> Iterator[Signal]:
    """Give the signals between the sides of a dyad or theatre; one side alone means all it has a part in."""
    sides = set(dyad)
    for signal in signals:
        inside = (signal.source in sides) + (signal.target in sides)
        if inside == 2 or (len(sides) == 1 and inside):
            yield signal


def _reading(
    dyad: Dyad, day: date, recent: Sequence[Signal], volume: float, coverage: float, recipe: str
) -> Reading:
    fading = [(s, s.value * 0.5 ** ((day - s.day).days / HALF_LIFE)) for s in recent]
    conflict = [v for _, v in fading if v > 0]
    relief = RELIEF * sum(-v for _, v in fading if v < 0)
    low, high = _interval(conflict)
    value = max(0.0, (sum(conflict) - relief) / volume)
    known = coverage > 0
    moment = datetime.combine(day, time.min, UTC)
    return Reading(
        id=ReadingId(make_id("reading", dyad, day, recipe, [s.incident for s in recent], round(value, 6))),
        dyad=dyad, day=moment, value=round(value, 4) if known else None,
        low=round(max(0.0, (low - relief) / volume), 4) if known else None,
        high=round(max(value, (high - relief) / volume), 4) if known else None,
        parts=_parts(fading, volume), incidents=_behind(fading), coverage=round(coverage, 4),
        known_at=max([s.known_at for s in recent], default=moment), recipe=recipe,
    )  # fmt: skip


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """Give the 5 % and 95 % points of the sum of fading values, taken as a Gamma-Poisson rate.

    The number of events is Kish's effective one; quantiles by Wilson and Hilferty's cube.
    """
    total, squares = sum(values), sum(v * v for v in values)
    if not total:
        return 0.0, 0.0
    events = total * total / squares
    return tuple(total / events * gamma_quantile(events + 0.5, z) for z in (-1.645, 1.645))  # type: ignore[return-value]


def gamma_quantile(shape: float, z: float) -> float:
    """Give the quantile of a Gamma with scale 1 at the normal deviate `z` (Wilson and Hilferty 1931)."""
    return float(shape * max(0.0, 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3)


_WORDS = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN"})


def _parts(fading: Sequence[tuple[Signal, float]], volume: float) -> tuple[tuple[str, float], ...]:
    sums: defaultdict[str, float] = defaultdict(float)
    for signal, value in fading:
        kind = "cooperation" if value < 0 else "words" if signal.type in _WORDS else "deeds"
        sums[kind] += value / volume
        if value > 0:
            sums[f"{signal.source} → {signal.target}"] += value / volume
    sums["volume"] = volume
    return tuple((name, round(sums[name], 4)) for name in sorted(sums))


def _behind(fading: Sequence[tuple[Signal, float]]) -> tuple[IncidentId, ...]:
    sums: defaultdict[IncidentId, float] = defaultdict(float)
    for signal, value in fading:
        sums[signal.incident] += abs(value)
    return tuple(sorted(sums, key=lambda id: (-sums[id], id)))
