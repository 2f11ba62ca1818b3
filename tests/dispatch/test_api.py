"""Units, assignments and recommendations over HTTP, on a whole node."""

from typing import Any

import pytest

from stores import Web

PLACE = {"lat": 18.5434, "lon": -72.3388, "radius_m": 80, "source": "map", "confidence": "exact"}


def a_unit(web: Web, callsign: str = "M21", **given: Any) -> Any:
    body = {"callsign": callsign, "kind": "ambulance_advanced", "crew": 2, "home": PLACE} | given
    answer = web.post("/units", body, role="commander")
    assert answer.status_code == 201, answer.text
    return answer.json()


def an_incident(web: Web, **given: Any) -> Any:
    answer = web.post("/incidents", {"type": "cardiac_arrest", "area": PLACE} | given)
    assert answer.status_code == 201, answer.text
    return answer.json()


def sent(web: Web, unit: Any, incident: Any, **given: Any) -> Any:
    body = {"unit_id": unit["id"], "incident_id": incident["id"]} | given
    return web.post("/assignments", body, role="dispatcher")


def test_a_unit_row_says_what_the_contract_promises(web: Web) -> None:
    unit = a_unit(web, shift_until="2099-01-01T06:00:00Z")
    assert set(unit) == {
        "id", "version", "callsign", "kind", "capabilities", "crew", "home", "shift_until", "availability",
        "timer_due_at", "timer_words", "welfare_asked_at", "welfare_due_at", "emergency_at",
        "reason", "state", "since", "assignment_id", "incident_id",
    }  # fmt: skip
    assert unit["shift_until"] == "2099-01-01T06:00:00.000000Z"
    answer = web.get(f"/units/{unit['id']}", role="dispatcher")
    assert (answer.json(), answer.headers["etag"]) == (unit, f'"{unit["version"]}"')
    assert web.get("/units", role="dispatcher").json() == {"items": [unit], "next": None}


def test_units_come_page_by_page(web: Web) -> None:
    for callsign in ("M2", "m1", "E3"):
        a_unit(web, callsign)
    first = web.get("/units?limit=2", role="dispatcher").json()
    assert [row["callsign"] for row in first["items"]] == ["E3", "m1"]
    rest = web.get(f"/units?limit=2&cursor={first['next']}", role="dispatcher").json()
    assert ([row["callsign"] for row in rest["items"]], rest["next"]) == (["M2"], None)
    bad = web.get(f"/units?cursor={'x' * 99}", role="dispatcher")
    assert (bad.status_code, bad.json()["code"]) == (422, "cursor-unreadable")


def test_a_task_over_http_from_sending_to_clear(web: Web) -> None:
    unit, incident = a_unit(web), an_incident(web)
    proposal = web.get(f"/recommendations?incident_id={incident['id']}", role="dispatcher").json()
    assert set(proposal) == {"needs", "units", "shortfalls"}
    assert proposal["units"][0]["unit_id"] == unit["id"]
    assert proposal["units"][0]["basis"] == "straight_line"
    task = sent(web, unit, incident)
    assert task.status_code == 201
    assert set(task.json()) == {
        "id", "version", "unit_id", "incident_id", "status", "clocks", "by", "reason", "replaces",
    }  # fmt: skip
    path, version = f"/assignments/{task.json()['id']}", task.json()["version"]
    moved = web.post(f"{path}/status", {"status": "en_route"}, role="dispatcher", if_match=f'"{version}"')
    assert moved.json()["clocks"]["en_route"]["source"] == "automatic"
    stale = web.post(f"{path}/status", {"status": "on_scene"}, role="dispatcher", if_match=f'"{version}"')
    assert (stale.status_code, stale.json()["code"]) == (412, "assignment-changed")
    closing = web.post(f"/incidents/{incident['id']}/close", {"disposition": "resolved"}, role="dispatcher")
    assert (closing.status_code, closing.json()["code"]) == (409, "incident-has-units")
    assert "M21" in closing.json()["detail"]
    assert web.post(f"{path}/status", {"status": "cleared"}, role="dispatcher").status_code == 200
    assert web.get(f"/units/{unit['id']}", role="dispatcher").json()["state"] == "available"
    found = web.get(f"/assignments?incident_id={incident['id']}", role="dispatcher").json()
    assert [row["status"] for row in found["items"]] == ["cleared"]
    assert web.get(path, role="dispatcher").json() == found["items"][0]
    clocks = web.get(f"/incidents/{incident['id']}").json()["clocks"]
    assert {"first_assigned", "en_route", "clear"} <= set(clocks)


def test_what_is_sent_twice_under_one_key_is_sent_once(web: Web) -> None:
    unit, incident = a_unit(web), an_incident(web)
    body = {"unit_id": unit["id"], "incident_id": incident["id"]}
    answers = [web.post("/assignments", body, role="dispatcher", idempotency_key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    again = web.post("/assignments", body, role="dispatcher", idempotency_key="k2")
    assert (again.status_code, again.json()["code"]) == (409, "unit-already-there")


def test_a_busy_unit_is_refused_with_the_next_step_then_taken_then_replaced(web: Web) -> None:
    unit, spare = a_unit(web), a_unit(web, "M22")
    first, second = an_incident(web), an_incident(web)
    sent(web, unit, first)
    busy = sent(web, unit, second)
    assert (busy.status_code, busy.json()["code"]) == (409, "unit-busy")
    assert "preempt" in busy.json()["hint"]
    taken = sent(web, unit, second, mode="preempt", reason="life_at_risk").json()
    assert (taken["status"], taken["reason"]) == ("assigned", "life_at_risk")
    path = f"/assignments/{taken['id']}"
    new = web.post(
        f"{path}/replace", {"unit_id": spare["id"], "reason": "breakdown"}, role="dispatcher"
    ).json()
    assert new["replaces"] == taken["id"]
    off = web.post(f"/assignments/{new['id']}/cancel", {"reason": "mistake"}, role="dispatcher").json()
    assert (off["status"], off["reason"]) == ("cancelled", "mistake")


def test_availability_and_crew_over_http(web: Web) -> None:
    unit = a_unit(web)
    path = f"/units/{unit['id']}"
    out = web.post(
        f"{path}/availability", {"availability": "out_of_service", "reason": "garage"}, role="dispatcher"
    )
    assert (out.json()["state"], out.json()["reason"]) == ("out_of_service", "garage")
    refused = sent(web, unit, an_incident(web))
    assert (refused.json()["code"], refused.json()["reason_code"]) == ("unit-out-of-service", "garage")
    manned = web.post(f"{path}/crew", {"crew": 4}, role="dispatcher").json()
    assert (manned["crew"], manned["shift_until"]) == (4, None)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/units", {"callsign": "M 1", "kind": "ambulance"}, 422),
        ("/units", {"callsign": "M1", "kind": "ambulance", "colour": "red"}, 422),
        ("/units", {"callsign": "M1", "kind": "ambulance", "shift_until": "soon"}, 422),
        ("/assignments", {"unit_id": "x", "incident_id": "y"}, 422),
        ("/assignments", {}, 422),
        ("/assignments/not-an-id/status", {"status": "en_route"}, 422),
    ],
)
def test_what_cannot_be_is_refused_at_the_door(web: Web, path: str, body: Any, status: int) -> None:
    answer = web.post(path, body, role="commander")
    assert answer.status_code == status
    assert answer.json()["hint"]


def test_what_somebody_wrote_about_a_unit_is_for_the_room_alone(web: Web) -> None:
    unit, incident = a_unit(web), an_incident(web)
    task = sent(web, unit, incident).json()
    web.post(f"/units/{unit['id']}/timer", {"minutes": 5, "words": "kay Jan an"}, role="dispatcher")
    web.post(f"/assignments/{task['id']}/cancel", {"reason": "Jan rele, li pa la"}, role="dispatcher")
    seen = web.get(f"/units/{unit['id']}").json()
    assert seen["timer_words"] == "kay Jan an"
    assert web.get(f"/assignments/{task['id']}").json()["reason"] == "Jan rele, li pa la"
    for role in ("analyst", "auditor", "administrator"):
        blank = {**seen, "timer_words": None}
        assert web.get(f"/units/{unit['id']}", role=role).json() == blank
        assert web.get("/units", role=role).json()["items"] == [blank]
    for role in ("analyst", "auditor"):
        assert web.get(f"/assignments/{task['id']}", role=role).json()["reason"] is None
        assert web.get("/assignments", role=role).json()["items"][0]["reason"] is None
    again = sent(web, unit, incident).json()
    web.post(f"/assignments/{again['id']}/cancel", {"reason": "mistake"}, role="dispatcher")
    assert web.get(f"/assignments/{again['id']}", role="auditor").json()["reason"] == "mistake"
