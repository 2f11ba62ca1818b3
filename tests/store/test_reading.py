"""A look sees one moment of the store, whatever is written meanwhile, and changes nothing."""

import asyncio
import threading

import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.ports import Reader, Tx
from store.homes import PUT, WAIT_S, Crowd, Home, ThingMade, make, things

COUNT = "SELECT COUNT(*) FROM thing"
HALVES = "SELECT COUNT(*), SUM(seq) FROM thing"


def test_nothing_changes_under_a_look(home: Home, crowd: Crowd) -> None:
    store = home.open_with_things()
    store.write_now(SYSTEM, make("before"))

    def look(reader: Reader) -> list[object]:
        first = (reader.head, reader.rows(COUNT))
        crowd.send(store, make("meanwhile")).result(WAIT_S)
        return [first, (reader.head, reader.rows(COUNT))]

    first, second = store.read_now(look)
    assert first == second
    assert things(store) == ["before", "meanwhile"]


def test_a_view_holds_exactly_what_its_head_says(home: Home, crowd: Crowd) -> None:
    """Pairs of things are made together; no look ever sees one of a pair, nor a head that runs ahead."""
    store = home.open_with_things()
    start = store.read_now(lambda reader: reader.head)
    stop = threading.Event()

    def write(name: str) -> int:
        def pair(number: int) -> None:
            def work(tx: Tx) -> None:
                for half in ("a", "b"):
                    entry = tx.record(ThingMade(id=f"{name}{number}{half}"))
                    tx.run(PUT, id=f"{name}{number}{half}", seq=entry.seq)

            store.write_now(SYSTEM, work)

        number = 0
        while not stop.is_set():
            pair(number)
            number += 1
        return number

    writers = [crowd._pool.submit(write, name) for name in "wxyz"]
    last = 0
    for _ in range(150):
        head, (count, total), newest = store.read_now(
            lambda reader: (
                reader.head,
                reader.rows(HALVES)[0],
                reader.rows("SELECT MAX(seq) FROM journal")[0][0],
            )
        )
        assert head == newest
        assert count == head - start
        assert (total or 0) == sum(range(start + 1, head + 1))
        assert head >= last
        last = head
    stop.set()
    made = sum(writer.result(WAIT_S) for writer in writers)
    assert len(things(store)) == 2 * made


def test_a_look_cannot_write(home: Home) -> None:
    store = home.open_with_things()
    with pytest.raises(Exception):  # noqa: B017 - each driver has its own
        store.read_now(lambda reader: reader.rows("INSERT INTO thing (id, seq) VALUES ('x', 1)"))
    assert things(store) == []


def test_a_failing_look_harms_no_later_one(home: Home) -> None:
    store = home.open_with_things()
    store.write_now(SYSTEM, make("a"))

    def fail(reader: Reader) -> None:
        reader.rows(COUNT)
        raise ZeroDivisionError

    for _ in range(10):
        with pytest.raises(ZeroDivisionError):
            store.read_now(fail)
        with pytest.raises(Exception):  # noqa: B017
            store.read_now(lambda reader: reader.rows("SELECT nothing FROM nowhere"))
    assert things(store) == ["a"]


def test_many_looks_at_once_share_a_few_connections(home: Home) -> None:
    store = home.open_with_things()
    store.write_now(SYSTEM, make("a"))

    async def room() -> set[int]:
        return set(await asyncio.gather(*(store.read(lambda reader: reader.head) for _ in range(200))))

    assert len(asyncio.run(room())) == 1


def test_a_store_of_nothing_but_its_foundation_has_a_head(home: Home) -> None:
    store = home.open()
    assert store.read_now(lambda reader: reader.rows("SELECT kind FROM journal")) == [
        ("record.key_introduced",)
    ]
    assert store.read_now(lambda reader: reader.head) == 1


def test_columns_come_back_as_they_went_in(home: Home) -> None:
    store = home.open()
    store.write_now(
        SYSTEM,
        lambda tx: tx.run("CREATE TABLE kept (t TEXT, i BIGINT, d DOUBLE PRECISION, b BYTEA, s SMALLINT)"),
    )
    rows = [
        ("Dèyè legliz 🔥 \u200fحريق: 100% :pa yon: blan", 2**62, 18.539212345678901, b"\x00\xff", 1),
        (None, -(2**62), -0.1, b"", 0),
        ("x" * 20_000, None, None, None, None),
    ]
    put = "INSERT INTO kept (t, i, d, b, s) VALUES (:t, :i, :d, :b, :s)"
    store.write_now(
        SYSTEM, lambda tx: tx.run_many(put, [dict(zip("tidbs", row, strict=True)) for row in rows])
    )
    assert store.read_now(lambda reader: reader.rows("SELECT t, i, d, b, s FROM kept")) == rows
    like = "SELECT COUNT(*) FROM kept WHERE t LIKE '%100\\%%' ESCAPE '\\' AND :x = :x"
    assert store.read_now(lambda reader: reader.row(like, x="a:b")) == (1,)
