"""The forms of a major incident over HTTP, on the screen and on paper."""

from typing import Annotated, Protocol

import msgspec
from litestar import Response, get
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from lanbi.core.access import LANGUAGES, Actor
from lanbi.core.desk import Desk
from lanbi.core.errors import Malformed
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Store
from lanbi.core.time import Instant, parse_instant
from lanbi.crisis.papers.service import Papers
from lanbi.crisis.papers.sheet import Form

TAGS = ["majors"]
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


def routes(papers: Papers, store: Store, press: Press) -> list[HTTPRouteHandler]:
    """The handler of /majors/{major_id}/forms."""

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
            return papers.form(reader, desk.actor, key, asked, lang=language, item_id=item)

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
