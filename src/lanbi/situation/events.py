"""Facts about the whole picture: zones and their silence, demand that nobody served, the house itself."""

from typing import ClassVar

from lanbi.core.events import Event, Sealed
from lanbi.core.time import Instant


class ZonesSet(Event, frozen=True, kw_only=True):
    """The ground was parted anew. `digest`: hex of SHA-256 over the zones' names and outlines."""

    kind: ClassVar[str] = "zones.set"
    about: ClassVar[str] = "zones"
    count: int
    names: tuple[str, ...]
    digest: str
    source: str


class ZoneStateChanged(Event, frozen=True, kw_only=True):
    """A zone was found in another state. `reason` and the figures say from what it was concluded."""

    kind: ClassVar[str] = "zone.state_changed"
    about: ClassVar[str] = "zone"
    name: str
    state: str
    was: str | None
    since: Instant
    reason: str
    units: int
    lost: tuple[str, ...]
    events: int
    baseline_hours: int


class UnservedEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one demand that nobody could serve."""

    about: ClassVar[str] = "unserved"
    incident_id: str
    number: int


class UnservedMarked(UnservedEvent, frozen=True, kw_only=True):
    """Somebody said that nobody can come. `reason`: a code of the vocabulary `unserved_reasons`."""

    kind: ClassVar[str] = "unserved.marked"
    reason: str
    priority: str | None
    words: Sealed | None


class UnservedServed(UnservedEvent, frozen=True, kw_only=True):
    """A unit came to the scene after all."""

    kind: ClassVar[str] = "unserved.served"
    callsign: str


class UnservedStands(UnservedEvent, frozen=True, kw_only=True):
    """The arrival that had ended it was taken back: nobody has come."""

    kind: ClassVar[str] = "unserved.stands"


class UnservedClosed(UnservedEvent, frozen=True, kw_only=True):
    """The incident was closed, and nobody had come."""

    kind: ClassVar[str] = "unserved.closed"


class UnservedWithdrawn(UnservedEvent, frozen=True, kw_only=True):
    """It was said by mistake; it no longer counts."""

    kind: ClassVar[str] = "unserved.withdrawn"
    words: Sealed | None


class HouseEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about the building that the room sits in."""

    about: ClassVar[str] = "house"
    at: Instant


class PowerTold(HouseEvent, frozen=True, kw_only=True):
    """What the house runs on. `generator_s`, `battery_s`: seconds left of each, where known."""

    kind: ClassVar[str] = "house.power_told"
    source: str
    generator_s: int | None
    battery_s: int | None


class LinkTold(HouseEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "house.link_told"
    name: str
    link_kind: str
    state: str
    latency_ms: int | None
