"""The live picture: each screen gets the rows as they now stand, as its actor may see them.

One pump per node does all reading and sending. It wakes after a commit, reads
what changed since its last round in one consistent view, encodes each row once
for all who see the same, and writes the same bytes to every screen. Newcomers
are served in the same round, so that a screen never misses a change between its
snapshot and its first push.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar.datastructures import Headers
from prometheus_client import Counter, Gauge

from lanbi.accounts.api import check_origin
from lanbi.core.access import Actor, Gate
from lanbi.core.errors import Busy, LanbiError
from lanbi.core.live import LiveKind
from lanbi.core.ports import Reader, Store
from lanbi.core.time import Clock, rfc3339
from lanbi.locales import hint, say
from lanbi.web.desk import COOKIE, Doorkeeper, secret_of
from lanbi.web.frames import close_frame, leave_farewell, text_frame, transport_of

SCREENS_MAX = 2_000
ROUND_GAP_S = 0.01  # changes that come closer together than this share a round
TICK_S = 2.0
SESSIONS_CHECK_S = 10.0
SCREEN_BUFFER_BYTES_MAX = 2_000_000
SCREEN_CLOSE_S = 3.0
FRAME_ROWS_MAX = 500
RESUME_ENTRIES_MAX = 200_000
INCOMING_BYTES_MAX = 4_096
FAULT_PAUSE_S = 0.5

SCREENS = Gauge("lanbi_live_screens", "Screens on the live picture")
CUT = Counter("lanbi_live_screens_cut_total", "Screens cut off by the node", ["reason"])
SENT = Counter("lanbi_live_frames_total", "Frames written to screens")

log = logging.getLogger("lanbi.live")
_encoder = msgspec.json.Encoder()


class RowFrame(msgspec.Struct, frozen=True, kw_only=True):
    """One row on the wire; `row` is null when it has left the picture."""

    kind: str
    id: str
    version: int
    row: Any


class _Screen:
    """One open tab."""

    __slots__ = (
        "actor",
        "closing",
        "joined",
        "kinds",
        "secret",
        "since",
        "transport",
        "view",
        "welcome_bytes",
    )

    def __init__(self, transport: asyncio.Transport, actor: Actor, secret: str, since: int) -> None:
        self.transport = transport
        self.actor = actor
        self.secret = secret
        self.since = since
        self.joined = False
        self.welcome_bytes = 0
        self.closing = False
        self.view: tuple[str, str | None] = (actor.role, actor.unit_id)


class LivePicture:
    """The node's live picture. `start()` on the loop, then it is an ASGI endpoint for WebSockets."""

    def __init__(  # noqa: PLR0917 - the composition root hands in what there is
        self,
        store: Store,
        gate: Gate,
        doorkeeper: Doorkeeper,
        clock: Clock,
        kinds: list[LiveKind],
        epoch: Callable[[], str],
    ) -> None:
        """`epoch()`: names this store's history; a screen that held rows of another one starts anew."""
        self._store = store
        self._gate = gate
        self._doorkeeper = doorkeeper
        self._clock = clock
        self._kinds = kinds
        self._epoch = epoch
        self._screens: set[_Screen] = set()
        self._newcomers: list[_Screen] = []
        self._head = 0
        self._wake = asyncio.Event()
        self._woken = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def screens(self) -> int:
        """How many screens are open on this node."""
        return len(self._screens)

    # -- life ------------------------------------------------------------------------

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            self._loop.create_task(self._pump()),
            self._loop.create_task(self._tick()),
            self._loop.create_task(self._check_sessions()),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for screen in list(self._screens) + self._newcomers:
            self._cut(screen, 1012, "stopping")

    def committed(self, _head: int) -> None:
        """Called on the writer's thread after each commit; costs the loop one wake-up per round."""
        loop = self._loop
        if loop is not None and not self._woken and not loop.is_closed():
            self._woken = True
            loop.call_soon_threadsafe(self._wake.set)

    # -- one screen ------------------------------------------------------------------

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = Headers.from_scope(scope)
        await receive()  # websocket.connect
        try:
            secret, by_cookie = secret_of(headers, _cookies(headers))
            if by_cookie:
                check_origin(headers)
            actor, _session = await self._doorkeeper.whose(secret)
            if len(self._screens) + len(self._newcomers) >= SCREENS_MAX:
                raise Busy("screens-full", limit=SCREENS_MAX)
        except LanbiError as error:
            await _refuse(send, error)
            return
        await send({"type": "websocket.accept"})
        transport = transport_of(scope)
        transport.set_write_buffer_limits(high=SCREEN_BUFFER_BYTES_MAX)
        leave_farewell(scope, _bye(actor, "stopping"))
        screen = _Screen(transport, actor, secret, self._since(scope))
        self._newcomers.append(screen)
        self._wake.set()
        try:
            while True:
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    return
                # A screen has nothing to say here: commands go by HTTP, once each.
        finally:
            screen.closing = True
            self._screens.discard(screen)
            if screen in self._newcomers:
                self._newcomers.remove(screen)
            SCREENS.set(len(self._screens))

    def _since(self, scope: Any) -> int:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        since = query.get("since", ["0"])[0]
        epoch = query.get("epoch", [""])[0]
        if not since.isascii() or not since.isdigit() or len(since) > 18 or epoch != self._epoch():
            return 0
        return int(since)

    # -- the pump --------------------------------------------------------------------

    async def _pump(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._woken = False
            try:
                await self._round()
            except LanbiError as error:
                log.warning("live round put off: %s", error)
                await self._again_soon()
            except Exception:
                log.exception("live round failed")
                await self._again_soon()
            await asyncio.sleep(ROUND_GAP_S)

    async def _again_soon(self) -> None:
        await asyncio.sleep(FAULT_PAUSE_S)
        self._wake.set()

    async def _round(self) -> None:
        newcomers, self._newcomers = self._newcomers, []
        newcomers = [screen for screen in newcomers if not screen.closing]
        if not newcomers and not self._screens:
            return
        since = self._head
        starts = {screen.since for screen in newcomers}
        served = bool(self._screens)

        def read(reader: Reader) -> tuple[int, dict[int, dict[str, list[Any]]]]:
            head = reader.head
            wanted = {start if head - RESUME_ENTRIES_MAX <= start <= head else 0 for start in starts} | (
                {since} if served else set()
            )
            return head, {
                start: {kind.kind: kind.changed(reader, start) for kind in self._kinds}
                for start in wanted
                if start < head or start == 0
            }

        try:
            head, changes = await self._store.read(read)
        except BaseException:
            self._newcomers = newcomers + self._newcomers
            raise
        now = rfc3339(self._clock.now())
        encoded: dict[tuple[str, str, int, int], bytes] = {}
        if served and since < head and since in changes:
            by_view: dict[tuple[str, str | None], list[bytes]] = {}
            for screen in list(self._screens):
                frames = by_view.get(screen.view)
                if frames is None:
                    frames = by_view[screen.view] = self._frames(
                        changes[since], screen.actor, (since, head), now, encoded
                    )
                self._write(screen, frames)
        self._head = head
        welcomes: dict[tuple[tuple[str, str | None], int], list[bytes]] = {}
        for screen in newcomers:
            if screen.closing:
                continue
            resumed = 0 < screen.since <= head and (screen.since in changes or screen.since == head)
            start = screen.since if resumed else 0
            key = (screen.view, start)
            frames = welcomes.get(key)
            if frames is None:
                hello = {
                    "t": "hello",
                    "seq": head,
                    "now": now,
                    "resumed": resumed,
                    "epoch": self._epoch(),
                    "kinds": [kind.kind for kind in self._seen_kinds(screen.actor)],
                }
                frames = welcomes[key] = [
                    text_frame(_encoder.encode(hello)),
                    *self._frames(changes.get(start, {}), screen.actor, (start, head), now, encoded),
                ]
            screen.joined = True
            self._screens.add(screen)
            self._write(screen, frames)
            screen.welcome_bytes = sum(map(len, frames))
        SCREENS.set(len(self._screens))

    def _seen_kinds(self, actor: Actor) -> list[LiveKind]:
        return [kind for kind in self._kinds if self._gate.allows(actor, kind.action)]

    def _frames(
        self,
        changes: dict[str, list[Any]],
        actor: Actor,
        span: tuple[int, int],
        now: str,
        encoded: dict[tuple[str, str, int, int], bytes],
    ) -> list[bytes]:
        """The frames that carry `changes` to this actor's view; none where it sees none of them.

        `span`: after which entry the changes begin, and the head they lead to. Only the last
        frame names the head: a screen that is cut off between two resumes where they began.
        """
        rows: list[bytes] = []
        for kind in self._seen_kinds(actor):
            for row_id, version, row in changes.get(kind.kind, ()):
                seen = None if row is None else kind.seen_by(row, actor)
                # Views that see the very same object share its encoding.
                key = (kind.kind, row_id, version, 0 if seen is None else id(seen))
                raw = encoded.get(key) if seen is None or seen is row else None
                if raw is None:
                    raw = _encoder.encode(RowFrame(kind=kind.kind, id=row_id, version=version, row=seen))
                    if seen is None or seen is row:
                        encoded[key] = raw
                rows.append(raw)
        since, head = span
        parts = [rows[start : start + FRAME_ROWS_MAX] for start in range(0, len(rows), FRAME_ROWS_MAX)]
        return [
            text_frame(
                b'{"t":"rows","seq":%d,"now":"%s","rows":[%b]}'
                % (head if place == len(parts) else since, now.encode(), b",".join(part))
            )
            for place, part in enumerate(parts, start=1)
        ]

    def _write(self, screen: _Screen, frames: list[bytes]) -> None:
        if screen.closing or not frames:
            return
        transport = screen.transport
        if transport.is_closing():
            screen.closing = True
            self._screens.discard(screen)
            return
        # A whole picture may be larger than the bound: a screen on a thin link has the time to take it.
        waiting = transport.get_write_buffer_size()
        if waiting <= SCREEN_BUFFER_BYTES_MAX:
            screen.welcome_bytes = 0
        if waiting > SCREEN_BUFFER_BYTES_MAX + screen.welcome_bytes:
            self._cut(screen, 4408, "slow-reader")
            return
        transport.write(frames[0] if len(frames) == 1 else b"".join(frames))
        SENT.inc(len(frames))

    def _cut(self, screen: _Screen, code: int, reason: str) -> None:
        """Says why, closes, and drops what the screen does not take within a few seconds."""
        screen.closing = True
        self._screens.discard(screen)
        CUT.labels(reason).inc()
        transport = screen.transport
        if transport.is_closing():
            return
        transport.write(_bye(screen.actor, reason) + close_frame(code, reason))
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_later(SCREEN_CLOSE_S, transport.abort)

    # -- time ------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            frame = text_frame(
                _encoder.encode({"t": "tick", "seq": self._head, "now": rfc3339(self._clock.now())})
            )
            for screen in list(self._screens):
                self._write(screen, [frame])

    async def _check_sessions(self) -> None:
        while True:
            await asyncio.sleep(SESSIONS_CHECK_S)
            for secret in {screen.secret for screen in self._screens}:
                try:
                    actor, _session = await self._doorkeeper.whose(secret)
                except Busy:
                    continue
                except LanbiError:
                    actor = None
                for screen in [screen for screen in self._screens if screen.secret == secret]:
                    if actor is None or (actor.role, actor.unit_id) != screen.view:
                        self._cut(screen, 4401, "signed-out")


def _bye(actor: Actor, reason: str) -> bytes:
    """The frame that says why a screen is left, and what next."""
    message = f"live-{reason}"
    bye = {"t": "bye", "code": reason, "detail": say(actor.lang, message), "hint": hint(actor.lang, message)}
    return text_frame(_encoder.encode(bye))


def _cookies(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            found[name] = value
    return found


async def _refuse(send: Any, error: LanbiError) -> None:
    body = _encoder.encode({"code": error.code, "status": error.status})
    await send(
        {
            "type": "websocket.http.response.start",
            "status": error.status,
            "headers": [(b"content-type", b"application/problem+json")],
        }
    )
    await send({"type": "websocket.http.response.body", "body": body})
