"""Registers, their entries and matches in the store."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.tracing.handling import Handling
from lanbi.tracing.matches.model import (
    RANK_TOP,
    Entry,
    Match,
    MatchKind,
    MatchVerdict,
    Register,
    Side,
    base_of,
    pair_key,
)

_REGISTER = """SELECT id, number, name, kind, state, source_id, originator, tlp, releasable, purposes, onward,
 review_on, digest, synthetic, entries, skipped, repeated, last_n, imported_at, refreshed_at, by_login,
 withdrawn_at, withdrawn_by, withdrawn_why, cleared_n, seq FROM tracing_register"""
_ENTRY = "SELECT n, marks, make, model, calibre, type, reference, flags, written FROM tracing_register_entry"
_MATCH = """SELECT m.id, m.number, m.kind, m.firearm_id, m.other_id, m.register_id, m.entry_n, m.score,
 m.rank, m.near_count, m.of_count, m.reading, m.held, m.alignment, m.parts, m.proposed_at, m.withdrawn_at,
 m.withdrawn_why, m.verdict, m.decided_by, m.decided_at, w.value, m.judgement_id, m.statements, m.undone_at,
 m.seq
FROM tracing_match m LEFT JOIN sealed w ON w.id = m.why_sealed AND w.class = 'words'"""

ADD_REGISTER = """
INSERT INTO tracing_register (id, number, name, kind, state, source_id, originator, tlp, releasable, purposes,
 onward, review_on, digest, synthetic, entries, skipped, repeated, last_n, imported_at, refreshed_at,
 by_login, withdrawn_at, withdrawn_by, withdrawn_why, cleared_n, seq)
VALUES (:id, :number, :name, :kind, 'importing', NULL, :originator, :tlp, :releasable, :purposes, :onward,
 :review_on, :digest, :synthetic, 0, 0, 0, :last_n, :now, :now, :by, NULL, NULL, NULL, NULL, :seq)
"""
TOUCH_REGISTER = """
UPDATE tracing_register SET last_n = :last_n, refreshed_at = :now WHERE id = :id AND state = 'importing'
"""
FINISH_REGISTER = """
UPDATE tracing_register SET state = 'standing', source_id = :source_id, entries = :entries, skipped =
 :skipped, repeated = :repeated, imported_at = :now, refreshed_at = :now, seq = :seq WHERE id = :id AND state
 = 'importing'
"""
WITHDRAW_REGISTER = """
UPDATE tracing_register SET state = 'withdrawn', withdrawn_at = :now, withdrawn_by = :by, withdrawn_why =
 :why, cleared_n = :base, seq = :seq WHERE id = :id
"""
# What was never taken in whole keeps its seq of 0: nobody ever saw it, and it goes without a trace.
ABANDON_REGISTER = """
UPDATE tracing_register SET state = 'withdrawn', cleared_n = :base WHERE id = :id AND state = 'importing'
"""
REGISTER = f"{_REGISTER} WHERE id = :id"
REGISTER_NUMBERED = f"{_REGISTER} WHERE number = :number"
REGISTERS = f"""{_REGISTER} WHERE state <> 'importing' AND seq > 0 AND number < :before
ORDER BY number DESC LIMIT :limit"""
STANDING = f"{_REGISTER} WHERE state = 'standing' ORDER BY number"
STANDING_DIGEST = f"{_REGISTER} WHERE digest = :digest AND state = 'standing'"
ABANDONED = f"{_REGISTER} WHERE state = 'importing' AND refreshed_at < :before ORDER BY number"
TO_CLEAR = f"""{_REGISTER} WHERE state = 'withdrawn' AND (cleared_n < last_n OR seq = 0)
ORDER BY number LIMIT 1"""
CLEARED = "UPDATE tracing_register SET cleared_n = :n WHERE id = :id"
DROP_UNFINISHED = "DELETE FROM tracing_register WHERE id = :id AND seq = 0"
STANDING_ENTRIES = "SELECT COALESCE(SUM(entries), 0) FROM tracing_register WHERE state = 'standing'"
NEWEST_REGISTER = "SELECT COALESCE(MAX(number), 0) FROM tracing_register WHERE state = 'standing'"

ADD_ENTRY = """
INSERT INTO tracing_register_entry (n, marks, make, model, calibre, type, reference, flags, written)
VALUES (:n, :marks, :make, :model, :calibre, :type, :reference, :flags, :written)
"""
ENTRY = f"{_ENTRY} WHERE n = :n"
ENTRIES_FOR_INDEX = """
SELECT n, marks, make, model, calibre, type FROM tracing_register_entry
WHERE n > :after AND n <= :last ORDER BY n LIMIT :limit
"""
DROP_ENTRIES = "DELETE FROM tracing_register_entry WHERE n > :after AND n <= :last"

# Whatever was recorded or changed comes by its entry; several may share one.
CHANGED = """
SELECT id, number, seq, serial, make, model, calibre, type FROM tracing_firearm
WHERE seq >= :seq AND (seq > :seq OR id > :id) ORDER BY seq, id LIMIT :limit
"""
FIREARM = "SELECT id, number, seq, serial, make, model, calibre, type FROM tracing_firearm WHERE id = :id"
FIREARM_NUMBERED = """
SELECT id, number, seq, serial, make, model, calibre, type FROM tracing_firearm WHERE number = :number
"""
COUNT_FIREARMS = "SELECT COUNT(*) FROM tracing_firearm"
NEWEST_FIREARM = "SELECT COALESCE(MAX(seq), 0) FROM tracing_firearm"
CLUSTER = """
SELECT f.number FROM tracing_entity e JOIN tracing_entity m ON m.canonical = e.canonical
JOIN tracing_firearm f ON f.id = m.id WHERE e.id = :id
"""
CANONICAL = "SELECT canonical FROM tracing_entity WHERE id = :id"
JUDGED = """
SELECT 1 FROM tracing_judgement WHERE undone_at IS NULL
 AND ((left_id = :one AND right_id = :other) OR (left_id = :other AND right_id = :one)) LIMIT 1
"""
WHY_OF_JUDGEMENT = "SELECT why_sealed FROM tracing_judgement WHERE id = :id"

CURSOR = "SELECT seq, id FROM tracing_match_cursor WHERE one = 1"
SET_CURSOR = """
INSERT INTO tracing_match_cursor (one, seq, id) VALUES (1, :seq, :id)
ON CONFLICT (one) DO UPDATE SET seq = :seq, id = :id
"""
LOOK = "SELECT reading, registers FROM tracing_match_look WHERE firearm_id = :id"
SAVE_LOOK = """
INSERT INTO tracing_match_look (firearm_id, reading, registers, newest, looked_at, again)
VALUES (:id, :reading, :registers, :newest, :now, :again)
ON CONFLICT (firearm_id) DO UPDATE SET reading = :reading, registers = :registers, newest = :newest,
 looked_at = :now, again = :again
"""
LOOK_AGAIN = """
UPDATE tracing_match_look SET reading = '', newest = -1, looked_at = 0, again = 1 WHERE firearm_id = :id
"""
TO_LOOK_AGAIN = """
SELECT firearm_id FROM tracing_match_look
WHERE again = 1 AND looked_at < :before AND newest < :newest ORDER BY looked_at, firearm_id LIMIT :limit
"""
FOUND_BY = """
SELECT DISTINCT firearm_id FROM tracing_match WHERE other_id = :id AND verdict = 'none' AND withdrawn_at IS
 NULL
ORDER BY firearm_id LIMIT :limit
"""

ADD_MATCH = """
INSERT INTO tracing_match (id, number, kind, pair, marks, held_marks, firearm_id, other_id, register_id,
 entry_n, score, rank, near_count, of_count, reading, held, alignment, parts, proposed_at, withdrawn_at,
 withdrawn_why, verdict, decided_by, decided_at, why_sealed, judgement_id, statements, undone_at, seq)
VALUES (:id, :number, :kind, :pair, :marks, :held_marks, :firearm_id, :other_id, :register_id, :entry_n,
 :score, :rank, :near, :of, :reading, :held, :alignment, :parts, :now, NULL, NULL, 'none', NULL, NULL, NULL,
 NULL, '', NULL, :seq)
"""
PROPOSE_AGAIN = """
UPDATE tracing_match SET kind = :kind, score = :score, rank = :rank, near_count = :near, of_count = :of,
 reading = :reading, held = :held, alignment = :alignment, parts = :parts, withdrawn_at = NULL,
 withdrawn_why = NULL, seq = :seq WHERE id = :id
"""
MATCH = f"{_MATCH} WHERE m.id = :id"
MATCHES_OF_PAIR = f"{_MATCH} WHERE m.pair = :pair ORDER BY m.number"
MATCHES_OF_JUDGEMENT = f"{_MATCH} WHERE m.judgement_id = :id ORDER BY m.number"
OPEN_OF = f"""{_MATCH} WHERE m.firearm_id = :id AND m.verdict = 'none' AND m.withdrawn_at IS NULL
ORDER BY m.number"""
WITHDRAW_MATCH = """
UPDATE tracing_match SET withdrawn_at = :now, withdrawn_why = :why, seq = :seq WHERE id = :id
"""
# What a register that was withdrawn says is gone from what nobody decided on.
WITHDRAW_REGISTER_MATCHES = """
UPDATE tracing_match SET withdrawn_at = COALESCE(withdrawn_at, :now), withdrawn_why = 'register', held =
 :empty, held_marks = id, alignment = '[]', parts = '[]', seq = :seq WHERE register_id = :id AND verdict =
 'none'
"""
BLANK_MATCH = """
UPDATE tracing_match SET withdrawn_why = 'register', held = :empty, held_marks = id, alignment = '[]',
 parts = '[]' WHERE id = :id
"""
MARK_REGISTER_MATCHES = "UPDATE tracing_match SET seq = :seq WHERE register_id = :id AND verdict <> 'none'"
DECIDE = """
UPDATE tracing_match SET verdict = :verdict, decided_by = :by, decided_at = :now, why_sealed = :why,
 judgement_id = :judgement, statements = :statements, undone_at = NULL, seq = :seq WHERE id = :id
"""
UNDO = """
UPDATE tracing_match SET verdict = 'none', decided_by = NULL, decided_at = NULL, why_sealed = NULL,
 judgement_id = NULL, statements = '', undone_at = :now, withdrawn_at = :withdrawn_at, seq = :seq WHERE id =
 :id
"""
_AFTER = """m.withdrawn_at IS NULL AND m.rank <= :rank AND (m.rank < :rank OR m.number < :number)
 AND (:kind = '' OR m.kind = :kind) ORDER BY m.rank DESC, m.number DESC LIMIT :limit"""
PAGE = f"{_MATCH} WHERE m.verdict = :verdict AND {_AFTER}"
PAGE_ALL = f"{_MATCH} WHERE {_AFTER}"
PAGE_OF = f"""{_MATCH} WHERE (m.firearm_id = :firearm_id OR m.other_id = :firearm_id)
 AND (:verdict = '' OR m.verdict = :verdict) AND {_AFTER}"""
STATEMENTS_MADE = """
SELECT id FROM tracing_statement WHERE entity_id = :entity_id AND source_id = :source_id AND seq = :seq ORDER
 BY id
"""
STANDING_STATEMENT = "SELECT 1 FROM tracing_statement WHERE id = :id AND withdrawn_at IS NULL"
STATED_BY = """
SELECT id FROM tracing_statement WHERE source_id = :source_id AND withdrawn_at IS NULL ORDER BY id LIMIT
 :limit
"""
WAITING = "SELECT COUNT(*) FROM tracing_match WHERE verdict = 'none' AND withdrawn_at IS NULL"

_written = msgspec.json.Decoder(dict[str, str])
_side = msgspec.json.Decoder(Side)
_rows = msgspec.json.Decoder(list[dict[str, Any]])
_encoder = msgspec.json.Encoder(order="deterministic")


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A recovered firearm as it is searched."""

    id: str
    number: int
    seq: int
    side: Side


# -- registers -----------------------------------------------------------------------------


def _register(row: tuple[Any, ...]) -> Register:
    handling = Handling(
        originator=row[6], tlp=row[7], releasable=tuple(row[8].split()), purposes=tuple(row[9].split()),
        onward=bool(row[10]), review_on=row[11],
    )  # fmt: skip
    return Register(
        id=row[0], number=row[1], name=row[2], kind=row[3], state=row[4], source_id=row[5], handling=handling,
        digest=row[12], synthetic=bool(row[13]), entries=row[14], skipped=row[15], repeated=row[16],
        last_n=row[17], imported_at=row[18], refreshed_at=row[19], by=row[20], withdrawn_at=row[21],
        withdrawn_by=row[22], withdrawn_why=row[23], cleared_n=row[24], seq=row[25],
    )  # fmt: skip


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(
        n=row[0], marks=row[1], make=row[2], model=row[3], calibre=row[4], type=row[5], reference=row[6],
        flags=tuple(row[7].split()), written={} if row[8] is None else _written.decode(row[8]),
    )  # fmt: skip


def add_register(
    tx: Tx,
    *,
    register_id: str,
    number: int,
    name: str,
    kind: str,
    handling: Handling,
    digest: str,
    synthetic: bool,
) -> None:
    """A register that nobody sees yet; its seq is 0 until it stands."""
    tx.run(
        ADD_REGISTER,
        id=register_id,
        number=number,
        name=name,
        kind=kind,
        originator=handling.originator,
        tlp=handling.tlp,
        releasable=" ".join(handling.releasable),
        purposes=" ".join(handling.purposes),
        onward=int(handling.onward),
        review_on=handling.review_on,
        digest=digest,
        synthetic=int(synthetic),
        last_n=base_of(number),
        now=tx.now,
        by=tx.actor.id,
        seq=0,
    )


def register(reader: Reader, register_id: str) -> Register:
    """Raises `NotFound("register-none")`."""
    row = reader.row(REGISTER, id=register_id)
    if row is None:
        raise NotFound("register-none")
    return _register(row)


def register_numbered(reader: Reader, number: int) -> Register | None:
    row = reader.row(REGISTER_NUMBERED, number=number)
    return None if row is None else _register(row)


def registers(reader: Reader, sql: str, **asked: Any) -> list[Register]:
    """Registers by one of the queries above."""
    return [_register(row) for row in reader.rows(sql, **asked)]


def entry_values(n: int, marks: str, *, described: Any, reference: str | None, flags: Iterable[str],
                 written: dict[str, str]) -> dict[str, Any]:  # fmt: skip
    """The parameters of `ADD_ENTRY`; `described`: has make, model, calibre and type."""
    return {
        "n": n,
        "marks": marks,
        "make": described.make,
        "model": described.model,
        "calibre": described.calibre,
        "type": described.type,
        "reference": reference,
        "flags": " ".join(flags),
        "written": _encoder.encode(written).decode() if written else None,
    }


def entry(reader: Reader, n: int) -> Entry | None:
    row = reader.row(ENTRY, n=n)
    return None if row is None else _entry(row)


# -- firearms ------------------------------------------------------------------------------


def _looked(row: tuple[Any, ...]) -> Looked:
    side = Side(marks=row[3] or "", make=row[4], model=row[5], calibre=row[6], type=row[7])
    return Looked(id=row[0], number=row[1], seq=row[2], side=side)


def changed(reader: Reader, seq: int, after: str, limit: int) -> list[Looked]:
    """Firearms that were recorded or changed after this place, in the order of the record."""
    return [_looked(row) for row in reader.rows(CHANGED, seq=seq, id=after, limit=limit)]


def firearm(reader: Reader, firearm_id: str) -> Looked | None:
    row = reader.row(FIREARM, id=firearm_id)
    return None if row is None else _looked(row)


def firearm_numbered(reader: Reader, number: int) -> Looked | None:
    row = reader.row(FIREARM_NUMBERED, number=number)
    return None if row is None else _looked(row)


def cluster(reader: Reader, firearm_id: str) -> set[int]:
    """The numbers of those that are judged to be one with it, its own among them."""
    return {row[0] for row in reader.rows(CLUSTER, id=firearm_id)}


# -- matches -------------------------------------------------------------------------------


def _match(row: tuple[Any, ...]) -> Match:
    return Match(
        id=row[0], number=row[1], kind=row[2], firearm_id=row[3], other_id=row[4], register_id=row[5],
        entry_n=row[6], score=row[7], rank=row[8], near=row[9], of=row[10], reading=_side.decode(row[11]),
        held=_side.decode(row[12]), alignment=_rows.decode(row[13]), parts=_rows.decode(row[14]),
        proposed_at=row[15], withdrawn_at=row[16], withdrawn_why=row[17], verdict=row[18], decided_by=row[19],
        decided_at=row[20], why=row[21], judgement_id=row[22], statements=tuple(row[23].split()),
        undone_at=row[24], seq=row[25],
    )  # fmt: skip


def match(reader: Reader, match_id: str) -> Match:
    """Raises `NotFound("match-none")`."""
    row = reader.row(MATCH, id=match_id)
    if row is None:
        raise NotFound("match-none")
    return _match(row)


def matches(reader: Reader, sql: str, **asked: Any) -> list[Match]:
    """Matches by one of the queries above."""
    return [_match(row) for row in reader.rows(sql, **asked)]


def page(
    reader: Reader,
    *,
    verdict: MatchVerdict | None,
    kind: MatchKind | None,
    firearm_id: str | None,
    before: tuple[int, int] | None,
    limit: int,
) -> list[Match]:
    """Those that stand, best first; `before`: rank and number of the last one seen."""
    rank, number = before or (RANK_TOP, RANK_TOP)
    asked: dict[str, Any] = {"rank": rank, "number": number, "kind": kind or "", "limit": limit}
    if firearm_id is not None:
        return matches(reader, PAGE_OF, firearm_id=firearm_id, verdict=verdict or "", **asked)
    if verdict is not None:
        return matches(reader, PAGE, verdict=verdict, **asked)
    return matches(reader, PAGE_ALL, **asked)


def match_values(
    *,
    kind: MatchKind,
    firearm_id: str,
    other_id: str | None,
    register_id: str | None,
    entry_n: int | None,
    reading: Side,
    held: Side,
    score: float,
    rank: int,
    near: int,
    of: int,
    alignment: Sequence[dict[str, Any]],
    parts: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The parameters that `ADD_MATCH` and `PROPOSE_AGAIN` share."""
    return {
        "kind": kind, "pair": pair_key(firearm_id, other_id, entry_n), "marks": reading.marks,
        "held_marks": held.marks, "firearm_id": firearm_id, "other_id": other_id, "register_id": register_id,
        "entry_n": entry_n, "score": score, "rank": rank, "near": near, "of": of,
        "reading": _encoder.encode(reading).decode(), "held": _encoder.encode(held).decode(),
        "alignment": _encoder.encode(alignment).decode(), "parts": _encoder.encode(parts).decode(),
    }  # fmt: skip


def side_text(side: Side) -> str:
    """What a firearm was searched with, as text that is the same only for the same."""
    return _encoder.encode(side).decode()


EMPTY_SIDE = side_text(Side(marks=""))


def decide(
    tx: Tx,
    match_id: str,
    verdict: MatchVerdict,
    *,
    why: str | None,
    judgement_id: str | None,
    statements: Sequence[str] = (),
) -> None:
    tx.run(
        DECIDE, id=match_id, verdict=verdict, by=tx.actor.id, now=tx.now, why=why, judgement=judgement_id,
        statements=" ".join(statements), seq=tx.seq,
    )  # fmt: skip


def undo(tx: Tx, match_id: str, withdrawn_at: Instant | None) -> None:
    tx.run(UNDO, id=match_id, now=tx.now, withdrawn_at=withdrawn_at, seq=tx.seq)
