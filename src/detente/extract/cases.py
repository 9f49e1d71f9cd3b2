"""Cases: the sentences with which a pack proves that it works, read by the extractor."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from detente.engines import Engines
from detente.extract.events import event_date, extract_events
from detente.extract.times import make_when
from detente.packs import Case, ExpectedEvent, Pack, normalise_name
from detente.records import Actor, Document, DocumentId, Event, PageId, Piece, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFault:
    """An event that a case expects and the extractor does not read so, with what is read instead."""

    case: Case
    message: str

    def __str__(self) -> str:
        return f"{self.case.file}:{self.case.line}: {self.message}"


def check_cases(cases: Iterable[Case], pack: Pack, engines: Engines) -> Iterator[CaseFault]:
    """Give what the extractor reads otherwise than cases say."""
    for case in cases:
        events = extract_events(_document(case), pack, engines)
        for expected in case.events:
            rivals = [_differences(expected, event) for event in events if event.type == expected.type]
            if not rivals:
                read = ", ".join(e.type for e in events) or "nothing"
                yield CaseFault(case=case, message=f"no {expected.type} is read in the case's sentence, but {read}")
            elif wrong := min(rivals, key=len):
                yield CaseFault(case=case, message=f"{expected.type} is read with {'; '.join(wrong)}")


def _document(case: Case) -> Document:
    told = date.fromisoformat(case.published) if case.published and len(case.published) == 10 else None
    return Document(
        id=DocumentId("case"), page=PageId("case"), url=case.file, title=None, author=None, outlet=None,
        known_at=datetime(2000, 1, 1, tzinfo=UTC), published=make_when(told, told, "given") if told else None,
        language="en", genre="report", text=case.sentence,
        pieces=(Piece(start=0, page_span=Span(start=0, end=len(case.sentence))),),
    )  # fmt: skip


def _differences(expected: ExpectedEvent, event: Event) -> list[str]:
    """Name the fields in which an event is not as expected; what a case leaves out is not asked."""
    said = (event.attribution.speaker,) if event.attribution else ()
    told = event_date(event.when) or ""
    wrong = [_parties("actors", expected.actors, event.actors), _parties("recipients", expected.recipients, event.recipients)]
    if expected.said_by is not None:
        wrong.append(_parties("said_by", (expected.said_by,), said))
    if expected.status and event.status != expected.status:
        wrong.append(f"status {event.status}, not {expected.status}")
    if expected.date and not told.startswith(expected.date) and not expected.date.startswith(told or "-"):
        wrong.append(f"date {told or 'none'}, not {expected.date}")
    if expected.place and (event.place is None or normalise_name(event.place.name) != normalise_name(expected.place)):
        wrong.append(f"place {event.place.name if event.place else 'none'}, not {expected.place}")
    return [w for w in wrong if w]


def _parties(field: str, expected: Iterable[str], read: Iterable[Actor]) -> str:
    have = {normalise_name(actor.name): actor.name for actor in read}
    missing = [name for name in expected if normalise_name(name) not in have]
    return f"{field} {', '.join(have.values()) or 'none'}, not {', '.join(missing)}" if missing else ""
