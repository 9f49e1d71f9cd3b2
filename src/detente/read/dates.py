"""When an article was published: given, stated on the page, or inferred as an interval; never "now"."""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from detente.read.formats import PageText
from detente.read.split import Article
from detente.records import Basis, When

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = "(?:(?P<weekday>" + "|".join(_DAYS) + r"),?\s+(?:on\s+)?(?:the\s+)?)?"
_FORMS = tuple(
    re.compile(rf"(?<![\w/-])(?:{form})(?![\w-])", re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-/.](?P<number>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T ]\d{{2}}:\d{{2}}[^\s,;)]*)?",
        rf"{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}(?:,\s*|\s+)(?:at\s+)?{_YEAR}",
        rf"(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.{_YEAR}",
        rf"{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}",
        rf"{_MONTH},?\s+(?:of\s+)?{_YEAR}",
    )
)
_ANCHOR = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)|\d[-/.]\d"
)
_BARE_YEAR = re.compile(
    r"(?<![\w.,:/$€£#-])(?:in|since|of|from|during|the|late|early|mid-|until|and|between|through|–|-|by)[\s-]+(?:\w+\s)?"
    + _YEAR
    + r"(?!\d|[.,]\d|%|\s*(?:percent|people|km|kilomet|meters|troops|soldiers|tons))",
    re.IGNORECASE,
)
_PAREN_YEAR = re.compile(
    r"(?:(?<=\()|(?<=[-–])|\b)((?:19|20)\d{2})(?:(?=\))|(?<=[-–]\d{4})\b|(?=\s+(?:war|conflict|invasion|agreement|election|coup|deal|summit|ceasefire|offensive|attack)))"
)
_AHEAD = re.compile(
    r"\b(?:will|would|is to|are to|plans? to|scheduled|upcoming|next|expected|until|by|deadline|due|through|ahead of|before|set to|expires?)\b",  # noqa: E501
    re.IGNORECASE,
)
_PAST_YEARS = re.compile(r"\b(?:last|anniversary|every|each|years? ago|in \d{4})\b", re.IGNORECASE)
_URL_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})[/-]?(?P<number>0[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)|/(?P<y>(?:19|20)\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})?(?:/|$)"
)
_LABEL = re.compile(r"\b(?:published|posted|date|dated|issued|updated|created|released)\b", re.IGNORECASE)
_UPDATED = re.compile(r"^\W*(?:last )?(?:updated|modified|edited)\b", re.IGNORECASE)
_TODAY = re.compile(r"\b(?:today|yesterday)\W{0,3}\(?(?=[A-Z]|\d)|\b(?:today|now),?\s*\(", re.IGNORECASE)

RECENT_DAYS = 30  # what an article calls news is seldom older


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A date found in text: year, month and day as far as told."""

    at: int
    year: int | None
    month: int | None
    day: int | None
    weekday: int | None = None
    ahead: bool = False


def date_articles(
    content: PageText, articles: Sequence[Article], facts: Mapping[str, str], given: Mapping[str, str]
) -> list[tuple[When | None, tuple[str, ...]]]:
    """Give for every article of a page when it was published, and why.

    `given` are the facts told from outside the page, `facts` those and what the page's format says.
    """
    found = [_date_article(content, article, facts, given, len(articles) == 1) for article in articles]
    return _borrow(content, articles, found)


def _date_article(
    content: PageText, article: Article, facts: Mapping[str, str], given: Mapping[str, str], alone: bool
) -> tuple[When | None, tuple[str, ...]]:
    if alone and (told := _given(facts, given)):
        return told
    if when := _stated(article, alone):
        return when, ("published: stated on the page",)
    if "published" in facts and (when := parse_moment(facts["published"], "given")):
        return when, ("published: given for the page",)
    text = "".join(content.text[span.start : span.end] for span in article.spans)
    return infer_published(text)


def _given(facts: Mapping[str, str], given: Mapping[str, str]) -> tuple[When, tuple[str, ...]] | None:
    if when := parse_moment(given.get("published", ""), "given"):
        return when, ("published: given with the page",)
    if when := parse_moment(facts.get("published", ""), "stated"):
        return when, ("published: stated in the page's own data",)
    if when := _from_url(facts.get("url", "")):
        return when, ("published: the date in its address",)
    return None


def _from_url(url: str) -> When | None:
    match = _URL_DATE.search(url)
    if not match:
        return None
    year, month, day = match["year"] or match["y"], match["number"] or match["m"], match["day"] or match["d"]
    return _interval(int(year), int(month), int(day) if day else None, "given")


def _stated(article: Article, alone: bool) -> When | None:
    """Look for a date line beside the article: just above it, on the line that opens it, just below it."""
    above = [line for line in article.above if line.kind in {"stamp", "byline", "head", "meta", "short"}]
    found = [
        (bool(_UPDATED.search(line.text)), when)
        for line in reversed(above[-8:])
        if (line.kind != "short" or _LABEL.search(line.text)) and (when := _first_full(line.text))
    ]
    if found:
        return min(found, key=lambda item: item[0])[1]
    for line in article.below[:6]:
        if alone and line.kind in {"stamp", "correction", "feed"} and (when := _first_full(line.text)):
            return when
    opening = article.body[0].text[:400] if article.body else ""
    return _from_dateline(opening)


def _first_full(text: str) -> When | None:
    for mention in find_mentions(text[:400]):
        if mention.year and mention.month and mention.day:
            return _interval(mention.year, mention.month, mention.day, "stated")
    return None


def _from_dateline(opening: str) -> When | None:
    head = re.match(r"^[^.]{0,80}?(?:\(|, | )(?=[A-Z0-9])[^.]{0,40}?\)?\s*(?:[—–-]{1,2}|:)\s", opening)
    if head and head.group().split(" ")[0].isupper() and (when := _first_full(head.group())):
        return When(earliest=when.earliest, latest=when.latest, basis="dateline")
    for mention in find_mentions(opening):
        if mention.year and mention.day and _TODAY.search(opening[max(0, mention.at - 12) : mention.at + 1]):
            return _interval(mention.year, mention.month or 1, mention.day, "stated")
    return None


def parse_moment(text: str, basis: Basis = "given") -> When | None:
    """Give the day, month or year that a short text tells, with its clock time if it has one; None if it
    has none.
    """
    text = text.strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and ("T" in text or ":" in text):
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return When(earliest=moment, latest=moment, basis=basis)
    if re.fullmatch(r"\d{9,11}(?:\.\d+)?", text):
        moment = datetime.fromtimestamp(int(float(text)), UTC)
        return When(earliest=moment, latest=moment, basis=basis)
    for mention in find_mentions(text[:200]):
        if mention.year:
            return _interval(mention.year, mention.month, mention.day, basis)
    match = re.fullmatch(r"((?:19|20)\d{2})(?:-(\d{2}))?", text)
    return _interval(int(match[1]), int(match[2]) if match[2] else None, None, basis) if match else None


def _interval(year: int, month: int | None, day: int | None, basis: Basis) -> When | None:
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        last = first
    elif month:
        last = date(year, month, calendar.monthrange(year, month)[1])
    else:
        last = date(year, 12, 31)
    return _between(first, last, basis)


def _between(first: date, last: date, basis: Basis) -> When:
    return When(
        earliest=datetime(first.year, first.month, first.day, tzinfo=UTC),
        latest=datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC),
        basis=basis,
    )


def iso_date(when: When | None) -> str | None:
    """Give a time as an ISO day, month or year, whichever holds all of it; None if not even a year does."""
    if when is None:
        return None
    first, last = when.earliest.date().isoformat(), when.latest.date().isoformat()
    for length in (10, 7, 4):
        if first[:length] == last[:length]:
            return first[:length]
    return None


def find_mentions(text: str) -> list[Mention]:
    """Give the dates that a text names, in order, the fullest form of each."""
    taken: list[tuple[int, int]] = []
    found: list[Mention] = []
    for low, high in _near_anchors(text):
        for form in _FORMS:
            for match in form.finditer(text, low, high):
                if any(match.start() < end and match.end() > start for start, end in taken):
                    continue
                taken.append(match.span())
                mention = _mention(text, match)
                if mention:
                    found.append(mention)
    return sorted(found, key=lambda mention: mention.at)


def _near_anchors(text: str) -> Iterator[tuple[int, int]]:
    """Give the stretches around months' names and numeric dates: the forms are slow, and only match there."""
    low = high = -1
    for match in _ANCHOR.finditer(text):
        if high >= 0 and match.start() - 40 > high:
            yield low, high
            low = -1
        low = max(0, match.start() - 40) if low < 0 else low
        high = min(len(text), match.end() + 40)
    if high >= 0:
        yield low, high


def _mention(text: str, match: re.Match[str]) -> Mention | None:
    told = match.groupdict()
    month = int(told["number"]) if told.get("number") else _MONTHS.get((told.get("month") or "").casefold())
    day = int(told["day"]) if told.get("day") else None
    if month is None or not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    if (
        told.get("month", "") and told["month"].islower()
    ):  # "may 3", "march 2": a verb more often than a month
        return None
    before = text[max(0, match.start() - 60) : match.start()]
    clause = re.split(r"[.;!?]\s", before)[-1]
    return Mention(
        at=match.start(),
        year=int(told["year"]) if told.get("year") else None,
        month=month,
        day=day,
        weekday=_DAYS.get((told.get("weekday") or "").casefold()),
        ahead=bool(_AHEAD.search(clause)),
    )


def infer_published(text: str) -> tuple[When | None, tuple[str, ...]]:
    """Give the interval in which a text must have been written, from the dates it calls past, and the reason.

    Days told without a year ("on October 21") are news; their year comes from the latest day, month or
    landmark that the text speaks of as past. A day told in full is news only if nothing says otherwise, a
    bare month or year is not: of 61 articles whose year could only be guessed from one, 3 were written in it.
    News is told within RECENT_DAYS. None where this leaves more than that; the reason then tells the bound.
    """
    mentions = find_mentions(text)
    bound, level, why = _lower_bound(text, mentions)
    if bound is None:
        return None, ("published: no year is told or implied",)
    partial = [mention for mention in mentions if mention.year is None and mention.day and not mention.ahead]
    days = sorted(day for mention in partial if (day := _place_day(mention, bound, level)))
    if days and level != "year":
        latest = max(_last_close(days), bound if level == "day" else days[0])
        return _recent(
            latest, f"published: after {latest.isoformat()}, the last day it tells of; the year from {why}"
        )
    if level == "day":
        return _recent(bound, f"published: after {why}")
    if level == "landmark" and _is_news(text, bound):
        return _recent(bound, f"published: after {why}, told as news")
    return None, (f"published: not known; not before {why}",)


def _recent(day: date, reason: str) -> tuple[When, tuple[str, ...]]:
    return _between(day, day + timedelta(days=RECENT_DAYS), "inferred"), (reason,)


def _is_news(text: str, day: date) -> bool:
    """Whether the opening tells of a landmark by the weekday on which it was."""
    weekday = calendar.day_name[day.weekday()]
    return bool(re.search(rf"\b(?:on|early|late|this) {weekday}\b", text[:600]))


def _last_close(days: list[date]) -> date:
    """Give the last of the days, unless it stands alone more than half a year after the others."""
    if len(days) > 2 and (days[-1] - days[-2]).days > 182:
        return days[-2]
    return days[-1]


def _lower_bound(text: str, mentions: Sequence[Mention]) -> tuple[date | None, str, str]:
    """Give the latest time that the text speaks of as past, how exact it is, and the words for it."""
    bounds: list[tuple[date, int, str]] = []
    for mention in mentions:
        if mention.year is None or mention.ahead:
            continue
        when = _interval(mention.year, mention.month, mention.day, "inferred")
        if when:
            bounds.append(
                (
                    when.earliest.date(),
                    3 if mention.day else 2,
                    f"the {'day' if mention.day else 'month'} {iso_date(when)}",
                )
            )
    for year in _years(text):
        bounds.append((date(year, 1, 1), 1, f"the year {year}"))
    for since, name, era in _landmarks_in(text):
        bounds.append((since, 1 if era else 4, f"its mention of “{name}”"))
    if not bounds:
        return None, "none", ""
    latest = max(bounds, key=lambda bound: (bound[0].year, bound[1] > 1, bound[0]))
    return latest[0], {1: "year", 2: "month", 3: "day", 4: "landmark"}[latest[1]], latest[2]


def _years(text: str) -> Iterator[int]:
    for pattern in (_BARE_YEAR, _PAREN_YEAR):
        for match in pattern.finditer(text):
            year = int(next(group for group in match.groups() if group))
            clause = re.split(r"[.;!?]\s", text[max(0, match.start() - 80) : match.start() + 6])[-1]
            if not _AHEAD.search(clause) and year <= 2100:
                yield year


def _place_day(mention: Mention, bound: date, level: str) -> date | None:
    """Give the day a text means by month and day alone: the nearest to a full date, else the first after
    the bound.

    A weekday told beside it must fit.
    """
    near: list[date] = []
    for year in range(bound.year - 1, bound.year + 7):
        try:
            day = date(year, mention.month or 1, mention.day or 1)
        except ValueError:
            continue
        if mention.weekday is None or day.weekday() == mention.weekday:
            near.append(day)
    if level != "day":
        near = [day for day in near if day >= bound.replace(day=1)][:1]
    return min(near, key=lambda day: (abs((day - bound).days), day), default=None)


def _landmarks_in(text: str) -> Iterator[tuple[date, str, bool]]:
    """Give the day on which each landmark of a text began, its words, and whether it lasts for years."""
    small = text.casefold()
    for since, keys, pattern, era in _landmarks():
        if any(key in small for key in keys) and (match := pattern.search(text)):
            yield since, match.group(), era


@lru_cache(maxsize=1)
def _landmarks() -> tuple[tuple[date, tuple[str, ...], re.Pattern[str], bool], ...]:
    text = files("detente").joinpath("data/landmarks.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(
        (date.fromisoformat(day), tuple(keys.split(", ")), re.compile(rf"\b(?:{phrase})", re.IGNORECASE), era == ["era"])
        for day, keys, phrase, *era in rows
    )


def _borrow(
    content: PageText, articles: Sequence[Article], found: list[tuple[When | None, tuple[str, ...]]]
) -> list[tuple[When | None, tuple[str, ...]]]:
    """Date an undated article that speaks of a landmark by a neighbour on the page dated soon after it."""
    dated = [when for when, _ in found if when is not None]
    result: list[tuple[When | None, tuple[str, ...]]] = []
    for article, (when, notes) in zip(articles, found, strict=True):
        text = "".join(content.text[span.start : span.end] for span in article.spans)
        bound, level, why = _lower_bound(text, find_mentions(text)) if when is None else (None, "", "")
        near = [
            each for each in dated
            if bound and level == "landmark" and 0 <= (each.earliest.date() - bound).days <= _SOON_DAYS
        ]  # fmt: skip
        if near:
            first = min(each.earliest for each in near).date()
            result.append(_recent(first, f"published: about when its neighbour on the page was, after {why}"))
        else:
            result.append((when, notes))
    return result


_SOON_DAYS = 60
