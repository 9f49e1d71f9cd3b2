"""Rows for the relation classifier: a sentence, its marked pair, and what is known of type, mode, status.

An unknown label is None and costs nothing; a row may know its quad class only (CAMEO sentences), or that
its type is one of two (PLV's YIELD is CONCEDE or RETREAT).
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.events.data import STATUSES, TYPES, unmark

NONE = "NONE"
LABELS = (*TYPES, NONE)
YIELD = ("CONCEDE", "RETREAT")
QUAD = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1, "COOPERATE": 2, "AID": 2, "RETREAT": 2, "REQUEST": 3,
    "ACCUSE": 3, "REJECT": 3, "THREATEN": 3, "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence to classify. `types` are the admissible labels; empty where unknown."""

    text: str
    source: Span | None
    target: Span | None
    types: tuple[str, ...]
    status: str | None = None
    mode: str | None = None
    some: bool | None = None  # CAMEO sentences: does it report any event
    group: str = ""
    weight: float = 1.0


def marked(text: str) -> tuple[str, Span | None, Span | None]:
    """Take out the marks; a sentence may lack the target's."""
    if "<t>" in text and "<s>" in text:
        return unmark(text)
    if "<s>" in text:
        plain, source, _ = unmark(text + "<t></t>")
        return plain, source, None
    return text, None, None


def load_plv(path: Path) -> list[Row]:
    """Give PLV-train's pairs; YIELD is either of two types."""
    with path.open(encoding="utf-8") as file:
        rows = []
        for k, r in enumerate(csv.DictReader(file, delimiter="\t")):
            text, source, target = marked(r["marked_sentence"])
            types = YIELD if r["gold_root"] == "YIELD" else (r["gold_root"],)
            rows.append(Row(text=text, source=source, target=target, types=types, group=f"plv{k}"))
    return rows


def load_sentences(folder: Path) -> list[Row]:
    """Give our own sentences."""
    rows = []
    for path in sorted(folder.glob("[ab]-*.tsv")):
        with path.open(encoding="utf-8") as file:
            for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                text, source, target = marked(r["marked_sentence"])
                rows.append(Row(text=text, source=source, target=target, types=(r["type"],), mode=r["mode"] or None,
                                status=r["status"] or None, group="own-" + text[:60]))  # fmt: skip
    return rows


def load_cameo(path: Path) -> list[Row]:
    """Give the CAMEO sentences: no marks, only whether they hold an event."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, _, label = line.rpartition("\t")
        if text:
            rows.append(
                Row(
                    text=text,
                    source=None,
                    target=None,
                    types=(),
                    some=label != "0",
                    group=f"cameo-{text[:40]}",
                )
            )
    return rows


def load_stories(path: Path, limit: int = 2000) -> list[Row]:
    """Give the first sentence of synthetic stories with the story's label and mode; facts in them are invented."""
    csv.field_size_limit(10**7)
    rows = []
    with path.open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            text = " ".join(r["text"].split())[:220]
            if r["label"] in TYPES:
                rows.append(
                    Row(text=text, source=None, target=None, types=(r["label"],), group="story", weight=0.3)
                )
    return rows[:: max(1, len(rows) // limit)]


def load_gold(path: Path) -> list[Row]:
    """Give the pairs of annotated sentences (training.events.prepare): each actor with each recipient."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        example: dict[str, Any] = json.loads(line)
        for event in example["events"]:
            for source in event["actors"][:1]:
                for target in event["recipients"][:1]:
                    rows.append(Row(text=example["text"], source=tuple(source), target=tuple(target), types=(event["type"],),
                                    status=event["status"], group=example["group"]))  # fmt: skip
    return rows


def load_status_conll(path: Path, limit: int = 4000) -> Iterator[Row]:
    """Give predicates of FactBank or UW with a status read from their factuality, the predicate as source."""
    words: list[str] = []
    scores: list[tuple[int, float]] = []
    made = 0
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        cells = line.split("\t")
        if len(cells) < 4:
            for at, score in scores:
                status = (
                    "happened"
                    if score >= 2.5
                    else "denied"
                    if score <= -1.5
                    else "possible"
                    if abs(score) <= 1.2
                    else None
                )
                if status and made < limit:
                    start = len(" ".join(words[:at])) + bool(at)
                    made += 1
                    yield Row(text=" ".join(words), source=(start, start + len(words[at])), target=None, types=(),
                              status=status, group=f"{path.parent.name}", weight=0.4)  # fmt: skip
            words, scores = [], []
            continue
        words.append(cells[1])
        if cells[2] != "_":
            scores.append((len(words) - 1, float(cells[2])))


__all__ = ["LABELS", "QUAD", "STATUSES", "YIELD", "Row", "load_cameo", "load_gold", "load_plv", "load_sentences",
           "load_status_conll", "load_stories"]  # fmt: skip
