"""Entities, sources and statements in the store."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import Entity, Judgement, Opening, Source, Statement

HANDLINGS_MAX = 1_000

_ENTITY = """SELECT id, kind, number, canonical, preferred, contested, made_at, expires_at, gone_at, seq
FROM tracing_entity"""
_STATEMENT = """SELECT s.id, s.entity_id, s.prop, s.value, s.original, s.target, s.sealed_id, s.source_id,
 s.originator, s.tlp, s.releasable, s.purposes, s.onward, s.review_on, s.flag, s.by_login, s.said_at,
 s.preferred_at, s.withdrawn_at, s.seq, c.grade
FROM tracing_statement s JOIN tracing_source c ON c.id = s.source_id"""
_SOURCE = """SELECT id, kind, originator, reference, grade, words_sealed, digest, received_at, by_login,
 synthetic
FROM tracing_source"""
_JUDGEMENT = """SELECT j.id, j.left_id, j.right_id, j.verdict, w.value, j.by_login, j.at, j.undone_at,
 j.undone_by,
 j.seq
FROM tracing_judgement j LEFT JOIN sealed w ON w.id = j.why_sealed AND w.class = 'words'"""
_OPENING = """SELECT id, number, entity_id, case_ref, purpose, asked_by, asked_at, decided_by, decided_at,
 allowed,
 until_at, seq FROM tracing_opening"""

NEXT_NUMBER = """
INSERT INTO tracing_number (kind, last) VALUES (:kind, 1)
ON CONFLICT (kind) DO UPDATE SET last = tracing_number.last + 1 RETURNING last
"""
ADD_ENTITY = """
INSERT INTO tracing_entity (id, kind, number, canonical, preferred, contested, made_at, expires_at,
 gone_at, seq)
VALUES (:id, :kind, :number, :canonical, :preferred, :contested, :made_at, :expires_at, NULL, :seq)
"""
ENTITY = f"{_ENTITY} WHERE id = :id"
ENTITY_BY_REF = f"{_ENTITY} WHERE kind = :kind AND number = :number"
MEMBERS = f"{_ENTITY} WHERE canonical = :canonical"
SET_PREFERRED = """
UPDATE tracing_entity SET preferred = :preferred, contested = :contested, expires_at = :expires_at, seq = :seq
WHERE id = :id
"""
SET_CANONICAL = "UPDATE tracing_entity SET canonical = :canonical, seq = :seq WHERE id = :id"
SET_GONE = """
UPDATE tracing_entity SET gone_at = :now, expires_at = NULL, preferred = '{}', seq = :seq
WHERE id = :id
"""
EXPIRED = f"{_ENTITY} WHERE expires_at IS NOT NULL AND expires_at <= :now ORDER BY expires_at LIMIT :limit"

ADD_SOURCE = """
INSERT INTO tracing_source (id, kind, originator, reference, grade, words_sealed, digest, received_at,
 by_login, synthetic)
VALUES (:id, :kind, :originator, :reference, :grade, :words_sealed, :digest, :received_at, :by, :synthetic)
"""
SOURCE = f"{_SOURCE} WHERE id = :id"
SOURCE_BY_DIGEST = f"{_SOURCE} WHERE digest = :digest AND digest <> '' LIMIT 1"

ADD_STATEMENT = """
INSERT INTO tracing_statement (id, entity_id, prop, value, original, target, sealed_id, salt, source_id,
 originator, tlp, releasable, purposes, onward, review_on, flag, by_login, said_at, preferred_at,
 withdrawn_at, withdrawn_why, said_seq, seq)
VALUES (:id, :entity_id, :prop, :value, :original, :target, :sealed_id, :salt, :source_id, :originator,
 :tlp, :releasable, :purposes, :onward, :review_on, :flag, :by, :said_at, NULL, NULL, NULL,
 :said_seq, :seq)
"""
STATEMENT = f"{_STATEMENT} WHERE s.id = :id"
STATEMENTS_OF = f"{_STATEMENT} WHERE s.entity_id = :entity_id ORDER BY s.id"
STATEMENTS_ABOUT = f"{_STATEMENT} WHERE s.target = :target AND s.withdrawn_at IS NULL ORDER BY s.id"
PREFER = "UPDATE tracing_statement SET preferred_at = :now, seq = :seq WHERE id = :id"
WITHDRAW = """
UPDATE tracing_statement SET withdrawn_at = :now, withdrawn_why = :why, seq = :seq
WHERE id = :id AND withdrawn_at IS NULL
"""
ERASE_SAID = (
    "UPDATE tracing_statement SET value = NULL, original = NULL, salt = NULL WHERE entity_id = :entity_id"
)
RENEW_REVIEW = "UPDATE tracing_statement SET review_on = :review_on, seq = :seq WHERE id = :id"

DROP_EDGES = "DELETE FROM tracing_edge WHERE via = :via"
DROP_EDGES_AT = "DELETE FROM tracing_edge WHERE a = :id OR b = :id"
ADD_EDGE = """
INSERT INTO tracing_edge (a, b, kind, via, on_date, until_date, seq)
VALUES (:a, :b, :kind, :via, :on_date, :until_date, :seq) ON CONFLICT (a, kind, b, via) DO NOTHING
"""

SAVE_FIREARM = """
INSERT INTO tracing_firearm (id, number, recovery_id, recovery_number, type, make, model, calibre, serial,
 serial_status, country, missing, contested, recovered_on, recovered_in, sold_on, sold_in, dealer_id,
 trace_state, outcome, seq)
VALUES (:id, :number, :recovery_id, :recovery_number, :type, :make, :model, :calibre, :serial,
 :serial_status, :country, :missing, :contested, :recovered_on, :recovered_in, :sold_on, :sold_in,
 :dealer_id, 'none', NULL, :seq)
ON CONFLICT (id) DO UPDATE SET recovery_id = :recovery_id, recovery_number = :recovery_number, type =
 :type, make = :make, model = :model, calibre = :calibre, serial = :serial, serial_status = :serial_status,
 country = :country, missing = :missing, contested = :contested, recovered_on = :recovered_on, recovered_in
 = :recovered_in, sold_on = :sold_on, sold_in = :sold_in, dealer_id = :dealer_id, seq = :seq
"""
SET_TRACE = "UPDATE tracing_firearm SET trace_state = :state, outcome = :outcome, seq = :seq WHERE id = :id"
# Which firearm a sale is of stands in its statements. CROSS JOIN keeps SQLite from beginning with all sales.
SALES_OF = """
SELECT e.id, e.kind, e.number, e.canonical, e.preferred, e.contested, e.made_at, e.expires_at, e.gone_at,
 e.seq
FROM tracing_statement s CROSS JOIN tracing_entity e
WHERE s.target = :firearm_id AND s.prop = 'firearm' AND s.withdrawn_at IS NULL AND e.id = s.entity_id
 AND e.kind = 'acquisition' AND e.gone_at IS NULL ORDER BY e.id
"""
FIREARMS_IN = "SELECT id FROM tracing_firearm WHERE recovery_id = :recovery_id ORDER BY number"
COUNT_IN = """SELECT COUNT(*), SUM(CASE WHEN missing > 0 THEN 1 ELSE 0 END) FROM tracing_firearm
WHERE recovery_id = :recovery_id"""
COUNT_MATERIEL = "SELECT COUNT(*) FROM tracing_edge WHERE a = :recovery_id AND kind = 'materiel.recovery'"
SAVE_RECOVERY = """
INSERT INTO tracing_recovery (id, number, date, country, place, lat, lon, radius_m, agency, case_ref,
 disposition, legal_basis, firearms, materiel, missing, seq)
VALUES (:id, :number, :date, :country, :place, :lat, :lon, :radius_m, :agency, :case_ref, :disposition,
 :legal_basis, :firearms, :materiel, :missing, :seq)
ON CONFLICT (id) DO UPDATE SET date = :date, country = :country, place = :place, lat = :lat, lon = :lon,
 radius_m = :radius_m, agency = :agency, case_ref = :case_ref, disposition = :disposition, legal_basis =
 :legal_basis, firearms = :firearms, materiel = :materiel, missing = :missing, seq = :seq
"""

ADD_JUDGEMENT = """
INSERT INTO tracing_judgement (id, left_id, right_id, verdict, why_sealed, by_login, at, undone_at,
 undone_by, seq)
VALUES (:id, :left, :right, :verdict, :why_sealed, :by, :at, NULL, NULL, :seq)
"""
JUDGEMENT = f"{_JUDGEMENT} WHERE j.id = :id"
JUDGEMENTS_OF = f"{_JUDGEMENT} WHERE j.left_id = :id OR j.right_id = :id ORDER BY j.id"
UNDO_JUDGEMENT = "UPDATE tracing_judgement SET undone_at = :now, undone_by = :by, seq = :seq WHERE id = :id"

CONTACT = "SELECT entity_id FROM tracing_contact_key WHERE digest = :digest"
ADD_CONTACT = "INSERT INTO tracing_contact_key (digest, entity_id) VALUES (:digest, :entity_id)"
DROP_CONTACT = "DELETE FROM tracing_contact_key WHERE entity_id = :entity_id"

ADD_OPENING = """
INSERT INTO tracing_opening (id, number, entity_id, case_ref, purpose, asked_by, asked_at, decided_by,
 decided_at, allowed, until_at, seq)
VALUES (:id, :number, :entity_id, :case_ref, :purpose, :asked_by, :asked_at, NULL, NULL, NULL, NULL, :seq)
"""
OPENING = f"{_OPENING} WHERE id = :id"
OPENINGS_OF = f"{_OPENING} WHERE entity_id = :entity_id ORDER BY number DESC LIMIT :limit"
OPENINGS_WAITING = f"{_OPENING} WHERE decided_at IS NULL ORDER BY number LIMIT :limit"
DECIDE_OPENING = """
UPDATE tracing_opening SET decided_by = :by, decided_at = :now, allowed = :allowed, until_at = :until,
 seq = :seq
WHERE id = :id
"""
STOPPED = "SELECT originator FROM tracing_stopped"
STOP = """
INSERT INTO tracing_stopped (originator, at) VALUES (:originator, :at) ON CONFLICT (originator) DO NOTHING
"""
UNSTOP = "DELETE FROM tracing_stopped WHERE originator = :originator"

# The newest change of anything that a board of tracing shows; the indexes answer it.
NEWEST = """
SELECT MAX(seq) FROM (
 SELECT MAX(seq) AS seq FROM tracing_firearm
 UNION ALL SELECT MAX(seq) FROM tracing_recovery
 UNION ALL SELECT MAX(seq) FROM tracing_matching_offer
 UNION ALL SELECT MAX(seq) FROM tracing_matching_query
 UNION ALL SELECT MAX(seq) FROM tracing_judgement
 UNION ALL SELECT MAX(seq) FROM tracing_opening
 UNION ALL SELECT MAX(seq) FROM tracing_export
 UNION ALL SELECT MAX(seq) FROM trace_request
 UNION ALL SELECT MAX(seq) FROM tracing_match
 UNION ALL SELECT MAX(seq) FROM tracing_register
) AS newest
"""
# Counted from the numbers given out: to count 100,000 rows at each change would cost more than they tell.
PULSE = """
SELECT COALESCE((SELECT last FROM tracing_number WHERE kind = 'recovery'), 0),
 COALESCE((SELECT last FROM tracing_number WHERE kind = 'firearm'), 0),
 (SELECT COUNT(*) FROM tracing_opening WHERE decided_at IS NULL),
 (SELECT COUNT(*) FROM tracing_match WHERE verdict = 'none' AND withdrawn_at IS NULL)
"""

_preferred = msgspec.json.Decoder(dict[str, Any])
_encoder = msgspec.json.Encoder(order="deterministic")


def _entity(row: tuple[Any, ...]) -> Entity:
    return Entity(
        id=row[0], kind=row[1], number=row[2], canonical=row[3], preferred=_preferred.decode(row[4]),
        contested=row[5], made_at=row[6], expires_at=row[7], gone_at=row[8], seq=row[9],
    )  # fmt: skip


@lru_cache(maxsize=HANDLINGS_MAX)
def _handling(columns: tuple[Any, ...]) -> Handling:
    """Few rules stand over many statements: each is made once."""
    originator, tlp, releasable, purposes, onward, review_on = columns
    return Handling(
        originator=originator,
        tlp=tlp,
        releasable=tuple(releasable.split()),
        purposes=tuple(purposes.split()),
        onward=bool(onward),
        review_on=review_on,
    )


def _statement(row: tuple[Any, ...]) -> Statement:
    return Statement(
        id=row[0], entity_id=row[1], prop=row[2], value=row[3], original=row[4], target=row[5],
        sealed_id=row[6],
        source_id=row[7], handling=_handling(row[8:14]),
        flag=row[14], by=row[15], said_at=row[16], preferred_at=row[17],
        withdrawn_at=row[18], seq=row[19], grade=row[20],
    )  # fmt: skip


def _source(row: tuple[Any, ...]) -> Source:
    return Source(
        id=row[0], kind=row[1], originator=row[2], reference=row[3], grade=row[4], words_sealed=row[5],
        digest=row[6], received_at=row[7], by=row[8], synthetic=bool(row[9]),
    )  # fmt: skip


def _judgement(row: tuple[Any, ...]) -> Judgement:
    return Judgement(
        id=row[0], left=row[1], right=row[2], verdict=row[3], why=row[4], by=row[5], at=row[6],
        undone_at=row[7],
        undone_by=row[8], seq=row[9],
    )  # fmt: skip


def _opening(row: tuple[Any, ...]) -> Opening:
    return Opening(
        id=row[0], number=row[1], entity_id=row[2], case=row[3], purpose=row[4], asked_by=row[5],
        asked_at=row[6],
        decided_by=row[7], decided_at=row[8], allowed=None if row[9] is None else bool(row[9]), until=row[10],
        seq=row[11],
    )  # fmt: skip


def next_number(tx: Tx, kind: str) -> int:
    """The next number of a kind, never given twice."""
    found = tx.rows(NEXT_NUMBER, kind=kind)
    return int(found[0][0])


def add_entity(tx: Tx, entity: Entity) -> None:
    """A new entity with its values."""
    tx.run(
        ADD_ENTITY,
        id=entity.id,
        kind=entity.kind,
        number=entity.number,
        canonical=entity.canonical,
        preferred=_encoder.encode(entity.preferred).decode(),
        contested=entity.contested,
        made_at=entity.made_at,
        expires_at=entity.expires_at,
        seq=entity.seq,
    )


def find(reader: Reader, entity_id: str) -> Entity | None:
    """The entity, also one that is gone."""
    row = reader.row(ENTITY, id=entity_id)
    return None if row is None else _entity(row)


def get(reader: Reader, entity_id: str) -> Entity:
    """The entity; raises `NotFound("tracing-none")`, also for one that is gone."""
    found = find(reader, entity_id)
    if found is None or found.gone_at is not None:
        raise NotFound("tracing-none")
    return found


def by_ref(reader: Reader, kind: str, number: int) -> Entity | None:
    row = reader.row(ENTITY_BY_REF, kind=kind, number=number)
    return None if row is None else _entity(row)


def members(reader: Reader, canonical: str) -> list[Entity]:
    """The entities that are judged to be one."""
    return [_entity(row) for row in reader.rows(MEMBERS, canonical=canonical)]


def set_preferred(tx: Tx, entity: Entity) -> None:
    """The values that are worked with, and what follows from them."""
    tx.run(
        SET_PREFERRED,
        id=entity.id,
        preferred=_encoder.encode(entity.preferred).decode(),
        contested=entity.contested,
        expires_at=entity.expires_at,
        seq=entity.seq,
    )


def sales_of(reader: Reader, firearm_id: str) -> list[Entity]:
    """The acquisitions of a firearm."""
    return [_entity(row) for row in reader.rows(SALES_OF, firearm_id=firearm_id)]


def expired(reader: Reader, now: Instant, limit: int) -> list[Entity]:
    return [_entity(row) for row in reader.rows(EXPIRED, now=now, limit=limit)]


def add_source(tx: Tx, source: Source) -> None:
    tx.run(
        ADD_SOURCE, id=source.id, kind=source.kind, originator=source.originator, reference=source.reference,
        grade=source.grade, words_sealed=source.words_sealed, digest=source.digest,
        received_at=source.received_at,
        by=source.by, synthetic=int(source.synthetic),
    )  # fmt: skip


def source(reader: Reader, source_id: str) -> Source:
    """Raises `NotFound("tracing-source-none")`."""
    row = reader.row(SOURCE, id=source_id)
    if row is None:
        raise NotFound("tracing-source-none")
    return _source(row)


def source_by_digest(reader: Reader, digest: str) -> Source | None:
    """The source that was made from the same bytes, if there is one."""
    row = reader.row(SOURCE_BY_DIGEST, digest=digest)
    return None if row is None else _source(row)


def statement(reader: Reader, statement_id: str) -> Statement:
    """Raises `NotFound("tracing-statement-none")`."""
    row = reader.row(STATEMENT, id=statement_id)
    if row is None:
        raise NotFound("tracing-statement-none")
    return _statement(row)


def statements_of(reader: Reader, entity_id: str) -> list[Statement]:
    """All that was said of an entity, oldest first, withdrawn ones too."""
    return [_statement(row) for row in reader.rows(STATEMENTS_OF, entity_id=entity_id)]


def statements_about(reader: Reader, target: str) -> list[Statement]:
    """All that stands and names this entity."""
    return [_statement(row) for row in reader.rows(STATEMENTS_ABOUT, target=target)]


def add_statements(tx: Tx, laid: Sequence[tuple[Statement, bytes | None]]) -> None:
    """New statements, each with the salt of its commitment (None where the value is sealed)."""
    tx.run_many(
        ADD_STATEMENT,
        [
            {
                "id": said.id,
                "entity_id": said.entity_id,
                "prop": said.prop,
                "value": said.value,
                "original": said.original,
                "target": said.target,
                "sealed_id": said.sealed_id,
                "salt": salt,
                "source_id": said.source_id,
                "originator": said.handling.originator,
                "tlp": said.handling.tlp,
                "releasable": " ".join(said.handling.releasable),
                "purposes": " ".join(said.handling.purposes),
                "onward": int(said.handling.onward),
                "review_on": said.handling.review_on,
                "flag": said.flag,
                "by": said.by,
                "said_at": said.said_at,
                "said_seq": said.seq,
                "seq": said.seq,
            }
            for said, salt in laid
        ],
    )


def replace_edges(
    tx: Tx,
    via: str,
    edges: Sequence[tuple[str, str, str]],
    on_date: str | None,
    until_date: str | None,
    *,
    fresh: bool = False,
) -> None:
    """The edges that `via` makes, in place of those that it made before; each is kept both ways.

    `fresh`: it made none before.
    """
    if not fresh:
        tx.run(DROP_EDGES, via=via)
    rows = [
        {
            "a": a,
            "b": b,
            "kind": kind,
            "via": via,
            "on_date": on_date,
            "until_date": until_date,
            "seq": tx.seq,
        }
        for left, right, kind in edges
        for a, b in ((left, right), (right, left))
    ]
    if rows:
        tx.run_many(ADD_EDGE, rows)


def judgement(reader: Reader, judgement_id: str) -> Judgement:
    """Raises `NotFound("tracing-judgement-none")`."""
    row = reader.row(JUDGEMENT, id=judgement_id)
    if row is None:
        raise NotFound("tracing-judgement-none")
    return _judgement(row)


def judgements_of(reader: Reader, entity_id: str) -> list[Judgement]:
    return [_judgement(row) for row in reader.rows(JUDGEMENTS_OF, id=entity_id)]


def opening(reader: Reader, opening_id: str) -> Opening:
    """Raises `NotFound("tracing-opening-none")`."""
    row = reader.row(OPENING, id=opening_id)
    if row is None:
        raise NotFound("tracing-opening-none")
    return _opening(row)


def openings_of(reader: Reader, entity_id: str, limit: int) -> list[Opening]:
    return [_opening(row) for row in reader.rows(OPENINGS_OF, entity_id=entity_id, limit=limit)]


def openings_waiting(reader: Reader, limit: int) -> list[Opening]:
    return [_opening(row) for row in reader.rows(OPENINGS_WAITING, limit=limit)]


def stopped(reader: Reader) -> frozenset[str]:
    """The originators that stopped all onward use of what they released."""
    return frozenset(row[0] for row in reader.rows(STOPPED))
