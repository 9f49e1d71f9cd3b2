"""From scores to structure: a tree over each sentence, and spans that do not overlap."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.engines.annotation import ENTITY_LABELS, Entity

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_NEVER = np.float32(-1e9)


@cache
def entity_tags() -> tuple[str, ...]:
    """The tags of words: O, then Begin, Inside, End and Single of each entity label."""
    return ("O", *(f"{mark}-{label}" for label in ENTITY_LABELS for mark in "BIES"))


@cache
def legal_steps() -> tuple[Floats, NDArray[Any], NDArray[Any]]:
    """Which tag may follow which (0 or never), and which may begin and end a row."""
    tags = entity_tags()
    table = np.full((len(tags), len(tags)), _NEVER, dtype=np.float32)
    for i, one in enumerate(tags):
        for j, two in enumerate(tags):
            if _may_follow(one, two):
                table[i, j] = 0.0
    begins = np.array([0.0 if tag[0] in "OBS" else _NEVER for tag in tags], dtype=np.float32)
    ends = np.array([0.0 if tag[0] in "OES" else _NEVER for tag in tags], dtype=np.float32)
    return table, begins, ends


def _may_follow(one: str, two: str) -> bool:
    if one[0] in "BI":
        return two[0] in "IE" and one[2:] == two[2:]
    return two[0] in "OBS"


def best_tags(scores: Floats, lengths: Ints) -> Ints:
    """The likeliest legal tag row of each window (Viterbi).

    `scores` (B, W, tags); words past `lengths` are padding and count as O.
    """
    table, begins, ends = legal_steps()
    batch, width, count = scores.shape
    scores = scores.copy()
    padding = np.arange(width)[None, :] >= lengths[:, None]
    scores[padding] = _NEVER
    scores[padding, 0] = 0.0
    back = np.zeros((width, batch, count), dtype=np.int64)
    best = scores[:, 0] + begins
    for word in range(1, width):
        paths = best[:, :, None] + table
        back[word] = paths.argmax(axis=1)
        best = paths.max(axis=1) + scores[:, word]
    rows = np.zeros((batch, width), dtype=np.int64)
    rows[:, -1] = (best + ends).argmax(axis=1)
    for word in range(width - 1, 0, -1):
        rows[:, word - 1] = back[word][np.arange(batch), rows[:, word]]
    return rows


def spans_of(tags: Sequence[int], offset: int = 0) -> list[Entity]:
    """The entities of a legal row of tag numbers, `offset` added to their words."""
    names = entity_tags()
    spans, start = [], 0
    for word, number in enumerate(tags):
        if not number:
            continue
        mark = names[number][0]
        if mark in "BS":
            start = word
        if mark in "ES":
            spans.append(Entity(offset + start, offset + word + 1, names[number][2:]))
    return spans


def best_heads(scores: Floats, sentences: Ints) -> Ints:
    """Each word's head in the best tree of its sentence, as word numbers; a root heads itself.

    `scores` (W, 1 + W), the root in column 0; `sentences` (W,) gives each word's sentence. One
    word of a sentence hangs on the root. The greedy choice is a tree nearly always; the few
    sentences where it has a circle are solved by Chu-Liu and Edmonds.
    """
    width = len(sentences)
    inner = np.where(sentences[:, None] == sentences[None, :], scores[:, 1:], _NEVER)
    np.fill_diagonal(inner, _NEVER)
    heads: Ints = inner.argmax(axis=1)
    gain = scores[:, 0] - inner.max(axis=1)
    firsts = np.flatnonzero(np.r_[True, sentences[1:] != sentences[:-1]])
    bounds = [*firsts.tolist(), width]
    for start, end in pairwise(bounds):
        root = start + int(gain[start:end].argmax())
        heads[root] = root
    for sentence in np.unique(sentences[~_reach_root(heads)]):
        inside = np.flatnonzero(sentences == sentence)
        root = int(np.flatnonzero(heads[inside] == inside)[0])
        heads[inside] = inside[_arborescence(inner[np.ix_(inside, inside)], root)]
    return heads


def _reach_root(heads: Ints) -> NDArray[np.bool_]:
    """Which words come to a word that heads itself by going up."""
    up = heads
    for _ in range(int(np.ceil(np.log2(len(heads) + 1)))):
        up = up[up]
    found: NDArray[np.bool_] = heads[up] == up
    return found


def _arborescence(scores: Floats, root: int) -> Ints:
    """The best tree under `root` by Chu-Liu and Edmonds; `scores[d, h]`, never on the diagonal."""
    heads: Ints = scores.argmax(axis=1)
    heads[root] = root
    cycle = _find_cycle(heads, root)
    if cycle is None:
        return heads
    return _expand_cycle(scores, root, heads, cycle)


def _find_cycle(heads: Ints, root: int) -> list[int] | None:
    for start in range(len(heads)):
        path, at = [], start
        while at != root and at not in path:
            path.append(at)
            at = int(heads[at])
        if at != root:
            return path[path.index(at) :]
    return None


def _expand_cycle(scores: Floats, root: int, heads: Ints, cycle: list[int]) -> Ints:
    """Solves the problem in which the cycle is one word, then opens the cycle where it is entered."""
    others = [word for word in range(len(heads)) if word not in set(cycle)]
    size = len(others)
    small = np.full((size + 1, size + 1), _NEVER, dtype=np.float32)
    small[:size, :size] = scores[np.ix_(others, others)]
    small[:size, size] = scores[np.ix_(others, cycle)].max(axis=1)
    loss = scores[cycle, heads[cycle]]
    entering = scores[np.ix_(cycle, others)] - loss[:, None]
    small[size, :size] = entering.max(axis=0)
    tree = _arborescence(small, others.index(root))
    result = heads.copy()
    for at, word in enumerate(others):
        head = int(tree[at])
        result[word] = others[head] if head < size else cycle[int(scores[word, cycle].argmax())]
    entry = int(tree[size])
    result[cycle[int(entering[:, entry].argmax())]] = others[entry]
    return result
