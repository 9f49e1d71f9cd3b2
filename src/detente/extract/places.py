"""Places: the toponyms of a document, what each means, and where an event took place.

All toponyms of a document are resolved together. Every place that bears a name is a candidate; its
chance is a softmax over named features (size, kind, the words around, the company of the document's other places),
whose weights training/places/fit.py fits on newspaper articles with marked places. A name means
one place throughout a document. Losers are kept as rivals.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.engines import Annotation
from detente.extract.parties import Party
from detente.packs import Pack, PlaceEntry, normalise_name
from detente.records import Place, PlaceId, make_id

_WHERE = frozenset({"in", "at", "near", "from", "to", "into", "across", "outside", "inside", "around", "through", "off",
                    "over", "along", "on", "between", "of", "via", "towards", "toward"})  # fmt: skip
_INSIDE = re.compile(
    r"\s*(?:,|\(|,?\s+(?:in|of))\s*(?:the\s+)?(?:(?:\w+\s+)?(?:state|province|county|region|district)\s+of\s+)?"
)
_COUNTY = re.compile(r"\s+(?:County|Parish|County's)$")
_KIND_WORD = re.compile(
    r"^(?:the\s+)?(?:(?:city|town|village|province|state|region|district|port|island|municipality|governorate|republic)\s+of\s+"
    r"|(?:down|up|mid)town\s+|(?:north|south|east|west|central|upper|lower|greater|old)(?:ern)?(?:-?(?:east|west)(?:ern)?)?\s+)"
    r"|(?:['’]s|['’]|\s+(?:city|town|village|province|state|region|district|area|governorate|prefecture|oblast|county|parish|"
    r"metropolitan area|suburbs?|border|river|lake|creek|valley|township))$",
    re.IGNORECASE,
)
MOST_CANDIDATES = 25
ROUNDS = 3
EARTH_KM = 6371.0

# Fitted by `python training/places/fit.py` on the tuned half of LGL (`evals/places.py` tells the halves apart).
WEIGHTS: dict[str, float] = {
    "size": 2.06, "country": 0.62, "admin1": -0.06, "admin2": -0.49, "other": 2.85, "largest": 1.07, "own name": 1.33,
    "inside next": 0.97, "around last": 0.10, "kind word": 0.50, "country of parties": 1.0, "country of places": 0.79,
    "province of places": 1.65, "within 50 km": 1.15, "within 300 km": 1.88, "near first": 1.10, "pack": 1.0, "capital": 1.0,
}  # fmt: skip
FEATURES = tuple(WEIGHTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name in the text: words `start` to `end`, the place, and the places that it was not."""

    start: int
    end: int
    head: int
    place: Place
    preposition: str
    rivals: tuple[str, ...] = ()
    score: float = 1.0  # the chance that the name means this place, 0-1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """What a name means: the place, its chance, and the losers with theirs, best first."""

    place: Place
    score: float
    rivals: tuple[tuple[PlaceEntry, float], ...] = ()


def make_place(entry: PlaceEntry) -> Place:
    """Give the record of a pack's or the gazetteer's place."""
    return Place(
        id=PlaceId(make_id("place", entry.name, entry.country, entry.admin1, entry.kind)), name=entry.name, country=entry.country,
        admin1=entry.admin1, latitude=entry.latitude, longitude=entry.longitude, radius_km=entry.radius_km,
    )  # fmt: skip


def distance_km(a: PlaceEntry | Place, b: PlaceEntry | Place) -> float:
    """Give the great-circle distance of two places with coordinates (haversine); infinity where one has none."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return math.inf
    north, south = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


# --- what a name may mean
def find_candidates(name: str, pack: Pack) -> tuple[PlaceEntry, ...]:
    """Give the places that a name as written may mean, the likeliest kinds of reading first."""
    name = " ".join(name.split())
    if not any(a.kind in ("name", "alias") for a in pack.aliases.look_up(name)) and (
        people := _demonym(name, pack)
    ):
        return people
    for form in _readings(name):
        found = _look_up(form, pack)
        if found:
            return found
    return ()


def _readings(name: str) -> list[str]:
    """Give the name, then without article and kind words, then as a county's."""
    forms, bare = [name], name
    for _ in range(3):
        shorter = _KIND_WORD.sub("", bare, count=1).strip(" ,.")
        if shorter == bare or not shorter:
            break
        bare = shorter
        forms.append(bare)
    without_article = re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)
    return list(dict.fromkeys([*forms[:1], without_article, *forms[1:], f"{bare} County"]))


def _look_up(form: str, pack: Pack) -> tuple[PlaceEntry, ...]:
    found = pack.places.look_up(form)
    if not form.endswith(("County", "Parish")):
        found += tuple(place for place in pack.places.look_up(f"{form} County") if place.kind == "admin2")
    return found[:MOST_CANDIDATES]


def _demonym(name: str, pack: Pack) -> tuple[PlaceEntry, ...]:
    known = [a for a in pack.aliases.look_up(name) if a.kind in ("adjective", "people")]
    countries = [pack.actors[a.actor].country for a in known]
    names = [pack.countries[code].name for code in countries if code and code in pack.countries]
    return tuple(p for each in dict.fromkeys(names) for p in pack.places.look_up(each) if p.kind == "country")


# --- what it does mean
class Resolver:
    """Resolves the names of one text together."""

    def __init__(
        self, text: str, spans: Sequence[tuple[int, int]], pack: Pack, countries: Counter[str] | None = None
    ) -> None:
        self.text, self.spans = text, sorted(spans)
        self.forms = [normalise_name(text[s:e]) for s, e in self.spans]
        self.groups = {form: k for k, form in enumerate(dict.fromkeys(self.forms))}
        names = {form: text[s:e] for form, (s, e) in reversed(list(zip(self.forms, self.spans, strict=True)))}
        self.candidates = [find_candidates(names[form], pack) for form in self.groups]
        self.flat = [(g, c) for g, each in enumerate(self.candidates) for c in each]
        self.group_of = np.array([g for g, _ in self.flat], dtype=np.int64)
        self.countries = countries or Counter()
        self.names = names
        self.capitals = _capitals(pack, {c.country for _, c in self.flat if c.country})
        self._columns = {form: k for k, form in enumerate(FEATURES)}

    def fixed(self) -> NDArray[np.float64]:
        """Give the features that don't depend on the other names' senses: one row a candidate."""
        x = np.zeros((len(self.flat), len(FEATURES)))
        total = max(1, sum(self.countries.values()))
        forms = list(self.groups)
        for row, (g, c) in enumerate(self.flat):
            form = forms[g]
            told = {
                "size": math.log10(c.population + 10) / 7,
                c.kind if c.kind in ("country", "admin1", "admin2") else "other": c.kind != "city",
                "largest": c is self.candidates[g][0], "own name": normalise_name(c.name) == form,
                "kind word": c.kind == "admin2" and bool(_COUNTY.search(self.names[form])),
                "country of parties": self.countries[c.country or ""] / total, "pack": c.pack != "gazetteer",
                "capital": c.kind == "city" and c.country in self.capitals and normalise_name(c.name) in self.capitals[c.country],
            }  # fmt: skip
            for name, value in told.items():
                x[row, self._columns[name]] = float(value)
        self._containment(x)
        return x

    def _containment(self, x: NDArray[np.float64]) -> None:
        """ "Paris, Texas", "Springfield in Illinois": the first lies in the second."""
        rows = {g: [r for r, (k, _) in enumerate(self.flat) if k == g] for g in range(len(self.candidates))}
        inside, around = self._columns["inside next"], self._columns["around last"]
        for (_, end), (start, _), f, n in zip(
            self.spans, self.spans[1:], self.forms, self.forms[1:], strict=False
        ):
            if f == n or not 0 < start - end <= 30 or not _INSIDE.fullmatch(self.text[end:start]):
                continue
            for r in rows[self.groups[f]]:
                for s in rows[self.groups[n]]:
                    if lies_in(self.flat[r][1], self.flat[s][1]):
                        x[r, inside] = x[s, around] = 1.0

    def company(self) -> tuple[NDArray[np.float64], ...]:
        """Give for each pair of candidates of different names: same country, same province, 50 km and 300 km nearness."""
        n = len(self.flat)
        lat = np.radians([c.latitude if c.latitude is not None else np.nan for _, c in self.flat])
        lon = np.radians([c.longitude if c.longitude is not None else np.nan for _, c in self.flat])
        half = (
            np.sin((lat[:, None] - lat) / 2) ** 2
            + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
        )
        km = np.nan_to_num(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), nan=1e5)
        country = np.array([c.country or f"?{k}" for k, (_, c) in enumerate(self.flat)])
        admin1 = np.array(
            [f"{c.country}/{c.admin1}" if c.admin1 else f"?{k}" for k, (_, c) in enumerate(self.flat)]
        )
        other = (self.group_of[:, None] != self.group_of) if n else np.zeros((0, 0), dtype=bool)
        local = np.array([c.kind not in ("country", "region") for _, c in self.flat], dtype=bool)
        return (
            (country[:, None] == country) & other, (admin1[:, None] == admin1) & other,
            np.exp(-km / 50) * other * local, np.exp(-km / 300) * other * local,
        )  # fmt: skip

    def scores(
        self, weights: NDArray[np.float64], rounds: int = ROUNDS
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the chance of each candidate and the features of the last round."""
        x = self.fixed()
        if not len(self.flat):
            return np.zeros(0), x
        company, starts = self.company(), np.flatnonzero(np.r_[True, np.diff(self.group_of) > 0])
        chance = self._softmax(x @ weights, starts)
        for _ in range(rounds):
            self._keep_company(x, company, chance, starts)
            chance = self._softmax(x @ weights, starts)
        return chance, x

    def _keep_company(
        self,
        x: NDArray[np.float64],
        company: tuple[NDArray[np.float64], ...],
        chance: NDArray[np.float64],
        starts: NDArray[np.int64],
    ) -> None:
        others = max(1, len(starts) - 1)
        for name, matrix in zip(
            ("country of places", "province of places", "within 50 km", "within 300 km"), company, strict=True
        ):
            best = np.maximum.reduceat(matrix * chance, starts, axis=1)
            x[:, self._columns[name]] = best.sum(axis=1) / others**0.5
        first = self.group_of == self.group_of[0]
        near_first = (company[3] * chance)[:, first].sum(axis=1)
        x[:, self._columns["near first"]] = near_first

    def _softmax(self, z: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
        order = np.searchsorted(starts, np.arange(len(z)), side="right") - 1
        e = np.exp(z - np.maximum.reduceat(z, starts)[order])
        return e / np.add.reduceat(e, starts)[order]

    def resolve(self) -> list[Sense | None]:
        """Give the sense of each span in order; a name that no list knows is put among its neighbours, or None."""
        chance, _ = self.scores(np.array(list(WEIGHTS.values())))
        senses: dict[int, Sense] = {}
        for g in set(self.group_of.tolist()):
            ranked = sorted(
                ((float(chance[r]), r) for r in np.flatnonzero(self.group_of == g)),
                key=lambda t: (-t[0], t[1]),
            )
            best = self.flat[ranked[0][1]][1]
            senses[g] = Sense(place=make_place(best), score=ranked[0][0],
                              rivals=tuple((self.flat[r][1], p) for p, r in ranked[1:5]))  # fmt: skip
        return [senses.get(self.groups[form]) for form in self.forms]


def _capitals(pack: Pack, codes: set[str]) -> dict[str, frozenset[str]]:
    entries = [pack.countries[code] for code in codes if code in pack.countries]
    return {entry.code: frozenset(map(normalise_name, entry.capitals)) for entry in entries}


def lies_in(small: PlaceEntry, large: PlaceEntry) -> bool:
    """Tell whether a place lies in a country or province."""
    if small is large or small.country != large.country or large.country is None:
        return False
    if large.kind == "country":
        return small.kind != "country"
    if large.kind == "admin1":
        return small.kind not in ("country", "admin1") and small.admin1 == large.admin1
    return (
        large.kind == "admin2"
        and small.kind == "city"
        and distance_km(small, large) < 1.5 * (large.radius_km or 30) + 10
    )


# --- toponyms of an annotated document
def find_places(a: Annotation, pack: Pack, parties: Sequence[Party]) -> tuple[Toponym, ...]:
    """Give the toponyms of a document in the order of the text, each resolved in the company of the others."""
    mentions = find_mentions(a, pack, parties)
    countries = Counter(actor.country for p in parties for actor in p.actors if actor.country)
    spans = [a.span(start, end) for start, end in mentions]
    senses = Resolver(a.text, spans, pack, countries).resolve()
    return tuple(
        _toponym(a, start, end, sense) for (start, end), sense in zip(mentions, senses, strict=True) if sense
    )


def find_mentions(a: Annotation, pack: Pack, parties: Sequence[Party]) -> list[tuple[int, int]]:
    """Give the word ranges that name places: entities, countries that tell where, known names behind "in" or "near"."""
    ranges: list[tuple[int, int]] = []
    for start, end, label in a.entities:
        if label == "PLACE":
            ranges += _parts(a, start, end)
    taken = {k for s, e in ranges for k in range(s, e)}
    named = {k for s, e, label in a.entities for k in range(s, e)}
    for party in parties:
        if party.locative and not taken & set(range(party.start, party.end)):
            ranges.append((party.start, party.end))
            taken |= set(range(party.start, party.end))
    for k in range(1, len(a)):
        if (
            a.pos[k] == "PROPN"
            and k not in taken | named
            and a.words[k - 1].lower() in ("in", "near", "at", "outside")
        ):
            end = k + 1
            while end < len(a) and a.pos[end] == "PROPN" and end - k < 4:
                end += 1
            if not taken & set(range(k, end)) and pack.places.look_up(a.quote(k, end)):
                ranges.append((k, end))
                taken |= set(range(k, end))
    return sorted(ranges)


def _parts(a: Annotation, start: int, end: int) -> list[tuple[int, int]]:
    """Cut an entity at its commas, and its article and possessive off: "Paris, Texas" names two places."""
    parts, left = [], start
    for k in range(start, end + 1):
        if k == end or a.words[k] == ",":
            s, e = left, k
            while s < e - 1 and a.words[s].lower() == "the":
                s += 1
            while e - 1 > s and a.words[e - 1] in ("'s", "’s", "'", "’", ".", ")"):
                e -= 1
            if s < e:
                parts.append((s, e))
            left = k + 1
    return parts


def _toponym(a: Annotation, start: int, end: int, sense: Sense) -> Toponym:
    head = next((k for k in range(start, end) if not start <= a.heads[k] < end), end - 1)
    before = range(max(0, start - 4), start)
    preposition = next((a.words[c].lower() for c in before if a.heads[c] == head and a.deps[c] == "case"), "")
    rivals = tuple(f"{c.name}, {c.admin1 or c.country}" for c, _ in sense.rivals)[:4]
    return Toponym(start=start, end=end, head=head, place=sense.place, preposition=preposition, rivals=rivals,
                   score=round(sense.score, 4))  # fmt: skip


def tells_where(toponym: Toponym) -> bool:
    """Tell whether the toponym stands behind a preposition of place."""
    return toponym.preposition in _WHERE
