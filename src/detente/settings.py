"""The one table of settings: name, type, default, help and the stages that use it.

The fields of `Settings` are the table. Command-line options, `DETENTE_*` variables, the keys of
`desk.toml` and docs/reference/settings.md are all made from it. The order of strength, strongest
first: command line, environment, `desk.toml`, default.
"""

# ruff: noqa: RUF009  (the rows are field specifiers)

import difflib
import os
import tomllib
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from detente.errors import SettingError

PREFIX = "DETENTE_"
FILE_NAME = "desk.toml"
WATCH_KEY = "watch"  # the [[watch]] tables of desk.toml are no settings, see docs/tension.md


def _setting(
    default: object, about: str, *stages: str, in_file: bool = True, least: float | None = None
) -> Any:
    """Give one row of the table; `stages` name the commands that offer it, none means all of them."""
    return field(
        default=default, metadata={"help": about, "stages": stages, "in_file": in_file, "least": least}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, checked; make one with `load_settings`."""

    desk: str = _setting(
        "desk",
        "Folder of the desk: its database, its settings file and what it publishes.",
        in_file=False,
    )
    db: str = _setting(
        "",
        "Database URL, such as postgresql+psycopg://user@host/name; "
        "empty means the file desk.sqlite in the desk's folder.",
    )
    jobs: int = _setting(
        0,
        "Worker processes; 0 means the number of cores, at most 4; 1 means none: all is done in one process.",
        *("read", "extract"),
        least=0,
    )
    item_seconds: float = _setting(
        120.0,
        "Seconds that one page or document may take before it counts as a failure.",
        *("read", "extract"),
        least=0.1,
    )
    item_memory_mb: int = _setting(
        384,
        "Memory in MiB that one page or document may add before it counts as a failure.",
        *("read", "extract"),
        least=16,
    )
    batch: int = _setting(
        32,
        "Items saved in one transaction; an interruption costs the work on at most so many.",
        *("read", "extract"),
        least=1,
    )
    retry: bool = _setting(False, "Try again the items that failed in an earlier run.", "read", "extract")
    wait_seconds: float = _setting(
        0.0,
        "Seconds to wait for another run on the same desk before giving up.",
        *("read", "extract", "fuse", "measure", "review", "brief"),
        least=0,
    )
    packs: tuple[str, ...] = _setting(
        (),
        "Packs of theatre knowledge to use, by name; none named means all that ship and all in pack_folders.",
        *("read", "extract", "brief"),
    )
    pack_folders: tuple[str, ...] = _setting(
        (),
        "Further folders that hold packs of your own.",
        *("read", "extract", "fuse", "measure", "review", "brief"),
    )
    brief_threshold: float = _setting(
        0.2,
        "Least chance (0-1) that type, actor and recipient are all right in one report of an incident, for brief and "
        "index to tell of it: "
        "higher for fewer and surer lines; exports and traces keep all.",
        *("brief", "measure", "watch"),
        least=0,
    )
    event_threshold: float = _setting(
        0.0,
        "Least probability (0-1) at which an event is kept; higher for precision, lower for recall; "
        "0 means the calibrated default.",
        "extract",
        least=0,
    )
    second_reader_url: str = _setting(
        "",
        "Address of an OpenAI-compatible endpoint that proposes and checks events, such as "
        "http://localhost:11434/v1; empty means none. It is sent the documents' text.",
        "extract",
    )
    second_reader_model: str = _setting("", "Model that the second reader shall use.", "extract")
    second_reader_seconds: float = _setting(
        60.0, "Seconds that an answer of the second reader may take.", "extract", least=0.1
    )
    known_at: datetime | None = _setting(
        None, "When the files became known; not set means each file's own date.", "read"
    )
    page_max_mb: int = _setting(
        16, "Largest page that is read, in megabytes after unpacking.", "read", least=1
    )
    json_fields: tuple[str, ...] = _setting(
        (),
        "Keys of JSON records, as field=key; fields are text, html, title, author, outlet, published, url, "
        "language, genre, fetched and syndicated_from.",
        "read",
    )
    article_min_words: int = _setting(
        25, "Fewer words make no article of their own on a page that has others.", "read", least=1
    )
    dyads: tuple[str, ...] = _setting(
        (),
        "Dyads whose tension is measured, each as AZE/IRN (a name for a body without a country); "
        "none named means the busiest.",
        *("measure", "brief"),
    )
    alert_mail_server: str = _setting(
        "", "Mail server for alerts, such as smtp://user:password@host:587; empty means no mail.", "watch"
    )
    alert_mail_to: tuple[str, ...] = _setting((), "Addresses to which alerts are mailed.", "watch")
    alert_webhook: str = _setting("", "Address to which alerts are posted as JSON; empty means none.", "watch")
    since: datetime | None = _setting(None, "First day that the brief or export covers.", "brief", "export")
    until: datetime | None = _setting(None, "Last day that the brief or export covers.", "brief", "export")
    title: str = _setting("", "Title of the brief; empty means one made from its period.", "brief")


@dataclass(frozen=True, slots=True)
class Row:
    """One setting, as the command line and the documentation show it."""

    name: str
    kind: object
    default: object
    help: str
    stages: tuple[str, ...]
    in_file: bool
    least: float | None

    @property
    def variable(self) -> str:
        """Environment variable that sets it."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """Command-line option that sets it."""
        return "--" + self.name.replace("_", "-")


def table() -> tuple[Row, ...]:
    """Give all settings in the order of the table."""
    kinds = typing.get_type_hints(Settings)
    return tuple(Row(f.name, kinds[f.name], f.default, **f.metadata) for f in fields(Settings))


def _as_bool(text: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    return words[text.strip().lower()]


def _as_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _as_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


_READERS: dict[object, tuple[Callable[[str], object], str]] = {
    str: (str, "a text"),
    int: (int, "a whole number"),
    float: (float, "a number"),
    bool: (_as_bool, "yes or no"),
    datetime | None: (_as_moment, "a date such as 2023-01-27, or a date and time"),
    tuple[str, ...]: (_as_names, "names with commas between them"),
}


def kind_in_words(kind: object) -> str:
    """Say in words what a setting of this type looks like."""
    return _READERS[kind][1]


def _read_value(row: Row, value: object, where: str) -> object:
    """Turn what a file, variable or option holds into the setting's own type."""
    reader, words = _READERS[row.kind]
    try:
        result = reader(value) if isinstance(value, str) else _typed(row, value)
    except (ValueError, KeyError, TypeError):
        raise SettingError(f"{where}: {row.name} is {value!r}, but must be {words}") from None
    if row.least is not None and cast(float, result) < row.least:
        raise SettingError(f"{where}: {row.name} is {value!r}, but must be at least {row.least:g}")
    return result


def _typed(row: Row, value: object) -> object:
    """Check a value that TOML or Python has typed already."""
    if (
        row.kind == tuple[str, ...]
        and isinstance(value, list | tuple)
        and all(isinstance(v, str) for v in value)
    ):
        return tuple(value)
    if row.kind == datetime | None and isinstance(value, date):
        return _as_moment(value.isoformat())
    if row.kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    plain = row.kind if isinstance(row.kind, type) and not isinstance(row.kind, types.GenericAlias) else None
    if plain is None or type(value) is not plain:
        raise TypeError(value)
    return value


def _row(name: str, where: str) -> Row:
    rows = {row.name: row for row in table()}
    if name in rows:
        return rows[name]
    near = difflib.get_close_matches(name, rows, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(rows)}"
    raise SettingError(f"{where}: no setting is called {name}{hint}")


def _from_file(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingError(f"{path}: cannot be read as TOML: {error}; correct or remove it") from None
    found.pop(WATCH_KEY, None)
    for name in found:
        if not _row(name, str(path)).in_file:
            raise SettingError(f"{path}: {name} cannot stand in {path.name}; use {_row(name, '').option}")
    return {name: _read_value(_row(name, str(path)), value, str(path)) for name, value in found.items()}


def watch_tables(folder: Path) -> list[dict[str, object]]:
    """Give the `[[watch]]` tables of a desk's file; raises SettingError if they are no list of tables."""
    path = folder / FILE_NAME
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get(WATCH_KEY, [])
    except FileNotFoundError:
        return []
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingError(f"{path}: write each watch under its own [[{WATCH_KEY}]]")
    return tables


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    values = {}
    for variable, text in sorted(environment.items()):
        if variable.startswith(PREFIX):
            row = _row(variable.removeprefix(PREFIX).lower(), variable)
            values[row.name] = _read_value(row, text, variable)
    return values


def load_settings(environment: Mapping[str, str] | None = None, **options: object) -> Settings:
    """Give the settings from options, environment and the desk's file, in this order of strength.

    An option that is None counts as not given. `environment` is the process's own unless told.
    Raises SettingError for an unknown name or a value of the wrong kind.
    """
    told = {
        name: _read_value(_row(name, "options"), value, _row(name, "options").option)
        for name, value in options.items()
        if value is not None
    }
    told = _from_environment(os.environ if environment is None else environment) | told
    folder = cast(str, told.get("desk", Settings().desk))
    return Settings(**cast(dict[str, Any], _from_file(Path(folder) / FILE_NAME) | told))


def default_file() -> str:
    """Give the text of a new desk.toml: every setting with its help, none of them set."""
    rows = [row for row in table() if row.in_file]
    return "# Settings of this desk. Remove the leading # to set one.\n" + "".join(
        f"\n# {row.help}\n# {row.name} = {_toml(row.default)}\n" for row in rows
    )


def _toml(value: object) -> str:
    if value is None:
        return "2023-01-27"
    if isinstance(value, bool):
        return str(value).lower()
    return (
        repr(list(value))
        if isinstance(value, tuple)
        else f'"{value}"'
        if isinstance(value, str)
        else str(value)
    )


def describe_settings() -> str:
    """Give docs/reference/settings.md, made from the table."""
    parts = [
        "# Settings\n\nMade from the table in `src/detente/settings.py` by `make reference`; do not edit.\n\n"
        "Strongest first: command-line option, `DETENTE_*` variable, `desk.toml`, default. "
        "A name that is not in this list is an error.\n"
    ]
    for row in table():
        where = f"`{row.option}`, `{row.variable}`" + (f", `{row.name}` in desk.toml" if row.in_file else "")
        default = "not set" if row.default in (None, "", ()) else f"`{_toml(row.default)}`"
        parts.append(
            f"\n## {row.name}\n\n{row.help}\n\n- set by: {where}\n- what: {kind_in_words(row.kind)}\n"
            f"- default: {default}\n- used by: {', '.join(row.stages) or 'every command'}\n"
        )
    return "".join(parts)


def changed(settings: Settings) -> dict[str, object]:
    """Give the settings that differ from their defaults."""
    told = {f.name: getattr(settings, f.name) for f in fields(settings)}
    return {name: value for name, value in told.items() if value != getattr(Settings(), name)}
