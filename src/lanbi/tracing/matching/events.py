"""Facts of private matching, on both sides: who offered what, who asked how much, for what and under which
key. Neither a serial nor which of them hit ever stands in one."""

from typing import ClassVar, Literal

from lanbi.core.events import Event


class OfferEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about a register that one side offers the other. `register`: its id at its owner."""

    about: ClassVar[str] = "matching_offer"
    partner: str
    register: str
    key_id: str


class OfferApproved(OfferEvent, frozen=True, kw_only=True):
    """Somebody lets a partner ask about a register; its set is made from now on. `turn`: of the key."""

    kind: ClassVar[str] = "matching.offer_approved"
    turn: int
    day_queries: int
    case_queries: int


class Offered(OfferEvent, frozen=True, kw_only=True):
    """The set is made and its letter waits. `digest`: of the set; `left_out`: entries that cannot be
    matched."""

    kind: ClassVar[str] = "matching.offered"
    turn: int
    digest: str
    entries: int
    left_out: int
    letter: str


class OfferFailed(OfferEvent, frozen=True, kw_only=True):
    """No set came of it. `code`: why."""

    kind: ClassVar[str] = "matching.offer_failed"
    code: str


class OfferArrived(OfferEvent, frozen=True, kw_only=True):
    """A partner lets us ask about a register; its set is still to come. `of`: the offer's id there."""

    kind: ClassVar[str] = "matching.offer_arrived"
    of: str
    turn: int
    digest: str
    entries: int
    day_queries: int
    case_queries: int
    letter: str


class SetTakenIn(OfferEvent, frozen=True, kw_only=True):
    """The set is here and is what the partner signed. `by_file`: a person carried it."""

    kind: ClassVar[str] = "matching.set_taken_in"
    digest: str
    entries: int
    by_file: bool


class SetRejected(OfferEvent, frozen=True, kw_only=True):
    """What came is not the set that the partner signed. `code`: why."""

    kind: ClassVar[str] = "matching.set_rejected"
    digest: str
    code: str


class OfferWithdrawn(OfferEvent, frozen=True, kw_only=True):
    """Its owner answers no more about this register. `heard`: the partner said so of its own."""

    kind: ClassVar[str] = "matching.offer_withdrawn"
    heard: bool


class QueryEvent(Event, frozen=True, kw_only=True):
    """Base of the facts about a batch of questions.

    `query`: its id at who asked, the same in both sides' records. `side`: "out" where we asked, "in" where we
    were asked. `asked`: how many questions.
    """

    about: ClassVar[str] = "matching_query"
    query: str
    side: Literal["out", "in"]
    partner: str
    register: str
    key_id: str
    purpose: str
    case: str
    asked: int


class Asked(QueryEvent, frozen=True, kw_only=True):
    """A batch of ours waits to go."""

    kind: ClassVar[str] = "matching.asked"
    letter: str


class Answered(QueryEvent, frozen=True, kw_only=True):
    """It was answered: by us, or to us (then `hits` says how many hit, and never which)."""

    kind: ClassVar[str] = "matching.answered"
    answered: int
    hits: int | None
    letter: str


class QueryRefused(QueryEvent, frozen=True, kw_only=True):
    """It was not answered: by us, or by the partner. `code`: why; `opens_at`: from when the same would be let
    through, RFC 3339."""

    kind: ClassVar[str] = "matching.refused"
    code: str
    opens_at: str | None
    letter: str


class AnswerRejected(QueryEvent, frozen=True, kw_only=True):
    """An answer came that does not hold; nothing of it is used. `code`: why."""

    kind: ClassVar[str] = "matching.answer_rejected"
    answered: int
    code: str
    letter: str


class HitsOpened(QueryEvent, frozen=True, kw_only=True):
    """Somebody looked which firearms hit, for the entry's purpose. `desk_case`: the case that they read
    for."""

    kind: ClassVar[str] = "matching.opened"
    hits: int
    desk_case: str


class QueryForgotten(QueryEvent, frozen=True, kw_only=True):
    """What was kept to open its hits is erased unopened. `answered`: whether an answer had come."""

    kind: ClassVar[str] = "matching.forgotten"
    answered: bool
