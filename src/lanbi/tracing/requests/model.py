"""Trace requests decide what may happen to them. Pure: time, terms and identity are handed in.

`side` "out": we asked; "in": we were asked. A request goes by letter where the other side is a partner; by
`etrace`, `iarms` or `paper` people write down by hand what the other side said.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.time import Instant
from lanbi.tracing.model import TraceState
from lanbi.tracing.requests.terms import Term
from lanbi.tracing.schema import prop_of

ASKS_MAX = 30
LEAVE_OUT_MAX = 200
WORDS_CHARS_MAX = 4_000

Side = Literal["out", "in"]
Channel = Literal["lanbi", "etrace", "iarms", "paper"]
Verb = Literal[
    "edit", "approve", "send", "acknowledge", "progress", "need_more", "refuse", "answer", "wait", "ask_again"
]
Purchaser = Literal["none", "exists", "sealed"]
"""What an answer said of who bought: nothing; that there is somebody, by a pseudonym; who it is."""
DueKind = Literal["ack_due", "answer_due", "review_due", "approval_due"]
CLOSED: frozenset[str] = frozenset({"answered", "refused", "lapsed"})

# What is possible in which state for whoever has the next word: the asker while it writes, the asked after.
_ASKER: Mapping[str, tuple[Verb, ...]] = {
    "draft": ("edit", "approve", "send"),
    "sent": ("wait",),
    "acknowledged": ("wait",),
    "in_progress": ("wait",),
    "more_needed": ("edit", "approve", "send"),
    "answered": ("ask_again",),
    "refused": ("ask_again",),
    "lapsed": ("ask_again",),
}
_ASKED: Mapping[str, tuple[Verb, ...]] = {
    "sent": ("acknowledge", "refuse"),
    "acknowledged": ("progress", "need_more", "refuse", "answer"),
    "in_progress": ("answer", "need_more", "refuse"),
    "more_needed": ("answer", "refuse", "progress"),
    "answered": ("answer",),
    "refused": (),
    "lapsed": (),
}
_STATE_AFTER: Mapping[str, TraceState] = {
    "acknowledge": "acknowledged", "progress": "in_progress", "need_more": "more_needed", "refuse": "refused",
    "answer": "answered",
}  # fmt: skip


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that waits for a second person, since it names who bought. `digest`: of what would travel."""

    outcome: str
    reason: str | None
    leave_out: tuple[str, ...]
    words_sealed: str | None
    by: str
    at: Instant
    digest: str


class TraceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for the history of one firearm.

    `partner`: the other side's code. `their_id`, `their_ref`: how the asker calls it; our own of one that we
    asked. `round`: how often it was sent: again after more was needed. `step`: the number of the last word
    of the asked side. `asks`: properties that the asked side needs ("firearm.serial"). `trouble`: why its
    last letter was refused. `clocks`: when each thing happened, by code.
    """

    id: str
    number: int
    side: Side
    partner: str
    firearm_id: str
    their_id: str
    their_ref: str
    channel: Channel
    priority: str
    purpose: str
    legal_basis: str
    case: str
    state: TraceState
    drafted_by: str
    clocks: dict[str, Instant]
    round: int = 1
    step: int = 0
    changed_by: str | None = None
    approved_by: str | None = None
    approved_digest: str | None = None
    leave_out: tuple[str, ...] = ()
    words_sealed: str | None = None
    asks: tuple[str, ...] = ()
    outcome: str | None = None
    reason: str | None = None
    purchaser: Purchaser = "none"
    prepared: Prepared | None = None
    trouble: str | None = None
    synthetic: bool = False
    ack_due_at: Instant | None = None
    answer_due_at: Instant | None = None
    lapse_at: Instant | None = None
    seq: int = 0

    @property
    def ref(self) -> str:
        """The reference that people read: Q-12."""
        return f"Q-{self.number}"

    @property
    def open(self) -> bool:
        return self.state not in CLOSED

    @property
    def by_hand(self) -> bool:
        """Whether people write down what the other side said."""
        return self.side == "out" and self.channel != "lanbi"

    @property
    def steps(self) -> tuple[Verb, ...]:
        """What is possible now, the likeliest first."""
        if self.prepared is not None:
            return ("approve", *(verb for verb in _ASKED[self.state] if verb != "wait"))
        if self.side == "in":
            return _ASKED[self.state]
        if self.by_hand and self.state not in ("draft", "more_needed", *CLOSED):
            return _ASKED[self.state]
        found = _ASKER[self.state]
        if "approve" in found:
            return ("approve", "edit") if self.approved_by is None else ("send", "edit")
        return found

    def must_hold(self, held: int | None) -> None:
        """Raises `Conflict` when the sender saw an older version than this."""
        if held is not None and held < self.seq:
            raise Conflict("trace-changed", ref=self.ref, version=self.seq)

    def must_allow(self, verb: Verb) -> None:
        """Raises `Refused("trace-step")`, which names the next step that is possible."""
        if verb not in self.steps:
            raise Refused("trace-step", ref=self.ref, state=self.state, next=(*self.steps, "none")[0])

    # -- the asker's own steps ------------------------------------------------------------------

    def edit(self, by: str, **changes: object) -> "TraceRequest":
        """Another purpose, other words; whoever changes it cannot also approve it."""
        self.must_allow("edit")
        return replace(self, **changes, changed_by=by, approved_by=None, approved_digest=None)

    def approve(self, by: str, digest: str, at: Instant) -> "TraceRequest":
        """A second person says that it may leave as it stands now."""
        self.must_allow("approve")
        if by in (self.drafted_by, self.changed_by):
            raise Refused("trace-second-person", ref=self.ref)
        return replace(self, approved_by=by, approved_digest=digest, clocks={**self.clocks, "approved": at})

    def send(self, digest: str, at: Instant, term: Term) -> "TraceRequest":
        """It leaves, exactly as it was approved."""
        self.must_allow("send")
        if digest != self.approved_digest:
            raise Refused("trace-not-as-approved", ref=self.ref)
        ack, answer, lapse = term.dues(at)
        again = self.state == "more_needed"
        clocks = {**self.clocks, "sent_again" if again else "sent": at}
        return replace(
            self,
            state="sent",
            round=self.round + again,
            clocks=clocks,
            approved_by=None,
            approved_digest=None,
            asks=(),
            trouble=None,
            ack_due_at=ack,
            answer_due_at=answer,
            lapse_at=lapse,
        )

    def lapse(self, at: Instant) -> "TraceRequest":
        """Its time is over."""
        if not self.open:
            self.must_allow("wait")
        return self._ended(replace(self, state="lapsed", clocks={**self.clocks, "lapsed": at}))

    # -- the asked side's word, here or heard from there ------------------------------------------

    def say(self, verb: Verb, at: Instant, **more: object) -> "TraceRequest":
        """The asked side's next word, by its own people, or written down by hand."""
        self.must_allow(verb)
        return self._moved(_STATE_AFTER[verb], at, step=self.step + 1, prepared=None, **more)

    def hear(self, state: TraceState, step: int, at: Instant, **more: object) -> "TraceRequest":
        """The other side's word, in whatever order its letters came: its clock is filled in, and what it said
        last decides. An answer counts whenever it comes, also after we stopped waiting."""
        if self.side != "out" or self.channel != "lanbi" or "sent" not in self.clocks:
            raise Refused("trace-not-asked", ref=self.their_ref)
        late = step <= self.step
        over = self.state in ("answered", "lapsed") and state != "answered"
        if late or over:
            clocks = self.clocks if state in self.clocks else {**self.clocks, state: at}
            return replace(self, clocks=clocks)
        return self._moved(state, at, step=step, **more)

    def arrive_again(self, round_: int, at: Instant, **more: object) -> "TraceRequest":
        """The asker sent it once more, with what was needed."""
        state = "sent" if self.open else self.state
        return replace(
            self, state=state, round=round_, asks=(), clocks={**self.clocks, "sent_again": at}, **more
        )

    def delivered(self, what: str, at: Instant, refused: str | None) -> "TraceRequest":
        """The other side signed for the letter that told `what`, or refused it for that reason."""
        if refused is not None:
            return replace(self, trouble=refused)
        clocks = {**self.clocks, "delivered": at} if what == "sent" else self.clocks
        return replace(self, trouble=None, clocks=clocks)

    def _moved(self, state: TraceState, at: Instant, **more: object) -> "TraceRequest":
        moved = replace(self, state=state, clocks={**self.clocks, state: at}, **more)
        if state in CLOSED:
            return self._ended(moved)
        if state == "more_needed":
            # The asker has the next word now.
            return replace(moved, ack_due_at=None, answer_due_at=None)
        return replace(moved, ack_due_at=None, asks=())

    def _ended(self, moved: "TraceRequest") -> "TraceRequest":
        return replace(
            moved, ack_due_at=None, answer_due_at=None, lapse_at=None, approved_by=None, approved_digest=None,
            prepared=None, asks=(),
        )  # fmt: skip

    # -- an answer that names somebody -------------------------------------------------------------

    def prepare(self, prepared: Prepared) -> "TraceRequest":
        """An answer that a second person must let go."""
        self.must_allow("answer")
        return replace(self, prepared=prepared)

    def release(self, by: str, digest: str) -> Prepared:
        """What the second person lets go, if it is what was prepared."""
        if self.prepared is None:
            self.must_allow("approve")
        assert self.prepared is not None  # noqa: S101 - the line above raised
        if by == self.prepared.by:
            raise Refused("trace-second-person", ref=self.ref)
        if digest != self.prepared.digest:
            raise Refused("trace-not-as-approved", ref=self.ref)
        return self.prepared


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """Something that should have been done. `owed_by`: us, or the other side. `count`: of statements whose
    review is due; 1 otherwise."""

    request_id: str
    ref: str
    side: Side
    partner: str
    kind: DueKind
    owed_by: Literal["us", "them"]
    due_at: Instant
    count: int = 1


def dues_of(request: TraceRequest, now: Instant) -> list[Due]:
    """What is overdue of a request by its clocks."""
    found: list[Due] = []
    owed_by = "us" if request.side == "in" else "them"
    if request.ack_due_at is not None and request.ack_due_at <= now:
        found.append(_due(request, "ack_due", owed_by, request.ack_due_at))
    if request.answer_due_at is not None and request.answer_due_at <= now:
        found.append(_due(request, "answer_due", owed_by, request.answer_due_at))
    if request.prepared is not None:
        found.append(_due(request, "approval_due", "us", request.prepared.at))
    return found


def _due(request: TraceRequest, kind: DueKind, owed_by: Literal["us", "them"], due_at: Instant) -> Due:
    return Due(
        request_id=request.id,
        ref=request.ref,
        side=request.side,
        partner=request.partner,
        kind=kind,
        owed_by=owed_by,
        due_at=due_at,
    )


_WORTH = {"purchaser": 0, "foreign": 1, "undetermined": 2}


def trace_of(requests: Iterable[TraceRequest]) -> tuple[TraceState, str | None]:
    """What the board says of a firearm, from all that we asked about it: the best answer where there is one,
    else the newest request."""
    ours = sorted((one for one in requests if one.side == "out"), key=lambda one: one.number)
    answered = [one for one in ours if one.state == "answered"]
    if answered:
        best = min(answered, key=lambda one: (_WORTH.get(one.outcome or "", 3), -one.number))
        return "answered", best.outcome
    asked = [one for one in ours if one.state != "lapsed" or "sent" in one.clocks]
    return (asked[-1].state, None) if asked else ("none", None)


def check_asks(asks: Sequence[str]) -> tuple[str, ...]:
    """Properties as "firearm.serial", each once; `Malformed("trace-asks")`, or the schema's refusals."""
    found = tuple(dict.fromkeys(asks))
    if len(found) > ASKS_MAX:
        raise Malformed("trace-asks", limit=ASKS_MAX)
    for ask in found:
        kind, _, prop = ask.partition(".")
        prop_of(kind, prop)
    return found
