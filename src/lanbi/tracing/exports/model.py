"""An export: what was chosen, what of it may go, and to whom.

A `Release` holds only what may go. Every format is made from a `Release` and from nothing else, so that what
stays cannot come into any of them.
"""

import hashlib
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal, get_args

import msgspec

from lanbi.core.errors import Malformed, Refused
from lanbi.core.text import line
from lanbi.core.time import Instant
from lanbi.tracing.handling import ANYONE, TLP, Handling, Kept, Recipient, Tlp, state_of
from lanbi.tracing.model import CASE_CHARS_MAX, ref_of

ENTITIES_MAX = 1_000
STATEMENTS_MAX = 20_000
EXPORTS_SHOWN_MAX = 200

Format = Literal["report", "ftm", "stix", "csv", "statements"]
FORMATS: tuple[Format, ...] = get_args(Format)
"""A report to read; FollowTheMoney; STIX 2.1; tables; statements for another site of this kind."""

State = Literal["waiting", "ready", "refused"]
Reason = Kept | Literal["names_kept", "names_beyond"]
"""Why a statement stays: by its originator's rules; it names something of which nothing goes; it names
something that was not chosen."""

# What a person reads first stands first; the rest in the order of the schema.
KINDS_FIRST = ("recovery", "firearm", "materiel", "consignment", "dealer", "person", "contact", "port")
PERSONAL = frozenset({"person", "contact"})


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go: a case by its reference, with all that hangs on its recoveries; or entities by id, with
    what joins them. `judgements`: also our own word on which of them are the same, which is of no originator
    but us."""

    case: str | None = None
    entities: tuple[str, ...] = ()
    judgements: bool = False

    def checked(self) -> "Selection":
        """Raises `Malformed("export-selection")` unless it is one of the two, `Malformed("export-many")` over
        `ENTITIES_MAX` entities."""
        if (self.case is None) != bool(self.entities):
            raise Malformed("export-selection")
        if len(self.entities) > ENTITIES_MAX:
            raise Malformed("export-many", limit=ENTITIES_MAX)
        if self.case is None:
            return msgspec.structs.replace(self, entities=tuple(dict.fromkeys(self.entities)))
        return msgspec.structs.replace(self, case=line(self.case, "case", chars_max=CASE_CHARS_MAX))


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One statement as it goes out. `handling`: the originator's rules as far as they are this recipient's
    business. `worked`: of several that contradict, the one that a reader of only these would work with."""

    id: str
    prop: str
    value: str
    original: str | None
    target: str | None
    source: str
    handling: Handling
    flag: str | None
    said_at: Instant
    worked: bool


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An entity as far as it goes out. `values`: what is worked with, made of its claims here only."""

    id: str
    kind: str
    number: int
    claims: tuple[Claim, ...]
    values: dict[str, Any]

    @property
    def ref(self) -> str:
        return ref_of(self.kind, self.number)

    def value(self, prop: str) -> str | None:
        """The value worked with; the first of several."""
        found = self.values.get(prop)
        if isinstance(found, list):
            return found[0] if found else None
        return found

    def claims_of(self, prop: str) -> list[Claim]:
        return [claim for claim in self.claims if claim.prop == prop]


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """A source as it is cited: `n` is its number in this export, which several may share."""

    n: int
    id: str
    kind: str
    originator: str
    reference: str
    grade: str
    received_on: str
    synthetic: bool


class Same(msgspec.Struct, frozen=True, kw_only=True):
    """Our word on whether two entities of the export are the same; never why, since that may quote what
    stays."""

    id: str
    left: str
    right: str
    verdict: str
    at: Instant


class Release(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All that goes out, in one order. `incomplete`: something that was chosen stays. `origins`: the ids that
    entities, statements and sources had at the site where they were first said, where that is another."""

    us: str
    to: Recipient
    tlp: Tlp
    items: tuple[Item, ...]
    sources: tuple[Cited, ...]
    same: tuple[Same, ...]
    origins: dict[str, str]
    incomplete: bool

    @cached_property
    def canonical(self) -> bytes:
        """Canonical JSON: the same content gives the same bytes."""
        return _encoder.encode({"lanbi_export": 1, "release": self})

    @cached_property
    def snapshot(self) -> str:
        """SHA-256 of `canonical`, in hex."""
        return hashlib.sha256(self.canonical).hexdigest()

    @cached_property
    def by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each source."""
        return {source.id: source.n for source in self.sources}

    @cached_property
    def synthetic(self) -> bool:
        """Whether anything in it is invented."""
        return any(source.synthetic for source in self.sources)

    @cached_property
    def at(self) -> Instant:
        """When the newest of its claims was recorded: the time that every format bears."""
        return max((claim.said_at for item in self.items for claim in item.claims), default=0)

    @cached_property
    def caveats(self) -> tuple[Handling, ...]:
        """Each different set of rules in it, the strictest first."""
        found = {claim.handling for item in self.items for claim in item.claims}
        return tuple(
            sorted(found, key=lambda one: (-TLP.index(one.tlp), one.originator, _encoder.encode(one)))
        )

    @property
    def statements(self) -> tuple[str, ...]:
        """The ids of all statements in it."""
        return tuple(claim.id for item in self.items for claim in item.claims)

    @property
    def personal(self) -> bool:
        """Whether a person or a contact is in it, if only by a pseudonym."""
        return any(item.kind in PERSONAL for item in self.items)

    @property
    def second(self) -> bool:
        """Whether a second person must allow it."""
        return self.tlp == "RED" or self.personal

    def of(self, *kinds: str) -> list[Item]:
        """Its entities of these kinds."""
        return [item for item in self.items if item.kind in kinds]

    def named(self, entity_id: str | None) -> Item | None:
        return None if entity_id is None else self.by_id.get(entity_id)


class KeptClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that stays, and why; never its value."""

    id: str
    entity_id: str
    prop: str
    originator: str
    reason: Reason


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """What goes and what stays. `refs`: reference and kind of every entity that was chosen, by id."""

    release: Release
    kept: tuple[KeptClaim, ...]
    refs: dict[str, tuple[str, str]]


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """An export as it is kept: what was chosen and what came of it, never its content."""

    id: str
    number: int
    selection: Selection
    recipient: str
    purpose: str
    format: Format
    lang: str
    desk_case: str
    tlp: Tlp
    snapshot: str
    entities: int
    statements: int
    kept: int
    personal: bool
    synthetic: bool
    state: State
    made_by: str
    made_at: Instant
    made_on: str
    decided_by: str | None
    decided_at: Instant | None
    handed: int
    handed_at: Instant | None
    told_at: Instant | None
    seq: int

    def must_wait(self, by: str) -> None:
        """Raises unless `by` may decide about it: once, and never who made it."""
        if self.state != "waiting":
            raise Refused("export-decided")
        if self.made_by == by:
            raise Refused("tracing-second-person")

    def must_be_ready(self) -> None:
        """Raises unless it may be handed out."""
        if self.state == "waiting":
            raise Refused("export-waits", number=self.number)
        if self.state == "refused":
            raise Refused("export-refused", number=self.number)


class Affected(msgspec.Struct, frozen=True, kw_only=True):
    """An export that was handed out and carried statements which were taken back or stopped since."""

    export: Export
    statements: tuple[str, ...]


_encoder = msgspec.json.Encoder(order="deterministic")


def strictest(labels: Iterable[Tlp]) -> Tlp:
    """The label of the whole: the strictest of its parts; CLEAR where it has none."""
    return TLP[max((TLP.index(label) for label in labels), default=0)]


def for_recipient(handling: Handling, to: Recipient) -> Handling:
    """The rules as the recipient needs them: who else may have it is told only to whom may pass it on."""
    if handling.onward:
        return handling
    own = tuple(code for code in handling.releasable if code in (ANYONE, to.code, state_of(to.code)))
    return msgspec.structs.replace(handling, releasable=own or (to.code,))
