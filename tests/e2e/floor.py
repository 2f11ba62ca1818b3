"""The screens as a person finds them: by role and by the name that stands there in their language."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.nodes import PASSWORD
from e2e.words import Words

TABS_MAX = 80


class Floor:
    """One page in one language. Names are whole: `button("save")` is not "Save all"."""

    def __init__(self, page: Page, words: Words) -> None:
        self.page = page
        self.words = words
        self.keys = page.keyboard

    # -- finding -----------------------------------------------------------------------

    def by(self, role: Any, key: str, within: Locator | None = None, **args: str | int) -> Locator:
        """The element of this role whose name is the sentence `key`."""
        return (within or self.page).get_by_role(role, name=self.words(key, **args), exact=True)

    def pane(self, key: str) -> Locator:
        return self.by("region", key)

    @property
    def queue(self) -> Locator:
        return self.pane("queue-title")

    @property
    def units(self) -> Locator:
        return self.pane("units-title")

    @property
    def banner(self) -> Locator:
        return self.pane("banner-label")

    @property
    def line(self) -> Locator:
        """The command line with its echo and its newest outcome."""
        return self.pane("cmd-title")

    @property
    def said(self) -> Locator:
        """The newest outcome, beside the command line."""
        return self.line.get_by_role("status")

    @property
    def emergency_band(self) -> Locator:
        """The emergency that nobody has taken, above the room."""
        return self.pane("severity-emergency")

    @property
    def alarms(self) -> Locator:
        """What waits to be taken: the emergency above the room, and the strip below it."""
        return self.emergency_band.or_(self.by("list", "alarms-unseen"))

    @property
    def link(self) -> Locator:
        """The state of the link, with the age of the data."""
        return self.page.locator(".age-b")

    def intake(self, call: dict[str, Any]) -> Locator:
        return self.by("form", "intake-label", number=str(call["number"]))

    def row(self, number: int) -> Locator:
        """The incident's row in the queue."""
        return self.queue.locator(f"[data-incident='{number}']")

    def unit(self, callsign: str) -> Locator:
        """The unit's row on the board."""
        return self.units.locator(f"[data-unit={callsign}]")

    def state(self, callsign: str, state: str) -> Locator:
        """The mark of a state in the unit's row; there only while the unit is in it."""
        return self.unit(callsign).get_by_role("img", name=self.words.label("unit_states", state), exact=True)

    # -- doing -------------------------------------------------------------------------

    def here(self, *, number: int | None = None) -> None:
        """The floor stands, with its first picture; with `number`, that incident is in hand."""
        expect(self.queue.get_by_role("list", name=self.words("queue-waiting"), exact=True)).to_be_visible()
        if number is not None:
            expect(self.page.locator("#incident").get_by_role("heading", name=str(number), exact=True)
                   ).to_be_visible()  # fmt: skip

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """By account and password, with the keys."""
        self.tab_to(self.page.get_by_label(self.words("signin-account"), exact=True))
        self.keys.type(login)
        self.keys.press("Tab")
        self.keys.type(password)
        self.keys.press("Enter")

    def tab_to(self, target: Locator, *, back: bool = False) -> None:
        """Presses Tab until `target` has the focus, as somebody without a mouse does."""
        for _ in range(TABS_MAX):
            self.keys.press("Shift+Tab" if back else "Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"no way to {target} by Tab")

    def command(self, line: str) -> None:
        """Types a line at the command line and sends it."""
        self.keys.press("F2")
        expect(self.by("textbox", "cmd-title")).to_be_focused()
        self.keys.type(line)
        self.keys.press("Enter")

    def go(self, screen: str) -> None:
        """Opens another screen from the menu, by the mouse; `screen` is the key of its name."""
        self.by("navigation", "rooms").get_by_role("button").click()
        self.by("link", screen).click()

    def heard(self, key: str, **args: str | int) -> None:
        """The newest outcome is the sentence `key`."""
        expect(self.said).to_contain_text(self.words(key, **args))

    def stepped(self, callsign: str, status: str) -> None:
        """The newest outcome says that the unit is at that step."""
        name = self.words.label("assignment_statuses", status)
        self.heard("did-status", unit=callsign, status=name)

    def title(self, text: str) -> Locator:
        """The title of the incident in hand."""
        return self.page.locator("#incident").get_by_role("heading", name=re.compile(re.escape(text)))

    def speak(self, lang: str, words: Words) -> None:
        """Switches the language, in one click."""
        # The card beside a call has languages of its own.
        self.page.locator(f"header.status button[lang={lang}], main.in footer button[lang={lang}]").click()
        self.words = words
        expect(self.page.locator("html")).to_have_attribute("lang", lang)
