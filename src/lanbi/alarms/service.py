"""Alarms at work: seeing, taking, putting aside. One use case, one function, one transaction."""

from collections.abc import Sequence

import msgspec

from lanbi.alarms import sql
from lanbi.alarms.events import AlarmShelved, AlarmTaken, AlarmUnshelved
from lanbi.alarms.model import RATE_LIMIT_RAISED, RATE_WINDOW, Alarm
from lanbi.core.access import Actor, Gate, Person
from lanbi.core.errors import NotFound, TooLarge
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import words
from lanbi.core.time import DAY, SECOND, Clock, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.record.events import SealedErased

KEEP_WORDS_FOR: Instant = 730 * DAY
REASON_CHARS_MAX = 500
TAKE_ALARMS_MAX = 200


class Rate(msgspec.Struct, frozen=True):
    """How fast alarms come, beside what people can follow (EEMUA 191, ISA-18.2)."""

    raised_10_min: int
    unseen: int
    limit: int


class Alarms:
    """The use cases of alarms. What raises and clears them is the clerk."""

    def __init__(self, gate: Gate, vocabulary: Vocabulary, clock: Clock) -> None:
        """`clock`: for the rate, which is read, not written."""
        self._gate = gate
        self._vocabulary = vocabulary
        self._clock = clock

    # -- commands --------------------------------------------------------------------

    def take(self, tx: Tx, alarm_id: str) -> Alarm:
        """Seen, and seen to; `Refused("alarm-taken")` says who has it."""
        self._gate.require(tx.actor, "alarms.take")
        return self._take(tx, sql.get(tx, alarm_id))

    def take_all(self, tx: Tx, alarm_ids: Sequence[str]) -> list[Alarm]:
        """Several at once; those that somebody else has keep their taker."""
        self._gate.require(tx.actor, "alarms.take")
        if len(alarm_ids) > TAKE_ALARMS_MAX:
            raise TooLarge("alarms-too-many", limit=TAKE_ALARMS_MAX, given=len(alarm_ids))
        found = [sql.get(tx, alarm_id) for alarm_id in dict.fromkeys(alarm_ids)]
        return [self._take(tx, alarm) if alarm.unseen else alarm for alarm in found]

    def shelve(self, tx: Tx, alarm_id: str, minutes: int, reason: str) -> Alarm:
        """Put aside, with a reason, for as long as its kind allows; it comes back by itself."""
        self._gate.require(tx.actor, "alarms.shelve")
        was = sql.get(tx, alarm_id)
        limit = self._shelf_minutes(was)
        sealed = tx.seal(
            subject=f"alarm/{alarm_id}",
            field="reason",
            kind="words",
            value=words(reason, "reason", chars_max=REASON_CHARS_MAX),
            keep_for=KEEP_WORDS_FOR,
        )
        alarm = was.shelve(minutes, limit=limit, by=_person(tx.actor), at=tx.now, sealed=sealed.sealed)
        sql.save(tx, alarm)
        tx.record(
            AlarmShelved(
                id=alarm.id,
                alarm_kind=alarm.kind,
                concerns=alarm.subject,
                until=alarm.shelved_until or tx.now,
                reason=sealed,
            )
        )
        return sql.get(tx, alarm_id)

    def unshelve(self, tx: Tx, alarm_id: str) -> Alarm:
        """Back before people's eyes before its time."""
        self._gate.require(tx.actor, "alarms.shelve")
        alarm = sql.get(tx, alarm_id).unshelve(at=tx.now)
        sql.save(tx, alarm)
        tx.record(AlarmUnshelved(id=alarm.id, alarm_kind=alarm.kind, concerns=alarm.subject, expired=False))
        return sql.get(tx, alarm_id)

    # -- looks -----------------------------------------------------------------------

    def may_read_words(self, actor: Actor) -> bool:
        """Whether rows for this actor carry why somebody put an alarm aside."""
        return self._gate.allows(actor, "alarms.read_words")

    def get(self, reader: Reader, actor: Actor, alarm_id: str) -> Alarm:
        """The alarm; absent for who may not see any."""
        if not self._gate.allows(actor, "alarms.see"):
            raise NotFound("alarm-none", id=alarm_id)
        return sql.get(reader, alarm_id)

    def page(
        self, reader: Reader, actor: Actor, *, state: sql.State | None, before: int, limit: int
    ) -> list[Alarm]:
        """Newest first, standing and ended."""
        self._gate.require(actor, "alarms.see")
        return sql.page(reader, state=state, before=before, limit=limit)

    def rate(self, reader: Reader, actor: Actor) -> Rate:
        """How many were raised in the last ten minutes, and how many nobody has taken."""
        self._gate.require(actor, "alarms.see")
        raised = sql.raised_since(reader, self._clock.now() - RATE_WINDOW)
        return Rate(raised, sql.unseen(reader), RATE_LIMIT_RAISED)

    # -- what other domains' facts mean here -------------------------------------------

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Words that were erased leave the rows that showed them."""
        sql.touch_sealed(tx, fact.sealed)

    # -- inside ----------------------------------------------------------------------

    def _take(self, tx: Tx, was: Alarm) -> Alarm:
        alarm = was.take(by=_person(tx.actor), at=tx.now)
        if alarm is was:
            return was
        sql.save(tx, alarm)
        tx.record(
            AlarmTaken(
                id=alarm.id,
                alarm_kind=alarm.kind,
                concerns=alarm.subject,
                after_s=max(0, tx.now - alarm.raised_at) // SECOND,
            )
        )
        return sql.get(tx, alarm.id)

    def _shelf_minutes(self, alarm: Alarm) -> int:
        kind = self._vocabulary.tables["alarm_kinds"].get(alarm.kind)
        return getattr(kind, "shelve_minutes_max", 0)


def _person(actor: Actor) -> Person:
    return Person(actor.id, actor.name)
