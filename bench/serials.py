"""Serial search on a made register: how much of it is right, how fast it is, and what it costs to hold.

What is found here holds for the register, the guns that are in none, and the errors of `serial_world`. The
confusions there come from other sources than the table by which the search takes marks for one another
(`lanbi.tracing.markings.marks.ALIKE`). Constants of the search were chosen on `TUNING_SEEDS`; no figure is
printed for those, and nothing was chosen on `EVALUATION_SEEDS`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.context import Bench, Context, median
from bench.processes import CannotRunError
from bench.results import Goal, Row, row
from bench.serial_world import HARDER, LOT_SHARE, WORLD_GUNS, Query, World, columns, queries_of
from lanbi.tracing.markings import catalogue
from lanbi.tracing.markings.index import SerialIndex, columns_of
from lanbi.tracing.markings.marks import GAP, UNREAD, fold
from lanbi.tracing.markings.normal import calibre_of, make_of, model_of, serial_of, type_of
from lanbi.tracing.markings.score import Gun

ENTRIES = 1_400_000
FEWER_ENTRIES = 100_000
QUERIES = 5_000
TUNING_SEEDS = (7, 8, 9)
EVALUATION_SEEDS = (2025, 2026, 2027)
DECISION_POSTERIOR_MIN = 0.35
"""Of the first proposal, to count as one. Chosen on the tuning seeds."""
SPEED_QUERIES = 20_000
ONE_BY_ONE_QUERIES = 500
BRUTE_QUERIES = 20
BRUTE_DISTANCE_MAX = 2
ROUNDS = 3
CHILD_TIMEOUT_S = 300
FOLDED = "look-alikes folded"
INDEX = "index"
GOAL_F1 = Goal("value", ">=", 0.95)
GOAL_RATE = Goal("value", ">=", 20_000)
GOAL_BUILD = Goal("value", "<=", 60)
GOAL_MEMORY = Goal("value", "<=", 1_500)
GOAL_ONE = Goal("value", "<=", 20)


class Score(NamedTuple):
    """Of the first proposal of each query, where there is one."""

    precision: float
    recall: float
    f1: float
    wrong_of_absent: float
    recall_by_kind: dict[str, float]


def read(queries: Sequence[Query]) -> list[Gun]:
    """As the product reads what a person wrote."""
    guns: list[Gun] = []
    for one in queries:
        make = make_of(one.make).code if one.make else None
        guns.append(
            Gun(
                marks=serial_of(one.serial).marks,
                make=make,
                model=model_of(one.model, make).code if one.model else None,
                calibre=calibre_of(one.calibre).code if one.calibre else None,
                type=type_of(one.type).code if one.type else None,
            )
        )
    return guns


def judged(queries: Sequence[Query], proposed: Sequence[int | None]) -> Score:
    """A right proposal is the very entry; a wrong one, for a gun in the register or not, costs precision."""
    pairs = list(zip(queries, proposed, strict=True))
    right = sum(one is not None and one == query.truth for query, one in pairs)
    made = sum(one is not None for one in proposed)
    absent = [one is not None for query, one in pairs if query.truth is None]
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for query, one in pairs:
        if query.truth is not None:
            by_kind[query.kind].append(one == query.truth)
    precision, recall = right / max(1, made), right / max(1, len(pairs) - len(absent))
    return Score(
        precision,
        recall,
        2 * precision * recall / max(1e-9, precision + recall),
        sum(absent) / max(1, len(absent)),
        {kind: sum(hits) / len(hits) for kind, hits in sorted(by_kind.items())},
    )


def by_key(
    marks: Sequence[str],
    makes: NDArray[np.int16],
    guns: Sequence[Gun],
    sought: Sequence[str],
    key: Callable[[str], str] = str,
) -> list[int | None]:
    """A baseline: the entry whose key is equal; of several, one of the make that was read."""
    table: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(marks):
        table[key(one)].append(at)
    numbers = catalogue.numbers("makes")
    found: list[int | None] = []
    for gun, one in zip(guns, sought, strict=True):
        same = table.get(key(one), [])
        own = [at for at in same if makes[at] == numbers.get(gun.make or "", -1)]
        found.append((own or same or [None])[0])
    return found


def by_index(index: SerialIndex, guns: Sequence[Gun]) -> list[int | None]:
    """The index's first proposal of each, if it is likely enough."""
    hits = index.search_many(guns, posterior_min=DECISION_POSTERIOR_MIN)
    found: list[int | None] = [None] * len(guns)
    for query, entry in zip(hits.query.tolist(), hits.id.tolist(), strict=True):
        found[query] = entry
    return found


def measured(entries: int, seed: int, guns: int, lot_share: float, *, speed: bool) -> dict[str, Any]:
    """Everything for one register, in this process: what the parent asks a child for."""
    world = World(seed, guns, lot_share)
    register = world.register(entries)
    asked = queries_of(world, register, QUERIES, seed)
    held = columns(world, register, seed)
    makes = held.attributes["make"]
    marks = world.serials(register).astype(str).tolist()
    before = _memory_mb()
    started, cpu = time.perf_counter(), time.process_time()
    index = SerialIndex(np.arange(entries), columns_of(marks=marks, attributes=held.attributes))
    out: dict[str, Any] = {
        "build_s": time.perf_counter() - started,
        "build_cpu_s": time.process_time() - cpu,
        "peak_mb": _peak_mb() - before,
        "held_mb": index.bytes / 1e6,
    }
    read_guns = read(asked)
    normalised = [gun.marks for gun in read_guns]
    proposed = {
        "raw exact": by_key(marks, makes, read_guns, [one.serial for one in asked]),
        "normalised": by_key(marks, makes, read_guns, normalised),
        FOLDED: by_key(marks, makes, read_guns, normalised, fold),
        INDEX: by_index(index, read_guns),
    }
    out["scores"] = {name: judged(asked, found)._asdict() for name, found in proposed.items()}
    if speed:
        out.update(_speeds(index, marks, queries_of(world, register, SPEED_QUERIES, seed + 10)))
    return out


def _speeds(index: SerialIndex, marks: list[str], queries: list[Query]) -> dict[str, Any]:
    used = time.process_time()
    guns = read(queries)
    reading = time.process_time() - used
    index.search_many(guns[:1_000])
    wall: list[float] = []
    cpu: list[float] = []
    for _ in range(ROUNDS):
        started, used = time.perf_counter(), time.process_time()
        index.search_many(guns)
        wall.append(len(guns) / (time.perf_counter() - started))
        cpu.append(len(guns) / (time.process_time() - used))
    ones: list[float] = []
    ones_cpu: list[float] = []
    for gun in guns[:ONE_BY_ONE_QUERIES]:
        started, used = time.perf_counter(), time.process_time()
        index.search(gun)
        ones.append((time.perf_counter() - started) * 1000)
        ones_cpu.append((time.process_time() - used) * 1000)
    ones.sort()
    ones_cpu.sort()

    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    whole = [gun.marks for gun in guns if UNREAD not in gun.marks and GAP not in gun.marks]
    started = time.perf_counter()
    for one in whole[:BRUTE_QUERIES]:
        process.extractOne(one, marks, scorer=Levenshtein.distance, score_cutoff=BRUTE_DISTANCE_MAX)
    return {
        "brute_per_s": BRUTE_QUERIES / (time.perf_counter() - started),
        "batch_per_s": wall,
        "batch_per_cpu_s": cpu,
        "read_per_cpu_s": len(guns) / reading,
        "one_ms_p50": ones[len(ones) // 2],
        "one_ms_p99": ones[int(len(ones) * 0.99)],
        "one_cpu_ms_p50": ones_cpu[len(ones) // 2],
        "one_cpu_ms_p99": ones_cpu[int(len(ones) * 0.99)],
    }


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * resource.getpagesize() / 1e6


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _child(entries: int, seed: int, guns: int, lot_share: float, *, speed: bool) -> dict[str, Any]:
    """`measured`, in a process of its own: its memory is its own, and one core is all that it uses."""
    words = [str(word) for word in (entries, seed, guns, lot_share, int(speed))]
    done = subprocess.run(
        [sys.executable, "-m", "bench.serials", *words],
        capture_output=True,
        text=True,
        timeout=CHILD_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise CannotRunError((done.stderr.strip().splitlines() or ["no answer"])[-1])
    return json.loads(done.stdout)


def _score_rows(title: str, runs: Sequence[dict[str, Any]], goal: Goal | None) -> Iterator[Row]:
    scores = [run["scores"] for run in runs]
    folded = [score[FOLDED]["f1"] for score in scores]
    for name in scores[0]:
        values = [score[name]["f1"] for score in scores]
        middle = {
            figure: median([score[name][figure] for score in scores])
            for figure in ("precision", "recall", "wrong_of_absent")
        }
        by_kind = {
            kind: median([score[name]["recall_by_kind"][kind] for score in scores])
            for kind in scores[0][name]["recall_by_kind"]
        }
        kinds = ", ".join(f"{kind} {share:.3f}" for kind, share in by_kind.items())
        yield row(
            f"serials: {title}, {name}",
            median(values),
            "F1",
            goal=goal if name == INDEX else None,
            baseline=FOLDED if name == INDEX else None,
            baseline_value=median(folded) if name == INDEX else None,
            rounds=values,
            note=f"P {middle['precision']:.4f}, R {middle['recall']:.4f}; proposed for "
            f"{middle['wrong_of_absent']:.3f} of absent guns; R by error: {kinds}",
        )


def _cost_rows(entries: int, runs: Sequence[dict[str, Any]]) -> Iterator[Row]:
    whole = entries >= ENTRIES  # the goals are stated for that many
    yield row(
        f"serials: build of {entries:,}",
        median([run["build_s"] for run in runs]),
        "s",
        goal=GOAL_BUILD if whole else None,
        rounds=[run["build_s"] for run in runs],
        note=f"CPU {median([run['build_cpu_s'] for run in runs]):.2f} s",
    )
    yield row(
        f"serials: memory of {entries:,}",
        median([run["peak_mb"] for run in runs]),
        "MB",
        goal=GOAL_MEMORY if whole else None,
        note=f"peak while building, above the rows themselves; {runs[0]['held_mb']:.0f} MB of arrays stay",
    )
    for run in runs:
        if "batch_per_s" not in run:
            continue
        rate = median(run["batch_per_s"])
        yield row(
            f"serials: batch, {entries:,}",
            rate,
            "q/s",
            goal=GOAL_RATE if whole else None,
            baseline="RapidFuzz, every entry",
            baseline_value=run["brute_per_s"],
            ratio=rate / run["brute_per_s"],
            rounds=run["batch_per_s"],
            note=f"one core; {median(run['batch_per_cpu_s']):,.0f} a CPU second, of readings that are "
            f"normalised ({run['read_per_cpu_s']:,.0f} a CPU second)",
        )
        yield row(
            f"serials: one query, {entries:,}",
            run["one_ms_p99"],
            "ms",
            goal=GOAL_ONE if whole else None,
            note=f"p99, with its comparisons written out; p50 {run['one_ms_p50']:.2f} ms; CPU p50 "
            f"{run['one_cpu_ms_p50']:.2f} ms, p99 {run['one_cpu_ms_p99']:.2f} ms",
        )


def run(context: Context) -> list[Row]:
    """Registers of 100,000 and, unless quick, 1.4 million, on three seeds; speed on the first of them."""
    rows: list[Row] = []
    for entries in (FEWER_ENTRIES,) if context.quick else (FEWER_ENTRIES, ENTRIES):
        runs: list[dict[str, Any]] = []
        for turn, seed in enumerate(EVALUATION_SEEDS):
            context.say(f"serials: {entries:,} entries, seed {seed}")
            runs.append(_child(entries, seed, WORLD_GUNS, LOT_SHARE, speed=turn == 0))
            context.step(turn + 1, len(EVALUATION_SEEDS))
        rows += _score_rows(f"{entries:,}", runs, GOAL_F1 if entries >= ENTRIES else None)
        rows += _cost_rows(entries, runs)
    if not context.quick:
        context.say(f"serials: {ENTRIES:,} entries, a denser register")
        denser = [_child(ENTRIES, EVALUATION_SEEDS[0], *HARDER, speed=False)]
        rows += _score_rows(f"{ENTRIES:,}, denser", denser, None)
    return rows


BENCH = Bench("serials", "serial search: right answers, queries a second, memory", run)


if __name__ == "__main__":
    entries, seed, guns = map(int, sys.argv[1:4])
    print(json.dumps(measured(entries, seed, guns, float(sys.argv[4]), speed=sys.argv[5] == "1")))
