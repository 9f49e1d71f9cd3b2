"""Roles: which party of a sentence did an event, and to which it was done.

A score is a sum of named weights: the event reader's own opinion of the words, and the path in the
parse from the event word to the party. The weights were fitted by training/events/roles.py on gold/train.
"""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from detente.engines import Annotation
from detente.extract.parties import Party

WEIGHTS: Mapping[str, tuple[float, float]] = {
    # feature: (towards actor, towards recipient)
    "bias": (-0.4, -0.8),
    "reader": (0.7, 0.8),
    "subject": (2.2, -1.5),
    "subject:pass": (-2.0, 2.5),
    "object": (-1.5, 2.0),
    "agent": (3.0, -1.5),
    "possessive": (1.2, -0.2),
    "of": (0.2, 0.7),
    "to": (-0.8, 1.0),
    "against": (-1.5, 2.0),
    "with": (0.6, 0.6),
    "prep": (-1.0, 0.2),
    "inherited subject": (1.6, -1.2),
    "inherited subject:pass": (-1.0, 1.2),
    "locative": (-2.0, -1.6),
    "pronoun": (-0.1, -0.3),
    "before": (0.3, -0.3),
    "far": (-0.6, -0.5),
}


class Scored(NamedTuple):
    """A party with its log-odds of being actor and recipient, and the features behind them."""

    party: Party
    actor: float
    recipient: float
    features: tuple[str, ...]


def path_feature(a: Annotation, event: int, party: int) -> str:
    """Name the way from an event word to a party's head in the parse; "far" where there is no short one."""
    head = a.heads[party]
    while a.deps[party] in ("conj", "appos", "flat") and head != party:
        party, head = head, a.heads[head]
    if head == event:
        return _direct(a, party)
    for via, up in _inheritors(a, event):
        if head == up:
            name = _direct(a, party)
            if name in ("subject", "subject:pass") and via in ("conj", "xcomp", "advcl"):
                return "inherited " + name
            if via == "acl:relcl" and name:
                return "far"
    if a.heads[event] == party and a.deps[event] in ("acl:relcl", "acl"):
        return "subject:pass" if a.tags[event] == "VBN" and a.deps[event] == "acl" else "subject"
    light = a.heads[event]
    if a.deps[event] in ("obj", "nsubj:pass", "obl") and head == light and a.pos[event] == "NOUN":
        name = _direct(a, party)
        return (
            "subject" if name == "subject" else name if name in ("agent", "against", "to", "with") else "prep"
        )
    return "far"


def _direct(a: Annotation, k: int) -> str:
    dep = a.deps[k]
    if dep in ("nsubj", "nsubj:outer", "csubj"):
        return "subject"
    if dep in ("nsubj:pass",):
        return "subject:pass"
    if dep in ("obj", "iobj"):
        return "object"
    if dep == "obl:agent":
        return "agent"
    if dep in ("nmod:poss", "compound", "amod"):
        return "possessive"
    if dep in ("obl", "nmod", "obl:arg"):
        case = next(
            (a.words[c].lower() for c in range(max(0, k - 8), k) if a.heads[c] == k and a.deps[c] == "case"),
            "",
        )
        if case == "by":
            return "agent"
        if case in ("against", "on", "at", "over", "toward", "towards"):
            return "against"
        if case in ("of", "to", "with"):
            return case
        return "prep"
    return "far"


def _inheritors(a: Annotation, event: int) -> Iterator[tuple[str, int]]:
    """The verbs whose subject an event word may share: across conjunction, control and adverbial clauses."""
    k = event
    for _ in range(3):
        dep, up = a.deps[k].split(":")[0], a.heads[k]
        if up == k or dep not in ("conj", "xcomp", "advcl", "ccomp", "obj", "obl"):
            return
        yield dep if dep not in ("obj", "obl") else "xcomp", up
        k = up


def features_of(a: Annotation, event: int, party: Party) -> dict[str, float]:
    """Give the named features of a party towards an event word, but for the reader's opinion."""
    found = {"bias": 1.0, path_feature(a, event, party.head): 1.0}
    if party.locative:
        found["locative"] = 1.0
    if party.kind == "pronoun":
        found["pronoun"] = 1.0
    if party.head < event:
        found["before"] = 1.0
    return found


def score_parties(
    a: Annotation, event: int, parties: list[Party], opinions: Mapping[int, tuple[float, float]],
    weights: Mapping[str, tuple[float, float]] = WEIGHTS,
) -> list[Scored]:  # fmt: skip
    """Give each party its log-odds; `opinions` are the reader's log-odds by index of the party."""
    out = []
    for k, party in enumerate(parties):
        if party.start <= event < party.end and party.head == event:
            continue
        features = features_of(a, event, party)
        opinion = opinions.get(k, (-3.0, -3.0))
        scores = [
            sum(weights[f][r] * v for f, v in features.items() if f in weights)
            + weights["reader"][r] * max(-4.0, min(4.0, opinion[r]))
            for r in (0, 1)
        ]
        out.append(Scored(party, scores[0], scores[1], tuple(features)))
    return out


def probability(log_odds: float) -> float:
    """Give the probability of log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
