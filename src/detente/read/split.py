"""From the paragraphs of a page to its articles: bodies, their headlines, and the rest by reason."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.read import boilerplate
from detente.read.boundary import Boundary, is_doubled, starts_article
from detente.read.formats import PageText
from detente.read.lines import Paragraph, is_ago, lead_stamp, read_paragraphs
from detente.records import Remainder, Span
from detente.text import count_words, sentence_spans, words

HEAD_KINDS = frozenset({"short", "stamp", "byline", "share", "meta", "credit", "menu", "separator"})
_END_MATTER = frozenset(
    {"feed", "disclaimer", "copyright", "correction", "contact", "bio", "about", "comments", "subscribe"}
)
_MAX_RUN = 3  # this many short lines between sentences may be headings; more are a menu


@dataclass(slots=True)
class Article:
    """One article found: its paragraphs, what stands above and below it, and the spans of its body."""

    body: list[Paragraph]
    above: list[Paragraph] = field(default_factory=list)  # nearest last
    below: list[Paragraph] = field(default_factory=list)
    spans: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    headline: Paragraph | None = None

    @property
    def size(self) -> int:
        """Words of the body."""
        return sum(paragraph.size for paragraph in self.body)


def split_page(content: PageText, min_words: int = 25) -> tuple[tuple[Article, ...], tuple[Remainder, ...]]:
    """Give the articles of a page in order, and the runs of its text that belong to none, with the reason."""
    paragraphs = read_paragraphs(content.text, content.lines)
    if any(line.body for line in content.lines):
        articles = _keep_articles(_cleaned_articles(paragraphs), min_words)
    else:
        if _is_listing(paragraphs):
            return (), tuple(_remainder(paragraphs, ()))
        _mark_zones(paragraphs)
        _mark_bios(paragraphs)
        _mark_shorts(paragraphs)
        articles = _keep_articles(_cut_articles(paragraphs), min_words)
    for article in articles:
        _trim(article)
        article.spans = tuple(_body_spans(content.text, article, paragraphs))
        article.headline = pick_headline(article)
    articles = [article for article in articles if article.spans]
    return tuple(articles), tuple(_remainder(paragraphs, articles))


def _is_listing(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a page only lists other pages: teasers of a few sentences, each with its "Read more"."""
    links = runs = longest = size = 0
    for paragraph in paragraphs:
        if paragraph.kind == "promo" and paragraph.size <= 3:
            links += 1
            runs += size > 0
            size = 0
        elif paragraph.is_text:
            size += paragraph.size
            longest = max(longest, size)
    return links >= 3 and runs >= 3 and longest <= 60


_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NEVER_BODY = frozenset(
    {"share", "subscribe", "cookies", "copyright", "comments", "promo", "separator", "feed"}
)


_EDGES = frozenset(
    {"stamp", "byline", "credit", "bio", "about", "contact", "correction", "disclaimer", "meta", "title"}
)


def _cleaned_articles(paragraphs: list[Paragraph]) -> list[Article]:
    """Give the articles of an HTML page as its cleaning found them, one for each article element."""
    groups: dict[int, list[Paragraph]] = {}
    for paragraph in paragraphs:
        line = paragraph.html
        if line and line.body and not (paragraph.kind in _NEVER_BODY and paragraph.size < 60):
            groups.setdefault(line.article, []).append(paragraph)
        elif paragraph.is_text:
            paragraph.kind = "aside"
    return [_cleaned_article(body, paragraphs) for body in groups.values()]


def _cleaned_article(body: list[Paragraph], paragraphs: list[Paragraph]) -> Article:
    """Take dates, bylines and credits off both ends, and call what is left text."""
    first, last = 0, len(body) - 1
    while first < last and (body[first].kind in _EDGES or _is_heading(body[first])):
        first += 1
    while last > first and (body[last].kind in _EDGES or _is_heading(body[last])):
        last -= 1
    kept = body[first : last + 1]
    start, end = paragraphs.index(kept[0]), paragraphs.index(kept[-1])
    for paragraph in kept:
        if not _can_be_body(paragraph):
            paragraph.kind = "heading" if _is_heading(paragraph) else "sentence"
    return Article(
        body=kept, above=paragraphs[max(0, start - 25) : start], below=paragraphs[end + 1 : end + 20]
    )


def _is_heading(paragraph: Paragraph) -> bool:
    return paragraph.html is not None and paragraph.html.tag in _HEADING_TAGS


def _mark_zones(paragraphs: list[Paragraph]) -> None:
    """Follow the headings of foreign parts (comments, related stories, about the author) to where they
    end.
    """
    position = 0
    while position < len(paragraphs):
        kind = paragraphs[position].kind
        if kind == "comments":
            position = _mark_comments(paragraphs, position)
        elif kind == "promo":
            position = _mark_promo(paragraphs, position)
        elif kind == "about":
            position = _mark_about(paragraphs, position)
        else:
            position += 1


def _mark_comments(paragraphs: list[Paragraph], position: int) -> int:
    at = position + 1
    while at < len(paragraphs):
        if _opens_article(paragraphs, at):
            return at
        if paragraphs[at].is_text or paragraphs[at].kind in {"short", "item", "stamp"}:
            paragraphs[at].kind = "comments"
        at += 1
    return at


def _opens_article(paragraphs: list[Paragraph], at: int) -> bool:
    """Whether a headline stands here with a long run of sentences under it, and no time stamp between."""
    head = paragraphs[at]
    if head.kind != "short" or head.size < 5 or (head.ends and not head.text.endswith("?")):
        return False
    following = paragraphs[at + 1 : at + 9]
    signed = sum(
        1
        for paragraph in following[:3]
        if paragraph.kind in {"byline", "stamp"} and not is_ago(paragraph.text)
    )
    after = following[signed:]
    prose = [paragraph for paragraph in after[:5] if paragraph.kind == "prose" and paragraph.size >= 20]
    return len(prose) >= (2 if signed else 3) and all(
        paragraph.kind not in {"comments", "stamp"} for paragraph in after[:4]
    )


def _mark_promo(paragraphs: list[Paragraph], position: int) -> int:
    """Mark the titles under a heading like "Read also", and a teaser of one of them; the body may go on
    after.
    """
    _mark_card_above(paragraphs, position)
    if paragraphs[position].size > 6:  # the promoted title is on the same line
        return position + 1
    at, titles = position + 1, 0
    while at < len(paragraphs) and paragraphs[at].kind in {
        "short",
        "stamp",
        "share",
        "meta",
        "menu",
        "byline",
        "promo",
    }:
        if titles and _leads_body(paragraphs, at):
            break
        titles += paragraphs[at].kind == "short"
        paragraphs[at].kind = "promo"
        at += 1
    if titles and at < len(paragraphs) and _is_teaser(paragraphs, at):
        paragraphs[at].kind = "promo"
        at += 1
    return at


def _mark_card_above(paragraphs: list[Paragraph], position: int) -> None:
    """Mark a line just above the promotion that the page has again just below: the picture's text of a
    link.
    """
    below = {paragraph.text.casefold() for paragraph in paragraphs[position + 1 : position + 6]}
    for paragraph in paragraphs[max(0, position - 2) : position]:
        if paragraph.kind == "short" and paragraph.text.casefold() in below:
            paragraph.kind = "promo"


def _leads_body(paragraphs: list[Paragraph], at: int) -> bool:
    """Whether a short line under promoted titles is itself a heading of the body: sentences go on under
    it.
    """
    following = paragraphs[at + 1 : at + 3]
    return (
        paragraphs[at].kind == "short"
        and paragraphs[at].repeats == 1
        and len(following) == 2
        and all(paragraph.kind == "prose" for paragraph in following)
    )


def _is_teaser(paragraphs: list[Paragraph], at: int) -> bool:
    """Whether one or two sentences under a promoted title sum it up, and something else follows."""
    paragraph = paragraphs[at]
    if not paragraph.is_text or paragraph.size > 60 or at + 1 >= len(paragraphs):
        return False
    title, following = paragraphs[at - 1], paragraphs[at + 1]
    told = {word for word in words(title.text) if len(word) >= 4}
    return title.repeats > 1 or (following.kind == "short" and bool(told & set(words(paragraph.text))))


def _mark_about(paragraphs: list[Paragraph], position: int) -> int:
    at = position + 1
    while at < len(paragraphs) and paragraphs[at].is_text:
        first = at == position + 1
        told = boilerplate.BIO.match(paragraphs[at].text) or paragraphs[at].text.startswith(
            ("He ", "She ", "They ", "His ", "Her ")
        )
        if not (first or told):
            break
        paragraphs[at].kind = "bio"
        at += 1
    return at


def _mark_bios(paragraphs: list[Paragraph]) -> None:
    """Mark a paragraph on a writer that stands just above a heading or the end, under a long enough body."""
    told: list[Paragraph] = []
    for paragraph, following in zip(paragraphs, [*paragraphs[1:], None], strict=True):
        alone = following is None or not following.is_text
        long_enough = sum(each.size for each in told) >= 100
        if (
            paragraph.kind in {"prose", "sentence", "short"}
            and long_enough
            and alone
            and _is_bio(paragraph, told)
        ):
            paragraph.kind = "bio"
            told = []
        if paragraph.is_text:
            told.append(paragraph)
    _mark_about_outlet(paragraphs)


def _mark_about_outlet(paragraphs: list[Paragraph]) -> None:
    """Mark what a page's last heading says of its maker ("About …", and praise of a company or paper)."""
    headings = [
        at for at, paragraph in enumerate(paragraphs) if paragraph.kind == "short" and paragraph.size <= 8
    ]
    for at in headings[-2:]:
        following = paragraphs[at + 1 : at + 5]
        if not (at and following and boilerplate.ABOUT_OUTLET.match(paragraphs[at].text)):
            continue
        if boilerplate.SELF_PRAISE.search(following[0].text) and len(paragraphs) - at <= 5:
            for paragraph in paragraphs[at:]:
                paragraph.kind = "about"


def _mark_shorts(paragraphs: list[Paragraph]) -> None:
    """Decide the runs of lines that are no sentences by what stands on both sides of them."""
    texts = [at for at, paragraph in enumerate(paragraphs) if paragraph.kind == "prose"]
    if not texts:
        texts = [at for at, paragraph in enumerate(paragraphs) if paragraph.kind == "sentence"]
    if not texts:
        return
    for before, after in zip([-1, *texts], [*texts, len(paragraphs)], strict=True):
        run = paragraphs[before + 1 : after]
        if before < 0:
            _mark_head(run)
        elif after == len(paragraphs):
            _mark_foot(run, paragraphs[before])
        else:
            _mark_between(run, paragraphs[before])


def _mark_head(run: list[Paragraph]) -> None:
    """Above the first sentences: short sentences count only next to the body."""
    near = True
    for paragraph in reversed(run):
        if paragraph.kind == "sentence" and (not near or paragraph.size < 5):
            paragraph.kind = "short"
        near = near and paragraph.kind in {"sentence", "short", "stamp", "byline", "share", "meta", "credit"}
        if paragraph.kind == "item":
            paragraph.kind = "menu"


def _mark_foot(run: list[Paragraph], last: Paragraph) -> None:
    """Below the last sentences: short sentences and list items count while nothing else has come between."""
    near, colon = True, last.text.endswith(":")
    for paragraph in run:
        if paragraph.kind == "item":
            paragraph.kind = "item" if near and colon else "menu"
        elif paragraph.kind == "sentence":
            if not near:
                paragraph.kind = "menu"
            colon = paragraph.text.endswith(":")
        elif paragraph.kind == "short":
            near = False
            paragraph.kind = "menu"
        else:
            near = near and paragraph.kind in {"promo", "credit", "share", "separator"}


def _mark_between(run: list[Paragraph], before: Paragraph) -> None:
    shorts = [paragraph for paragraph in run if paragraph.kind == "short"]
    if len(shorts) > _MAX_RUN and not before.text.endswith(":"):
        for paragraph in shorts[:-2]:
            paragraph.kind = "menu"
    items = [paragraph for paragraph in run if paragraph.kind == "item"]
    if len(items) == 1 and not before.text.endswith(":") and not items[0].ends:
        items[0].kind = "short"


def _cut_articles(paragraphs: list[Paragraph]) -> list[Article]:
    """Walk down the page, collect bodies, and open a new article where the evidence says so."""
    articles: list[Article] = []
    above: list[Paragraph] = []
    current: Article | None = None
    for at, paragraph in enumerate(paragraphs):
        if not _can_be_body(paragraph):
            above.append(paragraph)
            continue
        if current is None or _starts(paragraphs, at, current, above):
            current = Article(body=[paragraph], above=above)
            articles.append(current)
        else:
            _take_over(current, above, paragraph)
        above = []
    if current is not None:
        current.below = above
    for article, following in itertools.pairwise(articles):
        article.below = _foot_of(following.above)
    return articles


def _foot_of(between: list[Paragraph]) -> list[Paragraph]:
    """Give the lines between two articles that belong to the upper one: those above the next headline."""
    for at, line in enumerate(between):
        if line.kind in {"byline", "stamp"} or (line.kind == "short" and line.size >= 4):
            return between[:at]
    return between


def _can_be_body(paragraph: Paragraph) -> bool:
    return paragraph.kind in {"prose", "sentence", "item"}


def _starts(paragraphs: list[Paragraph], at: int, current: Article, above: list[Paragraph]) -> bool:
    return starts_article(
        Boundary(body=current.body, between=above, following=_until_heading(paragraphs, at))
    )


def _until_heading(paragraphs: list[Paragraph], at: int) -> list[Paragraph]:
    """Give the paragraphs from here to the next heading or other break, at most twelve."""
    found: list[Paragraph] = []
    for paragraph in paragraphs[at : at + 40]:
        if paragraph.kind in {"short", "byline", *_END_MATTER}:
            break
        if _can_be_body(paragraph):
            found.append(paragraph)
    return found[:12]


def _take_over(article: Article, between: list[Paragraph], paragraph: Paragraph) -> None:
    """Go on with the same article: short lines just before become its sub-headings, all else stays out."""
    for line in between:
        if line.kind == "short":
            line.kind = "heading"
            article.body.append(line)
        elif line.kind == "caption":
            article.body.append(line)
    article.body.append(paragraph)


def _keep_articles(articles: list[Article], min_words: int) -> list[Article]:
    """Leave out fragments: runs of a few words beside real articles; a lone short text is kept."""
    kept = [article for article in articles if article.size >= min_words and _is_article(article, articles)]
    if not kept and articles:
        longest = max(articles, key=lambda article: article.size)
        kept = [longest] if longest.size >= 8 else []
    for article in articles:
        if article not in kept:
            for paragraph in article.body:
                paragraph.kind = "fragment"
    return kept


def _is_article(article: Article, others: Sequence[Article]) -> bool:
    largest = max(other.size for other in others)
    if article.size >= 60 or article.size * 4 >= largest:
        return True
    if not any(line.kind == "short" and line.size >= 5 for line in article.above[-4:]):
        return False
    return len(article.body) >= 2 or is_doubled(article.above[-6:])


def _trim(article: Article) -> None:
    """Take bios, credits and headings off both ends of a body."""
    while article.body and not article.body[-1].is_text and article.body[-1].kind != "item":
        article.body.pop().kind = "menu"
    while len(article.body) > 1 and _is_bio(article.body[-1], article.body):
        article.body.pop().kind = "bio"
    while article.body and article.body[0].kind == "heading":
        article.above.append(article.body.pop(0))
    first = article.body[0] if article.body else None
    if first is not None and len(article.body) > 1 and lead_stamp(first.text) and not first.ends:
        first.kind = "head"
        article.above.append(article.body.pop(0))


def pick_headline(article: Article) -> Paragraph | None:
    """Give the line above a body that is its headline, None if there is none."""
    above = article.above[-12:]
    lines = [
        line
        for line in above
        if line.kind in {"short", "head", "heading"} and 2 <= line.size <= 40 and not _is_letterhead(line)
    ]
    lines = [line for line in lines if not boilerplate.PAPER.search(line.text.strip(" *#|"))] or lines
    marked = [line for line in lines if line.html and line.html.tag in {"h1", "h2"}]
    if marked or not lines:
        return marked[-1] if marked else None
    scores = [_headline_score(line, place, lines, above) for place, line in enumerate(lines)]
    return lines[max(range(len(lines)), key=lambda place: (scores[place], place))]


def _headline_score(line: Paragraph, place: int, lines: list[Paragraph], above: list[Paragraph]) -> float:
    """Weigh a candidate: long enough, near the body, above a date or byline, told twice, not the line
    under a headline.
    """
    after = above[above.index(line) + 1 :]
    score = min(line.size, 6) / 6 - 0.3 * (len(lines) - 1 - place) - 0.5 * (line.size > 24)
    score += 0.8 * any(other.kind in {"stamp", "byline", "meta"} for other in after)
    score += 0.8 * any(is_doubled([line, other]) for other in lines if other is not line)
    score -= 1.0 * line.text.endswith(":")
    follower = after[0] if after else None
    paired = follower is not None and follower in lines[place + 1 :] and follower is lines[-1]
    alone = place == 0 or above.index(line) - above.index(lines[place - 1]) > 1 or line.gap > 0
    if paired and alone and line.size >= 5 and follower is not None and follower.size >= 5:
        score += 0.5
    return score


def _is_letterhead(line: Paragraph) -> bool:
    return bool(boilerplate.LETTERS.match(line.text))


def _is_bio(paragraph: Paragraph, body: Sequence[Paragraph]) -> bool:
    """Whether a paragraph presents somebody of whom the text above it doesn't speak: its writer."""
    match = boilerplate.BIO.match(paragraph.text) if paragraph.size <= 120 else None
    if not match:
        return False
    name = boilerplate.BIO_NAME.match(paragraph.text)
    surname = name["author"].split()[-1] if name else ""
    return not any(surname in line.text for line in body if line is not paragraph)


def _body_spans(text: str, article: Article, paragraphs: Sequence[Paragraph]) -> Iterator[Span]:
    """Give the runs of page text that are the body: paragraphs in a row make one run, their line ends
    included.
    """
    inside = {id(paragraph) for paragraph in article.body}
    start = end = -1
    for paragraph in paragraphs:
        if id(paragraph) in inside:
            if start < 0:
                start = paragraph.start
            end = paragraph.end
        elif start >= 0 and paragraph.start > end:
            if paragraph.start < article.body[-1].start:
                yield Span(start=start, end=paragraph.start)
                start = -1
            else:
                break
    if start >= 0:
        yield Span(start=start, end=start + _tail_cut(text[start:end]))


def _tail_cut(body: str) -> int:
    """Give where a body ends before credits or a writer's bio that stand on its last line."""
    last = body.rfind("\n") + 1
    line = body[last:]
    for match in boilerplate.TAIL.finditer(line, max(0, len(line) - 900)):
        kept = line[: match.start("tail")].rstrip()
        if last or count_words(kept) >= 20:
            return last + len(kept) if kept else len(body[:last].rstrip())
    return last + _bio_cut(line)


def _bio_cut(line: str) -> int:
    """Give where a long last line ends before a last sentence on its writer, whom it doesn't name before."""
    start = max(0, len(line) - 500)
    sentences = sentence_spans(line[start:]) if len(line) > 1000 else ()
    if len(sentences) > 1:
        at = start + sentences[-1].start
        match = boilerplate.BIO.match(line[at:])
        name = boilerplate.BIO_NAME.match(line[at:])
        if match and name and name["author"].split()[-1] not in line[:at]:
            return len(line[:at].rstrip())
    return len(line)


def _remainder(paragraphs: Sequence[Paragraph], articles: Sequence[Article]) -> Iterator[Remainder]:
    """Give what no body holds, neighbours of one reason joined."""
    taken = sorted(span for article in articles for span in article.spans)
    heads = {id(article.headline) for article in articles}
    start, end, reason = -1, -1, ""
    for paragraph in paragraphs:
        for low, high in _outside(paragraph, taken):
            named = "title" if id(paragraph) in heads else _reason(paragraph, low)
            joined = start >= 0 and named == reason and not any(end <= span.start < low for span in taken)
            if start >= 0 and not joined:
                yield Remainder(page_span=Span(start=start, end=end), reason=reason)
            start, end, reason = (start if joined else low), high, named
    if start >= 0:
        yield Remainder(page_span=Span(start=start, end=end), reason=reason)


def _outside(paragraph: Paragraph, taken: Sequence[Span]) -> Iterator[tuple[int, int]]:
    low = paragraph.start
    for span in taken:
        if span.end <= low or span.start >= paragraph.end:
            continue
        if span.start > low:
            yield low, span.start
        low = span.end
    if low < paragraph.end:
        yield low, paragraph.end


def _reason(paragraph: Paragraph, low: int) -> str:
    if low > paragraph.start and _can_be_body(paragraph):
        return "credit"
    return {
        "short": "menu",
        "heading": "menu",
        "meta": "date",
        "stamp": "date",
        "about": "bio",
        "item": "menu",
    }.get(paragraph.kind, paragraph.kind)
