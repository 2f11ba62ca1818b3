"""Facts about messages and channels. What a person wrote stands as a seal, never in clear."""

from typing import ClassVar

from lanbi.core.events import Event, Sealed


class MessageEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one message."""

    about: ClassVar[str] = "message"


class MessageSent(MessageEvent, frozen=True, kw_only=True):
    """It left the sender, which says nothing of whether it arrived.

    `to_kind`: "unit", "role", "account" or "channel". `parties`: those it was addressed to, as
    "unit/…" and "account/…". `template` and `args`: what it says, where it was not written by hand;
    a place is words of a person and so sealed.
    """

    kind: ClassVar[str] = "message.sent"
    to_kind: str
    to_id: str
    parties: tuple[str, ...]
    incident_id: str | None
    reply_to: str | None
    priority: str
    template: str | None
    args: dict[str, str]
    place: Sealed | None
    words: Sealed | None


class ReceiptEvent(MessageEvent, frozen=True, kw_only=True):
    """Base of the steps of one addressee. `party`: "unit/…" or "account/…"; `source`: "automatic",
    "manual" or "late"; when it happened is the entry's own `at`."""

    party: str
    source: str


class MessageReceived(ReceiptEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "message.received"


class MessageAcknowledged(ReceiptEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "message.acknowledged"


class MessageComplying(ReceiptEvent, frozen=True, kw_only=True):
    """The addressee said that they will do it."""

    kind: ClassVar[str] = "message.complying"


class MessageRefused(ReceiptEvent, frozen=True, kw_only=True):
    """The addressee said that they cannot do it, and why."""

    kind: ClassVar[str] = "message.refused"
    reason: Sealed


class MessageDone(ReceiptEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "message.done"


class MessageArchived(MessageEvent, frozen=True, kw_only=True):
    """It left the live picture; it stays in the lists and on the record."""

    kind: ClassVar[str] = "message.archived"


class ChannelEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about a channel that a person made."""

    about: ClassVar[str] = "channel"


class ChannelOpened(ChannelEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "channel.opened"
    name: Sealed
    incident_id: str | None
    units: tuple[str, ...]
    roles: tuple[str, ...]


class ChannelClosed(ChannelEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "channel.closed"


STEP_EVENTS: dict[str, type[ReceiptEvent]] = {
    "received": MessageReceived,
    "acknowledged": MessageAcknowledged,
    "will_comply": MessageComplying,
    "done": MessageDone,
}
"""The fact of each step that carries nothing more; a refusal carries its reason."""
