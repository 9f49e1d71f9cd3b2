"""A brief is a pure function of records, and no line stands without its words."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from detente.packs import load_pack
from detente.publish import compose_brief
from detente.publish.compose import OTHERS, BriefView, name_period
from detente.publish.parties import country_name, name_party
from detente.records import (
    Claim,
    Contradiction,
    Document,
    DocumentId,
    Event,
    Evidence,
    Incident,
    IncidentId,
    Line,
    Span,
    Voice,
)
from tests import fakes_publish as fake

DOCS = fake.documents()
EVENTS = fake.events(DOCS)


@pytest.fixture(scope="module")
def view() -> BriefView:
    return compose_brief(EVENTS, DOCS)


def _lines(view: BriefView) -> list[Line]:
    return [line for section in view.brief.sections for line in section.lines]


def test_every_line_cites_the_very_words(view: BriefView) -> None:
    texts = {document.id: document.text for document in DOCS}
    assert len(_lines(view)) > 60
    for line in _lines(view):
        assert line.citations
        for citation in line.citations:
            assert texts[citation.document][citation.span.start : citation.span.end] == citation.quote
            assert citation.quote.strip()


def test_the_order_of_records_does_not_matter(view: BriefView) -> None:
    shuffled, documents = list(EVENTS), list(DOCS)
    random.Random(4).shuffle(shuffled)
    random.Random(5).shuffle(documents)
    assert compose_brief(shuffled, documents) == view
    assert compose_brief([*EVENTS, *EVENTS[:5]], [*DOCS, DOCS[0]]) == view


def test_copies_add_nothing_but_their_number(view: BriefView) -> None:
    shelling = [entry for entry in view.entries if "shelled" in entry.line.text]
    assert len(shelling) == 1
    assert shelling[0].reports == 1
    assert shelling[0].copies == 1
    assert len(shelling[0].line.citations) == 2
    assert shelling[0].line.citations[0].document == DOCS[0].id  # the original goes first


def test_numbers_that_differ_stay_apart_and_are_disputed(view: BriefView) -> None:
    killed = [entry.killed.low for entry in view.entries if entry.killed]
    assert sorted(killed) == [1, 2]
    assert [d.why for d in view.disputes].count("differing numbers of people killed") == 1


def test_all_kinds_of_dispute_are_found(view: BriefView) -> None:
    whys = " | ".join(dispute.why for dispute in view.disputes)
    for part in ("denied", "an accusation, and the refusal of it", "killed", "injured"):
        assert part in whys


def test_an_act_told_by_one_and_denied_by_another_shows_both() -> None:
    wire = DOCS[0]
    told = fake.event(wire, "The Uruguayan navy deployed three patrol boats", "ASSAULT", [fake.ARG_GUARD],
                      [fake.CREW], fake.day("2031-03-13"))  # fmt: skip
    view = compose_brief([*EVENTS, told], DOCS)
    both = [d for d in view.disputes if d.why == "told by one side, denied by another"]
    assert len(both) == 1
    assert len(both[0].lines) == 2


def test_history_is_kept_apart(view: BriefView) -> None:
    background = [entry.when.earliest.year for entry in view.entries if entry.background and entry.when]
    assert sorted(background) == [1976, 2019]
    shown = {entry.id for group in view.judgements for entry in group.entries}
    assert not shown & {entry.id for entry in view.entries if entry.background}
    old = replace(EVENTS[0], id="event-old", when=fake.day("2029"))  # not marked, but long before
    assert sum(entry.background for entry in compose_brief([*EVENTS, old], DOCS).entries) == 3


def test_a_period_that_is_asked_for_is_kept(view: BriefView) -> None:
    part = compose_brief(
        EVENTS, DOCS, since=datetime(2031, 3, 18, tzinfo=UTC), until=datetime(2031, 3, 22, tzinfo=UTC)
    )
    days = {entry.when.earliest.date().isoformat() for entry in part.entries if entry.when and entry.precise}
    assert days == {"2031-03-18", "2031-03-19", "2031-03-20", "2031-03-21", "2031-03-22"}
    assert part.outside == len(view.entries) - len(part.entries)
    assert name_period(part) == "18 March 2031 to 22 March 2031"
    assert name_period(view) == "1 March 2031 to 1 April 2031"


def test_spans_that_are_not_there_are_counted_not_shown() -> None:
    lost = replace(EVENTS[0], id="event-lost", document=DocumentId("doc-unknown"))
    beyond = replace(
        EVENTS[0], id="event-beyond", evidence=(Evidence(field="quote", span=Span(start=5, end=10**6)),)
    )
    bare = replace(EVENTS[0], id="event-bare", evidence=())
    view = compose_brief([*EVENTS, lost, beyond, bare], DOCS)
    assert view.left_out == 3
    assert len(view.entries) == len(compose_brief(EVENTS, DOCS).entries)


def test_statements_are_each_speakers_own(view: BriefView) -> None:
    by_speaker = {said.speaker: [telling.line.text for telling in said.tellings] for said in view.statements}
    assert any(
        "1 person was reported killed, according to Argentina" in text for text in by_speaker["Argentina"]
    )
    assert all("Uruguay's foreign ministry" in text for text in by_speaker["Uruguay's foreign ministry"])


def test_deeds_count_directions_and_leave_out_what_is_denied(view: BriefView) -> None:
    deeds = {(deed.actor, deed.recipient): deed for deed in view.deeds}
    assert deeds[("Uruguay", "Argentina")].conflict > 0
    assert ("Argentina", "Uruguay: civilians") not in deeds  # told only as denied
    talks = [entry for entry in view.entries if entry.type == "CONSULT" and len(entry.actors) == 2]
    assert set(talks[0].pairs) == {("Argentina", "Uruguay"), ("Uruguay", "Argentina")}


def test_parties() -> None:
    assert name_party(fake.URY_NAVY) == "Uruguay"
    assert name_party(fake.FRONT) == "River Delta Front"
    assert name_party(fake.ATTACKERS) == "Argentina: armed groups"
    assert name_party(fake.CREW) == "Uruguay: civilians"
    assert name_party(fake.UN) == "United Nations"
    assert country_name("AZE") == country_name("AZE", load_pack()) == "Azerbaijan"
    assert country_name("ZZZ") == "ZZZ"
    assert country_name(None) is None


def test_lone_dyads_share_a_heading(view: BriefView) -> None:
    assert view.judgements[-1].dyad == OTHERS
    assert view.brief.title == "Argentina and Uruguay"


@pytest.mark.parametrize(("events", "documents"), [((), ()), ((), DOCS), (EVENTS[8:9], DOCS[:1])])
def test_little_or_nothing_gives_a_brief(events: tuple[Event, ...], documents: tuple[Document, ...]) -> None:
    view = compose_brief(events, documents)
    assert len(view.sources) == len(documents)
    assert len(view.entries) == len(events)


def test_no_dates_at_all() -> None:
    documents = [replace(document, published=None) for document in DOCS]
    view = compose_brief([replace(event, when=None) for event in EVENTS], documents)
    assert name_period(view) == "dates not told"
    assert view.brief.since is None


def test_the_pack_tells_whose_word_it_is() -> None:
    pack = load_pack()
    outlet = min(name for name, entry in pack.outlets.items() if entry.standing == "agency")
    view = compose_brief(EVENTS, [replace(DOCS[0], outlet=outlet), *DOCS[1:]], pack=pack)
    row = next(row for row in view.sources if row.outlet == outlet)
    assert (row.standing, row.reliability) == ("news agency", pack.outlets[outlet].reliability)
    assert view.sources[0].standing == "standing not known"


def test_copies_in_a_ring_do_not_hang() -> None:
    one, two = replace(DOCS[0], copy_of=DOCS[1].id), replace(DOCS[1], copy_of=DOCS[0].id)
    assert compose_brief(EVENTS, [one, two, *DOCS[2:]]).entries


def _incident() -> Incident:
    """The shelling, as two reports of it with the dispute about its toll."""
    told = [event for event in EVENTS if event.type == "ASSAULT" and event.killed]
    first, other = told[0], next(event for event in told if event.killed != told[0].killed)
    claims = tuple(
        Claim(field="killed", value=f"{event.killed.low} dead", asserted_by=event.attribution.speaker.name,
              stance="asserts", document=event.document, span=event.quote, known_at=fake.KNOWN)
        for event in (first, other) if event.killed and event.attribution
    )  # fmt: skip
    return Incident(
        id=IncidentId("incident-1"), type="ASSAULT", actors=first.actors, recipients=first.recipients,
        when=first.when, place=first.place, killed=fake.count("killed", 1, 2),
        injured=first.injured, status="happened", status_history=(), events=tuple(event.id for event in told),
        claims=claims, contradictions=(Contradiction(field="killed", claims=claims, why="1 dead or 2 dead"),),
        voices=tuple(Voice(name=f"voice {n}", documents=(DOCS[n].id,)) for n in (0, 2)),
        credibility=2, known_at=fake.KNOWN, recipe="fake",
    )  # fmt: skip


def test_an_incident_is_one_entry_with_its_contradictions() -> None:
    view = compose_brief(EVENTS, DOCS, [_incident()])
    entry = next(entry for entry in view.entries if entry.incident)
    assert "1 to 2 people were reported killed" in entry.line.text
    assert len(entry.line.citations) == 3
    assert not any(other.killed for other in view.entries if other is not entry)
    assert "killed" in view.disputes[0].about
    assert [line.text for line in view.disputes[0].lines] == [
        "Uruguay's foreign ministry says: 2 dead.", "Argentina says: 1 dead."
    ]  # fmt: skip
