import pytest

from detente.engines.sentences import after_stop, mend_starts, quote_sides
from detente.engines.tokens import tokenize


def sides(text: str) -> list[int]:
    return quote_sides(text, tokenize(text))


def test_curly_marks_tell_their_side() -> None:
    assert sides("“Go,” he said") == [1, 0, 0, -1, 0, 0]


def test_straight_marks_lean() -> None:
    assert sides('"Go," he said. "Now."') == [1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1]


def cut(text: str, *starts: str) -> list[str]:
    """The words that begin a sentence when the network says that those of `starts` do."""
    tokens = tokenize(text)
    words = [text[t.start : t.end] for t in tokens]
    mended = mend_starts(words, quote_sides(text, tokens), [word in starts for word in words])
    return [" ".join(words[at : at + 2]) for at, begins in enumerate(mended) if begins]


def test_a_quotation_after_a_full_stop_begins_a_sentence() -> None:
    assert cut("He left. “We won,” he said.", "We") == ["“ We"]
    assert cut('He left. "We won," he said.') == ['" We']


def test_a_closing_mark_hands_its_start_on() -> None:
    assert cut("“We won.” He left.", "”") == ["He left"]
    assert cut("“We won!” he said.", "”") == []


@pytest.mark.parametrize(
    ("text", "word", "answer"), [("Go. Now", 2, True), ("(Go.) Now", 4, True), ("Go now", 1, False)]
)
def test_full_stops_are_seen_through_closing_marks(text: str, word: int, answer: bool) -> None:
    tokens = tokenize(text)
    words = [text[t.start : t.end] for t in tokens]
    assert after_stop(words, quote_sides(text, tokens), word) is answer
