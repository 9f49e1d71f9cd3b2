"""Counts as ranges, by the guidelines' settled cases."""

import pytest

from detente.extract.counts import count_people, find_counts, read_number


@pytest.mark.parametrize(
    ("text", "what", "low", "high"),
    [
        ("At least 23 farmers have been killed in the raids", "killed", 23, None),
        ("The blast killed 11 pilgrims and wounded 20 others", "killed", 11, 11),
        ("The blast killed 11 pilgrims and wounded 20 others", "injured", 20, 20),
        ("more than 2,100 people have been killed since the coup", "killed", 2100, None),
        ("clashes at the dam left as many as eight people injured", "injured", 8, 8),
        ("between 20 and 30 soldiers were killed", "killed", 20, 30),
        ("about 120 and 60 people were killed on the two days", "killed", 180, 180),
        ("up to 250 rebels were killed", "killed", 250, 250),
        ("fewer than 10 people were injured", "injured", 0, 10),
        ("police arrested fourteen protesters", "arrested", 14, 14),
        ("twenty-one people were detained", "arrested", 21, 21),
        ("some 40,000 villagers were displaced", "displaced", 40000, 40000),
        ("In 2017, 11 pilgrims were killed", "killed", 11, 11),
        ("the killing of 20 refugees on the island", "killed", 20, 20),
        ("the war claimed two million lives", "killed", 2000000, 2000000),
    ],
)
def test_people(text: str, what: str, low: int, high: int | None) -> None:
    count = find_counts(text)[what]
    assert (count.low, count.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "hundreds of people were killed",
        "dozens were wounded",
        "the general killed in 2003 was buried",
        "the talks on 12 May failed",
        "the strike killed 40 percent of the herd",
    ],
)
def test_no_number_is_made_up(text: str) -> None:
    assert not find_counts(text).keys() & {"killed", "injured"}


def test_span_leads_to_the_words() -> None:
    text = "Officials said that 12 people were killed."
    span = find_counts(text)["killed"].span
    assert span is not None
    assert text[span.start : span.end] == "12 people were killed"


def test_money_and_weapons_have_units() -> None:
    found = find_counts("It pledged $1.5 billion and 34 surface-to-air missiles")
    assert (found["money"].low, found["money"].unit) == (1_500_000_000, "USD")
    assert (found["weapons"].low, found["weapons"].unit) == (34, "missiles")


@pytest.mark.parametrize(
    ("words", "number"), [("twenty-one", 21), ("1,200", 1200), ("a dozen", 12), ("three hundred", 300)]
)
def test_numbers(words: str, number: int) -> None:
    assert read_number(words) == number


def test_spellings_of_one_name_are_one_person() -> None:
    assert count_people(["Oleksandr Petrenko", "Olexander Petrenko"]) == 1
    assert count_people(["Maria Lopez", "Juan Ortega"]) == 2
    assert count_people(["Ali Karimi", "Reza Karimi"]) == 2
