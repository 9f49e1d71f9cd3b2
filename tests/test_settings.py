"""One table of settings: options, variables, desk.toml and the documentation come from it."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from detente.errors import SettingError
from detente.settings import Settings, changed, default_file, load_settings, table
from tests.reference import FOLDER, PAGES


def desk_file(tmp_path: Path, text: str) -> str:
    (tmp_path / "desk.toml").write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_options_beat_variables_beat_the_file_beat_defaults(tmp_path: Path) -> None:
    desk = desk_file(tmp_path, "jobs = 2\nbatch = 5\nitem_seconds = 3\n")
    settings = load_settings({"DETENTE_JOBS": "3", "DETENTE_BATCH": "6"}, desk=desk, jobs="4")
    assert (settings.jobs, settings.batch, settings.item_seconds) == (4, 6, 3.0)
    assert settings.wait_seconds == Settings().wait_seconds


def test_the_desk_may_come_from_the_environment(tmp_path: Path) -> None:
    assert load_settings({"DETENTE_DESK": desk_file(tmp_path, "jobs = 2\n")}).jobs == 2


def test_every_kind_of_value_is_read_from_text_and_from_toml(tmp_path: Path) -> None:
    file = 'known_at = 2023-01-27\npacks = ["a", "b"]\nretry = true\ntitle = "Week 4"\n'
    told = load_settings({}, desk=desk_file(tmp_path, file))
    text = load_settings(
        {
            "DETENTE_KNOWN_AT": "2023-01-27",
            "DETENTE_PACKS": "a, b",
            "DETENTE_RETRY": "yes",
            "DETENTE_TITLE": "Week 4",
        }
    )
    assert changed(told).items() - {("desk", str(tmp_path))} == changed(text).items()
    assert text.known_at == datetime(2023, 1, 27, tzinfo=UTC)
    assert load_settings({}, since="2023-01-27T10:00:00+02:00").since == datetime(2023, 1, 27, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("environment", "options", "file", "words"),
    [
        ({"DETENTE_JOB": "1"}, {}, "", "DETENTE_JOB.*did you mean jobs"),
        ({}, {}, "jbos = 1", "desk.toml.*did you mean jobs"),
        ({}, {"batches": 1}, "", "did you mean batch"),
        ({}, {}, "zzzzzz = 1", "known are desk, db"),
        ({"DETENTE_JOBS": "many"}, {}, "", "DETENTE_JOBS: jobs is 'many', but must be a whole number"),
        ({}, {"jobs": "-1"}, "", "--jobs: jobs is '-1', but must be at least 0"),
        ({}, {}, "jobs = true", "must be a whole number"),
        ({}, {}, "packs = [1]", "names with commas"),
        ({}, {"since": "yesterday"}, "", "a date such as"),
        ({}, {"retry": "perhaps"}, "", "yes or no"),
        ({}, {}, "jobs = ", "cannot be read as TOML"),
        ({}, {}, "desk = 'x'", "cannot stand in desk.toml; use --desk"),
    ],
)
def test_what_is_wrong_is_named_with_the_remedy(
    tmp_path: Path, environment: dict[str, str], options: dict[str, object], file: str, words: str
) -> None:
    with pytest.raises(SettingError, match=words):
        load_settings(environment, desk=desk_file(tmp_path, file), **options)


def test_a_new_desk_file_sets_nothing_and_names_everything(tmp_path: Path) -> None:
    text = default_file()
    assert changed(load_settings({}, desk=desk_file(tmp_path, text))).keys() == {"desk"}
    bare = "\n".join(line.removeprefix("# ") for line in text.splitlines() if " = " in line)
    assert set(tomllib.loads(bare)) == {row.name for row in table() if row.in_file}
    assert load_settings({}, desk=desk_file(tmp_path, bare))


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_reference_is_what_the_code_says(page: str) -> None:
    shown = (FOLDER / page).read_text(encoding="utf-8")
    assert shown == PAGES[page](), "run: make reference"


def test_every_setting_has_its_heading_and_its_option() -> None:
    settings, commands = PAGES["settings.md"](), PAGES["commands.md"]()
    for row in table():
        assert f"\n## {row.name}\n" in settings
        assert f"`{row.option}" in commands
