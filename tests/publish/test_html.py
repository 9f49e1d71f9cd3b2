"""The page: whole in itself, safe, and every citation leads to its words."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from detente.publish import compose_brief, render_html, render_json, render_markdown
from detente.publish.compose import BriefView
from tests import fakes_publish as fake

DOCS = fake.documents()
EVENTS = fake.events(DOCS)


class Page(HTMLParser):
    """What the page's markup holds: ids, links, tags, marked words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.marks: dict[str, str] = {}
        self.inside: str | None = None
        self.current: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in found.items()]
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "mark":
            self.current = found["data-c"].split()
        if tag in ("script", "style"):
            self.inside = tag
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self.current = []
        if tag == self.inside:
            self.inside = None

    def handle_data(self, data: str) -> None:
        for number in self.current:
            self.marks[number] = self.marks.get(number, "") + data
        if self.inside == "script":
            self.scripts.append(data)
        if self.inside == "style":
            self.styles.append(data)


@pytest.fixture(scope="module")
def view() -> BriefView:
    return compose_brief(EVENTS, DOCS)


@pytest.fixture(scope="module")
def text(view: BriefView) -> str:
    return render_html(view)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_every_citation_leads_to_its_words(view: BriefView, page: Page) -> None:
    quotes = {c.quote for section in view.brief.sections for line in section.lines for c in line.citations}
    assert set(page.marks.values()) == quotes
    links = [value for tag, name, value in page.attributes if tag == "a" and name == "href"]
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= set(page.ids)
    assert len([link for link in links if link.startswith("#c")]) > 70


def test_ids_are_unique(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_nothing_is_loaded_and_nothing_foreign_runs(text: str, page: Page) -> None:
    tags = {tag for tag, _, _ in page.attributes}
    assert not tags & {"img", "link", "iframe", "object", "embed", "video", "audio", "base", "form"}
    assert not [
        item for item in page.attributes if item[1].startswith("on") or item[1] in ("src", "style", "srcset")
    ]
    assert len(page.scripts) == len(page.styles) == 1
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "url(" not in page.styles[0]
    assert not re.search(r"fetch\(|XMLHttp|import\(|innerHTML|eval\(", page.scripts[0])


def test_the_policy_allows_our_style_and_script_alone(page: Page) -> None:
    def digest(content: str) -> str:
        return "'sha256-" + b64encode(sha256(content.encode()).digest()).decode() + "'"

    assert f"script-src {digest(page.scripts[0])}" in page.policy
    assert f"style-src {digest(page.styles[0])}" in page.policy
    assert "default-src 'none'" in page.policy
    assert "unsafe" not in page.policy


def test_unseen_characters_are_gone_from_names_but_kept_in_documents(text: str) -> None:
    body = text.split('id="documents"')[0]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", re.sub(r' title="[^"]*"', "", body))
    assert "<bdi>\u202e</bdi>evil<bdi>\u202c</bdi>" in text  # kept, but it turns nothing around


def test_control_characters_and_broken_halves_do_no_harm() -> None:
    bad = replace(DOCS[8], text="a\x00b\ud800c\x0bd\r\ne", title="t\x00\ud800")
    page = render_html(compose_brief((), [bad]))
    page.encode("utf-8")
    assert "\x00" not in page


def test_the_same_records_give_the_same_bytes(view: BriefView, text: str) -> None:
    assert render_html(view) == text
    assert render_json(view) == render_json(compose_brief(EVENTS[::-1], DOCS[::-1]))
    assert render_markdown(view) == render_markdown(compose_brief(EVENTS[::-1], DOCS[::-1]))


def test_every_picture_has_its_data_as_a_table(text: str) -> None:
    assert text.count('<figure class="picture"') == 5
    assert text.count("The data as a table") == 5
    assert text.count('<svg xmlns="http://www.w3.org/2000/svg" viewBox') == 10  # each in two widths
    assert not re.search(r'(?:fill|stroke)="#[0-9a-f]', text)  # the theme colours everything


def test_empty_cases_say_so() -> None:
    assert "No document was given" in render_html(compose_brief((), ()))
    assert "No event was found in the document" in render_html(compose_brief((), DOCS[:1]))
    one = render_html(compose_brief(EVENTS[8:9], DOCS[:1]))
    assert "<figure" not in one or "NaN" not in one
    undated = [replace(document, published=None) for document in DOCS]
    assert "dates not told" in render_html(compose_brief([replace(e, when=None) for e in EVENTS], undated))


def test_two_thousand_events_stay_usable() -> None:
    documents, events = fake.many_events(2000)
    view = compose_brief(events, documents)
    text = render_html(view)
    assert len(text.encode()) < 10_000_000
    assert text.count('class="row"') >= 2000
    assert text.count('<details class="month"') > 20  # a full month folds by day
    assert "NaN" not in text


def test_markdown_escapes_what_comes_from_outside(view: BriefView) -> None:
    text = render_markdown(view)
    assert "<script>" not in text
    assert "<img" not in text
    assert "\n# " not in text[2:]
    assert text.startswith("# Argentina and Uruguay\n")
    for row in view.sources:
        assert f"\n{row.number}. " in text
