"""Other sites and letters over HTTP. The inbox stands open: a letter's signature is its credential."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

import msgspec
from litestar import MediaType, Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter, QueryParameter

from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import Clock
from lanbi.partners.bundle import BUNDLE_BYTES_MAX, SUFFIX
from lanbi.partners.envelope import ENVELOPE_BYTES_MAX
from lanbi.partners.inbox import Inbox
from lanbi.partners.model import DEFAULT_KINDS, Link, Partner
from lanbi.partners.outbox import Outbox
from lanbi.partners.rows import (
    BundleRow,
    LetterPage,
    LetterRow,
    PartnerRow,
    UsRow,
    bundle_row,
    letter_row,
    partner_row,
    us_row,
)
from lanbi.partners.service import Partners

TAGS = ["partners"]
MARGIN_BYTES = 1_000
Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]
ListedState = Annotated[str | None, QueryParameter(name="state", description="Of one state only.")]
_NO_STORE = {"cache-control": "no-store"}


class AddPartnerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another site. `key`: 64 hex digits; `screening`: what is known of how it respects human rights."""

    code: str
    name: str
    key: str
    screening: str
    state: str | None = None
    url: str | None = None
    kinds_in: tuple[str, ...] = DEFAULT_KINDS
    kinds_out: tuple[str, ...] = DEFAULT_KINDS


class EditPartnerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is given changes. An empty `url`: letters go by file only."""

    name: str | None = None
    url: str | None = None
    kinds_in: tuple[str, ...] | None = None
    kinds_out: tuple[str, ...] | None = None


class KeyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str


class RetireKeyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key_id: str


class EnableBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The switch, with a new word on human rights where there is one."""

    enabled: bool
    screening: str | None = None


def routes(
    partners: Partners,
    outbox: Outbox,
    inbox: Inbox,
    store: Store,
    clock: Clock,
    *,
    links: Callable[[], Mapping[str, Link]],
    hurry: Callable[[str], None],
) -> list[HTTPRouteHandler]:
    """The handlers of /partners. `links`: how the connections are; `hurry(code)`: try one now."""

    def shown(reader: Reader, partner: Partner, lang: str) -> PartnerRow:
        return partner_row(
            partner,
            counts=outbox.counts(reader),
            link=links().get(partner.code),
            now=clock.now(),
            lang=lang,
        )

    return [
        *_who(partners, outbox, clock, links),
        *_kept(partners, shown, hurry),
        *_letters(outbox),
        *_carried(outbox, inbox, store),
    ]


def _who(
    partners: Partners, outbox: Outbox, clock: Clock, links: Callable[[], Mapping[str, Link]]
) -> list[HTTPRouteHandler]:
    @get("/partners", summary="The other sites", tags=TAGS)
    async def list_partners(desk: Desk) -> Response[list[PartnerRow]]:
        known, now, lang = links(), clock.now(), desk.actor.lang

        def work(reader: Reader) -> list[PartnerRow]:
            found, counts = partners.partners(reader, desk.actor), outbox.counts(reader)
            return [
                partner_row(partner, counts=counts, link=known.get(partner.code), now=now, lang=lang)
                for partner in found
            ]

        return await desk.look(work)

    @get("/partners/us", summary="This site, as others must enter it", tags=TAGS)
    async def us(desk: Desk) -> Response[UsRow]:
        return await desk.look(lambda _reader: us_row(partners.us(desk.actor)))

    return [list_partners, us]


def _kept(
    partners: Partners,
    shown: Callable[[Reader, Partner, str], PartnerRow],
    hurry: Callable[[str], None],
) -> list[HTTPRouteHandler]:
    @get("/partners/{code:str}", summary="One other site", tags=TAGS)
    async def get_partner(code: str, desk: Desk) -> Response[PartnerRow]:
        return await desk.look(
            lambda reader: shown(reader, partners.partner(reader, desk.actor, code), desk.actor.lang)
        )

    @post("/partners", status_code=201, summary="Add a site", tags=TAGS)
    async def add(data: AddPartnerBody, desk: Desk) -> Response[PartnerRow]:
        fields = msgspec.structs.asdict(data)
        return await desk.command(
            lambda tx: shown(tx, partners.add(tx, **fields), desk.actor.lang), status=201
        )

    @post("/partners/{code:str}/edit", status_code=200, summary="Change name, address or kinds", tags=TAGS)
    async def edit(code: str, data: EditPartnerBody, desk: Desk) -> Response[PartnerRow]:
        fields = msgspec.structs.asdict(data)
        return await desk.command(
            lambda tx: shown(tx, partners.edit(tx, code, **fields, held=desk.held), desk.actor.lang)
        )

    @post("/partners/{code:str}/enable", status_code=200, summary="The switch: stop, or go on", tags=TAGS)
    async def enable(code: str, data: EnableBody, desk: Desk) -> Response[PartnerRow]:
        def work(tx: Tx) -> PartnerRow:
            changed = partners.enable(tx, code, data.enabled, screening=data.screening, held=desk.held)
            return shown(tx, changed, desk.actor.lang)

        answer = await desk.command(work)
        hurry(code)
        return answer

    @post("/partners/{code:str}/key", status_code=200, summary="Add its new key", tags=TAGS)
    async def add_key(code: str, data: KeyBody, desk: Desk) -> Response[PartnerRow]:
        return await desk.command(
            lambda tx: shown(tx, partners.add_key(tx, code, data.key, held=desk.held), desk.actor.lang)
        )

    @post("/partners/{code:str}/key/retire", status_code=200, summary="Take its old key no more", tags=TAGS)
    async def retire_key(code: str, data: RetireKeyBody, desk: Desk) -> Response[PartnerRow]:
        return await desk.command(
            lambda tx: shown(tx, partners.retire_key(tx, code, data.key_id, held=desk.held), desk.actor.lang)
        )

    @post("/partners/{code:str}/retire", status_code=200, summary="No more to do with it", tags=TAGS)
    async def retire(code: str, desk: Desk) -> Response[PartnerRow]:
        return await desk.command(
            lambda tx: shown(tx, partners.retire(tx, code, held=desk.held), desk.actor.lang)
        )

    @post("/partners/{code:str}/try", status_code=200, summary="Try the connection now", tags=TAGS)
    async def try_now(code: str, desk: Desk) -> Response[PartnerRow]:
        answer = await desk.look(
            lambda reader: shown(reader, partners.partner(reader, desk.actor, code), desk.actor.lang)
        )
        hurry(code)
        return answer

    return [get_partner, add, edit, enable, add_key, retire_key, retire, try_now]


def _letters(outbox: Outbox) -> list[HTTPRouteHandler]:
    @get("/partners/messages", summary="Letters that went and came, newest first", tags=TAGS)
    async def messages(
        desk: Desk,
        *,
        direction: Literal["in", "out"] | None = None,
        partner: str | None = None,
        listed: ListedState = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[LetterPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> LetterPage:
            found = outbox.letters(
                reader,
                desk.actor,
                direction=direction or "",
                partner=partner or "",
                state=listed or "",
                before=before,
                limit=size + 1,
            )
            items = [letter_row(letter, desk.actor.lang) for letter in found[:size]]
            return LetterPage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/partners/messages/{letter_id:str}", summary="One letter with its receipt", tags=TAGS)
    async def message(letter_id: str, desk: Desk) -> Response[LetterRow]:
        key = parse_id(letter_id)
        return await desk.look(
            lambda reader: letter_row(outbox.letter(reader, desk.actor, key), desk.actor.lang, whole=True)
        )

    @post(
        "/partners/messages/{letter_id:str}/renew",
        status_code=200,
        summary="Send a letter again that was refused",
        tags=TAGS,
    )
    async def renew(letter_id: str, desk: Desk) -> Response[LetterRow]:
        key = parse_id(letter_id)
        return await desk.command(lambda tx: letter_row(outbox.renew(tx, key), desk.actor.lang))

    return [messages, message, renew]


def _carried(outbox: Outbox, inbox: Inbox, store: Store) -> list[HTTPRouteHandler]:
    @post(
        "/partners/inbox",
        status_code=200,
        summary="Take in a letter: its bytes as the body; its signed receipt is answered",
        tags=TAGS,
        request_max_body_size=ENVELOPE_BYTES_MAX + MARGIN_BYTES,
        media_type=MediaType.JSON,
        before_request=_knock(inbox),
    )
    async def take_in(body: bytes) -> Response[bytes]:
        def work() -> bytes:
            with inbox.door:
                return inbox.receive(store, body).receipt

        return Response(await asyncio.to_thread(work), media_type=MediaType.JSON, headers=_NO_STORE)

    @get("/partners/{code:str}/bundle", summary="What waits for a site, as a file to carry", tags=TAGS)
    async def make_bundle(code: str, desk: Desk) -> Response[bytes]:
        data = await store.write(desk.actor, lambda tx: outbox.carry(tx, code))
        return Response(
            data,
            media_type="application/octet-stream",
            headers={**_NO_STORE, "content-disposition": f'attachment; filename="{code}{SUFFIX}"'},
        )

    @post(
        "/partners/bundle",
        status_code=200,
        summary="Take in a file of letters: its bytes as the body",
        tags=TAGS,
        request_max_body_size=BUNDLE_BYTES_MAX + MARGIN_BYTES,
    )
    async def take_in_bundle(body: bytes, desk: Desk) -> Response[BundleRow]:
        report = await asyncio.to_thread(inbox.take_in_bundle, store, desk.actor, body)
        return Response(bundle_row(report, desk.actor.lang), headers=_NO_STORE)

    return [take_in, make_bundle, take_in_bundle]


def _knock(inbox: Inbox) -> Callable[[Any], Awaitable[None]]:
    async def knock(request: Any) -> None:
        """Before the body is read: a flood is turned away at its first line."""
        length = request.headers.get("content-length", "")
        inbox.door.knock(int(length) if length.isascii() and length.isdigit() and len(length) < 12 else None)

    return knock
