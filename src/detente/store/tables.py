"""The tables: every record is kept whole as JSON beside the columns that are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from detente import records
from detente.store.codec import clean

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on every database (SQLite alone would forget the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _key() -> TypeEngine[str]:
    # Both databases must sort alike, by code point, or two exports would differ in order.
    return String().with_variant(String(collation="C"), "postgresql")


def _id(name: str = "id") -> Column[str]:
    return Column(name, _key(), primary_key=True)


def _word(name: str, index: bool = False, nullable: bool = True) -> Column[str]:
    return Column(name, _key(), index=index, nullable=nullable)


def _moment(name: str, index: bool = False) -> Column[datetime]:
    return Column(name, Moment(), index=index)


def _place(name: str) -> Column[int]:
    return Column(name, BigInteger(), nullable=False)


def _record() -> Column[str]:
    return Column("record", Text(), nullable=False)


sources = Table("sources", metadata, _id(), _word("name"), _word("kind"), _word("url", index=True), _record())
pages = Table(
    *("pages", metadata, _id(), _word("source", index=True), _word("url", index=True), _word("media_type")),
    *(_word("digest"), _moment("known_at", index=True), _record()),
    Column("body", LargeBinary(), nullable=False),
    Column("body_form", String(), nullable=False),
)
remainders = Table("remainders", metadata, _id("page"), _record())
documents = Table(
    *("documents", metadata, _id(), _word("page", index=True), _word("url", index=True), _word("title")),
    _word("outlet"),
    *(_word("language"), _word("genre"), _word("copy_of", index=True), _moment("known_at", index=True)),
    *(_moment("earliest", index=True), _moment("latest"), _record()),
)
events = Table(
    *("events", metadata, _id(), _word("document", index=True), _word("type", index=True), _word("status")),
    *(_word("place"), _word("country", index=True), _moment("known_at", index=True)),
    *(
        _moment("earliest", index=True),
        _moment("latest"),
        Column("score", Float()),
        _word("recipe"),
        _record(),
        Column("full_score", Float()),
    ),
)
relations = Table(
    *("relations", metadata, _id(), _word("document", index=True), _word("kind", index=True), _word("subject")),
    *(_word("object"), _moment("known_at", index=True), _word("recipe"), _record()),
)
links = Table(
    *("links", metadata, _id(), _word("event", index=True), _word("incident", index=True), _word("verdict")),
    *(_word("by"), _moment("at", index=True), _moment("withdrawn_at", index=True), _record()),
)
incidents = Table(
    *(
        "incidents",
        metadata,
        _id(),
        _word("type", index=True),
        _word("status"),
        _moment("known_at", index=True),
    ),
    *(_moment("earliest", index=True), _moment("latest"), _word("recipe"), _record()),
)
cards = Table(
    *("cards", metadata, Column("number", BigInteger(), primary_key=True, autoincrement=False)),
    *(_word("event", nullable=False), _word("document", index=True, nullable=False)),
    *(Column("part", BigInteger(), nullable=False, index=True), _word("incident", nullable=False)),
    *(_place("by_time"), _place("by_words"), Column("keys", LargeBinary(), nullable=False)),
)
blocks = Table(
    *("blocks", metadata, Column("key", BigInteger(), primary_key=True, autoincrement=False)),
    Column("by_time", BigInteger(), primary_key=True, autoincrement=False),
    Column("number", BigInteger(), primary_key=True, autoincrement=False),
    *(_place("by_words"), Index("ix_blocks_by_words", "key", "by_words", "number")),
    sqlite_with_rowid=False,  # the rows are the index: half the room, and neighbours lie together
)
credits = Table("credits", metadata, _id("document"), _word("told"))  # of documents compared: whom they credit in words
bands = Table(
    *("bands", metadata, Column("key", BigInteger(), primary_key=True, autoincrement=False), _id("document")),
    sqlite_with_rowid=False,
)
stale = Table("stale", metadata, _id("document"))  # whose events changed since they were fused
resolved = Table("resolved", metadata, _id("link"), _word("event", nullable=False), _word("other", nullable=False))
readings = Table(
    *("readings", metadata, _id(), _word("dyad", index=True), _moment("day", index=True)),
    *(Column("value", Float()), _moment("known_at", index=True), _word("recipe"), _record()),
)
forecasts = Table(
    *("forecasts", metadata, _id(), _word("question", index=True), _moment("made_at"), _moment("horizon")),
    *(_moment("known_at", index=True), _word("model"), _record()),
)
outcomes = Table("outcomes", metadata, _id("forecast"), Column("score", Float()), _record())
briefs = Table("briefs", metadata, _id(), _word("title"), _moment("made_at", index=True), _record())
failures = Table(
    *("failures", metadata, _id(), _word("stage", index=True), _word("subject", index=True), _word("error")),
    *(_moment("at"), _record()),
)
marks = Table(
    *("marks", metadata, _id("stage"), _id("subject"), _word("recipe", nullable=False)),
    Column("failed", Integer(), nullable=False, default=0),
    Index("ix_marks_stage_recipe", "stage", "recipe"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a record type is kept: its table and the values of the key columns."""

    table: Table
    keys: Callable[[Any], dict[str, Any]]

    def row(self, record: object) -> dict[str, Any]:
        """Give the key columns of a record, in a form that every database can hold."""
        keys = self.keys(record)
        return {name: clean(value) if isinstance(value, str) else value for name, value in keys.items()}


def _fields(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda record: {name: getattr(record, name) for name in names}


def _span_of(when: records.When | None) -> dict[str, datetime | None]:
    return {"earliest": when.earliest if when else None, "latest": when.latest if when else None}


_document_keys = _fields("id", "page", "url", "title", "outlet", "language", "genre", "copy_of", "known_at")
_event_keys = _fields("id", "document", "type", "status", "known_at", "score", "full_score", "recipe")
_incident_keys = _fields("id", "type", "status", "known_at", "recipe")
_forecast_keys = _fields("id", "question", "made_at", "horizon", "model")

KINDS: dict[type, Kind] = {
    records.Source: Kind(sources, _fields("id", "name", "kind", "url")),
    records.Page: Kind(
        pages,
        lambda page: (
            _fields("id", "source", "url", "media_type", "digest")(page) | {"known_at": page.fetched_at}
        ),
    ),
    records.Document: Kind(documents, lambda d: _document_keys(d) | _span_of(d.published)),
    records.Event: Kind(
        events,
        lambda e: (
            _event_keys(e)
            | _span_of(e.when)
            | {"place": e.place and e.place.name, "country": e.place and e.place.country}
        ),
    ),
    records.Relation: Kind(
        relations,
        lambda r: (
            _fields("id", "document", "kind", "known_at", "recipe")(r)
            | {"subject": r.subject.name, "object": r.object.name}
        ),
    ),
    records.Link: Kind(links, _fields("id", "event", "incident", "verdict", "by", "at", "withdrawn_at")),
    records.Incident: Kind(incidents, lambda i: _incident_keys(i) | _span_of(i.when)),
    records.Reading: Kind(
        readings,
        lambda r: _fields("id", "day", "value", "known_at", "recipe")(r) | {"dyad": " / ".join(r.dyad)},
    ),
    records.Forecast: Kind(forecasts, lambda f: _forecast_keys(f) | {"known_at": f.known_until}),
    records.Outcome: Kind(outcomes, _fields("forecast", "score")),
    records.Brief: Kind(briefs, _fields("id", "title", "made_at")),
    records.Failure: Kind(failures, _fields("id", "stage", "subject", "error", "at")),
}
