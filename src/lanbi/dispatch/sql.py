"""Units and assignments in the store."""

from functools import lru_cache
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.geo import Area
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.dispatch.model import ORDER, Assignment, Safety, Stamp, Task, Unit

CAPABILITY_SETS_MAX = 4_096

_UNIT = """SELECT u.id, u.callsign, u.kind, u.capabilities, u.crew, u.shift_until, u.lat, u.lon, u.radius_m,
 u.area_source, u.confidence, p.value, u.place_id, u.availability, u.reason, u.since,
 u.commissioned_at, u.commissioned_by, u.seq, a.id, a.incident_id, a.number, a.status, a.clocks,
 u.place_sealed, u.brought, s.timer_due_at, s.timer_sealed, t.value, s.welfare_asked_at, s.welfare_due_at,
 s.welfare_heard_at, s.emergency_at, s.emergency_by
FROM unit u LEFT JOIN assignment a ON a.unit_id = u.id AND a.active = 1
LEFT JOIN sealed p ON p.id = u.place_sealed
LEFT JOIN unit_safety s ON s.unit_id = u.id
LEFT JOIN sealed t ON t.id = s.timer_sealed AND t.class = 'words'"""
_ASSIGNMENT = """SELECT a.id, a.unit_id, a.callsign, a.incident_id, a.number, a.status, a.clocks, a.made_at,
 a.made_by, a.reason, a.reason_sealed, s.value, a.replaces, a.made_seq, a.seq
FROM assignment a LEFT JOIN sealed s ON s.id = a.reason_sealed"""

UNIT = f"{_UNIT} WHERE u.id = :id"
UNIT_KNOWN = "SELECT 1 FROM unit WHERE id = :id"
UNIT_BY_KEY = f"{_UNIT} WHERE u.callsign_key = :key"
UNITS = f"{_UNIT} ORDER BY u.callsign_key"
UNIT_PAGE = f"{_UNIT} WHERE u.callsign_key > :after ORDER BY u.callsign_key LIMIT :limit"
UNITS_CHANGED = f"{_UNIT} WHERE u.seq > :since ORDER BY u.seq"
FLEET = """
SELECT u.id, u.callsign, u.capabilities, u.crew, u.shift_until, u.lat, u.lon, u.availability, u.reason,
 a.incident_id, a.number, a.status
FROM unit u LEFT JOIN assignment a ON a.unit_id = u.id AND a.active = 1
"""
# `_` in a code stands for any character here: what comes is at least what was asked for.
FLEET_HAVING = f"{FLEET} WHERE u.capabilities LIKE :having"
ADD_UNIT = """
INSERT INTO unit (id, callsign, callsign_key, kind, capabilities, crew, shift_until, lat, lon, radius_m,
 area_source, confidence, place_sealed, place_id, availability, reason, since, commissioned_at,
 commissioned_by, seq)
VALUES (:id, :callsign, :callsign_key, :kind, :capabilities, :crew, :shift_until, :lat, :lon, :radius_m,
 :area_source, :confidence, :place_sealed, :place_id, :availability, :reason, :since, :commissioned_at,
 :commissioned_by, :seq)
"""
SAVE_UNIT = """
UPDATE unit SET capabilities = :capabilities, brought = :brought, crew = :crew, shift_until = :shift_until,
 availability = :availability, reason = :reason, since = :since, seq = :seq WHERE id = :id
"""
TOUCH_SEALED_UNITS = "UPDATE unit SET seq = :seq WHERE place_sealed = :sealed"
TOUCH_SEALED_TIMERS = """
UPDATE unit SET seq = :seq WHERE id IN (SELECT unit_id FROM unit_safety WHERE timer_sealed = :sealed)
"""
SAVE_SAFETY = """
INSERT INTO unit_safety (unit_id, timer_due_at, timer_sealed, welfare_asked_at, welfare_due_at,
 welfare_heard_at, emergency_at, emergency_by)
VALUES (:unit_id, :timer_due_at, :timer_sealed, :welfare_asked_at, :welfare_due_at, :welfare_heard_at,
 :emergency_at, :emergency_by)
ON CONFLICT (unit_id) DO UPDATE SET timer_due_at = :timer_due_at, timer_sealed = :timer_sealed,
 welfare_asked_at = :welfare_asked_at, welfare_due_at = :welfare_due_at,
 welfare_heard_at = :welfare_heard_at, emergency_at = :emergency_at, emergency_by = :emergency_by
"""
ON_SCENE_UNASKED = """
SELECT a.unit_id, a.incident_id, a.clocks, s.welfare_heard_at FROM assignment a
LEFT JOIN unit_safety s ON s.unit_id = a.unit_id
WHERE a.active = 1 AND a.status = 'on_scene' AND s.welfare_due_at IS NULL ORDER BY a.seq
"""
UNITS_ON = f"{_UNIT} WHERE a.incident_id = :incident_id ORDER BY a.made_seq"
TOUCH_SEALED_ASSIGNMENTS = "UPDATE assignment SET seq = :seq WHERE reason_sealed = :sealed"
TOUCH_UNIT = "UPDATE unit SET seq = :seq WHERE id = :id"
FREE_UNIT = "UPDATE unit SET since = :since, seq = :seq WHERE id = :id"

ASSIGNMENT = f"{_ASSIGNMENT} WHERE a.id = :id"
ASSIGNMENT_PAGE = f"{_ASSIGNMENT} WHERE a.made_seq < :before ORDER BY a.made_seq DESC LIMIT :limit"
ASSIGNMENT_PAGE_OF_INCIDENT = f"""{_ASSIGNMENT} WHERE a.incident_id = :incident_id AND a.made_seq < :before
ORDER BY a.made_seq DESC LIMIT :limit"""
ASSIGNMENT_PAGE_OF_UNIT = f"""{_ASSIGNMENT} WHERE a.unit_id = :unit_id AND a.made_seq < :before
ORDER BY a.made_seq DESC LIMIT :limit"""
ASSIGNMENT_PAGE_OF_BOTH = f"""{_ASSIGNMENT} WHERE a.incident_id = :incident_id AND a.unit_id = :unit_id
AND a.made_seq < :before ORDER BY a.made_seq DESC LIMIT :limit"""
ASSIGNMENTS_OF_INCIDENT = f"{_ASSIGNMENT} WHERE a.incident_id = :incident_id ORDER BY a.made_seq"
PREEMPTED_LAST = f"""{_ASSIGNMENT} WHERE a.unit_id = :unit_id AND a.status = 'preempted'
ORDER BY a.seq DESC LIMIT 1"""
ASSIGNMENTS_ACTIVE = f"{_ASSIGNMENT} WHERE a.active = 1 ORDER BY a.seq"
ASSIGNMENTS_CHANGED = f"{_ASSIGNMENT} WHERE a.seq > :since ORDER BY a.seq"
CALLSIGNS_ON = """
SELECT callsign FROM assignment WHERE incident_id = :incident_id AND active = 1 ORDER BY made_seq
"""
SAVE_ASSIGNMENT = """
INSERT INTO assignment (id, unit_id, callsign, incident_id, number, status, active, clocks, made_at, made_by,
 reason, reason_sealed, replaces, made_seq, seq)
VALUES (:id, :unit_id, :callsign, :incident_id, :number, :status, :active, :clocks, :made_at, :made_by,
 :reason, :reason_sealed, :replaces, :made_seq, :seq)
ON CONFLICT (id) DO UPDATE SET status = :status, active = :active, clocks = :clocks, reason = :reason,
 reason_sealed = :reason_sealed, seq = :seq
"""

_encoder = msgspec.json.Encoder()
_codes = msgspec.json.Decoder(tuple[str, ...])
_clocks = msgspec.json.Decoder(dict[str, Stamp])

FleetRow = tuple[
    str, str, frozenset[str], int, int | None, float | None, float | None, str, str | None, str | None,
    int | None, str | None,
]  # fmt: skip
"""id, callsign, capabilities, crew, shift_until, home lat, home lon, availability, reason; then of its
active assignment the incident's id and number, and the status."""


@lru_cache(maxsize=CAPABILITY_SETS_MAX)
def _capabilities(text: str) -> frozenset[str]:
    return frozenset(_codes.decode(text))


def _since(status: str, clocks: dict[str, Stamp]) -> Instant:
    return clocks[status if ORDER[status] >= ORDER["en_route"] else "assigned"].at


def _unit(row: tuple[Any, ...]) -> Unit:
    home = (
        Area(
            lat=row[6],
            lon=row[7],
            radius_m=row[8],
            source=row[9],
            confidence=row[10],
            words=row[11] or "",
            place_id=row[12],
        )
        if row[9] is not None
        else None
    )
    task = (
        Task(row[19], row[20], row[21], row[22], _since(row[22], _clocks.decode(row[23])))
        if row[19] is not None
        else None
    )
    return Unit(
        id=row[0],
        callsign=row[1],
        kind=row[2],
        capabilities=_codes.decode(row[3]),
        crew=row[4],
        shift_until=row[5],
        home=home,
        home_sealed=row[24],
        availability=row[13],
        reason=row[14],
        since=row[15],
        commissioned_at=row[16],
        commissioned_by=row[17],
        task=task,
        brought=_codes.decode(row[25]),
        safety=Safety(*row[26:34]),
        seq=row[18],
    )


def _assignment(row: tuple[Any, ...]) -> Assignment:
    return Assignment(
        id=row[0],
        unit_id=row[1],
        callsign=row[2],
        incident_id=row[3],
        number=row[4],
        status=row[5],
        clocks=_clocks.decode(row[6]),
        made_at=row[7],
        made_by=row[8],
        reason=row[9],
        reason_sealed=row[10],
        reason_words=row[11],
        replaces=row[12],
        made_seq=row[13],
        seq=row[14],
    )


# -- units ---------------------------------------------------------------------------


def known(reader: Reader, unit_id: str) -> bool:
    return reader.row(UNIT_KNOWN, id=unit_id) is not None


def find_unit(reader: Reader, unit_id: str) -> Unit | None:
    row = reader.row(UNIT, id=unit_id)
    return None if row is None else _unit(row)


def get_unit(reader: Reader, unit_id: str) -> Unit:
    """The unit; `NotFound("unit-none")` where there is none."""
    found = find_unit(reader, unit_id)
    if found is None:
        raise NotFound("unit-none", id=unit_id)
    return found


def unit_by_callsign(reader: Reader, callsign: str) -> Unit | None:
    """The unit of that callsign, whatever its case."""
    row = reader.row(UNIT_BY_KEY, key=callsign.casefold())
    return None if row is None else _unit(row)


def unit_page(reader: Reader, *, after: str, limit: int) -> list[Unit]:
    """By callsign: units whose case-folded callsign comes after `after`."""
    return [_unit(row) for row in reader.rows(UNIT_PAGE, after=after, limit=limit)]


def units_changed(reader: Reader, since: int) -> list[Unit]:
    """Those changed after `since`, by their own facts or their assignments'; with 0, all."""
    rows = reader.rows(UNITS_CHANGED, since=since) if since else reader.rows(UNITS)
    return [_unit(row) for row in rows]


def fleet(reader: Reader, wanted: frozenset[str]) -> list[FleetRow]:
    """All units that have one of the `wanted` capabilities; all units where none is wanted.

    Plain tuples, since a recommendation looks at thousands of them.
    """
    if not wanted:
        return [_fleet_row(row) for row in reader.rows(FLEET)]
    found: dict[str, FleetRow] = {}
    for capability in sorted(wanted):
        for row in reader.rows(FLEET_HAVING, having=f'%"{capability}"%'):
            if row[0] not in found and capability in _capabilities(row[2]):
                found[row[0]] = _fleet_row(row)
    return list(found.values())


def _fleet_row(row: tuple[Any, ...]) -> FleetRow:
    return (row[0], row[1], _capabilities(row[2]), *row[3:])  # pyright: ignore[reportReturnType]


def add_unit(tx: Tx, unit: Unit) -> None:
    """Writes a new row with the number of the entry that is about to be recorded."""
    home = unit.home
    tx.run(
        ADD_UNIT,
        id=unit.id,
        callsign=unit.callsign,
        callsign_key=unit.callsign.casefold(),
        kind=unit.kind,
        capabilities=_encoder.encode(unit.capabilities).decode(),
        crew=unit.crew,
        shift_until=unit.shift_until,
        lat=home.lat if home else None,
        lon=home.lon if home else None,
        radius_m=home.radius_m if home else None,
        area_source=home.source if home else None,
        confidence=home.confidence if home else None,
        place_sealed=unit.home_sealed,
        place_id=home.place_id if home else None,
        availability=unit.availability,
        reason=unit.reason,
        since=unit.since,
        commissioned_at=unit.commissioned_at,
        commissioned_by=unit.commissioned_by,
        seq=tx.seq + 1,
    )


def save_unit(tx: Tx, unit: Unit) -> None:
    """Writes what may change of it, with the number of the entry that is about to be recorded."""
    tx.run(
        SAVE_UNIT,
        id=unit.id,
        capabilities=_encoder.encode(unit.capabilities).decode(),
        brought=_encoder.encode(unit.brought).decode(),
        crew=unit.crew,
        shift_until=unit.shift_until,
        availability=unit.availability,
        reason=unit.reason,
        since=unit.since,
        seq=tx.seq + 1,
    )


def units_on(reader: Reader, incident_id: str) -> list[Unit]:
    """The units that are bound to an incident now, in the order in which they were sent."""
    return [_unit(row) for row in reader.rows(UNITS_ON, incident_id=incident_id)]


def on_scene_unasked(reader: Reader) -> list[tuple[str, str, Instant, Instant | None]]:
    """(unit, incident, when it arrived, when it last said that all are well) of units on scene that are not
    being asked now."""
    return [
        (unit_id, incident_id, _clocks.decode(clocks)["on_scene"].at, heard_at)
        for unit_id, incident_id, clocks, heard_at in reader.rows(ON_SCENE_UNASKED)
    ]


def save_safety(tx: Tx, unit: Unit) -> None:
    """Writes what watches over a unit's people; the unit's row carries the number of the entry that is
    about to be recorded."""
    safety = unit.safety
    tx.run(
        SAVE_SAFETY,
        unit_id=unit.id,
        timer_due_at=safety.timer_due_at,
        timer_sealed=safety.timer_sealed,
        welfare_asked_at=safety.welfare_asked_at,
        welfare_due_at=safety.welfare_due_at,
        welfare_heard_at=safety.welfare_heard_at,
        emergency_at=safety.emergency_at,
        emergency_by=safety.emergency_by,
    )
    tx.run(TOUCH_UNIT, id=unit.id, seq=tx.seq + 1)


# -- assignments -----------------------------------------------------------------------


def find_assignment(reader: Reader, assignment_id: str) -> Assignment | None:
    row = reader.row(ASSIGNMENT, id=assignment_id)
    return None if row is None else _assignment(row)


def get_assignment(reader: Reader, assignment_id: str) -> Assignment:
    """The assignment; `NotFound("assignment-none")` where there is none."""
    found = find_assignment(reader, assignment_id)
    if found is None:
        raise NotFound("assignment-none", id=assignment_id)
    return found


def assignment_page(
    reader: Reader, *, incident_id: str | None, unit_id: str | None, before: int, limit: int
) -> list[Assignment]:
    """Newest first: those made before entry `before`, of one incident, one unit, both or all."""
    params: dict[str, Any] = {"before": before, "limit": limit}
    if incident_id is not None and unit_id is not None:
        rows = reader.rows(ASSIGNMENT_PAGE_OF_BOTH, incident_id=incident_id, unit_id=unit_id, **params)
    elif incident_id is not None:
        rows = reader.rows(ASSIGNMENT_PAGE_OF_INCIDENT, incident_id=incident_id, **params)
    elif unit_id is not None:
        rows = reader.rows(ASSIGNMENT_PAGE_OF_UNIT, unit_id=unit_id, **params)
    else:
        rows = reader.rows(ASSIGNMENT_PAGE, **params)
    return [_assignment(row) for row in rows]


def assignments_changed(reader: Reader, since: int) -> list[Assignment]:
    """Those changed after `since`; with 0, those that are active."""
    rows = reader.rows(ASSIGNMENTS_CHANGED, since=since) if since else reader.rows(ASSIGNMENTS_ACTIVE)
    return [_assignment(row) for row in rows]


def assignments_of(reader: Reader, incident_id: str) -> list[Assignment]:
    """All that were ever made for an incident, oldest first."""
    return [_assignment(row) for row in reader.rows(ASSIGNMENTS_OF_INCIDENT, incident_id=incident_id)]


def preempted_last(reader: Reader, unit_id: str) -> Assignment | None:
    """The task that this unit was last taken from."""
    row = reader.row(PREEMPTED_LAST, unit_id=unit_id)
    return None if row is None else _assignment(row)


def callsigns_on(reader: Reader, incident_id: str) -> list[str]:
    """The callsigns of the units that are active on an incident, in the order of assigning."""
    return [row[0] for row in reader.rows(CALLSIGNS_ON, incident_id=incident_id)]


def save_assignment(tx: Tx, assignment: Assignment) -> None:
    """Writes the row, and its unit's version with it, since the unit's state derives from it.

    Both carry the number of the entry that is about to be recorded.
    """
    seq = tx.seq + 1
    tx.run(
        SAVE_ASSIGNMENT,
        id=assignment.id,
        unit_id=assignment.unit_id,
        callsign=assignment.callsign,
        incident_id=assignment.incident_id,
        number=assignment.number,
        status=assignment.status,
        active=1 if assignment.active else 0,
        clocks=_encoder.encode(assignment.clocks).decode(),
        made_at=assignment.made_at,
        made_by=assignment.made_by,
        reason=assignment.reason,
        reason_sealed=assignment.reason_sealed,
        replaces=assignment.replaces,
        made_seq=assignment.made_seq or seq,
        seq=seq,
    )
    tx.run(TOUCH_UNIT, id=assignment.unit_id, seq=seq)


def free_unit(tx: Tx, unit_id: str, since: Instant) -> None:
    """The unit's last task has ended: since then it has been free."""
    tx.run(FREE_UNIT, id=unit_id, since=since, seq=tx.seq + 1)


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """Rows that show these sealed words have changed with the entry recorded last."""
    tx.run(TOUCH_SEALED_UNITS, sealed=sealed_id, seq=tx.seq)
    tx.run(TOUCH_SEALED_TIMERS, sealed=sealed_id, seq=tx.seq)
    tx.run(TOUCH_SEALED_ASSIGNMENTS, sealed=sealed_id, seq=tx.seq)
