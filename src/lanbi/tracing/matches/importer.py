"""A register from a file: judged row by row, written in bounded pieces, seen by nobody before it is whole.

People's commands go between two pieces. Where the import ends early, or a row is bad and bad rows are not to
be left out, what was written is cleared away again: nothing of it was ever searched.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from lanbi.core.access import Actor
from lanbi.core.errors import Busy, LanbiError, Malformed, Refused, TooLarge
from lanbi.core.ports import Store, Tx
from lanbi.tracing.matches import sql
from lanbi.tracing.matches.columns import Field, Row, RowReader
from lanbi.tracing.matches.files import FileRow, Table, digest_of, open_table
from lanbi.tracing.matches.model import REGISTER_ROWS_MAX, Register, Wanted, base_of
from lanbi.tracing.matches.service import Registers

PIECE_ROWS = 5_000
PROGRESS_EVERY_ROWS = 2_000
BAD_ROWS_KEPT_MAX = 1_000
KEY_BYTES = 8

Progress = Callable[[int, int], None]
"""(done, in all): bytes of a CSV file, rows of a sheet."""


class BadRow(msgspec.Struct, frozen=True):
    """A row that cannot be an entry: where it stands in the file, the refusal's code and its blanks."""

    line: int
    code: str
    args: dict[str, str]


class ImportReport(msgspec.Struct, kw_only=True):
    """What an import did, or would do.

    `headings`: field → heading that it is read from. `by_reason`: all bad rows by code; `bad`: the first
    `BAD_ROWS_KEPT_MAX` of them. `flags`: entries that are kept with a doubt, by its code. `repeated`: entries
    whose serial and make stand in the file before.
    """

    digest: str
    headings: dict[Field, str]
    rows: int = 0
    entries: int = 0
    refused: int = 0
    repeated: int = 0
    by_reason: dict[str, int] = msgspec.field(default_factory=dict)
    flags: dict[str, int] = msgspec.field(default_factory=dict)
    bad: list[BadRow] = msgspec.field(default_factory=list)
    register: Register | None = None


def import_register(
    store: Store,
    registers: Registers,
    actor: Actor,
    path: Path,
    wanted: Wanted,
    *,
    mapping: Mapping[str, str] | None = None,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Takes in a file whole, or nothing of it. Blocks: about a minute for a million rows.

    `mapping`: field → heading, where the headings do not tell. `skip_bad`: leave bad rows out instead of
    refusing the file. `dry_run`: judge every row, write nothing.

    Raises `Malformed` and `TooLarge` for a file that cannot be read (register-file-…, register-column-…);
    `Refused`: register-twice, register-bad-rows (all of them are judged, the report is its `report`),
    registers-full. What `Registers.begin` refuses, too.
    """
    tell = progress or _silent
    digest = digest_of(path)
    store.read_now(lambda reader: registers.check(reader, actor, wanted, digest))
    with open_table(path, mapping) as table:
        report = ImportReport(digest=digest, headings=table.headings)
        judge = _Judge(report)
        if dry_run:
            for _ in judge.rows(table, tell):
                pass
            judge.close()
            return report
        register = store.write_now(
            actor,
            lambda tx: registers.begin(tx, wanted, digest),
        )
        try:
            _write_all(_Writer(store, actor, register), judge, table, tell, skip_bad=skip_bad)
            judge.close()
            _need_good(report, path, skip_bad=skip_bad)
            report.register = store.write_now(
                actor,
                lambda tx: registers.finish(
                    tx,
                    register.id,
                    entries=report.entries,
                    skipped=report.refused,
                    repeated=report.repeated,
                    grade=wanted.grade,
                ),
            )
        except BaseException:
            _take_away(store, actor, registers, register)
            raise
    return report


class BadRowsError(Refused):
    """Some rows are bad and were not to be left out; `report` has the reasons."""

    def __init__(self, report: ImportReport) -> None:
        first = report.bad[0]
        super().__init__(
            "register-bad-rows", refused=report.refused, rows=report.rows, line=first.line, reason=first.code
        )
        self.report = report


def _need_good(report: ImportReport, path: Path, *, skip_bad: bool) -> None:
    if report.refused and not skip_bad:
        raise BadRowsError(report)
    if not report.entries:
        raise Malformed("register-file-empty", file=path.name)


def _silent(_done: int, _total: int) -> None:
    """For who does not ask."""


class _Judge:
    """Reads the rows of a file and counts what is wrong with them."""

    def __init__(self, report: ImportReport) -> None:
        self._report = report
        self._reader = RowReader()
        self._by_reason: Counter[str] = Counter()
        self._flags: Counter[str] = Counter()
        self._keys = array("q")

    @property
    def refused(self) -> int:
        return self._report.refused

    def rows(self, table: Table, tell: Progress) -> Iterator[tuple[int, Row]]:
        """(row of the file, what it says), of the good ones."""
        report = self._report
        for row in table.rows:
            report.rows += 1
            if report.rows > REGISTER_ROWS_MAX:
                raise TooLarge("register-rows-many", limit=REGISTER_ROWS_MAX)
            if report.rows % PROGRESS_EVERY_ROWS == 0:
                tell(table.place(), table.total)
            try:
                read = self._read(row)
            except LanbiError as error:
                self._refuse(row.line, error)
                continue
            report.entries += 1
            if read.flags:
                self._flags.update(read.flags)
            key = f"{read.marks}/{read.described.make or ''}".encode()
            self._keys.append(
                int.from_bytes(hashlib.blake2b(key, digest_size=KEY_BYTES).digest(), signed=True)
            )
            yield report.rows, read
        tell(table.total, table.total)

    def _read(self, row: FileRow) -> Row:
        if row.bad is not None:
            raise Malformed(row.bad[0], given=row.bad[1])
        return self._reader.read(row.cells, number_cell=row.number_cell)

    def _refuse(self, line: int, error: LanbiError) -> None:
        self._report.refused += 1
        self._by_reason[error.code] += 1
        if len(self._report.bad) < BAD_ROWS_KEPT_MAX:
            args = {name: str(value) for name, value in error.args_by_name.items()}
            self._report.bad.append(BadRow(line, error.code, args))

    def close(self) -> None:
        """Writes the counts into the report."""
        self._report.by_reason = dict(self._by_reason.most_common())
        self._report.flags = dict(self._flags.most_common())
        keys = np.frombuffer(self._keys, dtype=np.int64) if self._keys else np.zeros(0, dtype=np.int64)
        self._report.repeated = len(keys) - len(np.unique(keys))


class _Writer:
    """Writes entries piece by piece under a register that nobody sees yet."""

    def __init__(self, store: Store, actor: Actor, register: Register) -> None:
        self._store = store
        self._actor = actor
        self._register = register
        self._base = base_of(register.number)
        self._piece: list[dict[str, Any]] = []

    def add(self, number: int, row: Row) -> None:
        """An entry; `number`: its row of the file."""
        self._piece.append(
            sql.entry_values(
                self._base + number,
                row.marks,
                described=row.described,
                reference=row.reference,
                flags=row.flags,
                written=row.written,
            )
        )
        if len(self._piece) == PIECE_ROWS:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        piece, self._piece = self._piece, []
        if piece:
            self._store.write_now(self._actor, lambda tx: self._write(tx, piece))

    def _write(self, tx: Tx, piece: list[dict[str, Any]]) -> None:
        register = self._register
        if not tx.run(sql.TOUCH_REGISTER, id=register.id, last_n=piece[-1]["n"], now=tx.now):
            raise Refused("register-gone", name=register.name)
        tx.run_many(sql.ADD_ENTRY, piece)


def _write_all(writer: _Writer, judge: _Judge, table: Table, tell: Progress, *, skip_bad: bool) -> None:
    for number, row in judge.rows(table, tell):
        # Nothing of it will stand: the rest is only judged, so that every reason is known.
        if skip_bad or not judge.refused:
            writer.add(number, row)
    if skip_bad or not judge.refused:
        writer.flush()


def _take_away(store: Store, actor: Actor, registers: Registers, register: Register) -> None:
    """Clears away what an import left; where the store cannot be reached, the node does it later."""
    with suppress(Busy):
        _clear(store, actor, registers, register)


def _clear(store: Store, actor: Actor, registers: Registers, register: Register) -> None:
    store.write_now(actor, lambda tx: registers.abandon(tx, register))
    while store.read_now(lambda reader: sql.registers(reader, sql.TO_CLEAR)):
        store.write_now(actor, registers.clear)
