"""What the whole picture reads of the other domains' tables. It only reads, and only here.

The picture is derived, not stored: a second copy of every clock would have to be kept
right, and would double what each command writes. So the statements below name columns
of other domains; they change with them (docs/decisions). Each is bounded by a window
that an index serves (migration 0044), or by what is open now.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from lanbi.core.errors import Malformed
from lanbi.core.ports import Reader
from lanbi.core.time import DAY, Instant
from lanbi.situation.norms import Case
from lanbi.situation.workload import Deed, Seat, Span
from lanbi.situation.zones import Ground, UnitThere, ZoneGiven

WINDOW_ROWS_MAX = 100_000
TASK_LOOK_BACK: Instant = 1 * DAY
"""A task that was made before this and has ended is too old to reach into any window of workload."""

INCIDENTS_IN = """
SELECT id, type, priority, opened_at, closed_at, clocks FROM incident
WHERE opened_at >= :start AND opened_at < :end ORDER BY opened_at LIMIT :limit
"""
CALLS_IN = """
SELECT c.offered_at, c.answered_at, c.ended_at, c.state, i.priority, i.type FROM call c
LEFT JOIN incident i ON i.id = c.incident_id
WHERE c.channel = 'voice' AND c.offered_at >= :start AND c.offered_at < :end
ORDER BY c.offered_at LIMIT :limit
"""
OPENED_SINCE = "SELECT COUNT(*) FROM incident WHERE opened_at >= :since"
INCIDENT = "SELECT number, priority, state FROM incident WHERE id = :id"
SOMEBODY_THERE = """
SELECT 1 FROM assignment WHERE incident_id = :incident_id AND active = 1
 AND status IN ('on_scene', 'transporting', 'at_destination') LIMIT 1
"""
UNITS_IN_SERVICE = """
SELECT u.callsign, u.lat, u.lon, t.lat, t.lon, t.received_at, i.lat, i.lon FROM unit u
LEFT JOIN track_latest t ON t.unit_id = u.id
LEFT JOIN assignment a ON a.unit_id = u.id AND a.active = 1
LEFT JOIN incident i ON i.id = a.incident_id
WHERE u.availability = 'available'
"""
# A call whose own place is not known happened where its incident did.
CALLED_FROM = """
SELECT c.offered_at, COALESCE(c.lat, i.lat), COALESCE(c.lon, i.lon) FROM call c
LEFT JOIN incident i ON i.id = c.incident_id
WHERE c.offered_at >= :start AND c.offered_at < :end
"""
OBSERVED_AT = """
SELECT at, lat, lon FROM observation WHERE at >= :start AND at < :end AND withdrawn_at IS NULL
"""
FIRST_CALL = "SELECT MIN(offered_at) FROM call"
FIRST_OBSERVATION = "SELECT MIN(at) FROM observation WHERE withdrawn_at IS NULL"
COMMUNES = """
SELECT id, name, names, lat, lon, radius_m FROM place
WHERE kind = 'commune' AND lat IS NOT NULL AND (radius_m IS NOT NULL OR geometry IS NOT NULL) ORDER BY name
"""
UNIT_HOMES = "SELECT lat, lon FROM unit WHERE lat IS NOT NULL"

SEATS = """
SELECT a.login, a.name, a.role, MAX(s.opened_at) FROM account a
LEFT JOIN session s ON s.login = a.login AND s.closed_at IS NULL AND s.expires_at > :now
WHERE a.role IN ('call_taker', 'dispatcher', 'commander') AND a.disabled_at IS NULL
GROUP BY a.login, a.name, a.role
"""
TAKEN_IN = """
SELECT taker_id, taker_name, answered_at FROM call
WHERE offered_at >= :before AND answered_at >= :start AND taker_id IS NOT NULL LIMIT :limit
"""
TALKING = (
    "SELECT taker_id, COUNT(*) FROM call WHERE state = 'answered' AND taker_id IS NOT NULL GROUP BY taker_id"
)
OPENED_BY = "SELECT opened_by, opened_at FROM incident WHERE opened_at >= :start LIMIT :limit"
MADE_BY = "SELECT made_by, made_at FROM assignment WHERE made_at >= :start LIMIT :limit"
PROMISES_OPEN = "SELECT owner_id, due_at FROM promise WHERE settled_at IS NULL"
UNITS = "SELECT id, callsign, commissioned_at FROM unit"
TASKS = """
SELECT unit_id, made_at, active, status, clocks FROM assignment WHERE active = 1
UNION ALL
SELECT unit_id, made_at, active, status, clocks FROM assignment WHERE active = 0 AND made_at >= :since
"""
# A call rings for minutes; one that was answered in the window was offered shortly before it.
RINGS_LONG_US = 3_600_000_000


class _Stamp(msgspec.Struct, frozen=True, array_like=True):
    at: Instant
    source: str


_spellings = msgspec.json.Decoder(dict[str, list[str]])
_clocks = msgspec.json.Decoder(dict[str, _Stamp])


def _bounded(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    if len(rows) > WINDOW_ROWS_MAX:
        raise Malformed("window-too-full", limit=WINDOW_ROWS_MAX)
    return rows


class IncidentClocks(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of a window with its clocks, read once for all norms."""

    type: str | None
    priority: str | None
    opened_at: Instant
    closed_at: Instant | None
    clocks: dict[str, _Stamp]

    def case(self, start: str, end: str) -> Case:
        """As the norm from the clock `start` to the clock `end` looks at it."""
        began, ended = self.clocks.get(start), self.clocks.get(end)
        return Case(
            at=self.opened_at,
            priority=self.priority,
            started=None if began is None else began.at,
            ended=None if ended is None else ended.at,
            over=self.closed_at,
            late=(began is not None and began.source == "late")
            or (ended is not None and ended.source == "late"),
        )


def incidents_in(reader: Reader, start: Instant, end: Instant) -> list[IncidentClocks]:
    """Incidents opened in [start, end); `Malformed("window-too-full")` over 100,000."""
    rows = reader.rows(INCIDENTS_IN, start=start, end=end, limit=WINDOW_ROWS_MAX + 1)
    return [
        IncidentClocks(
            type=row[1], priority=row[2], opened_at=row[3], closed_at=row[4], clocks=_clocks.decode(row[5])
        )
        for row in _bounded(rows)
    ]


def calls_in(reader: Reader, start: Instant, end: Instant) -> list[tuple[Case, str | None]]:
    """(its ringing as a case, type of the incident joined) of voice calls offered in [start, end)."""
    rows = reader.rows(CALLS_IN, start=start, end=end, limit=WINDOW_ROWS_MAX + 1)
    return [
        (
            Case(
                at=offered_at,
                priority=priority,
                started=offered_at,
                ended=answered_at,
                over=(ended_at or offered_at) if state in {"abandoned", "ended"} else None,
                rings=True,
            ),
            type_,
        )
        for offered_at, answered_at, ended_at, state, priority, type_ in _bounded(rows)
    ]


def opened_since(reader: Reader, since: Instant) -> int:
    """How many incidents were opened since then."""
    row = reader.row(OPENED_SINCE, since=since)
    return row[0] if row else 0


def incident(reader: Reader, incident_id: str) -> tuple[int, str | None, str] | None:
    """(number, priority, state), or None where there is none."""
    row = reader.row(INCIDENT, id=incident_id)
    return None if row is None else (row[0], row[1], row[2])


def somebody_there(reader: Reader, incident_id: str) -> bool:
    """Whether a unit has reached the scene and is still on the task."""
    return reader.row(SOMEBODY_THERE, incident_id=incident_id) is not None


def units_there(reader: Reader, ground: Ground) -> dict[str, list[UnitThere]]:
    """Units in service by zone: where they were last, or their post if never; and where they are sent."""
    there: dict[str, list[UnitThere]] = {}
    for callsign, home_lat, home_lon, lat, lon, heard_at, to_lat, to_lon in reader.rows(UNITS_IN_SERVICE):
        unit = UnitThere(callsign=callsign, heard_at=heard_at)
        seen = ground.at(home_lat, home_lon) if lat is None else ground.at(lat, lon)
        for zone_id in {seen, ground.at(to_lat, to_lon)}:
            if zone_id is not None:
                there.setdefault(zone_id, []).append(unit)
    return there


def events_in(reader: Reader, ground: Ground, start: Instant, end: Instant) -> dict[str, list[Instant]]:
    """When somebody called or reported in [start, end), by zone, where a place is known."""
    found: dict[str, list[Instant]] = {}
    for sql in (CALLED_FROM, OBSERVED_AT):
        for at, lat, lon in reader.rows(sql, start=start, end=end):
            zone_id = ground.at(lat, lon)
            if zone_id is not None:
                found.setdefault(zone_id, []).append(at)
    return found


def lived_since(reader: Reader) -> Instant | None:
    """When the first call or observation came in: before that nothing can be said to be usual."""
    rows = [reader.row(sql) for sql in (FIRST_CALL, FIRST_OBSERVATION)]
    return min((row[0] for row in rows if row is not None and row[0] is not None), default=None)


def unit_homes(reader: Reader) -> list[tuple[float, float]]:
    """(lat, lon) of the posts where units wait."""
    return [(row[0], row[1]) for row in reader.rows(UNIT_HOMES)]


def communes(reader: Reader) -> list[ZoneGiven]:
    """The communes of the gazetteer that are on the map, without their outlines."""
    return [
        ZoneGiven(
            name=name,
            names={lang: spelled[0] for lang, spelled in _spellings.decode(names).items() if spelled},
            lat=lat,
            lon=lon,
            radius_m=radius_m,
            place_id=place_id,
        )
        for place_id, name, names, lat, lon, radius_m in reader.rows(COMMUNES)
    ]


# -- workload ----------------------------------------------------------------------------


def seats(reader: Reader, now: Instant) -> list[Seat]:
    """The accounts of the floor, with the beginning of their newest open session."""
    return [Seat(*row) for row in reader.rows(SEATS, now=now)]


def deeds(reader: Reader, start: Instant) -> tuple[list[Deed], dict[str, str]]:
    """What was done since `start`, and the names of those who took calls."""
    done: list[Deed] = []
    names: dict[str, str] = {}
    taken = reader.rows(TAKEN_IN, before=start - RINGS_LONG_US, start=start, limit=WINDOW_ROWS_MAX + 1)
    for by, name, at in _bounded(taken):
        done.append(Deed("call", by, at))
        names[by] = name
    for what, sql in (("incident", OPENED_BY), ("assignment", MADE_BY)):
        rows = reader.rows(sql, start=start, limit=WINDOW_ROWS_MAX + 1)
        done += [Deed(what, by, at) for by, at in _bounded(rows)]
    return done, names


def talking(reader: Reader) -> dict[str, int]:
    """How many calls each account has on its line now."""
    return {row[0]: row[1] for row in reader.rows(TALKING)}


def promises(reader: Reader, now: Instant) -> dict[str, tuple[int, int]]:
    """(open, overdue) promises by owner."""
    counts: dict[str, tuple[int, int]] = {}
    for owner, due_at in reader.rows(PROMISES_OPEN):
        held, late = counts.get(owner, (0, 0))
        counts[owner] = (held + 1, late + (due_at < now))
    return counts


def units(reader: Reader) -> list[tuple[str, str, Instant]]:
    """(id, callsign, commissioned at) of every unit."""
    return [(row[0], row[1], row[2]) for row in reader.rows(UNITS)]


def spans(reader: Reader, start: Instant, ended: Iterable[str]) -> list[Span]:
    """Tasks that may reach into the time since `start`; `ended`: the statuses that end one."""
    endings = frozenset(ended)
    found: list[Span] = []
    for unit_id, made_at, active, status, clocks in reader.rows(TASKS, since=start - TASK_LOOK_BACK):
        until = None
        if not active:
            stamps = _clocks.decode(clocks)
            last = stamps.get(status) if status in endings else None
            until = last.at if last is not None else max((s.at for s in stamps.values()), default=made_at)
        found.append(Span(unit_id, made_at, until))
    return found
