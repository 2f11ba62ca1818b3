"""Some register entries, laid out to be searched: rows, the keys that find them, and what is common."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings.density import Columns, Density
from lanbi.tracing.markings.hashes import KeyTable, Ranges, Rows, Words, filled_keys, shorter_keys, whole_keys
from lanbi.tracing.markings.kernel import fits
from lanbi.tracing.markings.marks import GAP, SERIAL_MARKS_MAX, UNREAD, UNREAD_CODE, coded
from lanbi.tracing.markings.score import stretched

BUILD_ROWS_AT_ONCE = 100_000
FILLED_UNREAD_MAX = 3
"""So many unread marks are filled in every way (27² keys for three); more are sought by what is known."""
LOOSE_ROWS_MAX = 20_000
"""Entries that begin or end as a reading with many unread marks does; of more, none is a proposal."""
LOOSE_BOTH_ROWS_MAX = 120_000
"""…and that begin so, or end so, where what begins and ends so can be told."""


class Part:
    """Built once, never changed. Rows with no marks are held and are found by nothing."""

    __slots__ = (
        "_begins",
        "_ends",
        "_exact",
        "_id_order",
        "_ids_sorted",
        "_shorter",
        "columns",
        "density",
        "ids",
    )

    def __init__(self, ids: Rows, columns: Columns) -> None:
        self.ids, self.columns = ids, columns
        width = int(columns.lengths.max(initial=0)) or 1
        codes, lengths = columns.codes[:, :width], columns.lengths
        places = np.arange(width)

        def whole() -> Iterator[tuple[Words, Rows]]:
            rows = np.flatnonzero(lengths)
            yield whole_keys(codes[rows]), rows

        def shorter() -> Iterator[tuple[Words, Rows]]:
            for start in range(0, len(ids), BUILD_ROWS_AT_ONCE):
                rows = slice(start, start + BUILD_ROWS_AT_ONCE)
                valid = places < lengths[rows, None]
                yield shorter_keys(codes[rows])[valid], np.nonzero(valid)[0] + start

        self._exact = KeyTable(whole(), int((lengths > 0).sum()), len(ids))
        self._shorter = KeyTable(shorter(), int(lengths.sum(dtype=np.int64)), len(ids))
        self._begins = Ranges(codes, lengths, from_end=False)
        self._ends = Ranges(codes, lengths, from_end=True)
        self.density = Density(columns)
        self._id_order = np.argsort(ids, kind="stable")
        self._ids_sorted = ids[self._id_order]

    def __len__(self) -> int:
        return len(self.ids)

    def rows_of(self, ids: Rows) -> Rows:
        """The rows that have these ids; an id that is not here is left out."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._ids_sorted, ids), len(self) - 1)
        return self._id_order[at[self._ids_sorted[at] == ids]]

    def neighbours(self, queries: Columns) -> tuple[Rows, Rows]:
        """(query, row) of every row that is equal to a query but for look-alikes, or for one mark more.

        One mark other, missing, extra, or two neighbours swapped; some pairs are further apart. No pair is
        twice.
        """
        width = int(queries.lengths.max(initial=0)) or 1
        codes = queries.codes[:, :width]
        whole, shorter = whole_keys(codes), shorter_keys(codes)
        asked = np.flatnonzero(queries.lengths)
        query_of, place = np.nonzero(np.arange(width) < queries.lengths[:, None])
        less = shorter[query_of, place]
        found: list[Words] = []
        for table in (self._exact, self._shorter):
            for keys, owner in ((whole[asked], asked), (less, query_of)):
                hit, row = table.find(keys)
                found.append(owner[hit].astype(np.uint64) << np.uint64(32) | row.astype(np.uint64))
        return _unpacked(np.unique(np.concatenate(found)))

    def fitting(self, queries: Columns) -> tuple[Rows, Rows]:
        """(query, row) of every row that fits a query with one to three unread marks."""
        keys: list[Words] = []
        owners: list[Rows] = []
        for query in range(len(queries)):
            row = queries.codes[query, : int(queries.lengths[query])]
            filled = filled_keys(row, np.flatnonzero(row == UNREAD_CODE))
            keys.append(filled)
            owners.append(np.full(len(filled), query))
        if not keys:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        hit, row = self._shorter.find(np.concatenate(keys))
        owner = np.concatenate(owners)[hit]
        query_of, rows = _unpacked(
            np.unique(owner.astype(np.uint64) << np.uint64(32) | row.astype(np.uint64))
        )
        level = queries.lengths[query_of] == self.columns.lengths[rows]
        query_of, rows = query_of[level], rows[level]
        fit = fits(queries.codes[query_of], self.columns.codes[rows])
        return query_of[fit], rows[fit]

    def loose(self, marks: str) -> Rows | None:
        """The rows that fit a reading with a `…` or many unread marks; None where they are too many."""
        signs = [at for at, mark in enumerate(marks) if mark in (UNREAD, GAP)]
        begin, end = marks[: signs[0]], marks[signs[-1] + 1 :]
        low, high = self._begins.range(coded([begin])[0][0][: len(begin)])
        low_end, high_end = self._ends.range(coded([end[::-1]])[0][0][: len(end)])
        by_begin, by_end = high - low, high_end - low_end
        if min(by_begin, by_end) <= LOOSE_ROWS_MAX:
            rows = self._begins.rows(low, high) if by_begin <= by_end else self._ends.rows(low_end, high_end)
        elif begin and end and max(by_begin, by_end) <= LOOSE_BOTH_ROWS_MAX:
            rows = np.intersect1d(self._begins.rows(low, high), self._ends.rows(low_end, high_end))
        else:
            return None
        kept: list[Rows] = []
        lengths = self.columns.lengths[rows]
        for length in range(
            len(marks.replace(GAP, "")), SERIAL_MARKS_MAX + 1 if GAP in marks else len(marks) + 1
        ):
            some = rows[lengths == length]
            if len(some):
                read, _ = coded([stretched(marks, length)])
                kept.append(some[fits(read, self.columns.codes[some])])
        return np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)

    @property
    def bytes(self) -> int:
        """Memory that the arrays take."""
        tables = (self._exact, self._shorter, self._begins, self._ends, self.density)
        columns = (self.ids, self.columns.codes, self.columns.lengths, self._id_order, self._ids_sorted)
        attributes = self.columns.attributes.values()
        return sum(table.bytes for table in tables) + sum(array.nbytes for array in (*columns, *attributes))


def _unpacked(pairs: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
