"""The live picture of units and assignments: a snapshot and what came after is a fresh snapshot."""

from contextlib import suppress

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.yard import Yard, crew
from lanbi.core.errors import LanbiError
from lanbi.core.time import DAY, SECOND
from lanbi.dispatch.api import live
from lanbi.dispatch.model import Unit
from lanbi.incidents.model import Incident
from stores import PIERRE, Screen

VERBS = ("assign", "preempt", "en_route", "on_scene", "cleared", "cancel", "out", "back", "crew")
COMMANDS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 2), st.integers(0, 1), st.booleans()),
    min_size=1,
    max_size=15,
)


def do(yard: Yard, verb: str, unit: Unit, incident: Incident) -> None:
    """One command of the floor; what the rules refuse is refused."""
    dispatch, task = yard.dispatch, yard.unit(unit).task
    with suppress(LanbiError):
        if verb in ("assign", "preempt"):
            yard.assign(incident, unit, mode="normal" if verb == "assign" else verb, reason="li pi pre")
        elif verb == "out":
            yard.do(lambda tx: dispatch.set_availability(tx, unit.id, "out_of_service", reason="meal"))
        elif verb == "back":
            yard.do(lambda tx: dispatch.set_availability(tx, unit.id, "available"))
        elif verb == "crew":
            yard.do(lambda tx: dispatch.man(tx, unit.id, 1, None))
        elif verb == "cancel" and task is not None:
            yard.do(lambda tx: dispatch.cancel(tx, task.assignment_id, "pa bezwen l ankò"))
        elif task is not None:
            yard.do(lambda tx: dispatch.step(tx, task.assignment_id, verb))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(COMMANDS)
def test_a_snapshot_and_what_came_after_is_a_fresh_snapshot(yard: Yard, commands) -> None:
    units = [yard.commission(f"M{n}-{yard.head}", "ambulance") for n in range(3)]
    incidents = [yard.open(priority="P2"), yard.open(priority="P0")]
    screens = [
        Screen(yard, kind, actor) for kind in live(yard.dispatch) for actor in (PIERRE, crew(units[0]))
    ]
    for verb, unit, incident, push in commands:
        yard.clock.advance(7)
        do(yard, verb, units[unit], incidents[incident])
        if push:
            for screen in screens:
                screen.push()
    for screen in screens:
        screen.push()
        held = msgspec.json.encode(screen.picture, order="sorted")
        screen.snapshot()
        assert held == msgspec.json.encode(screen.picture, order="sorted")


def test_an_assignment_leaves_the_picture_when_it_ends_and_its_unit_is_free(yard: Yard) -> None:
    m21 = yard.commission("M21")
    task = yard.assign(yard.open(), m21)
    units, tasks = (Screen(yard, kind) for kind in live(yard.dispatch))
    assert (units.picture[m21.id].state, set(tasks.picture)) == ("assigned", {task.id})
    yard.step(task, "cleared")
    units.push()
    tasks.push()
    assert (units.picture[m21.id].state, tasks.picture) == ("available", {})


def test_a_crew_sees_its_own_unit_and_task_only(yard: Yard) -> None:
    m1, m2 = yard.commission("M1"), yard.commission("M2")
    mine, _ = (yard.assign(yard.open(), one) for one in (m1, m2))
    units, tasks = live(yard.dispatch)
    assert set(Screen(yard, units, crew(m1)).picture) == {m1.id}
    assert set(Screen(yard, tasks, crew(m1)).picture) == {mine.id}
    assert set(Screen(yard, units, PIERRE).picture) == {m1.id, m2.id}


def test_erased_words_leave_the_screens_that_hold_them(yard: Yard) -> None:
    m21 = yard.commission("M21")
    screen = Screen(yard, live(yard.dispatch)[0])
    assert screen.picture[m21.id].home.words
    yard.clock.advance(3651 * DAY / SECOND)
    yard.erase_all_due()
    screen.push()
    assert screen.picture[m21.id].home.words == ""
