"""The rows of a file as statements: a small piece in each transaction, each row whole."""

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError, Refused
from lanbi.core.ids import new_id
from lanbi.core.ports import Store, Tx
from lanbi.core.time import rfc3339
from lanbi.tracing.model import Given, Source
from lanbi.tracing.recoveries import sql
from lanbi.tracing.recoveries.events import FileTaken
from lanbi.tracing.recoveries.importer import BadRow, fault_of
from lanbi.tracing.recoveries.jobs import Job, Report
from lanbi.tracing.recoveries.judging import Draft, GoodRow
from lanbi.tracing.service import Tracing

PIECE_ROWS = 20
"""Rows in one transaction: the floor's own work waits for no longer than one of these."""
SOURCE_ROWS = 1_000
"""Rows that one source stands for: a statement leads back to its part of the file."""
FILE_CHARS_MAX = 120


class Piece:
    """What one transaction did, to be believed once it is committed."""

    def __init__(self) -> None:
        self.made = self.stated = self.known = 0
        self.sources: dict[str, Source] = {}
        self.keys: dict[str, str] = {}
        self.said: dict[str, set[tuple[str, str | None]]] = {}


class Writer:
    """Writes the good rows of one judged job."""

    def __init__(self, tracing: Tracing, job: Job, report: Report, *, skip_bad: bool) -> None:
        self._tracing = tracing
        self._job = job
        self._report = report
        self._skip_bad = skip_bad

    def begin(self, tx: Tx) -> int:
        """Where to go on: 0, or the row at which an earlier run was stopped.

        Raises `Refused("recoveries-import-otherwise")` where that run read the file by another mapping.
        """
        report, job = self._report, self._job
        check_new(tx, report.digest)
        found = sql.imported(tx, report.digest)
        if found is None:
            tx.run(
                sql.ADD_IMPORT,
                digest=report.digest,
                id=new_id(tx.now),
                file=report.file[:FILE_CHARS_MAX],
                mapping=report.mapping,
                mapping_digest=job.mapping_digest,
                rows=report.rows,
                bad=report.bad,
                by=tx.actor.id,
                now=tx.now,
                seq=tx.seq,
            )
            return 0
        if found.mapping_digest != job.mapping_digest:
            raise Refused("recoveries-import-otherwise", mapping=found.mapping, rows=found.rows_done)
        return found.rows_done

    def write(self, store: Store, actor: Actor, begin: int, end: int) -> None:
        """The rows from `begin` to before `end`, in one transaction; where the store refuses one of them, row
        by row if bad rows are to be skipped. Raises `Refused("recoveries-import-stopped")`."""
        try:
            piece = store.write_now(actor, lambda tx: self._piece(tx, begin, end))
        except LanbiError as error:
            line = error.args_by_name.get("line")
            if not self._skip_bad or not isinstance(line, int):
                raise Refused(
                    "recoveries-import-stopped", line=line or 0, rows=begin, reason=error.code
                ) from error
            if end - begin > 1:
                for at in range(begin, end):
                    self.write(store, actor, at, at + 1)
                return
            self._job.fit[begin] = 0
            self._report.good -= 1
            self._report.refuse(BadRow(line, (fault_of(error),)))
            piece = store.write_now(actor, lambda tx: self._piece(tx, begin, end))
        self._keep(piece)

    def end(self, tx: Tx) -> None:
        """The last row is in."""
        report = self._report
        found = sql.imported(tx, report.digest)
        assert found is not None  # noqa: S101 - it was begun
        report.made, report.stated, report.known = found.made, found.stated, found.known
        tx.record(
            FileTaken(
                id=found.id,
                digest=report.digest,
                mapping=self._job.mapping_digest,
                rows=report.rows,
                bad=report.bad,
                made=found.made,
                stated=found.stated,
                known=found.known,
            )
        )
        tx.run(sql.END_IMPORT, digest=report.digest, now=tx.now, seq=tx.seq)

    def _keep(self, piece: Piece) -> None:
        self._report.made += piece.made
        self._report.stated += piece.stated
        self._report.known += piece.known
        self._job.sources |= piece.sources
        self._job.keys |= piece.keys
        self._job.remember(piece.said)

    def _piece(self, tx: Tx, begin: int, end: int) -> Piece:
        piece = Piece()
        for at, row in self._job.rows(begin, end):
            try:
                self._row(tx, piece, at, row)
            except LanbiError as error:
                error.args_by_name["line"] = row.line
                raise
        tx.run(
            sql.MOVE_IMPORT,
            digest=self._report.digest,
            rows_done=end,
            bad=self._report.bad,
            made=piece.made,
            stated=piece.stated,
            known=piece.known,
            seq=tx.seq,
        )
        return piece

    def _row(self, tx: Tx, piece: Piece, at: int, row: GoodRow) -> None:
        ids: dict[str, str] = {}
        source = self._source(tx, piece, at, row)
        identities = self._job.identities(at, row)
        for draft in row.drafts:
            entity_id = self._draft(tx, piece, draft, identities[draft.called], (ids, source))
            if entity_id is not None:
                ids[draft.called] = entity_id

    def _draft(
        self, tx: Tx, piece: Piece, draft: Draft, digest: str, within: tuple[dict[str, str], Source]
    ) -> str | None:
        """Makes the entity, or says of it what was not said yet. `within`: the row's other entities, its
        source."""
        ids, source = within
        job, rules = self._job, self._job.mapping.handling.rules(source.originator)
        values = [(Given(prop=said.prop, value=said.text), said.kept) for said in draft.said]
        links = [(prop, ids[name]) for prop, name in draft.links if name in ids]
        values += [(Given(prop=prop, value=target), target) for prop, target in links]
        if not values:
            return None
        entity_id = piece.keys.get(digest) or job.keys.get(digest) or sql.known(tx, digest)
        if entity_id is None:
            entity_id = self._tracing.make(tx, draft.kind, [given for given, _ in values], source, rules).id
            sql.set_key(tx, digest, entity_id)
            piece.made += 1
            piece.said[entity_id] = {(given.prop, kept) for given, kept in values}
        else:
            held = piece.said.get(entity_id) or job.said.get(entity_id) or sql.said(tx, entity_id)
            sealed = {prop for prop, kept in held if kept is None}
            new = [
                (given, kept)
                for given, kept in values
                if (given.prop, kept) not in held and not (kept is None and given.prop in sealed)
            ]
            if new:
                self._tracing.state(tx, entity_id, [given for given, _ in new], source, rules)
            piece.stated += bool(new)
            piece.known += not new
            piece.said[entity_id] = held | {(given.prop, kept) for given, kept in new}
        if draft.key is not None:
            piece.keys[digest] = entity_id
        return entity_id

    def _source(self, tx: Tx, piece: Piece, at: int, row: GoodRow) -> Source:
        """The source of a row: what its column names, or its thousand rows of the file."""
        table, mapping = self._job.table, self._job.mapping
        first = at // SOURCE_ROWS * SOURCE_ROWS
        name = row.reference or str(first)
        found = piece.sources.get(name) or self._job.sources.get(name)
        if found is not None:
            return found
        last = table.rows[min(first + SOURCE_ROWS, len(table.rows)) - 1].line
        made = self._tracing.add_source(
            tx,
            kind=mapping.source.kind,
            reference=row.reference or f"{table.name[:FILE_CHARS_MAX]}, {table.rows[first].line}–{last}",
            originator=self._job.originator,
            grade=mapping.grade,
            text=mapping.source.words,
            digest=table.digest,
            synthetic=mapping.synthetic,
        )
        piece.sources[name] = made
        return made


def check_new(reader: sql.Reader, digest: str) -> None:
    """Raises `Refused("recoveries-file-known", at=, file=, by=)` for bytes that came in before."""
    found = sql.imported(reader, digest)
    if found is not None and found.done_at is not None:
        raise Refused("recoveries-file-known", at=rfc3339(found.done_at), file=found.file, by=found.by)
