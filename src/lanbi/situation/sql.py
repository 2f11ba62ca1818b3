"""Zones, unserved demand and the house in the store. Words come through their seal, at reading time."""

from collections.abc import Sequence
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.situation.model import House, Unserved
from lanbi.situation.zones import Facts, Zone

_ZONE = "id, name, names, place_id, lat, lon, rings, retired, state, since, facts, seq"
ZONES = f"SELECT {_ZONE} FROM zone WHERE retired = 0 ORDER BY name"  # noqa: S608 - a constant of this module
ZONES_ALL = f"SELECT {_ZONE} FROM zone ORDER BY name"  # noqa: S608
ZONE = f"SELECT {_ZONE} FROM zone WHERE id = :id"  # noqa: S608
ZONES_CHANGED = f"SELECT {_ZONE} FROM zone WHERE seq > :since ORDER BY seq"  # noqa: S608
ANY_ZONE = "SELECT 1 FROM zone LIMIT 1"
SAVE_ZONE = """
INSERT INTO zone (id, name, names, place_id, lat, lon, rings, retired, state, since, facts, seq)
VALUES (:id, :name, :names, :place_id, :lat, :lon, :rings, :retired, :state, :since, :facts, :seq)
ON CONFLICT (id) DO UPDATE SET name = :name, names = :names, place_id = :place_id, lat = :lat, lon = :lon,
 rings = :rings, retired = :retired, state = :state, since = :since, facts = :facts, seq = :seq
"""
ADD_STATE = """
INSERT INTO zone_state (zone_id, seq, state, since, at, facts)
VALUES (:zone_id, :seq, :state, :since, :at, :facts)
"""
STATES = """
SELECT seq, state, since, at, facts FROM zone_state
WHERE zone_id = :zone_id AND seq < :before ORDER BY seq DESC LIMIT :limit
"""

_UNSERVED = """SELECT u.id, u.incident_id, u.number, u.priority, u.reason, u.words_sealed, w.value, u.at,
 u.by_id, u.by_name, u.made_seq, u.ended_at, u.ended_how, u.ended_by, u.seq
FROM unserved u LEFT JOIN sealed w ON w.id = u.words_sealed AND w.class = 'words'"""
UNSERVED = f"{_UNSERVED} WHERE u.id = :id"
UNSERVED_OPEN_OF = f"{_UNSERVED} WHERE u.incident_id = :incident_id AND u.ended_at IS NULL"
UNSERVED_LAST_OF = f"{_UNSERVED} WHERE u.incident_id = :incident_id ORDER BY u.made_seq DESC LIMIT 1"
UNSERVED_CHANGED = f"{_UNSERVED} WHERE u.seq > :since ORDER BY u.seq"
UNSERVED_OPEN = f"{_UNSERVED} WHERE u.ended_at IS NULL ORDER BY u.made_seq"
UNSERVED_PAGE = f"""{_UNSERVED} WHERE u.at >= :since AND u.made_seq < :before
ORDER BY u.made_seq DESC LIMIT :limit"""
UNSERVED_COUNTS = """
SELECT reason, COALESCE(ended_how, 'open'), COUNT(*) FROM unserved WHERE at >= :since
GROUP BY reason, COALESCE(ended_how, 'open')
"""
SAVE_UNSERVED = """
INSERT INTO unserved (id, incident_id, number, priority, reason, words_sealed, at, by_id, by_name, made_seq,
 ended_at, ended_how, ended_by, seq)
VALUES (:id, :incident_id, :number, :priority, :reason, :words_sealed, :at, :by_id, :by_name, :made_seq,
 :ended_at, :ended_how, :ended_by, :seq)
ON CONFLICT (id) DO UPDATE SET ended_at = :ended_at, ended_how = :ended_how, ended_by = :ended_by, seq = :seq
"""
TOUCH_UNSERVED = "UPDATE unserved SET seq = :seq WHERE words_sealed = :sealed"

_HOUSE = """SELECT id, what, state, at, by_id, by_name, name, kind, generator_s, battery_s, latency_ms, seq
FROM house"""
HOUSE = f"{_HOUSE} WHERE id = :id"
HOUSE_ALL = f"{_HOUSE} ORDER BY what DESC, name"
HOUSE_CHANGED = f"{_HOUSE} WHERE seq > :since ORDER BY seq"
LINKS = "SELECT COUNT(*) FROM house WHERE what = 'link'"
SAVE_HOUSE = """
INSERT INTO house (id, what, state, at, by_id, by_name, name, kind, generator_s, battery_s, latency_ms, seq)
VALUES (:id, :what, :state, :at, :by_id, :by_name, :name, :kind, :generator_s, :battery_s, :latency_ms, :seq)
ON CONFLICT (id) DO UPDATE SET state = :state, at = :at, by_id = :by_id, by_name = :by_name, kind = :kind,
 generator_s = :generator_s, battery_s = :battery_s, latency_ms = :latency_ms, seq = :seq
"""

_encoder = msgspec.json.Encoder()
_names = msgspec.json.Decoder(dict[str, str])
_rings = msgspec.json.Decoder(tuple[tuple[tuple[float, float], ...], ...])
_facts = msgspec.json.Decoder(Facts)


def _zone(row: tuple[Any, ...]) -> Zone:
    return Zone(
        id=row[0],
        name=row[1],
        names=_names.decode(row[2]),
        place_id=row[3],
        lat=row[4],
        lon=row[5],
        rings=_rings.decode(row[6]),
        retired=bool(row[7]),
        state=row[8],
        since=row[9],
        facts=_facts.decode(row[10]),
        seq=row[11],
    )


def zones(reader: Reader, *, retired: bool = False) -> list[Zone]:
    """Those in use, by name; with `retired` also those of before."""
    return [_zone(row) for row in reader.rows(ZONES_ALL if retired else ZONES)]


def any_zone(reader: Reader) -> bool:
    """Whether the ground was ever parted."""
    return reader.row(ANY_ZONE) is not None


def get_zone(reader: Reader, zone_id: str) -> Zone:
    """The zone, retired or not; `NotFound("zone-none")` where there is none."""
    row = reader.row(ZONE, id=zone_id)
    if row is None:
        raise NotFound("zone-none", id=zone_id)
    return _zone(row)


def zones_changed(reader: Reader, since: int) -> list[Zone]:
    """Those changed after `since`; with 0, those in use."""
    rows = reader.rows(ZONES_CHANGED, since=since) if since else reader.rows(ZONES)
    return [_zone(row) for row in rows]


def save_zone(tx: Tx, zone: Zone) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    tx.run(
        SAVE_ZONE,
        id=zone.id,
        name=zone.name,
        names=_encoder.encode(zone.names).decode(),
        place_id=zone.place_id,
        lat=zone.lat,
        lon=zone.lon,
        rings=_encoder.encode(zone.rings).decode(),
        retired=int(zone.retired),
        state=zone.state,
        since=zone.since,
        facts=_encoder.encode(zone.facts).decode(),
        seq=tx.seq + 1,
    )


def add_state(tx: Tx, zone: Zone) -> None:
    """Keeps the state for good, under the number of the entry that is about to be recorded."""
    tx.run(
        ADD_STATE,
        zone_id=zone.id,
        seq=tx.seq + 1,
        state=zone.state,
        since=zone.since,
        at=tx.now,
        facts=_encoder.encode(zone.facts).decode(),
    )


def states(
    reader: Reader, zone_id: str, *, before: int, limit: int
) -> list[tuple[int, str, Instant, Instant, Facts]]:
    """(entry, state, since, found at, facts), newest first."""
    rows = reader.rows(STATES, zone_id=zone_id, before=before, limit=limit)
    return [(seq, state, since, at, _facts.decode(facts)) for seq, state, since, at, facts in rows]


# -- unserved demand -----------------------------------------------------------------------


def _unserved(row: tuple[Any, ...]) -> Unserved:
    return Unserved(
        id=row[0],
        incident_id=row[1],
        number=row[2],
        priority=row[3],
        reason=row[4],
        words_sealed=row[5],
        words=row[6],
        at=row[7],
        by_id=row[8],
        by_name=row[9],
        made_seq=row[10],
        ended_at=row[11],
        ended_how=row[12],
        ended_by=row[13],
        seq=row[14],
    )


def get_unserved(reader: Reader, unserved_id: str) -> Unserved:
    """`NotFound("unserved-none")` where there is none."""
    row = reader.row(UNSERVED, id=unserved_id)
    if row is None:
        raise NotFound("unserved-none", id=unserved_id)
    return _unserved(row)


def open_unserved_of(reader: Reader, incident_id: str) -> Unserved | None:
    """What was said of this incident and still stands."""
    row = reader.row(UNSERVED_OPEN_OF, incident_id=incident_id)
    return None if row is None else _unserved(row)


def last_unserved_of(reader: Reader, incident_id: str) -> Unserved | None:
    """What was said of this incident last, whether it stands or not."""
    row = reader.row(UNSERVED_LAST_OF, incident_id=incident_id)
    return None if row is None else _unserved(row)


def unserved_changed(reader: Reader, since: int) -> list[Unserved]:
    """Those changed after `since`; with 0, those that still stand."""
    rows = reader.rows(UNSERVED_CHANGED, since=since) if since else reader.rows(UNSERVED_OPEN)
    return [_unserved(row) for row in rows]


def unserved_page(reader: Reader, since: Instant, *, before: int, limit: int) -> list[Unserved]:
    """Those said since then, newest first."""
    rows = reader.rows(UNSERVED_PAGE, since=since, before=before, limit=limit)
    return [_unserved(row) for row in rows]


def unserved_counts(reader: Reader, since: Instant) -> list[tuple[str, str, int]]:
    """(reason, "open" or how it ended, count) of those said since then."""
    return [(row[0], row[1], row[2]) for row in reader.rows(UNSERVED_COUNTS, since=since)]


def save_unserved(tx: Tx, unserved: Unserved) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    seq = tx.seq + 1
    tx.run(
        SAVE_UNSERVED,
        id=unserved.id,
        incident_id=unserved.incident_id,
        number=unserved.number,
        priority=unserved.priority,
        reason=unserved.reason,
        words_sealed=unserved.words_sealed,
        at=unserved.at,
        by_id=unserved.by_id,
        by_name=unserved.by_name,
        made_seq=unserved.made_seq or seq,
        ended_at=unserved.ended_at,
        ended_how=unserved.ended_how,
        ended_by=unserved.ended_by,
        seq=seq,
    )


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """Rows that show these sealed words have changed with the entry recorded last."""
    tx.run(TOUCH_UNSERVED, sealed=sealed_id, seq=tx.seq)


# -- the house -----------------------------------------------------------------------------


def _house(row: tuple[Any, ...]) -> House:
    return House(
        id=row[0],
        what=row[1],
        state=row[2],
        at=row[3],
        by_id=row[4],
        by_name=row[5],
        name=row[6],
        kind=row[7],
        generator_s=row[8],
        battery_s=row[9],
        latency_ms=row[10],
        seq=row[11],
    )


def find_house(reader: Reader, house_id: str) -> House | None:
    row = reader.row(HOUSE, id=house_id)
    return None if row is None else _house(row)


def house(reader: Reader) -> Sequence[House]:
    """The power first, then the links by name."""
    return [_house(row) for row in reader.rows(HOUSE_ALL)]


def house_changed(reader: Reader, since: int) -> list[House]:
    """Those told after `since`; with 0, all."""
    rows = reader.rows(HOUSE_CHANGED, since=since) if since else reader.rows(HOUSE_ALL)
    return [_house(row) for row in rows]


def count_links(reader: Reader) -> int:
    row = reader.row(LINKS)
    return row[0] if row else 0


def save_house(tx: Tx, row: House) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    tx.run(SAVE_HOUSE, **{**msgspec.structs.asdict(row), "seq": tx.seq + 1})
