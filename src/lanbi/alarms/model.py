"""An alarm decides what may happen to it, and what the clerk must change. Pure: time comes in.

The course follows ISA-18.2: an alarm stays before people's eyes until it has been
both taken (somebody has seen it) and cleared (it is so no longer), in either order.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.access import Person
from lanbi.core.errors import Malformed, Refused
from lanbi.core.time import MINUTE, SECOND, Instant
from lanbi.core.vocabulary import AlarmKind
from lanbi.core.watch import Condition

# EEMUA 191 and ISA-18.2: more than this in ten minutes is a flood that nobody can follow.
RATE_WINDOW: Instant = 10 * MINUTE
RATE_LIMIT_RAISED = 10

Severity = Literal["emergency", "high", "medium", "low"]


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that went wrong with time, from its first raising until it is taken and cleared.

    `subject`: what it is about. `since`: from when its condition is counted;
    `raised_at`: when it was last put before people's eyes; `count`: how often. `shelf_reason`: read
    through its seal, None once erased. `made_seq`: the entry that raised it first.
    """

    id: str
    kind: str
    severity: Severity
    subject: str
    since: Instant
    raised_at: Instant
    incident_id: str | None = None
    unit_id: str | None = None
    facts: dict[str, str | int] = {}
    cleared_at: Instant | None = None
    taken_by: Person | None = None
    taken_at: Instant | None = None
    shelved_until: Instant | None = None
    shelved_by: str | None = None
    shelf_sealed: str | None = None
    shelf_reason: str | None = None
    escalated_at: Instant | None = None
    count: int = 1
    made_seq: int = 0
    seq: int = 0

    @property
    def live(self) -> bool:
        """Whether it stands before people's eyes."""
        return self.taken_at is None or self.cleared_at is None

    @property
    def unseen(self) -> bool:
        """Whether nobody has taken it."""
        return self.taken_at is None

    def take(self, *, by: Person, at: Instant) -> "Alarm":
        """Seen, and seen to. Whoever has it already keeps it; a second tap changes nothing."""
        if self.taken_by is not None:
            if self.taken_by.id == by.id:
                return self
            raise Refused("alarm-taken", by=self.taken_by.name)
        return replace(self, taken_by=by, taken_at=at)

    def shelve(self, minutes: int, *, limit: int, by: Person, at: Instant, sealed: str) -> "Alarm":
        """Put aside for at most `limit` minutes, which is to have seen it; never an emergency."""
        if self.severity == "emergency" or limit == 0:
            raise Refused("alarm-emergency")
        if self.cleared_at is not None:
            raise Refused("alarm-over")
        if not 1 <= minutes <= limit:
            raise Malformed("shelf-impossible", given=minutes, limit=limit)
        return replace(
            self,
            shelved_until=at + minutes * MINUTE,
            shelved_by=by.name,
            shelf_sealed=sealed,
            taken_by=self.taken_by or by,
            taken_at=self.taken_at or at,
        )

    def unshelve(self, *, at: Instant) -> "Alarm":
        """Back before people's eyes, unseen: what was put aside was not dealt with.

        From now on the floor has its minutes again before anybody is called.
        """
        if self.shelved_until is None or not self.live:
            raise Refused("alarm-not-shelved")
        return replace(self, **_OFF_THE_SHELF, taken_by=None, taken_at=None, raised_at=at, escalated_at=None)

    def clear(self, *, at: Instant) -> "Alarm":
        """It is so no longer; nothing of it stays aside."""
        return replace(self, cleared_at=at, **_OFF_THE_SHELF)

    def raise_again(self, condition: Condition, *, at: Instant) -> "Alarm":
        """It is so again before anybody saw that it had been."""
        return replace(
            self,
            since=condition.since,
            raised_at=at,
            cleared_at=None,
            escalated_at=None,
            incident_id=condition.incident_id,
            unit_id=condition.unit_id,
            facts=dict(condition.facts),
            count=self.count + 1,
        )

    def escalate(self, *, at: Instant) -> "Alarm":
        return replace(self, escalated_at=at)


_OFF_THE_SHELF = {"shelved_until": None, "shelved_by": None, "shelf_sealed": None, "shelf_reason": None}


class Change(msgspec.Struct, frozen=True):
    """One thing that the clerk must put on the record. `alarm` is None for a new one."""

    verb: Literal["raise", "raise_again", "clear", "unshelve", "escalate"]
    alarm: Alarm | None = None
    condition: Condition | None = None


def changes(
    alarms: Iterable[Alarm],
    seen: Mapping[str, Iterable[Condition]],
    *,
    blind: Iterable[str],
    kinds: Mapping[str, AlarmKind],
    now: Instant,
) -> list[Change]:
    """What separates the live alarms from what the watches see, at most one change for each alarm.

    `seen`: the conditions by kind. `blind`: kinds whose watch failed: what stands of
    them stays. A kind that nobody watches any more clears. Raised first, so that a
    flood of endings never delays a beginning.
    """
    conditions = {(c.kind, c.subject): c for found in seen.values() for c in found}
    unsure = frozenset(blind)
    standing = {(alarm.kind, alarm.subject): alarm for alarm in alarms}
    raised = [Change("raise", None, c) for key, c in conditions.items() if key not in standing]
    rest: list[Change] = []
    for key, alarm in standing.items():
        change = _change(alarm, conditions.get(key), alarm.kind in unsure, kinds.get(alarm.kind), now)
        if change is not None:
            rest.append(change)
    return raised + rest


def _change(
    alarm: Alarm, condition: Condition | None, unsure: bool, kind: AlarmKind | None, now: Instant
) -> Change | None:
    if not unsure:
        if condition is None and alarm.cleared_at is None:
            return Change("clear", alarm)
        if condition is not None and alarm.cleared_at is not None:
            return Change("raise_again", alarm, condition)
    if alarm.shelved_until is not None:
        return Change("unshelve", alarm) if alarm.shelved_until <= now else None
    if (
        kind is not None
        and alarm.unseen
        and alarm.cleared_at is None
        and alarm.escalated_at is None
        and alarm.raised_at + kind.escalate_after_s * SECOND <= now
    ):
        return Change("escalate", alarm)
    return None
