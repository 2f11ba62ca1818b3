"""The live picture of shifts: a snapshot and what follows it are always a fresh snapshot."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.rosters.api import live
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from rosters.duty import CHIEF, Station, station_over
from stores import ACTORS, MARIE, PIERRE, Screen


def test_a_shift_comes_into_the_picture_a_day_before_and_leaves_a_day_after(station: Station) -> None:
    (kind,) = live(station.rosters)
    unit = station.commission("M21", crew=0)
    shift = station.plan(unit, 30, 40, station.enrol("A-101"))
    screen = Screen(station, kind)

    def shown(hours: float) -> str | None:
        station.clock.advance(hours * 3600)
        station.enrol(f"T-{station.head}")
        screen.push()
        assert screen.picture == Screen(station, kind).picture
        row = screen.picture.get(shift.id)
        return None if row is None else row.state

    assert shown(0) is None
    assert shown(7) == "planned"
    station.clock.advance(23 * 3600)
    station.on(shift)
    assert shown(0) == "on_duty"
    station.off(shift)
    assert shown(20) == "ended"
    assert shown(5) is None


def test_a_crew_sees_its_own_unit_and_an_auditor_no_words(guarded: Station) -> None:
    (kind,) = live(guarded.rosters)
    m21, m22 = (
        guarded.do(
            lambda tx, callsign=callsign: guarded.dispatch.commission(
                tx, callsign=callsign, kind="ambulance"
            ),
            by=CHIEF,
        )
        for callsign in ("M21", "M22")
    )
    mine = guarded.plan(m21, 0, 13, guarded.enrol("A-1"), reason="Pa gen lòt moun")
    guarded.plan(m22, 0, 13, guarded.enrol("A-2"), reason="crisis")
    crew = Actor(id="crew", name="M21", role="field_unit", unit_id=m21.id)
    assert list(Screen(guarded, kind, crew).picture) == [mine.id]
    assert {row.reason for row in Screen(guarded, kind, MARIE).picture.values()} == {
        "Pa gen lòt moun",
        "crisis",
    }
    audited = Screen(guarded, kind, ACTORS["auditor"]).picture.values()
    assert {(row.reason, row.justified) for row in audited} == {(None, True), ("crisis", True)}
    assert not guarded.gate.allows(ACTORS["analyst"], kind.action)


class Week(RuleBasedStateMachine):
    """Any week, by anybody, in any order: pictures agree, crews are counted once, refusals change nothing."""

    units_made = Bundle("units_made")
    members_made = Bundle("members_made")
    shifts_made = Bundle("shifts_made")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.made = station_over(SqliteEngine(Path(self.folder.name) / FILE_NAME))
        self.station = self.made.__enter__()
        (self.kind,) = live(self.station.rosters)
        self.screen = Screen(self.station, self.kind)
        self.count = 0

    def teardown(self) -> None:
        if hasattr(self, "made"):
            self.made.__exit__(None, None, None)
            self.folder.cleanup()

    def _try(self, work) -> None:
        before = self.station.head
        try:
            self.station.do(work, by=PIERRE)
        except LanbiError:
            assert self.station.head == before

    @rule(target=units_made)
    def commission(self) -> str:
        self.count += 1
        return self.station.commission(f"M{self.count}", "ambulance", crew=0).id

    @rule(target=members_made, code=st.sampled_from(["oxygen", "midwife", "ambulance_basic"]))
    def enrol(self, code: str) -> str:
        self.count += 1
        return self.station.enrol(f"A-{self.count}", code).id

    @rule(
        target=shifts_made,
        unit=units_made,
        member=members_made,
        begin=st.integers(-3, 40),
        length=st.integers(1, 16),
    )
    def plan(self, unit: str, member: str, begin: int, length: int) -> str:
        station = self.station
        try:
            return station.do(
                lambda tx: station.rosters.plan(
                    tx,
                    unit_id=unit,
                    members=[member],
                    starts_at=station.hours(begin),
                    ends_at=station.hours(begin + length),
                )
            ).id
        except LanbiError:
            return "none"

    @rule(shift=shifts_made)
    def sign_on(self, shift: str) -> None:
        self._try(lambda tx: self.station.rosters.sign_on(tx, shift))

    @rule(shift=shifts_made)
    def sign_off(self, shift: str) -> None:
        self._try(lambda tx: self.station.rosters.sign_off(tx, shift))

    @rule(shift=shifts_made)
    def cancel(self, shift: str) -> None:
        self._try(lambda tx: self.station.rosters.cancel(tx, shift))

    @rule(shift=shifts_made, member=members_made, end=st.integers(1, 30))
    def edit(self, shift: str, member: str, end: int) -> None:
        ends_at = self.station.hours(end)
        self._try(lambda tx: self.station.rosters.edit(tx, shift, members=[member], ends_at=ends_at))

    @rule(member=members_made, code=st.sampled_from(["oxygen", "midwife"]))
    def qualify(self, member: str, code: str) -> None:
        self._try(lambda tx: self.station.rosters.qualify(tx, member, [code]))

    @rule(hours=st.sampled_from([1, 9, 23]))
    def time_passes(self, hours: int) -> None:
        self.station.clock.advance(hours * 3600)

    @rule()
    def look_again(self) -> None:
        self.screen.push()

    @invariant()
    def pictures_agree(self) -> None:
        if not hasattr(self, "station"):
            return
        followed = Screen(self.station, self.kind)
        followed.rows, followed.since = dict(self.screen.rows), self.screen.since
        followed.push()
        assert followed.rows == Screen(self.station, self.kind).rows

    @invariant()
    def units_have_the_crew_that_is_aboard(self) -> None:
        if not hasattr(self, "station"):
            return
        aboard = dict(
            self.station.look(
                lambda reader: reader.rows("SELECT unit_id, crew FROM shift WHERE state = 'on_duty'")
            )
        )
        units = self.station.look(lambda reader: reader.rows("SELECT id, crew, brought FROM unit"))
        assert all((crew > 0) == (unit in aboard) for unit, crew, _ in units)
        assert all(brought == "[]" for unit, _, brought in units if unit not in aboard)


TestWeek = Week.TestCase
TestWeek.settings = settings(max_examples=20, stateful_step_count=25)
