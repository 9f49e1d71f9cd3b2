"""The desk: from files to a brief, again and again, killed and resumed, on both databases."""

import dataclasses
import hashlib
import multiprocessing
import os
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from detente.desk import Step, init_desk, open_desk
from detente.errors import CollectError, DeskError, SettingError, StoreError
from detente.records import Document, Event, Failure, Page
from detente.settings import Settings, load_settings
from detente.store import open_store
from tests import postgres
from tests.desk_for_tests import PlainDesk, write_reports

KNOWN = "2031-04-01"
FORKS = multiprocessing.get_context("fork")


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of some sixty reports, four of which are no good or a copy."""
    return write_reports(tmp_path_factory.mktemp("reports"))


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A desk in an empty folder, on each database in turn; one process, as most tests want."""
    return load_settings({}, desk=str(tmp_path / "desk"), db=database_url, jobs=1, batch=4, known_at=KNOWN)


def desk_on(settings: Settings, steps: list[Step] | None = None) -> PlainDesk:
    return PlainDesk(settings.desk, settings, steps.append if steps is not None else None)


def digests(desk: PlainDesk) -> dict[str, str]:
    """What the desk publishes, byte for byte."""
    files = [desk.export(form) for form in ("json", "csv")]
    files += [desk.folder / f"brief.{form}" for form in ("html", "md", "json")]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_from_files_to_a_brief(settings: Settings, reports: Path) -> None:
    steps: list[Step] = []
    with desk_on(settings, steps) as desk:
        published = desk.run([reports])
        held = desk.info()
        failures = {(failure.stage, name) for failure, name in desk.failures()}
        events = desk.store.count(Event)
    assert [path.name for path in published.files] == ["brief.html", "brief.md", "brief.json"]
    assert all(path.stat().st_size > 100 for path in published.files)
    assert (held["pages"], held["copies"]) == (62, 1)
    assert events >= 300
    assert failures == {
        ("collect", "file:empty.txt"),
        ("collect", "file:picture.png"),
        ("read", "file:broken.pdf"),
    }
    last = {step.stage: step for step in steps}
    assert list(last) == ["collect", "read", "copies", "extract", "relations", "fuse", "measure", "brief"]
    assert (last["read"].done, last["read"].total, last["read"].failed) == (62, 62, 1)


def test_a_second_run_does_nothing_again(settings: Settings, reports: Path) -> None:
    with desk_on(settings) as desk:
        desk.run([reports])
        before = digests(desk)
        steps: list[Step] = []
    with desk_on(settings, steps) as desk:
        desk.run([reports])
        assert digests(desk) == before
    assert {step.stage for step in steps} == {"collect", "brief"}


def test_order_and_portions_make_no_difference(settings: Settings, reports: Path, tmp_path: Path) -> None:
    other = dataclasses.replace(settings, desk=str(tmp_path / "other"), db="")
    with desk_on(settings) as desk, desk_on(other) as portions:
        desk.run([reports])
        for path in sorted(reports.iterdir(), reverse=True)[:7]:
            portions.run([path])
        ids = set(portions.store.ids(Document, copy_of=None))
        assert len(ids) >= 4
        portions.run([reports])
        titles = {d.title for d in desk.store.find(Document)}
        assert {d.title for d in portions.store.find(Document)} == titles


def test_workers_give_the_same_as_one_process(settings: Settings, reports: Path, tmp_path: Path) -> None:
    other = dataclasses.replace(settings, desk=str(tmp_path / "other"), db="", jobs=2)
    with desk_on(settings) as desk, desk_on(other) as workers:
        desk.run([reports])
        workers.run([reports])
        assert digests(workers) == digests(desk)


def test_failed_items_are_tried_again_when_asked(settings: Settings, tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 3)
    (tmp_path / "in" / "report-001.txt").write_text(
        (tmp_path / "in" / "report-001.txt").read_text() + "\n\nThis is unspeakable.\n"
    )
    steps: list[Step] = []
    with desk_on(settings, steps) as desk:
        desk.run([tmp_path / "in"])
        assert [(f.stage, f.error) for f, _ in desk.failures()].count(("extract", "ExtractError")) == 1
        steps.clear()
        desk.extract()
        assert steps == []
        desk.settings = dataclasses.replace(settings, retry=True)
        desk.extract()
        assert [(step.done, step.failed) for step in steps] == [(1, 1)]
        assert sum(f.stage == "extract" for f in desk.store.find(Failure)) == 1


def test_a_file_that_is_mended_settles_its_failure(settings: Settings, tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 2)
    with desk_on(settings) as desk:
        desk.read([tmp_path / "in"])
        assert "file:empty.txt" in {f.subject for f in desk.store.find(Failure)}
        (tmp_path / "in" / "empty.txt").write_bytes(
            (tmp_path / "in" / "report-001.txt").read_bytes() + b"Anew.\n"
        )
        desk.read([tmp_path / "in"])
        assert "file:empty.txt" not in {f.subject for f in desk.store.find(Failure)}


def test_known_at_is_when_we_knew(settings: Settings, reports: Path) -> None:
    with desk_on(settings) as desk:
        desk.read([reports])
        assert {page.fetched_at for page in desk.store.find(Page)} == {datetime(2031, 4, 1, tzinfo=UTC)}
        assert list(desk.store.find(Document, known_until=datetime(2031, 3, 31, tzinfo=UTC))) == []


def test_a_trace_holds_all_that_was_made(settings: Settings, reports: Path) -> None:
    with desk_on(settings) as desk:
        desk.run([reports])
        trace = desk.trace("part 7:")
        assert trace.page is not None
        assert trace.page.url == "file:report-007.txt"
        assert len(trace.events) >= 6
        assert [stage for stage, _ in trace.recipes] == ["read", "copies", "extract", "relations", "fuse", "measure"]
        assert desk.trace("report-007").document == trace.document
        assert desk.trace(trace.document.id[:16]).document == trace.document
        with pytest.raises(DeskError, match=r"matches .* documents; name one by its id"):
            desk.trace("ferry")
        with pytest.raises(DeskError, match="no document"):
            desk.trace("nothing like it")


def test_the_export_is_of_the_period_asked(settings: Settings, reports: Path) -> None:
    day = datetime(2031, 3, 3, tzinfo=UTC)
    with desk_on(dataclasses.replace(settings, since=day, until=day)) as desk:
        desk.run([reports])
        rows = desk.export("csv").read_text(encoding="utf-8").splitlines()[1:]
    assert rows
    assert all("2031-03-03" in row for row in rows)


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DeskError, match="--desk"):
        open_desk(load_settings({}, desk=str(tmp_path / "file")))
    with pytest.raises(DeskError, match="detente run"):
        open_desk(load_settings({}, desk=str(tmp_path / "none")), must_exist=True)
    settings = load_settings({}, desk=str(tmp_path / "desk"), json_fields=("text",))
    with open_desk(settings) as desk:
        with pytest.raises(CollectError, match="no such file"):
            desk.read([tmp_path / "nowhere"])
        with pytest.raises(SettingError, match="field=key"):
            desk.read([tmp_path / "file"])


def test_a_new_desk_keeps_its_settings_file(tmp_path: Path) -> None:
    path = init_desk(tmp_path / "desk")
    path.write_text("jobs = 1\n")
    assert init_desk(tmp_path / "desk").read_text() == "jobs = 1\n"


def test_a_second_run_at_the_same_time_says_so_or_waits(settings: Settings, reports: Path) -> None:
    with open_store(settings.db) as first, desk_on(settings) as second:
        with first.run_lock(), pytest.raises(StoreError, match=rf"another run.*process {os.getpid()}"):
            second.run([reports])
        holder = FORKS.Process(target=_hold, args=(settings.db, 1.0))
        holder.start()
        time.sleep(0.5)
        second.settings = dataclasses.replace(settings, wait_seconds=60)
        assert second.run([reports]).files
        holder.join()


def _hold(url: str, seconds: float) -> None:
    with open_store(url) as store, store.run_lock():
        time.sleep(seconds)


MOMENTS = 20


def _work(settings: Settings, reports: Path) -> None:
    # All that is stored; the brief is left out, since its pictures take longer than all the rest.
    with desk_on(settings) as desk:
        desk.read([reports])
        desk.extract()


def _exports(settings: Settings) -> list[bytes]:
    with desk_on(settings) as desk:
        return [desk.export(form).read_bytes() for form in ("json", "csv")]


def _run_apart(settings: Settings, reports: Path, kill_after: float | None = None) -> float:
    """Run in a process of its own, killed after so many seconds; give how long it lived."""
    start = time.monotonic()
    process = FORKS.Process(target=_work, args=(settings, reports))
    process.start()
    process.join(kill_after)
    if process.is_alive():
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return time.monotonic() - start


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_any_moment_nothing_is_lost(
    kind: str, request: pytest.FixtureRequest, reports: Path, tmp_path: Path
) -> None:
    def new_settings(name: str) -> Settings:
        server = request.getfixturevalue("postgres_server") if kind == "postgresql" else ""
        url = postgres.new_database(server) if server else ""
        desk = str(tmp_path / name)
        return load_settings({}, desk=desk, db=url, jobs=1, batch=4, known_at=KNOWN, wait_seconds=60)

    undisturbed = new_settings("undisturbed")
    _work(new_settings("warm"), reports)  # the forks below find everything loaded
    _run_apart(undisturbed, reports)
    expected = _exports(undisturbed)
    whole = _run_apart(new_settings("timed"), reports)
    chance = random.Random(kind)
    interrupted = 0
    for moment in range(MOMENTS):
        killed = new_settings(f"killed-{moment}")
        after = chance.uniform(0.02, 1.0) * whole
        interrupted += _run_apart(killed, reports, after) < whole
        _run_apart(killed, reports)
        assert _exports(killed) == expected, f"killed after {after:.3f} s of {whole:.3f} s"
    assert interrupted >= MOMENTS // 2
