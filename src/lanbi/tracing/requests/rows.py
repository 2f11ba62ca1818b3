"""Trace requests as people and machines see them: rows of the API."""

from typing import Any

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import Instant, rfc3339, rfc3339_or_none
from lanbi.tracing import sql as root_sql
from lanbi.tracing.requests import sql
from lanbi.tracing.requests.model import Due, TraceRequest, dues_of
from lanbi.tracing.requests.office import Preview
from lanbi.tracing.requests.terms import Term
from lanbi.tracing.rows import SourceRow, StatementRow, source_row, statement_row


class FirearmMark(msgspec.Struct, frozen=True):
    """The firearm that a request is about."""

    id: str
    ref: str


class TraceRequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """A trace request. `side`: out, we asked `partner`; in, it asked us. Times are RFC 3339, UTC.

    `theirs`: how the asker calls it. `next`: the steps that are possible now, the likeliest first: edit,
    approve, send, acknowledge, progress, need_more, refuse, answer, wait, ask_again. `clocks`: when each
    thing happened: drafted, approved, sent, arrived, delivered, acknowledged, in_progress, more_needed,
    sent_again, answered, refused, lapsed. `overdue`: ack_due, answer_due, approval_due. `asks`: properties
    that the other side needs. `prepared_by`: who wrote the answer that waits for a second person. `trouble`:
    why the other side refused the last letter, a code.
    """

    id: str
    version: int
    number: int
    ref: str
    side: str
    partner: str
    theirs: str
    firearm: FirearmMark
    channel: str
    priority: str
    purpose: str
    legal_basis: str
    case: str
    state: str
    next: tuple[str, ...]
    round: int
    clocks: dict[str, str]
    ack_due_at: str | None
    answer_due_at: str | None
    lapse_at: str | None
    overdue: list[str]
    drafted_by: str
    changed_by: str | None
    approved_by: str | None
    leave_out: tuple[str, ...]
    asks: tuple[str, ...]
    outcome: str | None
    reason: str | None
    purchaser: str
    prepared_by: str | None
    trouble: str | None
    synthetic: bool


class TraceRequestPage(msgspec.Struct, frozen=True):
    """One page of requests, newest first."""

    items: list[TraceRequestRow]
    next: str | None


class LetterReceiptRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side signed about a letter; the whole of it: GET /partners/messages/{letter}."""

    id: str | None
    key_id: str | None
    at: str | None
    outcome: str | None
    reason: str | None


class TraceStepRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the story. `heard`: the other side said it. `by`: an account, or `site:` and a code.
    `letter`: the letter that told it. `facts`: statements (how many), outcome, reason, asks, unread,
    purchaser, round, untold."""

    n: int
    what: str
    heard: bool
    at: str
    by: str
    words: str | None
    letter: str | None
    receipt: LetterReceiptRow | None
    facts: dict[str, Any]


class TraceStoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request with its whole story, oldest first. `words`: what the asker wrote."""

    id: str
    version: int
    request: TraceRequestRow
    words: str
    steps: list[TraceStepRow]


class TracePreviewItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that might travel. `kept`: why it stays, a code of `kept_reasons`; null: it goes."""

    entity: str
    kind: str
    statement: StatementRow
    kept: str | None


class TraceNeededRow(msgspec.Struct, frozen=True):
    """A property that a trace needs: goes, stays (by its rules) or is missing (nobody stated it)."""

    prop: str
    state: str


class TracePreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """What would leave now. `digest`: what an approval binds; `purchaser`: whether it tells that somebody
    bought."""

    request: TraceRequestRow
    items: list[TracePreviewItemRow]
    sources: list[SourceRow]
    needed: list[TraceNeededRow]
    going: int
    kept: int
    purchaser: bool
    digest: str


class TraceDueRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something overdue. `kind`: ack_due, answer_due, review_due, approval_due; `owed_by`: us or them."""

    request_id: str
    ref: str
    side: str
    partner: str
    kind: str
    owed_by: str
    due_at: str
    count: int


class TraceTermRow(msgspec.Struct, frozen=True, kw_only=True):
    """Days of a priority. `partner`: empty for all; `checked`: whether `source` was read."""

    partner: str
    priority: str
    ack: int
    answer: int
    lapse: int
    source: str
    checked: bool


def request_row(reader: Reader, request: TraceRequest, now: Instant) -> TraceRequestRow:
    firearm = root_sql.find(reader, request.firearm_id)
    return TraceRequestRow(
        id=request.id,
        version=request.seq,
        number=request.number,
        ref=request.ref,
        side=request.side,
        partner=request.partner,
        theirs=request.their_ref,
        firearm=FirearmMark(request.firearm_id, "" if firearm is None else firearm.ref),
        channel=request.channel,
        priority=request.priority,
        purpose=request.purpose,
        legal_basis=request.legal_basis,
        case=request.case,
        state=request.state,
        next=request.steps,
        round=request.round,
        clocks={name: rfc3339(at) for name, at in request.clocks.items()},
        ack_due_at=rfc3339_or_none(request.ack_due_at),
        answer_due_at=rfc3339_or_none(request.answer_due_at),
        lapse_at=rfc3339_or_none(request.lapse_at),
        overdue=[due.kind for due in dues_of(request, now)],
        drafted_by=request.drafted_by,
        changed_by=request.changed_by,
        approved_by=request.approved_by,
        leave_out=request.leave_out,
        asks=request.asks,
        outcome=request.outcome,
        reason=request.reason,
        purchaser=request.purchaser,
        prepared_by=None if request.prepared is None else request.prepared.by,
        trouble=request.trouble,
        synthetic=request.synthetic,
    )


def step_row(step: sql.StepTaken) -> TraceStepRow:
    receipt = None
    if step.receipt_id is not None:
        receipt = LetterReceiptRow(
            id=step.receipt_id,
            key_id=step.receipt_key,
            at=rfc3339_or_none(step.receipt_at),
            outcome=step.receipt_outcome,
            reason=step.receipt_reason,
        )
    return TraceStepRow(
        n=step.n,
        what=step.what,
        heard=step.heard,
        at=rfc3339(step.at),
        by=step.by,
        words=step.words,
        letter=step.letter_id,
        receipt=receipt,
        facts=step.facts,
    )


def story_row(
    reader: Reader, request: TraceRequest, steps: list[sql.StepTaken], now: Instant
) -> TraceStoryRow:
    return TraceStoryRow(
        id=request.id,
        version=request.seq,
        request=request_row(reader, request, now),
        words=sql.words_of(reader, request.words_sealed),
        steps=[step_row(step) for step in steps],
    )


def preview_row(reader: Reader, look: Preview, now: Instant) -> TracePreviewRow:
    items = look.selection.items
    sources = {item.statement.source_id for item in items}
    going = len(look.selection.going)
    return TracePreviewRow(
        request=request_row(reader, look.request, now),
        items=[
            TracePreviewItemRow(
                entity=item.entity.ref,
                kind=item.entity.kind,
                statement=statement_row(item.statement),
                kept=item.stays,
            )
            for item in items
        ],
        sources=[source_row(root_sql.source(reader, source_id)) for source_id in sorted(sources)],
        needed=[TraceNeededRow(one.prop, one.state) for one in look.needed],
        going=going,
        kept=len(items) - going,
        purchaser=look.selection.buyers,
        digest=look.digest,
    )


def due_row(due: Due) -> TraceDueRow:
    return TraceDueRow(
        request_id=due.request_id,
        ref=due.ref,
        side=due.side,
        partner=due.partner,
        kind=due.kind,
        owed_by=due.owed_by,
        due_at=rfc3339(due.due_at),
        count=due.count,
    )


def term_row(partner: str, priority: str, term: Term) -> TraceTermRow:
    return TraceTermRow(
        partner=partner,
        priority=priority,
        ack=term.ack,
        answer=term.answer,
        lapse=term.lapse,
        source=term.source,
        checked=term.checked,
    )
