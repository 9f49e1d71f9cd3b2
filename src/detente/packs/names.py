"""Normal forms of names, and a trie that finds every known name in a text in one pass."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from detente.packs.entries import Alias

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*", re.UNICODE)
_ARTICLES = frozenset({"The", "Al", "El", "La", "Le", "Los", "Les", "Die", "Der"})
_SHORT = 4  # letters: "May", "Let", "Ai" are words when written in another case
_ODD_LETTERS = str.maketrans(
    {"ı": "i", "ə": "a", "Ə": "a", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
     "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)  # fmt: skip


@lru_cache(maxsize=65536)
def normalise_word(word: str) -> str:
    """Give a word without case, accents and dots: "U.S." and "US" meet in "us"."""
    if word.isascii():
        return word.lower().replace(".", "")
    plain = unicodedata.normalize("NFKD", word.translate(_ODD_LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char)).lower().replace(".", "")


def find_words(text: str) -> list[tuple[int, int, str]]:
    """Give the words of a text as (start, end, normal form); hyphens and apostrophes part words."""
    return [(m.start(), m.end(), normalise_word(m.group())) for m in _WORD.finditer(text)]


def normalise_name(name: str) -> str:
    """Give the normal form under which a name is indexed: normal words joined by blanks."""
    return " ".join(word for _, _, word in find_words(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMatch:
    """A run of a text that is a known name, with every alias that it may be."""

    start: int
    end: int
    aliases: tuple[Alias, ...]


class NameIndex(Mapping[str, tuple[Alias, ...]]):
    """All aliases by normal form, and the longest-match search over a text."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        table: dict[str, list[Alias]] = {}
        for alias in aliases:
            table.setdefault(normalise_name(alias.text), []).append(alias)
        table.pop("", None)
        self._table = {form: tuple(each) for form, each in table.items()}
        self._lengths = _lengths_by_first_word(self._table)

    def __getitem__(self, form: str) -> tuple[Alias, ...]:
        return self._table[form]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def look_up(self, name: str) -> tuple[Alias, ...]:
        """Give the aliases that a name as written may be, or none."""
        aliases = self._table.get(normalise_name(name), ())
        return tuple(alias for alias in aliases if _case_fits(alias, name))

    def find(self, text: str) -> list[NameMatch]:
        """Give the longest known names of a text from left to right, without overlap.

        Names match by words, whatever their case, except that a capital first letter is kept
        ("Turkey", not "turkey") and that acronyms keep all of theirs.
        """
        words = find_words(text)
        matches: list[NameMatch] = []
        at = 0
        while at < len(words):
            match = self._longest_at(text, words, at)
            if match is None:
                at += 1
                continue
            matches.append(match[0])
            at += match[1]
        return matches

    def _longest_at(
        self, text: str, words: list[tuple[int, int, str]], at: int
    ) -> tuple[NameMatch, int] | None:
        for length in self._lengths.get(words[at][2], ()):
            if at + length > len(words):
                continue
            form = " ".join(word for _, _, word in words[at : at + length])
            candidates = self._table.get(form)
            if candidates is None:
                continue
            start, end = words[at][0], words[at + length - 1][1]
            written = text[start:end]
            fitting = tuple(alias for alias in candidates if _case_fits(alias, written))
            if fitting and not _crosses_sentence(written):
                end = _with_last_dot(text, end, written)
                return NameMatch(start=start, end=end, aliases=fitting), length
        return None


def _with_last_dot(text: str, end: int, written: str) -> int:
    dotted = "." in written and end < len(text) and text[end] == "." and written[-2:-1] == "."
    return end + 1 if dotted else end


def _crosses_sentence(written: str) -> bool:
    return bool(re.search(r"[.!?;:,\n]\s", re.sub(r"\b(?:St|Gen|Col|Dr|Mr|Mrs|Lt|[A-Z])\. ", "X", written)))


def _lengths_by_first_word(table: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for form in table:
        words = form.split(" ")
        lengths.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(each, reverse=True)) for word, each in lengths.items()}


def _case_fits(alias: Alias, written: str) -> bool:
    """Capitals decide: acronyms and words of up to four letters keep theirs, others their first capital.

    An article is passed over, so that "the League" is not found in "the league".
    """
    if alias.exact_case:
        return written.replace(".", "") == alias.text.replace(".", "")
    if len(alias.text) <= _SHORT:
        return written == alias.text
    for told, found in zip(_WORD.findall(alias.text), _WORD.findall(written), strict=False):
        if told[0].isupper() and not found[0].isupper():
            return False
        if told[0].isupper() and told not in _ARTICLES:
            return True
    return True
