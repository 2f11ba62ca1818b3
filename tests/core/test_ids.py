"""An id is a UUIDv7 that says when it was made, and never comes before an older one of the same process."""

import threading
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core import ids
from lanbi.core.errors import Malformed
from lanbi.core.ids import new_id, parse_id
from lanbi.core.time import DAY, INSTANT_MAX, SECOND, Instant

NOW: Instant = 1_795_319_232_345_678


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has made no id yet."""
    monkeypatch.setattr(ids, "_last", 0)


@given(st.integers(0, INSTANT_MAX))
def test_version_and_variant_are_those_of_rfc_9562(now: Instant) -> None:
    text = new_id(now)
    parsed = uuid.UUID(text)
    assert str(parsed) == text
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122


def test_the_first_48_bits_are_the_time_in_milliseconds() -> None:
    assert uuid.UUID(new_id(NOW)).int >> 80 == NOW // 1000
    assert uuid.UUID(new_id(NOW + DAY)).int >> 80 == (NOW + DAY) // 1000


@given(st.lists(st.integers(-2 * SECOND, 2 * SECOND), min_size=2, max_size=200))
def test_order_holds_when_the_clock_stands_still_or_goes_back(steps: list[int]) -> None:
    now, made = NOW, []
    for step in steps:
        made.append(new_id(now))
        now += step
    assert made == sorted(set(made))


def test_ids_made_while_the_clock_is_back_keep_nearly_the_last_time() -> None:
    last = uuid.UUID(new_id(NOW)).int >> 80
    for _ in range(1_000):
        assert (uuid.UUID(new_id(NOW - DAY)).int >> 80) - last <= 1


def test_threads_never_make_the_same_id() -> None:
    made: list[list[str]] = [[] for _ in range(4)]
    gate = threading.Barrier(len(made))

    def make(mine: list[str]) -> None:
        gate.wait()
        mine.extend(new_id(NOW) for _ in range(2_000))

    threads = [threading.Thread(target=make, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == sorted(mine) for mine in made)
    assert len({text for mine in made for text in mine}) == 8_000


def test_two_processes_at_the_same_moment_make_different_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    made = set()
    for _ in range(1_000):
        monkeypatch.setattr(ids, "_last", 0)
        made.add(new_id(NOW))
    assert len(made) == 1_000


@given(st.uuids())
def test_an_id_has_one_spelling(given_id: uuid.UUID) -> None:
    assert parse_id(str(given_id).upper()) == str(given_id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2417",
        "0192f000-0000-7000-8000",
        "0192f000000070008000000000000001",
        "0192f000-0000-7000-8000-00000000000g",
        "0192f000-0000-7000-8000-0000000000011",
        "٠192f000-0000-7000-8000-000000000001",
        "{0192f000-0000-7000-8000-000000000001}",
        "0192f000-0000-7000-8000-000000000001\n",
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_id(text)
    assert refused.value.code == "id-unreadable"
