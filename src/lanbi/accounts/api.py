"""Signing in and out over HTTP, and keeping accounts and tokens."""

import asyncio
from collections.abc import Callable
from typing import Annotated

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.handlers.http_handlers import HTTPRouteHandler

from lanbi.accounts.model import PASSWORD_CHARS_MAX, SESSION_FOR, Account
from lanbi.accounts.service import Accounts, hash_password
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.desk import Desk, page_limit
from lanbi.core.errors import NotFound
from lanbi.core.ports import Reader, Store
from lanbi.core.time import SECOND, Clock, rfc3339, rfc3339_or_none

COOKIE = "lanbi_session"
TAGS = ["session"]
KEEPING = ["accounts"]

Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=PASSWORD_CHARS_MAX)]


class SignInBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who, and the proof."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
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


def routes(
    accounts: Accounts,
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

    @post("/session", status_code=201, summary="Sign in", tags=TAGS)
    async def sign_in(data: SignInBody, request: Request) -> Response[SessionRow]:
        account = await asyncio.to_thread(
            accounts.check, store, data.account.strip().lower(), data.password, clock.now()
        )
        return await signed_in(request, account.login, "password")

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
        sign_in,
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
