"""Incidents over HTTP and on the live picture."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec.structs import replace

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.geo import Area
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import parse_instant, rfc3339, rfc3339_or_none
from lanbi.core.vocabulary import Vocabulary
from lanbi.incidents import sql
from lanbi.incidents.events import Because
from lanbi.incidents.model import Incident, Undoable
from lanbi.incidents.service import Incidents
from lanbi.record.log import LogPage, log_page

TAGS = ["incidents"]
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]


class ClockRow(msgspec.Struct, frozen=True):
    """When a clock was struck, and how its time is known."""

    at: str
    source: Literal["automatic", "manual", "late"]
    by: str


class LinkRow(msgspec.Struct, frozen=True):
    """A relation to another incident."""

    incident_id: str
    relation: str


class NeedRow(msgspec.Struct, frozen=True):
    """What the type calls for."""

    capability: str
    count: int


class IncidentRow(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as the API and the live picture show it. Times are RFC 3339, UTC."""

    id: str
    version: int
    number: int
    type: str | None
    title: str
    priority: str | None
    state: Literal["open", "closed"]
    area: Area | None
    opened_at: str
    opened_by: str
    closed_at: str | None
    disposition: str | None
    clocks: dict[str, ClockRow]
    links: list[LinkRow]
    calls: int
    needs: list[NeedRow]


class IncidentPage(msgspec.Struct, frozen=True):
    """One page of incidents, newest first."""

    items: list[IncidentRow]
    next: str | None


class OpenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new incident; all of it may be said later. `because`: the card that proposed type and priority."""

    call_id: str | None = None
    type: str | None = None
    title: str = ""
    priority: str | None = None
    area: Area | None = None
    because: Because | None = None


class ClassifyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The type, the title if it changes with it, and the question card that proposed it."""

    type: str
    title: str | None = None
    because: Because | None = None


class TitleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str


class PrioritiseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    priority: str
    reason: str = ""
    because: Because | None = None


class RelocateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    area: Area


class NoteBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str
    lang: str | None = None


class LinkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    incident_id: str
    relation: str


class UnlinkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    incident_id: str


class ClockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clock: str
    at: str
    source: Literal["manual", "late"] = "manual"


class CloseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    disposition: str
    words: str = ""


class ReopenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str


class TakeBackBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is taken back: fields set back to what stood there before, or its very opening."""

    what: Annotated[
        list[Literal["type", "title", "priority", "area", "opened"]], msgspec.Meta(min_length=1, max_length=5)
    ]


def row_of(incident: Incident, vocabulary: Vocabulary) -> IncidentRow:
    """The row that people and machines see."""
    needs: tuple[Any, ...] = ()
    if incident.type is not None:
        term = vocabulary.tables["incident_types"].get(incident.type)
        needs = getattr(term, "needs", ())
    return IncidentRow(
        id=incident.id,
        version=incident.seq,
        number=incident.number,
        type=incident.type,
        title=incident.title,
        priority=incident.priority,
        state=incident.state,
        area=incident.area,
        opened_at=rfc3339(incident.opened_at),
        opened_by=incident.opened_by,
        closed_at=rfc3339_or_none(incident.closed_at),
        disposition=incident.disposition,
        clocks={
            code: ClockRow(rfc3339(stamp.at), stamp.source, stamp.by)
            for code, stamp in incident.clocks.items()
        },
        links=[LinkRow(link.incident_id, link.relation) for link in incident.links],
        calls=incident.calls,
        needs=[NeedRow(need.capability, need.count) for need in needs],
    )


def without_words(row: IncidentRow) -> IncidentRow:
    """The row for who may not read what people said: what and where, in figures and codes."""
    area = None if row.area is None else replace(row.area, words="")
    return replace(row, title="", area=area)


def live(incidents: Incidents, vocabulary: Vocabulary) -> LiveKind:
    """Open incidents; closed ones leave the picture."""

    def changed(reader: Reader, since: int) -> Changed:
        return [
            (
                incident.id,
                incident.seq,
                row_of(incident, vocabulary) if incident.state == "open" else None,
            )
            for incident in sql.changed(reader, since)
        ]

    def seen_by(row: IncidentRow, actor: Actor) -> IncidentRow:
        return row if incidents.may_read_words(actor) else without_words(row)

    return LiveKind(kind="incident", action="incidents.see", changed=changed, seen_by=seen_by)


def routes(incidents: Incidents, vocabulary: Vocabulary) -> list[HTTPRouteHandler]:
    """The handlers of /incidents."""

    def shown(incident: Incident, actor: Actor) -> IncidentRow:
        row = row_of(incident, vocabulary)
        return row if incidents.may_read_words(actor) else without_words(row)

    @post("/incidents", status_code=201, summary="Open an incident", tags=TAGS)
    async def open_incident(data: OpenBody, desk: Desk) -> Response[IncidentRow]:
        return await desk.command(
            lambda tx: row_of(
                incidents.open(
                    tx,
                    call_id=None if data.call_id is None else parse_id(data.call_id),
                    type=data.type,
                    title=data.title,
                    priority=data.priority,
                    area=data.area,
                    because=data.because,
                ),
                vocabulary,
            ),
            status=201,
        )

    @get("/incidents", summary="List incidents, newest first", tags=TAGS)
    async def list_incidents(
        desk: Desk,
        in_state: Annotated[Literal["open", "closed"] | None, QueryParameter(name="state")] = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[IncidentPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> IncidentPage:
            found = incidents.page(reader, desk.actor, state=in_state, before=before, limit=size + 1)
            items = [shown(incident, desk.actor) for incident in found[:size]]
            return IncidentPage(items, str(items[-1].number) if len(found) > size else None)

        return await desk.look(work)

    @get("/incidents/{incident_id:str}", summary="One incident", tags=TAGS)
    async def get_incident(incident_id: str, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.look(lambda reader: shown(incidents.get(reader, desk.actor, key), desk.actor))

    @get("/incidents/{incident_id:str}/log", summary="The log of an incident, newest first", tags=TAGS)
    async def get_log(
        incident_id: str, desk: Desk, limit: Limit = None, cursor: Cursor = None
    ) -> Response[LogPage]:
        key, size, before = parse_id(incident_id), page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> LogPage:
            return log_page(incidents.log(reader, desk.actor, key, before=before, limit=size + 1), size)

        return await desk.look(work)

    @post("/incidents/{incident_id:str}/classify", status_code=200, summary="Set its type", tags=TAGS)
    async def classify(incident_id: str, data: ClassifyBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(
            lambda tx: row_of(
                incidents.classify(
                    tx, key, data.type, title=data.title, because=data.because, held=desk.held
                ),
                vocabulary,
            )
        )

    @post("/incidents/{incident_id:str}/title", status_code=200, summary="Set its title", tags=TAGS)
    async def retitle(incident_id: str, data: TitleBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(
            lambda tx: row_of(incidents.retitle(tx, key, data.title, held=desk.held), vocabulary)
        )

    @post("/incidents/{incident_id:str}/prioritise", status_code=200, summary="Set its priority", tags=TAGS)
    async def prioritise(incident_id: str, data: PrioritiseBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(
            lambda tx: row_of(
                incidents.prioritise(
                    tx, key, data.priority, reason=data.reason, because=data.because, held=desk.held
                ),
                vocabulary,
            )
        )

    @post("/incidents/{incident_id:str}/relocate", status_code=200, summary="Set where it is", tags=TAGS)
    async def relocate(incident_id: str, data: RelocateBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(
            lambda tx: row_of(incidents.relocate(tx, key, data.area, held=desk.held), vocabulary)
        )

    @post("/incidents/{incident_id:str}/note", status_code=200, summary="Append to its log", tags=TAGS)
    async def note(incident_id: str, data: NoteBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(
            lambda tx: row_of(incidents.note(tx, key, data.words, lang=data.lang), vocabulary)
        )

    @post(
        "/incidents/{incident_id:str}/notes/{note:int}/withdraw",
        status_code=200,
        summary="Take back a note that one has just written",
        tags=TAGS,
    )
    async def withdraw_note(incident_id: str, note: int, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(lambda tx: row_of(incidents.withdraw_note(tx, key, note), vocabulary))

    @post(
        "/incidents/{incident_id:str}/undo",
        status_code=200,
        summary="Take back what one has just changed",
        tags=TAGS,
    )
    async def undo(incident_id: str, data: TakeBackBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)

        def work(tx: Tx) -> IncidentRow:
            # What was opened by mistake is closed whole: its fields need not be set back first.
            if "opened" in data.what:
                return row_of(incidents.undo_open(tx, key), vocabulary)
            fields: list[Undoable] = [what for what in dict.fromkeys(data.what) if what != "opened"]
            return row_of(incidents.undo(tx, key, fields), vocabulary)

        return await desk.command(work)

    @post("/incidents/{incident_id:str}/link", status_code=200, summary="Link to another", tags=TAGS)
    async def link(incident_id: str, data: LinkBody, desk: Desk) -> Response[IncidentRow]:
        key, other = parse_id(incident_id), parse_id(data.incident_id)
        return await desk.command(
            lambda tx: row_of(incidents.link(tx, key, other, data.relation), vocabulary)
        )

    @post("/incidents/{incident_id:str}/unlink", status_code=200, summary="Undo a link", tags=TAGS)
    async def unlink(incident_id: str, data: UnlinkBody, desk: Desk) -> Response[IncidentRow]:
        key, other = parse_id(incident_id), parse_id(data.incident_id)
        return await desk.command(lambda tx: row_of(incidents.unlink(tx, key, other), vocabulary))

    @post("/incidents/{incident_id:str}/clock", status_code=200, summary="Enter a clock by hand", tags=TAGS)
    async def set_clock(incident_id: str, data: ClockBody, desk: Desk) -> Response[IncidentRow]:
        key, at = parse_id(incident_id), parse_instant(data.at)
        return await desk.command(
            lambda tx: row_of(incidents.set_clock(tx, key, data.clock, at, data.source), vocabulary)
        )

    @post("/incidents/{incident_id:str}/close", status_code=200, summary="Close it", tags=TAGS)
    async def close(incident_id: str, data: CloseBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(
            lambda tx: row_of(incidents.close(tx, key, data.disposition, text=data.words), vocabulary)
        )

    @post("/incidents/{incident_id:str}/reopen", status_code=200, summary="Open it again", tags=TAGS)
    async def reopen(incident_id: str, data: ReopenBody, desk: Desk) -> Response[IncidentRow]:
        key = parse_id(incident_id)
        return await desk.command(lambda tx: row_of(incidents.reopen(tx, key, data.reason), vocabulary))

    return [
        open_incident,
        list_incidents,
        get_incident,
        get_log,
        classify,
        retitle,
        prioritise,
        relocate,
        note,
        withdraw_note,
        undo,
        link,
        unlink,
        set_clock,
        close,
        reopen,
    ]
