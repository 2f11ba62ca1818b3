"""Figures of tracing over HTTP."""

from litestar import Response, get
from litestar.handlers.http_handlers import HTTPRouteHandler

from lanbi.core.desk import Desk
from lanbi.core.time import Clock
from lanbi.tracing.figures.indicators import AskedOf, IndicatorsRow, indicators
from lanbi.tracing.figures.timing import By, TimeToCrimeRow, time_to_crime
from lanbi.tracing.service import Tracing

TAGS = ["tracing"]


def routes(tracing: Tracing, clock: Clock, asked_of: AskedOf) -> list[HTTPRouteHandler]:
    """The handlers of the figures."""

    @get("/tracing/time-to-crime", summary="Curves from first sale to recovery", tags=TAGS)
    async def curves(desk: Desk, by: By = "none") -> Response[TimeToCrimeRow]:
        return await desk.look(lambda reader: time_to_crime(tracing, clock, reader, desk.actor, by))

    @get("/tracing/indicators", summary="The open indicators of a period", tags=TAGS)
    async def get_indicators(desk: Desk, first: str = "", last: str = "") -> Response[IndicatorsRow]:
        return await desk.look(
            lambda reader: indicators(tracing, clock, asked_of, reader, desk.actor, first=first, last=last)
        )

    return [curves, get_indicators]
