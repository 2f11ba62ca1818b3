"""A Weibull law fitted to time-to-crime, with its errors. Pure.

Two figures for a whole curve: a shape (below 1: the risk is highest soon after the sale) and a scale (the day
by which 63 % were recovered). They are comparable with published fits; the curve itself is in `survival`.
Source: Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, section 3.
"""

from __future__ import annotations

from math import exp, log, pi, sqrt
from statistics import NormalDist

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from lanbi.tracing.timing.survival import CONFIDENCE_LEVEL, Days, Flags, checked

ZERO_DAYS_AS = 0.5
"""Sold and recovered on one day: half a day, since a Weibull density has no value at nought."""
NEWTON_STEPS_MAX = 100
SLOPE_MAX = 1e-8
"""Log-likelihood by event and unit of log(shape) that may be left at the maximum."""


class Weibull(msgspec.Struct, frozen=True, kw_only=True):
    """S(t) = exp(-(t / scale)^shape). shape < 1: the risk falls with time. Intervals on the log scale."""

    shape: float
    shape_se: float
    shape_interval: tuple[float, float]
    scale_days: float
    scale_se_days: float
    scale_interval_days: tuple[float, float]
    log_likelihood: float
    n: int
    n_events: int
    level: float

    def recovered_by(self, days: float) -> float:
        """The modelled share recovered within so many days of sale."""
        return 1 - exp(-((days / self.scale_days) ** self.shape))

    def quantile(self, share: float = 0.5) -> float:
        """The modelled day by which a share was recovered."""
        return self.scale_days * (-log(1 - share)) ** (1 / self.shape)


class NotFitted(msgspec.Struct, frozen=True):
    """Why there is no fit: `no_events`, `one_time` (all recovered on the last day
    of all: the likelihood rises for ever), `no_maximum` (did not converge)."""

    reason: str


def fit_weibull(
    days: ArrayLike, seen: ArrayLike | None = None, *, level: float = CONFIDENCE_LEVEL
) -> Weibull | NotFitted:
    """Maximum likelihood of a Weibull law for right-censored durations; a refusal rather than a bad fit.

    Newton's method on the profile likelihood of log(shape), halved when a step overshoots: the profile is
    concave, so there is one maximum. Standard errors from the observed information in (log shape, log scale).
    """
    exits, events, _ = checked(days, seen)
    logs = np.log(np.maximum(exits, ZERO_DAYS_AS))
    d = int(events.sum())
    if d == 0:
        return NotFitted("no_events")
    top = float(logs.max())
    if (logs[events] == top).all():
        return NotFitted("one_time")
    x = logs - top  # so that no power overflows
    mean_event = x[events].mean()

    def slope(log_shape: float) -> tuple[float, float]:
        """First and second derivative of the profile log-likelihood, by event, in log(shape)."""
        k = exp(log_shape)
        weights = np.exp(k * x)
        weights /= weights.sum()
        m1, m2 = float(weights @ x), float(weights @ (x * x))
        return 1 + k * (mean_event - m1), k * (mean_event - m1) - k * k * (m2 - m1 * m1)

    at = -log(max(float(x.std()), 1e-6) * sqrt(6) / pi)  # the moment estimate of an extreme-value law
    first, second = slope(at)
    for _ in range(NEWTON_STEPS_MAX):
        step = -first / second if second < 0 else (1.0 if first > 0 else -1.0)
        step = max(-1.0, min(1.0, step))
        trial, trial_second = slope(at + step)
        while abs(trial) > abs(first) and abs(step) > 1e-12:
            step /= 2
            trial, trial_second = slope(at + step)
        at, first, second = at + step, trial, trial_second
        if abs(first) < 1e-10:
            break
    if not abs(first) <= SLOPE_MAX:
        return NotFitted("no_maximum")
    return _weibull_at(exp(at), x, top, events, level)


def _weibull_at(k: float, x: Days, top: float, events: Flags, level: float) -> Weibull | NotFitted:
    """The fit at a shape, with its observed information; x = log(days) - top."""
    d = int(events.sum())
    log_scale = log(float(np.exp(k * x).sum()) / d) / k  # less `top`
    z = k * (x - log_scale)
    hazard = np.exp(z)
    information = np.array(
        [
            [float((hazard * z * (1 + z)).sum() - z[events].sum()), -k * float((hazard * (1 + z)).sum() - d)],
            [-k * float((hazard * (1 + z)).sum() - d), k * k * float(hazard.sum())],
        ]
    )
    if np.linalg.det(information) <= 0:
        return NotFitted("no_maximum")
    var_shape, var_scale = np.diag(np.linalg.inv(information)).tolist()
    scale = exp(log_scale + top)
    q = NormalDist().inv_cdf((1 + level) / 2)
    return Weibull(
        shape=k, shape_se=k * sqrt(var_shape),
        shape_interval=(k * exp(-q * sqrt(var_shape)), k * exp(q * sqrt(var_shape))),
        scale_days=scale, scale_se_days=scale * sqrt(var_scale),
        scale_interval_days=(scale * exp(-q * sqrt(var_scale)), scale * exp(q * sqrt(var_scale))),
        log_likelihood=d * log(k) + float(z[events].sum() - (x[events] + top).sum() - hazard.sum()),
        n=x.size, n_events=d, level=level,
    )  # fmt: skip
