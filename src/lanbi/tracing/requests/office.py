"""What every use case of trace requests shares: reading them, writing them, and what would leave."""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.core.events import Sealed
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import words
from lanbi.core.time import Instant
from lanbi.tracing import sql as root_sql
from lanbi.tracing.handling import Recipient
from lanbi.tracing.model import SEALED_FOR, Entity
from lanbi.tracing.projection import missing_of
from lanbi.tracing.requests import package, sql, terms
from lanbi.tracing.requests.model import LEAVE_OUT_MAX, WORDS_CHARS_MAX, TraceRequest, trace_of
from lanbi.tracing.requests.package import Package, Selection, day_of
from lanbi.tracing.requests.terms import Term
from lanbi.tracing.schema import needed
from lanbi.tracing.service import Tracing


class Send(Protocol):
    """Writes a letter in the caller's transaction; see `lanbi.partners.outbox.Outbox.send`."""

    def __call__(
        self, tx: Tx, to: str, kind: str, body: Any, in_reply_to: str | None = None, *, hold: bool = False
    ) -> str: ...


class MaySend(Protocol):
    """Whether a letter of a kind may go to a partner now."""

    def __call__(self, reader: Reader, to: str, kind: str) -> bool: ...


class Needed(msgspec.Struct, frozen=True):
    """A property that a trace cannot do without: goes, stays by its rules, or is missing."""

    prop: str
    state: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would leave now, and what stays and why."""

    request: TraceRequest
    selection: Selection
    needed: list[Needed]
    digest: str


class Office:
    """What the use cases share."""

    def __init__(self, tracing: Tracing, *, secret: bytes, send: Send, may_send: MaySend) -> None:
        """`secret`: 32 bytes, for the keys by which partners know our entities. `send`, `may_send`: the
        letters to other sites."""
        self.tracing = tracing
        self.secret = secret
        self.send = send
        self.may_send = may_send
        self.gate: Gate = tracing.gate

    def saved(self, tx: Tx, request: TraceRequest) -> TraceRequest:
        """Writes a request, and what the board says of its firearm."""
        request = sql.save(tx, request)
        if request.side == "out":
            state, outcome = trace_of(sql.of_firearm(tx, request.firearm_id))
            tx.run(root_sql.SET_TRACE, id=request.firearm_id, state=state, outcome=outcome, seq=tx.seq)
        return request

    def mine(self, tx: Tx, request_id: str, held: int | None) -> TraceRequest:
        self.gate.require(tx.actor, "tracing.request")
        found = sql.get(tx, request_id)
        found.must_hold(held)
        return found

    def must_be_person(self, actor: Actor) -> None:
        """Two persons are two persons only where neither is the machine of the other."""
        if actor.kind == "token":
            raise Refused("trace-person-needed")

    def firearm(self, reader: Reader, firearm_id: str) -> Entity:
        found = root_sql.get(reader, firearm_id)
        if found.kind != "firearm":
            raise Malformed("trace-no-firearm", ref=found.ref)
        return found

    def seal(self, tx: Tx, request_id: str, text: str) -> Sealed | None:
        """What somebody wrote about a request, apart from the record; None where nobody wrote anything."""
        if not text.strip():
            return None
        return tx.seal(
            subject=f"trace_request/{request_id}",
            field="words",
            kind="words",
            value=words(text, "words", chars_max=WORDS_CHARS_MAX),
            keep_for=SEALED_FOR,
        )

    def carried(self, tx: Tx, request: TraceRequest, packed: Package) -> None:
        for said in packed.statements:
            sql.add_carried(tx, "out", request.partner, said.id, said.id, request_id=request.id)

    def tell(self, tx: Tx, to: str, kind: str, body: Any) -> tuple[str | None, str | None]:
        """(letter, None), or (None, why nobody could be told): what must not fail since a partner is gone."""
        try:
            return self.send(tx, to, kind, body, hold=True), None
        except LanbiError as error:
            return None, error.code

    def term(self, reader: Reader, partner: str, priority: str) -> Term:
        """The days of a partner, of the site, or as shipped."""
        return (
            sql.term(reader, partner, priority) or sql.term(reader, "", priority) or terms.shipped(priority)
        )

    def preview_of(
        self, reader: Reader, request: TraceRequest, now: Instant, *, persons: bool = False
    ) -> Preview:
        """The same, of a request in hand."""
        firearm = self.firearm(reader, request.firearm_id)
        if request.side == "in":
            selection = self.answer_selection(reader, request, now, persons=persons)
        else:
            to = Recipient(request.partner, request.purpose, day_of(now))
            selection = package.for_request(
                reader, firearm, to, us=self.tracing.us(), leave_out=request.leave_out
            )
        missing = set(missing_of("firearm", firearm.preferred))
        stays = set(missing_of("firearm", selection.said("firearm")))
        facts = (
            request.id, str(request.round + (request.state == "more_needed")), request.priority,
            request.legal_basis, request.case, request.channel, request.words_sealed or "",
        )  # fmt: skip
        return Preview(
            request=request,
            selection=selection,
            needed=[
                Needed(prop, "missing" if prop in missing else "stays" if prop in stays else "goes")
                for prop in needed("firearm")
            ],
            digest=package.digest_of(selection, facts),
        )

    def answer_selection(
        self, reader: Reader, request: TraceRequest, now: Instant, *, persons: bool
    ) -> Selection:
        return package.for_answer(
            reader,
            self.firearm(reader, request.firearm_id),
            Recipient(request.partner, request.purpose, day_of(now)),
            us=self.tracing.us(),
            persons=persons,
            leave_out=request.leave_out if request.side == "in" else (),
        )


def ids_of(statements: Sequence[str]) -> tuple[str, ...]:
    found = tuple(sorted(set(statements)))
    if len(found) > LEAVE_OUT_MAX:
        raise Malformed("tracing-statements-count", limit=LEAVE_OUT_MAX, given=len(found))
    return found


def facts_of(**facts: Any) -> dict[str, Any]:
    """What there is to tell of a step, without what there is not."""
    return {name: value for name, value in facts.items() if value not in (None, [], "")}
