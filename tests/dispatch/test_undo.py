"""What somebody has just said of a unit is taken back: the step, its clock, nothing that is not theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.test_service import Refusal
from dispatch.yard import Yard, crew
from lanbi.core.errors import LanbiError
from lanbi.core.time import SECOND
from lanbi.dispatch.api import live
from lanbi.dispatch.model import STEPS, Assignment, Stamp
from lanbi.record.undo import UNDO_GRACE, UNDO_WITHIN
from stores import ACTORS, MARIE, PIERRE, Screen

TOO_LATE_S = (UNDO_WITHIN + UNDO_GRACE) / SECOND + 1


def undo(yard: Yard, task: Assignment, status: str, *, by=PIERRE) -> Assignment:
    return yard.do(lambda tx: yard.dispatch.undo(tx, task.id, status), by=by)


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_step_said_by_mistake_is_taken_back_with_the_clock_it_struck(yard: Yard, step: str) -> None:
    m21, incident = yard.commission("M21"), yard.open()
    task = yard.assign(incident, m21)
    yard.clock.advance(20)
    before, clocks = yard.unit(m21), yard.incident(incident).clocks
    yard.step(task, step)
    yard.clock.advance(9)
    back = undo(yard, task, step)
    assert (back.status, set(back.clocks)) == ("assigned", {"assigned"})
    assert yard.incident(incident).clocks == clocks
    after = yard.unit(m21)
    assert (after.state, after.state_since, after.task) == (before.state, before.state_since, before.task)
    assert yard.kinds(f"assignment/{task.id}")[-2:] == [f"assignment.{step}", "assignment.undone"]
    # The true one may follow.
    yard.clock.advance(60)
    yard.step(task, step)
    assert yard.assignment(task).clocks[step].at == yard.clock.now()


def test_only_its_own_strike_is_struck_out_and_the_next_unit_s_stands(yard: Yard) -> None:
    m21, m22, incident = yard.commission("M21"), yard.commission("M22"), yard.open()
    first, second = yard.assign(incident, m21), yard.assign(incident, m22)
    yard.step(first, "on_scene")
    wrong = yard.clock.now()
    yard.clock.advance(5)
    yard.step(second, "on_scene")
    assert yard.incident(incident).clocks["on_scene"].at == wrong
    undo(yard, first, "on_scene")
    assert yard.incident(incident).clocks["on_scene"].at == wrong + 5 * SECOND
    # Not the first to come: the clock was never its own.
    yard.clock.advance(2)
    yard.step(first, "on_scene")
    undo(yard, first, "on_scene")
    assert yard.incident(incident).clocks["on_scene"].at == wrong + 5 * SECOND


def test_a_unit_sent_by_mistake_has_never_been_away(yard: Yard) -> None:
    m21, incident = yard.commission("M21"), yard.open()
    free_since = yard.unit(m21).since
    yard.clock.advance(100)
    clocks = yard.incident(incident).clocks
    task = yard.assign(incident, m21)
    yard.clock.advance(4)
    back = undo(yard, task, "assigned")
    assert (back.status, back.reason) == ("cancelled", "mistake")
    unit = yard.unit(m21)
    assert (unit.state, unit.state_since) == ("available", free_since)
    assert yard.incident(incident).clocks == clocks, "neither assigned nor clear: it never was"
    yard.assign(incident, m21)
    assert yard.incident(incident).clocks["first_assigned"].at == yard.clock.now()


def test_what_its_sending_had_ended_stands_again(yard: Yard) -> None:
    m21, m22 = yard.commission("M21"), yard.commission("M22")
    light, grave = yard.open(None, priority="P3"), yard.open("cardiac_arrest", priority="P0")
    old = yard.assign(light, m21)
    yard.step(old, "on_scene")
    clocks = yard.incident(light).clocks
    yard.clock.advance(30)
    new = yard.assign(grave, m21, mode="preempt", reason="life_at_risk")
    assert yard.assignment(old).status == "preempted"
    undo(yard, new, "assigned")
    again = yard.assignment(old)
    assert (again.status, set(again.clocks), again.reason) == ("on_scene", {"assigned", "on_scene"}, None)
    assert yard.incident(light).clocks == clocks
    assert yard.unit(m21).task is not None
    swapped = yard.do(lambda tx: yard.dispatch.replace(tx, old.id, m22.id, "breakdown"), by=PIERRE)
    undo(yard, swapped, "assigned")
    assert (yard.assignment(old).status, yard.unit(m22).state) == ("on_scene", "available")


def test_a_task_that_was_called_off_goes_on(yard: Yard) -> None:
    m21, incident = yard.commission("M21"), yard.open()
    task = yard.assign(incident, m21)
    yard.step(task, "en_route")
    yard.clock.advance(10)
    yard.do(lambda tx: yard.dispatch.cancel(tx, task.id, "false_alarm"), by=PIERRE)
    assert "clear" in yard.incident(incident).clocks
    back = undo(yard, task, "cancelled")
    assert (back.status, back.reason, "cancelled" in back.clocks) == ("en_route", None, False)
    assert "clear" not in yard.incident(incident).clocks
    assert yard.unit(m21).state == "en_route"


def test_only_who_said_so_only_at_once_only_what_stands(yard: Yard) -> None:
    m21, m22, incident = yard.commission("M21"), yard.commission("M22"), yard.open()
    task = yard.assign(incident, m21)
    yard.step(task, "acknowledged")
    with Refusal(yard, "undo-not-yours"):
        undo(yard, task, "acknowledged", by=MARIE)
    with Refusal(yard, "undo-overtaken"):
        undo(yard, task, "assigned")
    yard.clock.advance(TOO_LATE_S)
    with Refusal(yard, "undo-late"):
        undo(yard, task, "acknowledged")
    yard.step(task, "cleared")
    elsewhere = yard.assign(incident, m21)
    with Refusal(yard, "undo-overtaken"):
        undo(yard, task, "cleared")
    yard.step(elsewhere, "cleared")
    yard.do(lambda tx: yard.incidents.close(tx, incident.id, "resolved"))
    with Refusal(yard, "incident-closed"):
        undo(yard, elsewhere, "cleared")
    other = yard.assign(yard.open(), m22)
    yard.step(other, "on_scene")
    yard.step(other, "on_scene", at=yard.clock.now() - 30 * SECOND, source="late")
    with Refusal(yard, "undo-nothing"):
        undo(yard, other, "on_scene")


def test_a_crew_takes_back_its_own_step_and_nobody_else_s(guarded: Yard) -> None:
    m21 = guarded.do(
        lambda tx: guarded.dispatch.commission(tx, callsign="M21", kind="ambulance", crew=2),
        by=ACTORS["administrator"],
    )
    task = guarded.assign(guarded.open(), m21)
    guarded.step(task, "acknowledged", by=crew(m21))
    assert undo(guarded, task, "acknowledged", by=crew(m21)).status == "assigned"
    with pytest.raises(LanbiError) as refused:
        undo(guarded, task, "assigned", by=ACTORS["analyst"])
    assert refused.value.code == "not-allowed"


def test_screens_that_look_on_see_what_a_fresh_screen_sees(yard: Yard) -> None:
    m21, incident = yard.commission("M21"), yard.open()
    kinds = {kind.kind: kind for kind in live(yard.dispatch)}
    held = [Screen(yard, kinds[kind], PIERRE) for kind in ("unit", "assignment")]
    task = yard.assign(incident, m21)
    for step in ("en_route", "cleared"):
        yard.step(task, step)
        for screen in held:
            screen.push()
    undo(yard, task, "cleared")
    undo(yard, task, "en_route")
    for screen in held:
        screen.push()
        assert screen.picture == Screen(yard, kinds[screen._kind.kind], PIERRE).picture


@given(st.lists(st.sampled_from(STEPS[1:]), min_size=1, max_size=4, unique=True))
def test_forward_and_back_is_where_it_was(steps: list[str]) -> None:
    made = Assignment(
        id="a", unit_id="u", callsign="M21", incident_id="i", number=1, made_at=0, made_by="p",
        clocks={"assigned": Stamp(0, "automatic", "p")},
    )  # fmt: skip
    held = [made]
    for now, step in enumerate(sorted(steps, key=STEPS.index), 1):
        held.append(held[-1].step(step, at=None, source=None, by="p", now=now))
    for before, after in zip(reversed(held[:-1]), reversed(held[1:]), strict=True):
        assert after.back(after.status) == before
