"""Fits the weights of `detente.extract.credits` on annotated articles and writes src/detente/models/credits/.

    python training/reports/fit_credits.py [--shared ../shared] [--penalty 1.0] [--cache FILE]

Five-fold figures by document are printed: share of events rightly told to rest on another's word, or not.
"""

import argparse
import json
import pickle
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from detente.engines.weights import write_manifest  # noqa: E402
from detente.extract.credits import THRESHOLD, credit_features, split_around  # noqa: E402
from detente.extract.parties import make_actor  # noqa: E402
from detente.extract.reports import set_scenery  # noqa: E402

OUT = ROOT / "src/detente/models/credits"
FOLDS = 5
Row = tuple[int, bool, dict[str, float], bool]  # fold, real article, features, said by another


def read_rows(shared: Path) -> Iterator[Row]:
    """Give a row for each gold event whose quote stands in its document."""
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
            fold, real = zlib.crc32(file.stem.encode()) % FOLDS, split == "train"
            for document in read_page(page).documents:
                scene = read_scene(document, pack, engines)
                for features, said in event_rows(scene, gold, engines.events.types, pack):
                    yield fold, real, features, said


def event_rows(
    scene, gold: list[dict], types: tuple[str, ...], pack
) -> Iterator[tuple[dict[str, float], bool]]:  # type: ignore[no-untyped-def,type-arg]
    """Give features and truth of each gold event of a scene; its actors as told by the gold."""
    a, scenery = scene.annotation, set_scenery(scene.annotation)
    for event in gold:
        start = scene.document.text.find(event["quote"])
        inside = [w for w in scene.words if start <= a.starts[w.word] < start + len(event["quote"])]
        if start < 0 or not inside:
            continue
        word = max(inside, key=lambda w: float(w.types[types.index(event["type"])]))
        actors = [make_actor(x["name"], "gold", x["country"], None) for x in event["actor"]]
        own, other = split_around(scene.reports, word.word, actors, scene.parties)
        features = credit_features(a, scenery, word.word, event["type"], own, other, pack.lexicon)
        yield features, bool(event["said_by"])


def fit(rows: list[Row], penalty: float) -> tuple[DictVectorizer, LogisticRegression]:
    """Fit the logistic model."""
    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform([features for _, _, features, _ in rows])
    model = LogisticRegression(C=penalty, max_iter=1000, fit_intercept=False)
    return vectorizer, model.fit(x, [said for _, _, _, said in rows])


def main() -> None:
    """Fit, print the figures of unseen folds, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--penalty", type=float, default=1.0, help="inverse strength of the ridge")
    parser.add_argument("--cache", type=Path, help="keep the rows here between runs")
    options = parser.parse_args()
    if options.cache and options.cache.exists():
        rows: list[Row] = pickle.loads(options.cache.read_bytes())
    elif (options.shared / "gold/train").exists():
        rows = list(read_rows(options.shared))
    else:
        raise SystemExit(f"{options.shared}/gold/train is absent: give --shared the folder that holds gold/")
    if options.cache:
        options.cache.write_bytes(pickle.dumps(rows))
    guessed, truth = [], []
    for k in range(FOLDS):
        vectorizer, model = fit([r for r in rows if r[0] != k], options.penalty)
        held = [r for r in rows if r[0] == k and r[1]]
        guessed += list(model.predict_proba(vectorizer.transform([r[2] for r in held]))[:, 1] > THRESHOLD)
        truth += [r[3] for r in held]
    g, t = np.array(guessed), np.array(truth)
    both = np.sum(g & t)
    print(
        f"right {np.mean(g == t):.4f}  precision {both / max(1, g.sum()):.3f}  recall {both / t.sum():.3f}  of {len(t)}"
    )
    vectorizer, model = fit(rows, options.penalty)
    weights = {
        n: round(float(w), 3)
        for n, w in zip(vectorizer.feature_names_, model.coef_[0], strict=True)
        if abs(w) > 0.005
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "weights.json").write_text(
        json.dumps(weights, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    write_manifest(OUT, {"made by": "training/reports/fit_credits.py"})


if __name__ == "__main__":
    main()
