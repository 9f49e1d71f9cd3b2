"""Pairs of reports with the answer: do they tell of the same incident?"""

import json
import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from evals._ecbplus import DEV_TOPICS, load_mentions
from evals._gold import load_gold
from evals.events import load_score
from evals.incidents import label_extracted, read_and_extract
from numpy.typing import NDArray

from detente.fuse.blocks import candidate_pairs
from detente.fuse.features import measure_pair
from detente.fuse.sketch import Sketch, sketch_event
from detente.packs import Pack
from detente.records import Document, Event

Pairs = tuple[NDArray[np.float64], NDArray[np.float64]]  # features, answers


def annotator_of(name: str) -> str:
    """Give the part of the gold whose slugs agree: one newspaper, or one newswire outlet."""
    return "guardian" if name.startswith("guardian") else name.rpartition("-")[0]


def measure(sketches: Sequence[Sketch], slugs: Sequence[str], sure: Callable[[int, int], bool]) -> Pairs:
    """Give the features of all candidate pairs whose answer is sure."""
    found = [(i, j) for i, j in sorted(set(candidate_pairs(sketches))) if slugs[i] == slugs[j] or sure(i, j)]
    return (
        np.array([measure_pair(sketches[i], sketches[j]) for i, j in found]),
        np.array([slugs[i] == slugs[j] for i, j in found], dtype=float),
    )


def gold_pairs(shared: Path, pack: Pack) -> Pairs:
    """Give the pairs of annotated training events."""
    gold = load_gold(shared / "gold" / "docs", shared / "gold" / "train", pack)
    return _from_reports([(name, *report) for name, reports in gold.items() for report in reports], pack)


def _from_reports(rows: list[tuple[str, Document, Event, str]], pack: Pack) -> Pairs:
    sketches = [sketch_event(event, document, pack) for _, document, event, _ in rows]
    names = [annotator_of(name) for name, *_ in rows]
    return measure(sketches, [slug for *_, slug in rows], lambda i, j: names[i] == names[j])


def extracted_pairs(shared: Path, pack: Pack, cache: Path) -> Pairs:
    """Give the pairs of events as extraction finds them in the training documents, with all its errors.

    `cache` keeps what extraction found, as a pickle of (name, Document, Event, slug); it is made when absent.
    """
    if not cache.exists():
        cache.write_bytes(pickle.dumps(list(_labelled(shared / "gold", pack))))
    return _from_reports(pickle.loads(cache.read_bytes()), pack)


def _labelled(folder: Path, pack: Pack) -> Iterator[tuple[str, Document, Event, str]]:
    score = load_score((folder / "train").resolve())
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    names = sorted(path.stem for path in (folder / "train").glob("*.json"))
    extracted = read_and_extract(folder / "docs", names, meta, pack)
    for path in sorted((folder / "train").glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))["events"]
        text = (folder / "docs" / f"{path.stem}.txt").read_text(encoding="utf-8")
        for labelled in label_extracted(score, text, extracted.get(path.stem, []), told):
            yield path.stem, *labelled


def story_pairs(shared: Path, pack: Pack) -> Pairs:
    """Give the pairs of ECB+ mentions of conflict, of the topics that are not for checking."""
    folder = shared / "data" / "incidents" / "ecbplus"
    topics = {p.name for p in folder.iterdir() if p.is_dir()} - set(DEV_TOPICS)
    mentions = list(load_mentions(folder, topics, pack))
    sketches = [sketch_event(m.event, m.document, pack) for m in mentions]
    slugs = [m.chain for m in mentions]
    return measure(sketches, slugs, lambda i, j: True)  # noqa: ARG005
