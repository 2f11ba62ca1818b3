"""What arrives twice happens once: the answer to a command is kept under its idempotency key."""

import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lanbi.core.errors import Malformed, Refused
from lanbi.core.ports import Tx
from lanbi.core.time import DAY, Instant

KEY_CHARS_MAX = 64
KEEP_FOR: Instant = 7 * DAY
FORGET_ROWS_MAX = 5_000
NONCE_BYTES = 12

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


class _Locks:
    """What a key stands for: where its answer lies, how it is recognised, and how it is locked.

    Only the sender has the key; the store has its hash. So an answer that holds words
    can be read again by who asked, and by nobody who has the store, also after the
    words themselves were erased. This is as strong as the key is unguessable: send
    random UUIDs.
    """

    __slots__ = ("lock", "name", "secret")

    def __init__(self, key: str) -> None:
        self.secret = hashlib.sha256(b"lanbi-once-secret/1\n" + key.encode()).digest()
        self.name = hashlib.sha256(b"lanbi-once-name/1\n" + key.encode()).hexdigest()
        self.lock = AESGCM(self.secret)

    def fingerprint(self, command: bytes) -> str:
        return hmac.digest(self.secret, command, "sha256").hex()

    def shut(self, body: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.lock.encrypt(nonce, body, None)

    def open(self, kept: bytes) -> bytes:
        return self.lock.decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], None)


def once(tx: Tx, key: str, command: bytes, work: Callable[[Tx], Answer]) -> Answer:
    """The answer of `work`, or the kept one if this actor sent this key before.

    `command`: the bytes that make it the same command; another command under the same
    key raises `Refused("key-reused")`.
    """
    if tx.purpose:
        # What is read for a purpose is sealed elsewhere; and each reading, a repeated one too, is
        # an entry of its own.
        return work(tx)
    locks = _Locks(key)
    fingerprint = locks.fingerprint(command)
    found = tx.row(FIND, actor=tx.actor.id, key=locks.name)
    if found is not None:
        if not hmac.compare_digest(found[0], fingerprint):
            raise Refused("key-reused", key=key)
        return found[1], locks.open(bytes(found[2]))
    status, body = work(tx)
    tx.run(
        KEEP,
        actor=tx.actor.id,
        key=locks.name,
        fingerprint=fingerprint,
        status=status,
        body=locks.shut(body),
        at=tx.now,
    )
    return status, body


def forget_old(tx: Tx) -> int:
    """Drops answers older than a week, at most `FORGET_ROWS_MAX` in one piece; returns how many.

    A client that retries after that long sends a new command.
    """
    return tx.run(FORGET, before=tx.now - KEEP_FOR, limit=FORGET_ROWS_MAX)
