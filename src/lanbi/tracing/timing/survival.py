"""Survival curves for time-to-crime: Kaplan-Meier, its reverse-time form, and the log-rank test. Pure.

Time-to-crime is recovery minus first retail sale, in whole days. What is censored is not obvious: see
docs/concepts/time-to-crime.md before reading a curve. In short: a recovered gun with a known sale is an
event; one known only to have been sold *by* a day, and one that is followed and not yet recovered, are
censored; one whose sale nobody knows is missing, and is counted as missing.

Sources: Kaplan and Meier 1958; Greenwood 1926; the log-log interval of Kalbfleisch and Prentice 1980;
Lagakos, Barraj and De Gruttola 1988 (right truncation); Peto and Peto 1972 (log-rank).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import erfc, exp, lgamma, log, sqrt
from statistics import NormalDist

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE_LEVEL = 0.95
RISK_SET_MIN = 10
"""Where fewer firearms than this could have been seen, a reverse-time curve does not begin."""

Days = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Quantile(msgspec.Struct, frozen=True):
    """The day by which a share was recovered; None where the curve or its band does not reach it."""

    days: float | None
    low: float | None
    high: float | None


class Share(msgspec.Struct, frozen=True):
    """A share between 0 and 1, with its confidence interval."""

    value: float
    low: float
    high: float


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """A step curve S(t): the share not yet recovered after `days[i]`, constant until `days[i + 1]`; 1 before.

    `at_risk[i]`, `events[i]`: firearms that could have been, and were, recovered at `days[i]`.
    `n`, `n_events`, `n_censored`: the denominators. `horizon_days`: set for a reverse-time curve, which is
    about firearms recovered within the horizon and no others.
    """

    n: int
    n_events: int
    n_censored: int
    days: tuple[float, ...]
    survival: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    level: float
    horizon_days: float | None = None

    def recovered_by(self, days: float) -> Share:
        """1 - S(days): the share recovered within so many days of sale, with the interval of the curve."""
        at = bisect_right(self.days, days) - 1
        if at < 0:
            return Share(0.0, 0.0, 0.0)
        return Share(1 - self.survival[at], 1 - self.high[at], 1 - self.low[at])

    def quantile(self, share: float = 0.5) -> Quantile:
        """First day with S <= 1 - share; interval by inverting the band (Brookmeyer, Crowley 1982)."""

        def first(values: Sequence[float]) -> float | None:
            # Rounding of a product of fractions must not push a curve that is at one half above it.
            return next((d for d, v in zip(self.days, values, strict=True) if v <= 1 - share + 1e-12), None)

        return Quantile(first(self.survival), first(self.low), first(self.high))


def checked(
    days: ArrayLike, seen: ArrayLike | None, entry: ArrayLike | None = None
) -> tuple[Days, Flags, Days]:
    """The three arrays of one length; ValueError for what no firearm can have."""
    exits = np.atleast_1d(np.asarray(days, dtype=float))
    events = np.ones(exits.shape, dtype=bool) if seen is None else np.atleast_1d(np.asarray(seen, dtype=bool))
    entries = np.full(exits.shape, -1.0) if entry is None else np.atleast_1d(np.asarray(entry, dtype=float))
    if exits.ndim != 1 or exits.shape != events.shape or exits.shape != entries.shape:
        raise ValueError("days, seen and entry must be lists of one length")
    if not (np.isfinite(exits).all() and np.isfinite(entries).all()):
        raise ValueError("days must be numbers")
    if (exits < 0).any() or (entries >= exits).any():
        raise ValueError("a firearm leaves before it enters")
    return exits, events, entries


def _band(shares: Days, variances: Days, level: float) -> tuple[Days, Days]:
    """The log-log band. A share of 0 has no finite variance: 0 below, the last upper limit above."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    low, high = shares.copy(), shares.copy()
    inside = (shares > 0) & (shares < 1)
    width = z * np.sqrt(variances[inside]) / -np.log(shares[inside])
    low[inside] = shares[inside] ** np.exp(width)
    high[inside] = shares[inside] ** np.exp(-width)
    for i in np.flatnonzero(shares <= 0):
        high[i] = high[i - 1] if i else 1.0
    return low, high


def _ratio(events: Days, risk: Days) -> Days:
    """d / (n (n - d)), 0 where the risk set dies out: there the share is 0 and the variance is not used."""
    return np.divide(events, risk * (risk - events), out=np.zeros_like(events), where=risk > events)


def kaplan_meier(
    days: ArrayLike,
    seen: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    *,
    level: float = CONFIDENCE_LEVEL,
) -> Curve:
    """The product-limit curve of right-censored, optionally left-truncated durations.

    `days` (n,): days from sale to recovery, or to where observation ends. `seen` (n,): True where that was a
    recovery; default all. `entry` (n,): days from sale to where the firearm could first have been seen
    recovered (it is at risk at t when entry < t <= days); default from the sale on. A censored firearm counts
    as at risk on the day it is censored. Raises ValueError for shapes or durations that cannot be.
    With entries, an early risk set that dies out makes the curve 0 for ever: look at `at_risk` first.
    """
    exits, events, entries = checked(days, seen, entry)
    times = np.unique(exits[events])
    ended = np.sort(exits)
    entered = np.sort(entries)
    # Entered before t, less those that left before t.
    risk = (np.searchsorted(entered, times, "left") - np.searchsorted(ended, times, "left")).astype(float)
    deaths = np.bincount(np.searchsorted(times, exits[events]), minlength=times.size).astype(float)
    survival: Days = np.cumprod(1 - deaths / risk, dtype=np.float64)
    return _curve(
        ended=exits.size, seen=int(events.sum()), times=times, survival=survival,
        band=_band(survival, np.cumsum(_ratio(deaths, risk)), level), risk=risk, deaths=deaths, level=level,
    )  # fmt: skip


def _curve(
    *, ended: int, seen: int, times: Days, survival: Days, band: tuple[Days, Days], risk: Days, deaths: Days,
    level: float, horizon: float | None = None,
) -> Curve:  # fmt: skip
    """The arrays as a curve: what callers keep and send is plain numbers."""
    return Curve(
        n=ended, n_events=seen, n_censored=ended - seen, days=tuple(times.tolist()),
        survival=tuple(survival.tolist()), low=tuple(band[0].tolist()), high=tuple(band[1].tolist()),
        at_risk=tuple(risk.astype(int).tolist()), events=tuple(deaths.astype(int).tolist()), level=level,
        horizon_days=horizon,
    )  # fmt: skip


def reverse_kaplan_meier(
    days: ArrayLike, visible: ArrayLike, *, horizon_days: float | None = None, level: float = CONFIDENCE_LEVEL
) -> Curve:
    """The curve of recovered firearms, corrected for those sold too lately to be seen recovered late.

    `days` (n,): time-to-crime of recovered firearms. `visible` (n,): the longest time-to-crime that each
    could have shown, i.e. day of analysis minus sale; days <= visible. Read backwards in time the right
    truncation is a left truncation, so F(t) / F(horizon) is a product limit over {days <= u <= visible}
    (Lagakos et al. 1988). What lies beyond the horizon cannot be known from such data.
    `horizon_days`: default the longest time-to-crime at which RISK_SET_MIN firearms could have been seen.
    Firearms with a longer time-to-crime are left out (`n` counts those used). The answer's `survival` is
    1 - F(t) / F(horizon). Assumes that time-to-crime does not depend on the year of sale.
    """
    lasted, bound = checked(days, None)[0], np.atleast_1d(np.asarray(visible, dtype=float))
    if bound.shape != lasted.shape or (bound < lasted).any():
        raise ValueError("a firearm was recovered after the day of analysis")
    if horizon_days is None:
        tops = np.unique(lasted)
        enough = tops[_visible_at(tops, lasted, bound) >= RISK_SET_MIN]
        horizon_days = float(enough[-1]) if enough.size else 0.0
    used = lasted <= horizon_days
    lasted, bound = lasted[used], bound[used]
    times = np.unique(lasted)
    risk = _visible_at(times, lasted, bound).astype(float)
    deaths = np.bincount(np.searchsorted(times, lasted), minlength=times.size).astype(float)
    # F at a time is the product over the later times only: at the last time all are in.
    later: Days = np.cumprod((1 - deaths / risk)[::-1], dtype=np.float64)[::-1]
    cumulative: Days = np.append(later[1:], 1.0)[: times.size]
    variance: Days = np.append(np.cumsum(_ratio(deaths, risk)[::-1])[::-1][1:], 0.0)[: times.size]
    low, high = _band(cumulative[::-1], variance[::-1], level)
    return _curve(
        ended=lasted.size, seen=lasted.size, times=times, survival=1 - cumulative,
        band=(1 - high[::-1], 1 - low[::-1]), risk=risk, deaths=deaths, level=level, horizon=horizon_days,
    )  # fmt: skip


def _visible_at(times: Days, lasted: Days, bound: Days) -> NDArray[np.int64]:
    """How many firearms u has in {days <= u <= visible}, for each u in `times`."""
    return np.searchsorted(np.sort(lasted), times, "right") - np.searchsorted(np.sort(bound), times, "left")


class LogRank(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the curves differ: chi-square, degrees of freedom, p; events observed and expected by group."""

    statistic: float
    df: int
    p: float
    observed: tuple[float, ...]
    expected: tuple[float, ...]


def log_rank(groups: Sequence[tuple[ArrayLike, ArrayLike | None]]) -> LogRank:
    """The log-rank test of two or more groups, each (days, seen). Raises ValueError for fewer than two.

    A small p says that the groups differ, never why: traced firearms are no random sample of any group.
    """
    if len(groups) < 2:
        raise ValueError("a comparison needs two groups")
    each = [checked(days, seen)[:2] for days, seen in groups]
    times = np.unique(np.concatenate([exits[events] for exits, events in each]))
    risk = np.array([e.size - np.searchsorted(np.sort(e), times, "left") for e, _ in each], dtype=float)
    deaths = np.array(
        [np.bincount(np.searchsorted(times, e[s]), minlength=times.size) for e, s in each], dtype=float
    )
    n, d = risk.sum(axis=0), deaths.sum(axis=0)
    expected = (risk * d / n).sum(axis=1)
    # Hypergeometric covariance; a time with one firearm left at risk carries none.
    weight = np.divide(d * (n - d), n * n * (n - 1), out=np.zeros_like(n), where=n > 1)
    covariance = np.diag((risk * n * weight).sum(axis=1)) - (risk * weight) @ risk.T
    gap = (deaths.sum(axis=1) - expected)[:-1]
    statistic = float(gap @ np.linalg.pinv(covariance[:-1, :-1]) @ gap) if times.size else 0.0
    df = len(groups) - 1
    return LogRank(
        statistic=statistic, df=df, p=_chi_square_above(statistic, df),
        observed=tuple(deaths.sum(axis=1).tolist()), expected=tuple(expected.tolist()),
    )  # fmt: skip


def _chi_square_above(x: float, df: int) -> float:
    """P(X > x) for a chi-square: the recurrence Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a + 1)."""
    if x <= 0:
        return 1.0
    y, a = x / 2, 0.5 if df % 2 else 1.0
    above = erfc(sqrt(y)) if df % 2 else exp(-y)
    while a < df / 2:
        above += exp(a * log(y) - y - lgamma(a + 1))
        a += 1
    return min(1.0, above)
