"""The network around a seizure and the boards, over HTTP, where 100,000 firearms and a million edges stand.

The baseline for the neighbourhood is what one would write first: a recursive query three edges deep over the
same table in the same file, cut at as many nodes; it knows no hubs. The baseline for the boards is the same
page without its index (`ORDER BY +number`), as it would be read by a table that was not made for it.
"""

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench.context import Bench, Context, median
from bench.load import Asker, quantile
from bench.processes import node, token
from bench.results import Goal, Row, row
from bench.tracing_store import Laid, lay

FIREARMS = 250_000
QUICK_FIREARMS = 10_000
SEED = 2_029
QUESTIONS = 400
QUICK_QUESTIONS = 100
BASELINE_SAMPLE = 20
ROUNDS = 3
NODES = 60
RECURSIVE = """
WITH RECURSIVE near(id, depth) AS (
 SELECT ?, 0 UNION SELECT e.b, n.depth + 1 FROM near n JOIN tracing_edge e ON e.a = n.id WHERE n.depth < 3
) SELECT id FROM near LIMIT ?
"""
UNINDEXED = "SELECT * FROM tracing_firearm ORDER BY +number DESC LIMIT 50"
GOAL_NEAR = Goal("value", "<=", 50)
GOAL_BOARD = Goal("value", "<=", 300)
BOARDS = (
    ("firearms", "/api/v1/tracing/board?limit=50"),
    ("firearms, by state and make", "/api/v1/tracing/board?limit=50&state=sent&make=GLOCK"),
    ("recoveries", "/api/v1/tracing/recoveries?limit=50"),
    ("recoveries of a country", "/api/v1/tracing/recoveries?limit=50&country=HT"),
)


def _made(context: Context) -> tuple[Path, Laid]:
    folder = context.fresh("tracing")
    token(folder, "auditor")  # makes the store
    count = QUICK_FIREARMS if context.quick else FIREARMS
    context.say(f"tracing: laying down {count:,} firearms")
    return folder, lay(folder / "lanbi.sqlite", count, SEED, context.step)


def _times(asker: Asker, paths: list[str]) -> list[float]:
    """Milliseconds of each answer."""
    found = []
    for path in paths:
        begun = time.perf_counter()
        status, body, _ = asker.ask("GET", path)
        found.append((time.perf_counter() - begun) * 1000)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {body[:300].decode()}")
    return sorted(found)


def _timed(work: Callable[[], object], count: int) -> list[float]:
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def run(context: Context) -> list[Row]:
    """p99 of the workspace, p95 of each board."""
    folder, laid = _made(context)
    rng = random.Random(SEED + 1)
    count = QUICK_QUESTIONS if context.quick else QUESTIONS
    rows = []
    secret = token(folder, "analyst")
    with (
        node(folder) as server,
        Asker(server.port, secret) as asker,
        closing(sqlite3.connect(folder / "lanbi.sqlite")) as plain,
    ):
        near: list[float] = []
        base: list[float] = []
        for turn in range(ROUNDS):
            roots = rng.sample(laid.recoveries, min(count, len(laid.recoveries)))
            paths = [f"/api/v1/tracing/workspace?root={root}" for root in roots]
            near.append(quantile(_times(asker, paths), 0.99))
            base.append(
                quantile(
                    sorted(
                        _timed(lambda root=root: plain.execute(RECURSIVE, (root, NODES)).fetchall(), 1)[0]
                        for root in roots[:BASELINE_SAMPLE]
                    ),
                    0.99,
                )
            )
            context.step(turn + 1, ROUNDS)
        rows.append(
            row(
                f"tracing: network around a seizure, {laid.edges:,} edges, p99 over HTTP",
                median(near), "ms", goal=GOAL_NEAR, baseline="recursive SQL, three deep, same file",
                baseline_value=median(base), ratio=median([b / a for a, b in zip(near, base, strict=True)]),
                rounds=near, note=f"{laid.firearms:,} firearms; up to {NODES} nodes with edges, times, legs",
            )
        )  # fmt: skip
        unindexed = [median(_timed(lambda: plain.execute(UNINDEXED).fetchall(), 5)) for _ in range(ROUNDS)]
        for name, path in BOARDS:
            ours = [quantile(_times(asker, [path] * (count // 4)), 0.95) for _ in range(ROUNDS)]
            rows.append(
                row(
                    f"tracing: board of {name}, p95 over HTTP", median(ours), "ms", goal=GOAL_BOARD,
                    baseline="the same page without its index, SQL alone", baseline_value=median(unindexed),
                    ratio=median([b / a for a, b in zip(ours, unindexed, strict=True)]), rounds=ours,
                    note=f"{laid.firearms:,} firearms",
                )
            )  # fmt: skip
    return rows


BENCH = Bench("tracing_boards", "networks around seizures and boards at 250,000 firearms", run)
