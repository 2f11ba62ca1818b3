"""Land from coastlines: on the left of the line, whatever the extract cut off."""

import json

import pytest
import shapely

from lanbi.places.shore import Shore

FRAME = (0.0, 0.0, 10.0, 10.0)


def land(*lines: list[tuple[float, float]], frame: tuple[float, float, float, float] | None = FRAME):
    shore = Shore(frame)
    for line in lines:
        shore.add_line(line)
    return shapely.union_all([shapely.from_geojson(text) for text in shore.land()])


def has(found: shapely.Geometry, x: float, y: float) -> bool:
    return bool(shapely.intersects_xy(found, x, y))


def test_an_island_is_land_and_the_water_around_it_is_not() -> None:
    found = land([(2, 2), (4, 2), (4, 4), (2, 4), (2, 2)])
    assert has(found, 3, 3)
    assert not has(found, 8, 8)


def test_a_bay_drawn_the_other_way_round_is_water_within_land() -> None:
    found = land([(2, 2), (2, 4), (4, 4), (4, 2), (2, 2)])
    assert not has(found, 3, 3)
    assert has(found, 8, 8)


@pytest.mark.parametrize(
    "pieces",
    [
        [[(-1, 5), (11, 5)]],
        [[(-1, 5), (5, 5)], [(5, 5), (11, 5)]],
        [[(5, 5), (11, 5)], [(-1, 5), (5, 5)]],
        [[(1, 5), (9, 5)]],  # cut along a border, inside the frame
    ],
)
def test_a_straight_coast_has_its_land_to_the_left(pieces: list[list[tuple[float, float]]]) -> None:
    found = land(*pieces)
    assert has(found, 5, 7)
    assert not has(found, 5, 3)


def test_an_island_before_a_mainland_is_land_too() -> None:
    found = land([(11, 5), (-1, 5)], [(4, 7), (6, 7), (6, 8), (4, 8), (4, 7)])
    assert has(found, 5, 2)
    assert has(found, 5, 7.5)
    assert not has(found, 5, 6)


def test_a_country_without_a_sea_is_land_to_its_frame() -> None:
    assert land().equals(shapely.box(*FRAME))


def test_nothing_at_all_is_no_land() -> None:
    assert list(Shore(None).land()) == []


def test_without_a_stated_frame_the_coast_gives_one() -> None:
    found = land([(2, 2), (4, 2), (4, 4), (2, 4), (2, 2)], frame=None)
    assert json.loads(shapely.to_geojson(found))["type"] in ("Polygon", "MultiPolygon")
