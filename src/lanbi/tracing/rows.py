"""Tracing as people and machines see it: rows of the API."""

from typing import Any

import msgspec

from lanbi.core.time import rfc3339, rfc3339_or_none
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import Dossier, Entity, Judgement, Opening, Source, Statement


class EntityRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entity with the values that are worked with, by property."""

    id: str
    version: int
    kind: str
    ref: str
    canonical: str
    values: dict[str, Any]
    contested: int
    made_at: str
    expires_at: str | None


class HandlingRow(msgspec.Struct, frozen=True, kw_only=True):
    """The originator's rules; see `lanbi.tracing.handling.Handling`."""

    originator: str
    tlp: str
    releasable: tuple[str, ...]
    purposes: tuple[str, ...]
    onward: bool
    review_on: str | None


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """One claim. `value` is null where it is sealed; `sealed` says that it is; `stands`: it was not
    withdrawn."""

    id: str
    entity_id: str
    prop: str
    value: str | None
    original: str | None
    sealed: bool
    source_id: str
    handling: HandlingRow
    flag: str | None
    by: str
    said_at: str
    preferred: bool
    stands: bool


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where claims come from."""

    id: str
    kind: str
    originator: str
    reference: str
    grade: str
    digest: str
    received_at: str
    by: str
    synthetic: bool


class JudgementRow(msgspec.Struct, frozen=True, kw_only=True):
    """Whether two entities are the same. `why` is null once erased."""

    id: str
    version: int
    left: str
    right: str
    verdict: str
    why: str | None
    by: str
    at: str
    undone_at: str | None
    undone_by: str | None


class OpeningRow(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to open what is sealed of a person; `allowed` is null while nobody decided."""

    id: str
    version: int
    number: int
    entity_id: str
    case: str
    purpose: str
    asked_by: str
    asked_at: str
    decided_by: str | None
    decided_at: str | None
    allowed: bool | None
    until: str | None


class DossierRow(msgspec.Struct, frozen=True, kw_only=True):
    """All that is held of an entity: every claim side by side, its sources, the judgements of sameness."""

    entity: EntityRow
    members: list[EntityRow]
    statements: list[StatementRow]
    sources: list[SourceRow]
    judgements: list[JudgementRow]


def entity_row(entity: Entity) -> EntityRow:
    return EntityRow(
        id=entity.id,
        version=entity.seq,
        kind=entity.kind,
        ref=entity.ref,
        canonical=entity.canonical,
        values=entity.preferred,
        contested=entity.contested,
        made_at=rfc3339(entity.made_at),
        expires_at=rfc3339_or_none(entity.expires_at),
    )


def handling_row(handling: Handling) -> HandlingRow:
    return HandlingRow(
        originator=handling.originator,
        tlp=handling.tlp,
        releasable=handling.releasable,
        purposes=handling.purposes,
        onward=handling.onward,
        review_on=handling.review_on,
    )


def statement_row(said: Statement) -> StatementRow:
    return StatementRow(
        id=said.id,
        entity_id=said.entity_id,
        prop=said.prop,
        value=said.value,
        original=said.original,
        sealed=said.sealed_id is not None,
        source_id=said.source_id,
        handling=handling_row(said.handling),
        flag=said.flag,
        by=said.by,
        said_at=rfc3339(said.said_at),
        preferred=said.preferred_at is not None,
        stands=said.stands,
    )


def source_row(source: Source) -> SourceRow:
    return SourceRow(
        id=source.id,
        kind=source.kind,
        originator=source.originator,
        reference=source.reference,
        grade=source.grade,
        digest=source.digest,
        received_at=rfc3339(source.received_at),
        by=source.by,
        synthetic=source.synthetic,
    )


def judgement_row(judgement: Judgement) -> JudgementRow:
    return JudgementRow(
        id=judgement.id,
        version=judgement.seq,
        left=judgement.left,
        right=judgement.right,
        verdict=judgement.verdict,
        why=judgement.why,
        by=judgement.by,
        at=rfc3339(judgement.at),
        undone_at=rfc3339_or_none(judgement.undone_at),
        undone_by=judgement.undone_by,
    )


def opening_row(opening: Opening) -> OpeningRow:
    return OpeningRow(
        id=opening.id,
        version=opening.seq,
        number=opening.number,
        entity_id=opening.entity_id,
        case=opening.case,
        purpose=opening.purpose,
        asked_by=opening.asked_by,
        asked_at=rfc3339(opening.asked_at),
        decided_by=opening.decided_by,
        decided_at=rfc3339_or_none(opening.decided_at),
        allowed=opening.allowed,
        until=rfc3339_or_none(opening.until),
    )


def dossier_row(dossier: Dossier) -> DossierRow:
    return DossierRow(
        entity=entity_row(dossier.entity),
        members=[entity_row(member) for member in dossier.members],
        statements=[statement_row(said) for said in dossier.statements],
        sources=[source_row(source) for source in dossier.sources.values()],
        judgements=[judgement_row(judgement) for judgement in dossier.judgements],
    )
