"""A call, its call-back debt and a promise decide what may happen to them. Pure: time comes in."""

import unicodedata
from typing import Literal

import msgspec
from msgspec.structs import replace

from lanbi.core.access import Person
from lanbi.core.errors import Conflict, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.time import DAY, MINUTE, SECOND, Instant

# People tell each other so: "call me back in ten minutes".
CALLBACK_DUE_S = 600
NUMBER_DIGITS_MIN = 3
NUMBER_DIGITS_MAX = 15  # ITU-T E.164
NUMBER_CHARS_MAX = 60
LINE_DIGITS_CLEAR_MAX = 4
WORDS_PIECES_MAX = 200
CARD_ANSWERS_MAX = 300
# Long enough to reach the key, short enough that a claim left behind delays nobody.
CLAIM_FOR: Instant = 10 * SECOND
EXCERPT_CHARS_MAX = 500
EXCERPT_STEP_BACK_CHARS_MAX = 16
PROMISE_DUE_MAX: Instant = 7 * DAY
# An import may name a time shortly ahead: the clock of the other system is not ours.
OFFERED_AHEAD_MAX: Instant = 2 * MINUTE

CallState = Literal["offered", "answered", "ended", "abandoned"]
CallbackOutcome = Literal["reached", "no_answer", "settled"]
PromiseOutcome = Literal["kept", "released", "broken"]

TEXT_CHANNELS = frozenset({"sms", "web"})

_DIGITS = frozenset("0123456789")
# What people write between digits, and the marks that telephones wrap around a pasted number.
_BETWEEN_DIGITS = frozenset(
    " \t.-/()\u00a0\u202f\u2009\u2010\u2011\u2012\u2013\u200e\u200f\u202a\u202c\u202d"
)
_HAITI = "509"
_HAITI_DIGITS = 11
_JOINER = "\u200d"
_SKIN_TONES = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")


def read_number(text: str) -> str:
    """A telephone number as digits, with a `+` in front where its country is given.

    Raises `Malformed("number-unreadable")` for anything but 3 to 15 digits with the
    usual marks between them. What was given is not repeated: it is somebody's number.
    """
    bare = "".join(char for char in text[: NUMBER_CHARS_MAX + 1] if char not in _BETWEEN_DIGITS)
    plus = bare.startswith("+")
    digits = bare[1:] if plus else bare
    if not plus and digits.startswith("00"):  # the international prefix, ITU-T E.123
        plus, digits = True, digits[2:]
    if (
        len(text) > NUMBER_CHARS_MAX
        or not NUMBER_DIGITS_MIN <= len(digits) <= NUMBER_DIGITS_MAX
        or not _DIGITS.issuperset(digits)
    ):
        raise Malformed("number-unreadable", least=NUMBER_DIGITS_MIN, limit=NUMBER_DIGITS_MAX)
    return f"+{digits}" if plus else digits


def mask_number(number: str) -> str:
    """What the floor sees of a number from `read_number`: `+509 ·· ·· 01 42`.

    At most four digits at the end, and never more than half of them; of the front,
    only Haiti's own code.
    """
    digits = number.removeprefix("+")
    clear = min(LINE_DIGITS_CLEAR_MAX, len(digits) // 2)
    hidden = "·" * (len(digits) - clear) + digits[len(digits) - clear :]
    if digits.startswith(_HAITI) and len(digits) == _HAITI_DIGITS:
        return f"+{_HAITI} {_in_pairs(hidden[len(_HAITI) :])}"
    return f"{'+' if number.startswith('+') else ''}{_in_pairs(hidden)}"


def _in_pairs(text: str) -> str:
    odd = len(text) % 2
    pairs = [text[start : start + 2] for start in range(odd, len(text), 2)]
    return " ".join(([text[:odd]] if odd else []) + pairs)


def excerpt(text: str) -> str:
    """The beginning of a text, at most 500 characters; an ellipsis says that there is more.

    The cut does not part a letter from its accents or an emoji from what is joined to it.
    """
    if len(text) <= EXCERPT_CHARS_MAX:
        return text
    cut = EXCERPT_CHARS_MAX - 1
    for end in range(cut, cut - EXCERPT_STEP_BACK_CHARS_MAX, -1):
        if not _goes_on(text[end]) and text[end - 1] != _JOINER:
            cut = end
            break
    return text[:cut] + "…"


def _goes_on(char: str) -> bool:
    """Whether this code point belongs to the character before it."""
    return char == _JOINER or char in _SKIN_TONES or unicodedata.category(char).startswith("M")


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """A missed call is a debt: somebody must call back before `due_at`.

    `attempts`: how many times somebody called; `outcome`: of the last attempt.
    """

    due_at: Instant
    attempts: int = 0
    settled_at: Instant | None = None
    outcome: str | None = None


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Words as they were said or written, or a transcription of them; `words` is None once erased."""

    words: str | None
    lang: str | None
    at: Instant
    by: Person


class CardAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered to one question of a card, as it stands: a code or a figure, or free words.

    `words` is read through the seal, and is None once erased.
    """

    card: str
    question: str
    answer: str | None
    words: str | None
    lang: str | None
    at: Instant
    by: Person


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who turned to this room, by voice or by text.

    `line`: the masked number. `…_sealed`: ids of sealed values; what they hold is read
    through the seal: `words` (the first piece) and the words of `area` are None and ""
    once erased, and are never written back. `…_seq`: the version at which that field
    was last changed. `claimed_by`: who means to take it, until `claimed_until`.
    `held_at`: since when the caller waits on the line. `answers`: to the cards' questions,
    as they stand; read with the row, written by themselves.
    """

    id: str
    number: int
    channel: str
    offered_at: Instant
    state: CallState = "offered"
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    line: str | None = None
    line_sealed: str | None = None
    name_sealed: str | None = None
    lang: str | None = None
    area: Area | None = None
    place_sealed: str | None = None
    taken_by: Person | None = None
    incident_id: str | None = None
    words: str | None = None
    words_sealed: str | None = None
    words_count: int = 0
    callback: Callback | None = None
    claimed_by: Person | None = None
    claimed_until: Instant | None = None
    held_at: Instant | None = None
    answers_count: int = 0
    answers: tuple[CardAnswer, ...] = ()
    lang_seq: int = 0
    area_seq: int = 0
    seq: int = 0

    @property
    def owed(self) -> bool:
        """Whether somebody still has to call back."""
        return self.callback is not None and self.callback.settled_at is None

    @property
    def pictured(self) -> bool:
        """Whether it stands on the live picture: it rings, somebody is on the line, or it is owed."""
        return self.state in {"offered", "answered"} or self.owed

    def _must_hold(self, field: str, field_seq: int, held: int | None, now: object) -> None:
        if held is not None and held < field_seq:
            raise Conflict("edited-meanwhile", field=field, number=self.number, now=now, version=self.seq)

    def answer(self, *, by: Person, at: Instant) -> "Call":
        """Taken by one person. Whoever has it already keeps it; a second tap changes nothing."""
        if self.state == "answered" and self.taken_by is not None:
            if self.taken_by.id == by.id:
                return self
            raise Refused("call-taken", by=self.taken_by.name, number=self.number)
        if self.state != "offered":
            raise Refused("call-over", number=self.number, state=self.state)
        return replace(
            self, state="answered", answered_at=at, taken_by=by, claimed_by=None, claimed_until=None
        )

    def claim(self, *, by: Person, at: Instant) -> "Call":
        """Tells the others that this person takes it. It binds nobody: whoever answers first has the call.

        While a claim lasts, somebody else's is refused and one's own changes nothing.
        """
        if self.state != "offered":
            raise Refused("call-not-ringing", number=self.number, state=self.state)
        if self.claimed_by is not None and self.claimed_until is not None and at < self.claimed_until:
            if self.claimed_by.id == by.id:
                return self
            raise Refused("call-claimed", by=self.claimed_by.name, number=self.number)
        return replace(self, claimed_by=by, claimed_until=at + CLAIM_FOR)

    def hold(self, *, at: Instant) -> "Call":
        """The caller waits while somebody else is spoken to; a second tap changes nothing."""
        if self.state != "answered":
            raise Refused("call-not-answered", number=self.number, state=self.state)
        return self if self.held_at is not None else replace(self, held_at=at)

    def resume(self) -> "Call":
        """Back on the line; a call that is not held stays as it is."""
        if self.state != "answered":
            raise Refused("call-not-answered", number=self.number, state=self.state)
        return self if self.held_at is None else replace(self, held_at=None)

    def add_answer(self) -> "Call":
        """One answer more to a card's questions; in any state, since much is understood late."""
        if self.answers_count >= CARD_ANSWERS_MAX:
            raise Refused("answers-full", number=self.number, limit=CARD_ANSWERS_MAX)
        return replace(self, answers_count=self.answers_count + 1)

    def abandon(self, *, at: Instant, due_in: Instant) -> "Call":
        """Nobody answered in time; where there is a number, somebody owes a call back within `due_in`."""
        if self.channel in TEXT_CHANNELS:
            raise Refused("text-waits", number=self.number)
        if self.state != "offered":
            raise Refused("call-not-ringing", number=self.number, state=self.state)
        debt = None if self.line_sealed is None else Callback(due_at=at + due_in)
        return replace(
            self, state="abandoned", ended_at=at, callback=debt, claimed_by=None, claimed_until=None
        )

    def end(self, *, at: Instant) -> "Call":
        if self.state != "answered":
            raise Refused("call-not-answered", number=self.number, state=self.state)
        return replace(self, state="ended", ended_at=at, held_at=None)

    def locate(self, area: Area, *, seq: int, held: int | None) -> "Call":
        """Also after the call: a place is often understood late."""
        self._must_hold("area", self.area_seq, held, None if self.area is None else self.area.words)
        return replace(self, area=area, area_seq=seq)

    def set_language(self, lang: str, *, seq: int, held: int | None) -> "Call":
        self._must_hold("lang", self.lang_seq, held, self.lang)
        return replace(self, lang=lang, lang_seq=seq)

    def add_words(self, sealed: str) -> "Call":
        """One piece more; the first stays the first."""
        if self.words_count >= WORDS_PIECES_MAX:
            raise Refused("words-full", number=self.number, limit=WORDS_PIECES_MAX)
        first = sealed if self.words_count == 0 else self.words_sealed
        return replace(self, words_sealed=first, words_count=self.words_count + 1)

    def join(self, incident_id: str) -> "Call":
        if self.incident_id is not None:
            raise Refused("call-joined", number=self.number, incident_id=self.incident_id)
        return replace(self, incident_id=incident_id)

    def unjoin(self) -> "Call":
        if self.incident_id is None:
            raise Refused("call-not-joined", number=self.number)
        return replace(self, incident_id=None)

    def call_back(self, outcome: CallbackOutcome, *, at: Instant) -> "Call":
        """`reached` and `no_answer` are attempts; `reached` and `settled` (no longer needed) end it."""
        debt = self.callback
        if debt is None:
            raise Refused("callback-none", number=self.number)
        if debt.settled_at is not None:
            raise Refused("callback-settled", number=self.number)
        return replace(
            self,
            callback=replace(
                debt,
                attempts=debt.attempts + (outcome != "settled"),
                settled_at=None if outcome == "no_answer" else at,
                outcome=outcome,
            ),
        )


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What the floor said it would do, by when, and who must see to it.

    `words` is read through the seal, as in `Call`. `made_seq`: the entry that made it.
    """

    id: str
    kind: str
    owner: Person
    made_at: Instant
    due_at: Instant
    call_id: str | None = None
    incident_id: str | None = None
    words: str | None = None
    words_sealed: str | None = None
    settled_at: Instant | None = None
    settled_by: str | None = None
    outcome: str | None = None
    made_seq: int = 0
    seq: int = 0

    def settle(self, outcome: PromiseOutcome, *, by: str, at: Instant) -> "Promise":
        """Once only: what became of a promise is not rewritten."""
        if self.settled_at is not None:
            raise Refused("promise-settled", outcome=self.outcome)
        return replace(self, outcome=outcome, settled_at=at, settled_by=by)


def due_of(*, now: Instant, due_in_s: int | None, due_at: Instant | None, usual_s: int) -> Instant:
    """When a promise is due: as told, or after what its kind usually gives.

    Raises `Malformed("due-twice")` where both are told, `Malformed("due-impossible")`
    for a time that has passed or lies more than seven days ahead.
    """
    if due_in_s is not None and due_at is not None:
        raise Malformed("due-twice")
    if due_at is None:
        due_at = now + (usual_s if due_in_s is None else due_in_s) * SECOND
    if not now < due_at <= now + PROMISE_DUE_MAX:
        raise Malformed("due-impossible", days=PROMISE_DUE_MAX // DAY)
    return due_at
