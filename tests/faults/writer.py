"""A node's store under load in a process of its own: `python writer.py FOLDER`, to be killed at any moment.

Every command writes two rows and two entries that belong together. Its name goes to stdout when, and only
when, the store has answered.
"""

import os
import sys
import threading
from pathlib import Path
from typing import ClassVar

from lanbi.core.access import SYSTEM
from lanbi.core.events import Event
from lanbi.core.ports import Tx
from lanbi.core.time import SystemClock
from lanbi.record.checkpoint import SiteKey
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore

THREADS = 6
MAKE = "CREATE TABLE IF NOT EXISTS half (name TEXT, side TEXT, seq BIGINT, PRIMARY KEY (name, side))"
PUT = "INSERT INTO half (name, side, seq) VALUES (:name, :side, :seq)"


class HalfMade(Event, frozen=True, kw_only=True):
    """One of two that are nothing without each other."""

    kind: ClassVar[str] = "half.made"
    about: ClassVar[str] = "half"
    side: str


def both(name: str):
    def work(tx: Tx) -> None:
        for side in ("left", "right"):
            entry = tx.record(HalfMade(id=name, side=side))
            tx.run(PUT, name=name, side=side, seq=entry.seq)

    return work


def main(folder: Path) -> None:
    key = SiteKey.load_or_create(folder / "site.key")
    store = LanbiStore(SqliteEngine(folder / FILE_NAME), SystemClock(), key, "faults")
    store.open()
    store.write_now(SYSTEM, lambda tx: tx.run(MAKE))

    def write(thread: int) -> None:
        number = 0
        while True:
            number += 1
            name = f"{os.getpid()}-{thread}-{number}"
            store.write_now(SYSTEM, both(name))
            os.write(1, f"{name}\n".encode())

    for thread in range(THREADS):
        threading.Thread(target=write, args=(thread,)).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
