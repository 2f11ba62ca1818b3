"""`python -m bench [NAME …] [--quick]`: measures, prints a table, writes bench/results.json.

Exit 0 when every bench could run, goals met or not; 1 when one could not, and the
table's end says why.
"""

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench import (
    commands,
    floor,
    growth,
    live,
    machine,
    networks,
    positions,
    private_matching,
    results,
    serial_api,
    serials,
    slow_reader,
    start,
    tracing_boards,
    verify,
)
from bench.context import Bench, Context
from bench.processes import CannotRunError
from bench.stores import Stores

# From the short to the long; the stores are built in this order too.
BENCHES: dict[str, Bench] = {
    one.name: one
    for one in (
        commands.BENCH,
        private_matching.BENCH,
        networks.BENCH,
        serials.BENCH,
        serial_api.BENCH,
        tracing_boards.BENCH,
        live.BENCH,
        slow_reader.BENCH,
        positions.BENCH,
        start.BENCH,
        serials.BENCH,
        verify.BENCH,
        growth.BENCH,
        floor.BENCH,
    )
}
EXPECTED = (OSError, RuntimeError, ValueError, KeyError, StopIteration, ImportError)


def arguments(words: list[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="What is fast here, measured.")
    listed = ", ".join(BENCHES)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{listed}; all unless named")
    parser.add_argument("--quick", action="store_true", help="short rounds and small stores")
    parser.add_argument("--out", type=Path, default=results.RESULTS, help="the JSON file to write")
    parser.add_argument("--list", action="store_true", help="say what there is")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in BENCHES]:
        parser.error(f"no bench {', '.join(unknown)}; there are {listed}")
    return asked


def run(asked: argparse.Namespace, console: Console) -> results.Results:
    """Runs what was asked for, one bench after another, in a temporary folder that is removed afterwards."""
    chosen = [bench for name, bench in BENCHES.items() if not asked.names or name in asked.names]
    started_at, begun = results.stamp(), time.perf_counter()
    rows: list[results.Row] = []
    failures: list[results.Failure] = []
    with (
        tempfile.TemporaryDirectory(prefix="lanbi-bench-") as name,
        Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=console.is_terminal,
        ) as progress,
    ):
        folder = Path(name)
        facts = machine.facts(folder)
        task = progress.add_task("", total=None)

        def say(words: str) -> None:
            progress.update(task, description=words, completed=0, total=None)
            if not console.is_terminal:
                console.print(words, markup=False, highlight=False)

        def step(done: float, total: float) -> None:
            progress.update(task, completed=done, total=total)

        context = Context(asked.quick, folder, Stores(folder, say, step), say, step)
        for bench in chosen:
            try:
                rows += bench.run(context)
            except CannotRunError as error:
                failures.append(results.Failure(bench.name, str(error)))
            except EXPECTED as error:
                # A bench that broke says where; the others still run.
                where = traceback.extract_tb(error.__traceback__)[-1]
                failures.append(
                    results.Failure(
                        bench.name,
                        f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})",
                    )
                )
        facts["load_after"] = machine.load()
    return results.Results(
        schema=results.SCHEMA,
        started_at=started_at,
        seconds=round(time.perf_counter() - begun, 1),
        quick=asked.quick,
        benches=[bench.name for bench in chosen],
        machine=facts,
        rows=rows,
        failures=failures,
    )


def main(words: list[str]) -> int:
    """Measures, shows, writes."""
    asked = arguments(words)
    console = Console()
    if asked.list:
        for bench in BENCHES.values():
            console.print(f"{bench.name:<12} {bench.what}", markup=False, highlight=False)
        return 0
    try:
        outcome = run(asked, Console(stderr=True))
    except KeyboardInterrupt:
        return 130
    results.show(outcome, console)
    results.write(outcome, asked.out)
    console.print(f"{outcome.seconds:.0f} s; written to {asked.out}", highlight=False)
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
