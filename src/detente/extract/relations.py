"""Relations: standing ties that events leave out, as one document tells them, each with its sentence.

Arms supplier, patron and proxy, treaty, trade, membership: they hold for years, so that nobody reports them as
news, and yet a dyad can't be read without them. Each kind has a handful of patterns over the words of one
sentence, in which every named party is a slot; what is wished, feared, former or negated is not taken.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from detente.engines import Annotation, Engines
from detente.extract.credits import speakers_of
from detente.extract.events import unnamed_sources
from detente.extract.parties import Party, find_parties, make_actor
from detente.extract.reports import Report, find_reports
from detente.extract.scene import middle_day
from detente.packs import Pack
from detente.records import (
    Actor,
    Attribution,
    Count,
    Document,
    Evidence,
    Relation,
    RelationId,
    RelationKind,
    Span,
    Stance,
    When,
    make_id,
)

CODE = "relations-1"
LONGEST = 900  # characters of a sentence; longer ones are lists and tables
_SLOT = 0xE000  # a party's characters are replaced by one of the private-use characters from here on
_MOST_SLOTS = 200
_BODIES = frozenset({"armed group", "organisation", "party", "organ", "company"})

# A document without one of these words tells no relation, and need not be annotated.
_CUES = re.compile(
    r"\b(?:suppl(?:y|ies|ier|iers|ied)|sources? of|accounts? for|accounted for|accounting for|trading partner|trade between"
    r"|prox(?:y|ies)|pact|treat(?:y|ies)|convention|accords?|alliance|agreement|member(?: state)? of|joined|acceded"
    r"|backs|funds|finances|sponsors|arms|trains|imports?|exports?|buys|sells)\b|-(?:backed|sponsored|funded|armed)\b"
    r"|\b(?:backed|funded|financed|armed|sponsored|supported|trained|controlled) by\b",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:not|never|no longer|neither|nor|cannot|without|would|could|might|may|should|if|whether|unless|former|formerly"
    r"|ceased|stopped|ended|wants? to|wanted to|hopes? to|plans? to|planned to|ready to|refus\w+|potential|possible|once"
    r"|future|prospective|against|lost|ethnic)\b|n[’']t\b",
    re.IGNORECASE,
)
_PATTERNS: Mapping[str, str] = {
    "ARMS": r"(?:arms|weapons?(?: systems?)?|weaponry|armaments?|munitions|ammunition|rifles|drones|missiles|artillery"
    r"|military (?:equipment|hardware|technology|supplies))",
    "SHARE": r"(?P<n>(?i:(?:(?:about|around|some|roughly|nearly|almost|more than|over|at least|up to|as much as|less than) )?"
    r"(?:\d{1,3}(?:\.\d+)?(?: ?%| per ?cent\b)|(?:an?|one)[- ](?:third|quarter|fifth|tenth)\b|half\b|two[- ]thirds\b"
    r"|three[- ]quarters\b)))",
    "GAP": r"[^SLOT;:.]{0,70}?",
    "IS": r"\b(?:is|are|was|were|remains?|remained|been|became|become|becomes|emerged as)\b",
    "ADJ": r"(?:[\w-]+ ){0,3}?",
    "OF": r"(?:['’]s|['’])?",
    "THE": r"(?:the )?",
    "WHAT": r"(?P<w>[A-Za-z][\w-]*(?: (?!(?:between|in|from|since|during|over|to|and|for|at|by|as|last|this|each|every|with)\b)"
    r"[a-z][\w-]*){0,3})",
    "TREATY": r"(?P<w>(?:(?:[A-Z][\w’'-]+|[SLOT]+) ){0,4}?(?:(?:mutual|bilateral|defen[cs]e|security|peace|friendship|water|border|gas|trade"
    r"|non-aggression|extradition|partnership|strategic|cooperation|military)(?: and)? ){0,4}?"
    r"(?:[Tt]reaty|[Pp]act|[Cc]onvention|[Aa]ccords?|[Aa]lliance|[Aa]greement)(?: of \d{4})?)",
    "BACKED": r"(?:backed|funded|financed|armed|sponsored|supported|trained|controlled)",
}  # fmt: skip
_RULES: tuple[tuple[RelationKind, str], ...] = (
    ("arms", r"{s}(?:GAP in {x})?GAPIS GAP{o}OF ADJARMS (?:supplier|provider|exporter|seller|source)s?\b"),
    ("arms", r"{s}(?:GAP in {x})?GAPIS GAP{o}OF ADJ(?:supplier|provider|exporter|seller|source)s? of ADJARMS\b"),
    ("arms", r"{s}(?:GAP in {x})?GAPIS GAPARMS (?:supplier|provider|exporter|seller)s? (?:to|of|for) THE{o}"),
    ("arms", r"{s},? (?:[\w-]+ )?(?:supplies|provides|sells|delivers|exports|(?:has|have) (?:long )?(?:supplied|sold)) "
             r"ADJARMS\bGAP (?:to|for) THE{o}"),
    ("arms", r"{s},? (?:[\w-]+ )?(?:supplies|equips|provides|(?:has|have) (?:long )?(?:supplied|armed)) THE{o} with ADJARMS\b"),
    ("trade", r"{s}GAPIS GAP{o}OF ADJ(?:supplier|source|provider|exporter)s? of WHAT"),
    ("trade", r"{s}GAPIS GAP{o}OF (?P<w>ADJ(?:trading|trade) partner)\b"),
    ("trade", r"{s}GAP(?:supplie[sd]|provide[sd]?|account(?:s|ed) for|deliver(?:s|ed)|cover(?:s|ed)) SHARE of THE{o}OF WHAT"),
    ("trade", r"{o}GAP(?:buys|bought|imports|imported|gets|got|receives|received|obtains) SHARE of (?:{x}OF|its|their|the) WHATGAP"
              r" from THE{s}"),
    ("trade", r"{s}GAP(?:sells|sold|exports|exported|ships) (?P<sold>)SHARE of (?:{x}OF|its|their) WHATGAP to THE{o}"),
    ("trade", r"SHARE of {o}OF WHATGAP (?:came|comes|come|is|are|was|were bought|bought|imported) from THE{s}"),
    ("trade", r"(?P<w>(?:[Bb]ilateral )?[Tt]rade)(?: turnover| volume)? between THE{s} and THE{o}GAP"
              r"(?:reached|worth|stood at|totall?ed|amounted to|hit|exceeded) (?P<m>(?:US)?[$€£]\s?\d[\d.,]*(?: ?(?:million|billion|m|bn))?)"),
    ("backs", r"{s}-BACKED (?:[\w’'-]+ ){0,4}?(?:like |such as |including |called )?THE{o}"),
    ("backs", r"{s}OF ADJprox(?:y|ies)(?: \w+)?,? (?:like |such as |including |namely )?THE{o}"),
    ("backs", r"{o},? (?:which |that )?(?:(?:is|are|remains?|(?:is )?(?:widely )?(?:seen|regarded) as) )?(?:an?|the|one of) ADJ{s}OF ADJprox(?:y|ies)\b"),
    ("backs", r"{o},? (?:which |that )?(?:is|are) (?:an?|the) ADJprox(?:y|ies) (?:of|for) THE{s}"),
    ("backs", r"{o},? (?:(?:which |that )?(?:is|are) )?(?:[\w-]+ly )?BACKED(?: and \w+)? by THE{s}"
              r"(?! (?!and|or|who|which|that|in|on|at|for|to|since|as|but|while|when|with)[a-z])"),
    ("backs", r"{s},? (?:[\w-]+ly )?(?:backs|funds|finances|sponsors|arms|trains|supplies)(?: and \w+)? THE{o}"),
    ("treaty", r"TREATY(?:,? GAP)?(?: between| by| of) THE{s} and THE{o}"),
    ("treaty", r"{s} and THE{o}(?: (?:both|also|long))? (?:signed|concluded|ratified|are bound by|have had|have|share|are part(?:y|ies) to|entered into)"
               r"(?: in \d{4},?)? (?:an?|the|their) TREATY"),
    ("treaty", r"{s}(?: (?:[\w-]+ly))? (?:has|signed|is bound by|concluded|ratified|entered into)(?: in \d{4})? (?:an?|the|its) TREATYGAP with THE{o}"),
    ("treaty", r"TREATY,? (?:which )?(?:binds|bound|has bound) THE{both}"),
    ("member", r"{s}GAP\b(?:is|are|has been|remains|became) (?:an? |the )?ADJmember(?: state)? of THE{o}"),
    ("member", r"{s}(?: [\w-]+ly)? (?:joined|acceded to) THE{o}"),
)  # fmt: skip
_YEARS = re.compile(
    r"\b(?P<since>since )?(?P<a>(?:19|20)\d\d)(?:\s*(?:-|–|—|to|and|until|through)\s*(?P<b>(?:19|20)?\d\d))?\b", re.IGNORECASE
)
_SHARE_OF = (
    r"SHARE of (?:{x}OF |the country['’]s |its |their |the )?"
    r"(?P<w>ADJ(?:imports?|exports?|purchases|needs)|(?:[\w-]+ )?(?:arms|weapons|oil|gas))\b"
)
_NUMBER = re.compile(r"\d[\d.,]*")
_PARTS = {"third": 33, "quarter": 25, "fifth": 20, "tenth": 10, "half": 50, "two": 67, "three": 75}
_FLOOR = re.compile(r"^(?:more than|over|at least)\b")
_CEILING = re.compile(r"^(?:up to|as much as|less than)\b")
_REAL_TREATY = re.compile(
    r"[Tt]reaty|[Pp]act\b|[Cc]onvention|[Aa]lliance|[A-Z][\w’'-]+ (?:Agreement|Accords?)"
    r"|(?:defen[cs]e|security|water|border|gas|trade|partnership|cooperation|military) agreement"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence with its named parties as slots of the same length, so that offsets stay."""

    start: int
    masked: str
    slots: Mapping[str, tuple[Actor, ...]]


def extract_relations(document: Document, pack: Pack, engines: Engines) -> tuple[Relation, ...]:
    """Give the relations that a document tells, each once, in the order of the text."""
    if document.language not in (None, "en") or not _CUES.search(document.text):
        return ()
    annotation = next(iter(engines.annotator.annotate([document.text])))
    parties = find_parties(annotation, pack, middle_day(document))
    reports = find_reports(annotation, pack.lexicon)
    found: dict[tuple[object, ...], Relation] = {}
    recipe = "+".join((CODE, engines.recipe, pack.digest[:8]))
    for sentence in _sentences(annotation, parties, pack):
        for kind, match in _matches(sentence):
            for relation in _relations(document, sentence, kind, match, recipe, annotation, parties, reports):
                key = (relation.kind, *_ends(relation), _stance(relation) in ("denies", "doubts"))
                if key not in found or (relation.share and not found[key].share):
                    found[key] = relation
    return tuple(sorted(found.values(), key=lambda r: (r.span, r.id)))


def _stance(relation: Relation) -> Stance:
    return relation.attribution.stance if relation.attribution else "asserts"


def _ends(relation: Relation) -> tuple[str, ...]:
    names = (relation.subject.id, relation.object.id)
    return tuple(sorted(names)) if relation.kind == "treaty" else names


def _sentences(annotation: Annotation, parties: Sequence[Party], pack: Pack) -> Iterator[_Sentence]:
    for first, last in annotation.sentences:
        start, end = annotation.span(first, last)
        if end - start > LONGEST or not _CUES.search(annotation.text, start, end):
            continue
        own = [party for party in parties if first <= party.start < last][:_MOST_SLOTS]
        chars = list(annotation.text[start:end])
        slots: dict[str, tuple[Actor, ...]] = {}
        for party in own:
            named = _slot(annotation, party, pack)
            if named is None:
                continue
            (left, right), actors = named
            mark = chr(_SLOT + len(slots))
            slots[mark] = actors
            chars[left - start : right - start] = mark * (right - left)
        yield _Sentence(start=start, masked="".join(chars).replace("\n", " "), slots=slots)


def _slot(a: Annotation, party: Party, pack: Pack) -> tuple[tuple[int, int], tuple[Actor, ...]] | None:
    """Give the characters and the actors of a named party; of "Iranian proxy" the state that the adjective tells."""
    words = a.quote(party.start, party.end)
    described = party.kind in ("people", "group", "organ", "office") or any(x.kind == "unnamed" for x in party.actors)
    if not described:
        return a.span(party.start, party.end), party.actors
    country = party.actors[0].country if party.actors else None
    entry = pack.countries.get(country) if country else None
    first = words.split()[0] if words else ""
    if entry is not None and first in entry.adjectives:
        left = a.starts[party.start]
        return (left, left + len(first)), (make_actor(entry.name, "state", country, "GOV"),)
    return None


@cache
def _compiled() -> tuple[tuple[RelationKind, re.Pattern[str]], ...]:
    """Give the rules as patterns."""
    return tuple((kind, _pattern(rule)) for kind, rule in _RULES)


@cache
def _pattern(rule: str) -> re.Pattern[str]:
    """Give a rule with its words and slots written out."""
    for name in sorted(_PATTERNS, key=len, reverse=True):
        rule = re.sub(rf"(?<![A-Za-z]){name}|{name}(?![a-z])", _PATTERNS[name].replace("\\", r"\\"), rule)
    for name in ("s", "o", "both"):
        rule = rule.replace(f"{{{name}}}", rf"(?P<{name}>[SLOT])(?P={name})*+")
    return re.compile(rule.replace("{x}", "[SLOT]+").replace("SLOT", "\ue000-\uf8ff"))


def _matches(sentence: _Sentence) -> Iterator[tuple[RelationKind, re.Match[str]]]:
    for kind, rule in _compiled():
        for match in rule.finditer(sentence.masked):
            before = re.split(r"[,;:]", sentence.masked[max(0, match.start() - 40) : match.start()])[-1]
            if not _UNREAL.search(before + match.group()):
                yield kind, match


def _relations(
    document: Document, sentence: _Sentence, kind: RelationKind, match: re.Match[str], recipe: str,
    annotation: Annotation, parties: Sequence[Party], reports: Sequence[Report],
) -> Iterator[Relation]:  # fmt: skip
    pair = _pair(sentence, match)
    if pair is None:
        return
    subject, object_ = pair
    what = _words(document.text, sentence, match)
    if kind == "trade" and "export" in what and match.groupdict().get("sold") is None:
        subject, object_ = object_, subject  # who takes a share of the exports is the buyer
    share, share_span = _share(sentence, match, kind, subject, object_, what)
    if kind == "trade" and re.search(rf"\b{_PATTERNS['ARMS']}\b", f"{what} {share.what if share else ''}"):
        kind = "arms"
    if not _fits(kind, subject, object_, match):
        return
    when, when_span = _years(sentence, match, document)
    cue = _Cue(sentence, match)
    evidence = [Evidence(field="cue", span=cue.span)]
    evidence += [Evidence(field="share", span=share_span)] if share_span else []
    evidence += [Evidence(field="when", span=when_span)] if when_span else []
    span = _trimmed(document.text, sentence)
    yield Relation(
        id=RelationId(make_id("relation", document.id, kind, subject.id, object_.id, span.start, recipe)),
        document=document.id, kind=kind, subject=subject, object=object_, what=what, share=share, when=when,
        span=span, evidence=tuple(evidence), attribution=_word_of(annotation, cue, parties, reports),
        known_at=document.known_at, recipe=recipe,
    )  # fmt: skip


def _words(text: str, sentence: _Sentence, match: re.Match[str]) -> str:
    """Give the goods or the treaty in the document's own words."""
    if not match.groupdict().get("w"):
        return ""
    span = _span(sentence, match, "w")
    return " ".join(text[span.start : span.end].split())


def _pair(sentence: _Sentence, match: re.Match[str]) -> tuple[Actor, Actor] | None:
    told = match.groupdict()
    if told.get("both"):
        both = sentence.slots.get(told["both"], ())
        return (both[0], both[1]) if len(both) == 2 else None
    subject, object_ = (sentence.slots.get(told[name] or "", ())[:1] for name in ("s", "o"))
    if not subject or not object_ or subject[0].id == object_[0].id:
        return None
    return subject[0], object_[0]


def _fits(kind: RelationKind, subject: Actor, object_: Actor, match: re.Match[str]) -> bool:
    """Tell whether parties are of the kinds between which such a tie can be."""
    if any(actor.kind == "person" for actor in (subject, object_)):
        return False
    if kind == "backs":
        fights = object_.kind == "armed group" or object_.sector in ("REB", "OPP", "MIL")
        return fights and (subject.kind in ("state", "armed group") or subject.sector in ("GOV", "MIL"))
    if kind == "member":
        return object_.sector == "IGO" and subject.kind in ("state", "organisation")
    if kind == "treaty":
        return subject.kind == object_.kind == "state" and bool(_REAL_TREATY.search(match["w"]))
    if kind == "trade":
        return subject.kind == object_.kind == "state"
    return bool(subject.country) and object_.kind in (*_BODIES, "state")


def _share(
    sentence: _Sentence, match: re.Match[str], kind: RelationKind, subject: Actor, object_: Actor, what: str
) -> tuple[Count | None, Span | None]:  # fmt: skip
    """Give the share or the sum that is told with a relation, and where it stands."""
    told = match.groupdict()
    if kind not in ("arms", "trade"):
        return None, None
    if told.get("m"):
        return _money(told["m"]), _span(sentence, match, "m")
    owner = subject if told.get("sold") is not None or "export" in what else object_
    if told.get("n"):
        return _per_cent(told["n"], f"{what} of {owner.name}"), _span(sentence, match, "n")
    further = _pattern(_SHARE_OF).search(sentence.masked, match.end()) if kind in ("arms", "trade") else None
    if further is None:
        return None, None
    return _per_cent(further["n"], f"{further['w']} of {object_.name}"), _span(sentence, further, "n")


def _span(sentence: _Sentence, match: re.Match[str], name: str | int) -> Span:
    return Span(start=sentence.start + match.start(name), end=sentence.start + match.end(name))


def _per_cent(words: str, what: str) -> Count:
    number = _NUMBER.search(words)
    value = round(float(number[0])) if number else next(v for word, v in _PARTS.items() if word in words)
    low, high = (0, value) if _CEILING.search(words) else (value, None if _FLOOR.search(words) else value)
    return Count(what=what, low=low, high=high, unit="per cent")


def _money(words: str) -> Count | None:
    number = _NUMBER.search(words)
    if number is None:
        return None
    scale = 10**9 if re.search(r"b(?:illio)?n", words) else 10**6 if re.search(r"\dm|million", words) else 1
    value = round(float(number[0].replace(",", "").rstrip(".")) * scale)
    unit = {"$": "USD", "€": "EUR", "£": "GBP"}[next(c for c in words if c in "$€£")]
    return Count(what="trade", low=value, high=value, unit=unit)


def _years(
    sentence: _Sentence, match: re.Match[str], document: Document
) -> tuple[When | None, Span | None]:  # fmt: skip
    """Give the years that a sentence tells nearest to a match: "2016-2020", "since 2019", "in 1997"."""
    found = sorted(_YEARS.finditer(sentence.masked), key=lambda m: _distance(m, match))
    for told in found:
        first = int(told["a"])
        last = _last_year(first, told["b"])
        latest = datetime(last, 12, 31, 23, 59, 59, tzinfo=UTC)
        if told["since"]:
            latest = max(latest, document.published.latest if document.published else document.known_at)
        if first <= last:
            when = When(earliest=datetime(first, 1, 1, tzinfo=UTC), latest=latest, basis="stated")
            return when, _span(sentence, told, 0)
    return None, None


def _last_year(first: int, told: str | None) -> int:
    if told is None:
        return first
    return int(told) if len(told) == 4 else first // 100 * 100 + int(told)


def _distance(one: re.Match[str], other: re.Match[str]) -> int:
    return max(0, one.start() - other.end(), other.start() - one.end())


def _trimmed(text: str, sentence: _Sentence) -> Span:
    end = sentence.start + len(sentence.masked)
    part = text[sentence.start : end]
    return Span(start=sentence.start + len(part) - len(part.lstrip()), end=end - len(part) + len(part.rstrip()))


class _Cue:
    """The words of a match."""

    def __init__(self, sentence: _Sentence, match: re.Match[str]) -> None:
        self.span = _span(sentence, match, 0)


def _word_of(
    a: Annotation, cue: _Cue, parties: Sequence[Party], reports: Iterable[Report]
) -> Attribution | None:  # fmt: skip
    """Give on whose word a relation stands: the innermost report whose content holds most of its words."""
    words = [k for k, start in enumerate(a.starts) if cue.span.start <= start < cue.span.end]
    around = [r for r in reports if 2 * sum(k in r.content for k in words) > len(words)]
    if not around:
        return None
    report = min(around, key=lambda r: (len(r.content), r.cue))
    speakers = speakers_of(report, parties)
    start, end = report.cue, report.cue_end
    if report.speaker is not None:
        start, end = min(start, report.speaker_start), max(end, report.speaker_end)
    left, right = a.span(start, end)
    return Attribution(
        speaker=speakers[0] if speakers else unnamed_sources(), cue=a.quote(report.cue, report.cue_end),
        stance=report.stance, span=Span(start=left, end=right),
    )  # fmt: skip
