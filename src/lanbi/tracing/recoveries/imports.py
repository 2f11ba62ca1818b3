"""Files of recoveries at work: read and judged whole, then written piece by piece, or not at all.

A file comes in once: its digest is kept, and the same bytes again are refused with when they came. What was
stopped half way goes on where it stood. A row is known by what its source calls it, so that the next
edition of a file adds what is new and says what has changed, beside what was said before.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from lanbi.core.access import Actor
from lanbi.core.errors import Refused
from lanbi.core.ports import Reader, Store
from lanbi.core.time import Clock
from lanbi.tracing.model import ref_of
from lanbi.tracing.reading import UNREAD_SERIAL
from lanbi.tracing.recoveries import mapping as mappings
from lanbi.tracing.recoveries import sql
from lanbi.tracing.recoveries.importer import BadRow, Table
from lanbi.tracing.recoveries.jobs import Counts, Job, Likeness, Progress, Report
from lanbi.tracing.recoveries.judging import Draft, GoodRow, Judge, filled_down
from lanbi.tracing.recoveries.mapping import Mapping
from lanbi.tracing.recoveries.model import SimilarReason
from lanbi.tracing.recoveries.service import NUMBERED, Recoveries
from lanbi.tracing.recoveries.writing import PIECE_ROWS, Writer, check_new

LOOK_ROWS = 500
"""Rows that a dry run looks up in one view of the store."""
IMPORTS_LISTED_MAX = 100

_First = dict[tuple[str | None, ...], tuple[str, int]]
"""What is said of a thing → (which thing, line) that said it first."""


class Imports:
    """The use cases of files."""

    def __init__(self, recoveries: Recoveries, clock: Clock, secret: bytes) -> None:
        """`secret`: 32 bytes, for the digests by which a source's names are known again."""
        self._tracing = recoveries.tracing
        self.clock = clock
        self._secret = secret

    def listed(self, reader: Reader, actor: Actor) -> list[sql.Imported]:
        """The files that came in, newest first."""
        self._tracing.gate.require(actor, "tracing.see")
        return sql.imports(reader, IMPORTS_LISTED_MAX)

    def mappings(self, actor: Actor) -> list[Mapping]:
        """Those of the package."""
        self._tracing.gate.require(actor, "tracing.see")
        return [mappings.load(name, self._tracing.vocabulary) for name in mappings.shipped()]

    def mapping(self, given: Any, *, site_files: bool = False) -> Mapping:
        """A mapping by its name (with `site_files` also by the path of a TOML file), or as data."""
        if isinstance(given, str):
            return mappings.load(given, self._tracing.vocabulary, site_files=site_files)
        return mappings.from_data(given, self._tracing.vocabulary)

    def check(self, mapping: Mapping) -> None:
        """Raises `Malformed` for a mapping that was altered into one that cannot be."""
        mappings.check(mapping, self._tracing.vocabulary)

    def job(self, actor: Actor, table: Table, mapping: Mapping) -> Job:
        """Raises `Malformed` where the mapping does not fit the file's columns."""
        self._tracing.gate.require(actor, "tracing.record")
        judge = Judge(mapping, table.columns, self._tracing.vocabulary, self.clock.now())
        originator = mapping.originator or self._tracing.us()
        filled = filled_down(table, mapping.ditto)
        return Job(filled, mapping, judge, originator=originator, secret=self._secret)

    def judge(self, store: Store, actor: Actor, job: Job, progress: Progress | None = None) -> Report:
        """The dry run: reads and judges every row, and writes nothing. Blocks, some thousand rows a second.

        Raises `Refused("recoveries-file-known", at=, file=, by=)` for bytes that came in before.
        """
        self._tracing.gate.require(actor, "tracing.record")
        table = job.table
        store.read_now(lambda reader: check_new(reader, table.digest))
        report = Report(
            file=table.name,
            digest=table.digest,
            mapping=job.mapping.name,
            rows=len(table.rows),
            absent=job.judge.absent,
            unread=job.judge.unread,
        )
        look = _Look(report)
        job.forget()
        for begin in range(0, len(table.rows), LOOK_ROWS):
            good: list[tuple[GoodRow, dict[str, str]]] = []
            for row in table.rows[begin : begin + LOOK_ROWS]:
                judged = row if isinstance(row, BadRow) else job.judge.row(row)
                if isinstance(judged, BadRow):
                    job.leave()
                    report.refuse(judged)
                    continue
                good.append((judged, job.take(judged)))
                report.count(judged)
            store.read_now(lambda reader, good=good: look.up(reader, good))
            if progress is not None:
                progress(len(job.fit), len(table.rows))
        job.judged()
        report.good = report.rows - report.bad
        job.report = report
        return report

    def run(
        self,
        store: Store,
        actor: Actor,
        job: Job,
        *,
        skip_bad: bool = False,
        rows_max: int | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Writes the good rows, a few in each transaction; judges first what was not judged. Blocks.

        `skip_bad`: leaves bad rows out; without it one bad row stops all, before anything is written.
        `rows_max`: so many rows of the file at most, for who would rather come again: `state` is "running"
        then.

        Raises `Refused("recoveries-import-bad")`, `Refused("recoveries-file-known")`, and
        `Refused("recoveries-import-stopped", line=)` where the store would not go on: what is in stays, and
        the same file goes on from there.
        """
        self._tracing.gate.require(actor, "tracing.record")
        report = job.report or self.judge(store, actor, job)
        if report.bad and not skip_bad:
            first = report.bad_rows[0]
            raise Refused(
                "recoveries-import-bad",
                bad=report.bad,
                rows=report.rows,
                line=first.line,
                reason=first.faults[0].code,
            )
        if not report.good:
            raise Refused("recoveries-import-nothing", rows=report.rows)
        writer = Writer(self._tracing, job, report, skip_bad=skip_bad)
        begin = store.write_now(actor, writer.begin)
        end = report.rows if rows_max is None else min(report.rows, begin + rows_max)
        report.state = "running"
        for at in range(begin, end, PIECE_ROWS):
            writer.write(store, actor, at, min(at + PIECE_ROWS, end))
            report.rows_done = min(at + PIECE_ROWS, end)
            if progress is not None:
                progress(report.rows_done, report.rows)
        if end == report.rows:
            store.write_now(actor, writer.end)
            report.rows_done, report.state = report.rows, "done"
        return report


class _Look:
    """What of a file's rows is known already, and what may be the same as something that is."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._met: set[str] = set()
        self._first: _First = {}

    def up(self, reader: Reader, good: Sequence[tuple[GoodRow, dict[str, str]]]) -> None:
        """Counts what these rows tell of."""
        for row, identities in good:
            for draft in row.drafts:
                digest = identities[draft.called]
                if digest in self._met:
                    continue
                self._met.add(digest)
                counts = self._report.kinds.setdefault(draft.kind, Counts())
                if sql.known(reader, digest) is not None:
                    counts.known += 1
                    continue
                counts.new += 1
                for likeness in self._likenesses(reader, row.line, draft, digest):
                    self._report.liken(likeness)

    def _likenesses(self, reader: Reader, line: int, draft: Draft, digest: str) -> Iterator[Likeness]:
        value = draft.value
        if draft.kind == "firearm" and value("serial_status") in NUMBERED:
            reason: SimilarReason = "same_serial"
            values = {"make": value("make"), "serial": value("serial")}
            statement = sql.SAME_SERIAL
        elif draft.kind == "recovery":
            reason = "same_case"
            values = {"case": value("case"), "date": value("date"), "agency": value("agency")}
            statement = sql.SAME_CASE
        else:
            return
        if not all(values.values()) or values.get("serial") == UNREAD_SERIAL:
            return
        other, other_line = self._first.setdefault((draft.kind, *values.values()), (digest, line))
        if other != digest:
            yield Likeness(line=line, reason=reason, ref=None, other_line=other_line, values=values)
        for row in reader.rows(statement, **values, id="", limit=1):
            ref = ref_of(draft.kind, row[1])
            yield Likeness(line=line, reason=reason, ref=ref, other_line=None, values=values)
