"""Other names in the same sentences: articles of one part of the world teach of the rest.

In the entity sets and in treebank sentences with entity marks, some mentions of places, groups and
organisations are replaced by names that ship with the package (the gazetteer and the world pack),
the same name by the same one throughout a document. Names of persons are replaced word by word, so
that a surname told alone stays that of the full name; inside long names of organisations, works and
buildings the country, people or capital is ("Bank of Ghana" for "Bank of Korea"). Trees stay whole:
there a single word is replaced by a single word.
"""

import gzip
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from training.annotator.corpora import Document, Sentence

from detente.engines.tokens import tokenize

DATA = Path(__file__).resolve().parents[2] / "src/detente/data"
SHARES = {"PLACE": 0.35, "GROUP": 0.15, "ORG": 0.08}
"""How many names of a kind are replaced as a whole."""
PERSON_SHARE = 0.25
INNER_SHARE = 0.3
"""How many words of persons' names are, and of countries and peoples inside other names."""
_OFFICIAL = re.compile(r"((?:[^\W\d_][\w.'’-]+ ){1,3}[^\W\d_][\w.'’-]+)(?= \(|\s\d{4}-)")
_TOWNS = 4000
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class Names:
    """Names by what they stand in for: countries, capitals, towns; adjectives, peoples; bodies; persons."""

    countries: list[str]
    capitals: list[str]
    towns: list[str]
    adjectives: list[str]
    peoples: list[str]
    bodies: list[str]
    first_names: list[str]
    surnames: list[str]
    inner: dict[str, list[str]] = field(repr=False)
    """A single word that may stand inside a longer name -> the words of its kind."""

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
    countries = [row[2] for row in rows]
    capitals = [name for row in rows for name in _several(row[6])]
    persons = sorted({name for file in sorted(world.glob("officials*.yml")) for name in _persons(file)})
    return Names(
        countries=countries,
        capitals=capitals,
        towns=_towns(DATA / "gazetteer.tsv.gz"),
        adjectives=adjectives,
        peoples=peoples + [f"{name}s" for name in adjectives if name[-1] in "ni"],
        bodies=list(_bodies(world)),
        first_names=[name.split()[0] for name in persons],
        surnames=[name.split()[-1] for name in persons],
        inner=_inner(countries, capitals, adjectives),
    )


def _inner(*kinds: list[str]) -> dict[str, list[str]]:
    single = [[name for name in names if name.isalpha()] for names in kinds]
    return {name: names for names in single for name in names}


def _persons(path: Path) -> Iterator[str]:
    """The full names of an office list."""
    for found in _OFFICIAL.finditer(path.read_text(encoding="utf-8")):
        if all(word[0].isupper() for word in found[1].split()):
            yield found[1]


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


@dataclass(slots=True)
class _Swapper:
    """What one document's names are replaced by."""

    names: Names
    rng: random.Random
    whole: dict[tuple[str, ...], tuple[str, ...] | None] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)

    def swap(self, sentence: Sentence) -> Sentence:
        words, tags = list[str](), list[str]()
        for old, label in _mentions(sentence):
            new = self._new(old, label)
            if sentence.heads is not None and not len(old) == len(new) == 1:
                new = old
            words.extend(new)
            tags.extend([f"B-{label}", *[f"I-{label}"] * (len(new) - 1)] if label else ["O"])
        return replace(sentence, words=words, entities=tags)

    def _new(self, old: tuple[str, ...], label: str) -> tuple[str, ...]:
        if label == "PERSON":
            return tuple(self._person(old))
        whole = self._whole(old, label) if label in SHARES else None
        if whole is None and len(old) > 1 and label in {"ORG", "PLACE", "OTHER"}:
            return tuple(self._part(word) for word in old)
        return whole or old

    def _whole(self, old: tuple[str, ...], label: str) -> tuple[str, ...] | None:
        if old not in self.whole:
            fit = len(old) <= _LONGEST and all(word[0].isupper() for word in old)
            swapped = fit and self.rng.random() < SHARES[label]
            self.whole[old] = _words(self.names.draw(label, old[-1], self.rng)) if swapped else None
        return self.whole[old]

    def _person(self, old: tuple[str, ...]) -> Iterator[str]:
        for at, word in enumerate(old):
            last = at + 1 == len(old)
            pool = self.names.surnames if last else self.names.first_names
            plain = len(word) > 2 and word[0].isupper() and word.isalpha()
            yield self._word("person", word, pool, PERSON_SHARE) if plain else word

    def _part(self, word: str) -> str:
        pool = self.names.inner.get(word)
        return self._word("inner", word, pool, INNER_SHARE) if pool else word

    def _word(self, kind: str, word: str, pool: list[str], share: float) -> str:
        key = (kind, word)
        if key not in self.words:
            self.words[key] = self.rng.choice(pool) if self.rng.random() < share else word
        return self.words[key]


def swap_names(document: Document, names: Names, rng: random.Random) -> Document:
    """The document with some of its names replaced."""
    swapper = _Swapper(names, rng)
    return [swapper.swap(sentence) if sentence.entities else sentence for sentence in document]


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


def _words(name: str) -> tuple[str, ...]:
    return tuple(name[token.start : token.end] for token in tokenize(name))


def swap_all(documents: Sequence[Document], names: Names, rng: random.Random) -> list[Document]:
    """All documents anew; one without names is the same."""
    return [swap_names(document, names, rng) for document in documents]
