"""Replays a file of calls on a node: the same services as the room's, one row one transaction.

What the source says bears the source's time: the call's offer and the incident's opening.
What the importer does bears its own: answering, ending, closing. So no clock is made up.
"""

import asyncio
import hashlib
import math
import signal
import struct
import threading
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, Protocol

import msgspec

from lanbi.adapters.cad_csv.codec import BadRow, CallRow, Reading, Record, is_utf16, lines, records
from lanbi.adapters.cad_csv.mapping import Mapping
from lanbi.calls.service import Calls
from lanbi.core.access import Actor
from lanbi.core.errors import Conflict, Malformed, NotFound, Refused, TooLarge
from lanbi.core.events import Event, Sealed
from lanbi.core.ports import Entry, Reader, Store, Tx
from lanbi.core.time import SECOND, Instant
from lanbi.incidents.service import Incidents
from lanbi.places.territory import Territory

FILE_BYTES_MAX = 2_000_000_000
ROWS_MAX = 2_000_000
CHUNK_BYTES = 65_536
# Real exports shrink five- to twentyfold; what shrinks more is a trap.
ZIP_RATIO_MAX = 100
ZIP_MEMBERS_MAX = 100
BAD_ROWS_LISTED_MAX = 1_000
# Enough for the writer to fill its batches; few enough to stop at once.
IN_FLIGHT_ROWS_MAX = 512
PROGRESS_EVERY_ROWS = 100
SPEED_MAX = 1_000_000.0

KNOWN = "SELECT call_id FROM imported_call WHERE source = :source AND row_key = :key"
KEEP = "INSERT INTO imported_call (source, row_key, call_id) VALUES (:source, :key, :call_id)"

Progress = Callable[[int, int], None]
"""Told (rows done, rows in the file); before the end the second is an estimate."""

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")  # the second is an empty one
# All that zipfile lets out for a file that only begins like a zip.
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
# Refused for the row's own sake; anything else stops the import.
_ROW_ERRORS = (Malformed, NotFound, Refused, Conflict, TooLarge)
_STORE_CODES = "store-"


class Room(Protocol):
    """What the feed needs of the node that it replays on."""

    @property
    def store(self) -> Store: ...
    @property
    def calls(self) -> Calls: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def territory(self) -> Territory: ...
    def set_territory(self, territory: Territory, /) -> None: ...
    def at_work(self, reader: Reader, /) -> bool:
        """Whether the store holds calls, incidents or units."""
        ...


class Report(msgspec.Struct, kw_only=True):
    """What became of the rows: `rows` is always `calls + repeated + refused`.

    `unplaced`: of the calls, those whose coordinates were not believed; they went in
    with their words. `fallback`: of the calls, those whose type no rule knew. `bad` and
    `misplaced` list the first 1,000 with their lines. `ended_line`: of the last row read.
    """

    rows: int = 0
    calls: int = 0
    repeated: int = 0
    refused: int = 0
    unplaced: int = 0
    fallback: int = 0
    bad: list[BadRow] = []
    misplaced: list[BadRow] = []
    ended_line: int = 0
    seconds: float = 0.0

    @property
    def rows_per_s(self) -> float:
        """Rows per second over the whole run."""
        return self.rows / self.seconds if self.seconds else 0.0

    def refuse(self, row: BadRow) -> None:
        """Counts and lists a row that did not go in."""
        self.refused += 1
        if len(self.bad) < BAD_ROWS_LISTED_MAX:
            self.bad.append(row)

    def take(self, row: CallRow) -> None:
        """Counts a row that is a call now."""
        self.calls += 1
        self.fallback += not row.typed
        if row.misplaced is not None:
            self.unplaced += 1
            if len(self.misplaced) < BAD_ROWS_LISTED_MAX:
                self.misplaced.append(BadRow(row.line, row.misplaced))


def replay(
    file: Path,
    mapping: Mapping,
    room: Room,
    *,
    speed: float = 0.0,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Takes in the calls of `file` (a CSV, or a zip that holds one) and says what became of each row.

    `speed`: 1 is the pace at which they came, 60 a minute in a second, 0 flat out.
    `limit`: rows to read at most. Rows that were taken in before, in whatever run, are
    counted and left alone. For a thread without a running loop.

    Raises before anything is written: `Malformed` and `TooLarge` for the file, the header,
    the speed or the limit; `Refused("import-elsewhere")` where the store holds work of other
    ground. Raises `Refused("import-stopped", line=)` after Ctrl-C or a termination signal,
    the store's own refusals where it cannot go on: what was taken in stays, and the same
    command goes on from there.
    """
    if not math.isfinite(speed) or not 0 <= speed <= SPEED_MAX:
        raise Malformed("import-speed", given=str(speed), limit=int(SPEED_MAX))
    if limit is not None and limit < 1:
        raise Malformed("import-limit", given=limit)
    total = _count_lines(file)
    with closing(_bytes_of(file)) as chunks:
        rows = records(lines(chunks, mapping.encoding), mapping.delimiter, len(mapping.columns) or None)
        columns = mapping.columns or _header(rows)
        judge = _Judge(room, mapping.ground)
        reading = Reading(mapping, columns, judge)
        judge.settle()
        feed = _Feed(room, mapping, reading, speed=speed, limit=limit, progress=progress)
        estimate = max(0, total - (not mapping.columns))
        return asyncio.run(feed.run(rows, estimate if limit is None else min(limit, estimate)))


# -- the file ----------------------------------------------------------------------------


def _bytes_of(file: Path) -> Generator[bytes, None, None]:
    """The CSV's bytes in chunks, out of its zip where it is in one; at most `FILE_BYTES_MAX`."""
    try:
        with file.open("rb") as raw:
            if raw.read(4) in _ZIP_STARTS:
                with zipfile.ZipFile(raw) as archive, archive.open(_member(archive, file)) as member:
                    yield from _chunks(member, file)
            else:
                raw.seek(0)
                yield from _chunks(raw, file)
    except OSError as error:
        raise Malformed("csv-file-unreadable", file=file.name, reason=error.strerror or str(error)) from error
    except _ZIP_ERRORS as error:
        raise Malformed("csv-zip-broken", file=file.name, reason=str(error)) from error


def _member(archive: zipfile.ZipFile, file: Path) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist()[: ZIP_MEMBERS_MAX + 1] if not info.is_dir()]
    found = [info for info in found if not info.filename.startswith("__MACOSX/")]
    if len(found) != 1:
        raise Malformed("csv-zip-members", file=file.name, found=len(found))
    member = found[0]
    if member.flag_bits & 1:
        raise Malformed("csv-zip-locked", file=file.name)
    if member.file_size > FILE_BYTES_MAX or member.file_size > ZIP_RATIO_MAX * max(1, member.compress_size):
        raise TooLarge("csv-zip-bomb", file=file.name, given=member.file_size)
    return member


def _chunks(stream: IO[bytes], file: Path) -> Iterator[bytes]:
    done = 0
    while chunk := stream.read(CHUNK_BYTES):
        done += len(chunk)
        if done > FILE_BYTES_MAX:
            raise TooLarge("csv-file-large", file=file.name, limit=FILE_BYTES_MAX)
        yield chunk


def _count_lines(file: Path) -> int:
    """Lines of the file, roughly its rows. Reads all of it: a broken zip shows before the first row."""
    count, last = 0, b""
    with closing(_bytes_of(file)) as chunks:
        for chunk in chunks:
            if not last and is_utf16(chunk):
                raise Malformed("csv-utf16", file=file.name)
            count += chunk.count(b"\n") or chunk.count(b"\r")
            last = chunk[-1:]
    return count + (last not in (b"", b"\n", b"\r"))


def _header(rows: Iterator[Record | BadRow]) -> list[str]:
    first = next(rows, None)
    if first is None:
        raise Malformed("csv-empty")
    if isinstance(first, BadRow):
        raise first.error
    return first.fields


# -- the ground --------------------------------------------------------------------------


class _Judge:
    """Says of a point whether it can be: on the source's ground, and on the site's."""

    def __init__(self, room: Room, wanted: Territory | None) -> None:
        self._room = room
        self._wanted = wanted

    def settle(self) -> None:
        """Makes the source's ground that of an empty store; refuses where the store is at work elsewhere."""
        wanted, present = self._wanted, self._room.territory
        if wanted is None or _within(wanted.bounds, present.bounds):
            return
        if self._room.store.read_now(self._room.at_work):
            raise Refused("import-elsewhere", wanted=wanted.name, present=present.name)
        self._room.set_territory(wanted)

    def __call__(self, lat: float, lon: float) -> None:
        if self._wanted is not None:
            self._wanted.check(lat, lon)
        if self._room.territory is not self._wanted:
            self._room.territory.check(lat, lon)


def _within(inner: Sequence[float], outer: Sequence[float]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


# -- the replay --------------------------------------------------------------------------


class _AsOf:
    """A piece of work on something that happened earlier: its instant is held to that time.

    The entries say `at` when it happened; when they were recorded, and how long sealed
    words are kept, goes by the node's clock as always.
    """

    def __init__(self, tx: Tx, at: Instant) -> None:
        self._tx = tx
        self.now: Instant = min(at, tx.now)
        self.actor: Actor = tx.actor
        self.purpose: str = tx.purpose
        self.rows = tx.rows
        self.row = tx.row
        self.run = tx.run
        self.run_many = tx.run_many

    @property
    def seq(self) -> int:
        return self._tx.seq

    @property
    def head(self) -> int:
        return self._tx.head

    def record(self, fact: Event, *, at: Instant | None = None) -> Entry:
        return self._tx.record(fact, at=self.now if at is None else at)

    def seal(self, *, subject: str, field: str, kind: str, value: str, keep_for: Instant) -> Sealed:
        return self._tx.seal(subject=subject, field=field, kind=kind, value=value, keep_for=keep_for)


class _Sent(NamedTuple):
    """A row on its way to the disk; `taken` answers whether it was new."""

    row: CallRow
    taken: "asyncio.Future[bool]"


class _Feed:
    """One run over one file."""

    def __init__(
        self,
        room: Room,
        mapping: Mapping,
        reading: Reading,
        *,
        speed: float,
        limit: int | None,
        progress: Progress | None,
    ) -> None:
        self._room = room
        self._mapping = mapping
        self._reading = reading
        self._speed = speed
        self._limit = min(limit or ROWS_MAX + 1, ROWS_MAX + 1)
        self._progress = progress or _unseen
        # Its id marks every entry and every clock that it struck.
        self._actor = Actor(
            id=f"import-{mapping.source}", name=f"{mapping.name} (import)", role="system", kind="system"
        )
        self._seen: dict[bytes, int] = {}
        self._in_flight: deque[_Sent] = deque()
        self._origin: tuple[Instant, float] | None = None
        self._stopping = False
        self._stopped = asyncio.Event()
        self.report = Report()

    async def run(self, rows: Iterator[Record | BadRow], total: int) -> Report:
        report, loop = self.report, asyncio.get_running_loop()
        started = loop.time()
        with _signals(self._stop_from(loop)):
            try:
                await self._read_all(rows, total)
                while self._in_flight:
                    await self._settle()
            except BaseException:
                # What the writer has already will be committed; its answers are nobody's any more.
                await asyncio.gather(*(sent.taken for sent in self._in_flight), return_exceptions=True)
                raise
        report.seconds = loop.time() - started
        if self._stopping:
            raise Refused(
                "import-stopped",
                line=report.ended_line, rows=report.rows, calls=report.calls, repeated=report.repeated,
                refused=report.refused,
            )  # fmt: skip
        self._progress(report.rows, report.rows)
        return report

    def _stop_from(self, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        def stop() -> None:
            self._stopping = True
            loop.call_soon_threadsafe(self._stopped.set)

        return stop

    async def _read_all(self, rows: Iterator[Record | BadRow], total: int) -> None:
        report = self.report
        for record in rows:
            if self._stopping or report.rows >= self._limit:
                break
            if report.rows >= ROWS_MAX:
                raise TooLarge("import-rows", limit=ROWS_MAX)
            row = record if isinstance(record, BadRow) else self._reading.call(record)
            if isinstance(row, CallRow) and not await self._due(row):
                break
            report.rows += 1
            report.ended_line = row.line
            if isinstance(row, BadRow):
                report.refuse(row)
            else:
                await self._send(row)
            if self._speed or report.rows % PROGRESS_EVERY_ROWS == 0:
                self._progress(report.rows, max(total, report.rows))

    async def _send(self, row: CallRow) -> None:
        work = partial(self._take, row=row, key=self._key_of(row))
        taken = asyncio.ensure_future(self._room.store.write(self._actor, work))
        self._in_flight.append(_Sent(row, taken))
        while len(self._in_flight) >= (1 if self._speed else IN_FLIGHT_ROWS_MAX):
            await self._settle()

    async def _settle(self) -> None:
        """Waits for the oldest row in flight and counts it."""
        row, taken = self._in_flight.popleft()
        try:
            is_new = await taken
        except _ROW_ERRORS as error:
            if error.code.startswith(_STORE_CODES):
                raise
            self.report.refuse(BadRow(row.line, error))
            return
        if is_new:
            self.report.take(row)
        else:
            self.report.repeated += 1

    def _key_of(self, row: CallRow) -> str:
        """The row's key in this source: of rows that are alike, each is one of its own."""
        before = self._seen.get(row.key, 0)
        self._seen[row.key] = before + 1
        if before == 0:
            return row.key.hex()
        return hashlib.blake2b(row.key + before.to_bytes(8, "big"), digest_size=len(row.key)).hexdigest()

    def _take(self, tx: Tx, *, row: CallRow, key: str) -> bool:
        """One row whole, or nothing of it; false where it was taken in before."""
        mapping, calls, incidents = self._mapping, self._room.calls, self._room.incidents
        if tx.row(KNOWN, source=mapping.source, key=key) is not None:
            return False
        call = calls.offer(tx, channel="voice", area=row.area, offered_at=row.at)
        incident = incidents.open(
            _AsOf(tx, row.at), call_id=call.id, type=row.type, title=row.title, area=row.area
        )
        calls.answer(tx, call.id)
        calls.end(tx, call.id)
        if not self._speed:
            incidents.close(tx, incident.id, mapping.close_as)
        tx.run(KEEP, source=mapping.source, key=key, call_id=call.id)
        return True

    # -- pace ------------------------------------------------------------------------

    async def _due(self, row: CallRow) -> bool:
        """Waits until the row is due; false where the wait was stopped.

        Rows that are there already are not waited for, so a second run goes on at once.
        """
        if not self._speed:
            return True
        now = asyncio.get_running_loop().time()
        if self._origin is None:
            if await self._room.store.read(partial(self._is_known, key=row.key.hex())):
                return True
            self._origin = (row.at, now)
        wait_s = due_in_s(self._origin, row.at, now, self._speed)
        if wait_s > 0:
            try:
                await asyncio.wait_for(self._stopped.wait(), wait_s)
            except TimeoutError:
                return True
        return not self._stopping

    def _is_known(self, reader: Reader, *, key: str) -> bool:
        return reader.row(KNOWN, source=self._mapping.source, key=key) is not None


def _unseen(_done: int, _total: int) -> None:
    """The progress that nobody looks at."""


def due_in_s(origin: tuple[Instant, float], at: Instant, now_s: float, speed: float) -> float:
    """Seconds from `now_s` until a row of the time `at` is due; not above 0 where it is due already.

    `origin`: the time of the first row, and the second of a steady clock at which it was played.
    """
    first_at, began_s = origin
    return began_s + (at - first_at) / SECOND / speed - now_s


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and a termination signal call `stop` for a while; elsewhere than on the main thread, nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: stop())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
