"""The fitted law is the one of other programs, and there is none where there can be none."""

from __future__ import annotations

import numpy as np
import pytest

from lanbi.tracing.timing.weibull import NotFitted, Weibull, fit_weibull
from tracing.timing.test_survival import PLACEBO, SIX_MP, SIX_MP_SEEN


def fitted(*args: object) -> Weibull:
    fit = fit_weibull(*args)  # pyright: ignore[reportArgumentType]
    assert isinstance(fit, Weibull)
    return fit


def test_the_textbook_set_gives_the_published_fit() -> None:
    """Shape 1.354, scale 33.77, log-likelihood -41.66 for 6-MP; errors from another program."""
    fit = fitted(SIX_MP, SIX_MP_SEEN)
    assert fit.shape == pytest.approx(1.3537, abs=1e-4)
    assert fit.scale_days == pytest.approx(33.765, abs=1e-3)
    assert fit.log_likelihood == pytest.approx(-41.6587, abs=1e-4)
    assert fit.shape_se == pytest.approx(0.37688, abs=1e-4)
    assert fit.scale_se_days == pytest.approx(9.2304, abs=1e-3)
    assert (fit.n, fit.n_events) == (21, 9)


def test_the_untreated_of_the_textbook_set() -> None:
    fit = fitted(PLACEBO)
    assert fit.shape == pytest.approx(1.3705, abs=1e-4)
    assert fit.scale_days == pytest.approx(9.4821, abs=1e-3)


def test_the_law_that_made_the_data_is_found_again() -> None:
    """The background law of the field: shape 0.693, 6.03 years, of which some are not recovered yet."""
    random = np.random.default_rng(3)
    lasted = 6.03 * 365.25 * random.weibull(0.693, 20_000)
    ends = random.uniform(0, 20 * 365.25, 20_000)
    fit = fitted(np.minimum(lasted, ends), lasted <= ends)
    assert fit.shape_interval[0] < 0.693 < fit.shape_interval[1]
    assert fit.scale_interval_days[0] < 6.03 * 365.25 < fit.scale_interval_days[1]
    assert fit.recovered_by(365.25) == pytest.approx(0.25, abs=0.01)
    assert fit.recovered_by(fit.quantile(0.3)) == pytest.approx(0.3)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        fit = fitted(1000 * random.weibull(0.8, 40))
        held += fit.shape_interval[0] < 0.8 < fit.shape_interval[1]
    assert 0.90 < held / 300 < 0.985


def test_days_in_the_ten_thousands_do_not_overflow() -> None:
    assert fitted([14_600, 14_601, 14_602, 14_603]).shape > 1000


def test_a_sale_and_a_recovery_on_one_day_count_as_half_a_day() -> None:
    assert fitted([0, 3, 10, 400]).scale_days == pytest.approx(fitted([0.5, 3, 10, 400]).scale_days)


@pytest.mark.parametrize(
    ("days", "seen", "reason"),
    [
        ([4, 9, 12], [False] * 3, "no_events"),
        ([7, 7, 7], [True] * 3, "one_time"),
        ([3, 7, 7], [False, True, True], "one_time"),
    ],
)
def test_no_fit_where_the_likelihood_has_no_top(days: list[int], seen: list[bool], reason: str) -> None:
    assert fit_weibull(days, seen) == NotFitted(reason)


def test_one_recovery_among_those_still_out_is_enough_for_a_fit_with_a_wide_interval() -> None:
    fit = fitted([5, 9, 20], [True, False, False])
    assert fit.shape_interval[1] > 3 * fit.shape
