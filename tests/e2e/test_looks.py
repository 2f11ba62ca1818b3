"""How it looks: nothing cut off, nothing covered, in both themes and both sizes; readable by everybody."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import LARGE, SMALL, Seats
from e2e.floor import Floor
from e2e.looks import broken, cut_off, dress, each_dress, stands_whole
from e2e.nodes import CHURCH, PASSWORD, Room
from e2e.words import Words

SIZES = {"1366": SMALL, "1920": LARGE}
SQUARE = {**CHURCH, "lat": 18.5433, "lon": -72.338, "words": "Channmas"}
# What a person at work must see at once: nothing critical lies below a scroll.
PANES = ("queue-title", "map-title", "units-title", "cmd-title")


@pytest.fixture(scope="module")
def evening(house: Room) -> Iterator[dict[str, Any]]:
    """A room with several incidents, a call on the line, one that rings, debts."""
    first = house.incident(title="Yon kamyon chavire, de moun bloke anba l", priority="P1")
    sent = house.radio.post("/assignments", {"incident_id": first["id"], "unit_id": house.units["M21"]})
    for status in ("acknowledged", "en_route"):
        house.radio.post(f"/assignments/{sent['id']}/status", {"status": status})
    house.radio.post(f"/incidents/{first['id']}/note", {"words": "Lari a bloke bò mache a", "lang": "ht"})
    for type_, priority in (("house_fire", "P0"), ("cholera", "P2"), ("fall", "P3"), ("illness", "P4")):
        house.incident(
            type=type_, title="", priority=priority, area={**CHURCH, "lat": 18.5433, "lon": -72.338}
        )
    missed = house.ring(number="+509 00 00 07 77")
    house.line.post(f"/calls/{missed['id']}/abandon")
    house.line.post("/promises", {"incident_id": first["id"], "kind": "unit_coming", "due_in_s": 600})
    ringing = house.ring(area={**CHURCH, "source": "cell", "radius_m": 800})
    yield {"first": first, "ringing": ringing}
    house.tidy()


@pytest.mark.parametrize("size", list(SIZES))
def test_nothing_on_the_screens_is_cut_off_or_covered(
    house: Room, evening: dict[str, Any], seats: Seats, words: dict[str, Words],
    screens: Callable[[Page, str], None], size: str,
) -> None:  # fmt: skip
    """One walk through the screens; with LANBI_SCREENS it leaves their pictures."""
    window, number = SIZES[size], evening["first"]["number"]
    page = seats.page(house.base, size=window)
    floor = Floor(page, words["ht"])
    page.goto("/")
    expect(floor.by("heading", "signin-title")).to_be_visible()
    for look in each_dress(floor, words):
        stands_whole(page, {"form": floor.by("form", "signin-title")}, window)
        assert cut_off(page, "main button") == [], look
        screens(page, f"signin-{look}-{size}")

    enter(page, house, f"/#/incident/{number}")
    floor.here(number=number)
    expect(floor.banner).to_be_visible()
    expect(floor.by("list", "dispatch-team")).to_be_visible()
    expect(floor.by("table", "dispatch-nearest").get_by_role("button").first).to_be_visible()
    expect(page.locator(".maplibregl-canvas")).to_be_visible()
    floor.keys.press("F2")
    floor.keys.type(f"D {number} M22 E2")
    for look in each_dress(floor, words):
        stands_whole(page, floor_parts(floor), window)
        assert cut_off(page, "header.status button, header.status a, header.status .age-b") == [], look
        assert cut_off(page, ".call button, #incident button, .cmd input") == [], look
        expect(floor.by("button", "banner-take")).to_be_in_viewport(ratio=1)
        expect(floor.by("textbox", "cmd-title")).to_be_in_viewport(ratio=1)
        screens(page, f"floor-{look}-{size}")

    # The line is emptied, then left; the rows take the keys.
    floor.keys.press("F2")
    floor.keys.press("Escape")
    floor.keys.press("Escape")
    floor.keys.press("n")
    for look in each_dress(floor, words):
        expect(floor.by("form", "intake-new")).to_be_visible()
        stands_whole(page, floor_parts(floor), window)
        assert cut_off(page, "#incident button, #incident .lab") == [], look
        screens(page, f"intake-{look}-{size}")

    page.goto("/#/journal/2")
    for look in each_dress(floor, words):
        expect(floor.pane("journal-entry").get_by_role("status")).to_be_visible()
        parts = {
            "status line": page.locator("header.status"),
            "entries": floor.pane("journal-title"),
            "entry": floor.pane("journal-entry"),
        }
        stands_whole(page, parts, window)
        screens(page, f"journal-{look}-{size}")


def test_what_can_be_done_about_a_missed_call_is_not_cut_off(
    house: Room, evening: dict[str, Any], seats: Seats, words: dict[str, Words]
) -> None:
    page = seats.sit(house.base, "chef")
    floor = Floor(page, words["fr"])
    floor.here()
    missed = re.compile(re.escape(floor.words("debt-missed")))
    floor.by("list", "debts-title").get_by_role("button", name=missed).first.click()
    for look in each_dress(floor, words):
        assert cut_off(page, "#queue button") == [], look


def enter(page: Page, house: Room, path: str) -> None:
    """Signs in beside the page, which keeps its language and its theme, and opens it anew at `path`."""
    answer = page.request.post(
        f"{house.base}/api/v1/session",
        data={"account": "chef", "password": PASSWORD},
        headers={"Origin": house.base},
    )
    assert answer.ok
    page.goto(path)
    page.reload()


def floor_parts(floor: Floor) -> dict[str, Locator]:
    """What must stand beside each other on the floor."""
    return {
        "status line": floor.page.locator("header.status"),
        "banner": floor.banner,
        "incident": floor.page.locator("#incident"),
        **{pane: floor.pane(pane) for pane in PANES},
    }


@pytest.mark.parametrize("theme", ["night", "day"])
def test_the_screens_can_be_used_by_everybody(
    house: Room, evening: dict[str, Any], seats: Seats, words: dict[str, Words], axe: str, theme: str
) -> None:
    page = seats.page(house.base, bypass_csp=True)
    floor = Floor(page, words["ht"])
    page.goto("/")
    expect(floor.by("heading", "signin-title")).to_be_visible()
    floor.speak("ht", words["ht"])
    dress(floor, theme)
    found = broken(page, axe, "sign-in")
    number = evening["first"]["number"]
    enter(page, house, f"/#/incident/{number}")
    floor.here(number=number)
    expect(floor.banner).to_be_visible()
    expect(floor.by("table", "dispatch-nearest").get_by_role("button").first).to_be_visible()
    expect(page.locator(".maplibregl-canvas")).to_be_visible()
    found += broken(page, axe, "floor")
    page.keyboard.press("n")
    expect(floor.by("form", "intake-new")).to_be_visible()
    found += broken(page, axe, "intake")
    page.goto("/#/journal/2")
    expect(floor.pane("journal-entry").get_by_role("status")).to_be_visible()
    found += broken(page, axe, "journal")
    assert found == [], "\n".join(found)
