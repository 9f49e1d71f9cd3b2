"""The figures of a relation network on rows that it has not seen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from evals import similarity
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from detente.engines.relations import open_relations
from detente.engines.weights import open_weights

from .data import LABELS, QUAD, STATUSES, YIELD, Row
from .model import OUTPUTS, PairNet
from .train import item_of, pad, teach

Pairs = list[tuple[str, str]]


@torch.no_grad()
def predict(
    net: PairNet, tokenizer: Tokenizer, rows: Sequence[Row], device: str = "cpu"
) -> list[dict[str, Tensor]]:
    """For each row the network's outputs by name: probabilities of types, styled types, status; the rest
    as given."""
    net.eval()
    items = [item_of(tokenizer, row).pieces for row in rows]
    order = sorted(range(len(rows)), key=lambda k: len(items[k]))
    made: dict[int, dict[str, Tensor]] = {}
    for k in range(0, len(order), 48):
        part = order[k : k + 48]
        ids, mask = pad([items[at] for at in part], device)
        with torch.autocast(device, torch.bfloat16):
            out = [o.float().cpu() for o in net(ids, mask)]
        named = dict(zip(OUTPUTS, out, strict=True))
        for name in ("types", "styled", "status"):
            named[name] = named[name].softmax(-1)
        for row, at in enumerate(part):
            made[at] = {name: value[row] for name, value in named.items()}
    return [made[k] for k in range(len(rows))]


def f1_by_label(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """The F1 of each gold label over (predicted, gold) pairs."""
    hit, made, gold = Counter[str](), Counter[str](), Counter[str]()
    for p, g in pairs:
        made[p] += 1
        gold[g] += 1
        hit[g] += p == g
    return {g: 2 * hit[g] / (made[g] + gold[g]) for g in sorted(gold)}


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    scores = f1_by_label(pairs)
    return sum(scores.values()) / max(1, len(scores))


def root_of(types: Tensor) -> str:
    """The likeliest of fifteen roots, CONCEDE and RETREAT counted together; NONE is no answer."""
    sums: dict[str, float] = {}
    for label, p in zip(LABELS[:-1], types.tolist(), strict=False):
        name = "YIELD" if label in YIELD else label
        sums[name] = sums.get(name, 0.0) + p
    return max(sums, key=sums.__getitem__)


def _gold_root(row: Row) -> str:
    return "YIELD" if row.styled[0] in YIELD else row.styled[0]


def _best(values: Tensor, names: Sequence[str]) -> str:
    return names[int(values.argmax())]


def figures(rows: Sequence[Row], out: Sequence[dict[str, Tensor]]) -> dict[str, object]:
    """Root and quad macro-F1, none-vs-some F1, status macro-F1 of predictions on held-out rows, by source."""
    by = {source: [(r, o) for r, o in zip(rows, out, strict=True) if r.source == source] for source in
          ("plv", "own", "cameo", "gold", "fact")}  # fmt: skip
    roots: dict[str, Pairs] = {
        "types": [(root_of(o["types"]), _gold_root(r)) for r, o in by["plv"]],
        "styled": [(root_of(o["styled"]), _gold_root(r)) for r, o in by["plv"]],
        "both": [(root_of(o["types"] + o["styled"]), _gold_root(r)) for r, o in by["plv"]],
    }
    made: dict[str, object] = {f"plv_{name}": round(macro_f1(pairs), 4) for name, pairs in roots.items()}
    quad = {"YIELD": "1"} | {label: str(number) for label, number in QUAD.items()}
    made["plv_quad"] = round(macro_f1((quad[p], quad[g]) for p, g in roots["styled"]), 4)
    made["plv_confused"] = dict(Counter(f"{g}>{p}" for p, g in roots["styled"] if p != g).most_common(12))
    made["plv_by_root"] = {k: round(v, 3) for k, v in f1_by_label(roots["styled"]).items()}
    own: Pairs = [(_best(o["types"], LABELS), r.types[0]) for r, o in by["own"]]
    made["own_types"] = round(macro_f1(own), 4)
    made["own_by_type"] = {k: round(v, 3) for k, v in f1_by_label(own).items()}
    some = [("some" if p != "NONE" else "none", "some" if g != "NONE" else "none") for p, g in own]
    made["own_some_f1"] = {k: round(v, 4) for k, v in f1_by_label(some).items()}
    cameo = [("some" if o["some"] > 0 else "none", "some" if r.some else "none") for r, o in by["cameo"]]
    made["cameo_some_f1"] = {k: round(v, 4) for k, v in f1_by_label(cameo).items()}
    by["story"] = [(r, o) for r, o in by["gold"] if not r.real]
    by["gold"] = [(r, o) for r, o in by["gold"] if r.real]
    for source in ("own", "gold", "story", "fact"):
        pairs = [(_best(o["status"], STATUSES), r.status) for r, o in by[source] if r.status]
        made[f"{source}_status"] = round(macro_f1(pairs), 4)
        made[f"{source}_status_by_label"] = {k: round(v, 3) for k, v in f1_by_label(pairs).items()}
    gold: Pairs = [(_best(o["types"][:-1], LABELS), r.types[0]) for r, o in by["gold"]]
    made["gold_types"] = round(macro_f1(gold), 4)
    return made


def likeness(model: Path, shared: Path, encoder: Path, tokenizer: Tokenizer) -> dict[str, object]:
    """How well the vectors of a model folder tell the same event, beside those of the original encoder."""
    folder = shared / "data/incidents/ecbplus"
    if not folder.is_dir():
        return {}
    pairs = similarity.read_pairs(folder)
    reader = open_relations(open_weights(model.name, model.parent))

    def original(texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = teach(texts, encoder, tokenizer, None, "cpu")
        return np.stack([vectors[text].float().numpy() for text in texts])

    return {
        "similarity_auc": similarity.measure(pairs, reader.encode)["auc"],
        "similarity_auc_original": similarity.measure(pairs, original)["auc"],
    }
