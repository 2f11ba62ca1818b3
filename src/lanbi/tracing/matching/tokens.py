"""What is matched with a partner, and how much of it: keys, a register's set of tokens, questions, quotas.

A register's owner evaluates every make and serial of it once, cuts each output to a token and hands the
sorted tokens out. A partner who wants to know whether a serial of its own is among them must have that serial
evaluated, hidden, by the owner: tokens alone tell nothing, and what can be asked in a day is limited.

Width of a token. A question that hits nothing meets one of N tokens of w bytes by chance with N / 2^(8w).
With N = 1.4 million entries and 200 questions on each of 365 days, the false hits to expect in a year are

    200 x 365 x 1.4e6 / 2^64 = 1.022e11 / 1.845e19 = 5.5e-9   with 8 bytes
    200 x 365 x 1.4e6 / 2^56 = 1.022e11 / 7.206e16 = 1.4e-6   with 7 bytes

so 8 bytes are the least that stays below one in a million, and do so for a hundred such partners together.
A set of 1.4 million is then 11.2 MB.
"""

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Annotated, Self, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from lanbi.core.errors import Malformed, Refused, TooLarge
from lanbi.core.text import line
from lanbi.core.time import DAY, INSTANT_MAX, INSTANT_MIN, Instant, rfc3339
from lanbi.record.checkpoint import SiteKey, key_id_of
from lanbi.tracing.matching import voprf

# How a key is written and how a serial is folded. Two sites match only when both are the same on both sides,
# so a change of either is another form, and old sets are refused rather than silently without hits.
MATCH_FORM = "lanbi-match/1"
FORM_VERSION = 1
KEY_FORM = "lanbi-match-key/1"
_MAKE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,63}")
# The marks that are left when look-alikes are folded into one.
_FOLDED = re.compile(r"[0-9ACEFHJKMNPRTUVWXY]{1,64}")

TOKEN_BYTES = 8
TOKENS_MAX = 8_000_000
SUITE_NUMBER = 1  # ristretto255-SHA512 in mode VOPRF
MAGIC = b"lanbiset"
PROGRESS_TOKENS = 1_000

QUERIES_MAX = 200  # in one batch
QUERIES_PER_DAY_MAX = 200
QUERIES_PER_CASE_MAX = 400
CASE_WINDOW: Instant = 30 * DAY
CASE_CHARS_MAX = 120
PURPOSE_CHARS_MAX = 64

# magic, form, suite, width of a token in bytes, two spare bytes, count, made_at, public key; then the digest.
_HEADER = struct.Struct(">8sHHH2xIq32s")
DIGEST_BYTES = 32
HEADER_BYTES = _HEADER.size + DIGEST_BYTES
SET_BYTES_MAX = HEADER_BYTES + TOKENS_MAX * TOKEN_BYTES


def match_key(make_code: str, folded_serial: str) -> bytes:
    """The bytes that two sites must both come to for one firearm: form, make, serial, a line each.

    `make_code`: of the catalogue of makes. `folded_serial`: the marks of a serial as `tracing.markings` folds
    them. Raises `Malformed("matching-field-unusable")` with `field` ("make", "serial") for what is no code,
    and for a serial that is empty, too long, not folded or not wholly read: it would match wrongly.
    """
    for text, form, field in ((make_code, _MAKE, "make"), (folded_serial, _FOLDED, "serial")):
        if not form.fullmatch(text):
            raise Malformed("matching-field-unusable", field=field)
    return f"{MATCH_FORM}\n{make_code}\n{folded_serial}\n".encode()


# ------------------------------------------------------- a register's tokens


def register_key(site: SiteKey, register: str, partner: str, turn: int) -> voprf.ServerKey:
    """The key of one register for one partner, made from the site's own: nothing more need be kept.

    `register`, `partner`: their codes. `turn`: counted up to change the key, by which old sets, and what was
    evaluated for them, become useless. Raises as `core.text.line`.
    """
    for text, field in ((register, "register"), (partner, "partner")):
        line(text, field)
    info = f"{KEY_FORM}\n{register}\n{partner}\n{turn}\n"
    return voprf.ServerKey.derive(site.derive(KEY_FORM), info.encode())


def pack(outputs: Iterable[bytes], public_key: bytes, made_at: Instant) -> bytes:
    """The file that is handed out: header, digest, and the outputs cut to tokens, sorted, each once.

    `outputs`: 64 bytes each, in any order. Raises `TooLarge("matching-set-large")` over `TOKENS_MAX`.
    """
    cut = bytearray()
    for output in islice(outputs, TOKENS_MAX + 1):
        cut += output[:TOKEN_BYTES]
    given = len(cut) // TOKEN_BYTES
    if given > TOKENS_MAX:
        raise TooLarge("matching-set-large", limit=TOKENS_MAX, given=given)
    tokens = np.unique(np.frombuffer(cut, ">u8").astype(np.uint64))
    body = tokens.astype(">u8").tobytes()
    head = _HEADER.pack(
        MAGIC, FORM_VERSION, SUITE_NUMBER, TOKEN_BYTES, len(tokens), made_at,
        voprf.check_public_key(public_key),
    )  # fmt: skip
    return head + sha256(head + body).digest() + body


def build(
    key: voprf.ServerKey,
    match_keys: Iterable[bytes],
    made_at: Instant,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """A register's file, made from its match keys as they come: about 0.1 ms of one core for each.

    `progress` is told how many are done, every thousand and at the end; what it raises ends the work. Keep
    one key to one register and one partner, or the partners can lay their sets side by side. Raises as
    `pack`.
    """
    return pack(_counted(voprf.evaluate_many(key, match_keys), progress), key.public_key, made_at)


def _counted(outputs: Iterable[bytes], progress: Callable[[int], None] | None) -> Iterator[bytes]:
    done = 0
    for output in outputs:
        yield output
        done += 1
        if progress is not None and done % PROGRESS_TOKENS == 0:
            progress(done)
    if progress is not None:
        progress(done)


@dataclass(frozen=True, slots=True, eq=False)
class TokenSet:
    """A partner's register as tokens. It says how many entries there are, and nothing about any of them.

    `digest`: SHA-256 over the rest of the file. It notices damage; that the file is the partner's is known
    only where the partner has signed this digest.
    """

    public_key: bytes
    made_at: Instant
    digest: bytes
    _tokens: NDArray[np.uint64]

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Reads a file that `pack` made, and nothing that differs from one in a single bit.

        Raises `TooLarge("matching-set-large")`; `Malformed`: `matching-set-malformed` (not such a file, or
        cut off), `matching-set-form` (another form, suite or width: `form`), `matching-set-damaged` (the
        digest is another, or the tokens are out of order), `matching-key-bad`.
        """
        if len(data) > SET_BYTES_MAX:
            raise TooLarge("matching-set-large", limit=TOKENS_MAX, given=len(data) // TOKEN_BYTES)
        if len(data) < HEADER_BYTES or not data.startswith(MAGIC):
            raise Malformed("matching-set-malformed")
        head, digest = data[: _HEADER.size], data[_HEADER.size : HEADER_BYTES]
        _, form, suite, width, count, made_at, public_key = _HEADER.unpack(head)
        if (form, suite, width) != (FORM_VERSION, SUITE_NUMBER, TOKEN_BYTES):
            raise Malformed("matching-set-form", form=f"{form}.{suite}.{width}")
        if len(data) != HEADER_BYTES + count * TOKEN_BYTES:
            raise Malformed("matching-set-malformed")
        if sha256(head + data[HEADER_BYTES:]).digest() != digest:
            raise Malformed("matching-set-damaged")
        tokens = np.frombuffer(data, ">u8", offset=HEADER_BYTES).astype(np.uint64)
        if not bool(np.all(tokens[1:] > tokens[:-1])) or not INSTANT_MIN <= made_at <= INSTANT_MAX:
            raise Malformed("matching-set-damaged")
        return cls(voprf.check_public_key(public_key), made_at, digest, tokens)

    @property
    def key_id(self) -> str:
        """By which both sides' logs name the key."""
        return key_id_of(self.public_key)

    def __len__(self) -> int:
        """How many entries: two of a register that match alike are one."""
        return len(self._tokens)

    def contains(self, output: bytes) -> bool:
        """Whether an output of 64 bytes is among the entries; the chance of a false yes stands above."""
        token = np.uint64(int.from_bytes(output[:TOKEN_BYTES]))
        place = int(np.searchsorted(self._tokens, token))
        return place < len(self._tokens) and bool(self._tokens[place] == token)


# ---------------------------------------------------- questions and answers

_Elements = Annotated[tuple[bytes, ...], msgspec.Meta(min_length=1, max_length=QUERIES_MAX)]


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent: hidden serials, for which key, and why. It goes into both sides' logs as it is.

    `purpose`: a code of the vocabulary. `case`: the asking side's reference. `elements`: 32 bytes each.
    """

    form: str
    key_id: str
    purpose: str
    case: str
    elements: _Elements


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes back: an element for each of the batch, in order, and one proof of 64 bytes for all."""

    key_id: str
    elements: _Elements
    proof: bytes


class Pending(msgspec.Struct, frozen=True):
    """What the asking side keeps until the answer comes: as secret as the serials that stand in it."""

    public_key: bytes
    match_keys: tuple[bytes, ...]
    scalars: tuple[bytes, ...]
    batch: Batch

    def __repr__(self) -> str:
        return f"Pending({len(self.match_keys)} for {self.batch.key_id})"


class Hits(msgspec.Struct, frozen=True):
    """How many of a batch hit, and which: their places in it, from 0. The count is shown first."""

    asked: int
    count: int
    places: tuple[int, ...]


def ask(
    public_key: bytes,
    match_keys: Sequence[bytes],
    *,
    purpose: str,
    case: str,
    scalars: Sequence[bytes] | None = None,
) -> Pending:
    """Hides up to `QUERIES_MAX` match keys. Send the `batch` and keep the rest.

    `scalars`: one for each, for a test; random and used once unless handed in. Raises `Malformed`:
    `matching-batch-empty`, `text-empty` or `text-control` (`purpose`, `case`), `matching-key-bad`;
    `TooLarge`: `matching-batch-large`, `text-too-long`.
    """
    _check_size(match_keys)
    chosen: Sequence[bytes | None] = [None] * len(match_keys) if scalars is None else scalars
    blinded = [voprf.blind(one, scalar) for one, scalar in zip(match_keys, chosen, strict=True)]
    batch = Batch(
        form=MATCH_FORM,
        key_id=key_id_of(voprf.check_public_key(public_key)),
        purpose=line(purpose, "purpose", chars_max=PURPOSE_CHARS_MAX),
        case=line(case, "case", chars_max=CASE_CHARS_MAX),
        elements=tuple(one.element for one in blinded),
    )
    return Pending(public_key, tuple(match_keys), tuple(one.scalar for one in blinded), batch)


def answer(key: voprf.ServerKey, batch: Batch, nonce: bytes | None = None) -> Answer:
    """Evaluates a batch. Check who asks and the quota first, and write both down: this is what is limited.

    Raises `Refused("matching-key-other")` with `asked` and `held` where the batch is for another key (a new
    set is out, or this one is withdrawn); `Malformed("matching-batch-form")` (`form`) and as
    `voprf.blind_evaluate`.
    """
    _check_size(batch.elements)
    if batch.form != MATCH_FORM:
        raise Malformed("matching-batch-form", form=batch.form[:CASE_CHARS_MAX])
    if batch.key_id != key.key_id:
        raise Refused("matching-key-other", asked=batch.key_id[:CASE_CHARS_MAX], held=key.key_id)
    evaluated = voprf.blind_evaluate(key, batch.elements, nonce)
    return Answer(key.key_id, tuple(evaluated.elements), evaluated.proof)


def hits(pending: Pending, answered: Answer, tokens: TokenSet) -> Hits:
    """Checks the proof and looks every output up in the set.

    Raises `Refused`: `matching-key-other` where question, answer and set are not of one key,
    `matching-proof-wrong`; `Malformed`: `matching-answer-count`, `matching-element-bad`.
    """
    for held in (answered.key_id, tokens.key_id):
        if held != pending.batch.key_id:
            raise Refused("matching-key-other", asked=pending.batch.key_id, held=held[:CASE_CHARS_MAX])
    blinded = [
        voprf.Blinded(scalar, element)
        for scalar, element in zip(pending.scalars, pending.batch.elements, strict=True)
    ]
    outputs = voprf.finalize(
        pending.match_keys,
        blinded,
        voprf.Evaluated(list(answered.elements), answered.proof),
        pending.public_key,
    )
    places = tuple(place for place, output in enumerate(outputs) if tokens.contains(output))
    return Hits(asked=len(outputs), count=len(places), places=places)


def encode(message: Batch | Answer) -> bytes:
    """A batch or an answer as canonical JSON, bytes in base64: the body of an envelope."""
    return _encoder.encode(message)


def decode_batch(body: bytes) -> Batch:
    """The batch in an envelope's body.

    Raises `Malformed`: `matching-message-malformed`, and for its words as `ask`; `TooLarge` as `ask`.
    """
    batch = _decode(body, Batch)
    for text, field, chars_max in (
        (batch.purpose, "purpose", PURPOSE_CHARS_MAX),
        (batch.case, "case", CASE_CHARS_MAX),
    ):
        line(text, field, chars_max=chars_max)
    return batch


def decode_answer(body: bytes) -> Answer:
    """The answer in an envelope's body; raises `Malformed("matching-message-malformed")`."""
    return _decode(body, Answer)


_encoder = msgspec.json.Encoder(order="sorted")
_Message = TypeVar("_Message", Batch, Answer)


def _decode(body: bytes, kind: type[_Message]) -> _Message:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed("matching-message-malformed") from error


def _check_size(given: Sequence[bytes]) -> None:
    if not given:
        raise Malformed("matching-batch-empty")
    if len(given) > QUERIES_MAX:
        raise TooLarge("matching-batch-large", limit=QUERIES_MAX, given=len(given))


# -------------------------------------------------------------------- quota


class Spent(msgspec.Struct, frozen=True):
    """What one partner asked at one time: an entry of the log that both sides keep."""

    at: Instant
    case: str
    queries: int


class Quota(msgspec.Struct, frozen=True):
    """How much one partner may ask: in any 24 hours, and for one case in any 30 days.

    The windows slide, so that nobody can ask twice as much around midnight. An entry stamped later than now
    (the clock was set back) counts.
    """

    day_queries: int = QUERIES_PER_DAY_MAX
    case_queries: int = QUERIES_PER_CASE_MAX

    def left(self, spent: Iterable[Spent], *, now: Instant, case: str) -> int:
        """How many questions the partner may ask for this case now. `spent`: all of its own, in any order."""
        entries = list(spent)
        today = self.day_queries - _used(entries, now, DAY)
        return max(0, min(today, self.case_queries - _used(_of(entries, case), now, CASE_WINDOW)))

    def take(self, spent: Iterable[Spent], *, now: Instant, case: str, queries: int) -> Spent:
        """The entry to write before a batch is evaluated, in one transaction with the reading of `spent`.

        Raises `Refused`: `matching-quota-day` or `matching-quota-case`, with `asked`, `left`, `limit` and
        `opens_at` (RFC 3339: when the same batch will be let through, if nothing else is asked until then);
        `matching-quota-never` with `asked` and `limit` where it is larger than a whole quota.
        """
        if queries < 1:
            raise Malformed("matching-batch-empty")
        limit = min(self.day_queries, self.case_queries)
        if queries > limit:
            raise Refused("matching-quota-never", asked=queries, limit=limit)
        entries = list(spent)
        day = _opens_at(entries, now, DAY, self.day_queries - queries)
        month = _opens_at(_of(entries, case), now, CASE_WINDOW, self.case_queries - queries)
        opens = max(day, month)
        if opens > now:
            raise Refused(
                "matching-quota-day" if day >= month else "matching-quota-case",
                asked=queries,
                left=self.left(entries, now=now, case=case),
                limit=self.day_queries if day >= month else self.case_queries,
                opens_at=rfc3339(opens),
            )
        return Spent(at=now, case=case, queries=queries)


def _of(entries: Iterable[Spent], case: str) -> list[Spent]:
    return [one for one in entries if one.case == case]


def _used(entries: Iterable[Spent], now: Instant, window: Instant) -> int:
    return sum(one.queries for one in entries if one.at > now - window)


def _opens_at(entries: Sequence[Spent], now: Instant, window: Instant, room: int) -> Instant:
    """From when on no more than `room` questions stand in the window, if none is added: now, or later."""
    used = _used(entries, now, window)
    opens = now
    for one in sorted(entries, key=lambda one: one.at):
        if used <= room:
            break
        if one.at > now - window:
            used -= one.queries
            opens = one.at + window
    return opens
