"""`ner --conll DIR|FILE`: entity spans on gold words, labels folded to five.

A line is a word, a tab or a space, its tag (the last column that looks like one) in BIO, IOB2 or
BIOES; an empty line ends a sentence; a file is a document. Person, organisation, place (Location,
Facility, GPE), group (NORP); every other label is OTHER. Keys: `f1`, `precision`, `recall` (exact
spans, micro), `f1_named` (without OTHER), `by_label`, `documents`, `entities`.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.engines import Annotator, load_annotator
from evals._annotation_scores import Span, fold_label, span_scores, span_scores_by_label, spans_of_bio

_TAG = re.compile(r"O|[BIESULM]-[\w-]+")
_SUFFIXES = frozenset({".tsv", ".conll", ".iob2", ".bio", ".bioes", ".txt"})
Sentence = tuple[list[str], list[str]]


def main(argv: list[str]) -> dict[str, object]:
    """Figures over a file or all files of a folder."""
    parser = argparse.ArgumentParser(prog="python -m evals ner", description=__doc__)
    parser.add_argument("--conll", type=Path, required=True)
    parser.add_argument("--only", default="", help="a regular expression that file names must match")
    options = parser.parse_args(argv)
    paths = _files(options.conll, re.compile(options.only))
    return measure([list(read_sentences(path)) for path in paths])


def measure(documents: Sequence[Sequence[Sentence]], annotator: Annotator | None = None) -> dict[str, object]:
    """Span scores over documents of gold sentences; the shipped annotator unless one is given."""
    annotator = annotator or load_annotator()
    gold, found = [], []
    for document in documents:
        annotation = annotator.annotate_words([words for words, _ in document])
        gold.append(_gold_spans(document))
        found.append({(e.start, e.end, fold_label(e.label)) for e in annotation.entities})
    named = [[{span for span in row if span[2] != "OTHER"} for row in rows] for rows in (gold, found)]
    return {
        **span_scores(gold, found),
        "f1_named": span_scores(*named)["f1"],
        "by_label": span_scores_by_label(gold, found),
        "documents": len(documents),
        "entities": sum(map(len, gold)),
    }


def _gold_spans(document: Sequence[Sentence]) -> set[Span]:
    spans, offset = set(), 0
    for words, tags in document:
        spans |= {(offset + begin, offset + end, fold_label(kind)) for begin, end, kind in spans_of_bio(tags)}
        offset += len(words)
    return spans


def _files(path: Path, only: re.Pattern[str]) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and only.search(p.name))
    if not found:
        raise SystemExit(f"{path}: no files of tagged words there")
    return found


def read_sentences(path: Path) -> Iterator[Sentence]:
    """The sentences of one file; lines without a tag (comments) are left out."""
    words, tags = list[str](), list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if not line.strip():
            if words:
                yield words, tags
            words, tags = [], []
        elif not line.startswith("# "):
            _add_line(line, words, tags)


def _add_line(line: str, words: list[str], tags: list[str]) -> None:
    cells = line.split("\t") if "\t" in line else line.split(" ")
    marks = [cell for cell in cells[1:] if _TAG.fullmatch(cell.strip())]
    numbered = len(cells) > 3 and cells[0].isdigit()
    if marks:
        words.append(cells[1 if numbered else 0].strip() or "_")
        tags.append(marks[0].strip())
