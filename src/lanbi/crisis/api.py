"""Major incidents over HTTP and on the live picture."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.geo import Area
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader, Store
from lanbi.core.time import parse_instant_or_none
from lanbi.crisis import sql
from lanbi.crisis.papers import api as papers_api
from lanbi.crisis.papers.api import Press
from lanbi.crisis.papers.service import Papers
from lanbi.crisis.plan import api as plan_api
from lanbi.crisis.plan.service import Plan
from lanbi.crisis.rows import (
    PART_ROWS,
    GeneralMessageRow,
    MajorPage,
    MajorRow,
    MajorWhole,
    PostRow,
    StatementRow,
    message_row,
    post_row,
    row_of,
    statement_row,
    whole_of,
    without_words,
)
from lanbi.crisis.service import Crisis
from lanbi.record.log import LogPage, log_page

TAGS = ["majors"]
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]


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
                shown(part) if states[part.major_id] == "open" and not part.gone else None,
            )
            for kind, shown in PART_ROWS.items()
            for part in sql.items_changed(reader, kind, since)
        ]

    seen_by = _readable_by(crisis)
    return [
        LiveKind(kind="major", action="crisis.see", changed=majors_changed, seen_by=seen_by),
        LiveKind(kind="major_item", action="crisis.see", changed=parts_changed, seen_by=seen_by),
    ]


def _readable_by(crisis: Crisis) -> Callable[[Any, Actor], Any]:
    """Makes of a row what an actor may read of it."""
    return lambda row, actor: row if crisis.may_read_words(actor) else without_words(row)


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


class GeneralMessageBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sender`: as it stands on the message; the writer unless told."""

    to: str
    subject: str
    words: str
    sender: str | None = None


class GeneralReplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str


def routes(crisis: Crisis, plan: Plan, papers: Papers, store: Store, press: Press) -> list[HTTPRouteHandler]:
    """The handlers of /majors."""
    return [
        *_major_routes(crisis),
        *_known_routes(crisis),
        *plan_api.routes(plan),
        *papers_api.routes(papers, store, press),
    ]


def _major_routes(crisis: Crisis) -> list[HTTPRouteHandler]:
    """The major incident itself: declared, led, ended, looked at."""
    readable = _readable_by(crisis)

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
            items = [readable(row_of(major), desk.actor) for major in found[:size]]
            return MajorPage(items, str(items[-1].number) if len(found) > size else None)

        return await desk.look(work)

    @get("/majors/{major_id:str}", summary="One major incident, with all its parts", tags=TAGS)
    async def get_major(major_id: str, desk: Desk) -> Response[MajorWhole]:
        key = parse_id(major_id)

        def work(reader: Reader) -> MajorWhole:
            return readable(whole_of(crisis.whole(reader, desk.actor, key)), desk.actor)

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


def _known_routes(crisis: Crisis) -> list[HTTPRouteHandler]:
    """What is known of it: METHANE, posts, messages."""

    @post("/majors/{major_id:str}/methane", status_code=201, summary="State a letter of METHANE", tags=TAGS)
    async def state_methane(major_id: str, data: MethaneBody, desk: Desk) -> Response[StatementRow]:
        key, at = parse_id(major_id), parse_instant_or_none(data.at)
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

    @post("/majors/{major_id:str}/messages", status_code=201, summary="Write a general message", tags=TAGS)
    async def write_message(
        major_id: str, data: GeneralMessageBody, desk: Desk
    ) -> Response[GeneralMessageRow]:
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
    ) -> Response[GeneralMessageRow]:
        key, item = parse_id(major_id), parse_id(item_id)
        return await desk.command(lambda tx: message_row(crisis.reply(tx, key, item, data.words)))

    return [state_methane, open_post, close_post, write_message, reply_message]
