"""What fusing asks of a store: events and documents by what is known of them, and the cards and blocks it kept."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, select, tuple_

from detente.records import (
    Card,
    Document,
    DocumentId,
    Event,
    EventId,
    Incident,
    IncidentId,
    Link,
    LinkId,
)
from detente.store.codec import clean, decode
from detente.store.tables import KINDS, bands, blocks, cards, credits, resolved, stale

R = TypeVar("R")
_CHUNK = 500
_PLACE = (blocks.c.by_time, blocks.c.by_words, blocks.c.number)


class Holdings:
    """Reads from one connection, which is held open as long as the holdings are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reports(self) -> Iterator[tuple[Document, list[Event]]]:
        """Give every document with its events, those known first before the others."""
        table = KINDS[Document].table
        ids = [row[0] for row in self._rows(select(table.c.id).order_by(table.c.known_at, table.c.id))]
        for some in _chunks(ids):
            documents = {document.id: document for document in self.documents(some)}
            events: dict[DocumentId, list[Event]] = {}
            for event in self.events_in(some):
                events.setdefault(event.document, []).append(event)
            yield from ((documents[id], events[id]) for id in some if id in events)

    def events(self, ids: Sequence[EventId]) -> Iterator[Event]:
        """Give the events of these ids."""
        return self._records(Event, "id", ids)

    def events_in(self, documents: Sequence[DocumentId]) -> Iterator[Event]:
        """Give all events of documents."""
        return self._records(Event, "document", documents)

    def documents(self, ids: Sequence[DocumentId]) -> Iterator[Document]:
        """Give the documents of these ids."""
        return self._records(Document, "id", ids)

    def documents_at(self, urls: Sequence[str]) -> Iterator[Document]:
        """Give the documents that were found at these addresses."""
        wanted = set(urls)
        found = self._records(Document, "url", sorted({clean(url) or "" for url in urls}))
        return (document for document in found if document.url in wanted)

    def incidents(self, ids: Sequence[IncidentId]) -> Iterator[Incident]:
        """Give the incidents of these ids."""
        return self._records(Incident, "id", ids)

    def links_of(self, events: Sequence[EventId]) -> Iterator[Link]:
        """Give the links of events that were not withdrawn."""
        return self._standing("event", events)

    def links_to(self, incidents: Sequence[IncidentId]) -> Iterator[Link]:
        """Give the links to incidents that were not withdrawn."""
        return self._standing("incident", incidents)

    def links_without_event(self) -> Iterator[Link]:
        """Give the links to incidents, not withdrawn, whose event is gone."""
        table = KINDS[Link].table
        gone = table.c.event.not_in(select(KINDS[Event].table.c.id))
        query = select(table.c.record).where(table.c.withdrawn_at.is_(None), table.c.incident != "", gone)
        return (decode(Link, row[0]) for row in self._rows(query))

    def cards(self, numbers: Sequence[int]) -> Iterator[Card]:
        """Give the cards of these numbers."""
        return self._cards(cards.c.number, numbers)

    def cards_in(self, documents: Sequence[DocumentId]) -> Iterator[Card]:
        """Give the cards of documents, also of those that are gone."""
        return self._cards(cards.c.document, documents)

    def cards_of_parts(self, parts: Sequence[int]) -> Iterator[Card]:
        """Give the cards of parts."""
        return self._cards(cards.c.part, parts)

    def block(self, key: int, most: int) -> list[tuple[int, int, int]]:
        """Give the places in a block by time: place in time, place among words, number; at most some."""
        query = select(*_PLACE).where(blocks.c.key == key).order_by(blocks.c.by_time, blocks.c.number)
        return _slots(self._rows(query.limit(most)))

    def beside(
        self, key: int, view: str, place: tuple[int, int], most: int, after: bool
    ) -> list[tuple[int, int, int]]:
        """Give the next in a block before or after a place and number, in a view of it (by_time, by_words)."""
        order = (blocks.c[view], blocks.c.number)
        here = tuple_(*order)
        query = select(*_PLACE).where(blocks.c.key == key, here > place if after else here < place)
        ranked = query.order_by(*(column if after else column.desc() for column in order))
        return _slots(self._rows(ranked.limit(most)))

    def sharing(self, keys: Sequence[int]) -> Iterator[tuple[int, DocumentId]]:
        """Give the documents that were compared and have one of these bands: band, document."""
        for rows in self._matching(bands, bands.c.key, keys, [bands.c.key, bands.c.document]):
            yield from ((row.key, DocumentId(row.document)) for row in rows)

    def compared(self, documents: Sequence[DocumentId]) -> dict[DocumentId, str | None]:
        """Give those of the documents that were compared, with whom they credit in words."""
        found = self._matching(credits, credits.c.document, documents, list(credits.c))
        return {DocumentId(row.document): row.told for rows in found for row in rows}

    def copies_of(self, originals: Sequence[DocumentId]) -> Iterator[Document]:
        """Give the documents that are marked as copies of these."""
        return self._records(Document, "copy_of", originals)

    def stale(self) -> list[DocumentId]:
        """Give the documents whose events changed since they were fused."""
        return [DocumentId(row[0]) for row in self._rows(select(stale.c.document).order_by(stale.c.document))]

    def resolved(self) -> dict[LinkId, tuple[EventId, EventId]]:
        """Give the events to which persons' judgements were found to belong when they were last fused."""
        rows = self._rows(select(resolved.c.link, resolved.c.event, resolved.c.other))
        return {LinkId(row.link): (EventId(row.event), EventId(row.other)) for row in rows}

    def _standing(self, column: str, values: Sequence[str]) -> Iterator[Link]:
        # Withdrawn ones are left out here: the database would rather go through all that stand.
        table = KINDS[Link].table
        for rows in self._matching(table, table.c[column], values, [table.c.record, table.c.withdrawn_at]):
            yield from (decode(Link, row.record) for row in rows if row.withdrawn_at is None)

    def _records(self, kind: type[R], column: str, values: Sequence[str]) -> Iterator[R]:
        table = KINDS[kind].table
        for rows in self._matching(table, table.c[column], values, [table.c.record]):
            yield from (decode(kind, row[0]) for row in rows)

    def _cards(self, column: ColumnElement[Any], values: Sequence[Any]) -> Iterator[Card]:
        for rows in self._matching(cards, column, values, list(cards.c)):
            yield from (_card(row) for row in rows)

    def _matching(
        self, table: Table, column: ColumnElement[Any], values: Sequence[Any], wanted: list[Any]
    ) -> Iterator[Sequence[Row[Any]]]:
        first = next(iter(table.primary_key.columns))
        for some in _chunks(values):
            yield self._rows(select(*wanted).where(column.in_(some)).order_by(first))

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self._connection.execute(query).all()


def _slots(rows: Iterable[Row[Any]]) -> list[tuple[int, int, int]]:
    return [(row.by_time, row.by_words, row.number) for row in rows]


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))


def _card(row: Row[Any]) -> Card:
    keys = array("q")
    keys.frombytes(row.keys)
    return Card(
        number=row.number, event=row.event, document=row.document, keys=tuple(keys), by_time=row.by_time,
        by_words=row.by_words, part=row.part, incident=row.incident,
    )  # fmt: skip
