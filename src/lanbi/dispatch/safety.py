"""Watching over a unit's people: timers, welfare checks, the emergency button."""

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import NotFound, Refused
from lanbi.core.events import Sealed
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import words
from lanbi.core.time import DAY, SECOND, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.dispatch import sql
from lanbi.dispatch.events import (
    UnitEmergencyRaised,
    UnitEmergencySettled,
    UnitTimerSet,
    UnitTimerStopped,
    UnitWelfareAnswered,
    UnitWelfareAsked,
)
from lanbi.dispatch.model import Unit
from lanbi.dispatch.service import Dispatch, SiteOf

KEEP_WORDS_FOR: Instant = 730 * DAY
TIMER_WORDS_CHARS_MAX = 200
REASON_CHARS_MAX = 500
ASK_UNITS_MAX = 100  # by itself, in one piece


class Safety:
    """The use cases that keep crews in sight. A crew does them for its own unit only."""

    def __init__(self, gate: Gate, vocabulary: Vocabulary, dispatch: Dispatch, site_of: SiteOf) -> None:
        """`dispatch`: whom a unit is shown to. `site_of`: what is known of an incident."""
        self._gate = gate
        self._vocabulary = vocabulary
        self._dispatch = dispatch
        self._site_of = site_of
        self._by_itself = any(
            getattr(term, "welfare_every_s", None) for term in vocabulary.tables["incident_types"].values()
        )

    # -- timers ----------------------------------------------------------------------

    def set_timer(self, tx: Tx, unit_id: str, minutes: int, *, text: str = "") -> Unit:
        """Runs out after so many minutes, 1 to 480; it takes the place of the one before."""
        was = self._own_unit(tx, unit_id, "units.timer")
        sealed = self._sealed(tx, unit_id, "timer", text, TIMER_WORDS_CHARS_MAX) if text.strip() else None
        unit = was.set_timer(minutes, None if sealed is None else sealed.sealed, at=tx.now)
        sql.save_safety(tx, unit)
        tx.record(
            UnitTimerSet(
                id=unit.id,
                callsign=unit.callsign,
                minutes=minutes,
                due_at=unit.safety.timer_due_at or tx.now,
                words=sealed,
            )
        )
        return sql.get_unit(tx, unit_id)

    def stop_timer(self, tx: Tx, unit_id: str) -> Unit:
        """Stops it, before or after it has run out."""
        was = self._own_unit(tx, unit_id, "units.timer")
        unit = was.stop_timer()
        sql.save_safety(tx, unit)
        tx.record(
            UnitTimerStopped(id=unit.id, callsign=unit.callsign, due_at=was.safety.timer_due_at or tx.now)
        )
        return sql.get_unit(tx, unit_id)

    def timer_alarm_taken(self, tx: Tx, unit_id: str) -> None:
        """Whoever takes the alarm of a timer that has run out has heard it: it stops, in their name.

        One that was set anew meanwhile goes on.
        """
        was = sql.get_unit(tx, unit_id)
        due_at = was.safety.timer_due_at
        if due_at is None or due_at > tx.now:
            return
        sql.save_safety(tx, was.stop_timer())
        tx.record(UnitTimerStopped(id=was.id, callsign=was.callsign, due_at=due_at))

    # -- welfare ---------------------------------------------------------------------

    def ask_welfare(self, tx: Tx, incident_id: str) -> list[Unit]:
        """Asks every unit that is bound to an incident; who is asked already keeps the earlier deadline."""
        self._gate.require(tx.actor, "units.ask_welfare")
        site = self._site_of(tx, incident_id)
        if site is None:
            raise NotFound("incident-none", id=incident_id)
        units = sql.units_on(tx, incident_id)
        if not units:
            raise Refused("incident-without-units", number=site.number)
        for unit in units:
            self._ask(tx, unit)
        return sql.units_on(tx, incident_id)

    def answer_welfare(self, tx: Tx, unit_id: str, *, ok: bool) -> Unit:
        """All are well; or not, and that is an emergency."""
        was = self._own_unit(tx, unit_id, "units.welfare")
        unit = was.answer_welfare(ok=ok, at=tx.now)
        sql.save_safety(tx, unit)
        tx.record(
            UnitWelfareAnswered(
                id=unit.id,
                callsign=unit.callsign,
                ok=ok,
                asked_at=was.safety.welfare_asked_at or tx.now,
                late=tx.now > (was.safety.welfare_due_at or tx.now),
            )
        )
        if not ok:
            self._raise(tx, sql.get_unit(tx, unit_id), "not_well")
        return sql.get_unit(tx, unit_id)

    def due(self, reader: Reader, now: Instant) -> list[str]:
        """Units on the scene of something that asks for regular checks, and whose next one is due now."""
        if not self._by_itself:
            return []
        found: list[str] = []
        for unit_id, incident_id, arrived_at, heard_at in sql.on_scene_unasked(reader):
            site = self._site_of(reader, incident_id)
            every_s = None if site is None else site.welfare_every_s
            if every_s is not None and max(arrived_at, heard_at or 0) + every_s * SECOND <= now:
                found.append(unit_id)
        return found[:ASK_UNITS_MAX]

    def ask_due(self, tx: Tx) -> int:
        """The node's own work: asks those whose check is due; says how many."""
        due = self.due(tx, tx.now)
        for unit_id in due:
            self._ask(tx, sql.get_unit(tx, unit_id))
        return len(due)

    # -- emergency -------------------------------------------------------------------

    def call_for_help(self, tx: Tx, unit_id: str) -> Unit:
        """The emergency button, pressed by the crew or by who hears it call."""
        return self._raise(tx, self._own_unit(tx, unit_id, "units.emergency"), "button")

    def settle_emergency(self, tx: Tx, unit_id: str, reason: str) -> Unit:
        """It is over; dispatch says how."""
        was = self._own_unit(tx, unit_id, "units.settle_emergency")
        unit = was.settle_emergency()
        sealed = self._sealed(tx, unit_id, "emergency", reason, REASON_CHARS_MAX)
        sql.save_safety(tx, unit)
        tx.record(
            UnitEmergencySettled(
                id=unit.id, callsign=unit.callsign, since=was.safety.emergency_at or tx.now, reason=sealed
            )
        )
        return sql.get_unit(tx, unit_id)

    # -- inside ----------------------------------------------------------------------

    def _own_unit(self, tx: Tx, unit_id: str, action: str) -> Unit:
        unit = self._dispatch.unit(tx, tx.actor, unit_id)
        self._gate.require(tx.actor, action, own=_own(tx.actor, unit_id))
        return unit

    def _ask(self, tx: Tx, was: Unit) -> None:
        answer_s = self._vocabulary.term("alarm_kinds", "welfare_overdue").after_s
        unit = was.ask_welfare(at=tx.now, due_at=tx.now + answer_s * SECOND)
        if unit is was:
            return
        sql.save_safety(tx, unit)
        tx.record(
            UnitWelfareAsked(
                id=unit.id,
                callsign=unit.callsign,
                incident_id=None if unit.task is None else unit.task.incident_id,
                due_at=unit.safety.welfare_due_at or tx.now,
            )
        )

    def _raise(self, tx: Tx, was: Unit, cause: str) -> Unit:
        unit = was.call_for_help(by=tx.actor.id, at=tx.now)
        if unit is was:
            return was
        sql.save_safety(tx, unit)
        tx.record(
            UnitEmergencyRaised(
                id=unit.id,
                callsign=unit.callsign,
                cause=cause,
                incident_id=None if unit.task is None else unit.task.incident_id,
            )
        )
        return sql.get_unit(tx, unit.id)

    def _sealed(self, tx: Tx, unit_id: str, field: str, text: str, chars_max: int) -> Sealed:
        said = words(text, field, chars_max=chars_max)
        return tx.seal(
            subject=f"unit/{unit_id}", field=field, kind="words", value=said, keep_for=KEEP_WORDS_FOR
        )


def _own(actor: Actor, unit_id: str) -> bool:
    """Whether this is the crew's own unit."""
    return actor.unit_id is not None and actor.unit_id == unit_id
