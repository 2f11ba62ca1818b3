"""The commander sees the figures of the server with their denominators; the wall tells of no caller."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import LARGE, Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words

NUMBER = "+509 00 00 77 31"
SAID = "Madanm mwen tonbe anba eskalye a"
TITLE = "Granmoun tonbe kay Pastè Dèlma"
LETTERS_PX_MIN = 28


@pytest.fixture
def evening(room: Room) -> Iterator[dict[str, Any]]:
    """A call with its words, an incident that nobody can come to, and one that a unit is on."""
    call = room.ring(number=NUMBER, words=SAID, lang="ht")
    room.line.post(f"/calls/{call['id']}/answer")
    incident = room.incident(title=TITLE, call_id=call["id"])
    served = room.incident(title="Aksidan moto")
    sent = room.radio.post(
        "/assignments", {"incident_id": served["id"], "unit_id": room.units["M21"], "mode": "normal"}
    )
    for status in ("notified", "acknowledged"):
        room.radio.post(f"/assignments/{sent['id']}/status", {"status": status})
    room.keeper.post("/house/power", {"source": "generator", "generator_s": 24_000, "battery_s": 11_400})
    room.keeper.post("/house/links/VSAT", {"kind": "satellite", "state": "weak", "latency_ms": 640})
    yield {"call": call, "incident": incident}


def test_the_commander_sees_norms_with_the_denominators_of_the_server(
    room: Room, seats: Seats, words: dict[str, Words], evening: dict[str, Any]
) -> None:
    page = seats.sit(room.base, "chef", path="/#/situation", size=LARGE)
    fr = words["fr"]
    pane = Floor(page, fr).pane("norms-title")
    pane.get_by_role("button", name=fr("norms-window-24")).click()
    expect(pane.locator("[data-norm]")).to_have_count(len(room.line.get("/situation/norms")["items"]))
    for row in room.line.get("/situation/norms")["items"]:
        shown = pane.locator(f"[data-norm={row['code']}]")
        expect(shown.locator("[data-kept-of]")).to_have_text(f"{row['kept']}/{row['of']}")
    measured = next(row for row in room.line.get("/situation/norms")["items"] if row["code"] == "acknowledge")
    assert measured["of"] >= 1


def test_the_status_line_the_board_and_the_wall_say_the_same_figures(
    room: Room, seats: Seats, words: dict[str, Words], evening: dict[str, Any]
) -> None:
    page = seats.sit(room.base, "chef", path="/#/situation", size=LARGE)
    line, board = page.locator(".status"), Floor(page, words["fr"]).pane("norms-title")
    cells = line.locator("[data-norm]")
    expect(cells).to_have_count(4)
    codes = [cell.get_attribute("data-norm") for cell in cells.all()]
    told = {code: line.locator(f"[data-norm={code}] [data-kept-of]").inner_text() for code in codes}
    for code, kept_of in told.items():
        expect(board.locator(f"[data-norm={code}] [data-kept-of]")).to_have_text(kept_of)
    page.goto(f"{room.base}/#/wall")
    for code, kept_of in told.items():
        expect(page.locator(f".wall [data-norm={code}] .of")).to_have_text(kept_of)


def test_nobody_can_come_is_said_with_a_key_counted_in_the_foot_and_taken_back(
    room: Room, seats: Seats, words: dict[str, Words], evening: dict[str, Any]
) -> None:
    number, ht = evening["incident"]["number"], words["ht"]
    page = seats.sit(room.base, "plas2", path=f"/#/incident/{number}", size=LARGE)
    floor = Floor(page, ht)
    floor.here(number=number)
    before = room.radio.get("/situation/unserved")
    page.keyboard.press("o")
    page.get_by_role("radio", name=ht.label("unserved_reasons", "road_blocked"), exact=True).check()
    floor.by("textbox", "unserved-words").fill("pon an kraze")
    floor.by("button", "unserved-count").click()
    floor.heard("did-unserved", number=str(number))
    pane = floor.pane("incident-pane")
    expect(pane).to_contain_text("pon an kraze")
    after = room.radio.get("/situation/unserved")
    assert after["unserved"] == before["unserved"] + 1
    foot = page.get_by_role("button", name=re.compile(re.escape(ht("unserved-of", of=str(after["demands"])))))
    expect(foot).to_contain_text(str(after["unserved"]))
    floor.by("button", "unserved-withdraw").click()
    floor.heard("did-withdraw-unserved", number=str(number))
    assert room.radio.get("/situation/unserved")["unserved"] == before["unserved"]


def smallest_letters(page: Page) -> list[str]:
    """Every text on the page that is lower than 28 px, as it is painted."""
    return page.evaluate(
        """(min) => {
          const found = [];
          const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const el = node.parentElement;
            if (!node.textContent.trim() || !el.checkVisibility() || el.closest('.sr, footer')) continue;
            const scale = el.ownerSVGElement ? el.ownerSVGElement.getScreenCTM().a : 1;
            const size = parseFloat(getComputedStyle(el).fontSize) * scale;
            if (size < min) found.push(`${size}: ${node.textContent.trim()}`);
          }
          return found;
        }""",
        LETTERS_PX_MIN,
    )


def test_the_wall_tells_no_caller_and_is_read_from_five_metres(
    room: Room, seats: Seats, words: dict[str, Words], evening: dict[str, Any]
) -> None:
    room.radio.post(
        f"/incidents/{evening['incident']['id']}/unserved", {"reason": "danger", "words": "tire devan pòt la"}
    )
    page = seats.sit(room.base, "odite", path="/#/wall", size=LARGE)
    en = words["en"]
    wall = page.get_by_role("main", name=en("room-wall"))
    expect(wall).to_contain_text(en.label("power_sources", "generator"))
    expect(wall).to_contain_text("VSAT")
    expect(wall).to_contain_text(re.compile(r"\d/\d"))
    expect(wall.get_by_text(en.label("unit_states", "available"), exact=True)).to_be_visible()
    said = wall.inner_text()
    private = [
        SAID,
        TITLE,
        "Pastè",
        "pon an",
        "tire devan",
        "Legliz",
        "0142",
        "01 42",
        "7731",
        "77 31",
        "+509",
    ]
    private += [str(evening["incident"]["number"]) + " "]
    for call in room.line.everything("/calls"):
        private += [text for text in (call["line"], call["words"], (call["area"] or {}).get("words")) if text]
    for incident in room.radio.everything("/incidents?state=open"):
        private += [incident["title"], (incident["area"] or {}).get("words") or incident["title"]]
    assert [text for text in private[:-1] if text and text in said and not text.strip().isdigit()] == []
    assert smallest_letters(page) == []
    page.keyboard.press("Escape")
    expect(wall).to_have_count(0)


def test_a_wall_whose_link_is_cut_says_so_with_the_age_of_what_it_shows(
    room: Room, seats: Seats, words: dict[str, Words], evening: dict[str, Any]
) -> None:
    page = seats.sit(room.base, "plas2", path="/#/wall", size=LARGE)
    ht = words["ht"]
    wall = page.get_by_role("main", name=ht("room-wall"))
    expect(wall).to_contain_text("VSAT")
    expect(wall).not_to_contain_text(ht("offline"))
    page.context.set_offline(True)
    band = wall.get_by_role("status")
    expect(band).to_contain_text(ht("offline"), timeout=30_000)
    expect(band).to_contain_text(re.compile(ht("wall-age", age="@").replace("@", r"\d+ (s|min)")))
    expect(wall).to_contain_text("VSAT")  # what was known stands
    page.context.set_offline(False)
    expect(wall).not_to_contain_text(ht("offline"), timeout=30_000)
