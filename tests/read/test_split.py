import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import ReadError
from detente.read import ReadPage, page_text, read_page
from tests.pages import make_page

ONE = [
    "The navy of Palmeria seized two foreign trawlers off the cape on Sunday and arrested 31 crew members, officials said.",
    "The ships had been fishing without a licence for nine days, according to a statement of the defence ministry.",
    "The flag state of the trawlers protested against the seizure and demanded that the crews be freed at once.",
    "It was the third such seizure since January, when patrols were doubled after a report on empty nets.",
]
TWO = [
    "Workers at the Dorn copper mine ended a strike of three weeks on Monday after the owner agreed to raise wages.",
    "The union said that 4,000 miners had voted for the deal and 600 against it, and that work would begin at night.",
    "The strike had stopped about a tenth of the copper exports, and the price of copper fell after the news.",
    "President Olin thanked both sides and announced a commission on safety in mines, where 14 people died this year.",
]


def read(text: str) -> ReadPage:
    return read_page(make_page(text))


def reasons(found: ReadPage, text: str) -> dict[str, str]:
    return {text[rest.page_span.start : rest.page_span.end]: rest.reason for rest in found.remainder}


def test_two_articles_under_their_headlines_are_two() -> None:
    first, second = ONE * 3, TWO * 3
    text = "\n\n".join(
        ["Navy seizes two trawlers off the cape", *first, "Miners end their strike after a pay deal", *second]
    )
    found = read(text)
    assert [document.title for document in found.documents] == [
        "Navy seizes two trawlers off the cape",
        "Miners end their strike after a pay deal",
    ]
    assert found.documents[0].text.endswith("empty nets.")


def test_sub_headings_do_not_split() -> None:
    text = "\n\n".join(["Navy seizes two trawlers", *ONE[:2], "A protest", *ONE[2:], "Empty nets", *ONE[2:]])
    found = read(text)
    assert len(found.documents) == 1
    assert "A protest" in found.documents[0].text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Read also: Ten ways to cook a herring", "promo"),
        ("Related: Why the nets are empty", "promo"),
        ("ADVERTISEMENT", "promo"),
        ("Share on Facebook", "share"),
        ("Sign up for our daily newsletter", "subscribe"),
        ("Photo: The Ledger", "credit"),
    ],
)
def test_what_is_put_into_a_body_is_cut_out(line: str, reason: str) -> None:
    text = "\n\n".join([*ONE[:2], line, *ONE[2:]])
    found = read(text)
    assert len(found.documents) == 1
    assert line not in found.documents[0].text
    assert len(found.documents[0].pieces) == 2
    assert reasons(found, text)[line] == reason


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        ("The post Navy seizes two trawlers appeared first on The Ledger.", "feed"),
        ("Comments (3)\nsailor77\nI saw it from the pier and it was a great show.", "comments"),
        ("About the author\nAna Lind is a writer who lives by the sea.", "bio"),
        ("Ana Lind is a senior fellow at the Institute for Harbours.", "bio"),
        ("© 2025 The Ledger. All rights reserved.", "copyright"),
        ("The views expressed here are the author's own.", "disclaimer"),
        ("Additional reporting by Mara Quill", "credit"),
        ("This article was amended on 5 March 2025 to correct a name.", "correction"),
        ("Contact us: desk@ledger.example", "contact"),
        ("Most read\nStorm closes three airports\nTen photos of the week", "promo"),
    ],
)
def test_what_stands_below_a_body_is_named(tail: str, reason: str) -> None:
    text = "\n\n".join(["Navy seizes two trawlers", *ONE * 2, tail])
    found = read(text)
    assert found.documents[0].text.endswith("empty nets.")
    assert reason in {rest.reason for rest in found.remainder}


@pytest.mark.parametrize(
    "tail",
    [
        " • Ana Lind is a fellow of the Institute for Harbours",
        " This article was amended on 5 March 2025 to correct a name.",
        " Additional reporting by Mara Quill",
        " - Reuters",
    ],
)
def test_credits_on_the_last_line_are_cut_off(tail: str) -> None:
    body = " ".join(ONE * 3)
    assert read(body + tail).documents[0].text == body


def test_menus_and_calendars_around_a_body_are_left_out() -> None:
    menu = "Home\nNews\nSport\n1 2 3 4 5 6 7\n8 9 10 11 12 13 14\nMarch 2024 April 2024 May 2024 June 2024 July 2024"
    text = (
        f"{menu}\n\nNavy seizes two trawlers off the cape\n\n"
        + "\n\n".join(ONE)
        + "\n\nContact us\nPrivacy policy"
    )
    document = read(text).documents[0]
    assert document.text == "\n\n".join(ONE)
    assert document.title == "Navy seizes two trawlers off the cape"


def test_a_quote_that_looks_like_a_page_phrase_stays() -> None:
    quote = "“We use cookies at the table and privacy at home, and that is the whole of our policy,” the skipper said on Sunday."
    assert quote in read("\n\n".join([*ONE[:2], quote, *ONE[2:]])).documents[0].text


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "\n\n".join(_wrap(paragraph) for paragraph in ONE)
    assert read(text).documents[0].text == text


def _wrap(text: str, width: int = 70) -> str:
    import textwrap

    return textwrap.fill(text, width)


def test_a_page_of_teasers_is_refused() -> None:
    teasers = "\n\n".join(f"A headline of some words\n{line}\nRead more" for line in (ONE + TWO))
    with pytest.raises(ReadError, match="no article"):
        read(teasers)


def test_ids_are_the_same_each_time() -> None:
    text = "\n\n".join(ONE)
    assert read(text) == read(text)


LINES = st.sampled_from(
    [*ONE, *TWO, "", "", "Home", "Read also", "Share", "A short headline of words", "Comments (2)", "5 March 2025", "By Ana Lind",
     "- an item", "ALL IN CAPITALS HERE", "?!", "• ", "Ана Линд пишет", "\x0b", "About the author", "© 2025"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=40))
def test_every_offset_leads_back_and_nothing_is_lost(lines: list[str]) -> None:
    page = make_page("\n".join(lines))
    try:
        found = read_page(page)
    except ReadError:
        return
    text = page_text(page).text
    seen = [0] * len(text)
    for document in found.documents:
        assert document.text == "".join(text[p.page_span.start : p.page_span.end] for p in document.pieces)
        for piece in document.pieces:
            for at in range(piece.page_span.start, piece.page_span.end):
                seen[at] += 1
    for rest in found.remainder:
        for at in range(rest.page_span.start, rest.page_span.end):
            seen[at] += not text[at].isspace()
    assert all(count == 1 for count, char in zip(seen, text, strict=True) if not char.isspace())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    page = make_page(text.encode("utf-8", "replace"))
    with contextlib.suppress(ReadError):
        assert read_page(page).documents


def test_a_long_headline_right_above_its_text_is_not_joined_to_it() -> None:
    headline = "Navy of Palmeria seizes two foreign trawlers off the cape on Sunday"
    document = read("\n".join([headline, *ONE])).documents[0]
    assert document.title == headline
    assert document.text.startswith(ONE[0])
