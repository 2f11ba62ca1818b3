"""The load generator: raw protocols, bytes built beforehand, bounded in count and time, loopback only.

It runs in a process of its own (`bench.worker`), so that the server's figures are
the server's. It parses no more of an answer than it must: HTTP status and length,
WebSocket frame length and the marks that tell whether a change was lost.
"""

import asyncio
import base64
import os
import re
import socket
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from time import perf_counter, perf_counter_ns
from typing import Any

import msgspec

HOST = "127.0.0.1"
ANSWER_TIMEOUT_S = 60.0
KEPT_ERROR_BYTES_MAX = 600

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie (nearest rank); 0 for none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def spread_ms(nanoseconds: Sequence[int]) -> dict[str, float]:
    """Count, median, p99 and maximum in milliseconds."""
    ordered = sorted(nanoseconds)
    return {
        "count": len(ordered),
        "p50_ms": quantile(ordered, 0.5) / 1e6,
        "p99_ms": quantile(ordered, 0.99) / 1e6,
        "max_ms": (ordered[-1] if ordered else 0) / 1e6,
    }


def request_bytes(
    method: str, path: str, port: int, *, token: str | None = None, body: bytes = b"", key: str | None = None
) -> bytes:
    """One HTTP/1.1 request, whole."""
    lines = [f"{method} {path} HTTP/1.1", f"host: {HOST}:{port}"]
    if token is not None:
        lines.append(f"authorization: Bearer {token}")
    if key is not None:
        lines.append(f"idempotency-key: {key}")
    if method != "GET":
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answer_in(buffer: bytes | bytearray) -> tuple[int, int, int] | None:
    """(status, where the body starts, where it ends) of the answer at the start, once it is whole."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    status = int(buffer[9:12])
    found = _LENGTH.search(buffer, 0, end + 2)
    if found is None and status not in (204, 304):
        raise ConnectionError("an answer without a length")
    stop = end + 4 + (int(found[1]) if found and status not in (204, 304) else 0)
    return (status, end + 4, stop) if len(buffer) >= stop else None


class Asker:
    """One connection, one question at a time, for actions that follow from one another."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._port = port
        self._token = token
        self._socket: socket.socket | None = None
        self._keys = 0
        self._name = os.urandom(6).hex()

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes, int]:
        """(status, body, nanoseconds from the first byte sent to the last received)."""
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self._port), timeout=ANSWER_TIMEOUT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._keys += 1
        content = b"" if body is None else msgspec.json.encode(body)
        key = None if method == "GET" else f"{self._name}-{self._keys}"
        raw = request_bytes(method, path, self._port, token=self._token, body=content, key=key)
        start = perf_counter_ns()
        self._socket.sendall(raw)
        buffer = bytearray()
        while True:
            data = self._socket.recv(1 << 18)
            if not data:
                self.close()
                raise ConnectionError(f"{method} {path}: the server hung up")
            buffer += data
            whole = answer_in(buffer)
            if whole is not None:
                took = perf_counter_ns() - start
                return whole[0], bytes(buffer[whole[1] : whole[2]]), took

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON; an answer that is no success is an error."""
        return self.timed(method, path, body)[0]

    def timed(self, method: str, path: str, body: Any = None) -> tuple[Any, int]:
        """(the answer's JSON, nanoseconds); an answer that is no success is an error."""
        status, content, took = self.ask(method, path, body)
        if not 200 <= status < 300:
            raise ConnectionError(f"{method} {path}: {status} {content[:KEPT_ERROR_BYTES_MAX]!r}")
        return (msgspec.json.decode(content) if content else None), took


# -- many connections, each asking again as soon as it is answered -----------------------


class Run:
    """A closed loop: `connections` clients, until `seconds` or `count_max` requests are over."""

    def __init__(self, make: Callable[[int], bytes], *, seconds: float, count_max: int) -> None:
        """`make(n)`: the bytes of the n-th request, from 0."""
        self._make = make
        self._seconds = seconds
        self._count_max = count_max
        self._deadline = 0.0
        self._taken = 0
        self.latencies_ns: list[int] = []
        self.statuses: Counter[int] = Counter()
        self.first_error = ""
        self.failure: Exception | None = None
        self.open = 0
        self.over = asyncio.Event()

    def take(self) -> bytes | None:
        """The next request, None when it is over."""
        if self._taken >= self._count_max or perf_counter() >= self._deadline:
            return None
        self._taken += 1
        return self._make(self._taken - 1)

    def answered(self, status: int, body: bytes, took_ns: int) -> None:
        self.latencies_ns.append(took_ns)
        self.statuses[status] += 1
        if not 200 <= status < 300 and not self.first_error:
            self.first_error = f"{status} {body[:KEPT_ERROR_BYTES_MAX]!r}"

    def lost(self, error: Exception | None) -> None:
        """A connection is done; with an error, the run is worth nothing."""
        self.failure = self.failure or error
        self.open -= 1
        if self.open == 0:
            self.over.set()

    async def run(self, port: int, connections: int) -> dict[str, Any]:
        """Runs, and says requests a second, latencies and statuses."""
        loop = asyncio.get_running_loop()
        clients: list[_Client] = []
        for _ in range(connections):
            _, client = await loop.create_connection(lambda: _Client(self), HOST, port)
            clients.append(client)
        self.open = len(clients)
        start = perf_counter()
        self._deadline = start + self._seconds
        for client in clients:
            client.go()
        async with asyncio.timeout(self._seconds + ANSWER_TIMEOUT_S):
            await self.over.wait()
        took = perf_counter() - start
        if self.failure is not None:
            raise self.failure
        good = sum(count for status, count in self.statuses.items() if 200 <= status < 300)
        return {
            "requests": len(self.latencies_ns),
            "good": good,
            "seconds": took,
            "per_s": good / took,
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "first_error": self.first_error,
            **spread_ms(self.latencies_ns),
        }


class _Client(asyncio.Protocol):
    def __init__(self, run: Run) -> None:
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._sent = 0
        self._done = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def go(self) -> None:
        request = self._run.take()
        transport = self._transport
        if transport is None:
            return
        if request is None:
            self._done = True
            transport.close()
            self._run.lost(None)
            return
        self._sent = perf_counter_ns()
        transport.write(request)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        whole = answer_in(buffer)
        if whole is None:
            self._buffer = buffer
            return
        status, start, stop = whole
        self._buffer = b""
        self._run.answered(
            status, buffer[start:stop] if status >= 300 else b"", perf_counter_ns() - self._sent
        )
        self.go()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done:
            self._done = True
            self._run.lost(exc or ConnectionError("the server hung up"))


class Sender(asyncio.Protocol):
    """One connection that sends what it is told and gives back the answer; one question at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def connect(cls, port: int) -> "Sender":
        _, sender = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        return sender

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    async def ask(self, raw: bytes) -> tuple[int, bytes]:
        """(status, body) of the answer."""
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the server hung up")
        self._transport.write(raw)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        whole = answer_in(self._buffer)
        if whole is not None and self._answer is not None and not self._answer.done():
            body, self._buffer = self._buffer[whole[1] : whole[2]], b""
            self._answer.set_result((whole[0], body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


# -- screens -----------------------------------------------------------------------------

FrameSeen = Callable[["Screen", int, bytes, int], None]
"""(screen, opcode, payload, nanoseconds of the receipt)."""


class Screen(asyncio.Protocol):
    """One WebSocket that only listens (RFC 6455); a server's frames carry no mask."""

    __slots__ = ("_buffer", "_request", "_seen", "closed", "index", "last_seq", "opened", "transport")

    def __init__(self, index: int, request: bytes, seen: FrameSeen) -> None:
        self.index = index
        self._request = request
        self._seen = seen
        self._buffer = b""
        self.transport: asyncio.Transport | None = None
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.last_seq = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = perf_counter_ns()
        buffer = self._buffer + data if self._buffer else data
        place = 0
        if not self.opened.done():
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = buffer
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(buffer[:KEPT_ERROR_BYTES_MAX].decode("latin-1")))
                return
            self.opened.set_result(None)
            place = end + 4
        size = len(buffer)
        while size - place >= 2:
            length, start = buffer[place + 1], place + 2
            if length == 126:
                if size - place < 4:
                    break
                length, start = int.from_bytes(buffer[place + 2 : place + 4], "big"), place + 4
            elif length == 127:
                if size - place < 10:
                    break
                length, start = int.from_bytes(buffer[place + 2 : place + 10], "big"), place + 10
            if size < start + length:
                break
            self._seen(self, buffer[place] & 0x0F, buffer[start : start + length], now)
            place = start + length
        self._buffer = buffer[place:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("the server hung up"))
        if not self.closed.done():
            self.closed.set_result(None)


def upgrade_bytes(path: str, port: int, token: str | None = None) -> bytes:
    """The opening handshake of a WebSocket."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"host: {HOST}:{port}",
        "upgrade: websocket",
        "connection: Upgrade",
        "sec-websocket-version: 13",
        f"sec-websocket-key: {base64.b64encode(os.urandom(16)).decode()}",
    ]
    if token is not None:
        lines.append(f"authorization: Bearer {token}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def close_code(payload: bytes) -> tuple[int, str]:
    """(code, reason) of a close frame."""
    if len(payload) < 2:
        return 1005, ""
    return struct.unpack("!H", payload[:2])[0], payload[2:].decode("utf-8", "replace")


def raise_file_limit() -> None:
    """A thousand sockets need more than the usual soft limit."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
