"""Rosters over both stores: crews man units, tired people are told of, nobody is in two places."""

import pytest

from lanbi.core.errors import Conflict, Forbidden, LanbiError, Malformed, NotFound, Refused
from lanbi.core.time import HOUR
from rosters.duty import CHIEF, Station, codes
from stores import ACTORS, MARIE, PIERRE


def test_a_crew_that_signs_on_mans_its_unit_and_brings_what_it_can_do(station: Station) -> None:
    unit = station.commission("M21", "ambulance", crew=0)
    medic, driver = station.enrol("A-101", "ambulance_advanced", "oxygen"), station.enrol("A-102")
    shift = station.plan(unit, 0, 12, medic, driver)
    assert station.unit(unit).crew == 0
    station.on(shift)
    manned = station.unit(unit)
    assert (manned.crew, manned.shift_until) == (2, station.hours(12))
    assert manned.capabilities == ("ambulance_basic", "ambulance_advanced", "oxygen")
    assert manned.brought == ("ambulance_advanced", "oxygen")
    incident = station.open("cardiac_arrest")
    proposal = station.look(lambda reader: station.dispatch.recommend(reader, PIERRE, incident.id))
    assert "ambulance_advanced" in proposal.units[0].covers
    station.off(shift)
    empty = station.unit(unit)
    assert (empty.crew, empty.shift_until, empty.capabilities) == (0, None, ("ambulance_basic",))
    assert station.kinds(f"unit/{unit.id}")[-4:] == [
        "unit.crew_set", "unit.capabilities_set", "unit.crew_set", "unit.capabilities_set",
    ]  # fmt: skip


def test_what_the_vehicle_has_itself_stays_when_the_crew_leaves(station: Station) -> None:
    unit = station.commission("M21", "ambulance", crew=0)
    shift = station.plan(unit, 0, 12, station.enrol("A-101", "midwife", "oxygen"))
    station.on(shift)
    station.do(lambda tx: station.dispatch.equip(tx, unit.id, ("ambulance_basic", "oxygen")), by=CHIEF)
    assert station.unit(unit).brought == ("midwife",)
    station.off(shift)
    assert station.unit(unit).capabilities == ("ambulance_basic", "oxygen")
    with pytest.raises(Malformed, match="unknown-term"):
        station.do(lambda tx: station.dispatch.equip(tx, unit.id, ("flying",)), by=CHIEF)


def test_a_change_of_crew_on_duty_changes_the_unit_at_once(station: Station) -> None:
    unit = station.commission("M21", "ambulance", crew=0)
    one, two = station.enrol("A-101"), station.enrol("A-102", "midwife")
    shift = station.on(station.plan(unit, 0, 12, one))
    station.edit(shift, members=[one.id, two.id], ends_at=station.hours(10))
    manned = station.unit(unit)
    assert (manned.crew, manned.shift_until, manned.brought) == (2, station.hours(10), ("midwife",))
    station.do(lambda tx: station.rosters.qualify(tx, one.id, ["oxygen"]), by=CHIEF)
    assert station.unit(unit).brought == ("oxygen", "midwife")
    assert station.shift(shift).brings == ("oxygen", "midwife")


def test_nobody_is_in_two_places(station: Station) -> None:
    m21, m22 = station.commission("M21", crew=0), station.commission("M22", crew=0)
    one, two = station.enrol("A-101"), station.enrol("A-102")
    station.plan(m21, 0, 8, one)
    with pytest.raises(Refused, match="member-in-two-places"):
        station.plan(m22, 7, 15, one)
    later = station.plan(m22, 8, 16, one, reason="swapped")
    with pytest.raises(Refused, match="member-in-two-places"):
        station.edit(later, starts_at=station.hours(7))
    other = station.plan(m22, 0, 8, two)
    with pytest.raises(Refused, match="member-in-two-places"):
        station.edit(other, members=[one.id, two.id])
    assert station.shift(other).people == (two.id,)


def test_one_crew_at_a_time_is_aboard(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    night = station.on(station.plan(unit, 0, 12, station.enrol("A-101")))
    day = station.plan(unit, 0, 12, station.enrol("A-102"))
    with pytest.raises(Refused, match="post-manned"):
        station.on(day)
    station.off(night)
    assert station.on(day).state == "on_duty"


def test_short_rest_and_long_duty_warn_and_never_stop_anybody(station: Station) -> None:
    unit, other = station.commission("M21", crew=0), station.commission("M22", crew=0)
    medic = station.enrol("A-101")
    first = station.on(station.plan(unit, 0, 12, medic))
    station.clock.advance(12 * 3600)
    station.off(first)
    station.clock.advance(3 * 3600)
    tired = station.plan(other, 0, 14, medic)
    assert codes(tired, station) == ["rest_short", "duty_long"]
    assert not tired.justified
    on = station.on(tired)
    assert on.state == "on_duty"
    said = station.do(lambda tx: station.rosters.justify(tx, on.id, "crisis"), by=PIERRE)
    assert (said.reason, said.reason_by) == ("crisis", PIERRE.id)
    (entry,) = [body for _, kind, _, _, body in station.entries() if kind == "shift.justified"]
    assert '"rest_short"' in entry and '"hours":3' in entry


def test_a_reason_in_words_is_sealed_and_asked_again_when_the_warnings_change(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    shift = station.plan(unit, 0, 14, station.enrol("A-101"), reason="Wout la bloke depi midi")
    assert (shift.reason, shift.reason_words) == (None, "Wout la bloke depi midi")
    assert not any("midi" in body for *_, body in station.entries())
    assert station.edit(shift, starts_at=station.hours(1), ends_at=station.hours(15)).justified
    assert not station.edit(shift, ends_at=station.hours(17)).justified
    shorter = station.edit(shift, ends_at=station.hours(12), reason="crisis")
    assert (codes(shorter, station), shorter.justified) == ([], False)


def test_words_of_a_reason_leave_the_row_when_they_are_erased(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    shift = station.plan(unit, 0, 14, station.enrol("A-101"), reason="Wout la bloke")
    before = station.shift(shift).seq
    station.clock.advance(731 * 86_400)
    station.erase_all_due()
    after = station.shift(shift)
    assert (after.reason_words, after.justified) == (None, True)
    assert after.seq > before


def test_rest_follows_the_shift_before_it_wherever_that_ends(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    medic = station.enrol("A-101")
    first = station.plan(unit, 0, 10, medic)
    second = station.plan(unit, 21, 30, medic)
    assert codes(second, station) == []
    station.edit(first, ends_at=station.hours(11))
    assert codes(station.shift(second), station) == ["rest_short"]
    station.do(lambda tx: station.rosters.cancel(tx, first.id), by=PIERRE)
    assert codes(station.shift(second), station) == []


def test_a_shift_to_which_nobody_came_is_no_work(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    medic = station.enrol("A-101")
    station.plan(unit, 0, 10, medic)
    other = station.commission("M22", crew=0)
    while_planned = station.plan(other, 12, 20, medic)
    assert codes(while_planned, station) == ["rest_short"]
    station.do(lambda tx: station.rosters.cancel(tx, while_planned.id), by=PIERRE)
    station.clock.advance(11 * 3600)
    assert codes(station.plan(other, 1, 9, medic), station) == []


def test_a_sheet_of_paper_is_entered_with_its_own_times(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    shift = station.plan(unit, -6, 6, station.enrol("A-101"))
    on = station.on(shift, at=station.hours(-6))
    assert on.on_at == station.hours(-6)
    assert station.off(on, at=station.hours(-1)).off_at == station.hours(-1)


def test_a_seat_of_the_floor_has_its_shifts_too(station: Station) -> None:
    assert station.look(lambda reader: station.rosters.seat_of(reader, MARIE.id)) is None
    shift = station.seat("Plas 2", MARIE.id, 0, 8)
    assert (shift.seat, shift.people) == ("Plas 2", (f"account/{MARIE.id}",))
    station.on(shift, by=MARIE)
    assert station.look(lambda reader: station.rosters.seat_of(reader, MARIE.id)) == "Plas 2"
    with pytest.raises(Refused, match="member-in-two-places"):
        station.seat("Plas 3", MARIE.id, 4, 12)
    with pytest.raises(Refused, match="post-manned"):
        station.on(station.seat("plas 2", PIERRE.id, 0, 8))
    with pytest.raises(NotFound, match="account-none"):
        station.seat("Plas 4", "pèsonn", 0, 8)
    station.off(shift, by=MARIE)
    assert station.look(lambda reader: station.rosters.seat_of(reader, MARIE.id)) is None


def test_a_name_is_read_for_a_purpose_and_never_stands_in_the_journal(station: Station) -> None:
    member = station.enrol("A-101")
    with pytest.raises(Malformed, match="purpose-missing"):
        station.do(lambda tx: station.rosters.reveal(tx, member.id))
    name = station.do(lambda tx: station.rosters.reveal(tx, member.id), purpose="life_at_risk")
    assert name == "Moun A-101"
    assert station.entries()[-1][1:4] == ("sealed.read", MARIE.id, "life_at_risk")
    assert not any("Moun" in body for *_, body in station.entries())


def test_members_leave_when_no_roster_counts_on_them(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    member = station.enrol("A-101")
    with pytest.raises(Refused, match="member-number-taken"):
        station.enrol("a-101")
    shift = station.plan(unit, 2, 10, member)
    with pytest.raises(Refused, match="member-on-roster"):
        station.do(lambda tx: station.rosters.retire(tx, member.id))
    station.do(lambda tx: station.rosters.cancel(tx, shift.id))
    station.do(lambda tx: station.rosters.retire(tx, member.id))
    with pytest.raises(Refused, match="member-retired"):
        station.plan(unit, 2, 10, member)


def test_a_shift_to_which_nobody_came_keeps_nobody_from_leaving(station: Station) -> None:
    member = station.enrol("A-101")
    station.plan(station.commission("M21", crew=0), 1, 9, member)
    station.clock.advance(10 * 3600)
    gone = station.do(lambda tx: station.rosters.retire(tx, member.id))
    assert gone.retired_at == station.clock.now()


def test_who_saw_an_older_shift_is_told(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    shift = station.plan(unit, 2, 10, station.enrol("A-101"))
    station.edit(shift, ends_at=station.hours(9))
    with pytest.raises(Conflict, match="shift-changed"):
        station.edit(shift, ends_at=station.hours(8), held=shift.seq)


def test_a_refusal_leaves_nothing_behind(station: Station) -> None:
    unit = station.commission("M21", crew=0)
    member = station.enrol("A-101")
    station.plan(unit, 0, 8, member)
    before = station.rows_of("shift", "shift_hand", "unit", "journal")
    for wrong in (
        lambda tx: station.rosters.plan(
            tx, unit_id=unit.id, members=[member.id], starts_at=station.hours(2), ends_at=station.hours(9)
        ),
        lambda tx: station.rosters.plan(tx, starts_at=station.hours(2), ends_at=station.hours(9)),
        lambda tx: station.rosters.plan(
            tx, unit_id=unit.id, members=[], starts_at=station.hours(2), ends_at=station.hours(9)
        ),
        lambda tx: station.rosters.enrol(tx, number="A-9", name="X", qualifications=["flying"]),
        lambda tx: station.rosters.sign_on(tx, "nowhere"),
    ):
        with pytest.raises(LanbiError):
            station.do(wrong)
    assert station.rows_of("shift", "shift_hand", "unit", "journal") == before


def test_who_may_do_what(guarded: Station) -> None:
    station = guarded
    unit = station.do(lambda tx: station.dispatch.commission(tx, callsign="M21", kind="ambulance"), by=CHIEF)
    member = station.enrol("A-101")
    shift = station.plan(unit, 0, 8, member)
    crew = ACTORS["field_unit"]
    own = type(crew)(id="crew", name="M21", role="field_unit", unit_id=unit.id)
    for actor in (MARIE, ACTORS["analyst"], ACTORS["auditor"], crew):
        with pytest.raises(Forbidden):
            station.on(shift, by=actor)
    assert station.on(shift, by=own).state == "on_duty"
    with pytest.raises(Forbidden):
        station.do(
            lambda tx: station.rosters.plan(
                tx, unit_id=unit.id, members=[member.id], starts_at=station.hours(9),
                ends_at=station.hours(12),
            ),
            by=MARIE,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        station.do(lambda tx: station.rosters.reveal(tx, member.id), by=MARIE, purpose="audit")
    with pytest.raises(Forbidden):
        station.do(lambda tx: station.rosters.enrol(tx, number="A-2", name="X"), by=PIERRE)
    for actor, sees in ((MARIE, True), (ACTORS["auditor"], True), (own, True), (crew, False),
                        (ACTORS["analyst"], False)):  # fmt: skip
        if sees:
            assert station.look(lambda reader, a=actor: station.rosters.shift(reader, a, shift.id))
        else:
            with pytest.raises(NotFound):
                station.look(lambda reader, a=actor: station.rosters.shift(reader, a, shift.id))
    with pytest.raises(Forbidden):
        station.look(
            lambda reader: station.rosters.shifts(
                reader, own, station.clock.now(), station.clock.now() + HOUR, after=0, limit=9
            )
        )
