"""Private matching at work: offers of registers, batches of questions, answers; one use case, one function,
one transaction. What takes long, making a set and fetching one, is done by `MatchingWorks` on a thread of
its own."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from secrets import token_bytes
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import Busy, LanbiError, Malformed, NotFound, Refused, TooLarge
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Store, Tx
from lanbi.core.time import DAY, SECOND, Clock, Instant, rfc3339
from lanbi.partners.events import Arrived, Handler, LetterSettled
from lanbi.record.checkpoint import SiteKey
from lanbi.tracing import sql as root_sql
from lanbi.tracing.matching import sql, tokens, voprf
from lanbi.tracing.matching.events import (
    Answered,
    AnswerRejected,
    Asked,
    HitsOpened,
    OfferApproved,
    OfferArrived,
    Offered,
    OfferFailed,
    OfferWithdrawn,
    QueryForgotten,
    QueryRefused,
    SetRejected,
    SetTakenIn,
)
from lanbi.tracing.matching.model import (
    ANSWER,
    FIREARMS_AT_ONCE_MAX,
    NONCE_BYTES,
    OFFER,
    OFFERS_OF_ONE_MAX,
    PENDING_FOR,
    QUERY,
    REFUSALS,
    REFUSED,
    WITHDRAWN,
    AnswerLetter,
    Direction,
    Firearm,
    Held,
    NotAskable,
    Offer,
    OfferLetter,
    PartnerFacts,
    Query,
    QueryLetter,
    Quotas,
    RefusedLetter,
    RegisterFacts,
    Side,
    WithdrawnLetter,
    backoff_s,
    batch_of,
    check_quotas,
    close,
    disclose,
    key_of,
    read,
    simple_args,
    why_not_askable,
    why_not_offered,
)
from lanbi.tracing.matching.tokens import (
    CASE_WINDOW,
    QUERIES_PER_CASE_MAX,
    QUERIES_PER_DAY_MAX,
    Answer,
    Batch,
    Quota,
    TokenSet,
    register_key,
)
from lanbi.tracing.service import Tracing

PENDING_KEY = "lanbi-match-pending/1"
ENTRIES_AT_ONCE = 5_000
PIECES_AT_ONCE = 4
"""Written in one piece of the writer's time: some milliseconds."""
OVERDUE_AT_ONCE_MAX = 50
OFFERS_AT_ONCE_MAX = 200
PARTIALS_MAX = 3
IDLE_S = 10.0
STOP_TIMEOUT_S = 15.0

log = logging.getLogger("lanbi.tracing")


class Send(Protocol):
    """How a letter is written, in the caller's transaction; see `Surroundings`."""

    def __call__(
        self, tx: Tx, to: str, kind: str, body: Any, in_reply_to: str | None = None, *, hold: bool = False
    ) -> str:
        """The letter's id. `hold`: it may wait while the partner is switched off. Raises `LanbiError`."""
        ...


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What private matching asks of the rest of the house; bootstrap hands it in.

    `register_of`: a register of this site that stands. `entries_of(reader, register, after, limit)`: (number,
    marks, make) of its entries with numbers above `after`, in order. `may_send`: whether `send` would write a
    letter of that kind now.
    """

    partner_of: Callable[[Reader, str], PartnerFacts | None]
    register_of: Callable[[Reader, str], RegisterFacts | None]
    entries_of: Callable[[Reader, str, int, int], Sequence[tuple[int, str, str | None]]]
    send: Send
    may_send: Callable[[Reader, str, str], bool]


class Fetch(Protocol):
    """How the file of a set is got from another site."""

    def __call__(self, url: str, digest: str, start: int) -> Iterator[bytes]:
        """Its bytes from `start` on, as they come. Raises `FetchError`."""
        ...


class FetchError(Exception):
    """A set was not got. `code`: of a sentence in the catalogues; `args_by_name`: its blanks."""

    def __init__(self, code: str, /, **args: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.args_by_name = args


class Sorting(msgspec.Struct, frozen=True):
    """Firearms as they would be asked about. `questions`: what is matched, and the firearms that it is
    for."""

    questions: list[tuple[bytes, list[Firearm]]]
    left_out: list[tuple[Firearm, NotAskable]]

    @property
    def asked(self) -> list[Firearm]:
        return [firearm for _, firearms in self.questions for firearm in firearms]


def said_of(offer: Offer) -> dict[str, Any]:
    """The fields that every fact about an offer has."""
    return {
        "id": offer.id, "partner": offer.partner, "register": offer.register_id, "key_id": offer.key_id,
    }  # fmt: skip


def load_set(reader: Reader, offer: Offer) -> TokenSet:
    """A set that is in the store; raises as `TokenSet.load`, and `NotFound("matching-set-none")`."""
    found = TokenSet.load(sql.whole_set(reader, offer.digest))
    offer.check_set(found)
    return found


# ------------------------------------------------------------------------- offers


class Offers:
    """Registers that one side lets the other ask about."""

    def __init__(self, tracing: Tracing, site: SiteKey, around: Surroundings) -> None:
        self._tracing = tracing
        self._site = site
        self._around = around

    # -- ours --------------------------------------------------------------------------

    def offer(
        self,
        tx: Tx,
        register_id: str,
        partner: str,
        *,
        day_queries: int = QUERIES_PER_DAY_MAX,
        case_queries: int = QUERIES_PER_CASE_MAX,
    ) -> Offer:
        """Lets a partner ask about a register, under a new key; the set is made after this.

        Once it is made, an older offer of the two ends. Raises `NotFound`: register-none, partner-none;
        `Refused`: partner-disabled, partner-kind-closed, matching-release-kept (`why`),
        matching-offer-building, matching-offers-many; `Malformed("matching-quota-impossible")`.
        """
        self._tracing.gate.require(tx.actor, "tracing.approve")
        quota = check_quotas(day_queries, case_queries)
        register = self._around.register_of(tx, register_id)
        if register is None:
            raise NotFound("register-none")
        self._need_partner(tx, partner)
        self.must_release(tx, register, partner, None)
        before = sql.offers(tx, sql.OFFERS_OF, side="ours", partner=partner, register_id=register.id)
        if any(one.state == "building" for one in before):
            raise Refused("matching-offer-building", register=register.name)
        turn = max((one.turn for one in before), default=0) + 1
        key = register_key(self._site, register.id, partner, turn)
        offer_id = new_id(tx.now)
        offer = Offer(
            id=offer_id, side="ours", partner=partner, their_id=offer_id, register_id=register.id,
            name=register.name, kind=register.kind, synthetic=register.synthetic, turn=turn, state="building",
            key_id=key.key_id, public_key=key.public_key, quota=quota, made_at=tx.now, by=tx.actor.id,
        )  # fmt: skip
        tx.record(
            OfferApproved(
                **said_of(offer), turn=turn, day_queries=quota.day_queries, case_queries=quota.case_queries
            )
        )
        return sql.save_offer(tx, offer)

    def _need_partner(self, reader: Reader, code: str) -> None:
        partner = self._around.partner_of(reader, code)
        if partner is None:
            raise NotFound("partner-none", code=code[:40])
        if not partner.open:
            raise Refused("partner-disabled", code=code)
        if not self._around.may_send(reader, code, OFFER):
            raise Refused("partner-kind-closed", code=code, kind=OFFER)

    def must_release(self, tx: Tx, register: RegisterFacts, partner: str, purpose: str | None) -> None:
        """Raises `Refused("matching-release-kept")` where the register's rules keep it from this partner."""
        why = why_not_offered(
            register.handling, partner, purpose, rfc3339(tx.now)[:10], us=self._tracing.us(),
            stopped=register.handling.originator in root_sql.stopped(tx),
        )  # fmt: skip
        if why is not None:
            raise Refused("matching-release-kept", why=why)

    def key_of(self, offer: Offer) -> voprf.ServerKey:
        """The key of one of ours, as this site's key makes it now."""
        return register_key(self._site, offer.register_id, offer.partner, offer.turn)

    def finish(self, tx: Tx, offer_id: str, digest: str, entries: int, left_out: int) -> Offer:
        """Its set is made: the letter is written, and older offers of the same register end.

        Raises `Refused`: matching-register-gone, matching-release-kept, and as `Send`.
        """
        offer = sql.offer_by_id(tx, offer_id)
        if offer.state != "building":
            return offer
        register = self._around.register_of(tx, offer.register_id)
        if register is None:
            raise Refused("matching-register-gone", register=offer.name)
        self.must_release(tx, register, offer.partner, None)
        body = OfferLetter(
            offer=offer.id, register=offer.register_id, name=offer.name, kind=offer.kind,
            synthetic=offer.synthetic, turn=offer.turn, count=entries, key_id=offer.key_id,
            public_key=offer.public_key.hex(), digest=digest, made_at=offer.made_at,
            quotas=Quotas(day=offer.quota.day_queries, case=offer.quota.case_queries),
        )  # fmt: skip
        letter = self._around.send(tx, offer.partner, OFFER, body)
        tx.record(
            Offered(
                **said_of(offer),
                turn=offer.turn,
                digest=digest,
                entries=entries,
                left_out=left_out,
                letter=letter,
            )
        )
        done = offer.offered(tx.now, digest=digest, entries=entries, left_out=left_out, letter=letter)
        self._supersede(tx, done)
        return sql.save_offer(tx, done)

    def _supersede(self, tx: Tx, newest: Offer) -> None:
        """Ends what was offered before of the same register, with the entry recorded last."""
        for old in sql.offers(
            tx, sql.OFFERS_OF, side=newest.side, partner=newest.partner, register_id=newest.register_id
        ):
            if old.stands and old.state != "building" and old.newness < newest.newness:
                sql.save_offer(tx, old.ended("superseded", tx.now))

    def fail(self, tx: Tx, offer_id: str, error: LanbiError) -> None:
        """No set came of it."""
        offer = sql.offer_by_id(tx, offer_id)
        if offer.state != "building":
            return
        tx.record(OfferFailed(**said_of(offer), code=error.code))
        sql.save_offer(tx, replace(offer.ended("failed", tx.now, error.code), args=simple_args(error)))

    def withdraw(self, tx: Tx, offer_id: str, *, held: int | None = None) -> Offer:
        """Answers no more under it from now on; the partner is told when a letter may go.

        Raises `Refused("matching-offer-over")`, `Conflict("matching-changed")`.
        """
        self._tracing.gate.require(tx.actor, "tracing.approve")
        offer = sql.offer_by_id(tx, offer_id).must_be_ours()
        offer.must_hold(held)
        if not offer.stands:
            raise Refused("matching-offer-over", register=offer.name)
        if offer.letter is not None:
            # A retired partner is told nothing; its switch is off for good.
            with suppress(Refused):
                self._around.send(
                    tx, offer.partner, WITHDRAWN, WithdrawnLetter(offer=offer.id), offer.letter, hold=True
                )
        self._end(tx, offer, heard=False)
        return sql.offer_by_id(tx, offer.id)

    def _end(self, tx: Tx, offer: Offer, *, heard: bool) -> None:
        tx.record(OfferWithdrawn(**said_of(offer), heard=heard))
        sql.save_offer(tx, offer.ended("withdrawn", tx.now))

    def served(self, reader: Reader, digest: str) -> Offer:
        """The offer whose set may be handed out to whoever names its digest.

        Raises `NotFound("matching-set-none")`, also where the partner is switched off or the register gone.
        """
        offer = sql.find_offer(reader, sql.OFFER_DIGEST, side="ours", digest=digest)
        if offer is None or offer.state != "offered":
            raise NotFound("matching-set-none")
        partner = self._around.partner_of(reader, offer.partner)
        if partner is None or not partner.open or self._around.register_of(reader, offer.register_id) is None:
            raise NotFound("matching-set-none")
        return offer

    def entries_in(self, reader: Reader, offer: Offer) -> int:
        """How many rows the register of one of ours has; 0 where it is gone."""
        register = self._around.register_of(reader, offer.register_id)
        return 0 if register is None else register.entries

    def some_entries(self, reader: Reader, offer: Offer, after: int) -> Sequence[tuple[int, str, str | None]]:
        """(number, marks, make) of the next entries of its register."""
        return self._around.entries_of(reader, offer.register_id, after, ENTRIES_AT_ONCE)

    # -- theirs ------------------------------------------------------------------------

    def arrived(self, tx: Tx, arrived: Arrived) -> bool:
        """A partner's offer came; its set is to be fetched. An older one than what we know has ended already.

        Raises `Refused`: matching-offers-many, matching-offer-known.
        """
        letter = read(arrived.body, OfferLetter)
        partner = arrived.sender
        if sql.find_offer(tx, sql.OFFER_THEIR_ID, side="theirs", partner=partner, their_id=letter.offer):
            return True
        if sql.find_offer(tx, sql.OFFER_DIGEST, side="theirs", digest=letter.digest) is not None:
            raise Refused("matching-offer-known", digest=letter.digest[:16])
        offer = Offer(
            id=new_id(tx.now), side="theirs", partner=partner, their_id=letter.offer,
            register_id=letter.register, name=letter.name, kind=letter.kind, synthetic=letter.synthetic,
            turn=letter.turn, state="announced", key_id=letter.key_id,
            public_key=bytes.fromhex(letter.public_key), digest=letter.digest, entries=letter.count,
            made_at=letter.made_at, by=tx.actor.id, letter=arrived.id,
            quota=Quota(day_queries=letter.quotas.day, case_queries=letter.quotas.case),
        )  # fmt: skip
        others = sql.offers(tx, sql.OFFERS_OF, side="theirs", partner=partner, register_id=letter.register)
        late = any(one.newness > offer.newness for one in others)
        standing = int(tx.rows(sql.COUNT_STANDING, partner=partner)[0][0])
        if not late and standing - sum(one.stands for one in others) >= OFFERS_OF_ONE_MAX:
            raise Refused("matching-offers-many", limit=OFFERS_OF_ONE_MAX)
        tx.record(
            OfferArrived(
                **said_of(offer),
                of=letter.offer,
                turn=offer.turn,
                digest=offer.digest,
                entries=letter.count,
                day_queries=letter.quotas.day,
                case_queries=letter.quotas.case,
                letter=arrived.id,
            )
        )
        self._supersede(tx, offer)
        sql.save_offer(tx, offer.ended("superseded", tx.now) if late else offer)
        return True

    def heard_withdrawn(self, tx: Tx, arrived: Arrived) -> bool:
        """A partner answers no more under an offer. False where the offer itself is still on its way."""
        letter = read(arrived.body, WithdrawnLetter)
        offer = sql.find_offer(
            tx, sql.OFFER_THEIR_ID, side="theirs", partner=arrived.sender, their_id=letter.offer
        )
        if offer is None:
            return False
        if offer.stands:
            self._end(tx, offer, heard=True)
        return True

    def to_fetch(self, reader: Reader) -> list[tuple[Offer, str]]:
        """(offer, address of its site) of those whose set may be fetched now, oldest first."""
        found: list[tuple[Offer, str]] = []
        for offer in sql.offers(reader, sql.OFFERS_IN, state="announced", limit=OFFERS_AT_ONCE_MAX):
            partner = self._around.partner_of(reader, offer.partner)
            if partner is not None and partner.open and partner.url is not None:
                found.append((offer, partner.url))
        return found

    def building(self, reader: Reader) -> list[Offer]:
        """Those of ours whose set is still to be made, oldest first."""
        return sql.offers(reader, sql.OFFERS_IN, state="building", limit=OFFERS_AT_ONCE_MAX)

    def announced(self, reader: Reader, digest: str) -> Offer:
        """The offer that a set belongs to; `Refused("matching-set-unasked")` where no letter names it."""
        offer = sql.find_offer(reader, sql.OFFER_DIGEST, side="theirs", digest=digest)
        if offer is None or not offer.stands:
            raise Refused("matching-set-unasked", digest=digest[:16])
        return offer

    def taken_in(self, tx: Tx, offer_id: str, *, by_file: bool) -> Offer:
        """Its set is in the store, and is the one that was signed."""
        offer = sql.offer_by_id(tx, offer_id)
        if offer.state != "announced":
            return offer
        tx.record(
            SetTakenIn(**said_of(offer), digest=offer.digest, entries=offer.entries or 0, by_file=by_file)
        )
        return sql.save_offer(
            tx, replace(offer, state="ready", settled_at=tx.now, held=True, code=None, args={})
        )

    def rejected(self, tx: Tx, offer_id: str, error: LanbiError) -> None:
        """What came is not the set that was signed; said once for each reason."""
        offer = sql.offer_by_id(tx, offer_id)
        if offer.state != "announced" or offer.code == error.code:
            return
        tx.record(SetRejected(**said_of(offer), digest=offer.digest, code=error.code))
        sql.save_offer(tx, replace(offer, code=error.code, args=simple_args(error)))

    # -- both --------------------------------------------------------------------------

    def letter_refused(self, tx: Tx, fact: LetterSettled) -> None:
        """The partner does not take the letter of an offer; it can be sent again."""
        offer = sql.find_offer(tx, sql.OFFER_LETTER, letter=fact.letter)
        if offer is None or offer.side != "ours" or offer.code is not None:
            return
        tx.record(OfferFailed(**said_of(offer), code="matching-letter-refused"))
        sql.save_offer(tx, replace(offer, code="matching-letter-refused", args={"reason": fact.reason or ""}))

    def page(
        self, reader: Reader, actor: Actor, *, side: Side | None, partner: str, before: int, limit: int
    ) -> list[Offer]:
        """Newest first."""
        self._tracing.gate.require(actor, "tracing.see")
        return sql.offers(reader, sql.OFFERS, side=side or "", partner=partner, before=before, limit=limit)

    def get(self, reader: Reader, actor: Actor, offer_id: str) -> Offer:
        """Raises `NotFound("matching-offer-none")`."""
        self._tracing.gate.require(actor, "tracing.see")
        return sql.offer_by_id(reader, offer_id)

    def left_today(self, reader: Reader, offer: Offer, now: Instant) -> int:
        """How many questions are left in these 24 hours, by this site's own log."""
        spent = sql.spent(reader, offer.side, offer.partner, now - DAY)
        return replace(offer.quota, case_queries=offer.quota.day_queries).left(spent, now=now, case="")

    def drop_sets(self, tx: Tx) -> bool:
        """A few pieces of sets that nobody may ask under and no batch needs. True if more wait."""
        row = tx.row(sql.TO_DROP)
        if row is None:
            return False
        offer_id, digest = row
        numbers = [found[0] for found in tx.rows(sql.PIECE_NUMBERS, digest=digest, limit=PIECES_AT_ONCE)]
        for n in numbers:
            tx.run(sql.DROP_PIECE, digest=digest, n=n)
        if len(numbers) < PIECES_AT_ONCE:
            tx.run(sql.LET_GO, id=offer_id)
        return True


# -------------------------------------------------------------------------- asking


class Opened(msgspec.Struct, frozen=True):
    """A batch with the firearms that hit."""

    query: Query
    firearms: list[Firearm]


class Asking:
    """Batches of ours: asked, counted, opened."""

    def __init__(self, tracing: Tracing, site: SiteKey, around: Surroundings) -> None:
        self._tracing = tracing
        self._secret = site.derive(PENDING_KEY)
        self._around = around

    def sort(self, reader: Reader, actor: Actor, firearms: Sequence[str]) -> Sorting:
        """Which of these can be asked about, and why the others cannot.

        Raises `Malformed("matching-batch-empty")`, `TooLarge("matching-batch-large")`,
        `NotFound("tracing-none")`.
        """
        self._tracing.gate.require(actor, "tracing.match")
        ids = list(dict.fromkeys(firearms))
        if not ids:
            raise Malformed("matching-batch-empty")
        if len(ids) > FIREARMS_AT_ONCE_MAX:
            raise TooLarge("matching-batch-large", limit=FIREARMS_AT_ONCE_MAX, given=len(ids))
        questions: dict[bytes, list[Firearm]] = {}
        left_out: list[tuple[Firearm, NotAskable]] = []
        for firearm_id in ids:
            firearm = sql.firearm(reader, firearm_id)
            why = why_not_askable(firearm)
            key = key_of(firearm.make, firearm.serial)
            if why is not None or key is None:
                left_out.append((firearm, why or "serial_unread"))
            else:
                questions.setdefault(key, []).append(firearm)
        return Sorting(list(questions.items()), left_out)

    def ask(
        self, tx: Tx, offer_id: str, firearms: Sequence[str], *, purpose: str, case: str
    ) -> tuple[Query, Sorting]:
        """Asks a partner which of these firearms are in its register; the batch, and what was left out of it.

        `purpose`: a code of the vocabulary `tracing_purposes`. Raises as `sort`; `Refused`:
        matching-offer-not-ready, matching-offer-over, and as `Send`; `Malformed` for the case.
        """
        self._tracing.gate.require(tx.actor, "tracing.match")
        offer = sql.offer_by_id(tx, offer_id).must_be_ready()
        self._tracing.vocabulary.usable("tracing_purposes", purpose)
        sorting = self.sort(tx, tx.actor, firearms)
        keys = [key for key, _ in sorting.questions]
        pending = tokens.ask(offer.public_key, keys, purpose=purpose, case=case)
        batch, query_id = pending.batch, new_id(tx.now)
        body = QueryLetter(
            query=query_id, register=offer.register_id, batch=msgspec.Raw(tokens.encode(batch))
        )
        letter = self._around.send(tx, offer.partner, QUERY, body)
        query = Query(
            id=query_id, direction="out", partner=offer.partner, their_id=query_id, offer_id=offer.id,
            register_id=offer.register_id, key_id=batch.key_id, purpose=batch.purpose, case=batch.case,
            content=content_of(batch), asked=len(batch.elements), state="asked", by=tx.actor.id,
            asked_at=tx.now, letter=letter,
        )  # fmt: skip
        tx.record(Asked(letter=letter, **facts_of(query)))
        self._keep(tx, query, Held(pending))
        tx.run_many(
            sql.ADD_ASKED,
            [
                {"query_id": query.id, "firearm_id": firearm.id, "place": place}
                for place, (_, alike) in enumerate(sorting.questions)
                for firearm in alike
            ],
        )
        return sql.save_query(tx, query), sorting

    def _keep(self, tx: Tx, query: Query, held: Held) -> None:
        tx.run(
            sql.KEEP_PENDING,
            query_id=query.id,
            offer_id=query.offer_id,
            held=close(self._secret, query.id, held, token_bytes(NONCE_BYTES)),
            keep_until=query.asked_at + PENDING_FOR,
        )

    def _held(self, reader: Reader, query: Query) -> Held:
        """Raises `Refused("matching-pending-gone")`."""
        closed = sql.pending(reader, query.id)
        if closed is None:
            raise Refused("matching-pending-gone", days=PENDING_FOR // DAY)
        return disclose(self._secret, query.id, closed)

    def _find(self, reader: Reader, partner: str, query_id: str) -> Query:
        found = sql.find_query(reader, sql.QUERY_THEIR_ID, side="out", partner=partner, their_id=query_id)
        if found is None:
            raise Refused("matching-query-unknown")
        return found

    def answered(self, tx: Tx, arrived: Arrived) -> bool:
        """An answer came: its proof is checked and its hits are counted; which they are is not kept.

        An answer that does not hold ends the batch, and nothing of it is used. Raises
        `Refused("matching-query-unknown")` for what we did not ask this partner.
        """
        letter = read(arrived.body, AnswerLetter)
        query = self._find(tx, arrived.sender, letter.query)
        over = query.state == "refused" and not query.waits
        if query.answered is not None or over:
            return True
        given = len(letter.answer.elements)
        try:
            held = self._held(tx, query)
            count = self._hits(tx, query, held, letter.answer).count
        except (Refused, Malformed, NotFound, TooLarge) as error:
            tx.record(AnswerRejected(answered=given, code=error.code, letter=arrived.id, **facts_of(query)))
            sql.save_query(tx, query.fail(tx.now, given, error))
            tx.run(sql.DROP_PENDING, query_id=query.id)
            return True
        tx.record(Answered(answered=given, hits=count, letter=arrived.id, **facts_of(query)))
        sql.save_query(tx, query.answer(tx.now, given, count))
        if count:
            self._keep(tx, query, replace(held, answer=letter.answer))
        else:
            tx.run(sql.DROP_PENDING, query_id=query.id)
        return True

    @staticmethod
    def _hits(reader: Reader, query: Query, held: Held, answer: Answer) -> tokens.Hits:
        offer = sql.offer_by_id(reader, str(query.offer_id))
        return tokens.hits(held.pending, answer, load_set(reader, offer))

    def refused(self, tx: Tx, arrived: Arrived) -> bool:
        """The partner did not answer a batch, and says why."""
        letter = read(arrived.body, RefusedLetter)
        query = self._find(tx, arrived.sender, letter.query)
        if query.answered is not None or (query.state != "asked" and not query.waits):
            return True
        opens_at = letter.args.get("opens_at")
        tx.record(
            QueryRefused(
                code=letter.code,
                opens_at=None if opens_at is None else str(opens_at),
                letter=arrived.id,
                **facts_of(query),
            )
        )
        sql.save_query(tx, query.refuse(tx.now, letter.code, letter.args))
        tx.run(sql.DROP_PENDING, query_id=query.id)
        return True

    def letter_refused(self, tx: Tx, fact: LetterSettled) -> None:
        """The partner does not take the letter of a batch. It can be sent again, so the batch is kept."""
        query = sql.find_query(tx, sql.QUERY_LETTER, letter=fact.letter)
        if query is None or query.state != "asked":
            return
        code = "matching-letter-refused"
        tx.record(QueryRefused(code=code, opens_at=None, letter=fact.letter, **facts_of(query)))
        sql.save_query(tx, query.refuse(tx.now, code, {"reason": fact.reason or ""}))

    def open(self, tx: Tx, query_id: str, session: str) -> Opened:
        """Which firearms hit, for the purpose and case that this session reads for; each opening is an entry.

        Raises `Refused`: tracing-desk-needed, matching-not-answered, matching-nothing-to-open,
        matching-pending-gone; `NotFound("matching-query-none")`.
        """
        self._tracing.gate.require(tx.actor, "tracing.match")
        desk = self._tracing.need_desk(session, tx.now)
        query = self._ours(tx, query_id)
        query.must_open()
        if query.opened_at is None:
            held = self._held(tx, query)
            assert held.answer is not None  # noqa: S101 - it was answered
            for place in self._hits(tx, query, held, held.answer).places:
                tx.run(sql.MARK_HITS, query_id=query.id, place=place, hit=1)
            tx.run(sql.DROP_PENDING, query_id=query.id)
            query = replace(query, opened_at=tx.now, opened_by=tx.actor.id)
        tx.record(HitsOpened(hits=query.hits or 0, desk_case=desk.case, **facts_of(query)))
        saved = sql.save_query(tx, query)
        ids = [row[0] for row in tx.rows(sql.HITS, query_id=query.id)]
        return Opened(saved, [sql.firearm(tx, firearm_id) for firearm_id in ids])

    def _ours(self, reader: Reader, query_id: str) -> Query:
        query = sql.query_by_id(reader, query_id)
        if query.direction != "out":
            raise NotFound("matching-query-none")
        return query

    def page(self, reader: Reader, actor: Actor, *, partner: str, before: int, limit: int) -> list[Query]:
        """Batches of ours, newest first."""
        self._tracing.gate.require(actor, "tracing.see")
        return sql.queries(reader, direction="out", partner=partner, before=before, limit=limit)

    def get(self, reader: Reader, actor: Actor, query_id: str) -> tuple[Query, list[Firearm]]:
        """A batch of ours and all that it asked about; `NotFound("matching-query-none")`."""
        self._tracing.gate.require(actor, "tracing.see")
        query = self._ours(reader, query_id)
        rows = reader.rows(sql.ASKED, query_id=query.id)
        return query, [sql.firearm(reader, row[0]) for row in rows]

    def log(
        self,
        reader: Reader,
        actor: Actor,
        *,
        direction: Direction | None,
        partner: str,
        before: int,
        limit: int,
    ) -> list[Query]:
        """Who asked whom, newest first, what we asked and what we were asked; for the auditor too."""
        self._tracing.gate.require(actor, "tracing.audit")
        return sql.queries(reader, direction=direction, partner=partner, before=before, limit=limit)

    def totals(self, reader: Reader, *, direction: Direction | None, partner: str) -> tuple[int, int, int]:
        """(batches, questions asked, questions answered) of the log."""
        batches, asked, answered = reader.rows(sql.TOTALS, side=direction or "", partner=partner)[0]
        return int(batches), int(asked), int(answered)

    def forget(self, tx: Tx) -> bool:
        """Erases what was kept for thirty days. True if more waits."""
        rows = tx.rows(sql.OVERDUE, now=tx.now, limit=OVERDUE_AT_ONCE_MAX)
        for (query_id,) in rows:
            query = sql.query_by_id(tx, query_id)
            tx.record(QueryForgotten(answered=query.answered is not None, **facts_of(query)))
            tx.run(sql.DROP_PENDING, query_id=query.id)
            lapsed = query.state == "asked"
            sql.save_query(tx, replace(query, state="lapsed", settled_at=tx.now) if lapsed else query)
        return len(rows) == OVERDUE_AT_ONCE_MAX


def content_of(batch: Batch) -> str:
    """SHA-256, in hex, over what is asked, the same on both sides."""
    return sha256(tokens.encode(batch)).hexdigest()


def facts_of(query: Query) -> dict[str, Any]:
    """The fields that every fact about a batch has."""
    return {
        "id": query.id, "query": query.their_id, "side": query.direction, "partner": query.partner,
        "register": query.register_id, "key_id": query.key_id, "purpose": query.purpose, "case": query.case,
        "asked": query.asked,
    }  # fmt: skip


# ----------------------------------------------------------------------- answering


class Answering:
    """What partners ask about registers of ours."""

    def __init__(self, tracing: Tracing, offers: Offers, around: Surroundings) -> None:
        self._tracing = tracing
        self._offers = offers
        self._around = around

    def asked(self, tx: Tx, arrived: Arrived) -> bool:
        """Answers a batch or says why not, once; either stands in the log, and only an answer is charged.

        Raises `Malformed` for what is no batch, and `Refused("matching-query-twice")` where its id names
        another.
        """
        letter = read(arrived.body, QueryLetter)
        batch = batch_of(letter)
        content = content_of(batch)
        known = sql.find_query(
            tx, sql.QUERY_THEIR_ID, side="in", partner=arrived.sender, their_id=letter.query
        )
        if known is not None:
            if known.content != content:
                raise Refused("matching-query-twice")
            return True
        query = Query(
            id=new_id(tx.now), direction="in", partner=arrived.sender, their_id=letter.query, offer_id=None,
            register_id=letter.register, key_id=batch.key_id, purpose=batch.purpose, case=batch.case,
            content=content, asked=len(batch.elements), state="asked", by=tx.actor.id, asked_at=tx.now,
            letter=arrived.id,
        )  # fmt: skip
        try:
            offer = self._offer(tx, arrived.sender, letter.register)
            query = replace(query, offer_id=offer.id)
            answer = self._answer(tx, offer, batch)
        except LanbiError as error:
            if isinstance(error, Busy):
                raise
            self._refuse(tx, query, error)
            return True
        body = AnswerLetter(query=letter.query, answer=answer)
        self._around.send(tx, arrived.sender, ANSWER, body, arrived.id)
        tx.record(Answered(answered=query.asked, hits=None, letter=arrived.id, **facts_of(query)))
        sql.save_query(tx, query.answer(tx.now, query.asked, None))
        return True

    @staticmethod
    def _offer(tx: Tx, partner: str, register_id: str) -> Offer:
        offers = sql.offers(tx, sql.OFFERS_OF, side="ours", partner=partner, register_id=register_id)
        known = [one for one in offers if one.state in ("offered", "superseded", "withdrawn")]
        if not known:
            raise Refused("matching-register-unknown")
        standing = [one for one in known if one.state == "offered"]
        return standing[-1] if standing else known[-1]

    def _answer(self, tx: Tx, offer: Offer, batch: Batch) -> Answer:
        register = self._around.register_of(tx, offer.register_id)
        if offer.state != "offered" or register is None:
            raise Refused("matching-offer-over", register=offer.name)
        self._offers.must_release(tx, register, offer.partner, batch.purpose)
        key = self._offers.key_of(offer)
        if batch.key_id != key.key_id:
            raise Refused("matching-key-other", asked=batch.key_id, held=key.key_id)
        spent = sql.spent(tx, "ours", offer.partner, tx.now - CASE_WINDOW)
        offer.quota.take(spent, now=tx.now, case=batch.case, queries=len(batch.elements))
        return tokens.answer(key, batch)

    def _refuse(self, tx: Tx, query: Query, error: LanbiError) -> None:
        """Says no, in a letter: what a receipt could say as well would not stand in the log."""
        told = error.code in REFUSALS
        if not told:
            log.error("a batch could not be answered: %s", error)
        code, args = (error.code, simple_args(error)) if told else ("matching-owner-unable", {})
        self._around.send(
            tx,
            query.partner,
            REFUSED,
            RefusedLetter(query=query.their_id, code=code, args=args),
            query.letter,
        )
        opens_at = args.get("opens_at")
        tx.record(
            QueryRefused(
                code=code,
                opens_at=None if opens_at is None else str(opens_at),
                letter=query.letter,
                **facts_of(query),
            )
        )
        sql.save_query(tx, query.refuse(tx.now, code, args))


# ----------------------------------------------------------------------- the whole


class Matching:
    """Private matching, wired: `handlers` for the partners' inbox, `letter_settled` for what partners sign
    of our letters, `tidy` for the node's housekeeping."""

    def __init__(self, tracing: Tracing, site: SiteKey, around: Surroundings) -> None:
        """`site`: the site's key, from which the registers' keys are made."""
        self.tracing = tracing
        self.offers = Offers(tracing, site, around)
        self.asking = Asking(tracing, site, around)
        self.answering = Answering(tracing, self.offers, around)

    @property
    def handlers(self) -> dict[str, Handler]:
        """What works a letter, by its kind."""
        return {
            OFFER: self.offers.arrived,
            WITHDRAWN: self.offers.heard_withdrawn,
            QUERY: self.answering.asked,
            ANSWER: self.asking.answered,
            REFUSED: self.asking.refused,
        }

    def letter_settled(self, tx: Tx, fact: LetterSettled) -> None:
        """Told of each receipt for a letter of ours."""
        if fact.outcome != "refused":
            return
        if fact.of == OFFER:
            self.offers.letter_refused(tx, fact)
        elif fact.of == QUERY:
            self.asking.letter_refused(tx, fact)

    def tidy(self, tx: Tx) -> bool:
        """The node's own work: erases what was kept for thirty days, and sets that nobody needs. True if more
        waits."""
        more = self.asking.forget(tx)
        return self.offers.drop_sets(tx) or more


# ---------------------------------------------------------------------- what takes long


class _StoppedError(Exception):
    """The node ends; what was begun is begun anew at its next start."""


class Progress(msgspec.Struct, frozen=True):
    """How far a set is: entries done, of so many."""

    done: int
    of: int


class FetchState(msgspec.Struct, frozen=True, kw_only=True):
    """How the fetching of a set goes, as far as this process knows. `bytes`: got so far."""

    bytes: int = 0
    failures: int = 0
    failing_since: Instant | None = None
    next_at: Instant | None = None
    reason: str | None = None
    args: dict[str, str | int] = {}


class MatchingWorks:
    """Makes the sets of ours and fetches those of partners. `start` it once, `stop` it in the end; `wake` it
    when there may be something to do; or call `step` on a thread of your own."""

    def __init__(
        self, matching: Matching, store: Store, clock: Clock, fetch: Fetch, *, chance: Callable[[], float]
    ) -> None:
        """`chance`: a number from 0 to 1, new each time."""
        self._offers = matching.offers
        self._tracing = matching.tracing
        self._store = store
        self._clock = clock
        self._fetch = fetch
        self._chance = chance
        self._progress: dict[str, Progress] = {}
        self._states: dict[str, FetchState] = {}
        self._due_s: dict[str, float] = {}
        self._partial: dict[str, bytearray] = {}
        self._turn = threading.Lock()
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def progress(self, offer_id: str) -> Progress | None:
        """How far the set of one of ours is; None where it is not being made by this process."""
        return self._progress.get(offer_id)

    def fetching(self, offer_id: str) -> FetchState | None:
        """How the fetching of a partner's set goes; None before it was tried."""
        return self._states.get(offer_id)

    # -- on a thread -------------------------------------------------------------------

    def start(self) -> None:
        """Begins, on a thread of its own."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="lanbi-matching", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends what is under way; it is begun anew at the next start. Twice is once."""
        self._stopping.set()
        self._bell.set()
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)
            self._thread = None

    def wake(self) -> None:
        """There may be something to do. Returns at once."""
        self._bell.set()

    def hurry(self) -> None:
        """Tries every fetch now, however long it was to rest."""
        self._due_s.clear()
        self._bell.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                self.step()
            except Busy:
                pass  # the store is away, and says so elsewhere
            except Exception:
                log.exception("sets for private matching could not be worked")
            self._bell.wait(IDLE_S)

    def step(self) -> int:
        """Makes and fetches what is due; returns how many sets are there now that were not. Raises `Busy`."""
        with self._turn:
            done = 0
            for offer in self._store.read_now(self._offers.building):
                done += self._build(offer)
            for offer, url in self._store.read_now(self._offers.to_fetch):
                if self._stopping.is_set():
                    break
                if self._due_s.get(offer.id, 0.0) <= self._clock.monotonic():
                    done += self._get(offer, url)
            return done

    # -- making ------------------------------------------------------------------------

    def _build(self, offer: Offer) -> bool:
        try:
            self._make(offer)
        except _StoppedError:
            return False
        except Busy:
            raise
        except LanbiError as error:
            self._fail(offer, error)
            return False
        except Exception as error:
            log.exception("the set of a register could not be made")
            self._fail(offer, Refused("matching-build-fault", reason=type(error).__name__))
            return False
        finally:
            self._progress.pop(offer.id, None)
        return True

    def _fail(self, offer: Offer, error: LanbiError) -> None:
        self._store.write_now(SYSTEM, lambda tx: self._offers.fail(tx, offer.id, error))

    def _make(self, offer: Offer) -> None:
        rows = self._store.read_now(lambda reader: self._offers.entries_in(reader, offer))
        key = self._offers.key_of(offer)
        if key.key_id != offer.key_id:
            raise Refused("matching-key-other", asked=offer.key_id, held=key.key_id)
        left_out = 0

        def match_keys() -> Iterator[bytes]:
            nonlocal left_out
            after = 0
            while entries := self._store.read_now(
                lambda reader, after=after: self._offers.some_entries(reader, offer, after)
            ):
                for _, marks, make in entries:
                    one = key_of(make, marks)
                    if one is None:
                        left_out += 1
                    else:
                        yield one
                after = entries[-1][0]

        def tell(done: int) -> None:
            if self._stopping.is_set():
                raise _StoppedError
            self._progress[offer.id] = Progress(min(done + left_out, rows), rows)

        tell(0)
        data = tokens.build(key, match_keys(), offer.made_at, tell)
        found = TokenSet.load(data)
        if not len(found):
            raise Refused("matching-register-empty", register=offer.name)
        digest = found.digest.hex()
        self._put_down(SYSTEM, offer, digest, data)
        self._store.write_now(
            SYSTEM, lambda tx: self._offers.finish(tx, offer.id, digest, len(found), left_out)
        )

    def _put_down(self, actor: Actor, offer: Offer, digest: str, data: bytes) -> None:
        """Writes a set, which was checked, piece by piece: people's commands go between."""
        self._store.write_now(actor, lambda tx: tx.run(sql.HOLD, id=offer.id, digest=digest))
        pieces = list(sql.pieces_of(data))
        for start in range(0, len(pieces), PIECES_AT_ONCE):
            some = pieces[start : start + PIECES_AT_ONCE]
            self._store.write_now(actor, lambda tx, some=some: sql.save_pieces(tx, digest, some))

    # -- fetching ----------------------------------------------------------------------

    def _get(self, offer: Offer, url: str) -> bool:
        while len(self._partial) >= PARTIALS_MAX and offer.id not in self._partial:
            self._partial.pop(next(iter(self._partial)))
        try:
            self._receive(offer, url, self._partial.setdefault(offer.id, bytearray()))
        except _StoppedError:
            return False
        except FetchError as error:
            self._failed(offer, error.code, error.args_by_name)
            return False
        data = bytes(self._partial.pop(offer.id))
        try:
            self._check_and_keep(SYSTEM, offer, data, by_file=False)
        except (Malformed, Refused, TooLarge) as error:
            declined: LanbiError = error
            self._store.write_now(SYSTEM, lambda tx: self._offers.rejected(tx, offer.id, declined))
            self._failed(offer, error.code, simple_args(error))
            return False
        self._states.pop(offer.id, None)
        self._due_s.pop(offer.id, None)
        return True

    def _receive(self, offer: Offer, url: str, got: bytearray) -> None:
        """Gets what is still missing of a set; what came before a cut is kept for the next time."""
        state = self._states.get(offer.id, FetchState())
        for piece in self._fetch(url, offer.digest, len(got)):
            got += piece
            if len(got) > offer.set_bytes:
                got.clear()
                raise FetchError("matching-set-long", limit=offer.set_bytes)
            self._states[offer.id] = replace(state, bytes=len(got))
            if self._stopping.is_set():
                raise _StoppedError
        if len(got) < offer.set_bytes:
            raise FetchError("link-down")

    def _failed(self, offer: Offer, reason: str, args: dict[str, str | int]) -> None:
        now = self._clock.now()
        before = self._states.get(offer.id, FetchState())
        wait_s = backoff_s(before.failures + 1, self._chance())
        self._due_s[offer.id] = self._clock.monotonic() + wait_s
        self._states[offer.id] = FetchState(
            bytes=len(self._partial.get(offer.id, b"")),
            failures=before.failures + 1,
            failing_since=now if before.failing_since is None else before.failing_since,
            next_at=now + round(wait_s * SECOND),
            reason=reason,
            args=args,
        )

    def take_in(self, actor: Actor, data: bytes) -> Offer:
        """Takes in a set that somebody carried, as a file. For a thread without a loop.

        Raises as `TokenSet.load`; `Refused("matching-set-unasked")` where no signed letter names it.
        """
        self._tracing.gate.require(actor, "tracing.match")
        digest = TokenSet.load(data).digest.hex()
        offer = self._store.read_now(lambda reader: self._offers.announced(reader, digest))
        return self._check_and_keep(actor, offer, data, by_file=True)

    def _check_and_keep(self, actor: Actor, offer: Offer, data: bytes, *, by_file: bool) -> Offer:
        found = TokenSet.load(data)
        offer.check_set(found)
        self._put_down(actor, offer, offer.digest, data)
        return self._store.write_now(actor, lambda tx: self._offers.taken_in(tx, offer.id, by_file=by_file))
