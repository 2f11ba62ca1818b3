"""Positions and observations in the store."""

from collections.abc import Iterable, Sequence
from typing import Any

from lanbi.core.geo import Area
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.tracks.model import OBSERVATION_LIVE, Fix, Observation, Position, Track

_TRACK = "unit_id, at, received_at, lat, lon, accuracy_m, speed_mps, course_deg, seq"
_OBSERVATION = """SELECT o.id, o.kind, o.lat, o.lon, o.radius_m, o.area_source, o.confidence, p.value,
 o.place_id, w.value, o.at, o.reported_by, o.place_sealed, o.words_sealed, o.seq,
 o.withdrawn_at
FROM observation o LEFT JOIN sealed p ON p.id = o.place_sealed LEFT JOIN sealed w ON w.id = o.words_sealed"""

ADD = """
INSERT INTO track_position (unit_id, at, received_at, lat, lon, accuracy_m, speed_mps, course_deg, seq)
VALUES (:unit_id, :at, :received_at, :lat, :lon, :accuracy_m, :speed_mps, :course_deg, :seq)
ON CONFLICT (unit_id, at) DO NOTHING
"""
MOVE = """
INSERT INTO track_latest (unit_id, at, received_at, lat, lon, accuracy_m, speed_mps, course_deg, seq)
VALUES (:unit_id, :at, :received_at, :lat, :lon, :accuracy_m, :speed_mps, :course_deg, :seq)
ON CONFLICT (unit_id) DO UPDATE SET at = excluded.at, received_at = excluded.received_at,
 lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m, speed_mps = excluded.speed_mps,
 course_deg = excluded.course_deg, seq = excluded.seq
WHERE excluded.at > track_latest.at
"""
# Asked between the two statements above: what is new, and what of it a newer position had overtaken.
COUNT_NEW = """
SELECT COUNT(*), COUNT(CASE WHEN p.at < l.at THEN 1 END)
FROM track_position p LEFT JOIN track_latest l ON l.unit_id = p.unit_id WHERE p.seq = :seq
"""
OF_ENTRY = f"SELECT {_TRACK} FROM track_position WHERE seq = :seq"  # noqa: S608 - a constant of this module
HISTORY = f"""SELECT {_TRACK} FROM track_position WHERE unit_id = :unit_id AND at >= :start AND at < :end
ORDER BY at DESC LIMIT :limit"""  # noqa: S608
LATEST = f"SELECT {_TRACK} FROM track_latest WHERE unit_id = :unit_id"  # noqa: S608
LATEST_PAGE = f"""SELECT {_TRACK} FROM track_latest WHERE unit_id > :after
ORDER BY unit_id LIMIT :limit"""  # noqa: S608
LATEST_ALL = f"SELECT {_TRACK} FROM track_latest ORDER BY seq"  # noqa: S608
LATEST_FIXES = "SELECT unit_id, lat, lon, at FROM track_latest"
LATEST_CHANGED = f"SELECT {_TRACK} FROM track_latest WHERE seq > :since ORDER BY seq"  # noqa: S608

UNTHINNED = """
SELECT l.unit_id, COALESCE(t.until, 0), l.at FROM track_latest l
LEFT JOIN track_thinning t ON t.unit_id = l.unit_id AND t.every_us = :every
WHERE COALESCE(t.until, 0) < :edge ORDER BY l.unit_id LIMIT :limit
"""
INSTANTS = """
SELECT at FROM track_position WHERE unit_id = :unit_id AND at >= :start AND at < :end ORDER BY at LIMIT :limit
"""
REMOVE = "DELETE FROM track_position WHERE unit_id = :unit_id AND at = :at"
MARK_THINNED = """
INSERT INTO track_thinning (unit_id, every_us, until) VALUES (:unit_id, :every, :until)
ON CONFLICT (unit_id, every_us) DO UPDATE SET until = :until
"""
THIN_AGAIN = "UPDATE track_thinning SET until = :start WHERE unit_id = :unit_id AND until > :start"

ADD_OBSERVATION = """
INSERT INTO observation (id, kind, lat, lon, radius_m, area_source, confidence, place_sealed, place_id,
 words_sealed, at, reported_by, seq)
VALUES (:id, :kind, :lat, :lon, :radius_m, :area_source, :confidence, :place_sealed, :place_id,
 :words_sealed, :at, :reported_by, :seq)
"""
OBSERVATION = f"{_OBSERVATION} WHERE o.id = :id"
OBSERVATION_PAGE = f"{_OBSERVATION} WHERE o.seq < :before ORDER BY o.seq DESC LIMIT :limit"
OBSERVATIONS_LIVE = f"{_OBSERVATION} WHERE o.at > :edge AND o.withdrawn_at IS NULL ORDER BY o.seq"
OBSERVATIONS_CHANGED = f"{_OBSERVATION} WHERE o.seq > :since ORDER BY o.seq"
OBSERVATIONS_CROSSING = f"""{_OBSERVATION} WHERE o.at > :low AND o.at <= :high AND o.seq <= :since
AND o.withdrawn_at IS NULL"""
WITHDRAW_OBSERVATION = "UPDATE observation SET withdrawn_at = :at, seq = :seq WHERE id = :id"
TOUCH_PLACE = "UPDATE observation SET seq = :seq WHERE place_sealed = :sealed"
TOUCH_WORDS = "UPDATE observation SET seq = :seq WHERE words_sealed = :sealed"
RECORDED_AT = "SELECT recorded_at FROM journal WHERE seq = :seq"


def _track(row: tuple[Any, ...]) -> Track:
    return Track(*row)


# -- positions -----------------------------------------------------------------------


def add(tx: Tx, positions: Sequence[Position]) -> tuple[int, int]:
    """Stores a batch under the number of the entry that is about to be recorded.

    Returns how many were new, and how many of these a newer position had overtaken.
    Units move to their newest position of the batch, forward in time only.
    """
    seq, now = tx.seq + 1, tx.now
    newest: dict[str, dict[str, Any]] = {}
    rows: list[dict[str, Any]] = []
    for position in positions:
        row = {
            "unit_id": position.unit_id,
            "at": position.at,
            "received_at": now,
            "lat": position.lat,
            "lon": position.lon,
            "accuracy_m": position.accuracy_m,
            "speed_mps": position.speed_mps,
            "course_deg": position.course_deg,
            "seq": seq,
        }
        rows.append(row)
        held = newest.get(position.unit_id)
        if held is None or position.at > held["at"]:
            newest[position.unit_id] = row
    tx.run_many(ADD, rows)
    counted = tx.row(COUNT_NEW, seq=seq)
    tx.run_many(MOVE, list(newest.values()))
    return (0, 0) if counted is None else (counted[0], counted[1])


def of_entry(reader: Reader, seq: int) -> list[Track]:
    """The rows that a batch's entry vouches for, as far as they have not been thinned."""
    return [_track(row) for row in reader.rows(OF_ENTRY, seq=seq)]


def history(reader: Reader, unit_id: str, *, start: Instant, end: Instant, limit: int) -> list[Track]:
    """One unit's positions from `start` up to but not including `end`, newest first."""
    return [_track(row) for row in reader.rows(HISTORY, unit_id=unit_id, start=start, end=end, limit=limit)]


def latest(reader: Reader, unit_id: str) -> Track | None:
    row = reader.row(LATEST, unit_id=unit_id)
    return None if row is None else _track(row)


def latest_page(reader: Reader, *, after: str, limit: int) -> list[Track]:
    """Last positions by unit id, those after `after`."""
    return [_track(row) for row in reader.rows(LATEST_PAGE, after=after, limit=limit)]


def latest_changed(reader: Reader, since: int) -> list[Track]:
    """Units that moved after `since`; with 0, every unit's last position."""
    rows = reader.rows(LATEST_CHANGED, since=since) if since else reader.rows(LATEST_ALL)
    return [_track(row) for row in rows]


def fixes(reader: Reader) -> dict[str, Fix]:
    """Where every unit was last, by its id."""
    return {unit_id: Fix(lat, lon, at) for unit_id, lat, lon, at in reader.rows(LATEST_FIXES)}


# -- thinning ------------------------------------------------------------------------


def unthinned(tx: Tx, every: Instant, edge: Instant, limit: int) -> list[tuple[str, Instant, Instant]]:
    """(unit, where its history is still to be thinned from, its newest position) of units behind `edge`."""
    return [(row[0], row[1], row[2]) for row in tx.rows(UNTHINNED, every=every, edge=edge, limit=limit)]


def instants(tx: Tx, unit_id: str, *, start: Instant, end: Instant, limit: int) -> list[Instant]:
    """The times of a unit's positions in [start, end), ascending."""
    return [row[0] for row in tx.rows(INSTANTS, unit_id=unit_id, start=start, end=end, limit=limit)]


def remove(tx: Tx, unit_id: str, gone: Iterable[Instant]) -> None:
    tx.run_many(REMOVE, [{"unit_id": unit_id, "at": at} for at in gone])


def mark_thinned(tx: Tx, unit_id: str, every: Instant, until: Instant) -> None:
    tx.run(MARK_THINNED, unit_id=unit_id, every=every, until=until)


def thin_again(tx: Tx, starts: Iterable[tuple[str, Instant]]) -> None:
    """(unit, start): old positions came in late, so history is to be thinned anew from there."""
    tx.run_many(THIN_AGAIN, [{"unit_id": unit_id, "start": start} for unit_id, start in starts])


# -- observations --------------------------------------------------------------------


def _observation(row: tuple[Any, ...]) -> Observation:
    return Observation(
        id=row[0],
        kind=row[1],
        area=Area(
            lat=row[2],
            lon=row[3],
            radius_m=row[4],
            source=row[5],
            confidence=row[6],
            words=row[7] or "",
            place_id=row[8],
        ),
        words=row[9],
        at=row[10],
        by=row[11],
        place_sealed=row[12],
        words_sealed=row[13],
        seq=row[14],
        withdrawn_at=row[15],
    )


def add_observation(tx: Tx, observation: Observation) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    area = observation.area
    tx.run(
        ADD_OBSERVATION,
        id=observation.id,
        kind=observation.kind,
        lat=area.lat,
        lon=area.lon,
        radius_m=area.radius_m,
        area_source=area.source,
        confidence=area.confidence,
        place_sealed=observation.place_sealed,
        place_id=area.place_id,
        words_sealed=observation.words_sealed,
        at=observation.at,
        reported_by=observation.by,
        seq=tx.seq + 1,
    )


def withdraw_observation(tx: Tx, observation_id: str) -> None:
    """Marks the row with the number of the entry that is about to be recorded."""
    tx.run(WITHDRAW_OBSERVATION, id=observation_id, at=tx.now, seq=tx.seq + 1)


def find_observation(reader: Reader, observation_id: str) -> Observation | None:
    row = reader.row(OBSERVATION, id=observation_id)
    return None if row is None else _observation(row)


def observation_page(reader: Reader, *, before: int, limit: int) -> list[Observation]:
    """Newest first: those last changed before entry `before`."""
    return [_observation(row) for row in reader.rows(OBSERVATION_PAGE, before=before, limit=limit)]


def observations_changed(reader: Reader, since: int) -> list[tuple[int, Observation, bool]]:
    """(version, observation, whether it is live) for all that changed after `since`, lapsing included.

    With 0, those live now. Lapsing is no entry of its own: an observation is live
    while the newest entry was recorded within 12 hours of it, unless it was withdrawn. So those that the time
    between entry `since` and the newest one carried over that edge have changed too.
    """
    now = _recorded_at(reader, reader.head)
    edge = now - OBSERVATION_LIVE
    if not since:
        return [
            (item.seq, item, True) for item in map(_observation, reader.rows(OBSERVATIONS_LIVE, edge=edge))
        ]
    then = _recorded_at(reader, since) - OBSERVATION_LIVE
    rows = reader.rows(OBSERVATIONS_CHANGED, since=since)
    found = [
        (item.seq, item, item.at > edge and item.withdrawn_at is None) for item in map(_observation, rows)
    ]
    # The edge steps back where the node's clock was set back; then they return.
    rows = reader.rows(OBSERVATIONS_CROSSING, low=min(then, edge), high=max(then, edge), since=since)
    found.extend(
        (item.seq if item.at > edge else reader.head, item, item.at > edge)
        for item in map(_observation, rows)
    )
    return found


def _recorded_at(reader: Reader, seq: int) -> Instant:
    row = reader.row(RECORDED_AT, seq=seq)
    return 0 if row is None else row[0]


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """Rows that show these sealed words have changed with the entry recorded last."""
    tx.run(TOUCH_PLACE, sealed=sealed_id, seq=tx.seq)
    tx.run(TOUCH_WORDS, sealed=sealed_id, seq=tx.seq)
