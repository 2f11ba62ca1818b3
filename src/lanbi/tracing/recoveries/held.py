"""Files that were uploaded and wait to be judged and run: held for an hour by whoever uploaded them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lanbi.core.access import Actor
from lanbi.core.errors import Busy, NotFound, Refused
from lanbi.core.ids import new_id
from lanbi.core.time import HOUR, Instant
from lanbi.tracing.recoveries.guess import Proposal
from lanbi.tracing.recoveries.importer import Table
from lanbi.tracing.recoveries.jobs import Job

HELD_FOR: Instant = HOUR
FILES_MAX = 12
BYTES_MAX = 60_000_000
"""Of all held files together: a table takes some ten times as much as its file."""


class HeldFile:
    """An uploaded file; `job` once it was judged by a mapping."""

    def __init__(self, actor: Actor, table: Table, proposal: Proposal, *, size: int, now: Instant) -> None:
        """`size`: bytes of the file."""
        self.id = new_id(now)
        self.login = actor.id
        self.table = table
        self.proposal = proposal
        self.size = size
        self.until = now + HELD_FOR
        self.job: Job | None = None
        self.at_work = threading.Lock()


class Shelf:
    """The held files of a node, few and for a while: a restart forgets them."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._files: dict[str, HeldFile] = {}

    def put(self, file: HeldFile, now: Instant) -> None:
        """Raises `Busy("recoveries-imports-full")` where others' files take all the room; one's own older
        ones make way."""
        with self._door:
            self._drop_old(now)
            own = [held for held in self._files.values() if held.login == file.login]
            while own and self._full(file):
                del self._files[own.pop(0).id]
            if self._full(file):
                raise Busy("recoveries-imports-full", limit=FILES_MAX)
            self._files[file.id] = file

    def get(self, actor: Actor, file_id: str, now: Instant) -> HeldFile:
        """Raises `NotFound("recoveries-import-none")`, also for another's."""
        with self._door:
            found = self._files.get(file_id)
        if found is None or found.login != actor.id or found.until <= now:
            raise NotFound("recoveries-import-none")
        return found

    @contextmanager
    def working(self, file: HeldFile, now: Instant) -> Iterator[HeldFile]:
        """One at a time; the hour begins anew. Raises `Refused("recoveries-import-running")`."""
        if not file.at_work.acquire(blocking=False):
            raise Refused("recoveries-import-running")
        try:
            file.until = now + HELD_FOR
            yield file
        finally:
            file.at_work.release()

    def _full(self, file: HeldFile) -> bool:
        return len(self._files) >= FILES_MAX or (
            sum(held.size for held in self._files.values()) + file.size > BYTES_MAX
        )

    def _drop_old(self, now: Instant) -> None:
        self._files = {key: held for key, held in self._files.items() if held.until > now}
