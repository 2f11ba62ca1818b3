"""Places and the map over HTTP, with the house's own desk and its problem details."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import TestClient

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.places import api
from lanbi.web.desk import Desk
from lanbi.web.problems import on_lanbi_error
from places.rooms import Room
from stores import MARIE


class Door:
    """A client over the demo's places; `who` acts, `tiles` is where the map's file would lie."""

    def __init__(self, room: Room, tiles: Path) -> None:
        self.who: Actor = MARIE
        self.tiles = tiles

        async def desk(request: Request[Any, Any, Any]) -> Desk:
            return Desk(request, room.store, self.who, "session")

        app = Litestar(
            api.routes(room.places, tiles),
            dependencies={"desk": Provide(desk)},
            exception_handlers={LanbiError: on_lanbi_error},  # pyright: ignore[reportArgumentType]
        )
        self.client = TestClient(app)

    def get(self, path: str, status: int = 200, **how: Any) -> Any:
        answer = self.client.get(path, **how)
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture
def door(demo_room: Room, tmp_path: Path) -> Iterator[Door]:
    made = Door(demo_room, tmp_path / "map" / "tiles.pmtiles")
    with made.client:
        yield made


def items(answer: Any) -> list[dict[str, Any]]:
    return answer.json()["items"]


def test_a_search_gives_places_with_their_area_and_why(door: Door) -> None:
    first = items(door.get("/places", params={"q": "Kafou Fey"}))[0]
    assert (first["code"], first["name"], first["kind"]) == ("carrefour-feuilles", "Kafou Fèy", "quarter")
    assert first["label"] == "Katye"
    assert first["found"]["because"] == ["name"]
    assert first["area"]["place_id"] == first["id"]
    assert [w["name"] for w in first["within"]] == ["Pòtoprens", "Lwès"]


def test_words_that_place_something_widen_its_area(door: Door) -> None:
    first = items(door.get("/places", params={"q": "dèyè legliz Sen Michèl, Dèlma 33"}))[0]
    assert first["code"] == "eglise-saint-michel"
    assert first["found"]["relation"] == "behind"
    assert first["area"]["radius_m"] > first["radius_m"]
    assert first["area"]["words"] == "dèyè legliz Sen Michèl, Dèlma 33"


def test_a_region_does_not_stand_before_the_door_that_is_meant(door: Door) -> None:
    """While it is typed, "sen" sounds like the department of Sant; the church is what is meant."""
    found = items(door.get("/places", params={"q": "dèyè legliz sen mich"}))
    assert found[0]["code"] == "eglise-saint-michel"
    assert [row["kind"] for row in found].index("department") == len(found) - 1


def test_names_come_in_the_readers_language(door: Door) -> None:
    door.who = Actor(id="p", name="P", role="dispatcher", lang="fr")
    assert items(door.get("/places", params={"q": "Kafou Fèy"}))[0]["label"] == "Quartier"
    door.who = Actor(id="p", name="P", role="dispatcher", lang="es")
    assert items(door.get("/places", params={"q": "Pòtoprens"}))[0]["name"] == "Puerto Príncipe"


def test_nearness_and_limits_are_kept_and_wrong_ones_refused(door: Door) -> None:
    near = items(door.get("/places", params={"q": "Lopital", "near": "18.5125,-72.2853", "limit": 3}))
    assert len(near) == 3
    assert near[0]["found"]["distance_m"] is not None
    for params, code in (
        ({"q": "a", "near": "x"}, "near-unreadable"),
        ({"q": "a", "near": "1,2,3"}, "near-unreadable"),
        ({"q": "a", "near": "0,0"}, "coordinates-empty"),
        ({"q": "a", "limit": 0}, "limit-impossible"),
        ({"q": "a", "limit": 201}, "limit-impossible"),
        ({"q": "a" * 501}, "query-too-long"),
        ({"cursor": "x"}, "id-unreadable"),
    ):
        assert door.get("/places", 422, params=params).json()["code"] == code
    assert items(door.get("/places", params={"q": "…"})) == []


def test_all_places_come_in_pages_each_once(door: Door) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = door.get("/places", params={"limit": 50, **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) > 110


def test_one_place_has_its_version_as_its_etag(door: Door) -> None:
    row = items(door.get("/places", params={"q": "Dèlma"}))[0]
    answer = door.get(f"/places/{row['id']}")
    assert answer.headers["etag"] == f'"{row["version"]}"'
    door.get(f"/places/{row['id']}", 304, headers={"if-none-match": answer.headers["etag"]})
    door.get("/places/0192f000-0000-7000-8000-000000000000", 404)
    door.get("/places/pa-la", 422)


def test_a_landmark_is_added_once_and_found_by_the_next_search(door: Door) -> None:
    body = {"name": "Boulanjri Marijo", "lat": 18.5561, "lon": -72.2891, "radius_m": 60}
    key = {"idempotency-key": "k1"}
    made = door.client.post("/places", json=body, headers=key)
    assert made.status_code == 201, made.text
    assert door.client.post("/places", json=body, headers=key).json()["id"] == made.json()["id"]
    assert items(door.get("/places", params={"q": "boulangerie marijo"}))[0]["id"] == made.json()["id"]
    again = door.client.post("/places", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "place-known")
    swapped = door.client.post("/places", json={**body, "lat": -72.2891, "lon": 18.5561})
    assert (swapped.status_code, swapped.json()["code"]) == (422, "coordinates-swapped")
    assert "18.55610" in swapped.json()["hint"]


def test_what_holds_a_point_is_answered_and_nonsense_refused(door: Door) -> None:
    assert items(door.get("/places/at", params={"lat": 18.55, "lon": -72.3})) == []  # no outlines in the demo
    assert (
        door.get("/places/at", 422, params={"lat": -72.3, "lon": 18.55}).json()["code"]
        == "coordinates-swapped"
    )


def test_the_sketch_is_served_once_and_then_not_again(door: Door) -> None:
    answer = door.get("/map/base.geojson")
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert len(answer.json()["features"]) > 200
    door.get("/map/base.geojson", 304, headers={"if-none-match": answer.headers["etag"]})
    info = door.get("/map/style-info").json()
    assert info["tiles"] is False
    assert info["precision"] == "sketch"
    west, south, east, north = info["bounds"]
    assert west < -72.338 < east
    assert south < 18.5433 < north


def test_without_tiles_the_map_says_how_to_make_them(door: Door) -> None:
    answer = door.get("/map/tiles.pmtiles", 404)
    assert answer.json()["code"] == "tiles-absent"
    assert "lanbi import map" in answer.json()["hint"]


def test_a_broken_tiles_file_leaves_the_sketch_in_use(door: Door) -> None:
    door.tiles.parent.mkdir()
    door.tiles.write_bytes(b"not tiles")
    assert door.get("/map/style-info").json()["tiles"] is False


def test_tiles_are_served_by_ranges(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(range(256)) * 40
    door.tiles.parent.mkdir()
    door.tiles.write_bytes(data)
    whole = door.get("/map/tiles.pmtiles")
    assert whole.content == data
    assert whole.headers["accept-ranges"] == "bytes"
    tag = whole.headers["etag"]
    for wanted, first, last in (
        ("bytes=0-126", 0, 126), ("bytes=100-", 100, 10239), ("bytes=-5", 10235, 10239),
        ("bytes=10000-999999", 10000, 10239), ("bytes=0-0", 0, 0), ("bytes=-999999", 0, 10239),
    ):  # fmt: skip
        part = door.get("/map/tiles.pmtiles", 206, headers={"range": wanted})
        assert part.content == data[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{last}/10240"
    for wanted in ("bytes=10240-", "bytes=99999-100000", "bytes=5-4", "bytes=-0"):
        part = door.get("/map/tiles.pmtiles", 416, headers={"range": wanted})
        assert part.headers["content-range"] == "bytes */10240"
    for ignored in ("bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=" + "9" * 50 + "-"):
        assert door.get("/map/tiles.pmtiles", headers={"range": ignored}).content == data
    door.get("/map/tiles.pmtiles", 304, headers={"if-none-match": tag})
    door.get("/map/tiles.pmtiles", 206, headers={"range": "bytes=0-9", "if-range": tag})
    assert door.get("/map/tiles.pmtiles", headers={"range": "bytes=0-9", "if-range": '"old"'}).content == data
    monkeypatch.setattr(api, "RANGE_BYTES_MAX", 1000)
    cut = door.get("/map/tiles.pmtiles", 206, headers={"range": "bytes=0-"})
    assert cut.headers["content-range"] == "bytes 0-999/10240"
    door.tiles.write_bytes(data + b"new")
    assert door.get("/map/tiles.pmtiles").headers["etag"] != tag


METRO = {"west": -72.45, "south": 18.45, "east": -72.2, "north": 18.65}


def test_the_map_is_given_the_landmarks_of_its_view_those_of_the_floor_first(door: Door) -> None:
    added = door.client.post(
        "/places", json={"name": "Boulanjri Ti Jan", "lat": 18.541, "lon": -72.31, "radius_m": 40}
    )
    assert added.status_code == 201, added.text
    found = door.get("/map/landmarks", params=METRO).json()
    first = found["items"][0]
    assert (first["name"], first["own"], first["lat"]) == ("Boulanjri Ti Jan", True, 18.541)
    assert len(found["items"]) > 10
    assert {row["kind"] for row in found["items"]}.isdisjoint({"commune", "section", "department"})
    elsewhere = {"west": -72.31, "south": 18.9, "east": -72.3, "north": 18.91}
    assert door.get("/map/landmarks", params=elsewhere).json() == {"items": [], "more": False}


@pytest.mark.parametrize("wrong", [{"west": -72.1}, {"north": 18.4}, {"east": 200}])
def test_a_view_without_ground_is_refused(door: Door, wrong: dict[str, float]) -> None:
    answer = door.get("/map/landmarks", status=422, params={**METRO, **wrong}).json()
    assert answer["code"] == "bounds-unreadable"
