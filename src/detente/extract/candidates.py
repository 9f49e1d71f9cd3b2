"""Candidates: which event words to code, as which type, with a calibrated probability.

The event reader proposes words; a word's probability of being an event that an analyst would have
coded is a logistic sum of named features (the reader's own odds, what the lexicon says of the
word, its place in the parse, who is there to do it). training/events/roles.py fits the weights
on annotated articles that the reader was not trained on.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from detente.engines import Annotation, EventWord
from detente.extract.roles import Scored, fitted, probability
from detente.extract.scene import Scene, score_word
from detente.records import EventType

_SKIPPED = frozenset({"PUNCT", "DET", "ADP", "CCONJ", "SPACE", "SYM", "NUM"})
LEAST = 0.2  # of the reader; below it nothing is considered


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where a desk cuts, as probabilities. The defaults favour precision and recall alike on held-out articles."""

    event: float = 0.27
    actor: float = 0.2
    recipient: float = 0.13


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An event word with the type it is read as, its calibrated score, and the types that lost."""

    word: EventWord
    type: EventType
    reader_score: float
    score: float
    scored: tuple[Scored, ...]
    rivals: tuple[tuple[str, float], ...]
    features: tuple[tuple[str, float], ...]


def find_candidates(scene: Scene, types: Sequence[str]) -> list[Candidate]:
    """Give every distinct act that the reader sees, the likeliest word of each, in the order of the text."""
    made: list[Candidate] = []
    a = scene.annotation
    for word in sorted(scene.words, key=lambda w: (-float(w.types.max()), w.word)):
        ranked = sorted(zip(types, map(float, word.types), strict=True), key=lambda t: -t[1])
        ranked = _under_light_verb(scene, word.word, ranked)
        name, score = ranked[0]
        if score < LEAST or a.pos[word.word] in _SKIPPED:
            continue
        here = [c for c in made if c.word.sentence == word.sentence]
        if any(_same_act(a, c, word, name) for c in here):
            continue
        made.append(_candidate(scene, word, ranked, sum(c.type == name for c in here)))
    return sorted(made, key=lambda c: c.word.word)


def _under_light_verb(scene: Scene, k: int, ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Give the ranking with the type that a light verb turns the noun into in front: "lifted its ban" is CONCEDE."""
    a = scene.annotation
    if a.pos[k] != "NOUN" or a.deps[k] not in ("obj", "nsubj:pass"):
        return ranked
    lemma, (name, score) = a.lemmas[k].lower(), ranked[0]
    for verb in scene.pack.lexicon.light_verbs.get(a.lemmas[a.heads[k]].lower(), ()):
        fits = lemma in verb.nouns if verb.nouns else name in verb.types
        if verb.turns and fits and verb.lemma == a.lemmas[a.heads[k]].lower() and verb.turns != name:
            return [(verb.turns, score), *[r for r in ranked if r[0] != verb.turns]]
    return ranked


def _candidate(scene: Scene, word: EventWord, ranked: list[tuple[str, float]], rank: int) -> Candidate:
    name, score = ranked[0]
    scored = tuple(sorted(score_word(scene, word, name), key=lambda s: -max(s.actor, s.recipient)))
    features = candidate_features(scene, word, ranked, rank, scored)
    weights = fitted()["events"]
    log_odds = sum(weights[f] * v for f, v in features.items() if f in weights)
    return Candidate(
        word=word, type=name, reader_score=score, score=probability(log_odds), scored=scored,  # type: ignore[arg-type]
        rivals=tuple(ranked[1:3]), features=tuple(features.items()),
    )  # fmt: skip


def log_odds(p: float) -> float:
    """Give the log-odds of a probability, kept within ±5."""
    return max(-5.0, min(5.0, math.log(max(p, 1e-6) / max(1 - p, 1e-6))))


def candidate_features(
    scene: Scene, word: EventWord, ranked: list[tuple[str, float]], rank: int, scored: Sequence[Scored]
) -> dict[str, float]:
    """Name and measure what speaks for and against a candidate."""
    a, k = scene.annotation, word.word
    lexicon = {
        p.type: p.weight for p in scene.pack.lexicon.look_up(a.lemmas[k].lower(), _lexicon_pos(a.pos[k]))
    }
    start, end = a.sentences[word.sentence]
    found = {
        "bias": 1.0, "reader": log_odds(ranked[0][1]), "rival": log_odds(ranked[1][1]),
        "lexicon same": lexicon.get(ranked[0][0], 0.0),  # type: ignore[call-overload]
        "lexicon other": float(bool(lexicon) and ranked[0][0] not in lexicon), "lexicon none": float(not lexicon),
        f"type {ranked[0][0]}": 1.0, f"pos {a.pos[k]}": 1.0, f"tag {a.tags[k]}": 1.0, f"dep {a.deps[k].split(':')[0]}": 1.0,
        "further of type": float(rank > 0), "early": float(word.sentence < 4), "attributed": word.attributed,
        "not happened": 1.0 - float(word.status[0]), "long sentence": float(end - start > 35),
        "best actor": max((s.actor for s in scored), default=-4.0) / 4,
        "best recipient": max((s.recipient for s in scored), default=-4.0) / 4,
        "no party": float(not scored), "in quotes": float(_in_quotes(a, start, end, k)),
        "first person": float(any(a.words[j].lower() in ("i", "we", "our", "us", "my") for j in range(start, end))),
        "modal": float(any(a.words[c].lower() in _MODALS for c in scene.children[k])),
        "known name": float(any(s.party.via.startswith("pack") for s in scored)),
        "same before": float(_same_before(scene, word)), "density": math.log(scene.density + 0.1),
    }  # fmt: skip
    return {f: v for f, v in found.items() if v}


_MODALS = frozenset({"could", "would", "may", "might", "should", "can", "must", "will", "if"})


def _lexicon_pos(pos: str) -> str:
    return {"VERB": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective"}.get(pos, "verb")


def _in_quotes(a: Annotation, start: int, end: int, k: int) -> bool:
    return any(a.words[j] in ('"', "“", "”", "``", "''") for j in range(start, min(end, k + 1)))


def _same_before(scene: Scene, word: EventWord) -> bool:
    """Tell whether one of the two sentences before already speaks of an event with the same lemma."""
    lemma = scene.annotation.lemmas[word.word]
    return any(
        0 < word.sentence - w.sentence <= 2
        and scene.annotation.lemmas[w.word] == lemma
        and w.types.max() > 0.5
        for w in scene.words
    )


def _same_act(a: Annotation, other: Candidate, word: EventWord, name: str) -> bool:
    """One act told by two words: a verb and its object, neighbours, or a near word of the same type."""
    k, j = word.word, other.word.word
    if abs(k - j) <= 1:
        return True
    linked = a.heads[k] == j or a.heads[j] == k
    if other.type == name:
        return linked or (a.heads[k] == a.heads[j] and a.deps[k] != "conj") or abs(k - j) <= 3
    dep = a.deps[k if a.heads[k] == j else j]
    return (
        linked
        and dep in ("obj", "compound", "obl", "nmod", "xcomp", "amod")
        and float(word.types.max()) < 0.7
    )
