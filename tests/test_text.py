from detente.text import (
    collapse_space,
    count_words,
    digest_bytes,
    fold,
    hash64,
    sentence_spans,
    shingles,
    words,
)


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


def test_sentences_end_where_they_end() -> None:
    assert sentences("He met Gen. Smith on Jan. 5. They spoke.  All agreed!") == [
        "He met Gen. Smith on Jan. 5.",
        "They spoke.",
        "All agreed!",
    ]


def test_quotes_stay_with_their_sentence() -> None:
    assert sentences("“We shall go.” She left.") == ["“We shall go.”", "She left."]


def test_abbreviations_and_initials_do_not_end_a_sentence() -> None:
    assert sentences("The U.S. Navy and J. R. Moor left at 6 a.m. on Monday.") == [
        "The U.S. Navy and J. R. Moor left at 6 a.m. on Monday."
    ]


def test_blank_lines_end_a_sentence() -> None:
    assert sentences("A heading\n\nThe text begins.") == ["A heading", "The text begins."]


def test_sentences_of_nothing() -> None:
    assert sentence_spans("") == ()
    assert sentence_spans(" \n ") == ()


def test_fold_takes_off_accents_and_case() -> None:
    assert fold("  Zürich\nÉLAN ") == "zurich elan"


def test_words_keep_hyphens_and_apostrophes() -> None:
    assert words("Al-Asad's men") == ["al-asad's", "men"]


def test_counts_words_of_scripts_without_spaces() -> None:
    assert count_words("three small words") == 3
    assert count_words("習近平訪問東京") >= 3


def test_shingles_of_short_and_long_texts() -> None:
    assert len(shingles(["a", "b", "c", "d", "e", "f"], 5)) == 2
    assert len(shingles(["a"], 5)) == 1
    assert shingles([], 5) == set()


def test_hashes_never_change() -> None:
    assert hash64("detente") == 0x118DA90F330CA2
    assert digest_bytes(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_collapse_space() -> None:
    assert collapse_space(" a \t\n b ") == "a b"
