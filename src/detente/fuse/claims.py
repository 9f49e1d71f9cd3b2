"""Who asserts which value of which field of an incident, in which words, and what cannot all be true."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import combinations
from typing import Protocol

from detente.fuse.features import likeness, spots_apart
from detente.fuse.framing import find_framings
from detente.fuse.sketch import QUADS, Party, party_of, spot_of, stem, telling
from detente.packs import Pack
from detente.records import (
    Actor,
    Claim,
    Contradiction,
    Count,
    Document,
    DocumentId,
    Event,
    EventId,
    Span,
    Stance,
    When,
)
from detente.text import sentence_spans, words

_DAY = timedelta(days=1)
_NARROW = timedelta(days=2)

Documents = Mapping[DocumentId, Document]


def gather_claims(events: Sequence[Event], about: Sequence[Event], documents: Documents) -> tuple[Claim, ...]:
    """Give the claims of an incident's reports, and the framings in words about it, in order of time."""
    found = [claim for event in events for claim in _event_claims(event, documents[event.document])]
    found += _framing_claims(events, about, documents)
    unique = {(c.field, c.value, c.asserted_by, c.stance, c.document): c for c in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda c: (c.field, c.known_at, c.document, c.span, c.value)))


def speaker_of(event: Event, document: Document) -> str:
    """Give who asserts an event: its speaker, or else the outlet."""
    if event.attribution is not None:
        return event.attribution.speaker.name
    return document.outlet or document.url


def stance_of(event: Event) -> Stance:
    """Give how the speaker of an event stands to it."""
    if event.status == "denied":
        return "denies"
    return event.attribution.stance if event.attribution else "asserts"


def _event_claims(event: Event, document: Document) -> Iterator[Claim]:
    spans = {e.field: e.span for e in reversed(event.evidence)}
    for field, value in _values(event):
        yield Claim(
            field=field, value=value, asserted_by=speaker_of(event, document), stance=stance_of(event),
            document=document.id, span=spans.get(field, event.quote), known_at=event.known_at, event=event.id,
        )  # fmt: skip


def _values(event: Event) -> Iterator[tuple[str, str]]:
    yield "status", event.status
    if event.actors:
        yield "actor", ", ".join(sorted(actor.name for actor in event.actors))
    if event.recipients:
        yield "recipient", ", ".join(sorted(actor.name for actor in event.recipients))
    if event.when:
        yield "when", format_when(event.when)
    if event.place:
        yield "place", event.place.name
    for count in (event.killed, event.injured, *event.counts):
        if count is not None:
            yield count.what, format_count(count)


def format_when(when: When) -> str:
    """Give a time as a day, or as a first and a last day."""
    first, last = when.earliest.date().isoformat(), when.latest.date().isoformat()
    return first if first == last else f"{first} to {last}"


def format_count(count: Count) -> str:
    """Give a number or a range."""
    if count.high == count.low:
        return str(count.low)
    return f"{count.low} or more" if count.high is None else f"{count.low}-{count.high}"


def _framing_claims(events: Sequence[Event], about: Sequence[Event], documents: Documents) -> Iterator[Claim]:
    """Give the framings in the sentences that report the incident, speak about it, or name it again."""
    own = {event.id for event in events}
    taken: set[tuple[DocumentId, Span]] = set()
    for event in sorted((*about, *events), key=lambda e: (e.id in own, e.quote, e.id)):
        document = documents[event.document]
        for sentence in _sentences_at(document, event):
            speech = event.id not in own
            if speech or (document.id, sentence) not in taken:
                yield from _claims_in(document, sentence, event, speech)
            taken.add((document.id, sentence))
    for document, sentence, event in _retold(events, documents, taken):
        yield from _claims_in(document, sentence, event, speech=False)


def _claims_in(document: Document, sentence: Span, event: Event, speech: bool) -> Iterator[Claim]:
    outlet = document.outlet or document.url
    speaker = event.actors[0].name if speech and event.actors else speaker_of(event, document)
    fronted = _FRONTED.match(document.text, sentence.start, sentence.end)
    for framing in find_framings(document.text, sentence):
        own = (
            fronted is not None and framing.span.end <= fronted.end()
        )  # what stands before is the article's own
        refused = speech and event.type == "REJECT" and not own
        yield Claim(
            field=framing.question, value=framing.answer, asserted_by=outlet if own else speaker,
            stance="denies" if refused else framing.stance, document=document.id, span=sentence,
            known_at=event.known_at, event=event.id,
        )  # fmt: skip


_FRONTED = re.compile(
    r"\W*(?:following|after|since|amid|despite|in the wake of|before|during)\b[^,]{0,80},", re.I
)
_NAMING = frozenset(
    {"attack", "incident", "assault", "strike", "raid", "shooting", "bombing", "killing", "blast"}
)


def _retold(
    events: Sequence[Event], documents: Documents, taken: set[tuple[DocumentId, Span]]
) -> Iterator[tuple[Document, Span, Event]]:
    """Give further sentences of the same documents that name the act, its target or place."""
    marks = _marks_of(events)
    for event in events:
        document = documents[event.document]
        if QUADS[event.type] != "material conflict" or not any(
            find_framings(document.text, _whole(document))
        ):
            continue
        for sentence in sentence_spans(document.text):
            stems = {stem(w) for w in words(document.text[sentence.start : sentence.end])}
            if (document.id, sentence) not in taken and stems & _NAMING and len(stems & marks) >= 2:
                taken.add((document.id, sentence))
                yield document, sentence, event


def _whole(document: Document) -> Span:
    return Span(start=0, end=len(document.text))


def _marks_of(events: Sequence[Event]) -> set[str]:
    """Give the stems of the names of an incident's targets and places."""
    names = [actor.name for event in events for actor in event.recipients]
    names += [event.place.name for event in events if event.place]
    return {stem(word) for name in names for word in words(name) if telling(stem(word)) > 3}


def _sentences_at(document: Document, event: Event) -> list[Span]:
    told = [e.span for e in event.evidence if e.field in ("quote", "also")]
    return [
        s for s in sentence_spans(document.text) if any(s.start < t.end and t.start < s.end for t in told)
    ]


def find_contradictions(
    claims: Sequence[Claim], events: Mapping[EventId, Event], pack: Pack | None
) -> tuple[Contradiction, ...]:
    """Give the fields on which claims cannot all be true, with the claims of each side."""
    by_field: dict[str, list[Claim]] = {}
    for claim in claims:
        by_field.setdefault(claim.field, []).append(claim)
    found = []
    for field, told in sorted(by_field.items()):
        clash = _CLASHES.get(field)
        sides = _clashing(told, partial(clash, events=events, pack=pack)) if clash else []
        if sides:
            found.append(Contradiction(field=field, claims=tuple(sides), why=_WHY[field]))
    return tuple(found)


def _clashing(claims: Sequence[Claim], clash: Callable[[Claim, Claim], bool]) -> list[Claim]:
    kept: dict[int, Claim] = {}
    for (i, a), (j, b) in combinations(enumerate(claims[:60]), 2):
        if clash(a, b):
            kept |= {i: a, j: b}
    return [kept[k] for k in sorted(kept)]


class Clash(Protocol):
    """Tells whether two claims on one field cannot both be true."""

    def __call__(self, a: Claim, b: Claim, events: Mapping[EventId, Event], pack: Pack | None) -> bool:
        """Tell it of two claims, with their events to look into."""
        ...


def _of(claim: Claim, events: Mapping[EventId, Event]) -> Event | None:
    return events.get(claim.event) if claim.event else None


def _counts_clash(a: Claim, b: Claim, events: Mapping[EventId, Event], pack: Pack | None) -> bool:  # noqa: ARG001
    x, y = _count(a, events), _count(b, events)
    if x is None or y is None:
        return False
    return (x.high is not None and x.high < y.low) or (y.high is not None and y.high < x.low)


def _count(claim: Claim, events: Mapping[EventId, Event]) -> Count | None:
    event = _of(claim, events)
    counts: Iterable[Count | None] = (event.killed, event.injured, *event.counts) if event else ()
    return next((c for c in counts if c is not None and c.what == claim.field), None)


def _times_clash(a: Claim, b: Claim, events: Mapping[EventId, Event], pack: Pack | None) -> bool:  # noqa: ARG001
    x, y = (e.when if (e := _of(c, events)) else None for c in (a, b))
    if x is None or y is None:
        return False
    apart = max(x.earliest - y.latest, y.earliest - x.latest)
    narrow = max(x.latest - x.earliest, y.latest - y.earliest) <= _NARROW
    return apart > (_DAY if narrow else timedelta(days=45))


def _doers_clash(a: Claim, b: Claim, events: Mapping[EventId, Event], pack: Pack | None) -> bool:
    x, y = _of(a, events), _of(b, events)
    if x is None or y is None:
        return False
    ours, theirs = _named(x.actors, pack), _named(y.actors, pack)
    return bool(ours and theirs) and not any(likeness(p, q) >= 0.3 for p in ours for q in theirs)


def _named(actors: Iterable[Actor], pack: Pack | None) -> list[Party]:
    return [p for p in (party_of(actor, pack) for actor in actors) if not p.unnamed]


def _places_clash(a: Claim, b: Claim, events: Mapping[EventId, Event], pack: Pack | None) -> bool:  # noqa: ARG001
    x, y = (spot_of(e.place) if (e := _of(c, events)) else None for c in (a, b))
    return x is not None and y is not None and spots_apart(x, y) > 0.5


def _status_clash(a: Claim, b: Claim, events: Mapping[EventId, Event], pack: Pack | None) -> bool:  # noqa: ARG001
    return (a.stance in ("denies", "doubts")) != (b.stance in ("denies", "doubts")) and (
        "happened" in (a.value, b.value) or "attempted" in (a.value, b.value)
    )


def _framings_clash(a: Claim, b: Claim, events: Mapping[EventId, Event], pack: Pack | None) -> bool:  # noqa: ARG001
    denied = [c.stance == "denies" for c in (a, b)]
    if a.value == b.value:
        return denied[0] != denied[1]
    return not any(denied)


_COUNTED = ("killed", "injured", "arrested", "displaced")
_CLASHES: Mapping[str, Clash] = {
    **dict.fromkeys(_COUNTED, _counts_clash),
    "when": _times_clash, "actor": _doers_clash, "place": _places_clash, "status": _status_clash,
    **dict.fromkeys(("motive", "damage"), _framings_clash),
}  # fmt: skip
_WHY = {
    **{what: f"the numbers of {what} that are told do not meet" for what in _COUNTED},
    "when": "the times that are told do not meet",
    "actor": "different doers are told",
    "place": "the places that are told lie apart",
    "status": "told by one, denied or doubted by another",
    "motive": "what it was done for is told differently",
    "damage": "how much was damaged is told differently",
}
