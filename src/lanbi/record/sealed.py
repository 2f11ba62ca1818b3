"""Personal data and people's words: kept apart from the journal, read for a purpose, erased when due."""

import hashlib
import secrets

from lanbi.core.errors import Malformed, NotFound
from lanbi.core.events import Sealed
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import line
from lanbi.core.time import Instant
from lanbi.record.events import SealedErased, SealedRead

SALT_BYTES = 16
PURPOSE_CHARS_MAX = 200
ERASE_ROWS_MAX = 500

ADD = """
INSERT INTO sealed (id, subject, field, class, salt, value, retain_until, sealed_seq, erased_at, erased_seq)
VALUES (:id, :subject, :field, :kind, :salt, :value, :retain_until, :seq, NULL, NULL)
"""
GET = "SELECT subject, field, class, value, erased_at FROM sealed WHERE id = :id"
DUE = """
SELECT id, subject, field FROM sealed WHERE erased_at IS NULL AND retain_until <= :now
ORDER BY retain_until LIMIT :limit
"""
ERASE = """
UPDATE sealed SET salt = NULL, value = NULL, erased_at = :now, erased_seq = :seq
WHERE id = :id AND erased_at IS NULL
"""


def seal(tx: Tx, *, subject: str, field: str, kind: str, value: str, keep_for: Instant) -> Sealed:
    """Stores `value` apart and returns what may stand in the journal for it.

    `subject`: "call/<id>"; `kind`: "personal" or "words"; `keep_for`: microseconds.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    commitment = hashlib.sha256(salt + value.encode()).hexdigest()
    sealed_id = new_id(tx.now)
    tx.run(
        ADD,
        id=sealed_id,
        subject=subject,
        field=field,
        kind=kind,
        salt=salt,
        value=value,
        retain_until=tx.now + keep_for,
        seq=tx.seq + 1,
    )
    return Sealed(sealed_id, commitment)


def words_of(reader: Reader, sealed_id: str | None) -> str | None:
    """Words of class "words"; None where there are none or they were erased.

    Personal data never comes out of this door.
    """
    if sealed_id is None:
        return None
    found = reader.row(GET, id=sealed_id)
    return found[3] if found is not None and found[2] == "words" else None


def reveal(tx: Tx, sealed_id: str | None, purpose: str) -> str:
    """The personal value, for a purpose; the reading itself goes on the record.

    `purpose`: a code of the vocabulary `purposes`, checked by the caller, with free
    text after it if there is any. Raises `NotFound("sealed-none")` where nothing was
    kept, `NotFound("sealed-erased")` where it was erased, `Malformed("purpose-missing")`.
    """
    if not purpose.strip():
        raise Malformed("purpose-missing")
    line(purpose, "purpose", chars_max=PURPOSE_CHARS_MAX)
    found = tx.row(GET, id=sealed_id) if sealed_id else None
    if found is None:
        raise NotFound("sealed-none")
    subject, field, _kind, value, erased_at = found
    if erased_at is not None or value is None:
        raise NotFound("sealed-erased")
    tx.record(SealedRead(id=str(sealed_id), field=field, of=subject))
    return value


def erase(tx: Tx, sealed_id: str, reason: str) -> None:
    """Erases one value and its salt; what the journal says of it stays true. Twice is once."""
    if tx.row(GET, id=sealed_id) is None:
        raise NotFound("sealed-none")
    changed = tx.run(ERASE, id=sealed_id, now=tx.now, seq=tx.seq + 1)
    if changed:
        tx.record(SealedErased(id=sealed_id, sealed=sealed_id, reason=reason))


def erase_due(tx: Tx, *, rows_max: int = ERASE_ROWS_MAX) -> int:
    """Erases what has been kept long enough; returns how many, at most `rows_max` in one piece."""
    due = tx.rows(DUE, now=tx.now, limit=rows_max)
    for sealed_id, _subject, _field in due:
        erase(tx, sealed_id, "retention")
    return len(due)
