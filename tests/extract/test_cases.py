"""Cases of packs: what is read otherwise than they say is told with its place."""

from dataclasses import replace

from detente.extract import check_cases
from detente.packs import Case, ExpectedEvent
from tests.extract.reading import engines, pack

ARREST = Case(
    sentence="Police in Kenya arrested 14 Ugandan fishermen on Tuesday.", published="2024-03-22", file="cases.yml", line=7,
    events=(ExpectedEvent(type="COERCE", actors=("Kenyan police",), date="2024-03-19"),),
)  # fmt: skip


def faults(case: Case) -> list[str]:
    return [str(fault) for fault in check_cases([case], pack(), engines())]


def test_a_case_read_as_it_says_has_no_fault() -> None:
    assert faults(ARREST) == []


def test_a_wrong_field_is_told_with_file_and_line() -> None:
    wrong = replace(ARREST, events=(replace(ARREST.events[0], actors=("Ugandan police",)),))
    (told,) = faults(wrong)
    assert told.startswith("cases.yml:7: COERCE is read with actors Kenyan police")


def test_a_missing_type_is_told() -> None:
    (told,) = faults(replace(ARREST, events=(ExpectedEvent(type="PROTEST"),)))
    assert "no PROTEST is read" in told
    assert "COERCE" in told
