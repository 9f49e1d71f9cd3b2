"""A document with its events in the margin: what is painted where, and the page that shows it.

`annotate` is what terminal and page have in common: the paragraphs of the text, cut into runs that
say which fields of which events rest on them. The page loads nothing and runs no script; all text
from outside passes Jinja's autoescape, and styles are allowed by their digest only.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import pairwise

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from detente.publish.scale import TYPE_WORDS, quad_of
from detente.publish.sentences import clean_text, name_when
from detente.records import Count, Document, Event, Span

# What a run is painted as where several fields share it: the first of these.
FIELDS = ("trigger", "actor", "recipient", "when", "place", "attribution", "count", "quote")
FIELD_WORDS = {
    "trigger": "event", "actor": "actor", "recipient": "recipient", "when": "time", "place": "place",
    "attribution": "on whose word", "count": "number", "quote": "report",
}  # fmt: skip
_AS = {"also": "quote", "killed": "count", "injured": "count"}  # fields painted as another
_UNFIT = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text on which the same fields rest; `marks` are pairs of event number and field."""

    text: str
    marks: tuple[tuple[int, str], ...]
    opens: tuple[int, ...]  # events whose word begins here

    @property
    def field(self) -> str | None:
        """The field that it is painted as."""
        told = {field for _, field in self.marks}
        return next((field for field in FIELDS if field in told), None)

    @property
    def about(self) -> str:
        """The marks in words."""
        return ", ".join(f"{number} {FIELD_WORDS[field]}" for number, field in self.marks if field != "quote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An event with its number on the page, counted from 1 in the order of the text."""

    number: int
    event: Event

    @property
    def rivals(self) -> str:
        """The types that lost, with their scores."""
        return next((r.detail.removeprefix("rivals ") for r in self.event.reasons if r.detail.startswith("rivals ")), "")

    @property
    def counts(self) -> tuple[Count, ...]:
        """All counts, killed and injured first."""
        return tuple(c for c in (self.event.killed, self.event.injured, *self.event.counts) if c is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of the text, and the events that are reported from it on."""

    runs: tuple[Run, ...]
    noted: tuple[Noted, ...]


Mark = tuple[int, int, int, str]  # start, end, number of the event, field


def annotate(document: Document, events: Iterable[Event]) -> tuple[Paragraph, ...]:
    """Give the paragraphs of a document with its events; evidence that lies outside the text is left out."""
    ordered = sorted(events, key=lambda e: (_word(e), e.quote, e.id))
    noted = [Noted(number=k, event=event) for k, event in enumerate(ordered, 1)]
    marks = sorted(mark for note in noted for mark in _marks(note, len(document.text)))
    words = {note.number: _word(note.event).start for note in noted}
    pieces = list(_pieces(document.text))
    return tuple(
        Paragraph(
            runs=tuple(_runs(document.text, start, end, [m for m in marks if m[0] < end and m[1] > start], words)),
            noted=tuple(n for n in noted if _begins_in(n, start, following)),
        )
        for (start, end), following in zip(pieces, [*(s for s, _ in pieces[1:]), None], strict=True)
    )


def _word(event: Event) -> Span:
    return next((e.span for e in event.evidence if e.field == "trigger"), event.quote)


def _begins_in(note: Noted, start: int, following: int | None) -> bool:
    """Tell whether an event is reported from this paragraph on; the first and last take what lies outside."""
    at = _word(note.event).start
    return (at >= start or start == 0) and (following is None or at < following)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Give the paragraphs, or the lines where no line is empty; the whole of an empty text."""
    starts = [0, *(m.end() for m in re.finditer(r"\n[ \t]*\n\s*|\n", text) if m.end() < len(text))]
    yield from zip(starts, [*starts[1:], len(text)], strict=True)


def _marks(note: Noted, length: int) -> Iterator[Mark]:
    for evidence in note.event.evidence:
        field = _AS.get(evidence.field, evidence.field)
        if field in FIELDS and 0 <= evidence.span.start < evidence.span.end <= length:
            yield evidence.span.start, evidence.span.end, note.number, field
    for count in note.counts:
        if count.span is not None and 0 <= count.span.start < count.span.end <= length:
            yield count.span.start, count.span.end, note.number, "count"


def _runs(text: str, start: int, end: int, marks: Sequence[Mark], words: Mapping[int, int]) -> Iterator[Run]:
    edges = sorted({start, end, *(min(max(at, start), end) for mark in marks for at in mark[:2])})
    for left, right in pairwise(edges):
        here = sorted({(n, f) for a, b, n, f in marks if a <= left and right <= b}, key=lambda m: (m[0], FIELDS.index(m[1])))
        opens = sorted({n for n, _ in here if words[n] == left})
        yield Run(text=_UNFIT.sub("\ufffd", text[left:right]), marks=tuple(here), opens=tuple(opens))


def count_words(count: Count) -> str:
    """Give a count in words: "killed 12", "injured at least 3", "money 5 to 7 USD"."""
    if count.high is None:
        told = f"at least {count.low}"
    else:
        told = f"{count.low}" if count.low == count.high else f"{count.low} to {count.high}"
    return " ".join(filter(None, (count.what, told, count.unit)))


def render_annotation(document: Document, events: Iterable[Event]) -> str:
    """Give the document with its events in the margin as one self-contained HTML page."""
    style = _asset("annotation.css")
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    paragraphs = annotate(document, events)
    page = _environment().get_template("annotation.html").render(
        document=document, paragraphs=paragraphs, style=Markup(style), fields=FIELD_WORDS,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        total=sum(len(p.noted) for p in paragraphs),
    )  # fmt: skip
    return _UNFIT.sub("\ufffd", page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({"annotation.html": _asset("annotation.html")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "clean": clean_text, "when": name_when, "count": count_words, "type_words": TYPE_WORDS.__getitem__,
        "quad": lambda type_: quad_of(type_).replace(" ", "-"),
    }  # fmt: skip
    return environment


@cache
def _asset(name: str) -> str:
    return resources.files("detente.publish").joinpath("templates", name).read_text("utf-8").strip()
