"""Letters in a file, for a stick that a person carries while the link is cut.

The file is one line of JSON that says from whom, for whom and under which locks, then the letters,
enciphered: a stick is lost more easily than a connection is tapped. Each letter is signed by itself; the
lock only keeps it closed. For each key that the recipient is known by there is one lock: X25519 between a key
made for this file and the recipient's Ed25519 key in its Montgomery form (RFC 7748, section 4.1),
HKDF-SHA-256 (RFC 5869), AES-256-GCM around the key of the file. The letters stand under that key, one a line,
with the first line as associated data; every key serves once, so the nonces are zero.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lanbi.core.errors import Malformed, Refused, TooLarge
from lanbi.record.checkpoint import key_id_of

FORM = "lanbi-bundle/1"
SUFFIX = ".lanbi"
BUNDLE_BYTES_MAX = 32 * 1024 * 1024
HEAD_BYTES_MAX = 4_096
LOCKS_MAX = 8
KEY_BYTES = 32
_NONCE = bytes(12)
_P = 2**255 - 19  # of Curve25519

Agree = Callable[[bytes], bytes]
"""X25519 between a site's own key in Montgomery form and a public one of 32 bytes; the shared 32 bytes."""


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file's key, closed for one key of the recipient. All in hex."""

    key_id: str
    ephemeral: str
    wrapped: str


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    form: Literal["lanbi-bundle/1"]
    sender: str
    recipient: str
    locks: list[Lock]


class Bundle(msgspec.Struct, frozen=True):
    """What was in a file: who says that it comes from them, and letters as they travel, nothing checked."""

    sender: str
    letters: list[bytes]


def montgomery(public_key: bytes) -> bytes:
    """An Ed25519 public key as the X25519 key of the same point; `Malformed("partner-key")` for the few that
    are none."""
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    if y in (0, 1) or y >= _P:
        raise Malformed("partner-key", chars=2 * KEY_BYTES)
    return ((1 + y) * pow(1 - y, _P - 2, _P) % _P).to_bytes(KEY_BYTES, "little")


def pack(
    letters: Sequence[bytes],
    *,
    sender: str,
    recipient: str,
    keys: Sequence[bytes],
    chance: Callable[[int], bytes],
) -> bytes:
    """The file. `letters`: as sealed; `keys`: the recipient's Ed25519 keys, raw; `chance(n)`: n random
    bytes."""
    file_key = chance(KEY_BYTES)
    locks = []
    for public_key in keys:
        own = X25519PrivateKey.from_private_bytes(chance(KEY_BYTES))
        ephemeral = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        theirs = montgomery(public_key)
        shared = own.exchange(X25519PublicKey.from_public_bytes(theirs))
        wrapped = AESGCM(_wrapping(shared, ephemeral, theirs)).encrypt(_NONCE, file_key, None)
        locks.append(Lock(key_id_of(public_key), ephemeral.hex(), wrapped.hex()))
    head = msgspec.json.encode(Head(FORM, sender, recipient, locks)) + b"\n"
    return head + AESGCM(file_key).encrypt(_NONCE, b"\n".join(letters), head)


def unpack(data: bytes, *, me: str, public_key: bytes, agree: Agree) -> Bundle:
    """What is in a file for `me`, whose key is `public_key`.

    Raises `TooLarge("bundle-too-large")`, `Malformed("bundle-malformed")`, `Refused("bundle-other")` with
    `recipient` for somebody else's, `Refused("bundle-locked")` where none of its locks is for this key, and
    `Malformed("bundle-damaged")` where a byte of it was changed or lost.
    """
    if len(data) > BUNDLE_BYTES_MAX:
        raise TooLarge("bundle-too-large", limit=BUNDLE_BYTES_MAX, given=len(data))
    end = data.find(b"\n", 0, HEAD_BYTES_MAX) + 1
    try:
        head = msgspec.json.decode(data[:end], type=Head)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed("bundle-malformed") from error
    if len(head.locks) > LOCKS_MAX:
        raise Malformed("bundle-malformed")
    if head.recipient != me:
        raise Refused("bundle-other", recipient=head.recipient[:40])
    key_id = key_id_of(public_key)
    lock = next((lock for lock in head.locks if lock.key_id == key_id), None)
    if lock is None:
        raise Refused("bundle-locked", sender=head.sender[:40])
    try:
        ephemeral, wrapped = bytes.fromhex(lock.ephemeral), bytes.fromhex(lock.wrapped)
        wrapping = _wrapping(agree(ephemeral), ephemeral, montgomery(public_key))
        file_key = AESGCM(wrapping).decrypt(_NONCE, wrapped, None)
        text = AESGCM(file_key).decrypt(_NONCE, data[end:], data[:end])
    except (InvalidTag, ValueError) as error:
        raise Malformed("bundle-damaged", sender=head.sender[:40]) from error
    return Bundle(head.sender, text.split(b"\n") if text else [])


def _wrapping(shared: bytes, ephemeral: bytes, theirs: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=ephemeral + theirs, info=FORM.encode()).derive(
        shared
    )
