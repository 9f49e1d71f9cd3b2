"""Scores of labels: F1 of each and their mean."""

from collections import Counter
from collections.abc import Sequence

Pairs = Sequence[tuple[str, str]]


def f1_by_label(pairs: Pairs) -> dict[str, float]:
    """The F1 of each gold label over (answer, gold) pairs."""
    hit, made, gold = Counter[str](), Counter[str](), Counter[str]()
    for answer, right in pairs:
        made[answer] += 1
        gold[right] += 1
        hit[right] += answer == right
    return {label: 2 * hit[label] / (made[label] + gold[label]) for label in sorted(gold)}


def macro_f1(pairs: Pairs) -> float:
    """The mean F1 over the labels that gold has; 0 without any."""
    scores = f1_by_label(pairs)
    return sum(scores.values()) / max(1, len(scores))
