"""A refusal is a sentence in the reader's language, with the next step, where they are looking."""

from playwright.sync_api import expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words
from lanbi.locales import hint, say

STEPS_MAX = 60


def test_a_busy_unit_is_refused_with_what_to_do_instead(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    first, second = room.incident(), room.incident(title="Yon lòt")
    room.radio.post("/assignments", {"incident_id": first["id"], "unit_id": room.units["M21"]})
    floor = Floor(seats.sit(room.base, "plas2", path=f"/#/incident/{second['number']}"), words["ht"])
    floor.here(number=second["number"])
    floor.keys.press("F2")
    floor.keys.type(f"D {second['number']} M21")
    busy = floor.words("echo-busy", state=floor.words.label("unit_states", "assigned"))
    expect(floor.line).to_contain_text(busy)
    floor.keys.press("Enter")
    told = {"callsign": "M21", "number": first["number"]}
    expect(floor.said).to_contain_text(say("ht", "unit-busy", **told))
    expect(floor.said).to_contain_text(hint("ht", "unit-busy", **told))
    assert [row["unit_id"] for row in room.radio.everything(f"/assignments?incident_id={second['id']}")] == []


def test_an_auditor_who_sends_a_unit_is_refused_in_english(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = room.incident()
    floor = Floor(seats.sit(room.base, "odite", path=f"/#/incident/{incident['number']}"), words["en"])
    floor.here(number=incident["number"])
    floor.command(f"D {incident['number']} M22")
    floor.heard("cmd-not-yours", verb="D")
    floor.heard("cmd-not-yours-hint")
    # The screen only spares them the way: it is the node that refuses.
    refused = floor.page.request.post(
        f"{room.base}/api/v1/assignments",
        data={"incident_id": incident["id"], "unit_id": room.units["M22"]},
        headers={"Origin": room.base},
    )
    assert refused.status == 403
    told = {"role": "auditor", "action": "assignments.make"}
    assert refused.json()["detail"] == say("en", "not-allowed", **told)
    assert refused.json()["hint"] == hint("en", "not-allowed", **told)
    assert room.radio.everything(f"/assignments?incident_id={incident['id']}") == []


def test_a_place_outside_the_country_is_refused_and_the_old_one_stays(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    border = {
        "lat": 18.62, "lon": -71.80, "radius_m": 2_000,
        "source": "landmark", "confidence": "likely", "words": "Malpas",
    }  # fmt: skip
    incident = room.incident(area=border)
    floor = Floor(seats.sit(room.base, "plas3", path=f"/#/incident/{incident['number']}"), words["fr"])
    floor.here(number=incident["number"])
    floor.by("button", "act-place").click()
    where = floor.by("combobox", "form-relocate")
    expect(where).to_be_focused()
    for _ in range(STEPS_MAX):
        floor.keys.press("Alt+ArrowRight")
    floor.by("form", "form-relocate").get_by_role("button", name=floor.words("save"), exact=True).click()
    expect(floor.said.locator(".bad")).to_be_visible()
    refused = floor.said.inner_text()
    assert hint("fr", "coordinates-outside") in refused, refused
    assert room.radio.get(f"/incidents/{incident['id']}")["area"]["lon"] == -71.80


def test_an_unknown_command_says_what_is_missing_before_and_after_enter(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = Floor(seats.sit(room.base, "plas3"), words["fr"])
    floor.here()
    floor.command("ZZ 12")
    expect(floor.line).to_contain_text(floor.words("cmd-unknown", verb="ZZ"))
    expect(floor.said).to_contain_text(floor.words("cmd-unknown", verb="ZZ"))
    expect(floor.said).to_contain_text(floor.words("cmd-help"))
    floor.keys.press("Escape")
    floor.command("D 99999 M21")
    expect(floor.said).to_contain_text(floor.words("cmd-no-incident", number="99999"))


def test_a_wrong_password_is_refused_in_place(room: Room, seats: Seats, words: dict[str, Words]) -> None:
    page = seats.page(room.base)
    floor = Floor(page, words["ht"])
    page.goto("/")
    floor.sign_in("plas1", "pa modpas mwen")
    told = page.get_by_role("alert")
    expect(told).to_contain_text(say("ht", "sign-in-wrong"))
    expect(told).to_contain_text(hint("ht", "sign-in-wrong"))
    expect(page.get_by_label(floor.words("signin-account"), exact=True)).to_have_value("plas1")


def test_whoever_was_signed_out_elsewhere_is_told_so_where_they_sign_in(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = Floor(seats.sit(room.base, "plas1"), words["ht"])
    floor.here()
    gone = floor.page.request.delete(f"{room.base}/api/v1/session", headers={"Origin": room.base})
    assert gone.ok
    expect(floor.by("heading", "signin-title")).to_be_visible()
    expect(floor.page.get_by_role("alert")).to_contain_text(floor.words("signed-out"))
