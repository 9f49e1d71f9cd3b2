"""Measure: what incidents add up to.

::

    incidents
    | weigh_incidents    what each adds, by intensity, status and credibility
    | take_readings      the daily index of each dyad, with interval, parts and coverage
    | find_turns         the days from which a flow is another one
    | raise_alerts       what of a watch list happened
    | trace_narratives   one claim from outlet to outlet: who first, in whose words, who denies it
    | find_synchrony     which outlets tell the same claims closer in time than chance
    readings, turns, alerts, narratives
"""

from detente.measure.alerts import Watch, raise_alerts, read_alert, read_watches, write_alert
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
from detente.measure.narratives import outlet_of, trace_narratives
from detente.measure.signals import Signal, day_of, side_of, weigh_incidents
from detente.measure.synchrony import find_synchrony
from detente.measure.turns import desk_turns, find_turns
from detente.records import Alert, Turn

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
    "find_synchrony",
    "find_turns",
    "full_coverage",
    "measure_desk",
    "outlet_of",
    "raise_alerts",
    "read_alert",
    "read_watches",
    "side_of",
    "take_readings",
    "trace_narratives",
    "volume_by_day",
    "weigh_incidents",
    "write_alert",
]
