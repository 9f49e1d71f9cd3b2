"""`python -m benchmarks.fusing [--sizes 10000 100000 1000000] [--folder DIR]`: cost of fusing a desk, and of a document more.

For each size a desk is made (SQLite, in a folder that is removed again), filled with generated documents and their
events, and fused by `Desk.fuse` in a process of its own: seconds, the peak memory of that process. Seconds of
processor are told beside those of the clock, for a machine that has other work. Then documents are added to it one by
one, and the desk fuses after each: seconds of each, by another process. At the end: the dearest against the cheapest
cost of an event among the sizes.

The events are generated from a model, documented here. A world of countries acts for 365 days per 100,000 events
(so that density is the same at each size). Each incident has a type, a pair of states drawn by a power law
(few dyads fill most news), a day, a town, perhaps a toll; it is told by a number of reports drawn from a
geometric distribution of mean 4, one in 2,000 by three hundred; each report has its own wording, drops or
blurs fields by chance (target 10 %, place 20 %, day -> month 10 %) and comes up to three days late.
"""

import argparse
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from detente.desk import Desk, Step
from detente.records import (
    Actor,
    ActorId,
    Document,
    DocumentId,
    Event,
    EventId,
    Evidence,
    Incident,
    PageId,
    Place,
    PlaceId,
    Span,
    When,
)
from detente.settings import Settings

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


MORE = 20  # documents that are added one by one


def fill(folder: str, size: int) -> dict[str, float]:
    """Put generated documents and their events on a new desk; give how many happenings they tell of."""
    happenings: set[int] = set()
    begin = time.perf_counter()
    with open_bench(folder) as desk:
        reports = generate(size)
        while some := list(islice(reports, 5000)):
            with desk.store.writing() as writing:
                writing.put_reports([(document, [event]) for document, event, _ in some])
            happenings.update(happening for *_, happening in some)
            tell("happenings", len(happenings), None)
    return {"happenings": len(happenings), "seconds to fill": round(time.perf_counter() - begin, 1)}


def fuse(folder: str, size: int) -> dict[str, float]:
    """Fuse the desk; give seconds, milliseconds an event, and the peak of this process's memory."""
    with open_bench(folder, progress) as desk:
        begin, worked = time.perf_counter(), time.process_time()
        desk.fuse()
        seconds, worked = time.perf_counter() - begin, time.process_time() - worked
        incidents = desk.store.count(Incident)
    return {
        "incidents": incidents, "seconds": round(seconds, 1), "seconds of processor": round(worked, 1),
        "ms of processor per event": round(1000 * worked / size, 3),
        "peak memory MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def add(folder: str, size: int) -> dict[str, float]:
    """Add documents one by one to a fused desk; give the seconds that fusing took after each."""
    told = []
    every = max(1, size // MORE)
    fresh = (row for n, row in enumerate(generate(size)) if n % every == every // 2)
    with open_bench(folder) as desk:
        desk.pack()
        for number, (document, event, _) in enumerate(islice(fresh, MORE)):
            document = replace(document, id=DocumentId(f"more-{number}"), page=PageId(f"more-{number}"))
            event = replace(event, id=EventId(f"more-{number}"), document=document.id)
            with desk.store.writing() as writing:
                writing.put_documents(document.page, [document])
                writing.put_events(document.id, [event])
                writing.unmark("fuse", "all")
            begin, worked = time.perf_counter(), time.process_time()
            desk.fuse()
            told.append((time.perf_counter() - begin, time.process_time() - worked))
    spent, worked_each = (sorted(column) for column in zip(*told, strict=True))
    return {
        "seconds for one document more, median": round(spent[len(told) // 2], 3), "greatest": round(spent[-1], 3),
        "of processor, median": round(worked_each[len(told) // 2], 3), "greatest of processor": round(worked_each[-1], 3),
    }  # fmt: skip


def open_bench(folder: str, progress: Callable[[Step], None] | None = None) -> Desk:
    """Open the desk of a folder."""
    return Desk(folder, Settings(desk=folder), progress)


def progress(step: Step) -> None:
    """Say how far fusing is."""
    tell(step.stage, step.done, step.total)


def tell(what: str, done: int, total: int | None) -> None:
    """Write a line that the next one takes the place of."""
    sys.stderr.write(f"\r{what} {done:,} of {total or '?':,}   " if total else f"\r{what} {done:,}   ")


def apart(task: Callable[[str, int], dict[str, float]], folder: str, size: int) -> dict[str, float]:
    """Do a task in a process of its own, so that its memory is its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_send, args=(theirs, task, folder, size))
    process.start()
    theirs.close()
    found: dict[str, float] = ours.recv()
    process.join()
    return found


def _send(to: Connection, task: Callable[[str, int], dict[str, float]], folder: str, size: int) -> None:
    to.send(task(folder, size))


def run(size: int, parent: str | None) -> dict[str, float]:
    """Give all figures of a size."""
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        figures: dict[str, float] = {"events": size}
        for task in (fill, fuse, add):
            figures |= apart(task, folder, size)
        figures["desk MB"] = round(sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20)
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", help="where the desks are made; a million events need some 12 GB")
    args = parser.parse_args()
    found = []
    for size in args.sizes:
        found.append(run(size, args.folder))
        sys.stderr.write("\r")
        print(json.dumps(found[-1]), flush=True)
    costs = [figures["ms of processor per event"] for figures in found]
    print(f"dearest event against cheapest: {max(costs) / min(costs):.2f}")


if __name__ == "__main__":
    main()
