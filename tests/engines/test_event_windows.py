"""Windows of the event reader: every sentence is answered for once, with what was said before in front."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detente.engines.event_windows import (
    CONTEXT,
    LONGEST,
    ROOM,
    PiecedSentence,
    batch_windows,
    cut_windows,
    number_features,
)


@given(st.lists(st.integers(min_value=0, max_value=LONGEST), max_size=60))
def test_each_sentence_is_fresh_once_and_windows_keep_their_room(lengths: list[int]) -> None:
    windows = cut_windows(lengths)
    fresh = [k for w in windows for k in range(w.fresh, w.last)]
    assert fresh == list(range(len(lengths)))
    for w in windows:
        assert w.first <= w.fresh < w.last
        assert sum(lengths[w.first : w.fresh]) <= CONTEXT
        assert sum(lengths[w.first : w.last]) <= max(ROOM, CONTEXT + LONGEST)


def test_later_windows_see_what_was_said_before() -> None:
    windows = cut_windows([30] * 20)
    assert len(windows) > 1
    assert all(w.first < w.fresh for w in windows[1:])


def test_a_batch_pads_and_says_which_piece_begins_which_word() -> None:
    one = PiecedSentence(np.array([7, 8, 9]), np.array([0, 0, 1]), np.array([True, False, True]))
    two = PiecedSentence(np.array([5]), np.array([2]), np.array([True]))
    features = np.arange(9).reshape(3, 3)
    hints = np.eye(3, 4, dtype=np.float32)
    batch = batch_windows([[one, two], [two]], [features] * 2, [hints] * 2, (101, 102))
    assert batch.ids.tolist() == [[101, 7, 8, 9, 5, 102], [101, 5, 102, 0, 0, 0]]
    assert batch.words.tolist() == [[-1, 0, -1, 1, 2, -1], [-1, 2, -1, -1, -1, -1]]
    assert batch.features[0, 3].tolist() == features[1].tolist()
    assert batch.hints[1, 1].tolist() == hints[2].tolist()


def test_labels_unknown_in_training_are_zero() -> None:
    columns = {"pos": ["VERB", "ODD"], "deps": ["root", "obj"], "entities": ["O", "O"]}
    labels = {"pos": ["NOUN", "VERB"], "deps": ["obj"], "entities": ["O"]}
    assert number_features(columns, labels).tolist() == [[2, 0, 1], [0, 1, 1]]
