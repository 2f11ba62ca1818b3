"""What a proof from a real store promises: an outsider can check it, and a damaged store gives none."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.errors import LanbiError, Malformed, NotFound
from lanbi.core.events import Event, Sealed
from lanbi.record.checkpoint import SiteKey, verify
from lanbi.record.events import ClockStepped
from lanbi.record.merkle import verify_consistency, verify_inclusion
from lanbi.record.proofs import consistency_proof, inclusion_proof, newest_checkpoint
from lanbi.record.sealed import erase
from lanbi.record.verify import verify_file
from lanbi.store.engine import Engine
from lanbi.store.sqlite import FILE_NAME
from lanbi.store.store import LanbiStore
from record.stores import mth
from stores import ENGINES, SEED, SITE, FixedClock, engine_named, open_store


class Said(Event, frozen=True, kw_only=True):
    """A fact with somebody's words in it."""

    kind: ClassVar[str] = "drill.said"
    about: ClassVar[str] = "drill"
    words: Sealed


# Past one node of level 9, so that proofs cross stored nodes of two levels and a short tile.
ENTRIES = 700


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return engine_named(request.param, tmp_path, request)


@pytest.fixture
def store(engine: Engine) -> Iterator[LanbiStore]:
    opened = open_store(engine, FixedClock())
    fill(opened)
    yield opened
    opened.close()


def fill(store: LanbiStore) -> None:
    def work(tx):
        while tx.seq < ENTRIES:
            tx.record(ClockStepped(id="drill", by_ms=tx.seq))

    store.write_now(SYSTEM, work)


def leaves(store: LanbiStore) -> list[bytes]:
    return store.read_now(lambda r: [bytes(x) for (x,) in r.rows("SELECT leaf FROM journal ORDER BY seq")])


def refused(store: LanbiStore, work) -> LanbiError:
    with pytest.raises(LanbiError) as error:
        store.read_now(work)
    return error.value


def test_entries_are_proven_in_trees_of_any_size(store: LanbiStore):
    known = leaves(store)
    for seq, size in [
        (1, 1),
        (1, 700),
        (256, 256),
        (257, 257),
        (256, 700),
        (513, 700),
        (700, 700),
        (300, 513),
    ]:
        proof = store.read_now(lambda reader, seq=seq, size=size: inclusion_proof(reader, seq, size))
        assert proof.root == mth(known[:size])
        assert verify_inclusion(seq - 1, size, known[seq - 1], proof.path, proof.root)
    assert store.read_now(lambda reader: inclusion_proof(reader, 5)).size == ENTRIES


def test_each_tree_is_proven_to_begin_with_an_earlier_one(store: LanbiStore):
    known = leaves(store)
    for old, new in [
        (0, 700),
        (1, 2),
        (255, 256),
        (256, 700),
        (300, 301),
        (512, 700),
        (511, 513),
        (700, 700),
    ]:
        proof = store.read_now(lambda reader, old=old, new=new: consistency_proof(reader, old, new))
        assert (proof.old_root, proof.new_root) == (mth(known[:old]), mth(known[:new]))
        assert verify_consistency(old, new, proof.path, proof.old_root, proof.new_root)
    assert store.read_now(lambda reader: consistency_proof(reader, 9)).new == ENTRIES


def test_what_is_not_in_the_record_is_not_proven(store: LanbiStore):
    for seq in (0, -1, 701):
        assert isinstance(refused(store, lambda r, seq=seq: inclusion_proof(r, seq)), NotFound)
    for seq, size in [(5, 4), (5, 701), (5, 0)]:
        assert isinstance(refused(store, lambda r, s=seq, n=size: inclusion_proof(r, s, n)), Malformed)
    for old, new in [(5, 4), (-1, 4), (5, 701)]:
        assert isinstance(refused(store, lambda r, o=old, n=new: consistency_proof(r, o, n)), Malformed)


def test_a_damaged_store_gives_no_proof(store: LanbiStore):
    def zero(tx):
        tx.run("UPDATE merkle_node SET hash = :hash WHERE level = 8 AND idx = 0", hash=bytes(32))

    store.write_now(SYSTEM, zero)
    assert refused(store, lambda r: inclusion_proof(r, 300, 513)).code == "record-broken"
    store.write_now(SYSTEM, lambda tx: tx.run("DELETE FROM merkle_node WHERE level = 9"))
    error = refused(store, lambda r: inclusion_proof(r, 600))
    assert (error.code, error.args_by_name) == ("record-incomplete", {"first": 1, "last": 512})
    store.write_now(SYSTEM, lambda tx: tx.run("DELETE FROM journal WHERE seq > 600"))
    assert refused(store, lambda r: inclusion_proof(r, 700)).code == "record-incomplete"


def test_the_newest_checkpoint_is_the_sites(engine: Engine):
    clock = FixedClock()
    opened = open_store(engine, clock)
    try:
        fill(opened)
        clock.advance(60)
        opened.write_now(SYSTEM, lambda tx: tx.record(ClockStepped(id="drill", by_ms=0)))
        signed = opened.read_now(newest_checkpoint)
        known = leaves(opened)
    finally:
        opened.close()
    assert signed is not None
    assert (signed.site, signed.key_id) == (SITE, SiteKey.from_seed(SEED).key_id)
    assert signed.root == mth(known[: signed.size])
    assert verify(
        SiteKey.from_seed(SEED).public_key, signed.signature,
        site=signed.site, size=signed.size, root=signed.root, at=signed.at,
    )  # fmt: skip


@pytest.mark.parametrize("name", ENGINES)
def test_what_the_node_wrote_holds_before_the_outsiders_verifier(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
):
    """The two share no code: this is where they must agree, live and at rest, on both databases."""
    clock = FixedClock()
    engine = engine_named(name, tmp_path, request)
    where = str(tmp_path / FILE_NAME) if name == "sqlite" else request.getfixturevalue("postgres_database")
    opened = open_store(engine, clock)
    try:
        fill(opened)
        kept = []

        def seal(tx):
            for words in ("Gen yon dife", "+509 3701 0142"):
                kept.append(
                    tx.seal(subject="call/1", field="words", kind="words", value=words, keep_for=10**12)
                )
                tx.record(Said(id="1", words=kept[-1]))

        opened.write_now(SYSTEM, seal)
        opened.write_now(SYSTEM, lambda tx: erase(tx, kept[0].sealed, "retention"))
        live = verify_file(where)
        assert (live.ok, live.findings) == (True, [])
    finally:
        opened.close()
    # At rest the last entries are signed as well.
    report = verify_file(where, trusted_key=SiteKey.from_seed(SEED).public_key.hex())
    assert (report.ok, report.findings, report.unsigned_tail) == (True, [], 0)
    assert (report.sealed, report.erased, report.entries) == (1, 1, ENTRIES + 3)
    again = open_store(engine_named(name, tmp_path, request), clock)
    try:
        again.write_now(SYSTEM, lambda tx: tx.run("UPDATE journal SET actor = 'x' WHERE seq = 400"))
        assert first_bad(verify_file(where)) == ("entry-leaf", 400)
    finally:
        again.close()


def first_bad(report) -> tuple[str, int | None]:
    assert report.first_bad is not None
    return report.first_bad.code, report.first_bad.seq
