"""Alarms as a dispatcher meets them: on the strip, by one key, in the ledger; what watches over a unit."""

import re
from typing import Any

from playwright.sync_api import Locator, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words

RAISED_TIMEOUT_MS = 15_000


def strip(floor: Floor) -> Locator:
    return floor.alarms


def ledger(floor: Floor) -> Locator:
    return floor.by("region", "alarms-ledger")


def quiet(room: Room) -> None:
    """Nobody calls for help, no timer runs, every alarm of earlier tests is taken."""
    for unit in room.radio.everything("/units"):
        if unit["emergency_at"]:
            room.radio.post(f"/units/{unit['id']}/emergency/settle", {"reason": "egzèsis fini"})
        if unit["timer_due_at"]:
            room.radio.post(f"/units/{unit['id']}/timer/cancel")
        if unit["welfare_due_at"]:
            room.radio.post(f"/units/{unit['id']}/welfare", {"ok": True})
    while unseen := room.radio.everything("/alarms?state=unseen"):
        room.radio.post("/alarms/take", {"ids": [alarm["id"] for alarm in unseen][:200]})


def alarms(room: Room, kind: str) -> list[Any]:
    return [alarm for alarm in room.radio.everything("/alarms") if alarm["kind"] == kind]


def test_an_emergency_flashes_until_one_key_takes_it_and_it_is_settled_on_the_board(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    quiet(room)
    floor = Floor(seats.sit(room.base, "plas2"), words["ht"])
    floor.here()
    call = room.ring()
    to_all = {"kind": "role", "id": "dispatcher"}
    room.machine("commander").post("/messages", {"to": to_all, "words": "Kite zòn nan", "priority": "urgent"})
    floor.unit("M21").click()
    panel = floor.by("region", "unit-panel", unit="M21")
    floor.by("button", "unit-emergency-press", panel, unit="M21").click()
    floor.by("button", "unit-emergency-sure", panel).click()
    floor.heard("did-emergency", unit="M21")
    first = strip(floor).get_by_role("button", name=re.compile("M21")).first
    expect(first).to_be_visible(timeout=RAISED_TIMEOUT_MS)
    expect(first.locator(".flash")).to_be_visible()
    expect(floor.page.get_by_role("alert").filter(has_text="M21")).to_have_count(1)

    # What counts most stands highest, and the queue begins below all of it.
    stands = [floor.emergency_band, floor.pane("msg-incoming"), floor.banner, floor.queue]
    tops = [place["y"] for one in stands if (place := one.bounding_box())]
    assert len(tops) == len(stands)
    assert tops == sorted(set(tops))
    room.line.post(f"/calls/{call['id']}/answer")

    floor.page.locator("h1").first.click(force=True)
    floor.keys.press("k")
    expect(floor.page.get_by_text("Kite zòn nan")).to_have_count(0)
    floor.keys.press("w")
    floor.heard("did-alarm-take")
    expect(strip(floor).get_by_role("button", name=re.compile("M21"))).to_have_count(0)
    [alarm] = alarms(room, "emergency_button")
    assert alarm["taken_by"]["name"] == "Plas 2"
    assert alarm["cleared_at"] is None, "taken is not over"

    floor.by("textbox", "unit-emergency-reason", panel).fill("fo manevwe")
    floor.keys.press("Enter")
    floor.heard("did-emergency-settle", unit="M21")
    kinds = room.audit.kinds(f"unit/{room.units['M21']}")
    assert kinds[-2:] == ["unit.emergency_raised", "unit.emergency_settled"]


def test_the_ledger_takes_a_group_and_puts_one_aside_by_the_keys_alone(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    quiet(room)
    for callsign in ("M21", "M22"):
        incident = room.incident()
        room.radio.post("/promises", {"incident_id": incident["id"], "kind": "call_back", "due_in_s": 1})
        assert callsign in room.units
    floor = Floor(seats.sit(room.base, "plas2"), words["ht"])
    floor.here()
    promise = floor.words.label("promise_kinds", "call_back")
    waiting = strip(floor).get_by_role("button", name=re.compile(re.escape(promise)))
    expect(waiting).to_have_count(2, timeout=RAISED_TIMEOUT_MS)

    floor.keys.press("Shift+W")
    expect(ledger(floor)).to_be_visible()
    floor.by("button", "alarms-take-group", ledger(floor), n=2).click()
    floor.heard("did-alarms-take", n=2)
    expect(waiting).to_have_count(0)

    row = ledger(floor).locator("[data-alarm]").filter(has_text=promise).first
    row.focus()
    floor.keys.press("s")
    floor.by("spinbutton", "alarm-shelve-minutes", ledger(floor), limit=30).fill("5")
    floor.by("textbox", "reason", ledger(floor)).fill("moun nan ap tounen")
    floor.keys.press("Enter")
    floor.heard("did-alarm-shelve", minutes="5")
    expect(row).to_contain_text("moun nan ap tounen")
    row.focus()
    floor.keys.press("s")
    floor.heard("did-alarm-unshelve")
    expect(waiting).to_have_count(1)
    floor.keys.press("Escape")
    expect(ledger(floor)).to_be_hidden()
    room.tidy()


def test_a_timer_and_a_welfare_check_stand_in_the_units_row(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    quiet(room)
    incident = room.incident()
    room.radio.post("/assignments", {"incident_id": incident["id"], "unit_id": room.units["M23"]})
    floor = Floor(seats.sit(room.base, "plas2"), words["ht"])
    floor.here()
    floor.unit("M23").click()
    panel = floor.by("region", "unit-panel", unit="M23")
    floor.by("spinbutton", "unit-timer-minutes", panel).fill("12")
    floor.by("button", "unit-timer-set", panel).click()
    floor.heard("did-timer-set", unit="M23", minutes="12")
    expect(floor.unit("M23")).to_contain_text(re.compile(r"1[12]:\d\d"))
    floor.by("button", "unit-welfare-ask", panel, number=str(incident["number"])).click()
    floor.by("button", "unit-welfare-ok", panel).click()
    floor.heard("did-welfare-ok", unit="M23")
    floor.by("button", "unit-timer-stop", panel).click()
    floor.heard("did-timer-stop", unit="M23")
    room.tidy()


def test_an_alarm_that_is_over_stays_until_somebody_has_seen_it_also_after_a_restart(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    quiet(room)
    room.radio.post(f"/units/{room.units['E2']}/emergency")
    floor = Floor(seats.sit(room.base, "plas2"), words["ht"])
    floor.here()
    help_called = strip(floor).get_by_role("button", name=re.compile("E2"))
    expect(help_called).to_have_count(1, timeout=RAISED_TIMEOUT_MS)
    room.kill()
    room.start()
    expect(help_called).to_have_count(1)
    room.radio.post(f"/units/{room.units['E2']}/emergency/settle", {"reason": "ekip la byen"})
    over = re.compile(re.escape(floor.words("alarm-over", what="").strip()))
    expect(help_called).to_contain_text(over, timeout=RAISED_TIMEOUT_MS)
    assert (
        len([alarm for alarm in alarms(room, "emergency_button") if alarm["unit_id"] == room.units["E2"]])
        == 1
    )
    floor.keys.press("w")
    expect(help_called).to_have_count(0)
