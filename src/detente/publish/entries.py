"""Entries: what a brief says once, however often it was reported.

With incidents an entry is an incident. Without them it is one event, or the same event told by
several documents: same type, same parties, same status, same day. Two events of one article are
never joined, for the article tells them apart; copies of an article add nothing but their number.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import permutations, product

from detente.packs import Pack
from detente.publish.parties import name_parties, name_side
from detente.publish.scale import SYMMETRIC, Quad, intensity_of, is_conflict, quad_of
from detente.publish.sentences import (
    Happening,
    clean_text,
    last_instant,
    quote_words,
    shorten,
    write_sentence,
)
from detente.records import (
    Actor,
    Citation,
    Count,
    Document,
    DocumentId,
    Event,
    EventId,
    EventType,
    Incident,
    Line,
    Place,
    Span,
    Stance,
    Status,
    When,
    make_id,
)
from detente.text import sentence_spans

STATUS_WEIGHT: dict[Status, float] = {
    "happened": 1.0, "attempted": 0.8, "planned": 0.7, "possible": 0.35, "denied": 0.3,
}  # fmt: skip
FEW, AROUND = 40, 600  # characters: fewer are cited with their sentence, looked for so far around
MOST_CITATIONS = 12  # of one entry; the others are counted
FAR = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One attributed report of an entry: who says it, how, and the line that tells so."""

    speaker: str
    stance: Stance
    line: Line
    when: When | None
    status: Status
    quad: Quad


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a brief with the fields that pictures and tables need."""

    id: str
    line: Line
    type: EventType
    quad: Quad
    intensity: float  # -10 to +10
    conflict: bool
    status: Status
    when: When | None
    told: When | None  # when the first report of it was published
    place: Place | None
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]  # parties: who -> to whom
    dyad: tuple[str, ...]
    tellings: tuple[Telling, ...]  # what stands on somebody's word; copies left out
    killed: Count | None
    injured: Count | None
    score: float  # probability that the words are read rightly
    weight: float  # for ranking only
    background: bool
    reports: int  # documents, copies left out
    copies: int
    outlets: tuple[str, ...]
    events: tuple[EventId, ...]
    incident: Incident | None = None

    @property
    def sort_key(self) -> tuple[datetime, datetime, str]:
        """Order by time; an interval stands after the days within it; undated last."""
        return (
            self.when.earliest if self.when else FAR,
            last_instant(self.when) if self.when else FAR,
            self.id,
        )

    @property
    def precise(self) -> bool:
        """Tell whether the time is known to the day."""
        return self.when is not None and last_instant(self.when).date() == self.when.earliest.date()


def is_citable(event: Event, documents: Mapping[DocumentId, Document]) -> bool:
    """Tell whether the document is at hand and the quote lies within its text."""
    document = documents.get(event.document)
    if document is None or not event.evidence:
        return False
    span = event.quote
    return 0 <= span.start < span.end <= len(document.text) and bool(
        document.text[span.start : span.end].strip()
    )


def cite_span(document: Document, span: Span) -> Citation:
    """Give the citation of a span: its very words."""
    return Citation(
        document=document.id, span=span, quote=document.text[span.start : span.end], url=document.url
    )


def cite_words(document: Document, span: Span) -> Citation:
    """Give the citation of a span, or of the sentence around it where a few words alone say nothing."""
    if span.end - span.start >= FEW:
        return cite_span(document, span)
    left = max(0, span.start - AROUND)
    for sentence in sentence_spans(document.text[left : span.end + AROUND]):
        start, end = sentence.start + left, sentence.end + left
        if start <= span.start and span.end <= end:
            return cite_span(document, Span(start=start, end=end))
    return cite_span(document, span)


def cite_event(event: Event, documents: Mapping[DocumentId, Document]) -> Citation:
    """Give the citation of an event's quote."""
    return cite_span(documents[event.document], event.quote)


def gather_entries(
    events: Sequence[Event],
    documents: Mapping[DocumentId, Document],
    incidents: Sequence[Incident] = (),
    *,
    pack: Pack | None = None,
    before: datetime | None = None,
) -> tuple[Entry, ...]:
    """Give the entries in order of time; what ended before `before` is marked as background."""
    by_id = {event.id: event for event in events}
    groups: list[tuple[Incident | None, list[Event]]] = []
    taken: set[EventId] = set()
    for incident in sorted(incidents, key=lambda each: each.id):
        members = [by_id[id] for id in incident.events if id in by_id]
        if members:
            groups.append((incident, members))
            taken.update(event.id for event in members)
    loose = [event for event in events if event.id not in taken]
    groups += [(None, members) for members in _join_reports(loose)]
    made = [_make_entry(incident, members, documents, pack, before) for incident, members in groups]
    return tuple(sorted(made, key=lambda entry: entry.sort_key))


def _root(document: Document, documents: Mapping[DocumentId, Document]) -> Document:
    """Give the original of a copy, if it is at hand."""
    seen = {document.id}
    while (original := document.copy_of) is not None and original in documents and original not in seen:
        document = documents[original]
        seen.add(document.id)
    return document


def _same_report_key(event: Event) -> tuple[object, ...] | None:
    """Give what two documents must agree in to tell of one thing; None where it is too vague to say."""
    when = event.when
    if when is None or last_instant(when).date() != when.earliest.date() or not event.actors:
        return None
    sides = (event.actors, event.recipients)
    names = tuple(tuple(sorted(clean_text(actor.name).casefold() for actor in side)) for side in sides)
    place = clean_text(event.place.name).casefold() if event.place and not event.recipients else ""
    return event.type, event.status, names, when.earliest.date(), place


def _join_reports(events: Sequence[Event]) -> list[list[Event]]:
    """Group the events that different documents tell alike; one document tells each thing once."""
    alike: dict[tuple[object, ...], list[list[Event]]] = {}
    groups: list[list[Event]] = []
    for event in events:
        key = _same_report_key(event)
        known = alike.setdefault(key, []) if key else []
        home = next((group for group in known if all(_may_be_one(event, e) for e in group)), None)
        if home is None:
            home = []
            groups.append(home)
            known.append(home)
        home.append(event)
    return groups


def _may_be_one(event: Event, other: Event) -> bool:
    """Tell whether two documents tell of one thing: numbers that differ are a dispute, not a repetition."""
    pairs = ((event.killed, other.killed), (event.injured, other.injured))
    return event.document != other.document and all(
        a is None or b is None or a.low == b.low for a, b in pairs
    )


def joint_chance(readings: Iterable[tuple[str, float]]) -> float:
    """Give the chance that at least one document's reading of an incident is right, of documents with a reading's chance.

    Of several readings in one document, or in copies of it, the surest counts.
    """
    best: dict[str, float] = {}
    for document, chance in readings:
        best[document] = max(best.get(document, 0.0), min(1.0, chance))
    return 1.0 - math.prod(1.0 - chance for chance in best.values())


def _make_entry(
    incident: Incident | None,
    members: Sequence[Event],
    documents: Mapping[DocumentId, Document],
    pack: Pack | None,
    before: datetime | None,
) -> Entry:
    told_first = sorted(members, key=lambda event: _telling_order(event, documents))
    lead = max(told_first, key=lambda event: (_fullness(event), event.score, event.id))
    happening = _happening(incident, lead, documents)
    citations = _cite(lead, told_first, documents)
    outlets = tuple(dict.fromkeys(name_outlet(documents[event.document]) for event in told_first))
    intensity = intensity_of(happening.type, happening.mode, pack)
    roots = {_root(documents[event.document], documents).id for event in members}
    pairs = _pairs(happening, pack)
    score = joint_chance((_root(documents[event.document], documents).id, event.sureness) for event in members)
    background = all(event.background for event in members) or _is_old(happening.when, before)
    weight = _weigh(happening, intensity, score, len(roots), incident)
    return Entry(
        id=make_id("entry", incident.id if incident else sorted(event.id for event in members)),
        line=Line(text=_write_line(happening, lead, documents), citations=citations),
        type=happening.type, quad=quad_of(happening.type), intensity=intensity,
        conflict=is_conflict(happening.type),
        status=happening.status, when=happening.when, told=documents[told_first[0].document].published,
        place=happening.place, actors=_names(happening.actors), recipients=_names(happening.recipients),
        pairs=pairs, dyad=_dyad(happening, pack),
        tellings=tuple(_tell(event, documents) for event in told_first if _is_said(event, documents)),
        killed=happening.killed, injured=happening.injured, score=score, weight=weight, background=background,
        reports=len(roots), copies=len({event.document for event in members}) - len(roots),
        outlets=outlets, events=tuple(event.id for event in told_first), incident=incident,
    )  # fmt: skip


def _is_said(event: Event, documents: Mapping[DocumentId, Document]) -> bool:
    return event.attribution is not None and documents[event.document].copy_of not in documents


def _tell(event: Event, documents: Mapping[DocumentId, Document]) -> Telling:
    assert event.attribution is not None
    happening = _happening(None, event, documents)
    line = Line(text=_write_line(happening, event, documents), citations=(cite_event(event, documents),))
    return Telling(
        speaker=clean_text(event.attribution.speaker.name), stance=event.attribution.stance, line=line,
        when=event.when, status=event.status, quad=quad_of(event.type),
    )  # fmt: skip


def _telling_order(event: Event, documents: Mapping[DocumentId, Document]) -> tuple[datetime, str, str]:
    published = documents[event.document].published
    return (published.earliest if published else FAR, event.document, event.id)


def _fullness(event: Event) -> int:
    """Count the fields that are told."""
    told = (event.actors, event.recipients, event.when, event.place, event.killed, event.injured)
    return sum(bool(field) for field in told)


def _happening(incident: Incident | None, lead: Event, documents: Mapping[DocumentId, Document]) -> Happening:
    text = documents[lead.document].text
    spans = [each.span for each in lead.evidence if each.field == "trigger"]
    trigger = text[spans[0].start : spans[0].end] if spans else ""
    after = text[spans[0].end : lead.quote.end] if spans else ""
    happening = Happening(
        type=lead.type, mode=lead.mode, trigger=trigger, actors=lead.actors, recipients=lead.recipients,
        when=lead.when, place=lead.place, status=lead.status, attribution=lead.attribution,
        killed=lead.killed, injured=lead.injured, counts=lead.counts, after=after,
    )  # fmt: skip
    if incident is None:
        return happening
    return replace(
        happening, type=incident.type, mode=lead.mode if lead.type == incident.type else None,
        actors=incident.actors, recipients=incident.recipients, when=incident.when, place=incident.place,
        status=incident.status, killed=incident.killed, injured=incident.injured,
        attribution=lead.attribution if len(incident.voices) < 2 or incident.status == "denied" else None,
    )  # fmt: skip


def _write_line(happening: Happening, lead: Event, documents: Mapping[DocumentId, Document]) -> str:
    sentence = write_sentence(happening)
    if sentence is not None:
        return sentence
    document = documents[lead.document]
    words = quote_words(document.text[lead.quote.start : lead.quote.end])
    return f"{name_outlet(document)}: {words}"


def _cite(
    lead: Event, members: Sequence[Event], documents: Mapping[DocumentId, Document]
) -> tuple[Citation, ...]:
    ranked = [lead, *(event for event in members if event.id != lead.id)]
    ranked.sort(key=lambda event: (event.id != lead.id, documents[event.document].copy_of is not None))
    return tuple(dict.fromkeys(cite_event(event, documents) for event in ranked))[:MOST_CITATIONS]


def name_outlet(document: Document) -> str:
    """Give whose report it is: the outlet, the one it was taken from, the author, the title or the file."""
    for name in (document.outlet, document.syndicated_from, document.author):
        if name and clean_text(name):
            return shorten(clean_text(name), 60)
    if document.title and clean_text(document.title):
        return f"“{shorten(clean_text(document.title), 60)}”"
    return (
        shorten(clean_text(document.url.removeprefix("file:").rsplit("/", 1)[-1]), 60)
        or "an untitled document"
    )


def _names(actors: Iterable[Actor]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shorten(clean_text(actor.name), 90) for actor in actors))


def _pairs(happening: Happening, pack: Pack | None) -> tuple[tuple[str, str], ...]:
    doers, done_to = (name_parties(side, pack) for side in (happening.actors, happening.recipients))
    if done_to:
        pairs = [(a, b) for a, b in product(doers, done_to) if a != b or len(doers) == len(done_to) == 1]
        if happening.type in SYMMETRIC:
            pairs += [(b, a) for a, b in pairs]
    else:
        pairs = list(permutations(doers, 2)) if len(doers) > 1 else []
    return tuple(dict.fromkeys(pairs))


def _dyad(happening: Happening, pack: Pack | None) -> tuple[str, ...]:
    """Give the two sides that an entry is listed under, in alphabetical order; one where only one is told."""
    doers, done_to = ([name_side(a, pack) for a in side] for side in (happening.actors, happening.recipients))
    for one, other in (*product(doers, done_to), *permutations(doers, 2)):
        if one != other:
            return (one, other) if one < other else (other, one)
    return (*doers, *done_to, "Parties not named")[:1]


def _is_old(when: When | None, before: datetime | None) -> bool:
    return when is not None and before is not None and last_instant(when) < before


def _weigh(
    happening: Happening, intensity: float, score: float, reports: int, incident: Incident | None
) -> float:
    """Give a figure to rank by: how grave, how real, how surely read, how widely told, how deadly."""
    deaths = happening.killed.low if happening.killed else 0
    voices = len(incident.voices) if incident else reports
    told = 1.0 + 0.35 * max(0, min(voices - 1, 4)) + (0.3 if incident and incident.contradictions else 0.0)
    toll = 1.0 + math.sqrt(max(0, min(deaths, 100))) / 4
    known = 1.0 if happening.actors and (happening.recipients or happening.place) else 0.6
    dated = 1.0 if happening.when else 0.7
    return (1.0 + abs(intensity)) * STATUS_WEIGHT[happening.status] * score * told * toll * known * dated
