"""Engines read language: small models behind small protocols, loaded by name, offline.

::

    Annotator       text -> words, tags, lemmas, dependencies, sentences, entities
    Encoder         sentences -> unit vectors, for likeness
    PairClassifier  a sentence with two marked parties -> what the first does to the second
    EventReader     an annotated text -> marked spans of event words and their parts

Stages get an engine handed in and know only its protocol, so a test hands in a fake. Real ones
come from `load_annotator` and its like: the first call reads the weights under
`detente/models/<name>/` and checks every file against the digests in its `manifest.json`
(`EngineError` when one is missing or altered); importing this package reads nothing.

All offsets are half-open, count characters, and lead into the text that was given, which is
never changed, trimmed or normalised.
"""

from detente.engines.annotation import Annotation, Entity
from detente.engines.protocols import (
    Annotator,
    Encoder,
    EventReader,
    MarkedPair,
    Mention,
    PairClassifier,
    PairReading,
)

__all__ = [
    "Annotation",
    "Annotator",
    "Encoder",
    "Entity",
    "EventReader",
    "MarkedPair",
    "Mention",
    "PairClassifier",
    "PairReading",
    "load_annotator",
]


def load_annotator() -> Annotator:
    """The annotator that ships with the package, loaded once per process.

    Raises `EngineError` when its weights are missing or altered.
    """
    from detente.engines.annotator import shipped_annotator

    return shipped_annotator()
