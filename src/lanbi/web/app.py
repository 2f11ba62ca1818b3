"""The web application: the API under /api/v1, the live picture, the screens."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import msgspec
from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotFoundException
from litestar.handlers.http_handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

import lanbi
from lanbi.core.access import SYSTEM, Gate
from lanbi.core.desk import Desk
from lanbi.core.errors import LanbiError
from lanbi.core.ports import Store, Tx
from lanbi.core.vocabulary import Vocabulary
from lanbi.web.desk import Doorkeeper, provide_desk
from lanbi.web.live import LivePicture
from lanbi.web.problems import on_fault, on_http_error, on_lanbi_error

API = "/api/v1"
LIVE = f"{API}/live"
TIP_PAGE = "/tip"
"""The public page: built as a file of its own, and short enough to be said and painted on a wall."""
BODY_BYTES_MAX = 1_000_000
COMPRESS_BYTES_MIN = 1_024
HOUSEKEEPING_S = 600.0
WATCH_EVERY_S = 1.0
SMALL = "answers_with_one_row"
"""Handlers so marked are not compressed: to make a compressor costs more than a row's bytes."""
STATIC = Path(__file__).parent / "static"

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    # Everything comes from this node: a screen on a cut-off laptop must not wait for anybody.
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
}
_HEADER_LINES = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
# Nothing of the public page for tips is to lie in a telephone's cache.
_TIP_HEADER_LINES = [*_HEADER_LINES, (b"cache-control", b"no-store")]

log = logging.getLogger("lanbi.web")


def _with_headers(send: Any, lines: list[tuple[bytes, bytes]] = _HEADER_LINES) -> Any:
    """Every answer carries them, errors and files too. Here, and not in a hook of the framework's: a hook
    that does not await costs a thread for each answer."""

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *lines]
        await send(message)

    return sending


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What a watchdog asks: the node answers, and its store does."""

    ok: bool
    head: int
    queued: int
    version: str


class _Api(Router):
    """The routes under `API`, made for one application, which may therefore have them and not their copies:
    to copy two hundred handlers takes a third of the time in which the application is made."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


async def house_round(store: Store, housekeeping: Sequence[Callable[[Tx], Any]]) -> None:
    """Every piece of the node's own work, once through. What fails is said, and keeps no other from its turn:
    retention must not end with somebody else's fault."""
    for work in housekeeping:
        try:
            # Each works in bounded pieces; one that did something may have more to do.
            more = await store.write(SYSTEM, work)
            while more:
                more = await store.write(SYSTEM, work)
        except LanbiError as error:
            log.warning("housekeeping put off: %s", error)
        except Exception:
            log.exception("housekeeping failed: %s", getattr(work, "__qualname__", work))


def create_app(
    *,
    store: Store,
    gate: Gate,
    vocabulary: Vocabulary,
    doorkeeper: Doorkeeper,
    live: LivePicture,
    handlers: Sequence[HTTPRouteHandler],
    housekeeping: Sequence[Callable[[Tx], Any]],
    queued: Callable[[], int],
    on_start: Callable[[], Any] | None = None,
    on_stop: Callable[[], Any] | None = None,
    on_second: Callable[[], Any] | None = None,
) -> Any:
    """An ASGI application. `housekeeping`: pieces of the node's own work, run every ten minutes.
    `on_second`: its watch over what time makes wrong, run every second on a thread of its own."""
    vocabulary_json = msgspec.json.encode(vocabulary.as_json())

    @get("/vocabulary", summary="Every code with its labels in four languages", tags=["vocabulary"])
    async def get_vocabulary(desk: Desk) -> Response[dict[str, Any]]:  # noqa: ARG001 - for the signed-in
        return Response(vocabulary_json, media_type=MediaType.JSON)  # pyright: ignore[reportReturnType]

    @get("/healthz", summary="Whether the node and its store answer", tags=["node"])
    async def healthz() -> Health:
        head = await store.read(lambda reader: reader.head)
        return Health(ok=True, head=head, queued=queued(), version=lanbi.__version__)

    @get("/metrics", summary="Figures for Prometheus", tags=["node"], media_type="text/plain")
    async def metrics(desk: Desk) -> Response[bytes]:
        gate.require(desk.actor, "metrics.see")
        return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})

    async def keep_house() -> None:
        while True:
            await house_round(store, housekeeping)
            await asyncio.sleep(HOUSEKEEPING_S)

    async def keep_watch(look: Callable[[], Any]) -> None:
        said = ""
        while True:
            try:
                await asyncio.to_thread(look)
                said = ""
            except Exception as error:  # whatever it is, the next second is watched again
                if said != str(error):  # said once, not every second
                    said = str(error)
                    log.exception("nobody keeps watch now")
            await asyncio.sleep(WATCH_EVERY_S)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        live.start()
        keeper = asyncio.get_running_loop().create_task(keep_house())
        if on_start is not None:
            await asyncio.to_thread(on_start)
        watch = None if on_second is None else asyncio.get_running_loop().create_task(keep_watch(on_second))
        try:
            yield
        finally:
            keeper.cancel()
            if watch is not None:
                watch.cancel()
            if on_stop is not None:
                await asyncio.to_thread(on_stop)
            await live.stop()

    @get(["/", "/{path:path}"], include_in_schema=False, media_type=MediaType.TEXT)
    async def no_screens(request: Request) -> Response[str]:
        if request.url.path.startswith(API):
            raise NotFoundException
        return Response(
            "The screens are not built: run `make setup` (or `make demo`), then start again.\n",
            status_code=503,
        )

    for handler in handlers:
        if "GET" not in handler.http_methods:
            handler.opt[SMALL] = True

    api = _Api(
        API,
        route_handlers=[get_vocabulary, healthz, metrics, *handlers],
        dependencies={"desk": Provide(provide_desk(store, doorkeeper))},
    )
    routes: list[Any] = [api]
    if (STATIC / "index.html").is_file():
        routes.append(
            create_static_files_router(
                path="/", directories=[STATIC], html_mode=True, include_in_schema=False
            )
        )
    else:
        routes.append(no_screens)
    application = Litestar(
        routes,
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="Lanbi",
            version=lanbi.__version__,
            description="The C3I centre's one road in: commands, looks, and the record with its proofs.",
            # Below `API` itself the framework would answer for every path that is not there, in HTML.
            path=f"{API}/openapi.json",
            render_plugins=[JsonRenderPlugin(path="/")],
        ),
        exception_handlers={
            LanbiError: on_lanbi_error,  # pyright: ignore[reportArgumentType]
            HTTPException: on_http_error,
            Exception: on_fault,
        },
        request_max_body_size=BODY_BYTES_MAX,
        compression_config=CompressionConfig(
            backend="gzip",
            minimum_size=COMPRESS_BYTES_MIN,
            gzip_compress_level=4,
            exclude=[r"\.pmtiles$"],  # read by byte ranges, and compressed already
            exclude_opt_key=SMALL,
        ),
        debug=False,
        logging_config=None,  # the command line decides where logs go
    )

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and scope["path"] == LIVE:
            await live(scope, receive, send)
        elif scope["type"] == "http" and (scope["path"] + "/").startswith(f"{TIP_PAGE}/"):
            if scope["path"].rstrip("/") == TIP_PAGE:
                scope = {**scope, "path": f"{TIP_PAGE}.html"}
            await application(scope, receive, _with_headers(send, _TIP_HEADER_LINES))
        else:
            await application(scope, receive, _with_headers(send))

    app.litestar = application  # pyright: ignore[reportFunctionMemberAccess] - for tools that read the schema
    return app
