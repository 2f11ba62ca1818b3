"""Letters that come from other sites: each is worked in one transaction with the rows that it makes, and is
known by its sender and its id for ever; so nothing happens twice."""

import hashlib
import logging

import msgspec

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import (
    Busy,
    Forbidden,
    LanbiError,
    Malformed,
    NotFound,
    Refused,
    TooMany,
    Unauthenticated,
)
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import Clock
from lanbi.partners import sql
from lanbi.partners.bundle import Agree, unpack
from lanbi.partners.door import Door
from lanbi.partners.envelope import Envelope, open_envelope
from lanbi.partners.events import Arrived, BundleTakenIn, Handler, LetterTakenIn, Outcome
from lanbi.partners.model import RECEIPT, BundleLine, BundleReport, Letter, Partner, content_of, passes
from lanbi.partners.outbox import BUNDLE_LETTERS_MAX, Outbox, read_receipt, receipt_body, simple_args

EARLY_MAX = 50
KEPT_AGAIN_MAX = 50

log = logging.getLogger("lanbi.partners")


class TakenIn(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a letter that came. `receipt`: signed, as it travels back."""

    letter: str
    sender: str
    kind: str
    outcome: Outcome
    reason: str | None
    receipt: bytes
    twice: bool = False


class _DeclinedError(Exception):
    """A handler refused a letter whose signature holds: the sender gets that signed."""

    def __init__(self, error: LanbiError) -> None:
        super().__init__(error.code)
        self.error = error


def actor_of(partner: Partner) -> Actor:
    """Who works a partner's letters here: the site that wrote them, with the node's own rights."""
    return Actor(id=f"site:{partner.code}", name=partner.name, role="system", kind="system")


class Inbox:
    """The use cases of letters that come."""

    def __init__(self, gate: Gate, clock: Clock, outbox: Outbox, *, agree: Agree) -> None:
        """`agree`: X25519 with the site's key, by which files of letters are opened."""
        self._gate = gate
        self._clock = clock
        self._outbox = outbox
        self._agree = agree
        self._handlers: dict[str, Handler] = {}
        self.door = Door(clock.monotonic)

    def register(self, kind: str, handler: Handler) -> None:
        """Letters of this kind are handed to it; see `Handler`."""
        self._handlers[kind] = handler

    def receive(self, store: Store, data: bytes, *, by_file: bool = False) -> TakenIn:
        """Takes in one letter, from a thread without a loop.

        The sender's own refusal comes back signed, as its receipt. What cannot be trusted at all raises:
        what `open_envelope` raises, `Forbidden("partner-closed")` for a partner that is switched off or
        retired, and `TooMany`. `by_file`: the receipt waits for the next connection or file.
        """
        # Checked before the writer hears of it: what nobody signed must not cost the room its pen.
        _, partner = store.read_now(lambda reader: self._open(reader, data))
        if not by_file:
            self.door.known(partner.code)
        actor = actor_of(partner)
        try:
            found = store.write_now(actor, lambda tx: self._take_in(tx, data, by_file))
        except (Busy, TooMany, Forbidden, Unauthenticated):
            raise
        except Exception as error:
            declined = _reason_of(error)
            found = store.write_now(actor, lambda tx: self._turn_away(tx, data, declined, by_file))
        if found.outcome == "taken" and not found.twice:
            self._take_early(store, partner)
        return found

    def _open(self, reader: Reader, data: bytes, *, any_switch: bool = False) -> tuple[Envelope, Partner]:
        keys = {
            code: [key.as_partner_key() for key in held] for code, held in sql.keys_by_code(reader).items()
        }
        envelope = open_envelope(data, keys, self._outbox.us(), self._clock.now())
        partner = sql.get(reader, envelope.sender)
        if not partner.open and not any_switch:
            raise Forbidden("partner-closed", code=partner.code)
        return envelope, partner

    def _take_in(self, tx: Tx, data: bytes, by_file: bool) -> TakenIn:
        envelope, partner = self._open(tx, data)
        if envelope.kind == RECEIPT:
            self._outbox.settle(tx, envelope, read_receipt(envelope), data)
            return self._answer(self._outbox.receipt(tx.now, envelope, "taken"), envelope, "taken")
        content = content_of(envelope)
        known = sql.letter(tx, "in", partner.code, envelope.id)
        if known is not None and known.content != content:
            # Its id names another letter, which stays as it is.
            error = Refused("letter-id-used", letter=envelope.id)
            receipt = self._outbox.receipt(tx.now, envelope, "refused", error)
            return self._answer(receipt, envelope, "refused", error, twice=True)
        if known is not None and known.state != "refused":
            outcome = known.outcome or "taken"
            receipt = self._outbox.receipt(tx.now, envelope, outcome)
            if by_file and not sql.receipt_waits(tx, partner.code, envelope.id, RECEIPT):
                sql.save_letter(tx, receipt)
            return self._answer(receipt, envelope, outcome, twice=True)
        if not passes(partner.kinds_in, envelope.kind):
            raise _DeclinedError(Refused("letter-kind-closed", kind=envelope.kind))
        outcome = self._work(tx, arrived_of(envelope))
        return self._put_down(tx, envelope, outcome, by_file=by_file)

    def _turn_away(self, tx: Tx, data: bytes, error: LanbiError, by_file: bool) -> TakenIn:
        """Keeps what was refused and why; nothing of what its handler did is kept."""
        envelope, _ = self._open(tx, data)
        return self._put_down(tx, envelope, "refused", error, by_file=by_file)

    def _work(self, tx: Tx, arrived: Arrived) -> Outcome:
        handler = self._handlers.get(arrived.kind)
        if handler is None:
            return "kept"
        try:
            return "taken" if handler(tx, arrived) else "early"
        except (Busy, TooMany):
            raise
        except LanbiError as error:
            raise _DeclinedError(error) from error

    def _put_down(
        self,
        tx: Tx,
        envelope: Envelope,
        outcome: Outcome,
        error: LanbiError | None = None,
        *,
        by_file: bool,
    ) -> TakenIn:
        content = content_of(envelope)
        receipt = self._outbox.receipt(tx.now, envelope, outcome, error)
        found = self._answer(receipt, envelope, outcome, error)
        tx.record(
            LetterTakenIn(
                id=envelope.sender,
                letter=envelope.id,
                of=envelope.kind,
                content=content,
                key_id=envelope.key_id,
                outcome=outcome,
                reason=found.reason,
                receipt=receipt.id,
            )
        )
        letter = Letter(
            direction="in", partner=envelope.sender, id=envelope.id, kind=envelope.kind,
            in_reply_to=envelope.in_reply_to, made_at=envelope.made_at, content=content,
            body=envelope.body if outcome in ("kept", "early") else None, body_bytes=len(envelope.body),
            key_id=envelope.key_id, signature=envelope.signature.hex(), state=outcome, outcome=outcome,
            reason=found.reason, args=simple_args(error), settled_at=tx.now, receipt=found.receipt,
        )  # fmt: skip
        sql.save_letter(tx, letter)
        if by_file:
            sql.save_letter(tx, receipt)
        return found

    def _answer(
        self,
        receipt: Letter,
        envelope: Envelope,
        outcome: Outcome,
        error: LanbiError | None = None,
        *,
        twice: bool = False,
    ) -> TakenIn:
        return TakenIn(
            letter=envelope.id,
            sender=envelope.sender,
            kind=envelope.kind,
            outcome=outcome,
            reason=None if error is None else error.code,
            receipt=self._outbox.sealed(receipt, receipt.made_at),
            twice=twice,
        )

    def settle(self, store: Store, code: str, letter_id: str, data: bytes) -> Outcome:
        """Takes in what a partner answered to a letter; the refusals of `open_envelope`, and
        `Malformed("receipt-malformed")` for what is no receipt for this letter."""
        partner = store.read_now(lambda reader: sql.get(reader, code))

        def work(tx: Tx) -> Outcome:
            envelope, _ = self._open(tx, data, any_switch=True)
            receipt = read_receipt(envelope)
            if envelope.sender != code or receipt.letter != letter_id:
                raise Malformed("receipt-malformed")
            self._outbox.settle(tx, envelope, receipt, data)
            return receipt.outcome

        return store.write_now(actor_of(partner), work)

    def _take_early(self, store: Store, partner: Partner) -> None:
        """Hands over again what came before what it follows, in the order in which it was written."""
        early = store.read_now(lambda reader: sql.in_state(reader, "in", partner.code, "early", EARLY_MAX))
        for letter_id in sorted(letter_id for letter_id, _ in early):
            self._take_again(store, partner, letter_id)

    def _take_again(self, store: Store, partner: Partner, letter_id: str) -> None:
        def work(tx: Tx) -> None:
            letter = sql.letter(tx, "in", partner.code, letter_id, whole=True)
            if letter is None or letter.body is None or letter.state not in ("early", "kept"):
                return
            outcome = self._work(tx, arrived_again(letter))
            if outcome == "taken":
                self._settle_own(tx, letter, outcome, None)

        def refuse(tx: Tx, error: LanbiError) -> None:
            letter = sql.letter(tx, "in", partner.code, letter_id)
            if letter is not None:
                self._settle_own(tx, letter, "refused", error)

        actor = actor_of(partner)
        try:
            store.write_now(actor, work)
        except (Busy, TooMany):
            raise
        except Exception as error:
            declined = _reason_of(error)
            store.write_now(actor, lambda tx: refuse(tx, declined))

    def _settle_own(self, tx: Tx, letter: Letter, outcome: Outcome, error: LanbiError | None) -> None:
        receipt = self._outbox.written(
            tx.now,
            letter.partner,
            RECEIPT,
            receipt_body(letter.id, letter.content, outcome, error),
            letter.id,
        )
        reason = None if error is None else error.code
        tx.record(
            LetterTakenIn(
                id=letter.partner,
                letter=letter.id,
                of=letter.kind,
                content=letter.content,
                key_id=letter.key_id,
                outcome=outcome,
                reason=reason,
                receipt=receipt.id,
            )
        )
        sql.settle(
            tx,
            letter,
            state=outcome,
            outcome=outcome,
            reason=reason,
            args=simple_args(error),
            settled_at=tx.now,
        )
        sql.drop_body(tx, "in", letter.partner, letter.id)
        sql.save_letter(tx, receipt)

    def take_kept(self, store: Store) -> int:
        """Hands over what was kept and has a handler now, as after an update; returns how many were tried."""
        tried = 0
        for kind in self._handlers:
            for code, letter_id in store.read_now(
                lambda reader, kind=kind: sql.kept(reader, kind, KEPT_AGAIN_MAX)
            ):
                partner = store.read_now(lambda reader, code=code: sql.get(reader, code))
                if partner.open:
                    self._take_again(store, partner, letter_id)
                    tried += 1
        return tried

    def take_in_bundle(self, store: Store, actor: Actor, data: bytes) -> BundleReport:
        """Takes in a file letter by letter, each for itself; from a thread without a loop.

        Raises what `bundle.unpack` raises for a file of which nothing can be read, and
        `Forbidden("partner-closed")`.
        """
        self._gate.require(actor, "partners.manage")
        found = unpack(data, me=self._outbox.us(), public_key=self._outbox.public_key, agree=self._agree)
        partner = store.read_now(lambda reader: sql.find(reader, found.sender))
        if partner is None:
            raise NotFound("partner-none", code=found.sender[:40])
        if not partner.open:
            raise Forbidden("partner-closed", code=partner.code)
        if len(found.letters) > BUNDLE_LETTERS_MAX:
            raise Malformed("bundle-malformed")
        lines = [self._line(store, letter) for letter in found.letters]
        refused = sum(1 for one in lines if one.outcome == "refused")
        digest = hashlib.sha256(data).hexdigest()
        store.write_now(
            actor,
            lambda tx: tx.record(
                BundleTakenIn(id=partner.code, letters=len(lines), refused=refused, digest=digest)
            ),
        )
        return BundleReport(partner.code, lines)

    def _line(self, store: Store, data: bytes) -> BundleLine:
        try:
            found = self.receive(store, data, by_file=True)
        except (Busy, TooMany):
            raise
        except LanbiError as error:
            return BundleLine(
                letter=None, kind=None, outcome="refused", reason=error.code, args=simple_args(error)
            )
        return BundleLine(letter=found.letter, kind=found.kind, outcome=found.outcome, reason=found.reason)


def arrived_of(envelope: Envelope) -> Arrived:
    """The letter as a handler gets it."""
    return Arrived(
        id=envelope.id,
        sender=envelope.sender,
        kind=envelope.kind,
        made_at=envelope.made_at,
        in_reply_to=envelope.in_reply_to,
        body=envelope.body,
    )


def arrived_again(letter: Letter) -> Arrived:
    """A letter that was kept, as a handler gets it."""
    assert letter.body is not None  # noqa: S101 - the caller has looked
    return Arrived(
        id=letter.id,
        sender=letter.partner,
        kind=letter.kind,
        made_at=letter.made_at,
        in_reply_to=letter.in_reply_to,
        body=letter.body,
    )


def _reason_of(error: Exception) -> LanbiError:
    """Why a letter is refused. A fault of ours is one too: the letters behind it must not wait until it is
    mended, and it can be sent again."""
    if isinstance(error, _DeclinedError):
        return error.error
    if isinstance(error, LanbiError):
        return error
    log.error("a letter could not be worked", exc_info=error)
    return Refused("letter-fault")
