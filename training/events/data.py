"""Turn annotated articles and marked pairs into sentence examples for the event reader.

An example is a sentence with events; an event knows its type, status and, where they could be found in
the sentence, the character spans of its quote, its actors and its recipients. Examples of articles are
*complete* (a type that is not marked is absent); those of marked pairs are not.
"""

import csv
import json
import random
import re
from collections.abc import Iterable
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


@dataclass(slots=True)
class Mention:
    """One annotated event as far as one sentence shows it; spans are offsets into the sentence."""

    type: str
    status: str
    quote: Span | None
    actors: list[Span] = field(default_factory=list)
    recipients: list[Span] = field(default_factory=list)
    primary: bool = True
    attributed: bool | None = None
    loose: list[Span] = field(default_factory=list)  # parties that may or may not be one of these


@dataclass(slots=True)
class Example:
    """One sentence with its events; `complete` says that what is not marked is not there."""

    text: str
    events: list[Mention]
    complete: bool
    group: str
    pairs_none: list[tuple[Span, Span]] = field(default_factory=list)


def quote_spans(event: dict[str, Any], text: str) -> list[tuple[int, int, bool]]:
    spans = []
    for k, quote in enumerate([event["quote"], *(event.get("also") or [])]):
        at = text.find(quote)
        if at >= 0:
            spans.append((at, at + len(quote), k == 0))
    return spans


def load_prepared(path: Path) -> list[Example]:
    """Give the examples that `training.events.prepare` wrote."""
    examples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        mentions = [
            Mention(
                type=m["type"], status=m["status"], quote=tuple(m["quote"]), primary=m["primary"], attributed=m["attributed"],
                actors=[tuple(s) for s in m["actors"]], recipients=[tuple(s) for s in m["recipients"]],
                loose=[tuple(s) for s in m["loose"]],
            )
            for m in row["events"]
        ]  # fmt: skip
        examples.append(Example(row["text"], mentions, True, row["group"]))
    return examples


MARK = re.compile(r"<(/?)([st])>")


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


def pair_examples(rows: Iterable[tuple[str, str, str]], group: str) -> list[Example]:
    """Give one example a sentence from rows (marked sentence, type or NONE, status)."""
    by_text: dict[str, Example] = {}
    for marked, type_, status in rows:
        text, source, target = unmark(marked)
        example = by_text.setdefault(text, Example(text, [], False, f"{group}-{text[:60]}"))
        if type_ == "NONE":
            example.pairs_none.append((source, target))
        else:
            example.events.append(Mention(type_, status, None, [source], [target]))
    return list(by_text.values())


def load_plv(path: Path) -> list[Example]:
    """Give PLV-train's sentences; those of YIELD, which is two types here, are left out."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    fit = [r for r in rows if r["gold_root"] in TYPES and len(set(MARK.findall(r["marked_sentence"]))) == 4]
    return pair_examples(((r["marked_sentence"], r["gold_root"], "") for r in fit), "plv")


def load_sentences(folder: Path) -> list[Example]:
    """Give our own marked sentences of `training/sentences`."""
    rows = []
    for path in sorted(folder.glob("[ab]-*.tsv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                rows.append((row["marked_sentence"], row["type"], row["status"]))
    return pair_examples(rows, "own")


def hold_out(examples: Iterable[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Split by document, never by sentence."""
    examples = list(examples)
    groups = sorted({e.group for e in examples})
    random.Random(seed).shuffle(groups)
    held = set(groups[: round(share * len(groups))])
    return [e for e in examples if e.group not in held], [e for e in examples if e.group in held]
