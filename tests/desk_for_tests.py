"""A desk that finds events without models, and small reports to put on it."""

import random
import re
from operator import attrgetter
from pathlib import Path

from detente.desk import Desk
from detente.errors import ExtractError
from detente.records import Actor, Document, Event, EventId, Evidence, Place, PlaceId, Relation, Span, make_id
from detente.runtime import Task
from tests.fakes import make_actor

_WHO = ("Uruguay", "Argentina", "Paraguay", "Brazil")
_DOES = {"accused": "ACCUSE", "attacked": "ASSAULT", "met": "CONSULT", "sanctioned": "SANCTION"}
_CLAUSE = re.compile(rf"({'|'.join(_WHO)}) ({'|'.join(_DOES)}) ({'|'.join(_WHO)})")
_CODES = {"Uruguay": "URY", "Argentina": "ARG", "Paraguay": "PRY", "Brazil": "BRA"}
_PORT = Place(
    id=PlaceId("place-1"), name="Salto", country="URY", latitude=-31.4, longitude=-57.9, radius_km=10
)


def find_clauses(document: Document) -> tuple[Event, ...]:
    """An event per clause of the plain kind that `write_reports` writes."""
    if "unspeakable" in document.text:
        raise ExtractError(document.id, "it cannot be spoken of; leave it out")
    return tuple(_event(document, found) for found in _CLAUSE.finditer(document.text))


def _event(document: Document, found: "re.Match[str]") -> Event:
    quote = Span(start=found.start(), end=found.end())
    return Event(
        id=EventId(make_id("event", document.id, quote.start)),
        document=document.id,
        type=_DOES[found[2]],  # type: ignore[arg-type]
        mode=None,
        actors=(_actor(found[1]),),
        recipients=(_actor(found[3]),),
        when=document.published,
        place=_PORT,
        status="happened",
        attribution=None,
        killed=None,
        injured=None,
        evidence=(Evidence(field="quote", span=quote),),
        score=0.9,
        recipe="clauses-1",
        known_at=document.known_at,
    )


def _actor(name: str) -> Actor:
    return make_actor(name, _CODES[name])


class PlainDesk(Desk):
    """A desk whose events are found by a pattern: no models, so that a run takes little time."""

    def extraction(self) -> tuple[Task[Document, tuple[Event, ...]], str]:
        return Task("extract", find_clauses, (), attrgetter("id")), "clauses-1"

    def relating(self) -> tuple[Task[Document, tuple[Relation, ...]], str]:
        return Task("relations", find_no_relations, (), attrgetter("id")), "none-1"


def find_no_relations(document: Document) -> tuple[Relation, ...]:
    """The reports of these tests tell of no standing relation."""
    return ()


def write_reports(folder: Path, count: int = 60) -> Path:
    """Write reports of a made-up dispute: texts and HTML, a copy, and three files that are no good."""
    chance = random.Random(7)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        text = _report(chance, number)
        kind = number % 6
        if kind == 4:
            body = "".join(f"<p>{part}</p>" for part in text.split("\n\n")[1:])
            title = text.split("\n", 1)[0]
            text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
        suffix = "html" if kind == 4 else "txt"
        (folder / f"report-{number:03}.{suffix}").write_text(text, encoding="utf-8")
    (folder / "copy.txt").write_bytes((folder / "report-000.txt").read_bytes())
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 this is none")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


_SYLLABLES = (
    "ba",
    "del",
    "mor",
    "tin",
    "ru",
    "sa",
    "quen",
    "lo",
    "vi",
    "sta",
    "per",
    "on",
    "gar",
    "mi",
    "ne",
)


def _filler(chance: random.Random) -> str:
    """Words that no other report has, so that reports are copies of nothing by chance."""
    made = ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(14)]
    return f"The {made[0]} of {' '.join(made[1:7])} stayed with the {' '.join(made[7:])}."


def _report(chance: random.Random, number: int) -> str:
    day = f"{1 + number % 28} March 2031"
    clauses = [
        f"{a} {chance.choice(sorted(_DOES))} {b}" for a, b in (chance.sample(_WHO, 2) for _ in range(6))
    ]
    paragraphs = [
        f"{clause} on {day}, officials said. {_filler(chance)} {_filler(chance)}" for clause in clauses
    ]
    return f"Ferry dispute, part {number}: {clauses[0]}\n\n{day}\n\n" + "\n\n".join(paragraphs) + "\n"
