"""Taking alarms and putting them aside: each refusal beside its success, and what stands on the record."""

import pytest

from alarms.room import Room
from lanbi.alarms.model import Alarm
from lanbi.alarms.service import REASON_CHARS_MAX, TAKE_ALARMS_MAX
from lanbi.core.errors import Forbidden, LanbiError, Malformed, NotFound, Refused, TooLarge
from lanbi.core.time import DAY, MINUTE, SECOND
from stores import ACTORS, MARIE, PIERRE

NOBODY = "0192a000-0000-7000-8000-000000000000"


def overdue(room: Room) -> Alarm:
    """A promise that passed its hour: an alarm that may be put aside."""
    incident = room.open(priority="P4")
    room.do(lambda tx: room.calls.promise(tx, kind="unit_coming", incident_id=incident.id, due_in_s=60))
    room.tick(60)
    return next(alarm for alarm in room.standing() if alarm.incident_id == incident.id)


def help_called(room: Room, callsign: str = "M21") -> Alarm:
    unit = room.commission(callsign)
    room.do(lambda tx: room.safety.call_for_help(tx, unit.id))
    room.tick()
    return next(alarm for alarm in room.standing() if alarm.unit_id == unit.id)


def test_who_takes_it_stands_on_the_record(room: Room) -> None:
    alarm = help_called(room)
    room.clock.advance(12)
    taken = room.take(alarm, by=MARIE)
    assert taken.taken_by is not None
    assert (taken.taken_by.name, taken.taken_at) == (MARIE.name, room.clock.now())
    assert taken.live, "the button is still pressed"
    head = room.head
    assert room.take(alarm, by=MARIE) == taken
    assert room.head == head, "a second tap is no entry"
    [(_, _, actor, _, body)] = [entry for entry in room.entries() if entry[1] == "alarm.taken"]
    assert actor == MARIE.id
    assert '"after_s":12' in body


def test_who_takes_the_alarm_of_a_timer_that_ran_out_has_stopped_it(room: Room) -> None:
    unit = room.commission("M21")
    room.do(lambda tx: room.safety.set_timer(tx, unit.id, 1))
    room.tick(60)
    room.take(room.alarm("timer_out"), by=MARIE)
    assert room.unit(unit).safety.timer_due_at is None
    assert [(entry[1], entry[2]) for entry in room.entries()][-2:] == [
        ("alarm.taken", MARIE.id),
        ("unit.timer_stopped", MARIE.id),
    ]
    room.tick(1)
    assert room.standing() == []


def test_a_timer_set_anew_goes_on_when_the_alarm_of_the_one_before_is_taken(room: Room) -> None:
    unit = room.commission("M21")
    room.do(lambda tx: room.safety.set_timer(tx, unit.id, 1))
    room.tick(60)
    alarm = room.alarm("timer_out")
    anew = room.do(lambda tx: room.safety.set_timer(tx, unit.id, 5))
    room.take(alarm, by=MARIE)
    assert room.unit(unit).safety.timer_due_at == anew.safety.timer_due_at
    assert room.kinds(f"unit/{unit.id}")[-1] == "unit.timer_set"


def test_what_another_has_is_refused_by_name(room: Room) -> None:
    alarm = help_called(room)
    room.take(alarm, by=MARIE)
    with pytest.raises(Refused) as refused:
        room.take(alarm, by=PIERRE)
    assert refused.value.args_by_name == {"by": MARIE.name}


def test_a_group_is_taken_at_once_and_keeps_who_had_one_already(room: Room) -> None:
    alarms = [help_called(room, f"M{n}") for n in range(3)]
    room.take(alarms[1], by=MARIE)
    ids = [alarm.id for alarm in alarms]
    taken = room.do(lambda tx: room.alarms.take_all(tx, [*ids, ids[0]]), by=PIERRE)
    assert [alarm.taken_by.name for alarm in taken if alarm.taken_by] == [
        PIERRE.name,
        MARIE.name,
        PIERRE.name,
    ]
    with pytest.raises(TooLarge, match="alarms-too-many"):
        room.do(lambda tx: room.alarms.take_all(tx, ids * TAKE_ALARMS_MAX))
    with pytest.raises(NotFound, match="alarm-none"):
        room.do(lambda tx: room.alarms.take_all(tx, [*ids, NOBODY]))


def test_a_reason_is_sealed_and_its_words_leave_when_they_are_erased(room: Room) -> None:
    alarm = overdue(room)
    shelved = room.do(lambda tx: room.alarms.shelve(tx, alarm.id, 15, "moun nan di l ap tann"), by=MARIE)
    assert (shelved.shelf_reason, shelved.shelved_by) == ("moun nan di l ap tann", MARIE.name)
    assert shelved.shelved_until == room.clock.now() + 15 * MINUTE
    assert "moun nan" not in "".join(body for *_, body in room.entries())
    before = shelved.seq
    room.clock.advance(731 * DAY / SECOND)
    room.erase_all_due()
    erased = room.as_it_is(alarm)
    assert erased.shelf_reason is None
    assert erased.seq > before, "screens that hold the row are told"


@pytest.mark.parametrize(
    ("minutes", "reason", "code"),
    [
        (31, "m ap tann", "shelf-impossible"),
        (0, "m ap tann", "shelf-impossible"),
        (10, "  ", "text-empty"),
        (10, "x" * (REASON_CHARS_MAX + 1), "text-too-long"),
    ],
)
def test_a_shelf_needs_a_reason_and_a_measure(room: Room, minutes: int, reason: str, code: str) -> None:
    alarm = overdue(room)
    before = room.rows_of("alarm", "journal", "sealed")
    with pytest.raises(LanbiError, match=code):
        room.do(lambda tx: room.alarms.shelve(tx, alarm.id, minutes, reason))
    assert room.rows_of("alarm", "journal", "sealed") == before
    assert room.do(lambda tx: room.alarms.shelve(tx, alarm.id, 30, "m ap tann")).shelved_until is not None


def test_an_emergency_is_never_put_aside(room: Room) -> None:
    alarm = help_called(room)
    with pytest.raises(Refused, match="alarm-emergency"):
        room.do(lambda tx: room.alarms.shelve(tx, alarm.id, 1, "pita"))
    assert room.as_it_is(alarm).unseen


def test_it_is_taken_off_the_shelf_once(room: Room) -> None:
    alarm = overdue(room)
    room.do(lambda tx: room.alarms.shelve(tx, alarm.id, 15, "pita"))
    back = room.do(lambda tx: room.alarms.unshelve(tx, alarm.id))
    assert back.unseen
    with pytest.raises(Refused, match="alarm-not-shelved"):
        room.do(lambda tx: room.alarms.unshelve(tx, alarm.id))
    assert room.kinds(f"alarm/{alarm.id}") == ["alarm.raised", "alarm.shelved", "alarm.unshelved"]


def test_the_ledger_pages_from_the_newest_by_state(room: Room) -> None:
    first, second = help_called(room, "M1"), help_called(room, "M2")
    third = overdue(room)
    room.take(first)
    room.do(lambda tx: room.alarms.shelve(tx, third.id, 15, "pita"))

    def page(state, before=2**62, limit=50) -> list[str]:
        found = room.look(lambda r: room.alarms.page(r, PIERRE, state=state, before=before, limit=limit))
        return [alarm.id for alarm in found]

    assert page(None) == [third.id, second.id, first.id]
    assert page(None, limit=2) == [third.id, second.id]
    assert page(None, before=room.as_it_is(second).made_seq) == [first.id]
    assert page("unseen") == [second.id]
    assert page("shelved") == [third.id]
    assert page("ended") == []


def test_who_may_see_take_and_shelve(guarded: Room) -> None:
    room = guarded
    chief = ACTORS["commander"]
    unit = room.do(lambda tx: room.dispatch.commission(tx, callsign="M21", kind="ambulance"), by=chief)
    room.do(lambda tx: room.safety.call_for_help(tx, unit.id), by=PIERRE)
    room.tick()
    alarm = room.alarm("emergency_button")
    for role in ("field_unit", "analyst", "administrator"):
        with pytest.raises(Forbidden):
            room.take(alarm, by=ACTORS[role])
        with pytest.raises(Forbidden):
            room.look(lambda r, role=role: room.alarms.rate(r, ACTORS[role]))
        with pytest.raises(NotFound):
            room.look(lambda r, role=role: room.alarms.get(r, ACTORS[role], alarm.id))
    auditor = ACTORS["auditor"]
    assert room.look(lambda r: room.alarms.get(r, auditor, alarm.id)) == alarm
    with pytest.raises(Forbidden):
        room.take(alarm, by=auditor)
    with pytest.raises(Forbidden):
        room.do(lambda tx: room.alarms.shelve(tx, alarm.id, 1, "pita"), by=auditor)
    assert room.take(alarm, by=ACTORS["call_taker"]).taken_by is not None


def test_an_impossible_reason_keeps_its_name(room: Room) -> None:
    alarm = overdue(room)
    with pytest.raises(Malformed, match="text-nul"):
        room.do(lambda tx: room.alarms.shelve(tx, alarm.id, 10, "a\x00b"))
