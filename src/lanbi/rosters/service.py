"""Rosters at work: one use case, one function, one transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from lanbi.core.access import Actor, Gate
from lanbi.core.errors import Malformed, NotFound, Refused
from lanbi.core.events import Sealed
from lanbi.core.ids import new_id
from lanbi.core.ports import Reader, Tx
from lanbi.core.text import line, words
from lanbi.core.time import DAY, Instant
from lanbi.core.vocabulary import Vocabulary
from lanbi.record.events import SealedErased
from lanbi.record.sealed import reveal
from lanbi.rosters import sql
from lanbi.rosters.events import (
    MemberEnrolled,
    MemberQualified,
    MemberRetired,
    ShiftCancelled,
    ShiftChanged,
    ShiftJustified,
    ShiftPlanned,
    ShiftSignedOff,
    ShiftSignedOn,
)
from lanbi.rosters.model import (
    Hand,
    Member,
    Rules,
    Shift,
    check_crew,
    check_number,
    check_qualifications,
    check_seat,
    check_span,
)

# A name is asked for long after its bearer has left: accidents, pensions, inquiries.
KEEP_NAMES_FOR: Instant = 3650 * DAY
KEEP_WORDS_FOR: Instant = 730 * DAY
REASON_CHARS_MAX = 500
ACCOUNT = "account/"

CallsignOf = Callable[[Reader, str], str]
"""The callsign of a unit; raises `NotFound("unit-none")`."""
NameOf = Callable[[Reader, str], str]
"""The name of an account; raises `NotFound("account-none")`."""


class Rosters:
    """The use cases of members and shifts."""

    def __init__(
        self, gate: Gate, vocabulary: Vocabulary, *, callsign_of: CallsignOf, name_of: NameOf
    ) -> None:
        self._gate = gate
        self._vocabulary = vocabulary
        self._callsign_of = callsign_of
        self._name_of = name_of

    @property
    def rules(self) -> Rules:
        """The hours that the vocabulary gives."""
        return Rules(
            rest_min_h=self._vocabulary.term("duty_rules", "rest_min").hours,
            duty_max_h=self._vocabulary.term("duty_rules", "duty_max").hours,
        )

    @property
    def reason_codes(self) -> frozenset[str]:
        """Codes of the vocabulary `duty_reasons`."""
        return frozenset(self._vocabulary.tables["duty_reasons"])

    # -- members -------------------------------------------------------------------------

    def enrol(self, tx: Tx, *, number: str, name: str, qualifications: Sequence[str] = ()) -> Member:
        """Somebody who may stand on a roster; the name is sealed as personal data."""
        self._gate.require(tx.actor, "members.edit")
        number = check_number(number)
        if sql.member_by_number(tx, number) is not None:
            raise Refused("member-number-taken", number=number)
        codes = self._qualifications(qualifications)
        member_id = new_id(tx.now)
        sealed = tx.seal(
            subject=f"member/{member_id}",
            field="name",
            kind="personal",
            value=line(name, "name"),
            keep_for=KEEP_NAMES_FOR,
        )
        sql.save_member(
            tx,
            Member(
                id=member_id,
                number=number,
                name_sealed=sealed.sealed,
                qualifications=codes,
                enrolled_at=tx.now,
            ),
        )
        tx.record(MemberEnrolled(id=member_id, number=number, name=sealed, qualifications=codes))
        return sql.get_member(tx, member_id)

    def qualify(self, tx: Tx, member_id: str, qualifications: Sequence[str]) -> Member:
        """What this person is qualified for now; a unit that they are aboard of gains or loses it at once."""
        self._gate.require(tx.actor, "members.edit")
        was = sql.get_member(tx, member_id)
        member = was.qualify(self._qualifications(qualifications))
        sql.save_member(tx, member)
        tx.record(MemberQualified(id=member.id, qualifications=member.qualifications, was=was.qualifications))
        for shift in sql.open_of(tx, member_id):
            new = self._rested(tx, shift)
            if shift.state == "on_duty" and new.brings != shift.brings:
                self._save_changed(tx, shift, new)
            else:
                sql.save_shift(tx, new, seq=tx.seq)
        return sql.get_member(tx, member_id)

    def retire(self, tx: Tx, member_id: str) -> Member:
        """Nobody plans with this person any more; not while they stand on a roster. A shift that is over by
        its plan, and to which nobody came, holds nobody."""
        self._gate.require(tx.actor, "members.edit")
        member = sql.get_member(tx, member_id).retire(tx.now)
        shifts = [
            shift
            for shift in sql.open_of(tx, member_id)
            if shift.state == "on_duty" or shift.ends_at > tx.now
        ]
        if shifts:
            raise Refused("member-on-roster", number=member.number, post=shifts[0].post)
        sql.save_member(tx, member)
        tx.record(MemberRetired(id=member.id))
        return sql.get_member(tx, member_id)

    def reveal(self, tx: Tx, member_id: str) -> str:
        """The member's name in clear, for the purpose of this piece of work; the reading is an entry."""
        self._gate.require(tx.actor, "members.reveal")
        member = sql.get_member(tx, member_id)
        if not tx.purpose:
            raise Malformed("purpose-missing")
        self._vocabulary.usable("purposes", tx.purpose)
        return reveal(tx, member.name_sealed, tx.purpose)

    def members(self, reader: Reader, actor: Actor, *, after: str, limit: int) -> list[Member]:
        """By service number, those after the case-folded number `after`; retired ones too."""
        self._see_all(actor)
        return sql.member_page(reader, after=after, limit=limit)

    # -- shifts: commands ------------------------------------------------------------------

    def plan(
        self,
        tx: Tx,
        *,
        starts_at: Instant,
        ends_at: Instant,
        unit_id: str | None = None,
        members: Sequence[str] = (),
        seat: str | None = None,
        account: str | None = None,
        reason: str | None = None,
    ) -> Shift:
        """A unit's crew, or an account at a seat, from then to then."""
        self._gate.require(tx.actor, "rosters.edit")
        if (unit_id is None) == (seat is None):
            raise Malformed("shift-post")
        check_span(starts_at, ends_at, tx.now)
        if unit_id is not None:
            shift = Shift(
                id=new_id(tx.now),
                unit_id=unit_id,
                callsign=self._callsign_of(tx, unit_id),
                starts_at=starts_at,
                ends_at=ends_at,
                crew=self._crew(tx, members),
            )
        else:
            login = line(account or "", "account")
            shift = Shift(
                id=new_id(tx.now),
                seat=check_seat(str(seat)),
                starts_at=starts_at,
                ends_at=ends_at,
                crew=(Hand(id=ACCOUNT + login, name=self._name_of(tx, login)),),
            )
        shift = self._rested(tx, shift)
        self._must_be_one_place(tx, shift)
        sql.save_shift(tx, shift, people=shift.people)
        tx.record(
            ShiftPlanned(
                **_post(shift),
                starts_at=starts_at,
                ends_at=ends_at,
                members=shift.people,
                warnings=shift.warnings(self.rules),
            )
        )
        return self._after(tx, shift, reason=reason)

    def edit(
        self,
        tx: Tx,
        shift_id: str,
        *,
        starts_at: Instant | None = None,
        ends_at: Instant | None = None,
        members: Sequence[str] | None = None,
        reason: str | None = None,
        held: int | None = None,
    ) -> Shift:
        """Other times, other people; what is given changes, the rest stands."""
        self._gate.require(tx.actor, "rosters.edit")
        was = sql.get_shift(tx, shift_id)
        was.must_hold(held)
        crew = None if members is None else self._crew(tx, members)
        new = self._rested(tx, was.change(starts_at=starts_at, ends_at=ends_at, crew=crew, now=tx.now))
        if new == was:
            return was
        self._must_be_one_place(tx, new)
        self._save_changed(tx, was, new)
        return self._after(tx, new, reason=reason, before=was.people)

    def sign_on(
        self, tx: Tx, shift_id: str, *, at: Instant | None = None, reason: str | None = None
    ) -> Shift:
        """The crew is aboard: its unit has it, until when, and what it brings."""
        was = sql.get_shift(tx, shift_id)
        self._must_sign(tx.actor, was)
        new = self._rested(tx, was.sign_on(at=at, now=tx.now))
        other = sql.aboard(tx, new.unit_id) if new.unit_id else sql.seated(tx, new.seat or "")
        if other is not None and other.id != new.id:
            raise Refused("post-manned", post=new.post, others=_names(other))
        self._must_be_one_place(tx, new)
        warnings = new.warnings(self.rules)
        if warnings != was.warnings(self.rules):
            new = new.unjustified()
        sql.save_shift(tx, new)
        begun = new.begin
        tx.record(
            ShiftSignedOn(
                **_post(new),
                at=begun,
                ends_at=new.ends_at,
                members=new.people,
                brings=new.brings,
                warnings=warnings,
            ),
            at=min(begun, tx.now),
        )
        return self._after(tx, new, reason=reason)

    def sign_off(self, tx: Tx, shift_id: str, *, at: Instant | None = None) -> Shift:
        """The crew goes home; its unit has nobody aboard until the next signs on."""
        was = sql.get_shift(tx, shift_id)
        self._must_sign(tx.actor, was)
        new = was.sign_off(at=at, now=tx.now)
        sql.save_shift(tx, new)
        tx.record(
            ShiftSignedOff(**_post(new), at=new.end, on_at=new.begin, members=new.people),
            at=min(new.end, tx.now),
        )
        return self._after(tx, new)

    def cancel(self, tx: Tx, shift_id: str, *, held: int | None = None) -> Shift:
        """It will not take place."""
        self._gate.require(tx.actor, "rosters.edit")
        was = sql.get_shift(tx, shift_id)
        was.must_hold(held)
        new = was.cancel()
        sql.save_shift(tx, new)
        tx.record(ShiftCancelled(**_post(new), members=new.people))
        return self._after(tx, new)

    def justify(self, tx: Tx, shift_id: str, reason: str) -> Shift:
        """Puts on the record why the warnings of a shift are passed over."""
        was = sql.get_shift(tx, shift_id)
        self._must_sign(tx.actor, was)
        self._justify(tx, was, reason)
        return sql.get_shift(tx, shift_id)

    # -- shifts: looks -----------------------------------------------------------------------

    def may_read_words(self, actor: Actor) -> bool:
        """Whether rows for this actor carry reasons in somebody's own words."""
        return self._gate.allows(actor, "rosters.read_words")

    def shift(self, reader: Reader, actor: Actor, shift_id: str) -> Shift:
        """The shift; absent for who may not see it. A crew sees its own unit's."""
        found = sql.get_shift(reader, shift_id)
        crew = actor.role == "field_unit"
        if not self._gate.allows(actor, "rosters.see") or (crew and found.unit_id != actor.unit_id):
            raise NotFound("shift-none", id=shift_id)
        return found

    def shifts(
        self, reader: Reader, actor: Actor, since: Instant, until: Instant, *, after: int, limit: int
    ) -> list[Shift]:
        """Those of which any part lies between, in the order in which they were planned."""
        self._see_all(actor)
        return sql.shifts_between(reader, since, until, after=after, limit=limit)

    def seat_of(self, reader: Reader, login: str) -> str | None:
        """The seat at which an account is on duty now."""
        return next(
            (shift.seat for shift in sql.open_of(reader, ACCOUNT + login) if shift.state == "on_duty"), None
        )

    # -- what other domains' facts mean here --------------------------------------------------

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Words that were erased leave the rows that showed them."""
        sql.touch_sealed(tx, fact.sealed)

    # -- inside ------------------------------------------------------------------------------

    def _see_all(self, actor: Actor) -> None:
        self._gate.require(actor, "rosters.see")
        if actor.role == "field_unit":
            # Whole lists are for the room; a crew has its own unit's shifts on the live picture.
            self._gate.require(actor, "rosters.edit")

    def _must_sign(self, actor: Actor, shift: Shift) -> None:
        own = (actor.unit_id is not None and actor.unit_id == shift.unit_id) or (
            shift.seat is not None and shift.people == (ACCOUNT + actor.id,)
        )
        self._gate.require(actor, "rosters.sign", own=own)

    def _qualifications(self, codes: Sequence[str]) -> tuple[str, ...]:
        for code in codes:
            self._vocabulary.usable("capabilities", code)
        return check_qualifications(codes)

    def _crew(self, tx: Tx, members: Sequence[str]) -> tuple[Hand, ...]:
        return tuple(_hand(sql.get_member(tx, key).must_serve()) for key in check_crew(members))

    def _rested(self, tx: Tx, shift: Shift) -> Shift:
        before = {hand.id: sql.off_since(tx, hand.id, shift, tx.now) for hand in shift.crew}
        now = {
            hand.id: _hand(sql.get_member(tx, hand.id))
            for hand in shift.crew
            if not hand.id.startswith(ACCOUNT)
        }
        return shift.rested(before, now)

    def _must_be_one_place(self, tx: Tx, shift: Shift) -> None:
        for hand in shift.crew:
            for other in sql.open_of(tx, hand.id):
                if shift.overlaps(other):
                    raise Refused("member-in-two-places", name=hand.name, post=other.post)

    def _save_changed(self, tx: Tx, was: Shift, new: Shift) -> None:
        warnings = new.warnings(self.rules)
        if warnings != was.warnings(self.rules):
            new = new.unjustified()
        sql.save_shift(tx, new, people=new.people)
        tx.record(
            ShiftChanged(
                **_post(new),
                starts_at=new.starts_at,
                ends_at=new.ends_at,
                members=new.people,
                was=was.people,
                aboard=new.state == "on_duty",
                brings=new.brings,
                warnings=warnings,
            )
        )

    def _after(self, tx: Tx, shift: Shift, *, reason: str | None = None, before: Sequence[str] = ()) -> Shift:
        """What the change means for other shifts of the same people; then the reason, if one was given."""
        for person in dict.fromkeys((*shift.people, *before)):
            for other in sql.open_of(tx, person):
                new = other if other.id == shift.id else self._rested(tx, other)
                if new != other:
                    if new.warnings(self.rules) != other.warnings(self.rules):
                        new = new.unjustified()
                    sql.save_shift(tx, new, seq=tx.seq)
        stands = sql.get_shift(tx, shift.id)
        if reason is not None and stands.warnings(self.rules):
            self._justify(tx, stands, reason)
        return sql.get_shift(tx, shift.id)

    def _justify(self, tx: Tx, shift: Shift, reason: str) -> None:
        code, sealed = self._reason(tx, shift.id, reason)
        new = shift.justify(code, None if sealed is None else sealed.sealed, by=tx.actor.id)
        sql.save_shift(tx, replace(new, reason_words=None))
        tx.record(
            ShiftJustified(**_post(new), reason=code, words=sealed, warnings=shift.warnings(self.rules))
        )

    def _reason(self, tx: Tx, shift_id: str, reason: str) -> tuple[str | None, Sealed | None]:
        """A reason as its code where it is one of the vocabulary's, else as sealed words."""
        text = words(reason, "reason", chars_max=REASON_CHARS_MAX).strip()
        term = self._vocabulary.tables["duty_reasons"].get(text)
        if term is not None and not term.retired:
            return text, None
        return None, tx.seal(
            subject=f"shift/{shift_id}", field="reason", kind="words", value=text, keep_for=KEEP_WORDS_FOR
        )


def _hand(member: Member) -> Hand:
    return Hand(id=member.id, name=member.number, qualifications=member.qualifications)


def _names(shift: Shift) -> str:
    return ", ".join(hand.name for hand in shift.crew)


def _post(shift: Shift) -> dict[str, Any]:
    return {"id": shift.id, "unit_id": shift.unit_id, "callsign": shift.callsign, "seat": shift.seat}
