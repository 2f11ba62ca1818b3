"""Recoveries, their boards and the import of files over HTTP."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter, QueryParameter

from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import Malformed
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.text import line
from lanbi.tracing.bodies import GivenBody, SourceBody, givens_of, source_of
from lanbi.tracing.handling import HandlingRule
from lanbi.tracing.recoveries.guess import Proposal, propose
from lanbi.tracing.recoveries.held import HeldFile, Shelf
from lanbi.tracing.recoveries.importer import FILE_BYTES_MAX, read_table
from lanbi.tracing.recoveries.imports import Imports
from lanbi.tracing.recoveries.jobs import told_by
from lanbi.tracing.recoveries.mapping import Mapping
from lanbi.tracing.recoveries.model import FirearmFilter, Item, Recorded, RecoveryFilter
from lanbi.tracing.recoveries.rows import (
    FirearmPage,
    FormRow,
    ImportRow,
    RecordedRow,
    RecoveryPage,
    RecoveryRow,
    TakenRow,
    form_row,
    import_row,
    recorded_row,
    recovery_row,
    taken_row,
)
from lanbi.tracing.recoveries.service import Recoveries
from lanbi.tracing.recoveries.sql import ABOVE, LAST_DAY
from lanbi.tracing.recoveries.writing import check_new
from lanbi.tracing.rows import EntityRow, entity_row
from lanbi.tracing.schema import read_date

TAGS = ["tracing: recoveries"]
IMPORT_TAGS = ["tracing: imports"]
MARGIN_BYTES = 10_000
RUN_ROWS_MAX = 500
"""Rows that one call of a run writes: a screen calls again, and shows how far it is."""
NAME_CHARS_MAX = 120
PROPOSE_ROWS_MAX = 50

Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]


class ItemBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item: `kind` is firearm or materiel."""

    kind: str
    values: tuple[GivenBody, ...]


class RecordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A recovery with its items, as one source says it."""

    values: tuple[GivenBody, ...]
    items: tuple[ItemBody, ...] = ()
    source: SourceBody
    handling: HandlingRule = HandlingRule()


class AddBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """More items of a recovery."""

    items: tuple[ItemBody, ...]
    source: SourceBody
    handling: HandlingRule = HandlingRule()


class SaleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sale of a firearm: the properties of an acquisition but the firearm."""

    values: tuple[GivenBody, ...]
    source: SourceBody
    handling: HandlingRule = HandlingRule()


class ProposeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The names of a table's columns, and some of its rows."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


class JudgeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`mapping`: a name, or a mapping; the rest instead of what it says."""

    mapping: str | dict[str, Any]
    originator: str | None = None
    handling: HandlingRule | None = None
    grade: str | None = None


class RunBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`skip_bad`: take the good rows; without it one bad row stops all."""

    skip_bad: bool = False


def routes(recoveries: Recoveries, imports: Imports, store: Store) -> list[HTTPRouteHandler]:
    """The handlers of recoveries, boards and imports."""
    return [*_recoveries(recoveries), *_boards(recoveries), *_imports(recoveries, imports, store)]


def _items(bodies: tuple[ItemBody, ...], originator: str) -> list[Item]:
    return [Item(body.kind, tuple(givens_of(body.values, originator))) for body in bodies]


def _recoveries(recoveries: Recoveries) -> list[HTTPRouteHandler]:
    tracing = recoveries.tracing

    def answer(tx: Tx, recorded: Recorded) -> RecordedRow:
        return recorded_row(recorded, recoveries.page(tx, tx.actor, recorded.recovery.id))

    @post("/tracing/recoveries", status_code=201, summary="Record a recovery with its items", tags=TAGS)
    async def record(data: RecordBody, desk: Desk) -> Response[RecordedRow]:
        def work(tx: Tx) -> RecordedRow:
            source = source_of(tracing, tx, data.source)
            rules = data.handling.rules(source.originator)
            values = givens_of(data.values, source.originator)
            items = _items(data.items, source.originator)
            return answer(tx, recoveries.record(tx, values, items, source, rules))

        return await desk.command(work, status=201)

    @post(
        "/tracing/recoveries/{recovery_id:str}/items",
        status_code=201,
        summary="More items of a recovery",
        tags=TAGS,
    )
    async def add(recovery_id: str, data: AddBody, desk: Desk) -> Response[RecordedRow]:
        key = parse_id(recovery_id)

        def work(tx: Tx) -> RecordedRow:
            source = source_of(tracing, tx, data.source)
            rules = data.handling.rules(source.originator)
            items = _items(data.items, source.originator)
            return answer(tx, recoveries.add(tx, key, items, source, rules))

        return await desk.command(work, status=201)

    @post(
        "/tracing/firearms/{firearm_id:str}/sales", status_code=201, summary="A sale of a firearm", tags=TAGS
    )
    async def sell(firearm_id: str, data: SaleBody, desk: Desk) -> Response[EntityRow]:
        key = parse_id(firearm_id)

        def work(tx: Tx) -> EntityRow:
            source = source_of(tracing, tx, data.source)
            rules = data.handling.rules(source.originator)
            return entity_row(
                recoveries.sell(tx, key, givens_of(data.values, source.originator), source, rules)
            )

        return await desk.command(work, status=201)

    @get("/tracing/recoveries/{recovery_id:str}", summary="One recovery with its items", tags=TAGS)
    async def one(recovery_id: str, desk: Desk) -> Response[RecoveryRow]:
        key = parse_id(recovery_id)
        return await desk.look(lambda reader: recovery_row(recoveries.page(reader, desk.actor, key)))

    return [record, add, sell, one]


def _boards(recoveries: Recoveries) -> list[HTTPRouteHandler]:
    @get("/tracing/form", summary="What entry forms need beside the schema", tags=TAGS)
    async def get_form(desk: Desk) -> Response[FormRow]:
        recoveries.tracing.gate.require(desk.actor, "tracing.see")
        return Response(form_row())

    @get("/tracing/recoveries", summary="The board of recoveries, newest first", tags=TAGS)
    async def board(
        desk: Desk,
        *,
        q: str = "",
        country: str = "",
        disposition: str = "",
        since: str = "",
        until: str = "",
        incomplete: bool = False,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[RecoveryPage]:
        size, after = page_limit(limit), _after(cursor)
        asked = RecoveryFilter(
            q=q, country=country, disposition=disposition, since=since, until=until, incomplete=incomplete
        )

        def work(reader: Reader) -> RecoveryPage:
            found = recoveries.recoveries(reader, desk.actor, asked, after, size + 1)
            last = found[size - 1] if len(found) > size else None
            return RecoveryPage(found[:size], last and f"{last.date or ''}.{last.number}")

        return await desk.look(work)

    @get("/tracing/board", summary="The board of firearms, newest first", tags=TAGS)
    async def firearms(
        desk: Desk,
        *,
        q: str = "",
        trace_state: Annotated[str, QueryParameter(name="state")] = "",
        make: str = "",
        calibre: str = "",
        country: str = "",
        made_in: str = "",
        incomplete: bool = False,
        contested: bool = False,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[FirearmPage]:
        size, before = page_limit(limit), page_before(cursor)
        asked = FirearmFilter(
            q=q, state=trace_state, make=make, calibre=calibre, country=country, made_in=made_in,
            incomplete=incomplete, contested=contested,
        )  # fmt: skip

        def work(reader: Reader) -> FirearmPage:
            found = recoveries.firearms(reader, desk.actor, asked, before, size + 1)
            return FirearmPage(found[:size], str(found[size - 1].number) if len(found) > size else None)

        return await desk.look(work)

    return [get_form, board, firearms]


def _after(cursor: str | None) -> tuple[str | None, int]:
    """Where a page of recoveries begins: `2026-07-10.118`, or `.118` among those without a day."""
    if not cursor:
        return LAST_DAY, ABOVE
    day, point, number = cursor.rpartition(".")
    if not point or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Malformed("cursor-unreadable", given=cursor[:40])
    return (read_date(day, "cursor") if day else None), int(number)


def _imports(recoveries: Recoveries, imports: Imports, store: Store) -> list[HTTPRouteHandler]:
    shelf, clock, gate = Shelf(), imports.clock, recoveries.tracing.gate

    def judged(file: HeldFile, desk: Any, mapping: Mapping) -> None:
        """In a thread of its own: some thousand rows a second."""
        with shelf.working(file, clock.now()):
            job = imports.job(desk.actor, file.table, mapping)
            imports.judge(store, desk.actor, job)
            file.job = job

    @get("/tracing/imports/mappings", summary="The mappings that are known", tags=IMPORT_TAGS)
    async def get_mappings(desk: Desk) -> Response[list[Mapping]]:
        return Response(imports.mappings(desk.actor))

    @post(
        "/tracing/imports/propose", status_code=200, summary="A mapping from column names", tags=IMPORT_TAGS
    )
    async def post_propose(data: ProposeBody, desk: Desk) -> Response[Proposal]:
        gate.require(desk.actor, "tracing.see")
        return Response(propose(data.headers, data.rows[:PROPOSE_ROWS_MAX]))

    @get("/tracing/imports", summary="The files that came in, newest first", tags=IMPORT_TAGS)
    async def listed(desk: Desk) -> Response[list[TakenRow]]:
        return await desk.look(
            lambda reader: [taken_row(taken) for taken in imports.listed(reader, desk.actor)]
        )

    @post(
        "/tracing/imports",
        status_code=201,
        summary="Upload a file to look at: the bytes as the body",
        tags=IMPORT_TAGS,
        request_max_body_size=FILE_BYTES_MAX + MARGIN_BYTES,
    )
    async def upload(
        body: bytes, desk: Desk, file: str = "file", mapping: str | None = None
    ) -> Response[ImportRow]:
        gate.require(desk.actor, "tracing.record")
        name = line(file, "file", chars_max=NAME_CHARS_MAX)
        by = None if mapping is None else imports.mapping(mapping)
        now = clock.now()

        def taken() -> HeldFile:
            table = read_table(body, name)
            store.read_now(lambda reader: check_new(reader, table.digest))
            proposal = propose(table.columns, table.sample(PROPOSE_ROWS_MAX))
            return HeldFile(desk.actor, table, proposal, size=len(body), now=now)

        held = await asyncio.to_thread(taken)
        if by is not None:
            await asyncio.to_thread(judged, held, desk, by)
        shelf.put(held, now)
        return Response(import_row(held, desk.actor.lang))

    @get("/tracing/imports/{import_id:str}", summary="An uploaded file", tags=IMPORT_TAGS)
    async def one(import_id: str, desk: Desk) -> Response[ImportRow]:
        held = shelf.get(desk.actor, parse_id(import_id), clock.now())
        return Response(import_row(held, desk.actor.lang))

    @post(
        "/tracing/imports/{import_id:str}/judge",
        status_code=200,
        summary="The dry run: every row judged by a mapping, nothing written",
        tags=IMPORT_TAGS,
    )
    async def judge(import_id: str, data: JudgeBody, desk: Desk) -> Response[ImportRow]:
        held = shelf.get(desk.actor, parse_id(import_id), clock.now())
        mapping = told_by(
            imports.mapping(data.mapping),
            originator=data.originator,
            handling=data.handling,
            grade=data.grade,
        )
        imports.check(mapping)
        await asyncio.to_thread(judged, held, desk, mapping)
        return Response(import_row(held, desk.actor.lang))

    @post(
        "/tracing/imports/{import_id:str}/run",
        status_code=200,
        summary="Write up to 500 rows of a judged file; call again while it is running",
        tags=IMPORT_TAGS,
    )
    async def run(import_id: str, data: RunBody, desk: Desk) -> Response[ImportRow]:
        held = shelf.get(desk.actor, parse_id(import_id), clock.now())
        job = held.job
        if job is None:
            raise Malformed("recoveries-import-unjudged")

        def some() -> None:
            with shelf.working(held, clock.now()):
                imports.run(store, desk.actor, job, skip_bad=data.skip_bad, rows_max=RUN_ROWS_MAX)

        await asyncio.to_thread(some)
        return Response(import_row(held, desk.actor.lang))

    return [get_mappings, post_propose, listed, upload, one, judge, run]
