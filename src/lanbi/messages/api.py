"""Messages and channels over HTTP and on the live picture."""

from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec.structs import replace

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import Clock, parse_instant, rfc3339, rfc3339_or_none
from lanbi.messages import sql
from lanbi.messages.model import AddresseeKind, Channel, Message, Receipt, Step
from lanbi.messages.service import Messages

TAGS = ["messages"]
CHANNEL_TAGS = ["channels"]
STANDING_VERSION = 1  # a standing channel is data of the site: it does not change while the node runs
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]
UnitFilter = Annotated[str | None, QueryParameter(description="To or from this unit.")]
AccountFilter = Annotated[str | None, QueryParameter(description="To or from this person of the floor.")]


class SenderRow(msgspec.Struct, frozen=True):
    """Who wrote it: an account, or the unit whose crew did."""

    id: str
    name: str
    unit_id: str | None


class AddresseeRow(msgspec.Struct, frozen=True):
    """Where it was directed. `name` is empty for a role and a channel, which have labels."""

    kind: AddresseeKind
    id: str
    name: str


class MarkRow(msgspec.Struct, frozen=True):
    """When a step was taken, who entered it, and how it came in."""

    at: str
    by: str
    source: Literal["automatic", "manual", "late"]


class ReceiptRow(msgspec.Struct, frozen=True, kw_only=True):
    """How far one addressee got. `step`: the furthest; a step absent from `steps` was not heard of.
    `listed`: addressed when it was sent, rather than taken on afterwards."""

    kind: Literal["unit", "account"]
    id: str
    name: str
    step: str
    steps: dict[str, MarkRow]
    reason: str | None
    listed: bool


class CountsRow(msgspec.Struct, frozen=True, kw_only=True):
    """How many addressees are at least so far, of how many."""

    of: int
    received: int
    acknowledged: int
    will_comply: int
    cannot_comply: int
    done: int


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the API and the live picture show it. Times are RFC 3339, UTC.

    `words`: None where it was written by template, and once erased; `args` are the template's arguments,
    without a place that was erased. `open`: somebody has yet to acknowledge it or to do it.
    """

    id: str
    version: int
    sent_at: str
    sender: SenderRow = msgspec.field(name="from")
    to: AddresseeRow
    incident_id: str | None
    reply_to: str | None
    thread: str
    priority: str
    template: str | None
    args: dict[str, str]
    words: str | None
    acknowledge_by: str | None
    open: bool
    counts: CountsRow
    receipts: list[ReceiptRow]


class MessagePage(msgspec.Struct, frozen=True):
    """One page of messages, newest first."""

    items: list[MessageRow]
    next: str | None


class ChannelRow(msgspec.Struct, frozen=True, kw_only=True):
    """A channel. `code`: of a standing one, whose name is its label in the vocabulary."""

    id: str
    version: int
    code: str | None
    name: str | None
    incident_id: str | None
    kinds: list[str]
    units: list[str]
    roles: list[str]
    opened_at: str | None
    closed_at: str | None


class ChannelPage(msgspec.Struct, frozen=True):
    """Every channel that is open; there is no next page."""

    items: list[ChannelRow]
    next: str | None


class PersonRow(msgspec.Struct, frozen=True):
    """Somebody of the floor; `seated`: signed in now."""

    id: str
    name: str
    role: str
    lang: str
    seated: bool


class PeoplePage(msgspec.Struct, frozen=True):
    """The people of the floor, by name; there is no next page."""

    items: list[PersonRow]
    next: str | None


class ToBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`id`: of a unit or a channel, the code of a role or a standing channel, the name of an account."""

    kind: AddresseeKind
    id: str


class MessageBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words of one's own, or a template with its arguments."""

    to: ToBody
    words: str | None = None
    template: str | None = None
    args: dict[str, str] | None = None
    incident_id: str | None = None
    reply_to: str | None = None
    priority: Literal["routine", "urgent", "flash"] | None = None


class ReceiptBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`for`: the unit that was heard by radio; absent for one's own. `at`: when, if not now."""

    for_unit: str | None = msgspec.field(default=None, name="for")
    source: Literal["automatic", "manual"] | None = None
    at: str | None = None


class RefuseBody(ReceiptBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`reason`: why it cannot be done."""

    reason: str


class ChannelBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Heard by these units, the people of these roles, and the units on the incident."""

    name: str
    incident_id: str | None = None
    units: tuple[str, ...] = ()
    roles: tuple[Literal["call_taker", "dispatcher", "commander"], ...] = (
        "call_taker",
        "dispatcher",
        "commander",
    )


def _receipt_row(receipt: Receipt) -> ReceiptRow:
    return ReceiptRow(
        kind=receipt.party.kind,
        id=receipt.party.id,
        name=receipt.party.name,
        step=receipt.step,
        steps={step: MarkRow(rfc3339(mark.at), mark.by, mark.source) for step, mark in receipt.steps.items()},
        reason=receipt.reason,
        listed=receipt.listed,
    )


def row_of(message: Message) -> MessageRow:
    """The whole row, as the floor sees it."""
    args = message.args if message.place is None else {**message.args, "place": message.place}
    return MessageRow(
        id=message.id,
        version=message.seq,
        sent_at=rfc3339(message.sent_at),
        sender=SenderRow(message.from_id, message.from_name, message.from_unit),
        to=AddresseeRow(message.to_kind, message.to_id, message.to_name),
        incident_id=message.incident_id,
        reply_to=message.reply_to,
        thread=message.thread,
        priority=message.priority,
        template=message.template,
        args=args,
        words=message.words,
        acknowledge_by=rfc3339_or_none(message.acknowledge_by),
        open=message.open,
        counts=CountsRow(**msgspec.structs.asdict(message.counts)),
        receipts=[_receipt_row(receipt) for receipt in message.receipts],
    )


def seen_by(row: MessageRow, actor: Actor) -> MessageRow | None:
    """The row as this actor sees it: the floor whole, a crew what concerns it, and of others' receipts
    only the count, unless the crew itself is who asks for them."""
    if actor.role != "field_unit":
        return row
    if actor.unit_id is not None and row.sender.unit_id == actor.unit_id:
        return row
    own = [receipt for receipt in row.receipts if receipt.kind == "unit" and receipt.id == actor.unit_id]
    return replace(row, receipts=own) if own else None


def channel_row_of(channel: Channel) -> ChannelRow:
    return ChannelRow(
        id=channel.id,
        version=channel.seq or STANDING_VERSION,
        code=channel.code,
        name=channel.name,
        incident_id=channel.incident_id,
        kinds=list(channel.kinds),
        units=list(channel.units),
        roles=list(channel.roles),
        opened_at=rfc3339(channel.opened_at) if channel.opened_at else None,
        closed_at=rfc3339_or_none(channel.closed_at),
    )


def live(messages: Messages) -> list[LiveKind]:
    """What is open or recent, and the channels to say it on."""

    def messages_changed(reader: Reader, since: int) -> Changed:
        return [
            (message.id, message.seq, None if message.archived else row_of(message))
            for message in sql.changed(reader, since)
        ]

    def channels_changed(reader: Reader, since: int) -> Changed:
        made = sql.channels_changed(reader, since)
        found: list[Channel] = [*(messages.standing if since == 0 else ()), *made]
        return [
            (
                channel.id,
                channel.seq or STANDING_VERSION,
                None if channel.closed_at is not None else channel_row_of(channel),
            )
            for channel in found
        ]

    def channel_seen_by(row: ChannelRow, actor: Actor) -> ChannelRow | None:
        return row if actor.role != "field_unit" or actor.unit_id in row.units else None

    return [
        LiveKind(kind="message", action="messages.see", changed=messages_changed, seen_by=seen_by),
        LiveKind(kind="channel", action="messages.see", changed=channels_changed, seen_by=channel_seen_by),
    ]


def routes(messages: Messages, clock: Clock) -> list[HTTPRouteHandler]:
    """The handlers of /messages and /channels."""
    return [*_message_routes(messages, clock), *_channel_routes(messages)]


def _shown(message: Message, actor: Actor) -> MessageRow:
    """What a command or a look answers: for an actor who may see it, as they see it."""
    row = row_of(message)
    return seen_by(row, actor) or replace(row, receipts=[])


def _message_routes(messages: Messages, clock: Clock) -> list[HTTPRouteHandler]:
    @post("/messages", status_code=201, summary="Send a message", tags=TAGS)
    async def send(data: MessageBody, desk: Desk) -> Response[MessageRow]:
        to_id = parse_id(data.to.id) if data.to.kind == "unit" else data.to.id
        incident_id = None if data.incident_id is None else parse_id(data.incident_id)
        reply_to = None if data.reply_to is None else parse_id(data.reply_to)
        return await desk.command(
            lambda tx: _shown(
                messages.send(
                    tx,
                    to_kind=data.to.kind,
                    to_id=to_id,
                    text=data.words,
                    template=data.template,
                    args=data.args,
                    incident_id=incident_id,
                    reply_to=reply_to,
                    priority=data.priority,
                ),
                tx.actor,
            ),
            status=201,
        )

    @get("/messages", summary="List messages, newest first, by one filter", tags=TAGS)
    async def list_messages(
        desk: Desk,
        *,
        channel: str | None = None,
        role: str | None = None,
        unit_id: UnitFilter = None,
        account: AccountFilter = None,
        incident_id: str | None = None,
        thread: str | None = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[MessagePage]:
        size, before = page_limit(limit), page_before(cursor)
        about = None if incident_id is None else parse_id(incident_id)
        of_thread = None if thread is None else parse_id(thread)
        named = [("channel", channel), ("role", role)]
        to = next(((kind, key) for kind, key in named if key is not None), None)
        party = None if unit_id is None else f"unit/{parse_id(unit_id)}"
        if account is not None:
            party = f"account/{account}"

        def work(reader: Reader) -> MessagePage:
            found = messages.page(
                reader,
                desk.actor,
                to=to,
                incident_id=about,
                thread=of_thread,
                party=party,
                before=before,
                limit=size + 1,
            )
            items = [_shown(message, desk.actor) for message in found[:size]]
            return MessagePage(items, str(found[size - 1].sent_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/messages/people", summary="The people of the floor that can be written to", tags=TAGS)
    async def list_people(desk: Desk) -> Response[PeoplePage]:
        def work(reader: Reader) -> PeoplePage:
            found = messages.people(reader, desk.actor, clock.now())
            return PeoplePage(
                [PersonRow(one.id, one.name, one.role, one.lang, one.seated) for one in found], None
            )

        return await desk.look(work)

    @get("/messages/{message_id:str}", summary="One message", tags=TAGS)
    async def get_message(message_id: str, desk: Desk) -> Response[MessageRow]:
        key = parse_id(message_id)
        return await desk.look(lambda reader: _shown(messages.get(reader, desk.actor, key), desk.actor))

    async def take(
        message_id: str, step: Step, data: ReceiptBody, desk: Desk, reason: str | None = None
    ) -> Response[MessageRow]:
        key = parse_id(message_id)
        for_unit = None if data.for_unit is None else parse_id(data.for_unit)
        at = None if data.at is None else parse_instant(data.at)
        return await desk.command(
            lambda tx: _shown(
                messages.step(tx, key, step, for_unit=for_unit, source=data.source, at=at, reason=reason),
                tx.actor,
            )
        )

    @post("/messages/{message_id:str}/receive", status_code=200, summary="It arrived", tags=TAGS)
    async def receive(message_id: str, data: ReceiptBody, desk: Desk) -> Response[MessageRow]:
        return await take(message_id, "received", data, desk)

    @post("/messages/{message_id:str}/acknowledge", status_code=200, summary="It was read", tags=TAGS)
    async def acknowledge(message_id: str, data: ReceiptBody, desk: Desk) -> Response[MessageRow]:
        return await take(message_id, "acknowledged", data, desk)

    @post("/messages/{message_id:str}/comply", status_code=200, summary="It will be done", tags=TAGS)
    async def comply(message_id: str, data: ReceiptBody, desk: Desk) -> Response[MessageRow]:
        return await take(message_id, "will_comply", data, desk)

    @post("/messages/{message_id:str}/refuse", status_code=200, summary="It cannot be done", tags=TAGS)
    async def refuse(message_id: str, data: RefuseBody, desk: Desk) -> Response[MessageRow]:
        return await take(message_id, "cannot_comply", data, desk, data.reason)

    @post("/messages/{message_id:str}/done", status_code=200, summary="It is done", tags=TAGS)
    async def done(message_id: str, data: ReceiptBody, desk: Desk) -> Response[MessageRow]:
        return await take(message_id, "done", data, desk)

    return [send, list_messages, list_people, get_message, receive, acknowledge, comply, refuse, done]


def _channel_routes(messages: Messages) -> list[HTTPRouteHandler]:
    @get("/channels", summary="The channels that are open", tags=CHANNEL_TAGS)
    async def list_channels(desk: Desk) -> Response[ChannelPage]:
        def work(reader: Reader) -> ChannelPage:
            found = messages.channels(reader, desk.actor)
            return ChannelPage([channel_row_of(channel) for channel in found], None)

        return await desk.look(work)

    @post("/channels", status_code=201, summary="Open a channel", tags=CHANNEL_TAGS)
    async def open_channel(data: ChannelBody, desk: Desk) -> Response[ChannelRow]:
        incident_id = None if data.incident_id is None else parse_id(data.incident_id)
        units = [parse_id(unit_id) for unit_id in data.units]
        return await desk.command(
            lambda tx: channel_row_of(
                messages.open_channel(
                    tx, name=data.name, incident_id=incident_id, units=units, roles=data.roles
                )
            ),
            status=201,
        )

    @post("/channels/{channel_id:str}/close", status_code=200, summary="Close a channel", tags=CHANNEL_TAGS)
    async def close_channel(channel_id: str, desk: Desk) -> Response[ChannelRow]:
        return await desk.command(lambda tx: channel_row_of(messages.close_channel(tx, channel_id)))

    return [list_channels, open_channel, close_channel]
