"""Gold documents as the records that extraction would give."""

import calendar
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from detente.packs import Pack
from detente.records import (
    Actor,
    ActorId,
    Attribution,
    Count,
    Document,
    DocumentId,
    Event,
    EventId,
    Evidence,
    PageId,
    Piece,
    Place,
    PlaceId,
    Span,
    When,
    make_id,
)

Report = tuple[Document, Event, str]  # the incident's slug


def load_gold(texts: Path, gold: Path, pack: Pack) -> dict[str, list[Report]]:
    """Give each gold document's reports, with the slug of the incident."""
    found = {}
    for path in sorted(gold.glob("*.json")):
        item = json.loads(path.read_text(encoding="utf-8"))
        text = (texts / f"{path.stem}.txt").read_text(encoding="utf-8")
        documents = [article_document(path.stem, k, a, text) for k, a in enumerate(item["articles"])]
        found[path.stem] = [
            (documents[e["article"]], gold_event(e, documents[e["article"]], pack), e["incident"])
            for e in item["events"]
        ]
    return found


def article_document(name: str, number: int, article: Mapping[str, Any], text: str) -> Document:
    """Give the document of an article of a gold file."""
    body = text[article["start"] : article["end"]]
    published = when_of(article["published"])
    return Document(
        id=DocumentId(make_id("document", name, number)), page=PageId(make_id("page", name)),
        url=f"file:{name}.txt",
        title=article.get("title"), author=article.get("author"), outlet=article.get("outlet"),
        known_at=published.latest if published else datetime(2026, 1, 1, tzinfo=UTC), published=published,
        language="en", genre=article.get("genre") or "report", text=body,
        pieces=(Piece(start=0, page_span=Span(start=article["start"], end=article["end"])),),
        syndicated_from=article.get("syndicated_from"),
    )  # fmt: skip


def gold_event(item: Mapping[str, Any], document: Document, pack: Pack) -> Event:
    """Give a gold event as a record."""
    told = [("quote", item["quote"]), *(("also", q) for q in item.get("also") or ())]
    spans = [(f, document.text.find(q), len(q)) for f, q in told]
    evidence = tuple(Evidence(field=f, span=Span(start=s, end=s + n)) for f, s, n in spans if s >= 0)
    said = item.get("said_by")
    return Event(
        id=EventId(make_id("event", document.id, item["id"])), document=document.id, type=item["type"],
        mode=None,
        actors=tuple(map(actor_of, item["actor"])), recipients=tuple(map(actor_of, item["recipient"])),
        when=when_of(item["date"]), place=place_of(item["place"], pack), status=item["status"],
        attribution=Attribution(speaker=actor_of(said), cue="", stance="asserts") if said else None,
        killed=count_of("killed", item), injured=count_of("injured", item),
        evidence=evidence or (Evidence(field="quote", span=Span(start=0, end=1)),), score=1.0, recipe="gold",
        known_at=document.known_at,
    )  # fmt: skip


def actor_of(item: Mapping[str, Any]) -> Actor:
    name, vague = item["name"], item["name"].startswith(("unnamed", "unidentified"))
    return Actor(
        id=ActorId(make_id("actor", name.lower(), item["country"])), name=name,
        kind="unnamed" if vague else "actor", country=item["country"], sector=item["sector"],
    )  # fmt: skip


def count_of(what: str, item: Mapping[str, Any]) -> Count | None:
    return Count(what=what, low=item[what], high=item[what]) if item.get(what) is not None else None


def place_of(item: Mapping[str, Any] | None, pack: Pack) -> Place | None:
    if item is None:
        return None
    known = [p for p in pack.places.look_up(item["name"]) if p.country == item["country"]]
    entry = known[0] if known else None
    return Place(
        id=PlaceId(make_id("place", item["name"], item["country"])), name=item["name"],
        country=item["country"],
        latitude=entry.latitude if entry else None, longitude=entry.longitude if entry else None,
        radius_km=entry.radius_km if entry else None,
    )  # fmt: skip


def when_of(text: str | None) -> When | None:
    """Give the interval of an ISO date of any precision."""
    if not text:
        return None
    parts = [int(p) for p in text.split("-")]
    first = datetime(parts[0], *[*parts[1:], 1, 1][:2], tzinfo=UTC)
    month = parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1]
    return When(earliest=first, latest=datetime(parts[0], month, day, 23, 59, 59, tzinfo=UTC), basis="stated")
