"""Copies among documents: the same article elsewhere, or the same one lightly edited."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Protocol

from detente.records import Document, DocumentId
from detente.text import fold, sentence_spans, shingles, words

PERMUTATIONS = 96
BANDS, ROWS = 32, 3  # pairs of Jaccard 0.4 meet with a chance of 0.88, of 0.05 with one of 0.004
SHORTEST = 20  # words; a shorter text is a copy of nothing
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
    unique = {document.id: document for document in documents}
    holders: defaultdict[int, set[DocumentId]] = defaultdict(set)
    keys = {id: copy_keys(unique[id]) for id in sorted(unique)}
    for id, bands in keys.items():
        for key in bands:
            holders[key].add(id)
    near = {id: _holders_of(holders, bands) - {id} for id, bands in keys.items()}
    groups = group_ids(copy_pairs(unique, near))
    marked = (each for group in groups for each in mark_copies([unique[id] for id in group]))
    return tuple(sorted((d for d in marked if d.copy_of is not None), key=lambda document: document.id))


def copy_keys(document: Document) -> tuple[int, ...]:
    """Give the bands of a text's MinHash as signed 64-bit numbers: texts that share one may be copies.

    None where a text is too short.
    """
    from datasketch import MinHash  # it brings SciPy: only the run that looks for copies pays for it

    sketch = _sketch(document)
    if sketch.size < SHORTEST:
        return ()
    mark = MinHash(num_perm=PERMUTATIONS, seed=1)
    mark.update_batch([value.to_bytes(8, "big") for value in sorted(sketch.shingles)])
    bands = (bytes([k]) + mark.hashvalues[k * ROWS : (k + 1) * ROWS].tobytes() for k in range(BANDS))
    return tuple(int.from_bytes(blake2b(band, digest_size=8).digest(), "big", signed=True) for band in bands)


class Compared(Protocol):
    """What is kept of documents that were compared."""

    def sharing(self, keys: Sequence[int]) -> Iterable[tuple[int, DocumentId]]:
        """Give the documents that have one of these bands: band, document."""
        ...

    def compared(self, documents: Sequence[DocumentId]) -> Mapping[DocumentId, str | None]:
        """Give those of the documents that were compared, with whom they credit in words."""
        ...

    def documents(self, ids: Sequence[DocumentId]) -> Iterable[Document]:
        """Give the documents of these ids."""
        ...

    def copies_of(self, originals: Sequence[DocumentId]) -> Iterable[Document]:
        """Give the documents that are marked as copies of these."""
        ...


def changed_copies(
    fresh: Mapping[DocumentId, Document], keys: Mapping[DocumentId, Sequence[int]], held: Compared
) -> list[Document]:
    """Give the documents whose marks as copies change when fresh ones come: their groups whole, old members included.

    `keys` are the fresh documents' bands. The outcome is that of `find_copies` over all documents.
    """
    own = [(key, id) for id, some in keys.items() for key in some]
    holders: defaultdict[int, set[DocumentId]] = defaultdict(set)
    for key, id in (*held.sharing(sorted({key for key, _ in own})), *own):
        holders[key].add(id)
    near = {id: _holders_of(holders, some) - {id} for id, some in keys.items()}
    known = {d.id: d for d in held.documents(sorted(set().union(*near.values())))} | dict(fresh)
    pairs = copy_pairs(known, near)
    originals = sorted({known[id].copy_of or id for pair in pairs for id in pair if id not in fresh})
    known |= {d.id: d for d in (*held.documents(originals), *held.copies_of(originals))}
    ties = [(d.copy_of, d.id) for d in known.values() if d.copy_of is not None and d.copy_of in originals]
    told = held.compared(sorted(known))
    plain = {id: replace(d, syndicated_from=told.get(id, d.syndicated_from)) for id, d in known.items()}
    groups = group_ids([*pairs, *ties])
    marked = (document for group in groups for document in mark_copies([plain[id] for id in group]))
    return [document for document in marked if document != known[document.id]]


def _holders_of(holders: Mapping[int, set[DocumentId]], keys: Iterable[int]) -> set[DocumentId]:
    return set().union(*(holders[key] for key in keys))


def copy_pairs(
    documents: Mapping[DocumentId, Document], near: Mapping[DocumentId, Collection[DocumentId]]
) -> list[tuple[DocumentId, DocumentId]]:
    """Give the pairs that are copies, among those said to be near each other."""
    pairs = sorted({(min(id, other), max(id, other)) for id, others in near.items() for other in others})
    sketches = {id: _sketch(documents[id]) for id in {id for pair in pairs for id in pair}}
    return [(one, other) for one, other in pairs if _copy_score(sketches[one], sketches[other])]


def mark_copies(members: Sequence[Document]) -> list[Document]:
    """Give the documents of a group as they should be: the original a copy of none, the others copies of it."""
    sketches = [_sketch(document) for document in sorted(members, key=lambda document: document.id)]
    original = min(sketches, key=lambda sketch: _rank(sketch.document, sketches))
    plain = replace(original.document, copy_of=None, copy_score=None)
    return [plain, *(_as_copy(sketch, original) for sketch in sketches if sketch is not original)]


def group_ids(pairs: Iterable[tuple[DocumentId, DocumentId]]) -> list[list[DocumentId]]:
    """Give what pairs join, each group and all groups in order."""
    parent: dict[DocumentId, DocumentId] = {}

    def root(node: DocumentId) -> DocumentId:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    groups: defaultdict[DocumentId, list[DocumentId]] = defaultdict(list)
    for node in parent:
        groups[root(node)].append(node)
    return [sorted(members) for _, members in sorted(groups.items())]


def _sketch(document: Document) -> _Sketch:
    tokens = words(fold(document.text))
    return _Sketch(document, frozenset(shingles(tokens)), len(tokens))


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
