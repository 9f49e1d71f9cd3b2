"""Opening a database: SQLite in a file or PostgreSQL by URL, and bringing its tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from detente.errors import StoreError

SCHEMA = "0005"
"""Revision of the newest migration: a database that has it is opened without loading Alembic."""

_BUSY_SECONDS = 30
_MIGRATION_LOCK = 0x64_65_74_65_6E_74_65  # "detente"; any constant does, it must only never change
_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


@contextmanager
def clear_errors(what: str, url: URL) -> Iterator[None]:
    """Turn the database's own errors into a StoreError that names the database without its password."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(error.orig if isinstance(error, DBAPIError) and error.orig else error).strip()
        where = url.render_as_string(hide_password=True)
        raise StoreError(f"{what} {where} failed: {' '.join(reason.split())}") from error


def parse_url(address: str) -> URL:
    """Give the URL of a supported database; raises StoreError for any other."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise StoreError(
            f"{address!r} is not a database URL; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
        ) from None
    if url.drivername not in _DRIVERS:
        raise StoreError(
            f"databases of kind {url.drivername} are not supported; use sqlite or postgresql+psycopg"
        )
    return url.set(drivername=_DRIVERS[url.drivername])


def open_engine(url: URL) -> Engine:
    """Give an engine whose tables are up to date; raises StoreError when that cannot be had."""
    if url.get_backend_name() == "sqlite":
        engine = _open_sqlite(url)
    else:
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    with clear_errors("opening", url), engine.connect() as connection:
        if _schema_of(connection) != SCHEMA:
            _migrate(connection, url)
    return engine


def _open_sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:" and not Path(url.database).parent.is_dir():
        raise StoreError(f"the folder of {url.database} does not exist; make it, or run: detente desk init")
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver must not open transactions on its own: _begin_sqlite does, so that a reader sees one
    # state and a writer waits at its beginning instead of failing in its middle.
    connection.isolation_level = None
    # The cache is taken as it is needed: with the default of 2 MB, a large transaction writes most pages many times.
    settings = ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={_BUSY_SECONDS * 1000}", "cache_size=-262144")
    for pragma in settings:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _schema_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection, url: URL) -> None:
    """Run the migrations that are missing; two processes that open a new database take turns."""
    from alembic import command  # loaded only when there is something to do: it takes longer than opening
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    connection.rollback()
    connection = connection.execution_options(writes=True)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        config = Config()
        config.set_main_option("script_location", str(files("detente.store") / "migrations"))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        found = _schema_of(connection)
        if found is not None and found not in known:
            raise StoreError(
                f"{url.render_as_string(hide_password=True)} was written by a newer détente (schema {found}, "
                f"but this one knows {SCHEMA}); upgrade détente, or choose another database with --db"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
