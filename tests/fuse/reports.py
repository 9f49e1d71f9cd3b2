"""Reports to fuse: documents and events made from a few words."""

from datetime import UTC, datetime, timedelta

from detente.records import (
    Actor,
    ActorId,
    Attribution,
    Count,
    Document,
    DocumentId,
    Event,
    EventId,
    EventType,
    Evidence,
    PageId,
    Piece,
    Place,
    PlaceId,
    Span,
    Status,
    When,
    make_id,
)

DAY = datetime(2031, 3, 1, tzinfo=UTC)


def day_of(number: float, width: float = 0.99) -> When:
    first = DAY + timedelta(days=number)
    return When(earliest=first, latest=first + timedelta(days=width), basis="stated")


def actor(name: str, country: str | None = None, sector: str | None = "GOV") -> Actor:
    kind = "unnamed" if name.startswith("unnamed") else "actor"
    return Actor(id=ActorId(make_id("actor", name)), name=name, kind=kind, country=country, sector=sector)  # type: ignore[arg-type]


RURITANIA = actor("Ruritania", "RUR")
SYLDAVIA = actor("Syldavia", "SYL")
PORT = Place(id=PlaceId("p1"), name="Port Zenda", country="SYL", latitude=10.0, longitude=20.0, radius_km=5.0)


def document(
    name: str, text: str, known: float = 0, outlet: str | None = None, copy_of: str | None = None
) -> Document:
    return Document(
        id=DocumentId(f"document-{name}"), page=PageId(f"page-{name}"), url=f"file:{name}.txt", title=None, author=None,
        outlet=outlet or f"{name} Post", known_at=DAY + timedelta(days=known + 1), published=day_of(known),
        language="en", genre="report", text=text, copy_of=DocumentId(f"document-{copy_of}") if copy_of else None,
        pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
    )  # fmt: skip


def event(
    told: Document, quote: str, type: EventType = "ASSAULT", doers: tuple[Actor, ...] = (RURITANIA,),
    targets: tuple[Actor, ...] = (SYLDAVIA,), when: When | None = None, place: Place | None = PORT,
    status: Status = "happened", killed: int | None = None, by: Actor | None = None, trigger: str | None = None,
) -> Event:  # fmt: skip
    start = told.text.index(quote)
    spans = [Evidence(field="quote", span=Span(start=start, end=start + len(quote)))]
    if trigger:
        at = told.text.index(trigger, start)
        spans.append(Evidence(field="trigger", span=Span(start=at, end=at + len(trigger))))
    return Event(
        id=EventId(make_id("event", told.id, quote, type)), document=told.id, type=type, mode=None, actors=doers,
        recipients=targets, when=when or day_of(0), place=place, status=status,
        attribution=Attribution(speaker=by, cue="said", stance="denies" if status == "denied" else "asserts") if by else None,
        killed=Count(what="killed", low=killed, high=killed) if killed is not None else None, injured=None,
        evidence=tuple(spans), score=0.9, recipe="test", known_at=told.known_at,
    )  # fmt: skip


def raid(
    name: str, killed: int | None = None, known: float = 0, when: When | None = None
) -> tuple[Document, Event]:
    """A report of one raid on a harbour, each outlet in its own words."""
    quote = f"Ruritanian gunboats shelled the harbour of Port Zenda, the {name} bureau reported"
    told = document(name, f"{quote}. The shelling of Port Zenda set warehouses on fire.", known)
    return told, event(told, quote, killed=killed, when=when, trigger="shelled")
