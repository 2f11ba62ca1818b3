"""Units and assignments decide what may happen to them. Pure: time, identity and places are handed in.

Status belongs to the assignment, availability to the unit. A unit's state on the
board is derived: from its active assignment if it has one, else from its
availability.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.text import line
from lanbi.core.time import MINUTE, Instant
from lanbi.core.vocabulary import Need

CALLSIGN_CHARS_MAX = 12
CAPABILITIES_MAX = 24
CREW_MAX = 200
TIMER_MINUTES_MAX = 480
# Two clocks of one assignment may disagree by so much, since two people's watches do;
# and a time entered by hand may lie so far ahead of ours.
CLOCK_SKEW_MAX: Instant = 2 * MINUTE

# The crew's own way through a task, in order; the vocabulary labels it.
STEPS = (
    "assigned",
    "notified",
    "acknowledged",
    "en_route",
    "on_scene",
    "transporting",
    "at_destination",
    "cleared",
)
ORDER = {status: order for order, status in enumerate(STEPS)}
ENDINGS = ("cleared", "cancelled", "preempted", "replaced")
# With somebody who needs them: not taken away for less than a graver incident.
AT_WORK = ("on_scene", "transporting", "at_destination")
_LEAST_PRIORITY = "P9"  # of an incident that has none yet

Availability = Literal["available", "out_of_service"]
ClockSource = Literal["automatic", "manual", "late"]
Mode = Literal["normal", "preempt"]


class IncidentSite(msgspec.Struct, frozen=True, kw_only=True):
    """What dispatch asks of an incident; the incidents' side of the house fills it."""

    number: int
    state: str
    area: Area | None
    needs: tuple[Need, ...]
    priority: str | None
    # How often a unit on the scene is asked whether all are well; None: only when somebody asks.
    welfare_every_s: int | None = None


class Position(Protocol):
    """Where a unit was last: degrees WGS 84, and when."""

    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def at(self) -> Instant: ...


class Travel(msgspec.Struct, frozen=True, array_like=True):
    """How long and how far by the way that a unit would take."""

    seconds: float
    metres: float


class TravelTimes(Protocol):
    """Estimates travel. `basis` names the method in every answer ("straight_line")."""

    @property
    def basis(self) -> str: ...

    def to(self, points: Sequence[tuple[float, float]], lat: float, lon: float) -> list[Travel]:
        """From each (lat, lon) of `points` to one place, in the same order."""
        ...


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """When a status was reached, how the time came to be known, and by whom."""

    at: Instant
    source: ClockSource
    by: str


class Task(msgspec.Struct, frozen=True):
    """What a unit is doing now: its active assignment in short. `number` is the incident's."""

    assignment_id: str
    incident_id: str
    number: int
    status: str
    since: Instant


class Safety(msgspec.Struct, frozen=True):
    """What watches over a unit's people.

    `timer_due_at`: when a timer set on it runs out, with its words while they are kept.
    `welfare_asked_at`, `welfare_due_at`: a question whether all are well that nobody has
    answered yet; `welfare_heard_at`: the last answer that they are. `emergency_at`: since
    when its emergency button has been pressed, by whom.
    """

    timer_due_at: Instant | None = None
    timer_sealed: str | None = None
    timer_words: str | None = None
    welfare_asked_at: Instant | None = None
    welfare_due_at: Instant | None = None
    welfare_heard_at: Instant | None = None
    emergency_at: Instant | None = None
    emergency_by: str | None = None


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A crew with its vehicle.

    `capabilities`, `kind`, `reason`: codes of the vocabulary. `brought`: those capabilities
    that it has only while the crew aboard brings them. `home`: the post it
    waits at, its words sealed under `home_sealed`. `shift_until`: when its crew goes
    off shift, if known. `since`: since when it has been free, or out of service.
    """

    id: str
    callsign: str
    kind: str
    capabilities: tuple[str, ...]
    crew: int
    commissioned_at: Instant
    commissioned_by: str
    since: Instant
    home: Area | None = None
    home_sealed: str | None = None
    shift_until: Instant | None = None
    availability: Availability = "available"
    reason: str | None = None
    task: Task | None = None
    brought: tuple[str, ...] = ()
    safety: Safety = Safety()
    seq: int = 0

    @property
    def own(self) -> tuple[str, ...]:
        """What it can do whoever is aboard."""
        return tuple(code for code in self.capabilities if code not in self.brought)

    @property
    def state(self) -> str:
        """What the board shows, a code of the vocabulary `unit_states`."""
        if self.task is None:
            return self.availability
        return "assigned" if ORDER[self.task.status] < ORDER["en_route"] else self.task.status

    @property
    def state_since(self) -> Instant:
        return self.since if self.task is None else self.task.since

    def set_availability(self, availability: Availability, reason: str | None, *, at: Instant) -> "Unit":
        """The unit itself if that is how it stands already."""
        if availability == "out_of_service":
            if reason is None:
                raise Malformed("availability-reason-missing", callsign=self.callsign)
            if self.task is not None:
                raise Refused("unit-assigned", callsign=self.callsign, number=self.task.number)
        else:
            reason = None
        if (availability, reason) == (self.availability, self.reason):
            return self
        return replace(self, availability=availability, reason=reason, since=at)

    def man(self, crew: int, shift_until: Instant | None, *, now: Instant) -> "Unit":
        return replace(self, crew=check_crew(crew), shift_until=check_shift(shift_until, now))

    def equip(self, own: Sequence[str], brings: Sequence[str]) -> "Unit":
        """What the vehicle can do by itself, and what its crew brings.

        `Refused("capabilities-full")` over 24 of its own; a crew may bring more.
        """
        own = tuple(dict.fromkeys(own))
        if len(own) > CAPABILITIES_MAX:
            raise Refused("capabilities-full", limit=CAPABILITIES_MAX)
        brought = tuple(code for code in dict.fromkeys(brings) if code not in own)
        return replace(self, capabilities=(*own, *brought), brought=brought)

    def set_timer(self, minutes: int, sealed: str | None, *, at: Instant) -> "Unit":
        """A timer on it, in place of the one before; `Malformed("timer-impossible")` outside 1 to 480."""
        if not 1 <= minutes <= TIMER_MINUTES_MAX:
            raise Malformed("timer-impossible", given=minutes, limit=TIMER_MINUTES_MAX)
        return replace(
            self, safety=replace(self.safety, timer_due_at=at + minutes * MINUTE, timer_sealed=sealed)
        )

    def stop_timer(self) -> "Unit":
        if self.safety.timer_due_at is None:
            raise Refused("timer-none", callsign=self.callsign)
        return replace(
            self, safety=replace(self.safety, timer_due_at=None, timer_sealed=None, timer_words=None)
        )

    def ask_welfare(self, *, at: Instant, due_at: Instant) -> "Unit":
        """Asked whether all are well. A question that stands already keeps its earlier deadline: to ask
        again must not hide that nobody answers."""
        if self.safety.welfare_due_at is not None:
            return self
        return replace(self, safety=replace(self.safety, welfare_asked_at=at, welfare_due_at=due_at))

    def answer_welfare(self, *, ok: bool, at: Instant) -> "Unit":
        """All are well, or not; only "well" is remembered as heard."""
        if self.safety.welfare_due_at is None:
            raise Refused("welfare-not-asked", callsign=self.callsign)
        heard = at if ok else self.safety.welfare_heard_at
        return replace(
            self,
            safety=replace(self.safety, welfare_asked_at=None, welfare_due_at=None, welfare_heard_at=heard),
        )

    def call_for_help(self, *, by: str, at: Instant) -> "Unit":
        """The emergency button. Pressed again it is the same emergency, since the first time."""
        if self.safety.emergency_at is not None:
            return self
        return replace(self, safety=replace(self.safety, emergency_at=at, emergency_by=by))

    def settle_emergency(self) -> "Unit":
        if self.safety.emergency_at is None:
            raise Refused("emergency-none", callsign=self.callsign)
        return replace(self, safety=replace(self.safety, emergency_at=None, emergency_by=None))

    def must_take(
        self, incident_id: str, site: IncidentSite, *, on: IncidentSite | None, preempt: bool, why_out: str
    ) -> None:
        """Returns if this unit may be sent to that incident; `Refused` says why not.

        `on`: the incident that it works on now. `why_out`: the label of its reason to
        be out of service, in the language of who asks.
        """
        if site.state != "open":
            raise Refused("incident-closed", number=site.number)
        if site.area is None or not site.area.known:
            raise Refused("incident-unplaced", number=site.number)
        task = self.task
        if task is not None and task.incident_id == incident_id:
            raise Refused("unit-already-there", callsign=self.callsign, number=site.number)
        if self.availability == "out_of_service":
            raise Refused(
                "unit-out-of-service", callsign=self.callsign, reason=why_out, reason_code=self.reason
            )
        if task is None:
            return
        if not preempt:
            raise Refused(
                "unit-busy", callsign=self.callsign, number=task.number, assignment_id=task.assignment_id
            )
        if task.status in AT_WORK and not outranks(site.priority, None if on is None else on.priority):
            raise Refused(
                "preempt-not-graver",
                callsign=self.callsign,
                number=task.number,
                step=task.status,
                for_number=site.number,
            )


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's task on one incident, from the order to its end.

    `clocks`: when each status was reached; a step that a crew skipped has no time
    and gets none invented. `reason` is a code, `reason_sealed` the id of sealed words
    and `reason_words` those words while they are kept: why it was taken or ended.
    `replaces`: the assignment that it took over.
    """

    id: str
    unit_id: str
    callsign: str
    incident_id: str
    number: int
    made_at: Instant
    made_by: str
    status: str = "assigned"
    clocks: dict[str, Stamp]
    reason: str | None = None
    reason_sealed: str | None = None
    reason_words: str | None = None
    replaces: str | None = None
    made_seq: int = 0
    seq: int = 0

    @property
    def active(self) -> bool:
        return self.status not in ENDINGS

    @property
    def since(self) -> Instant:
        """Since when the unit has been in the state that the board shows for this status."""
        shown = self.status if ORDER.get(self.status, 99) >= ORDER["en_route"] else "assigned"
        return self.clocks[shown].at

    @property
    def task(self) -> Task | None:
        """This assignment as its unit's task; None once it has ended."""
        if not self.active:
            return None
        return Task(self.id, self.incident_id, self.number, self.status, self.since)

    def must_hold(self, held: int | None) -> None:
        """Raises `Conflict` when the sender saw an older version than this."""
        if held is not None and held < self.seq:
            raise Conflict(
                "assignment-changed",
                callsign=self.callsign,
                number=self.number,
                step=self.status,
                version=self.seq,
            )

    def must_be_active(self) -> None:
        if not self.active:
            raise Refused("assignment-ended", callsign=self.callsign, number=self.number, step=self.status)

    def step(
        self, status: str, *, at: Instant | None, source: ClockSource | None, by: str, now: Instant
    ) -> "Assignment":
        """The crew came to `status`, or a clock that it passed is corrected late.

        Forward only; steps between may be skipped. With `source="late"` and a time, the
        clock of a step already reached or passed may be set: the status stays as it is.
        A time without a source was entered by hand; without a time it is now. When it was
        assigned is when this room said so, and stays; what was done on paper before that
        may be entered late with its true times.
        """
        if status not in ORDER or status == "assigned":
            raise Malformed("status-not-a-step", step=status)
        if source == "late" and at is None:
            raise Malformed("late-without-time", step=status)
        if source is None:
            source = "automatic" if at is None else "manual"
        stamp = Stamp(now if at is None else at, source, by)
        if stamp.at > now + CLOCK_SKEW_MAX:
            raise Malformed("clock-ahead", clock=status)
        if source == "late" and self._passed(status):
            return self._stamped(status, stamp)
        self.must_be_active()
        if ORDER[status] <= ORDER[self.status]:
            raise Refused(
                "status-not-forward",
                callsign=self.callsign,
                number=self.number,
                step=status,
                now=self.status,
            )
        return replace(self._stamped(status, stamp), status=status)

    def end(
        self, how: Literal["cancelled", "preempted", "replaced"], *, at: Instant, by: str
    ) -> "Assignment":
        """Ends it otherwise than by its crew's own clearing."""
        self.must_be_active()
        return replace(self, status=how, clocks={**self.clocks, how: Stamp(at, "automatic", by)})

    def back(self, status: str) -> "Assignment":
        """With its last step taken back: where the crew was before, its clocks without that step's.

        Also from an ending by its crew or by hand; `Refused("undo-overtaken")` where `status`
        is not where it stands. An order itself is not taken back here: it is called off.
        """
        if status != self.status or status == "assigned":
            raise Refused("undo-overtaken")
        clocks = {code: stamp for code, stamp in self.clocks.items() if code != status}
        was = max((code for code in clocks if code in ORDER and code != "cleared"), key=ORDER.__getitem__)
        back = replace(self, status=was, clocks=clocks)
        return back if self.active else replace(back, reason=None, reason_sealed=None, reason_words=None)

    def _passed(self, status: str) -> bool:
        """Whether that clock may be set without changing the status."""
        if status == "cleared":
            return self.status == "cleared"
        return not self.active or ORDER[status] <= ORDER[self.status]

    def _stamped(self, status: str, stamp: Stamp) -> "Assignment":
        for other, held in self.clocks.items():
            if other in (status, "assigned") or other not in ORDER:
                continue
            before = ORDER[other] < ORDER[status]
            if (held.at - stamp.at if before else stamp.at - held.at) > CLOCK_SKEW_MAX:
                raise Refused(
                    "clock-out-of-order",
                    callsign=self.callsign,
                    number=self.number,
                    step=status,
                    other=other,
                )
        return replace(self, clocks={**self.clocks, status: stamp})


def outranks(priority: str | None, other: str | None) -> bool:
    """Whether the first is graver: P0 before P1; none at all comes last."""
    return (priority or _LEAST_PRIORITY) < (other or _LEAST_PRIORITY)


def check_callsign(callsign: str) -> str:
    """The callsign, 1 to 12 letters, digits and dashes; `Malformed("callsign-unusable")` if not."""
    callsign = line(callsign, "callsign", chars_max=CALLSIGN_CHARS_MAX)
    if not all(char == "-" or char.isalpha() or char.isdecimal() for char in callsign):
        raise Malformed("callsign-unusable", given=callsign, limit=CALLSIGN_CHARS_MAX)
    return callsign


def check_crew(crew: int) -> int:
    """`Malformed("crew-impossible")` outside 0 to 200 persons."""
    if not 0 <= crew <= CREW_MAX:
        raise Malformed("crew-impossible", given=crew, limit=CREW_MAX)
    return crew


def check_shift(shift_until: Instant | None, now: Instant) -> Instant | None:
    """`Malformed("shift-over")` for a shift that has ended already."""
    if shift_until is not None and shift_until <= now:
        raise Malformed("shift-over")
    return shift_until
