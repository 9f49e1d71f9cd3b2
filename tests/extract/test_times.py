"""Temporal expressions: TimeML values and intervals."""

from datetime import date

import pytest

from detente.extract.times import find_times, make_when, month_when, read_number, year_when

ANCHOR = date(2019, 5, 15)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It fell on 3 March 2018.", "3 March 2018", "2018-03-03"),
        ("It fell on March 3, 2018, at last.", "March 3, 2018", "2018-03-03"),
        ("It fell on 2018-03-03.", "2018-03-03", "2018-03-03"),
        ("It began in June 2016.", "June 2016", "2016-06"),
        ("It happened yesterday.", "yesterday", "2019-05-14"),
        ("They met today.", "today", "2019-05-15"),
        ("They will meet tomorrow.", "tomorrow", "2019-05-16"),
        ("They met on Monday.", "Monday", "2019-05-13"),
        ("They met last year.", "last year", "2018"),
        ("They met two days ago.", "two days ago", "2019-05-13"),
        ("It lasted three weeks.", "three weeks", "P3W"),
        ("It began in 2003.", "2003", "2003"),
    ],
)
def test_values(text: str, words: str, value: str) -> None:
    found = {text[t.start : t.end]: t.value for t in find_times(text, ANCHOR)}
    assert words in found, found
    assert found[words] == value


def test_weekday_looks_ahead_in_a_clause_of_the_future() -> None:
    (found,) = find_times("The talks will resume on Friday.", ANCHOR)
    assert found.value == "2019-05-17"


def test_without_anchor_no_date_is_made_up() -> None:
    found = find_times("They met yesterday, on Monday and last year.", None)
    assert found
    assert all(t.when is None for t in found)


def test_a_stated_date_needs_no_anchor() -> None:
    (found,) = find_times("He was killed on 20 January 2018.", None)
    assert found.when is not None
    assert found.when.earliest.date() == found.when.latest.date() == date(2018, 1, 20)
    assert found.when.basis == "stated"


def test_a_day_that_does_not_exist_is_left_out() -> None:
    assert all(
        t.when is None or t.when.earliest.date() != date(2018, 7, 1)
        for t in find_times("on 31 June 2018", ANCHOR)
    )


@pytest.mark.parametrize(
    "text", ["", "\x00", "0" * 5000, "99/99/9999", "March " * 500, "in the 9999th century", "1999-13-45"]
)
def test_hostile_text(text: str) -> None:
    for found in find_times(text, ANCHOR):
        assert 0 <= found.start < found.end <= len(text)
        assert found.when is None or found.when.earliest <= found.when.latest


def test_expressions_do_not_overlap() -> None:
    found = find_times(
        "On Monday, 3 March 2018, two days after last week's talks in February, it ended.", ANCHOR
    )
    assert all(x.end <= y.start for x, y in zip(found, found[1:], strict=False))


def test_intervals_hold_both_ends() -> None:
    assert month_when(2020, 2, "stated").latest.day == 29
    assert year_when(2010, "relative", 10).latest.year == 2019
    day = make_when(ANCHOR, ANCHOR, "given")
    assert (day.earliest.hour, day.latest.hour) == (0, 23)


@pytest.mark.parametrize(
    ("words", "number"), [("twenty-one", 21), ("half a", 0.5), ("several", None), ("1,200", 1200)]
)
def test_numbers(words: str, number: float | None) -> None:
    assert read_number(words) == number
