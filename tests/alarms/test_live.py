"""The live picture of alarms: a snapshot and what came after is a fresh snapshot."""

from contextlib import suppress

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alarms.room import Room
from lanbi.alarms.api import live
from lanbi.core.errors import LanbiError
from stores import ACTORS, MARIE, PIERRE, Screen

VERBS = ("ring", "answer", "help", "settle", "take", "take_all", "shelve", "unshelve", "wait", "promise")
COMMANDS = st.lists(st.tuples(st.sampled_from(VERBS), st.booleans()), min_size=1, max_size=20)


def do(room: Room, verb: str, unit_id: str, incident_id: str, calls: list[str]) -> None:
    """One command of the floor; what the rules refuse is refused."""
    standing = room.standing()
    with suppress(LanbiError):
        if verb == "ring":
            calls.append(room.ring().id)
        elif verb == "answer" and calls:
            room.do(lambda tx: room.calls.answer(tx, calls[-1]))
        elif verb == "help":
            room.do(lambda tx: room.safety.call_for_help(tx, unit_id))
        elif verb == "settle":
            room.do(lambda tx: room.safety.settle_emergency(tx, unit_id, "fini"))
        elif verb == "take" and standing:
            room.take(standing[0], by=MARIE)
        elif verb == "take_all":
            room.do(lambda tx: room.alarms.take_all(tx, [alarm.id for alarm in standing]))
        elif verb == "shelve" and standing:
            room.do(lambda tx: room.alarms.shelve(tx, standing[-1].id, 1, "pita"))
        elif verb == "unshelve" and standing:
            room.do(lambda tx: room.alarms.unshelve(tx, standing[-1].id))
        elif verb == "promise":
            room.do(
                lambda tx: room.calls.promise(tx, kind="unit_coming", incident_id=incident_id, due_in_s=30)
            )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(COMMANDS)
def test_a_snapshot_and_what_came_after_is_a_fresh_snapshot(room: Room, commands) -> None:
    unit = room.commission(f"M-{room.head}", "ambulance")
    incident, calls = room.open(priority="P4"), list[str]()
    screens = [Screen(room, live(room.alarms), actor) for actor in (MARIE, PIERRE)]
    for verb, push in commands:
        do(room, verb, unit.id, incident.id, calls)
        room.tick(11)
        if push:
            for screen in screens:
                screen.push()
    for screen in screens:
        screen.push()
        held = msgspec.json.encode(screen.picture, order="sorted")
        screen.snapshot()
        assert held == msgspec.json.encode(screen.picture, order="sorted")
    assert len(screens[0].picture) == len(room.standing())


def test_an_alarm_leaves_the_picture_when_it_is_taken_and_over(room: Room) -> None:
    call = room.ring()
    room.tick(20)
    screen = Screen(room, live(room.alarms))
    alarm = room.alarm("unanswered")
    room.do(lambda tx: room.calls.answer(tx, call.id))
    room.tick(1)
    screen.push()
    assert screen.picture[alarm.id].cleared_at is not None, "over, and nobody has seen it"
    room.take(alarm)
    screen.push()
    assert screen.picture == {}


def test_an_auditor_sees_that_an_alarm_was_put_aside_and_not_why(guarded: Room) -> None:
    guarded.ring(channel="sms")
    guarded.tick(3_600)
    alarm = guarded.alarm("text_waiting")
    guarded.do(lambda tx: guarded.alarms.shelve(tx, alarm.id, 1, "Mari ap rele l"), by=PIERRE)
    floor, auditor = (Screen(guarded, live(guarded.alarms), who) for who in (MARIE, ACTORS["auditor"]))
    assert floor.picture[alarm.id].shelf_reason == "Mari ap rele l"
    assert auditor.picture[alarm.id].shelf_reason is None
    assert auditor.picture[alarm.id].shelved_until == floor.picture[alarm.id].shelved_until
