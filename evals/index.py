"""`python -m evals index --icews DIR`: the index on known history.

The events of `icews14.tsv.gz` and `icews18.tsv.gz` are given as signals (CAMEO code -> our type -> our weight;
parties -> countries by the pack); the crises of `crises.csv` must stand out as turning points within 7 days. Printed:
for each the nearest turn in its direction, how many turns the dyad shows in the year, and how often flows
with shuffled days (no history left) show a turn: the false-alarm rate.
"""

import argparse
import csv
import gzip
import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

from detente.measure import Signal, Turn, days_between, find_turns
from detente.measure.index import concerning
from detente.measure.turns import daily_flow, pick_turns, turn_scores
from detente.packs import Pack, load_pack, shipped_packs
from detente.records import IncidentId, make_id

YEARS = {2014: "icews14.tsv.gz", 2018: "icews18.tsv.gz"}
WITHIN = 7  # days
# Names of this data set that no pack has.
ALSO = {
    "Palestinian Territory": "Palestine",
    "Islamic State of Iraq and the Levant": "Islamic State",
    "Terrorist (Islamic State of Iraq and the Levant)": "Islamic State",
}
SHUFFLES = 20


class Sides:
    """Gives the side of a party's name: `Militant (Iraq)` and `Nuri al-Maliki` are Iraq's."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    @cache  # noqa: B019  (lives as long as the run)
    def side(self, name: str) -> str | None:
        """Give the country code or the name of a body without a country, None where the pack knows neither."""
        found = re.fullmatch(r"(.*?) \((.*)\)", name)
        told = (found.group(2), found.group(1)) if found else (name,)
        for each in told:
            plain = each.replace(";", ",").partition(",")[0].strip()
            words = plain.split()
            outer = f"{words[0]} {words[-1]}" if len(words) > 2 else plain  # patronymics fall away
            known = ALSO.get(plain, plain)
            for form in (each, known, outer):
                entries = self._pack.candidates(form)
                if entries:
                    return entries[0].country or entries[0].name
        inside = self._pack.aliases.find(name)  # Armed Forces of the Republic of Armenia
        return self._pack.actors[inside[-1].aliases[0].actor].country if inside else None


# Appeals, and denials of responsibility; other statements say nothing of conflict.
GENERAL = {"02": ("REQUEST", None), "016": ("REJECT", None)}


def load_signals(path: Path, pack: Pack) -> list[Signal]:
    """Give the events of a file as signals; parties that the pack does not know are left out."""
    return list(_signals(path, pack, Sides(pack)))


def _signals(path: Path, pack: Pack, sides: Sides) -> Iterator[Signal]:
    with (path.parent / "relations.tsv").open(encoding="utf-8") as file:
        codes = {row[0]: row[1] for row in csv.reader(file, delimiter="\t") if len(row) > 1}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            source, target = sides.side(row["source"]), sides.side(row["target"])
            code = row["cameo"] or codes.get(row["relation"], "")
            known = pack.ontology.cameo.get(code) or pack.ontology.cameo.get(code[:2]) or GENERAL.get(code[:3])
            known = known or GENERAL.get(code[:2])
            if source and target and source != target and known:
                weight = -pack.ontology.intensity(*known) or 1.0
                day = date.fromisoformat(row["date"])
                yield Signal(
                    day=day, source=source, target=target, type=known[0], weight=weight, share=1.0,
                    incident=IncidentId(make_id("incident", path.name, number)),
                    known_at=datetime.combine(day, time.min, UTC),
                )  # fmt: skip


def judge_crisis(crisis: dict[str, str], signals: list[Signal], sides: Sides, days: list[date]) -> dict[str, object]:
    """Give what the turns say of a crisis."""
    dyad = (sides.side(crisis["source"]) or "", sides.side(crisis["target"]) or "")
    own = list(concerning(signals, dyad))
    flow = "conflict" if crisis["direction"] == "conflict" else "cooperation"
    turns = [t for t in find_turns(own, days) if t.rises and t.flow == flow]
    on = date.fromisoformat(crisis["date"])
    nearest = min(turns, key=lambda t: abs((t.day - on).days), default=None)
    off = (nearest.day - on).days if nearest else None
    return {
        "dyad": " / ".join(dyad), "events": len(own), "told": crisis["date"],
        "found": nearest.day.isoformat() if nearest else None, "days off": off,
        "hit": off is not None and abs(off) <= WITHIN,
        "score": nearest.score if nearest else None, "rises in the year": len(turns),
        "rank of the rise": _rank(nearest, turns),
    }  # fmt: skip


def _rank(turn: Turn | None, turns: list[Turn]) -> int | None:
    return 1 + sum(t.score > turn.score for t in turns) if turn else None


def false_alarms(signals: list[Signal], dyads: set[tuple[str, str]], days: list[date]) -> float:
    """Give the rises a year in flows whose days were shuffled."""
    chance, found, runs = random.Random(1), 0, 0
    for dyad in sorted(dyads):
        own = list(concerning(signals, dyad))
        unit = sum(abs(s.value) for s in own) / max(1, len(own))
        series = [v / unit for v in daily_flow([s for s in own if s.value > 0], "conflict", days)] if own else []
        for _ in range(SHUFFLES):
            chance.shuffle(series)
            scores = turn_scores(series)
            found += sum(scores[at] > 0 for at in pick_turns(scores))
            runs += 1
    return found / (runs * len(days) / 365) if runs else 0.0


def main(argv: list[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="python -m evals index", description=__doc__)
    parser.add_argument("--icews", type=Path, default=Path("../shared/data/icews"))
    parser.add_argument("--crises", type=Path, help="default: crises.csv in that folder")
    args = parser.parse_args(argv)
    crises = list(csv.DictReader((args.crises or args.icews / "crises.csv").open(encoding="utf-8")))
    pack = load_pack(shipped_packs())
    sides, figures, alarms = Sides(pack), {}, []
    for year, name in YEARS.items():
        mine = [c for c in crises if c["date"].startswith(str(year))]
        if not mine or not (args.icews / name).exists():
            continue
        signals = load_signals(args.icews / name, pack)
        days = days_between(min(s.day for s in signals), max(s.day for s in signals))
        for crisis in mine:
            figures[crisis["what"]] = judge_crisis(crisis, signals, sides, days)
        dyads = {(sides.side(c["source"]) or "", sides.side(c["target"]) or "") for c in mine}
        alarms.append(false_alarms(signals, dyads, days))
    hits = sum(bool(f["hit"]) for f in figures.values())
    return {
        "crises found within 7 days": f"{hits} of {len(figures)}", "hits": hits, "crises": figures,
        "false rises a dyad-year (days shuffled)": round(sum(alarms) / len(alarms), 2) if alarms else None,
    }  # fmt: skip
