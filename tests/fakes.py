"""Records to test with, made from few words."""

from datetime import UTC, datetime, timedelta

from detente.records import (
    Actor,
    Attribution,
    Brief,
    Citation,
    Document,
    Event,
    Evidence,
    Failure,
    Line,
    Link,
    Page,
    Piece,
    Reason,
    Section,
    Source,
    Span,
    When,
    make_id,
)

DAY = datetime(2023, 1, 27, tzinfo=UTC)


def make_source(name: str = "folder") -> Source:
    return Source(id=make_id("source", name), name=name, kind="folder", url="file:.")


def make_page(name: str = "a.txt", body: bytes = b"Tehran arrested 14 people.", day: int = 0) -> Page:
    return Page(
        id=make_id("page", name, body.hex()),
        source=make_source().id,
        url=f"file:{name}",
        fetched_at=DAY + timedelta(days=day),
        media_type="text/plain",
        status=200,
        body=body,
        digest=make_id("digest", body.hex()),
    )


def make_document(page: Page | None = None, title: str = "Arrests in Tehran", number: int = 0) -> Document:
    page = page or make_page()
    text = page.body.decode("utf-8", "replace")
    return Document(
        id=make_id("document", page.id, number),
        page=page.id,
        url=page.url,
        title=title,
        author=None,
        outlet="Test Wire",
        known_at=page.fetched_at,
        published=When(earliest=page.fetched_at, latest=page.fetched_at, basis="given"),
        language="en",
        genre="report",
        text=text,
        pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
    )


def make_actor(name: str = "Iran", country: str | None = "IRN") -> Actor:
    return Actor(id=make_id("actor", name), name=name, kind="state", country=country, sector="GOV")


def make_event(document: Document | None = None, number: int = 0, recipe: str = "r1") -> Event:
    document = document or make_document()
    return Event(
        id=make_id("event", document.id, number),
        document=document.id,
        type="COERCE",
        mode="arrest",
        actors=(make_actor(),),
        recipients=(make_actor("people", "IRN"),),
        when=document.published,
        place=None,
        status="happened",
        attribution=Attribution(speaker=make_actor(), cue="said", stance="asserts"),
        killed=None,
        injured=None,
        evidence=(Evidence(field="quote", span=Span(start=0, end=min(6, len(document.text)))),),
        score=0.75,
        recipe=recipe,
        known_at=document.known_at,
        reasons=(Reason(feature="verb", weight=1.5, detail="arrested"),),
    )


def make_link(event: Event, incident: str = "incident-1", by: str = "model") -> Link:
    return Link(
        id=make_id("link", event.id, incident, by),
        event=event.id,
        incident=incident,
        verdict="same",
        score=0.9,
        reasons=(),
        by=by,
        at=DAY,
    )


def make_failure(stage: str = "read", subject: str = "page-1") -> Failure:
    return Failure(
        id=make_id("failure", stage, subject),
        stage=stage,
        subject=subject,
        error="ReadError",
        message="no text",
        at=DAY,
    )


def make_brief(document: Document) -> Brief:
    citation = Citation(
        document=document.id, span=Span(start=0, end=6), quote=document.text[:6], url=document.url
    )
    section = Section(title="Events", lines=(Line(text="Iran arrested people.", citations=(citation,)),))
    return Brief(
        id=make_id("brief", document.id),
        title="Brief",
        made_at=DAY,
        since=None,
        until=None,
        sections=(section,),
        recipe="r1",
    )
