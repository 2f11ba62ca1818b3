"""Live screens: 200 and 1,000 of them while ten changes a second are committed, beside plain uvicorn.

A change is a new title of an incident, sent over HTTP on a steady beat, answered or
not. It is lost when a screen never showed it, whatever the reason. Latency runs from
the first byte of the command to the receipt at each screen, so it holds the commit.
"""

from typing import Any

from bench.commands import opened
from bench.context import Bench, Context, median
from bench.processes import Server, node, peer, token, work
from bench.results import Goal, Row, row
from bench.worker import Job

RATE_PER_S = 10.0
ROUNDS = 3
CHANGES = {200: 150, 1_000: 150}
QUICK_CHANGES = {200: 50, 1_000: 40}
INCIDENTS = 50
BASELINE = "uvicorn, JSON and await per screen"
GOALS_P99 = {200: Goal("value", "<=", 50), 1_000: Goal("value", "<=", 100)}
GOAL_LOST = Goal("value", "<=", 0)


def _rows(screens: int, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[Row]:
    name = f"live: {screens:,} screens"
    lost = sum(one["lost"] for one in ours)
    rows = [
        row(
            f"{name}, changes lost",
            lost,
            "",
            goal=GOAL_LOST,
            baseline=BASELINE,
            baseline_value=sum(one["lost"] for one in theirs),
            note=(
                f"{sum(one['expected'] for one in ours):,} expected, "
                f"{sum(one['unordered'] for one in ours)} frames out of order, "
                f"{sum(one['closed'] for one in ours)} screens closed"
            ),
        )
    ]

    def figure(what: str, unit: str, get: Any, goal: Goal | None = None, note: str = "") -> None:
        value, rival = [get(one) for one in ours], [get(one) for one in theirs]
        ratios = [b / a if a else 0.0 for a, b in zip(value, rival, strict=True)]
        rows.append(
            row(
                f"{name}, {what}",
                median(value),
                unit,
                goal=goal,
                baseline=BASELINE,
                baseline_value=median(rival),
                ratio=median(ratios),
                rounds=ratios,
                note=note,
            )
        )

    figure("p50 from command to screen", "ms", lambda one: one["sent"]["p50_ms"])
    figure("p99 from command to screen", "ms", lambda one: one["sent"]["p99_ms"], GOALS_P99[screens])
    figure("longest", "ms", lambda one: one["sent"]["max_ms"])
    figure("server CPU per frame", "µs", lambda one: one["cpu_us_per_frame"])
    rows.append(
        row(
            f"{name}, p99 from answer to screen",
            median([one["answered"]["p99_ms"] for one in ours]),
            "ms",
            note="0 where the screen had it before the sender had its answer",
        )
    )
    return rows


def run(context: Context) -> list[Row]:
    """Both sizes in turn with the baseline, round by round."""
    data, folder = context.fresh("live"), context.fresh("live-peer")
    secret = token(data, "dispatcher")
    counts = QUICK_CHANGES if context.quick else CHANGES
    rounds = 1 if context.quick else ROUNDS
    results: dict[tuple[int, bool], list[dict[str, Any]]] = {}
    with node(data) as server, peer("ws_naive", folder) as rival:
        incidents = opened(server, secret, INCIDENTS)

        def go(which: Server, screens: int, turn: int) -> dict[str, Any]:
            ours = which is server
            return work(
                Job(
                    mode="live",
                    port=which.port,
                    pid=which.pid,
                    token=secret if ours else None,
                    name=f"live-{screens}-{turn}",
                    screens=screens,
                    path="/api/v1/live" if ours else "/live",
                    targets=incidents,
                    change_path="/api/v1/incidents/{id}/title" if ours else "/change/{id}",
                    rate_per_s=RATE_PER_S,
                    changes=counts[screens],
                    first=(turn * len(counts) + list(counts).index(screens)) * 10_000,
                    hello=ours,
                )
            )

        done = 0
        for screens in counts:
            for turn in range(rounds):
                context.say(f"live: {screens:,} screens, round {turn + 1} of {rounds}")
                for which in (server, rival):
                    results.setdefault((screens, which is server), []).append(go(which, screens, turn))
                    done += 1
                    context.step(done, 2 * rounds * len(counts))
    return [
        one for screens in counts for one in _rows(screens, results[screens, True], results[screens, False])
    ]


BENCH = Bench("live", "200 and 1,000 live screens, ten changes a second", run)
