"""Fuse all events of a desk: link them, make the incidents, and write down why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.fuse.about import act_nouns, find_subjects
from detente.fuse.incident import Known, incident_id, make_incident
from detente.fuse.judgements import MACHINE, Judged, read_judgements
from detente.fuse.linking import Group, group_events
from detente.fuse.score import JOIN, Weights, explain_pair, shipped_weights
from detente.fuse.sketch import Sketch, sketch_event
from detente.packs import Pack
from detente.records import (
    Document,
    Event,
    EventId,
    Incident,
    IncidentId,
    Link,
    LinkId,
    Reason,
    Verdict,
    make_id,
)

CODE = f"{MACHINE}1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fused:
    """Incidents, the machine's links, and the judgements whose events are gone."""

    incidents: tuple[Incident, ...]
    links: tuple[Link, ...]
    lost: tuple[Link, ...] = ()


def fuse_recipe(pack: Pack | None = None, weights: Weights | None = None) -> str:
    """Give what makes the links: code, weights and packs by digest."""
    told = weights or shipped_weights()
    digest = make_id("w", told.intercept, told.weights)[2:10]
    return "+".join((CODE, digest, *((pack.digest[:8],) if pack else ())))


def fuse_events(
    events: Iterable[Event],
    documents: Iterable[Document],
    pack: Pack | None = None,
    judgements: Iterable[Link] = (),
    weights: Weights | None = None,
) -> Fused:
    """Give the incidents that events tell of, and the links that say why; any order gives the same.

    `judgements` are the ledger's links: those of persons count, the machine's own are made anew. Events
    whose document is not given are left out.
    """
    by_id = {document.id: document for document in documents}
    known_events = {event.id: event for event in events if event.document in by_id}
    told = [known_events[id] for id in sorted(known_events)]
    weights = weights or shipped_weights()
    judged = read_judgements(judgements, told, by_id)
    sketches = {event.id: sketch_event(event, by_id[event.document], pack) for event in told}
    groups = list(group_events(list(sketches.values()), weights, judged.together, judged.apart))
    known = Known(documents=by_id, pack=pack, recipe=fuse_recipe(pack, weights))
    maker = _Maker(known_events, sketches, groups, known, judged)
    incidents = tuple(sorted((maker.incident(group) for group in groups), key=lambda i: i.id))
    links = tuple(
        sorted((link for group in groups for link in maker.links(group, weights)), key=lambda k: k.id)
    )
    return Fused(incidents=incidents, links=links, lost=judged.lost)


class _Maker:
    """Makes incidents and links of groups, knowing where each event went."""

    def __init__(
        self, events: Mapping[EventId, Event], sketches: Mapping[EventId, Sketch], groups: Sequence[Group],
        known: Known, judged: Judged,
    ) -> None:  # fmt: skip
        self._events, self._sketches, self._known, self._judged = events, sketches, known, judged
        self._home = {id: self._name(group) for group in groups for id in group.events}
        self._subjects: defaultdict[EventId, list[EventId]] = defaultdict(list)
        self._spoken: defaultdict[EventId, list[EventId]] = defaultdict(list)
        by_document: defaultdict[str, list[Sketch]] = defaultdict(list)
        for sketch in sketches.values():
            by_document[sketch.document].append(sketch)
        nouns = act_nouns(known.pack)
        for document in sorted(by_document):
            for speech, deed, _ in find_subjects(by_document[document], nouns):
                self._subjects[speech].append(deed)
                self._spoken[deed].append(speech)

    def _name(self, group: Group) -> IncidentId:
        return incident_id((self._events[id].known_at, id) for id in group.events)

    def incident(self, group: Group) -> Incident:
        """Give the incident of a group."""
        home = self._name(group)
        about = {self._home[deed] for id in group.events for deed in self._subjects[id]} - {home}
        spoken = sorted({s for id in group.events for s in self._spoken[id]} - set(group.events))
        corrections = [link for id in group.events for link in self._judged.corrections.get(id, ())]
        return make_incident(
            [self._events[id] for id in group.events], self._known, about=about,
            spoken=[self._events[id] for id in spoken],
            corrections=sorted(corrections, key=lambda link: (link.at, link.id)),
        )  # fmt: skip

    def links(self, group: Group, weights: Weights) -> Iterable[Link]:
        """Give a link for each event of a group, and one for each near miss."""
        home = self._name(group)
        for id in group.events:
            other, p = group.holds.get(id, (None, 1.0))
            yield self._link(id, other, home, "same", p, weights)
        missed = {
            (id, self._home[other]): (other, p) for id, other, p in sorted(group.near, key=lambda n: n[2])
        }
        for (id, away), (other, p) in sorted(missed.items()):
            yield self._link(id, other, away, "different" if p >= JOIN else "unsure", p, weights)

    def _link(
        self,
        id: EventId,
        other: EventId | None,
        home: IncidentId,
        verdict: Verdict,
        p: float,
        weights: Weights,
    ) -> Link:
        reasons: tuple[Reason, ...] = (
            Reason(feature="alone", weight=0.0, detail="No other report is like it."),
        )
        if other is not None:
            reasons = explain_pair(self._sketches[id], self._sketches[other], weights)
        latest = max(self._events[e].known_at for e in (id, other) if e is not None)
        by = self._known.recipe
        return Link(
            id=LinkId(make_id("link", id, home, other, verdict, round(p, 4), by)), event=id, incident=home,
            verdict=verdict, score=round(p, 4), reasons=reasons, by=by, at=latest, other=other,
        )  # fmt: skip
