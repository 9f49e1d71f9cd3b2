"""Whatever lies in a folder, reading ends with a Failure for each bad file and all good ones read."""

import resource
from pathlib import Path

from detente.collect import open_paths
from detente.errors import ReadError
from detente.read import read_page
from detente.records import Failure
from tests.hostile import write_good, write_hostile


def test_hostile_folder(tmp_path: Path) -> None:
    good = write_good(tmp_path)
    bad = write_hostile(tmp_path, count=300, huge=True)
    failed: set[str] = set()
    read: set[str] = set()
    told: list[str] = []
    _, items = open_paths([tmp_path])
    for item in items:
        if isinstance(item, Failure):
            failed.add(_name(item.subject))
            continue
        try:
            assert read_page(item).documents
            read.add(_name(item.url))
        except ReadError as error:
            told.append(error.message)
            failed.add(_name(error.subject))
    assert failed == set(bad)
    assert all(told)
    assert {name.partition(".")[0] for name in read} == set(good)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000  # kilobytes


def _name(subject: str) -> str:
    return subject.removeprefix("file:").partition("#")[0]
