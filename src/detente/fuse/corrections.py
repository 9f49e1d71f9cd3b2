"""What persons corrected in an incident, and how the text in which they said it is read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from detente.records import (
    Actor,
    ActorId,
    Count,
    EventType,
    Incident,
    Link,
    Place,
    PlaceId,
    Status,
    When,
    make_id,
)

FIELDS = ("type", "status", "when", "place", "killed", "injured", "actors", "recipients")


def correct(incident: Incident, corrections: Sequence[Link]) -> Incident:
    """Give the incident as corrected, with who set what, when and why; the last word holds."""
    for link in corrections:
        if link.field is not None and link.value is not None:
            note = f"{link.field} set to {link.value} by {link.by} on {link.at.date()}: {link.why}"
            value = read_value(link.field, link.value, incident)
            incident = replace(incident, why=(*incident.why, note), **{link.field: value})
    return incident


def read_value(field: str, text: str, incident: Incident | None = None) -> Any:
    """Give the value of a field from the text in which a person gave it.

    Numbers are "3" or "3-5", times ISO dates or two of them parted by "/", parties names parted by ";";
    a party that the incident knows keeps its record. Raises ValueError for a text that is none of these.
    """
    if field in ("killed", "injured"):
        low, _, high = text.partition("-")
        return Count(what=field, low=int(low), high=int(high or low))
    if field == "when":
        first, _, last = text.partition("/")
        return _days(first, last or first)
    if field in ("actors", "recipients"):
        return tuple(_actor(name.strip(), incident) for name in text.split(";") if name.strip())
    if field == "place":
        known = incident.place if incident else None
        return (
            replace(known, name=text)
            if known
            else Place(id=PlaceId(make_id("place", text)), name=text, country=None)
        )
    if text not in get_args({"type": EventType, "status": Status}[field]):
        raise ValueError(f"{text} is no {field}")
    return text


def _days(first: str, last: str) -> When:
    start = datetime.fromisoformat(first.strip()).replace(tzinfo=UTC)
    end = datetime.fromisoformat(last.strip()).replace(tzinfo=UTC) + timedelta(days=1, seconds=-1)
    return When(earliest=start, latest=end, basis="given")


def _actor(name: str, incident: Incident | None) -> Actor:
    told = incident.actors + incident.recipients if incident else ()
    known = next((actor for actor in told if actor.name == name), None)
    id = ActorId(make_id("actor", name))
    return known or Actor(id=id, name=name, kind="named by a person", country=None, sector=None)
