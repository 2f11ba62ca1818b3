"""Entities, statements and judgements over HTTP; the pulse on the live picture."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler

from lanbi.core.access import Actor
from lanbi.core.desk import Desk
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Clock, rfc3339
from lanbi.tracing import sql
from lanbi.tracing.bodies import (
    DecideBody,
    DeskBody,
    JudgeBody,
    MakeBody,
    StateBody,
    StopBody,
    UnsealBody,
    WithdrawBody,
    givens_of,
    source_of,
)
from lanbi.tracing.photos import PHOTO_BYTES_MAX, keep_photo, photo
from lanbi.tracing.rows import (
    DossierRow,
    EntityRow,
    JudgementRow,
    OpeningRow,
    dossier_row,
    entity_row,
    judgement_row,
    opening_row,
)
from lanbi.tracing.schema import load
from lanbi.tracing.service import Tracing

TAGS = ["tracing"]
MARGIN_BYTES = 10_000  # of the form around a photograph


class DeskRow(msgspec.Struct, frozen=True):
    """What this session reads for; null where nothing was said."""

    purpose: str | None
    case: str | None
    until: str | None


class Values(msgspec.Struct, frozen=True):
    """Sealed values in clear."""

    values: list[str]


class PhotoRow(msgspec.Struct, frozen=True):
    """A photograph that was taken in; its digest is the value of a property `photo`."""

    digest: str
    media: str
    width: int
    height: int


class StoppedRow(msgspec.Struct, frozen=True):
    """The originators whose releases stay here."""

    originators: list[str]


class PulseRow(msgspec.Struct, frozen=True, kw_only=True):
    """How tracing stands: screens ask anew for what they show when its version moves."""

    id: str
    version: int
    recoveries: int
    firearms: int
    openings: int
    matches: int


def live() -> LiveKind:
    """One row for all of tracing: its boards hold more than a picture could."""

    def changed(reader: Reader, since: int) -> Changed:
        version = reader.rows(sql.NEWEST)[0][0] or 0
        if version <= since:
            return []
        recoveries, firearms, openings, matches = reader.rows(sql.PULSE)[0]
        row = PulseRow(
            id="tracing",
            version=version,
            recoveries=recoveries,
            firearms=firearms,
            openings=openings,
            matches=matches,
        )
        return [("tracing", version, row)]

    def seen_by(row: PulseRow, actor: Actor) -> PulseRow:  # noqa: ARG001 - the same for all who may see it
        return row

    return LiveKind(kind="tracing", action="tracing.see", changed=changed, seen_by=seen_by)


def routes(tracing: Tracing, clock: Clock) -> list[HTTPRouteHandler]:
    """The handlers of /tracing: schema, entities, judgements, desk, openings, photographs."""
    return [*_entities(tracing), *_judgements(tracing), *_persons(tracing, clock), *_photos(tracing)]


def _entities(tracing: Tracing) -> list[HTTPRouteHandler]:
    schema = {
        name: {
            "letter": kind.letter,
            "node": kind.node,
            "labels": kind.labels,
            "props": {
                key: {
                    "type": prop.type, "labels": prop.labels, "of": prop.of, "table": prop.table,
                    "needed": prop.needed, "many": prop.many,
                }
                for key, prop in kind.props.items()
            },
        }
        for name, kind in load().items()
    }  # fmt: skip

    @get("/tracing/schema", summary="Kinds, properties and their labels", tags=TAGS)
    async def get_schema(desk: Desk) -> Response[dict[str, Any]]:
        tracing.gate.require(desk.actor, "tracing.see")
        return Response(schema)

    @post("/tracing/entities", status_code=201, summary="State a new entity", tags=TAGS)
    async def make(data: MakeBody, desk: Desk) -> Response[EntityRow]:
        def work(tx: Tx) -> EntityRow:
            source = source_of(tracing, tx, data.source)
            rules = data.handling.rules(source.originator)
            values = givens_of(data.values, source.originator)
            return entity_row(tracing.make(tx, data.kind, values, source, rules))

        return await desk.command(work, status=201)

    @get("/tracing/entities/{entity_id:str}", summary="All that is held of an entity", tags=TAGS)
    async def dossier(entity_id: str, desk: Desk) -> Response[DossierRow]:
        key = parse_id(entity_id)
        return await desk.look(lambda reader: dossier_row(tracing.dossier(reader, desk.actor, key)))

    @post("/tracing/entities/{entity_id:str}/state", status_code=200, summary="State more of it", tags=TAGS)
    async def state(entity_id: str, data: StateBody, desk: Desk) -> Response[EntityRow]:
        key = parse_id(entity_id)

        def work(tx: Tx) -> EntityRow:
            source = source_of(tracing, tx, data.source)
            rules = data.handling.rules(source.originator)
            return entity_row(
                tracing.state(tx, key, givens_of(data.values, source.originator), source, rules)
            )

        return await desk.command(work)

    @post(
        "/tracing/statements/{statement_id:str}/prefer",
        status_code=200,
        summary="Work with this one of those that contradict",
        tags=TAGS,
    )
    async def prefer(statement_id: str, desk: Desk) -> Response[EntityRow]:
        key = parse_id(statement_id)
        return await desk.command(lambda tx: entity_row(tracing.prefer(tx, key)))

    @post("/tracing/statements/withdraw", status_code=200, summary="Take statements back", tags=TAGS)
    async def withdraw(data: WithdrawBody, desk: Desk) -> Response[list[EntityRow]]:
        keys = [parse_id(key) for key in data.statements]
        return await desk.command(
            lambda tx: [entity_row(entity) for entity in tracing.withdraw(tx, keys, data.reason)]
        )

    @post("/tracing/originators/stop", status_code=200, summary="An originator’s switch", tags=TAGS)
    async def stop(data: StopBody, desk: Desk) -> Response[StoppedRow]:
        return await desk.command(
            lambda tx: StoppedRow(sorted(tracing.stop(tx, data.originator, data.stopped)))
        )

    @get("/tracing/originators/stopped", summary="Whose releases stay here", tags=TAGS)
    async def stopped(desk: Desk) -> Response[StoppedRow]:
        tracing.gate.require(desk.actor, "tracing.see")
        return await desk.look(lambda reader: StoppedRow(sorted(sql.stopped(reader))))

    return [get_schema, make, dossier, state, prefer, withdraw, stop, stopped]


def _judgements(tracing: Tracing) -> list[HTTPRouteHandler]:
    @post("/tracing/judgements", status_code=201, summary="Judge whether two are the same", tags=TAGS)
    async def judge(data: JudgeBody, desk: Desk) -> Response[JudgementRow]:
        left, right = parse_id(data.left), parse_id(data.right)
        return await desk.command(
            lambda tx: judgement_row(tracing.judge(tx, left, right, data.verdict, data.why)), status=201
        )

    @post("/tracing/judgements/{judgement_id:str}/undo", status_code=200, summary="Take it back", tags=TAGS)
    async def undo(judgement_id: str, desk: Desk) -> Response[JudgementRow]:
        key = parse_id(judgement_id)
        return await desk.command(lambda tx: judgement_row(tracing.undo_judgement(tx, key)))

    return [judge, undo]


def _persons(tracing: Tracing, clock: Clock) -> list[HTTPRouteHandler]:
    @get("/tracing/desk", summary="What this session reads for", tags=TAGS)
    async def get_desk(desk: Desk) -> Response[DeskRow]:
        tracing.gate.require(desk.actor, "tracing.see")
        held = tracing.desk(desk.session, clock.now())
        if held is None:
            return Response(DeskRow(None, None, None))
        return Response(DeskRow(held.purpose, held.case, rfc3339(held.until)))

    @post("/tracing/desk", status_code=200, summary="Say what this session reads for", tags=TAGS)
    async def open_desk(data: DeskBody, desk: Desk) -> Response[DeskRow]:
        def work(tx: Tx) -> DeskRow:
            held = tracing.open_desk(tx, desk.session, purpose=data.purpose, case=data.case)
            return DeskRow(held.purpose, held.case, rfc3339(held.until))

        return await desk.command(work, purpose=data.purpose)

    @post(
        "/tracing/persons/{entity_id:str}/read",
        status_code=200,
        summary="Read a person or a contact, on the record",
        tags=TAGS,
    )
    async def read_person(entity_id: str, desk: Desk) -> Response[DossierRow]:
        key = parse_id(entity_id)
        purpose = tracing.need_desk(desk.session, clock.now()).purpose
        return await desk.command(
            lambda tx: dossier_row(tracing.read_person(tx, key, desk.session)), purpose=purpose
        )

    @post(
        "/tracing/persons/{entity_id:str}/ask_opening",
        status_code=201,
        summary="Ask that what is sealed of a person be opened",
        tags=TAGS,
    )
    async def ask_opening(entity_id: str, desk: Desk) -> Response[OpeningRow]:
        key = parse_id(entity_id)
        purpose = tracing.need_desk(desk.session, clock.now()).purpose
        return await desk.command(
            lambda tx: opening_row(tracing.ask_opening(tx, key, desk.session)), status=201, purpose=purpose
        )

    @get("/tracing/openings", summary="What waits for a second person", tags=TAGS)
    async def openings(desk: Desk) -> Response[list[OpeningRow]]:
        return await desk.look(
            lambda reader: [opening_row(opening) for opening in tracing.openings(reader, desk.actor)]
        )

    @get("/tracing/persons/{entity_id:str}/openings", summary="Who asked to open this person", tags=TAGS)
    async def openings_of(entity_id: str, desk: Desk) -> Response[list[OpeningRow]]:
        key = parse_id(entity_id)
        return await desk.look(
            lambda reader: [opening_row(found) for found in tracing.openings_of(reader, desk.actor, key)]
        )

    @post(
        "/tracing/openings/{opening_id:str}/decide",
        status_code=200,
        summary="The second person’s word",
        tags=TAGS,
    )
    async def decide(opening_id: str, data: DecideBody, desk: Desk) -> Response[OpeningRow]:
        key = parse_id(opening_id)
        return await desk.command(lambda tx: opening_row(tracing.decide_opening(tx, key, data.allowed)))

    @post(
        "/tracing/persons/{entity_id:str}/unseal",
        status_code=200,
        summary="Read sealed values that were opened to you",
        tags=TAGS,
    )
    async def unseal(entity_id: str, data: UnsealBody, desk: Desk) -> Response[Values]:
        key = parse_id(entity_id)
        return await desk.command(lambda tx: Values(tracing.unseal(tx, key, data.prop)))

    return [get_desk, open_desk, read_person, ask_opening, openings, openings_of, decide, unseal]


def _photos(tracing: Tracing) -> list[HTTPRouteHandler]:
    @post(
        "/tracing/photos",
        status_code=201,
        summary="Take in a photograph: the bytes as the body",
        tags=TAGS,
        request_max_body_size=PHOTO_BYTES_MAX + MARGIN_BYTES,
    )
    async def add_photo(body: bytes, desk: Desk) -> Response[PhotoRow]:
        def work(tx: Tx) -> PhotoRow:
            tracing.gate.require(tx.actor, "tracing.record")
            kept = keep_photo(tx, body)
            return PhotoRow(kept.digest, kept.media, kept.width, kept.height)

        return await desk.command(work, status=201)

    @get("/tracing/photos/{digest:str}", summary="A photograph as it came, or small", tags=TAGS)
    async def get_photo(digest: str, desk: Desk, small: bool = False) -> Response[bytes]:
        return await _photo(desk, tracing, digest, small)

    return [add_photo, get_photo]


async def _photo(desk: Any, tracing: Tracing, digest: str, small: bool) -> Response[bytes]:
    tracing.gate.require(desk.actor, "tracing.see")
    found: list[tuple[str, bytes]] = []

    def work(reader: Reader) -> None:
        found.append(photo(reader, digest, small=small))

    await desk.look(work)
    media, data = found[0]
    return Response(data, media_type=media, headers={"cache-control": "private, max-age=86400, immutable"})
