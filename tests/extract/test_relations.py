"""Standing relations: found with share, years and speaker where they are told, and not where they are only wished."""

import pytest

from detente.engines import load_engines
from detente.extract import extract_relations
from detente.packs import load_pack
from detente.records import Document, Relation
from tests.fuse.reports import document


def relations(text: str, told: Document | None = None) -> tuple[Relation, ...]:
    return extract_relations(told or document("any", text), load_pack(), load_engines())


def ends(found: tuple[Relation, ...]) -> list[tuple[str, str, str]]:
    return [(r.kind, r.subject.name, r.object.name) for r in found]


TOLD = {
    "Brazil has become Uruguay's main supplier of arms, accounting for 62% of its arms imports in 2021-2025.":
        ("arms", "Brazil", "Uruguay", (62, 62), (2021, 2025)),
    "Norway supplied more than 45 per cent of Jordan's arms imports between 2018 and 2022.":
        ("arms", "Norway", "Jordan", (45, None), (2018, 2022)),
    "Chile supplies rifles and drones to Peru.": ("arms", "Chile", "Peru", None, None),
    "Kenya buys about a third of its wheat from Argentina.": ("trade", "Argentina", "Kenya", (33, 33), None),
    "Kenya sells a quarter of its tea to Egypt.": ("trade", "Kenya", "Egypt", (25, 25), None),
    "Peru accounts for 30 percent of Bolivia's exports.": ("trade", "Bolivia", "Peru", (30, 30), None),
    "Trade between Peru and Chile reached $4.7 billion in 2021.": ("trade", "Peru", "Chile", (4_700_000_000,) * 2, (2021, 2021)),
    "Finland is Estonia's second-largest trading partner.": ("trade", "Finland", "Estonia", None, None),
    "Hezbollah, an Iranian proxy, said nothing.": ("backs", "Iran", "Hezbollah", None, None),
    "The Iran-backed Houthis said nothing.": ("backs", "Iran", "Houthis", None, None),
    "Peru and Chile are bound by a mutual defence treaty of 1997.": ("treaty", "Peru", "Chile", None, (1997, 1997)),
    "The Lagoon Water Treaty between Peru and Chile has never been tested.": ("treaty", "Peru", "Chile", None, None),
    "Finland joined NATO in 2023.": ("member", "Finland", "North Atlantic Treaty Organization", None, (2023, 2023)),
}  # fmt: skip


def test_what_is_told_is_found_with_its_figure_and_its_years() -> None:
    for text, (kind, subject, object_, share, years) in TOLD.items():
        found = relations(text)
        assert ends(found) == [(kind, subject, object_)], text
        told = found[0]
        assert (told.share and (told.share.low, told.share.high)) == share, text
        assert (told.when and (told.when.earliest.year, told.when.latest.year)) == years, text
        assert text[told.span.start : told.span.end] == text


NOT_TOLD = (
    "Chile would supply rifles to Peru if parliament agreed.",
    "Chile no longer supplies rifles to Peru.",
    "Peru and Chile could be bound by a mutual defence treaty.",
    "The Iranian-backed militia said nothing.",  # nobody is named
    "A company backed by Chilean funds builds the port.",
    "Chile criticised Peru's arms supplier.",
    "Peru sold arms.",
    "Finland wants to join NATO.",
)


@pytest.mark.parametrize("text", NOT_TOLD)
def test_what_is_wished_past_or_unnamed_is_not_found(text: str) -> None:
    assert relations(text) == ()


def test_a_denial_stays_a_denial_and_a_claim_its_speakers() -> None:
    found = relations("Iran denies that it arms the Houthis. Israel said that Hezbollah is funded by Iran.")
    told = [(r.attribution.speaker.name, r.attribution.stance) for r in found if r.attribution]
    assert told == [("Iran", "denies"), ("Israel", "asserts")]


def test_years_since_run_to_the_day_of_the_document() -> None:
    text = "Hezbollah has long been known. Iran has supplied Hezbollah with rockets and missiles since 1985."
    told = document("dated", text)
    (found,) = relations(text, told)
    assert found.when is not None
    assert told.published is not None
    assert (found.when.earliest.year, found.when.latest) == (1985, told.published.latest)


def test_no_text_and_other_languages_have_no_relations() -> None:
    assert relations("") == ()
    assert relations("treaty " * 4000) == ()
