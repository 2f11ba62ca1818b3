"""The asker's side of trace requests: one use case, one function, one transaction.

Nothing leaves before two persons have said so: whoever wrote it, and another who lets exactly that go. What
leaves are the statements that `handling.why_kept` keeps not, and their ids stand on the record.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from lanbi.core.access import Actor
from lanbi.core.errors import Malformed, Refused
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import line
from lanbi.core.time import DAY, SECOND, Instant
from lanbi.tracing import sql as root_sql
from lanbi.tracing.handling import is_party_code
from lanbi.tracing.model import CASE_CHARS_MAX
from lanbi.tracing.requests import letters, package, sql, terms
from lanbi.tracing.requests.events import (
    RequestApproved,
    RequestChanged,
    RequestDrafted,
    RequestLapsed,
    RequestSent,
    TermsSet,
)
from lanbi.tracing.requests.model import Channel, TraceRequest
from lanbi.tracing.requests.office import Office, facts_of, ids_of
from lanbi.tracing.requests.terms import Term, check_days

LAPSE_ROWS_MAX = 50


class Asking:
    """What the asker does."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def draft(
        self,
        tx: Tx,
        *,
        firearm_id: str,
        to: str,
        purpose: str,
        legal_basis: str,
        case: str,
        priority: str = terms.ROUTINE,
        channel: Channel = "lanbi",
        text: str = "",
        leave_out: Sequence[str] = (),
    ) -> TraceRequest:
        """A request to another state or site; nothing leaves yet.

        `text`: words to the other side, sealed here; `leave_out`: ids of statements that are not to travel.
        """
        self._office.gate.require(tx.actor, "tracing.request")
        self._office.must_be_person(tx.actor)
        firearm = self._office.firearm(tx, firearm_id)
        self._must_be_askable(tx, to, channel)
        self._check_codes(priority, purpose, legal_basis)
        for other in sql.of_firearm(tx, firearm.id):
            if other.side == "out" and other.partner == to and other.open:
                raise Refused("trace-open-already", ref=other.ref, to=to)
        request_id, number = new_id(tx.now), root_sql.next_number(tx, "request")
        said = self._office.seal(tx, request_id, text)
        request = TraceRequest(
            id=request_id,
            number=number,
            side="out",
            partner=to,
            firearm_id=firearm.id,
            their_id=request_id,
            their_ref=f"Q-{number}",
            channel=channel,
            priority=priority,
            purpose=purpose,
            legal_basis=legal_basis,
            case=line(case, "case", chars_max=CASE_CHARS_MAX),
            state="draft",
            drafted_by=tx.actor.id,
            clocks={"drafted": tx.now},
            leave_out=ids_of(leave_out),
            words_sealed=None if said is None else said.sealed,
            lapse_at=tx.now + terms.load().draft.lapse * DAY,
        )
        tx.record(
            RequestDrafted(
                id=request.id,
                ref=request.ref,
                firearm=firearm.id,
                to=to,
                channel=channel,
                priority=priority,
                purpose=purpose,
                legal_basis=legal_basis,
                case=request.case,
                words=said,
            )
        )
        sql.add_step(tx, request.id, "drafted", words_sealed=request.words_sealed)
        return self._office.saved(tx, request)

    def edit(
        self,
        tx: Tx,
        request_id: str,
        *,
        priority: str | None = None,
        purpose: str | None = None,
        legal_basis: str | None = None,
        case: str | None = None,
        text: str | None = None,
        leave_out: Sequence[str] | None = None,
        held: int | None = None,
    ) -> TraceRequest:
        """What is given changes; an approval that it had is gone."""
        self._office.must_be_person(tx.actor)
        was = self._office.mine(tx, request_id, held)
        said = None if text is None else self._office.seal(tx, was.id, text)
        request = was.edit(
            tx.actor.id,
            priority=was.priority if priority is None else priority,
            purpose=was.purpose if purpose is None else purpose,
            legal_basis=was.legal_basis if legal_basis is None else legal_basis,
            case=was.case if case is None else line(case, "case", chars_max=CASE_CHARS_MAX),
            words_sealed=was.words_sealed if text is None else None if said is None else said.sealed,
            leave_out=was.leave_out if leave_out is None else ids_of(leave_out),
        )
        self._check_codes(request.priority, request.purpose, request.legal_basis)
        tx.record(
            RequestChanged(
                id=request.id,
                priority=request.priority,
                purpose=request.purpose,
                legal_basis=request.legal_basis,
                case=request.case,
                words=said,
            )
        )
        sql.add_step(tx, request.id, "changed", words_sealed=None if said is None else said.sealed)
        return self._office.saved(tx, request)

    def approve(self, tx: Tx, request_id: str, *, held: int | None = None) -> TraceRequest:
        """A second person lets the request leave as it stands."""
        self._office.gate.require(tx.actor, "tracing.approve")
        self._office.must_be_person(tx.actor)
        was = sql.get(tx, request_id)
        was.must_hold(held)
        was.must_allow("approve")
        digest = self._office.preview_of(tx, was, tx.now).digest
        request = was.approve(tx.actor.id, digest, tx.now)
        tx.record(RequestApproved(id=request.id, digest=digest))
        sql.add_step(tx, request.id, "approved")
        return self._office.saved(tx, request)

    def send(self, tx: Tx, request_id: str, *, held: int | None = None) -> TraceRequest:
        """It leaves, as it was approved: by letter, or, by hand, as somebody entered it elsewhere."""
        was = self._office.mine(tx, request_id, held)
        was.must_allow("send")
        self._must_be_askable(tx, was.partner, was.channel)
        look = self._office.preview_of(tx, was, tx.now)
        if not look.selection.going:
            raise Refused("trace-nothing-travels", ref=was.ref, to=was.partner)
        request = was.send(look.digest, tx.now, self._office.term(tx, was.partner, was.priority))
        letter, packed = None, package.pack(tx, look.selection, secret=self._office.secret)
        if request.channel == "lanbi":
            letter = self._office.send(
                tx,
                request.partner,
                letters.REQUEST,
                letters.AskLetter(
                    request=request.id,
                    firearm=package.key_of(self._office.secret, request.partner, request.firearm_id),
                    ref=request.ref,
                    round=request.round,
                    priority=request.priority,
                    purpose=request.purpose,
                    legal_basis=request.legal_basis,
                    case=request.case,
                    package=packed,
                    wanted_by=request.answer_due_at,
                    words=sql.words_of(tx, request.words_sealed),
                ),
            )
            self._office.carried(tx, request, packed)
        gone = tuple(said.id for said in packed.statements)
        tx.record(
            RequestSent(
                id=request.id, to=request.partner, round=request.round, letter=letter, statements=gone
            )
        )
        sql.add_step(
            tx, request.id, "sent", letter_id=letter, facts={"statements": len(gone), "round": request.round}
        )
        return self._office.saved(tx, request)

    def lapse(self, tx: Tx, request_id: str, *, held: int | None = None) -> TraceRequest:
        """Its time is over; `Refused("trace-not-over")` before that."""
        was = self._office.mine(tx, request_id, held)
        if was.side != "out" or was.lapse_at is None:
            was.must_allow("wait")
        if was.side != "out" or (was.lapse_at is not None and was.lapse_at > tx.now):
            raise Refused("trace-not-over", ref=was.ref)
        return self._lapse(tx, was)

    def lapse_due(self, tx: Tx) -> bool:
        """The node's own work: ends the requests whose time is over. True if more wait."""
        due = sql.lapsing(tx, tx.now, LAPSE_ROWS_MAX)
        for request in due:
            self._lapse(tx, request)
        return len(due) == LAPSE_ROWS_MAX

    def _lapse(self, tx: Tx, was: TraceRequest) -> TraceRequest:
        request = was.lapse(tx.now)
        letter, untold = None, None
        if was.channel == "lanbi" and "sent" in was.clocks:
            body = letters.LapsedLetter(request=was.id, at=tx.now)
            letter, untold = self._office.tell(tx, was.partner, letters.LAPSED, body)
        tx.record(RequestLapsed(id=request.id, heard=False, letter=letter))
        sql.add_step(tx, request.id, "lapsed", letter_id=letter, facts=facts_of(untold=untold))
        return self._office.saved(tx, request)

    def set_term(self, tx: Tx, partner: str, priority: str, *, ack: int, answer: int, lapse: int) -> Term:
        """Days for a partner, or for all where `partner` is empty; of requests that are sent from now on."""
        self._office.gate.require(tx.actor, "tracing.approve")
        self._office.tracing.vocabulary.usable("trace_priorities", priority)
        if partner and not is_party_code(partner):
            raise Malformed("tracing-party-code", given=partner[:20])
        days = check_days(ack, answer, lapse)
        tx.record(TermsSet(id=partner or "*", priority=priority, ack=ack, answer=answer, lapse=lapse))
        sql.set_term(tx, partner, priority, days)
        return days

    def terms(self, reader: Reader, actor: Actor) -> list[tuple[str, str, Term]]:
        """(partner or "", priority, days): as shipped, then what this site set."""
        self._office.gate.require(actor, "tracing.see")
        shipped = [("", priority, days) for priority, days in terms.load().days.items()]
        return [*shipped, *sql.terms(reader)]

    def tell_of(
        self,
        tx: Tx,
        firearm_id: str,
        *,
        to: str,
        sent: date,
        answered: date | None,
        outcome: str | None,
        reason: str | None,
        purpose: str = "criminal_investigation",
        case: str = "SYNTHETIC",
    ) -> TraceRequest:
        """A request of the synthetic world, on paper and long ago; marked so."""
        self._office.gate.require(tx.actor, "tracing.request")
        request_id, number = new_id(tx.now), root_sql.next_number(tx, "request")
        sent_at = _instant(sent)
        clocks = {"drafted": sent_at, "approved": sent_at, "sent": sent_at}
        if answered is not None:
            clocks["answered"] = _instant(answered)
        request = TraceRequest(
            id=request_id,
            number=number,
            side="out",
            partner=to,
            firearm_id=firearm_id,
            their_id=request_id,
            their_ref=f"Q-{number}",
            channel="paper",
            priority=terms.ROUTINE,
            purpose=purpose,
            legal_basis="criminal_investigation",
            case=case,
            state="sent" if answered is None else "answered",
            drafted_by=tx.actor.id,
            clocks=clocks,
            outcome=outcome,
            reason=reason,
            synthetic=True,
        )
        tx.record(
            RequestDrafted(
                id=request.id,
                ref=request.ref,
                firearm=firearm_id,
                to=to,
                channel=request.channel,
                priority=request.priority,
                purpose=request.purpose,
                legal_basis=request.legal_basis,
                case=request.case,
                words=None,
            ),
            at=min(sent_at, tx.now),
        )
        for what, at in clocks.items():
            sql.add_step(tx, request.id, what, at=at, heard=what == "answered")
        return self._office.saved(tx, request)

    def _must_be_askable(self, reader: Reader, to: str, channel: Channel) -> None:
        if not is_party_code(to):
            raise Malformed("tracing-party-code", given=to[:20])
        if to == self._office.tracing.us():
            raise Refused("trace-to-us", to=to)
        if channel == "lanbi" and not self._office.may_send(reader, to, letters.REQUEST):
            raise Refused("trace-no-way", to=to)

    def _check_codes(self, priority: str, purpose: str, legal_basis: str) -> None:
        vocabulary = self._office.tracing.vocabulary
        vocabulary.usable("trace_priorities", priority)
        vocabulary.usable("tracing_purposes", purpose)
        vocabulary.usable("legal_bases", legal_basis)


def _instant(day: date) -> Instant:
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND
