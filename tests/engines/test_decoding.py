import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.engines.annotation import Entity
from detente.engines.decoding import best_heads, best_tags, entity_tags, spans_of


def total(scores: np.ndarray, heads: tuple[int, ...]) -> float:
    return float(sum(scores[w, 0] if h == w else scores[w, h + 1] for w, h in enumerate(heads)))


def is_tree(heads: tuple[int, ...]) -> bool:
    if sum(h == w for w, h in enumerate(heads)) != 1:
        return False
    for word in range(len(heads)):
        seen = set()
        while heads[word] != word:
            if word in seen:
                return False
            seen.add(word)
            word = heads[word]
    return True


@pytest.mark.parametrize("seed", range(20))
def test_heads_are_the_best_tree_under_the_chosen_root(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(5, 6)).astype(np.float32)
    found = tuple(best_heads(scores, np.zeros(5, dtype=np.int64)).tolist())
    assert is_tree(found)
    root = next(w for w, h in enumerate(found) if w == h)
    trees = [t for t in itertools.product(range(5), repeat=5) if is_tree(t) and t[root] == root]
    assert total(scores, found) == pytest.approx(max(total(scores, t) for t in trees), abs=1e-4)


def test_heads_stay_in_their_sentence() -> None:
    scores = np.random.default_rng(1).normal(size=(9, 10)).astype(np.float32)
    sentences = np.array([0, 0, 0, 1, 2, 2, 2, 2, 2])
    heads = best_heads(scores, sentences)
    assert (sentences[heads] == sentences).all()
    assert heads[3] == 3


@given(st.integers(0, 10_000))
def test_tags_are_legal(seed: int) -> None:
    count = len(entity_tags())
    scores = np.random.default_rng(seed).normal(size=(2, 7, count)).astype(np.float32)
    rows = best_tags(scores, np.array([7, 4]))
    assert (rows[1, 4:] == 0).all()
    for row, length in zip(rows, (7, 4), strict=True):
        names = [entity_tags()[n] for n in row[:length]]
        for one, two in itertools.pairwise(["O", *names, "O"]):
            inside = one[0] in "BI"
            assert inside == (two[0] in "IE")
            assert not inside or one[2:] == two[2:]


def test_spans_begin_and_end_where_tags_say() -> None:
    row = [
        entity_tags().index(t) for t in ("S-PLACE", "O", "B-ORG", "I-ORG", "E-ORG", "B-PERSON", "E-PERSON")
    ]
    assert spans_of(row, 10) == [Entity(10, 11, "PLACE"), Entity(12, 15, "ORG"), Entity(15, 17, "PERSON")]
