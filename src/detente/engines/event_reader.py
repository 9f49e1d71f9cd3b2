"""The event reader: which words of a text report an event, of which type, and who plays which part.

One pass of a fine-tuned MiniLM over windows of neighbouring sentences; see models/events/CARD.md and training/events.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detente.engines.annotation import Annotation
from detente.engines.event_windows import (
    PiecedSentence,
    Window,
    WindowBatch,
    batch_windows,
    cut_windows,
    number_features,
    piece_sentences,
)
from detente.engines.onnx import OnnxModel
from detente.engines.protocols import EventWord
from detente.engines.weights import Weights, open_weights

BATCH = 4  # windows
FLOOR = 0.08  # words whose best type is less probable are not given

_UNFIT = re.compile("[\ud800-\udfff]")  # halves of characters, which the tokenizer refuses

Floats = NDArray[np.float32]


class EventWordReader:
    """Runs the network over windows of the sentences of an annotation."""

    def __init__(self, weights: Weights) -> None:
        from tokenizers import Tokenizer

        self.recipe = weights.recipe
        self.types: tuple[str, ...] = tuple(weights.about["types"])
        self.statuses: tuple[str, ...] = tuple(weights.about["statuses"])
        self._labels: dict[str, list[str]] = weights.about["labels"]
        self._ends: tuple[int, int] = tuple(weights.about["ends"])
        self._bias = np.asarray(weights.about["role_bias"], dtype=np.float32)
        self._tokenizer = Tokenizer.from_file(str(weights.path("tokenizer.json")))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._model = OnnxModel(weights.path("events.onnx"))

    def read(self, annotation: Annotation, hints: Floats) -> tuple[EventWord, ...]:
        """The event words of a text in the order of the text."""
        if not len(annotation):
            return ()
        text = _UNFIT.sub("\ufffd", annotation.text)
        pieces = piece_sentences(self._tokenizer, text, annotation.starts, annotation.words, annotation.sentences)
        features = number_features(_columns(annotation), self._labels)
        windows = sorted(cut_windows([len(p) for p in pieces]), key=lambda w: sum(map(len, pieces[w.first : w.last])))
        found: list[EventWord] = []
        for start in range(0, len(windows), BATCH):
            part = windows[start : start + BATCH]
            inside: list[Sequence[PiecedSentence]] = [pieces[w.first : w.last] for w in part]
            batch = batch_windows(inside, [features] * len(part), [hints] * len(part), self._ends)
            outputs = self._run(batch)
            for row, window in enumerate(part):
                found += self._words(annotation, window, batch.words[row], [o[row] for o in outputs])
        return tuple(sorted(found, key=lambda w: w.word))

    def _run(self, batch: WindowBatch) -> list[Floats]:
        return self._model.run({"ids": batch.ids, "features": batch.features, "hints": batch.hints})

    def _words(self, annotation: Annotation, window: Window, place: NDArray[np.int64], out: list[Floats]) -> Iterator[EventWord]:
        first, fresh = (annotation.sentences[k][0] for k in (window.first, window.fresh))
        end = annotation.sentences[window.last - 1][1]
        at = np.zeros(end - first, dtype=np.int64)
        at[place[place >= 0] - first] = np.flatnonzero(place >= 0)
        known = at > 0
        types, status, attributed, heads, tails = (o[at] for o in out)
        probable = _sigmoid(types)
        chosen = np.flatnonzero(known & (probable.max(1) >= FLOOR))
        sentence_of = np.repeat(
            np.arange(window.first, window.last), [e - s for s, e in annotation.sentences[window.first : window.last]]
        )
        for k in chosen[chosen >= fresh - first]:
            roles = (tails * heads[k]).sum(-1) / heads.shape[-1] ** 0.5 + self._bias
            yield EventWord(
                word=first + int(k), sentence=int(sentence_of[k]), types=probable[k], status=_softmax(status[k]),
                attributed=float(_sigmoid(attributed[k])), first=first, roles=np.where(known[:, None], roles, -9.0),
            )  # fmt: skip


def _columns(annotation: Annotation) -> dict[str, Sequence[str]]:
    """Give the features of each word by name."""
    labels = ["O"] * len(annotation)
    for start, end, label in annotation.entities:
        labels[start:end] = [label] * (end - start)
    return {"pos": annotation.pos, "deps": annotation.deps, "entities": labels}


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max())
    return np.asarray(e / e.sum(), dtype=np.float32)


@cache
def shipped_event_reader() -> EventWordReader:
    """The event reader that ships with the package, loaded once per process."""
    return EventWordReader(open_weights("events"))
