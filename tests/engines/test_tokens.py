import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.engines.tokens import tokenize


def words(text: str) -> list[str]:
    return [text[t.start : t.end] for t in tokenize(text)]


def test_contractions_and_possessives_are_two_words() -> None:
    assert words("They don’t trust Georgia's army; we won't.") == [
        "They", "do", "n’t", "trust", "Georgia", "'s", "army", ";", "we", "wo", "n't", ".",
    ]  # fmt: skip
    assert words("They cannot go, I'm told.") == ["They", "can", "not", "go", ",", "I", "'m", "told", "."]


def test_hyphens_stand_alone_but_not_after_a_prefix() -> None:
    assert words("a cease-fire, anti-war, ex-Soviet") == [
        "a", "cease", "-", "fire", ",", "anti-war", ",", "ex-Soviet",
    ]  # fmt: skip


def test_abbreviations_keep_their_stop() -> None:
    assert words("Gen. Ali met U.S. envoys at 5 p.m. on Jan. 27.") == [
        "Gen.", "Ali", "met", "U.S.", "envoys", "at", "5", "p.m.", "on", "Jan.", "27", ".",
    ]  # fmt: skip


def test_figures_keep_their_signs() -> None:
    assert words("1,500 men, 3.5% and $2bn at 12:30") == [
        "1,500", "men", ",", "3.5", "%", "and", "$", "2", "bn", "at", "12:30",
    ]  # fmt: skip


def test_quotes_leave_the_word() -> None:
    assert words("“We ‘won’,” he said") == ["“", "We", "‘", "won", "’", ",", "”", "he", "said"]


def test_web_addresses_stay_whole() -> None:
    assert words("see https://a.example/b?c=1, or ask x@y.org.") == [
        "see", "https://a.example/b?c=1", ",", "or", "ask", "x@y.org", ".",
    ]  # fmt: skip


def test_every_line_opens() -> None:
    assert [t.opens_line for t in tokenize("One two\n\nthree\nfour five")] == [True, False, True, True, False]


@given(st.text(max_size=200))
def test_words_cover_all_but_space_in_order(text: str) -> None:
    at = 0
    for start, end, _ in tokenize(text):
        assert at <= start < end
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "dateline",
    [
        "TBILISI, Jan. 27 - ",
        "YEREVAN (Reuters) - ",
        "LONDON — ",
        "KYIV/MOSCOW, Jan 27 (Reuters) - ",
        "New Delhi, May 3 (PTI) – ",
        "(CNN) — ",
    ],
)
def test_a_dateline_is_a_line_of_its_own(dateline: str) -> None:
    tokens = tokenize(f"{dateline}The talks ended.")
    assert [t.start for t in tokens if t.opens_line] == [0, len(dateline)]


@pytest.mark.parametrize(
    "text",
    ["U.S. - China talks", "PARIS, the capital, was hit - again", "- a point", "A truce - so far - held"],
)
def test_other_dashes_are_not_datelines(text: str) -> None:
    assert [t.start for t in tokenize(text) if t.opens_line] == [0]


WRAPPED = (
    "Drones attacked a fuel depot of the army near the city of Velin early on\n"
    "Friday, killing three soldiers and injuring eleven of those who had been on\n"
    "guard since Monday, the ministry said in a short note to the newspapers.\n"
    "Nobody claimed the attack.\n"
    "The minister left for Norrhavn, where he was to meet the envoys of the two\n"
    "neighbours on Sunday."
)


def test_lines_that_were_wrapped_are_one() -> None:
    opening = [WRAPPED[t.start : t.end] for t in tokenize(WRAPPED) if t.opens_line]
    assert opening == ["Drones", "The"]


@pytest.mark.parametrize(
    "text",
    [
        "Minister leaves the capital for talks with the envoys of two neighbours\nBy Odile Marrant",
        "One of the titles in a list of three of them, which are of no like width\nA short one\nAnother short one here",
        "Tea\nMilk\nBread and butter\nSalt",
        "\n".join(["A paragraph of a page that stands on a line of its own. " * 4] * 3),
    ],
)
def test_lines_that_were_not_wrapped_stand_alone(text: str) -> None:
    assert sum(t.opens_line for t in tokenize(text)) == text.count("\n") + 1
