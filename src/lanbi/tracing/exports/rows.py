"""Exports as people and machines see them: rows of the API."""

import msgspec

from lanbi.core.time import rfc3339, rfc3339_or_none
from lanbi.tracing.exports.cut import reasons_of
from lanbi.tracing.exports.model import Affected, Cut, Export
from lanbi.tracing.rows import HandlingRow, handling_row


class KeptRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that stays: of which property, whose, and why; never its value."""

    statement_id: str
    prop: str
    originator: str
    reason: str


class EntityCutRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entity that was chosen: how many of its statements go, and which stay. `goes`: it is mentioned at
    all."""

    id: str
    kind: str
    ref: str
    goes: bool
    statements: int
    kept: list[KeptRow]


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an export would hold. `second`: another person would have to allow it. `kept`: by reason."""

    tlp: str
    second: bool
    personal: bool
    synthetic: bool
    snapshot: str
    entities: int
    statements: int
    sources: int
    kept: dict[str, int]
    rules: list[HandlingRow]
    items: list[EntityCutRow]


class ExportRow(msgspec.Struct, frozen=True, kw_only=True):
    """An export as it is kept. `handed`: how often its bytes were handed out."""

    id: str
    version: int
    number: int
    case: str | None
    chosen: list[str]
    judgements: bool
    to: str
    purpose: str
    format: str
    lang: str
    desk_case: str
    tlp: str
    snapshot: str
    entities: int
    statements: int
    kept: int
    personal: bool
    synthetic: bool
    state: str
    made_by: str
    made_at: str
    decided_by: str | None
    decided_at: str | None
    handed: int
    handed_at: str | None
    told_at: str | None


class AffectedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An export whose recipient must be told, and of which statements."""

    export: ExportRow
    statements: list[str]


def preview_row(made: Cut) -> PreviewRow:
    release = made.release
    kept: dict[str, list[KeptRow]] = {}
    for one in made.kept:
        kept.setdefault(one.entity_id, []).append(
            KeptRow(statement_id=one.id, prop=one.prop, originator=one.originator, reason=one.reason)
        )
    return PreviewRow(
        tlp=release.tlp,
        second=release.second,
        personal=release.personal,
        synthetic=release.synthetic,
        snapshot=release.snapshot,
        entities=len(release.items),
        statements=len(release.statements),
        sources=len(set(release.numbers.values())),
        kept=reasons_of(made.kept),
        rules=[handling_row(one) for one in release.caveats],
        items=[
            EntityCutRow(
                id=key,
                kind=kind,
                ref=ref,
                goes=key in release.by_id,
                statements=len(release.by_id[key].claims) if key in release.by_id else 0,
                kept=kept.get(key, []),
            )
            for key, (ref, kind) in made.refs.items()
        ],
    )


def export_row(export: Export) -> ExportRow:
    return ExportRow(
        id=export.id,
        version=export.seq,
        number=export.number,
        case=export.selection.case,
        chosen=list(export.selection.entities),
        judgements=export.selection.judgements,
        to=export.recipient,
        purpose=export.purpose,
        format=export.format,
        lang=export.lang,
        desk_case=export.desk_case,
        tlp=export.tlp,
        snapshot=export.snapshot,
        entities=export.entities,
        statements=export.statements,
        kept=export.kept,
        personal=export.personal,
        synthetic=export.synthetic,
        state=export.state,
        made_by=export.made_by,
        made_at=rfc3339(export.made_at),
        decided_by=export.decided_by,
        decided_at=rfc3339_or_none(export.decided_at),
        handed=export.handed,
        handed_at=rfc3339_or_none(export.handed_at),
        told_at=rfc3339_or_none(export.told_at),
    )


def affected_row(affected: Affected) -> AffectedRow:
    return AffectedRow(export=export_row(affected.export), statements=list(affected.statements))
