"""Fit the weights of detente.extract.roles on annotated articles that the event reader was not trained on.

python -m training.events.roles --shared ../shared --reader DIR
"""

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from detente.engines import Engines, load_engines
from detente.extract.events import Scene, read_scene, score_word
from detente.extract.parties import Party
from detente.extract.times import make_when
from detente.packs import load_pack
from detente.records import Document, DocumentId, PageId, Piece, Span
from evals.events import load_score
from training import annotations
from training.events.data import quote_spans


def sureness(party: Party, gold: dict, same) -> int:
    """Tell how surely a party is the gold one: 3 by name, 2 by country and sector, 1 by state alone, 0 not."""
    best = 0
    for x in party.actors:
        mine = {"name": x.name, "country": x.country, "sector": x.sector}
        if same(mine, gold):
            named = mine["name"].lower() == gold["name"].lower()
            best = max(
                best, 3 if named else 2 if (x.country, x.sector) == (gold["country"], gold["sector"]) else 1
            )
    return best


def told_mentions(gold: list[dict], scored, scores: list[float], same) -> list[int | None]:
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


def samples(scene: Scene, engines: Engines, gold: dict, same) -> list[tuple[dict[str, float], int, int]]:
    """Give for each gold event whose word the reader finds: the features of each party, is actor, is recipient."""
    out = []
    text, a = scene.document.text, scene.annotation
    for event in gold["events"]:
        t = engines.events.types.index(event["type"])
        quotes = [(s, e) for s, e, primary in quote_spans(event, text) if primary]
        inside = [w for w in scene.words if any(s <= a.starts[w.word] < e for s, e in quotes)]
        word = max(inside, key=lambda w: float(w.types[t]), default=None)
        if word is None or word.types[t] < 0.15:
            continue
        scored = score_word(scene, word, event["type"])
        first = a.sentences[word.sentence][0]
        opinions = [
            word.roles[max(0, s.party.start - first) : s.party.end - first].max(0, initial=-4.0)
            for s in scored
        ]
        top = np.max(opinions, axis=0) if opinions else (0, 0)
        actors = told_mentions(event["actor"], scored, [s.actor for s in scored], same)
        recipients = told_mentions(event["recipient"], scored, [s.recipient for s in scored], same)
        for k, (s, opinion) in enumerate(zip(scored, opinions, strict=True)):
            features = dict.fromkeys(s.features, 1.0)
            for r, role in enumerate(("actor", "recipient")):
                features[f"{role} opinion"] = float(np.clip(opinion[r], -5, 5))
                features[f"{role} foremost"] = float(opinion[r] >= top[r])
            out.append((features, actors[k], recipients[k]))
    return out


def fit(rows: list[tuple[dict[str, float], int, int, str]]) -> dict[str, tuple[float, float]]:
    """Fit actor and recipient on named features; print what cross-validation by document gives."""
    own = ("actor opinion", "recipient opinion", "actor foremost", "recipient foremost")
    counts: dict[str, int] = {}
    for f, *_ in rows:
        for k in f:
            counts[k] = counts.get(k, 0) + 1
    names = sorted(k for k in counts if k not in own and k != "bias" and counts[k] >= 8)
    weights: dict[str, list[float]] = {
        n: [0.0, 0.0] for n in ["bias", *names, "reader", "other role", "foremost"]
    }
    for r, role in enumerate(("actor", "recipient")):
        other = ("recipient", "actor")[r]
        columns = [*names, f"{role} opinion", f"{other} opinion", f"{role} foremost"]
        known = [row for row in rows if row[1 + r] is not None]
        x = np.array([[row[0].get(c, 0.0) for c in columns] for row in known])
        y = np.array([row[1 + r] for row in known])
        groups = [row[3] for row in known]
        model = LogisticRegression(C=0.3, max_iter=2000)
        p = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
        hit = ((p > 0.5) & (y == 1)).sum()
        print(
            role,
            "cross-validated precision",
            round(hit / max(1, (p > 0.5).sum()), 3),
            "recall",
            round(hit / y.sum(), 3),
            "of",
            y.sum(),
        )
        model.fit(x, y)
        weights["bias"][r] = float(model.intercept_[0])
        for c, w in zip(columns, model.coef_[0], strict=True):
            key = (
                "reader"
                if c == f"{role} opinion"
                else "other role"
                if c == f"{other} opinion"
                else "foremost"
                if c.endswith("foremost")
                else c
            )
            weights[key][r] = float(w)
    return {k: (round(v[0], 2), round(v[1], 2)) for k, v in weights.items()}


def gather(shared: Path, engines: Engines) -> list[tuple[dict[str, float], int, int, str]]:
    """Give the samples of all our own annotated articles with their document."""
    same = load_score(shared / "gold/train").same_actor
    pack = load_pack(["south-caucasus"])
    rows = []
    for gold in annotations.load(annotations.FOLDER, shared / "data/newswire"):
        document = as_document(gold)
        rows += [(*s, gold["doc"]) for s in samples(read_scene(document, pack, engines), engines, gold, same)]
    return rows


def as_document(gold: dict) -> Document:
    """Give an annotated article as a document, dated as its annotation says."""
    text = gold["text"][gold["articles"][0]["start"] :]
    published = gold["articles"][0]["published"]
    day = date.fromisoformat(published) if published and len(published) == 10 else None
    return Document(
        id=DocumentId(gold["doc"]), page=PageId(gold["doc"]), url=gold["doc"], title=None, author=None, outlet=None,
        known_at=datetime(2026, 1, 1, tzinfo=UTC), published=make_when(day, day, "given") if day else None,
        language="en", genre="report", text=text, pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", default="../shared", type=Path)
    parser.add_argument("--out", default="src/detente/extract/roles.json", type=Path)
    args = parser.parse_args()
    weights = fit(gather(args.shared, load_engines()))
    args.out.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
