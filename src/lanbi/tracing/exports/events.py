"""Facts about what left as a document. They name no value and no case: how much, to whom and what for."""

from typing import ClassVar

import msgspec

from lanbi.core.events import Event


class ExportEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about an export."""

    about: ClassVar[str] = "tracing_export"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much went in and how much stayed."""

    entities: int
    statements: int
    kept: int


class ExportMade(ExportEvent, frozen=True, kw_only=True):
    """Somebody cut an export for a recipient; `second`: another person must allow it before it is handed out.

    `snapshot`: SHA-256 of the canonical JSON of all that is in it; `tlp`: the strictest of what is in it.
    """

    kind: ClassVar[str] = "tracing.export_made"
    recipient: str
    purpose: str
    format: str
    lang: str
    tlp: str
    snapshot: str
    counts: Counts
    second: bool


class ExportDecided(ExportEvent, frozen=True, kw_only=True):
    """A second person allowed the export or refused it."""

    kind: ClassVar[str] = "tracing.export_decided"
    allowed: bool


class ExportHanded(ExportEvent, frozen=True, kw_only=True):
    """The bytes were handed out to who asked for them, to be given to the recipient."""

    kind: ClassVar[str] = "tracing.export_handed"
    recipient: str
    format: str
    snapshot: str


class ExportTold(ExportEvent, frozen=True, kw_only=True):
    """The recipient was told which statements of the export were taken back since."""

    kind: ClassVar[str] = "tracing.export_told"
    statements: int


class TakenIn(Event, frozen=True, kw_only=True):
    """A file of another site's statements was taken in; each new one has an entry of its own."""

    about: ClassVar[str] = "tracing_export"
    kind: ClassVar[str] = "tracing.taken_in"
    sender: str
    snapshot: str
    new: int
    known: int
    left: int
