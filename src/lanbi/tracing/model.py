"""Entities, sources and statements: claims, not facts.

A value is what somebody said, with who, when and from where. Contradicting statements stand side by side;
what
is worked with is chosen by a stated rule or by an analyst, and can be chosen otherwise.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from lanbi.core.errors import Malformed
from lanbi.core.time import DAY, HOUR, Instant
from lanbi.tracing.handling import Handling
from lanbi.tracing.schema import kind_of

STATEMENTS_AT_ONCE_MAX = 200
VALUE_CHARS_MAX = 500
WORDS_CHARS_MAX = 8_000
REFERENCE_CHARS_MAX = 160
CASE_CHARS_MAX = 60
DESK_FOR: Instant = 8 * HOUR
OPENING_FOR: Instant = 8 * HOUR
SEALED_FOR: Instant = 10 * 365 * DAY  # where no legal status says otherwise
_GRADE = re.compile(r"[A-F][1-6]")
UNGRADED = "F6"  # reliability and credibility cannot be judged

Verdict = Literal["same", "different", "unsure"]
TraceState = Literal[
    "none", "draft", "sent", "acknowledged", "in_progress", "answered", "more_needed", "refused", "lapsed"
]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where statements come from. `reference`: what the document is called there; `grade`: reliability A to F
    and credibility 1 to 6; `digest`: SHA-256 of the file, if there is one."""

    id: str
    kind: str
    originator: str
    reference: str
    grade: str
    words_sealed: str | None
    digest: str
    received_at: Instant
    by: str
    synthetic: bool = False


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """One value to be stated, as it came. `handling` where it differs from that of the others."""

    prop: str
    value: str
    handling: Handling | None = None
    lang: str | None = None


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value as it was read. `original`: as written, where reading changed it. `flag`: what is doubtful
    about it,
    a code; it is kept all the same."""

    value: str
    original: str | None = None
    flag: str | None = None


def commitment(salt: bytes, value: str, original: str | None) -> str:
    """What the record keeps of a statement: hex of SHA-256(salt || value || 0x00 || original), UTF-8.

    No text that is stored holds a NUL, so nothing else has the same bytes.
    """
    return hashlib.sha256(salt + value.encode() + b"\x00" + (original or "").encode()).hexdigest()


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one source says of one property of one entity. `value` is None where it is sealed or erased."""

    id: str
    entity_id: str
    prop: str
    value: str | None
    original: str | None
    target: str | None
    sealed_id: str | None
    source_id: str
    handling: Handling
    flag: str | None
    by: str
    said_at: Instant
    preferred_at: Instant | None
    withdrawn_at: Instant | None
    seq: int
    grade: str = UNGRADED

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is spoken of. `preferred`: the values worked with,
    by property (several joined in a tuple)."""

    id: str
    kind: str
    number: int
    canonical: str
    preferred: dict[str, Any]
    contested: int
    made_at: Instant
    expires_at: Instant | None
    gone_at: Instant | None
    seq: int

    @property
    def ref(self) -> str:
        return ref_of(self.kind, self.number)

    def value(self, prop: str) -> str | None:
        found = self.preferred.get(prop)
        if isinstance(found, list):
            return found[0] if found else None
        return found


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Whether two entities are the same, by whom and why."""

    id: str
    left: str
    right: str
    verdict: Verdict
    why: str | None
    by: str
    at: Instant
    undone_at: Instant | None
    undone_by: str | None
    seq: int


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's wish to open what is sealed of a person, and what a second person said to it."""

    id: str
    number: int
    entity_id: str
    case: str
    purpose: str
    asked_by: str
    asked_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    allowed: bool | None
    until: Instant | None
    seq: int

    def open_to(self, login: str, now: Instant) -> bool:
        """Whether this one may read now."""
        return bool(self.allowed) and self.asked_by == login and self.until is not None and now < self.until


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """All that is held of an entity and of those judged to be the same."""

    entity: Entity
    members: list[Entity]
    statements: list[Statement]
    sources: dict[str, Source]
    judgements: list[Judgement]


def ref_of(kind: str, number: int) -> str:
    """The reference that people read: F-118."""
    return f"{kind_of(kind).letter}-{number}"


def check_grade(grade: str) -> str:
    """Raises `Malformed("tracing-grade", given=)` unless it is a letter A to F and a figure 1 to 6."""
    if _GRADE.fullmatch(grade) is None:
        raise Malformed("tracing-grade", given=grade[:10])
    return grade


def _standing(statement: Statement) -> tuple[Any, ...]:
    """Best first: what an analyst chose last, then the better grade, then what was said last."""
    return (
        0 if statement.preferred_at is not None else 1,
        -(statement.preferred_at or 0),
        statement.grade[1],
        statement.grade[0],
        -statement.said_at,
        -statement.seq,
        statement.id,
    )


def prefer(kind: str, statements: Iterable[Statement]) -> tuple[dict[str, Any], int]:
    """What is worked with, by property, and how many properties are contested.

    A property that holds one value takes the statement that an analyst preferred last; else the most
    credible,
    then the most reliable, then the newest. One that may hold several takes all that stand. Sealed values
    never come in.
    """
    by_prop: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.stands and statement.value is not None:
            by_prop.setdefault(statement.prop, []).append(statement)
    props = kind_of(kind).props
    preferred: dict[str, Any] = {}
    contested = 0
    for prop, said in sorted(by_prop.items()):
        said.sort(key=_standing)
        values = list(dict.fromkeys(statement.value for statement in said))
        if props[prop].many:
            preferred[prop] = values
            continue
        preferred[prop] = values[0]
        contested += len(values) > 1
    return preferred, contested


def clusters(pairs: Iterable[tuple[str, str]], of: Sequence[str]) -> dict[str, str]:
    """For each of `of`, the smallest id that sameness joins it to; `pairs` are the judgements that stand."""
    head: dict[str, str] = {}

    def find(item: str) -> str:
        while head.setdefault(item, item) != item:
            head[item] = head[head[item]]
            item = head[item]
        return item

    for left, right in pairs:
        a, b = sorted((find(left), find(right)))
        head[b] = a
    return {item: find(item) for item in of}


def edges_of(kind: str, preferred: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(one end, other end, kind of edge) that an entity's values make on the graph, before both directions.

    A node's own entity properties join it to what they name ("firearm.recovery"); an entity that is no node
    joins the pairs that its kind lists. A sale with a known buyer joins the buyer to seller and firearm, one
    without joins seller and firearm.
    """
    shape = kind_of(kind)
    if shape.node:
        return [
            ("", str(preferred[name]), f"{kind}.{name}")
            for name, prop in shape.props.items()
            if prop.type == "entity" and preferred.get(name)
        ]
    found = []
    for left, right in shape.edges:
        if kind == "acquisition" and (left, right) == ("seller", "firearm") and preferred.get("buyer"):
            continue
        if preferred.get(left) and preferred.get(right):
            found.append((str(preferred[left]), str(preferred[right]), f"{kind}.{left}.{right}"))
    return found
