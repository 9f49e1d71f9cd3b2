"""Whether a new article begins under a heading, or the same one goes on: evidence with weights."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.read.lines import Paragraph
from detente.text import words

_STOP = frozenset(
    [
        "that",
        "this",
        "with",
        "from",
        "have",
        "been",
        "were",
        "will",
        "would",
        "could",
        "should",
        "their",
        "there",
        "they",
        "them",
        "then",
        "than",
        "which",
        "while",
        "where",
        "when",
        "what",
        "about",
        "after",
        "before",
        "also",
        "into",
        "over",
        "under",
        "more",
        "most",
        "some",
        "such",
        "only",
        "other",
        "because",
        "between",
        "against",
        "through",
        "during",
        "said",
        "says",
        "according",
        "year",
        "years",
        "month",
        "months",
        "week",
        "weeks",
        "people",
        "country",
        "countries",
        "government",
    ]
)
_DATED = re.compile(
    r"\b(?:on|early|late|since|by|until)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b",  # noqa: E501
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^\W*(?:however|but|yet|despite|although|though|moreover|furthermore|additionally|in addition|meanwhile|nevertheless|still|also|and|or|so|thus|therefore|hence"  # noqa: E501
    r"|this|that|these|those|it|he|she|they|his|her|its|their|both|such|another|other|the (?:recent|latest|latter|former|same|new|other|official|two|three|move|decision|visit|attack|statement|incident|deal|agreement|group|minister|president|government)"  # noqa: E501
    r"|in fact|indeed|instead|for example|for instance|according to (?:him|her|them|the)|given (?:this|these|that)|as (?:a result|such|mentioned)|first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|lastly|asked|speaking|earlier|later)\b",  # noqa: E501
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[A-ZÀ-Þ][A-ZÀ-Þ' .,/-]{2,40}(?:[,(][^—–:-]{2,40})?\s*(?:[—–:]|--| - )\s*\S")
_CAPITAL = re.compile(r"(?<=[a-z,;:’'”)—–-]\s)[A-ZÀ-Þ][\w’'-]{3,}")
_END_MATTER = frozenset(
    {"feed", "disclaimer", "copyright", "correction", "contact", "bio", "about", "comments", "subscribe"}
)

_NUMBERED = re.compile(
    r"^\W*(?:Q\d*|\d{1,2}|one|two|three|four|five|six|part \w+|step \w+)\s*[:.)–-]", re.IGNORECASE
)

WEIGHTS: Mapping[str, float] = {
    "bias": -0.4,
    "end matter": 2.6,
    "byline or date": 2.2,
    "dateline": 1.1,
    "headline": 0.5,
    "label": -2.2,
    "promotion": -0.6,
    "question of the text": -1.2,
    "repeated": 1.2,
    "refers back": -0.7,
    "dated lead": 1.1,
    "long article": 3.6,
    "short article": -0.7,
    "short section": -2.4,
    "carried words": -5.0,
    "carried names": -2.4,
    "told in the lead": 1.3,
    "heading known": -3.5,
    "sections before": -0.5,
    "as its sections": -1.0,
    "wide gap": 1.0,
}
"""How much each sign speaks for a new article.

Fitted by training/reader/boundaries.py on pages put together from 202 articles and on the sub-headings of
665 newswire articles that stand alone; then rounded, and the bias lowered, as to cut an article is worse
than to join two. Set by hand, as those pages hold none or few of them: end matter, byline or date, label,
promotion, as its sections, repeated, wide gap. Measured so: 6 of the 665 are cut; of the joins of newspaper
articles 0.91 to 0.98 are found, of those of other pages, many under titles of a few words, 0.48.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A place between two paragraphs: the article so far, the lines between, and the text to the next
    heading.
    """

    body: Sequence[Paragraph]
    between: Sequence[Paragraph]
    following: Sequence[Paragraph]


def starts_article(boundary: Boundary) -> bool:
    """Whether a new article begins there; never without a heading, a byline or end matter between."""
    if not any(line.kind in {"short", "byline", "stamp", *_END_MATTER} for line in boundary.between):
        return False
    signs = signs_of(boundary)
    if _heading_of(boundary.between) is None and not (signs["byline or date"] or signs["dateline"]):
        return False
    return weigh(signs) > 0


def weigh(signs: Mapping[str, float]) -> float:
    """Give the sum of the evidence; above 0 speaks for a new article."""
    return WEIGHTS["bias"] + sum(WEIGHTS.get(name, 0.0) * value for name, value in signs.items())


def signs_of(boundary: Boundary) -> dict[str, float]:
    """Give the signs for and against a new article, each 0-1."""
    heading = _heading_of(boundary.between)
    first = boundary.following[0].text if boundary.following else ""
    size = sum(paragraph.size for paragraph in boundary.body)
    ahead = sum(paragraph.size for paragraph in boundary.following)
    kinds = [line.kind for line in boundary.between]
    sections = [paragraph.size for paragraph in boundary.body if paragraph.kind == "heading"]
    return {
        "end matter": float(any(kind in _END_MATTER for kind in kinds)),
        "byline or date": float(any(kind in {"byline", "stamp"} for kind in kinds[-5:])),
        "dateline": float(bool(_DATELINE.match(first))),
        "headline": _headline_score(heading),
        "label": _label_score(heading),
        "promotion": float("promo" in kinds and not any(kind in _END_MATTER for kind in kinds)),
        "question of the text": float(
            heading is not None and heading.text.endswith("?") and heading.size < 8
        ),
        "repeated": float(is_doubled(boundary.between)),
        "refers back": float(bool(_BACK.match(first))),
        "dated lead": float(bool(_DATED.search(first[:400]))),
        "long article": min(1.0, size / 500),
        "short article": max(0.0, 1 - size / 120),
        "short section": max(0.0, 1 - ahead / 150),
        "carried words": carried_share(boundary.body, boundary.following),
        "carried names": _carried_names(boundary.body, boundary.following),
        "told in the lead": _share_of(heading, boundary.following[:2]),
        "heading known": _share_of(heading, boundary.body),
        "sections before": float(bool(sections)),
        "as its sections": float(bool(sections) and heading is not None and heading.size <= max(sections)),
        "wide gap": float(any(line.gap >= 3 for line in (*boundary.between, *boundary.following[:1]))),
    }


def _heading_of(between: Sequence[Paragraph]) -> Paragraph | None:
    shorts = [line for line in between if line.kind == "short"]
    return shorts[-1] if shorts else None


def _headline_score(heading: Paragraph | None) -> float:
    if heading is None:
        return 0.0
    return min(1.0, max(0.0, (heading.size - 3) / 6))


def _label_score(heading: Paragraph | None) -> float:
    """Give how much a heading looks like a section's label: a few words, 1 up to four of them, 0 from
    seven.
    """
    if heading is None:
        return 0.0
    return 1.0 if _NUMBERED.match(heading.text) else min(1.0, max(0.0, (7 - heading.size) / 3))


def is_doubled(between: Sequence[Paragraph]) -> bool:
    """Whether two of the lines say nearly the same: a page's title stands in its head and above the body."""
    shorts = [set(words(line.text)) for line in between if line.kind == "short" and line.size >= 4]
    return any(len(a & b) * 4 >= len(a | b) * 3 for a, b in itertools.pairwise(shorts))


def carried_share(body: Sequence[Paragraph], following: Sequence[Paragraph]) -> float:
    """Give the share, 0-1, of the next section's content words (rarer in the article so far count more)
    known already.
    """
    known = Counter(word for paragraph in body for word in _content(paragraph.text))
    ahead = Counter(word for paragraph in following[:5] for word in _content(paragraph.text))
    total = sum(1 + math.log(count) for count in ahead.values())
    if not total:
        return 0.0
    return sum(1 + math.log(count) for word, count in ahead.items() if word in known) / total


def _carried_names(body: Sequence[Paragraph], following: Sequence[Paragraph]) -> float:
    """Give the share, 0-1, of the names in the next section's first two paragraphs that were told before."""
    ahead = {name for paragraph in following[:2] for name in _names(paragraph.text)}
    known = {name for paragraph in body for name in _names(paragraph.text)}
    return len(ahead & known) / len(ahead) if ahead else 0.5


def _names(text: str) -> list[str]:
    return [match.group().casefold() for match in _CAPITAL.finditer(text)]


def _share_of(heading: Paragraph | None, paragraphs: Sequence[Paragraph]) -> float:
    """Give the share, 0-1, of a heading's content words that stand in the paragraphs."""
    wanted = set(_content(heading.text)) if heading else set()
    if not wanted:
        return 0.0
    have = {word for paragraph in paragraphs for word in _content(paragraph.text)}
    return len(wanted & have) / len(wanted)


def _content(text: str) -> list[str]:
    return [word for word in words(text) if len(word) >= 4 and word not in _STOP]
