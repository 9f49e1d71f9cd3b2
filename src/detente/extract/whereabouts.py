"""Whereabouts: where an event took place.

The toponyms of the event's sentence and of those before it, the dateline, the countries of its parties and "not told"
compete in a softmax over named features; training/places/fit_events.py fits the weights on
annotated articles. A country that only a party tells is marked as inferred.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from detente.engines import Annotation
from detente.engines.weights import open_weights
from detente.extract.parties import Party
from detente.extract.places import Toponym, make_place, tells_where
from detente.packs import Pack
from detente.records import Actor, Place, Span

PHYSICAL = frozenset({"ASSAULT", "COERCE", "PROTEST", "RETREAT", "MOBILIZE", "AID", "CONSULT", "COOPERATE"})
SENTENCES_BACK = 2
_AT = frozenset({"in", "at", "near", "outside", "inside", "across", "around", "off", "along", "on", "over"})
_TOWARDS = frozenset({"to", "into", "from", "towards", "toward", "via", "through"})


@cache
def _weights() -> dict[str, float]:
    told = json.loads(open_weights("whereabouts").path("weights.json").read_text(encoding="utf-8"))
    return {str(name): float(weight) for name, weight in told.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOption:
    """A place that an event may have: a toponym of the text, a party's country, or none."""

    country: str | None
    toponym: Toponym | None
    features: tuple[str, ...]

    @property
    def weight(self) -> float:
        """The log-odds of the option by the fitted weights."""
        weights = _weights()
        return sum(weights.get(feature, 0.0) for feature in self.features)


def event_place(
    annotation: Annotation, word: int, type_: str, sentence: tuple[int, int], toponyms: Sequence[Toponym],
    actors: Sequence[Party | Actor], recipients: Sequence[Party | Actor], document_country: str | None, pack: Pack,
    opinions: Mapping[int, float] | None = None, abroad: Collection[str] = (),
) -> tuple[Place | None, Span | None, bool]:  # fmt: skip
    """Give the place of an event, the words that tell it, and whether it is only inferred from a party's country.

    `word` is the event word, `sentence` its range of words, `toponyms` those of the whole document; `opinions`
    are the event reader's log-odds of toponyms by their heads; `abroad` are countries in which a deed cannot have been done.
    """
    options = list(
        place_options(annotation, word, type_, sentence, toponyms, actors, recipients, document_country)
    )
    if type_ in PHYSICAL:
        options = [option for option in options if option.country not in abroad or option.country is None]
    if not options:
        return None, None, False
    best = max(options, key=lambda option: joined_weight(option, opinions))
    if best.toponym is not None:
        start, end = annotation.span(best.toponym.start, best.toponym.end)
        return best.toponym.place, Span(start=start, end=end), False
    if best.country is None:
        return None, None, False
    return country_place(best.country, pack), None, True


READER_WEIGHT = 0.8  # of the event reader's log-odds that a toponym is the place, and
READER_NEUTRAL = -3.0  # the log-odds at which they say nothing; both chosen on articles held out of its training


def joined_weight(option: PlaceOption, opinions: Mapping[int, float] | None) -> float:
    """Give the log-odds of an option, the event reader's opinion of a toponym weighed in where there is one."""
    if option.toponym is None or opinions is None:
        return option.weight
    opinion = max(-6.0, min(4.0, opinions.get(option.toponym.head, -6.0)))
    return option.weight + READER_WEIGHT * (opinion - READER_NEUTRAL)


def country_place(code: str, pack: Pack) -> Place | None:
    """Give a country as a place with the radius of the country."""
    entry = pack.countries.get(code)
    found = pack.places.look_up(entry.name) if entry else ()
    return next((make_place(p) for p in found if p.kind == "country" and p.country == code), None)


def place_options(
    a: Annotation, word: int, type_: str, sentence: tuple[int, int], toponyms: Sequence[Toponym],
    actors: Sequence[Party | Actor], recipients: Sequence[Party | Actor], document_country: str | None,
) -> Iterator[PlaceOption]:  # fmt: skip
    """Give all that may be the place of an event, "not told" first."""
    kind = "physical" if type_ in PHYSICAL else "speech"
    doers, targets = _countries(actors), _countries(recipients)
    near = [t for t in toponyms if sentence[0] <= t.start < sentence[1]]
    where = any(map(tells_where, near))
    yield PlaceOption(country=None, toponym=None, features=(
        "none", f"none {type_}", f"none, {min(2, len(near))} told {kind}", f"none, where told={where} {kind}"))  # fmt: skip
    first = min((t.start for t in toponyms), default=-1)
    for toponym in toponyms:
        if toponym.start >= sentence[1] or toponym.place.country is None:
            continue
        back = _sentences_between(a, toponym.start, sentence[0])
        dateline = toponym.start == first and toponym.start < 40
        if back <= SENTENCES_BACK or dateline:
            features = tuple(
                _toponym_features(
                    a, word, kind, type_, toponym, back, dateline, doers, targets, document_country
                )
            )
            yield PlaceOption(country=toponym.place.country, toponym=toponym, features=features)
    sides = {country: "both" if country in doers and country in targets else "doer" if country in doers else "target"
             for country in (*doers, *targets)}  # fmt: skip
    if document_country:
        sides.setdefault(document_country, "document")
    for country, side in sides.items():
        home = country == document_country
        told = any(t.place.country == country for t in near)
        yield PlaceOption(country=country, toponym=None, features=(
            f"party {side} {kind}", f"party {side} {type_}", f"party {side} home={home} {kind}", f"party told={told}",
            f"party {side} targets={bool(targets)}", f"party {side} alone={len(sides) == 1} {kind}"))  # fmt: skip


def _countries(parties: Sequence[Party | Actor]) -> dict[str, None]:
    actors = [actor for p in parties for actor in (p.actors if isinstance(p, Party) else (p,))]
    return dict.fromkeys(actor.country for actor in actors if actor.country)


def _sentences_between(a: Annotation, word: int, start: int) -> int:
    return sum(1 for s, _ in a.sentences if word < s <= start)


def _toponym_features(
    a: Annotation, word: int, kind: str, type_: str, t: Toponym, back: int, dateline: bool,
    doers: dict[str, None], targets: dict[str, None], home: str | None,
) -> Iterator[str]:  # fmt: skip
    preposition = (
        "at" if t.preposition in _AT else "towards" if t.preposition in _TOWARDS else t.preposition or "none"
    )
    country = t.place.country or ""
    yield f"back={min(back, 3)} {kind}"
    yield f"preposition={preposition} back={min(back, 1)}"
    yield f"dateline={dateline} {kind}"
    yield f"fine={t.place.admin1 is not None} {preposition}"
    yield f"doer's={country in doers} target's={country in targets} {kind}"
    yield f"target's={country in targets} {type_}"
    yield f"home={country == home}"
    if back == 0:
        steps = tree_steps(a, t.head, word)
        yield f"steps={min(steps, 5)} {preposition}"
        yield f"below={word in list(a.ancestors(t.head))[:4]} {preposition}"
        yield f"dep={a.deps[t.head]}"
        yield f"after={t.start > word} far={min(abs(t.start - word) // 6, 3)}"


def tree_steps(a: Annotation, x: int, y: int) -> int:
    """Give the number of arcs between two words of the parse; 99 where no path joins them."""
    up = {x: 0}
    for n, k in enumerate(a.ancestors(x), 1):
        up[k] = n
    for n, k in enumerate((y, *a.ancestors(y))):
        if k in up:
            return up[k] + n
    return 99
