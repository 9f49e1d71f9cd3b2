"""Engines read language: small models behind small protocols, loaded by name, offline.

::

    Annotator       text -> words, tags, lemmas, dependencies, sentences, entities
    Encoder         sentences -> unit vectors, for likeness
    PairClassifier  a sentence with two marked parties -> what the first does to the second
    EventReader     an annotated text -> words that report events, and who plays which part

Stages get an engine handed in and know only its protocol, so a test hands in a fake. Real ones
come from `load_annotator` and its like: the first call reads the weights under
`detente/models/<name>/` and checks every file against the digests in its `manifest.json`
(`EngineError` when one is missing or altered); importing this package reads nothing.

All offsets are half-open, count characters, and lead into the text that was given, which is
never changed, trimmed or normalised.
"""

from dataclasses import dataclass

from detente.engines.annotation import Annotation, Entity
from detente.engines.protocols import (
    Annotator,
    Encoder,
    EventReader,
    EventWord,
    MarkedPair,
    PairClassifier,
    PairReading,
)

__all__ = [
    "Annotation",
    "Annotator",
    "Encoder",
    "Engines",
    "Entity",
    "EventReader",
    "EventWord",
    "MarkedPair",
    "PairClassifier",
    "PairReading",
    "load_annotator",
    "load_encoder",
    "load_engines",
    "load_event_reader",
    "load_relations",
]


def load_annotator() -> Annotator:
    """The annotator that ships with the package, loaded once per process.

    Raises `EngineError` when its weights are missing or altered.
    """
    from detente.engines.annotator import shipped_annotator

    return shipped_annotator()


def load_event_reader() -> EventReader:
    """The event reader that ships with the package, loaded once per process."""
    from detente.engines.event_reader import shipped_event_reader

    return shipped_event_reader()


def load_relations() -> PairClassifier:
    """The relation classifier that ships with the package, loaded once per process."""
    from detente.engines.relations import shipped_relations

    return shipped_relations()


def load_encoder() -> Encoder:
    """The encoder of sentences that ships with the package: the same weights as the relation classifier's."""
    from detente.engines.relations import shipped_relations

    return shipped_relations()


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What extraction needs, loaded once per process."""

    annotator: Annotator
    events: EventReader

    @property
    def recipe(self) -> str:
        """The names and digests of the weights."""
        return f"{self.annotator.recipe}+{self.events.recipe}"


def load_engines() -> Engines:
    """The engines of extraction that ship with the package."""
    return Engines(annotator=load_annotator(), events=load_event_reader())
