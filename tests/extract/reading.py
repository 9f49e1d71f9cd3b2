"""Reading short texts with the real engines and the packs that ship, loaded once."""

from datetime import UTC, datetime
from functools import cache

from detente.engines import Engines, load_engines
from detente.extract import Thresholds, extract_events, read_scene
from detente.extract.parties import Party
from detente.packs import Pack, load_pack, shipped_packs
from detente.records import Document, DocumentId, Event, PageId, Span, When, make_id

WEDNESDAY = datetime(2024, 3, 20, 9, tzinfo=UTC)


@cache
def pack() -> Pack:
    return load_pack(shipped_packs())


@cache
def engines() -> Engines:
    return load_engines()


def article(text: str, published: datetime | None = WEDNESDAY, language: str | None = "en") -> Document:
    when = None if published is None else When(earliest=published, latest=published, basis="given")
    return Document(
        id=DocumentId(make_id("document", text)), page=PageId("page-1"), url="file:a.txt", title=None, author=None,
        outlet="Test Wire", known_at=WEDNESDAY, published=when, language=language, genre="report", text=text, pieces=(),
    )  # fmt: skip


def parties(text: str, published: datetime | None = WEDNESDAY) -> list[tuple[str, Party]]:
    """Give the parties of a text, each with its words."""
    scene = read_scene(article(text, published), pack(), engines())
    return [(scene.annotation.quote(p.start, p.end), p) for p in scene.parties]


def who(text: str, words: str, published: datetime | None = WEDNESDAY) -> list[str]:
    """Give the names of the actors that the last phrase with just these words stands for."""
    return [[a.name for a in p.actors] for quote, p in parties(text, published) if quote == words][-1]


def events(document: Document, cut: Thresholds | None = None) -> tuple[Event, ...]:
    return extract_events(document, pack(), engines(), cut)


def spans(event: Event) -> list[Span]:
    """Give every span that an event points with."""
    told = [e.span for e in event.evidence]
    counts = [c for c in (event.killed, event.injured, *event.counts) if c is not None]
    said = [event.attribution.span] if event.attribution is not None else []
    return [s for s in (*told, *(c.span for c in counts), *said) if s is not None]
