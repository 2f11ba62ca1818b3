"""Every screen in four languages, switched in one click: no raw key, no word of another language."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import CHURCH, Room
from e2e.words import LANGS, Words, foreign, keys

# All that a person reads or hears: text nodes, and the names and hints that stand in attributes.
READ = """() => {
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    // The map draws itself; exact texts are data; a language's name is in that language; and what was said
    // aloud was said when it happened.
    if (node.parentElement.closest('pre, .maplibregl-map, [lang]:not(html), [aria-live=assertive]')) continue;
    const text = node.textContent.trim();
    if (text) said.push(text);
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    if (element.closest('[lang]:not(html), .maplibregl-map')) continue;
    for (const name of ['aria-label', 'title', 'placeholder']) {
      const text = (element.getAttribute(name) || '').trim();
      if (text) said.push(text);
    }
  }
  return said;
}"""


def check(page: Page, words: Words, where: str) -> None:
    """Fails with every raw key and every foreign sentence or label on the page."""
    others = foreign(words.lang) | words.foreign_labels()
    strange: list[str] = []
    for text in page.evaluate(READ):
        parts = {text, *(part.strip() for part in text.replace(" · ", ", ").split(", "))}
        strange += [part for part in parts if part in others or part in keys_that_are_no_words()]
    assert strange == [], f"{where} in {words.lang}"


def keys_that_are_no_words() -> frozenset[str]:
    """Keys of the catalogues that cannot be a word of a language, such as `queue-title`."""
    return frozenset(key for key in keys() if "-" in key)


@pytest.fixture
def evening(room: Room) -> Iterator[dict[str, Any]]:
    """A room where something of everything stands: ringing, owed, promised, waiting, under way."""
    served = room.incident(title="", type="house_fire", priority="P0", area={**CHURCH, "words": ""})
    sent = room.radio.post("/assignments", {"incident_id": served["id"], "unit_id": room.units["E2"]})
    room.radio.post(f"/assignments/{sent['id']}/status", {"status": "acknowledged"})
    room.incident(title="", type="cholera")
    missed = room.ring()
    room.line.post(f"/calls/{missed['id']}/abandon")
    room.line.post(
        "/promises", {"incident_id": served["id"], "kind": "unit_coming", "due_in_s": 600, "words": ""}
    )
    taken = room.ring()
    yield {"served": served, "ringing": taken}


@pytest.mark.parametrize("lang", LANGS)
def test_the_sign_in_page_speaks_one_language(
    room: Room, seats: Seats, words: dict[str, Words], lang: str
) -> None:
    page = seats.page(room.base)
    page.goto("/")
    floor = Floor(page, words["ht"])
    floor.speak(lang, words[lang])
    expect(floor.by("heading", "signin-title")).to_be_visible()
    check(page, words[lang], "sign-in")


@pytest.mark.parametrize("lang", LANGS)
def test_every_screen_speaks_the_chosen_language_after_one_click(
    room: Room, seats: Seats, words: dict[str, Words], lang: str, evening: dict[str, Any]
) -> None:
    number = evening["served"]["number"]
    page = seats.sit(room.base, "chef", path=f"/#/incident/{number}")
    floor = Floor(page, words["fr"])
    floor.here(number=number)
    floor.speak(lang, words[lang])
    expect(floor.banner).to_be_visible()
    expect(floor.by("list", "dispatch-team")).to_be_visible()
    expect(floor.by("list", "log-title").get_by_role("listitem").first).to_be_visible()
    check(page, words[lang], "floor")

    for form in ("act-priority", "act-type", "act-place", "act-link", "act-close"):
        floor.by("button", form).click()
        check(page, words[lang], form)
    floor.keys.press("Escape")

    floor.by("button", "banner-take").click()
    expect(floor.intake(evening["ringing"])).to_be_visible()
    floor.heard("did-take", number=str(evening["ringing"]["number"]))
    check(page, words[lang], "intake")

    page.get_by_role("button", name=floor.words("help-title"), exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, words[lang], "help")
    floor.keys.press("Escape")

    floor.go("room-journal")
    table = floor.by("table", "journal-title")
    expect(table.locator("tbody tr[data-row]").first).to_be_visible()
    table.locator("tbody tr[data-row]").nth(2).click()
    expect(floor.pane("journal-entry").get_by_role("status")).to_be_visible()
    check(page, words[lang], "journal")
