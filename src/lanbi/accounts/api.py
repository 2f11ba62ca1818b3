"""Signing in and out over HTTP, and keeping accounts and tokens."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.handlers.http_handlers import HTTPRouteHandler

from lanbi.accounts.factors import Factors, Origin, origin_of
from lanbi.accounts.model import PASSWORD_CHARS_MAX, SESSION_FOR, Account, Factor
from lanbi.accounts.service import Accounts, hash_password
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.desk import Desk, page_limit
from lanbi.core.errors import Forbidden, Malformed, NotFound, Refused, Unauthenticated
from lanbi.core.ids import parse_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import SECOND, Clock, rfc3339, rfc3339_or_none

COOKIE = "lanbi_session"
TAGS = ["session"]
KEEPING = ["accounts"]

Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=PASSWORD_CHARS_MAX)]


class SignInBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who, and the proof."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    password: Secret


class SecondBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What turns a ticket into a session: a code of the app or a recovery code, or a passkey's answer."""

    ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    code: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    credential: dict[str, Any] | None = None


class SecondRow(msgspec.Struct, frozen=True, kw_only=True):
    """The password was right; one of `kinds` is still to be proved, within three minutes.

    `passkey`: what `navigator.credentials.get` takes, where a passkey may answer.
    """

    ticket: str
    kinds: list[str]
    passkey: Any = None


class OpenSessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of one's own sessions. `here`: the one that asks."""

    id: str
    opened_at: str
    expires_at: str
    how: str | None
    here: bool


class OpenSessions(msgspec.Struct, frozen=True):
    items: list[OpenSessionRow]


class FactorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor of one's own."""

    id: str
    kind: str
    name: str
    created_at: str
    used_at: str | None


class FactorList(msgspec.Struct, frozen=True, kw_only=True):
    """`codes_left`: recovery codes not yet used."""

    items: list[FactorRow]
    codes_left: int


class NameBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class TotpRow(msgspec.Struct, frozen=True, kw_only=True):
    """Shown this once: `secret` to type into the app, `uri` for those that read it."""

    id: str
    secret: str
    uri: str


class CodeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Annotated[str, msgspec.Meta(max_length=40)]


class PasskeyBegun(msgspec.Struct, frozen=True):
    """`options`: what `navigator.credentials.create` takes."""

    ticket: str
    options: Any


class PasskeyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ticket: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    name: str
    credential: dict[str, Any]


class FactorAddedRow(msgspec.Struct, frozen=True, kw_only=True):
    """`codes`: recovery codes, shown this once; empty unless it is the first factor."""

    factor: FactorRow
    codes: list[str]


class CodesRow(msgspec.Struct, frozen=True):
    codes: list[str]


class PasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one before, and the new one."""

    old: Secret
    new: Secret


class ProveBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password, once more, before what protects the account is changed."""

    password: Secret


class ResetBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: Secret


class DemoSignInBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the demo's accounts; there is nothing to prove in a demo."""

    account: str


class LangBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lang: str


class ActorRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in."""

    id: str
    name: str
    role: str
    lang: str
    unit_id: str | None


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """The session as its own screen sees it. `may`: the actions that the policies allow it."""

    actor: ActorRow
    demo: bool
    site: str
    may: list[str]


class DemoAccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account that the demo offers at one click."""

    account: str
    name: str
    role: str
    lang: str


class DemoAccounts(msgspec.Struct, frozen=True):
    items: list[DemoAccountRow]


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its keeper sees it."""

    login: str
    name: str
    role: str
    lang: str
    unit_id: str | None
    created_at: str
    disabled_at: str | None


class AccountPage(msgspec.Struct, frozen=True):
    items: list[AccountRow]
    next: str | None


class CreateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new account."""

    login: str
    name: str
    role: str
    password: Secret
    lang: str = "ht"
    unit_id: str | None = None


class RoleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: str
    unit_id: str | None = None


class TokenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A machine's key; `days` until it ends."""

    name: str
    role: str
    days: int = 90
    lang: str = "ht"
    unit_id: str | None = None


class TokenRow(msgspec.Struct, frozen=True):
    """The key, shown this once."""

    name: str
    token: str


class Done(msgspec.Struct, frozen=True):
    done: bool = True


def actor_row(actor: Actor) -> ActorRow:
    return ActorRow(id=actor.id, name=actor.name, role=actor.role, lang=actor.lang, unit_id=actor.unit_id)


def _account_row(account: Account) -> AccountRow:
    return AccountRow(
        login=account.login,
        name=account.name,
        role=account.role,
        lang=account.lang,
        unit_id=account.unit_id,
        created_at=rfc3339(account.created_at),
        disabled_at=rfc3339_or_none(account.disabled_at),
    )


def _factor_row(factor: Factor) -> FactorRow:
    return FactorRow(
        id=factor.id,
        kind=factor.kind,
        name=factor.name,
        created_at=rfc3339(factor.created_at),
        used_at=rfc3339_or_none(factor.used_at),
    )


def check_origin(headers: Any) -> None:
    """A browser's command must come from this very origin; `Forbidden("origin-foreign")`.

    The cookie is SameSite=Strict already; this also stops a page on another port of
    the same host, and a foreign page that would sign somebody in as somebody else.
    """
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise Forbidden("origin-foreign", origin=origin[:200])


def _origin(request: Request) -> Origin:
    check_origin(request.headers)
    return origin_of(request.headers.get("origin"), request.headers.get("host"), urlsplit)


def routes(
    accounts: Accounts,
    factors: Factors,
    store: Store,
    clock: Clock,
    *,
    demo_accounts: list[DemoAccountRow],
    site: Callable[[], str],
    may: Callable[[Actor], list[str]],
    forget: Callable[[], None],
) -> list[HTTPRouteHandler]:
    """The handlers of /session, /demo, /accounts and /tokens.

    `demo_accounts` is empty outside a demo. `forget()` makes the web ask the store
    again who a secret stands for.
    """
    demo = bool(demo_accounts)

    def cookie(request: Request, secret: str, max_age_s: int) -> Cookie:
        return Cookie(
            key=COOKIE,
            value=secret,
            max_age=max_age_s,
            path="/",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )

    def session_row(actor: Actor) -> SessionRow:
        return SessionRow(actor=actor_row(actor), demo=demo, site=site(), may=may(actor))

    async def signed_in(request: Request, login: str, how: str) -> Response[SessionRow]:
        secret, actor = await store.write(SYSTEM, lambda tx: accounts.open_session(tx, login, how))
        return Response(
            session_row(actor),
            status_code=201,
            cookies=[cookie(request, secret, SESSION_FOR // SECOND)],
        )

    @get("/session", summary="Who is signed in", tags=TAGS)
    async def who(desk: Desk) -> Response[SessionRow]:
        return Response(session_row(desk.actor))

    @delete("/session", status_code=200, summary="Sign out", tags=TAGS)
    async def sign_out(desk: Desk, request: Request) -> Response[Done]:
        secret = request.cookies.get(COOKIE)
        if secret:
            await store.write(desk.actor, lambda tx: accounts.close_session(tx, secret, desk.session))
            forget()
        return Response(Done(), cookies=[cookie(request, "", 0)])

    @put("/session/lang", summary="Choose the language", tags=TAGS)
    async def set_lang(data: LangBody, desk: Desk) -> Response[ActorRow]:
        actor = await store.write(desk.actor, lambda tx: accounts.set_lang(tx, data.lang))
        forget()
        return Response(actor_row(actor))

    @get("/demo/accounts", summary="The demo's accounts; empty outside a demo", tags=TAGS)
    async def list_demo() -> DemoAccounts:
        return DemoAccounts(demo_accounts)

    @post("/demo/session", status_code=201, summary="Sign in to the demo at one click", tags=TAGS)
    async def demo_sign_in(data: DemoSignInBody, request: Request) -> Response[SessionRow]:
        check_origin(request.headers)
        if all(row.account != data.account for row in demo_accounts):
            raise NotFound("demo-account-none", account=data.account[:40])
        return await signed_in(request, data.account, "demo")

    @get("/accounts", summary="List accounts", tags=KEEPING)
    async def list_accounts(
        desk: Desk, limit: int | None = None, cursor: str | None = None
    ) -> Response[AccountPage]:
        size = page_limit(limit)

        def work(reader: Reader) -> AccountPage:
            found = accounts.page(reader, desk.actor, after=cursor or "", limit=size + 1)
            items = [_account_row(account) for account in found[:size]]
            return AccountPage(items, items[-1].login if len(found) > size else None)

        return await desk.look(work)

    @post("/accounts", status_code=201, summary="Create an account", tags=KEEPING)
    async def create(data: CreateBody, desk: Desk) -> Response[AccountRow]:
        password_hash = await asyncio.to_thread(hash_password, data.password)
        return await desk.command(
            lambda tx: _account_row(
                accounts.create(
                    tx,
                    login=data.login,
                    name=data.name,
                    role=data.role,
                    password_hash=password_hash,
                    lang=data.lang,
                    unit_id=data.unit_id,
                )
            ),
            status=201,
        )

    @post("/accounts/{login:str}/role", status_code=200, summary="Change what it may do", tags=KEEPING)
    async def set_role(login: str, data: RoleBody, desk: Desk) -> Response[AccountRow]:
        answer = await desk.command(
            lambda tx: _account_row(accounts.set_role(tx, login, data.role, data.unit_id))
        )
        forget()
        return answer

    @post("/accounts/{login:str}/disable", status_code=200, summary="Disable it", tags=KEEPING)
    async def disable(login: str, desk: Desk) -> Response[AccountRow]:
        answer = await desk.command(lambda tx: _account_row(accounts.disable(tx, login)))
        forget()
        return answer

    @post("/tokens", status_code=201, summary="Issue a machine's key", tags=KEEPING)
    async def issue_token(data: TokenBody, desk: Desk) -> Response[TokenRow]:
        # Not kept under an idempotency key: the secret must not stand in the store.
        token = await store.write(
            desk.actor,
            lambda tx: accounts.issue_token(
                tx, name=data.name, role=data.role, days=data.days, lang=data.lang, unit_id=data.unit_id
            ),
        )
        return Response(TokenRow(data.name, token), status_code=201)

    @post("/tokens/{name:str}/revoke", status_code=200, summary="Revoke a machine's key", tags=KEEPING)
    async def revoke_token(name: str, desk: Desk) -> Response[Done]:
        def work(tx: object) -> Done:
            accounts.revoke_token(tx, name)  # pyright: ignore[reportArgumentType]
            return Done()

        answer = await desk.command(work)
        forget()
        return answer

    return [
        *_door(accounts, factors, store, clock, signed_in),
        *_own(accounts, factors, store, clock, forget, demo=demo),
        who,
        sign_out,
        set_lang,
        list_demo,
        demo_sign_in,
        list_accounts,
        create,
        set_role,
        disable,
        issue_token,
        revoke_token,
    ]


def _door(
    accounts: Accounts, factors: Factors, store: Store, clock: Clock, signed_in: Any
) -> list[HTTPRouteHandler]:
    """Before anybody is signed in: the password, then what else the account asks for."""

    @post("/session", status_code=201, summary="Sign in", tags=TAGS)
    async def sign_in(data: SignInBody, request: Request) -> Response[SessionRow] | Response[SecondRow]:
        check_origin(request.headers)
        account = await asyncio.to_thread(
            accounts.check, store, data.account.strip().lower(), data.password, clock.now()
        )
        kinds = await store.read(lambda reader: factors.wanted(reader, account.login))
        if not kinds:
            return await signed_in(request, account.login, "password")
        ticket, challenge = factors.ticket(account.login)
        options = None
        if "passkey" in kinds and request.headers.get("origin"):
            origin = _origin(request)
            options = await store.read(
                lambda reader: factors.passkey_options(reader, origin, account.login, challenge)
            )
        return Response(SecondRow(ticket=ticket, kinds=sorted(kinds), passkey=options), status_code=202)

    @post("/session/second", status_code=201, summary="Prove the second factor", tags=TAGS)
    async def second(data: SecondBody, request: Request) -> Response[SessionRow]:
        check_origin(request.headers)
        if (data.code is None) == (data.credential is None):
            raise Malformed("second-one")
        if data.code is not None:
            login, how = await asyncio.to_thread(factors.prove_code, store, data.ticket, data.code)
        else:
            login, how = await asyncio.to_thread(
                factors.prove_passkey, store, data.ticket, data.credential or {}, _origin(request)
            )
        return await signed_in(request, login, how)

    @post("/session/passkey", status_code=200, summary="Ask to sign in by a passkey alone", tags=TAGS)
    async def passkey_first(request: Request) -> SecondRow:
        origin = _origin(request)
        ticket, challenge = factors.ticket(None)
        options = await store.read(lambda reader: factors.passkey_options(reader, origin, None, challenge))
        return SecondRow(ticket=ticket, kinds=["passkey"], passkey=options)

    return [sign_in, second, passkey_first]


def _own(
    accounts: Accounts,
    factors: Factors,
    store: Store,
    clock: Clock,
    forget: Callable[[], None],
    *,
    demo: bool,
) -> list[HTTPRouteHandler]:
    """What somebody keeps of their own: open sessions, second factors. Answers that hold a secret are not
    kept under an idempotency key: it must not stand in the store."""

    def proved(desk: Desk) -> None:
        if not demo:  # its accounts have no password that anybody knows
            factors.must_be_proved(desk.session)

    async def own_password(desk: Desk, password: str) -> None:
        if desk.actor.kind != "account":
            raise Refused("password-account")
        try:
            await asyncio.to_thread(accounts.check, store, desk.actor.id, password, clock.now())
        except Unauthenticated as error:
            # The session stands: a screen must not take this for its end.
            raise Forbidden("prove-wrong") from error

    @get("/session/all", summary="One's own open sessions", tags=TAGS)
    async def my_sessions(desk: Desk) -> Response[OpenSessions]:
        def work(reader: Reader) -> OpenSessions:
            return OpenSessions(
                [
                    OpenSessionRow(
                        id=held.id,
                        opened_at=rfc3339(held.opened_at),
                        expires_at=rfc3339(held.expires_at),
                        how=held.how,
                        here=held.id == desk.session,
                    )
                    for held in accounts.sessions(reader, desk.actor.id, clock.now())
                ]
            )

        return await desk.look(work)

    @post("/session/all/close", status_code=200, summary="End all one's other sessions", tags=TAGS)
    async def close_others(desk: Desk) -> Response[Done]:
        def work(tx: Tx) -> Done:
            accounts.close_others(tx, desk.session)
            return Done()

        answer = await desk.command(work)
        forget()
        return answer

    @post("/session/all/{session_id:str}/close", status_code=200, summary="End one of them", tags=TAGS)
    async def close_one(session_id: str, desk: Desk) -> Response[Done]:
        def work(tx: Tx) -> Done:
            accounts.close_own(tx, session_id)
            return Done()

        answer = await desk.command(work)
        forget()
        return answer

    @post("/session/prove", status_code=200, summary="Give the password once more", tags=TAGS)
    async def prove(data: ProveBody, desk: Desk) -> Done:
        await own_password(desk, data.password)
        factors.proved_again(desk.session)
        return Done()

    @post("/session/password", status_code=200, summary="Change one's own password", tags=TAGS)
    async def change_password(data: PasswordBody, desk: Desk) -> Done:
        await own_password(desk, data.old)
        new = await asyncio.to_thread(hash_password, data.new)
        # Not kept under an idempotency key: neither word must stand in the store.
        await store.write(desk.actor, lambda tx: accounts.change_password(tx, new, desk.session))
        forget()
        return Done()

    @post("/accounts/{login:str}/password", status_code=200, summary="Give it a new one", tags=KEEPING)
    async def reset_password(login: str, data: ResetBody, desk: Desk) -> AccountRow:
        new = await asyncio.to_thread(hash_password, data.password)
        account = await store.write(desk.actor, lambda tx: accounts.reset_password(tx, login, new))
        forget()
        return _account_row(account)

    @get("/session/factors", summary="One's own second factors", tags=TAGS)
    async def my_factors(desk: Desk) -> Response[FactorList]:
        def work(reader: Reader) -> FactorList:
            held, left = factors.mine(reader, desk.actor.id)
            return FactorList(items=[_factor_row(factor) for factor in held], codes_left=left)

        return await desk.look(work)

    @post("/session/factors/totp", status_code=201, summary="Begin with an authenticator app", tags=TAGS)
    async def begin_totp(data: NameBody, desk: Desk) -> TotpRow:
        proved(desk)
        factor, secret, uri = await store.write(desk.actor, lambda tx: factors.begin_totp(tx, data.name))
        return TotpRow(id=factor.id, secret=secret, uri=uri)

    @post("/session/factors/{factor_id:str}/confirm", status_code=200, summary="Its first code", tags=TAGS)
    async def confirm(factor_id: str, data: CodeBody, desk: Desk) -> FactorAddedRow:
        factor, codes = await store.write(
            desk.actor, lambda tx: factors.confirm_totp(tx, parse_id(factor_id), data.code)
        )
        return FactorAddedRow(factor=_factor_row(factor), codes=codes)

    @post("/session/factors/passkey", status_code=200, summary="Begin with a passkey", tags=TAGS)
    async def begin_passkey(desk: Desk, request: Request) -> PasskeyBegun:
        proved(desk)
        origin = _origin(request)
        ticket, options = await store.read(
            lambda reader: factors.begin_passkey(reader, desk.actor.id, origin)
        )
        return PasskeyBegun(ticket, options)

    @post("/session/factors/passkey/add", status_code=201, summary="The passkey's answer", tags=TAGS)
    async def add_passkey(data: PasskeyBody, desk: Desk, request: Request) -> FactorAddedRow:
        origin = _origin(request)
        factor, codes = await store.write(
            desk.actor,
            lambda tx: factors.add_passkey(tx, data.ticket, data.name, data.credential, origin),
        )
        return FactorAddedRow(factor=_factor_row(factor), codes=codes)

    @post("/session/factors/codes", status_code=201, summary="New recovery codes", tags=TAGS)
    async def new_codes(desk: Desk) -> CodesRow:
        proved(desk)
        return CodesRow(await store.write(desk.actor, factors.make_recovery_codes))

    @post("/session/factors/{factor_id:str}/remove", status_code=200, summary="Remove one", tags=TAGS)
    async def remove(factor_id: str, desk: Desk) -> Response[Done]:
        proved(desk)

        def work(tx: Tx) -> Done:
            factors.remove(tx, parse_id(factor_id))
            return Done()

        return await desk.command(work)

    @post(
        "/accounts/{login:str}/factors/remove",
        status_code=200,
        summary="Remove all of somebody's second factors: their telephone is lost",
        tags=KEEPING,
    )
    async def remove_all(login: str, desk: Desk) -> Response[Done]:
        def work(tx: Tx) -> Done:
            factors.remove_all_of(tx, login)
            return Done()

        answer = await desk.command(work)
        forget()
        return answer

    return [
        my_sessions,
        close_others,
        close_one,
        prove,
        change_password,
        reset_password,
        my_factors,
        begin_totp,
        confirm,
        begin_passkey,
        add_passkey,
        new_codes,
        remove,
        remove_all,
    ]
