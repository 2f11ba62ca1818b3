"""Calls and promises in the store. Words come through their seal, at reading time."""

from typing import Any

from msgspec.structs import replace

from lanbi.calls.model import Call, Callback, CardAnswer, Piece, Promise
from lanbi.core.access import Person
from lanbi.core.errors import NotFound
from lanbi.core.geo import Area
from lanbi.core.ports import Reader, Tx

# The class is asked for again at the seal: no slip elsewhere can bring personal data out here.
_CALLS = """SELECT c.id, c.number, c.channel, c.state, c.offered_at, c.answered_at, c.ended_at, c.line,
 c.line_sealed, c.name_sealed, c.lang, c.lat, c.lon, c.radius_m, c.area_source, c.confidence, c.place_id,
 c.place_sealed, p.value, c.taker_id, c.taker_name, c.incident_id, c.words_sealed, w.value, c.words_count,
 c.callback_due_at, c.callback_attempts, c.callback_settled_at, c.callback_outcome, c.lang_seq, c.area_seq,
 c.seq, c.claimer_id, c.claimer_name, c.claimed_until, c.held_at, c.answers_count
FROM call c
LEFT JOIN sealed p ON p.id = c.place_sealed AND p.class = 'words'
LEFT JOIN sealed w ON w.id = c.words_sealed AND w.class = 'words'"""

GET = f"{_CALLS} WHERE c.id = :id"
PAGE = f"{_CALLS} WHERE c.number < :before ORDER BY c.number DESC LIMIT :limit"
PAGE_OF_STATE = f"""{_CALLS} WHERE c.state = :state AND c.number < :before
ORDER BY c.number DESC LIMIT :limit"""
PAGE_OF_INCIDENT = f"""{_CALLS} WHERE c.incident_id = :incident_id AND c.number < :before
 AND (:state = '' OR c.state = :state OR (:state = 'owed' AND c.owed = 1))
ORDER BY c.number DESC LIMIT :limit"""
PAGE_OWED = f"{_CALLS} WHERE c.owed = 1 AND c.number < :before ORDER BY c.number DESC LIMIT :limit"
CHANGED = f"{_CALLS} WHERE c.seq > :since ORDER BY c.seq"
PICTURED = f"{_CALLS} WHERE c.pictured = 1 ORDER BY c.number"
NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 FROM call"
SAVE = """
INSERT INTO call (id, number, channel, state, offered_at, answered_at, ended_at, line, line_sealed,
 name_sealed, lang, lat, lon, radius_m, area_source, confidence, place_id, place_sealed, taker_id, taker_name,
 incident_id, words_sealed, words_count, callback_due_at, callback_attempts, callback_settled_at,
 callback_outcome, pictured, owed, lang_seq, area_seq, seq, claimer_id, claimer_name, claimed_until, held_at,
 answers_count)
VALUES (:id, :number, :channel, :state, :offered_at, :answered_at, :ended_at, :line, :line_sealed,
 :name_sealed, :lang, :lat, :lon, :radius_m, :area_source, :confidence, :place_id, :place_sealed, :taker_id,
 :taker_name, :incident_id, :words_sealed, :words_count, :callback_due_at, :callback_attempts,
 :callback_settled_at, :callback_outcome, :pictured, :owed, :lang_seq, :area_seq, :seq, :claimer_id,
 :claimer_name, :claimed_until, :held_at, :answers_count)
ON CONFLICT (id) DO UPDATE SET state = :state, answered_at = :answered_at, ended_at = :ended_at, lang = :lang,
 lat = :lat, lon = :lon, radius_m = :radius_m, area_source = :area_source, confidence = :confidence,
 place_id = :place_id, place_sealed = :place_sealed, taker_id = :taker_id, taker_name = :taker_name,
 incident_id = :incident_id, words_sealed = :words_sealed, words_count = :words_count,
 callback_due_at = :callback_due_at, callback_attempts = :callback_attempts,
 callback_settled_at = :callback_settled_at, callback_outcome = :callback_outcome, pictured = :pictured,
 owed = :owed, lang_seq = :lang_seq, area_seq = :area_seq, seq = :seq, claimer_id = :claimer_id,
 claimer_name = :claimer_name, claimed_until = :claimed_until, held_at = :held_at,
 answers_count = :answers_count
"""
ADD_WORDS = """
INSERT INTO call_words (call_id, ordinal, sealed, lang, at, by_id, by_name)
VALUES (:call_id, :ordinal, :sealed, :lang, :at, :by_id, :by_name)
"""
PIECES = """
SELECT s.value, w.lang, w.at, w.by_id, w.by_name FROM call_words w
LEFT JOIN sealed s ON s.id = w.sealed AND s.class = 'words'
WHERE w.call_id = :call_id ORDER BY w.ordinal
"""
ADD_ANSWER = """
INSERT INTO call_answer (call_id, ordinal, card, question, answer, sealed, lang, at, by_id, by_name)
VALUES (:call_id, :ordinal, :card, :question, :answer, :sealed, :lang, :at, :by_id, :by_name)
"""
_ANSWERS = """SELECT a.call_id, a.card, a.question, a.answer, a.sealed, s.value, a.lang, a.at, a.by_id,
 a.by_name
FROM call_answer a
LEFT JOIN sealed s ON s.id = a.sealed AND s.class = 'words'"""
ANSWERS = f"{_ANSWERS} WHERE a.call_id = :call_id ORDER BY a.ordinal"
_CHANGED_IDS = "(SELECT id FROM call WHERE seq > :since)"
ANSWERS_CHANGED = f"{_ANSWERS} WHERE a.call_id IN {_CHANGED_IDS} ORDER BY a.ordinal"
_PICTURED_IDS = "(SELECT id FROM call WHERE pictured = 1)"
ANSWERS_PICTURED = f"{_ANSWERS} WHERE a.call_id IN {_PICTURED_IDS} ORDER BY a.ordinal"
LOG = """
SELECT seq, at, recorded_at, actor, kind, subject, body FROM journal
WHERE subject = :subject AND seq < :before ORDER BY seq DESC LIMIT :limit
"""
SEALED_FOR = "SELECT subject, field FROM sealed WHERE id = :id"
TOUCH = "UPDATE call SET seq = :seq WHERE id = :id"
FORGET_LINE = "UPDATE call SET line = NULL, seq = :seq WHERE id = :id"

_PROMISES = """SELECT p.id, p.call_id, p.incident_id, p.kind, p.words_sealed, w.value, p.owner_id,
 p.owner_name, p.made_at, p.made_seq, p.due_at, p.settled_at, p.settled_by, p.outcome, p.seq
FROM promise p
LEFT JOIN sealed w ON w.id = p.words_sealed AND w.class = 'words'"""

PROMISE = f"{_PROMISES} WHERE p.id = :id"
PROMISES = f"{_PROMISES} WHERE p.made_seq < :before ORDER BY p.made_seq DESC LIMIT :limit"
PROMISES_OPEN = f"""{_PROMISES} WHERE p.settled_at IS NULL AND p.made_seq < :before
ORDER BY p.made_seq DESC LIMIT :limit"""
PROMISES_OF_INCIDENT = f"""{_PROMISES} WHERE p.incident_id = :incident_id AND p.made_seq < :before
 AND (:call_id = '' OR p.call_id = :call_id) AND (:unsettled = 0 OR p.settled_at IS NULL)
ORDER BY p.made_seq DESC LIMIT :limit"""
PROMISES_OF_CALL = f"""{_PROMISES} WHERE p.call_id = :call_id AND p.made_seq < :before
 AND (:unsettled = 0 OR p.settled_at IS NULL)
ORDER BY p.made_seq DESC LIMIT :limit"""
PROMISES_CHANGED = f"{_PROMISES} WHERE p.seq > :since ORDER BY p.seq"
PROMISES_PICTURED = f"{_PROMISES} WHERE p.settled_at IS NULL ORDER BY p.made_seq"
SAVE_PROMISE = """
INSERT INTO promise (id, call_id, incident_id, kind, words_sealed, owner_id, owner_name, made_at, made_seq,
 due_at, settled_at, settled_by, outcome, seq)
VALUES (:id, :call_id, :incident_id, :kind, :words_sealed, :owner_id, :owner_name, :made_at, :made_seq,
 :due_at, :settled_at, :settled_by, :outcome, :seq)
ON CONFLICT (id) DO UPDATE SET settled_at = :settled_at, settled_by = :settled_by, outcome = :outcome,
 seq = :seq
"""
TOUCH_PROMISE = "UPDATE promise SET seq = :seq WHERE id = :id"


def _call(row: tuple[Any, ...]) -> Call:
    area = None
    if row[14] is not None:
        area = Area(
            lat=row[11],
            lon=row[12],
            radius_m=row[13],
            source=row[14],
            confidence=row[15],
            place_id=row[16],
            words=row[18] or "",
        )
    callback = None
    if row[25] is not None:
        callback = Callback(due_at=row[25], attempts=row[26], settled_at=row[27], outcome=row[28])
    return Call(
        id=row[0],
        number=row[1],
        channel=row[2],
        state=row[3],
        offered_at=row[4],
        answered_at=row[5],
        ended_at=row[6],
        line=row[7],
        line_sealed=row[8],
        name_sealed=row[9],
        lang=row[10],
        area=area,
        place_sealed=row[17],
        taken_by=None if row[19] is None else Person(row[19], row[20]),
        incident_id=row[21],
        words_sealed=row[22],
        words=row[23],
        words_count=row[24],
        callback=callback,
        lang_seq=row[29],
        area_seq=row[30],
        seq=row[31],
        claimed_by=None if row[32] is None else Person(row[32], row[33]),
        claimed_until=row[34],
        held_at=row[35],
        answers_count=row[36],
    )


def get(reader: Reader, call_id: str) -> Call:
    """The call; `NotFound("call-none")` where there is none."""
    row = reader.row(GET, id=call_id)
    if row is None:
        raise NotFound("call-none", id=call_id)
    return _answered(reader, _call(row))


def _answered(reader: Reader, call: Call) -> Call:
    """With its answers; most calls have none, and are not asked about."""
    return replace(call, answers=tuple(answers(reader, call.id))) if call.answers_count else call


def save(tx: Tx, call: Call) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    area, debt = call.area, call.callback
    tx.run(
        SAVE,
        id=call.id,
        number=call.number,
        channel=call.channel,
        state=call.state,
        offered_at=call.offered_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        line=call.line,
        line_sealed=call.line_sealed,
        name_sealed=call.name_sealed,
        lang=call.lang,
        lat=area.lat if area else None,
        lon=area.lon if area else None,
        radius_m=area.radius_m if area else None,
        area_source=area.source if area else None,
        confidence=area.confidence if area else None,
        place_id=area.place_id if area else None,
        place_sealed=call.place_sealed,
        taker_id=call.taken_by.id if call.taken_by else None,
        taker_name=call.taken_by.name if call.taken_by else None,
        incident_id=call.incident_id,
        words_sealed=call.words_sealed,
        words_count=call.words_count,
        callback_due_at=debt.due_at if debt else None,
        callback_attempts=debt.attempts if debt else 0,
        callback_settled_at=debt.settled_at if debt else None,
        callback_outcome=debt.outcome if debt else None,
        pictured=int(call.pictured),
        owed=int(call.owed),
        lang_seq=call.lang_seq,
        area_seq=call.area_seq,
        seq=tx.seq + 1,
        claimer_id=call.claimed_by.id if call.claimed_by else None,
        claimer_name=call.claimed_by.name if call.claimed_by else None,
        claimed_until=call.claimed_until,
        held_at=call.held_at,
        answers_count=call.answers_count,
    )


def next_number(tx: Tx) -> int:
    """The next running number of this site; safe because there is one writer."""
    row = tx.row(NEXT_NUMBER)
    return row[0] if row else 1


def page(
    reader: Reader, *, state: str | None, incident_id: str | None, before: int, limit: int
) -> list[Call]:
    """Newest first: calls whose running number is below `before`; the state "owed" is a call-back debt."""
    if incident_id is not None:
        rows = reader.rows(
            PAGE_OF_INCIDENT, incident_id=incident_id, state=state or "", before=before, limit=limit
        )
    elif state == "owed":
        rows = reader.rows(PAGE_OWED, before=before, limit=limit)
    elif state is not None:
        rows = reader.rows(PAGE_OF_STATE, state=state, before=before, limit=limit)
    else:
        rows = reader.rows(PAGE, before=before, limit=limit)
    return [_answered(reader, _call(row)) for row in rows]


def changed(reader: Reader, since: int) -> list[Call]:
    """Those changed after `since`; with 0, those that stand on the picture."""
    rows = reader.rows(CHANGED, since=since) if since else reader.rows(PICTURED)
    calls = [_call(row) for row in rows]
    if not any(call.answers_count for call in calls):
        return calls
    given = answers_changed(reader, since)
    return [replace(call, answers=tuple(given.get(call.id, ()))) for call in calls]


def add_words(tx: Tx, call_id: str, ordinal: int, *, sealed: str, lang: str | None, by: Person) -> None:
    tx.run(
        ADD_WORDS,
        call_id=call_id,
        ordinal=ordinal,
        sealed=sealed,
        lang=lang,
        at=tx.now,
        by_id=by.id,
        by_name=by.name,
    )


def pieces(reader: Reader, call_id: str) -> list[Piece]:
    """All words of a call, in the order in which they came."""
    return [
        Piece(words=words, lang=lang, at=at, by=Person(by_id, by_name))
        for words, lang, at, by_id, by_name in reader.rows(PIECES, call_id=call_id)
    ]


def add_answer(
    tx: Tx,
    call_id: str,
    ordinal: int,
    *,
    card: str,
    question: str,
    answer: str | None,
    sealed: str | None,
    lang: str | None,
    by: Person,
) -> None:
    tx.run(
        ADD_ANSWER,
        call_id=call_id,
        ordinal=ordinal,
        card=card,
        question=question,
        answer=answer,
        sealed=sealed,
        lang=lang,
        at=tx.now,
        by_id=by.id,
        by_name=by.name,
    )


def answers(reader: Reader, call_id: str) -> list[CardAnswer]:
    """The answers as they stand: the last to each question, in the order in which they were first given."""
    return _standing(reader.rows(ANSWERS, call_id=call_id)).get(call_id, [])


def answers_changed(reader: Reader, since: int) -> dict[str, list[CardAnswer]]:
    """By call, for the same calls as `changed`."""
    return _standing(reader.rows(ANSWERS_CHANGED, since=since) if since else reader.rows(ANSWERS_PICTURED))


def _standing(rows: list[tuple[Any, ...]]) -> dict[str, list[CardAnswer]]:
    last: dict[str, dict[tuple[str, str], CardAnswer | None]] = {}
    for call_id, card, question, answer, sealed, value, lang, at, by_id, by_name in rows:
        taken_back = answer is None and sealed is None
        last.setdefault(call_id, {})[card, question] = (
            None
            if taken_back
            else CardAnswer(
                card=card,
                question=question,
                answer=answer,
                words=value,
                lang=lang,
                at=at,
                by=Person(by_id, by_name),
            )
        )
    return {call_id: [held for held in asked.values() if held] for call_id, asked in last.items()}


def log(reader: Reader, call_id: str, *, before: int, limit: int) -> list[tuple[Any, ...]]:
    """Journal rows (seq, at, recorded_at, actor, kind, subject, body) of the call, newest first."""
    return reader.rows(LOG, subject=f"call/{call_id}", before=before, limit=limit)


def sealed_for(reader: Reader, sealed_id: str) -> tuple[str, str] | None:
    """(subject, field) of a sealed value, kept or erased."""
    row = reader.row(SEALED_FOR, id=sealed_id)
    return None if row is None else (row[0], row[1])


def forgotten(tx: Tx, call_id: str, field: str) -> None:
    """A seal of this call was erased by the entry recorded last: its mask goes, and screens are told."""
    tx.run(FORGET_LINE if field == "number" else TOUCH, id=call_id, seq=tx.seq)


def _promise(row: tuple[Any, ...]) -> Promise:
    return Promise(
        id=row[0],
        call_id=row[1],
        incident_id=row[2],
        kind=row[3],
        words_sealed=row[4],
        words=row[5],
        owner=Person(row[6], row[7]),
        made_at=row[8],
        made_seq=row[9],
        due_at=row[10],
        settled_at=row[11],
        settled_by=row[12],
        outcome=row[13],
        seq=row[14],
    )


def get_promise(reader: Reader, promise_id: str) -> Promise:
    """The promise; `NotFound("promise-none")` where there is none."""
    row = reader.row(PROMISE, id=promise_id)
    if row is None:
        raise NotFound("promise-none", id=promise_id)
    return _promise(row)


def save_promise(tx: Tx, promise: Promise) -> None:
    """Writes the row with the number of the entry that is about to be recorded."""
    tx.run(
        SAVE_PROMISE,
        id=promise.id,
        call_id=promise.call_id,
        incident_id=promise.incident_id,
        kind=promise.kind,
        words_sealed=promise.words_sealed,
        owner_id=promise.owner.id,
        owner_name=promise.owner.name,
        made_at=promise.made_at,
        made_seq=promise.made_seq,
        due_at=promise.due_at,
        settled_at=promise.settled_at,
        settled_by=promise.settled_by,
        outcome=promise.outcome,
        seq=tx.seq + 1,
    )


def promises(
    reader: Reader,
    *,
    unsettled: bool,
    call_id: str | None,
    incident_id: str | None,
    before: int,
    limit: int,
) -> list[Promise]:
    """Newest first: promises made before the entry `before`."""
    if incident_id is not None:
        rows = reader.rows(
            PROMISES_OF_INCIDENT,
            incident_id=incident_id,
            call_id=call_id or "",
            unsettled=int(unsettled),
            before=before,
            limit=limit,
        )
    elif call_id is not None:
        rows = reader.rows(
            PROMISES_OF_CALL, call_id=call_id, unsettled=int(unsettled), before=before, limit=limit
        )
    elif unsettled:
        rows = reader.rows(PROMISES_OPEN, before=before, limit=limit)
    else:
        rows = reader.rows(PROMISES, before=before, limit=limit)
    return [_promise(row) for row in rows]


def promises_changed(reader: Reader, since: int) -> list[Promise]:
    """Those changed after `since`; with 0, those not yet settled."""
    rows = reader.rows(PROMISES_CHANGED, since=since) if since else reader.rows(PROMISES_PICTURED)
    return [_promise(row) for row in rows]


def promise_forgotten(tx: Tx, promise_id: str) -> None:
    """Words of this promise were erased by the entry recorded last."""
    tx.run(TOUCH_PROMISE, id=promise_id, seq=tx.seq)
