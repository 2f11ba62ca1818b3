"""A time is one number inside and RFC 3339 in UTC at the door; what has to be guessed is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanbi.core.errors import Malformed
from lanbi.core.time import (
    INSTANT_MAX,
    INSTANT_MIN,
    SECOND,
    Instant,
    SystemClock,
    parse_instant,
    rfc3339,
    rfc3339_or_none,
)

instants = st.integers(INSTANT_MIN, INSTANT_MAX)
offsets = st.integers(-14 * 60, 14 * 60)


@given(instants)
@example(INSTANT_MIN)
@example(INSTANT_MAX)
@example(1_795_319_232_000_000)
def test_every_instant_comes_back_from_its_text(instant: Instant) -> None:
    text = rfc3339(instant)
    assert text.endswith("Z")
    assert len(text) == len("2026-11-22T03:47:12.345678Z")
    assert parse_instant(text) == instant


@given(instants, instants)
def test_texts_sort_as_the_times_do(one: Instant, other: Instant) -> None:
    assert (rfc3339(one) < rfc3339(other)) == (one < other)


@given(instants, offsets)
def test_the_same_time_written_in_any_zone_is_the_same(instant: Instant, minutes: int) -> None:
    there = timezone(timedelta(minutes=minutes))
    stamp = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    assert parse_instant(stamp.astimezone(there).isoformat()) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T03:47:12Z",
        "2026-11-22T03:47:12+00:00",
        "2026-11-21T22:47:12-05:00",
        "2026-11-22 03:47:12Z",
    ],
)
def test_the_spellings_of_one_moment_are_one_number(text: str) -> None:
    assert parse_instant(text) == 1_795_319_232 * SECOND


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T03:47:12",  # whose clock?
        "2026-11-22",
        "03:47:12Z",
        "",
        "yè swa a 8 è",
        "2026-13-22T03:47:12Z",
        "2026-11-31T03:47:12Z",
        "2026-11-22T25:47:12Z",
        "1969-12-31T23:59:59.999999Z",
        "2100-01-01T00:00:00.000001Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1795319232",
        "20261122T034712Z",
        "2026-W47-7T03:47:12Z",
        "2026-11-22T03:47Z",
        "2026-11-22T03:47:12,5Z",
        "2026-11-22T03:47:12+0000",
        "2026-11-22T03:47:12+00:00:30",
        "２０２６-11-22T03:47:12Z",
        "2026-11-22T03:47:12Z\x00",
    ],
)
def test_what_is_no_certain_time_of_this_work_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_instant(text)
    assert refused.value.code == "time-unreadable"
    assert refused.value.args_by_name["given"] == text[:40]


@given(st.text(max_size=60))
def test_any_text_at_all_is_a_time_or_a_refusal(text: str) -> None:
    try:
        instant = parse_instant(text)
    except Malformed as refused:
        assert refused.code == "time-unreadable"
    else:
        assert INSTANT_MIN <= instant <= INSTANT_MAX


def test_what_has_not_happened_has_no_text() -> None:
    assert rfc3339_or_none(None) is None
    assert rfc3339_or_none(0) == "1970-01-01T00:00:00.000000Z"


def test_the_machines_clock_counts_microseconds_of_today() -> None:
    clock = SystemClock()
    assert parse_instant("2024-01-01T00:00:00Z") < clock.now() < INSTANT_MAX
    first = clock.monotonic()
    assert clock.monotonic() >= first
