"""Tracing over real stores, with the people who work on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from lanbi.core.access import Actor
from lanbi.core.ports import Reader, Tx
from lanbi.record.sealed import erase_due
from lanbi.record.verify import Report, verify_file
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import Entity, Given, Source
from lanbi.tracing.service import Tracing
from stores import ACTORS, ENGINES, VOCABULARY, FixedClock, engine_named, open_store, real_gate

T = TypeVar("T")

ANALYST = ACTORS["analyst"]
OTHER_ANALYST = Actor(id="analyst-2", name="analyst two", role="analyst")
CHIEF = ACTORS["commander"]
SECRET = b"a secret for tests, kept by none"

GLOCK = {"make": "Glock", "model": "19", "calibre": "9mm", "serial": "SYN48B075", "country": "AT"}
SEIZURE = {
    "date": "2026-07-10",
    "agency": "Ladwann Pòtoprens",
    "case": "24-118",
    "legal_basis": "customs_control",
    "country": "HT",
}


class Room:
    """Tracing over a store."""

    def __init__(self, store: LanbiStore, clock: FixedClock, code: str = "HT") -> None:
        self.store = store
        self.clock = clock
        self.code = code
        self.tracing = Tracing(real_gate(), VOCABULARY, SECRET, lambda: self.code)

    def do(self, work: Callable[[Tx], T], *, by: Actor = ANALYST, purpose: str = "") -> T:
        return self.store.write_now(by, work, purpose=purpose)

    def look(self, work: Callable[[Reader], T]) -> T:
        return self.store.read_now(work)

    def source(self, tx: Tx, reference: str = "R 1", **more: Any) -> Source:
        return self.tracing.add_source(tx, **{"kind": "seizure_report", "reference": reference, **more})

    def make(
        self,
        kind: str,
        values: dict[str, str],
        /,
        *,
        handling: Handling | None = None,
        by: Actor = ANALYST,
        **more: Any,
    ) -> Entity:
        """A new entity, stated by one source."""
        return self.do(
            lambda tx: self.tracing.make(tx, kind, givens(values), self.source(tx, **more), handling), by=by
        )

    def state(self, entity: Entity, values: dict[str, str], **more: Any) -> Entity:
        return self.do(lambda tx: self.tracing.state(tx, entity.id, givens(values), self.source(tx, **more)))

    def seized(self, *firearms: dict[str, str], **seizure: str) -> tuple[Entity, list[Entity]]:
        """A recovery with firearms in it."""
        recovery = self.make("recovery", {**SEIZURE, **seizure})
        found = [self.make("firearm", {**values, "recovery": recovery.id}) for values in firearms]
        return recovery, found

    def row(self, table: str, entity: Entity) -> dict[str, Any]:
        """A board's row, by column."""
        columns = {
            "tracing_firearm": "recovery_id, make, calibre, serial, missing, contested, recovered_on, "
            "sold_on, sold_in, dealer_id, trace_state",
            "tracing_recovery": "date, country, place, firearms, materiel, missing",
        }[table]
        found = self.look(
            lambda reader: reader.row(f"SELECT {columns} FROM {table} WHERE id = :id", id=entity.id)
        )
        assert found is not None
        return dict(zip(columns.split(", "), found, strict=True))

    def edges(self, entity: Entity) -> list[tuple[str, str]]:
        """(other end, kind) of an entity's edges."""
        return self.look(
            lambda reader: [
                (row[0], row[1])
                for row in reader.rows(
                    "SELECT b, kind FROM tracing_edge WHERE a = :id ORDER BY kind, b", id=entity.id
                )
            ]
        )

    def entries(self) -> list[tuple[str, str, str, str]]:
        """(kind, actor, purpose, body) of the whole journal, oldest first."""
        return self.look(
            lambda reader: reader.rows("SELECT kind, actor, purpose, body FROM journal ORDER BY seq")
        )  # pyright: ignore[reportReturnType]

    def erase_all_due(self) -> int:
        return self.do(erase_due, by=ACTORS["administrator"])


def givens(values: dict[str, str]) -> list[Given]:
    return [Given(prop=prop, value=value) for prop, value in values.items()]


@contextmanager
def room_over(engine: Engine, code: str = "HT") -> Iterator[Room]:
    """Tracing over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Room(store, clock, code)
    finally:
        store.close()


@pytest.fixture(params=ENGINES)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """Tracing over a real store, once on each engine, behind the shipped policies."""
    with room_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Room]:
    """The same on SQLite only."""
    with room_over(SqliteEngine(tmp_path / FILE_NAME)) as made:
        yield made


def verified(tmp_path: Path, work: Callable[[Room], None]) -> Report:
    """What the verifier says of the store after some work, once it is closed."""
    with room_over(SqliteEngine(tmp_path / FILE_NAME)) as made:
        work(made)
    return verify_file(str(tmp_path / FILE_NAME))
