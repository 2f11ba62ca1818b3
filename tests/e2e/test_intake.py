"""Intake by the people who do it: cards in Kreyòl by keys alone, a link that is cut, twins, new landmarks."""

from typing import Any

from playwright.sync_api import Route, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import CHURCH, Room
from e2e.words import Words

SAID = "gen yon aksidan moto deye legliz la, moun kole"


def sit(room: Room, seats: Seats, words: dict[str, Words], login: str = "plas1") -> Floor:
    floor = Floor(seats.sit(room.base, login), words["ht"])
    floor.here()
    expect(floor.link).to_contain_text(floor.words("link-live"))
    return floor


def card(floor: Floor, call: dict[str, Any]) -> Any:
    return floor.intake(call).locator("section.card")


def take(floor: Floor, call: dict[str, Any]) -> None:
    """By its key; the hands are then in the caller's words."""
    expect(floor.banner).to_be_visible()
    floor.keys.press("t")
    said = floor.intake(call).get_by_label(floor.words("intake-words"), exact=True)
    expect(said).to_be_focused()


def entries(room: Room, subject: str, kind: str) -> list[dict[str, Any]]:
    return [entry["body"] for entry in room.audit.entries(subject) if entry["kind"] == kind]


def test_a_card_in_kreyol_by_keys_alone_gives_the_incident_its_priority_and_the_reason(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = sit(room, seats, words)
    keys = floor.keys
    call = room.ring(lang="ht", area=CHURCH)
    take(floor, call)
    keys.type(SAID)
    keys.press("F4")
    asked = card(floor, call)
    expect(asked.get_by_role("textbox")).to_be_focused()
    expect(asked).to_contain_text("Konbyen moun ki blese?")
    keys.type("3")
    keys.press("Enter")
    expect(asked).to_contain_text("Èske gen moun ki kole, ki pa ka soti?")
    expect(asked).to_be_focused()
    keys.press("1")
    trapped = words["ht"].label("incident_types", "road_accident_trapped")
    expect(asked.locator(".prop")).to_contain_text(trapped)
    expect(asked.locator(".prop")).to_contain_text("P1")
    keys.press("Backspace")
    expect(asked).to_contain_text("Èske gen moun ki kole, ki pa ka soti?")
    keys.press("1")
    keys.press("Enter")
    expect(asked.locator(".prop")).to_contain_text(floor.words("card-stands"))
    keys.press("Control+Enter")
    expect(floor.title(trapped)).to_be_visible()

    [incident] = room.radio.get("/incidents?state=open")["items"]
    assert (incident["type"], incident["priority"]) == ("road_accident_trapped", "P1")
    because = {"card": "road_accident", "rule": "trapped"}
    [opened] = entries(room, f"incident/{incident['id']}", "incident.opened")
    assert opened["because"] == because
    answers = entries(room, f"call/{call['id']}", "call.card_answered")
    assert [(a["question"], a["answer"]) for a in answers] == [
        ("hurt", "3"),
        ("trapped", "yes"),
        ("trapped", "yes"),
    ]
    log = floor.by("list", "log-title")
    expect(log).to_contain_text(floor.words("card-because", why=f"moun kole: {floor.words('card-yes')}"))
    expect(log).to_contain_text("2, moun kole")
    expect(log).to_contain_text(SAID)


def test_what_is_answered_while_the_link_is_cut_waits_and_is_sent_once(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = sit(room, seats, words)
    keys = floor.keys
    call = room.ring(lang="ht")
    take(floor, call)
    keys.type(SAID)
    keys.press("F4")
    asked = card(floor, call)
    expect(asked.get_by_role("textbox")).to_be_focused()
    floor.page.context.set_offline(True)
    keys.type("2")
    keys.press("Enter")
    keys.press("2")
    expect(asked.locator(".given")).to_contain_text(f"moun kole: {floor.words('card-no')}")
    expect(asked.locator(".prop")).to_contain_text("P2")
    waits = floor.intake(call).locator(".waits")
    expect(waits).to_be_visible()
    assert entries(room, f"call/{call['id']}", "call.card_answered") == []
    floor.page.context.set_offline(False)
    expect(waits).to_be_hidden()
    answers = entries(room, f"call/{call['id']}", "call.card_answered")
    assert [(a["question"], a["answer"]) for a in answers] == [("hurt", "2"), ("trapped", "no")]


def test_cards_are_there_when_the_server_no_longer_gives_them(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = sit(room, seats, words)
    floor.page.wait_for_function("localStorage.getItem('lanbi.cards') !== null")

    def cut(route: Route) -> None:
        route.abort()

    floor.page.route("**/api/v1/cards", cut)
    floor.page.reload()
    floor.here()
    call = room.ring(lang="ht")
    take(floor, call)
    floor.keys.type(SAID)
    floor.keys.press("F4")
    expect(card(floor, call)).to_contain_text("Konbyen moun ki blese?")


def test_a_twin_is_shown_with_why_joined_by_one_key_and_undone_by_one(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = room.incident(title="Kamyonèt frape moto")
    floor = sit(room, seats, words)
    room.ring(
        lang="ht",
        words="yon kamyonet frape yon moto",
        area={**CHURCH, "source": "cell", "radius_m": 300, "words": ""},
    )
    expect(floor.banner).to_contain_text(str(incident["number"]))
    expect(floor.banner).to_contain_text("kamyonet")
    floor.keys.press("x")
    floor.heard("did-join", number=str(incident["number"]))
    [call] = room.line.get("/calls?state=answered")["items"]
    assert call["incident_id"] == incident["id"]
    floor.keys.press("z")
    joined = floor.words("did-join", number=str(incident["number"]))
    expect(floor.said).to_contain_text(floor.words("did-undo", what=joined))
    kinds = room.audit.kinds(f"call/{call['id']}")
    assert kinds[-1] == "call.unjoined"


def test_a_claim_is_seen_at_the_other_seat(room: Room, seats: Seats, words: dict[str, Words]) -> None:
    one, other = sit(room, seats, words), sit(room, seats, words, "plas2")
    call = room.ring()
    expect(one.banner).to_be_visible()
    expect(other.banner).to_be_visible()
    one.keys.press("a")
    expect(other.banner.get_by_role("status")).to_contain_text("Plas 1")
    expect(other.by("button", "banner-claim")).to_be_hidden()
    one.keys.press("t")
    expect(other.banner).to_be_hidden()
    assert room.audit.kinds(f"call/{call['id']}") == ["call.offered", "call.claimed", "call.answered"]


def test_two_calls_at_one_seat_keep_their_texts_apart(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = sit(room, seats, words)
    first = room.ring()
    take(floor, first)
    floor.keys.type("dife nan mache a")
    second = room.ring()
    expect(floor.banner).to_be_visible()
    floor.keys.press("Escape")
    take(floor, second)
    floor.keys.type("moun ap neye")
    floor.keys.press("Control+1")
    said = floor.intake(first).get_by_label(floor.words("intake-words"), exact=True)
    expect(said).to_have_value("dife nan mache a")
    floor.by("button", "call-hold-number", number=str(first["number"])).click()
    expect(floor.by("list", "online-label")).to_contain_text(floor.words("call-resume"))
    floor.keys.press("Control+2")
    said = floor.intake(second).get_by_label(floor.words("intake-words"), exact=True)
    expect(said).to_have_value("moun ap neye")
    assert room.line.get(f"/calls/{first['id']}")["held_at"] is not None


def test_a_caller_who_hangs_up_leaves_the_form_and_the_incident_is_still_theirs(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = sit(room, seats, words)
    call = room.ring(lang="ht", area=CHURCH)
    take(floor, call)
    said = floor.intake(call).get_by_label(floor.words("intake-words"), exact=True)
    floor.keys.type(SAID)
    room.line.post(f"/calls/{call['id']}/end")
    expect(floor.by("button", "call-end", floor.intake(call))).to_be_hidden()
    floor.keys.type(" anpil")
    expect(said).to_have_value(f"{SAID} anpil")
    floor.keys.press("Control+Enter")
    expect(floor.said).to_contain_text(floor.words.about("did-open"))
    [incident] = room.radio.get("/incidents?state=open")["items"]
    assert room.line.get(f"/calls/{call['id']}")["incident_id"] == incident["id"]


def test_a_landmark_kept_during_the_call_is_found_at_another_seat(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor, other = sit(room, seats, words), sit(room, seats, words, "plas2")
    call = room.ring()
    take(floor, call)
    where = floor.by("combobox", "intake-place", floor.intake(call))
    floor.tab_to(where)
    floor.keys.type("dèyè boutik Tant Mimoz")
    floor.keys.press("Alt+l")
    name = floor.intake(call).get_by_label(floor.words("landmark-name"), exact=True)
    expect(name).to_have_value("boutik Tant Mimoz")
    zone = floor.by("combobox", "landmark-zone", floor.intake(call))
    zone.fill("Channmas")
    floor.intake(call).get_by_role("option").filter(has_text="Channmas").first.click()
    floor.by("button", "landmark-save", floor.intake(call)).click()
    floor.heard("did-place-kept", name="boutik Tant Mimoz")

    other.keys.press("Escape")
    other.keys.press("n")
    field = other.by("combobox", "intake-place")
    expect(field).to_be_focused()
    other.keys.type("tant mimoz")
    expect(other.page.get_by_role("option").filter(has_text="boutik Tant Mimoz")).to_be_visible()
