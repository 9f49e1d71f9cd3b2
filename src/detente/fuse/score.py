"""How likely two reports tell of one incident, and why."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from detente.fuse.features import FEATURES, Feature, explain
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
    total = weights.intercept
    for weight, feature in _weighty(weights):
        total += weight * feature(a, b)
    return total


@lru_cache(maxsize=8)
def _weighty(weights: Weights) -> tuple[tuple[float, Feature], ...]:
    return tuple((w, f) for w, f in zip(weights.weights, FEATURES, strict=True) if w)


FINE = 100_000  # evidence is kept in hundred-thousandths of log-odds: whole numbers add up the same in any order


def evidence(a: Sketch, b: Sketch, weights: Weights) -> int:
    """Give the log-odds of a pair in whole hundred-thousandths, the same whichever stands first."""
    if b.id < a.id:
        a, b = b, a
    return round(log_odds(a, b, weights) * FINE)


def probability(odds: float) -> float:
    """Give the probability of log-odds."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))


def odds_of(p: float) -> float:
    """Give the log-odds of a probability."""
    return math.log(p / (1 - p))


def explain_pair(a: Sketch, b: Sketch, weights: Weights) -> tuple[Reason, ...]:
    """Give the features that speak for or against, the strongest first."""
    said = ((feature.__name__, weight * feature(a, b)) for weight, feature in _weighty(weights))
    found = [
        Reason(feature=name, weight=round(value, 3), detail=explain(name)) for name, value in said if abs(value) >= 0.05
    ]
    return tuple(sorted(found, key=lambda r: (-abs(r.weight), r.feature)))
