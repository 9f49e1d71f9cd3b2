"""Whose word it is: sources, cues, contents, unnamed sources, nesting, credits."""

from collections.abc import Sequence

import pytest

from detente.engines import Annotation, Annotator
from detente.extract.credits import Asked, credited_report, speakers_of, spoken_by
from detente.extract.parties import Party, find_parties, make_actor
from detente.extract.reports import Report, find_reports, quoted_words, set_scenery
from detente.packs import Pack
from detente.records import Actor


def read(text: str, annotator: Annotator, pack: Pack) -> tuple[Annotation, tuple[Report, ...]]:
    a = next(iter(annotator.annotate([text])))
    return a, find_reports(a, pack.lexicon)


def asked_of(
    a: Annotation, reports: Sequence[Report], parties: Sequence[Party], word: int, type_: str, actors: Sequence[Actor]
) -> Asked:
    return Asked(
        annotation=a, scenery=set_scenery(a), reports=reports, parties=parties, word=word, type=type_, actors=actors
    )


def report_at(cue: str, a: Annotation, reports: tuple[Report, ...]) -> Report:
    return next(r for r in reports if a.words[r.cue] == cue)


@pytest.mark.parametrize(
    ("text", "cue", "source", "inside"),
    [
        ("The minister said that troops had crossed the border.", "said", "minister", "crossed"),
        ("Troops crossed the border, the ministry said.", "said", "ministry", "crossed"),
        ('"We shot down two drones," said General Karim.', "said", "Karim", "shot"),
        ("According to the mayor, six people were killed.", "According", "mayor", "killed"),
        ("Six people were killed, according to the mayor.", "according", "mayor", "killed"),
        ("The army claimed that it had retaken the village.", "claimed", "army", "retaken"),
        ("Officials in the capital told Reuters that the talks had failed.", "told", "Officials", "failed"),
    ],
)
def test_source_cue_and_content(
    text: str, cue: str, source: str, inside: str, annotator: Annotator, pack: Pack
) -> None:
    a, reports = read(text, annotator, pack)
    report = report_at(cue, a, reports)
    assert report.speaker is not None
    assert source in a.words[report.speaker_start : report.speaker_end]
    assert a.words.index(inside) in report.content


def test_the_outlet_that_is_told_is_no_source(annotator: Annotator, pack: Pack) -> None:
    a, reports = read("A rebel commander told Reuters that his men had left the town.", annotator, pack)
    assert all(r.speaker is None or a.words[r.speaker] != "Reuters" for r in reports)


@pytest.mark.parametrize(
    "text",
    ["The general was reportedly killed in the strike.", "It was reported that the general had been killed."],
)
def test_unnamed_sources(text: str, annotator: Annotator, pack: Pack) -> None:
    a, reports = read(text, annotator, pack)
    assert any(r.speaker is None and a.words.index("killed") in r.content for r in reports)


def test_nested_sources_form_a_chain(annotator: Annotator, pack: Pack) -> None:
    a, reports = read(
        "The agency said that the minister had claimed that rebels shelled the town.", annotator, pack
    )
    inner = report_at("claimed", a, reports)
    assert inner.within is not None
    assert a.words[inner.within] == "said"


def test_the_official_whom_an_agency_quotes(annotator: Annotator, pack: Pack) -> None:
    a, reports = read("Anadolu quoted an official as saying that two soldiers were killed.", annotator, pack)
    inner = report_at("saying", a, reports)
    assert inner.speaker == a.words.index("official")
    assert inner.within == a.words.index("quoted")


def test_a_quote_goes_on_across_sentences(annotator: Annotator, pack: Pack) -> None:
    text = '"They attacked us at night," the mayor said. "We lost six houses. Nobody helped us."'
    a, reports = read(text, annotator, pack)
    assert a.words.index("attacked") in report_at("said", a, reports).content


def test_a_quote_left_open_ends_with_its_line(annotator: Annotator, pack: Pack) -> None:
    a = next(iter(annotator.annotate(["“We shall see, he said.\nThe army left."])))
    assert not quoted_words(a)[a.words.index("army")]


def test_plain_narration_has_no_report(annotator: Annotator, pack: Pack) -> None:
    _, reports = read("Troops crossed the river at dawn.", annotator, pack)
    assert reports == ()


@pytest.mark.parametrize(
    "text", ["", "“", "said", "According to", '" " " "', "said said said said", "!!!\n\n???"]
)
def test_hostile_text(text: str, annotator: Annotator, pack: Pack) -> None:
    a, reports = read(text, annotator, pack)
    assert all(0 <= w < len(a) for r in reports for w in r.content)


def test_own_speech_is_not_credited_to_its_speaker(annotator: Annotator, pack: Pack) -> None:
    text = "France said that it condemned the attack on the embassy."
    a, reports = read(text, annotator, pack)
    parties = find_parties(a, pack, None)
    france = next(p for p in parties if "France" in p.actors[0].name)
    word = a.words.index("condemned")
    assert all(spoken_by(r, france.actors, parties) for r in reports if r.cue == a.words.index("said"))
    asked = asked_of(a, reports, parties, word, "ACCUSE", france.actors)
    assert credited_report(asked, pack.lexicon, 0.2, -5.0) is None


def test_who_tells_of_its_own_deed_is_credited(annotator: Annotator, pack: Pack) -> None:
    a, reports = read("Police in Oslo said that they had arrested four men.", annotator, pack)
    parties = find_parties(a, pack, None)
    police = next(p for p in parties if p.head == a.words.index("Police"))
    asked = asked_of(a, reports, parties, a.words.index("arrested"), "COERCE", police.actors)
    found = credited_report(asked, pack.lexicon, 0.8, 0.0)
    assert found is not None
    assert speakers_of(found, parties) == police.actors


def test_anothers_word_is_credited(annotator: Annotator, pack: Pack) -> None:
    text = "Turkey said that rebels had shelled the border town of Kilis."
    a, reports = read(text, annotator, pack)
    rebels = make_actor("rebels", "unnamed", None, "REB")
    parties = find_parties(a, pack, None)
    asked = asked_of(a, reports, parties, a.words.index("shelled"), "ASSAULT", (rebels,))
    found = credited_report(asked, pack.lexicon, 0.9, 0.0)
    assert found is not None
    assert [actor.country for actor in speakers_of(found, parties)] == ["TUR"]


@pytest.mark.parametrize(
    ("text", "cue", "source", "stance"),
    [
        ("The radio spread the theory that Norway had sunk the ferry.", "theory", "radio", "doubts"),
        ("Amid claims that Norway had sunk the ferry, the port was closed.", "claims", None, "asserts"),
        ("His allegation that Norway had sunk the ferry was printed.", "allegation", "His", "accuses"),
        ("Some sources started pushing a theory that Norway had sunk the ferry.", "theory", None, "doubts"),
        ("The mayor rejected the allegation that Norway had sunk the ferry.", "allegation", None, "accuses"),
    ],
)
def test_a_claim_by_noun(
    text: str, cue: str, source: str | None, stance: str, annotator: Annotator, pack: Pack
) -> None:
    a, reports = read(text, annotator, pack)
    report = report_at(cue, a, reports)
    assert (None if report.speaker is None else a.words[report.speaker]) == source
    assert report.stance == stance
    assert a.words.index("sunk") in report.content


def test_a_noun_without_a_clause_reports_nothing(annotator: Annotator, pack: Pack) -> None:
    a, reports = read("The theory of the tides was taught at the school.", annotator, pack)
    assert not any(a.words[r.cue] == "theory" for r in reports)
