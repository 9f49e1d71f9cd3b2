"""Words as the network sees them: numbers of word pieces, and a number for the word's shape."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_PLAIN = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_LONGEST_WORD = 60
_MOST_PIECES = 12
_CACHED = 200_000

UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"
LINE_START = 12
"""Added to the shape of the first word of a line."""


class Pieces(NamedTuple):
    """One word: piece numbers (at least one) and its shape (1 to 11)."""

    ids: tuple[int, ...]
    shape: int


class WordPieces:
    """Cuts words into the pieces of an uncased vocabulary; remembers the words it has seen."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._number = {piece: at for at, piece in enumerate(vocabulary)}
        self._seen: dict[str, Pieces] = {}
        self.unknown, self.first, self.last = (self._number[piece] for piece in (UNKNOWN, FIRST, LAST))

    def __len__(self) -> int:
        return len(self._number)

    def vocabulary(self) -> list[str]:
        """All pieces in the order of their numbers."""
        return list(self._number)

    def cut(self, word: str) -> Pieces:
        """The pieces of one word, which has no spaces; a monster is one unknown piece."""
        found = self._seen.get(word)
        if found is None:
            found = Pieces(self._cut_anew(word), shape_of(word))
            if len(self._seen) >= _CACHED:
                self._seen.clear()
            self._seen[word] = found
        return found

    def _cut_anew(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self.unknown,)
        pieces = [piece for run in _runs(plain(word)) for piece in self._cut_run(run)]
        return tuple(pieces[:_MOST_PIECES]) or (self.unknown,)

    def _cut_run(self, run: str) -> list[int]:
        pieces, at = [], 0
        while at < len(run):
            mark = "##" if at else ""
            for end in range(len(run), at, -1):
                number = self._number.get(mark + run[at:end])
                if number is not None:
                    pieces.append(number)
                    at = end
                    break
            else:
                return [self.unknown]
        return pieces


def plain(word: str) -> str:
    """Lower case, no accents, straight quotes: the form that the vocabulary knows."""
    decomposed = unicodedata.normalize("NFD", word.translate(_PLAIN).lower())
    return "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cc", "Cf"})


def _runs(word: str) -> list[str]:
    """Letters and digits together, every other sign alone."""
    runs: list[str] = []
    joined = False
    for sign in word:
        alone = not sign.isalnum() or "\u4e00" <= sign <= "\u9fff"
        if alone or not joined:
            runs.append(sign)
        else:
            runs[-1] += sign
        joined = not alone
    return runs


def shape_of(word: str) -> int:
    """How a word is written: case, digits, signs. The vocabulary is uncased and needs this."""
    letters = [sign for sign in word if sign.isalpha()]
    if not letters:
        if any(sign.isdigit() for sign in word):
            return 6
        return 7 if word[:1] in ".,;:!?\"'“”‘’()[]-–—" else 8
    if any(sign.isdigit() for sign in word):
        return 9
    return _shape_of_letters(letters)


def _shape_of_letters(letters: Sequence[str]) -> int:
    upper = [sign.isupper() for sign in letters]
    if not any(upper):
        return 1 if any(sign.islower() for sign in letters) else 10
    if all(upper):
        return 4 if len(upper) == 1 else 3
    if upper[0] and not any(upper[1:]):
        return 2
    return 5 if upper[0] else 11
