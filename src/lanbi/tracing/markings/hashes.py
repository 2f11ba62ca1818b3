"""Folded keys of serials as 64-bit numbers, and sorted tables that find the rows of a key.

A key is the sum, over its places, of one fixed random number for each (place, group of look-alikes): so the
keys of all the ways to leave out one mark come from two running sums, and numpy makes millions of them a
second. Two serials have one key by accident once in 2^43 pairs at 1.4 million rows; what is found is compared
afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings.marks import FOLD, FOLDS, SERIAL_MARKS_MAX, Codes

Words = NDArray[np.uint64]
Rows = NDArray[np.int64]

_SEED = 0x5E41A1
"""Any number: the keys live no longer than the process."""
BUCKET_WORDS = 4
"""How many words a bucket holds on average: what is looked through for a key."""
KEY_ROWS_MAX = 1_024
"""Rows looked at for one key; more would be a register of a single number."""


def _place_table() -> Words:
    table = np.random.default_rng(_SEED).integers(
        0, 2**64, size=(SERIAL_MARKS_MAX + 1, FOLDS + 2), dtype=np.uint64, endpoint=False
    )
    table[:, 0] = 0  # nothing there
    return table


_PLACE = _place_table()
_PLACES = np.arange(SERIAL_MARKS_MAX)


def whole_keys(codes: Codes) -> Words:
    """The folded key of each row."""
    folded = FOLD[codes]
    keys = np.zeros(len(codes), dtype=np.uint64)
    for place in range(codes.shape[1]):
        keys += _PLACE[place][folded[:, place]]
    return keys


def shorter_keys(codes: Codes) -> Words:
    """(row, place) → the key of the row without the mark at that place; where none is, the whole key."""
    folded = FOLD[codes]
    rows, width = codes.shape
    keys = np.zeros((rows, width), dtype=np.uint64)
    running = np.zeros(rows, dtype=np.uint64)
    for place in range(width):
        keys[:, place] = running
        running += _PLACE[place][folded[:, place]]
    running = np.zeros(rows, dtype=np.uint64)
    for place in range(width - 1, 0, -1):
        running += _PLACE[place - 1][folded[:, place]]
        keys[:, place - 1] += running
    return keys


def filled_keys(codes: Codes, unread: Rows) -> Words:
    """For one row with unread marks at `unread`: its keys without the last, the others being anything.

    As many as FOLDS to the power of the number of the others.
    """
    last, others = int(unread[-1]), unread[:-1].tolist()
    folded = FOLD[codes]
    folded[unread] = 0
    keys = _PLACE[_PLACES[:last], folded[:last]].sum(dtype=np.uint64, keepdims=True)
    keys += _PLACE[_PLACES[last : len(codes) - 1], folded[last + 1 :]].sum(dtype=np.uint64)
    for place in others:
        keys = (keys[:, None] + _PLACE[place][None, 1 : FOLDS + 1]).ravel()
    return keys


class KeyTable:
    """Rows by key: one sorted array, each word the upper bits of a key and the number of its row."""

    __slots__ = ("_mask", "_shift", "_starts", "_words")

    def __init__(self, chunks: Iterable[tuple[Words, Rows]], total: int, row_count: int) -> None:
        """`chunks`: keys and the row of each, `total` of them together; a row may have many keys."""
        self._mask = (
            np.uint64(2 ** max(1, int(row_count - 1).bit_length()) - 1) if row_count else np.uint64(1)
        )
        words = np.empty(total, dtype=np.uint64)
        at = 0
        for keys, rows in chunks:
            words[at : at + len(keys)] = (keys & ~self._mask) | rows.astype(np.uint64)
            at += len(keys)
        words.sort()
        if total:
            fresh = np.empty(total, dtype=bool)
            fresh[0] = True
            np.not_equal(words[1:], words[:-1], out=fresh[1:])
            words = words[fresh]  # ABB without either B is one key of one row
        self._words = words
        bits = max(1, (len(words) // BUCKET_WORDS).bit_length())
        self._shift = np.uint64(64 - bits)
        starts = np.empty(2**bits + 1, dtype=np.int64)
        starts[:-1] = np.searchsorted(words, np.arange(2**bits, dtype=np.uint64) << self._shift)
        starts[-1] = len(words)
        self._starts = starts

    def find(self, keys: Words) -> tuple[Rows, Rows]:
        """Each hit as (number of the key in `keys`, row), in the order of the keys."""
        bucket = (keys >> self._shift).astype(np.int64)
        begin = self._starts[bucket]
        counts = self._starts[bucket + 1] - begin
        key_of, at = spread(begin, counts)
        words = self._words[at]
        hit = np.flatnonzero((words & ~self._mask) == (keys & ~self._mask)[key_of])
        key_of, rows = key_of[hit], (words[hit] & self._mask).astype(np.int64)
        if len(key_of) > KEY_ROWS_MAX:
            first = np.searchsorted(key_of, key_of)
            kept = np.arange(len(key_of)) - first < KEY_ROWS_MAX
            key_of, rows = key_of[kept], rows[kept]
        return key_of, rows

    @property
    def bytes(self) -> int:
        """Memory that the arrays take."""
        return self._words.nbytes + self._starts.nbytes


def spread(begin: Rows, counts: Rows) -> tuple[Rows, Rows]:
    """Ranges [begin, begin + count) → (number of the range, position), for every position in every range."""
    total = int(counts.sum())
    range_of = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    at = np.arange(total) - np.repeat(ends - counts - begin, counts)
    return range_of, at


class Counts:
    """How often each key occurs: sorted, for looking up many at once."""

    __slots__ = ("_counts", "_keys")

    def __init__(self, keys: Words) -> None:
        self._keys, counts = np.unique(keys, return_counts=True)
        self._counts = counts.astype(np.int32)

    def of(self, keys: Words) -> NDArray[np.int64]:
        """The count of each key, 0 where there is none."""
        if not len(self._keys) or not len(keys):
            return np.zeros(len(keys), dtype=np.int64)
        # In their order, so that one search begins where the last one left the memory warm.
        order = np.argsort(keys)
        sought = keys[order]
        at = np.minimum(np.searchsorted(self._keys, sought), len(self._keys) - 1)
        found = np.zeros(len(keys), dtype=np.int64)
        found[order] = np.where(self._keys[at] == sought, self._counts[at], 0)
        return found

    @property
    def bytes(self) -> int:
        """Memory that the arrays take."""
        return self._keys.nbytes + self._counts.nbytes


class Ranges:
    """Rows by the beginning, or the end, of their folded marks: sorted numbers of up to twelve marks."""

    PLACES = 12
    BITS = 5

    __slots__ = ("_order", "_words")

    def __init__(self, codes: Codes, lengths: NDArray[np.uint8], *, from_end: bool) -> None:
        words = np.zeros(len(codes), dtype=np.uint64)
        folded = FOLD[codes]
        rows = np.arange(len(codes))
        for place in range(min(self.PLACES, codes.shape[1])):
            if from_end:
                at = lengths.astype(np.int64) - 1 - place
                marks = np.where(at >= 0, folded[rows, np.maximum(at, 0)], 0)
            else:
                marks = folded[:, place]
            words |= marks.astype(np.uint64) << np.uint64(self.BITS * (self.PLACES - 1 - place))
        self._order = np.argsort(words, kind="stable").astype(np.int32)
        self._words = words[self._order]

    def range(self, codes: Codes) -> tuple[int, int]:
        """Positions in `rows` of those that begin (or end, given backwards) with these known marks."""
        places = [int(FOLD[code]) for code in codes[: self.PLACES]]
        low = sum(fold << (self.BITS * (self.PLACES - 1 - k)) for k, fold in enumerate(places))
        free = self.BITS * (self.PLACES - len(places))
        low_at, high_at = np.searchsorted(self._words, np.array([low, low + (1 << free)], dtype=np.uint64))
        return int(low_at), int(high_at)

    def rows(self, low: int, high: int) -> Rows:
        """The rows at these positions."""
        return self._order[low:high].astype(np.int64)

    @property
    def bytes(self) -> int:
        """Memory that the arrays take."""
        return self._words.nbytes + self._order.nbytes
