"""Fits the weights of `detente.extract.whereabouts` on annotated articles and writes src/detente/models/whereabouts/.

    python training/places/fit_events.py [--shared ../shared] [--ridge 0.3] [--cache FILE]

An event's word is the one of its gold quote that the event reader holds likeliest to report the gold type.
Five-fold figures by document are printed: share of events whose place has the gold's country, or none with it.
"""

import argparse
import json
import pickle
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from detente.engines.weights import write_manifest  # noqa: E402
from detente.extract.parties import make_actor  # noqa: E402
from detente.extract.whereabouts import PlaceOption, place_options  # noqa: E402

OUT = ROOT / "src/detente/models/whereabouts"
FOLDS = 5
LEAST = 5  # times that a feature must occur


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent:
    """An event's options and the country that the gold tells; `fold` is the document's."""

    fold: int
    real: bool  # from a real article, not a story
    type: str
    options: list[PlaceOption]
    country: str | None


def read_events(shared: Path) -> Iterator[GoldEvent]:
    """Give the gold events with all that may be their place."""
    from evals.events import page_of

    from detente.engines import load_engines
    from detente.extract.events import read_scene
    from detente.packs import load_pack
    from detente.read import read_page

    engines, pack = load_engines(), load_pack([])
    meta = json.loads((shared / "gold/meta.json").read_text(encoding="utf-8"))
    for split in ("train", "train_stories"):
        for file in sorted((shared / "gold" / split).glob("*.json")):
            page = page_of(shared / "gold/docs" / f"{file.stem}.txt", meta.get(file.stem, {}))
            gold = json.loads(file.read_text(encoding="utf-8"))["events"]
            for document in read_page(page).documents:
                scene = read_scene(document, pack, engines)
                yield from gold_events(
                    scene,
                    gold,
                    engines.events.types,
                    zlib.crc32(file.stem.encode()) % FOLDS,
                    split == "train",
                )


def gold_events(
    scene, gold: list[dict], types: tuple[str, ...], fold: int, real: bool
) -> Iterator[GoldEvent]:  # type: ignore[no-untyped-def,type-arg]
    """Give the gold events of a scene whose quote stands in its text."""
    a = scene.annotation
    told = Counter(actor.country for p in scene.parties for actor in p.actors if actor.country)
    home = told.most_common(1)[0][0] if told else None
    for event in gold:
        start = scene.document.text.find(event["quote"])
        inside = [w for w in scene.words if start <= a.starts[w.word] < start + len(event["quote"])]
        if start < 0 or not inside:
            continue
        word = max(inside, key=lambda w: float(w.types[types.index(event["type"])]))
        sides = [
            [make_actor(x["name"], "gold", x["country"], None) for x in event[side]]
            for side in ("actor", "recipient")
        ]
        options = list(
            place_options(a, word.word, event["type"], a.sentences[word.sentence], scene.places, *sides, home)
        )
        country = event["place"]["country"] if event["place"] else None
        yield GoldEvent(fold=fold, real=real, type=event["type"], options=options, country=country)


def fit(events: list[GoldEvent], ridge: float) -> dict[str, float]:
    """Maximise the likelihood of the options with the gold's country under a softmax, with a ridge."""
    count = Counter(f for e in events for option in e.options for f in option.features)
    index = {f: i for i, f in enumerate(sorted(f for f, n in count.items() if n >= LEAST))}
    rows = [[index[f] for f in option.features if f in index] for e in events for option in e.options]
    pointers = np.cumsum([0, *map(len, rows)])
    x = csr_matrix(
        (np.ones(pointers[-1]), np.concatenate([np.array(r, int) for r in rows]), pointers),
        shape=(len(rows), len(index)),
    )
    sizes = [len(e.options) for e in events]
    starts, order = np.cumsum([0, *sizes])[:-1], np.repeat(np.arange(len(events)), sizes)
    good = np.array([option.country == e.country for e in events for option in e.options], float)
    solvable = np.add.reduceat(good, starts) > 0

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        e = np.exp(z - np.maximum.reduceat(z, starts)[order])
        every, right = np.add.reduceat(e, starts), np.maximum(np.add.reduceat(e * good, starts), 1e-12)
        gradient = x.T @ ((e * good / right[order] - e / every[order]) * solvable[order])
        return -(np.log(right) - np.log(every))[solvable].sum() + ridge * (w @ w), 2 * ridge * w - gradient

    found = minimize(loss, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return {f: round(float(found[i]), 2) for f, i in index.items()}


def is_right(event: GoldEvent, weights: dict[str, float]) -> bool:
    """Tell whether the likeliest option has the gold's country."""
    best = max(event.options, key=lambda option: sum(weights.get(f, 0.0) for f in option.features))
    return best.country == event.country


def main() -> None:
    """Fit, print the figures of unseen folds, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--ridge", type=float, default=0.3)
    parser.add_argument("--cache", type=Path, help="keep the read events here between runs")
    options = parser.parse_args()
    if options.cache and options.cache.exists():
        events = pickle.loads(options.cache.read_bytes())
    elif (options.shared / "gold/train").exists():
        events = list(read_events(options.shared))
    else:
        raise SystemExit(f"{options.shared}/gold/train is absent: give --shared the folder that holds gold/")
    if options.cache:
        options.cache.write_bytes(pickle.dumps(events))
    right: dict[str, list[bool]] = {}
    for k in range(FOLDS):
        weights = fit([e for e in events if e.fold != k], options.ridge)
        for event in events:
            if event.fold == k and event.real:
                right.setdefault(event.type, []).append(is_right(event, weights))
    print({name: f"{sum(v) / len(v):.2f} of {len(v)}" for name, v in sorted(right.items())})
    print("all", round(float(np.mean([x for v in right.values() for x in v])), 4))
    OUT.mkdir(parents=True, exist_ok=True)
    weights = {f: w for f, w in fit(events, options.ridge).items() if abs(w) >= 0.02}
    (OUT / "weights.json").write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    write_manifest(OUT, {"made by": "training/places/fit_events.py"})


if __name__ == "__main__":
    main()
