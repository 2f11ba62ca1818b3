"""Clocks are set, drift and jump; the record's order never does, and it says where the clock did."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Busy
from lanbi.core.ports import Tx
from lanbi.core.time import DAY, SECOND
from store.homes import Home, ThingMade, TwoHands, make

PUT_SETTING = "INSERT INTO site_setting (name, value) VALUES (:name, :value)"
ENTRIES = "SELECT seq, kind, recorded_at, id, body FROM journal ORDER BY seq"


def journal(store: Any) -> list[tuple[int, str, int, str, Any]]:
    rows = store.read_now(lambda reader: reader.rows(ENTRIES))
    return [(seq, kind, at, name, json.loads(body)) for seq, kind, at, name, body in rows]


def steps(store: Any) -> list[int]:
    """By how many milliseconds the clock stepped, as the record has it."""
    return [body["by_ms"] for _, kind, _, _, body in journal(store) if kind == "record.clock_stepped"]


def in_order(store: Any) -> bool:
    """Times only go back where the record itself says so; numbers and ids never do."""
    last_at, last_id = 0, ""
    for place, (seq, kind, at, name, _) in enumerate(journal(store), start=1):
        if seq != place or name <= last_id or (at < last_at and kind != "record.clock_stepped"):
            return False
        last_at, last_id = at, name
    return True


@pytest.mark.parametrize("by_s", [-86_400, 3, 400 * 86_400])
def test_a_set_clock_stands_on_the_record(home: Home, by_s: int) -> None:
    clock = TwoHands()
    store = home.open_with_things(clock)
    store.write_now(SYSTEM, make("before"))
    clock.advance(10)
    clock.set_by(by_s)
    store.write_now(SYSTEM, make("after"))
    store.write_now(SYSTEM, make("later"))
    assert steps(store) == [by_s * 1000]
    assert in_order(store)
    at = {kind: at for _, kind, at, _, _ in journal(store)}
    assert at["record.clock_stepped"] == at["thing.made"] == clock.now()
    home.close()
    report = home.verify()
    assert report.ok, report.findings


@pytest.mark.parametrize("by_s", [-1.9, -0.001, 0.001, 1.9])
def test_a_slewed_clock_is_no_step(sqlite_home: Home, by_s: float) -> None:
    clock = TwoHands()
    store = sqlite_home.open_with_things(clock)
    store.write_now(SYSTEM, make("before"))
    clock.set_by(by_s)
    store.write_now(SYSTEM, make("after"))
    assert steps(store) == []
    assert in_order(store)


def test_time_going_by_is_no_step(sqlite_home: Home) -> None:
    clock = TwoHands()
    store = sqlite_home.open_with_things(clock)
    for number in range(5):
        clock.advance(3_600 * number)
        store.write_now(SYSTEM, make(f"t{number}"))
    assert steps(store) == []


def test_a_clock_that_was_wrong_while_the_node_slept_is_seen_at_its_start(home: Home) -> None:
    """A machine without a battery starts in 1970 or last year: the first thing that it writes says so."""
    clock = TwoHands()
    store = home.open_with_things(clock)
    last = store.write_now(SYSTEM, lambda tx: tx.record(ThingMade(id="before")).recorded_at)
    store.close()
    store = home.open(TwoHands(last - DAY))
    store.write_now(SYSTEM, make("after"))
    assert steps(store) == [-DAY // 1000]
    assert in_order(store)
    home.close()
    assert home.verify().ok


def test_a_step_that_could_not_be_written_down_is_not_forgotten(sqlite_home: Home) -> None:
    """The clock goes back just as the disk is full: once there is room, the record still says so."""
    clock = TwoHands()
    store = sqlite_home.open_with_things(clock)
    store.write_now(SYSTEM, make("before"))
    clock.set_by(-600)
    with pytest.raises(Busy):
        store.write_now(SYSTEM, fill_the_file)
    clock.advance(5)
    store.write_now(SYSTEM, lambda tx: tx.rows("PRAGMA max_page_count = 1000000"))
    store.write_now(SYSTEM, make("after"))
    assert steps(store) == [-600_000]
    with pytest.raises(Busy):
        store.write_now(SYSTEM, fill_the_file)
    store.write_now(SYSTEM, lambda tx: tx.rows("PRAGMA max_page_count = 1000000"))
    store.write_now(SYSTEM, make("at-last"))
    assert steps(store) == [-600_000]  # and it says so once
    assert in_order(store)


def fill_the_file(tx: Tx) -> None:
    """Leaves SQLite no page to grow by, then grows."""
    pages = tx.rows("PRAGMA page_count")[0][0]
    tx.rows(f"PRAGMA max_page_count = {pages}")
    for number in range(10_000):
        make(f"fill{number:05d}")(tx)
        tx.run(
            "INSERT INTO site_setting (name, value) VALUES (:name, :value)",
            name=str(number),
            value="x" * 5_000,
        )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7_200), st.integers(-7_200, 7_200)), max_size=12))
def test_however_the_clock_jumps_the_order_holds(sqlite_home: Home, course: list[tuple[int, int]]) -> None:
    clock = TwoHands()
    store = sqlite_home._stores[-1] if sqlite_home._stores else sqlite_home.open()
    store._clock = store._journal._clock = clock  # the same store, another day
    store.write_now(SYSTEM, lambda tx: tx.record(ThingMade(id="start")))
    before = len(steps(store))
    for advance_s, set_s in course:
        clock.advance(advance_s)
        clock.set_by(set_s)
        store.write_now(SYSTEM, lambda tx: tx.record(ThingMade(id="again")))
    assert steps(store)[before:] == [by * 1000 for _, by in course if abs(by) * SECOND >= 2 * SECOND]
    assert in_order(store)
