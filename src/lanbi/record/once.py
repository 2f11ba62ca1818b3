"""What arrives twice happens once: the answer to a command is kept under its idempotency key."""

from collections.abc import Callable

from lanbi.core.errors import Malformed, Refused
from lanbi.core.ports import Tx
from lanbi.core.time import DAY, Instant

KEY_CHARS_MAX = 64
KEEP_FOR: Instant = 7 * DAY
FORGET_ROWS_MAX = 5_000

FIND = "SELECT fingerprint, status, body FROM once WHERE actor = :actor AND key = :key"
KEEP = """
INSERT INTO once (actor, key, fingerprint, status, body, at)
VALUES (:actor, :key, :fingerprint, :status, :body, :at)
"""
FORGET = """
DELETE FROM once WHERE (actor, key) IN
 (SELECT actor, key FROM once WHERE at < :before ORDER BY at LIMIT :limit)
"""

Answer = tuple[int, bytes]
"""HTTP status and body, as they were sent."""


def check_key(key: str) -> str:
    """The key, if it is 1 to 64 visible ASCII characters; `Malformed("key-unusable")` if not."""
    if not 0 < len(key) <= KEY_CHARS_MAX or not key.isascii() or not key.isprintable():
        raise Malformed("key-unusable", limit=KEY_CHARS_MAX)
    return key


def once(tx: Tx, key: str, fingerprint: str, work: Callable[[Tx], Answer]) -> Answer:
    """The answer of `work`, or the kept one if this actor sent this key before.

    `fingerprint` tells whether it is the same command; another command under the
    same key raises `Refused("key-reused")`.
    """
    if tx.purpose:
        # What is read for a purpose is sealed elsewhere, and must not lie here in clear; and each
        # reading, a repeated one too, is an entry of its own.
        return work(tx)
    found = tx.row(FIND, actor=tx.actor.id, key=key)
    if found is not None:
        if found[0] != fingerprint:
            raise Refused("key-reused", key=key)
        return found[1], bytes(found[2])
    status, body = work(tx)
    tx.run(KEEP, actor=tx.actor.id, key=key, fingerprint=fingerprint, status=status, body=body, at=tx.now)
    return status, body


def forget_old(tx: Tx) -> int:
    """Drops answers older than a week, at most `FORGET_ROWS_MAX` in one piece; returns how many.

    A client that retries after that long sends a new command.
    """
    return tx.run(FORGET, before=tx.now - KEEP_FOR, limit=FORGET_ROWS_MAX)
