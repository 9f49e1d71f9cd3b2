"""The event reader: which words of a sentence report an event, of which type, and who plays which part.

One pass of a fine-tuned MiniLM a sentence; see models/events/CARD.md and training/events.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detente.engines.annotation import Annotation
from detente.engines.onnx import OnnxModel
from detente.engines.protocols import EventWord
from detente.engines.weights import Weights, open_weights

MAX_PIECES = 160
BATCH = 16
FLOOR = 0.08  # words whose best type is less probable are not given

_UNFIT = re.compile("[\ud800-\udfff]")  # halves of characters, which the tokenizer refuses

Floats = NDArray[np.float32]


class EventWordReader:
    """Runs the network over the sentences of an annotation, long ones cut at 160 pieces."""

    def __init__(self, weights: Weights) -> None:
        from tokenizers import Tokenizer

        self.recipe = weights.recipe
        self.types: tuple[str, ...] = tuple(weights.about["types"])
        self.statuses: tuple[str, ...] = tuple(weights.about["statuses"])
        self._bias = np.asarray(weights.about["role_bias"], dtype=np.float32)
        self._tokenizer = Tokenizer.from_file(str(weights.path("tokenizer.json")))
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._tokenizer.no_padding()
        self._model = OnnxModel(weights.path("events.onnx"))

    def read(self, annotation: Annotation) -> tuple[EventWord, ...]:
        """The event words of a text in the order of the text."""
        spans = [annotation.span(*sentence) for sentence in annotation.sentences]
        texts = [_UNFIT.sub("\ufffd", annotation.text[a:b].replace("\n", " ")) for a, b in spans]
        order = sorted((k for k, text in enumerate(texts) if text.strip()), key=lambda k: len(texts[k]))
        found: list[EventWord] = []
        for first in range(0, len(order), BATCH):
            part = order[first : first + BATCH]
            encodings = self._tokenizer.encode_batch([texts[k] for k in part])
            outputs = self._run([e.ids for e in encodings])
            for row, k in enumerate(part):
                firsts = _first_pieces(annotation, annotation.sentences[k], spans[k][0], encodings[row].offsets)
                found += self._words(k, annotation.sentences[k][0], firsts, [o[row] for o in outputs])
        return tuple(sorted(found, key=lambda w: w.word))

    def _run(self, ids: Sequence[Sequence[int]]) -> list[Floats]:
        size = max(map(len, ids))
        padded = np.zeros((len(ids), size), dtype=np.int64)
        mask = np.zeros_like(padded)
        for row, pieces in enumerate(ids):
            padded[row, : len(pieces)], mask[row, : len(pieces)] = pieces, 1
        return self._model.run({"input_ids": padded, "attention_mask": mask})

    def _words(self, sentence: int, start: int, firsts: NDArray[np.int64], out: list[Floats]) -> list[EventWord]:
        known = firsts >= 0
        at = np.where(known, firsts, 0)
        types, status, attributed, heads, tails = (o[at] for o in out)
        probable = _sigmoid(types)
        chosen = np.flatnonzero(known & (probable.max(1) >= FLOOR))
        width = heads.shape[-1]
        return [
            EventWord(
                word=start + int(k), sentence=sentence, types=probable[k], status=_softmax(status[k]),
                attributed=float(_sigmoid(attributed[k])),
                roles=np.where(known[:, None], (tails * heads[k]).sum(-1) / width**0.5 + self._bias, -9.0),
            )
            for k in chosen
        ]  # fmt: skip


def _first_pieces(
    annotation: Annotation, sentence: tuple[int, int], offset: int, pieces: list[tuple[int, int]]
) -> NDArray[np.int64]:
    """For each word of the sentence the number of its first piece, -1 where it was cut off."""
    at = {a: j for j, (a, b) in reversed(list(enumerate(pieces))) if b > a}
    return np.asarray([at.get(start - offset, -1) for start in annotation.starts[slice(*sentence)]], dtype=np.int64)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max())
    return np.asarray(e / e.sum(), dtype=np.float32)


@cache
def shipped_event_reader() -> EventWordReader:
    """The event reader that ships with the package, loaded once per process."""
    return EventWordReader(open_weights("events"))
