"""Country shapes and names for the map, from the compact file under data/shapes."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

Ring = tuple[tuple[float, float], ...]  # (longitude, latitude) in degrees


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """Names of all countries and outlines of those that a small map shows, by ISO alpha-3.

    Land without an agreed code stands under the empty code.
    """

    names: dict[str, str]
    shapes: dict[str, tuple[tuple[Ring, ...], ...]]  # code -> polygons -> rings, the outer one first


@cache
def load_atlas() -> Atlas:
    """Read the shapes file once per process (some 165 kB)."""
    text = resources.files("detente").joinpath("data/shapes/countries.json").read_text("utf-8")
    content = json.loads(text)
    arcs = [_decode_arc(arc, content["scale"]) for arc in content["arcs"]]
    shapes = {
        code: tuple(copy for polygon in polygons for copy in _unwrap([_join_arcs(r, arcs) for r in polygon]))
        for code, polygons in content["countries"].items()
    }
    return Atlas(names=content["names"], shapes=shapes)


def _decode_arc(text: str, scale: int) -> list[tuple[float, float]]:
    """Undo training/shapes/convert.py: differences in base 32, five bits and a continuation bit each."""
    numbers: list[int] = []
    rest = shift = 0
    for character in text:
        digit = ord(character) - 63
        rest |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(~(rest >> 1) if rest & 1 else rest >> 1)
            rest = shift = 0
    points, x, y = [], 0, 0
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step_x, y + step_y
        points.append((x / scale, y / scale))
    return points


def _join_arcs(ring: list[int], arcs: list[list[tuple[float, float]]]) -> Ring:
    points: list[tuple[float, float]] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return tuple(points)


def _unwrap(polygon: list[Ring]) -> list[tuple[Ring, ...]]:
    """Lay a polygon that crosses the date line out flat, on both edges of the map."""
    flat = tuple(_unwrap_ring(ring) for ring in polygon)
    copies = [flat]
    for shift, beyond in ((-360, max(x for x, _ in flat[0]) > 180), (360, min(x for x, _ in flat[0]) < -180)):
        if beyond:
            copies.append(tuple(tuple((x + shift, y) for x, y in ring) for ring in flat))
    return copies


def _unwrap_ring(ring: Ring) -> Ring:
    points = [ring[0]]
    for x, y in ring[1:]:
        while x - points[-1][0] > 180:
            x -= 360
        while x - points[-1][0] < -180:
            x += 360
        points.append((x, y))
    if abs(points[-1][0] - points[0][0]) > 180:  # around the pole: Antarctica
        pole = -90.0 if points[0][1] < 0 else 90.0
        points += [(points[-1][0], pole), (points[0][0], pole)]
    return tuple(points)


def clip_ring(ring: Ring, west: float, south: float, east: float, north: float) -> Ring:
    """Give the part of a ring within a box (Sutherland-Hodgman); empty where they do not meet."""
    points = list(ring)
    for axis, bound, keeps_more in ((0, west, True), (0, east, False), (1, south, True), (1, north, False)):
        points = _clip_side(points, axis, bound, keeps_more)
        if not points:
            return ()
    return tuple(points)


def _clip_side(
    points: list[tuple[float, float]], axis: int, bound: float, keeps_more: bool
) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for here, there in zip(points, points[1:] + points[:1], strict=True):
        here_in, there_in = ((p[axis] >= bound) == keeps_more or p[axis] == bound for p in (here, there))
        if here_in:
            kept.append(here)
        if here_in != there_in:
            share = (bound - here[axis]) / (there[axis] - here[axis])
            other = here[1 - axis] + share * (there[1 - axis] - here[1 - axis])
            kept.append((bound, other) if axis == 0 else (other, bound))
    return kept
