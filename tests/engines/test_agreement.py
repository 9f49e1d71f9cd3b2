from detente.engines import Entity
from detente.engines.agreement import agree

WORDS = ["Ali", "Goma", "fled", "Goma", ".", "Goma", "fell", ",", "so", "Goma", "is", "lost", "on", "Monday"]


def labels(*entities: Entity) -> list[str]:
    return [entity.label for entity in agree(WORDS, entities)]


def test_the_oftener_label_wins() -> None:
    assert labels(Entity(3, 4, "PLACE"), Entity(5, 6, "PERSON"), Entity(9, 10, "PLACE")) == ["PLACE"] * 3


def test_a_surname_is_its_person() -> None:
    assert labels(Entity(0, 2, "PERSON"), Entity(3, 4, "PERSON"), Entity(5, 6, "ORG")) == ["PERSON"] * 3


def test_but_not_when_it_is_oftener_something_else() -> None:
    found = labels(Entity(0, 2, "PERSON"), Entity(3, 4, "PLACE"), Entity(5, 6, "PLACE"))
    assert found == ["PERSON", "PLACE", "PLACE"]


def test_dates_are_left_alone() -> None:
    assert labels(Entity(12, 13, "DATE")) == ["DATE"]
    assert agree(WORDS, []) == []
