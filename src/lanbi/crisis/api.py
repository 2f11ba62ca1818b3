"""Major incidents over HTTP and on the live picture."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, Protocol

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec.structs import replace

from lanbi.core.access import LANGUAGES, Actor, Person
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import Malformed
from lanbi.core.geo import Area
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader, Store
from lanbi.core.time import Instant, parse_instant, rfc3339, rfc3339_or_none
from lanbi.crisis import sql
from lanbi.crisis.forms import Form
from lanbi.crisis.model import (
    CASUALTIES,
    ITEMS,
    DemobCheck,
    Division,
    Item,
    Major,
    Message,
    Objective,
    ObjectiveStatus,
    Period,
    Post,
    RadioRow,
    Request,
    RequestStatus,
    Statement,
    Whole,
)
from lanbi.crisis.service import Crisis
from lanbi.record.log import LogPage, log_page

TAGS = ["majors"]
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]
Lang = Annotated[str | None, QueryParameter(description="ht, fr, es or en; the reader's own unless told.")]
ItemId = Annotated[
    str | None,
    QueryParameter(
        name="item",
        description="The division of a 204, message of a 213, unit of a 221, period of the others.",
    ),
]


class Press(Protocol):
    """Prints; bootstrap hands it in."""

    async def pdf(self, template: str, content: bytes, at: Instant) -> bytes:
        """A PDF of `content` (JSON) by that template, dated `at`; the same facts give the same bytes."""
        ...


# -- rows ------------------------------------------------------------------------------


class LinkedRow(msgspec.Struct, frozen=True):
    """An incident of it, with its running number."""

    incident_id: str
    number: int


class MajorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A major incident. Times are RFC 3339, UTC. `incidents`: the first leads."""

    id: str
    version: int
    number: int
    name: str | None
    state: Literal["open", "stood_down"]
    incidents: list[LinkedRow]
    declared_at: str
    declared_by: Person
    commander: Person | None
    stood_down_at: str | None
    words: str | None


class MajorPage(msgspec.Struct, frozen=True):
    """One page of major incidents, newest first."""

    items: list[MajorRow]
    next: str | None


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the rows of its parts: whose they are, and who made them."""

    id: str
    version: int
    major_id: str
    at: str
    by: Person


class StatementRow(PartRow, frozen=True, kw_only=True):
    """`stated_at`: when it was so; the newest of a letter stands. `counts`: persons, by triage."""

    item: Literal["statement"] = "statement"
    letter: str
    stated_at: str
    words: str | None
    source: str | None
    counts: dict[str, int] | None


class PostRow(PartRow, frozen=True, kw_only=True):
    item: Literal["post"] = "post"
    kind: str
    name: str | None
    area: Area | None
    closed_at: str | None


class ObjectiveRow(PartRow, frozen=True, kw_only=True):
    item: Literal["objective"] = "objective"
    words: str | None
    owner: str | None
    priority: int
    status: ObjectiveStatus
    due_at: str | None
    settled_at: str | None


class RequestRow(PartRow, frozen=True, kw_only=True):
    """`source`: of whom it is asked. `clocks`: when each status was reached."""

    item: Literal["request"] = "request"
    number: int
    capability: str
    count: int
    words: str | None
    source: str | None
    reason: str | None
    needed_by: str | None
    status: RequestStatus
    clocks: dict[str, str]


class DivisionRow(PartRow, frozen=True, kw_only=True):
    item: Literal["division"] = "division"
    name: str | None
    supervisor: str | None
    work: str | None
    unit_ids: list[str]
    closed_at: str | None


class RadioPlanRow(PartRow, frozen=True, kw_only=True):
    item: Literal["radio"] = "radio"
    channel: str | None
    function: str | None
    frequency: str | None
    assignment: str | None
    remarks: str | None


class PeriodRow(PartRow, frozen=True, kw_only=True):
    item: Literal["period"] = "period"
    number: int
    begins_at: str
    ends_at: str


class DemobRow(PartRow, frozen=True, kw_only=True):
    item: Literal["demob"] = "demob"
    unit_id: str
    callsign: str
    step: str


class MessageRow(PartRow, frozen=True, kw_only=True):
    item: Literal["message"] = "message"
    number: int
    to: str | None
    sender: str | None
    subject: str | None
    words: str | None
    reply: str | None
    replied_at: str | None
    replied_by: str | None


class MajorWhole(MajorRow, frozen=True, kw_only=True):
    """A major incident with all its parts, each kind in the order in which they were made."""

    statements: list[StatementRow]
    posts: list[PostRow]
    objectives: list[ObjectiveRow]
    requests: list[RequestRow]
    divisions: list[DivisionRow]
    radio: list[RadioPlanRow]
    periods: list[PeriodRow]
    demob: list[DemobRow]
    messages: list[MessageRow]


def row_of(major: Major) -> MajorRow:
    """The row with what people wrote."""
    return MajorRow(
        id=major.id,
        version=major.seq,
        number=major.number,
        name=major.name,
        state=major.state,
        incidents=[LinkedRow(linked.incident_id, linked.number) for linked in major.incidents],
        declared_at=rfc3339(major.declared_at),
        declared_by=Person(major.declared_by, major.declared_by_name),
        commander=None
        if major.commander is None
        else Person(major.commander, major.commander_name or major.commander),
        stood_down_at=rfc3339_or_none(major.stood_down_at),
        words=major.end_words,
    )


def _part(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "version": item.seq,
        "major_id": item.major_id,
        "at": rfc3339(item.made_at),
        "by": Person(item.made_by, item.made_by_name),
    }


def statement_row(one: Statement) -> StatementRow:
    counts = {name: count for name in CASUALTIES if (count := getattr(one, name)) is not None}
    return StatementRow(
        **_part(one),
        letter=one.letter,
        stated_at=rfc3339(one.at),
        words=one.said.get("words"),
        source=one.said.get("source"),
        counts=counts or None,
    )


def post_row(one: Post) -> PostRow:
    area = None
    if one.area_source is not None:
        area = Area(
            lat=one.lat,
            lon=one.lon,
            radius_m=one.radius_m,
            source=one.area_source,
            confidence=one.confidence or "unknown",
            words=one.said.get("place") or "",
            place_id=one.place_id,
        )
    return PostRow(
        **_part(one),
        kind=one.kind,
        name=one.said.get("name"),
        area=area,
        closed_at=rfc3339_or_none(one.closed_at),
    )


def objective_row(one: Objective) -> ObjectiveRow:
    return ObjectiveRow(
        **_part(one),
        words=one.said.get("words"),
        owner=one.said.get("owner"),
        priority=one.priority,
        status=one.status,
        due_at=rfc3339_or_none(one.due_at),
        settled_at=rfc3339_or_none(one.settled_at),
    )


def request_row(one: Request) -> RequestRow:
    return RequestRow(
        **_part(one),
        number=one.number,
        capability=one.capability,
        count=one.count,
        words=one.said.get("words"),
        source=one.said.get("source"),
        reason=one.said.get("reason"),
        needed_by=rfc3339_or_none(one.needed_by),
        status=one.status,
        clocks={step: rfc3339(at) for step, at in one.clocks.items()},
    )


def division_row(one: Division) -> DivisionRow:
    return DivisionRow(
        **_part(one),
        name=one.said.get("name"),
        supervisor=one.said.get("supervisor"),
        work=one.said.get("work"),
        unit_ids=list(one.unit_ids),
        closed_at=rfc3339_or_none(one.closed_at),
    )


def radio_row(one: RadioRow) -> RadioPlanRow:
    return RadioPlanRow(
        **_part(one),
        channel=one.said.get("channel"),
        function=one.said.get("function"),
        frequency=one.said.get("frequency"),
        assignment=one.said.get("assignment"),
        remarks=one.said.get("remarks"),
    )


def period_row(one: Period) -> PeriodRow:
    return PeriodRow(
        **_part(one), number=one.number, begins_at=rfc3339(one.begins_at), ends_at=rfc3339(one.ends_at)
    )


def demob_row(one: DemobCheck) -> DemobRow:
    return DemobRow(**_part(one), unit_id=one.unit_id, callsign=one.callsign, step=one.step)


def message_row(one: Message) -> MessageRow:
    return MessageRow(
        **_part(one),
        number=one.number,
        to=one.said.get("to"),
        sender=one.said.get("sender"),
        subject=one.said.get("subject"),
        words=one.said.get("words"),
        reply=one.said.get("reply"),
        replied_at=rfc3339_or_none(one.replied_at),
        replied_by=one.replied_by_name,
    )


_ROWS: dict[type[Item], Callable[[Any], PartRow]] = {
    Statement: statement_row,
    Post: post_row,
    Objective: objective_row,
    Request: request_row,
    Division: division_row,
    RadioRow: radio_row,
    Period: period_row,
    DemobCheck: demob_row,
    Message: message_row,
}
# Fields that hold what somebody wrote, in whichever row.
_WORDS = frozenset(
    {"name", "words", "source", "reason", "owner", "supervisor", "work", "channel", "function", "frequency"}
    | {"assignment", "remarks", "to", "sender", "subject", "reply"}
)


def without_words(row: Any) -> Any:
    """The row for who may not read what people wrote: codes, figures, places as figures, times."""
    blank: dict[str, Any] = {name: None for name in row.__struct_fields__ if name in _WORDS}
    if getattr(row, "area", None) is not None:
        blank["area"] = replace(row.area, words="")
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, list) and value and isinstance(value[0], PartRow):
            blank[name] = [without_words(one) for one in value]
    return replace(row, **blank)


def whole_of(whole: Whole) -> MajorWhole:
    """The major incident with all its parts."""
    return MajorWhole(
        **msgspec.structs.asdict(row_of(whole.major)),
        statements=[statement_row(one) for one in whole.statements],
        posts=[post_row(one) for one in whole.posts],
        objectives=[objective_row(one) for one in whole.objectives],
        requests=[request_row(one) for one in whole.requests],
        divisions=[division_row(one) for one in whole.divisions],
        radio=[radio_row(one) for one in whole.radio],
        periods=[period_row(one) for one in whole.periods],
        demob=[demob_row(one) for one in whole.demob],
        messages=[message_row(one) for one in whole.messages],
    )


def live(crisis: Crisis) -> list[LiveKind]:
    """Open major incidents and their parts; both leave when they are stood down.

    Every change of a part is one of its major incident too, so a round in which none changed costs one
    question.
    """

    def majors_changed(reader: Reader, since: int) -> Changed:
        return [
            (major.id, major.seq, row_of(major) if major.state == "open" else None)
            for major in sql.changed(reader, since)
        ]

    def parts_changed(reader: Reader, since: int) -> Changed:
        states = {major.id: major.state for major in sql.changed(reader, since)}
        if not states:
            return []
        return [
            (
                part.id,
                part.seq,
                _ROWS[kind](part) if states[part.major_id] == "open" and not part.gone else None,
            )
            for kind in ITEMS.values()
            for part in sql.items_changed(reader, kind, since)
        ]

    def seen_by(row: Any, actor: Actor) -> Any:
        return row if crisis.may_read_words(actor) else without_words(row)

    return [
        LiveKind(kind="major", action="crisis.see", changed=majors_changed, seen_by=seen_by),
        LiveKind(kind="major_item", action="crisis.see", changed=parts_changed, seen_by=seen_by),
    ]


# -- bodies ----------------------------------------------------------------------------


class DeclareBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`commander`: an account; whoever declares as commander commands."""

    incident_id: str
    name: str | None = None
    commander: str | None = None


class MajorNameBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class CommanderBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    commander: str


class MajorIncidentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    incident_id: str


class StandDownBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str | None = None


class CountsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Persons, by triage category; what a source does not say is left out."""

    p1: int | None = None
    p2: int | None = None
    p3: int | None = None
    dead: int | None = None
    missing: int | None = None


class MethaneBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`at`: when it was so, now unless told."""

    letter: str
    words: str | None = None
    source: str | None = None
    counts: CountsBody | None = None
    at: str | None = None


class PostBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: str
    name: str | None = None
    area: Area | None = None


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


class GeneralMessageBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sender`: as it stands on the message; the writer unless told."""

    to: str
    subject: str
    words: str
    sender: str | None = None


class GeneralReplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str


def _instant(text: str | None) -> Instant | None:
    return None if text is None else parse_instant(text)


# -- routes ----------------------------------------------------------------------------


def routes(crisis: Crisis, store: Store, press: Press) -> list[HTTPRouteHandler]:
    """The handlers of /majors."""
    return [*_major_routes(crisis), *_part_routes(crisis), *_form_routes(crisis, store, press)]


def _major_routes(crisis: Crisis) -> list[HTTPRouteHandler]:
    def shown(major: Major, actor: Actor) -> MajorRow:
        row = row_of(major)
        return row if crisis.may_read_words(actor) else without_words(row)

    @post("/majors", status_code=201, summary="Declare a major incident", tags=TAGS)
    async def declare_major(data: DeclareBody, desk: Desk) -> Response[MajorRow]:
        key = parse_id(data.incident_id)
        return await desk.command(
            lambda tx: row_of(crisis.declare(tx, key, name=data.name, commander=data.commander)), status=201
        )

    @get("/majors", summary="List major incidents, newest first", tags=TAGS)
    async def list_majors(
        desk: Desk,
        in_state: Annotated[Literal["open", "stood_down"] | None, QueryParameter(name="state")] = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[MajorPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> MajorPage:
            found = crisis.page(reader, desk.actor, state=in_state, before=before, limit=size + 1)
            items = [shown(major, desk.actor) for major in found[:size]]
            return MajorPage(items, str(items[-1].number) if len(found) > size else None)

        return await desk.look(work)

    @get("/majors/{major_id:str}", summary="One major incident, with all its parts", tags=TAGS)
    async def get_major(major_id: str, desk: Desk) -> Response[MajorWhole]:
        key = parse_id(major_id)

        def work(reader: Reader) -> MajorWhole:
            row = whole_of(crisis.whole(reader, desk.actor, key))
            return row if crisis.may_read_words(desk.actor) else without_words(row)

        return await desk.look(work)

    @get("/majors/{major_id:str}/log", summary="Its log and its incidents', newest first", tags=TAGS)
    async def get_major_log(
        major_id: str, desk: Desk, limit: Limit = None, cursor: Cursor = None
    ) -> Response[LogPage]:
        key, size, before = parse_id(major_id), page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> LogPage:
            return log_page(crisis.log(reader, desk.actor, key, before=before, limit=size + 1), size)

        return await desk.look(work)

    @post("/majors/{major_id:str}/name", status_code=200, summary="Name it", tags=TAGS)
    async def name_major(major_id: str, data: MajorNameBody, desk: Desk) -> Response[MajorRow]:
        key = parse_id(major_id)
        return await desk.command(lambda tx: row_of(crisis.rename(tx, key, data.name, held=desk.held)))

    @post("/majors/{major_id:str}/commander", status_code=200, summary="Set who commands", tags=TAGS)
    async def set_commander(major_id: str, data: CommanderBody, desk: Desk) -> Response[MajorRow]:
        key = parse_id(major_id)
        return await desk.command(lambda tx: row_of(crisis.command(tx, key, data.commander, held=desk.held)))

    @post("/majors/{major_id:str}/link", status_code=200, summary="Take an incident in", tags=TAGS)
    async def link_incident(major_id: str, data: MajorIncidentBody, desk: Desk) -> Response[MajorRow]:
        key, incident_id = parse_id(major_id), parse_id(data.incident_id)
        return await desk.command(lambda tx: row_of(crisis.link(tx, key, incident_id)))

    @post("/majors/{major_id:str}/unlink", status_code=200, summary="Let an incident go", tags=TAGS)
    async def unlink_incident(major_id: str, data: MajorIncidentBody, desk: Desk) -> Response[MajorRow]:
        key, incident_id = parse_id(major_id), parse_id(data.incident_id)
        return await desk.command(lambda tx: row_of(crisis.unlink(tx, key, incident_id)))

    @post("/majors/{major_id:str}/stand_down", status_code=200, summary="Stand it down", tags=TAGS)
    async def stand_down(major_id: str, data: StandDownBody, desk: Desk) -> Response[MajorRow]:
        key = parse_id(major_id)
        return await desk.command(lambda tx: row_of(crisis.stand_down(tx, key, data.words)))

    return [
        declare_major, list_majors, get_major, get_major_log, name_major, set_commander, link_incident,
        unlink_incident, stand_down,
    ]  # fmt: skip


def _part_routes(crisis: Crisis) -> list[HTTPRouteHandler]:
    @post("/majors/{major_id:str}/methane", status_code=201, summary="State a letter of METHANE", tags=TAGS)
    async def state_methane(major_id: str, data: MethaneBody, desk: Desk) -> Response[StatementRow]:
        key, at = parse_id(major_id), _instant(data.at)
        counts = None if data.counts is None else msgspec.structs.asdict(data.counts)
        return await desk.command(
            lambda tx: statement_row(
                crisis.state(tx, key, data.letter, text=data.words, source=data.source, counts=counts, at=at)
            ),
            status=201,
        )

    @post("/majors/{major_id:str}/posts", status_code=201, summary="Open a post", tags=TAGS)
    async def open_post(major_id: str, data: PostBody, desk: Desk) -> Response[PostRow]:
        key = parse_id(major_id)
        return await desk.command(
            lambda tx: post_row(crisis.open_post(tx, key, data.kind, name=data.name, area=data.area)),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/posts/{item_id:str}/close", status_code=200, summary="Close a post", tags=TAGS
    )
    async def close_post(major_id: str, item_id: str, desk: Desk) -> Response[PostRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: post_row(crisis.close_post(tx, key, item)))

    @post("/majors/{major_id:str}/objectives", status_code=201, summary="Set an objective", tags=TAGS)
    async def set_objective(major_id: str, data: ObjectiveBody, desk: Desk) -> Response[ObjectiveRow]:
        key, due_at = parse_id(major_id), _instant(data.due_at)
        return await desk.command(
            lambda tx: objective_row(
                crisis.set_objective(
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
        key, item, due_at = parse_id(major_id), parse_id(item_id), _instant(data.due_at)
        return await desk.command(
            lambda tx: objective_row(
                crisis.change_objective(
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
        return await desk.command(
            lambda tx: objective_row(crisis.settle_objective(tx, key, item, data.status))
        )

    @post("/majors/{major_id:str}/requests", status_code=201, summary="Ask for resources", tags=TAGS)
    async def request_resource(major_id: str, data: ResourceBody, desk: Desk) -> Response[RequestRow]:
        key, needed_by = parse_id(major_id), _instant(data.needed_by)
        return await desk.command(
            lambda tx: request_row(
                crisis.request(
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
            lambda tx: request_row(crisis.move_request(tx, key, item, data.status, reason=data.reason))
        )

    @post("/majors/{major_id:str}/divisions", status_code=201, summary="Form a division", tags=TAGS)
    async def form_division(major_id: str, data: DivisionBody, desk: Desk) -> Response[DivisionRow]:
        key = parse_id(major_id)
        return await desk.command(
            lambda tx: division_row(
                crisis.form_division(tx, key, data.name, supervisor=data.supervisor, work=data.work)
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
                crisis.change_division(
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
        return await desk.command(lambda tx: division_row(crisis.join_division(tx, key, item, unit)))

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
        return await desk.command(lambda tx: division_row(crisis.leave_division(tx, key, item, unit)))

    @post(
        "/majors/{major_id:str}/divisions/{item_id:str}/close",
        status_code=200,
        summary="Close a division",
        tags=TAGS,
    )
    async def close_division(major_id: str, item_id: str, desk: Desk) -> Response[DivisionRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: division_row(crisis.close_division(tx, key, item)))

    @post("/majors/{major_id:str}/radio", status_code=201, summary="Add to the radio plan", tags=TAGS)
    async def plan_radio(major_id: str, data: RadioBody, desk: Desk) -> Response[RadioPlanRow]:
        key = parse_id(major_id)
        return await desk.command(
            lambda tx: radio_row(
                crisis.plan_radio(
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
                crisis.change_radio(
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
        return await desk.command(lambda tx: radio_row(crisis.remove_radio(tx, key, item)))

    @post("/majors/{major_id:str}/periods", status_code=201, summary="Set an operational period", tags=TAGS)
    async def set_period(major_id: str, data: PeriodBody, desk: Desk) -> Response[PeriodRow]:
        key, begins_at, ends_at = parse_id(major_id), _instant(data.begins_at), _instant(data.ends_at)
        return await desk.command(
            lambda tx: period_row(crisis.set_period(tx, key, begins_at=begins_at, ends_at=ends_at)),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/demob", status_code=201, summary="Check a step of a unit's way out", tags=TAGS
    )
    async def check_demob(major_id: str, data: DemobBody, desk: Desk) -> Response[DemobRow]:
        key, unit = parse_id(major_id), parse_id(data.unit_id)
        return await desk.command(
            lambda tx: demob_row(crisis.check_demob(tx, key, unit, data.step)), status=201
        )

    @post(
        "/majors/{major_id:str}/demob/{item_id:str}/withdraw",
        status_code=200,
        summary="Withdraw a check made in error",
        tags=TAGS,
    )
    async def withdraw_demob(major_id: str, item_id: str, desk: Desk) -> Response[DemobRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: demob_row(crisis.withdraw_demob(tx, key, item)))

    @post("/majors/{major_id:str}/messages", status_code=201, summary="Write a general message", tags=TAGS)
    async def write_message(major_id: str, data: GeneralMessageBody, desk: Desk) -> Response[MessageRow]:
        key = parse_id(major_id)
        return await desk.command(
            lambda tx: message_row(
                crisis.write_message(
                    tx, key, data.words, to=data.to, subject=data.subject, sender=data.sender
                )
            ),
            status=201,
        )

    @post(
        "/majors/{major_id:str}/messages/{item_id:str}/reply",
        status_code=200,
        summary="Answer a general message",
        tags=TAGS,
    )
    async def reply_message(
        major_id: str, item_id: str, data: GeneralReplyBody, desk: Desk
    ) -> Response[MessageRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: message_row(crisis.reply(tx, key, item, data.words)))

    return [
        state_methane, open_post, close_post, set_objective, change_objective, settle_objective,
        request_resource, move_request, form_division, change_division, join_division, leave_division,
        close_division, plan_radio, change_radio, remove_radio, set_period, check_demob, withdraw_demob,
        write_message, reply_message,
    ]  # fmt: skip


def _form_routes(crisis: Crisis, store: Store, press: Press) -> list[HTTPRouteHandler]:
    def spoken(lang: str | None, actor: Actor) -> str:
        if lang is None:
            return actor.lang
        if lang not in LANGUAGES:
            raise Malformed("form-lang", given=lang[:20], known=", ".join(LANGUAGES))
        return lang

    @get(
        "/majors/{major_id:str}/forms/{code:str}",
        summary="A form of ICS as it stands now; `code` with `.pdf` behind it answers with paper",
        tags=TAGS,
    )
    async def get_form(
        major_id: str, code: str, desk: Desk, lang: Lang = None, item_id: ItemId = None
    ) -> Response[Form]:
        key, item = parse_id(major_id), None if item_id is None else parse_id(item_id)
        language = spoken(lang, desk.actor)
        number, dot, kind = code.partition(".")
        paper = (dot, kind) == (".", "pdf")

        def work(reader: Reader) -> Form:
            asked = number if paper else code
            return crisis.form(reader, desk.actor, key, asked, lang=language, item_id=item)

        if not paper:
            return await desk.look(work)
        form = await store.read(work)
        pdf = await press.pdf("form", msgspec.json.encode(form), parse_instant(form.as_of))
        name = f"ics-{number}-{form.number}-{form.seq}-{language}.pdf"
        return Response(
            pdf,  # pyright: ignore[reportReturnType] - the page instead of the form, as asked
            media_type="application/pdf",
            headers={"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"},
        )

    return [get_form]
