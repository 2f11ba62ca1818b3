"""Looks at trace requests: lists, stories, what would leave, what is overdue."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import msgspec

from lanbi.core.access import Actor
from lanbi.core.ports import Reader
from lanbi.core.time import INSTANT_MAX, INSTANT_MIN, SECOND, Instant
from lanbi.tracing.indicators.measures import Asked
from lanbi.tracing.indicators.measures import Outcome as AskedOutcome
from lanbi.tracing.requests import sql
from lanbi.tracing.requests.model import Due, TraceRequest, dues_of
from lanbi.tracing.requests.office import Office, Preview
from lanbi.tracing.requests.package import day_of

DUES_MAX = 500
SPANS_REQUESTS_MAX = 2_000


class RequestSpan(msgspec.Struct, frozen=True, kw_only=True):
    """A request on the time axis of the graph: from its sending to its answer, or open."""

    id: str
    firearm_id: str
    ref: str
    partner: str
    sent_on: str
    answered_on: str | None
    state: str


class Looks:
    """What may be read of trace requests."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def request(self, reader: Reader, actor: Actor, request_id: str) -> TraceRequest:
        """Raises `NotFound("trace-none")`."""
        self._office.gate.require(actor, "tracing.see")
        return sql.get(reader, request_id)

    def story(self, reader: Reader, actor: Actor, request_id: str) -> list[sql.StepTaken]:
        """What happened to it, oldest first, with what the other side signed."""
        self._office.gate.require(actor, "tracing.see")
        return sql.steps(reader, request_id)

    def page(
        self,
        reader: Reader,
        actor: Actor,
        *,
        side: str = "",
        state: str = "",
        partner: str = "",
        firearm_id: str = "",
        open_only: bool = False,
        before: int,
        limit: int,
    ) -> list[TraceRequest]:
        """Newest first."""
        self._office.gate.require(actor, "tracing.see")
        return sql.page(
            reader,
            side=side,
            state=state,
            partner=partner,
            firearm_id=firearm_id,
            open_only=open_only,
            before=before,
            limit=limit,
        )

    def preview(
        self, reader: Reader, actor: Actor, request_id: str, now: Instant, *, persons: bool = False
    ) -> Preview:
        """What would leave now: of a request, its marks; of one that came, the answer's claims."""
        self._office.gate.require(actor, "tracing.see")
        return self._office.preview_of(reader, sql.get(reader, request_id), now, persons=persons)

    def dues(self, reader: Reader, actor: Actor, now: Instant) -> list[Due]:
        """What is overdue: acknowledgements, answers, approvals that wait, and statements whose review is."""
        self._office.gate.require(actor, "tracing.see")
        found = [due for request in sql.due_by_clock(reader, now, DUES_MAX) for due in dues_of(request, now)]
        for request_id, day, count in sql.due_by_review(reader, day_of(now), DUES_MAX):
            request = sql.get(reader, request_id)
            due_at = round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * SECOND
            found.append(
                Due(
                    request_id=request.id,
                    ref=request.ref,
                    side=request.side,
                    partner=request.partner,
                    kind="review_due",
                    owed_by="us",
                    due_at=due_at,
                    count=count,
                )
            )
        return sorted(found, key=lambda due: (due.due_at, due.ref))

    def spans(self, reader: Reader, firearms: Sequence[str]) -> list[RequestSpan]:
        """The requests that we sent about firearms, for a time axis."""
        found: list[RequestSpan] = []
        for firearm_id in firearms:
            for request in sql.of_firearm(reader, firearm_id):
                sent = request.clocks.get("sent")
                if request.side != "out" or sent is None or len(found) >= SPANS_REQUESTS_MAX:
                    continue
                answered = request.clocks.get("answered")
                found.append(
                    RequestSpan(
                        id=request.id,
                        firearm_id=firearm_id,
                        ref=request.ref,
                        partner=request.partner,
                        sent_on=day_of(sent),
                        answered_on=None if answered is None else day_of(answered),
                        state=request.state,
                    )
                )
        return found

    def asked(
        self, reader: Reader, since: Instant = INSTANT_MIN, until: Instant = INSTANT_MAX
    ) -> list[Asked]:
        """The requests that were sent in a time, both ways, for the open indicators."""
        return [_asked(request) for request in sql.sent_between(reader, since, until)]


_OUTCOMES: Mapping[str, AskedOutcome] = {
    "answered": "answered", "more_needed": "more_needed", "refused": "refused", "lapsed": "lapsed",
}  # fmt: skip


def _asked(request: TraceRequest) -> Asked:
    responded = min(
        (request.clocks[name] for name in ("answered", "more_needed", "refused") if name in request.clocks),
        default=None,
    )
    return Asked(
        sent=date.fromisoformat(day_of(request.clocks["sent"])),
        direction=request.side,
        partner=request.partner,
        outcome=_OUTCOMES.get(request.state, "open"),
        responded=None if responded is None else date.fromisoformat(day_of(responded)),
        reason=request.reason or "",
    )
