"""Distances are those of the Earth, and no figure that cannot be true comes in."""

from math import inf, isfinite, nan, pi
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import Malformed, TooLarge
from lanbi.core.geo import (
    AREA_WORDS_CHARS_MAX,
    EARTH_RADIUS_M,
    RADIUS_M_MAX,
    Area,
    check_area,
    check_coordinates,
    distance_m,
)

PORT_AU_PRINCE = (18.5392, -72.3364)
CAP_HAITIEN = (19.7570, -72.2042)
LES_CAYES = (18.1930, -73.7460)
JACMEL = (18.2340, -72.5350)
HINCHE = (19.1450, -72.0100)
SANTO_DOMINGO = (18.4861, -69.9312)

# Metres on the WGS 84 ellipsoid (Vincenty's inverse formula), to the nearest metre.
KNOWN = [
    (PORT_AU_PRINCE, CAP_HAITIEN, 135_518),
    (PORT_AU_PRINCE, LES_CAYES, 153_821),
    (PORT_AU_PRINCE, JACMEL, 39_769),
    (PORT_AU_PRINCE, HINCHE, 75_365),
    (PORT_AU_PRINCE, SANTO_DOMINGO, 254_043),
]
SPHERE_ERROR = 0.0056

lats = st.floats(-90, 90)
lons = st.floats(-180, 180)


@pytest.mark.parametrize(("start", "end", "metres"), KNOWN)
def test_towns_are_as_far_apart_as_they_are(
    start: tuple[float, float], end: tuple[float, float], metres: int
) -> None:
    assert distance_m(*start, *end) == pytest.approx(metres, rel=SPHERE_ERROR)


@given(lats, lons, lats, lons)
def test_there_and_back_is_the_same_way(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there = distance_m(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(distance_m(lat2, lon2, lat1, lon1), rel=1e-9, abs=1e-6)
    assert 0 <= there <= pi * EARTH_RADIUS_M * (1 + 1e-12)


@given(lats, lons)
def test_from_a_place_to_itself_is_nothing(lat: float, lon: float) -> None:
    assert distance_m(lat, lon, lat, lon) == 0


@given(lats, lons, lats, lons, lats, lons)
def test_no_detour_is_shorter(
    lat1: float, lon1: float, lat2: float, lon2: float, lat3: float, lon3: float
) -> None:
    direct = distance_m(lat1, lon1, lat3, lon3)
    detour = distance_m(lat1, lon1, lat2, lon2) + distance_m(lat2, lon2, lat3, lon3)
    assert direct <= detour + 0.1  # asin near the antipodes is good to a few centimetres


def test_the_date_line_and_the_poles_are_places_like_others() -> None:
    degree = pi * EARTH_RADIUS_M / 180
    assert distance_m(0, 179.5, 0, -179.5) == pytest.approx(degree)
    assert distance_m(90, 0, 90, 120) == pytest.approx(0, abs=1e-6)
    assert distance_m(90, 0, -90, 0) == pytest.approx(180 * degree)
    assert distance_m(0, 0, 0, 180) == pytest.approx(180 * degree)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(nan, 0), (0, nan), (inf, 0), (0, -inf), (90.001, 0), (-90.001, 0), (0, 180.001), (0, -180.001)],
)
def test_no_point_off_the_earth(lat: float, lon: float) -> None:
    with pytest.raises(Malformed) as refused:
        check_coordinates(lat, lon)
    assert refused.value.code == "coordinates-impossible"
    for shown in refused.value.args_by_name.values():
        assert isinstance(shown, str)  # NaN and infinity are not JSON


@given(lats, lons)
def test_every_point_on_the_earth_is_taken(lat: float, lon: float) -> None:
    check_coordinates(lat, lon)


def test_an_area_is_a_centre_with_its_doubt_or_words() -> None:
    point = Area(lat=18.54, lon=-72.33, radius_m=150.0, source="map", confidence="exact")
    assert check_area(point) == point
    assert point.known
    said = Area(words="dèyè legliz Sen Pyè")
    assert check_area(said) == said
    assert not said.known
    assert check_area(Area(words="  bò mache a  ")).words == "bò mache a"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"lat": 18.5}, "coordinates-half"),
        ({"lon": -72.3, "words": "isit la"}, "coordinates-half"),
        ({}, "area-empty"),
        ({"words": "   "}, "area-empty"),
        ({"lat": 91.0, "lon": 0.0, "radius_m": 5.0}, "coordinates-impossible"),
        ({"lat": nan, "lon": 0.0, "radius_m": 5.0}, "coordinates-impossible"),
        ({"lat": 18.5, "lon": -72.3}, "radius-impossible"),
        ({"lat": 18.5, "lon": -72.3, "radius_m": 0.0}, "radius-impossible"),
        ({"lat": 18.5, "lon": -72.3, "radius_m": -1.0}, "radius-impossible"),
        ({"lat": 18.5, "lon": -72.3, "radius_m": nan}, "radius-impossible"),
        ({"lat": 18.5, "lon": -72.3, "radius_m": inf}, "radius-impossible"),
        ({"lat": 18.5, "lon": -72.3, "radius_m": RADIUS_M_MAX + 1}, "radius-impossible"),
        ({"words": "de\nliy"}, "text-control"),
        ({"words": "a\x00b"}, "text-nul"),
    ],
)
def test_an_area_that_cannot_be_is_refused_by_what_is_wrong(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Malformed) as refused:
        check_area(Area(**fields))
    assert refused.value.code == code


def test_a_place_told_at_too_great_a_length_is_refused() -> None:
    assert check_area(Area(words="x" * AREA_WORDS_CHARS_MAX)).words
    with pytest.raises(TooLarge):
        check_area(Area(words="x" * (AREA_WORDS_CHARS_MAX + 1)))


@given(
    st.builds(
        Area,
        lat=st.none() | st.floats(),
        lon=st.none() | st.floats(),
        radius_m=st.none() | st.floats(),
        words=st.text(max_size=20),
    )
)
def test_an_area_that_passed_has_figures_to_reckon_with(area: Area) -> None:
    try:
        checked = check_area(area)
    except Malformed:
        return
    if checked.lat is not None:
        assert checked.lon is not None
        assert checked.radius_m is not None
        assert all(isfinite(figure) for figure in (checked.lat, checked.lon, checked.radius_m))
        assert isfinite(distance_m(checked.lat, checked.lon, *PORT_AU_PRINCE))
    else:
        assert checked.words
