"""Positions in batches of 100 over HTTP, each batch on the disk before it is answered; counted afterwards."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.commands import BASELINE
from bench.context import Bench, Context, median
from bench.processes import CannotRunError, Server, lanbi, node, peer, token, work
from bench.results import Goal, Row, row
from bench.slow_reader import commission
from bench.worker import Job

BATCH = 100
UNITS = 500
CONNECTIONS = 32
ROUNDS = 3
ROUND_S = 10.0
QUICK_ROUND_S = 3.0
WARM_S = 1.0
AGO_US = 6 * 3_600_000_000
GOAL_RATE = Goal("value", ">=", 20_000)


def count(path: Path, sql: str) -> int:
    """One number from a store."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchone()[0]


def run(context: Context) -> list[Row]:
    """Positions a second, latency of a batch, and the server's CPU per position."""
    data, folder = context.fresh("positions"), context.fresh("positions-peer")
    secret, commander = token(data, "dispatcher"), token(data, "commander")
    seconds = QUICK_ROUND_S if context.quick else ROUND_S
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    sent = rival_sent = 0
    with node(data) as server, peer("fastapi_sqlalchemy", folder) as rival:
        units = commission(server.port, commander, UNITS)
        since = time.time_ns() // 1000 - AGO_US

        def go(which: Server, length: float, turn: int) -> dict[str, Any]:
            # A quarter of an hour of positions is more than any round can send.
            return work(
                Job(
                    mode="positions",
                    port=which.port,
                    pid=which.pid,
                    token=secret if which is server else None,
                    batch_path="/api/v1/tracks/batch" if which is server else "/tracks/batch",
                    connections=CONNECTIONS,
                    seconds=length,
                    units=units,
                    batch=BATCH,
                    since_us=since + (turn + 1) * 3_600_000_000,
                )
            )

        for turn in range(-1, ROUNDS):
            context.say(f"positions: {'warming up' if turn < 0 else f'round {turn + 1} of {ROUNDS}'}")
            length = WARM_S if turn < 0 else seconds
            one, other = go(server, length, turn), go(rival, length, turn)
            sent += one["good"]
            rival_sent += other["good"]
            if turn >= 0:
                ours.append(one)
                theirs.append(other)
            context.step(turn + 2, ROUNDS + 1)
    stored = count(data / "lanbi.sqlite", "SELECT COUNT(*) FROM track_position")
    rival_stored = count(folder / "peer.sqlite", "SELECT COUNT(*) FROM position")
    if (stored, rival_stored) != (sent * BATCH, rival_sent * BATCH):
        raise CannotRunError(
            f"answered {sent * BATCH} and {rival_sent * BATCH} positions, stored {stored} and {rival_stored}"
        )
    lanbi("verify", str(data / "lanbi.sqlite"))
    rate = [one["per_s"] * BATCH for one in ours]
    rival_rate = [one["per_s"] * BATCH for one in theirs]
    ratios = [a / b for a, b in zip(rate, rival_rate, strict=True)]
    rows = [
        row(
            "positions: stored durably, batches of 100",
            median(rate),
            "/s",
            goal=GOAL_RATE,
            baseline=BASELINE,
            baseline_value=median(rival_rate),
            ratio=median(ratios),
            rounds=ratios,
            note=f"{stored:,} counted, the record verified; {rival_stored:,} in the baseline's",
        )
    ]
    for key, what, unit, each in (
        ("p99_ms", "p99 of a batch", "ms", 1),
        ("cpu_us_per_request", "server CPU per position", "µs", BATCH),
    ):
        value = [one[key] / each for one in ours]
        rival_value = [one[key] / each for one in theirs]
        ratios = [b / a for a, b in zip(value, rival_value, strict=True)]
        rows.append(
            row(
                f"positions: {what}",
                median(value),
                unit,
                baseline=BASELINE,
                baseline_value=median(rival_value),
                ratio=median(ratios),
                rounds=ratios,
            )
        )
    return rows


BENCH = Bench("positions", "positions stored durably, in batches of 100", run)
