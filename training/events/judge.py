"""Fit the weights of detente.extract (roles of parties, candidates) on articles the event reader was not trained on.

Two logistic models with named features: who plays which part of an event, and whether a candidate is an
event that an analyst would have coded. What cross-validation by document gives is printed.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from evals.events import event_gold, load_score
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, cross_val_predict

import detente.extract.roles as roles_module
from detente.engines import Engines, load_engines
from detente.engines.weights import write_manifest
from detente.extract.candidates import Thresholds, find_candidates
from detente.extract.credits import SPEECH, credit_features, report_odds, witnesses_of
from detente.extract.credits import joined_features as joined_credits
from detente.extract.events import (
    asked_of,
    cast_parties,
    likely_sources,
    make_event,
)
from detente.extract.parties import make_actor
from detente.extract.roles import (
    NO_OPINION,
    Scored,
    Seat,
    features_of,
    is_nested,
    joined_features,
    seat_of,
    syntax_odds,
)
from detente.extract.scene import Scene, opinion_of, read_scene, score_word
from detente.extract.times import make_when
from detente.packs import Pack, load_pack
from detente.records import Document, DocumentId, PageId, Piece, Span, When
from training.events.data import quote_spans
from training.events.prepare import annotated_documents, sureness


@dataclass(slots=True)
class Marked:
    """A document with its gold events and its scene."""

    name: str
    text: str
    gold: dict[str, Any]
    scene: Scene


def published_interval(published: str | None) -> When | None:
    """Give the interval of an ISO day, month or year."""
    if not published:
        return None
    year, month, day = (*map(int, published.split("-")), 0, 0)[:3]
    first = date(year, month or 1, day or 1)
    if day:
        last = first
    elif month:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    else:
        last = date(year, 12, 31)
    return make_when(first, last, "given")


def as_document(name: str, text: str, published: str | None) -> Document:
    """Give a text as a document, dated as its annotation says."""
    when = published_interval(published)
    return Document(
        id=DocumentId(name), page=PageId(name), url=name, title=None, author=None, outlet=None,
        known_at=datetime(2026, 1, 1, tzinfo=UTC), published=when,
        language="en", genre="report", text=text, pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
    )  # fmt: skip


def held_documents(shared: Path, held: set[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give (name, text, gold) of the articles that the reader was not trained on."""
    return ((gold["doc"], text, gold) for gold, text in annotated_documents(shared) if gold["doc"] in held)


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


@dataclass(frozen=True, slots=True)
class Known:
    """A gold event whose word the reader finds."""

    word: Any
    event: dict[str, Any]


def known_events(marked: Marked, types: tuple[str, ...]) -> Iterator[Known]:
    """Give the gold events of a document with the reader's likeliest word of each quote."""
    scene, a = marked.scene, marked.scene.annotation
    for event in marked.gold["events"]:
        t = types.index(event["type"])
        quotes = [(s, e) for s, e, primary in quote_spans(event, scene.document.text) if primary]
        inside = [w for w in scene.words if any(s <= a.starts[w.word] < e for s, e in quotes)]
        word = max(inside, key=lambda w: float(w.types[t]), default=None)
        if word is not None and word.types[t] >= 0.15:
            yield Known(word, event)


OWN = 5.0  # share of a party's own loss beside that of the choice
RIDGE = 0.003

Row = tuple[list[str], tuple[int | None, int | None]]  # features by the parse, is actor, is recipient (None: not asked)


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties around a gold event: by each what the parse and the reader tell, and what gold says."""

    type: str
    syntax: list[list[str]]
    views: list[tuple[float, float]]
    seats: list[Seat]
    labels: list[tuple[int | None, int | None]]


def parties_of(scene: Scene, known: Known, same: Any) -> Parties:
    """Give the parties around a gold event; the likeliest mention of a gold party is right, its others are not asked."""
    scored = score_word(scene, known.word, known.event["type"])
    sentences = [scene.sentence_of[s.party.head] - known.word.sentence for s in scored]
    every = [s.party for s in scored]
    actors = told_mentions(known.event["actor"], scored, [s.actor for s in scored], same)
    recipients = told_mentions(known.event["recipient"], scored, [s.recipient for s in scored], same)
    return Parties(
        known.event["type"],
        [features_of(scene.annotation, known.word.word, known.event["type"], p, is_nested(scene.annotation, p, every), away)
         for p, away in zip(every, sentences, strict=True)],
        [opinion_of(known.word, p) or NO_OPINION for p in every],
        [seat_of(known.word.word, p, away, scene.mentions[p.actors[0].id]) for p, away in zip(every, sentences, strict=True)],
        list(zip(actors, recipients, strict=True)),
    )  # fmt: skip


def fit_syntax(rows: list[Row], what: str) -> dict[str, tuple[float, float]]:
    """Fit what the parse tells of either role: many crossed features, a firm ridge."""
    count = Counter(f for features, _ in rows for f in features)
    names = {f: k for k, f in enumerate(sorted(f for f, n in count.items() if n >= 12))}
    both = []
    for r in (0, 1):
        kept = [(features, labels[r]) for features, labels in rows if labels[r] is not None]
        columns = [[names[f] for f in features if f in names] for features, _ in kept]
        ends = np.cumsum([0, *map(len, columns)])
        x = csr_matrix((np.ones(ends[-1]), np.concatenate(columns), ends), shape=(len(kept), len(names)))
        y = np.array([label for _, label in kept])
        model = LogisticRegression(C=0.3, max_iter=400).fit(x, y)
        print(f"{what} {r}: {len(y)} rows, {len(names)} features", flush=True)
        both.append(model.coef_[0] + (np.array([f == "bias" for f in names]) * model.intercept_[0]))
    return {
        f: (round(float(both[0][k]), 3), round(float(both[1][k]), 3))
        for f, k in names.items() if max(abs(both[0][k]), abs(both[1][k])) >= 0.03
    }  # fmt: skip


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


Choice = tuple[list[tuple[dict[str, float], int | None]], str]  # the parties of an event with labels, and its document


def fit_roles(documents: list[Marked], types: tuple[str, ...], same: Any) -> list[dict[str, float]]:
    """Fit what joins parse and reader, towards actor and recipient."""
    choices: tuple[list[Choice], list[Choice]] = ([], [])
    for d in documents:
        for known in known_events(d, types):
            found = parties_of(d.scene, known, same)
            odds = [syntax_odds(features) for features in found.syntax]
            rows = joined_features(odds, found.views, found.seats, found.type) if odds else []
            for r in (0, 1):
                pairs = [(pair[r], labels[r]) for pair, labels in zip(rows, found.labels, strict=True)]
                choices[r].append((pairs, d.name))
    return [fit_choice(choices[r], role) for r, role in enumerate(("actor", "recipient"))]


def fit_choice(choices: list[Choice], what: str) -> dict[str, float]:
    """Fit weights by which the right party stands before the others and before nobody; print how often it does.

    The loss is that of the choice among an event's parties and nobody, with some of a party's own: right or not.
    """
    names = common([features for rows, _ in choices for features, _ in rows], 8)
    x = np.array([[features.get(n, 0.0) for n in names] for rows, _ in choices for features, _ in rows])
    y = np.array([-1 if label is None else label for rows, _ in choices for _, label in rows])
    event = np.repeat(np.arange(len(choices)), [len(rows) for rows, _ in choices])
    groups = np.array([name for rows, name in choices for _ in rows])
    told = np.zeros(len(y))
    for train, test in GroupKFold(8).split(x, y, groups):
        told[test] = x[test] @ _choice_weights(x[train], y[train], event[train])
    asked = [k for k in range(len(choices)) if (y[event == k] == 1).any()]
    right = sum(bool(y[event == k][told[event == k].argmax()]) for k in asked)
    precision = average_precision_score(y[y >= 0], told[y >= 0])
    print(f"{what}: the first is right in {right / len(asked):.3f} of {len(asked)}, precision {precision:.3f}", flush=True)
    return {n: round(float(w), 3) for n, w in zip(names, _choice_weights(x, y, event), strict=True)}


def _choice_weights(x: NDArray[Any], y: NDArray[Any], event: NDArray[Any]) -> NDArray[Any]:
    number = np.unique(event, return_inverse=True)[1]
    size, good, known = number.max() + 1, y != 0, y >= 0
    has_gold = np.bincount(number, y == 1, size) > 0

    def loss(w: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        z = np.clip(x @ w, -30, 30)
        weight = np.exp(z)
        total = np.bincount(number, weight, size) + 1  # nobody weighs 1
        fit = np.where(has_gold, np.bincount(number, weight * good, size), 1.0)
        chance = expit(z)
        value = (np.log(total) - np.log(fit)).mean() + OWN * _entropy(chance[known], y[known]) + RIDGE * w @ w
        slope = (weight / total[number] - weight * good * has_gold[number] / fit[number]) / size
        slope[known] += OWN * (chance[known] - y[known]) / known.sum()
        return float(value), x.T @ slope + 2 * RIDGE * w

    return np.asarray(minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x)


def _entropy(chance: NDArray[Any], right: NDArray[Any]) -> float:
    return float(-np.log(np.where(right == 1, chance, 1 - chance)).mean())


def credit_rows(marked: Marked, types: tuple[str, ...]) -> Iterator[tuple[dict[str, float], dict[str, float], int]]:
    """Give what the reports tell of each gold event, that joined with the reader's opinion, and whose word gold gives."""
    scene = marked.scene
    for known in known_events(marked, types):
        kind, word = known.event["type"], known.word
        actors = tuple(make_actor(x["name"], "gold", x["country"], x["sector"]) for x in known.event["actor"])
        sources = likely_sources(scene, word, actors)
        asked = asked_of(scene, word, kind, actors)
        found = witnesses_of(asked)
        odds = report_odds(asked, found, scene.pack.lexicon)
        source = sources[0][0] if sources else NO_OPINION[0]
        joined = joined_credits(odds, word.attributed, source, kind in SPEECH)
        yield credit_features(asked, found, scene.pack.lexicon), joined, int(bool(known.event["said_by"]))


def fit_simple(rows: list[tuple[dict[str, float], int, str]], what: str, c: float = 0.2) -> dict[str, float]:
    """Fit one logistic model over all features that are not rare."""
    weights = logistic(rows, common([f for f, *_ in rows], 8), what, c)
    return {k: round(v, 3) for k, v in weights.items()}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A candidate as it would be coded, and how far gold agrees."""

    features: dict[str, float]
    full_features: dict[str, float]
    typed: int
    full: int


def wholly_right(event: dict[str, Any], gold: dict[str, Any], score: Any) -> bool:
    """Tell whether an event of the right type has gold's actors and recipients, more than one of equals, and no others."""
    pooled = gold["type"] in score.SYMMETRIC

    def named(role: str, other: str) -> bool:
        known = gold[role] + (gold[other] if pooled else [])
        return all(any(score.same_actor(x, y) for y in known) for x in event[role])

    told = score.who(event, gold) and score.full(event, gold)
    if pooled and len(gold["actor"] + gold["recipient"]) > 1:  # one of two who met is not who met
        told = told and len(event["actor"] + event["recipient"]) > 1
    return bool(told and named("actor", "recipient") and named("recipient", "actor"))


def _without_parties(event: dict[str, Any]) -> dict[str, Any]:
    return event | {"actor": [], "recipient": []}


def outcomes(marked: Marked, engines: Engines, score: Any) -> Iterator[Outcome]:
    """Give each candidate that makes an event, and whether gold has it with its type, and with just its parties."""
    cut, scene = Thresholds(event=0.0), marked.scene
    pairs = []
    for c in find_candidates(scene, engines.events.types):
        event = make_event(scene, scene.pack, engines.events, c, cut, "fit")
        if event is not None:
            pairs.append((c, event_gold(event, scene.document, 0)))
    made = [e for _, e in pairs]
    acts = score.match(*([_without_parties(e) for e in events] for events in (made, marked.gold["events"])), marked.text)
    typed = {e["id"] for e, g in acts if e["type"] == g["type"]}  # whoever is taken for its parties
    matched = score.match(made, marked.gold["events"], marked.text)
    full = {e["id"] for e, g in matched if e["type"] == g["type"] and wholly_right(e, g, score)}
    for c, e in pairs:
        features = dict(cast_parties(scene, scene.pack, c, cut).features)
        yield Outcome(dict(c.features), features, int(e["id"] in typed), int(e["id"] in full))


def other_rows(
    shared: Path, held: set[str], pack: Pack, engines: Engines, same: Any
) -> Iterator[tuple[list[Row], list[tuple[dict[str, float], int, str]]]]:
    """Give for each document that is not held out the parties and the credits of its events, as parse and reports see them."""
    for gold, text in annotated_documents(shared):
        if gold["doc"] in held:
            continue
        for article in gold["articles"]:
            document = as_document(gold["doc"], text[article["start"] : article.get("end")], article.get("published"))
            marked = Marked(gold["doc"], text, gold, read_scene(document, pack, engines))
            parties = [parties_of(marked.scene, known, same) for known in known_events(marked, engines.events.types)]
            rows = [row for found in parties for row in zip(found.syntax, found.labels, strict=True)]
            yield rows, [(f, said, gold["doc"]) for f, _, said in credit_rows(marked, engines.events.types)]


def fit(shared: Path, held: set[str], out: Path) -> None:
    """Fit both judges on the held-out articles and write their folder."""
    score, engines, pack = load_score(shared / "gold/train"), load_engines(), load_pack(["south-caucasus"])
    out.mkdir(parents=True, exist_ok=True)
    start = {"reader": 0.7, "parse": 0.7}
    weights: dict[str, Any] = {"roles": [start, start], "events": {"reader": 1.0}}
    weights |= {name: {} for name in ("syntax", "reports", "credits", "full")}

    def keep() -> None:
        (out / "weights.json").write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n")
        write_manifest(out, {})
        roles_module.fitted.cache_clear()

    keep()
    documents = []
    for name, text, gold in held_documents(shared, held):
        article = gold["articles"][0]
        document = as_document(name, text[article["start"] : article.get("end")], article.get("published"))
        documents.append(Marked(name, text, gold, read_scene(document, pack, engines)))
    others = list(other_rows(shared, held, pack, engines, score.same_actor))
    weights["syntax"] = fit_syntax([row for rows, _ in others for row in rows], "parse")
    weights["reports"] = fit_simple([row for _, rows in others for row in rows], "reports", 0.3)
    keep()
    for _ in range(2):  # the second time the likeliest mentions are chosen by fitted weights
        weights["roles"] = fit_roles(documents, engines.events.types, score.same_actor)
        keep()
    types = engines.events.types
    weights["credits"] = fit_simple([(f, y, d.name) for d in documents for _, f, y in credit_rows(d, types)], "credits")
    keep()
    fit_outcomes(weights, documents, engines, score, keep)


def fit_outcomes(
    weights: dict[str, Any], documents: list[Marked], engines: Engines, score: Any, keep: Callable[[], None]
) -> None:
    """Fit which candidates are events, and which of those are right as a whole."""
    found = [(o, d.name) for d in documents for o in outcomes(d, engines, score)]
    weights["events"] = fit_simple([(o.features, o.typed, name) for o, name in found], "candidates", 0.1)
    keep()
    found = [(o, d.name) for d in documents for o in outcomes(d, engines, score)]  # their scores are known now
    weights["full"] = fit_simple([(o.full_features, o.full, name) for o, name in found], "full", 0.1)
    keep()
