"""Evidence as people and machines see it."""

import msgspec

from lanbi.tracing.rows import SourceRow, StatementRow


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """An inferred link: why, how strong, what the two share, and which facts carry it."""

    reason: str
    confidence: float
    about: str
    guns: int
    apart: int | None
    facts: tuple[str, ...]


class EvidenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an edge stands on."""

    statements: list[StatementRow]
    sources: list[SourceRow]
    inferred: LinkRow | None
