"""The asked side of trace requests: our own word on what others ask; by hand, theirs on what we asked."""

from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Malformed, Refused
from lanbi.core.events import Sealed
from lanbi.core.ports import Tx
from lanbi.record import sealed
from lanbi.tracing import sql as root_sql
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import UNGRADED, Given, Statement
from lanbi.tracing.requests import letters, package, sql
from lanbi.tracing.requests.events import AnswerPrepared, RequestAnswered, RequestStepped
from lanbi.tracing.requests.model import Prepared, TraceRequest, Verb, check_asks
from lanbi.tracing.requests.office import Office, facts_of, ids_of
from lanbi.tracing.requests.package import Selection


class SaleGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A sale that an answer tells of, with who sold: values by property, or a dealer that is known here.
    `rules`: the handling, by originator; unless given, releasable to the asker, for what it asked."""

    values: dict[str, str]
    dealer: dict[str, str] = {}
    dealer_id: str | None = None
    buyer_id: str | None = None
    reference: str
    source_kind: str = "register"
    grade: str = UNGRADED
    rules: Callable[[str], Handling] | None = None


class Finding(msgspec.Struct, frozen=True):
    """What an answer says besides its claims. `words_sealed`: what somebody wrote with it."""

    outcome: str
    reason: str | None
    words_sealed: str | None

    def digest(self, selection: Selection) -> str:
        """Of this with these claims: what a second person lets go."""
        return package.digest_of(selection, (self.outcome, self.reason or "", self.words_sealed or ""))


class Answering:
    """What the asked side does."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def acknowledge(self, tx: Tx, request_id: str, *, held: int | None = None) -> TraceRequest:
        """A person has it."""
        return self._step(tx, request_id, "acknowledge", held=held)

    def progress(self, tx: Tx, request_id: str, *, held: int | None = None) -> TraceRequest:
        """Somebody searches."""
        return self._step(tx, request_id, "progress", held=held)

    def need_more(
        self, tx: Tx, request_id: str, asks: Sequence[str], text: str = "", *, held: int | None = None
    ) -> TraceRequest:
        """Without these properties ("firearm.serial"), or without what the words ask, nobody can trace it."""
        found = check_asks(asks)
        if not found and not text.strip():
            raise Malformed("trace-asks-nothing")
        return self._step(tx, request_id, "need_more", asks=found, text=text, held=held)

    def refuse(
        self, tx: Tx, request_id: str, reason: str, text: str = "", *, held: int | None = None
    ) -> TraceRequest:
        """It will not be answered. `reason`: a code of the vocabulary `trace_refusals`."""
        self._office.tracing.vocabulary.usable("trace_refusals", reason)
        return self._step(tx, request_id, "refuse", reason=reason, text=text, held=held)

    def _step(
        self,
        tx: Tx,
        request_id: str,
        verb: Verb,
        *,
        asks: tuple[str, ...] = (),
        reason: str | None = None,
        text: str = "",
        held: int | None,
    ) -> TraceRequest:
        was = self._office.mine(tx, request_id, held)
        request = was.say(verb, tx.now, **({"asks": asks} if asks else {}), reason=reason or was.reason)
        said = self._office.seal(tx, request.id, text)
        letter = None
        if request.side == "in":
            letter = self._office.send(
                tx,
                request.partner,
                letters.STEP,
                letters.StepLetter(
                    request=request.their_id,
                    step=request.step,
                    what=request.state,  # pyright: ignore[reportArgumentType] - the four that `say` ends in
                    at=tx.now,
                    asks=asks,
                    reason=reason,
                    words=text,
                ),
            )
        tx.record(
            RequestStepped(
                id=request.id,
                what=request.state,
                heard=False,
                letter=letter,
                reason=reason,
                asks=asks,
                words=said,
            )
        )
        sql.add_step(
            tx,
            request.id,
            request.state,
            letter_id=letter,
            words_sealed=None if said is None else said.sealed,
            facts=facts_of(asks=list(asks), reason=reason),
        )
        return self._office.saved(tx, request)

    def answer(
        self,
        tx: Tx,
        request_id: str,
        *,
        outcome: str,
        reason: str | None = None,
        sale: SaleGiven | None = None,
        purchaser: bool = False,
        leave_out: Sequence[str] = (),
        text: str = "",
        held: int | None = None,
    ) -> TraceRequest:
        """What was found. Without `purchaser` it leaves now, whoever bought by a pseudonym; with it, names
        travel too, and it waits until a second person has let it go."""
        was = self._office.mine(tx, request_id, held)
        was.must_allow("answer")
        self._office.must_be_person(tx.actor)
        self._check_outcome(outcome, reason)
        said = self._office.seal(tx, was.id, text)
        finding = Finding(outcome, reason, None if said is None else said.sealed)
        made = () if sale is None else self._state_sale(tx, was, sale)
        if was.by_hand:
            return self._write_down(tx, was, finding, made, said)
        left_out = ids_of(leave_out)
        selection = self._office.answer_selection(
            tx, replace(was, leave_out=left_out), tx.now, persons=purchaser
        )
        if not purchaser:
            return self._release(tx, was, selection, finding, said)
        if not selection.buyers:
            raise Refused("trace-no-purchaser", ref=was.ref)
        digest = finding.digest(selection)
        request = was.prepare(
            Prepared(
                outcome=outcome,
                reason=reason,
                leave_out=left_out,
                words_sealed=finding.words_sealed,
                by=tx.actor.id,
                at=tx.now,
                digest=digest,
            )
        )
        tx.record(AnswerPrepared(id=request.id, outcome=outcome, reason=reason, digest=digest, words=said))
        sql.add_step(
            tx,
            request.id,
            "answer_prepared",
            words_sealed=finding.words_sealed,
            facts=facts_of(outcome=outcome, reason=reason),
        )
        return self._office.saved(tx, request)

    def let_go(self, tx: Tx, request_id: str, *, held: int | None = None) -> TraceRequest:
        """A second person lets an answer leave that names who bought, as it was prepared."""
        self._office.gate.require(tx.actor, "tracing.approve")
        self._office.must_be_person(tx.actor)
        was = sql.get(tx, request_id)
        was.must_hold(held)
        if was.prepared is None:
            was.must_allow("approve")
        assert was.prepared is not None  # noqa: S101 - the line above raised
        finding = Finding(was.prepared.outcome, was.prepared.reason, was.prepared.words_sealed)
        selection = self._office.answer_selection(
            tx, replace(was, leave_out=was.prepared.leave_out), tx.now, persons=True
        )
        prepared = was.release(tx.actor.id, finding.digest(selection))
        return self._release(tx, was, selection, finding, prepared_by=prepared.by)

    def _release(
        self,
        tx: Tx,
        was: TraceRequest,
        selection: Selection,
        finding: Finding,
        said: Sealed | None = None,
        *,
        prepared_by: str | None = None,
    ) -> TraceRequest:
        """`said`: the words' seal, where no entry holds it yet."""
        purpose = f"{was.purpose} {was.case}"

        def reveal(statement: Statement) -> str:
            return sealed.reveal(tx, statement.sealed_id, purpose)

        packed = package.pack(tx, selection, secret=self._office.secret, reveal=reveal)
        named = any(item.statement.sealed_id is not None for item in selection.going)
        purchaser = "sealed" if named else "exists" if selection.buyers else "none"
        outcome, reason = finding.outcome, finding.reason
        request = was.say("answer", tx.now, outcome=outcome, reason=reason, purchaser=purchaser)
        letter = self._office.send(
            tx,
            request.partner,
            letters.ANSWER,
            letters.AnswerLetter(
                request=request.their_id,
                step=request.step,
                at=tx.now,
                outcome=outcome,
                reason=reason,
                purchaser=purchaser,
                package=packed,
                words=sql.words_of(tx, finding.words_sealed),
            ),
        )
        self._office.carried(tx, request, packed)
        gone = tuple(statement.id for statement in packed.statements)
        tx.record(
            RequestAnswered(
                id=request.id,
                heard=False,
                outcome=outcome,
                reason=reason,
                letter=letter,
                statements=gone,
                purchaser=purchaser,
                prepared_by=prepared_by,
                words=said,
            )
        )
        sql.add_step(
            tx,
            request.id,
            "answered",
            letter_id=letter,
            words_sealed=None if said is None else said.sealed,
            facts=facts_of(outcome=outcome, reason=reason, statements=len(gone), purchaser=purchaser),
        )
        return self._office.saved(tx, request)

    def _write_down(
        self, tx: Tx, was: TraceRequest, finding: Finding, made: tuple[str, ...], said: Sealed | None
    ) -> TraceRequest:
        """An answer that came on paper."""
        request = was.say("answer", tx.now, outcome=finding.outcome, reason=finding.reason)
        tx.record(
            RequestAnswered(
                id=request.id,
                heard=True,
                outcome=finding.outcome,
                reason=finding.reason,
                letter=None,
                statements=made,
                purchaser=request.purchaser,
                prepared_by=None,
                words=said,
            )
        )
        sql.add_step(
            tx,
            request.id,
            "answered",
            heard=True,
            words_sealed=finding.words_sealed,
            facts=facts_of(outcome=finding.outcome, reason=finding.reason, statements=len(made)),
        )
        return self._office.saved(tx, request)

    def _state_sale(self, tx: Tx, request: TraceRequest, sale: SaleGiven) -> tuple[str, ...]:
        """States the sale that an answer tells of: our own word when we are asked, theirs by hand."""
        theirs = request.by_hand
        originator = request.partner if theirs else self._office.tracing.us()
        source = self._office.tracing.add_source(
            tx,
            kind="trace_answer" if theirs else sale.source_kind,
            reference=sale.reference,
            originator=originator,
            grade=sale.grade,
        )
        if sale.rules is not None:
            rules = sale.rules(originator)
        elif theirs:
            rules = Handling(originator=originator)
        else:
            rules = Handling(
                originator=originator, releasable=(request.partner,), purposes=(request.purpose,)
            )
        values = [Given(prop=prop, value=value) for prop, value in sale.values.items()]
        seller = sale.dealer_id
        if sale.dealer:
            given = [Given(prop=prop, value=value) for prop, value in sale.dealer.items()]
            seller = self._office.tracing.make(tx, "dealer", given, source, rules).id
        for prop, target in (("firearm", request.firearm_id), ("seller", seller), ("buyer", sale.buyer_id)):
            if target is not None:
                values.append(Given(prop=prop, value=target))
        made = self._office.tracing.make(tx, "acquisition", values, source, rules)
        return tuple(
            said.id
            for entity_id in (made.id, seller)
            if entity_id is not None
            for said in root_sql.statements_of(tx, entity_id)
            if said.source_id == source.id
        )

    def _check_outcome(self, outcome: str, reason: str | None) -> None:
        self._office.tracing.vocabulary.usable("trace_outcomes", outcome)
        if reason is not None:
            self._office.tracing.vocabulary.usable("trace_reasons", reason)
        elif outcome == "undetermined":
            raise Malformed("trace-reason-missing")
