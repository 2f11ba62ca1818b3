"""Facts of tracing. What a statement says never stands in them: only its salted commitment, so that it can be
withdrawn or erased without breaking the record."""

from typing import ClassVar

import msgspec

from lanbi.core.events import Event, Sealed


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One statement as the record keeps it: its id, what it is about, and its commitment
    (`lanbi.tracing.model.commitment`); for personal data the sealed value in its place."""

    id: str
    prop: str
    commitment: str = ""
    personal: Sealed | None = None


class SourceAdded(Event, frozen=True, kw_only=True):
    """Something came that says something: a report, an answer, a file."""

    about: ClassVar[str] = "tracing_source"
    kind: ClassVar[str] = "tracing.source_added"
    of: str
    originator: str
    grade: str
    digest: str
    words: Sealed | None = None


class TracingEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about an entity."""

    about: ClassVar[str] = "tracing"


class Stated(TracingEvent, frozen=True, kw_only=True):
    """A source said something of an entity; `made`: it was not known before."""

    kind: ClassVar[str] = "tracing.stated"
    of: str
    ref: str
    source: str
    originator: str
    made: bool
    said: tuple[Said, ...]


class Preferred(TracingEvent, frozen=True, kw_only=True):
    """Of contradicting statements, an analyst works with this one; the others stand beside it."""

    kind: ClassVar[str] = "tracing.preferred"
    prop: str
    statement: str


class Withdrawn(TracingEvent, frozen=True, kw_only=True):
    """Statements were taken back, by their originator or as wrong; what was exported after excludes them."""

    kind: ClassVar[str] = "tracing.withdrawn"
    statements: tuple[str, ...]
    reason: str


class Judged(TracingEvent, frozen=True, kw_only=True):
    """Somebody judged whether two entities are the same, and said why (sealed)."""

    kind: ClassVar[str] = "tracing.judged"
    judgement: str
    other: str
    verdict: str
    why: Sealed


class JudgementUndone(TracingEvent, frozen=True, kw_only=True):
    """A judgement was taken back; both entities stand apart as they did before."""

    kind: ClassVar[str] = "tracing.judgement_undone"
    judgement: str
    other: str


class DeskOpened(Event, frozen=True, kw_only=True):
    """Somebody began to read for a purpose and a case."""

    about: ClassVar[str] = "tracing_desk"
    kind: ClassVar[str] = "tracing.desk_opened"
    case: str


class PersonRead(TracingEvent, frozen=True, kw_only=True):
    """Somebody opened what is held of a person, by its pseudonym."""

    kind: ClassVar[str] = "tracing.person_read"
    case: str


class OpeningAsked(TracingEvent, frozen=True, kw_only=True):
    """Somebody asked that a person's sealed data be opened to them, for a case."""

    kind: ClassVar[str] = "tracing.opening_asked"
    opening: str
    case: str


class OpeningDecided(TracingEvent, frozen=True, kw_only=True):
    """A second person allowed or refused it."""

    kind: ClassVar[str] = "tracing.opening_decided"
    opening: str
    allowed: bool


class PersonExpired(TracingEvent, frozen=True, kw_only=True):
    """A person who is no suspect was kept long enough; their statements are gone from every graph."""

    kind: ClassVar[str] = "tracing.person_expired"


class OriginatorStopped(Event, frozen=True, kw_only=True):
    """Everything that an originator released here stays here from now on; or may go again."""

    about: ClassVar[str] = "tracing_originator"
    kind: ClassVar[str] = "tracing.originator_stopped"
    stopped: bool
