"""Facts about tips. Never words, never a place, a language, a channel or who held the telephone.

`commitment`: hex of SHA-256 over the sealed box. It proves the ciphertext while it is kept, and says nothing
of what is in it, since every box has a key of its own.
"""

from typing import ClassVar

from lanbi.core.events import Event


class CompartmentEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about a compartment's key."""

    about: ClassVar[str] = "tip_compartment"


class CompartmentMade(CompartmentEvent, frozen=True, kw_only=True):
    """A key pair was made; tips are sealed for it from now on, and the one before is retired."""

    kind: ClassVar[str] = "tip.compartment_made"
    public_key: str


class PassphraseChanged(CompartmentEvent, frozen=True, kw_only=True):
    """The same key, under another passphrase."""

    kind: ClassVar[str] = "tip.passphrase_changed"


class Unlocked(CompartmentEvent, frozen=True, kw_only=True):
    """Somebody opened the compartment for their session, until then at the latest."""

    kind: ClassVar[str] = "tip.unlocked"
    until: int


class UnlockRefused(CompartmentEvent, frozen=True, kw_only=True):
    """A wrong passphrase was given."""

    kind: ClassVar[str] = "tip.unlock_refused"


class Locked(CompartmentEvent, frozen=True, kw_only=True):
    """Somebody closed the compartment before its time."""

    kind: ClassVar[str] = "tip.locked"


class TipEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one tip."""

    about: ClassVar[str] = "tip"


class TipReceived(TipEvent, frozen=True, kw_only=True):
    """The tide took it in; when it had come stands nowhere in clear."""

    kind: ClassVar[str] = "tip.received"
    number: int
    compartment: str
    commitment: str


class TipWordsAdded(TipEvent, frozen=True, kw_only=True):
    """The holder of the code added words; taken in by the tide."""

    kind: ClassVar[str] = "tip.words_added"
    ordinal: int
    commitment: str


class TipRead(TipEvent, frozen=True, kw_only=True):
    """Somebody read all of it; why stands in the entry's purpose."""

    kind: ClassVar[str] = "tip.read"
    pieces: int


class TipGraded(TipEvent, frozen=True, kw_only=True):
    """Source A to F, information 1 to 6, and, apart from both, how sure the desk is."""

    kind: ClassVar[str] = "tip.graded"
    reliability: str
    credibility: str
    confidence: str


class TipReplied(TipEvent, frozen=True, kw_only=True):
    """The desk answered; `for_holder` is the commitment of the box that only the code opens."""

    kind: ClassVar[str] = "tip.replied"
    ordinal: int
    commitment: str
    for_holder: str


class TipFollowed(TipEvent, frozen=True, kw_only=True):
    """The desk works on it further."""

    kind: ClassVar[str] = "tip.followed"


class TipClosed(TipEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "tip.closed"
    outcome: str


class TipPassedOn(TipEvent, frozen=True, kw_only=True):
    """A new text went to the floor. What became of it stands in the box; the tide writes this entry later,
    so that it does not stand beside the incident's own."""

    kind: ClassVar[str] = "tip.passed_on"
    commitment: str


class TipErased(TipEvent, frozen=True, kw_only=True):
    """All its boxes are gone, and its code opens nothing more."""

    kind: ClassVar[str] = "tip.erased"
    reason: str
