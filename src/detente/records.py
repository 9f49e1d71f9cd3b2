"""The data types of détente, in the order in which they are made.

Every record is frozen, holds tuples only, and has an id that is a digest of what it was made
from: a re-run finds its own work, and two workers cannot disagree. Times are aware UTC datetimes.
`known_at` (when we could know it) is never `when` (when it happened).
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType

SourceId = NewType("SourceId", str)
PageId = NewType("PageId", str)
DocumentId = NewType("DocumentId", str)
ActorId = NewType("ActorId", str)
PlaceId = NewType("PlaceId", str)
EventId = NewType("EventId", str)
LinkId = NewType("LinkId", str)
IncidentId = NewType("IncidentId", str)
ReadingId = NewType("ReadingId", str)
ForecastId = NewType("ForecastId", str)
BriefId = NewType("BriefId", str)
FailureId = NewType("FailureId", str)
RelationId = NewType("RelationId", str)
NarrativeId = NewType("NarrativeId", str)

Genre = Literal["report", "analysis", "opinion", "letter", "brief", "forum"]
Standing = Literal["state", "agency", "press", "party", "unknown"]
Basis = Literal["given", "stated", "relative", "dateline", "published", "inferred"]
Status = Literal["happened", "planned", "possible", "attempted", "denied"]
Stance = Literal["asserts", "denies", "accuses", "doubts"]
Verdict = Literal["same", "different", "unsure"]
EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
RelationKind = Literal["arms", "backs", "treaty", "trade", "member"]
Flow = Literal["conflict", "cooperation"]
Sector = Literal["GOV", "MIL", "POL", "JUD", "LEG", "OPP", "REB", "CIV", "MED", "BUS", "IGO", "NGO"]
STATE_SECTORS: frozenset[Sector] = frozenset({"GOV", "MIL", "POL", "JUD", "LEG"})


def is_of_state(sector: str | None) -> bool:
    """Tell whether who is of a sector speaks and acts for the state; one of no known sector is taken for it."""
    return sector is None or sector in STATE_SECTORS


def make_id(kind: str, *parts: object) -> str:
    """Give the digest id of a record: `kind-` and 20 hex digits of SHA-256 over the JSON of `parts`."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    return f"{kind}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where pages come from: a folder, a feed, a site."""

    id: SourceId
    name: str
    kind: str  # folder, file, feed, site
    url: str
    language: str | None = None  # ISO 639-1
    country: str | None = None  # ISO 3166-1 alpha-3
    owner: str | None = None
    standing: Standing = "unknown"
    reliability: str | None = None  # Admiralty code A-F
    republishes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was fetched, byte for byte: everything after it can be redone."""

    id: PageId
    source: SourceId
    url: str
    fetched_at: datetime
    media_type: str  # IANA media type, as told by name and content
    status: int  # HTTP status; 200 for a file that was read
    body: bytes
    digest: str  # SHA-256 of body, hex
    facts: tuple[tuple[str, str], ...] = ()  # told from outside the page: published, outlet, title, …


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open range of character offsets into one text that never changes."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time as an interval, both ends included as instants; the precision is the width."""

    earliest: datetime
    latest: datetime
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of the page's text that is part of a document's body.

    `page_span` points into the page's decoded text, `start` is where the run stands in the
    document's text. The runs of a document are copied unchanged, so lengths agree.
    """

    start: int
    page_span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """A run of the page's text that belongs to no document, and what it was taken for."""

    page_span: Span
    reason: str  # menu, promo, comments, bio, credit, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article found on a page. `text` never changes; all offsets of events point into it."""

    id: DocumentId
    page: PageId
    url: str
    title: str | None
    author: str | None
    outlet: str | None
    known_at: datetime
    published: When | None
    language: str | None
    genre: Genre
    text: str
    pieces: tuple[Piece, ...]
    dateline: str | None = None
    copy_of: DocumentId | None = None
    copy_score: float | None = None
    syndicated_from: str | None = None
    notes: tuple[str, ...] = ()  # why it was dated, titled, typed so: shown by `detente trace`


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An office held by an actor, with the dates that are known (ISO, any precision)."""

    office: str
    country: str | None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does or suffers: a state, an organisation, an armed group, an official, a social group."""

    id: ActorId
    name: str
    kind: str  # state, organ, organisation, armed group, person, group, unnamed
    country: str | None  # ISO alpha-3
    sector: Sector | None
    parent: str | None = None  # name of the patron or of the body it is an organ of
    aliases: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where: a point with a radius in kilometres that covers what the name means."""

    id: PlaceId
    name: str
    country: str | None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """On whose word a thing stands in a document."""

    speaker: Actor
    cue: str  # the reporting words as found
    stance: Stance
    chain: tuple[str, ...] = ()  # names from the outermost to the innermost source
    span: Span | None = None  # of the speaker and the cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number told with an event, as a closed range; `high` is None where only a floor is told."""

    what: str  # killed, injured, arrested, displaced, money, weapons
    low: int
    high: int | None
    unit: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that support one field of an event."""

    field: str  # quote, also, trigger, actor, recipient, when, place, status, attribution, killed, …
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One named weight in favour of (positive) or against a decision; shown by `detente trace`."""

    feature: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One report of one happening, in one document."""

    id: EventId
    document: DocumentId
    type: EventType
    mode: str | None
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    when: When | None
    place: Place | None
    status: Status
    attribution: Attribution | None
    killed: Count | None
    injured: Count | None
    evidence: tuple[Evidence, ...]  # the first is the quote
    score: float  # calibrated probability that the event is right, 0-1
    recipe: str  # what made it: code version, models, packs
    known_at: datetime
    counts: tuple[Count, ...] = ()  # arrested, displaced, money, weapons
    contexts: tuple[str, ...] = ()  # PLOVER contexts
    background: bool = False  # history told beside the news
    reasons: tuple[Reason, ...] = ()
    full_score: float | None = None  # calibrated probability that type, actors and recipients are all right, 0-1

    @property
    def quote(self) -> Span:
        """The clause that reports the event."""
        return self.evidence[0].span

    @property
    def sureness(self) -> float:
        """The chance that it is right as a whole; of one that a second reader proposed, its score."""
        return self.score if self.full_score is None else self.full_score


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A standing tie between two parties as one document tells it: it holds for years and is no event.

    `arms` and `trade` run from the seller to the buyer, `backs` from the patron to the proxy, `member` from
    the member to the body; `treaty` binds both. `share.what` says of what the share is one.
    """

    id: RelationId
    document: DocumentId
    kind: RelationKind
    subject: Actor
    object: Actor
    what: str  # the goods or the treaty in the document's words; empty where not told
    share: Count | None  # per cent, or an amount of money
    when: When | None  # the years that it is told of; None: as of the document's date
    span: Span  # the sentence
    evidence: tuple[Evidence, ...]  # cue, share, when
    attribution: Attribution | None
    known_at: datetime
    recipe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What a judged event was, in words that outlive its id: a page read anew gives new ids."""

    url: str
    type: EventType
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A judgement that an event tells of an incident; only added or withdrawn, never changed.

    A person may also correct one `field` of the incident that the event tells of, to `value`.
    """

    id: LinkId
    event: EventId
    incident: IncidentId
    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]
    by: str  # model recipe, or a person's name
    at: datetime
    other: EventId | None = None  # the event it was compared with
    withdrawn_at: datetime | None = None
    field: str | None = None  # what a person's correction is about: type, status, when, place, killed, …
    value: str | None = None
    why: str = ""  # in the person's own words
    anchor: Anchor | None = None  # of `event`, where a person judged
    other_anchor: Anchor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A value of one field of an incident with the party that asserts it."""

    field: str
    value: str
    asserted_by: str  # actor's name, or the outlet's where the article itself asserts
    stance: Stance
    document: DocumentId
    span: Span
    known_at: datetime
    event: EventId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Claims on one field that cannot all be true."""

    field: str
    claims: tuple[Claim, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """An independent source behind an incident: copies and shared attributions count once."""

    name: str
    documents: tuple[DocumentId, ...]
    party: bool = False  # is a party to the conflict
    reliability: str | None = None  # Admiralty A-F


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One step in what was known of an incident: threatened, claimed, confirmed, denied."""

    status: Status
    known_at: datetime
    document: DocumentId
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What happened, as told by all its events."""

    id: IncidentId
    type: EventType
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    when: When | None
    place: Place | None
    killed: Count | None
    injured: Count | None
    status: Status
    status_history: tuple[StatusChange, ...]
    events: tuple[EventId, ...]
    claims: tuple[Claim, ...]
    contradictions: tuple[Contradiction, ...]
    voices: tuple[Voice, ...]
    credibility: int  # Admiralty 1 (confirmed) to 6 (cannot be judged)
    known_at: datetime
    recipe: str
    about: tuple[IncidentId, ...] = ()  # an accusation's subject
    why: tuple[str, ...] = ()  # of the credibility, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What fusing keeps of an event to find its like by, and where it put it; cards can be made anew from events."""

    number: int  # 63 bits of the digest of the event's id: tells events apart and settles ties
    event: EventId
    document: DocumentId
    keys: tuple[int, ...]  # of the blocks it stands in
    by_time: int  # its places in a crowded block, sorted by time and by words
    by_words: int
    part: int = 0  # least number of the reports that hang together with it
    incident: IncidentId = IncidentId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One day of the tension index of a dyad or theatre."""

    id: ReadingId
    dyad: tuple[str, ...]  # two countries or actors in order; one name for a theatre
    day: datetime
    value: float | None  # None: no source was up, so unknown rather than calm
    low: float | None
    high: float | None
    parts: tuple[tuple[str, float], ...]
    incidents: tuple[IncidentId, ...]
    coverage: float  # 0-1, share of expected sources that reported
    known_at: datetime
    recipe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A day from which a flow is higher or lower: how clear it is, the rates, the incidents of the week after."""

    day: date
    flow: Flow
    rises: bool
    score: float
    before: float  # value a day
    after: float
    incidents: tuple[IncidentId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """One document's telling of a claim: whose, when, in which words, and whose words it repeats."""

    document: DocumentId
    outlet: str
    at: datetime | None  # when it was published; None where that is not known to two days
    span: Span
    stance: Stance
    speaker: str | None  # on whose word
    echo_of: DocumentId | None = None  # the earlier document whose words it repeats
    echo: float = 0.0  # 0-1, share of its runs of words that stand in that one


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """One claim told by several outlets: who said it first, how it travelled, who denies it.

    `field` and `value` are those of the claims on the incident; "happening" is the incident itself.
    """

    id: NarrativeId
    incident: IncidentId
    field: str
    value: str
    tellings: tuple[Retelling, ...]  # in order of time, undated last
    denials: tuple[Retelling, ...]
    known_at: datetime
    recipe: str

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that tell it, in the order in which they came to it."""
        return tuple(dict.fromkeys(telling.outlet for telling in self.tellings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchrony:
    """How close in time two outlets tell the same claims, against any two outlets that tell them.

    `p_value` is None where there is too little to tell; it is corrected for the number of pairs looked at.
    """

    outlets: tuple[str, str]
    narratives: tuple[NarrativeId, ...]  # told by both, with the times of both known
    tested: int  # of these, told by a third too and not all at one moment: only they can tell
    gap_hours: float | None  # median time between the two
    chance_hours: float | None  # median time between any two tellers of the same claims
    p_value: float | None
    echoes: int  # claims that one of the two tells in the other's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something of the watch list to look at, and why."""

    id: str
    watch: str
    reason: str
    incidents: tuple[IncidentId, ...]
    at: datetime  # when it became known


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A dated statement of what may come, with a probability or quantiles."""

    id: ForecastId
    question: str
    made_at: datetime
    horizon: datetime
    probability: float | None
    quantiles: tuple[tuple[float, float], ...]
    model: str
    known_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was observed of a forecast, and its score (Brier or CRPS)."""

    forecast: ForecastId
    observed: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The exact words that support a line."""

    document: DocumentId
    span: Span
    quote: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of a brief; without a citation there is no line."""

    text: str
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"a line needs a citation: {self.text!r}; cite the words it rests on or leave it out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled run of lines of a brief."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A cited brief over a period."""

    id: BriefId
    title: str
    made_at: datetime
    since: datetime | None
    until: datetime | None
    sections: tuple[Section, ...]
    recipe: str
    previous: BriefId | None = None  # the brief that it is compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error that the run survived."""

    id: FailureId
    stage: str
    subject: str
    error: str
    message: str
    at: datetime = field(compare=False)
