"""The annotator: words, tags, trees, sentences and entities from one small network.

Text is cut into words and the words into windows of whole lines; one run of the network answers
all questions about a batch of windows, a second small one names the relation between each word and
its head. Nothing here knows how the weights were trained; see training/annotator.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.engines.agreement import agree
from detente.engines.annotation import Annotation, Entity
from detente.engines.decoding import best_heads, best_tags, spans_of
from detente.engines.lemmas import Lemmatizer
from detente.engines.onnx import OnnxModel
from detente.engines.sentences import after_stop, mend_starts, quote_sides
from detente.engines.tokens import Token, tokenize
from detente.engines.weights import Weights, open_weights
from detente.engines.wordpieces import LINE_START, Pieces, WordPieces

WINDOW = 90
"""Pieces of a window; a line up to half as long again stays whole."""
_MOST = 400
"""Pieces that the network can see at once, with room to spare."""
_BATCH = 720
"""Pieces of a batch: about what stays in a core's cache."""
_TEXTS_AHEAD = 32


class Network(Protocol):
    """Named arrays in, arrays out."""

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """The outputs of one batch."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelNames:
    """The names of the labels that the network numbers."""

    pos: tuple[str, ...]
    tags: tuple[str, ...]
    deps: tuple[str, ...]


class _Window(NamedTuple):
    """A run of words that the network sees at once."""

    words: list[str]
    opens: list[bool]  # a line begins with this word
    begins: list[bool] | None  # a sentence does, where that is known
    quotes: list[int]  # 1 at a quotation mark that opens, -1 at one that closes
    pieces: list[Pieces]
    size: int


class _Read(NamedTuple):
    """What the network says of a window, as numbers; entities and heads count from its start."""

    pos: list[int]
    tags: list[int]
    deps: list[int]
    heads: list[int]
    starts: list[bool]
    entities: list[Entity]


class NetworkAnnotator:
    """An `Annotator` over a network, its relation labels, a vocabulary and a lemma table."""

    def __init__(
        self,
        *,
        network: Network,
        relations: Network,
        pieces: WordPieces,
        names: LabelNames,
        lemmatizer: Lemmatizer,
        recipe: str,
    ) -> None:
        self.recipe = recipe
        self._network = network
        self._relations = relations
        self._pieces = pieces
        self._names = names
        self._lemmatizer = lemmatizer
        self._cuts = np.cumsum([len(names.pos), len(names.tags), 1]).tolist()

    def annotate(self, texts: Iterable[str]) -> Iterator[Annotation]:
        """One annotation for each text, in order; reads ahead by some thirty texts."""
        rest = iter(texts)
        while ahead := list(islice(rest, _TEXTS_AHEAD)):
            yield from self._annotate_group(ahead)

    def annotate_words(self, sentences: Sequence[Sequence[str]]) -> Annotation:
        """Annotates running text that is cut into sentences and words already.

        The text of the answer is the words joined by spaces; its sentences are those given, empty
        ones left out, and one longer than the network can see cut. Neighbours are read together,
        so give the sentences of one document.
        """
        words = [word for sentence in sentences for word in sentence]
        starts = np.cumsum([0, *(len(word) + 1 for word in words)])[:-1].tolist()
        reads = self._read(list(self._windows_of_sentences(sentences)))
        return self._assemble(" ".join(words), words, starts, reads)

    def _windows_of_sentences(self, sentences: Iterable[Sequence[str]]) -> Iterator[_Window]:
        words, begins, size = list[str](), list[bool](), 0
        for sentence in sentences:
            for at, word in enumerate(sentence):
                room = WINDOW if at == 0 else _MOST
                size += len(self._pieces.cut(word).ids)
                ahead = sum(len(self._pieces.cut(w).ids) for w in sentence[1:]) if at == 0 else 0
                if words and size + ahead > room:
                    yield self._window(words, begins)
                    words, begins, size = [], [], len(self._pieces.cut(word).ids)
                words.append(word)
                begins.append(at == 0)
        if words:
            yield self._window(words, begins)

    def _annotate_group(self, texts: Sequence[str]) -> Iterator[Annotation]:
        tokens = [tokenize(text) for text in texts]
        words = [[text[t.start : t.end] for t in found] for text, found in zip(texts, tokens, strict=True)]
        windows = [
            self._windows(w, t, quote_sides(text, t)) for w, t, text in zip(words, tokens, texts, strict=True)
        ]
        reads = iter(self._read([window for group in windows for window in group]))
        for text, own, found, group in zip(texts, words, tokens, windows, strict=True):
            yield self._assemble(text, own, [t.start for t in found], list(islice(reads, len(group))))

    def _windows(self, words: list[str], tokens: Sequence[Token], quotes: list[int]) -> list[_Window]:
        """Cuts a text's words: whole lines, or a long line after a full stop."""
        pieces = [self._pieces.cut(word) for word in words]
        opens = [token.opens_line for token in tokens]
        bounds = _bounds(words, opens, quotes, [len(piece.ids) for piece in pieces])
        return [
            _Window(
                words[a:b], opens[a:b], None, quotes[a:b], pieces[a:b], sum(len(p.ids) for p in pieces[a:b])
            )
            for a, b in pairwise(bounds)
        ]

    def _window(self, words: list[str], begins: list[bool]) -> _Window:
        """A window of given sentences; it begins as a line does."""
        pieces = [self._pieces.cut(word) for word in words]
        opens = [True] + [False] * (len(words) - 1)
        return _Window(words, opens, begins, [0] * len(words), pieces, sum(len(p.ids) for p in pieces))

    def _read(self, windows: Sequence[_Window]) -> list[_Read]:
        """Reads windows of like size together and gives the answers in the given order."""
        order = sorted(range(len(windows)), key=lambda at: windows[at].size)
        answers: dict[int, _Read] = {}
        begin = 0
        while begin < len(order):
            end = begin + 1
            while end < len(order) and (end + 1 - begin) * (windows[order[end]].size + 2) <= _BATCH:
                end += 1
            batch = order[begin:end]
            answers.update(zip(batch, self._read_batch([windows[at] for at in batch]), strict=True))
            begin = end
        return [answers[at] for at in range(len(windows))]

    def _read_batch(self, batch: Sequence[_Window]) -> list[_Read]:
        feeds, lengths = self._feeds(batch)
        states, arcs, flat = self._network.run(feeds)
        pos, tags, starts, ner = np.split(flat, self._cuts, axis=-1)
        spans = best_tags(ner, lengths)
        heads, sentences = self._heads(batch, arcs, starts[..., 0] > 0)
        deps = self._deps(states, heads, lengths)
        pos, tags = pos.argmax(-1), tags.argmax(-1)
        reads = []
        for row, window in enumerate(batch):
            n = len(window.words)
            reads.append(
                _Read(
                    pos=pos[row, :n].tolist(),
                    tags=tags[row, :n].tolist(),
                    deps=deps[row],
                    heads=heads[row].tolist(),
                    starts=sentences[row],
                    entities=spans_of(spans[row, :n].tolist()),
                )
            )
        return reads

    def _feeds(self, batch: Sequence[_Window]) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
        """The network's inputs, padded with 0; pieces stand between a first and a last mark."""
        long = max(window.size for window in batch) + 2
        wide = max(len(window.words) for window in batch)
        pieces, shapes = (np.zeros((len(batch), long), dtype=np.int64) for _ in range(2))
        firsts, lasts = (np.zeros((len(batch), wide), dtype=np.int64) for _ in range(2))
        for row, window in enumerate(batch):
            size, n = window.size, len(window.words)
            counts = np.array([len(p.ids) for p in window.pieces], dtype=np.int64)
            ends = np.cumsum(counts)
            shape = [p.shape + LINE_START * o for p, o in zip(window.pieces, window.opens, strict=True)]
            pieces[row, 0], pieces[row, size + 1] = self._pieces.first, self._pieces.last
            pieces[row, 1 : size + 1] = [number for p in window.pieces for number in p.ids]
            shapes[row, 1 : size + 1] = np.repeat(shape, counts)
            firsts[row, :n], lasts[row, :n] = ends - counts + 1, ends
        lengths = np.array([len(window.words) for window in batch], dtype=np.int64)
        return {"pieces": pieces, "shapes": shapes, "firsts": firsts, "lasts": lasts}, lengths

    def _heads(
        self, batch: Sequence[_Window], arcs: NDArray[np.float32], begins: NDArray[np.bool_]
    ) -> tuple[list[NDArray[np.int64]], list[list[bool]]]:
        heads, sentences = [], []
        for row, window in enumerate(batch):
            n = len(window.words)
            starts = window.begins or mend_starts(window.words, window.quotes, begins[row, :n].tolist())
            starts = [a or b for a, b in zip(starts, window.opens, strict=True)]
            starts[0] = True
            heads.append(best_heads(arcs[row, :n, : n + 1], np.cumsum(starts)))
            sentences.append(starts)
        return heads, sentences

    def _deps(
        self, states: NDArray[np.float32], heads: Sequence[NDArray[np.int64]], lengths: NDArray[np.int64]
    ) -> list[list[int]]:
        """The relation of each word to its head; `states` have the root in front."""
        rows = np.repeat(np.arange(len(heads)), lengths)
        words = np.concatenate([np.arange(n) for n in lengths])
        over = np.concatenate(heads)
        feeds = {"dep": states[rows, words + 1], "head": states[rows, np.where(over == words, 0, over + 1)]}
        scores = self._relations.run(feeds)[0]
        root = self._names.deps.index("root")
        scores[over != words, root] = -np.inf
        numbers = np.where(over == words, root, scores.argmax(-1))
        return [part.tolist() for part in np.split(numbers, np.cumsum(lengths)[:-1])]

    def _assemble(self, text: str, words: list[str], starts: list[int], reads: Sequence[_Read]) -> Annotation:
        """Puts the windows of a text together again."""
        offsets = np.cumsum([0, *(len(read.pos) for read in reads)]).tolist()
        joined = list(zip(offsets, reads, strict=False))
        tags = [self._names.tags[number] for read in reads for number in read.tags]
        firsts = [at + word for at, read in joined for word, begins in enumerate(read.starts) if begins]
        lemma = self._lemmatizer.lemma
        entities = [Entity(at + e[0], at + e[1], e[2]) for at, read in joined for e in read.entities]
        return Annotation(
            text=text,
            words=tuple(words),
            starts=tuple(starts),
            lemmas=tuple(map(lemma, words, tags)),
            pos=tuple(self._names.pos[number] for read in reads for number in read.pos),
            tags=tuple(tags),
            deps=tuple(self._names.deps[number] for read in reads for number in read.deps),
            heads=tuple(at + head for at, read in joined for head in read.heads),
            sentences=tuple(zip(firsts, [*firsts[1:], len(words)], strict=False)),
            entities=tuple(agree(words, entities)),
        )


def _bounds(
    words: Sequence[str], opens: Sequence[bool], quotes: Sequence[int], sizes: Sequence[int]
) -> list[int]:
    """Where windows begin and end: at lines, in a long line after a full stop, else anywhere."""
    bounds, size, line, stop = [0], 0, 0, 0
    for at, opening in enumerate(opens):
        if opening:
            line = at
        elif quotes[at] >= 0 and after_stop(words, quotes, at):
            stop = at
        size += sizes[at]
        cut = 0
        if size > WINDOW and line > bounds[-1]:
            cut = line
        elif size > WINDOW * 1.5:
            cut = stop if stop > bounds[-1] else at
        if cut > bounds[-1]:
            bounds.append(cut)
            size = sum(sizes[cut : at + 1])
    return [*bounds, len(words)] if words else []


def open_annotator(weights: Weights, *, threads: int = 1) -> NetworkAnnotator:
    """The annotator whose weights lie in a checked folder."""
    labels = weights.about["labels"]
    vocabulary = weights.path("vocabulary.txt").read_text(encoding="utf-8").splitlines()
    return NetworkAnnotator(
        network=OnnxModel(weights.path("network.onnx"), threads=threads),
        relations=OnnxModel(weights.path("relations.onnx"), threads=threads),
        pieces=WordPieces(vocabulary),
        names=LabelNames(**{key: tuple(labels[key]) for key in ("pos", "tags", "deps")}),
        lemmatizer=Lemmatizer(json.loads(weights.path("lemmas.json").read_text(encoding="utf-8"))),
        recipe=weights.recipe,
    )


@cache
def shipped_annotator() -> NetworkAnnotator:
    """The annotator of the package, loaded once per process."""
    return open_annotator(open_weights("annotator"))
