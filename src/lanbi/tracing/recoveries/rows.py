"""Recoveries and imports as people and machines see them: rows of the API."""

from typing import Any

import msgspec

from lanbi.core.time import Instant, rfc3339, rfc3339_or_none
from lanbi.locales import hint, say
from lanbi.tracing.markings import catalogue
from lanbi.tracing.recoveries import sql
from lanbi.tracing.recoveries.form import FORM, Box, Completeness, boxes
from lanbi.tracing.recoveries.guess import Proposal
from lanbi.tracing.recoveries.held import HeldFile
from lanbi.tracing.recoveries.importer import Fault
from lanbi.tracing.recoveries.jobs import Counts, Likeness, Report
from lanbi.tracing.recoveries.mapping import Mapping
from lanbi.tracing.recoveries.model import FirearmLine, Recorded, RecoveryLine, Similar
from lanbi.tracing.recoveries.service import Flagged, Page, Shown
from lanbi.tracing.schema import needed

SAMPLE_ROWS = 5
BAD_ROWS_SHOWN_MAX = 200


class RecoveryPage(msgspec.Struct, frozen=True):
    """One page of the board of recoveries."""

    items: list[RecoveryLine]
    next: str | None


class FirearmPage(msgspec.Struct, frozen=True):
    """One page of the board of firearms."""

    items: list[FirearmLine]
    next: str | None


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a recovery. `line`: as on the board of firearms; null for other materiel."""

    id: str
    version: int
    ref: str
    kind: str
    canonical: str
    contested: int
    values: dict[str, Any]
    completeness: Completeness
    flags: list[Flagged]
    line: FirearmLine | None


class RecoveryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recovery with its items; `more`: there are others beyond the first five hundred."""

    id: str
    version: int
    recovery: RecoveryLine
    values: dict[str, Any]
    canonical: str
    contested: int
    completeness: Completeness
    flags: list[Flagged]
    items: list[ItemRow]
    similar: list[Similar]
    more: bool


class RecordedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded: the recovery, the ids of the new items, and what these may be the same as."""

    recovery: RecoveryRow
    made: list[str]
    similar: list[Similar]


class NamedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A make, model, calibre or type that is known."""

    code: str
    name: str | None = None
    labels: dict[str, str] | None = None
    make: str | None = None
    type: str | None = None
    calibres: tuple[str, ...] = ()
    ncic: str | None = None


class FormRow(msgspec.Struct, frozen=True, kw_only=True):
    """What entry forms need beside the schema: the boxes of the trace form, what a trace cannot do without,
    and the makes, models, calibres and types that are known."""

    form: str
    boxes: dict[str, dict[str, Box]]
    needed: dict[str, tuple[str, ...]]
    makes: list[NamedRow]
    models: list[NamedRow]
    calibres: list[NamedRow]
    types: list[NamedRow]


class FaultRow(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a row cannot go in, with its words in the reader's language."""

    column: str | None
    code: str
    args: dict[str, Any]
    words: str
    hint: str


class BadRowRow(msgspec.Struct, frozen=True):
    """A row that cannot go in."""

    line: int
    faults: list[FaultRow]


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds and what became of it. See `jobs.Report`; `bad_rows` are the first 200."""

    state: str
    mapping: str
    rows: int
    good: int
    bad: int
    rows_done: int
    made: int
    stated: int
    known: int
    kinds: dict[str, Counts]
    reasons: dict[str, int]
    flags: dict[str, int]
    timed: int
    bad_rows: list[BadRowRow]
    similar: list[Likeness]
    similar_count: int
    absent: tuple[str, ...]
    unread: tuple[str, ...]


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded file, held for an hour. `sample`: its first rows; `report`: once it was judged."""

    id: str
    file: str
    digest: str
    kind: str
    encoding: str
    delimiter: str
    sheet: str
    columns: tuple[str, ...]
    sample: list[tuple[str, ...]]
    rows: int
    until: str
    proposal: Proposal
    mapping: Mapping | None
    report: ReportRow | None


class TakenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came in, or began to; `done_at` is null while it has not."""

    id: str
    file: str
    digest: str
    mapping: str
    rows: int
    bad: int
    rows_done: int
    made: int
    stated: int
    known: int
    by: str
    began_at: str
    done_at: str | None


def item_row(shown: Shown) -> ItemRow:
    entity = shown.entity
    return ItemRow(
        id=entity.id,
        version=entity.seq,
        ref=entity.ref,
        kind=entity.kind,
        canonical=entity.canonical,
        contested=entity.contested,
        values=entity.preferred,
        completeness=shown.completeness,
        flags=shown.flags,
        line=shown.line,
    )


def recovery_row(page: Page) -> RecoveryRow:
    entity = page.entity
    versions = (entity.seq, page.line.version, *(item.entity.seq for item in page.items))
    return RecoveryRow(
        id=entity.id,
        version=max(versions),
        recovery=page.line,
        values=entity.preferred,
        canonical=entity.canonical,
        contested=entity.contested,
        completeness=page.completeness,
        flags=page.flags,
        items=[item_row(item) for item in page.items],
        similar=page.similar,
        more=page.more,
    )


def recorded_row(recorded: Recorded, page: Page) -> RecordedRow:
    return RecordedRow(
        recovery=recovery_row(page),
        made=[item.id for item in recorded.items],
        similar=recorded.similar,
    )


def form_row() -> FormRow:
    """The same for everybody, as long as the program runs."""
    return FormRow(
        form=FORM,
        boxes=boxes(),
        needed={kind: needed(kind) for kind in ("recovery", "firearm", "materiel")},
        makes=[NamedRow(code=one.code, name=one.name) for one in catalogue.makes().values()],
        models=[
            NamedRow(code=one.code, name=one.name, make=one.make, type=one.type, calibres=one.calibres)
            for one in catalogue.models().values()
        ],
        calibres=[NamedRow(code=one.code, labels=one.labels) for one in catalogue.calibres().values()],
        types=[
            NamedRow(code=one.code, labels=one.labels, ncic=one.ncic)
            for one in catalogue.firearm_types().values()
        ],
    )


def fault_row(fault: Fault, lang: str) -> FaultRow:
    return FaultRow(
        column=fault.column,
        code=fault.code,
        args={name: value if isinstance(value, int | float) else str(value) for name, value in
        fault.args.items()}, words=say(lang, fault.code, **fault.args), hint=hint(lang, fault.code,
        **fault.args),
    )  # fmt: skip


def report_row(report: Report, lang: str) -> ReportRow:
    """`lang`: of the words that say what is wrong."""
    return ReportRow(
        state=report.state,
        mapping=report.mapping,
        rows=report.rows,
        good=report.good,
        bad=report.bad,
        rows_done=report.rows_done,
        made=report.made,
        stated=report.stated,
        known=report.known,
        kinds=report.kinds,
        reasons=report.reasons,
        flags=report.flags,
        timed=report.timed,
        bad_rows=[
            BadRowRow(row.line, [fault_row(fault, lang) for fault in row.faults])
            for row in report.bad_rows[:BAD_ROWS_SHOWN_MAX]
        ],
        similar=report.similar,
        similar_count=report.similar_count,
        absent=report.absent,
        unread=report.unread,
    )


def import_row(file: HeldFile, lang: str) -> ImportRow:
    table, job = file.table, file.job
    report = None if job is None else job.report
    return ImportRow(
        id=file.id,
        file=table.name,
        digest=table.digest,
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        columns=table.columns,
        sample=table.sample(SAMPLE_ROWS),
        rows=len(table.rows),
        until=rfc3339(file.until),
        proposal=file.proposal,
        mapping=None if job is None else job.mapping,
        report=None if report is None else report_row(report, lang),
    )


def taken_row(taken: sql.Imported) -> TakenRow:
    done_at: Instant | None = taken.done_at
    return TakenRow(
        id=taken.id,
        file=taken.file,
        digest=taken.digest,
        mapping=taken.mapping,
        rows=taken.rows,
        bad=taken.bad,
        rows_done=taken.rows_done,
        made=taken.made,
        stated=taken.stated,
        known=taken.known,
        by=taken.by,
        began_at=rfc3339(taken.began_at),
        done_at=rfc3339_or_none(done_at),
    )
