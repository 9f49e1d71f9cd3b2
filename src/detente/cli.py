"""The command line: one function per command, each one call on the desk.

Exit codes: 0 done (single failures are counted, not fatal), 1 it could not be done and why, 2 wrong
usage, 130 interrupted (nothing is lost; run again).
"""

import inspect
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.errors import DetenteError
from detente.settings import Row, Settings, load_settings, table

if TYPE_CHECKING:
    from detente.desk import Desk

_HELP = """
From reports to a checkable record of events and a cited brief, offline.

Start with:  detente run FOLDER

Everything is kept on a desk, a folder (default: ./desk). Interrupting loses nothing: run the same
command again and it does only what is missing.
"""

app = typer.Typer(help=_HELP, no_args_is_help=True, add_completion=False, rich_markup_mode="rich")
desk_app = typer.Typer(help="Make a desk, or say what it holds.", no_args_is_help=True)
pack_app = typer.Typer(help="Check, make and look at packs of theatre knowledge.", no_args_is_help=True)
app.add_typer(desk_app, name="desk")
app.add_typer(pack_app, name="pack")
review_app = typer.Typer(help="Look at incidents; merge, split, correct, undo.", no_args_is_help=True)
app.add_typer(review_app, name="review")

Paths = Annotated[
    list[str],
    typer.Argument(metavar="FOLDER…", help="Folders and files to read; folders are walked to the bottom."),
]
By = Annotated[str, typer.Option(help="Your name: a judgement is kept with who made it.")]
Why = Annotated[str, typer.Option(help="Why you judge so.")]
IncidentName = Annotated[str, typer.Argument(metavar="INCIDENT", help="Beginning of an incident's id.")]
Document = Annotated[
    str,
    typer.Argument(
        metavar="DOC", help="Beginning of a document's id, part of its title, or its file's name."
    ),
]


def takes_settings(*stages: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for every setting of these stages, and hand it the `Settings`.

    The options come from the settings' table, so that a setting is written down once.
    """
    rows = [row for row in table() if not row.stages or set(row.stages) & set(stages)]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [p for p in inspect.signature(command).parameters.values() if p.name != "settings"]
        added = [_parameter(row) for row in rows]

        @wraps(command)
        def with_settings(**given: Any) -> None:
            told = {row.name: _told(given.pop(row.name)) for row in rows}
            with _clear_errors():
                command(**given, settings=load_settings(**told))

        signature = inspect.Signature([*own, *added])
        with_settings.__signature__ = signature  # type: ignore[attr-defined]
        with_settings.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
        return with_settings

    return decorate


def _parameter(row: Row) -> inspect.Parameter:
    """Give the option of a setting; values are texts that the settings read, so that errors are the same."""
    if row.kind is bool:
        kind: Any = Annotated[bool | None, typer.Option(f"{row.option}/--no-{row.option[2:]}", help=row.help)]
    elif row.kind == tuple[str, ...]:
        kind = Annotated[list[str] | None, typer.Option(row.option, help=row.help + " May be repeated.")]
    else:
        kind = Annotated[str | None, typer.Option(row.option, help=row.help, metavar=_metavar(row))]
    return inspect.Parameter(row.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _metavar(row: Row) -> str:
    plain = {int: "NUMBER", float: "NUMBER", str: "TEXT"}
    return plain.get(row.kind, "DATE") if isinstance(row.kind, type) else "DATE"


def _told(value: Any) -> Any:
    return (tuple(value) or None) if isinstance(value, list) else value


@app.command(epilog="Example:  detente run reports/ feed.jsonl --since 2023-01-01")
@takes_settings("read", "extract", "brief")
def run(paths: Paths, settings: Settings) -> None:
    """The main job: read folders and files, extract events, write the cited brief."""
    from detente.terminal import show_brief

    with _open_desk(settings) as desk:
        published, held = desk.run(paths), desk.info()
    show_brief(published, held)


@app.command(epilog="Example:  detente read reports/ --known-at 2023-02-01")
@takes_settings("read")
def read(paths: Paths, settings: Settings) -> None:
    """Read folders and files into documents, and find which are copies."""
    from detente.terminal import show_facts

    with _open_desk(settings) as desk:
        desk.read(paths)
        held = desk.info()
    show_facts(held)


@app.command(epilog="Example:  detente extract --jobs 2")
@takes_settings("extract")
def extract(settings: Settings) -> None:
    """Extract events from the documents on the desk."""
    from detente.terminal import show_facts

    with _open_desk(settings) as desk:
        desk.extract()
        held = desk.info()
    show_facts(held)


@app.command(epilog="Example:  detente fuse")
@takes_settings("fuse")
def fuse(settings: Settings) -> None:
    """Find which events tell of one incident."""
    from detente.terminal import show_facts

    with _open_desk(settings, must_exist=True) as desk:
        desk.fuse()
        held = desk.info()
    show_facts(held)


@app.command(epilog="Example:  detente measure --dyads AZE/IRN")
@takes_settings("measure")
def measure(settings: Settings) -> None:
    """Take the daily readings of tension between parties, and show the latest."""
    from detente.terminal import show_readings

    with _open_desk(settings, must_exist=True) as desk:
        desk.fuse()
        desk.measure()
        latest = desk.latest_readings()
    show_readings(latest)


@app.command(epilog="Example:  detente narratives --most 10")
@takes_settings("measure")
def narratives(
    settings: Settings,
    most: Annotated[int, typer.Option(help="Narratives to show, those of most outlets first.", min=1)] = 20,
) -> None:
    """Show claims that several outlets tell: who first, in whose words, who denies it; and who keeps step."""
    from detente.terminal import show_narratives, show_synchrony

    with _open_desk(settings, must_exist=True) as desk:
        desk.fuse()
        found, synchrony = desk.narratives()
        documents = desk.documents_of(found[:most])
    show_narratives(found[:most], documents, len(found))
    show_synchrony(synchrony)


@app.command(epilog="Example:  detente relations --of Azerbaijan --of ISR")
@takes_settings("relations")
def relations(
    settings: Settings,
    of: Annotated[list[str] | None, typer.Option(help="A party's name or country code; may be repeated.")] = None,
) -> None:
    """List standing relations that documents tell: arms, patrons, treaties, trade, with share, years and words."""
    from detente.terminal import show_relations

    with _open_desk(settings, must_exist=True) as desk:
        found = desk.relations(of or ())
    show_relations(found)


@app.command(epilog="Example:  detente watch --once")
@takes_settings("watch", "measure")
def watch(
    settings: Settings,
    once: Annotated[bool, typer.Option("--once", help="Look once and stop, as for cron.")] = False,
    every: Annotated[int, typer.Option(help="Minutes between two looks.", min=1)] = 60,
) -> None:
    """Raise the alerts of the watch list in desk.toml: each once, to terminal, file, mail and webhook."""
    from detente.terminal import show_alerts

    while True:
        with _open_desk(settings, must_exist=True) as desk:
            alerts, problems = desk.watch()
        show_alerts(alerts)
        for problem in problems:
            sys.stderr.write(f"detente: {problem}\n")
        if once:
            break
        time.sleep(60 * every)


@app.command(epilog="Example:  detente brief --since 2023-01-01 --until 2023-01-31")
@takes_settings("brief")
def brief(settings: Settings) -> None:
    """Write the brief of a period into the desk's folder."""
    from detente.terminal import show_brief

    with _open_desk(settings) as desk:
        published, held = desk.brief(), desk.info()
    show_brief(published, held)


@app.command(epilog="Example:  detente export csv --out events.csv")
@takes_settings("export")
def export(
    form: Annotated[
        str, typer.Argument(metavar="FORMAT", help="json, csv, icews, parquet, geojson or gold.")
    ],
    settings: Settings,
    out: Annotated[Path | None, typer.Option(help="File to write; default: in the desk's folder.")] = None,
) -> None:
    """Write the events with their documents into a file that other programs read."""
    with _open_desk(settings, must_exist=True) as desk:
        path = desk.export(form, out)
    typer.echo(path)


@app.command(epilog='Example:  detente trace "embassy attack"')
@takes_settings("trace")
def trace(document: Document, settings: Settings) -> None:
    """Show every record that was made from one document, with recipes, scores and reasons."""
    from detente.terminal import show_trace

    with _open_desk(settings, must_exist=True) as desk:
        found = desk.trace(document)
    show_trace(found)


@app.command(epilog='Example:  detente annotate "embassy attack" --html attack.html')
@takes_settings("annotate")
def annotate(
    document: Document,
    settings: Settings,
    html: Annotated[Path | None, typer.Option(help="File to write as a page; default: show it here.")] = None,
) -> None:
    """Show a document with its events in the margin: type, who, when, where, on whose word, why."""
    from detente.terminal import show_annotation

    with _open_desk(settings, must_exist=True) as desk:
        found, events = desk.annotate(document)
        page = desk.write_annotation(found, events, html) if html else None
    if page is None:
        show_annotation(found, events)
    else:
        typer.echo(page)


@app.command()
@takes_settings("failures")
def failures(settings: Settings) -> None:
    """List what could not be opened, read or extracted, and why."""
    from detente.terminal import show_table

    with _open_desk(settings, must_exist=True) as desk:
        rows = [(f.stage, name, f.error, f.message) for f, name in desk.failures()]
    show_table(f"{len(rows)} failures", ("stage", "what", "error", "why, and what to do"), rows)


@desk_app.command("init")
@takes_settings("init")
def desk_init(settings: Settings) -> None:
    """Make a desk's folder, with a settings file to fill in."""
    from detente.desk import Desk, init_desk

    path = init_desk(Path(settings.desk))
    Desk(settings.desk, settings).close()
    typer.echo(f"desk: {settings.desk}\nsettings: {path}\nnext: detente run FOLDER --desk {settings.desk}")


@desk_app.command("info")
@takes_settings("info")
def desk_info(settings: Settings) -> None:
    """Say what the desk holds, and where."""
    from detente.terminal import show_facts

    with _open_desk(settings, must_exist=True) as desk:
        held = desk.info()
    show_facts(held)


@review_app.command("list", epilog="Example:  detente review list")
@takes_settings("review")
def review_list(settings: Settings) -> None:
    """List the incidents that several reports tell or that are disputed, and what persons judged."""
    from detente.terminal import show_incidents, show_judgements

    with _open_desk(settings, must_exist=True) as desk:
        desk.fuse()
        incidents, judged, lost = desk.incidents(), desk.judgements(), desk.lost_judgements()
    show_incidents(incidents)
    show_judgements(judged, lost)


@review_app.command("show", epilog="Example:  detente review show incident-1f3a")
@takes_settings("review")
def review_show(incident: IncidentName, settings: Settings) -> None:
    """Show an incident: its reports, why they were put together, claims, disputes, voices."""
    from detente.terminal import show_incident

    with _open_desk(settings, must_exist=True) as desk:
        found = desk.open_incident(incident)
    show_incident(found)


@review_app.command("merge", epilog="Example:  detente review merge incident-1 incident-7 --by Ana --why same")
@takes_settings("review")
def review_merge(
    incident: IncidentName,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Beginning of the other incident's id.")],
    by: By, why: Why, settings: Settings,
) -> None:  # fmt: skip
    """Judge that two incidents are one."""
    with _open_desk(settings, must_exist=True) as desk:
        desk.merge(incident, other, by, why)


@review_app.command("split", epilog="Example:  detente review split event-90ab --by Ana --why 'elsewhere'")
@takes_settings("review")
def review_split(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="Beginning of an event's id.")],
    by: By, why: Why, settings: Settings,
) -> None:  # fmt: skip
    """Judge that a report tells of another incident than those it was put with."""
    with _open_desk(settings, must_exist=True) as desk:
        desk.split(event, by, why)


@review_app.command("correct", epilog="Example:  detente review correct incident-1 killed 3 --by Ana --why lists")
@takes_settings("review")
def review_correct(
    incident: IncidentName,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="type, status, when, killed, actors, …")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Such as 3-5, 2023-01-27, or A; B.")],
    by: By, why: Why, settings: Settings,
) -> None:  # fmt: skip
    """Correct one field of an incident."""
    with _open_desk(settings, must_exist=True) as desk:
        desk.correct(incident, field, value, by, why)


@review_app.command("undo", epilog="Example:  detente review undo link-5d2c")
@takes_settings("review")
def review_undo(
    judgement: Annotated[str, typer.Argument(metavar="LINK", help="Beginning of a judgement's id.")],
    settings: Settings,
) -> None:
    """Withdraw a judgement: it leaves no trace in the incidents and a full one in the ledger."""
    with _open_desk(settings, must_exist=True) as desk:
        desk.undo(judgement)


@pack_app.command("check", epilog="Example:  detente pack check my-packs/horn-of-africa")
def pack_check(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A pack's folder, or a shipped name.")],
    strict: Annotated[bool, typer.Option("--strict", help="Fail where a case is read otherwise, too.")] = False,
) -> None:
    """Say what is wrong with a pack, file and line, and which of its cases are read otherwise than it says.

    Exit code 1 if anything is wrong; a case that the reader misreads counts with --strict alone.
    """
    from detente.desk import read_cases
    from detente.packs import check_pack

    with _clear_errors():
        problems = check_pack(pack)
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        raise typer.Exit(1)
    with _clear_errors():
        count, faults = read_cases(pack)
    for fault in faults:
        typer.echo(fault)
    typer.echo(f"{pack}: good; {count} cases, {len(faults)} of their events read otherwise")
    if faults and strict:
        raise typer.Exit(1)


@pack_app.command("new", epilog="Example:  detente pack new my-packs horn-of-africa")
def pack_new(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder that will hold the pack's own folder.")
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.")],
) -> None:
    """Make a pack with commented templates, to be filled in."""
    from detente.packs import new_pack

    with _clear_errors():
        path = new_pack(folder, name)
    typer.echo(f"made: {path}\nnext: detente pack check {path}")


@pack_app.command("show", epilog="Example:  detente pack show south-caucasus")
@takes_settings("pack")
def pack_show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a pack.")], settings: Settings
) -> None:
    """Say what a pack knows."""
    from detente.packs import load_pack
    from detente.terminal import show_table

    pack = load_pack([name], settings.pack_folders)
    head = pack.heads[-1]
    rows = [
        ("title", head.title),
        ("version", head.version),
        ("about", head.about),
        ("folder", str(head.folder)),
    ]
    sizes = {
        "countries": pack.countries,
        "actors": pack.actors,
        "outlets": pack.outlets,
        "relations": pack.relations,
    }
    rows += [(word, str(len(found))) for word, found in sizes.items()]
    show_table(f"pack {name} (with the world pack under it)", ("what", "value"), rows)


def main() -> None:
    """Run the command line; the console script `detente` and `python -m detente` come here."""
    app()


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Show an error that détente raised on purpose as one clear line, and leave with its exit code."""
    try:
        yield
    except DetenteError as error:
        sys.stderr.write(f"detente: {error}\n")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing is lost: run the same command again\n")
        raise typer.Exit(130) from None


@contextmanager
def _open_desk(settings: Settings, must_exist: bool = False) -> "Iterator[Desk]":
    """Open the desk that the settings name, showing progress on the terminal."""
    from detente.desk import open_desk
    from detente.runtime import silence_libraries
    from detente.terminal import Bars, say_waiting

    silence_libraries()
    with Bars() as bars, open_desk(settings, bars.show, say_waiting, must_exist) as desk:
        yield desk
