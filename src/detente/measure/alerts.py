"""Alerts: what of a watch list happened, why it was raised, and that it is not raised twice.

A watch names sides, places, types or actors, and what raises it: a new incident, a value of the index above
`threshold`, or a turning point. An alert's id is made from its watch and what it is about, so that old news
does not raise it again; `cool_down` keeps a watch quiet for some days after it was raised.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from detente.errors import SettingError
from detente.measure.signals import side_of
from detente.records import Actor, Alert, Incident, IncidentId, Reading, Turn, make_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One entry of the watch list; empty fields match all."""

    name: str
    dyad: tuple[str, ...] = ()  # sides: country codes, or names of bodies without a country
    places: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    threshold: float | None = None  # of the index of the dyad
    turns: bool = False  # turning points of the dyad
    incidents: bool = True  # each new incident that fits
    least_credible: int = 6  # Admiralty credibility that an incident must reach, 1 best
    cool_down: int = 0  # days
    fresh_days: int = 30  # older happenings are history


def write_alert(alert: Alert) -> str:
    """Give the alert as one line of JSON."""
    return json.dumps(asdict(alert) | {"at": alert.at.isoformat()}, ensure_ascii=False)


def read_alert(line: str) -> Alert:
    """Give the alert that `write_alert` wrote."""
    told = json.loads(line)
    return Alert(
        id=told["id"], watch=told["watch"], reason=told["reason"],
        incidents=tuple(told["incidents"]), at=datetime.fromisoformat(told["at"]),
    )  # fmt: skip


def read_watches(told: Sequence[Mapping[str, object]]) -> tuple[Watch, ...]:
    """Give the watches of the `[[watch]]` tables of desk.toml; raises SettingError for what it doesn't know."""
    return tuple(_watch(table, number) for number, table in enumerate(told, 1))


def _watch(table: Mapping[str, object], number: int) -> Watch:
    known = Watch.__dataclass_fields__
    strange = sorted(set(table) - set(known))
    if strange or not isinstance(table.get("name"), str):
        problem = f"unknown key {strange[0]}" if strange else "it has no name"
        raise SettingError(f"watch {number} of desk.toml: {problem}; keys are {', '.join(known)}")
    fields = {k: tuple(map(str, v)) if isinstance(v, list) else v for k, v in table.items()}
    return Watch(**fields)  # type: ignore[arg-type]


def raise_alerts(
    watches: Iterable[Watch], incidents: Sequence[Incident], readings: Sequence[Reading],
    turns: Mapping[tuple[str, ...], Sequence[Turn]], raised: Mapping[str, Alert], now: datetime,
) -> tuple[Alert, ...]:  # fmt: skip
    """Give the new alerts; `raised` are those of before, by id."""
    found: list[Alert] = []
    for watch in watches:
        last = max((a.at for a in raised.values() if a.watch == watch.name), default=None)
        quiet = last is not None and now - last < timedelta(days=watch.cool_down)
        fresh = [a for a in _alerts(watch, incidents, readings, turns, now) if a.id not in raised]
        found += [] if quiet else fresh
    return tuple({alert.id: alert for alert in found}.values())


def _alerts(
    watch: Watch, incidents: Sequence[Incident], readings: Sequence[Reading],
    turns: Mapping[tuple[str, ...], Sequence[Turn]], now: datetime,
) -> Iterator[Alert]:  # fmt: skip
    since = now - timedelta(days=watch.fresh_days)
    for incident in incidents if watch.incidents else ():
        if fits(watch, incident) and incident.when is not None and incident.when.latest >= since:
            yield _alert(watch, _say(incident), (incident.id,), now, incident.id)
    if watch.threshold is not None:
        yield from _crossings(watch, watch.threshold, readings, since, now)
    for turn in turns.get(tuple(sorted(watch.dyad)), ()) if watch.turns else ():
        if turn.day >= since.date():
            verb = "rose" if turn.rises else "fell"
            reason = f"{turn.flow} {verb} on {turn.day} from {turn.before} to {turn.after} a day"
            yield _alert(watch, reason, turn.incidents[:20], now, turn.day, turn.flow)


def _crossings(
    watch: Watch, threshold: float, readings: Sequence[Reading], since: datetime, now: datetime
) -> Iterator[Alert]:
    own = [r for r in readings if set(r.dyad) == set(watch.dyad) and r.value is not None]
    own.sort(key=lambda r: r.day)
    for before, reading in pairwise(own):
        crossed = (before.value or 0) < threshold <= (reading.value or 0)
        if crossed and reading.day >= since:
            reason = f"tension passed {threshold:g} on {reading.day.date()}: {reading.value:.1f}"
            yield _alert(watch, reason, reading.incidents[:20], now, reading.day, threshold)


def _alert(
    watch: Watch, reason: str, incidents: tuple[IncidentId, ...], now: datetime, *about: object
) -> Alert:
    return Alert(
        id=make_id("alert", watch.name, *about), watch=watch.name, reason=reason, incidents=incidents, at=now
    )


def fits(watch: Watch, incident: Incident) -> bool:
    """Tell whether an incident is one that a watch asks for."""
    parties = incident.actors + incident.recipients
    sides = {side_of(actor) for actor in parties}
    return (
        (not watch.dyad or set(watch.dyad) <= sides)
        and (not watch.types or incident.type in watch.types)
        and (not watch.places or (incident.place is not None and incident.place.name in watch.places))
        and (not watch.actors or any(actor.name in watch.actors for actor in parties))
        and incident.credibility <= watch.least_credible
        and incident.status in ("happened", "attempted", "planned")
    )


def _say(incident: Incident) -> str:
    when = incident.when.earliest.date() if incident.when else "no date"
    told = f"{len(incident.voices)} voices, credibility {incident.credibility}"
    return f"{incident.type} {_names(incident.actors)} → {_names(incident.recipients)}, {when}, {incident.status}; {told}"


def _names(actors: Iterable[Actor]) -> str:
    return ", ".join(actor.name for actor in actors) or "nobody named"
