"""Units and assignments over real stores: each refusal beside its success, and what stands on the record."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dispatch.yard import CHANMAS, DELMAS, Yard, crew, yard_over
from lanbi.core.errors import Conflict, Forbidden, LanbiError, Malformed, NotFound, Refused, TooLarge
from lanbi.core.geo import Area
from lanbi.core.time import DAY, MINUTE, SECOND
from lanbi.dispatch.model import CAPABILITIES_MAX, STEPS, Assignment, Unit
from lanbi.incidents.model import Incident
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.tracks.model import Report
from stores import ACTORS, MARIE, PIERRE, VOCABULARY

TABLES = ("unit", "assignment", "incident", "journal", "sealed")


class Refusal:
    """`with Refusal(yard, "code"):` the work is refused with that code, and nothing is left of it."""

    def __init__(self, yard: Yard, code: str) -> None:
        self._yard, self._code = yard, code
        self.error: LanbiError | None = None

    def __enter__(self) -> "Refusal":
        self._before = self._yard.rows_of(*TABLES)
        return self

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> bool:
        assert isinstance(error, LanbiError), f"not refused with {self._code}: {error!r}"
        assert error.code == self._code
        assert self._yard.rows_of(*TABLES) == self._before, "a refusal left something behind"
        self.error = error
        return True


# -- units -------------------------------------------------------------------------------


def test_a_unit_has_what_its_kind_has_unless_told(yard: Yard) -> None:
    m21 = yard.commission("M21")
    assert m21.capabilities == VOCABULARY.term("unit_kinds", "ambulance_advanced").capabilities
    assert (m21.state, m21.crew, m21.home) == ("available", 2, DELMAS)
    l1 = yard.commission("L1", "logistics", capabilities=("fuel", "fuel", "generator"), home=None)
    assert (l1.capabilities, l1.home) == (("fuel", "generator"), None)


def test_a_callsign_is_taken_in_any_case(yard: Yard) -> None:
    yard.commission("M21")
    with Refusal(yard, "callsign-taken"):
        yard.commission("m21")
    assert yard.commission("M22").callsign == "M22"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"callsign": "M 21"}, "callsign-unusable"),
        ({"kind": "submarine"}, "unknown-term"),
        ({"capabilities": ("telepathy",)}, "unknown-term"),
        ({"capabilities": tuple(f"c{n}" for n in range(CAPABILITIES_MAX + 1))}, "capabilities-full"),
        ({"crew": -1}, "crew-impossible"),
        ({"shift_until": 1}, "shift-over"),
        ({"home": Area(lat=91, lon=0, radius_m=1)}, "coordinates-impossible"),
        ({"home": Area(lat=18, lon=-72, radius_m=1, source="hearsay")}, "unknown-term"),
    ],
)
def test_a_unit_that_cannot_be_is_not_commissioned(yard: Yard, given, code: str) -> None:
    with Refusal(yard, code):
        yard.commission(**({"callsign": "M21"} | given))


def test_a_home_posts_words_are_sealed_and_leave_the_row_when_erased(yard: Yard) -> None:
    m21 = yard.commission("M21")
    assert not any(DELMAS.words in body for *_, body in yard.entries())
    before = yard.head
    yard.clock.advance(3651 * DAY / SECOND)
    assert yard.erase_all_due() == 1
    after = yard.unit(m21)
    assert after.home is not None
    assert (after.home.words, after.home.lat) == ("", DELMAS.lat)
    assert after.seq > before, "screens that hold the row are told"


def test_availability_is_the_units_and_needs_a_reason_of_the_vocabulary(yard: Yard) -> None:
    m21 = yard.commission("M21")
    yard.clock.advance(60)
    out = yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "out_of_service", reason="garage"))
    assert (out.state, out.reason, out.since) == ("out_of_service", "garage", yard.clock.now())
    with Refusal(yard, "unknown-term"):
        yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "out_of_service", reason="tired"))
    with Refusal(yard, "availability-reason-missing"):
        yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "out_of_service"))
    head = yard.head
    yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "out_of_service", reason="garage"))
    assert yard.head == head, "what is so already is no entry"
    back = yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "available"))
    assert (back.state, back.reason) == ("available", None)


def test_a_unit_at_work_does_not_go_out_of_service(yard: Yard) -> None:
    m21 = yard.commission("M21")
    task = yard.assign(yard.open(), m21)
    with Refusal(yard, "unit-assigned"):
        yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "out_of_service", reason="garage"))
    yard.step(task, "cleared")
    yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "out_of_service", reason="garage"))
    assert yard.unit(m21).state == "out_of_service"


def test_a_crew_comes_aboard_until_its_shift_ends(yard: Yard) -> None:
    m21 = yard.commission("M21")
    until = yard.clock.now() + 8 * 3600 * SECOND
    manned = yard.do(lambda tx: yard.dispatch.man(tx, m21.id, 3, until))
    assert (manned.crew, manned.shift_until) == (3, until)
    assert yard.do(lambda tx: yard.dispatch.man(tx, m21.id, 0, None)).shift_until is None
    with Refusal(yard, "crew-impossible"):
        yard.do(lambda tx: yard.dispatch.man(tx, m21.id, 1000, None))
    assert yard.kinds(f"unit/{m21.id}") == ["unit.commissioned", "unit.crew_set", "unit.crew_set"]


# -- sending -----------------------------------------------------------------------------


def test_a_unit_is_sent_and_walks_through_its_task(yard: Yard) -> None:
    incident, m21 = yard.open(), yard.commission("M21")
    task = yard.assign(incident, m21)
    assert (task.status, task.number, task.callsign, task.made_by) == ("assigned", 1, "M21", "pierre")
    states = []
    for status in STEPS[1:]:
        yard.clock.advance(60)
        task = yard.step(task, status)
        assert task.clocks[status].at == yard.clock.now()
        states.append(yard.unit(m21).state)
        since = yard.clock.now() if status not in ("notified", "acknowledged") else task.made_at
        assert yard.unit(m21).state_since == since
    assert states == [
        "assigned", "assigned", "en_route", "on_scene", "transporting", "at_destination", "available",
    ]  # fmt: skip
    kinds = ["made", *STEPS[1:]]
    assert yard.kinds(f"assignment/{task.id}") == [f"assignment.{kind}" for kind in kinds]
    clocks = yard.incident(incident).clocks
    names = ["first_assigned", "notified", "acknowledged", "en_route", "on_scene", "transport"]
    times = [clocks[name].at for name in [*names, "at_destination", "clear"]]
    assert times == sorted(times)
    assert len(set(times)) == 8


def test_a_crew_that_skips_a_step_leaves_its_clock_empty(yard: Yard) -> None:
    incident = yard.open()
    task = yard.step(yard.assign(incident, yard.commission("M21")), "en_route")
    assert set(task.clocks) == {"assigned", "en_route"}
    assert "acknowledged" not in yard.incident(incident).clocks
    with Refusal(yard, "status-not-forward"):
        yard.step(task, "acknowledged")


def test_a_late_entry_keeps_the_true_time_and_says_that_it_is_late(yard: Yard) -> None:
    incident = yard.open()
    task = yard.step(yard.assign(incident, yard.commission("M21")), "on_scene")
    true = yard.clock.now() - 5 * MINUTE
    yard.clock.advance(600)
    task = yard.step(task, "acknowledged", at=true, source="late")
    assert task.status == "on_scene"
    assert (task.clocks["acknowledged"].at, task.clocks["acknowledged"].source) == (true, "late")
    assert yard.incident(incident).clocks["acknowledged"].source == "late"
    at, recorded_at = yard.look(
        lambda r: r.row(
            "SELECT at, recorded_at FROM journal WHERE kind = :kind", kind="assignment.acknowledged"
        )
    )
    assert (at, recorded_at) == (true, yard.clock.now())


def test_who_saw_an_older_version_does_not_overwrite(yard: Yard) -> None:
    task = yard.assign(yard.open(), yard.commission("M21"))
    seen = task.seq
    task = yard.step(task, "notified", held=seen)
    with Refusal(yard, "assignment-changed"):
        yard.step(task, "on_scene", held=seen)
    with Refusal(yard, "assignment-changed"):
        yard.do(lambda tx: yard.dispatch.cancel(tx, task.id, "mistake", held=seen))
    assert yard.step(task, "on_scene", held=task.seq).status == "on_scene"


@pytest.mark.parametrize(
    ("area", "code"), [(None, "incident-unplaced"), (Area(words="dèyè legliz la"), "incident-unplaced")]
)
def test_nobody_is_sent_to_nowhere(yard: Yard, area: Area | None, code: str) -> None:
    incident, m21 = yard.open(area=area), yard.commission("M21")
    with Refusal(yard, code):
        yard.assign(incident, m21)
    yard.do(lambda tx: yard.incidents.relocate(tx, incident.id, CHANMAS))
    assert yard.assign(incident, m21).active


def test_nobody_is_sent_to_what_is_closed_or_unknown(yard: Yard) -> None:
    incident, placed, m21 = yard.open(), yard.open(), yard.commission("M21")
    yard.do(lambda tx: yard.incidents.close(tx, incident.id, "resolved"))
    with Refusal(yard, "incident-closed"):
        yard.assign(incident, m21)
    with Refusal(yard, "incident-none"):
        yard.do(lambda tx: yard.dispatch.assign(tx, m21.id, m21.id))
    with Refusal(yard, "unit-none"):
        yard.do(lambda tx: yard.dispatch.assign(tx, placed.id, incident.id))


def test_a_unit_out_of_service_is_refused_with_its_reason_in_the_readers_language(yard: Yard) -> None:
    incident, m21 = yard.open(), yard.commission("M21")
    yard.do(lambda tx: yard.dispatch.set_availability(tx, m21.id, "out_of_service", reason="garage"))
    for mode in ("normal", "preempt"):
        with Refusal(yard, "unit-out-of-service") as refusal:
            yard.assign(incident, m21, mode=mode, reason="life_at_risk")
        label = VOCABULARY.term("availability_reasons", "garage").labels[PIERRE.lang]
        assert refusal.error is not None
        assert refusal.error.args_by_name["reason"] == label


def test_the_same_unit_is_not_sent_twice_to_one_incident(yard: Yard) -> None:
    incident, m21 = yard.open(), yard.commission("M21")
    yard.assign(incident, m21)
    for mode in ("normal", "preempt"):
        with Refusal(yard, "unit-already-there"):
            yard.assign(incident, m21, mode=mode, reason="life_at_risk")
    yard.assign(incident, yard.commission("M22"))


# -- pre-empting -------------------------------------------------------------------------


def test_a_busy_unit_is_never_silently_taken(yard: Yard) -> None:
    first, second, m21 = yard.open(), yard.open(), yard.commission("M21")
    yard.assign(first, m21)
    with Refusal(yard, "unit-busy") as refusal:
        yard.assign(second, m21)
    assert refusal.error is not None
    assert refusal.error.args_by_name["number"] == first.number
    assert yard.unit(m21).task is not None


def test_pre_empting_ends_the_old_task_on_the_record_and_begins_the_new(yard: Yard) -> None:
    first, second, m21 = yard.open(), yard.open(), yard.commission("M21")
    old = yard.step(yard.assign(first, m21), "en_route")
    head = yard.head
    new = yard.assign(second, m21, mode="preempt", reason="life_at_risk")
    old = yard.assignment(old)
    assert (old.status, old.reason) == ("preempted", "life_at_risk")
    assert (new.status, new.reason, new.incident_id) == ("assigned", "life_at_risk", second.id)
    assert yard.kinds(f"assignment/{old.id}")[-1] == "assignment.preempted"
    assert yard.head == head + 2
    assert yard.unit(m21).task == new.task
    assert "clear" in yard.incident(first).clocks, "nobody is left on the first"


def test_pre_empting_needs_a_reason(yard: Yard) -> None:
    first, second, m21 = yard.open(), yard.open(), yard.commission("M21")
    yard.assign(first, m21)
    with Refusal(yard, "text-empty"):
        yard.assign(second, m21, mode="preempt", reason=" ")


def test_people_on_scene_are_left_for_something_graver_only(yard: Yard) -> None:
    there, same, graver = yard.open(priority="P1"), yard.open(priority="P1"), yard.open(priority="P0")
    m21 = yard.commission("M21")
    yard.step(yard.assign(there, m21), "on_scene")
    with Refusal(yard, "preempt-not-graver"):
        yard.assign(same, m21, mode="preempt", reason="much_nearer")
    assert yard.assign(graver, m21, mode="preempt", reason="life_at_risk").active


def test_pre_empting_a_unit_that_has_become_free_just_sends_it(yard: Yard) -> None:
    incident, m21 = yard.open(), yard.commission("M21")
    task = yard.assign(incident, m21, mode="preempt", reason="li pi pre")
    assert (task.status, task.reason_words) == ("assigned", "li pi pre")


# -- ending otherwise ----------------------------------------------------------------------


def test_a_task_is_cancelled_with_a_reason_and_the_unit_is_free(yard: Yard) -> None:
    incident, m21 = yard.open(), yard.commission("M21")
    task = yard.assign(incident, m21)
    with Refusal(yard, "text-empty"):
        yard.do(lambda tx: yard.dispatch.cancel(tx, task.id, ""))
    with Refusal(yard, "text-too-long"):
        yard.do(lambda tx: yard.dispatch.cancel(tx, task.id, "x" * 501))
    yard.clock.advance(30)
    task = yard.do(lambda tx: yard.dispatch.cancel(tx, task.id, "mistake"))
    assert (task.status, task.reason) == ("cancelled", "mistake")
    free = yard.unit(m21)
    assert (free.state, free.state_since) == ("available", yard.clock.now())
    with Refusal(yard, "assignment-ended"):
        yard.do(lambda tx: yard.dispatch.cancel(tx, task.id, "mistake"))


def test_a_reason_in_words_is_sealed_and_goes_when_it_is_erased(yard: Yard) -> None:
    task = yard.assign(yard.open(), yard.commission("M21"))
    said = "Ti Jak rele: manman l deja lopital"
    task = yard.do(lambda tx: yard.dispatch.cancel(tx, task.id, said))
    assert (task.reason, task.reason_words) == (None, said)
    assert not any("Ti Jak" in body for *_, body in yard.entries())
    yard.clock.advance(731 * DAY / SECOND)
    yard.erase_all_due()
    after = yard.assignment(task)
    assert after.reason_words is None
    assert after.seq > task.seq


def test_another_unit_takes_over_in_one_piece(yard: Yard) -> None:
    incident, m21, m22 = yard.open(), yard.commission("M21"), yard.commission("M22")
    old = yard.step(yard.assign(incident, m21), "en_route")
    new = yard.do(lambda tx: yard.dispatch.replace(tx, old.id, m22.id, "breakdown"))
    assert (new.unit_id, new.replaces, new.status) == (m22.id, old.id, "assigned")
    assert (yard.assignment(old).status, yard.assignment(old).reason) == ("replaced", "breakdown")
    assert (yard.unit(m21).state, yard.unit(m22).state) == ("available", "assigned")
    assert "clear" not in yard.incident(incident).clocks


def test_a_busy_absent_or_same_unit_does_not_take_over(yard: Yard) -> None:
    incident, m21, m22 = yard.open(), yard.commission("M21"), yard.commission("M22")
    m23 = yard.commission("M23")
    task = yard.assign(incident, m21)
    yard.assign(yard.open(), m22)
    for unit_id, code in ((m22.id, "unit-busy"), (m21.id, "unit-already-there"), (task.id, "unit-none")):
        with Refusal(yard, code):
            yard.do(lambda tx, u=unit_id: yard.dispatch.replace(tx, task.id, u, "breakdown"))
    with Refusal(yard, "text-empty"):
        yard.do(lambda tx: yard.dispatch.replace(tx, task.id, m23.id, ""))


def test_an_incident_with_units_on_it_is_not_closed(yard: Yard) -> None:
    incident = yard.open()
    tasks = [yard.assign(incident, yard.commission(callsign)) for callsign in ("M21", "M22")]
    with Refusal(yard, "incident-has-units") as refusal:
        yard.do(lambda tx: yard.incidents.close(tx, incident.id, "resolved"))
    assert refusal.error is not None
    assert refusal.error.args_by_name == {"number": 1, "callsigns": "M21, M22"}
    yard.step(tasks[0], "cleared")
    assert "clear" not in yard.incident(incident).clocks
    yard.step(tasks[1], "cleared")
    assert "clear" in yard.incident(incident).clocks
    assert yard.do(lambda tx: yard.incidents.close(tx, incident.id, "resolved")).state == "closed"


# -- recommending ----------------------------------------------------------------------------


def test_the_nearest_suitable_unit_is_proposed_from_where_it_last_was(yard: Yard) -> None:
    incident = yard.open()
    near, far = yard.commission("M1"), yard.commission("M2")
    yard.commission("E1", "fire_engine")
    yard.report(Report(unit_id=far.id, at=yard.at(-30), lat=18.5435, lon=-72.3389, accuracy_m=5))
    found = yard.look(lambda r: yard.dispatch.recommend(r, PIERRE, incident.id))
    assert [(item.unit.callsign, item.choice) for item in found.units] == [
        ("M2", "chosen"),
        ("M1", "alternative"),
    ]
    assert found.units[0].position_age_s == 30
    assert near.id == found.units[1].unit.unit_id


def test_a_busy_unit_is_offered_only_where_it_could_be_taken(yard: Yard) -> None:
    grave, light = yard.open(priority="P0"), yard.open(priority="P3")
    yard.step(yard.assign(grave, yard.commission("M1")), "on_scene")
    found = yard.look(lambda r: yard.dispatch.recommend(r, PIERRE, light.id))
    assert found.units == []
    assert [why["code"] for why in found.shortfalls[0].because] == ["busy"]
    yard.do(lambda tx: yard.incidents.prioritise(tx, grave.id, "P4"))
    found = yard.look(lambda r: yard.dispatch.recommend(r, PIERRE, light.id))
    assert [item.choice for item in found.units] == ["preempt"]


def test_nothing_is_recommended_for_nowhere_or_for_what_is_over(yard: Yard) -> None:
    unplaced, incident = yard.open(area=None), yard.open()
    with pytest.raises(Refused, match="incident-unplaced"):
        yard.look(lambda r: yard.dispatch.recommend(r, PIERRE, unplaced.id))
    yard.do(lambda tx: yard.incidents.close(tx, incident.id, "resolved"))
    with pytest.raises(Refused, match="incident-closed"):
        yard.look(lambda r: yard.dispatch.recommend(r, PIERRE, incident.id))
    with pytest.raises(NotFound, match="incident-none"):
        yard.look(lambda r: yard.dispatch.recommend(r, PIERRE, "none"))


# -- lists -----------------------------------------------------------------------------------


def test_units_come_by_callsign_and_page_by_page(yard: Yard) -> None:
    for callsign in ("m3", "M1", "E2", "M10"):
        yard.commission(callsign)
    listed: list[Unit] = []
    while page := yard.look(
        lambda r: yard.dispatch.units(
            r, PIERRE, after=listed[-1].callsign.casefold() if listed else "", limit=2
        )
    ):
        listed.extend(page)
    assert [one.callsign for one in listed] == ["E2", "M1", "M10", "m3"]


def test_assignments_come_newest_first_by_incident(yard: Yard) -> None:
    first, second = yard.open(), yard.open()
    made = [yard.assign(first, yard.commission(callsign)) for callsign in ("M1", "M2")]
    made.append(yard.assign(second, yard.commission("M3")))

    def listed(incident: Incident | None, before: int = 2**62, limit: int = 10) -> list[str]:
        key = None if incident is None else incident.id
        found = yard.look(
            lambda r: yard.dispatch.assignments(r, PIERRE, incident_id=key, before=before, limit=limit)
        )
        return [item.callsign for item in found]

    assert listed(None) == ["M3", "M2", "M1"]
    assert listed(first) == ["M2", "M1"]
    assert listed(None, before=made[2].made_seq, limit=1) == ["M2"]


# -- who may -----------------------------------------------------------------------------------


def test_a_crew_sees_and_moves_its_own_unit_only(guarded: Yard) -> None:
    yard = guarded
    commander = ACTORS["commander"]
    units = [
        yard.do(
            lambda tx, c=callsign: yard.dispatch.commission(tx, callsign=c, kind="ambulance", crew=2),
            by=commander,
        )
        for callsign in ("M1", "M2")
    ]
    incident = yard.open()
    mine, other = (yard.assign(incident, one, by=commander) for one in units)
    me = crew(units[0])
    assert yard.step(mine, "acknowledged", by=me).status == "acknowledged"
    yard.do(lambda tx: yard.dispatch.man(tx, units[0].id, 3, None), by=me)
    with Refusal(yard, "assignment-none"):
        yard.step(other, "acknowledged", by=me)
    with Refusal(yard, "unit-none"):
        yard.do(lambda tx: yard.dispatch.man(tx, units[1].id, 3, None), by=me)
    with Refusal(yard, "not-allowed"):
        yard.do(lambda tx: yard.dispatch.cancel(tx, mine.id, "mistake"), by=me)

    def seen(work):
        return [item.callsign for item in yard.look(work)]

    assert seen(lambda r: yard.dispatch.units(r, me, after="", limit=9)) == ["M1"]
    assert seen(lambda r: yard.dispatch.units(r, me, after="m1", limit=9)) == []
    of = {"incident_id": None, "before": 2**62, "limit": 9}
    assert seen(lambda r: yard.dispatch.assignments(r, me, **of)) == ["M1"]
    nobody = msgspec.structs.replace(me, unit_id=None)
    assert seen(lambda r: yard.dispatch.assignments(r, nobody, **of)) == []
    assert seen(lambda r: yard.dispatch.units(r, PIERRE, after="", limit=9)) == ["M1", "M2"]


def test_sending_is_the_dispatchers_and_commissioning_the_commanders(guarded: Yard) -> None:
    yard = guarded
    with Refusal(yard, "not-allowed"):
        yard.commission("M1")  # by a call taker
    m1 = yard.do(
        lambda tx: yard.dispatch.commission(tx, callsign="M1", kind="ambulance"), by=ACTORS["commander"]
    )
    incident = yard.open()
    with Refusal(yard, "not-allowed"):
        yard.assign(incident, m1, by=MARIE)
    assert yard.assign(incident, m1, by=PIERRE).made_by == "pierre"
    assert yard.look(lambda r: yard.dispatch.recommend(r, MARIE, incident.id)).shortfalls
    with pytest.raises(Forbidden):
        yard.look(lambda r: yard.dispatch.recommend(r, crew(m1), incident.id))


# -- in any order ------------------------------------------------------------------------------


class AnyOrder(RuleBasedStateMachine):
    """Commands in any order against a real store: what is refused leaves nothing, no unit does two things."""

    @initialize()
    def open_the_room(self) -> None:
        self.open = ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.yard = self.open.enter_context(yard_over(SqliteEngine(folder / FILE_NAME)))
        self.incidents = [self.yard.open(priority=f"P{n}") for n in range(3)]
        self.units = [self.yard.commission(f"M{n}") for n in range(2)]
        self.tasks: list[Assignment] = []

    def teardown(self) -> None:
        if hasattr(self, "yard"):
            self.open.close()

    def attempt(self, work):
        before = self.yard.rows_of(*TABLES)
        try:
            return work()
        except (Refused, Malformed, Conflict, TooLarge):
            assert self.yard.rows_of(*TABLES) == before
            return None

    @rule(unit=st.integers(0, 1), incident=st.integers(0, 2), mode=st.sampled_from(["normal", "preempt"]))
    def send(self, unit, incident, mode) -> None:
        was = self.yard.unit(self.units[unit]).task
        made = self.attempt(
            lambda: self.yard.assign(self.incidents[incident], self.units[unit], mode=mode, reason="mistake")
        )
        if made is not None:
            self.tasks.append(made)
            assert was is None or mode == "preempt"

    @precondition(lambda self: self.tasks)
    @rule(
        data=st.data(),
        status=st.sampled_from(STEPS),
        ago=st.none() | st.integers(0, 300),
        source=st.sampled_from([None, "late"]),
        stale=st.booleans(),
    )
    def move(self, data, status, ago, source, stale) -> None:
        task = data.draw(st.sampled_from(self.tasks))
        at = None if ago is None else self.yard.clock.now() - ago * SECOND
        held = task.seq if stale else None
        self.attempt(lambda: self.yard.step(task, status, at=at, source=source, held=held))

    @precondition(lambda self: self.tasks)
    @rule(data=st.data(), unit=st.integers(0, 1), replace=st.booleans())
    def stop(self, data, unit, replace) -> None:
        task = data.draw(st.sampled_from(self.tasks))
        if replace:
            made = self.attempt(
                lambda: self.yard.do(
                    lambda tx: self.yard.dispatch.replace(tx, task.id, self.units[unit].id, "breakdown")
                )
            )
            if made is not None:
                self.tasks.append(made)
        else:
            self.attempt(
                lambda: self.yard.do(lambda tx: self.yard.dispatch.cancel(tx, task.id, "pa gen rezon"))
            )

    @rule(unit=st.integers(0, 1), out=st.booleans())
    def set_availability(self, unit, out) -> None:
        key = self.units[unit].id
        self.attempt(
            lambda: self.yard.do(
                lambda tx: self.yard.dispatch.set_availability(
                    tx, key, "out_of_service" if out else "available", reason="meal"
                )
            )
        )

    @rule(incident=st.integers(0, 2))
    def close_incident(self, incident) -> None:
        key = self.incidents[incident].id
        self.attempt(
            lambda: self.yard.do(lambda tx: self.yard.incidents.close(tx, key, "resolved"), by=MARIE)
        )

    @rule(seconds=st.integers(1, 600))
    def time_passes(self, seconds) -> None:
        self.yard.clock.advance(seconds)

    @invariant()
    def the_rows_agree(self) -> None:
        if not hasattr(self, "yard"):
            return
        active: dict[str, Assignment] = {}
        for task in self.tasks:
            now = self.yard.assignment(task)
            if now.active:
                assert now.unit_id not in active
                active[now.unit_id] = now
                assert self.yard.incident(self._incident(now)).state == "open"
        for unit in self.units:
            one = self.yard.unit(unit)
            task = active.get(unit.id)
            assert one.task == (None if task is None else task.task)
            assert task is None or one.availability == "available"

    def _incident(self, task: Assignment) -> Incident:
        return next(item for item in self.incidents if item.id == task.incident_id)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
