"""The load's own process: reads a job as JSON on standard input, writes what it measured on standard output.

`python -m bench.worker < job.json`. It looks at the server only from outside: the
CPU time that the kernel booked for its process, and the bytes it sends.
"""

import asyncio
import contextlib
import itertools
import re
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter, perf_counter_ns
from typing import Any

import msgspec
import psutil

from bench.load import (
    HOST,
    KEPT_ERROR_BYTES_MAX,
    Run,
    Screen,
    Sender,
    close_code,
    raise_file_limit,
    request_bytes,
    spread_ms,
    upgrade_bytes,
)

KEY = "k" * 20
CONNECT_AT_ONCE = 50
OPEN_TIMEOUT_S = 30.0
SETTLE_S = 5.0
SLOW_RECEIVE_BYTES = 65_536
METRICS_EVERY_S = 0.5
REQUESTS_MAX = 5_000_000
BIG_FRAME_BYTES = 4_096

MARK = re.compile(rb'"title": ?"bench (\d{7})"')
SEQ = re.compile(rb'"seq": ?(\d+)')


class Job(msgspec.Struct, kw_only=True):
    """What the worker is to do. `requests`: (method, path, body as text), sent in turn."""

    mode: str
    port: int
    pid: int
    token: str | None = None
    name: str = "run"
    connections: int = 1
    seconds: float = 1.0
    count_max: int = REQUESTS_MAX
    requests: list[tuple[str, str, str]] = []
    units: list[str] = []
    batch: int = 100
    since_us: int = 0
    screens: int = 0
    path: str = ""
    batch_path: str = ""
    targets: list[str] = []
    change_path: str = ""
    rate_per_s: float = 10.0
    changes: int = 0
    hello: bool = True
    first: int = 0
    calm_s: float = 3.0
    cut_metric: str = ""
    metrics_path: str = ""
    metrics_token: str | None = None


def cpu_s(pid: int) -> float:
    """CPU seconds, user and system, that the process has used so far."""
    used = psutil.Process(pid).cpu_times()
    return used.user + used.system


def keyed(job: Job) -> Callable[[int], bytes]:
    """Makes the n-th request of a list that is gone through in turn; commands get a key of their own."""
    made: list[tuple[bytes, bytes]] = []
    for method, path, body in job.requests:
        key = None if method == "GET" else KEY
        raw = request_bytes(method, path, job.port, token=job.token, body=body.encode(), key=key)
        before, _, after = raw.partition(KEY.encode())
        made.append((before, after))
    name, count = job.name.encode(), len(made)

    def make(n: int) -> bytes:
        before, after = made[n % count]
        return before + (b"%b-%d" % (name, n) if after else b"") + after

    return make


def positions(job: Job) -> Callable[[int], bytes]:
    """Makes the n-th batch: the next units in turn, each a millisecond after the one before it."""
    groups: list[bytes] = []
    for start in range(0, len(job.units), job.batch):
        rows = [
            b'{"unit_id":"%b","at":"%%b","lat":%.6f,"lon":%.6f,"accuracy_m":8.0,"speed_mps":11.2,'
            b'"course_deg":271.0}' % (unit.encode(), 18.51 + place * 1e-4, -72.35 + place * 1e-4)
            for place, unit in enumerate(job.units[start : start + job.batch])
        ]
        groups.append(b'{"positions":[' + b",".join(rows) + b"]}")
    sizes = [len(group % ((b"2026-01-01T00:00:00.000000Z",) * group.count(b"%b"))) for group in groups]
    heads = [
        request_bytes("POST", job.batch_path, job.port, token=job.token, body=b"x" * size)[:-size]
        for size in sizes
    ]
    counts = [group.count(b"%b") for group in groups]
    seconds: dict[int, bytes] = {}

    def make(n: int) -> bytes:
        which = n % len(groups)
        first = job.since_us + n * job.batch * 1_000
        times: list[bytes] = []
        for micros in range(first, first + counts[which] * 1_000, 1_000):
            second, rest = divmod(micros, 1_000_000)
            text = seconds.get(second)
            if text is None:
                text = seconds[second] = (
                    datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
                )
            times.append(b"%b.%06dZ" % (text, rest))
        return heads[which] + groups[which] % tuple(times)

    return make


async def run_http(job: Job) -> dict[str, Any]:
    """A closed loop of commands or batches."""
    make = positions(job) if job.mode == "positions" else keyed(job)
    run = Run(make, seconds=job.seconds, count_max=job.count_max)
    before = cpu_s(job.pid)
    result = await run.run(job.port, job.connections)
    used = cpu_s(job.pid) - before
    return {**result, "cpu_s": used, "cpu_us_per_request": used * 1e6 / max(1, result["requests"])}


class Wall:
    """Many screens, and which of them saw which change when."""

    def __init__(self, job: Job, changes: int) -> None:
        self.job = job
        self.received_ns: list[list[int]] = [[] for _ in range(changes)]
        self.seen = [bytearray(changes) for _ in range(job.screens)]
        self.ready = 0
        self.unordered = 0
        self.byes: dict[int, str] = {}
        self.closes: dict[int, tuple[int, str]] = {}
        self.screens: list[Screen] = []
        self.frames = 0
        self._known: dict[bytes, tuple[int, tuple[int, ...]]] = {}

    def frame(self, screen: Screen, opcode: int, payload: bytes, now_ns: int) -> None:
        if opcode == 8:
            self.closes[screen.index] = close_code(payload)
            return
        self.frames += 1
        # Every screen gets the same bytes, read once; a long frame is known by its head and length.
        key = payload if len(payload) < BIG_FRAME_BYTES else payload[:120] + b"%d" % len(payload)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > 2_000:
                self._known.clear()
            found = SEQ.search(payload, 0, 200)
            marks = tuple(int(one) - self.job.first for one in MARK.findall(payload))
            known = self._known[key] = (int(found[1]) if found else 0, marks)
        seq, marks = known
        if payload.startswith(b'{"t":"hello"'):
            self.ready += 1
        elif payload.startswith(b'{"t":"bye"'):
            self.byes[screen.index] = payload.decode("utf-8", "replace")
        if seq:
            if seq < screen.last_seq:
                self.unordered += 1
            screen.last_seq = seq
        for change in marks:
            # Below 0: what an earlier run left in the first picture.
            if 0 <= change < len(self.received_ns):
                self.received_ns[change].append(now_ns)
                self.seen[screen.index][change] = 1

    async def open(self) -> None:
        """Connects all, a few at a time, and waits until each has its first picture."""
        loop = asyncio.get_running_loop()
        raw = upgrade_bytes(self.job.path, self.job.port, self.job.token)
        for start in range(0, self.job.screens, CONNECT_AT_ONCE):
            wave = []
            for index in range(start, min(start + CONNECT_AT_ONCE, self.job.screens)):
                plug = socket.socket()
                if index == 0 and self.job.mode == "slow":
                    plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLOW_RECEIVE_BYTES)
                plug.setblocking(False)
                await loop.sock_connect(plug, (HOST, self.job.port))
                _, screen = await loop.create_connection(
                    lambda i=index: Screen(i, raw, self.frame), sock=plug
                )
                wave.append(screen)
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                await asyncio.gather(*(screen.opened for screen in wave))
            self.screens += wave
        async with asyncio.timeout(OPEN_TIMEOUT_S):
            while self.job.hello and self.ready < self.job.screens:  # noqa: ASYNC110 - frames count, not one event
                await asyncio.sleep(0.02)

    def gone(self) -> list[int]:
        """Which screens the server has let go of, with or without a word."""
        return [screen.index for screen in self.screens if screen.closed.done()]

    def close(self) -> None:
        for screen in self.screens:
            if screen.transport is not None:
                screen.transport.abort()


class Changes:
    """Commands sent on a beat, whether or not the one before was answered."""

    def __init__(self, job: Job, raw: Callable[[int], bytes]) -> None:
        self._job = job
        self._raw = raw
        self._idle: list[Sender] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.sent_ns: list[int] = []
        self.answered_ns: dict[int, int] = {}
        self.first_error = ""

    async def _send(self, n: int) -> None:
        sender = self._idle.pop() if self._idle else await Sender.connect(self._job.port)
        self.sent_ns[n] = perf_counter_ns()
        status, body = await sender.ask(self._raw(n))
        self.answered_ns[n] = perf_counter_ns()
        self._idle.append(sender)
        if not 200 <= status < 300 and not self.first_error:
            self.first_error = f"{status} {body[:KEPT_ERROR_BYTES_MAX]!r}"

    async def connect(self, spare: int = 4) -> None:
        self._idle = [await Sender.connect(self._job.port) for _ in range(spare)]

    async def beat(self, until: Callable[[int], bool]) -> int:
        """Sends change after change while `until(n)` is false; returns how many were sent in all."""
        loop = asyncio.get_running_loop()
        start, first = loop.time(), len(self.sent_ns)
        for beat in itertools.count():
            n = first + beat
            if until(n):
                break
            wait = start + beat / self._job.rate_per_s - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            self.sent_ns.append(0)
            task = loop.create_task(self._send(n))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._tasks:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                await asyncio.gather(*self._tasks)
        return len(self.sent_ns)

    def close(self) -> None:
        for sender in self._idle:
            sender.close()


def titles(job: Job) -> Callable[[int], bytes]:
    """Makes the n-th change: a new title of one incident after another, which carries the change's number."""

    def raw(n: int) -> bytes:
        target = job.targets[n % len(job.targets)]
        body = msgspec.json.encode({"title": f"bench {job.first + n:07d}"})
        path = job.change_path.replace("{id}", target)
        return request_bytes("POST", path, job.port, token=job.token, body=body, key=f"{job.name}-{n}")

    return raw


async def run_live(job: Job) -> dict[str, Any]:
    """Screens that listen while changes are committed on a beat."""
    wall = Wall(job, job.changes)
    changes = Changes(job, titles(job))
    try:
        opening = perf_counter()
        await wall.open()
        opened_s = perf_counter() - opening
        await changes.connect()
        before = cpu_s(job.pid)
        frames_before = wall.frames
        began = perf_counter()
        await changes.beat(lambda n: n >= job.changes)
        expected = job.changes * job.screens
        settled = perf_counter() + SETTLE_S
        while perf_counter() < settled and sum(map(len, wall.received_ns)) < expected:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        took = perf_counter() - began
        used = cpu_s(job.pid) - before
        gone = wall.gone()
    finally:
        wall.close()
        changes.close()
    warm = min(int(job.rate_per_s), job.changes // 4)
    from_sent = [at - changes.sent_ns[n] for n in range(warm, job.changes) for at in wall.received_ns[n]]
    from_answer = [
        max(0, at - changes.answered_ns[n])
        for n in range(warm, job.changes)
        if n in changes.answered_ns
        for at in wall.received_ns[n]
    ]
    frames = wall.frames - frames_before
    return {
        "expected": expected,
        "lost": sum(seen.count(0) for seen in wall.seen),
        "unordered": wall.unordered,
        "behind": len({screen.last_seq for screen in wall.screens}) - 1,
        "closed": len(gone),
        "opened_s": opened_s,
        "frames": frames,
        "cpu_s": used,
        "cpu_share": used / took,
        "cpu_us_per_frame": used * 1e6 / max(1, frames),
        "first_error": changes.first_error,
        "sent": spread_ms(from_sent),
        "answered": spread_ms(from_answer),
    }


async def run_slow(job: Job) -> dict[str, Any]:
    """One screen of many stops reading. Batches of positions are the ballast; titles are what is counted."""
    wall = Wall(job, int((job.calm_s + job.seconds + 2) * job.rate_per_s))
    changes, ballast = Changes(job, titles(job)), Changes(job, positions(job))
    cut: dict[str, float] = {}
    metric = re.compile(re.escape(job.cut_metric).encode() + rb" ([0-9.e+]+)")

    async def watch(start: float) -> None:
        sender = await Sender.connect(job.port)
        ask = request_bytes("GET", job.metrics_path, job.port, token=job.metrics_token)
        try:
            while "s" not in cut:
                _, body = await sender.ask(ask)
                found = metric.search(body)
                if found is not None and float(found[1]) > 0:
                    cut["s"] = perf_counter() - start
                    return
                await asyncio.sleep(METRICS_EVERY_S)
        finally:
            sender.close()

    try:
        await wall.open()
        await changes.connect()
        await ballast.connect()
        quiet = int(job.calm_s * job.rate_per_s)
        calm, _ = await asyncio.gather(changes.beat(lambda n: n >= quiet), ballast.beat(lambda n: n >= quiet))
        slow = wall.screens[0]
        if slow.transport is not None:
            slow.transport.pause_reading()
        start = perf_counter()
        watching = asyncio.create_task(watch(start))

        def over(_n: int) -> bool:
            return "s" in cut or perf_counter() - start > job.seconds

        total, _ = await asyncio.gather(changes.beat(over), ballast.beat(over))
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        if slow.transport is not None and not slow.transport.is_closing():
            slow.transport.resume_reading()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                await slow.closed
        settled = perf_counter() + SETTLE_S
        while perf_counter() < settled and not all(all(seen[:total]) for seen in wall.seen[1:]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        gone = [index for index in wall.gone() if index]
    finally:
        wall.close()
        changes.close()
        ballast.close()

    def share(first: int, end: int) -> float:
        wanted = (end - first) * (job.screens - 1)
        return sum(sum(seen[first:end]) for seen in wall.seen[1:]) / max(1, wanted)

    def spread(first: int, end: int) -> dict[str, float]:
        return spread_ms([at - changes.sent_ns[n] for n in range(first, end) for at in wall.received_ns[n]])

    return {
        "calm_share": share(0, calm),
        "slow_share": share(calm, total),
        "changes": total,
        "calm": spread(int(job.rate_per_s) // 2, calm),
        "slow": spread(calm, total),
        "cut_after_s": cut.get("s"),
        "bye": wall.byes.get(0, ""),
        "close": list(wall.closes.get(0, (0, ""))),
        "others_closed": len(gone),
        "missed": {
            str(n): missing
            for n in range(total)
            if (missing := sum(1 for seen in wall.seen[1:] if not seen[n]))
        },
        "first_error": changes.first_error or ballast.first_error,
    }


MODES = {"http": run_http, "positions": run_http, "live": run_live, "slow": run_slow}


def main() -> int:
    """Runs the job; what goes wrong is said in one line on the error stream."""
    raise_file_limit()
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    try:
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            result = runner.run(MODES[job.mode](job))
    except (OSError, TimeoutError, psutil.Error) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
