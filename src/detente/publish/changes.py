"""What changed since the last brief: what is new, what is told differently now, what is told no more.

A line of the last brief is found again by the words that it cites: they stand in documents that never change.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.publish.entries import Entry, name_outlet
from detente.publish.sentences import clean_text, join_names, name_day
from detente.records import Brief, Citation, Document, DocumentId, Line, Section

TIMELINE, HISTORY = "Timeline", "History told beside the news"  # sections that hold every entry once
MOST_NEW = 12
MOST_OTHERS = 20

Words = tuple[DocumentId, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How this brief differs from the one before."""

    before: str  # the day of that brief
    new: tuple[Entry, ...]  # the weightiest, in order of time
    more_new: int
    changed: tuple[Line, ...]
    confirmed: tuple[Line, ...]  # told by further documents
    gone: tuple[Line, ...]
    gone_uncited: int  # lines whose words are no longer at hand

    @property
    def none(self) -> bool:
        """Tell whether nothing changed."""
        return not (self.new or self.changed or self.confirmed or self.gone or self.gone_uncited)


def compare_briefs(
    previous: Brief, entries: Sequence[Entry], every: Sequence[Entry], documents: Mapping[DocumentId, Document]
) -> Changes:  # fmt: skip
    """Give what changed between a brief and the entries of now; `every` are also those outside the period."""
    old = [line for section in previous.sections if section.title in (TIMELINE, HISTORY) for line in section.lines]
    pairs = _pair(old, entries)
    new: list[Entry] = []
    changed: list[Line] = []
    confirmed: list[Line] = []
    for entry in entries:
        before = pairs.get(entry.id)
        if before is None:
            new.append(entry)
        elif before.text != entry.line.text:
            changed.append(_told_anew(entry, before))
        elif fresh := _fresh(entry, before):
            confirmed.append(_confirmed(entry, fresh, documents))
    gone, lost = _gone(old, every, documents)
    kept = sorted(sorted(new, key=lambda e: (e.background, -e.weight, e.id))[:MOST_NEW], key=lambda e: e.sort_key)
    return Changes(
        before=name_day(previous.made_at), new=tuple(kept), more_new=len(new) - len(kept), changed=tuple(changed),
        confirmed=tuple(confirmed), gone=tuple(gone), gone_uncited=lost,
    )  # fmt: skip


def _pair(old: Sequence[Line], entries: Sequence[Entry]) -> dict[str, Line]:
    """Give the old line of each entry: the one in the same words, else the one that shares most cited words.

    A sentence may tell of several things, so that a line is given away once only.
    """
    lines_of: dict[Words, list[int]] = {}
    for number, line in enumerate(old):
        for citation in line.citations:
            lines_of.setdefault(_words(citation), []).append(number)
    offers: list[tuple[bool, int, str, int]] = []
    for entry in entries:
        shared = Counter(n for c in entry.line.citations for n in lines_of.get(_words(c), ()))
        offers += [(old[n].text != entry.line.text, -count, entry.id, n) for n, count in shared.items()]
    pairs: dict[str, Line] = {}
    taken: set[int] = set()
    for _, _, entry_id, number in sorted(offers):
        if entry_id not in pairs and number not in taken:
            pairs[entry_id] = old[number]
            taken.add(number)
    return pairs


def _words(citation: Citation) -> Words:
    return citation.document, citation.span.start, citation.span.end


def _told_anew(entry: Entry, before: Line) -> Line:
    return Line(text=f"{entry.line.text} Before: “{clean_text(before.text)}”", citations=entry.line.citations)


def _fresh(entry: Entry, before: Line) -> tuple[Citation, ...]:
    """Give the citations of documents that the line before did not rest on."""
    known = {citation.document for citation in before.citations}
    return tuple(citation for citation in entry.line.citations if citation.document not in known)


def _confirmed(entry: Entry, fresh: Sequence[Citation], documents: Mapping[DocumentId, Document]) -> Line:
    tellers = join_names([name_outlet(documents[c.document]) for c in fresh])
    return Line(text=f"{entry.line.text} Now also told by {tellers}.", citations=tuple(fresh))


def _gone(
    old: Iterable[Line], entries: Iterable[Entry], documents: Mapping[DocumentId, Document]
) -> tuple[list[Line], int]:  # fmt: skip
    told = {_words(citation) for entry in entries for citation in entry.line.citations}
    lines = [line for line in old if not any(_words(c) in told for c in line.citations)]
    cited = [(line, tuple(c for c in line.citations if _still_there(c, documents))) for line in lines]
    kept = [Line(text=line.text, citations=citations) for line, citations in cited if citations]
    return kept, len(lines) - len(kept)


def _still_there(citation: Citation, documents: Mapping[DocumentId, Document]) -> bool:
    document = documents.get(citation.document)
    return document is not None and document.text[citation.span.start : citation.span.end] == citation.quote


def change_sections(changes: Changes | None) -> list[Section]:
    """Give the changes as sections of a brief."""
    if changes is None:
        return []
    since = f"since the brief of {changes.before}"
    return [
        Section(title=f"New {since}", lines=tuple(entry.line for entry in changes.new)),
        Section(title=f"Told differently {since}", lines=changes.changed),
        Section(title=f"Told by more {since}", lines=changes.confirmed),
        Section(title=f"Told no more {since}", lines=changes.gone),
    ]
