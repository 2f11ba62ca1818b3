"""The public door: work before words, one bucket for all, and nobody is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, Refused, TooMany
from lanbi.tips.door import (
    BITS_MIN,
    EXPIRES_S,
    PLAIN_PIECES_MAX,
    PLAIN_REFILL_S,
    VOICE_PIECES_MAX,
    WORKED_PIECES_MAX,
    Door,
)
from stores import FixedClock
from tips.room import solve

EASY = 8


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    # The work is the same work, only less of it: many pieces are asked for here.
    monkeypatch.setattr("lanbi.tips.door.BITS_MIN", EASY)
    return FixedClock()


def worked(door: Door) -> dict[str, str]:
    given = door.challenge()
    return solve({"challenge": given.challenge, "bits": given.bits})


def refused(work) -> LanbiError:
    with pytest.raises(LanbiError) as caught:
        work()
    return caught.value


def test_work_that_was_done_lets_in_once(clock: FixedClock) -> None:
    door = Door(clock.monotonic)
    done = worked(door)
    door.let_in(**done)
    assert refused(lambda: door.let_in(**done)).code == "tips-work-spent"


def test_work_that_was_not_done_lets_nobody_in(clock: FixedClock) -> None:
    door = Door(clock.monotonic)
    challenge = door.challenge()
    wrong = next(
        str(guess)
        for guess in range(1_000)
        if str(guess) != solve({"challenge": challenge.challenge, "bits": challenge.bits})["answer"]
    )
    told = refused(lambda: door.let_in(challenge.challenge, wrong))
    assert isinstance(told, Malformed)
    assert refused(lambda: door.let_in(challenge.challenge, "9" * 17)).code == "tips-work-undone"
    door.let_in(**solve({"challenge": challenge.challenge, "bits": challenge.bits}))


def test_work_is_good_for_fifteen_minutes(clock: FixedClock) -> None:
    door = Door(clock.monotonic)
    early, late = worked(door), worked(door)
    clock.advance(EXPIRES_S - 1)
    door.let_in(**early)
    clock.advance(2)
    assert refused(lambda: door.let_in(**late)).code == "tips-work-stale"


def test_work_for_another_process_is_stale(clock: FixedClock) -> None:
    done = worked(Door(clock.monotonic))
    assert isinstance(refused(lambda: Door(clock.monotonic).let_in(**done)), Refused)


@given(st.text(max_size=200), st.text(max_size=20))
def test_whatever_is_sent_is_refused_in_words(challenge: str, answer: str) -> None:
    assert refused(lambda: Door(FixedClock().monotonic).let_in(challenge, answer)).code == "tips-work-stale"


def test_a_flood_makes_the_work_harder_and_then_shuts_the_door_for_a_while(clock: FixedClock) -> None:
    door = Door(clock.monotonic)
    asked = [door.challenge().bits]
    done = [worked(door) for _ in range(WORKED_PIECES_MAX + 1)]
    for piece in done[:-1]:
        door.let_in(**piece)
        asked.append(door.challenge().bits)
    assert asked == sorted(asked)
    assert asked[0] == EASY
    assert asked[-1] > asked[0] + 4
    told = refused(lambda: door.let_in(**done[-1]))
    assert isinstance(told, TooMany)
    clock.advance(float(str(told.args_by_name["retry_after_s"])))
    door.let_in(**done[-1])


def test_without_work_less_comes_in(clock: FixedClock) -> None:
    door = Door(clock.monotonic)
    for _ in range(PLAIN_PIECES_MAX):
        door.let_in_plain()
    assert refused(door.let_in_plain).code == "tips-door-full"
    clock.advance(PLAIN_REFILL_S)
    door.let_in_plain()
    for _ in range(VOICE_PIECES_MAX):
        door.let_in_voice()
    assert refused(door.let_in_voice).code == "tips-door-full"


def test_the_first_piece_of_work_is_for_a_cheap_telephone() -> None:
    assert Door(FixedClock().monotonic).challenge().bits == BITS_MIN <= 16
