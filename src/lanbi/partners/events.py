"""Facts about other sites and the letters between them and us. What a letter says never stands in them."""

from collections.abc import Callable
from typing import ClassVar, Literal

import msgspec

from lanbi.core.events import Event, Sealed
from lanbi.core.ports import Tx
from lanbi.core.time import Instant

Outcome = Literal["taken", "early", "kept", "refused"]
"""What became of a letter: worked; kept until what it follows is there; kept, since nobody here knows its
kind; refused by the rules of its domain."""


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that was opened: a partner signed it for us. `body`: canonical JSON, an object."""

    id: str
    sender: str
    kind: str
    made_at: Instant
    in_reply_to: str | None
    body: bytes


Handler = Callable[[Tx, Arrived], bool]
"""Works a letter inside the transaction that takes it in. False: what it follows is not there yet; it is kept
and handed over again when more comes from its sender. A `LanbiError` refuses it: nothing of it is kept, and
the sender gets the reason, signed."""


class PartnerEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one other site; `id` is its code."""

    about: ClassVar[str] = "partner"


class PartnerAdded(PartnerEvent, frozen=True, kw_only=True):
    """`screening`: the word of who looked at the partner's respect for human rights."""

    kind: ClassVar[str] = "partner.added"
    key_id: str
    kinds_in: tuple[str, ...]
    kinds_out: tuple[str, ...]
    screening: Sealed


class PartnerChanged(PartnerEvent, frozen=True, kw_only=True):
    """Its name, its address or the kinds of letter that pass are others now."""

    kind: ClassVar[str] = "partner.changed"
    kinds_in: tuple[str, ...]
    kinds_out: tuple[str, ...]


class PartnerEnabled(PartnerEvent, frozen=True, kw_only=True):
    """The switch: nothing goes there nor is taken from there, or it may again."""

    kind: ClassVar[str] = "partner.enabled"
    enabled: bool
    screening: Sealed | None


class PartnerRetired(PartnerEvent, frozen=True, kw_only=True):
    """We have no more to do with this site; `dropped`: how many letters no longer go there."""

    kind: ClassVar[str] = "partner.retired"
    dropped: int


class KeyAdded(PartnerEvent, frozen=True, kw_only=True):
    """Letters signed with this key are taken as the partner's, beside those of its other key."""

    kind: ClassVar[str] = "partner.key_added"
    key_id: str


class KeyRetired(PartnerEvent, frozen=True, kw_only=True):
    """Nothing signed with this key is taken any more."""

    kind: ClassVar[str] = "partner.key_retired"
    key_id: str


class LetterWritten(PartnerEvent, frozen=True, kw_only=True):
    """A letter to this partner waits. `of`: its kind; `content`: SHA-256 over what it says, in hex."""

    kind: ClassVar[str] = "partner.letter_written"
    letter: str
    of: str
    content: str
    in_reply_to: str | None


class LetterTakenIn(PartnerEvent, frozen=True, kw_only=True):
    """A letter of this partner came, under its key `key_id`; `receipt`: the id of what we signed for it."""

    kind: ClassVar[str] = "partner.letter_taken_in"
    letter: str
    of: str
    content: str
    key_id: str
    outcome: Outcome
    reason: str | None
    receipt: str


class LetterSettled(PartnerEvent, frozen=True, kw_only=True):
    """The partner signed what became of our letter. `receipt`: id of its receipt; `signed_at`: by its
    clock."""

    kind: ClassVar[str] = "partner.letter_settled"
    letter: str
    of: str
    outcome: Outcome
    reason: str | None
    receipt: str
    key_id: str
    signed_at: Instant


class LetterRenewed(PartnerEvent, frozen=True, kw_only=True):
    """A letter that the partner had refused waits again."""

    kind: ClassVar[str] = "partner.letter_renewed"
    letter: str
    of: str


class BundleMade(PartnerEvent, frozen=True, kw_only=True):
    """What waited was written into a file, to be carried there."""

    kind: ClassVar[str] = "partner.bundle_made"
    letters: int


class BundleTakenIn(PartnerEvent, frozen=True, kw_only=True):
    """A file of letters was carried here; `digest`: SHA-256 of the file, in hex."""

    kind: ClassVar[str] = "partner.bundle_taken_in"
    letters: int
    refused: int
    digest: str
