"""Every firearm is on the curve or counted under the reason why not."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from lanbi.tracing.timing.ttc import REASONS, Excluded, Gun, Timed, read_curves, time_to_crime
from lanbi.tracing.timing.weibull import Weibull

AS_OF = date(2025, 12, 31)
REAL = (
    Path(__file__).resolve().parents[4]
    / "shared/data/firearms/brady_crime_guns_deid/crime_gun_events_deid.csv"
)


def timed(gun: Gun, since: date | None = None) -> Timed:
    found = time_to_crime(gun, AS_OF, since)
    assert isinstance(found, Timed), found
    return found


def test_time_to_crime_is_recovery_minus_first_sale() -> None:
    found = timed(Gun(ref="F-118", sold=date(2024, 2, 20), recovered=date(2024, 7, 4)))
    assert (found.ref, found.days, found.seen) == ("F-118", 135, True)


def test_sold_and_recovered_on_one_day_is_nought_days() -> None:
    assert timed(Gun(sold=date(2024, 2, 20), recovered=date(2024, 2, 20))).days == 0


def test_a_later_sale_bounds_the_time_from_below() -> None:
    """Only a second-hand sale is known: the first was then or before, so at least so many days."""
    found = timed(Gun(sold_by=date(2020, 1, 1), recovered=date(2021, 1, 1)))
    assert (found.days, found.seen) == (366, False)


def test_a_stated_duration_counts_without_its_days() -> None:
    found = timed(Gun(days=64))
    assert (found.days, found.seen, found.visible) == (64, True, None)


def test_a_followed_firearm_that_is_not_recovered_is_censored() -> None:
    found = timed(Gun(sold=date(2025, 12, 1), followed=True))
    assert (found.days, found.seen) == (30, False)


def test_a_followed_firearm_sold_before_the_window_enters_when_it_opens() -> None:
    found = timed(Gun(sold=date(2019, 12, 1), recovered=date(2020, 1, 1), followed=True), date(2020, 1, 1))
    assert (found.entry, found.days) == (30, 31)
    assert (
        read_curves([Gun(sold=date(2019, 1, 1), followed=True)] * 10, AS_OF, date(2020, 1, 1)).whole.n == 10
    )


@pytest.mark.parametrize(
    ("gun", "reason"),
    [
        (Gun(recovered=date(2024, 1, 1)), "sale_unknown"),
        (Gun(sold=date(2024, 1, 1)), "recovery_unknown"),
        (Gun(sold=date(2024, 1, 2), recovered=date(2024, 1, 1)), "recovered_before_sale"),
        (Gun(sold=date(2026, 1, 1), followed=True), "sold_after_as_of"),
        (Gun(sold=date(2024, 1, 1), recovered=date(2028, 3, 10)), "recovered_after_as_of"),
        (Gun(sold=date(2010, 1, 1), recovered=date(2012, 1, 1)), "before_window"),
        (Gun(days=-3), "negative_days"),
    ],
)
def test_a_firearm_without_a_time_says_why(gun: Gun, reason: str) -> None:
    found = time_to_crime(gun, AS_OF, date(2015, 1, 1))
    assert isinstance(found, Excluded)
    assert found.reason == reason
    assert reason in REASONS


def many(count: int, group: str, step: int, start: date = date(2020, 1, 1)) -> list[Gun]:
    return [
        Gun(ref=f"{group}{i}", sold=start, recovered=start + timedelta(days=step * (i + 1)), group=group)
        for i in range(count)
    ]


def test_every_firearm_is_counted_once() -> None:
    wrong = Gun(ref="F-9", sold=date(2024, 1, 2), recovered=date(2024, 1, 1), group="9mm")
    reading = read_curves([*many(12, "9mm", 40), *many(11, ".380", 90), Gun(group="9mm"), wrong], AS_OF)
    nine = next(one for one in reading.groups if one.group == "9mm")
    assert (nine.n, nine.events, nine.censored) == (12, 12, 0)
    assert nine.excluded == {"recovered_before_sale": 1, "sale_unknown": 1}
    assert reading.whole.n == 23
    assert reading.flagged == (Excluded("F-9", "recovered_before_sale", "9mm"),)
    assert reading.difference is not None
    assert reading.difference.df == 1


def test_a_group_of_nine_is_suppressed_and_one_of_ten_is_not() -> None:
    reading = read_curves([*many(9, "few", 30), *many(10, "enough", 30)], AS_OF)
    few, enough = sorted(reading.groups, key=lambda one: one.group, reverse=True)
    assert few.suppressed
    assert (few.n, few.excluded, few.curve, few.recovered_by) == (None, {}, None, {})
    assert not enough.suppressed
    assert enough.n == 10
    assert reading.difference is None


def test_what_is_missing_widens_the_bounds() -> None:
    """Eight of ten within a year; ten more nobody could trace: between 40 % and 90 % of all."""
    guns = [*many(8, "", 40), *many(2, "", 2500, date(2010, 1, 1)), *[Gun(recovered=AS_OF)] * 10]
    whole = read_curves(guns, AS_OF).whole
    assert whole.recovered_by[1].value == pytest.approx(0.8)
    assert (whole.bounds[1].low, whole.bounds[1].high) == pytest.approx((0.4, 0.9))
    earlier = many(30, "", 1, date(2000, 1, 1))  # recovered before the window: no part of the question
    assert read_curves([*guns, *earlier], AS_OF, date(2011, 1, 1)).whole.bounds == whole.bounds


def test_no_correction_unless_somebody_says_since_when_recoveries_were_written_down() -> None:
    guns = many(30, "", 60)
    assert read_curves(guns, AS_OF).whole.corrected is None
    corrected = read_curves(guns, AS_OF, date(2020, 1, 1)).whole.corrected
    assert corrected is not None
    assert corrected.n == 30
    # Sold before the window: early recoveries were lost, so these are no part of it.
    older = read_curves(
        [*guns, *many(20, "", 300, date(2008, 1, 1))], AS_OF, date(2020, 1, 1)
    ).whole.corrected
    assert older == corrected


@pytest.mark.skipif(not REAL.exists(), reason="the real records are not in the repository")
def test_the_real_records_give_their_curve() -> None:
    """635 records of one city: 485 timed, 150 counted under a reason; the law lies near the national one."""

    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    with REAL.open(encoding="utf-8", newline="") as lines:
        guns = [
            Gun(
                ref=row["row"],
                sold=day(row["sale_date"]),
                recovered=day(row["crime_date"]),
                days=int(float(row["time_to_crime"])) if row["time_to_crime"] else None,
                group=row["firearm_caliber"],
            )
            for row in csv.DictReader(lines)
        ]
    whole = read_curves(guns, AS_OF).whole
    assert (whole.n, whole.censored) == (485, 0)
    assert whole.excluded == {"recovered_after_as_of": 4, "recovery_unknown": 134, "sale_unknown": 12}
    assert whole.recovered_by[1].value == pytest.approx(0.210, abs=0.001)
    assert whole.recovered_by[3].value == pytest.approx(0.540, abs=0.001)
    assert whole.curve is not None
    assert whole.curve.quantile().days == 942
    assert isinstance(whole.weibull, Weibull)
    assert whole.weibull.shape == pytest.approx(0.814, abs=0.001)
    assert whole.weibull.scale_days / 365.25 == pytest.approx(4.544, abs=0.001)
