"""The curves are those of the textbooks, and refuse what they cannot know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.tracing.timing.survival import Curve, kaplan_meier, log_rank, reverse_kaplan_meier

# Weeks in remission (Freireich et al. 1963), the set of most textbooks: 6-MP (0 = censored) and placebo.
SIX_MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SIX_MP_SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_the_curve_of_the_textbook_set() -> None:
    curve = kaplan_meier(SIX_MP, SIX_MP_SEEN)
    assert curve.days == (6, 7, 10, 13, 16, 22, 23)
    assert curve.at_risk == (21, 17, 15, 12, 11, 7, 6)
    assert curve.events == (3, 1, 1, 1, 1, 1, 1)
    assert curve.survival == pytest.approx((0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482), abs=5e-5)
    assert (curve.n, curve.n_events, curve.n_censored) == (21, 9, 12)


def test_the_band_of_the_textbook_set() -> None:
    """Log-log limits at weeks 6, 13 and 23, computed by a statistics package that is not ours."""
    curve = kaplan_meier(SIX_MP, SIX_MP_SEEN)
    assert [curve.low[i] for i in (0, 3, 6)] == pytest.approx([0.6197, 0.4316, 0.1881], abs=5e-5)
    assert [curve.high[i] for i in (0, 3, 6)] == pytest.approx([0.9516, 0.8491, 0.6801], abs=5e-5)


def test_the_median_says_where_its_interval_is_open() -> None:
    treated, untreated = kaplan_meier(SIX_MP, SIX_MP_SEEN).quantile(), kaplan_meier(PLACEBO).quantile()
    assert (treated.days, treated.low, treated.high) == (23, 13, None)
    assert untreated.days == 8
    assert kaplan_meier([5, 6], [True, False]).quantile(0.9).days is None


def test_without_censoring_the_curve_is_the_share_that_is_left() -> None:
    curve = kaplan_meier(PLACEBO)
    for day, left in zip(curve.days, curve.survival, strict=True):
        assert left == pytest.approx(sum(d > day for d in PLACEBO) / len(PLACEBO))


def test_a_curve_reads_between_its_steps() -> None:
    curve = kaplan_meier([2, 4, 4, 8])
    assert curve.recovered_by(1.9).value == 0
    assert curve.recovered_by(2).value == curve.recovered_by(3.9).value == 0.25
    assert curve.recovered_by(100).value == 1
    share = curve.recovered_by(4)
    assert 0 < share.low < share.value < share.high < 1


def test_the_log_rank_test_of_the_textbook_set() -> None:
    test = log_rank([(SIX_MP, SIX_MP_SEEN), (PLACEBO, None)])
    assert test.statistic == pytest.approx(16.79, abs=0.005)
    assert test.df == 1
    assert test.p == pytest.approx(4.17e-5, rel=1e-2)
    assert test.observed == (9, 21)
    assert test.expected == pytest.approx((19.25, 10.75), abs=0.005)


@pytest.mark.parametrize(
    ("df", "statistic"), [(1, 3.8415), (2, 5.9915), (3, 7.8147), (4, 9.4877), (9, 16.9190)]
)
def test_the_p_value_is_that_of_the_printed_table(df: int, statistic: float) -> None:
    from lanbi.tracing.timing.survival import _chi_square_above

    assert _chi_square_above(statistic, df) == pytest.approx(0.05, abs=1e-5)


def test_equal_groups_do_not_differ() -> None:
    assert log_rank([(PLACEBO, None), (PLACEBO, None), (PLACEBO, None)]).p == pytest.approx(1)


def test_a_comparison_needs_two_groups() -> None:
    with pytest.raises(ValueError, match="two groups"):
        log_rank([(PLACEBO, None)])


def test_left_truncation_by_hand() -> None:
    """Two firearms enter late: at day 2 only two are at risk, at day 5 all but the one recovered."""
    curve = kaplan_meier([2, 5, 6, 9], [True, True, False, True], [-1, -1, 2, 3])
    assert curve.at_risk == (2, 3, 1)
    assert curve.survival == pytest.approx((1 / 2, 1 / 2 * 2 / 3, 0))


def test_left_truncation_removes_the_bias_of_late_entry() -> None:
    """Firearms that are only watched from some day on: ignoring it would call them slow."""
    random = np.random.default_rng(11)
    lasted, entry = random.exponential(100, 20_000), random.uniform(0, 200, 20_000)
    kept = lasted > entry
    right = kaplan_meier(lasted[kept], None, entry[kept]).recovered_by(100).value
    wrong = kaplan_meier(lasted[kept]).recovered_by(100).value
    assert right == pytest.approx(1 - np.exp(-1), abs=0.03)
    assert wrong < 0.5


def test_reverse_time_by_hand() -> None:
    """F(3) = 2/3 at day 4 (three could have been seen), then halves."""
    curve = reverse_kaplan_meier([1, 2, 3, 4], [2, 5, 5, 6], horizon_days=4)
    assert curve.at_risk == (1, 2, 2, 3)
    assert [1 - s for s in curve.survival] == pytest.approx([1 / 6, 1 / 3, 2 / 3, 1])
    assert curve.horizon_days == 4


def test_reverse_time_removes_the_bias_of_growing_sales() -> None:
    """Sales that grow by a third a year: what was recovered looks fast, the slow are still out there."""
    random = np.random.default_rng(7)
    bound = random.exponential(3 * 365, 40_000)  # from sale to the day of analysis
    lasted = 6 * 365 * random.weibull(0.7, 40_000)
    seen = (lasted <= bound) & (bound < 15 * 365)
    curve = reverse_kaplan_meier(lasted[seen], bound[seen], horizon_days=8 * 365)

    def true(years: float) -> float:
        return (1 - np.exp(-((years / 6) ** 0.7))) / (1 - np.exp(-((8 / 6) ** 0.7)))

    for years in (1, 3, 5):
        share = curve.recovered_by(years * 365)
        assert share.low - 0.02 <= true(years) <= share.high + 0.02
        assert kaplan_meier(lasted[seen]).recovered_by(years * 365).value > true(years) + 0.05


def test_reverse_time_does_not_begin_where_too_few_could_be_seen() -> None:
    days, visible = [*range(10, 210, 10), 900], [300] * 20 + [1000]
    curve = reverse_kaplan_meier(days, visible)
    assert curve.horizon_days == 200
    assert curve.n == 20  # the one beyond is left out, and the count says so
    assert reverse_kaplan_meier([5], [9]).n == 0


def test_reverse_time_refuses_a_recovery_after_the_day_of_analysis() -> None:
    with pytest.raises(ValueError, match="after the day of analysis"):
        reverse_kaplan_meier([10], [9])


@pytest.mark.parametrize(
    ("days", "seen", "entry"),
    [([1, 2], [True], None), ([-1], None, None), ([5], None, [5]), ([float("nan")], None, None)],
)
def test_impossible_durations_are_refused(days: list[float], seen: list[bool] | None, entry: object) -> None:
    with pytest.raises(ValueError, match=r"one length|leaves before|numbers"):
        kaplan_meier(days, seen, entry)  # pyright: ignore[reportArgumentType]


def test_nothing_recovered_is_an_empty_curve() -> None:
    curve = kaplan_meier([4, 9], [False, False])
    assert curve.days == ()
    assert curve.n_censored == 2
    assert curve.recovered_by(10).value == 0


durations = st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=60)


@given(durations)
def test_a_curve_falls_and_its_band_holds_it(rows: list[tuple[int, bool]]) -> None:
    curve: Curve = kaplan_meier([d for d, _ in rows], [s for _, s in rows])
    assert list(curve.survival) == sorted(curve.survival, reverse=True)
    for low, value, high in zip(curve.low, curve.survival, curve.high, strict=True):
        assert 0 <= low <= value <= high <= 1
    assert sum(curve.events) == curve.n_events


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300)), min_size=1, max_size=60))
def test_a_reverse_curve_ends_at_its_horizon(rows: list[tuple[int, int]]) -> None:
    curve = reverse_kaplan_meier([d for d, _ in rows], [d + more for d, more in rows], horizon_days=500)
    assert curve.survival[-1] == 0
    assert list(curve.survival) == sorted(curve.survival, reverse=True)
    for low, value, high in zip(curve.low, curve.survival, curve.high, strict=True):
        assert -1e-9 <= low <= value + 1e-9 <= high + 2e-9
