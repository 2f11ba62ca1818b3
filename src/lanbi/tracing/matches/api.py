"""Serial search, the match queue and the registers over HTTP."""

from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter
from prometheus_client import Counter

from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import Busy, Malformed, NotFound
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Clock
from lanbi.tracing.matches.model import ENTRY_STRIDE, KINDS, VERDICTS, MatchKind, MatchVerdict
from lanbi.tracing.matches.rows import (
    EntryReadRow,
    MatchRow,
    MatchRows,
    RegisterRow,
    SearchRow,
    entry_read_row,
    match_row,
    register_row,
    search_row,
)
from lanbi.tracing.matches.service import HITS_DEFAULT, Matches, Registers, Searching
from lanbi.tracing.service import Tracing

TAGS = ["tracing"]
CURSOR_CHARS_MAX = 40
SERIAL_CHARS_MAX = 200
SEARCHES = Counter(
    "lanbi_tracing_serial_searches_total", "Serial searches, by what came of them", ["outcome"]
)

Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]
Asked = Annotated[str | None, Parameter(description="As written; recognised as in a report.")]
Verdict = Annotated[str, Parameter(description="none (they wait), same, different, unsure or all.")]


class MatchPage(msgspec.Struct, frozen=True):
    """One page of the queue, best first."""

    items: list[MatchRow]
    next: str | None


class RegisterPage(msgspec.Struct, frozen=True):
    """One page of registers, newest first."""

    items: list[RegisterRow]
    next: str | None


class DecideMatchBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody found, and why."""

    verdict: Literal["same", "different", "unsure"]
    why: str


class WithdrawRegisterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason`: a code of the vocabulary `withdrawal_reasons`."""

    reason: str


def routes(
    searching: Searching, matches: Matches, registers: Registers, tracing: Tracing, clock: Clock
) -> list[HTTPRouteHandler]:
    """The handlers of /tracing/serials, /tracing/matches and /tracing/registers."""
    return [*_searching(searching), *_matches(matches), *_registers(registers, tracing, clock)]


def _searching(searching: Searching) -> list[HTTPRouteHandler]:
    @get("/tracing/serials", summary="What a serial may be, best first", tags=TAGS)
    async def search(
        *,
        desk: Desk,
        serial: str,
        status: str | None = None,
        make: Asked = None,
        model: Asked = None,
        calibre: Asked = None,
        type: Asked = None,
        limit: int = HITS_DEFAULT,
    ) -> Response[SearchRow]:
        if len(serial) > SERIAL_CHARS_MAX:
            raise Malformed("serial-too-long", limit=SERIAL_CHARS_MAX, given=len(serial))

        def work(reader: Reader) -> SearchRow:
            found = searching.search(
                reader, desk.actor, serial,
                status=status, make=make, model=model, calibre=calibre, type=type, limit=limit,
            )  # fmt: skip
            SEARCHES.labels("too_many" if found.too_many else "found" if found.hits else "nothing").inc()
            return search_row(reader, found)

        try:
            return await desk.look(work)
        except Busy:
            SEARCHES.labels("busy").inc()
            raise

    return [search]


def _matches(matches: Matches) -> list[HTTPRouteHandler]:
    @get("/tracing/matches", summary="What recovered firearms may be, best first", tags=TAGS)
    async def list_matches(
        *,
        desk: Desk,
        verdict: Verdict = "none",
        kind: str | None = None,
        firearm: str | None = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[MatchPage]:
        size, before = page_limit(limit), _before(cursor)
        chosen, of_kind = _verdict(verdict), _kind(kind)
        firearm_id = None if firearm is None else parse_id(firearm)

        def work(reader: Reader) -> MatchPage:
            found = matches.page(
                reader, desk.actor,
                verdict=chosen, kind=of_kind, firearm_id=firearm_id, before=before, limit=size + 1,
            )  # fmt: skip
            shown = found[:size]
            rows = MatchRows(reader)
            following = f"{shown[-1].rank}.{shown[-1].number}" if len(found) > size else None
            return MatchPage([rows.row(match) for match in shown], following)

        return await desk.look(work)

    @get("/tracing/matches/{match_id:str}", summary="One proposal with its reasons", tags=TAGS)
    async def get_match(match_id: str, desk: Desk) -> Response[MatchRow]:
        key = parse_id(match_id)
        return await desk.look(lambda reader: match_row(reader, matches.get(reader, desk.actor, key)))

    @post("/tracing/matches/{match_id:str}/decide", status_code=200, summary="Say what it is", tags=TAGS)
    async def decide(match_id: str, data: DecideMatchBody, desk: Desk) -> Response[MatchRow]:
        key = parse_id(match_id)

        def work(tx: Tx) -> MatchRow:
            return match_row(tx, matches.decide(tx, key, data.verdict, data.why, held=desk.held))

        return await desk.command(work)

    @post("/tracing/matches/{match_id:str}/undo", status_code=200, summary="Take it back", tags=TAGS)
    async def undo(match_id: str, desk: Desk) -> Response[MatchRow]:
        key = parse_id(match_id)
        return await desk.command(lambda tx: match_row(tx, matches.undo(tx, key, held=desk.held)))

    return [list_matches, get_match, decide, undo]


def _registers(registers: Registers, tracing: Tracing, clock: Clock) -> list[HTTPRouteHandler]:
    @get("/tracing/registers", summary="Registers of known serials", tags=TAGS)
    async def list_registers(
        desk: Desk, limit: Limit = None, cursor: Cursor = None
    ) -> Response[RegisterPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> RegisterPage:
            found = registers.page(reader, desk.actor, before=before, limit=size + 1)
            items = [register_row(register) for register in found[:size]]
            return RegisterPage(items, str(items[-1].number) if len(found) > size else None)

        return await desk.look(work)

    @get("/tracing/registers/{register_id:str}", summary="One register", tags=TAGS)
    async def get_register(register_id: str, desk: Desk) -> Response[RegisterRow]:
        key = parse_id(register_id)
        return await desk.look(lambda reader: register_row(registers.get(reader, desk.actor, key)))

    @post(
        "/tracing/registers/{register_id:str}/withdraw",
        status_code=200,
        summary="Take a register back: no search finds it any more",
        tags=TAGS,
    )
    async def withdraw(register_id: str, data: WithdrawRegisterBody, desk: Desk) -> Response[RegisterRow]:
        key = parse_id(register_id)
        return await desk.command(
            lambda tx: register_row(registers.withdraw(tx, key, data.reason, held=desk.held))
        )

    @post(
        "/tracing/registers/entries/{n:int}/read",
        status_code=200,
        summary="Read all that a register says of one firearm, on the record",
        tags=TAGS,
    )
    async def read_entry(n: int, desk: Desk) -> Response[EntryReadRow]:
        if not ENTRY_STRIDE < n < 2**62:
            raise NotFound("register-entry-none")
        held = tracing.desk(desk.session, clock.now())
        return await desk.command(
            lambda tx: entry_read_row(*registers.read_entry(tx, n)),
            purpose="" if held is None else held.purpose,
        )

    return [list_registers, get_register, withdraw, read_entry]


def _verdict(given: str) -> MatchVerdict | None:
    if given == "all":
        return None
    for known in VERDICTS:
        if given == known:
            return known
    raise Malformed("match-verdict", given=given[:40])


def _kind(given: str | None) -> MatchKind | None:
    if given is None:
        return None
    for known in KINDS:
        if given == known:
            return known
    raise Malformed("match-kind", given=given[:40], known=", ".join(KINDS))


def _before(cursor: str | None) -> tuple[int, int] | None:
    if not cursor:
        return None
    rank, dot, number = cursor.partition(".")
    digits = rank.removeprefix("-")
    if len(cursor) > CURSOR_CHARS_MAX or not dot or not (digits + number).isascii():
        raise Malformed("cursor-unreadable", given=cursor[:40])
    if not digits.isdigit() or not number.isdigit() or max(len(digits), len(number)) > 18:
        raise Malformed("cursor-unreadable", given=cursor[:40])
    return int(rank), int(number)
