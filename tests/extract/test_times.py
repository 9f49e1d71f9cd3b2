"""Times: TimeML values, and intervals only where the words and the anchor allow one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.extract.times import TimeExpression, find_times, read_number

WEDNESDAY = date(2024, 3, 20)


def only(text: str, anchor: date | None = WEDNESDAY) -> TimeExpression:
    found = find_times(text, anchor)
    assert len(found) == 1, found
    return found[0]


def days(time: TimeExpression) -> tuple[str, str] | None:
    if time.when is None:
        return None
    return time.when.earliest.date().isoformat(), time.when.latest.date().isoformat()


@pytest.mark.parametrize(
    ("text", "value", "first", "last"),
    [
        ("signed on 5 May 2023", "2023-05-05", "2023-05-05", "2023-05-05"),
        ("signed on March 5, 2021", "2021-03-05", "2021-03-05", "2021-03-05"),
        ("dated 2022-07-01", "2022-07-01", "2022-07-01", "2022-07-01"),
        ("filed 05/14/2013", "2013-05-14", "2013-05-14", "2013-05-14"),
        ("in May 2019", "2019-05", "2019-05-01", "2019-05-31"),
        ("in February 2024", "2024-02", "2024-02-01", "2024-02-29"),
        ("in 2015", "2015", "2015-01-01", "2015-12-31"),
        ("during the 1990s", "199X", "1990-01-01", "1999-12-31"),
        ("first quarter of 2022", "2022-Q1", "2022-01-01", "2022-03-31"),
        ("in summer 2018", "2018-SU", "2018-06-01", "2018-08-31"),
    ],
)
def test_what_is_stated_needs_no_anchor(text: str, value: str, first: str, last: str) -> None:
    for anchor in (WEDNESDAY, None):
        time = only(text, anchor)
        assert (time.value, days(time)) == (value, (first, last))


@pytest.mark.parametrize(
    ("text", "value", "first", "last"),
    [
        ("they met yesterday", "2024-03-19", "2024-03-19", "2024-03-19"),
        ("they met on Monday", "2024-03-18", "2024-03-18", "2024-03-18"),
        ("they will meet on Monday", "2024-03-25", "2024-03-25", "2024-03-25"),
        ("they met last week", "2024-W11", "2024-03-11", "2024-03-17"),
        ("they met last month", "2024-02", "2024-02-01", "2024-02-29"),
        ("they met two days ago", "2024-03-18", "2024-03-18", "2024-03-18"),
        ("they met three months ago", "2023-12", "2023-12-01", "2023-12-31"),
        ("they met a decade ago", "2014", "2014-01-01", "2014-12-31"),
        ("they met on 10 January", "2024-01-10", "2024-01-10", "2024-01-10"),
        ("they met at Christmas", "2023-12-25", "2023-12-25", "2023-12-25"),
        ("they met this year", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_what_is_relative_leans_on_the_anchor(text: str, value: str, first: str, last: str) -> None:
    time = only(text)
    assert (time.value, days(time)) == (value, (first, last))
    assert time.when is not None
    assert time.when.basis == "relative"


@pytest.mark.parametrize(
    "words",
    [
        "yesterday",
        "tomorrow",
        "on Monday",
        "last week",
        "this year",
        "two days ago",
        "on 10 January",
        "in March",
        "last winter",
    ],
)
def test_without_an_anchor_relative_words_have_no_interval(words: str) -> None:
    assert only(f"they spoke {words}", None).when is None


def test_the_narratives_own_date_comes_before_the_anchor() -> None:
    told, next_day = find_times("On 3 June 2020 they met; the next day they parted.", WEDNESDAY)
    assert (told.value, next_day.value) == ("2020-06-03", "2020-06-04")


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("for six days", "DURATION", "P6D"),
        ("a five-year plan", "DURATION", "P5Y"),
        ("every Tuesday", "SET", "XXXX-WXX-2"),
        ("it recently closed", "DATE", "PAST_REF"),
    ],
)
def test_durations_and_habits_are_no_dates(text: str, type_: str, value: str) -> None:
    time = only(text)
    assert (time.type, time.value, time.when) == (type_, value, None)


@pytest.mark.parametrize(
    "text", ["on 31 June 2021", "1,500 people", "in room 2019A", "it may march on", "$2,015", ""]
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert find_times(text, WEDNESDAY) == ()


@pytest.mark.parametrize(
    ("words", "number"),
    [("1,200", 1200), ("a couple of", 2), ("twenty-one", 21), ("half a", 0.5), ("many", None)],
)
def test_numbers(words: str, number: float | None) -> None:
    assert read_number(words) == number


_PIECES = st.sampled_from(
    ["31", "2024", "9999", "0", "February", "Monday", "last", "next", "ago", "years", "99999999", "-", "/", ",", "week",
     "centuries", "the", "of", "pm", "spring", "every", "decades", "later", "first", "quarter", "1990s", "\n", "é", "May"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=12).map(" ".join), st.none() | st.dates())
def test_any_words_and_any_anchor_give_ordered_spans_and_intervals(text: str, anchor: date | None) -> None:
    end = 0
    for time in find_times(text, anchor):
        assert end <= time.start < time.end <= len(text)
        end = time.end
        if time.when is not None:
            assert time.when.earliest <= time.when.latest
            assert time.when.earliest.tzinfo is UTC


def test_intervals_are_whole_days() -> None:
    when = only("on 5 May 2023").when
    assert when is not None
    assert when.earliest == datetime(2023, 5, 5, tzinfo=UTC)
    assert when.latest == datetime(2023, 5, 5, 23, 59, 59, tzinfo=UTC)
