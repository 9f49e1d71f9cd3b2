"""Words about deeds: which act an accusation, denial or threat speaks of. It is linked, never merged."""

from collections.abc import Iterator, Mapping, Sequence

from detente.fuse.features import gap_days, likeness, shared_names, shared_words
from detente.fuse.sketch import QUADS, Sketch, stem
from detente.packs import Pack
from detente.records import EventId

SPEAKS = frozenset({"ACCUSE", "REJECT", "THREATEN", "REQUEST", "CONCEDE"})
ActNouns = Mapping[str, frozenset[str]]
_ACTS = (
    *("attack", "incident", "assault", "motive", "perpetrator", "perpetrated", "attacker", "assailant"),
    *("shooting", "gunman", "tragedy", "provocation", "crime", "suspect"),
)
# Nouns by which any act of force or law is spoken of afterwards.
GENERAL = frozenset(map(stem, _ACTS))
# What speaks for it is added up. The mark was set on training documents, so that one sign (one sentence,
# one victim) needs a second (the act's own word, its parties, its time).
ENOUGH = 0.75
MOST = 3  # acts that one speech is about
NEAR_CHARACTERS = 3000  # beyond this a speech and an act of one document are far apart
LATER = 75.0  # days after which an act is seldom spoken of without being told anew


def find_subjects(sketches: Sequence[Sketch], nouns: ActNouns) -> Iterator[tuple[EventId, EventId, float]]:
    """Give for each speech of one document the acts of it that it is about: speech, act, how sure."""
    deeds = [s for s in sketches if is_deed(s)]
    for speech in (s for s in sketches if s.type in SPEAKS):
        scored = sorted(((subject_score(speech, deed, nouns), deed.id) for deed in deeds), key=_rank)
        yield from ((speech.id, id, score) for score, id in scored[:MOST] if score >= ENOUGH)


def _rank(scored: tuple[float, EventId]) -> tuple[float, EventId]:
    return -scored[0], scored[1]


def is_deed(sketch: Sketch) -> bool:
    """Tell whether an event is an act that words may be about."""
    return is_act(sketch.type)


def is_act(type: str) -> bool:
    """Tell whether events of a type are acts rather than words."""
    return QUADS[type] in ("material conflict", "material cooperation")


def subject_score(speech: Sketch, deed: Sketch, nouns: ActNouns) -> float:
    """Give the sum of the signs that a speech is about an act."""
    apart = gap_days(speech, deed)
    if apart > LATER or (_before(speech, deed) and speech.type not in ("THREATEN", "REQUEST")):
        return 0.0
    close = max(0.0, 1 - abs(speech.at - deed.at) / NEAR_CHARACTERS)
    blamed = max((likeness(p, q) for p in speech.recipients for q in deed.actors), default=0.0)
    wronged = max((likeness(p, q) for p in speech.parties for q in deed.recipients), default=0.0)
    words = _names_act(speech, deed, nouns) + 2 * min(0.3, shared_words(speech, deed))
    return words + 0.5 * shared_names(speech, deed) + 0.3 * blamed + 0.15 * wronged + 0.3 * close


def _before(speech: Sketch, deed: Sketch) -> bool:
    return speech.last is not None and deed.first is not None and speech.last < deed.first - 1


def _names_act(speech: Sketch, deed: Sketch, nouns: ActNouns) -> float:
    """Give what it says that the speech holds the act's own word, or a noun for acts of its kind."""
    if deed.trigger and deed.trigger in speech.words:
        return 0.6
    general = GENERAL if deed.type == "ASSAULT" else frozenset[str]()
    told = nouns.get(deed.type, frozenset()) | general
    return 0.5 if any(word in speech.words for word in told) else 0.0


def act_nouns(pack: Pack | None) -> ActNouns:
    """Give the stems of the nouns for acts of each type, from the pack's lexicon."""
    found: dict[str, set[str]] = {}
    entries = pack.lexicon.predicates.items() if pack is not None else ()
    for (word, pos), predicates in entries:
        for each in predicates:
            if pos == "noun" and each.lemma == word:
                found.setdefault(each.type, set()).add(stem(word))
    return {kind: frozenset(stems) for kind, stems in found.items()}
