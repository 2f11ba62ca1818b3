"""Time as one integer: microseconds since 1970-01-01T00:00:00Z.

One number sorts, subtracts and stores alike in both databases; text is made
only at the door, as RFC 3339 in UTC.
"""

import re
import time as _time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from lanbi.core.errors import Malformed

Instant = int
"""Microseconds since 1970-01-01T00:00:00Z."""

SECOND: Instant = 1_000_000
MINUTE: Instant = 60 * SECOND
HOUR: Instant = 60 * MINUTE
DAY: Instant = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
DATES_KEPT_MAX = 4_096
_dates: dict[int, str] = {}
# RFC 3339 section 5.6; `datetime.fromisoformat` alone also takes week dates, times without
# seconds, and a NUL behind the text.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
# Outside these years a stamp is a broken clock, not a time of this centre's work.
INSTANT_MIN: Instant = 0
INSTANT_MAX: Instant = 4_102_444_800 * SECOND  # 2100-01-01


class Clock(Protocol):
    """Where the time comes from; handed in, so that tests and exercises may hold it."""

    def now(self) -> Instant:
        """Wall time in microseconds since 1970, UTC. May jump when the machine's clock is set."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; only differences mean anything."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> Instant:
        return _time.time_ns() // 1000

    def monotonic(self) -> float:
        return _time.monotonic()


def rfc3339(instant: Instant) -> str:
    """`2026-11-22T03:47:12.345678Z` for an instant (RFC 3339 section 5.6, always UTC)."""
    day, rest = divmod(instant, DAY)
    date = _dates.get(day)
    if date is None:
        # Dates repeat endlessly on a floor, and strftime costs ten times the rest of this.
        if len(_dates) >= DATES_KEPT_MAX:
            _dates.clear()
        date = _dates[day] = (_EPOCH + timedelta(days=day)).strftime("%Y-%m-%d")
    seconds, microseconds = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{date}T{hour:02}:{minute:02}:{second:02}.{microseconds:06}Z"


def rfc3339_or_none(instant: Instant | None) -> str | None:
    """As `rfc3339`, and None for what has not happened."""
    return None if instant is None else rfc3339(instant)


def parse_instant(text: str) -> Instant:
    """The instant that an RFC 3339 text names.

    Raises `Malformed("time-unreadable")` for anything else, a text without an
    offset included: a time whose zone has to be guessed is not a time.
    """
    if not _RFC3339.fullmatch(text):
        raise Malformed("time-unreadable", given=text[:40])
    try:
        stamp = datetime.fromisoformat(text.upper())
        instant = (stamp - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError) as error:
        raise Malformed("time-unreadable", given=text[:40]) from error
    if not INSTANT_MIN <= instant <= INSTANT_MAX:
        raise Malformed("time-unreadable", given=text[:40])
    return instant


def parse_instant_or_none(text: str | None) -> Instant | None:
    """As `parse_instant`, and None for what is not told."""
    return None if text is None else parse_instant(text)
