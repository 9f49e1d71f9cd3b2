"""The shipped annotator: behaviour that must hold whatever its weights."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.engines import Annotation, Annotator, load_annotator
from detente.engines.onnx import OnnxModel
from detente.errors import EngineError
from tests.fakes import FakeAnnotator

STORY = (
    "TBILISI, Jan. 27 - Georgia's foreign minister, Ilia Darchiashvili, said on Friday that talks with "
    "Armenia would resume. “We expect the ministers to meet,” he told reporters.\n\n"
    "The United Nations welcomed the announcement."
)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return load_annotator()


def annotate(annotator: Annotator, text: str) -> Annotation:
    (annotation,) = annotator.annotate([text])
    check_shape(annotation)
    assert annotation.text == text
    return annotation


def check_shape(annotation: Annotation) -> None:
    n = len(annotation)
    for column in ("starts", "lemmas", "pos", "tags", "deps", "heads"):
        assert len(getattr(annotation, column)) == n
    for word, start in zip(annotation.words, annotation.starts, strict=True):
        assert annotation.text[start : start + len(word)] == word
    bounds = [0, *(end for _, end in annotation.sentences)]
    assert [start for start, _ in annotation.sentences] == bounds[:-1]
    assert bounds[-1] == n
    for start, end in annotation.sentences:
        roots = [w for w in range(start, end) if annotation.heads[w] == w]
        assert len(roots) == 1
        assert [w for w in range(start, end) if annotation.deps[w] == "root"] == roots
        assert all(start <= annotation.heads[w] < end for w in range(start, end))
        assert all(roots[0] in (w, *annotation.ancestors(w)) for w in range(start, end))
        assert "\n" not in annotation.quote(start, end)
    ends = [0, *(entity.end for entity in annotation.entities)]
    assert all(before <= e.start < e.end <= n for before, e in zip(ends, annotation.entities, strict=False))


def names(annotation: Annotation) -> set[tuple[str, str]]:
    return {(annotation.quote(e.start, e.end), e.label) for e in annotation.entities}


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\r\n", "\u200b", "."])
def test_next_to_nothing_is_annotated(annotator: Annotator, text: str) -> None:
    assert len(annotate(annotator, text)) <= 1


def test_reads_a_story(annotator: Annotator) -> None:
    annotation = annotate(annotator, STORY)
    assert {("Armenia", "PLACE"), ("Ilia Darchiashvili", "PERSON"), ("United Nations", "ORG")} <= {
        (name.removeprefix("The ").removeprefix("the "), label) for name, label in names(annotation)
    }
    said = annotation.words.index("said")
    assert annotation.lemmas[said] == "say"
    assert annotation.tags[said] == "VBD"
    subjects = [w for w in annotation.children()[said] if annotation.deps[w] == "nsubj"]
    assert [annotation.words[w] for w in subjects] == ["minister"]


def test_line_breaks_end_sentences(annotator: Annotator) -> None:
    annotation = annotate(annotator, "Talks resume in Geneva\nBoth sides said they would go")
    assert [annotation.quote(*s) for s in annotation.sentences] == [
        "Talks resume in Geneva",
        "Both sides said they would go",
    ]


def test_capitals_and_small_letters(annotator: Annotator) -> None:
    for text in (STORY.upper(), STORY.lower(), STORY.title()):
        places = {name.lower() for name, label in names(annotate(annotator, text)) if label == "PLACE"}
        assert "armenia" in places


def test_fifty_thousand_words(annotator: Annotator) -> None:
    text = "\n".join(["Rebels and the army exchanged fire near the border, officials said."] * 60)
    long = " ".join(["fire"] * 3000) + "\n" + text
    annotation = annotate(annotator, long)
    assert len(annotation) > 3700


def test_order_and_batches_do_not_matter(annotator: Annotator) -> None:
    texts = [STORY, "", "Two soldiers died.", "x " * 500, STORY.upper()] * 9
    together = list(annotator.annotate(texts))
    assert [a.text for a in together] == texts
    alone = annotate(annotator, "Two soldiers died.")
    assert together[2].words == alone.words
    assert together[2].deps == alone.deps


def test_given_words_keep_their_sentences(annotator: Annotator) -> None:
    sentences = [["Two", "soldiers", "died", "."], [], ["Iran", "denied", "it"], ["fire"] * 900]
    annotation = annotator.annotate_words(sentences)
    check_shape(annotation)
    assert annotation.words[:7] == ("Two", "soldiers", "died", ".", "Iran", "denied", "it")
    assert annotation.sentences[:2] == ((0, 4), (4, 7))
    assert len(annotator.annotate_words([])) == 0


def test_the_fake_keeps_the_shape() -> None:
    fake = FakeAnnotator({"Ilia Darchiashvili": "PERSON", "Armenia": "PLACE"})
    (annotation,) = fake.annotate([STORY])
    check_shape(annotation)
    assert names(annotation) == {("Ilia Darchiashvili", "PERSON"), ("Armenia", "PLACE")}
    check_shape(fake.annotate_words([["Two", "died"], ["Iran", "denied", "it"]]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_text_has_an_answer(annotator: Annotator, text: str) -> None:
    annotate(annotator, text)


@pytest.mark.parametrize(
    "text",
    [
        "الوزير قال إن المحادثات ستستمر",
        "两国部长周一表示,谈判将在首都继续进行。" * 80,
        "a\u0301" * 700,
        "\ud800 lone",
        "\x00\x01",
    ],
)
def test_foreign_and_hostile_text(annotator: Annotator, text: str) -> None:
    annotate(annotator, text)


def test_a_broken_graph_is_an_engine_error(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(b"not a graph")
    with pytest.raises(EngineError, match=r"network\.onnx"):
        OnnxModel(path)
