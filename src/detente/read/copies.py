"""Copies among documents: the same article elsewhere, or the same one lightly edited."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from detente.records import Document, DocumentId
from detente.text import fold, sentence_spans, shingles, words

PERMUTATIONS = 96
BANDS = (32, 3)  # bands of 3 rows: pairs of Jaccard 0.4 meet with a chance of 0.88, of 0.05 with one of 0.004
COPY_SHARE = 0.6  # of the shorter text's shingles that the other must hold; or
EDITED_SHARE = 0.5  # of its sentences, nearly word for word
_SENTENCE_SHARE = 0.75  # of a sentence's words in order


@dataclass(frozen=True, slots=True)
class _Sketch:
    document: Document
    shingles: frozenset[int]
    size: int


def find_copies(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Give the documents that are copies, changed: `copy_of`, `copy_score` 0-1 and, if told,
    `syndicated_from`.

    Candidates share bands of a MinHash over five-word shingles; a pair is a copy if the longer holds
    COPY_SHARE of the shorter's shingles, or EDITED_SHARE of its sentences nearly word for word. Of each
    group the named original stays (the one whose outlet another credits), else the earliest, else the
    fullest. Neither the order of the documents nor a repeat of one changes the result. The cost is about
    linear in the number of documents.
    """
    unique = sorted(
        {document.id: document for document in documents}.values(), key=lambda document: document.id
    )
    sketches = [sketch for document in unique if (sketch := _sketch(document)).size >= 20]
    pairs = _matching_pairs(sketches)
    changed: list[Document] = []
    for group in _groups(pairs):
        members = [sketches[index] for index in group]
        original = min(members, key=lambda sketch: _rank(sketch.document, members))
        changed.extend(_as_copy(sketch, original) for sketch in members if sketch is not original)
    return tuple(sorted(changed, key=lambda document: document.id))


def _sketch(document: Document) -> _Sketch:
    tokens = words(fold(document.text))
    return _Sketch(document, frozenset(shingles(tokens)), len(tokens))


def _matching_pairs(sketches: Sequence[_Sketch]) -> dict[tuple[int, int], float]:
    from datasketch import MinHashLSH  # it brings SciPy: only the run that looks for copies pays for it

    index = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
    prints = [_print(sketch) for sketch in sketches]
    pairs: dict[tuple[int, int], float] = {}
    for number, mark in enumerate(prints):
        for other in sorted(index.query(mark)):
            score = _copy_score(sketches[other], sketches[number])
            if score:
                pairs[other, number] = score
        index.insert(number, mark)
    return pairs


def _print(sketch: _Sketch) -> Any:
    from datasketch import MinHash

    mark = MinHash(num_perm=PERMUTATIONS, seed=1)
    mark.update_batch([value.to_bytes(8, "big") for value in sorted(sketch.shingles)])
    return mark


def _copy_score(one: _Sketch, other: _Sketch) -> float:
    """Give how much of the shorter text the other holds, 0 if they are no copies."""
    smaller, larger = sorted((one, other), key=lambda sketch: (sketch.size, sketch.document.id))
    shared = len(smaller.shingles & larger.shingles) / len(smaller.shingles)
    if shared >= COPY_SHARE:
        return round(shared, 4)
    if shared < COPY_SHARE / 4:
        return 0.0
    edited = _sentences_held(smaller.document.text, larger.document.text)
    return round(edited, 4) if edited >= EDITED_SHARE else 0.0


def _sentences_held(text: str, other: str) -> float:
    """Give the share of a text's words that stand in sentences which the other text has nearly word for
    word.
    """
    theirs = [set(shingles(tokens, 2)) for tokens in _sentences(other)]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number, marks in enumerate(theirs):
        for mark in marks:
            holders[mark].append(number)
    held = total = 0
    for tokens in _sentences(text):
        marks = shingles(tokens, 2)
        hits: defaultdict[int, int] = defaultdict(int)
        for mark in marks:
            for number in holders.get(mark, ())[:50]:
                hits[number] += 1
        total += len(tokens)
        if hits and max(hits.values()) >= _SENTENCE_SHARE * len(marks):
            held += len(tokens)
    return held / total if total else 0.0


def _sentences(text: str) -> list[list[str]]:
    plain = (words(fold(text[span.start : span.end])) for span in sentence_spans(text))
    return [tokens for tokens in plain if len(tokens) >= 4]


def _groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for node in parent:
        groups[root(node)].append(node)
    return [sorted(members) for _, members in sorted(groups.items())]


def _rank(document: Document, members: Sequence[_Sketch]) -> tuple[bool, bool, datetime, datetime, int, str]:
    credited = {
        fold(sketch.document.syndicated_from) for sketch in members if sketch.document.syndicated_from
    }
    named = bool(document.outlet) and fold(document.outlet or "") in credited
    published = document.published.earliest if document.published else datetime.max.replace(tzinfo=UTC)
    return (
        not named,
        bool(document.syndicated_from),
        published,
        document.known_at,
        -len(document.text),
        document.id,
    )


def _as_copy(sketch: _Sketch, original: _Sketch) -> Document:
    document, source = sketch.document, original.document
    score = _copy_score(sketch, original) or 1.0 * len(sketch.shingles & original.shingles) / len(
        sketch.shingles
    )
    return replace(
        document,
        copy_of=DocumentId(source.id),
        copy_score=round(score, 4),
        syndicated_from=document.syndicated_from or source.syndicated_from or source.outlet,
    )
