"""What a shift promises whatever the night brings. No store, no clock of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import Conflict, LanbiError, Malformed, Refused
from lanbi.core.time import HOUR, MINUTE, Instant
from lanbi.rosters.model import Hand, Rules, Shift, check_number

NOON: Instant = 1_800_000_000_000_000
RULES = Rules(rest_min_h=11, duty_max_h=12)


def shift(begin: float = 0, end: float = 12, *crew: Hand, id: str = "s1", **given) -> Shift:
    return Shift(
        id=id,
        unit_id="u1",
        callsign="M21",
        starts_at=NOON + round(begin * HOUR),
        ends_at=NOON + round(end * HOUR),
        crew=crew or (Hand(id="m1", name="A-101"),),
        **given,
    )


def rested(hours: float) -> Hand:
    return Hand(id="m1", name="A-101", off_since=NOON - round(hours * HOUR))


def test_twelve_hours_after_eleven_of_rest_warn_of_nothing() -> None:
    assert shift(0, 12, rested(11)).warnings(RULES) == ()


@pytest.mark.parametrize(
    ("hours", "length", "codes"),
    [
        (10.9, 12, ["rest_short"]),
        (11, 12.5, ["duty_long"]),
        (2, 16, ["rest_short", "duty_long"]),
        (-3, 12, ["rest_short"]),
    ],
)
def test_what_tires_is_said_with_its_figures(hours: float, length: float, codes: list[str]) -> None:
    warnings = shift(0, length, rested(hours)).warnings(RULES)
    assert [warning.code for warning in warnings] == codes
    for warning in warnings:
        if warning.code == "rest_short":
            assert (warning.member, warning.limit_h) == ("m1", 11)
            assert warning.hours == max(0, hours)
        else:
            assert (warning.member, warning.hours, warning.limit_h) == (None, length, 12)


def test_a_shift_that_is_over_warns_of_nothing_any_more() -> None:
    on = shift(0, 16, rested(1)).sign_on(at=None, now=NOON)
    assert on.warnings(RULES)
    assert on.sign_off(at=None, now=NOON + HOUR).warnings(RULES) == ()


def test_each_refusal_has_its_success() -> None:
    planned = shift()
    with pytest.raises(Refused, match="shift-not-begun"):
        planned.sign_off(at=None, now=NOON)
    on = planned.sign_on(at=None, now=NOON)
    with pytest.raises(Refused, match="shift-on-duty"):
        on.sign_on(at=None, now=NOON)
    with pytest.raises(Refused, match="shift-begun"):
        on.cancel()
    with pytest.raises(Refused, match="shift-begun"):
        on.change(starts_at=NOON, ends_at=None, crew=None, now=NOON)
    off = on.sign_off(at=None, now=NOON + HOUR)
    assert (off.begin, off.end) == (NOON, NOON + HOUR)
    for ended in (off, planned.cancel()):
        for again in (
            lambda ended=ended: ended.sign_on(at=None, now=NOON),
            lambda ended=ended: ended.sign_off(at=None, now=NOON),
            ended.cancel,
            lambda ended=ended: ended.justify("crisis", None, by="pierre"),
        ):
            with pytest.raises(Refused, match="shift-ended"):
                again()
    with pytest.raises(Refused, match="shift-past"):
        shift(-14, -2).sign_on(at=None, now=NOON)
    with pytest.raises(Conflict, match="shift-changed"):
        shift(seq=9).must_hold(8)
    shift(seq=9).must_hold(9)


def test_a_sheet_of_paper_is_typed_in_after_the_night_but_not_after_two() -> None:
    planned = shift(-10, 2)
    assert planned.sign_on(at=NOON - 10 * HOUR, now=NOON).begin == NOON - 10 * HOUR
    for at in (NOON - 25 * HOUR, NOON + 3 * MINUTE):
        with pytest.raises(Malformed, match="shift-time-off"):
            planned.sign_on(at=at, now=NOON)
    on = planned.sign_on(at=None, now=NOON)
    with pytest.raises(Refused, match="shift-ends-before"):
        on.sign_off(at=NOON - HOUR, now=NOON)


@pytest.mark.parametrize(("begin", "end"), [(0, 0.05), (0, 49), (3, 1), (24 * 93, 24 * 93 + 8)])
def test_no_shift_lasts_no_time_or_a_week(begin: float, end: float) -> None:
    with pytest.raises(Malformed):
        shift().change(
            starts_at=NOON + round(begin * HOUR), ends_at=NOON + round(end * HOUR), crew=None, now=NOON
        )


def test_a_crew_brings_what_each_of_it_can_do_once() -> None:
    crew = (
        Hand(id="m1", name="A-1", qualifications=("ambulance_advanced", "oxygen")),
        Hand(id="m2", name="A-2", qualifications=("oxygen", "midwife")),
    )
    assert shift(0, 12, *crew).brings == ("ambulance_advanced", "oxygen", "midwife")


@pytest.mark.parametrize("number", ["A-101", "é.7", "1"])
def test_service_numbers_as_services_write_them(number: str) -> None:
    assert check_number(f" {number} ") == number


@pytest.mark.parametrize("number", ["", "A 1", "A\n1", "x" * 17, "😀"])
def test_what_is_no_service_number(number: str) -> None:
    with pytest.raises(LanbiError):
        check_number(number)


hours = st.floats(-20, 60).map(lambda value: round(value, 1))
spans = st.tuples(hours, st.floats(0.2, 24).map(lambda value: round(value, 1)))


@given(spans, spans)
def test_two_shifts_are_in_each_others_way_or_neither_is(one, other) -> None:
    first = shift(one[0], one[0] + one[1])
    second = shift(other[0], other[0] + other[1], id="s2")
    assert first.overlaps(second) == second.overlaps(first)
    apart = one[0] + one[1] <= other[0] or other[0] + other[1] <= one[0]
    assert first.overlaps(second) != apart
    assert not first.overlaps(second.cancel())
    assert not first.overlaps(first)


@given(
    st.lists(st.sampled_from(["on", "off", "cancel", "longer", "justify"]), max_size=12),
    st.lists(st.integers(0, 5), min_size=12, max_size=12),
)
def test_whatever_is_pressed_a_shift_stays_one_that_can_be_told(steps, waits) -> None:
    stands, now = shift(0, 10), NOON
    for step, wait in zip(steps, waits, strict=False):
        now += wait * HOUR
        try:
            match step:
                case "on":
                    stands = stands.sign_on(at=None, now=now)
                case "off":
                    stands = stands.sign_off(at=None, now=now)
                case "cancel":
                    stands = stands.cancel()
                case "longer":
                    stands = stands.change(starts_at=None, ends_at=stands.ends_at + HOUR, crew=None, now=now)
                case _:
                    stands = stands.justify("crisis", None, by="pierre")
        except LanbiError:
            continue
    assert (stands.state == "on_duty") == (stands.on_at is not None and stands.off_at is None)
    assert stands.begin < stands.end or stands.state == "ended"
    assert stands.off_at is None or (stands.on_at is not None and stands.on_at <= stands.off_at)
