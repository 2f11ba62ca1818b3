"""Evidence as people and machines see it."""

import msgspec

from lanbi.tracing.rows import SourceRow, StatementRow


class GroundRow(msgspec.Struct, frozen=True):
    """Something that speaks for or against; `id`: the entity that it stands in, if it is one."""

    code: str
    args: dict[str, str]
    id: str | None


class HypothesisRow(msgspec.Struct, frozen=True):
    """A reading. `cells`: how well each item fits it: CC, C, N, NA, I or II."""

    code: str
    innocent: bool
    inconsistency: float
    rank: int
    cells: dict[str, str]


class ItemRow(msgspec.Struct, frozen=True):
    """One item of the matrix, in the reader's language, with the grade of its source."""

    id: str
    words: str
    grade: str


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """An inferred link: why, how strong, what the two share, which facts carry it, and every reading of it.

    `for_` and `against`: grounds that fit the first guilty reading and those that do not. `refute`: codes of
    what would refute it. `turns`: items without any one of which another reading would lead.
    """

    reason: str
    confidence: float
    about: str
    guns: int
    apart: int | None
    facts: tuple[str, ...]
    for_: list[GroundRow] = msgspec.field(name="for")
    against: list[GroundRow]
    refute: list[str]
    hypotheses: list[HypothesisRow]
    items: list[ItemRow]
    turns: list[str]


class EvidenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an edge stands on."""

    statements: list[StatementRow]
    sources: list[SourceRow]
    inferred: LinkRow | None
