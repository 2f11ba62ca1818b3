"""Major incidents in the store.

Each kind of part has a table whose columns carry the names of its struct's fields; the statements for all
of them are made here, once, from those names. Words are never in these tables: `major_words` says under
which seal they are kept.
"""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from msgspec.structs import asdict, fields

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.crisis.model import Linked, Major
from lanbi.crisis.parts import (
    DemobCheck,
    Division,
    Item,
    Message,
    Objective,
    Period,
    Post,
    RadioRow,
    Request,
    Statement,
    Whole,
)

I = TypeVar("I", bound=Item)  # noqa: E741 - an item

_MAJOR = """id, number, state, declared_at, declared_by, declared_by_name, commander, commander_name,
 stood_down_at, stood_down_by, name_seq, commander_seq, seq"""
GET = f"SELECT {_MAJOR} FROM major WHERE id = :id"  # noqa: S608 - constants of this module, here and below
PAGE = f"SELECT {_MAJOR} FROM major WHERE number < :before ORDER BY number DESC LIMIT :limit"  # noqa: S608
PAGE_OF_STATE = f"""SELECT {_MAJOR} FROM major WHERE state = :state AND number < :before
ORDER BY number DESC LIMIT :limit"""  # noqa: S608
CHANGED = f"SELECT {_MAJOR} FROM major WHERE seq > :since ORDER BY seq"  # noqa: S608
OPEN = f"SELECT {_MAJOR} FROM major WHERE state = 'open' ORDER BY number"  # noqa: S608
NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 FROM major"
SAVE = """
INSERT INTO major (id, number, state, declared_at, declared_by, declared_by_name, commander, commander_name,
 stood_down_at, stood_down_by, name_seq, commander_seq, seq)
VALUES (:id, :number, :state, :declared_at, :declared_by, :declared_by_name, :commander, :commander_name,
 :stood_down_at, :stood_down_by, :name_seq, :commander_seq, :seq)
ON CONFLICT (id) DO UPDATE SET state = :state, commander = :commander, commander_name = :commander_name,
 stood_down_at = :stood_down_at, stood_down_by = :stood_down_by, name_seq = :name_seq,
 commander_seq = :commander_seq, seq = :seq
"""
TOUCH = "UPDATE major SET seq = :seq WHERE id = :id"
INCIDENTS = "SELECT incident_id, number FROM major_incident WHERE major_id = :id ORDER BY seq, number"
LINK = """
INSERT INTO major_incident (major_id, incident_id, number, seq)
VALUES (:major_id, :incident_id, :number, :seq)
"""
UNLINK = "DELETE FROM major_incident WHERE major_id = :major_id AND incident_id = :incident_id"
OPEN_OF_INCIDENT = """
SELECT m.id, m.number FROM major m JOIN major_incident i ON i.major_id = m.id
WHERE i.incident_id = :incident_id AND m.state = 'open'
"""
WORDS = """
SELECT w.item_id, w.field, s.value FROM major_words w JOIN sealed s ON s.id = w.sealed
WHERE w.major_id = :major_id
"""
WORDS_OF = """
SELECT w.field, s.value FROM major_words w JOIN sealed s ON s.id = w.sealed WHERE w.item_id = :item_id
"""
SAY = """
INSERT INTO major_words (item_id, field, major_id, sealed) VALUES (:item_id, :field, :major_id, :sealed)
ON CONFLICT (item_id, field) DO UPDATE SET sealed = :sealed
"""
WORDS_UNDER = "SELECT item_id, major_id FROM major_words WHERE sealed = :sealed"
UNITS_OF = "SELECT unit_id FROM major_division_unit WHERE division_id = :division_id ORDER BY unit_id"
DIVISION_OF = "SELECT division_id FROM major_division_unit WHERE major_id = :major_id AND unit_id = :unit_id"
JOIN_DIVISION = """
INSERT INTO major_division_unit (major_id, unit_id, division_id) VALUES (:major_id, :unit_id, :division_id)
ON CONFLICT (major_id, unit_id) DO UPDATE SET division_id = :division_id
"""
LEAVE_DIVISION = "DELETE FROM major_division_unit WHERE major_id = :major_id AND unit_id = :unit_id"
EMPTY_DIVISION = "DELETE FROM major_division_unit WHERE division_id = :division_id"

TABLES: dict[type[Item], str] = {
    Statement: "major_statement",
    Post: "major_post",
    Objective: "major_objective",
    Request: "major_request",
    Division: "major_division",
    RadioRow: "major_radio",
    Period: "major_period",
    DemobCheck: "major_demob",
    Message: "major_message",
}
# Kept in tables of their own.
_ELSEWHERE = frozenset({"said", "unit_ids"})
_NEVER_CHANGED = frozenset({"id", "major_id", "made_at", "made_by", "made_by_name"})


class _Statements:
    """The statements of one table."""

    def __init__(self, table: str, columns: tuple[str, ...]) -> None:
        listed = ", ".join(columns)
        values = ", ".join(f":{name}" for name in columns)
        changes = ", ".join(f"{name} = :{name}" for name in columns if name not in _NEVER_CHANGED)
        own = ", ".join(f"t.{name}" for name in columns)
        self.columns = columns
        self.get = f"SELECT {listed} FROM {table} WHERE id = :id"  # noqa: S608
        # An entry that touches two rows gives both its number: ids keep the order in which they were made.
        self.of_major = f"SELECT {listed} FROM {table} WHERE major_id = :major_id ORDER BY made_at, id"  # noqa: S608
        self.changed = f"SELECT {own} FROM {table} t WHERE t.seq > :since ORDER BY t.seq"  # noqa: S608
        # Asked as a join in this order, a planner walks every part there ever was.
        self.pictured = f"""SELECT {own} FROM {table} t
WHERE t.major_id IN (SELECT id FROM major WHERE state = 'open') ORDER BY t.seq"""  # noqa: S608
        self.save = f"""INSERT INTO {table} ({listed}) VALUES ({values})
ON CONFLICT (id) DO UPDATE SET {changes}"""  # noqa: S608
        self.touch = f"UPDATE {table} SET seq = :seq WHERE id = :id"  # noqa: S608
        self.touch_all = f"UPDATE {table} SET seq = :seq WHERE major_id = :major_id"  # noqa: S608
        self.count = f"SELECT COUNT(*) FROM {table} WHERE major_id = :major_id"  # noqa: S608


_SQL: dict[type[Item], _Statements] = {
    kind: _Statements(table, tuple(f.name for f in fields(kind) if f.name not in _ELSEWHERE))
    for kind, table in TABLES.items()
}


# -- major incidents -------------------------------------------------------------------


def _major(reader: Reader, row: tuple[Any, ...]) -> Major:
    found = dict(zip((part.strip() for part in _MAJOR.split(",")), row, strict=True))
    said = _words_of(reader, found["id"])
    linked = tuple(Linked(*pair) for pair in reader.rows(INCIDENTS, id=found["id"]))
    return Major(**found, name=said.get("name"), end_words=said.get("end"), incidents=linked)


def get(reader: Reader, major_id: str) -> Major:
    """The major incident; `NotFound("major-none")` where there is none."""
    row = reader.row(GET, id=major_id)
    if row is None:
        raise NotFound("major-none", id=major_id)
    return _major(reader, row)


def page(reader: Reader, *, state: str | None, before: int, limit: int) -> list[Major]:
    """Newest first: those whose number is below `before`."""
    if state is None:
        rows = reader.rows(PAGE, before=before, limit=limit)
    else:
        rows = reader.rows(PAGE_OF_STATE, state=state, before=before, limit=limit)
    return [_major(reader, row) for row in rows]


def changed(reader: Reader, since: int) -> list[Major]:
    """Those changed after `since`, by a fact about them or about a part; with 0, those that are open."""
    rows = reader.rows(CHANGED, since=since) if since else reader.rows(OPEN)
    return [_major(reader, row) for row in rows]


def save(tx: Tx, major: Major) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    row = asdict(major)
    for elsewhere in ("name", "end_words", "incidents"):
        del row[elsewhere]
    tx.run(SAVE, **{**row, "seq": tx.seq + 1})


def next_number(tx: Tx) -> int:
    """The next running number of this site; safe because there is one writer."""
    row = tx.row(NEXT_NUMBER)
    return row[0] if row else 1


def link(tx: Tx, major_id: str, linked: Linked) -> None:
    tx.run(LINK, major_id=major_id, incident_id=linked.incident_id, number=linked.number, seq=tx.seq + 1)


def unlink(tx: Tx, major_id: str, incident_id: str) -> None:
    tx.run(UNLINK, major_id=major_id, incident_id=incident_id)


def open_of_incident(reader: Reader, incident_id: str) -> tuple[str, int] | None:
    """(id, number) of the open major incident that holds this incident, if any."""
    row = reader.row(OPEN_OF_INCIDENT, incident_id=incident_id)
    return None if row is None else (row[0], row[1])


# -- words -----------------------------------------------------------------------------


def _words_of(reader: Reader, item_id: str) -> dict[str, str | None]:
    return dict(cast("list[tuple[str, str | None]]", reader.rows(WORDS_OF, item_id=item_id)))


def say(tx: Tx, major_id: str, item_id: str, field: str, sealed: str) -> None:
    """That field of that item now reads what is kept under this seal."""
    tx.run(SAY, item_id=item_id, field=field, major_id=major_id, sealed=sealed)


def words_forgotten(tx: Tx, sealed: str) -> None:
    """A seal was erased by the entry recorded last: the rows that read it are told to the screens."""
    for item_id, major_id in tx.rows(WORDS_UNDER, sealed=sealed):
        tx.run(TOUCH, id=major_id, seq=tx.seq)
        for statements in _SQL.values():
            tx.run(statements.touch, id=item_id, seq=tx.seq)


# -- parts -----------------------------------------------------------------------------


def _item(reader: Reader, kind: type[I], row: tuple[Any, ...], said: dict[str, str | None]) -> I:
    values = dict(zip(_SQL[kind].columns, row, strict=True))
    if kind is Division:
        values["unit_ids"] = tuple(unit for (unit,) in reader.rows(UNITS_OF, division_id=values["id"]))
    return kind(**values, said=said)


def item(reader: Reader, kind: type[I], major_id: str, item_id: str) -> I:
    """The part; `NotFound("major-item-none")` where this major incident has none of that id and kind."""
    row = reader.row(_SQL[kind].get, id=item_id)
    found = None if row is None else _item(reader, kind, row, _words_of(reader, item_id))
    if found is None or found.major_id != major_id:
        raise NotFound("major-item-none", id=item_id)
    return found


def items(reader: Reader, kind: type[I], major_id: str) -> tuple[I, ...]:
    """The parts of one kind, in the order in which they were made."""
    return _worded(reader, kind, reader.rows(_SQL[kind].of_major, major_id=major_id))


def items_changed(reader: Reader, kind: type[I], since: int) -> tuple[I, ...]:
    """Those changed after `since`; with 0, those of open major incidents."""
    own = _SQL[kind]
    return _worded(
        reader, kind, reader.rows(own.changed, since=since) if since else reader.rows(own.pictured)
    )


def _worded(reader: Reader, kind: type[I], rows: Iterable[tuple[Any, ...]]) -> tuple[I, ...]:
    place = _SQL[kind].columns.index("major_id")
    said: dict[str, dict[str, dict[str, str | None]]] = {}
    made: list[I] = []
    for row in rows:
        major_id = row[place]
        if major_id not in said:
            of_major = said[major_id] = {}
            for item_id, field, value in reader.rows(WORDS, major_id=major_id):
                of_major.setdefault(item_id, {})[field] = value
        made.append(_item(reader, kind, row, said[major_id].get(row[0], {})))
    return tuple(made)


def count(reader: Reader, kind: type[Item], major_id: str) -> int:
    row = reader.row(_SQL[kind].count, major_id=major_id)
    return row[0] if row else 0


def save_item(tx: Tx, part: Item) -> None:
    """Writes the row, and its major incident's version, with the number of the entry that is about to be
    recorded."""
    own = _SQL[type(part)]
    values = asdict(part)
    tx.run(own.save, **{**{name: values[name] for name in own.columns}, "seq": tx.seq + 1})
    tx.run(TOUCH, id=part.major_id, seq=tx.seq + 1)


def touch_items(tx: Tx, major_id: str) -> None:
    """All parts leave the picture with their major incident, so all of them change."""
    for own in _SQL.values():
        tx.run(own.touch_all, major_id=major_id, seq=tx.seq + 1)


def division_of(reader: Reader, major_id: str, unit_id: str) -> str | None:
    row = reader.row(DIVISION_OF, major_id=major_id, unit_id=unit_id)
    return None if row is None else row[0]


def join_division(tx: Tx, division: Division, unit_id: str) -> None:
    tx.run(JOIN_DIVISION, major_id=division.major_id, unit_id=unit_id, division_id=division.id)


def leave_division(tx: Tx, major_id: str, unit_id: str) -> None:
    tx.run(LEAVE_DIVISION, major_id=major_id, unit_id=unit_id)


def empty_division(tx: Tx, division_id: str) -> None:
    tx.run(EMPTY_DIVISION, division_id=division_id)


def whole(reader: Reader, major_id: str) -> Whole:
    """The major incident with all its parts."""
    return Whole(
        major=get(reader, major_id),
        statements=items(reader, Statement, major_id),
        posts=items(reader, Post, major_id),
        objectives=items(reader, Objective, major_id),
        requests=items(reader, Request, major_id),
        divisions=items(reader, Division, major_id),
        radio=tuple(row for row in items(reader, RadioRow, major_id) if not row.gone),
        periods=items(reader, Period, major_id),
        demob=tuple(check for check in items(reader, DemobCheck, major_id) if not check.gone),
        messages=items(reader, Message, major_id),
    )


# -- the record ------------------------------------------------------------------------

RECORDED_AT = "SELECT recorded_at FROM journal WHERE seq = :seq"
SIGNED_LAST = """
SELECT size, root, at, key_id FROM checkpoint WHERE size <= :head ORDER BY size DESC LIMIT 1
"""
LOG = """
SELECT seq, at, recorded_at, actor, kind, subject, body FROM journal
WHERE seq < :before AND subject = :subject ORDER BY seq DESC LIMIT :limit
"""


def recorded_at(reader: Reader, seq: int) -> Instant:
    """When the entry was written down; 0 in an empty record."""
    row = reader.row(RECORDED_AT, seq=seq)
    return row[0] if row else 0


def signed_last(reader: Reader, head: int) -> tuple[int, bytes, Instant, str] | None:
    """(size, root, at, key's id) of the newest signed head of the record, if any."""
    row = reader.row(SIGNED_LAST, head=head)
    return None if row is None else (row[0], bytes(row[1]), row[2], row[3])


def log(reader: Reader, major_id: str, *, before: int, limit: int) -> list[tuple[Any, ...]]:
    """Journal rows (seq, at, recorded_at, actor, kind, subject, body) about it, newest first."""
    return reader.rows(LOG, subject=f"major/{major_id}", before=before, limit=limit)
