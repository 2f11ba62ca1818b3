"""Offers, sets, batches and what is kept of them in the store."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.tracing.matching.model import PIECE_BYTES, Direction, Firearm, Offer, Query, Side
from lanbi.tracing.matching.tokens import Quota, Spent

_OFFER = """SELECT id, side, partner, their_id, register_id, name, kind, synthetic, turn, state, code, args,
 key_id, public_key, digest, entries, left_out, day_queries, case_queries, made_at, settled_at, by_login,
 letter, held, made_seq, seq FROM tracing_matching_offer"""
_QUERY = """SELECT q.id, q.side, q.partner, q.their_id, q.offer_id, q.register_id, q.key_id, q.purpose,
 q.case_ref, q.content, q.asked, q.answered, q.hits, q.state, q.code, q.args, q.by_login, q.asked_at,
 q.settled_at, q.opened_at, q.opened_by, q.letter, q.made_seq, q.seq, p.keep_until
FROM tracing_matching_query q LEFT JOIN tracing_matching_pending p ON p.query_id = q.id"""

SAVE_OFFER = """
INSERT INTO tracing_matching_offer (id, side, partner, their_id, register_id, name, kind, synthetic, turn,
 state, code, args, key_id, public_key, digest, entries, left_out, day_queries, case_queries, made_at,
 settled_at, by_login, letter, held, made_seq, seq)
VALUES (:id, :side, :partner, :their_id, :register_id, :name, :kind, :synthetic, :turn, :state, :code, :args,
 :key_id, :public_key, :digest, :entries, :left_out, :day_queries, :case_queries, :made_at, :settled_at, :by,
 :letter, :held, :seq, :seq)
ON CONFLICT (id) DO UPDATE SET state = :state, code = :code, args = :args, digest = :digest, entries =
 :entries, left_out = :left_out, settled_at = :settled_at, letter = :letter, held = :held, seq = :seq
"""
OFFER = f"{_OFFER} WHERE id = :id"
OFFER_THEIR_ID = f"{_OFFER} WHERE side = :side AND partner = :partner AND their_id = :their_id"
OFFER_DIGEST = f"{_OFFER} WHERE side = :side AND digest = :digest"
OFFER_LETTER = f"{_OFFER} WHERE letter = :letter"
OFFERS_OF = f"""{_OFFER} WHERE side = :side AND partner = :partner AND register_id = :register_id
ORDER BY turn, made_at"""
OFFERS_IN = f"{_OFFER} WHERE state = :state ORDER BY made_seq LIMIT :limit"
OFFERS = f"""{_OFFER} WHERE made_seq < :before AND (:side = '' OR side = :side)
 AND (:partner = '' OR partner = :partner) ORDER BY made_seq DESC LIMIT :limit"""
COUNT_STANDING = """SELECT COUNT(*) FROM tracing_matching_offer
WHERE side = 'theirs' AND partner = :partner AND state IN ('announced', 'ready')"""
HOLD = "UPDATE tracing_matching_offer SET digest = :digest, held = 1 WHERE id = :id"
# What may be asked under no longer, and no batch still needs.
TO_DROP = """SELECT o.id, o.digest FROM tracing_matching_offer o
WHERE o.held = 1 AND o.state IN ('superseded', 'withdrawn', 'failed')
 AND NOT EXISTS (SELECT 1 FROM tracing_matching_pending p WHERE p.offer_id = o.id) LIMIT 1"""
LET_GO = "UPDATE tracing_matching_offer SET held = 0 WHERE id = :id"

SAVE_PIECE = """
INSERT INTO tracing_matching_piece (digest, n, bytes) VALUES (:digest, :n, :bytes)
ON CONFLICT (digest, n) DO UPDATE SET bytes = :bytes
"""
PIECE = "SELECT bytes FROM tracing_matching_piece WHERE digest = :digest AND n = :n"
PIECES = "SELECT bytes FROM tracing_matching_piece WHERE digest = :digest ORDER BY n"
PIECE_NUMBERS = "SELECT n FROM tracing_matching_piece WHERE digest = :digest ORDER BY n LIMIT :limit"
DROP_PIECE = "DELETE FROM tracing_matching_piece WHERE digest = :digest AND n = :n"

SAVE_QUERY = """
INSERT INTO tracing_matching_query (id, side, partner, their_id, offer_id, register_id, key_id, purpose,
 case_ref, content, asked, answered, hits, state, code, args, by_login, asked_at, settled_at, opened_at,
 opened_by, letter, made_seq, seq)
VALUES (:id, :side, :partner, :their_id, :offer_id, :register_id, :key_id, :purpose, :case_ref, :content,
 :asked, :answered, :hits, :state, :code, :args, :by, :asked_at, :settled_at, :opened_at, :opened_by,
 :letter, :seq, :seq)
ON CONFLICT (id) DO UPDATE SET answered = :answered, hits = :hits, state = :state, code = :code, args = :args,
 settled_at = :settled_at, opened_at = :opened_at, opened_by = :opened_by, seq = :seq
"""
QUERY_BY_ID = f"{_QUERY} WHERE q.id = :id"
QUERY_THEIR_ID = f"{_QUERY} WHERE q.side = :side AND q.partner = :partner AND q.their_id = :their_id"
QUERY_LETTER = f"{_QUERY} WHERE q.letter = :letter AND q.side = 'out'"
QUERIES = f"""{_QUERY} WHERE q.made_seq < :before AND (:side = '' OR q.side = :side)
 AND (:partner = '' OR q.partner = :partner) ORDER BY q.made_seq DESC LIMIT :limit"""
TOTALS = """SELECT COUNT(*), COALESCE(SUM(asked), 0), COALESCE(SUM(answered), 0) FROM tracing_matching_query
WHERE (:side = '' OR side = :side) AND (:partner = '' OR partner = :partner)"""
# Where we asked, what is under way counts: the other side will count it.
SPENT_IN = """SELECT asked_at, case_ref, asked FROM tracing_matching_query
WHERE side = 'in' AND partner = :partner AND asked_at > :since AND state = 'answered'"""
SPENT_OUT = """SELECT asked_at, case_ref, asked FROM tracing_matching_query
WHERE side = 'out' AND partner = :partner AND asked_at > :since AND state <> 'refused'"""

ADD_ASKED = """INSERT INTO tracing_matching_asked (query_id, firearm_id, place, hit)
VALUES (:query_id, :firearm_id, :place, NULL)"""
ASKED = "SELECT firearm_id FROM tracing_matching_asked WHERE query_id = :query_id ORDER BY place, firearm_id"
MARK_HITS = "UPDATE tracing_matching_asked SET hit = :hit WHERE query_id = :query_id AND place = :place"
HITS = """SELECT firearm_id FROM tracing_matching_asked WHERE query_id = :query_id AND hit = 1
ORDER BY place, firearm_id"""

KEEP_PENDING = """
INSERT INTO tracing_matching_pending (query_id, offer_id, held, keep_until)
VALUES (:query_id, :offer_id, :held, :keep_until) ON CONFLICT (query_id) DO UPDATE SET held = :held
"""
PENDING = "SELECT held FROM tracing_matching_pending WHERE query_id = :query_id"
DROP_PENDING = "DELETE FROM tracing_matching_pending WHERE query_id = :query_id"
OVERDUE = """SELECT query_id FROM tracing_matching_pending WHERE keep_until <= :now
ORDER BY keep_until LIMIT :limit"""

FIREARM = """SELECT id, number, make, model, calibre, type, serial, serial_status, trace_state, recovery_id,
 recovery_number FROM tracing_firearm WHERE id = :id"""

_args = msgspec.json.Decoder(dict[str, str | int])
_encoder = msgspec.json.Encoder(order="sorted")


# -- offers ------------------------------------------------------------------------------


def _offer(row: tuple[Any, ...]) -> Offer:
    return Offer(
        id=row[0], side=row[1], partner=row[2], their_id=row[3], register_id=row[4], name=row[5], kind=row[6],
        synthetic=bool(row[7]), turn=row[8], state=row[9], code=row[10], args=_args.decode(row[11]),
        key_id=row[12], public_key=bytes(row[13]), digest=row[14], entries=row[15], left_out=row[16],
        quota=Quota(day_queries=row[17], case_queries=row[18]), made_at=row[19], settled_at=row[20],
        by=row[21], letter=row[22], held=bool(row[23]), made_seq=row[24], seq=row[25],
    )  # fmt: skip


def save_offer(tx: Tx, offer: Offer) -> Offer:
    """Writes it with the number of the entry recorded last; returns it as it stands now."""
    tx.run(
        SAVE_OFFER, id=offer.id, side=offer.side, partner=offer.partner, their_id=offer.their_id,
        register_id=offer.register_id, name=offer.name, kind=offer.kind, synthetic=int(offer.synthetic),
        turn=offer.turn, state=offer.state, code=offer.code, args=_encoder.encode(offer.args).decode(),
        key_id=offer.key_id, public_key=offer.public_key, digest=offer.digest, entries=offer.entries,
        left_out=offer.left_out, day_queries=offer.quota.day_queries, case_queries=offer.quota.case_queries,
        made_at=offer.made_at, settled_at=offer.settled_at, by=offer.by, letter=offer.letter,
        held=int(offer.held), seq=tx.seq,
    )  # fmt: skip
    return offer_by_id(tx, offer.id)


def find_offer(reader: Reader, sql: str, **asked: Any) -> Offer | None:
    """The first by one of the queries above."""
    row = reader.row(sql, **asked)
    return None if row is None else _offer(row)


def offer_by_id(reader: Reader, offer_id: str) -> Offer:
    """Raises `NotFound("matching-offer-none")`."""
    found = find_offer(reader, OFFER, id=offer_id)
    if found is None:
        raise NotFound("matching-offer-none")
    return found


def offers(reader: Reader, sql: str, **asked: Any) -> list[Offer]:
    """Offers by one of the queries above."""
    return [_offer(row) for row in reader.rows(sql, **asked)]


# -- sets --------------------------------------------------------------------------------


def pieces_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, bytes) of each piece of a set."""
    for n, start in enumerate(range(0, len(data), PIECE_BYTES)):
        yield n, data[start : start + PIECE_BYTES]


def save_pieces(tx: Tx, digest: str, pieces: Sequence[tuple[int, bytes]]) -> None:
    tx.run_many(SAVE_PIECE, [{"digest": digest, "n": n, "bytes": data} for n, data in pieces])


def piece(reader: Reader, digest: str, n: int) -> bytes:
    """Raises `NotFound("matching-set-none")`."""
    row = reader.row(PIECE, digest=digest, n=n)
    if row is None:
        raise NotFound("matching-set-none")
    return bytes(row[0])


def whole_set(reader: Reader, digest: str) -> bytes:
    """The file; raises `NotFound("matching-set-none")`."""
    rows = reader.rows(PIECES, digest=digest)
    if not rows:
        raise NotFound("matching-set-none")
    return b"".join(bytes(row[0]) for row in rows)


# -- batches -----------------------------------------------------------------------------


def _query(row: tuple[Any, ...]) -> Query:
    return Query(
        id=row[0], direction=row[1], partner=row[2], their_id=row[3], offer_id=row[4], register_id=row[5],
        key_id=row[6], purpose=row[7], case=row[8], content=row[9], asked=row[10], answered=row[11],
        hits=row[12], state=row[13], code=row[14], args=_args.decode(row[15]), by=row[16], asked_at=row[17],
        settled_at=row[18], opened_at=row[19], opened_by=row[20], letter=row[21], made_seq=row[22],
        seq=row[23], open_until=row[24],
    )  # fmt: skip


def save_query(tx: Tx, query: Query) -> Query:
    """Writes it with the number of the entry recorded last; returns it as it stands now."""
    tx.run(
        SAVE_QUERY, id=query.id, side=query.direction, partner=query.partner, their_id=query.their_id,
        offer_id=query.offer_id, register_id=query.register_id, key_id=query.key_id, purpose=query.purpose,
        case_ref=query.case, content=query.content, asked=query.asked, answered=query.answered,
        hits=query.hits, state=query.state, code=query.code, args=_encoder.encode(query.args).decode(),
        by=query.by, asked_at=query.asked_at, settled_at=query.settled_at, opened_at=query.opened_at,
        opened_by=query.opened_by, letter=query.letter, seq=tx.seq,
    )  # fmt: skip
    return query_by_id(tx, query.id)


def find_query(reader: Reader, sql: str, **asked: Any) -> Query | None:
    """The first by one of the queries above."""
    row = reader.row(sql, **asked)
    return None if row is None else _query(row)


def query_by_id(reader: Reader, query_id: str) -> Query:
    """Raises `NotFound("matching-query-none")`."""
    found = find_query(reader, QUERY_BY_ID, id=query_id)
    if found is None:
        raise NotFound("matching-query-none")
    return found


def queries(
    reader: Reader, *, direction: Direction | None, partner: str, before: int, limit: int
) -> list[Query]:
    """Newest first."""
    rows = reader.rows(QUERIES, side=direction or "", partner=partner, before=before, limit=limit)
    return [_query(row) for row in rows]


def spent(reader: Reader, side: Side, partner: str, since: Instant) -> list[Spent]:
    """What was asked of us ("ours") and answered, or what we asked ("theirs"), after `since`."""
    rows = reader.rows(SPENT_IN if side == "ours" else SPENT_OUT, partner=partner, since=since)
    return [Spent(at=row[0], case=row[1], queries=row[2]) for row in rows]


def pending(reader: Reader, query_id: str) -> bytes | None:
    """What is kept of a batch, enciphered."""
    row = reader.row(PENDING, query_id=query_id)
    return None if row is None else bytes(row[0])


def firearm(reader: Reader, firearm_id: str) -> Firearm:
    """Raises `NotFound("tracing-none")`."""
    row = reader.row(FIREARM, id=firearm_id)
    if row is None:
        raise NotFound("tracing-none")
    return Firearm(
        id=row[0], number=row[1], make=row[2], model=row[3], calibre=row[4], type=row[5], serial=row[6],
        serial_status=row[7], trace_state=row[8], recovery_id=row[9], recovery_number=row[10],
    )  # fmt: skip
