"""The register at one moment: parts that never change, and which of their rows still count.

A search holds one snapshot from beginning to end, so that adding and taking away never disturb it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings.density import Columns, Density
from lanbi.tracing.markings.hashes import Rows
from lanbi.tracing.markings.part import Part


class Snapshot(NamedTuple):
    """`parts`: the main one, and what was added since. `alive`: by part, whether each row counts. `gone`: the
    counts of the rows that do not, to be taken off those of the parts."""

    parts: tuple[Part, ...]
    alive: tuple[NDArray[np.bool_], ...]
    gone: Density | None

    @property
    def entries(self) -> int:
        """How many rows count."""
        return sum(len(part) for part in self.parts) - (self.gone.rows if self.gone else 0)

    def densities(self) -> list[tuple[int, Density]]:
        """The counts of what is there, each with the sign that it counts with."""
        kept = [(1, part.density) for part in self.parts]
        return kept if self.gone is None else [*kept, (-1, self.gone)]

    def rows(self) -> tuple[Rows, Columns]:
        """Everything that counts: ids and columns."""
        both = list(zip(self.parts, self.alive, strict=True))
        ids = np.concatenate([part.ids[alive] for part, alive in both])
        return ids, Columns.joined([part.columns.take(alive) for part, alive in both])


def whole(ids: Rows, columns: Columns) -> Snapshot:
    """All rows in one part."""
    return Snapshot((Part(ids, columns),), (np.ones(len(ids), dtype=bool),), None)


def without(now: Snapshot, ids: Rows) -> Snapshot:
    """The same register without some ids; those that are not there are no error."""
    alive: list[NDArray[np.bool_]] = []
    for part, mask in zip(now.parts, now.alive, strict=True):
        rows = part.rows_of(ids)
        if len(rows):
            mask = mask.copy()  # noqa: PLW2901  readers hold the old one
            mask[rows] = False
        alive.append(mask)
    return Snapshot(now.parts, tuple(alive), _gone(now.parts, alive))


def added(now: Snapshot, ids: Rows, columns: Columns) -> Snapshot:
    """The same register with rows beside the main part, in the place of those with the same ids."""
    now = without(now, ids)
    (main, *since), (alive, *alive_since) = now.parts, now.alive
    if since:
        old_ids, old = Snapshot(tuple(since), tuple(alive_since), None).rows()
        ids, columns = np.concatenate([old_ids, ids]), Columns.joined([old, columns])
    delta = Part(ids, columns)
    return Snapshot((main, delta), (alive, np.ones(len(delta), dtype=bool)), _gone([main], [alive]))


def last_of_each(ids: Rows, columns: Columns) -> tuple[Rows, Columns]:
    """The rows, of several with one id only the last.

    Raises `ValueError` when there are not as many ids as rows.
    """
    if len(ids) != len(columns):
        raise ValueError(f"{len(ids)} ids for {len(columns)} rows")
    _, from_end = np.unique(ids[::-1], return_index=True)
    if len(from_end) == len(ids):
        return ids, columns
    kept = np.sort(len(ids) - 1 - from_end)
    return ids[kept], columns.take(kept)


def _gone(parts: Sequence[Part], alive: Sequence[NDArray[np.bool_]]) -> Density | None:
    dead = [part.columns.take(~mask) for part, mask in zip(parts, alive, strict=True) if not mask.all()]
    return Density(Columns.joined(dead)) if dead else None
