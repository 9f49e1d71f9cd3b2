"""The shipped packs: that they load, hold together, and find what they must."""

import gzip
import time
from datetime import date

import pytest

from detente.packs import Pack, check_pack, load_pack, shipped_packs
from detente.packs.loader import DATA, find_surnames


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(["south-caucasus"])


@pytest.mark.parametrize("name", shipped_packs())
def test_shipped_packs_have_no_problems(name: str) -> None:
    assert [str(problem) for problem in check_pack(name)] == []


def test_sizes_of_the_world(pack: Pack) -> None:
    kinds = [actor.kind for actor in pack.actors.values()]
    held = {role.country for actor in pack.actors.values() for role in actor.roles}
    assert len(pack.countries) >= 200
    assert kinds.count("organ") >= 400
    assert kinds.count("armed group") >= 200
    assert sum(actor.kind == "organisation" for actor in pack.actors.values()) >= 150
    assert len(held - {None}) >= 80
    assert len(pack.outlets) >= 250


def test_a_cached_pack_is_the_same_object_and_loads_fast() -> None:
    first = load_pack()
    began = time.perf_counter()
    assert load_pack() is first
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    ("text", "actor", "kind"),
    [
        ("U.S. troops", "United States", "adjective"),
        ("the Kremlin said", "Russia", "seat"),
        ("Tehran replied", "Iran", "capital"),
        ("Iranians fled", "Iran", "people"),
        ("talks with the EU", "European Union", "acronym"),
        ("IRGC-QF men", "Quds Force", "alias"),
        ("Mr Erdogan spoke", "Recep Tayyip Erdoğan", "surname"),
        ("Şuşa fell; Huseyniyyun men", "Husseiniyyun", "alias"),
    ],
)
def test_names_are_found(pack: Pack, text: str, actor: str, kind: str) -> None:
    found = {(alias.actor, alias.kind) for match in pack.aliases.find(text) for alias in match.aliases}
    assert (actor, kind) in found


@pytest.mark.parametrize(
    "text", ["told us to go", "roast turkey", "who left", "it is said", "a chad in a jordan river"]
)
def test_common_words_are_not_names(pack: Pack, text: str) -> None:
    assert pack.aliases.find(text) == []


def test_matches_are_longest_and_do_not_overlap(pack: Pack) -> None:
    text = "The Islamic Revolutionary Guard Corps and the Democratic Republic of the Congo"
    matches = pack.aliases.find(text)
    words = [text[match.start : match.end] for match in matches]
    assert words == ["Islamic Revolutionary Guard Corps", "Democratic Republic of the Congo"]


def test_offices_have_dates(pack: Pack) -> None:
    def who(office: str, country: str, day: date) -> list[str]:
        return [actor.name for actor in pack.holders(office, country, day)]

    assert who("president", "USA", date(2016, 5, 1)) == ["Barack Obama"]
    assert who("foreign minister", "IRN", date(2022, 1, 15)) == ["Hossein Amir-Abdollahian"]
    assert who("prime minister", "GBR", date(2018, 1, 1)) == ["Theresa May"]
    assert who("president", "USA", date(1890, 1, 1)) == []


def test_proxies_have_dated_patrons(pack: Pack) -> None:
    assert pack.patron("Husseiniyyun", date(2022, 11, 1)) == "Quds Force"
    assert pack.actors["Quds Force"].parent == "Islamic Revolutionary Guard Corps"


def test_disputed_places_keep_all_their_names(pack: Pack) -> None:
    for name in ("Artsakh", "Nagorno Karabakh", "Qarabağ"):
        place = pack.places.look_up(name)[0]
        assert (place.name, place.country) == ("Nagorno-Karabakh", "AZE")
    assert pack.places.look_up("Xankəndi")[0].name == "Stepanakert"


def test_gazetteer_puts_big_places_first(pack: Pack) -> None:
    paris = pack.places.look_up("Paris")
    assert (paris[0].country, paris[0].kind) == ("FRA", "city")
    assert any(place.admin1 == "Texas" for place in paris)
    assert pack.places.look_up("Georgia")[0].kind == "country"
    assert pack.places.look_up("No Such Place Anywhere") == ()
    assert "Strait of Hormuz" in pack.places
    assert "Kobani" in pack.places


def test_gazetteer_is_small_and_sorted() -> None:
    file = DATA / "gazetteer.tsv.gz"
    assert file.stat().st_size <= 4_000_000
    _, _, names = gzip.decompress(file.read_bytes()).decode("utf-8").partition("\n\n")
    lines = names.split("\n")
    assert lines == sorted(lines)


def test_outlets_by_name_and_address(pack: Pack) -> None:
    assert pack.outlet("https://www.bbc.co.uk/news/1") is pack.outlet("BBC News")
    fars = pack.outlet("Fars")
    assert fars is not None
    assert fars.standing == "party"
    assert fars.agency
    assert pack.outlet("nobody.example") is None


def test_a_name_that_two_packs_give_to_outlets_is_the_theatres() -> None:
    pack = load_pack(["ambrel-valley"], ["examples/pack"])
    agency = pack.outlet("VNA")  # Viet Nam's, to the world
    assert agency is not None
    assert agency.name == "Valdorian News Agency"


def test_surnames() -> None:
    pack = load_pack()
    assert find_surnames(pack.actors["Xi Jinping"]) == ("Xi",)
    assert find_surnames(pack.actors["Bashar al-Assad"])[-1] == "Assad"
    assert find_surnames(pack.actors["Ursula von der Leyen"])[0] == "von der Leyen"


def test_ontology_covers_plover(pack: Pack) -> None:
    ontology = pack.ontology
    assert len(ontology.types) == 16
    assert {entry.quad_class for entry in ontology.types.values()} == {1, 2, 3, 4}
    assert ontology.intensity("ACCUSE") == -3
    assert ontology.intensity("ASSAULT", "drone") == -9.5
    assert ontology.intensity("ASSAULT", "no such mode") == ontology.intensity("ASSAULT")
    for event_type, mode in ontology.cameo.values():
        names = {entry.name for entry in ontology.types[event_type].modes}
        assert mode is None or mode in names


def test_lexicon_agrees_with_ontology(pack: Pack) -> None:
    lexicon = pack.lexicon
    assert len(lexicon) >= 900
    for entries in lexicon.predicates.values():
        for entry in entries:
            modes = {mode.name for mode in pack.ontology.types[entry.type].modes}
            assert entry.mode is None or entry.mode in modes, entry
            assert entry.frame, entry
    for wanted in pack.ontology.types:
        assert any(each.type == wanted for entries in lexicon.predicates.values() for each in entries)


def test_lexicon_rows_are_not_repeated(pack: Pack) -> None:
    seen = set()
    for entries in pack.lexicon.predicates.values():
        for entry in entries:
            mark = (entry.lemma, entry.pos, entry.type, entry.mode, entry.needs)
            assert mark not in seen, mark
            seen.add(mark)


def test_outlets_are_actors_and_common_words_are_not(pack: Pack) -> None:
    found = {alias.actor for match in pack.aliases.find("Fars News reported it.") for alias in match.aliases}
    assert "Fars News Agency" in found
    for text in ("Time passed.", "Report the trend.", "Dawn broke.", "Stuff happens in the league."):
        assert pack.aliases.find(text) == []


def test_regnal_names_and_short_words_give_no_surnames(pack: Pack) -> None:
    assert find_surnames(pack.actors["Juan Carlos I"]) == ()
    assert find_surnames(pack.actors["Ferdinand Marcos Jr."])[0] == "Marcos"
    assert find_surnames(pack.actors["David Lee"])[0] == "Lee"
    assert find_surnames(pack.actors["Tsai Ing-wen"]) == ("Tsai",)
    assert pack.aliases.find("I may let them go") == []


def test_places_of_a_pack_stand_before_the_gazetteer(pack: Pack) -> None:
    assert pack.places.look_up("Ganja")[0].pack == "south-caucasus"
    assert load_pack().places.look_up("Ganja")[0].pack == "gazetteer"
