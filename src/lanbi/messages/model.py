"""A message decides what each addressee may say of it. Pure: time comes in."""

import re
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Malformed, Refused, TooLarge
from lanbi.core.text import line
from lanbi.core.time import DAY, HOUR, MINUTE, SECOND, Instant

WORDS_CHARS_MAX = 2_000
REASON_CHARS_MAX = 500
CHANNEL_NAME_CHARS_MAX = 60
PLACE_CHARS_MAX = 120
MINUTES_MAX = 1_440
PARTIES_MAX = 400  # of one message; each is a line of its state
CHANNEL_UNITS_MAX = 200
# What a flash message asks of its addressees; the alarm's own limit stands in the vocabulary.
FLASH_ACKNOWLEDGE_S = 60
RECENT_FOR: Instant = 12 * HOUR
OPEN_FOR_MAX: Instant = 3 * DAY
PICTURED_MAX = 500
# A step entered this much after it happened is late.
LATE_AFTER: Instant = 1 * MINUTE
STEP_AHEAD_MAX: Instant = 2 * SECOND

AddresseeKind = Literal["unit", "role", "account", "channel"]
Step = Literal["received", "acknowledged", "will_comply", "cannot_comply", "done"]
Source = Literal["automatic", "manual", "late"]

RANK: dict[str, int] = {
    "sent": 0,
    "received": 1,
    "acknowledged": 2,
    "will_comply": 3,
    "cannot_comply": 4,
    "done": 4,
}
"""How far each step is; a later one implies what comes before it."""

_VARIABLE = re.compile(r"\{([a-z]+)\}")
VARIABLES = frozenset({"place", "incident", "unit", "minutes"})


def variables(text: str) -> frozenset[str]:
    """The names that a template asks for: of `{place}`, `{incident}`, `{unit}`, `{minutes}`."""
    return frozenset(_VARIABLE.findall(text))


def check_args(needed: frozenset[str], given: dict[str, str]) -> dict[str, str]:
    """The arguments of a template, each as it may stand in a message.

    Raises `Malformed("template-argument")` for one that is missing, not asked for or not what its
    name says: `minutes` 1 to 1440, `incident` a number, `unit` a callsign.
    """
    for name in sorted(needed ^ given.keys()):
        raise Malformed("template-argument", name=name[:40])
    return {name: _argument(name, value) for name, value in sorted(given.items())}


def _argument(name: str, value: str) -> str:
    if name == "place":
        return line(value, "place", chars_max=PLACE_CHARS_MAX)
    value = value.strip()
    plain = value.isascii() and value.isdigit() and len(value) <= 9
    if name == "minutes" and plain and 1 <= int(value) <= MINUTES_MAX:
        return str(int(value))
    if name == "incident" and plain:
        return value
    if name == "unit" and re.fullmatch(r"[\w-]{1,12}", value):
        return value
    raise Malformed("template-argument", name=name)


class Party(msgspec.Struct, frozen=True):
    """Somebody whose state a message follows: a unit (its crew) or a person of the floor."""

    kind: Literal["unit", "account"]
    id: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"


class Mark(msgspec.Struct, frozen=True):
    """When a step was taken, who entered it, and how it came in."""

    at: Instant
    by: str
    source: Source


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What one addressee has said so far. Steps not in `steps` were never heard of.

    `listed`: whether they were addressed when it was sent, or took it on afterwards.
    `reason_sealed`: why they cannot; read through the seal into `reason`.
    """

    party: Party
    steps: dict[str, Mark] = {}
    reason_sealed: str | None = None
    reason: str | None = None
    listed: bool = True

    @property
    def step(self) -> str:
        """The furthest step: "sent" until the first is heard of."""
        return max(self.steps, key=lambda step: (RANK[step], self.steps[step].at), default="sent")

    def reached(self, step: str) -> bool:
        """Whether this step, or one that implies it, was taken."""
        return RANK[self.step] >= RANK[step]

    def take(self, step: Step, mark: Mark, *, reason_sealed: str | None = None) -> "Receipt":
        """With this step; itself, where it or a later one was taken already.

        Raises `Refused("message-answered")` for an answer against the one given: done is not undone,
        and who cannot does not silently can; `Malformed("receipt-before")` for a time before the last step.
        """
        now = self.step
        if step == now or (RANK[step] < RANK[now] and not (step == "will_comply" and now == "cannot_comply")):
            return self
        if RANK[now] >= RANK["cannot_comply"]:
            raise Refused("message-answered", who=self.party.name, step=now)
        if any(mark.at < earlier.at for earlier in self.steps.values()):
            raise Malformed("receipt-before", who=self.party.name)
        return replace(self, steps={**self.steps, step: mark}, reason_sealed=reason_sealed)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many addressees are at least so far, of how many (`of`)."""

    of: int
    received: int
    acknowledged: int
    will_comply: int
    cannot_comply: int
    done: int


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Words from one to one or many, and for each addressee how far they got with it.

    `words` and `place` are read through their seals: None once erased. `thread`: the id of the first
    message of the exchange.
    """

    id: str
    sent_at: Instant
    sent_seq: int = 0
    from_id: str
    from_name: str
    from_unit: str | None
    to_kind: AddresseeKind
    to_id: str
    to_name: str
    incident_id: str | None
    reply_to: str | None
    thread: str
    priority: str
    template: str | None = None
    args: dict[str, str] = {}
    place: str | None = None
    place_sealed: str | None = None
    words: str | None = None
    words_sealed: str | None = None
    receipts: tuple[Receipt, ...] = ()
    archived: bool = False
    seq: int = 0

    @property
    def sender(self) -> Party:
        if self.from_unit is not None:
            return Party("unit", self.from_unit, self.from_name)
        return Party("account", self.from_id, self.from_name)

    @property
    def counts(self) -> Counts:
        steps = [receipt.step for receipt in self.receipts]
        return Counts(
            of=len(steps),
            received=sum(RANK[step] >= RANK["received"] for step in steps),
            acknowledged=sum(RANK[step] >= RANK["acknowledged"] for step in steps),
            will_comply=sum(step in {"will_comply", "done"} for step in steps),
            cannot_comply=steps.count("cannot_comply"),
            done=steps.count("done"),
        )

    @property
    def open(self) -> bool:
        """Whether somebody has yet to acknowledge it, or to do what they said they would."""
        return (
            any(
                not receipt.reached("acknowledged") or receipt.step == "will_comply"
                for receipt in self.receipts
            )
            or not self.receipts
        )

    @property
    def acknowledge_by(self) -> Instant | None:
        """When a flash message must have been acknowledged; None for others."""
        return self.sent_at + FLASH_ACKNOWLEDGE_S * SECOND if self.priority == "flash" else None

    @property
    def silent(self) -> list[Party]:
        """Those who have yet to acknowledge it."""
        return [receipt.party for receipt in self.receipts if not receipt.reached("acknowledged")]

    @property
    def awaited(self) -> bool:
        """Whether it is a flash message that still must be acknowledged, be it by anybody at all."""
        return self.priority == "flash" and not self.archived and (not self.receipts or bool(self.silent))

    def receipt_of(self, party: Party) -> Receipt | None:
        return next((receipt for receipt in self.receipts if receipt.party.key == party.key), None)

    def concerns_unit(self, unit_id: str) -> bool:
        """Whether it came from this unit or was addressed to it."""
        return self.from_unit == unit_id or any(
            receipt.party.kind == "unit" and receipt.party.id == unit_id for receipt in self.receipts
        )

    def take(
        self, party: Party, step: Step, mark: Mark, *, joins: bool, reason_sealed: str | None = None
    ) -> "Message":
        """With this step of this party; itself, where that changes nothing.

        `joins`: a party that was not listed may take it on, since it was addressed to their role or to
        a channel that they hear. Raises `Refused("message-not-addressed")` otherwise, and as `Receipt.take`.
        """
        held = self.receipt_of(party)
        if held is None:
            if not joins or party.key == self.sender.key:
                raise Refused("message-not-addressed", who=party.name)
            if len(self.receipts) >= PARTIES_MAX:
                raise TooLarge("message-parties", limit=PARTIES_MAX, given=len(self.receipts) + 1)
            taken = Receipt(party=party, listed=False).take(step, mark, reason_sealed=reason_sealed)
            return replace(self, receipts=(*self.receipts, taken))
        taken = held.take(step, mark, reason_sealed=reason_sealed)
        if taken is held:
            return self
        return replace(
            self, receipts=tuple(taken if receipt is held else receipt for receipt in self.receipts)
        )


def addressed(parties: list[Party], sender: Party) -> tuple[Receipt, ...]:
    """The receipts that a new message begins with: each addressee once, never its sender.

    Raises `TooLarge("message-parties")` over 400.
    """
    unique = {party.key: party for party in parties if party.key != sender.key}
    if len(unique) > PARTIES_MAX:
        raise TooLarge("message-parties", limit=PARTIES_MAX, given=len(unique))
    return tuple(Receipt(party=party) for party in unique.values())


def mark_of(*, by: str, now: Instant, sent_at: Instant, at: Instant | None, source: Source) -> Mark:
    """The mark of a step: when it happened and how it came in.

    Raises `Malformed("receipt-time")` for a time before the message was sent or ahead of now, and
    `Malformed("receipt-source")` where a step of another time is said to be automatic.
    """
    if at is None:
        return Mark(now, by, source)
    if not sent_at <= at <= now + STEP_AHEAD_MAX:
        raise Malformed("receipt-time")
    if source == "automatic":
        raise Malformed("receipt-source")
    return Mark(min(at, now), by, "late" if now - at > LATE_AFTER else source)


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """Where several hear the same. A standing one is a term of the vocabulary and has a `code` as its id;
    one that a person made has a name (sealed), perhaps an incident, and is closed in the end.

    `kinds`: units of these kinds hear it; `units`: these do; `roles`: people of the floor who do.
    Of an incident's channel, the units on that incident hear it too.
    """

    id: str
    code: str | None = None
    name: str | None = None
    name_sealed: str | None = None
    incident_id: str | None = None
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    opened_at: Instant = 0
    opened_by: str = ""
    closed_at: Instant | None = None
    seq: int = 0

    def close(self, *, at: Instant) -> "Channel":
        if self.code is not None:
            raise Refused("channel-standing", code=self.code)
        if self.closed_at is not None:
            raise Refused("channel-closed", name=self.name or "")
        return replace(self, closed_at=at)
