"""What is sent to tracing: sources, rules and values, the same in every form and import."""

from typing import Literal

import msgspec

from lanbi.core.ports import Tx
from lanbi.tracing.handling import HandlingRule
from lanbi.tracing.model import UNGRADED, Given, Source
from lanbi.tracing.service import Tracing


class SourceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where it comes from. `originator`: this site unless told; `words`: the source's own, sealed."""

    kind: str
    reference: str
    originator: str | None = None
    grade: str = UNGRADED
    words: str = ""


class GivenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One value of one property."""

    prop: str
    value: str
    handling: HandlingRule | None = None


class MakeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new entity with what a source says of it."""

    kind: str
    values: tuple[GivenBody, ...]
    source: SourceBody
    handling: HandlingRule = HandlingRule()


class StateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """More that a source says of an entity."""

    values: tuple[GivenBody, ...]
    source: SourceBody
    handling: HandlingRule = HandlingRule()


class WithdrawBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason`: a code of the vocabulary `withdrawal_reasons`."""

    statements: tuple[str, ...]
    reason: str


class JudgeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether two are the same, and why."""

    left: str
    right: str
    verdict: Literal["same", "different", "unsure"]
    why: str


class DeskBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`purpose`: a code of the vocabulary `tracing_purposes`; `case`: the case's reference."""

    purpose: str
    case: str


class DecideBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    allowed: bool


class UnsealBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prop: str


class StopBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    originator: str
    stopped: bool


def source_of(tracing: Tracing, tx: Tx, body: SourceBody, *, synthetic: bool = False) -> Source:
    """The source as kept."""
    return tracing.add_source(
        tx,
        kind=body.kind,
        reference=body.reference,
        originator=body.originator,
        grade=body.grade,
        text=body.words,
        synthetic=synthetic,
    )


def givens_of(values: tuple[GivenBody, ...], originator: str) -> list[Given]:
    """The values with their own rules, where they have any."""
    return [
        Given(
            prop=value.prop,
            value=value.value,
            handling=None if value.handling is None else value.handling.rules(originator),
        )
        for value in values
    ]
