"""Places by name: those of the packs at once, the gazetteer's cities when first asked for.

The gazetteer is built by training/gazetteer/build.py from GeoNames (CC BY 4.0) and our own list.
"""

import gzip
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from detente.errors import PackError
from detente.packs.entries import PlaceEntry
from detente.packs.names import normalise_name

GAZETTEER = "gazetteer.tsv.gz"


@dataclass(frozen=True, slots=True)
class _Table:
    """The gazetteer as it stands in its file: lines of places, and sorted lines of names to bisect."""

    places: list[str]
    names: list[str]

    def numbers(self, form: str) -> list[int]:
        at = bisect_left(self.names, f"{form}\t")
        if at == len(self.names) or not self.names[at].startswith(f"{form}\t"):
            return []
        return [int(number) for number in self.names[at].rpartition("\t")[2].split(",")]


class PlaceIndex:
    """Look-up of places by name, packs before gazetteer, big before small."""

    def __init__(self, own: Iterable[PlaceEntry], folder: Path) -> None:
        self._own: dict[str, list[PlaceEntry]] = {}
        for place in own:
            for name in (place.name, *place.aliases):
                entries = self._own.setdefault(normalise_name(name), [])
                if place not in entries:
                    entries.append(place)
        self._file = folder / GAZETTEER
        self._table: _Table | None = None

    def look_up(self, name: str) -> tuple[PlaceEntry, ...]:
        """Give the places of a name: those of packs (the last read first), countries, then by population."""
        form = normalise_name(name)
        own = self._own.get(form, [])
        table = self._loaded()
        rest = [_parse(table.places[number]) for number in table.numbers(form)]
        rest.sort(key=lambda place: place.kind != "country")
        known = {(place.name, place.country) for place in own}
        new = (place for place in rest if (place.name, place.country) not in known)
        return (*reversed(own), *new)

    def __contains__(self, name: object) -> bool:
        form = normalise_name(str(name))
        return form in self._own or bool(self._loaded().numbers(form))

    def own(self) -> tuple[PlaceEntry, ...]:
        """Give the places that packs tell, each once."""
        return tuple(dict.fromkeys(place for places in self._own.values() for place in places))

    def longest(self) -> int:
        """Give the greatest number of words of a pack's place name (gazetteer names have at most 6)."""
        return max((form.count(" ") + 1 for form in self._own), default=1)

    def _loaded(self) -> _Table:
        if self._table is None:
            self._table = _read(self._file)
        return self._table


def _read(file: Path) -> _Table:
    try:
        text = gzip.decompress(file.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise PackError(f"{file}: the gazetteer cannot be read ({error}); install détente again") from error
    places, _, names = text.partition("\n\n")
    return _Table(places=places.split("\n"), names=names.split("\n"))


def _parse(line: str) -> PlaceEntry:
    name, kind, country, admin1, latitude, longitude, radius, population = line.split("\t")
    return PlaceEntry(
        name=name, kind=kind, country=country or None, admin1=admin1 or None, latitude=float(latitude),
        longitude=float(longitude), radius_km=float(radius), population=int(population), pack="gazetteer",
    )  # fmt: skip
