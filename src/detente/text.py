"""Normal forms, sentences, shingles and hashes: what several stages need to know about raw text."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from detente.records import Span

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_DENSE = re.compile("[\u3040-\u9fff\u0e00-\u0e7f]+")
_SPACE = re.compile(r"\s+")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[”’」』）]*|\n\s*\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:(?:[A-Z]\.)+|(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Capt|Sgt|Cmdr|Adm|Brig|Sen|Rep|Gov|Hon|Rev"
    r"|St|Jr|Sr|No|Nos|vs|etc|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Mt|Ft|approx|cf"
    r"|e\.g|i\.e|U\.S|U\.K|U\.N|a\.m|p\.m)\.)$"
)


def digest_bytes(body: bytes) -> str:
    """Give the SHA-256 of some bytes as 64 hex digits."""
    return hashlib.sha256(body).hexdigest()


def collapse_space(text: str) -> str:
    """Give the text with every run of white space made one space, and none at the ends."""
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Give a form for comparing: compatibility forms and accents taken off, case folded, spaces collapsed."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return collapse_space(plain).casefold()


def words(text: str) -> list[str]:
    """Give the words in order, case folded; hyphens and apostrophes inside a word stay in it."""
    return _WORD.findall(text.casefold())


def count_words(text: str) -> int:
    """Give the number of words; a script without spaces counts one word for two characters."""
    spaced = len(_WORD.findall(text))
    if text.isascii():
        return spaced
    dense = sum(map(len, _DENSE.findall(text)))
    return spaced + dense // 2


def shingles(tokens: Sequence[str], size: int = 5) -> set[int]:
    """Give the 64-bit hashes of all runs of `size` tokens; a shorter text gives the hash of all of it."""
    if not tokens:
        return set()
    last = max(1, len(tokens) - size + 1)
    return {hash64(" ".join(tokens[at : at + size])) for at in range(last)}


def hash64(text: str) -> int:
    """Give a 64-bit hash that is the same on every machine and in every process."""
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Give the sentences as spans without the white space around them.

    A rule, not a model: it serves to count, to trim and to compare. It ends a sentence at closing
    punctuation before white space, unless an abbreviation or an initial stands there, and at blank lines.
    """
    return tuple(_trimmed(text))


def _trimmed(text: str) -> Iterator[Span]:
    for start, end in _cuts(text):
        part = text[start:end]
        lead = len(part) - len(part.lstrip())
        tail = len(part.rstrip())
        if tail > lead:
            yield Span(start=start + lead, end=start + tail)


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if _runs_on(text, start, match):
            continue
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def _runs_on(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return False
    if _ABBREVIATION.search(text[max(start, match.start() - 12) : match.end()]):
        return True
    following = text[match.end() : match.end() + 2].lstrip()
    return bool(following) and following[0].islower()
