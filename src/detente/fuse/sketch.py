"""Sketches: what of an event matters for comparing it, worked out once."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from detente.packs import Pack, normalise_name
from detente.records import Actor, Count, Document, DocumentId, Event, EventId, Place, Span, When, is_of_state
from detente.text import sentence_spans

VERBAL = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), "verbal cooperation"),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), "material cooperation"),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), "verbal conflict"),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), "material conflict"),
}
SYMMETRIC = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
_WORD = re.compile(r"[^\W_]+")
_EMPTY_NAME = frozenset({"the", "of", "and", "government", "republic", "in", "unnamed", "unidentified"})
_SUFFIXES = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "s", "'s")
RAREST = 10.0
UNTOLD = 21.0  # days by which an act may precede the news of it, where its time is not told
MOST_TOLD = 10**15  # a number beyond any toll, so that absurd ones keep to 64 bits
_LEAD = 6000  # characters of a document that tell what it is about
_STORY = 30


@dataclass(frozen=True, slots=True)
class Party:
    """An actor as compared: words of its name, country, sector, patron."""

    name: str
    words: frozenset[str]
    country: str | None
    sector: str | None
    parent: str | None
    unnamed: bool

    @property
    def state(self) -> bool:
        """It speaks or acts for its country."""
        return self.country is not None and is_of_state(self.sector)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as compared; `wide` where it is a country or has no point."""

    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    radius_km: float
    wide: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """An event as compared. Days are counted from 1970-01-01; `words` and `names` carry weights."""

    id: EventId
    document: DocumentId
    root: DocumentId  # the document that this one is a copy of, or itself
    type: str
    status: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    first: float | None
    last: float | None
    spot: Spot | None
    killed: tuple[int, int] | None
    injured: tuple[int, int] | None
    trigger: str
    known: bool  # the act is spoken of as one that the reader knows of: "the attack", "on that morning"
    words: Mapping[str, float]  # stems of the evidence -> how telling they are
    names: Mapping[str, float]  # stems with capitals or digits in the sentences around it
    story: Mapping[str, float]  # the names that the whole document speaks of most
    known_at: datetime
    at: int  # where in the document its quote begins

    @property
    def width(self) -> float:
        """Days that the time leaves open; infinite when it is not told."""
        return self.last - self.first if self.first is not None and self.last is not None else math.inf

    @property
    def parties(self) -> tuple[Party, ...]:
        """Doers and those it was done to."""
        return self.actors + self.recipients


def sketch_event(event: Event, document: Document, pack: Pack | None = None) -> Sketch:
    """Give the sketch of an event; the pack tells the patrons of proxies."""
    text, nations = document.text, _nations(pack)
    told = [e.span for e in event.evidence if e.field in ("quote", "also")]
    trigger = next((e.span for e in event.evidence if e.field == "trigger"), None)
    around = " … ".join(text[s.start : s.end] for s in _sentences_of(document, told))
    first, last = _days(event.when)
    return Sketch(
        id=event.id, document=document.id, root=document.copy_of or document.id, type=event.type,
        status=event.status, actors=_parties(event.actors, pack), recipients=_parties(event.recipients, pack),
        first=first, last=last, spot=spot_of(event.place), killed=_range(event.killed),
        injured=_range(event.injured), trigger=stem(text[trigger.start : trigger.end]) if trigger else "",
        known=trigger is not None and _is_known(text, trigger, event.quote),
        words=_weigh(stem(w, nations) for s in told for w in _WORD.findall(text[s.start : s.end])),
        names=_weigh(_named(around, nations)), story=_story(document.text, nations),
        known_at=event.known_at, at=event.quote.start,
    )  # fmt: skip


_DEFINITE = re.compile(r"\b(?:the|this|that|these|those)\s+(?:[^\W_]+\s+){0,2}$", re.IGNORECASE)
_THAT_TIME = re.compile(
    r"\b(?:that|the same)\s+(?:[^\W_]+\s+)?(?:day|morning|afternoon|evening|night|attack|incident|raid)\b", re.IGNORECASE
)


def _is_known(text: str, trigger: Span, quote: Span) -> bool:
    """Tell whether an act is told as known: by a noun with a definite article, or on a day told before."""
    before = text[max(0, trigger.start - 40) : trigger.start]
    return bool(_DEFINITE.search(before)) or bool(_THAT_TIME.search(text[quote.start : quote.end]))


@dataclass(frozen=True, eq=False, slots=True)
class Nations:
    """Words that stand for a country, in small letters -> one of them: "azeri" and "azerbaijan" are one word."""

    words: Mapping[str, str]


_NO_NATIONS = Nations({})
_KNOWN_NATIONS: dict[str, Nations] = {}  # by digest of the pack


def _nations(pack: Pack | None) -> Nations:
    if pack is None:
        return _NO_NATIONS
    if pack.digest not in _KNOWN_NATIONS:
        _KNOWN_NATIONS[pack.digest] = Nations({
            word.lower(): stem(entry.name) if entry.name.isalpha() else entry.code.lower()
            for entry in pack.countries.values()
            for word in (entry.name, *entry.names, *entry.adjectives, *entry.people)
            if word.isalpha() and len(word) > 3
        })  # fmt: skip
    return _KNOWN_NATIONS[pack.digest]


@lru_cache(maxsize=65536)
def stem(word: str, nations: Nations = _NO_NATIONS) -> str:
    """Give a word without case and inflection, those for a country as one; a rough rule that serves to compare."""
    word = word.lower()
    if word in nations.words:
        return nations.words[word]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word[: -len(suffix)]
            break
    return (
        word[:-1] if len(word) > 4 and word[-1] == word[-2] else word.rstrip("e") if len(word) > 4 else word
    )


def telling(word: str) -> float:
    """Give how telling a stem is: its inverse document frequency in news, at most that of a rare word."""
    return _frequencies().get(word, RAREST)


@lru_cache(maxsize=1)
def _frequencies() -> Mapping[str, float]:
    lines = files("detente").joinpath("data/fuse/words.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {word: float(value) for word, value in pairs}


def _weigh(stems: Iterable[str]) -> dict[str, float]:
    return {word: weight for word in stems if (weight := telling(word)) > 1.5}


def _named(text: str, nations: Nations) -> Iterable[str]:
    for found in _WORD.finditer(text):
        word = found.group()
        if word[0].isdigit() or (word[0].isupper() and telling(stem(word)) > 3.0):
            yield stem(word, nations)


@lru_cache(maxsize=64)
def _story(text: str, nations: Nations) -> Mapping[str, float]:
    counts = Counter(_named(text[:_LEAD], nations))
    ranked = sorted(counts, key=lambda word: (-telling(word) * math.sqrt(counts[word]), word))
    return {word: telling(word) * math.sqrt(counts[word]) for word in ranked[:_STORY]}


@lru_cache(maxsize=64)
def _cut(text: str) -> tuple[Span, ...]:
    return sentence_spans(text)


def _sentences_of(document: Document, spans: Iterable[Span]) -> list[Span]:
    wanted = list(spans)
    return [s for s in _cut(document.text) if any(s.start < w.end and w.start < s.end for w in wanted)]


def _day(moment: datetime) -> float:
    return moment.timestamp() / 86400


def _days(when: When | None) -> tuple[float | None, float | None]:
    """Give first and last day; a time that stands on the publication alone may lie weeks before it."""
    if when is None:
        return None, None
    slack = UNTOLD if when.basis in ("published", "inferred") else 0.0
    return _day(when.earliest) - slack, _day(when.latest)


def _range(count: Count | None) -> tuple[int, int] | None:
    if count is None:
        return None
    high = count.high if count.high is not None else count.low
    return min(count.low, MOST_TOLD), min(high, MOST_TOLD)


def _parties(actors: Iterable[Actor], pack: Pack | None) -> tuple[Party, ...]:
    return tuple(party_of(actor, pack) for actor in actors)


def party_of(actor: Actor, pack: Pack | None = None) -> Party:
    """Give an actor as compared."""
    parent = actor.parent or (pack.patron(actor.name) if pack is not None and actor.sector == "REB" else None)
    return _party(actor.name, actor.country, actor.sector, parent, actor.kind == "unnamed")


@lru_cache(maxsize=65536)
def _party(name: str, country: str | None, sector: str | None, parent: str | None, unnamed: bool) -> Party:
    form = normalise_name(name)
    words = frozenset(form.split()) - _EMPTY_NAME
    vague = unnamed or form.startswith(("unnamed", "unidentified")) or not words
    return Party(form, words, country, sector, normalise_name(parent) if parent else None, vague)


def spot_of(place: Place | None) -> Spot | None:
    """Give a place as compared."""
    if place is None:
        return None
    radius = place.radius_km or 0.0
    point = place.latitude is not None and place.longitude is not None
    wide = radius > 150 or (not point and place.admin1 is None and _is_country(place))
    return Spot(normalise_name(place.name), place.country, place.latitude, place.longitude, radius, wide)


def _is_country(place: Place) -> bool:
    import pycountry

    entry = pycountry.countries.get(alpha_3=place.country) if place.country else None
    return entry is not None and normalise_name(place.name) in {
        normalise_name(str(value)) for _, value in entry
    }
