"""Facts about trace requests. What was asked, said and answered stands in statements and seals; here are the
ids of what left, to whom, for what, and who let it."""

from typing import ClassVar

from lanbi.core.events import Event, Sealed


class RequestEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about one trace request."""

    about: ClassVar[str] = "trace_request"


class RequestDrafted(RequestEvent, frozen=True, kw_only=True):
    """Somebody wants to ask `to` about a firearm."""

    kind: ClassVar[str] = "tracing.request_drafted"
    ref: str
    firearm: str
    to: str
    channel: str
    priority: str
    purpose: str
    legal_basis: str
    case: str
    words: Sealed | None


class RequestChanged(RequestEvent, frozen=True, kw_only=True):
    """It asks otherwise now; an approval that it had is gone."""

    kind: ClassVar[str] = "tracing.request_changed"
    priority: str
    purpose: str
    legal_basis: str
    case: str
    words: Sealed | None


class RequestApproved(RequestEvent, frozen=True, kw_only=True):
    """A second person let it leave; `digest`: SHA-256 over what would travel."""

    kind: ClassVar[str] = "tracing.request_approved"
    digest: str


class RequestSent(RequestEvent, frozen=True, kw_only=True):
    """It left, with these statements. `letter`: its id; None where it goes by hand."""

    kind: ClassVar[str] = "tracing.request_sent"
    to: str
    round: int
    letter: str | None
    statements: tuple[str, ...]


class RequestArrived(RequestEvent, frozen=True, kw_only=True):
    """Another site asks us. `of`: what it calls the request; `statements`: what it said, as kept here."""

    kind: ClassVar[str] = "tracing.request_arrived"
    ref: str
    sender: str
    of: str
    firearm: str
    priority: str
    purpose: str
    legal_basis: str
    case: str
    round: int
    letter: str
    statements: tuple[str, ...]
    words: Sealed | None


class RequestStepped(RequestEvent, frozen=True, kw_only=True):
    """The asked side said where it stands: `what` is acknowledged, in_progress, more_needed or refused.
    `heard`: it came from there; else it is our own word, or written down by hand."""

    kind: ClassVar[str] = "tracing.request_stepped"
    what: str
    heard: bool
    letter: str | None
    reason: str | None
    asks: tuple[str, ...]
    words: Sealed | None


class AnswerPrepared(RequestEvent, frozen=True, kw_only=True):
    """An answer that names who bought waits for a second person."""

    kind: ClassVar[str] = "tracing.answer_prepared"
    outcome: str
    reason: str | None
    digest: str
    words: Sealed | None


class RequestAnswered(RequestEvent, frozen=True, kw_only=True):
    """The answer left, or came (`heard`). `statements`: what it says, by the ids of this side. `purchaser`:
    none, exists or sealed; `prepared_by`: who wrote one that a second person let go."""

    kind: ClassVar[str] = "tracing.request_answered"
    heard: bool
    outcome: str
    reason: str | None
    letter: str | None
    statements: tuple[str, ...]
    purchaser: str
    prepared_by: str | None
    words: Sealed | None


class RequestLapsed(RequestEvent, frozen=True, kw_only=True):
    """Nobody answered in time, or nobody sent it."""

    kind: ClassVar[str] = "tracing.request_lapsed"
    heard: bool
    letter: str | None


class WithdrawalTold(RequestEvent, frozen=True, kw_only=True):
    """Statements that had been released were taken back, and who has them was told. `id`: the letter's."""

    kind: ClassVar[str] = "tracing.withdrawal_told"
    to: str
    statements: tuple[str, ...]
    reason: str


class WithdrawalHeard(RequestEvent, frozen=True, kw_only=True):
    """An originator took back what it had released to us. `ahead`: how many had not even arrived."""

    kind: ClassVar[str] = "tracing.withdrawal_heard"
    sender: str
    statements: tuple[str, ...]
    ahead: int


class TermsSet(RequestEvent, frozen=True, kw_only=True):
    """How long requests with this partner may take, in days; `id` is its code."""

    kind: ClassVar[str] = "tracing.terms_set"
    priority: str
    ack: int
    answer: int
    lapse: int
