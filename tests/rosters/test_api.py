"""Members and shifts over HTTP, on a whole node."""

from typing import Any

from dispatch.test_api import a_unit
from lanbi.core.time import HOUR, rfc3339
from stores import Web


def at(web: Web, hours: float) -> str:
    return rfc3339(web.node.clock.now() + round(hours * HOUR))


def a_member(web: Web, number: str = "A-101", *qualifications: str) -> Any:
    body = {"number": number, "name": "Jozèf Envante", "qualifications": qualifications}
    answer = web.post("/members", body, role="commander")
    assert answer.status_code == 201, answer.text
    return answer.json()


def a_shift(web: Web, unit: Any, *members: Any, begin: float = 0, end: float = 12, **given: Any) -> Any:
    body = {
        "unit_id": unit["id"],
        "members": [member["id"] for member in members],
        "starts_at": at(web, begin),
        "ends_at": at(web, end),
        **given,
    }
    answer = web.post("/shifts", body, role="dispatcher")
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_shift_row_says_what_the_screens_need(web: Web) -> None:
    unit, medic = a_unit(web, kind="ambulance", crew=0), a_member(web, "A-101", "ambulance_advanced")
    shift = a_shift(web, unit, medic, end=14)
    assert set(shift) == {
        "id", "version", "unit_id", "callsign", "seat", "account", "starts_at", "ends_at", "on_at", "off_at",
        "state", "members", "brings", "warnings", "reason", "justified",
    }  # fmt: skip
    assert shift["members"] == [
        {"id": medic["id"], "number": "A-101", "qualifications": ["ambulance_advanced"], "rest_h": None}
    ]
    assert shift["warnings"] == [{"code": "duty_long", "member": None, "hours": 14.0, "limit_h": 12.0}]
    answer = web.get(f"/shifts/{shift['id']}", role="call_taker")
    assert (answer.json(), answer.headers["etag"]) == (shift, f'"{shift["version"]}"')


def test_from_planning_to_going_home_over_http(web: Web) -> None:
    unit, medic = a_unit(web, kind="ambulance", crew=0), a_member(web, "A-101", "ambulance_advanced")
    path = f"/shifts/{a_shift(web, unit, medic)['id']}"
    on = web.post(f"{path}/sign_on", {"at": at(web, -1)}, role="dispatcher").json()
    assert on["state"] == "on_duty"
    manned = web.get(f"/units/{unit['id']}", role="dispatcher").json()
    assert (manned["crew"], manned["shift_until"]) == (1, on["ends_at"])
    assert "ambulance_advanced" in manned["capabilities"]
    longer = web.post(f"{path}/edit", {"ends_at": at(web, 13), "reason": "crisis"}, role="dispatcher").json()
    assert (longer["reason"], longer["justified"]) == ("crisis", True)
    stale = web.post(f"{path}/edit", {"ends_at": at(web, 9)}, role="dispatcher", if_match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "shift-changed")
    said = web.post(f"{path}/justify", {"reason": "relief_late"}, role="dispatcher").json()
    assert said["reason"] == "relief_late"
    off = web.post(f"{path}/sign_off", role="dispatcher").json()
    assert (off["state"], off["warnings"]) == ("ended", [])
    assert web.get(f"/units/{unit['id']}", role="dispatcher").json()["crew"] == 0
    refused = web.post(f"{path}/sign_off", role="dispatcher")
    assert (refused.status_code, refused.json()["code"]) == (409, "shift-ended")
    assert refused.json()["hint"]


def test_what_a_vehicle_can_do_is_set_over_http(web: Web) -> None:
    unit = a_unit(web, kind="ambulance")
    body = {"capabilities": ["ambulance_basic", "oxygen"]}
    assert web.post(f"/units/{unit['id']}/capabilities", body, role="call_taker").status_code == 403
    answer = web.post(f"/units/{unit['id']}/capabilities", body, role="dispatcher").json()
    assert answer["capabilities"] == ["ambulance_basic", "oxygen"]


def test_shifts_are_listed_for_a_stretch_of_time_page_by_page(web: Web) -> None:
    unit, medic = a_unit(web, crew=0), a_member(web)
    made = [a_shift(web, unit, medic, begin=day * 24, end=day * 24 + 8)["id"] for day in range(3)]
    asked = f"/shifts?since={at(web, -1)}&until={at(web, 240 - 2)}&limit=2"
    first = web.get(asked, role="call_taker").json()
    rest = web.get(f"{asked}&cursor={first['next']}", role="call_taker").json()
    assert [row["id"] for row in first["items"] + rest["items"]] == made
    assert rest["next"] is None
    wide = web.get(f"/shifts?since={at(web, -1)}&until={at(web, 241)}", role="call_taker")
    assert (wide.status_code, wide.json()["code"]) == (422, "shifts-span")
    bad = web.get(f"{asked}&cursor=x", role="call_taker")
    assert (bad.status_code, bad.json()["code"]) == (422, "cursor-unreadable")


def test_a_name_is_opened_for_a_purpose_by_who_may(web: Web) -> None:
    member = a_member(web)
    assert "name" not in member
    path = f"/members/{member['id']}/reveal"
    assert web.post(path, {"purpose": "audit"}, role="call_taker").status_code == 403
    answer = web.post(path, {"purpose": "life_at_risk"}, role="dispatcher")
    assert answer.json() == {"value": "Jozèf Envante"}
    listed = web.get("/members", role="call_taker").json()
    assert [row["number"] for row in listed["items"]] == ["A-101"]
    web.post(f"/members/{member['id']}/qualify", {"qualifications": ["midwife"]}, role="commander")
    gone = web.post(f"/members/{member['id']}/retire", role="commander").json()
    assert (gone["qualifications"], gone["retired_at"] is not None) == (["midwife"], True)


def test_a_seat_and_what_is_neither(web: Web) -> None:
    web.post(
        "/accounts",
        {"login": "mari", "name": "Mari", "role": "call_taker", "password": "legliz dèyè mòn nan"},
        role="administrator",
    )
    times = {"starts_at": at(web, 0), "ends_at": at(web, 8)}
    seat = web.post("/shifts", {"seat": "Plas 1", "account": "mari", **times}, role="dispatcher")
    assert (seat.status_code, seat.json()["account"]) == (201, {"id": "mari", "name": "Mari"})
    moved = web.post(
        f"/shifts/{seat.json()['id']}/edit", {"members": [a_member(web)["id"]]}, role="dispatcher"
    )
    assert moved.json()["code"] == "seat-account-fixed"
    neither = web.post("/shifts", times, role="dispatcher")
    assert (neither.status_code, neither.json()["code"]) == (422, "shift-post")
    cancelled = web.post(f"/shifts/{seat.json()['id']}/cancel", role="dispatcher").json()
    assert (cancelled["state"], cancelled["on_at"]) == ("ended", None)
