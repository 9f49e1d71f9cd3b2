"""Roles: which party of a sentence did an event, and to which it was done.

A score joins two opinions: that of the event reader, and that of the parse (the way from the event word to the party, with
what kinds of word and party stand at its ends). The many weights of the parse are fitted on all annotated articles,
the few that join the two on articles that the reader was not trained on (training/events/judge.py).
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from detente.engines import Annotation
from detente.engines.weights import open_weights
from detente.extract.parties import Party

SAID_BY, PLACE = 2, 4  # columns of the event reader's roles after actor and recipient
MODEL = "judgement"  # folder of the fitted weights under models/


@cache
def fitted() -> dict[str, Any]:
    """Give the fitted weights by judge: a table feature -> weight each; `syntax` has two, `roles` a table a role."""
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


def features_of(a: Annotation, event: int, type_: str, party: Party, nested: bool, away: int) -> list[str]:
    """Name what the parse tells of a party towards an event word; `away` counts the sentences between them."""
    tag, pos, group = a.tags[event], a.pos[event], GROUPS[type_]
    if away:
        way = f"sentence {max(-3, min(1, away)):+d}"
        found = [way, "elsewhere", f"{way} {a.deps[party.head]}", f"elsewhere {a.deps[party.head].split(':')[0]} {pos}"]
    else:
        path, way = path_feature(a, event, party.head), f"way {raw_path(a, event, party.head)}"
        distance, side = abs(party.head - event), "before" if party.head < event else "after"
        found = [path, way, side, f"{path} {pos}", f"{path} {tag}", f"{path} {side}", f"{way} {pos}",
                 "near" if distance <= 4 else "middling" if distance <= 12 else "distant"]  # fmt: skip
    found += [f"kind:{party.kind}", f"via:{party.via.split(':')[0].split(' ')[0]}"]
    found += ["locative"] * party.locative + ["nested"] * nested + ["plural"] * party.plural
    crossed = [f"{f}|{x}" for f in (found[0], way, f"kind:{party.kind}") for x in (type_, group)]
    return ["bias", *found, *crossed, f"bias|{type_}"]


def raw_path(a: Annotation, event: int, party: int) -> str:
    """Spell the way through the parse from an event word up and down to a party's head, four edges at the most."""
    up = [event]
    while len(up) < 4 and a.heads[up[-1]] != up[-1]:
        up.append(a.heads[up[-1]])
    k, down = party, [a.deps[party]]
    for _ in range(4):
        k = a.heads[k]
        if k in up:
            climbed = [a.deps[j].split(":")[0] for j in up[: up.index(k)]]
            return f"{'<'.join(climbed)}^{'>'.join(reversed(down))}"
        down.append(a.deps[k].split(":")[0])
    return "far"


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


NO_OPINION = (-5.0, -5.0)


class Seat(NamedTuple):
    """How a party stands towards an event word, beside what the parse makes of the way between them."""

    kind: str
    via: str  # the first word of how the party was found
    distance: int  # words from the event word, negative before it
    sentences: int  # from the event's, negative before it
    mentions: int  # of the same actor in the document
    plural: bool


def seat_of(event: int, party: Party, away: int, mentions: int) -> Seat:
    """Give how a party stands towards an event word that is `away` sentences before it."""
    via = party.via.split(":")[0].split(" ")[0]
    return Seat(party.kind, via, party.head - event, away, mentions, party.plural)


def score_parties(
    a: Annotation,
    event: int,
    type_: str,
    parties: Sequence[Party],
    opinions: Mapping[int, tuple[float, float]],
    away: Mapping[int, int],
    mentions: Sequence[int],
) -> list[Scored]:
    """Give each party its log-odds: what the parse tells, by weights of its own, joined with the reader's opinion.

    `opinions` are the reader's log-odds by number of the party, `away` says how many sentences after the
    event's (negative: before) a party stands that is not in it, `mentions` how often its actor is named.
    """
    told = [
        features_of(a, event, type_, party, is_nested(a, party, parties), away.get(k, 0)) for k, party in enumerate(parties)
    ]
    syntax = [syntax_odds(features) for features in told]
    views = [opinions.get(k, NO_OPINION) for k in range(len(parties))]
    seats = [seat_of(event, party, away.get(k, 0), mentions[k]) for k, party in enumerate(parties)]
    rows = joined_features(syntax, views, seats, type_)
    weights = fitted()["roles"]
    odds = [[sum(weights[r].get(f, 0.0) * v for f, v in row[r].items()) for r in (0, 1)] for row in rows]
    return [Scored(party, odds[k][0], odds[k][1], tuple(told[k][:6])) for k, party in enumerate(parties)]


def syntax_odds(features: Sequence[str]) -> tuple[float, float]:
    """Give the log-odds of being actor and recipient by the parse alone."""
    weights: Mapping[str, tuple[float, float]] = fitted()["syntax"]
    known = [weights[f] for f in features if f in weights]
    return sum(w[0] for w in known), sum(w[1] for w in known)


def joined_features(
    syntax: Sequence[tuple[float, float]], views: Sequence[tuple[float, float]], seats: Sequence[Seat], type_: str
) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Name for each party and role what is weighed at last: parse, reader, who is foremost, and where the party stands."""
    clipped, parsed = ([tuple(max(-6.0, min(6.0, x)) for x in pair) for pair in pairs] for pairs in (views, syntax))
    rows = []
    for k, seat in enumerate(seats):
        common = seat_features(seat, len(seats), type_)
        rows.append(tuple(
            common | opinion_features([v[r] for v in clipped], [s[r] for s in parsed], k, GROUPS[type_])
            | {"reader other": clipped[k][1 - r], "parse other": parsed[k][1 - r],
               "reader elsewhere": clipped[k][r] * bool(seat.sentences)}
            for r in (0, 1)
        ))  # fmt: skip
    return rows  # type: ignore[return-value]


def opinion_features(views: Sequence[float], parsed: Sequence[float], k: int, group: str) -> dict[str, float]:
    """Name what reader and parse hold of one party in a role, and how it stands against the others."""
    view, parse = views[k], parsed[k]
    return {
        "reader": view, "parse": parse, f"reader {group}": view, f"parse {group}": parse, "both": view * parse,
        "reader foremost": float(view >= max(views)), "parse foremost": float(parse >= max(parsed)),
        "behind reader": max(views) - view, "behind parse": max(parsed) - parse,
        "reader rank": float(min(4, sum(v > view for v in views))), "parse rank": float(min(4, sum(p > parse for p in parsed))),
    }  # fmt: skip


def seat_features(seat: Seat, parties: int, type_: str) -> dict[str, float]:
    """Name where one of some parties stands."""
    far = math.log1p(abs(seat.distance))
    return {
        "bias": 1.0, f"bias {GROUPS[type_]}": 1.0, f"type {type_}": 1.0, f"kind {seat.kind}": 1.0, f"via {seat.via}": 1.0,
        "near": -far, "side": math.copysign(min(3.0, far), seat.distance), "before": float(seat.distance < 0),
        "elsewhere": float(bool(seat.sentences)), f"sentence {max(-3, min(1, seat.sentences))}": 1.0,
        "parties": min(10, parties) / 5, "mentions": math.log1p(seat.mentions), "plural": float(seat.plural),
    }  # fmt: skip


def probability(log_odds: float) -> float:
    """Give the probability of log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
