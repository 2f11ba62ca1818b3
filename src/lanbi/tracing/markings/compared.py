"""Readings beside the rows of a snapshot that may be theirs: found, weighed, and put in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings.density import TAKEN, TAKEN_UNSURE, Chances, Columns
from lanbi.tracing.markings.hashes import Rows
from lanbi.tracing.markings.kernel import Relations, attribute_weights, like, mark_weights
from lanbi.tracing.markings.marks import GAP, UNREAD_CODE, coded
from lanbi.tracing.markings.part import FILLED_UNREAD_MAX, Part
from lanbi.tracing.markings.score import ODDS_BOUND, stretched
from lanbi.tracing.markings.snapshot import Snapshot
from lanbi.tracing.markings.weights import ATTRIBUTES, Attribute, Floats


class Hits(NamedTuple):
    """Proposals of many queries, by query and then best first. One place of the arrays is one proposal.

    `posterior` 0 to 1; `others`: how many other entries fit about as well (within a factor of ten).
    """

    query: NDArray[np.int64]
    id: NDArray[np.int64]
    posterior: Floats
    log10_odds: Floats
    others: NDArray[np.int64]


class Compared(NamedTuple):
    """Comparisons, one place each: of which query with which row of which part, and the odds (log10).

    `own`: (level, place) → whether the row itself is like the query to that level of `density`. `same_make`:
    whether the query's chances are counted among the row's make. `taken`: see `density.TAKEN`.
    """

    query: Rows
    part: Rows
    row: Rows
    id: Rows
    odds: Floats
    pattern: Floats
    own: NDArray[np.bool_]
    same_make: NDArray[np.bool_]
    taken: Floats

    def only(self, kept: NDArray[np.bool_]) -> Compared:
        """Some of the comparisons."""
        return Compared(
            self.query[kept],
            self.part[kept],
            self.row[kept],
            self.id[kept],
            self.odds[kept],
            self.pattern[kept],
            self.own[:, kept],
            self.same_make[kept],
            self.taken[kept],
        )


def compare_all(
    now: Snapshot,
    queries: Columns,
    marks: Sequence[str],
    relations: dict[Attribute, Relations],
    present_share: float,
) -> tuple[Chances, Compared, set[int]]:
    """Every comparison of the queries, and the queries that too many rows fit.

    `marks`: of each query as text, for those with a `…`, which `queries` cannot hold.
    """
    chances = Chances(queries, now.densities())
    unread = (queries.codes == UNREAD_CODE).sum(axis=1)
    gapped = np.array([GAP in one for one in marks], dtype=bool)
    is_loose = gapped | (unread > FILLED_UNREAD_MAX)
    plain = np.flatnonzero(~is_loose & (unread == 0))
    filled = np.flatnonzero(~is_loose & (unread > 0))
    too_many: set[int] = set()
    found: list[Compared] = []
    for number, (part, alive) in enumerate(zip(now.parts, now.alive, strict=True)):
        query_of, row = part.neighbours(queries.take(plain))
        pairs = [(plain[query_of], row)]
        query_of, row = part.fitting(queries.take(filled))
        pairs.append((filled[query_of], row))
        for at in np.flatnonzero(is_loose).tolist():
            rows = part.loose(marks[at])
            if rows is None:
                too_many.add(at)
            else:
                pairs.append((np.full(len(rows), at), rows))
        query, row = (np.concatenate(columns) for columns in zip(*pairs, strict=True))
        kept = alive[row]
        pair = (query[kept], row[kept])
        found.append(
            _weighed(
                queries,
                marks,
                pair,
                gapped=gapped,
                chances=chances,
                relations=relations,
                part=part,
                number=number,
            )
        )
    together = Compared(*(np.concatenate(columns, axis=-1) for columns in zip(*found, strict=True)))
    if too_many:
        together = together.only(~np.isin(together.query, list(too_many)))
    query = together.query
    fitting = np.zeros(len(query))
    if chances.unread.any():
        # How many others of its make fit what is read: as many as were found.
        counted = together.same_make & chances.unread[query]
        fitting = np.bincount(query[counted], minlength=len(queries))[query] - counted.astype(float)
        fitting[~chances.unread[query]] = 0.0
    own = together.own & together.same_make
    pattern = chances.pattern(query, own, together.taken, fitting, gapped[query])
    prior = np.log10(present_share / (1 - present_share)) - np.log10(chances.entries)
    return chances, together._replace(odds=together.odds + pattern + prior, pattern=pattern), too_many


def _weighed(
    queries: Columns,
    marks: Sequence[str],
    pair: tuple[Rows, Rows],
    *,
    gapped: NDArray[np.bool_],
    chances: Chances,
    relations: dict[Attribute, Relations],
    part: Part,
    number: int,
) -> Compared:
    """The weights of marks and attributes, and what the chances need to know of each comparison."""
    query, row = pair
    width = max(int(queries.lengths.max(initial=0)), int(part.columns.lengths[row].max(initial=0)), 1)
    read, read_lengths = queries.codes[query, :width], queries.lengths[query]
    held, held_lengths = part.columns.codes[row, :width], part.columns.lengths[row]
    for at in np.flatnonzero(gapped).tolist():
        places = np.flatnonzero(query == at)
        for length in np.unique(held_lengths[places]).tolist():
            some = places[held_lengths[places] == length]
            codes, lengths = coded([stretched(marks[at], length)])
            read[some], read_lengths[some] = codes[0, :width], lengths[0]
    weight = mark_weights(read, held, read_lengths, held_lengths)
    attributes: dict[Attribute, NDArray[np.int16]] = {
        which: part.columns.attributes[which][row] for which in ATTRIBUTES
    }
    weight += attribute_weights(relations, queries, query, attributes, chances.shares)
    make, held_make = queries.attributes["make"][query], attributes["make"]
    taken = np.ones(len(query))
    equal = (read == held).all(axis=1)
    taken[equal & (make == held_make)] = TAKEN
    taken[equal & ((make == 0) | (held_make == 0))] = TAKEN_UNSURE
    return Compared(
        query=query,
        part=np.full(len(query), number),
        row=row,
        id=part.ids[row],
        odds=weight,
        pattern=np.zeros(len(query)),
        own=like(read, held, chances.ranks[query]),
        same_make=(make == held_make) | ~chances.by_make[query],
        taken=taken,
    )


def ranked(compared: Compared, queries: int, limit: int, posterior_min: float) -> tuple[Hits, Rows]:
    """The best of each query, and where each stands in `compared`; among equals the lower id first."""
    order = np.lexsort((compared.id, -compared.odds, compared.query))
    query = compared.query[order]
    odds = np.clip(compared.odds[order], -ODDS_BOUND, ODDS_BOUND)
    likely = 10.0**odds
    total = 1.0 + np.bincount(query, weights=likely, minlength=queries)
    posterior = likely / total[query]
    first = np.searchsorted(query, np.arange(queries + 1))
    rank = np.arange(len(query)) - first[query]
    kept = np.flatnonzero((rank < limit) & (posterior >= posterior_min))
    # Within a query the odds fall, so that one rising number finds where those within a factor of ten end.
    rising = query * (3 * ODDS_BOUND) - odds
    ends = np.searchsorted(rising, rising[kept] + 1.0, side="right")
    others = np.minimum(ends, first[query[kept] + 1]) - first[query[kept]] - 1
    rest = np.maximum(total[query[kept]] - likely[kept], 1.0)
    hits = Hits(query[kept], compared.id[order][kept], posterior[kept], odds[kept] - np.log10(rest), others)
    return hits, order[kept]
