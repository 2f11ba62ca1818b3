"""Tips over HTTP: the public door, the call taker's form, the triage desk; and on the live picture.

The public door looks at no cookie, header or address. Every answer to a POST there has the status 200 and
the same number of bytes, and leaves at a fixed beat after the question came. Who only sees the line cannot
tell a code that opens nothing, or a full door, from a tip that was taken.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from lanbi.core.access import DEFAULT_LANGUAGE, LANGUAGES, SYSTEM, Actor
from lanbi.core.desk import Desk, page_before, page_limit
from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.ids import new_id, parse_id
from lanbi.core.live import Changed, LiveKind
from lanbi.core.ports import Reader, Store
from lanbi.core.time import Clock, Instant, rfc3339, rfc3339_or_none
from lanbi.locales import hint, say
from lanbi.tips import plain, sql
from lanbi.tips.door import Door
from lanbi.tips.model import Passed, Tip, TipState, Told
from lanbi.tips.receipt import grouped
from lanbi.tips.service import Opened, Tips

PUBLIC_TAGS = ["tips: public"]
TAGS = ["tips"]
REQUEST_BYTES_MAX = 65_536
ANSWER_BYTES = 16_384
CHALLENGE_BYTES = 1_000  # under the size from which answers are compressed
BEAT_S = 0.5
IN_HAND_MAX = 64

Limit = Annotated[int | None, QueryParameter(description="1 to 200 rows; 50 unless told.")]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before.")]
ListedState = Annotated[TipState | None, QueryParameter(name="state", description="Of one state only.")]

_UNSTORED = {"cache-control": "no-store, no-transform", "pragma": "no-cache"}
_encoder = msgspec.json.Encoder()


# -- bodies and rows --------------------------------------------------------------------------


class GiveTipBody(msgspec.Struct, frozen=True, kw_only=True):
    """A tip, and the work that was done for it. `pad`: whatever makes all questions equally long."""

    words: str
    place: str = ""
    lang: str = DEFAULT_LANGUAGE
    challenge: str
    answer: str
    pad: str = ""


class FollowTipBody(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt code; `words` to add some."""

    code: str
    words: str = ""
    lang: str = DEFAULT_LANGUAGE
    challenge: str
    answer: str
    pad: str = ""


class TipReplyRow(msgspec.Struct, frozen=True):
    """What the desk answered."""

    at: str
    words: str


class PublicTipRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a question at the public door.

    `outcome`: received (with `code`, this once) · thread (with `replies`) · added (with `replies`) ·
    unknown (the code opens nothing) · refused (with `problem`, and `retry_after_s` where waiting helps).
    """

    outcome: Literal["received", "thread", "added", "unknown", "refused"]
    code: str | None = None
    replies: list[TipReplyRow] = []
    problem: str | None = None
    detail: str = ""
    hint: str = ""
    retry_after_s: int | None = None
    pad: str = ""


class TipChallengeRow(msgspec.Struct, frozen=True, kw_only=True):
    """Find `answer` (decimal digits) so that SHA-256(challenge ":" answer) begins with `bits` zero bits."""

    open: bool
    challenge: str
    bits: int
    expires_in_s: int
    pad: str = ""


class TakeTipBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A tip told by telephone: the words, and never the number."""

    words: str
    place: str = ""
    lang: str = DEFAULT_LANGUAGE


class TipCodeRow(msgspec.Struct, frozen=True):
    """The receipt code, to be read out this once."""

    code: str


class TipRow(msgspec.Struct, frozen=True, kw_only=True):
    """A tip without its words, as triage sees it. Times are RFC 3339, UTC."""

    id: str
    version: int
    number: int
    taken_in_at: str
    state: TipState
    reliability: str | None
    credibility: str | None
    confidence: str | None
    outcome: str | None
    unread: int
    pieces: int
    erase_at: str
    erased_at: str | None


class TipPage(msgspec.Struct, frozen=True):
    """One page of tips, newest first."""

    items: list[TipRow]
    next: str | None


class TipPieceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One piece in clear. `at`: rounded down to ten minutes where it came from outside; `by`: the desk."""

    at: str
    words: str
    by: str | None = None
    channel: str | None = None
    lang: str | None = None
    place: str | None = None


class TipPassedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the floor got."""

    as_: str = msgspec.field(name="as")
    subject: str
    number: int | None
    words: str
    by: str
    at: str


class TipWhole(TipRow, frozen=True, kw_only=True):
    """A tip in clear."""

    all_pieces: list[TipPieceRow]
    passed: TipPassedRow | None


class CompartmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """The compartment as the desk sees it; `open_until` for this very session."""

    id: str | None
    public_key: str | None
    made_at: str | None
    open_until: str | None
    demo_passphrase: str | None


class PassphraseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    passphrase: str


class ChangePassphraseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    old: str
    new: str


class TipReadBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`purpose`: a code of the vocabulary `tip_purposes`."""

    purpose: str


class GradeTipBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reliability: str
    credibility: str
    confidence: str


class TipReplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str


class TipCloseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`outcome`: a code of the vocabulary `tip_outcomes`."""

    outcome: str


class PassTipOnBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new text for the floor, in the desk's own words. `code`: kind of observation or type of incident."""

    as_: Literal["observation", "incident"] = msgspec.field(name="as")
    words: str
    code: str | None = None
    area: Area | None = None


class TideRow(msgspec.Struct, frozen=True):
    """How many pieces came in."""

    taken_in: int


def row_of(tip: Tip) -> TipRow:
    """The row that triagers and their live picture see."""
    return TipRow(
        id=tip.id,
        version=tip.seq,
        number=tip.number,
        taken_in_at=rfc3339(tip.taken_in_at),
        state=tip.state,
        reliability=tip.reliability,
        credibility=tip.credibility,
        confidence=tip.confidence,
        outcome=tip.outcome,
        unread=tip.unread,
        pieces=tip.pieces,
        erase_at=rfc3339(tip.erase_at),
        erased_at=rfc3339_or_none(tip.erased_at),
    )


def _passed_row(passed: Passed) -> TipPassedRow:
    return TipPassedRow(
        as_=passed.as_,
        subject=passed.subject,
        number=passed.number,
        words=passed.words,
        by=passed.by,
        at=rfc3339(passed.at),
    )


def _whole(opened: Opened) -> TipWhole:
    pieces = [
        TipPieceRow(
            at=rfc3339(at),
            words=piece.words,
            channel=piece.channel,
            lang=piece.lang,
            place=piece.place or None,
        )
        if isinstance(piece, Told)
        else TipPieceRow(at=rfc3339(at), words=piece.words, by=piece.by)
        for at, piece in opened.pieces
    ]
    return TipWhole(
        **msgspec.structs.asdict(row_of(opened.tip)),
        all_pieces=pieces,
        passed=None if opened.passed is None else _passed_row(opened.passed),
    )


def live() -> list[LiveKind]:
    """Tips that triage has to do with: number, clocks, state and grades."""

    def changed(reader: Reader, since: int) -> Changed:
        return [
            (tip.id, tip.seq, row_of(tip) if tip.pictured else None) for tip in sql.changed(reader, since)
        ]

    def seen_by(row: TipRow, _actor: Actor) -> TipRow:
        return row

    return [LiveKind(kind="tip", action="tips.triage", changed=changed, seen_by=seen_by)]


def routes(
    tips: Tips, store: Store, clock: Clock, *, demo_passphrase: str | None = None, beat_s: float = BEAT_S
) -> list[HTTPRouteHandler]:
    """The handlers of /public/tips and /tips. `beat_s`: public answers leave at whole beats."""
    return [
        *_public_routes(tips, store, Door(clock.monotonic), beat_s),
        *_desk_routes(tips, store, clock, Door(clock.monotonic), demo_passphrase),
    ]


# -- the public door --------------------------------------------------------------------------


def _public_routes(tips: Tips, store: Store, door: Door, beat_s: float) -> list[HTTPRouteHandler]:
    in_hand = asyncio.Semaphore(IN_HAND_MAX)

    async def at_the_beat(
        work: Callable[[], Awaitable[PublicTipRow]], lang: Callable[[], str]
    ) -> PublicTipRow:
        """What became of it, refusals included, at the next whole beat."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with in_hand:
            try:
                row = await work()
            except LanbiError as error:
                row = _refused(lang(), error)
        await asyncio.sleep(beat_s - (loop.time() - began) % beat_s if beat_s else 0)
        return row

    async def give(told: GiveTipBody) -> PublicTipRow:
        code = await store.write(
            SYSTEM,
            lambda tx: tips.receive(
                tx, channel="web", lang=_lang(told.lang), text=told.words, place=told.place
            ),
        )
        return PublicTipRow(outcome="received", code=grouped(code))

    async def follow(asked: FollowTipBody) -> PublicTipRow:
        added = False
        if asked.words.strip():
            added = await store.write(
                SYSTEM, lambda tx: tips.add(tx, asked.code, lang=_lang(asked.lang), text=asked.words)
            )
        else:
            # The same way through the writer, so that both take the same time.
            await store.write(SYSTEM, lambda _tx: None)
        replies = await store.read(lambda reader: tips.replies(reader, asked.code))
        if replies is None:
            return PublicTipRow(outcome="unknown")
        shown = [TipReplyRow(rfc3339(reply.at), reply.words) for reply in replies]
        return PublicTipRow(outcome="added" if added else "thread", replies=shown)

    @get("/public/tips/challenge", summary="A piece of work to do first", tags=PUBLIC_TAGS)
    async def get_challenge() -> Response[TipChallengeRow]:
        is_open = await store.read(tips.is_open)
        work = door.challenge()
        row = TipChallengeRow(
            open=is_open, challenge=work.challenge, bits=work.bits, expires_in_s=work.expires_in_s
        )
        return _unstored(_filled(row, CHALLENGE_BYTES))

    @post("/public/tips", status_code=200, summary="Give a tip", tags=PUBLIC_TAGS,
          request_max_body_size=REQUEST_BYTES_MAX)  # fmt: skip
    async def post_tip(request: Request) -> Response[PublicTipRow]:
        raw = await request.body()
        spoken = [DEFAULT_LANGUAGE]

        async def work() -> PublicTipRow:
            told = _read(raw, GiveTipBody)
            spoken[0] = _lang(told.lang)
            door.let_in(told.challenge, told.answer)
            return await give(told)

        return _unstored(_filled(await at_the_beat(work, lambda: spoken[0]), ANSWER_BYTES))

    @post("/public/tips/follow", status_code=200, summary="Read the replies to a tip, or add words to it",
          tags=PUBLIC_TAGS, request_max_body_size=REQUEST_BYTES_MAX)  # fmt: skip
    async def post_follow(request: Request) -> Response[PublicTipRow]:
        raw = await request.body()
        spoken = [DEFAULT_LANGUAGE]

        async def work() -> PublicTipRow:
            asked = _read(raw, FollowTipBody)
            spoken[0] = _lang(asked.lang)
            door.let_in(asked.challenge, asked.answer)
            return await follow(asked)

        return _unstored(_filled(await at_the_beat(work, lambda: spoken[0]), ANSWER_BYTES))

    @get("/public/tips/plain/{lang:str}", summary="The page for browsers without JavaScript",
         tags=PUBLIC_TAGS, media_type=MediaType.HTML)  # fmt: skip
    async def get_plain(lang: str) -> Response[bytes]:
        return _html(plain.page(_lang(lang)))

    @post("/public/tips/plain", status_code=200, summary="Both of its forms", tags=PUBLIC_TAGS,
          media_type=MediaType.HTML, request_max_body_size=REQUEST_BYTES_MAX)  # fmt: skip
    async def post_plain(request: Request) -> Response[bytes]:
        raw = await request.body()
        fields = {name: values[0] for name, values in _form(raw).items()}
        lang = _lang(fields.get("lang", ""))
        code, said = fields.get("code", ""), fields.get("words", "").replace("\r\n", "\n")

        async def work() -> PublicTipRow:
            door.let_in_plain()
            if "code" in fields:
                return await follow(FollowTipBody(code=code, words=said, lang=lang, challenge="", answer=""))
            place = fields.get("place", "")
            return await give(GiveTipBody(words=said, place=place, lang=lang, challenge="", answer=""))

        row = await at_the_beat(work, lambda: lang)
        kept = {}
        if row.outcome in ("refused", "unknown"):
            kept = {"code": code, "more": said} if "code" in fields else fields
        told, advice = row.detail, row.hint
        if row.outcome != "refused":
            outcome = "silent" if row.outcome == "thread" and not row.replies else row.outcome
            told, advice = say(lang, f"tips-plain-{outcome}"), hint(lang, f"tips-plain-{outcome}")
        return _html(
            plain.page(
                lang,
                told=told,
                advice=advice,
                code=row.code or "",
                replies=[(reply.at[:10], reply.words) for reply in row.replies],
                kept=kept,
            )
        )

    return [get_challenge, post_tip, post_follow, get_plain, post_plain]


def _read(raw: bytes, type_: type[Any]) -> Any:
    try:
        return msgspec.json.decode(raw, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # What was sent is not repeated, not even where it is wrong.
        raise Malformed("tips-unreadable") from None


def _form(raw: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=8)
    except (UnicodeDecodeError, ValueError):
        return {}


def _lang(wanted: str) -> str:
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def _refused(lang: str, error: LanbiError) -> PublicTipRow:
    args = error.args_by_name
    wait = args.get("retry_after_s")
    return PublicTipRow(
        outcome="refused",
        problem=error.code,
        detail=say(lang, error.code, **args),
        hint=hint(lang, error.code, **args),
        retry_after_s=wait if isinstance(wait, int) else None,
    )


def _filled(row: Any, size: int) -> bytes:
    """The row as JSON of exactly `size` bytes; of the next multiple where it is longer."""
    bare = len(_encoder.encode(row))
    room = -bare % size
    # Of chance, so that whatever compresses it on the way does not make it short again.
    pad = secrets.token_urlsafe(room)[:room]
    return _encoder.encode(msgspec.structs.replace(row, pad=pad))


def _unstored(body: bytes) -> Response[Any]:
    return Response(body, media_type=MediaType.JSON, headers=_UNSTORED)


def _html(text: str) -> Response[bytes]:
    return Response(plain.padded(text, ANSWER_BYTES), media_type=MediaType.HTML, headers=_UNSTORED)


# -- those who are signed in -------------------------------------------------------------------


def _desk_routes(
    tips: Tips, store: Store, clock: Clock, door: Door, demo_passphrase: str | None
) -> list[HTTPRouteHandler]:
    # One guess at a time in this process: each takes 64 MiB.
    one_guess = asyncio.Lock()

    def compartment_row(found: sql.Compartment | None, until: Instant | None) -> CompartmentRow:
        return CompartmentRow(
            id=None if found is None else found.pair.id,
            public_key=None if found is None else found.pair.public_key.hex(),
            made_at=None if found is None else rfc3339(found.made_at),
            open_until=rfc3339_or_none(until),
            demo_passphrase=None if found is None else demo_passphrase,
        )

    @post("/tips", status_code=201, summary="Write down a tip that is told by telephone", tags=TAGS,
          request_max_body_size=REQUEST_BYTES_MAX)  # fmt: skip
    async def take(data: TakeTipBody, desk: Desk) -> Response[TipCodeRow]:
        tips.may_take(desk.actor)
        door.let_in_voice()
        # By the node and not by the call taker, and without an idempotency key: neither the record nor
        # any other table is to say who held the telephone, nor when.
        code = await store.write(
            SYSTEM,
            lambda tx: tips.receive(tx, channel="voice", lang=data.lang, text=data.words, place=data.place),
        )
        return Response(TipCodeRow(grouped(code)), status_code=201, headers=_UNSTORED)

    @get("/tips/compartment", summary="The compartment, and whether it is unlocked here", tags=TAGS)
    async def get_compartment(desk: Desk) -> Response[CompartmentRow]:
        return await desk.look(
            lambda reader: compartment_row(
                tips.compartment(reader, desk.actor), tips.open_until(desk.session)
            )
        )

    @post("/tips/compartment", status_code=201, summary="Make a new key pair", tags=TAGS)
    async def make_compartment(data: PassphraseBody, desk: Desk) -> Response[CompartmentRow]:
        tips.check_making(desk.actor, data.passphrase)
        async with one_guess:
            pair = await asyncio.to_thread(tips.new_pair, new_id(clock.now()), data.passphrase)
        made = await store.write(desk.actor, lambda tx: tips.make(tx, pair))
        return Response(compartment_row(made, None), status_code=201, headers=_UNSTORED)

    @post("/tips/compartment/passphrase", status_code=200, summary="Change the passphrase", tags=TAGS)
    async def change_passphrase(data: ChangePassphraseBody, desk: Desk) -> Response[CompartmentRow]:
        tips.check_making(desk.actor, data.new)
        async with one_guess:
            # In its turn: of many guesses sent at once, each must know of those before it, and of a change.
            pairs = await store.read(lambda reader: tips.pairs(reader, desk.actor))
            tips.may_try(desk.actor)
            try:
                pair = await asyncio.to_thread(tips.rewrapped, pairs[0], data.old, data.new)
            except Refused:
                await store.write(desk.actor, lambda tx: tips.unlock(tx, desk.session, pairs, {}))
                raise
            await store.write(desk.actor, lambda tx: tips.change_passphrase(tx, pair))
        found = await store.read(lambda reader: tips.compartment(reader, desk.actor))
        return Response(compartment_row(found, tips.open_until(desk.session)), headers=_UNSTORED)

    @post("/tips/unlock", status_code=200, summary="Unlock the compartment for this session", tags=TAGS)
    async def unlock(data: PassphraseBody, desk: Desk) -> Response[CompartmentRow]:
        async with one_guess:
            pairs = await store.read(lambda reader: tips.pairs(reader, desk.actor))
            tips.may_try(desk.actor)
            keys = await asyncio.to_thread(tips.tried, pairs, data.passphrase)
            until = await store.write(desk.actor, lambda tx: tips.unlock(tx, desk.session, pairs, keys))
        if until is None:
            raise Refused("tips-passphrase-wrong")
        await store.write(SYSTEM, lambda tx: tips.take_in(tx, with_passed=False))
        found = await store.read(lambda reader: tips.compartment(reader, desk.actor))
        return Response(compartment_row(found, until), headers=_UNSTORED)

    @post("/tips/lock", status_code=200, summary="Lock it again", tags=TAGS)
    async def lock(desk: Desk) -> Response[CompartmentRow]:
        await store.write(desk.actor, lambda tx: tips.lock(tx, desk.session))
        found = await store.read(lambda reader: tips.compartment(reader, desk.actor))
        return Response(compartment_row(found, None), headers=_UNSTORED)

    @post("/tips/tide", status_code=200, summary="Take in what waits at the door", tags=TAGS)
    async def tide(desk: Desk) -> Response[TideRow]:
        tips.check_take_in(desk.actor)
        taken = await store.write(SYSTEM, lambda tx: tips.take_in(tx, with_passed=False))
        return Response(TideRow(taken), headers=_UNSTORED)

    @get("/tips", summary="List tips, newest first, without their words", tags=TAGS)
    async def list_tips(
        desk: Desk, *, in_state: ListedState = None, limit: Limit = None, cursor: Cursor = None
    ) -> Response[TipPage]:
        size, before = page_limit(limit), page_before(cursor)

        def work(reader: Reader) -> TipPage:
            found = tips.page(reader, desk.actor, state=in_state, before=before, limit=size + 1)
            items = [row_of(tip) for tip in found[:size]]
            return TipPage(items, str(items[-1].number) if len(found) > size else None)

        return await desk.look(work)

    @post("/tips/{tip_id:str}/read", status_code=200, summary="Read it, for a purpose", tags=TAGS)
    async def read(tip_id: str, data: TipReadBody, desk: Desk) -> Response[TipWhole]:
        key = parse_id(tip_id)
        answer = await desk.command(
            lambda tx: _whole(tips.read(tx, desk.session, key)), purpose=data.purpose or "-"
        )
        answer.headers.update(_UNSTORED)
        return answer

    @post("/tips/{tip_id:str}/grade", status_code=200, summary="Grade source and information", tags=TAGS)
    async def grade(tip_id: str, data: GradeTipBody, desk: Desk) -> Response[TipRow]:
        key = parse_id(tip_id)
        return await desk.command(
            lambda tx: row_of(tips.grade(tx, key, data.reliability, data.credibility, data.confidence))
        )

    @post("/tips/{tip_id:str}/reply", status_code=200, summary="Answer who has the code", tags=TAGS)
    async def reply(tip_id: str, data: TipReplyBody, desk: Desk) -> Response[TipRow]:
        key = parse_id(tip_id)
        return await desk.command(lambda tx: row_of(tips.reply(tx, key, data.words)))

    @post("/tips/{tip_id:str}/follow", status_code=200, summary="Work on it further", tags=TAGS)
    async def follow(tip_id: str, desk: Desk) -> Response[TipRow]:
        key = parse_id(tip_id)
        return await desk.command(lambda tx: row_of(tips.follow(tx, key)))

    @post("/tips/{tip_id:str}/close", status_code=200, summary="Close it", tags=TAGS)
    async def close(tip_id: str, data: TipCloseBody, desk: Desk) -> Response[TipRow]:
        key = parse_id(tip_id)
        return await desk.command(lambda tx: row_of(tips.close(tx, key, data.outcome)))

    @post("/tips/{tip_id:str}/pass-on", status_code=201, summary="Give the floor a new text", tags=TAGS)
    async def pass_on(tip_id: str, data: PassTipOnBody, desk: Desk) -> Response[TipPassedRow]:
        key = parse_id(tip_id)
        return await desk.command(
            lambda tx: _passed_row(
                tips.pass_on(
                    tx, desk.session, key, as_=data.as_, text=data.words, code=data.code, area=data.area
                )
            ),
            status=201,
        )

    return [
        take,
        get_compartment,
        make_compartment,
        change_passphrase,
        unlock,
        lock,
        tide,
        list_tips,
        read,
        grade,
        reply,
        follow,
        close,
        pass_on,
    ]
