"""`python -m benchmarks.fusing [--sizes 10000 100000]`: cost of fusing per event, memory, and of one document more.

The events are generated from a model, documented here. A world of countries acts for 365 days per 100,000 events
(so that density is the same at each size). Each incident has a type, a pair of states drawn by a power law
(few dyads fill most news), a day, a town, perhaps a toll; it is told by a number of reports drawn from a
geometric distribution of mean 4, one in 2,000 by three hundred; each report has its own wording, drops or
blurs fields by chance (target 10 %, place 20 %, day -> month 10 %) and comes up to three days late.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from detente.fuse.blocks import block_keys
from detente.fuse.fusing import fuse_events
from detente.fuse.linking import group_events
from detente.fuse.score import shipped_weights
from detente.fuse.sketch import Sketch, sketch_event
from detente.records import (
    Actor,
    ActorId,
    Document,
    DocumentId,
    Event,
    EventId,
    Evidence,
    PageId,
    Place,
    PlaceId,
    Span,
    When,
)

TYPES = (
    "ASSAULT",
    "ACCUSE",
    "CONSULT",
    "COERCE",
    "REQUEST",
    "REJECT",
    "THREATEN",
    "SANCTION",
    "AID",
    "AGREE",
)
START = datetime(2020, 1, 1, tzinfo=UTC)
REPORTS = 4.0
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
    "zul",
)


def _states(count: int = 120) -> list[Actor]:
    return [
        Actor(id=ActorId(f"actor-{n}"), name=f"Land{n}", kind="state", country=f"L{n:02}"[:4], sector="GOV")
        for n in range(count)
    ]


def generate(size: int, seed: int = 1) -> Iterator[tuple[Document, Event, int]]:
    """Give reports with the number of the incident that each tells of."""
    chance, states, days = random.Random(seed), _states(), max(30, 365 * size // 100_000)
    weights = [1 / (n + 1) for n in range(len(states))]
    made = incident = 0
    while made < size:
        doer, target = chance.choices(states, weights, k=2)
        scene = _scene(chance, days)
        reports = 300 if chance.random() < 1 / 2000 else 1 + int(chance.expovariate(1 / (REPORTS - 1)))
        for _ in range(min(reports, size - made)):
            yield *_report(chance, made, doer, target, scene), incident
            made += 1
        incident += 1


def _scene(chance: random.Random, days: int) -> tuple[str, int, str, list[str]]:
    words = ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(5)]
    return chance.choice(TYPES), chance.randrange(days), f"Town{chance.randrange(400)}", words


def _report(
    chance: random.Random, number: int, doer: Actor, target: Actor, scene: tuple[str, int, str, list[str]]
) -> tuple[Document, Event]:
    kind, day, town, words = scene
    told = chance.sample(words, 3)
    quote = f"{doer.name} {kind.lower()} {target.name} near {town} over {' '.join(told)}"
    text = f"{quote}. {' '.join(chance.choices(_SYLLABLES, k=6))}."
    on = START + timedelta(days=day)
    known = on + timedelta(days=1 + chance.random() * 3)
    width = 29 if chance.random() < 0.1 else 0.99
    when = When(earliest=on, latest=on + timedelta(days=width), basis="stated")
    place = Place(id=PlaceId(town), name=town, country=target.country, latitude=hash_of(town) % 120 - 60.0,
                  longitude=hash_of(town) % 340 - 170.0, radius_km=5.0) if chance.random() > 0.2 else None  # fmt: skip
    document = Document(
        id=DocumentId(f"document-{number:08}"), page=PageId(f"page-{number}"), url=f"file:{number}.txt", title=None,
        author=None, outlet=f"Outlet{chance.randrange(500)}", known_at=known, published=when, language="en",
        genre="report", text=text, pieces=(),
    )  # fmt: skip
    event = Event(
        id=EventId(f"event-{number:08}"), document=document.id, type=kind, mode=None, actors=(doer,),  # type: ignore[arg-type]
        recipients=(target,) if chance.random() > 0.1 else (), when=when, place=place, status="happened",
        attribution=None, killed=None, injured=None, score=0.9, recipe="generated", known_at=known,
        evidence=(Evidence(field="quote", span=Span(start=0, end=len(quote))),),
    )  # fmt: skip
    return document, event


def hash_of(town: str) -> int:
    """Give a number that scatters the towns over the map."""
    return int(town.removeprefix("Town")) * 7919


def run(size: int) -> dict[str, float]:
    """Fuse events of a size; give seconds, seconds an event, and the peak of memory so far."""
    rows = list(generate(size))
    documents, events = [d for d, _, _ in rows], [e for _, e, _ in rows]
    begin = time.perf_counter()
    fused = fuse_events(events, documents)
    seconds = time.perf_counter() - begin
    sketches = [sketch_event(e, d) for d, e, _ in rows]
    return {
        "events": size, "incidents": len(fused.incidents), "true incidents": len({n for *_, n in rows}),
        "seconds": round(seconds, 1), "ms per event": round(1000 * seconds / size, 3),
        "peak memory MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "seconds for one document more": round(add_one(sketches), 4),
    }  # fmt: skip


def add_one(sketches: list[Sketch]) -> float:
    """Give the seconds that linking one event more takes where the desk's keys are indexed."""
    index: dict[str, list[int]] = {}
    for number, sketch in enumerate(sketches):
        for key in block_keys(sketch):
            index.setdefault(key, []).append(number)
    begin = time.perf_counter()
    new = sketches[len(sketches) // 2]
    near = {n for key in block_keys(new) for n in index[key][-200:]}
    list(group_events([sketches[n] for n in sorted(near)], shipped_weights()))
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    for size in parser.parse_args().sizes:
        print(run(size), flush=True)


if __name__ == "__main__":
    main()
