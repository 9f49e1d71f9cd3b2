"""Exports hold what the records hold, stream, and are the same bytes each time."""

import csv
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from detente.errors import PublishError
from detente.publish import FORMATS, export_events, export_reports
from detente.publish.export import Report, doc_name, export_name, gold_date, page_run, safe_cell
from detente.publish.rows import EXTRA_FIELDS, ICEWS_FIELDS, POLECAT_FIELDS
from detente.records import Event, Span
from tests import fakes_publish as fake

DOCS = fake.documents()
EVENTS = fake.events(DOCS)


def _export(form: str, folder: Path, events: tuple[Event, ...] = EVENTS) -> Path:
    path = folder / export_name(form)
    export_events(events, DOCS, form, path)
    return path


def _bytes(path: Path) -> bytes:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return b"".join(file.name.encode() + file.read_bytes() for file in files)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_records_give_the_same_bytes(form: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    first = _bytes(_export(form, tmp_path / "a"))
    assert first == _bytes(_export(form, tmp_path / "b", tuple(reversed(EVENTS))))
    assert not list(tmp_path.rglob(".*"))  # no drafts stay behind


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_events_give_a_whole_file(form: str, tmp_path: Path) -> None:
    assert export_events((), (), form, tmp_path / "none") == 0
    assert (tmp_path / "none").exists()


def _page_texts() -> dict[str, str]:
    """The pages on which the documents' pieces lie, filled up with dots."""
    pages = {}
    for document in DOCS:
        text = "." * 20_000
        for piece in document.pieces:
            span = piece.page_span
            words = document.text[piece.start : piece.start + span.end - span.start]
            text = text[: span.start] + words + text[span.end :]
        pages[doc_name(document.url)] = text
    return pages


def test_gold_quotes_are_found_on_the_page_where_they_say(tmp_path: Path) -> None:
    folder, pages = _export("gold", tmp_path), _page_texts()
    files = [json.loads(path.read_text("utf-8")) for path in folder.iterdir()]
    assert len(files) == len(DOCS)
    told = 0
    for page in files:
        for event in page["events"]:
            text, article = pages[page["doc"]], page["articles"][event["article"]]
            assert text[event["quote_start"] : event["quote_end"]] == event["quote"]
            assert article["start"] <= event["quote_start"] < event["quote_end"] <= article["end"]
            told += 1
    assert told == len(EVENTS)


def test_the_one_file_holds_the_same_as_the_folder(tmp_path: Path) -> None:
    whole = json.loads(_export("json", tmp_path).read_text("utf-8"))
    parts = [json.loads(path.read_text("utf-8")) for path in _export("gold", tmp_path).iterdir()]
    assert sorted(whole["documents"], key=lambda page: page["doc"]) == sorted(
        parts, key=lambda page: page["doc"]
    )


def test_gold_keys_are_those_of_the_yardstick(tmp_path: Path) -> None:
    page = json.loads(_export("json", tmp_path).read_text("utf-8"))["documents"][0]
    assert {"start", "end", "title", "author", "outlet", "published", "published_basis", "genre",
            "syndicated_from"} <= set(page["articles"][0])  # fmt: skip
    assert {"id", "article", "quote", "also", "type", "actor", "recipient", "status", "said_by", "date",
            "place", "killed", "injured", "incident"} <= set(page["events"][0])  # fmt: skip


def test_a_quote_across_a_gap_keeps_its_longest_run() -> None:
    document = DOCS[0]
    cut = document.pieces[1].start
    run = page_run(document, Span(start=cut - 5, end=cut + 30))
    assert run == (Span(start=cut, end=cut + 30), Span(start=cut + 90, end=cut + 120))
    assert page_run(replace(document, pieces=()), Span(start=0, end=4)) is None


def test_dates_are_as_precise_as_they_are() -> None:
    assert gold_date(fake.day("2031-03-13")) == "2031-03-13"
    assert gold_date(fake.day("2031-03")) == "2031-03"
    assert gold_date(fake.day("2031")) == "2031"
    assert gold_date(replace(fake.day("2031"), latest=fake.day("2032").latest)) is None
    assert gold_date(None) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [("file:000_x.txt", "000_x"), ("file:a/b.html.gz", "a__b"), ("file:.hidden", ".hidden"),
     ("file:", "page"), ("file:../../etc/passwd", "..__..__etc__passwd")],
)  # fmt: skip
def test_names_of_files_stay_in_their_folder(url: str, name: str) -> None:
    assert doc_name(url) == name
    assert "/" not in doc_name(url)


def test_pages_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    twins = [replace(DOCS[8], id=f"doc-{n}", page=f"page-{n}", url=f"file:same.{n}") for n in "ab"]
    export_events((), twins, "gold", tmp_path / "gold")
    assert sorted(path.name for path in (tmp_path / "gold").iterdir()) == ["same-2.json", "same.json"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_polecat_columns(tmp_path: Path) -> None:
    path = _export("csv", tmp_path)
    rows = _rows(path)
    assert tuple(path.read_text("utf-8").splitlines()[0].split(",")) == (*POLECAT_FIELDS, *EXTRA_FIELDS)
    assert len(rows) == len(EVENTS)
    shelled = next(row for row in rows if row["Killed Low"] == "2")
    assert shelled["Event Type"] == "Assault"
    assert shelled["Quad Code"] == "Material Conflict"
    assert shelled["Event Date"] == "2031-03-13"
    assert shelled["Country"] == "URY"
    assert shelled["Actor Country"] == "Argentina"
    assert shelled["Said By"] == "Uruguay's foreign ministry"
    assert (
        len(path.read_text("utf-8").splitlines()) == len(EVENTS) + 1
    )  # a line each, whatever the texts hold


def test_icews_rows_are_pairs_of_what_happened(tmp_path: Path) -> None:
    rows = _rows(_export("icews", tmp_path))
    assert tuple(rows[0]) == ICEWS_FIELDS
    pleas = [row for row in rows if row["Source Name"] == "United States"]
    assert {row["Target Name"] for row in pleas} == {"Argentina", "Uruguay"}
    assert {row["CAMEO Code"] for row in pleas} == {"10"}
    happened = {event.id for event in EVENTS if event.status == "happened" and event.actors}
    assert {row["Event ID"] for row in rows} == happened


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "|calc", "＝1"])
def test_no_cell_is_a_formula(value: str) -> None:
    assert str(safe_cell(value)).startswith("'")


def test_numbers_and_nothing_are_left_alone() -> None:
    assert safe_cell(-34.6) == -34.6
    assert safe_cell(None) == ""
    assert safe_cell("plain - text") == "plain - text"


def test_a_hostile_name_cannot_start_a_formula(tmp_path: Path) -> None:
    spy = fake.actor('=HYPERLINK("http://x")\r\n,"b"', "ARG")
    events = (replace(EVENTS[0], actors=(spy,)),)
    rows = _rows(_export("csv", tmp_path, events))
    assert len(rows) == 1
    assert rows[0]["Actor Name"].startswith("'=HYPERLINK")


def test_parquet_columns_have_types(tmp_path: Path) -> None:
    frame = pl.read_parquet(_export("parquet", tmp_path))
    assert frame.height == len(EVENTS)
    assert frame.schema["from"] == pl.Date
    assert frame.schema["actors"] == pl.List(pl.String)
    assert frame.schema["known_at"] == pl.Datetime("us", "UTC")
    assert frame.filter(pl.col("killed_low") == 2)["quote"][0].startswith("Unidentified attackers")


def test_geojson_puts_longitude_first(tmp_path: Path) -> None:
    features = json.loads(_export("geojson", tmp_path).read_text("utf-8"))["features"]
    placed = [event for event in EVENTS if event.place and event.place.latitude is not None]
    assert len(features) == len(placed)
    assert all(-180 <= f["geometry"]["coordinates"][0] <= 180 for f in features)
    assert [-57.84, -34.46] in [f["geometry"]["coordinates"] for f in features]


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="no export format; take one of csv"):
        export_events(EVENTS, DOCS, "xlsx", tmp_path / "x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(PublishError, match="cannot be written"):
        export_events(EVENTS, DOCS, "csv", tmp_path / "file" / "x.csv")


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = _export("csv", tmp_path)
    before = path.read_bytes()

    def broken() -> Iterator[Report]:
        yield DOCS[0], [event for event in EVENTS if event.document == DOCS[0].id]
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError):
        export_reports(broken(), "csv", path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_memory_does_not_grow_with_the_events(form: str, tmp_path: Path) -> None:
    documents, events = fake.many_events(60)

    def reports(times: int) -> Iterator[Report]:
        for number in range(times):
            url = f"file:{number:05}.txt"
            yield replace(documents[0], id=url, page=url, url=url), events

    def peak(times: int) -> int:
        tracemalloc.start()
        export_reports(reports(times), form, tmp_path / f"{form}-{times}")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)
    assert peak(60) < peak(10) * 1.5 + 200_000
