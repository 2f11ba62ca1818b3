"""An analyst records a seizure, follows it outward by keys, and opens a person with a second one’s word."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import LARGE, SMALL, Seats
from e2e.floor import Floor
from e2e.looks import broken, dress
from e2e.nodes import Machine, Room, lanbi
from e2e.words import Words

DESK = {"purpose": "criminal_investigation", "case": "24-118"}


class Office(Room):
    """A room whose analysts have a small synthetic world before them."""

    def begin(self) -> None:
        told = lanbi("import", "demo-tracing", "--data", self.data, "--networks", "2", "--innocents", "20")
        assert told.returncode == 0, told.stderr
        super().begin()
        self.seat("analis", "Analis", "analyst", "fr")
        self.seat("analis2", "Dezyèm Analis", "analyst", "ht")
        self.analyst: Machine = self.person("analis")

    def seizure(self) -> dict[str, Any]:
        """A recovery of several firearms with something to follow."""
        items = self.analyst.get("/tracing/recoveries?limit=200")["items"]
        return max(items, key=lambda one: one["firearms"])

    def purchaser(self) -> dict[str, Any]:
        """A sealed person of that world, as a node of somebody's network."""
        for one in self.analyst.get("/tracing/board?state=answered&limit=50")["items"]:
            seen = self.analyst.get(f"/tracing/workspace?root={one['id']}")
            for node in seen["nodes"]:
                if node["kind"] == "person":
                    return {"root": one["id"], **node}
        raise AssertionError("the world has no purchaser")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office") / "node")
    try:
        made.begin()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def vocabulary(office: Office) -> dict[str, Words]:
    shown = office.line.get("/vocabulary")
    return {lang: Words(lang, shown) for lang in ("ht", "fr", "es", "en")}


def sit(office: Office, seats: Seats, path: str, *, login: str = "analis", **settings: Any) -> Page:
    page = seats.sit(office.base, login, path=f"/#/tracing{path}", **settings)
    lang = {"analis": "fr", "analis2": "ht"}[login]
    page.evaluate(f"localStorage.setItem('lanbi.lang', '{lang}')")
    page.reload()
    return page


def test_a_seizure_is_followed_outward_by_keys_and_every_edge_opens(
    office: Office, seats: Seats, vocabulary: dict[str, Words]
) -> None:
    seizure = office.seizure()
    page = sit(office, seats, f"/workspace/{seizure['id']}", size=LARGE)
    graph = page.locator("[data-pane=graph]")
    root = graph.locator(f"[data-node='{seizure['id']}']")
    expect(root).to_be_visible()
    shown = graph.locator("[data-node]").count()
    assert shown > 3
    root.focus()
    page.keyboard.press("ArrowLeft")
    expect(graph.locator("[data-node]:focus")).not_to_have_attribute("data-node", seizure["id"])
    page.keyboard.press("]")
    expect(page.get_by_role("complementary", name=vocabulary["fr"]("tracing-evidence"))).to_contain_text(
        "SYNTHETIC"
    )
    page.keyboard.press("i")
    expect(graph.locator(f"[data-node='{seizure['id']}']")).to_be_visible()


def test_the_synthetic_world_says_so_on_every_room_of_tracing(
    office: Office, seats: Seats, vocabulary: dict[str, Words]
) -> None:
    page = sit(office, seats, f"/workspace/{office.seizure()['id']}", size=LARGE)
    expect(page.get_by_text("SYNTHETIC", exact=True).first).to_be_visible()


def test_a_person_opens_only_with_a_second_ones_word(
    office: Office, seats: Seats, vocabulary: dict[str, Words]
) -> None:
    person = office.purchaser()
    refused = office.analyst.ask("POST", f"/tracing/persons/{person['id']}/read", {})
    assert refused.json()["code"] == "tracing-desk-needed"
    page = sit(office, seats, f"/workspace/{person['root']}", size=LARGE)
    fr = vocabulary["fr"]
    node = page.locator(f"[data-node='{person['id']}']")
    expect(node).to_be_visible()
    page.keyboard.press("o")
    form = page.get_by_role("form", name=fr("tracing-purpose-title"))
    form.get_by_role("combobox").select_option(DESK["purpose"])
    form.get_by_role("textbox").fill(DESK["case"])
    form.get_by_role("textbox").press("Enter")
    expect(form).to_have_count(0)
    node.click()
    page.get_by_role("button", name=fr.about("tracing-person-read")).click()
    page.get_by_role("button", name=fr("tracing-ask-opening"), exact=True).click()
    other = sit(office, seats, "/openings", login="analis2", size=SMALL)
    ht = vocabulary["ht"]
    waiting = other.get_by_role("region", name=ht("tracing-openings"))
    waiting.get_by_role("button", name=ht("tracing-allow"), exact=True).first.click()
    waiting.get_by_role("button", name=ht("tracing-allow-sure"), exact=True).first.click()
    expect(waiting.get_by_text(ht("tracing-openings-none"))).to_be_visible()
    shown = page.get_by_role("button", name=fr("tracing-unseal"), exact=True).first
    expect(shown).to_be_visible()
    shown.click()
    expect(page.get_by_role("complementary", name=fr("tracing-evidence"))).to_contain_text("Synthetic")
    kinds = {entry["kind"] for entry in office.audit.get("/journal")["items"]}
    assert {"tracing.opening_asked", "tracing.opening_decided", "sealed.read"} <= kinds


def test_a_refused_seizure_keeps_what_was_typed(
    office: Office, seats: Seats, vocabulary: dict[str, Words]
) -> None:
    fr = vocabulary["fr"]
    page = sit(office, seats, "/board/new", size=SMALL)
    form = page.get_by_role("form", name=fr("tracing-new-recovery"))
    expect(form).to_be_visible()
    schema = office.analyst.get("/tracing/schema")["recovery"]["props"]

    def field(name: str) -> Any:
        return form.get_by_label(schema[name]["labels"]["fr"], exact=False).first

    field("date").fill("2031-01-01")
    field("agency").fill("Ladwann")
    field("case").fill("24-777")
    form.get_by_label(fr("tracing-source-reference")).fill("PV 777")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(field("agency")).to_have_value("Ladwann")
    field("date").fill("2026-07-10")
    page.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    found = office.analyst.get("/tracing/recoveries?q=24-777")["items"]
    assert [one["agency"] for one in found] == ["Ladwann"]


ROOMS = ("board", "workspace", "matches", "requests", "indicators", "openings", "exports")


@pytest.mark.parametrize("theme", ["night", "day"])
def test_every_room_of_tracing_can_be_read_by_everybody(
    office: Office, seats: Seats, vocabulary: dict[str, Words], axe: str, theme: str
) -> None:
    page = sit(office, seats, "", size=SMALL)
    dress(Floor(page, vocabulary["fr"]), theme)
    found = []
    for room in (*ROOMS, "board/new", "board/firearms"):
        path = f"workspace/{office.seizure()['id']}" if room == "workspace" else room
        page.evaluate(f"location.hash = '#/tracing/{path}'")
        expect(page.locator("main .pane, main [data-pane], main form").first).to_be_visible()
        expect(page.get_by_text(vocabulary["fr"]("tracing-asking"), exact=True)).to_have_count(0)
        found += broken(page, axe, f"{room} {theme}")
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{room} scrolls sideways by {overflow}"
    assert found == []
