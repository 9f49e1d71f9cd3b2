"""How a claim travels: who first, in whose words, who denies it; and which outlets keep step against chance."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from detente.fuse import fuse_events
from detente.measure import find_synchrony, trace_narratives
from detente.measure.narratives import HAPPENING
from detente.measure.synchrony import permutation_p
from detente.records import (
    Document,
    DocumentId,
    Event,
    IncidentId,
    Narrative,
    NarrativeId,
    Retelling,
    Span,
    When,
    make_id,
)
from tests.fuse.reports import actor, day_of, document, event

SENTENCE = "Ruritanian gunboats shelled the harbour of Port Zenda and killed three sailors before dawn, the navy said."
MINISTRY = actor("Ruritanian Foreign Ministry", "RUR")


def told(name: str, text: str, hour: float, quote: str | None = None, **fields: object) -> tuple[Document, Event]:
    made = document(name, text, outlet=name)
    moment = datetime(2031, 3, 1, tzinfo=UTC) + timedelta(hours=hour)
    made = replace(made, published=When(earliest=moment, latest=moment, basis="given"))
    return made, event(made, quote or text.split(". ")[0], trigger="shelled", when=day_of(0), **fields)  # type: ignore[arg-type]


def narratives(reports: list[tuple[Document, Event]]) -> tuple[Narrative, ...]:
    documents, events = [d for d, _ in reports], [e for _, e in reports]
    return trace_narratives(fuse_events(events, documents).incidents, events, documents)


def four_tellings() -> list[tuple[Document, Event]]:
    return [
        told("Wire", f"{SENTENCE} Smoke stood over the quay.", 1, SENTENCE),
        told("Echo", f"{SENTENCE} Our reporter saw nobody.", 3, SENTENCE),
        told("Own", "Gunboats of Ruritania shelled Port Zenda harbour early on Saturday, port workers told us.", 9),
        told("Voice", "The Ruritanian Foreign Ministry denied that its gunboats had shelled Port Zenda.", 20,
             status="denied", by=MINISTRY),
    ]  # fmt: skip


def test_a_narrative_tells_who_was_first_who_repeats_and_who_denies() -> None:
    found = next(n for n in narratives(four_tellings()) if n.field == HAPPENING)
    assert found.outlets == ("Wire", "Echo", "Own")
    first, echo, own = found.tellings
    assert first.echo_of is None
    assert (echo.echo_of, echo.echo) == (first.document, 1.0)
    assert own.echo_of is None
    assert [(t.outlet, t.speaker, t.stance) for t in found.denials] == [("Voice", MINISTRY.name, "denies")]


def test_any_order_gives_the_same_narratives() -> None:
    reports = four_tellings()
    whole = narratives(reports)
    for seed in range(5):
        random.Random(seed).shuffle(reports)
        assert narratives(reports) == whole


def test_one_outlet_makes_no_narrative_and_an_undated_telling_is_not_the_first() -> None:
    one, two = four_tellings()[:2]
    assert narratives([one]) == ()
    late = replace(one[0], published=None)
    found = narratives([(late, one[1]), two])[0]
    assert found.outlets == ("Echo", "Wire")
    assert found.tellings[-1].at is None


def claim(number: int, times: dict[str, float], echoes: bool = False) -> Narrative:
    start = datetime(2031, 3, 1, tzinfo=UTC) + timedelta(days=3 * number)
    tellings = [
        Retelling(document=DocumentId(f"{outlet}-{number}"), outlet=outlet, at=start + timedelta(hours=hour),
                  span=Span(start=0, end=9), stance="asserts", speaker=None)
        for outlet, hour in sorted(times.items(), key=lambda item: item[1])
    ]  # fmt: skip
    return Narrative(
        id=NarrativeId(make_id("narrative", number)), incident=IncidentId(f"incident-{number}"), field=HAPPENING,
        value="", tellings=tuple(tellings), denials=(), known_at=start, recipe="test",
    )  # fmt: skip


def scattered(seed: int, claims: int, step: bool) -> list[Narrative]:
    """Claims told by six outlets at odd hours; where asked for, B tells within minutes of A."""
    chance = random.Random(seed)
    found = []
    for number in range(claims):
        times = {outlet: chance.uniform(0, 48) for outlet in "ABCDEF"}
        if step:
            times["B"] = times["A"] + chance.uniform(0, 0.4)
        found.append(claim(number, times))
    return found


def test_outlets_in_step_are_found_and_told_from_chance() -> None:
    found = find_synchrony(scattered(3, 12, step=True))
    best = found[0]
    assert best.outlets == ("A", "B")
    assert best.p_value is not None
    assert best.p_value < 0.01
    assert best.gap_hours is not None
    assert best.chance_hours is not None
    assert best.gap_hours < 1 < best.chance_hours
    assert all(pair.p_value is not None and pair.p_value > 0.05 for pair in found[1:])


def test_news_that_all_tell_on_the_same_day_is_no_synchrony() -> None:
    """Twelve claims weeks apart, each told by all within two days: the common cause must not count."""
    alarms = 0
    for seed in range(20):
        alarms += sum(p.p_value is not None and p.p_value < 0.05 for p in find_synchrony(scattered(seed, 12, step=False)))
    assert alarms <= 4  # of 20 desks with 15 pairs each, corrected for the pairs: one in twenty desks is expected


def test_too_little_is_said_to_be_too_little() -> None:
    few = find_synchrony(scattered(3, 4, step=True))
    assert few[0].p_value is None
    at_once = [claim(n, dict.fromkeys("ABC", 5.0)) for n in range(9)]
    assert all(pair.p_value is None and pair.tested == 0 for pair in find_synchrony(at_once))
    assert find_synchrony([claim(0, {"A": 1, "B": 2})]) == ()


def test_the_p_value_is_that_of_all_draws() -> None:
    """Against the exact distribution: with three tellers the pair is the closest in one draw of three."""
    blocks = [{"A": 0.0, "B": 0.1, "C": 30.0}] * 5
    assert abs(permutation_p(("A", "B"), blocks) - (1 / 3) ** 5) < 0.003
    assert permutation_p(("A", "C"), blocks) > 0.9


