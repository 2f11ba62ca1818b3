"""A site's signing key and what it signs: how many entries its journal had, and the root of their tree.

The signed bytes are five lines of UTF-8, each ended by a newline:
`lanbi-checkpoint/1`, site, size, root in hex, time in microseconds since 1970 UTC.
Signatures are Ed25519 (RFC 8032).

The key file is text: one header line, then the 32-byte seed in hex. Whoever can
read it can sign in the site's name, so it is made with mode 0600 and refused
when others can read it.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lanbi.core.errors import LanbiError, Malformed
from lanbi.core.time import Instant

KEY_FILE_HEADER = "lanbi-site-key/1 ed25519 seed, keep secret"
KEY_FILE_BYTES_MAX = 1024
KEY_FILE_MODE = 0o600
# Nobody outside the owner and the group may read the seed, and only the owner may change it.
KEY_FILE_FORBIDDEN_MODE = 0o037
SEED_BYTES = 32
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
ROOT_BYTES = 32
KEY_ID_HEX_CHARS = 16


def key_id_of(public_key: bytes) -> str:
    """The first 16 hex digits of SHA-256 of the raw 32-byte public key."""
    return sha256(public_key).hexdigest()[:KEY_ID_HEX_CHARS]


def checkpoint_bytes(site: str, size: int, root: bytes, at: Instant) -> bytes:
    """What is signed.

    `root`: 32 bytes; `at`: microseconds since 1970 UTC. Raises `Malformed` where the
    lines could be read in two ways: a newline in the site's name, a root that is no hash.
    """
    if "\n" in site:
        raise Malformed("text-control", field="site")
    if len(root) != ROOT_BYTES or size < 0:
        raise Malformed("checkpoint-malformed", size=size)
    return f"lanbi-checkpoint/1\n{site}\n{size}\n{root.hex()}\n{at}\n".encode()


def document_bytes(form: str, site: str, digest: bytes) -> bytes:
    """What is signed of another document: its form, the site, its SHA-256 in hex, a line each.

    `digest`: 32 bytes. The form ("lanbi-handover/1") keeps one kind from being taken for another.
    """
    if "\n" in site or "\n" in form:
        raise Malformed("text-control", field="site")
    if len(digest) != ROOT_BYTES:
        raise Malformed("checkpoint-malformed", size=len(digest))
    return f"{form}\n{site}\n{digest.hex()}\n".encode()


@dataclass(frozen=True, slots=True)
class SiteKey:
    """The Ed25519 key with which a site signs its checkpoints."""

    key_id: str
    public_key: bytes
    _private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"SiteKey({self.key_id})"

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key that a 32-byte seed stands for."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public_key = private.public_key().public_bytes_raw()
        return cls(key_id_of(public_key), public_key, private)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The key in a key file.

        Raises `LanbiError`: `site-key-missing`, `site-key-open` (others may read or
        change the file), `site-key-malformed`, `site-key-unreadable`.
        """
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                text = file.read(KEY_FILE_BYTES_MAX + 1)
        except FileNotFoundError as error:
            raise LanbiError("site-key-missing", path=str(path)) from error
        except OSError as error:
            raise LanbiError("site-key-unreadable", path=str(path), reason=error.strerror) from error
        if os.name == "posix" and mode & KEY_FILE_FORBIDDEN_MODE:
            raise LanbiError("site-key-open", path=str(path))
        lines = text.split(b"\n")
        seed = b""
        if len(lines) >= 2 and lines[0] == KEY_FILE_HEADER.encode() and not b"".join(lines[2:]).strip():
            with suppress(ValueError):
                seed = bytes.fromhex(lines[1].decode("ascii"))
        if len(seed) != SEED_BYTES:
            raise LanbiError("site-key-malformed", path=str(path))
        return cls.from_seed(seed)

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """The key in a key file, which is made with a new random seed if there is none.

        Of two processes that start at once, both end with the same key. Raises
        what `load` raises, and `LanbiError("site-key-unwritable")`.
        """
        if not path.exists():
            _create(path)
        return cls.load(path)

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for `purpose`, which tells nothing of the seed (HKDF, RFC 5869)."""
        seed = self._private.private_bytes_raw()
        return HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=purpose.encode()).derive(seed)

    def agree(self, public_key: bytes) -> bytes:
        """What only this key and the owner of another public key know: X25519 (RFC 7748) with this key in its
        Montgomery form (RFC 8032 section 5.1.5); `public_key`: 32 bytes. ValueError for a bad point."""
        hashed = sha512(self._private.private_bytes_raw()).digest()
        own = X25519PrivateKey.from_private_bytes(hashed[:SEED_BYTES])
        return own.exchange(X25519PublicKey.from_public_bytes(public_key))

    def sign(self, site: str, size: int, root: bytes, at: Instant) -> bytes:
        """The 64-byte signature of a checkpoint; arguments as for `checkpoint_bytes`."""
        return self._private.sign(checkpoint_bytes(site, size, root, at))

    def sign_document(self, form: str, site: str, digest: bytes) -> bytes:
        """The 64-byte signature of a document's hash; arguments as for `document_bytes`."""
        return self._private.sign(document_bytes(form, site, digest))


def _create(path: Path) -> None:
    """Writes a whole file beside `path` and links it there, so that none is half written or replaced."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    text = f"{KEY_FILE_HEADER}\n{secrets.token_bytes(SEED_BYTES).hex()}\n"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, KEY_FILE_MODE)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # FileExistsError: another process was first, and its key is the one.
            with suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            draft.unlink()
        _sync_folder(path.parent)
    except OSError as error:
        raise LanbiError("site-key-unwritable", path=str(path), reason=error.strerror) from error


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def verify(public_key: bytes, signature: bytes, *, site: str, size: int, root: bytes, at: Instant) -> bool:
    """Whether `signature` is that key's over this checkpoint; False for anything that is no signature."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            signature, checkpoint_bytes(site, size, root, at)
        )
    except (InvalidSignature, ValueError, Malformed):
        return False
    return True
