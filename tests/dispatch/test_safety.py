"""Timers, welfare checks and the emergency button: each refusal beside its success, each on the record."""

import msgspec
import pytest

from dispatch.test_service import Refusal
from dispatch.yard import Yard, crew
from lanbi.core.errors import Forbidden, NotFound
from lanbi.core.time import DAY, MINUTE, SECOND
from lanbi.core.vocabulary import Vocabulary
from lanbi.dispatch.api import unit_row
from lanbi.dispatch.model import TIMER_MINUTES_MAX, IncidentSite, Unit
from lanbi.dispatch.safety import Safety
from stores import ACTORS, MARIE, PIERRE, VOCABULARY

ANSWER_S = VOCABULARY.term("alarm_kinds", "welfare_overdue").after_s
EVERY_S = 900
NOBODY = "0192a000-0000-7000-8000-000000000000"


def safety(yard: Yard, vocabulary: Vocabulary = VOCABULARY) -> Safety:
    """Over the yard's own dispatch; where the vocabulary asks for regular checks, incidents say so."""
    every_s = getattr(vocabulary.tables["incident_types"]["cardiac_arrest"], "welfare_every_s", None)

    def site_of(reader, incident_id: str) -> IncidentSite | None:
        site = yard._site_of(reader, incident_id)
        return None if site is None else msgspec.structs.replace(site, welfare_every_s=every_s)

    return Safety(yard.gate, vocabulary, yard.dispatch, site_of)


def at_work(yard: Yard, callsign: str = "M21") -> tuple[Unit, str]:
    unit, incident = yard.commission(callsign), yard.open()
    yard.assign(incident, unit)
    return unit, incident.id


# -- timers ------------------------------------------------------------------------------


def test_a_timer_runs_from_now_in_place_of_the_one_before(yard: Yard) -> None:
    m21, watch = yard.commission("M21"), safety(yard)
    yard.do(lambda tx: watch.set_timer(tx, m21.id, 30, text="antre nan kay la"))
    yard.clock.advance(60)
    unit = yard.do(lambda tx: watch.set_timer(tx, m21.id, 10))
    assert unit.safety.timer_due_at == yard.clock.now() + 10 * MINUTE
    assert unit.safety.timer_words is None, "the words were those of the timer before"
    stopped = yard.do(lambda tx: watch.stop_timer(tx, m21.id))
    assert stopped.safety.timer_due_at is None
    with Refusal(yard, "timer-none"):
        yard.do(lambda tx: watch.stop_timer(tx, m21.id))
    assert yard.kinds(f"unit/{m21.id}")[1:] == ["unit.timer_set", "unit.timer_set", "unit.timer_stopped"]


@pytest.mark.parametrize("minutes", [0, -1, TIMER_MINUTES_MAX + 1])
def test_a_timer_that_cannot_run_is_refused(yard: Yard, minutes: int) -> None:
    m21, watch = yard.commission("M21"), safety(yard)
    with Refusal(yard, "timer-impossible"):
        yard.do(lambda tx: watch.set_timer(tx, m21.id, minutes, text="pou anyen"))
    assert yard.do(lambda tx: watch.set_timer(tx, m21.id, TIMER_MINUTES_MAX)).safety.timer_due_at


def test_what_a_timer_is_for_is_sealed_and_leaves_when_erased(yard: Yard) -> None:
    m21, watch = yard.commission("M21"), safety(yard)
    told = yard.do(lambda tx: watch.set_timer(tx, m21.id, 480, text="antre nan kay la"))
    assert unit_row(told).timer_words == "antre nan kay la"
    assert not any("antre nan" in body for *_, body in yard.entries())
    yard.clock.advance(731 * DAY / SECOND)
    yard.erase_all_due()
    erased = yard.unit(m21)
    assert erased.safety.timer_words is None
    assert erased.seq > told.seq, "screens that hold the row are told"


# -- welfare -----------------------------------------------------------------------------


def test_every_unit_on_the_incident_is_asked_and_answers(yard: Yard) -> None:
    watch, incident = safety(yard), yard.open()
    units = [yard.commission(f"M{n}") for n in range(3)]
    for unit in units[:2]:
        yard.assign(incident, unit)
    asked = yard.do(lambda tx: watch.ask_welfare(tx, incident.id), by=PIERRE)
    assert [unit.callsign for unit in asked] == ["M0", "M1"]
    assert all(unit.safety.welfare_due_at == yard.clock.now() + ANSWER_S * SECOND for unit in asked)
    yard.clock.advance(5)
    well = yard.do(lambda tx: watch.answer_welfare(tx, units[0].id, ok=True), by=crew(units[0]))
    assert (well.safety.welfare_due_at, well.safety.welfare_heard_at) == (None, yard.clock.now())
    with Refusal(yard, "welfare-not-asked"):
        yard.do(lambda tx: watch.answer_welfare(tx, units[0].id, ok=True))
    assert yard.unit(units[1]).safety.welfare_due_at is not None


def test_to_ask_again_does_not_hide_that_nobody_answers(yard: Yard) -> None:
    watch, (m21, incident_id) = safety(yard), at_work(yard)
    yard.do(lambda tx: watch.ask_welfare(tx, incident_id))
    due = yard.unit(m21).safety.welfare_due_at
    yard.clock.advance(ANSWER_S - 1)
    head = yard.head
    yard.do(lambda tx: watch.ask_welfare(tx, incident_id))
    assert yard.unit(m21).safety.welfare_due_at == due
    assert yard.head == head


def test_an_incident_without_units_has_nobody_to_ask(yard: Yard) -> None:
    watch, incident = safety(yard), yard.open()
    with Refusal(yard, "incident-without-units"):
        yard.do(lambda tx: watch.ask_welfare(tx, incident.id))
    with Refusal(yard, "incident-none"):
        yard.do(lambda tx: watch.ask_welfare(tx, NOBODY))
    yard.assign(incident, yard.commission("M21"))
    assert len(yard.do(lambda tx: watch.ask_welfare(tx, incident.id))) == 1


def test_a_crew_that_is_not_well_is_an_emergency(yard: Yard) -> None:
    watch, (m21, incident_id) = safety(yard), at_work(yard)
    yard.do(lambda tx: watch.ask_welfare(tx, incident_id))
    unit = yard.do(lambda tx: watch.answer_welfare(tx, m21.id, ok=False), by=crew(m21))
    assert (unit.safety.emergency_at, unit.safety.welfare_due_at) == (yard.clock.now(), None)
    assert unit.safety.welfare_heard_at is None
    assert yard.kinds(f"unit/{m21.id}")[-2:] == ["unit.welfare_answered", "unit.emergency_raised"]


def test_a_site_may_have_crews_asked_by_themselves(yard: Yard) -> None:
    types = VOCABULARY.tables["incident_types"]
    risky = msgspec.structs.replace(types["cardiac_arrest"], welfare_every_s=EVERY_S)  # pyright: ignore
    own = Vocabulary({**VOCABULARY.tables, "incident_types": {**types, "cardiac_arrest": risky}})
    watch, incident, m21 = safety(yard, own), yard.open(), yard.commission("M21")
    task = yard.assign(incident, m21)
    yard.clock.advance(EVERY_S)

    def due() -> list[str]:
        return yard.look(lambda reader: watch.due(reader, yard.clock.now()))

    assert due() == [], "on the way there nobody is asked"
    yard.step(task, "on_scene")
    yard.clock.advance(EVERY_S - 1)
    assert due() == []
    yard.clock.advance(1)
    assert due() == [m21.id]
    assert yard.do(watch.ask_due) == 1
    assert due() == [], "asked already"
    yard.do(lambda tx: watch.answer_welfare(tx, m21.id, ok=True))
    yard.clock.advance(EVERY_S)
    assert due() == [m21.id]
    yard.step(task, "cleared")
    assert due() == []


def test_as_shipped_nobody_is_asked_unless_somebody_asks(yard: Yard) -> None:
    watch, incident, m21 = safety(yard), yard.open(), yard.commission("M21")
    yard.step(yard.assign(incident, m21), "on_scene")
    yard.clock.advance(86_400)
    assert yard.look(lambda reader: watch.due(reader, yard.clock.now())) == []


# -- emergency ---------------------------------------------------------------------------


def test_the_button_twice_is_one_emergency_until_it_is_settled_with_a_reason(yard: Yard) -> None:
    m21, watch = yard.commission("M21"), safety(yard)
    first = yard.do(lambda tx: watch.call_for_help(tx, m21.id), by=crew(m21))
    yard.clock.advance(20)
    again = yard.do(lambda tx: watch.call_for_help(tx, m21.id), by=PIERRE)
    assert again == first
    assert (again.safety.emergency_by, yard.kinds(f"unit/{m21.id}")[1:]) == (
        crew(m21).id,
        ["unit.emergency_raised"],
    )
    with Refusal(yard, "text-empty"):
        yard.do(lambda tx: watch.settle_emergency(tx, m21.id, "  "))
    settled = yard.do(lambda tx: watch.settle_emergency(tx, m21.id, "ekip la byen"), by=PIERRE)
    assert settled.safety.emergency_at is None
    assert not any("ekip la byen" in body for *_, body in yard.entries())
    with Refusal(yard, "emergency-none"):
        yard.do(lambda tx: watch.settle_emergency(tx, m21.id, "ankò"))


# -- rights ------------------------------------------------------------------------------


def test_a_crew_does_it_for_its_own_unit_only(guarded: Yard) -> None:
    yard, chief = guarded, ACTORS["commander"]
    watch = safety(yard)
    m1, m2 = (
        yard.do(lambda tx, c=c: yard.dispatch.commission(tx, callsign=c, kind="ambulance"), by=chief)
        for c in ("M1", "M2")
    )
    yard.do(lambda tx: watch.set_timer(tx, m1.id, 10), by=crew(m1))
    yard.do(lambda tx: watch.call_for_help(tx, m1.id), by=crew(m1))
    with pytest.raises(NotFound):
        yard.do(lambda tx: watch.call_for_help(tx, m2.id), by=crew(m1))
    with pytest.raises(Forbidden):
        yard.do(lambda tx: watch.settle_emergency(tx, m1.id, "fini"), by=crew(m1))
    assert (
        yard.do(lambda tx: watch.settle_emergency(tx, m1.id, "fini"), by=PIERRE).safety.emergency_at is None
    )


@pytest.mark.parametrize("role", ["call_taker", "analyst", "auditor"])
def test_who_does_not_dispatch_watches_over_no_unit(guarded: Yard, role: str) -> None:
    yard, actor = guarded, ACTORS[role]
    watch = safety(yard)
    m1 = yard.do(
        lambda tx: yard.dispatch.commission(tx, callsign="M1", kind="ambulance"), by=ACTORS["commander"]
    )
    incident = yard.do(lambda tx: yard.incidents.open(tx, type="stroke"), by=MARIE)
    for work in (
        lambda tx: watch.set_timer(tx, m1.id, 10),
        lambda tx: watch.call_for_help(tx, m1.id),
        lambda tx: watch.ask_welfare(tx, incident.id),
    ):
        with pytest.raises(Forbidden):
            yard.do(work, by=actor)
    assert yard.do(lambda tx: watch.set_timer(tx, m1.id, 10), by=PIERRE).safety.timer_due_at
