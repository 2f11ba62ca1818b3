"""Other sites and letters decide what may happen to them. Pure: time, keys and chance are handed in."""

import ipaddress
import re
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.text import line
from lanbi.core.time import DAY, Instant
from lanbi.partners.envelope import Envelope, PartnerKey
from lanbi.partners.events import Outcome
from lanbi.record.checkpoint import PUBLIC_KEY_BYTES, key_id_of

CODE_CHARS_MAX = 12
URL_CHARS_MAX = 200
KINDS_MAX = 40
KEYS_ACCEPTED_MAX = 2  # the old one and the new one, while they change
PARTNERS_MAX = 200
LETTERS_WAITING_MAX = 5_000  # for one partner
SCREENED_FOR: Instant = 365 * DAY
# A letter is sealed anew when it leaves: the other side takes none that is older than a month, and links are
# cut for longer. Within a day the same bytes go again.
SEALED_FOR: Instant = DAY
BODY_KEPT_FOR: Instant = 90 * DAY  # of what nobody could work, or nobody took
BACKOFF_FIRST_S = 5.0
BACKOFF_MAX_S = 900.0
BACKOFF_STEPS_MAX = 10
FINGERPRINT_GROUPS = 8
RECEIPT = "partner.receipt"
DEFAULT_KINDS = ("tracing.*", "matching.*")

State = Literal["waiting", "delivered", "refused", "dropped", "taken", "kept", "early"]
"""Of a letter that goes out: waiting, delivered, refused, dropped; of one that came: taken, kept, early,
refused."""
Direction = Literal["in", "out"]

_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_KIND = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)*(\.\*)?|\*")


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A partner's Ed25519 key, 32 raw bytes."""

    public_key: bytes
    added_at: Instant
    retired_at: Instant | None = None

    @property
    def key_id(self) -> str:
        return key_id_of(self.public_key)

    def as_partner_key(self) -> PartnerKey:
        return PartnerKey(self.public_key, self.retired_at)


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """Another site. `code`: as "DO" or "HT-PAP"; `state`: the state that it belongs to.

    `url`: where its inbox is reached; None: letters travel by file only. `kinds_in`, `kinds_out`: kinds of
    letter that pass, "tracing.*" for a family. `screening`: what somebody said, and when, of the partner's
    respect for human rights; without one no letter passes.
    """

    code: str
    state: str
    name: str
    url: str | None
    kinds_in: tuple[str, ...]
    kinds_out: tuple[str, ...]
    enabled: bool
    screening_sealed: str
    screening: str | None
    screened_at: Instant
    screened_by: str
    added_at: Instant
    retired_at: Instant | None
    keys: tuple[Key, ...] = ()
    seq: int = 0

    @property
    def accepted(self) -> tuple[Key, ...]:
        """The keys whose signature is taken now, oldest first."""
        return tuple(key for key in self.keys if key.retired_at is None)

    @property
    def open(self) -> bool:
        return self.enabled and self.retired_at is None

    def screening_due(self, now: Instant) -> bool:
        """Whether somebody should look again."""
        return now >= self.screened_at + SCREENED_FOR

    def must_hold(self, held: int | None) -> None:
        """Raises `Conflict` when the sender saw an older version than this."""
        if held is not None and held < self.seq:
            raise Conflict("partner-changed", code=self.code, version=self.seq)

    def must_serve(self) -> "Partner":
        if self.retired_at is not None:
            raise Refused("partner-retired", code=self.code)
        return self

    def must_take(self, kind: str, *, hold: bool) -> None:
        """Raises where a letter of this kind may not be written. `hold`: it may wait for the switch."""
        self.must_serve()
        if not self.enabled and not hold:
            raise Refused("partner-disabled", code=self.code)
        if not passes(self.kinds_out, kind):
            raise Refused("partner-kind-closed", code=self.code, kind=kind)

    def enable(self, enabled: bool, *, screened_anew: bool, now: Instant) -> "Partner":
        """Turns the switch. On again only over a word on human rights that is not older than a year."""
        self.must_serve()
        if enabled and not screened_anew and self.screening_due(now):
            raise Refused("partner-screening-old", code=self.code, days=SCREENED_FOR // DAY)
        return replace(self, enabled=enabled)

    def add_key(self, public_key: bytes, now: Instant) -> "Partner":
        self.must_serve()
        if any(key.public_key == public_key for key in self.keys):
            raise Refused("partner-key-known", code=self.code)
        if len(self.accepted) >= KEYS_ACCEPTED_MAX:
            raise Refused("partner-keys-full", code=self.code, limit=KEYS_ACCEPTED_MAX)
        return replace(self, keys=(*self.keys, Key(public_key=public_key, added_at=now)))

    def retire_key(self, key_id: str, now: Instant) -> "Partner":
        """The last one stays: a partner of whom nothing is to be taken is switched off."""
        self.must_serve()
        if all(key.key_id != key_id for key in self.accepted):
            raise Refused("partner-key-none", code=self.code, key_id=key_id)
        if len(self.accepted) == 1:
            raise Refused("partner-key-last", code=self.code)
        keys = tuple(replace(key, retired_at=now) if key.key_id == key_id else key for key in self.keys)
        return replace(self, keys=keys)

    def retire(self, now: Instant) -> "Partner":
        self.must_serve()
        keys = tuple(key if key.retired_at is not None else replace(key, retired_at=now) for key in self.keys)
        return replace(self, enabled=False, retired_at=now, keys=keys)


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a site says of a letter that it got, as the body of a letter of its own, of kind `RECEIPT`.

    `letter`: its id; `content`: `content_of` it; `reason`, `args`: the code of a refusal with its blanks.
    """

    letter: str
    content: str
    outcome: Outcome
    reason: str | None = None
    args: dict[str, str | int] = {}


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as this site keeps it.

    `key_id`, `signature`: of who wrote it, when it was first sealed. `body`: None once it is of no more use.
    `receipt`: the signed receipt as it travels; of a letter that came, ours.
    """

    direction: Direction
    partner: str
    id: str
    kind: str
    in_reply_to: str | None
    made_at: Instant
    content: str
    body: bytes | None
    body_bytes: int
    key_id: str
    signature: str
    state: State
    outcome: Outcome | None
    reason: str | None
    args: dict[str, str | int]
    settled_at: Instant | None
    receipt: bytes | None
    made_seq: int = 0
    seq: int = 0

    def may_become(self, outcome: Outcome) -> bool:
        """Whether a receipt with this outcome says anything new of a letter that goes out."""
        if self.state == "waiting":
            return True
        if self.state == "refused":
            return outcome != "refused"
        return self.state == "delivered" and self.outcome in ("early", "kept") and outcome != self.outcome


class Us(msgspec.Struct, frozen=True):
    """This site, as another must know it."""

    code: str
    public_key: bytes


class BundleLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one letter of a file. `reason`: the code of a refusal."""

    letter: str | None
    kind: str | None
    outcome: Outcome
    reason: str | None
    args: dict[str, str | int] = {}


class BundleReport(msgspec.Struct, frozen=True):
    """What became of a file of letters."""

    sender: str
    lines: list[BundleLine]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """How the connection to a partner is, as far as this process knows. `next_at`: when it is tried again."""

    reached_at: Instant | None = None
    failing_since: Instant | None = None
    failures: int = 0
    next_at: Instant | None = None
    reason: str | None = None
    args: dict[str, str | int] = {}


def check_code(code: str) -> str:
    """A state's or a site's code: 2 to 12 capitals, figures and dashes; `Malformed("partner-code")`."""
    if not 2 <= len(code) <= CODE_CHARS_MAX or _CODE.fullmatch(code) is None:
        raise Malformed("partner-code", given=code[:40])
    return code


def check_key(text: str) -> bytes:
    """The 32 bytes that 64 hex digits stand for, spaces between them allowed; `Malformed("partner-key")`."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != PUBLIC_KEY_BYTES:
        raise Malformed("partner-key", chars=2 * PUBLIC_KEY_BYTES)
    return key


def check_url(url: str) -> str:
    """Scheme and host of a site, perhaps a path before `/api`; `Malformed("partner-url")`.

    A letter is signed and not enciphered, so the connection must be: plain http is for this machine and for
    addresses of a private net, where a tunnel does it.
    """
    url = line(url, "url", chars_max=URL_CHARS_MAX).rstrip("/")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Malformed("partner-url", given=url[:80]) from None
    clean = not (parts.username or parts.password or parts.query or parts.fragment)
    if not (host and clean and (parts.scheme == "https" or (parts.scheme == "http" and _is_near(host)))):
        raise Malformed("partner-url", given=url[:80])
    return url


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def check_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of letter, each once; `Malformed("partner-kinds")`."""
    found = tuple(dict.fromkeys(kinds))
    if len(found) > KINDS_MAX or any(len(kind) > 64 or _KIND.fullmatch(kind) is None for kind in found):
        raise Malformed("partner-kinds", limit=KINDS_MAX)
    return found


def passes(kinds: tuple[str, ...], kind: str) -> bool:
    """Whether a kind of letter stands in a list, by itself or by its family. Receipts always pass."""
    return kind == RECEIPT or any(
        one in ("*", kind) or (one.endswith(".*") and kind.startswith(one[:-1])) for one in kinds
    )


def fingerprint(public_key: bytes) -> str:
    """Eight groups of five figures, to be compared by voice in any language (132 bits of SHA-256)."""
    digest = sha256(b"lanbi-fingerprint/1\n" + public_key).digest()
    groups = (int.from_bytes(digest[4 * n : 4 * n + 4]) % 100_000 for n in range(FINGERPRINT_GROUPS))
    return " ".join(f"{group:05d}" for group in groups)


def content_of(envelope: Envelope) -> str:
    """SHA-256, in hex, over what a letter is and says; the same however often it is sealed."""
    head = (
        f"lanbi-letter/1\n{envelope.id}\n{envelope.sender}\n{envelope.recipient}\n{envelope.kind}\n"
        f"{envelope.in_reply_to or ''}\n"
    )
    return sha256(head.encode() + envelope.body + b"\n").hexdigest()


def backoff_s(failures: int, chance: float) -> float:
    """How long to wait after so many failures, in seconds. `chance`: 0 to 1; spreads the sites that wait for
    the same link over the upper half of the span."""
    span = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** min(failures - 1, BACKOFF_STEPS_MAX))
    return span * (0.5 + chance / 2)
