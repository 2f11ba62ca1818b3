"""Trace requests over HTTP."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter, QueryParameter

from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Clock
from lanbi.tracing.handling import HandlingRule
from lanbi.tracing.model import UNGRADED
from lanbi.tracing.requests.answering import SaleGiven
from lanbi.tracing.requests.model import Channel, Side, TraceRequest
from lanbi.tracing.requests.rows import (
    TraceDueRow,
    TracePreviewRow,
    TraceRequestPage,
    TraceRequestRow,
    TraceStoryRow,
    TraceTermRow,
    due_row,
    preview_row,
    request_row,
    story_row,
    term_row,
)
from lanbi.tracing.requests.service import Requests
from lanbi.tracing.requests.terms import ROUTINE

TAGS = ["tracing: requests"]
Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]
ListedState = Annotated[str | None, QueryParameter(name="state", description="Of one state only.")]
OpenOnly = Annotated[bool, QueryParameter(name="open", description="Neither answered, refused nor lapsed.")]


class DraftTraceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request to a state or site. `channel`: lanbi (by letter), or etrace, iarms, paper (by hand);
    `leave_out`: ids of statements that are not to travel; `words`: to the other side."""

    firearm_id: str
    to: str
    purpose: str
    legal_basis: str
    case: str
    priority: str = ROUTINE
    channel: Channel = "lanbi"
    words: str = ""
    leave_out: tuple[str, ...] = ()


class EditRequestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is given changes; an approval that it had is gone."""

    priority: str | None = None
    purpose: str | None = None
    legal_basis: str | None = None
    case: str | None = None
    words: str | None = None
    leave_out: tuple[str, ...] | None = None


class NeedMoreBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`asks`: properties as "firearm.serial"; one of both must be there."""

    asks: tuple[str, ...] = ()
    words: str = ""


class RefuseTraceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`reason`: a code of the vocabulary `trace_refusals`."""

    reason: str
    words: str = ""


class AnsweredSaleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sale that the answer tells of. `values`: of the kind acquisition (date, kind, multiple_sale);
    `dealer`: of the kind dealer, or `dealer_id` of one that is known; `buyer_id`: a person's. `handling`:
    unless given, releasable to the asker, for what it asked."""

    values: dict[str, str]
    reference: str
    dealer: dict[str, str] = {}
    dealer_id: str | None = None
    buyer_id: str | None = None
    source_kind: str = "register"
    grade: str = UNGRADED
    handling: HandlingRule | None = None


class AnswerTraceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was found. `outcome`: of `trace_outcomes`; `reason`: of `trace_reasons`, where undetermined.
    `purchaser`: names travel too, once a second person has approved."""

    outcome: str
    reason: str | None = None
    sale: AnsweredSaleBody | None = None
    purchaser: bool = False
    leave_out: tuple[str, ...] = ()
    words: str = ""


class TraceTermBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Days for a partner; for all where it is empty."""

    priority: str
    ack: int
    answer: int
    lapse: int
    partner: str = ""


def routes(requests: Requests, clock: Clock) -> list[HTTPRouteHandler]:
    """The handlers of /tracing/requests."""
    return [*_looks(requests, clock), *_asking(requests, clock), *_answering(requests, clock)]


def _looks(requests: Requests, clock: Clock) -> list[HTTPRouteHandler]:
    @get("/tracing/requests", summary="Trace requests, newest first", tags=TAGS)
    async def list_requests(
        desk: Desk,
        *,
        side: Side | None = None,
        listed: ListedState = None,
        partner: str | None = None,
        firearm: str | None = None,
        open_only: OpenOnly = False,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[TraceRequestPage]:
        size, before = page_limit(limit), page_before(cursor)
        firearm_id = "" if firearm is None else parse_id(firearm)

        def work(reader: Reader) -> TraceRequestPage:
            found = requests.looks.page(
                reader,
                desk.actor,
                side=side or "",
                state=listed or "",
                partner=partner or "",
                firearm_id=firearm_id,
                open_only=open_only,
                before=before,
                limit=size + 1,
            )
            items = [request_row(reader, one, clock.now()) for one in found[:size]]
            return TraceRequestPage(items, str(found[size - 1].number) if len(found) > size else None)

        return await desk.look(work)

    @get("/tracing/requests/dues", summary="What is overdue", tags=TAGS)
    async def dues(desk: Desk) -> Response[list[TraceDueRow]]:
        return await desk.look(
            lambda reader: [due_row(due) for due in requests.looks.dues(reader, desk.actor, clock.now())]
        )

    @get("/tracing/requests/terms", summary="How long a request may take", tags=TAGS)
    async def list_terms(desk: Desk) -> Response[list[TraceTermRow]]:
        return await desk.look(
            lambda reader: [term_row(*found) for found in requests.asking.terms(reader, desk.actor)]
        )

    @post("/tracing/requests/terms", status_code=200, summary="Set how long they may take", tags=TAGS)
    async def set_terms(data: TraceTermBody, desk: Desk) -> Response[TraceTermRow]:
        return await desk.command(
            lambda tx: term_row(
                data.partner,
                data.priority,
                requests.asking.set_term(
                    tx, data.partner, data.priority, ack=data.ack, answer=data.answer, lapse=data.lapse
                ),
            )
        )

    @get("/tracing/requests/{request_id:str}", summary="One request with its whole story", tags=TAGS)
    async def story(request_id: str, desk: Desk) -> Response[TraceStoryRow]:
        key = parse_id(request_id)

        def work(reader: Reader) -> TraceStoryRow:
            found = requests.looks.request(reader, desk.actor, key)
            steps = requests.looks.story(reader, desk.actor, key)
            return story_row(reader, found, steps, clock.now())

        return await desk.look(work)

    @get("/tracing/requests/{request_id:str}/preview", summary="What would leave, and what stays", tags=TAGS)
    async def preview(request_id: str, desk: Desk, persons: bool = False) -> Response[TracePreviewRow]:
        key = parse_id(request_id)
        return await desk.look(
            lambda reader: preview_row(
                reader,
                requests.looks.preview(reader, desk.actor, key, clock.now(), persons=persons),
                clock.now(),
            )
        )

    return [list_requests, dues, list_terms, set_terms, story, preview]


def _asking(requests: Requests, clock: Clock) -> list[HTTPRouteHandler]:
    @post("/tracing/requests", status_code=201, summary="Draft a trace request", tags=TAGS)
    async def draft(data: DraftTraceBody, desk: Desk) -> Response[TraceRequestRow]:
        firearm_id = parse_id(data.firearm_id)
        leave_out = [parse_id(key) for key in data.leave_out]

        def work(tx: Tx) -> TraceRequestRow:
            made = requests.asking.draft(
                tx,
                firearm_id=firearm_id,
                to=data.to,
                purpose=data.purpose,
                legal_basis=data.legal_basis,
                case=data.case,
                priority=data.priority,
                channel=data.channel,
                text=data.words,
                leave_out=leave_out,
            )
            return request_row(tx, made, clock.now())

        return await desk.command(work, status=201)

    @post("/tracing/requests/{request_id:str}/edit", status_code=200, summary="Change a draft", tags=TAGS)
    async def edit(request_id: str, data: EditRequestBody, desk: Desk) -> Response[TraceRequestRow]:
        leave_out = None if data.leave_out is None else [parse_id(key) for key in data.leave_out]
        return await _step(
            desk,
            clock,
            request_id,
            lambda tx, key: requests.asking.edit(
                tx,
                key,
                priority=data.priority,
                purpose=data.purpose,
                legal_basis=data.legal_basis,
                case=data.case,
                text=data.words,
                leave_out=leave_out,
                held=desk.held,
            ),
        )

    @post(
        "/tracing/requests/{request_id:str}/approve",
        status_code=200,
        summary="The second person: let it leave as it stands",
        tags=TAGS,
    )
    async def approve(request_id: str, desk: Desk) -> Response[TraceRequestRow]:
        return await _step(desk, clock, request_id, lambda tx, key: requests.approve(tx, key, held=desk.held))

    @post("/tracing/requests/{request_id:str}/send", status_code=200, summary="Send it", tags=TAGS)
    async def send(request_id: str, desk: Desk) -> Response[TraceRequestRow]:
        return await _step(
            desk, clock, request_id, lambda tx, key: requests.asking.send(tx, key, held=desk.held)
        )

    @post("/tracing/requests/{request_id:str}/lapse", status_code=200, summary="Its time is over", tags=TAGS)
    async def lapse(request_id: str, desk: Desk) -> Response[TraceRequestRow]:
        return await _step(
            desk, clock, request_id, lambda tx, key: requests.asking.lapse(tx, key, held=desk.held)
        )

    return [draft, edit, approve, send, lapse]


def _answering(requests: Requests, clock: Clock) -> list[HTTPRouteHandler]:
    answering = requests.answering

    @post(
        "/tracing/requests/{request_id:str}/acknowledge",
        status_code=200,
        summary="A person has it",
        tags=TAGS,
    )
    async def acknowledge(request_id: str, desk: Desk) -> Response[TraceRequestRow]:
        return await _step(
            desk, clock, request_id, lambda tx, key: answering.acknowledge(tx, key, held=desk.held)
        )

    @post("/tracing/requests/{request_id:str}/progress", status_code=200, summary="In progress", tags=TAGS)
    async def progress(request_id: str, desk: Desk) -> Response[TraceRequestRow]:
        return await _step(
            desk, clock, request_id, lambda tx, key: answering.progress(tx, key, held=desk.held)
        )

    @post(
        "/tracing/requests/{request_id:str}/need_more",
        status_code=200,
        summary="Nobody can trace it without this",
        tags=TAGS,
    )
    async def need_more(request_id: str, data: NeedMoreBody, desk: Desk) -> Response[TraceRequestRow]:
        return await _step(
            desk,
            clock,
            request_id,
            lambda tx, key: answering.need_more(tx, key, data.asks, data.words, held=desk.held),
        )

    @post("/tracing/requests/{request_id:str}/refuse", status_code=200, summary="It is refused", tags=TAGS)
    async def refuse(request_id: str, data: RefuseTraceBody, desk: Desk) -> Response[TraceRequestRow]:
        return await _step(
            desk,
            clock,
            request_id,
            lambda tx, key: answering.refuse(tx, key, data.reason, data.words, held=desk.held),
        )

    @post("/tracing/requests/{request_id:str}/answer", status_code=200, summary="Answer it", tags=TAGS)
    async def answer(request_id: str, data: AnswerTraceBody, desk: Desk) -> Response[TraceRequestRow]:
        sale = None if data.sale is None else _sale(data.sale)
        leave_out = [parse_id(key) for key in data.leave_out]
        return await _step(
            desk,
            clock,
            request_id,
            lambda tx, key: answering.answer(
                tx,
                key,
                outcome=data.outcome,
                reason=data.reason,
                sale=sale,
                purchaser=data.purchaser,
                leave_out=leave_out,
                text=data.words,
                held=desk.held,
            ),
        )

    return [acknowledge, progress, need_more, refuse, answer]


async def _step(
    desk: Desk, clock: Clock, request_id: str, work: Callable[[Tx, str], TraceRequest]
) -> Response[TraceRequestRow]:
    key = parse_id(request_id)
    return await desk.command(lambda tx: request_row(tx, work(tx, key), clock.now()))


def _sale(body: AnsweredSaleBody) -> SaleGiven:
    return SaleGiven(
        values=body.values,
        dealer=body.dealer,
        dealer_id=None if body.dealer_id is None else parse_id(body.dealer_id),
        buyer_id=None if body.buyer_id is None else parse_id(body.buyer_id),
        reference=body.reference,
        source_kind=body.source_kind,
        grade=body.grade,
        rules=None if body.handling is None else body.handling.rules,
    )
