"""Messages and channels over HTTP, on a whole node."""

from typing import Any

from stores import Web

NOWHERE = "00000000-0000-7000-8000-000000000000"


def unit(web: Web, callsign: str = "M21", kind: str = "ambulance") -> str:
    body = {"callsign": callsign, "kind": kind, "capabilities": ["ambulance_basic"], "crew": 2}
    return web.post("/units", body, role="administrator").json()["id"]


def say(web: Web, to: dict[str, str], *, role: str = "dispatcher", **given: Any) -> dict[str, Any]:
    answer = web.post("/messages", {"to": to, **({} if "template" in given else {"words": "ale"}), **given},
                      role=role)  # fmt: skip
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert body["detail"]
    assert body["hint"]
    assert body["detail"] != body["code"]
    return answer.status_code, body["code"]


def test_a_message_goes_its_whole_way(web: Web) -> None:
    m21 = unit(web)
    sent = say(web, {"kind": "unit", "id": m21})
    assert set(sent) == {
        *("id", "version", "sent_at", "from", "to", "incident_id", "reply_to", "thread", "priority"),
        *("template", "args", "words", "acknowledge_by", "open", "counts", "receipts"),
    }
    assert (sent["to"]["name"], sent["receipts"][0]["step"], sent["open"]) == ("M21", "sent", True)
    path = f"/messages/{sent['id']}"
    steps = {"receive": "received", "acknowledge": "acknowledged", "comply": "will_comply", "done": "done"}
    for verb, step in steps.items():
        row = web.post(f"{path}/{verb}", {"for": m21}, role="dispatcher").json()
        assert row["receipts"][0]["step"] == step
        assert row["receipts"][0]["steps"][step]["source"] == "manual"
    assert row["open"] is False
    assert row["counts"] == {
        "of": 1, "received": 1, "acknowledged": 1, "will_comply": 1, "cannot_comply": 0, "done": 1,
    }  # fmt: skip
    got = web.get(path)
    assert (got.json(), got.headers["etag"]) == (row, f'"{row["version"]}"')


def test_the_same_key_sends_once(web: Web) -> None:
    m21 = unit(web)
    body = {"to": {"kind": "unit", "id": m21}, "words": "ale"}
    one = web.post("/messages", body, role="dispatcher", idempotency_key="k1").json()
    two = web.post("/messages", body, role="dispatcher", idempotency_key="k1").json()
    assert one["id"] == two["id"]
    assert len(web.get("/messages", role="dispatcher").json()["items"]) == 1


def test_who_cannot_says_why(web: Web) -> None:
    m21 = unit(web)
    path = f"/messages/{say(web, {'kind': 'unit', 'id': m21})['id']}"
    assert web.post(f"{path}/refuse", {"for": m21}, role="dispatcher").status_code == 422
    row = web.post(f"{path}/refuse", {"for": m21, "reason": "Pa gen gaz"}, role="dispatcher").json()
    assert (row["receipts"][0]["reason"], row["counts"]["cannot_comply"]) == ("Pa gen gaz", 1)
    assert refused(web.post(f"{path}/done", {"for": m21}, role="dispatcher")) == (409, "message-answered")


def test_a_template_is_sent_by_its_code(web: Web) -> None:
    m21 = unit(web)
    sent = say(web, {"kind": "unit", "id": m21}, template="road_blocked", args={"place": "Nazon"})
    assert (sent["template"], sent["args"], sent["words"], sent["priority"]) == (
        "road_blocked", {"place": "Nazon"}, None, "urgent",
    )  # fmt: skip
    assert "Nazon" not in web.get("/journal", role="auditor").text
    body = {"to": {"kind": "unit", "id": m21}, "template": "road_blocked", "args": {}}
    assert refused(web.post("/messages", body, role="dispatcher")) == (422, "template-argument")


def test_lists_page_by_cursor_and_filter(web: Web) -> None:
    m21, p7 = unit(web), unit(web, "P7", "police_patrol")
    for n in range(3):
        say(web, {"kind": "unit", "id": m21}, words=str(n))
    say(web, {"kind": "unit", "id": p7})
    say(web, {"kind": "channel", "id": "police"})
    first = web.get(f"/messages?unit_id={m21}&limit=2", role="call_taker").json()
    assert [row["words"] for row in first["items"]] == ["2", "1"]
    rest = web.get(f"/messages?unit_id={m21}&limit=2&cursor={first['next']}").json()
    assert ([row["words"] for row in rest["items"]], rest["next"]) == (["0"], None)
    assert len(web.get("/messages?channel=police").json()["items"]) == 1
    assert len(web.get(f"/messages?unit_id={p7}").json()["items"]) == 2
    assert refused(web.get(f"/messages?unit_id={p7}&channel=police")) == (422, "message-filters")
    assert refused(web.get("/messages?cursor=x")) == (422, "cursor-unreadable")


def test_messages_about_an_incident_stand_in_its_log(web: Web) -> None:
    m21 = unit(web)
    incident = web.post("/incidents", {"type": "house_fire"}).json()
    sent = say(web, {"kind": "unit", "id": m21}, incident_id=incident["id"])
    web.post(f"/messages/{sent['id']}/acknowledge", {"for": m21}, role="dispatcher")
    log = web.get(f"/incidents/{incident['id']}/log").json()["items"]
    assert [line["kind"] for line in log[:2]] == ["message.acknowledged", "message.sent"]
    assert log[1]["words"] == {"place": None, "words": "ale"} or log[1]["words"] == {"words": "ale"}
    assert [row["id"] for row in web.get(f"/messages?incident_id={incident['id']}").json()["items"]] == [
        sent["id"]
    ]
    missing = {"to": {"kind": "unit", "id": m21}, "words": "ale", "incident_id": NOWHERE}
    assert refused(web.post("/messages", missing, role="dispatcher")) == (404, "incident-none")


def test_channels_are_listed_opened_and_closed(web: Web) -> None:
    m21 = unit(web)
    standing = web.get("/channels").json()["items"]
    assert {row["code"] for row in standing} >= {"room", "police", "fire", "ambulance", "command"}
    made = web.post("/channels", {"name": "Operasyon Nazon", "units": [m21]}, role="commander")
    assert (made.status_code, made.json()["name"]) == (201, "Operasyon Nazon")
    key = made.json()["id"]
    sent = say(web, {"kind": "channel", "id": key})
    assert [receipt["name"] for receipt in sent["receipts"]] == ["M21"]
    assert refused(web.post("/channels", {"name": "x"}, role="dispatcher")) == (403, "not-allowed")
    assert web.post(f"/channels/{key}/close", role="commander").json()["closed_at"]
    closed = {"to": {"kind": "channel", "id": key}, "words": "ale"}
    assert refused(web.post("/messages", closed, role="dispatcher")) == (409, "channel-closed")
    assert refused(web.post("/channels/room/close", role="commander")) == (409, "channel-standing")


def test_people_are_those_of_the_floor(web: Web) -> None:
    for login, role in (("plas9", "dispatcher"), ("odit9", "auditor")):
        body = {"login": login, "name": login, "role": role, "lang": "ht", "password": "yon modpas ki long"}
        assert web.post("/accounts", body, role="administrator").status_code == 201
    people = web.get("/messages/people").json()["items"]
    assert people == [{"id": "plas9", "name": "plas9", "role": "dispatcher", "lang": "ht", "seated": False}]
    sent = say(web, {"kind": "role", "id": "dispatcher"}, role="call_taker")
    assert sent["counts"]["of"] == 0, "nobody of the role is signed in, and the message says so"
    row = web.post(f"/messages/{sent['id']}/acknowledge", role="dispatcher").json()
    assert (row["counts"]["of"], row["receipts"][0]["listed"]) == (1, False)
    assert refused(web.get("/messages/people", role="auditor")) == (403, "not-allowed")


def test_absent_and_unreadable_are_refused(web: Web) -> None:
    assert refused(web.get(f"/messages/{NOWHERE}")) == (404, "message-none")
    assert refused(web.post(f"/messages/{NOWHERE}/receive")) == (404, "message-none")
    assert refused(web.post("/messages/x/receive")) == (422, "id-unreadable")
    bad = {"to": {"kind": "moon", "id": "x"}, "words": "ale"}
    assert web.post("/messages", bad, role="dispatcher").status_code == 422
