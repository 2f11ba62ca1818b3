"""Hand-overs over HTTP, on a whole node, by people with passwords of their own."""

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dispatch.test_api import an_incident
from stores import Web

PASSWORD = "legliz dèyè mòn nan"


class Person:
    """Somebody at a browser: signed in by password, with a session of their own."""

    def __init__(self, web: Web, login: str, role: str) -> None:
        made = web.post(
            "/accounts",
            {"login": login, "name": login.title(), "role": role, "password": PASSWORD, "lang": "en"},
            role="administrator",
        )
        assert made.status_code == 201, made.text
        answer = web.post("/session", {"account": login, "password": PASSWORD})
        self._web, self._cookie = web, answer.cookies["lanbi_session"]
        web._client.cookies.clear()

    def ask(self, method: str, path: str, body: Any = None, *, held: int | None = None) -> Any:
        headers = {"cookie": f"lanbi_session={self._cookie}"}
        if held is not None:
            headers["if-match"] = f'"{held}"'
        return self._web._client.request(method, f"/api/v1{path}", json=body, headers=headers)

    def post(self, path: str, body: Any = None, *, held: int | None = None) -> Any:
        return self.ask("POST", path, {} if body is None else body, held=held)

    def get(self, path: str) -> Any:
        return self.ask("GET", path)


def test_a_watch_changes_hands_over_http(web: Web) -> None:
    pierre, rose = Person(web, "pierre", "dispatcher"), Person(web, "rose", "dispatcher")
    an_incident(web)
    begun = pierre.post("/handovers", {"seat": "Plas 2"})
    assert begun.status_code == 201, begun.text
    row = begun.json()
    assert set(row) == {
        "id", "version", "post", "state", "outgoing", "incoming", "to", "started_at", "offered_at",
        "taken_at", "ended_at", "signatures", "settled", "lines",
    }  # fmt: skip
    assert set(row["lines"][0]) == {
        "n", "section", "code", "about", "since", "place", "facts", "rev", "state", "changed", "fresh",
        "gone", "acknowledged_at", "remark", "question", "answer",
    }  # fmt: skip
    path = f"/handovers/{row['id']}"
    pierre.post(f"{path}/remarks", {"words": "Dlo fini"})
    pierre.post(f"{path}/offer", {"to": "rose"})
    assert rose.post(f"{path}/take").json()["incoming"]["id"] == "rose"
    asked = rose.post(f"{path}/lines/1/question", {"words": "Ki kote?"}).json()
    assert asked["lines"][0]["question"]["words"] == "Ki kote?"
    pierre.post(f"{path}/lines/1/answer", {"words": "Delma"})
    early = pierre.post(f"{path}/sign", {"password": PASSWORD})
    assert (early.status_code, early.json()["code"]) == (409, "handover-lines-open")
    for line in rose.get(path).json()["lines"]:
        done = rose.post(f"{path}/lines/{line['n']}/acknowledge", {"rev": line["rev"]})
        assert done.status_code == 200, done.text
    assert done.json()["settled"] == 2
    wrong = rose.post(f"{path}/sign", {"password": "pa sa"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "handover-password-wrong")
    late = rose.post(f"{path}/sign", {"password": PASSWORD}, held=asked["version"])
    assert (late.status_code, late.json()["code"]) == (412, "handover-changed")
    once = rose.post(f"{path}/sign", {"password": PASSWORD}, held=done.json()["version"])
    assert once.json()["state"] == "acknowledging"
    assert pierre.get(f"{path}/document").status_code == 404
    signed = pierre.post(f"{path}/sign", {"password": PASSWORD}).json()
    assert (signed["state"], len(signed["signatures"])) == ("signed", 2)
    proof = rose.get(f"{path}/document").json()
    digest = hashlib.sha256(proof["document"].encode()).hexdigest()
    assert digest == proof["sha256"]
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["public_key"])).verify(
        bytes.fromhex(proof["signature"]), f"{proof['format']}\n{proof['site']}\n{digest}\n".encode()
    )
    listed = web.get("/handovers", role="auditor").json()
    assert [item["state"] for item in listed["items"]] == ["signed"]
    again = web.get(path, role="auditor").json()
    assert [line["remark"] and line["remark"]["words"] for line in again["lines"]] == [None, None]


def test_a_machine_may_look_but_neither_begin_nor_sign(web: Web) -> None:
    path = f"/handovers/{Person(web, 'pierre', 'dispatcher').post('/handovers').json()['id']}"
    assert web.get(path, role="dispatcher").json()["state"] == "draft"
    for where, body in (("/handovers", {"seat": "Plas 2"}), (f"{path}/sign", {"password": PASSWORD})):
        answer = web.post(where, body, role="dispatcher")
        assert (answer.status_code, answer.json()["code"]) == (409, "handover-person-only")
    assert web.post("/handovers", role="auditor").status_code == 403


def test_it_is_given_back_or_withdrawn_and_listed_page_by_page(web: Web) -> None:
    pierre, roz, ids = Person(web, "pierre", "dispatcher"), Person(web, "roz", "commander"), []
    for seat in ("Plas 1", "Plas 2", "Plas 3"):
        row = pierre.post("/handovers", {"seat": seat}).json()
        ids.append(row["id"])
        pierre.post(f"/handovers/{row['id']}/offer")
        taken = roz.post(f"/handovers/{row['id']}/take").json()
        assert taken["state"] == "acknowledging"
        back = roz.post(f"/handovers/{row['id']}/let_go").json()
        assert (back["state"], back["incoming"]) == ("offered", None)
        gone = pierre.post(f"/handovers/{row['id']}/withdraw").json()
        assert gone["state"] == "withdrawn"
    first = web.get("/handovers?limit=2", role="dispatcher").json()
    rest = web.get(f"/handovers?limit=2&cursor={first['next']}", role="dispatcher").json()
    assert [row["id"] for row in first["items"] + rest["items"]] == ids[::-1]
    bad = web.get("/handovers/0192/document", role="dispatcher")
    assert bad.status_code == 422


def test_what_changes_reaches_the_screens_within_the_nodes_own_second(web: Web, wait_until: Any) -> None:
    begun = Person(web, "pierre", "dispatcher").post("/handovers").json()
    assert begun["lines"] == []
    an_incident(web)
    path = f"/handovers/{begun['id']}"
    lines = wait_until(lambda: web.get(path, role="dispatcher").json()["lines"], "the new incident is on it")
    assert lines[0]["code"] == "incident_waiting"
