"""The index in words: what moved it on which day, its turning points, and the sentences behind every point.

A dyad's days are cut into steps: a step begins on each day on which something new came, on which sources fell
silent, or came back. So every day belongs to one step, and every step with a value opens to its incidents' words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile, pairwise

from detente.packs import Pack
from detente.publish.entries import Entry
from detente.publish.parties import country_name
from detente.publish.sentences import join_names, name_day
from detente.records import Citation, IncidentId, Line, Reading, Turn

MOST_BEHIND = 5  # incidents told of a step or a turning point
MOST_CITATIONS = 8
CALM = 0.05  # of the index: below it nothing is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Days in which nothing new moved the index: it only faded, or nobody told anything."""

    first: date
    last: date
    value: float | None  # on the first day; None: no source was up
    ends: float | None  # on the last day
    low: float | None
    high: float | None
    before: float | None  # on the day before
    coverage: float  # 0-1, the least of these days
    new: tuple[Entry, ...]  # what came on the first day, the weightiest first
    behind: tuple[Entry, ...]  # what still counted on the first day, the weightiest first
    more: int  # further incidents that count
    line: Line | None  # None where there is nothing to cite

    @property
    def jump(self) -> float:
        """How far the first day lies from the day before."""
        return (self.value or 0.0) - (self.before or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """A turning point in words, with what lies behind it."""

    turn: Turn
    line: Line
    behind: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DyadTension:
    """A dyad's index in the period: its readings, steps and turning points."""

    dyad: tuple[str, ...]
    readings: tuple[Reading, ...]
    steps: tuple[Step, ...]
    turnings: tuple[Turning, ...]

    @property
    def peak(self) -> Reading | None:
        """The day of the highest value, the first of several."""
        known = [reading for reading in self.readings if reading.value is not None]
        return max(known, key=lambda r: (r.value or 0.0, -r.day.timestamp()), default=None)

    @property
    def latest(self) -> Reading | None:
        """The last day with a value."""
        return next((r for r in reversed(self.readings) if r.value is not None), None)

    @property
    def silent_days(self) -> int:
        """Days on which no source was up."""
        return sum(reading.value is None for reading in self.readings)


def tell_tension(
    readings: Iterable[Reading], turns: Mapping[tuple[str, ...], Sequence[Turn]], entries: Iterable[Entry],
    since: datetime | None = None, until: datetime | None = None, pack: Pack | None = None,
) -> tuple[DyadTension, ...]:  # fmt: skip
    """Give the index of each dyad that moved in the period, the one with the highest day first."""
    by_incident = {entry.incident.id: entry for entry in entries if entry.incident}
    of_dyad: dict[tuple[str, ...], list[Reading]] = {}
    for reading in readings:
        of_dyad.setdefault(reading.dyad, []).append(reading)
    told = [
        _tell_dyad(dyad, sorted(own, key=lambda r: r.day), turns.get(dyad, ()), by_incident, (since, until), pack)
        for dyad, own in of_dyad.items()
    ]
    moved = [each for each in told if any(step.line for step in each.steps)]
    return tuple(sorted(moved, key=lambda each: (-((each.peak and each.peak.value) or 0.0), each.dyad)))


def _tell_dyad(
    dyad: tuple[str, ...], own: Sequence[Reading], turns: Sequence[Turn], entries: Mapping[IncidentId, Entry],
    period: tuple[datetime | None, datetime | None], pack: Pack | None,
) -> DyadTension:  # fmt: skip
    since, until = period
    names = tuple(country_name(side, pack) or side for side in dyad)
    first = since.date() if since else own[0].day.date()
    last = until.date() if until else own[-1].day.date()
    inside = [r for r in own if first <= r.day.date() <= last]
    inside = list(dropwhile(lambda r: r.value is None, inside))  # before the first source nothing can be said
    before = next((r for r in reversed(own) if r.day.date() < first), None)
    shown = [turn for turn in turns if first <= turn.day <= last]
    turnings = [_turning(turn, names, entries) for turn in shown]
    return DyadTension(
        dyad=tuple(sorted(names)), readings=tuple(inside), steps=tuple(_steps(inside, before, entries)),
        turnings=tuple(turning for turning in turnings if turning),
    )  # fmt: skip


def _steps(
    readings: Sequence[Reading], before: Reading | None, entries: Mapping[IncidentId, Entry]
) -> list[Step]:  # fmt: skip
    starts = [0] if readings else []
    for at, (one, other) in enumerate(pairwise(readings), 1):
        silent = (one.value is None, other.value is None)
        if silent[0] != silent[1] or (not silent[1] and _adds(one, other)):
            starts.append(at)
    cuts = [*starts, len(readings)]
    steps = []
    for start, end in pairwise(cuts):
        earlier = readings[start - 1] if start else before
        steps.append(_step(readings[start:end], earlier, entries))
    return steps


def _adds(one: Reading, other: Reading) -> bool:
    return not set(other.incidents) <= set(one.incidents)


def _step(days: Sequence[Reading], before: Reading | None, entries: Mapping[IncidentId, Entry]) -> Step:
    first, last = days[0], days[-1]
    old = set(before.incidents) if before else set[IncidentId]()
    behind = [entries[id] for id in first.incidents if id in entries]
    new = [entry for entry in behind if entry.incident and entry.incident.id not in old]
    line = _step_line(days, before, new, behind) if first.value is not None and behind else None
    return Step(
        first=first.day.date(), last=last.day.date(), value=first.value, ends=last.value, low=first.low, high=first.high,
        before=before.value if before else None, coverage=min(r.coverage for r in days),
        new=tuple(new[:MOST_BEHIND]), behind=tuple(behind[:MOST_BEHIND]),
        more=len(behind) - len(behind[:MOST_BEHIND]), line=line,
    )  # fmt: skip


def _step_line(
    days: Sequence[Reading], before: Reading | None, new: Sequence[Entry], behind: Sequence[Entry]
) -> Line:
    first, last = days[0], days[-1]
    value, low, high = (f"{x or 0:.1f}" for x in (first.value, first.low, first.high))
    told = f"{name_day(first.day)}: the index stood at {value} (90 %: {low} to {high})"
    if before is not None and before.value is not None:
        told += f", {before.value:.1f} the day before"
    if len(days) > 1:
        told += f", and at {last.value or 0:.1f} on {name_day(last.day)}"
    if new:
        told += f". New: {_say(new)}"
    return Line(text=f"{told}.", citations=_cite(new or behind))


def _say(entries: Sequence[Entry]) -> str:
    texts = [entry.line.text.rstrip(".") for entry in entries[:MOST_BEHIND]]
    more = len(entries) - len(texts)
    return "; ".join(texts) + (f"; and {more} more" if more else "")


def _cite(entries: Sequence[Entry]) -> tuple[Citation, ...]:
    first = [entry.line.citations[0] for entry in entries[:MOST_BEHIND]]
    rest = [c for entry in entries[:MOST_BEHIND] for c in entry.line.citations[1:3]]
    return tuple(dict.fromkeys([*first, *rest]))[:MOST_CITATIONS]


def _turning(turn: Turn, names: Sequence[str], entries: Mapping[IncidentId, Entry]) -> Turning | None:
    behind = [entries[id] for id in turn.incidents if id in entries]
    if not behind:
        return None
    between = f" between {join_names(sorted(names))}" if len(names) > 1 else f" around {names[0]}"
    verb = "rose" if turn.rises else "fell"
    text = (
        f"From {name_day(_midnight(turn.day))} on, {turn.flow}{between} {verb}: {turn.after:.1f} a day over the week from then, "
        f"{turn.before:.1f} a day over the weeks before."
    )
    return Turning(
        turn=turn, line=Line(text=text, citations=_cite(behind)), behind=tuple(behind[:MOST_BEHIND]),
        more=len(turn.incidents) - len(behind[:MOST_BEHIND]),
    )  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def step_of(tension: DyadTension, day: date) -> Step:
    """Give the step to which a day belongs; raises StopIteration outside the readings."""
    return next(step for step in tension.steps if step.first <= day <= step.last)


def days_of(step: Step) -> int:
    """Give how many days a step lasts."""
    return (step.last - step.first) // timedelta(days=1) + 1
