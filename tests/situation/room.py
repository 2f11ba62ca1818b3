"""A room at work with the whole picture above it, wired as a node wires them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dispatch.yard import CHANMAS, Yard
from lanbi.core.geo import Area
from lanbi.core.time import rfc3339
from lanbi.dispatch.events import AssignmentOnScene, AssignmentUndone
from lanbi.dispatch.model import ENDINGS, Unit
from lanbi.incidents.events import IncidentClosed
from lanbi.record.events import SealedErased
from lanbi.situation.events import UnservedMarked
from lanbi.situation.service import Situation
from lanbi.situation.zones import Zone, ZoneGiven
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from lanbi.tracks.model import Report
from stores import ACTORS, ENGINES, VOCABULARY, FixedClock, engine_named, open_store, real_gate

CHIEF = ACTORS["commander"]
MACHINE = ACTORS["administrator"]
# Two zones that do not touch: Channmas, and Delmas 33 with the units' post.
CENTRE = ZoneGiven(name="Sant vil", names={"en": "Centre"}, lat=18.5434, lon=-72.3388, radius_m=1_500)
NORTH = ZoneGiven(name="Dèlma", lat=18.5446, lon=-72.3018, radius_m=1_500)
POST = Area(lat=18.5446, lon=-72.3018, radius_m=50, source="map", confidence="exact")


class Room(Yard):
    """Zones, norms, workload and the house over a floor with units."""

    def __init__(self, store: LanbiStore, clock: FixedClock, gate: Any = None) -> None:
        super().__init__(store, clock, gate)
        self.situation = Situation(self.gate, VOCABULARY, self._check_place, assignment_endings=ENDINGS)
        situation = self.situation
        store.subscribe(
            UnservedMarked,
            lambda tx, fact: self.incidents.relate(tx, fact.incident_id, fact.subject),
        )
        store.subscribe(
            AssignmentOnScene,
            lambda tx, fact: situation.scene_reached(tx, fact.incident_id, fact.callsign, fact.at),
        )
        store.subscribe(
            AssignmentUndone,
            lambda tx, fact: (
                situation.scene_taken_back(tx, fact.incident_id) if fact.status == "on_scene" else None
            ),
        )
        store.subscribe(IncidentClosed, lambda tx, fact: situation.incident_closed(tx, fact.id))
        store.subscribe(SealedErased, situation.sealed_erased)

    def part(self, *zones: ZoneGiven) -> dict[str, Zone]:
        """Parts the ground, and returns the zones by name."""
        plots = self.situation.laid_out(CHIEF, zones or (CENTRE, NORTH))
        self.do(lambda tx: self.situation.set_zones(tx, plots), by=CHIEF)
        return self.zones()

    def zones(self) -> dict[str, Zone]:
        found = self.look(lambda reader: self.situation.zones(reader, CHIEF))
        return {zone.name: zone for zone in found}

    def look_round(self) -> dict[str, Zone]:
        """One round of the node's own work; the zones as they stand after it."""
        now = self.clock.now()
        due = self.look(lambda reader: self.situation.look_round(reader, now))
        if due:
            self.do(lambda tx: self.situation.write_down(tx, due), by=ACTORS["administrator"])
        return self.zones()

    def settle(self) -> dict[str, Zone]:
        """Rounds until what is new has stood for its minute."""
        self.look_round()
        self.clock.advance(60)
        return self.look_round()

    def heard(self, unit: Unit, *, area: Area = POST) -> None:
        """The unit's device reports where it is, now."""
        assert area.lat is not None
        assert area.lon is not None
        now = rfc3339(self.clock.now())
        self.report(Report(unit_id=unit.id, at=now, lat=area.lat, lon=area.lon, accuracy_m=10))

    def call_from(self, area: Area = CHANMAS) -> None:
        """Somebody calls from there, and hangs up once answered."""
        call = self.do(lambda tx: self.calls.offer(tx, channel="voice", area=area))
        self.do(lambda tx: self.calls.answer(tx, call.id))
        self.do(lambda tx: self.calls.end(tx, call.id))


@contextmanager
def room_over(engine: Engine, gate: Any = None) -> Iterator[Room]:
    """A room over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Room(store, clock, gate)
    finally:
        store.close()


# Fixtures: the domain's conftest says `from situation.room import room, guarded`.


@pytest.fixture(params=ENGINES)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """The whole picture over a real store, once on each engine; everybody may do everything."""
    with room_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Room]:
    """The same behind the shipped policies, on SQLite."""
    with room_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made
