"""`parse --conllu FILE`: attachment of the annotator's trees on gold words and sentences.

Keys: `uas`, `las` (all words, punctuation too, relations with their subtypes, as the CoNLL shared
tasks' scorer counts but for the subtypes), `las_plain` (universal relations without subtypes),
`uas_no_punct`, `las_no_punct`, `upos`, `xpos`, `lemmas` (accuracies), and on the raw text of the file
`word_f1`, `sentence_f1` (spans found without help).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from detente.engines import Annotation, Annotator, load_annotator
from evals._annotation_scores import attachment, trees_of
from evals._conllu import Row, read_documents

PUNCTUATION = frozenset({"punct"})


def main(argv: list[str]) -> dict[str, object]:
    """Figures over one file or several."""
    parser = argparse.ArgumentParser(prog="python -m evals parse", description=__doc__)
    parser.add_argument("--conllu", type=Path, nargs="+", required=True)
    parser.add_argument("--only", default="", help="documents whose id contains this")
    options = parser.parse_args(argv)
    documents = [d for path in options.conllu for d in read_documents(path, options.only)]
    return measure(documents)


def measure(documents: Sequence[Sequence[Row]], annotator: Annotator | None = None) -> dict[str, object]:
    """All figures for documents of gold sentences; the shipped annotator unless one is given."""
    annotator = annotator or load_annotator()
    found = [annotator.annotate_words([row.words for row in document]) for document in documents]
    rows = [row for document in documents for row in document]
    gold = [(row.heads, row.deps) for row in rows]
    trees = [tree for annotation in found for tree in trees_of(annotation)]
    everything, bare = attachment(gold, trees), attachment(gold, trees, PUNCTUATION)
    return {
        **everything,
        "uas_no_punct": bare["uas"],
        "las_no_punct": bare["las"],
        "upos": _agreement(rows, found, "pos"),
        "xpos": _agreement(rows, found, "tags"),
        "lemmas": _agreement(rows, found, "lemmas"),
        **_segmentation(documents, list(annotator.annotate(_text(document) for document in documents))),
        "words": len([word for row in rows for word in row.words]),
        "sentences": len(rows),
    }


def _agreement(rows: Sequence[Row], found: Sequence[Annotation], column: str) -> float:
    own = [value for annotation in found for value in getattr(annotation, column)]
    gold = [value for row in rows for value in getattr(row, column)]
    return round(sum(a == b for a, b in zip(gold, own, strict=True)) / max(len(gold), 1), 4)


def _text(document: Sequence[Row]) -> str:
    """The document's raw text: sentences parted by a space, paragraphs by an empty line."""
    parts = []
    for row in document:
        parts.append(("\n\n" if row.opens_paragraph else " ") + row.text)
    return "".join(parts).lstrip()


def _segmentation(documents: Sequence[Sequence[Row]], found: Sequence[Annotation]) -> dict[str, float]:
    words, sentences = [0, 0, 0], [0, 0, 0]
    for document, annotation in zip(documents, found, strict=True):
        gold_words, gold_sentences = _gold_spans(document, annotation.text)
        own_words = {annotation.span(at, at + 1) for at in range(len(annotation))}
        own_sentences = {annotation.span(*sentence) for sentence in annotation.sentences}
        _count(words, gold_words, own_words)
        _count(sentences, gold_sentences, own_sentences)
    return {"word_f1": _f1(words), "sentence_f1": _f1(sentences)}


def _gold_spans(document: Sequence[Row], text: str) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    words, sentences, at = set(), set(), 0
    for row in document:
        begin = at = text.index(row.text, at)
        sentences.add((begin, begin + len(row.text)))
        for word in row.words:
            where = text.find(word, at, begin + len(row.text))
            if where >= 0:
                words.add((where, where + len(word)))
                at = where + len(word)
        at = begin + len(row.text)
    return words, sentences


def _count(counts: list[int], gold: set[tuple[int, int]], own: set[tuple[int, int]]) -> None:
    counts[0] += len(gold & own)
    counts[1] += len(gold)
    counts[2] += len(own)


def _f1(counts: Sequence[int]) -> float:
    return round(2 * counts[0] / max(counts[1] + counts[2], 1), 4)
