"""What units and assignments may become: without store, time or network."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from lanbi.core.errors import Conflict, LanbiError, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.time import MINUTE
from lanbi.dispatch.model import (
    AT_WORK,
    CLOCK_SKEW_MAX,
    CREW_MAX,
    ENDINGS,
    ORDER,
    STEPS,
    Assignment,
    IncidentSite,
    Stamp,
    Task,
    Unit,
    check_callsign,
    outranks,
)
from stores import VOCABULARY

NOW = 1_795_319_232_000_000
HERE = Area(lat=18.54, lon=-72.33, radius_m=50)


def site(number: int = 7, **given) -> IncidentSite:
    fields = {"state": "open", "area": HERE, "needs": (), "priority": "P2"} | given
    return IncidentSite(number=number, **fields)


def unit(**given) -> Unit:
    fields = {
        "id": "u1",
        "callsign": "M21",
        "kind": "ambulance",
        "capabilities": ("ambulance_basic",),
        "crew": 2,
        "commissioned_at": NOW,
        "commissioned_by": "pierre",
        "since": NOW,
    }
    return Unit(**(fields | given))


def assignment(**given) -> Assignment:
    fields = {
        "id": "a1",
        "unit_id": "u1",
        "callsign": "M21",
        "incident_id": "i1",
        "number": 7,
        "made_at": NOW,
        "made_by": "pierre",
        "clocks": {"assigned": Stamp(NOW, "automatic", "pierre")},
        "seq": 40,
    }
    return Assignment(**(fields | given))


def step(was: Assignment, status: str, *, at: int | None = None, source=None, now: int = NOW) -> Assignment:
    return was.step(status, at=at, source=source, by="crew", now=now)


def take(one: Unit, incident_id: str = "i1", **given) -> None:
    fields = {"on": None, "preempt": False, "why_out": "pàn motè"} | given
    there = fields.pop("site", site())
    one.must_take(incident_id, there, **fields)


# -- the words of the vocabulary and of the model are the same --------------------------


def test_the_steps_are_those_of_the_vocabulary_in_its_order() -> None:
    terms = VOCABULARY.tables["assignment_statuses"]
    assert set(terms) == {*STEPS, *ENDINGS}
    assert sorted(STEPS, key=lambda status: terms[status].order) == list(STEPS)
    for status, term in terms.items():
        for following in term.next:  # whatever a screen offers by the vocabulary, the model takes
            was = assignment(status=status)
            if following in ORDER:
                assert step(was, following).status == following
            else:
                assert was.end(following, at=NOW, by="pierre").status == following


def test_a_unit_shows_a_state_of_the_vocabulary_whatever_it_does() -> None:
    for status in STEPS[:-1]:
        busy = unit(task=Task("a1", "i1", 7, status, NOW))
        assert busy.state in VOCABULARY.tables["unit_states"]
    assert unit().state == "available"
    assert unit(availability="out_of_service", reason="garage").state == "out_of_service"


# -- callsigns, crews, shifts ---------------------------------------------------------


@pytest.mark.parametrize("typed", ["M21", "m-2", "É1", "  M21 ", "123456789012", "Ж7"])
def test_a_callsign_is_letters_digits_and_dashes(typed: str) -> None:
    assert check_callsign(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed", ["", " ", "M 21", "M_21", "M21!", "1234567890123", "M\n1", "½", "😀", "M\x00"]
)
def test_anything_else_is_no_callsign(typed: str) -> None:
    with pytest.raises(LanbiError):
        check_callsign(typed)


@pytest.mark.parametrize("crew", [0, 1, CREW_MAX])
def test_a_crew_may_be_empty_or_large(crew: int) -> None:
    assert unit().man(crew, NOW + MINUTE, now=NOW).crew == crew


@pytest.mark.parametrize("crew", [-1, CREW_MAX + 1])
def test_a_crew_that_cannot_be_is_refused(crew: int) -> None:
    with pytest.raises(Malformed, match="crew-impossible"):
        unit().man(crew, None, now=NOW)


def test_a_shift_that_has_ended_is_refused() -> None:
    with pytest.raises(Malformed, match="shift-over"):
        unit().man(2, NOW, now=NOW)


# -- availability ----------------------------------------------------------------------


def test_a_unit_goes_out_of_service_for_a_reason_and_comes_back_without_one() -> None:
    out = unit().set_availability("out_of_service", "garage", at=NOW + 5)
    assert (out.availability, out.reason, out.since) == ("out_of_service", "garage", NOW + 5)
    back = out.set_availability("available", "garage", at=NOW + 9)
    assert (back.availability, back.reason, back.since) == ("available", None, NOW + 9)


def test_out_of_service_without_a_reason_is_refused() -> None:
    with pytest.raises(Malformed, match="availability-reason-missing"):
        unit().set_availability("out_of_service", None, at=NOW)


def test_a_unit_at_work_does_not_go_out_of_service() -> None:
    busy = unit(task=Task("a1", "i1", 7, "assigned", NOW))
    with pytest.raises(Refused, match="unit-assigned"):
        busy.set_availability("out_of_service", "garage", at=NOW)


def test_saying_twice_what_is_so_changes_nothing() -> None:
    one = unit()
    assert one.set_availability("available", None, at=NOW + 5) is one


# -- who may be sent ---------------------------------------------------------------------


def test_a_free_unit_may_go_to_an_open_incident_with_a_place() -> None:
    take(unit())
    take(unit(), preempt=True)


@pytest.mark.parametrize(
    ("one", "there", "code"),
    [
        (unit(), site(state="closed"), "incident-closed"),
        (unit(), site(area=None), "incident-unplaced"),
        (unit(), site(area=Area(words="dèyè legliz la")), "incident-unplaced"),
        (unit(availability="out_of_service", reason="garage"), site(), "unit-out-of-service"),
        (unit(task=Task("a1", "i1", 7, "assigned", NOW)), site(), "unit-already-there"),
        (unit(task=Task("a1", "i9", 9, "assigned", NOW)), site(), "unit-busy"),
    ],
)
def test_others_are_not_sent(one: Unit, there: IncidentSite, code: str) -> None:
    with pytest.raises(Refused, match=code):
        take(one, site=there)


def test_a_busy_unit_not_yet_there_may_be_pre_empted() -> None:
    for status in ("assigned", "notified", "acknowledged", "en_route"):
        take(unit(task=Task("a1", "i9", 9, status, NOW)), on=site(9, priority="P0"), preempt=True)


@pytest.mark.parametrize("status", AT_WORK)
@pytest.mark.parametrize(
    ("new", "old", "may"),
    [("P0", "P1", True), ("P1", "P1", False), ("P2", "P1", False), (None, "P4", False), ("P4", None, True)],
)
def test_a_unit_with_people_leaves_them_for_something_graver_only(status, new, old, may) -> None:
    busy = unit(task=Task("a1", "i9", 9, status, NOW))
    given = {"site": site(priority=new), "on": site(9, priority=old), "preempt": True}
    if may:
        take(busy, **given)
    else:
        with pytest.raises(Refused, match="preempt-not-graver"):
            take(busy, **given)


def test_pre_empting_does_not_send_a_unit_out_of_service_nor_to_its_own_incident() -> None:
    with pytest.raises(Refused, match="unit-out-of-service"):
        take(unit(availability="out_of_service", reason="garage"), preempt=True)
    with pytest.raises(Refused, match="unit-already-there"):
        take(unit(task=Task("a1", "i1", 7, "assigned", NOW)), preempt=True)


@given(st.sampled_from(["P0", "P1", "P2", "P3", "P4", None]), st.sampled_from(["P0", "P1", "P4", None]))
def test_only_one_of_two_outranks_the_other(one: str | None, other: str | None) -> None:
    assert not (outranks(one, other) and outranks(other, one))


# -- steps -----------------------------------------------------------------------------


@given(st.sampled_from(STEPS[:-1]), st.sampled_from(STEPS[1:]))
def test_steps_go_forward_and_skipped_ones_get_no_time(here: str, to: str) -> None:
    was = assignment(status=here)
    if ORDER[to] > ORDER[here]:
        new = step(was, to)
        assert new.status == to
        assert set(new.clocks) == {"assigned", to}
        assert new.clocks[to] == Stamp(NOW, "automatic", "crew")
    else:
        with pytest.raises(Refused, match="status-not-forward"):
            step(was, to)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_has_ended_goes_nowhere(ending: str) -> None:
    ended = assignment(status=ending)
    with pytest.raises(Refused, match="assignment-ended"):
        step(ended, "on_scene")
    with pytest.raises(Refused, match="assignment-ended"):
        ended.end("cancelled", at=NOW, by="pierre")


@pytest.mark.parametrize("status", ["assigned", "cancelled", "preempted", "replaced", "elsewhere"])
def test_only_the_crews_own_steps_are_reported(status: str) -> None:
    with pytest.raises(Malformed, match="status-not-a-step"):
        step(assignment(), status)


def test_a_time_by_hand_is_marked_and_may_be_a_little_ahead() -> None:
    assert step(assignment(), "en_route", at=NOW - 5).clocks["en_route"].source == "manual"
    assert step(assignment(), "en_route", at=NOW + CLOCK_SKEW_MAX).status == "en_route"
    with pytest.raises(Malformed, match="clock-ahead"):
        step(assignment(), "en_route", at=NOW + CLOCK_SKEW_MAX + 1)


def test_a_late_entry_corrects_a_clock_and_leaves_the_status() -> None:
    there = step(step(assignment(), "en_route"), "on_scene", now=NOW + 10 * MINUTE)
    earlier = step(there, "en_route", at=NOW - MINUTE, source="late", now=NOW + 20 * MINUTE)
    assert earlier.status == "on_scene"
    assert earlier.clocks["en_route"] == Stamp(NOW - MINUTE, "late", "crew")
    skipped = step(there, "acknowledged", at=NOW, source="late", now=NOW + 20 * MINUTE)
    assert (skipped.status, "acknowledged" in skipped.clocks) == ("on_scene", True)


def test_a_late_entry_of_a_step_to_come_takes_it() -> None:
    new = step(assignment(), "on_scene", at=NOW - 30 * MINUTE, source="late")
    assert (new.status, new.clocks["on_scene"].source) == ("on_scene", "late")


def test_a_late_entry_needs_its_time() -> None:
    with pytest.raises(Malformed, match="late-without-time"):
        step(assignment(), "on_scene", source="late")


def test_times_that_contradict_the_order_are_refused_but_for_what_two_watches_differ() -> None:
    there = step(step(assignment(), "en_route", at=NOW), "on_scene", now=NOW + 10 * MINUTE)
    after = NOW + 10 * MINUTE + CLOCK_SKEW_MAX
    assert step(there, "en_route", at=after, source="late", now=after).clocks["en_route"].at == after
    with pytest.raises(Refused, match="clock-out-of-order"):
        step(there, "en_route", at=after + 1, source="late", now=after)
    with pytest.raises(Refused, match="clock-out-of-order"):
        step(there, "transporting", at=NOW - CLOCK_SKEW_MAX - 1)


def test_a_late_entry_may_complete_what_has_ended_but_not_end_it_anew() -> None:
    cleared = step(step(assignment(), "on_scene"), "cleared", now=NOW + 9 * MINUTE)
    moved = step(cleared, "cleared", at=NOW + 8 * MINUTE, source="late", now=NOW + 9 * MINUTE)
    assert moved.clocks["cleared"].at == NOW + 8 * MINUTE
    cancelled = assignment().end("cancelled", at=NOW, by="pierre")
    assert step(cancelled, "en_route", at=NOW, source="late").status == "cancelled"
    with pytest.raises(Refused, match="assignment-ended"):
        step(cancelled, "cleared", at=NOW, source="late")


def test_who_saw_an_older_version_is_told() -> None:
    assignment(seq=40).must_hold(40)
    assignment(seq=40).must_hold(None)
    with pytest.raises(Conflict, match="assignment-changed"):
        assignment(seq=40).must_hold(39)


# -- in any order ------------------------------------------------------------------------

UNITS, INCIDENTS = ("u1", "u2", "u3"), ("i1", "i2", "i3")


class AnyOrder(RuleBasedStateMachine):
    """Three units, three incidents, every command in any order: a room that only models decide for."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.units: dict[str, Unit] = {}
        self.sites: dict[str, IncidentSite] = {}
        self.assignments: dict[str, Assignment] = {}
        self.endings: dict[str, str] = {}

    @initialize()
    def open_the_room(self) -> None:
        for unit_id in UNITS:
            self.units[unit_id] = unit(id=unit_id, callsign=unit_id)
        for number, incident_id in enumerate(INCIDENTS):
            self.sites[incident_id] = site(number, priority=f"P{number}")

    def unchanged_if_refused(self, work) -> None:
        before = msgspec.json.encode([self.units, self.sites, self.assignments])
        try:
            work()
        except LanbiError:
            assert msgspec.json.encode([self.units, self.sites, self.assignments]) == before

    def _put(self, new: Assignment) -> None:
        self.assignments[new.id] = new
        self.units[new.unit_id] = replace(self.units[new.unit_id], task=new.task)

    @rule(unit_id=st.sampled_from(UNITS), incident_id=st.sampled_from(INCIDENTS), preempt=st.booleans())
    def send(self, unit_id: str, incident_id: str, preempt: bool) -> None:
        def work() -> None:
            one = self.units[unit_id]
            on = None if one.task is None else self.sites[one.task.incident_id]
            one.must_take(incident_id, self.sites[incident_id], on=on, preempt=preempt, why_out="")
            if one.task is not None:
                assert preempt, "a busy unit was sent elsewhere without being pre-empted"
                self._put(self.assignments[one.task.assignment_id].end("preempted", at=self.now, by="p"))
            clocks = {"assigned": Stamp(self.now, "automatic", "p")}
            new_id = f"a{len(self.assignments)}"
            new = assignment(id=new_id, unit_id=unit_id, incident_id=incident_id, made_at=self.now)
            self._put(replace(new, clocks=clocks))

        self.unchanged_if_refused(work)

    @precondition(lambda self: self.assignments)
    @rule(
        data=st.data(),
        status=st.sampled_from(STEPS),
        offset=st.none() | st.integers(-10 * MINUTE, 5 * MINUTE),
        source=st.sampled_from([None, "manual", "late"]),
    )
    def move(self, data, status, offset, source) -> None:
        was = self.assignments[data.draw(st.sampled_from(sorted(self.assignments)))]

        def work() -> None:
            at = None if offset is None else self.now + offset
            self._put(step(was, status, at=at, source=source, now=self.now))

        if was.active or self.units[was.unit_id].task is None:
            self.unchanged_if_refused(work)

    @precondition(lambda self: self.assignments)
    @rule(data=st.data(), how=st.sampled_from(["cancelled", "preempted", "replaced"]))
    def stop(self, data, how) -> None:
        was = self.assignments[data.draw(st.sampled_from(sorted(self.assignments)))]
        self.unchanged_if_refused(lambda: self._put(was.end(how, at=self.now, by="p")))

    @rule(unit_id=st.sampled_from(UNITS), out=st.booleans())
    def set_availability(self, unit_id: str, out: bool) -> None:
        def work() -> None:
            availability = "out_of_service" if out else "available"
            self.units[unit_id] = self.units[unit_id].set_availability(availability, "meal", at=self.now)

        self.unchanged_if_refused(work)

    @rule(seconds=st.integers(0, 900))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * 1_000_000

    @invariant()
    def one_task_each_and_none_out_of_service(self) -> None:
        for unit_id, one in self.units.items():
            active = [item for item in self.assignments.values() if item.active and item.unit_id == unit_id]
            assert len(active) <= 1
            assert (one.task is not None) == bool(active)
            assert not (one.task and one.availability == "out_of_service")

    @invariant()
    def an_end_is_an_end(self) -> None:
        for key, item in self.assignments.items():
            if not item.active:
                assert self.endings.setdefault(key, item.status) == item.status

    @invariant()
    def clocks_follow_the_steps(self) -> None:
        for item in self.assignments.values():
            steps = [s for s in STEPS[1:] if s in item.clocks]
            times = [item.clocks[s].at for s in steps]
            assert all(b - a >= -CLOCK_SKEW_MAX for i, a in enumerate(times) for b in times[i + 1 :])
            if item.active and item.status != "assigned":
                assert steps and steps[-1] == item.status, "the latest clock is the status"


TestAnyOrder = AnyOrder.TestCase
