"""Times: the temporal expressions of a document, normalised to TimeML values and to intervals.

Expressions are found by a grammar of English calendar language and anchored on the day from which the
document speaks or, for those that lean on the narrative ("the next day", "that year"), on the
last date told. What cannot be anchored keeps a value without an interval: no date is made up.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from detente.records import Basis, When

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
Found = tuple[TimexType, str, When | None]

MONTHS = {name.lower(): k for k, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): k for k, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
DAYS = {name.lower(): k for k, name in enumerate(calendar.day_name)}
DAYS |= {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
SEASONS = {
    "spring": ("SP", 3, 5),
    "summer": ("SU", 6, 8),
    "autumn": ("FA", 9, 11),
    "fall": ("FA", 9, 11),
    "winter": ("WI", 12, 2),
}
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_NUMBERS = {w: k for k, w in enumerate(_ONES.split())} | {"a": 1, "an": 1, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "couple of": 2, "a couple of": 2, "a dozen": 12, "half a": 0}  # fmt: skip
_ORDINALS = {
    w: k + 1
    for k, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ]
    )
}
_ORDINALS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4, "last": 4}
UNITS = {"second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "week": "W", "fortnight": "W", "month": "M", "quarter": "Q",
         "year": "Y", "decade": "E", "century": "C", "weekend": "D", "summer": "SU", "winter": "WI"}  # fmt: skip
PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "midnight": "NI", "noon": "MI"}
HOLIDAYS = {"new year's eve": (12, 31), "new year's day": (1, 1), "new year": (1, 1), "christmas eve": (12, 24), "christmas day": (12, 25),
            "christmas": (12, 25), "valentine's day": (2, 14), "halloween": (10, 31), "may day": (5, 1), "independence day": (7, 4),
            "veterans day": (11, 11), "nowruz": (3, 21)}  # fmt: skip

_MON = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = "(?:" + "|".join(sorted(DAYS, key=len, reverse=True)) + r")\b"
_NUM = (
    r"(?:(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ](?:one|two|three|four|five|six|seven|eight|nine)|a couple of|a dozen|half a|"
    + "|".join(sorted(_NUMBERS, key=len, reverse=True))
    + ")"
)
_VAGUE = r"(?:several|many|few|a few|some|recent|numerous|countless|dozens of|hundreds of|thousands of)"
_UNIT = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|quarters?|years?|decades?|century|centuries)"
_ABOUT = r"(?:about |around |almost |nearly |roughly |at least |more than |less than |over |only |just |some |approximately |no more than |up to )?"
_MOD = r"(?:early |mid[- ]|late |the (?:beginning|start|end|middle|eve) of |the early part of )?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_PART = r"(?:morning|afternoon|evening|night)"
_QUARTER = r"(?:first|second|third|fourth|final|last|1st|2nd|3rd|4th)"

# "a man in his late fifties" tells an age
_NO_AGE = "".join(
    rf"(?<!\b{whose} {part})"
    for whose in ("his", "her", "their", "my")
    for part in ("", "early ", "late ", "mid ")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A temporal expression: character offsets, TimeML type and value, and the interval it denotes."""

    start: int
    end: int
    type: TimexType
    value: str
    when: When | None


@dataclass(slots=True)
class Anchor:
    """From where an expression speaks: the document's day, the last date told, and whether it looks ahead.

    `around` is a day near the document's where that is only known to some weeks: enough for the year of "Jan. 27".
    """

    day: date | None
    told: date | None
    future: bool = False
    around: date | None = None


def make_when(first: date, last: date, basis: Basis) -> When:
    """Give the interval of whole UTC days from `first` to `last`, both included."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC)
    return When(earliest=start, latest=end, basis=basis)


def month_when(year: int, month: int, basis: Basis) -> When:
    """Give the interval of a month."""
    return make_when(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), basis)


def year_when(year: int, basis: Basis, years: int = 1) -> When:
    """Give the interval of a year or of several."""
    return make_when(date(year, 1, 1), date(year + years - 1, 12, 31), basis)


def read_number(words: str) -> float | None:
    """Give the number that digits or words tell; None for what is vague."""
    words = words.lower().replace(",", "").strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", words):
        return float(words)
    if words in _NUMBERS:
        return float(_NUMBERS[words]) if words != "half a" else 0.5
    tens, _, ones = re.sub("[- ]", " ", words).partition(" ")
    return float(_NUMBERS[tens] + _NUMBERS[ones]) if tens in _NUMBERS and ones in _NUMBERS else None


def _iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _day(day: date, basis: Basis, part: str = "") -> Found:
    value = day.isoformat() + (f"T{PARTS[part]}" if part else "")
    return ("TIME" if part else "DATE"), value, make_when(day, day, basis)


def _shift_months(day: date, months: int) -> tuple[int, int]:
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1


# --- handlers: a match and an anchor give type, value, interval; None says that the words are no time after all


def _full_date(m: re.Match[str], at: Anchor) -> Found | None:
    g = m.groupdict()
    month = MONTHS[g["month"].lower().rstrip(".")] if not g["month"].isdigit() else int(g["month"])
    day = int(re.sub(r"\D", "", g["day"]))
    if g.get("year"):
        year: int | None = int(g["year"]) + (
            0 if len(g["year"]) == 4 else 1900 if int(g["year"]) > 40 else 2000
        )
        return _day(date(int(str(year)), month, day), "stated")
    year = _year_near(month, day, at)
    if year is None:
        date(2000, month, day)
        return "DATE", f"XXXX-{month:02}-{day:02}", None
    return _day(date(year, month, day), "relative")


def _year_near(month: int, day: int | None, at: Anchor) -> int | None:
    """The year that brings a month or day nearest to the anchor; days ahead weigh more unless the words look ahead."""
    here = at.day or at.around
    if here is None:
        return None
    ahead = 0.6 if at.future else 1.3

    def distance(year: int) -> float:
        days = (date(year, month, min(day or 15, 28)) - here).days
        return days * ahead if days > 0 else -days

    return min((here.year - 1, here.year, here.year + 1), key=distance)


def _iso_date(m: re.Match[str], _: Anchor) -> Found | None:
    day = date(int(m["year"]), int(m["month"]), int(m["day"]))
    if m["time"]:
        return "TIME", f"{day.isoformat()}T{m['time'].strip(' T')[:5]}", make_when(day, day, "stated")
    return _day(day, "stated")


def _us_date(m: re.Match[str], _: Anchor) -> Found | None:
    year = int(m["year"]) + (0 if len(m["year"]) == 4 else 1900 if int(m["year"]) > 40 else 2000)
    first, second = int(m["month"]), int(m["day"])
    month, day = (second, first) if first > 12 else (first, second)
    found = _day(date(year, month, day), "stated")
    return ("TIME", f"{found[1]}T{m['time'].strip()[:5]}", found[2]) if m["time"] else found


def _month_year(m: re.Match[str], _: Anchor) -> Found | None:
    month, year = MONTHS[m["month"].lower().rstrip(".")], int(m["year"])
    return "DATE", f"{year}-{month:02}", month_when(year, month, "stated")


def _month(m: re.Match[str], at: Anchor) -> Found | None:
    word = m["month"]
    lead = " ".join((m["lead"] or "").lower().split())
    if word.lower() in ("may", "march", "mar", "sun", "sat") and (not word[0].isupper() or not lead):
        before = m.string[max(0, m.start() - 9) : m.start()].lower()
        if not word[0].isupper() or not re.search(
            r"\b(?:in|since|until|by|of|during|last|next|this|from|to|and|through|before|after|early|late)\s$",
            before,
        ):
            return None
    month = MONTHS[word.lower().rstrip(".")]
    if at.day is None:
        return "DATE", f"XXXX-{month:02}", None
    year = _year_near(month, None, at) or at.day.year
    if lead == "last":
        year = at.day.year if month < at.day.month else at.day.year - 1
    elif lead == "next":
        year = at.day.year if month > at.day.month else at.day.year + 1
    elif lead == "this":
        year = at.day.year
    return "DATE", f"{year}-{month:02}", month_when(year, month, "relative")


def _year(m: re.Match[str], _: Anchor) -> Found | None:
    year = int(m["year"])
    return "DATE", str(year), year_when(year, "stated")


def _decade(m: re.Match[str], _: Anchor) -> Found | None:
    digits = m["decade"]
    if digits.isdigit():
        year = int(digits) if len(digits) == 4 else 1900 + int(digits)
    else:
        year = 1900 + int(_NUMBERS[{"twenties": "twenty", "thirties": "thirty", "forties": "forty", "fifties": "fifty", "sixties": "sixty",
                                    "seventies": "seventy", "eighties": "eighty", "nineties": "ninety"}[digits.lower()]])  # fmt: skip
    return "DATE", f"{year // 10}X", year_when(year, "stated", 10)


def _weekday(m: re.Match[str], at: Anchor) -> Found | None:
    name = m["weekday"]
    if len(name) < 5 and name.lower() in ("sat", "sun", "mon", "wed") and not name[0].isupper():
        return None
    part = (m["part"] or "").lower()
    if at.day is None:
        return "DATE", "XXXX-WXX-" + str(DAYS[name.lower()] + 1), None
    lead = " ".join((m["lead"] or "").lower().split())
    back = (at.day.weekday() - DAYS[name.lower()]) % 7
    ahead = lead in ("next", "coming", "this coming") or (at.future and lead not in ("last", "past"))
    if ahead:
        day = at.day + timedelta(days=(-back) % 7 or 7)
    else:
        day = at.day - timedelta(days=back or (7 if lead == "last" else 0))
    return _day(day, "relative", part)


_PLAIN = {"yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
          "tomorrow": 1, "the day before yesterday": -2, "overnight": 0, "the day after tomorrow": 2}  # fmt: skip


def _deictic(m: re.Match[str], at: Anchor) -> Found | None:
    words = re.sub(r"^(?:earlier|later|late|early) ", "", " ".join(m["words"].lower().split()))
    part = (
        (m["part"] or "").lower()
        or next((p for p in PARTS if words.endswith(p)), "")
        or ("night" if words == "tonight" else "")
    )
    base = next(w for w in sorted(_PLAIN, key=len, reverse=True) if words.startswith(w))
    if at.day is None:
        return "DATE", "XXXX-XX-XX", None
    return _day(at.day + timedelta(days=_PLAIN[base]), "relative", part)


_STEP = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "this": 0,
    "current": 0,
    "next": 1,
    "coming": 1,
    "upcoming": 1,
}


def _period(m: re.Match[str], at: Anchor) -> Found | None:
    unit, step = m["unit"].lower(), _STEP[m["step"].lower()]
    if at.day is None:
        return "DATE", "XXXX", None
    d = at.day
    if unit == "week":
        monday = d - timedelta(days=d.weekday() - 7 * step)
        return "DATE", _iso_week(monday), make_when(monday, monday + timedelta(days=6), "relative")
    if unit == "weekend":
        saturday = d - timedelta(days=d.weekday() - 5 - 7 * step)
        return (
            "DATE",
            f"{_iso_week(saturday)}-WE",
            make_when(saturday, saturday + timedelta(days=1), "relative"),
        )
    if unit == "year":
        return "DATE", str(d.year + step), year_when(d.year + step, "relative")
    if unit == "month":
        year, month = _shift_months(d, step)
        return "DATE", f"{year}-{month:02}", month_when(year, month, "relative")
    if unit == "quarter":
        quarter = d.year * 4 + (d.month - 1) // 3 + step
        return (
            "DATE",
            f"{quarter // 4}-Q{quarter % 4 + 1}",
            _quarter_when(quarter // 4, quarter % 4 + 1, "relative"),
        )
    if unit == "decade":
        year = d.year // 10 * 10 + 10 * step
        return "DATE", f"{year // 10}", year_when(year, "relative", 10)
    if unit == "century":
        year = d.year // 100 * 100 + 100 * step
        return "DATE", f"{year // 100}", year_when(year, "relative", 100)
    return _season_of(unit, d, step)


def _season_of(unit: str, d: date, step: int, year: int | None = None) -> Found | None:
    code, first, last = SEASONS[unit]
    if year is None:
        year = d.year
        if step < 0 and first >= d.month - 1:
            year -= 1
        elif step > 0 and first <= d.month:
            year += 1
    end_year = year + (last < first)
    end = date(end_year, last, calendar.monthrange(end_year, last)[1])
    return "DATE", f"{year}-{code}", make_when(date(year, first, 1), end, "relative")


def _season(m: re.Match[str], at: Anchor) -> Found | None:
    if m["year"]:
        return _season_of(m["season"].lower(), date(2000, 1, 1), 0, int(m["year"]))
    return None if at.day is None else _season_of(m["season"].lower(), at.day, -1 if not at.future else 1)


def _quarter_when(year: int, quarter: int, basis: Basis) -> When:
    end = date(year, quarter * 3, calendar.monthrange(year, quarter * 3)[1])
    return make_when(date(year, quarter * 3 - 2, 1), end, basis)


def _quarter(m: re.Match[str], at: Anchor) -> Found | None:
    quarter = _ORDINALS[m["ordinal"].lower()]
    year = int(m["year"]) if m["year"] else at.day.year if at.day else None
    if year is None:
        return "DATE", f"XXXX-Q{quarter}", None
    if not m["year"] and at.day and quarter > (at.day.month - 1) // 3 + 1 and not at.future:
        year -= 1
    return "DATE", f"{year}-Q{quarter}", _quarter_when(year, quarter, "stated" if m["year"] else "relative")


def _ago(m: re.Match[str], at: Anchor) -> Found | None:
    n, unit = read_number(m["number"]), m["unit"].lower().rstrip("s")
    forward = bool(m["later"]) and m["later"].lower() in ("later", "from now", "hence", "after")
    narrative = bool(m["later"]) and m["later"].lower() in ("later", "earlier", "before", "after")
    base = (at.told if narrative else None) or at.day
    if n is None or base is None:
        return "DATE", "PAST_REF", None
    return _offset(base, n if forward else -n, unit)


def _offset(base: date, n: float, unit: str) -> Found | None:
    if unit in ("second", "minute", "hour"):
        return (
            _day(base, "relative")
            if abs(n) < 24 or unit != "hour"
            else _day(base + timedelta(hours=n), "relative")
        )
    if unit in ("year", "decade", "centurie", "century"):
        year = base.year + round(n * {"year": 1, "decade": 10}.get(unit, 100))
        return ("DATE", str(year), year_when(year, "relative")) if 1 <= year <= 9999 else None
    if unit == "month":
        year, month = _shift_months(base, round(n))
        return "DATE", f"{year}-{month:02}", month_when(year, month, "relative")
    if unit in ("week", "fortnight"):
        day = base + timedelta(weeks=n * (2 if unit == "fortnight" else 1))
        monday = day - timedelta(days=day.weekday())
        return "DATE", _iso_week(day), make_when(monday, monday + timedelta(days=6), "relative")
    return _day(base + timedelta(days=round(n)), "relative")


def _narrative(m: re.Match[str], at: Anchor) -> Found | None:
    """ "The next day", "the same year", "that month": from the last date told."""
    base = at.told or at.day
    if base is None:
        return "DATE", "XXXX", None
    step = {"next": 1, "following": 1, "previous": -1, "preceding": -1}.get(m["step"].lower(), 0)
    unit, part = m["unit"].lower(), ""
    if unit in PARTS:
        unit, part = "day", unit
    if unit == "day":
        return _day(base + timedelta(days=step), "relative", part)
    return _offset(base, step, unit) if unit != "week" else _offset(base, step, "week")


def _duration(m: re.Match[str], _: Anchor) -> Found | None:
    word, unit = m["number"].lower().strip(), m["unit"].lower().rstrip("s").replace("centurie", "century")
    n = read_number(word)
    if n is None:
        amount = "X"
    elif unit == "fortnight":
        amount = str(round(n * 2))
    elif unit == "quarter":
        amount, unit = f"{n * 3:g}", "month"
    elif unit in ("decade", "century"):
        amount = f"{n * (10 if unit == 'decade' else 100):g}"
    else:
        amount = f"{n:g}"
    code = {"decade": "Y", "century": "Y", "fortnight": "W", "quarter": "Q"}.get(unit) or UNITS[unit]
    if amount == "X" and unit in ("decade", "century"):
        code = {"decade": "DE", "century": "CE"}[unit]
    value = f"P{'T' if unit in ('second', 'minute', 'hour') else ''}{amount}{code}"
    return "DURATION", value, None


def _bare_duration(m: re.Match[str], _: Anchor) -> Found | None:
    return "DURATION", f"PX{UNITS[m['unit'].lower().rstrip('s')]}", None


def _set(m: re.Match[str], _: Anchor) -> Found | None:
    words = m.group().lower()
    adverbs = {"daily": "P1D", "weekly": "P1W", "monthly": "P1M", "annually": "P1Y", "annual": "P1Y", "yearly": "P1Y", "quarterly": "P3M",
               "hourly": "PT1H", "nightly": "P1D"}  # fmt: skip
    if words in adverbs:
        return "SET", adverbs[words], None
    last = words.split()[-1].rstrip("s")
    if last in DAYS:
        return "SET", f"XXXX-WXX-{DAYS[last] + 1}", None
    if last in MONTHS:
        return "SET", f"XXXX-{MONTHS[last]:02}", None
    if last in PARTS:
        return "SET", f"XXXX-XX-XXT{PARTS[last]}", None
    return "SET", f"P{'T' if last in ('hour', 'minute') else ''}1{UNITS[last]}", None


def _holiday(m: re.Match[str], at: Anchor) -> Found | None:
    month, day = HOLIDAYS[m["holiday"].lower().replace("’", "'")]
    year = int(m["year"]) if m["year"] else _year_near(month, day, at)
    return None if year is None else _day(date(year, month, day), "stated" if m["year"] else "relative")


def _vague(value: str) -> Callable[[re.Match[str], Anchor], Found | None]:
    return lambda _m, _at: ("DATE", value, None)


def _clock(m: re.Match[str], at: Anchor) -> Found | None:
    hour = int(m["hour"]) % 12 + (12 if m["half"].lower().startswith("p") else 0)
    minute = m["minute"] or "00"
    when = make_when(at.day, at.day, "relative") if at.day else None
    return "TIME", f"{at.day.isoformat() if at.day else 'XXXX-XX-XX'}T{hour:02}:{minute}", when


def _grammar() -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str], Anchor], Found | None]]]:
    """The rules in order of trust: what an earlier rule has taken no later one may touch."""

    def rule(
        pattern: str, handler: Callable[[re.Match[str], Anchor], Found | None]
    ) -> tuple[re.Pattern[str], Callable[[re.Match[str], Anchor], Found | None]]:
        return re.compile(pattern.replace(" ", r"\s"), re.IGNORECASE), handler

    yield rule(
        rf"\b(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?P<time>[T ]\d\d:\d\d(?::\d\d)?)?\b", _iso_date
    )
    yield rule(
        r"(?<![\d/])(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:19|20)\d\d|\d\d)(?P<time> \d\d:\d\d(?::\d\d)?)?(?![\d/])",
        _us_date,
    )
    yield rule(
        r"\b(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?P<time>)\b",
        _iso_date,
    )
    yield rule(
        rf"\b(?:{_DAY},? )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MON})(?:,? (?P<year>{_YEAR}))?\b",
        _full_date,
    )
    yield rule(
        rf"\b(?:{_DAY},? )?(?P<month>{_MON}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|:|,\d\d\d|\.\d)(?:,? (?P<year>{_YEAR})\b)?",
        _full_date,
    )
    yield rule(rf"\b{_MOD}(?P<month>{_MON})(?: of)?,? (?P<year>{_YEAR})\b", _month_year)
    yield rule(
        r"\b(?P<words>the day (?:before yesterday|after tomorrow)|(?:(?:earlier|later|late|early) )?(?:yesterday|today|tomorrow|tonight|last night|overnight|this (?:morning|afternoon|evening)))(?: (?P<part>morning|afternoon|evening|night))?\b",
        _deictic,
    )
    yield rule(
        rf"\b(?:every|each) (?:{_DAY}|{_MON}|day|week|month|year|hour|night|morning|summer|winter)\b|\b(?:daily|weekly|monthly|annually|yearly|hourly|nightly)\b|\bonce (?:a|every) (?:day|week|month|year)\b",
        _set,
    )
    yield rule(
        rf"(?:\b(?P<lead>last|next|this coming|coming|this|past|early|late|earlier|later) )?\b(?P<weekday>{_DAY})(?: (?P<part>{_PART}))?\b(?!s\b)",
        _weekday,
    )
    yield rule(rf"\b(?:the )?(?P<ordinal>{_QUARTER})[- ]quarter(?:(?: of)? (?P<year>{_YEAR}))?\b", _quarter)
    yield rule(
        rf"\b{_ABOUT}(?P<number>{_NUM}|{_VAGUE}) (?P<unit>{_UNIT}) (?P<later>ago|earlier|later|from now|hence)\b",
        _ago,
    )
    yield rule(
        rf"\b(?:the )?(?:past|last|next|previous|coming|first|final) (?P<number>{_NUM}|{_VAGUE}) (?P<unit>{_UNIT})\b",
        _duration,
    )
    yield rule(
        r"\b(?:(?:early|earlier|late|later|mid) )?(?:the )?(?P<step>last|past|previous|this|current|next|coming|upcoming) (?P<unit>week|weekend|month|quarter|year|decade|century|summer|winter|spring|autumn|fall)\b",
        _period,
    )
    yield rule(
        rf"\b(?:the )?(?P<step>next|following|previous|preceding|same|that) (?P<unit>day|{_PART}|week|month|year)\b",
        _narrative,
    )
    yield rule(
        rf"\b{_MOD}(?:(?:in|the) )?(?P<season>summer|winter|spring|autumn)(?: of)? (?P<year>{_YEAR})\b",
        _season,
    )
    yield rule(
        rf"\b(?P<holiday>{'|'.join(re.escape(h).replace(chr(39), '[’' + chr(39) + ']') for h in sorted(HOLIDAYS, key=len, reverse=True))})(?: (?P<year>{_YEAR}))?\b",
        _holiday,
    )
    yield rule(
        rf"\b(?P<lead>last |next |this |early |mid-|mid |late |late-)?(?P<month>{_MON})(?! \d)", _month
    )
    yield rule(
        _NO_AGE
        + r"\b(?:the )?(?:early |mid-|mid |late )?(?P<decade>(?:1[89]|20)\d0|[2-9]0|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)(?:(?<=\d)['’]?s\b|(?<=s)\b(?<!\d))",
        _decade,
    )
    yield rule(
        rf"\b{_ABOUT}(?P<number>{_NUM}|{_VAGUE})[- ](?P<unit>{_UNIT})(?:[- ]long)?\b(?![- ]old\b)", _duration
    )
    yield rule(
        rf"(?<![\d$£€.,#/-])\b{_MOD}(?:fiscal )?(?P<year>(?:1[89]|20)\d\d)\b(?![,.]\d|\d|%|-\d|/\d| (?:people|troops|men|soldiers|dollars|km|miles|rubles|women|families|houses|homes|workers))",
        _year,
    )
    yield rule(r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap]\.?m)\b\.?", _clock)
    yield rule(
        r"\b(?:now|currently|nowadays|at present|presently|at the moment|these days)\b", _vague("PRESENT_REF")
    )
    yield rule(
        r"\b(?:recently|in recent (?:days|weeks|months|years)|recent (?:days|weeks|months|years)|in the past|the past|formerly|lately)\b",
        _vague("PAST_REF"),
    )
    yield rule(
        r"\b(?:the (?:near )?future|near future|the coming (?:days|weeks|months|years))\b",
        _vague("FUTURE_REF"),
    )
    yield rule(
        r"\b(?:for|in|over|after|within|of) (?P<unit>days|weeks|months|years|hours|decades)\b", _bare_duration
    )


RULES = tuple(_grammar())
_AHEAD = re.compile(
    r"\b(?:will|shall|plans? to|due|scheduled|set to|to be held|is to|are to|going to|upcoming|slated|expires?)\b",
    re.I,
)
_SENTENCE_EDGE = re.compile(r"[.!?\n]\s")


def find_times(text: str, anchor: date | None, around: date | None = None) -> tuple[TimeExpression, ...]:
    """Give the temporal expressions in the order of the text; without `anchor` relative ones have no interval.

    `around` is a day within some weeks of the document's: it gives a month's day its year, and no weekday a date.
    """
    taken = bytearray(len(text))
    matches: list[tuple[re.Match[str], Callable[[re.Match[str], Anchor], Found | None]]] = []
    for pattern, handler in RULES:
        for match in pattern.finditer(text):
            if match.end() > match.start() and not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                matches.append((match, handler))
    told: date | None = None
    found: list[TimeExpression] = []
    for match, handler in sorted(matches, key=lambda m: m[0].start()):
        try:
            result = handler(match, Anchor(anchor, told, _looks_ahead(text, match), around))
        except (ValueError, OverflowError):
            continue  # the 31st of June and its like: no such day
        if result is None:
            continue
        type_, value, when = result
        found.append(TimeExpression(start=match.start(), end=match.end(), type=type_, value=value, when=when))
        if when is not None and (when.latest - when.earliest).days < 40:
            told = when.earliest.date()
    return tuple(found)


def _looks_ahead(text: str, match: re.Match[str]) -> bool:
    """Tell whether the clause before (or shortly after) an expression speaks of what is to come."""
    before = _SENTENCE_EDGE.split(text[max(0, match.start() - 70) : match.start()])[-1]
    return bool(_AHEAD.search(before))
