"""Credits: whether an article gives an event on another's word, and whose.

The reports around an event word compete with the article's own voice: a logistic model over the kind of event, its
place in the report and the event reader's opinion, fitted by training/reports/fit_credits.py. A speech act's own
speaker is its actor and not its source.
"""

import json
import math
from collections.abc import Iterator, Sequence
from functools import cache

from detente.engines import Annotation
from detente.engines.weights import open_weights
from detente.extract.parties import Party
from detente.extract.reports import Report, Scenery, set_scenery
from detente.extract.roles import fitted
from detente.packs import Lexicon
from detente.records import Actor

SPEECH = frozenset({"ACCUSE", "REQUEST", "REJECT", "SUPPORT", "AGREE", "THREATEN", "CONCEDE"})
THRESHOLD = 0.5  # where present-or-absent was right most often in five folds of the annotated articles


@cache
def _weights() -> dict[str, float]:
    told = json.loads(open_weights("credits").path("weights.json").read_text(encoding="utf-8"))
    return {str(name): float(weight) for name, weight in told.items()}


def credited_report(
    reports: Sequence[Report], word: int, type_: str, actors: Sequence[Actor], annotation: Annotation,
    parties: Sequence[Party], lexicon: Lexicon, attributed: float | None = None, scenery: Scenery | None = None,
    source: float | None = None,
) -> Report | None:  # fmt: skip
    """Give the report that an event rests on, or None where the article itself asserts it.

    `source` is the event reader's log-odds of the likeliest party that may be the source.

    `actors` are the event's own, `parties` and `reports` the document's; `attributed` is the event
    reader's chance that another's word is given; `scenery` saves work where many events of one document are asked for.
    """
    odds = report_odds(reports, word, type_, actors, annotation, parties, lexicon, scenery)
    if source is not None and attributed is not None:
        odds = joined_odds(odds, attributed, source, type_ in SPEECH)
    if 1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) < THRESHOLD:
        return None
    own, other = split_around(reports, word, actors, parties)
    return other[0] if other else _nearest(reports, own, word, scenery or set_scenery(annotation))


def report_odds(
    reports: Sequence[Report], word: int, type_: str, actors: Sequence[Actor], annotation: Annotation,
    parties: Sequence[Party], lexicon: Lexicon, scenery: Scenery | None,
) -> float:  # fmt: skip
    """Give the log-odds by the reports alone that an event rests on another's word."""
    own, other = split_around(reports, word, actors, parties)
    features = credit_features(annotation, scenery or set_scenery(annotation), word, type_, own, other, lexicon)
    weights = _weights()
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


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


def split_around(
    reports: Sequence[Report], word: int, actors: Sequence[Actor], parties: Sequence[Party]
) -> tuple[list[Report], list[Report]]:
    """Give the reports whose content holds the word, innermost first: those by the event's own actors, and the others."""
    around = [r for r in reports if word in r.content and not r.cue <= word < r.cue_end]
    around.sort(key=lambda r: (len(r.content), r.cue))
    own = [r for r in around if spoken_by(r, actors, parties)]
    return own, [r for r in around if r not in own]


def spoken_by(report: Report, actors: Sequence[Actor], parties: Sequence[Party]) -> bool:
    """Tell whether a report's speaker is one of the actors or of their countries."""
    ids, countries = {a.id for a in actors}, {a.country for a in actors if a.country}
    return any(a.id in ids or a.country in countries for a in speakers_of(report, parties))


def speakers_of(report: Report, parties: Sequence[Party]) -> tuple[Actor, ...]:
    """Give who speaks in a report, as far as a party stands there: at the head of the phrase, or else within it."""
    if report.speaker is None:
        return ()
    at = next((p for p in parties if p.start <= report.speaker < p.end or p.head == report.speaker), None)
    within = at or next((p for p in parties if report.speaker_start <= p.head < report.speaker_end), None)
    return within.actors if within else ()


def credit_features(
    a: Annotation, s: Scenery, word: int, type_: str, own: Sequence[Report], other: Sequence[Report], lexicon: Lexicon,
) -> dict[str, float]:  # fmt: skip
    """Give the named features of an event and of the reports around it."""
    speech = type_ in SPEECH
    found = {"bias": 1.0, f"type={type_}": 1.0, f"speech={speech}": 1.0, "own": float(bool(own)),
             "others": float(min(3, len(other))), f"quoted speech={speech}": float(s.quoted[word]),
             f"dep={a.deps[word]}": 1.0, f"pos={a.pos[word]}": 1.0}  # fmt: skip
    if other:
        found |= dict.fromkeys(_report_features(a, s, word, speech, bool(own), other[0], lexicon), 1.0)
        found["score"], found["distance"] = other[0].score, other[0].distance
    return found


def _report_features(
    a: Annotation, s: Scenery, word: int, speech: bool, own: bool, report: Report, lexicon: Lexicon
) -> Iterator[str]:
    lemma = a.lemmas[report.cue].lower()
    known, same = lemma in lexicon.reporting, s.sentence_of[report.cue] == s.sentence_of[word]
    yield from (
        f"same={same}",
        f"known={known}",
        f"lemma={lemma}",
        f"stance={report.stance}",
        f"cue={a.pos[report.cue]}",
    )
    yield f"unnamed={report.speaker is None}"
    yield f"sure={report.score > 0.8}"
    yield f"known={known} same={same} speech={speech} own={own}"
    yield f"below={report.cue in a.ancestors(word)}"
    if report.speaker is not None:
        yield f"speaker={a.pos[report.speaker]}"


def _nearest(reports: Sequence[Report], own: Sequence[Report], word: int, s: Scenery) -> Report | None:
    """Give the report whose cue stands nearest in the sentence or, for quoted words, up to two sentences away."""
    here, reach = s.sentence_of[word], 2 if s.quoted[word] else 0
    near = [
        r
        for r in reports
        if abs(s.sentence_of[r.cue] - here) <= reach and r not in own and not r.cue <= word < r.cue_end
    ]
    return min(near, key=lambda r: (abs(r.cue - word), r.cue), default=None)
