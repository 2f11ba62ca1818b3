"""What is answered is on the disk, whole, in one dense order; what is refused harms nobody."""

import asyncio
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import Busy, Conflict, Malformed, Refused
from lanbi.core.ports import Tx
from lanbi.store import store as store_module
from store.homes import ALL, PUT, WAIT_S, Crowd, Home, ThingMade, ThingSeen, TwoHands, entries, make, things

MARIE = Actor(id="marie", name="Marie", role="call_taker")


def made(store: Any) -> list[str]:
    """The subjects of the entries about things, in the record's order."""
    return [subject.removeprefix("thing/") for _, kind, subject, _ in entries(store) if kind == "thing.made"]


def dense(store: Any) -> bool:
    seqs = [seq for seq, *_ in entries(store)]
    return seqs == list(range(1, len(seqs) + 1))


def test_many_at_once_are_all_kept_in_one_dense_order(home: Home, crowd: Crowd) -> None:
    store = home.open_with_things()
    names = [f"t{number:04d}" for number in range(400)]
    answers = dict(zip(names, [crowd.send(store, make(name)) for name in names], strict=True))
    seqs = {name: answer.result(WAIT_S) for name, answer in answers.items()}
    assert sorted(names, key=lambda name: seqs[name]) == made(store)
    assert things(store) == names
    assert dense(store)
    home.close()
    report = home.verify()
    assert report.ok, report.findings
    assert report.unsigned_tail == 0  # the last thing that a stopping node does is sign


def test_an_answer_comes_after_the_commit(home: Home, crowd: Crowd) -> None:
    """Whoever is answered can read what they wrote, also through another door."""
    store = home.open_with_things()

    def write_and_look(name: str) -> bool:
        seq = store.write_now(SYSTEM, make(name))
        return store.read_now(
            lambda reader: (
                reader.head >= seq and reader.row("SELECT seq FROM thing WHERE id = :id", id=name) == (seq,)
            )
        )

    assert all(crowd._pool.map(write_and_look, [f"t{number}" for number in range(100)]))


def test_those_who_come_together_are_committed_together(home: Home, crowd: Crowd) -> None:
    store = home.open_with_things(TwoHands(tick_s=0.001))
    commits: list[int] = []
    store.listen(commits.append)
    with crowd.held(store):
        answers = [crowd.send(store, make(f"t{number}")) for number in range(10)]
        wait_for(lambda: store.queued == 10)
    for answer in answers:
        answer.result(WAIT_S)
    wait_for(lambda: bool(commits))
    assert len(commits) == 1
    times = {recorded_at for _, kind, _, recorded_at in entries(store) if kind == "thing.made"}
    assert len(times) == 1


def wait_for(ask: Any) -> None:
    """Returns once `ask()` is true; what it asks is true within moments."""
    done = threading.Event()
    for _ in range(round(WAIT_S / 0.005)):
        if ask():
            return
        done.wait(0.005)
    pytest.fail("it did not come true")


def refuse_after_writing(name: str) -> Any:
    def work(tx: Tx) -> None:
        make(name)(tx)
        tx.record(ThingSeen(id=name))
        raise Refused("already-there")

    return work


def break_after_writing(name: str) -> Any:
    def work(tx: Tx) -> None:
        make(name)(tx)
        raise ZeroDivisionError

    return work


def write_twice(name: str) -> Any:
    def work(tx: Tx) -> None:
        make(name)(tx)
        tx.run(PUT, id=name, seq=tx.seq)  # the database itself refuses this

    return work


def bad_sql(tx: Tx) -> None:
    tx.record(ThingMade(id="bad"))
    tx.run("INSERT INTO no_such_table (id) VALUES (1)")


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (refuse_after_writing("bad"), Refused),
        (break_after_writing("bad"), ZeroDivisionError),
        (write_twice("bad"), Conflict),
        (bad_sql, Exception),
    ],
    ids=["refused", "broken", "constraint", "sql"],
)
def test_what_fails_leaves_nothing_and_its_neighbours_are_kept(
    home: Home, crowd: Crowd, work: Any, error: type[Exception]
) -> None:
    store = home.open_with_things()
    with crowd.held(store):
        answers = []
        for turn in range(4):
            answers.append(crowd.send(store, make(f"good{turn}")))
            wait_for(lambda: store.queued == len(answers))
            answers.append(crowd.send(store, work))
            wait_for(lambda: store.queued == len(answers))
    for turn, answer in enumerate(answers):
        if turn % 2:
            with pytest.raises(error):
                answer.result(WAIT_S)
        else:
            assert answer.result(WAIT_S)
    assert made(store) == ["good0", "good1", "good2", "good3"]
    assert things(store) == ["good0", "good1", "good2", "good3"]
    assert dense(store)
    home.close()
    assert home.verify().ok


def test_a_subscriber_works_and_refuses_inside_the_same_piece(home: Home) -> None:
    store = home.open_with_things()

    def follow(tx: Tx, fact: ThingMade) -> None:
        tx.record(ThingSeen(id=fact.id))
        if fact.id == "unwelcome":
            raise Refused("already-there")

    store.subscribe(ThingMade, follow)
    store.write_now(SYSTEM, make("welcome"))
    with pytest.raises(Refused):
        store.write_now(SYSTEM, make("unwelcome"))
    assert things(store) == ["welcome"]
    assert [kind for _, kind, *_ in entries(store)][-2:] == ["thing.made", "thing.seen"]
    assert dense(store)


def test_the_entry_says_who_when_and_what_for(home: Home) -> None:
    store = home.open()

    def work(tx: Tx) -> None:
        tx.record(ThingMade(id="x"), at=tx.now - 5_000_000)

    store.write_now(MARIE, work, purpose="plent fanmi an")
    row = store.read_now(
        lambda reader: reader.row(
            "SELECT actor, purpose, recorded_at - at, site FROM journal WHERE kind = 'thing.made'"
        )
    )
    assert row == ("marie", "plent fanmi an", 5_000_000, "delma-33")


def test_a_purpose_of_two_lines_cannot_forge_an_entry(home: Home) -> None:
    store = home.open()
    with pytest.raises(Malformed) as refused:
        store.write_now(MARIE, lambda tx: tx.record(ThingMade(id="x")), purpose="a\nbody")
    assert refused.value.code == "text-control"
    assert dense(store)


def test_on_the_loop_as_on_a_thread(home: Home) -> None:
    store = home.open_with_things()

    async def evening() -> list[Any]:
        names = [f"t{number:03d}" for number in range(200)]
        writes = [store.write(SYSTEM, make(name)) for name in names]
        writes.append(store.write(SYSTEM, refuse_after_writing("bad")))
        answers = await asyncio.gather(*writes, return_exceptions=True)
        assert isinstance(answers.pop(), Refused)
        assert await store.read(lambda reader: [row[0] for row in reader.rows(ALL)]) == names
        return answers

    seqs = asyncio.run(evening())
    assert seqs == sorted(seqs)  # one caller's own order is kept
    assert len(set(seqs)) == 200


def test_a_caller_who_went_away_stops_nobody(home: Home, crowd: Crowd) -> None:
    store = home.open_with_things()

    async def leave() -> int:
        with crowd.held(store):
            gone = store.write(SYSTEM, make("gone"))
            stays = store.write(SYSTEM, make("stays"))
            gone.cancel()
        return await stays

    assert asyncio.run(leave()) > 0
    assert "stays" in things(store)

    async def hang_up() -> None:
        store.write(SYSTEM, make("loop-closed"))

    asyncio.run(hang_up())  # the loop is closed, perhaps before the answer comes
    assert store.write_now(SYSTEM, make("after")) > 0


def test_a_listener_that_fails_harms_nobody(home: Home) -> None:
    store = home.open_with_things()
    heads: list[int] = []

    def fail(_head: int) -> None:
        raise RuntimeError

    store.listen(fail)
    store.listen(heads.append)
    last = [store.write_now(SYSTEM, make(name)) for name in ("a", "b")][-1]
    wait_for(lambda: last in heads)


def test_a_full_queue_is_refused_at_the_door(
    sqlite_home: Home, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_home.open_with_things()
    monkeypatch.setattr(store_module, "QUEUE_PIECES_MAX", 3)
    with crowd.held(store):
        answers = [crowd.send(store, make(f"t{number}")) for number in range(3)]
        wait_for(lambda: store.queued == 3)
        with pytest.raises(Busy) as busy:
            store.write_now(SYSTEM, make("late"))
        assert (busy.value.code, busy.value.args_by_name["limit"]) == ("queue-full", 3)
    for answer in answers:
        answer.result(WAIT_S)
    assert store.write_now(SYSTEM, make("late")) > 0


def test_a_quiet_node_signs_what_it_has(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "IDLE_SIGN_AFTER_S", 0.02)
    store = home.open_with_things()
    seq = store.write_now(SYSTEM, make("a"))
    newest = "SELECT MAX(size) FROM checkpoint"
    wait_for(lambda: store.read_now(lambda reader: reader.row(newest)) == (seq,))


class Break(Exception):
    """Not one of the house's."""


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["good", "refused", "broken", "constraint", "silent"]), max_size=30))
def test_any_course_of_good_and_bad_keeps_the_good_alone(home: Home, course: list[str]) -> None:
    store = home.open() if not home._stores else home._stores[0]
    start = store.read_now(lambda reader: reader.head)

    def piece(kind: str, number: int) -> Any:
        def work(tx: Tx) -> None:
            tx.record(ThingMade(id=f"{start}-{number}"))
            if kind == "refused":
                raise Refused("already-there")
            if kind == "broken":
                raise Break
            if kind == "constraint":
                one = "INSERT INTO site_setting (name, value) VALUES (:name, '')"
                tx.run(one, name=f"{start}-{number}")
                tx.run(one, name=f"{start}-{number}")

        return (lambda tx: None) if kind == "silent" else work

    async def run() -> None:
        await asyncio.gather(
            *(store.write(SYSTEM, piece(kind, number)) for number, kind in enumerate(course)),
            return_exceptions=True,
        )

    asyncio.run(run())
    after = [subject for seq, _, subject, _ in entries(store) if seq > start]
    assert after == [f"thing/{start}-{n}" for n, kind in enumerate(course) if kind == "good"]
    assert store.read_now(lambda reader: reader.row("SELECT COUNT(*) FROM site_setting")) == (0,)
    assert dense(store)


def test_a_piece_that_would_wait_for_itself_is_refused_and_the_next_goes_on(home: Home) -> None:
    store = home.open_with_things()

    def inside(tx: Tx) -> Any:
        return store.write_now(MARIE, make("inner"))

    with pytest.raises(RuntimeError, match="inside a piece of work"):
        store.write_now(MARIE, inside)
    store.write_now(MARIE, make("after"))
    assert things(store) == ["after"]
