"""Sealed boxes: anybody can put something in, only the compartment's key opens them.

A box is an ephemeral X25519 public key (32 bytes) and AES-256-GCM ciphertext. The key comes by HKDF-SHA256
from the shared secret, with both public keys as its salt, so each box has a key of its own and the nonce may
be zero (the construction of RFC 9180 section 5.1.1 in its simplest form). What stands in a box is padded to a
power of two, so that the length of a box does not tell the length of the words. The context is authenticated:
a box that is moved to another tip, or said to be of another kind, does not open.

The compartment's private key lies in the store under AES-256-GCM with a key made from the triage group's
passphrase by argon2id (RFC 9106).
"""

import os

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16
LENGTH_BYTES = 4
BOX_BYTES_MIN = 1_024  # of what is inside
BOX_BYTES_MAX = 65_536

_ZERO_NONCE = bytes(NONCE_BYTES)


class DoesNotOpen(Exception):
    """The key, the passphrase or the context is another one, or a byte was changed."""


class Cost(msgspec.Struct, frozen=True):
    """What one guess of a passphrase costs (argon2id, one lane)."""

    memory_kib: int
    passes: int


# RFC 9106 section 4, second recommended option: 64 MiB, three passes.
COST = Cost(memory_kib=65_536, passes=3)


class Wrapped(msgspec.Struct, frozen=True):
    """A compartment's key pair as it may be stored."""

    id: str
    public_key: bytes
    wrapped: bytes
    salt: bytes
    cost: Cost


def seal(public_key: bytes, inside: bytes, context: str) -> bytes:
    """A box that only the holder of the private half opens, and only for the same context."""
    mine = X25519PrivateKey.generate()
    sender = mine.public_key().public_bytes_raw()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(public_key))
    lock = AESGCM(_box_key(shared, sender, public_key))
    return sender + lock.encrypt(_ZERO_NONCE, _padded(inside), context.encode())


def open_box(private_key: X25519PrivateKey, box: bytes, context: str) -> bytes:
    """What was put in; raises `DoesNotOpen`."""
    public_key = private_key.public_key().public_bytes_raw()
    try:
        sender = box[:KEY_BYTES]
        shared = private_key.exchange(X25519PublicKey.from_public_bytes(sender))
        lock = AESGCM(_box_key(shared, sender, public_key))
        padded = lock.decrypt(_ZERO_NONCE, box[KEY_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise DoesNotOpen from error
    length = int.from_bytes(padded[:LENGTH_BYTES])
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def new_compartment(compartment_id: str, passphrase: str, cost: Cost = COST) -> Wrapped:
    """A new key pair under a passphrase. Takes some tenths of a second: call it off the loop."""
    return wrap(X25519PrivateKey.generate(), compartment_id, passphrase, cost)


def wrap(key: X25519PrivateKey, compartment_id: str, passphrase: str, cost: Cost = COST) -> Wrapped:
    """The pair under a passphrase, with a fresh salt."""
    salt = os.urandom(SALT_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    lock = AESGCM(_passphrase_key(passphrase, salt, cost))
    wrapped = nonce + lock.encrypt(nonce, key.private_bytes_raw(), _wrap_context(compartment_id))
    return Wrapped(compartment_id, key.public_key().public_bytes_raw(), wrapped, salt, cost)


def unwrap(pair: Wrapped, passphrase: str) -> X25519PrivateKey:
    """The private key; raises `DoesNotOpen` for another passphrase. Call it off the loop."""
    lock = AESGCM(_passphrase_key(passphrase, pair.salt, pair.cost))
    try:
        raw = lock.decrypt(pair.wrapped[:NONCE_BYTES], pair.wrapped[NONCE_BYTES:], _wrap_context(pair.id))
    except InvalidTag as error:
        raise DoesNotOpen from error
    return X25519PrivateKey.from_private_bytes(raw)


def _passphrase_key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1,
        hash_len=KEY_BYTES, type=Type.ID,
    )  # fmt: skip


def _wrap_context(compartment_id: str) -> bytes:
    return f"lanbi-tips-key/1\n{compartment_id}".encode()


def _box_key(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=sender + receiver, info=b"lanbi-tip-box/1").derive(shared)


def _padded(inside: bytes) -> bytes:
    """The length, what is inside, and zeros up to the next power of two."""
    size = BOX_BYTES_MIN
    while size < len(inside) + LENGTH_BYTES:
        size *= 2
    if size > BOX_BYTES_MAX:
        raise ValueError(f"{len(inside)} bytes do not go into a box of {BOX_BYTES_MAX}")
    return (len(inside).to_bytes(LENGTH_BYTES) + inside).ljust(size, b"\0")
