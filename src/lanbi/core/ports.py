"""What the domains ask of the world around them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from lanbi.core.access import Actor
from lanbi.core.events import Event, Sealed
from lanbi.core.time import Instant

T = TypeVar("T")


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal, as it is hashed.

    `at`: when it happened; `recorded_at`: when the node wrote it down; both in
    microseconds since 1970 UTC. `body`: canonical JSON.
    """

    seq: int
    id: str
    site: str
    subject: str
    kind: str
    at: Instant
    recorded_at: Instant
    actor: str
    purpose: str
    body: str


class Reader(Protocol):
    """A consistent view of the store: nothing changes under it."""

    @property
    def head(self) -> int:
        """Sequence number of the newest entry in this view; 0 in an empty store."""
        ...

    def rows(self, sql: str, /, **params: Any) -> list[tuple[Any, ...]]:
        """All rows; parameters by `:name`."""
        ...

    def row(self, sql: str, /, **params: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        ...


class Tx(Reader, Protocol):
    """One piece of work of one actor: all of it is committed, or none."""

    @property
    def actor(self) -> Actor: ...

    @property
    def now(self) -> Instant:
        """The instant of this piece; the same throughout it."""
        ...

    @property
    def purpose(self) -> str:
        """Why sensitive data is read; empty where none was asked."""
        ...

    @property
    def seq(self) -> int:
        """The sequence number of the entry recorded last."""
        ...

    def run(self, sql: str, /, **params: Any) -> int:
        """Changes rows and says how many."""
        ...

    def run_many(self, sql: str, params: Sequence[Mapping[str, Any]], /) -> None:
        """The same statement for each set of parameters."""
        ...

    def record(self, fact: Event, *, at: Instant | None = None) -> Entry:
        """Puts a fact on the record (`at` when it happened earlier) and tells those who subscribed
        within this piece; they may still refuse, and then nothing of the piece happened."""
        ...

    def seal(self, *, subject: str, field: str, kind: str, value: str, keep_for: Instant) -> Sealed:
        """Keeps words or personal data apart from the journal, for at most `keep_for` microseconds.

        `kind`: "personal" (read for a purpose, and every read is an entry) or
        "words" (read on the floor). Put what is returned into the fact."""
        ...


class Store(Protocol):
    """The node's one door to its database."""

    def write(self, actor: Actor, work: Callable[[Tx], T], *, purpose: str = "") -> Awaitable[T]:
        """Runs `work` on the writer's thread; answers after its commit is on the disk.

        Raises what `work` raised (nothing of it is kept then), or `Busy` when the
        node cannot take it."""
        ...

    def write_now(self, actor: Actor, work: Callable[[Tx], T], *, purpose: str = "") -> T:
        """As `write`, for a thread without a loop; blocks."""
        ...

    def read(self, work: Callable[[Reader], T]) -> Awaitable[T]:
        """Runs `work` over one consistent view, off the loop's thread."""
        ...

    def read_now(self, work: Callable[[Reader], T]) -> T:
        """As `read`, on this thread."""
        ...


Subscriber = Callable[[Tx, Any], None]
"""Told of a fact inside the transaction that records it; may refuse."""
