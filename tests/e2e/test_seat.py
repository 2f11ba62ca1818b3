"""One's own seat: a second proof at the door, where one is signed in, how loud it rings."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.looks import broken, dress
from e2e.nodes import PASSWORD, Room
from e2e.words import Words

SCREEN = "/#/seat"
CODES = 8
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def named(room: Room) -> str:
    """The node by its name: browsers give no passkey to a number."""
    return f"http://localhost:{room.port}"


def at_door(page: Page, floor: Floor, login: str) -> None:
    """The form at the door, filled and sent by the keys."""
    expect(floor.by("heading", "signin-title")).to_be_visible()
    floor.sign_in(login)


def at_seat(seats: Seats, room: Room, words: dict[str, Words], login: str, base: str | None = None) -> Floor:
    """A new account, signed in by its password, at its own seat in English."""
    room.seat(login, "Mari Joz", "dispatcher", "en")
    floor = Floor(seats.page(base or room.base), words["ht"])
    floor.page.goto("/")
    at_door(floor.page, floor, login)
    floor.words = words["en"]
    floor.here()
    to_seat(floor)
    return floor


def to_seat(floor: Floor) -> None:
    floor.keys.press("g")
    floor.keys.press("y")
    expect(floor.by("main", "room-seat")).to_be_visible()


def inside(floor: Floor, words: dict[str, Words]) -> None:
    """Let in, at the screen that one had left."""
    floor.words = words["en"]
    expect(floor.by("main", "room-seat")).to_be_visible()


def sign_out(floor: Floor, words: dict[str, Words]) -> None:
    floor.by("button", "sign-out").click()
    expect(floor.page.locator("#account")).to_be_visible()
    floor.words = words[floor.page.locator("html").get_attribute("lang") or "ht"]


def prove(floor: Floor, password: str = PASSWORD) -> None:
    """The password once more, before a second factor is touched."""
    field = floor.page.get_by_label(floor.words("prove-password"), exact=True)
    expect(field).to_be_focused()
    field.fill(password)
    floor.keys.press("Enter")


def second(floor: Floor, code: str) -> None:
    """The second step at the door."""
    field = floor.page.get_by_label(floor.words("second-code"), exact=True)
    expect(field).to_be_focused()
    field.fill(code)
    floor.keys.press("Enter")


def test_an_app_is_added_and_from_then_on_the_door_asks_for_its_code(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = at_seat(seats, room, words, "ak-app")
    alert = floor.by("region", "factors-title").get_by_role("alert")
    floor.by("button", "factor-add-app").click()
    name = floor.page.get_by_label(floor.words("factor-name"), exact=True)
    expect(name).to_be_focused()
    floor.keys.press("Enter")
    # A session left open is not enough to change what protects the account.
    prove(floor, "not the password")
    expect(alert).not_to_be_empty()
    expect(floor.by("img", "totp-picture")).to_have_count(0)
    prove(floor)
    expect(floor.by("img", "totp-picture")).to_be_visible()
    secret = "".join(floor.page.locator(".secret").inner_text().split())
    app = pyotp.totp.TOTP(secret)
    field = floor.page.get_by_label(floor.words("totp-code"), exact=True)
    expect(field).to_be_focused()

    # A wrong code is refused in place: what was begun still stands.
    now = int(time.time())
    wrong = f"{(int(app.at(now)) + 333_333) % 1_000_000:06}"
    field.fill(wrong)
    floor.keys.press("Enter")
    expect(alert).not_to_be_empty()
    expect(floor.by("img", "totp-picture")).to_be_visible()
    field.fill(app.at(now))
    floor.keys.press("Enter")
    floor.heard("did-factor", name=floor.words("factor-name-app"))
    codes = floor.by("group", "codes-title").get_by_role("listitem").all_inner_texts()
    assert len(codes) == len(set(codes)) == CODES
    floor.by("button", "codes-kept").click()
    expect(floor.by("group", "codes-title")).to_have_count(0)

    sign_out(floor, words)
    at_door(floor.page, floor, "ak-app")
    second(floor, wrong)
    refusal = floor.page.get_by_role("alert")
    expect(refusal).not_to_be_empty()
    expect(floor.page.get_by_label(floor.words("second-code"), exact=True)).to_be_visible()
    second(floor, app.at(now + app.interval))
    inside(floor, words)
    expect(floor.by("region", "sessions-title")).to_contain_text(floor.words("session-by-password-totp"))

    # A recovery code opens once.
    sign_out(floor, words)
    at_door(floor.page, floor, "ak-app")
    second(floor, codes[0])
    inside(floor, words)
    expect(floor.by("region", "factors-title")).to_contain_text(floor.words("codes-left", n=CODES - 1))
    sign_out(floor, words)
    at_door(floor.page, floor, "ak-app")
    second(floor, codes[0])
    expect(floor.page.get_by_role("alert")).not_to_be_empty()
    second(floor, codes[1])
    inside(floor, words)
    assert PASSWORD not in floor.page.content()


def test_a_passkey_opens_the_door_without_a_word(room: Room, seats: Seats, words: dict[str, Words]) -> None:
    floor = at_seat(seats, room, words, "ak-kle", named(room))
    device = floor.page.context.new_cdp_session(floor.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    floor.by("button", "factor-add-passkey").click()
    expect(floor.page.get_by_label(floor.words("factor-name"), exact=True)).to_be_focused()
    floor.keys.press("Enter")
    prove(floor)
    floor.heard("did-factor", name=floor.words("factor-name-passkey"))
    expect(floor.by("region", "factors-title")).to_contain_text(floor.words("factor-kind-passkey"))

    sign_out(floor, words)
    floor.by("button", "signin-passkey").click()
    inside(floor, words)
    expect(floor.by("region", "sessions-title")).to_contain_text(floor.words("session-by-passkey"))

    # After a password it is the second proof.
    sign_out(floor, words)
    at_door(floor.page, floor, "ak-kle")
    floor.by("button", "second-passkey").click()
    inside(floor, words)


def test_a_browser_at_a_number_says_why_it_makes_no_passkey(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = at_seat(seats, room, words, "san-kle")
    expect(floor.by("button", "factor-add-passkey")).to_have_count(0)
    expect(floor.by("region", "factors-title")).to_contain_text(floor.words("passkey-nowhere"))


def test_another_session_is_ended_and_its_browser_is_at_the_door_again(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    elsewhere = at_seat(seats, room, words, "de-kote")
    elsewhere.keys.press("g")
    elsewhere.keys.press("s")
    elsewhere.here()
    floor = Floor(seats.page(room.base), words["ht"])
    floor.page.goto("/")
    at_door(floor.page, floor, "de-kote")
    floor.words = words["en"]
    floor.here()
    to_seat(floor)
    mine = floor.by("region", "sessions-title")
    expect(mine.get_by_text(floor.words("session-here"), exact=True)).to_have_count(1)
    mine.get_by_role("button", name=floor.words("session-end"), exact=True).first.click()
    floor.heard("did-session-end")
    expect(elsewhere.page.locator("#account")).to_be_visible()
    expect(elsewhere.page.get_by_role("alert")).not_to_be_empty()
    expect(mine.get_by_role("button", name=floor.words("session-end"), exact=True)).to_have_count(0)


def test_how_loud_it_rings_is_kept_over_a_reload_for_this_person_on_this_machine(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = at_seat(seats, room, words, "ak-son")
    for sound, steps in (("call", 3), ("alarm", 5), ("emergency", 1)):
        slider = floor.by("slider", f"sound-{sound}")
        slider.focus()
        for _ in range(steps):
            floor.keys.press("ArrowLeft")
        expect(slider).to_have_value(str(60 - 5 * steps))
    floor.by("checkbox", "sounds-quiet").check()
    floor.page.reload()
    expect(floor.by("slider", "sound-alarm")).to_have_value("35")
    expect(floor.by("slider", "sound-call")).to_have_value("45")
    expect(floor.by("slider", "sound-emergency")).to_have_value("55")
    expect(floor.by("checkbox", "sounds-quiet")).to_be_checked()


@pytest.mark.parametrize("theme", ["night", "day"])
def test_the_seat_can_be_used_by_everybody(
    room: Room, seats: Seats, words: dict[str, Words], axe: str, theme: str
) -> None:
    page = seats.sit(room.base, "chef", path=SCREEN, bypass_csp=True)
    floor = Floor(page, words["fr"])
    expect(floor.by("main", "room-seat")).to_be_visible()
    dress(floor, theme)
    floor.by("button", "factor-add-app").click()
    floor.keys.press("Enter")
    prove(floor)
    expect(floor.by("img", "totp-picture")).to_be_visible()
    assert broken(page, axe, "seat") == []
    assert re.search(r"\S", floor.page.locator(".secret").inner_text())
