"""Facts about units and their assignments. Reasons in a person's words stand as seals, never in clear.

`clock` of a class names the incident's clock that such a fact strikes; `STRIKING`
lists those classes, `ENDING` those whose `last` tells that nobody is left on the
incident.
"""

from typing import ClassVar

import msgspec

from lanbi.core.events import AreaFact, Event, Sealed
from lanbi.core.time import Instant


class UnitEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one unit."""

    about: ClassVar[str] = "unit"
    callsign: str


class UnitCommissioned(UnitEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "unit.commissioned"
    unit_kind: str
    capabilities: tuple[str, ...]
    crew: int
    home: AreaFact | None
    shift_until: Instant | None


class UnitAvailabilitySet(UnitEvent, frozen=True, kw_only=True):
    """`reason`: a code of the vocabulary `availability_reasons`, for a unit out of service."""

    kind: ClassVar[str] = "unit.availability_set"
    availability: str
    reason: str | None
    was: str


class UnitCrewSet(UnitEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "unit.crew_set"
    crew: int
    shift_until: Instant | None
    was: int


class UnitCapabilitiesSet(UnitEvent, frozen=True, kw_only=True):
    """`capabilities`: all that it can do now; `brought`: those of them that only its crew brings."""

    kind: ClassVar[str] = "unit.capabilities_set"
    capabilities: tuple[str, ...]
    brought: tuple[str, ...]
    was: tuple[str, ...]


class UnitTimerSet(UnitEvent, frozen=True, kw_only=True):
    """`due_at`: when it runs out. `words`: what it is for."""

    kind: ClassVar[str] = "unit.timer_set"
    minutes: int
    due_at: Instant
    words: Sealed | None


class UnitTimerStopped(UnitEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "unit.timer_stopped"
    due_at: Instant


class UnitWelfareAsked(UnitEvent, frozen=True, kw_only=True):
    """The crew is asked whether all are well; it has until `due_at`. `incident_id`: where it is at work."""

    kind: ClassVar[str] = "unit.welfare_asked"
    incident_id: str | None
    due_at: Instant


class UnitWelfareAnswered(UnitEvent, frozen=True, kw_only=True):
    """`late`: after the deadline."""

    kind: ClassVar[str] = "unit.welfare_answered"
    ok: bool
    asked_at: Instant
    late: bool


class UnitEmergencyRaised(UnitEvent, frozen=True, kw_only=True):
    """The emergency button, by the crew or for it. `cause`: "button", or "not_well" where a crew said so."""

    kind: ClassVar[str] = "unit.emergency_raised"
    cause: str
    incident_id: str | None


class UnitEmergencySettled(UnitEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "unit.emergency_settled"
    since: Instant
    reason: Sealed


class AssignmentEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one assignment. `number` is the incident's; `at` is when it happened."""

    about: ClassVar[str] = "assignment"
    unit_id: str
    callsign: str
    incident_id: str
    number: int
    at: Instant
    source: str


class AssignmentMade(AssignmentEvent, frozen=True, kw_only=True):
    """`reason` (a code) or `words` stand where the unit was taken from other work."""

    kind: ClassVar[str] = "assignment.made"
    clock: ClassVar[str] = "first_assigned"
    mode: str
    replaces: str | None
    reason: str | None
    words: Sealed | None


class AssignmentStep(AssignmentEvent, frozen=True, kw_only=True):
    """The crew came to this step. `was_at`: what stood on this clock before a late correction."""

    clock: ClassVar[str] = ""
    was_at: Instant | None


class AssignmentNotified(AssignmentStep, frozen=True, kw_only=True):
    kind: ClassVar[str] = "assignment.notified"
    clock: ClassVar[str] = "notified"


class AssignmentAcknowledged(AssignmentStep, frozen=True, kw_only=True):
    kind: ClassVar[str] = "assignment.acknowledged"
    clock: ClassVar[str] = "acknowledged"


class AssignmentEnRoute(AssignmentStep, frozen=True, kw_only=True):
    kind: ClassVar[str] = "assignment.en_route"
    clock: ClassVar[str] = "en_route"


class AssignmentOnScene(AssignmentStep, frozen=True, kw_only=True):
    kind: ClassVar[str] = "assignment.on_scene"
    clock: ClassVar[str] = "on_scene"


class AssignmentTransporting(AssignmentStep, frozen=True, kw_only=True):
    kind: ClassVar[str] = "assignment.transporting"
    clock: ClassVar[str] = "transport"


class AssignmentAtDestination(AssignmentStep, frozen=True, kw_only=True):
    kind: ClassVar[str] = "assignment.at_destination"
    clock: ClassVar[str] = "at_destination"


class AssignmentCleared(AssignmentStep, frozen=True, kw_only=True):
    """`last`: no unit is left on the incident."""

    kind: ClassVar[str] = "assignment.cleared"
    clock: ClassVar[str] = "clear"
    last: bool


class AssignmentStopped(AssignmentEvent, frozen=True, kw_only=True):
    """Base of the endings that are not the crew's own: the reason is a code or somebody's words.

    `last`: no unit is left on the incident.
    """

    clock: ClassVar[str] = "clear"
    reason: str | None
    words: Sealed | None
    last: bool


class AssignmentCancelled(AssignmentStopped, frozen=True, kw_only=True):
    kind: ClassVar[str] = "assignment.cancelled"


class AssignmentPreempted(AssignmentStopped, frozen=True, kw_only=True):
    """The unit was taken for another incident."""

    kind: ClassVar[str] = "assignment.preempted"
    for_incident_id: str
    for_number: int


class AssignmentReplaced(AssignmentStopped, frozen=True, kw_only=True):
    """Another unit took the task over."""

    kind: ClassVar[str] = "assignment.replaced"
    by_assignment_id: str
    by_callsign: str


class Strike(msgspec.Struct, frozen=True, kw_only=True):
    """One strike on an incident's clock that is struck out again, and the true one after it, if there is any.

    The three of `next_` are None together.
    """

    incident_id: str
    clock: str
    at: Instant
    source: str
    by: str
    next_at: Instant | None = None
    next_source: str | None = None
    next_by: str | None = None


class AssignmentUndone(AssignmentEvent, frozen=True, kw_only=True):
    """Who did it took it back at once: `status` is what the crew has not come to, `now` where it is.

    `undoes`: the number of the entry that is answered. `struck_out`: what that step had struck.
    """

    kind: ClassVar[str] = "assignment.undone"
    status: str
    now: str
    undoes: int
    struck_out: tuple[Strike, ...]


STEP_FACTS: dict[str, type[AssignmentStep]] = {
    "notified": AssignmentNotified,
    "acknowledged": AssignmentAcknowledged,
    "en_route": AssignmentEnRoute,
    "on_scene": AssignmentOnScene,
    "transporting": AssignmentTransporting,
    "at_destination": AssignmentAtDestination,
}
STRIKING: tuple[type[AssignmentEvent], ...] = (AssignmentMade, *STEP_FACTS.values())
ENDING: tuple[type[AssignmentEvent], ...] = (
    AssignmentCleared,
    AssignmentCancelled,
    AssignmentPreempted,
    AssignmentReplaced,
)
