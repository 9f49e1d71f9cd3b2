"""Fixtures that several tests share: databases of both kinds, and records to put into them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from detente.store import Store, open_store
from tests import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL pattern of a running PostgreSQL; the tests that need it are skipped where none is installed."""
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server found (initdb): install the package postgresql to run these tests")
    with postgres.running_server(binaries) as pattern:
        yield pattern


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite'}"
    return postgres.new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def open_again(database_url: str) -> Iterator[Callable[[], Store]]:
    """Opens the same database as often as asked, and closes all at the end."""
    opened: list[Store] = []

    def opener() -> Store:
        opened.append(open_store(database_url))
        return opened[-1]

    yield opener
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    """An open, empty store on each database in turn."""
    return open_again()
