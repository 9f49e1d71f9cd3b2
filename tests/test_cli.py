"""The command line: clear words, exit codes, and nothing loaded before it is needed."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detente.cli import app
from detente.settings import load_settings
from tests.desk_for_tests import PlainDesk, write_reports

ROOT = Path(__file__).parent.parent
COMMANDS = ["run", "read", "extract", "brief", "export", "trace", "annotate", "failures"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("DETENTE_")} | {
    "PYTHONPATH": str(ROOT / "src")
}


def call(*words: object, **environment: str) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env=environment)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk on which six reports were read."""
    reports = write_reports(tmp_path / "in", 6)
    (reports / "hostile.txt").write_text(
        "Ferry \x1b[2J\x1b]0;owned\x07 sinks [red]not red[/red]\n\n3 March 2031\n\n"
        + "It sank in the harbour. " * 40
    )
    result = call("read", reports, "--desk", tmp_path / "desk", "--jobs", 1)
    assert result.exit_code == 0, result.output
    return tmp_path / "desk"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    shown = call(command, "--help", COLUMNS="160", NO_COLOR="1").output
    assert "--desk" in shown
    assert "Example:" in shown or command == "failures"


def test_nothing_heavy_is_loaded_to_show_the_help() -> None:
    code = "import sys, detente.cli; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    heavy = {
        "sqlalchemy",
        "alembic",
        "numpy",
        "onnxruntime",
        "polars",
        "altair",
        "trafilatura",
        "lxml",
        "pydantic",
    }
    assert not heavy & set(loaded.stdout.split())


def test_what_the_desk_holds_is_told(desk: Path) -> None:
    shown = dict(line.split("\t") for line in call("desk", "info", "--desk", desk).output.splitlines())
    assert shown["documents"] == "8"
    assert shown["copies"] == "1"
    assert shown["desk"] == str(desk)


def test_failures_say_what_why_and_what_to_do(desk: Path) -> None:
    rows = [line.split("\t") for line in call("failures", "--desk", desk).output.splitlines()]
    assert {(stage, what) for stage, what, _, _ in rows} == {
        ("collect", "file:empty.txt"),
        ("collect", "file:picture.png"),
        ("read", "file:broken.pdf"),
    }
    assert all(len(why) > 10 for _, _, _, why in rows)


def test_a_trace_shows_the_way_of_a_document(desk: Path) -> None:
    shown = call("trace", "report-003", "--desk", desk, COLUMNS="200").output
    for word in (
        "page  file:report-003.txt",
        "SHA-256",
        "recipe read-",
        "published: 2031-03-04",
        "events  0",
    ):
        assert word in shown


def test_a_document_is_shown_with_its_events(desk: Path, tmp_path: Path) -> None:
    refused = call("annotate", "report-003", "--desk", desk)
    assert refused.exit_code == 1
    with PlainDesk(desk, load_settings({}, desk=str(desk), jobs=1)) as plain:
        plain.extract()
    shown = call("annotate", "report-003", "--desk", desk, COLUMNS="160").output
    assert re.search(r"\[1\] (ACCUSE|ASSAULT|CONSULT|SANCTION)", shown)
    page = tmp_path / "page.html"
    assert call("annotate", "report-003", "--desk", desk, "--html", page).output.strip() == str(page)
    assert 'id="e1"' in page.read_text(encoding="utf-8")
    hostile = call("annotate", "hostile.txt", "--desk", desk, COLUMNS="160").output
    assert "\x1b" not in hostile
    assert "[red]not red[/red]" in hostile


def test_hostile_text_is_shown_tame(desk: Path) -> None:
    shown = call("trace", "hostile.txt", "--desk", desk, COLUMNS="200").output
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]not red[/red]" in shown


def test_an_export_is_written_where_it_is_asked(desk: Path, tmp_path: Path) -> None:
    result = call("export", "csv", "--desk", desk, "--out", tmp_path / "x.csv")
    assert result.output.strip() == str(tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").count("\n") == 1


def test_desk_init_makes_a_settings_file_that_is_heeded(tmp_path: Path) -> None:
    shown = call("desk", "init", "--desk", tmp_path / "d").output
    assert "detente run FOLDER" in shown
    (tmp_path / "d" / "desk.toml").write_text("jobs = 1\nbacth = 3\n")
    result = call("desk", "info", "--desk", tmp_path / "d")
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        (["desk", "info", "--desk", "{}/none"], {}, r"^detente: there is no desk in .*detente run FOLDER"),
        (["read", "{}/nowhere", "--desk", "{}/d"], {}, r"^detente: .*nowhere: no such file or folder"),
        (["desk", "info", "--jobs", "1"], {"DETENTE_JBOS": "1"}, None),
        (
            ["read", "{}", "--desk", "{}/d", "--jobs", "many"],
            {},
            r"^detente: --jobs: jobs is 'many', but must",
        ),
        (
            ["read", "{}", "--desk", "{}/d"],
            {"DETENTE_JBOS": "1"},
            r"^detente: DETENTE_JBOS: .*did you mean jobs",
        ),
        (["read", "{}", "--desk", "{}/d", "--db", "mysql://h/n"], {}, r"^detente: databases of kind mysql"),
        (["export", "xml", "--desk", "{}/d"], {}, r"^detente: .*xml"),
        (["pack", "show", "nowhere"], {}, r"^detente: .*nowhere"),
        (["pack", "new", "{}", "Bad Name"], {}, r"^detente: 'Bad Name' cannot name a pack"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    tmp_path: Path, words: list[str], environment: dict[str, str], told: str | None
) -> None:
    if words[0] == "export":
        call("desk", "init", "--desk", tmp_path / "d")
    result = call(*(word.format(tmp_path) for word in words), **environment)
    if told is None:
        assert result.exit_code == 2  # an option that the command does not have is wrong usage
        return
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert re.search(told, result.stderr)
    assert result.stderr.count("\n") == 1


def test_packs_are_made_checked_and_shown(tmp_path: Path) -> None:
    assert call("pack", "new", tmp_path, "river-delta").exit_code == 0
    checked = call("pack", "check", tmp_path / "river-delta")
    assert checked.exit_code in (0, 1)
    assert "Traceback" not in checked.output
    assert call("pack", "check", "world").exit_code == 0
    shown = call("pack", "show", "world").output
    assert re.search(r"^countries\t\d{3}$", shown, re.MULTILINE)


def _detente(*words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "detente", *map(str, words)]
    return subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_an_interrupted_run_is_resumed(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    reports = write_reports(tmp_path / "in", 60)
    words = ("read", reports, "--desk", tmp_path / "desk", "--jobs", 2, "--batch", 2)
    first = _detente(*words)
    _wait_for(tmp_path / "desk" / "desk.sqlite")
    first.send_signal(sent)
    _, told = first.communicate(timeout=60)
    assert first.returncode == code
    assert "Traceback" not in told
    assert ("run the same command again" in told) == (sent == signal.SIGINT)
    second = _detente(*words)
    shown, _ = second.communicate(timeout=300)
    assert second.returncode == 0
    assert "documents\t61" in shown


def _wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)


def test_python_m_and_the_console_script_are_the_same() -> None:
    run = _detente("--help")
    shown, _ = run.communicate(timeout=60)
    assert run.returncode == 0
    assert "detente run FOLDER" in shown
