"""Positions and observations: what can be true of them. Pure: time and known units are handed in."""

import struct
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from math import nan

import msgspec

from lanbi.core.errors import Malformed, TooLarge
from lanbi.core.geo import RADIUS_M_MAX, Area
from lanbi.core.time import HOUR, MINUTE, Instant, parse_instant
from lanbi.tracks.thinning import KEPT_FOR

POSITIONS_PER_BATCH_MAX = 1_000
PROBLEMS_NAMED_MAX = 20
AHEAD_MAX: Instant = 5 * MINUTE
ACCURACY_M_MAX = RADIUS_M_MAX
SPEED_MPS_MAX = 1_000.0  # three times the speed of sound: no unit of ours, so a broken receiver
COURSE_DEG_MAX = 360.0
OBSERVATION_LIVE_S = 43_200
OBSERVATION_LIVE: Instant = 12 * HOUR


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A position as a device sends it.

    `at`: RFC 3339 text. `lat`, `lon`: degrees, WGS 84. `accuracy_m`: metres.
    `speed_mps`: metres per second. `course_deg`: degrees clockwise from north.
    """

    unit_id: str
    at: str
    lat: float
    lon: float
    accuracy_m: float
    speed_mps: float | None = None
    course_deg: float | None = None


class Position(msgspec.Struct, frozen=True):
    """A position that can be true, of a unit that exists."""

    unit_id: str
    at: Instant
    lat: float
    lon: float
    accuracy_m: float
    speed_mps: float | None
    course_deg: float | None


class Track(msgspec.Struct, frozen=True):
    """A stored position. `seq`: the entry that vouches for it."""

    unit_id: str
    at: Instant
    received_at: Instant
    lat: float
    lon: float
    accuracy_m: float
    speed_mps: float | None
    course_deg: float | None
    seq: int


class Fix(msgspec.Struct, frozen=True):
    """Where a unit was last, and no more: what a recommendation asks of thousands at once."""

    lat: float
    lon: float
    at: Instant


class Stored(msgspec.Struct, frozen=True):
    """What became of a batch.

    `stored`: positions kept. `late`: those of them that a newer position had
    overtaken: history, not movement. `duplicate`: those that were there before.
    `seq`: the entry of the batch, None where nothing was new.
    """

    stored: int
    late: int
    duplicate: int
    seq: int | None


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody saw. `words`: as they were said, while they are kept; None if nothing was said.

    `…_sealed`: the ids of the sealed place and words. `by`: the account's id. `withdrawn_at`: when who
    reported it took it back.
    """

    id: str
    kind: str
    area: Area
    at: Instant
    by: str
    words: str | None = None
    place_sealed: str | None = None
    words_sealed: str | None = None
    withdrawn_at: Instant | None = None
    seq: int = 0


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with the position at this index of a batch; `code` is an id of the catalogues."""

    index: int
    code: str


def check(reports: Sequence[Report], *, now: Instant, unit_of: Callable[[str], str | None]) -> list[Position]:
    """All positions of a batch, if every one can be true.

    `unit_of`: a unit's id in its one spelling, None where there is no such unit. A
    batch is kept whole or refused whole: raises `Malformed("positions-refused",
    count=, problems=[{index, code}])`, which names the first 20 bad ones, or the
    position's own code where only one was sent; `Malformed("positions-none")`;
    `TooLarge("positions-too-many")`.
    """
    if not reports:
        raise Malformed("positions-none")
    if len(reports) > POSITIONS_PER_BATCH_MAX:
        raise TooLarge("positions-too-many", limit=POSITIONS_PER_BATCH_MAX, given=len(reports))
    latest, earliest = now + AHEAD_MAX, now - KEPT_FOR
    positions: list[Position] = []
    problems: list[Problem] = []
    units: dict[str, str | None] = {}
    for index, report in enumerate(reports):
        code: str | None = None
        at, unit_id = 0, units.get(report.unit_id)
        if unit_id is None and report.unit_id not in units:
            unit_id = units[report.unit_id] = unit_of(report.unit_id)
        try:
            at = parse_instant(report.at)
        except Malformed:
            code = "time-unreadable"
        if code is not None:
            pass
        elif unit_id is None:
            code = "unit-unknown"
        elif at > latest:
            code = "position-ahead"
        elif at < earliest:
            code = "position-too-old"
        else:
            code = _figures_problem(report)
        if code is not None:
            problems.append(Problem(index, code))
        elif unit_id is not None and not problems:
            # Adding 0.0 turns −0.0, which not every store can tell from 0.0, into 0.0.
            speed, course = report.speed_mps, report.course_deg
            positions.append(
                Position(
                    unit_id,
                    at,
                    report.lat + 0.0,
                    report.lon + 0.0,
                    report.accuracy_m + 0.0,
                    None if speed is None else speed + 0.0,
                    None if course is None else course + 0.0,
                )
            )
    if problems:
        raise _refusal(reports, problems)
    return positions


def _figures_problem(report: Report) -> str | None:
    # NaN and the infinities fail every one of these comparisons.
    if not (-90.0 <= report.lat <= 90.0 and -180.0 <= report.lon <= 180.0):
        return "coordinates-impossible"
    if report.lat == 0.0 and report.lon == 0.0:
        return "coordinates-zero"
    if not 0.0 <= report.accuracy_m <= ACCURACY_M_MAX:
        return "accuracy-impossible"
    if report.speed_mps is not None and not 0.0 <= report.speed_mps <= SPEED_MPS_MAX:
        return "speed-impossible"
    if report.course_deg is not None and not 0.0 <= report.course_deg <= COURSE_DEG_MAX:
        return "course-impossible"
    return None


def _refusal(reports: Sequence[Report], problems: list[Problem]) -> Malformed:
    first = reports[problems[0].index]
    if len(reports) == 1:
        return Malformed(
            problems[0].code,
            given=first.at[:40],
            unit_id=first.unit_id[:40],
            lat=str(first.lat),
            lon=str(first.lon),
        )
    return Malformed(
        "positions-refused",
        count=len(problems),
        of=len(reports),
        index=problems[0].index,
        problems=[
            {"index": problem.index, "code": problem.code} for problem in problems[:PROBLEMS_NAMED_MAX]
        ],
    )


# Unit id as 36 ASCII bytes; time as a signed integer; latitude, longitude, accuracy, speed, course as
# IEEE 754 doubles; all big-endian. What is not known is the quiet NaN 7ff8000000000000.
_ROW = struct.Struct(">36sqddddd")


def digest(positions: Iterable[Position | Track]) -> str:
    """Hex of the SHA-256 over the rows, each in 84 bytes, in order of unit and time."""
    hasher = sha256()
    for row in sorted(positions, key=_unit_and_time):
        hasher.update(
            _ROW.pack(
                row.unit_id.encode(),
                row.at,
                row.lat,
                row.lon,
                row.accuracy_m,
                nan if row.speed_mps is None else row.speed_mps,
                nan if row.course_deg is None else row.course_deg,
            )
        )
    return hasher.hexdigest()


def _unit_and_time(row: Position | Track) -> tuple[str, Instant]:
    return row.unit_id, row.at
