"""The page in a real browser: no error, no request, and a click shows the very words."""



from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.publish import compose_brief, render_html
from tests import fakes_publish as fake
from tests.publish.browser import Browser, find_chromium, open_browser

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine: page not tried")

DOCS = fake.documents()
VIEW = compose_brief(fake.events(DOCS), DOCS)
SHOWN = "[...document.querySelectorAll('#panel mark.on')].map(m => m.textContent).join('')"


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "brief.html"
    path.write_text(render_html(VIEW), "utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


def test_it_loads_without_an_error_or_a_request(browser: Browser, brief: Path) -> None:
    browser.size(1440, 1000)
    browser.open(brief)
    assert browser.errors() == []
    assert browser.requests() == [brief.resolve().as_uri()]
    assert browser.tell("document.querySelectorAll('script').length") == 1


def test_every_citation_shows_the_exact_words(browser: Browser, brief: Path) -> None:
    browser.open(brief)
    shown = browser.tell(
        "[...document.querySelectorAll('.cite')].map(link => { link.click(); return [link.dataset.c, "
        + SHOWN
        + "]; })"
    )
    expected = {c.quote for section in VIEW.brief.sections for line in section.lines for c in line.citations}
    assert {words for _, words in shown} == expected
    first = VIEW.judgements[0].entries[0].line.citations[0].quote
    assert shown[0][1] == first
    assert browser.errors() == []


def test_the_panel_opens_at_the_words_and_escape_gives_the_focus_back(browser: Browser, brief: Path) -> None:
    browser.open(brief)
    browser.tell("document.querySelector('.cite').click()")
    inside = browser.tell(
        "(() => { const a = document.querySelector('#panel mark.on').getBoundingClientRect(),"
        " b = document.querySelector('.panel-text').getBoundingClientRect();"
        " return a.top >= b.top && a.bottom <= b.bottom; })()"
    )
    assert inside
    browser.tell("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    assert browser.tell("document.querySelector('#panel').hidden")
    assert browser.tell("document.activeElement === document.querySelector('.cite')")


def test_without_scripts_citations_are_links_to_visible_words(browser: Browser, brief: Path) -> None:
    browser.open(brief, "#c1", scripts=False)
    mark = "document.querySelector('mark:has(.here:target)')"
    assert browser.tell(f"{mark}.textContent.length") > 10
    assert browser.tell(f"{mark}.getBoundingClientRect().height") > 0
    assert browser.tell("[...document.querySelectorAll('details.doc')].every(d => d.open)")


def test_the_filter_keeps_the_lines_that_match(browser: Browser, brief: Path) -> None:
    browser.open(brief)
    browser.tell("(() => { const f = document.querySelector('#filter'); f.value = 'navy fired';"
                 " f.dispatchEvent(new Event('input')); })()")  # fmt: skip
    browser.tell("new Promise(done => setTimeout(done, 300))")
    rows = browser.tell(
        "[...document.querySelectorAll('#timeline .row:not([hidden])')].map(r => r.textContent)"
    )
    assert rows
    assert all("navy" in row and "fired" in row for row in rows)


def test_a_disc_leads_to_its_line(browser: Browser, brief: Path) -> None:
    browser.open(brief)
    target = browser.tell("(() => { const a = document.querySelector('#dates .wide a'), t = a.getAttribute('href');"
                          " return document.querySelector(t).className; })()")  # fmt: skip
    assert target == "row"


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_runs_over_the_edge(browser: Browser, brief: Path, width: int) -> None:
    browser.size(width, 900)
    browser.open(brief)
    assert browser.tell("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
def test_text_has_contrast(browser: Browser, brief: Path, dark: bool) -> None:
    browser.size(1440, 900, dark=dark)
    browser.open(brief)
    ratio = """(() => {
      const light = (c) => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
        .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
        return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
      const back = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (!/, 0\\)|transparent/.test(c)) return c; } return 'rgb(255,255,255)'; };
      const of = (s) => { const e = document.querySelector(s); const a = light(getComputedStyle(e).color),
        b = light(back(e)); return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); };
      return ['.claim', 'blockquote', '.meta', '.cite', '.kicker', '.facts dt', '.kind', '.date', '.why', '.by',
              'mark', '.tag.denied', '.tag.planned', '.count b.c', '.count b.k'].map(s => [s, of(s)]);
    })()"""
    low = [pair for pair in browser.tell(ratio) if pair[1] < 4.5]
    assert low == []
