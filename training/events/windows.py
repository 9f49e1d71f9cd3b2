"""Training windows: runs of sentences of a document, cut anew every round, with their events and parties."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from detente.engines.event_windows import (
    FEATURES,
    PiecedSentence,
    WindowBatch,
    batch_windows,
    number_features,
    piece_sentences,
)

from .data import ROLE_KINDS, SURE, TYPES, Example, Mention

ENDS = (101, 102)  # [CLS] and [SEP] of the vocabulary
CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX", "ADV"})


@dataclass(slots=True)
class Prepared:
    """An example as numbers."""

    example: Example
    sentences: list[PiecedSentence]
    features: np.ndarray
    hints: np.ndarray
    content: np.ndarray  # may a word be an event word?

    @property
    def size(self) -> int:
        return sum(map(len, self.sentences))


def label_lists(examples: Sequence[Example]) -> dict[str, list[str]]:
    """Give the labels of each feature that the examples have."""
    return {f: sorted({x for e in examples for x in getattr(e, f)}) for f in FEATURES}


def prepare_example(example: Example, tokenizer: Tokenizer, labels: dict[str, list[str]]) -> Prepared:
    """Give the numbers of an example."""
    hints = np.zeros((len(example.words), len(TYPES)), dtype=np.float32)
    for k, types in example.hints.items():
        hints[k, types] = 1.0
    sentences = piece_sentences(tokenizer, example.text, example.starts, example.words, example.sentences)
    columns = {f: getattr(example, f) for f in FEATURES}
    content = np.asarray([p in CONTENT for p in example.pos])
    return Prepared(example, sentences, number_features(columns, labels), hints, content)


@dataclass(slots=True)
class Telling:
    """A mention in a window: pieces in its quote, and the piece numbers of parties by role."""

    mention: Mention
    inside: Tensor
    sure: tuple[list[Tensor], ...]  # per role one tensor a gold filler: pieces of its mentions
    loose: tuple[list[int], ...]  # per role pieces of candidates that may or may not be a gold filler


@dataclass(slots=True)
class TrainingWindow:
    """Sentences `first` to `last` of an example."""

    source: Prepared
    first: int
    last: int
    pieces: list[PiecedSentence] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))


def sample_windows(sources: Sequence[Prepared], rng: random.Random) -> Iterator[TrainingWindow]:
    """Cut every example into windows of random length, the first one shorter, so that borders move."""
    for source in sources:
        lengths = [len(s) for s in source.sentences]
        first, room = 0, rng.randint(40, 288)
        while first < len(lengths):
            last, left = first + 1, room - lengths[first]
            while last < len(lengths) and lengths[last] <= left:
                left -= lengths[last]
                last += 1
            yield TrainingWindow(source, first, last, source.sentences[first:last])
            first, room = last, rng.choice((120, 200, 288, 288))


def group_windows(windows: list[TrainingWindow], pieces: int, rng: random.Random) -> list[list[TrainingWindow]]:
    """Give batches of windows of like length, some `pieces` each, in random order."""
    windows.sort(key=lambda w: w.size + rng.random() * 30)
    batches: list[list[TrainingWindow]] = [[]]
    for window in windows:
        if batches[-1] and (len(batches[-1]) + 1) * (window.size + 2) > pieces:
            batches.append([])
        batches[-1].append(window)
    rng.shuffle(batches)
    return batches


@dataclass(slots=True)
class Batch:
    """Windows as tensors, and where words stand: `place[i]` maps a word of window i to its first piece."""

    windows: list[TrainingWindow]
    data: WindowBatch
    ids: Tensor
    features: Tensor
    hints: Tensor
    content: Tensor  # (B, L) pieces that may be event words
    place: list[dict[int, int]]


def make_batch(windows: list[TrainingWindow], rng: random.Random | None = None) -> Batch:
    """Give a batch; with `rng` some words lose their features or hints, so that no one of them is leant on."""
    data = batch_windows(
        [w.pieces for w in windows], [w.source.features for w in windows], [w.source.hints for w in windows], ENDS
    )
    features, hints = torch.from_numpy(data.features), torch.from_numpy(data.hints)
    if rng is not None:
        noise = torch.Generator().manual_seed(rng.randrange(2**31))
        features = features * (torch.rand(features.shape, generator=noise) > 0.1)
        hints = hints * (torch.rand((*hints.shape[:2], 1), generator=noise) > 0.25)
    content = np.zeros(data.words.shape, dtype=bool)
    for row, window in enumerate(windows):
        known = data.words[row] >= 0
        content[row, known] = window.source.content[data.words[row, known]]
    place = [{int(word): j for j, word in enumerate(row) if word >= 0} for row in data.words]
    return Batch(windows, data, torch.from_numpy(data.ids), features, hints, torch.from_numpy(content), place)


def tellings(batch: Batch, i: int) -> list[Telling]:
    """Give the mentions of window i, the quotes before the further ones."""
    window, place = batch.windows[i], batch.place[i]
    example = window.source.example
    start, end = example.sentences[window.first][0], example.sentences[window.last - 1][1]
    out = []
    for mention in sorted(example.events, key=lambda m: not m.primary):
        left, right = max(mention.first, start), min(mention.last, end)
        if right - left < min(4, mention.last - mention.first):
            continue
        inside = [place[k] for k in range(left, right) if k in place and window.source.content[k]]
        if not inside:
            continue
        found = [_fillers(example.candidates[kind], golds or [], place, start, end)
                 for kind, golds in zip(ROLE_KINDS, mention.roles, strict=True)]  # fmt: skip
        sure, loose = zip(*found, strict=True)
        out.append(Telling(mention, torch.tensor(inside), sure, loose))
    return out


def _fillers(
    candidates: list[tuple[int, int, int]], golds: list[dict[int, int]], place: dict[int, int], start: int, end: int
) -> tuple[list[Tensor], list[int]]:
    """Give the pieces of the surest mentions of each gold filler in the window, and those that may be one."""
    sure: list[Tensor] = []
    loose: set[int] = set()
    for levels in golds:
        here = {k: level for k, level in levels.items() if start <= candidates[k][2] < end and candidates[k][2] in place}
        best = max(here.values(), default=0)
        good = best >= SURE or (best and best == max(levels.values()))
        chosen = {place[candidates[k][2]] for k, level in here.items() if good and level == best}
        if chosen:
            sure.append(torch.tensor(sorted(chosen)))
        loose |= {place[candidates[k][2]] for k in here} - chosen
    return sure, sorted(loose - {int(j) for t in sure for j in t})


def candidate_pieces(batch: Batch, i: int) -> dict[str, list[int]]:
    """Give the pieces of window i at which the heads of its candidates stand, by kind."""
    place = batch.place[i]
    found = batch.windows[i].source.example.candidates
    return {kind: sorted({place[c[2]] for c in rows if c[2] in place}) for kind, rows in found.items()}
