"""The live picture of tips: numbers, clocks and grades; snapshot and pushes are a fresh snapshot."""

import msgspec

from lanbi.core.access import ROLES, SYSTEM
from lanbi.tips.api import live
from stores import ACTORS, Screen
from tips.room import CHEF, SAID, TriageDesk


def test_a_tip_stands_in_the_picture_as_long_as_somebody_has_to_do_with_it(desk: TriageDesk) -> None:
    (kind,) = live()
    screen = Screen(desk.floor, kind, CHEF)

    def shown() -> list[tuple[str, int, str | None]]:
        screen.push()
        assert screen.picture == Screen(desk.floor, kind, CHEF).picture
        return [(row.state, row.unread, row.reliability) for row in screen.picture.values()]

    code = desk.give()
    assert shown() == []
    desk.tide()
    assert shown() == [("new", 1, None)]
    (tip,) = desk.all()
    desk.unlock()
    desk.read(tip)
    assert shown() == [("read", 0, None)]
    desk.grade(tip)
    assert shown() == [("read", 0, "F")]
    desk.do(lambda tx: desk.tips.reply(tx, tip.id, "Mèsi"))
    desk.do(lambda tx: desk.tips.follow(tx, tip.id))
    assert shown() == [("followed", 0, "F")]
    desk.do(lambda tx: desk.tips.close(tx, tip.id, "handled"))
    assert shown() == []
    desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="ankò"), by=SYSTEM)
    desk.tide()
    assert shown() == [("new", 1, "F")]
    desk.floor.clock.advance(400 * 86_400)
    desk.do(desk.tips.erase_due, by=SYSTEM)
    assert shown() == []


def test_no_words_go_over_the_live_picture(desk: TriageDesk) -> None:
    desk.taken(place="dèyè legliz la", channel="voice")
    (row,) = Screen(desk.floor, live()[0], CHEF).picture.values()
    text = msgspec.json.encode(row).decode()
    assert not any(word in text for word in (*SAID.split()[3:5], "legliz", "voice", "ht"))


def test_only_triagers_see_it(guarded_desk: TriageDesk) -> None:
    (kind,) = live()
    seeing = {role for role in ROLES if guarded_desk.floor.gate.allows(ACTORS[role], kind.action)}
    assert seeing == {"analyst", "commander"}
