"""Counts: killed, injured, arrested, displaced, as ranges with the words that tell them."""

import re

from detente.records import Count

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
WORDS = {word: k for k, word in enumerate(_UNITS)} | _TENS
_NUMBER = (
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d+|"
    + "|".join([*(f"{t}-(?:{'|'.join(_UNITS[1:10])})" for t in _TENS), *sorted(WORDS, key=len, reverse=True)])
    + r"|an?|a dozen)"
)
_FLOOR = r"(?P<bound>at least|more than|over|as many as|up to|about|around|some|nearly|almost|fewer than)?\s*"
_PEOPLE = r"(?:[\w’'-]+\s+){0,4}?"
_VERBS = {
    "killed": r"killed|dead|died|shot dead|slain|murdered|executed|martyred|lost their lives|massacred|beheaded",
    "injured": r"injured|wounded|hurt",
    "arrested": r"arrested|detained|jailed|rounded up|taken into custody",
    "displaced": r"displaced|evacuated|fled|forced from",
}
_ACTIVE = {"killed": r"kill(?:ed|ing|s)|claim(?:ed|ing) the lives of|murder(?:ed|ing)|death of|deaths of|shot dead",
           "injured": r"injur(?:ed|ing)|wound(?:ed|ing)", "arrested": r"arrest(?:ed|ing|s)|detain(?:ed|ing|s)|arrest of",
           "displaced": r"displac(?:ed|ing)"}  # fmt: skip


def read_number(words: str) -> int:
    """Give the number that words or digits tell."""
    words = words.lower().replace(",", "")
    if words.isdigit():
        return int(words)
    if words in ("a", "an"):
        return 1
    if words == "a dozen":
        return 12
    head, _, tail = words.partition("-")
    return WORDS[head] + (WORDS[tail] if tail else 0)


def find_counts(text: str) -> dict[str, Count]:
    """Give for a clause or sentence the first number of each kind that it tells."""
    found: dict[str, Count] = {}
    for what in _VERBS:
        match = re.search(
            rf"\b{_FLOOR}{_NUMBER}\s+{_PEOPLE}(?:were|was|have been|had been|are|be|been|being)?\s*(?:also\s+)?(?:{_VERBS[what]})\b",
            text,
            re.IGNORECASE,
        )
        active = re.search(rf"\b(?:{_ACTIVE[what]})\s+{_FLOOR}{_NUMBER}\b", text, re.IGNORECASE)
        match = active or match
        if match is None:
            continue
        number = read_number(match["number"])
        bound = (match["bound"] or "").lower()
        low = 0 if bound == "fewer than" else number
        high = None if bound in ("at least", "more than", "over") else number
        found[what] = Count(what=what, low=low if bound != "up to" else number, high=high)
    return found
