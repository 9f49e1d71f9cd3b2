"""What the event reader learns from: documents with words, tags, parties and annotated events.

Examples of articles are *complete* (a type that is not marked is absent); those of marked pairs are not.
"""

import csv
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Span = tuple[int, int]

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
STATUSES = ("happened", "planned", "possible", "attempted", "denied")
SYMMETRIC = {"AGREE", "CONSULT", "COOPERATE", "SUPPORT"}
HELD_ALWAYS = re.compile(r"held-|times-[A-Z]{3}(?:1999|2000)")
SURE = 2  # level from which a mention counts as the gold party even where a surer one stands elsewhere


Tables = list[dict[int, int]]
ROLES = ("actor", "recipient", "said_by", "date", "place")
ROLE_KINDS = ("party", "party", "party", "time", "place")  # of which candidates a role is filled


@dataclass(slots=True)
class Mention:
    """One telling of an event: words `first` to `last` (half-open), and its parties.

    `type` is empty where another set's event teaches roles alone.
    `roles` holds for each of ROLES one table a gold filler: number of a candidate of the example -> how surely it
    is the gold one (see prepare.sureness); None where the role is not annotated.
    """

    type: str
    status: str | None
    first: int
    last: int
    primary: bool = True
    attributed: bool | None = None
    roles: tuple[Tables | None, ...] = (None,) * 5


@dataclass(slots=True)
class Example:
    """A document, or a sentence of its own, as the annotator reads it."""

    group: str
    complete: bool
    text: str
    starts: list[int]
    words: list[str]
    pos: list[str]
    deps: list[str]
    entities: list[str]
    hints: dict[int, list[int]]
    sentences: list[Span]
    candidates: dict[str, list[tuple[int, int, int]]]  # kind -> start, end, head (words)
    events: list[Mention]
    nothing: list[Span] = field(default_factory=list)  # pairs of parties that do nothing to each other


def load_prepared(path: Path) -> list[Example]:
    """Give the examples that `training.events.prepare` wrote."""
    return [_example(json.loads(line)) for line in path.open(encoding="utf-8")]


def _example(row: dict[str, Any]) -> Example:
    events = [
        Mention(
            type=m["type"], status=m["status"], first=m["first"], last=m["last"], primary=m["primary"],
            attributed=m["attributed"],
            roles=tuple(_tables(role) for role in m["roles"]),
        )
        for m in row["events"]
    ]  # fmt: skip
    hints = {int(k): v for k, v in row["hints"].items()}
    rest = {k: row[k] for k in ("group", "complete", "text", "starts", "words", "pos", "deps", "entities")}
    return Example(
        **rest, hints=hints, sentences=[tuple(s) for s in row["sentences"]],
        candidates={k: [tuple(c) for c in v] for k, v in row["candidates"].items()}, events=events,
        nothing=[tuple(n) for n in row["nothing"]],
    )  # fmt: skip


def _tables(role: list[dict[str, int]] | None) -> Tables | None:
    return None if role is None else [{int(k): level for k, level in table.items()} for table in role]


def quote_spans(event: dict[str, Any], text: str) -> list[tuple[int, int, bool]]:
    """Give the character spans of an event's quote and its further mentions, the quote marked True."""
    spans = []
    for k, quote in enumerate([event["quote"], *(event.get("also") or [])]):
        at = text.find(quote)
        if at >= 0:
            spans.append((at, at + len(quote), k == 0))
    return spans


MARK = re.compile(r"<(/?)([st])>")


@dataclass(slots=True)
class MarkedRow:
    """A sentence with two parties marked: spans in characters; `type` is NONE where nothing passes between them."""

    text: str
    source: Span
    target: Span
    type: str
    status: str | None


def unmark(marked: str) -> tuple[str, Span, Span]:
    """Take the marks out of a sentence; give the plain text and the spans of source and target."""
    text, spans, start, at = "", {}, {}, 0
    for m in MARK.finditer(marked):
        text += marked[at : m.start()]
        at = m.end()
        if m.group(1):
            spans[m.group(2)] = (start[m.group(2)], len(text))
        else:
            start[m.group(2)] = len(text)
    return text + marked[at:], spans["s"], spans["t"]


def read_plv(path: Path) -> Iterator[MarkedRow]:
    """Give PLV-train's sentences; those of YIELD, which is two types here, are left out."""
    with path.open(encoding="utf-8") as file:
        for r in csv.DictReader(file, delimiter="\t"):
            if r["gold_root"] in TYPES and len(set(MARK.findall(r["marked_sentence"]))) == 4:
                yield MarkedRow(*unmark(r["marked_sentence"]), r["gold_root"], None)


def read_sentences(folder: Path) -> Iterator[MarkedRow]:
    """Give our own marked sentences of `training/sentences`."""
    for path in sorted(folder.glob("[ab]-*.tsv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield MarkedRow(*unmark(row["marked_sentence"]), row["type"], row["status"] or None)


def hold_out(examples: Iterable[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Split by document; only real articles are held out.

    A seeded `share` of today's, those kept for that, and two years of older wire copy: it tells few affairs in
    many articles, which so stand on one side.
    """
    examples = list(examples)
    groups = sorted({e.group for e in examples if is_article(e) and not e.group.startswith(("times-", "held-"))})
    random.Random(seed).shuffle(groups)
    held = set(groups[: round(share * len(groups))]) | {e.group for e in examples if HELD_ALWAYS.match(e.group)}
    return [e for e in examples if e.group not in held], [e for e in examples if e.group in held]


def is_article(example: Example) -> bool:
    """Tell a real article from invented stories and single sentences."""
    return example.complete and not example.group.startswith(("story", "own-"))
