"""A signed letter between two sites: made, and opened with every doubt that one may have about it.

On the wire it is one JSON object, canonical to the byte (sorted keys, no spaces, UTF-8): an envelope has one
spelling, and whatever is written otherwise is refused. The body is any JSON object, as it stands.

Signed are three lines of UTF-8 as for every document of a site: `lanbi-envelope/1`, the sender's site code,
and in hex the SHA-256 over these lines, each ended by a newline: `lanbi-envelope/1`, id, sender, recipient,
kind, made_at in microseconds since 1970 UTC, in_reply_to (empty for none), key_id, body. No field holds a
newline; JSON writes one in a text as `\\n`.

An envelope is signed and not enciphered: the connection between the sites does that. A letter that comes
twice opens twice, so the inbox keeps ids for `MESSAGE_AGE_MAX` and `CLOCK_SKEW_MAX` together, after which the
letter is too old anyway.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lanbi.core.errors import Malformed, Refused, TooLarge, Unauthenticated
from lanbi.core.time import DAY, INSTANT_MAX, INSTANT_MIN, MINUTE, Instant
from lanbi.record.checkpoint import SIGNATURE_BYTES, SiteKey, document_bytes, key_id_of

FORM = "lanbi-envelope/1"
ENVELOPE_BYTES_MAX = 8 * 1024 * 1024
# Links are cut for days here, and a letter must outlive that.
MESSAGE_AGE_MAX: Instant = 30 * DAY
CLOCK_SKEW_MAX: Instant = 10 * MINUTE
SITE_CHARS_MAX = 64
KIND_CHARS_MAX = 64

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_KIND = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_KEY_ID = re.compile(r"[0-9a-f]{16}")
_SIGNATURE = re.compile(rf"[0-9a-f]{{{2 * SIGNATURE_BYTES}}}")
_UNSIGNED = bytes(SIGNATURE_BYTES)  # as long as a signature
_encoder = msgspec.json.Encoder(order="sorted")


class PartnerKey(msgspec.Struct, frozen=True):
    """A key by which a site is known. `retired_at`: from then on nothing signed with it is taken."""

    public_key: bytes
    retired_at: Instant | None = None

    @property
    def key_id(self) -> str:
        """As everywhere: the first 16 hex digits of SHA-256 of the key."""
        return key_id_of(self.public_key)


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A letter. `seal` fills `key_id` and `signature`; in one that was opened, every field holds what it
    says.

    `id`: UUIDv7 in lower case. `sender`, `recipient`: site codes. `kind`: `tracing.request` and the like.
    `in_reply_to`: the id of the letter that this one answers. `body`: a JSON object, canonical (`canonical`).
    """

    id: str
    sender: str
    recipient: str
    kind: str
    made_at: Instant
    body: bytes
    in_reply_to: str | None = None
    key_id: str = ""
    signature: bytes = b""


class _Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The letter as it travels; the signature in hex."""

    form: Literal["lanbi-envelope/1"]
    id: str
    sender: str
    recipient: str
    kind: str
    made_at: int
    in_reply_to: str | None
    key_id: str
    signature: str
    body: msgspec.Raw


def canonical(value: Any) -> bytes:
    """A value as JSON in its one spelling: sorted keys, no spaces, UTF-8. For the body of an envelope."""
    return _encoder.encode(value)


def digest(envelope: Envelope) -> bytes:
    """The 32 bytes that the signature is about."""
    head = (
        f"{FORM}\n{envelope.id}\n{envelope.sender}\n{envelope.recipient}\n{envelope.kind}\n{envelope.made_at}\n"
        f"{envelope.in_reply_to or ''}\n{envelope.key_id}\n"
    )
    return sha256(head.encode() + envelope.body + b"\n").digest()


def seal(envelope: Envelope, key: SiteKey) -> bytes:
    """The letter as it travels, signed by the sender's site key.

    Raises `Malformed("envelope-malformed")` for a field or body that the other side would refuse, and
    `TooLarge("envelope-too-large")` over 8 MiB: larger things travel as files, by their digest.
    """
    envelope = msgspec.structs.replace(envelope, key_id=key.key_id, signature=_UNSIGNED)
    data = _written(envelope)
    if len(data) > ENVELOPE_BYTES_MAX:
        raise TooLarge("envelope-too-large", limit=ENVELOPE_BYTES_MAX, given=len(data))
    _read(data)
    signature = key.sign_document(FORM, envelope.sender, digest(envelope))
    return _written(msgspec.structs.replace(envelope, signature=signature))


def open_envelope(data: bytes, keys: Mapping[str, Sequence[PartnerKey]], me: str, now: Instant) -> Envelope:
    """The letter in `data`, if it is for `me` and a partner signed it, lately enough.

    `keys`: the keys of each partner, by its site code, retired ones too. `now`: microseconds since 1970 UTC.

    Raises, in this order: `TooLarge("envelope-too-large")`, before anything is parsed;
    `Malformed("envelope-malformed")`; `Refused("envelope-recipient-other")` with `recipient`;
    `Unauthenticated`: `envelope-sender-unknown` (`sender`), `envelope-key-unknown` and `envelope-key-retired`
    (`sender`, `key_id`), `envelope-signature-wrong` (`sender`); `Refused`: `envelope-stale` (`sender`,
    `days`), `envelope-from-future` (`sender`, `minutes`). A retired key is refused however old the letter
    says it is, since whoever has the key can write any date: a letter that was under way is sealed and sent
    again.
    """
    if len(data) > ENVELOPE_BYTES_MAX:
        raise TooLarge("envelope-too-large", limit=ENVELOPE_BYTES_MAX, given=len(data))
    envelope = _read(data)
    sender = envelope.sender
    if envelope.recipient != me:
        raise Refused("envelope-recipient-other", recipient=envelope.recipient)
    if sender not in keys:
        raise Unauthenticated("envelope-sender-unknown", sender=sender)
    key = next((one for one in keys[sender] if one.key_id == envelope.key_id), None)
    if key is None:
        raise Unauthenticated("envelope-key-unknown", sender=sender, key_id=envelope.key_id)
    if key.retired_at is not None and key.retired_at <= now:
        raise Unauthenticated("envelope-key-retired", sender=sender, key_id=envelope.key_id)
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(
            envelope.signature, document_bytes(FORM, sender, digest(envelope))
        )
    except (InvalidSignature, ValueError) as error:
        raise Unauthenticated("envelope-signature-wrong", sender=sender) from error
    if envelope.made_at < now - MESSAGE_AGE_MAX:
        raise Refused("envelope-stale", sender=sender, days=MESSAGE_AGE_MAX // DAY)
    if envelope.made_at > now + CLOCK_SKEW_MAX:
        raise Refused("envelope-from-future", sender=sender, minutes=CLOCK_SKEW_MAX // MINUTE)
    return envelope


def _written(envelope: Envelope) -> bytes:
    try:
        return _encoder.encode(
            _Wire(
                form=FORM,
                id=envelope.id,
                sender=envelope.sender,
                recipient=envelope.recipient,
                kind=envelope.kind,
                made_at=envelope.made_at,
                in_reply_to=envelope.in_reply_to,
                key_id=envelope.key_id,
                signature=envelope.signature.hex(),
                body=msgspec.Raw(envelope.body),
            )
        )
    except (msgspec.MsgspecError, ValueError, OverflowError) as error:  # a lone surrogate is no UTF-8
        raise Malformed("envelope-malformed") from error


def _read(data: bytes) -> Envelope:
    """The fields, checked one by one; nothing about who wrote them."""
    try:
        wire = msgspec.json.decode(data, type=_Wire)
        body = bytes(wire.body)
        one_spelling = body.startswith(b"{") and canonical(msgspec.json.decode(body)) == body
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise Malformed("envelope-malformed") from error
    if not (
        one_spelling
        and _ID.fullmatch(wire.id)
        and (wire.in_reply_to is None or _ID.fullmatch(wire.in_reply_to))
        and _is_site(wire.sender)
        and _is_site(wire.recipient)
        and len(wire.kind) <= KIND_CHARS_MAX
        and _KIND.fullmatch(wire.kind)
        and INSTANT_MIN <= wire.made_at <= INSTANT_MAX
        and _KEY_ID.fullmatch(wire.key_id)
        and _SIGNATURE.fullmatch(wire.signature)
    ):
        raise Malformed("envelope-malformed")
    envelope = Envelope(
        id=wire.id,
        sender=wire.sender,
        recipient=wire.recipient,
        kind=wire.kind,
        made_at=wire.made_at,
        in_reply_to=wire.in_reply_to,
        key_id=wire.key_id,
        signature=bytes.fromhex(wire.signature),
        body=body,
    )
    if _written(envelope) != data:  # spaces, another order, a name twice, a letter written as its number
        raise Malformed("envelope-malformed")
    return envelope


def _is_site(code: str) -> bool:
    return 0 < len(code) <= SITE_CHARS_MAX and code.isprintable() and code == code.strip()
