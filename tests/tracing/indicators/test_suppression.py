"""No published table gives a small cell away, by reading it or by any arithmetic."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.tracing.indicators.suppression import CELL_MIN, ROWS_MAX, Table, publish

Grid = list[list[int]]


def table_of(grid: Grid) -> Table:
    rows, columns = [f"r{i}" for i in range(len(grid))], [f"c{j}" for j in range(len(grid[0]))]
    return publish(
        rows, columns, {(rows[i], columns[j]): v for i, row in enumerate(grid) for j, v in enumerate(row)}
    )


def extended(table: Table) -> list[list[int | None]]:
    """The table with its margins, as it is printed."""
    return [
        *([*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)),
        [*table.column_totals, table.total],
    ]


def true_values(grid: Grid) -> np.ndarray:
    inner = np.array(grid)
    with_rows = np.hstack([inner, inner.sum(axis=1, keepdims=True)])
    return np.vstack([with_rows, with_rows.sum(axis=0, keepdims=True)])


counts = st.one_of(st.integers(0, 14), st.integers(0, 200))


@st.composite
def grids(draw: st.DrawFn, rows_max: int = 5, columns_max: int = 5) -> Grid:
    rows, columns = draw(st.integers(1, rows_max)), draw(st.integers(1, columns_max))
    return [[draw(counts) for _ in range(columns)] for _ in range(rows)]


def test_a_table_without_small_cells_is_published_whole() -> None:
    table = table_of([[10, 20], [30, 40]])
    assert table.cells == ((10, 20), (30, 40))
    assert (table.row_totals, table.column_totals, table.total) == ((30, 70), (40, 60), 100)
    assert table.withheld == 0


def test_one_small_cell_takes_company_so_that_no_total_gives_it_away() -> None:
    table = table_of([[120, 4, 33], [30, 22, 41], [210, 18, 55]])
    assert table.cells[0] == (120, None, None)
    assert sum(cell is None for row in table.cells for cell in row) == 4
    assert (table.row_totals, table.total) == ((157, 93, 283), 533)


def test_nought_is_withheld_too() -> None:
    table = table_of([[0, 50, 60], [70, 80, 90]])
    assert table.cells[0][0] is None


def test_a_list_is_a_table_of_one_row() -> None:
    table = table_of([[50, 3, 40]])
    assert table.cells == ((50, None, None),)
    assert table.total == 93


def test_a_table_too_small_for_anything_is_withheld_whole() -> None:
    for grid in ([[5, 3]], [[0, 0], [0, 0]], [[9]]):
        table = table_of(grid)
        assert {cell for row in extended(table) for cell in row} == {None}


@given(grids())
def test_what_is_published_is_true_and_never_small(grid: Grid) -> None:
    for line, truth in zip(extended(table_of(grid)), true_values(grid), strict=True):
        for shown, value in zip(line, truth, strict=True):
            assert shown is None or (shown == value and shown >= CELL_MIN)


@given(grids())
def test_no_row_or_column_lacks_exactly_one_figure(grid: Grid) -> None:
    """The plainest attack: a total less what is printed beside it."""
    lines = extended(table_of(grid))
    for line in [*lines, *map(list, zip(*lines, strict=True))]:
        assert sum(value is None for value in line) != 1


@given(grids())
def test_no_small_figure_follows_from_all_sums_together(grid: Grid) -> None:
    """Every linear attack at once: a withheld figure is found if, and only if, its unit vector lies in the
    span of the equations that hold between the withheld ones."""
    lines, truth = extended(table_of(grid)), true_values(grid)
    height, width = truth.shape
    hidden = [(i, j) for i, j in product(range(height), range(width)) if lines[i][j] is None]
    equations = []
    for i in range(height):
        equations.append([(1 if j < width - 1 else -1) if r == i else 0 for r, j in hidden])
    for j in range(width):
        equations.append([(1 if i < height - 1 else -1) if c == j else 0 for i, c in hidden])
    system = np.array(equations, dtype=float)
    rank = np.linalg.matrix_rank(system) if hidden else 0
    for place, (i, j) in enumerate(hidden):
        if truth[i, j] < CELL_MIN:
            unit = np.zeros((1, len(hidden)))
            unit[0, place] = 1
            assert np.linalg.matrix_rank(np.vstack([system, unit])) > rank, (i, j)


LARGEST = 26


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 15), min_size=2, max_size=2), min_size=2, max_size=2))
def test_every_small_figure_could_be_a_large_one(grid: Grid) -> None:
    """By trying every table there is: among those that agree with the printed one, each small cell is
    somewhere CELL_MIN or more. So nobody can even prove that it is small."""
    lines = extended(table_of(grid))
    axis = np.arange(LARGEST + 1)
    a, b, c, d = np.meshgrid(axis, axis, axis, axis, indexing="ij", sparse=True)
    figures = [[a, b, a + b], [c, d, c + d], [a + c, b + d, a + b + c + d]]
    agrees = np.ones((LARGEST + 1,) * 4, dtype=bool)
    for line, formulas in zip(lines, figures, strict=True):
        for shown, figure in zip(line, formulas, strict=True):
            if shown is not None:
                agrees &= figure == shown
    assert agrees[grid[0][0], grid[0][1], grid[1][0], grid[1][1]]
    for value, figure in zip([*grid[0], *grid[1]], (a, b, c, d), strict=True):
        if value < CELL_MIN:
            assert (agrees & (figure >= CELL_MIN)).any()


@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 9), st.data())
def test_little_is_withheld_where_there_is_room(
    rows: int, columns: int, small: int, data: st.DataObject
) -> None:
    """Protection is no excuse: with large neighbours all around, one small cell costs three more."""
    grid = [[data.draw(st.integers(50, 99)) for _ in range(columns)] for _ in range(rows)]
    grid[0][0] = small
    table = table_of(grid)
    assert table.withheld == 4
    assert None not in (*table.row_totals, *table.column_totals, table.total)


@given(grids())
def test_the_same_counts_give_the_same_table(grid: Grid) -> None:
    """Else two printings could be laid over each other."""
    assert table_of(grid) == table_of([list(row) for row in grid])


def test_a_table_of_nothing_is_withheld() -> None:
    table = publish((), ("x",), {})
    assert (table.cells, table.column_totals, table.total) == ((), (None,), None)


@pytest.mark.parametrize(
    ("rows", "columns", "cells", "words"),
    [
        (["a"], ["x"], {("a", "y"): 3}, "no row or column"),
        (["a"], ["x"], {("a", "x"): -1}, "below nought"),
        ([str(i) for i in range(ROWS_MAX + 1)], ["x"], {}, "too large"),
    ],
)
def test_what_is_no_table_is_refused(
    rows: list[str], columns: list[str], cells: dict[tuple[str, str], int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        publish(rows, columns, cells)
