"""Offers of registers and batches of questions decide what may happen to them. Pure: time, keys and chance
are handed in. The letters by which two sites speak of them stand here too."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta
from msgspec.structs import replace

from lanbi.core.errors import Conflict, LanbiError, Malformed, NotFound, Refused
from lanbi.core.ids import parse_id
from lanbi.core.text import NAME_CHARS_MAX, line
from lanbi.core.time import DAY, INSTANT_MAX, INSTANT_MIN, Instant, parse_instant
from lanbi.record.checkpoint import KEY_ID_HEX_CHARS, key_id_of
from lanbi.tracing.handling import Handling, Kept, Recipient, state_of, why_kept
from lanbi.tracing.markings import catalogue
from lanbi.tracing.markings.marks import GAP, UNREAD, fold
from lanbi.tracing.matching import voprf
from lanbi.tracing.matching.tokens import (
    HEADER_BYTES,
    QUERIES_MAX,
    QUERIES_PER_CASE_MAX,
    QUERIES_PER_DAY_MAX,
    TOKEN_BYTES,
    TOKENS_MAX,
    Answer,
    Batch,
    Pending,
    Quota,
    TokenSet,
    decode_batch,
    match_key,
)

OFFER = "matching.offer"
WITHDRAWN = "matching.withdrawn"
QUERY = "matching.query"
ANSWER = "matching.answer"
REFUSED = "matching.refused"

PENDING_FOR: Instant = 30 * DAY
NONCE_BYTES = 12
OFFERS_OF_ONE_MAX = 50
"""Offers of one partner that stand here at once: each set may take 64 MB."""
DAY_QUERIES_MAX = 10 * QUERIES_PER_DAY_MAX
CASE_QUERIES_MAX = 10 * QUERIES_PER_CASE_MAX
FIREARMS_AT_ONCE_MAX = QUERIES_MAX
PIECE_BYTES = 1024 * 1024
CODE_CHARS_MAX = 60
ARGS_MAX = 10
ARG_CHARS_MAX = 200
TURNS_MAX = 1_000_000
BACKOFF_FIRST_S = 5.0
BACKOFF_MAX_S = 900.0
BACKOFF_STEPS_MAX = 10
READ_WHOLE = frozenset({None, "legible", "restored"})
"""States of a serial in which it may be asked about: whatever stands in a person's way was read."""

Side = Literal["ours", "theirs"]
OfferState = Literal["building", "offered", "announced", "ready", "superseded", "withdrawn", "failed"]
"""Of ours: building, offered, failed. Of theirs: announced (its set is still to come), ready. Of both:
superseded (a newer key is out), withdrawn."""
Direction = Literal["out", "in"]
QueryState = Literal["asked", "answered", "refused", "failed", "lapsed"]
"""refused: by the other side. failed: its answer does not hold. lapsed: none came in thirty days."""
NotAskable = Literal["serial_none", "serial_unread", "make_none", "make_unknown"]

# What an owner may say no with. Another code is of a later version, and is told as one.
REFUSALS = frozenset({
    "matching-register-unknown", "matching-key-other", "matching-offer-over", "matching-release-kept",
    "matching-quota-day", "matching-quota-case", "matching-quota-never", "matching-element-bad",
    "matching-batch-form", "matching-owner-unable",
})  # fmt: skip
_HEX = frozenset("0123456789abcdef")


# ------------------------------------------------------------------ what is handed in


class PartnerFacts(msgspec.Struct, frozen=True):
    """Another site, as far as matching asks. `url`: None where it is reached by file only."""

    code: str
    open: bool
    url: str | None


class RegisterFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A register of this site that stands. `entries`: how many rows it has."""

    id: str
    name: str
    kind: str
    handling: Handling
    entries: int
    synthetic: bool


class Firearm(msgspec.Struct, frozen=True, kw_only=True):
    """A recovered firearm as its board knows it."""

    id: str
    number: int
    make: str | None
    model: str | None
    calibre: str | None
    type: str | None
    serial: str | None
    serial_status: str | None
    trace_state: str
    recovery_id: str | None
    recovery_number: int | None


# -------------------------------------------------------------------------- offers


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A register that its owner lets a partner ask about, under one key.

    `register_id`, `their_id`: the register's and the offer's id at the owner. `digest`: of the set, in hex;
    empty until it is made. `entries`: how many there are to match; `left_out`: rows of ours that cannot be
    matched. `code`, `args`: why it failed, or why its set was not taken. `made_at`: stands in the set.
    `held`: the set is in the store.
    """

    id: str
    side: Side
    partner: str
    their_id: str
    register_id: str
    name: str
    kind: str
    synthetic: bool
    turn: int
    state: OfferState
    key_id: str
    public_key: bytes
    quota: Quota
    made_at: Instant
    by: str
    digest: str = ""
    entries: int | None = None
    left_out: int | None = None
    code: str | None = None
    args: dict[str, str | int] = {}
    settled_at: Instant | None = None
    letter: str | None = None
    held: bool = False
    made_seq: int = 0
    seq: int = 0

    @property
    def stands(self) -> bool:
        """Whether it may still be asked under, now or soon."""
        return self.state in ("building", "offered", "announced", "ready")

    @property
    def set_bytes(self) -> int:
        """How long the file of its set is."""
        return HEADER_BYTES + (self.entries or 0) * TOKEN_BYTES

    @property
    def newness(self) -> tuple[int, Instant]:
        """Of two offers of one register to one partner, the greater is the one that holds."""
        return self.turn, self.made_at

    def must_hold(self, held: int | None) -> None:
        """Raises `Conflict` when the sender saw an older version than this."""
        if held is not None and held < self.seq:
            raise Conflict("matching-changed", version=self.seq)

    def must_be_ours(self) -> "Offer":
        """Raises `NotFound("matching-offer-none")` for a partner's."""
        if self.side != "ours":
            raise NotFound("matching-offer-none")
        return self

    def must_be_ready(self) -> "Offer":
        """Raises `Refused`: matching-offer-not-ready, matching-offer-over."""
        if self.side != "theirs":
            raise NotFound("matching-offer-none")
        if self.state == "announced":
            raise Refused("matching-offer-not-ready", partner=self.partner)
        if self.state != "ready":
            raise Refused("matching-offer-over", register=self.name)
        return self

    def offered(self, now: Instant, *, digest: str, entries: int, left_out: int, letter: str) -> "Offer":
        """Its set is made."""
        return replace(
            self, state="offered", digest=digest, entries=entries, left_out=left_out, letter=letter,
            settled_at=now, held=True,
        )  # fmt: skip

    def ended(
        self, state: Literal["superseded", "withdrawn", "failed"], now: Instant, code: str | None = None
    ) -> "Offer":
        """It holds no more."""
        return replace(self, state=state, settled_at=now, code=code, args={})

    def check_set(self, found: TokenSet) -> None:
        """Raises `Malformed("matching-set-other")` with `field` where a set is not the one that was
        signed."""
        said = (self.digest, self.key_id, self.entries)
        for field, one, other in zip(
            ("digest", "key", "count"), said, (found.digest.hex(), found.key_id, len(found)), strict=True
        ):
            if one != other:
                raise Malformed("matching-set-other", field=field)


def why_not_offered(
    handling: Handling, partner: str, purpose: str | None, today: str, *, us: str, stopped: bool
) -> Kept | None:
    """Why a register may not be asked about by a partner; None where it may.

    `purpose`: of a batch; None when it is offered and nobody has said one. A register that is ours is
    offered by its originator, which names the partner by that; TLP:RED, a stopped originator and an overdue
    review keep it here all the same. One that came from elsewhere must name the partner and may be passed on.
    """
    purposes = handling.purposes
    asked = purpose if purpose is not None else purposes[0] if purposes else ""
    if handling.originator == us or state_of(us) == handling.originator:
        handling = replace(handling, releasable=(partner,))
    return why_kept(handling, Recipient(partner, asked, today), us=us, stopped=stopped)


def key_of(make: str | None, marks: str | None) -> bytes | None:
    """What is matched of one entry of a register; None where its make or its serial is not wholly known."""
    if make is None or make not in catalogue.numbers("makes"):
        return None
    if not marks or UNREAD in marks or GAP in marks:
        return None
    return match_key(make, fold(marks))


def why_not_askable(firearm: Firearm) -> NotAskable | None:
    """Why a firearm cannot be asked about; None where it can."""
    marks = firearm.serial
    if not marks or firearm.serial_status == "none":
        return "serial_none"
    if UNREAD in marks or GAP in marks or firearm.serial_status not in READ_WHOLE:
        return "serial_unread"
    if firearm.make is None:
        return "make_none"
    return "make_unknown" if key_of(firearm.make, marks) is None else None


# ------------------------------------------------------------------------- queries


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of questions, as each side keeps it.

    `direction`: out where we asked. `their_id`: its id at who asked. `offer_id`: ours, None where we were
    asked about nothing that we know. `content`: SHA-256 over what was asked, in hex. `answered`: how many
    answers; `hits`: how many of them hit, where we asked. `open_until`: until when hits can be opened for
    the first time.
    """

    id: str
    direction: Direction
    partner: str
    their_id: str
    offer_id: str | None
    register_id: str
    key_id: str
    purpose: str
    case: str
    content: str
    asked: int
    state: QueryState
    by: str
    asked_at: Instant
    letter: str
    answered: int | None = None
    hits: int | None = None
    code: str | None = None
    args: dict[str, str | int] = {}
    settled_at: Instant | None = None
    opened_at: Instant | None = None
    opened_by: str | None = None
    open_until: Instant | None = None
    made_seq: int = 0
    seq: int = 0

    @property
    def openable(self) -> bool:
        """Whether somebody may look which hit."""
        found = self.state == "answered" and bool(self.hits)
        return found and (self.opened_at is not None or self.open_until is not None)

    @property
    def waits(self) -> bool:
        """Whether an answer would still be taken: also where only its letter was refused, which may go
        again."""
        return self.direction == "out" and self.answered is None and self.open_until is not None

    def must_open(self) -> None:
        """Raises `Refused`: matching-not-answered, matching-nothing-to-open, matching-pending-gone."""
        if self.state != "answered":
            raise Refused("matching-not-answered", partner=self.partner)
        if not self.hits:
            raise Refused("matching-nothing-to-open", asked=self.asked)
        if not self.openable:
            raise Refused("matching-pending-gone", days=PENDING_FOR // DAY)

    def answer(self, now: Instant, answered: int, hits: int | None) -> "Query":
        return replace(
            self, state="answered", answered=answered, hits=hits, settled_at=now, code=None, args={}
        )

    def refuse(self, now: Instant, code: str, args: Mapping[str, str | int]) -> "Query":
        return replace(self, state="refused", code=code, args=dict(args), settled_at=now)

    def fail(self, now: Instant, answered: int, error: LanbiError) -> "Query":
        return replace(
            self, state="failed", answered=answered, code=error.code, args=simple_args(error), settled_at=now
        )


class Held(msgspec.Struct, frozen=True):
    """What is kept of a batch of ours until its hits are opened."""

    pending: Pending
    answer: Answer | None = None


def close(secret: bytes, query_id: str, held: Held, nonce: bytes) -> bytes:
    """Enciphers it: 12 bytes nonce, then AES-256-GCM over MessagePack, bound to the batch. `secret`: 32
    bytes."""
    return nonce + AESGCM(secret).encrypt(nonce, msgspec.msgpack.encode(held), query_id.encode())


def disclose(secret: bytes, query_id: str, closed: bytes) -> Held:
    """What `close` enciphered; `Refused("matching-pending-gone")` where the key is another, as after its
    change."""
    nonce, text = closed[:NONCE_BYTES], closed[NONCE_BYTES:]
    try:
        return msgspec.msgpack.decode(AESGCM(secret).decrypt(nonce, text, query_id.encode()), type=Held)
    except (InvalidTag, ValueError, msgspec.MsgspecError) as error:
        raise Refused("matching-pending-gone", days=PENDING_FOR // DAY) from error


def simple_args(error: LanbiError) -> dict[str, str | int]:
    """The blanks of a refusal that may travel: short texts and figures."""
    return {
        name: value if isinstance(value, int) else str(value)[:ARG_CHARS_MAX]
        for name, value in list(error.args_by_name.items())[:ARGS_MAX]
    }


def backoff_s(failures: int, chance: float) -> float:
    """How long to wait after so many failures, in seconds. `chance`: 0 to 1."""
    span = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** min(failures - 1, BACKOFF_STEPS_MAX))
    return span * (0.5 + chance / 2)


# ------------------------------------------------------------------------- letters

Few = Annotated[int, Meta(ge=1, le=1_000_000)]


class Quotas(msgspec.Struct, frozen=True, kw_only=True):
    """Questions in any 24 hours, and for one case in any 30 days."""

    day: Few
    case: Few


class OfferLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A register may be asked about. `public_key`, `digest`: in hex; `made_at`: of the set, microseconds
    since 1970 UTC; `count`: entries of the set. The set travels apart, and is known by its digest."""

    offer: str
    register: str
    name: str
    kind: str
    synthetic: bool
    turn: Annotated[int, Meta(ge=1, le=TURNS_MAX)]
    count: Annotated[int, Meta(ge=1, le=TOKENS_MAX)]
    key_id: str
    public_key: str
    digest: str
    made_at: Annotated[int, Meta(ge=INSTANT_MIN, le=INSTANT_MAX)]
    quotas: Quotas


class WithdrawnLetter(msgspec.Struct, frozen=True, kw_only=True):
    """An offer holds no more."""

    offer: str


class QueryLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of hidden serials. `query`: its id at who asks, for ever. `batch`: see `tokens.Batch`."""

    query: str
    register: str
    batch: msgspec.Raw


class AnswerLetter(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a batch."""

    query: str
    answer: Answer


class RefusedLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A batch is not answered. `code`: of a sentence, `args`: its blanks, `opens_at` among them where it is
    a quota."""

    query: str
    code: str
    args: dict[str, str | int] = {}


L = TypeVar("L", OfferLetter, WithdrawnLetter, QueryLetter, AnswerLetter, RefusedLetter)


def read(body: bytes, kind: type[L]) -> L:
    """The letter; `Malformed("matching-message-malformed")` for what is none."""
    try:
        letter = msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed("matching-message-malformed") from error
    for name in ("offer", "register", "query"):
        if (given := getattr(letter, name, None)) is not None and parse_id(given) != given:
            raise Malformed("matching-message-malformed")
    if isinstance(letter, OfferLetter):
        _check_offer(letter)
    if isinstance(letter, RefusedLetter):
        letter = _checked_refusal(letter)
    return letter


def batch_of(letter: QueryLetter) -> Batch:
    """The batch in a letter; raises as `tokens.decode_batch`, also for a case with spaces around it: by that
    one case would count as several."""
    batch = decode_batch(bytes(letter.batch))
    if len(batch.key_id) != KEY_ID_HEX_CHARS or not _HEX.issuperset(batch.key_id):
        raise Malformed("matching-message-malformed")
    if batch.case != batch.case.strip() or batch.purpose != batch.purpose.strip():
        raise Malformed("matching-message-malformed")
    return batch


def _check_offer(letter: OfferLetter) -> None:
    plain = line(letter.name, "name", chars_max=NAME_CHARS_MAX) == letter.name
    if len(letter.kind) > CODE_CHARS_MAX or not plain:
        raise Malformed("matching-message-malformed")
    if len(letter.digest) != 64 or not _HEX.issuperset(letter.digest):
        raise Malformed("matching-message-malformed")
    try:
        public_key = bytes.fromhex(letter.public_key)
    except ValueError as error:
        raise Malformed("matching-key-bad") from error
    if letter.key_id != key_id_of(voprf.check_public_key(public_key)):
        raise Malformed("matching-key-bad")


def _checked_refusal(letter: RefusedLetter) -> RefusedLetter:
    """With a code that this site has a sentence for, and blanks that a screen can hold."""
    if len(letter.code) > CODE_CHARS_MAX or len(letter.args) > ARGS_MAX:
        raise Malformed("matching-message-malformed")
    if any(len(str(value)) > ARG_CHARS_MAX for value in letter.args.values()):
        raise Malformed("matching-message-malformed")
    if "opens_at" in letter.args:
        parse_instant(str(letter.args["opens_at"]))
    if letter.code in REFUSALS:
        return letter
    return replace(letter, code="matching-refused-otherwise", args={"code": letter.code})


def check_quotas(day: int, case: int) -> Quota:
    """Raises `Malformed("matching-quota-impossible")` outside 1 to ten times the usual."""
    for given, limit in ((day, DAY_QUERIES_MAX), (case, CASE_QUERIES_MAX)):
        if not 1 <= given <= limit:
            raise Malformed("matching-quota-impossible", limit=limit, given=given)
    return Quota(day_queries=day, case_queries=case)


def check_digest(text: str) -> str:
    """A digest in hex; `NotFound("matching-set-none")` for what cannot be one."""
    if len(text) != 64 or not _HEX.issuperset(text):
        raise NotFound("matching-set-none")
    return text
