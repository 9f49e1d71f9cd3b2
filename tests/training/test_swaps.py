"""Other names in the sentences that the annotator learns from."""

import random

import pytest
from training.annotator import swaps
from training.annotator.corpora import Sentence

NAMES = swaps.Names(
    countries=["Chad"],
    capitals=["Dakar"],
    towns=["Goma"],
    adjectives=["Malian"],
    peoples=["Malians"],
    bodies=["Union of Bakers"],
    first_names=["Ekrem"],
    surnames=["Weah"],
    inner={"Korea": ["Ghana"], "Korean": ["Malian"]},
)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swaps, "SHARES", {"PLACE": 1.0, "GROUP": 1.0, "ORG": 0.0})
    monkeypatch.setattr(swaps, "PERSON_SHARE", 1.0)
    monkeypatch.setattr(swaps, "INNER_SHARE", 1.0)


def swapped(text: str, tags: str, **known: list) -> Sentence:
    sentence = Sentence(words=text.split(), entities=tags.split(), source="worldwide", **known)
    return swaps.swap_names([sentence], NAMES, random.Random(1))[0]


@pytest.mark.usefixtures("always")
def test_a_surname_alone_stays_that_of_the_full_name() -> None:
    made = swapped("Moon Jae said Jae left", "B-PERSON I-PERSON O B-PERSON O")
    assert made.words == ["Ekrem", "Weah", "said", "Weah", "left"]
    assert made.entities == ["B-PERSON", "I-PERSON", "O", "B-PERSON", "O"]


@pytest.mark.usefixtures("always")
def test_the_country_inside_a_body_s_name_is_another() -> None:
    made = swapped("the Bank of Korea and Korean shops", "O B-ORG I-ORG I-ORG O B-GROUP O")
    assert made.words == ["the", "Bank", "of", "Ghana", "and", "Malian", "shops"]


@pytest.mark.usefixtures("always")
def test_a_body_s_longer_name_brings_its_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swaps, "SHARES", {"ORG": 1.0})
    made = swapped("Hyundai grew", "B-ORG O")
    assert made.words == ["Union", "of", "Bakers", "grew"]
    assert made.entities == ["B-ORG", "I-ORG", "I-ORG", "O"]


@pytest.mark.usefixtures("always")
def test_trees_keep_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swaps, "SHARES", {"ORG": 1.0})
    made = swapped("Hyundai grew", "B-ORG O", heads=[2, 0])
    assert made.words == ["Hyundai", "grew"]


def test_the_shipped_names_are_names() -> None:
    names = swaps.read_names()
    assert len(names.surnames) > 1000
    assert all(name[0].isupper() for name in names.surnames + names.countries)
    assert names.inner["Ghana"] is names.inner["Chad"]
