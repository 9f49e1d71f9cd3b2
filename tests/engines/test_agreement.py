from detente.engines import Entity
from detente.engines.agreement import agree

WORDS = ["Ali", "Goma", "fled", "Goma", ".", "Goma", "fell", ",", "so", "Goma", "is", "lost", "on", "Monday"]


def labels(*entities: Entity) -> list[str]:
    found = {entity[:2]: entity.label for entity in agree(WORDS, entities)}
    return [found[entity[:2]] for entity in entities]


def test_the_oftener_label_wins() -> None:
    assert labels(Entity(3, 4, "PLACE"), Entity(5, 6, "PERSON"), Entity(9, 10, "PLACE")) == ["PLACE"] * 3


def test_a_mention_that_was_passed_over_is_found() -> None:
    found = agree(WORDS, [Entity(12, 14, "DATE"), Entity(3, 4, "PLACE"), Entity(0, 2, "PERSON")])
    places = [Entity(at, at + 1, "PLACE") for at in (3, 5, 9)]
    assert found == [Entity(0, 2, "PERSON"), *places, Entity(12, 14, "DATE")]


def test_the_longest_name_is_found_and_marked_words_stay() -> None:
    words = ["Bank", "of", "Goma", "and", "Goma", ";", "Bank", "of", "Goma", "or", "Goma"]
    marked = [Entity(0, 3, "ORG"), Entity(4, 5, "PLACE")]
    assert agree(words, marked) == [*marked, Entity(6, 9, "ORG"), Entity(10, 11, "PLACE")]


def test_small_words_and_works_are_not_sought() -> None:
    words = ["the", "Prize", "of", "the", "peace", ";", "the", "Prize"]
    marked = [Entity(0, 1, "ORG"), Entity(1, 2, "OTHER")]
    assert agree(words, marked) == marked


def test_a_surname_is_its_person() -> None:
    assert labels(Entity(0, 2, "PERSON"), Entity(3, 4, "PERSON"), Entity(5, 6, "ORG")) == ["PERSON"] * 3


def test_but_not_when_it_is_oftener_something_else() -> None:
    found = labels(Entity(0, 2, "PERSON"), Entity(3, 4, "PLACE"), Entity(5, 6, "PLACE"))
    assert found == ["PERSON", "PLACE", "PLACE"]


def test_dates_are_left_alone() -> None:
    assert labels(Entity(12, 13, "DATE")) == ["DATE"]
    assert agree(WORDS, []) == []
