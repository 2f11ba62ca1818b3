"""Calls and promises over HTTP and on the live picture."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec.structs import replace

from lanbi.calls import sql
from lanbi.calls.cards import Card
from lanbi.calls.model import Call, CallState, CardAnswer, Piece, Promise, excerpt
from lanbi.calls.service import Calls
from lanbi.core.access import Actor, Person
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.geo import Area
from lanbi.core.ids import parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader
from lanbi.core.time import parse_instant, rfc3339, rfc3339_or_none
from lanbi.record.log import LogPage, log_page

CALL_TAGS = ["calls"]
PROMISE_TAGS = ["promises"]
Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]
ListedState = Annotated[
    Literal["offered", "answered", "ended", "abandoned", "owed"] | None,
    QueryParameter(name="state", description="`owed`: missed calls that nobody has called back yet."),
]


class CallbackRow(msgspec.Struct, frozen=True):
    """A missed call that is to be called back."""

    due_at: str
    attempts: int
    settled_at: str | None
    outcome: str | None


class AnswerRow(msgspec.Struct, frozen=True):
    """What was answered to a question of a card: a code or a figure, or free `words`."""

    card: str
    question: str
    answer: str | None
    words: str | None
    lang: str | None
    at: str
    by: Person


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A call as the API and the live picture show it. Times are RFC 3339, UTC.

    `line`: the masked number. `words`: the beginning of what came first; None, as are
    the words of `area` and of answers empty, for who may not read them, and once they are
    erased. `claimed_by`: who means to take it, which says something until `claimed_until`.
    `held_at`: since when the caller waits on the line. `answers`: to the cards' questions.
    """

    id: str
    version: int
    number: int
    channel: str
    state: CallState
    offered_at: str
    answered_at: str | None
    ended_at: str | None
    line: str | None
    lang: str | None
    area: Area | None
    taken_by: Person | None
    incident_id: str | None
    words: str | None
    callback: CallbackRow | None
    claimed_by: Person | None
    claimed_until: str | None
    held_at: str | None
    answers: list[AnswerRow]


class WordsRow(msgspec.Struct, frozen=True):
    """One piece of what was said, written or transcribed, whole."""

    words: str | None
    lang: str | None
    at: str
    by: Person


class CallWhole(CallRow, frozen=True, kw_only=True):
    """One call with all its words, in the order in which they came."""

    all_words: list[WordsRow]


class CallPage(msgspec.Struct, frozen=True):
    """One page of calls, newest first."""

    items: list[CallRow]
    next: str | None


class PromiseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A promise as the API and the live picture show it. Times are RFC 3339, UTC."""

    id: str
    version: int
    call_id: str | None
    incident_id: str | None
    kind: str
    words: str | None
    owner: Person
    made_at: str
    due_at: str
    settled_at: str | None
    outcome: str | None


class PromisePage(msgspec.Struct, frozen=True):
    """One page of promises, newest first."""

    items: list[PromiseRow]
    next: str | None


class Revealed(msgspec.Struct, frozen=True):
    """A sealed value in clear."""

    value: str


class OfferBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A call that rings; `offered_at` for one that is entered later."""

    channel: str
    number: str | None = None
    name: str | None = None
    lang: str | None = None
    area: Area | None = None
    words: str | None = None
    offered_at: str | None = None


class TextBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A report in writing, to the letter."""

    channel: Literal["sms", "web"]
    words: str
    number: str | None = None
    lang: str | None = None
    area: Area | None = None


class LocateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    area: Area


class LanguageBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lang: str


class WordsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str
    lang: str | None = None


class AnswerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`answer`: a code, a figure or words, as the question takes it; null takes back what stands."""

    card: str
    question: str
    answer: str | None
    lang: str | None = None


class JoinBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    incident_id: str


class CallbackBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: Literal["reached", "no_answer", "settled"]


class RevealBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`purpose`: a code of the vocabulary `purposes`."""

    field: Literal["number", "name"]
    purpose: str


class PromiseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """To a caller, about an incident, or both. Due after what its kind usually gives unless told."""

    kind: str
    words: str = ""
    call_id: str | None = None
    incident_id: str | None = None
    due_in_s: int | None = None
    due_at: str | None = None
    owner: str | None = None


class SettleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: Literal["kept", "released", "broken"]
    words: str = ""


def row_of(call: Call) -> CallRow:
    """The row with all its words; `without_words` is for those who may not read them."""
    taker, debt = call.taken_by, call.callback
    return CallRow(
        id=call.id,
        version=call.seq,
        number=call.number,
        channel=call.channel,
        state=call.state,
        offered_at=rfc3339(call.offered_at),
        answered_at=rfc3339_or_none(call.answered_at),
        ended_at=rfc3339_or_none(call.ended_at),
        line=call.line,
        lang=call.lang,
        area=call.area,
        taken_by=None if taker is None else Person(taker.id, taker.name),
        incident_id=call.incident_id,
        words=None if call.words is None else excerpt(call.words),
        callback=None
        if debt is None
        else CallbackRow(rfc3339(debt.due_at), debt.attempts, rfc3339_or_none(debt.settled_at), debt.outcome),
        claimed_by=None if call.claimed_by is None else Person(call.claimed_by.id, call.claimed_by.name),
        claimed_until=rfc3339_or_none(call.claimed_until),
        held_at=rfc3339_or_none(call.held_at),
        answers=[_answer_row(answer) for answer in call.answers],
    )


def _answer_row(answer: CardAnswer) -> AnswerRow:
    return AnswerRow(
        card=answer.card,
        question=answer.question,
        answer=answer.answer,
        words=None if answer.words is None else excerpt(answer.words),
        lang=answer.lang,
        at=rfc3339(answer.at),
        by=Person(answer.by.id, answer.by.name),
    )


def without_words(row: CallRow) -> CallRow:
    """The row for who may see calls but not read what callers said."""
    area = None if row.area is None else replace(row.area, words="")
    answers = [replace(answer, words=None) for answer in row.answers]
    return replace(row, words=None, area=area, answers=answers)


def promise_row_of(promise: Promise) -> PromiseRow:
    """The row with its words."""
    return PromiseRow(
        id=promise.id,
        version=promise.seq,
        call_id=promise.call_id,
        incident_id=promise.incident_id,
        kind=promise.kind,
        words=promise.words,
        owner=Person(promise.owner.id, promise.owner.name),
        made_at=rfc3339(promise.made_at),
        due_at=rfc3339(promise.due_at),
        settled_at=rfc3339_or_none(promise.settled_at),
        outcome=promise.outcome,
    )


def _words_row(piece: Piece) -> WordsRow:
    return WordsRow(piece.words, piece.lang, rfc3339(piece.at), Person(piece.by.id, piece.by.name))


def live(calls: Calls) -> list[LiveKind]:
    """What waits or speaks, and what is owed: calls, and promises not yet settled."""

    def calls_changed(reader: Reader, since: int) -> Changed:
        return [
            (call.id, call.seq, row_of(call) if call.pictured else None)
            for call in sql.changed(reader, since)
        ]

    def call_seen_by(row: CallRow, actor: Actor) -> CallRow:
        return row if calls.may_read_words(actor) else without_words(row)

    def promises_changed(reader: Reader, since: int) -> Changed:
        return [
            (promise.id, promise.seq, promise_row_of(promise) if promise.settled_at is None else None)
            for promise in sql.promises_changed(reader, since)
        ]

    def promise_seen_by(row: PromiseRow, actor: Actor) -> PromiseRow:
        return row if calls.may_read_words(actor) else replace(row, words=None)

    return [
        LiveKind(kind="call", action="calls.see", changed=calls_changed, seen_by=call_seen_by),
        LiveKind(kind="promise", action="promises.see", changed=promises_changed, seen_by=promise_seen_by),
    ]


def routes(calls: Calls) -> list[HTTPRouteHandler]:
    """The handlers of /cards, /calls and /promises."""
    return [_cards_route(calls), *_call_routes(calls), *_promise_routes(calls)]


def _cards_route(calls: Calls) -> HTTPRouteHandler:
    @get("/cards", summary="The question cards, whole, in four languages", tags=["cards"])
    async def get_cards(desk: Desk, request: Request[Any, Any, Any]) -> Response[list[Card]]:
        desk.actor  # noqa: B018 - for the signed-in
        cards = calls.cards
        headers = {"etag": cards.tag, "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == cards.tag:
            return Response(b"", status_code=304, headers=headers)  # pyright: ignore[reportReturnType]
        return Response(cards.body, media_type=MediaType.JSON, headers=headers)  # pyright: ignore[reportReturnType]

    return get_cards


def _call_routes(calls: Calls) -> list[HTTPRouteHandler]:
    def shown(call: Call, actor: Actor) -> CallRow:
        row = row_of(call)
        return row if calls.may_read_words(actor) else without_words(row)

    @post("/calls", status_code=201, summary="Offer a call", tags=CALL_TAGS)
    async def offer(data: OfferBody, desk: Desk) -> Response[CallRow]:
        offered_at = None if data.offered_at is None else parse_instant(data.offered_at)
        return await desk.command(
            lambda tx: shown(
                calls.offer(
                    tx,
                    channel=data.channel,
                    number=data.number,
                    name=data.name,
                    lang=data.lang,
                    area=data.area,
                    text=data.words,
                    offered_at=offered_at,
                ),
                tx.actor,
            ),
            status=201,
        )

    @post("/calls/texts", status_code=201, summary="Take in a report in writing", tags=CALL_TAGS)
    async def take_text(data: TextBody, desk: Desk) -> Response[CallRow]:
        return await desk.command(
            lambda tx: shown(
                calls.text(
                    tx,
                    channel=data.channel,
                    text=data.words,
                    number=data.number,
                    lang=data.lang,
                    area=data.area,
                ),
                tx.actor,
            ),
            status=201,
        )

    @get("/calls", summary="List calls, newest first", tags=CALL_TAGS)
    async def list_calls(
        desk: Desk,
        *,
        in_state: ListedState = None,
        incident_id: str | None = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[CallPage]:
        size, before = page_limit(limit), page_before(cursor)
        about = None if incident_id is None else parse_id(incident_id)

        def work(reader: Reader) -> CallPage:
            found = calls.page(
                reader, desk.actor, state=in_state, incident_id=about, before=before, limit=size + 1
            )
            items = [shown(call, desk.actor) for call in found[:size]]
            return CallPage(items, str(items[-1].number) if len(found) > size else None)

        return await desk.look(work)

    @get("/calls/{call_id:str}", summary="One call, with all its words", tags=CALL_TAGS)
    async def get_call(call_id: str, desk: Desk) -> Response[CallWhole]:
        key = parse_id(call_id)

        def work(reader: Reader) -> CallWhole:
            row = shown(calls.get(reader, desk.actor, key), desk.actor)
            pieces = calls.pieces(reader, desk.actor, key)
            return CallWhole(**msgspec.structs.asdict(row), all_words=[_words_row(piece) for piece in pieces])

        return await desk.look(work)

    @get("/calls/{call_id:str}/log", summary="The log of a call, newest first", tags=CALL_TAGS)
    async def get_log(
        call_id: str, desk: Desk, limit: Limit = None, cursor: Cursor = None
    ) -> Response[LogPage]:
        key, size, before = parse_id(call_id), page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> LogPage:
            return log_page(calls.log(reader, desk.actor, key, before=before, limit=size + 1), size)

        return await desk.look(work)

    @post("/calls/{call_id:str}/answer", status_code=200, summary="Take it", tags=CALL_TAGS)
    async def answer(call_id: str, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.answer(tx, key), tx.actor))

    @post("/calls/{call_id:str}/claim", status_code=200, summary="Say that you take it", tags=CALL_TAGS)
    async def claim(call_id: str, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.claim(tx, key), tx.actor))

    @post("/calls/{call_id:str}/hold", status_code=200, summary="Let the caller wait", tags=CALL_TAGS)
    async def hold(call_id: str, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.hold(tx, key), tx.actor))

    @post("/calls/{call_id:str}/resume", status_code=200, summary="Speak to them again", tags=CALL_TAGS)
    async def resume(call_id: str, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.resume(tx, key), tx.actor))

    @post(
        "/calls/{call_id:str}/answers",
        status_code=200,
        summary="Answer a question of a card",
        tags=CALL_TAGS,
    )
    async def answer_card(call_id: str, data: AnswerBody, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(
            lambda tx: shown(
                calls.answer_card(
                    tx, key, card=data.card, question=data.question, answer=data.answer, lang=data.lang
                ),
                tx.actor,
            )
        )

    @post("/calls/{call_id:str}/abandon", status_code=200, summary="It stopped ringing", tags=CALL_TAGS)
    async def abandon(call_id: str, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.abandon(tx, key), tx.actor))

    @post("/calls/{call_id:str}/end", status_code=200, summary="End it", tags=CALL_TAGS)
    async def end(call_id: str, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.end(tx, key), tx.actor))

    @post("/calls/{call_id:str}/locate", status_code=200, summary="Set where it is", tags=CALL_TAGS)
    async def locate(call_id: str, data: LocateBody, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(
            lambda tx: shown(calls.locate(tx, key, data.area, held=desk.held), tx.actor)
        )

    @post("/calls/{call_id:str}/language", status_code=200, summary="Set its language", tags=CALL_TAGS)
    async def set_language(call_id: str, data: LanguageBody, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(
            lambda tx: shown(calls.set_language(tx, key, data.lang, held=desk.held), tx.actor)
        )

    @post("/calls/{call_id:str}/words", status_code=200, summary="Append what was said", tags=CALL_TAGS)
    async def add_words(call_id: str, data: WordsBody, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(
            lambda tx: shown(calls.add_words(tx, key, data.words, lang=data.lang), tx.actor)
        )

    @post("/calls/{call_id:str}/join", status_code=200, summary="Join it to an incident", tags=CALL_TAGS)
    async def join(call_id: str, data: JoinBody, desk: Desk) -> Response[CallRow]:
        key, incident_id = parse_id(call_id), parse_id(data.incident_id)
        return await desk.command(lambda tx: shown(calls.join(tx, key, incident_id), tx.actor))

    @post("/calls/{call_id:str}/unjoin", status_code=200, summary="Undo a join", tags=CALL_TAGS)
    async def unjoin(call_id: str, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.unjoin(tx, key), tx.actor))

    @post("/calls/{call_id:str}/callback", status_code=200, summary="Note a call-back", tags=CALL_TAGS)
    async def call_back(call_id: str, data: CallbackBody, desk: Desk) -> Response[CallRow]:
        key = parse_id(call_id)
        return await desk.command(lambda tx: shown(calls.callback(tx, key, data.outcome), tx.actor))

    @post(
        "/calls/{call_id:str}/reveal",
        status_code=200,
        summary="Open the sealed number or name, for a purpose",
        tags=CALL_TAGS,
    )
    async def reveal(call_id: str, data: RevealBody, desk: Desk) -> Response[Revealed]:
        key = parse_id(call_id)
        return await desk.command(
            lambda tx: Revealed(calls.reveal(tx, key, data.field)), purpose=data.purpose
        )

    return [
        offer,
        take_text,
        list_calls,
        get_call,
        get_log,
        answer,
        claim,
        hold,
        resume,
        answer_card,
        abandon,
        end,
        locate,
        set_language,
        add_words,
        join,
        unjoin,
        call_back,
        reveal,
    ]


def _promise_routes(calls: Calls) -> list[HTTPRouteHandler]:
    def shown(promise: Promise, actor: Actor) -> PromiseRow:
        row = promise_row_of(promise)
        return row if calls.may_read_words(actor) else replace(row, words=None)

    @get("/promises", summary="List promises, newest first", tags=PROMISE_TAGS)
    async def list_promises(
        desk: Desk,
        *,
        in_state: Annotated[Literal["open"] | None, QueryParameter(name="state")] = None,
        call_id: str | None = None,
        incident_id: str | None = None,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response[PromisePage]:
        size, before = page_limit(limit), page_before(cursor)
        to = None if call_id is None else parse_id(call_id)
        about = None if incident_id is None else parse_id(incident_id)

        def work(reader: Reader) -> PromisePage:
            found = calls.promises(
                reader,
                desk.actor,
                unsettled=in_state == "open",
                call_id=to,
                incident_id=about,
                before=before,
                limit=size + 1,
            )
            items = [shown(promise, desk.actor) for promise in found[:size]]
            return PromisePage(items, str(found[size - 1].made_seq) if len(found) > size else None)

        return await desk.look(work)

    @post("/promises", status_code=201, summary="Make a promise", tags=PROMISE_TAGS)
    async def make(data: PromiseBody, desk: Desk) -> Response[PromiseRow]:
        due_at = None if data.due_at is None else parse_instant(data.due_at)
        return await desk.command(
            lambda tx: shown(
                calls.promise(
                    tx,
                    kind=data.kind,
                    text=data.words,
                    call_id=None if data.call_id is None else parse_id(data.call_id),
                    incident_id=None if data.incident_id is None else parse_id(data.incident_id),
                    owner=data.owner,
                    due_in_s=data.due_in_s,
                    due_at=due_at,
                ),
                tx.actor,
            ),
            status=201,
        )

    @post("/promises/{promise_id:str}/settle", status_code=200, summary="Settle it", tags=PROMISE_TAGS)
    async def settle(promise_id: str, data: SettleBody, desk: Desk) -> Response[PromiseRow]:
        key = parse_id(promise_id)
        return await desk.command(
            lambda tx: shown(calls.settle(tx, key, data.outcome, text=data.words), tx.actor)
        )

    return [list_promises, make, settle]
