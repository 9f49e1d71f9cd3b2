"""What a pack holds, as frozen records: countries, actors, terms, places, outlets, ontology, lexicon.

The YAML side of each of these is in `rows.py`; `loader.py` turns rows into entries.
Dates are ISO strings of any precision ("2013", "2013-08", "2013-08-03"); `None` is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.records import EventType, Role, Sector, Stance, Standing

Quad = Literal["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"]
AliasKind = Literal[
    "name", "alias", "acronym", "surname", "adjective", "people", "capital", "seat"
]  # fmt: skip
TermKind = Literal["organ", "office", "people", "group"]
PartOfSpeech = Literal["verb", "noun", "adjective"]
Slot = str  # subject, object, object2, poss, compound, of, by, or any preposition
SlotRole = Literal["actor", "recipient", "partner", "content", "place", "means", "ignored"]


def in_force(since: str | None, until: str | None, day: date) -> bool:
    """Tell whether `day` lies between two ISO dates of any precision, both ends included."""
    text = day.isoformat()
    return (since is None or since <= text) and (until is None or text[: len(until)] <= until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryEntry:
    """A state or a territory with an ISO 3166-1 code, and the words that stand for it."""

    code: str  # alpha-3
    alpha2: str
    name: str
    names: tuple[str, ...]  # other full and short names, abbreviations
    adjectives: tuple[str, ...]  # Iranian
    people: tuple[str, ...]  # Iranians; Danes
    capitals: tuple[str, ...]  # metonyms for the government
    seats: tuple[str, ...]  # Kremlin, White House
    region: str  # continent-sized: Middle East, South Asia, …
    pack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry:
    """A known actor. `key` is unique in the pack: the name, with the country where names clash."""

    key: str
    name: str
    kind: str  # state, organ, organisation, armed group, party, person, group, company, outlet
    country: str | None
    sector: Sector | None
    parent: str | None = None  # key or name of the body it is an organ or proxy of
    aliases: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    since: str | None = None
    until: str | None = None
    pack: str = ""

    def offices_on(self, day: date) -> tuple[Role, ...]:
        """Give the offices held on `day`."""
        return tuple(role for role in self.roles if in_force(role.since, role.until, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One form of words that may mean an actor; several actors may share it."""

    text: str  # as written in the pack
    actor: str  # key of the ActorEntry
    kind: AliasKind
    since: str | None = None
    until: str | None = None

    @property
    def exact_case(self) -> bool:
        """Acronyms and short capitals match in their own case only: US is not us."""
        letters = self.text.replace(".", "")
        return letters.isupper() and len(letters) <= 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A common noun that makes an actor beside a country: "the Iranian army", "Turkey's parliament".

    `form` is how the actor is named, with `{adjective}`, `{country}` or neither.
    """

    text: str
    kind: TermKind  # organ (parliament), office (foreign minister), people (villagers), group (rebels)
    sector: Sector
    form: str
    plural: bool = False
    unnamed: bool = False  # stands for people, not for a body: gunmen, drivers


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEntry:
    """A place of a pack or of the gazetteer. `country` is the state that is internationally recognised."""

    name: str
    kind: str  # country, admin1, city, village, region, border, water, site, crossing
    country: str | None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    population: int = 0
    aliases: tuple[str, ...] = ()
    claimed_by: tuple[str, ...] = ()  # alpha-3 of other states or names of entities that claim or hold it
    since: str | None = None
    until: str | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletEntry:
    """A news outlet: whose it is and how far its word goes by default."""

    name: str
    country: str | None
    language: str | None  # ISO 639-1 of its main edition
    standing: Standing
    reliability: str  # Admiralty A-F; a desk may set its own
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    owner: str | None = None
    agency: bool = False  # sells copy that others reprint
    common: bool = False  # the name is a common word: it alone is not taken for the outlet
    pack: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A standing tie between two actors: proxy of, organ of, ally of, rival of, member of."""

    subject: str
    kind: str
    object: str
    since: str | None = None
    until: str | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedEvent:
    """What a case says that a sentence reports; empty fields are not compared."""

    type: EventType
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    status: str = "happened"
    said_by: str | None = None
    date: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sentence with the events it reports: a pack's own proof that it works."""

    sentence: str
    published: str | None  # ISO date on which the sentence is read
    events: tuple[ExpectedEvent, ...]
    names: tuple[str, ...] = ()  # actor keys that the name index must find in the sentence
    pack: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeEntry:
    """A PLOVER mode of a type, with its conflict-cooperation score (-10 … +10)."""

    name: str
    definition: str
    intensity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeEntry:
    """A PLOVER event type."""

    name: EventType
    quad: Quad
    definition: str
    intensity: float
    cameo: str  # CAMEO root that exports use
    quad_class: int  # 1-4 as in CAMEO data
    modes: tuple[ModeEntry, ...]
    requires_recipient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """A PLOVER context, with words that speak for it."""

    name: str
    definition: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontology:
    """Types, modes and contexts of PLOVER 2."""

    types: Mapping[str, TypeEntry]
    contexts: Mapping[str, ContextEntry]
    cameo: Mapping[str, tuple[EventType, str | None]]  # CAMEO code or root -> type, mode

    def intensity(self, event_type: str, mode: str | None = None) -> float:
        """Give the conflict-cooperation score of a type, or of its mode where it has its own."""
        entry = self.types[event_type]
        return next((each.intensity for each in entry.modes if each.name == mode), entry.intensity)

    def cameo_root(self, event_type: str) -> str:
        """Give the two-digit CAMEO root for exports; RETREAT and CONCEDE share 08."""
        return self.types[event_type].cameo


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSlot:
    """What stands in one grammatical place of a predicate."""

    slot: Slot
    role: SlotRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A word or multiword that reports an event.

    `needs`: kinds or lemmas of which the object (or, marked `with:x`, a preposition) must be one;
    `unless`: lemmas that, as object, subject or within the phrase, take the reading away.
    A kind is a key of `Lexicon.kinds` (person, armed, territory, building, talks, …).
    """

    lemma: str  # words parted by single blanks; the first is the head of a multiword verb
    pos: PartOfSpeech
    type: EventType
    mode: str | None
    frame: tuple[FrameSlot, ...]
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    weight: float = 0.8  # prior that a use of this word in news reports this type, 0-1
    status: str | None = None  # set where the word itself tells: "foil" -> attempted

    def role_of(self, slot: Slot) -> SlotRole | None:
        """Give the role that the frame gives to a grammatical place, if any."""
        return next((each.role for each in self.frame if each.slot == slot), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LightVerb:
    """A verb that carries a nominal event: "carry out" an attack, "hold" talks.

    `subject` and `object` say which role of the noun its places fill.
    """

    lemma: str
    subject: SlotRole
    status: str | None = None  # "foil an attack" -> attempted
    turns: EventType | None = None  # "lift sanctions": the phrase is another type than the noun
    nouns: tuple[str, ...] = ()  # only with these noun lemmas; empty: any event noun
    types: tuple[str, ...] = ()  # only with nouns of these types; empty: any
    flips: bool = False  # the subject is the noun's recipient: "suffer an attack"
    drops: bool = False  # no event by itself: "discuss an attack"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingVerb:
    """A verb or phrase that brings in another's word."""

    lemma: str
    stance: Stance
    pos: str = "verb"  # verb, noun, adverb, adjective, adposition
    distance: float = 0.0  # 0 neutral, 1 the article doubts it


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCue:
    """A word that moves the status of the event under it.

    `reach`: complement (of verb), modifier (auxiliary, adverb), subordinate (if, unless), noun.
    """

    lemma: str
    status: str  # planned, possible, attempted, denied, happened, generic
    reach: str
    pos: str = "verb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of the event language, indexed by first word of the lemma and part of speech."""

    predicates: Mapping[tuple[str, str], tuple[Predicate, ...]]  # (first word, pos) -> longest first
    light_verbs: Mapping[str, tuple[LightVerb, ...]]
    reporting: Mapping[str, tuple[ReportingVerb, ...]]
    status_cues: Mapping[str, tuple[StatusCue, ...]]
    generic_cues: tuple[str, ...]
    kinds: Mapping[str, frozenset[str]]  # object kind -> noun lemmas of that kind

    def __len__(self) -> int:
        return sum(len(entries) for entries in self.predicates.values())

    def look_up(self, word: str, pos: str) -> tuple[Predicate, ...]:
        """Give the predicates whose lemma begins with `word`, the longest lemmas first."""
        return self.predicates.get((word, pos), ())
