"""Fits the weights of `detente.extract.places` on the tuned half of LGL and prints them.

    python training/places/fit.py [--shared ../shared] [--alternations 6]

The weights of a softmax over the candidates of each name; the gold is any candidate within
161 km. Features of company depend on the senses of the other names, so that features and weights
are computed in turn.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from evals.places import NEAR_KM, Article, in_half, read_articles  # noqa: E402

from detente.extract.places import FEATURES, WEIGHTS, Resolver, distance_km  # noqa: E402
from detente.packs import load_pack  # noqa: E402

RIDGE = 0.003
STEPS, RATE = 400, 0.05


def gold_of(article: Article, resolver: Resolver) -> np.ndarray:
    """Mark the candidates that lie near the gold of a name's first mention."""
    good = np.zeros(len(resolver.flat), dtype=bool)
    told = {}
    for gold in sorted(article.toponyms, key=lambda t: (t.start, t.end)):
        form = resolver.forms[resolver.spans.index((gold.start, gold.end))]
        told.setdefault(resolver.groups[form], gold.place)
    for row, (g, candidate) in enumerate(resolver.flat):
        good[row] = g in told and distance_km(candidate, told[g]) <= NEAR_KM
    return good


def fit(x: np.ndarray, good: np.ndarray, group: np.ndarray, start: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Ascend the log-likelihood of the good candidates by Adam."""
    m, v = np.zeros_like(w), np.zeros_like(w)
    starts = np.flatnonzero(np.r_[True, np.diff(group) > 0])
    order = np.searchsorted(starts, np.arange(len(group)), side="right") - 1
    for step in range(1, STEPS + 1):
        z = x @ w
        e = np.exp(z - np.maximum.reduceat(z, starts)[order])
        p = e / np.add.reduceat(e, starts)[order]
        q = e * good
        q /= np.maximum(np.add.reduceat(q, starts)[order], 1e-12)
        gradient = x.T @ (q - p) / len(starts) - RIDGE * (w - start)
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w = w + RATE * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return w


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--alternations", type=int, default=6)
    options = parser.parse_args()
    file = options.shared / "data/places/lgl.xml"
    if not file.exists():
        raise SystemExit(f"{file} is absent: give --shared the folder that holds data/places/lgl.xml")
    pack = load_pack([])
    made = []
    for article in read_articles(file):
        if in_half(article.name, "tuned") and article.toponyms:
            resolver = Resolver(article.text, [(t.start, t.end) for t in article.toponyms], pack)
            made.append((resolver, gold_of(article, resolver)))
    w = np.array(list(WEIGHTS.values()))
    for turn in range(options.alternations):
        rows, goods, groups, at = [], [], [], 0
        right = total = 0
        for resolver, good in made:
            chance, x = resolver.scores(w)
            for g in np.unique(resolver.group_of):
                mask = resolver.group_of == g
                total += 1
                right += bool(good[mask][chance[mask].argmax()])
                if good[mask].any():
                    rows.append(x[mask]), goods.append(good[mask]), groups.append(np.full(mask.sum(), at))
                    at += 1
        print(f"turn {turn}: {right}/{total} names = {right / total:.4f}")
        w = fit(np.vstack(rows), np.concatenate(goods), np.concatenate(groups), np.zeros_like(w), w)
    print("WEIGHTS = {" + ", ".join(f'"{n}": {v:.2f}' for n, v in zip(FEATURES, w, strict=True)) + "}")


if __name__ == "__main__":
    main()
