"""The boards, what may be one, and imported files, in the store.

Each board is read in the order of an index: by the one filter that narrows most, the others looked at on the
way. A filter that is not asked for is the empty text.
"""

from typing import Any

import msgspec

from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.tracing.recoveries.model import (
    FirearmFilter,
    FirearmLine,
    RecoveryFilter,
    RecoveryLine,
    firearm_line,
    recovery_line,
)

_RECOVERY = """SELECT id, seq, number, date, country, place, lat, lon, radius_m, agency, case_ref,
disposition,
 legal_basis, firearms, materiel, missing FROM tracing_recovery"""
_FIREARM = """SELECT id, seq, number, recovery_id, recovery_number, type, make, model, calibre, serial,
 serial_status, country, missing, contested, recovered_on, recovered_in, sold_on, sold_in, dealer_id,
 trace_state, outcome FROM tracing_firearm"""

_FIREARM_REST = """number < :before
 AND (:state = '' OR trace_state = :state) AND (:make = '' OR make = :make)
 AND (:calibre = '' OR calibre = :calibre) AND (:country = '' OR recovered_in = :country)
 AND (:made_in = '' OR country = :made_in) AND (:incomplete = 0 OR missing > 0)
 AND (:contested = 0 OR contested > 0)
ORDER BY number DESC LIMIT :limit"""
FIREARMS = f"{_FIREARM} WHERE {_FIREARM_REST}"
FIREARMS_STATE = f"{_FIREARM} WHERE trace_state = :state AND {_FIREARM_REST}"
FIREARMS_MAKE = f"{_FIREARM} WHERE make = :make AND {_FIREARM_REST}"
FIREARMS_CALIBRE = f"{_FIREARM} WHERE calibre = :calibre AND {_FIREARM_REST}"
FIREARMS_COUNTRY = f"{_FIREARM} WHERE recovered_in = :country AND {_FIREARM_REST}"
FIREARMS_MADE_IN = f"{_FIREARM} WHERE country = :made_in AND {_FIREARM_REST}"
FIREARMS_INCOMPLETE = f"{_FIREARM} WHERE missing > 0 AND {_FIREARM_REST}"
FIREARMS_CONTESTED = f"{_FIREARM} WHERE contested > 0 AND {_FIREARM_REST}"
_FIREARM_FOUND = """id IN (
 SELECT id FROM tracing_firearm WHERE number = :firearm
 UNION SELECT id FROM tracing_firearm
  WHERE recovery_id IN (SELECT id FROM tracing_recovery WHERE number = :recovery)
 UNION SELECT id FROM tracing_firearm WHERE serial >= :serial AND serial < :serial_end
)"""
FIREARMS_FOUND = f"{_FIREARM} WHERE {_FIREARM_FOUND} AND {_FIREARM_REST}"

_RECOVERY_REST = """(:country = '' OR country = :country)
 AND (:disposition = '' OR disposition = :disposition) AND (:incomplete = 0 OR missing > 0)"""
_DATED = f"""date <= :until AND date >= :since_year
 AND (date >= :since OR date = :since_month OR date = :since_year) AND (date, number) < (:date, :number)
 AND {_RECOVERY_REST} ORDER BY date DESC, number DESC LIMIT :limit"""
_UNDATED = f"date IS NULL AND number < :number AND {_RECOVERY_REST} ORDER BY number DESC LIMIT :limit"
_FOUND = """id IN (
 SELECT id FROM tracing_recovery WHERE number = :recovery
 UNION SELECT recovery_id FROM tracing_firearm WHERE number = :firearm
 UNION SELECT id FROM tracing_recovery WHERE LOWER(case_ref) >= :text AND LOWER(case_ref) < :text_end
 UNION SELECT id FROM tracing_recovery WHERE LOWER(agency) >= :text AND LOWER(agency) < :text_end
 UNION SELECT id FROM tracing_recovery WHERE LOWER(agency) >= :ascii AND LOWER(agency) < :ascii_end
 UNION SELECT recovery_id FROM tracing_firearm WHERE serial >= :serial AND serial < :serial_end
)"""
RECOVERIES = f"{_RECOVERY} WHERE {_DATED}"
RECOVERIES_COUNTRY = f"{_RECOVERY} WHERE country = :country AND {_DATED}"
RECOVERIES_INCOMPLETE = f"{_RECOVERY} WHERE missing > 0 AND {_DATED}"
RECOVERIES_FOUND = f"{_RECOVERY} WHERE {_FOUND} AND {_DATED}"
UNDATED = f"{_RECOVERY} WHERE {_UNDATED}"
UNDATED_COUNTRY = f"{_RECOVERY} WHERE country = :country AND {_UNDATED}"
UNDATED_INCOMPLETE = f"{_RECOVERY} WHERE missing > 0 AND {_UNDATED}"
UNDATED_FOUND = f"{_RECOVERY} WHERE {_FOUND} AND {_UNDATED}"

RECOVERY = f"{_RECOVERY} WHERE id = :id"
FIREARM = f"{_FIREARM} WHERE id = :id"
FIREARMS_OF = f"{_FIREARM} WHERE recovery_id = :recovery_id ORDER BY number LIMIT :limit"
MATERIEL_OF = """SELECT e.b FROM tracing_edge e JOIN tracing_entity m ON m.id = e.b
WHERE e.a = :recovery_id AND e.kind = 'materiel.recovery' AND m.gone_at IS NULL ORDER BY m.number LIMIT
:limit"""
FLAGS_OF = """SELECT prop, value, original, flag FROM tracing_statement
WHERE entity_id = :entity_id AND flag IS NOT NULL AND withdrawn_at IS NULL ORDER BY id"""

_UNJUDGED = """NOT EXISTS (
 SELECT 1 FROM tracing_judgement j WHERE j.undone_at IS NULL AND j.verdict <> 'unsure'
  AND (j.left_id = :id AND j.right_id = o.id OR j.right_id = :id AND j.left_id = o.id))"""
_SAME_SERIAL = """SELECT o.id, o.number, o.make, o.serial, o.recovery_number FROM tracing_firearm o
WHERE o.serial = :serial AND o.make = :make AND o.id <> :id"""
_SAME_CASE = """SELECT o.id, o.number, o.case_ref, o.date, o.agency FROM tracing_recovery o
WHERE o.case_ref = :case AND o.date = :date AND o.agency = :agency AND o.id <> :id"""
SAME_SERIAL = f"{_SAME_SERIAL} AND {_UNJUDGED} ORDER BY o.number LIMIT :limit"
SAME_CASE = f"{_SAME_CASE} AND {_UNJUDGED} ORDER BY o.number LIMIT :limit"
TIMED = "SELECT COUNT(*) FROM tracing_firearm WHERE sold_on IS NOT NULL AND recovered_on IS NOT NULL"

_IMPORT = """SELECT digest, id, file, mapping, mapping_digest, row_count, bad_count, rows_done, made,
stated, known,
 by_login, began_at, done_at FROM tracing_import"""
IMPORT = f"{_IMPORT} WHERE digest = :digest"
IMPORTS = f"{_IMPORT} ORDER BY began_at DESC LIMIT :limit"
ADD_IMPORT = """
INSERT INTO tracing_import (digest, id, file, mapping, mapping_digest, row_count, bad_count, rows_done,
made, stated,
 known, by_login, began_at, done_at, seq)
VALUES (:digest, :id, :file, :mapping, :mapping_digest, :rows, :bad, 0, 0, 0, 0, :by, :now, NULL, :seq)
"""
MOVE_IMPORT = """
UPDATE tracing_import SET rows_done = :rows_done, bad_count = :bad, made = made + :made, stated = stated +
:stated,
 known = known + :known, seq = :seq WHERE digest = :digest
"""
END_IMPORT = "UPDATE tracing_import SET done_at = :now, seq = :seq WHERE digest = :digest"

KEY = """SELECT k.entity_id FROM tracing_import_key k JOIN tracing_entity e ON e.id = k.entity_id
WHERE k.digest = :digest AND e.gone_at IS NULL"""
SET_KEY = """
INSERT INTO tracing_import_key (digest, entity_id) VALUES (:digest, :entity_id)
ON CONFLICT (digest) DO UPDATE SET entity_id = :entity_id
"""
# Withdrawn ones too: what was taken back as wrong is not said again by the next edition of the file.
SAID = "SELECT prop, value FROM tracing_statement WHERE entity_id = :entity_id"

ABOVE = 2**62
"""Above every number."""
LAST = "\uffff"
"""Behind every character of a serial, a case or an agency."""
LAST_DAY = "9999-99-99"
"""Behind every day."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What a query looks for, each in its own column; -1 and `LAST` find nothing.

    `text`: in small letters. `ascii`: only A to Z in small letters, which is all that LOWER does in some
    stores.
    """

    recovery: int = -1
    firearm: int = -1
    serial: str = LAST
    text: str = LAST
    ascii: str = LAST

    @property
    def params(self) -> dict[str, Any]:
        return {
            "recovery": self.recovery, "firearm": self.firearm,
            "serial": self.serial, "serial_end": self.serial + LAST,
            "text": self.text, "text_end": self.text + LAST,
            "ascii": self.ascii, "ascii_end": self.ascii + LAST,
        }  # fmt: skip


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came in, or began to."""

    digest: str
    id: str
    file: str
    mapping: str
    mapping_digest: str
    rows: int
    bad: int
    rows_done: int
    made: int
    stated: int
    known: int
    by: str
    began_at: Instant
    done_at: Instant | None


def firearms(
    reader: Reader, asked: FirearmFilter, sought: Sought | None, before: int, limit: int
) -> list[FirearmLine]:
    """Newest first, by number."""
    params: dict[str, Any] = {
        "before": before, "limit": limit, "state": asked.state, "make": asked.make, "calibre": asked.calibre,
        "country": asked.country, "made_in": asked.made_in, "incomplete": int(asked.incomplete),
        "contested": int(asked.contested),
    }  # fmt: skip
    statement = FIREARMS
    if sought is not None:
        statement = FIREARMS_FOUND
        params |= {name: sought.params[name] for name in ("recovery", "firearm", "serial", "serial_end")}
    elif asked.contested:
        statement = FIREARMS_CONTESTED
    elif asked.make:
        statement = FIREARMS_MAKE
    elif asked.calibre:
        statement = FIREARMS_CALIBRE
    elif asked.country:
        statement = FIREARMS_COUNTRY
    elif asked.made_in:
        statement = FIREARMS_MADE_IN
    elif asked.state:
        statement = FIREARMS_STATE
    elif asked.incomplete:
        statement = FIREARMS_INCOMPLETE
    return [firearm_line(row) for row in reader.rows(statement, **params)]


def recoveries(
    reader: Reader, asked: RecoveryFilter, sought: Sought | None, after: tuple[str | None, int], limit: int
) -> list[RecoveryLine]:
    """Newest first, by day and number; behind them those whose day nobody stated, where no days are asked
    for.

    `after`: the last one's (day, number); (None, number) among those without a day.
    """
    params: dict[str, Any] = {
        "country": asked.country, "disposition": asked.disposition, "incomplete": int(asked.incomplete),
    }  # fmt: skip
    dated, undated = RECOVERIES, UNDATED
    if sought is not None:
        dated, undated = RECOVERIES_FOUND, UNDATED_FOUND
        params |= sought.params
    elif asked.country:
        dated, undated = RECOVERIES_COUNTRY, UNDATED_COUNTRY
    elif asked.incomplete:
        dated, undated = RECOVERIES_INCOMPLETE, UNDATED_INCOMPLETE
    found: list[RecoveryLine] = []
    day, number = after
    if day is not None:
        days = {
            # What comes after a day is not later than it: said so, the index is entered there.
            "until": min(asked.until or LAST_DAY, day), "since": asked.since, "since_month": asked.since[:7],
            "since_year": asked.since[:4], "date": day, "number": number, "limit": limit,
        }  # fmt: skip
        found = [recovery_line(row) for row in reader.rows(dated, **params, **days)]
        number = ABOVE
    if len(found) < limit and not asked.since and not asked.until:
        rows = reader.rows(undated, **params, number=number, limit=limit - len(found))
        found += [recovery_line(row) for row in rows]
    return found


def recovery(reader: Reader, recovery_id: str) -> RecoveryLine | None:
    row = reader.row(RECOVERY, id=recovery_id)
    return None if row is None else recovery_line(row)


def firearm(reader: Reader, firearm_id: str) -> FirearmLine | None:
    row = reader.row(FIREARM, id=firearm_id)
    return None if row is None else firearm_line(row)


def firearms_of(reader: Reader, recovery_id: str, limit: int) -> list[FirearmLine]:
    return [firearm_line(row) for row in reader.rows(FIREARMS_OF, recovery_id=recovery_id, limit=limit)]


def materiel_of(reader: Reader, recovery_id: str, limit: int) -> list[str]:
    """Ids of a recovery's other materiel, in the order of their numbers."""
    return [row[0] for row in reader.rows(MATERIEL_OF, recovery_id=recovery_id, limit=limit)]


def _imported(row: tuple[Any, ...]) -> Imported:
    return Imported(
        digest=row[0], id=row[1], file=row[2], mapping=row[3], mapping_digest=row[4], rows=row[5], bad=row[6],
        rows_done=row[7], made=row[8], stated=row[9], known=row[10], by=row[11], began_at=row[12],
        done_at=row[13],
    )  # fmt: skip


def imported(reader: Reader, digest: str) -> Imported | None:
    """The import of the same bytes, if there is one."""
    row = reader.row(IMPORT, digest=digest)
    return None if row is None else _imported(row)


def imports(reader: Reader, limit: int) -> list[Imported]:
    """The newest first."""
    return [_imported(row) for row in reader.rows(IMPORTS, limit=limit)]


def known(reader: Reader, digest: str) -> str | None:
    """The entity that a source's key stands for, unless it is gone."""
    row = reader.row(KEY, digest=digest)
    return None if row is None else row[0]


def said(reader: Reader, entity_id: str) -> set[tuple[str, str | None]]:
    """(property, value) of all that was ever said of an entity; sealed values as None."""
    return {(row[0], row[1]) for row in reader.rows(SAID, entity_id=entity_id)}


def set_key(tx: Tx, digest: str, entity_id: str) -> None:
    tx.run(SET_KEY, digest=digest, entity_id=entity_id)
