"""Registers and the match queue over real stores, wired as in a node; what takes long is done at once."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.ports import Tx
from lanbi.tracing.events import Judged, JudgementUndone
from lanbi.tracing.handling import Handling
from lanbi.tracing.matches.clerk import MatchClerk
from lanbi.tracing.matches.holder import SerialHolder
from lanbi.tracing.matches.importer import ImportReport, import_register
from lanbi.tracing.matches.model import Match, MatchVerdict, Register, Wanted
from lanbi.tracing.matches.service import Matches, Registers, Search, Searching
from lanbi.tracing.model import Entity
from tracing.room import ANALYST, Room

HEADINGS = ("Serial number", "Make", "Model", "Calibre", "Type", "Reference")
STOLEN = ("SYN 488075", "Glock GmbH", "19", "9 mm", "pistol", "case 24-77")
"""The register's word on the gun that stands in `GLOCK` with a B read for an 8."""
OTHERS = tuple(
    (f"SYN{number}", "Taurus", "G2C", "9x19", "pistol", f"case {number}")
    for number in (100201, 230417, 344990, 419273, 587716, 602218, 790035, 881240)
)


def at_once(work: Callable[[], None]) -> None:
    """In place of a thread."""
    work()


class Later:
    """In place of a thread that has not begun: `go` does what was asked for."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, work: Callable[[], None]) -> None:
        self.waiting.append(work)

    def go(self) -> None:
        waiting, self.waiting = self.waiting, []
        for work in waiting:
            work()


class QueueRoom:
    """A room of tracing with registers, search, queue and clerk."""

    def __init__(self, room: Room, folder: Path, start: Any = at_once) -> None:
        self.room = room
        self.folder = folder
        self.registers = Registers(room.tracing)
        self.matches = Matches(room.tracing)
        self.holder = SerialHolder(room.store, start=start)
        self.searching = Searching(room.tracing, self.holder)
        self.clerk = self.another_clerk(self.holder)
        room.store.subscribe(Judged, self.matches.judged)
        room.store.subscribe(JudgementUndone, self.matches.unjudged)

    def another_clerk(self, holder: SerialHolder | None = None) -> MatchClerk:
        """As of another node over the same store."""
        held = holder or SerialHolder(self.room.store, start=at_once)
        return MatchClerk(self.room.store, self.registers, held, self.room.clock)

    def file(self, name: str, rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Path:
        """A CSV file."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
        return path

    def take_in(
        self,
        path: Path,
        *,
        name: str = "SYNTHETIC stolen",
        kind: str = "stolen",
        originator: str = "US",
        actor: Actor = SYSTEM,
        grade: str = "F6",
        **more: Any,
    ) -> ImportReport:
        """Imports a file as the keeper at the machine does."""
        wanted = Wanted(
            name=name, kind=kind, handling=Handling(originator=originator), grade=grade, synthetic=True
        )
        return import_register(self.room.store, self.registers, actor, path, wanted, **more)

    def register(self, *rows: Sequence[str], name: str = "SYNTHETIC stolen", **more: Any) -> Register:
        """A register of these entries and some others, of one originator."""
        path = self.file(f"{name}.csv", [*rows, *OTHERS])
        made = self.take_in(path, name=name, **more).register
        assert made is not None
        return made

    def search(self, serial: str, **more: Any) -> Search:
        return self.room.look(lambda reader: self.searching.search(reader, ANALYST, serial, **more))

    def queue(self, verdict: MatchVerdict | None = "none", **more: Any) -> list[Match]:
        """What stands in the queue, best first."""
        return self.room.look(
            lambda reader: self.matches.page(reader, ANALYST, verdict=verdict, limit=200, **more)
        )

    def one(self) -> Match:
        (only,) = self.queue()
        return only

    def decide(self, match: Match, verdict: str = "same", **more: Any) -> Match:
        return self.room.do(
            lambda tx: self.matches.decide(tx, match.id, verdict, "photograph compared", **more)
        )

    def undo(self, match: Match, **more: Any) -> Match:
        return self.room.do(lambda tx: self.matches.undo(tx, match.id, **more))

    def withdraw(self, register: Register, reason: str = "originator", **more: Any) -> Register:
        return self.room.do(lambda tx: self.registers.withdraw(tx, register.id, reason, **more))

    def entity(self, entity: Entity) -> Entity:
        """As it stands now."""
        return self.room.look(lambda reader: self.room.tracing.entity(reader, ANALYST, entity.id))

    def clear_all(self) -> None:
        """What the node does by and by."""

        def piece(tx: Tx) -> bool:
            return self.registers.clear(tx)

        while self.room.do(piece, by=SYSTEM):
            pass
