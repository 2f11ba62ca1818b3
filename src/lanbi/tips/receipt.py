"""The receipt code: shown once to whoever gave a tip, easy to say over a bad line, kept by nobody else.

Twenty symbols in four groups of five. Nineteen are random: 19 x log2(23) = 85.9 bits. The last makes the
weighted sum zero modulo 23; since 23 is prime and the weights 1 to 20 differ, every single wrong symbol and
every exchange of two symbols is noticed (the argument of ISBN-10). The alphabet leaves out what sounds or
looks like something else in Kreyòl, French or Spanish: D and B and V (be, de, ve; and de is two), N (en is
one), F and S (nèf, sis), G and I and E (je, ji), O, L, C, U.
"""

import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789AHJKMPQRTWXYZ"
SYMBOLS = 20
GROUP_SYMBOLS = 5
TYPED_CHARS_MAX = 60
DERIVED_BYTES = 32

_BETWEEN = str.maketrans("", "", " \t\r\n\u00a0\u202f-‐‑–—._·,/")
# What people type for what they heard or saw.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}


def new_code() -> str:
    """A new code, bare: twenty symbols without its dashes."""
    values = [secrets.randbelow(len(ALPHABET)) for _ in range(SYMBOLS - 1)]
    return "".join(ALPHABET[value] for value in (*values, _check(values)))


def grouped(code: str) -> str:
    """As it is shown and said: `7K2QA-…`, four groups of five."""
    return "-".join(code[start : start + GROUP_SYMBOLS] for start in range(0, SYMBOLS, GROUP_SYMBOLS))


def read_code(typed: str) -> str | None:
    """The bare code that was typed, with any spaces and dashes and in any case; None where it is none."""
    if len(typed) > TYPED_CHARS_MAX:
        return None
    bare = typed.upper().translate(_BETWEEN).translate(_MEANT)
    if len(bare) != SYMBOLS or any(symbol not in _VALUE for symbol in bare):
        return None
    values = [_VALUE[symbol] for symbol in bare]
    return bare if _check(values[:-1]) == values[-1] else None


def lookup_of(code: str) -> bytes:
    """What the store finds a tip by: 32 bytes from which the code cannot be had back."""
    return _derived(code, b"lanbi-tip-lookup/1")


def holder_key(code: str) -> X25519PrivateKey:
    """The holder's own key pair: replies are sealed for it, and only who has the code can make it again."""
    return X25519PrivateKey.from_private_bytes(_derived(code, b"lanbi-tip-reply/1"))


def _derived(code: str, use: bytes) -> bytes:
    # A plain hash is enough: at 85 bits nobody tries all codes, however quick each try is.
    return HKDF(hashes.SHA256(), DERIVED_BYTES, salt=None, info=use).derive(code.encode())


def _check(values: list[int]) -> int:
    """The last symbol's value, so that sum(weight x value) = 0 modulo 23, weights 1 to 20."""
    total = sum(weight * value for weight, value in enumerate(values, start=1))
    return -total * pow(SYMBOLS, -1, len(ALPHABET)) % len(ALPHABET)
