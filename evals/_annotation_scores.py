"""Counting for `parse` and `ner`: attachment scores and span F1."""

from collections.abc import Iterable, Iterator, Sequence

from detente.engines import Annotation

Span = tuple[int, int, str]
Tree = tuple[Sequence[int], Sequence[str]]

FOLD = {
    "person": "PERSON", "per": "PERSON", "pers": "PERSON",
    "organization": "ORG", "organisation": "ORG", "org": "ORG",
    "location": "PLACE", "loc": "PLACE", "gpe": "PLACE", "facility": "PLACE",
    "fac": "PLACE", "place": "PLACE",
    "norp": "GROUP", "group": "GROUP",
}  # fmt: skip


def fold_label(label: str) -> str:
    """Person, organisation, place (with facilities), group (nationalities); all else is OTHER."""
    return FOLD.get(label.lower(), "OTHER")


def spans_of_bio(tags: Sequence[str]) -> list[Span]:
    """Spans (half-open) of a row in BIO, IOB or BIOES, read as conlleval does."""
    spans: list[Span] = []
    start, kind = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        mark, _, label = tag.partition("-")
        goes_on = mark in {"I", "E", "M", "L"} and label == kind
        if kind and not goes_on:
            spans.append((start, at, kind))
            kind = ""
        if mark not in {"O", ""} and not goes_on:
            start, kind = at, label
    return spans


def span_scores(gold: Sequence[set[Span]], found: Sequence[set[Span]]) -> dict[str, float]:
    """Micro precision, recall and F1 of exact spans, row by row."""
    right = sum(len(g & f) for g, f in zip(gold, found, strict=True))
    return _scores(right, sum(map(len, gold)), sum(map(len, found)))


def span_scores_by_label(
    gold: Sequence[set[Span]], found: Sequence[set[Span]]
) -> dict[str, dict[str, float]]:
    """The same for each label."""
    labels = sorted({label for row in (*gold, *found) for *_, label in row})
    return {label: span_scores(_only(gold, label), _only(found, label)) for label in labels}


def _only(rows: Iterable[set[Span]], label: str) -> list[set[Span]]:
    return [{span for span in row if span[2] == label} for row in rows]


def _scores(right: int, gold: int, found: int) -> dict[str, float]:
    precision, recall = right / found if found else 0.0, right / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "gold": gold}


def attachment(
    gold: Sequence[Tree], found: Sequence[Tree], skip: frozenset[str] = frozenset()
) -> dict[str, float]:
    """UAS and LAS over all words but those whose gold relation is in `skip`; LAS with subtypes.

    Heads are word numbers of the sentence from 1, 0 for the root. `las_plain` leaves the English
    subtypes (after the colon) out of the comparison.
    """
    total = right = labelled = plain = 0
    for (heads, deps), (own_heads, own_deps) in zip(gold, found, strict=True):
        for head, dep, own_head, own_dep in zip(heads, deps, own_heads, own_deps, strict=True):
            if dep in skip:
                continue
            total += 1
            same = head == own_head
            right += same
            labelled += same and dep == own_dep
            plain += same and dep.partition(":")[0] == own_dep.partition(":")[0]
    total = max(total, 1)
    return {
        "uas": round(right / total, 4),
        "las": round(labelled / total, 4),
        "las_plain": round(plain / total, 4),
    }


def trees_of(annotation: Annotation) -> Iterator[Tree]:
    """The tree of each sentence, heads counted as in CoNLL-U."""
    for start, end in annotation.sentences:
        heads = [0 if h == w else h - start + 1 for w, h in enumerate(annotation.heads[start:end], start)]
        yield heads, annotation.deps[start:end]
