"""Other sites and letters over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from lanbi.partners.door import KNOCKS_MAX, LARGE_BYTES_MIN, LARGE_MAX
from lanbi.partners.envelope import ENVELOPE_BYTES_MAX
from lanbi.partners.model import fingerprint
from partners.sites import KEEPER, KIND, Asker, Pair, app_of, engines_in, pair_over, partner_routes
from stores import real_gate


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Pair]:
    """Two sites behind the shipped policies."""
    with pair_over(*engines_in(tmp_path), real_gate()) as made:
        yield made


@pytest.fixture
def web(guarded: Pair) -> Iterator[Asker]:
    """The Haitian site over HTTP."""
    app = app_of(guarded.haiti, partner_routes(guarded.haiti, guarded.couriers["HT-PAP"]))
    with TestClient(app) as client:
        yield Asker(guarded.haiti, client)


def test_a_partner_row_says_what_the_screens_need(web: Asker, guarded: Pair) -> None:
    (row,) = web.get("/partners", role="analyst").json()
    assert set(row) == {
        "id", "version", "code", "state", "name", "url", "keys", "kinds_in", "kinds_out", "enabled",
        "screening", "screened_at", "screened_by", "screening_due", "added_at", "retired_at", "waiting",
        "refused", "link",
    }  # fmt: skip
    assert row["keys"][0]["fingerprint"] == fingerprint(guarded.dominicana.key.public_key)
    one = web.get("/partners/DO", role="auditor")
    assert (one.json(), one.headers["etag"]) == (row, f'"{row["version"]}"')
    us = web.get("/partners/us", role="administrator").json()
    assert (us["code"], us["key"]) == ("HT-PAP", guarded.haiti.key.public_key.hex())
    assert web.get("/partners/JM", role="analyst").json()["code"] == "partner-none"


def test_how_the_link_is_stands_beside_the_partner(web: Asker, guarded: Pair) -> None:
    guarded.road.up = False
    guarded.haiti.send(guarded.dominicana)
    guarded.step()
    (row,) = web.get("/partners", role="analyst").json()
    assert row["waiting"] == 1
    assert (row["link"]["reason"], row["link"]["failures"]) == ("link-down", 1)
    assert row["link"]["detail"] == "The other site cannot be reached."
    guarded.road.up = True
    assert web.post("/partners/DO/try", role="analyst").status_code == 200
    guarded.step()
    (row,) = web.get("/partners", role="analyst").json()
    assert (row["waiting"], row["link"]["reason"]) == (0, None)


def test_the_administrator_adds_changes_rotates_and_retires(web: Asker) -> None:
    body = {
        "code": "JM",
        "name": "Jamaica",
        "key": "07" * 32,
        "screening": "Looked at.",
        "url": "https://jm.example",
    }
    assert web.post("/partners", body, role="analyst").status_code == 403
    made = web.post("/partners", body, role="administrator")
    assert (made.status_code, made.json()["enabled"]) == (201, True)
    again = web.post("/partners", body, role="administrator")
    assert (again.status_code, again.json()["code"]) == (409, "partner-key-taken")
    assert again.json()["hint"]
    edited = web.post("/partners/JM/edit", {"kinds_in": ["tracing.answer"]}, role="administrator").json()
    assert (edited["kinds_in"], edited["url"]) == (["tracing.answer"], "https://jm.example")
    stale = web.post("/partners/JM/edit", {"name": "X"}, role="administrator", headers={"if_match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "partner-changed")
    two = web.post("/partners/JM/key", {"key": "0a" * 32}, role="administrator").json()
    old, new = two["keys"]
    one = web.post("/partners/JM/key/retire", {"key_id": old["key_id"]}, role="administrator").json()
    assert [key["retired_at"] is None for key in one["keys"]] == [False, True]
    last = web.post("/partners/JM/key/retire", {"key_id": new["key_id"]}, role="administrator")
    assert last.json()["code"] == "partner-key-last"
    off = web.post("/partners/JM/enable", {"enabled": False}, role="administrator").json()
    assert off["enabled"] is False
    gone = web.post("/partners/JM/retire", role="administrator").json()
    assert gone["retired_at"] is not None
    bad = web.post("/partners", {**body, "code": "j m"}, role="administrator")
    assert (bad.status_code, bad.json()["code"]) == (422, "partner-code")


def test_the_inbox_needs_no_session_and_answers_a_signed_receipt(web: Asker, guarded: Pair) -> None:
    haiti, dominicana = guarded.haiti, guarded.dominicana
    letter = dominicana.send(haiti)
    answer = web.ask("POST", "/partners/inbox", dominicana.sealed(haiti, letter))
    assert answer.status_code == 200
    assert dominicana.inbox.settle(dominicana.store, "HT-PAP", letter, answer.content) == "taken"
    assert len(haiti.worked) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "envelope-malformed"),
        (b"{}", 422, "envelope-malformed"),
        (b"\xff" * 50, 422, "envelope-malformed"),
        (b"x" * (ENVELOPE_BYTES_MAX + 1), 413, "envelope-too-large"),
        (b"x" * (ENVELOPE_BYTES_MAX + 2_000), 413, "body-too-large"),
    ],
    ids=["nothing", "empty", "noise", "large", "larger"],
)
def test_what_is_no_letter_is_refused_at_the_door(web: Asker, body: bytes, status: int, code: str) -> None:
    answer = web.ask("POST", "/partners/inbox", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_tampered_letter_is_refused_and_a_flood_is_told_to_wait(web: Asker, guarded: Pair) -> None:
    data = bytearray(guarded.dominicana.sealed(guarded.haiti, guarded.dominicana.send(guarded.haiti)))
    data[data.index(b'"signature":"') + 20] ^= 1
    codes = [web.ask("POST", "/partners/inbox", bytes(data)).json()["code"] for _ in range(KNOCKS_MAX + 5)]
    assert set(codes[:KNOCKS_MAX]) <= {"envelope-signature-wrong", "envelope-malformed"}
    assert codes[-1] == "partners-door-full"
    refused = web.ask("POST", "/partners/inbox", bytes(data))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")


def test_a_flood_of_large_letters_is_turned_away_before_it_is_read(web: Asker) -> None:
    large = b"x" * LARGE_BYTES_MIN
    codes = [web.ask("POST", "/partners/inbox", large).json()["code"] for _ in range(LARGE_MAX + 2)]
    assert codes == ["envelope-malformed"] * LARGE_MAX + ["partners-door-full"] * 2
    assert web.ask("POST", "/partners/inbox", b"{}").json()["code"] == "envelope-malformed"


def test_letters_are_listed_page_by_page_and_one_shows_its_receipt(web: Asker, guarded: Pair) -> None:
    haiti, dominicana = guarded.haiti, guarded.dominicana
    sent = [haiti.send(dominicana, {"n": n}) for n in range(3)]
    dominicana.send(haiti)
    guarded.step()
    everything = web.get("/partners/messages", role="auditor").json()["items"]
    assert [row["direction"] for row in everything].count("in") == 1
    first = web.get("/partners/messages?direction=out&limit=2", role="analyst").json()
    rest = web.get(f"/partners/messages?direction=out&limit=2&cursor={first['next']}", role="analyst").json()
    assert [row["id"] for row in first["items"] + rest["items"]] == sent[::-1]
    assert (rest["next"], {row["state"] for row in first["items"]}) == (None, {"delivered"})
    one = web.get(f"/partners/messages/{sent[0]}", role="analyst").json()
    receipt = msgspec.json.decode(one["receipt"])
    assert (receipt["sender"], receipt["in_reply_to"]) == ("DO", sent[0])
    assert "body" not in one
    none = web.get("/partners/messages?state=refused&partner=DO", role="analyst").json()
    assert none == {"items": [], "next": None}
    assert web.get("/partners/messages", role="dispatcher").status_code == 403


def test_why_a_letter_was_refused_is_a_sentence_and_it_can_be_sent_again(web: Asker, guarded: Pair) -> None:
    haiti, dominicana = guarded.haiti, guarded.dominicana
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_in=()))
    letter = haiti.send(dominicana)
    guarded.step()
    (row,) = web.get("/partners/messages?state=refused", role="analyst").json()["items"]
    assert row["reason"] == "letter-kind-closed"
    assert row["detail"] == f"Letters of the kind {KIND} are not taken from you."
    assert row["hint"]
    assert web.get("/partners", role="analyst").json()[0]["refused"] == 1
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_in=("*",)))
    assert web.post(f"/partners/messages/{letter}/renew", role="administrator").json()["state"] == "waiting"
    guarded.step()
    assert web.get(f"/partners/messages/{letter}", role="analyst").json()["state"] == "delivered"


def test_letters_are_carried_by_file_over_http(web: Asker, guarded: Pair) -> None:
    haiti, dominicana = guarded.haiti, guarded.dominicana
    letter = haiti.send(dominicana, {"serial": "SYN-1"})
    made = web.get("/partners/DO/bundle", role="administrator")
    assert made.status_code == 200
    assert made.headers["content-disposition"] == 'attachment; filename="DO.lanbi"'
    assert b"SYN-1" not in made.content
    assert web.get("/partners/DO/bundle", role="analyst").status_code == 403

    def back(tx: Any) -> bytes:
        return dominicana.outbox.carry(tx, "HT-PAP")

    dominicana.inbox.take_in_bundle(dominicana.store, KEEPER, made.content)
    report = web.ask("POST", "/partners/bundle", dominicana.do(back), role="administrator").json()
    assert (report["sender"], report["taken"], report["refused"]) == ("DO", 1, 0)
    assert haiti.letter(letter).state == "delivered"
    wrong = web.ask("POST", "/partners/bundle", made.content, role="administrator")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "bundle-other")
    empty = web.get("/partners/DO/bundle", role="administrator")
    assert (empty.status_code, empty.json()["code"]) == (409, "bundle-empty")
