"""Norms: every case is accounted for, percentiles by nearest rank, and what still runs is not hidden."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.time import MINUTE, SECOND
from lanbi.situation.norms import Case, figure, nearest_rank, percentile
from stores import NIGHT

NORM_S = 60
instants = st.integers(NIGHT - 40 * MINUTE, NIGHT)
cases = st.builds(
    Case,
    at=instants,
    priority=st.sampled_from([None, "P0", "P1", "P2"]),
    started=st.none() | instants,
    ended=st.none() | instants,
    over=st.none() | instants,
    late=st.booleans(),
    rings=st.booleans(),
)


def case(ended_s: float | None = None, *, age_s: float = 600, **given_: object) -> Case:
    """Begun so many seconds ago, and ended so many seconds after that."""
    started = NIGHT - round(age_s * SECOND)
    ended = None if ended_s is None else started + round(ended_s * SECOND)
    return Case(**({"at": started, "priority": "P1", "started": started, "ended": ended} | given_))  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60), st.sampled_from([0.5, 0.8, 0.9, 0.95, 1.0]))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(
    values: list[int], share: float
) -> None:
    found = nearest_rank(sorted(values), share)
    wanted = Fraction(str(share)) * len(values)  # exact, unlike floats
    assert found in values
    assert sum(value <= found for value in values) >= wanted
    assert sum(value < found for value in values) < wanted


@pytest.mark.parametrize(
    ("count", "at"),
    [(1, 1), (9, 9), (10, 9), (11, 10), (70, 63), (100, 90)],
)
def test_nine_tenths_of_so_many_is_that_rank(count: int, at: int) -> None:
    assert nearest_rank(range(1, count + 1), 0.9) == at


@given(st.lists(st.tuples(st.integers(0, 10_000), st.booleans()), max_size=40))
def test_a_percentile_over_unfinished_cases_is_never_above_what_it_will_be(
    values: list[tuple[int, bool]],
) -> None:
    found, at_least = percentile(values, 0.9)
    later, _ = percentile([(us * 3 + 1 if running else us, False) for us, running in values], 0.9)
    if found is None or later is None:
        assert not values
        return
    assert found <= later
    if not at_least:  # exact: nothing that still runs can change it
        assert found == later


@given(st.lists(cases, max_size=50))
def test_every_case_stands_in_exactly_one_count(given_cases: list[Case]) -> None:
    found = figure(given_cases, NORM_S, NIGHT)
    assert found.total == len(given_cases)
    assert found.of == found.measured + found.running_late + found.given_up
    assert found.total == found.of + found.running + sum(found.left_out.values())
    assert 0 <= found.kept <= found.measured
    assert sum(part.of for part in found.by_priority) == found.of
    assert sum(part.kept for part in found.by_priority) == found.kept
    assert sum(hour.of for hour in found.by_hour) == found.of
    assert (found.p90_s is None) == (found.of == 0)
    if found.p50_s is not None and found.p90_s is not None:
        assert found.p50_s <= found.p90_s


def test_the_norm_itself_is_kept_and_a_moment_more_is_not() -> None:
    found = figure([case(60), case(60.000001), case(12)], NORM_S, NIGHT)
    assert (found.kept, found.of) == (2, 3)


def test_what_runs_and_is_late_already_counts_as_missed_and_what_is_in_time_counts_not_yet() -> None:
    found = figure([case(30), case(age_s=600), case(age_s=59)], NORM_S, NIGHT)
    assert (found.kept, found.of, found.running, found.running_late) == (1, 2, 1, 1)
    assert (found.p90_s, found.p90_at_least) == (600, True)
    assert (found.p50_s, found.p50_at_least) == (30, False)


def test_what_cannot_be_measured_is_left_out_and_said_why() -> None:
    found = figure(
        [
            case(30, late=True),
            case(30, started=None),
            case(None, over=NIGHT),
            case(-5),
            case(None, rings=True, over=NIGHT - 600 * SECOND + 20 * SECOND),
        ],
        NORM_S,
        NIGHT,
    )
    assert found.of == 0
    assert found.left_out == {"late_entry": 1, "no_start": 1, "no_end": 1, "out_of_order": 1, "gave_up": 1}


def test_a_caller_who_gave_up_after_the_norm_was_missed() -> None:
    found = figure([case(None, rings=True, over=NIGHT - 500 * SECOND)], NORM_S, NIGHT)
    assert (found.given_up, found.kept, found.of) == (1, 0, 1)
    assert (found.p90_s, found.p90_at_least) == (100, True)


def test_nothing_measured_is_no_figure_and_not_nought_percent() -> None:
    found = figure([], NORM_S, NIGHT)
    assert (found.of, found.p50_s, found.p90_s) == (0, None, None)
