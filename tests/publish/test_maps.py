"""Country shapes and the map that they make."""

from importlib import resources
from itertools import pairwise

from detente.publish import compose_brief
from detente.publish.maps import choose_near, draw_map, find_spots, frame_spots
from detente.publish.shapes import clip_ring, load_atlas
from tests import fakes_publish as fake

DOCS = fake.documents()
VIEW = compose_brief(fake.events(DOCS), DOCS)


def _holds(code: str, longitude: float, latitude: float) -> bool:
    """Tell by ray casting whether a country's outline holds a point."""
    inside = False
    for polygon in load_atlas().shapes[code]:
        for ring in polygon:
            for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
                if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (
                    y2 - y1
                ) + x1:
                    inside = not inside
    return inside


def test_capitals_lie_in_their_countries() -> None:
    for code, longitude, latitude in [("AZE", 49.87, 40.41), ("IRN", 51.39, 35.69), ("ARM", 44.51, 40.18),
                                      ("URY", -56.19, -34.8), ("NZL", 174.9, -41.2), ("RUS", 37.6, 55.75),
                                      ("USA", -77.03, 38.9), ("XKX", 21.1, 42.6)]:  # fmt: skip
        assert _holds(code, longitude, latitude), code
    assert not _holds("ARM", 49.87, 40.41)


def test_the_shapes_are_small_and_named() -> None:
    path = resources.files("detente").joinpath("data/shapes/countries.json")
    assert len(path.read_bytes()) < 400_000
    atlas = load_atlas()
    assert set(atlas.shapes) - {""} <= set(atlas.names)
    assert len(atlas.names) > 245


def test_no_outline_jumps_across_the_map() -> None:
    for code, polygons in load_atlas().shapes.items():
        if code == "ATA":
            continue
        for polygon in polygons:
            for ring in polygon:
                steps = [abs(a[0] - b[0]) for a, b in pairwise(ring)]
                assert max(steps) < 30, code


def test_clipping_keeps_what_is_inside() -> None:
    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    assert set(clip_ring(square, 1, 1, 9, 9)) == {(1.0, 1.0), (4.0, 1.0), (4.0, 4.0), (1.0, 4.0)}
    assert clip_ring(square, 5, 5, 9, 9) == ()
    assert set(clip_ring(square, -1, -1, 9, 9)) == set(square)


def test_the_frame_holds_its_spots_and_the_far_ones_are_named() -> None:
    spots = find_spots(VIEW.entries)
    near = choose_near(spots)
    assert "Geneva" in {spot.name for spot in spots} - {spot.name for spot in near}
    for width, height in ((760, 440), (360, 330)):
        frame = frame_spots(near, width, height)
        assert all(frame.holds(spot.longitude, spot.latitude) for spot in near)
        assert all(frame.holds(s.longitude, s.latitude) for s in spots) == (len(near) == len(spots))
    picture = draw_map(VIEW)
    assert picture is not None
    assert "Outside the map: Geneva" in picture.note
    assert "Montevideo" in picture.wide


def test_one_point_or_the_whole_world_can_be_framed() -> None:
    spots = find_spots(VIEW.entries)
    single = frame_spots(spots[:1], 760, 440)
    assert single.north - single.south >= 7
    world = [*spots, *find_spots(VIEW.entries)]
    frame = frame_spots(world, 760, 440)
    assert frame.east - frame.west <= 360
