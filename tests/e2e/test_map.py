"""The map under a hand: what a spot offers, a unit dragged to its work, a view that stays, two windows."""

import math
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

from e2e.conftest import LARGE, WAIT_MS, Seats
from e2e.floor import Floor
from e2e.nodes import CHURCH, Room
from e2e.words import Words

FULL = pytest.param("full", marks=pytest.mark.draws)
FULL_SLOW = pytest.param("full", marks=[pytest.mark.draws, pytest.mark.slow])
# The full map is drawn by the processor here: the long suites look at every hand on it, the short one at two.
both = pytest.mark.parametrize("drawing", ["simple", FULL])
simple = pytest.mark.parametrize("drawing", ["simple", FULL_SLOW])
pytestmark = pytest.mark.usefixtures("drawing")

# As the map holds an incident: this much around it, this far from the pane's edge.
HOLD_ROOM_M = 2_500
EDGE_PX = 40
METRES_PER_DEGREE = 111_320
ASIDE_PX = 140
LOOK_MS = 400
CLOSE_M = 120
LINES_MAX = 5
CHURCH_AT = (18.5585, -72.2985)


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room of this module's own: units are moved about here."""
    made = Room(tmp_path_factory.mktemp("yard") / "node")
    try:
        made.begin()
        yield made
    finally:
        made.close()


class Chart:
    """The map of one page, held on a place: where on the glass a spot of the ground is."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.page = floor.page
        self.pane = floor.pane("map-title")
        self.canvas: Locator = self.page.locator(".map canvas")
        expect(self.canvas).to_be_visible()

    @property
    def box(self) -> FloatRect:
        found = self.canvas.bounding_box()
        assert found is not None
        return found

    @property
    def middle(self) -> tuple[float, float]:
        return self.box["x"] + self.box["width"] / 2, self.box["y"] + self.box["height"] / 2

    @property
    def metres_per_px(self) -> float:
        """While the view is held on a small circle."""
        return 2 * HOLD_ROOM_M / (min(self.box["width"], self.box["height"]) - 2 * EDGE_PX)

    def east(self, px: float) -> tuple[float, float]:
        """(lat, lon) so many pixels east of the church, when the view is held on it."""
        lat, lon = CHURCH_AT
        return lat, lon + px * self.metres_per_px / (METRES_PER_DEGREE * math.cos(math.radians(lat)))

    def held(self, number: int) -> None:
        """The view is held on the incident."""
        expect(self.pane).to_contain_text(self.floor.words("map-held", what=str(number)))

    def drawn(self, x: float, y: float) -> None:
        """Something that can be taken hold of is drawn there: the pointer says so."""
        end = time.monotonic() + WAIT_MS / 1000
        aside = 0
        while time.monotonic() < end:
            # A pointer that stands still is told nothing.
            aside = 1 - aside
            self.page.mouse.move(x + 60, y + 60)
            self.page.mouse.move(x + aside, y)
            with suppress(TimeoutError):
                self.page.wait_for_function(
                    "() => document.querySelector('.map canvas').style.cursor === 'pointer'",
                    timeout=LOOK_MS,
                )
                return
        pytest.fail(f"nothing is drawn at {x}, {y}")

    @property
    def menu(self) -> Locator:
        return self.floor.by("dialog", "menu-title")

    def line(self, key: str, **args: str) -> Locator:
        """The line of the menu that begins so."""
        return self.menu.get_by_role("button", name=re.compile(re.escape(self.floor.words(key, **args))))

    def right_click(self, px_east: float = 0) -> None:
        x, y = self.middle
        self.page.mouse.click(x + px_east, y, button="right")
        expect(self.menu).to_be_visible()

    def by_key(self, key: str = "Shift+F10") -> None:
        """The same at the middle of the view, without a mouse."""
        self.canvas.focus()
        self.page.keyboard.press(key)
        expect(self.menu).to_be_visible()


def sit(yard: Room, seats: Seats, words: dict[str, Words], incident: dict[str, Any], login: str) -> Chart:
    """A floor with the incident in hand and the view held on it."""
    lang = {"plas3": "fr", "chef": "fr"}.get(login, "ht")
    page = seats.sit(yard.base, login, path=f"/#/incident/{incident['number']}", size=LARGE)
    floor = Floor(page, words[lang])
    floor.here(number=incident["number"])
    chart = Chart(floor)
    chart.held(incident["number"])
    x, y = chart.middle
    chart.drawn(x, y)
    return chart


def observations(room: Room) -> list[Any]:
    return room.radio.everything("/observations")


@pytest.mark.parametrize("how", ["mouse", pytest.param("ContextMenu", marks=pytest.mark.slow), "Shift+F10"])
@simple
def test_a_spot_offers_a_new_incident_there_by_mouse_and_by_key(
    yard: Room, seats: Seats, words: dict[str, Words], how: str
) -> None:
    incident = yard.incident()
    chart = sit(yard, seats, words, incident, "plas2")
    floor = chart.floor
    if how == "mouse":
        chart.right_click(ASIDE_PX)
        lat, lon = chart.east(ASIDE_PX)
        chart.line("menu-new").click()
    else:
        chart.by_key(how)
        lat, lon = CHURCH_AT
        # What is drawn there is offered first; the lines are gone through by arrows.
        expect(chart.line("menu-open")).to_contain_text(str(incident["number"]))
        expect(chart.line("menu-open")).to_be_focused()
        for _ in range(LINES_MAX):
            if chart.line("menu-new").evaluate("element => element === document.activeElement"):
                break
            floor.keys.press("ArrowDown")
        floor.keys.press("Enter")
    expect(chart.menu).to_be_hidden()
    expect(floor.by("form", "intake-new")).to_be_visible()
    expect(floor.by("radiogroup", "place-radius")).to_be_visible()
    floor.by("combobox", "intake-place").focus()
    floor.keys.press("Control+Enter")
    expect(floor.said).to_contain_text(floor.words.about("did-open"))
    newest = max(yard.radio.everything("/incidents?state=open"), key=lambda row: row["number"])
    assert newest["area"]["source"] == "map"
    north = (newest["area"]["lat"] - lat) * METRES_PER_DEGREE
    east = (newest["area"]["lon"] - lon) * METRES_PER_DEGREE
    assert math.hypot(north, east) < CLOSE_M
    yard.tidy()


@simple
def test_escape_leads_out_of_the_menu_page_by_page(yard: Room, seats: Seats, words: dict[str, Words]) -> None:
    chart = sit(yard, seats, words, yard.incident(), "plas2")
    chart.by_key()
    chart.line("menu-seen").click()
    expect(chart.menu.get_by_role("list", name=chart.floor.words("menu-seen"))).to_be_visible()
    chart.page.keyboard.press("Escape")
    expect(chart.line("menu-new")).to_be_visible()
    chart.page.keyboard.press("Escape")
    expect(chart.menu).to_be_hidden()
    yard.tidy()


@simple
def test_a_spot_says_who_is_nearest_and_shows_the_one_that_is_chosen(
    yard: Room, seats: Seats, words: dict[str, Words]
) -> None:
    for callsign, metres in (("M23", 700), ("M21", 1_500), ("E2", 4_000), ("M22", 6_000)):
        yard.seen(callsign, CHURCH_AT[0] + metres / METRES_PER_DEGREE, CHURCH_AT[1])
    chart = sit(yard, seats, words, yard.incident(), "plas2")
    chart.by_key()
    chart.line("menu-nearest").click()
    near = chart.menu.get_by_role("list", name=chart.floor.words("menu-nearest"))
    expect(near.get_by_role("listitem")).to_have_count(4)
    said = near.get_by_role("listitem").all_inner_texts()
    assert [re.sub(r".*?([ME]\d+).*", r"\1", text, flags=re.DOTALL) for text in said] == [
        "M23", "M21", "E2", "M22",
    ]  # fmt: skip
    expect(near.get_by_role("button").first).to_be_focused()
    chart.page.keyboard.press("Enter")
    expect(chart.floor.by("region", "unit-panel", unit="M23")).to_be_visible()
    yard.tidy()


@simple
def test_a_blocked_road_and_a_landmark_are_put_on_the_map_for_everybody(
    yard: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = yard.incident()
    chart = sit(yard, seats, words, incident, "plas2")
    other = sit(yard, seats, words, incident, "plas3")
    floor = chart.floor
    chart.right_click(-ASIDE_PX)
    chart.line("menu-seen").click()
    barricade = floor.words.label("observation_kinds", "barricade")
    chart.menu.get_by_role("button", name=barricade, exact=True).click()
    floor.heard("did-report", what=barricade)
    [seen] = observations(yard)
    assert seen["kind"] == "barricade"
    # The other seat draws it: at the same spot of the glass, where nothing stood before.
    lat, lon = chart.east(-ASIDE_PX)
    assert math.hypot(seen["area"]["lat"] - lat, seen["area"]["lon"] - lon) * METRES_PER_DEGREE < CLOSE_M

    chart.by_key()
    chart.line("menu-landmark").press("Enter")
    field = floor.page.get_by_label(floor.words("menu-landmark-name"))
    expect(field).to_be_focused()
    floor.keys.type("Ponp Siwo Nèf")
    floor.keys.press("Enter")
    floor.heard("did-landmark", name="Ponp Siwo Nèf")
    expect(chart.menu).to_be_hidden()
    other.floor.keys.press("Escape")
    other.floor.keys.press("n")
    expect(other.floor.by("combobox", "intake-place")).to_be_focused()
    other.floor.keys.type("ponp siwo")
    expect(other.page.get_by_role("option").filter(has_text="Ponp Siwo Nèf")).to_be_visible()
    yard.tidy()


@both
def test_a_unit_dragged_to_an_incident_is_sent_after_one_enter_and_not_before(
    yard: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = yard.incident()
    number = str(incident["number"])
    chart = sit(yard, seats, words, incident, "plas2")
    yard.seen("M23", *chart.east(ASIDE_PX))
    x, y = chart.middle
    chart.drawn(x + ASIDE_PX, y)

    def drag() -> Locator:
        chart.page.mouse.move(x + ASIDE_PX, y)
        chart.page.mouse.down()
        chart.page.mouse.move(x + ASIDE_PX / 2, y, steps=4)
        chart.page.mouse.move(x, y, steps=4)
        chart.page.mouse.up()
        return chart.floor.by("group", "drop-title")

    strip = drag()
    expect(strip).to_contain_text(chart.floor.words("drop-ask", unit="M23", number=number))
    chart.page.keyboard.press("Escape")
    expect(strip).to_be_hidden()
    assert yard.radio.get(f"/assignments?incident_id={incident['id']}")["items"] == []

    strip = drag()
    expect(chart.floor.by("button", "drop-send", strip)).to_be_focused()
    chart.page.keyboard.press("Enter")
    chart.floor.heard("did-send", unit="M23", number=number)
    expect(chart.floor.state("M23", "assigned")).to_be_visible()
    [sent] = yard.radio.get(f"/assignments?incident_id={incident['id']}")["items"]
    assert sent["unit_id"] == yard.units["M23"]
    yard.tidy()


@simple
def test_whoever_may_send_nobody_moves_the_map_and_no_unit(
    yard: Room, seats: Seats, words: dict[str, Words]
) -> None:
    chart = sit(yard, seats, words, yard.incident(), "plas1")
    yard.seen("M23", *chart.east(ASIDE_PX))
    x, y = chart.middle
    chart.drawn(x + ASIDE_PX, y)
    chart.page.mouse.down()
    chart.page.mouse.move(x, y, steps=6)
    chart.page.mouse.up()
    expect(chart.pane).to_contain_text(chart.floor.words("map-locked"))
    expect(chart.floor.by("group", "drop-title")).to_have_count(0)
    yard.tidy()


@both
def test_a_hand_on_the_map_holds_the_view_until_it_lets_go(
    yard: Room, seats: Seats, words: dict[str, Words]
) -> None:
    one = yard.incident()
    other = yard.incident(title="Lòt bò a", area={**CHURCH, "lat": 18.5125, "lon": -72.2853})
    chart = sit(yard, seats, words, one, "plas2")
    floor = chart.floor
    x, y = chart.middle
    chart.page.mouse.move(x + ASIDE_PX, y + 60)
    chart.page.mouse.down()
    chart.page.mouse.move(x, y - 40, steps=6)
    chart.page.mouse.up()
    expect(chart.pane).to_contain_text(floor.words("map-locked"))
    floor.row(other["number"]).click()
    expect(floor.title("Lòt bò a")).to_be_visible()
    expect(chart.pane).to_contain_text(floor.words("map-locked"))
    # The view has not gone there: nothing of it lies at the middle.
    chart.by_key()
    expect(chart.line("menu-new")).to_be_visible()
    expect(chart.line("menu-open")).to_have_count(0)
    floor.keys.press("Escape")
    # Asked for by name, it goes.
    floor.command(f"M {other['number']}")
    chart.held(other["number"])
    chart.drawn(*chart.middle)
    chart.by_key()
    expect(chart.line("menu-open")).to_contain_text(str(other["number"]))
    floor.keys.press("Escape")
    floor.by("button", "map-release", chart.pane).click()
    expect(chart.pane).not_to_contain_text(floor.words("map-held", what=str(other["number"])))
    yard.tidy()


@simple
def test_a_view_that_is_moved_while_something_is_placed_stays_when_rows_come(
    yard: Room, seats: Seats, words: dict[str, Words]
) -> None:
    chart = sit(yard, seats, words, yard.incident(), "plas2")
    floor = chart.floor
    x, y = chart.middle
    floor.keys.press("n")
    expect(floor.by("form", "intake-new")).to_be_visible()
    chart.page.mouse.move(x, y + 60)
    chart.page.mouse.down()
    chart.page.mouse.move(x + ASIDE_PX, y + 60, steps=6)
    chart.page.mouse.up()
    other = yard.incident(title="Lòt bò a", area={**CHURCH, "lat": 18.5125, "lon": -72.2853})
    expect(floor.row(other["number"])).to_be_visible()
    floor.keys.press("Escape")
    expect(floor.by("form", "intake-new")).to_be_hidden()
    chart.drawn(x + ASIDE_PX, y)
    yard.tidy()


@simple
def test_layers_put_away_stay_away_after_a_reload(yard: Room, seats: Seats, words: dict[str, Words]) -> None:
    page = seats.sit(yard.base, "plas2", size=LARGE)
    floor = Floor(page, words["ht"])
    floor.here()
    chart = Chart(floor)
    layers = chart.pane.get_by_role("button", name=re.compile(re.escape(floor.words("map-layers"))))
    layers.press("Enter")
    boxes = floor.by("group", "map-layers")
    for layer in ("sights", "landmarks", "zones"):
        expect(floor.by("checkbox", f"layer-{layer}", boxes)).to_be_checked()
    floor.by("checkbox", "layer-zones", boxes).press("Space")
    floor.by("checkbox", "layer-landmarks", boxes).uncheck()
    expect(layers).to_contain_text("1/3")
    page.reload()
    floor.here()
    expect(layers).to_contain_text("1/3")
    layers.click()
    expect(floor.by("checkbox", "layer-sights", boxes)).to_be_checked()
    expect(floor.by("checkbox", "layer-zones", boxes)).not_to_be_checked()
    expect(floor.by("checkbox", "layer-landmarks", boxes)).not_to_be_checked()
    floor.by("checkbox", "layer-landmarks", boxes).check()
    expect(layers).to_contain_text("2/3")


@simple
def test_a_second_window_follows_the_floor_and_tells_it_what_is_chosen_there(
    yard: Room, seats: Seats, words: dict[str, Words]
) -> None:
    one = yard.incident()
    floor = sit(yard, seats, words, one, "plas2").floor
    window: Page = floor.page.context.new_page()
    window.goto("/#/map")
    chart = Chart(Floor(window, words["ht"]))
    chart.held(one["number"])
    chart.drawn(*chart.middle)

    # What is in hand on the floor is what the window holds.
    two = yard.incident(title="Lòt bò a", area={**CHURCH, "lat": 18.5125, "lon": -72.2853})
    floor.page.bring_to_front()
    floor.row(two["number"]).click()
    chart.held(two["number"])
    floor.row(one["number"]).click()
    chart.held(one["number"])

    # What is chosen in the window is in hand on the floor.
    lat, lon = chart.east(ASIDE_PX)
    three = yard.incident(title="Tou pre", area={**CHURCH, "lat": lat, "lon": lon})
    window.bring_to_front()
    x, y = chart.middle
    chart.drawn(x + ASIDE_PX, y)
    window.mouse.click(x + ASIDE_PX, y)
    floor.here(number=three["number"])
    expect(floor.title("Tou pre")).to_be_visible()

    chart.by_key()
    chart.line("menu-new").press("Enter")
    expect(floor.by("form", "intake-new")).to_be_visible()
    expect(floor.by("radiogroup", "place-radius")).to_be_visible()
    yard.tidy()
