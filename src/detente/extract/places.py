"""Places: toponyms of a document and what they mean."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from detente.engines import Annotation
from detente.extract.parties import Party
from detente.packs import Pack, PlaceEntry
from detente.records import Place, PlaceId, make_id

_WHERE = frozenset({"in", "at", "near", "from", "to", "into", "across", "outside", "inside", "around", "through", "off",
                    "over", "along", "on", "between", "of", "via", "towards", "toward"})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name in the text: words `start` to `end`, the place, and the places that it was not."""

    start: int
    end: int
    head: int
    place: Place
    preposition: str
    rivals: tuple[str, ...] = ()


def make_place(entry: PlaceEntry) -> Place:
    """Give the record of a pack's or the gazetteer's place."""
    return Place(
        id=PlaceId(make_id("place", entry.name, entry.country, entry.admin1)), name=entry.name, country=entry.country,
        admin1=entry.admin1, latitude=entry.latitude, longitude=entry.longitude, radius_km=entry.radius_km,
    )  # fmt: skip


def find_places(a: Annotation, pack: Pack, parties: Sequence[Party]) -> tuple[Toponym, ...]:
    """Give the toponyms of a document, each resolved by population and by the document's countries."""
    countries = Counter(actor.country for p in parties for actor in p.actors if actor.country)
    found: list[Toponym] = []
    for start, end, label in a.entities:
        if label == "PLACE":
            found += _toponym(a, pack, countries, start, end)
    taken = {k for t in found for k in range(t.start, t.end)}
    for party in parties:
        if party.locative and party.head not in taken:
            found += _toponym(a, pack, countries, party.start, party.end)
    return tuple(sorted(found, key=lambda t: t.start))


def _toponym(
    a: Annotation, pack: Pack, countries: Counter[str | None], start: int, end: int
) -> list[Toponym]:
    if a.words[start].lower() == "the" and end - start > 1:
        start += 1
    candidates = pack.places.look_up(a.quote(start, end))
    if not candidates:
        return []
    best = max(candidates, key=lambda c: _rank(c, countries))
    head = next((k for k in range(start, end) if not start <= a.heads[k] < end), end - 1)
    preposition = next(
        (
            a.words[c].lower()
            for c in range(max(0, start - 3), start)
            if a.heads[c] == head and a.deps[c] == "case"
        ),
        "",
    )
    rivals = tuple(f"{c.name}, {c.admin1 or c.country}" for c in candidates if c is not best)[:4]
    return [
        Toponym(
            start=start, end=end, head=head, place=make_place(best), preposition=preposition, rivals=rivals
        )
    ]


def _rank(entry: PlaceEntry, countries: Counter[str | None]) -> float:
    known = 0.0 if entry.pack == "gazetteer" else 2.0
    return (
        known
        + min(countries[entry.country], 5) * 0.8
        + min(entry.population, 10**7) / 10**6
        + (3.0 if entry.kind == "country" else 0)
    )


def tells_where(toponym: Toponym) -> bool:
    """Tell whether the toponym stands behind a preposition of place."""
    return toponym.preposition in _WHERE
