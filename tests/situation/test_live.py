"""The live picture of zones, unserved demand and the house: snapshot and pushes agree with a fresh one."""

import pytest

from lanbi.core.live import LiveKind
from lanbi.situation.api import live
from situation.room import CHIEF, NORTH, Room
from stores import ACTORS, PIERRE, Screen


def kinds(room: Room) -> dict[str, LiveKind]:
    return {kind.kind: kind for kind in live(room.situation)}


def test_pushes_on_a_snapshot_make_a_fresh_snapshot(room: Room) -> None:
    screens = [Screen(room, kind, CHIEF) for kind in kinds(room).values()]

    def agree() -> None:
        for screen, kind in zip(screens, kinds(room).values(), strict=True):
            screen.push()
            assert screen.picture == Screen(room, kind, CHIEF).picture

    unit = room.commission("M21")
    room.part()
    agree()
    room.heard(unit)
    room.look_round()
    agree()
    incident = room.open()
    said = room.do(lambda tx: room.situation.mark_unserved(tx, incident.id, "danger", text="tire"))
    room.do(lambda tx: room.situation.tell_power(tx, "grid"))
    room.do(lambda tx: room.situation.tell_link(tx, "VSAT", kind="satellite", state="good"))
    agree()
    room.part(NORTH)
    room.do(lambda tx: room.situation.tell_power(tx, "none"))
    agree()
    room.do(lambda tx: room.situation.withdraw_unserved(tx, said.id))
    agree()
    again = room.do(lambda tx: room.situation.mark_unserved(tx, incident.id, "no_unit"))
    task = room.assign(incident, unit)
    room.step(task, "on_scene")
    agree()
    assert room.kinds(f"unserved/{again.id}")[-1] == "unserved.served"
    zones, unserved, house = (screen.picture for screen in screens)
    assert [row.name for row in zones.values()] == ["Dèlma"]
    assert unserved == {}
    assert sorted(house) == ["link/vsat", "power"]


def test_a_zone_is_sent_again_only_when_its_state_changes(room: Room) -> None:
    room.part(NORTH)
    screen = Screen(room, kinds(room)["zone"], CHIEF)
    room.look_round()
    screen.push()
    (first,) = screen.picture.values()
    assert (first.state, first.facts.reason) == ("no_unit", "no_unit")
    room.clock.advance(600)
    room.look_round()
    screen.push()
    assert list(screen.picture.values()) == [first]


@pytest.mark.parametrize(("role", "reads"), [("dispatcher", True), ("auditor", False), ("analyst", False)])
def test_only_those_who_may_read_words_see_them(guarded: Room, role: str, reads: bool) -> None:
    incident = guarded.open()
    guarded.do(lambda tx: guarded.situation.mark_unserved(tx, incident.id, "other", text="pon an"), by=PIERRE)
    kind = kinds(guarded)["unserved"]
    assert guarded.gate.allows(ACTORS[role], kind.action)
    (row,) = Screen(guarded, kind, ACTORS[role]).picture.values()
    assert row.words == ("pon an" if reads else None)


def test_crews_see_none_of_it(guarded: Room) -> None:
    assert not any(guarded.gate.allows(ACTORS["field_unit"], kind.action) for kind in kinds(guarded).values())
