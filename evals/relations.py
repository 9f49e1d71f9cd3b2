"""`relations --tsv FILE`: the root types of held-out pairs, read by the shipped classifier.

FILE has the columns `marked_sentence` (`<s>…</s>` and `<t>…</t>`; a sentence may lack the target) and
`gold_root`. Where gold has YIELD, CONCEDE and RETREAT count as it, their probabilities together; NONE is no
answer. Keys: `macro_f1`, `quad_macro_f1` (verbal and material cooperation and conflict), `accuracy`, `rows`,
`by_root`, `confused` (gold>answer: times). `--style plain` asks for the types of our own guidelines
instead of those of the Zero-Shot-PLOVER labels. Rows whose label is NONE give `none_f1` and `some_f1` on
the side.
"""

import argparse
import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from detente.engines.marks import Mark
from detente.engines.relations import NONE, Marked, RelationReader, shipped_relations

from ._labels import f1_by_label, macro_f1

YIELD = ("CONCEDE", "RETREAT")
QUAD = {
    "AGREE": "1", "CONSULT": "1", "SUPPORT": "1", "CONCEDE": "1", "YIELD": "1",
    "COOPERATE": "2", "AID": "2", "RETREAT": "2",
    "REQUEST": "3", "ACCUSE": "3", "REJECT": "3", "THREATEN": "3",
    "PROTEST": "4", "SANCTION": "4", "MOBILIZE": "4", "COERCE": "4", "ASSAULT": "4",
}  # fmt: skip
_MARK = re.compile(r"<(/?)([ste])>")


def main(argv: list[str]) -> dict[str, object]:
    """Figures of the shipped classifier on a file of marked pairs."""
    parser = argparse.ArgumentParser(prog="python -m evals relations", description=__doc__)
    parser.add_argument("--tsv", type=Path, required=True)
    parser.add_argument("--style", choices=("zsp", "plain"), default="zsp")
    options = parser.parse_args(argv)
    rows = read_rows(options.tsv)
    return measure(rows, shipped_relations(), styled=options.style == "zsp")


def read_rows(path: Path) -> list[tuple[Marked, str]]:
    """The marked sentences of a file with their gold roots."""
    with path.open(encoding="utf-8", newline="") as file:
        found = [(r.get("marked_sentence"), r.get("gold_root")) for r in csv.DictReader(file, delimiter="\t")]
    rows = [(unmark(sentence), root) for sentence, root in found if sentence and root]
    if not rows:
        raise SystemExit(f"{path}: no rows with marked_sentence and gold_root")
    return rows


def unmark(text: str) -> Marked:
    """Take the marks out of a sentence; one that is never closed, or closed before it opens, is left out."""
    plain, opened, marks, at = "", dict[str, int](), list[Mark](), 0
    for found in _MARK.finditer(text):
        plain += text[at : found.start()]
        at = found.end()
        kind = found.group(2)
        if not found.group(1):
            opened[kind] = len(plain)
        elif kind in opened:
            marks.append(Mark(kind, (opened.pop(kind), len(plain))))
    return Marked(plain + text[at:], tuple(marks))


def measure(rows: Sequence[tuple[Marked, str]], reader: RelationReader, *, styled: bool) -> dict[str, object]:
    """Macro-F1 over roots and quad classes, and what was taken for what."""
    merged = any(gold == "YIELD" for _, gold in rows)
    asked = [(m, gold) for m, gold in rows if gold != NONE]
    readings = reader.classify_marked([m for m, _ in asked], styled=styled)
    pairs = [(root_of(r.types, merged=merged), g) for r, (_, g) in zip(readings, asked, strict=True)]
    made: dict[str, object] = {
        "macro_f1": round(macro_f1(pairs), 4),
        "quad_macro_f1": round(macro_f1([(QUAD[p], QUAD[g]) for p, g in pairs]), 4),
        "accuracy": round(sum(p == g for p, g in pairs) / max(1, len(pairs)), 4),
        "rows": len(pairs),
        "by_root": {root: round(score, 3) for root, score in f1_by_label(pairs).items()},
        "confused": dict(Counter(f"{g}>{p}" for p, g in pairs if p != g).most_common(12)),
    }
    return made | (_none_figures(rows, reader) if len(asked) < len(rows) else {})


def root_of(types: dict[str, float], *, merged: bool) -> str:
    """The likeliest root but NONE; with `merged`, CONCEDE and RETREAT are one."""
    sums: dict[str, float] = {}
    for label, chance in types.items():
        name = "YIELD" if merged and label in YIELD else label
        if label != NONE:
            sums[name] = sums.get(name, 0.0) + chance
    return max(sums, key=sums.__getitem__)


def _none_figures(rows: Sequence[tuple[Marked, str]], reader: RelationReader) -> dict[str, object]:
    """None-vs-some over all rows, by the likeliest of all labels."""
    readings = reader.classify_marked([m for m, _ in rows])
    pairs = [
        ("none" if max(r.types, key=r.types.__getitem__) == NONE else "some", "none" if g == NONE else "some")
        for r, (_, g) in zip(readings, rows, strict=True)
    ]
    return {f"{label}_f1": round(score, 4) for label, score in f1_by_label(pairs).items()}
