"""A major incident in the browser: declared, filled and stood down by keyboard; its form on paper."""

from io import BytesIO
from pathlib import Path

import pypdf
from playwright.sync_api import Locator, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words


def opened(floor: Floor, key: str, label: str) -> Locator:
    """The form that a key opens, with the focus in its first field."""
    form = floor.by("form", label)
    floor.keys.press(key)
    expect(form.locator("input, select, textarea").first).to_be_focused()
    return form


def test_a_major_incident_is_led_by_keyboard_from_first_to_last(
    room: Room, seats: Seats, words: dict[str, Words], tmp_path: Path
) -> None:
    first = room.incident(title="Eksplozyon estasyon gaz")
    second = room.incident(title="Dife bò estasyon an")
    room.radio.post("/assignments", {"incident_id": first["id"], "unit_id": room.units["M21"]})
    floor = Floor(seats.sit(room.base, "chef"), words["fr"])
    floor.here()
    page = floor.page

    # Declared: G, D, then N; the first field is the incident that leads.
    floor.keys.press("g")
    floor.keys.press("d")
    expect(floor.by("main", "room-major")).to_be_visible()
    form = opened(floor, "n", "major-declare")
    form.locator("select").select_option(first["id"])
    floor.keys.press("Tab")
    floor.keys.type("Estasyon gaz")
    floor.keys.press("Enter")
    expect(page.locator("main.major header").first).to_contain_text("Estasyon gaz")
    [major] = room.radio.everything("/majors?state=open")
    assert (major["name"], major["commander"]["name"]) == ("Estasyon gaz", "Jan Batis")

    # METHANE: M goes to the first letter, arrows to the others, Enter opens one, Enter again appends.
    for place, letter in enumerate(floor.words.codes("methane_letters")):
        floor.keys.press("m")
        floor.keys.press("Home")
        for _ in range(place):
            floor.keys.press("ArrowDown")
        floor.keys.press("Enter")
        label = floor.words.label("methane_letters", letter)
        field = page.get_by_role("form", name=label, exact=True).get_by_role(
            "textbox", name=label, exact=True
        )
        expect(field).to_be_focused()
        floor.keys.type(f"pawòl {letter}")
        if letter == "number":
            floor.keys.press("Tab")
            floor.keys.type("4")
        floor.keys.press("Enter")
        floor.heard("did-methane", letter=label)
        expect(page.locator(f"[data-letter={letter}]")).to_be_focused()
        expect(page.locator(f"[data-letter={letter}]")).to_contain_text(f"pawòl {letter}")
    expect(floor.by("table", "major-casualties").locator("tbody tr")).to_have_count(1)

    # The second incident, an objective, a request on its way to the end.
    form = opened(floor, "l", "major-add-link")
    form.locator("select").select_option(second["id"])
    floor.keys.press("Tab")
    floor.keys.press("Enter")
    linked = floor.pane("major-incidents")
    expect(linked).to_contain_text("Dife bò estasyon an")
    expect(linked).to_contain_text("M21")
    opened(floor, "o", "major-add-objective")
    floor.keys.type("Mete tout moun lwen")
    floor.keys.press("Enter")
    floor.heard("did-objective")
    floor.by("button", "major-meet", floor.pane("major-objectives")).press("Enter")
    floor.heard("did-objective-met")
    form = opened(floor, "r", "major-add-request")
    form.locator("select").select_option("foam")
    floor.keys.press("Enter")
    floor.tab_to(form.get_by_role("button", name=floor.words("save"), exact=True))
    floor.keys.press("Enter")
    requests = floor.pane("major-requests")
    expect(requests).to_contain_text(floor.words.label("request_statuses", "requested"))
    for status in ("approved", "ordered", "en_route", "arrived"):
        label = floor.words.label("request_statuses", status)
        requests.get_by_role("button", name=f"→ {label}", exact=True).press("Enter")
        floor.heard("did-request-move", number="1", status=label)
    expect(requests.get_by_role("button", name="→")).to_have_count(0)

    # The briefing: a living page, and the same on paper.
    floor.keys.press("f")
    floor.keys.press("Enter")
    paper = page.locator(".paper")
    expect(paper).to_contain_text("pawòl hazards")
    room.radio.post(f"/majors/{major['id']}/methane", {"letter": "hazards", "words": "dezyèm sitèn"})
    expect(paper).to_contain_text("dezyèm sitèn")
    with page.expect_download() as awaited:
        floor.keys.press("p")
    kept = tmp_path / awaited.value.suggested_filename
    awaited.value.save_as(kept)
    told = "".join(part.extract_text() for part in pypdf.PdfReader(BytesIO(kept.read_bytes())).pages)
    assert "dezyèm sitèn" in told
    assert "Eksplozyon estasyon gaz" in told
    floor.keys.press("Escape")
    expect(paper).to_have_count(0)

    # On the floor, the incident says whose it is.
    page.goto(f"/#/incident/{first['number']}")
    mark = page.get_by_role("button", name=floor.words("major-title", number=str(major["number"])))
    expect(mark).to_contain_text("Estasyon gaz")
    mark.press("Enter")

    # Stood down: X, Enter.
    expect(page.locator("main.major header").first).to_contain_text("Estasyon gaz")
    opened(floor, "x", "major-stand-down")
    floor.keys.press("Enter")
    floor.heard("did-stand-down", number=str(major["number"]))
    expect(floor.pane("major-past-all")).to_contain_text("Estasyon gaz")
    assert room.radio.everything("/majors?state=open") == []


def test_who_only_looks_on_sees_no_word_and_changes_nothing(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = room.incident(title="Eksplozyon")
    major = room.radio.post("/majors", {"incident_id": incident["id"], "name": "Non ki pou sal la"})
    path = f"/majors/{major['id']}"
    room.radio.post(f"{path}/methane", {"letter": "hazards", "words": "gaz"})
    floor = Floor(seats.sit(room.base, "odite", path=f"/#/major/{major['id']}"), words["en"])
    expect(floor.page.locator("[data-letter=hazards]")).to_contain_text(floor.words("major-withheld"))
    expect(floor.by("button", "major-add-objective")).to_have_count(0)
    expect(floor.by("button", "major-stand-down")).to_have_count(0)
    expect(floor.page.locator("main.major")).not_to_contain_text("Non ki pou sal la")
    chief = room.machine("commander")
    chief.post(f"{path}/stand_down")
    expect(floor.page.locator("main.major header").first).to_contain_text(floor.words.about("major-over"))
