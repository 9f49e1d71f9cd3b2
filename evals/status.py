"""`status --jsonl FILE`: the status (happened, planned, possible, attempted, denied) of marked events.

A row has `status` and the sentence as `marked_sentence` (`<s>…</s>` and `<t>…</t>` around the parties,
`<e>…</e>` around the event word) or as `sentence` or `text`. With `start` and `end` (characters) there is an
event word; `source` and `target`, each [start, end] or the words themselves, mark the parties; `quote` or
`trigger`, words found in the sentence, the event. A row may have any of these or none.
Keys: `macro_f1` (over the statuses that gold has), `accuracy`, `rows`, `by_status`, `confused`.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detente.engines.marks import Mark
from detente.engines.relations import Marked, RelationReader, shipped_relations

from ._labels import f1_by_label, macro_f1
from .relations import unmark

STATUSES = frozenset({"happened", "planned", "possible", "attempted", "denied"})


def main(argv: list[str]) -> dict[str, object]:
    """Figures of the shipped reader on a file of events with their status."""
    parser = argparse.ArgumentParser(prog="python -m evals status", description=__doc__)
    parser.add_argument("--jsonl", type=Path, required=True)
    return measure(read_rows(parser.parse_args(argv).jsonl), shipped_relations())


def read_rows(path: Path) -> list[tuple[Marked, str]]:
    """The marked sentences of a file with their gold status; names the line that cannot be read."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                rows.append((marked_of(row), status_of(row)))
            except (ValueError, KeyError, TypeError) as error:
                raise SystemExit(
                    f"{path}:{number}: not a row with a sentence and a status ({error!r})"
                ) from error
    return rows


def status_of(row: Mapping[str, Any]) -> str:
    """The gold status; one of the five."""
    status = str(row["status"]).lower()
    if status not in STATUSES:
        raise ValueError(f"status {status!r} is none of {', '.join(sorted(STATUSES))}")
    return status


def marked_of(row: Mapping[str, Any]) -> Marked:
    """The sentence of a row with all its marks."""
    sentence = row.get("marked_sentence") or row.get("sentence") or row.get("text")
    if not isinstance(sentence, str):
        raise KeyError("marked_sentence, sentence or text")
    marked = unmark(sentence)
    found = {mark.kind: mark for mark in marked.marks}
    if isinstance(row.get("start"), int) and isinstance(row.get("end"), int):
        found.setdefault("e", Mark("e", (row["start"], row["end"])))
    for kind, names in (
        ("s", ("source", "actor")),
        ("t", ("target", "recipient")),
        ("e", ("event", "trigger", "quote")),
    ):
        for name in names:
            span = _span(row.get(name), marked.text)
            if span and kind not in found:
                found[kind] = Mark(kind, span)
    return Marked(marked.text, tuple(found.values()))


def _span(value: object, text: str) -> tuple[int, int] | None:
    """A range given as numbers or as words of the text."""
    if isinstance(value, str) and value and value in text:
        return text.index(value), text.index(value) + len(value)
    if isinstance(value, Sequence) and len(value) == 2 and all(isinstance(v, int) for v in value):
        return int(value[0]), int(value[1])
    return None


def measure(rows: Sequence[tuple[Marked, str]], reader: RelationReader) -> dict[str, object]:
    """Macro-F1 and what was taken for what."""
    pairs = [(s, gold) for s, (_, gold) in zip(reader.statuses([m for m, _ in rows]), rows, strict=True)]
    return {
        "macro_f1": round(macro_f1(pairs), 4),
        "accuracy": round(sum(p == g for p, g in pairs) / max(1, len(pairs)), 4),
        "rows": len(pairs),
        "by_status": {status: round(score, 3) for status, score in f1_by_label(pairs).items()},
        "confused": dict(Counter(f"{g}>{p}" for p, g in pairs if p != g).most_common(8)),
    }
