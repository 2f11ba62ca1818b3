"""Trace requests over HTTP: two whole sites on this machine, their couriers at work between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from lanbi.partners.courier import Courier, HttpPost
from lanbi.tracing import api as tracing_api
from lanbi.tracing.requests import api as requests_api
from partners.sites import KEEPER, WAIT_S, Asker, Served, app_of, courier_of, partner_routes, until
from tracing.requests.states import DEALER, SALE, Exchange, State


def handlers(state: State, courier: Courier) -> list[Any]:
    return [
        *tracing_api.routes(state.tracing, state.clock),
        *requests_api.routes(state.requests, state.clock),
        *partner_routes(state, courier),
    ]


class House:
    """A site that is served, with a courier on threads of its own, and people who ask it."""

    def __init__(self, state: State, held: ExitStack) -> None:
        self.state = state
        post = HttpPost()
        held.callback(post.close)
        self.courier = courier_of(state, post)
        self.served = Served(app_of(state, handlers(state, self.courier)))
        held.callback(self.served.close)
        client = held.enter_context(httpx.Client(base_url=self.served.url, timeout=WAIT_S))
        self._asker = Asker(state, client)
        state.store.listen(self.courier.wake)

    def know(self, other: House) -> None:
        """Where the other's inbox is; then the courier begins."""
        code, url = other.state.code, other.served.url
        self.state.do(lambda tx: self.state.partners.edit(tx, code, url=url), by=KEEPER)

    def get(self, path: str, *, role: str = "analyst") -> Any:
        return self._asker.get(path, role=role)

    def post(
        self, path: str, body: Any = None, *, by: str = "anna", role: str = "analyst", **more: Any
    ) -> Any:
        return self._asker.post(path, body, role="commander" if by == "chef" else role, by=by, **more)

    def step(self, request: Any, verb: str, body: Any = None, *, by: str = "anna") -> Any:
        answer = self.post(f"/tracing/requests/{request['id']}/{verb}", body, by=by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def one(self, request: Any) -> Any:
        return self.get(f"/tracing/requests/{request['id']}").json()["request"]

    def state_of(self, request: Any) -> str:
        return self.one(request)["state"]

    def came(self) -> Any:
        items = self.get("/tracing/requests?side=in&limit=1").json()["items"]
        return items[0] if items else None


@pytest.fixture
def houses(both: Exchange) -> Iterator[tuple[House, House]]:
    with ExitStack() as held:
        haiti, dominicana = House(both.haiti, held), House(both.dominicana, held)
        for house, other in ((haiti, dominicana), (dominicana, haiti)):
            house.know(other)
            house.courier.start()
            held.callback(house.courier.stop)
        yield haiti, dominicana


@pytest.fixture
def web(exchange: Exchange) -> Iterator[Asker]:
    """The Haitian site alone, over HTTP."""
    app = app_of(exchange.haiti, handlers(exchange.haiti, exchange.couriers["HT-PAP"]))
    with TestClient(app) as client:
        yield Asker(exchange.haiti, client)


ASK = {
    "to": "DO",
    "purpose": "criminal_investigation",
    "legal_basis": "criminal_investigation",
    "case": "24-118",
}


def test_from_a_draft_to_an_answer_between_two_sites_over_http(houses: tuple[House, House]) -> None:
    haiti, dominicana = houses
    firearm = haiti.state.seized(haiti.state.rules("DO"))
    made = haiti.post("/tracing/requests", {**ASK, "firearm_id": firearm.id, "words": "Vit, tanpri."})
    assert made.status_code == 201, made.text
    request = made.json()
    early = haiti.post(f"/tracing/requests/{request['id']}/send")
    assert (early.status_code, early.json()["code"]) == (409, "trace-step")
    assert early.json()["hint"] == "Next: a second person approves it."
    haiti.step(request, "approve", by="chef")
    assert haiti.step(request, "send")["state"] == "sent"
    until(dominicana.came, "the request has arrived")
    came = dominicana.came()
    assert (came["partner"], came["theirs"], came["next"]) == (
        "HT-PAP",
        request["ref"],
        ["acknowledge", "refuse"],
    )
    dominicana.step(came, "acknowledge")
    until(lambda: haiti.state_of(request) == "acknowledged", "it is acknowledged")
    dominicana.step(came, "progress")
    dominicana.step(came, "need_more", {"asks": ["firearm.importer"], "words": "¿Quién lo importó?"})
    until(lambda: haiti.state_of(request) == "more_needed", "more is needed")
    assert haiti.one(request)["asks"] == ["firearm.importer"]
    haiti.state.state("firearm", {"importer": "Enpòtatè Envante"}, haiti.state.rules("DO"), of=firearm)
    haiti.step(request, "approve", by="chef")
    haiti.step(request, "send")
    until(lambda: dominicana.one(came)["round"] == 2, "it has arrived again")
    dominicana.step(came, "acknowledge")
    dominicana.step(came, "progress")
    sale = {"values": SALE, "dealer": DEALER, "reference": "Libro 7", "grade": "B2"}
    dominicana.step(came, "answer", {"outcome": "purchaser", "sale": sale})
    until(lambda: haiti.state_of(request) == "answered", "it is answered")
    story = haiti.get(f"/tracing/requests/{request['id']}").json()
    assert story["words"] == "Vit, tanpri."
    assert [step["what"] for step in story["steps"]] == [
        "drafted", "approved", "sent", "acknowledged", "in_progress", "more_needed", "approved", "sent",
        "acknowledged", "in_progress", "answered",
    ]  # fmt: skip
    sent = story["steps"][2]
    until(
        lambda: haiti.get(f"/tracing/requests/{request['id']}").json()["steps"][2]["receipt"] is not None,
        "the receipt is there",
    )
    letter = haiti.get(f"/partners/messages/{sent['letter']}").json()
    assert (letter["state"], letter["outcome"], letter["receipt"] is not None) == ("delivered", "taken", True)
    assert story["steps"][5]["by"] == "site:DO"
    assert story["steps"][5]["words"] == "¿Quién lo importó?"
    dossier = haiti.get(f"/tracing/entities/{firearm.id}").json()
    assert dossier["entity"]["values"]["importer"] == "Enpòtatè Envante"


def test_a_cut_and_a_stop_over_http_lose_nothing(houses: tuple[House, House]) -> None:
    haiti, dominicana = houses
    dominicana.state.do(lambda tx: dominicana.state.partners.enable(tx, "HT-PAP", False), by=KEEPER)
    firearm = haiti.state.seized(haiti.state.rules("DO"))
    request = haiti.post("/tracing/requests", {**ASK, "firearm_id": firearm.id}).json()
    haiti.step(request, "approve", by="chef")
    haiti.step(request, "send")
    until(lambda: "DO" in haiti.courier.links, "it was tried")
    (partner,) = haiti.get("/partners").json()
    assert partner["link"]["reason"] == "link-refused"
    assert dominicana.came() is None
    dominicana.state.do(lambda tx: dominicana.state.partners.enable(tx, "HT-PAP", True), by=KEEPER)
    assert haiti.post("/partners/DO/try").status_code == 200
    until(dominicana.came, "the request has arrived")


def test_a_request_row_says_what_the_screens_need(web: Asker, exchange: Exchange) -> None:
    firearm = exchange.haiti.seized(exchange.haiti.rules("DO"))
    row = web.post("/tracing/requests", {**ASK, "firearm_id": firearm.id}, role="analyst").json()
    assert set(row) == {
        "id", "version", "number", "ref", "side", "partner", "theirs", "firearm", "channel", "priority",
        "purpose", "legal_basis", "case", "state", "next", "round", "clocks", "ack_due_at", "answer_due_at",
        "lapse_at", "overdue", "drafted_by", "changed_by", "approved_by", "leave_out", "asks", "outcome",
        "reason", "purchaser", "prepared_by", "trouble", "synthetic",
    }  # fmt: skip
    assert (row["ref"], row["state"], row["next"]) == ("Q-1", "draft", ["approve", "edit"])
    assert row["firearm"] == {"id": firearm.id, "ref": firearm.ref}
    story = web.get(f"/tracing/requests/{row['id']}", role="commander")
    assert story.headers["etag"] == f'"{row["version"]}"'
    assert story.json()["request"] == row
    preview = web.get(f"/tracing/requests/{row['id']}/preview", role="analyst").json()
    assert (preview["going"], preview["kept"]) == (13, 0)
    assert {item["state"] for item in preview["needed"]} == {"goes"}
    stale = web.post(
        f"/tracing/requests/{row['id']}/edit", {"case": "x"}, role="analyst", headers={"if_match": '"1"'}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "trace-changed")
    edited = web.post(f"/tracing/requests/{row['id']}/edit", {"priority": "urgent"}, role="analyst").json()
    assert (edited["priority"], edited["changed_by"]) == ("urgent", "analyst")


def test_what_stays_is_shown_statement_by_statement_with_its_reason(web: Asker, exchange: Exchange) -> None:
    haiti = exchange.haiti
    firearm = haiti.seized(haiti.rules("DO"))
    haiti.state("firearm", {"finish": "nwa"}, haiti.rules("DO", tlp="RED"), of=firearm)
    haiti.state("firearm", {"importer": "X"}, haiti.rules("JM"), of=firearm)
    serial = next(one.id for one in haiti.statements(firearm.id) if one.prop == "serial")
    body = {**ASK, "firearm_id": firearm.id, "leave_out": [serial]}
    row = web.post("/tracing/requests", body, role="analyst").json()
    preview = web.get(f"/tracing/requests/{row['id']}/preview", role="analyst").json()
    kept = {item["statement"]["prop"]: item["kept"] for item in preview["items"] if item["kept"]}
    assert kept == {"finish": "red", "importer": "not_named", "serial": "left_out"}
    assert {one["prop"]: one["state"] for one in preview["needed"]}["serial"] == "stays"
    assert {one["reference"] for one in preview["sources"]} == {"PV 24-118"}


def test_boxes_are_listed_by_side_state_and_partner_page_by_page(web: Asker, exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    rows = []
    for _ in range(3):
        firearm = haiti.seized(haiti.rules("DO"))
        rows.append(web.post("/tracing/requests", {**ASK, "firearm_id": firearm.id}, role="analyst").json())
    dominicana.ask(dominicana.seized(dominicana.rules("HT")), "HT-PAP")
    exchange.carry()
    first = web.get("/tracing/requests?side=out&state=draft&limit=2", role="analyst").json()
    rest = web.get(
        f"/tracing/requests?side=out&state=draft&limit=2&cursor={first['next']}", role="analyst"
    ).json()
    assert [row["id"] for row in first["items"] + rest["items"]] == [row["id"] for row in rows[::-1]]
    assert rest["next"] is None
    (came,) = web.get("/tracing/requests?side=in&open=true", role="analyst").json()["items"]
    assert (came["partner"], came["side"], came["ref"]) == ("DO", "in", "Q-4")
    of_one = web.get(f"/tracing/requests?firearm={rows[0]['firearm']['id']}", role="analyst").json()["items"]
    assert [row["id"] for row in of_one] == [rows[0]["id"]]
    assert web.get("/tracing/requests?partner=JM", role="analyst").json()["items"] == []
    wrong = web.get("/tracing/requests?side=up", role="analyst")
    assert wrong.status_code in (400, 422)


def test_reminders_and_days_over_http(web: Asker, exchange: Exchange) -> None:
    terms = {"partner": "DO", "priority": "routine", "ack": 2, "answer": 9, "lapse": 20}
    assert web.post("/tracing/requests/terms", terms, role="commander").json()["lapse"] == 20
    bad = web.post("/tracing/requests/terms", {**terms, "answer": 1}, role="commander")
    assert (bad.status_code, bad.json()["code"]) == (422, "trace-terms")
    listed = web.get("/tracing/requests/terms", role="analyst").json()
    assert [row["partner"] for row in listed] == ["", "", "DO"]
    assert all(row["source"] for row in listed)
    haiti = exchange.haiti
    request = haiti.ask(haiti.seized(haiti.rules("DO")))
    early = web.post(f"/tracing/requests/{request.id}/lapse", role="analyst")
    assert (early.status_code, early.json()["code"]) == (409, "trace-not-over")
    exchange.wait(3)
    (due,) = web.get("/tracing/requests/dues", role="analyst").json()
    assert (due["kind"], due["owed_by"], due["ref"], due["request_id"]) == (
        "ack_due",
        "them",
        "Q-1",
        request.id,
    )
    exchange.wait(20)
    assert web.post(f"/tracing/requests/{request.id}/lapse", role="analyst").json()["state"] == "lapsed"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"to": "do"}, 422, "tracing-party-code"),
        ({"to": "HT-PAP"}, 409, "trace-to-us"),
        ({"to": "JM"}, 409, "trace-no-way"),
        ({"purpose": "curiosity"}, 422, "unknown-term"),
        ({"channel": "pigeon"}, 422, "body-invalid"),
        ({"firearm_id": "0197f000-0000-7000-8000-000000000000"}, 404, "tracing-none"),
        ({"firearm_id": "x"}, 422, "id-unreadable"),
        ({"case": ""}, 422, "text-empty"),
        ({"extra": 1}, 422, "body-invalid"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_in_words(
    web: Asker, exchange: Exchange, body: dict[str, Any], status: int, code: str
) -> None:
    firearm = exchange.haiti.seized(exchange.haiti.rules("DO"))
    answer = web.post("/tracing/requests", {**ASK, "firearm_id": firearm.id, **body}, role="analyst")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["hint"]
    assert web.get("/tracing/requests", role="analyst").json()["items"] == []


def test_a_machine_is_no_second_person(web: Asker, exchange: Exchange) -> None:
    firearm = exchange.haiti.seized(exchange.haiti.rules("DO"))
    key = web.token("script", "commander")
    body = {**ASK, "firearm_id": firearm.id}
    drafted = web.post("/tracing/requests", body, role="commander", secret=key)
    assert (drafted.status_code, drafted.json()["code"]) == (409, "trace-person-needed")
    row = web.post("/tracing/requests", body, role="analyst").json()
    approved = web.post(f"/tracing/requests/{row['id']}/approve", role="commander", secret=key)
    assert (approved.status_code, approved.json()["code"]) == (409, "trace-person-needed")
    read = web.ask("GET", "/tracing/requests", role="commander", secret=key)
    assert [one["id"] for one in read.json()["items"]] == [row["id"]]


def test_the_floor_and_the_auditor_have_no_part_in_it(web: Asker, exchange: Exchange) -> None:
    firearm = exchange.haiti.seized(exchange.haiti.rules("DO"))
    row = web.post("/tracing/requests", {**ASK, "firearm_id": firearm.id}, role="analyst").json()
    for role in ("call_taker", "dispatcher", "auditor", "administrator"):
        paths = ("/tracing/requests", "/tracing/requests/dues", f"/tracing/requests/{row['id']}")
        assert {web.get(path, role=role).status_code for path in paths} == {403}
        assert web.post(f"/tracing/requests/{row['id']}/approve", role=role).status_code == 403
    assert web.ask("GET", "/tracing/requests").status_code == 401
    own = web.post(f"/tracing/requests/{row['id']}/approve", role="analyst")
    assert (own.status_code, own.json()["code"]) == (409, "trace-second-person")
    assert web.post(f"/tracing/requests/{row['id']}/approve", role="commander").status_code == 200
