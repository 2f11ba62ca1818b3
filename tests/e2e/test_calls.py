"""Calls about one event, missed calls, promises: what a room owes is on its screens until it is settled."""

import re

from playwright.sync_api import expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import CHURCH, Room
from e2e.words import Words


def test_a_second_call_is_joined_to_the_incident_that_it_resembles_and_unjoined_again(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = room.incident()
    number = str(incident["number"])
    floor = Floor(seats.sit(room.base, "plas2"), words["ht"])
    floor.here()
    call = room.ring(area={**CHURCH, "source": "cell", "radius_m": 300})
    expect(floor.banner).to_contain_text(floor.words("banner-like"))
    expect(floor.banner).to_contain_text(number)
    floor.by("button", "banner-take").click()
    floor.by("button", "banner-join", floor.intake(call), number=number).click()
    floor.heard("did-join", number=number)
    bar = floor.page.locator("#incident")
    expect(bar.get_by_text(floor.words("incident-calls", n=1), exact=True)).to_be_visible()

    floor.by("list", "online-label").get_by_role("button").first.click()
    floor.by("button", "unjoin", floor.intake(call), number=number).click()
    floor.heard("did-unjoin", number=number)
    floor.row(incident["number"]).click()
    expect(bar.get_by_text(floor.words("incident-calls", n=0), exact=True)).to_be_visible()
    kinds = room.audit.kinds(f"call/{call['id']}")
    assert kinds.index("call.joined") < kinds.index("call.unjoined")
    assert room.line.get(f"/calls/{call['id']}")["incident_id"] is None


def test_a_missed_call_is_owed_a_call_back_until_somebody_settles_it(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = Floor(seats.sit(room.base, "plas1"), words["ht"])
    floor.here()
    debts = floor.by("list", "debts-title")
    expect(debts).to_contain_text(floor.words("debts-none"))
    call = room.ring()
    expect(floor.banner).to_be_visible()
    room.line.post(f"/calls/{call['id']}/abandon")
    expect(floor.banner).to_be_hidden()
    debt = debts.get_by_role("button", name=re.compile(re.escape(floor.words("debt-missed"))))
    expect(debt).to_contain_text("01 42")
    expect(debt).not_to_contain_text("+509 00 00")

    debt.click()
    label = floor.words.label("callback_outcomes", "no_answer")
    debts.get_by_role("button", name=label, exact=True).click()
    expect(debt).to_contain_text(floor.words("debt-attempts", n=1))
    label = floor.words.label("callback_outcomes", "reached")
    debts.get_by_role("button", name=label, exact=True).click()
    expect(debts).to_contain_text(floor.words("debts-none"))
    back = room.line.get(f"/calls/{call['id']}")["callback"]
    assert (back["attempts"], back["outcome"]) == (2, "reached")
    assert back["settled_at"] is not None


def test_a_promise_stands_with_its_deadline_until_it_is_kept(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = Floor(seats.sit(room.base, "plas1"), words["ht"])
    floor.here()
    call = room.ring()
    floor.by("button", "banner-take").click()
    intake = floor.intake(call)
    floor.by("spinbutton", "intake-promise-minutes", intake).fill("7")
    floor.by("button", "intake-promise-make", intake).click()
    kind = floor.words.codes("promise_kinds")[0]
    floor.heard("did-promise", promise=floor.words.label("promise_kinds", kind))
    [promise] = [row for row in room.line.everything("/promises") if row["call_id"] == call["id"]]
    assert promise["owner"]["name"] == "Plas 1"
    debts = floor.by("list", "debts-title")
    debt = debts.get_by_role("button", name=re.compile(re.escape(floor.words.label("promise_kinds", kind))))
    expect(debt).to_contain_text(re.compile(r"[67]:\d\d"))

    debt.click()
    label = floor.words.label("promise_outcomes", "kept")
    debts.get_by_role("button", name=label, exact=True).click()
    expect(debts).to_contain_text(floor.words("debts-none"))
    [promise] = [row for row in room.line.everything("/promises") if row["call_id"] == call["id"]]
    assert promise["outcome"] == "kept"
    assert room.audit.kinds(f"promise/{promise['id']}") == ["promise.made", "promise.settled"]
