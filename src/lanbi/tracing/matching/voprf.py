"""The verifiable oblivious function of RFC 9497: mode VOPRF (0x01), suite ristretto255-SHA512.

Whoever asks hides its input under a random factor, whoever answers multiplies with its secret key and proves
(one proof for the whole batch) that it was the key that it is known by. The one never sees the input, the
other never sees the key. Names follow the RFC, so that the two can be read side by side.

The group is libsodium's ristretto255 by way of rbcl; `expand_message_xmd` (RFC 9380 section 5.3.1) is written
here. Elements and scalars are 32 bytes, outputs 64, a proof two scalars. Nothing here reads a clock or a
file; randomness is handed in, or comes from `random_scalar` and nowhere else. Arithmetic on secrets is
libsodium's, in constant time.
"""

import hmac
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha512
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, Self

from lanbi.core.errors import LanbiError, Malformed, Refused, TooLarge
from lanbi.record.checkpoint import key_id_of

SUITE = "ristretto255-SHA512"
ELEMENT_BYTES = 32
SCALAR_BYTES = 32
SEED_BYTES = 32
PROOF_BYTES = 2 * SCALAR_BYTES
OUTPUT_BYTES = 64
UNIFORM_BYTES = 64
INPUT_BYTES_MAX = 65_535  # its length is written in two bytes
INFO_BYTES_MAX = 65_535
BATCH_ELEMENTS_MAX = 65_535  # so is an element's place in a batch
DERIVE_TRIES_MAX = 256
DST_BYTES_MAX = 255
EXPANDED_BLOCKS_MAX = 255

_HASH_BYTES = 64
_HASH_BLOCK_BYTES = 128
_MODE_VOPRF = 0x01
_CONTEXT = b"OPRFV1-" + bytes([_MODE_VOPRF]) + b"-" + SUITE.encode()
_TO_GROUP = b"HashToGroup-" + _CONTEXT
_TO_SCALAR = b"HashToScalar-" + _CONTEXT
_TO_KEY = b"DeriveKeyPair" + _CONTEXT
_SEED = b"Seed-" + _CONTEXT
_IDENTITY = bytes(ELEMENT_BYTES)
_ZERO = bytes(SCALAR_BYTES)
_ORDER = 2**252 + 27742317777372353535851937790883648493  # RFC 9496 section 4
# SHA-512 after its block of zeros, with which every expansion begins: half of its work, done once.
_AFTER_ZEROS = sha512(bytes(_HASH_BLOCK_BYTES))


@cache
def _group() -> ModuleType:
    """Libsodium's group, loaded when it is first needed, since that takes a tenth of a second.

    rbcl writes the library to a temporary file at each start and leaves it there, 2.8 MB each time. Once it
    is loaded a POSIX system needs the name no longer; Windows keeps a file that is in use.
    """
    try:
        import rbcl
    except (ImportError, OSError) as error:
        raise LanbiError("matching-library-missing", reason=str(error)) from error
    with suppress(AttributeError, OSError):
        Path(rbcl._sodium._name).unlink()
    return rbcl


# ------------------------------------------------------------------- hashing


def expand_message(message: bytes, dst: bytes, length: int) -> bytes:
    """`length` bytes that look random (expand_message_xmd with SHA-512, RFC 9380 section 5.3.1).

    `dst`: the tag that keeps one use apart from another, 1 to 255 bytes. Raises `ValueError` beyond the RFC's
    bounds: both are constants of a program, never somebody's input.
    """
    blocks = -(-length // _HASH_BYTES)
    if not 0 < len(dst) <= DST_BYTES_MAX or not 0 < blocks <= EXPANDED_BLOCKS_MAX:
        raise ValueError(f"a tag of {len(dst)} bytes, {length} bytes wanted")
    tag = dst + bytes([len(dst)])
    first = _AFTER_ZEROS.copy()
    first.update(message + length.to_bytes(2) + b"\0" + tag)
    start = first.digest()
    block = sha512(start + b"\1" + tag).digest()
    expanded = block
    for number in range(2, blocks + 1):
        mixed = bytes(one ^ other for one, other in zip(start, block, strict=True))
        block = sha512(mixed + bytes([number]) + tag).digest()
        expanded += block
    return expanded[:length]


def hash_to_group(data: bytes) -> bytes:
    """The element that stands for an input; raises `Malformed("matching-input-impossible")`."""
    if len(data) > INPUT_BYTES_MAX:
        raise Malformed("matching-input-impossible")
    element = _group().crypto_core_ristretto255_from_hash(expand_message(data, _TO_GROUP, UNIFORM_BYTES))
    if element == _IDENTITY:  # nobody can find such an input, and the RFC asks
        raise Malformed("matching-input-impossible")
    return element


def hash_to_scalar(data: bytes, dst: bytes = _TO_SCALAR) -> bytes:
    """A scalar below the group's order, from any bytes."""
    return _group().crypto_core_ristretto255_scalar_reduce(expand_message(data, dst, UNIFORM_BYTES))


def random_scalar() -> bytes:
    """A scalar that nobody can guess, from 1 to the order less 1. The one place where randomness is made."""
    while True:
        scalar = _group().crypto_core_ristretto255_scalar_reduce(secrets.token_bytes(UNIFORM_BYTES))
        if scalar != _ZERO:
            return scalar


# ------------------------------------------------------------ what comes in


def _is_element(element: bytes) -> bool:
    # Libsodium's own check lets the identity pass, under which every key gives the same answer.
    return (
        len(element) == ELEMENT_BYTES
        and element != _IDENTITY
        and _group().crypto_core_ristretto255_is_valid_point(element)
    )


def check_element(element: bytes, position: int = 1) -> bytes:
    """The element itself, if it is one in its only spelling and not the identity.

    Raises `Malformed("matching-element-bad")` with `position`, counted from 1.
    """
    if not _is_element(element):
        raise Malformed("matching-element-bad", position=position)
    return element


def check_public_key(public_key: bytes) -> bytes:
    """The key itself, if it can be one; raises `Malformed("matching-key-bad")`."""
    if not _is_element(public_key):
        raise Malformed("matching-key-bad")
    return public_key


def _is_scalar(scalar: bytes) -> bool:
    """From 1 to the order less 1, in 32 bytes, the smallest first. No honest scalar is zero."""
    return len(scalar) == SCALAR_BYTES and 0 < int.from_bytes(scalar, "little") < _ORDER


def _check_scalar(scalar: bytes) -> bytes:
    if not _is_scalar(scalar):
        raise Malformed("matching-scalar-bad")
    return scalar


def _check_batch(elements: Sequence[bytes]) -> None:
    if not elements:
        raise Malformed("matching-batch-empty")
    if len(elements) > BATCH_ELEMENTS_MAX:
        raise TooLarge("matching-batch-large", limit=BATCH_ELEMENTS_MAX, given=len(elements))
    for position, element in enumerate(elements, start=1):
        check_element(element, position)


# --------------------------------------------------------------------- keys


@dataclass(frozen=True, slots=True, eq=False)
class ServerKey:
    """The key pair of one register: `public_key` is told to the partner, the scalar to nobody.

    `key_id` is the first 16 hex digits of SHA-256 of the public key, as for every key of a site.
    """

    key_id: str
    public_key: bytes
    _scalar: bytes

    def __repr__(self) -> str:
        return f"ServerKey({self.key_id})"

    @classmethod
    def from_scalar(cls, scalar: bytes) -> Self:
        """The pair of a secret scalar of 32 bytes; raises `Malformed("matching-scalar-bad")`."""
        public_key = _group().crypto_scalarmult_ristretto255_base(_check_scalar(scalar))
        return cls(key_id_of(public_key), public_key, scalar)

    @classmethod
    def derive(cls, seed: bytes, info: bytes) -> Self:
        """The pair that a seed of 32 secret bytes and a public text stand for (RFC 9497 section 3.2.1).

        Another `info` makes another key from the same seed, so it can name register, partner and turn.
        Raises `Malformed("matching-scalar-bad")` for a seed of another length or an `info` over 65,535 bytes.
        """
        if len(seed) != SEED_BYTES or len(info) > INFO_BYTES_MAX:
            raise Malformed("matching-scalar-bad")
        start = seed + len(info).to_bytes(2) + info
        for counter in range(DERIVE_TRIES_MAX):
            scalar = hash_to_scalar(start + bytes([counter]), _TO_KEY)
            if scalar != _ZERO:
                return cls.from_scalar(scalar)
        raise Malformed("matching-scalar-bad")


# ------------------------------------------------------------- the protocol


class Blinded(NamedTuple):
    """An input under its random factor: `scalar` is kept as secret as the input, `element` is sent."""

    scalar: bytes
    element: bytes


class Evaluated(NamedTuple):
    """What the server sends back: an element for each that it was sent, in the same order, and one proof."""

    elements: list[bytes]
    proof: bytes


def blind(data: bytes, scalar: bytes | None = None) -> Blinded:
    """Hides an input under `scalar`, which is random unless it is handed in and must serve once only.

    Raises `Malformed`: `matching-input-impossible`, `matching-scalar-bad`.
    """
    scalar = random_scalar() if scalar is None else _check_scalar(scalar)
    return Blinded(scalar, _group().crypto_scalarmult_ristretto255(scalar, hash_to_group(data)))


def blind_evaluate(key: ServerKey, elements: Sequence[bytes], nonce: bytes | None = None) -> Evaluated:
    """The server's answer to a batch of hidden inputs, with one proof for all of them.

    `nonce`: the proof's scalar, random unless it is handed in. Two proofs with one nonce tell the key: only a
    test hands one in. Raises `Malformed`: `matching-batch-empty`, `matching-element-bad` (`position`),
    `matching-scalar-bad`; `TooLarge("matching-batch-large")`.
    """
    _check_batch(elements)
    nonce = random_scalar() if nonce is None else _check_scalar(nonce)
    group = _group()
    multiplied = group.crypto_scalarmult_ristretto255
    evaluated = [multiplied(key._scalar, element) for element in elements]
    weights = _weights(key.public_key, elements, evaluated)
    composite = _weighted(weights, elements)
    # The key itself takes the place of a second weighted sum (ComputeCompositesFast).
    composite_evaluated = multiplied(key._scalar, composite)
    challenge = _challenge(
        key.public_key,
        composite,
        composite_evaluated,
        group.crypto_scalarmult_ristretto255_base(nonce),
        multiplied(nonce, composite),
    )
    response = group.crypto_core_ristretto255_scalar_sub(
        nonce, group.crypto_core_ristretto255_scalar_mul(challenge, key._scalar)
    )
    return Evaluated(evaluated, challenge + response)


def verify_proof(
    public_key: bytes, elements: Sequence[bytes], evaluated: Sequence[bytes], proof: bytes
) -> bool:
    """Whether each of `evaluated` is its element times the key behind `public_key`.

    Raises `Malformed`: `matching-answer-count` where the two are not as many, `matching-key-bad`, else as
    `blind_evaluate`. A proof that is no proof at all is false, and no error.
    """
    _check_batch(elements)
    _check_batch(evaluated)
    check_public_key(public_key)
    if len(elements) != len(evaluated):
        raise Malformed("matching-answer-count", asked=len(elements), answered=len(evaluated))
    challenge, response = proof[:SCALAR_BYTES], proof[SCALAR_BYTES:]
    if not (_is_scalar(challenge) and _is_scalar(response)):
        return False
    group = _group()
    weights = _weights(public_key, elements, evaluated)
    try:
        composite, composite_evaluated = _weighted(weights, elements), _weighted(weights, evaluated)
        first = group.crypto_core_ristretto255_add(
            group.crypto_scalarmult_ristretto255_base(response),
            group.crypto_scalarmult_ristretto255(challenge, public_key),
        )
        second = group.crypto_core_ristretto255_add(
            group.crypto_scalarmult_ristretto255(response, composite),
            group.crypto_scalarmult_ristretto255(challenge, composite_evaluated),
        )
    except RuntimeError:  # a sum that is the identity: made on purpose, for no honest batch has one
        return False
    return hmac.compare_digest(
        challenge, _challenge(public_key, composite, composite_evaluated, first, second)
    )


def finalize(
    inputs: Sequence[bytes], blinded: Sequence[Blinded], answer: Evaluated, public_key: bytes
) -> list[bytes]:
    """The 64-byte outputs for a batch of inputs, after the server's proof was found true.

    `blinded`: what `blind` made of each input, in the same order. Raises `Refused("matching-proof-wrong")`
    where the answer was made with another key than `public_key`, or changed on its way; `Malformed` as
    `verify_proof`.
    """
    if len(inputs) != len(blinded):
        raise Malformed("matching-answer-count", asked=len(inputs), answered=len(blinded))
    if not verify_proof(public_key, [one.element for one in blinded], answer.elements, answer.proof):
        raise Refused("matching-proof-wrong", key_id=key_id_of(public_key))
    group = _group()
    outputs: list[bytes] = []
    for data, one, element in zip(inputs, blinded, answer.elements, strict=True):
        inverse = group.crypto_core_ristretto255_scalar_invert(_check_scalar(one.scalar))
        outputs.append(_output(data, group.crypto_scalarmult_ristretto255(inverse, element)))
    return outputs


def evaluate(key: ServerKey, data: bytes) -> bytes:
    """The 64-byte output for an input of the server's own; raises as `hash_to_group`."""
    return _output(data, _group().crypto_scalarmult_ristretto255(key._scalar, hash_to_group(data)))


def evaluate_many(key: ServerKey, inputs: Iterable[bytes]) -> Iterator[bytes]:
    """The outputs for a whole register, one after another, as they are taken; raises as `evaluate`.

    Nine tenths of the time are spent in libsodium without Python's lock, so that a thread which does this
    leaves the others room.
    """
    return (evaluate(key, data) for data in inputs)


def _output(data: bytes, element: bytes) -> bytes:
    return sha512(len(data).to_bytes(2) + data + ELEMENT_BYTES.to_bytes(2) + element + b"Finalize").digest()


def _weights(public_key: bytes, elements: Sequence[bytes], evaluated: Sequence[bytes]) -> list[bytes]:
    """A scalar for each pair, which neither side can choose (the `di` of RFC 9497 section 2.2.1)."""
    size = ELEMENT_BYTES.to_bytes(2)
    seed = sha512(size + public_key + len(_SEED).to_bytes(2) + _SEED).digest()
    start = len(seed).to_bytes(2) + seed
    return [
        hash_to_scalar(start + place.to_bytes(2) + size + one + size + other + b"Composite")
        for place, (one, other) in enumerate(zip(elements, evaluated, strict=True))
    ]


def _weighted(weights: Sequence[bytes], elements: Sequence[bytes]) -> bytes:
    """The sum of weight times element."""
    group = _group()
    total = _IDENTITY
    for weight, element in zip(weights, elements, strict=True):
        total = group.crypto_core_ristretto255_add(
            total, group.crypto_scalarmult_ristretto255(weight, element)
        )
    return total


def _challenge(*elements: bytes) -> bytes:
    framed = b"".join(len(one).to_bytes(2) + one for one in elements)
    return hash_to_scalar(framed + b"Challenge")
