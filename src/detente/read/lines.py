"""From page text to paragraphs, each named for what it looks like on its own."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.read import boilerplate
from detente.read.html import HtmlLine
from detente.text import count_words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDS = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$|[\"”»]$")
_STAMP = re.compile(
    r"^\W*(?:(?:published|posted|updated|date|issued|first published|last updated|last modified|created|modified|time|on)\b[\s:–-]*(?:on|at)?\s*)*"  # noqa: E501
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,.]?\s+)?"
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?[a-z]{3,9}\.?,?\s+\d{4}|[a-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:at\s+)?\d{4})"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"^\W*(?:\d{1,3}|an?|one|two|three|few|several)\s+(?:seconds?|mins?|minutes?|hours?|hrs?|days?|weeks?|months?|years?)\s+ago\b.{0,40}$|^\W*(?:just now|yesterday|today)\W*$",  # noqa: E501
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^\W*\d{1,2}:\d{2}(?:\s*[ap]\.?m\.?)?(?:\s+\(?[A-Z]{2,4}\)?)?\W*$", re.IGNORECASE)
_SIGNED_STAMP = re.compile(  # "Geneva, 3 March 2024", "The Daily X | March 3, 2024"
    r"^\W*(?!(?i:posted|reply|written|by)\b)[A-ZÀ-Þ][^.!?;:]{1,60}?\s?[,|•·–—-]\s*(?:\d{1,2}(?:st|nd|rd|th)?\.?\s+[A-Za-z]{3,9}\.?,?\s+\d{4}|[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{4}-\d{2}-\d{2})\W*$"
)
ADDRESS = re.compile(r"^<?(?:url:\s*)?(?P<url>https?://[^\s<>]{4,2000})>?$", re.IGNORECASE)
_MENU_WORDS = frozenset(
    [
        "home",
        "news",
        "politics",
        "world",
        "business",
        "sport",
        "sports",
        "opinion",
        "about",
        "contact",
        "us",
        "search",
        "menu",
        "login",
        "culture",
        "science",
        "health",
        "technology",
        "tech",
        "economy",
        "video",
        "videos",
        "photos",
        "gallery",
        "live",
        "latest",
        "archive",
        "archives",
        "tv",
        "radio",
        "weather",
        "jobs",
        "shop",
        "help",
        "faq",
        "careers",
        "advertise",
        "privacy",
        "terms",
        "sitemap",
        "rss",
        "feed",
        "english",
        "русский",
        "français",
        "español",
        "deutsch",
        "العربية",
        "فارسی",
        "中文",
        "türkçe",
        "africa",
        "asia",
        "europe",
        "americas",
        "middle-east",
        "east",
        "magazine",
        "podcasts",
        "newsletters",
        "events",
        "subscribe",
        "account",
        "settings",
        "rubrics",
        "analysis",
        "features",
        "interviews",
        "society",
        "entertainment",
        "lifestyle",
        "travel",
        "next",
        "previous",
        "prev",
        "back",
        "skip",
        "content",
        "main",
        "top",
        "tags",
        "tag",
        "category",
        "categories",
        "topics",
        "topic",
        "facebook",
        "twitter",
        "instagram",
        "youtube",
        "telegram",
        "linkedin",
    ]
)
_LIST_ITEM = re.compile(r"^\s*(?:[-*•▪●–—]|\d{1,2}[.)]|\([a-z0-9]\)|[a-z][.)])\s*\S")
_CRUMBS = re.compile(r"\S (?:>|»|›|/|::) \S.{0,80}? (?:>|»|›|/|::) \S")
_MARKUP_HEADING = re.compile(r"^(?:#{1,6}\s+\S|={2,6}[^=].*={2,6}$|\*\*[^*]{3,200}\*\*$)")


@dataclass(slots=True)
class Paragraph:
    """A run of the page's text between blank lines or line ends, with what it is taken for.

    `kind` is prose (sentences), sentence (one short one), item (of a list), short (not yet known),
    stamp (a date), byline, about (an author's heading), or a reason of `boilerplate.LINES`.
    """

    start: int
    end: int
    text: str
    gap: int  # blank lines before it
    kind: str = "short"
    size: int = 0  # words
    lower: float = 0.0  # share of its words that begin with a small letter
    ends: bool = False  # closes like a sentence
    repeats: int = 1  # how often the page has it
    html: HtmlLine | None = None

    @property
    def is_text(self) -> bool:
        """Whether it can stand in a body on its own."""
        return self.kind in {"prose", "sentence"}


def read_paragraphs(text: str, lines: Sequence[HtmlLine] = ()) -> list[Paragraph]:
    """Give the paragraphs of a page in order, named by their own look; a hard-wrapped text is joined up."""
    found = list(_html_paragraphs(text, lines) if lines else _plain_paragraphs(text))
    counts = Counter(paragraph.text.casefold() for paragraph in found)
    for paragraph in found:
        paragraph.repeats = counts[paragraph.text.casefold()]
        _measure(paragraph)
        paragraph.kind = _name(paragraph)
    return found


def _html_paragraphs(text: str, lines: Sequence[HtmlLine]) -> Iterator[Paragraph]:
    for line in lines:
        yield Paragraph(start=line.start, end=line.end, text=text[line.start : line.end], gap=1, html=line)


def _plain_paragraphs(text: str) -> Iterator[Paragraph]:
    gap, run = 0, list[tuple[int, int]]()
    before = 0
    for start, end in _line_spans(text):
        if start == end:
            yield from _join(text, run, before)
            if run:
                gap = 0
            run = []
            gap += 1
            continue
        if not run:
            before = gap
        run.append((start, end))
    yield from _join(text, run, before)


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give every line's span without the white space around its text; an empty span is a blank line."""
    at = 0
    for line in text.split("\n"):
        lead = len(line) - len(line.lstrip())
        yield (at + lead, at + len(line.rstrip())) if line.strip() else (at, at)
        at += len(line) + 1


def _join(text: str, run: list[tuple[int, int]], gap: int) -> Iterator[Paragraph]:
    """Give one paragraph per line, or one for runs of lines that were wrapped at a column."""
    position = 0
    while position < len(run):
        last = _wrapped_until(text, run, position)
        start, end = run[position][0], run[last][1]
        yield Paragraph(start=start, end=end, text=text[start:end], gap=gap if position == 0 else 0)
        position = last + 1


def _wrapped_until(text: str, run: list[tuple[int, int]], first: int) -> int:
    last = first
    while last + 1 < len(run) and _is_wrapped(text, run[last], run[last + 1]):
        last += 1
    finished = sum(1 for start, end in run[first:last] if _ENDS.search(text[start:end]))
    if finished * 2 > last - first:
        return first
    joined = text[run[first][0] : run[last][1]]
    if last > first and len(joined) < 90 and not _ENDS.search(joined):
        return first
    return last


def _is_wrapped(text: str, line: tuple[int, int], following: tuple[int, int]) -> bool:
    """Whether a line was broken for width: of usual width, unfinished, and the next word would not have
    fitted.
    """
    width = line[1] - line[0]
    here, below = text[line[0] : line[1]], text[following[0] : following[1]]
    if not 45 <= width <= 100 or len(below) > 105 or here.endswith("|"):
        return False
    if _LIST_ITEM.match(below) or ADDRESS.match(here):
        return False
    word = below.split(None, 1)[0]
    unfinished = not _ENDS.search(here)
    return (unfinished and (word[0].islower() or width >= 58)) or width + len(word) >= 68


def _measure(paragraph: Paragraph) -> None:
    text = paragraph.text[:1500]
    found = _WORD.findall(text)
    paragraph.size = count_words(paragraph.text)
    paragraph.lower = sum(1 for word in found if not word[0].isupper()) / len(found) if found else 0.0
    paragraph.ends = bool(_ENDS.search(paragraph.text[-8:]))


def _name(paragraph: Paragraph) -> str:
    text = paragraph.text
    if ADDRESS.match(text):
        return "address"
    if boilerplate.POSTED.match(text):
        return "byline"
    if boilerplate.CAPTION.match(text) and paragraph.size <= 60:
        return "caption"
    if is_stamp(text):
        return "stamp"
    if boilerplate.ABOUT_AUTHOR.match(text) and paragraph.size <= 14:
        return "about"
    if paragraph.size <= 45 and (reason := boilerplate.name_line(text)):
        return reason
    if paragraph.size > 45 and (reason := _name_long(text)):
        return reason
    if paragraph.size <= 16 and boilerplate.BYLINE.match(text) and not paragraph.ends:
        return "byline"
    return _name_by_shape(paragraph)


def _name_long(text: str) -> str | None:
    for reason in ("cookies", "copyright", "feed", "disclaimer"):
        if boilerplate.LINES[reason].match(text):
            return reason
    return None


def is_stamp(text: str) -> bool:
    """Whether a line only tells a date or time, with a few words of its kind beside it."""
    if len(text) > 140:
        return False
    if _AGO.match(text) or _CLOCK.match(text) or _SIGNED_STAMP.match(text):
        return True
    match = _STAMP.match(text)
    return (
        match is not None
        and count_words(match["rest"]) <= 6
        and not match["rest"].rstrip().endswith((".", "?"))
    )


def is_ago(text: str) -> bool:
    """Whether a line tells a time by its distance ("2 hours ago"), as comments do."""
    return bool(_AGO.match(text))


def lead_stamp(text: str) -> int:
    """Give the length of a date stamp that opens a line of other text, 0 if there is none."""
    match = _STAMP.match(text)
    return match.start("rest") if match and not is_stamp(text) else 0


def _name_by_shape(paragraph: Paragraph) -> str:
    size, lower = paragraph.size, paragraph.lower
    if size <= 25 and _CRUMBS.search(paragraph.text):
        return "menu"
    if size <= 25 and _MARKUP_HEADING.match(paragraph.text):
        return "short"
    if _is_menu(paragraph):
        return "menu"
    if _dense(paragraph.text):
        return "prose" if size >= 20 else ("sentence" if paragraph.ends else "short")
    if size >= 12 and paragraph.ends and lower >= 0.4:
        return "prose"
    if (size >= 30 and lower >= 0.45) or (size >= 20 and paragraph.ends and lower >= 0.25):
        return "prose"
    closed = paragraph.text.endswith((".", ".”", '."')) and lower >= 0.25 and size >= 5
    if closed or (size >= 3 and paragraph.ends and lower >= 0.4 and not paragraph.text.endswith("?")):
        return "item" if _LIST_ITEM.match(paragraph.text) else "sentence"
    if _LIST_ITEM.match(paragraph.text) and size >= 2:
        return "item"
    return "short"


def _dense(text: str) -> bool:
    """Whether the script writes without spaces or without capitals, so that shape by capitals says
    nothing.
    """
    sample = text[:200]
    if sample.isascii():
        return False
    letters = [char for char in sample if char.isalpha()]
    cased = sum(1 for char in letters if char.lower() != char.upper())
    return bool(letters) and cased * 2 < len(letters)


def _is_menu(paragraph: Paragraph) -> bool:
    tokens = paragraph.text.casefold().replace("|", " ").split()
    if not tokens:
        return True
    if not any(char.isalpha() for char in paragraph.text):
        return True
    known = sum(1 for token in tokens if token.strip(".,:;»›>/&·•") in _MENU_WORDS)
    if known / len(tokens) >= 0.6 and not paragraph.ends:
        return True
    digits = sum(1 for token in tokens if token.strip(".,:").isdigit())
    if len(tokens) >= 8 and digits * 5 >= len(tokens) * 2:
        return True
    repeated = len(tokens) >= 12 and len(set(tokens)) * 3 <= len(tokens)
    return repeated and paragraph.lower < 0.5
