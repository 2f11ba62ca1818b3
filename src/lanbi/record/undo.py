"""Taking back what one has just done: a new entry that answers an old one; nothing is ever deleted.

One rule for every domain: only who did it, only shortly after, only while nothing
came on top. What stands on the record stays there; the entry that takes it back
names it.
"""

from typing import Any

import msgspec

from lanbi.core.errors import Refused
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import SECOND, Instant

# What the screen counts down; and what a slow link and a slow hand may add to it.
UNDO_WITHIN: Instant = 10 * SECOND
UNDO_GRACE: Instant = 5 * SECOND

_FIELDS = "seq, subject, kind, actor, at, recorded_at, body"
AT = f"SELECT {_FIELDS} FROM journal WHERE seq = :seq"  # noqa: S608 - a constant of this module
LAST = f"""SELECT {_FIELDS} FROM journal WHERE subject = :subject AND kind = :kind
ORDER BY seq DESC LIMIT 1"""  # noqa: S608
BEFORE = f"""SELECT {_FIELDS} FROM journal WHERE subject = :subject AND seq < :seq
ORDER BY seq DESC"""  # noqa: S608
AFTER = f"""SELECT {_FIELDS} FROM journal WHERE subject = :subject AND seq > :seq
ORDER BY seq"""  # noqa: S608


class Done(msgspec.Struct, frozen=True):
    """An entry, as whoever wants to take it back must know it. `body`: its fields, words as seals."""

    seq: int
    subject: str
    kind: str
    actor: str
    at: Instant
    recorded_at: Instant
    body: dict[str, Any]


def _done(row: tuple[Any, ...]) -> Done:
    seq, subject, kind, actor, at, recorded_at, body = row
    return Done(seq, subject, kind, actor, at, recorded_at, msgspec.json.decode(body))


def entry_at(reader: Reader, seq: int) -> Done | None:
    """The entry of that number."""
    row = reader.row(AT, seq=seq)
    return None if row is None else _done(row)


def last_of(reader: Reader, subject: str, kind: str) -> Done | None:
    """The newest entry of that kind about that subject."""
    row = reader.row(LAST, subject=subject, kind=kind)
    return None if row is None else _done(row)


def before(reader: Reader, done: Done) -> list[Done]:
    """The entries of the same subject before that one, newest first."""
    return [_done(row) for row in reader.rows(BEFORE, subject=done.subject, seq=done.seq)]


def after(reader: Reader, done: Done) -> list[Done]:
    """The entries of the same subject since that one, oldest first."""
    return [_done(row) for row in reader.rows(AFTER, subject=done.subject, seq=done.seq)]


def must_be_own_and_fresh(tx: Tx, done: Done) -> None:
    """Returns if this actor may still take that entry back.

    `Refused("undo-not-yours")` for what somebody else did, `Refused("undo-late")` once
    more than `UNDO_WITHIN` and the grace have passed since it was recorded.
    """
    if done.actor != tx.actor.id:
        raise Refused("undo-not-yours", by=done.actor)
    if tx.now - done.recorded_at > UNDO_WITHIN + UNDO_GRACE:
        raise Refused("undo-late", seconds=UNDO_WITHIN // SECOND)
