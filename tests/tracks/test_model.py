"""What positions can be true, how they are vouched for, and what of them is kept."""

import hashlib
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, TooLarge
from lanbi.core.time import DAY, HOUR, MINUTE, SECOND, rfc3339
from lanbi.tracks.model import (
    ACCURACY_M_MAX,
    AHEAD_MAX,
    OBSERVATION_LIVE,
    OBSERVATION_LIVE_S,
    POSITIONS_PER_BATCH_MAX,
    PROBLEMS_NAMED_MAX,
    SPEED_MPS_MAX,
    Position,
    Report,
    check,
    digest,
)
from lanbi.tracks.thinning import EDGE_STEP, KEPT_FOR, POLICY, edge, span_start, surplus

NOW = 1_795_319_232_000_000
UNIT = "01a2015d-7600-7ddc-a3e9-e556dea22c9c"


def report(**given) -> Report:
    fields = {"unit_id": UNIT, "at": rfc3339(NOW), "lat": 18.54, "lon": -72.33, "accuracy_m": 5.0}
    return Report(**(fields | given))


def checked(*reports: Report) -> list[Position]:
    return check(reports, now=NOW, unit_of=lambda given: given if given == UNIT else None)


# -- one position ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"at": rfc3339(NOW + AHEAD_MAX)},
        {"at": rfc3339(NOW - KEPT_FOR)},
        {"at": "2026-11-21T23:40:12-04:00"},
        {"lat": 90.0, "lon": -180.0},
        {"lat": 0.0},
        {"lon": 0.0},
        {"accuracy_m": 0.0},
        {"accuracy_m": ACCURACY_M_MAX},
        {"speed_mps": 0.0, "course_deg": 360.0},
        {"speed_mps": SPEED_MPS_MAX, "course_deg": 0.0},
    ],
)
def test_a_position_that_can_be_true_is_taken(given) -> None:
    assert len(checked(report(**given))) == 1


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"unit_id": UNIT[:-1] + "d"}, "unit-unknown"),
        ({"unit_id": ""}, "unit-unknown"),
        ({"at": rfc3339(NOW + AHEAD_MAX + 1)}, "position-ahead"),
        ({"at": rfc3339(NOW - KEPT_FOR - 1)}, "position-too-old"),
        ({"at": "1970-01-01T00:00:00Z"}, "position-too-old"),
        ({"at": "2026-11-22T03:47:12"}, "time-unreadable"),
        ({"at": "yesterday"}, "time-unreadable"),
        ({"at": "1795319232"}, "time-unreadable"),
        *(({"lat": lat}, "coordinates-impossible") for lat in (90.1, -91.0, NAN, INF, -INF)),
        *(({"lon": lon}, "coordinates-impossible") for lon in (180.1, -999.0, NAN, INF)),
        ({"lat": 0.0, "lon": 0.0}, "coordinates-zero"),
        ({"lat": -0.0, "lon": 0.0}, "coordinates-zero"),
        *(({"accuracy_m": m}, "accuracy-impossible") for m in (-1.0, -0.001, NAN, INF, ACCURACY_M_MAX * 2)),
        *(({"speed_mps": v}, "speed-impossible") for v in (-1.0, NAN, INF, SPEED_MPS_MAX + 1)),
        *(({"course_deg": c}, "course-impossible") for c in (-1.0, 360.1, NAN, INF)),
    ],
)
def test_a_position_that_cannot_be_true_is_refused_by_its_own_code(given, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        checked(report(**given))
    assert refused.value.code == code


def test_minus_zero_is_zero() -> None:
    (kept,) = checked(report(lat=-0.0, accuracy_m=-0.0, speed_mps=-0.0))
    assert [str(value) for value in (kept.lat, kept.accuracy_m, kept.speed_mps)] == ["0.0"] * 3


# -- a batch ---------------------------------------------------------------------------


def test_a_batch_is_refused_whole_and_each_bad_position_is_named() -> None:
    with pytest.raises(Malformed) as refused:
        checked(report(), report(lat=99.0), report(), report(lat=0.0, lon=0.0))
    assert refused.value.code == "positions-refused"
    assert refused.value.args_by_name == {
        "count": 2,
        "of": 4,
        "index": 1,
        "problems": [
            {"index": 1, "code": "coordinates-impossible"},
            {"index": 3, "code": "coordinates-zero"},
        ],
    }


def test_the_list_of_problems_is_bounded_and_their_count_is_true() -> None:
    with pytest.raises(Malformed) as refused:
        checked(*(report(lat=99.0) for _ in range(300)))
    assert refused.value.args_by_name["count"] == 300
    assert refused.value.args_by_name["problems"][-1]["index"] == PROBLEMS_NAMED_MAX - 1


def test_a_batch_has_a_size() -> None:
    assert len(checked(*(report() for _ in range(POSITIONS_PER_BATCH_MAX)))) == POSITIONS_PER_BATCH_MAX
    with pytest.raises(Malformed, match="positions-none"):
        checked()
    with pytest.raises(TooLarge, match="positions-too-many"):
        checked(*(report() for _ in range(POSITIONS_PER_BATCH_MAX + 1)))


@given(
    st.lists(st.sampled_from([{}, {"lat": NAN}, {"at": "now"}, {"unit_id": "x"}]), min_size=1, max_size=30)
)
def test_whatever_is_mixed_all_is_kept_or_nothing(changes) -> None:
    reports = [report(**change) for change in changes]
    bad = [index for index, change in enumerate(changes) if change]
    try:
        kept = checked(*reports)
    except LanbiError as refused:
        assert bad
        if len(reports) > 1:
            named = [problem["index"] for problem in refused.args_by_name["problems"]]
            assert named == bad[:PROBLEMS_NAMED_MAX]
    else:
        assert not bad
        assert len(kept) == len(reports)


def test_units_are_asked_about_once_per_batch() -> None:
    asked: list[str] = []

    def unit_of(given: str) -> str | None:
        asked.append(given)
        return given if given == UNIT else None

    with pytest.raises(Malformed):
        check([report(), report(unit_id="x")] * 50, now=NOW, unit_of=unit_of)
    assert asked == [UNIT, "x"]


# -- what vouches for it ---------------------------------------------------------------

POSITIONS = st.builds(
    Position,
    st.sampled_from([UNIT, UNIT[:-1] + "d"]),
    st.integers(0, NOW),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(0, 1000),
    st.none() | st.floats(0, 100),
    st.none() | st.floats(0, 360),
)


@given(st.lists(POSITIONS, max_size=20, unique_by=lambda row: (row.unit_id, row.at)), st.randoms())
def test_the_digest_is_what_the_guide_says_in_any_order(rows, random) -> None:
    def double(value: float | None) -> bytes:
        return bytes.fromhex("7ff8000000000000") if value is None else struct.pack(">d", value)

    told = b"".join(
        row.unit_id.encode("ascii")
        + row.at.to_bytes(8, "big", signed=True)
        + b"".join(map(double, (row.lat, row.lon, row.accuracy_m, row.speed_mps, row.course_deg)))
        for row in sorted(rows, key=lambda row: (row.unit_id, row.at))
    )
    assert len(told) == 84 * len(rows)
    random.shuffle(rows)
    assert digest(rows) == hashlib.sha256(told).hexdigest()


# -- what is kept ------------------------------------------------------------------------

STAMPS = st.lists(st.integers(NOW - 100 * DAY, NOW), max_size=60, unique=True).map(sorted)
DENSE = st.lists(st.integers(0, 40 * MINUTE), max_size=60, unique=True).map(sorted)


def thinned(stamps: list[int], now: int, newest: int) -> list[int]:
    """What the whole policy leaves of one unit's history at `now`."""
    for tier in POLICY:
        old = [at for at in stamps if at < edge(tier, now)]
        gone = set(surplus(old, tier.every, newest=newest))
        stamps = [at for at in stamps if at not in gone]
    return stamps


@given(STAMPS)
def test_a_day_is_kept_whole_and_after_ninety_days_only_the_newest(stamps) -> None:
    newest = stamps[-1] if stamps else 0
    kept = thinned(stamps, NOW, newest)
    assert [at for at in stamps if at >= NOW - DAY] == [at for at in kept if at >= NOW - DAY]
    assert all(at >= NOW - 90 * DAY - EDGE_STEP or at == newest for at in kept)
    assert newest in kept or not stamps


@given(DENSE, st.sampled_from([2 * DAY, 10 * DAY, 40 * DAY, 80 * DAY]))
def test_old_positions_are_kept_one_per_minute_then_one_per_ten(offsets, age) -> None:
    start = (NOW - age) // HOUR * HOUR
    stamps = [start + offset for offset in offsets]
    newest = NOW  # a unit that is still heard
    kept = thinned([*stamps, newest], NOW, newest)[:-1]
    every = MINUTE if age < 30 * DAY else 10 * MINUTE
    first = {at // every: at for at in reversed(stamps)}
    assert kept == sorted(first.values())


@given(STAMPS, st.lists(st.integers(0, 50 * DAY), max_size=5))
def test_it_does_not_matter_how_often_thinning_ran(stamps, pauses) -> None:
    newest = stamps[-1] if stamps else 0
    often, now = stamps, NOW
    for pause in pauses:
        now += pause
        often = thinned(often, now, newest)
        assert thinned(often, now, newest) == often, "twice is once"
    assert thinned(often, now, newest) == thinned(stamps, now, newest)


def test_each_tier_is_coarser_and_older_and_divides_the_edges_step() -> None:
    assert [tier.after for tier in POLICY] == sorted(tier.after for tier in POLICY)
    for finer, coarser in pairwise(POLICY):
        assert coarser.every % finer.every == 0 or not coarser.every
    assert all(EDGE_STEP % tier.every == 0 for tier in POLICY if tier.every)
    assert span_start(NOW + 61 * SECOND, 0) == NOW + 61 * SECOND
    assert OBSERVATION_LIVE == OBSERVATION_LIVE_S * SECOND
