"""Unserved demand and the house decide what may be said of them. Pure: time and people are handed in."""

from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Malformed, Refused
from lanbi.core.text import line
from lanbi.core.time import DAY, MINUTE, SECOND, Instant

LINK_NAME_CHARS_MAX = 24
LINKS_MAX = 24
RESERVE_MAX_S = 90 * 86_400
LATENCY_MAX_MS = 600_000
# The clock of a machine that reports on the house is not ours.
TOLD_AHEAD_MAX: Instant = 2 * MINUTE
TOLD_OLD_MAX: Instant = 7 * DAY

Ended = Literal["served", "closed", "withdrawn"]


class Unserved(msgspec.Struct, frozen=True, kw_only=True):
    """A demand that nobody could serve, as long as the record lasts.

    `reason`: a code of `unserved_reasons`. `priority`: the incident's, when it was said.
    `ended_how`: "served" (a unit reached the scene after all), "closed" (the incident
    ended and nobody had come), "withdrawn" (said by mistake; it does not count).
    """

    id: str
    incident_id: str
    number: int
    priority: str | None
    reason: str
    at: Instant
    by_id: str
    by_name: str
    words_sealed: str | None = None
    words: str | None = None
    made_seq: int = 0
    ended_at: Instant | None = None
    ended_how: Ended | None = None
    ended_by: str | None = None
    seq: int = 0

    @property
    def open(self) -> bool:
        return self.ended_at is None

    def end(self, how: Ended, *, at: Instant, by: str) -> "Unserved":
        """Ends once. Raises `Refused("unserved-over")` when it has ended before."""
        if self.ended_at is not None:
            raise Refused("unserved-over", number=self.number, how=self.ended_how)
        return replace(self, ended_at=at, ended_how=how, ended_by=by)

    def stand_again(self) -> "Unserved":
        """What had ended it did not happen."""
        return replace(self, ended_at=None, ended_how=None, ended_by=None)


class House(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the house's own state, as last told: its power, or one of its links.

    `state`: of `power_sources` for the power, of `link_states` for a link.
    `generator_s`, `battery_s`: seconds that were left at `at`. `latency_ms`: there and back.
    """

    id: str
    what: Literal["power", "link"]
    state: str
    at: Instant
    by_id: str
    by_name: str
    name: str | None = None
    kind: str | None = None
    generator_s: int | None = None
    battery_s: int | None = None
    latency_ms: int | None = None
    seq: int = 0


def told_at(at: Instant | None, *, now: Instant) -> Instant:
    """When something was so; `Malformed("told-ahead")`, `Malformed("told-old")` for what cannot be news.

    A clock that is a little ahead tells of now: else it would be later than whatever a person says next.
    """
    if at is None:
        return now
    if at > now + TOLD_AHEAD_MAX:
        raise Malformed("told-ahead")
    if at < now - TOLD_OLD_MAX:
        raise Malformed("told-old", days=TOLD_OLD_MAX // DAY)
    return min(at, now)


def reserve(seconds: int | None, field: str) -> int | None:
    """What is left of a reserve; `Malformed("reserve-impossible")` under 0 or over 90 days."""
    if seconds is not None and not 0 <= seconds <= RESERVE_MAX_S:
        raise Malformed("reserve-impossible", field=field, limit=RESERVE_MAX_S * SECOND // DAY)
    return seconds


def latency(milliseconds: int | None) -> int | None:
    """A link's delay; `Malformed("latency-impossible")` under 0 or over ten minutes."""
    if milliseconds is not None and not 0 <= milliseconds <= LATENCY_MAX_MS:
        raise Malformed("latency-impossible", limit=LATENCY_MAX_MS)
    return milliseconds


def link_name(name: str) -> str:
    """A link's name on the wall: one line of at most 24 characters."""
    return line(name, "name", chars_max=LINK_NAME_CHARS_MAX)
