"""Facts about members and shifts. A name stands as a seal, never in clear; so do words of a reason.

`members` names persons of a crew by their ids; a seat's shift names its `account`.
"""

from typing import ClassVar

import msgspec

from lanbi.core.events import Event, Sealed
from lanbi.core.time import Instant


class WarningFact(msgspec.Struct, frozen=True):
    """A rule of rest or duty that the shift does not keep: for whom, how many hours, and the limit."""

    code: str
    member: str | None
    hours: float
    limit_h: float


class MemberEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one member of the crews."""

    about: ClassVar[str] = "member"


class MemberEnrolled(MemberEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "member.enrolled"
    number: str
    name: Sealed
    qualifications: tuple[str, ...]


class MemberQualified(MemberEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "member.qualified"
    qualifications: tuple[str, ...]
    was: tuple[str, ...]


class MemberRetired(MemberEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "member.retired"


class ShiftEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one shift: of a unit (`unit_id`, `callsign`) or at a `seat`."""

    about: ClassVar[str] = "shift"
    unit_id: str | None
    callsign: str | None
    seat: str | None


class ShiftPlanned(ShiftEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "shift.planned"
    starts_at: Instant
    ends_at: Instant
    members: tuple[str, ...]
    warnings: tuple[WarningFact, ...]


class ShiftChanged(ShiftEvent, frozen=True, kw_only=True):
    """Times or crew are others now. `aboard`: the crew is on duty; `brings`: what it can do together."""

    kind: ClassVar[str] = "shift.changed"
    starts_at: Instant
    ends_at: Instant
    members: tuple[str, ...]
    was: tuple[str, ...]
    aboard: bool
    brings: tuple[str, ...]
    warnings: tuple[WarningFact, ...]


class ShiftSignedOn(ShiftEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "shift.signed_on"
    at: Instant
    ends_at: Instant
    members: tuple[str, ...]
    brings: tuple[str, ...]
    warnings: tuple[WarningFact, ...]


class ShiftSignedOff(ShiftEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "shift.signed_off"
    at: Instant
    on_at: Instant
    members: tuple[str, ...]


class ShiftCancelled(ShiftEvent, frozen=True, kw_only=True):
    """It was planned, and did not take place."""

    kind: ClassVar[str] = "shift.cancelled"
    members: tuple[str, ...]


class ShiftJustified(ShiftEvent, frozen=True, kw_only=True):
    """Why the warnings were passed over: a code of the vocabulary `duty_reasons`, or somebody's words."""

    kind: ClassVar[str] = "shift.justified"
    reason: str | None
    words: Sealed | None
    warnings: tuple[WarningFact, ...]
