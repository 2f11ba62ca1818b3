"""An incident decides what may happen to it. Pure: time, identity and vocabulary are handed in."""

from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.time import MINUTE, Instant

LINKS_MAX = 50
# A late entry may name a time shortly ahead: the wall clock of who saw it is not ours.
CLOCK_AHEAD_MAX: Instant = 2 * MINUTE

ClockSource = Literal["automatic", "manual", "late"]
Undoable = Literal["type", "title", "priority", "area"]


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """When a clock was struck, how the time came to be known, and by whom."""

    at: Instant
    source: ClockSource
    by: str


class Link(msgspec.Struct, frozen=True, array_like=True):
    """A relation to another incident; `relation` is a code of the vocabulary `relations`."""

    incident_id: str
    relation: str


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """What happens out there, as far as this room knows.

    `calls`: how many calls are joined to it. `…_seq`: the version at which that field
    was last changed, so that two people who edit different fields never collide and
    two who edit the same one are told.
    """

    id: str
    number: int
    opened_at: Instant
    opened_by: str
    type: str | None = None
    title: str = ""
    priority: str | None = None
    state: Literal["open", "closed"] = "open"
    area: Area | None = None
    closed_at: Instant | None = None
    closed_by: str | None = None
    disposition: str | None = None
    calls: int = 0
    clocks: dict[str, Stamp] = {}
    links: tuple[Link, ...] = ()
    type_seq: int = 0
    title_seq: int = 0
    priority_seq: int = 0
    area_seq: int = 0
    seq: int = 0

    def _must_be_open(self) -> None:
        if self.state == "closed":
            raise Refused("incident-closed", number=self.number)

    def _must_hold(self, field: str, field_seq: int, held: int | None, now: object) -> None:
        if held is not None and held < field_seq:
            raise Conflict("edited-meanwhile", field=field, number=self.number, now=now, version=self.seq)

    def struck(self, clock: str, at: Instant, source: ClockSource, by: str) -> "Incident":
        """With that clock set, unless it has been struck before: the first time is the true one."""
        if clock in self.clocks:
            return self
        return replace(self, clocks={**self.clocks, clock: Stamp(at, source, by)})

    def unstruck(self, clock: str, held: Stamp, then: Stamp | None) -> "Incident":
        """Without that very strike, and with the true one after it if there is any.

        The incident itself where something else struck the clock first.
        """
        if self.clocks.get(clock) != held:
            return self
        clocks = {code: stamp for code, stamp in self.clocks.items() if code != clock}
        return replace(self, clocks=clocks if then is None else {**clocks, clock: then})

    def classify(self, type_: str, *, seq: int, held: int | None, at: Instant, by: str) -> "Incident":
        self._must_be_open()
        self._must_hold("type", self.type_seq, held, self.type)
        return replace(self, type=type_, type_seq=seq).struck("type_known", at, "automatic", by)

    def retitle(self, title: str, *, seq: int, held: int | None) -> "Incident":
        self._must_be_open()
        self._must_hold("title", self.title_seq, held, self.title)
        return replace(self, title=title, title_seq=seq)

    def prioritise(self, priority: str, *, seq: int, held: int | None) -> "Incident":
        self._must_be_open()
        self._must_hold("priority", self.priority_seq, held, self.priority)
        return replace(self, priority=priority, priority_seq=seq)

    def relocate(self, area: Area, *, seq: int, held: int | None, at: Instant, by: str) -> "Incident":
        self._must_be_open()
        self._must_hold("area", self.area_seq, held, None if self.area is None else self.area.words)
        moved = replace(self, area=area, area_seq=seq)
        return moved.struck("location_known", at, "automatic", by) if area.known else moved

    def clear(self, what: Undoable, *, seq: int, at: Instant, by: str) -> "Incident":
        """That field as empty as it was before it was set at `at`; what setting it struck is struck out."""
        self._must_be_open()
        struck = Stamp(at, "automatic", by)
        match what:
            case "type":
                return replace(self, type=None, type_seq=seq).unstruck("type_known", struck, None)
            case "title":
                return replace(self, title="", title_seq=seq)
            case "priority":
                return replace(self, priority=None, priority_seq=seq)
            case "area":
                return replace(self, area=None, area_seq=seq).unstruck("location_known", struck, None)

    def link(self, other: "Incident", relation: str) -> "Incident":
        if other.id == self.id:
            raise Refused("link-to-itself", number=self.number)
        if any(link.incident_id == other.id for link in self.links):
            raise Refused("link-exists", number=self.number, other=other.number)
        if len(self.links) >= LINKS_MAX:
            raise Refused("links-full", number=self.number, limit=LINKS_MAX)
        return replace(self, links=(*self.links, Link(other.id, relation)))

    def unlink(self, other_id: str) -> "Incident":
        kept = tuple(link for link in self.links if link.incident_id != other_id)
        if len(kept) == len(self.links):
            raise Refused("link-none", number=self.number)
        return replace(self, links=kept)

    def set_clock(self, clock: str, at: Instant, source: ClockSource, *, by: str, now: Instant) -> "Incident":
        """A person enters a time: by hand as it happens, or late. An automatic time is not overwritten by
        hand unless the entry says "late", which is a correction and stays visible as one."""
        if at > now + CLOCK_AHEAD_MAX:
            raise Malformed("clock-ahead", clock=clock)
        if source == "automatic":
            raise Malformed("clock-source", clock=clock)
        held = self.clocks.get(clock)
        if held is not None and source == "manual":
            raise Refused("clock-struck", clock=clock, number=self.number)
        return replace(self, clocks={**self.clocks, clock: Stamp(at, source, by)})

    def close(self, disposition: str, *, at: Instant, by: str) -> "Incident":
        self._must_be_open()
        shut = replace(self, state="closed", disposition=disposition, closed_at=at, closed_by=by)
        return replace(shut, clocks={**shut.clocks, "closed": Stamp(at, "automatic", by)})

    def reopen(self) -> "Incident":
        if self.state != "closed":
            raise Refused("incident-open", number=self.number)
        clocks = {code: stamp for code, stamp in self.clocks.items() if code != "closed"}
        return replace(self, state="open", disposition=None, closed_at=None, closed_by=None, clocks=clocks)
