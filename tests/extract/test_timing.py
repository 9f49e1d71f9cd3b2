"""When: the time told for an event, across sentences, and no day made up."""

from datetime import UTC, date, datetime

from detente.extract.events import event_date
from detente.extract.times import find_times
from tests.extract.reading import article, events

SUNDAY = datetime(2024, 3, 24, 9, tzinfo=UTC)


def dates(text: str, type_: str, published: datetime | None = SUNDAY) -> list[str | None]:
    return [event_date(e.when) for e in events(article(text, published)) if e.type == type_]


def test_a_day_told_beside_the_event() -> None:
    assert dates("Gunmen killed 12 soldiers in Mali on Friday.", "ASSAULT") == ["2024-03-22"]


def test_a_year_long_past_is_kept() -> None:
    assert dates("Russia expelled 23 British diplomats in March 2018.", "SANCTION") == ["2018-03"]


def test_an_undated_report_takes_the_month_and_never_a_day() -> None:
    assert dates("Egypt accused Ethiopia of violating the treaty on the Nile.", "ACCUSE") == ["2024-03"]


def test_no_publication_no_date() -> None:
    assert dates("Egypt accused Ethiopia of violating the treaty on the Nile.", "ACCUSE", None) == [None]


def test_a_publication_known_to_weeks_gives_a_day_its_year_but_no_weekday_a_date() -> None:
    (january, monday) = find_times("It began on Jan. 27 and ended on Monday.", None, date(2023, 2, 10))
    assert event_date(january.when) == "2023-01-27"
    assert monday.when is None
