"""Positions and observations over HTTP, on a whole node."""

from typing import Any

import msgspec
import pytest

from lanbi.core.time import MINUTE, SECOND, SystemClock, rfc3339
from stores import Web

PLACE = {"lat": 18.5434, "lon": -72.3388, "radius_m": 80, "source": "map", "confidence": "exact"}


def a_unit(web: Web, callsign: str = "M21") -> str:
    body = {"callsign": callsign, "kind": "ambulance", "crew": 2}
    return web.post("/units", body, role="commander").json()["id"]


def position(unit_id: str, ago_s: float = 0, **given: Any) -> dict[str, Any]:
    at = rfc3339(SystemClock().now() - round(ago_s * SECOND))
    return {"unit_id": unit_id, "at": at, "lat": 18.54, "lon": -72.33, "accuracy_m": 5} | given


def test_positions_are_reported_one_by_one_and_in_batches(web: Web) -> None:
    unit = a_unit(web)
    one = position(unit, 30, speed_mps=8.5, course_deg=90)
    answer = web.post("/tracks", one, role="dispatcher")
    assert (answer.status_code, answer.json()["stored"]) == (200, 1)
    batch = {"positions": [one, position(unit, 20), position(unit, 40)]}
    counts = web.post("/tracks/batch", batch, role="dispatcher").json()
    assert {name: counts[name] for name in ("stored", "late", "duplicate")} == {
        "stored": 2,
        "late": 1,
        "duplicate": 1,
    }
    (row,) = web.get("/tracks", role="dispatcher").json()["items"]
    assert set(row) == {
        "id", "version", "unit_id", "at", "received_at", "lat", "lon", "accuracy_m", "speed_mps",
        "course_deg",
    }  # fmt: skip
    assert (row["id"], row["version"], row["at"]) == (unit, counts["seq"], batch["positions"][1]["at"])


def test_history_comes_page_by_page_newest_first(web: Web) -> None:
    unit = a_unit(web)
    sent = [position(unit, ago) for ago in range(5)]
    web.post("/tracks/batch", {"positions": sent}, role="dispatcher")
    path = f"/tracks/{unit}/history"
    first = web.get(f"{path}?limit=2", role="dispatcher").json()
    rest = web.get(f"{path}?limit=9&cursor={first['next']}", role="dispatcher").json()
    assert [row["at"] for row in first["items"] + rest["items"]] == [row["at"] for row in sent]
    assert rest["next"] is None
    between = f"from={sent[3]['at']}&to={sent[1]['at']}"
    assert [row["at"] for row in web.get(f"{path}?{between}", role="dispatcher").json()["items"]] == [
        sent[2]["at"],
        sent[3]["at"],
    ]
    for query in ("from=yesterday", "limit=0", "limit=201", "cursor=x"):
        assert web.get(f"{path}?{query}", role="dispatcher").status_code == 422


def test_last_positions_come_page_by_page(web: Web) -> None:
    units = sorted(a_unit(web, f"M{n}") for n in range(3))
    web.post("/tracks/batch", {"positions": [position(unit) for unit in units]}, role="dispatcher")
    first = web.get("/tracks?limit=2", role="dispatcher").json()
    rest = web.get(f"/tracks?limit=2&cursor={first['next']}", role="dispatcher").json()
    assert [row["id"] for row in first["items"] + rest["items"]] == units


def test_a_bad_batch_names_what_is_bad_and_nothing_is_kept(web: Web) -> None:
    unit = a_unit(web)
    ahead = position(unit, at=rfc3339(SystemClock().now() + 6 * MINUTE))
    batch = {"positions": [position(unit), ahead, position(unit, lat=0, lon=0), position(web.node.epoch)]}
    answer = web.post("/tracks/batch", batch, role="dispatcher")
    told = answer.json()
    assert (answer.status_code, told["code"], told["count"]) == (422, "positions-refused", 3)
    assert told["problems"] == [
        {"index": 1, "code": "position-ahead"},
        {"index": 2, "code": "coordinates-zero"},
        {"index": 3, "code": "unit-unknown"},
    ]
    assert web.get("/tracks", role="dispatcher").json()["items"] == []
    one = web.post("/tracks", ahead, role="dispatcher").json()
    assert (one["code"], ahead["at"] in one["detail"], bool(one["hint"])) == ("position-ahead", True, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"lat": "north"}, 422),
        ({"lat": "nan"}, 422),
        ({"lat": None}, 422),
        ({"at": 1_795_319_232_000_000}, 422),
        ({"height_m": 3}, 422),
        ({"accuracy_m": -1}, 422),
    ],
)
def test_a_position_of_another_shape_is_refused(web: Web, change: Any, status: int) -> None:
    assert web.post("/tracks", position(a_unit(web), **change), role="dispatcher").status_code == status


@pytest.mark.parametrize("literal", [b"NaN", b"Infinity", b"1e999"])
def test_what_is_no_number_in_json_is_refused(web: Web, literal: bytes) -> None:
    unit = a_unit(web)
    raw = b'{"unit_id":"%s","at":"2026-11-22T03:47:12Z","lat":%s,"lon":-72.3,"accuracy_m":5}'
    answer = web.post("/tracks", msgspec.Raw(raw % (unit.encode(), literal)), role="dispatcher")
    assert answer.status_code in (400, 422)
    assert answer.json()["hint"]


def test_more_than_a_thousand_positions_are_too_many(web: Web) -> None:
    unit = a_unit(web)
    batch = {"positions": [position(unit, n) for n in range(1001)]}
    answer = web.post("/tracks/batch", batch, role="dispatcher")
    assert (answer.status_code, answer.json()["code"]) == (413, "positions-too-many")
    empty = web.post("/tracks/batch", {"positions": []}, role="dispatcher")
    assert (empty.status_code, empty.json()["code"]) == (422, "positions-none")


def test_an_observation_over_http(web: Web) -> None:
    body = {"kind": "barricade", "area": PLACE | {"words": "anba pon an"}, "words": "yo mete kawotchou"}
    made = web.post("/observations", body)
    assert made.status_code == 201
    row = made.json()
    assert set(row) == {"id", "version", "kind", "area", "words", "at", "by", "withdrawn_at"}
    assert (row["words"], row["area"]["words"]) == ("yo mete kawotchou", "anba pon an")
    assert web.get(f"/observations/{row['id']}").json() == row
    assert web.get("/observations").json() == {"items": [row], "next": None}
    assert web.get("/observations", role="analyst").json()["items"][0]["words"] is None
    refused = web.post(f"/observations/{row['id']}/withdraw", {}, role="commander")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo-not-yours")
    back = web.post(f"/observations/{row['id']}/withdraw", {})
    assert back.status_code == 200
    assert back.json()["version"] > row["version"]
    assert web.get("/observations").json()["items"][0]["withdrawn_at"] == back.json()["withdrawn_at"]
    bad = web.post("/observations", {"kind": "barricade", "area": {"words": ""}})
    assert (bad.status_code, bad.json()["code"]) == (422, "area-empty")
