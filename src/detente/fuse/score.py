"""How likely two reports tell of one incident, and why."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from detente.fuse.features import FEATURES, explain, measure_pair
from detente.fuse.sketch import Sketch
from detente.records import Reason

# Of the training documents' pairs told at 0.3, 0.5, 0.7 and 0.9, shares of 0.15, 0.39, 0.57 and 0.90 were of one
# incident (annotated events; `python -m training.fuse` prints the table). JOIN is where B-cubed was best on
# the training documents' annotated and extracted events and CoNLL F1 on the training topics of ECB+, together.
JOIN = 0.4
UNSURE = 0.2  # below this a pair is called different and forgotten


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each feature, in the order of `FEATURES`, and the log-odds of a pair that shows none."""

    intercept: float
    weights: tuple[float, ...]
    digest: str


@cache
def shipped_weights() -> Weights:
    """Give the weights that ship with the package."""
    text = files("detente").joinpath("data/fuse/weights.json").read_text(encoding="utf-8")
    told = json.loads(text)
    weights: Mapping[str, float] = told["weights"]
    return Weights(
        told["intercept"], tuple(weights.get(f.__name__, 0.0) for f in FEATURES), told.get("digest", "")
    )


def log_odds(a: Sketch, b: Sketch, weights: Weights) -> float:
    """Give the log-odds that two reports tell of one incident."""
    return weights.intercept + sum(w * v for w, v in zip(weights.weights, measure_pair(a, b), strict=True))


def probability(odds: float) -> float:
    """Give the probability of log-odds."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))


def explain_pair(a: Sketch, b: Sketch, weights: Weights) -> tuple[Reason, ...]:
    """Give the features that speak for or against, the strongest first."""
    values = measure_pair(a, b)
    found = [
        Reason(feature=f.__name__, weight=round(w * v, 3), detail=explain(f.__name__))
        for f, w, v in zip(FEATURES, weights.weights, values, strict=True) if abs(w * v) >= 0.05
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: (-abs(r.weight), r.feature)))
