"""Running text cut into words after the conventions of the English treebanks.

Contractions and possessives are two words (do|n't, Georgia|'s), hyphens stand alone between words
(cease|-|fire) but not after a prefix (anti-war, co-chair), abbreviations keep their stop (U.S.,
Gen.), figures their signs (1,500 3.5 12:30), web addresses stay whole.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple


class Token(NamedTuple):
    """One word: half-open offsets in the text, and whether a line begins with it."""

    start: int
    end: int
    opens_line: bool


_ABBREVIATIONS = (
    "Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Cmdr|Adm|Sgt|Cpl|Brig|Gov|Sen|Rep|Rev|"
    "Hon|Amb|St|Ste|Jr|Sr|Messrs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|"
    "Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Inc|Corp|Co|Ltd|Bros|vs|etc|approx|dept|est|"
    "fig|Mt|Ft|pp|vol|ed|eds|al|cf|ca|Supt|Insp|Det|Const|Pvt|Pte|Vol|Art|Sec|Ave|"
    "Blvd|Rd|Calif|Fla|Mass|Pa|Va|Md|Conn|Ala|Ariz|Ark|Colo|Del|Ill|Ind|Kan|La|Mich|"
    "Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Penn|Tenn|Tex|Vt|Wash|Wis|Wyo"
)
_PREFIXES = (
    "anti|co|counter|cyber|de|ex|extra|inter|intra|mid|mini|micro|macro|mega|multi|non|"
    "over|para|post|pre|pro|proto|pseudo|re|semi|sub|super|trans|tri|ultra|un|under|"
    "uni|bi|e|x|t"
)
_CLITICS = ("n['’]t", "['’](?:s|re|ve|ll|d|m)")
_GLUED = {
    "cannot": 3, "gonna": 3, "gotta": 3, "wanna": 3, "gimme": 3, "lemme": 3, "dunno": 2, "whatcha": 4,
}  # fmt: skip

_PATTERN = re.compile(
    r"""
      (?P<web> (?:https?://|www\.)\S*[\w/=&] | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ | @\w+
          | \b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|uk|ru|ua|cn|il|ir|tr|de|fr|eu|ge|az)\b
            (?:/[^\s,;]*[\w/])? )
    | (?P<dotted> (?:[A-Za-z]\.){2,}[A-Za-z]?(?!\w) | \b[A-Z]\.(?=[ ]?[A-Z(“"]|[,;]) | \b(?:a|p)\.m\.
          | \b(?:e\.g|i\.e)\.? )
    | (?P<short> \b(?:ABBREVIATIONS)\.(?!\w) | \bNos?\.(?=\s?\d) )
    | (?P<dated> \d+/\d+/\d+ | \d{3}-\d{3}-\d{4} )
    | (?P<number> (?:(?<![\w)])[+-])?\d+(?:[.,:]\d+)*(?:(?:st|nd|rd|th|s)(?!\w))? )
    | (?P<clitic> (?<=\w)['’](?:s|re|ve|ll|d|m)(?!\w) )
    | (?P<money> \b(?:US|A|C|NZ|HK|S)\$ )
    | (?P<prefixed> \b(?i:PREFIXES)-(?=\w)[^\W_]+ )
    | (?P<word> [^\W\d_](?:[^\W_]|[\u0300-\u036f])*(?:['’][^\W_]+)*['’]? )
    | (?P<face> [:;]-?[()DP](?!\w) )
    | (?P<dots> \.{2,} | …+ | -{2,} | _+ | (?P<rep>[!?*=~<>])(?P=rep)* )
    | (?P<sign> \S )
    """.replace("ABBREVIATIONS", _ABBREVIATIONS).replace("PREFIXES", _PREFIXES),
    re.VERBOSE,
)
_CLITIC = re.compile(rf"(?:{'|'.join(_CLITICS)})$", re.IGNORECASE)
_CAPITALS = r"[A-Z][A-Z.'’]*[A-Z]{2}(?:[ /-][A-Z.'’]{2,}){0,3}"  # KYIV, NEW YORK, KYIV/MOSCOW
_NAMES = r"[A-Z][\w.'’]+(?:\s[A-Z][\w.'’]+){0,3}"  # Kyiv, New York
_MORE = r"(?:,\s?(?:[A-Z][\w.]*|\d{1,4})(?:\s(?:[A-Z][\w.]*|\d{1,4}))*)"  # , Ukraine, Jan. 27
_AGENCY = r"\([A-Z][\w./ ]{1,20}\)"  # (Reuters)
_DATELINE = re.compile(
    rf"\s*(?:(?:(?:{_CAPITALS}|{_NAMES}){_MORE}{{0,3}}\s?)?{_AGENCY}\s*(?:--|[–—]|-(?=\s))"
    rf"|{_CAPITALS}{_MORE}{{1,3}}\s*(?:--|[–—]|-(?=\s))"
    rf"|{_CAPITALS}\s*(?:--|[–—]))\s*"
)
_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)+")  # lines without a blank one between
_COLUMNS = range(50, 101)  # widths at which mail, PDF and forums wrap
_RAGGED = 3  # letters by which a line may fall short, as letters differ in width
_LINE_BREAK = re.compile(r"[\n\r\v\f\u2028\u2029\x85]")


def tokenize(text: str) -> list[Token]:
    """The words of a text, in order. No word holds a space or a line break."""
    tokens: list[Token] = []
    for begin, end in _lines(text):
        opens = True
        for found in _PATTERN.finditer(text, begin, end):
            left, right = found.span()
            if found.lastgroup == "word" and _may_split(found[0]):
                for cut in _cuts(text, left, right):
                    tokens.append(Token(left, cut, opens))
                    left, opens = cut, False
            tokens.append(Token(left, right, opens))
            opens = False
    return tokens


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines of a text; a dateline counts as a line, so that the news after it stands alone.

    Lines that were wrapped at a column (mail, PDF) are one.
    """
    at, wrapped = 0, _wrapped_breaks(text)
    breaks = ((m.start(), m.end()) for m in _LINE_BREAK.finditer(text) if m.start() not in wrapped)
    for end, after in [*breaks, (len(text), len(text))]:
        dateline = _DATELINE.match(text, at, end)
        if dateline:
            yield at, dateline.end()
            at = dateline.end()
        yield at, end
        at = after


def _wrapped_breaks(text: str) -> set[int]:
    """Where lines were broken because the next word had no room, in blocks where most were."""
    found: set[int] = set()
    for block in _BLOCK.finditer(text):
        lines = block[0].split("\n")
        width = max(map(len, lines))
        if width not in _COLUMNS:
            continue
        ends, at = list[int](), block.start()
        for line, after in pairwise(lines):
            if len(line) + 1 + len(after.split(" ", 1)[0]) > width - _RAGGED:
                ends.append(at + len(line))
            at += len(line) + 1
        if len(ends) > 1 and 2 * len(ends) >= len(lines) - 1:
            found.update(ends)
    return found


def _may_split(word: str) -> bool:
    return "'" in word or "’" in word or word.lower() in _GLUED


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where a word comes apart: contractions, possessives, a closing quote it has taken along."""
    word = text[start:end]
    glued = _GLUED.get(word.lower())
    if glued:
        return [start + glued]
    if word[-1] in "'’" and len(word) > 1:
        return [*_cuts(text, start, end - 1), end - 1]
    clitic = _CLITIC.search(word)
    if clitic and clitic.start():
        cut = start + clitic.start()
        return [*_cuts(text, start, cut), cut]
    return []
