"""From a page to its documents, with everything left over named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from detente.errors import ReadError
from detente.read.dates import date_articles, parse_moment
from detente.read.formats import PageText, page_text
from detente.read.heads import describe
from detente.read.lines import ADDRESS
from detente.read.split import Article, split_page
from detente.records import Document, DocumentId, Page, Piece, Remainder, Span, When, make_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What may be told to reading: JSON keys for the fields of a record, and the least size of an article."""

    fields: Mapping[str, str] = field(default_factory=dict)
    min_words: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """The documents found on a page in page order, and the runs of its text that belong to none."""

    documents: tuple[Document, ...]
    remainder: tuple[Remainder, ...]


def read_page(page: Page, options: ReadOptions | None = None) -> ReadPage:
    """Give the documents found on a page, and say what the rest was.

    Facts given with the page (`page.facts`: published, title, author, outlet, url, language, genre) win
    over what the page says of itself, and that over what its text tells. Raises ReadError, with what to
    do, if the page can't be read or no article is found on it.
    """
    options = options or ReadOptions()
    content = page_text(page, options.fields)
    articles, remainder = split_page(content, options.min_words)
    if not articles:
        raise ReadError(
            page.url, "no article was found on it, only headings and menus; give the article's own page"
        )
    facts = {**_address_above(articles), **content.facts, **dict(page.facts)}
    dates = date_articles(content, articles, facts, dict(page.facts))
    documents = tuple(
        _make_document(page, content, article, facts, when, notes, len(articles) == 1)
        for article, (when, notes) in zip(articles, dates, strict=True)
    )
    return ReadPage(documents=documents, remainder=remainder)


def _address_above(articles: tuple[Article, ...]) -> dict[str, str]:
    """Give the page's address where it stands above the only article, as scrapers put it there."""
    if len(articles) == 1:
        for line in articles[0].above[:3]:
            if match := ADDRESS.match(line.text):
                return {"url": match["url"]}
    return {}


def _make_document(
    page: Page,
    content: PageText,
    article: Article,
    facts: Mapping[str, str],
    when: When | None,
    notes: tuple[str, ...],
    alone: bool,
) -> Document:
    text = "".join(content.text[span.start : span.end] for span in article.spans)
    head = describe(article, text, facts, alone)
    return Document(
        id=DocumentId(make_id("document", page.id, [(span.start, span.end) for span in article.spans])),
        page=page.id,
        url=facts.get("url") or page.url,
        title=head.title,
        author=head.author,
        outlet=head.outlet,
        known_at=_known_at(page, facts),
        published=when,
        language=head.language,
        genre=head.genre,
        text=text,
        pieces=_make_pieces(article.spans),
        dateline=head.dateline,
        syndicated_from=head.syndicated_from,
        notes=(*content.notes, *article.notes, *notes, *head.notes),
    )


def _make_pieces(spans: tuple[Span, ...]) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for span in spans:
        pieces.append(Piece(start=at, page_span=span))
        at += span.end - span.start
    return tuple(pieces)


def _known_at(page: Page, facts: Mapping[str, str]) -> datetime:
    told = parse_moment(facts.get("fetched", ""))
    return told.latest if told else page.fetched_at
