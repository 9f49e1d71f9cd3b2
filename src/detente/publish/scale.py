"""The conflict-cooperation scale of PLOVER's event types, and the four classes that colours show."""

from typing import Literal

from detente.packs import Pack
from detente.records import EventType

Quad = Literal["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"]

# PLOVER 2 intensities by root type (-10 … +10), used where no pack gives its own.
INTENSITY: dict[EventType, float] = {
    "AGREE": 3.0, "CONSULT": 2.5, "SUPPORT": 4.0, "CONCEDE": 4.5, "COOPERATE": 9.5, "AID": 10.0,
    "RETREAT": 6.5, "REQUEST": 0.0, "ACCUSE": -3.0, "REJECT": -2.0, "THREATEN": -3.5, "PROTEST": -5.0,
    "SANCTION": -6.0, "MOBILIZE": -5.5, "COERCE": -7.0, "ASSAULT": -9.0,
}  # fmt: skip

QUAD: dict[EventType, Quad] = {
    "AGREE": "verbal cooperation", "CONSULT": "verbal cooperation", "SUPPORT": "verbal cooperation",
    "CONCEDE": "verbal cooperation", "COOPERATE": "material cooperation", "AID": "material cooperation",
    "RETREAT": "material cooperation", "REQUEST": "verbal conflict", "ACCUSE": "verbal conflict",
    "REJECT": "verbal conflict", "THREATEN": "verbal conflict", "PROTEST": "material conflict",
    "SANCTION": "material conflict", "MOBILIZE": "material conflict", "COERCE": "material conflict",
    "ASSAULT": "material conflict",
}  # fmt: skip

TYPE_WORDS: dict[EventType, str] = {
    "AGREE": "readiness to agree", "CONSULT": "talks or visit", "SUPPORT": "diplomatic support",
    "CONCEDE": "concession", "COOPERATE": "cooperation", "AID": "aid", "RETREAT": "withdrawal or release",
    "REQUEST": "demand or appeal", "ACCUSE": "accusation", "REJECT": "refusal or denial",
    "THREATEN": "threat",
    "PROTEST": "protest", "SANCTION": "sanction", "MOBILIZE": "show of force", "COERCE": "coercion",
    "ASSAULT": "use of force",
}  # fmt: skip

SYMMETRIC: frozenset[EventType] = frozenset(("AGREE", "CONSULT", "COOPERATE", "SUPPORT"))


def intensity_of(type: EventType, mode: str | None = None, pack: Pack | None = None) -> float:
    """Give the intensity of a type or mode, -10 (conflict) to +10; the pack's own where there is one."""
    if pack is not None and type in pack.ontology.types:
        return pack.ontology.intensity(type, mode)
    return INTENSITY[type]


def quad_of(type: EventType) -> Quad:
    """Give PLOVER's quad class of a type."""
    return QUAD[type]


def is_conflict(type: EventType) -> bool:
    """Tell conflict from cooperation."""
    return QUAD[type].endswith("conflict")
