"""A command that arrives twice happens once, and both senders get the same bytes."""

import asyncio
from typing import Any

import pytest

from lanbi.core.access import SYSTEM, Actor
from lanbi.core.errors import Malformed, Refused
from lanbi.core.ports import Tx
from lanbi.core.time import DAY, HOUR
from lanbi.record.once import KEEP_FOR, check_key, forget_old, once
from store.homes import WAIT_S, Crowd, Home, TwoHands, make, things

MARIE = Actor(id="marie", name="Marie", role="call_taker")
PIERRE = Actor(id="pierre", name="Pierre", role="dispatcher")


def command(name: str, *, key: str = "k1", sent: bytes = b"POST /calls") -> Any:
    def work(tx: Tx) -> tuple[int, bytes]:
        return 201, b'{"seq":%d,"name":"%b"}' % (make(name)(tx), name.encode())

    return lambda tx: once(tx, key, sent, work)


def test_the_same_key_and_command_is_answered_with_the_same_bytes(home: Home) -> None:
    store = home.open_with_things()
    first = store.write_now(MARIE, command("x"))
    head = store.read_now(lambda reader: reader.head)
    assert first[0] == 201
    assert store.write_now(MARIE, command("x")) == first
    assert store.read_now(lambda reader: reader.head) == head
    assert things(store) == ["x"]


def test_it_is_remembered_across_a_restart(home: Home) -> None:
    store = home.open_with_things()
    first = store.write_now(MARIE, command("x"))
    store.close()
    assert home.open().write_now(MARIE, command("x")) == first


def test_another_command_under_the_same_key_is_refused(home: Home) -> None:
    store = home.open_with_things()
    store.write_now(MARIE, command("x"))
    with pytest.raises(Refused) as refused:
        store.write_now(MARIE, command("y", sent=b"POST /units"))
    assert (refused.value.code, refused.value.args_by_name["key"]) == ("key-reused", "k1")
    assert things(store) == ["x"]


def test_a_key_belongs_to_whoever_sent_it(home: Home) -> None:
    store = home.open_with_things()
    assert store.write_now(MARIE, command("x")) != store.write_now(PIERRE, command("y"))
    assert things(store) == ["x", "y"]


def test_a_refused_command_may_be_sent_again(home: Home) -> None:
    """Only what happened is remembered: after a refusal the same key is still free."""
    store = home.open_with_things()

    def refuse(_tx: Tx) -> tuple[int, bytes]:
        raise Refused("already-there")

    with pytest.raises(Refused):
        store.write_now(MARIE, lambda tx: once(tx, "k1", b"f1", refuse))
    assert store.write_now(MARIE, command("x"))[0] == 201
    assert things(store) == ["x"]


def test_a_hundred_senders_of_one_command_at_once_do_it_once(home: Home, crowd: Crowd) -> None:
    store = home.open_with_things()
    answers = [crowd.send(store, command("x"), MARIE) for _ in range(50)]

    async def loop() -> set[tuple[int, bytes]]:
        return set(await asyncio.gather(*(store.write(MARIE, command("x")) for _ in range(50))))

    told = asyncio.run(loop()) | {answer.result(WAIT_S) for answer in answers}
    assert len(told) == 1
    assert things(store) == ["x"]


def test_answers_are_forgotten_after_a_week_and_no_sooner(home: Home) -> None:
    clock = TwoHands()
    store = home.open_with_things(clock)
    first = store.write_now(MARIE, command("x"))
    clock.advance((KEEP_FOR - HOUR) / 1_000_000)
    assert store.write_now(SYSTEM, forget_old) == 0
    assert store.write_now(MARIE, command("x")) == first
    clock.advance(DAY / 1_000_000)
    assert store.write_now(SYSTEM, forget_old) == 1
    assert store.write_now(SYSTEM, forget_old) == 0


def test_what_is_read_for_a_purpose_is_read_anew_each_time(home: Home) -> None:
    store = home.open_with_things()
    seqs = [
        store.write_now(
            MARIE,
            lambda tx, name=name: once(tx, "k1", b"c", lambda tx: (200, b"%d" % make(name)(tx))),
            purpose="fraud",
        )
        for name in "ab"
    ]
    assert seqs[0] != seqs[1]
    assert things(store) == ["a", "b"]


@pytest.mark.parametrize("key", ["k", "x" * 64, "0192f000-0000-7000-8000-000000000001", "!~"])
def test_a_usable_key(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize("key", ["", "x" * 65, "kle\x00", "kle\n", "clé", "\x7f", "kle 🔑"])
def test_an_unusable_key_is_refused(key: str) -> None:
    with pytest.raises(Malformed) as refused:
        check_key(key)
    assert refused.value.code == "key-unusable"


def test_what_was_answered_cannot_be_read_from_the_store_without_the_key(home: Home) -> None:
    """Words live on in no answer kept for repeats, also after they themselves were erased."""
    store = home.open_with_things()

    def say(tx: Tx) -> tuple[int, bytes]:
        return 200, b"dlo a moute nan kay la"

    told = store.write_now(MARIE, lambda tx: once(tx, "k1", b"f1", say))
    kept = store.read_now(lambda reader: reader.rows("SELECT key, fingerprint, body FROM once"))
    assert len(kept) == 1
    assert "k1" not in kept[0][0]
    assert b"dlo" not in bytes(kept[0][2])
    assert store.write_now(MARIE, lambda tx: once(tx, "k1", b"f1", say)) == told
