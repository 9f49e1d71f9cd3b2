"""What an article's surroundings tell of it: title, author, outlet, dateline, origin, genre, language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from detente.read import boilerplate
from detente.read.lines import lead_stamp
from detente.read.split import Article
from detente.records import Genre
from detente.text import collapse_space, count_words

_AGENCIES = (
    "Reuters|Associated Press|AP|AFP|Agence France-Presse|dpa|DPA|Xinhua|TASS|Interfax|RIA Novosti|Anadolu(?: Agency)?|AA|Bernama|Kyodo(?: News)?|Yonhap"  # noqa: E501
    "|ANI|PTI|IANS|EFE|ANSA|UPI|IRNA|Tasnim|Mehr|Fars|SANA|MENA|WAM|KUNA|QNA|SPA|Petra|NAN|GNA|APP|BSS|UNB|CNA|Jiji|VOA|Azertac|Trend|Armenpress|Ukrinform|Belga|ANP|TT|NTB|Ritzau|APA|PAP|CTK|MTI|AAP|Canadian Press|Bloomberg"  # noqa: E501
)
_DATELINE = re.compile(
    r"^\W{0,3}(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ'’.-]+(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ'’.-]+){0,3}(?:, [A-ZÀ-Þ][\w.' -]{1,25})?)"
    r"(?:,? ?\(?(?P<date>[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?)\)?)?"
    r"(?:,? ?\((?P<agency>[^()]{2,40})\))?\s*(?:[—–:]|--?)\s*(?=\S)"
)
_MIXED_DATELINE = re.compile(
    rf"^\W{{0,2}}(?P<place>[A-ZÀ-Þ][\w'’.-]+(?:[ ,/]+[A-ZÀ-Þ][\w'’.-]+){{0,4}}),? "
    rf"(?:(?P<date>[A-Z][a-z]{{2,8}}\.? \d{{1,2}}|\d{{1,2}} [A-Z][a-z]{{2,8}}),? )?\((?P<agency>{_AGENCIES})\)\s*(?:[—–:-]+\s*)?(?=\S)"  # noqa: E501
)
_AGENCY_TAIL = re.compile(rf"[-–—(]\s?(?P<agency>{_AGENCIES})\)?\.?\s*$")
_APPEARED = re.compile(
    r"^The post (?P<title>.{2,300}?) (?:first )?appeared (?:first )?on (?P<outlet>.{2,100}?)\.?$"
    r"|\b(?:first|originally|previously) (?:appeared|published|ran)\b.{0,30}?\b(?:in|on|by|at) (?:the )?(?P<origin>[A-ZÀ-Þ][^.,;()\n]{1,60})"  # noqa: E501
    r"|\b(?:re-?published|reprinted) (?:from|with (?:the )?permission (?:of|from)|courtesy of) (?:the )?(?P<from>[A-ZÀ-Þ][^.,;()\n]{1,60})",  # noqa: E501
    re.IGNORECASE | re.MULTILINE,
)
_OWN_OUTLET = re.compile(
    r"not necessarily (?:reflect |represent )?(?:the )?(?:views?|opinions?|positions?|those)?\s*(?:or (?:views?|opinions?|position))?\s*(?:of )+(?P<outlet>(?-i:(?:[Tt]he )?[A-ZÀ-Þ][\w’'&-]*(?: (?:of |for |and |the )*[A-ZÀ-Þ0-9][\w’'&-]*){0,7}))"  # noqa: E501
    r"|exclusive report of (?P<exclusive>(?-i:(?:[Tt]he )?[A-ZÀ-Þ][\w’'&-]*(?: (?:of |for |and |the )*[A-ZÀ-Þ0-9][\w’'&-]*){0,7}))"  # noqa: E501
    r"|(?:©|\(c\)|copyright)\s*(?:\d{4}(?:\s*[-–]\s*\d{4})?)?,?\s*(?:by )?(?P<owner>(?-i:(?:[Tt]he )?[A-ZÀ-Þ][\w’'&-]*(?: (?:of |for |and |the )*[A-ZÀ-Þ0-9][\w’'&-]*){0,6}))",  # noqa: E501
    re.IGNORECASE,
)
_STAMPED_BY = re.compile(r"\bby (?P<author>[A-ZÀ-ÞА-Я][\w'’.-]+(?: [A-ZÀ-ÞА-Я][\w'’.-]+){0,4})\W*$")
_WRITTEN_BY = re.compile(
    r"(?:article|story|report|piece) was (?:written|reported|compiled) by (?P<author>[^.()]{4,80})", re.I
)
_ABOUT_NAME = re.compile(
    r"^\W*(?:about the author|author|written by)\s*[:–-]\s*(?P<author>[A-ZÀ-Þ][^|:]{2,80})$", re.I
)
_GIVEN_GENRES = frozenset(get_args(Genre))

_LABELS: Mapping[str, Genre] = {
    "opinion": "opinion", "opinions": "opinion", "op-ed": "opinion", "oped": "opinion", "editorial": "opinion",
    "commentary": "opinion", "comment": "opinion", "column": "opinion", "viewpoint": "opinion", "perspective": "opinion",
    "analysis": "analysis", "explainer": "analysis", "news analysis": "analysis", "letters": "letter", "letter": "letter",
    "brief": "brief", "briefs": "brief", "in brief": "brief", "forum": "forum",
}  # fmt: skip
_OPINION = re.compile(
    r"\b(?:must|should|ought to|needs? to|it is (?:time|clear|obvious|elementary|imperative)|it['’]s time|obviously|unfortunately|regrettably|shameful|hypocri\w+|brilliantly|mendacious|in my (?:view|opinion)|I (?:believe|think|argue|hope|fear)|we (?:must|should|need|cannot)|let us|let['’]s|strangely enough|of course|seems hilarious|dare)\b",  # noqa: E501
    re.IGNORECASE,
)
_ANALYSIS = re.compile(
    r"\b(?:analysts?|scenario|implications?|strategic(?:ally)?|geopolitical|likely to|may have|could (?:trigger|lead|become|harm|push)|suggests? that|underscor\w+|signals? (?:that|a)|balance of power|why|what (?:does|it|next|is)|explain\w*|explained|in the long (?:run|term)|rivalry|leverage|calculus|posture|dynamics)\b",  # noqa: E501
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|reported|according to|stated|added|confirmed|denied|claimed)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|my|me)\b")
_LETTER = re.compile(
    r"^\W*(?:(?:dear|to the|your) (?:editor|sir|madam|sirs|excellenc\w+|mr|ms|mrs|president|members|colleagues|friends)\b|(?:an )?open letter\b|sir,|letters? to the editor)",  # noqa: E501
    re.IGNORECASE,
)
_FORUM = re.compile(
    r"\b(?:posted by|reply by|\d+ repl(?:y|ies)|op\b|upvotes?|reddit|forum|thread|re:|joined:|posts:|imho|lol|tbh|imo|anyone|guys)\b|^\s*(?:seems|looks like|just saw|so)\b",  # noqa: E501
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of an article beside its text."""

    title: str | None
    author: str | None
    outlet: str | None
    dateline: str | None
    syndicated_from: str | None
    genre: Genre
    language: str | None
    notes: tuple[str, ...] = ()


def describe(article: Article, text: str, facts: Mapping[str, str], alone: bool) -> Head:
    """Give what an article's surroundings, facts and first lines tell of it.

    `facts` speak of the page: they name the article only if it stands alone on it.
    """
    told = facts if alone else {key: facts[key] for key in ("outlet", "language") if key in facts}
    title, why = _find_title(article, told)
    dateline, agency = read_dateline(text)
    around = "\n".join(line.text for line in (*article.above[-6:], *article.below))
    appeared = _APPEARED.search(around)
    author = told.get("author") or _find_author(article)
    genre, because = _find_genre(article, text, title, told)
    return Head(
        title=title,
        author=author,
        outlet=told.get("outlet") or _find_outlet(appeared, around) or _masthead(article),
        dateline=dateline,
        syndicated_from=told.get("syndicated_from")
        or _find_origin(appeared, agency, text, around, told.get("outlet")),
        genre=genre,
        language=_short_language(told.get("language")) or detect_language(text),
        notes=(f"title: {why}", f"genre: {because}"),
    )


def read_dateline(text: str) -> tuple[str | None, str | None]:
    """Give the dateline that opens a text as it stands there, and the agency it names."""
    match = _DATELINE.match(text) or _MIXED_DATELINE.match(text)
    if (
        not match
        or count_words(match.group()) > 12
        or match["place"] in {"SIR", "DEAR", "UPDATE", "BREAKING", "EXCLUSIVE"}
    ):
        return None, None
    agency = match["agency"]
    if agency and re.search(r"\d", agency):
        agency = None
    return collapse_space(match.group().strip(" —–:-\t")), agency


def _find_title(article: Article, facts: Mapping[str, str]) -> tuple[str | None, str]:
    given = facts.get("title")
    if given:
        return given, "given with the page"
    if article.headline is None:
        return None, "no heading above the text"
    return clean_title(article.headline.text), "the heading above the text"


def clean_title(text: str) -> str:
    """Give a heading without markup, without a date before it and without a site's name after a bar."""
    text = re.sub(r"^(?:#{1,6}\s+|=+\s*|\*\*|[>»]\s*)|(?:\s*=+|\*\*|\s*#+)$", "", text.strip())
    text = text[lead_stamp(text) :].strip(" |–—-:")
    head, bar, tail = text.partition(" | ")
    if bar and count_words(head) >= 4 and count_words(tail) <= 5:
        text = head
    return collapse_space(text)


def _find_author(article: Article) -> str | None:
    for line in (*reversed(article.above[-8:]), *article.below[:12]):
        match = boilerplate.BYLINE.match(line.text) or boilerplate.POSTED.match(line.text)
        if line.kind == "stamp":
            match = _STAMPED_BY.search(line.text)
        if line.kind in {"byline", "stamp"} and match:
            return collapse_space(match["author"]).strip(" ,;.")
        if match := _ABOUT_NAME.match(line.text):
            return collapse_space(match["author"])
        if match := _WRITTEN_BY.search(line.text):
            return collapse_space(match["author"])
    for line, following in zip(article.below[:8], article.below[1:9], strict=False):
        if boilerplate.SIGNATURE.match(line.text) and following.size <= 6:
            return collapse_space(following.text)
    for line in article.below[:8]:
        if line.kind == "bio" and (match := boilerplate.BIO_NAME.match(line.text)):
            return match["author"]
    return None


def _find_outlet(appeared: re.Match[str] | None, around: str) -> str | None:
    if appeared and appeared["outlet"]:
        return collapse_space(appeared["outlet"])
    match = _OWN_OUTLET.search(around)
    if match:
        name = collapse_space(match["outlet"] or match["exclusive"] or match["owner"])
        return re.sub(r"^the (?=[A-Z])|\s+(?:19|20)\d{2}$", "", name)
    return None


def _masthead(article: Article) -> str | None:
    """Give the name of a paper that heads the page, or stands before the date above the article."""
    for line in (*reversed(article.above[-6:]), *article.above[:2]):
        text = line.text.strip(" *#|")
        if line.kind == "stamp":
            text = re.split(r"\s*[,|•·–—]\s*", text)[0]
        if (
            line is not article.headline
            and count_words(text) <= 7
            and boilerplate.PAPER.search(text)
            and text[0].isupper()
        ):
            return collapse_space(text)
    return None


def _find_origin(
    appeared: re.Match[str] | None, agency: str | None, text: str, around: str, outlet: str | None
) -> str | None:
    found = None
    if appeared:
        found = appeared["outlet"] or appeared["origin"] or appeared["from"]
    elif agency:
        found = agency
    elif (match := _AGENCY_TAIL.search(text.rstrip()[-60:])) or (match := _AGENCY_TAIL.search(around[:200])):
        found = match["agency"]
    if not found or (outlet and found.strip().casefold() == outlet.casefold()):
        return None
    return collapse_space(found)


def _find_genre(
    article: Article, text: str, title: str | None, facts: Mapping[str, str]
) -> tuple[Genre, str]:
    given = facts.get("genre", "").casefold()
    if given in _GIVEN_GENRES:
        return given, "given"  # type: ignore[return-value]
    around = " ".join(line.text for line in (*article.above[-6:], *article.below[:8]))
    if any(_LETTER.match(part) for part in (text, title or "", *(line.text for line in article.above[-4:]))):
        return "letter", "it addresses a reader"
    if label := _label_above(article):
        return label, "the page says so"
    if any(line.kind == "disclaimer" for line in article.below[:6]):
        return "opinion", "a disclaimer of views stands under it"
    return _genre_by_style(article, text, title, around)


def _label_above(article: Article) -> Genre | None:
    """Give the genre that a label above the article names, unless the label is one of a menu."""
    labels = [line.text.strip(" *#:|[]").casefold() for line in article.above[-7:] if line.size <= 2]
    named: list[Genre] = [_LABELS[label] for label in labels if label in _LABELS]
    plain = [label for label in labels if label not in _LABELS and label.isalpha()]
    return named[-1] if named and len(plain) < 2 and len(named) == 1 else None


@dataclass(frozen=True, slots=True)
class _Style:
    """How a text is written: its words, and signs for each thousand of them; quotes left out where voice
    counts.
    """

    size: int
    opinion: float
    analysis: float
    reported: float
    personal: float
    asked: float
    quoted: float  # share of the text


def _style_of(text: str) -> _Style:
    own = re.sub(r"[“\"][^”\"]{0,600}[”\"]", "", text)
    size = max(1, count_words(text))
    per = 1000 / size
    return _Style(
        size=size,
        opinion=len(_OPINION.findall(own)) * per,
        analysis=len(_ANALYSIS.findall(own)) * per,
        reported=len(_REPORTED.findall(text)) * per,
        personal=len(_FIRST_PERSON.findall(own)) * per,
        asked=own.count("?") * per,
        quoted=1 - len(own) / max(1, len(text)),
    )


def _genre_by_style(article: Article, text: str, title: str | None, around: str) -> tuple[Genre, str]:
    """Guess by style. The bounds were set on gold/train: nine of ten reports have 3 reporting verbs or
    more in a
    thousand words, and 0 signs of opinion.
    """
    style = _style_of(text)
    bio = any(line.kind == "bio" for line in article.below[:6])
    marks = len(_FORUM.findall(around[:800]))
    posted = marks + len(_FORUM.findall(text[:3000])) >= 2 and style.reported < 8 and style.size < 900
    if marks >= 2 or posted:
        return "forum", "written as a post"
    if _argues(style, bio):
        return "opinion", "it argues in its own voice"
    if _weighs(style, bio, (title or "").endswith("?")):
        return "analysis", "it weighs what things mean"
    if style.size < 130:
        return "brief", "short"
    return "report", "it tells what was said and done"


def _is_detached(style: _Style) -> bool:
    """Whether it reports little and quotes little, yet judges, weighs or asks."""
    judged = style.opinion + style.analysis + style.asked
    return style.size >= 300 and style.reported < 7 and style.quoted < 0.12 and judged >= 1.5


def _argues(style: _Style, bio: bool) -> bool:
    if style.personal >= 6 and style.reported < 14:
        return True
    if (style.opinion >= 6 and style.reported < 9) or (bio and style.opinion >= 3 and style.reported < 10):
        return True
    return _is_detached(style) and style.opinion >= 1.5


def _weighs(style: _Style, bio: bool, asks: bool) -> bool:
    if (
        (style.analysis >= 5 and style.reported < 10)
        or (asks and style.reported < 12)
        or (bio and style.reported < 10)
    ):
        return True
    return _is_detached(style)


def detect_language(text: str) -> str | None:
    """Give the ISO 639-1 code of the language a text is written in, or None for less than a few words."""
    sample = text[:800]
    if count_words(sample) < 3:
        return None
    import py3langid  # its model is loaded when a language is first asked for

    return str(py3langid.classify(sample)[0])


def _short_language(given: str | None) -> str | None:
    match = re.match(r"[a-z]{2}", (given or "").casefold())
    return match.group() if match else None
