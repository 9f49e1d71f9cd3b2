"""Toponyms resolved together, and the place of an event."""

import pytest

from detente.engines import Annotator
from detente.extract.parties import find_parties, make_actor
from detente.extract.places import Resolver, Sense, distance_km, find_candidates, find_places
from detente.extract.whereabouts import country_place, event_place, tree_steps
from detente.packs import Pack
from detente.records import Place, Span


def senses(text: str, names: list[str], pack: Pack) -> list[Sense | None]:
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    return Resolver(text, spans, pack).resolve()


def told(sense: Sense | None) -> tuple[str | None, str | None]:
    assert sense is not None
    return sense.place.country, sense.place.admin1


def test_containment_decides(pack: Pack) -> None:
    paris, texas = senses("A fire broke out in Paris, Texas, on Monday.", ["Paris", "Texas"], pack)
    assert told(paris) == ("USA", "Texas")
    assert told(texas) == ("USA", "Texas")


def test_alone_the_great_city_wins_and_losers_are_kept(pack: Pack) -> None:
    (paris,) = senses("Ministers met in Paris.", ["Paris"], pack)
    assert paris is not None
    assert paris.place.country == "FRA"
    assert any(entry.country == "USA" for entry, _ in paris.rivals)
    assert paris.score + sum(chance for _, chance in paris.rivals) <= 1.0001


def test_company_moves_a_name(pack: Pack) -> None:
    text = "Police in Athens, Gainesville and Macon, all in Georgia, met colleagues from Atlanta."
    found = senses(text, ["Athens", "Gainesville", "Macon", "Georgia", "Atlanta"], pack)
    assert told(found[0])[0] == "USA"
    assert told(found[3]) == ("USA", "Georgia")


def test_georgia_beside_tbilisi_is_the_country(pack: Pack) -> None:
    found = senses(
        "Protests went on in Tbilisi, Georgia, and in Batumi.", ["Tbilisi", "Georgia", "Batumi"], pack
    )
    assert told(found[1])[0] == "GEO"


def test_one_sense_throughout(pack: Pack) -> None:
    text = "Springfield, Illinois, votes. Springfield is calm."
    spans = [(0, 11), (13, 21), (30, 41)]
    first, _, second = Resolver(text, spans, pack).resolve()
    assert told(first) == told(second) == ("USA", "Illinois")


@pytest.mark.parametrize("name", ["", " ", "the", "Xyzzyville-upon-Nowhere", "\x00", "a" * 5000, "(", ", ,"])
def test_unknown_or_hostile_names_mean_nothing(name: str, pack: Pack) -> None:
    assert find_candidates(name, pack) == ()


def test_kind_words_and_demonyms(pack: Pack) -> None:
    assert find_candidates("the city of Aleppo", pack)[0].country == "SYR"
    assert find_candidates("Canadians", pack)[0].country == "CAN"


def test_no_toponyms_no_senses(pack: Pack) -> None:
    assert Resolver("", [], pack).resolve() == []


def test_distance_is_great_circle() -> None:
    def place(latitude: float | None, longitude: float | None) -> Place:
        return Place(id="p", name="x", country=None, latitude=latitude, longitude=longitude)  # type: ignore[arg-type]

    assert distance_km(place(0, 0), place(0, 180)) == pytest.approx(20015, abs=1)
    assert distance_km(place(51.5, 0), place(48.86, 2.35)) == pytest.approx(337, abs=5)
    assert distance_km(place(None, None), place(0, 0)) == float("inf")


def test_find_places_points_at_the_words(annotator: Annotator, pack: Pack) -> None:
    text = "Rebels shelled a market in Aleppo on Monday, killing six people."
    a = next(iter(annotator.annotate([text])))
    (found,) = [t for t in find_places(a, pack, find_parties(a, pack, None)) if t.place.country == "SYR"]
    assert a.quote(found.start, found.end) == "Aleppo"
    assert found.preposition == "in"


def test_the_place_told_wins(annotator: Annotator, pack: Pack) -> None:
    text = "Rebels shelled a market in Aleppo on Monday, killing six people."
    a = next(iter(annotator.annotate([text])))
    places = find_places(a, pack, ())
    word = a.words.index("shelled")
    doer = make_actor("rebels", "unnamed", None, "REB")
    place, span, inferred = event_place(a, word, "ASSAULT", a.sentences[0], places, [doer], [], None, pack)
    assert place is not None
    assert place.country == "SYR"
    assert span == Span(start=text.index("Aleppo"), end=text.index("Aleppo") + 6)
    assert not inferred


def test_untold_place_of_a_force_is_inferred_and_marked(annotator: Annotator, pack: Pack) -> None:
    a = next(iter(annotator.annotate(["Police detained four of the protesters."])))
    police, crowd = (
        make_actor("Iranian police", "organ", "IRN", "POL"),
        make_actor("protesters", "unnamed", "IRN", "CIV"),
    )
    place, span, inferred = event_place(a, 1, "COERCE", a.sentences[0], (), [police], [crowd], "IRN", pack)
    assert (place and place.country, span, inferred) == ("IRN", None, True)


def test_without_any_hint_no_place_is_made_up(annotator: Annotator, pack: Pack) -> None:
    a = next(iter(annotator.annotate(["They condemned it."])))
    assert event_place(a, 1, "ACCUSE", a.sentences[0], (), [], [], None, pack) == (None, None, False)


def test_country_place_has_a_radius(pack: Pack) -> None:
    place = country_place("FRA", pack)
    assert place is not None
    assert (place.radius_km or 0) > 200
    assert country_place("ZZZ", pack) is None


def test_tree_steps(annotator: Annotator) -> None:
    a = next(iter(annotator.annotate(["Rebels shelled a market."])))
    assert tree_steps(a, 1, 1) == 0
    assert tree_steps(a, 0, 1) == 1
