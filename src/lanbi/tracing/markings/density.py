"""How common serials like a given one are: what another gun's number would be, judged by the register's own.

Guns are numbered one after the other and are shipped, lost and stolen in lots. So a reading one figure away
from an entry is more likely its neighbour than a misreading of it, where the register holds many neighbours.
`Density` counts entries at six levels: all but the last one, two or three figures of the last group of
figures being the same; all but that whole group (a series); the same kinds of mark at each place (a format);
the same three marks at the beginning. The chance of a reading is a sum over the levels, in the manner of a
back-off model of language (Jelinek and Mercer 1980), the entry that is compared being left out of the counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings.hashes import Counts, Rows, Words
from lanbi.tracing.markings.marks import CODES, IS_DIGIT, IS_LETTER, SERIAL_MARKS_MAX, UNREAD_CODE, Codes
from lanbi.tracing.markings.weights import ATTRIBUTES, CHANCE, Attribute, Floats

LEVELS = ("tens", "hundreds", "thousands", "series", "format", "beginning")
_TENS, _HUNDREDS, _THOUSANDS, _SERIES, _FORMAT, _BEGINNING = range(6)
SHARES = {_TENS: 0.05, _HUNDREDS: 0.03, _THOUSANDS: 0.05, _SERIES: 0.12, _FORMAT: 0.35, _BEGINNING: 0.05}
"""How likely another gun's number, as it is read, is like those in the register to this level, and by lot
below it: assumptions, set on a tuning register. The last is for numbers misread into a format that there is
not."""
BY_LOT = 0.03
"""…and how likely it is like them in nothing. What is left of one are guns unlike any in the register."""
BEGINNING_MARKS = 3
FITTING = 0.20
"""For a reading with unread marks, beside that: how likely another gun's number fits as those there do."""
TAKEN, TAKEN_UNSURE = 0.04, 0.2
"""A number that an entry has is no other gun's of its make: it would have to be misread. The second is for
where the make is not known on one side."""
MAKE_ENTRIES_MIN = 30
"""A make with fewer entries says little about its own numbers: the whole register is asked."""

ROWS_AT_ONCE = 100_000

_SEED = 0xDE2517
_MASKED, _DIGIT, _LETTER = CODES, CODES + 1, CODES + 2
_MIX = np.uint64(0x9E3779B97F4A7C15)


def _random(shape: tuple[int, ...]) -> Words:
    return np.random.default_rng(_SEED).integers(0, 2**64, size=shape, dtype=np.uint64, endpoint=False)


_PLACE = _random((SERIAL_MARKS_MAX, CODES + 3))
_PLACE[:, 0] = 0
_LEVEL = _random((len(LEVELS), 2))[:, 1]
_KIND = np.zeros(CODES, dtype=np.uint8)
_KIND[IS_DIGIT] = _DIGIT
_KIND[IS_LETTER] = _LETTER
_KIND[UNREAD_CODE] = _LETTER


class Columns:
    """Rows side by side: `codes` (n, SERIAL_MARKS_MAX), `lengths`, and by attribute catalogue numbers."""

    __slots__ = ("attributes", "codes", "lengths")

    def __init__(
        self, codes: Codes, lengths: NDArray[np.uint8], attributes: dict[Attribute, NDArray[np.int16]]
    ) -> None:
        self.codes, self.lengths, self.attributes = codes, lengths, attributes

    def __len__(self) -> int:
        return len(self.lengths)

    def take(self, rows: Rows | NDArray[np.bool_]) -> Columns:
        """Some of the rows."""
        return Columns(
            self.codes[rows],
            self.lengths[rows],
            {name: column[rows] for name, column in self.attributes.items()},
        )

    @staticmethod
    def joined(several: list[Columns]) -> Columns:
        """All rows of several, one after the other."""
        return Columns(
            np.concatenate([one.codes for one in several]),
            np.concatenate([one.lengths for one in several]),
            {name: np.concatenate([one.attributes[name] for one in several]) for name in ATTRIBUTES},
        )


def seeming_figures(codes: Codes) -> NDArray[np.bool_]:
    """Where a figure stands, or an unread mark that is beside one (or beside such a one)."""
    figures = IS_DIGIT[codes]
    unread = codes == UNREAD_CODE
    if unread.any():
        for place in range(1, codes.shape[1]):
            figures[:, place] |= unread[:, place] & figures[:, place - 1]
        for place in range(codes.shape[1] - 2, -1, -1):
            figures[:, place] |= unread[:, place] & figures[:, place + 1]
    return figures


def last_figures(codes: Codes) -> NDArray[np.int8]:
    """(row, place) → which of the last group of figures stands there, from its end (1 and up); 0 for none.

    An unread mark beside a figure is taken for a figure.
    """
    rank = np.zeros(codes.shape, dtype=np.int8)
    count = np.zeros(len(codes), dtype=np.int8)
    over = np.zeros(len(codes), dtype=bool)
    figures = seeming_figures(codes)
    for place in range(codes.shape[1] - 1, -1, -1):
        figure = figures[:, place]
        over |= ~figure & (count > 0)
        count += figure & ~over
        rank[:, place] = np.where(figure & ~over, count, 0)
    return rank


def level_keys(codes: Codes, ranks: NDArray[np.int8], level: int) -> Words:
    """The key of each row at a level: two rows like each other to that level have the same."""
    if level == _BEGINNING:
        seen = codes[:, :BEGINNING_MARKS]
    elif level == _FORMAT:
        seen = np.where(seeming_figures(codes), np.uint8(_DIGIT), _KIND[codes])
    else:
        masked = ranks > 0 if level == _SERIES else (ranks > 0) & (ranks <= level + 1)
        seen = np.where(masked, np.uint8(_MASKED), codes)
    return _PLACE[np.arange(seen.shape[1]), seen].sum(axis=1, dtype=np.uint64) + _LEVEL[level]


def of_make(keys: Words, make: NDArray[np.int16]) -> Words:
    """The same keys, of one make's rows only."""
    return keys + (make.astype(np.uint64) + np.uint64(1)) * _MIX


def share_keys(which: Attribute, value: NDArray[np.int16], make: NDArray[np.int16] | None) -> Words:
    """Keys of values of an attribute; of those of one make each, where `make` is given."""
    kind = np.uint64(ATTRIBUTES.index(which) + 1)
    of = np.zeros(len(value), dtype=np.uint64) if make is None else make.astype(np.uint64) + np.uint64(1)
    return kind << np.uint64(48) | of << np.uint64(24) | value.astype(np.uint64)


class Density:
    """The counts of some rows."""

    __slots__ = ("_all", "_by_make", "_shares", "rows")

    def __init__(self, columns: Columns) -> None:
        make = columns.attributes["make"]
        self.rows = len(columns)
        keys = np.empty((len(LEVELS), len(columns)), dtype=np.uint64)
        width = int(columns.lengths.max(initial=0)) or 1
        for start in range(0, len(columns), ROWS_AT_ONCE):
            codes = columns.codes[start : start + ROWS_AT_ONCE, :width]
            ranks = last_figures(codes)
            for level in range(len(LEVELS)):
                keys[level, start : start + ROWS_AT_ONCE] = level_keys(codes, ranks, level)
        self._all = [Counts(of_level) for of_level in keys]
        self._by_make = [Counts(of_make(of_level, make)) for of_level in keys]
        shares: list[Words] = []
        for which in ATTRIBUTES:
            column = columns.attributes[which]
            shares.append(share_keys(which, column, None))
            if which != "make":
                shares.append(share_keys(which, column, make))
        self._shares = Counts(np.concatenate(shares))

    def like(
        self, level: int, keys: Words, make: NDArray[np.int16], by_make: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """How many rows are like each query to this level; of its make only, where `by_make` says so."""
        found = np.zeros(len(keys), dtype=np.int64)
        found[by_make] = self._by_make[level].of(of_make(keys[by_make], make[by_make]))
        found[~by_make] = self._all[level].of(keys[~by_make])
        return found

    def having(self, keys: Words) -> NDArray[np.int64]:
        """How many rows have each of these values (`share_keys`)."""
        return self._shares.of(keys)

    @property
    def bytes(self) -> int:
        """Memory that the counts take."""
        return self._shares.bytes + sum(counts.bytes for counts in (*self._all, *self._by_make))


class Chances:
    """What the register says around each of several queries: shares of what was written, and like serials.

    `densities`: the parts of the register, each with +1, or −1 for rows that are gone from one of them.
    """

    def __init__(self, queries: Columns, densities: list[tuple[int, Density]]) -> None:
        make = queries.attributes["make"]
        asked = [share_keys(which, queries.attributes[which], None) for which in ATTRIBUTES]
        asked += [share_keys(which, queries.attributes[which], make) for which in ATTRIBUTES]
        keys = np.concatenate(asked)
        counts = sum((sign * density.having(keys) for sign, density in densities), np.zeros(len(keys)))
        overall, own = counts.reshape(2, len(ATTRIBUTES), len(queries))
        self.entries = max(1, sum(sign * density.rows for sign, density in densities))
        of_make_count = overall[ATTRIBUTES.index("make")]
        self.by_make = (make > 0) & (of_make_count >= MAKE_ENTRIES_MIN)
        self.among = np.where(self.by_make, of_make_count, self.entries)
        self.shares: dict[Attribute, Floats] = {}
        for at, which in enumerate(ATTRIBUTES):
            if which == "make":
                self.shares[which] = (overall[at] + 0.5) / (self.entries + 1)
            else:
                self.shares[which] = (np.where(self.by_make, own[at], overall[at]) + 0.5) / (self.among + 1)
        codes = queries.codes[:, : int(queries.lengths.max(initial=0)) or 1]
        self.ranks = last_figures(codes)
        self.like = np.zeros((len(LEVELS), len(queries)))
        for level in range(len(LEVELS)):
            keys = level_keys(codes, self.ranks, level)
            for sign, density in densities:
                self.like[level] += sign * density.like(level, keys, make, self.by_make)
        chance = CHANCE[codes].astype(np.float64)
        self.by_lot = chance.sum(axis=1)
        self.after_beginning = chance[:, BEGINNING_MARKS:].sum(axis=1)
        # What is masked at a level and was read is by lot; what was not read is anything.
        masked = [(self.ranks > 0) & (self.ranks <= level + 1) for level in range(3)] + [self.ranks > 0]
        self.rest = np.stack([np.where(places, chance, 0.0).sum(axis=1) for places in masked])
        self.unread = (codes == UNREAD_CODE).any(axis=1)

    def pattern(
        self, query: Rows, own: NDArray[np.bool_], taken: Floats, fitting: Floats, gapped: NDArray[np.bool_]
    ) -> Floats:
        """log10 of (chance of the marks by lot / chance that another gun's number is read), for comparisons.

        `query`: the query of each comparison. `own`: (level, comparison) → whether the entry that is compared
        is itself like the query to that level, and so is left out of the count. `taken`: 1, or less where the
        very number is the entry's. `fitting`: for readings with unread marks, how many other entries fit what
        is read. `gapped`: whether the reading has a `…`, so that only its beginning is known to be at its
        place.
        """
        among, lot = self.among[query], 10.0 ** self.by_lot[query]
        chance = BY_LOT * lot
        for level, share in SHARES.items():
            count = np.maximum(self.like[level][query] - own[level], 0.0)
            if level == _BEGINNING:
                rest = self.after_beginning[query]
            else:
                count[gapped] = 0.0
                rest = self.by_lot[query] if level == _FORMAT else self.rest[level][query]
            chance += share * taken * count / among * 10.0**rest
        chance += FITTING * fitting / among
        return np.log10(lot) - np.log10(chance)
