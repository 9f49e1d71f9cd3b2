"""The pictures of a brief, each with the same data as a table: conflict over time, deeds, network, dates."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from detente.publish.compose import OTHERS, BriefView, Deed, name_dyad
from detente.publish.drawing import (
    INK,
    MC,
    MUTED,
    MX,
    NEUTRAL,
    PAPER,
    QUAD_COLOUR,
    RULE,
    Datum,
    Sheet,
)
from detente.publish.entries import Entry
from detente.publish.sentences import MONTHS, last_instant, name_when, shorten

WIDE, NARROW = 760, 360  # pixels; the page shows one or the other
MOST_ROWS = 6  # dyads over time
MOST_PARTIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture in two widths, and its data as a table."""

    name: str
    title: str
    caption: str
    wide: str  # SVG
    narrow: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""  # what the picture cannot show


Spots = dict[str, tuple[float, float]]
Links = Callable[[Entry], str]
Draw = Callable[[int], str]


def _both(draw: Draw) -> tuple[str, str]:
    return draw(WIDE), draw(NARROW)


# the axis of time


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """Days laid out from `left` to `right`."""

    first: date
    last: date
    left: float
    right: float

    def at(self, day: date) -> float:
        """Give the pixel of a day's middle."""
        days = (self.last - self.first).days + 1
        return self.left + ((day - self.first).days + 0.5) / days * (self.right - self.left)

    def ticks(self, most: int) -> list[tuple[date, str]]:
        """Give at most `most` days with their labels: days, months or years, whichever fit."""
        days = (self.last - self.first).days + 1
        if days <= 62:
            step = max(1, math.ceil(days / most))
            return [
                (day, f"{day.day} {MONTHS[day.month - 1][:3]}")
                for day in (self.first + timedelta(days=n) for n in range(0, days, step))
            ]
        months = _months(self.first, self.last)
        step = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600) if len(months) / n <= most), 1200)
        kept = [month for month in months if (month.year * 12 + month.month - 1) % step == 0] or months[:1]
        return [(m, str(m.year) if step >= 12 else f"{MONTHS[m.month - 1][:3]} {m.year}") for m in kept]


def _months(first: date, last: date) -> list[date]:
    month = date(first.year, first.month, 1)
    found: list[date] = []
    while month <= last and len(found) < 5000:
        if month >= first:
            found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found or [first]


def _day(entry: Entry) -> date:
    """Give the day of an entry, or the middle of its interval."""
    assert entry.when is not None
    start, end = entry.when.earliest.astimezone(UTC), last_instant(entry.when)
    return (start + (end - start) / 2).date()


def _datable(entries: Sequence[Entry]) -> tuple[list[Entry], bool]:
    """Give the entries that can stand on an axis of time, and whether all are known to the day.

    Where fewer than half of the dated ones are known to the day, those known to a month are taken too.
    """
    days = [entry for entry in entries if entry.precise]
    months = [e for e in entries if e.when and last_instant(e.when) - e.when.earliest <= timedelta(days=32)]
    return (days, True) if 2 * len(days) >= len(months) else (months, False)


def _axis(entries: Sequence[Entry], left: float, right: float) -> TimeAxis:
    days = [_day(entry) for entry in entries]
    return TimeAxis(
        first=min(days) - timedelta(days=1), last=max(days) + timedelta(days=1), left=left, right=right
    )


def draw_axis(sheet: Sheet, axis: TimeAxis, top: float, bottom: float) -> None:
    """Draw the ticks of an axis of time as lines down the sheet, with their labels below."""
    ticks = axis.ticks(4 if sheet.width < 500 else 9)
    sheet.rules(
        [{"x": axis.at(day), "x2": axis.at(day), "y": top, "y2": bottom, "stroke": RULE} for day, _ in ticks]
    )
    inner = [(axis.at(day), text) for day, text in ticks if axis.at(day) < sheet.width - 24]
    labels = [{"x": max(x, 20.0), "y": bottom + 13, "text": text, "fill": MUTED} for x, text in inner]
    sheet.texts(labels, size=11.5, align="center")


# conflict and cooperation over time


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The conflict and the cooperation of a dyad in a stretch of days, as sums of intensity."""

    first: date
    last: date
    conflict: float
    cooperation: float
    count: int


def bin_days(span_days: int) -> int:
    """Give the width of a bin for a period: a day, a week or 30 days."""
    return 1 if span_days <= 70 else 7 if span_days <= 420 else 30


def _bins(entries: Sequence[Entry], axis: TimeAxis, width: int) -> list[Bin]:
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault((_day(entry) - axis.first).days // width, []).append(entry)
    bins = []
    for number, group in sorted(found.items()):
        first = axis.first + timedelta(days=number * width)
        bins.append(
            Bin(
                first=first,
                last=min(first + timedelta(days=width - 1), axis.last),
                count=len(group),
                conflict=round(sum(-e.intensity for e in group if e.intensity < 0), 1),
                cooperation=round(sum(e.intensity for e in group if e.intensity > 0), 1),
            )
        )
    return bins


def draw_series(view: BriefView) -> Picture | None:
    """Give conflict and cooperation over time, a row for each of the weightiest dyads."""
    dated, to_the_day = _datable([e for e in view.current if e.status in ("happened", "attempted")])
    groups = [group for group in _by_dyad(dated) if len(group) > 1 and len(group[0].dyad) > 1]
    rows = [(name_dyad(group[0].dyad), group) for group in groups[:MOST_ROWS]]
    if not rows:
        return None
    shown = [entry for _, members in rows for entry in members]
    width = bin_days((max(map(_day, shown)) - min(map(_day, shown))).days) if to_the_day else 30
    all_bins = {name: _bins(members, _axis(shown, 0, 1), width) for name, members in rows}
    wide, narrow = _both(lambda across: _series_sheet(across, rows, shown, width))
    table = tuple(
        (name, _stretch(each), f"{each.conflict:g}", f"{each.cooperation:g}", str(each.count))
        for name, bins in all_bins.items()
        for each in bins
    )
    step = {1: "day", 7: "week", 30: "30 days"}[width]
    return Picture(
        name="series",
        title="Conflict and cooperation over time",
        caption=f"Sum of intensity per {step} (PLOVER scale): cooperation above the line, conflict below. "
        f"Acts told as done or tried, dated to the {'day' if to_the_day else 'month'}.",
        wide=wide,
        narrow=narrow,
        header=("Dyad", "When", "Conflict", "Cooperation", "Entries"),
        rows=table,
        note="A stretch with no bar means that no report here tells of it, not that it was calm.",
    )


def _by_dyad(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Group entries by dyad, the dyad with most conflict and cooperation first."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.dyad, []).append(entry)
    return sorted(found.values(), key=lambda group: (-sum(abs(e.intensity) for e in group), group[0].dyad))


def _stretch(each: Bin) -> str:
    return (
        each.first.isoformat()
        if each.first == each.last
        else f"{each.first.isoformat()} to {each.last.isoformat()}"
    )


def _series_sheet(
    across: int, rows: Sequence[tuple[str, list[Entry]]], shown: Sequence[Entry], width: int
) -> str:
    head, body, gap = 22, 66, 12
    sheet = Sheet(across, len(rows) * (head + body + gap) + 24)
    axis = _axis(shown, 4, across - 34)
    draw_axis(sheet, axis, 4, sheet.height - 26)
    binned = [(name, _bins(members, axis, width)) for name, members in rows]
    most = max((max(b.conflict, b.cooperation) for _, bins in binned for b in bins), default=1.0) or 1.0
    day = (axis.right - axis.left) / ((axis.last - axis.first).days + 1)
    bar = max(3.0, min(22.0, day * width * 0.72))
    for number, (name, bins) in enumerate(binned):
        top = float(number * (head + body + gap))
        middle = top + head + body / 2
        title = {"x": 4, "y": top + 11, "text": shorten(name, across // 9), "fill": INK}
        sheet.texts([title], size=13, weight="bold")
        sheet.rectangles(_bars(name, bins, axis, bar, middle, body / 2 / most))
        sheet.rules([{"x": 4, "x2": across - 34, "y": middle, "y2": middle, "stroke": MUTED}])
    top = head + body / 2
    ends = ((top - body / 2 + 5, f"+{most:g}"), (top, "0"), (top + body / 2 - 5, f"−{most:g}"))
    sheet.texts([{"x": across - 30, "y": y, "text": text, "fill": MUTED} for y, text in ends], size=10.5)
    return sheet.to_svg(
        f"series{across}", "Bars of conflict and cooperation over time; the table below has the data"
    )


def _bars(
    name: str, bins: Sequence[Bin], axis: TimeAxis, bar: float, middle: float, unit: float
) -> list[dict[str, object]]:
    bars: list[dict[str, object]] = []
    for each in bins:
        x = (axis.at(each.first) + axis.at(each.last)) / 2
        label = f"{name}, {_stretch(each)}: conflict {each.conflict:g}, cooperation {each.cooperation:g}"
        for value, fill in ((each.cooperation, MC), (-each.conflict, MX)):
            if value:
                end = middle - value * unit
                bars.append(
                    {
                        "x": x - bar / 2,
                        "x2": x + bar / 2,
                        "y": middle,
                        "y2": end,
                        "fill": fill,
                        "label": label,
                    }
                )
    return bars


# who did what to whom


def _chief_parties(deeds: Sequence[Deed], most: int) -> list[str]:
    totals: dict[str, int] = {}
    for deed in deeds:
        for party in {deed.actor, deed.recipient}:
            totals[party] = totals.get(party, 0) + deed.conflict + deed.cooperation
    return sorted(totals, key=lambda party: (-totals[party], party))[:most]


def _deed_label(deed: Deed) -> str:
    whom = "itself" if deed.actor == deed.recipient else deed.recipient
    counts = f"{deed.conflict} of conflict, {deed.cooperation} of cooperation"
    return f"{deed.actor} to {whom}: {counts}, mean {deed.tone:+.1f}"


def _deed_rows(view: BriefView) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (d.actor, d.recipient, str(d.conflict), str(d.cooperation), f"{d.tone:+.1f}")
        for d in view.deeds[:400]
    )


_DEED_HEADER = ("Who", "To whom", "Conflict", "Cooperation", "Mean intensity")


def draw_deeds(view: BriefView) -> Picture | None:
    """Give the heat map of who did what to whom."""
    if not view.deeds:
        return None
    wide, narrow = _both(lambda across: _deeds_sheet(across, view.deeds))
    hidden = len(_chief_parties(view.deeds, 10_000)) - len(_chief_parties(view.deeds, MOST_PARTIES))
    return Picture(
        name="deeds",
        title="What each did to each",
        caption="Rows act, columns are acted on. The number counts entries, the colour is the mean tone: "
        "red for conflict, blue for cooperation, the stronger the deeper.",
        wide=wide,
        narrow=narrow,
        header=_DEED_HEADER,
        rows=_deed_rows(view),
        note=f"{hidden} parties with fewer entries are in the table only." if hidden > 0 else "",
    )


def _deeds_sheet(across: int, deeds: Sequence[Deed]) -> str:
    wide = across > 500
    parties = _chief_parties(deeds, MOST_PARTIES if wide else 6)
    shown = [deed for deed in deeds if deed.actor in parties and deed.recipient in parties]
    rows = [party for party in parties if any(deed.actor == party for deed in shown)]
    columns = [party for party in parties if any(deed.recipient == party for deed in shown)]
    left, top, right = (196, 128, 110) if wide else (122, 104, 64)
    cell = min(62.0 if wide else 40.0, (across - left - right) / max(1, len(columns)))
    tall = min(cell, 44.0)
    sheet = Sheet(across, top + tall * len(rows) + 6)

    def box(r: int, c: int) -> dict[str, float]:
        x, y = left + c * cell, top + r * tall
        return {"x": x + 1, "x2": x + cell - 1, "y": y + 1, "y2": y + tall - 1}

    empty = {"fill": RULE, "opacity": 0.28}
    sheet.rectangles([{**box(r, c), **empty} for r in range(len(rows)) for c in range(len(columns))])
    cells: list[Datum] = []
    numbers: list[Datum] = []
    for deed in shown:
        r, c = rows.index(deed.actor), columns.index(deed.recipient)
        depth = 0.16 + 0.84 * min(1.0, abs(deed.tone) / 9)
        cells.append({**box(r, c), "fill": _tone_colour(deed), "opacity": depth, "label": _deed_label(deed)})
        number = {"x": left + (c + 0.5) * cell, "y": top + (r + 0.5) * tall}
        text = {
            **number,
            "text": str(deed.conflict + deed.cooperation),
            "fill": PAPER if depth > 0.55 else INK,
        }
        numbers.append(text)
    sheet.rectangles(cells)
    sheet.texts(numbers, align="center", weight="bold", size=13)
    size, most = (12.5, 28) if wide else (11, 20)
    names = [
        {"x": left - 8, "y": top + (n + 0.5) * tall, "text": _label(p, most), "fill": INK}
        for n, p in enumerate(rows)
    ]
    sheet.texts(names, align="right", size=size)
    heads = [
        {"x": left + (n + 0.45) * cell, "y": top - 7, "text": _label(p, 24 if wide else 18), "fill": INK}
        for n, p in enumerate(columns)
    ]
    sheet.texts(heads, align="left", size=size, angle=-45)
    return sheet.to_svg(f"deeds{across}", "Heat map of who did what to whom; the table below has the data")


def _label(text: str, most: int) -> str:
    """Cut a label to its place, within a word where need be: "Argentina: armed gr…"."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _tone_colour(deed: Deed) -> str:
    return MX if deed.tone < -0.25 else MC if deed.tone > 0.25 else NEUTRAL


def draw_network(view: BriefView) -> Picture | None:
    """Give the same deeds as a network: parties on a circle, an arrow for each direction."""
    between = [deed for deed in view.deeds if deed.actor != deed.recipient]
    if len(between) < 2:
        return None
    wide, narrow = _both(lambda across: _network_sheet(across, between))
    return Picture(
        name="network",
        title="The network of the parties",
        caption="An arrow runs from the one who acts; it is the thicker the more entries there are, "
        "red where conflict outweighs, blue where cooperation does.",
        wide=wide,
        narrow=narrow,
        header=_DEED_HEADER,
        rows=_deed_rows(view),
    )


def _network_sheet(across: int, deeds: Sequence[Deed]) -> str:
    wide = across > 500
    parties = _chief_parties(deeds, 12 if wide else 7)
    sheet = Sheet(across, 430 if wide else 330)
    angles = {party: 2 * math.pi * n / len(parties) - math.pi / 2 for n, party in enumerate(parties)}
    broad, tall = max(across / 2 - (200 if wide else 100), 70.0), sheet.height / 2 - 44
    spots = {
        party: (across / 2 + broad * math.cos(angle), sheet.height / 2 + tall * math.sin(angle))
        for party, angle in angles.items()
    }
    shown = [deed for deed in deeds if deed.actor in spots and deed.recipient in spots]
    shown.sort(key=lambda deed: (deed.conflict + deed.cooperation, deed.actor, deed.recipient))
    _draw_arrows(sheet, shown, spots)
    _draw_parties(sheet, shown, spots)
    for side, align in ((-1, "right"), (0, "center"), (1, "left")):
        placed = [party for party, angle in angles.items() if _lean(angle) == side]
        labels = [_party_label(party, spots[party], angles[party], 26 if wide else 15) for party in placed]
        sheet.texts(labels, size=12.5 if wide else 11.5, align=align, halo=True)
    return sheet.to_svg(f"network{across}", "Network of the parties; the table below has the data")


def _draw_arrows(sheet: Sheet, deeds: Sequence[Deed], spots: Spots) -> None:
    most = max((deed.conflict + deed.cooperation for deed in deeds), default=1)
    lines: list[Datum] = []
    heads: list[Datum] = []
    for number, deed in enumerate(deeds):
        thick = 1.2 + 4.3 * math.sqrt((deed.conflict + deed.cooperation) / most)
        curve = _bow(spots[deed.actor], spots[deed.recipient])
        style = {
            "curve": f"{number:03}",
            "stroke": _tone_colour(deed),
            "width": thick,
            "label": _deed_label(deed),
        }
        lines += [{"x": x, "y": y, "order": order, **style} for order, (x, y) in enumerate(curve)]
        (x1, y1), (x2, y2) = curve[-3], curve[-1]
        turn = math.degrees(math.atan2(y2 - y1, x2 - x1)) + 90
        head = {"x": x2, "y": y2, "area": 36 + 16 * thick, "shape": "triangle", "angle": turn}
        heads.append({**head, "fill": _tone_colour(deed), "stroke": PAPER})
    sheet.curves(lines)
    sheet.points(heads)


def _draw_parties(sheet: Sheet, deeds: Sequence[Deed], spots: Spots) -> None:
    totals = {
        party: sum(
            deed.conflict + deed.cooperation for deed in deeds if party in (deed.actor, deed.recipient)
        )
        for party in spots
    }
    most = max(totals.values()) or 1
    style = {"fill": PAPER, "stroke": INK}
    discs: list[Datum] = [
        {
            "x": x,
            "y": y,
            "area": 60 + 260 * totals[party] / most,
            "label": f"{party}: {totals[party]} entries",
            **style,
        }
        for party, (x, y) in spots.items()
    ]
    sheet.points(discs)


def _lean(angle: float) -> int:
    """Tell on which side of its disc a label stands: -1 left, 0 above or below, 1 right."""
    return 0 if abs(math.cos(angle)) < 0.3 else int(math.copysign(1, math.cos(angle)))


def _party_label(party: str, spot: tuple[float, float], angle: float, most: int) -> Datum:
    side = _lean(angle)
    down = 0.0 if side else 22 * math.copysign(1, math.sin(angle))
    return {"x": spot[0] + 15 * side, "y": spot[1] + down, "text": _label(party, most), "fill": INK}


def _bow(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Give points of an arc that leans to one side, so that there and back are told apart."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    lean = 0.16
    bend = ((x1 + x2) / 2 + (y2 - y1) * lean, (y1 + y2) / 2 - (x2 - x1) * lean)
    clear = min(0.4, 17 / length)
    points = []
    for number in range(15):
        t = clear + (1 - 2 * clear) * number / 14
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append((a * x1 + b * bend[0] + c * x2, a * y1 + b * bend[1] + c * y2))
    return points


# dates


def draw_dates(view: BriefView, link: Links) -> Picture | None:
    """Give every dated entry as a disc: a lane for each dyad, a column for each day."""
    dated, to_the_day = _datable(view.current)
    if len(dated) < 3:
        return None
    chief = [group[0].dyad for group in _by_dyad(dated) if len(group) > 1][:7]
    lanes = [*chief, OTHERS] if any(entry.dyad not in chief for entry in dated) else chief
    lanes = [lane for lane in lanes if lane == OTHERS or any(entry.dyad == lane for entry in dated)]
    ranked = sorted(dated, key=lambda entry: (-entry.weight, entry.id))[:900]
    wide, narrow = _both(lambda across: _dates_sheet(across, ranked, lanes, link))
    rows = tuple(
        (name_when(e.when) if e.when else "", name_dyad(e.dyad), e.quad, e.status, e.line.text)
        for e in sorted(ranked[:300], key=lambda e: e.sort_key)
    )
    undated = len(view.current) - len(dated)
    return Picture(
        name="dates",
        title="When it was",
        caption=f"One disc per entry, {'on its day' if to_the_day else 'in the middle of its time'}. "
        "Full discs are deeds, rings are words; "
        "the larger, the stronger. A click leads to the line.",
        wide=wide,
        narrow=narrow,
        header=("Day", "Dyad", "Class", "Status", "Line"),
        rows=rows,
        note=f"{undated} entries with no date or a wider one are only in the list." if undated else "",
    )


def _dates_sheet(across: int, entries: Sequence[Entry], lanes: Sequence[tuple[str, ...]], link: Links) -> str:
    head, body = 20, 46
    sheet = Sheet(across, len(lanes) * (head + body) + 28)
    axis = _axis(entries, 8, across - 10)
    draw_axis(sheet, axis, 2, sheet.height - 26)
    home = {lane: number for number, lane in enumerate(lanes)}
    stacks: dict[tuple[int, int], int] = {}
    discs = []
    for entry in sorted(entries, key=lambda each: (each.sort_key, each.id)):
        lane = home.get(entry.dyad, len(lanes) - 1)
        x = axis.at(_day(entry))
        slot = (lane, round(x / 9))
        level = stacks[slot] = stacks.get(slot, -1) + 1
        offset = (level + 1) // 2 * (1 if level % 2 else -1) * 11
        y = lane * (head + body) + head + body / 2 + max(-20, min(20, offset))
        colour = QUAD_COLOUR[entry.quad]
        discs.append(
            {
                "x": x,
                "y": y,
                "area": 40 + 9 * abs(entry.intensity),
                "stroke": colour,
                "fill": colour if entry.quad.startswith("material") else PAPER,
                "opacity": 0.9 if entry.status == "happened" else 0.35,
                "label": shorten(entry.line.text, 240),
                "link": link(entry),
            }
        )
    for group, number in home.items():
        top = number * (head + body)
        middle = top + head + body / 2
        sheet.rules([{"x": 4, "x2": across - 6, "y": middle, "y2": middle, "stroke": RULE}])
        title = {"x": 4, "y": top + 10, "text": shorten(name_dyad(group), across // 9), "fill": INK}
        sheet.texts([title], size=12.5, weight="bold")
    sheet.points(discs)
    return sheet.to_svg(f"dates{across}", "Entries by day and dyad; the table below has the data")
