"""Facts about units and their assignments. Reasons in a person's words stand as seals, never in clear.

`clock` of a class names the incident's clock that such a fact strikes; `STRIKING`
lists those classes, `ENDING` those whose `last` tells that nobody is left on the
incident.
"""

from typing import ClassVar

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
