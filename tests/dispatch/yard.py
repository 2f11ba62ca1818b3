"""A floor with units on it: dispatch and tracks wired to incidents as a node wires them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lanbi.core.access import Actor
from lanbi.core.geo import Area
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import rfc3339
from lanbi.dispatch import sql as dispatch_sql
from lanbi.dispatch.events import ENDING, STRIKING, AssignmentUndone
from lanbi.dispatch.model import Assignment, IncidentSite, Unit
from lanbi.dispatch.service import Dispatch
from lanbi.dispatch.straight_line import StraightLine
from lanbi.incidents import sql as incidents_sql
from lanbi.incidents.events import IncidentClosed
from lanbi.incidents.model import Incident, Stamp
from lanbi.record.events import SealedErased
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from lanbi.tracks.model import Report, Stored
from lanbi.tracks.service import Tracks
from stores import ENGINES, MARIE, PIERRE, VOCABULARY, FixedClock, Floor, engine_named, open_store, real_gate

CHANMAS = Area(lat=18.5434, lon=-72.3388, radius_m=80, source="map", confidence="exact", words="Channmas")
DELMAS = Area(lat=18.5446, lon=-72.3018, radius_m=50, source="map", confidence="exact", words="Pòs Delma 33")


class Yard(Floor):
    """Dispatch and tracks over a store; `crew(unit)` is the actor of a unit's own crew."""

    def __init__(self, store: LanbiStore, clock: FixedClock, gate: Any = None) -> None:
        super().__init__(store, clock, gate)
        self.tracks = Tracks(self.gate, VOCABULARY, self._check_place, dispatch_sql.known)
        self.dispatch = Dispatch(
            self.gate,
            VOCABULARY,
            self._check_place,
            self._site_of,
            self.tracks.positions,
            StraightLine(),
            clock,
        )
        store.subscribe(IncidentClosed, self.dispatch.incident_closing)
        store.subscribe(SealedErased, self.dispatch.sealed_erased)
        store.subscribe(SealedErased, self.tracks.sealed_erased)
        for fact in STRIKING:
            store.subscribe(fact, self._moved)
        for fact in ENDING:
            store.subscribe(fact, self._ended)
        store.subscribe(AssignmentUndone, self._undone)

    def _site_of(self, reader: Reader, incident_id: str) -> IncidentSite | None:
        incident = incidents_sql.find(reader, incident_id)
        if incident is None:
            return None
        needs = () if incident.type is None else VOCABULARY.term("incident_types", incident.type).needs
        return IncidentSite(
            number=incident.number,
            state=incident.state,
            area=incident.area,
            needs=needs,
            priority=incident.priority,
        )

    def _moved(self, tx: Tx, fact: Any) -> None:
        self.incidents.relate(tx, fact.incident_id, fact.subject)
        self.incidents.strike(tx, fact.incident_id, fact.clock, fact.at, fact.source)

    def _ended(self, tx: Tx, fact: Any) -> None:
        if fact.last:
            self.incidents.strike(tx, fact.incident_id, "clear", fact.at, fact.source)

    def _undone(self, tx: Tx, fact: AssignmentUndone) -> None:
        for strike in fact.struck_out:
            held: Any = Stamp(strike.at, strike.source, strike.by)  # pyright: ignore[reportArgumentType]
            then: Any = None
            if strike.next_at is not None:
                then = Stamp(strike.next_at, strike.next_source, strike.next_by)  # pyright: ignore[reportArgumentType]
            self.incidents.unstrike(tx, strike.incident_id, strike.clock, held, then)

    def open(
        self, type: str | None = "cardiac_arrest", *, priority: str | None = None, area: Area | None = CHANMAS
    ) -> Incident:
        return self.do(lambda tx: self.incidents.open(tx, type=type, priority=priority, area=area))

    def commission(self, callsign: str, kind: str = "ambulance_advanced", **given: Any) -> Unit:
        given = {"crew": 2, "home": DELMAS} | given
        return self.do(lambda tx: self.dispatch.commission(tx, callsign=callsign, kind=kind, **given))

    def assign(
        self, incident: Incident, unit: Unit, *, by: Actor = PIERRE, mode: Any = "normal", reason: str = ""
    ) -> Assignment:
        return self.do(
            lambda tx: self.dispatch.assign(tx, incident.id, unit.id, mode=mode, reason=reason), by=by
        )

    def step(self, assignment: Assignment, status: str, *, by: Actor = PIERRE, **given: Any) -> Assignment:
        return self.do(lambda tx: self.dispatch.step(tx, assignment.id, status, **given), by=by)

    def unit(self, unit: Unit) -> Unit:
        """As it stands now."""
        return self.look(lambda reader: self.dispatch.unit(reader, PIERRE, unit.id))

    def assignment(self, assignment: Assignment) -> Assignment:
        """As it stands now."""
        return self.look(lambda reader: self.dispatch.assignment(reader, PIERRE, assignment.id))

    def incident(self, incident: Incident) -> Incident:
        """As it stands now."""
        return self.look(lambda reader: self.incidents.get(reader, MARIE, incident.id))

    def report(self, *reports: Report, by: Actor = PIERRE) -> Stored:
        return self.do(lambda tx: self.tracks.report(tx, reports), by=by)

    def at(self, seconds: float = 0) -> str:
        """RFC 3339, so many seconds from now."""
        return rfc3339(self.clock.now() + round(seconds * 1_000_000))

    def rows_of(self, *tables: str) -> list[list[tuple[Any, ...]]]:
        """All that stands in these tables: to see that a refusal left nothing."""
        return [self.look(lambda reader, t=table: reader.rows(f"SELECT * FROM {t}")) for table in tables]


def crew(unit: Unit) -> Actor:
    """The crew of that unit, signed in on its own device."""
    return Actor(id=f"crew-{unit.callsign}", name=unit.callsign, role="field_unit", unit_id=unit.id)


@contextmanager
def yard_over(engine: Engine, gate: Any = None) -> Iterator[Yard]:
    """A yard over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Yard(store, clock, gate)
    finally:
        store.close()


# Fixtures: a domain's conftest says `from dispatch.yard import yard, guarded`.


@pytest.fixture(params=ENGINES)
def yard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Yard]:
    """Units and incidents over a real store, once on each engine; everybody may do everything."""
    with yard_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Yard]:
    """The same behind the shipped policies, on SQLite."""
    with yard_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made
