"""Facts of registers and matches. Neither a serial nor a name of anything stands in them."""

from typing import ClassVar

from lanbi.core.events import Event, Sealed


class RegisterEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about a register."""

    about: ClassVar[str] = "tracing_register"


class RegisterImported(RegisterEvent, frozen=True, kw_only=True):
    """A register was taken in whole. `sha256`: of its file; `source`: what its values are statements of."""

    kind: ClassVar[str] = "tracing.register_imported"
    register_kind: str
    originator: str
    source: str
    sha256: str
    entries: int
    skipped: int


class RegisterWithdrawn(RegisterEvent, frozen=True, kw_only=True):
    """A register was taken back: no search finds its entries, and what was stated from them falls."""

    kind: ClassVar[str] = "tracing.register_withdrawn"
    reason: str


class RegisterEntryRead(RegisterEvent, frozen=True, kw_only=True):
    """Somebody opened what a register says of one entry, its reference among it."""

    kind: ClassVar[str] = "tracing.register_entry_read"
    row: int


class MatchEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about what a firearm may be."""

    about: ClassVar[str] = "tracing"


class MatchesProposed(MatchEvent, frozen=True, kw_only=True):
    """The node searched a firearm's serial: so many proposals are new or changed, so many hold no more."""

    kind: ClassVar[str] = "tracing.matches_proposed"
    proposed: int
    withdrawn: int


class MatchDecided(MatchEvent, frozen=True, kw_only=True):
    """Somebody decided on a proposal and said why. `other`: the other firearm, or the register; `why` is None
    where a judgement holds it."""

    kind: ClassVar[str] = "tracing.match_decided"
    match: str
    verdict: str
    other: str
    row: int | None
    why: Sealed | None


class MatchUndone(MatchEvent, frozen=True, kw_only=True):
    """A decision was taken back, with all that it stated."""

    kind: ClassVar[str] = "tracing.match_undone"
    match: str
    verdict: str
