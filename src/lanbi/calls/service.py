"""Calls and promises at work: one use case, one function, one transaction."""

from collections.abc import Callable

from msgspec.structs import replace

from lanbi.calls import sql
from lanbi.calls.cards import Cards
from lanbi.calls.events import (
    CallAbandoned,
    CallAnswered,
    CallbackAttempted,
    CallCardAnswered,
    CallClaimed,
    CallEnded,
    CallHeld,
    CallJoined,
    CallLanguageSet,
    CallLocated,
    CallOffered,
    CallResumed,
    CallUnjoined,
    CallWordsAdded,
    PromiseMade,
    PromiseSettled,
)
from lanbi.calls.model import (
    CALLBACK_DUE_S,
    OFFERED_AHEAD_MAX,
    TEXT_CHANNELS,
    Call,
    CallbackOutcome,
    Piece,
    Promise,
    PromiseOutcome,
    due_of,
    mask_number,
    read_number,
)
from lanbi.core.access import Actor, Gate, Person
from lanbi.core.errors import Malformed, NotFound
from lanbi.core.events import AreaFact, Sealed
from lanbi.core.geo import Area, check_area
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import line, words
from lanbi.core.time import DAY, SECOND, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.incidents.events import IncidentOpened
from lanbi.record.events import SealedErased
from lanbi.record.log import LogRow, log_rows
from lanbi.record.sealed import reveal

KEEP_WORDS_FOR: Instant = 730 * DAY
KEEP_PERSONAL_FOR: Instant = 180 * DAY
PROMISE_WORDS_CHARS_MAX = 2_000

CheckPlace = Callable[[float, float], None]
"""Raises where a point cannot be in this site's country."""

NameOf = Callable[[Reader, str], str]
"""The name of an account; raises `NotFound` where there is no such account."""


class Calls:
    """Intake's use cases.

    `callback_due_s`: seconds within which a missed call is called back.
    `name_of`: looks up the owner of a promise; without it an owner's id is also the name.
    `cards`: the question cards; without them there is no question to answer.
    """

    def __init__(
        self,
        gate: Gate,
        vocabulary: Vocabulary,
        check_place: CheckPlace,
        *,
        callback_due_s: int = CALLBACK_DUE_S,
        name_of: NameOf | None = None,
        cards: Cards | None = None,
    ) -> None:
        self._gate = gate
        self._vocabulary = vocabulary
        self._check_place = check_place
        self._callback_due: Instant = callback_due_s * SECOND
        self._name_of = name_of
        self.cards = cards or Cards(cards={}, body=b"[]", tag='""')

    # -- calls: commands -----------------------------------------------------------------

    def offer(
        self,
        tx: Tx,
        *,
        channel: str,
        number: str | None = None,
        name: str | None = None,
        lang: str | None = None,
        area: Area | None = None,
        text: str | None = None,
        offered_at: Instant | None = None,
    ) -> Call:
        """It rings, or a text came in: a new call with the next running number, waiting for an answer.

        `number`: as the exchange gives it, or None where it is withheld.
        `offered_at`: when it rang, for what is entered or imported later.
        """
        self._gate.require(tx.actor, "calls.offer")
        self._vocabulary.usable("channels", channel)
        if lang is not None:
            self._vocabulary.usable("languages", lang)
        if offered_at is not None and offered_at > tx.now + OFFERED_AHEAD_MAX:
            raise Malformed("offered-ahead")
        rang_at = tx.now if offered_at is None else min(offered_at, tx.now)
        call_id, seq = new_id(tx.now), tx.seq + 1
        seals: dict[str, Sealed | None] = {"number": None, "name": None, "words": None, "place": None}
        mask = None
        if number is not None and number.strip():
            digits = read_number(number)
            mask = mask_number(digits)
            seals["number"] = self._personal(tx, call_id, "number", digits)
        if name is not None and name.strip():
            seals["name"] = self._personal(tx, call_id, "name", line(name, "name"))
        if text is not None and text.strip():
            seals["words"] = self._words(tx, f"call/{call_id}", "words", words(text, "words"))
        if area is not None:
            area = self._checked(area)
            seals["place"] = self._place(tx, call_id, area)
        call = Call(
            id=call_id,
            number=sql.next_number(tx),
            channel=channel,
            offered_at=rang_at,
            line=mask,
            line_sealed=_id_of(seals["number"]),
            name_sealed=_id_of(seals["name"]),
            lang=lang,
            area=area,
            place_sealed=_id_of(seals["place"]),
            lang_seq=seq,
            area_seq=seq,
        )
        if said := seals["words"]:
            call = self._with_words(tx, call, said, lang)
        sql.save(tx, call)
        tx.record(
            CallOffered(
                id=call.id,
                number=call.number,
                channel=channel,
                offered_at=rang_at,
                line=seals["number"],
                name=seals["name"],
                lang=lang,
                area=None if area is None else AreaFact.of(area, seals["place"]),
                words=seals["words"],
            ),
            at=rang_at,
        )
        return sql.get(tx, call.id)

    def text(
        self,
        tx: Tx,
        *,
        channel: str,
        text: str,
        number: str | None = None,
        lang: str | None = None,
        area: Area | None = None,
    ) -> Call:
        """A report in writing: a call like any other, which waits until somebody answers it."""
        if channel not in TEXT_CHANNELS:
            raise Malformed("channel-not-text", given=channel[:40])
        words(text, "words")
        return self.offer(tx, channel=channel, number=number, lang=lang, area=area, text=text)

    def answer(self, tx: Tx, call_id: str) -> Call:
        """The actor takes it. `Refused("call-taken")` where somebody else was first."""
        self._gate.require(tx.actor, "calls.answer")
        was = sql.get(tx, call_id)
        call = was.answer(by=_person(tx.actor), at=tx.now)
        if call is not was:
            sql.save(tx, call)
            tx.record(CallAnswered(id=call.id, offered_at=call.offered_at, incident_id=call.incident_id))
        return sql.get(tx, call_id)

    def abandon(self, tx: Tx, call_id: str) -> Call:
        """It stopped ringing. With a number to call, a call-back is owed from now."""
        self._gate.require(tx.actor, "calls.abandon")
        call = sql.get(tx, call_id).abandon(at=tx.now, due_in=self._callback_due)
        sql.save(tx, call)
        debt = call.callback
        tx.record(CallAbandoned(id=call.id, callback_due_at=None if debt is None else debt.due_at))
        return sql.get(tx, call_id)

    def claim(self, tx: Tx, call_id: str) -> Call:
        """The actor means to take it, and the others are told. `Refused("call-claimed")` by somebody else."""
        self._gate.require(tx.actor, "calls.answer")
        was = sql.get(tx, call_id)
        call = was.claim(by=_person(tx.actor), at=tx.now)
        if call is not was and call.claimed_until is not None:
            sql.save(tx, call)
            tx.record(CallClaimed(id=call.id, until=call.claimed_until))
        return sql.get(tx, call_id)

    def hold(self, tx: Tx, call_id: str) -> Call:
        """The caller waits on the line, with a clock."""
        self._gate.require(tx.actor, "calls.hold")
        was = sql.get(tx, call_id)
        call = was.hold(at=tx.now)
        if call is not was:
            sql.save(tx, call)
            tx.record(CallHeld(id=call.id))
        return sql.get(tx, call_id)

    def resume(self, tx: Tx, call_id: str) -> Call:
        """The caller is spoken to again."""
        self._gate.require(tx.actor, "calls.hold")
        was = sql.get(tx, call_id)
        call = was.resume()
        if was.held_at is not None:
            sql.save(tx, call)
            tx.record(CallResumed(id=call.id, held_at=was.held_at))
        return sql.get(tx, call_id)

    def answer_card(
        self,
        tx: Tx,
        call_id: str,
        *,
        card: str,
        question: str,
        answer: str | None,
        lang: str | None = None,
    ) -> Call:
        """An answer to a question of a card; None takes back the one that stands.

        Raises `Malformed("card-…")` for a card, question or answer that there is not.
        """
        self._gate.require(tx.actor, "calls.edit")
        if lang is not None:
            self._vocabulary.usable("languages", lang)
        held = self.cards.card(card).question(question)
        if answer is not None:
            self.cards.check_answer(card, question, answer)
        was = sql.get(tx, call_id)
        call = was.add_answer()
        said = None
        if answer is not None and held.kind == "words":
            said, answer = self._words(tx, f"call/{call_id}", "answer", answer), None
        sql.add_answer(
            tx,
            call_id,
            was.answers_count,
            card=card,
            question=question,
            answer=answer,
            sealed=_id_of(said),
            lang=lang,
            by=_person(tx.actor),
        )
        sql.save(tx, call)
        tx.record(
            CallCardAnswered(
                id=call_id,
                card=card,
                question=question,
                number=self.cards.card(card).questions.index(held) + 1,
                answer=answer,
                words=said,
                lang=lang,
            )
        )
        return sql.get(tx, call_id)

    def end(self, tx: Tx, call_id: str) -> Call:
        self._gate.require(tx.actor, "calls.end")
        call = sql.get(tx, call_id).end(at=tx.now)
        sql.save(tx, call)
        tx.record(CallEnded(id=call.id))
        return sql.get(tx, call_id)

    def locate(self, tx: Tx, call_id: str, area: Area, *, held: int | None = None) -> Call:
        self._gate.require(tx.actor, "calls.locate")
        area = self._checked(area)
        call = sql.get(tx, call_id).locate(area, seq=tx.seq + 1, held=held)
        place = self._place(tx, call_id, area)
        sql.save(tx, replace(call, place_sealed=_id_of(place)))
        tx.record(CallLocated(id=call.id, area=AreaFact.of(area, place)))
        return sql.get(tx, call_id)

    def set_language(self, tx: Tx, call_id: str, lang: str, *, held: int | None = None) -> Call:
        self._gate.require(tx.actor, "calls.edit")
        self._vocabulary.usable("languages", lang)
        was = sql.get(tx, call_id)
        call = was.set_language(lang, seq=tx.seq + 1, held=held)
        sql.save(tx, call)
        tx.record(CallLanguageSet(id=call.id, lang=lang, was=was.lang))
        return sql.get(tx, call_id)

    def add_words(self, tx: Tx, call_id: str, text: str, *, lang: str | None = None) -> Call:
        """Appends what was said, or a transcription of it; what stands there is never replaced."""
        self._gate.require(tx.actor, "calls.edit")
        if lang is not None:
            self._vocabulary.usable("languages", lang)
        call = sql.get(tx, call_id)
        said = self._words(tx, f"call/{call_id}", "words", words(text, "words"))
        sql.save(tx, self._with_words(tx, call, said, lang))
        tx.record(CallWordsAdded(id=call.id, words=said, lang=lang))
        return sql.get(tx, call_id)

    def join(self, tx: Tx, call_id: str, incident_id: str) -> Call:
        """The call is about that incident. Who subscribes to `CallJoined` refuses one that does not exist."""
        self._gate.require(tx.actor, "calls.join")
        return self._join(tx, call_id, incident_id)

    def unjoin(self, tx: Tx, call_id: str) -> Call:
        """It was not about that incident after all."""
        self._gate.require(tx.actor, "calls.join")
        was = sql.get(tx, call_id)
        sql.save(tx, was.unjoin())
        tx.record(CallUnjoined(id=call_id, incident_id=str(was.incident_id)))
        return sql.get(tx, call_id)

    def callback(self, tx: Tx, call_id: str, outcome: CallbackOutcome) -> Call:
        """Somebody called back, or nobody needs to any more."""
        self._gate.require(tx.actor, "calls.callback")
        self._vocabulary.usable("callback_outcomes", outcome)
        call = sql.get(tx, call_id).call_back(outcome, at=tx.now)
        sql.save(tx, call)
        attempts = 0 if call.callback is None else call.callback.attempts
        tx.record(CallbackAttempted(id=call.id, outcome=outcome, attempts=attempts, settled=not call.owed))
        return sql.get(tx, call_id)

    def reveal(self, tx: Tx, call_id: str, field: str) -> str:
        """The caller's "number" or "name" in clear, for the purpose of this piece of work (`tx.purpose`).

        The purpose is a code of the vocabulary `purposes`; the reading is an entry.
        """
        self._gate.require(tx.actor, "calls.reveal")
        call = sql.get(tx, call_id)
        if not tx.purpose:
            raise Malformed("purpose-missing")
        self._vocabulary.usable("purposes", tx.purpose)
        match field:
            case "number":
                return reveal(tx, call.line_sealed, tx.purpose)
            case "name":
                return reveal(tx, call.name_sealed, tx.purpose)
            case _:
                raise Malformed("field-not-sealed", field=field[:40])

    # -- calls: looks --------------------------------------------------------------------

    def may_read_words(self, actor: Actor) -> bool:
        """Whether rows for this actor carry what callers said."""
        return self._gate.allows(actor, "calls.read_words")

    def get(self, reader: Reader, actor: Actor, call_id: str) -> Call:
        """The call; absent for who may not see calls."""
        if not self._gate.allows(actor, "calls.see"):
            raise NotFound("call-none", id=call_id)
        return sql.get(reader, call_id)

    def pieces(self, reader: Reader, actor: Actor, call_id: str) -> list[Piece]:
        """All pieces in the order in which they came; their words only for who may read them."""
        self.get(reader, actor, call_id)
        found = sql.pieces(reader, call_id)
        return found if self.may_read_words(actor) else [replace(piece, words=None) for piece in found]

    def page(
        self,
        reader: Reader,
        actor: Actor,
        *,
        state: str | None = None,
        incident_id: str | None = None,
        before: int,
        limit: int,
    ) -> list[Call]:
        """Newest first. `state`: one of the call's own, or "owed" for open call-back debts."""
        self._gate.require(actor, "calls.see")
        return sql.page(reader, state=state, incident_id=incident_id, before=before, limit=limit)

    def log(self, reader: Reader, actor: Actor, call_id: str, *, before: int, limit: int) -> list[LogRow]:
        """The call's own entries, newest first; words for those whom the policies let read them."""
        self.get(reader, actor, call_id)
        may_read = self.may_read_words(actor)
        return log_rows(reader, sql.log(reader, call_id, before=before, limit=limit), may_read=may_read)

    # -- promises ------------------------------------------------------------------------

    def promise(
        self,
        tx: Tx,
        *,
        kind: str,
        text: str = "",
        call_id: str | None = None,
        incident_id: str | None = None,
        owner: str | None = None,
        due_in_s: int | None = None,
        due_at: Instant | None = None,
    ) -> Promise:
        """Puts on the ledger what was promised to a caller or about an incident.

        Owned by the actor unless `owner` names another account; due after what its kind
        usually gives unless told. A promise to a caller is also one about the incident
        that the call is joined to. Who subscribes to `PromiseMade` refuses an incident
        that does not exist.
        """
        self._gate.require(tx.actor, "promises.make")
        usual_s = self._usable_kind_due_s(kind)
        due = due_of(now=tx.now, due_in_s=due_in_s, due_at=due_at, usual_s=usual_s)
        if call_id is not None:
            incident_id = incident_id or sql.get(tx, call_id).incident_id
        elif incident_id is None:
            raise Malformed("promise-to-nobody")
        promise_id = new_id(tx.now)
        said = self._promise_words(tx, promise_id, text)
        promise = Promise(
            id=promise_id,
            kind=kind,
            owner=self._owner(tx, owner),
            made_at=tx.now,
            due_at=due,
            call_id=call_id,
            incident_id=incident_id,
            words_sealed=_id_of(said),
            made_seq=tx.seq + 1,
        )
        sql.save_promise(tx, promise)
        tx.record(
            PromiseMade(
                id=promise.id,
                call_id=call_id,
                incident_id=incident_id,
                promise_kind=kind,
                owner=promise.owner.id,
                due_at=due,
                words=said,
            )
        )
        return sql.get_promise(tx, promise.id)

    def settle(self, tx: Tx, promise_id: str, outcome: PromiseOutcome, *, text: str = "") -> Promise:
        """Says what became of a promise; once only."""
        self._gate.require(tx.actor, "promises.settle")
        self._vocabulary.usable("promise_outcomes", outcome)
        promise = sql.get_promise(tx, promise_id).settle(outcome, by=tx.actor.id, at=tx.now)
        said = self._promise_words(tx, promise_id, text)
        sql.save_promise(tx, promise)
        tx.record(
            PromiseSettled(
                id=promise.id,
                call_id=promise.call_id,
                incident_id=promise.incident_id,
                outcome=outcome,
                words=said,
            )
        )
        return sql.get_promise(tx, promise_id)

    def promises(
        self,
        reader: Reader,
        actor: Actor,
        *,
        unsettled: bool = False,
        call_id: str | None = None,
        incident_id: str | None = None,
        before: int,
        limit: int,
    ) -> list[Promise]:
        """Newest first."""
        self._gate.require(actor, "promises.see")
        return sql.promises(
            reader,
            unsettled=unsettled,
            call_id=call_id,
            incident_id=incident_id,
            before=before,
            limit=limit,
        )

    # -- what other domains' facts mean here -------------------------------------------------

    def incident_opened(self, tx: Tx, fact: IncidentOpened) -> None:
        """Bootstrap subscribes this to `IncidentOpened`: an incident opened from a call has that call."""
        if fact.call_id is not None:
            self._join(tx, fact.call_id, fact.id)

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Bootstrap subscribes this to `SealedErased`: what was erased leaves the rows and the screens."""
        subject, field = sql.sealed_for(tx, fact.sealed) or ("", "")
        about, _, subject_id = subject.partition("/")
        if about == "call":
            sql.forgotten(tx, subject_id, field)
        elif about == "promise":
            sql.promise_forgotten(tx, subject_id)

    # -- inside --------------------------------------------------------------------------

    def _join(self, tx: Tx, call_id: str, incident_id: str) -> Call:
        call = sql.get(tx, call_id).join(incident_id)
        sql.save(tx, call)
        tx.record(
            CallJoined(
                id=call.id,
                incident_id=incident_id,
                offered_at=call.offered_at,
                answered_at=call.answered_at,
            )
        )
        return sql.get(tx, call_id)

    def _checked(self, area: Area) -> Area:
        area = check_area(area)
        self._vocabulary.usable("area_sources", area.source)
        self._vocabulary.usable("confidences", area.confidence)
        if area.lat is not None and area.lon is not None:
            self._check_place(area.lat, area.lon)
        return area

    def _personal(self, tx: Tx, call_id: str, field: str, value: str) -> Sealed:
        return tx.seal(
            subject=f"call/{call_id}", field=field, kind="personal", value=value, keep_for=KEEP_PERSONAL_FOR
        )

    def _words(self, tx: Tx, subject: str, field: str, text: str) -> Sealed:
        return tx.seal(subject=subject, field=field, kind="words", value=text, keep_for=KEEP_WORDS_FOR)

    def _place(self, tx: Tx, call_id: str, area: Area) -> Sealed | None:
        return self._words(tx, f"call/{call_id}", "place", area.words) if area.words else None

    def _promise_words(self, tx: Tx, promise_id: str, text: str) -> Sealed | None:
        if not text.strip():
            return None
        said = words(text, "words", chars_max=PROMISE_WORDS_CHARS_MAX)
        return self._words(tx, f"promise/{promise_id}", "words", said)

    def _with_words(self, tx: Tx, call: Call, said: Sealed, lang: str | None) -> Call:
        longer = call.add_words(said.sealed)
        sql.add_words(tx, call.id, call.words_count, sealed=said.sealed, lang=lang, by=_person(tx.actor))
        return longer

    def _usable_kind_due_s(self, kind: str) -> int:
        self._vocabulary.usable("promise_kinds", kind)
        return self._vocabulary.term("promise_kinds", kind).due_in_s

    def _owner(self, tx: Tx, owner: str | None) -> Person:
        if owner is None or owner == tx.actor.id:
            return _person(tx.actor)
        owner = line(owner, "owner")
        return Person(owner, owner if self._name_of is None else self._name_of(tx, owner))


def _person(actor: Actor) -> Person:
    return Person(actor.id, actor.name)


def _id_of(sealed: Sealed | None) -> str | None:
    return None if sealed is None else sealed.sealed
