"""The workspace, the evidence of its edges and the coast behind its routes, over HTTP."""

import asyncio
from importlib.resources import files
from typing import Any

import msgspec
from litestar import MediaType, Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler

from lanbi.core.desk import Desk
from lanbi.core.errors import Malformed
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader
from lanbi.tracing.graphs.found import Networks, NetworkWhyRow, SearchRow
from lanbi.tracing.graphs.model import EXPANDED_MAX, Workspace
from lanbi.tracing.graphs.routes import RoutesRow, routes_row
from lanbi.tracing.graphs.rows import EvidenceRow
from lanbi.tracing.graphs.service import Graphs
from lanbi.tracing.service import Tracing

TAGS = ["tracing"]


class CountsRow(msgspec.Struct, frozen=True):
    """How many edges of each kind there are at a node."""

    counts: dict[str, int]


class RateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rating`: CC, C, N, NA, I or II, of one ground against one reading of an inferred link."""

    edge: str
    ground: str
    hypothesis: str
    rating: str


def routes(graphs: Graphs, networks: Networks, tracing: Tracing) -> list[HTTPRouteHandler]:
    """The handlers of the workspace."""
    coast = files("lanbi.tracing").joinpath("data", "coast.json").read_bytes()

    @get("/tracing/workspace", summary="The network around a seizure", tags=TAGS)
    async def workspace(
        desk: Desk, root: str, expand: str = "", inferred: bool = True
    ) -> Response[Workspace]:
        key, opened = parse_id(root), _ids(expand)

        def work(reader: Reader) -> Workspace:
            return graphs.workspace(reader, desk.actor, key, expand=opened, inferred=inferred)

        return await desk.look(work)

    @get("/tracing/counts/{entity_id:str}", summary="How many neighbours, before fetching", tags=TAGS)
    async def counts(entity_id: str, desk: Desk) -> Response[CountsRow]:
        key = parse_id(entity_id)
        return await desk.look(lambda reader: CountsRow(graphs.counts(reader, desk.actor, key)))

    @get("/tracing/evidence", summary="What an edge stands on", tags=TAGS)
    async def evidence(desk: Desk, edge: str) -> Response[EvidenceRow]:
        return await desk.look(lambda reader: graphs.evidence_row(reader, desk.actor, edge))

    @post("/tracing/evidence/rate", status_code=200, summary="Weigh a ground yourself", tags=TAGS)
    async def rate(data: RateBody, desk: Desk) -> Response[EvidenceRow]:
        return await desk.command(
            lambda tx: graphs.rate(tx, data.edge, data.ground, data.hypothesis, data.rating)
        )

    @get("/tracing/routes/{recovery_id:str}", summary="The likeliest routes to a recovery", tags=TAGS)
    async def get_routes(recovery_id: str, desk: Desk) -> Response[RoutesRow]:
        key = parse_id(recovery_id)
        return await desk.look(lambda reader: routes_row(tracing, reader, desk.actor, key))

    @get("/tracing/coast", summary="Coasts behind the routes", tags=TAGS)
    async def get_coast(desk: Desk) -> Response[Any]:
        tracing.gate.require(desk.actor, "tracing.see")
        return Response(coast, media_type=MediaType.JSON, headers={"cache-control": "private, max-age=86400"})

    @get("/tracing/networks", summary="What the last search for networks found", tags=TAGS)
    async def get_networks(desk: Desk) -> Response[SearchRow]:
        return await desk.look(lambda reader: networks.row(reader, desk.actor))

    @post("/tracing/networks/search", status_code=200, summary="Search for networks anew", tags=TAGS)
    async def search(desk: Desk) -> Response[SearchRow]:
        return Response(await asyncio.to_thread(networks.search, desk.actor))

    @get("/tracing/networks/{name:str}", summary="Why a network stands, and what would break it", tags=TAGS)
    async def why(name: str, desk: Desk) -> Response[NetworkWhyRow]:
        return await desk.look(lambda reader: networks.why(reader, desk.actor, name))

    return [workspace, counts, evidence, rate, get_routes, get_coast, get_networks, search, why]


def _ids(text: str) -> list[str]:
    parts = [part for part in text.split(",") if part]
    if len(parts) > EXPANDED_MAX:
        raise Malformed("tracing-expand-many", limit=EXPANDED_MAX, given=len(parts))
    return [parse_id(part) for part in parts]
