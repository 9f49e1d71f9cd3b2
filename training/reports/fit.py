"""Fits the logistic model of `detente.extract.reports` on PolNeAR's train part and writes its weights.

    python training/reports/fit.py [--shared ../shared] [--penalty 0.5] [--cache FILE]

A tenth of the articles is kept out to choose the threshold. The model is src/detente/models/reports/.
"""

import argparse
import json
import pickle
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from evals.attribution import GoldReport, figures_of, read_brat, read_pairs, score, words_in  # noqa: E402

from detente.engines import Annotation, load_annotator  # noqa: E402
from detente.engines.weights import write_manifest  # noqa: E402
from detente.extract import reports as model  # noqa: E402
from detente.packs import load_pack  # noqa: E402

OUT = ROOT / "src/detente/models/reports"
Doc = tuple[Annotation, list[GoldReport]]


def read_documents(folder: Path, cache: Path | None) -> list[Doc]:
    """Annotate the articles, or take them from a cache of an earlier run."""
    if cache and cache.exists():
        return pickle.loads(cache.read_bytes())
    pairs = read_pairs(folder)
    texts = [text.read_bytes().decode("utf-8") for text, _ in pairs]
    made = [
        (a, read_brat(marked)) for a, (_, marked) in zip(load_annotator().annotate(texts), pairs, strict=True)
    ]
    if cache:
        cache.write_bytes(pickle.dumps(made))
    return made


def gold_cues(a: Annotation, gold: list[GoldReport]) -> list[tuple[set[int], set[int]]]:
    """Give (source words, cue words) of each attribution."""
    ends = [start + len(word) for start, word in zip(a.starts, a.words, strict=True)]
    return [(set(words_in(a, ends, g.source)), set(words_in(a, ends, g.cue))) for g in gold]


def cue_head(a: Annotation, cue: set[int]) -> int | None:
    """Give the word of a cue on which the others depend."""
    return next((k for k in sorted(cue) if a.heads[k] not in cue or a.heads[k] == k), None)


def main() -> None:
    """Fit, choose the threshold, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--penalty", type=float, default=0.5, help="inverse strength of the ridge")
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    folder = options.shared / "data/attribution/polnear/train"
    if not folder.exists() and not (options.cache and options.cache.exists()):
        raise SystemExit(f"{folder} is absent: give --shared the folder that holds data/attribution")
    documents = read_documents(folder, options.cache)
    lexicon = load_pack([]).lexicon
    kept, held = [d for n, d in enumerate(documents) if n % 10], documents[::10]
    heads = Counter()
    for a, gold in kept:
        for _, cue in gold_cues(a, gold):
            k = cue_head(a, cue)
            if k is not None:
                heads[f"{a.lemmas[k].lower()}/{a.pos[k]}"] += 1
    cues = frozenset(name for name, n in heads.items() if n >= 2)
    rows, labels = [], []
    for a, gold in kept:
        s, marked = model.set_scenery(a), gold_cues(a, gold)
        for k in range(len(a)):
            if not model.may_be_cue(a, k, cues):
                continue
            mine = [(source, cue) for source, cue in marked if k in cue]
            base = model.cue_features(a, s, k, lexicon)
            for j, path in model.propose_pairs(a, s, k):
                labels.append(any(j in source for source, _ in mine))
                rows.append(base + model.pair_features(a, s, k, j, path))
    count = Counter(f for row in rows for f in row)
    vectorizer = DictVectorizer(dtype=np.float32)
    x = vectorizer.fit_transform([{f: 1.0 for f in row if count[f] >= 3} for row in rows])
    x.indices, x.indptr = x.indices.astype(np.int32), x.indptr.astype(np.int32)  # liblinear takes no others
    print(x.shape, sum(labels))
    fitted = LogisticRegression(C=options.penalty, solver="liblinear", fit_intercept=False).fit(x, labels)
    weights = {
        name: round(float(w), 2) for name, w in zip(vectorizer.feature_names_, fitted.coef_[0], strict=True)
    }
    weights = {
        name: w for name, w in weights.items() if abs(w) >= 0.12
    }  # the small ones fill the file and change nothing
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "weights.json").write_text(
        json.dumps(
            {"cues": sorted(cues), "weights": weights},
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        ),
        encoding="utf-8",
    )
    write_manifest(OUT, {"made by": "training/reports/fit.py", "data": "PolNeAR train"})
    model._model.cache_clear()
    for threshold in np.arange(0.2, 0.65, 0.05):
        tally: Counter[str] = Counter()
        for a, gold in held:
            score(a, gold, model.find_reports(a, lexicon, float(threshold)), tally)
        print(round(float(threshold), 2), figures_of(tally, len(held)))


if __name__ == "__main__":
    main()
