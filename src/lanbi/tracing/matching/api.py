"""Private matching over HTTP: what people ask here, and how the file of a set gets from one site to the
other, both ends of it.

A set is handed out without a session: its digest stands in a letter that was signed for one partner, and
nobody else can name it; and it tells nothing without its owner's answers.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from math import ceil
from time import monotonic
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import Parameter
from litestar.response import Stream

from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import Malformed, TooMany
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import Clock
from lanbi.tracing.matching import sql
from lanbi.tracing.matching.model import PIECE_BYTES, Direction, Offer, Side, check_digest
from lanbi.tracing.matching.rows import (
    SET_HREF,
    AskableRow,
    AskedRow,
    LogPage,
    OfferPage,
    OfferRow,
    OpenedRow,
    QueryPage,
    QueryRow,
    Rows,
    TotalsRow,
)
from lanbi.tracing.matching.service import FetchError, Matching, MatchingWorks
from lanbi.tracing.matching.tokens import (
    QUERIES_PER_CASE_MAX,
    QUERIES_PER_DAY_MAX,
    SET_BYTES_MAX,
)

TAGS = ["tracing: private matching"]
MARGIN_BYTES = 1_000
MEDIA = "application/octet-stream"
# Whoever knocks, together: to look a digest up costs little, and nobody fetches a set often.
KNOCKS_MAX = 60
KNOCK_REFILL_S = 1.0
STREAMS_MAX = 8
"""Sets that are handed out at once: each holds one piece in memory."""
CONNECT_TIMEOUT_S = 10.0
# A satellite link carries eleven megabytes in some minutes; each read makes progress or ends.
IO_TIMEOUT_S = 60.0
FETCH_TIMEOUT_S = 600.0
PROBLEM_BYTES_MAX = 64 * 1024
REASON_CHARS_MAX = 60
_RANGE = re.compile(r"bytes=(\d{1,12})-")
_SIDES: dict[str, Side] = {"ours": "ours", "theirs": "theirs"}
_DIRECTIONS: dict[str, Direction] = {"asked": "out", "was_asked": "in"}

Limit = Annotated[int | None, Parameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, Parameter(description="`next` of the page before.")]
OfSide = Annotated[str | None, Parameter(description="One side only.")]


class OfferBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which register a partner may ask about, and how much."""

    register_id: str
    partner: str
    day_queries: int = QUERIES_PER_DAY_MAX
    case_queries: int = QUERIES_PER_CASE_MAX


class AskableBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Firearms that somebody would ask about; `offer_id`: whose quota is looked at."""

    firearms: tuple[str, ...]
    offer_id: str | None = None


class AskBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`purpose`: a code of the vocabulary `tracing_purposes`; `case`: its reference, which the partner
    reads."""

    offer_id: str
    firearms: tuple[str, ...]
    purpose: str
    case: str


class SetDoor:
    """How much the hand-out of sets lets in, whoever knocks. Safe between threads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic`: seconds that never jump."""
        self._monotonic = monotonic
        self._level = float(KNOCKS_MAX)
        self._at = monotonic()
        self._lock = threading.Lock()
        self.streams = asyncio.Semaphore(STREAMS_MAX)

    def knock(self) -> None:
        """Takes one; `TooMany("matching-door-full")` with the seconds to wait where there is none."""
        with self._lock:
            now = self._monotonic()
            gained = max(0.0, now - self._at) / KNOCK_REFILL_S
            self._level, self._at = min(float(KNOCKS_MAX), self._level + gained), now
            if self._level < 1:
                raise TooMany("matching-door-full", retry_after_s=ceil((1 - self._level) * KNOCK_REFILL_S))
            self._level -= 1

    def need_stream(self) -> None:
        """Raises `TooMany("matching-door-full")` where as many sets are handed out as may be."""
        if self.streams.locked():
            raise TooMany("matching-door-full", retry_after_s=10)


def routes(matching: Matching, works: MatchingWorks, store: Store, clock: Clock) -> list[HTTPRouteHandler]:
    """The handlers of /tracing/matching."""

    def rows(reader: Reader, desk: Any) -> Rows:
        return Rows(reader, matching.offers, works, lang=desk.actor.lang, now=clock.now())

    return [
        *_offers(matching, works, rows),
        *_sets(matching, works, store, SetDoor(clock.monotonic), rows),
        *_queries(matching, clock, rows),
        *_log(matching, rows),
    ]


MakeRows = Callable[[Reader, Any], Rows]


def _offers(matching: Matching, works: MatchingWorks, rows: MakeRows) -> list[HTTPRouteHandler]:
    offers = matching.offers

    @get("/tracing/matching/offers", summary="Registers that may be asked about, ours and theirs", tags=TAGS)
    async def list_offers(
        desk: Desk,
        *,
        side: OfSide = None,
        partner: str = "",
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[OfferPage]:
        size, before, of_side = page_limit(limit), page_before(cursor), _one_of(_SIDES, side)

        def work(reader: Reader) -> OfferPage:
            found = offers.page(
                reader, desk.actor, side=of_side, partner=partner, before=before, limit=size + 1
            )
            made = rows(reader, desk)
            items = [made.offer(offer) for offer in found[:size]]
            return OfferPage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/tracing/matching/offers/{offer_id:str}", summary="One of them", tags=TAGS)
    async def get_offer(offer_id: str, desk: Desk) -> Response[OfferRow]:
        key = parse_id(offer_id)
        return await desk.look(lambda reader: rows(reader, desk).offer(offers.get(reader, desk.actor, key)))

    @post(
        "/tracing/matching/offers",
        status_code=201,
        summary="Let a partner ask about a register, under a new key",
        tags=TAGS,
    )
    async def offer(data: OfferBody, desk: Desk) -> Response[OfferRow]:
        register_id = parse_id(data.register_id)

        def work(tx: Tx) -> OfferRow:
            made = offers.offer(
                tx,
                register_id,
                data.partner,
                day_queries=data.day_queries,
                case_queries=data.case_queries,
            )
            return rows(tx, desk).offer(made)

        answer = await desk.command(work, status=201)
        works.wake()
        return answer

    @post(
        "/tracing/matching/offers/{offer_id:str}/withdraw",
        status_code=200,
        summary="Answer no more under it",
        tags=TAGS,
    )
    async def withdraw(offer_id: str, desk: Desk) -> Response[OfferRow]:
        key = parse_id(offer_id)
        return await desk.command(lambda tx: rows(tx, desk).offer(offers.withdraw(tx, key, held=desk.held)))

    return [list_offers, get_offer, offer, withdraw]


def _sets(
    matching: Matching, works: MatchingWorks, store: Store, door: SetDoor, rows: MakeRows
) -> list[HTTPRouteHandler]:
    @get(
        "/tracing/matching/sets/{digest:str}",
        summary="The file of a set that was offered, by its digest; needs no session",
        tags=TAGS,
        before_request=_knock(door),
    )
    async def get_set(digest: str, request: Request[Any, Any, Any]) -> Response[Any]:
        named = check_digest(digest)
        door.need_stream()
        offer = await store.read(lambda reader: matching.offers.served(reader, named))
        size = offer.set_bytes
        wanted = _RANGE.fullmatch(request.headers.get("range", "").strip())
        start = 0 if wanted is None else int(wanted[1])
        said = {
            "accept-ranges": "bytes",
            "cache-control": "no-store",
            "content-encoding": "identity",
            "content-disposition": f'attachment; filename="{offer.key_id}.lanbiset"',
        }
        if start >= size:
            return Response(b"", status_code=416, headers={**said, "content-range": f"bytes */{size}"})
        said["content-length"] = str(size - start)
        if wanted is not None:
            said["content-range"] = f"bytes {start}-{size - 1}/{size}"
        return Stream(
            _pieces(store, door, offer, start),
            status_code=200 if wanted is None else 206,
            media_type=MEDIA,
            headers=said,
        )

    @post(
        "/tracing/matching/sets",
        status_code=200,
        summary="Take in a set that was carried by hand: its bytes as the body",
        tags=TAGS,
        request_max_body_size=SET_BYTES_MAX + MARGIN_BYTES,
    )
    async def take_in(body: bytes, desk: Desk) -> Response[OfferRow]:
        taken = await asyncio.to_thread(works.take_in, desk.actor, body)
        return await desk.look(lambda reader: rows(reader, desk).offer(taken))

    return [get_set, take_in]


def _pieces(store: Store, door: SetDoor, offer: Offer, start: int) -> Callable[[], AsyncIterator[bytes]]:
    async def read() -> AsyncIterator[bytes]:
        first, skip = divmod(start, PIECE_BYTES)
        async with door.streams:
            for n in range(first, -(-offer.set_bytes // PIECE_BYTES)):
                data = await store.read(lambda reader, n=n: sql.piece(reader, offer.digest, n))
                yield data[skip:] if n == first else data

    return read


def _knock(door: SetDoor) -> Callable[[Any], Awaitable[None]]:
    async def knock(_request: Any) -> None:
        door.knock()

    return knock


def _queries(matching: Matching, clock: Clock, rows: MakeRows) -> list[HTTPRouteHandler]:
    asking, offers = matching.asking, matching.offers

    @post(
        "/tracing/matching/askable",
        status_code=200,
        summary="Which firearms can be asked about, and why the others cannot",
        tags=TAGS,
    )
    async def askable(data: AskableBody, desk: Desk) -> Response[AskableRow]:
        ids = [parse_id(key) for key in data.firearms]
        offer_id = None if data.offer_id is None else parse_id(data.offer_id)

        def work(reader: Reader) -> AskableRow:
            sorting = asking.sort(reader, desk.actor, ids)
            offer = None if offer_id is None else offers.get(reader, desk.actor, offer_id)
            return rows(reader, desk).askable(sorting, offer)

        return await desk.look(work)

    @post(
        "/tracing/matching/queries",
        status_code=201,
        summary="Ask a partner which of these firearms are in its register",
        tags=TAGS,
    )
    async def ask(data: AskBody, desk: Desk) -> Response[AskedRow]:
        offer_id = parse_id(data.offer_id)
        ids = [parse_id(key) for key in data.firearms]

        def work(tx: Tx) -> AskedRow:
            query, sorting = asking.ask(tx, offer_id, ids, purpose=data.purpose, case=data.case)
            made = rows(tx, desk)
            return AskedRow(made.query(query), made.not_asked(sorting))

        # Not under a purpose of the reading: a command that is sent again must not ask again. It stands in
        # the fact.
        return await desk.command(work, status=201)

    @get("/tracing/matching/queries", summary="What we asked, newest first", tags=TAGS)
    async def list_queries(
        desk: Desk, *, partner: str = "", limit: Limit = None, cursor: Cursor = None
    ) -> Response[QueryPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> QueryPage:
            found = asking.page(reader, desk.actor, partner=partner, before=before, limit=size + 1)
            made = rows(reader, desk)
            items = [made.query(query) for query in found[:size]]
            return QueryPage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @get("/tracing/matching/queries/{query_id:str}", summary="One batch and all it asked about", tags=TAGS)
    async def get_query(query_id: str, desk: Desk) -> Response[QueryRow]:
        key = parse_id(query_id)
        return await desk.look(lambda reader: rows(reader, desk).query(*asking.get(reader, desk.actor, key)))

    @post(
        "/tracing/matching/queries/{query_id:str}/open",
        status_code=200,
        summary="See which firearms hit, on the record, for the desk’s purpose",
        tags=TAGS,
    )
    async def open_hits(query_id: str, desk: Desk) -> Response[OpenedRow]:
        key = parse_id(query_id)
        purpose = matching.tracing.need_desk(desk.session, clock.now()).purpose
        return await desk.command(
            lambda tx: rows(tx, desk).opened(asking.open(tx, key, desk.session)), purpose=purpose
        )

    return [askable, ask, list_queries, get_query, open_hits]


def _log(matching: Matching, rows: MakeRows) -> list[HTTPRouteHandler]:
    asking = matching.asking

    @get("/tracing/matching/log", summary="Who asked whom, to compare with the partner’s", tags=TAGS)
    async def log(
        desk: Desk,
        *,
        side: OfSide = None,
        partner: str = "",
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[LogPage]:
        size, before, direction = page_limit(limit), page_before(cursor), _one_of(_DIRECTIONS, side)

        def work(reader: Reader) -> LogPage:
            found = asking.log(
                reader, desk.actor, direction=direction, partner=partner, before=before, limit=size + 1
            )
            made = rows(reader, desk)
            return LogPage(
                [made.line(query) for query in found[:size]],
                str(found[size - 1].made_seq) if len(found) > size else None,
                TotalsRow(*asking.totals(reader, direction=direction, partner=partner)),
            )

        return await desk.look(work)

    return [log]


def _one_of(known: dict[str, Any], given: str | None) -> Any:
    if not given:
        return None
    if given not in known:
        raise Malformed("matching-side", given=given[:40], known=", ".join(known))
    return known[given]


# ------------------------------------------------------------------ the other end


class HttpFetch:
    """Sets of other sites, over HTTPS. `close()` it in the end."""

    def __init__(self, *, verify: bool | str = True) -> None:
        """`verify`: whether the other side's certificate is checked, or the file of the authorities."""
        import httpx  # only who fetches sets pays for it

        self._httpx = httpx
        self._client = httpx.Client(
            timeout=httpx.Timeout(IO_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1),
            follow_redirects=False,  # where a set comes from is the administrator's word alone
            verify=verify,
        )

    def __call__(self, url: str, digest: str, start: int) -> Iterator[bytes]:
        """See `service.Fetch`; what comes is cut off after ten minutes, and goes on the next time."""
        httpx, end_s = self._httpx, monotonic() + FETCH_TIMEOUT_S
        headers = {"accept-encoding": "identity"}
        if start:
            headers["range"] = f"bytes={start}-"
        try:
            with self._client.stream("GET", url + SET_HREF + digest, headers=headers) as answer:
                if answer.status_code not in (200, 206):
                    raise _problem(answer)
                # Who does not understand the range sends all of it again.
                skip = start if answer.status_code == 200 else 0
                for piece in answer.iter_bytes():
                    yield piece[skip:]
                    skip = max(0, skip - len(piece))
                    if monotonic() > end_s:
                        raise FetchError("link-timeout")
        except httpx.TimeoutException as error:
            raise FetchError("link-timeout") from error
        except httpx.HTTPError as error:
            raise FetchError("link-down") from error

    def close(self) -> None:
        self._client.close()


class _Problem(msgspec.Struct, frozen=True):
    """What of a problem (RFC 9457) is looked at."""

    code: str


_problem_decoder = msgspec.json.Decoder(_Problem)


def _problem(answer: Any) -> FetchError:
    """Why a set was not handed out, as far as it can be read."""
    found, status = bytearray(), int(answer.status_code)
    for piece in answer.iter_bytes():
        found += piece
        if len(found) > PROBLEM_BYTES_MAX:
            return FetchError("link-answer-strange", status=status)
    try:
        code = _problem_decoder.decode(bytes(found)).code
    except (msgspec.MsgspecError, ValueError):
        code = ""
    if 0 < len(code) <= REASON_CHARS_MAX and code.isascii():
        return FetchError("link-refused", status=status, reason=code)
    return FetchError("link-answer-strange", status=status)
