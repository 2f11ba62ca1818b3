"""What a call, a number, an excerpt and a promise may become: without store, time or network."""

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lanbi.calls.model import (
    EXCERPT_CHARS_MAX,
    WORDS_PIECES_MAX,
    Call,
    Promise,
    due_of,
    excerpt,
    mask_number,
    read_number,
)
from lanbi.core.access import Person
from lanbi.core.errors import Conflict, LanbiError, Malformed, Refused
from lanbi.core.geo import Area
from lanbi.core.time import DAY, SECOND

MARIE, PIERRE = Person("marie", "Marie"), Person("pierre", "Pierre")
DUE = 600 * SECOND


def ringing(**given) -> Call:
    return Call(**({"id": "c1", "number": 214, "channel": "voice", "offered_at": 1000} | given))


# -- numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+509 3456 0142", "+50934560142"),
        ("(509) 34-56-01.42", "50934560142"),
        ("00 509 34 56 01 42", "+50934560142"),
        ("\u202a+509\u00a034560142\u202c", "+50934560142"),
        ("34560142", "34560142"),
        ("114", "114"),
        ("+1 (809) 555-0142", "+18095550142"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert read_number(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "+",
            "11",
            "1234567890123456",
            "12a45",
            "+12+45",
            "509 345 \x00142",
            "٣٤٥٦٠١٤٢",
            "３４５６０１４２",
        ),
        *("12 ext 4", "\ud8003456", "0" * 10_000, " " * 10_000, "001"),
    ],
)
def test_what_is_no_number_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_number(typed)
    assert refused.value.code == "number-unreadable"
    assert typed not in [str(value) for value in refused.value.args_by_name.values()]


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("+50934560142", "+509 ·· ·· 01 42"),
        ("50934560142", "+509 ·· ·· 01 42"),
        ("34560142", "·· ·· 01 42"),
        ("+18095550142", "+· ·· ·· ·· 01 42"),
        ("5550142", "· ·· ·1 42"),
        ("114", "· ·4"),
        ("1140", "·· 40"),
    ],
)
def test_a_mask_shows_the_end_only(number: str, mask: str) -> None:
    assert mask_number(number) == mask


@given(st.from_regex(r"[1-9][0-9]{2,14}", fullmatch=True), st.booleans())
def test_no_mask_shows_more_than_four_digits_or_more_than_half(digits: str, plus: bool) -> None:
    number = read_number(("+" if plus else "") + digits)
    mask = mask_number(number)
    shown = mask.removeprefix("+509 ") if mask.startswith("+509 ") else mask
    clear = [char for char in shown if char.isdigit()]
    bare = number.removeprefix("+")
    assert len(clear) <= min(4, len(bare) // 2)
    assert bare.endswith("".join(clear))


@given(st.text(max_size=80))
def test_reading_a_number_gives_digits_or_a_refusal(text: str) -> None:
    try:
        number = read_number(text)
    except Malformed:
        return
    assert 3 <= len(number.removeprefix("+")) <= 15
    assert read_number(number) == number


# -- excerpts --------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, EXCERPT_CHARS_MAX])
def test_what_fits_is_shown_whole(length: int) -> None:
    assert excerpt("ò" * length) == "ò" * length


def test_what_is_longer_ends_in_an_ellipsis() -> None:
    assert excerpt("a" * 501) == "a" * 499 + "…"


@pytest.mark.parametrize(
    "whole",
    ["o\u0300", "👩\u200d🚒", "👍🏿", "न\u0940"],
    ids=["accent", "joined emoji", "skin tone", "vowel sign"],
)
@pytest.mark.parametrize("before", range(490, 500))
def test_the_cut_parts_nothing_that_belongs_together(whole: str, before: int) -> None:
    text = "a" * before + whole + "b" * 50
    shown = excerpt(text).removesuffix("…")
    assert text.startswith(shown)
    inside = len(shown) - before
    assert inside <= 0 or inside >= len(whole)


@given(st.text(max_size=700))
def test_an_excerpt_is_the_beginning(text: str) -> None:
    shown = excerpt(text)
    assert len(shown) <= EXCERPT_CHARS_MAX
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


def test_a_heap_of_accents_is_still_cut_short() -> None:
    heap = "o" + "\u0301" * 2_000
    assert all(unicodedata.combining(char) for char in heap[1:])
    assert EXCERPT_CHARS_MAX - 20 < len(excerpt(heap)) <= EXCERPT_CHARS_MAX


# -- a call's life ---------------------------------------------------------------------


def test_one_person_takes_a_call_and_a_second_tap_changes_nothing() -> None:
    taken = ringing().answer(by=MARIE, at=2000)
    assert (taken.state, taken.answered_at, taken.taken_by) == ("answered", 2000, MARIE)
    assert taken.answer(by=MARIE, at=3000) is taken
    with pytest.raises(Refused) as refused:
        taken.answer(by=PIERRE, at=3000)
    assert (refused.value.code, refused.value.args_by_name["by"]) == ("call-taken", "Marie")


def test_a_missed_call_with_a_number_is_a_debt() -> None:
    missed = ringing(line_sealed="s1").abandon(at=5000, due_in=DUE)
    assert missed.state == "abandoned"
    assert missed.callback is not None
    assert missed.callback.due_at == 5000 + DUE
    assert missed.owed
    assert missed.pictured


def test_a_missed_call_without_a_number_owes_nothing() -> None:
    missed = ringing().abandon(at=5000, due_in=DUE)
    assert (missed.state, missed.callback, missed.pictured) == ("abandoned", None, False)
    with pytest.raises(Refused, match="callback-none"):
        missed.call_back("reached", at=6000)


@pytest.mark.parametrize(("outcome", "attempts"), [("reached", 3), ("settled", 2)])
def test_attempts_are_counted_until_the_debt_is_settled(outcome, attempts: int) -> None:
    call = ringing(line_sealed="s1").abandon(at=5000, due_in=DUE)
    for at in (6000, 7000):
        call = call.call_back("no_answer", at=at)
        assert call.owed
    call = call.call_back(outcome, at=8000)
    assert call.callback is not None
    assert (call.callback.attempts, call.callback.settled_at, call.callback.outcome) == (
        attempts,
        8000,
        outcome,
    )
    assert not call.pictured
    with pytest.raises(Refused, match="callback-settled"):
        call.call_back("no_answer", at=9000)


@pytest.mark.parametrize("channel", ["sms", "web"])
def test_a_text_waits_until_somebody_answers(channel: str) -> None:
    text = ringing(channel=channel, line_sealed="s1")
    with pytest.raises(Refused, match="text-waits"):
        text.abandon(at=5000, due_in=DUE)
    assert text.answer(by=MARIE, at=9000).end(at=9500).state == "ended"


def test_who_edits_what_somebody_else_just_edited_is_told() -> None:
    here, there = Area(words="dèyè legliz la"), Area(words="anba mache a")
    call = ringing(seq=10).locate(here, seq=11, held=10)
    with pytest.raises(Conflict) as refused:
        call.locate(there, seq=12, held=10)
    assert refused.value.args_by_name["now"] == "dèyè legliz la"
    assert call.locate(there, seq=12, held=11).area == there
    assert call.locate(there, seq=12, held=None).area == there
    assert call.set_language("fr", seq=12, held=10).lang == "fr"


def test_the_first_words_stay_the_first_and_there_is_an_end_to_them() -> None:
    call = ringing()
    for piece in range(WORDS_PIECES_MAX):
        call = call.add_words(f"s{piece}")
    assert (call.words_sealed, call.words_count) == ("s0", WORDS_PIECES_MAX)
    with pytest.raises(Refused, match="words-full"):
        call.add_words("one more")


def test_a_call_is_about_one_incident_at_a_time() -> None:
    joined = ringing().join("i1")
    with pytest.raises(Refused, match="call-joined"):
        joined.join("i2")
    assert joined.unjoin().join("i2").incident_id == "i2"
    with pytest.raises(Refused, match="call-not-joined"):
        ringing().unjoin()


NEXT = {
    "offered": {"answer": "answered", "abandon": "abandoned"},
    "answered": {"answer": "answered", "end": "ended"},
    "ended": {},
    "abandoned": {},
}


class CallLife(RuleBasedStateMachine):
    """No order of commands brings a call where no call may be; what is refused changes nothing."""

    @initialize(channel=st.sampled_from(["voice", "sms", "web"]), number=st.booleans())
    def ring(self, channel: str, number: bool) -> None:
        self.call = ringing(channel=channel, line_sealed="s1" if number else None)
        self.now = 1000

    def _try(self, work) -> bool:
        before = msgspec.json.encode(self.call)
        self.now += 1
        try:
            self.call = work(self.call)
        except LanbiError:
            assert msgspec.json.encode(self.call) == before
            return False
        return True

    def _step(self, verb: str, work) -> None:
        was = self.call.state
        allowed = NEXT[was].get(verb)
        if self._try(work):
            assert self.call.state == allowed
        else:
            assert self.call.state == was

    @rule(by=st.sampled_from([MARIE, PIERRE]))
    def answer(self, by: Person) -> None:
        holder = self.call.taken_by
        self._step("answer", lambda call: call.answer(by=by, at=self.now))
        assert holder is None or self.call.taken_by == holder

    @rule()
    def abandon(self) -> None:
        self._step("abandon", lambda call: call.abandon(at=self.now, due_in=DUE))

    @rule()
    def end(self) -> None:
        self._step("end", lambda call: call.end(at=self.now))

    @rule(outcome=st.sampled_from(["reached", "no_answer", "settled"]))
    def call_back(self, outcome) -> None:
        owed, debt = self.call.owed, self.call.callback
        assert self._try(lambda call: call.call_back(outcome, at=self.now)) == owed
        if owed and debt is not None and self.call.callback is not None:
            assert self.call.callback.attempts == debt.attempts + (outcome != "settled")
            assert self.call.owed == (outcome == "no_answer")
            assert self.call.callback.due_at == debt.due_at

    @rule(incident=st.sampled_from(["i1", "i2"]))
    def join(self, incident: str) -> None:
        free = self.call.incident_id is None
        assert self._try(lambda call: call.join(incident)) == free

    @rule()
    def unjoin(self) -> None:
        joined = self.call.incident_id is not None
        assert self._try(lambda call: call.unjoin()) == joined

    @rule()
    def say(self) -> None:
        assert self._try(lambda call: call.add_words("s9"))

    @invariant()
    def it_can_be(self) -> None:
        call = getattr(self, "call", None)
        if call is None:
            return
        assert (call.state in ("answered", "ended")) == (call.answered_at is not None)
        assert (call.answered_at is None) == (call.taken_by is None)
        assert (call.state in ("ended", "abandoned")) == (call.ended_at is not None)
        assert (call.callback is not None) == (call.state == "abandoned" and call.line_sealed is not None)
        assert call.pictured == (call.state in ("offered", "answered") or call.owed)
        assert call.channel == "voice" or call.state != "abandoned"


TestCallLife = CallLife.TestCase


# -- promises --------------------------------------------------------------------------


def test_a_promise_is_due_as_told_or_as_its_kind_usually_is() -> None:
    assert due_of(now=1000, due_in_s=None, due_at=None, usual_s=600) == 1000 + 600 * SECOND
    assert due_of(now=1000, due_in_s=60, due_at=None, usual_s=600) == 1000 + 60 * SECOND
    assert due_of(now=1000, due_in_s=None, due_at=2000, usual_s=600) == 2000
    assert due_of(now=0, due_in_s=604_800, due_at=None, usual_s=600) == 7 * DAY


@pytest.mark.parametrize(
    ("due_in_s", "due_at", "code"),
    [
        (60, 2000, "due-twice"),
        (0, None, "due-impossible"),
        (-1, None, "due-impossible"),
        (604_801, None, "due-impossible"),
        (None, 1000, "due-impossible"),
        (None, 1001 + 7 * DAY, "due-impossible"),
        (10**30, None, "due-impossible"),
    ],
)
def test_a_promise_for_no_possible_time_is_refused(due_in_s, due_at, code: str) -> None:
    with pytest.raises(Malformed, match=code):
        due_of(now=1000, due_in_s=due_in_s, due_at=due_at, usual_s=600)


@given(st.lists(st.sampled_from(["kept", "released", "broken"]), min_size=1, max_size=5))
def test_what_became_of_a_promise_is_said_once(outcomes) -> None:
    promise = Promise(id="p1", kind="call_back", owner=MARIE, made_at=1, due_at=2)
    for at, outcome in enumerate(outcomes, start=10):
        try:
            promise = promise.settle(outcome, by="marie", at=at)
        except Refused as refused:
            assert refused.code == "promise-settled"
            assert refused.args_by_name["outcome"] == outcomes[0]
    assert (promise.outcome, promise.settled_at, promise.settled_by) == (outcomes[0], 10, "marie")
