"""The first shift, in the demo: a call rings for whoever asks to learn."""

import msgspec
from litestar import Response, post
from litestar.handlers.http_handlers import HTTPRouteHandler

from lanbi.core.access import Gate
from lanbi.core.desk import Desk
from lanbi.core.ports import Tx
from lanbi.demo.player import Player

TAGS = ["session"]


class LessonRow(msgspec.Struct, frozen=True):
    """The call that rings for the lesson."""

    call_id: str
    number: int


def routes(player: Player, gate: Gate) -> list[HTTPRouteHandler]:
    """The handler of /demo/lesson."""

    @post("/demo/lesson", status_code=201, summary="Let a call ring for a lesson", tags=TAGS)
    async def begin(desk: Desk) -> Response[LessonRow]:
        begun: list[str] = []

        def work(tx: Tx) -> LessonRow:
            # Whoever could not answer it must not let it ring.
            gate.require(tx.actor, "calls.answer")
            call = player.offer_lesson(tx)
            begun.append(call.id)
            return LessonRow(call.id, call.number)

        answer = await desk.command(work, status=201)
        for call_id in begun:
            player.follow_lesson(call_id)
        return answer

    return [begin]
