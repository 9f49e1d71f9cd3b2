"""The map of a brief: country shapes, places of the entries, all drawn offline."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from detente.publish.charts import NARROW, WIDE, Picture
from detente.publish.compose import BriefView
from detente.publish.drawing import INK, MC, MUTED, MX, PAPER, SEA, Sheet
from detente.publish.entries import Entry
from detente.publish.sentences import clean_text, shorten
from detente.publish.shapes import Ring, clip_ring, load_atlas

REGION_DEGREES = 38.0  # of longitude: a map wider than this shows the world's names only where there is room
LEAST_DEGREES = 7.0  # of latitude, so that one town does not fill the sheet
FAR_DEGREES = 24.0  # from the middle of all places: farther ones are listed below the map, if few
WIDE_RADIUS_KM = 120.0  # a place vaguer than this is drawn as a ring


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place with the entries that it holds."""

    name: str
    longitude: float
    latitude: float
    vague: bool
    entries: tuple[Entry, ...]

    @property
    def conflict(self) -> int:
        """How many of its entries are conflict."""
        return sum(entry.conflict for entry in self.entries)


def find_spots(entries: Sequence[Entry]) -> list[Spot]:
    """Group entries by place, the fullest first; entries without a point are left out."""
    found: dict[tuple[str, str | None], list[Entry]] = {}
    for entry in entries:
        place = entry.place
        if place is None or place.latitude is None or place.longitude is None:
            continue
        if abs(place.latitude) <= 85 and abs(place.longitude) <= 180:
            found.setdefault((clean_text(place.name).casefold(), place.country), []).append(entry)
    spots = [_spot(group) for group in found.values()]
    return sorted(spots, key=lambda spot: (-len(spot.entries), spot.name, spot.longitude))


def _spot(entries: Sequence[Entry]) -> Spot:
    place = entries[0].place
    assert place is not None
    assert place.longitude is not None
    assert place.latitude is not None
    atlas = load_atlas()
    vague = (place.radius_km or 0) > WIDE_RADIUS_KM or place.name == atlas.names.get(place.country or "")
    return Spot(
        name=clean_text(place.name),
        longitude=place.longitude,
        latitude=place.latitude,
        vague=vague,
        entries=tuple(entries),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A box on the globe and the sheet that shows it; equirectangular, true in the middle."""

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Give the pixel of a point."""
        x = (longitude - self.west) / (self.east - self.west) * self.width
        y = (self.north - latitude) / (self.north - self.south) * self.height
        return x, y

    def holds(self, longitude: float, latitude: float) -> bool:
        """Tell whether a point is on the sheet."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def choose_near(spots: Sequence[Spot]) -> list[Spot]:
    """Give the spots that one map can show well: all, or those near the middle when few lie far off."""
    longitude = median(spot.longitude for spot in spots for _ in spot.entries)
    latitude = median(spot.latitude for spot in spots for _ in spot.entries)
    near = [
        s
        for s in spots
        if abs(s.longitude - longitude) < FAR_DEGREES and abs(s.latitude - latitude) < FAR_DEGREES
    ]
    told = sum(len(spot.entries) for spot in spots)
    return near if sum(len(spot.entries) for spot in near) >= 0.6 * told else list(spots)


def frame_spots(spots: Sequence[Spot], width: float, height: float) -> Frame:
    """Give the frame that holds the spots with room around them, in the shape of the sheet."""
    west, east = min(s.longitude for s in spots), max(s.longitude for s in spots)
    south, north = min(s.latitude for s in spots), max(s.latitude for s in spots)
    middle = max(-70.0, min(70.0, (south + north) / 2))
    squeeze = math.cos(math.radians(middle))
    tall = max((north - south) * 1.35, LEAST_DEGREES)
    broad = max((east - west) * 1.35 * squeeze, tall * width / height)
    tall = max(tall, broad * height / width)
    broad = broad / squeeze
    if broad > 360:
        tall, broad = tall * 360 / broad, 360.0
    centre = (west + east) / 2 if broad < 360 else 0.0
    tall = min(tall, 150.0)
    middle = max(-80 + tall / 2, min(84 - tall / 2, (south + north) / 2)) if tall < 164 else 2.0
    return Frame(
        west=centre - broad / 2, east=centre + broad / 2, south=middle - tall / 2, north=middle + tall / 2,
        width=width, height=height,
    )  # fmt: skip


def draw_map(view: BriefView) -> Picture | None:
    """Give the map of the places where entries of the period are told to have happened."""
    spots = find_spots([entry for entry in view.current if entry.status != "denied"])
    if not spots:
        return None
    near = choose_near(spots)
    far = [spot for spot in spots if spot not in near]
    placeless = sum(entry.place is None or entry.place.latitude is None for entry in view.current)
    rows = tuple(
        (s.name, f"{s.latitude:.2f}, {s.longitude:.2f}", str(s.conflict), str(len(s.entries) - s.conflict))
        for s in spots
    )
    outside = (
        f"Outside the map: {', '.join(s.name for s in far[:8])}{' and others' if len(far) > 8 else ''}. "
        if far
        else ""
    )
    return Picture(
        name="map", title="Where it was",
        caption="Discs are places, the larger the more entries; red where conflict prevails, blue where not. "
        "A ring stands for a place known only as a country or a wide area.",
        wide=_map_sheet(near, WIDE, 440), narrow=_map_sheet(near, NARROW, 330),
        header=("Place", "Latitude, longitude", "Conflict", "Cooperation"), rows=rows,
        note=f"{outside}{placeless} entries tell no place that could be found. Outlines: Natural Earth, "
        "which draws borders as they are held; no claim is meant.",
    )  # fmt: skip


def _map_sheet(spots: Sequence[Spot], width: int, height: int) -> str:
    frame = frame_spots(spots, width, height)
    sheet = Sheet(width, height)
    sheet.rectangles([{"x": 0, "x2": width, "y": 0, "y2": height, "fill": SEA}])
    atlas = load_atlas()
    shapes, names = [], []
    for code, polygons in atlas.shapes.items():
        largest = (0.0, (0.0, 0.0))
        for polygon in polygons:
            rings = [ring for ring in (_on_sheet(each, frame) for each in polygon) if len(ring) > 2]
            if rings:
                shapes.append((rings, code))
                largest = max(largest, _centre(rings[0]))
        if code and largest[0] > (1400 if width > 500 else 1100):
            names.append((largest[0], largest[1], atlas.names.get(code, code)))
    sheet.areas(shapes)
    _draw_spots(sheet, spots, frame)
    taken = _label_spots(sheet, spots, frame)
    _label_countries(sheet, names, taken)
    return sheet.to_svg(f"map{width}", "Map of the places told; the table below has the data")


def _on_sheet(ring: Ring, frame: Frame) -> list[tuple[float, float]]:
    """Give the part of an outline on the sheet, in pixels."""
    clipped = clip_ring(ring, frame.west - 0.5, frame.south - 0.5, frame.east + 0.5, frame.north + 0.5)
    points: list[tuple[float, float]] = []
    for longitude, latitude in clipped:
        x, y = frame.at(longitude, latitude)
        point = round(x, 1), round(y, 1)
        if not points or abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) > 0.6:
            points.append(point)
    return [*points, points[0]] if points else []


def _centre(ring: Sequence[tuple[float, float]]) -> tuple[float, tuple[float, float]]:
    """Give the area and the centroid of an outline in pixels."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross / 2, x + (x1 + x2) * cross / 6, y + (y1 + y2) * cross / 6
    return (abs(area), (x / area, y / area)) if area else (0.0, (0.0, 0.0))


def _disc(spot: Spot, most: int) -> float:
    return 60 + 420 * math.sqrt(len(spot.entries) / most)


def _draw_spots(sheet: Sheet, spots: Sequence[Spot], frame: Frame) -> None:
    most = max(len(spot.entries) for spot in spots)
    discs = []
    for spot in spots[:300]:
        x, y = frame.at(spot.longitude, spot.latitude)
        colour = MX if spot.conflict * 2 >= len(spot.entries) else MC
        plural = "entry" if len(spot.entries) == 1 else "entries"
        discs.append(
            {
                "x": x,
                "y": y,
                "area": _disc(spot, most),
                "fill": PAPER if spot.vague else colour,
                "stroke": colour,
                "opacity": 0.25 if spot.vague else 0.72,
                "label": f"{spot.name}: {len(spot.entries)} {plural}, {spot.conflict} of conflict",
            }
        )
    sheet.points(discs)


Box = tuple[float, float, float, float]


def _meets(box: Box, taken: Sequence[Box]) -> bool:
    return any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken)


def _label_spots(sheet: Sheet, spots: Sequence[Spot], frame: Frame) -> list[Box]:
    """Name the fullest places where there is room; widths are guessed, never measured."""
    most = max(len(spot.entries) for spot in spots)
    taken: list[Box] = []
    for spot in spots[:40]:
        x, y = frame.at(spot.longitude, spot.latitude)
        r = math.sqrt(_disc(spot, most) / math.pi)
        taken.append((x - r, y - r, x + r, y + r))
    sides: dict[str, list[dict[str, object]]] = {"left": [], "right": []}
    for spot in spots[: 26 if sheet.width > 500 else 12]:
        x, y = frame.at(spot.longitude, spot.latitude)
        r = math.sqrt(_disc(spot, most) / math.pi) + 4
        text = shorten(spot.name, 24)
        long = 6.6 * len(text)
        for align, box in (
            ("left", (x + r, y - 7, x + r + long, y + 7)),
            ("right", (x - r - long, y - 7, x - r, y + 7)),
        ):
            if box[0] > 2 and box[2] < sheet.width - 2 and not _meets(box, taken):
                taken.append(box)
                sides[align].append(
                    {"x": x + r if align == "left" else x - r, "y": y, "text": text, "fill": INK}
                )
                break
    for align, labels in sides.items():
        sheet.texts(labels, size=12, align=align, weight="bold", halo=True)
    return taken


def _label_countries(
    sheet: Sheet, names: Sequence[tuple[float, tuple[float, float], str]], taken: list[Box]
) -> None:
    labels = []
    for _, (x, y), name in sorted(names, reverse=True):
        text = shorten(name, 22).upper()
        half = 4.3 * len(text)
        box = (x - half, y - 8, x + half, y + 8)
        if box[0] > 2 and box[2] < sheet.width - 2 and 8 < y < sheet.height - 8 and not _meets(box, taken):
            taken.append(box)
            labels.append({"x": x, "y": y, "text": text, "fill": MUTED})
    sheet.texts(labels, size=10.5, align="center", halo=True)
