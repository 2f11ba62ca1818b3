"""Alarms, timers, welfare checks and the emergency button over HTTP, in a node whose clerk runs."""

import pytest

from lanbi.bootstrap import Node
from stores import Web

PLACE = {"lat": 18.54, "lon": -72.33, "radius_m": 60, "source": "map", "confidence": "likely"}
UNIT = {"callsign": "M21", "kind": "ambulance", "crew": 2}


@pytest.fixture
def unit(web: Web) -> str:
    return web.post("/units", UNIT, role="administrator").json()["id"]


def raised(node: Node) -> None:
    """The clerk's second has come, whatever the node's own loop did."""
    node.keep_watch()


def test_an_emergency_from_the_button_to_its_end(web: Web, unit: str) -> None:
    pressed = web.post(f"/units/{unit}/emergency", role="dispatcher")
    assert pressed.status_code == 200
    assert pressed.json()["emergency_at"] is not None
    raised(web.node)
    [alarm] = web.get("/alarms?state=unseen").json()["items"]
    assert (alarm["kind"], alarm["severity"], alarm["unit_id"]) == ("emergency_button", "emergency", unit)
    assert (alarm["facts"], alarm["taken_by"], alarm["count"]) == ({"unit": "M21"}, None, 1)
    taken = web.post(f"/alarms/{alarm['id']}/take")
    assert taken.status_code == 200
    assert taken.headers["etag"] == f'"{taken.json()["version"]}"'
    assert web.get(f"/alarms/{alarm['id']}").json() == taken.json()
    over = web.post(f"/units/{unit}/emergency/settle", {"reason": "fo manevwe"}, role="dispatcher").json()
    assert over["emergency_at"] is None
    raised(web.node)
    assert web.get("/alarms?state=open").json()["items"] == []
    [ended] = web.get("/alarms?state=ended").json()["items"]
    assert ended["cleared_at"] is not None


def test_an_alarm_about_an_incident_stands_in_its_log(web: Web, unit: str) -> None:
    ours, other = (web.post("/incidents", {"area": PLACE}).json()["id"] for _ in range(2))
    web.post("/assignments", {"incident_id": ours, "unit_id": unit, "mode": "normal"}, role="dispatcher")
    web.post(f"/units/{unit}/emergency", role="dispatcher")
    raised(web.node)
    [alarm] = [a for a in web.get("/alarms").json()["items"] if a["kind"] == "emergency_button"]
    web.post(f"/alarms/{alarm['id']}/take")
    lines = [e for e in web.get(f"/incidents/{ours}/log").json()["items"] if e["kind"].startswith("alarm.")]
    assert [(e["kind"], e["body"]["alarm_kind"]) for e in lines] == [
        ("alarm.taken", "emergency_button"),
        ("alarm.raised", "emergency_button"),
    ]
    assert not any(e["kind"].startswith("alarm.") for e in web.get(f"/incidents/{other}/log").json()["items"])


def test_several_at_once_and_the_rate(web: Web, unit: str) -> None:
    web.post(f"/units/{unit}/emergency", role="dispatcher")
    raised(web.node)
    assert web.get("/alarms/rate").json() == {"raised_10_min": 1, "unseen": 1, "limit": 10}
    ids = [alarm["id"] for alarm in web.get("/alarms").json()["items"]]
    page = web.post("/alarms/take", {"ids": ids}).json()
    assert [alarm["taken_by"]["name"] for alarm in page["items"]] == ["call-taker"]
    assert web.get("/alarms/rate").json()["unseen"] == 0


def test_the_same_command_twice_happens_once(web: Web, unit: str) -> None:
    web.post(f"/units/{unit}/emergency", role="dispatcher")
    raised(web.node)
    [alarm] = web.get("/alarms").json()["items"]
    answers = [web.post(f"/alarms/{alarm['id']}/take", idempotency_key="take-1").json() for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/alarms/{alarm}/shelve", {"minutes": 5, "reason": "pita"}, 409, "alarm-emergency"),
        ("/alarms/{alarm}/unshelve", {}, 409, "alarm-not-shelved"),
        ("/alarms/{unit}/take", {}, 404, "alarm-none"),
        ("/alarms/nonsense/take", {}, 422, "id-unreadable"),
        ("/units/{unit}/timer", {"minutes": 481}, 422, "timer-impossible"),
        ("/units/{unit}/timer/cancel", {}, 409, "timer-none"),
        ("/units/{unit}/welfare", {"ok": True}, 409, "welfare-not-asked"),
        ("/incidents/{unit}/welfare", {}, 404, "incident-none"),
    ],
)
def test_refusals_say_what_and_what_next(
    web: Web, unit: str, path: str, body: dict, status: int, code: str
) -> None:
    web.post(f"/units/{unit}/emergency", role="dispatcher")
    raised(web.node)
    [alarm] = web.get("/alarms").json()["items"]
    answer = web.post(path.format(alarm=alarm["id"], unit=unit), body, role="dispatcher")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["hint"]


def test_a_timer_with_its_words(web: Web, unit: str) -> None:
    told = web.post(f"/units/{unit}/timer", {"minutes": 10, "words": "antre nan kay la"}, role="dispatcher")
    assert told.json()["timer_words"] == "antre nan kay la"
    assert told.json()["timer_due_at"] is not None
    stopped = web.post(f"/units/{unit}/timer/cancel", role="dispatcher").json()
    assert (stopped["timer_due_at"], stopped["timer_words"]) == (None, None)


def test_a_welfare_check_asks_every_unit_on_the_incident(web: Web, unit: str) -> None:
    area = {"lat": 18.5434, "lon": -72.3388, "radius_m": 80, "source": "map", "confidence": "exact"}
    incident = web.post("/incidents", {"type": "house_fire", "area": area}, role="dispatcher").json()["id"]
    assert (
        web.post(f"/incidents/{incident}/welfare", role="dispatcher").json()["code"]
        == "incident-without-units"
    )
    web.post("/assignments", {"incident_id": incident, "unit_id": unit}, role="dispatcher")
    asked = web.post(f"/incidents/{incident}/welfare", role="dispatcher").json()
    assert [row["callsign"] for row in asked["items"]] == ["M21"]
    assert asked["items"][0]["welfare_due_at"] is not None
    heard = web.post(f"/units/{unit}/welfare", {"ok": True}, role="dispatcher").json()
    assert heard["welfare_due_at"] is None


class _Blind:
    """A clerk that cannot look."""

    def step(self) -> int:
        raise ValueError("the clerk broke")


def test_crews_are_asked_whether_all_are_well_though_no_alarm_can_be_raised(web: Web) -> None:
    node = web.node
    looked: list[int] = []
    node.clerk = _Blind()  # pyright: ignore[reportAttributeAccessIssue]
    due = node.safety.due
    node.safety.due = lambda reader, now: looked.append(now) or due(reader, now)
    with pytest.raises(ValueError, match="the clerk broke"):
        node.keep_watch()
    assert looked
