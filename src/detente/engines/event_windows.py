"""What the event reader sees: windows of neighbouring sentences, as numbers of word pieces and of features.

A window holds whole sentences. The first ones may have been read already: they are there so that "he", "the
group" and a passive without a doer can find their party, and their words are not answered for again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ROOM = 176  # pieces of a window
LONGEST = 160  # pieces of a sentence; the rest is cut off
CONTEXT = 36  # pieces of read sentences in front of new ones
FEATURES = ("pos", "deps", "entities")

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PiecedSentence:
    """Pieces of a sentence: their numbers, the word of each (of the text), and whether it is the word's first."""

    ids: Ints
    words: Ints
    firsts: NDArray[np.bool_]

    def __len__(self) -> int:
        """The number of pieces."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences `first` to `last` (half-open) of a text; those before `fresh` were read already."""

    first: int
    fresh: int
    last: int


def piece_sentences(
    tokenizer: "Tokenizer", text: str, starts: Sequence[int], words: Sequence[str], sentences: Sequence[tuple[int, int]]
) -> list[PiecedSentence]:
    """Cut each sentence of an annotated text into word pieces."""
    spans = [(starts[s], starts[e - 1] + len(words[e - 1])) for s, e in sentences]
    encodings = tokenizer.encode_batch([text[a:b].replace("\n", " ") for a, b in spans], add_special_tokens=False)
    out = []
    for encoding, (start, end), (left, _) in zip(encodings, sentences, spans, strict=True):
        offsets = np.asarray([a for a, _ in encoding.offsets], dtype=np.int64) + left
        here = np.asarray(starts[start:end], dtype=np.int64)
        place = np.searchsorted(here, offsets, side="right") - 1
        firsts = np.ones(len(place), dtype=np.bool_)
        firsts[1:] = place[1:] != place[:-1]
        ids = np.asarray(encoding.ids, dtype=np.int64)
        out.append(PiecedSentence(ids[:LONGEST], start + place[:LONGEST], firsts[:LONGEST]))
    return out


def cut_windows(lengths: Sequence[int]) -> list[Window]:
    """Give windows that answer for each sentence once, with what was said before in front."""
    windows: list[Window] = []
    fresh = 0
    while fresh < len(lengths):
        first, room = fresh, ROOM
        while first > 0 and sum(lengths[first - 1 : fresh]) <= CONTEXT:
            first -= 1
        room -= sum(lengths[first:fresh])
        last = fresh + 1
        room -= lengths[fresh]
        while last < len(lengths) and lengths[last] <= room:
            room -= lengths[last]
            last += 1
        windows.append(Window(first, fresh, last))
        fresh = last
    return windows


def number_features(
    columns: Mapping[str, Sequence[str]], labels: Mapping[str, Sequence[str]]
) -> Ints:
    """Give the features of each word as numbers (words, 3); 0 is a label that was unknown in training."""
    numbered = [{name: k + 1 for k, name in enumerate(labels[feature])} for feature in FEATURES]
    rows = [[number.get(x, 0) for x in columns[f]] for f, number in zip(FEATURES, numbered, strict=True)]
    return np.asarray(rows, dtype=np.int64).T.reshape(-1, len(FEATURES))


@dataclass(frozen=True, slots=True)
class WindowBatch:
    """Windows padded to one length L: `ids` (B, L), `features` (B, L, 3), `hints` (B, L, types), `words` (B, L; -1: none)."""

    ids: Ints
    features: Ints
    hints: Floats
    words: Ints


def batch_windows(
    windows: Sequence[Sequence[PiecedSentence]], features: Sequence[Ints], hints: Sequence[Floats], ends: tuple[int, int]
) -> WindowBatch:
    """Put windows side by side; `features` and `hints` are those of each window's text, `ends` the pieces around it."""
    size = max(sum(map(len, window)) for window in windows) + 2
    shape = (len(windows), size)
    ids = np.zeros(shape, dtype=np.int64)
    words = np.full(shape, -1, dtype=np.int64)
    numbers = np.zeros((*shape, len(FEATURES)), dtype=np.int64)
    told = np.zeros((*shape, hints[0].shape[1]), dtype=np.float32)
    for row, window in enumerate(windows):
        pieces = np.concatenate([s.ids for s in window])
        place = np.concatenate([s.words for s in window])
        inside = slice(1, len(pieces) + 1)
        ids[row, 0], ids[row, inside], ids[row, len(pieces) + 1] = ends[0], pieces, ends[1]
        numbers[row, inside], told[row, inside] = features[row][place], hints[row][place]
        words[row, inside] = np.where(np.concatenate([s.firsts for s in window]), place, -1)
    return WindowBatch(ids, numbers, told, words)
