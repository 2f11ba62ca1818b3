"""Hand-overs over HTTP and on the live picture."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter
from msgspec.structs import replace

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import Refused, Unauthenticated
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import rfc3339, rfc3339_or_none
from lanbi.handovers import sql
from lanbi.handovers.model import FORMAT, Fact, Handover, Item, Person, Said
from lanbi.handovers.service import Handovers

TAGS = ["handovers"]
PASSWORD_CHARS_MAX = 256
Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]

Verify = Callable[[str, str], None]
"""Returns if this is the password of that account; raises `Unauthenticated` or `TooMany`. It takes tens
of milliseconds: call it off the loop."""


class PartyRow(msgspec.Struct, frozen=True):
    """One of the two, by the name and role they had then."""

    id: str
    name: str
    role: str


class SaidRow(msgspec.Struct, frozen=True):
    """A remark, a question or an answer. `words`: None once erased, and for who may not read them."""

    by: str
    at: str
    words: str | None


class SignatureRow(msgspec.Struct, frozen=True):
    by: str
    name: str
    at: str


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line: what is open, as a code and its facts, so that each reader reads it in their own language.

    `rev`: how often what it says has changed; acknowledging names it. `changed`: it says something else
    than it did before; `fresh`: it came during the hand-over; `gone`: it is no longer open.
    """

    n: int
    section: str
    code: str
    about: str
    since: str | None
    place: str
    facts: dict[str, Fact]
    rev: int
    state: Literal["open", "acknowledged", "asked", "answered"]
    changed: bool
    fresh: bool
    gone: bool
    acknowledged_at: str | None
    remark: SaidRow | None
    question: SaidRow | None
    answer: SaidRow | None


class HandoverHead(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over without its lines. `to`: the only account that may take it, if one was named."""

    id: str
    version: int
    post: str
    state: Literal["draft", "offered", "acknowledging", "signed", "withdrawn"]
    outgoing: PartyRow
    incoming: PartyRow | None
    to: str | None
    started_at: str
    offered_at: str | None
    taken_at: str | None
    ended_at: str | None
    signatures: list[SignatureRow]


class HandoverRow(HandoverHead, frozen=True, kw_only=True):
    """A hand-over as the API and the live picture show it. `settled`: how many lines are acknowledged."""

    settled: int
    lines: list[LineRow]


class HandoverPage(msgspec.Struct, frozen=True):
    """One page of hand-overs, newest first, without their lines."""

    items: list[HandoverHead]
    next: str | None


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """What both signed, to the letter, and what proves it without this node.

    `sha256`: of the document's UTF-8 bytes, in hex. `signature` (hex, Ed25519) is over the UTF-8 bytes of
    three lines, each ended by a newline: `format`, `site`, `sha256`. `key_id`: the first 16 hex digits of
    the SHA-256 of the raw public key, as in the site's checkpoints.
    """

    document: str
    format: str
    site: str
    sha256: str
    signature: str
    key_id: str
    public_key: str


class StartBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seat`: the post that is handed over; unless told, the seat one is on duty at, else the role."""

    seat: str | None = None


class OfferHandoverBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`to`: only this account may take it."""

    to: str | None = None


class HandoverWordsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str


class AcknowledgeLineBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rev`: the line as the reader had it before their eyes."""

    rev: int


class SignBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One's own password again."""

    password: Annotated[str, msgspec.Meta(max_length=PASSWORD_CHARS_MAX)]


def _party(person: Person) -> PartyRow:
    return PartyRow(person.id, person.name, person.role)


def _said(said: Said | None) -> SaidRow | None:
    return None if said is None else SaidRow(said.by, rfc3339(said.at), said.words)


def line_row(item: Item) -> LineRow:
    """The line with its words."""
    return LineRow(
        n=item.n,
        section=item.section,
        code=item.code,
        about=item.key,
        since=rfc3339_or_none(item.since),
        place=item.place,
        facts=item.facts,
        rev=item.rev,
        state=item.state,
        changed=item.changed,
        fresh=item.fresh,
        gone=item.gone,
        acknowledged_at=rfc3339_or_none(item.acknowledged_at),
        remark=_said(item.remark),
        question=_said(item.question),
        answer=_said(item.answer),
    )


def handover_head(handover: Handover) -> HandoverHead:
    """The row of a list."""
    return HandoverHead(
        id=handover.id,
        version=handover.seq,
        post=handover.post,
        state=handover.state,
        outgoing=_party(handover.outgoing),
        incoming=None if handover.incoming is None else _party(handover.incoming),
        to=handover.to,
        started_at=rfc3339(handover.started_at),
        offered_at=rfc3339_or_none(handover.offered_at),
        taken_at=rfc3339_or_none(handover.taken_at),
        ended_at=rfc3339_or_none(handover.ended_at),
        signatures=[SignatureRow(one.by, one.name, rfc3339(one.at)) for one in handover.signatures],
    )


def handover_row(handover: Handover) -> HandoverRow:
    """The row with its lines and their words; `without_words` is for those who may not read them."""
    head = handover_head(handover)
    return HandoverRow(
        **{name: getattr(head, name) for name in head.__struct_fields__},
        settled=handover.settled,
        lines=[line_row(item) for item in handover.items],
    )


def without_words(row: HandoverRow) -> HandoverRow:
    """The row for who may see hand-overs but not read what people wrote."""

    def bare(said: SaidRow | None) -> SaidRow | None:
        return None if said is None else replace(said, words=None)

    lines = [
        replace(line, remark=bare(line.remark), question=bare(line.question), answer=bare(line.answer))
        for line in row.lines
    ]
    return replace(row, lines=lines)


def live(handovers: Handovers) -> list[LiveKind]:
    """Hand-overs under way, with their lines."""

    def changed(reader: Reader, since: int) -> Changed:
        return [
            (handover.id, handover.seq, handover_row(handover) if handover.open else None)
            for handover in sql.changed(reader, since)
        ]

    def seen_by(row: HandoverRow, actor: Actor) -> HandoverRow:
        return row if handovers.may_read_words(actor) else without_words(row)

    return [LiveKind(kind="handover", action="handovers.see", changed=changed, seen_by=seen_by)]


def routes(handovers: Handovers, verify: Verify, site: Callable[[], str]) -> list[HTTPRouteHandler]:
    """The handlers of /handovers. `verify`: asks for a password again before a signature."""

    def shown(handover: Handover, actor: Actor) -> HandoverRow:
        row = handover_row(handover)
        return row if handovers.may_read_words(actor) else without_words(row)

    @post("/handovers", status_code=201, summary="Begin a hand-over of what is open", tags=TAGS)
    async def start(data: StartBody, desk: Desk) -> Response[HandoverRow]:
        return await desk.command(lambda tx: shown(handovers.start(tx, seat=data.seat), tx.actor), status=201)

    @get("/handovers", summary="List hand-overs, newest first", tags=TAGS)
    async def list_handovers(
        desk: Desk, limit: Limit = None, cursor: Cursor = None
    ) -> Response[HandoverPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> HandoverPage:
            found = handovers.page(reader, desk.actor, before=before, limit=size + 1)
            items = [handover_head(handover) for handover in found[:size]]
            return HandoverPage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/handovers/{handover_id:str}", summary="One hand-over, with its lines", tags=TAGS)
    async def get_handover(handover_id: str, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.look(lambda reader: shown(handovers.get(reader, desk.actor, key), desk.actor))

    @get("/handovers/{handover_id:str}/document", summary="What both signed, with its proof", tags=TAGS)
    async def get_document(handover_id: str, desk: Desk) -> Response[DocumentRow]:
        key = parse_id(handover_id)

        def work(reader: Reader) -> DocumentRow:
            found = handovers.document(reader, desk.actor, key)
            return DocumentRow(
                document=found.text,
                format=FORMAT,
                site=site(),
                sha256=found.sha256,
                signature=found.signature.hex(),
                key_id=found.key_id,
                public_key=found.public_key.hex(),
            )

        return await desk.look(work)

    @post("/handovers/{handover_id:str}/offer", status_code=200, summary="Offer it", tags=TAGS)
    async def offer(handover_id: str, data: OfferHandoverBody, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.offer(tx, key, to=data.to), tx.actor))

    @post("/handovers/{handover_id:str}/take", status_code=200, summary="Begin to take over", tags=TAGS)
    async def take(handover_id: str, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.take(tx, key), tx.actor))

    @post("/handovers/{handover_id:str}/let_go", status_code=200, summary="Give it back", tags=TAGS)
    async def let_go(handover_id: str, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.let_go(tx, key), tx.actor))

    @post("/handovers/{handover_id:str}/withdraw", status_code=200, summary="Withdraw it", tags=TAGS)
    async def withdraw(handover_id: str, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.withdraw(tx, key), tx.actor))

    @post("/handovers/{handover_id:str}/remarks", status_code=200, summary="Add a remark", tags=TAGS)
    async def remark(handover_id: str, data: HandoverWordsBody, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.remark(tx, key, data.words), tx.actor))

    @post(
        "/handovers/{handover_id:str}/lines/{n:int}/acknowledge",
        status_code=200,
        summary="Take a line over as it reads now",
        tags=TAGS,
    )
    async def acknowledge(
        handover_id: str, n: int, data: AcknowledgeLineBody, desk: Desk
    ) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.acknowledge(tx, key, n, data.rev), tx.actor))

    @post(
        "/handovers/{handover_id:str}/lines/{n:int}/question",
        status_code=200,
        summary="Ask about a line",
        tags=TAGS,
    )
    async def ask(handover_id: str, n: int, data: HandoverWordsBody, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.ask(tx, key, n, data.words), tx.actor))

    @post(
        "/handovers/{handover_id:str}/lines/{n:int}/answer",
        status_code=200,
        summary="Answer what was asked about a line",
        tags=TAGS,
    )
    async def answer(handover_id: str, n: int, data: HandoverWordsBody, desk: Desk) -> Response[HandoverRow]:
        key = parse_id(handover_id)
        return await desk.command(lambda tx: shown(handovers.answer(tx, key, n, data.words), tx.actor))

    @post(
        "/handovers/{handover_id:str}/sign",
        status_code=200,
        summary="Sign it, with one’s password again",
        tags=TAGS,
    )
    async def sign(handover_id: str, data: SignBody, desk: Desk) -> Response[HandoverRow]:
        key, actor = parse_id(handover_id), desk.actor
        if actor.kind != "account":
            raise Refused("handover-person-only")
        try:
            await asyncio.to_thread(verify, actor.id, data.password)
        except Unauthenticated as error:
            # Whoever mistypes stays signed in: this is no 401.
            raise Refused("handover-password-wrong") from error
        return await desk.command(lambda tx: shown(handovers.sign(tx, key, held=desk.held), tx.actor))

    return [
        start,
        list_handovers,
        get_handover,
        get_document,
        offer,
        take,
        let_go,
        withdraw,
        remark,
        acknowledge,
        ask,
        answer,
        sign,
    ]
