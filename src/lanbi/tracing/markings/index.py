"""Serial search: a reading, as it was written, → the register entries that it may be, best first.

A register of a million serials is held as numpy arrays. Candidates are found by folded key, by the key
without one mark (symmetric deletion), by filling in unread marks, or by what a reading begins and ends with;
each is then weighed (`kernel`, `density`), and what is likely enough is proposed. One thread builds, any
number search.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from operator import attrgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings import catalogue
from lanbi.tracing.markings.compared import Hits, compare_all, ranked
from lanbi.tracing.markings.density import Columns
from lanbi.tracing.markings.hashes import Rows
from lanbi.tracing.markings.kernel import Relations
from lanbi.tracing.markings.marks import coded, written
from lanbi.tracing.markings.score import PRESENT_SHARE, Around, Comparison, Gun, compare
from lanbi.tracing.markings.snapshot import added, last_of_each, whole, without
from lanbi.tracing.markings.weights import ATTRIBUTES, Attribute

__all__ = ["Found", "Hits", "Proposal", "SerialIndex", "columns_of"]

PROPOSAL_POSTERIOR_MIN = 0.10
"""A less likely entry is not proposed to anybody."""
PROPOSALS_MAX = 50
QUERIES_AT_ONCE = 2_048
DELTA_ROWS_MAX = 50_000
"""Rows added and taken away since the last build, searched beside it; with more, `wants_merge`."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that a reading may be, with the reasons. `marks`: the entry's."""

    id: int
    marks: str
    posterior: float
    comparison: Comparison


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found: `near` entries were compared of `entries`. `too_many`: so many fit what little was
    read that none is a proposal."""

    proposals: tuple[Proposal, ...]
    near: int
    entries: int
    too_many: bool = False


def columns_of(
    guns: Sequence[Gun] | None = None,
    *,
    marks: Iterable[str] = (),
    attributes: dict[Attribute, NDArray[np.int16]] | None = None,
) -> Columns:
    """Guns as columns; or marks, with columns of `catalogue.numbers` that the caller has (0: not known).

    An entry's `…` becomes one unread mark: only readings stretch.
    """
    if guns is not None:
        marks = [gun.marks for gun in guns]
        attributes = {}
        for which in ATTRIBUTES:
            numbers = {None: 0, **catalogue.numbers(f"{which}s")}
            given = map(attrgetter(which), guns)
            attributes[which] = np.array([numbers.get(code, 0) for code in given], dtype=np.int16)
    codes, lengths = coded(marks)
    blank = np.zeros(len(lengths), dtype=np.int16)
    return Columns(codes, lengths, {name: (attributes or {}).get(name, blank) for name in ATTRIBUTES})


class SerialIndex:
    """The register in memory. `add` and `remove` leave searches undisturbed; safe between threads."""

    def __init__(self, ids: Sequence[int] | Rows = (), columns: Columns | None = None) -> None:
        """`ids` (64 bits) and `columns` go together. Of several rows with one id the last counts.

        Raises `ValueError` when there are not as many ids as rows; so does `add`.
        """
        columns = columns if columns is not None else columns_of([])
        self._lock = threading.Lock()
        self._relations: dict[Attribute, Relations] = {which: Relations(which) for which in ATTRIBUTES}
        self._now = whole(*last_of_each(np.asarray(ids, dtype=np.int64), columns))

    def __len__(self) -> int:
        return self._now.entries

    @property
    def bytes(self) -> int:
        """Memory that the arrays take."""
        return sum(part.bytes for part in self._now.parts)

    @property
    def wants_merge(self) -> bool:
        """Whether so much was added or taken away that `merge` is worth its time."""
        now = self._now
        changed = sum(len(part) for part in now.parts[1:]) + (now.gone.rows if now.gone else 0)
        return changed > DELTA_ROWS_MAX

    def add(self, ids: Sequence[int] | Rows, columns: Columns) -> None:
        """Puts entries in, or their newer state in the place of the older."""
        new_ids, new = last_of_each(np.asarray(ids, dtype=np.int64), columns)
        with self._lock:
            self._now = added(self._now, new_ids, new)

    def remove(self, ids: Sequence[int] | Rows) -> None:
        """Takes entries out; an id that is not there is no error."""
        with self._lock:
            self._now = without(self._now, np.asarray(ids, dtype=np.int64))

    def merge(self) -> None:
        """Builds one set of arrays of all that is there: seconds for a million. Searches go on meanwhile."""
        with self._lock:
            self._now = whole(*self._now.rows())

    def search(
        self,
        reading: Gun,
        *,
        limit: int = 10,
        present_share: float = PRESENT_SHARE,
        posterior_min: float = PROPOSAL_POSTERIOR_MIN,
    ) -> Found:
        """The entries that a reading may be, best first, each with its comparison written out.

        `present_share`: how likely it is, before looking, that the gun is in this register (0 to 1, both
        excluded).
        """
        now = self._now
        marks = [reading.marks]
        chances, compared, too_many = compare_all(
            now, columns_of([reading]), marks, self._relations, present_share
        )
        hits, places = ranked(compared, 1, min(limit, PROPOSALS_MAX), posterior_min)
        proposals: list[Proposal] = []
        for at, place in enumerate(places.tolist()):
            entry = _gun(now.parts[int(compared.part[place])].columns, int(compared.row[place]))
            around = Around(
                entries=chances.entries,
                present_share=present_share,
                shares={which: float(share[0]) for which, share in chances.shares.items()},
                pattern=float(compared.pattern[place]),
                rivals=tuple(np.delete(compared.odds, place).tolist()),
            )
            proposals.append(
                Proposal(
                    id=int(hits.id[at]),
                    marks=entry.marks,
                    posterior=float(hits.posterior[at]),
                    comparison=compare(reading, entry, around),
                )
            )
        return Found(
            proposals=tuple(proposals),
            near=len(compared.query),
            entries=now.entries,
            too_many=bool(too_many),
        )

    def search_many(
        self,
        readings: Sequence[Gun],
        *,
        limit: int = 1,
        present_share: float = PRESENT_SHARE,
        posterior_min: float = PROPOSAL_POSTERIOR_MIN,
    ) -> Hits:
        """As `search`, for many readings at once and without the comparisons written out."""
        now = self._now
        found: list[Hits] = []
        for start in range(0, len(readings), QUERIES_AT_ONCE):
            some = readings[start : start + QUERIES_AT_ONCE]
            marks = [reading.marks for reading in some]
            _, compared, _ = compare_all(now, columns_of(some), marks, self._relations, present_share)
            hits, _ = ranked(compared, len(some), min(limit, PROPOSALS_MAX), posterior_min)
            found.append(hits._replace(query=hits.query + start))
        if not found:
            none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
            return Hits(none, none, nothing, nothing, none)
        return Hits(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _gun(columns: Columns, row: int) -> Gun:
    names: dict[str, str | None] = {}
    for which in ATTRIBUTES:
        number = int(columns.attributes[which][row])
        codes = catalogue.codes(f"{which}s")
        names[which] = codes[number - 1] if 0 < number <= len(codes) else None
    return Gun(marks=written(columns.codes[row]), **names)
