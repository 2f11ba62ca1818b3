"""Facts about incidents. Words (titles, places as said, notes) stand as seals, never in clear."""

from typing import ClassVar

import msgspec

from lanbi.core.events import AreaFact, Event, Sealed


class Because(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What proposed it: a rule of a question card; without a rule, the card itself."""

    card: str
    rule: str | None = None


class IncidentEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one incident."""

    about: ClassVar[str] = "incident"


class IncidentOpened(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.opened"
    number: int
    type: str | None
    priority: str | None
    title: Sealed | None
    area: AreaFact | None
    call_id: str | None
    because: Because | None = None


class IncidentClassified(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.classified"
    type: str
    was: str | None
    because: Because | None = None


class IncidentTitled(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.titled"
    title: Sealed


class IncidentPrioritised(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.prioritised"
    priority: str
    was: str | None
    reason: Sealed | None
    because: Because | None = None


class IncidentRelocated(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.relocated"
    area: AreaFact


class IncidentNoted(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.noted"
    words: Sealed
    lang: str | None


class IncidentLinked(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.linked"
    incident_id: str
    relation: str


class IncidentUnlinked(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.unlinked"
    incident_id: str


class IncidentClockSet(IncidentEvent, frozen=True, kw_only=True):
    """A person entered a clock by hand, or late; `was_at` is what stood there before."""

    kind: ClassVar[str] = "incident.clock_set"
    clock: str
    clock_at: int
    source: str
    was_at: int | None


class IncidentClosed(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.closed"
    disposition: str
    words: Sealed | None


class IncidentReopened(IncidentEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incident.reopened"
    reason: Sealed


class IncidentNoteWithdrawn(IncidentEvent, frozen=True, kw_only=True):
    """Who wrote a note took it back at once. The note stays where it is, and its words with it.

    `note`: the number of the note's entry.
    """

    kind: ClassVar[str] = "incident.note_withdrawn"
    note: int


class IncidentUndone(IncidentEvent, frozen=True, kw_only=True):
    """Who changed `what` ("type", "title", "priority", "area", "opened") took it back at once.

    `undoes`: the number of the entry that is answered. Where something stood before, the
    entry that sets it again follows; where nothing did, the field is empty again.
    """

    kind: ClassVar[str] = "incident.undone"
    what: str
    undoes: int
