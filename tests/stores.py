"""Real stores for tests, a clock to hold, people of every role, the domains wired as in a node."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from litestar.exceptions import LitestarDeprecationWarning
from litestar.testing import TestClient

from blanks import lay_sqlite
from lanbi.accounts.policy import CedarGate
from lanbi.bootstrap import Node
from lanbi.calls import cards as call_cards
from lanbi.calls.events import CallJoined, CallUnjoined, PromiseMade
from lanbi.calls.service import Calls
from lanbi.config import Settings
from lanbi.core.access import ROLES, SYSTEM, Actor
from lanbi.core.live import LiveKind
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import SECOND, Instant, parse_instant
from lanbi.core.vocabulary import Vocabulary, load
from lanbi.incidents.events import IncidentOpened, IncidentUndone
from lanbi.incidents.service import Incidents
from lanbi.record.checkpoint import SiteKey
from lanbi.record.events import SealedErased
from lanbi.record.sealed import erase_due
from lanbi.store.engine import Engine
from lanbi.store.postgres import PostgresEngine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore

T = TypeVar("T")

NIGHT: Instant = parse_instant("2026-11-22T03:47:12Z")
SITE = "delma-33"
SEED = b"a seed for tests, kept by nobody"
POLICIES = Path(__file__).resolve().parent.parent / "policies"
ENGINES = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]
"""For tests over both engines: `@pytest.fixture(params=ENGINES)`."""

VOCABULARY: Vocabulary = load()
CARDS = call_cards.load(VOCABULARY)
ACTORS: dict[str, Actor] = {
    role: Actor(id=f"{role}-1", name=f"{role} one", role=role, unit_id="u1" if role == "field_unit" else None)
    for role in ROLES
}
MARIE = Actor(id="marie", name="Marie Jean-Baptiste", role="call_taker")
PIERRE = Actor(id="pierre", name="Pierre Louis", role="dispatcher", lang="fr")


class FixedClock:
    """Stands still until it is moved; both of its hands move together."""

    def __init__(self, now: Instant = NIGHT) -> None:
        self._now = now

    def now(self) -> Instant:
        return self._now

    def monotonic(self) -> float:
        return (self._now - NIGHT) / SECOND

    def advance(self, seconds: float) -> Instant:
        """Moves both hands on; returns the new time."""
        self._now += round(seconds * SECOND)
        return self._now


class OpenGate:
    """Lets everybody do everything: for tests that ask about something else."""

    def require(self, actor: Actor, action: str, **about: str | bool) -> None:
        return None

    def allows(self, actor: Actor, action: str, **about: str | bool) -> bool:
        return True


def real_gate() -> CedarGate:
    """The gate with the shipped policies."""
    return CedarGate(POLICIES)


def engine_named(name: str, folder: Path, request: pytest.FixtureRequest) -> Engine:
    """The engine "sqlite" in `folder`, or "postgres" on a fresh database of the test's own."""
    if name == "sqlite":
        return SqliteEngine(folder / FILE_NAME)
    return PostgresEngine(request.getfixturevalue("postgres_database"))


def open_store(engine: Engine, clock: FixedClock) -> LanbiStore:
    """An opened store; `close()` it in the end."""
    if isinstance(engine, SqliteEngine):
        lay_sqlite(engine.path)
    store = LanbiStore(engine, clock, SiteKey.from_seed(SEED), SITE)
    store.open()
    return store


class Floor:
    """Calls and incidents over a store, told of each other's facts as in a node."""

    def __init__(self, store: LanbiStore, clock: FixedClock, gate: Any = None) -> None:
        self.store = store
        self.clock = clock
        self.gate = gate or OpenGate()
        self.outside: list[tuple[float, float]] = []
        self.calls = Calls(self.gate, VOCABULARY, self._check_place, cards=CARDS)
        self.incidents = Incidents(
            self.gate, VOCABULARY, self._check_place, check_because=CARDS.check_because
        )
        incidents = self.incidents
        store.subscribe(IncidentOpened, self.calls.incident_opened)
        store.subscribe(
            CallJoined,
            lambda tx, fact: incidents.call_joined(
                tx, fact.incident_id, fact.id, ring_at=fact.offered_at, answer_at=fact.answered_at
            ),
        )
        store.subscribe(CallUnjoined, lambda tx, fact: incidents.call_unjoined(tx, fact.incident_id, fact.id))
        store.subscribe(PromiseMade, self._relate_promise)
        store.subscribe(SealedErased, self.calls.sealed_erased)
        store.subscribe(SealedErased, incidents.sealed_erased)
        store.subscribe(IncidentUndone, self._incident_undone)

    def _check_place(self, lat: float, lon: float) -> None:
        self.outside.append((lat, lon))

    def _relate_promise(self, tx: Tx, fact: PromiseMade) -> None:
        if fact.incident_id is not None:
            self.incidents.relate(tx, fact.incident_id, fact.subject)

    def _incident_undone(self, tx: Tx, fact: IncidentUndone) -> None:
        if fact.what == "opened":
            for call in self.calls.page(tx, SYSTEM, incident_id=fact.id, before=2**62, limit=1):
                self.calls.unjoin(tx, call.id)

    def do(self, work: Callable[[Tx], T], *, by: Actor = MARIE, purpose: str = "") -> T:
        """One piece of work of one person, committed."""
        return self.store.write_now(by, work, purpose=purpose)

    def look(self, work: Callable[[Reader], T]) -> T:
        """Reads what is committed."""
        return self.store.read_now(work)

    @property
    def head(self) -> int:
        return self.look(lambda reader: reader.head)

    def entries(self) -> list[tuple[str, str, str, str, str]]:
        """(subject, kind, actor, purpose, body) of the whole journal, oldest first."""
        return self.look(
            lambda reader: reader.rows("SELECT subject, kind, actor, purpose, body FROM journal ORDER BY seq")
        )  # pyright: ignore[reportReturnType]

    def kinds(self, subject: str) -> list[str]:
        """The kinds of a subject's entries, oldest first."""
        return [kind for about, kind, *_ in self.entries() if about == subject]

    def erase_all_due(self) -> int:
        """What the node's keeper does: erases what has been kept long enough."""
        return self.do(erase_due, by=ACTORS["administrator"])


class Screen:
    """A screen that holds the live picture of one kind, as one actor sees it: a snapshot, then changes."""

    def __init__(self, floor: Floor, kind: LiveKind, actor: Actor = MARIE) -> None:
        self._floor = floor
        self._kind = kind
        self._actor = actor
        self.rows: dict[str, tuple[int, Any]] = {}
        self.since = 0
        self.snapshot()

    def _apply(self, since: int) -> None:
        head, changed = self._floor.look(lambda reader: (reader.head, self._kind.changed(reader, since)))
        for key, version, row in changed:
            if version < self.rows.get(key, (0, None))[0]:
                continue
            shown = None if row is None else self._kind.seen_by(row, self._actor)
            if shown is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = (version, shown)
        self.since = head

    def snapshot(self) -> None:
        self.rows = {}
        self._apply(0)

    def push(self) -> None:
        self._apply(self.since)

    @property
    def picture(self) -> dict[str, Any]:
        return {key: row for key, (_, row) in self.rows.items()}


@contextmanager
def floor_over(engine: Engine, gate: Any = None) -> Iterator[Floor]:
    """A floor over a fresh store, closed in the end."""
    clock = FixedClock()
    store = open_store(engine, clock)
    try:
        yield Floor(store, clock, gate)
    finally:
        store.close()


# Fixtures: a domain's conftest says `from stores import floor, guarded`.


@pytest.fixture(params=ENGINES)
def floor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Floor]:
    """Calls and incidents over a real store, once on each engine; everybody may do everything."""
    with floor_over(engine_named(request.param, tmp_path, request)) as made:
        yield made


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Floor]:
    """The same behind the shipped policies, on SQLite."""
    with floor_over(SqliteEngine(tmp_path / FILE_NAME), real_gate()) as made:
        yield made


class Web:
    """A whole node over SQLite, asked over HTTP by machines of several roles."""

    def __init__(self, node: Node, client: TestClient[Any]) -> None:
        self.node = node
        self._client = client
        self._tokens: dict[str, str] = {}

    def _token(self, role: str) -> str:
        if role not in self._tokens:
            name = role.replace("_", "-")
            self._tokens[role] = self.node.store.write_now(
                SYSTEM,
                lambda tx: self.node.accounts.issue_token(tx, name=name, role=role, days=1, lang="en"),
            )
        return self._tokens[role]

    def ask(
        self, method: str, path: str, body: Any = None, *, role: str = "call_taker", **headers: str
    ) -> Any:
        """The response to one request; header names are written with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["authorization"] = f"Bearer {self._token(role)}"
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            named["content-type"] = "application/json"
        return self._client.request(method, f"/api/v1{path}", content=content, headers=named)

    def get(self, path: str, **asked: Any) -> Any:
        return self.ask("GET", path, **asked)

    def post(self, path: str, body: Any = None, **asked: Any) -> Any:
        return self.ask("POST", path, {} if body is None else body, **asked)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """A node as it runs, shipped policies and all."""
    node = Node(Settings(data=tmp_path / "node"))
    try:
        with warnings.catch_warnings():
            # Litestar 2 announces what its version 3 will ask of handlers; we hold to version 2.
            warnings.simplefilter("ignore", LitestarDeprecationWarning)
            app = node.app()
        with TestClient(app) as client:
            yield Web(node, client)
    finally:
        node.close()
