"""Exports at work: looked at before they are made, allowed by a second person where need be, handed out."""

from collections.abc import Callable

from lanbi.core.access import LANGUAGES, Actor
from lanbi.core.errors import Malformed, Refused
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.time import Instant, rfc3339
from lanbi.core.vocabulary import Vocabulary
from lanbi.tracing import sql as root_sql
from lanbi.tracing.exports import sql
from lanbi.tracing.exports.cut import cut, recut
from lanbi.tracing.exports.events import (
    Counts,
    ExportDecided,
    ExportHanded,
    ExportMade,
    ExportTold,
)
from lanbi.tracing.exports.model import (
    EXPORTS_SHOWN_MAX,
    FORMATS,
    Affected,
    Cut,
    Export,
    Format,
    Release,
    Selection,
)
from lanbi.tracing.exports.words import Words
from lanbi.tracing.handling import Handling, Recipient
from lanbi.tracing.service import Tracing

Barred = Callable[[Reader, str], bool]


class Exports:
    """The use cases of exports."""

    def __init__(self, tracing: Tracing, vocabulary: Vocabulary, *, barred: Barred) -> None:
        """`barred`: whether a site is one to which nothing goes now, switched off or retired as a partner."""
        self._tracing = tracing
        self._vocabulary = vocabulary
        self._barred = barred

    def words(self, lang: str) -> Words:
        """The words of an export in a language; raises `Malformed("export-lang")`."""
        if lang not in LANGUAGES:
            raise Malformed("export-lang", given=lang[:20], known=", ".join(LANGUAGES))
        return Words(self._vocabulary, lang)

    def _recipient(self, reader: Reader, to: str, purpose: str, now: Instant) -> Recipient:
        """Raises `Malformed("tracing-party-code")`, for an unknown purpose, and
        `Refused("export-recipient-barred")`."""
        Handling(originator=to)
        self._vocabulary.usable("tracing_purposes", purpose)
        if self._barred(reader, to):
            raise Refused("export-recipient-barred", to=to)
        return Recipient(to, purpose, rfc3339(now)[:10])

    def preview(
        self, reader: Reader, actor: Actor, selection: Selection, *, to: str, purpose: str, now: Instant
    ) -> Cut:
        """What would go to whom, and what would stay and why; nothing is made or recorded."""
        self._tracing.gate.require(actor, "tracing.export")
        recipient = self._recipient(reader, to, purpose, now)
        return cut(reader, selection.checked(), recipient, us=self._tracing.us())

    def make(
        self,
        tx: Tx,
        session: str,
        selection: Selection,
        *,
        to: str,
        purpose: str,
        format: Format,
        lang: str,
    ) -> Export:
        """Cuts an export and keeps what it holds by its statements' ids. It is handed out by `hand_out`, at
        once or after a second person allowed it.

        Raises `Refused("tracing-desk-needed")` where the session reads for nothing,
        `Refused("export-nothing-goes")`, and what the cut raises.
        """
        self._tracing.gate.require(tx.actor, "tracing.export")
        desk = self._tracing.need_desk(session, tx.now)
        if format not in FORMATS:
            raise Malformed("export-format", given=format[:20], known=", ".join(FORMATS))
        self.words(lang)
        selection = selection.checked()
        recipient = self._recipient(tx, to, purpose, tx.now)
        made = cut(tx, selection, recipient, us=self._tracing.us())
        release = made.release
        if not release.items:
            raise Refused("export-nothing-goes", to=to)
        export_id, number = new_id(tx.now), root_sql.next_number(tx, "export")
        tx.record(
            ExportMade(
                id=export_id,
                recipient=to,
                purpose=purpose,
                format=format,
                lang=lang,
                tlp=release.tlp,
                snapshot=release.snapshot,
                counts=Counts(
                    entities=len(release.items), statements=len(release.statements), kept=len(made.kept)
                ),
                second=release.second,
            )
        )
        export = Export(
            id=export_id,
            number=number,
            selection=selection,
            recipient=to,
            purpose=purpose,
            format=format,
            lang=lang,
            desk_case=desk.case,
            tlp=release.tlp,
            snapshot=release.snapshot,
            entities=len(release.items),
            statements=len(release.statements),
            kept=len(made.kept),
            personal=release.personal,
            synthetic=release.synthetic,
            state="waiting" if release.second else "ready",
            made_by=tx.actor.id,
            made_at=tx.now,
            made_on=recipient.today,
            decided_by=None,
            decided_at=None,
            handed=0,
            handed_at=None,
            told_at=None,
            seq=tx.seq,
        )
        sql.add(tx, export, release.statements)
        return export

    def approve(self, tx: Tx, export_id: str, allowed: bool) -> Export:
        """The second person's word; never of the one who made it."""
        self._tracing.gate.require(tx.actor, "tracing.approve")
        export = sql.get(tx, export_id)
        export.must_wait(tx.actor.id)
        tx.record(ExportDecided(id=export.id, allowed=allowed))
        state = "ready" if allowed else "refused"
        tx.run(sql.DECIDE, id=export.id, state=state, by=tx.actor.id, now=tx.now, seq=tx.seq)
        return sql.get(tx, export.id)

    def hand_out(self, tx: Tx, export_id: str) -> tuple[Export, Release]:
        """What the bytes are made from, cut anew by the rules of this moment; the handing out is an entry.

        Nothing of an export is stored but the ids of its statements, so that what was taken back since cannot
        come out. Raises `Refused("export-waits")`, `Refused("export-refused")`, and
        `Refused("export-overtaken")` where it is no more what it was when it was cut.
        """
        self._tracing.gate.require(tx.actor, "tracing.export")
        export = sql.get(tx, export_id)
        export.must_be_ready()
        recipient = self._recipient(tx, export.recipient, export.purpose, tx.now)
        release = recut(tx, export, recipient, us=self._tracing.us())
        if release.snapshot != export.snapshot:
            raise Refused("export-overtaken", number=export.number)
        tx.record(
            ExportHanded(
                id=export.id, recipient=export.recipient, format=export.format, snapshot=export.snapshot
            )
        )
        tx.run(sql.HAND, id=export.id, now=tx.now, seq=tx.seq)
        return sql.get(tx, export.id), release

    # -- what was handed out ---------------------------------------------------------------------

    def export(self, reader: Reader, actor: Actor, export_id: str) -> Export:
        """Raises `NotFound("export-none")`."""
        self._require_seen(actor)
        return sql.get(reader, export_id)

    def page(self, reader: Reader, actor: Actor, *, before: int, limit: int) -> list[Export]:
        """Exports with a smaller number, newest first."""
        self._require_seen(actor)
        return sql.page(reader, before, limit)

    def _require_seen(self, actor: Actor) -> None:
        """Analysts see exports, and so do auditors."""
        if not self._tracing.gate.allows(actor, "tracing.audit"):
            self._tracing.gate.require(actor, "tracing.see")

    def affected(self, reader: Reader, actor: Actor, statement_id: str | None = None) -> list[Affected]:
        """Who must be told: the exports handed out that carry this statement; without one, all those of which
        something was withdrawn or stopped since the recipient was last told."""
        self._require_seen(actor)
        if statement_id is None:
            return sql.overtaken(reader)
        root_sql.statement(reader, statement_id)
        carried = sql.carried(reader, statement_id, EXPORTS_SHOWN_MAX)
        return [Affected(export=export, statements=(statement_id,)) for export in carried]

    def told(self, tx: Tx, export_id: str) -> Export:
        """The recipient was told what of the export does not stand any more.

        Raises `Refused("export-untold")` for one that nobody received.
        """
        self._tracing.gate.require(tx.actor, "tracing.export")
        export = sql.get(tx, export_id)
        if not export.handed:
            raise Refused("export-untold", number=export.number)
        gone = [one for one in sql.overtaken(tx) if one.export.id == export.id]
        tx.record(ExportTold(id=export.id, statements=sum(len(one.statements) for one in gone)))
        tx.run(sql.TELL, id=export.id, now=tx.now, seq=tx.seq)
        return sql.get(tx, export.id)
