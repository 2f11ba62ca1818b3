"""Messages between two seats and a crew on the radio: sent is not received, and a cut link sends once."""

from typing import Any

from playwright.sync_api import Route, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import Room
from e2e.words import Words

SCREEN = "/#/messages"


def at(kind: str, key: str) -> str:
    return f"{SCREEN}/{kind}%3A{key}"


def step(floor: Floor, code: str) -> str:
    return floor.words.label("message_steps", code)


def sent(room: Room, **filters: str) -> list[Any]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return room.radio.get(f"/messages?{query}")["items"]


def test_a_message_goes_by_the_keys_to_another_seat_which_acknowledges_it_by_one(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    incident = room.incident()
    theirs = Floor(seats.sit(room.base, "plas3"), words["fr"])
    theirs.here()
    mine = Floor(seats.sit(room.base, "plas2", path=SCREEN), words["ht"])
    expect(mine.by("combobox", "msg-write-to")).to_be_visible()

    mine.keys.press("n")
    expect(mine.by("combobox", "msg-write-to")).to_be_focused()
    mine.keys.type("plas 3")
    mine.keys.press("Enter")
    box = mine.by("textbox", "msg-write", to="Plas 3")
    expect(box).to_be_focused()
    mine.keys.press("Alt+2")
    mine.keys.type("Ou wè dife a?")
    about = mine.page.locator("[data-about]")
    mine.tab_to(about, back=True)
    mine.keys.type(str(incident["number"]))
    mine.keys.press("Enter")
    mine.heard("did-message", to="Plas 3")

    notice = theirs.by("region", "msg-incoming")
    expect(notice).to_contain_text("Ou wè dife a?")
    expect(notice).to_contain_text(str(incident["number"]))
    # The other's screen has shown it: received, by itself; but nobody has acknowledged anything.
    thread = mine.by("list", "msg-thread")
    expect(thread).to_contain_text(step(mine, "received"))
    expect(thread).not_to_contain_text(step(mine, "acknowledged"))
    theirs.keys.press("k")
    expect(notice.get_by_text("Ou wè dife a?")).to_have_count(0)
    expect(thread).to_contain_text(step(mine, "acknowledged"))
    kinds = [entry["kind"] for entry in room.line.get(f"/incidents/{incident['id']}/log")["items"]]
    assert kinds[:3] == ["message.acknowledged", "message.received", "message.sent"]


def test_an_urgent_message_is_seen_on_another_screen_too_but_not_on_the_wall(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    body = {"to": {"kind": "account", "id": "plas3"}, "words": "Vini nan sal la", "priority": "urgent"}
    message = room.radio.post("/messages", body)
    theirs = Floor(seats.sit(room.base, "plas3", path="/#/wall"), words["fr"])
    notice = theirs.by("region", "msg-incoming")
    expect(theirs.by("main", "room-wall")).to_be_visible()
    expect(notice).to_be_hidden()
    assert room.radio.get(f"/messages/{message['id']}")["counts"]["received"] == 0

    theirs.page.goto(f"{room.base}/#/rosters")
    expect(notice).to_contain_text("Vini nan sal la")
    # There K goes up in the list: the message is acknowledged by its button alone.
    theirs.keys.press("k")
    expect(notice).to_be_visible()
    notice.get_by_role("button", name=step(theirs, "acknowledged"), exact=True).click()
    expect(notice).to_be_hidden()
    assert room.radio.get(f"/messages/{message['id']}")["counts"]["acknowledged"] == 1


def test_a_template_is_found_by_typing_filled_and_read_in_each_language(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    mine = Floor(seats.sit(room.base, "plas2", path=at("unit", room.units["M21"])), words["ht"])
    box = mine.by("textbox", "msg-write", to="M21")
    expect(box).to_be_visible()
    mine.keys.press("t")
    expect(mine.by("combobox", "msg-template")).to_be_focused()
    mine.keys.type("wout bl")
    mine.keys.press("Enter")
    place = mine.page.get_by_role("textbox", name=mine.words("msg-var-place"), exact=True)
    expect(place).to_be_focused()
    mine.keys.type("kafou Nazon")
    expect(mine.by("group", "msg-preview")).to_contain_text(
        "Wout la bloke nan kafou Nazon. Pran yon lòt wout."
    )
    mine.keys.press("Enter")
    mine.heard("did-message", to="M21")
    (message,) = [
        row for row in sent(room, unit_id=room.units["M21"]) if row["args"].get("place") == "kafou Nazon"
    ]
    assert (message["template"], message["words"], message["priority"]) == ("road_blocked", None, "urgent")

    theirs = Floor(seats.sit(room.base, "plas3", path=at("unit", room.units["M21"])), words["fr"])
    expect(theirs.by("list", "msg-thread")).to_contain_text(
        "Route bloquée à kafou Nazon. Prenez un autre chemin."
    )


def test_what_a_crew_says_by_radio_is_entered_with_its_reason(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    message = room.radio.post(
        "/messages", {"to": {"kind": "unit", "id": room.units["M22"]}, "words": "Al pran gaz"}
    )
    mine = Floor(seats.sit(room.base, "plas2", path=at("unit", room.units["M22"])), words["ht"])
    state = mine.by("list", "msg-addressees")
    expect(state).to_contain_text(step(mine, "sent"))
    mine.keys.press("Escape")
    mine.keys.press("k")
    expect(state).to_contain_text(step(mine, "acknowledged"))
    expect(state.get_by_role("img", name=mine.words("source-manual"))).to_be_visible()
    mine.keys.press("x")
    why = mine.by("textbox", "msg-why")
    expect(why).to_be_focused()
    mine.keys.type("Wout la bloke")
    mine.keys.press("Enter")
    expect(state).to_contain_text("Wout la bloke")
    expect(mine.by("list", "msg-thread")).to_contain_text(step(mine, "cannot_comply"))
    assert room.radio.get(f"/messages/{message['id']}")["counts"]["cannot_comply"] == 1


def test_a_message_written_while_the_link_is_cut_is_said_to_be_unsent_and_is_sent_once(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    unit = room.units["M23"]
    mine = Floor(seats.sit(room.base, "plas2", path=at("unit", unit)), words["ht"])
    box = mine.by("textbox", "msg-write", to="M23")
    expect(box).to_be_visible()
    mine.page.wait_for_load_state("networkidle")
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()  # it arrives, and its answer is lost on the way back
            route.abort()
        else:
            route.continue_()

    mine.page.route("**/api/v1/messages", lose)
    mine.page.context.set_offline(True)
    box.fill("Lyen an te koupe")
    box.press("Enter")
    thread = mine.by("list", "msg-thread")
    expect(thread).to_contain_text(mine.words("msg-unsent"))
    expect(box).to_have_value("")
    assert sent(room, unit_id=unit) == [] or len(keys) > 0
    mine.page.context.set_offline(False)
    mine.heard("did-message", to="M23")
    expect(thread).not_to_contain_text(mine.words("msg-unsent"))
    expect(thread.get_by_text("Lyen an te koupe")).to_have_count(1)
    assert len(set(keys)) == 1
    assert [row["words"] for row in sent(room, unit_id=unit)] == ["Lyen an te koupe"]


def test_a_refused_message_is_still_in_the_field(room: Room, seats: Seats, words: dict[str, Words]) -> None:
    chief = Floor(seats.sit(room.base, "chef", path=SCREEN), words["fr"])
    closed: list[bool] = []
    # Stands from the beginning: a browser may let the next request pass while it learns of a route.
    chief.page.route(
        "**/api/v1/messages",
        lambda route: (
            route.fulfill(
                status=409,
                content_type="application/problem+json",
                body='{"status":409,"code":"channel-closed","detail":"Canal fermé","hint":"Un autre"}',
            )
            if closed
            else route.continue_()
        ),
    )
    expect(chief.by("combobox", "msg-write-to")).to_be_visible()
    chief.keys.press("c")
    chief.keys.type("Operasyon Nazon")
    chief.keys.press("Enter")
    box = chief.by("textbox", "msg-write", to="Operasyon Nazon")
    expect(box).to_be_focused()
    chief.keys.type("Tout moun la?")
    # Refused at the very moment of sending: what was typed comes back.
    closed.append(True)
    chief.keys.press("Enter")
    expect(chief.said).to_contain_text("Canal fermé")
    expect(box).to_have_value("Tout moun la?")
    chief.page.unroute("**/api/v1/messages")
    # The screens are built anew meanwhile: one that was never opened asks for a reload, which loses nothing.
    anew = '<script type="module" src="/assets/anew.js"></script>'
    chief.page.route("**/assets/RostersScreen-*", lambda route: route.fulfill(status=404))
    chief.page.route(f"{room.base}/", lambda route: route.fulfill(content_type="text/html", body=anew))
    chief.go("room-rosters")
    expect(chief.page.get_by_role("alert").get_by_text(chief.words("screen-renewed"))).to_be_visible()
    chief.page.unroute_all()
    chief.by("button", "screen-reload").click()
    expect(chief.pane("roster-title")).to_be_visible()
    chief.page.go_back()
    expect(box).to_have_value("Tout moun la?")
    box.press("Enter")
    expect(box).to_have_value("")
    chief.by("button", "msg-close-channel").click()
    expect(box).to_be_hidden()
