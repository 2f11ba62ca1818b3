"""The alarms' clerk: every second it asks the watches what is wrong, and puts what changed on the record.

It remembers nothing of its own: what stands, stands in the store, so a node that was
restarted goes on where it was. Where nothing changed it only reads.
"""

import logging
from collections.abc import Mapping

from lanbi.alarms import sql
from lanbi.alarms.events import AlarmCleared, AlarmEscalated, AlarmRaised, AlarmUnshelved
from lanbi.alarms.model import RATE_WINDOW, Alarm, Change, changes
from lanbi.core.access import SYSTEM
from lanbi.core.errors import Busy
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import SECOND, Clock, Instant
from lanbi.core.vocabulary import AlarmKind, Vocabulary
from lanbi.core.watch import Condition, Watches

# A flood is written down in pieces: people's commands go between them.
CHANGES_PER_STEP_MAX = 100

log = logging.getLogger("lanbi.alarms")

Seen = dict[str, tuple[Condition, ...]]
"""What each watch found, by the kind of alarm."""


class Clerk:
    """Compares what the watches see with the alarms that stand."""

    def __init__(self, store: Store, vocabulary: Vocabulary, clock: Clock, watches: Watches) -> None:
        """`watches`: by the kind of alarm. Kinds that the vocabulary lacks or retired are not watched."""
        self._store = store
        self._clock = clock
        self._kinds: dict[str, AlarmKind] = {
            code: term
            for code, term in vocabulary.tables["alarm_kinds"].items()
            if isinstance(term, AlarmKind) and not term.retired
        }
        self._watches = {kind: watch for kind, watch in watches.items() if kind in self._kinds}
        self._blind: frozenset[str] = frozenset()

    @property
    def blind(self) -> frozenset[str]:
        """The kinds whose watch failed the last time that it was asked."""
        return self._blind

    def step(self) -> int:
        """One look and, where something changed, one piece of work; says how many changes it wrote.

        For a thread of its own. Raises `Busy` where the store cannot be reached.
        """
        now = self._clock.now()
        seen, standing = self._look(now)
        if not self._changes(standing, seen, now):
            return 0
        return self._store.write_now(SYSTEM, lambda tx: self._write(tx, tuple(seen)))

    def forget_old(self, tx: Tx) -> bool:
        """Housekeeping: drops what no rate is counted from any more."""
        sql.forget_raisings(tx, tx.now - RATE_WINDOW)
        return False

    # -- looking ---------------------------------------------------------------------

    def _look(self, now: Instant) -> tuple[Seen, list[Alarm]]:
        try:
            found = self._store.read_now(lambda reader: (self._ask(reader, now), sql.live(reader)))
        except Busy:
            raise
        except Exception:
            found = self._look_one_by_one(now)
        else:
            self._hear(frozenset())
        return found

    def _ask(self, reader: Reader, now: Instant) -> Seen:
        return {kind: tuple(watch(reader, now)) for kind, watch in self._watches.items()}

    def _look_one_by_one(self, now: Instant) -> tuple[Seen, list[Alarm]]:
        """Each watch over a view of its own, so that what one breaks the next does not feel."""
        seen: Seen = {}
        blind: set[str] = set()
        for kind, watch in self._watches.items():
            try:
                seen[kind] = self._store.read_now(lambda reader, watch=watch: tuple(watch(reader, now)))
            except Busy:
                raise
            except Exception:
                blind.add(kind)
                if kind not in self._blind:  # said once, not every second
                    log.exception("the watch for %s failed; its alarms stay as they are", kind)
        self._hear(frozenset(blind))
        return seen, self._store.read_now(sql.live)

    def _hear(self, blind: frozenset[str]) -> None:
        for kind in sorted(self._blind - blind):
            log.warning("the watch for %s sees again", kind)
        self._blind = blind

    def _changes(
        self, standing: list[Alarm], seen: Mapping[str, tuple[Condition, ...]], now: Instant
    ) -> list[Change]:
        blind = self._watches.keys() - seen.keys()
        return changes(standing, seen, blind=blind, kinds=self._kinds, now=now)[:CHANGES_PER_STEP_MAX]

    # -- writing ---------------------------------------------------------------------

    def _write(self, tx: Tx, sighted: tuple[str, ...]) -> int:
        """Asks again inside the piece, since somebody may have answered meanwhile; writes what is left."""
        seen = {kind: tuple(self._watches[kind](tx, tx.now)) for kind in sighted}
        todo = self._changes(sql.live(tx), seen, tx.now)
        for change in todo:
            self._apply(tx, change)
        return len(todo)

    def _apply(self, tx: Tx, change: Change) -> None:
        alarm, condition = change.alarm, change.condition
        if alarm is None and condition is not None:
            self._raised(tx, self._new(tx, condition))
        elif alarm is not None and condition is not None:
            self._raised(tx, alarm.raise_again(condition, at=tx.now))
        elif alarm is not None and change.verb == "clear":
            cleared = alarm.clear(at=tx.now)
            sql.save(tx, cleared)
            tx.record(
                AlarmCleared(
                    id=alarm.id, alarm_kind=alarm.kind, concerns=alarm.subject, seen=not alarm.unseen
                )
            )
        elif alarm is not None and change.verb == "unshelve":
            sql.save(tx, alarm.unshelve(at=tx.now))
            tx.record(
                AlarmUnshelved(id=alarm.id, alarm_kind=alarm.kind, concerns=alarm.subject, expired=True)
            )
        elif alarm is not None:
            sql.save(tx, alarm.escalate(at=tx.now))
            tx.record(
                AlarmEscalated(
                    id=alarm.id,
                    alarm_kind=alarm.kind,
                    concerns=alarm.subject,
                    after_s=max(0, tx.now - alarm.raised_at) // SECOND,
                )
            )

    def _new(self, tx: Tx, condition: Condition) -> Alarm:
        return Alarm(
            id=new_id(tx.now),
            kind=condition.kind,
            severity=self._kinds[condition.kind].severity,
            subject=condition.subject,
            since=condition.since,
            raised_at=tx.now,
            incident_id=condition.incident_id,
            unit_id=condition.unit_id,
            facts=dict(condition.facts),
        )

    def _raised(self, tx: Tx, alarm: Alarm) -> None:
        sql.save(tx, alarm)
        sql.raised(tx)
        tx.record(
            AlarmRaised(
                id=alarm.id,
                alarm_kind=alarm.kind,
                concerns=alarm.subject,
                severity=alarm.severity,
                since=alarm.since,
                incident_id=alarm.incident_id,
                unit_id=alarm.unit_id,
                facts=alarm.facts,
                count=alarm.count,
            )
        )
