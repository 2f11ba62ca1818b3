"""Two sites in one process, each with a store, a key and a mailbox of its own, wired as a node wires them."""

import hashlib
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from litestar.exceptions import LitestarDeprecationWarning

from blanks import lay_sqlite
from lanbi.accounts.service import Accounts
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import LanbiError
from lanbi.core.ports import Reader, Tx
from lanbi.partners import sql
from lanbi.partners.api import routes
from lanbi.partners.courier import Courier, UnreachedError
from lanbi.partners.envelope import Envelope, seal
from lanbi.partners.events import Arrived
from lanbi.partners.inbox import Inbox, TakenIn
from lanbi.partners.model import Letter, Partner
from lanbi.partners.outbox import Outbox
from lanbi.partners.service import Partners
from lanbi.record.checkpoint import SiteKey
from lanbi.record.events import SealedErased
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from lanbi.web.app import create_app
from lanbi.web.desk import Doorkeeper
from lanbi.web.live import LivePicture
from stores import ACTORS, ENGINES, VOCABULARY, FixedClock, OpenGate, engine_named

T = TypeVar("T")
KEEPER = ACTORS["administrator"]
SCREENED = "Yon jij verifye; pa gen plent kont sèvis sa a."
KIND = "tracing.request"
WAIT_S = 30.0


def agree_of(seed: bytes) -> Callable[[bytes], bytes]:
    """X25519 with the Montgomery form of the Ed25519 key that a seed stands for (RFC 8032, section 5.1.5)."""
    own = X25519PrivateKey.from_private_bytes(hashlib.sha512(seed).digest()[:32])
    return lambda public_key: own.exchange(X25519PublicKey.from_public_bytes(public_key))


class Site:
    """One site. What its handlers were given stands in `worked`."""

    def __init__(self, code: str, engine: Engine, clock: FixedClock, gate: Any = None) -> None:
        self.code = code
        self.clock = clock
        self.gate = gate or OpenGate()
        if isinstance(engine, SqliteEngine):
            lay_sqlite(engine.path)
        self._turn_to(hashlib.sha256(code.encode()).digest())
        self.store = LanbiStore(engine, clock, self.key, code)
        self.store.open()
        self.worked: list[Arrived] = []
        self.wire()

    def _turn_to(self, seed: bytes) -> None:
        self.seed = seed
        self.key = SiteKey.from_seed(seed)

    def wire(self) -> None:
        self.partners = Partners(self.gate, us=lambda: self.code, public_key=self.key.public_key)
        self.outbox = Outbox(
            self.gate,
            self.clock,
            us=lambda: self.code,
            seal=lambda letter: seal(letter, self.key),
            public_key=self.key.public_key,
        )
        self.inbox = Inbox(self.gate, self.clock, self.outbox, agree=agree_of(self.seed))
        self.store.subscribe(SealedErased, self.partners.sealed_erased)

    def change_key(self, seed: bytes) -> None:
        """Signs with another key from now on."""
        self._turn_to(seed)
        self.wire()
        self.listen()

    def listen(self, kind: str = KIND, *, work: Callable[[Tx, Arrived], bool] | None = None) -> None:
        """Works letters of a kind: by `work`, or by noting them."""

        def note(tx: Tx, arrived: Arrived) -> bool:
            self.worked.append(arrived)
            return True

        self.inbox.register(kind, work or note)

    def do(self, work: Callable[[Tx], T], *, by: Actor = KEEPER) -> T:
        return self.store.write_now(by, work)

    def look(self, work: Callable[[Reader], T]) -> T:
        return self.store.read_now(work)

    def know(self, other: "Site", **given: Any) -> Partner:
        """Makes the other a partner."""
        given = {"url": f"https://{other.code.lower()}.example", **given}
        return self.do(
            lambda tx: self.partners.add(
                tx,
                code=other.code,
                name=f"Sit {other.code}",
                key=other.key.public_key.hex(),
                screening=SCREENED,
                **given,
            ),
            by=KEEPER,
        )

    def send(self, to: "Site", body: Any = None, kind: str = KIND) -> str:
        return self.do(lambda tx: self.outbox.send(tx, to.code, kind, body or {"n": 1}))

    def sealed(self, to: "Site", letter_id: str) -> bytes:
        """A letter as it would leave now."""

        def work(reader: Reader) -> bytes:
            letter = sql.letter(reader, "out", to.code, letter_id, whole=True)
            assert letter is not None
            return self.outbox.sealed(letter, self.clock.now())

        return self.look(work)

    def receive(self, data: bytes) -> TakenIn:
        return self.inbox.receive(self.store, data)

    def refusal(self, data: bytes) -> str:
        """The code with which a letter is turned away, unsigned."""
        with pytest.raises(LanbiError) as refused:
            self.receive(data)
        return refused.value.code

    def switch(self, other: "Site", on: bool) -> None:
        self.do(lambda tx: self.partners.enable(tx, other.code, on))

    def letter(self, letter_id: str) -> Letter:
        return self.look(lambda reader: sql.letter_by_id(reader, letter_id))

    def bodies(self) -> int:
        """How many letters are kept with what they say."""
        return self.look(
            lambda reader: reader.rows("SELECT COUNT(*) FROM partner_letter WHERE body IS NOT NULL")[0][0]
        )

    def entries(self, kind: str = "") -> list[tuple[str, str, str]]:
        """(kind, actor, body) of the journal, oldest first."""
        rows = self.look(lambda reader: reader.rows("SELECT kind, actor, body FROM journal ORDER BY seq"))
        return [row for row in rows if not kind or row[0] == kind]  # pyright: ignore[reportReturnType]

    def close(self) -> None:
        self.store.close()


class Road:
    """The way between sites: `up`, or cut; what passed stands in `passed`."""

    def __init__(self, *sites: Site) -> None:
        self.sites = {f"https://{site.code.lower()}.example": site for site in sites}
        self.up = True
        self.loses_answers = False
        self.passed: list[bytes] = []

    def __call__(self, url: str, data: bytes) -> bytes:
        if not self.up:
            raise UnreachedError("link-down")
        self.passed.append(data)
        try:
            answer = self.sites[url].receive(data).receipt
        except LanbiError as error:
            raise UnreachedError("link-refused", status=error.status, reason=error.code) from error
        if self.loses_answers:
            raise UnreachedError("link-timeout")
        return answer


def courier_of(site: Site, road: Any) -> Courier:
    return Courier(site.outbox, site.inbox, site.store, site.clock, road, chance=lambda: 0.5)


class Pair:
    """A site in Haiti and one in the Dominican Republic, partners of each other, with couriers."""

    def __init__(self, haiti: Site, dominicana: Site) -> None:
        self.haiti, self.dominicana = haiti, dominicana
        haiti.know(dominicana)
        dominicana.know(haiti)
        for site in (haiti, dominicana):
            site.listen()
        self.road = Road(haiti, dominicana)
        self.couriers = {site.code: courier_of(site, self.road) for site in (haiti, dominicana)}

    def step(self) -> None:
        """Each courier goes once."""
        for courier in self.couriers.values():
            courier.step()


def shape(letter: Envelope, site: Site) -> bytes:
    """Any letter, sealed with a site's key."""
    return seal(letter, site.key)


def engines_in(folder: Path) -> tuple[SqliteEngine, SqliteEngine]:
    """One for each of two sites."""
    for name in ("ht", "do"):
        (folder / name).mkdir()
    return SqliteEngine(folder / "ht" / FILE_NAME), SqliteEngine(folder / "do" / FILE_NAME)


@contextmanager
def pair_over(first: Engine, second: Engine, gate: Any = None) -> Iterator[Pair]:
    clock = FixedClock()
    haiti = Site("HT-PAP", first, clock, gate)
    try:
        dominicana = Site("DO", second, clock, gate)
        try:
            yield Pair(haiti, dominicana)
        finally:
            dominicana.close()
    finally:
        haiti.close()


# Fixtures: a conftest says `from partners.sites import pair, both`.


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Two sites over SQLite; everybody may do everything."""
    with pair_over(*engines_in(tmp_path)) as made:
        yield made


@pytest.fixture(params=ENGINES)
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """The same, the Haitian one once on each engine."""
    first, second = engines_in(tmp_path)
    if request.param != "sqlite":
        first.close()
        first = engine_named(request.param, tmp_path, request)
    with pair_over(first, second) as made:
        yield made


# ------------------------------------------------------------------------ over HTTP


def app_of(site: Site, handlers: Sequence[Any], *, more: Sequence[Callable[[Tx], Any]] = ()) -> Any:
    """The web of one site with these handlers, doors and desks as in a node."""
    accounts = Accounts(site.gate)
    doorkeeper = Doorkeeper(accounts, site.store, site.clock)
    picture = LivePicture(site.store, site.gate, doorkeeper, site.clock, [], lambda: "epoch")
    with warnings.catch_warnings():
        # What will change in Litestar 3 is no news to a project that is pinned below it.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        return create_app(
            store=site.store,
            gate=site.gate,
            vocabulary=VOCABULARY,
            doorkeeper=doorkeeper,
            live=picture,
            handlers=handlers,
            housekeeping=list(more),
            queued=lambda: site.store.queued,
        )


def partner_routes(site: Site, courier: Courier) -> list[Any]:
    return routes(
        site.partners,
        site.outbox,
        site.inbox,
        site.store,
        site.clock,
        links=lambda: courier.links,
        hurry=courier.hurry,
    )


class Asker:
    """People of several roles, and their machines, who ask one site over HTTP."""

    def __init__(self, site: Site, client: Any) -> None:
        self._site = site
        self._client = client
        self._accounts = Accounts(site.gate)
        self._hired: set[str] = set()

    def session(self, login: str, role: str) -> str:
        """The secret of a session just opened: time passes in days here."""

        def hire(tx: Tx) -> None:
            self._accounts.create(
                tx, login=login, name=login, role=role, password_hash="no password opens this", lang="en"
            )

        if login not in self._hired:
            self._hired.add(login)
            self._site.do(hire, by=SYSTEM)
        return self._site.do(lambda tx: self._accounts.open_session(tx, login, "test")[0], by=SYSTEM)

    def token(self, name: str, role: str) -> str:
        """The key of a machine."""
        return self._site.do(
            lambda tx: self._accounts.issue_token(tx, name=name, role=role, days=365, lang="en"), by=SYSTEM
        )

    def ask(self, method: str, path: str, body: Any = None, *, role: str = "", **given: Any) -> Any:
        """One request: of somebody in a role, of `given["by"]` in that role, or of nobody; `given["secret"]`:
        of whom that stands for."""
        headers = {name.replace("_", "-"): value for name, value in given.get("headers", {}).items()}
        if role:
            secret = given.get("secret") or self.session(given.get("by") or role.replace("_", "-"), role)
            headers["authorization"] = f"Bearer {secret}"
        content = body
        if body is not None and not isinstance(body, bytes):
            content = msgspec.json.encode(body)
            headers["content-type"] = "application/json"
        return self._client.request(method, f"/api/v1{path}", content=content, headers=headers)

    def get(self, path: str, **asked: Any) -> Any:
        return self.ask("GET", path, **asked)

    def post(self, path: str, body: Any = None, **asked: Any) -> Any:
        return self.ask("POST", path, {} if body is None else body, **asked)


class Served:
    """An application on a real socket of this machine, in a thread."""

    def __init__(self, app: Any) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            app, loop="uvloop", http="httptools", ws="none", log_config=None, access_log=False,
            server_header=False, timeout_graceful_shutdown=5,
        )  # fmt: skip
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        until(lambda: self.server.started, "the server is up")

    def close(self) -> None:
        self.server.should_exit = True
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()
        self._socket.close()


def until(ask: Callable[[], Any], what: str) -> None:
    """Waits, at most `WAIT_S`, for what another thread does."""
    end, pause = time.monotonic() + WAIT_S, threading.Event()
    while not ask():
        assert time.monotonic() < end, f"still not: {what}"
        pause.wait(0.01)
