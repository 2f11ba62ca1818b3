"""Facts about calls and promises. Numbers, names and words stand as seals, never in clear."""

from typing import ClassVar

from lanbi.core.events import AreaFact, Event, Sealed


class CallEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one call."""

    about: ClassVar[str] = "call"


class CallOffered(CallEvent, frozen=True, kw_only=True):
    """It rang, or a text came in. `number` is its running number; `line` is who called."""

    kind: ClassVar[str] = "call.offered"
    number: int
    channel: str
    offered_at: int
    line: Sealed | None
    name: Sealed | None
    lang: str | None
    area: AreaFact | None
    words: Sealed | None


class CallAnswered(CallEvent, frozen=True, kw_only=True):
    """Who answered stands in the entry. `incident_id`: what it was joined to while it still rang."""

    kind: ClassVar[str] = "call.answered"
    offered_at: int
    incident_id: str | None


class CallAbandoned(CallEvent, frozen=True, kw_only=True):
    """It stopped ringing unanswered; `callback_due_at` is None where there is no number to call."""

    kind: ClassVar[str] = "call.abandoned"
    callback_due_at: int | None


class CallClaimed(CallEvent, frozen=True, kw_only=True):
    """Whoever stands in the entry means to take it; after `until` the claim says nothing any more."""

    kind: ClassVar[str] = "call.claimed"
    until: int


class CallHeld(CallEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.held"


class CallResumed(CallEvent, frozen=True, kw_only=True):
    """`held_at`: since when the caller had waited."""

    kind: ClassVar[str] = "call.resumed"
    held_at: int


class CallEnded(CallEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.ended"


class CallLocated(CallEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.located"
    area: AreaFact


class CallLanguageSet(CallEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.language_set"
    lang: str
    was: str | None


class CallWordsAdded(CallEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.words_added"
    words: Sealed
    lang: str | None


class CallCardAnswered(CallEvent, frozen=True, kw_only=True):
    """An answer to a card's question; the last one stands. `number`: the question's place on the card.

    `answer`: a code or a figure; None where it was taken back, and where it is free `words`.
    """

    kind: ClassVar[str] = "call.card_answered"
    card: str
    question: str
    number: int
    answer: str | None
    words: Sealed | None
    lang: str | None


class CallJoined(CallEvent, frozen=True, kw_only=True):
    """It is about that incident. Its times are the incident's ring and answer, if it is the first."""

    kind: ClassVar[str] = "call.joined"
    incident_id: str
    offered_at: int
    answered_at: int | None


class CallUnjoined(CallEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.unjoined"
    incident_id: str


class CallbackAttempted(CallEvent, frozen=True, kw_only=True):
    """`attempts`: how many times somebody has called back by now; `settled`: nothing is owed any more."""

    kind: ClassVar[str] = "call.callback_attempted"
    outcome: str
    attempts: int
    settled: bool


class PromiseEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one promise, with the call and the incident that it is about."""

    about: ClassVar[str] = "promise"
    call_id: str | None
    incident_id: str | None


class PromiseMade(PromiseEvent, frozen=True, kw_only=True):
    """`promise_kind`: a code of the vocabulary `promise_kinds`; `owner`: the account that must keep it."""

    kind: ClassVar[str] = "promise.made"
    promise_kind: str
    owner: str
    due_at: int
    words: Sealed | None


class PromiseSettled(PromiseEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "promise.settled"
    outcome: str
    words: Sealed | None
