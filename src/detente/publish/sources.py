"""The list of sources: what was read, by whom, from when (and how that is known), how far to trust it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from detente.packs import Pack
from detente.publish.entries import name_outlet
from detente.publish.sentences import clean_text, name_when, shorten
from detente.records import Basis, Document, DocumentId, Event

BASIS_WORDS: dict[Basis, str] = {
    "given": "given with the page", "stated": "stated in the text", "relative": "worked out from the text",
    "dateline": "from the dateline", "published": "from the page", "inferred": "inferred from what it tells",
}  # fmt: skip
STANDING_WORDS = {
    "state": "state outlet", "agency": "news agency", "press": "press", "party": "party to the conflict",
    "unknown": "standing not known",
}  # fmt: skip
RELIABILITY_WORDS = {
    "A": "completely reliable", "B": "usually reliable", "C": "fairly reliable", "D": "not usually reliable",
    "E": "unreliable", "F": "reliability cannot be judged",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One document in the list of sources; `number` is how the brief cites it."""

    number: int
    document: DocumentId
    title: str
    outlet: str
    author: str | None
    url: str
    published: str
    basis: str
    genre: str
    language: str | None
    standing: str
    reliability: str | None  # Admiralty A-F
    events: int
    copy_of: int | None  # number of the original
    copy_score: float | None
    syndicated_from: str | None


def list_sources(
    documents: Sequence[Document], events: Sequence[Event], pack: Pack | None = None
) -> tuple[SourceRow, ...]:
    """Give one row per document, numbered in the order given."""
    numbers = {document.id: number for number, document in enumerate(documents, 1)}
    counts = Counter(event.document for event in events)
    return tuple(_row(document, numbers, counts[document.id], pack) for document in documents)


def _row(document: Document, numbers: dict[DocumentId, int], events: int, pack: Pack | None) -> SourceRow:
    outlet = pack.outlet(document.outlet or document.url) if pack else None
    published = document.published
    return SourceRow(
        number=numbers[document.id], document=document.id,
        title=shorten(clean_text(document.title or ""), 200) or "(no title)",
        outlet=outlet.name if outlet and not document.outlet else name_outlet(document),
        author=shorten(clean_text(document.author), 80) if document.author else None,
        url=clean_text(document.url), published=name_when(published) if published else "not known",
        basis=BASIS_WORDS[published.basis] if published else "no date told", genre=document.genre,
        language=document.language, standing=STANDING_WORDS[outlet.standing if outlet else "unknown"],
        reliability=outlet.reliability if outlet else None, events=events,
        copy_of=numbers.get(document.copy_of) if document.copy_of else None, copy_score=document.copy_score,
        syndicated_from=clean_text(document.syndicated_from) if document.syndicated_from else None,
    )  # fmt: skip
