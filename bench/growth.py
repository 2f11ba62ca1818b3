"""What a room does all day, timed one after another as its history grows from 1,000 to 1,000,000 incidents.

The ten are the steps of one case, in the order in which they happen for nearly every
call, and the three looks that every screen takes over and over: a call comes in, is
answered, becomes an incident, is placed, noted, a unit is recommended, sent and
reported on; and the open list, an incident with its log, the whole live picture.
Three rarer looks (journal, place search, units) are measured too and judged alike.
What is open stays the same at every size: 200 incidents and 50 units.
"""

import statistics
import time
from pathlib import Path
from typing import Any

from bench.context import Bench, Context
from bench.load import Asker
from bench.processes import node, token
from bench.results import Goal, Row, row
from bench.start import picture_s

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK_SIZES = (1_000, 10_000)
ROUNDS = 3
REPEATS = 60
QUICK_REPEATS = 20
PICTURES = 2
WARM = 10
FLAT = Goal("value", "<=", 2)

COMMON = (
    "call offered",
    "call answered",
    "incident opened from it",
    "incident placed",
    "note",
    "units recommended",
    "unit sent",
    "status reported",
    "open incidents listed",
    "incident and log",
)
LOOKS = ("live picture", "journal page", "place search", "units listed")


class Times(dict[str, list[float]]):
    """Milliseconds by action."""

    def add(self, name: str, nanoseconds: int) -> None:
        self.setdefault(name, []).append(nanoseconds / 1e6)


def _case(asker: Asker, times: Times, n: int) -> None:
    """One case from ring to close; what only tidies up is not timed."""

    def timed(name: str, method: str, path: str, body: Any = None) -> Any:
        answer, took = asker.timed(method, f"/api/v1{path}", body)
        times.add(name, took)
        return answer

    area = {"lat": 18.51, "lon": -72.31, "radius_m": 300, "source": "caller", "confidence": "heard"}
    call = timed(
        "call offered", "POST", "/calls", {"channel": "voice", "number": f"+5093{n:07d}", "lang": "ht"}
    )
    timed("call answered", "POST", f"/calls/{call['id']}/answer", {})
    incident = timed(
        "incident opened from it",
        "POST",
        "/incidents",
        {"call_id": call["id"], "type": "bleeding", "area": area},
    )["id"]
    closer = {**area, "lat": 18.52, "radius_m": 100, "source": "map", "confidence": "likely"}
    timed("incident placed", "POST", f"/incidents/{incident}/relocate", {"area": closer})
    timed("note", "POST", f"/incidents/{incident}/note", {"words": "Li ap senyen, li ka pale."})
    found = timed("units recommended", "GET", f"/recommendations?incident_id={incident}")
    unit = next(one["unit_id"] for one in found["units"] if one["state"] == "available")
    sent = timed(
        "unit sent", "POST", "/assignments", {"incident_id": incident, "unit_id": unit, "mode": "normal"}
    )
    timed("status reported", "POST", f"/assignments/{sent['id']}/status", {"status": "en_route"})
    timed("open incidents listed", "GET", "/incidents?state=open")
    _, first = asker.timed("GET", f"/api/v1/incidents/{incident}")
    _, second = asker.timed("GET", f"/api/v1/incidents/{incident}/log")
    times.add("incident and log", first + second)
    timed("journal page", "GET", "/journal?limit=50")
    timed("place search", "GET", "/places?q=delma&limit=10")
    timed("units listed", "GET", "/units")
    asker.json("POST", f"/api/v1/assignments/{sent['id']}/status", {"status": "cleared"})
    asker.json("POST", f"/api/v1/calls/{call['id']}/end", {})
    asker.json("POST", f"/api/v1/incidents/{incident}/close", {"disposition": "resolved"})


def measure(context: Context, size: int, data: Path, secret: str, times: Times) -> None:
    """One round at one size."""
    repeats = QUICK_REPEATS if context.quick else REPEATS
    with node(data) as server, Asker(server.port, secret) as asker:
        context.say(f"growth: {size:,} incidents")
        for n in range(repeats + WARM):
            _case(asker, times if n >= WARM else Times(), n)
            context.step(n + 1, repeats + WARM)
        for _ in range(1 if context.quick else PICTURES):
            took, _ = picture_s(server.port, secret)
            times.add("live picture", round(took * 1e9))


def run(context: Context) -> list[Row]:
    """One row for each action and size, and how much slower the largest is than the smallest."""
    sizes = QUICK_SIZES if context.quick else SIZES
    begun = time.perf_counter()
    folders = {size: context.stores.of(size, f"growth-{size}", last=size == sizes[-1]) for size in sizes}
    secrets = {size: token(folder, "commander") for size, folder in folders.items()}
    times = {size: Times() for size in sizes}
    for _ in range(ROUNDS):  # the sizes in turn, so that a busy minute falls on all of them
        for size in sizes:
            measure(context, size, folders[size], secrets[size], times[size])
    by_size = {
        size: {name: statistics.median(times[size][name]) for name in (*COMMON, *LOOKS)} for size in sizes
    }
    built = ", ".join(
        f"{size:,} in {seconds:.0f} s" for size, seconds in sorted(context.stores.seconds.items())
    )
    first, last = sizes[0], sizes[-1]
    rows: list[Row] = []
    for name in (*COMMON, *LOOKS):
        rows += [row(f"growth: {name} at {size:,}", by_size[size][name], "ms") for size in sizes[1:-1]]
        rows.append(
            row(
                f"growth: {name} at {last:,}",
                by_size[last][name],
                "ms",
                baseline=f"itself at {first:,}",
                baseline_value=by_size[first][name],
                ratio=by_size[first][name] / by_size[last][name],
            )
        )
    grown = {name: by_size[last][name] / by_size[first][name] for name in (*COMMON, *LOOKS)}
    worst = max(COMMON, key=lambda name: grown[name])
    worst_look = max(LOOKS, key=lambda name: grown[name])
    judged = FLAT if not context.quick else None
    rows.append(
        row(
            f"growth: the worst of the ten, {last:,} against {first:,}",
            grown[worst],
            "×",
            goal=judged,
            note=f"{worst}; stores built through the services, each from the one below: {built}",
        )
    )
    rows.append(
        row(
            f"growth: the worst of the other looks, {last:,} against {first:,}",
            grown[worst_look],
            "×",
            goal=judged,
            note=f"{worst_look}; {time.perf_counter() - begun:.0f} s in all",
        )
    )
    return rows


BENCH = Bench("growth", "the commonest actions from 1,000 to 1,000,000 incidents", run)
