"""Several people and several tabs on one thing: what anybody typed is still there."""

from playwright.sync_api import expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words


def test_two_people_who_edit_one_title_both_see_both_texts_and_none_is_lost(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = room.incident()
    path = f"/#/incident/{incident['number']}"
    mine = Floor(seats.sit(room.base, "plas2", path=path), words["ht"])
    theirs = Floor(seats.sit(room.base, "plas3", path=path), words["fr"])
    for floor in (mine, theirs):
        floor.here(number=incident["number"])
        floor.by("button", "act-title", title=incident["title"]).click()
    mine.by("textbox", "form-title").fill("Kamyon chavire")
    theirs.by("textbox", "form-title").fill("Bus renversé")
    theirs.by("button", "save").click()
    expect(theirs.title("Bus renversé")).to_be_visible()
    expect(mine.title("Bus renversé")).to_be_visible()
    # What is being typed is not overwritten by what arrives.
    expect(mine.by("textbox", "form-title")).to_have_value("Kamyon chavire")

    mine.by("button", "save").click()
    both = mine.page.get_by_role("alert").filter(has_text=mine.words("conflict-title"))
    expect(both).to_contain_text("Bus renversé")
    expect(both).to_contain_text("Kamyon chavire")
    mine.by("button", "conflict-take-mine", both).click()
    for floor in (mine, theirs):
        expect(floor.title("Kamyon chavire")).to_be_visible()
        log = floor.by("list", "log-title")
        expect(log).to_contain_text("Bus renversé")
        expect(log).to_contain_text("Kamyon chavire")


def test_a_note_begun_on_one_incident_waits_there_while_another_is_looked_at(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    one, two = room.incident(title="Premye"), room.incident(title="Dezyèm")
    floor = Floor(seats.sit(room.base, "plas2", path=f"/#/incident/{one['number']}"), words["ht"])
    floor.here(number=one["number"])
    floor.by("textbox", "note-label", number=str(one["number"])).fill("Yon nòt ki poko fini")
    floor.row(two["number"]).click()
    expect(floor.title("Dezyèm")).to_be_visible()
    expect(floor.by("textbox", "note-label", number=str(two["number"]))).to_have_value("")
    floor.row(one["number"]).click()
    note = floor.by("textbox", "note-label", number=str(one["number"]))
    expect(note).to_have_value("Yon nòt ki poko fini")
    note.press("Enter")
    floor.heard("did-note", number=str(one["number"]))
    expect(floor.by("list", "log-title")).to_contain_text("Yon nòt ki poko fini")
    # Without a keyboard: the button is there while something is typed.
    send = floor.by("button", "note-send")
    expect(send).to_have_count(0)
    note.fill("Ak dwèt la")
    send.click()
    expect(floor.by("list", "log-title")).to_contain_text("Ak dwèt la")


def test_reload_back_and_a_second_tab_lose_nothing(room: Room, seats: Seats, words: dict[str, Words]) -> None:
    one, two = room.incident(title="Premye"), room.incident(title="Dezyèm")
    floor = Floor(seats.sit(room.base, "plas2", path=f"/#/incident/{one['number']}"), words["ht"])
    floor.here(number=one["number"])
    floor.row(two["number"]).click()
    expect(floor.title("Dezyèm")).to_be_visible()
    floor.page.go_back()
    expect(floor.title("Premye")).to_be_visible()
    floor.page.go_forward()
    expect(floor.title("Dezyèm")).to_be_visible()

    call = room.ring()
    floor.by("button", "banner-take").click()
    intake = floor.intake(call)
    intake.get_by_label(floor.words("intake-words"), exact=True).fill("Li di kay la ap boule")
    floor.by("combobox", "intake-place", intake).focus()
    floor.page.wait_for_function(
        """async (id) => (await (await fetch('/api/v1/calls/' + id)).json()).words !== null""", arg=call["id"]
    )
    floor.page.reload()
    floor.here(number=two["number"])
    floor.by("list", "online-label").get_by_role("button").first.click()
    expect(floor.intake(call).get_by_label(floor.words("intake-words"), exact=True)).to_have_value(
        "Li di kay la ap boule"
    )

    tab = Floor(floor.page.context.new_page(), words["ht"])
    tab.page.goto(f"/#/incident/{one['number']}")
    tab.here(number=one["number"])
    expect(tab.by("list", "online-label")).to_contain_text(
        tab.words("call-number", number=str(call["number"]))
    )
    tab.command(f"A {one['number']} Nòt nan dezyèm paj la")
    tab.heard("did-note", number=str(one["number"]))
    floor.row(one["number"]).click()
    expect(floor.by("list", "log-title")).to_contain_text("Nòt nan dezyèm paj la")


def test_words_typed_at_the_moment_of_a_reload_are_still_there(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    floor = Floor(seats.sit(room.base, "plas2"), words["ht"])
    floor.here()
    call = room.ring()
    floor.by("button", "banner-take").click()
    field = floor.intake(call).get_by_label(floor.words("intake-words"), exact=True)
    expect(field).to_be_focused()
    floor.keys.type("Yo tire sou nou")
    floor.page.reload()
    floor.here()
    floor.by("list", "online-label").get_by_role("button").first.click()
    expect(field).to_have_value("Yo tire sou nou")
