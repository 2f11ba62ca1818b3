"""A yard whose units are manned from a roster, wired as a node wires them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dispatch.yard import Yard
from lanbi.core.access import Actor
from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import HOUR, Instant
from lanbi.dispatch import sql as dispatch_sql
from lanbi.dispatch.model import Unit
from lanbi.record.events import SealedErased
from lanbi.rosters.events import ShiftChanged, ShiftSignedOff, ShiftSignedOn
from lanbi.rosters.model import Member, Shift
from lanbi.rosters.service import Rosters
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from stores import ACTORS, ENGINES, PIERRE, VOCABULARY, FixedClock, engine_named, open_store, real_gate

CHIEF = ACTORS["commander"]


class Station(Yard):
    """Crews, shifts and the units that they man."""

    def __init__(self, store: LanbiStore, clock: FixedClock, gate: Any = None) -> None:
        super().__init__(store, clock, gate)
        self.rosters = Rosters(
            self.gate,
            VOCABULARY,
            callsign_of=lambda reader, unit_id: dispatch_sql.get_unit(reader, unit_id).callsign,
            name_of=_name_of,
        )
        store.subscribe(SealedErased, self.rosters.sealed_erased)
        store.subscribe(ShiftSignedOn, self._aboard)
        store.subscribe(ShiftChanged, self._aboard)
        store.subscribe(ShiftSignedOff, self._ashore)

    def _aboard(self, tx: Tx, fact: Any) -> None:
        if fact.unit_id is not None and getattr(fact, "aboard", True):
            self.dispatch.crew_aboard(
                tx, fact.unit_id, crew=len(fact.members), shift_until=fact.ends_at, brings=fact.brings
            )

    def _ashore(self, tx: Tx, fact: ShiftSignedOff) -> None:
        if fact.unit_id is not None:
            self.dispatch.crew_aboard(tx, fact.unit_id, crew=0, shift_until=None, brings=())

    def enrol(self, number: str, *qualifications: str) -> Member:
        return self.do(
            lambda tx: self.rosters.enrol(
                tx, number=number, name=f"Moun {number}", qualifications=qualifications
            ),
            by=CHIEF,
        )

    def hours(self, count: float) -> Instant:
        """So many hours from now."""
        return self.clock.now() + round(count * HOUR)

    def plan(
        self, unit: Unit, begin: float, end: float, *members: Member, reason: str | None = None
    ) -> Shift:
        """A shift of a unit, in hours from now."""
        keys: Sequence[str] = [member.id for member in members]
        return self.do(
            lambda tx: self.rosters.plan(
                tx,
                unit_id=unit.id,
                members=keys,
                starts_at=self.hours(begin),
                ends_at=self.hours(end),
                reason=reason,
            ),
            by=PIERRE,
        )

    def seat(self, seat: str, account: str, begin: float, end: float) -> Shift:
        """A shift of an account at a seat, in hours from now."""
        return self.do(
            lambda tx: self.rosters.plan(
                tx, seat=seat, account=account, starts_at=self.hours(begin), ends_at=self.hours(end)
            ),
            by=PIERRE,
        )

    def on(self, shift: Shift, *, by: Actor = PIERRE, **given: Any) -> Shift:
        return self.do(lambda tx: self.rosters.sign_on(tx, shift.id, **given), by=by)

    def off(self, shift: Shift, *, by: Actor = PIERRE, **given: Any) -> Shift:
        return self.do(lambda tx: self.rosters.sign_off(tx, shift.id, **given), by=by)

    def edit(self, shift: Shift, **given: Any) -> Shift:
        return self.do(lambda tx: self.rosters.edit(tx, shift.id, **given), by=PIERRE)

    def shift(self, shift: Shift) -> Shift:
        """As it stands now."""
        return self.look(lambda reader: self.rosters.shift(reader, CHIEF, shift.id))


def _name_of(reader: Reader, login: str) -> str:
    if login == "pèsonn":
        raise NotFound("account-none", login=login)
    return login.title()


def codes(shift: Shift, station: Station) -> list[str]:
    """The codes of what the shift warns of."""
    return [warning.code for warning in shift.warnings(station.rosters.rules)]


@contextmanager
def station_over(engine: Engine, gate: Any = None) -> Iterator[Station]:
    """A station over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Station(store, clock, gate)
    finally:
        store.close()


# Fixtures: a domain's conftest says `from rosters.duty import station, guarded`.


@pytest.fixture(params=ENGINES)
def station(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Station]:
    """Units and their crews over a real store, once on each engine; everybody may do everything."""
    with station_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Station]:
    """The same behind the shipped policies, on SQLite."""
    with station_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made
