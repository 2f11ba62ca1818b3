"""A major incident decides what may happen to it. Pure: time and identity are handed in.

Its parts (what is known, wanted and planned) decide for themselves: `parts`.
"""

from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.access import Person
from lanbi.core.errors import Conflict, Refused
from lanbi.core.time import Instant

INCIDENTS_MAX = 50
"""In one major incident."""


class Linked(msgspec.Struct, frozen=True):
    """An incident of the major incident; `number` is the incident's."""

    incident_id: str
    number: int


class IncidentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an incident; the incidents' side of the house fills it. Codes of the vocabulary."""

    id: str
    number: int
    state: str
    type: str | None
    title: str
    priority: str | None
    place: str
    opened_at: Instant
    closed_at: Instant | None


class UnitFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a unit: its state on the board, and the incident that it works on now, if any."""

    id: str
    callsign: str
    kind: str
    crew: int
    state: str
    since: Instant
    incident_id: str | None


class Major(msgspec.Struct, frozen=True, kw_only=True):
    """A major incident. `incidents`: linked ones, the first leads. `…_seq`: the version at which that field
    was changed last, so that two people who edit different fields never collide."""

    id: str
    number: int
    declared_at: Instant
    declared_by: str
    declared_by_name: str
    state: Literal["open", "stood_down"] = "open"
    commander: str | None = None
    commander_name: str | None = None
    stood_down_at: Instant | None = None
    stood_down_by: str | None = None
    name_seq: int = 0
    commander_seq: int = 0
    seq: int = 0
    name: str | None = None
    end_words: str | None = None
    incidents: tuple[Linked, ...] = ()

    def must_be_open(self) -> None:
        if self.state != "open":
            raise Refused("major-stood-down", number=self.number)

    def must_hold(self, field: str, field_seq: int, held: int | None, now: object) -> None:
        """`Conflict` where somebody changed the field after the version that was seen."""
        if held is not None and held < field_seq:
            raise Conflict("major-edited-meanwhile", field=field, number=self.number, now=now)

    def renamed(self, *, seq: int, held: int | None) -> "Major":
        self.must_be_open()
        self.must_hold("name", self.name_seq, held, self.name)
        return replace(self, name_seq=seq)

    def commanded(self, by: Person, *, seq: int, held: int | None) -> "Major":
        self.must_be_open()
        self.must_hold("commander", self.commander_seq, held, self.commander_name)
        return replace(self, commander=by.id, commander_name=by.name, commander_seq=seq)

    def must_take(self, incident: IncidentFacts) -> None:
        """Returns if this incident may be linked."""
        self.must_be_open()
        if any(linked.incident_id == incident.id for linked in self.incidents):
            raise Refused("major-has-incident", number=self.number, incident=incident.number)
        if len(self.incidents) >= INCIDENTS_MAX:
            raise Refused("major-incidents-full", number=self.number, limit=INCIDENTS_MAX)

    def without(self, incident_id: str) -> Linked:
        """The incident that is taken off; never the one that leads."""
        self.must_be_open()
        for place, linked in enumerate(self.incidents):
            if linked.incident_id == incident_id:
                if place == 0:
                    raise Refused("major-lead-stays", number=self.number, incident=linked.number)
                return linked
        raise Refused("major-incident-none", number=self.number)

    def stand_down(self, *, at: Instant, by: str, wanting: int) -> "Major":
        """`wanting`: how many requests are still on their way."""
        self.must_be_open()
        if wanting:
            raise Refused("major-requests-open", number=self.number, count=wanting)
        return replace(self, state="stood_down", stood_down_at=at, stood_down_by=by)
