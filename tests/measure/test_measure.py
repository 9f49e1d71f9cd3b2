"""The index: what adds to it, what fades, what is unknown; turning points and alerts."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import SettingError
from detente.measure import (
    Coverage,
    Signal,
    days_between,
    find_turns,
    full_coverage,
    raise_alerts,
    read_watches,
    take_readings,
    weigh_incidents,
)
from detente.measure.index import gamma_quantile
from detente.measure.signals import STATUS_SHARE
from detente.packs import load_pack
from detente.records import IncidentId, Reading
from tests.fuse.reports import raid
from tests.fuse.test_fuse import fuse

FIRST = date(2031, 1, 1)
DAYS = days_between(FIRST, FIRST + timedelta(days=119))
DYAD = ("RUR", "SYL")


def signal(
    day: int, weight: float = 9.0, source: str = "RUR", target: str = "SYL", share: float = 1.0, n: int = 0
) -> Signal:
    on = FIRST + timedelta(days=day)
    return Signal(
        day=on, source=source, target=target, type="ASSAULT" if weight > 0 else "AID", weight=weight, share=share,
        incident=IncidentId(f"incident-{day}-{n}-{source}"), known_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )  # fmt: skip


def readings(signals: list[Signal], coverage: Coverage | None = None) -> list[Reading]:
    return list(take_readings(signals, [DYAD], DAYS, coverage or full_coverage(DAYS)))


def test_tension_rises_with_an_attack_fades_and_opens_to_its_incident() -> None:
    found = readings([signal(50)])
    assert found[49].value == 0
    assert found[50].value is not None
    assert found[60].value is not None
    assert found[60].value < found[50].value
    assert found[50].incidents == ("incident-50-0-RUR",)
    assert found[50].low is not None
    assert found[50].high is not None
    assert found[50].low < found[50].value < found[50].high
    assert dict(found[50].parts)["RUR → SYL"] > 0


def test_a_denied_or_planned_strike_is_not_an_attack() -> None:
    assert (
        STATUS_SHARE["happened"]
        > STATUS_SHARE["attempted"]
        > STATUS_SHARE["planned"]
        > STATUS_SHARE["denied"]
    )
    sure, planned = readings([signal(50)]), readings([signal(50, share=STATUS_SHARE["planned"])])
    assert (planned[50].value or 0) < (sure[50].value or 0)


def test_cooperation_relieves_but_never_makes_less_than_calm() -> None:
    both = readings([signal(50), signal(51, -10.0)])
    assert 0 < (both[51].value or 0) < (readings([signal(50)])[51].value or 0)
    assert all((r.value or 0) >= 0 for r in readings([signal(50, -10.0)]))


def test_a_day_without_a_source_up_is_unknown_not_calm() -> None:
    silent = Coverage(days={"Post": tuple(DAYS[:20])})
    found = readings([signal(10)], silent)
    assert found[15].value is not None
    assert found[40].value is None
    assert found[40].coverage == 0


def test_twice_the_reporting_of_everything_is_not_twice_the_tension() -> None:
    others = [signal(d, source="BOR", target="PON", n=n) for d in range(60, 120) for n in range(30)]
    quiet = [signal(d, source="BOR", target="PON", n=n) for d in range(60) for n in range(10)]
    before, after = (readings([signal(d), *others, *quiet])[d].value or 0 for d in (50, 110))
    assert after < before


@given(st.lists(st.tuples(st.integers(0, 119), st.sampled_from([9.0, 3.0, -5.0])), max_size=20), st.randoms())
def test_readings_do_not_depend_on_the_order_of_signals(
    told: list[tuple[int, float]], chance: random.Random
) -> None:
    signals = [signal(day, weight, n=n) for n, (day, weight) in enumerate(told)]
    first = readings(signals)
    chance.shuffle(signals)
    assert readings(signals) == first


def test_gamma_quantiles_are_close_to_exact_ones() -> None:
    # Exact values of the 5 % and 95 % points of Gamma(10.5): half of chi-squared's with 21 degrees.
    assert gamma_quantile(10.5, -1.645) == pytest.approx(11.591 / 2, rel=0.01)
    assert gamma_quantile(10.5, 1.645) == pytest.approx(32.671 / 2, rel=0.01)


def test_a_lasting_change_is_a_turn_within_days_and_steadiness_is_none() -> None:
    chance = random.Random(3)
    calm = [signal(d, 3.0, n=n) for d in range(120) for n in range(chance.choice([0, 0, 1]))]
    war = [signal(d, 9.0, n=9 + n) for d in range(80, 120) for n in range(chance.choice([2, 3]))]
    assert find_turns(calm, DAYS) == ()
    turns = [t for t in find_turns(calm + war, DAYS) if t.rises]
    clearest = max(turns, key=lambda t: t.score)
    assert clearest.flow == "conflict"
    assert abs((clearest.day - DAYS[80]).days) <= 3
    assert clearest.incidents


def test_incidents_give_signals_from_doer_to_target() -> None:
    pack = load_pack(["world"])
    found = list(weigh_incidents(fuse([raid("Alpha", 3), raid("Beta", 3)]).incidents, pack))
    assert [(s.source, s.target) for s in found] == [DYAD]
    assert found[0].value > 0


def test_alerts_come_once_with_reason_and_respect_the_cool_down() -> None:
    incidents = fuse([raid("Alpha", 3)]).incidents
    now = incidents[0].known_at
    watches = read_watches(
        [{"name": "harbour", "dyad": ["RUR", "SYL"], "types": ["ASSAULT"], "cool_down": 5}]
    )
    first = raise_alerts(watches, incidents, [], {}, {}, now)
    assert len(first) == 1
    assert "ASSAULT Ruritania → Syldavia" in first[0].reason
    raised = {a.id: a for a in first}
    assert raise_alerts(watches, incidents, [], {}, raised, now + timedelta(days=6)) == ()
    more = fuse([raid("Alpha", 3), raid("Gamma", when=None, known=3)]).incidents
    assert raise_alerts(watches, more, [], {}, raised, now + timedelta(days=1)) == ()
    late = raise_alerts(watches, incidents, [], {}, {}, now + timedelta(days=400))
    assert late == ()
    with pytest.raises(SettingError, match="unknown key colour"):
        read_watches([{"name": "x", "colour": "red"}])


def test_passing_a_threshold_raises_an_alert() -> None:
    found = readings([signal(50)])
    watches = read_watches([{"name": "level", "dyad": ["RUR", "SYL"], "threshold": 2.0, "incidents": False}])
    now = datetime(2031, 2, 25, tzinfo=UTC)
    alerts = raise_alerts(watches, [], found, {}, {}, now)
    assert len(alerts) == 1
    assert "passed 2" in alerts[0].reason
