"""Credits: whether an article gives an event on another's word, and whose.

The reports around an event word and near it compete with the article's own voice: a logistic model over the kind of
event, the foremost report and its place, joined with the event reader's opinion (training/events/judge.py fits both). A
speech act's own speaker is its actor and not its source; who tells of its own deed is ("police said they had
arrested four").
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.engines import Annotation
from detente.extract.parties import Party
from detente.extract.reports import Report, Scenery
from detente.extract.roles import fitted, probability
from detente.packs import Lexicon
from detente.records import Actor, is_of_state

SPEECH = frozenset({"ACCUSE", "REQUEST", "REJECT", "SUPPORT", "AGREE", "THREATEN", "CONCEDE"})
THRESHOLD = 0.5  # where present-or-absent is right most often
NEAR = 2  # sentences from quoted words within which their speaker may be told


@dataclass(frozen=True, slots=True)
class Witness:
    """A report that an event may rest on: does it hold the event word, and does the event's own actor speak?"""

    report: Report
    around: bool
    own: bool
    away: int  # sentences from the event word to the cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An event word in a document, as far as its credit is concerned."""

    annotation: Annotation
    scenery: Scenery
    reports: Sequence[Report]
    parties: Sequence[Party]
    word: int
    type: str
    actors: Sequence[Actor]


def witnesses_of(asked: Asked) -> list[Witness]:
    """Give the reports that an event may rest on, foremost first: those around its word, innermost first, then the nearest."""
    s, word = asked.scenery, asked.word
    here, reach = s.sentence_of[word], NEAR if s.quoted[word] else 0
    found = []
    for report in asked.reports:
        away = s.sentence_of[report.cue] - here
        around = word in report.content
        if report.cue <= word < report.cue_end or not (around or abs(away) <= reach):
            continue
        own = spoken_by(report, asked.actors, asked.parties)
        if not (own and asked.type in SPEECH):
            found.append(Witness(report, around, own, away))
    size = len(asked.annotation)
    return sorted(found, key=lambda t: (
        not t.around, len(t.report.content) if t.around else size, abs(t.report.cue - word), t.report.cue
    ))  # fmt: skip


def credited_report(asked: Asked, lexicon: Lexicon, attributed: float, source: float) -> Report | None:
    """Give the report that an event rests on, or None where the article itself asserts it.

    `attributed` is the event reader's chance that another's word is given, `source` its log-odds of the likeliest
    party that may be the source.
    """
    found = witnesses_of(asked)
    odds = joined_odds(report_odds(asked, found, lexicon), attributed, source, asked.type in SPEECH)
    return found[0].report if found and probability(odds) >= THRESHOLD else None


def report_odds(asked: Asked, found: Sequence[Witness], lexicon: Lexicon) -> float:
    """Give the log-odds by the reports alone that an event rests on another's word."""
    weights = fitted()["reports"]
    return float(sum(weights.get(name, 0.0) * value for name, value in credit_features(asked, found, lexicon).items()))


def joined_odds(odds: float, attributed: float, source: float, speech: bool) -> float:
    """Give the log-odds of a credit from those of the reports and the event reader's two opinions."""
    weights = fitted()["credits"]
    features = joined_features(odds, attributed, source, speech)
    return float(sum(weights.get(name, 0.0) * value for name, value in features.items()))


def joined_features(odds: float, attributed: float, source: float, speech: bool) -> dict[str, float]:
    """Name the features that training/events/judge.py weighs on held-out articles."""
    reader = math.log((attributed + 1e-3) / (1 - attributed + 1e-3))
    return {"bias": 1.0, "reports": max(-5.0, min(5.0, odds)), "reader": reader, "source": max(-6.0, min(4.0, source)),
            "speech": float(speech)}  # fmt: skip


def spoken_by(report: Report, actors: Sequence[Actor], parties: Sequence[Party]) -> bool:
    """Tell whether a report's speaker is one of the actors, or speaks for the state of one."""
    speakers, ids = speakers_of(report, parties), {a.id for a in actors}
    states = {a.country for a in actors if a.country and is_of_state(a.sector)}
    return any(a.id in ids or (is_of_state(a.sector) and a.country in states) for a in speakers)


def speakers_of(report: Report, parties: Sequence[Party]) -> tuple[Actor, ...]:
    """Give who speaks in a report, as far as a party stands there: at the head of the phrase, or else within it."""
    if report.speaker is None:
        return ()
    at = next((p for p in parties if p.start <= report.speaker < p.end or p.head == report.speaker), None)
    within = at or next((p for p in parties if report.speaker_start <= p.head < report.speaker_end), None)
    return within.actors if within else ()


def credit_features(asked: Asked, found: Sequence[Witness], lexicon: Lexicon) -> dict[str, float]:
    """Give the named features of an event and of the reports around and near it."""
    a, s, word = asked.annotation, asked.scenery, asked.word
    speech = asked.type in SPEECH
    around = sum(t.around for t in found)
    features = {"bias": 1.0, f"type={asked.type}": 1.0, f"speech={speech}": 1.0, "around": float(min(3, around)),
                "near": float(min(3, len(found) - around)), f"quoted speech={speech}": float(s.quoted[word]),
                f"dep={a.deps[word]}": 1.0, f"pos={a.pos[word]}": 1.0}  # fmt: skip
    if found:
        features |= dict.fromkeys(_report_features(asked, found[0], lexicon), 1.0)
        features["score"], features["distance"] = found[0].report.score, found[0].report.distance
    return features


def _report_features(asked: Asked, lead: Witness, lexicon: Lexicon) -> Iterator[str]:
    a, report, speech = asked.annotation, lead.report, asked.type in SPEECH
    lemma = a.lemmas[report.cue].lower()
    known = lemma in lexicon.reporting
    yield from (
        f"around={lead.around} known={known}",
        f"around={lead.around} known={known} away={lead.away} speech={speech} own={lead.own}",
        f"away={max(-2, min(2, lead.away))} quoted={asked.scenery.quoted[asked.word]}",
        f"type={asked.type} around={lead.around}",
        f"lemma={lemma}",
        f"lemma={lemma} around={lead.around}",
        f"stance={report.stance}",
        f"cue={a.pos[report.cue]}",
        f"unnamed={report.speaker is None}",
        f"sure={report.score > 0.8}",
        f"below={report.cue in a.ancestors(asked.word)} around={lead.around}",
    )
    if report.speaker is not None:
        yield f"speaker={a.pos[report.speaker]}"
        kinds = {p.kind for p in asked.parties if p.start <= report.speaker < p.end or p.head == report.speaker}
        yield from (f"speaker is {kind}" for kind in kinds)
