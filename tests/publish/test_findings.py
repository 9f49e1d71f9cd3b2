"""What was measured, in the brief: the index opens at every point, changes are told once, ledgers hold all claims."""

from dataclasses import replace

import pytest

from detente.publish import BriefView, render_html, render_json, render_markdown
from detente.publish.relations import gather_ties, ties_of
from detente.publish.tension import step_of
from detente.records import Attribution, Count, When
from tests.fuse.reports import SYLDAVIA, day_of, document
from tests.publish.findings import BORDURIA, TIES, full_view, raid_on, relation, reports


@pytest.fixture(scope="module")
def view() -> BriefView:
    return full_view()


def titles(view: BriefView) -> set[str]:
    return {section.title.split(":")[0] for section in view.brief.sections}


def test_every_part_stands_in_the_brief_with_its_words(view: BriefView) -> None:
    parts = {"Watch list", "Turning points", "Index of tension", "How it was told", "Claims", "Standing relations"}
    assert parts <= titles(view)
    assert "Outlets that tell the same claims" in titles(view)
    texts = {document.id: document.text for document in view.documents}
    for section in view.brief.sections:
        for line in section.lines:
            assert line.citations
            for cited in line.citations:
                assert texts[cited.document][cited.span.start : cited.span.end] == cited.quote


def test_the_index_opens_at_every_point(view: BriefView) -> None:
    tension = next(each for each in view.tension if len(each.readings) > 40)
    entries = {entry.incident.id for entry in view.entries if entry.incident}
    for reading in tension.readings:
        step = step_of(tension, reading.day.date())
        assert step.first <= reading.day.date() <= step.last
        if reading.value:
            assert step.line is not None
            assert step.behind
            assert {entry.incident.id for entry in step.behind if entry.incident} <= entries
    days = [step.first for step in tension.steps]
    assert days == sorted(set(days))


def test_a_turning_point_is_explained_by_its_incidents(view: BriefView) -> None:
    turning = next(t for each in view.tension for t in each.turnings if t.turn.flow == "conflict" and t.turn.rises)
    assert "conflict between RUR and SYL rose" in turning.line.text
    assert turning.behind
    assert {c.quote for c in turning.line.citations} & {c.quote for e in turning.behind for c in e.line.citations}


def test_the_ledger_holds_all_claims_of_a_disputed_incident_and_marks_those_that_clash(view: BriefView) -> None:
    ledger = view.ledgers[0]
    killed = {(row.value, row.who, row.disputed) for row in ledger.rows if row.field == "killed"}
    assert {("3", "Alpha", True), ("3", "Beta", True), ("9", "Gamma", True)} == killed
    assert any(row.field == "time" and not row.disputed for row in ledger.rows)
    assert ledger.voices


def test_a_watch_tells_what_was_raised_and_one_that_is_silent_says_so(view: BriefView) -> None:
    raids, silence = view.watches
    assert len(raids.raised) + raids.more >= 9
    assert any("passed 9" in raised.line.text and raised.behind for raised in raids.raised)
    assert (silence.watch, silence.raised) == ("silence", ())
    assert "nothing to report" in render_html(view)


def test_narratives_say_who_was_first_and_in_whose_words(view: BriefView) -> None:
    tale = view.tales[0]
    assert tale.outlets == 3
    assert tale.passings[0].after == ""
    assert "the same day" in {passing.after for passing in tale.passings}


def test_what_changed_is_told_and_the_same_brief_changes_nothing(view: BriefView) -> None:
    again = full_view(briefs=(view.brief,))
    assert again.changes is None  # this very brief is not compared with itself
    assert again.brief.id == view.brief.id
    told = reports()
    later = full_view([*told, raid_on(10, "Delta", 1, 75)], (view.brief,))
    assert later.changes is not None
    assert later.brief.previous == view.brief.id
    assert [entry.line.text for entry in later.changes.new] == [
        "On 15 May 2031 in Bakht, Ruritania attacked Syldavia; 1 person was reported killed."
    ]
    assert later.changes.changed == ()
    assert later.changes.gone == ()


def test_a_line_told_anew_shows_how_it_was_told_before_and_one_withdrawn_is_gone(view: BriefView) -> None:
    told = reports()
    fewer = full_view(told[:-3], (view.brief,))
    assert fewer.changes is not None
    assert (fewer.changes.new, len(fewer.changes.gone), fewer.changes.gone_uncited) == ((), 0, 1)  # its page is gone too
    four = Count(what="killed", low=4, high=4)
    changed = [(d, replace(e, killed=four) if e.killed and e.killed.low == 3 else e) for d, e in told]
    anew = full_view(changed, (view.brief,))
    assert anew.changes is not None
    assert len(anew.changes.changed) == 9
    assert all("4 to 9" in line.text and "Before: “" in line.text and "3 to 9" in line.text for line in anew.changes.changed)


def test_more_tellers_of_the_same_are_told(view: BriefView) -> None:
    more = full_view([*reports(), raid_on(8, "Late", 3, 70)], (view.brief,))
    assert more.changes is not None
    assert any("Now also told by Late" in line.text for line in more.changes.confirmed)


def test_relations_stand_beside_the_dyad_of_their_side_and_say_their_share_years_and_speaker() -> None:
    told = document("Ties", TIES)
    plain = relation(told)
    years = When(earliest=day_of(-800).earliest, latest=day_of(-500).latest, basis="stated")
    full = replace(plain, share=Count(what="arms imports of Syldavia", low=60, high=60, unit="per cent"), when=years)
    denied = replace(
        plain, attribution=Attribution(speaker=BORDURIA, cue="denied", stance="denies"), object=SYLDAVIA
    )
    ties = gather_ties([plain, full, denied], {told.id: told})
    assert [tie.line.text for tie in ties] == [
        "Borduria denies that Borduria supplies arms to Syldavia, as told on 1 March 2031.",
        "Borduria supplies arms to Syldavia: 60 per cent of the arms imports of Syldavia, 21 December 2028 to 17 October 2029.",
    ]  # the one without a figure is told by the one that has it
    assert ties_of(("RUR", "SYL"), ties, 5)[0] == ties
    assert ties_of(("RUR", "BOX"), ties, 5) == ((), 0)
    assert ties_of(("RUR", "SYL"), ties, 1) == (ties[:1], 1)


def test_all_forms_of_the_brief_hold_the_parts(view: BriefView) -> None:
    page, plain, data = render_html(view), render_markdown(view), render_json(view)
    for anchor in ("#tension", "#watch", "#told", "#disputed"):
        assert f'href="{anchor}"' in page
    assert 'id="t1"' in page
    assert "## Turning points: RUR and SYL" in plain
    assert '"tension"' in data
    assert len(data) < 40 * len(page)  # parts name entries by id, so that nothing is told twice
