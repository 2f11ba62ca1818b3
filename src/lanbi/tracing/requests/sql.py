"""Trace requests in the store."""

from collections.abc import Iterable
from typing import Any

import msgspec

from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant
from lanbi.tracing.requests.model import Side, TraceRequest
from lanbi.tracing.requests.terms import Term

_REQUEST = "SELECT story, seq FROM trace_request"
REQUEST = f"{_REQUEST} WHERE id = :id"
REQUEST_BY_THEIRS = f"{_REQUEST} WHERE side = :side AND partner = :partner AND their_id = :their_id"
OF_FIREARM = f"{_REQUEST} WHERE firearm_id = :firearm_id ORDER BY number"
PAGE = f"""{_REQUEST} WHERE number < :before AND (:side = '' OR side = :side)
 AND (:state = '' OR state = :state) AND (:partner = '' OR partner = :partner)
 AND (:firearm_id = '' OR firearm_id = :firearm_id) AND (:open_only = 0 OR is_open = 1)
ORDER BY number DESC LIMIT :limit"""
_DUE = """(SELECT id FROM trace_request WHERE ack_due_at IS NOT NULL AND ack_due_at <= :now
 UNION SELECT id FROM trace_request WHERE answer_due_at IS NOT NULL AND answer_due_at <= :now
 UNION SELECT id FROM trace_request WHERE approval_since IS NOT NULL)"""
DUE_BY_CLOCK = f"{_REQUEST} WHERE id IN {_DUE} ORDER BY number LIMIT :limit"
DUE_BY_REVIEW = """SELECT c.request_id, MIN(s.review_on), COUNT(*) FROM trace_carried c
JOIN tracing_statement s ON s.id = c.statement_id
WHERE c.review_on < :today AND c.direction = 'in' AND s.review_on < :today AND s.withdrawn_at IS NULL
 AND c.request_id IS NOT NULL GROUP BY c.request_id LIMIT :limit"""
LAPSING = f"""{_REQUEST} WHERE lapse_at IS NOT NULL AND lapse_at <= :now AND side = 'out'
ORDER BY lapse_at LIMIT :limit"""
SENT_BETWEEN = f"{_REQUEST} WHERE sent_at >= :since AND sent_at < :until ORDER BY number"
SAVE = """
INSERT INTO trace_request (id, number, side, partner, firearm_id, their_id, priority, purpose, state, is_open,
 ack_due_at, answer_due_at, lapse_at, approval_since, sent_at, story, seq)
VALUES (:id, :number, :side, :partner, :firearm_id, :their_id, :priority, :purpose, :state, :is_open,
 :ack_due_at, :answer_due_at, :lapse_at, :approval_since, :sent_at, :story, :seq)
ON CONFLICT (id) DO UPDATE SET priority = :priority, purpose = :purpose, state = :state, is_open = :is_open,
 ack_due_at = :ack_due_at, answer_due_at = :answer_due_at, lapse_at = :lapse_at,
 approval_since = :approval_since, sent_at = :sent_at, story = :story, seq = :seq
"""
ADD_STEP = """
INSERT INTO trace_step (request_id, n, what, heard, at, by_login, letter_id, words_sealed, facts)
SELECT :request_id, COALESCE(MAX(n), 0) + 1, :what, :heard, :at, :by, :letter_id, :words_sealed, :facts
FROM trace_step WHERE request_id = :request_id
"""
STEPS = """SELECT s.n, s.what, s.heard, s.at, s.by_login, s.letter_id, s.receipt_id, s.receipt_key,
 s.receipt_at, s.receipt_outcome, s.receipt_reason, s.words_sealed, w.value, s.facts
FROM trace_step s LEFT JOIN sealed w ON w.id = s.words_sealed AND w.class = 'words'
WHERE s.request_id = :request_id ORDER BY s.n"""
STEP_BY_LETTER = "SELECT request_id, n, what FROM trace_step WHERE letter_id = :letter_id"
SET_RECEIPT = """
UPDATE trace_step SET receipt_id = :receipt, receipt_key = :key, receipt_at = :at, receipt_outcome = :outcome,
 receipt_reason = :reason WHERE request_id = :request_id AND n = :n
"""
WORDS = "SELECT value FROM sealed WHERE id = :id AND class = 'words'"

KNOWN = "SELECT entity_id FROM trace_known WHERE partner = :partner AND their_key = :their_key"
SET_KNOWN = """
INSERT INTO trace_known (partner, their_key, entity_id) VALUES (:partner, :their_key, :entity_id)
ON CONFLICT (partner, their_key) DO UPDATE SET entity_id = :entity_id
"""
CARRIED = """SELECT statement_id, withdrawn_at, request_id FROM trace_carried
WHERE direction = :direction AND partner = :partner AND their_id = :their_id"""
CARRIED_OUT = """SELECT partner, their_id FROM trace_carried
WHERE statement_id = :statement_id AND direction = 'out' AND withdrawn_at IS NULL"""
ADD_CARRIED = """
INSERT INTO trace_carried (direction, partner, their_id, statement_id, request_id, at, review_on,
 withdrawn_at)
VALUES (:direction, :partner, :their_id, :statement_id, :request_id, :at, :review_on, :withdrawn_at)
ON CONFLICT (direction, partner, their_id) DO NOTHING
"""
TAKE_BACK = """
UPDATE trace_carried SET withdrawn_at = :at
WHERE direction = :direction AND partner = :partner AND their_id = :their_id AND withdrawn_at IS NULL
"""

TERMS = "SELECT partner, priority, ack, answer, lapse, seq FROM trace_terms ORDER BY partner, priority"
TERM = "SELECT ack, answer, lapse FROM trace_terms WHERE partner = :partner AND priority = :priority"
SET_TERM = """
INSERT INTO trace_terms (partner, priority, ack, answer, lapse, seq)
VALUES (:partner, :priority, :ack, :answer, :lapse, :seq)
ON CONFLICT (partner, priority) DO UPDATE SET ack = :ack, answer = :answer, lapse = :lapse, seq = :seq
"""
TOUCH_SEALED = """
UPDATE trace_request SET seq = :seq
WHERE id IN (SELECT request_id FROM trace_step WHERE words_sealed = :sealed)
"""
# The pulse of tracing moves with it.
NEWEST = "SELECT MAX(seq) FROM trace_request"

_encoder = msgspec.json.Encoder(order="sorted")
_request = msgspec.json.Decoder(TraceRequest)
_facts = msgspec.json.Decoder(dict[str, Any])


class StepTaken(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a request's story. `words`: None where there are none, or they were erased."""

    n: int
    what: str
    heard: bool
    at: Instant
    by: str
    letter_id: str | None
    receipt_id: str | None
    receipt_key: str | None
    receipt_at: Instant | None
    receipt_outcome: str | None
    receipt_reason: str | None
    words: str | None
    facts: dict[str, Any]


def _decoded(row: tuple[Any, ...]) -> TraceRequest:
    return msgspec.structs.replace(_request.decode(row[0]), seq=row[1])


def find(reader: Reader, request_id: str) -> TraceRequest | None:
    row = reader.row(REQUEST, id=request_id)
    return None if row is None else _decoded(row)


def get(reader: Reader, request_id: str) -> TraceRequest:
    """Raises `NotFound("trace-none")`."""
    found = find(reader, request_id)
    if found is None:
        raise NotFound("trace-none")
    return found


def by_theirs(reader: Reader, side: Side, partner: str, their_id: str) -> TraceRequest | None:
    """The request that an asker calls so."""
    row = reader.row(REQUEST_BY_THEIRS, side=side, partner=partner, their_id=their_id)
    return None if row is None else _decoded(row)


def of_firearm(reader: Reader, firearm_id: str) -> list[TraceRequest]:
    return [_decoded(row) for row in reader.rows(OF_FIREARM, firearm_id=firearm_id)]


def page(
    reader: Reader,
    *,
    side: str,
    state: str,
    partner: str,
    firearm_id: str,
    open_only: bool,
    before: int,
    limit: int,
) -> list[TraceRequest]:
    """Newest first; an empty text asks for any."""
    rows = reader.rows(
        PAGE, side=side, state=state, partner=partner, firearm_id=firearm_id, open_only=int(open_only),
        before=before, limit=limit,
    )  # fmt: skip
    return [_decoded(row) for row in rows]


def due_by_clock(reader: Reader, now: Instant, limit: int) -> list[TraceRequest]:
    return [_decoded(row) for row in reader.rows(DUE_BY_CLOCK, now=now, limit=limit)]


def due_by_review(reader: Reader, today: str, limit: int) -> list[tuple[str, str, int]]:
    """(request, earliest review day, how many statements) whose review is overdue, of answers and requests
    that came."""
    return [(row[0], row[1], row[2]) for row in reader.rows(DUE_BY_REVIEW, today=today, limit=limit)]


def lapsing(reader: Reader, now: Instant, limit: int) -> list[TraceRequest]:
    return [_decoded(row) for row in reader.rows(LAPSING, now=now, limit=limit)]


def sent_between(reader: Reader, since: Instant, until: Instant) -> list[TraceRequest]:
    return [_decoded(row) for row in reader.rows(SENT_BETWEEN, since=since, until=until)]


def save(tx: Tx, request: TraceRequest) -> TraceRequest:
    """Writes it with the number of the entry that was recorded last, and returns it so."""
    request = msgspec.structs.replace(request, seq=tx.seq)
    tx.run(
        SAVE, id=request.id, number=request.number, side=request.side, partner=request.partner,
        firearm_id=request.firearm_id, their_id=request.their_id, priority=request.priority,
        purpose=request.purpose, state=request.state, is_open=int(request.open),
        ack_due_at=request.ack_due_at, answer_due_at=request.answer_due_at, lapse_at=request.lapse_at,
        approval_since=None if request.prepared is None else request.prepared.at,
        sent_at=request.clocks.get("sent"), story=_encoder.encode(request).decode(), seq=request.seq,
    )  # fmt: skip
    return request


def add_step(
    tx: Tx,
    request_id: str,
    what: str,
    *,
    heard: bool = False,
    at: Instant | None = None,
    letter_id: str | None = None,
    words_sealed: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """One more line of the story. `at`: when the other side says that it was, if it was heard."""
    tx.run(
        ADD_STEP, request_id=request_id, what=what, heard=int(heard), at=tx.now if at is None else at,
        by=tx.actor.id, letter_id=letter_id, words_sealed=words_sealed,
        facts=_encoder.encode(facts or {}).decode(),
    )  # fmt: skip


def steps(reader: Reader, request_id: str) -> list[StepTaken]:
    """The story, oldest first."""
    return [
        StepTaken(
            n=row[0], what=row[1], heard=bool(row[2]), at=row[3], by=row[4], letter_id=row[5],
            receipt_id=row[6], receipt_key=row[7], receipt_at=row[8], receipt_outcome=row[9],
            receipt_reason=row[10], words=row[12], facts=_facts.decode(row[13]),
        )
        for row in reader.rows(STEPS, request_id=request_id)
    ]  # fmt: skip


def step_by_letter(reader: Reader, letter_id: str) -> tuple[str, int, str] | None:
    """(request, number, what) of the step that a letter told."""
    row = reader.row(STEP_BY_LETTER, letter_id=letter_id)
    return None if row is None else (row[0], row[1], row[2])


def words_of(reader: Reader, sealed_id: str | None) -> str:
    """What somebody wrote; empty where nothing was written or it was erased."""
    row = None if sealed_id is None else reader.row(WORDS, id=sealed_id)
    return "" if row is None or row[0] is None else row[0]


def known(reader: Reader, partner: str, their_key: str) -> str | None:
    """Which of our entities another site's key stands for."""
    row = reader.row(KNOWN, partner=partner, their_key=their_key)
    return None if row is None else row[0]


def set_known(tx: Tx, partner: str, their_key: str, entity_id: str) -> None:
    tx.run(SET_KNOWN, partner=partner, their_key=their_key, entity_id=entity_id)


class Carried(msgspec.Struct, frozen=True):
    """A statement that went there or came from there. `statement_id`: ours; None where it was taken back
    before it came."""

    statement_id: str | None
    withdrawn: bool
    request_id: str | None


def carried(reader: Reader, direction: Side, partner: str, their_id: str) -> Carried | None:
    """None for one that never was."""
    row = reader.row(CARRIED, direction=direction, partner=partner, their_id=their_id)
    return None if row is None else Carried(row[0], row[1] is not None, row[2])


def carried_out(reader: Reader, statement_ids: Iterable[str]) -> dict[str, list[str]]:
    """By partner, which of these statements it has and was not told of."""
    found: dict[str, list[str]] = {}
    for statement_id in statement_ids:
        for partner, their_id in reader.rows(CARRIED_OUT, statement_id=statement_id):
            found.setdefault(partner, []).append(their_id)
    return found


def add_carried(
    tx: Tx,
    direction: Side,
    partner: str,
    their_id: str,
    statement_id: str | None,
    *,
    request_id: str | None = None,
    review_on: str | None = None,
    withdrawn: bool = False,
) -> None:
    """A statement went there or came from there; twice is once."""
    tx.run(
        ADD_CARRIED, direction=direction, partner=partner, their_id=their_id, statement_id=statement_id,
        request_id=request_id, at=tx.now, review_on=review_on, withdrawn_at=tx.now if withdrawn else None,
    )  # fmt: skip


def take_back(tx: Tx, direction: Side, partner: str, their_id: str) -> None:
    tx.run(TAKE_BACK, direction=direction, partner=partner, their_id=their_id, at=tx.now)


def terms(reader: Reader) -> list[tuple[str, str, Term]]:
    """(partner or "", priority, days) that this site set."""
    return [(row[0], row[1], _term(row[2:])) for row in reader.rows(TERMS)]


def term(reader: Reader, partner: str, priority: str) -> Term | None:
    row = reader.row(TERM, partner=partner, priority=priority)
    return None if row is None else _term(row)


def _term(row: tuple[Any, ...]) -> Term:
    return Term(ack=row[0], answer=row[1], lapse=row[2], source="site", checked=True)


def set_term(tx: Tx, partner: str, priority: str, days: Term) -> None:
    tx.run(
        SET_TERM, partner=partner, priority=priority, ack=days.ack, answer=days.answer, lapse=days.lapse,
        seq=tx.seq,
    )  # fmt: skip


def set_receipt(
    tx: Tx,
    request_id: str,
    n: int,
    *,
    receipt: str,
    key: str,
    at: Instant,
    outcome: str,
    reason: str | None,
) -> None:
    tx.run(
        SET_RECEIPT,
        request_id=request_id,
        n=n,
        receipt=receipt,
        key=key,
        at=at,
        outcome=outcome,
        reason=reason,
    )


def touch_sealed(tx: Tx, sealed_id: str) -> None:
    """Stories that show these sealed words have changed with the entry recorded last."""
    tx.run(TOUCH_SEALED, sealed=sealed_id, seq=tx.seq)
