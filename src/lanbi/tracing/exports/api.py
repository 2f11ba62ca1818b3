"""Exports over HTTP: preview, make, allow, hand out, and who must be told."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from lanbi.core.desk import Desk, Page, page_before, page_limit
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Store
from lanbi.core.time import Clock
from lanbi.tracing.exports.model import Format, Selection
from lanbi.tracing.exports.rendering import Press, name_of, render
from lanbi.tracing.exports.rows import (
    AffectedRow,
    ExportRow,
    PreviewRow,
    affected_row,
    export_row,
    preview_row,
)
from lanbi.tracing.exports.service import Exports
from lanbi.tracing.service import Tracing

TAGS = ["tracing"]
StatementId = Annotated[
    str | None,
    QueryParameter(
        name="statement", description="A statement; without one, whatever was withdrawn and nobody was told."
    ),
]


class PreviewBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`to`: code of a state or site. `purpose`: a code of `tracing_purposes`. The rest as in `Selection`."""

    to: str
    purpose: str
    case: str | None = None
    entities: tuple[str, ...] = ()
    judgements: bool = False

    def selection(self) -> Selection:
        ids = tuple(parse_id(one) for one in self.entities)
        return Selection(case=self.case, entities=ids, judgements=self.judgements)


class MakeExportBody(PreviewBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`lang`: of the report and of the note with the tables; that of who asks unless told."""

    format: Format
    lang: str | None = None


class ApproveBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    allowed: bool


def routes(
    exports: Exports, tracing: Tracing, store: Store, clock: Clock, press: Press
) -> list[HTTPRouteHandler]:
    """The handlers of /tracing/exports."""

    @post(
        "/tracing/exports/preview",
        status_code=200,
        summary="What would go to whom, and what stays and why",
        tags=TAGS,
    )
    async def preview(data: PreviewBody, desk: Desk) -> Response[PreviewRow]:
        selection = data.selection()

        def work(reader: Reader) -> PreviewRow:
            made = exports.preview(
                reader, desk.actor, selection, to=data.to, purpose=data.purpose, now=clock.now()
            )
            return preview_row(made)

        return await desk.look(work)

    @post("/tracing/exports", status_code=201, summary="Cut an export", tags=TAGS)
    async def make(data: MakeExportBody, desk: Desk) -> Response[ExportRow]:
        selection = data.selection()
        purpose = tracing.need_desk(desk.session, clock.now()).purpose
        return await desk.command(
            lambda tx: export_row(
                exports.make(
                    tx,
                    desk.session,
                    selection,
                    to=data.to,
                    purpose=data.purpose,
                    format=data.format,
                    lang=data.lang or desk.actor.lang,
                )
            ),
            status=201,
            purpose=purpose,
        )

    @post(
        "/tracing/exports/{export_id:str}/approve",
        status_code=200,
        summary="The second person’s word on an export",
        tags=TAGS,
    )
    async def approve(export_id: str, data: ApproveBody, desk: Desk) -> Response[ExportRow]:
        key = parse_id(export_id)
        return await desk.command(lambda tx: export_row(exports.approve(tx, key, data.allowed)))

    @post(
        "/tracing/exports/{export_id:str}/told",
        status_code=200,
        summary="The recipient was told what was taken back",
        tags=TAGS,
    )
    async def told(export_id: str, desk: Desk) -> Response[ExportRow]:
        key = parse_id(export_id)
        return await desk.command(lambda tx: export_row(exports.told(tx, key)))

    @get(
        "/tracing/exports/{export_id:str}/file",
        summary="The bytes of an export, to be given to its recipient; on the record",
        tags=TAGS,
    )
    async def file(export_id: str, desk: Desk) -> Response[bytes]:
        key = parse_id(export_id)
        purpose = tracing.need_desk(desk.session, clock.now()).purpose
        export, release = await store.write(desk.actor, lambda tx: exports.hand_out(tx, key), purpose=purpose)
        made = await render(release, export.format, exports.words(export.lang), press)
        name = name_of(export, release.us, made.ending)
        return Response(
            made.data,
            media_type=made.media,
            headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
        )

    @get("/tracing/exports", summary="What was cut for whom, newest first", tags=TAGS)
    async def page(desk: Desk, cursor: str | None = None, limit: int | None = None) -> Response[Page]:
        before, count = page_before(cursor), page_limit(limit)

        def work(reader: Reader) -> Page:
            found = exports.page(reader, desk.actor, before=before, limit=count + 1)
            shown = found[:count]
            following = str(shown[-1].number) if len(found) > count else None
            return Page([export_row(export) for export in shown], following)

        return await desk.look(work)

    @get("/tracing/exports/affected", summary="Who must be told of what was taken back", tags=TAGS)
    async def affected(desk: Desk, statement_id: StatementId = None) -> Response[list[AffectedRow]]:
        key = None if statement_id is None else parse_id(statement_id)
        return await desk.look(
            lambda reader: [affected_row(one) for one in exports.affected(reader, desk.actor, key)]
        )

    @get("/tracing/exports/{export_id:str}", summary="One export, without its content", tags=TAGS)
    async def one(export_id: str, desk: Desk) -> Response[ExportRow]:
        key = parse_id(export_id)
        return await desk.look(lambda reader: export_row(exports.export(reader, desk.actor, key)))

    return [preview, make, approve, told, file, page, affected, one]
