"""Letters that go to other sites: written with the rows that they tell of, kept until a signed receipt says
what became of them; so nothing is lost."""

from collections.abc import Callable, Mapping
from secrets import token_bytes
from typing import Any

import msgspec

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Clock, Instant
from lanbi.partners import sql
from lanbi.partners.bundle import pack
from lanbi.partners.envelope import Envelope, canonical
from lanbi.partners.events import BundleMade, LetterRenewed, LetterSettled, LetterWritten, Outcome
from lanbi.partners.model import (
    BODY_KEPT_FOR,
    LETTERS_WAITING_MAX,
    RECEIPT,
    SEALED_FOR,
    Letter,
    Receipt,
    content_of,
    passes,
)
from lanbi.record.checkpoint import key_id_of

BUNDLE_LETTERS_MAX = 1_000
# Letters as they travel are a little longer than their bodies; the file has room for that.
BUNDLE_BODY_BYTES_MAX = 24 * 1024 * 1024
HEAD_BYTES = 1_000
FORGET_ROWS_MAX = 200
ARGS_MAX = 10
ARG_CHARS_MAX = 200
REASON_CHARS_MAX = 60

_receipts = msgspec.json.Decoder(Receipt)


class Outgoing(msgspec.Struct, frozen=True):
    """A letter that is to leave now: where to, and its bytes."""

    url: str
    letter: str
    data: bytes


class Outbox:
    """The use cases of letters that go."""

    def __init__(
        self,
        gate: Gate,
        clock: Clock,
        *,
        us: Callable[[], str],
        seal: Callable[[Envelope], bytes],
        public_key: bytes,
    ) -> None:
        """`us`: this site's code. `seal`: signs a letter with the site's key, whose public half is
        `public_key`."""
        self._gate = gate
        self._clock = clock
        self._seal = seal
        self.us = us
        self.public_key = public_key

    def may_send(self, reader: Reader, to: str, kind: str) -> bool:
        """Whether `send` would write it."""
        partner = sql.find(reader, to)
        return partner is not None and partner.open and passes(partner.kinds_out, kind)

    def send(
        self, tx: Tx, to: str, kind: str, body: Any, in_reply_to: str | None = None, *, hold: bool = False
    ) -> str:
        """A letter, written in the caller's transaction; its id.

        `body`: what becomes a JSON object, or canonical bytes of one. `hold`: it may wait while the partner
        is switched off. Whether the actor may say this is the caller's to ask.

        Raises `NotFound("partner-none")`; `Refused`: `partner-retired`, `partner-disabled`,
        `partner-kind-closed`, `partner-outbox-full`; and `TooLarge("envelope-too-large")`.
        """
        partner = sql.get(tx, to)
        partner.must_take(kind, hold=hold)
        if sql.waiting(tx, to) >= LETTERS_WAITING_MAX:
            raise Refused("partner-outbox-full", code=to, limit=LETTERS_WAITING_MAX)
        letter = self.written(tx.now, to, kind, body, in_reply_to)
        tx.record(
            LetterWritten(id=to, letter=letter.id, of=kind, content=letter.content, in_reply_to=in_reply_to)
        )
        sql.save_letter(tx, letter)
        return letter.id

    def written(self, now: Instant, to: str, kind: str, body: Any, in_reply_to: str | None) -> Letter:
        """A letter as it is kept, signed."""
        envelope = Envelope(
            id=new_id(now),
            sender=self.us(),
            recipient=to,
            kind=kind,
            made_at=now,
            body=body if isinstance(body, bytes) else canonical(body),
            in_reply_to=in_reply_to,
        )
        key_id, signature = _signature(self._seal(envelope))
        return Letter(
            direction="out", partner=to, id=envelope.id, kind=kind, in_reply_to=in_reply_to, made_at=now,
            content=content_of(envelope), body=envelope.body, body_bytes=len(envelope.body), key_id=key_id,
            signature=signature, state="waiting", outcome=None, reason=None, args={}, settled_at=None,
            receipt=None,
        )  # fmt: skip

    def sealed(self, letter: Letter, now: Instant) -> bytes:
        """As it travels: the same bytes for a day, then sealed anew, so that nobody finds it too old."""
        assert letter.body is not None  # noqa: S101 - what waits has one
        fresh = now - letter.made_at < SEALED_FOR and letter.key_id == key_id_of(self.public_key)
        return self._seal(
            Envelope(
                id=letter.id,
                sender=self.us(),
                recipient=letter.partner,
                kind=letter.kind,
                made_at=letter.made_at if fresh else now,
                body=letter.body,
                in_reply_to=letter.in_reply_to,
            )
        )

    def to_serve(self, reader: Reader) -> list[str]:
        """The partners for whom something waits that a connection may carry, by code."""
        return sql.to_serve(reader)

    def next_letter(self, reader: Reader, code: str) -> Outgoing | None:
        """The oldest letter that waits for a partner, if it may go there now."""
        partner = sql.find(reader, code)
        if partner is None or not partner.open or partner.url is None:
            return None
        found = sql.in_state(reader, "out", code, "waiting", 1)
        letter = sql.letter(reader, "out", code, found[0][0], whole=True) if found else None
        if letter is None or letter.body is None:
            return None
        return Outgoing(partner.url, letter.id, self.sealed(letter, self._clock.now()))

    def receipt(
        self, now: Instant, envelope: Envelope, outcome: Outcome, error: LanbiError | None = None
    ) -> Letter:
        """What became of a letter, as a letter of our own."""
        body = receipt_body(envelope.id, content_of(envelope), outcome, error)
        return self.written(now, envelope.sender, RECEIPT, body, envelope.id)

    def settle(self, tx: Tx, envelope: Envelope, receipt: Receipt, data: bytes) -> None:
        """What a partner signed about our letter; `data`: its receipt as it travelled."""
        letter = sql.letter(tx, "out", envelope.sender, receipt.letter)
        if letter is None:
            return  # of before a restore: there is nothing left to settle
        if letter.content != receipt.content:
            raise Malformed("receipt-malformed")
        if not letter.may_become(receipt.outcome):
            return
        state = "refused" if receipt.outcome == "refused" else "delivered"
        if letter.kind != RECEIPT:
            tx.record(
                LetterSettled(
                    id=envelope.sender,
                    letter=letter.id,
                    of=letter.kind,
                    outcome=receipt.outcome,
                    reason=receipt.reason,
                    receipt=envelope.id,
                    key_id=envelope.key_id,
                    signed_at=envelope.made_at,
                )
            )
        sql.settle(
            tx,
            letter,
            state=state,
            outcome=receipt.outcome,
            reason=receipt.reason,
            args=receipt.args,
            settled_at=tx.now,
            receipt=data,
        )
        if state == "delivered" or letter.kind == RECEIPT:
            sql.drop_body(tx, "out", envelope.sender, letter.id)

    def renew(self, tx: Tx, letter_id: str) -> Letter:
        """A letter that was refused waits again: the other side may have changed its mind, or its lists."""
        self._gate.require(tx.actor, "partners.manage")
        letter = sql.letter_by_id(tx, letter_id)
        whole = sql.letter(tx, letter.direction, letter.partner, letter.id, whole=True)
        if letter.direction != "out" or letter.state != "refused":
            raise Refused("letter-not-refused")
        if whole is None or whole.body is None:
            raise Refused("letter-body-gone")
        sql.get(tx, letter.partner).must_take(letter.kind, hold=True)
        tx.record(LetterRenewed(id=letter.partner, letter=letter.id, of=letter.kind))
        sql.settle(tx, letter, state="waiting", outcome=None, settled_at=None)
        return sql.letter_by_id(tx, letter_id)

    def bundle(self, reader: Reader, code: str) -> tuple[bytes, list[str]]:
        """What waits for a partner as one file, closed for its keys, and the ids of the letters in it.

        They go on waiting: whether the file arrives, their receipts will say. Raises `Refused`:
        `partner-retired`, `partner-disabled`, `bundle-empty`.
        """
        partner = sql.get(reader, code)
        partner.must_take(RECEIPT, hold=False)
        now, ids, letters, room = self._clock.now(), [], [], BUNDLE_BODY_BYTES_MAX
        for letter_id, size in sql.in_state(reader, "out", code, "waiting", BUNDLE_LETTERS_MAX):
            room -= size + HEAD_BYTES
            if room < 0 and letters:
                break
            letter = sql.letter(reader, "out", code, letter_id, whole=True)
            if letter is not None and letter.body is not None:
                ids.append(letter_id)
                letters.append(self.sealed(letter, now))
        if not letters:
            raise Refused("bundle-empty", code=code)
        data = pack(
            letters,
            sender=self.us(),
            recipient=code,
            keys=[key.public_key for key in partner.accepted],
            chance=token_bytes,
        )
        return data, ids

    def carry(self, tx: Tx, code: str) -> bytes:
        """The file of `bundle`, on the record. Receipts in it are settled: a letter whose receipt got lost is
        sent again by its sender, and gets another."""
        self._gate.require(tx.actor, "partners.manage")
        data, ids = self.bundle(tx, code)
        tx.record(BundleMade(id=code, letters=len(ids)))
        for letter_id in ids:
            letter = sql.letter(tx, "out", code, letter_id)
            if letter is not None and letter.kind == RECEIPT:
                sql.settle(tx, letter, state="delivered", outcome=None, settled_at=tx.now)
                sql.drop_body(tx, "out", code, letter_id)
        return data

    def letters(
        self,
        reader: Reader,
        actor: Actor,
        *,
        direction: str = "",
        partner: str = "",
        state: str = "",
        before: int,
        limit: int,
    ) -> list[Letter]:
        """Newest first; an empty text asks for any. What they say is not shown."""
        self._gate.require(actor, "partners.see")
        return sql.letters(
            reader, direction=direction, partner=partner, state=state, before=before, limit=limit
        )

    def counts(self, reader: Reader) -> dict[tuple[str, str], int]:
        """How many letters wait, and how many were refused, by (partner, state)."""
        return sql.counts(reader)

    def letter(self, reader: Reader, actor: Actor, letter_id: str) -> Letter:
        """Raises `NotFound("letter-none")`."""
        self._gate.require(actor, "partners.see")
        return sql.letter_by_id(reader, letter_id)

    def forget_bodies(self, tx: Tx) -> bool:
        """Drops what letters said that nobody could work for three months. True if more wait."""
        old = sql.old_bodies(tx, tx.now - BODY_KEPT_FOR, FORGET_ROWS_MAX)
        for direction, partner, letter_id in old:
            sql.drop_body(tx, direction, partner, letter_id)
        return len(old) == FORGET_ROWS_MAX


class _Head(msgspec.Struct, frozen=True):
    """What of a sealed letter is kept beside it."""

    key_id: str
    signature: str


_head = msgspec.json.Decoder(_Head)


def _signature(data: bytes) -> tuple[str, str]:
    head = _head.decode(data)
    return head.key_id, head.signature


def receipt_body(letter_id: str, content: str, outcome: Outcome, error: LanbiError | None) -> bytes:
    return canonical(
        Receipt(
            letter=letter_id,
            content=content,
            outcome=outcome,
            reason=None if error is None else error.code,
            args=simple_args(error),
        )
    )


def read_receipt(envelope: Envelope) -> Receipt:
    try:
        receipt = _receipts.decode(envelope.body)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Malformed("receipt-malformed") from error
    if (
        envelope.kind != RECEIPT
        or len(receipt.reason or "") > REASON_CHARS_MAX
        or len(receipt.args) > ARGS_MAX
        or any(len(str(value)) > ARG_CHARS_MAX for value in receipt.args.values())
    ):
        raise Malformed("receipt-malformed")
    return receipt


def simple_args(error: LanbiError | None) -> dict[str, str | int]:
    """The blanks of a refusal that may travel: short texts and figures."""
    if error is None:
        return {}
    blanks: Mapping[str, object] = error.args_by_name
    return {
        name: value if isinstance(value, int) else str(value)[:ARG_CHARS_MAX]
        for name, value in list(blanks.items())[:ARGS_MAX]
    }
