"""What the incidents and the index must show on annotated reports: the gold documents that lie beside the checkout."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from evals._gold import load_gold

from detente.fuse import fuse_events
from detente.measure import days_between, desk_turns, full_coverage, take_readings, weigh_incidents
from detente.measure.index import busiest
from detente.packs import Pack, load_pack, shipped_packs
from detente.publish import BriefView, Findings, compose_brief
from detente.publish.tension import step_of
from detente.records import Document, Event
from tests.embassy import check_embassy_attack

SHARED = Path(__file__).parent.parent.parent / "shared" / "gold"
pytestmark = pytest.mark.skipif(not (SHARED / "dev").is_dir(), reason=f"{SHARED} is not there")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(shipped_packs())


@pytest.fixture(scope="module")
def told(pack: Pack) -> list[tuple[Document, Event]]:
    reports = load_gold(SHARED / "docs", SHARED / "dev", pack)
    return [(document, event) for group in reports.values() for document, event, _ in group]


@pytest.fixture(scope="module")
def view(told: list[tuple[Document, Event]], pack: Pack) -> BriefView:
    documents = list({document.id: document for document, _ in told}.values())
    events = [event for _, event in told]
    incidents = fuse_events(events, documents, pack).incidents
    signals = list(weigh_incidents(incidents, pack))
    year = Counter(signal.day.year for signal in signals).most_common(1)[0][0]  # the documents lie years apart
    days = days_between(date(year, 1, 1), date(year, 12, 31))
    readings = list(take_readings(signals, busiest(signals), days, full_coverage(days)))
    turns = desk_turns(signals, {reading.dyad for reading in readings if len(reading.dyad) == 2})
    return compose_brief(events, documents, incidents, readings, pack=pack, findings=Findings(turns=turns))


def test_the_index_opens_to_its_sentences_at_every_point(view: BriefView) -> None:
    """Each day with a value leads to a step, the step to incidents, each incident to words that stand in a document."""
    texts = {document.id: document.text for document in view.documents}
    behind = {entry.incident.id: entry for entry in view.entries if entry.incident}
    points = 0
    for tension in view.tension:
        for reading in tension.readings:
            if not reading.value:
                continue
            points += 1
            assert reading.incidents
            for incident in reading.incidents:
                for cited in behind[incident].line.citations:
                    assert cited.quote
                    assert texts[cited.document][cited.span.start : cited.span.end] == cited.quote
            step = step_of(tension, reading.day.date())
            assert step.line is not None
            assert {c.quote for c in step.line.citations} <= {c.quote for id in behind for c in behind[id].line.citations}
    assert points > 100


def test_the_embassy_attack_is_one_incident_with_both_words_on_its_motive_and_its_accusations(view: BriefView) -> None:
    check_embassy_attack(view)
