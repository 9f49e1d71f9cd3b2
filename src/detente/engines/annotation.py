"""What the annotator says about one text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

ENTITY_LABELS = ("PERSON", "ORG", "PLACE", "GROUP", "OTHER", "DATE", "MONEY")


class Entity(NamedTuple):
    """A named thing: words `start` to `end` (half-open, word numbers) and its label.

    PERSON; ORG; PLACE (country, town, river, also a building); GROUP (nationality, religion,
    people: "Georgian", "Sunni"); OTHER (law, treaty, event, product, work); DATE; MONEY.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """The words of a text and what is known of each: columns of equal length, one row a word.

    `pos` are universal part-of-speech tags (VERB, PROPN …), `tags` the finer Penn tags (VBD, VBN
    …), `deps` universal dependencies with English subtypes (nsubj:pass, obl:agent …), `heads` word
    numbers in the whole text; the root of a sentence is its own head with dep `root`.
    `sentences` are half-open ranges of word numbers that cover all words in order; no sentence
    passes a line break.
    """

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    lemmas: tuple[str, ...]
    pos: tuple[str, ...]
    tags: tuple[str, ...]
    deps: tuple[str, ...]
    heads: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    entities: tuple[Entity, ...]

    def __len__(self) -> int:
        """The number of words."""
        return len(self.words)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Character offsets of the words `start` to `end` (half-open, at least one word)."""
        return self.starts[start], self.starts[end - 1] + len(self.words[end - 1])

    def quote(self, start: int, end: int) -> str:
        """The text under the words `start` to `end`, with the spaces it was written with."""
        left, right = self.span(start, end)
        return self.text[left:right]

    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each word its dependents, left to right. Computed anew: keep it if used twice."""
        found: list[list[int]] = [[] for _ in self.words]
        for word, head in enumerate(self.heads):
            if head != word:
                found[head].append(word)
        return tuple(map(tuple, found))

    def ancestors(self, word: int) -> Iterator[int]:
        """The head of `word`, the head of that, and so on up to the root of the sentence."""
        while self.heads[word] != word:
            word = self.heads[word]
            yield word
