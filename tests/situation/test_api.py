"""The whole picture over HTTP, behind the shipped policies."""

import pytest

from lanbi.core.access import SYSTEM
from stores import Web

ZONES = {
    "zones": [{"name": "Dèlma", "names": {"fr": "Delmas"}, "lat": 18.5446, "lon": -72.3018, "radius_m": 1500}]
}


def an_incident(web: Web) -> str:
    made = web.post("/incidents", {"type": "cardiac_arrest", "title": "test"})
    assert made.status_code == 201
    return made.json()["id"]


def test_norms_answer_with_every_denominator(web: Web) -> None:
    an_incident(web)
    answer = web.get("/situation/norms", role="commander")
    assert answer.status_code == 200
    items = {row["code"]: row for row in answer.json()["items"]}
    row = items["acknowledge"]
    assert (row["total"], row["of"], row["share"], row["p90_s"]) == (1, 0, None, None)
    assert row["left_out"]["no_start"] == 1
    assert row["total"] == row["of"] + row["running"] + sum(row["left_out"].values())
    assert web.get("/situation/norms?since=yesterday").json()["code"] == "time-unreadable"
    too_long = web.get("/situation/norms?since=2020-01-01T00:00:00Z")
    assert (too_long.status_code, too_long.json()["code"]) == (422, "window-too-long")
    assert too_long.json()["hint"]


def test_who_commands_parts_the_ground(web: Web) -> None:
    made = web.post("/situation/zones", ZONES, role="commander")
    assert made.status_code == 200
    (zone,) = made.json()["items"]
    assert (zone["name"], zone["names"], zone["state"]) == ("Dèlma", {"fr": "Delmas"}, None)
    assert zone["rings"][0][0] == zone["rings"][0][-1]
    assert web.get("/situation/zones").json()["items"] == [zone]
    situation, store, now = web.node.situation, web.node.store, web.node.clock.now()
    due = store.read_now(lambda reader: situation.look_round(reader, now))
    store.write_now(SYSTEM, lambda tx: situation.write_down(tx, due))
    (found,) = web.get("/situation/zones").json()["items"]
    assert (found["state"], found["facts"]["reason"]) == ("no_unit", "no_unit")
    states = web.get(f"/situation/zones/{zone['id']}/states").json()
    assert [row["state"] for row in states["items"]] == ["no_unit"]
    assert web.post("/situation/zones", ZONES).status_code == 403
    assert web.post("/situation/zones", {"zones": []}, role="commander").json()["code"] == "zones-none"
    outside = {"zones": [{"name": "Pari", "lat": 48.85, "lon": 2.35, "radius_m": 900}]}
    assert web.post("/situation/zones", outside, role="commander").json()["code"] == "coordinates-outside"
    assert web.get("/situation/zones/0192f0c8-0000-7000-8000-000000000000/states").status_code == 404


def test_unserved_demand_has_its_ledger(web: Web) -> None:
    incident = an_incident(web)
    path = f"/incidents/{incident}/unserved"
    assert web.post(path, {"reason": "no_unit"}).status_code == 403
    said = web.post(path, {"reason": "no_unit", "words": "pa gen anbilans"}, role="dispatcher")
    assert said.status_code == 201
    row = said.json()
    assert (row["reason"], row["words"], row["ended_how"]) == ("no_unit", "pa gen anbilans", None)
    again = web.post(path, {"reason": "danger"}, role="dispatcher")
    assert (again.status_code, again.json()["code"]) == (409, "unserved-said")
    ledger = web.get("/situation/unserved", role="auditor").json()
    assert (ledger["demands"], ledger["unserved"], ledger["open"], ledger["withdrawn"]) == (1, 1, 1, 0)
    assert [one["words"] for one in ledger["items"]] == [None]  # an auditor counts, and does not read
    assert ledger["by_reason"] == [{"reason": "no_unit", "unserved": 1, "open": 1, "closed": 0, "served": 0}]
    gone = web.post(f"/unserved/{row['id']}/withdraw", role="dispatcher")
    assert gone.json()["ended_how"] == "withdrawn"
    ledger = web.get("/situation/unserved").json()
    assert (ledger["unserved"], ledger["withdrawn"], ledger["items"][0]["ended_how"]) == (0, 1, "withdrawn")


def test_the_same_mark_sent_twice_is_made_once(web: Web) -> None:
    incident = an_incident(web)
    both = [
        web.post(
            f"/incidents/{incident}/unserved", {"reason": "danger"}, role="dispatcher", idempotency_key="k1"
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in both] == [201, 201]
    assert both[0].json() == both[1].json()


@pytest.mark.parametrize(
    ("role", "status"), [("commander", 200), ("call_taker", 200), ("auditor", 403), ("analyst", 403)]
)
def test_the_load_is_for_the_floor(web: Web, role: str, status: int) -> None:
    answer = web.get("/situation/workload", role=role)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["everybody"] == (role == "commander")


def test_a_machine_tells_the_house(web: Web) -> None:
    told = web.post("/house/power", {"source": "battery", "battery_s": 11_400}, role="administrator")
    assert told.status_code == 200
    assert (told.json()["state"], told.json()["battery_s"]) == ("battery", 11_400)
    link = {"kind": "satellite", "state": "good", "latency_ms": 640}
    assert web.post("/house/links/VSAT", link, role="administrator").json()["id"] == "link/vsat"
    items = web.get("/house", role="analyst").json()["items"]
    assert [row["id"] for row in items] == ["power", "link/vsat"]
    assert web.post("/house/power", {"source": "grid"}, role="auditor").status_code == 403
    unknown = web.post("/house/power", {"source": "steam"}, role="administrator")
    assert unknown.json()["code"] == "unknown-term"
