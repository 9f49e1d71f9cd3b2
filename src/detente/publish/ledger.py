"""The claim ledger of an incident in dispute: field by field who asserts which value, since when, in which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.publish.entries import Entry, cite_words
from detente.publish.sentences import clean_text, name_day, shorten
from detente.publish.sources import RELIABILITY_WORDS
from detente.records import Claim, Document, DocumentId, Incident, IncidentId, Line, Stance

MOST_ROWS = 60
MOST_WORDS = 12  # about an incident
FIELD_WORDS = {
    "status": "status", "actor": "doer", "recipient": "done to", "when": "time", "place": "place", "killed": "killed",
    "injured": "injured", "motive": "motive", "damage": "damage", "arrested": "arrested", "displaced": "displaced",
    "money": "money", "weapons": "weapons",
}  # fmt: skip
STANCE_VERBS: dict[Stance, str] = {"asserts": "says", "denies": "denies", "accuses": "alleges", "doubts": "doubts"}
CREDIBILITY_WORDS = {
    1: "confirmed by other sources", 2: "probably true", 3: "possibly true", 4: "doubtful", 5: "improbable",
    6: "cannot be judged",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One claim: a value of a field, who asserts it and how, when it was known."""

    field: str
    value: str
    who: str
    verb: str
    known: str
    disputed: bool
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All claims on one disputed incident, its voices and its grade."""

    entry: Entry
    rows: tuple[LedgerRow, ...]
    more: int
    voices: tuple[str, ...]
    grade: str
    why: tuple[str, ...]
    words: tuple[Entry, ...]  # accusations, denials and threats that are about it


def open_ledgers(
    entries: Iterable[Entry], documents: Mapping[DocumentId, Document]
) -> tuple[Ledger, ...]:  # fmt: skip
    """Give the ledgers of the incidents whose claims contradict each other."""
    every = list(entries)
    about: dict[IncidentId, list[Entry]] = {}
    for entry in every:
        for subject in entry.incident.about if entry.incident else ():
            about.setdefault(subject, []).append(entry)
    found = (_ledger(e, e.incident, documents, about.get(e.incident.id, [])) for e in every if e.incident)
    return tuple(ledger for ledger in found if ledger is not None and ledger.rows)


def _ledger(
    entry: Entry, incident: Incident, documents: Mapping[DocumentId, Document], words: Sequence[Entry]
) -> Ledger | None:  # fmt: skip
    if not incident.contradictions:
        return None
    disputed = {claim for each in incident.contradictions for claim in each.claims}
    order = list(FIELD_WORDS)
    claims = sorted(
        (claim for claim in incident.claims if _is_citable(claim, documents)),
        key=lambda c: (order.index(c.field) if c.field in order else 99, c.value, c.known_at, c.document, c.span),
    )
    rows = [_row(claim, claim in disputed, documents[claim.document]) for claim in claims[:MOST_ROWS]]
    return Ledger(
        entry=entry, rows=tuple(rows), more=max(0, len(claims) - MOST_ROWS), voices=tuple(_voices(incident)),
        grade=f"{incident.credibility}, {CREDIBILITY_WORDS.get(incident.credibility, '')}",
        why=tuple(map(clean_text, incident.why)), words=tuple(words[:MOST_WORDS]),
    )  # fmt: skip


def _is_citable(claim: Claim, documents: Mapping[DocumentId, Document]) -> bool:
    document = documents.get(claim.document)
    return document is not None and 0 <= claim.span.start < claim.span.end <= len(document.text)


def _row(claim: Claim, disputed: bool, document: Document) -> LedgerRow:
    field = FIELD_WORDS.get(claim.field, clean_text(claim.field))
    value, who = shorten(clean_text(claim.value), 120), shorten(clean_text(claim.asserted_by), 80)
    verb = STANCE_VERBS[claim.stance]
    when = document.published.earliest if document.published else claim.known_at
    text = f"{field[:1].upper()}{field[1:]}: {who} {verb} {value}."
    return LedgerRow(
        field=field, value=value, who=who, verb=verb, known=name_day(when), disputed=disputed,
        line=Line(text=text, citations=(cite_words(document, claim.span),)),
    )  # fmt: skip


def _voices(incident: Incident) -> Iterable[str]:
    for voice in incident.voices:
        grade = voice.reliability
        told = "party to the conflict" if voice.party else f"{grade}, {RELIABILITY_WORDS[grade]}" if grade else "not rated"
        yield f"{shorten(clean_text(voice.name), 60)} ({told})"
