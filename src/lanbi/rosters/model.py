"""Members and shifts decide what may happen to them. Pure: time, rules and identity are handed in.

A shift is a unit's crew, or one account at a seat of the floor. What would tire people is a warning,
with a place for the reason why it was passed over; it never stops a shift, since on the worst night
there is nobody else. What cannot be, one person in two places, is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.text import line
from lanbi.core.time import DAY, HOUR, MINUTE, Instant
from lanbi.rosters.events import WarningFact

NUMBER_CHARS_MAX = 16
SEAT_CHARS_MAX = 24
QUALIFICATIONS_MAX = 24
CREW_MAX = 40
SHIFT_MAX: Instant = 48 * HOUR
SHIFT_MIN: Instant = 5 * MINUTE
PLANNED_AHEAD_MAX: Instant = 92 * DAY
# A sheet of paper may be typed in after the night that it is about.
LATE_MAX: Instant = 24 * HOUR
AHEAD_MAX: Instant = 2 * MINUTE
# The picture: what ended within so long before, what begins within so long after.
SHOWN_BEFORE: Instant = 24 * HOUR
SHOWN_AFTER: Instant = 24 * HOUR

State = Literal["planned", "on_duty", "ended"]


class Rules(msgspec.Struct, frozen=True):
    """Hours of the vocabulary `duty_rules`."""

    rest_min_h: float
    duty_max_h: float


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who goes out with a unit. The name is sealed; `number` is what a colleague reads.

    `qualifications`: codes of the vocabulary `capabilities`, which a unit has while this person is aboard.
    """

    id: str
    number: str
    name_sealed: str
    qualifications: tuple[str, ...]
    enrolled_at: Instant
    retired_at: Instant | None = None
    seq: int = 0

    def must_serve(self) -> "Member":
        if self.retired_at is not None:
            raise Refused("member-retired", number=self.number)
        return self

    def qualify(self, qualifications: Sequence[str]) -> "Member":
        self.must_serve()
        return replace(self, qualifications=check_qualifications(qualifications))

    def retire(self, at: Instant) -> "Member":
        self.must_serve()
        return replace(self, retired_at=at)


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """One of a shift's people. `off_since`: when their last shift before this one ended, if there was any.

    `id`: a member's, or "account/<login>"; `name`: the service number, or the account's name.
    """

    id: str
    name: str
    qualifications: tuple[str, ...] = ()
    off_since: Instant | None = None


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """From when to when, with whom. `on_at`, `off_at`: when it truly began and ended.

    A shift that ended without `on_at` did not take place.
    """

    id: str
    starts_at: Instant
    ends_at: Instant
    crew: tuple[Hand, ...]
    unit_id: str | None = None
    callsign: str | None = None
    seat: str | None = None
    state: State = "planned"
    on_at: Instant | None = None
    off_at: Instant | None = None
    reason: str | None = None
    reason_sealed: str | None = None
    reason_words: str | None = None
    reason_by: str | None = None
    made_seq: int = 0
    seq: int = 0

    @property
    def post(self) -> str:
        """What a person calls it: the callsign, or the seat."""
        return self.callsign or self.seat or ""

    @property
    def begin(self) -> Instant:
        return self.starts_at if self.on_at is None else self.on_at

    @property
    def end(self) -> Instant:
        return self.ends_at if self.off_at is None else self.off_at

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(hand.id for hand in self.crew)

    @property
    def brings(self) -> tuple[str, ...]:
        """What the crew can do together, each once, in the order of the crew."""
        return tuple(dict.fromkeys(code for hand in self.crew for code in hand.qualifications))

    @property
    def justified(self) -> bool:
        return self.reason is not None or self.reason_sealed is not None

    def shown(self, now: Instant) -> bool:
        """Whether it stands on the picture: on duty, ended a day ago at most, or beginning within a day."""
        if self.state == "on_duty":
            return True
        if self.state == "ended" and self.on_at is None:
            return False
        return self.end > now - SHOWN_BEFORE and self.begin <= now + SHOWN_AFTER

    def warnings(self, rules: Rules) -> tuple[WarningFact, ...]:
        """What of rest and duty it does not keep, person by person; then for all of them its length."""
        if self.state == "ended":
            return ()
        found = [
            WarningFact("rest_short", hand.id, _hours(max(0, self.begin - hand.off_since)), rules.rest_min_h)
            for hand in self.crew
            if hand.off_since is not None and self.begin - hand.off_since < rules.rest_min_h * HOUR
        ]
        if self.end - self.begin > rules.duty_max_h * HOUR:
            found.append(WarningFact("duty_long", None, _hours(self.end - self.begin), rules.duty_max_h))
        return tuple(found)

    def overlaps(self, other: "Shift") -> bool:
        """Whether one person cannot be in both. Who is on duty past the end is on duty still, and an
        early sign-on takes the hours of whoever planned them."""
        if self.id == other.id or "ended" in (self.state, other.state):
            return False
        if self.state == other.state == "on_duty":
            return True
        return self.begin < other.end and other.begin < self.end

    def must_hold(self, held: int | None) -> None:
        """Raises `Conflict` when the sender saw an older version than this."""
        if held is not None and held < self.seq:
            raise Conflict("shift-changed", post=self.post, version=self.seq)

    def change(
        self,
        *,
        starts_at: Instant | None,
        ends_at: Instant | None,
        crew: tuple[Hand, ...] | None,
        now: Instant,
    ) -> "Shift":
        """Other times or another crew. Of a shift on duty the beginning stands."""
        self._must_go_on()
        if starts_at is not None and self.state == "on_duty":
            raise Refused("shift-begun", post=self.post)
        new = replace(
            self,
            starts_at=self.starts_at if starts_at is None else starts_at,
            ends_at=self.ends_at if ends_at is None else ends_at,
            crew=self.crew if crew is None else crew,
        )
        check_span(new.begin, new.ends_at, now)
        if self.seat is not None and new.people != self.people:
            raise Refused("seat-account-fixed", post=self.post)
        return new

    def sign_on(self, *, at: Instant | None, now: Instant) -> "Shift":
        """It begins, now or at a time entered late. One that should be over by its plan needs a new end."""
        if self.state == "on_duty":
            raise Refused("shift-on-duty", post=self.post)
        self._must_go_on()
        begin = check_late(at, now)
        if self.ends_at <= begin:
            raise Refused("shift-past", post=self.post)
        return replace(self, state="on_duty", on_at=begin)

    def sign_off(self, *, at: Instant | None, now: Instant) -> "Shift":
        self._must_go_on()
        if self.on_at is None:
            raise Refused("shift-not-begun", post=self.post)
        end = check_late(at, now)
        if end < self.on_at:
            raise Refused("shift-ends-before", post=self.post)
        return replace(self, state="ended", off_at=end)

    def cancel(self) -> "Shift":
        """It will not take place."""
        self._must_go_on()
        if self.state == "on_duty":
            raise Refused("shift-begun", post=self.post)
        return replace(self, state="ended")

    def justify(self, code: str | None, sealed: str | None, *, by: str) -> "Shift":
        """Says why its warnings are passed over."""
        self._must_go_on()
        return replace(self, reason=code, reason_sealed=sealed, reason_by=by)

    def rested(self, before: Mapping[str, Instant | None], numbers: Mapping[str, Hand]) -> "Shift":
        """The same with what its people last did, and with what they are qualified for now."""
        crew = tuple(
            Hand(
                id=hand.id,
                name=numbers.get(hand.id, hand).name,
                qualifications=numbers.get(hand.id, hand).qualifications,
                off_since=before.get(hand.id),
            )
            for hand in self.crew
        )
        return self if crew == self.crew else replace(self, crew=crew)

    def unjustified(self) -> "Shift":
        """The same without a reason: it was given for warnings that are others now."""
        return replace(self, reason=None, reason_sealed=None, reason_words=None, reason_by=None)

    def _must_go_on(self) -> None:
        if self.state == "ended":
            raise Refused("shift-ended", post=self.post)


def _hours(span: Instant) -> float:
    return round(span / HOUR, 1)


def check_number(number: str) -> str:
    """A service number: 1 to 16 letters, digits and dashes; `Malformed("member-number-unusable")`."""
    number = line(number, "number", chars_max=NUMBER_CHARS_MAX)
    if not all(char in "-." or char.isalnum() for char in number):
        raise Malformed("member-number-unusable", given=number, limit=NUMBER_CHARS_MAX)
    return number


def check_seat(seat: str) -> str:
    """What a seat is called: one line of 1 to 24 characters."""
    return line(seat, "seat", chars_max=SEAT_CHARS_MAX)


def check_qualifications(codes: Sequence[str]) -> tuple[str, ...]:
    """Each once; `Refused("qualifications-full")` over 24."""
    found = tuple(dict.fromkeys(codes))
    if len(found) > QUALIFICATIONS_MAX:
        raise Refused("qualifications-full", limit=QUALIFICATIONS_MAX)
    return found


def check_span(begin: Instant, end: Instant, now: Instant) -> None:
    """From five minutes to 48 hours, and not farther ahead than a quarter; `Malformed("shift-span")`."""
    if not SHIFT_MIN <= end - begin <= SHIFT_MAX:
        raise Malformed("shift-span", least=SHIFT_MIN // MINUTE, most=SHIFT_MAX // HOUR)
    if begin > now + PLANNED_AHEAD_MAX:
        raise Malformed("shift-far", most=PLANNED_AHEAD_MAX // DAY)


def check_late(at: Instant | None, now: Instant) -> Instant:
    """The time given if it lies within the last day, or now; `Malformed("shift-time-off")`."""
    if at is None:
        return now
    if not now - LATE_MAX <= at <= now + AHEAD_MAX:
        raise Malformed("shift-time-off", most=LATE_MAX // HOUR)
    return at


def check_crew(people: Sequence[str]) -> tuple[str, ...]:
    """Each once, one at least, 40 at most; `Malformed("shift-crew")`."""
    found = tuple(dict.fromkeys(people))
    if not 1 <= len(found) <= CREW_MAX:
        raise Malformed("shift-crew", most=CREW_MAX)
    return found
