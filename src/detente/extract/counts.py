"""Counts: killed, injured, arrested, displaced, money and weapons, as ranges with the words that tell them.

"At least 20" has a floor only; "between 20 and 30" has both ends; "120 and 60" killed is 180; "up to
250" is 250, as the guidelines have it. "Dozens" and "hundreds" tell no number and make no count.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from detente.engines import Annotation
from detente.extract.parties import Party
from detente.records import Count, Span

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
_TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
WORDS = {word: k for k, word in enumerate(_UNITS)} | _TENS
_SCALE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "bn": 10**9, "m": 10**6, "mn": 10**6,
          "lakh": 10**5, "crore": 10**7, "trillion": 10**12}  # fmt: skip

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPELT = "|".join(
    [*(f"{t}[- ](?:{'|'.join(_UNITS[1:10])})" for t in _TENS), *sorted(WORDS, key=len, reverse=True)]
)
_NUMBER = rf"(?:(?:{_DIGITS}|\b(?:{_SPELT})\b|\ba\s+dozen|\bone)(?:\s+(?:hundred|thousand|million|billion|lakh|crore)\b)?)"
_BOUND = (r"(?:(?P<bound>at\s+least|more\s+than|over|upwards\s+of|no\s+fewer\s+than|no\s+less\s+than|as\s+many\s+as|up\s+to|"
          r"fewer\s+than|less\s+than|under|about|around|some|nearly|almost|roughly|approximately|an\s+estimated)\s+)?")  # fmt: skip
_AMOUNT = rf"{_BOUND}(?:between\s+)?(?P<first>{_NUMBER})(?:\s*(?P<joint>-|–|to|and|or)\s*(?:about\s+)?(?P<second>{_NUMBER}))?"
_FLOORS = frozenset({"at least", "more than", "over", "upwards of", "no fewer than", "no less than"})
_CEILINGS = frozenset({"fewer than", "less than", "under"})
_NOT_PEOPLE = (r"(?!(?:years?|months?|days?|weeks?|hours?|minutes?|per\s?cent|percent|%|km|kilomet\w+|miles?|met(?:er|re)s?|dollars?|"
               r"countries|times|attacks?|bombs?|rockets?|missiles?|o'clock|a\.?m|p\.?m)\b)")  # fmt: skip
_PEOPLE = rf"(?:\s+{_NOT_PEOPLE}(?:of\s+)?[\w’'-]+,?){{0,6}}?"
_BE = r"(?:\s+(?:who|that))?(?:\s+(?:were|was|have|has|had|are|be|been|being|got|feared|reported|confirmed|reportedly|also))*"
_PASSIVE = {
    "killed": r"killed|dead|died|dying|slain|murdered|executed|martyred|massacred|beheaded|assassinated|perished|lost\s+their\s+lives|deaths|fatalities",
    "injured": r"injured|wounded|hurt|maimed|injuries",
    "arrested": r"arrested|detained|jailed|imprisoned|rounded\s+up|apprehended|taken\s+into\s+custody|arrests",
    "displaced": r"displaced|evacuated|uprooted|forced\s+(?:from|to\s+flee)|fled",
}  # fmt: skip
_ACTIVE = {
    "killed": r"kill(?:ed|ing|s)(?:\s+of)?|claim(?:ed|ing|s)(?:\s+the\s+lives\s+of)?|murder(?:ed|ing|s)?(?:\s+of)?|execut(?:ed|ing|ion\s+of)|"
              r"deaths?\s+of|death\s+toll\s+(?:of|at|to|stood\s+at|rose\s+to|rises\s+to)|beheaded|massacred|martyred|slaughtered|assassinated|shot\s+dead",
    "injured": r"injur(?:ed|ing|es)|wound(?:ed|ing|s)|hurt(?:ing)?",
    "arrested": r"arrest(?:ed|ing|s)(?:\s+of)?|detain(?:ed|ing|s)|detention\s+of|rounded\s+up|jailed|apprehended",
    "displaced": r"displac(?:ed|ing|es)|evacuat(?:ed|ing|ion\s+of)|uprooted",
}  # fmt: skip
_RULES = {
    what: (
        re.compile(rf"\b(?:{_ACTIVE[what]})\s+{_AMOUNT}\b(?!\s*(?:per\s?cent|percent|%))(?=\s+{_NOT_PEOPLE}|[,.;]|$)", re.IGNORECASE),
        re.compile(rf"(?<![\w.,-]){_AMOUNT}{_PEOPLE}{_BE}\s+(?:{_PASSIVE[what]})\b", re.IGNORECASE),
    )
    for what in _PASSIVE
}  # fmt: skip
_CURRENCY = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "a$": "AUD", "c$": "CAD",
             "dollars": "USD", "dollar": "USD", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "yuan": "CNY", "yen": "JPY",
             "rubles": "RUB", "roubles": "RUB", "rupees": "INR", "lira": "TRY", "rials": "IRR"}  # fmt: skip
_SCALES = r"(?:\s?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|m|lakh|crore)\b)?"
_MONEY = re.compile(
    rf"(?P<mark>US\$|A\$|C\$|[$€£¥₹])\s?(?P<sum>{_DIGITS}){_SCALES}"
    rf"|(?<![\w.,])(?P<sum2>{_DIGITS}){_SCALES.replace('scale', 'scale2')}\s+(?:US\s+)?(?P<unit>dollars?|euros?|pounds|yuan|yen|r(?:o)?ubles|rupees|lira|rials)\b",
    re.IGNORECASE,
)
_WEAPONS = re.compile(
    rf"(?<![\w.,$€£-]){_AMOUNT}\s+(?:[\w’'-]+\s+){{0,3}}?(?P<arm>missiles?|rockets?|drones?|tanks?|shells?|warheads?|bombs?|jets?|"
    r"warplanes?|aircraft|warships?|submarines?|howitzers?|rifles?|mortars?|helicopters?|torpedoes|centrifuges)\b",
    re.IGNORECASE,
)
_DEADLY = frozenset({"kill", "die", "murder", "execute", "assassinate", "behead", "slay", "death", "killing", "assassination", "execution",
                     "lynch", "hang", "strangle", "martyr", "massacre", "beheading"})  # fmt: skip
_HARMFUL = frozenset({"wound", "injure", "injury", "maim"})


def read_number(words: str) -> int:
    """Give the number that words or digits tell; `ValueError` where they tell none."""
    words = re.sub(r"\s+", " ", words.lower().replace(",", "").strip())
    head, _, scale = words.rpartition(" ")
    if scale in _SCALE and head:
        return round(_plain(head) * _SCALE[scale])
    return round(_plain(words))


def _plain(words: str) -> float:
    if re.fullmatch(r"\d+(?:\.\d+)?", words):
        return float(words)
    if words == "a dozen":
        return 12
    if words in ("a", "an"):
        return 1
    parts = re.split("[- ]", words)
    if any(part not in WORDS for part in parts):
        raise ValueError(f"not a number: {words!r}")
    return sum(WORDS[part] for part in parts)


def find_counts(text: str, offset: int = 0) -> dict[str, Count]:
    """Give for a clause or sentence the first count of each kind; spans are moved by `offset` characters."""
    found: dict[str, Count] = {}
    for what, (active, passive) in _RULES.items():
        told, suffered = active.search(text), _last_start(passive, text)
        if told and suffered and suffered.start() < told.start() < suffered.end():
            suffered = None  # "11 pilgrims and wounded 20": the verb is followed by its own number
        match = min(filter(None, (told, suffered)), key=lambda m: m.start(), default=None)
        if match is not None and (count := _count(what, match, offset)):
            found[what] = count
    for count in (*_money(text, offset), *_weapons(text, offset)):
        found.setdefault(count.what, count)
    return found


def _last_start(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Give the match that starts nearest before the verb: "in 2017, 11 pilgrims were killed" tells of 11."""
    match = pattern.search(text)
    while match is not None:
        later = pattern.match(text, match.start("first")) if match["bound"] else None
        nearer = next(
            (
                m
                for k in range(match.end("first") + 1, match.end())
                if (m := pattern.match(text, k)) and m.end() == match.end()
            ),
            None,
        )
        if nearer is None or _same_amount(text[match.end("first") : nearer.start()]):
            return later if later and not match["bound"] else match
        match = nearer
    return None


def _same_amount(between: str) -> bool:
    return bool(re.fullmatch(r"\s*(?:-|–|to|and|or)?\s*", between))


def _count(what: str, match: re.Match[str], offset: int) -> Count | None:
    try:
        first = read_number(match["first"])
        second = read_number(match["second"]) if match["second"] else None
    except ValueError:
        return None
    if re.fullmatch(r"(?:1[89]|20)\d\d", match["first"]) and not match["bound"] and second is None:
        return None  # a year: "in 2003 killed"
    bound = re.sub(r"\s+", " ", (match["bound"] or "").lower())
    low, high = _range(first, second, match["joint"] or "", bound, "between" in match.group().lower())
    return Count(
        what=what, low=low, high=high, span=Span(start=offset + match.start(), end=offset + match.end())
    )


def _range(first: int, second: int | None, joint: str, bound: str, between: bool) -> tuple[int, int | None]:
    if second is not None:
        if joint == "and" and not between:
            return first + second, first + second
        return min(first, second), max(first, second)
    if bound in _CEILINGS:
        return 0, first
    return first, None if bound in _FLOORS else first


def _money(text: str, offset: int) -> Iterator[Count]:
    for match in _MONEY.finditer(text):
        amount, scale = match["sum"] or match["sum2"], (match["scale"] or match["scale2"] or "").lower()
        value = round(float(amount.replace(",", "")) * _SCALE.get(scale, 1))
        unit = _CURRENCY.get((match["mark"] or match["unit"]).lower())
        yield Count(
            what="money",
            low=value,
            high=value,
            unit=unit,
            span=Span(start=offset + match.start(), end=offset + match.end()),
        )


def _weapons(text: str, offset: int) -> Iterator[Count]:
    for match in _WEAPONS.finditer(text):
        count = _count("weapons", match, offset)
        if count is not None:
            arm = match["arm"].lower()
            unit = arm if arm.endswith(("s", "aircraft")) else f"{arm}s"
            yield Count(what="weapons", low=count.low, high=count.high, unit=unit, span=count.span)


def event_counts(
    a: Annotation, word: int, type_: str, start: int, end: int, recipients: Sequence[Party]
) -> dict[str, Count]:
    """Give the counts of an event told in words `start` to `end`; one named person killed counts one.

    `word` is the event word. Money and weapons are told of any event, people of physical acts only.
    """
    left, right = a.span(start, end)
    found = find_counts(a.text[left:right], left)
    if type_ not in ("ASSAULT", "COERCE", "PROTEST", "RETREAT"):
        return {what: count for what, count in found.items() if what in ("money", "weapons")}
    if type_ != "ASSAULT" or found.keys() & {"killed", "injured"}:
        return found
    what = _harm(a, word)
    persons = [p for p in recipients if p.kind == "person" and not p.plural]
    if what and persons and len(persons) == len(recipients):
        number = count_people(actor.name for p in persons for actor in p.actors)
        span = Span(start=a.starts[word], end=a.starts[word] + len(a.words[word]))
        found[what] = Count(what=what, low=number, high=number, span=span)
    return found


def count_people(names: Iterable[str]) -> int:
    """Give how many people names tell; spellings of one name ("Soleimani", "Suleimani") are one person."""
    people: list[str] = []
    for name in sorted(set(names), key=lambda n: (-len(n), n)):
        if not any(
            SequenceMatcher(None, name.lower(), known.lower()).ratio() >= SAME_NAME for known in people
        ):
            people.append(name)
    return len(people)


SAME_NAME = (
    0.8  # likeness of two spellings of one name as transliterations differ; brothers mostly stay below
)


def _harm(a: Annotation, word: int) -> str | None:
    """Tell whether an event word says that somebody was killed or injured."""
    lemma = a.lemmas[word].lower()
    dead = lemma == "shoot" and any(
        w.lower() in ("dead", "death", "fatally") for w in a.words[max(0, word - 1) : word + 4]
    )
    if lemma in _DEADLY or dead:
        return "killed"
    return "injured" if lemma in _HARMFUL else None
