"""A room whose clerk watches real calls, incidents, units and positions over a real store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dispatch.yard import Yard
from lanbi.alarms.clerk import Clerk
from lanbi.alarms.events import AlarmTaken
from lanbi.alarms.model import Alarm
from lanbi.alarms.service import Alarms
from lanbi.calls import watch as calls_watch
from lanbi.calls.model import Call
from lanbi.core.access import Actor
from lanbi.core.ports import Tx
from lanbi.core.vocabulary import Vocabulary
from lanbi.core.watch import Watch
from lanbi.dispatch import watch as dispatch_watch
from lanbi.dispatch.model import Unit
from lanbi.dispatch.safety import Safety
from lanbi.incidents import watch as incidents_watch
from lanbi.record.events import SealedErased
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from lanbi.tracks import watch as tracks_watch
from lanbi.tracks.model import Report
from stores import ENGINES, PIERRE, VOCABULARY, FixedClock, engine_named, open_store, real_gate


class Room(Yard):
    """A yard with alarms; `tick()` is one second of the clerk's work."""

    def __init__(
        self, store: LanbiStore, clock: FixedClock, gate: Any = None, vocabulary: Vocabulary = VOCABULARY
    ) -> None:
        super().__init__(store, clock, gate)
        self.alarms = Alarms(self.gate, vocabulary, clock)
        self.safety = Safety(self.gate, vocabulary, self.dispatch, self._site_of)
        self.watches: dict[str, Watch] = {
            **calls_watch.watches(vocabulary),
            **incidents_watch.watches(vocabulary, dispatch_watch.busy),
            **dispatch_watch.watches(vocabulary),
            **tracks_watch.watches(vocabulary, dispatch_watch.tasks),
        }
        self.vocabulary = vocabulary
        self.clerk = self.new_clerk()
        store.subscribe(SealedErased, self.alarms.sealed_erased)
        store.subscribe(AlarmTaken, self._timer_heard)

    def _timer_heard(self, tx: Tx, fact: AlarmTaken) -> None:
        if fact.alarm_kind == "timer_out":
            self.safety.timer_alarm_taken(tx, fact.concerns.removeprefix("unit/"))

    def new_clerk(self, **watches: Watch) -> Clerk:
        """A clerk as a node that starts makes it; `watches` stand in for the domains' own."""
        return Clerk(self.store, self.vocabulary, self.clock, {**self.watches, **watches})

    def tick(self, after_s: float = 0) -> int:
        """Time passes, then the clerk looks once; how many changes it wrote."""
        self.clock.advance(after_s)
        return self.clerk.step()

    def standing(self) -> list[Alarm]:
        """The live alarms, oldest first."""
        newest_first = self.look(
            lambda reader: self.alarms.page(reader, PIERRE, state="open", before=2**62, limit=200)
        )
        return newest_first[::-1]

    def alarm(self, kind: str) -> Alarm:
        """The one live alarm of that kind."""
        [found] = [alarm for alarm in self.standing() if alarm.kind == kind]
        return found

    def kinds_standing(self) -> list[str]:
        return sorted(alarm.kind for alarm in self.standing())

    def as_it_is(self, alarm: Alarm) -> Alarm:
        """The alarm as it stands now, live or ended."""
        return self.look(lambda reader: self.alarms.get(reader, PIERRE, alarm.id))

    def take(self, alarm: Alarm, *, by: Actor = PIERRE) -> Alarm:
        return self.do(lambda tx: self.alarms.take(tx, alarm.id), by=by)

    def ring(self, channel: str = "voice") -> Call:
        if channel == "voice":
            return self.do(lambda tx: self.calls.offer(tx, channel="voice", number="+509 00 00 01 42"))
        return self.do(
            lambda tx: self.calls.text(tx, channel=channel, number="+509 00 00 01 42", text="dlo a ap monte")
        )

    def seen_at(self, unit: Unit, lat: float, lon: float) -> None:
        """The unit reports where it is, now."""
        self.report(Report(unit_id=unit.id, at=self.at(), lat=lat, lon=lon, accuracy_m=8.0))


@contextmanager
def room_over(engine: Engine, gate: Any = None) -> Iterator[Room]:
    """A room over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Room(store, clock, gate)
    finally:
        store.close()


# Fixtures: the folder's conftest says `from alarms.room import guarded, room`.


@pytest.fixture(params=ENGINES)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A room over a real store, once on each engine; everybody may do everything."""
    with room_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Room]:
    """The same behind the shipped policies, on SQLite."""
    with room_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made
