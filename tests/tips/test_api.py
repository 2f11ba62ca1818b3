"""Tips over HTTP: the public door that knows nobody, and the desk behind the shipped policies."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lanbi.core.access import ROLES
from lanbi.tips.api import ANSWER_BYTES, CHALLENGE_BYTES
from lanbi.tips.model import UNLOCK_FAILURES_MAX
from lanbi.tips.receipt import grouped, new_code
from stores import Web
from tips.room import PASSPHRASE, SAID, WHERE, solve

AGENT = "Yon navigate ki pa sanble ak okenn lot"
ADDRESS = "203.0.113.77"


@pytest.fixture
def opened(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """A centre with its compartment. The work is the same work, only less of it."""
    monkeypatch.setattr("lanbi.tips.door.BITS_MIN", 8)
    assert web.post("/tips/compartment", {"passphrase": PASSPHRASE}, role="commander").status_code == 201
    return web


def bare(web: Web, method: str, path: str, body=None, **kwargs):
    """As a stranger: no token, no cookie, but all that a browser tells of itself."""
    headers = {"user-agent": AGENT, "x-forwarded-for": ADDRESS, "referer": "https://egzanp.org/"}
    return web._client.request(method, f"/api/v1{path}", json=body, headers=headers, **kwargs)


def door(web: Web, path: str, **question: str):
    work = bare(web, "GET", "/public/tips/challenge").json()
    return bare(web, "POST", f"/public/tips{path}", {**question, **solve(work)})


def test_a_stranger_gives_follows_and_adds(opened: Web) -> None:
    told = door(opened, "", words=SAID, place=WHERE, lang="ht").json()
    assert told["outcome"] == "received"
    assert door(opened, "/follow", code=told["code"]).json()["outcome"] == "thread"
    assert door(opened, "/follow", code=told["code"], words="Se lendi").json()["outcome"] == "added"
    unlocked = opened.post("/tips/unlock", {"passphrase": PASSPHRASE}, role="commander").json()
    assert unlocked["open_until"] is not None
    (row,) = opened.get("/tips", role="commander").json()["items"]
    assert (row["state"], row["unread"]) == ("new", 2)
    assert opened.post(f"/tips/{row['id']}/read", {"purpose": ""}, role="commander").status_code == 422
    answer = opened.post(f"/tips/{row['id']}/read", {"purpose": "assess"}, role="commander")
    assert answer.headers["cache-control"].startswith("no-store")
    pieces = answer.json()["all_pieces"]
    assert [piece["words"] for piece in pieces] == [SAID, "Se lendi"]
    assert (pieces[0]["place"], pieces[0]["channel"]) == (WHERE, "web")
    assert opened.post(f"/tips/{row['id']}/reply", {"words": "Mèsi"}, role="commander").status_code == 200
    replies = door(opened, "/follow", code=told["code"].lower()).json()["replies"]
    assert [reply["words"] for reply in replies] == ["Mèsi"]


def test_every_answer_at_the_door_looks_the_same_from_outside(opened: Web) -> None:
    code = door(opened, "", words=SAID).json()["code"]
    answers = {
        "received": door(opened, "", words="Yon lòt"),
        "thread": door(opened, "/follow", code=code),
        "unknown": door(opened, "/follow", code=grouped(new_code())),
        "malformed code": door(opened, "/follow", code="x"),
        "empty": door(opened, "", words=" "),
        "too long": door(opened, "", words="a" * 4_001),
        "no work": bare(opened, "POST", "/public/tips", {"words": "a", "challenge": "", "answer": ""}),
        "no JSON": opened._client.post("/api/v1/public/tips", content=b"{"),
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    assert {len(answer.content) for answer in answers.values()} == {ANSWER_BYTES}
    assert {tuple(sorted(answer.headers)) for answer in answers.values()} == {
        tuple(sorted(answers["thread"].headers))
    }
    outcomes = [answer.json()["outcome"] for answer in answers.values()]
    assert outcomes == ["received", "thread", "unknown", "unknown", *["refused"] * 4]
    for answer in answers.values():
        assert answer.headers["cache-control"] == "no-store, no-transform"
        assert "set-cookie" not in answer.headers
        assert answer.headers["referrer-policy"] == "no-referrer"
    challenge = bare(opened, "GET", "/public/tips/challenge")
    assert len(challenge.content) == CHALLENGE_BYTES


def test_a_refusal_speaks_the_strangers_language(opened: Web) -> None:
    said = {
        lang: door(opened, "", words=" ", lang=lang).json()["detail"] for lang in ("ht", "fr", "es", "en")
    }
    assert len(set(said.values())) == 4
    assert door(opened, "", words=" ", lang="xx").json()["detail"] == said["ht"]


def test_too_large_a_question_is_not_read(opened: Web) -> None:
    assert opened._client.post("/api/v1/public/tips", content=b"x" * 70_000).status_code == 413


def test_without_javascript_both_forms_work_and_the_pages_are_of_one_size(opened: Web) -> None:
    def form(**fields: str):
        return opened._client.post("/api/v1/public/tips/plain", data={"lang": "fr", **fields})

    assert 'lang="fr"' in opened._client.get("/api/v1/public/tips/plain/fr").text
    given = form(words=SAID, place="")
    code = given.text.split('class="code" translate="no">')[1].split("<")[0]
    silent = form(code=code, words="")
    unknown = form(code=grouped(new_code()), words="bonjou & <mo>")
    assert {len(page.content) for page in (given, silent, unknown)} == {ANSWER_BYTES}
    assert "&amp; &lt;mo&gt;" in unknown.text
    for _ in range(7):
        form(words="ankò")
    assert "ankò" in form(words="ankò").text  # the bucket is empty: what was typed stands there still


def test_nothing_of_a_tip_or_of_who_gave_it_lies_on_the_disk_or_in_the_log(
    opened: Web, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    code = door(opened, "", words=SAID, place=WHERE).json()["code"]
    voice = opened.post("/tips", {"words": f"{SAID} pa telefòn", "place": WHERE}, role="call_taker").json()
    opened.post("/tips/unlock", {"passphrase": PASSPHRASE}, role="commander", idempotency_key="k1")
    for row in opened.get("/tips", role="commander").json()["items"]:
        read = f"/tips/{row['id']}/read"
        assert (
            opened.post(read, {"purpose": "assess"}, role="commander", idempotency_key="k2").status_code
            == 200
        )
        opened.post(
            f"/tips/{row['id']}/reply", {"words": "Repons sekrè"}, role="commander", idempotency_key="k3"
        )
    door(opened, "/follow", code=code, words="Lòt detay sekrè")
    opened._client.post("/api/v1/public/tips/plain", data={"lang": "ht", "words": "Plenn detay sekrè"})
    secrets = [SAID, "dechaje", WHERE, "Sen Michèl", code, code.replace("-", ""), voice["code"], PASSPHRASE,
               "Repons sekrè", "Lòt detay", "Plenn detay", ADDRESS, AGENT, "egzanp.org"]  # fmt: skip
    folder: Path = opened.node.settings.data
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") or path.suffix == ".sqlite" for path in files)
    out, err = capfd.readouterr()
    places = {path.name: path.read_bytes() for path in files}
    places |= {"log": caplog.text.encode(), "out": out.encode(), "err": err.encode()}
    for name, held in places.items():
        for secret in secrets:
            assert secret.encode() not in held, (name, secret)


def test_the_call_takers_tip_does_not_say_whose_hand_wrote_it(opened: Web) -> None:
    opened.get("/session", role="call_taker")  # their key is made, which is an entry
    head = opened.node.store.read_now(lambda reader: reader.head)
    assert opened.post("/tips", {"words": SAID}, role="call_taker").status_code == 201
    assert opened.node.store.read_now(lambda reader: reader.head) == head
    assert opened.post("/tips/tide", role="commander").json() == {"taken_in": 1}
    newest = opened.get("/journal?kind=tip.received", role="auditor").json()["items"][0]
    assert (newest["kind"], newest["actor"]) == ("tip.received", "system")


READING = [("GET", "/tips"), ("GET", "/tips/compartment"), ("POST", "/tips/tide"), ("POST", "/tips/lock")]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "field_unit"])  # crews have no such keys
def test_only_the_desk_and_only_call_takers(opened: Web, role: str) -> None:
    may = role in ("analyst", "commander")
    for method, path in READING:
        answer = opened.ask(method, path, {} if method == "POST" else None, role=role)
        assert answer.is_success == may, (role, path)
        assert may or answer.status_code == 403
    unlocked = opened.post("/tips/unlock", {"passphrase": PASSPHRASE}, role=role)
    assert unlocked.status_code == (200 if may else 403)
    took = opened.post("/tips", {"words": SAID}, role=role)
    assert took.status_code == (201 if role in ("call_taker", "dispatcher", "commander") else 403)
    made = opened.post("/tips/compartment", {"passphrase": PASSPHRASE}, role=role)
    assert made.status_code == (201 if role == "commander" else 403)


def test_a_wrong_passphrase_opens_nothing(opened: Web) -> None:
    answer = opened.post("/tips/unlock", {"passphrase": "se pa sa menm menm"}, role="commander")
    assert (answer.status_code, answer.json()["code"]) == (409, "tips-passphrase-wrong")
    short = opened.post("/tips/compartment", {"passphrase": "kout"}, role="commander")
    assert short.json()["code"] == "tips-passphrase-short"
    changed = {"old": PASSPHRASE, "new": "yon lòt fraz ki pi long"}
    assert opened.post("/tips/compartment/passphrase", changed, role="commander").status_code == 200
    assert opened.post("/tips/compartment/passphrase", changed, role="commander").status_code == 409
    assert opened.post("/tips/unlock", {"passphrase": changed["new"]}, role="commander").status_code == 200


def test_a_tip_is_graded_followed_passed_on_and_closed(opened: Web) -> None:
    for text in (SAID, "Yon lòt enfòmasyon"):
        door(opened, "", words=text)
    opened.post("/tips/unlock", {"passphrase": PASSPHRASE}, role="commander")
    one, other = opened.get("/tips", role="commander").json()["items"]
    grade = {"reliability": "C", "credibility": "2", "confidence": "moderate"}
    for row in (one, other):
        opened.post(f"/tips/{row['id']}/read", {"purpose": "assess"}, role="commander")
        assert opened.post(f"/tips/{row['id']}/grade", grade, role="commander").json()["credibility"] == "2"
    assert opened.post(f"/tips/{one['id']}/follow", role="commander").json()["state"] == "followed"
    told = {"as": "incident", "words": "Zam siyale nan yon depo", "area": {"words": "zòn pò a"}}
    passed = opened.post(f"/tips/{one['id']}/pass-on", told, role="commander")
    assert (passed.status_code, passed.json()["number"]) == (201, 1)
    assert opened.post(f"/tips/{one['id']}/pass-on", told, role="analyst").status_code == 403
    closed = opened.post(f"/tips/{other['id']}/close", {"outcome": "told_before"}, role="commander").json()
    assert (closed["state"], closed["outcome"]) == ("closed", "told_before")
    listed = opened.get("/tips?state=closed", role="commander").json()["items"]
    assert [row["id"] for row in listed] == [other["id"]]


def test_a_centre_without_a_compartment_says_so(web: Web) -> None:
    assert bare(web, "GET", "/public/tips/challenge").json()["open"] is False
    assert web.post("/tips/unlock", {"passphrase": PASSPHRASE}, role="commander").status_code == 409
    assert web.post("/tips", {"words": SAID}, role="call_taker").status_code == 409


def test_guesses_sent_at_once_are_counted_one_by_one(opened: Web) -> None:
    guess = {"old": "pa sa a ditou ditou", "new": "yon lòt fraz ki long"}
    with ThreadPoolExecutor(12) as many:
        answers = list(
            many.map(
                lambda _: opened.post("/tips/compartment/passphrase", guess, role="commander"), range(12)
            )
        )
    codes = [answer.json()["code"] for answer in answers]
    assert sorted(set(codes)) == ["tips-passphrase-wrong", "tips-unlock-wait"]
    assert codes.count("tips-passphrase-wrong") == UNLOCK_FAILURES_MAX
