"""Where quotation marks decide about sentences: the network sees words, not the spaces between them."""

from collections.abc import Sequence

from detente.engines.tokens import Token

STOPS = frozenset({".", "!", "?", "…"})
_BRACKETS = frozenset(")]")
_OPENING, _CLOSING, _STRAIGHT = frozenset("“‘«„"), frozenset("”’»"), frozenset("\"'")


def quote_sides(text: str, tokens: Sequence[Token]) -> list[int]:
    """For each word 1 if it is a quotation mark that opens, -1 if it is one that closes, else 0.

    A straight mark opens when it leans on what follows.
    """
    return [_side(text, start) if end - start == 1 else 0 for start, end, _ in tokens]


def _side(text: str, at: int) -> int:
    sign = text[at]
    if sign in _OPENING:
        return 1
    if sign in _CLOSING:
        return -1
    if sign not in _STRAIGHT:
        return 0
    leans_left = at > 0 and not text[at - 1].isspace() and text[at - 1] not in "([—–-"
    leans_right = at + 1 < len(text) and not text[at + 1].isspace()
    return int(leans_right) - int(leans_left)


def mend_starts(words: Sequence[str], quotes: Sequence[int], starts: Sequence[bool]) -> list[bool]:
    """Sentence starts that respect quotation marks.

    A closing mark belongs to the sentence before it and hands its start on; a mark that opens
    after a full stop begins the sentence, not the word after it.
    """
    mended = list(starts)
    for at, side in enumerate(quotes):
        if side < 0 and mended[at]:
            mended[at] = False
            if at + 1 < len(words) and not words[at + 1][0].islower():
                mended[at + 1] = True
        elif side > 0 and after_stop(words, quotes, at) and at + 1 < len(words):
            mended[at], mended[at + 1] = mended[at] or not words[at + 1][0].islower(), False
    return mended


def after_stop(words: Sequence[str], quotes: Sequence[int], at: int) -> bool:
    """Whether a full stop, and perhaps closing marks, stand right before a word."""
    before = at - 1
    while before > 0 and (quotes[before] < 0 or words[before] in _BRACKETS):
        before -= 1
    return before >= 0 and words[before] in STOPS
