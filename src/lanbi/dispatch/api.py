"""Units, assignments and recommendations over HTTP and on the live picture."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter
from msgspec import structs

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import Malformed
from lanbi.core.geo import Area
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import parse_instant_or_none, rfc3339, rfc3339_or_none
from lanbi.dispatch import sql
from lanbi.dispatch.model import CALLSIGN_CHARS_MAX, Assignment, Unit
from lanbi.dispatch.recommend import Choice, Recommendation
from lanbi.dispatch.safety import Safety
from lanbi.dispatch.service import Dispatch

UNIT_TAGS = ["units"]
ASSIGNMENT_TAGS = ["assignments"]
Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as the API and the live picture show it. Times are RFC 3339, UTC.

    `state`, `since`, `assignment_id`, `incident_id`: from its active assignment, if it has one.
    """

    id: str
    version: int
    callsign: str
    kind: str
    capabilities: tuple[str, ...]
    crew: int
    home: Area | None
    shift_until: str | None
    availability: Literal["available", "out_of_service"]
    reason: str | None
    state: str
    since: str
    assignment_id: str | None
    incident_id: str | None
    timer_due_at: str | None
    timer_words: str | None
    welfare_asked_at: str | None
    welfare_due_at: str | None
    emergency_at: str | None


class UnitPage(msgspec.Struct, frozen=True):
    """One page of units, by callsign."""

    items: list[UnitRow]
    next: str | None


class StatusClockRow(msgspec.Struct, frozen=True):
    """When a status was reached, and how its time is known."""

    at: str
    source: Literal["automatic", "manual", "late"]


class AssignmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """An assignment. `reason`: a code of the vocabulary, or the words of who ended it while they are kept."""

    id: str
    version: int
    unit_id: str
    incident_id: str
    status: str
    clocks: dict[str, StatusClockRow]
    by: str
    reason: str | None
    replaces: str | None


class AssignmentPage(msgspec.Struct, frozen=True):
    """One page of assignments, newest first."""

    items: list[AssignmentRow]
    next: str | None


class MetRow(msgspec.Struct, frozen=True):
    """A need of the incident, and how much of it the units already sent meet."""

    capability: str
    count: int
    met: int


class RecommendedUnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that could go. `choice` tells whether it is the proposal, the next best, or at other work.

    `distance_m`, `seconds`: by the way it would take, as `basis` estimates it; null where nobody
    knows where it is. `position_age_s`: null where its home post stands in for a position.
    """

    unit_id: str
    callsign: str
    state: str
    choice: Literal["chosen", "alternative", "preempt"]
    covers: list[str]
    distance_m: float | None
    seconds: float | None
    basis: str
    position_age_s: float | None
    reasons: list[dict[str, Any]]


class ShortfallRow(msgspec.Struct, frozen=True):
    """How many units with a capability are missing, and why; `because` is never empty.

    `capability`: null where the needs are unknown and no unit at all is free.
    """

    capability: str | None
    missing: int
    because: list[dict[str, Any]]


class RecommendationRow(msgspec.Struct, frozen=True):
    """Whom to send: chosen units first, then alternatives and busy units, nearest first."""

    needs: list[MetRow]
    units: list[RecommendedUnitRow]
    shortfalls: list[ShortfallRow]


class CommissionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new unit; `capabilities` are those of its kind unless given."""

    callsign: str
    kind: str
    capabilities: tuple[str, ...] | None = None
    crew: int = 0
    home: Area | None = None
    shift_until: str | None = None


class AvailabilityBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    availability: Literal["available", "out_of_service"]
    reason: str | None = None


class CrewBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is aboard and until when; without `shift_until` the end of the shift is not known."""

    crew: int
    shift_until: str | None = None


class CapabilitiesBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the vehicle can do by itself, whoever is aboard."""

    capabilities: tuple[str, ...]


class TimerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From now; `words` say what it is for."""

    minutes: int
    words: str | None = None


class WelfareBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether all of the crew are well; `false` is an emergency."""

    ok: bool


class EmergencySettleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str


class AssignBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    incident_id: str
    unit_id: str
    mode: Literal["normal", "preempt"] = "normal"
    reason: str = ""


class StatusBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of the crew, now or at a time entered by hand; "late" may also correct a step passed."""

    status: str
    at: str | None = None
    source: Literal["manual", "late"] | None = None


class CancelBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str


class StepBackBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The status that is taken back: the one that stands."""

    status: str


class ReplaceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit_id: str
    reason: str


def unit_row(unit: Unit) -> UnitRow:
    """The row that people and machines see."""
    return UnitRow(
        id=unit.id,
        version=unit.seq,
        callsign=unit.callsign,
        kind=unit.kind,
        capabilities=unit.capabilities,
        crew=unit.crew,
        home=unit.home,
        shift_until=rfc3339_or_none(unit.shift_until),
        availability=unit.availability,
        reason=unit.reason,
        state=unit.state,
        since=rfc3339(unit.state_since),
        assignment_id=None if unit.task is None else unit.task.assignment_id,
        incident_id=None if unit.task is None else unit.task.incident_id,
        timer_due_at=rfc3339_or_none(unit.safety.timer_due_at),
        timer_words=unit.safety.timer_words,
        welfare_asked_at=rfc3339_or_none(unit.safety.welfare_asked_at),
        welfare_due_at=rfc3339_or_none(unit.safety.welfare_due_at),
        emergency_at=rfc3339_or_none(unit.safety.emergency_at),
    )


def assignment_row(assignment: Assignment) -> AssignmentRow:
    """The row that people and machines see."""
    return AssignmentRow(
        id=assignment.id,
        version=assignment.seq,
        unit_id=assignment.unit_id,
        incident_id=assignment.incident_id,
        status=assignment.status,
        clocks={
            code: StatusClockRow(rfc3339(stamp.at), stamp.source) for code, stamp in assignment.clocks.items()
        },
        by=assignment.made_by,
        reason=assignment.reason or assignment.reason_words,
        replaces=assignment.replaces,
    )


def without_timer_words(row: UnitRow) -> UnitRow:
    """The row for who may see units but not read what somebody wrote."""
    return row if row.timer_words is None else structs.replace(row, timer_words=None)


def without_reason_words(row: AssignmentRow, codes: frozenset[str]) -> AssignmentRow:
    """The row for who may see assignments but not read what somebody wrote; a reason's code stands."""
    return row if row.reason is None or row.reason in codes else structs.replace(row, reason=None)


def _unit_shown(dispatch: Dispatch, unit: Unit, actor: Actor) -> UnitRow:
    row = unit_row(unit)
    return row if dispatch.may_read_words(actor, unit.id) else without_timer_words(row)


def _recommended(choice: Choice, basis: str) -> RecommendedUnitRow:
    unit = choice.unit
    status = unit.status
    if status is None:
        state = unit.availability
    else:
        state = "assigned" if status in ("notified", "acknowledged") else status
    return RecommendedUnitRow(
        unit_id=unit.unit_id,
        callsign=unit.callsign,
        state=state,
        choice=choice.choice,  # pyright: ignore[reportArgumentType]
        covers=choice.covers,
        distance_m=choice.metres,
        seconds=choice.seconds,
        basis=basis,
        position_age_s=choice.position_age_s,
        reasons=choice.reasons,
    )


def recommendation_row(found: Recommendation, basis: str) -> RecommendationRow:
    """The answer of /recommendations."""
    return RecommendationRow(
        needs=[MetRow(need.capability, need.count, need.met) for need in found.needs],
        units=[_recommended(choice, basis) for choice in found.units],
        shortfalls=[
            ShortfallRow(shortfall.capability, shortfall.missing, shortfall.because)
            for shortfall in found.shortfalls
        ],
    )


def live(dispatch: Dispatch) -> list[LiveKind]:
    """All units, and the active assignments; a crew sees what is its own unit's."""
    codes = dispatch.reason_codes

    def units_changed(reader: Reader, since: int) -> Changed:
        return [(unit.id, unit.seq, unit_row(unit)) for unit in sql.units_changed(reader, since)]

    def unit_seen_by(row: UnitRow, actor: Actor) -> UnitRow | None:
        if actor.role == "field_unit" and actor.unit_id != row.id:
            return None
        return row if dispatch.may_read_words(actor, row.id) else without_timer_words(row)

    def assignments_changed(reader: Reader, since: int) -> Changed:
        return [
            (
                assignment.id,
                assignment.seq,
                assignment_row(assignment) if assignment.active else None,
            )
            for assignment in sql.assignments_changed(reader, since)
        ]

    def assignment_seen_by(row: AssignmentRow, actor: Actor) -> AssignmentRow | None:
        if actor.role == "field_unit" and actor.unit_id != row.unit_id:
            return None
        return row if dispatch.may_read_words(actor, row.unit_id) else without_reason_words(row, codes)

    return [
        LiveKind(kind="unit", action="units.see", changed=units_changed, seen_by=unit_seen_by),
        LiveKind(
            kind="assignment",
            action="assignments.see",
            changed=assignments_changed,
            seen_by=assignment_seen_by,
        ),
    ]


def _after(cursor: str | None) -> str:
    """The case-folded callsign after which a page starts."""
    if cursor is None:
        return ""
    # Folding can lengthen a callsign: "ß" becomes "ss".
    if len(cursor) > 3 * CALLSIGN_CHARS_MAX or "\x00" in cursor or not cursor.isprintable():
        raise Malformed("cursor-unreadable", given=cursor[:40])
    return cursor


def safety_routes(safety: Safety) -> list[HTTPRouteHandler]:
    """The handlers of timers, welfare checks and the emergency button."""

    @post("/units/{unit_id:str}/timer", status_code=200, summary="Set a timer on it", tags=UNIT_TAGS)
    async def set_timer(unit_id: str, data: TimerBody, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.command(
            lambda tx: unit_row(safety.set_timer(tx, key, data.minutes, text=data.words or ""))
        )

    @post("/units/{unit_id:str}/timer/cancel", status_code=200, summary="Stop its timer", tags=UNIT_TAGS)
    async def stop_timer(unit_id: str, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.command(lambda tx: unit_row(safety.stop_timer(tx, key)))

    @post(
        "/incidents/{incident_id:str}/welfare",
        status_code=200,
        summary="Ask every unit on it whether all are well",
        tags=UNIT_TAGS,
    )
    async def ask_welfare(incident_id: str, desk: Desk) -> Response[UnitPage]:
        key = parse_id(incident_id)
        return await desk.command(
            lambda tx: UnitPage([unit_row(unit) for unit in safety.ask_welfare(tx, key)], None)
        )

    @post("/units/{unit_id:str}/welfare", status_code=200, summary="Say whether all are well", tags=UNIT_TAGS)
    async def answer_welfare(unit_id: str, data: WelfareBody, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.command(lambda tx: unit_row(safety.answer_welfare(tx, key, ok=data.ok)))

    @post("/units/{unit_id:str}/emergency", status_code=200, summary="Emergency button", tags=UNIT_TAGS)
    async def emergency(unit_id: str, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.command(lambda tx: unit_row(safety.call_for_help(tx, key)))

    @post(
        "/units/{unit_id:str}/emergency/settle",
        status_code=200,
        summary="Settle its emergency, with a reason",
        tags=UNIT_TAGS,
    )
    async def settle_emergency(unit_id: str, data: EmergencySettleBody, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.command(lambda tx: unit_row(safety.settle_emergency(tx, key, data.reason)))

    return [set_timer, stop_timer, ask_welfare, answer_welfare, emergency, settle_emergency]


def routes(dispatch: Dispatch) -> list[HTTPRouteHandler]:
    """The handlers of /units, /assignments and /recommendations."""
    codes = dispatch.reason_codes

    def shown(assignment: Assignment, actor: Actor) -> AssignmentRow:
        row = assignment_row(assignment)
        readable = dispatch.may_read_words(actor, assignment.unit_id)
        return row if readable else without_reason_words(row, codes)

    @post("/units", status_code=201, summary="Commission a unit", tags=UNIT_TAGS)
    async def commission(data: CommissionBody, desk: Desk) -> Response[UnitRow]:
        shift_until = parse_instant_or_none(data.shift_until)
        return await desk.command(
            lambda tx: unit_row(
                dispatch.commission(
                    tx,
                    callsign=data.callsign,
                    kind=data.kind,
                    capabilities=data.capabilities,
                    crew=data.crew,
                    home=data.home,
                    shift_until=shift_until,
                )
            ),
            status=201,
        )

    @get("/units", summary="List units, by callsign", tags=UNIT_TAGS)
    async def list_units(desk: Desk, limit: Limit = None, cursor: Cursor = None) -> Response[UnitPage]:
        size, after = page_limit(limit), _after(cursor)

        def work(reader: Reader) -> UnitPage:
            found = dispatch.units(reader, desk.actor, after=after, limit=size + 1)
            items = [_unit_shown(dispatch, unit, desk.actor) for unit in found[:size]]
            return UnitPage(items, items[-1].callsign.casefold() if len(found) > size else None)

        return await desk.look(work)

    @get("/units/{unit_id:str}", summary="One unit", tags=UNIT_TAGS)
    async def get_unit(unit_id: str, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.look(
            lambda reader: _unit_shown(dispatch, dispatch.unit(reader, desk.actor, key), desk.actor)
        )

    @post(
        "/units/{unit_id:str}/availability",
        status_code=200,
        summary="Set it available or out of service",
        tags=UNIT_TAGS,
    )
    async def set_availability(unit_id: str, data: AvailabilityBody, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.command(
            lambda tx: _unit_shown(
                dispatch,
                dispatch.set_availability(tx, key, data.availability, reason=data.reason),
                tx.actor,
            )
        )

    @post("/units/{unit_id:str}/crew", status_code=200, summary="Set its crew", tags=UNIT_TAGS)
    async def set_crew(unit_id: str, data: CrewBody, desk: Desk) -> Response[UnitRow]:
        key, shift_until = parse_id(unit_id), parse_instant_or_none(data.shift_until)
        return await desk.command(
            lambda tx: _unit_shown(dispatch, dispatch.man(tx, key, data.crew, shift_until), tx.actor)
        )

    @post("/units/{unit_id:str}/capabilities", status_code=200, summary="Set what it can do", tags=UNIT_TAGS)
    async def set_capabilities(unit_id: str, data: CapabilitiesBody, desk: Desk) -> Response[UnitRow]:
        key = parse_id(unit_id)
        return await desk.command(
            lambda tx: _unit_shown(dispatch, dispatch.equip(tx, key, data.capabilities), tx.actor)
        )

    @get("/recommendations", summary="Whom to send", tags=["recommendations"])
    async def get_recommendation(incident_id: str, desk: Desk) -> Response[RecommendationRow]:
        key = parse_id(incident_id)
        return await desk.look(
            lambda reader: recommendation_row(dispatch.recommend(reader, desk.actor, key), dispatch.basis)
        )

    @post("/assignments", status_code=201, summary="Send a unit", tags=ASSIGNMENT_TAGS)
    async def assign(data: AssignBody, desk: Desk) -> Response[AssignmentRow]:
        incident_id, unit_id = parse_id(data.incident_id), parse_id(data.unit_id)
        return await desk.command(
            lambda tx: assignment_row(
                dispatch.assign(tx, incident_id, unit_id, mode=data.mode, reason=data.reason)
            ),
            status=201,
        )

    @get("/assignments", summary="List assignments, newest first", tags=ASSIGNMENT_TAGS)
    async def list_assignments(
        desk: Desk, incident_id: str | None = None, limit: Limit = None, cursor: Cursor = None
    ) -> Response[AssignmentPage]:
        size, before = page_limit(limit), page_before(cursor)
        key = None if incident_id is None else parse_id(incident_id)

        def work(reader: Reader) -> AssignmentPage:
            found = dispatch.assignments(reader, desk.actor, incident_id=key, before=before, limit=size + 1)
            items = [shown(assignment, desk.actor) for assignment in found[:size]]
            return AssignmentPage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/assignments/{assignment_id:str}", summary="One assignment", tags=ASSIGNMENT_TAGS)
    async def get_assignment(assignment_id: str, desk: Desk) -> Response[AssignmentRow]:
        key = parse_id(assignment_id)
        return await desk.look(lambda reader: shown(dispatch.assignment(reader, desk.actor, key), desk.actor))

    @post(
        "/assignments/{assignment_id:str}/status",
        status_code=200,
        summary="Say how far the crew is",
        tags=ASSIGNMENT_TAGS,
    )
    async def set_status(assignment_id: str, data: StatusBody, desk: Desk) -> Response[AssignmentRow]:
        key, at = parse_id(assignment_id), parse_instant_or_none(data.at)
        return await desk.command(
            lambda tx: assignment_row(
                dispatch.step(tx, key, data.status, at=at, source=data.source, held=desk.held)
            )
        )

    @post(
        "/assignments/{assignment_id:str}/cancel",
        status_code=200,
        summary="Call the unit off",
        tags=ASSIGNMENT_TAGS,
    )
    async def cancel(assignment_id: str, data: CancelBody, desk: Desk) -> Response[AssignmentRow]:
        key = parse_id(assignment_id)
        return await desk.command(
            lambda tx: assignment_row(dispatch.cancel(tx, key, data.reason, held=desk.held))
        )

    @post(
        "/assignments/{assignment_id:str}/undo",
        status_code=200,
        summary="Take back what one has just said of it",
        tags=ASSIGNMENT_TAGS,
    )
    async def undo(assignment_id: str, data: StepBackBody, desk: Desk) -> Response[AssignmentRow]:
        key = parse_id(assignment_id)
        return await desk.command(lambda tx: assignment_row(dispatch.undo(tx, key, data.status)))

    @post(
        "/assignments/{assignment_id:str}/replace",
        status_code=200,
        summary="Give the task to another unit",
        tags=ASSIGNMENT_TAGS,
    )
    async def replace(assignment_id: str, data: ReplaceBody, desk: Desk) -> Response[AssignmentRow]:
        key, unit_id = parse_id(assignment_id), parse_id(data.unit_id)
        return await desk.command(
            lambda tx: assignment_row(dispatch.replace(tx, key, unit_id, data.reason, held=desk.held))
        )

    return [
        commission,
        list_units,
        get_unit,
        set_availability,
        set_crew,
        set_capabilities,
        get_recommendation,
        assign,
        list_assignments,
        get_assignment,
        set_status,
        cancel,
        undo,
        replace,
    ]
