"""How it looks: nothing cut off, nothing covered, in both themes and both sizes; readable by everybody."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import LARGE, SMALL, Seats
from e2e.floor import Floor
from e2e.looks import broken, cut_off, dress, each_dress, stands_whole
from e2e.nodes import CHURCH, PASSWORD, NodeProcess, Room
from e2e.words import LANGS, Words

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


@pytest.mark.parametrize("size", ["1366", pytest.param("1920", marks=pytest.mark.slow)])
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
    expect(page.locator(".map canvas")).to_be_visible()
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


@pytest.mark.draws
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
    expect(page.locator(".map canvas")).to_be_visible()
    found += broken(page, axe, "floor")
    page.keyboard.press("n")
    expect(floor.by("form", "intake-new")).to_be_visible()
    found += broken(page, axe, "intake")
    page.goto("/#/journal/2")
    expect(floor.pane("journal-entry").get_by_role("status")).to_be_visible()
    found += broken(page, axe, "journal")
    assert found == [], "\n".join(found)


# ---- every screen there is ---------------------------------------------------------------------------

# What is opened by its address, and the landmark that stands once it has come. The commander sees them all.
ROOMS = {
    "map": ("/#/map", "map-title"),
    "messages": ("/#/messages", "msg-conversations"),
    "majors": ("/#/major", "major-open"),
    "major": ("/#/major/{major}", "major-incidents"),
    "situation": ("/#/situation", "norms-title"),
    "wall": ("/#/wall", None),
    "handover": ("/#/handover/{handover}", "handover-title"),
    "rosters": ("/#/rosters", None),
    "tips": ("/#/tips", None),
    "seat": ("/#/seat", "factors-title"),
    "journal": ("/#/journal/2", "journal-entry"),
    "help": ("/#/", None),
}
WITHOUT_FRAME = {"wall"}
RAISED_TIMEOUT_MS = 30_000


@pytest.fixture(scope="module")
def busy(house: Room, evening: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The same evening with a major incident, a message that waits, and a watch that is being handed over."""
    first = evening["first"]
    chief = house.machine("commander")
    major = house.radio.post("/majors", {"incident_id": first["id"], "name": "Kamyon nan ravin lan"})
    for letter, said in (("hazards", "gaz k ap koule"), ("access", "pa wout nò a")):
        house.radio.post(f"/majors/{major['id']}/methane", {"letter": letter, "words": said})
    house.radio.post(
        "/messages", {"to": {"kind": "unit", "id": house.units["M21"]}, "words": "Wout la bloke devan"}
    )
    # An emergency that nobody has taken stands above every room, and must be readable there.
    house.radio.post(f"/units/{house.units['M22']}/emergency")
    leaver = house.person("plas2")
    begun = leaver.post("/handovers", {"seat": "Plas 12"})
    yield {"major": major["id"], "handover": begun["id"]}
    leaver.post(f"/handovers/{begun['id']}/withdraw")
    chief.post(f"/majors/{major['id']}/stand_down")
    house.radio.post(f"/units/{house.units['M22']}/emergency/settle", {"reason": "egzèsis fini"})
    unseen = [alarm["id"] for alarm in house.radio.everything("/alarms?state=unseen")]
    if unseen:
        house.radio.post("/alarms/take", {"ids": unseen[:200]})


def visit(floor: Floor, room: str, ids: dict[str, str]) -> None:
    """Opens the screen by its address and waits until it has come."""
    path, landmark = ROOMS[room]
    help_sheet = floor.by("dialog", "help-title")
    if help_sheet.is_visible():
        floor.keys.press("Escape")
        expect(help_sheet).to_be_hidden()
    floor.page.goto(path.format(**ids))
    if room == "help":
        floor.here()
        floor.keys.press("?")
        expect(help_sheet).to_be_visible()
    elif landmark:
        expect(floor.pane(landmark)).to_be_visible()
    expect(floor.page.locator("main")).to_be_visible()
    expect(floor.page.locator("main")).not_to_contain_text(floor.words("screen-loading"))
    if room == "map":
        expect(floor.page.locator(".map canvas")).to_be_visible()


def speaks(floor: Floor, words: dict[str, Words], lang: str, theme: str) -> None:
    """Where there is a corner to choose it in; the wall has none."""
    if not floor.page.locator(f"button[lang={lang}]").is_visible():
        floor.page.goto("/#/seat")
        expect(floor.page.locator(f"button[lang={lang}]")).to_be_visible()
    dress(floor, theme)
    floor.speak(lang, words[lang])


def faults_of(floor: Floor, room: str, window: dict[str, int]) -> list[str]:
    """What cannot be seen without scrolling sideways or is cut off where it stands."""
    found: list[str] = []
    sideways = floor.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    if sideways > 0:
        found.append(f"{room}: scrolls sideways by {sideways}")
    found += [f"{room}: cut off: {text}" for text in cut_off(floor.page, "main .btn, header.status button")]
    if room not in WITHOUT_FRAME:
        # What needs the eye at once is never below a scroll: the status line, the alarms, the command line.
        parts = {
            "status line": floor.page.locator("header.status"),
            "main": floor.page.locator("main").first,
            "alarms": floor.by("region", "alarms-title"),
            "command line": floor.line,
        }
        stands_whole(floor.page, parts, window)
    return found


@pytest.mark.parametrize("theme", ["night", "day"])
def test_every_screen_stands_whole_and_can_be_used_by_everybody(
    house: Room, busy: dict[str, str], seats: Seats, words: dict[str, Words], axe: str, theme: str
) -> None:
    """Each screen in one language, another one in the other theme: all four have had their turn."""
    page = seats.sit(house.base, "chef", bypass_csp=True)
    floor = Floor(page, words["fr"])
    floor.here()
    help_called = floor.alarms.get_by_role("button", name=re.compile("M22"))
    expect(help_called).to_be_visible(timeout=RAISED_TIMEOUT_MS)
    found: list[str] = []
    for at, room in enumerate(ROOMS):
        lang = LANGS[(at + (theme == "day") * 2) % len(LANGS)]
        speaks(floor, words, lang, theme)
        visit(floor, room, busy)
        found += [f"{lang} {fault}" for fault in faults_of(floor, room, SMALL)]
        found += broken(page, axe, f"{room} {lang} {theme}")
    assert found == [], "\n".join(found)


@pytest.mark.skipif("LANBI_SCREENS" not in os.environ, reason="pictures only: make screens")
@pytest.mark.parametrize("size", list(SIZES))
def test_pictures_of_every_screen(
    house: Room, busy: dict[str, str], seats: Seats, words: dict[str, Words],
    screens: Callable[[Page, str], None], size: str,
) -> None:  # fmt: skip
    """Each screen × four languages × two themes, in the folder that LANBI_SCREENS names."""
    page = seats.sit(house.base, "chef", size=SIZES[size])
    floor = Floor(page, words["fr"])
    floor.here()
    card_page = seats.sit(house.base, "plas1", size=SIZES[size])
    taker = Floor(card_page, words["ht"])
    call = card_in_hand(house, taker)
    public = seats.page(house.base, size=SIZES[size])
    public.goto("/tip")
    for theme in ("night", "day"):
        for lang in LANGS:
            for room in ROOMS:
                speaks(floor, words, lang, theme)
                visit(floor, room, busy)
                screens(page, f"{room}-{lang}-{theme}-{size}")
            dress(taker, theme)
            taker.speak(lang, words[lang])
            screens(card_page, f"card-{lang}-{theme}-{size}")
            public.emulate_media(color_scheme="dark" if theme == "night" else "light")
            public.locator(f"button[lang={lang}]").click()
            screens(public, f"tip-{lang}-{theme}-{size}")
    house.line.post(f"/calls/{call['id']}/end")


def card_in_hand(house: Room, taker: Floor) -> dict[str, Any]:
    """A call at this seat, its question card open."""
    call = house.ring(number="+509 00 00 08 88", lang="ht")
    taken = taker.page.request.post(
        f"{house.base}/api/v1/calls/{call['id']}/answer", data={}, headers={"Origin": house.base}
    )
    assert taken.ok, taken.text()
    taker.by("list", "online-label").get_by_role("button").first.click()
    taker.intake(call).get_by_label(taker.words("intake-words"), exact=True).fill("aksidan moto, moun blese")
    taker.keys.press("F4")
    expect(taker.page.locator("section.card .ask")).to_be_visible()
    return call


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[NodeProcess]:
    """A demo of its own, its evening played ahead."""
    made = NodeProcess(tmp_path / "demo-data", verb="demo")
    try:
        made.start()
        yield made
    finally:
        made.close()


def test_the_lesson_can_be_followed_by_everybody(
    demo: NodeProcess, seats: Seats, words: dict[str, Words], axe: str, screens: Callable[[Page, str], None]
) -> None:
    page = seats.page(demo.base, bypass_csp=True)
    floor = Floor(page, words["ht"])
    page.goto("/")
    floor.by("button", "lesson-offer").click()
    strip = floor.by("region", "lesson-title")
    expect(strip).to_contain_text("1/")
    found: list[str] = []
    every = "LANBI_SCREENS" in os.environ
    for theme, langs in (("night", LANGS if every else ("ht",)), ("day", LANGS if every else ("es",))):
        for lang in langs:
            dress(floor, theme)
            floor.speak(lang, words[lang])
            expect(floor.by("region", "lesson-title")).to_be_visible()
            screens(page, f"lesson-{lang}-{theme}-1366")
            found += [f"{lang}: {text}" for text in cut_off(page, "section[aria-label] .btn")]
        found += broken(page, axe, f"lesson {theme}")
    assert found == [], "\n".join(found)
