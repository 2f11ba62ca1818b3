"""Tracing over HTTP: what an analyst's screen and a partner's program send and get."""

import io
from typing import Any

import pytest
from PIL import Image

from lanbi.tracing.photos import PHOTO_BYTES_MAX
from stores import Web

SOURCE = {"kind": "seizure_report", "reference": "PV 24-118", "grade": "B2"}


def values(**said: str) -> list[dict[str, str]]:
    return [{"prop": prop, "value": value} for prop, value in said.items()]


def make(web: Web, kind: str, **said: str) -> dict[str, Any]:
    body = {"kind": kind, "values": values(**said), "source": SOURCE}
    answer = web.post("/tracing/entities", body, role="analyst")
    assert answer.status_code == 201, answer.text
    return answer.json()


def picture(size: tuple[int, int] = (640, 480), form: str = "JPEG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, (90, 80, 70)).save(held, form)
    return held.getvalue()


def upload(web: Web, data: bytes, role: str = "analyst", **headers: str) -> Any:
    token = web._token(role)
    named = {"authorization": f"Bearer {token}", "content-type": "application/octet-stream", **headers}
    return web._client.post("/api/v1/tracing/photos", content=data, headers=named)


def test_the_schema_names_every_property_in_four_languages(web: Web) -> None:
    schema = web.get("/tracing/schema", role="analyst").json()
    assert {name for name, prop in schema["firearm"]["props"].items() if prop["needed"]} == {
        "make", "model", "calibre", "serial", "country",
    }  # fmt: skip
    assert all(
        set(prop["labels"]) == {"ht", "fr", "es", "en"}
        for kind in schema.values()
        for prop in kind["props"].values()
    )
    assert web.get("/tracing/schema", role="call_taker").status_code == 403


def test_an_entity_is_made_read_and_contradicted(web: Web) -> None:
    made = make(web, "firearm", make="Glock", serial="SYN48B075")
    assert (made["ref"], made["values"]["make"]) == ("F-1", "GLOCK")
    said = {"values": values(make="Taurus"), "source": {**SOURCE, "kind": "laboratory"}}
    assert web.post(f"/tracing/entities/{made['id']}/state", said, role="analyst").json()["contested"] == 1
    answer = web.get(f"/tracing/entities/{made['id']}", role="analyst")
    dossier = answer.json()
    assert {s["value"] for s in dossier["statements"] if s["prop"] == "make"} == {"GLOCK", "TAURUS"}
    first = next(s for s in dossier["statements"] if s["value"] == "GLOCK")
    assert first["handling"]["tlp"] == "AMBER_STRICT"
    web.post(f"/tracing/statements/{first['id']}/prefer", role="analyst")
    assert (
        web.get(f"/tracing/entities/{made['id']}", role="analyst").json()["entity"]["values"]["make"]
        == "GLOCK"
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "firearm", "values": values(race="x"), "source": SOURCE}, "tracing-prop"),
        ({"kind": "witness", "values": values(name="x"), "source": SOURCE}, "tracing-kind"),
        (
            {"kind": "firearm", "values": values(make="x"), "source": {**SOURCE, "grade": "Z9"}},
            "tracing-grade",
        ),
        (
            {"kind": "firearm", "values": values(make="x"), "source": {**SOURCE, "kind": "hearsay"}},
            "unknown-term",
        ),
        (
            {
                "kind": "firearm",
                "values": values(make="x"),
                "source": SOURCE,
                "handling": {"releasable": ["dr"]},
            },
            "tracing-party-code",
        ),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_reason(web: Web, body: Any, code: str) -> None:
    answer = web.post("/tracing/entities", body, role="analyst")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["hint"]


def test_a_photograph_is_kept_as_it_came(web: Web) -> None:
    data = picture()
    answer = upload(web, data)
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["media"], kept["width"], kept["height"]) == ("image/jpeg", 640, 480)
    assert upload(web, data).json()["digest"] == kept["digest"]
    made = make(web, "firearm", make="Glock", photo=kept["digest"])
    assert made["values"]["photo"] == [kept["digest"]]
    whole = web.get(f"/tracing/photos/{kept['digest']}", role="analyst")
    assert whole.content == data
    small = web.get(f"/tracing/photos/{kept['digest']}?small=true", role="analyst")
    assert Image.open(io.BytesIO(small.content)).size == (480, 360)
    assert web.get(f"/tracing/photos/{kept['digest']}", role="dispatcher").status_code == 403


@pytest.mark.parametrize(
    "data", [b"", b"MZ not a picture", picture()[:900], b"<svg onload='x'/>", picture(form="GIF")]
)
def test_what_is_no_photograph_is_refused(web: Web, data: bytes) -> None:
    answer = upload(web, data)
    assert (answer.status_code, answer.json()["code"]) == (422, "photo-unreadable")


def test_fifty_megabytes_are_refused_before_they_are_read(web: Web) -> None:
    answer = upload(web, b"x", **{"content-length": str(50_000_000)})
    assert answer.status_code == 413
    assert upload(web, bytes(PHOTO_BYTES_MAX + 1)).status_code == 413


def test_a_person_is_read_for_a_purpose_and_opened_by_two(web: Web) -> None:
    person = make(web, "person", role="purchaser", legal_status="suspect", name="Moun Envante")
    assert "Moun" not in str(person)
    path = f"/tracing/persons/{person['id']}"
    assert web.post(f"{path}/read", role="analyst").json()["code"] == "tracing-desk-needed"
    assert web.get("/tracing/desk", role="analyst").json() == {"purpose": None, "case": None, "until": None}
    desk = {"purpose": "criminal_investigation", "case": "24-118"}
    assert web.post("/tracing/desk", desk, role="analyst").json()["case"] == "24-118"
    said = web.post(f"{path}/read", role="analyst").json()["statements"]
    assert [s["sealed"] for s in said if s["prop"] == "name"] == [True]
    opening = web.post(f"{path}/ask_opening", role="analyst").json()
    refused = web.post(f"/tracing/openings/{opening['id']}/decide", {"allowed": True}, role="analyst")
    assert refused.json()["code"] == "tracing-second-person"
    assert [o["id"] for o in web.get("/tracing/openings", role="commander").json()] == [opening["id"]]
    web.post(f"/tracing/openings/{opening['id']}/decide", {"allowed": True}, role="commander")
    assert web.post(f"{path}/unseal", {"prop": "name"}, role="analyst").json() == {"values": ["Moun Envante"]}
    assert web.post(f"{path}/unseal", {"prop": "name"}, role="commander").status_code == 409


def test_the_workspace_and_the_coast_are_answered(web: Web) -> None:
    recovery = make(web, "recovery", date="2026-07-10", agency="Ladwann", case="24-118", country="HT")
    make(web, "firearm", recovery=recovery["id"], make="Glock")
    seen = web.get(f"/tracing/workspace?root={recovery['id']}", role="analyst").json()
    assert {node["kind"] for node in seen["nodes"]} == {"recovery", "firearm"}
    (edge,) = seen["edges"]
    evidence = web.ask("GET", f"/tracing/evidence?edge={edge['id']}", role="analyst").json()
    assert [s["prop"] for s in evidence["statements"]] == ["recovery"]
    assert web.get(f"/tracing/counts/{recovery['id']}", role="analyst").json()["counts"] == {
        "firearm.recovery": 1
    }
    assert len(web.get("/tracing/coast", role="analyst").content) < 100_000
    assert web.post("/tracing/networks/search", role="analyst").json()["firearms"] == 1
    assert web.get("/tracing/networks", role="analyst").json()["stale"] is False
    assert web.get("/tracing/time-to-crime", role="auditor").json()["whole"]["suppressed"] is True


def test_judged_withdrawn_and_stopped_over_http(web: Web) -> None:
    one, two = make(web, "dealer", name="Synthetic Arms 7"), make(web, "dealer", name="SYNTHETIC ARMS 07")
    judged = web.post(
        "/tracing/judgements",
        {"left": one["id"], "right": two["id"], "verdict": "same", "why": "menm lisans"},
        role="analyst",
    ).json()
    assert len(web.get(f"/tracing/entities/{one['id']}", role="analyst").json()["members"]) == 2
    web.post(f"/tracing/judgements/{judged['id']}/undo", role="commander")
    dossier = web.get(f"/tracing/entities/{one['id']}", role="analyst").json()
    assert len(dossier["members"]) == 1
    ids = [said["id"] for said in dossier["statements"]]
    taken = web.post("/tracing/statements/withdraw", {"statements": ids, "reason": "error"}, role="analyst")
    assert taken.json()[0]["values"] == {}
    stopped = web.post("/tracing/originators/stop", {"originator": "US", "stopped": True}, role="analyst")
    assert stopped.json() == {"originators": ["US"]}
    assert web.get("/tracing/originators/stopped", role="commander").json() == {"originators": ["US"]}
