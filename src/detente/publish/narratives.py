"""How a claim was told: who first, who in whose words, who denies it; and which outlets move together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from detente.publish.entries import Entry, cite_words, name_outlet
from detente.publish.sentences import clean_text, name_when, shorten
from detente.records import Document, DocumentId, IncidentId, Line, Narrative, Retelling, Synchrony

MOST_TELLINGS = 25  # of one narrative; the others are counted
MOST_PAIRS = 12
SURE = 0.05  # p value below which chance is set aside
_QUESTIONS = {
    "motive": "Why it was done", "damage": "How much was damaged", "killed": "How many were killed",
    "injured": "How many were injured", "actor": "Who did it",
}  # fmt: skip
_STANCES = {"asserts": "", "denies": "denies it", "accuses": "alleges it", "doubts": "doubts it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """One telling as a line: whose, how long after the first, in whose words."""

    outlet: str
    when: str
    after: str  # since the first telling; empty for the first itself
    echo: str  # whose words it repeats, in words
    line: Line
    denies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """A narrative with the lines that tell its way."""

    narrative: Narrative
    entry: Entry
    about: str
    passings: tuple[Passing, ...]
    more: int
    outlets: int
    repeated: int  # tellings in another's words
    denied: int
    spread: str  # from the first to the last dated telling


def gather_tales(
    narratives: Iterable[Narrative], entries: Iterable[Entry], documents: Mapping[DocumentId, Document]
) -> tuple[Tale, ...]:
    """Give the narratives whose incident is told in this brief, those of most outlets first."""
    by_incident: dict[IncidentId, Entry] = {e.incident.id: e for e in entries if e.incident}
    told = [
        _tale(narrative, by_incident[narrative.incident], documents)
        for narrative in narratives
        if narrative.incident in by_incident
    ]
    return tuple(tale for tale in told if len(tale.passings) > 1)


def _tale(narrative: Narrative, entry: Entry, documents: Mapping[DocumentId, Document]) -> Tale:
    known = [t for t in narrative.tellings if _is_citable(t, documents)]
    against = [t for t in narrative.denials if _is_citable(t, documents)]
    names = {t.document: t.outlet for t in known}
    first = known[0] if known else None
    passings = [_passing(t, first, names, documents) for t in known[:MOST_TELLINGS]]
    passings += [_passing(t, first, names, documents, denies=True) for t in against[:MOST_TELLINGS]]
    question = _QUESTIONS.get(narrative.field)
    about = f"{question}: {clean_text(narrative.value)}" if question else entry.line.text
    return Tale(
        narrative=narrative, entry=entry, about=about, passings=tuple(passings),
        more=len(known) + len(against) - len(passings), outlets=len({t.outlet for t in known}),
        repeated=sum(t.echo_of is not None for t in known), denied=len({t.outlet for t in against}),
        spread=_spread(known, documents),
    )  # fmt: skip


def _is_citable(telling: Retelling, documents: Mapping[DocumentId, Document]) -> bool:
    document = documents.get(telling.document)
    return document is not None and 0 <= telling.span.start < telling.span.end <= len(document.text)


def _passing(
    telling: Retelling, first: Retelling | None, names: Mapping[DocumentId, str],
    documents: Mapping[DocumentId, Document], denies: bool = False,
) -> Passing:  # fmt: skip
    document = documents[telling.document]
    outlet = shorten(clean_text(telling.outlet), 60) or name_outlet(document)
    said = f", citing {shorten(clean_text(telling.speaker), 60)}" if telling.speaker else ""
    after = ""
    if first is not None and telling is not first and telling.at and first.at:
        after = _apart(first, telling, documents)
    echo = ""
    if telling.echo_of is not None:
        echo = f"in the words of {shorten(clean_text(names.get(telling.echo_of, 'another')), 40)} ({telling.echo:.0%} of them)"
    verb = _STANCES[telling.stance] or ("denies it" if denies else "")
    told = f"{outlet}{said}{f' ({verb})' if verb else ''}"
    return Passing(
        outlet=outlet, when=name_when(document.published) if document.published else "date not known",
        after=after, echo=echo, denies=denies,
        line=Line(text=f"{told}{f', {echo}' if echo else ''}.", citations=(cite_words(document, telling.span),)),
    )  # fmt: skip


def _apart(one: Retelling, other: Retelling, documents: Mapping[DocumentId, Document]) -> str:
    """Give the time between two tellings, in days where one of them is known to the day only."""
    assert one.at is not None
    assert other.at is not None
    published = [documents[each.document].published for each in (one, other)]
    if all(when is not None and when.latest - when.earliest < timedelta(hours=12) for when in published):
        return name_hours((other.at - one.at).total_seconds() / 3600)
    days = (other.at.date() - one.at.date()).days
    return name_hours(24 * days) if days else "the same day"


def _spread(tellings: Sequence[Retelling], documents: Mapping[DocumentId, Document]) -> str:
    timed = [t for t in tellings if t.at is not None]
    return _apart(timed[0], timed[-1], documents) if len(timed) > 1 else ""


def name_hours(hours: float) -> str:
    """Give a stretch of time in words: "less than an hour", "5 hours", "3 days", "2 months"."""
    if abs(hours) < 1:
        return "less than an hour"
    for unit, size, until in (("hour", 1, 24), ("day", 24, 24 * 60), ("month", 24 * 30.4, float("inf"))):
        if abs(hours) < until:
            number = max(1, round(abs(hours) / size))
            return f"{number} {unit}{'s' if number != 1 else ''}{' before' if hours < 0 else ''}"
    raise AssertionError("the last unit has no bound")


def say_synchrony(each: Synchrony) -> str:
    """Give what can be said of a pair of outlets, in one sentence."""
    one, other = (shorten(clean_text(name), 60) for name in each.outlets)
    shared = f"{one} and {other} tell {len(each.narratives)} of the same claims"
    if each.echoes:
        shared += f", {each.echoes} of them in each other’s words"
    if each.p_value is None or each.gap_hours is None or each.chance_hours is None:
        return f"{shared}. Too little to tell whether they keep step: {each.tested} could show it, five are needed."
    gap, chance = name_hours(each.gap_hours), name_hours(each.chance_hours)
    times = f"typically {gap} apart, where two tellers by lot are {chance} apart"
    verdict = "closer than chance" if each.p_value < SURE else "no closer than chance may bring"
    return f"{shared}, {times}: {verdict} (p = {max(each.p_value, 0.0001):.2g}, {each.tested} claims)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A pair of outlets and what can be said of their keeping step."""

    synchrony: Synchrony
    line: Line


def gather_pairings(
    synchrony: Iterable[Synchrony], narratives: Iterable[Narrative], documents: Mapping[DocumentId, Document]
) -> tuple[Pairing, ...]:
    """Give the pairs with their sentence, which cites what both told of the claims that they share."""
    by_id = {narrative.id: narrative for narrative in narratives}
    found = []
    for each in synchrony:
        told = [
            next((t for t in by_id[id].tellings if t.outlet == outlet and _is_citable(t, documents)), None)
            for id in each.narratives[:4]
            if id in by_id
            for outlet in each.outlets
        ]
        cited = tuple(cite_words(documents[t.document], t.span) for t in told if t is not None)
        if cited:
            found.append(Pairing(synchrony=each, line=Line(text=say_synchrony(each), citations=cited)))
    return tuple(found[:MOST_PAIRS])
