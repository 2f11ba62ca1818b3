"""Facts: what happened, in the past tense, frozen, sufficient without a look-up."""

from typing import ClassVar

import msgspec

from lanbi.core.geo import Area


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every fact that goes on the record.

    `kind` ("incident.opened") and `about` ("incident") belong to the class; `id`
    is the subject's. Who and when stand beside it in the entry, not in it.
    """

    kind: ClassVar[str] = ""
    about: ClassVar[str] = ""
    id: str

    @property
    def subject(self) -> str:
        return f"{self.about}/{self.id}"


class Sealed(msgspec.Struct, frozen=True):
    """What stands in an entry in place of personal words: the id of the sealed value and its commitment.

    `commitment`: hex of SHA-256(salt || UTF-8 value); it proves the value while it
    is kept, and says nothing once salt and value are erased.
    """

    sealed: str
    commitment: str


class AreaFact(msgspec.Struct, frozen=True, kw_only=True):
    """An area as the record keeps it: figures in clear, words sealed."""

    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None
    source: str
    confidence: str
    place_id: str | None = None
    words: Sealed | None = None

    @classmethod
    def of(cls, area: Area, words: Sealed | None) -> "AreaFact":
        return cls(
            lat=area.lat,
            lon=area.lon,
            radius_m=area.radius_m,
            source=area.source,
            confidence=area.confidence,
            place_id=area.place_id,
            words=words,
        )
