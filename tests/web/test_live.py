"""The live picture: what a screen holds is what the store holds, as its person may see it."""

import json
import random
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from lanbi.core.access import Actor
from lanbi.web import live
from stores import ACTORS, VOCABULARY
from web.nodes import API, WAIT_S, Screen, Served, serving, until

COMMANDS = 120
SAID = "Yo tire sou nou dèyè mache a"
TITLE = "Moun blese"
STATUSES = ("acknowledged", "en_route", "on_scene", "cleared")
SIGHTS = tuple(VOCABULARY.tables["observation_kinds"])


def act(client: httpx.Client, moves: random.Random, seen: dict[str, list[str]]) -> None:
    """One command that a floor might send; what it makes is remembered, refusals are part of the day."""

    def some(kind: str) -> str:
        return moves.choice(seen[kind]) if seen[kind] else "0192f000-0000-7000-8000-000000000000"

    area = {
        "lat": 18.5 + moves.random() / 10,
        "lon": -72.3,
        "radius_m": 100.0,
        "words": "bò mache a",
        "source": "map",
    }
    options: list[tuple[str, str, dict[str, Any]]] = [
        ("call", "/calls", {"channel": "voice", "number": "+50937010142", "words": SAID, "area": area}),
        ("call", "/calls/texts", {"channel": "sms", "words": SAID}),
        ("", f"/calls/{some('call')}/answer", {}),
        ("", f"/calls/{some('call')}/abandon", {}),
        ("", f"/calls/{some('call')}/end", {}),
        ("", f"/calls/{some('call')}/words", {"words": SAID}),
        ("", f"/calls/{some('call')}/join", {"incident_id": some("incident")}),
        ("", f"/calls/{some('call')}/unjoin", {}),
        ("incident", "/incidents", {"type": "bleeding", "title": TITLE, "area": area}),
        ("incident", "/incidents", {"call_id": some("call")}),
        ("", f"/incidents/{some('incident')}/title", {"title": f"Tit {moves.random()}"}),
        ("", f"/incidents/{some('incident')}/prioritise", {"priority": moves.choice(["P0", "P1", "P2"])}),
        ("", f"/incidents/{some('incident')}/note", {"words": SAID}),
        ("", f"/incidents/{some('incident')}/link", {"incident_id": some("incident"), "relation": "related"}),
        ("", f"/incidents/{some('incident')}/close", {"disposition": "resolved"}),
        ("", f"/incidents/{some('incident')}/reopen", {"reason": "Gen lòt moun"}),
        ("unit", "/units", {"callsign": f"M{moves.randint(1, 40)}", "kind": "ambulance", "crew": 2}),
        ("", f"/units/{some('unit')}/availability", {"availability": "available"}),
        ("assignment", "/assignments", {"incident_id": some("incident"), "unit_id": some("unit")}),
        ("", f"/assignments/{some('assignment')}/status", {"status": moves.choice(STATUSES)}),
        ("promise", "/promises", {"kind": "news", "words": SAID, "incident_id": some("incident")}),
        ("", f"/promises/{some('promise')}/settle", {"outcome": "kept"}),
        ("", "/observations", {"kind": moves.choice(SIGHTS), "area": area, "words": SAID}),
    ]  # fmt: skip
    kind, path, body = moves.choice(options)
    answer = client.post(path, json=body)
    assert answer.status_code < 500, f"{path} {body}: {answer.text}"
    if kind and answer.status_code == 201:
        seen[kind].append(answer.json()["id"])


@pytest.fixture(scope="module")
def day(served: Served) -> dict[str, Any]:
    """A day of random commands under the eyes of one screen of every role."""
    seed = random.randrange(2**32)
    moves = random.Random(seed)
    seen: dict[str, list[str]] = {kind: [] for kind in ("call", "incident", "unit", "assignment", "promise")}
    screens: dict[str, Screen] = {}
    resumed: dict[str, Screen] = {}
    with served.client("commander") as client:
        for number in range(COMMANDS):
            if number == COMMANDS // 3:
                screens = {role: served.screen(role) for role in ACTORS}
            if number == COMMANDS // 2:
                # The connections are cut; the screens keep their rows and come back later.
                for role, screen in screens.items():
                    resumed[role] = screen
                    screen.close()
                screens = {}
            if number == 2 * COMMANDS // 3:
                for role, old in list(resumed.items()):
                    epoch = old.hello["epoch"]
                    fresh = served.screen(role, since=old.seq, epoch=epoch)
                    assert fresh.hello["resumed"] is (old.seq > 0), role
                    fresh.rows, fresh.versions = (
                        {**old.rows, **fresh.rows},
                        {**old.versions, **fresh.versions},
                    )
                    resumed[role] = fresh
                screens = {role: served.screen(role) for role in ACTORS}
            act(client, moves, seen)
        # However the dice fell, the day ends with a call, an incident and a promise that stand.
        client.post("/calls", json={"channel": "voice", "words": SAID})
        incident = client.post("/incidents", json={"title": TITLE}).json()["id"]
        client.post("/promises", json={"kind": "news", "words": SAID, "incident_id": incident})
    head = served.head
    for screen in (*screens.values(), *resumed.values()):
        screen.catch_up(head)
    snapshots = {role: served.screen(role) for role in ACTORS}
    for screen in snapshots.values():
        screen.catch_up(head)
    yield {"pushed": screens, "resumed": resumed, "fresh": snapshots, "seed": seed, "seen": seen}
    for screen in (*screens.values(), *resumed.values(), *snapshots.values()):
        screen.close()


@pytest.mark.parametrize("role", ACTORS)
@pytest.mark.parametrize("how", ["pushed", "resumed"])
def test_what_was_pushed_is_what_a_fresh_screen_gets(day: dict[str, Any], how: str, role: str) -> None:
    assert day[how][role].rows == day["fresh"][role].rows, f"seed {day['seed']}"


def test_the_day_had_something_to_show(day: dict[str, Any]) -> None:
    assert {"call", "incident", "promise"} <= {kind for kind, _ in day["fresh"]["commander"].rows}


def test_each_role_sees_its_part_of_the_picture(day: dict[str, Any]) -> None:
    kinds = {role: set(screen.hello["kinds"]) for role, screen in day["fresh"].items()}
    assert {"call", "incident", "unit", "assignment", "promise"} <= kinds["call_taker"] & kinds["dispatcher"]
    assert {"incident", "unit", "assignment"} <= kinds["analyst"]
    assert not {"call", "promise"} & kinds["analyst"]
    assert not {"call", "incident", "promise", "observation"} & kinds["administrator"]
    assert not {"call", "incident", "promise"} & kinds["field_unit"]
    assert {"call", "incident", "promise"} <= kinds["auditor"]
    for role, screen in day["fresh"].items():
        assert {kind for kind, _ in screen.rows} <= kinds[role]


def test_words_are_for_the_floor(day: dict[str, Any]) -> None:
    """An auditor sees that somebody called, and not what they said; nor does any frame carry it."""
    for role, reads in (("call_taker", True), ("dispatcher", True), ("auditor", False), ("analyst", False),
                        ("administrator", False), ("field_unit", False)):  # fmt: skip
        told = json.dumps(
            [screen.frames for screen in (day["fresh"][role], day["pushed"][role])], ensure_ascii=False
        )
        assert (SAID in told) is reads, role
        assert "37010142" not in told  # the number in clear is on no screen at all


def test_no_kind_of_row_goes_back_in_version(day: dict[str, Any]) -> None:
    last: dict[tuple[str, str], int] = {}
    for frame in day["pushed"]["commander"].frames:
        for row in frame.get("rows", ()):
            key = (row["kind"], row["id"])
            assert row["version"] >= last.get(key, 0)
            last[key] = row["version"]


# ---------------------------------------- coming back


@pytest.mark.parametrize(
    ("since", "epoch"), [(1, ""), (1, "another-history"), (-1, None), (10**17, None), (0, None)]
)
def test_who_cannot_be_resumed_starts_anew(served: Served, since: int, epoch: str | None) -> None:
    screen = served.screen("dispatcher", since=since, epoch=served.node.epoch if epoch is None else epoch)
    try:
        assert screen.hello["resumed"] is False
        assert screen.hello["epoch"] == served.node.epoch
    finally:
        screen.close()


def test_who_missed_nothing_gets_nothing(served: Served) -> None:
    head = served.head
    screen = served.screen("dispatcher", since=head, epoch=served.node.epoch)
    try:
        assert screen.hello["resumed"] is True
        assert screen.take()["t"] == "tick"
    finally:
        screen.close()


def test_who_is_cut_off_in_the_middle_of_catching_up_misses_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sent in several frames counts as had only with the last of them."""
    start, epoch = served.head, served.node.epoch
    with served.client("dispatcher") as client:
        made = {client.post("/incidents", json={"title": f"Nimewo {n}"}).json()["id"] for n in range(7)}
    monkeypatch.setattr(live, "FRAME_ROWS_MAX", 2)
    seen: set[str] = set()
    since = start
    for whole in (False, False, True):
        screen = served.screen("dispatcher", since=since, epoch=epoch)
        assert screen.hello["resumed"] is True
        if whole:
            screen.catch_up(served.head)
        else:
            screen.take()
        seen |= set(screen.of("incident"))
        since = screen.seq
        screen.close()
    assert made <= seen
    assert since >= served.head


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Cookie": "lanbi_session=nothing"}, 401),
        ({"Authorization": "Bearer lanbi_nothing"}, 401),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_the_picture_is_for_the_signed_in_and_for_our_own_pages(
    served: Served, headers: dict[str, str], status: int
) -> None:
    if status == 403:
        headers = {**headers, "Cookie": f"lanbi_session={served.secret('dispatcher')}"}
    address = f"ws://{served.host}{API}/live"
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(address, additional_headers=headers, proxy=None),
    ):
        pass
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body or b"{}")["code"]


# ---------------------------------------- the end of a connection


def farewell(screen: Screen) -> tuple[dict[str, Any], int]:
    """What the screen was told last, and the code with which it was closed."""
    end = time.monotonic() + WAIT_S
    try:
        while time.monotonic() < end:
            screen.take()
    except ConnectionClosed as closed:
        assert closed.rcvd is not None, "the connection was dropped without a word"
        return screen.frames[-1], closed.rcvd.code
    pytest.fail("nobody said good-bye")


@pytest.mark.parametrize("how", ["signs out", "disabled", "other role"])
def test_who_is_no_longer_signed_in_is_told_and_cut(served: Served, how: str) -> None:
    name = f"leaves-{how.replace(' ', '-')}"
    served.hire(Actor(id=name, name=name, role="dispatcher", lang="fr"))
    secret = served.new_secret(name)
    screen, other = served.screen("", secret=secret), served.screen("dispatcher")
    if how == "signs out":
        with served.client(secret=secret) as client:
            assert client.delete("/session").status_code == 200
    else:
        with served.client("administrator") as admin:
            path, body = (f"/accounts/{name}/disable", None) if how == "disabled" else (
                f"/accounts/{name}/role", {"role": "analyst"})  # fmt: skip
            assert admin.post(path, json=body).status_code == 200
    bye, code = farewell(screen)
    assert (bye["t"], bye["code"], code) == ("bye", "signed-out", 4401)
    assert "Reconnectez-vous" in bye["hint"]
    other.take()  # nobody else was
    other.close()


def test_a_screen_that_does_not_read_is_cut_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SCREEN_BUFFER_BYTES_MAX", 30_000)
    monkeypatch.setattr(live, "SCREEN_CLOSE_S", WAIT_S)
    with serving(tmp_path, send_buffer_bytes=4_096) as served:
        good = served.screen("dispatcher")
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        host, port = served.host.split(":")
        slow.connect((host, int(port)))
        slow.sendall(
            f"GET {API}/live HTTP/1.1\r\nHost: {served.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: lanbi_session={served.secret('commander')}\r\n\r\n".encode()
        )
        until(lambda: served.node.live.screens == 2, "both screens are there")
        with served.client("dispatcher") as client:
            for number in range(2_000):
                if served.node.live.screens == 1:
                    break
                assert client.post("/incidents", json={"title": f"{number} {TITLE * 15}"}).status_code == 201
                good.catch_up(served.head)
        assert served.node.live.screens == 1
        good.catch_up(served.head)
        assert len(good.of("incident")) == number
        slow.settimeout(WAIT_S)
        kept = b""
        while b"slow-reader" not in kept:
            part = slow.recv(65_536)
            assert part, "the connection was dropped without a word"
            kept = kept[-200:] + part
        bye = kept[kept.index(b'{"t":"bye"') :]
        assert json.loads(bye[: bye.index(b"}") + 1])["code"] == "slow-reader"
        slow.close()
        good.close()


def test_a_node_that_stops_closes_its_screens_as_going_away_for_a_while(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        screens = [served.screen(role) for role in ("dispatcher", "auditor")]
        served.stop()
        for screen in screens:
            bye, code = farewell(screen)
            assert (bye["t"], bye["code"], code) == ("bye", "stopping", 1012)
            assert bye["hint"]
