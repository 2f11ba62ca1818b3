"""Whole nodes served over real sockets, people who sign in to them, and screens that hold their picture."""

import json
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from litestar.exceptions import LitestarDeprecationWarning
from websockets.sync.client import ClientConnection, connect

from lanbi.bootstrap import Node
from lanbi.config import Settings
from lanbi.core.access import SYSTEM, Actor
from lanbi.web.frames import LiveProtocol
from stores import ACTORS

WAIT_S = 30.0
API = "/api/v1"
NO_PASSWORD = "no password opens this"


class Served:
    """A node with its server in a thread; `base` is its address."""

    def __init__(self, settings: Settings, *, send_buffer_bytes: int = 0) -> None:
        self.node = Node(settings)
        with warnings.catch_warnings():
            # What will change in Litestar 3 is no news to a project that is pinned below it.
            warnings.simplefilter("ignore", LitestarDeprecationWarning)
            self.app = self.node.app()
        self._socket = socket.socket()
        if send_buffer_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
        self._socket.bind(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.base = f"http://{self.host}"
        config = uvicorn.Config(
            self.app,
            ws=LiveProtocol,  # pyright: ignore[reportArgumentType]
            ws_per_message_deflate=False,
            loop="uvloop",
            http="httptools",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        until(lambda: self.server.started, "the server is up")
        self._secrets: dict[str, str] = {}

    def stop(self) -> None:
        """As SIGTERM would."""
        self.server.should_exit = True
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()
        self._socket.close()

    def close(self) -> None:
        self.stop()
        self.node.close()

    def hire(self, actor: Actor, password_hash: str = NO_PASSWORD) -> None:
        self.node.store.write_now(
            SYSTEM,
            lambda tx: self.node.accounts.create(
                tx,
                login=actor.id,
                name=actor.name,
                role=actor.role,
                lang=actor.lang,
                unit_id=actor.unit_id,
                password_hash=password_hash,
            ),
        )

    def secret(self, role: str) -> str:
        """A session's secret of this role's person, opened as a sign-in does."""
        if role not in self._secrets:
            self._secrets[role] = self.new_secret(ACTORS[role].id)
        return self._secrets[role]

    def new_secret(self, login: str) -> str:
        return self.node.store.write_now(
            SYSTEM, lambda tx: self.node.accounts.open_session(tx, login, "test")
        )[0]

    def client(self, role: str = "", *, lang: str = "", secret: str = "") -> httpx.Client:
        """A browser that is signed in as the role's person, or as nobody."""
        headers = {"accept-language": lang} if lang else {}
        secret = secret or (self.secret(role) if role else "")
        cookies = {"lanbi_session": secret} if secret else {}
        return httpx.Client(base_url=self.base + API, headers=headers, cookies=cookies, timeout=WAIT_S)

    def screen(self, role: str, *, since: int = 0, epoch: str = "", secret: str = "") -> "Screen":
        return Screen(self, secret or self.secret(role), since, epoch)

    @property
    def head(self) -> int:
        return self.node.store.read_now(lambda reader: reader.head)


class Screen:
    """What a floor screen does: hold rows by kind and id, newest version last."""

    def __init__(self, served: Served, secret: str, since: int = 0, epoch: str = "") -> None:
        address = f"ws://{served.host}{API}/live?since={since}&epoch={epoch}"
        self._held = ExitStack()
        cookie = {"Cookie": f"lanbi_session={secret}"}
        self.socket: ClientConnection = self._held.enter_context(
            connect(address, additional_headers=cookie, max_size=None, proxy=None)
        )
        self.rows: dict[tuple[str, str], Any] = {}
        self.versions: dict[tuple[str, str], int] = {}
        self.seq = since
        self.frames: list[dict[str, Any]] = []
        self.hello = self.take()
        assert self.hello["t"] == "hello"

    def take(self, timeout: float = WAIT_S) -> dict[str, Any]:
        frame = json.loads(self.socket.recv(timeout))
        self.frames.append(frame)
        if "seq" in frame:
            assert frame["t"] in ("rows", "hello", "tick")
            self.seq = max(self.seq, frame["seq"]) if frame["t"] != "hello" else self.seq
        for row in frame.get("rows", ()):
            key = (row["kind"], row["id"])
            if row["version"] >= self.versions.get(key, 0):
                self.versions[key] = row["version"]
                if row["row"] is None:
                    self.rows.pop(key, None)
                else:
                    self.rows[key] = row["row"]
        return frame

    def catch_up(self, seq: int) -> None:
        """Takes what comes until the picture is at least as new as `seq`."""
        end = time.monotonic() + WAIT_S
        while self.seq < seq:
            assert time.monotonic() < end, f"the picture stays at {self.seq}, the record is at {seq}"
            self.take()

    def of(self, kind: str) -> dict[str, Any]:
        return {name: row for (its, name), row in self.rows.items() if its == kind}

    def close(self) -> None:
        self._held.close()


def until(ask: Any, what: str) -> None:
    end, pause = time.monotonic() + WAIT_S, threading.Event()
    while not ask():
        assert time.monotonic() < end, f"still not: {what}"
        pause.wait(0.01)


@contextmanager
def serving(folder: Path, *, store_url: str | None = None, send_buffer_bytes: int = 0) -> Iterator[Served]:
    """A node with one person of every role."""
    served = Served(Settings(data=folder, store_url=store_url), send_buffer_bytes=send_buffer_bytes)
    try:
        for actor in ACTORS.values():
            served.hire(actor)
        yield served
    finally:
        served.close()
