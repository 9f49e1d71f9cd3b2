"""The shapes of the engines: what a stage may ask of one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.engines.annotation import Annotation


class MarkedPair(NamedTuple):
    """A sentence and two parties in it: `source` and `target` as character ranges of `text`."""

    text: str
    source: tuple[int, int]
    target: tuple[int, int]


class PairReading(NamedTuple):
    """What the source does to the target, by a classifier.

    `types` gives every event type (and "NONE") its probability; they sum to 1. `mode` and
    `status` are the likeliest values with theirs; mode is "" for types that have none.
    """

    types: dict[str, float]
    mode: str
    mode_score: float
    status: str
    status_score: float


class Mention(NamedTuple):
    """A span of words (half-open word numbers) with a label and a probability."""

    start: int
    end: int
    label: str
    score: float


class Annotator(Protocol):
    """Reads running text. Any text has an answer: an empty one the empty annotation."""

    recipe: str

    def annotate(self, texts: Iterable[str]) -> Iterator[Annotation]:
        """One annotation for each text, in order; reads ahead by a batch of texts."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their likeness (-1 to 1)."""

    recipe: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text."""
        ...


class PairClassifier(Protocol):
    """Says what one party does to another in a sentence."""

    recipe: str

    def classify(self, pairs: Sequence[MarkedPair]) -> list[PairReading]:
        """One reading for each pair, in order."""
        ...


class EventReader(Protocol):
    """Marks event words and their parts in annotated text."""

    recipe: str

    def read(self, annotations: Sequence[Annotation]) -> list[tuple[Mention, ...]]:
        """For each annotation its mentions, in the order of the text."""
        ...
