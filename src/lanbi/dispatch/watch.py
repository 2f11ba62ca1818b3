"""What time makes wrong about units: tasks not acknowledged, timers, welfare checks, the emergency button.

Every statement reads a partial index that holds only what runs or waits now.
"""

from collections.abc import Iterator

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import SECOND, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.core.watch import Condition, Watch
from lanbi.dispatch.model import Stamp

UNHEARD = """
SELECT id, unit_id, callsign, incident_id, number, clocks FROM assignment
WHERE active = 1 AND status IN ('assigned', 'notified') ORDER BY seq
"""
_UNIT_OF = """FROM unit_safety s JOIN unit u ON u.id = s.unit_id
LEFT JOIN assignment a ON a.unit_id = u.id AND a.active = 1"""
TIMERS_OUT = f"""
SELECT u.id, u.callsign, a.incident_id, a.number, s.timer_due_at {_UNIT_OF}
WHERE s.timer_due_at IS NOT NULL AND s.timer_due_at <= :now ORDER BY s.timer_due_at
"""
WELFARE_LATE = f"""
SELECT u.id, u.callsign, a.incident_id, a.number, s.welfare_asked_at {_UNIT_OF}
WHERE s.welfare_due_at IS NOT NULL AND s.welfare_due_at <= :now ORDER BY s.welfare_due_at
"""
# Whatever the time says: a clock that is set back must not end an emergency.
EMERGENCIES = f"""
SELECT u.id, u.callsign, a.incident_id, a.number, s.emergency_at {_UNIT_OF}
WHERE s.emergency_at IS NOT NULL ORDER BY s.emergency_at
"""
TASKS = "SELECT unit_id, callsign, incident_id, number, status, clocks FROM assignment WHERE active = 1"
BUSY = "SELECT DISTINCT incident_id FROM assignment WHERE active = 1"

_clocks = msgspec.json.Decoder(dict[str, Stamp])


def watches(vocabulary: Vocabulary) -> dict[str, Watch]:
    """The watches of this domain, by the kind of alarm."""
    late_s = vocabulary.term("alarm_kinds", "timer_out").after_s
    return {
        "unacknowledged": _unacknowledged(vocabulary.term("alarm_kinds", "unacknowledged").after_s),
        "timer_out": _on_units("timer_out", TIMERS_OUT, after_s=late_s),
        # Its limit is the time to answer, and stands in the deadline already.
        "welfare_overdue": _on_units("welfare_overdue", WELFARE_LATE, after_s=0),
        "emergency_button": _on_units("emergency_button", EMERGENCIES, after_s=0),
    }


def busy(reader: Reader) -> frozenset[str]:
    """The incidents that have a unit on them now; for other domains."""
    return frozenset(row[0] for row in reader.rows(BUSY))


def tasks(reader: Reader) -> Iterator[tuple[str, str, str, int, str, dict[str, Instant]]]:
    """(unit, callsign, incident, its number, status, when each status was reached) of active assignments;
    for other domains."""
    for unit_id, callsign, incident_id, number, status, clocks in reader.rows(TASKS):
        reached = {code: stamp.at for code, stamp in _clocks.decode(clocks).items()}
        yield unit_id, callsign, incident_id, number, status, reached


def _unacknowledged(after_s: int) -> Watch:
    def watch(reader: Reader, now: Instant) -> Iterator[Condition]:
        for assignment_id, unit_id, callsign, incident_id, number, text in reader.rows(UNHEARD):
            clocks = _clocks.decode(text)
            since = (clocks.get("notified") or clocks["assigned"]).at
            if since + after_s * SECOND <= now:
                yield Condition(
                    kind="unacknowledged",
                    subject=f"assignment/{assignment_id}",
                    since=since,
                    incident_id=incident_id,
                    unit_id=unit_id,
                    facts={"unit": callsign, "number": number},
                )

    return watch


def _on_units(kind: str, statement: str, *, after_s: int) -> Watch:
    def watch(reader: Reader, now: Instant) -> Iterator[Condition]:
        for unit_id, callsign, incident_id, number, since in reader.rows(
            statement, now=now - after_s * SECOND
        ):
            facts: dict[str, str | int] = {"unit": callsign}
            if number is not None:
                facts["number"] = number
            yield Condition(
                kind=kind,
                subject=f"unit/{unit_id}",
                since=since,
                incident_id=incident_id,
                unit_id=unit_id,
                facts=facts,
            )

    return watch
