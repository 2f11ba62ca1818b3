"""What a tip lets happen to it; no store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lanbi.core.errors import LanbiError
from lanbi.core.time import DAY, MINUTE
from lanbi.tips.model import (
    CAME_AT_STEP,
    COPIED_WORDS_MAX,
    PIECES_MAX,
    Retention,
    Tip,
    check_own_words,
    check_passphrase,
    rounded,
)
from stores import NIGHT

KEEP = Retention(open_for=180 * DAY, closed_for=30 * DAY)
NEW = Tip(
    id="t",
    number=1,
    taken_in_at=NIGHT,
    lookup=b"l",
    reader_key=b"k",
    compartment="c",
    erase_at=NIGHT + 180 * DAY,
)
READ = NEW.was_read()
GRADED = READ.grade("B", "2", "high")


def code_of(work) -> str:
    with pytest.raises(LanbiError) as caught:
        work()
    return caught.value.code


def test_nothing_is_decided_about_words_that_nobody_read() -> None:
    for decide in (
        lambda tip: tip.grade("F", "6", "low"),
        lambda tip: tip.reply(),
        lambda tip: tip.follow(NIGHT, KEEP),
        lambda tip: tip.close("handled", NIGHT, KEEP),
    ):
        assert code_of(lambda d=decide: d(NEW)) == "tips-unread"
        decide(READ)


def test_only_a_graded_tip_goes_to_the_floor() -> None:
    assert code_of(READ.may_pass_on) == "tips-ungraded"
    GRADED.may_pass_on()
    passed = GRADED.pass_on(NIGHT, KEEP)
    assert (passed.state, passed.erase_at) == ("passed_on", NIGHT + 30 * DAY)
    assert code_of(passed.may_pass_on) == "tips-ended"


def test_a_closed_tip_is_new_again_when_words_come() -> None:
    closed = GRADED.close("nothing_to_do", NIGHT, KEEP)
    assert (closed.state, closed.outcome, closed.pictured) == ("closed", "nothing_to_do", False)
    assert code_of(lambda: closed.close("handled", NIGHT, KEEP)) == "tips-ended"
    again = closed.add_words(NIGHT + DAY, KEEP)
    assert (again.state, again.outcome, again.unread, again.pictured) == ("new", None, 1, True)
    assert again.erase_at == NIGHT + 181 * DAY
    assert again.was_read().state == "read"


def test_a_tip_taken_up_again_is_kept_as_long_as_any_at_work() -> None:
    closed = GRADED.close("nothing_to_do", NIGHT, KEEP)
    again = closed.follow(NIGHT + 29 * DAY, KEEP)
    assert (again.state, again.outcome, again.erase_at) == ("followed", None, NIGHT + 209 * DAY)
    assert GRADED.follow(NIGHT + DAY, KEEP).erase_at == GRADED.erase_at


def test_a_tip_takes_only_so_much() -> None:
    assert code_of(replace(READ, pieces=PIECES_MAX).reply) == "tips-full"
    assert replace(READ, pieces=PIECES_MAX - 1).reply().pieces == PIECES_MAX


def test_an_erased_tip_is_read_by_nobody() -> None:
    erased = GRADED.erase(NIGHT)
    assert (erased.lookup, erased.reader_key, erased.pictured) == (None, None, False)
    assert code_of(erased.was_read) == "tips-erased"
    assert code_of(lambda: erased.follow(NIGHT, KEEP)) == "tips-erased"


TOLD = "Gen de kamyon blan ki dechaje zam nan ansyen depo a chak lendi swa"


@pytest.mark.parametrize(
    "ours",
    [
        "Nou tande: gen DE kamyon blan, ki dechaje sou wout la",
        TOLD,
        "zam nan ansyen depo a chak",
    ],
)
def test_the_tipsters_own_words_do_not_leave(ours: str) -> None:
    assert code_of(lambda: check_own_words(ours, [TOLD])) == "tips-copied"


def test_the_desks_own_words_do() -> None:
    check_own_words("Yo fè konnen gen zam ki rive pa kamyon, lannwit, nan yon depo", [TOLD])
    check_own_words("nan ansyen depo a chak", [TOLD])


@given(st.lists(st.sampled_from(["zam", "depo", "kamyon", "swa", "blan"]), max_size=30), st.integers(0, 20))
def test_any_long_run_of_words_is_found(told: list[str], start: int) -> None:
    run = told[start : start + COPIED_WORDS_MAX + 1]
    if len(run) > COPIED_WORDS_MAX:
        assert code_of(lambda: check_own_words(f"Dapre nou {', '.join(run)} la", [" ".join(told)]))


@given(st.integers(NIGHT, NIGHT + DAY))
def test_when_it_came_is_said_no_finer_than_ten_minutes(at: int) -> None:
    assert 0 <= at - rounded(at) < CAME_AT_STEP
    assert rounded(at) % (10 * MINUTE) == 0


def test_a_passphrase_is_long() -> None:
    assert check_passphrase("a" * 16)
    assert code_of(lambda: check_passphrase("a" * 15)) == "tips-passphrase-short"
    assert code_of(lambda: check_passphrase("a" * 201)) == "tips-passphrase-short"
    assert code_of(lambda: check_passphrase("a" * 20 + "\n")) == "tips-passphrase-short"
