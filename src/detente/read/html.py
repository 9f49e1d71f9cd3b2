"""From HTML to lines of visible text, each with what it was in the page and what cleaning thinks of it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from detente.errors import ReadError
from detente.text import collapse_space, words

MAX_DEPTH = 400  # tags within tags: no article needs more, and deeper trees are traps for parsers

_HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "iframe",
        "object",
        "select",
        "option",
        "button",
        "canvas",
        "map",
    ]
)
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlLine:
    """One visible line of an HTML page: offsets into the page's text, its block tag and its surroundings."""

    start: int
    end: int
    tag: str
    within: frozenset[str]  # tags around it that tell its role: nav, footer, aside, article, h1, …
    linked: float  # share of its characters that are links
    body: bool  # the cleaning takes it for part of an article
    article: int = 0  # which article element of the page holds it, counted from 1 where there are several


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The visible text of an HTML page, its lines, and what its head says."""

    text: str
    lines: tuple[HtmlLine, ...]
    facts: Mapping[str, str] = field(default_factory=dict)


def render_html(html: str, url: str) -> Rendered:
    """Give the visible text of an HTML page, one block a line, with the lines of the article marked.

    Raises ReadError for markup that is empty, or nested deeper than MAX_DEPTH.
    """
    tree = _parse(html, url)
    lines = list(_visible_lines(tree))
    if not lines:
        raise ReadError(url, "the HTML shows no text; fetch it with a browser if it is made by scripts")
    several = _several_articles(lines)
    chosen = several or [(body, 0) for body in _article_lines(tree, [line.text for line in lines])]
    parts: list[str] = []
    marked: list[HtmlLine] = []
    at = 0
    for line, (body, article) in zip(lines, chosen, strict=True):
        end = at + len(line.text)
        marked.append(
            HtmlLine(
                start=at,
                end=end,
                tag=line.tag,
                within=line.within,
                linked=line.linked,
                body=body,
                article=article,
            )
        )
        parts.append(line.text)
        at = end + 1
    return Rendered(text="\n".join(parts), lines=tuple(marked), facts=_head_facts(tree, url))


def _parse(html: str, url: str) -> Any:
    html = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", html, count=1).replace("\x00", "")
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False, recover=True)
    try:
        tree = lxml_html.document_fromstring(html, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadError(url, f"the HTML can't be parsed ({error}); fetch it again") from error
    if _depth(tree) > MAX_DEPTH or any("xcessive depth" in entry.message for entry in parser.error_log):
        raise ReadError(
            url, f"the HTML is nested deeper than {MAX_DEPTH} tags; give the article's text instead"
        )
    return tree


def _depth(tree: Any) -> int:
    deepest = level = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
        if deepest > MAX_DEPTH:
            break
    return deepest


def _is_hidden(node: Any) -> bool:
    if not isinstance(node.tag, str) or node.tag in _HIDDEN or node.get("hidden") is not None:
        return True
    style = node.get("style")
    return bool(style and _INVISIBLE.search(style))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    tag: str
    within: frozenset[str]
    linked: float
    article: int  # the outermost article element around it, counted from 1; 0 outside


def _visible_lines(tree: Any) -> Iterator[_Line]:
    """Walk the tree without recursion and give the visible lines, one a block."""
    run: list[str] = []
    linked = 0
    stack: list[str] = []
    hidden = count = 0

    def flush() -> Iterator[_Line]:
        nonlocal linked
        text = collapse_space("".join(run))
        if text:
            blocks = [tag for tag in stack if tag in _BLOCK]
            tag, inside = blocks[-1] if blocks else "body", count if "article" in stack else 0
            yield _Line(text, tag, frozenset(stack), min(1.0, linked / len(text)), inside)
        run.clear()
        linked = 0

    for event, node in etree.iterwalk(tree, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if hidden or _is_hidden(node):
                hidden += 1
                continue
            if tag in _BLOCK:
                yield from flush()
            elif tag in {"td", "th"} and run:
                run.append(" | ")
            count += tag == "article" and "article" not in stack
            stack.append(tag)
            if node.text:
                run.append(node.text)
                linked += len(collapse_space(node.text)) if "a" in stack else 0
            continue
        if hidden:
            hidden -= 1
        else:
            if tag in _BLOCK:
                yield from flush()
            stack.pop()
        if node.tail and not hidden:
            run.append(node.tail)
            linked += len(collapse_space(node.tail)) if "a" in stack else 0
    yield from flush()


_OUTSIDE = frozenset({"nav", "aside", "footer", "form", "figure", "header"})


def _several_articles(lines: list[_Line]) -> list[tuple[bool, int]] | None:
    """Tell for every line whether it is body and of which article, if several article elements hold whole
    texts.

    A text is whole with a heading and two paragraphs of 60 words together; the cards that link to other
    pages have less.
    """
    totals: Counter[int] = Counter()
    paragraphs: Counter[int] = Counter()
    headed = {line.article for line in lines if line.tag in {"h1", "h2", "h3"}}
    for line in lines:
        if line.article in headed and _is_told(line):
            totals[line.article] += len(line.text.split())
            paragraphs[line.article] += 1
    whole = {
        article for article, total in totals.items() if article and total >= 60 and paragraphs[article] >= 2
    }
    if len(whole) < 2:
        return None
    return [
        (
            line.article in whole and line.tag not in _HEADINGS_ABOVE and not line.within & _OUTSIDE,
            line.article,
        )
        if line.article in whole
        else (False, 0)
        for line in lines
    ]


_HEADINGS_ABOVE = frozenset({"h1", "h2"})


def _is_told(line: _Line) -> bool:
    return line.tag in {"p", "div", "li", "blockquote"} and line.linked < 0.5 and not line.within & _OUTSIDE


def _article_lines(tree: Any, lines: list[str]) -> list[bool]:
    """Tell for every visible line whether trafilatura keeps it, by finding its runs of words in what was
    kept.

    What was kept once is found once: a summary or a title that the page repeats isn't taken twice.
    """
    kept = _extract(tree)
    runs = Counter(_runs(words(kept)))
    whole = Counter(tuple(words(line)) for line in kept.split("\n"))
    tokens = [words(line) for line in lines]
    exact = [len(each) >= _RUN and _take(_runs(each), runs, 1.0) for each in tokens]
    sure = [
        found or (len(each) >= _RUN and _take(_runs(each), runs, 0.7))
        for found, each in zip(exact, tokens, strict=True)
    ]
    for found, each in zip(sure, tokens, strict=True):
        if found:
            whole[tuple(each)] -= 1
    near = _near(sure)
    return [
        found or (close and 0 < len(each) < _RUN and _take([tuple(each)], whole, 1.0))
        for found, close, each in zip(sure, near, tokens, strict=True)
    ]


_RUN = 4  # words
_REACH = 12  # lines around a sure one within which a short line may count


def _runs(tokens: list[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[at : at + _RUN]) for at in range(len(tokens) - _RUN + 1)]


def _take(own: list[tuple[str, ...]], left: Counter[tuple[str, ...]], share: float) -> bool:
    """Take a line's runs out of those left, if at least this share of them is there."""
    if sum(left[run] > 0 for run in own) < share * len(own):
        return False
    left.subtract(own)
    return True


def _near(sure: list[bool]) -> list[bool]:
    """Tell for every line whether a sure one stands within reach; all do where there is no sure one."""
    if not any(sure):
        return [True] * len(sure)
    near = [False] * len(sure)
    for at, found in enumerate(sure):
        if found:
            low, high = max(0, at - _REACH), at + _REACH + 1
            near[low:high] = [True] * len(near[low:high])
    return near


def _extract(tree: Any) -> str:
    import trafilatura  # only HTML pages pay for it

    try:
        found = trafilatura.extract(tree, include_comments=False, include_tables=True, fast=False)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError):
        return ""
    return found or ""


_META = {
    "title": ("og:title", "twitter:title", "headline", "dc.title"),
    "author": ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author"),
    "outlet": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "language": ("og:locale", "content-language", "language"),
}


def _head_facts(tree: Any, url: str) -> dict[str, str]:  # noqa: ARG001
    facts: dict[str, str] = {}
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = (node.get("property") or node.get("name") or node.get("http-equiv") or "").strip().lower()
        content = collapse_space(node.get("content") or "")
        if key and content:
            found.setdefault(key, content[:500])
    for name, keys in _META.items():
        for key in keys:
            if key in found and not found[key].startswith(("http://", "https://")):
                facts[name] = found[key]
                break
    if published := _head_date(tree):
        facts["published"] = published
    return facts


def _head_date(tree: Any) -> str | None:
    """Give the day of publication as the markup tells it; the bounds are fixed, so that no clock comes in."""
    import htmldate  # only HTML pages pay for it

    try:
        found = htmldate.find_date(
            tree, extensive_search=False, original_date=True, min_date="1995-01-01", max_date="2100-12-31"
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError):
        return None
    return found or None
