"""The brief as one HTML file: nothing is loaded from anywhere, nothing from outside is trusted.

All text passes Jinja's autoescape or `_marked`; styles and script are allowed by their digests only
(Content-Security-Policy), so that markup smuggled into a report can neither run nor call home.
Without JavaScript every citation is a link to the highlighted words in the appendix.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import pairwise

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from detente.publish.charts import Picture, draw_dates, draw_deeds, draw_network, draw_series
from detente.publish.compose import BriefView, name_dyad, name_period
from detente.publish.entries import Entry, Telling
from detente.publish.indexchart import MOST_DYADS as MOST_INDEXED
from detente.publish.indexchart import draw_tension, name_days
from detente.publish.likelihood import ICD_203, likelihood_words
from detente.publish.maps import draw_map
from detente.publish.relations import KIND_WORDS, Tie
from detente.publish.scale import TYPE_WORDS
from detente.publish.sentences import MONTHS, clean_text, name_day, name_when, quote_words
from detente.publish.sources import RELIABILITY_WORDS, SourceRow
from detente.publish.tension import DyadTension, Step
from detente.records import Citation, Document, DocumentId, Line, Span

MOST_ROWS = 3000  # of the timeline; the weightiest stay
MOST_OF_A_MONTH = 250  # rows of one fold; fuller months fold by day
MOST_STATEMENTS = 400  # lines of "who says what"
MOST_DISPUTES = 60
MOST_STEPS = 150  # of the index of one dyad; the greatest jumps stay
MOST_TALES = 12
MOST_CHANGED = 20
TEXT_BUDGET = 4_000_000  # characters of documents; beyond it only the cited passages are shown
AROUND = 500  # characters kept on each side of a cited passage
_CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff\ufffe\uffff]")

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HERE = Markup('<a class="here" id="c{}"></a>')

SpanKey = tuple[DocumentId, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A stretch of the timeline."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """A document of the appendix, its cited words marked."""

    row: SourceRow
    body: Markup
    shortened: bool


class Anchors:
    """Names for the places that links go to: c1… for cited words, e1… for lines, d1… for documents, t1… for steps."""

    def __init__(self, view: BriefView) -> None:
        self.numbers = {row.document: row.number for row in view.sources}
        self.entries = {entry.id: number for number, entry in enumerate(view.entries, 1)}
        days = ((each.dyad, step.first) for each in view.tension for step in each.steps)
        self.steps = {key: number for number, key in enumerate(days, 1)}
        lines = [line for section in view.brief.sections for line in section.lines]
        spans = {(c.document, c.span.start, c.span.end) for line in lines for c in line.citations}
        ordered = sorted(spans, key=lambda key: (self.numbers[key[0]], key[1], key[2]))
        self.spans: dict[SpanKey, int] = {key: number for number, key in enumerate(ordered, 1)}
        self.spans_of: dict[DocumentId, list[tuple[Span, int]]] = {}
        for (document, start, end), number in self.spans.items():
            self.spans_of.setdefault(document, []).append((Span(start=start, end=end), number))

    def entry(self, entry: Entry) -> str:
        """Give the link to an entry's line in the timeline."""
        return f"#e{self.entries[entry.id]}"

    def step(self, tension: DyadTension, step: Step) -> str:
        """Give the link to a step of the index."""
        return f"#t{self.steps[tension.dyad, step.first]}"

    def citation(self, citation: Citation) -> int:
        """Give the number of a cited span."""
        return self.spans[(citation.document, citation.span.start, citation.span.end)]


def render_html(view: BriefView) -> str:
    """Give the brief as one self-contained HTML page; the same view gives the same bytes."""
    anchors = Anchors(view)
    shown = _most_weighty(view.entries)
    style, script = _asset("brief.css"), _asset("brief.js")
    text = _environment().get_template("brief.html").render(
        view=view, cites=lambda line: _cites(line, anchors), period=name_period(view),
        policy=_policy(style, script), style=Markup(style),
        script=Markup(script), facts=_facts(view), pictures=_pictures(view, anchors), anchors=anchors,
        news=_months(entry for entry in shown if not entry.background),
        history=_months(entry for entry in shown if entry.background),
        hidden=len(view.entries) - len(shown), statements=_limited_statements(view),
        disputes=view.disputes[:MOST_DISPUTES], ledgers={ledger.entry.id: ledger for ledger in view.ledgers},
        indices=[(each, _chief_steps(each.steps)) for each in view.tension[:MOST_INDEXED]],
        tension={each.dyad: each for each in view.tension}, tales=view.tales[:MOST_TALES],
        loose_ties=_loose_ties(view), most_changed=MOST_CHANGED, documents=_document_texts(view, anchors), bands=ICD_203,
        most=max((g.conflict + g.cooperation for g in view.judgements), default=1),
    )  # fmt: skip
    return _CONTROL.sub("\ufffd", text)


@cache
def _environment() -> Environment:
    """Give the template engine, autoescape on for everything."""
    environment = Environment(
        loader=DictLoader({name: _asset(name) for name in ("brief.html", "macros.html")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "clean": clean_text, "day": name_day, "when": name_when, "dyad": name_dyad, "words": quote_words,
        "days": name_days, "kind_words": KIND_WORDS.__getitem__,
        "likely": lambda score: likelihood_words(min(1.0, max(0.0, score))),
        "type_words": TYPE_WORDS.__getitem__, "grade": RELIABILITY_WORDS.get,
    }  # fmt: skip
    return environment


@cache
def _asset(name: str) -> str:
    return resources.files("detente.publish").joinpath("templates", name).read_text("utf-8").strip()


def _policy(style: str, script: str) -> str:
    """Give the Content-Security-Policy: our own style and script by digest, and nothing else at all."""

    def digest(text: str) -> str:
        return "'sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"

    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _cites(line: Line, anchors: Anchors) -> Markup:
    """Give the citation marks of a line; copies of one document share a mark's number, not its words."""
    marks = []
    for citation in line.citations:
        number, span = anchors.numbers[citation.document], anchors.citation(citation)
        marks.append(
            Markup('<a class="cite" href="#c{span}" data-c="{span}" data-d="{number}" title="{quote}" '
                   'aria-label="Source {number}: show the words">{number}</a>').format(
                span=span, number=number, quote=quote_words(citation.quote, 160)
            )
        )  # fmt: skip
    return Markup('\u2060<span class="cites">{}</span>').format(Markup("").join(marks))


def _most_weighty(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    if len(entries) <= MOST_ROWS:
        return tuple(entries)
    kept = {e.id for e in sorted(entries, key=lambda e: (-e.weight, e.id))[:MOST_ROWS]}
    return tuple(entry for entry in entries if entry.id in kept)


def _months(entries: Iterable[Entry]) -> tuple[Month, ...]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        start = entry.when.earliest if entry.when else None
        name = "Date not told" if start is None else f"{MONTHS[start.month - 1]} {start.year}"
        if entry.when and start and (entry.when.latest - start).days > 31:
            one_year = entry.when.latest.year == start.year
            name = f"{start.year}, not told to the month" if one_year else "Longer stretches"
        found.setdefault(name, []).append(entry)
    return tuple(part for name, group in found.items() for part in _split_month(name, group))


def _split_month(name: str, entries: Sequence[Entry]) -> list[Month]:
    """Give a month whole or, where it is too full to read, by days."""
    if len(entries) <= MOST_OF_A_MONTH:
        return [Month(name=name, entries=tuple(entries))]
    days: dict[str, list[Entry]] = {}
    for entry in entries:
        days.setdefault(name_when(entry.when) if entry.when else name, []).append(entry)
    return [Month(name=day, entries=tuple(group)) for day, group in days.items()]


def _limited_statements(view: BriefView) -> list[tuple[str, tuple[Telling, ...], int]]:
    """Give (speaker, lines, lines left out) up to a number of lines in all."""
    left = MOST_STATEMENTS
    found: list[tuple[str, tuple[Telling, ...], int]] = []
    for each in view.statements:
        kept = each.tellings[: min(25, left)]
        left -= len(kept)
        if kept:
            found.append((each.speaker, kept, len(each.tellings) - len(kept)))
    return found


def _chief_steps(steps: Sequence[Step]) -> list[Step]:
    """Give the steps that have something to open, in order of time; of too many those of the greatest jumps."""
    told = [step for step in steps if step.line or step.value is None]
    if len(told) <= MOST_STEPS:
        return told
    kept = {step.first for step in sorted(told, key=lambda s: -abs(s.jump))[:MOST_STEPS]}
    return [step for step in told if step.first in kept]


def _loose_ties(view: BriefView) -> list[Tie]:
    """Give the standing relations that stand beside no dyad."""
    shown = {tie.line for group in view.judgements for tie in group.ties}
    return [tie for tie in view.ties if tie.line not in shown]


def _facts(view: BriefView) -> list[tuple[str, str]]:
    """Give the figures under the title."""
    originals = [row for row in view.sources if row.copy_of is None]
    outlets = {row.outlet for row in originals}
    copies = len(view.sources) - len(originals)
    news = view.current
    conflict = sum(entry.conflict for entry in news)
    merged = "incidents" if any(entry.incident for entry in news) else "entries"
    return [
        (str(len(originals)), "document" if len(originals) == 1 else "documents"),
        *([(str(copies), "copy" if copies == 1 else "copies")] if copies else []),
        (str(len(outlets)), "outlet" if len(outlets) == 1 else "outlets"),
        (f"{len(news):,}", merged if len(news) != 1 else merged[:-1].replace("entrie", "entry")),
        (f"{conflict:,}", "of conflict"), (f"{len(news) - conflict:,}", "of cooperation"),
        (str(len(view.disputes)), "disputed"),
    ]  # fmt: skip


def _pictures(view: BriefView, anchors: Anchors) -> dict[str, Picture | None]:
    """Give the pictures by name; None where there is nothing to draw."""
    return {
        "series": draw_series(view), "deeds": draw_deeds(view), "network": draw_network(view),
        "map": draw_map(view), "index": draw_tension(view, anchors.step), "dates": draw_dates(view, anchors.entry),
    }  # fmt: skip


# documents with their cited words marked


def _document_texts(view: BriefView, anchors: Anchors) -> list[DocumentText]:
    left, texts = TEXT_BUDGET, []
    for document, row in zip(view.documents, view.sources, strict=True):
        spans = anchors.spans_of.get(document.id, [])
        whole = len(document.text) <= left
        windows = [Span(start=0, end=len(document.text))]
        if not whole:
            windows = _windows(document, [span for span, _ in spans])
        left -= sum(window.end - window.start for window in windows)
        parts = (_marked(document.text, window, spans) for window in windows)
        body = Markup('<span class="gap"> […] </span>').join(parts)
        texts.append(DocumentText(row=row, body=body, shortened=not whole))
    return texts


def _windows(document: Document, spans: Sequence[Span]) -> list[Span]:
    """Give the stretches around the cited passages, joined where they meet."""
    found: list[Span] = []
    for span in sorted(spans):
        start, end = max(0, span.start - AROUND), min(len(document.text), span.end + AROUND)
        if found and start <= found[-1].end:
            found[-1] = Span(start=found[-1].start, end=max(end, found[-1].end))
        else:
            found.append(Span(start=start, end=end))
    return found or [Span(start=0, end=min(AROUND, len(document.text)))]


def _words(text: str) -> Markup:
    """Give words for the page, unchanged, but so that none of them can turn its neighbours around.

    A character that overrides the direction of writing stands in an element of its own, where it ends.
    """
    safe = str(escape(text)).replace("\r", "&#13;")
    return Markup(_TURNING.sub(r"<bdi>\g<0></bdi>", safe))


def _marked(text: str, window: Span, spans: Sequence[tuple[Span, int]]) -> Markup:
    """Give a stretch of text with every cited span marked; crossing spans share their common part."""
    inside = [(s, n) for s, n in spans if s.start >= window.start and s.end <= window.end]
    cuts = sorted({window.start, window.end, *(s.start for s, _ in inside), *(s.end for s, _ in inside)})
    starts: dict[int, list[tuple[Span, int]]] = {}
    for span, number in inside:
        starts.setdefault(span.start, []).append((span, number))
    parts: list[Markup] = []
    live: list[tuple[Span, int]] = []
    for start, end in pairwise(cuts):
        live = [(s, n) for s, n in live if s.end > start] + starts.get(start, [])
        words = _words(text[start:end])
        if not live:
            parts.append(words)
            continue
        new = Markup("").join(_HERE.format(number) for _, number in starts.get(start, []))
        names = " ".join(str(number) for _, number in live)
        parts.append(Markup('<mark data-c="{}">{}{}</mark>').format(names, new, words))
    return Markup("").join(parts)
