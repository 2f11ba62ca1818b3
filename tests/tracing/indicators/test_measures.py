"""The open indicators: denominators printed, small numbers withheld, nobody flattered by what is
missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.tracing.indicators.measures import (
    IDENTIFIERS,
    Asked,
    Measure,
    Period,
    completeness,
    outcomes,
    proportion,
    reciprocity,
    response_time,
    sdg_16_4_2,
    share_submitted,
)
from lanbi.tracing.indicators.suppression import CELL_MIN

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
AS_OF = date(2026, 3, 1)


def figures(measure: Measure) -> tuple[int | None, int | None, float | None]:
    return measure.numerator, measure.denominator, measure.share


def test_a_share_is_printed_with_what_it_is_of() -> None:
    found = share_submitted(200, 46, YEAR)
    assert figures(found) == (46, 200, 0.23)
    assert (found.code, found.period) == ("share_submitted", YEAR)


@pytest.mark.parametrize(
    ("numerator", "denominator", "at_least", "at_most"),
    [
        (4, 100, None, 0.09),
        (97, 100, 0.91, None),
        (0, 100, None, 0.09),
        (8, 15, None, None),
        (100, 100, 0.91, None),
    ],
)
def test_a_small_side_withholds_the_share_and_bounds_it(
    numerator: int, denominator: int, at_least: float | None, at_most: float | None
) -> None:
    found = proportion("x", numerator, denominator, YEAR)
    assert found.withheld
    assert figures(found) == (None, denominator, None)
    assert (found.at_least, found.at_most) == pytest.approx((at_least, at_most))


def test_a_small_whole_withholds_everything() -> None:
    assert figures(proportion("x", 9, 9, YEAR)) == (None, None, None)


@given(st.integers(0, 400), st.integers(0, 400))
def test_no_share_shows_a_small_number_or_lets_it_be_computed(one: int, other: int) -> None:
    found = proportion("x", one, one + other, YEAR)
    if found.numerator is not None and found.denominator is not None:
        assert found.numerator >= CELL_MIN
        assert found.denominator - found.numerator >= CELL_MIN
    if found.share is None and found.denominator is not None:
        # What remains possible is never one single number.
        low = 0 if found.at_least is None else round(found.at_least * found.denominator)
        high = found.denominator if found.at_most is None else round(found.at_most * found.denominator)
        assert low <= one <= high
        assert high - low >= CELL_MIN - 1


def test_no_share_of_more_than_the_whole() -> None:
    with pytest.raises(ValueError, match="no share"):
        share_submitted(10, 11, YEAR)


def test_completeness_counts_all_five_and_each() -> None:
    known = [IDENTIFIERS] * 30 + [("make", "calibre")] * 20 + [("serial", "colour of the grip")] * 10
    found = completeness(known, YEAR)
    assert figures(found.all_five) == (30, 60, 0.5)
    assert figures(found.each["make"]) == (50, 60, 50 / 60)
    assert figures(found.each["serial"]) == (40, 60, 40 / 60)
    assert found.each.keys() == set(IDENTIFIERS)


def asked(
    count: int, outcome: str = "answered", after: int | None = 30, partner: str = "US", direction: str = "out"
) -> list[Asked]:
    sent = date(2025, 3, 1)
    return [
        Asked(
            sent=sent,
            direction=direction,  # pyright: ignore[reportArgumentType]
            partner=partner,
            outcome=outcome,  # pyright: ignore[reportArgumentType]
            responded=None if after is None else sent + timedelta(days=after),
        )
        for _ in range(count)
    ]


def test_reciprocity_counts_answers_in_substance_in_both_directions() -> None:
    requests = [
        *asked(40),
        *asked(25, "refused"),
        *asked(60, partner="JM"),
        *asked(20, "open", None, partner="JM"),
        *asked(12, direction="in"),
        *asked(18, "open", None, direction="in"),
    ]
    found = reciprocity(requests, YEAR)
    assert figures(found.out) == (100, 145, 100 / 145)
    assert figures(found.inward) == (12, 30, 0.4)
    assert found.by_partner["out"].rows == ("JM", "US")
    assert found.by_partner["out"].cells == ((60, 20), (40, 25))


def test_a_share_never_shows_what_its_table_withholds() -> None:
    """One partner, three unanswered: the table hides both columns, so the share must not print either."""
    found = reciprocity([*asked(40), *asked(3, "open", None)], YEAR)
    assert found.by_partner["out"].cells == ((None, None),)
    assert figures(found.out) == (None, 43, None)
    assert figures(found.inward) == (None, None, None)


def test_requests_of_another_year_are_not_counted() -> None:
    assert reciprocity(asked(40), Period(date(2024, 1, 1), date(2024, 12, 31))).out.denominator is None


def test_the_unanswered_lengthen_the_median() -> None:
    """Twenty answered in 10 days, fifteen in 50, thirty never: a median over the answered alone would say
    10."""
    requests = [*asked(20, after=10), *asked(15, after=50), *asked(30, "open", None)]
    found = response_time(requests, YEAR, AS_OF)
    assert found.median is not None
    assert found.median.days == 50
    assert found.asked == 65


def test_a_median_that_nobody_has_reached_is_not_invented() -> None:
    found = response_time([*asked(20, after=10), *asked(40, "lapsed", None)], YEAR, AS_OF)
    assert found.median is not None
    assert found.median.days is None


def test_a_response_after_the_day_of_analysis_has_not_happened() -> None:
    requests = [*asked(20, after=10), *asked(30, after=900)]
    found = response_time(requests, YEAR, AS_OF)
    assert found.median is not None
    assert found.median.days is None


def test_refusals_are_responses_but_a_few_cannot_be_computed_from_the_counts() -> None:
    many = response_time([*asked(20), *asked(15, "refused", 5), *asked(30, "open", None)], YEAR, AS_OF)
    assert (many.asked, many.responded) == (65, 35)
    few = response_time([*asked(20), *asked(3, "refused", 5), *asked(30, "open", None)], YEAR, AS_OF)
    assert (few.asked, few.responded) == (53, None)
    assert few.median is not None


def test_few_responses_give_no_median() -> None:
    assert response_time([*asked(9), *asked(40, "open", None)], YEAR, AS_OF).median is None


def test_an_answer_before_its_question_is_left_out_and_said() -> None:
    found = response_time([*asked(30, after=10), *asked(12, after=-4)], YEAR, AS_OF)
    assert found.impossible
    assert found.asked == 42
    assert found.median is not None
    assert found.median.days == 10


def test_outcomes_are_a_table_of_fixed_shape() -> None:
    pairs = [("purchaser", "2024")] * 30 + [("obliterated", "2024")] * 4 + [("purchaser", "2025")] * 25
    rows, columns = ("purchaser", "obliterated", "too_old"), ("2024", "2025")
    table = outcomes(pairs, rows, columns)
    assert (table.rows, table.columns) == (rows, columns)
    assert table.cells[1] == (None, None)
    assert table.cells[2] == (None, None)
    with pytest.raises(ValueError, match="no row or column"):
        outcomes([("stolen by elves", "2024")], rows, columns)


def test_sdg_16_4_2_prints_both_denominators() -> None:
    found = sdg_16_4_2(150, 30, 20, untraceable=50, established=60, period=YEAR)
    assert figures(found.of_all) == (60, 200, 0.3)
    assert figures(found.of_traceable) == (60, 150, 0.4)


def test_sdg_16_4_2_does_not_give_a_few_untraceable_away() -> None:
    found = sdg_16_4_2(150, 30, 20, untraceable=3, established=60, period=YEAR)
    assert figures(found.of_all) == (60, 200, 0.3)
    assert figures(found.of_traceable) == (None, None, None)


@pytest.mark.parametrize(("untraceable", "established"), [(201, 0), (-1, 0), (50, 151), (0, -1)])
def test_sdg_parts_that_do_not_fit_are_refused(untraceable: int, established: int) -> None:
    with pytest.raises(ValueError, match=r"whole|no share"):
        sdg_16_4_2(150, 30, 20, untraceable=untraceable, established=established, period=YEAR)
