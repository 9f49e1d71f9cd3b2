"""Country shapes for the brief's map: Natural Earth 1:50m (public domain) -> one compact JSON file.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python training/shapes/convert.py package/countries-50m.json src/detente/data/shapes/countries.json

Shared borders stay shared: the arcs of the topology are thinned once (Douglas-Peucker), rounded to
a hundredth of a degree and written as differences in the printable alphabet that
`detente.publish.shapes` reads. Islands too small to see are left out unless they are all that a
country has. English names come from Babel (CLDR), ISO codes from pycountry.
"""

import argparse
import json
from pathlib import Path

import pycountry
from babel import Locale

SCALE = 100  # units per degree: 0.01 degree is about 1 km, finer than a 1:50m map shows
KOSOVO = "XKX"  # user-assigned code in wide use; Kosovo has no ISO 3166-1 code
UNLISTED = {"Kosovo": KOSOVO}
Point = tuple[int, int]


def decode_arcs(topology: dict) -> list[list[Point]]:
    """Give the arcs as absolute points in hundredths of a degree."""
    scale_x, scale_y = topology["transform"]["scale"]
    shift_x, shift_y = topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((round((x * scale_x + shift_x) * SCALE), round((y * scale_y + shift_y) * SCALE)))
        arcs.append(points)
    return arcs


def distance_to_chord(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the segment between two others."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return ((x - x1 - t * (x2 - x1)) ** 2 + (y - y1 - t * (y2 - y1)) ** 2) ** 0.5


def thin(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas-Peucker without recursion; both ends stay, so that neighbours still meet."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        off = {i: distance_to_chord(points[i], points[first], points[last]) for i in range(first + 1, last)}
        far = max(off, key=lambda i: off[i])
        if off[far] > tolerance:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [points[i] for i in sorted(keep)]


def encode_number(number: int) -> str:
    """Write a signed integer in base 32 with a continuation bit, as printable characters."""
    rest = number << 1 if number >= 0 else ~(number << 1)
    digits = ""
    while rest >= 32:
        digits += chr((32 | rest & 31) + 63)
        rest >>= 5
    return digits + chr(rest + 63)


def encode_arc(points: list[Point]) -> str:
    """Write an arc as the differences between its points."""
    x = y = 0
    text = ""
    for here_x, here_y in points:
        text += encode_number(here_x - x) + encode_number(here_y - y)
        x, y = here_x, here_y
    return text


def ring_area(ring: list[int], arcs: list[list[Point]]) -> float:
    """Area of a ring in square degrees (unsigned, flat)."""
    points: list[Point] = []
    for index in ring:
        points += arcs[index] if index >= 0 else arcs[~index][::-1]
    return abs(
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))
    ) / (2 * SCALE**2)


def large_polygons(geometry: dict, arcs: list[list[Point]], least: float) -> list[list[list[int]]]:
    """The polygons of a country that can be seen, largest first; always at least the largest."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    ranked = sorted(polygons, key=lambda polygon: -ring_area(polygon[0], arcs))
    return ranked[:1] + [polygon for polygon in ranked[1:] if ring_area(polygon[0], arcs) >= least]


def code_of(geometry: dict) -> str | None:
    """ISO alpha-3 of a shape, or None for land that no code is agreed for."""
    country = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
    return country.alpha_3 if country else UNLISTED.get(geometry["properties"]["name"])


def country_names() -> dict[str, str]:
    """English names by alpha-3, as CLDR has them."""
    territories = Locale("en").territories
    names = {c.alpha_3: territories.get(c.alpha_2, c.name) for c in pycountry.countries}
    return dict(sorted({**names, KOSOVO: "Kosovo"}.items()))


def convert(topology: dict, tolerance: float, least: float) -> dict:
    """Give the content of the shapes file."""
    full = decode_arcs(topology)
    shapes: dict[str, list[list[list[int]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = large_polygons(geometry, full, least)
        shapes.setdefault(code_of(geometry) or "", []).extend(polygons)
    used = sorted({i if i >= 0 else ~i for ps in shapes.values() for p in ps for ring in p for i in ring})
    place = {old: new for new, old in enumerate(used)}
    renumber = lambda i: place[i] if i >= 0 else ~place[~i]  # noqa: E731
    return {
        "about": "Natural Earth 1:50m admin 0 (public domain) through world-atlas 2.0.2; names: Unicode CLDR",
        "scale": SCALE,
        "names": country_names(),
        "arcs": [encode_arc(thin(full[i], tolerance)) for i in used],
        "countries": {
            code: [[[renumber(i) for i in ring] for ring in polygon] for polygon in shapes[code]]
            for code in sorted(shapes)
        },
    }


def main() -> None:
    """Convert one file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("atlas", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tolerance", type=float, default=1.0, help="hundredths of a degree")
    parser.add_argument("--least", type=float, default=0.01, help="least area of an island, square degrees")
    options = parser.parse_args()
    content = convert(json.loads(options.atlas.read_text("utf-8")), options.tolerance, options.least)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    options.out.write_text(text.replace('"],"', '"],\n"').replace('],"', '],\n"') + "\n", "utf-8")
    print(f"{options.out}: {options.out.stat().st_size} bytes, {len(content['countries'])} shapes")


if __name__ == "__main__":
    main()
