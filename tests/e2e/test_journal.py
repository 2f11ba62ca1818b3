"""The journal in the browser: the exact text, its proof computed there, and a changed byte noticed."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words


def opened(floor: Floor, seq: int) -> Locator:
    """The pane of the entry, by a click on its row."""
    table = floor.by("table", "journal-title")
    table.locator("tr").filter(has=floor.page.get_by_role("cell", name=str(seq), exact=True)).click()
    pane = floor.pane("journal-entry")
    expect(pane.get_by_role("heading", name=str(seq), exact=True)).to_be_visible()
    return pane


def test_an_auditor_reads_an_entry_and_the_browser_computes_that_it_holds(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = room.incident(title="Sa pa dwe parèt nan jounal la")
    [seq] = [entry["seq"] for entry in room.audit.entries(f"incident/{incident['id']}")][:1]
    floor = Floor(seats.sit(room.base, "odite"), words["en"])
    floor.here()
    floor.go("room-journal")
    pane = opened(floor, seq)
    preimage = room.audit.get(f"/journal/{seq}")["preimage"]
    assert preimage.startswith("lanbi-entry/1\n")
    shown = pane.locator("pre").nth(1).text_content()
    assert shown == preimage
    verdict = pane.get_by_role("status")
    expect(verdict).to_contain_text(floor.words.about("proof-holds"))
    expect(verdict).to_contain_text(str(seq))
    expect(pane).to_contain_text(floor.words("proof-same-leaf"))
    expect(pane).to_contain_text(floor.words("proof-same-root"))
    expect(pane).not_to_contain_text("Sa pa dwe parèt")

    floor.by("button", "journal-same", pane).click()
    table = floor.by("table", "journal-title")
    expect(table.locator("tbody tr")).to_have_count(len(room.audit.entries(f"incident/{incident['id']}")))
    floor.page.go_back()
    expect(pane.get_by_role("heading", name=str(seq), exact=True)).to_be_visible()


def test_a_signed_checkpoint_is_checked_in_the_browser(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = Floor(seats.sit(room.base, "odite", path="/#/journal/1"), words["en"])
    pane = floor.pane("journal-entry")
    expect(pane.get_by_role("status")).to_contain_text(floor.words.about("proof-holds"))
    if room.audit.get("/journal/1/proof")["checkpoint"] is None:
        expect(pane).to_contain_text(floor.words("proof-no-checkpoint"))
        return
    expect(pane).to_contain_text(floor.words("proof-signature-good"))


def _other_text(answer: dict[str, str]) -> None:
    answer["preimage"] = answer["preimage"].replace("lanbi-entry/1", "lanbi-entry/2")


def _other_letter(answer: dict[str, str]) -> None:
    text = answer["preimage"]
    answer["preimage"] = text[:-4] + chr(ord(text[-4]) ^ 1) + text[-3:]


def _other_leaf(answer: dict[str, str]) -> None:
    answer["leaf"] = flipped(answer["leaf"])


def _other_root(answer: dict[str, str]) -> None:
    answer["root"] = flipped(answer["root"])


def flipped(text: str) -> str:
    """The hexadecimal text with its last digit changed."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def _other_path(answer: dict[str, list[str]]) -> None:
    answer["path"][0] = flipped(answer["path"][0])


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("/journal/2", _other_text),
        ("/journal/2", _other_letter),
        ("/journal/2", _other_leaf),
        ("/journal/2/proof", _other_root),
        ("/journal/2/proof", _other_path),
    ],
)
def test_one_changed_byte_in_an_answer_is_reported(
    room: Room,
    seats: Seats,
    words: dict[str, Words],
    where: str,
    change: Callable[..., None],
) -> None:
    floor = Floor(seats.sit(room.base, "odite"), words["en"])
    floor.here()

    def tamper(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        before = json.dumps(body)
        change(body)
        assert json.dumps(body) != before
        route.fulfill(response=response, json=body)

    floor.page.route(f"**/api/v1{where}", tamper)
    floor.page.goto("/#/journal/2")
    verdict = floor.pane("journal-entry").get_by_role("status")
    expect(verdict).to_contain_text(floor.words("proof-fails"))
    expect(verdict).to_have_class(re.compile(r"\bbad\b"))
