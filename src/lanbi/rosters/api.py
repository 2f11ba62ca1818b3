"""Members and shifts over HTTP and on the live picture."""

from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter
from msgspec.structs import replace

from lanbi.core.access import Actor
from lanbi.core.desk import Desk, page_limit
from lanbi.core.errors import Malformed
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import DAY, HOUR, Instant, parse_instant, parse_instant_or_none, rfc3339, rfc3339_or_none
from lanbi.rosters import sql
from lanbi.rosters.model import NUMBER_CHARS_MAX, Member, Rules, Shift
from lanbi.rosters.service import ACCOUNT, Rosters

MEMBER_TAGS = ["members"]
SHIFT_TAGS = ["shifts"]
# What one question may span: the sheet on the wall is a week, with a margin.
SPAN_MAX: Instant = 10 * DAY
Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the crews; the name is asked for on its own, for a purpose."""

    id: str
    version: int
    number: str
    qualifications: tuple[str, ...]
    enrolled_at: str
    retired_at: str | None


class MemberPage(msgspec.Struct, frozen=True):
    """One page of members, by service number."""

    items: list[MemberRow]
    next: str | None


class HandRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of a shift's people. `rest_h`: hours between their last shift and this one, if there was any."""

    id: str
    number: str
    qualifications: tuple[str, ...]
    rest_h: float | None


class SeatedRow(msgspec.Struct, frozen=True):
    """The account at a seat."""

    id: str
    name: str


class WarningRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the shift does not keep. `member`: whose rest is short, by service number."""

    code: Literal["rest_short", "duty_long"]
    member: str | None
    hours: float
    limit_h: float


class ShiftRow(msgspec.Struct, frozen=True, kw_only=True):
    """A shift as the API and the live picture show it. Times are RFC 3339, UTC.

    `on_at`, `off_at`: when it truly began and ended; ended without `on_at`: it did not take place.
    `brings`: capabilities that the crew has together. `reason`: why its warnings are passed over, a code of
    the vocabulary or the words of who said so; `justified`: whether there is one.
    """

    id: str
    version: int
    unit_id: str | None
    callsign: str | None
    seat: str | None
    account: SeatedRow | None
    starts_at: str
    ends_at: str
    on_at: str | None
    off_at: str | None
    state: Literal["planned", "on_duty", "ended"]
    members: list[HandRow]
    brings: tuple[str, ...]
    warnings: list[WarningRow]
    reason: str | None
    justified: bool


class ShiftPage(msgspec.Struct, frozen=True):
    """One page of shifts, in the order in which they were planned."""

    items: list[ShiftRow]
    next: str | None


class Revealed(msgspec.Struct, frozen=True):
    """A sealed value in clear."""

    value: str


class EnrolBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`number`: the service number; `name` is sealed as personal data."""

    number: str
    name: str
    qualifications: tuple[str, ...] = ()


class QualifyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    qualifications: tuple[str, ...]


class RevealNameBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`purpose`: a code of the vocabulary `purposes`."""

    purpose: str


class PlanBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of a unit with its members, or of an account at a seat."""

    starts_at: str
    ends_at: str
    unit_id: str | None = None
    members: tuple[str, ...] = ()
    seat: str | None = None
    account: str | None = None
    reason: str | None = None


class EditShiftBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is given changes; the rest stands."""

    starts_at: str | None = None
    ends_at: str | None = None
    members: tuple[str, ...] | None = None
    reason: str | None = None


class SignOnBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Now, or at a time entered late. `reason`: why in spite of warnings, a code or words."""

    at: str | None = None
    reason: str | None = None


class SignOffBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: str | None = None


class JustifyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str


def member_row(member: Member) -> MemberRow:
    """The row that people and machines see."""
    return MemberRow(
        id=member.id,
        version=member.seq,
        number=member.number,
        qualifications=member.qualifications,
        enrolled_at=rfc3339(member.enrolled_at),
        retired_at=rfc3339_or_none(member.retired_at),
    )


def shift_row(shift: Shift, rules: Rules) -> ShiftRow:
    """The row with its words; `without_words` is for those who may not read them."""
    seated = None
    if shift.seat is not None:
        hand = shift.crew[0]
        seated = SeatedRow(hand.id.removeprefix(ACCOUNT), hand.name)
    names = {hand.id: hand.name for hand in shift.crew}
    return ShiftRow(
        id=shift.id,
        version=shift.seq,
        unit_id=shift.unit_id,
        callsign=shift.callsign,
        seat=shift.seat,
        account=seated,
        starts_at=rfc3339(shift.starts_at),
        ends_at=rfc3339(shift.ends_at),
        on_at=rfc3339_or_none(shift.on_at),
        off_at=rfc3339_or_none(shift.off_at),
        state=shift.state,
        members=[
            HandRow(
                id=hand.id,
                number=hand.name,
                qualifications=hand.qualifications,
                rest_h=None
                if hand.off_since is None
                else round(max(0, shift.begin - hand.off_since) / HOUR, 1),
            )
            for hand in shift.crew
        ],
        brings=shift.brings,
        warnings=[
            WarningRow(
                code=warning.code,  # pyright: ignore[reportArgumentType]
                member=None if warning.member is None else names[warning.member],
                hours=warning.hours,
                limit_h=warning.limit_h,
            )
            for warning in shift.warnings(rules)
        ],
        reason=shift.reason or shift.reason_words,
        justified=shift.justified,
    )


def without_words(row: ShiftRow, codes: frozenset[str]) -> ShiftRow:
    """The row for who may see shifts but not read what somebody wrote; a reason's code stands."""
    return row if row.reason is None or row.reason in codes else replace(row, reason=None)


def live(rosters: Rosters) -> list[LiveKind]:
    """Who is on duty, who was within a day, who comes within a day; a crew sees its own unit's."""
    codes = rosters.reason_codes

    def changed(reader: Reader, since: int) -> Changed:
        rules = rosters.rules
        return [
            (shift.id, version, shift_row(shift, rules) if shown else None)
            for version, shift, shown in sql.shifts_changed(reader, since)
        ]

    def seen_by(row: ShiftRow, actor: Actor) -> ShiftRow | None:
        if actor.role == "field_unit" and actor.unit_id != row.unit_id:
            return None
        return row if rosters.may_read_words(actor) else without_words(row, codes)

    return [LiveKind(kind="shift", action="rosters.see", changed=changed, seen_by=seen_by)]


def _after_number(cursor: str | None) -> str:
    if cursor is None:
        return ""
    if len(cursor) > 3 * NUMBER_CHARS_MAX or "\x00" in cursor or not cursor.isprintable():
        raise Malformed("cursor-unreadable", given=cursor[:40])
    return cursor


def _after_entry(cursor: str | None) -> int:
    if cursor is None or cursor == "":
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Malformed("cursor-unreadable", given=cursor[:40])
    return int(cursor)


def routes(rosters: Rosters) -> list[HTTPRouteHandler]:
    """The handlers of /members and /shifts."""
    return [*_member_routes(rosters), *_shift_routes(rosters)]


def _member_routes(rosters: Rosters) -> list[HTTPRouteHandler]:
    @post("/members", status_code=201, summary="Enrol a member of the crews", tags=MEMBER_TAGS)
    async def enrol(data: EnrolBody, desk: Desk) -> Response[MemberRow]:
        return await desk.command(
            lambda tx: member_row(
                rosters.enrol(tx, number=data.number, name=data.name, qualifications=data.qualifications)
            ),
            status=201,
        )

    @get("/members", summary="List members, by service number", tags=MEMBER_TAGS)
    async def list_members(desk: Desk, limit: Limit = None, cursor: Cursor = None) -> Response[MemberPage]:
        size, after = page_limit(limit), _after_number(cursor)

        def work(reader: Reader) -> MemberPage:
            found = rosters.members(reader, desk.actor, after=after, limit=size + 1)
            items = [member_row(member) for member in found[:size]]
            return MemberPage(items, items[-1].number.casefold() if len(found) > size else None)

        return await desk.look(work)

    @post(
        "/members/{member_id:str}/qualify",
        status_code=200,
        summary="Set what they are qualified for",
        tags=MEMBER_TAGS,
    )
    async def qualify(member_id: str, data: QualifyBody, desk: Desk) -> Response[MemberRow]:
        key = parse_id(member_id)
        return await desk.command(lambda tx: member_row(rosters.qualify(tx, key, data.qualifications)))

    @post("/members/{member_id:str}/retire", status_code=200, summary="They left", tags=MEMBER_TAGS)
    async def retire(member_id: str, desk: Desk) -> Response[MemberRow]:
        key = parse_id(member_id)
        return await desk.command(lambda tx: member_row(rosters.retire(tx, key)))

    @post(
        "/members/{member_id:str}/reveal",
        status_code=200,
        summary="Open the sealed name, for a purpose",
        tags=MEMBER_TAGS,
    )
    async def reveal_name(member_id: str, data: RevealNameBody, desk: Desk) -> Response[Revealed]:
        key = parse_id(member_id)
        return await desk.command(lambda tx: Revealed(rosters.reveal(tx, key)), purpose=data.purpose)

    return [enrol, list_members, qualify, retire, reveal_name]


def _shift_routes(rosters: Rosters) -> list[HTTPRouteHandler]:
    def shown(shift: Shift, actor: Actor) -> ShiftRow:
        row = shift_row(shift, rosters.rules)
        return row if rosters.may_read_words(actor) else without_words(row, rosters.reason_codes)

    @post("/shifts", status_code=201, summary="Plan a shift", tags=SHIFT_TAGS)
    async def plan(data: PlanBody, desk: Desk) -> Response[ShiftRow]:
        starts_at, ends_at = parse_instant(data.starts_at), parse_instant(data.ends_at)
        unit_id = None if data.unit_id is None else parse_id(data.unit_id)
        members = tuple(parse_id(member) for member in data.members)
        return await desk.command(
            lambda tx: shown(
                rosters.plan(
                    tx,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    unit_id=unit_id,
                    members=members,
                    seat=data.seat,
                    account=data.account,
                    reason=data.reason,
                ),
                tx.actor,
            ),
            status=201,
        )

    @get("/shifts", summary="List shifts between two times", tags=SHIFT_TAGS)
    async def list_shifts(
        desk: Desk, since: str, until: str, limit: Limit = None, cursor: Cursor = None
    ) -> Response[ShiftPage]:
        size, after = page_limit(limit), _after_entry(cursor)
        begin, end = parse_instant(since), parse_instant(until)
        if not 0 < end - begin <= SPAN_MAX:
            raise Malformed("shifts-span", most=SPAN_MAX // DAY)

        def work(reader: Reader) -> ShiftPage:
            found = rosters.shifts(reader, desk.actor, begin, end, after=after, limit=size + 1)
            items = [shown(shift, desk.actor) for shift in found[:size]]
            return ShiftPage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/shifts/{shift_id:str}", summary="One shift", tags=SHIFT_TAGS)
    async def get_shift(shift_id: str, desk: Desk) -> Response[ShiftRow]:
        key = parse_id(shift_id)
        return await desk.look(lambda reader: shown(rosters.shift(reader, desk.actor, key), desk.actor))

    @post("/shifts/{shift_id:str}/sign_on", status_code=200, summary="The crew is aboard", tags=SHIFT_TAGS)
    async def sign_on(shift_id: str, data: SignOnBody, desk: Desk) -> Response[ShiftRow]:
        key, at = parse_id(shift_id), parse_instant_or_none(data.at)
        return await desk.command(
            lambda tx: shown(rosters.sign_on(tx, key, at=at, reason=data.reason), tx.actor)
        )

    @post("/shifts/{shift_id:str}/sign_off", status_code=200, summary="The crew goes home", tags=SHIFT_TAGS)
    async def sign_off(shift_id: str, data: SignOffBody, desk: Desk) -> Response[ShiftRow]:
        key, at = parse_id(shift_id), parse_instant_or_none(data.at)
        return await desk.command(lambda tx: shown(rosters.sign_off(tx, key, at=at), tx.actor))

    @post("/shifts/{shift_id:str}/edit", status_code=200, summary="Change times or crew", tags=SHIFT_TAGS)
    async def edit(shift_id: str, data: EditShiftBody, desk: Desk) -> Response[ShiftRow]:
        key, starts_at, ends_at = (
            parse_id(shift_id),
            parse_instant_or_none(data.starts_at),
            parse_instant_or_none(data.ends_at),
        )
        members = None if data.members is None else tuple(parse_id(member) for member in data.members)
        return await desk.command(
            lambda tx: shown(
                rosters.edit(
                    tx,
                    key,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    members=members,
                    reason=data.reason,
                    held=desk.held,
                ),
                tx.actor,
            )
        )

    @post("/shifts/{shift_id:str}/cancel", status_code=200, summary="It will not take place", tags=SHIFT_TAGS)
    async def cancel(shift_id: str, desk: Desk) -> Response[ShiftRow]:
        key = parse_id(shift_id)
        return await desk.command(lambda tx: shown(rosters.cancel(tx, key, held=desk.held), tx.actor))

    @post(
        "/shifts/{shift_id:str}/justify",
        status_code=200,
        summary="Say why its warnings are passed over",
        tags=SHIFT_TAGS,
    )
    async def justify(shift_id: str, data: JustifyBody, desk: Desk) -> Response[ShiftRow]:
        key = parse_id(shift_id)
        return await desk.command(lambda tx: shown(rosters.justify(tx, key, data.reason), tx.actor))

    return [plan, list_shifts, get_shift, sign_on, sign_off, edit, cancel, justify]
