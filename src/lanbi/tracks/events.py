"""Facts about positions and observations. Words stand as seals, never in clear."""

from typing import ClassVar

import msgspec

from lanbi.core.events import AreaFact, Event, Sealed
from lanbi.core.time import Instant


class TrackBatchStored(Event, frozen=True, kw_only=True):
    """A batch of positions was stored: `count` of them, of `units` units, between two times.

    `digest`: hex of the SHA-256 of the rows that carry this entry's number, in the
    form of docs/guides/tracks.md. `late`: how many of them had been overtaken by a
    newer position; `duplicates`: how many of the batch had been there before.
    """

    kind: ClassVar[str] = "track.batch_stored"
    about: ClassVar[str] = "tracks"
    count: int
    units: int
    from_: Instant = msgspec.field(name="from")
    to: Instant
    digest: str
    late: int
    duplicates: int


class TrackThinned(Event, frozen=True, kw_only=True):
    """Old positions were removed by the policy: `count` of `units` units, between two times."""

    kind: ClassVar[str] = "track.thinned"
    about: ClassVar[str] = "tracks"
    count: int
    units: int
    from_: Instant = msgspec.field(name="from")
    to: Instant


class ObservationReported(Event, frozen=True, kw_only=True):
    """Somebody saw something. `observed`: a code of the vocabulary `observation_kinds`."""

    kind: ClassVar[str] = "observation.reported"
    about: ClassVar[str] = "observation"
    observed: str
    area: AreaFact
    words: Sealed | None
    at: Instant


class ObservationWithdrawn(Event, frozen=True, kw_only=True):
    """Who reported it took it back at once. `undoes`: the number of the entry that is answered."""

    kind: ClassVar[str] = "observation.withdrawn"
    about: ClassVar[str] = "observation"
    observed: str
    undoes: int
