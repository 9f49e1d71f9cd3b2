"""The store: what was read and made, whole, idempotent, and never half written."""

import dataclasses
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, Row, Select, Table, and_, func, or_, select
from sqlalchemy.engine import URL

from detente.records import Document, DocumentId, Page, PageId, Remainder
from detente.store.codec import clean, decode
from detente.store.database import SCHEMA, clear_errors, open_engine, parse_url
from detente.store.holdings import Holdings
from detente.store.lock import run_lock
from detente.store.tables import KINDS, marks, remainders
from detente.store.writing import Writing

R = TypeVar("R")
_CHUNK = 200
_PAGES = 8  # pages may be of many megabytes each


def open_store(address: str) -> "Store":
    """Open the database at a URL, making or upgrading its tables.

    Raises StoreError when the URL is of no known kind, the database cannot be reached, or was
    written by a newer version.
    """
    url = parse_url(address)
    return Store(open_engine(url), url)


class Store:
    """The one door to the database. Reading is done here; `writing` gives a transaction to write in."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """URL of the database, without its password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def schema(self) -> str:
        """Revision of the tables."""
        return SCHEMA

    def run_lock(
        self, wait_seconds: float = 0.0, on_wait: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """Hold the desk for one run; raises StoreError naming the holder if it stays taken."""
        return run_lock(self._engine, wait_seconds, on_wait)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Give one transaction: all that is written in it is kept, or nothing."""
        with clear_errors("writing to", self._url):
            connection = self._engine.connect().execution_options(writes=True)
            with connection, connection.begin():
                yield Writing(connection)

    @contextmanager
    def holdings(self) -> Iterator[Holdings]:
        """Give what fusing asks of the store, read from one connection."""
        with clear_errors("reading from", self._url), self._engine.connect() as connection:
            yield Holdings(connection)

    def get(self, kind: type[R], id: str) -> R | None:
        """Give the record of this id, or None."""
        return next(self.find(kind, id=id), None)

    def find(self, kind: type[R], *, known_until: datetime | None = None, **keys: object) -> Iterator[R]:
        """Give the records whose key columns have these values, in the order of their ids.

        A value may be a list, tuple or set: any of them. `known_until` keeps what was known by then.
        Records are fetched in chunks, so writing in between is allowed.
        """
        table, last = KINDS[kind].table, ""
        key = _primary(table)
        query = select(table).where(*_conditions(table, keys, known_until)).order_by(key).limit(_chunk(kind))
        while rows := self._rows(query.where(key > last)):
            yield from (_record(kind, row) for row in rows)
            last = getattr(rows[-1], key.name)

    def ids(self, kind: type, *, known_until: datetime | None = None, **keys: object) -> list[str]:
        """Give the ids of the records that `find` would give, in order."""
        table = KINDS[kind].table
        key = _primary(table)
        return [
            row[0]
            for row in self._rows(select(key).where(*_conditions(table, keys, known_until)).order_by(key))
        ]

    def keys(self, kind: type, *names: str) -> list[tuple[Any, ...]]:
        """Give key columns of all records of a kind, sorted by them."""
        columns = [KINDS[kind].table.c[name] for name in names]
        return [tuple(row) for row in self._rows(select(*columns).order_by(*columns))]

    def count(self, kind: type, **keys: object) -> int:
        """Give the number of records of a kind."""
        table = KINDS[kind].table
        return int(
            self._rows(select(func.count()).select_from(table).where(*_conditions(table, keys, None)))[0][0]
        )

    def each(self, kind: type[R], ids: Iterable[str]) -> Iterator[R]:
        """Give the records of these ids in the order asked; ids that are not there are left out."""
        key, rest = _primary(KINDS[kind].table), iter(ids)
        while chunk := list(islice(rest, _chunk(kind))):
            rows = self._rows(select(KINDS[kind].table).where(key.in_(chunk)))
            found = {getattr(row, key.name): row for row in rows}
            yield from (_record(kind, found[id]) for id in chunk if id in found)

    def remainder(self, page: PageId) -> tuple[Remainder, ...]:
        """Give the runs of a page's text that belong to no document."""
        rows = self._rows(select(remainders.c.record).where(remainders.c.page == page))
        return decode(tuple[Remainder, ...], rows[0][0]) if rows else ()

    def pending(self, kind: type, stage: str, recipe: str, retry: bool = False) -> list[str]:
        """Give the ids of the records of a kind that a stage has not handled with this recipe, oldest first.

        Items that failed with this recipe count as handled unless `retry` is set.
        """
        table = KINDS[kind].table
        key = _primary(table)
        mark = and_(marks.c.stage == stage, marks.c.subject == key, marks.c.recipe == recipe)
        missing = or_(marks.c.recipe.is_(None), marks.c.failed == 1) if retry else marks.c.recipe.is_(None)
        query = select(key).select_from(table.outerjoin(marks, mark)).where(missing)
        return [row[0] for row in self._rows(query.order_by(table.c.known_at, key))]

    def recipe_of(self, stage: str, subject: str) -> str | None:
        """Give the recipe with which a stage has handled a subject, or None."""
        rows = self._rows(select(marks.c.recipe).where(marks.c.stage == stage, marks.c.subject == subject))
        return rows[0][0] if rows else None

    def match(self, kind: type, text: str) -> list[str]:
        """Give the ids of a kind that begin with a text, in order."""
        key = _primary(KINDS[kind].table)
        first = clean(text) or ""
        within = (key >= first, key < f"{first}\U0010ffff")  # ids are of plain letters; this uses their index
        return [row[0] for row in self._rows(select(key).where(*within).order_by(key))]

    def match_documents(self, text: str) -> list[DocumentId]:
        """Give the documents whose id begins with a text, or whose title or file name contains it."""
        table = KINDS[Document].table
        exact = self._rows(select(table.c.id).where(table.c.id.startswith(text, autoescape=True)))
        wide = or_(
            table.c.title.icontains(text, autoescape=True), table.c.url.icontains(text, autoescape=True)
        )
        rows = exact or self._rows(select(table.c.id).where(wide).order_by(table.c.url, table.c.id))
        return sorted(row[0] for row in rows)

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with clear_errors("reading from", self._url), self._engine.connect() as connection:
            return connection.execute(query).all()


def _primary(table: Table) -> ColumnElement[str]:
    return next(iter(table.primary_key.columns))


def _chunk(kind: type) -> int:
    return _PAGES if kind is Page else _CHUNK


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _conditions(
    table: Table, keys: dict[str, object], known_until: datetime | None
) -> list[ColumnElement[bool]]:
    found = [
        table.c[name].in_(value)
        if isinstance(value, list | tuple | set)
        else table.c[name] == _cleaned(value)
        for name, value in keys.items()
    ]
    return found if known_until is None else [*found, table.c.known_at <= known_until]


def _record(kind: type[R], row: Row[Any]) -> R:
    record = decode(kind, row.record)
    if isinstance(record, Page):
        body = zlib.decompress(row.body) if row.body_form == "zlib" else row.body
        return dataclasses.replace(record, body=body)
    return record
