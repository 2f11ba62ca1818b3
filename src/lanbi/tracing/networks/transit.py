"""How long a consignment takes: log-normal laws of legs, their sums, and the days in between. Pure.

A sum of log-normal times has no closed law; it is replaced, leg by leg, by the log-normal whose logarithm has
the same mean and variance, found by Gauss-Hermite quadrature (after Schwartz and Yeh 1982). Matching the mean
and variance of the sum itself (Fenton 1960) would misplace the early days, which are the ones that decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, erfc, exp, floor, log, sqrt
from statistics import NormalDist

import msgspec
import numpy as np

BAND = (0.1, 0.5, 0.9)
DAYS_MAX = 20_000
"""A gun sold more than fifty years before is placed no finer than this."""


class Law(msgspec.Struct, frozen=True):
    """A log-normal time: half take less than `median_days`; `spread`: standard deviation of the log."""

    median_days: float
    spread: float

    def within(self, days: float) -> float:
        """The chance of taking no longer than so many days."""
        if days <= 0:
            return 0.0
        return 0.5 * erfc(-log(days / self.median_days) / (self.spread * sqrt(2)))

    def on(self, days: int) -> float:
        """The chance of taking that many whole days; 0 for less than none."""
        return self.within(days + 1) - self.within(days) if days >= 0 else 0.0

    def quantile(self, share: float) -> float:
        """The days that a share of all take at most."""
        return self.median_days * exp(self.spread * NormalDist().inv_cdf(share))


_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(32)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@lru_cache(maxsize=65_536)
def total(laws: tuple[Law, ...]) -> Law:
    """The law of one leg after the other. ValueError for none."""
    if not laws:
        raise ValueError("no leg, no law")
    if len(laws) == 1:
        return laws[0]
    first, last = total(laws[:-1]), laws[-1]
    sums = np.log(
        first.median_days * np.exp(first.spread * _NODES)[:, None]
        + last.median_days * np.exp(last.spread * _NODES)
    )
    mean = float(_WEIGHTS @ sums @ _WEIGHTS)
    return Law(exp(mean), sqrt(float(_WEIGHTS @ (sums - mean) ** 2 @ _WEIGHTS)))


def days_between(
    before: Sequence[Law], after: Sequence[Law], start: int | None, end: int
) -> tuple[int, int, int]:
    """The day of a stop: the 10, 50 and 90 % points of what is believed, in the count of `start` and `end`.

    `end`: the next known day, reached by the legs `after` the stop. `start`: the last known day, from which
    the legs `before` lead to the stop; None if nothing earlier is known, and `before` is not looked at.
    """
    onward = total(tuple(after))
    if start is None:
        low, middle, high = (onward.quantile(share) for share in BAND)
        return (
            end - ceil(min(high, DAYS_MAX)),
            end - round(min(middle, DAYS_MAX)),
            end - floor(min(low, DAYS_MAX)),
        )
    here = total(tuple(before))
    span = end - start
    steps = np.arange(min(span, DAYS_MAX) + 1) + 0.5
    weight = _density(here, steps) * _density(onward, span + 1 - steps)
    if span <= 0 or not weight.sum() > 0:
        return start, start, end
    cumulative = np.cumsum(weight) / weight.sum()
    low, middle, high = (start + int(np.searchsorted(cumulative, share)) for share in BAND)
    return low, middle, high


def _density(law: Law, days: np.ndarray) -> np.ndarray:
    """The law's density at each day, up to a constant factor."""
    z = np.log(days / law.median_days) / law.spread
    return np.exp(-z * z / 2) / days
