"""Roles: which party of a sentence did an event, and to which it was done.

A score is a sum of named weights: the event reader's own opinion of the words, and the path in the
parse from the event word to the party. The weights were fitted by training/events/roles.py on gold/train.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from detente.engines import Annotation
from detente.engines.weights import open_weights
from detente.extract.parties import Party

MODEL = "judgement"  # folder of the fitted weights under models/


@cache
def fitted() -> dict[str, dict[str, Any]]:
    """Give the fitted weights: `roles` maps a feature to its weights towards actor and recipient, `events` to one."""
    weights = open_weights(MODEL)
    return dict(json.loads(weights.path("weights.json").read_text(encoding="utf-8")))


class Scored(NamedTuple):
    """A party with its log-odds of being actor and recipient, and the features behind them."""

    party: Party
    actor: float
    recipient: float
    features: tuple[str, ...]


OBJECT_CONTROL = frozenset(
    """
    accuse blame charge suspect condemn criticise criticize denounce fault urge ask tell order force compel press push
    persuade convince allow permit let enable help aid assist prevent stop ban bar forbid prohibit deter discourage warn
    invite require request demand instruct direct command encourage incite authorise authorize lead cause oblige
    pressure lobby beg implore advise see catch find send deploy dispatch commission hire recruit train use
    """.split()  # noqa: SIM905
)


def path_feature(a: Annotation, event: int, party: int) -> str:
    """Name the way from an event word to a party's head in the parse; "far" where there is no short one."""
    head = a.heads[party]
    while a.deps[party] in ("conj", "appos", "flat") and head != party:
        party, head = head, a.heads[head]
    if head == event:
        return _direct(a, party)
    for via, up in _inheritors(a, event):
        if head == up:
            return _inherited(a, event, party, up, via)
        if a.heads[up] == party and a.deps[up] in ("acl", "acl:relcl") and via in ("xcomp", "conj"):
            return "inherited subject"  # "three men planning to attack X": the men would attack
    if a.heads[event] == party and a.deps[event] in ("acl:relcl", "acl"):
        return "subject:pass" if a.tags[event] == "VBN" and a.deps[event] == "acl" else "subject"
    light = a.heads[event]
    if a.deps[event] in ("obj", "nsubj:pass", "obl") and head == light and a.pos[event] == "NOUN":
        name = _direct(a, party)
        return name if name in ("subject", "agent", "against", "to", "with") else "prep"
    return "far"


def _inherited(a: Annotation, event: int, party: int, up: int, via: str) -> str:
    """Name what a party of a governing verb is to the event: "X accused Y of shelling Z": Y, not X, does the shelling."""
    name = _direct(a, party)
    controls = (
        a.lemmas[up].lower() in OBJECT_CONTROL
        and via in ("xcomp", "advcl", "ccomp", "obl")
        and a.pos[event] == "VERB"
    )
    if controls and name in ("object", "subject:pass", "to"):
        return "controlled"
    if controls and name in ("subject", "agent"):
        return "controlling"
    if name in ("subject", "subject:pass") and via in ("conj", "xcomp", "advcl"):
        return "inherited " + name
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
        yield dep if dep not in ("obj", "obl") else "noun", up
        k = up


GROUPS: Mapping[str, str] = {
    "AGREE": "mutual", "CONSULT": "mutual", "COOPERATE": "mutual", "SUPPORT": "speech", "CONCEDE": "speech",
    "REQUEST": "speech", "ACCUSE": "speech", "REJECT": "speech", "THREATEN": "speech", "AID": "gift",
    "RETREAT": "alone", "MOBILIZE": "alone", "PROTEST": "alone", "SANCTION": "harm", "COERCE": "harm", "ASSAULT": "harm",
}  # fmt: skip


def features_of(a: Annotation, event: int, party: Party, nested: bool) -> list[str]:
    """Name the features of a party towards an event word, but for the reader's opinion."""
    path = path_feature(a, event, party.head)
    distance = abs(party.head - event)
    found = ["bias", path, f"kind:{party.kind}", "before" if party.head < event else "after"]
    found += ["locative"] if party.locative else []
    found += ["nested"] if nested else []
    found += ["plural"] if party.plural else []
    found += ["near" if distance <= 4 else "middling" if distance <= 12 else "distant"]
    return found


def is_nested(a: Annotation, party: Party, parties: Sequence[Party]) -> bool:
    """Tell whether a party is only a part of another's name or description: "Japan" in "the leader of Japan"."""
    heads = {p.head for p in parties if p is not party}
    k = party.head
    for _ in range(4):
        dep, up = a.deps[k], a.heads[k]
        if up == k or dep not in ("nmod", "nmod:poss", "compound", "amod", "appos", "flat"):
            return False
        if up in heads and dep != "appos":
            return True
        k = up
    return False


def score_parties(
    a: Annotation,
    event: int,
    type_: str,
    parties: Sequence[Party],
    opinions: Mapping[int, tuple[float, float]],
) -> list[Scored]:
    """Give each party its log-odds; `opinions` are the reader's log-odds by index of the party."""
    group = GROUPS[type_]
    top = [max((o[r] for o in opinions.values()), default=0.0) for r in (0, 1)]
    out = []
    for k, party in enumerate(parties):
        features = features_of(a, event, party, is_nested(a, party, parties))
        features += [f"{f}|{group}" for f in features[:2]]
        opinion = opinions.get(k, NO_OPINION)
        foremost = (opinion[0] >= top[0], opinion[1] >= top[1])
        out.append(_scored(party, features, opinion, foremost))
    return out


NO_OPINION = (-5.0, -5.0)


def _scored(
    party: Party, features: list[str], opinion: tuple[float, float], foremost: tuple[bool, bool]
) -> Scored:
    weights: Mapping[str, tuple[float, float]] = fitted()["roles"]
    scores = []
    for r in (0, 1):
        value = sum(weights[f][r] for f in features if f in weights)
        value += weights["reader"][r] * max(-5.0, min(5.0, opinion[r]))
        value += weights["other role"][r] * max(-5.0, min(5.0, opinion[1 - r]))
        scores.append(value + weights["foremost"][r] * foremost[r])
    return Scored(party, scores[0], scores[1], tuple(features))


def probability(log_odds: float) -> float:
    """Give the probability of log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
