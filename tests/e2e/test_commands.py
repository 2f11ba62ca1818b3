"""The command line: every verb by keyboard, ten seconds to take it back, and a next step for each refusal."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import CHURCH, Room
from e2e.words import Words

ELSEWHERE = {**CHURCH, "lat": 18.5433, "lon": -72.3380, "words": "Channmas"}


@pytest.fixture
def floor(room: Room, seats: Seats, words: dict[str, Words]) -> Floor:
    """A dispatcher's floor in Kreyòl, the hands on the command line."""
    made = Floor(seats.sit(room.base, "plas2"), words["ht"])
    made.here()
    return made


def asked(room: Room, incident: dict[str, Any]) -> dict[str, Any]:
    return room.radio.get(f"/incidents/{incident['id']}")


def undone(floor: Floor, what: str, how: str = "Control+z") -> None:
    """Takes the last thing back and hears so."""
    if how == "button":
        floor.by("button", "undo-label", what=what).click()
    elif how == "verb":
        floor.command("z")
    else:
        floor.keys.press(how)
    floor.heard("did-undo", what=what)


def test_a_unit_is_sent_and_moved_and_each_step_taken_back(room: Room, floor: Floor) -> None:
    incident = room.incident()
    number = str(incident["number"])
    clocks = set(incident["clocks"])
    expect(floor.row(incident["number"])).to_be_visible()
    floor.command(f"d {number} m21 m22")
    sent = floor.words("did-send", unit="M21, M22", number=number)
    expect(floor.said).to_contain_text(sent)
    expect(floor.state("M22", "assigned")).to_be_visible()
    undone(floor, sent, "button")
    expect(floor.state("M21", "available")).to_be_visible()
    expect(floor.state("M22", "available")).to_be_visible()
    assert set(asked(room, incident)["clocks"]) == clocks, "neither assigned nor clear: it never was"

    floor.command(f"d {number} m21")
    expect(floor.state("M21", "assigned")).to_be_visible()
    steps = {
        "ak": "acknowledged",
        "er": "en_route",
        "os": "on_scene",
        "tr": "transporting",
        "at": "at_destination",
    }
    before = "assigned"
    for verb, step in steps.items():
        said = floor.words("did-status", unit="M21", status=floor.words.label("assignment_statuses", step))
        floor.command(f"{verb} m21")
        expect(floor.said).to_contain_text(said)
        undone(floor, said)
        [task] = [t for t in room.radio.get("/assignments")["items"] if t["status"] not in ("cancelled",)][:1]
        assert (task["status"], step in task["clocks"]) == (before, False)
        floor.command(f"s m21 {verb}")
        expect(floor.said).to_contain_text(said)
        before = step
    floor.command("cl m21")
    floor.stepped("M21", "cleared")
    undone(
        floor,
        floor.words("did-status", unit="M21", status=floor.words.label("assignment_statuses", "cleared")),
        "verb",
    )
    expect(floor.state("M21", "at_destination")).to_be_visible()
    assert "clear" not in asked(room, incident)["clocks"]
    floor.command("cl m21")
    expect(floor.state("M21", "available")).to_be_visible()
    kinds = [e["kind"] for e in room.audit.entries() if e["subject"].startswith("assignment/")]
    assert kinds.count("assignment.undone") >= len(steps) + 3


def test_an_incident_is_opened_on_one_line_and_changed_and_set_back(room: Room, floor: Floor) -> None:
    label = floor.words.label("incident_types", "pedestrian_hit")
    keys = floor.keys
    keys.press("F2")
    keys.type(f"n type:{label} loc:deye legliz sen michel pr:1")
    expect(floor.line).to_contain_text(floor.words("echo-open"))
    expect(floor.line).to_contain_text(label)
    expect(floor.line).to_contain_text("±")
    keys.press("Enter")
    expect(floor.said).to_contain_text(floor.words.about("did-open"))
    [incident] = room.radio.get("/incidents?state=open")["items"]
    number = str(incident["number"])
    assert (incident["type"], incident["priority"]) == ("pedestrian_hit", "P1")
    assert incident["area"]["lat"] == pytest.approx(18.5585, abs=0.01)
    floor.here(number=incident["number"])

    kept = {name: incident[name] for name in ("type", "priority", "area")}
    fire = floor.words.label("incident_types", "house_fire")
    for line, said in (
        (f"y type:{fire}", "did-classify"),
        ("pr 4", "did-prioritise"),
        ("l channmas", "did-relocate"),
    ):
        floor.command(line)
        told = floor.words(said, number=number)
        expect(floor.said).to_contain_text(told)
        undone(floor, told)
        now = asked(room, incident)
        assert {name: now[name] for name in kept} == kept, line

    floor.command("a move nòt, move ensidan")
    told = floor.words("did-note", number=number)
    expect(floor.said).to_contain_text(told)
    floor.keys.press("Escape")
    undone(floor, told, "z")
    log = floor.by("list", "log-title")
    expect(log).to_contain_text(floor.words("note-withdrawn"))
    expect(log).not_to_contain_text("move nòt")
    floor.by("button", "note-show").click()
    expect(log).to_contain_text("move nòt")

    other = room.incident(area=ELSEWHERE)
    expect(floor.row(other["number"])).to_be_visible()
    floor.command(f"x {number} {other['number']}")
    told = floor.words("did-link", number=number)
    expect(floor.said).to_contain_text(told)
    assert asked(room, incident)["links"]
    undone(floor, told)
    assert asked(room, incident)["links"] == []

    floor.command(f"c {number} {floor.words.label('dispositions', 'false_alarm')}")
    told = floor.words("did-close", number=number)
    expect(floor.said).to_contain_text(told)
    undone(floor, told)
    assert asked(room, incident)["state"] == "open"

    floor.command("n loc:bò yon kote pèsonn pa konnen")
    expect(floor.said).to_contain_text(floor.words.about("did-open"))
    newest = room.radio.get("/incidents?state=open")["items"][0]
    assert newest["area"]["lat"] is None
    undone(floor, floor.words("did-open", number=str(newest["number"])))
    assert asked(room, newest)["disposition"] == "opened_by_mistake"


def test_a_call_is_joined_a_unit_taken_off_and_nobody_can_come(room: Room, floor: Floor) -> None:
    incident = room.incident()
    number = str(incident["number"])
    expect(floor.row(incident["number"])).to_be_visible()
    call = room.ring()
    expect(floor.banner).to_be_visible()
    floor.keys.press("t")
    floor.heard("did-take", number=str(call["number"]))
    floor.command(f"j {number}")
    told = floor.words("did-join", number=number)
    expect(floor.said).to_contain_text(told)
    assert room.line.get(f"/calls/{call['id']}")["incident_id"] == incident["id"]
    undone(floor, told)
    assert room.line.get(f"/calls/{call['id']}")["incident_id"] is None

    reason = floor.words.label("availability_reasons", floor.words.codes("availability_reasons")[0])
    floor.command(f"s e2 oos {reason}")
    told = floor.words("did-status", unit="E2", status=floor.words.label("unit_states", "out_of_service"))
    expect(floor.said).to_contain_text(told)
    expect(floor.state("E2", "out_of_service")).to_be_visible()
    undone(floor, told)
    expect(floor.state("E2", "available")).to_be_visible()

    why = floor.words.codes("unserved_reasons")[0]
    label = floor.words.label("unserved_reasons", why)
    floor.command(f"uv {number} {label}")
    told = floor.words("did-unserved-line", number=number, why=label)
    expect(floor.said).to_contain_text(told)
    undone(floor, told)


def test_a_report_a_timer_and_an_emergency_by_mistake_are_taken_back(room: Room, floor: Floor) -> None:
    place = "channmas"
    floor.command(f"rb kind:barikad loc:{place}")
    expect(floor.said).to_contain_text(floor.words.label("observation_kinds", "barricade"))
    floor.keys.press("Control+z")
    expect(floor.said).to_contain_text(floor.words.about("did-undo"))
    assert room.radio.get("/observations")["items"][0]["withdrawn_at"] is not None

    for line, told in (
        ("t m22 10", floor.words("did-timer-line", unit="M22", minutes="10")),
        ("sos m22", floor.words("did-emergency-line", unit="M22")),
    ):
        floor.command(line)
        expect(floor.said).to_contain_text(told)
        undone(floor, told)
    unit = room.radio.get(f"/units/{room.units['M22']}")
    assert (unit["timer_due_at"], unit["emergency_at"]) == (None, None)


def test_what_is_looked_for_told_and_reported(room: Room, floor: Floor) -> None:
    incident = room.incident()
    number = str(incident["number"])
    expect(floor.row(incident["number"])).to_be_visible()
    floor.command("f legliz sen michel")
    floor.heard("found-incident", number=number, name="Aksidan devan legliz la")
    floor.here(number=incident["number"])
    floor.command("f m22")
    floor.heard("found-unit", unit="M22")
    floor.command("m")
    expect(floor.said).not_to_contain_text(floor.words("map-no-place-hint"))
    floor.command("rec")
    expect(floor.page.locator("[data-send]").first).to_be_focused()
    floor.keys.press("Enter")
    expect(floor.said).to_contain_text(number)
    floor.command("rb kind:barikad loc:channmas")
    expect(floor.said).to_contain_text(floor.words.label("observation_kinds", "barricade"))
    assert room.radio.get("/observations")["items"][0]["kind"] == "barricade"
    floor.command("t m22 10 pon an pa bon")
    floor.heard("did-timer-line", unit="M22", minutes="10")
    floor.command("msg m22 pase pa dèyè")
    floor.heard("did-message-line", name="M22")
    floor.command("msg plas 3 vin wè m")
    floor.heard("did-message-line", name="Plas 3")
    assert room.radio.get("/messages?limit=1")["items"][0]["to"]["id"] == "plas3"
    floor.command(f"par {number}")
    floor.heard("did-welfare-line", units="M21")
    floor.command("ho")
    expect(floor.page).to_have_url(re.compile("#/handover"))
    # The line is on every screen.
    floor.keys.press("F2")
    expect(floor.by("textbox", "cmd-title")).to_be_focused()
    floor.keys.type(f"f {number}")
    floor.keys.press("Enter")
    floor.here(number=incident["number"])
    floor.command(f"maj {number}")
    floor.heard("did-major", number=number)
    expect(floor.page).to_have_url(re.compile("#/major"))
    floor.command("go sal")
    room.radio.post(f"/units/{room.units['M22']}/timer/cancel")
    for unit in room.radio.everything("/units"):
        if unit["welfare_asked_at"]:
            room.radio.post(f"/units/{unit['id']}/welfare", {"ok": True})
    for major in room.radio.get("/majors?state=open")["items"]:
        room.machine("commander").post(f"/majors/{major['id']}/stand_down", {})


@pytest.mark.parametrize(
    ("line", "key", "args", "hint"),
    [
        ("zz", "cmd-unknown", {"verb": "zz"}, "cmd-help"),
        ("d 99999 m21", "cmd-no-incident", {"number": "99999"}, "cmd-no-incident-hint"),
        ("os z9", "cmd-no-unit", {"unit": "Z9"}, "cmd-no-unit-hint"),
        ("os m21", "cmd-no-task", {"unit": "M21"}, "cmd-no-task-hint"),
        ("n bonjou", "cmd-new-alone", {"given": "bonjou"}, "cmd-new-hint"),
        ("n type:zzzz", "cmd-no-type", {"given": "zzzz"}, "cmd-type-hint"),
        ("z", "undo-none", {}, "undo-none-hint"),
        ("w", "cmd-no-alarm", {}, "cmd-no-alarm-hint"),
        ("t m21 999", "cmd-no-minutes", {"given": "999", "most": "240"}, "cmd-minutes-hint"),
        ("msg zzz alo", "cmd-no-party", {"given": "zzz"}, "cmd-party-hint"),
        ("rb loc:zzzzqq", "cmd-road-nowhere", {"place": "zzzzqq"}, "cmd-road-nowhere-hint"),
        ("f zzzzqq", "found-nothing", {"text": "zzzzqq"}, "found-nothing-hint"),
    ],
)
def test_a_refusal_names_the_next_step(
    room: Room, floor: Floor, line: str, key: str, args: dict[str, str], hint: str
) -> None:
    floor.command(line)
    floor.heard(key, **args)
    floor.heard(hint, **args)


def test_tab_completes_and_the_history_comes_back(room: Room, floor: Floor) -> None:
    field = floor.by("textbox", "cmd-title")
    floor.keys.press("F2")
    floor.keys.type("n l")
    floor.keys.press("Tab")
    expect(field).to_have_value("n loc:")
    floor.keys.type("legliz sen mi")
    expect(floor.line.locator(".ghost")).to_be_visible()
    floor.keys.press("Tab")
    expect(field).to_have_value(re.compile("Mich[eè]l $"))
    floor.keys.press("Escape")
    expect(field).to_have_value("")
    for line in ("f m21", "f m22"):
        floor.command(line)
    floor.keys.type("pa fini")
    floor.keys.press("ArrowUp")
    expect(field).to_have_value("f m22")
    floor.keys.press("ArrowUp")
    expect(field).to_have_value("f m21")
    floor.keys.press("ArrowDown")
    floor.keys.press("ArrowDown")
    expect(field).to_have_value("pa fini")
    # By the mouse as well: a proposal is a button.
    field.fill("s m21 o")
    floor.line.get_by_role("button", name="OOS", exact=True).click()
    expect(field).to_have_value("s m21 OOS ")


def test_after_a_cut_link_nothing_is_taken_back_behind_anybodys_back(room: Room, floor: Floor) -> None:
    incident = room.incident()
    number = str(incident["number"])
    expect(floor.row(incident["number"])).to_be_visible()
    floor.command(f"d {number} m21")
    sent = floor.words("did-send", unit="M21", number=number)
    expect(floor.said).to_contain_text(sent)
    floor.page.context.set_offline(True)
    floor.keys.press("Control+z")
    floor.heard("undo-cut", what=sent)
    floor.heard("undo-cut-hint")
    floor.page.context.set_offline(False)
    assert room.radio.get("/assignments")["items"][0]["status"] == "assigned"


def test_the_help_tells_what_can_be_done_here_and_finds_it(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = Floor(seats.sit(room.base, "odite"), words["en"])
    expect(floor.line).to_be_visible()
    floor.keys.press("?")
    sheet = floor.by("dialog", "help-title")
    expect(sheet).to_contain_text(floor.words("verb-f"))
    expect(sheet).not_to_contain_text(floor.words("verb-d"))
    boss = Floor(seats.sit(room.base, "chef"), words["fr"])
    boss.here()
    boss.keys.press("?")
    sheet = boss.by("dialog", "help-title")
    expect(sheet).to_contain_text(boss.words("verb-d"))
    boss.keys.type("relev")
    expect(sheet).to_contain_text(boss.words("verb-ho"))
    expect(sheet).not_to_contain_text(boss.words("verb-d"))
    sheet.get_by_role("button", name="HO").click()
    expect(boss.by("textbox", "cmd-title")).to_have_value("HO")
