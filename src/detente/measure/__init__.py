"""Measure: what incidents add up to.

::

    incidents
    | weigh_incidents    what each adds, by intensity, status and credibility
    | take_readings      the daily index of each dyad, with interval, parts and coverage
    | find_turns         the days from which a flow is another one
    | raise_alerts       what of a watch list happened
    readings, alerts
"""

from detente.measure.alerts import Alert, Watch, raise_alerts, read_alert, read_watches
from detente.measure.index import (
    CODE,
    Coverage,
    Dyad,
    cover,
    days_between,
    full_coverage,
    measure_desk,
    take_readings,
    volume_by_day,
)
from detente.measure.signals import Signal, day_of, side_of, weigh_incidents
from detente.measure.turns import Turn, desk_turns, find_turns

__all__ = [
    "CODE",
    "Alert",
    "Coverage",
    "Dyad",
    "Signal",
    "Turn",
    "Watch",
    "cover",
    "day_of",
    "days_between",
    "desk_turns",
    "find_turns",
    "full_coverage",
    "measure_desk",
    "raise_alerts",
    "read_alert",
    "read_watches",
    "side_of",
    "take_readings",
    "volume_by_day",
    "weigh_incidents",
]
