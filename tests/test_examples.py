"""The main job on real shapes of pages: a brief whose every citation is found word for word in the page."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.desk import Desk, Published
from detente.read import page_text
from detente.records import Brief, Citation, Document, Event, Page
from detente.settings import load_settings

ROOT = Path(__file__).parent.parent
FOLDERS = {
    "examples": (ROOT / "examples" / "reports", ("examples/pack",)),
    "seeds": (ROOT.parent / "shared" / "seeds", ()),
}


@pytest.fixture(scope="module", params=list(FOLDERS))
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, Published]]:
    """A run over the example reports, and over the seeds where they lie beside the checkout."""
    folder, packs = FOLDERS[request.param]
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    home = tmp_path_factory.mktemp(request.param)
    settings = load_settings({}, desk=str(home), pack_folders=tuple(str(ROOT / pack) for pack in packs))
    with Desk(home, settings) as desk:
        yield desk, desk.run([folder])


def _citations(brief: Brief) -> Iterator[Citation]:
    for section in brief.sections:
        for line in section.lines:
            yield from line.citations


def test_every_citation_is_in_the_page_word_for_word(run: tuple[Desk, Published]) -> None:
    desk, published = run
    documents = {document.id: document for document in desk.store.find(Document)}
    pages = desk.store.each(Page, sorted({document.page for document in documents.values()}))
    texts = {page.id: page_text(page).text for page in pages}
    citations = list(_citations(published.brief))
    assert len(citations) >= 10
    for citation in citations:
        document = documents[citation.document]
        assert document.text[citation.span.start : citation.span.end] == citation.quote
        assert _on_page(document, citation, texts[document.page])


def _on_page(document: Document, citation: Citation, page: str) -> bool:
    """Whether the cited words stand on the page at the offsets to which the document's pieces lead."""
    found = []
    for piece in document.pieces:
        shift = piece.page_span.start - piece.start
        length = piece.page_span.end - piece.page_span.start
        start, end = max(citation.span.start, piece.start), min(citation.span.end, piece.start + length)
        if start < end:
            found.append(page[start + shift : end + shift])
    return "".join(found) == citation.quote


def test_the_brief_is_written_whole(run: tuple[Desk, Published]) -> None:
    desk, published = run
    assert [path.name for path in published.files] == ["brief.html", "brief.md", "brief.json"]
    assert all(path.stat().st_size > 1000 for path in published.files)
    assert desk.store.count(Event) >= 20


def test_running_again_is_quick_and_changes_nothing(run: tuple[Desk, Published]) -> None:
    desk, published = run
    before = [path.read_bytes() for path in published.files]
    start = time.process_time()
    again = desk.brief()
    assert time.process_time() - start < 60
    assert [path.read_bytes() for path in again.files] == before


def test_a_second_brief_shows_every_part(run: tuple[Desk, Published]) -> None:
    """What `make run` ends with: changes, watch list, index, relations, narratives, and two outlets in step."""
    desk, published = run
    if "Lethovia" not in published.brief.title:
        pytest.skip("of the examples only")
    shutil.copy(ROOT / "examples" / "desk.toml", desk.folder / "desk.toml")
    brief = desk.run([ROOT / "examples" / "later"]).brief
    assert brief.previous == published.brief.id
    told = {section.title.split(":")[0]: section.lines for section in brief.sections}
    assert any(title.startswith("New since the brief of") for title in told)
    parts = ("Watch list", "Turning points", "Index of tension", "How it was told", "Claims", "Standing relations")
    assert [part for part in parts if not told.get(part)] == []
    in_step = [line.text for line in told["Outlets that tell the same claims"] if ": closer than chance" in line.text]
    assert len(in_step) == 1
    assert "Lethpress and Mirgrad Standard" in in_step[0]
    ties = " ".join(line.text for line in told["Standing relations"])
    assert "55 per cent of the arms imports of Valdoria, 2019 to 2024" in ties
    assert "denies that Lethovia backs the Ambrel Liberation Front" in ties
