"""Places over real stores, and the real data where it lies beside the repository."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lanbi.core.access import Actor
from lanbi.places.importer import import_places
from lanbi.places.service import Places
from lanbi.places.territory import Territory
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from stores import ENGINES, FixedClock, OpenGate, engine_named, open_store, real_gate

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
DEMO = Path(__file__).resolve().parents[2] / "src" / "lanbi" / "places" / "data" / "places_demo.csv"
KEEPER = Actor(id="keeper", name="Keeper", role="administrator")


class Room:
    """A store with its places, wired as a node wires them."""

    def __init__(self, store: LanbiStore, clock: FixedClock, gate: object) -> None:
        self.store = store
        self.clock = clock
        self.places = Places(gate, Territory.haiti())  # pyright: ignore[reportArgumentType]

    def take(self, path: Path, **how: object):
        """Imports a file and makes it searchable."""
        report = import_places(
            self.store,
            KEEPER,
            self.clock,
            path,
            territory=self.places.territory,
            **how,  # pyright: ignore[reportArgumentType]
        )
        self.store.read_now(self.places.load)
        return report

    def names(self, text: str, **how: object) -> list[str]:
        """What a search finds, by the names in the source."""
        return [m.place.name for m in self.places.search(KEEPER, text, **how)]  # pyright: ignore[reportArgumentType]


@pytest.fixture(params=ENGINES)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """An empty room, once on each engine; everybody may do everything."""
    clock = FixedClock()
    store = open_store(engine_named(request.param, tmp_path, request), clock)
    yield Room(store, clock, OpenGate())
    store.close()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Room]:
    """An empty room behind the shipped policies."""
    clock = FixedClock()
    store = open_store(SqliteEngine(tmp_path / FILE_NAME), clock)
    yield Room(store, clock, real_gate())
    store.close()


@pytest.fixture
def demo_room(tmp_path: Path) -> Iterator[Room]:
    """A room with the demo's places, on SQLite."""
    clock = FixedClock()
    store = open_store(SqliteEngine(tmp_path / FILE_NAME), clock)
    made = Room(store, clock, OpenGate())
    made.take(DEMO, source="demo")
    yield made
    store.close()


def real(*parts: str) -> Path:
    """A file of the real data; the test that asks skips where it is not there."""
    path = REAL.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the real data is not beside the repository ({'/'.join(parts)})")
    return path
