"""The link is cut, the node stops, the power fails: what was sent counts once, and the screens go on."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words


@pytest.fixture(scope="module")
def cabin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room of this module's own: it is stopped and killed here."""
    made = Room(tmp_path_factory.mktemp("cabin") / "node")
    try:
        made.begin()
        yield made
    finally:
        made.close()


@pytest.fixture
def sat(cabin: Room, seats: Seats, words: dict[str, Words]) -> Iterator[tuple[Floor, dict[str, Any]]]:
    """A dispatcher before an open incident, who must never have to load the page again."""
    incident = cabin.incident()
    floor = Floor(seats.sit(cabin.base, "plas2", path=f"/#/incident/{incident['number']}"), words["ht"])
    floor.here(number=incident["number"])
    expect(floor.link).to_contain_text(floor.words("link-live"))
    floor.page.wait_for_load_state("networkidle")
    loads: list[int] = []
    floor.page.on("load", lambda _: loads.append(1))
    yield floor, incident
    assert loads == [], "the page was loaded anew"
    cabin.tidy()


def notes(room: Room, incident: dict[str, Any]) -> int:
    return room.audit.kinds(f"incident/{incident['id']}").count("incident.noted")


def waits(floor: Floor) -> str:
    return floor.words("row-waits", n=1)


def test_a_note_written_while_the_link_is_cut_waits_on_its_row_and_is_sent_once(
    cabin: Room, sat: tuple[Floor, dict[str, Any]]
) -> None:
    floor, incident = sat
    number = incident["number"]
    floor.page.context.set_offline(True)
    floor.command(f"A {number} Lyen an te koupe")
    expect(floor.row(number)).to_contain_text(waits(floor))
    floor.heard("did-wait", n=1)
    assert notes(cabin, incident) == 0
    floor.page.context.set_offline(False)
    expect(floor.row(number)).not_to_contain_text(waits(floor))
    floor.heard("did-note", number=str(number))
    assert notes(cabin, incident) == 1


def test_a_note_whose_answer_was_lost_on_the_way_back_counts_once(
    cabin: Room, sat: tuple[Floor, dict[str, Any]]
) -> None:
    floor, incident = sat
    number = incident["number"]
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(route.request.headers["idempotency-key"])
        if len(asked) == 1:
            route.fetch()  # it arrives, and is written down
            route.abort()
        else:
            route.continue_()

    floor.page.route(f"**/incidents/{incident['id']}/note", lose)
    floor.command(f"A {number} Repons lan pèdi")
    expect(floor.row(number)).to_contain_text(waits(floor))
    floor.heard("did-note", number=str(number))
    expect(floor.row(number)).not_to_contain_text(waits(floor))
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert notes(cabin, incident) == 1


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_a_unit_sent_while_the_node_is_gone_goes_once_when_it_is_back(
    cabin: Room, sat: tuple[Floor, dict[str, Any]], how: str
) -> None:
    floor, incident = sat
    number = incident["number"]
    before = len(cabin.audit.entries())
    if how == "stopped":
        assert cabin.stop() == 0
    else:
        cabin.kill()
    expect(floor.link).to_contain_text(floor.words("offline"))
    expect(floor.units).to_contain_text(floor.words("offline"))
    # Offline never looks empty: what was seen last still stands.
    expect(floor.row(number)).to_be_visible()
    floor.command(f"D {number} M21")
    expect(floor.row(number)).to_contain_text(waits(floor))

    cabin.start()
    floor.heard("did-send", unit="M21", number=str(number))
    expect(floor.state("M21", "assigned")).to_be_visible()
    expect(floor.link).to_contain_text(floor.words("link-live"))
    expect(floor.row(number)).not_to_contain_text(waits(floor))
    made = [entry for entry in cabin.audit.entries() if entry["seq"] > before]
    assert [entry["kind"] for entry in made].count("assignment.made") == 1
    # The picture is live again: what somebody else does now is seen.
    call = cabin.ring()
    expect(floor.banner).to_be_visible()
    cabin.line.post(f"/calls/{call['id']}/answer")
    expect(floor.banner).to_be_hidden()


def test_nothing_that_was_answered_is_gone_after_the_power_failed(
    cabin: Room, sat: tuple[Floor, dict[str, Any]]
) -> None:
    floor, incident = sat
    number = incident["number"]
    floor.command(f"A {number} Anvan kouran an koupe")
    floor.heard("did-note", number=str(number))
    cabin.kill()
    cabin.start()
    expect(floor.link).to_contain_text(floor.words("link-live"))
    log = floor.by("list", "log-title")
    floor.command(f"A {number} Apre kouran an tounen")
    expect(log).to_contain_text("Apre kouran an tounen")
    expect(log).to_contain_text("Anvan kouran an koupe")
    assert notes(cabin, incident) == 2
