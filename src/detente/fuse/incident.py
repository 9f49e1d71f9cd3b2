"""One incident out of the events that tell of it: ranges and ledgers, never averages."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detente.fuse.claims import find_contradictions, gather_claims, speaker_of
from detente.fuse.corrections import correct
from detente.fuse.features import likeness
from detente.fuse.sketch import party_of
from detente.fuse.voices import find_voices, judge_credibility
from detente.packs import Pack
from detente.records import (
    Actor,
    Count,
    Document,
    DocumentId,
    Event,
    EventId,
    Incident,
    IncidentId,
    Link,
    Place,
    Status,
    StatusChange,
    When,
    make_id,
)

_SAME_PARTY = 0.9
_OFTEN, _OFTEN_READ = 0.5, 0.75  # share of the foremost party's weight from which another counts; where machines read
_DOUBTED = 0.25  # of what a report counts whose teller is said to spread a theory, a pretext
_FIRMNESS: Mapping[Status, int] = {"happened": 4, "attempted": 3, "denied": 2, "planned": 1, "possible": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What incidents are made with: documents by id, the pack, the recipe."""

    documents: Mapping[DocumentId, Document]
    pack: Pack | None
    recipe: str


def incident_id(events: Iterable[tuple[datetime, EventId]]) -> IncidentId:
    """Give the id of an incident: named after the event that was known first, so that later ones keep it."""
    return IncidentId(make_id("incident", min(events)[1]))


def make_incident(
    events: Sequence[Event], known: Known, *, spoken: Sequence[Event] = (),
    about: Iterable[IncidentId] = (), corrections: Sequence[Link] = (),
) -> Incident:  # fmt: skip
    """Give the incident that events tell of.

    `spoken` are events of words about it, `about` the incidents that its own words are about,
    `corrections` a person's, oldest first.
    """
    told = sorted(events, key=lambda e: (e.known_at, e.document, e.quote, e.id))
    claims = gather_claims(told, spoken, known.documents)
    by_id = {event.id: event for event in (*told, *spoken)}
    credibility, why = judge_credibility(told, known.documents, known.pack)
    made = Incident(
        id=incident_id((e.known_at, e.id) for e in told), type=_vote(e.type for e in told),
        actors=_parties(told, [e.actors for e in told], known.pack),
        recipients=_parties(told, [e.recipients for e in told], known.pack),
        when=_time(told), place=_place(told), killed=_range("killed", [e.killed for e in told]),
        injured=_range("injured", [e.injured for e in told]), status=_status(told),
        status_history=_history(told, known.documents), events=tuple(e.id for e in told), claims=claims,
        contradictions=find_contradictions(claims, by_id, known.pack),
        voices=find_voices(told, known.documents, known.pack), credibility=credibility,
        known_at=told[0].known_at, recipe=known.recipe, about=tuple(sorted(set(about))), why=why,
    )  # fmt: skip
    return correct(made, corrections)


def _vote(values: Iterable[Any]) -> Any:
    """Give the most frequent value; of several the first in order."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], str(value)))


def _parties(
    told: Sequence[Event], lists: Sequence[tuple[Actor, ...]], pack: Pack | None
) -> tuple[Actor, ...]:
    """Give each party once, under the name that is told most, named ones before unnamed ones.

    Those told much less than the foremost are left to the claims; where none is told twice, the
    surest telling speaks. One stray reading would else stand as a doer of what all others tell rightly.
    """
    times = Counter(actor for actors in lists for actor in actors)
    weight: Counter[Actor] = Counter()
    for event, actors in zip(told, lists, strict=True):
        weight.update(dict.fromkeys(actors, _weight(event, len(actors))))
    ranked = sorted(times, key=lambda a: (party_of(a, pack).unnamed, -weight[a], -len(a.name), a.id))
    tellings: dict[Actor, tuple[int, float]] = {}
    for actor in ranked:
        ours = party_of(actor, pack)
        same = next((o for o in tellings if likeness(ours, party_of(o, pack)) >= _SAME_PARTY), actor)
        number, much = tellings.get(same, (0, 0.0))
        tellings[same] = number + times[actor], much + weight[actor]
    if max((number for number, _ in tellings.values()), default=0) > 1:
        share = _OFTEN if all(event.full_score is None for event in told) else _OFTEN_READ
        least = share * max(much for _, much in tellings.values())
        often = [actor for actor, (_, much) in tellings.items() if much >= least]
        return tuple(actor for actor in often if not party_of(actor, pack).unnamed) or tuple(often)
    surest = max(zip(told, lists, strict=True), key=lambda t: (bool(t[1]), t[0].score, t[0].id), default=None)
    return surest[1] if surest else ()


def _weight(event: Event, parties: int) -> float:
    """Give how much a report counts for each of its parties: all, unless a machine read it or its teller doubts it.

    What a machine read counts as far as it is likely to be right, shared among the parties that it took for likely.
    """
    doubted = event.attribution is not None and event.attribution.stance == "doubts"
    sure = 1.0 if event.full_score is None else event.full_score / max(1, parties)
    return sure * (_DOUBTED if doubted else 1.0)


def _time(events: Sequence[Event]) -> When | None:
    """Give the most precise of the times on which most reports agree."""
    times = [e.when for e in events if e.when is not None]

    def rank(when: When) -> tuple[int, float, datetime]:
        agree = sum(t.earliest <= when.latest and when.earliest <= t.latest for t in times[:200])
        return -agree, (when.latest - when.earliest).total_seconds(), when.earliest

    return min(set(times), key=lambda when: (*rank(when), when.basis)) if times else None


def _place(events: Sequence[Event]) -> Place | None:
    """Give the place that is told most, a town before its country."""
    counts = Counter(e.place for e in events if e.place is not None)

    def rank(place: Place) -> tuple[bool, int, float, str]:
        return place.latitude is None, -counts[place], place.radius_km or 0.0, place.id

    return min(counts, key=rank, default=None)


def _range(what: str, counts: Sequence[Count | None]) -> Count | None:
    told = [count for count in counts if count is not None]
    if not told:
        return None
    open_ended = any(count.high is None for count in told)
    top = max(count.high if count.high is not None else count.low for count in told)
    return Count(what=what, low=min(c.low for c in told), high=None if open_ended else top, unit=told[0].unit)


def _status(events: Sequence[Event]) -> Status:
    """Give the firmest status that is told: what was planned and then done was done."""
    return max((e.status for e in events), key=lambda status: _FIRMNESS[status])


def _history(events: Sequence[Event], documents: Mapping[DocumentId, Document]) -> tuple[StatusChange, ...]:
    """Give what was known of the status, step by step, as it became known."""
    steps: list[StatusChange] = []
    for event in events:
        if not steps or steps[-1].status != event.status:
            by = speaker_of(event, documents[event.document])
            steps.append(
                StatusChange(status=event.status, known_at=event.known_at, document=event.document, by=by)
            )
    return tuple(steps)
