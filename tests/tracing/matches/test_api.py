"""Search, queue and registers over HTTP, on a whole node; a register comes in by the command line."""

import csv
from pathlib import Path
from typing import Any

import pytest

from e2e.nodes import lanbi
from lanbi.core.access import SYSTEM
from lanbi.tracing.handling import Handling
from lanbi.tracing.matches.importer import import_register
from lanbi.tracing.matches.model import Wanted
from stores import Web
from tracing.matches.queue_room import HEADINGS, OTHERS, STOLEN, at_once
from tracing.room import GLOCK, SEIZURE

WHO = "analyst"


def written(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "register.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows, *OTHERS])
    return path


@pytest.fixture
def desk(web: Web, tmp_path: Path) -> Web:
    """A node with one register, where what takes long is done at once."""
    web.node.serials._start = at_once
    rules = Handling(originator="US")
    wanted = Wanted(name="SYNTHETIC stolen", kind="stolen", handling=rules, synthetic=True)
    import_register(web.node.store, web.node.registers, SYSTEM, written(tmp_path, STOLEN), wanted)
    return web


def made(web: Web, kind: str, values: dict[str, str]) -> Any:
    body = {
        "kind": kind,
        "values": [{"prop": prop, "value": value} for prop, value in values.items()],
        "source": {"kind": "seizure_report", "reference": "R 1"},
    }
    answer = web.post("/tracing/entities", body, role=WHO)
    assert answer.status_code == 201, answer.text
    return answer.json()


def seized(web: Web, **more: str) -> Any:
    recovery = made(web, "recovery", SEIZURE)
    firearm = made(web, "firearm", {**GLOCK, "recovery": recovery["id"], **more})
    web.node.match_clerk.step()
    return firearm


def queue(web: Web, **asked: str) -> list[Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = web.get(f"/tracing/matches?{query}", role=WHO)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def refused(answer: Any, status: int, code: str) -> Any:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert body["detail"] != code
    assert body["hint"]
    return body


def test_a_search_tells_every_difference(desk: Web) -> None:
    answer = desk.get("/tracing/serials?serial=SYN-48B%20075&make=Glock&limit=5", role=WHO)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["read"] == {
        "marks": "SYN48B075", "status": "legible", "notes": [], "make": "GLOCK", "model": None,
        "calibre": None, "type": None,
    }  # fmt: skip
    assert (body["entries"], body["firearms"], body["too_many"]) == (9, 0, False)
    (hit,) = body["hits"]
    assert set(hit) == {
        "entry", "firearm", "marks", "make", "model", "calibre", "type", "score", "alignment", "parts",
        "near", "of",
    }  # fmt: skip
    assert (hit["marks"], hit["firearm"], hit["near"], hit["of"]) == ("SYN488075", None, 0, 9)
    assert hit["entry"]["register"]["name"] == "SYNTHETIC stolen"
    assert hit["entry"]["row"] == 1
    assert hit["alignment"][5] == {"recovered": "B", "register": "8", "relation": "look_alike"}
    assert "24-77" not in answer.text
    assert desk.get("/metrics", role="administrator").text.count(
        'lanbi_tracing_serial_searches_total{outcome="found"}'
    )


def test_each_refusal_of_a_search_has_its_sentence(desk: Web) -> None:
    refused(desk.get("/tracing/serials?serial=obliterated", role=WHO), 422, "serial-no-marks")
    refused(desk.get("/tracing/serials?serial=AB1234&limit=99", role=WHO), 422, "limit-impossible")
    assert desk.get("/tracing/serials", role=WHO).status_code == 422
    assert desk.get("/tracing/serials?serial=AB1234", role="dispatcher").status_code == 403


def test_while_the_index_is_made_the_answer_says_when_to_ask_again(web: Web) -> None:
    web.node.serials._start = lambda work: None
    answer = web.get("/tracing/serials?serial=AB1234", role=WHO)
    assert refused(answer, 503, "serial-index-building")["percent"] == 0
    assert answer.headers["retry-after"] == "1"


def test_from_proposal_to_decision_and_back(desk: Web) -> None:
    firearm = seized(desk)
    (row,) = queue(desk)
    assert set(row) == {
        "id", "version", "number", "kind", "firearm", "other", "score", "recovered", "register", "alignment",
        "parts", "near", "of", "verdict", "decided_by", "decided_at", "why", "undone_at", "proposed_at",
        "withdrawn_at",
    }  # fmt: skip
    assert (row["kind"], row["firearm"], row["other"]) == (
        "register",
        {"id": firearm["id"], "ref": "F-1"},
        None,
    )
    assert row["recovered"] == {
        "marks": "SYN48B075", "make": "GLOCK", "model": "19", "calibre": "9X19", "photos": [],
    }  # fmt: skip
    register = row["register"]
    assert (register["name"], register["kind"], register["originator"]) == (
        "SYNTHETIC stolen",
        "stolen",
        "US",
    )
    assert (register["marks"], register["row"], register["withdrawn"]) == ("SYN488075", 1, False)
    path = f"/tracing/matches/{row['id']}"
    one = desk.get(path, role=WHO)
    assert (one.json(), one.headers["etag"]) == (row, f'"{row["version"]}"')
    body = {"verdict": "same", "why": "photograph compared"}
    refused(desk.post(f"{path}/decide", body, role=WHO, if_match='"1"'), 412, "match-changed")
    decided = desk.post(f"{path}/decide", body, role=WHO, if_match=f'"{row["version"]}"')
    assert decided.status_code == 200, decided.text
    shown = decided.json()
    assert (shown["verdict"], shown["why"]) == ("same", "photograph compared")
    assert decided.headers["etag"] == f'"{shown["version"]}"'
    refused(desk.post(f"{path}/decide", body, role=WHO), 409, "match-decided-already")
    assert queue(desk) == []
    assert [item["id"] for item in queue(desk, verdict="same")] == [row["id"]]
    held = desk.get(f"/tracing/entities/{firearm['id']}", role=WHO).json()
    assert {one["value"] for one in held["statements"] if one["prop"] == "serial"} == {
        "SYN48B075",
        "SYN488075",
    }
    undone = desk.post(f"{path}/undo", role=WHO, if_match=f'"{shown["version"]}"').json()
    assert (undone["verdict"], undone["why"], undone["undone_at"] is not None) == ("none", None, True)
    refused(desk.post(f"{path}/undo", role=WHO), 409, "match-not-decided")


def test_a_duplicate_shows_the_other_firearm_beside_it(desk: Web) -> None:
    first, second = seized(desk), seized(desk)
    (row,) = queue(desk, kind="duplicate")
    assert (row["firearm"]["id"], row["other"]["id"]) == (second["id"], first["id"])
    assert row["other"] == {
        "id": first["id"], "ref": "F-1", "marks": "SYN48B075", "make": "GLOCK", "model": "19",
        "calibre": "9X19", "photos": [], "recovery": {"id": first["values"]["recovery"], "ref": "R-1"},
    }  # fmt: skip
    assert row["register"] is None


def test_a_queue_in_pages(desk: Web) -> None:
    for _ in range(3):
        seized(desk)
    whole = queue(desk)
    assert len(whole) == 6
    paged: list[Any] = []
    cursor = ""
    while cursor is not None:
        page = desk.get(f"/tracing/matches?limit=4&cursor={cursor}", role=WHO).json()
        paged += page["items"]
        cursor = page["next"]
    assert [row["id"] for row in paged] == [row["id"] for row in whole]
    for bad in ("x", "1", "1.x", "1.2.3", "9" * 50 + ".1", "١.٢"):
        refused(desk.get(f"/tracing/matches?cursor={bad}", role=WHO), 422, "cursor-unreadable")
    refused(desk.get("/tracing/matches?verdict=maybe", role=WHO), 422, "match-verdict")
    refused(desk.get("/tracing/matches?kind=maybe", role=WHO), 422, "match-kind")
    refused(desk.get("/tracing/matches?firearm=F-1", role=WHO), 422, "id-unreadable")
    unknown = "0192aaaa-0000-7000-8000-000000000000"
    refused(desk.get(f"/tracing/matches/{unknown}", role=WHO), 404, "match-none")
    maybe = {"verdict": "maybe", "why": "x"}
    assert desk.post(f"/tracing/matches/{unknown}/decide", maybe, role=WHO).status_code in (400, 422)


def test_registers_are_listed_read_on_the_record_and_withdrawn(desk: Web) -> None:
    (register,) = desk.get("/tracing/registers", role=WHO).json()["items"]
    assert (register["name"], register["entries"], register["originator"]) == ("SYNTHETIC stolen", 9, "US")
    assert register["handling"]["tlp"] == "AMBER_STRICT"
    path = f"/tracing/registers/{register['id']}"
    one = desk.get(path, role=WHO)
    assert (one.json(), one.headers["etag"]) == (register, f'"{register["version"]}"')
    n = register["number"] * 10_000_000 + 1
    read = desk.post(f"/tracing/registers/entries/{n}/read", role=WHO).json()
    assert (read["reference"], read["written"]["serial"]) == ("case 24-77", "SYN 488075")
    for missing in (1, n + 5_000, 2**63):
        refused(desk.post(f"/tracing/registers/entries/{missing}/read", role=WHO), 404, "register-entry-none")
    refused(
        desk.post(f"{path}/withdraw", {"reason": "error"}, role=WHO, if_match='"1"'), 412, "register-changed"
    )
    gone = desk.post(f"{path}/withdraw", {"reason": "originator"}, role=WHO).json()
    assert (gone["withdrawn_why"], gone["withdrawn_at"] is not None) == ("originator", True)
    refused(desk.post(f"{path}/withdraw", {"reason": "originator"}, role=WHO), 409, "register-withdrawn")
    refused(desk.post(f"/tracing/registers/entries/{n}/read", role=WHO), 409, "register-withdrawn")
    assert desk.get("/tracing/serials?serial=SYN488075", role=WHO).json()["hits"] == []


def test_the_command_line_takes_a_register_in_or_says_why_not(tmp_path: Path) -> None:
    data = tmp_path / "node"
    file = written(tmp_path, STOLEN, ("1.2E+11", "Glock", "", "", "", ""))
    words = ["--data", data, "--kind", "stolen", "--originator", "US", "--name", "SYNTHETIC stolen"]
    whole = lanbi("import", "register", file, *words)
    assert whole.returncode == 1
    assert "line 3:" in whole.stdout
    assert "--skip-bad" in whole.stderr
    tried = lanbi("import", "register", file, *words, "--skip-bad", "--dry-run")
    assert (tried.returncode, "9 could be taken in" in tried.stdout) == (0, True)
    mapped = lanbi("import", "register", file, *words, "--column.serial", "Owner", "--dry-run")
    assert (mapped.returncode, "Owner" in mapped.stderr) == (1, True)
    done = lanbi("import", "register", file, *words, "--skip-bad", "--grade", "B2", "--releasable", "HT")
    assert done.returncode == 0, done.stderr
    assert "9 entries taken in, 1 left out" in done.stdout
    again = lanbi("import", "register", file, *words, "--skip-bad")
    assert (again.returncode, "taken in before" in again.stderr) == (1, True)
    assert lanbi("import", "register", tmp_path / "none.csv", *words).returncode == 1
    assert lanbi("import", "register", file, *words, "--tlp", "PINK").returncode == 1
