"""Facts about the record itself."""

from typing import ClassVar

from lanbi.core.events import Event


class KeyIntroduced(Event, frozen=True, kw_only=True):
    """A signing key of this site began to serve."""

    kind: ClassVar[str] = "record.key_introduced"
    about: ClassVar[str] = "record"
    public_key: str


class ClockStepped(Event, frozen=True, kw_only=True):
    """The node's wall clock moved by more than it should; `by_ms` is negative when it went back."""

    kind: ClassVar[str] = "record.clock_stepped"
    about: ClassVar[str] = "record"
    by_ms: int


class SealedRead(Event, frozen=True, kw_only=True):
    """Somebody read personal data, for the purpose that stands in the entry."""

    kind: ClassVar[str] = "sealed.read"
    about: ClassVar[str] = "sealed"
    field: str
    of: str


class SealedErased(Event, frozen=True, kw_only=True):
    """A sealed value and its salt were erased; the commitment stays in the entry that made it."""

    kind: ClassVar[str] = "sealed.erased"
    about: ClassVar[str] = "sealed"
    sealed: str
    reason: str
