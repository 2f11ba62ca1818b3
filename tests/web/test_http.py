"""The API's manners: every refusal beside its success, in four languages, with what to do next."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from lanbi.accounts.service import hash_password
from lanbi.core.access import LANGUAGES, Actor
from lanbi.locales import hint, say
from lanbi.record.merkle import verify_consistency
from stores import ACTORS
from web.nodes import API, Served, serving

NOBODY_ID = "0192f000-0000-7000-8000-000000000000"
PASSWORD = "kat mo ki fasil pou sonje"


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, checked for what every refusal promises."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"] == f"urn:lanbi:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["hint"]
    return body


def open_incident(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/incidents", json={"type": "bleeding", "title": "Moun blese", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


# ---------------------------------------- languages


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_is_in_the_readers_language_with_what_next(served: Served, lang: str) -> None:
    with served.client(lang=lang) as client:
        answer = client.get("/incidents")
        body = problem(answer, 401, "sign-in-missing")
        assert body["detail"] == say(lang, "sign-in-missing")
        assert body["hint"] == hint(lang, "sign-in-missing")
        assert answer.headers["content-language"] == lang
        assert answer.headers["www-authenticate"] == "Bearer"


def test_who_is_signed_in_reads_their_own_language(served: Served) -> None:
    """Whatever the shared browser is set to."""
    served.hire(Actor(id="ana", name="Ana", role="dispatcher", lang="es"))
    with served.client(secret=served.new_secret("ana"), lang="fr") as client:
        body = problem(client.get(f"/incidents/{NOBODY_ID}"), 404, "incident-none")
        assert body["detail"] == say("es", "incident-none", **body)
        answer = client.put("/session/lang", json={"lang": "ht"})
        assert (answer.status_code, answer.json()["lang"]) == (200, "ht")
        body = problem(client.get(f"/incidents/{NOBODY_ID}"), 404, "incident-none")
        assert body["detail"] == say("ht", "incident-none", **body)


# ---------------------------------------- who is it


def test_signing_in_and_out_with_a_cookie_that_scripts_cannot_read(served: Served) -> None:
    served.hire(Actor(id="mirlande", name="Mirlande", role="call_taker"), hash_password(PASSWORD))
    with served.client() as client:
        problem(client.post("/session", json={"account": "mirlande", "password": "x"}), 401, "sign-in-wrong")
        answer = client.post("/session", json={"account": " Mirlande ", "password": PASSWORD})
        assert answer.status_code == 201
        assert answer.json()["actor"]["role"] == "call_taker"
        assert answer.json()["demo"] is False
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/" in cookie
        assert "max-age=50400" in cookie
        assert PASSWORD not in answer.text
        assert client.get("/session").json()["actor"]["id"] == "mirlande"
        secret = client.cookies["lanbi_session"]
        assert client.delete("/session").status_code == 200
    with served.client(secret=secret) as client:
        problem(client.get("/session"), 401, "session-ended")


def test_what_protects_an_account_changes_only_after_its_password_once_more(served: Served) -> None:
    served.hire(Actor(id="roseme", name="Roseme", role="call_taker"), hash_password(PASSWORD))
    with served.client() as client:
        client.post("/session", json={"account": "roseme", "password": PASSWORD})
        for path, body in {
            "/session/factors/totp": {"name": "Telefòn"},
            "/session/factors/passkey": None,
            "/session/factors/codes": None,
            f"/session/factors/{NOBODY_ID}/remove": None,
        }.items():
            problem(client.post(path, json=body), 403, "prove-first")
        # A wrong word ends no session.
        problem(client.post("/session/prove", json={"password": "x"}), 403, "prove-wrong")
        problem(
            client.post("/session/password", json={"old": "x", "new": f"{PASSWORD} nouvo"}),
            403,
            "prove-wrong",
        )
        assert client.get("/session").status_code == 200
        assert client.post("/session/prove", json={"password": PASSWORD}).status_code == 200
        assert client.post("/session/factors/totp", json={"name": "Telefòn"}).status_code == 201
        problem(client.post(f"/session/factors/{NOBODY_ID}/remove"), 404, "factor-none")


def test_a_machine_signs_in_with_its_key(served: Served) -> None:
    with served.client("administrator") as admin:
        answer = admin.post("/tokens", json={"name": "gps", "role": "dispatcher", "days": 1})
        assert answer.status_code == 201
        token = answer.json()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    with served.client() as machine:
        assert machine.get("/session", headers=bearer).json()["actor"]["id"] == "token:gps"
        # A machine has no pages: where its command comes from is no question.
        answer = machine.post(
            "/calls", json={"channel": "voice"}, headers={**bearer, "origin": "https://x.example"}
        )
        assert answer.status_code == 201
        for header in ("Bearer lanbi_nothing", "Bearer", "Basic bWFyaWU6eA==", "x"):
            problem(machine.get("/session", headers={"authorization": header}), 401, "token-unknown")
        with served.client("administrator") as admin:
            assert admin.post("/tokens/gps/revoke").status_code == 200
        problem(machine.get("/session", headers=bearer), 401, "token-unknown")


def test_a_session_that_was_ended_elsewhere_is_over(served: Served) -> None:
    served.hire(Actor(id="leaving", name="Leaving", role="dispatcher"))
    with served.client(secret=served.new_secret("leaving")) as client:
        assert client.get("/session").status_code == 200
        with served.client("administrator") as admin:
            assert admin.post("/accounts/leaving/disable").status_code == 200
        problem(client.get("/session"), 401, "session-ended")


def test_outside_a_demo_there_is_no_door_without_a_password(served: Served) -> None:
    with served.client() as client:
        assert client.get("/demo/accounts").json() == {"items": []}
        problem(
            client.post("/demo/session", json={"account": ACTORS["dispatcher"].id}), 404, "demo-account-none"
        )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/session", {"account": "marie", "password": PASSWORD}),
        ("/session/second", {"ticket": "x", "code": "000000"}),
        ("/session/passkey", None),
        ("/demo/session", {"account": "plas1"}),
    ],
)
def test_no_other_page_signs_anybody_in(served: Served, path: str, body: dict[str, str] | None) -> None:
    """Who is signed in as somebody else without knowing it works under the wrong name."""
    with served.client() as client:
        answer = client.post(path, json=body, headers={"origin": "https://evil.example"})
        problem(answer, 403, "origin-foreign")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost"])
def test_a_command_from_another_page_is_refused(served: Served, origin: str) -> None:
    with served.client("dispatcher") as client:
        answer = client.post("/calls", json={"channel": "voice"}, headers={"origin": origin})
        assert problem(answer, 403, "origin-foreign")["origin"] == origin
        own = client.post("/calls", json={"channel": "voice"}, headers={"origin": served.base})
        assert own.status_code == 201
        assert client.get("/calls", headers={"origin": origin}).status_code == 200


def test_a_role_may_what_the_policies_say(served: Served) -> None:
    with served.client("call_taker") as client:
        assert open_incident(client)
        body = problem(client.get("/journal"), 403, "not-allowed")
        assert (body["role"], body["action"]) == ("call_taker", "journal.see")
    with served.client("auditor") as client:
        assert client.get("/journal").status_code == 200
        problem(client.post("/incidents", json={}), 403, "not-allowed")


# ---------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "body-unreadable"),
        (b"", 422, "body-invalid"),
        (b"\xff\xfe", 400, "body-unreadable"),
        (b"[]", 422, "body-invalid"),
        (b'"voice"', 422, "body-invalid"),
        (b"{}", 422, "body-invalid"),
        (b'{"channel":7}', 422, "body-invalid"),
        (b'{"channel":"voice","colour":"red"}', 422, "body-invalid"),
        (b'{"channel":"voice","area":{"lat":"north","lon":0}}', 422, "body-invalid"),
        (b'{"channel":"voice","offered_at":"yesterday"}', 422, "time-unreadable"),
        (b'{"channel":"pigeon"}', 422, "unknown-term"),
    ],
)
def test_a_body_that_is_no_command_is_refused(served: Served, content: bytes, status: int, code: str) -> None:
    with served.client("dispatcher") as client:
        headers = {"content-type": "application/json"}
        problem(client.post("/calls", content=content, headers=headers), status, code)
        assert client.post("/calls", content=b'{"channel":"voice"}', headers=headers).status_code == 201


def test_a_body_over_a_megabyte_is_refused(served: Served) -> None:
    with served.client("dispatcher") as client:
        incident = open_incident(client)
        words = "x" * 1_100_000
        problem(
            client.post(f"/incidents/{incident['id']}/note", json={"words": words}), 413, "body-too-large"
        )
        body = problem(
            client.post(f"/incidents/{incident['id']}/note", json={"words": words[:20_001]}),
            413,
            "text-too-long",
        )
        assert (body["given"], body["limit"]) == (20_001, 20_000)
        answer = client.post(f"/incidents/{incident['id']}/note", json={"words": words[:20_000]})
        assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/incidents/x/y/z", "/session/x"])
def test_a_path_that_is_not_there(served: Served, path: str) -> None:
    with served.client("dispatcher") as client:
        problem(client.get(path), 404, "path-none")


def test_a_method_that_is_not_there(served: Served) -> None:
    with served.client("dispatcher") as client:
        body = problem(client.delete("/incidents"), 405, "method-none")
        assert body["method"] == "DELETE"


@pytest.mark.parametrize("name", [NOBODY_ID, "2417", "x" * 300])
def test_a_thing_that_is_not_there(served: Served, name: str) -> None:
    with served.client("dispatcher") as client:
        known = name == NOBODY_ID
        problem(
            client.get(f"/incidents/{name}"),
            404 if known else 422,
            "incident-none" if known else "id-unreadable",
        )


def test_a_rule_of_the_work_that_says_no(served: Served) -> None:
    with served.client("dispatcher") as client:
        incident = open_incident(client)
        closed = client.post(f"/incidents/{incident['id']}/close", json={"disposition": "resolved"})
        assert closed.status_code == 200
        body = problem(
            client.post(f"/incidents/{incident['id']}/title", json={"title": "x"}), 409, "incident-closed"
        )
        assert body["number"] == incident["number"]


# ---------------------------------------- twice, and at the same time


def test_a_command_that_arrives_twice_happens_once(served: Served) -> None:
    with served.client("dispatcher") as client:
        key = {"idempotency-key": "0192f000-aaaa-7000-8000-000000000001"}
        body = {"channel": "voice", "number": "+50937010142"}
        first = client.post("/calls", json=body, headers=key)
        head = served.head
        second = client.post("/calls", json=body, headers=key)
        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert served.head == head
        problem(client.post("/calls", json={"channel": "sms"}, headers=key), 409, "key-reused")
        problem(client.post("/calls", json=body, headers={"idempotency-key": "x" * 65}), 422, "key-unusable")


def test_what_was_seen_may_be_held_against_the_change(served: Served) -> None:
    with served.client("dispatcher") as client:
        incident = open_incident(client)
        path = f"/incidents/{incident['id']}"
        seen = client.get(path)
        tag = seen.headers["etag"]
        assert tag == f'"{incident["version"]}"'
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
        assert client.get(path, headers={"if-none-match": '"1"'}).status_code == 200
        first = client.post(f"{path}/title", json={"title": "Premye"}, headers={"if-match": tag})
        assert first.status_code == 200
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200
        late = client.post(f"{path}/title", json={"title": "Dezyèm"}, headers={"if-match": tag})
        assert problem(late, 412, "edited-meanwhile")["now"] == "Premye"
        assert client.get(path).json()["title"] == "Premye"
        again = {"if-match": f'"{first.json()["version"]}"'}
        assert client.post(f"{path}/title", json={"title": "Dezyèm"}, headers=again).status_code == 200
        wrong = client.post(f"{path}/title", json={"title": "x"}, headers={"if-match": "yesterday"})
        problem(wrong, 422, "etag-unreadable")


def test_pages_walk_every_row_once_while_new_ones_come(served: Served) -> None:
    with served.client("dispatcher") as client:
        before = [open_incident(client, title=f"Paj {number}")["id"] for number in range(45)]
        stop = threading.Event()

        def insert() -> None:
            with served.client("commander") as other:
                while not stop.is_set():
                    open_incident(other, title="pandan tan an")

        with ThreadPoolExecutor(1) as pool:
            inserting = pool.submit(insert)
            try:
                walked: list[str] = []
                cursor: str | None = ""
                while cursor is not None:
                    page = client.get("/incidents", params={"limit": 7, "cursor": cursor}).json()
                    assert len(page["items"]) <= 7
                    walked += [row["id"] for row in page["items"]]
                    cursor = page["next"]
            finally:
                stop.set()
            inserting.result(30)
        assert len(walked) == len(set(walked))
        assert set(before) <= set(walked)
        for limit in (0, -1, 201):
            problem(client.get("/incidents", params={"limit": limit}), 422, "limit-impossible")
        problem(client.get("/incidents", params={"limit": "seven"}), 422, "body-invalid")
        problem(client.get("/incidents", params={"cursor": "x; DROP"}), 422, "cursor-unreadable")


# ---------------------------------------- text to the letter


TEXTS = [
    "Dèyè legliz 🔥 ak {0} %s :pa $x",
    "حريق \u200f",
    "'; DROP TABLE call; --",
    "<b>&amp;</b>",
    "e\u0301 \u2028 x",
]


def said(entry: Any) -> list[str]:
    """Every text in an entry, however deep."""
    if isinstance(entry, dict):
        return [text for part in entry.values() for text in said(part)]
    return [entry] if isinstance(entry, str) else []


def texts_are_kept(served: Served) -> None:
    with served.client("dispatcher") as client:
        incident = open_incident(client)
        path = f"/incidents/{incident['id']}"
        for text in TEXTS:
            assert client.post(f"{path}/note", json={"words": text}).status_code == 200
        log = client.get(f"{path}/log").json()["items"]
        assert all(any(text in said(entry) for entry in log) for text in TEXTS)
        problem(client.post(f"{path}/note", json={"words": "a\x00b"}), 422, "text-nul")
        assert client.post(f"{path}/note", content=rb'{"words":"a\ud800b"}').status_code in (400, 422)
        assert client.get("/places", params={"q": "a\x00b"}).status_code < 500
        # In places where no one expects it, too.
        for answer in (
            client.get("/calls", params={"cursor": "\x00"}),
            client.get("/incidents/%00"),
            client.post("/session", json={"account": "a\x00b", "password": "x"}),
            client.post("/calls", json={"channel": "a\x00b"}),
            client.post("/calls", json={"channel": "voice", "number": "a\x00b"}),
            client.post("/calls", json={"channel": "voice", "lang": "a\x00b"}),
            client.post("/incidents", json={"type": "a\x00b"}),
            client.post("/units", json={"callsign": "a\x00b", "kind": "ambulance"}),
            client.post("/promises", json={"kind": "visit", "words": "a\x00b"}),
        ):
            assert 400 <= answer.status_code < 500, f"{answer.request.url}: {answer.text}"
            assert answer.json()["hint"]
    with served.client("administrator") as admin:
        for answer in (
            admin.get("/accounts", params={"cursor": "a\x00b"}),
            admin.get("/journal", params={"subject": "a\x00b"}),
            admin.post("/accounts/%00/disable"),
            admin.post("/tokens/%00/revoke"),
        ):
            assert answer.status_code < 500, f"{answer.request.url}: {answer.text}"


def test_text_is_kept_to_the_letter_or_refused_by_name(served: Served) -> None:
    texts_are_kept(served)


@pytest.mark.postgres
def test_text_is_kept_to_the_letter_on_postgresql(postgres_database: str, tmp_path: Path) -> None:
    with serving(tmp_path, store_url=postgres_database) as served:
        texts_are_kept(served)


# ---------------------------------------- the house's face


def test_the_api_describes_itself(served: Served) -> None:
    with served.client() as client:
        schema = client.get("/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    documented = {(method, path) for path, item in schema["paths"].items() for method in item}
    bare = []
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if not operation.get("summary") or not operation.get("tags"):
                bare.append(f"{method} {path}")
    assert bare == []
    served_routes = {
        (method.lower(), path_of(route.path))
        for route in served.app.litestar.routes
        if route.path.startswith(API) and getattr(route, "methods", None)
        for method in route.methods
        if method in ("GET", "POST", "PUT", "DELETE", "PATCH")
    }
    missing = {(method, path) for method, path in served_routes if "/openapi.json" not in path} - documented
    assert missing == set()


def path_of(path: str) -> str:
    """A route's path as the schema writes it: `{id:str}` is `{id}`."""
    parts = [f"{{{part[1:-1].split(':')[0]}}}" if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


@pytest.mark.parametrize("path", ["/api/v1/healthz", "/api/v1/incidents", "/api/v1/nothing", "/"])
def test_every_answer_carries_the_headers_that_keep_a_browser_safe(served: Served, path: str) -> None:
    answer = httpx.get(served.base + path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy  # no other host, not even ours by name
    assert "server" not in answer.headers


def test_a_watchdog_needs_no_key_and_a_meter_does(served: Served) -> None:
    with served.client() as client:
        health = client.get("/healthz").json()
        assert health["ok"] is True
        assert health["head"] <= served.head
        problem(client.get("/metrics"), 401, "sign-in-missing")
    with served.client("dispatcher") as client:
        problem(client.get("/metrics"), 403, "not-allowed")
    with served.client("administrator") as client:
        assert "lanbi_live_screens" in client.get("/metrics").text


def test_every_row_is_kept_from_caches(served: Served) -> None:
    with served.client("dispatcher") as client:
        for path in ("/incidents", "/calls", "/units", f"/incidents/{open_incident(client)['id']}"):
            assert client.get(path).headers["cache-control"] == "no-store"


def test_that_the_record_only_grew_is_proved_between_any_two_sizes(served: Served) -> None:
    with served.client("dispatcher") as floor:
        for _ in range(12):
            open_incident(floor)
    with served.client("auditor") as client:
        head = client.get("/journal", params={"limit": 1}).json()["items"][0]["seq"]
        proof = client.get("/journal/consistency", params={"from": 3, "to": head}).json()
        assert (proof["from"], proof["to"]) == (3, head)
        path = [bytes.fromhex(step) for step in proof["path"]]
        roots = (bytes.fromhex(proof["from_root"]), bytes.fromhex(proof["to_root"]))
        assert verify_consistency(3, head, path, *roots)
        problem(client.get("/journal/consistency", params={"from": head, "to": 3}), 422, "sizes-impossible")
