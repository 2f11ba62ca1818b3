"""The clerk over real stores: what it writes, what it leaves alone, and what it survives."""

import logging
from collections.abc import Iterator

import pytest

from alarms.room import Room
from dispatch.yard import crew
from lanbi.alarms.clerk import CHANGES_PER_STEP_MAX
from lanbi.core.ports import Reader
from lanbi.core.time import Instant
from lanbi.core.watch import Condition
from stores import MARIE, PIERRE


def flood(count: int):
    """A watch that sees so many zones gone silent."""

    def watch(_reader: Reader, now: Instant) -> Iterator[Condition]:
        for n in range(count):
            yield Condition(kind="void_zone", subject=f"zone/{n}", since=now, facts={"zone": f"zòn {n}"})

    return watch


def broken(reader: Reader, _now: Instant) -> list[Condition]:
    """A watch whose statement the engine refuses."""
    rows = reader.rows("SELECT nope FROM nowhere")
    return [Condition(kind="void_zone", subject="zone/1", since=row[0]) for row in rows]


def test_an_alarm_is_raised_once_and_cleared_on_the_record(room: Room) -> None:
    call = room.ring()
    assert room.tick(19) == 0
    assert room.tick(1) == 1
    raised = room.alarm("unanswered")
    assert (raised.subject, raised.severity, raised.facts) == (
        f"call/{call.id}",
        "high",
        {"call": call.number},
    )
    assert raised.raised_at == room.clock.now()
    assert room.tick(1) == 0
    room.do(lambda tx: room.calls.answer(tx, call.id))
    assert room.tick(1) == 1
    assert room.alarm("unanswered").cleared_at == room.clock.now(), "over, and nobody has seen it: it stays"
    room.take(raised)
    assert room.standing() == []
    assert room.kinds(f"alarm/{raised.id}") == ["alarm.raised", "alarm.cleared", "alarm.taken"]


def test_where_nothing_changes_nothing_is_written(room: Room) -> None:
    room.ring()
    room.tick(20)
    before = room.rows_of("alarm", "journal", "alarm_raising")
    for _ in range(15):
        assert room.tick(1) == 0
    assert room.rows_of("alarm", "journal", "alarm_raising") == before


def test_what_was_over_unseen_and_is_so_again_is_the_same_alarm_counted_twice(room: Room) -> None:
    m21 = room.commission("M21")
    room.do(lambda tx: room.safety.call_for_help(tx, m21.id))
    room.tick()
    first = room.alarm("emergency_button")
    room.do(lambda tx: room.safety.settle_emergency(tx, m21.id, "fini"))
    room.tick(1)
    room.do(lambda tx: room.safety.call_for_help(tx, m21.id))
    room.tick(1)
    again = room.alarm("emergency_button")
    assert (again.id, again.count, again.cleared_at) == (first.id, 2, None)
    assert room.look(lambda reader: room.alarms.rate(reader, PIERRE)).raised_10_min == 2


def test_what_was_taken_and_over_comes_back_as_a_new_alarm(room: Room) -> None:
    m21 = room.commission("M21")
    for _ in range(2):
        room.do(lambda tx: room.safety.call_for_help(tx, m21.id))
        room.tick(1)
        room.take(room.alarm("emergency_button"))
        room.do(lambda tx: room.safety.settle_emergency(tx, m21.id, "fini"))
        room.tick(1)
    ended = room.look(lambda reader: room.alarms.page(reader, PIERRE, state="ended", before=2**62, limit=9))
    assert len({alarm.id for alarm in ended}) == 2


def test_what_nobody_takes_is_carried_to_the_commander(room: Room) -> None:
    room.ring()
    room.tick(20)
    assert room.tick(39) == 0
    assert room.tick(1) == 1
    alarm = room.alarm("unanswered")
    assert alarm.escalated_at == room.clock.now()
    assert room.tick(600) == 0, "once"
    assert room.kinds(f"alarm/{alarm.id}") == ["alarm.raised", "alarm.escalated"]


def test_a_shelf_ends_and_the_alarm_is_unseen_again(room: Room) -> None:
    m21 = room.commission("M21")
    room.do(lambda tx: room.safety.set_timer(tx, m21.id, 1))
    room.tick(60)
    alarm = room.alarm("timer_out")
    room.do(lambda tx: room.alarms.shelve(tx, alarm.id, 10, "yo fèk rele l"))
    assert room.tick(599) == 0
    assert room.tick(1) == 1
    back = room.alarm("timer_out")
    assert (back.unseen, back.shelved_until, back.shelf_reason) == (True, None, None)


def test_a_clerk_that_starts_anew_raises_nothing_again(room: Room) -> None:
    m21 = room.commission("M21")
    room.do(lambda tx: room.safety.call_for_help(tx, m21.id))
    room.ring()
    assert room.tick(30) == 2
    before = room.head
    room.clerk = room.new_clerk()
    assert room.tick(1) == 0
    assert room.head == before


def test_a_watch_that_fails_is_said_once_and_stops_no_other(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.clerk = room.new_clerk(void_zone=flood(1))
    room.tick()
    assert room.kinds_standing() == ["void_zone"]
    caplog.set_level(logging.WARNING, "lanbi.alarms")
    room.clerk = room.new_clerk(void_zone=broken)
    room.ring()
    for _ in range(3):
        room.tick(20)
    assert room.kinds_standing() == ["unanswered", "void_zone"], "what it cannot see stays as it was"
    assert room.clerk.blind == {"void_zone"}
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "void_zone" in caplog.text


def test_a_watch_that_recovers_clears_what_is_over(room: Room) -> None:
    sick = True

    def watch(reader: Reader, now: Instant) -> list[Condition]:
        if sick:
            raise RuntimeError("a watch of a site's own")
        return []

    room.clerk = room.new_clerk(void_zone=flood(1))
    room.tick()
    room.clerk = room.new_clerk(void_zone=watch)
    assert room.tick(1) == 0
    sick = False
    assert room.tick(1) == 1
    assert room.alarm("void_zone").cleared_at is not None
    assert room.clerk.blind == frozenset()


def test_a_flood_is_written_in_pieces_and_nothing_of_it_is_lost(room: Room) -> None:
    room.clerk = room.new_clerk(void_zone=flood(2 * CHANGES_PER_STEP_MAX + 1))
    assert [room.tick(1) for _ in range(4)] == [CHANGES_PER_STEP_MAX, CHANGES_PER_STEP_MAX, 1, 0]
    rate = room.look(lambda reader: room.alarms.rate(reader, PIERRE))
    assert (rate.raised_10_min, rate.unseen, rate.limit) == (201, 201, 10)
    room.clock.advance(601)
    assert room.look(lambda reader: room.alarms.rate(reader, PIERRE)).raised_10_min == 0
    room.do(room.clerk.forget_old)
    assert room.rows_of("alarm_raising") == [[]]
    assert room.look(lambda reader: room.alarms.rate(reader, PIERRE)).unseen == 201


def test_an_alarm_says_nothing_that_a_person_said(room: Room) -> None:
    """Facts are figures, codes, callsigns: a name of a place or a caller's words never reach the journal."""
    incident, m21 = room.open(), room.commission("M21")
    room.assign(incident, m21)
    room.do(lambda tx: room.safety.set_timer(tx, m21.id, 1, text="yo antre nan kay la"), by=crew(m21))
    room.do(
        lambda tx: room.calls.promise(
            tx, kind="unit_coming", text="anbilans lan ap vini", incident_id=incident.id, due_in_s=60
        ),
        by=MARIE,
    )
    room.tick(120)
    assert {"timer_out", "promise_overdue", "unacknowledged"} <= set(room.kinds_standing())
    bodies = "".join(body for *_, body in room.entries())
    assert "yo antre" not in bodies
    assert "anbilans lan" not in bodies
