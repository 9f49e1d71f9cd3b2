"""The picture of the index: a curve for each dyad with its interval, its silent days and its turning points."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise

from detente.publish.charts import NARROW, WIDE, Picture, TimeAxis, draw_axis
from detente.publish.compose import BriefView, name_dyad
from detente.publish.drawing import INK, MUTED, MX, NEUTRAL, PAPER, Datum, Sheet
from detente.publish.sentences import MONTHS, name_day, shorten
from detente.publish.tension import DyadTension, Step
from detente.records import Reading

MOST_DYADS = 4
MOST_POINTS = 240  # days of one curve that are drawn; longer ones are thinned
HEAD, BODY, GAP = 24, 92, 14

StepLinks = Callable[[DyadTension, Step], str]


def draw_tension(view: BriefView, link: StepLinks) -> Picture | None:
    """Give the index of the tensest dyads over the period; every step is a disc that leads to its sentences."""
    shown = _chief(view.tension)
    if not shown:
        return None
    rows = tuple(_row(each, reading) for each in shown for reading in each.readings)
    silent = sum(each.silent_days for each in shown)
    note = "Where the curve breaks off no source was up: unknown, not calm. " if silent else ""
    left = len(view.tension) - len(shown)
    if left:
        note += f"{left} calmer {'dyad is' if left == 1 else 'dyads are'} in the list only."
    return Picture(
        name="index", title="The index, day by day",
        caption="Incidents by intensity, status and credibility, fading with a half-life of ten days, divided by how much "
        "is reported. The band is the 90 % interval; a dashed line marks a turning point; a disc leads to what came that day.",
        wide=_sheet(WIDE, shown, link), narrow=_sheet(NARROW, shown, link),
        header=("Dyad", "Day", "Index", "90 % interval", "Coverage", "Incidents"), rows=rows, note=note,
    )  # fmt: skip


def _chief(tension: Sequence[DyadTension]) -> list[DyadTension]:
    """Give the dyads worth a curve: those that rise to a tenth of the tensest at least."""
    drawn = [each for each in tension if len(each.readings) > 1]
    most = max((_peak(each) for each in drawn), default=0.0)
    return [each for each in drawn if _peak(each) >= most / 10][:MOST_DYADS]


def _peak(each: DyadTension) -> float:
    return (each.peak.value or 0.0) if each.peak else 0.0


def _row(each: DyadTension, reading: Reading) -> tuple[str, ...]:
    known = reading.value is not None
    band = f"{reading.low or 0:.1f} to {reading.high or 0:.1f}" if known else ""
    value = f"{reading.value or 0:.1f}" if known else "unknown"
    told = (value, band, f"{reading.coverage:.0%}", str(len(reading.incidents)))
    return (name_dyad(each.dyad), reading.day.date().isoformat(), *told)


def _sheet(across: int, shown: Sequence[DyadTension], link: StepLinks) -> str:
    tops = [_top(each) for each in shown]
    bodies = [BODY * max(0.35, top / max(tops)) for top in tops]
    sheet = Sheet(across, sum(bodies) + len(shown) * (HEAD + GAP) + 24)
    days = [reading.day.date() for each in shown for reading in each.readings]
    axis = TimeAxis(first=min(days), last=max(days), left=4, right=across - 34)
    draw_axis(sheet, axis, 4, sheet.height - 26)
    top = 0.0
    for each, body in zip(shown, bodies, strict=True):
        _draw_dyad(sheet, axis, each, (top, body), BODY / max(tops), link)
        top += HEAD + body + GAP
    ends = ((HEAD + 4, f"{max(tops):.0f}"), (HEAD + bodies[0] - 2, "0"))
    sheet.texts([{"x": across - 30, "y": y, "text": text, "fill": MUTED} for y, text in ends], size=10.5)
    return sheet.to_svg(f"index{across}", "Curves of the index of tension; the table below has the data")


def _top(each: DyadTension) -> float:
    """Give what the scale must hold: all values, and as much of the interval as does not flatten them."""
    values = [reading.value or 0.0 for reading in each.readings]
    highs = [reading.high or 0.0 for reading in each.readings]
    return max(1.0, min(max(highs), 1.5 * max(values)))


def _draw_dyad(
    sheet: Sheet, axis: TimeAxis, each: DyadTension, place: tuple[float, float], unit: float, link: StepLinks
) -> None:  # fmt: skip
    top, body = place
    base = top + HEAD + body
    thin = max(1, len(each.readings) // MOST_POINTS)
    days = each.readings[::thin]
    wide = (axis.right - axis.left) / ((axis.last - axis.first).days + 1) * thin
    title = {"x": 4, "y": top + 11, "text": shorten(name_dyad(each.dyad), int(sheet.width) // 9), "fill": INK}
    sheet.texts([title], size=13, weight="bold")
    sheet.rectangles([_band(axis, day, place, unit, wide) for day in days if day.value is not None])
    sheet.rules([{"x": 4, "x2": axis.right, "y": base, "y2": base, "stroke": MUTED}])
    sheet.rules(_segments(axis, days, base, unit), width=2)
    _draw_turnings(sheet, axis, each, top, base)
    discs = [step for step in each.steps if step.line and step.new and step.value is not None]
    sheet.points([_disc(axis, step, base, unit, link(each, step)) for step in discs])


def _band(axis: TimeAxis, day: Reading, place: tuple[float, float], unit: float, wide: float) -> Datum:
    x, base = axis.at(day.day.date()), place[0] + HEAD + place[1]
    low, high = (min(place[1], (value or 0.0) * unit) for value in (day.low, day.high))
    return {"x": x - wide / 2, "x2": x + wide / 2, "y": base - high, "y2": base - low, "fill": NEUTRAL, "opacity": 0.22}


def _segments(axis: TimeAxis, days: Sequence[Reading], base: float, unit: float) -> list[Datum]:
    found: list[Datum] = []
    for one, other in pairwise(days):
        if one.value is not None and other.value is not None:
            found.append(
                {"x": axis.at(one.day.date()), "x2": axis.at(other.day.date()), "y": base - one.value * unit,
                 "y2": base - other.value * unit, "stroke": MX}
            )  # fmt: skip
    return found


def _draw_turnings(sheet: Sheet, axis: TimeAxis, each: DyadTension, top: float, base: float) -> None:
    marks = [(axis.at(turning.turn.day), turning.turn) for turning in each.turnings]
    sheet.rules([{"x": x, "x2": x, "y": top + HEAD, "y2": base, "stroke": INK} for x, _ in marks], width=1.2, dash=(4, 3))
    right = sheet.width - 90
    labels = [
        {"x": min(x + 4, right), "y": top + HEAD + 5, "fill": INK,
         "text": f"{turn.flow} {'rises' if turn.rises else 'falls'}, {turn.day.day} {MONTHS[turn.day.month - 1][:3]}"}
        for x, turn in marks
    ]  # fmt: skip
    sheet.texts(labels, size=10.5, halo=True)


def _disc(axis: TimeAxis, step: Step, base: float, unit: float, link: str) -> Datum:
    assert step.line is not None
    value = step.value or 0.0
    return {
        "x": axis.at(step.first), "y": base - value * unit, "area": 34, "stroke": MX, "fill": PAPER,
        "label": shorten(step.line.text, 260), "link": link,
    }  # fmt: skip


def name_days(step: Step) -> str:
    """Give the days of a step: "2 December 2025" or "3 to 9 December 2025"."""
    first, last = step.first, step.last
    if first == last:
        return name_day(_moment(first))
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {name_day(_moment(last))}"
    return f"{name_day(_moment(first), year=first.year != last.year)} to {name_day(_moment(last))}"


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
