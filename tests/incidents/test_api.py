"""Incidents over HTTP, on a whole node."""

from stores import Web

HERE = {"lat": 18.5392, "lon": -72.335, "radius_m": 300, "source": "landmark", "confidence": "heard"}
NOWHERE = "00000000-0000-7000-8000-000000000000"


def refused(answer) -> tuple[int, str]:
    body = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert body["detail"]
    assert body["hint"]
    return answer.status_code, body["code"]


def test_an_incident_goes_its_whole_way(web: Web) -> None:
    made = web.post("/incidents", {"type": "house_fire", "title": "Dife Bèlè", "area": HERE})
    assert made.status_code == 201
    one = made.json()
    assert set(one) >= {
        *("id", "version", "number", "type", "title", "priority", "state", "area", "opened_at", "closed_at"),
        *("disposition", "clocks", "links", "calls", "needs"),
    }
    path = f"/incidents/{one['id']}"
    assert web.post(f"{path}/prioritise", {"priority": "P0", "reason": "timoun"}).json()["priority"] == "P0"
    assert web.post(f"{path}/classify", {"type": "market_fire"}).json()["type"] == "market_fire"
    assert web.post(f"{path}/title", {"title": "Dife mache"}).json()["title"] == "Dife mache"
    assert web.post(f"{path}/relocate", {"area": HERE | {"radius_m": 40}}).json()["area"]["radius_m"] == 40
    assert web.post(f"{path}/note", {"words": "de kamyon sou plas", "lang": "ht"}).status_code == 200
    late = {"clock": "contact", "at": one["opened_at"], "source": "late"}
    assert web.post(f"{path}/clock", late).json()["clocks"]["contact"]["source"] == "late"
    other = web.post("/incidents", {}).json()
    link = {"incident_id": other["id"], "relation": "related"}
    assert web.post(f"{path}/link", link).json()["links"] == [link]
    assert web.post(f"{path}/unlink", {"incident_id": other["id"]}).json()["links"] == []
    assert refused(web.post(f"{path}/close", {"disposition": "resolved"})) == (403, "not-allowed")
    shut = web.post(f"{path}/close", {"disposition": "resolved"}, role="dispatcher").json()
    assert (shut["state"], shut["disposition"]) == ("closed", "resolved")
    assert refused(web.post(f"{path}/title", {"title": "a"})) == (409, "incident-closed")
    assert [row["id"] for row in web.get("/incidents?state=open").json()["items"]] == [other["id"]]
    again = web.post(f"{path}/reopen", {"reason": "lafimen"}, role="dispatcher").json()
    assert (again["state"], again["closed_at"]) == ("open", None)
    log = web.get(f"{path}/log?limit=200").json()
    assert [line["kind"] for line in log["items"]][-1] == "incident.opened"
    assert "de kamyon sou plas" in [line["words"].get("words") for line in log["items"]]
    assert "de kamyon" not in web.get("/journal", role="auditor").text


def test_two_screens_that_edit_at_once_are_told(web: Web) -> None:
    one = web.post("/incidents", {}).json()
    path, tag = f"/incidents/{one['id']}", f'"{one["version"]}"'
    assert web.get(path).headers["etag"] == tag
    assert web.post(f"{path}/title", {"title": "Dife"}, if_match=tag).status_code == 200
    assert refused(web.post(f"{path}/title", {"title": "Dlo"}, if_match=tag)) == (412, "edited-meanwhile")
    assert web.post(f"{path}/prioritise", {"priority": "P2"}, if_match=tag).status_code == 200


def test_what_cannot_be_read_is_refused_and_never_breaks(web: Web) -> None:
    one = web.post("/incidents", {}).json()
    path = f"/incidents/{one['id']}"
    for where, body in (
        ("/incidents", {"surprise": 1}),
        ("/incidents", {"area": {"lat": "a"}}),
        ("/incidents", {"call_id": "x"}),
        (f"{path}/clock", {"clock": "contact", "at": "noon"}),
        (f"{path}/clock", {"clock": "contact", "at": one["opened_at"], "source": "automatic"}),
        (f"{path}/classify", {"type": "a" * 100_000}),
        (f"{path}/note", {"words": "a" * 20_001}),
        ("/incidents/x/note", {"words": "a"}),
    ):
        assert web.post(where, body).status_code in (400, 413, 422), (where, body)
    for where in (
        "/incidents?state=lost",
        "/incidents?limit=0",
        "/incidents?cursor=-1",
        f"{path}/log?limit=x",
    ):
        assert web.get(where).status_code in (400, 422), where
    assert refused(web.get(f"/incidents/{NOWHERE}")) == (404, "incident-none")
    assert web.get(path).json() == one
