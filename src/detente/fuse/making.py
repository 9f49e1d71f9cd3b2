"""From groups to records: incidents, and for each event the links that say why it is where it is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from detente.fuse.incident import Known, make_incident
from detente.fuse.linking import Group, Likes
from detente.fuse.score import JOIN, Weights, explain_pair
from detente.fuse.sketch import Sketch
from detente.records import Event, EventId, Incident, IncidentId, Link, LinkId, Reason, Verdict, make_id

_ALONE: tuple[Reason, ...] = (Reason(feature="alone", weight=0.0, detail="No other report is like it."),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What groups are made into records with: each event that they touch, and where it went."""

    events: Mapping[EventId, Event]  # those of the groups, and the words spoken about them
    home: Mapping[EventId, IncidentId]
    known_at: Mapping[EventId, datetime]
    sketch: Callable[[EventId], Sketch]
    known: Known
    weights: Weights
    subjects: Mapping[EventId, Iterable[EventId]] = field(default_factory=dict)  # speech -> acts
    spoken: Mapping[EventId, Iterable[EventId]] = field(default_factory=dict)  # act -> speeches
    corrections: Mapping[EventId, tuple[Link, ...]] = field(default_factory=dict)


def incident_of(group: Iterable[EventId], around: Surroundings) -> Incident:
    """Give the incident of a group."""
    own = list(group)
    home = around.home[own[0]]
    about = {around.home[deed] for id in own for deed in around.subjects.get(id, ())} - {home}
    spoken = sorted({s for id in own for s in around.spoken.get(id, ())} - set(own))
    corrections = [link for id in own for link in around.corrections.get(id, ())]
    return make_incident(
        [around.events[id] for id in own], around.known, about=about,
        spoken=[around.events[id] for id in spoken],
        corrections=sorted(corrections, key=lambda link: (link.at, link.id)),
    )  # fmt: skip


def links_of(group: Group, like: Likes, around: Surroundings) -> Iterator[Link]:
    """Give a link for each event of a group to its incident, and one for each near miss."""
    for id in group.events:
        other, p = group.holds.get(id, (None, 1.0))
        yield _link(id, other, around.home[id], "same", p, around)
        yield from miss_links(id, like.get(id, {}), around)


def miss_links(id: EventId, like: Mapping[EventId, float], around: Surroundings) -> Iterator[Link]:
    """Give a link from an event to each other incident that tells of its like."""
    nearest: dict[IncidentId, tuple[float, EventId]] = {}
    for other, p in like.items():
        away = around.home[other]
        if away != around.home[id]:
            nearest[away] = max(nearest.get(away, (0.0, EventId(""))), (p, other))
    for away, (p, other) in sorted(nearest.items()):
        yield _link(id, other, away, "different" if p >= JOIN else "unsure", p, around)


def _link(
    id: EventId, other: EventId | None, home: IncidentId, verdict: Verdict, p: float, around: Surroundings
) -> Link:  # fmt: skip
    reasons = _ALONE
    if other is not None:
        reasons = explain_pair(around.sketch(min(id, other)), around.sketch(max(id, other)), around.weights)
    by, score = around.known.recipe, round(p, 4)
    return Link(
        id=LinkId(make_id("link", id, home, other, verdict, score, by)), event=id, incident=home,
        verdict=verdict, score=score, reasons=reasons, by=by, other=other,
        at=max(around.known_at[e] for e in (id, other) if e is not None),
    )  # fmt: skip
