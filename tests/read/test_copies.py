import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from detente.read import find_copies
from detente.records import Document, DocumentId, PageId, Piece, Span, When

WIRE = (
    "Artillery fire killed six civilians and injured fourteen others in the border village on Tuesday morning, the defence "
    "ministry said. Eleven shells hit the village between six and seven, destroying the school and four houses. The "
    "minister blamed the army of the neighbour and said that the fire had come from positions near the lake. Rescue "
    "workers took the injured to a hospital in the capital. About nine hundred residents left the village by evening."
)
EDITED = (
    "Artillery fire killed six civilians and injured fourteen others in the border village on Tuesday, the defence "
    "ministry said. Eleven shells hit the village between six and seven and destroyed the school and four houses. The "
    "minister blamed the neighbour's army and said that the fire had come from positions near the lake. Rescue "
    "workers took the injured to a hospital in the capital. About nine hundred residents had left by evening."
)
OTHER = (
    "Six people died in the border village when shells fell on it on Tuesday, and the two governments accused each other. "
    "Our reporter found the school in ruins. An old teacher swept up the glass. Nobody could say from where the shots "
    "had come. The hospital in the capital counted fourteen injured, two of them children, and asked for blood."
)
DAY = datetime(2025, 12, 2, tzinfo=UTC)


def make(
    name: str, text: str, day: int = 0, outlet: str | None = None, syndicated: str | None = None
) -> Document:
    when = DAY + timedelta(days=day)
    return Document(
        id=DocumentId(name),
        page=PageId(f"page-{name}"),
        url=f"file:{name}",
        title=None,
        author=None,
        outlet=outlet,
        known_at=DAY + timedelta(days=9),
        published=When(earliest=when, latest=when, basis="given"),
        language="en",
        genre="report",
        text=text,
        pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
        syndicated_from=syndicated,
    )


def links(documents: list[Document]) -> dict[str, str | None]:
    return {copy.id: copy.copy_of for copy in find_copies(documents)}


def test_same_text_elsewhere_is_a_copy_of_the_earlier() -> None:
    assert links([make("b", WIRE, 1), make("a", WIRE, 0)]) == {"b": "a"}


def test_a_lightly_edited_text_is_a_copy() -> None:
    assert links([make("a", WIRE), make("b", EDITED, 1)]) == {"b": "a"}


def test_another_report_of_the_same_is_no_copy() -> None:
    assert links([make("a", WIRE), make("b", OTHER)]) == {}


def test_a_cut_down_text_is_a_copy() -> None:
    assert links([make("a", WIRE), make("b", WIRE[: len(WIRE) // 2], 1)]) == {"b": "a"}


def test_the_named_original_is_kept_though_it_is_later() -> None:
    paper = make("a", EDITED, 0, "The Ledger", "The Wire")
    wire = make("b", WIRE, 1, "The Wire")
    assert links([paper, wire]) == {"a": "b"}


def test_the_copy_tells_its_score_and_origin() -> None:
    copy = find_copies([make("a", WIRE, 0, "The Wire"), make("b", EDITED, 1, "The Ledger")])[0]
    assert copy.syndicated_from == "The Wire"
    assert copy.copy_score is not None
    assert 0.5 <= copy.copy_score < 1


def test_neither_order_nor_repeats_matter() -> None:
    documents = [
        make("a", WIRE),
        make("b", EDITED, 1),
        make("c", WIRE, 2),
        make("d", OTHER),
        make("e", OTHER, 3),
    ]
    expected = find_copies(documents)
    for seed in range(10):
        mixed = documents * 2
        random.Random(seed).shuffle(mixed)
        assert find_copies(mixed) == expected


def test_found_copies_may_be_passed_in_again() -> None:
    documents = [make("a", WIRE), make("b", EDITED, 1)]
    changed = find_copies(documents)
    again = [documents[0], changed[0]]
    assert links(again) == {"b": "a"}


def test_short_texts_are_left_alone() -> None:
    assert links([make("a", "Six died."), make("b", "Six died.")]) == {}


def test_no_documents_no_copies() -> None:
    assert find_copies([]) == ()


def test_a_chain_of_edits_points_to_one_original() -> None:
    further = EDITED.replace("Rescue workers", "Rescuers").replace("About nine hundred", "Some 900")
    found = links([make("a", WIRE), make("b", EDITED, 1), make("c", further, 2)])
    assert found == {"b": "a", "c": "a"}


def test_undated_originals_lose_to_dated_ones() -> None:
    undated = replace(make("a", WIRE), published=None)
    assert links([undated, make("b", WIRE, 5)]) == {"a": "b"}
