"""Incidents in the store."""

from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.geo import Area
from lanbi.core.ports import Reader, Tx
from lanbi.incidents.model import Incident, Link, Stamp

_COLUMNS = """id, number, type, title, priority, state, lat, lon, radius_m, area_source, confidence,
 place_words, place_id, opened_at, opened_by, closed_at, closed_by, disposition, calls, clocks, links,
 type_seq, title_seq, priority_seq, area_seq, seq"""

GET = f"SELECT {_COLUMNS} FROM incident WHERE id = :id"  # noqa: S608 - a constant of this module
BY_NUMBER = f"SELECT {_COLUMNS} FROM incident WHERE number = :number"  # noqa: S608
PAGE = f"""SELECT {_COLUMNS} FROM incident WHERE number < :before
ORDER BY number DESC LIMIT :limit"""  # noqa: S608
PAGE_OF_STATE = f"""SELECT {_COLUMNS} FROM incident WHERE state = :state AND number < :before
ORDER BY number DESC LIMIT :limit"""  # noqa: S608
CHANGED = f"SELECT {_COLUMNS} FROM incident WHERE seq > :since ORDER BY seq"  # noqa: S608
OPEN = f"SELECT {_COLUMNS} FROM incident WHERE state = 'open' ORDER BY number"  # noqa: S608
NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 FROM incident"
SAVE = """
INSERT INTO incident (id, number, type, title, priority, state, lat, lon, radius_m, area_source, confidence,
 place_words, place_id, opened_at, opened_by, closed_at, closed_by, disposition, calls, clocks, links,
 type_seq, title_seq, priority_seq, area_seq, seq)
VALUES (:id, :number, :type, :title, :priority, :state, :lat, :lon, :radius_m, :area_source, :confidence,
 :place_words, :place_id, :opened_at, :opened_by, :closed_at, :closed_by, :disposition, :calls, :clocks,
 :links, :type_seq, :title_seq, :priority_seq, :area_seq, :seq)
ON CONFLICT (id) DO UPDATE SET type = :type, title = :title, priority = :priority, state = :state,
 lat = :lat, lon = :lon, radius_m = :radius_m, area_source = :area_source, confidence = :confidence,
 place_words = :place_words, place_id = :place_id, closed_at = :closed_at, closed_by = :closed_by,
 disposition = :disposition, calls = :calls, clocks = :clocks, links = :links, type_seq = :type_seq,
 title_seq = :title_seq, priority_seq = :priority_seq, area_seq = :area_seq, seq = :seq
"""
TOUCH = "UPDATE incident SET seq = :seq WHERE id = :id"
RELATE = """
INSERT INTO incident_related (incident_id, subject) VALUES (:incident_id, :subject)
ON CONFLICT (incident_id, subject) DO NOTHING
"""
UNRELATE = "DELETE FROM incident_related WHERE incident_id = :incident_id AND subject = :subject"
SEALED_FOR = "SELECT subject, field FROM sealed WHERE id = :id"
SEALED_LAST = """
SELECT id FROM sealed WHERE subject = :subject AND field = :field ORDER BY sealed_seq DESC, id DESC LIMIT 1
"""
# One list of subjects, not two conditions: with OR, PostgreSQL reads the whole journal backwards.
LOG = """
SELECT seq, at, recorded_at, actor, kind, subject, body FROM journal
WHERE seq < :before AND subject IN (
 SELECT :subject UNION SELECT subject FROM incident_related WHERE incident_id = :incident_id)
ORDER BY seq DESC LIMIT :limit
"""

_encoder = msgspec.json.Encoder()
_clocks = msgspec.json.Decoder(dict[str, Stamp])
_links = msgspec.json.Decoder(tuple[Link, ...])


def _incident(row: tuple[Any, ...]) -> Incident:
    words = row[11]
    area = (
        Area(
            lat=row[6],
            lon=row[7],
            radius_m=row[8],
            source=row[9],
            confidence=row[10],
            words=words,
            place_id=row[12],
        )
        if row[9] is not None
        else None
    )
    return Incident(
        id=row[0],
        number=row[1],
        type=row[2],
        title=row[3],
        priority=row[4],
        state=row[5],
        area=area,
        opened_at=row[13],
        opened_by=row[14],
        closed_at=row[15],
        closed_by=row[16],
        disposition=row[17],
        calls=row[18],
        clocks=_clocks.decode(row[19]),
        links=_links.decode(row[20]),
        type_seq=row[21],
        title_seq=row[22],
        priority_seq=row[23],
        area_seq=row[24],
        seq=row[25],
    )


def find(reader: Reader, incident_id: str) -> Incident | None:
    row = reader.row(GET, id=incident_id)
    return None if row is None else _incident(row)


def get(reader: Reader, incident_id: str) -> Incident:
    """The incident; `NotFound("incident-none")` where there is none."""
    found = find(reader, incident_id)
    if found is None:
        raise NotFound("incident-none", id=incident_id)
    return found


def save(tx: Tx, incident: Incident, *, seq: int | None = None) -> None:
    """Writes the row with the number of the entry that is about to be recorded.

    `seq`: that of the entry recorded last, where the change follows from it and has
    none of its own. A number that no entry has yet would be given out twice, and
    whoever holds the row would overwrite the second change unasked.
    """
    area = incident.area
    tx.run(
        SAVE,
        id=incident.id,
        number=incident.number,
        type=incident.type,
        title=incident.title,
        priority=incident.priority,
        state=incident.state,
        lat=area.lat if area else None,
        lon=area.lon if area else None,
        radius_m=area.radius_m if area else None,
        area_source=area.source if area else None,
        confidence=area.confidence if area else None,
        place_words=area.words if area else "",
        place_id=area.place_id if area else None,
        opened_at=incident.opened_at,
        opened_by=incident.opened_by,
        closed_at=incident.closed_at,
        closed_by=incident.closed_by,
        disposition=incident.disposition,
        calls=incident.calls,
        clocks=_encoder.encode(incident.clocks).decode(),
        links=_encoder.encode(incident.links).decode(),
        type_seq=incident.type_seq,
        title_seq=incident.title_seq,
        priority_seq=incident.priority_seq,
        area_seq=incident.area_seq,
        seq=tx.seq + 1 if seq is None else seq,
    )


def touch(tx: Tx, incident_id: str) -> None:
    """Gives the row the number of the entry that is about to be recorded; nothing else of it changes."""
    tx.run(TOUCH, id=incident_id, seq=tx.seq + 1)


def next_number(tx: Tx) -> int:
    """The next running number of this site; safe because there is one writer."""
    row = tx.row(NEXT_NUMBER)
    return row[0] if row else 1


def page(reader: Reader, *, state: str | None, before: int, limit: int) -> list[Incident]:
    """Newest first: incidents whose number is below `before`."""
    if state is None:
        rows = reader.rows(PAGE, before=before, limit=limit)
    else:
        rows = reader.rows(PAGE_OF_STATE, state=state, before=before, limit=limit)
    return [_incident(row) for row in rows]


def changed(reader: Reader, since: int) -> list[Incident]:
    """Those changed after `since`; with 0, those that are open."""
    rows = reader.rows(CHANGED, since=since) if since else reader.rows(OPEN)
    return [_incident(row) for row in rows]


def relate(tx: Tx, incident_id: str, subject: str) -> None:
    tx.run(RELATE, incident_id=incident_id, subject=subject)


def unrelate(tx: Tx, incident_id: str, subject: str) -> None:
    tx.run(UNRELATE, incident_id=incident_id, subject=subject)


def copied(reader: Reader, sealed_id: str) -> tuple[str, str] | None:
    """(incident's id, field) where a row still holds a copy of this sealed value; None where none does."""
    row = reader.row(SEALED_FOR, id=sealed_id)
    if row is None or not row[0].startswith("incident/"):
        return None
    subject, field = row
    if reader.row(SEALED_LAST, subject=subject, field=field) != (sealed_id,):
        return None
    return subject.removeprefix("incident/"), field


def log(reader: Reader, incident_id: str, *, before: int, limit: int) -> list[tuple[Any, ...]]:
    """Journal rows (seq, at, recorded_at, actor, kind, subject, body) of the incident, newest first."""
    return reader.rows(
        LOG, incident_id=incident_id, subject=f"incident/{incident_id}", before=before, limit=limit
    )
