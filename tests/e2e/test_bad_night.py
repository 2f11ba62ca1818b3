"""A whole bad night at four seats in three languages: by keys alone and by the mouse, on both stores."""

import re
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import CHURCH, PASSWORD, Room, lanbi
from e2e.test_handover import Desk, read_all, settled
from e2e.words import LANGS, Words

FOUND_TIMEOUT_MS = 30_000
ALARMS_MAX = 30
CREW = {"crew": 4}
MORE_UNITS = (
    {"callsign": "P7", "kind": "police_patrol", "capabilities": ["police"], **CREW, "at": (18.556, -72.301)},
    {"callsign": "P8", "kind": "police_patrol", "capabilities": ["police"], **CREW, "at": (18.551, -72.309)},
    {"callsign": "R5", "kind": "rescue", "capabilities": ["rescue"], **CREW, "at": (18.552, -72.302)},
)
SAID = "gwo eksplozyon devan legliz la, yon bonm"
NEAR = {**CHURCH, "source": "cell", "confidence": "likely", "radius_m": 400, "words": ""}
# What thirteen others say about the same bang, in whatever language, wherever their phone is heard.
OTHERS = (
    ("ht", "yon bonm eksploze, gen dife", {**NEAR, "lat": 18.5590}),
    ("ht", "eksplozyon bò legliz la", {**NEAR, "lon": -72.2991}),
    ("fr", "une grosse explosion près de l’église", {**NEAR, "lat": 18.5581}),
    ("ht", "nou tande yon gwo bri, vit yo kraze", {**NEAR, "radius_m": 800}),
    ("es", "hubo una explosión en la gasolinera", {**NEAR, "lat": 18.5579, "lon": -72.2979}),
    ("en", "there was an explosion at the gas station", NEAR),
    ("ht", "machin ap boule apre eksplozyon an", {**NEAR, "lon": -72.2978}),
    ("fr", "explosion à la station, des blessés", NEAR),
    ("ht", "estasyon gaz la eksploze", {**NEAR, "lat": 18.5592}),
    ("ht", "timoun blese nan eksplozyon an", NEAR),
)
TAKEN = "yo kidnape yon madanm devan pòt li"
TEARING = "yo fòse l monte nan yon djip"


class Person(Floor, ABC):
    """Somebody at a seat. What is done is the same for all; how, is each one's own."""

    def __init__(self, page: Page, words: dict[str, Words]) -> None:
        super().__init__(page, words["ht"])
        self._all = words

    def enter(self, login: str, lang: str) -> None:
        """Signs in at the door, which speaks Kreyòl; the floor then speaks the person's own language."""
        self.page.goto("/")
        expect(self.by("heading", "signin-title")).to_be_visible()
        self.prove(login)
        self.words = self._all[lang]
        self.here()
        expect(self.link).to_contain_text(self.words("link-live"))

    # -- what all of them look at --------------------------------------------------------

    @property
    def said_by_caller(self) -> Locator:
        return self.page.get_by_label(self.words("intake-words"), exact=True)

    @property
    def card(self) -> Locator:
        return self.page.locator("section.card")

    @property
    def strip(self) -> Locator:
        return self.alarms

    def flashing(self, callsign: str) -> Locator:
        alarm = self.strip.get_by_role("button", name=re.compile(callsign))
        return alarm.and_(self.page.locator(".flash, :has(.flash)"))

    def calls(self, n: int) -> None:
        """The incident in hand counts that many calls."""
        expect(
            self.page.locator("#incident").get_by_text(self.words("incident-calls", n=n), exact=True)
        ).to_be_visible()

    def unanswered(self, call: dict[str, Any]) -> re.Pattern[str]:
        """What the alarm says of a call that rings too long, whatever the minutes."""
        begin, _, _ = self.words("alarm-unanswered", call=str(call["number"]), since="\0").partition("\0")
        return re.compile(re.escape(begin))

    @property
    def ledger(self) -> Locator:
        return self.by("region", "alarms-ledger")

    @property
    def counter(self) -> Locator:
        """The end of the strip: how many alarms nobody has taken; it opens the ledger."""
        return self.by("region", "alarms-title").locator("button[aria-expanded]")

    def take_all_alarms(self) -> None:
        """One after another, the gravest first, until nothing waits."""
        for _ in range(ALARMS_MAX):
            first = self.strip.get_by_role("button").first
            if first.count() == 0:
                expect(self.strip).to_contain_text(self.words("alarms-none"))
                return
            # Its sentence runs with the clock: the very element is what goes.
            held = first.element_handle()
            self.take_first_alarm()
            held.wait_for_element_state("hidden")
        pytest.fail("the alarms never end")

    def panel(self, callsign: str) -> Locator:
        return self.by("region", "unit-panel", unit=callsign)

    def desk(self) -> Desk:
        return Desk(self.page, self.words)

    # -- what each does in an own way ----------------------------------------------------

    def ready_to_send(self, number: int, callsign: str) -> None:
        """The incident is in hand, and the unit is offered for it."""
        self.choose_if_needed(number)
        expect(self.by("button", "send-unit", unit=callsign, number=str(number))).to_be_visible()

    def choose_if_needed(self, number: int) -> None:
        """A second choice of the same row would let the map go."""
        if self.row(number).get_attribute("aria-current") != "true":
            self.choose(number)
        self.here(number=number)

    @abstractmethod
    def prove(self, login: str) -> None: ...
    @abstractmethod
    def take(self) -> None: ...
    @abstractmethod
    def card_open(self) -> None: ...
    @abstractmethod
    def card_digit(self, n: int) -> None: ...
    @abstractmethod
    def card_skip(self) -> None: ...
    @abstractmethod
    def card_write(self, value: str) -> None: ...
    @abstractmethod
    def card_accept(self) -> None: ...
    @abstractmethod
    def place(self, typed: str, option: str) -> None: ...
    @abstractmethod
    def promise(self) -> None: ...
    @abstractmethod
    def open(self) -> None: ...
    @abstractmethod
    def hang_up(self, call: dict[str, Any]) -> None: ...
    @abstractmethod
    def join(self, number: int) -> None: ...
    @abstractmethod
    def choose(self, number: int) -> None: ...
    @abstractmethod
    def send(self, number: int, callsigns: list[str]) -> None: ...
    @abstractmethod
    def step(self, number: int, callsign: str, status: str) -> None: ...
    @abstractmethod
    def settle_missed(self) -> None: ...
    @abstractmethod
    def declare(self, incident: dict[str, Any]) -> None: ...
    @abstractmethod
    def methane(self, letter: str, text: str, figure: str = "") -> None: ...
    @abstractmethod
    def ask_for(self, capability: str) -> None: ...
    @abstractmethod
    def to_floor(self) -> None: ...
    @abstractmethod
    def write_to(self, callsign: str, text: str) -> None: ...
    @abstractmethod
    def heard_by_radio(self, callsign: str) -> None: ...
    @abstractmethod
    def road(self, kind: str, place: str) -> None: ...
    @abstractmethod
    def emergency(self, callsign: str) -> None: ...
    @abstractmethod
    def take_alarm(self, about: str) -> None: ...
    @abstractmethod
    def take_first_alarm(self) -> None: ...
    @abstractmethod
    def look_into_ledger(self, about: re.Pattern[str]) -> None: ...
    @abstractmethod
    def ask_all(self, number: int, callsign: str) -> None: ...
    @abstractmethod
    def all_well(self, callsign: str, reason: str) -> None: ...
    @abstractmethod
    def hand_over(self) -> None: ...
    @abstractmethod
    def offer(self) -> None: ...
    @abstractmethod
    def take_over(self) -> None: ...
    @abstractmethod
    def read_lines(self) -> None: ...
    @abstractmethod
    def sign(self) -> None: ...


class Keys(Person):
    """Without a mouse, from the door to the signature."""

    def _free(self) -> None:
        """The hands out of whatever field they are in."""
        for _ in range(4):
            if not self.page.evaluate(
                "() => !!document.activeElement?.closest('input:not([type=radio]), textarea, select')"
            ):
                return
            self.keys.press("Escape")
        pytest.fail("no way out of a field by Escape")

    def _press(self, *keys: str) -> None:
        self._free()
        for key in keys:
            self.keys.press(key)

    def command(self, line: str) -> None:
        super().command(line)
        expect(self.by("textbox", "cmd-title")).to_have_value("")

    def prove(self, login: str) -> None:
        self.sign_in(login)

    def take(self) -> None:
        self._press("t")
        expect(self.said_by_caller).to_be_focused()

    def card_open(self) -> None:
        self.keys.press("F4")

    def card_digit(self, n: int) -> None:
        expect(self.card).to_be_focused()
        self.keys.press(str(n))

    def card_skip(self) -> None:
        expect(self.card).to_be_focused()
        self.keys.press("Space")

    def card_write(self, value: str) -> None:
        expect(self.card.get_by_role("textbox")).to_be_focused()
        self.keys.type(value)
        self.keys.press("Enter")

    def card_accept(self) -> None:
        expect(self.card).to_be_focused()
        self.keys.press("Enter")

    def place(self, typed: str, option: str) -> None:
        self.tab_to(self.by("combobox", "intake-place"), back=True)
        self.keys.press("Control+a")
        self.keys.type(typed)
        expect(self.page.get_by_role("option").filter(has_text=option).first).to_be_visible()
        self.keys.press("Enter")
        expect(self.by("radiogroup", "place-radius")).to_be_visible()

    def promise(self) -> None:
        self.tab_to(self.by("button", "intake-promise-make"))
        self.keys.press("Enter")

    def open(self) -> None:
        self.keys.press("Control+Enter")

    def hang_up(self, call: dict[str, Any]) -> None:
        self._press("e")
        self.heard("did-end", number=str(call["number"]))

    def join(self, number: int) -> None:
        self._press("x")

    def choose(self, number: int) -> None:
        self.command(f"F {number}")
        self.here(number=number)

    def send(self, number: int, callsigns: list[str]) -> None:
        self.command(f"D {number} {' '.join(callsigns)}")

    def step(self, number: int, callsign: str, status: str) -> None:
        self.command(f"{STEPS[status]} {callsign}")
        self.stepped(callsign, status)

    def settle_missed(self) -> None:
        debts = self.by("list", "debts-title")
        row = debts.get_by_role("button", name=re.compile(re.escape(self.words("debt-missed")))).first
        self._press("q")
        self.tab_to(debts.locator("[data-row][tabindex='0']"))
        for _ in range(20):
            if row.evaluate("element => element === document.activeElement"):
                break
            self.keys.press("ArrowDown")
        self.keys.press("Enter")
        self.tab_to(
            debts.get_by_role("button", name=self.words.label("callback_outcomes", "reached"), exact=True)
        )
        self.keys.press("Enter")
        self.heard("did-callback")

    def declare(self, incident: dict[str, Any]) -> None:
        self.command(f"MAJ {incident['number']}")
        expect(self.page.locator("main.major")).to_be_visible()

    def methane(self, letter: str, text: str, figure: str = "") -> None:
        self._press("m", "Home")
        for _ in range(self.words.codes("methane_letters").index(letter)):
            self.keys.press("ArrowDown")
        self.keys.press("Enter")
        label = self.words.label("methane_letters", letter)
        form = self.page.get_by_role("form", name=label, exact=True)
        expect(form.get_by_role("textbox", name=label, exact=True)).to_be_focused()
        self.keys.type(text)
        if figure:
            self.keys.press("Tab")
            self.keys.type(figure)
        self.keys.press("Enter")
        self.heard("did-methane", letter=label)

    def ask_for(self, capability: str) -> None:
        self._press("r")
        form = self.by("form", "major-add-request")
        pick = form.get_by_role("combobox").first
        expect(pick).to_be_focused()
        self.keys.type(self.words.label("capabilities", capability))
        expect(pick).to_have_value(capability)
        self.tab_to(self.by("button", "save", form))
        self.keys.press("Enter")
        self.heard("did-request")

    def to_floor(self) -> None:
        self._press("g", "s")
        self.here()

    def write_to(self, callsign: str, text: str) -> None:
        self.command(f"MSG {callsign} {text}")
        self.heard("did-message-line", name=callsign)

    def heard_by_radio(self, callsign: str) -> None:
        self._press("g", "e")
        expect(self.by("combobox", "msg-write-to")).to_be_visible()
        self.keys.press("n")
        self.keys.type(callsign)
        expect(self.page.get_by_role("option").filter(has_text=callsign).first).to_be_visible()
        self.keys.press("Enter")
        expect(self.by("textbox", "msg-write", to=callsign)).to_be_focused()
        self._press("k")

    def road(self, kind: str, place: str) -> None:
        self.command(f"RB kind:{self.words.label('observation_kinds', kind)} loc:{place}")

    def emergency(self, callsign: str) -> None:
        self.command(f"SOS {callsign}")
        self.heard("did-emergency-line", unit=callsign)

    def take_alarm(self, about: str) -> None:
        # W takes what is gravest; what else stands before it is taken too.
        waiting = self.strip.get_by_role("button", name=re.compile(about))
        expect(waiting.first).to_be_visible()
        self.take_all_alarms()

    def take_first_alarm(self) -> None:
        self._press("w")

    def look_into_ledger(self, about: re.Pattern[str]) -> None:
        self._press("Shift+W")
        expect(self.ledger.locator("[data-alarm]").filter(has_text=about)).to_be_visible(
            timeout=FOUND_TIMEOUT_MS
        )
        self.keys.press("Escape")
        expect(self.ledger).to_be_hidden()

    def ask_all(self, number: int, callsign: str) -> None:
        self.command(f"PAR {number}")
        expect(self.said).to_contain_text(self.words.about("did-welfare-line"))

    def _unit(self, callsign: str) -> Locator:
        self._press("u")
        row = self.unit(callsign)
        self.keys.press("Home")
        for _ in range(20):
            if row.evaluate("element => element === document.activeElement"):
                break
            self.keys.press("ArrowDown")
        self.keys.press("Enter")
        expect(self.panel(callsign)).to_be_visible()
        return self.panel(callsign)

    def all_well(self, callsign: str, reason: str) -> None:
        panel = self._unit(callsign)
        self.tab_to(self.by("button", "unit-welfare-ok", panel))
        self.keys.press("Enter")
        self.heard("did-welfare-ok", unit=callsign)
        self.tab_to(self.by("textbox", "unit-emergency-reason", panel))
        self.keys.type(reason)
        self.keys.press("Enter")
        self.heard("did-emergency-settle", unit=callsign)
        self._free()

    def hand_over(self) -> None:
        self._press("g", "h")
        expect(self.by("region", "handover-title")).to_be_visible()
        self.keys.press("h")

    def offer(self) -> None:
        self.keys.press("o")

    def take_over(self) -> None:
        self._press("g", "h")
        self.desk().state("offered")
        self.keys.press("t")

    def read_lines(self) -> None:
        read_all(self.desk())

    def sign(self) -> None:
        self._press("s")
        expect(self.page.locator("#handover-password")).to_be_focused()
        self.keys.type(PASSWORD)
        self.keys.press("Enter")


class Hand(Person):
    """By the mouse; the keys only for words."""

    def prove(self, login: str) -> None:
        self.page.get_by_label(self.words("signin-account"), exact=True).fill(login)
        self.page.get_by_label(self.words("signin-password"), exact=True).fill(PASSWORD)
        self.by("button", "signin-enter").click()

    def take(self) -> None:
        self.by("button", "banner-take").click()
        self.said_by_caller.click()

    def card_open(self) -> None:
        self.card.locator("header button.line").first.click()

    def card_digit(self, n: int) -> None:
        self.card.locator(".answers .opt").nth(n - 1).click()

    def card_skip(self) -> None:
        self.by("button", "card-skip", self.card).click()

    def card_write(self, value: str) -> None:
        self.card.get_by_role("textbox").fill(value)
        self.by("button", "card-keep", self.card).click()

    def card_accept(self) -> None:
        self.by("button", "card-accept", self.card).click()

    def place(self, typed: str, option: str) -> None:
        field = self.by("combobox", "intake-place")
        field.click()
        field.fill("")
        field.press_sequentially(typed)
        self.page.get_by_role("option").filter(has_text=option).first.click()
        expect(self.by("radiogroup", "place-radius")).to_be_visible()

    def promise(self) -> None:
        self.by("button", "intake-promise-make").click()

    def open(self) -> None:
        self.by("button", "intake-open").click()

    def hang_up(self, call: dict[str, Any]) -> None:
        # Beside the call where its form is open, else among the calls at this seat.
        in_form = self.by("button", "call-end", self.intake(call))
        in_form.or_(self.by("button", "call-end-number", number=str(call["number"]))).click()
        self.heard("did-end", number=str(call["number"]))

    def join(self, number: int) -> None:
        self.by("button", "banner-join", self.banner, number=str(number)).click()

    def choose(self, number: int) -> None:
        self.row(number).click()
        self.here(number=number)

    def send(self, number: int, callsigns: list[str]) -> None:
        self.choose_if_needed(number)
        for callsign in callsigns:
            self.by("button", "send-unit", unit=callsign, number=str(number)).click()
            if len(callsigns) > 1:
                self.heard("did-send", unit=callsign, number=str(number))

    def step(self, number: int, callsign: str, status: str) -> None:
        self.choose_if_needed(number)
        team = self.by("list", "dispatch-team").get_by_role("listitem").filter(has_text=callsign)
        name = self.words.label("assignment_statuses", status)
        team.get_by_role("button", name=name, exact=True).click()
        self.stepped(callsign, status)

    def settle_missed(self) -> None:
        debts = self.by("list", "debts-title")
        debts.get_by_role("button", name=re.compile(re.escape(self.words("debt-missed")))).first.click()
        debts.get_by_role("button", name=self.words.label("callback_outcomes", "reached"), exact=True).click()
        self.heard("did-callback")

    def declare(self, incident: dict[str, Any]) -> None:
        self.go("room-major")
        self.by("button", "major-declare").click()
        form = self.by("form", "major-declare")
        form.locator("select").select_option(incident["id"])
        self.by("button", "major-declare", form).click()
        expect(self.page.locator("main.major")).to_be_visible()

    def methane(self, letter: str, text: str, figure: str = "") -> None:
        self.page.locator(f"[data-letter={letter}]").click()
        label = self.words.label("methane_letters", letter)
        form = self.page.get_by_role("form", name=label, exact=True)
        form.get_by_role("textbox", name=label, exact=True).fill(text)
        if figure:
            form.get_by_role("textbox").nth(1).fill(figure)
        self.by("button", "major-append", form).click()
        self.heard("did-methane", letter=label)

    def ask_for(self, capability: str) -> None:
        self.by("button", "major-add-request").click()
        form = self.by("form", "major-add-request")
        form.get_by_role("combobox").first.select_option(capability)
        self.by("button", "save", form).click()
        self.heard("did-request")

    def to_floor(self) -> None:
        self.by("button", "to-floor").click()
        self.here()

    def _conversation(self, callsign: str) -> None:
        self.go("room-messages")
        self.by("combobox", "msg-write-to").click()
        self.by("combobox", "msg-write-to").press_sequentially(callsign)
        self.page.get_by_role("option").filter(has_text=callsign).first.click()
        expect(self.by("textbox", "msg-write", to=callsign)).to_be_visible()

    def write_to(self, callsign: str, text: str) -> None:
        self._conversation(callsign)
        self.by("textbox", "msg-write", to=callsign).fill(text)
        self.by("button", "msg-send").click()
        self.heard("did-message", to=callsign)

    def heard_by_radio(self, callsign: str) -> None:
        self._conversation(callsign)
        self.by("group", "msg-heard", who=callsign).get_by_role(
            "button", name=self.words.label("message_steps", "acknowledged"), exact=True
        ).click()

    def road(self, kind: str, place: str) -> None:
        del place  # where the hand points
        self.page.locator(".map canvas").click(button="right")
        menu = self.by("dialog", "menu-title")
        menu.get_by_role("button", name=re.compile(re.escape(self.words("menu-seen")))).click()
        menu.get_by_role("button", name=self.words.label("observation_kinds", kind), exact=True).click()

    def emergency(self, callsign: str) -> None:
        self.unit(callsign).click()
        panel = self.panel(callsign)
        self.by("button", "unit-emergency-press", panel, unit=callsign).click()
        self.by("button", "unit-emergency-sure", panel).click()
        self.heard("did-emergency", unit=callsign)

    def take_alarm(self, about: str) -> None:
        waiting = self.strip.get_by_role("button", name=re.compile(about))
        waiting.first.click()
        self.heard("did-alarm-take")
        expect(waiting).to_have_count(0)

    def take_first_alarm(self) -> None:
        self.strip.get_by_role("button").first.click()

    def look_into_ledger(self, about: re.Pattern[str]) -> None:
        self.counter.click()
        expect(self.ledger.locator("[data-alarm]").filter(has_text=about)).to_be_visible(
            timeout=FOUND_TIMEOUT_MS
        )
        self.by("button", "close", self.ledger).click()
        expect(self.ledger).to_be_hidden()

    def ask_all(self, number: int, callsign: str) -> None:
        if not self.panel(callsign).is_visible():
            self.unit(callsign).click()
        self.by("button", "unit-welfare-ask", self.panel(callsign), number=str(number)).click()
        expect(self.said).to_contain_text(self.words.about("did-welfare-ask"))

    def all_well(self, callsign: str, reason: str) -> None:
        if not self.panel(callsign).is_visible():
            self.unit(callsign).click()
        panel = self.panel(callsign)
        self.by("button", "unit-welfare-ok", panel).click()
        self.heard("did-welfare-ok", unit=callsign)
        self.by("textbox", "unit-emergency-reason", panel).fill(reason)
        self.by("button", "unit-emergency-settle", panel).click()
        self.heard("did-emergency-settle", unit=callsign)

    def hand_over(self) -> None:
        self.go("room-handover")
        self.by("button", "handover-start").click()

    def offer(self) -> None:
        self.by("button", "handover-offer").click()

    def take_over(self) -> None:
        self.go("room-handover")
        self.by("button", "handover-take").click()

    def read_lines(self) -> None:
        desk = self.desk()
        for _ in range(60):
            done, whole = settled(desk)
            if done == whole:
                return
            desk.page.locator("[data-line].open").first.click()
            self.by("button", "handover-acknowledge").click()
            expect(desk.pane("handover-steps")).not_to_contain_text(re.compile(rf"(?<!\d){done}/{whole}"))
        pytest.fail("the list never ends")

    def sign(self) -> None:
        self.page.locator("#handover-password").fill(PASSWORD)
        self.by("button", "handover-sign").click()


STEPS = {"acknowledged": "AK", "en_route": "ER", "on_scene": "OS"}
HOWS: dict[str, type[Person]] = {"keys": Keys, "hand": Hand}


@pytest.fixture
def night(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Room]:
    """A room of this night's own on the asked store: it loses its node before morning."""
    store = request.param
    made = Room(
        tmp_path / "node",
        store=request.getfixturevalue("postgres_database") if store == "postgres" else None,
    )
    try:
        made.begin()
        made.seat("jefa", "Rosa Peña", "commander", "es")
        for unit in MORE_UNITS:
            lat, lon = cast("tuple[float, float]", unit["at"])
            asked = {name: value for name, value in unit.items() if name != "at"}
            made.units[str(unit["callsign"])] = made.keeper.post("/units", asked)["id"]
            made.seen(str(unit["callsign"]), lat, lon)
        yield made
    finally:
        made.close()


def past(seconds: int) -> str:
    """The instant so many seconds ago, as the API writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds))


def incident_of(room: Room, call: dict[str, Any]) -> str:
    """The incident that the call was opened as, once it is."""
    return room.line.get(f"/calls/{call['id']}")["incident_id"]


def crew_says(room: Room, callsign: str, *statuses: str) -> None:
    """The crew's own terminal moves its task."""
    [task] = [
        row
        for row in room.radio.everything("/assignments")
        if row["unit_id"] == room.units[callsign] and row["status"] not in ("cleared", "cancelled")
    ]
    for status in statuses:
        room.radio.post(f"/assignments/{task['id']}/status", {"status": status})


@pytest.mark.parametrize(
    ("night", "how"),
    [
        # Two nights in `make test` have both stores and both ways; `make soak` plays the other two.
        pytest.param("sqlite", "hand", id="sqlite-hand"),
        pytest.param("postgres", "keys", id="postgres-keys", marks=pytest.mark.postgres),
        pytest.param("sqlite", "keys", id="sqlite-keys", marks=pytest.mark.slow),
        pytest.param(
            "postgres",
            "hand",
            id="postgres-hand",
            marks=[pytest.mark.slow, pytest.mark.postgres],
        ),
    ],
    indirect=["night"],
)
def test_a_whole_bad_night_at_four_seats_in_three_languages(
    night: Room, seats: Seats, how: str, tmp_path: Path
) -> None:
    room, person = night, HOWS[how]
    vocabulary = room.line.get("/vocabulary")
    words = {lang: Words(lang, vocabulary) for lang in LANGS}
    taker, sender, second, chief = (person(seats.page(room.base), words) for _ in range(4))
    taker.enter("plas1", "ht")
    sender.enter("plas2", "ht")
    second.enter("plas3", "fr")
    chief.enter("jefa", "es")
    everybody = (taker, sender, second, chief)

    explosion = the_explosion(room, taker, sender, second, chief)
    kidnapping = the_kidnapping(room, taker, sender, second, chief)
    loads: list[str] = []
    for one in everybody:
        one.page.on("load", lambda page: loads.append(page.url))
    the_flood(room, second, chief)
    the_unit_in_distress(explosion["number"], sender, second, chief, everybody)
    the_lost_link(room, explosion["number"], second, sender)
    the_node_that_dies(room, taker, sender, everybody)
    handover = the_shift_change(room, sender, second)
    assert loads == [], "a screen was loaded anew"
    the_record(room, explosion, kidnapping, handover, tmp_path)


def the_explosion(room: Room, taker: Person, sender: Person, second: Person, chief: Person) -> dict[str, Any]:
    """One bang, fourteen calls: one incident, ten joined, two missed and one that rang too long."""
    first = room.ring(lang="ht")
    for other in (sender, second, chief):
        expect(other.banner).to_be_visible()
    taker.take()
    expect(sender.banner).to_be_hidden()
    taker.keys.type(SAID)
    taker.card_open()
    taker.card_digit(2)  # not in danger where the caller is
    taker.card_digit(1)  # it has exploded
    taker.card_skip()
    taker.card_write("6")
    expect(taker.card.locator(".prop")).to_contain_text("P0")
    taker.card_accept()
    expect(taker.card.locator(".prop")).to_contain_text(taker.words("card-stands"))
    taker.place("legliz sen michel", "Mich")
    taker.open()
    expect(taker.said).to_contain_text(taker.words.about("did-open"))
    [incident] = room.radio.get("/incidents?state=open")["items"]
    number = incident["number"]
    taker.here(number=number)
    assert (incident["type"], incident["priority"]) == ("explosion", "P0")
    for other in (sender, second, chief):
        expect(other.row(number)).to_contain_text(other.words.label("incident_types", "explosion"))
    taker.hang_up(first)

    # Ten others ring at once. Each is said to be about the same, and why; one key joins it.
    ringing = [
        room.ring(number=f"+509 00 00 02 {n:02}", lang=lang, words=words, area=area)
        for n, (lang, words, area) in enumerate(OTHERS)
    ]
    sender.choose(number)
    for n, call in enumerate(ringing, 2):
        expect(taker.banner).to_contain_text(str(number))
        expect(taker.banner).to_contain_text(taker.words("banner-like"))
        taker.join(number)
        taker.calls(n)
        sender.calls(n)
        taker.hang_up(call)
    expect(taker.banner).to_be_hidden()

    # Two give up: two debts, at every seat. One rings too long: an alarm, at every seat.
    for n in range(2):
        missed = room.ring(number=f"+509 00 00 03 {n:02}")
        room.line.post(f"/calls/{missed['id']}/abandon")
    for one in (taker, sender):
        debt = re.compile(re.escape(one.words("debt-missed")))
        expect(one.by("list", "debts-title").get_by_role("button", name=debt)).to_have_count(2)
    late = room.ring(
        number="+509 00 00 04 01",
        lang="ht",
        words="eksplozyon, moun anba dekonb",
        area=NEAR,
        offered_at=past(45),
    )
    chief.look_into_ledger(chief.unanswered(late))
    taker.join(number)
    taker.calls(12)
    taker.hang_up(late)
    second.take_all_alarms()
    expect(chief.strip.get_by_role("button", name=chief.unanswered(late))).to_have_count(0)
    for _ in range(2):
        taker.settle_missed()
    expect(sender.by("list", "debts-title")).to_contain_text(sender.words("debts-none"))

    # Several go at once; everybody sees each move.
    sender.send(number, ["E2", "M21", "R5"])
    for one in (taker, second, chief):
        for callsign in ("E2", "M21", "R5"):
            expect(one.state(callsign, "assigned")).to_be_visible()
    for status, state in (("acknowledged", "assigned"), ("en_route", "en_route"), ("on_scene", "on_scene")):
        sender.step(number, "M21", status)
        expect(second.state("M21", state)).to_be_visible()
    for callsign in ("E2", "R5"):
        crew_says(room, callsign, "acknowledged", "en_route")
        expect(sender.state(callsign, "en_route")).to_be_visible()

    chief.declare(incident)
    for letter, text, figure in (
        ("hazards", "gasolina en la calle", ""),
        ("number", "seis heridos", "4"),
        ("access", "por el norte", ""),
    ):
        chief.methane(letter, text, figure)
        expect(chief.page.locator(f"[data-letter={letter}]")).to_contain_text(text)
    chief.ask_for("foam")
    [major] = room.radio.everything("/majors?state=open")
    mark = sender.page.get_by_role("button", name=sender.words("major-title", number=str(major["number"])))
    expect(mark).to_be_visible()
    chief.to_floor()
    return incident


def the_kidnapping(
    room: Room, taker: Person, sender: Person, second: Person, chief: Person
) -> dict[str, Any]:
    """A promise to the caller, two patrols, and a message that is acknowledged; a reload loses no word."""
    call = room.ring(number="+509 00 00 05 05", lang="ht", area={**CHURCH, "lat": 18.5433, "lon": -72.338})
    expect(taker.banner).to_be_visible()
    taker.take()
    taker.keys.type(TAKEN)
    # The tab is loaded anew in mid-sentence, at another seat a second one is opened: no word is lost.
    taker.page.reload()
    taker.here()
    taker.by("list", "online-label").get_by_role("button").first.press("Enter")
    expect(taker.said_by_caller).to_have_value(TAKEN)
    taker.said_by_caller.press("End")
    taker.keys.type(f", {TEARING}")
    taker.card_open()
    taker.card_digit(2)
    taker.card_digit(2)  # today, not just now
    expect(taker.card.locator(".prop")).to_contain_text("P1")
    taker.card_accept()
    taker.promise()
    kind_of = taker.words.codes("promise_kinds")[0]
    taker.heard("did-promise", promise=taker.words.label("promise_kinds", kind_of))
    for one in (sender, second):
        expect(one.by("list", "debts-title")).to_contain_text(one.words.label("promise_kinds", kind_of))
    taker.place("channmas", "Channmas")
    taker.open()
    expect(taker.said).to_contain_text(taker.words.about("did-open"))
    incident = room.line.get(f"/incidents/{incident_of(room, call)}")
    number = incident["number"]
    taker.here(number=number)
    assert (incident["type"], incident["priority"]) == ("kidnapping", "P1")
    heard = " ".join(piece["words"] for piece in room.line.get(f"/calls/{call['id']}")["all_words"])
    assert TAKEN in heard
    assert TEARING in heard
    taker.hang_up(call)

    second.send(number, ["P7", "P8"])
    for one in (taker, sender, chief):
        expect(one.state("P7", "assigned")).to_be_visible()
        expect(one.state("P8", "assigned")).to_be_visible()
    for callsign in ("P7", "P8"):
        crew_says(room, callsign, "acknowledged", "en_route")
    second.write_to("P7", "Une jeep blanche, vers le nord")
    sender.heard_by_radio("P7")
    step = sender.words.label("message_steps", "acknowledged")
    sender.heard("did-step", who="P7", step=step)
    expect(sender.by("list", "msg-thread")).to_contain_text("Une jeep blanche, vers le nord")
    sender.to_floor()
    second.to_floor()

    # Back and forward in the browser: each time what stood there.
    chief.choose(number)
    chief.page.go_back()
    chief.page.go_forward()
    chief.here(number=number)
    tab = type(chief)(chief.page.context.new_page(), dict.fromkeys(LANGS, chief.words))
    tab.page.goto(f"/#/incident/{number}")
    tab.here(number=number)
    expect(tab.state("P7", "en_route")).to_be_visible()
    tab.page.close()
    return incident


def the_flood(room: Room, second: Person, chief: Person) -> None:
    """A road under water, reported once: every seat has it."""
    second.road("road_flooded", "Channmas")
    expect(second.said).to_contain_text(second.words.label("observation_kinds", "road_flooded"))
    answer = chief.page.request.get(f"{room.base}/api/v1/observations")
    [seen] = answer.json()["items"]
    assert seen["kind"] == "road_flooded"
    assert seen["area"]["lat"] is not None


def the_unit_in_distress(
    number: int, sender: Person, second: Person, chief: Person, everybody: tuple[Person, ...]
) -> None:
    """It flashes at every seat until somebody takes it, then everybody on the incident is asked."""
    sender.emergency("M21")
    for one in everybody:
        expect(one.flashing("M21")).to_be_visible(timeout=FOUND_TIMEOUT_MS)
        expect(one.unit("M21")).to_contain_text(one.words.about("unit-help"))
    chief.take_alarm("M21")
    for one in everybody:
        expect(one.flashing("M21")).to_have_count(0)
    sender.ask_all(number, "M21")
    for callsign in ("M21", "E2", "R5"):
        expect(second.unit(callsign)).to_contain_text(second.words.about("unit-welfare-left"))
    second.all_well("M21", "fausse manœuvre")
    expect(sender.unit("M21")).not_to_contain_text(sender.words.about("unit-help"))
    expect(sender.unit("M21")).not_to_contain_text(sender.words.about("unit-welfare-left"))


def the_lost_link(room: Room, number: int, second: Person, sender: Person) -> None:
    """Cut in mid-command: the row says that it waits; back again, it is sent once."""
    made = room.audit.kinds().count("assignment.made")
    second.ready_to_send(number, "M22")
    second.page.context.set_offline(True)
    second.send(number, ["M22"])
    expect(second.row(number)).to_contain_text(second.words("row-waits", n=1))
    expect(sender.state("M22", "available")).to_be_visible()
    second.page.context.set_offline(False)
    expect(sender.state("M22", "assigned")).to_be_visible(timeout=FOUND_TIMEOUT_MS)
    expect(second.row(number)).not_to_contain_text(second.words("row-waits", n=1))
    assert room.audit.kinds().count("assignment.made") == made + 1
    crew_says(room, "M22", "acknowledged")


def the_node_that_dies(room: Room, taker: Person, sender: Person, everybody: tuple[Person, ...]) -> None:
    """The power fails; every screen says so, keeps what it showed, and goes on by itself."""
    room.kill()
    for one in everybody:
        expect(one.link).to_contain_text(one.words("offline"), timeout=FOUND_TIMEOUT_MS)
        expect(one.unit("M21")).to_be_visible()
    room.start()
    for one in everybody:
        expect(one.link).to_contain_text(one.words("link-live"), timeout=FOUND_TIMEOUT_MS)
    call = room.ring(number="+509 00 00 06 06")
    for one in everybody:
        expect(one.banner).to_be_visible()
    taker.take()
    for one in everybody:
        expect(one.banner).to_be_hidden()
    taker.hang_up(call)
    expect(sender.banner).to_be_hidden()


def the_shift_change(room: Room, giver: Person, taker: Person) -> dict[str, Any]:
    """Every line is taken over, both sign, and the document holds its own proof."""
    giver.hand_over()
    giver.desk().state("draft")
    giver.offer()
    giver.desk().state("offered")
    taker.take_over()
    taker.desk().state("acknowledging")
    taker.read_lines()
    done, whole = settled(taker.desk())
    assert done == whole > 3
    giver.desk().progress(done, whole)
    taker.sign()
    taker.heard("did-handover-sign")
    giver.sign()
    for one in (giver, taker):
        one.desk().state("signed")
        expect(one.pane("handover-document")).to_contain_text(one.words("handover-hash-holds"))
    newest = room.radio.get("/handovers")["items"][0]
    assert (newest["state"], newest["outgoing"]["id"], newest["incoming"]["id"]) == (
        "signed", "plas2", "plas3",
    )  # fmt: skip
    return newest


def the_record(
    room: Room,
    explosion: dict[str, Any],
    kidnapping: dict[str, Any],
    handover: dict[str, Any],
    tmp_path: Path,
) -> None:
    """What the night was, by the journal alone; none of its words; and it verifies."""
    entries = room.audit.entries()
    kinds = Counter(entry["kind"] for entry in entries)
    expected = {
        "call.offered": 16,
        "call.answered": 14,
        "call.abandoned": 2,
        "call.joined": 13,  # eleven by hand, two as they were opened
        "call.ended": 14,
        "incident.opened": 2,
        "assignment.made": 6,
        "observation.reported": 1,
        "unit.emergency_raised": 1,
        "unit.emergency_settled": 1,
        "promise.made": 1,
        "message.sent": 1,
        "message.acknowledged": 1,
        "major.declared": 1,
        "major.methane_stated": 3,
        "major.resource_requested": 1,
        "handover.signed": 1,
    }
    assert {kind: kinds[kind] for kind in expected} == expected, kinds
    assert room.radio.get(f"/incidents/{explosion['id']}")["calls"] == 12
    assert room.audit.kinds(f"handover/{handover['id']}")[-1] == "handover.signed"
    assert room.audit.kinds(f"incident/{kidnapping['id']}")[0] == "incident.opened"
    texts = "\n".join(room.audit.get(f"/journal/{entry['seq']}")["preimage"] for entry in entries)
    for secret in (SAID, TAKEN, TEARING, "Une jeep blanche", "gasolina", "fausse man", "+509"):
        assert secret not in texts
    kept: str | Path = room.store or tmp_path / "night.sqlite"
    if room.store is None:
        copy = lanbi("backup", "--data", room.data, "--to", kept)
        assert copy.returncode == 0, copy.stderr
    held = lanbi("verify", kept)
    assert held.returncode == 0, held.stdout
    assert f"{len(room.audit.entries())} entries" in held.stdout
