"""Alarms in the store. The reason of a shelf comes through its seal, at reading time."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from lanbi.alarms.model import Alarm
from lanbi.core.access import Person
from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant

_ALARM = """SELECT a.id, a.kind, a.severity, a.subject, a.incident_id, a.unit_id, a.facts, a.since,
 a.raised_at, a.cleared_at, a.taken_id, a.taken_name, a.taken_at, a.shelved_until, a.shelved_by,
 a.shelf_sealed, s.value, a.escalated_at, a.count, a.made_seq, a.seq
FROM alarm a LEFT JOIN sealed s ON s.id = a.shelf_sealed AND s.class = 'words'"""

ALARM = f"{_ALARM} WHERE a.id = :id"
LIVE = f"{_ALARM} WHERE a.live = 1 ORDER BY a.made_seq"
CHANGED = f"{_ALARM} WHERE a.seq > :since ORDER BY a.seq"
PAGE = f"{_ALARM} WHERE a.made_seq < :before ORDER BY a.made_seq DESC LIMIT :limit"
PAGE_LIVE = f"{_ALARM} WHERE a.live = 1 AND a.made_seq < :before ORDER BY a.made_seq DESC LIMIT :limit"
PAGE_UNSEEN = f"""{_ALARM} WHERE a.live = 1 AND a.taken_at IS NULL AND a.made_seq < :before
ORDER BY a.made_seq DESC LIMIT :limit"""
PAGE_SHELVED = f"""{_ALARM} WHERE a.live = 1 AND a.shelved_until IS NOT NULL AND a.made_seq < :before
ORDER BY a.made_seq DESC LIMIT :limit"""
PAGE_ENDED = f"{_ALARM} WHERE a.live = 0 AND a.made_seq < :before ORDER BY a.made_seq DESC LIMIT :limit"
SAVE = """
INSERT INTO alarm (id, kind, severity, subject, incident_id, unit_id, facts, since, raised_at, cleared_at,
 taken_id, taken_name, taken_at, shelved_until, shelved_by, shelf_sealed, escalated_at, count, live, made_seq,
 seq)
VALUES (:id, :kind, :severity, :subject, :incident_id, :unit_id, :facts, :since, :raised_at, :cleared_at,
 :taken_id, :taken_name, :taken_at, :shelved_until, :shelved_by, :shelf_sealed, :escalated_at, :count, :live,
 :made_seq, :seq)
ON CONFLICT (id) DO UPDATE SET incident_id = :incident_id, unit_id = :unit_id, facts = :facts,
 since = :since, raised_at = :raised_at, cleared_at = :cleared_at, taken_id = :taken_id,
 taken_name = :taken_name, taken_at = :taken_at, shelved_until = :shelved_until, shelved_by = :shelved_by,
 shelf_sealed = :shelf_sealed, escalated_at = :escalated_at, count = :count, live = :live, seq = :seq
"""
RAISED = "INSERT INTO alarm_raising (seq, at) VALUES (:seq, :at)"
FORGET_RAISINGS = "DELETE FROM alarm_raising WHERE at <= :edge"
RAISED_SINCE = "SELECT COUNT(*) FROM alarm_raising WHERE at > :edge"
UNSEEN = "SELECT COUNT(*) FROM alarm WHERE live = 1 AND taken_at IS NULL"
TOUCH_SEALED = "UPDATE alarm SET seq = :seq WHERE shelf_sealed = :sealed"

State = Literal["open", "unseen", "shelved", "ended"]
_PAGES: dict[State | None, str] = {
    None: PAGE,
    "open": PAGE_LIVE,
    "unseen": PAGE_UNSEEN,
    "shelved": PAGE_SHELVED,
    "ended": PAGE_ENDED,
}

_encoder = msgspec.json.Encoder(order="sorted")
_facts = msgspec.json.Decoder(dict[str, str | int])


def _alarm(row: tuple[Any, ...]) -> Alarm:
    return Alarm(
        id=row[0],
        kind=row[1],
        severity=row[2],
        subject=row[3],
        incident_id=row[4],
        unit_id=row[5],
        facts=_facts.decode(row[6]),
        since=row[7],
        raised_at=row[8],
        cleared_at=row[9],
        taken_by=None if row[10] is None else Person(row[10], row[11]),
        taken_at=row[12],
        shelved_until=row[13],
        shelved_by=row[14],
        shelf_sealed=row[15],
        shelf_reason=row[16],
        escalated_at=row[17],
        count=row[18],
        made_seq=row[19],
        seq=row[20],
    )


def get(reader: Reader, alarm_id: str) -> Alarm:
    """The alarm; `NotFound("alarm-none")` where there is none."""
    row = reader.row(ALARM, id=alarm_id)
    if row is None:
        raise NotFound("alarm-none", id=alarm_id)
    return _alarm(row)


def live(reader: Reader) -> list[Alarm]:
    """Those that stand before people's eyes, oldest first."""
    return [_alarm(row) for row in reader.rows(LIVE)]


def changed(reader: Reader, since: int) -> list[Alarm]:
    """Those changed after `since`; with 0, the live ones."""
    return [_alarm(row) for row in reader.rows(CHANGED, since=since)] if since else live(reader)


def page(reader: Reader, *, state: State | None, before: int, limit: int) -> list[Alarm]:
    """Newest first: alarms that were first raised by an entry before `before`."""
    return [_alarm(row) for row in reader.rows(_PAGES[state], before=before, limit=limit)]


def save(tx: Tx, alarm: Alarm) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    seq = tx.seq + 1
    taken = alarm.taken_by
    tx.run(
        SAVE,
        id=alarm.id,
        kind=alarm.kind,
        severity=alarm.severity,
        subject=alarm.subject,
        incident_id=alarm.incident_id,
        unit_id=alarm.unit_id,
        facts=_encoder.encode(alarm.facts).decode(),
        since=alarm.since,
        raised_at=alarm.raised_at,
        cleared_at=alarm.cleared_at,
        taken_id=None if taken is None else taken.id,
        taken_name=None if taken is None else taken.name,
        taken_at=alarm.taken_at,
        shelved_until=alarm.shelved_until,
        shelved_by=alarm.shelved_by,
        shelf_sealed=alarm.shelf_sealed,
        escalated_at=alarm.escalated_at,
        count=alarm.count,
        live=int(alarm.live),
        made_seq=alarm.made_seq or seq,
        seq=seq,
    )


def raised(tx: Tx) -> None:
    """Counts a raising; the entry that is about to be recorded says what of."""
    tx.run(RAISED, seq=tx.seq + 1, at=tx.now)


def forget_raisings(tx: Tx, edge: Instant) -> int:
    """Drops the counts up to `edge`; the journal keeps what was raised."""
    return tx.run(FORGET_RAISINGS, edge=edge)


def raised_since(reader: Reader, edge: Instant) -> int:
    """How many alarms were raised after `edge`, each time counted."""
    return _one(reader.rows(RAISED_SINCE, edge=edge))


def unseen(reader: Reader) -> int:
    """How many stand that nobody has taken."""
    return _one(reader.rows(UNSEEN))


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """Rows that show these sealed words have changed with the entry recorded last."""
    tx.run(TOUCH_SEALED, sealed=sealed_id, seq=tx.seq)


def _one(rows: Sequence[tuple[Any, ...]]) -> int:
    return int(rows[0][0])
