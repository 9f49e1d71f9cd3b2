"""The relation reader: what one party does to another in a sentence, and sentence vectors.

One pass of a fine-tuned MiniLM over the sentence with its marks answers all questions; see
models/relations/CARD.md and training/relations.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.engines.marks import Mark, Span, mark_pieces
from detente.engines.onnx import OnnxModel
from detente.engines.protocols import MarkedPair, PairReading
from detente.engines.weights import Weights, open_weights

NONE = "NONE"
BATCH = 400
"""Pieces of a batch, padding included: about what stays in a core's cache."""
_LONGEST_TEXT = 6000
"""Characters of a sentence that are looked at; one longer is looked at around its first mark."""

Floats = NDArray[np.float32]


class Network(Protocol):
    """Named arrays in, arrays out."""

    outputs: Sequence[str]

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """The outputs of one batch."""
        ...


class Tokenizer(Protocol):
    """Cuts text into numbered pieces with character offsets (the `tokenizers` library's)."""

    def encode_batch(self, texts: list[str], *, add_special_tokens: bool) -> Sequence[Any]:
        """One encoding (`ids`, `offsets`) for each text."""
        ...


class Labels(NamedTuple):
    """The names of what the network numbers; `modes_of` are the modes that a type may have."""

    types: tuple[str, ...]
    statuses: tuple[str, ...]
    modes: tuple[str, ...]
    modes_of: Mapping[str, tuple[str, ...]]


class Marked(NamedTuple):
    """A text and its marks, as many as there are."""

    text: str
    marks: tuple[Mark, ...] = ()


class RelationReader:
    """A `PairClassifier` and an `Encoder`; reads the status of event words and of unmarked sentences too."""

    def __init__(self, *, network: Network, tokenizer: Tokenizer, labels: Labels, recipe: str) -> None:
        self.recipe = recipe
        self.labels = labels
        self._network = network
        self._tokenizer = tokenizer

    def classify(self, pairs: Sequence[MarkedPair], *, styled: bool = False) -> list[PairReading]:
        """One reading for each pair, in order.

        A range that is empty, turned round or outside the text counts as not marked; a pair without any mark
        is NONE. With `styled`, types are those of the Zero-Shot-PLOVER labels, which differ from our
        guidelines in places and know no NONE: for measurements against them only.
        """
        marked = [Marked(p.text, (Mark("s", p.source), Mark("t", p.target))) for p in pairs]
        return self.classify_marked(marked, styled=styled)

    def classify_marked(self, marked: Sequence[Marked], *, styled: bool = False) -> list[PairReading]:
        """As `classify`, for texts with any marks: source, target, event word."""
        kept = [Marked(m.text, tuple(mark for mark in m.marks if _sound(mark, m.text))) for m in marked]
        out = self._read(kept)
        types = _softmax(out["styled" if styled else "types"])
        if styled:
            types[:, self.labels.types.index(NONE)] = 0
            types /= types.sum(1, keepdims=True)
        status = _softmax(out["status"])
        return [
            self._reading(types[k], status[k], out["modes"][k]) if m.marks else self._nothing()
            for k, m in enumerate(kept)
        ]

    def statuses(self, marked: Sequence[Marked]) -> list[str]:
        """The likeliest status of each marked event: marked by its word, its parties, both or not at all."""
        kept = [Marked(m.text, tuple(mark for mark in m.marks if _sound(mark, m.text))) for m in marked]
        return [self.labels.statuses[k] for k in self._read(kept)["status"].argmax(1).tolist()]

    def some(self, texts: Sequence[str]) -> Floats:
        """For each sentence, unmarked, the probability that it reports an event of any type; 0 for a
        blank one."""
        blank = np.array([not text.strip() for text in texts], dtype=bool)
        answer = 1 / (1 + np.exp(-self._read([Marked(text) for text in texts])["some"]))
        return np.where(blank, 0, answer).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text; the same one for all blank texts."""
        vectors = self._read([Marked(text) for text in texts])["vector"]
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def _reading(self, types: Floats, status: Floats, modes: Floats) -> PairReading:
        best = self.labels.types[int(types.argmax())]
        mode, score = self._mode(best, modes)
        at = int(status.argmax())
        named = dict(zip(self.labels.types, types.tolist(), strict=True))
        return PairReading(named, mode, score, self.labels.statuses[at], float(status[at]))

    def _mode(self, type_: str, modes: Floats) -> tuple[str, float]:
        """The likeliest of the modes that the type may have."""
        names = self.labels.modes_of.get(type_, ())
        if not names:
            return "", 1.0
        chances = _softmax(modes[[self.labels.modes.index(name) for name in names]][None])[0]
        at = int(chances.argmax())
        return names[at], float(chances[at])

    def _nothing(self) -> PairReading:
        types = {label: float(label == NONE) for label in self.labels.types}
        return PairReading(types, "", 1.0, self.labels.statuses[0], 0.0)

    def _read(self, marked: Sequence[Marked]) -> dict[str, Floats]:
        """The network's outputs by name, a row for each text in the given order."""
        pieces = self._pieces([_near_marks(m) for m in marked])
        order = sorted(range(len(pieces)), key=lambda k: len(pieces[k]))
        parts = [self._run([pieces[k] for k in batch]) for batch in _batches(order, [len(p) for p in pieces])]
        if not parts:
            parts = [[out[:0] for out in self._run([[0]])]]
        back = np.argsort(np.asarray(order, dtype=np.int64))
        columns = zip(*parts, strict=True)
        return {
            name: np.concatenate(column)[back]
            for name, column in zip(self._network.outputs, columns, strict=True)
        }

    def _pieces(self, marked: Sequence[Marked]) -> list[list[int]]:
        encodings = self._tokenizer.encode_batch([m.text for m in marked], add_special_tokens=False)
        return [mark_pieces(e.ids, e.offsets, m.marks) for e, m in zip(encodings, marked, strict=True)]

    def _run(self, rows: Sequence[Sequence[int]]) -> list[Floats]:
        size = max(map(len, rows))
        ids = np.zeros((len(rows), size), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(rows):
            ids[row, : len(pieces)], mask[row, : len(pieces)] = pieces, 1
        return self._network.run({"input_ids": ids, "attention_mask": mask})


def _sound(mark: Mark, text: str) -> bool:
    start, end = mark.span
    return 0 <= start < end <= len(text) and bool(text[start:end].strip())


def _near_marks(marked: Marked) -> Marked:
    """A monstrous text cut to what may be read: from somewhat before its first mark."""
    if len(marked.text) <= _LONGEST_TEXT:
        return marked
    first = min((mark.span[0] for mark in marked.marks), default=0)
    begin = max(0, first - _LONGEST_TEXT // 4)
    moved = [Mark(kind, (a - begin, b - begin)) for kind, (a, b) in marked.marks]
    return Marked(
        marked.text[begin : begin + _LONGEST_TEXT], tuple(m for m in moved if m.span[1] <= _LONGEST_TEXT)
    )


def _batches(order: Sequence[int], sizes: Sequence[int]) -> Iterator[Sequence[int]]:
    """Runs of neighbours in an order by size, of some `BATCH` pieces each."""
    begin = 0
    while begin < len(order):
        end = begin + 1
        while end < len(order) and (end + 1 - begin) * sizes[order[end]] <= BATCH:
            end += 1
        yield order[begin:end]
        begin = end


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), dtype=np.float32)


def open_relations(weights: Weights, *, threads: int = 1) -> RelationReader:
    """The reader whose weights lie in a checked folder."""
    from tokenizers import Tokenizer as FastTokenizer

    tokenizer = FastTokenizer.from_file(str(weights.path("tokenizer.json")))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    about = weights.about
    labels = Labels(
        types=tuple(about["types"]),
        statuses=tuple(about["statuses"]),
        modes=tuple(about["modes"]),
        modes_of={name: tuple(modes) for name, modes in about["modes_of"].items()},
    )
    network = OnnxModel(weights.path("relations.onnx"), threads=threads)
    return RelationReader(network=network, tokenizer=tokenizer, labels=labels, recipe=weights.recipe)


@cache
def shipped_relations() -> RelationReader:
    """The relation reader of the package, loaded once per process."""
    return open_relations(open_weights("relations"))


__all__ = [
    "NONE",
    "Labels",
    "Mark",
    "Marked",
    "RelationReader",
    "Span",
    "open_relations",
    "shipped_relations",
]
