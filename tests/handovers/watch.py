"""A station whose watch is handed over, wired as a node wires it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lanbi import open_work
from lanbi.core.access import Actor
from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader
from lanbi.handovers.model import Handover, Item, Person
from lanbi.handovers.service import Handovers
from lanbi.record.checkpoint import SiteKey
from lanbi.record.events import SealedErased
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from rosters.duty import Station
from stores import ENGINES, PIERRE, SEED, SITE, FixedClock, engine_named, open_store, real_gate

ROSE = Actor(id="rose", name="Rose Dorvil", role="dispatcher")
KEY = SiteKey.from_seed(SEED)


class Watch(Station):
    """What is open in a station, and the hand-over of it."""

    def __init__(self, store: LanbiStore, clock: FixedClock, gate: Any = None) -> None:
        super().__init__(store, clock, gate)
        self.handovers = Handovers(
            self.gate,
            KEY,
            lambda: SITE,
            open_work.lines(self.rosters.rules),
            seat_of=self.rosters.seat_of,
            person_of=_person_of,
        )
        store.subscribe(SealedErased, self.handovers.sealed_erased)

    def start(self, *, by: Actor = PIERRE, seat: str | None = None) -> Handover:
        return self.do(lambda tx: self.handovers.start(tx, seat=seat), by=by)

    def offered(self, *, by: Actor = PIERRE, to: str | None = None) -> Handover:
        begun = self.start(by=by)
        return self.do(lambda tx: self.handovers.offer(tx, begun.id, to=to), by=by)

    def taken(self, *, by: Actor = ROSE) -> Handover:
        offered = self.offered()
        return self.do(lambda tx: self.handovers.take(tx, offered.id), by=by)

    def acknowledge(self, handover: Handover, item: Item, *, by: Actor = ROSE) -> Handover:
        return self.do(lambda tx: self.handovers.acknowledge(tx, handover.id, item.n, item.rev), by=by)

    def acknowledge_all(self, handover: Handover) -> Handover:
        """Every line as it reads now."""
        stands = self.handover(handover)
        for item in stands.items:
            stands = self.acknowledge(stands, self.handover(handover).item(item.n))
        return stands

    def sign(self, handover: Handover, *, by: Actor, held: int | None = None) -> Handover:
        return self.do(lambda tx: self.handovers.sign(tx, handover.id, held=held), by=by)

    def refresh(self) -> None:
        """What the node does every second."""
        self.handovers.keep_watch(self.store, self.clock.now())

    def handover(self, handover: Handover) -> Handover:
        """As it stands now."""
        return self.look(lambda reader: self.handovers.get(reader, PIERRE, handover.id))


def line(handover: Handover, code: str) -> Item:
    """The only line of that code."""
    (found,) = [item for item in handover.items if item.code == code]
    return found


def _person_of(reader: Reader, login: str) -> Person:
    del reader
    if login == "pèsonn":
        raise NotFound("account-none", login=login)
    return Person(login, login.title(), "call_taker" if login == "mari" else "dispatcher")


@contextmanager
def watch_over(engine: Engine, gate: Any = None) -> Iterator[Watch]:
    """A watch over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Watch(store, clock, gate)
    finally:
        store.close()


# Fixtures: a domain's conftest says `from handovers.watch import watch, guarded`.


@pytest.fixture(params=ENGINES)
def watch(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watch]:
    """A watch over a real store, once on each engine; everybody may do everything."""
    with watch_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Watch]:
    """The same behind the shipped policies, on SQLite."""
    with watch_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made
