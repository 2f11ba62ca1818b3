"""`lanbi verify` on a million entries, as a whole process, beside SQLite's own check of the same file.

The store is built through the services, so it holds what a real one holds: sealed
numbers, words and titles, tree nodes, checkpoints. The baseline proves less: PRAGMA
integrity_check finds broken pages and indexes, and believes any content.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bench.context import Bench, Context, median
from bench.positions import count
from bench.processes import lanbi
from bench.results import Goal, Row, row

ENTRIES = 1_000_000
INCIDENTS = 405_000
QUICK_INCIDENTS = 10_000
ROUNDS = 3
BASELINE = "PRAGMA integrity_check"
GOAL = Goal("value", "<=", 30)


def _integrity(path: Path) -> None:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()
    if found != ("ok",):
        raise RuntimeError(f"integrity_check: {found}")


def run(context: Context) -> list[Row]:
    """Seconds for the whole process, its start included."""
    file = context.stores.to_read(QUICK_INCIDENTS if context.quick else INCIDENTS) / "lanbi.sqlite"
    entries = count(file, "SELECT COUNT(*) FROM journal")
    sealed = count(file, "SELECT COUNT(*) FROM sealed")
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(ROUNDS):
        context.say(f"verify: {entries:,} entries, round {turn + 1} of {ROUNDS}")
        start = time.perf_counter()
        lanbi("verify", str(file))
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        _integrity(file)
        theirs.append(time.perf_counter() - start)
        context.step(turn + 1, ROUNDS)
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    size = file.stat().st_size / 1e6
    return [
        row(
            f"verify: {entries:,} entries",
            median(ours),
            "s",
            # Stated for a million entries: with fewer it is no goal met.
            goal=GOAL if entries >= ENTRIES else None,
            baseline=BASELINE,
            baseline_value=median(theirs),
            ratio=median(ratios),
            rounds=ratios,
            note=f"{sealed:,} sealed values, {size:,.0f} MB",
        )
    ]


BENCH = Bench("verify", "`lanbi verify` on a million entries", run)
