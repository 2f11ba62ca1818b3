"""The letters of trace requests at work: what came, in whatever order; receipts; and what was taken back."""

from collections.abc import Mapping

from lanbi.core.errors import LanbiError, Malformed, NotFound
from lanbi.core.ids import new_id
from lanbi.core.ports import Tx
from lanbi.partners.events import Arrived, Handler, LetterSettled
from lanbi.tracing import sql as root_sql
from lanbi.tracing.events import Withdrawn
from lanbi.tracing.model import STATEMENTS_AT_ONCE_MAX
from lanbi.tracing.requests import letters, sql
from lanbi.tracing.requests.events import (
    RequestAnswered,
    RequestArrived,
    RequestLapsed,
    RequestStepped,
    WithdrawalHeard,
    WithdrawalTold,
)
from lanbi.tracing.requests.model import TraceRequest, check_asks
from lanbi.tracing.requests.office import Office, facts_of
from lanbi.tracing.requests.package import ASKED, Package
from lanbi.tracing.requests.taking import Taken, Taking


class Post:
    """What letters, receipts and withdrawals mean for trace requests."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tracing = office.tracing

    def handlers(self) -> Mapping[str, Handler]:
        """By kind of letter, for the inbox."""
        return {
            letters.REQUEST: self.asked,
            letters.STEP: self.stepped,
            letters.ANSWER: self.answered,
            letters.LAPSED: self.lapsed,
            letters.WITHDRAWN: self.withdrawn,
        }

    # -- letters ---------------------------------------------------------------------------------

    def asked(self, tx: Tx, arrived: Arrived) -> bool:
        """Another site asks us, or asks again with what we needed."""
        letter = letters.read(arrived.body, letters.AskLetter)
        vocabulary = self._tracing.vocabulary
        for table, code in (
            ("trace_priorities", letter.priority),
            ("tracing_purposes", letter.purpose),
            ("legal_bases", letter.legal_basis),
        ):
            vocabulary.term(table, code)
        before = sql.by_theirs(tx, "in", arrived.sender, letter.request)
        if before is not None and letter.round <= before.round:
            return True
        request_id = new_id(tx.now) if before is None else before.id
        firearm_id = None if before is None else before.firearm_id
        if firearm_id is None:
            firearm_id = sql.known(tx, arrived.sender, letter.firearm)
        taken = self._take(
            tx, arrived, letter.package, request_id, letter.ref, kind="trace_request", firearm_id=firearm_id
        )
        firearm_id = taken.entities.get(ASKED)
        if firearm_id is None:
            raise Malformed("trace-letter", what="nothing of a firearm could be read")
        sql.set_known(tx, arrived.sender, letter.firearm, firearm_id)
        said = self._office.seal(tx, request_id, letter.words)
        ack, answer, _ = self._office.term(tx, arrived.sender, letter.priority).dues(tx.now)
        answer = letter.wanted_by or answer
        if before is None:
            request = TraceRequest(
                id=request_id,
                number=root_sql.next_number(tx, "request"),
                side="in",
                partner=arrived.sender,
                firearm_id=firearm_id,
                their_id=letter.request,
                their_ref=letter.ref,
                channel="lanbi",
                priority=letter.priority,
                purpose=letter.purpose,
                legal_basis=letter.legal_basis,
                case=letter.case,
                state="sent",
                drafted_by=tx.actor.id,
                clocks={"sent": arrived.made_at, "arrived": tx.now},
                round=letter.round,
                words_sealed=None if said is None else said.sealed,
                synthetic=taken.synthetic,
                ack_due_at=ack,
                answer_due_at=answer,
            )
        else:
            request = before.arrive_again(letter.round, tx.now, ack_due_at=ack, answer_due_at=answer)
        tx.record(
            RequestArrived(
                id=request.id,
                ref=request.ref,
                sender=arrived.sender,
                of=letter.request,
                firearm=firearm_id,
                priority=request.priority,
                purpose=request.purpose,
                legal_basis=request.legal_basis,
                case=request.case,
                round=letter.round,
                letter=arrived.id,
                statements=tuple(taken.statements),
                words=said,
            )
        )
        sql.add_step(
            tx,
            request.id,
            "arrived",
            heard=True,
            letter_id=arrived.id,
            words_sealed=None if said is None else said.sealed,
            facts=facts_of(statements=len(taken.statements), round=letter.round, unread=taken.unread),
        )
        self._office.saved(tx, request)
        return True

    def stepped(self, tx: Tx, arrived: Arrived) -> bool:
        """The asked side says where it stands."""
        letter = letters.read(arrived.body, letters.StepLetter)
        was = self._ours(tx, arrived, letter.request)
        reason = None
        if letter.what == "refused":
            reason = self._tracing.vocabulary.term("trace_refusals", letter.reason or "").code
        asks = tuple(ask for ask in letter.asks if _is_known(ask))
        more = {"asks": asks} if letter.what == "more_needed" else {"reason": reason} if reason else {}
        request = was.hear(letter.what, letter.step, letter.at, **more)
        said = self._office.seal(tx, request.id, letter.words)
        tx.record(
            RequestStepped(
                id=request.id,
                what=letter.what,
                heard=True,
                letter=arrived.id,
                reason=reason,
                asks=asks,
                words=said,
            )
        )
        sql.add_step(
            tx,
            request.id,
            letter.what,
            heard=True,
            at=letter.at,
            letter_id=arrived.id,
            words_sealed=None if said is None else said.sealed,
            facts=facts_of(asks=list(asks), reason=reason),
        )
        self._office.saved(tx, request)
        return True

    def answered(self, tx: Tx, arrived: Arrived) -> bool:
        """The answer: claims of whoever answers, under its rules; here they stay unless those let them go."""
        letter = letters.read(arrived.body, letters.AnswerLetter)
        was = self._ours(tx, arrived, letter.request)
        vocabulary = self._tracing.vocabulary
        vocabulary.term("trace_outcomes", letter.outcome)
        reason = letter.reason if letter.reason in vocabulary.tables["trace_reasons"] else None
        taken = self._take(
            tx, arrived, letter.package, was.id, was.ref, kind="trace_answer", firearm_id=was.firearm_id
        )
        request = was.hear(
            "answered",
            letter.step,
            letter.at,
            outcome=letter.outcome,
            reason=reason,
            purchaser=letter.purchaser,
            synthetic=was.synthetic or taken.synthetic,
        )
        said = self._office.seal(tx, request.id, letter.words)
        tx.record(
            RequestAnswered(
                id=request.id,
                heard=True,
                outcome=letter.outcome,
                reason=reason,
                letter=arrived.id,
                statements=tuple(taken.statements),
                purchaser=letter.purchaser,
                prepared_by=None,
                words=said,
            )
        )
        sql.add_step(
            tx,
            request.id,
            "answered",
            heard=True,
            at=letter.at,
            letter_id=arrived.id,
            words_sealed=None if said is None else said.sealed,
            facts=facts_of(
                outcome=letter.outcome,
                reason=reason,
                statements=len(taken.statements),
                purchaser=letter.purchaser,
                unread=taken.unread,
            ),
        )
        self._office.saved(tx, request)
        return True

    def lapsed(self, tx: Tx, arrived: Arrived) -> bool:
        """The asker waits no longer. Early where the request itself has not come yet."""
        letter = letters.read(arrived.body, letters.LapsedLetter)
        was = sql.by_theirs(tx, "in", arrived.sender, letter.request)
        if was is None:
            return False
        if not was.open:
            return True
        request = was.lapse(letter.at)
        tx.record(RequestLapsed(id=request.id, heard=True, letter=arrived.id))
        sql.add_step(tx, request.id, "lapsed", heard=True, at=letter.at, letter_id=arrived.id)
        self._office.saved(tx, request)
        return True

    def withdrawn(self, tx: Tx, arrived: Arrived) -> bool:
        """Statements that came from there are taken back: also those that have not come yet."""
        letter = letters.read(arrived.body, letters.WithdrawnLetter)
        ours: list[str] = []
        requests: dict[str, int] = {}
        ahead = 0
        for their_id in dict.fromkeys(letter.statements):
            found = sql.carried(tx, "in", arrived.sender, their_id)
            if found is None:
                sql.add_carried(tx, "in", arrived.sender, their_id, None, withdrawn=True)
                ahead += 1
                continue
            if found.withdrawn:
                continue
            sql.take_back(tx, "in", arrived.sender, their_id)
            if found.statement_id is not None and root_sql.statement(tx, found.statement_id).stands:
                ours.append(found.statement_id)
            if found.request_id is not None:
                requests[found.request_id] = requests.get(found.request_id, 0) + 1
        for first in range(0, len(ours), STATEMENTS_AT_ONCE_MAX):
            self._tracing.withdraw(tx, ours[first : first + STATEMENTS_AT_ONCE_MAX], "originator")
        tx.record(WithdrawalHeard(id=arrived.id, sender=arrived.sender, statements=tuple(ours), ahead=ahead))
        for request_id, count in requests.items():
            sql.add_step(
                tx, request_id, "withdrawn", heard=True, letter_id=arrived.id, facts={"statements": count}
            )
            self._office.saved(tx, sql.get(tx, request_id))
        return True

    def _take(
        self,
        tx: Tx,
        arrived: Arrived,
        package: Package,
        request_id: str,
        ref: str,
        *,
        kind: str,
        firearm_id: str | None,
    ) -> Taken:
        taking = Taking(
            tx,
            self._tracing,
            package,
            sender=arrived.sender,
            kind=kind,
            reference=ref,
            request_id=request_id,
        )
        return taking.take({} if firearm_id is None else {ASKED: firearm_id})

    def _ours(self, tx: Tx, arrived: Arrived, request_id: str) -> TraceRequest:
        """The request that the sender speaks of, if we asked it that."""
        found = sql.by_theirs(tx, "out", arrived.sender, request_id)
        if found is None:
            raise NotFound("trace-none")
        return found

    # -- receipts and withdrawals here ---------------------------------------------------------------

    def letter_settled(self, tx: Tx, fact: LetterSettled) -> None:
        """The other side signed that it has a letter of ours, or refused it."""
        found = sql.step_by_letter(tx, fact.letter)
        if found is None:
            return
        request_id, n, what = found
        sql.set_receipt(
            tx,
            request_id,
            n,
            receipt=fact.receipt,
            key=fact.key_id,
            at=fact.signed_at,
            outcome=fact.outcome,
            reason=fact.reason,
        )
        request = sql.find(tx, request_id)
        if request is None:
            return
        refused = fact.outcome == "refused"
        self._office.saved(tx, request.delivered(what, fact.signed_at, fact.reason if refused else None))

    def statements_withdrawn(self, tx: Tx, fact: Withdrawn) -> None:
        """Statements that we had released were taken back here: whoever has them is told, and it waits for a
        partner that is switched off."""
        for partner, ids in sql.carried_out(tx, fact.statements).items():
            for first in range(0, len(ids), letters.WITHDRAWN_MAX):
                part = tuple(ids[first : first + letters.WITHDRAWN_MAX])
                body = letters.WithdrawnLetter(statements=part, reason=fact.reason, at=tx.now)
                letter, _ = self._office.tell(tx, partner, letters.WITHDRAWN, body)
                requests = {
                    found.request_id
                    for their_id in part
                    if (found := sql.carried(tx, "out", partner, their_id)) is not None
                    and found.request_id is not None
                }
                if letter is not None:
                    for their_id in part:
                        sql.take_back(tx, "out", partner, their_id)
                    tx.record(WithdrawalTold(id=letter, to=partner, statements=part, reason=fact.reason))
                for request_id in sorted(requests):
                    sql.add_step(
                        tx,
                        request_id,
                        "withdrawn" if letter is not None else "withdrawn_untold",
                        letter_id=letter,
                        facts={"statements": len(part)},
                    )
                    self._office.saved(tx, sql.get(tx, request_id))


def _is_known(ask: str) -> bool:
    try:
        check_asks([ask])
    except LanbiError:
        return False
    return True
