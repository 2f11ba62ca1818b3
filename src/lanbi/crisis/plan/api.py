"""The plan of a major incident over HTTP."""

import msgspec
from litestar import Response, post
from litestar.handlers.http_handlers import HTTPRouteHandler

from lanbi.core.desk import Desk
from lanbi.core.ids import parse_id
from lanbi.core.time import parse_instant_or_none
from lanbi.crisis.parts import ObjectiveStatus, RequestStatus
from lanbi.crisis.plan.service import Plan
from lanbi.crisis.rows import (
    DemobRow,
    DivisionRow,
    ObjectiveRow,
    PeriodRow,
    RadioPlanRow,
    RequestRow,
    demob_row,
    division_row,
    objective_row,
    period_row,
    radio_row,
    request_row,
)

TAGS = ["majors"]


class ObjectiveBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    words: str
    priority: int = 1
    owner: str | None = None
    due_at: str | None = None


class ObjectiveChangeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays."""

    words: str | None = None
    priority: int | None = None
    owner: str | None = None
    due_at: str | None = None


class ObjectiveStatusBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: ObjectiveStatus


class ResourceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    capability: str
    count: int
    words: str | None = None
    source: str | None = None
    needed_by: str | None = None


class ResourceStatusBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: RequestStatus
    reason: str | None = None


class DivisionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: str
    supervisor: str | None = None
    work: str | None = None


class DivisionChangeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays."""

    name: str | None = None
    supervisor: str | None = None
    work: str | None = None


class DivisionUnitBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit_id: str


class RadioBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    channel: str
    function: str | None = None
    frequency: str | None = None
    assignment: str | None = None
    remarks: str | None = None


class RadioChangeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays."""

    channel: str | None = None
    function: str | None = None
    frequency: str | None = None
    assignment: str | None = None
    remarks: str | None = None


class PeriodBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    begins_at: str | None = None
    ends_at: str | None = None


class DemobBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit_id: str
    step: str


def routes(plan: Plan) -> list[HTTPRouteHandler]:
    """The handlers of what is planned under /majors/{major_id}."""
    return [*_wanted(plan), *_divisions(plan), *_radio(plan), *_periods_and_ways_out(plan)]


def _wanted(plan: Plan) -> list[HTTPRouteHandler]:
    """Objectives, and the resources that are asked for."""

    @post("/majors/{major_id:str}/objectives", status_code=201, summary="Set an objective", tags=TAGS)
    async def set_objective(major_id: str, data: ObjectiveBody, desk: Desk) -> Response[ObjectiveRow]:
        key, due_at = parse_id(major_id), parse_instant_or_none(data.due_at)
        return await desk.command(
            lambda tx: objective_row(
                plan.set_objective(
                    tx, key, data.words, priority=data.priority, owner=data.owner, due_at=due_at
                )
            ),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/objectives/{item_id:str}/change",
        status_code=200,
        summary="Change an objective",
        tags=TAGS,
    )
    async def change_objective(
        major_id: str, item_id: str, data: ObjectiveChangeBody, desk: Desk
    ) -> Response[ObjectiveRow]:
        key, item, due_at = parse_id(major_id), parse_id(item_id), parse_instant_or_none(data.due_at)
        return await desk.command(
            lambda tx: objective_row(
                plan.change_objective(
                    tx,
                    key,
                    item,
                    text=data.words,
                    priority=data.priority,
                    owner=data.owner,
                    due_at=due_at,
                    held=desk.held,
                )
            )
        )

    @post(
        "/majors/{major_id:str}/objectives/{item_id:str}/status",
        status_code=200,
        summary="It is met, dropped, or open again",
        tags=TAGS,
    )
    async def settle_objective(
        major_id: str, item_id: str, data: ObjectiveStatusBody, desk: Desk
    ) -> Response[ObjectiveRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: objective_row(plan.settle_objective(tx, key, item, data.status)))

    @post("/majors/{major_id:str}/requests", status_code=201, summary="Ask for resources", tags=TAGS)
    async def request_resource(major_id: str, data: ResourceBody, desk: Desk) -> Response[RequestRow]:
        key, needed_by = parse_id(major_id), parse_instant_or_none(data.needed_by)
        return await desk.command(
            lambda tx: request_row(
                plan.request(
                    tx,
                    key,
                    data.capability,
                    data.count,
                    text=data.words,
                    source=data.source,
                    needed_by=needed_by,
                )
            ),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/requests/{item_id:str}/status",
        status_code=200,
        summary="The next step of a request, or its end",
        tags=TAGS,
    )
    async def move_request(
        major_id: str, item_id: str, data: ResourceStatusBody, desk: Desk
    ) -> Response[RequestRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(
            lambda tx: request_row(plan.move_request(tx, key, item, data.status, reason=data.reason))
        )

    return [set_objective, change_objective, settle_objective, request_resource, move_request]


def _divisions(plan: Plan) -> list[HTTPRouteHandler]:
    @post("/majors/{major_id:str}/divisions", status_code=201, summary="Form a division", tags=TAGS)
    async def form_division(major_id: str, data: DivisionBody, desk: Desk) -> Response[DivisionRow]:
        key = parse_id(major_id)
        return await desk.command(
            lambda tx: division_row(
                plan.form_division(tx, key, data.name, supervisor=data.supervisor, work=data.work)
            ),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/divisions/{item_id:str}/change",
        status_code=200,
        summary="Change a division",
        tags=TAGS,
    )
    async def change_division(
        major_id: str, item_id: str, data: DivisionChangeBody, desk: Desk
    ) -> Response[DivisionRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(
            lambda tx: division_row(
                plan.change_division(
                    tx,
                    key,
                    item,
                    name=data.name,
                    supervisor=data.supervisor,
                    work=data.work,
                    held=desk.held,
                )
            )
        )

    @post(
        "/majors/{major_id:str}/divisions/{item_id:str}/join",
        status_code=200,
        summary="A unit works in it",
        tags=TAGS,
    )
    async def join_division(
        major_id: str, item_id: str, data: DivisionUnitBody, desk: Desk
    ) -> Response[DivisionRow]:
        key, item, unit = parse_id(major_id), parse_id(item_id), parse_id(data.unit_id)
        return await desk.command(lambda tx: division_row(plan.join_division(tx, key, item, unit)))

    @post(
        "/majors/{major_id:str}/divisions/{item_id:str}/leave",
        status_code=200,
        summary="A unit leaves it",
        tags=TAGS,
    )
    async def leave_division(
        major_id: str, item_id: str, data: DivisionUnitBody, desk: Desk
    ) -> Response[DivisionRow]:
        key, item, unit = parse_id(major_id), parse_id(item_id), parse_id(data.unit_id)
        return await desk.command(lambda tx: division_row(plan.leave_division(tx, key, item, unit)))

    @post(
        "/majors/{major_id:str}/divisions/{item_id:str}/close",
        status_code=200,
        summary="Close a division",
        tags=TAGS,
    )
    async def close_division(major_id: str, item_id: str, desk: Desk) -> Response[DivisionRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: division_row(plan.close_division(tx, key, item)))

    return [form_division, change_division, join_division, leave_division, close_division]


def _radio(plan: Plan) -> list[HTTPRouteHandler]:
    @post("/majors/{major_id:str}/radio", status_code=201, summary="Add to the radio plan", tags=TAGS)
    async def plan_radio(major_id: str, data: RadioBody, desk: Desk) -> Response[RadioPlanRow]:
        key = parse_id(major_id)
        return await desk.command(
            lambda tx: radio_row(
                plan.plan_radio(
                    tx,
                    key,
                    data.channel,
                    function=data.function,
                    frequency=data.frequency,
                    assignment=data.assignment,
                    remarks=data.remarks,
                )
            ),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/radio/{item_id:str}/change",
        status_code=200,
        summary="Change a line of the radio plan",
        tags=TAGS,
    )
    async def change_radio(
        major_id: str, item_id: str, data: RadioChangeBody, desk: Desk
    ) -> Response[RadioPlanRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(
            lambda tx: radio_row(
                plan.change_radio(
                    tx,
                    key,
                    item,
                    channel=data.channel,
                    function=data.function,
                    frequency=data.frequency,
                    assignment=data.assignment,
                    remarks=data.remarks,
                    held=desk.held,
                )
            )
        )

    @post(
        "/majors/{major_id:str}/radio/{item_id:str}/remove",
        status_code=200,
        summary="Take a line off the radio plan",
        tags=TAGS,
    )
    async def remove_radio(major_id: str, item_id: str, desk: Desk) -> Response[RadioPlanRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: radio_row(plan.remove_radio(tx, key, item)))

    return [plan_radio, change_radio, remove_radio]


def _periods_and_ways_out(plan: Plan) -> list[HTTPRouteHandler]:
    @post("/majors/{major_id:str}/periods", status_code=201, summary="Set an operational period", tags=TAGS)
    async def set_period(major_id: str, data: PeriodBody, desk: Desk) -> Response[PeriodRow]:
        key, begins_at, ends_at = (
            parse_id(major_id),
            parse_instant_or_none(data.begins_at),
            parse_instant_or_none(data.ends_at),
        )
        return await desk.command(
            lambda tx: period_row(plan.set_period(tx, key, begins_at=begins_at, ends_at=ends_at)),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/demob", status_code=201, summary="Check a step of a unit's way out", tags=TAGS
    )
    async def check_demob(major_id: str, data: DemobBody, desk: Desk) -> Response[DemobRow]:
        key, unit = parse_id(major_id), parse_id(data.unit_id)
        return await desk.command(
            lambda tx: demob_row(plan.check_demob(tx, key, unit, data.step)), status=201
        )

    @post(
        "/majors/{major_id:str}/demob/{item_id:str}/withdraw",
        status_code=200,
        summary="Withdraw a check made in error",
        tags=TAGS,
    )
    async def withdraw_demob(major_id: str, item_id: str, desk: Desk) -> Response[DemobRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: demob_row(plan.withdraw_demob(tx, key, item)))

    return [set_period, check_demob, withdraw_demob]
