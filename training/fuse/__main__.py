"""`python -m training.fuse --shared DIR [--extracted PICKLE]`: fits the weights of the linking features.

Writes `detente/data/fuse/weights.json`. Logistic regression with an L2 penalty; a feature that speaks for
sameness by its nature can't get a weight below 0, nor one against it a weight above 0, so that explanations
stay true.
Three views weigh the same: annotated events, extracted events (with the extractor's errors), ECB+ mentions.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from detente.fuse.features import FEATURES
from detente.packs import load_pack, shipped_packs
from training.fuse.pairs import Pairs, extracted_pairs, gold_pairs, story_pairs

OUT = Path("src/detente/data/fuse/weights.json")
AGAINST = {
    "words_against_deeds", "other_doers", "other_targets", "target_in_one_only", "turned_round", "days_apart",
    "other_place", "other_toll", "other_day", "both_speech", "vague_times", "time_not_told", "one_document",
}  # fmt: skip
# What is known of the world and hardly stands in the training data: one raid is not told with days 40 apart, and
# two towns are two places. These weights are no weaker than this.
AT_MOST = {"days_apart": -4.0, "other_day": -5.5, "other_place": -1.5, "other_toll": -1.0}
PENALTY = 2e-5
SHIFT = 1e-4
# What hardly stands in the training data, so that its weight is set: copies of one text, and two documents that tell of
# force against one named victim (0.3 is where the two pages of the first theatre meet; 0.6 costs a point on ECB+).
AT_LEAST = {"copied": 2.5, "same_victim": 0.3}


def fit(views: list[tuple[float, Pairs]]) -> np.ndarray:
    """Give the weights with the intercept last."""
    x = np.vstack([_with_intercepts(pairs[0], k, len(views)) for k, (_, pairs) in enumerate(views)])
    y = np.concatenate([pairs[1] for _, pairs in views])
    share = np.concatenate([np.full(len(p[1]), s / len(p[1])) for s, p in views])
    names = [f.__name__ for f in FEATURES]
    bounds = [(None, AT_MOST.get(n, 0.0)) if n in AGAINST else (0.0, None) for n in names] + [(None, None)] * (1 + len(views))
    size = len(names)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        value = (
            share @ (np.logaddexp(0, z) - y * z)
            + PENALTY * w[:size] @ w[:size]
            + SHIFT * w[size + 1 :] @ w[size + 1 :]
        )
        slope = x.T @ (share * (expit(z) - y))
        slope[:size] += 2 * PENALTY * w[:size]
        slope[size + 1 :] += 2 * SHIFT * w[size + 1 :]
        return value, slope

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x[: size + 1]


def _with_intercepts(x: np.ndarray, view: int, views: int) -> np.ndarray:
    """Add the common intercept and the view's own: stories of one topic hold more pairs than a desk does."""
    own = np.zeros((len(x), views))
    own[:, view] = 1.0
    return np.hstack([x, np.ones((len(x), 1)), own])


def report(name: str, pairs: Pairs, w: np.ndarray) -> None:
    """Print how good and how well calibrated the weights are on a view."""
    p, y = expit(pairs[0] @ w[:-1] + w[-1]), pairs[1]
    hit, told = ((p >= 0.5) & (y == 1)).sum(), (p >= 0.5).sum()
    print(f"{name}: pairs {len(y)}, same {int(y.sum())}, at 0.5 precision {hit / max(1, told):.2f}", end=" ")
    print(f"recall {hit / y.sum():.2f}; told -> true (pairs):", end=" ")
    for low in np.arange(0, 1, 0.2):
        inside = (p >= low) & (p < low + 0.2)
        if inside.any():
            print(f"{p[inside].mean():.2f} -> {y[inside].mean():.2f} ({inside.sum()})", end=" ")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--extracted", type=Path)
    args = parser.parse_args()
    if not (args.shared / "gold" / "train").is_dir():
        raise SystemExit(f"{args.shared}: no gold/train there; give --shared the folder of the shared data")
    pack = load_pack(shipped_packs())
    named = {"gold": (1.0, gold_pairs(args.shared, pack)), "ecb+": (0.15, story_pairs(args.shared, pack))}
    if args.extracted:
        named["extracted"] = (1.0, extracted_pairs(args.shared, pack, args.extracted))
    w = fit(list(named.values()))
    weights = {f.__name__: round(float(v), 3) for f, v in zip(FEATURES, w[:-1], strict=True)}
    weights |= {name: max(weights[name], least) for name, least in AT_LEAST.items()}
    for name, (_, pairs) in named.items():
        report(name, pairs, w)
    about = "log-odds that two reports tell of one incident; fitted by training/fuse"
    body = {"about": about, "intercept": round(float(w[-1]), 3), "weights": weights}
    OUT.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(weights, indent=1), body["intercept"])


if __name__ == "__main__":
    main()
