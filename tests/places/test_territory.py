"""Numbers that cannot be a place of this country are refused, each with its own next step."""

import pytest

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Malformed
from lanbi.locales import hint, say
from lanbi.places.territory import Territory

HAITI = Territory.haiti()
TOWNS = {
    "Port-au-Prince": (18.5433, -72.3380), "Cap-Haïtien": (19.76, -72.20), "Les Cayes": (18.20, -73.75),
    "Jérémie": (18.65, -74.12), "Ouanaminthe": (19.55, -71.72), "Anse-à-Pitre": (18.05, -71.76),
    "Môle Saint-Nicolas": (19.80, -73.38), "Tortue": (20.05, -72.80), "Île à Vache": (18.07, -73.63),
    "La Gonâve": (18.84, -73.05), "Malpasse": (18.63, -71.87), "in the bay": (18.60, -72.50),
}  # fmt: skip


@pytest.mark.parametrize("town", TOWNS)
def test_the_whole_country_its_islands_and_its_bay_are_inside(town: str) -> None:
    HAITI.check(*TOWNS[town])


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (0.0, 0.0, "coordinates-empty"),
        (0.0, -0.0, "coordinates-empty"),
        (-72.3380, 18.5433, "coordinates-swapped"),
        (18.5433, 72.3380, "coordinates-sign"),
        (-18.5433, -72.3380, "coordinates-sign"),
        (18.47, -69.90, "coordinates-outside"),  # Santo Domingo
        (20.02, -75.83, "coordinates-outside"),  # Santiago de Cuba
        (48.85, 2.35, "coordinates-outside"),
        (91.0, 0.0, "coordinates-impossible"),
        (float("nan"), -72.0, "coordinates-impossible"),
        (18.5, float("inf"), "coordinates-impossible"),
    ],
)
def test_a_wrong_pair_is_refused_by_its_own_name(lat: float, lon: float, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        HAITI.check(lat, lon)
    assert refused.value.code == code


def test_the_refusal_of_exchanged_figures_gives_them_in_the_right_order() -> None:
    with pytest.raises(Malformed) as refused:
        HAITI.check(-72.3380, 18.5433)
    for lang in LANGUAGES:
        said = hint(lang, refused.value.code, **refused.value.args_by_name)
        assert said.index("18.54330") < said.index("-72.33800")
        assert say(lang, refused.value.code, **refused.value.args_by_name)


def test_figures_that_are_impossible_only_because_exchanged_are_called_exchanged() -> None:
    west = Territory.of_bounds("west", -120, 30, -100, 50)
    with pytest.raises(Malformed, match="coordinates-swapped"):
        west.check(-110.0, 40.0)


def test_another_country_replaces_it() -> None:
    seattle = Territory.of_bounds("Seattle", -122.6, 47.3, -122.0, 47.9)
    seattle.check(47.6, -122.33)
    assert seattle.bounds == (-122.6, 47.3, -122.0, 47.9)
    with pytest.raises(Malformed, match="coordinates-outside"):
        seattle.check(18.5433, -72.3380)
    Territory.world().check(48.85, 2.35)
    with pytest.raises(Malformed, match="coordinates-empty"):
        Territory.world().check(0.0, 0.0)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b'{"name":"x","polygon":[[0,0],[1,1]]}', b'{"name":"x","polygon":[[0,0],[2,2],[2,0],[0,2]]}',
     b'{"name":"x","polygon":[["a",0]]}'],
)  # fmt: skip
def test_limits_that_are_no_polygon_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="territory-unreadable"):
        Territory.from_json(data)
