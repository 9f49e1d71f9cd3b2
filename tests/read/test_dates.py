import pytest

from detente.read import read_page
from detente.read.dates import find_mentions, infer_published, iso_date, parse_moment
from tests.pages import make_page

FILLER = "The ministers met in the capital and agreed to go on with the talks on the water of the lake, officials said. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-04", "2025-03-04"),
        ("2025-03-04T09:30:00Z", "2025-03-04"),
        ("2025-03-04T23:30:00-05:00", "2025-03-05"),
        ("4 March 2025", "2025-03-04"),
        ("March 4th, 2025", "2025-03-04"),
        ("Tuesday, 4 Mar 2025 10:00", "2025-03-04"),
        ("04.03.2025", "2025-03-04"),
        ("March 2025", "2025-03"),
        ("2025-03", "2025-03"),
        ("2025", "2025"),
        ("1741082400", "2025-03-04"),
    ],
)
def test_dates_are_understood(text: str, expected: str) -> None:
    assert iso_date(parse_moment(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "30 February 2025", "99999999999999999999", "2025-13-45", "march on"]
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    "line",
    [
        "4 March 2025",
        "Published: March 4, 2025",
        "date 2025-03-04",
        "Tuesday, 4 March 2025, 10:15",
        "Northport, 4 March 2025",
        "Posted on March 4, 2025 by Ana Lind",
    ],
)
def test_a_date_line_above_the_text_is_the_date(line: str) -> None:
    document = read_page(
        make_page(f"Ministers go on with the talks\n{line}\n\n{FILLER * 2}\n\n{FILLER * 2}")
    ).documents[0]
    assert document.published is not None
    assert (iso_date(document.published), document.published.basis) == ("2025-03-04", "stated")


def test_published_beats_updated() -> None:
    text = f"Ministers go on with the talks\n4 March 2025\nUpdated 6 March 2025\n\n{FILLER * 3}"
    assert iso_date(read_page(make_page(text)).documents[0].published) == "2025-03-04"


def test_a_dateline_with_a_year_is_the_date() -> None:
    document = read_page(make_page(f"NORTHPORT, March 4, 2025 (Wire) -- {FILLER * 3}")).documents[0]
    assert document.published is not None
    assert (iso_date(document.published), document.published.basis) == ("2025-03-04", "dateline")


def test_the_address_tells_a_date() -> None:
    page = make_page(FILLER * 3)
    told = make_page(FILLER * 3, url="https://ledger.example/news/2025/03/04/talks")
    assert read_page(page).documents[0].published is None
    assert iso_date(read_page(told).documents[0].published) == "2025-03-04"


def test_days_without_a_year_take_it_from_the_past_that_is_told() -> None:
    when, notes = infer_published(
        "Since the treaty of March 2024 little has moved. On January 19 a bomb went off."
    )
    assert when is not None
    assert (when.earliest.date().isoformat(), when.basis) == ("2025-01-19", "inferred")
    assert "2024-03" in notes[0]


def test_a_weekday_picks_the_year() -> None:
    when, _ = infer_published(
        "Since the treaty of March 2019 little has moved. On Sunday, January 29 drones struck."
    )
    assert when is not None
    assert when.earliest.date().isoformat() == "2023-01-29"


def test_landmarks_bound_the_year() -> None:
    when, notes = infer_published(
        "The full-scale invasion changed all that. On October 21 the ministers met again."
    )
    assert when is not None
    assert when.earliest.date().isoformat() == "2022-10-21"
    assert "full-scale invasion" in notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "The treaty of 1994 still stands. They met on May 4.",
        "A meeting was held on Monday.",
        "It began in March 2019.",
        "The Biden administration objected. On September 7 the ties were cut.",
    ],
)
def test_what_is_not_told_is_not_guessed(text: str) -> None:
    when, notes = infer_published(text)
    assert when is None
    assert notes[0].startswith("published: n")


def test_what_lies_ahead_is_no_bound() -> None:
    when, _ = infer_published(
        "The ministers met on 4 March 2025. The next talks are to be held by 30 June 2027."
    )
    assert iso_date(when) == "2025" or (when and when.earliest.date().isoformat() == "2025-03-04")


def test_the_clock_and_the_file_time_never_come_in() -> None:
    document = read_page(make_page(FILLER * 4)).documents[0]
    assert document.published is None
    assert document.known_at == make_page("x").fetched_at


def test_verbs_are_no_months() -> None:
    assert find_mentions("They may 3 times march 20 miles.") == []
