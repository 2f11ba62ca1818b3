"""A store of the test's own on either engine, opened as often as it likes, and a clock with two hands."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.events import Event
from lanbi.core.ports import Tx
from lanbi.core.time import SECOND, Instant
from lanbi.record.checkpoint import SiteKey
from lanbi.record.verify import Report, verify_file
from lanbi.store.engine import Engine
from lanbi.store.postgres import PostgresEngine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from stores import ENGINES, NIGHT, SEED, SITE

WAIT_S = 30.0
THREADS = 16

MAKE = "CREATE TABLE thing (id TEXT PRIMARY KEY, seq BIGINT NOT NULL)"
PUT = "INSERT INTO thing (id, seq) VALUES (:id, :seq)"
ALL = "SELECT id FROM thing ORDER BY id"


class ThingMade(Event, frozen=True, kw_only=True):
    """Something happened; the tests of the store do not care what."""

    kind: ClassVar[str] = "thing.made"
    about: ClassVar[str] = "thing"


class ThingSeen(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "thing.seen"
    about: ClassVar[str] = "thing"


class TwoHands:
    """A wall clock that may be set, beside a steady one that may not. Both may tick at every look."""

    def __init__(self, now: Instant = NIGHT, *, tick_s: float = 0.0) -> None:
        self._wall = now
        self._steady = 0.0
        self._tick_s = tick_s

    def now(self) -> Instant:
        self.advance(self._tick_s)
        return self._wall

    def monotonic(self) -> float:
        return self._steady

    def advance(self, seconds: float) -> None:
        """Time goes by."""
        self._wall += round(seconds * SECOND)
        self._steady += seconds

    def set_by(self, seconds: float) -> None:
        """Somebody sets the wall clock; no time goes by."""
        self._wall += round(seconds * SECOND)


class Home:
    """Where a store lives; `open` a node on it, `close` it, open the next."""

    def __init__(self, engine_name: str, folder: Path, url: str | None) -> None:
        self.engine_name = engine_name
        self.folder = folder
        self.url = url
        self.key = SiteKey.from_seed(SEED)
        self._stores: list[LanbiStore] = []

    @property
    def file(self) -> Path:
        return self.folder / FILE_NAME

    def engine(self) -> Engine:
        return SqliteEngine(self.file) if self.url is None else PostgresEngine(self.url)

    def open(self, clock: Any = None) -> LanbiStore:
        store = LanbiStore(self.engine(), clock or TwoHands(tick_s=0.001), self.key, SITE)
        self._stores.append(store)
        store.open()
        return store

    def open_with_things(self, clock: Any = None) -> LanbiStore:
        store = self.open(clock)
        store.write_now(SYSTEM, lambda tx: tx.run(MAKE))
        return store

    def verify(self) -> Report:
        """What the published verifier says of the store as it lies there."""
        return verify_file(self.url or self.file)

    def close(self) -> None:
        for store in self._stores:
            store.close()


@pytest.fixture(params=ENGINES)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """An empty place for a store, on SQLite and on PostgreSQL."""
    url = request.getfixturevalue("postgres_database") if request.param == "postgres" else None
    place = Home(request.param, tmp_path, url)
    yield place
    place.close()


@pytest.fixture(params=ENGINES)
def bare_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """The same without a table, also on PostgreSQL."""
    url = request.getfixturevalue("empty_postgres") if request.param == "postgres" else None
    place = Home(request.param, tmp_path, url)
    yield place
    place.close()


@pytest.fixture
def sqlite_home(tmp_path: Path) -> Iterator[Home]:
    place = Home("sqlite", tmp_path, None)
    yield place
    place.close()


@pytest.fixture
def postgres_home(postgres_database: str, tmp_path: Path) -> Iterator[Home]:
    place = Home("postgres", tmp_path, postgres_database)
    yield place
    place.close()


def make(name: str) -> Callable[[Tx], int]:
    """A piece that makes one thing: a row and its entry; returns the entry's number."""

    def work(tx: Tx) -> int:
        entry = tx.record(ThingMade(id=name))
        tx.run(PUT, id=name, seq=entry.seq)
        return entry.seq

    return work


def things(store: LanbiStore) -> list[str]:
    return [row[0] for row in store.read_now(lambda reader: reader.rows(ALL))]


def entries(store: LanbiStore) -> list[tuple[Any, ...]]:
    """(seq, kind, subject, recorded_at) of the whole journal."""
    sql = "SELECT seq, kind, subject, recorded_at FROM journal ORDER BY seq"
    return store.read_now(lambda reader: reader.rows(sql))


class Crowd:
    """Many people at once: `send` from a thread of their own each, `held` so that they share a batch."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS)

    def send(self, store: LanbiStore, work: Callable[[Tx], Any], by: Actor = SYSTEM) -> Future[Any]:
        return self._pool.submit(store.write_now, by, work)

    @contextmanager
    def held(self, store: LanbiStore) -> Iterator[None]:
        """The writer is kept at one piece; what is sent meanwhile makes one batch."""
        started, go_on = threading.Event(), threading.Event()

        def wait(_tx: Tx) -> None:
            started.set()
            assert go_on.wait(WAIT_S)

        first = self.send(store, wait)
        assert started.wait(WAIT_S)
        try:
            yield
        finally:
            go_on.set()
            first.result(WAIT_S)

    def close(self) -> None:
        self._pool.shutdown()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    people = Crowd()
    yield people
    people.close()
