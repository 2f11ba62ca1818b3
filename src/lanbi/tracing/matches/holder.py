"""The serials of all registers and of all recovered firearms, held in memory to be searched.

Made on first need, on a thread of its own, and kept up to date by the node's own work. The registers are
searched apart from the recovered firearms: one gun stands in both without being two, so neither is the
other's rival. What was withdrawn since the last round is left out when entries are read, not only here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lanbi.core.errors import Busy
from lanbi.core.ports import Reader, Store
from lanbi.tracing.markings import catalogue
from lanbi.tracing.markings.density import Columns
from lanbi.tracing.markings.index import Found, SerialIndex, columns_of
from lanbi.tracing.markings.score import Gun
from lanbi.tracing.markings.weights import ATTRIBUTES, Attribute
from lanbi.tracing.matches import sql
from lanbi.tracing.matches.model import Register, base_of, searchable
from lanbi.tracing.matches.sql import Looked

PAGE_ROWS = 20_000
"""Read at once, in a look of its own, so that no look stands open for the whole register."""
ADDED_ENTRIES_MAX = 20_000
"""More new entries than this are not added beside the main arrays: everything is built anew, in the
background."""
REGISTER_PROPOSALS_MAX = 30
REGISTER_SCORE_MIN = 0.01
"""An entry that stands in several registers shares its odds with itself there until they are weighed
again."""
FIREARM_PROPOSALS_MAX = 50
FIREARM_SCORE_MIN = 0.0
PROMISING_ODDS = -1.5
"""log10, before rivals are weighed: what is less likely never comes to be proposed."""
PERCENT_READ = 80
"""How far the making is when all entries are read."""

_NOTHING = Found(proposals=(), near=0, entries=0)

log = logging.getLogger("lanbi.tracing")

Start = Callable[[Callable[[], None]], None]
"""Begins a piece of work that takes long; it need not be over when this returns."""
_Numbers = dict[Attribute, dict[str, int]]
_EntryRow = tuple[int, str, str | None, str | None, str | None, str | None]
"""(n, marks, make, model, calibre, type)"""


class Held(NamedTuple):
    """What is in memory: two indexes, which registers are in the first, how far the second is."""

    registers: SerialIndex
    firearms: SerialIndex
    loaded: dict[int, int]
    """Number of a register → the number of its last entry."""
    seq: int
    after: str


class Both(NamedTuple):
    """What was found for one reading, among entries (ids are their numbers) and among firearms (theirs)."""

    entries: Found
    firearms: Found


def in_background(work: Callable[[], None]) -> None:
    """On a thread that ends with the process."""
    threading.Thread(target=work, name="lanbi-serials", daemon=True).start()


class SerialHolder:
    """Holds the indexes. Any thread may search; one brings them up to date at a time."""

    def __init__(self, store: Store, *, start: Start = in_background) -> None:
        """`start`: how a piece of work that takes long is begun."""
        self._store = store
        self._start = start
        self._now: Held | None = None
        self._turn = threading.Lock()
        self._percent = 0

    @property
    def held(self) -> Held | None:
        """What is in memory now; None before the first need."""
        return self._now

    @property
    def bytes(self) -> int:
        """Memory that the arrays take."""
        now = self._now
        return 0 if now is None else now.registers.bytes + now.firearms.bytes

    def need(self) -> Held:
        """What is in memory. Raises `Busy("serial-index-building")` while it is made, and begins that."""
        now = self._now
        if now is None:
            self._begin(self._build)
            now = self._now
        if now is None:
            raise Busy("serial-index-building", percent=self._percent)
        return now

    def search(self, reading: Gun) -> Both:
        """What a reading may be, before rivals are weighed. Raises as `need`."""
        now = self.need()
        entries = firearms = _NOTHING
        if now.loaded:
            entries = now.registers.search(
                reading, limit=REGISTER_PROPOSALS_MAX, posterior_min=REGISTER_SCORE_MIN
            )
        if len(now.firearms):
            firearms = now.firearms.search(
                reading, limit=FIREARM_PROPOSALS_MAX, posterior_min=FIREARM_SCORE_MIN
            )
        return Both(entries, firearms)

    def promising(self, guns: Sequence[Looked]) -> list[bool]:
        """Which of these find anything at all beside themselves: much cheaper than to search each."""
        now = self.need()
        readings = [gun.side.gun for gun in guns]
        found = np.zeros(len(readings), dtype=bool)
        among = now.registers.search_many(readings, limit=1, posterior_min=REGISTER_SCORE_MIN)
        found[among.query] = True
        beside = now.firearms.search_many(readings, limit=3, posterior_min=FIREARM_SCORE_MIN)
        own = np.array([gun.number for gun in guns], dtype=np.int64)[beside.query]
        # A firearm that finds itself takes the odds of all others; with its own odds they get them back, or
        # about even ones where they are better than that.
        self_odds = np.zeros(len(readings))
        self_odds[beside.query[beside.id == own]] = beside.log10_odds[beside.id == own]
        likely = (beside.id != own) & (beside.log10_odds + self_odds[beside.query] >= PROMISING_ODDS)
        found[beside.query[likely]] = True
        return found.tolist()

    def refresh(self) -> bool:
        """Takes in what was recorded or withdrawn since; True when all that is in the store is held.

        What takes long is begun and not waited for: False until it is done.
        """
        if self._now is None:
            self._begin(self._build)
            if self._now is None:
                return False
        if not self._turn.acquire(blocking=False):
            return False
        try:
            whole = self._catch_up()
        finally:
            self._turn.release()
        if not whole:
            self._begin(self._build)
        elif (now := self._now) is not None and (now.registers.wants_merge or now.firearms.wants_merge):
            self._begin(self._merge)
            return False
        return whole

    # -- inside ------------------------------------------------------------------------

    def _begin(self, work: Callable[[], None]) -> None:
        if not self._turn.acquire(blocking=False):
            return  # somebody builds already

        def run() -> None:
            try:
                work()
            except Busy as error:
                log.info("serials are not built now: %s", error)
            except Exception:
                log.exception("the index of serials could not be built")
            finally:
                self._turn.release()

        try:
            self._start(run)
        except BaseException:
            self._turn.release()
            raise

    def _merge(self) -> None:
        now = self._now
        if now is not None:
            for index in (now.registers, now.firearms):
                if index.wants_merge:
                    index.merge()

    def _build(self) -> None:
        """Everything anew from the store; what changes meanwhile comes in by the next round."""
        self._percent = 0
        standing = self._store.read_now(lambda reader: sql.registers(reader, sql.STANDING))
        firearms = self._store.read_now(lambda reader: reader.rows(sql.COUNT_FIREARMS)[0][0])
        total = max(1, firearms + sum(register.entries for register in standing))
        read = _Reading(self._store, total, self._tell)
        ids, columns = read.entries(standing)
        guns, seq, after = read.firearms()
        self._tell(PERCENT_READ)
        registers = SerialIndex(ids, columns)
        index = SerialIndex([gun.number for gun in guns], _columns(guns))
        self._tell(100)
        loaded = {register.number: register.last_n for register in standing}
        self._now = Held(registers, index, loaded, seq, after)

    def _tell(self, percent: int) -> None:
        self._percent = percent

    def _catch_up(self) -> bool:
        """Small changes; False where there is more than may be added beside the main arrays."""
        now = self._now
        if now is None:
            return False
        standing = self._store.read_now(lambda reader: sql.registers(reader, sql.STANDING))
        numbers = {register.number for register in standing}
        loaded = dict(now.loaded)
        for number in sorted(now.loaded.keys() - numbers):
            now.registers.remove(np.arange(base_of(number) + 1, now.loaded[number] + 1, dtype=np.int64))
            del loaded[number]
        fresh = [register for register in standing if register.number not in loaded]
        if sum(register.entries for register in fresh) > ADDED_ENTRIES_MAX:
            self._now = now._replace(loaded=loaded)
            return False
        if fresh:
            ids, columns = _Reading(self._store, 1, lambda _percent: None).entries(fresh)
            now.registers.add(ids, columns)
            loaded.update({register.number: register.last_n for register in fresh})
        seq, after = self._take_firearms(now)
        self._now = now._replace(loaded=loaded, seq=seq, after=after)
        return True

    def _take_firearms(self, now: Held) -> tuple[int, str]:
        seq, after = now.seq, now.after
        while True:
            found = self._changed(seq, after)
            if not found:
                return seq, after
            held = [gun for gun in found if searchable(gun.side.marks)]
            if len(held) < len(found):
                now.firearms.remove([gun.number for gun in found if not searchable(gun.side.marks)])
            if held:
                now.firearms.add([gun.number for gun in held], _columns(held))
            seq, after = found[-1].seq, found[-1].id

    def _changed(self, seq: int, after: str) -> list[Looked]:
        return self._store.read_now(lambda reader: sql.changed(reader, seq, after, PAGE_ROWS))


class _Reading:
    """Reads entries and firearms page by page, and says how far it is."""

    def __init__(self, store: Store, total: int, tell: Callable[[int], None]) -> None:
        self._store = store
        self._total = total
        self._tell = tell
        self._done = 0

    def _count(self, rows: int) -> None:
        self._done += rows
        self._tell(min(PERCENT_READ, PERCENT_READ * self._done // self._total))

    def entries(self, registers: Iterable[Register]) -> tuple[NDArray[np.int64], Columns]:
        """The entries of registers that a search can find, with their numbers."""
        ids: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
        columns: list[Columns] = [columns_of([])]
        numbers: _Numbers = {which: dict(catalogue.numbers(f"{which}s")) for which in ATTRIBUTES}
        for register in registers:
            after = base_of(register.number)
            while rows := self._page(after, register.last_n):
                after = rows[-1][0]
                self._count(len(rows))
                held = [row for row in rows if searchable(row[1])]
                ids.append(np.array([row[0] for row in held], dtype=np.int64))
                columns.append(_entry_columns(held, numbers))
        return np.concatenate(ids), Columns.joined(columns)

    def _page(self, after: int, last: int) -> list[_EntryRow]:
        def work(reader: Reader) -> list[_EntryRow]:
            return reader.rows(sql.ENTRIES_FOR_INDEX, after=after, last=last, limit=PAGE_ROWS)  # pyright: ignore[reportReturnType]

        return self._store.read_now(work)

    def firearms(self) -> tuple[list[Looked], int, str]:
        """The recovered firearms that a search can find, and the last change among all of them."""
        held: dict[int, Looked] = {}
        seq, after = 0, ""
        while True:
            found = self._store.read_now(
                lambda reader, seq=seq, after=after: sql.changed(reader, seq, after, PAGE_ROWS)
            )
            if not found:
                return [gun for gun in held.values() if searchable(gun.side.marks)], seq, after
            held.update({gun.number: gun for gun in found})  # one that changes meanwhile comes twice
            seq, after = found[-1].seq, found[-1].id
            self._count(len(found))


def _columns(guns: Sequence[Looked]) -> Columns:
    return columns_of([gun.side.gun for gun in guns])


def _entry_columns(rows: Sequence[_EntryRow], numbers: _Numbers) -> Columns:
    described = {"make": 2, "model": 3, "calibre": 4, "type": 5}
    attributes: dict[Attribute, NDArray[np.int16]] = {}
    for which in ATTRIBUTES:
        number, at = numbers[which], described[which]
        attributes[which] = np.array([number.get(str(row[at]), 0) for row in rows], dtype=np.int16)
    return columns_of(marks=[row[1] for row in rows], attributes=attributes)
