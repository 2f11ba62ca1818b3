"""Starting on a store with history: until the node answers, until the first whole picture, and its memory."""

import asyncio
import time

from bench.commands import CLIENTS, notes, opened
from bench.context import Bench, Context, median
from bench.load import HOST, Screen, upgrade_bytes
from bench.processes import CannotRunError, Server, node, token, work
from bench.results import Goal, Row, row
from bench.worker import Job

INCIDENTS = 100_000
QUICK_INCIDENTS = 10_000
ROUNDS = 3
IDLE_S = 10.0
LOAD_S = 10.0
QUICK_LOAD_S = 3.0
PICTURE_TIMEOUT_S = 60.0
GOAL_START = Goal("value", "<=", 5)
GOAL_MEMORY = Goal("value", "<=", 200)


def picture_s(port: int, secret: str) -> tuple[float, int]:
    """Seconds from connecting to the last row of the first picture, and how many bytes it has.

    The picture is whole when a frame carries the sequence number that the node's
    greeting named and no further frame follows in the same read; a tick closes it.
    """

    async def look() -> tuple[float, int]:
        loop = asyncio.get_running_loop()
        whole: asyncio.Future[None] = loop.create_future()
        last = [0.0, 0.0]

        def seen(_screen: Screen, _opcode: int, payload: bytes, now_ns: int) -> None:
            if payload.startswith(b'{"t":"tick"'):
                if not whole.done():
                    whole.set_result(None)
            else:
                last[0], last[1] = now_ns / 1e9, last[1] + len(payload)

        start = time.perf_counter()
        raw = upgrade_bytes("/api/v1/live", port, secret)
        transport, _ = await loop.create_connection(lambda: Screen(0, raw, seen), HOST, port)
        try:
            async with asyncio.timeout(PICTURE_TIMEOUT_S):
                await whole
        finally:
            transport.close()
        return last[0] - start, int(last[1])

    return asyncio.run(look())


def run(context: Context) -> list[Row]:
    """Three starts; memory after the last, idle and under load."""
    incidents = QUICK_INCIDENTS if context.quick else INCIDENTS
    data = context.stores.of(incidents, "start")
    secret = token(data, "dispatcher")
    ready: list[float] = []
    picture: list[float] = []
    size = 0
    memory: dict[str, float] = {}

    def measure(server: Server, turn: int) -> None:
        nonlocal size
        ready.append(server.ready_s)
        took, size = picture_s(server.port, secret)
        picture.append(took)
        if turn < ROUNDS - 1:
            return
        context.say("start: idle for ten seconds")
        time.sleep(IDLE_S)
        memory["idle"] = server.rss_mb()
        context.say("start: memory under load")
        result = work(
            Job(
                mode="http",
                port=server.port,
                pid=server.pid,
                token=secret,
                name="load",
                connections=CLIENTS,
                seconds=QUICK_LOAD_S if context.quick else LOAD_S,
                requests=notes(opened(server, secret, 20), "/api/v1"),
            )
        )
        memory["load"] = server.rss_mb()
        if not result["good"]:
            raise CannotRunError("the load was refused")

    for turn in range(ROUNDS):
        context.say(f"start: {incidents:,} incidents, round {turn + 1} of {ROUNDS}")
        with node(data) as server:
            measure(server, turn)
        context.step(turn + 1, ROUNDS)
    whole = [a + b for a, b in zip(ready, picture, strict=True)]
    at = f"{incidents:,} incidents"
    judged = not context.quick
    return [
        row(f"start: {at}, to the first answer", median(ready), "s", goal=GOAL_START if judged else None),
        row(
            f"start: {at}, to the first whole picture",
            median(whole),
            "s",
            note=f"{size:,} bytes, in {median(picture) * 1000:.0f} ms from connecting",
        ),
        row("memory: idle", memory["idle"], "MB", goal=GOAL_MEMORY),
        row("memory: after load with 64 clients", memory["load"], "MB"),
    ]


BENCH = Bench("start", "start and memory on a store with 100,000 incidents", run)
