"""The weights of `score`, for many comparisons at once: the same sums, over arrays.

`score.align` and `score.compare` say for one pair what these say for thousands; a test holds them together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings import weights
from lanbi.tracing.markings.catalogue import near_pairs
from lanbi.tracing.markings.density import BEGINNING_MARKS, LEVELS, Columns
from lanbi.tracing.markings.hashes import Rows
from lanbi.tracing.markings.marks import CODES, FOLD, IS_DIGIT, UNREAD_CODE, Codes
from lanbi.tracing.markings.weights import DIFFERS, NEAR, NOT_GIVEN, SAME, Attribute, Floats

_PAIR = weights.PAIR.ravel()


def mark_weights(
    read: Codes, held: Codes, read_lengths: NDArray[np.uint8], held_lengths: NDArray[np.uint8]
) -> Floats:
    """The weight of the marks of each comparison, a row of `read` beside a row of `held` (same width).

    Lengths may differ by one at most.
    """
    out = np.empty(len(read), dtype=np.float64)
    more = held_lengths.astype(np.int8) - read_lengths.astype(np.int8)
    level = np.flatnonzero(more == 0)
    out[level] = _same_length(read[level], held[level])
    for difference, extra in ((1, weights.MISSING_WEIGHT), (-1, weights.EXTRA_WEIGHT)):
        some = np.flatnonzero(more == difference)
        if not len(some):
            continue
        one, other = read[some], held[some]
        straight = _pairs(one, other)
        late, early = (other, one) if difference > 0 else (one, other)
        moved = (early[:, :-1], late[:, 1:])
        shifted = _pairs(*moved) if difference > 0 else _pairs(*moved[::-1])
        before = np.zeros((len(some), straight.shape[1]), dtype=np.float32)
        np.cumsum(straight[:, :-1], axis=1, out=before[:, 1:])
        after = np.zeros_like(before)
        after[:, :-1] = np.cumsum(shifted[:, ::-1], axis=1)[:, ::-1]
        out[some] = (before + after).max(axis=1) + extra
    return out


def _pairs(read: Codes, held: Codes) -> NDArray[np.float32]:
    return _PAIR[read.astype(np.int16) * np.int16(CODES) + held]


def _same_length(read: Codes, held: Codes) -> Floats:
    pair = _pairs(read, held)
    total = pair.sum(axis=1, dtype=np.float64)
    first, second = read[:, :-1], read[:, 1:]
    crossed = (first == held[:, 1:]) & (second == held[:, :-1]) & (first != second)
    crossed &= (first > 0) & (second > 0) & (first != UNREAD_CODE) & (second != UNREAD_CODE)
    some = np.flatnonzero(crossed.any(axis=1))
    if len(some):
        best = np.zeros((read.shape[1] + 1, len(some)))
        for place in range(read.shape[1]):
            best[place + 1] = best[place] + pair[some, place]
            if place:
                swap = weights.swapped(read[some, place - 1], read[some, place])
                across = np.where(crossed[some, place - 1], best[place - 1] + swap, -np.inf)
                np.maximum(best[place + 1], across, out=best[place + 1])
        total[some] = best[-1]
    return total


def fits(read: Codes, held: Codes) -> NDArray[np.bool_]:
    """Whether each row of `held` can be what is read: same places, look-alikes taken for one another."""
    same = FOLD[read] == FOLD[held]
    same |= (read == UNREAD_CODE) & (held > 0)
    same |= (held == UNREAD_CODE) & (read > 0)
    return same.all(axis=1)


def like(read: Codes, held: Codes, ranks: NDArray[np.int8]) -> NDArray[np.bool_]:
    """(level, comparison) → whether the held serial is like the read one to that level of `density`.

    `ranks`: `density.last_figures` of the read ones, row by row.
    """
    unread = read == UNREAD_CODE
    differs = (read != held) & ~unread
    kinds = IS_DIGIT[read] == IS_DIGIT[held]
    kinds |= unread | (held == UNREAD_CODE)
    kinds &= (read > 0) == (held > 0)
    alike = np.zeros((len(LEVELS), len(read)), dtype=bool)
    alike[4] = kinds.all(axis=1)
    alike[5] = ~differs[:, :BEGINNING_MARKS].any(axis=1)
    # Only within a format can two rows be like each other to a finer level.
    some = np.flatnonzero(alike[4])
    width = min(ranks.shape[1], read.shape[1])
    wrong, rank = differs[some, :width], ranks[some, :width]
    alike[3, some] = ~(wrong & (rank == 0)).any(axis=1)
    worst = np.where(wrong, rank, 0).max(axis=1, initial=0)
    for level in range(3):
        alike[level, some] = alike[3, some] & (worst <= level + 1)
    return alike


class Relations:
    """Which numbers of the catalogue are near each other, as a table to look up in."""

    def __init__(self, which: Attribute) -> None:
        pairs = near_pairs(f"{which}s")
        size = max((max(pair) for pair in pairs), default=0) + 1
        self._near = np.zeros((size, size), dtype=bool)
        for one, other in pairs:
            self._near[one, other] = True

    def of(self, read: NDArray[np.int16], held: NDArray[np.int16]) -> NDArray[np.int8]:
        """NOT_GIVEN, SAME, NEAR or DIFFERS for each comparison."""
        size = len(self._near)
        listed = (read < size) & (held < size)
        near = listed & self._near[np.where(listed, read, 0), np.where(listed, held, 0)]
        relation = np.where(read == held, SAME, np.where(near, NEAR, DIFFERS))
        return np.where((read == 0) | (held == 0), NOT_GIVEN, relation).astype(np.int8)


def attribute_weights(
    relations: dict[Attribute, Relations],
    queries: Columns,
    query: Rows,
    held: dict[Attribute, NDArray[np.int16]],
    shares: dict[Attribute, Floats],
) -> Floats:
    """The weight of make, model, calibre and type together, for each comparison."""
    total = np.zeros(len(query), dtype=np.float64)
    same_model = np.zeros(len(query), dtype=bool)
    for which in ("model", "make", "calibre", "type"):
        column = queries.attributes[which]
        if not column.any():
            continue
        relation = relations[which].of(column[query], held[which])
        table = np.stack(
            [weights.attribute(which, r, shares[which]) for r in (NOT_GIVEN, SAME, NEAR, DIFFERS)]
        )
        weight = table[relation, query]
        if which == "model":
            same_model = relation == SAME
        elif which != "make":
            weight = np.where(same_model, np.minimum(weight, 0.0), weight)
        total += weight
    return total
