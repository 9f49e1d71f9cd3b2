"""The relation reader: what must hold whatever the weights, and a few readings that must not be lost."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.engines import Encoder, MarkedPair, PairClassifier, load_encoder, load_relations
from detente.engines.marks import FIRST, LAST, LONGEST, MARKS, Mark, mark_pieces
from detente.engines.relations import NONE, Labels, Marked, RelationReader, shipped_relations
from detente.errors import EngineError
from tests.fakes import FakeRelations

LABELS = Labels(
    types=("AID", "ASSAULT", NONE),
    statuses=("happened", "denied"),
    modes=("aerial", "visit"),
    modes_of={"ASSAULT": ("aerial",), "AID": (), NONE: ()},
)


class Encoding:
    """A piece for each letter."""

    def __init__(self, text: str) -> None:
        self.ids = [200 + ord(sign) % 50 for sign in text]
        self.offsets = [(k, k + 1) for k in range(len(text))]


class LetterTokenizer:
    def encode_batch(self, texts: list[str], *, add_special_tokens: bool) -> Sequence[Encoding]:
        assert not add_special_tokens
        return [Encoding(text) for text in texts]


class CountingNetwork:
    """Answers with the number of pieces, so that an answer in the wrong row is seen."""

    outputs: Sequence[str] = ("types", "styled", "status", "modes", "some", "vector")

    def __init__(self) -> None:
        self.batches: list[tuple[int, ...]] = []

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        mask = feeds["attention_mask"]
        self.batches.append(mask.shape)
        assert (feeds["input_ids"][mask == 0] == 0).all()
        n = mask.sum(1).astype(np.float32)
        types = np.stack([n, -n, 0 * n], axis=1)
        return [types, -types, types[:, :2], types[:, :2], n, np.stack([n, 1 + 0 * n], axis=1)]


@pytest.fixture
def network() -> CountingNetwork:
    return CountingNetwork()


@pytest.fixture
def reader(network: CountingNetwork) -> RelationReader:
    return RelationReader(network=network, tokenizer=LetterTokenizer(), labels=LABELS, recipe="fake")


def pieces(text: str, *marks: Mark) -> list[int]:
    encoding = Encoding(text)
    return mark_pieces(encoding.ids, encoding.offsets, marks)


def test_marks_stand_around_their_pieces() -> None:
    made = pieces("abcd", Mark("s", (0, 2)), Mark("t", (3, 4)))
    plain = pieces("abcd")[1:-1]
    assert made == [FIRST, 1, plain[0], plain[1], 2, plain[2], 3, plain[3], 4, LAST]


def test_neighbouring_marks_close_before_they_open() -> None:
    made = pieces("ab", Mark("s", (0, 1)), Mark("t", (1, 2)))
    assert [piece for piece in made if piece < 10] == [1, 2, 3, 4]


@given(
    st.integers(0, 400),
    st.tuples(st.integers(-3, 420), st.integers(-3, 420)),
    st.tuples(st.integers(0, 400), st.integers(0, 9)),
)
def test_any_marks_on_any_length_give_a_bounded_row(
    size: int, one: tuple[int, int], two: tuple[int, int]
) -> None:
    made = pieces("x" * size, Mark("s", one), Mark("t", (two[0], two[0] + two[1])))
    assert made[0] == FIRST
    assert made[-1] == LAST
    assert len(made) <= LONGEST
    for opening, closing in MARKS.values():
        assert made.count(opening) == made.count(closing) <= 1
        assert opening not in made or made.index(opening) < made.index(closing)


def test_a_long_sentence_keeps_what_is_near_the_marks() -> None:
    text = "a" * 300 + "b" + "c" * 300 + "d" + "e" * 300
    made = pieces(text, Mark("s", (300, 301)), Mark("t", (601, 602)))
    (b,), (d,) = Encoding("b").ids, Encoding("d").ids
    assert made[made.index(1) + 1] == b
    assert made[made.index(3) + 1] == d


def test_answers_come_in_the_order_of_the_questions(reader: RelationReader, network: CountingNetwork) -> None:
    sizes = [40, 3, 90, 3, 17] * 20
    vectors = reader.encode(["x" * n for n in sizes])
    assert [round(float(a / b)) for a, b in vectors] == [n + 2 for n in sizes]
    assert len(network.batches) > 1
    assert max(a * b for a, b in network.batches) <= 400


def test_broken_marks_and_empty_texts_have_an_answer(reader: RelationReader) -> None:
    broken = [
        MarkedPair("", (0, 0), (0, 0)),
        MarkedPair("abc", (2, 1), (9, 12)),
        MarkedPair("a   b", (1, 3), (-1, 0)),
    ]
    for reading in reader.classify(broken):
        assert reading.types[NONE] == 1
        assert reading.mode == ""
        assert reading.status_score == 0
    (half,) = reader.classify([MarkedPair("abc", (0, 1), (3, 3))])
    assert half.types["AID"] > 0.9
    assert reader.classify([]) == []
    assert reader.encode([]).shape[0] == 0
    assert reader.some([]).shape == (0,)


def test_modes_are_those_of_the_type(reader: RelationReader) -> None:
    (plain,) = reader.classify([MarkedPair("abc", (0, 1), (2, 3))])
    (styled,) = reader.classify([MarkedPair("abc", (0, 1), (2, 3))], styled=True)
    assert (max(plain.types, key=plain.types.__getitem__), plain.mode) == ("AID", "")
    assert (max(styled.types, key=styled.types.__getitem__), styled.mode) == ("ASSAULT", "aerial")
    assert styled.types[NONE] == 0


@pytest.fixture(scope="module")
def shipped() -> RelationReader:
    try:
        return shipped_relations()
    except EngineError as error:
        pytest.skip(f"no weights: {error}")


def pair(text: str) -> MarkedPair:
    """`[source]` and `{target}`."""
    plain = text.translate(str.maketrans("", "", "[]{}"))
    s, t = (text[text.index(a) + 1 : text.index(b)] for a, b in ("[]", "{}"))
    return MarkedPair(
        plain, (plain.index(s), plain.index(s) + len(s)), (plain.index(t), plain.index(t) + len(t))
    )


READINGS = [
    ("[Norwegian jets] bombed {a rebel depot} near Sabha on Monday.", "ASSAULT", "happened"),
    ("{Two reporters} were arrested by [Belarusian police] outside the court.", "COERCE", "happened"),
    ("[Ghana] accused {Togo} of moving the border stones.", "ACCUSE", "happened"),
    ("[Peru] plans to send {Haiti} 40 tonnes of rice next month.", "AID", "planned"),
    ("[The prime minister] met {Chilean envoys} in Oslo.", "CONSULT", "happened"),
]


@pytest.mark.parametrize(("text", "type_", "status"), READINGS)
def test_plain_sentences_are_read(shipped: RelationReader, text: str, type_: str, status: str) -> None:
    (reading,) = shipped.classify([pair(text)])
    assert max(reading.types, key=reading.types.__getitem__) == type_
    assert reading.status == status
    assert sum(reading.types.values()) == pytest.approx(1, abs=1e-4)


def test_direction_matters(shipped: RelationReader) -> None:
    there, back = shipped.classify(
        [pair("[Ghana] shelled {Togo}'s harbour."), pair("{Ghana} shelled [Togo]'s harbour.")]
    )
    assert there.types["ASSAULT"] > back.types["ASSAULT"]


def test_an_event_word_alone_has_a_status(shipped: RelationReader) -> None:
    text = "The army denied that it had shelled the town."
    start = text.index("shelled")
    assert shipped.statuses([Marked(text, (Mark("e", (start, start + 7)),))]) == ["denied"]


def test_likeness_is_that_of_meaning(shipped: RelationReader) -> None:
    texts = [
        "Troops shelled the port city overnight.",
        "The harbour town was bombarded by soldiers during the night.",
        "Ministers signed a fisheries accord.",
    ]
    vectors = shipped.encode(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_both_loaders_share_one_network() -> None:
    try:
        classifier: PairClassifier = load_relations()
        encoder: Encoder = load_encoder()
    except EngineError as error:
        pytest.skip(f"no weights: {error}")
    assert classifier is encoder  # type: ignore[comparison-overlap]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.tuples(st.integers(-5, 210), st.integers(-5, 210)))
def test_no_text_breaks_the_reader(shipped: RelationReader, text: str, span: tuple[int, int]) -> None:
    (reading,) = shipped.classify([MarkedPair(text, span, (0, len(text) // 2))])
    assert sum(reading.types.values()) == pytest.approx(1, abs=1e-4)
    assert np.isfinite(shipped.encode([text])).all()
    assert 0 <= shipped.some([text])[0] <= 1


def test_a_monstrous_text_is_windowed(shipped: RelationReader) -> None:
    text = "word " * 50_000 + ". Norwegian jets bombed a rebel depot near Sabha on Monday. " + "word " * 50_000
    source, target = text.index("Norwegian jets"), text.index("a rebel depot")
    (reading,) = shipped.classify([MarkedPair(text, (source, source + 14), (target, target + 13))])
    assert max(reading.types, key=reading.types.__getitem__) == "ASSAULT"


def test_the_fake_keeps_the_protocols() -> None:
    fake = FakeRelations({"shelled": "ASSAULT"})
    classifier: PairClassifier = fake
    encoder: Encoder = fake
    readings = classifier.classify([pair("[Ghana] shelled {Togo} ."), pair("[Ghana] and {Togo} .")])
    assert [max(r.types, key=r.types.__getitem__) for r in readings] == ["ASSAULT", "NONE"]
    vectors = encoder.encode(["a b", "b a", "c d", ""])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.99 > vectors[0] @ vectors[2]
