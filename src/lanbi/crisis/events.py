"""Facts about major incidents. What people wrote stands as seals, never in clear.

All of them are about the major incident itself; `item` is the id of the part of it
that a fact is about.
"""

from typing import ClassVar

from lanbi.core.events import AreaFact, Event, Sealed
from lanbi.core.time import Instant


class MajorEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one major incident."""

    about: ClassVar[str] = "major"


class MajorDeclared(MajorEvent, frozen=True, kw_only=True):
    """`incident_id`: the incident that leads it."""

    kind: ClassVar[str] = "major.declared"
    number: int
    incident_id: str
    incident_number: int
    name: Sealed | None
    commander: str | None


class MajorNamed(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.named"
    name: Sealed


class MajorCommanderSet(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.commander_set"
    commander: str
    was: str | None


class MajorIncidentLinked(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.incident_linked"
    incident_id: str
    number: int


class MajorIncidentUnlinked(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.incident_unlinked"
    incident_id: str
    number: int


class MajorStoodDown(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.stood_down"
    words: Sealed | None


class MethaneStated(MajorEvent, frozen=True, kw_only=True):
    """`letter`: a code of the vocabulary `methane_letters`. The figures are for casualties."""

    kind: ClassVar[str] = "major.methane_stated"
    item: str
    letter: str
    stated_at: Instant
    words: Sealed | None
    source: Sealed | None
    p1: int | None
    p2: int | None
    p3: int | None
    dead: int | None
    missing: int | None


class PostOpened(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.post_opened"
    item: str
    post: str
    name: Sealed | None
    area: AreaFact | None


class PostClosed(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.post_closed"
    item: str
    post: str


class ObjectiveSet(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.objective_set"
    item: str
    words: Sealed
    owner: Sealed | None
    priority: int
    due_at: Instant | None


class ObjectiveChanged(MajorEvent, frozen=True, kw_only=True):
    """What was left as it was is None."""

    kind: ClassVar[str] = "major.objective_changed"
    item: str
    words: Sealed | None
    owner: Sealed | None
    priority: int
    due_at: Instant | None


class ObjectiveSettled(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.objective_settled"
    item: str
    status: str
    was: str


class ResourceRequested(MajorEvent, frozen=True, kw_only=True):
    """`source`: of whom it is asked."""

    kind: ClassVar[str] = "major.resource_requested"
    item: str
    number: int
    capability: str
    count: int
    needed_by: Instant | None
    words: Sealed | None
    source: Sealed | None


class ResourceMoved(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.resource_moved"
    item: str
    number: int
    status: str
    was: str
    reason: Sealed | None


class DivisionFormed(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.division_formed"
    item: str
    name: Sealed
    supervisor: Sealed | None
    work: Sealed | None


class DivisionChanged(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.division_changed"
    item: str
    name: Sealed | None
    supervisor: Sealed | None
    work: Sealed | None


class DivisionJoined(MajorEvent, frozen=True, kw_only=True):
    """A unit works in this division; `was`: the division that it left for it."""

    kind: ClassVar[str] = "major.division_joined"
    item: str
    unit_id: str
    callsign: str
    was: str | None


class DivisionLeft(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.division_left"
    item: str
    unit_id: str
    callsign: str


class DivisionClosed(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.division_closed"
    item: str


class RadioPlanned(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.radio_planned"
    item: str
    channel: Sealed
    function: Sealed | None
    frequency: Sealed | None
    assignment: Sealed | None
    remarks: Sealed | None


class RadioChanged(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.radio_changed"
    item: str
    channel: Sealed | None
    function: Sealed | None
    frequency: Sealed | None
    assignment: Sealed | None
    remarks: Sealed | None


class RadioRemoved(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.radio_removed"
    item: str


class PeriodSet(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.period_set"
    item: str
    number: int
    begins_at: Instant
    ends_at: Instant


class DemobChecked(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.demob_checked"
    item: str
    unit_id: str
    callsign: str
    step: str


class DemobWithdrawn(MajorEvent, frozen=True, kw_only=True):
    """A check that was made in error."""

    kind: ClassVar[str] = "major.demob_withdrawn"
    item: str
    unit_id: str
    callsign: str
    step: str


class MessageWritten(MajorEvent, frozen=True, kw_only=True):
    """A general message, to whom and from whom as written on it."""

    kind: ClassVar[str] = "major.message_written"
    item: str
    number: int
    to: Sealed
    sender: Sealed
    subject_line: Sealed
    words: Sealed


class MessageReplied(MajorEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "major.message_replied"
    item: str
    number: int
    words: Sealed
