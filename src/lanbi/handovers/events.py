"""Facts about hand-overs. Remarks, questions and answers stand as seals, never in clear.

`n` is a line's number within its hand-over; `rev`, how often what it says has changed.
"""

from typing import ClassVar

import msgspec

from lanbi.core.events import Event, Sealed


class LineFact(msgspec.Struct, frozen=True):
    """A line as it came or changed: its number, what it is about, and which version of it."""

    n: int
    about: str
    rev: int


class HandoverEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one hand-over."""

    about: ClassVar[str] = "handover"


class HandoverStarted(HandoverEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "handover.started"
    post: str
    lines: tuple[LineFact, ...]


class HandoverRefreshed(HandoverEvent, frozen=True, kw_only=True):
    """What was open changed meanwhile. `gone`: no longer open; `dropped`: so before anybody had read it."""

    kind: ClassVar[str] = "handover.refreshed"
    added: tuple[LineFact, ...]
    changed: tuple[LineFact, ...]
    gone: tuple[LineFact, ...]
    dropped: tuple[LineFact, ...]


class HandoverRemarked(HandoverEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "handover.remarked"
    n: int
    words: Sealed


class HandoverOffered(HandoverEvent, frozen=True, kw_only=True):
    """`to`: the account that may take it, or anybody with the same or a higher role."""

    kind: ClassVar[str] = "handover.offered"
    to: str | None


class HandoverTaken(HandoverEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "handover.taken"


class HandoverLetGo(HandoverEvent, frozen=True, kw_only=True):
    """Who had taken it gave it back; what was acknowledged counts no more."""

    kind: ClassVar[str] = "handover.let_go"


class HandoverAcknowledged(HandoverEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "handover.acknowledged"
    line: LineFact


class HandoverAsked(HandoverEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "handover.asked"
    line: LineFact
    words: Sealed


class HandoverAnswered(HandoverEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "handover.answered"
    line: LineFact
    words: Sealed


class HandoverInitialled(HandoverEvent, frozen=True, kw_only=True):
    """The first of the two has signed, with the password given again."""

    kind: ClassVar[str] = "handover.initialled"


class HandoverSigned(HandoverEvent, frozen=True, kw_only=True):
    """Both have signed. `sha256`: of the document; `signature`: the site key's over it, both in hex."""

    kind: ClassVar[str] = "handover.signed"
    post: str
    outgoing: str
    incoming: str
    lines: int
    sha256: str
    key_id: str
    signature: str


class HandoverWithdrawn(HandoverEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "handover.withdrawn"
