"""How it looks: nothing cut off, nothing covered, in both themes and both sizes; readable by everybody."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import LARGE, ROOT, SMALL, Seats
from e2e.floor import Floor
from e2e.nodes import CHURCH, PASSWORD, Room
from e2e.words import LANGS, Words

AXE = Path(os.environ.get("LANBI_AXE") or ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"1366": SMALL, "1920": LARGE}
ROUNDING_PX = 1.0
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


def dress(floor: Floor, theme: str) -> None:
    """Night is what stands first; day is one click away, and so is night again."""
    html = floor.page.locator("html")
    if html.get_attribute("data-theme") != theme:
        floor.by("button", f"theme-{theme}").click()
    expect(html).to_have_attribute("data-theme", theme)


def box(element: Locator) -> dict[str, float]:
    found = element.bounding_box()
    assert found is not None, element
    return {
        "left": found["x"],
        "top": found["y"],
        "right": found["x"] + found["width"],
        "bottom": found["y"] + found["height"],
    }


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["right"] <= other["left"] + ROUNDING_PX
        or other["right"] <= one["left"] + ROUNDING_PX
        or one["bottom"] <= other["top"] + ROUNDING_PX
        or other["bottom"] <= one["top"] + ROUNDING_PX
    )


def stands_whole(page: Page, parts: dict[str, Locator], size: dict[str, int]) -> None:
    """Each part lies within the window, no two cover each other, and the page does not scroll."""
    boxes = {name: box(part) for name, part in parts.items()}
    for name, here in boxes.items():
        assert here["left"] >= -ROUNDING_PX, (name, here)
        assert here["top"] >= -ROUNDING_PX, (name, here)
        assert here["right"] <= size["width"] + ROUNDING_PX, (name, here)
        assert here["bottom"] <= size["height"] + ROUNDING_PX, (name, here)
        assert here["right"] - here["left"] > 40, (name, here)
        assert here["bottom"] - here["top"] > 15, (name, here)
    names = list(boxes)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            assert apart(boxes[one], boxes[other]), (one, boxes[one], other, boxes[other])
    overflow = page.evaluate(
        "() => [document.documentElement.scrollWidth - innerWidth,"
        " document.documentElement.scrollHeight - innerHeight]"
    )
    assert max(overflow) <= 0, f"the page scrolls by {overflow}"


def cut_off(page: Page, selector: str) -> list[str]:
    """Controls whose words do not fit into them, or that reach out of what holds them."""
    return page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].filter((e) => {
          const box = e.getBoundingClientRect();
          if (!box.width || !e.checkVisibility()) return false;
          const own = getComputedStyle(e);
          // Words of people may end in an ellipsis; what is ours must fit.
          if (own.textOverflow === 'ellipsis') return false;
          if (e.scrollWidth > e.clientWidth + 1 && own.overflowX !== 'visible') return true;
          for (let up = e.parentElement; up; up = up.parentElement) {
            const style = getComputedStyle(up);
            if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
            const held = up.getBoundingClientRect();
            const beside = box.right > held.right + 1 || box.left < held.left - 1;
            if (style.overflowX !== 'visible' && beside) return true;
            if (['auto', 'scroll'].includes(style.overflowY)) return false;
            if (box.bottom > held.bottom + 1 || box.top < held.top - 1) return true;
          }
          return false;
        }).map((e) => (e.getAttribute('aria-label') || e.textContent || '').trim().slice(0, 60))""",
        selector,
    )


def each_dress(floor: Floor, words: dict[str, Words]) -> Iterator[str]:
    """The screen in both themes and four languages, by a click each → "ht-night" and so on."""
    for theme in ("night", "day"):
        dress(floor, theme)
        for lang in LANGS:
            floor.speak(lang, words[lang])
            yield f"{lang}-{theme}"


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


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source, or a skip."""
    if not AXE.exists():
        pytest.skip("axe-core is not among the UI's packages (ui/node_modules/axe-core)")
    return AXE.read_text(encoding="utf-8")


def broken(page: Page, axe: str, where: str) -> list[str]:
    """Each rule of WCAG 2.2 AA that the page breaks, with the first places where it does."""
    page.evaluate(axe)
    result = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations",
        WCAG,
    )
    return [
        f"{where}: {rule['id']} × {len(rule['nodes'])}: "
        + "; ".join(
            f"{node['target'][0]} {node['failureSummary'].splitlines()[-1].strip()}"
            for node in rule["nodes"][:3]
        )
        for rule in result
    ]


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
