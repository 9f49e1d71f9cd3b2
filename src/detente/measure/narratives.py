"""Narratives: one claim as it went from outlet to outlet: who first, how fast, in whose words, who denies it.

A narrative is made of an incident, or of one answer to a disputed question about it (its motive, the
damage, the dead, the doer), as soon as two outlets tell it. Copies count: that words were taken over is what
is looked for. docs/narratives.md says what can be read from it and what can't.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from detente.packs import Pack
from detente.records import (
    Claim,
    Document,
    DocumentId,
    Event,
    EventId,
    Incident,
    IncidentId,
    Narrative,
    NarrativeId,
    Retelling,
    Span,
    Stance,
    When,
    make_id,
)
from detente.text import sentence_spans, shingles, words

CODE = "narratives-1"
HAPPENING = "happening"
ALWAYS = ("motive", "damage")  # questions whose answers are narratives even where nobody contradicts
DISPUTED = ("actor", "killed", "injured")  # those that are so where the incident is in dispute about them
RUN = 5  # words that make a run
LEAST_RUNS = 3  # shared: seven words in a row, or several shorter stretches
ECHO = 0.5  # share of the runs from which on a telling repeats another's words
_NEAR, _LONG = timedelta(days=3), timedelta(days=31)
DATED = timedelta(days=2)  # a wider time of publication orders nothing
_DENIES = re.compile(r"\b(?:den(?:y|ies|ied|ying|ials?)|refut\w+|no (?:involvement|role|part|hand) in)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Known:
    """What narratives are made with: events and documents by id, the incidents that speak of others."""

    events: Mapping[EventId, Event]
    documents: Mapping[DocumentId, Document]
    words_about: Mapping[IncidentId, Sequence[Incident]]
    denied: Mapping[str, Sequence[Incident]]  # what is told only to be denied, by type
    pack: Pack | None


def trace_narratives(
    incidents: Iterable[Incident], events: Iterable[Event], documents: Iterable[Document], pack: Pack | None = None
) -> tuple[Narrative, ...]:
    """Give the narratives, those of most outlets first; the same for any order of what is given."""
    every = sorted(incidents, key=lambda each: each.id)
    about: defaultdict[IncidentId, list[Incident]] = defaultdict(list)
    for incident in every:
        for subject in incident.about:
            about[subject].append(incident)
    denied: defaultdict[str, list[Incident]] = defaultdict(list)
    for incident in every:
        if incident.status == "denied":
            denied[incident.type].append(incident)
    known = _Known({e.id: e for e in events}, {d.id: d for d in documents}, about, denied, pack)
    found = [narrative for incident in every for narrative in _narratives_of(incident, known)]
    return tuple(sorted(found, key=lambda n: (-len(n.outlets), -len(n.tellings), n.known_at, n.id)))


def _narratives_of(incident: Incident, known: _Known) -> Iterator[Narrative]:
    told = [_tell_event(event, known) for event in _events_of(incident, known)]
    denied = [each for each in told if each.stance in ("denies", "doubts")]
    denied += _denying_words(incident, known)
    denied += [_tell_event(event, known) for other in _denials_of(incident, known) for event in _events_of(other, known)]
    made = _make(incident, HAPPENING, "", [each for each in told if each not in denied], denied, known)
    yield from [made] if made else []
    contested = {each.field for each in incident.contradictions}
    fields = (*ALWAYS, *(field for field in DISPUTED if field in contested))
    answers: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in incident.claims:
        if claim.field in fields and claim.document in known.documents:
            answers[claim.field, claim.value].append(claim)
    for (field, value), claims in sorted(answers.items()):
        every = [_tell_claim(claim, known) for claim in claims]
        against = [each for each in every if each.stance in ("denies", "doubts")]
        made = _make(incident, field, value, [e for e in every if e not in against], against, known)
        yield from [made] if made else []


def _make(
    incident: Incident, field: str, value: str, told: Sequence[Retelling], denied: Sequence[Retelling], known: _Known
) -> Narrative | None:  # fmt: skip
    first = _first_of_each(told)
    if len({each.outlet for each in first}) < 2:
        return None
    tellings = tuple(_with_echoes(first, known.documents))
    return Narrative(
        id=NarrativeId(make_id("narrative", incident.id, field, value)), incident=incident.id, field=field,
        value=value, tellings=tellings, denials=tuple(_first_of_each(denied)),
        known_at=max(known.documents[each.document].known_at for each in tellings), recipe=CODE,
    )  # fmt: skip


def _events_of(incident: Incident, known: _Known) -> list[Event]:
    found = (known.events.get(id) for id in incident.events)
    return [event for event in found if event is not None and event.document in known.documents]


def _tell_event(event: Event, known: _Known) -> Retelling:
    document = known.documents[event.document]
    said = event.attribution
    stance: Stance = "denies" if event.status == "denied" else said.stance if said else "asserts"
    return Retelling(
        document=document.id, outlet=outlet_of(document, known.pack), at=told_at(document.published), span=event.quote,
        stance=stance, speaker=said.speaker.name if said else None,
    )  # fmt: skip


def _tell_claim(claim: Claim, known: _Known) -> Retelling:
    document = known.documents[claim.document]
    outlet = outlet_of(document, known.pack)
    own = claim.asserted_by in (document.outlet, document.url)
    return Retelling(
        document=document.id, outlet=outlet, at=told_at(document.published), span=claim.span,
        stance=claim.stance, speaker=None if own else claim.asserted_by,
    )  # fmt: skip


def _denying_words(incident: Incident, known: _Known) -> list[Retelling]:
    """Give the denials that stand as words of their own about the incident."""
    found = []
    for words_of in known.words_about.get(incident.id, ()):
        for event in _events_of(words_of, known) if words_of.type == "REJECT" else ():
            text = known.documents[event.document].text
            quote = text[event.quote.start : event.quote.end]
            if _DENIES.search(quote) and _names(quote, incident, known):
                speaker = event.actors[0].name if event.actors else None
                found.append(replace(_tell_event(event, known), stance="denies", speaker=speaker))
    return found


def _names(quote: str, incident: Incident, known: _Known) -> bool:
    """Tell whether words name the act, its place or whom it was done to."""
    told = [incident.place.name] if incident.place else []
    told += [actor.name for actor in incident.recipients]
    triggers = [
        known.documents[event.document].text[each.span.start : each.span.end]
        for event in _events_of(incident, known)
        for each in event.evidence
        if each.field == "trigger"
    ]
    stems = [word[: max(4, len(word) - 3)] for word in triggers if len(word) > 3]
    return any(name.casefold() in quote.casefold() for name in (*told, *stems))


def _denials_of(incident: Incident, known: _Known) -> list[Incident]:
    """Give the incidents that are told only to be denied and may be this one: same kind, days and place or parties."""
    if incident.status == "denied" or incident.when is None:
        return []
    return [other for other in known.denied.get(incident.type, ()) if _may_be(incident, other)]


def _may_be(incident: Incident, denied: Incident) -> bool:
    if incident.when is None or denied.when is None or _width(denied.when) > _LONG or _width(incident.when) > _LONG:
        return False
    apart = max(incident.when.earliest - denied.when.latest, denied.when.earliest - incident.when.latest)
    places = {each.place.name for each in (incident, denied) if each.place}
    same_place = incident.place is not None and denied.place is not None and len(places) == 1
    doers, done_to = (
        {a.name for a in ours} & {a.name for a in theirs}
        for ours, theirs in ((incident.actors, denied.actors), (incident.recipients, denied.recipients))
    )
    return apart <= _NEAR and (same_place or bool(doers and done_to))


def _width(when: When) -> timedelta:
    return when.latest - when.earliest


def outlet_of(document: Document, pack: Pack | None = None) -> str:
    """Give whose telling it is: the outlet under one name, else the agency, the site or the page it stands on."""
    told = document.outlet or document.syndicated_from
    entry = pack.outlet(told or document.url) if pack else None
    if entry is not None:
        return entry.name
    parts = urlsplit(document.url)
    return told or parts.hostname or document.url.removeprefix("file:").rsplit("/", 1)[-1] or document.url


def told_at(published: When | None) -> datetime | None:
    """Give the middle of the time of publication, or None where it is wider than two days."""
    if published is None or published.latest - published.earliest > DATED:
        return None
    return published.earliest + (published.latest - published.earliest) / 2


def _order(telling: Retelling) -> tuple[bool, float, str, Span]:
    return telling.at is None, telling.at.timestamp() if telling.at else 0.0, telling.document, telling.span


def _first_of_each(tellings: Iterable[Retelling]) -> list[Retelling]:
    """Give one telling of each document and speaker, in order of time."""
    kept: dict[tuple[DocumentId, str | None], Retelling] = {}
    for telling in sorted(tellings, key=_order):
        kept.setdefault((telling.document, telling.speaker), telling)
    return list(kept.values())


def _with_echoes(tellings: Sequence[Retelling], documents: Mapping[DocumentId, Document]) -> Iterator[Retelling]:
    """Give the tellings with the earlier document, of another outlet, whose words each repeats."""
    first_by: dict[int, DocumentId] = {}
    outlet = {telling.document: telling.outlet for telling in tellings}
    for telling in tellings:
        runs = _runs(documents[telling.document].text, telling.span)
        shared = Counter(first_by[run] for run in runs if run in first_by)
        others = {id: n for id, n in shared.items() if outlet[id] != telling.outlet}
        most = min(others, key=lambda id: (-others[id], id), default=None)
        echoes = most is not None and others[most] >= max(LEAST_RUNS, ECHO * len(runs))
        for run in runs:
            first_by.setdefault(run, telling.document)
        if echoes and most is not None:
            yield replace(telling, echo_of=most, echo=round(others[most] / len(runs), 3))
        else:
            yield telling


def _runs(text: str, span: Span) -> set[int]:
    """Give the runs of words of the sentences in which a telling stands."""
    around = Span(start=max(0, span.start - 2000), end=min(len(text), span.end + 2000))
    part = text[around.start : around.end]
    found: set[int] = set()
    for sentence in sentence_spans(part):
        start, end = sentence.start + around.start, sentence.end + around.start
        if start < span.end and span.start < end:
            found |= shingles([word.lower() for word in words(text[start:end])], RUN)
    return found
