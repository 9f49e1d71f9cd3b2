"""Reads CoNLL-U for the evaluation."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One gold sentence; heads count its words from 1, 0 is the root."""

    words: list[str]
    lemmas: list[str]
    pos: list[str]
    tags: list[str]
    heads: list[int]
    deps: list[str]
    text: str
    opens_paragraph: bool


def read_documents(path: Path, only: str = "") -> list[list[Row]]:
    """The documents whose id contains `only`; sentences before the first id are a document too."""
    documents: list[tuple[str, list[Row]]] = []
    for name, sentence in _blocks(path):
        if name is not None or not documents:
            documents.append((name or "", []))
        documents[-1][1].append(sentence)
    return [rows for name, rows in documents if only in name]


def _blocks(path: Path) -> Iterator[tuple[str | None, Row]]:
    """Each sentence, with the id of the document that begins with it."""
    comments, cells = list[str](), list[list[str]]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#"):
            comments.append(line[1:].strip())
        elif line:
            cells.append(line.split("\t"))
        elif cells:
            yield _row(comments, [row for row in cells if row[0].isdigit()])
            comments, cells = [], []


def _row(comments: list[str], cells: list[list[str]]) -> tuple[str | None, Row]:
    about = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in comments)}
    new = [key for key in about if key.startswith("newdoc")]
    words = [row[1] for row in cells]
    sentence = Row(
        words=words,
        lemmas=[row[2] for row in cells],
        pos=[row[3] for row in cells],
        tags=[row[4] for row in cells],
        heads=[int(row[6]) for row in cells],
        deps=[row[7] for row in cells],
        text=about.get("text") or " ".join(words),
        opens_paragraph=bool(new) or any(key.startswith("newpar") for key in about),
    )
    return (about[new[0]] if new else None), sentence
