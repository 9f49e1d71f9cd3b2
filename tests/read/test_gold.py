"""Golden pages: what is read out of each, and what the rest is called.

`READ_GOLD=write pytest tests/read/test_gold.py` writes the `.out` files anew; look at the difference before
committing it.
"""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from detente.collect import open_paths
from detente.errors import ReadError
from detente.read import page_text, read_page
from detente.read.dates import iso_date
from detente.records import Page
from tests.pages import make_page

GOLD = Path(__file__).parents[1] / "gold" / "read"
REPORTS = Path(__file__).parents[2] / "examples" / "reports"
CASES = sorted(path.stem for path in GOLD.glob("*.in"))


def _pages() -> dict[str, Page]:
    _, found = open_paths([REPORTS])
    pages = {page.url.removeprefix("file:"): page for page in found if isinstance(page, Page)}
    return {**pages, **{name: make_page((GOLD / f"{name}.in").read_bytes()) for name in CASES}}


PAGES = _pages()


def _summary(page: Page) -> dict[str, Any]:
    try:
        found = read_page(page)
    except ReadError as error:
        return {"error": error.message}
    text = page_text(page).text
    return {
        "documents": [
            {
                "title": document.title,
                "author": document.author,
                "outlet": document.outlet,
                "dateline": document.dateline,
                "published": iso_date(document.published),
                "basis": document.published.basis if document.published else None,
                "genre": document.genre,
                "language": document.language,
                "syndicated_from": document.syndicated_from,
                "begins": document.text[:60],
                "ends": document.text[-60:],
                "pieces": [[piece.page_span.start, piece.page_span.end] for piece in document.pieces],
            }
            for document in found.documents
        ],
        "remainder": [
            [rest.reason, text[rest.page_span.start : rest.page_span.end][:60]] for rest in found.remainder
        ],
    }


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_read_as_before(name: str) -> None:
    path = GOLD / f"{name.replace('#', '-')}.out"
    summary = _summary(PAGES[name])
    if os.environ.get("READ_GOLD") == "write":
        path.write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert summary == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_character_is_in_one_place(name: str) -> None:
    try:
        found = read_page(PAGES[name])
    except ReadError:
        return
    text = page_text(PAGES[name]).text
    owners = [0] * len(text)
    for document in found.documents:
        for piece in document.pieces:
            span = piece.page_span
            assert (
                document.text[piece.start : piece.start + span.end - span.start]
                == text[span.start : span.end]
            )
            for at in range(span.start, span.end):
                owners[at] += 1
    for rest in found.remainder:
        for at in range(rest.page_span.start, rest.page_span.end):
            owners[at] += not text[at].isspace()
    assert {owner for at, owner in enumerate(owners) if not text[at].isspace()} == {1}


def test_examples_are_made_anew_byte_for_byte() -> None:
    from examples import make_reports

    after = gzip.decompress((REPORTS / "16-after-the-ceasefire.txt.gz").read_bytes()).decode()
    assert after == make_reports.AFTER
    made = make_reports.make_pdf(make_reports.text_stream(make_reports.ANALYSIS), make_reports.TITLE)
    assert made == (REPORTS / "12-analysis.pdf").read_bytes()
