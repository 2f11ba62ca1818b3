"""The map and the places that the demo ships: ours, plausible, and joined up."""

import json
from importlib.resources import files
from typing import Any

import pytest
import shapely
from shapely.geometry import Point, shape

from lanbi.core.geo import distance_m
from lanbi.places.territory import Territory
from places.rooms import DEMO, KEEPER, Room

ANCHORS = {
    "champ-de-mars": (18.5433, -72.3380),
    "aeroport": (18.5800, -72.2925),
    "petion-ville": (18.5125, -72.2853),
    "cite-soleil": (18.5780, -72.3330),
    "carrefour": (18.5400, -72.3990),
    "croix-des-bouquets": (18.5760, -72.2270),
    "delmas-33": (18.5560, -72.2990),
    "tabarre": (18.5830, -72.2690),
    "martissant": (18.5290, -72.3600),
    "kenscoff": (18.4480, -72.2860),
}
KINDS = {
    "sea",
    "land",
    "coast",
    "depth",
    "water",
    "river",
    "contour",
    "commune",
    "road",
    "runway",
    "area",
    "label",
}


@pytest.fixture(scope="module")
def sketch() -> dict[str, Any]:
    return json.loads((files("lanbi.places") / "data" / "port_au_prince.geojson").read_text(encoding="utf-8"))


def of_kind(sketch: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [f for f in sketch["features"] if f["properties"]["kind"] == kind]


def test_every_feature_is_valid_is_a_sketch_and_has_a_known_kind(sketch: dict[str, Any]) -> None:
    frame = shapely.box(*sketch["bbox"]).buffer(0.001)
    for feature in sketch["features"]:
        assert feature["properties"]["precision"] == "sketch"
        assert feature["properties"]["kind"] in KINDS
        found = shape(feature["geometry"])
        assert found.is_valid, feature["properties"]
        assert frame.contains(found), feature["properties"]


def test_land_and_sea_do_not_overlap_and_the_bay_opens_to_the_west(sketch: dict[str, Any]) -> None:
    land = shapely.union_all([shape(f["geometry"]) for f in of_kind(sketch, "land")])
    sea = shapely.union_all([shape(f["geometry"]) for f in of_kind(sketch, "sea")])
    assert land.intersection(sea).area < 1e-6
    for lat, lon in ANCHORS.values():
        assert land.contains(Point(lon, lat))
    for lat, lon in ((18.60, -72.45), (18.57, -72.40), (18.65, -72.60), (18.75, -72.70)):
        assert sea.contains(Point(lon, lat))


def test_the_names_of_main_roads_are_on_it_in_kreyol_and_french(sketch: dict[str, Any]) -> None:
    named = {f["properties"].get("name_ht") for f in of_kind(sketch, "road")}
    assert {
        "Wout Nasyonal 1",
        "Wout Nasyonal 2",
        "Wout Dèlma",
        "Wout Frè",
        "Wout Kenskòf",
        "Gran Ri",
    } <= named
    french = {f["properties"].get("name_fr") for f in of_kind(sketch, "road")}
    assert {"Route de Delmas", "Boulevard Toussaint Louverture", "Boulevard 15 Octobre"} <= french


def test_the_demo_places_lie_where_they_should(demo_room: Room) -> None:
    held = {p.code: p for p in demo_room.places.gazetteer}
    assert 110 <= len(held) <= 200
    for code, (lat, lon) in ANCHORS.items():
        place = held[code]
        assert place.lat is not None
        assert place.lon is not None
        assert distance_m(lat, lon, place.lat, place.lon) < 1_000, code
    assert sum(1 for p in held.values() if p.kind == "department") == 10
    haiti = Territory.haiti()
    for place in held.values():
        haiti.check(place.lat or 0, place.lon or 0)
        assert place.radius_m
        assert place.called("ht")


def test_landmarks_stand_on_land_and_inside_their_communes_reach(
    demo_room: Room, sketch: dict[str, Any]
) -> None:
    land = shapely.union_all([shape(f["geometry"]) for f in of_kind(sketch, "land")])
    for place in demo_room.places.gazetteer:
        if place.kind in ("department", "water", "port"):
            continue
        assert land.contains(Point(place.lon, place.lat)), place.name
        chain = demo_room.places.around(place)
        assert chain or place.kind == "department", place.name


def test_the_demo_file_is_wholly_good(room: Room) -> None:
    report = room.take(DEMO, source="demo", strict=True)
    assert (report.refused, report.orphans) == (0, 0)
    for said, code in (("Site Solèy", "cite-soleil"), ("lopital jeneral", "hopital-general")):
        assert room.places.search(KEEPER, said)[0].place.code == code
