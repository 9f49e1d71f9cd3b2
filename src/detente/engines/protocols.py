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


class EventWord(NamedTuple):
    """A word that may report an event. `sentence` is its sentence's number.

    `types` holds a probability for each of the reader's `types` (each on its own: they do not sum to 1),
    `status` for each of its `statuses` (these do), `attributed` the probability that another's word is given,
    `roles` (words of the text from word `first` on, 2) the log-odds that a word is the actor (0) or the recipient (1):
    the reader looks at neighbouring sentences too.
    """

    word: int
    sentence: int
    types: NDArray[np.float32]
    status: NDArray[np.float32]
    attributed: float
    first: int
    roles: NDArray[np.float32]


class Annotator(Protocol):
    """Reads running text. Any text has an answer: an empty one the empty annotation."""

    recipe: str

    def annotate(self, texts: Iterable[str]) -> Iterator[Annotation]:
        """One annotation for each text, in order; reads ahead by a batch of texts."""
        ...

    def annotate_words(self, sentences: Sequence[Sequence[str]]) -> Annotation:
        """Annotates a document that is cut into sentences and words already.

        Its text is the words joined by spaces.
        """
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
    """Finds the words of an annotated text that report events."""

    recipe: str
    types: tuple[str, ...]
    statuses: tuple[str, ...]

    def read(self, annotation: Annotation, hints: NDArray[np.float32]) -> tuple[EventWord, ...]:
        """The event words in the order of the text; `hints` (words, types) tells what a lexicon says of each word, 0 to 1."""
        ...
