"""A major incident decides what may happen to it and to each of its parts. Pure: time and identity are
handed in.

Each part (a statement, a post, an objective…) is a row of its own with a version of its own. What people
wrote is in `said`, by field: None where it was erased.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.access import Person
from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.time import DAY, HOUR, MINUTE, Instant

INCIDENTS_MAX = 50
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


class Linked(msgspec.Struct, frozen=True):
    """An incident of the major incident; `number` is the incident's."""

    incident_id: str
    number: int


class IncidentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an incident; the incidents' side of the house fills it. Codes of the vocabulary."""

    id: str
    number: int
    state: str
    type: str | None
    title: str
    priority: str | None
    place: str
    opened_at: Instant
    closed_at: Instant | None


class UnitFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a unit: its state on the board, and the incident that it works on now, if any."""

    id: str
    callsign: str
    kind: str
    crew: int
    state: str
    since: Instant
    incident_id: str | None


class Major(msgspec.Struct, frozen=True, kw_only=True):
    """A major incident. `incidents`: linked ones, the first leads. `…_seq`: the version at which that field
    was changed last, so that two people who edit different fields never collide."""

    id: str
    number: int
    declared_at: Instant
    declared_by: str
    declared_by_name: str
    state: Literal["open", "stood_down"] = "open"
    commander: str | None = None
    commander_name: str | None = None
    stood_down_at: Instant | None = None
    stood_down_by: str | None = None
    name_seq: int = 0
    commander_seq: int = 0
    seq: int = 0
    name: str | None = None
    end_words: str | None = None
    incidents: tuple[Linked, ...] = ()

    def must_be_open(self) -> None:
        if self.state != "open":
            raise Refused("major-stood-down", number=self.number)

    def must_hold(self, field: str, field_seq: int, held: int | None, now: object) -> None:
        """`Conflict` where somebody changed the field after the version that was seen."""
        if held is not None and held < field_seq:
            raise Conflict("major-edited-meanwhile", field=field, number=self.number, now=now)

    def renamed(self, *, seq: int, held: int | None) -> "Major":
        self.must_be_open()
        self.must_hold("name", self.name_seq, held, self.name)
        return replace(self, name_seq=seq)

    def commanded(self, by: Person, *, seq: int, held: int | None) -> "Major":
        self.must_be_open()
        self.must_hold("commander", self.commander_seq, held, self.commander_name)
        return replace(self, commander=by.id, commander_name=by.name, commander_seq=seq)

    def must_take(self, incident: IncidentFacts) -> None:
        """Returns if this incident may be linked."""
        self.must_be_open()
        if any(linked.incident_id == incident.id for linked in self.incidents):
            raise Refused("major-has-incident", number=self.number, incident=incident.number)
        if len(self.incidents) >= INCIDENTS_MAX:
            raise Refused("major-incidents-full", number=self.number, limit=INCIDENTS_MAX)

    def without(self, incident_id: str) -> Linked:
        """The incident that is taken off; never the one that leads."""
        self.must_be_open()
        for place, linked in enumerate(self.incidents):
            if linked.incident_id == incident_id:
                if place == 0:
                    raise Refused("major-lead-stays", number=self.number, incident=linked.number)
                return linked
        raise Refused("major-incident-none", number=self.number)

    def stand_down(self, *, at: Instant, by: str, wanting: int) -> "Major":
        """`wanting`: how many requests are still on their way."""
        self.must_be_open()
        if wanting:
            raise Refused("major-requests-open", number=self.number, count=wanting)
        return replace(self, state="stood_down", stood_down_at=at, stood_down_by=by)


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
    def counted(self) -> bool:
        return any(getattr(self, name) is not None for name in CASUALTIES)


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

    def close(self, *, at: Instant) -> "Post":
        if self.closed_at is not None:
            raise Refused("post-closed")
        return replace(self, closed_at=at)


class Objective(Item, frozen=True, kw_only=True):
    """What is to be reached. `priority`: 1 comes first."""

    priority: int
    status: ObjectiveStatus = "open"
    due_at: Instant | None = None
    settled_at: Instant | None = None
    edit_seq: int = 0

    def change(
        self, *, priority: int | None, due_at: Instant | None, seq: int, held: int | None, at: Instant
    ) -> "Objective":
        if self.status != "open":
            raise Refused("objective-settled", status=self.status)
        if held is not None and held < self.edit_seq:
            raise Conflict("item-edited-meanwhile", now=self.said.get("words"))
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
        moved = replace(self, status=status, ended_at=at if status == "arrived" else None)
        return msgspec.structs.replace(moved, **{f"{status}_at": at})


class Division(Item, frozen=True, kw_only=True):
    """A division or group: a supervisor, its work, and the units that do it."""

    closed_at: Instant | None = None
    edit_seq: int = 0
    unit_ids: tuple[str, ...] = ()

    def must_be_open(self) -> None:
        if self.closed_at is not None:
            raise Refused("division-closed")

    def change(self, *, seq: int, held: int | None) -> "Division":
        self.must_be_open()
        if held is not None and held < self.edit_seq:
            raise Conflict("item-edited-meanwhile", now=self.said.get("name"))
        return replace(self, edit_seq=seq)

    def close(self, *, at: Instant) -> "Division":
        self.must_be_open()
        return replace(self, closed_at=at)


class RadioRow(Item, frozen=True, kw_only=True):
    """One line of the radio plan."""

    removed_at: Instant | None = None
    edit_seq: int = 0

    @property
    def gone(self) -> bool:
        return self.removed_at is not None

    def change(self, *, seq: int, held: int | None) -> "RadioRow":
        if self.gone:
            raise Refused("radio-removed")
        if held is not None and held < self.edit_seq:
            raise Conflict("item-edited-meanwhile", now=self.said.get("channel"))
        return replace(self, edit_seq=seq)

    def remove(self, *, at: Instant) -> "RadioRow":
        if self.gone:
            raise Refused("radio-removed")
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


# Every kind of part there is, by the name that rows, routes and live pictures give it.
ITEMS: Mapping[str, type[Item]] = {
    "statement": Statement,
    "post": Post,
    "objective": Objective,
    "request": Request,
    "division": Division,
    "radio": RadioRow,
    "period": Period,
    "demob": DemobCheck,
    "message": Message,
}


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
