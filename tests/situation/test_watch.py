"""A zone that should be heard and is not becomes a condition, and stops being one."""

from lanbi.situation.watch import watches
from situation.room import NORTH, Room
from stores import VOCABULARY


def test_a_zone_gone_silent_is_a_condition_after_its_time(room: Room) -> None:
    after_s = VOCABULARY.term("alarm_kinds", "void_zone").after_s
    (watch,) = watches(VOCABULARY).values()
    unit = room.commission("M21")
    zone = room.part(NORTH)["Dèlma"]
    room.heard(unit)
    room.look_round()

    def conditions() -> list[tuple[str, str, object]]:
        now = room.clock.now()
        found = room.look(lambda reader: list(watch(reader, now)))
        return [(one.kind, one.subject, one.facts["state"]) for one in found]

    heard_at = room.clock.now()
    room.clock.advance(16 * 60)
    assert room.settle()["Dèlma"].since == heard_at
    room.clock.advance(after_s - 17 * 60 - 1)
    assert conditions() == []
    room.clock.advance(1)
    assert conditions() == [("void_zone", f"zone/{zone.id}", "no_link")]
    room.heard(unit)
    room.settle()
    assert conditions() == []
