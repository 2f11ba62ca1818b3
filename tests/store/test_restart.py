"""A node that starts again goes on with the same record: same numbers, same tree, same key."""

import sqlite3
from typing import Any

import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Refused
from lanbi.core.ports import Tx
from lanbi.record.checkpoint import SiteKey
from lanbi.record.merkle import Frontier, leaf_hash, root_of
from lanbi.record.verify import verify_file
from lanbi.store.sqlite import SqliteEngine
from lanbi.store.store import LanbiStore
from store.homes import Home, ThingMade, TwoHands, entries, make, things
from stores import SITE

# Enough for perfect subtrees of two levels (256 and 512 leaves) and a ragged end.
MANY = 700


def make_many(names: list[str]) -> Any:
    def work(tx: Tx) -> None:
        for name in names:
            tx.record(ThingMade(id=name))

    return work


def test_the_tree_goes_on_from_its_frontier(home: Home) -> None:
    sizes = []
    for turn, count in enumerate((3, MANY, 1, 255)):
        store = home.open()
        store.write_now(SYSTEM, make_many([f"{turn}-{number}" for number in range(count)]))
        sizes.append(store.read_now(lambda reader: reader.head))
        store.close()
    store = home.open()
    assert [seq for seq, *_ in entries(store)] == list(range(1, sizes[-1] + 1))
    size, peaks = store.read_now(lambda reader: reader.row("SELECT size, peaks FROM record_head"))
    leaves = store.read_now(
        lambda reader: [bytes(row[0]) for row in reader.rows("SELECT leaf FROM journal ORDER BY seq")]
    )
    assert Frontier.from_bytes(size, bytes(peaks)).root() == root_of(leaves)
    store.close()
    report = home.verify()
    assert report.ok, report.findings
    assert report.entries == sizes[-1]
    assert report.checkpoints >= len(sizes)
    assert report.signed is not None
    assert report.signed.size == sizes[-1]
    assert verify_file(home.url or home.file, trusted_key=home.key.public_key.hex()).ok


def test_the_key_is_introduced_once(home: Home) -> None:
    for _ in range(3):
        home.open().close()
    assert [kind for _, kind, *_ in entries(home.open())] == ["record.key_introduced"]


def test_a_new_key_is_introduced_and_the_old_one_retires(sqlite_home: Home) -> None:
    old = sqlite_home.key
    sqlite_home.open_with_things().close()
    sqlite_home.key = SiteKey.from_seed(b"another seed for tests, 32 bytes")
    store = sqlite_home.open()
    store.write_now(SYSTEM, make("signed by the new one"))
    store.close()
    report = sqlite_home.verify()
    assert report.ok, report.findings
    assert report.key_ids == [old.key_id, sqlite_home.key.key_id]


def test_a_store_keeps_the_name_of_its_site(home: Home) -> None:
    home.open().close()
    store = LanbiStore(home.engine(), TwoHands(), home.key, "another-name")
    store.open()
    try:
        assert store.site == SITE
        store.write_now(SYSTEM, lambda tx: tx.record(ThingMade(id="x")))
        sites = store.read_now(lambda reader: reader.rows("SELECT DISTINCT site FROM journal"))
        assert sites == [(SITE,)]
    finally:
        store.close()


def test_the_leaf_is_the_hash_of_the_published_preimage(home: Home) -> None:
    """As `docs/concepts/record.md` has it, written here a second time."""
    store = home.open()
    store.write_now(SYSTEM, lambda tx: tx.record(ThingMade(id="Dèyè legliz 🔥")), purpose="plent")
    columns = "seq, id, site, subject, kind, at, recorded_at, actor, purpose, body"
    rows = store.read_now(lambda reader: reader.rows(f"SELECT {columns}, leaf FROM journal ORDER BY seq"))
    for *fields, leaf in rows:
        text = "".join(f"{part}\n" for part in ("lanbi-entry/1", *fields))
        assert leaf_hash(text.encode()) == bytes(leaf)


def test_a_restarted_node_refuses_a_store_of_a_newer_version(home: Home) -> None:
    store = home.open_with_things()
    store.write_now(SYSTEM, make("kept"))
    mark = "INSERT INTO migration (number, name, digest, at) VALUES (9999, '9999_later.sql', 'x', 0)"
    store.write_now(SYSTEM, lambda tx: tx.run(mark))
    store.close()
    with pytest.raises(Refused) as refused:
        home.open()
    assert refused.value.code == "store-newer"
    assert refused.value.args_by_name["migration"] == "9999_later.sql"
    undo(home, "DELETE FROM migration WHERE number = 9999")
    assert things(home.open()) == ["kept"]


def test_a_migration_that_changed_after_it_ran_is_refused(home: Home) -> None:
    store = home.open_with_things()
    store.write_now(SYSTEM, make("kept"))
    digest = store.read_now(lambda reader: reader.row("SELECT digest FROM migration WHERE number = 1"))[0]
    store.write_now(SYSTEM, lambda tx: tx.run("UPDATE migration SET digest = 'other' WHERE number = 1"))
    store.close()
    with pytest.raises(Refused) as refused:
        home.open()
    assert refused.value.code == "migration-changed"
    undo(home, f"UPDATE migration SET digest = '{digest}' WHERE number = 1")
    assert things(home.open()) == ["kept"]


def undo(home: Home, sql: str) -> None:
    engine = home.engine()
    connection = engine.connect()
    connection.begin_write()
    connection.run(sql, {})
    connection.commit()
    connection.close()
    engine.close()


def test_a_fresh_store_runs_every_migration_once(bare_home: Home) -> None:
    store = LanbiStore(bare_home.engine(), TwoHands(), bare_home.key, SITE)
    ran = store.open()
    store.close()
    assert ran[0] == "0001_record.sql"
    assert ran == sorted(ran)
    store = LanbiStore(bare_home.engine(), TwoHands(), bare_home.key, SITE)
    assert store.open() == []
    store.close()


def test_a_file_that_is_no_database_is_named(sqlite_home: Home) -> None:
    sqlite_home.file.write_bytes(b"Dear diary, " * 1_000)
    with pytest.raises(Refused) as refused:
        sqlite_home.open()
    assert refused.value.code == "store-corrupt"
    assert refused.value.args_by_name["file"] == str(sqlite_home.file)
    sqlite_home.file.unlink()
    sqlite_home.open()  # the failed start let go of the folder


def test_one_folder_belongs_to_one_node_at_a_time(sqlite_home: Home) -> None:
    store = sqlite_home.open_with_things()
    with pytest.raises(Refused) as refused:
        SqliteEngine(sqlite_home.file)
    assert refused.value.code == "store-in-use"
    assert store.write_now(SYSTEM, make("a")) > 0
    store.close()
    assert things(sqlite_home.open()) == ["a"]


def test_the_file_is_for_its_owner_alone(sqlite_home: Home) -> None:
    sqlite_home.open_with_things().write_now(SYSTEM, make("a"))
    for path in sqlite_home.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_what_is_erased_is_gone_from_the_file(sqlite_home: Home) -> None:
    """Sealed values are overwritten, not left in free pages nor in the write-ahead log."""
    secret = "+509 3701 0142 dèyè legliz Sen Pyè"
    store = sqlite_home.open()
    put = "INSERT INTO site_setting (name, value) VALUES ('x', :value)"
    store.write_now(SYSTEM, lambda tx: tx.run(put, value=secret))
    store.write_now(SYSTEM, lambda tx: tx.run("DELETE FROM site_setting"))
    store.close()
    assert sqlite3.connect(sqlite_home.file).execute("SELECT COUNT(*) FROM site_setting").fetchone() == (0,)
    for path in sqlite_home.folder.iterdir():
        assert secret.encode() not in path.read_bytes(), path.name
