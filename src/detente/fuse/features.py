"""The features by which two reports are compared.

Each function looks at two sketches and gives a number between 0 and 1 (unknown is 0). Its docstring is the
explanation that users see beside its weight.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from detente.fuse.sketch import QUADS, RAREST, SYMMETRIC, VERBAL, Party, Sketch, Spot, telling

Feature = Callable[[Sketch, Sketch], float]
_EARTH_KM = 6371.0


def likeness(a: Party, b: Party) -> float:
    """Give how far two names may mean one party: 1 the same, 0.8 two voices of one state, 0 others."""
    if a.name == b.name:
        return 1.0
    shared = a.words & b.words
    if shared and not (a.unnamed or b.unnamed) and (shared == a.words or shared == b.words):
        return 0.9
    if a.country is not None and a.country == b.country:
        if a.state and b.state:
            return 0.8
        if a.sector == b.sector:
            return 0.6 if a.unnamed or b.unnamed else 0.5
        return 0.35 if a.unnamed or b.unnamed else 0.2
    if a.name == b.parent or b.name == a.parent:
        return 0.6
    return 0.3 if a.unnamed or b.unnamed else 0.0


def _best(some: tuple[Party, ...], others: tuple[Party, ...]) -> float:
    if not some or not others:
        return 0.0
    if len(some) == len(others) == 1:
        return likeness(some[0], others[0])
    short, long = (some, others) if len(some) <= len(others) else (others, some)
    return sum(max(likeness(a, b) for b in long) for a in short) / len(short)


def _sides(
    a: Sketch, b: Sketch
) -> tuple[tuple[Party, ...], tuple[Party, ...], tuple[Party, ...], tuple[Party, ...]]:
    """Give doers and targets of both, pooled where one of a mutual act's reports pools them."""
    if a.type in SYMMETRIC and b.type in SYMMETRIC and (not a.recipients) != (not b.recipients):
        return a.parties, (), b.parties, ()
    return a.actors, a.recipients, b.actors, b.recipients


def same_type(a: Sketch, b: Sketch) -> float:
    """Both tell of the same kind of act."""
    return float(a.type == b.type)


def same_family(a: Sketch, b: Sketch) -> float:
    """The kinds of act differ but belong to one family, such as two sorts of material conflict."""
    return float(a.type != b.type and QUADS[a.type] == QUADS[b.type])


def words_against_deeds(a: Sketch, b: Sketch) -> float:
    """One tells of words and the other of deeds: a threat is not its execution."""
    return float((a.type in VERBAL) != (b.type in VERBAL))


def same_doers(a: Sketch, b: Sketch) -> float:
    """The doers are the same, or speak for the same state."""
    ours, _, theirs, _ = _sides(a, b)
    return _best(ours, theirs)


def same_named_doer(a: Sketch, b: Sketch) -> float:
    """The very same doer is named."""
    ours, _, theirs, _ = _sides(a, b)
    return float(any(x.name == y.name for x in ours for y in theirs))


def other_doers(a: Sketch, b: Sketch) -> float:
    """The doers that are named have nothing in common."""
    ours, _, theirs, _ = _sides(a, b)
    return float(bool(ours and theirs) and _best(ours, theirs) < 0.3)


def same_targets(a: Sketch, b: Sketch) -> float:
    """It was done to the same party, or to two of one state."""
    _, ours, _, theirs = _sides(a, b)
    return _best(ours, theirs)


def same_named_target(a: Sketch, b: Sketch) -> float:
    """The very same target is named, other than a whole state."""
    _, ours, _, theirs = _sides(a, b)
    return float(any(x.name == y.name and not (x.state and len(x.words) < 2) for x in ours for y in theirs))


def other_targets(a: Sketch, b: Sketch) -> float:
    """It was done to different parties."""
    _, ours, _, theirs = _sides(a, b)
    return float(bool(ours and theirs) and _best(ours, theirs) < 0.3)


def target_in_one_only(a: Sketch, b: Sketch) -> float:
    """Only one of them says to whom it was done."""
    _, ours, _, theirs = _sides(a, b)
    return float(bool(ours) != bool(theirs))


def turned_round(a: Sketch, b: Sketch) -> float:
    """Who acts in one is acted upon in the other."""
    if not (a.recipients and b.recipients) or a.type in SYMMETRIC:
        return 0.0
    return float(
        min(_best(a.actors, b.recipients), _best(a.recipients, b.actors)) > _best(a.actors, b.actors)
    )


def gap_days(a: Sketch, b: Sketch) -> float:
    """Days between two times; 0 where they meet or one is not told."""
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return 0.0
    return max(0.0, a.first - b.last, b.first - a.last)


def same_day(a: Sketch, b: Sketch) -> float:
    """Both are dated to the day, and to the same one."""
    return float(a.width <= 1.5 and b.width <= 1.5 and gap_days(a, b) < 0.5)


def near_days(a: Sketch, b: Sketch) -> float:
    """Both are dated to the day, and lie one or two days apart."""
    return float(a.width <= 1.5 and b.width <= 1.5 and 0.5 <= gap_days(a, b) <= 2.5)


def times_meet(a: Sketch, b: Sketch) -> float:
    """Their times overlap; the more precise both are, the more this says."""
    wider = max(a.width, b.width)
    return 0.0 if math.isinf(wider) or gap_days(a, b) > 0 else 1.0 / (1.0 + wider / 30)


def vague_times(a: Sketch, b: Sketch) -> float:
    """Both are dated to no better than a quarter of a year."""
    return float(60 < a.width < math.inf and 60 < b.width < math.inf)


def time_not_told(a: Sketch, b: Sketch) -> float:
    """One of them has no time."""
    return float(a.first is None or b.first is None)


def days_apart(a: Sketch, b: Sketch) -> float:
    """Their times lie apart; the further, the more this says (a year counts in full)."""
    return min(1.0, math.log1p(gap_days(a, b)) / math.log1p(365))


def _timely(a: Sketch, b: Sketch) -> float:
    return max(same_day(a, b), 0.5 * near_days(a, b), times_meet(a, b))


def other_day(a: Sketch, b: Sketch) -> float:
    """Both are dated to the day, and the days lie more than two apart."""
    return float(a.width <= 1.5 and b.width <= 1.5 and gap_days(a, b) > 2.5)


def same_act(a: Sketch, b: Sketch) -> float:
    """Kind, doers, targets and time agree, all of them together."""
    if a.type != b.type:
        return 0.0
    targets = same_targets(a, b) if a.recipients and b.recipients else 0.5
    return min(same_doers(a, b), targets) * _timely(a, b)


def same_scene(a: Sketch, b: Sketch) -> float:
    """Kind of act, place and time agree, all of them together."""
    return same_place(a, b) * _timely(a, b) * (1.0 if a.type == b.type else 0.5 * same_family(a, b))


def same_victim(a: Sketch, b: Sketch) -> float:
    """Twice is told that the same was done by force or law to the same named person or body, which seldom happens twice."""
    if a.type != b.type or QUADS[a.type] != "material conflict" or one_document(a, b):
        return 0.0
    return same_named_target(a, b) * (1.0 - days_apart(a, b))


def _kilometres(a: Spot, b: Spot) -> float | None:
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    x, y = math.radians(a.latitude), math.radians(b.latitude)
    h = math.sin((y - x) / 2) ** 2
    h += math.cos(x) * math.cos(y) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def same_place(a: Sketch, b: Sketch) -> float:
    """It happened at the same place, finer than a country."""
    if a.spot is None or b.spot is None or a.spot.wide or b.spot.wide:
        return 0.0
    if a.spot.name == b.spot.name and a.spot.country == b.spot.country:
        return 1.0
    apart = _kilometres(a.spot, b.spot)
    return 0.0 if apart is None else float(apart <= max(a.spot.radius_km, b.spot.radius_km, 5.0))


def same_country(a: Sketch, b: Sketch) -> float:
    """It happened in the same country, and no finer place decides."""
    if a.spot is None or b.spot is None or not (a.spot.wide or b.spot.wide):
        return 0.0
    return float(a.spot.country is not None and a.spot.country == b.spot.country)


def other_place(a: Sketch, b: Sketch) -> float:
    """It happened at different places."""
    return spots_apart(a.spot, b.spot) if a.spot is not None and b.spot is not None else 0.0


def spots_apart(a: Spot, b: Spot) -> float:
    """Give how sure two places are different: 0 where one may hold the other, 1 at 100 km between them."""
    if (a.name, a.country) == (b.name, b.country) or ((a.wide or b.wide) and a.country == b.country):
        return 0.0
    apart = _kilometres(a, b)
    if apart is None:
        return 1.0 if a.country != b.country else 0.6
    return min(1.0, max(0.0, apart - a.radius_km - b.radius_km) / 100)


def _meet(a: tuple[int, int] | None, b: tuple[int, int] | None) -> float | None:
    if a is None or b is None:
        return None
    return float(a[0] <= b[1] and b[0] <= a[1])


def same_toll(a: Sketch, b: Sketch) -> float:
    """The numbers of killed or injured agree."""
    found = [m for m in (_meet(a.killed, b.killed), _meet(a.injured, b.injured)) if m is not None]
    return sum(found) / len(found) if found else 0.0


def other_toll(a: Sketch, b: Sketch) -> float:
    """The numbers of killed or injured differ; the more by proportion, the more this says."""
    worst = 0.0
    for x, y in ((a.killed, b.killed), (a.injured, b.injured)):
        if _meet(x, y) == 0.0 and x and y:
            worst = max(worst, 1 - min(x[1], y[1]) / max(x[0], y[0], 1))
    return worst


def _overlap(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    if not a or not b:
        return 0.0
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    shared = sum(weight for word, weight in small.items() if word in large)
    return shared / math.sqrt(sum(a.values()) * sum(b.values()))


def shared_words(a: Sketch, b: Sketch) -> float:
    """The reports use the same telling words."""
    return _overlap(a.words, b.words)


def shared_names(a: Sketch, b: Sketch) -> float:
    """The sentences around them hold the same names and numbers."""
    return _overlap(a.names, b.names)


def shared_story(a: Sketch, b: Sketch) -> float:
    """The documents speak of the same people, places and bodies."""
    return 0.0 if a.document == b.document else _overlap(a.story, b.story)


def same_words_of_speech(a: Sketch, b: Sketch) -> float:
    """Both tell of words spoken, and the words told are alike."""
    return _overlap(a.words, b.words) if a.type in VERBAL and b.type in VERBAL else 0.0


def both_speech(a: Sketch, b: Sketch) -> float:
    """Both tell of words spoken: parties speak often, so that this needs more proof."""
    return float(a.type in VERBAL and b.type in VERBAL)


def same_trigger(a: Sketch, b: Sketch) -> float:
    """The same word reports the act; the rarer the word, the more this says."""
    return telling(a.trigger) / RAREST if a.trigger and a.trigger == b.trigger else 0.0


def same_tale(a: Sketch, b: Sketch) -> float:
    """The same word reports the act, in documents that speak of the same people and places."""
    return float(bool(a.trigger) and a.trigger == b.trigger) * min(1.0, 1.5 * shared_story(a, b))


def same_status(a: Sketch, b: Sketch) -> float:
    """Both tell it as done, or both as planned, attempted or denied."""
    return float(a.status == b.status)


def one_document(a: Sketch, b: Sketch) -> float:
    """Both stand in one document, which seldom tells a thing twice, but for what it then speaks of as known."""
    again = a.type == b.type and (b if b.at > a.at else a).known and same_named_target(a, b) > 0
    return float(a.document == b.document and not again)


def copied(a: Sketch, b: Sketch) -> float:
    """The documents are copies of one text, and the words are the same."""
    return float(a.document != b.document and a.root == b.root and shared_words(a, b) > 0.9)


FEATURES: Final[tuple[Feature, ...]] = (
    same_type,
    same_family,
    words_against_deeds,
    same_doers,
    same_named_doer,
    other_doers,
    same_targets,
    same_named_target,
    other_targets,
    target_in_one_only,
    turned_round,
    same_day,
    near_days,
    other_day,
    times_meet,
    vague_times,
    time_not_told,
    days_apart,
    same_act,
    same_scene,
    same_victim,
    same_place,
    same_country,
    other_place,
    same_toll,
    other_toll,
    shared_words,
    shared_names,
    shared_story,
    same_words_of_speech,
    both_speech,
    same_trigger,
    same_tale,
    same_status,
    one_document,
    copied,
)


@cache
def explain(name: str) -> str:
    """Give the explanation of a feature, by its name."""
    found = next((f for f in FEATURES if f.__name__ == name), None)
    return " ".join((found.__doc__ or "").split()) if found else name


def measure_pair(a: Sketch, b: Sketch) -> tuple[float, ...]:
    """Give the values of all features, in the order of `FEATURES`."""
    return tuple(feature(a, b) for feature in FEATURES)
