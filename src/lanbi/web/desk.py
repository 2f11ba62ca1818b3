"""One request's desk: who asks, and the one way to command and to look."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

from lanbi.accounts.api import COOKIE, check_origin
from lanbi.accounts.service import Accounts
from lanbi.core.access import Actor
from lanbi.core.errors import Malformed, Unauthenticated
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import SECOND, Clock, Instant
from lanbi.record.once import Answer, check_key, once

R = TypeVar("R")

KNOWN_MAX = 10_000
# How long another node's sign-out or role change may take to be felt on this one.
KNOWN_FOR: Instant = 5 * SECOND
JSON = "application/json"

_encoder = msgspec.json.Encoder()
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Doorkeeper:
    """Knows who a secret stands for, and remembers it for five seconds."""

    def __init__(self, accounts: Accounts, store: Store, clock: Clock) -> None:
        self._accounts = accounts
        self._store = store
        self._clock = clock
        self._known: dict[str, tuple[Actor, Instant, str]] = {}

    def forget(self) -> None:
        """Asks the store again about everybody."""
        self._known.clear()

    async def whose(self, secret: str) -> tuple[Actor, str]:
        """(actor, session or token id); raises `Unauthenticated`."""
        now = self._clock.now()
        known = self._known.get(secret)
        if known is not None and known[1] > now:
            return known[0], known[2]
        actor, expires_at, session = await self._store.read(
            lambda reader: self._accounts.whose(reader, secret, now)
        )
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[secret] = (actor, min(expires_at, now + KNOWN_FOR), session)
        return actor, session


def secret_of(headers: Any, cookies: Any) -> tuple[str, bool]:
    """(secret, whether it came by cookie); raises `Unauthenticated("sign-in-missing")`."""
    authorization = headers.get("authorization")
    if authorization is not None:
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() == "bearer" and secret.strip():
            return secret.strip(), False
        raise Unauthenticated("token-unknown")
    secret = cookies.get(COOKIE)
    if not secret:
        raise Unauthenticated("sign-in-missing")
    return secret, True


class _Ready(Response[Any]):
    """The answer to a command, whose bytes are made: the framework has nothing left to render."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.status_code = status
        self.content = body
        self.headers = headers

    def to_asgi_response(self, *_args: Any, **_kwargs: Any) -> Any:
        lines = [(b"content-type", JSON.encode()), (b"content-length", b"%d" % len(self.content))]
        lines += [(name.encode(), value.encode()) for name, value in self.headers.items()]
        start = {"type": "http.response.start", "status": self.status_code, "headers": lines}

        async def answer(_scope: Any, _receive: Any, send: Any) -> None:
            await send(start)
            await send({"type": "http.response.body", "body": self.content, "more_body": False})

        return answer


class Desk:
    """What an API handler is handed. See `core.desk`."""

    __slots__ = ("_request", "_store", "actor", "session")

    def __init__(self, request: Request, store: Store, actor: Actor, session: str) -> None:
        self._request = request
        self._store = store
        self.actor = actor
        self.session = session

    @property
    def held(self) -> int | None:
        tag = self._request.headers.get("if-match")
        if tag is None or tag == "*":
            return None
        number = tag.strip().removeprefix("W/").strip('"')
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise Malformed("etag-unreadable", given=tag[:40])
        return int(number)

    async def command(
        self, work: Callable[[Tx], Any], *, status: int = 200, purpose: str = ""
    ) -> Response[Any]:
        headers: dict[str, str] = {}

        def piece(tx: Tx) -> Answer:
            result = work(tx)
            version = getattr(result, "version", None)
            if version is not None:
                headers["etag"] = f'"{version}"'
            return status, _encoder.encode(result)

        key = self._request.headers.get("idempotency-key")
        if key is None:
            code, body = await self._store.write(self.actor, piece, purpose=purpose)
        else:
            check_key(key)
            command = await self._command_bytes()
            code, body = await self._store.write(
                self.actor, lambda tx: once(tx, key, command, piece), purpose=purpose
            )
        return _Ready(code, body, headers)

    async def _command_bytes(self) -> bytes:
        """What makes a command the same command: what is asked, of which version, with which words."""
        request = self._request
        head = f"{request.method}\n{request.scope['path']}\n{request.headers.get('if-match', '')}\n"
        return head.encode() + await request.body()

    async def look(self, work: Callable[[Reader], Any]) -> Response[Any]:
        result = await self._store.read(work)
        version = getattr(result, "version", None)
        headers: dict[str, str] = {"cache-control": "no-store"}
        if version is not None:
            tag = f'"{version}"'
            if self._request.headers.get("if-none-match") == tag:
                return Response(b"", status_code=304, headers={"etag": tag})
            headers["etag"] = tag
        return Response(_encoder.encode(result), media_type=JSON, headers=headers)


def provide_desk(store: Store, doorkeeper: Doorkeeper) -> Callable[..., Any]:
    """The provider that Litestar calls for every handler that asks for a desk."""

    async def desk(request: Request) -> Desk:
        secret, by_cookie = secret_of(request.headers, request.cookies)
        if by_cookie and request.method not in _SAFE:
            check_origin(request.headers)
        actor, session = await doorkeeper.whose(secret)
        request.scope["lanbi.lang"] = actor.lang  # pyright: ignore[reportGeneralTypeIssues]
        return Desk(request, store, actor, session)

    return desk
