"""Tips in the store: numbers, grades, clocks and ciphertext."""

from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.tips.boxes import Cost, Wrapped
from lanbi.tips.model import ArrivalKind, PieceKind, Tip

_TIPS = """SELECT id, number, taken_in_at, state, reliability, credibility, confidence, outcome, unread,
 pieces, lookup, reader_key, compartment, erase_at, erased_at, seq FROM tip"""
GET = f"{_TIPS} WHERE id = :id"
BY_LOOKUP = f"{_TIPS} WHERE lookup = :lookup"
PAGE = f"{_TIPS} WHERE number < :before ORDER BY number DESC LIMIT :limit"
PAGE_OF_STATE = f"{_TIPS} WHERE state = :state AND number < :before ORDER BY number DESC LIMIT :limit"
CHANGED = f"{_TIPS} WHERE seq > :since ORDER BY seq"
PICTURED = f"""{_TIPS} WHERE erased_at IS NULL AND (state IN ('new', 'read', 'followed') OR unread > 0)
ORDER BY number"""
DUE = f"{_TIPS} WHERE erased_at IS NULL AND erase_at <= :now ORDER BY erase_at LIMIT :limit"
NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 FROM tip"
SAVE = """
INSERT INTO tip (id, number, taken_in_at, state, reliability, credibility, confidence, outcome, unread,
 pieces, lookup, reader_key, compartment, erase_at, erased_at, seq)
VALUES (:id, :number, :taken_in_at, :state, :reliability, :credibility, :confidence, :outcome, :unread,
 :pieces, :lookup, :reader_key, :compartment, :erase_at, :erased_at, :seq)
ON CONFLICT (id) DO UPDATE SET state = :state, reliability = :reliability, credibility = :credibility,
 confidence = :confidence, outcome = :outcome, unread = :unread, pieces = :pieces, lookup = :lookup,
 reader_key = :reader_key, erase_at = :erase_at, erased_at = :erased_at, seq = :seq
"""
ADD_PIECE = """
INSERT INTO tip_piece (tip_id, ordinal, kind, at, box, holder_box)
VALUES (:tip_id, :ordinal, :kind, :at, :box, :holder_box)
"""
PIECES = """
SELECT ordinal, kind, at, box, holder_box FROM tip_piece
WHERE tip_id = :tip_id AND box IS NOT NULL ORDER BY ordinal
"""
HOLDER_BOXES = """
SELECT ordinal, kind, at, box, holder_box FROM tip_piece
WHERE tip_id = :tip_id AND holder_box IS NOT NULL ORDER BY ordinal DESC LIMIT :limit
"""
EMPTY_PIECES = "UPDATE tip_piece SET box = NULL, holder_box = NULL WHERE tip_id = :tip_id"

ADD_ARRIVAL = """
INSERT INTO tip_arrival (id, kind, lookup, ordinal, reader_key, compartment, box)
VALUES (:id, :kind, :lookup, :ordinal, :reader_key, :compartment, :box)
"""
_ARRIVALS = "SELECT id, kind, lookup, ordinal, reader_key, compartment, box FROM tip_arrival"
# A tip before what was added to it; otherwise by their random ids.
ARRIVALS = f"""{_ARRIVALS} WHERE kind <> 'passed' OR :with_passed = 1
ORDER BY CASE kind WHEN 'tip' THEN 0 WHEN 'words' THEN 1 ELSE 2 END, ordinal, id LIMIT :limit"""
ARRIVALS_OF = f"{_ARRIVALS} WHERE lookup = :lookup"
ARRIVALS_COUNT = "SELECT COUNT(*) FROM tip_arrival"
DROP_ARRIVAL = "DELETE FROM tip_arrival WHERE id = :id"
DROP_ARRIVALS_OF = "DELETE FROM tip_arrival WHERE lookup = :lookup"

_COMPARTMENTS = """SELECT id, public_key, wrapped, salt, memory_kib, passes, made_at, retired_at
FROM tip_compartment"""
COMPARTMENT = f"{_COMPARTMENTS} WHERE retired_at IS NULL ORDER BY made_at DESC LIMIT 1"
COMPARTMENTS = f"""{_COMPARTMENTS} ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, made_at DESC
LIMIT :limit"""
PUBLIC_KEY = "SELECT public_key FROM tip_compartment WHERE id = :id"
RETIRE_COMPARTMENTS = "UPDATE tip_compartment SET retired_at = :now, seq = :seq WHERE retired_at IS NULL"
ADD_COMPARTMENT = """
INSERT INTO tip_compartment (id, public_key, wrapped, salt, memory_kib, passes, made_at, retired_at, seq)
VALUES (:id, :public_key, :wrapped, :salt, :memory_kib, :passes, :made_at, NULL, :seq)
"""
REWRAP = """
UPDATE tip_compartment SET wrapped = :wrapped, salt = :salt, memory_kib = :memory_kib, passes = :passes,
 seq = :seq WHERE id = :id
"""


class Compartment(msgspec.Struct, frozen=True):
    """A compartment's key pair, and when it was made."""

    pair: Wrapped
    made_at: Instant
    retired_at: Instant | None


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A box that waits for the tide."""

    id: str
    kind: ArrivalKind
    lookup: bytes
    ordinal: int
    reader_key: bytes | None
    compartment: str
    box: bytes


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A box of a tip. `holder_box`: a reply for who has the code."""

    ordinal: int
    kind: PieceKind
    at: Instant
    box: bytes
    holder_box: bytes | None = None


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _tip(row: tuple[Any, ...]) -> Tip:
    return Tip(
        id=row[0],
        number=row[1],
        taken_in_at=row[2],
        state=row[3],
        reliability=row[4],
        credibility=row[5],
        confidence=row[6],
        outcome=row[7],
        unread=row[8],
        pieces=row[9],
        lookup=_bytes(row[10]),
        reader_key=_bytes(row[11]),
        compartment=row[12],
        erase_at=row[13],
        erased_at=row[14],
        seq=row[15],
    )


def _arrival(row: tuple[Any, ...]) -> Arrival:
    return Arrival(
        id=row[0],
        kind=row[1],
        lookup=bytes(row[2]),
        ordinal=row[3],
        reader_key=_bytes(row[4]),
        compartment=row[5],
        box=bytes(row[6]),
    )


def _piece(row: tuple[Any, ...]) -> Piece:
    return Piece(ordinal=row[0], kind=row[1], at=row[2], box=bytes(row[3] or b""), holder_box=_bytes(row[4]))


def _compartment(row: tuple[Any, ...]) -> Compartment:
    pair = Wrapped(row[0], bytes(row[1]), bytes(row[2]), bytes(row[3]), Cost(row[4], row[5]))
    return Compartment(pair, row[6], row[7])


def get(reader: Reader, tip_id: str) -> Tip:
    """The tip; `NotFound("tips-none")`."""
    found = reader.row(GET, id=tip_id)
    if found is None:
        raise NotFound("tips-none", id=tip_id)
    return _tip(found)


def by_lookup(reader: Reader, lookup: bytes) -> Tip | None:
    found = reader.row(BY_LOOKUP, lookup=lookup)
    return None if found is None else _tip(found)


def page(reader: Reader, *, state: str | None, before: int, limit: int) -> list[Tip]:
    """Newest first; of one state where one is given."""
    if state is None:
        return [_tip(row) for row in reader.rows(PAGE, before=before, limit=limit)]
    return [_tip(row) for row in reader.rows(PAGE_OF_STATE, state=state, before=before, limit=limit)]


def changed(reader: Reader, since: int) -> list[Tip]:
    """What changed after an entry; what is in the picture now for 0."""
    rows = reader.rows(PICTURED) if since == 0 else reader.rows(CHANGED, since=since)
    return [_tip(row) for row in rows]


def due(reader: Reader, now: Instant, limit: int) -> list[Tip]:
    return [_tip(row) for row in reader.rows(DUE, now=now, limit=limit)]


def next_number(reader: Reader) -> int:
    found = reader.row(NEXT_NUMBER)
    return found[0] if found is not None else 1


def save(tx: Tx, tip: Tip) -> None:
    tx.run(SAVE, **msgspec.structs.asdict(tip))


def add_piece(tx: Tx, tip_id: str, piece: Piece) -> None:
    tx.run(ADD_PIECE, tip_id=tip_id, **msgspec.structs.asdict(piece))


def pieces(reader: Reader, tip_id: str) -> list[Piece]:
    return [_piece(row) for row in reader.rows(PIECES, tip_id=tip_id)]


def holder_boxes(reader: Reader, tip_id: str, limit: int) -> list[Piece]:
    """The newest replies, oldest of them first."""
    return [_piece(row) for row in reader.rows(HOLDER_BOXES, tip_id=tip_id, limit=limit)][::-1]


def empty_pieces(tx: Tx, tip_id: str) -> None:
    tx.run(EMPTY_PIECES, tip_id=tip_id)


def add_arrival(tx: Tx, arrival: Arrival) -> None:
    tx.run(ADD_ARRIVAL, **msgspec.structs.asdict(arrival))


def arrivals(reader: Reader, *, with_passed: bool, limit: int) -> list[Arrival]:
    return [_arrival(row) for row in reader.rows(ARRIVALS, with_passed=int(with_passed), limit=limit)]


def arrivals_of(reader: Reader, lookup: bytes) -> list[Arrival]:
    return [_arrival(row) for row in reader.rows(ARRIVALS_OF, lookup=lookup)]


def arrivals_count(reader: Reader) -> int:
    found = reader.row(ARRIVALS_COUNT)
    return found[0] if found is not None else 0


def drop_arrival(tx: Tx, arrival_id: str) -> None:
    tx.run(DROP_ARRIVAL, id=arrival_id)


def drop_arrivals_of(tx: Tx, lookup: bytes) -> None:
    tx.run(DROP_ARRIVALS_OF, lookup=lookup)


def compartment(reader: Reader) -> Compartment | None:
    """The one for which tips are sealed now."""
    found = reader.row(COMPARTMENT)
    return None if found is None else _compartment(found)


def compartments(reader: Reader, limit: int) -> list[Compartment]:
    """The present one, then those before it, newest first."""
    return [_compartment(row) for row in reader.rows(COMPARTMENTS, limit=limit)]


def public_key(reader: Reader, compartment_id: str) -> bytes | None:
    found = reader.row(PUBLIC_KEY, id=compartment_id)
    return None if found is None else bytes(found[0])


def add_compartment(tx: Tx, pair: Wrapped) -> None:
    """The new one; what was before is retired."""
    seq = tx.seq + 1
    tx.run(RETIRE_COMPARTMENTS, now=tx.now, seq=seq)
    tx.run(
        ADD_COMPARTMENT,
        id=pair.id,
        public_key=pair.public_key,
        wrapped=pair.wrapped,
        salt=pair.salt,
        memory_kib=pair.cost.memory_kib,
        passes=pair.cost.passes,
        made_at=tx.now,
        seq=seq,
    )


def rewrap(tx: Tx, pair: Wrapped) -> None:
    tx.run(
        REWRAP,
        id=pair.id,
        wrapped=pair.wrapped,
        salt=pair.salt,
        memory_kib=pair.cost.memory_kib,
        passes=pair.cost.passes,
        seq=tx.seq + 1,
    )
