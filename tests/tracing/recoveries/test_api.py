"""Recoveries, boards and imports over HTTP."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from lanbi.tracing.recoveries import api
from tracing.recoveries.ground import Site, gun, table
from tracing.room import GLOCK, SEIZURE

SOURCE = {"kind": "seizure_report", "reference": "PV 118/26"}


def values(given: dict[str, str]) -> list[dict[str, str]]:
    return [{"prop": prop, "value": value} for prop, value in given.items()]


def body(*guns: dict[str, str], **seizure: str) -> dict[str, Any]:
    return {
        "values": values({**SEIZURE, **seizure}),
        "items": [{"kind": "firearm", "values": values(one)} for one in guns],
        "source": SOURCE,
    }


def record(site: Site, *guns: dict[str, str], **seizure: str) -> Any:
    answer = site.post("/tracing/recoveries", body(*guns, **seizure))
    assert answer.status_code == 201, answer.text
    return answer.json()


def upload(site: Site, data: bytes, name: str = "seizures.csv", **asked: Any) -> Any:
    return site.post(f"/tracing/imports?file={quote(name)}", data, **asked)


def test_a_recovery_is_recorded_and_read(site: Site) -> None:
    made = record(
        site, GLOCK, {**GLOCK, "serial": "", "model": "17", "calibre": "11.9 rale"} | {"serial": "X1"}
    )
    assert set(made) == {"recovery", "made", "similar"}
    page = made["recovery"]
    assert set(page) == {
        "id", "version", "recovery", "values", "canonical", "contested", "completeness", "flags", "items",
        "similar", "more",
    }  # fmt: skip
    assert page["recovery"]["ref"] == "R-1" and page["recovery"]["firearms"] == 2
    one, two = page["items"]
    assert set(one) == {
        "id", "version", "ref", "kind", "canonical", "contested", "values", "completeness", "flags", "line",
    }  # fmt: skip
    assert [one["id"], two["id"]] == made["made"]
    assert (one["completeness"]["have"], one["completeness"]["of"]) == (5, 5)
    assert two["flags"] == [
        {"prop": "calibre", "value": "11.9 rale", "original": None, "flag": "calibre_unknown"}
    ]
    doubtful = next(one for one in two["completeness"]["identifiers"] if one["prop"] == "calibre")
    assert doubtful["standing"] == "doubtful" and set(doubtful["next"]) == {"ht", "fr", "es", "en"}
    answer = site.get(f"/tracing/recoveries/{page['id']}")
    assert answer.json() == page
    assert answer.headers["etag"] == f'"{page["version"]}"'
    assert site.get(f"/tracing/recoveries/{one['id']}").status_code == 404


def test_the_same_command_again_records_once(site: Site) -> None:
    first = site.post("/tracing/recoveries", body(GLOCK), idempotency_key="one")
    again = site.post("/tracing/recoveries", body(GLOCK), idempotency_key="one")
    assert first.json() == again.json()
    assert len(site.get("/tracing/board").json()["items"]) == 1


def test_more_items_a_sale_and_what_is_refused(site: Site) -> None:
    page = record(site, GLOCK)["recovery"]
    path = f"/tracing/recoveries/{page['id']}/items"
    item = {"kind": "materiel", "values": values({"kind": "grenade"})}
    more = site.post(path, {"items": [item], "source": SOURCE})
    assert more.status_code == 201 and more.json()["recovery"]["recovery"]["materiel"] == 1
    none = site.post(path, {"items": [], "source": SOURCE})
    assert (none.status_code, none.json()["code"]) == (422, "recoveries-items-none")
    sales = f"/tracing/firearms/{page['items'][0]['id']}/sales"
    late = site.post(sales, {"values": values({"date": "2026-08-01"}), "source": SOURCE})
    assert (late.status_code, late.json()["code"]) == (409, "recoveries-before-sale")
    assert (late.json()["recovered"], late.json()["sold"]) == ("2026-07-10", "2026-08-01")
    assert late.json()["hint"]
    sold = site.post(sales, {"values": values({"date": "2025-08-01"}), "source": SOURCE})
    assert (sold.status_code, sold.json()["kind"]) == (201, "acquisition")
    ahead = site.post("/tracing/recoveries", body(GLOCK, date="2131-01-01"))
    assert (ahead.status_code, ahead.json()["code"]) == (422, "recoveries-day-ahead")
    bad = site.post("/tracing/recoveries", body(GLOCK, {**GLOCK, "country": "Ostralia"}))
    assert (bad.status_code, bad.json()["item"]) == (422, 2)
    assert len(site.get("/tracing/recoveries").json()["items"]) == 1


def test_who_may_not_is_told_so(site: Site) -> None:
    assert site.post("/tracing/recoveries", body(GLOCK), by="dispatcher").status_code == 403
    for path in ("/tracing/recoveries", "/tracing/board", "/tracing/form", "/tracing/imports"):
        assert site.get(path, by="dispatcher").status_code == 403
        assert site.get(path, by="commander").status_code == 200
    assert upload(site, table(gun("A1")), by="dispatcher").status_code == 403
    assert site.get("/tracing/imports/mappings", by="auditor").status_code == 403
    assert site.post("/tracing/imports/propose", {"headers": []}, by="call_taker").status_code == 403


def test_boards_page_by_page(site: Site) -> None:
    for number in range(5):
        record(site, {**GLOCK, "serial": f"S{number}"}, case=f"C-{number}", date=f"2026-07-0{number + 1}")
    first = site.get("/tracing/recoveries?limit=3").json()
    rest = site.get(f"/tracing/recoveries?limit=3&cursor={first['next']}").json()
    assert [row["case"] for row in first["items"] + rest["items"]] == [f"C-{n}" for n in (4, 3, 2, 1, 0)]
    assert (first["next"], rest["next"]) == ("2026-07-03.3", None)
    guns = site.get("/tracing/board?limit=2&make=GLOCK").json()
    assert [row["serial"] for row in guns["items"]] == ["S4", "S3"] and guns["next"] == "4"
    assert site.get("/tracing/board?q=S1").json()["items"][0]["recovery"] == "R-2"
    assert site.get("/tracing/recoveries?q=C-2&incomplete=true").json()["items"] == []
    for bad in ("cursor=x", "cursor=2026-07-03", "cursor=x.3", "limit=0", "since=soon"):
        assert site.get(f"/tracing/recoveries?{bad}").status_code == 422
    record(site, GLOCK, case="undated", date="2026")
    assert site.get("/tracing/recoveries?cursor=.9").json()["items"] == []


def test_forms_get_what_they_need(site: Site) -> None:
    form = site.get("/tracing/form").json()
    assert form["boxes"]["firearm"]["serial"]["box"] == "5a"
    assert form["needed"]["firearm"] == ["make", "model", "calibre", "serial", "country"]
    assert any(one["code"] == "GLOCK" for one in form["makes"])
    assert all(form[name] for name in ("models", "calibres", "types"))


def test_a_file_is_uploaded_looked_at_and_taken_in(site: Site) -> None:
    data = table(gun("A1"), gun("A2", date="2131-01-01"))
    held = upload(site, data)
    assert held.status_code == 201, held.text
    row = held.json()
    assert (row["rows"], row["kind"], row["encoding"], row["delimiter"]) == (2, "csv", "utf-8", ",")
    assert row["sample"][0][0] == "24-1" and row["report"] is None
    assert row["proposal"]["mapping"]["entity"]
    path = f"/tracing/imports/{row['id']}"
    early = site.post(f"{path}/run")
    assert (early.status_code, early.json()["code"]) == (422, "recoveries-import-unjudged")
    judged = site.post(f"{path}/judge", {"mapping": "lanbi", "originator": "JM"}).json()
    report = judged["report"]
    assert (report["good"], report["bad"], report["state"]) == (1, 1, "judged")
    (fault,) = report["bad_rows"][0]["faults"]
    assert (report["bad_rows"][0]["line"], fault["column"]) == (3, "date")
    assert fault["words"] == "2131-01-01 has not come yet." and fault["hint"]
    assert judged["mapping"]["originator"] == "JM"
    stopped = site.post(f"{path}/run")
    assert (stopped.status_code, stopped.json()["code"]) == (409, "recoveries-import-bad")
    assert site.get("/tracing/board").json()["items"] == []
    done = site.post(f"{path}/run", {"skip_bad": True}).json()["report"]
    assert (done["state"], done["made"]) == ("done", 2)
    assert [one["serial"] for one in site.get("/tracing/board").json()["items"]] == ["A1"]
    again = upload(site, data)
    assert (again.status_code, again.json()["code"]) == (409, "recoveries-file-known")
    (taken,) = site.get("/tracing/imports").json()
    assert (taken["file"], taken["rows"], taken["bad"], taken["by"]) == (
        "seizures.csv", 2, 1, site.node.store.read_now(lambda reader: reader.rows(
            "SELECT by_login FROM tracing_import"))[0][0],
    )  # fmt: skip
    assert taken["done_at"]


def test_a_guessed_mapping_can_be_altered_and_used(site: Site) -> None:
    row = upload(site, b"Dat sezi a;Nimewo dosye;Mak;Nimewo seri\n05/07/2026;24-7;Glock;AB12\n").json()
    assert row["proposal"]["doubts"] == ["dates_ambiguous"]
    mapping = row["proposal"]["mapping"]
    mapping["entity"][0]["values"]["country"] = {"constant": "HT"}
    judged = site.post(f"/tracing/imports/{row['id']}/judge", {"mapping": mapping}).json()
    assert judged["report"]["bad"] == 0
    assert site.post(f"/tracing/imports/{row['id']}/run").json()["report"]["state"] == "done"
    (line,) = site.get("/tracing/recoveries").json()["items"]
    assert (line["date"], line["country"], line["case"]) == ("2026-07-05", "HT", "24-7")
    mapping["entity"][0]["values"]["race"] = {"constant": "x"}
    bad = site.post(f"/tracing/imports/{row['id']}/judge", {"mapping": mapping})
    assert (bad.status_code, bad.json()["code"]) == (422, "recoveries-mapping-value")


def test_a_long_file_goes_in_by_several_calls(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "RUN_ROWS_MAX", 25)
    rows = [gun(f"S{n}", case=f"24-{n}") for n in range(60)]
    row = site.post("/tracing/imports?file=long.csv&mapping=lanbi", table(*rows)).json()
    assert row["report"]["good"] == 60

    def parts() -> Iterator[tuple[str, int]]:
        while True:
            report = site.post(f"/tracing/imports/{row['id']}/run").json()["report"]
            yield report["state"], report["rows_done"]
            if report["state"] == "done":
                return

    assert list(parts()) == [("running", 25), ("running", 50), ("done", 60)]


def test_what_somebody_uploaded_is_theirs_for_an_hour(site: Site) -> None:
    row = upload(site, table(gun("A1"))).json()
    assert site.get(f"/tracing/imports/{row['id']}").json() == row
    other = site.get(f"/tracing/imports/{row['id']}", by="commander")
    assert (other.status_code, other.json()["code"]) == (404, "recoveries-import-none")
    assert site.get("/tracing/imports/no-such-id").status_code == 422


def test_26_megabytes_are_refused_before_they_are_read(site: Site) -> None:
    answer = upload(site, b"x" * 26_000_000)
    assert answer.status_code == 413
    barely = upload(site, b"a,b\n" + b"1,2\n" * 4)
    assert barely.status_code == 201


def test_a_file_that_is_no_table_is_refused_with_a_hint(site: Site) -> None:
    for data, code in ((b"PK\x03\x04junk", "recoveries-zip-broken"), (b"\n\n", "recoveries-file-empty")):
        answer = upload(site, data)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["hint"]
    unknown = site.post("/tracing/imports?file=a.csv&mapping=none", table(gun("A1")))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "recoveries-mapping-none")


def test_mappings_and_guesses_can_be_asked_for(site: Site) -> None:
    names = [mapping["name"] for mapping in site.get("/tracing/imports/mappings").json()]
    assert names == ["brady", "facts", "lanbi"]
    guess = site.post("/tracing/imports/propose", {"headers": ["Mak", "Nimewo seri", "xyz"]})
    assert guess.status_code == 200
    assert [one["prop"] for one in guess.json()["columns"]] == ["make", "serial", None]
