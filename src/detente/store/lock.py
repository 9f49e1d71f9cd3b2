"""The run lock: one run at a time on one database; a holder that dies lets go at once.

SQLite: a lock on a file beside the database, which the kernel frees with the process. PostgreSQL: an
advisory lock of the session, which the server frees with the connection. Both name their holder.
"""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from detente.errors import StoreError

_RUN_LOCK = 0x64_65_74_65_6E_74_66
_POLL_SECONDS = 0.2

_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :high AND l.objid = :low "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class _Lock(Protocol):
    def take(self) -> bool: ...
    def holder(self) -> str: ...
    def free(self) -> None: ...


def _name() -> str:
    return f"process {os.getpid()} on {platform.node()}"


class _FileLock:
    """A lock on a file; released by the kernel when the process ends in whatever way."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def take(self) -> bool:
        import fcntl  # not on every system; only a desk on SQLite needs it

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, _name().encode(), 0)
        return True

    def holder(self) -> str:
        return os.pread(self._file, 200, 0).decode("utf-8", "replace") or "another process"

    def free(self) -> None:
        os.close(self._file)  # the file stays: removing it would let two runs lock two files of one name


class _AdvisoryLock:
    """A lock of a PostgreSQL session; released by the server when the connection ends."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        name = text("SELECT set_config('application_name', :name, false)")
        self._connection.execute(name, {"name": f"detente run, {_name()}"[:63]})

    def take(self) -> bool:
        return bool(self._connection.execute(text(f"SELECT pg_try_advisory_lock({_RUN_LOCK})")).scalar())

    def holder(self) -> str:
        keys = {"high": _RUN_LOCK >> 32, "low": _RUN_LOCK & 0xFFFFFFFF}
        return self._connection.execute(_HOLDER, keys).scalar() or "another process"

    def free(self) -> None:
        # Unlocked in words first: a session that is only closed keeps its locks until the server notices.
        with self._connection, suppress(DBAPIError):
            self._connection.execute(text(f"SELECT pg_advisory_unlock({_RUN_LOCK})"))
            self._connection.invalidate()  # not back into the pool: the session bears this run's name


def _lock_for(engine: Engine) -> _Lock | None:
    if engine.dialect.name == "postgresql":
        return _AdvisoryLock(engine)
    database = engine.url.database
    return _FileLock(Path(database + ".lock")) if database and database != ":memory:" else None


@contextmanager
def run_lock(
    engine: Engine, wait_seconds: float = 0.0, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the run lock; waits up to `wait_seconds`, telling `on_wait` once who holds it.

    Raises StoreError that names the holder when the wait is over.
    """
    lock = _lock_for(engine)
    if lock is None:
        yield
        return
    try:
        _take(lock, wait_seconds, on_wait)
        yield
    finally:
        lock.free()


def _take(lock: _Lock, wait_seconds: float, on_wait: Callable[[str], None] | None) -> None:
    end, told = time.monotonic() + wait_seconds, False
    while not lock.take():
        if time.monotonic() >= end:
            raise StoreError(
                f"another run is working on this desk ({lock.holder()}); wait for its end, or let this one "
                "wait with --wait-seconds"
            )
        if on_wait and not told:
            on_wait(lock.holder())
        told = True
        time.sleep(min(_POLL_SECONDS, max(0.0, end - time.monotonic())))
