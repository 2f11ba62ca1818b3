"""What becomes an alarm, and what ends it: one watch after another, over real stores."""

from typing import Any

import pytest

from alarms.room import Room
from dispatch.yard import CHANMAS, DELMAS
from lanbi.core.ports import Reader
from lanbi.core.time import SECOND
from lanbi.core.watch import Condition, Watch
from stores import ACTORS, VOCABULARY


def limit_s(kind: str) -> int:
    return VOCABULARY.term("alarm_kinds", kind).after_s


def seen(room: Room, kind: str) -> list[Condition]:
    """What the watch of that kind sees now."""
    watch: Watch = room.watches[kind]
    return room.look(lambda reader: list(watch(reader, room.clock.now())))


def first_seen(room: Room, kind: str) -> Condition:
    """Not yet a second before its limit, and there at its limit."""
    room.clock.advance(limit_s(kind) - 1)
    assert seen(room, kind) == []
    room.clock.advance(1)
    [condition] = seen(room, kind)
    assert condition.kind == kind
    return condition


# -- calls -------------------------------------------------------------------------------


def test_a_call_rings_too_long_until_somebody_answers(room: Room) -> None:
    call = room.ring()
    condition = first_seen(room, "unanswered")
    assert (condition.subject, condition.facts) == (f"call/{call.id}", {"call": call.number})
    assert condition.since == call.offered_at
    room.do(lambda tx: room.calls.answer(tx, call.id))
    assert seen(room, "unanswered") == []


def test_a_text_waits_by_a_limit_of_its_own(room: Room) -> None:
    call = room.ring("sms")
    assert first_seen(room, "text_waiting").subject == f"call/{call.id}"
    assert seen(room, "unanswered") == [], "a text does not ring"
    room.do(lambda tx: room.calls.answer(tx, call.id))
    assert seen(room, "text_waiting") == []


def test_a_call_back_is_overdue_until_somebody_is_reached(room: Room) -> None:
    call = room.ring()
    owed = room.do(lambda tx: room.calls.abandon(tx, call.id))
    assert owed.callback is not None
    room.clock.advance((owed.callback.due_at - room.clock.now()) / SECOND - 1)
    assert seen(room, "callback_overdue") == []
    room.clock.advance(1)
    [condition] = seen(room, "callback_overdue")
    assert condition.since == owed.callback.due_at
    room.do(lambda tx: room.calls.callback(tx, call.id, "no_answer"))
    assert len(seen(room, "callback_overdue")) == 1, "an attempt settles nothing"
    room.do(lambda tx: room.calls.callback(tx, call.id, "reached"))
    assert seen(room, "callback_overdue") == []


def test_a_promise_is_overdue_until_it_is_settled(room: Room) -> None:
    incident = room.open()
    promise = room.do(
        lambda tx: room.calls.promise(tx, kind="unit_coming", incident_id=incident.id, due_in_s=300)
    )
    room.clock.advance(299)
    assert seen(room, "promise_overdue") == []
    room.clock.advance(1)
    [condition] = seen(room, "promise_overdue")
    assert (condition.subject, condition.incident_id) == (f"promise/{promise.id}", incident.id)
    assert condition.facts == {"promise": "unit_coming"}, "no name: the facts stand in the journal"
    room.do(lambda tx: room.calls.settle(tx, promise.id, "broken"))
    assert seen(room, "promise_overdue") == []


# -- incidents ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("priority", "kind"),
    [("P0", "unassigned_p0"), ("P1", "unassigned_p1"), ("P2", "unassigned"), ("P4", "unassigned")],
)
def test_an_incident_waits_by_the_limit_of_its_priority(room: Room, priority: str, kind: str) -> None:
    incident = room.open(priority=priority)
    condition = first_seen(room, kind)
    assert condition.incident_id == incident.id
    assert condition.facts == {"number": 1, "limit_s": limit_s(kind), "type": "cardiac_arrest"}
    room.assign(incident, room.commission("M21"))
    assert seen(room, kind) == []


def test_what_nobody_has_ranked_is_not_forgotten(room: Room) -> None:
    incident = room.open(type=None)
    assert incident.priority is None
    assert first_seen(room, "unassigned").subject == f"incident/{incident.id}"


def test_the_wait_is_counted_from_the_answer_of_the_call(room: Room) -> None:
    call = room.ring()
    room.do(lambda tx: room.calls.answer(tx, call.id))
    answered = room.clock.now()
    room.clock.advance(40)
    room.do(lambda tx: room.incidents.open(tx, call_id=call.id, type="stroke", area=CHANMAS))
    room.clock.advance(limit_s("unassigned_p1") - 40)
    [condition] = seen(room, "unassigned_p1")
    assert condition.since == answered


def test_an_incident_whose_units_are_all_gone_before_they_arrived_waits_again(room: Room) -> None:
    incident, m21 = room.open(priority="P1"), room.commission("M21")
    task = room.assign(incident, m21)
    room.clock.advance(300)
    room.do(lambda tx: room.dispatch.cancel(tx, task.id, "lòt ka pi grav"))
    gone = room.clock.now()
    assert first_seen(room, "unassigned_p1").since == gone
    back = room.assign(incident, m21)
    room.step(back, "on_scene")
    room.step(back, "cleared")
    room.clock.advance(3_600)
    assert seen(room, "unassigned_p1") == [], "somebody was there: it is served, and left to be closed"


# -- units -------------------------------------------------------------------------------


def test_a_task_waits_for_its_crew_to_say_that_it_has_it(room: Room) -> None:
    incident, m21 = room.open(), room.commission("M21")
    task = room.assign(incident, m21)
    condition = first_seen(room, "unacknowledged")
    assert (condition.unit_id, condition.facts) == (m21.id, {"unit": "M21", "number": 1})
    room.step(task, "notified")
    assert first_seen(room, "unacknowledged").since > task.made_at, "counted from when the crew was told"
    room.step(task, "acknowledged")
    assert seen(room, "unacknowledged") == []


def test_a_timer_runs_out_until_it_is_stopped_or_set_anew(room: Room) -> None:
    m21 = room.commission("M21")
    room.do(lambda tx: room.safety.set_timer(tx, m21.id, 10))
    room.clock.advance(599)
    assert seen(room, "timer_out") == []
    room.clock.advance(1)
    [condition] = seen(room, "timer_out")
    assert condition.facts == {"unit": "M21"}
    room.do(lambda tx: room.safety.set_timer(tx, m21.id, 5))
    assert seen(room, "timer_out") == []
    room.clock.advance(300)
    room.do(lambda tx: room.safety.stop_timer(tx, m21.id))
    assert seen(room, "timer_out") == []


def test_a_crew_that_does_not_answer_whether_it_is_well(room: Room) -> None:
    incident, m21 = room.open(), room.commission("M21")
    room.assign(incident, m21)
    room.do(lambda tx: room.safety.ask_welfare(tx, incident.id))
    condition = first_seen(room, "welfare_overdue")
    assert (condition.unit_id, condition.incident_id) == (m21.id, incident.id)
    room.do(lambda tx: room.safety.answer_welfare(tx, m21.id, ok=True))
    assert seen(room, "welfare_overdue") == []


def test_the_emergency_button_until_dispatch_settles_it(room: Room) -> None:
    m21 = room.commission("M21")
    room.do(lambda tx: room.safety.call_for_help(tx, m21.id))
    [condition] = seen(room, "emergency_button")
    assert condition.subject == f"unit/{m21.id}"
    room.clock.advance(-600)
    assert seen(room, "emergency_button") == [condition], "a clock that is set back ends no emergency"
    room.do(lambda tx: room.safety.settle_emergency(tx, m21.id, "fo manevwe, ekip la byen"))
    assert seen(room, "emergency_button") == []


# -- positions ---------------------------------------------------------------------------


def test_a_unit_on_its_way_that_does_not_move(room: Room) -> None:
    incident, m21 = room.open(), room.commission("M21")
    task = room.assign(incident, m21)
    room.step(task, "en_route")
    assert DELMAS.lat is not None and DELMAS.lon is not None
    for _ in range(limit_s("no_movement") // 60):
        room.seen_at(m21, DELMAS.lat, DELMAS.lon + 0.0001)
        assert seen(room, "no_movement") == []
        room.clock.advance(60)
    room.seen_at(m21, DELMAS.lat, DELMAS.lon)
    [condition] = seen(room, "no_movement")
    assert condition.facts == {"unit": "M21", "number": 1}
    room.clock.advance(5)
    room.seen_at(m21, DELMAS.lat, DELMAS.lon + 0.01)
    assert seen(room, "no_movement") == []


def test_a_unit_that_is_silent_is_not_said_to_stand_still(room: Room) -> None:
    incident, m21 = room.open(), room.commission("M21")
    task = room.assign(incident, m21)
    room.step(task, "en_route")
    room.seen_at(m21, 18.55, -72.30)
    room.clock.advance(3_600)
    assert seen(room, "no_movement") == []
    assert [condition.unit_id for condition in seen(room, "lost_link")] == [m21.id]


def test_a_unit_at_work_that_is_not_heard_from(room: Room) -> None:
    incident, m21 = room.open(), room.commission("M21")
    room.seen_at(m21, 18.55, -72.30)
    room.clock.advance(86_400)
    assert seen(room, "lost_link") == [], "nobody waits for a unit that waits itself"
    task = room.assign(incident, m21)
    heard = room.clock.now() - 86_400 * SECOND
    assert first_seen(room, "lost_link").since == heard
    room.seen_at(m21, 18.55, -72.30)
    assert seen(room, "lost_link") == []
    room.clock.advance(limit_s("lost_link"))
    assert len(seen(room, "lost_link")) == 1
    room.step(task, "cleared")
    assert seen(room, "lost_link") == []


def test_a_unit_without_a_tracker_has_no_link_to_lose(room: Room) -> None:
    room.assign(room.open(), room.commission("M21"))
    room.clock.advance(86_400)
    assert seen(room, "lost_link") == []


# -- what it costs -------------------------------------------------------------------------


class Planner:
    """A reader that also keeps the planner's steps for every statement it is asked."""

    head = 0

    def __init__(self, reader: Reader, steps: list[str]) -> None:
        self._reader = reader
        self._steps = steps

    def rows(self, sql: str, /, **params: Any) -> list[tuple[Any, ...]]:
        plan = self._reader.rows(f"EXPLAIN QUERY PLAN {sql}", **params)
        self._steps.extend(row[3] for row in plan)
        return self._reader.rows(sql, **params)

    def row(self, sql: str, /, **params: Any) -> tuple[Any, ...] | None:
        found = self.rows(sql, **params)
        return found[0] if found else None


def test_no_watch_walks_through_what_is_long_over(guarded: Room) -> None:
    """However old the store: each statement is answered from an index of what is open now."""
    room, steps = guarded, list[str]()
    chief = ACTORS["commander"]
    m21 = room.do(lambda tx: room.dispatch.commission(tx, callsign="M21", kind="ambulance"), by=chief)
    incident = room.open(priority="P1")
    room.open(priority="P0")
    room.seen_at(m21, 18.55, -72.30)
    room.step(room.assign(incident, m21), "en_route")
    now = room.clock.advance(600)
    room.look(lambda reader: [list(watch(Planner(reader, steps), now)) for watch in room.watches.values()])
    assert steps
    assert [step for step in steps if step.startswith("SCAN") and " USING " not in step] == []
