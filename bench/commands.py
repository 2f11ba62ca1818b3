"""Durable commands over HTTP: 64 clients, each with an idempotency key, beside FastAPI and SQLAlchemy.

The command is the note: the most typical of all, since every keystroke's worth of
news goes into a log, and the plainest to do the same way elsewhere: one change of
one row, one text, one journal entry, one idempotency row, one commit on the disk.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from bench.context import Bench, Context, median
from bench.load import Asker
from bench.processes import CannotRunError, Server, lanbi, node, peer, token, work
from bench.results import Goal, Row, row
from bench.worker import Job

CLIENTS = 64
INCIDENTS = 100
ROUNDS = 3
ROUND_S = 8.0
QUICK_ROUND_S = 3.0
WARM_S = 1.0
BASELINE = "FastAPI + SQLAlchemy async + SQLite"
WORDS = "Machin ki te sou wout la deplase, de moun chita sou twotwa a, yo pa blese grav. Lapolis rive."

GOAL_RATIO = Goal("ratio", ">=", 10)
GOAL_P99 = Goal("value", "<=", 150)


def opened(server: Server, secret: str, count: int) -> list[str]:
    """Ids of `count` new incidents of a node."""
    area = {"lat": 18.5432, "lon": -72.3388, "radius_m": 150, "source": "map", "confidence": "likely"}
    with Asker(server.port, secret) as asker:
        return [
            asker.json("POST", "/api/v1/incidents", {"type": "bleeding", "area": area})["id"]
            for _ in range(count)
        ]


def notes(incidents: list[str], prefix: str) -> list[tuple[str, str, str]]:
    """A note on each."""
    body = msgspec.json.encode({"words": WORDS}).decode()
    return [("POST", f"{prefix}/incidents/{incident}/note", body) for incident in incidents]


def _count(path: Path, sql: str) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchone()[0]


def run(context: Context) -> list[Row]:
    """Requests a second, latency, and the server's CPU per request; counted in both stores afterwards."""
    data, folder = context.fresh("commands"), context.fresh("commands-peer")
    secret = token(data, "dispatcher")
    seconds = QUICK_ROUND_S if context.quick else ROUND_S
    ours: list[dict] = []
    theirs: list[dict] = []
    with node(data) as server, peer("fastapi_sqlalchemy", folder) as rival:
        requests = notes(opened(server, secret, INCIDENTS), "/api/v1")
        with Asker(rival.port) as asker:
            rival_requests = notes([one["id"] for one in asker.json("GET", "/incidents")], "")

        def go(which: Server, sent: list, name: str, length: float, secret: str | None = None) -> dict:
            return work(
                Job(
                    mode="http",
                    port=which.port,
                    pid=which.pid,
                    token=secret,
                    name=name,
                    connections=CLIENTS,
                    seconds=length,
                    requests=sent,
                )
            )

        stored = rival_stored = 0
        for turn in range(-1, ROUNDS):
            context.say(f"commands: {'warming up' if turn < 0 else f'round {turn + 1} of {ROUNDS}'}")
            length = WARM_S if turn < 0 else seconds
            one = go(server, requests, f"o{turn}", length, secret)
            other = go(rival, rival_requests, f"p{turn}", length)
            stored += one["good"]
            rival_stored += other["good"]
            if turn >= 0:
                ours.append(one)
                theirs.append(other)
            context.step(turn + 2, ROUNDS + 1)
    context.say("commands: counting what was stored, verifying the record")
    found = _count(data / "lanbi.sqlite", "SELECT COUNT(*) FROM journal WHERE kind = 'incident.noted'")
    rival_found = _count(folder / "peer.sqlite", "SELECT COUNT(*) FROM note")
    if (found, rival_found) != (stored, rival_stored):
        raise CannotRunError(f"answered {stored} and {rival_stored}, stored {found} and {rival_found}")
    lanbi("verify", str(data / "lanbi.sqlite"))
    checked = f"{found:,} notes answered, stored and verified; {rival_found:,} by the baseline"

    def both(key: str) -> tuple[list[float], list[float]]:
        return [one[key] for one in ours], [one[key] for one in theirs]

    rate, rival_rate = both("per_s")
    rows = [
        row(
            "commands: durable notes over HTTP, 64 clients",
            median(rate),
            "/s",
            goal=GOAL_RATIO,
            baseline=BASELINE,
            baseline_value=median(rival_rate),
            ratio=median([a / b for a, b in zip(rate, rival_rate, strict=True)]),
            rounds=[a / b for a, b in zip(rate, rival_rate, strict=True)],
            note=checked,
        )
    ]
    for key, name, unit, goal in (
        ("p50_ms", "commands: p50", "ms", None),
        ("p99_ms", "commands: p99", "ms", GOAL_P99),
        ("cpu_us_per_request", "commands: server CPU", "µs each", None),
    ):
        value, rival_value = both(key)
        ratios = [b / a for a, b in zip(value, rival_value, strict=True)]
        rows.append(
            row(
                name,
                median(value),
                unit,
                goal=goal,
                baseline=BASELINE,
                baseline_value=median(rival_value),
                ratio=median(ratios),
                rounds=ratios,
            )
        )
    return rows


BENCH = Bench("commands", "durable commands over HTTP with 64 clients", run)
