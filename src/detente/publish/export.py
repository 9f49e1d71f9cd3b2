"""Files that other programs read: JSON, CSV in two field orders, Parquet, GeoJSON.

Everything streams: reports come one document at a time, in the order in which they are to stand in
the file, and nothing is kept. The same reports give the same bytes. Columns: docs/exports.md.
"""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import unquote

import polars as pl

from detente.errors import PublishError
from detente.packs import Pack
from detente.publish.rows import EXTRA_FIELDS, ICEWS_FIELDS, POLECAT_FIELDS, flat_row, icews_rows, polecat_row
from detente.publish.sentences import last_instant
from detente.records import (
    Actor,
    Basis,
    Document,
    Event,
    EventId,
    IncidentId,
    Span,
    When,
)

Report = tuple[Document, Sequence[Event]]
IncidentsOf = Mapping[EventId, IncidentId]
Json = dict[str, Any]

_GOLD_BASIS: dict[Basis, str] = {"given": "given", "stated": "stated", "dateline": "stated"}

PARQUET_SCHEMA: dict[str, Any] = {
    "event": pl.String, "document": pl.String, "incident": pl.String, "type": pl.String, "mode": pl.String,
    "quad": pl.String, "intensity": pl.Float64, "status": pl.String, "background": pl.Boolean,
    "date": pl.String, "from": pl.String, "to": pl.String, "date_basis": pl.String,
    "actors": pl.List(pl.String), "actor_countries": pl.List(pl.String), "actor_sectors": pl.List(pl.String),
    "recipients": pl.List(pl.String), "recipient_countries": pl.List(pl.String),
    "recipient_sectors": pl.List(pl.String), "place": pl.String, "place_country": pl.String,
    "latitude": pl.Float64, "longitude": pl.Float64, "radius_km": pl.Float64,
    "killed_low": pl.Int64, "killed_high": pl.Int64, "injured_low": pl.Int64, "injured_high": pl.Int64,
    "said_by": pl.String, "stance": pl.String, "quote": pl.String, "score": pl.Float64, "url": pl.String,
    "title": pl.String, "outlet": pl.String, "genre": pl.String, "language": pl.String,
    "published": pl.String, "published_basis": pl.String, "copy_of": pl.String, "known_at": pl.String,
    "recipe": pl.String,
}  # fmt: skip


def export_events(
    events: Iterable[Event],
    documents: Iterable[Document],
    format: str,
    path: Path | str,
    *,
    pack: Pack | None = None,
    incidents: IncidentsOf | None = None,
) -> int:
    """Write records that are all at hand to `path`; the number of events written comes back.

    For more than memory holds, give `export_reports` one document at a time.
    """
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.document, []).append(event)
    unique = sorted({each.id: each for each in documents}.values(), key=_place_on_page)
    reports = ((each, sorted(found.get(each.id, ()), key=_place_in_text)) for each in unique)
    return export_reports(reports, format, path, pack=pack, incidents=incidents)


def export_reports(
    reports: Iterable[Report],
    format: str,
    path: Path | str,
    *,
    pack: Pack | None = None,
    incidents: IncidentsOf | None = None,
) -> int:
    """Write reports as they come, documents of one page next to each other; count the events.

    `format` is one of `FORMATS`; "gold" makes a folder of one JSON file per page, the others one
    file, which appears only when it is whole. Raises PublishError.
    """
    write = FORMATS.get(format)
    if write is None:
        raise PublishError(format, f"is no export format; take one of {', '.join(sorted(FORMATS))}")
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return write(reports, target, pack, incidents or {})
    except OSError as error:
        reason = error.strerror or str(error)
        raise PublishError(str(path), f"cannot be written ({reason}); choose another --out") from error


def _place_on_page(document: Document) -> tuple[str, str, int, str]:
    start = document.pieces[0].page_span.start if document.pieces else 0
    return document.url, document.page, start, document.id


def _place_in_text(event: Event) -> tuple[Span, str]:
    return event.quote, event.id


@contextmanager
def _whole_file(path: Path) -> Iterator[IO[str]]:
    """Open a temporary neighbour that takes the file's name when all went well."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
        os.chmod(name, 0o644)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# JSON in the gold format


def gold_date(when: When | None) -> str | None:
    """Give the day, month or year that holds the whole interval, as ISO; None beyond a year."""
    if when is None:
        return None
    start, end = when.earliest.astimezone(UTC), last_instant(when)
    if start.date() == end.date():
        return start.date().isoformat()
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.year:04d}-{start.month:02d}"
    return f"{start.year:04d}" if start.year == end.year else None


def page_run(document: Document, span: Span) -> tuple[Span, Span] | None:
    """Give the longest run of a span that stands unbroken on the page: (in the document, on the page)."""
    best: tuple[Span, Span] | None = None
    for piece in document.pieces:
        length = piece.page_span.end - piece.page_span.start
        start, end = max(span.start, piece.start), min(span.end, piece.start + length)
        if start < end and (best is None or end - start > best[0].end - best[0].start):
            shift = piece.page_span.start - piece.start
            best = Span(start=start, end=end), Span(start=start + shift, end=end + shift)
    return best


def doc_name(url: str) -> str:
    """Give the name of a page for the file of its events: the file's stem, or a short form of its address."""
    rest = unquote(url.removeprefix("file:")).lstrip("/")
    if "://" in rest:
        host = rest.split("://", 1)[1].split("/", 1)[0]
        return f"{host}-{sha256(url.encode('utf-8', 'replace')).hexdigest()[:12]}"
    stem = rest.removesuffix(".gz")
    folder, _, name = stem.rpartition("/")
    name = name.rsplit(".", 1)[0] if "." in name[1:] else name
    return f"{folder}/{name}".strip("/").replace("/", "__").replace("\0", "") or "page"


def _gold_actor(actor: Actor) -> Json:
    return {"name": actor.name, "country": actor.country, "sector": actor.sector, "kind": actor.kind}


def _gold_article(document: Document) -> Json:
    spans = [piece.page_span for piece in document.pieces]
    published = document.published
    return {
        "start": min((span.start for span in spans), default=0),
        "end": max((span.end for span in spans), default=len(document.text)),
        "title": document.title, "author": document.author, "outlet": document.outlet,
        "published": gold_date(published),
        "published_basis": _GOLD_BASIS.get(published.basis, "inferred") if published else None,
        "genre": document.genre, "syndicated_from": document.syndicated_from,
        "document": document.id, "url": document.url, "language": document.language,
        "published_when": _when(published), "copy_of": document.copy_of, "copy_score": document.copy_score,
        "pieces": [[span.start, span.end] for span in spans], "known_at": document.known_at.isoformat(),
    }  # fmt: skip


def _when(when: When | None) -> Json | None:
    if when is None:
        return None
    return {"earliest": when.earliest.isoformat(), "latest": when.latest.isoformat(), "basis": when.basis}


def _gold_event(event: Event, document: Document, number: int, article: int, incidents: IncidentsOf) -> Json:
    text = document.text
    run = page_run(document, event.quote) or (event.quote, event.quote)
    also = [page_run(document, e.span) or (e.span, e.span) for e in event.evidence[1:] if e.field == "also"]
    said, place = event.attribution, event.place
    return {
        "id": f"e{number}", "article": article, "quote": text[run[0].start : run[0].end],
        "also": [text[span.start : span.end] for span, _ in also], "type": event.type,
        "actor": [_gold_actor(actor) for actor in event.actors],
        "recipient": [_gold_actor(actor) for actor in event.recipients],
        "status": event.status, "said_by": _gold_actor(said.speaker) if said else None,
        "date": gold_date(event.when),
        "place": {"name": place.name, "country": place.country} if place else None,
        "killed": event.killed.low if event.killed else None,
        "injured": event.injured.low if event.injured else None, "incident": incidents.get(event.id),
        "event": event.id, "document": event.document, "quote_start": run[1].start, "quote_end": run[1].end,
        "mode": event.mode, "when": _when(event.when), "background": event.background, "score": event.score,
        "contexts": list(event.contexts),
        "place_point": [place.longitude, place.latitude] if place and place.latitude is not None else None,
        "attribution": {"stance": said.stance, "cue": said.cue, "chain": list(said.chain)} if said else None,
        "counts": [
            {"what": c.what, "low": c.low, "high": c.high, "unit": c.unit}
            for c in (event.killed, event.injured, *event.counts) if c
        ],
        "known_at": event.known_at.isoformat(), "recipe": event.recipe,
    }  # fmt: skip


def gold_pages(reports: Iterable[Report], incidents: IncidentsOf) -> Iterator[Json]:
    """Give one object per page in the gold format, with what détente knows besides."""
    for _, on_page in groupby(reports, key=lambda report: report[0].page):
        page: Json = {"doc": "", "articles": [], "events": []}
        for article, (document, events) in enumerate(on_page):
            page["doc"] = page["doc"] or doc_name(document.url)
            page["articles"].append(_gold_article(document))
            for event in events:
                number = len(page["events"]) + 1
                page["events"].append(_gold_event(event, document, number, article, incidents))
        yield page


def _write_json(reports: Iterable[Report], path: Path, _pack: Pack | None, incidents: IncidentsOf) -> int:
    count = 0
    with _whole_file(path) as file:
        file.write('{"format":"detente-events/1","documents":[')
        for number, page in enumerate(gold_pages(reports, incidents)):
            file.write((",\n" if number else "\n") + _dump(page))
            count += len(page["events"])
        file.write("\n]}\n")
    return count


def _write_gold(reports: Iterable[Report], path: Path, _pack: Pack | None, incidents: IncidentsOf) -> int:
    path.mkdir(parents=True, exist_ok=True)
    count, used = 0, dict[str, int]()
    for page in gold_pages(reports, incidents):
        name = page["doc"][:150]
        used[name] = used.get(name, 0) + 1
        file_name = name if used[name] == 1 else f"{name}-{used[name]}"
        with _whole_file(path / f"{file_name}.json") as file:
            file.write(json.dumps(page, ensure_ascii=False, indent=1) + "\n")
        count += len(page["events"])
    return count


# tables


def safe_cell(value: object) -> object:
    """Give a cell that no spreadsheet takes for a formula: such text gets an apostrophe before it."""
    if isinstance(value, str) and value.lstrip(" ")[:1] in (
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "|",
        "＝",
        "＋",
        "－",
        "＠",
    ):
        return f"'{value}"
    return "" if value is None else value


def _write_table(path: Path, fields: Sequence[str], rows: Iterable[tuple[int, Json]]) -> int:
    count = 0
    with _whole_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(fields)
        for events, row in rows:
            writer.writerow([safe_cell(row.get(field)) for field in fields])
            count += events
    return count


def _write_csv(reports: Iterable[Report], path: Path, pack: Pack | None, incidents: IncidentsOf) -> int:
    rows = (
        (1, polecat_row(event, document, pack, incidents.get(event.id)))
        for document, events in reports
        for event in events
    )
    return _write_table(path, (*POLECAT_FIELDS, *EXTRA_FIELDS), rows)


def _write_icews(reports: Iterable[Report], path: Path, pack: Pack | None, _incidents: IncidentsOf) -> int:
    rows = (
        (int(first), row)
        for document, events in reports
        for event in events
        for first, row in icews_rows(event, document, pack)
    )
    return _write_table(path, ICEWS_FIELDS, rows)


def _flat_rows(
    reports: Iterable[Report], pack: Pack | None, incidents: IncidentsOf
) -> Iterator[tuple[Event, Json]]:
    for document, events in reports:
        for event in events:
            row = flat_row(event, document, pack, incidents.get(event.id))
            yield event, {**row, "date": gold_date(event.when)}


def _write_parquet(reports: Iterable[Report], path: Path, pack: Pack | None, incidents: IncidentsOf) -> int:
    """Write rows as lines of JSON first: Polars then streams them into the columns."""
    count = 0
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".parquet-") as folder:
        lines, made = Path(folder) / "rows.jsonl", Path(folder) / "made.parquet"
        with open(lines, "w", encoding="utf-8", errors="replace") as file:
            for _, row in _flat_rows(reports, pack, incidents):
                file.write(_dump(row) + "\n")
                count += 1
        if count == 0:
            pl.DataFrame(schema=PARQUET_SCHEMA).pipe(_typed).write_parquet(made)
        else:
            frame = pl.scan_ndjson(lines, schema=PARQUET_SCHEMA).pipe(_typed)
            frame.sink_parquet(made, row_group_size=50_000, maintain_order=True)
        os.replace(made, path)
    return count


Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def _typed(frame: Frame) -> Frame:
    """Turn ISO text into dates and times."""
    days: list[pl.Expr] = [pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in ("from", "to")]
    known = pl.col("known_at").str.to_datetime(time_zone="UTC", strict=False)
    return frame.with_columns([*days, known])


def _write_geojson(reports: Iterable[Report], path: Path, pack: Pack | None, incidents: IncidentsOf) -> int:
    """Write the events whose place has a point (RFC 7946: longitude first)."""
    count = 0
    with _whole_file(path) as file:
        file.write('{"type":"FeatureCollection","features":[')
        for event, row in _flat_rows(reports, pack, incidents):
            place = event.place
            if place is None or place.latitude is None or place.longitude is None:
                continue
            point = [round(place.longitude, 6), round(place.latitude, 6)]
            facts = {
                name: value for name, value in row.items() if name not in ("event", "latitude", "longitude")
            }
            feature = {"type": "Feature", "id": event.id, "geometry": {"type": "Point", "coordinates": point}}
            file.write((",\n" if count else "\n") + _dump({**feature, "properties": facts}))
            count += 1
        file.write("\n]}\n")
    return count


FORMATS: dict[str, Callable[[Iterable[Report], Path, Pack | None, IncidentsOf], int]] = {
    "json": _write_json,
    "gold": _write_gold,
    "csv": _write_csv,
    "icews": _write_icews,
    "parquet": _write_parquet,
    "geojson": _write_geojson,
}


def export_name(format: str, stem: str = "events") -> str:
    """Give the usual file name of a format."""
    return {"csv": f"{stem}.csv", "icews": f"{stem}-icews.csv", "gold": f"{stem}-gold"}.get(
        format, f"{stem}.{format}"
    )
