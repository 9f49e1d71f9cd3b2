"""Lemmas: a table of known forms, then endings learned from the treebanks."""

from collections.abc import Mapping
from typing import Any

_LONGEST = 6
_CACHED = 200_000


class Lemmatizer:
    """Gives a word's lemma from its form and its Penn tag.

    `table` maps "TAG form" (form in small letters) to a lemma; `endings` maps "TAG ending" to the
    edits seen with it, most frequent first, each as letters to cut and letters to add; `known` are
    lemmas, which decide between edits. Proper nouns keep their case.
    """

    def __init__(self, resource: Mapping[str, Any]) -> None:
        self._table: Mapping[str, str] = resource["table"]
        self._endings: Mapping[str, list[list[Any]]] = resource["endings"]
        self._known = frozenset(resource["known"])
        self._seen: dict[tuple[str, str], str] = {}

    def lemma(self, word: str, tag: str) -> str:
        """The lemma; the word in small letters where nothing is known."""
        found = self._seen.get((word, tag))
        if found is None:
            found = self._find(word, tag)
            if len(self._seen) >= _CACHED:
                self._seen.clear()
            self._seen[word, tag] = found
        return found

    def _find(self, word: str, tag: str) -> str:
        if tag.startswith("NNP"):
            return word if tag == "NNP" else self._table.get(f"{tag} {word.lower()}", word)
        form = word.lower().replace("’", "'")
        return self._table.get(f"{tag} {form}") or self._by_ending(form, tag)

    def _by_ending(self, form: str, tag: str) -> str:
        first = ""
        for size in range(min(_LONGEST, len(form) - 1), 0, -1):
            for cut, add in self._endings.get(f"{tag} {form[-size:]}", ()):
                made = f"{form[: len(form) - cut]}{add}"
                if made in self._known:
                    return made
                first = first or made
        return first or form


def edit_between(form: str, lemma: str) -> tuple[int, str]:
    """How many letters to cut from the form's end, and what to add, to get the lemma."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return len(form) - same, lemma[same:]
