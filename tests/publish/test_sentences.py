"""Sentences say what the record says, in English."""



import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from detente.publish.likelihood import ICD_203, likelihood_words
from detente.publish.scale import INTENSITY, QUAD, TYPE_WORDS, is_conflict
from detente.publish.sentences import (
    Happening,
    clean_text,
    join_names,
    name_actor,
    name_when,
    quote_words,
    shorten,
    write_sentence,
)
from detente.publish.verbs import all_verbs, choose_verb
from detente.records import Count, EventType, Status, When
from tests import fakes_publish as fake

IRIS = fake.actor("Iris Vane", "URY", "GOV", "person")
TALKS = Happening(
    type="CONSULT", mode=None, trigger="held talks", actors=(fake.ARG, fake.URY), recipients=(),
    when=fake.day("2031-03-20"), place=fake.BRASILIA, status="happened", attribution=None,
)  # fmt: skip
ATTACK = replace(
    TALKS,
    type="ASSAULT",
    trigger="shelled",
    actors=(fake.ATTACKERS,),
    recipients=(fake.CREW,),
    place=fake.COLONIA,
)


@pytest.mark.parametrize(
    ("happening", "sentence"),
    [
        (TALKS, "On 20 March 2031 in Brasília, Argentina and Uruguay held talks."),
        (replace(TALKS, actors=(IRIS,), recipients=(fake.US,), trigger="met"),
         "On 20 March 2031 in Brasília, Iris Vane met the United States."),
        (replace(ATTACK, killed=fake.count("killed", 2), injured=fake.count("injured", 9),
                 attribution=fake.says(fake.URY_FM)),
         "On 20 March 2031 in Colonia del Sacramento, unidentified attackers shelled ferry crew; 2 people were "
         "reported killed and 9 injured, according to Uruguay's foreign ministry."),
        (replace(ATTACK, killed=fake.count("killed", 1), place=None, when=None),
         "Unidentified attackers shelled ferry crew; 1 person was reported killed."),
        (replace(ATTACK, injured=Count(what="injured", low=3, high=None), place=None),
         "On 20 March 2031, unidentified attackers shelled ferry crew; at least 3 people were reported injured."),
        (replace(ATTACK, killed=fake.count("killed", 0), place=None),
         "On 20 March 2031, unidentified attackers shelled ferry crew; nobody was reported killed."),
        (replace(ATTACK, status="denied", actors=(fake.ARG_GUARD,), place=None,
                 attribution=fake.says(fake.ARG_FM, "denied", "denies", ("Agencia Austral",))),
         "Argentina's foreign ministry, quoted by Agencia Austral, denied that the Argentine coast guard had shelled "
         "ferry crew on 20 March 2031."),
        (replace(ATTACK, status="denied", actors=(fake.ARG,), attribution=fake.says(fake.ARG, "denied", "denies"),
                 when=None, place=None),
         "Argentina denied having shelled ferry crew."),
        (replace(ATTACK, status="planned", actors=(fake.FRONT,), place=None),
         "The River Delta Front planned to shell ferry crew on 20 March 2031."),
        (replace(ATTACK, status="possible", actors=(fake.FRONT,), place=None, when=None),
         "It was reported as possible, not as fact, that the River Delta Front would shell ferry crew."),
        (replace(ATTACK, status="attempted", when=fake.day("2031-03"), place=None),
         "In March 2031, unidentified attackers tried to shell ferry crew."),
        (replace(ATTACK, actors=(), when=fake.day("2031-03-13", "inferred"), place=fake.PORT),
         "Shelling of ferry crew around 13 March 2031 at the Carmelo port was reported, without a named doer."),
        (replace(ATTACK, attribution=fake.says(fake.URY, "blamed", "accuses"), place=None),
         "On 20 March 2031, unidentified attackers shelled ferry crew, as alleged by Uruguay."),
        (replace(ATTACK, attribution=fake.says(fake.URY, "doubted", "doubts"), place=None),
         "On 20 March 2031, unidentified attackers shelled ferry crew; Uruguay doubted this."),
        (replace(ATTACK, actors=(fake.FRONT,), attribution=fake.says(fake.FRONT), place=None),
         "On 20 March 2031, the River Delta Front shelled ferry crew, by its own account."),
        (replace(TALKS, type="ACCUSE", actors=(fake.URY,), recipients=(fake.ARG,), trigger="accused", place=None,
                 after=" Argentina of having let gunmen pass"),
         "On 20 March 2031, Uruguay accused Argentina of “having let gunmen pass”."),
        (replace(TALKS, type="REQUEST", actors=(fake.UN,), recipients=(fake.URY,), trigger="urged", place=None,
                 after=" the government to let an inquiry in"),
         "On 20 March 2031, the United Nations appealed to Uruguay to “let an inquiry in”."),
        (replace(TALKS, type="COERCE", actors=(fake.ARG_GUARD,), recipients=(fake.FRONT,), trigger="arrested",
                 place=None),
         "On 20 March 2031, the Argentine coast guard arrested members of the River Delta Front."),
        (replace(TALKS, type="COERCE", actors=(fake.ARG_GUARD,), recipients=(fake.URY,), trigger="arrested",
                 place=None),
         "On 20 March 2031, the Argentine coast guard took coercive action against Uruguay."),
        (replace(TALKS, actors=(fake.ARG, fake.ENVOY, fake.URY), place=fake.place("Lake Ypa", "URY", None, None)),
         "On 20 March 2031 at Lake Ypa, Inés Quiroga and Uruguay held talks."),
        (replace(TALKS, type="THREATEN", actors=(fake.ARG,), recipients=(fake.URY,), trigger="threatened", place=None,
                 after=" to close the canal. Nobody answered"),
         "On 20 March 2031, Argentina threatened Uruguay (“to close the canal”)."),
        (replace(TALKS, place=fake.place("Uruguay", "URY", -33, -56)),
         "On 20 March 2031, Argentina and Uruguay held talks."),
        (replace(TALKS, place=fake.place("the sandbank", "URY", None, None)),
         "On 20 March 2031 at the sandbank, Argentina and Uruguay held talks."),
    ],
)  # fmt: skip
def test_the_sentence(happening: Happening, sentence: str) -> None:
    assert write_sentence(happening) == sentence


def test_no_party_no_sentence() -> None:
    assert write_sentence(replace(ATTACK, actors=(), recipients=())) is None


def test_every_type_and_status_gives_a_whole_sentence() -> None:
    sides = [((fake.ARG,), (fake.URY,)), ((fake.ARG, fake.URY), ()), ((fake.ARG,), ()), ((), (fake.CREW,))]
    for type_, status, (actors, recipients) in itertools.product(
        get_args(EventType), get_args(Status), sides
    ):
        happening = replace(
            TALKS, type=type_, trigger="", status=status, actors=actors, recipients=recipients
        )
        for said in (None, fake.says(fake.US), fake.says(fake.US, "denied", "denies")):
            sentence = write_sentence(replace(happening, attribution=said))
            assert sentence is not None
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert not re.search(r"  | ,|\.\.|the the|\b(\w+) \1\b|[{}|]", sentence), sentence
            for actor in (*actors, *recipients):
                assert actor.name in sentence


def test_every_verb_is_whole() -> None:
    assert set(all_verbs()) == set(get_args(EventType)) == set(INTENSITY) == set(QUAD) == set(TYPE_WORDS)
    for verb in itertools.chain.from_iterable(all_verbs().values()):
        assert len(verb.on_one.split("|")) == len(verb.alone.split("|")) == 3
        assert not verb.together or len(verb.together.split("|")) == 3
        re.compile(verb.stems)
    assert all(verbs[0].stems == "" for verbs in all_verbs().values())


def test_the_trigger_goes_before_the_mode_and_people_before_states() -> None:
    assert choose_verb("ASSAULT", "opened fire on", "aerial", people=True).on_one.startswith("fire on")
    assert choose_verb("ASSAULT", "", "aerial", people=False).on_one.startswith("carry out an air strike")
    assert choose_verb("ASSAULT", "killed", None, people=False).stems == ""
    assert choose_verb("ASSAULT", "unknown words", "unknown-mode", people=True).stems == ""


@pytest.mark.parametrize(
    ("name", "kind", "written"),
    [
        ("United States", "state", "the United States"), ("Iran", "state", "Iran"),
        ("Iran's foreign ministry", "organ", "Iran's foreign ministry"), ("EU", "organisation", "the EU"),
        ("NATO", "organisation", "NATO"), ("Turkish army", "organ", "the Turkish army"),
        ("Ministry of Defence of Norway", "organ", "the Ministry of Defence of Norway"),
        ("International Court of Justice", "organisation", "the International Court of Justice"),
        ("unidentified attackers", "unnamed", "unidentified attackers"), ("protesters", "group", "protesters"),
        ("The Hague Group", "organisation", "the Hague Group"), ("Union Carbide Smith", "person", "Union Carbide Smith"),
        ("ambassador of Norway", "person", "the ambassador of Norway"), ("Turkish minister", "person", "the Turkish minister"),
        ("army", "organ", "the army"), ("police", "organ", "police"), ("", "state", "an unnamed party"),
    ],
)  # fmt: skip
def test_names_take_their_article(name: str, kind: str, written: str) -> None:
    assert name_actor(fake.actor(name, None, "GOV", kind)) == written


def test_hostile_names_are_shown_plainly() -> None:
    written = name_actor(fake.HOSTILE)
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", written)
    assert "<script>" in written  # text is text: the page escapes it
    assert clean_text("a\u202eb\x00c\ud800d\n e") == "a b c\ufffdd e"
    assert len(name_actor(fake.LONG)) <= 94


def test_times_are_as_wide_as_they_are() -> None:
    assert name_when(fake.day("2031-03-13")) == "13 March 2031"
    assert name_when(fake.day("2031-03")) == "March 2031"
    assert name_when(fake.day("2031")) == "2031"
    start = datetime(2031, 3, 13, tzinfo=UTC)
    guess = When(earliest=start, latest=start + timedelta(days=29), basis="inferred")
    assert write_sentence(replace(TALKS, when=guess, place=None)) == (
        "Around March or April 2031, Argentina and Uruguay held talks."
    )
    week = When(earliest=start, latest=start + timedelta(days=6), basis="given")
    assert name_when(week) == "13 to 19 March 2031"
    assert name_when(replace(week, latest=start + timedelta(days=30))) == "13 March to 12 April 2031"
    assert name_when(replace(week, latest=start + timedelta(days=300))) == "13 March 2031 to 7 January 2032"
    assert write_sentence(replace(TALKS, when=week, place=None)) == (
        "Between 13 and 19 March 2031, Argentina and Uruguay held talks."
    )


def test_lists_and_cuts() -> None:
    assert join_names(["A"]) == "A"
    assert join_names(["A", "B", "A"]) == "A and B"
    assert join_names(list("ABCDE")) == "A, B, C and 2 others"
    assert shorten("one two three", 9) == "one two…"
    assert shorten("x" * 50, 10) == "x" * 9 + "…"
    assert quote_words("a\nb") == "“a b”"
    assert quote_words("called it “a fable”") == "“called it ‘a fable’”"


def test_likelihood_words_follow_the_directive() -> None:
    expected = {0.0: "almost no chance", 0.03: "almost no chance", 0.1: "very unlikely", 0.3: "unlikely",
                0.5: "roughly even chance", 0.6: "likely", 0.9: "very likely", 0.97: "almost certain",
                1.0: "almost certain", 0.05: "almost no chance", 0.95: "almost certain", 0.8: "very likely",
                0.55: "likely", 0.45: "unlikely"}  # fmt: skip
    assert {p: likelihood_words(p) for p in expected} == expected
    assert [band.most for band in ICD_203[:-1]] == [band.least for band in ICD_203[1:]]
    with pytest.raises(ValueError, match="between 0 and 1"):
        likelihood_words(1.2)


def test_the_scale_agrees_with_the_classes() -> None:
    for type_, value in INTENSITY.items():
        assert value <= 0 if is_conflict(type_) else value > 0
