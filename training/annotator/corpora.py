"""The corpora that the annotator learns from, as windows of labelled words.

Four sources: UD English EWT and GUM (tags, dependencies, sentences), Universal NER on the same
EWT sentences (person, place, organisation; silent on the rest), the Worldwide newswire (all
entity labels) and CrossNER politics (all but dates and money).
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.engines.annotation import ENTITY_LABELS
from detente.engines.decoding import entity_tags

IGNORED = -100
SILENT = "?"
"""The entity tag of a word about which a source says nothing."""

WORLDWIDE = {
    "Person": "PERSON", "Organization": "ORG", "Location": "PLACE", "Facility": "PLACE",
    "NORP": "GROUP", "Misc": "OTHER", "Product": "OTHER", "Date": "DATE", "Money": "MONEY",
}  # fmt: skip
UNIVERSAL = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}
POLITICS = {
    "politician": "PERSON", "person": "PERSON", "politicalparty": "ORG", "organisation": "ORG",
    "location": "PLACE", "country": "PLACE", "election": "OTHER", "event": "OTHER",
    "misc": "GROUP|OTHER",
}  # fmt: skip
COVERED = {
    "worldwide": frozenset(ENTITY_LABELS),
    "universal": frozenset({"PERSON", "ORG", "PLACE"}),
    "politics": frozenset({"PERSON", "ORG", "PLACE", "GROUP", "OTHER"}),
}
"""Which kinds a source marks: an O of it says nothing about the others."""


@dataclass(slots=True)
class Sentence:
    """One sentence: words, and what its source knows of them (None: nothing)."""

    words: list[str]
    heads: list[int] | None = None  # 0 for the root, else 1-based
    deps: list[str] | None = None
    pos: list[str] | None = None
    tags: list[str] | None = None
    lemmas: list[str] | None = None
    entities: list[str] | None = None  # BIO with our kinds
    source: str = ""
    opens_line: bool = False
    text: str = ""
    sent_id: str = ""


Document = list[Sentence]


def read_conllu(path: Path, keep: str = "") -> list[Document]:
    """The documents of a CoNLL-U file whose id contains `keep`."""
    documents: list[Document] = []
    name, sent_id, text, opens = "", "", "", True
    rows: list[list[str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# newdoc"):
            name, opens = line.split("=")[-1].strip(), True
            if keep in name:
                documents.append([])
        elif line.startswith("# newpar"):
            opens = True
        elif line.startswith("# sent_id"):
            sent_id = line.split("=", 1)[1].strip()
        elif line.startswith("# text ="):
            text = line.split("=", 1)[1].strip()
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            if keep in name:
                if not documents:
                    documents.append([])
                documents[-1].append(_sentence_of_rows(rows, sent_id, text, opens))
            rows, opens = [], False
    return documents


def _sentence_of_rows(rows: list[list[str]], sent_id: str, text: str, opens: bool) -> Sentence:
    kept = [row for row in rows if row[0].isdigit()]
    return Sentence(
        words=[row[1] for row in kept],
        heads=[int(row[6]) for row in kept],
        deps=[row[7] for row in kept],
        pos=[row[3] for row in kept],
        tags=[row[4] for row in kept],
        lemmas=[row[2] for row in kept],
        opens_line=opens,
        text=text,
        sent_id=sent_id,
        source="treebank",
    )


def read_universal(path: Path) -> dict[str, list[str]]:
    """Universal NER on EWT: entity tags by sentence text (ids differ between releases)."""
    found: dict[str, list[str]] = {}
    text, tags = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# text ="):
            text = line.split("=", 1)[1].strip()
        elif line and not line.startswith("#"):
            tags.append(_renamed(line.split("\t")[2], UNIVERSAL))
        elif not line and tags:
            found[text], tags = tags, []
    return found


def add_universal(documents: Iterable[Document], marks: dict[str, list[str]]) -> int:
    """Puts Universal NER's tags on treebank sentences; returns how many sentences got them."""
    count = 0
    for sentence in (s for document in documents for s in document):
        tags = marks.get(sentence.text)
        if tags is not None and len(tags) == len(sentence.words):
            sentence.entities, sentence.source = tags, "universal"
            count += 1
    return count


def read_worldwide(folder: Path) -> dict[str, Document]:
    """Worldwide newswire: article name -> sentences; the URL on top and RTF scraps are left out."""
    return {path.name.removesuffix(".txt.tsv"): _read_tagged(path, "worldwide", WORLDWIDE)
            for path in sorted(folder.glob("*.tsv"))}  # fmt: skip


def read_politics(path: Path) -> list[Document]:
    """CrossNER politics: each sentence a document of its own."""
    return [[sentence] for sentence in _read_tagged(path, "politics", POLITICS)]


def _read_tagged(path: Path, source: str, names: dict[str, str]) -> Document:
    document: Document = []
    words, tags = list[str](), list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        cells = line.split("\t")
        if len(cells) > 1 and cells[0].strip():
            words.append(cells[0].strip())
            tags.append(_renamed(cells[1].strip() or "O", names))
        elif words:
            if not (len(words) == 1 and "://" in words[0]) and "rtf" not in words:
                document.append(Sentence(words=words, entities=tags, source=source))
            words, tags = [], []
    return document


def _renamed(tag: str, names: dict[str, str]) -> str:
    mark, _, kind = tag.partition("-")
    if mark not in {"B", "I", "E", "S"} or kind not in names:
        return "O"
    return f"{'B' if mark in 'BS' else 'I'}-{names[kind]}"


def country_of(article: str) -> str:
    """The country code that begins an article's name."""
    return article.split("_")[0]


def bioes(tags: Sequence[str]) -> list[str]:
    """BIO tags in the form in which single and last words have marks of their own."""
    out = []
    for at, tag in enumerate(tags):
        mark, _, kind = tag.partition("-")
        if mark not in {"B", "I"}:
            out.append(tag)
            continue
        begins = mark == "B" or at == 0 or tags[at - 1].partition("-")[2] != kind
        ends = at + 1 == len(tags) or tags[at + 1] != f"I-{kind}"
        out.append(f"{('S' if ends else 'B') if begins else ('E' if ends else 'I')}-{kind}")
    return out


def allowed_labels(sentence: Sentence) -> list[list[int]]:
    """For each word the numbers of the entity labels that its source permits."""
    labels = entity_tags()
    number = {label: at for at, label in enumerate(labels)}
    if sentence.entities is None:
        return [list(range(len(labels)))] * len(sentence.words)
    covered = COVERED[sentence.source]
    outside = [at for at, label in enumerate(labels) if label[2:] not in covered]
    rows = []
    for tag in bioes(sentence.entities):
        if tag == "O":
            rows.append(outside)
        else:
            mark, _, kinds = tag.partition("-")
            rows.append([number[f"{mark}-{kind}"] for kind in kinds.split("|")])
    return rows


def windows(document: Document, limit: int, length: dict[int, int], rng: random.Random) -> Iterator[Document]:
    """Cuts a document into runs of whole sentences of at most about `limit` pieces.

    `length` gives the pieces of a sentence by `id`. Runs are short now and then, so that a lone
    sentence is no surprise.
    """
    run: Document = []
    size, room = 0, _room(limit, rng)
    for sentence in document:
        if run and size + length[id(sentence)] > room:
            yield run
            run, size, room = [], 0, _room(limit, rng)
        run.append(sentence)
        size += length[id(sentence)]
    if run:
        yield run


def _room(limit: int, rng: random.Random) -> int:
    return rng.randint(1, limit // 2) if rng.random() < 0.35 else limit
