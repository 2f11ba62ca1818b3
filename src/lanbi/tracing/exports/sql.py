"""Exports in the store: what names what, what was handed out, and what it carried."""

from collections.abc import Iterable
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.tracing.exports.model import Affected, Export, Selection

RECOVERIES_OF = "SELECT id FROM tracing_recovery WHERE case_ref = :case ORDER BY number LIMIT :limit"
NAMING = """
SELECT DISTINCT e.id, e.kind, s.prop FROM tracing_statement s JOIN tracing_entity e ON e.id = s.entity_id
WHERE s.target = :id AND s.withdrawn_at IS NULL AND e.gone_at IS NULL ORDER BY e.id, s.prop
"""
NAMED_BY = """
SELECT DISTINCT e.id, e.kind, s.prop FROM tracing_statement s JOIN tracing_entity e ON e.id = s.target
WHERE s.entity_id = :id AND s.withdrawn_at IS NULL AND e.gone_at IS NULL ORDER BY e.id, s.prop
"""

_EXPORT = """SELECT x.id, x.number, x.selection, x.recipient, x.purpose, x.format, x.lang, x.desk_case, x.tlp,
 x.snapshot, x.entities, x.statements, x.kept, x.personal, x.synthetic, x.state, x.made_by, x.made_at,
 x.made_on, x.decided_by, x.decided_at, x.handed, x.handed_at, x.told_at, x.seq
FROM tracing_export x"""
ADD = """
INSERT INTO tracing_export (id, number, selection, recipient, purpose, format, lang, desk_case, tlp, snapshot,
 entities, statements, kept, personal, synthetic, state, made_by, made_at, made_on, decided_by, decided_at,
 handed, handed_at, told_at, seq)
VALUES (:id, :number, :selection, :recipient, :purpose, :format, :lang, :desk_case, :tlp, :snapshot,
 :entities, :statements, :kept, :personal, :synthetic, :state, :made_by, :made_at, :made_on, NULL, NULL,
 0, NULL, NULL, :seq)
"""
ADD_STATEMENT = (
    "INSERT INTO tracing_export_statement (export_id, statement_id) VALUES (:export_id, :statement_id)"
)
GET = f"{_EXPORT} WHERE x.id = :id"
PAGE = f"{_EXPORT} WHERE x.number < :before ORDER BY x.number DESC LIMIT :limit"
MANIFEST = "SELECT statement_id FROM tracing_export_statement WHERE export_id = :id"
ENTITIES_OF = """
SELECT DISTINCT s.entity_id FROM tracing_export_statement m JOIN tracing_statement s ON s.id = m.statement_id
WHERE m.export_id = :id ORDER BY s.entity_id
"""
DECIDE = """
UPDATE tracing_export SET state = :state, decided_by = :by, decided_at = :now, seq = :seq WHERE id = :id
"""
HAND = "UPDATE tracing_export SET handed = handed + 1, handed_at = :now, seq = :seq WHERE id = :id"
TELL = "UPDATE tracing_export SET told_at = :now, seq = :seq WHERE id = :id"
CARRIED = f"""{_EXPORT} JOIN tracing_export_statement m ON m.export_id = x.id
WHERE m.statement_id = :statement_id AND x.handed > 0 ORDER BY x.number DESC LIMIT :limit"""
# What was taken back, or whose originator stopped it, after the recipient was last told of such things. A
# state's switch holds for its sites.
OVERTAKEN = """
SELECT x.id, s.id FROM tracing_export x
JOIN tracing_export_statement m ON m.export_id = x.id
JOIN tracing_statement s ON s.id = m.statement_id
WHERE x.handed > 0 AND s.withdrawn_at IS NOT NULL AND s.withdrawn_at > COALESCE(x.told_at, 0)
UNION
SELECT x.id, s.id FROM tracing_export x
JOIN tracing_export_statement m ON m.export_id = x.id
JOIN tracing_statement s ON s.id = m.statement_id
JOIN tracing_stopped t ON s.originator = t.originator OR s.originator LIKE t.originator || '-%'
WHERE x.handed > 0 AND t.at > COALESCE(x.told_at, 0)
ORDER BY 1, 2
"""
TAKEN = "SELECT local_id FROM tracing_taken WHERE foreign_id = :foreign_id"
IS_STATEMENT = "SELECT 1 FROM tracing_statement WHERE id = :id"
IS_SOURCE = "SELECT id FROM tracing_source WHERE id = :id"
ANY_TAKEN = "SELECT 1 FROM tracing_taken LIMIT 1"
ORIGIN = "SELECT foreign_id FROM tracing_taken WHERE local_id = :local_id"
ADD_TAKEN = "INSERT INTO tracing_taken (foreign_id, local_id, taken_at) VALUES (:foreign_id, :local_id, :at)"

_encoder = msgspec.json.Encoder(order="deterministic")
_selection = msgspec.json.Decoder(Selection)


class End(msgspec.Struct, frozen=True):
    """One end of a statement that names an entity: which, of what kind, by which property."""

    id: str
    kind: str
    prop: str


def recoveries_of(reader: Reader, case: str, limit: int) -> list[str]:
    """The recoveries of a case, by the reference that is worked with."""
    return [row[0] for row in reader.rows(RECOVERIES_OF, case=case, limit=limit)]


def naming(reader: Reader, entity_id: str) -> list[End]:
    """The entities that name this one, and in which property."""
    return [End(*row) for row in reader.rows(NAMING, id=entity_id)]


def named_by(reader: Reader, entity_id: str) -> list[End]:
    """The entities that this one names, and in which property."""
    return [End(*row) for row in reader.rows(NAMED_BY, id=entity_id)]


def _export(row: tuple[Any, ...]) -> Export:
    return Export(
        id=row[0], number=row[1], selection=_selection.decode(row[2]), recipient=row[3], purpose=row[4],
        format=row[5], lang=row[6], desk_case=row[7], tlp=row[8], snapshot=row[9], entities=row[10],
        statements=row[11], kept=row[12], personal=bool(row[13]), synthetic=bool(row[14]), state=row[15],
        made_by=row[16], made_at=row[17], made_on=row[18], decided_by=row[19], decided_at=row[20],
        handed=row[21], handed_at=row[22], told_at=row[23], seq=row[24],
    )  # fmt: skip


def add(tx: Tx, export: Export, statements: Iterable[str]) -> None:
    """Keeps an export with the ids of all statements in it."""
    tx.run(
        ADD, id=export.id, number=export.number, selection=_encoder.encode(export.selection).decode(),
        recipient=export.recipient, purpose=export.purpose, format=export.format, lang=export.lang,
        desk_case=export.desk_case, tlp=export.tlp, snapshot=export.snapshot, entities=export.entities,
        statements=export.statements, kept=export.kept, personal=int(export.personal),
        synthetic=int(export.synthetic), state=export.state, made_by=export.made_by, made_at=export.made_at,
        made_on=export.made_on, seq=export.seq,
    )  # fmt: skip
    tx.run_many(ADD_STATEMENT, [{"export_id": export.id, "statement_id": one} for one in statements])


def get(reader: Reader, export_id: str) -> Export:
    """Raises `NotFound("export-none")`."""
    row = reader.row(GET, id=export_id)
    if row is None:
        raise NotFound("export-none")
    return _export(row)


def page(reader: Reader, before: int, limit: int) -> list[Export]:
    """Exports with a smaller number, newest first."""
    return [_export(row) for row in reader.rows(PAGE, before=before, limit=limit)]


def manifest(reader: Reader, export_id: str) -> frozenset[str]:
    """The ids of the statements that an export was cut with."""
    return frozenset(row[0] for row in reader.rows(MANIFEST, id=export_id))


def entities_of(reader: Reader, export_id: str) -> list[str]:
    """The entities that an export was cut with."""
    return [row[0] for row in reader.rows(ENTITIES_OF, id=export_id)]


def carried(reader: Reader, statement_id: str, limit: int) -> list[Export]:
    """The exports handed out that carry a statement, newest first."""
    return [_export(row) for row in reader.rows(CARRIED, statement_id=statement_id, limit=limit)]


def overtaken(reader: Reader) -> list[Affected]:
    """The exports handed out of which something was taken back or stopped, and nobody told the recipient."""
    by_export: dict[str, list[str]] = {}
    for export_id, statement_id in reader.rows(OVERTAKEN):
        by_export.setdefault(export_id, []).append(statement_id)
    found = [Affected(export=get(reader, key), statements=tuple(ids)) for key, ids in by_export.items()]
    return sorted(found, key=lambda one: -one.export.number)


def taken(reader: Reader, foreign_id: str) -> str | None:
    """What stands here for an entity, source or statement that came from another site."""
    row = reader.row(TAKEN, foreign_id=foreign_id)
    return None if row is None else row[0]


def is_statement(reader: Reader, statement_id: str) -> bool:
    """Whether it was said here."""
    return reader.row(IS_STATEMENT, id=statement_id) is not None


def own_source(reader: Reader, source_id: str) -> str | None:
    """The id itself, where it is that of a source of ours."""
    row = reader.row(IS_SOURCE, id=source_id)
    return None if row is None else row[0]


def origins(reader: Reader, ids: Iterable[str]) -> dict[str, str]:
    """Of these ids, those that something had where it was first said; what was said here is left out."""
    if reader.row(ANY_TAKEN) is None:
        return {}
    found = ((key, reader.row(ORIGIN, local_id=key)) for key in ids)
    return {key: row[0] for key, row in found if row is not None}


def add_taken(tx: Tx, foreign_id: str, local_id: str) -> None:
    tx.run(ADD_TAKEN, foreign_id=foreign_id, local_id=local_id, at=tx.now)
