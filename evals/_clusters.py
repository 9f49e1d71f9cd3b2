"""Measures of clusterings: B-cubed, MUC, CEAF-e and their mean (CoNLL F1), pairs."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

Labels = Sequence[Hashable]


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def bcubed(found: Labels, gold: Labels) -> tuple[float, float, float]:
    """Give B-cubed precision, recall and F1."""
    if not found:
        return 0.0, 0.0, 0.0
    both, ours, theirs = Counter(zip(found, gold, strict=True)), Counter(found), Counter(gold)
    precision = sum(both[a, b] / ours[a] for a, b in zip(found, gold, strict=True)) / len(found)
    recall = sum(both[a, b] / theirs[b] for a, b in zip(found, gold, strict=True)) / len(found)
    return precision, recall, f1(precision, recall)


def muc(found: Labels, gold: Labels) -> float:
    """Give MUC's F1: links that must be added to make one clustering the other."""

    def recall(key: Labels, other: Labels) -> float:
        parts: defaultdict[Hashable, list[Hashable]] = defaultdict(list)
        for k, o in zip(key, other, strict=True):
            parts[k].append(o)
        links = sum(len(p) - 1 for p in parts.values())
        return sum(len(p) - len(set(p)) for p in parts.values()) / links if links else 0.0

    return f1(recall(found, gold), recall(gold, found))


def ceafe(found: Labels, gold: Labels) -> float:
    """Give entity-based CEAF's F1 (phi 4, best one-to-one alignment)."""
    ours, theirs = Counter(found), Counter(gold)
    rows, columns = {a: k for k, a in enumerate(ours)}, {b: k for k, b in enumerate(theirs)}
    alike = np.zeros((len(rows), len(columns)))
    for (a, b), both in Counter(zip(found, gold, strict=True)).items():
        alike[rows[a], columns[b]] = 2 * both / (ours[a] + theirs[b])
    total = alike[linear_sum_assignment(-alike)].sum()
    return f1(total / len(rows), total / len(columns)) if rows else 0.0


def conll(found: Labels, gold: Labels) -> dict[str, float]:
    """Give MUC, B-cubed and CEAF-e F1 and their mean, in per cent as is usual."""
    figures = {"muc": muc(found, gold), "bcubed": bcubed(found, gold)[2], "ceafe": ceafe(found, gold)}
    figures["conll"] = sum(figures.values()) / 3
    return {name: round(100 * value, 1) for name, value in figures.items()}


def pairs_f1(found: Labels, gold: Labels) -> tuple[float, float, float]:
    """Give precision, recall and F1 of the pairs put together; singletons earn nothing here."""

    def pairs(labels: Labels | list[tuple[Hashable, Hashable]]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    both = pairs(list(zip(found, gold, strict=True)))
    precision = both / pairs(found) if pairs(found) else 0.0
    recall = both / pairs(gold) if pairs(gold) else 0.0
    return precision, recall, f1(precision, recall)
