"""Serial search as people have it: a register taken in by the command line, a node, and questions over HTTP.

Register and readings are those of `bench.serials`. The baselines answer the same readings over the same
entries in the same run: `LIKE` with the marks that are read, in the node's own SQLite file, and RapidFuzz
over every entry (the best ratio of marks). Both are asked a sample, since they take what they take. The
clients are threads of this process, one question at a time each.
"""

import contextlib
import csv
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import psutil
from rapidfuzz import fuzz, process

from bench.context import Bench, Context, median
from bench.load import Asker, quantile
from bench.processes import CannotRunError, Server, lanbi, node, token
from bench.results import Goal, Row, row
from bench.serials import ENTRIES, Query, World, queries_of
from lanbi.tracing.markings.normal import serial_of

QUICK_ENTRIES = 100_000
SEED = 2_028
QUESTIONS = 1_500
QUICK_QUESTIONS = 300
ROUNDS = 3
CLIENTS = 4
SAMPLE = 12
READY_TIMEOUT_S = 180.0
POLL_S = 0.05
BASELINE_LIKE = "SQL LIKE '%marks%', same file"
BASELINE_FUZZY = "RapidFuzz over every entry"
GOAL_P99 = Goal("value", "<=", 20)
GOAL_READY = Goal("value", "<=", 60)
GOAL_MEMORY = Goal("value", "<=", 1_500)
HEADINGS = ("Serial number", "Make", "Model", "Calibre", "Type", "Reference")


def _write_register(path: Path, world: World, guns: Sequence[int], serials: Sequence[bytes]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for at, (gun, marks) in enumerate(zip(guns, serials, strict=True)):
            make, model, calibre, kind = world.gun(gun)
            name = "" if model is None else model.partition("/")[2]
            writer.writerow((marks.decode(), make, name, calibre or "", kind or "", f"SYN-{at}"))


def _path(query: Query) -> str:
    given = {"make": query.make, "model": query.model, "calibre": query.calibre, "type": query.type}
    asked = {"serial": query.serial, "limit": "5", **{name: said for name, said in given.items() if said}}
    return f"/api/v1/tracing/serials?{urlencode(asked)}"


def _wait_searchable(server: Server, secret: str) -> float:
    """Seconds from the first question until one is answered."""
    begun = time.perf_counter()
    with Asker(server.port, secret) as asker:
        while time.perf_counter() - begun < READY_TIMEOUT_S:
            status, body, _ = asker.ask("GET", "/api/v1/tracing/serials?serial=SYN48B075")
            if status == 200:
                return time.perf_counter() - begun
            if status != 503:
                raise CannotRunError(f"the search answered {status}: {body[:300].decode()}")
            time.sleep(POLL_S)
    raise CannotRunError("the serials were not ready to be searched in time")


def _ask(port: int, secret: str, paths: Sequence[str]) -> tuple[list[int], list[bytes]]:
    times: list[int] = []
    bodies: list[bytes] = []
    with Asker(port, secret) as asker:
        for path in paths:
            status, body, spent = asker.ask("GET", path)
            if status not in (200, 422):  # a reading without any mark is refused, and counts
                raise CannotRunError(f"{path}: {status} {body[:300].decode()}")
            times.append(spent)
            bodies.append(body if status == 200 else b"")
    return times, bodies


def _ask_together(port: int, secret: str, paths: Sequence[str]) -> tuple[list[int], list[bytes]]:
    """The same questions shared out to several clients at once; the bodies are not in the order of the
    paths."""
    shares: list[tuple[list[int], list[bytes]]] = []
    failed: list[Exception] = []

    def client(mine: Sequence[str]) -> None:
        try:
            shares.append(_ask(port, secret, mine))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=client, args=(paths[at::CLIENTS],)) for at in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return [spent for times, _ in shares for spent in times], [
        body for _, bodies in shares for body in bodies
    ]


def _first_is_true(queries: Sequence[Query], bodies: Sequence[bytes], base: int) -> tuple[int, int]:
    """(how many of the readings whose gun is there have it first, how many such readings there are)."""
    right = there = 0
    for query, body in zip(queries, bodies, strict=True):
        if query.truth is None:
            continue
        there += 1
        hits = msgspec.json.decode(body)["hits"] if body else []
        right += (
            bool(hits) and hits[0]["entry"] is not None and hits[0]["entry"]["n"] == base + query.truth + 1
        )
    return right, there


def _spent_ms(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return (time.perf_counter() - start) * 1000, made


@contextlib.contextmanager
def _entries(data: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{(data / 'lanbi.sqlite').as_uri()}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


def _baselines(data: Path, sample: Sequence[Query]) -> tuple[list[float], int, list[float], int]:
    """(LIKE: ms each, right; RapidFuzz: ms each, right) of readings whose gun is in the register."""
    like_ms: list[float] = []
    fuzzy_ms: list[float] = []
    like_right = fuzzy_right = 0
    with _entries(data) as connection:
        rows = connection.execute("SELECT n, marks FROM tracing_register_entry ORDER BY n").fetchall()
        numbers, marks = [n for n, _ in rows], [text for _, text in rows]
        base = numbers[0] - 1
        for query in sample:
            read = serial_of(query.serial).marks
            known = "%" + read.replace("?", "_").replace("…", "%") + "%"
            spent, found = _spent_ms(
                lambda known=known: connection.execute(
                    "SELECT n FROM tracing_register_entry WHERE marks LIKE ? LIMIT 5", (known,)
                ).fetchall()
            )
            like_ms.append(spent)
            true = base + (query.truth or 0) + 1
            like_right += bool(found) and found[0][0] == true
            spent, best = _spent_ms(lambda read=read: process.extractOne(read, marks, scorer=fuzz.ratio))
            fuzzy_ms.append(spent)
            fuzzy_right += best is not None and numbers[best[2]] == true
    return like_ms, like_right, fuzzy_ms, fuzzy_right


def run(context: Context) -> list[Row]:
    """Rows a second of the import, seconds and memory until a node can search, milliseconds of a search."""
    count = QUICK_ENTRIES if context.quick else ENTRIES
    asked = QUICK_QUESTIONS if context.quick else QUESTIONS
    data = context.fresh("serial_api")
    context.say(f"serial_api: making a register of {count:,}")
    world = World(SEED)
    guns = world.register(count)
    file = data / "register.csv"
    _write_register(file, world, guns.tolist(), world.serials(guns).tolist())
    queries = queries_of(world, guns, asked, SEED)
    context.say(f"serial_api: taking in {count:,} entries")
    secret = token(data, "analyst")
    words = ["--kind", "stolen", "--originator", "US", "--name", "SYNTHETIC bench", "--synthetic"]
    spent, _ = _spent_ms(lambda: lanbi("import", "register", str(file), "--data", str(data), *words))
    rate = count / (spent / 1000)
    paths = [_path(query) for query in queries]
    alone: list[dict[str, float]] = []
    together: list[dict[str, float]] = []
    with _entries(data) as connection:
        base = connection.execute("SELECT MIN(n) - 1 FROM tracing_register_entry").fetchone()[0]
    right = there = 0
    with node(data) as server:
        idle = server.rss_mb()
        context.say("serial_api: the node builds its index")
        ready = _wait_searchable(server, secret)
        held = server.rss_mb()
        _ask(server.port, secret, paths[: len(paths) // 5])
        for turn in range(ROUNDS):
            context.say(f"serial_api: {asked} questions, round {turn + 1} of {ROUNDS}")
            times, bodies = _ask(server.port, secret, paths)
            alone.append(_spread(times))
            right, there = _first_is_true(queries, bodies, base)
            together.append(_spread(_ask_together(server.port, secret, paths)[0]))
            context.step(turn + 1, ROUNDS)
        after = server.rss_mb()
        peak = _peak_mb(server.pid)
    context.say(f"serial_api: the baselines, {SAMPLE} readings")
    sample = [query for query in queries if query.truth is not None][:SAMPLE]
    like_ms, like_right, fuzzy_ms, fuzzy_right = _baselines(data, sample)
    where = f"{count:,} entries, {asked} readings of which {there} are of a gun in the register"
    p50, p99 = (median([one[key] for one in alone]) for key in ("p50", "p99"))
    return [
        row(
            "serial search over HTTP, one client: p99",
            p99,
            "ms",
            goal=GOAL_P99,
            baseline=BASELINE_FUZZY,
            baseline_value=quantile(sorted(fuzzy_ms), 0.99),
            ratio=quantile(sorted(fuzzy_ms), 0.99) / p99,
            rounds=[one["p99"] for one in alone],
            note=f"{where}; the right entry comes first for {right} of {there}; of {SAMPLE} asked of both "
            f"baselines LIKE had it first for {like_right}, RapidFuzz for {fuzzy_right}",
        ),
        row(
            "serial search over HTTP, one client: p50",
            p50,
            "ms",
            baseline=BASELINE_LIKE,
            baseline_value=median(like_ms),
            ratio=median(like_ms) / p50,
            rounds=[one["p50"] for one in alone],
        ),
        row(
            f"serial search over HTTP, {CLIENTS} clients at once: p99",
            median([one["p99"] for one in together]),
            "ms",
            rounds=[one["p99"] for one in together],
            note=f"{median([one['per_s'] for one in together]):,.0f} answers a second together",
        ),
        row(
            f"register of {count:,} taken in by the command line",
            rate,
            "rows/s",
            note=f"{spent / 1000:.1f} s with the start of the program; one process, CSV of "
            f"{file.stat().st_size / 1e6:.0f} MB",
        ),
        row("serial search: from the first question to the first answer", ready, "s", goal=GOAL_READY),
        row(
            "serial search: the node's memory, resident",
            after,
            "MB",
            goal=GOAL_MEMORY,
            note=f"{idle:.0f} MB before it was asked, {held:.0f} MB when it could answer, {peak:.0f} at most",
        ),
    ]


def _spread(times: Sequence[int]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50": quantile(ordered, 0.5) / 1e6,
        "p99": quantile(ordered, 0.99) / 1e6,
        "per_s": CLIENTS * len(ordered) / (sum(ordered) / 1e9),
    }


def _peak_mb(pid: int) -> float:
    """The most memory that the process ever held; where the kernel does not say, what it holds now."""
    try:
        text = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return psutil.Process(pid).memory_info().rss / 1e6
    return next(int(line.split()[1]) / 1000 for line in text.splitlines() if line.startswith("VmHWM"))


BENCH = Bench("serial_api", "serial search through the API, and taking in a register", run)
