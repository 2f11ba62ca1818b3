"""Exports over HTTP, behind the shipped policies."""

import io
import zipfile
from typing import Any

import pypdf
import pytest

from stores import Web
from tracing.exports.conftest import BARRED
from tracing.room import GLOCK, SEIZURE

OPEN = {"tlp": "GREEN", "releasable": ["DO"]}
SOURCE = {"kind": "seizure_report", "reference": "Pwosè-vèbal 24-118", "grade": "B2"}
TO = {"to": "DO", "purpose": "criminal_investigation"}


def made(desk: Web, kind: str, values: dict[str, str], **more: Any) -> dict[str, Any]:
    body = {"kind": kind, "values": [{"prop": prop, "value": value} for prop, value in values.items()]}
    answer = desk.post(
        "/tracing/entities", {**body, "source": SOURCE, "handling": OPEN, **more}, role="analyst"
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def case(desk: Web) -> dict[str, str]:
    """A seizure with a firearm and who held it; the analyst reads for a purpose."""
    recovery = made(desk, "recovery", SEIZURE)
    firearm = made(desk, "firearm", {**GLOCK, "recovery": recovery["id"]})
    person = made(desk, "person", {"role": "possessor", "name": "Moun Envante"})
    made(desk, "possession", {"person": person["id"], "recovery": recovery["id"]})
    opened = desk.post("/tracing/desk", {"purpose": TO["purpose"], "case": "24-118"}, role="analyst")
    assert opened.status_code == 200
    return {"recovery": recovery["id"], "firearm": firearm["id"], "person": person["id"]}


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_case_goes_from_preview_to_paper(desk: Web, case: dict[str, str]) -> None:
    seen = desk.post("/tracing/exports/preview", {**TO, "case": "24-118"}, role="analyst").json()
    assert (seen["tlp"], seen["second"], seen["kept"]) == ("GREEN", True, {"sealed": 1})
    (person,) = [item for item in seen["items"] if item["id"] == case["person"]]
    assert [(one["prop"], one["reason"]) for one in person["kept"]] == [("name", "sealed")]
    assert person["goes"]
    answer = desk.post("/tracing/exports", {**TO, "case": "24-118", "format": "report"}, role="analyst")
    export = answer.json()
    assert (answer.status_code, export["state"], export["lang"]) == (201, "waiting", "en")
    assert export["snapshot"] == seen["snapshot"]
    assert answer.headers["etag"] == f'"{export["version"]}"'
    path = f"/tracing/exports/{export['id']}"
    assert code_of(desk.get(f"{path}/file", role="analyst")) == (409, "export-waits")
    assert code_of(desk.post(f"{path}/approve", {"allowed": True}, role="analyst")) == (
        409,
        "tracing-second-person",
    )
    allowed = desk.post(f"{path}/approve", {"allowed": True}, role="commander")
    assert allowed.json()["state"] == "ready"
    paper = desk.get(f"{path}/file", role="analyst")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["cache-control"] == "no-store"
    assert f"lanbi-ht-do-{export['snapshot'][:12]}.pdf" in paper.headers["content-disposition"]
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    assert "SYN48B075" in text
    assert "Moun Envante" not in text
    listed = desk.get("/tracing/exports", role="analyst").json()["items"]
    assert [(one["number"], one["handed"], one["case"]) for one in listed] == [(1, 1, "24-118")]
    assert desk.get(path, role="auditor").json()["handed"] == 1


@pytest.mark.parametrize("format", ["ftm", "stix", "csv", "statements"])
def test_firearms_alone_go_at_once_in_every_format(desk: Web, case: dict[str, str], format: str) -> None:
    body = {**TO, "entities": [case["firearm"], case["recovery"]], "format": format, "lang": "es"}
    export = desk.post("/tracing/exports", body, role="analyst").json()
    assert export["state"] == "ready"
    answer = desk.get(f"/tracing/exports/{export['id']}/file", role="analyst")
    data = answer.content
    if format == "csv":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("firearm.csv")
    assert b"SYN48B075" in data
    assert answer.headers["content-disposition"].startswith("attachment")


def test_who_must_be_told_is_listed_until_they_were(desk: Web, case: dict[str, str]) -> None:
    body = {**TO, "entities": [case["firearm"], case["recovery"]], "format": "csv"}
    export = desk.post("/tracing/exports", body, role="analyst").json()
    desk.get(f"/tracing/exports/{export['id']}/file", role="analyst")
    dossier = desk.get(f"/tracing/entities/{case['firearm']}", role="analyst").json()
    statement = next(one["id"] for one in dossier["statements"] if one["prop"] == "serial")
    carried = desk.get(f"/tracing/exports/affected?statement={statement}", role="analyst").json()
    assert [one["export"]["id"] for one in carried] == [export["id"]]
    assert desk.get("/tracing/exports/affected", role="analyst").json() == []
    desk.post("/tracing/statements/withdraw", {"statements": [statement], "reason": "error"}, role="analyst")
    waiting = desk.get("/tracing/exports/affected", role="analyst").json()
    assert [one["statements"] for one in waiting] == [[statement]]
    assert code_of(desk.get(f"/tracing/exports/{export['id']}/file", role="analyst")) == (
        409,
        "export-overtaken",
    )
    told = desk.post(f"/tracing/exports/{export['id']}/told", role="analyst")
    assert told.json()["told_at"] is not None
    assert desk.get("/tracing/exports/affected", role="analyst").json() == []


def test_refusals_say_what_and_what_next(desk: Web, case: dict[str, str]) -> None:
    def refused(status: int, code: str, **body: Any) -> None:
        answer = desk.post(
            "/tracing/exports", {**TO, "case": "24-118", "format": "ftm", **body}, role="analyst"
        )
        assert code_of(answer) == (status, code)
        assert answer.json()["hint"]

    refused(404, "export-case-none", case="99-1")
    refused(422, "export-selection", case=None)
    refused(422, "export-lang", lang="de")
    refused(409, "export-recipient-barred", to=BARRED)
    refused(409, "export-nothing-goes", to="JM")
    refused(422, "tracing-party-code", to="nou")
    unknown = desk.post("/tracing/exports", {**TO, "case": "24-118", "format": "docx"}, role="analyst")
    assert unknown.status_code == 422
    nobody = "01890000-0000-7000-8000-000000000000"
    assert code_of(desk.get(f"/tracing/exports/{nobody}", role="analyst")) == (404, "export-none")
    assert code_of(desk.get(f"/tracing/exports/{nobody}/file", role="analyst")) == (404, "export-none")
    # The commander has said no purpose in this session.
    answer = desk.post("/tracing/exports", {**TO, "case": "24-118", "format": "ftm"}, role="commander")
    assert code_of(answer) == (409, "tracing-desk-needed")


def test_pages_go_back_by_number(desk: Web, case: dict[str, str]) -> None:
    for _ in range(3):
        desk.post("/tracing/exports", {**TO, "entities": [case["firearm"]], "format": "csv"}, role="analyst")
    first = desk.get("/tracing/exports?limit=2", role="analyst").json()
    assert ([one["number"] for one in first["items"]], first["next"]) == ([3, 2], "2")
    rest = desk.get("/tracing/exports?limit=2&cursor=2", role="analyst").json()
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([1], None)


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "administrator"])
def test_the_floor_has_no_part_in_it(desk: Web, case: dict[str, str], role: str) -> None:
    asked = [
        desk.post("/tracing/exports/preview", {**TO, "case": "24-118"}, role=role),
        desk.get("/tracing/exports", role=role),
        desk.get("/tracing/exports/affected", role=role),
        desk.get("/tracing/exports/01890000-0000-7000-8000-000000000000", role=role),
    ]
    assert [answer.status_code for answer in asked] == [403] * 4
