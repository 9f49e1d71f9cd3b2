"""Fit the weights of detente.extract (roles of parties, candidates) on articles the event reader was not trained on.

Two logistic models with named features: who plays which part of an event, and whether a candidate is an
event that an analyst would have coded. What cross-validation by document gives is printed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from evals.events import event_gold, load_score
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, cross_val_predict

import detente.extract.roles as roles_module
from detente.engines import Engines, load_engines
from detente.engines.weights import write_manifest
from detente.extract.candidates import Thresholds, find_candidates
from detente.extract.events import make_event
from detente.extract.roles import Scored
from detente.extract.scene import Scene, read_scene, score_word
from detente.extract.times import make_when
from detente.packs import load_pack
from detente.records import Document, DocumentId, PageId, Piece, Span
from training import annotations
from training.events.data import hold_out, load_prepared, quote_spans
from training.events.prepare import sureness

OWN = ("actor opinion", "recipient opinion", "actor foremost", "recipient foremost")


@dataclass(slots=True)
class Marked:
    """A document with its gold events and its scene."""

    name: str
    text: str
    gold: dict[str, Any]
    scene: Scene


def as_document(name: str, text: str, published: str | None) -> Document:
    """Give a text as a document, dated as its annotation says."""
    day = date.fromisoformat(published) if published and len(published) == 10 else None
    return Document(
        id=DocumentId(name), page=PageId(name), url=name, title=None, author=None, outlet=None,
        known_at=datetime(2026, 1, 1, tzinfo=UTC), published=make_when(day, day, "given") if day else None,
        language="en", genre="report", text=text, pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
    )  # fmt: skip


def held_documents(
    shared: Path, prepared: Path, share: float, seed: int
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give (name, text, gold) of the articles that `python -m training.events` held out."""
    examples = [e for e in load_prepared(prepared) if not e.group.startswith("story")]
    names = {e.group for e in hold_out(examples, share, seed)[1]}
    for path in sorted((shared / "gold/train").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if gold["doc"] in names:
            text = (shared / "gold/docs" / f"{gold['doc']}.txt").read_text(encoding="utf-8")
            yield gold["doc"], text, gold
    for gold in annotations.load_all(shared / "data/newswire"):
        if gold["doc"] in names:
            yield gold["doc"], gold["text"], gold


def told_mentions(
    gold: list[dict[str, Any]], scored: list[Scored], scores: list[float], same: Any
) -> list[int | None]:
    """Label mentions: 1 for the likeliest mention of each gold party, None for its further ones, 0 for the rest."""
    labels: list[int | None] = [0] * len(scored)
    for g in gold:
        sure = [sureness(s.party, g, same) for s in scored]
        best = max(sure, default=0)
        if not best:
            continue
        chosen = max((k for k in range(len(scored)) if sure[k] == best), key=lambda k: scores[k])
        for k, level in enumerate(sure):
            if level and labels[k] != 1:
                labels[k] = None
        labels[chosen] = 1
    return labels


def opinion_of(word: Any, s: Scored, first: int) -> Any:
    """Give the reader's log-odds of a party's words."""
    return word.roles[max(0, s.party.start - first) : s.party.end - first].max(0, initial=-5.0)


def role_rows(
    marked: Marked, types: tuple[str, ...], same: Any
) -> Iterator[tuple[dict[str, float], int | None, int | None]]:
    """Give for each gold event whose word the reader finds: the features of each party, is actor, is recipient."""
    scene, a = marked.scene, marked.scene.annotation
    for event in marked.gold["events"]:
        t = types.index(event["type"])
        quotes = [(s, e) for s, e, primary in quote_spans(event, scene.document.text) if primary]
        inside = [w for w in scene.words if any(s <= a.starts[w.word] < e for s, e in quotes)]
        word = max(inside, key=lambda w: float(w.types[t]), default=None)
        if word is None or word.types[t] < 0.15:
            continue
        scored = score_word(scene, word, event["type"])
        first = a.sentences[word.sentence][0]
        opinions = [opinion_of(word, s, first) for s in scored]
        top = np.max(opinions, axis=0) if opinions else (0, 0)
        actors = told_mentions(event["actor"], scored, [s.actor for s in scored], same)
        recipients = told_mentions(event["recipient"], scored, [s.recipient for s in scored], same)
        for k, (s, opinion) in enumerate(zip(scored, opinions, strict=True)):
            features = dict.fromkeys(s.features, 1.0)
            for r, role in enumerate(("actor", "recipient")):
                features[f"{role} opinion"] = float(np.clip(opinion[r], -5, 5))
                features[f"{role} foremost"] = float(opinion[r] >= top[r])
            yield features, actors[k], recipients[k]


def logistic(
    rows: list[tuple[dict[str, float], int, str]], names: list[str], what: str, c: float
) -> dict[str, float]:
    """Fit one logistic model; print average precision under cross-validation by document."""
    x = np.array([[f.get(n, 0.0) for n in names] for f, _, _ in rows])
    y = np.array([label for _, label, _ in rows])
    model = LogisticRegression(C=c, max_iter=3000)
    folds = GroupKFold(min(8, len({g for *_, g in rows})))
    p = cross_val_predict(model, x, y, groups=[g for *_, g in rows], cv=folds, method="predict_proba")[:, 1]
    print(
        f"{what}: {len(y)} rows, {y.mean():.2f} positive, average precision {average_precision_score(y, p):.3f}",
        flush=True,
    )
    for cut in (0.3, 0.36, 0.42, 0.5, 0.6, 0.7, 0.8):
        kept = p >= cut
        print(
            f"   cut {cut}: precision {y[kept].mean() if kept.any() else 0:.3f} recall {y[kept].sum() / y.sum():.3f}"
        )
    model.fit(x, y)
    fitted = dict(zip(names, map(float, model.coef_[0]), strict=True))
    return {**fitted, "bias": fitted.get("bias", 0.0) + float(model.intercept_[0])}


def common(rows: list[dict[str, float]], least: int) -> list[str]:
    """Give the features that at least so many rows have."""
    counts: dict[str, int] = {}
    for f in rows:
        for k in f:
            counts[k] = counts.get(k, 0) + 1
    return sorted(k for k, n in counts.items() if n >= least)


def fit_roles(documents: list[Marked], types: tuple[str, ...], same: Any) -> dict[str, tuple[float, float]]:
    """Fit the weights towards actor and recipient."""
    rows = [(*row, d.name) for d in documents for row in role_rows(d, types, same)]
    names = [n for n in common([r[0] for r in rows], 8) if n not in OWN and n != "bias"]
    both: dict[str, list[float]] = {}
    for r, role in enumerate(("actor", "recipient")):
        other = ("recipient", "actor")[r]
        columns = {
            **{n: n for n in names},
            f"{role} opinion": "reader",
            f"{other} opinion": "other role",
            f"{role} foremost": "foremost",
        }
        known = [(f, row[r], name) for f, *row, name in rows if row[r] is not None]
        weights = logistic(known, list(columns), role, 0.2)
        for column, weight in weights.items():
            both.setdefault(columns.get(column, column), [0.0, 0.0])[r] = round(weight, 3)
    return {k: (v[0], v[1]) for k, v in both.items()}


def candidate_rows(marked: Marked, engines: Engines, score: Any) -> Iterator[tuple[dict[str, float], int]]:
    """Give each candidate's features and whether gold has it, with its type."""
    cut = Thresholds(event=0.0)
    pairs = []
    for c in find_candidates(marked.scene, engines.events.types):
        event = make_event(marked.scene, marked.scene.pack, engines.events, c, cut, "fit")
        if event is not None:
            pairs.append((c, event_gold(event, marked.scene.document, 0)))
    matched = score.match([e for _, e in pairs], marked.gold["events"], marked.text)
    right = {e["id"] for e, g in matched if e["type"] == g["type"]}
    for c, e in pairs:
        yield dict(c.features), int(e["id"] in right)


def fit(shared: Path, prepared: Path, held: float, seed: int, out: Path) -> None:
    """Fit both judges on the held-out articles and write their folder."""
    score, engines, pack = load_score(shared / "gold/train"), load_engines(), load_pack(["south-caucasus"])
    out.mkdir(parents=True, exist_ok=True)
    start = dict.fromkeys(("reader", "other role", "foremost"), (0.5, 0.5))
    weights: dict[str, Any] = {"roles": start, "events": {"reader": 1.0}}

    def keep() -> None:
        (out / "weights.json").write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n")
        write_manifest(out, {})
        roles_module.fitted.cache_clear()

    keep()
    documents = []
    for name, text, gold in held_documents(shared, prepared, held, seed):
        article = gold["articles"][0]
        document = as_document(name, text[article["start"] : article.get("end")], article.get("published"))
        documents.append(Marked(name, text, gold, read_scene(document, pack, engines)))
    for _ in range(2):  # the second time the likeliest mentions are chosen by fitted weights
        weights["roles"] = fit_roles(documents, engines.events.types, score.same_actor)
        keep()
    rows = [(f, y, d.name) for d in documents for f, y in candidate_rows(d, engines, score)]
    names = common([f for f, *_ in rows], 8)
    weights["events"] = {k: round(v, 3) for k, v in logistic(rows, names, "candidates", 0.1).items()}
    keep()
