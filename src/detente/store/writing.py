"""One transaction: every write is idempotent, and a stage's mark stands or falls with its records."""

import dataclasses
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from detente.records import (
    Brief,
    Card,
    Document,
    DocumentId,
    Event,
    EventId,
    Failure,
    Forecast,
    Incident,
    Link,
    LinkId,
    Outcome,
    Page,
    PageId,
    Reading,
    Relation,
    Remainder,
    Source,
)
from detente.store.codec import clean, decode, encode
from detente.store.tables import (
    KINDS,
    bands,
    blocks,
    cards,
    credits,
    documents,
    events,
    failures,
    links,
    marks,
    relations,
    remainders,
    resolved,
    stale,
)

_CHUNK = 500


class Writing:
    """What can be written, inside one transaction; make one with `Store.writing`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_source(self, source: Source) -> None:
        """Keep a source, or bring it up to date."""
        self._put([source])

    def add_pages(self, pages: Iterable[Page]) -> None:
        """Keep pages, bytes and all; one that is there stays, with the time when it was first known."""
        self._put(pages, replace=False)

    def put_documents(
        self, page: PageId, found: Sequence[Document], remainder: Sequence[Remainder] = ()
    ) -> None:
        """Keep what a page gave; what an earlier reading of it gave and this one did not is forgotten.

        Where there was such a reading, all documents must be compared anew.
        """
        if self._connection.execute(select(documents.c.id).where(documents.c.page == page).limit(1)).first():
            self.forget_copies()
        self._forget_documents(page, {document.id for document in found})
        self._put(found)
        self._make_stale(document.id for document in found)
        self._upsert(remainders, [{"page": page, "record": encode(tuple(remainder), tuple[Remainder, ...])}])

    def replace_documents(self, changed: Iterable[Document]) -> None:
        """Keep documents whose copy marks have changed."""
        documents = list(changed)
        self._put(documents)
        self._make_stale(document.id for document in documents)

    def put_bands(self, document: Document, keys: Iterable[int]) -> None:
        """Say that a document was compared, with the bands that its copies may share."""
        self._upsert(credits, [{"document": document.id, "told": document.syndicated_from}])
        rows = [{"key": key, "document": document.id} for key in sorted(set(keys))]
        if rows:
            self._upsert(bands, rows, replace=False)

    def forget_copies(self) -> None:
        """Say that all documents must be compared anew; none is marked as a copy until then."""
        told = {row.document: row.told for row in self._connection.execute(select(credits))}
        found = self._connection.execute(select(documents.c.record).where(documents.c.copy_of.is_not(None)))
        copies = [decode(Document, row[0]) for row in found]
        self.replace_documents(
            dataclasses.replace(d, copy_of=None, copy_score=None, syndicated_from=told.get(d.id, d.syndicated_from))
            for d in copies
        )
        for table in (credits, bands):
            self._connection.execute(delete(table))
        self._connection.execute(delete(marks).where(marks.c.stage == "copies"))

    def put_reports(self, found: Sequence[tuple[Document, Sequence[Event]]]) -> None:
        """Keep many documents, each with its events in place of earlier ones."""
        ids = [document.id for document, _ in found]
        told = [event for _, some in found for event in some]
        for at in range(0, len(ids), _CHUNK):
            query = select(events.c.id).where(events.c.document.in_(ids[at : at + _CHUNK]))
            gone = {row[0] for row in self._connection.execute(query)} - {event.id for event in told}
            if gone:
                self._connection.execute(delete(events).where(events.c.id.in_(gone)))
        self._put([document for document, _ in found])
        self._put(told)
        self._make_stale(ids)

    def put_events(self, document: DocumentId, found: Sequence[Event]) -> None:
        """Keep the events of a document in place of those of an earlier recipe."""
        gone = (events.c.document == document, events.c.id.not_in([event.id for event in found]))
        self._connection.execute(delete(events).where(*gone))
        self._put(found)
        self._make_stale([document])

    def put_relations(self, document: DocumentId, found: Sequence[Relation]) -> None:
        """Keep the relations that a document tells in place of those of an earlier recipe."""
        gone = (relations.c.document == document, relations.c.id.not_in([each.id for each in found]))
        self._connection.execute(delete(relations).where(*gone))
        self._put(found)

    def add_links(self, found: Iterable[Link]) -> None:
        """Add judgements to the ledger; one that stands there already, withdrawn or not, stays as it is."""
        self._put(found, replace=False)

    def put_machine_links(self, found: Sequence[Link], standing: Iterable[Link], at: datetime) -> None:
        """Bring the machine's judgements up to date: those that no longer hold are withdrawn, none is lost.

        `standing` are the machine's links that were not withdrawn before.
        """
        ids = {link.id for link in found}
        gone = [dataclasses.replace(old, withdrawn_at=at) for old in standing if old.id not in ids]
        self._put([*gone, *found])

    def withdraw_link(self, link: LinkId, at: datetime) -> None:
        """Withdraw a judgement; a second withdrawal changes nothing."""
        row = self._connection.execute(select(links.c.record).where(links.c.id == link)).first()
        judged = decode(Link, row[0]) if row else None
        if judged is not None and judged.withdrawn_at is None:
            self._put([dataclasses.replace(judged, withdrawn_at=at)])

    def put_incidents(self, found: Iterable[Incident]) -> None:
        """Keep incidents as now computed."""
        self._put(found)

    def remove_incidents(self, ids: Iterable[str]) -> None:
        """Forget incidents that no link supports any more; they are computed, so nothing is lost."""
        gone, table = list(ids), KINDS[Incident].table
        for at in range(0, len(gone), _CHUNK):
            self._connection.execute(delete(table).where(table.c.id.in_(gone[at : at + _CHUNK])))

    def put_cards(self, found: Sequence[Card], gone: Sequence[Card] = ()) -> None:
        """Keep the cards of events as fusing now places them, and their places in blocks; forget those gone."""
        for card in gone:
            here = (blocks.c.key.in_(card.keys), blocks.c.by_time == card.by_time)
            self._connection.execute(delete(blocks).where(*here, blocks.c.number == card.number))
        self.forget_cards(gone)
        self.put_blocks([(key, card.by_time, card.number, card.by_words) for card in found for key in card.keys])
        self.place_cards(found)

    def forget_cards(self, gone: Sequence[Card]) -> None:
        """Forget cards, whose places in blocks are gone or stay."""
        for card in gone:
            self._connection.execute(delete(cards).where(cards.c.number == card.number))

    def place_cards(self, found: Sequence[Card]) -> None:
        """Keep where fusing has put events whose places in blocks are as they were."""
        rows = [
            {
                "number": c.number, "event": c.event, "document": c.document, "part": c.part,
                "incident": c.incident, "by_time": c.by_time, "by_words": c.by_words,
                "keys": array("q", c.keys).tobytes(),
            }
            for c in found
        ]  # fmt: skip
        if rows:
            self._upsert(cards, rows)

    def put_blocks(self, rows: Sequence[tuple[int, int, int, int]]) -> None:
        """Keep places in blocks: key, place in time, number, place among words; none of them there before."""
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        columns = "key, by_time, number, by_words"
        if rows:
            statement = f"INSERT INTO blocks ({columns}) VALUES ({', '.join([mark] * 4)})"
            self._connection.exec_driver_sql(statement, list(rows))

    def clear_cards(self) -> None:
        """Forget all cards and blocks: a desk that is fused from the beginning makes them anew."""
        for table in (cards, blocks):
            self._connection.execute(delete(table))

    def settle_stale(self, done: Sequence[DocumentId], found: Mapping[LinkId, tuple[EventId, EventId]]) -> None:
        """Say that the events of documents are fused, and to which events persons' judgements belong."""
        for at in range(0, len(done), _CHUNK):
            self._connection.execute(delete(stale).where(stale.c.document.in_(done[at : at + _CHUNK])))
        self._connection.execute(delete(resolved))
        if found:
            rows = [{"link": link, "event": event, "other": other} for link, (event, other) in found.items()]
            self._connection.execute(insert(resolved), rows)

    def put_readings(self, found: Iterable[Reading]) -> None:
        """Keep readings of the index."""
        self._put(found)

    def replace_readings(self, found: Iterable[Reading]) -> None:
        """Keep readings in place of all earlier ones: they are computed, so nothing is lost."""
        self._connection.execute(delete(KINDS[Reading].table))
        self._put(found)

    def add_forecasts(self, found: Iterable[Forecast]) -> None:
        """Add forecasts; one that was made stays as it was made."""
        self._put(found, replace=False)

    def put_outcomes(self, found: Iterable[Outcome]) -> None:
        """Keep what was observed of forecasts."""
        self._put(found)

    def add_brief(self, brief: Brief) -> None:
        """Keep a brief."""
        self._put([brief])

    def mark(self, stage: str, subject: str, recipe: str) -> None:
        """Say that a stage has handled a subject with a recipe; its earlier failure is thereby settled."""
        self.settle(stage, subject)
        self._mark(stage, subject, recipe, failed=0)

    def fail(self, failure: Failure, recipe: str | None = None) -> None:
        """Keep a failure; with a recipe, the subject is not tried again until the recipe changes."""
        self.settle(failure.stage, failure.subject)
        self._put([failure])
        if recipe is not None:
            self._mark(failure.stage, failure.subject, recipe, failed=1)

    def settle(self, stage: str, subject: str) -> None:
        """Forget the failures of a subject at a stage."""
        where = (failures.c.stage == stage, failures.c.subject == clean(subject))
        self._connection.execute(delete(failures).where(*where))

    def unmark(self, stage: str, subject: str) -> None:
        """Say that a stage must handle a subject again."""
        self._connection.execute(
            delete(marks).where(marks.c.stage == stage, marks.c.subject == clean(subject))
        )

    def _mark(self, stage: str, subject: str, recipe: str, failed: int) -> None:
        row = {"stage": stage, "subject": clean(subject), "recipe": recipe, "failed": failed}
        self._upsert(marks, [row])

    def _forget_documents(self, page: PageId, keep: set[DocumentId]) -> None:
        query = select(documents.c.id).where(documents.c.page == page)
        gone = [row[0] for row in self._connection.execute(query) if row[0] not in keep]
        for table, column in (
            (documents, documents.c.id),
            (events, events.c.document),
            (relations, relations.c.document),
            (marks, marks.c.subject),
        ):
            if gone:
                self._connection.execute(delete(table).where(column.in_(gone)))
        self._make_stale(gone)

    def _make_stale(self, ids: Iterable[DocumentId]) -> None:
        rows = [{"document": id} for id in ids]
        if rows:
            self._upsert(stale, rows, replace=False)

    def _put(self, found: Iterable[Any], replace: bool = True) -> None:
        rows: dict[type, dict[str, dict[str, Any]]] = {}
        for record in found:
            row = _row(record)
            rows.setdefault(type(record), {})[next(iter(row.values()))] = row
        for kind, by_id in rows.items():
            self._upsert(KINDS[kind].table, list(by_id.values()), replace)

    def _upsert(self, table: Table, rows: list[dict[str, Any]], replace: bool = True) -> None:
        upsert = (postgresql if self._connection.dialect.name == "postgresql" else sqlite).insert(table)
        keys = [column.name for column in table.primary_key.columns]
        rest = {name: upsert.excluded[name] for name in rows[0] if name not in keys}
        if replace:
            statement = upsert.on_conflict_do_update(index_elements=keys, set_=rest)
        else:
            statement = upsert.on_conflict_do_nothing(index_elements=keys)
        self._connection.execute(statement, rows)


def _row(record: Any) -> dict[str, Any]:
    row = KINDS[type(record)].row(record)
    if isinstance(record, Page):
        row |= {"body": zlib.compress(record.body, 6), "body_form": "zlib"}
        record = dataclasses.replace(record, body=b"")
    return row | {"record": encode(record)}
