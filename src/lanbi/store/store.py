"""The store: the one writer thread with its group commit, and the readers.

Callers hand in a function; the writer runs what is queued, each piece in its
own savepoint, and commits them together. Each caller is answered when the
commit is on the disk. While the disk works, the next batch gathers: the busier
the node, the larger the batch, and the cheaper each piece.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import Busy
from lanbi.core.events import Event, Sealed
from lanbi.core.ports import Entry, Reader, Subscriber, Tx
from lanbi.core.time import Clock, Instant
from lanbi.record import sealed
from lanbi.record.checkpoint import SiteKey
from lanbi.record.journal import HEAD, Journal
from lanbi.store.engine import Connection, Engine
from lanbi.store.migrate import migrate

T = TypeVar("T")

QUEUE_PIECES_MAX = 5_000
BATCH_PIECES_MAX = 256
IDLE_SIGN_AFTER_S = 5.0
READERS = 4
STOP_TIMEOUT_S = 30.0

log = logging.getLogger("lanbi.store")

Listener = Callable[[int], None]
"""Told, on the writer's thread, of the head after a commit; must return at once."""


class StoreReader:
    """A `Reader` over an open reading transaction."""

    __slots__ = ("_connection", "_head")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._head: int | None = None

    @property
    def head(self) -> int:
        head = self._head
        if head is None:
            found = self._connection.rows(HEAD, {})
            head = self._head = found[0][1] if found else 0
        return head

    def rows(self, sql: str, /, **params: Any) -> list[tuple[Any, ...]]:
        return self._connection.rows(sql, params)

    def row(self, sql: str, /, **params: Any) -> tuple[Any, ...] | None:
        found = self._connection.rows(sql, params)
        return found[0] if found else None


class StoreTx:
    """A `Tx`: one actor's piece inside the writer's batch."""

    __slots__ = ("_connection", "_journal", "_subscribers", "actor", "purpose")

    def __init__(
        self,
        connection: Connection,
        journal: Journal,
        subscribers: dict[type[Event], list[Subscriber]],
        actor: Actor,
        purpose: str,
    ) -> None:
        self._connection = connection
        self._journal = journal
        self._subscribers = subscribers
        self.actor = actor
        self.purpose = purpose

    @property
    def now(self) -> Instant:
        return self._journal.now

    @property
    def seq(self) -> int:
        return self._journal.seq

    @property
    def head(self) -> int:
        return self._journal.seq

    def rows(self, sql: str, /, **params: Any) -> list[tuple[Any, ...]]:
        return self._connection.rows(sql, params)

    def row(self, sql: str, /, **params: Any) -> tuple[Any, ...] | None:
        found = self._connection.rows(sql, params)
        return found[0] if found else None

    def run(self, sql: str, /, **params: Any) -> int:
        return self._connection.run(sql, params)

    def run_many(self, sql: str, params: Any, /) -> None:
        self._connection.run_many(sql, params)

    def record(self, fact: Event, *, at: Instant | None = None) -> Entry:
        journal = self._journal
        entry = journal.append(fact, self.actor.id, self.purpose, journal.now if at is None else at)
        for subscriber in self._subscribers.get(type(fact), ()):
            subscriber(self, fact)
        return entry

    def seal(self, *, subject: str, field: str, kind: str, value: str, keep_for: Instant) -> Sealed:
        return sealed.seal(self, subject=subject, field=field, kind=kind, value=value, keep_for=keep_for)


class _Piece:
    __slots__ = ("actor", "error", "future", "loop", "purpose", "ready", "result", "work")

    def __init__(self, actor: Actor, work: Callable[[Tx], Any], purpose: str) -> None:
        self.actor = actor
        self.work = work
        self.purpose = purpose
        self.result: Any = None
        self.error: BaseException | None = None
        self.future: asyncio.Future[Any] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ready: threading.Event | None = None


def _settle(pieces: list[_Piece]) -> None:
    for piece in pieces:
        future = piece.future
        if future is None or future.done():  # the caller may have gone away meanwhile
            continue
        if piece.error is not None:
            future.set_exception(piece.error)
        else:
            future.set_result(piece.result)


class LanbiStore:
    """One node's store over an engine. `open()` first, `close()` last."""

    def __init__(self, engine: Engine, clock: Clock, key: SiteKey, site: str) -> None:
        self._engine = engine
        self._clock = clock
        self._journal = Journal(clock, key, site)
        self._subscribers: dict[type[Event], list[Subscriber]] = {}
        self._listeners: list[Listener] = []
        self._queue: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._connection: Connection | None = None
        self._closing = False
        self._door = threading.Lock()  # nothing is queued behind the mark that ends the queue
        self._readers: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        for _ in range(READERS):
            self._readers.put(None)  # opened when first needed
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="lanbi-read")

    @property
    def engine_name(self) -> str:
        return self._engine.name

    @property
    def site(self) -> str:
        """The site's name, as it stands in the store once it is open."""
        return self._journal.site

    @property
    def queued(self) -> int:
        """Pieces that wait for the writer; bounded by `QUEUE_PIECES_MAX`."""
        return self._queue.qsize()

    def subscribe(self, fact: type[Event], subscriber: Subscriber) -> None:
        """`subscriber(tx, fact)` runs inside every transaction that records such a fact."""
        self._subscribers.setdefault(fact, []).append(subscriber)

    def listen(self, listener: Listener) -> None:
        """`listener(head)` runs after every commit that added entries."""
        self._listeners.append(listener)

    def open(self) -> list[str]:
        """Migrates, starts the writer; returns the migrations that were run.

        Where that fails, the folder is let go of and the store stays closed.
        """
        try:
            self._connection = self._engine.connect()
            ran = migrate(self._connection, self._clock.now())
            self._writer = threading.Thread(target=self._write_until_closed, name="lanbi-writer", daemon=True)
            self._writer.start()
            self.write_now(SYSTEM, lambda _tx: None)  # founds the record in an empty store
        except Exception as error:
            explained = self._engine.explain(error)
            self.close()
            if explained is error:
                raise
            raise explained from error
        return ran

    def close(self) -> None:
        """Finishes what is queued, signs a last checkpoint, lets go of the file. Twice is once."""
        with self._door:
            self._closing = True
            self._queue.put(None)
        if self._writer is not None:
            self._writer.join(STOP_TIMEOUT_S)
            self._writer = None
        self._pool.shutdown(wait=True)
        for reader in [self._readers.get() for _ in range(READERS)]:  # as each look ends
            if reader is not None:
                reader.close()
            self._readers.put(None)  # for whoever still waits: to be told that the node stops
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.close()

    # -- writing ---------------------------------------------------------------------

    def write(self, actor: Actor, work: Callable[[Tx], T], *, purpose: str = "") -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()
        piece = _Piece(actor, work, purpose)
        piece.loop = loop
        piece.future = loop.create_future()
        self._enqueue(piece)
        return piece.future

    def write_now(self, actor: Actor, work: Callable[[Tx], T], *, purpose: str = "") -> T:
        if threading.current_thread() is self._writer:
            # The writer would wait for itself for ever, and the whole room with it.
            raise RuntimeError("write_now was called inside a piece of work: use its tx")
        piece = _Piece(actor, work, purpose)
        piece.ready = threading.Event()
        self._enqueue(piece)
        piece.ready.wait()
        if piece.error is not None:
            raise piece.error
        return piece.result

    def _enqueue(self, piece: _Piece) -> None:
        with self._door:
            if self._closing or self._writer is None:
                raise Busy("node-stopping")
            if self._queue.qsize() >= QUEUE_PIECES_MAX:
                raise Busy("queue-full", limit=QUEUE_PIECES_MAX)
            self._queue.put(piece)

    def _write_until_closed(self) -> None:
        while True:
            try:
                first = self._queue.get(timeout=IDLE_SIGN_AFTER_S)
            except queue.Empty:
                if self._journal.unsigned:
                    self._commit([], sign=True)
                continue
            batch: list[_Piece] = []
            stop = first is None
            if first is not None:
                batch.append(first)
            while not stop and len(batch) < BATCH_PIECES_MAX:
                try:
                    piece = self._queue.get_nowait()
                except queue.Empty:
                    break
                if piece is None:
                    stop = True
                else:
                    batch.append(piece)
            self._commit(batch, sign=stop)
            if stop:
                return

    def _commit(self, batch: list[_Piece], *, sign: bool) -> None:
        journal = self._journal
        before = journal.seq
        try:
            connection = self._begun()
            try:
                journal.begin(connection)
                for piece in batch:
                    self._run_piece(connection, piece)
                journal.flush(connection, sign=sign)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
        except Exception as error:  # every waiting caller gets it; nothing is swallowed
            self._fail(batch, error)
            return
        journal.committed()
        self._answer(batch)
        if journal.seq != before:
            self._tell(journal.seq)

    def _tell(self, head: int) -> None:
        for listener in self._listeners:
            try:
                listener(head)
            except Exception:
                # What it does not hear now it sees in its next look; the writer must live.
                log.exception("a listener failed at entry %d", head)

    def _begun(self) -> Connection:
        """The writer's connection with its transaction open.

        A server that was restarted has closed the connection: that is no reason to
        refuse anybody, so it is tried once more on a new one.
        """
        connection = self._connected()
        try:
            connection.begin_write()
        except Exception as error:
            if not (self._engine.remote and self._engine.is_engine_failure(error)):
                raise
            self._drop_connection()
            connection = self._connected()
            connection.begin_write()
        return connection

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _run_piece(self, connection: Connection, piece: _Piece) -> None:
        mark = self._journal.mark()
        connection.savepoint()
        tx = StoreTx(connection, self._journal, self._subscribers, piece.actor, piece.purpose)
        try:
            piece.result = piece.work(tx)
        except Exception as error:
            if self._engine.is_engine_failure(error):
                raise
            self._journal.back_to(mark)
            connection.rollback_to_savepoint()
            piece.error = self._engine.explain(error)
        else:
            connection.release()

    def _fail(self, batch: list[_Piece], error: Exception) -> None:
        explained = self._engine.explain(error)
        self._journal.forget()
        if self._engine.remote and self._engine.is_engine_failure(error):
            self._drop_connection()
        for piece in batch:
            # A piece that was refused on its own merits keeps its own reason.
            piece.error = piece.error or explained
        self._answer(batch)

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _answer(self, batch: list[_Piece]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[_Piece]] = {}
        for piece in batch:
            if piece.ready is not None:
                piece.ready.set()
            elif piece.loop is not None:
                by_loop.setdefault(piece.loop, []).append(piece)
        for loop, pieces in by_loop.items():
            with suppress(RuntimeError):  # the loop was closed: nobody waits there any more
                loop.call_soon_threadsafe(_settle, pieces)

    # -- reading ---------------------------------------------------------------------

    async def read(self, work: Callable[[Reader], T]) -> T:
        if self._closing:
            raise Busy("node-stopping")
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.read_now, work)

    def read_now(self, work: Callable[[Reader], T]) -> T:
        connection = self._readers.get()
        if self._closing:
            self._readers.put(connection)
            raise Busy("node-stopping")
        try:
            if connection is None:
                connection = self._engine.connect_reader()
            try:
                connection.begin_read()
            except Exception as error:
                if not (self._engine.remote and self._engine.is_engine_failure(error)):
                    raise
                connection.close()
                connection = None
                connection = self._engine.connect_reader()
                connection.begin_read()
            try:
                result = work(StoreReader(connection))
            finally:
                connection.rollback()
        except Exception as error:
            if connection is not None and self._engine.is_engine_failure(error):
                connection.close()
                connection = None
            explained = self._engine.explain(error)
            if explained is error:
                raise
            raise explained from error
        finally:
            self._readers.put(connection)
        return result
