"""Other names in the same sentences: articles of one part of the world teach of the rest.

In the entity sets and in treebank sentences with entity marks, some mentions of places, groups and
organisations are replaced by names that ship with the package (the gazetteer and the world pack),
the same name by the same one throughout a document. Trees stay whole: there a single word is
replaced by a single word.
"""

import gzip
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.annotator.corpora import Document, Sentence

from detente.engines.tokens import tokenize

DATA = Path(__file__).resolve().parents[2] / "src/detente/data"
SHARES = {"PLACE": 0.35, "GROUP": 0.15, "ORG": 0.08}
_TOWNS = 4000
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class Names:
    """Names by what they stand in for: countries, capitals and towns; adjectives, peoples; bodies."""

    countries: list[str]
    capitals: list[str]
    towns: list[str]
    adjectives: list[str]
    peoples: list[str]
    bodies: list[str]

    def draw(self, label: str, old: str, rng: random.Random) -> str:
        """A name of the kind; big towns oftener than small ones."""
        if label == "ORG":
            return rng.choice(self.bodies)
        if label == "GROUP":
            return rng.choice(self.peoples if old.endswith("s") else self.adjectives)
        if rng.random() < 0.4:
            return rng.choice(self.countries)
        if rng.random() < 0.3:
            return rng.choice(self.capitals)
        return self.towns[int(len(self.towns) * rng.random() ** 2)]


def read_names() -> Names:
    """The names of the shipped world pack and gazetteer."""
    world = DATA / "packs/world"
    rows = [row for row in _rows(world / "countries.yml") if len(row) >= 7 and row[0] != "code"]
    adjectives = [name for row in rows for name in _several(row[4])]
    peoples = [name for row in rows for name in _several(row[5])]
    return Names(
        countries=[row[2] for row in rows],
        capitals=[name for row in rows for name in _several(row[6])],
        towns=_towns(DATA / "gazetteer.tsv.gz"),
        adjectives=adjectives,
        peoples=peoples + [f"{name}s" for name in adjectives if name[-1] in "ni"],
        bodies=list(_bodies(world)),
    )


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  ") and "|" in line and "=" not in line.split("|")[0]:
            yield [cell.strip() for cell in line.split("|")]


def _several(cell: str) -> list[str]:
    return [name.strip().removeprefix("the ") for name in cell.split(";") if name.strip()]


def _bodies(world: Path) -> Iterator[str]:
    for file, aliases in (("organisations.yml", 3), ("armed_groups.yml", 2)):
        for row in _rows(world / file):
            names = [row[0], *(_several(row[aliases]) if len(row) > aliases else [])]
            yield from (name for name in names if name and name[0].isupper() and len(name.split()) <= 4)


def _towns(path: Path) -> list[str]:
    towns = list[str]()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            cells = line.split("\t")
            if len(cells) > 1 and cells[1] == "city" and "(" not in cells[0]:
                towns.append(cells[0])
            if len(towns) == _TOWNS or not line.strip():
                break
    return towns


def swap_names(document: Document, names: Names, rng: random.Random) -> Document:
    """The document with some of its names replaced."""
    chosen: dict[tuple[str, ...], tuple[str, ...] | None] = {}
    return [_swap(sentence, names, rng, chosen) if sentence.entities else sentence for sentence in document]


def _swap(
    sentence: Sentence,
    names: Names,
    rng: random.Random,
    chosen: dict[tuple[str, ...], tuple[str, ...] | None],
) -> Sentence:
    words, tags = list[str](), list[str]()
    for old, label in _mentions(sentence):
        new = _chosen(old, label, names, rng, chosen) if label in SHARES else None
        if new is None or (sentence.heads is not None and not len(old) == len(new) == 1):
            new = old
        words.extend(new)
        tags.extend([f"B-{label}", *[f"I-{label}"] * (len(new) - 1)] if label else ["O"])
    return replace(sentence, words=words, entities=tags)


def _mentions(sentence: Sentence) -> Iterator[tuple[tuple[str, ...], str]]:
    """The sentence in parts: a mention and its label, or a word outside and nothing."""
    tags = sentence.entities or []
    at = 0
    while at < len(tags):
        end = at + 1
        label = tags[at].partition("-")[2]
        while label and end < len(tags) and tags[end] == f"I-{label}":
            end += 1
        yield tuple(sentence.words[at:end]), label
        at = end


def _chosen(
    old: tuple[str, ...],
    label: str,
    names: Names,
    rng: random.Random,
    chosen: dict[tuple[str, ...], tuple[str, ...] | None],
) -> tuple[str, ...] | None:
    if old not in chosen:
        fit = len(old) <= _LONGEST and all(word[0].isupper() for word in old)
        swapped = fit and rng.random() < SHARES[label]
        chosen[old] = _words(names.draw(label, old[-1], rng)) if swapped else None
    return chosen[old]


def _words(name: str) -> tuple[str, ...]:
    return tuple(name[token.start : token.end] for token in tokenize(name))


def swap_all(documents: Sequence[Document], names: Names, rng: random.Random) -> list[Document]:
    """All documents anew; one without names is the same."""
    return [swap_names(document, names, rng) for document in documents]
