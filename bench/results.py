"""What a run says: rows with a goal stated as data, a table for people, a JSON file for programs."""

import operator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from rich.console import Console
from rich.table import Table

SCHEMA = 1
RESULTS = Path(__file__).parent / "results.json"

_HOLDS = {">=": operator.ge, "<=": operator.le}


class Goal(msgspec.Struct, frozen=True):
    """A limit on a row's `value` or on its `ratio` to the baseline."""

    of: Literal["value", "ratio"]
    rule: Literal[">=", "<="]
    limit: float

    def met(self, value: float, ratio: float | None) -> bool | None:
        """Whether it is met; None where there is nothing to compare."""
        measured = value if self.of == "value" else ratio
        return None if measured is None else bool(_HOLDS[self.rule](measured, self.limit))

    def said(self, unit: str) -> str:
        """`≥ 10 × baseline`, `≤ 150 ms`."""
        sign = {">=": "≥", "<=": "≤"}[self.rule]
        return f"{sign} {self.limit:g} " + ("× baseline" if self.of == "ratio" else unit)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. `ratio` is how many times better we are than the baseline: above 1 is better for any unit.

    `value` and `baseline_value` are medians over the rounds, and `ratio` is the median
    of the rounds' own ratios; `rounds` are these, one by one.
    """

    name: str
    value: float
    unit: str
    baseline: str | None = None
    baseline_value: float | None = None
    ratio: float | None = None
    goal: str | None = None
    met: bool | None = None
    rounds: list[float] = []
    note: str = ""


class Failure(msgspec.Struct, frozen=True):
    """A bench that could not run, and why."""

    bench: str
    why: str


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """One run of `python -m bench`."""

    schema: int
    started_at: str
    seconds: float
    quick: bool
    benches: list[str]
    machine: dict[str, Any]
    rows: list[Row]
    failures: list[Failure]


def row(
    name: str,
    value: float,
    unit: str,
    *,
    goal: Goal | None = None,
    baseline: str | None = None,
    baseline_value: float | None = None,
    ratio: float | None = None,
    rounds: list[float] | None = None,
    note: str = "",
) -> Row:
    """A row, with its figures rounded to four digits and its goal judged on the unrounded ones."""
    return Row(
        name=name,
        value=_digits(value),
        unit=unit,
        baseline=baseline,
        baseline_value=None if baseline_value is None else _digits(baseline_value),
        ratio=None if ratio is None else _digits(ratio),
        goal=None if goal is None else goal.said(unit),
        met=None if goal is None else goal.met(value, ratio),
        rounds=[_digits(one) for one in rounds or ()],
        note=note,
    )


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


def stamp() -> str:
    """Now, in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(results: Results, path: Path = RESULTS) -> None:
    """Writes the JSON file, readable line by line in a diff."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")


def show(results: Results, console: Console) -> None:
    """Prints the table, and what could not run."""
    table = Table(title=f"lanbi bench, {results.started_at}" + (" (quick)" if results.quick else ""))
    for column in ("what", "Lanbi", "baseline", "baseline's", "×", "goal", "met"):
        table.add_column(column, justify="left" if column in ("what", "baseline", "goal") else "right")
    for one in results.rows:
        table.add_row(
            one.name,
            f"{one.value:,.4g} {one.unit}",
            one.baseline or "",
            "" if one.baseline_value is None else f"{one.baseline_value:,.4g} {one.unit}",
            "" if one.ratio is None else f"{one.ratio:.3g}",
            one.goal or "",
            "" if one.met is None else "[green]yes[/]" if one.met else "[red]no[/]",
        )
    console.print(table)
    for one in results.rows:
        if one.note:
            console.print(f"[dim]{one.name}:[/] {one.note}", highlight=False)
    facts = results.machine
    sync = f"fdatasync p50 {facts['fdatasync_p50_ms']} ms p99 {facts['fdatasync_p99_ms']} ms"
    load = f"load {facts['load_before']} → {facts['load_after']}"
    console.print(
        f"{facts['cores']} cores, {facts['cpu']}, {facts['kernel']}, {sync}, {load}", highlight=False
    )
    for failure in results.failures:
        console.print(f"[red]could not run[/] {failure.bench}: {failure.why}", highlight=False)
