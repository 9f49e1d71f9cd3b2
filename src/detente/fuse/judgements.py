"""What persons judged: read from the ledger of links, found again after a re-read, and made anew.

A judgement is a `Link` whose `by` is a person's name: "same" or "different" between an event and another
event, or a correction of one `field` of the incident that the event tells of. Nothing is erased: a
judgement is withdrawn, and then leaves no trace in the incidents and a full one in the ledger.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from detente.errors import FuseError
from detente.fuse.corrections import FIELDS, read_value
from detente.records import (
    Anchor,
    Document,
    DocumentId,
    Event,
    EventId,
    IncidentId,
    Link,
    LinkId,
    Reason,
    Verdict,
    make_id,
)
from detente.text import words

Pair = tuple[EventId, EventId]
MACHINE = "fuse-"  # what the machine's recipes begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The judgements that stand: pairs of events, corrections by event, and those that found no event."""

    together: frozenset[Pair]
    apart: frozenset[Pair]
    corrections: Mapping[EventId, tuple[Link, ...]]  # oldest first: the last word holds
    lost: tuple[Link, ...]  # their events are gone; they count again when the events come back
    found: Mapping[LinkId, Pair]  # of each judgement that counts, its event and the other one or ""


NOTHING_JUDGED = Judged(together=frozenset(), apart=frozenset(), corrections={}, lost=(), found={})


class Records(Protocol):
    """What gives events and documents by what is known of them; records that are not there are left out."""

    def events(self, ids: Sequence[EventId]) -> Iterable[Event]:
        """Give the events of these ids."""
        ...

    def events_in(self, documents: Sequence[DocumentId]) -> Iterable[Event]:
        """Give all events of documents."""
        ...

    def documents(self, ids: Sequence[DocumentId]) -> Iterable[Document]:
        """Give the documents of these ids."""
        ...

    def documents_at(self, urls: Sequence[str]) -> Iterable[Document]:
        """Give the documents that were found at these addresses."""
        ...


class InMemory:
    """Events and documents that are all at hand."""

    def __init__(self, events: Iterable[Event], documents: Iterable[Document]) -> None:
        self._documents = {document.id: document for document in documents}
        self._events = {event.id: event for event in events if event.document in self._documents}
        self._in: defaultdict[DocumentId, list[Event]] = defaultdict(list)
        for id in sorted(self._events):
            self._in[self._events[id].document].append(self._events[id])

    def reports(self) -> Iterator[tuple[Document, list[Event]]]:
        """Give each document that has events, with them."""
        return ((self._documents[id], self._in[id]) for id in sorted(self._in))

    def events(self, ids: Sequence[EventId]) -> Iterable[Event]:
        """Give the events of these ids."""
        return (self._events[id] for id in ids if id in self._events)

    def events_in(self, documents: Sequence[DocumentId]) -> Iterable[Event]:
        """Give all events of documents."""
        return (event for id in documents for event in self._in.get(id, ()))

    def documents(self, ids: Sequence[DocumentId]) -> Iterable[Document]:
        """Give the documents of these ids."""
        return (self._documents[id] for id in ids if id in self._documents)

    def documents_at(self, urls: Sequence[str]) -> Iterable[Document]:
        """Give the documents that were found at these addresses."""
        wanted = set(urls)
        return (document for document in self._documents.values() if document.url in wanted)


def is_human(link: Link) -> bool:
    """Tell whether a person judged."""
    return not link.by.startswith(MACHINE)


def judge(
    event: Event, other: Event | None, verdict: Verdict, documents: Mapping[DocumentId, Document],
    *, by: str, why: str, at: datetime, field: str | None = None, value: str | None = None,
) -> Link:  # fmt: skip
    """Give a person's judgement for the ledger. Raises FuseError if it says nothing or lacks a name."""
    if not by.strip() or by.startswith(MACHINE):
        raise FuseError(event.id, f"a judgement needs the name of a person, not {by!r}; give one with --by")
    if field is not None and field not in FIELDS:
        raise FuseError(event.id, f"{field} cannot be corrected; choose of {', '.join(FIELDS)}")
    if (other is None) == (field is None or value is None):
        raise FuseError(event.id, "a judgement is about another event or about a field; give one of the two")
    if field is not None and value is not None:
        _check_value(event.id, field, value)
    return Link(
        id=LinkId(make_id("link", event.id, other.id if other else None, verdict, field, value, by, at)),
        event=event.id, incident=IncidentId(""), verdict=verdict, score=1.0,
        reasons=(Reason(feature="a person's judgement", weight=99.0, detail=why),), by=by, at=at,
        other=other.id if other else None, field=field, value=value, why=why,
        anchor=_anchor(event, documents), other_anchor=_anchor(other, documents) if other else None,
    )  # fmt: skip


def _check_value(subject: str, field: str, value: str) -> None:
    try:
        read_value(field, value)
    except ValueError as error:
        raise FuseError(
            subject, f"{value!r} cannot be the {field} ({error}); see docs/incidents.md"
        ) from None


def withdraw(link: Link, at: datetime) -> Link:
    """Give the link as withdrawn; one that is withdrawn already stays as it is."""
    return link if link.withdrawn_at is not None else replace(link, withdrawn_at=at)


def read_judgements(links: Iterable[Link], records: Records) -> Judged:
    """Give the judgements that stand, with their events looked up by id or by what they were.

    Where persons contradict each other about one pair, the later judgement holds.
    """
    standing = [link for link in links if is_human(link) and link.withdrawn_at is None]
    if not standing:
        return NOTHING_JUDGED
    finder = _finder(standing, records)
    verdicts: dict[Pair, Verdict] = {}
    corrections: defaultdict[EventId, list[Link]] = defaultdict(list)
    found: dict[LinkId, Pair] = {}
    lost = []
    for link in sorted(standing, key=lambda link: (link.at, link.id)):
        event = finder.find(link.event, link.anchor)
        other = finder.find(link.other, link.other_anchor) if link.other else None
        if event is None or (link.other and other is None):
            lost.append(link)
            continue
        found[link.id] = (event, other or EventId(""))
        if link.field is not None:
            corrections[event].append(link)
        elif other is not None and other != event:
            verdicts[min(event, other), max(event, other)] = link.verdict
    return Judged(
        together=frozenset(pair for pair, verdict in verdicts.items() if verdict == "same"),
        apart=frozenset(pair for pair, verdict in verdicts.items() if verdict == "different"),
        corrections={event: tuple(found) for event, found in corrections.items()},
        lost=tuple(lost),
        found=found,
    )


def _finder(standing: Sequence[Link], records: Records) -> "_Finder":
    """Give what finds the events that judgements name: those of their ids, and those of the pages of the rest."""
    named = {id: anchor for link in standing for id, anchor in _named(link)}
    events = {event.id: event for event in records.events(sorted(named))}
    urls = {anchor.url for id, anchor in named.items() if anchor is not None and id not in events}
    at = {document.id: document for document in records.documents_at(sorted(urls))}
    return _Finder(events, list(records.events_in(sorted(at))), at)


def _named(link: Link) -> Iterator[tuple[EventId, Anchor | None]]:
    yield link.event, link.anchor
    if link.other is not None:
        yield link.other, link.other_anchor


def _anchor(event: Event, documents: Mapping[DocumentId, Document]) -> Anchor | None:
    document = documents.get(event.document)
    if document is None:
        return None
    return Anchor(url=document.url, type=event.type, quote=document.text[event.quote.start : event.quote.end])


class _Finder:
    """Finds a judged event: by its id, or else the event of its page and type whose words are most alike."""

    def __init__(
        self, known: Collection[EventId], events: Sequence[Event], documents: Mapping[DocumentId, Document]
    ) -> None:
        self._ids = known
        self._events, self._documents = events, documents
        self._by_url: dict[str, list[tuple[Event, frozenset[str]]]] | None = None

    def find(self, id: EventId | None, anchor: Anchor | None) -> EventId | None:
        if id in self._ids:
            return id
        if anchor is None:
            return None
        wanted = frozenset(words(anchor.quote))
        alike = [
            (len(wanted & told) / max(1, len(wanted | told)), event.type == anchor.type, event.id)
            for event, told in self._on_page(anchor.url)
        ]
        best = max(alike, default=(0.0, False, None))
        return best[2] if best[0] >= 0.5 else None

    def _on_page(self, url: str) -> list[tuple[Event, frozenset[str]]]:
        if self._by_url is None:
            self._by_url = {}
            for event in self._events:
                document = self._documents[event.document]
                told = frozenset(words(document.text[event.quote.start : event.quote.end]))
                self._by_url.setdefault(document.url, []).append((event, told))
        return self._by_url.get(url, [])


def merge(
    some: Sequence[Event], others: Sequence[Event], documents: Mapping[DocumentId, Document],
    *, by: str, why: str, at: datetime,
) -> tuple[Link, ...]:  # fmt: skip
    """Give the judgements that two incidents, told by these events, are one: each report with the first."""
    first, *rest = sorted((*some, *others), key=_known)
    return tuple(judge(first, other, "same", documents, by=by, why=why, at=at) for other in rest)


def split(
    event: Event, rest: Iterable[Event], documents: Mapping[DocumentId, Document],
    *, by: str, why: str, at: datetime,
) -> tuple[Link, ...]:  # fmt: skip
    """Give the judgements that an event tells of another incident than the rest of its reports."""
    others = [other for other in sorted(rest, key=_known) if other.id != event.id]
    if not others:
        raise FuseError(event.id, "it is the only report of its incident; there is nothing to split it from")
    return tuple(judge(event, other, "different", documents, by=by, why=why, at=at) for other in others)


def _known(event: Event) -> tuple[datetime, EventId]:
    return event.known_at, event.id
