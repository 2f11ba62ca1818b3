"""The watch changes: two people, two languages, no mouse; what happens meanwhile is read before they sign."""

import hashlib
import json
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Seats
from e2e.floor import Floor
from e2e.nodes import PASSWORD, Room
from e2e.words import Words


class Desk(Floor):
    """Somebody at the hand-over screen."""

    def lines(self) -> Locator:
        return self.page.locator("[data-line]")

    def about(self, key: str) -> Locator:
        return self.page.locator(f"[data-key='{key}']")

    def progress(self, settled: int, of: int) -> None:
        """Both see how far it is."""
        expect(self.page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", str(settled))
        expect(self.pane("handover-steps")).to_contain_text(f"{settled}/{of}")

    def state(self, state: str) -> None:
        expect(self.pane("handover-steps")).to_contain_text(self.words(f"handover-state-{state}"))

    def press_on(self, n: int) -> None:
        """Space takes the line in hand over; the next is in hand then."""
        here = self.page.locator("[data-line][aria-current=true]")
        before = here.get_attribute("data-line")
        self.keys.press("Space")
        if n > 1:
            expect(here).not_to_have_attribute("data-line", before or "")


def at_desk(page: Page, words: Words) -> Desk:
    desk = Desk(page, words)
    desk.keys.press("g")
    desk.keys.press("h")
    expect(page.get_by_role("region", name=words("handover-title"), exact=True)).to_be_visible()
    return desk


def settled(desk: Desk) -> tuple[int, int]:
    """(acknowledged, all), as the screen says."""
    found = re.search(r"(\d+)/(\d+)", desk.pane("handover-steps").inner_text())
    assert found is not None
    return int(found[1]), int(found[2])


def read_all(desk: Desk) -> None:
    """Space, line after line, until every one is taken over."""
    for _ in range(60):
        done, whole = settled(desk)
        if done == whole:
            return
        here = desk.page.locator("[data-line][aria-current=true]")
        if "acknowledged" in (here.get_attribute("class") or ""):
            desk.keys.press("Space")  # goes on to what has come since
            expect(here).not_to_have_class(re.compile("acknowledged"))
            continue
        desk.press_on(whole - done)
        expect(desk.pane("handover-steps")).not_to_contain_text(re.compile(rf"(?<!\d){done}/{whole}"))
    raise AssertionError("the list never ends")


def proof_of(room: Room, handover: str) -> dict[str, Any]:
    return room.radio.get(f"/handovers/{handover}/document")


def test_a_watch_is_handed_over_by_two_people_with_the_keys_alone(
    room: Room, seats: Seats, words: dict[str, Words]
) -> None:
    waiting = room.incident(title="Aksidan devan legliz la")
    room.radio.post("/promises", {"incident_id": waiting["id"], "kind": "news", "words": "n ap rele w"})
    giver_page = seats.sit(room.base, "plas2")
    giver_floor = Floor(giver_page, words["ht"])
    giver_floor.here()
    taker_page = seats.sit(room.base, "plas3")
    Floor(taker_page, words["fr"]).here()

    giver = at_desk(giver_page, words["ht"])
    giver.keys.press("h")
    giver.state("draft")
    expect(giver.about(f"incident/{waiting['id']}")).to_contain_text(str(waiting["number"]))
    giver.keys.press("r")
    giver.keys.type("Dlo fini nan sal la")
    giver.keys.press("Enter")
    expect(giver.pane("handover-title")).to_contain_text("Dlo fini nan sal la")
    giver.keys.press("o")
    giver.state("offered")

    taker = at_desk(taker_page, words["fr"])
    taker.state("offered")
    taker.keys.press("t")
    taker.state("acknowledging")
    expect(taker.pane("handover-title")).to_contain_text("Dlo fini nan sal la")
    taker.keys.press("j")
    taker.keys.press("k")
    taker.keys.press("q")
    taker.keys.type("Combien de blessés ?")
    taker.keys.press("Enter")
    expect(giver.pane("handover-steps")).to_contain_text(giver.words("handover-next-asked", n="1"))
    giver.keys.press("q")
    giver.keys.type("De blese")
    giver.keys.press("Enter")
    expect(taker.pane("handover-line")).to_contain_text("De blese")

    read_all(taker)
    done, whole = settled(taker)
    assert done == whole
    giver.progress(done, whole)

    # While the two are at it, the night goes on: what is new is read too, before anybody signs.
    late = room.incident(title="Dife nan mache a", type="house_fire", priority="P1")
    arrived = taker.about(f"incident/{late['id']}")
    expect(arrived).to_contain_text(taker.words("handover-fresh"))
    expect(taker.page.locator("#handover-password")).to_have_count(0)
    read_all(taker)
    giver.progress(*settled(taker))

    taker.keys.press("s")
    taker.keys.type("pa modpas sa a")
    taker.keys.press("Enter")
    expect(taker.line).to_contain_text(re.compile("mot de passe"))
    expect(taker.page.locator("#handover-password")).to_be_focused()
    taker.keys.type(PASSWORD)
    with taker.page.expect_request("**/sign") as sent:
        taker.keys.press("Enter")
    assert re.fullmatch(r'"\d+"', sent.value.headers["if-match"]), "what is signed is the list as it was read"
    taker.heard("did-handover-sign")
    giver.keys.press("s")
    giver.keys.type(PASSWORD)
    giver.keys.press("Enter")

    for desk in (giver, taker):
        desk.state("signed")
        document = desk.pane("handover-document")
        expect(document).to_contain_text(desk.words("handover-hash-holds"))
    newest = room.radio.get("/handovers")["items"][0]
    assert (newest["state"], newest["outgoing"]["id"], newest["incoming"]["id"]) == (
        "signed", "plas2", "plas3",
    )  # fmt: skip
    proof = proof_of(room, newest["id"])
    digest = hashlib.sha256(proof["document"].encode()).hexdigest()
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["public_key"])).verify(
        bytes.fromhex(proof["signature"]), f"lanbi-handover/1\n{proof['site']}\n{digest}\n".encode()
    )
    whole_document = json.loads(proof["document"])
    about = {line["about"] for line in whole_document["lines"]}
    assert {f"incident/{waiting['id']}", f"incident/{late['id']}"} <= about
    assert all(line["acknowledged_at"] for line in whole_document["lines"])
    assert room.audit.kinds(f"handover/{newest['id']}")[-1] == "handover.signed"


def test_a_cut_link_does_not_end_a_hand_over(room: Room, seats: Seats, words: dict[str, Words]) -> None:
    room.incident()
    leaver = room.person("plas2")
    begun = leaver.post("/handovers", {"seat": "Plas 9"})
    leaver.post(f"/handovers/{begun['id']}/offer")
    page = seats.sit(room.base, "plas3")
    Floor(page, words["fr"]).here()
    desk = at_desk(page, words["fr"])
    desk.keys.press("t")
    desk.state("acknowledging")
    page.context.set_offline(True)
    desk.keys.press("j")
    desk.keys.press("k")
    desk.keys.press("Space")
    page.context.set_offline(False)
    expect(desk.page.locator("[data-line].acknowledged")).to_have_count(1)
    leaver.post(f"/handovers/{begun['id']}/withdraw")
    desk.state("withdrawn")
