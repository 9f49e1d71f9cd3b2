"""The border: what a user may write in a pack, checked by pydantic before it becomes an entry."""

from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from detente.packs.entries import PartOfSpeech, TermKind
from detente.packs.yamlfile import Record, fail
from detente.records import EventType, Sector, Standing


def _split(value: Any) -> Any:
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _truth(value: Any) -> Any:
    return {"yes": True, "no": False, None: False}.get(value, value)


Texts = Annotated[tuple[str, ...], BeforeValidator(_split)]
Flag = Annotated[bool, BeforeValidator(_truth)]
Day = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
SECTORS: tuple[str, ...] = get_args(Sector)


class Row(BaseModel):
    """A row of a pack: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_R = TypeVar("_R", bound=Row)


class CountryRow(Row):
    """A state of the section `countries`."""

    code: CountryCode
    alpha2: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    name: Name
    names: Texts = ()
    adjectives: Texts = ()
    people: Texts = ()
    capitals: Texts = ()
    seats: Texts = ()
    region: str = ""


class ActorRow(Row):
    """An actor of the section `actors`."""

    name: Name
    kind: Literal[
        "organ", "organisation", "armed group", "party", "person", "group", "company", "state"
    ] = "organisation"  # fmt: skip
    country: CountryCode | None = None
    sector: Sector | None = None
    parent: str | None = None
    aliases: Texts = ()
    office: str | None = None
    since: Day | None = None
    until: Day | None = None


class TermRow(Row):
    """A common noun of the section `terms`."""

    text: Name
    kind: TermKind
    sector: Sector
    form: str | None = None
    plural: Flag = False
    unnamed: Flag = False
    also: Texts = ()


class PlaceRow(Row):
    """A place of the section `places`."""

    name: Name
    kind: Literal[
        "country", "admin1", "city", "village", "region", "border", "water", "site", "crossing"
    ] = "city"  # fmt: skip
    country: CountryCode | None = None
    admin1: str | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    radius_km: Annotated[float, Field(gt=0)] | None = None
    population: Annotated[int, Field(ge=0)] = 0
    aliases: Texts = ()
    claimed_by: Texts = ()
    since: Day | None = None
    until: Day | None = None


class OutletRow(Row):
    """An outlet of the section `sources`."""

    name: Name
    country: CountryCode | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    standing: Standing = "press"
    reliability: Annotated[str, Field(pattern=r"^[A-F]$")] = "F"
    domains: Texts = ()
    aliases: Texts = ()
    owner: str | None = None
    agency: Flag = False
    common: Flag = False  # the name is a common word: it alone is not taken for the outlet


class RelationRow(Row):
    """A dated tie of the section `relations`."""

    subject: Name
    kind: Literal["proxy of", "organ of", "ally of", "rival of", "member of"]
    object: Name
    since: Day | None = None
    until: Day | None = None


class ExpectedRow(Row):
    """An event that a case expects."""

    type: EventType
    actors: Texts = ()
    recipients: Texts = ()
    status: Literal["happened", "planned", "possible", "attempted", "denied"] = "happened"
    said_by: str | None = None
    date: Day | None = None
    place: str | None = None


class CaseRow(Row):
    """A sentence of the section `cases`."""

    sentence: Annotated[str, Field(min_length=1, max_length=2000)]
    published: Day | None = None
    events: tuple[ExpectedRow, ...] = ()
    names: Texts = ()


class HeadRow(Row):
    """The section `pack`."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Name
    version: str = "1"
    about: str = ""
    needs: Texts = ()
    licence: str = ""


class ModeRow(Row):
    """A mode of an event type."""

    name: Name
    definition: Name
    intensity: Annotated[float, Field(ge=-10, le=10)]


class TypeRow(Row):
    """An event type of the ontology."""

    name: EventType
    quad: Literal[
        "verbal cooperation", "material cooperation", "verbal conflict", "material conflict"
    ]  # fmt: skip
    definition: Annotated[str, Field(min_length=1)]
    intensity: Annotated[float, Field(ge=-10, le=10)]
    cameo: Annotated[str, Field(pattern=r"^\d{2}$")]
    requires_recipient: Flag = False
    modes: tuple[ModeRow, ...] = ()


class ContextRow(Row):
    """A context of the ontology."""

    name: Name
    definition: Name
    cues: Texts = ()


class CameoRow(Row):
    """A CAMEO code of the ontology."""

    code: Annotated[str, Field(pattern=r"^\d{2,4}$")]
    type: EventType
    mode: str | None = None


class PredicateRow(Row):
    """A row of predicates of the lexicon."""

    lemma: Annotated[str, Field(min_length=1)]  # several, parted by ";"
    pos: PartOfSpeech
    type: EventType
    mode: str | None = None
    frame: str | None = None
    needs: Texts = ()
    unless: Texts = ()
    weight: Annotated[float, Field(gt=0, le=1)] = 0.8
    status: Literal["happened", "planned", "possible", "attempted", "denied"] | None = None


class LightVerbRow(Row):
    """A light verb of the lexicon."""

    lemma: Name
    subject: Literal["actor", "recipient", "ignored"] = "actor"
    status: Literal["happened", "planned", "possible", "attempted", "denied"] | None = None
    turns: EventType | None = None
    nouns: Texts = ()
    types: Texts = ()
    flips: Flag = False
    drops: Flag = False


class ReportingRow(Row):
    """A reporting verb of the lexicon."""

    lemma: Name
    stance: Literal["asserts", "denies", "accuses", "doubts"]
    pos: str = "verb"
    distance: Annotated[float, Field(ge=0, le=1)] = 0.0


class StatusRow(Row):
    """A status cue of the lexicon."""

    lemma: Name
    status: Literal["planned", "possible", "attempted", "denied", "happened", "generic"]
    reach: Literal["complement", "modifier", "subordinate", "noun"]
    pos: str = "verb"


def check_row(model: type[_R], record: Record) -> _R:
    """Check one row against its model; raise PackError naming file, line, field and remedy."""
    try:
        return model.model_validate(record.values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise fail(
            record.file, record.line, f"field '{where}': {first['msg']}", _remedy(model, first)
        ) from error
    except TypeError as error:  # keys that are no text
        raise fail(record.file, record.line, str(error), "write plain 'field: value' lines") from error


def _remedy(model: type[Row], problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return f"known fields are {', '.join(model.model_fields)}"
    if problem["type"] == "missing":
        return "add it"
    if "pattern" in problem["type"]:
        return f"it must look like {problem['ctx']['pattern']}, not {problem['input']!r}"
    return f"change {problem['input']!r}"
