"""One of 200 screens stops reading. The others must not feel it; it is cut, and told why.

Ten batches of 200 positions a second make what it leaves unread grow to the node's
limit within the time of a bench; ten new titles a second are what is counted at the
others (positions are not: of two that share a round, a screen gets the newer).
"""

import time
from typing import Any

from bench.commands import opened
from bench.context import Bench, Context
from bench.load import Asker
from bench.processes import CannotRunError, node, token, work
from bench.results import Goal, Row, row
from bench.worker import Job

SCREENS = 200
UNITS = 200
INCIDENTS = 50
RATE_PER_S = 10.0
CALM_S = 4.0
SLOW_S_MAX = 60.0
CUT_METRIC = 'lanbi_live_screens_cut_total{reason="slow-reader"}'
GOAL_SHARE = Goal("value", ">=", 95)
GOAL_TOLD = Goal("value", ">=", 1)


def commission(port: int, secret: str, count: int) -> list[str]:
    """Ids of new units."""
    home = {"lat": 18.5432, "lon": -72.3388, "radius_m": 50, "source": "map", "confidence": "exact"}
    body: dict[str, Any] = {"kind": "ambulance", "capabilities": ["ambulance_basic"], "crew": 2, "home": home}
    with Asker(port, secret) as asker:
        return [
            asker.json("POST", "/api/v1/units", {**body, "callsign": f"BAN-{n}"})["id"] for n in range(count)
        ]


def run(context: Context) -> list[Row]:
    """The share of changes the others got, their delay before and during, and how the slow one ended."""
    data = context.fresh("slow-reader")
    commander, administrator = token(data, "commander"), token(data, "administrator")
    dispatcher = token(data, "dispatcher")
    with node(data) as server:
        units = commission(server.port, commander, UNITS)
        with Asker(server.port, administrator) as asker:
            if asker.ask("GET", "/api/v1/metrics")[0] != 200:
                raise CannotRunError("the node's metrics are closed to the administrator")
        incidents = opened(server, dispatcher, INCIDENTS)
        context.say("slow reader: 200 screens, one stops reading")
        result = work(
            Job(
                mode="slow",
                port=server.port,
                pid=server.pid,
                token=dispatcher,
                metrics_token=administrator,
                units=units,
                targets=incidents,
                change_path="/api/v1/incidents/{id}/title",
                batch=UNITS,
                since_us=time.time_ns() // 1000 - 3_600_000_000,
                screens=SCREENS,
                path="/api/v1/live",
                batch_path="/api/v1/tracks/batch",
                rate_per_s=RATE_PER_S,
                calm_s=CALM_S,
                seconds=SLOW_S_MAX,
                cut_metric=CUT_METRIC,
                metrics_path="/api/v1/metrics",
            )
        )
        context.step(1, 1)
    cut_after = result["cut_after_s"]
    code, reason = result["close"]
    told = bool(code == 4408 and "slow-reader" in result["bye"])
    return [
        row(
            "slow reader: changes the other 199 screens got",
            result["slow_share"] * 100,
            "%",
            goal=GOAL_SHARE,
            baseline="the same, all reading",
            baseline_value=result["calm_share"] * 100,
            note=(
                f"{result['others_closed']} of the others closed; "
                f"missed, by change: {result['missed'] or 'none'}"
            ),
        ),
        row(
            "slow reader: p99 at the others",
            result["slow"]["p99_ms"],
            "ms",
            baseline="the same, all reading",
            baseline_value=result["calm"]["p99_ms"],
            ratio=result["calm"]["p99_ms"] / max(result["slow"]["p99_ms"], 1e-9),
        ),
        row(
            "slow reader: cut, and told why",
            1.0 if cut_after is not None and told else 0.0,
            "of 1",
            goal=GOAL_TOLD,
            note=(
                "not cut in the time given"
                if cut_after is None
                else f"after {cut_after:.1f} s, close {code} {reason!r}"
            ),
        ),
    ]


BENCH = Bench("slow_reader", "one of 200 screens stops reading", run)
