"""The roster on the screen: a crew signs on with one key, its unit has it at once, tiredness is said."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import ROOT, Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words

AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"


def hours(count: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + count * 3600))


@pytest.fixture
def medic(room: Room) -> Any:
    """Somebody who is qualified for what an ordinary ambulance is not."""
    stamp = f"T-{time.time_ns() % 10**9}"
    return room.keeper.post(
        "/members", {"number": stamp, "name": "Moun Envante", "qualifications": ["ambulance_advanced"]}
    )


def open_roster(page: Page, words: Words) -> Floor:
    floor = Floor(page, words)
    floor.here()
    floor.keys.press("g")
    floor.keys.press("r")
    expect(floor.pane("roster-title")).to_be_visible()
    return floor


def in_hand(floor: Floor, unit_id: str) -> None:
    """Down the rows until that unit is in hand."""
    row = floor.page.locator(f"[data-post='{unit_id}']")
    for _ in range(60):
        if row.get_attribute("aria-current") == "true":
            return
        floor.keys.press("j")
    raise AssertionError("no way to the unit's row")


def test_a_shift_is_planned_signed_on_and_off_by_the_keys(
    room: Room, seats: Seats, words: dict[str, Words], medic: Any
) -> None:
    unit = room.units["M22"]
    page = seats.sit(room.base, "plas2")
    floor = open_roster(page, words["ht"])
    in_hand(floor, unit)
    floor.keys.press("a")
    form = floor.by("form", "roster-add")
    expect(form.locator("[name=from]")).to_be_focused()
    floor.tab_to(form.locator("[name=crew]"))
    floor.keys.type(medic["number"])
    floor.keys.press("Enter")
    expect(form).to_be_hidden()
    pane = floor.pane("roster-shift")
    expect(pane).to_contain_text(medic["number"])
    expect(pane).to_contain_text(floor.words("roster-state-planned"))
    floor.keys.press("s")
    floor.heard("did-shift-on", post="M22")
    expect(pane).to_contain_text(floor.words("roster-state-on-duty"))
    manned = room.radio.get(f"/units/{unit}")
    assert (manned["crew"], "ambulance_advanced" in manned["capabilities"]) == (1, True)
    floor.keys.press("s")
    floor.heard("did-shift-off", post="M22")
    assert room.radio.get(f"/units/{unit}")["crew"] == 0
    room.radio.post(f"/units/{unit}/crew", {"crew": 2})


def test_a_shift_that_is_too_long_asks_why_and_goes_on(
    room: Room, seats: Seats, words: dict[str, Words], medic: Any
) -> None:
    unit = room.units["M23"]
    shift = room.radio.post(
        "/shifts",
        {"unit_id": unit, "members": [medic["id"]], "starts_at": hours(-1), "ends_at": hours(14)},
    )
    page = seats.sit(room.base, "plas3")
    floor = open_roster(page, words["fr"])
    in_hand(floor, unit)
    warnings = floor.by("group", "roster-warnings")
    expect(warnings).to_contain_text(floor.words("roster-duty-long", h="15", limit="12"))
    floor.keys.press("s")
    floor.heard("did-shift-on", post="M23")
    reason = page.locator("#roster-reason")
    expect(reason).to_be_focused()
    reason.select_option("crisis")
    floor.tab_to(warnings.get_by_role("button"))
    floor.keys.press("Enter")
    floor.heard("did-shift-justify", post="M23")
    expect(warnings).to_contain_text(floor.words.label("duty_reasons", "crisis"))
    room.radio.post(f"/shifts/{shift['id']}/sign_off")
    room.radio.post(f"/units/{unit}/crew", {"crew": 2})


def test_a_call_taker_looks_and_changes_nothing_and_a_commander_keeps_the_members(
    room: Room, seats: Seats, words: dict[str, Words], medic: Any
) -> None:
    page = seats.sit(room.base, "plas1")
    floor = open_roster(page, words["ht"])
    expect(floor.pane("roster-shift")).to_be_visible()
    floor.keys.press("a")
    expect(floor.by("form", "roster-add")).to_have_count(0)
    for key in ("roster-sign-on", "roster-add-short", "roster-edit-short"):
        expect(floor.by("button", key)).to_have_count(0)
    floor.keys.press("m")
    expect(floor.page.locator(f"[data-member='{medic['number']}']")).to_be_visible()
    expect(floor.by("button", "member-enrol")).to_have_count(0)

    chief = Floor(seats.sit(room.base, "chef", path="/#/rosters/members"), words["fr"])
    expect(chief.page.locator(f"[data-member='{medic['number']}']")).to_be_visible()
    chief.keys.press("a")
    form = chief.by("form", "member-enrol")
    chief.keys.type(medic["number"])
    chief.keys.press("Tab")
    chief.keys.type("Yon Lòt Moun")
    chief.keys.press("Enter")
    # The number is somebody's already: said in the form, and what was typed stays.
    expect(form.get_by_role("alert")).to_contain_text(medic["number"])
    expect(form.locator("[name=name]")).to_have_value("Yon Lòt Moun")
    number = f"{medic['number']}-2"
    form.locator("[name=number]").fill(number)
    form.get_by_label(chief.words.label("capabilities", "rescue"), exact=True).check()
    chief.keys.press("Enter")
    chief.heard("did-member-enrol", number=number)
    row = chief.page.locator(f"[data-member='{number}']")
    expect(row).to_contain_text(chief.words.label("capabilities", "rescue"))
    chief.keys.press("e")
    change = chief.by("form", "member-qualify")
    change.get_by_label(chief.words.label("capabilities", "dive"), exact=True).check()
    chief.keys.press("Enter")
    chief.heard("did-member-qualify", number=number)
    expect(row).to_contain_text(chief.words.label("capabilities", "dive"))
    chief.by("button", "member-retire").click()
    chief.by("button", "member-retire-sure", number=number).click()
    chief.heard("did-member-retire", number=number)
    expect(row).to_have_count(0)


@pytest.mark.parametrize(
    ("screen", "lang"), [("rosters", "ht"), ("rosters", "es"), ("handover", "fr"), ("handover", "en")]
)
def test_the_screens_are_for_everybody_in_every_language(
    room: Room, seats: Seats, words: dict[str, Words], lang: str, screen: str
) -> None:
    """WCAG 2.2 AA by axe, without exceptions; and no sentence of another language."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make setup)")
    page = seats.sit(room.base, "plas2")
    floor = Floor(page, words["ht"])
    floor.here()
    floor.speak(lang, words[lang])
    page.goto(f"/#/{screen}")
    title = {"rosters": "roster-title", "handover": "handover-title"}[screen]
    expect(floor.pane(title)).to_be_visible()
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
