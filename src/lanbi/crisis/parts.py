"""Each part of a major incident decides what may happen to it. Pure: time and identity are handed in.

A part (a statement, a post, an objective…) is a row of its own with a version of its own. What people wrote
is in `said`, by field: None where it was erased.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.time import DAY, HOUR, MINUTE, Instant
from lanbi.crisis.model import Major

ITEMS_MAX = 2_000
"""Of one kind in one major incident."""
COUNT_MAX = 1_000_000
RESOURCES_MAX = 9_999
PRIORITY_MAX = 9
# A watch may run ahead of ours by so much.
AHEAD_MAX: Instant = 2 * MINUTE
DUE_WITHIN_MAX: Instant = 366 * DAY
PERIOD_MIN: Instant = 10 * MINUTE
PERIOD_MAX: Instant = 7 * DAY
PERIOD_USUAL: Instant = 12 * HOUR

# The seven of METHANE in their order; `number` is the one that carries figures.
LETTERS = ("major", "exact", "type", "hazards", "access", "number", "emergency")
CASUALTIES = ("p1", "p2", "p3", "dead", "missing")

ObjectiveStatus = Literal["open", "met", "dropped"]
RequestStatus = Literal["requested", "approved", "ordered", "en_route", "arrived", "declined", "cancelled"]
# The way of a request, in order; it may skip steps and never goes back. From any of them but the last it
# may be declined or cancelled.
REQUEST_STEPS = ("requested", "approved", "ordered", "en_route", "arrived")
REQUEST_ENDS = ("arrived", "declined", "cancelled")

Said = Mapping[str, str | None]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the parts: whose it is, who made it and when, and what was written on it."""

    id: str
    major_id: str
    made_at: Instant
    made_by: str
    made_by_name: str
    seq: int = 0
    said: Said = {}

    @property
    def gone(self) -> bool:
        """Whether it has left the picture by itself."""
        return False


class Edited(Item, frozen=True, kw_only=True):
    """Base of the parts that several people edit. `edit_seq`: the version at which that was done last."""

    edit_seq: int = 0

    def must_hold(self, held: int | None, field: str) -> None:
        """`Conflict` where somebody edited it after the version `held`; it shows what `field` reads now."""
        if held is not None and held < self.edit_seq:
            raise Conflict("item-edited-meanwhile", now=self.said.get(field))


class Statement(Item, frozen=True, kw_only=True):
    """One dated word on one letter of METHANE: the newest stands, the older stay readable. `at` is when
    it was so, which may be before it was written down."""

    letter: str
    at: Instant
    p1: int | None = None
    p2: int | None = None
    p3: int | None = None
    dead: int | None = None
    missing: int | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Persons by triage category, as far as they were counted, in the order of `CASUALTIES`."""
        return {name: count for name in CASUALTIES if (count := getattr(self, name)) is not None}


class Post(Item, frozen=True, kw_only=True):
    """A place from which the work is led or done; `kind` of the vocabulary `major_posts`."""

    kind: str
    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None
    area_source: str | None = None
    confidence: str | None = None
    place_id: str | None = None
    closed_at: Instant | None = None

    @property
    def area(self) -> Area | None:
        """Where it is, with the words for it; None where that was not told."""
        if self.area_source is None:
            return None
        return Area(
            lat=self.lat,
            lon=self.lon,
            radius_m=self.radius_m,
            source=self.area_source,
            confidence=self.confidence or "unknown",
            words=self.said.get("place") or "",
            place_id=self.place_id,
        )

    def placed(self, area: Area) -> "Post":
        """There. The words of the area are what was written: they come back through `said`."""
        return replace(
            self,
            lat=area.lat,
            lon=area.lon,
            radius_m=area.radius_m,
            area_source=area.source,
            confidence=area.confidence,
            place_id=area.place_id,
        )

    def close(self, *, at: Instant) -> "Post":
        if self.closed_at is not None:
            raise Refused("post-closed")
        return replace(self, closed_at=at)


class Objective(Edited, frozen=True, kw_only=True):
    """What is to be reached. `priority`: 1 comes first."""

    priority: int
    status: ObjectiveStatus = "open"
    due_at: Instant | None = None
    settled_at: Instant | None = None

    def change(
        self, *, priority: int | None, due_at: Instant | None, seq: int, held: int | None, at: Instant
    ) -> "Objective":
        if self.status != "open":
            raise Refused("objective-settled", status=self.status)
        self.must_hold(held, "words")
        return replace(
            self,
            priority=self.priority if priority is None else check_priority(priority),
            due_at=self.due_at if due_at is None else check_due(due_at, at),
            edit_seq=seq,
        )

    def settle(self, status: ObjectiveStatus, *, at: Instant) -> "Objective":
        """Met or dropped, or open again."""
        if status == self.status:
            raise Refused("objective-settled", status=self.status)
        return replace(self, status=status, settled_at=None if status == "open" else at)


class Request(Item, frozen=True, kw_only=True):
    """Resources asked for: so many with a capability. Each step has its time; a skipped one has none."""

    number: int
    capability: str
    count: int
    needed_by: Instant | None = None
    status: RequestStatus = "requested"
    approved_at: Instant | None = None
    ordered_at: Instant | None = None
    en_route_at: Instant | None = None
    arrived_at: Instant | None = None
    ended_at: Instant | None = None

    @property
    def wanting(self) -> bool:
        return self.status not in REQUEST_ENDS

    @property
    def clocks(self) -> dict[str, Instant]:
        """When each status was reached."""
        found = {"requested": self.made_at}
        for step in REQUEST_STEPS[1:]:
            at = getattr(self, f"{step}_at")
            if at is not None:
                found[step] = at
        if self.status in ("declined", "cancelled") and self.ended_at is not None:
            found[self.status] = self.ended_at
        return found

    def move(self, status: RequestStatus, *, at: Instant, reasoned: bool) -> "Request":
        if not self.wanting:
            raise Refused("request-ended", number=self.number, status=self.status)
        if status in ("declined", "cancelled"):
            if status == "declined" and not reasoned:
                raise Malformed("request-reason-missing", number=self.number)
            return replace(self, status=status, ended_at=at)
        if REQUEST_STEPS.index(status) <= REQUEST_STEPS.index(self.status):
            raise Refused("request-not-forward", number=self.number, status=self.status, wanted=status)
        ended_at = at if status == "arrived" else None
        return replace(self, status=status, ended_at=ended_at, **{f"{status}_at": at})


class Division(Edited, frozen=True, kw_only=True):
    """A division or group: a supervisor, its work, and the units that do it."""

    closed_at: Instant | None = None
    unit_ids: tuple[str, ...] = ()

    def must_be_open(self) -> None:
        if self.closed_at is not None:
            raise Refused("division-closed")

    def change(self, *, seq: int, held: int | None) -> "Division":
        self.must_be_open()
        self.must_hold(held, "name")
        return replace(self, edit_seq=seq)

    def close(self, *, at: Instant) -> "Division":
        self.must_be_open()
        return replace(self, closed_at=at)


class RadioRow(Edited, frozen=True, kw_only=True):
    """One line of the radio plan."""

    removed_at: Instant | None = None

    @property
    def gone(self) -> bool:
        return self.removed_at is not None

    def must_stand(self) -> None:
        if self.gone:
            raise Refused("radio-removed")

    def change(self, *, seq: int, held: int | None) -> "RadioRow":
        self.must_stand()
        self.must_hold(held, "channel")
        return replace(self, edit_seq=seq)

    def remove(self, *, at: Instant) -> "RadioRow":
        self.must_stand()
        return replace(self, removed_at=at)


class Period(Item, frozen=True, kw_only=True):
    """An operational period, [`begins_at`, `ends_at`)."""

    number: int
    begins_at: Instant
    ends_at: Instant


class DemobCheck(Item, frozen=True, kw_only=True):
    """One step of one unit's way out; `step` of the vocabulary `demob_steps`."""

    unit_id: str
    callsign: str
    step: str
    withdrawn_at: Instant | None = None

    @property
    def gone(self) -> bool:
        return self.withdrawn_at is not None

    def withdraw(self, *, at: Instant) -> "DemobCheck":
        if self.gone:
            raise Refused("demob-withdrawn", callsign=self.callsign)
        return replace(self, withdrawn_at=at)


class Message(Item, frozen=True, kw_only=True):
    """A general message, with its answer when there is one."""

    number: int
    replied_at: Instant | None = None
    replied_by_name: str | None = None

    def reply(self, *, at: Instant, by: str) -> "Message":
        if self.replied_at is not None:
            raise Refused("message-replied", number=self.number)
        return replace(self, replied_at=at, replied_by_name=by)


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A major incident with all its parts, each kind in the order in which they were made."""

    major: Major
    statements: tuple[Statement, ...] = ()
    posts: tuple[Post, ...] = ()
    objectives: tuple[Objective, ...] = ()
    requests: tuple[Request, ...] = ()
    divisions: tuple[Division, ...] = ()
    radio: tuple[RadioRow, ...] = ()
    periods: tuple[Period, ...] = ()
    demob: tuple[DemobCheck, ...] = ()
    messages: tuple[Message, ...] = ()


def newest(statements: tuple[Statement, ...]) -> dict[str, Statement]:
    """By letter, the statement that stands: the latest by its own time, then by its entry."""
    found: dict[str, Statement] = {}
    for statement in sorted(statements, key=lambda one: (one.at, one.seq)):
        found[statement.letter] = statement
    return found


def period_at(periods: tuple[Period, ...], at: Instant) -> Period | None:
    """The period that runs at `at`, else the last that had begun, else the first."""
    begun = [period for period in periods if period.begins_at <= at]
    if begun:
        return max(begun, key=lambda period: period.number)
    return periods[0] if periods else None


def check_statement(
    letter: str, at: Instant | None, counts: Mapping[str, int | None], *, worded: bool, now: Instant
) -> Instant:
    """When the statement was so. `Malformed` where it says nothing, comes from the future, or counts what
    is no number; figures belong to the letter `number` alone."""
    given = {name: count for name, count in counts.items() if count is not None}
    for name, count in given.items():
        if not 0 <= count <= COUNT_MAX:
            raise Malformed("count-impossible", what=name, given=count, limit=COUNT_MAX)
    if given and letter != "number":
        raise Malformed("counts-misplaced", letter=letter)
    if not given and not worded:
        raise Malformed("statement-empty")
    if at is not None and at > now + AHEAD_MAX:
        raise Malformed("statement-ahead")
    return now if at is None else min(at, now)


def check_priority(priority: int) -> int:
    if not 1 <= priority <= PRIORITY_MAX:
        raise Malformed("objective-priority", given=priority, limit=PRIORITY_MAX)
    return priority


def check_count(count: int) -> int:
    if not 1 <= count <= RESOURCES_MAX:
        raise Malformed("count-impossible", what="count", given=count, limit=RESOURCES_MAX)
    return count


def check_due(due_at: Instant, now: Instant) -> Instant:
    """A time by which something is wanted; it may be past already, within reason."""
    if abs(due_at - now) > DUE_WITHIN_MAX:
        raise Malformed("major-due-impossible")
    return due_at


def check_period(
    begins_at: Instant | None, ends_at: Instant | None, last: Period | None, *, now: Instant
) -> tuple[Instant, Instant]:
    """From when to when the next period runs, for ten minutes to seven days: from the end of the one before
    unless told; one that begins earlier cuts that one short, but never to less than ten minutes."""
    begin = begins_at if begins_at is not None else max(now, last.ends_at) if last else now
    end = begin + PERIOD_USUAL if ends_at is None else ends_at
    if not PERIOD_MIN <= end - begin <= PERIOD_MAX:
        raise Malformed("period-impossible", minutes_min=PERIOD_MIN // MINUTE, days_max=PERIOD_MAX // DAY)
    if last is not None and begin < last.begins_at + PERIOD_MIN:
        raise Refused("period-overlaps", number=last.number)
    if abs(begin - now) > DUE_WITHIN_MAX:
        raise Malformed("major-due-impossible")
    return begin, end
