"""A node that stops finishes what it took, refuses what it did not, and keeps nobody waiting."""

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Busy
from lanbi.record.checkpoint import SiteKey
from lanbi.record.verify import verify_file
from lanbi.store.postgres import PostgresEngine
from lanbi.store.store import LanbiStore
from store.homes import MAKE, WAIT_S, Crowd, Home, TwoHands, make, things
from stores import SEED, SITE

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
HOLD = """
import sys
from pathlib import Path
from lanbi.store.sqlite import SqliteEngine
SqliteEngine(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_closed_store_says_that_the_node_stops(home: Home) -> None:
    store = home.open_with_things()
    store.close()
    for ask in (
        lambda: store.write_now(SYSTEM, make("late")),
        lambda: store.read_now(lambda reader: reader.head),
        lambda: asyncio.run(late_write(store)),
        lambda: asyncio.run(late_read(store)),
    ):
        with pytest.raises(Busy) as busy:
            ask()
        assert busy.value.code == "node-stopping"
    store.close()  # twice is once


async def late_write(store: LanbiStore) -> None:
    await store.write(SYSTEM, make("late"))


async def late_read(store: LanbiStore) -> None:
    await store.read(lambda reader: reader.head)


def test_whoever_comes_while_it_closes_is_kept_or_told(home: Home) -> None:
    """Nobody is left waiting, and who was answered is on the disk."""
    store = home.open_with_things()
    begun = threading.Barrier(9)

    def knock(name: str) -> list[str]:
        kept = []
        begun.wait()
        for number in range(100_000):
            try:
                store.write_now(SYSTEM, make(f"{name}{number}"))
            except Busy as busy:
                assert busy.code == "node-stopping"
                return kept
            kept.append(f"{name}{number}")
        pytest.fail("it never stopped")

    def look() -> None:
        begun.wait()
        for _ in range(100_000):
            try:
                store.read_now(lambda reader: reader.head)
            except Busy as busy:
                assert busy.code == "node-stopping"
                return
        pytest.fail("it never stopped")

    with ThreadPoolExecutor(8) as pool:
        knocks = [pool.submit(knock, name) for name in "abcd"]
        looks = [pool.submit(look) for _ in range(4)]
        begun.wait()
        store.close()
        kept = [name for answer in knocks for name in answer.result(WAIT_S)]
        for answer in looks:
            answer.result(WAIT_S)
    assert set(kept) == set(things(home.open()))
    home.close()
    assert home.verify().ok


def test_what_was_queued_is_finished(home: Home, crowd: Crowd) -> None:
    store = home.open_with_things()
    with crowd.held(store):
        answers = [crowd.send(store, make(f"t{number}")) for number in range(8)]
        closing = crowd._pool.submit(store.close)
    done = {"kept": 0, "told": 0}
    for answer in answers:
        try:
            answer.result(WAIT_S)
            done["kept"] += 1
        except Busy:
            done["told"] += 1
    closing.result(WAIT_S)
    assert done["kept"] + done["told"] == 8
    assert len(things(home.open())) == done["kept"]


def test_another_process_is_kept_out_until_the_first_is_gone(sqlite_home: Home) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(sqlite_home.file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Exception) as refused:
            sqlite_home.open()
        assert getattr(refused.value, "code", "") == "store-in-use"
    finally:
        holder.kill()
        holder.wait()
        for pipe in (holder.stdin, holder.stdout):
            if pipe is not None:
                pipe.close()
    assert sqlite_home.open().read_now(lambda reader: reader.head) == 1  # its lock died with it


@pytest.mark.postgres
def test_a_cut_connection_costs_an_answer_and_nothing_else(postgres_home: Home) -> None:
    store = postgres_home.open_with_things()
    store.write_now(SYSTEM, make("before"))
    with psycopg.connect(postgres_home.url or "", autocommit=True) as admin:
        admin.execute(CUT)
    told = []
    for number in range(20):  # each broken connection may cost one
        try:
            store.write_now(SYSTEM, make(f"after{number}"))
            if things(store)[-1] == "before":
                break
        except Busy as busy:
            told.append(busy.code)
    assert set(told) <= {"store-away"}
    assert len(told) <= 6
    assert store.write_now(SYSTEM, make("later")) > 0
    store.close()
    assert postgres_home.verify().ok


@pytest.mark.faults
@pytest.mark.postgres
def test_a_database_that_dies_and_comes_back_loses_nothing_answered(new_postgres: Any) -> None:
    cluster = new_postgres()
    store = LanbiStore(PostgresEngine(cluster.url()), TwoHands(tick_s=0.001), SiteKey.from_seed(SEED), SITE)
    store.open()
    store.write_now(SYSTEM, lambda tx: tx.run(MAKE))
    stop, told, enough = threading.Event(), threading.Event(), threading.Semaphore(0)

    def write(name: str) -> list[str]:
        kept, number = [], 0
        while not stop.is_set():
            number += 1
            try:
                store.write_now(SYSTEM, make(f"{name}{number}"))
            except Busy as busy:
                assert busy.code == "store-away"
                told.set()
                stop.wait(0.02)
            else:
                kept.append(f"{name}{number}")
                enough.release()
        return kept

    try:
        with ThreadPoolExecutor(4) as pool:
            writers = [pool.submit(write, name) for name in "abcd"]
            try:
                for _ in range(40):
                    assert enough.acquire(timeout=WAIT_S)
                cluster.kill()
                assert told.wait(WAIT_S)
                with pytest.raises(Busy) as away:
                    for _ in range(5):
                        store.read_now(lambda reader: reader.head)
                assert away.value.code == "store-away"
                while enough.acquire(blocking=False):
                    pass
                cluster.start()
                for _ in range(40):
                    assert enough.acquire(timeout=WAIT_S)
            finally:
                stop.set()
            kept = [name for writer in writers for name in writer.result(WAIT_S)]
        there = set()
        for _ in range(6):
            try:
                there = set(things(store))
                break
            except Busy:
                continue
        assert set(kept) <= there
    finally:
        store.close()
    report = verify_file(cluster.url())
    assert report.ok, report.findings
