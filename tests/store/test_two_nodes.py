"""Two nodes of one site on one database: one record, one order, and nobody who follows it misses a line."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.ports import Reader
from lanbi.store import store as store_module
from store.homes import WAIT_S, Home, TwoHands, make, things

pytestmark = pytest.mark.postgres

SINCE = "SELECT seq FROM journal WHERE seq > :since ORDER BY seq"
EACH = 60


def rows_since(reader: Reader, since: int) -> list[tuple[int]]:
    return reader.rows(SINCE, since=since)  # pyright: ignore[reportReturnType]


def test_both_write_one_dense_tree_and_a_follower_sees_every_entry(postgres_home: Home) -> None:
    first = postgres_home.open_with_things(TwoHands(tick_s=0.001))
    second = postgres_home.open(TwoHands(tick_s=0.003))
    third = postgres_home.open()
    done = threading.Event()

    def write(store: store_module.LanbiStore, name: str) -> list[int]:
        return [store.write_now(SYSTEM, make(f"{name}{number}")) for number in range(EACH)]

    def follow() -> list[int]:
        """As the live picture does: what is new since the last number, again and again."""
        seen: list[int] = []
        while True:
            last_round = done.is_set()
            since = seen[-1] if seen else 0
            seen += [seq for (seq,) in third.read_now(partial(rows_since, since=since))]
            if last_round:
                return seen

    with ThreadPoolExecutor(7) as pool:
        followers = [pool.submit(follow) for _ in range(2)]
        writers = [
            pool.submit(write, store, name)
            for name, store in (("a", first), ("b", second), ("c", first), ("d", second))
        ]
        try:
            seqs = [seq for writer in writers for seq in writer.result(WAIT_S)]
        finally:
            done.set()
        sights = [follower.result(WAIT_S) for follower in followers]
    assert len(set(seqs)) == 4 * EACH
    head = first.read_now(lambda reader: reader.head)
    for seen in sights:
        assert seen == list(range(1, head + 1))
    assert len(things(second)) == 4 * EACH
    postgres_home.close()
    report = postgres_home.verify()
    assert report.ok, report.findings


def test_two_quiet_nodes_may_sign_the_same_tree(postgres_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find entries without a checkpoint; neither's next command pays for it."""
    first = postgres_home.open_with_things()
    second = postgres_home.open()
    last = first.write_now(SYSTEM, make("a"))
    second.write_now(SYSTEM, lambda tx: None)  # has read the head, and signed nothing
    first.close()  # signs
    clock = second._clock
    assert isinstance(clock, TwoHands)
    clock.advance(3_600)  # a checkpoint is overdue for the second
    assert second.write_now(SYSTEM, lambda tx: "a look with no entry") == "a look with no entry"
    assert second.write_now(SYSTEM, make("b")) == last + 1
    second.close()
    assert postgres_home.verify().ok
