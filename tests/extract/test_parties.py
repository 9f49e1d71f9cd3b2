"""Who the parties of a text are: names, nations, offices, bodies, and the words that stand for them."""

from datetime import UTC, datetime

import pytest

from detente.extract.parties import Party, make_actor, sector_of
from tests.extract.reading import parties, who


def named(text: str, published: datetime | None = datetime(2024, 3, 20, tzinfo=UTC)) -> dict[str, Party]:
    """Give the parties of a text by their words, the last one where words recur."""
    return dict(parties(text, published))


@pytest.mark.parametrize(
    ("text", "words", "name", "country", "sector"),
    [
        ("Hezbollah fired rockets at Israel.", "Hezbollah", "Hezbollah", "LBN", "REB"),
        ("Japan signed a fishing treaty with Norway.", "Norway", "Norway", "NOR", "GOV"),
        ("The IRGC seized a tanker off Iran.", "IRGC", "Islamic Revolutionary Guard Corps", "IRN", "MIL"),
        ("The European Union urged Serbia to wait.", "European Union", "European Union", None, "IGO"),
    ],
)
def test_known_names(text: str, words: str, name: str, country: str | None, sector: str) -> None:
    party = named(text)[words]
    assert [(a.name, a.country, a.sector) for a in party.actors] == [(name, country, sector)]
    assert party.via.startswith("pack:")


def test_an_acronym_counts_in_its_own_case_only() -> None:
    found = named("The US told us that Canada would help us.")
    assert found["US"].actors[0].name == "United States"
    assert "us" not in found


def test_an_office_is_its_holder_of_the_day() -> None:
    text = "The French president visited Warsaw and thanked Poland."
    assert named(text)["French president"].actors[0].name == "Emmanuel Macron"
    assert (
        named(text, datetime(2014, 6, 1, tzinfo=UTC))["French president"].actors[0].name
        == "François Hollande"
    )
    undated = named(text, None)["French president"].actors[0]
    assert (undated.name, undated.country) != ("Emmanuel Macron", "FRA")
    assert undated.country == "FRA"


def test_a_surname_needs_support() -> None:
    assert who("Emmanuel Macron arrived in Berlin. Macron thanked Germany.", "Macron") == ["Emmanuel Macron"]
    assert who("The carpenter Anna Johnson lives in Norway. Johnson builds boats.", "Johnson") == [
        "Anna Johnson"
    ]
    alone = named("Johnson sold his boat in Norway.")
    assert all(a.name != "Boris Johnson" for party in alone.values() for a in party.actors)


def test_nationality_office_and_name_are_one_person() -> None:
    text = "Norwegian Fisheries Minister Ola Brattvik met traders in Bergen."
    found = [p for words, p in parties(text) if "Ola Brattvik" in words]
    assert len(found) == 1
    actor = found[0].actors[0]
    assert (actor.kind, actor.country, actor.sector) == ("person", "NOR", "GOV")


def test_unknown_bodies_keep_their_words_and_take_the_documents_country() -> None:
    text = "The Ludwig Institute for Rural Wells accused Kenya of neglect. The group urged Kenya to act."
    body = named(text)["Ludwig Institute for Rural Wells"].actors[0]
    assert (body.name, body.country) == ("Ludwig Institute for Rural Wells", "KEN")
    assert who(text, "group") == ["Ludwig Institute for Rural Wells"]


def test_the_country_of_a_worldwide_body_stays_open() -> None:
    found = named("The International Dredgers Federation warned Kenya on Tuesday.")
    body = next(p for words, p in found.items() if "Dredgers" in words)
    assert body.actors[0].country is None


@pytest.mark.parametrize(
    ("text", "pronoun", "stands_for"),
    [
        ("Emmanuel Macron met Olaf Scholz. He praised the talks.", "He", "Emmanuel Macron"),
        ("Hezbollah fired rockets at Israel. It said that a base was hit.", "It", "Hezbollah"),
        ("Canadian protesters blocked the road. They burned tyres.", "They", "Canadian protesters"),
        ("Hezbollah fired rockets at Israel. The group spoke of a warning.", "group", "Hezbollah"),
    ],
)
def test_pronouns_and_descriptions(text: str, pronoun: str, stands_for: str) -> None:
    assert who(text, pronoun) == [stands_for]


def test_both_countries_are_two_parties() -> None:
    text = "Turkey and Greece held talks in Athens, and both countries welcomed the result."
    assert sorted(who(text, "countries")) == ["Greece", "Turkey"]


def test_a_possessive_belongs_to_the_body() -> None:
    found = named("Turkey's parliament approved the bill.")
    assert [(a.name, a.country, a.sector) for a in found["Turkey's parliament"].actors] == [
        ("Parliament of Turkey", "TUR", "LEG")
    ]
    assert "Turkey" not in found


def test_a_capital_that_tells_where_is_marked_so() -> None:
    found = named("Japan and Australia signed a pact in Canberra. Canberra later thanked Japan.")
    assert [
        p.locative for words, p in parties("Japan signed a pact in Canberra.") if words == "Canberra"
    ] == [True]
    assert found["Canberra"].actors[0].name == "Australia"
    assert not found["Canberra"].locative


def test_capitals_throughout_still_name_the_parties() -> None:
    found = {
        a.name
        for _, p in parties("TURKEY AND GREECE SIGNED A FISHING AGREEMENT IN ATHENS.")
        for a in p.actors
    }
    assert found == {"Turkey", "Greece"}


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "...", "?!", "7"])
def test_nothing_names_nobody(text: str) -> None:
    assert parties(text) == []


def test_the_same_words_about_the_same_country_are_the_same_actor() -> None:
    assert (
        make_actor("Hill  Farmers", "group", "KEN", None).id
        == make_actor("hill farmers", "group", "KEN", None).id
    )
    assert (
        make_actor("Hill Farmers", "group", "KEN", None).id
        != make_actor("Hill Farmers", "group", "UGA", None).id
    )


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("High Court of Kenya", "JUD"),
        ("Kenyan border guards", "POL"),
        ("Second Armoured Brigade", "MIL"),
        ("House of Commons", "LEG"),
        ("Ministry of Fisheries", "GOV"),
        ("Rift Valley Herald", "MED"),
        ("Lake Shipping Company", "BUS"),
        ("Brindle Gorse", None),
    ],
)
def test_the_words_of_a_name_tell_its_sector(words: str, sector: str | None) -> None:
    assert sector_of(words) == sector


def test_an_embassy_is_one_actor_however_it_is_written() -> None:
    for text in ("A man attacked the Azerbaijani Embassy on Friday.", "A man attacked the Azeri embassy on Friday."):
        assert [a.name for _, p in parties(text) for a in p.actors if "mbassy" in a.name] == ["Embassy of Azerbaijan"]


def test_unnamed_gunmen_are_no_militia_of_the_country() -> None:
    assert who("Gunmen killed 12 soldiers in Mali on Friday.", "Gunmen") == ["unidentified attackers"]


def stand_ins(text: str) -> dict[str, str]:
    """Give the names that the words of a text which name nobody stand for."""
    return {words: p.actors[0].name for words, p in parties(text, None) if p.via.startswith("stands for")}


def test_we_is_who_speaks() -> None:
    found = stand_ins('“We were shelled all night and they killed our cook,” said Henrik Olsen, who led the convoy.')
    assert found["We"] == found["our"] == "Henrik Olsen"


def test_we_of_the_article_itself_is_nobody() -> None:
    assert "We" not in stand_ins("We walked through the ruins with Henrik Olsen.")


def test_she_is_not_a_man() -> None:
    found = stand_ins("Angela Merkel met Henrik Olsen in Berlin. He said that she had promised help.")
    assert (found["He"], found["she"]) == ("Henrik Olsen", "Angela Merkel")


def test_who_was_she_before_is_not_he_later() -> None:
    found = stand_ins("Dr Quillon Vast criticised Henrik Olsen. She left the hall. He stayed.")
    assert (found["She"], found["He"]) == ("Quillon Vast", "Henrik Olsen")
