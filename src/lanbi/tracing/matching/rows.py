"""Offers, batches and the log as people and machines see them: rows of the API."""

import msgspec

from lanbi.core.ports import Reader
from lanbi.core.time import Instant, rfc3339, rfc3339_or_none
from lanbi.locales import hint, say
from lanbi.tracing.matching import sql
from lanbi.tracing.matching.model import Firearm, NotAskable, Offer, Query
from lanbi.tracing.matching.service import FetchState, MatchingWorks, Offers, Opened, Progress, Sorting
from lanbi.tracing.model import ref_of

SET_HREF = "/api/v1/tracing/matching/sets/"


class RefRow(msgspec.Struct, frozen=True):
    """A thing by its id and the reference that people read."""

    id: str
    ref: str


class OfRegisterRow(msgspec.Struct, frozen=True):
    """A register by its id at its owner. `kind`: a code of the vocabulary `register_kinds`."""

    id: str
    name: str
    kind: str


class QuotaRow(msgspec.Struct, frozen=True):
    """Questions in any 24 hours, and for one case in any 30 days. `left_today`: by this site's own log."""

    day: int
    case: int
    left_today: int


class FetchRow(msgspec.Struct, frozen=True, kw_only=True):
    """How the fetching of a set goes, as far as this process knows."""

    bytes: int
    of: int
    failures: int
    failing_since: str | None
    next_at: str | None
    reason: str | None
    detail: str | None


class SetRow(msgspec.Struct, frozen=True):
    """The file of a set, to be carried by hand."""

    digest: str
    bytes: int
    href: str


class OfferRow(msgspec.Struct, frozen=True, kw_only=True):
    """A register that one side lets the other ask about.

    `side`: ours or theirs. `entries`: distinct makes with serials; `left_out`: rows of ours that cannot be
    matched. `detail`, `hint`: why it failed, or why its set was not taken. `progress`: while the set is made.
    """

    id: str
    version: int
    side: str
    partner: str
    register: OfRegisterRow
    synthetic: bool
    state: str
    code: str | None
    detail: str | None
    hint: str | None
    turn: int
    key_id: str
    entries: int | None
    left_out: int | None
    quota: QuotaRow
    progress: Progress | None
    fetch: FetchRow | None
    set: SetRow | None
    made_at: str
    settled_at: str | None
    by: str


class NotAskedRow(msgspec.Struct, frozen=True):
    """A firearm that cannot be asked about, and why, as a sentence."""

    id: str
    ref: str
    code: NotAskable
    detail: str


class AskableRow(msgspec.Struct, frozen=True, kw_only=True):
    """Which firearms can be asked about. `questions`: as they count for the quota."""

    questions: int
    asked: list[RefRow]
    not_asked: list[NotAskedRow]
    left_today: int | None


class QueryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of ours. `hits`: how many of `asked`; which they are is told by opening them, and by nothing
    else.

    `entries`: of the register as it was asked. `firearms`: all that were asked about, where one batch is
    asked for.
    """

    id: str
    version: int
    partner: str
    register: OfRegisterRow | None
    synthetic: bool
    entries: int | None
    key_id: str
    purpose: str
    case: str
    state: str
    code: str | None
    detail: str | None
    hint: str | None
    asked: int
    answered: int | None
    hits: int | None
    openable: bool
    open_until: str | None
    opened_at: str | None
    opened_by: str | None
    asked_at: str
    settled_at: str | None
    by: str
    letter: str
    firearms: list[RefRow] | None = None


class AskedRow(msgspec.Struct, frozen=True):
    """A batch that waits to go, and what could not be asked."""

    query: QueryRow
    not_asked: list[NotAskedRow]


class HitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A firearm that stands in the partner's register: a lead, and no more."""

    id: str
    ref: str
    make: str | None
    model: str | None
    calibre: str | None
    type: str | None
    serial: str | None
    trace_state: str
    recovery: RefRow | None


class OpenedRow(msgspec.Struct, frozen=True):
    """A batch with the firearms that hit."""

    query: QueryRow
    hits: list[HitRow]


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log. `query`: the id that both sides' logs show; `side`: asked (we did) or was_asked."""

    id: str
    version: int
    query: str
    side: str
    partner: str
    register: OfRegisterRow | None
    key_id: str
    purpose: str
    case: str
    asked: int
    answered: int | None
    state: str
    code: str | None
    detail: str | None
    hits: int | None
    asked_at: str
    settled_at: str | None
    by: str
    opened_at: str | None
    opened_by: str | None


class TotalsRow(msgspec.Struct, frozen=True):
    """Of the whole log as it was asked for, all its pages."""

    batches: int
    asked: int
    answered: int


class OfferPage(msgspec.Struct, frozen=True):
    """One page of offers, newest first."""

    items: list[OfferRow]
    next: str | None


class QueryPage(msgspec.Struct, frozen=True):
    """One page of batches of ours, newest first."""

    items: list[QueryRow]
    next: str | None


class LogPage(msgspec.Struct, frozen=True):
    """One page of the log, newest first."""

    items: list[LineRow]
    next: str | None
    totals: TotalsRow


class Rows:
    """Rows of one reading, in one language."""

    def __init__(
        self, reader: Reader, offers: Offers, works: MatchingWorks, *, lang: str, now: Instant
    ) -> None:
        self._reader = reader
        self._offers = offers
        self._works = works
        self._lang = lang
        self._now = now
        self._known: dict[str, Offer | None] = {}

    def offer(self, offer: Offer) -> OfferRow:
        """`progress` and `fetch` are those of this process."""
        fetch = self._works.fetching(offer.id) if offer.state == "announced" else None
        served = offer.side == "ours" and offer.state == "offered"
        return OfferRow(
            id=offer.id,
            version=offer.seq,
            side=offer.side,
            partner=offer.partner,
            register=_register(offer),
            synthetic=offer.synthetic,
            state=offer.state,
            code=offer.code,
            detail=self._say(offer.code, offer.args),
            hint=self._hint(offer.code, offer.args),
            turn=offer.turn,
            key_id=offer.key_id,
            entries=offer.entries,
            left_out=offer.left_out,
            quota=QuotaRow(
                offer.quota.day_queries,
                offer.quota.case_queries,
                self._offers.left_today(self._reader, offer, self._now),
            ),
            progress=self._works.progress(offer.id) if offer.state == "building" else None,
            fetch=None if fetch is None else self._fetch(offer, fetch),
            set=SetRow(offer.digest, offer.set_bytes, SET_HREF + offer.digest) if served else None,
            made_at=rfc3339(offer.made_at),
            settled_at=rfc3339_or_none(offer.settled_at),
            by=offer.by,
        )

    def _fetch(self, offer: Offer, state: FetchState) -> FetchRow:
        return FetchRow(
            bytes=state.bytes,
            of=offer.set_bytes,
            failures=state.failures,
            failing_since=rfc3339_or_none(state.failing_since),
            next_at=rfc3339_or_none(state.next_at),
            reason=state.reason,
            detail=self._say(state.reason, state.args),
        )

    def not_asked(self, sorting: Sorting) -> list[NotAskedRow]:
        return [
            NotAskedRow(firearm.id, _ref(firearm), why, say(self._lang, f"matching-not-askable-{why}"))
            for firearm, why in sorting.left_out
        ]

    def askable(self, sorting: Sorting, offer: Offer | None) -> AskableRow:
        """`offer`: whose quota is looked at; None for nobody's."""
        return AskableRow(
            questions=len(sorting.questions),
            asked=[RefRow(firearm.id, _ref(firearm)) for firearm in sorting.asked],
            not_asked=self.not_asked(sorting),
            left_today=None if offer is None else self._offers.left_today(self._reader, offer, self._now),
        )

    def query(self, query: Query, firearms: list[Firearm] | None = None) -> QueryRow:
        offer = self._offer_of(query)
        return QueryRow(
            id=query.id,
            version=query.seq,
            partner=query.partner,
            register=None if offer is None else _register(offer),
            synthetic=offer is not None and offer.synthetic,
            entries=None if offer is None else offer.entries,
            key_id=query.key_id,
            purpose=query.purpose,
            case=query.case,
            state=query.state,
            code=query.code,
            detail=self._say(query.code, query.args),
            hint=self._hint(query.code, query.args),
            asked=query.asked,
            answered=query.answered,
            hits=query.hits,
            openable=query.openable,
            open_until=rfc3339_or_none(query.open_until),
            opened_at=rfc3339_or_none(query.opened_at),
            opened_by=query.opened_by,
            asked_at=rfc3339(query.asked_at),
            settled_at=rfc3339_or_none(query.settled_at),
            by=query.by,
            letter=query.letter,
            firearms=None if firearms is None else [RefRow(one.id, _ref(one)) for one in firearms],
        )

    def opened(self, opened: Opened) -> OpenedRow:
        return OpenedRow(self.query(opened.query), [_hit(firearm) for firearm in opened.firearms])

    def line(self, query: Query) -> LineRow:
        offer = self._offer_of(query)
        return LineRow(
            id=query.id,
            version=query.seq,
            query=query.their_id,
            side="asked" if query.direction == "out" else "was_asked",
            partner=query.partner,
            register=None if offer is None else _register(offer),
            key_id=query.key_id,
            purpose=query.purpose,
            case=query.case,
            asked=query.asked,
            answered=query.answered,
            state=query.state,
            code=query.code,
            detail=self._say(query.code, query.args),
            hits=query.hits,
            asked_at=rfc3339(query.asked_at),
            settled_at=rfc3339_or_none(query.settled_at),
            by=query.by,
            opened_at=rfc3339_or_none(query.opened_at),
            opened_by=query.opened_by,
        )

    def _offer_of(self, query: Query) -> Offer | None:
        if query.offer_id is None:
            return None
        if query.offer_id not in self._known:
            self._known[query.offer_id] = sql.find_offer(self._reader, sql.OFFER, id=query.offer_id)
        return self._known[query.offer_id]

    def _say(self, code: str | None, args: dict[str, str | int]) -> str | None:
        return None if code is None else say(self._lang, code, **args)

    def _hint(self, code: str | None, args: dict[str, str | int]) -> str | None:
        return None if code is None else hint(self._lang, code, **args) or None


def _register(offer: Offer) -> OfRegisterRow:
    return OfRegisterRow(offer.register_id, offer.name, offer.kind)


def _ref(firearm: Firearm) -> str:
    return ref_of("firearm", firearm.number)


def _hit(firearm: Firearm) -> HitRow:
    found = firearm.recovery_id
    return HitRow(
        id=firearm.id,
        ref=_ref(firearm),
        make=firearm.make,
        model=firearm.model,
        calibre=firearm.calibre,
        type=firearm.type,
        serial=firearm.serial,
        trace_state=firearm.trace_state,
        recovery=None if found is None else RefRow(found, ref_of("recovery", firearm.recovery_number or 0)),
    )
