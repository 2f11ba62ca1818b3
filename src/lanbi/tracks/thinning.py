"""How position history thins with age: data, and the one rule that applies it.

Kept: everything for 24 hours, then one position per minute to 30 days, one per ten
minutes to 90 days, then none; a unit's newest position always. The one kept is the
earliest of its minute or ten minutes, so that what the coarser rule keeps is among
what the finer one kept, and it does not matter how often or when thinning ran.
"""

from collections.abc import Sequence

import msgspec

from lanbi.core.time import DAY, HOUR, MINUTE, Instant


class Tier(msgspec.Struct, frozen=True):
    """Positions older than `after` are kept one per `every`; 0 keeps none. Microseconds."""

    after: Instant
    every: Instant


POLICY = (Tier(DAY, MINUTE), Tier(30 * DAY, 10 * MINUTE), Tier(90 * DAY, 0))
KEPT_FOR = POLICY[-1].after
# A tier's edge moves in whole hours: a multiple of every spacing, so that no minute is judged by halves.
EDGE_STEP: Instant = HOUR


def edge(tier: Tier, now: Instant) -> Instant:
    """The time before which `tier` applies."""
    return (now - tier.after) // EDGE_STEP * EDGE_STEP


def span_start(at: Instant, every: Instant) -> Instant:
    """Where the minute, or whatever `every` is, around `at` begins."""
    return at // every * every if every else at


def surplus(instants: Sequence[Instant], every: Instant, *, newest: Instant) -> list[Instant]:
    """Which of one unit's positions go, of those that a tier applies to.

    `instants` ascend. `newest` is the unit's newest position, which never goes.
    """
    if not every:
        return [at for at in instants if at != newest]
    gone: list[Instant] = []
    kept_span = -1
    for at in instants:
        span = at // every
        if span == kept_span:
            if at != newest:
                gone.append(at)
        else:
            kept_span = span
    return gone
