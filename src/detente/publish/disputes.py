"""What is disputed: claims that cannot all be true, each side in its own words.

Incidents bring their contradictions. Without them four patterns are looked for: an act that one
report tells as done and another as denied; an accusation and the accused's refusal of it; a
speaker who denies or doubts what a report tells; and differing numbers for one happening.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from detente.publish.entries import Entry, cite_words
from detente.publish.scale import TYPE_WORDS
from detente.publish.sentences import clean_text, join_names, last_instant, name_when
from detente.records import Contradiction, Count, Document, DocumentId, Line

ANSWER_WITHIN = timedelta(days=45)  # a refusal answers an accusation made at most so long before
MOST_SIDES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One matter and the lines of its sides."""

    about: str
    why: str
    lines: tuple[Line, ...]
    entries: tuple[str, ...]


def find_disputes(entries: Sequence[Entry], documents: Mapping[DocumentId, Document]) -> tuple[Dispute, ...]:
    """Give the disputes, those of incidents first."""
    told = [dispute for entry in entries for dispute in _contradictions_of(entry, documents)]
    seen = {id for dispute in told for id in dispute.entries}
    for find in (_denied_acts, _answered_accusations, _doubted, _differing_counts):
        for dispute in find(entries):
            if not set(dispute.entries) <= seen:
                told.append(dispute)
                seen.update(dispute.entries)
    return tuple(told)


def _contradictions_of(entry: Entry, documents: Mapping[DocumentId, Document]) -> list[Dispute]:
    contradictions = entry.incident.contradictions if entry.incident else ()
    return [
        Dispute(
            about=f"{_about(entry)} ({clean_text(each.field)})",
            why=clean_text(each.why),
            lines=lines,
            entries=(entry.id,),
        )
        for each in contradictions
        if (lines := _claim_lines(each, documents))
    ]


def _claim_lines(contradiction: Contradiction, documents: Mapping[DocumentId, Document]) -> tuple[Line, ...]:
    lines = []
    for claim in contradiction.claims:
        document = documents.get(claim.document)
        if document is None or not 0 <= claim.span.start < claim.span.end <= len(document.text):
            continue
        verb = {"asserts": "says", "denies": "denies", "accuses": "alleges", "doubts": "doubts"}[claim.stance]
        text = f"{clean_text(claim.asserted_by)} {verb}: {clean_text(claim.value)}."
        lines.append(Line(text=text, citations=(cite_words(document, claim.span),)))
    return tuple(lines)


def _about(entry: Entry) -> str:
    sides = [join_names(entry.actors, 3), join_names(entry.recipients, 3)]
    who = " → ".join(side for side in sides if side)
    when = f", {name_when(entry.when)}" if entry.when else ""
    what = TYPE_WORDS[entry.type]
    return f"{what[0].upper()}{what[1:]}: {who or 'parties not named'}{when}"


def _near(one: Entry, other: Entry, within: timedelta) -> bool:
    """Tell whether two entries may be of one time; an unknown time is no bar."""
    if one.when is None or other.when is None:
        return True
    begins_before_end = one.when.earliest - within <= last_instant(other.when)
    return begins_before_end and other.when.earliest - within <= last_instant(one.when)


def _by_parties(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        for pair in entry.pairs:
            found.setdefault(pair, []).append(entry)
    return found


def _denied_acts(entries: Sequence[Entry]) -> list[Dispute]:
    asserted = _by_parties(entry for entry in entries if entry.status in ("happened", "attempted"))
    found = []
    for denial in (entry for entry in entries if entry.status == "denied"):
        told = {e.id: e for pair in denial.pairs for e in asserted.get(pair, ()) if _is_denied_by(denial, e)}
        sides = list(told.values())[:MOST_SIDES]
        why = "told by one side, denied by another" if sides else "denied; no report here asserts it"
        found.append(_dispute(denial, why, [*sides, denial]))
    return found


def _is_denied_by(denial: Entry, entry: Entry) -> bool:
    """Tell whether a report is of what another denies: same kind of act, same days, a shared name."""
    if entry.type != denial.type or not (_is_dated(entry) and _is_dated(denial)):
        return False
    return _near(entry, denial, timedelta(days=3)) and _share_a_name(entry, denial)


def _is_dated(entry: Entry) -> bool:
    """Tell whether a time is narrow enough to compare by: a month at most."""
    return entry.when is not None and last_instant(entry.when) - entry.when.earliest <= timedelta(days=31)


def _share_a_name(one: Entry, other: Entry) -> bool:
    places = [entry.place.name for entry in (one, other) if entry.place is not None]
    same_place = len(places) == 2 and places[0] == places[1]
    return same_place or bool(
        set(one.actors) & set(other.actors) or set(one.recipients) & set(other.recipients)
    )


def _answered_accusations(entries: Sequence[Entry]) -> list[Dispute]:
    answers = _by_parties(entry for entry in entries if entry.type == "REJECT")
    found = []
    for charge in (entry for entry in entries if entry.type == "ACCUSE" and not entry.background):
        turned = [(b, a) for a, b in charge.pairs if a != b]  # nobody answers himself
        replies = {r.id: r for pair in turned for r in answers.get(pair, ()) if _answers(r, charge)}
        if replies:
            found.append(
                _dispute(
                    charge, "an accusation, and the refusal of it", [charge, *list(replies.values())[:2]]
                )
            )
    return found


def _answers(reply: Entry, charge: Entry) -> bool:
    if reply.when is None or charge.when is None or not (_is_dated(reply) and _is_dated(charge)):
        return False
    of_peoples = any(":" in party for pair in charge.pairs for party in pair)  # one civilian is not another
    if of_peoples and not set(reply.actors) & set(charge.recipients):
        return False
    first, last = charge.when.earliest - timedelta(days=1), last_instant(charge.when) + ANSWER_WITHIN
    return first <= last_instant(reply.when) <= last


def _doubted(entries: Sequence[Entry]) -> list[Dispute]:
    return [
        _dispute(entry, "denied or doubted by the speaker whom the report quotes", [entry])
        for entry in entries
        if entry.status != "denied" and any(t.stance in ("denies", "doubts") for t in entry.tellings)
    ]


def _differing_counts(entries: Sequence[Entry]) -> list[Dispute]:
    counted = [entry for entry in entries if entry.killed or entry.injured]
    found = []
    for place, one in enumerate(counted):
        for other in counted[place + 1 : place + 40]:
            if one.type == other.type and _same_happening(one, other) and (what := _differ(one, other)):
                found.append(_dispute(one, f"differing numbers of people {what}", [one, other]))
    return found


def _same_happening(one: Entry, other: Entry) -> bool:
    same_place = one.place is not None and other.place is not None and one.place.name == other.place.name
    shared = set(one.pairs) & set(other.pairs) or set(one.recipients) & set(other.recipients)
    known = one.when is not None and other.when is not None and one.precise and other.precise
    documents = [{citation.document for citation in entry.line.citations} for entry in (one, other)]
    apart = timedelta(0) if documents[0] & documents[1] else timedelta(days=1)  # one article tells days apart
    return known and _near(one, other, apart) and bool(shared or same_place)


def _differ(one: Entry, other: Entry) -> str:
    pairs = (("killed", one.killed, other.killed), ("injured", one.injured, other.injured))
    return " and ".join(what for what, a, b in pairs if a and b and _apart(a, b))


def _apart(a: Count, b: Count) -> bool:
    """Tell whether two ranges do not meet."""
    return (a.high is not None and a.high < b.low) or (b.high is not None and b.high < a.low)


def _dispute(about: Entry, why: str, sides: Sequence[Entry]) -> Dispute:
    return Dispute(
        about=_about(about), why=why, lines=tuple(side.line for side in sides),
        entries=tuple(side.id for side in sides),
    )  # fmt: skip
