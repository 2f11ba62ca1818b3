"""Facts about alarms. `alarm_kind` is a code of the vocabulary; reasons in words stand as seals."""

from collections.abc import Mapping
from typing import ClassVar

from lanbi.core.events import Event, Sealed
from lanbi.core.time import Instant


class AlarmEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one alarm. `concerns`: what it is about, such as "call/0192…"."""

    about: ClassVar[str] = "alarm"
    alarm_kind: str
    concerns: str


class AlarmRaised(AlarmEvent, frozen=True, kw_only=True):
    """`since`: from when the condition is counted. `count`: how often this alarm was raised, this time
    included. `facts`: the figures of its sentence."""

    kind: ClassVar[str] = "alarm.raised"
    severity: str
    since: Instant
    incident_id: str | None
    unit_id: str | None
    facts: Mapping[str, str | int]
    count: int


class AlarmCleared(AlarmEvent, frozen=True, kw_only=True):
    """What it was about is so no longer. `seen`: whether somebody had taken it by then."""

    kind: ClassVar[str] = "alarm.cleared"
    seen: bool


class AlarmTaken(AlarmEvent, frozen=True, kw_only=True):
    """Somebody has seen it and sees to it; who stands in the entry. `after_s`: how long it had stood."""

    kind: ClassVar[str] = "alarm.taken"
    after_s: int


class AlarmEscalated(AlarmEvent, frozen=True, kw_only=True):
    """Nobody took it in its time: the commander is called in."""

    kind: ClassVar[str] = "alarm.escalated"
    after_s: int


class AlarmShelved(AlarmEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "alarm.shelved"
    until: Instant
    reason: Sealed


class AlarmUnshelved(AlarmEvent, frozen=True, kw_only=True):
    """`expired`: its time was up; else somebody took it off the shelf."""

    kind: ClassVar[str] = "alarm.unshelved"
    expired: bool
