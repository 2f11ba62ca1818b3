"""Tables of counts in which no small cell can be read, nor computed from the rest. Pure.

A count below CELL_MIN is withheld, nought included (a published nought says who did nothing). Withholding
it alone protects nothing: the total of its row less its neighbours gives it away. So further cells are
withheld, as few and small as can be, until for every small cell there is another table that agrees with
everything published and in which this cell is CELL_MIN or more. Then no arithmetic on rows and columns,
however combined, can find its value or even prove it small.

The method is a search for cycles in the graph whose vertices are rows and columns and whose edges are
withheld cells (Gusfield 1988; Cox 1995): moving a count around a cycle keeps every total. A table of one
row is a list.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from itertools import count

import msgspec

CELL_MIN = 10
ROWS_MAX = 400
COLUMNS_MAX = 100
CELL_PRICE = 100
"""To withhold one cell more is as bad as to withhold this many more counts: few cells, then small ones."""
TOTAL_PRICE = 4
"""A total is worth this many cells to a reader, and is withheld only where cells would cost more."""
TOTAL = -1
"""The place of the margin: row TOTAL holds the columns' totals, column TOTAL the rows'."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A published table; None where withheld. `cells[row][column]`; `withheld`: how many of all are None,
    totals included, or -1 where nothing at all could be published."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    withheld: int


def publish(rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, str], int]) -> Table:
    """The table of `counts`, (row, column) → count with absent ones nought, so that it may be published.

    Raises ValueError for negative counts, names that are no row or column, or a table larger than ROWS_MAX
    by COLUMNS_MAX. The answer depends on the counts alone: publishing the same table twice tells nothing
    more.
    """
    if len(rows) > ROWS_MAX or len(columns) > COLUMNS_MAX:
        raise ValueError("the table is too large")
    if any(row not in rows or column not in columns for row, column in counts):
        raise ValueError("a count of no row or column")
    grid = [[counts.get((row, column), 0) for column in columns] for row in rows]
    if any(value < 0 for line in grid for value in line):
        raise ValueError("a count below nought")
    values = _extended(grid)
    hidden = _hidden(values) if values else None

    def shown(row: int, column: int) -> int | None:
        return None if hidden is None or (row, column) in hidden else values[row, column]

    return Table(
        rows=tuple(rows),
        columns=tuple(columns),
        cells=tuple(tuple(shown(r, c) for c in range(len(columns))) for r in range(len(rows))),
        row_totals=tuple(shown(r, TOTAL) for r in range(len(rows))),
        column_totals=tuple(shown(TOTAL, c) for c in range(len(columns))),
        total=shown(TOTAL, TOTAL),
        withheld=-1 if hidden is None else len(hidden),
    )


Cell = tuple[int, int]


def _extended(grid: Sequence[Sequence[int]]) -> dict[Cell, int]:
    """The cells with their margins."""
    values = {(r, c): value for r, line in enumerate(grid) for c, value in enumerate(line)}
    for (r, c), value in list(values.items()):
        for margin in ((r, TOTAL), (TOTAL, c), (TOTAL, TOTAL)):
            values[margin] = values.get(margin, 0) + value
    return values


def _hidden(values: Mapping[Cell, int]) -> set[Cell] | None:
    """The cells to withhold; None where no choice protects all, so that nothing may be published."""
    small = sorted((cell for cell, value in values.items() if value < CELL_MIN), key=lambda c: (values[c], c))
    hidden = set(small)
    for cell in small:
        cycle = _cycle(values, hidden, cell)
        if cycle is None:
            return None
        hidden |= cycle
    return hidden


def _sign(cell: Cell) -> int:
    """Totals stand on the other side of their equation: a cycle through a margin moves them the other
    way."""
    return -1 if (cell[0] == TOTAL) != (cell[1] == TOTAL) else 1


def _cycle(values: Mapping[Cell, int], hidden: set[Cell], small: Cell) -> set[Cell] | None:
    """The cheapest set of cells around which `small` can be raised to CELL_MIN without any count below
    nought.

    Dijkstra from the row of `small` to its column over all other cells. Steps from a row to a column move a
    count by the opposite sign of `small`, steps back by its own; a cell that falls must hold that much.
    """
    raise_by = CELL_MIN - values[small]
    rows = sorted({r for r, _ in values})
    columns = sorted({c for _, c in values})
    start, goal = ("row", small[0]), ("column", small[1])
    order = count()
    heap: list[tuple[int, int, tuple[str, int], tuple[Cell, ...]]] = [(0, next(order), start, ())]
    done: set[tuple[str, int]] = set()
    while heap:
        cost, _, vertex, path = heapq.heappop(heap)
        if vertex in done:
            continue
        done.add(vertex)
        if vertex == goal:
            return set(path)
        side, place = vertex
        for other in columns if side == "row" else rows:
            cell, onward = (
                ((place, other), ("column", other)) if side == "row" else ((other, place), ("row", other))
            )
            if cell == small or onward in done:
                continue
            moves = _sign(small) * _sign(cell) * (-1 if side == "row" else 1)
            if moves < 0 and values[cell] < raise_by:
                continue
            worth = TOTAL_PRICE if TOTAL in cell else 1
            price = 0 if cell in hidden else worth * (values[cell] + CELL_PRICE)
            heapq.heappush(heap, (cost + price, next(order), onward, (*path, cell)))
    return None
