"""The watch list in the brief: what was raised in the period and why, with the incidents behind it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from detente.publish.entries import FAR, Entry
from detente.publish.sentences import clean_text, name_day
from detente.records import Alert, IncidentId, Line

MOST_BEHIND = 4
MOST_OF_A_WATCH = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One alert: why, and what lies behind it."""

    reason: str
    line: Line
    behind: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReport:
    """What one entry of the watch list brought."""

    watch: str
    raised: tuple[Raised, ...]
    more: int


def report_watches(
    watches: Iterable[str], alerts: Iterable[Alert], entries: Iterable[Entry]
) -> tuple[WatchReport, ...]:  # fmt: skip
    """Give a report of each watch, those with nothing to tell included: silence is an answer too."""
    by_incident: Mapping[IncidentId, Entry] = {e.incident.id: e for e in entries if e.incident}
    raised: dict[str, list[Raised]] = {name: [] for name in watches}
    for alert in sorted(alerts, key=lambda each: _when(each, by_incident)):
        behind = tuple(by_incident[id] for id in alert.incidents if id in by_incident)
        if behind:
            raised.setdefault(alert.watch, []).append(_raise(alert, behind))
    return tuple(
        WatchReport(watch=clean_text(name), raised=tuple(found[:MOST_OF_A_WATCH]), more=len(found) - len(found[:MOST_OF_A_WATCH]))
        for name, found in raised.items()
    )  # fmt: skip


_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def _in_words(match: re.Match[str]) -> str:
    return name_day(datetime(int(match[1]), int(match[2]), int(match[3])))


def _when(alert: Alert, entries: Mapping[IncidentId, Entry]) -> tuple[bool, datetime, str]:
    """Order what was raised: single incidents by time, then what rests on several."""
    known = [entries[id] for id in alert.incidents if id in entries]
    return len(alert.incidents) != 1, known[0].sort_key[0] if known else FAR, alert.id


def _raise(alert: Alert, behind: tuple[Entry, ...]) -> Raised:
    first = behind[0].incident
    alone = first is not None and len(alert.incidents) == 1 and alert.reason.startswith(first.type)
    reason = "new incident" if alone else _ISO.sub(_in_words, clean_text(alert.reason))
    text = behind[0].line.text if alone else f"{reason[:1].upper()}{reason[1:]}."
    citations = tuple(dict.fromkeys(entry.line.citations[0] for entry in behind[:MOST_BEHIND]))
    return Raised(reason=reason, line=Line(text=text, citations=citations), behind=() if alone else behind[:MOST_BEHIND])
