"""What an API handler is handed by the web: who asks, and the one way to command and to look.

The domains' `api` rooms speak to this and know nothing of cookies, tokens,
idempotency tables or languages.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec
from litestar import Response
from litestar.di import NamedDependency

from lanbi.core.access import Actor
from lanbi.core.errors import Malformed
from lanbi.core.ports import Reader, Tx

R = TypeVar("R")

PAGE_ITEMS_MAX = 200
PAGE_ITEMS_DEFAULT = 50


class Page(msgspec.Struct, frozen=True):
    """One page of a list: the rows, and the cursor of the next page (None at the end)."""

    items: list[Any]
    next: str | None = None


class DeskPort(Protocol):
    """One request's desk."""

    @property
    def actor(self) -> Actor: ...

    @property
    def session(self) -> str:
        """The id of the session, or of the token, that asks."""
        ...

    @property
    def held(self) -> int | None:
        """The version that the sender saw (`If-Match`), or None if it does not say."""
        ...

    async def command(self, work: Callable[[Tx], R], *, status: int = 200, purpose: str = "") -> Response[R]:
        """Runs `work` once for its idempotency key, and answers with what it returns, as JSON.

        A result that has a `version` carries it as its ETag."""
        ...

    async def look(self, work: Callable[[Reader], R]) -> Response[R]:
        """Reads over one consistent view and answers with it; 304 where `If-None-Match` holds."""
        ...


Desk = NamedDependency[Any]
"""How a handler asks for it: `desk: Desk`."""


def page_limit(limit: int | None) -> int:
    """The size of a page; `Malformed("limit-impossible")` outside 1 to 200."""
    if limit is None:
        return PAGE_ITEMS_DEFAULT
    if not 1 <= limit <= PAGE_ITEMS_MAX:
        raise Malformed("limit-impossible", limit=PAGE_ITEMS_MAX, given=limit)
    return limit


def page_before(cursor: str | None) -> int:
    """The number before which a page of newest-first rows starts; cursors are such numbers."""
    if cursor is None or cursor == "":
        return 2**62
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Malformed("cursor-unreadable", given=cursor[:40])
    return int(cursor)
