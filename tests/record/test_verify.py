"""What the verifier promises an outsider: a good record passes, and anything else is named, never a crash."""

import ast
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser, FluentSerializer
from fluent.syntax import ast as ftl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lanbi.record.verify as verifier
from lanbi.record.verify import FINDINGS_PER_CODE_MAX, Report, verify_file
from record.stores import COLUMNS, SCHEMA, Builder, change, leaf_of, mth

SOURCE = Path(verifier.__file__)
LOCALES = SOURCE.parents[1] / "locales"
LANGUAGES = ["ht", "fr", "es", "en"]
A, B = b"\x01" * 32, b"\x02" * 32


def usual() -> Builder:
    """A record with everything in it: four tiles, two keys, sealed values, an erasure, an unsigned tail."""
    builder = Builder().fill(300)
    builder.sign()
    builder.seal("Gen yon dife nan kay la", "s1")
    builder.seal("+509 3701 0142", "s2")
    builder.erase("s2")
    builder.fill(600)
    builder.sign()
    builder.new_key(B)
    builder.fill(1030)
    builder.sign()
    return builder.fill(1040)


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return usual().write(tmp_path_factory.mktemp("record") / "lanbi.sqlite")


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(good, tmp_path / "copy.sqlite"))


def codes(report: Report) -> list[str]:
    return list(report.counts)


def first(report: Report) -> tuple[str, int | None]:
    assert not report.ok
    assert report.first_bad is not None
    return report.first_bad.code, report.first_bad.seq


# -- what holds ------------------------------------------------------------------------


def test_a_good_record_holds(good: Path):
    told: list[tuple[int, int]] = []
    report = verify_file(good, progress=lambda done, total: told.append((done, total)))
    assert (report.ok, report.findings, report.counts, report.first_bad) == (True, [], {}, None)
    assert (report.site, report.entries, report.checkpoints) == ("dcpj-ouest", 1040, 3)
    assert (report.unsigned_tail, report.sealed, report.erased) == (10, 1, 1)
    assert report.key_ids == [sha256(key).hexdigest()[:16] for key in public_keys()]
    assert report.root == mth(usual().leaves()).hex()
    assert report.signed is not None
    assert (report.signed.size, report.signed.key_id) == (1030, report.key_ids[1])
    assert [note.code for note in report.notes] == ["note-key-from-file", "note-tail"]
    assert told[-1] == (1040, 1040)


def public_keys() -> list[bytes]:
    return [bytes(key[1]) for key in usual().keys.values()]


def test_reading_changes_nothing_and_leaves_nothing_behind(copy: Path):
    before, listing = copy.read_bytes(), sorted(copy.parent.iterdir())
    copy.chmod(stat.S_IRUSR)
    assert verify_file(copy).ok
    assert copy.read_bytes() == before
    assert sorted(copy.parent.iterdir()) == listing


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513])
def test_records_around_the_edge_of_a_tile_hold(tmp_path: Path, size: int):
    builder = Builder().fill(size)
    builder.sign()
    report = verify_file(builder.write(tmp_path / "s.sqlite"))
    assert (report.ok, report.entries, report.unsigned_tail) == (True, size, 0)


def test_a_checkpoint_after_every_entry_holds(tmp_path: Path):
    builder = Builder()
    while len(builder.rows) < 300:
        builder.sign()
        builder.add()
    assert verify_file(builder.write(tmp_path / "s.sqlite")).checkpoints == 299


def test_an_empty_store_holds_but_proves_nothing(tmp_path: Path):
    path = tmp_path / "empty.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.close()
    report = verify_file(path)
    assert (report.ok, report.entries) == (True, 0)
    assert [note.code for note in report.notes] == ["note-no-checkpoint"]


def test_a_clock_that_went_back_on_the_record_is_a_note(tmp_path: Path):
    builder = Builder().fill(3)
    builder.add("record.clock_stepped", "record/site", {"id": "site", "by_ms": -5000}, recorded_at=5)
    builder.add(recorded_at=6)
    report = verify_file(builder.write(tmp_path / "s.sqlite"))
    assert report.ok
    assert next((note.code, note.seq) for note in report.notes) == ("note-clock", 4)


def test_rows_that_lie_in_another_order_still_hold(good: Path, tmp_path: Path):
    """A store that was restored row by row may hold them in any order."""
    path = tmp_path / "shuffled.sqlite"
    shutil.copy(good, path)
    change(path, "CREATE TABLE j AS SELECT * FROM journal ORDER BY (seq * 7919) % 1040")
    change(path, "DELETE FROM journal")
    change(path, "INSERT INTO journal SELECT * FROM j")
    change(path, "DROP TABLE j")
    report = verify_file(path)
    assert (report.ok, report.entries, report.findings) == (True, 1040, [])


# -- live files, and files without their log ---------------------------------------------


def test_a_live_file_is_read_with_its_log(copy: Path, tmp_path: Path):
    """Entries that stand in the write-ahead log only are judged; a copy without it is judged as it is."""
    writer = sqlite3.connect(copy)
    assert writer.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    longer = usual()
    longer.add()
    row = longer.rows[-1]
    writer.execute("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?,?,?)", row)
    writer.execute("UPDATE record_head SET size = 1041, peaks = ?, last_recorded_at = ?, last_id = ?",
                   (longer.peaks(), row[6], row[1]))  # fmt: skip
    writer.commit()
    try:
        live = verify_file(copy)
        assert (live.ok, live.entries) == (True, 1041)
        alone = Path(shutil.copy(copy, tmp_path / "alone.sqlite"))
        report = verify_file(alone)
        assert (report.ok, report.entries) == (True, 1040)
        assert report.notes[0].code == "note-wal-missing"
        assert not list(tmp_path.glob("alone.sqlite-*")), "the evidence's folder stays as it was"
    finally:
        writer.close()


# -- keys and checkpoints held outside ---------------------------------------------------


def test_a_trusted_key_may_be_given_whole_or_by_its_id(good: Path):
    old, new = (key.hex() for key in public_keys())
    old_id, new_id = (sha256(key).hexdigest()[:16] for key in public_keys())
    for key in (new, new.upper(), new_id, f" {new_id}\n"):
        report = verify_file(good, trusted_key=key)
        assert (report.ok, report.unsigned_tail) == (True, 10)
        assert "note-key-from-file" not in [note.code for note in report.notes]
    for key in (old, old_id):
        # What the old key signed holds, and no more is vouched for.
        report = verify_file(good, trusted_key=key)
        assert (report.ok, report.unsigned_tail) == (True, 440)
        assert ("note-other-keys", {"key_ids": new_id}) in [(note.code, note.args) for note in report.notes]


def test_a_record_signed_by_another_key_than_the_trusted_one_does_not_hold(good: Path):
    assert first(verify_file(good, trusted_key="00" * 32)) == ("trusted-key-absent", None)
    assert first(verify_file(good, trusted_key="0" * 16)) == ("trusted-key-absent", None)


@pytest.mark.parametrize("key", ["", "xyz", "0" * 15, "0" * 63 + "g", "é" * 16, "0" * 1000])
def test_what_is_no_key_is_said_to_be_none(good: Path, key: str):
    assert first(verify_file(good, trusted_key=key)) == ("key-malformed", None)


def test_a_checkpoint_kept_elsewhere_shows_a_record_rewritten_whole(good: Path, tmp_path: Path):
    held = (700, mth(usual().leaves()[:700]).hex())
    assert verify_file(good, held=[held]).ok
    # The owner of the key rewrites entry 400 and everything that follows from it: the file alone holds.
    forged = Builder().fill(399)
    forged.add(kind="incident.closed")
    forged.fill(1040)
    forged.sign()
    path = forged.write(tmp_path / "forged.sqlite")
    assert verify_file(path).ok
    assert first(verify_file(path, held=[held])) == ("held-root", 1)
    assert first(verify_file(good, held=[(2000, "00" * 32)])) == ("held-beyond", 1041)
    for wrong in [(5, "zz"), (5, "00"), (0, "00" * 32), (-1, "00" * 32)]:
        assert codes(verify_file(good, held=[wrong])) == ["held-malformed"]


# -- a hand in the journal ---------------------------------------------------------------


def flip(value: Any, place: int, bit: int) -> Any:
    """The value with one bit changed, as a value of the same type."""
    if isinstance(value, int):
        return value ^ 1 << bit
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    if not raw:
        return "x" if isinstance(value, str) else b"x"
    raw[place % len(raw)] ^= 1 << bit
    # What is no UTF-8 any more is stored as it is, and must be found too.
    return bytes(raw)


@given(
    row=st.integers(1, 1040), column=st.sampled_from([*COLUMNS, "leaf"]), place=st.integers(0, 500),
    bit=st.integers(0, 7),
)  # fmt: skip
@settings(
    max_examples=120, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_one_bit_in_any_column_of_any_entry_is_found_and_named(
    good: Path, tmp_path: Path, row: int, column: str, place: int, bit: int
):
    path = Path(shutil.copy(good, tmp_path / "bit.sqlite"))
    connection = sqlite3.connect(path)
    (value,) = connection.execute(f"SELECT {column} FROM journal WHERE seq = ?", (row,)).fetchone()
    changed = flip(value, place, bit)
    expression = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
    if column == "seq":
        # The other row with that number goes out of the way, or the key would forbid the change.
        connection.execute("DELETE FROM journal WHERE seq = ?", (changed,))
    connection.execute(f"UPDATE journal SET {column} = {expression} WHERE seq = ?", (changed, row))
    connection.commit()
    connection.close()
    report = verify_file(path)
    expected = min(row, changed) if column == "seq" and changed >= 1 else row
    assert first(report)[1] == expected, report.findings


@pytest.mark.parametrize("row", [1, 2, 256, 257, 1039, 1040])
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("value", [None, b"\xff\xfe", 1.5, "x\ny", " ", 2**62, -1])
def test_absurd_values_are_findings_at_their_entry(copy: Path, row: int, column: str, value: Any):
    change(copy, "CREATE TABLE loose AS SELECT * FROM journal")
    change(copy, "DROP TABLE journal")
    change(copy, "ALTER TABLE loose RENAME TO journal")
    change(copy, f"UPDATE journal SET {column} = ? WHERE seq = ?", value, row)
    assert first(verify_file(copy))[1] == row


def test_the_type_of_a_value_counts_not_only_its_bytes(copy: Path):
    change(copy, "UPDATE journal SET body = CAST(body AS BLOB) WHERE seq = 77")
    assert first(verify_file(copy)) == ("entry-type", 77)


def test_fields_cannot_be_shifted_over_a_newline(tmp_path: Path):
    builder = Builder().fill(5)
    builder.add(actor="marie\n", purpose="")
    report = verify_file(builder.write(tmp_path / "s.sqlite"))
    assert first(report) == ("entry-newline", 6)


def test_a_changed_body_is_one_finding_and_the_rest_still_holds(copy: Path):
    change(copy, "UPDATE journal SET body = '{}' WHERE seq = 512")
    assert verify_file(copy).counts == {"entry-leaf": 1}


def test_a_changed_leaf_is_one_finding(copy: Path):
    change(copy, "UPDATE journal SET leaf = zeroblob(32) WHERE seq = 700")
    assert verify_file(copy).counts == {"entry-leaf": 1}


@pytest.mark.parametrize(
    ("row", "expected"), [(100, (1, 256)), (280, (1, 300)), (302, (301, 512)), (1035, (1031, 1040))]
)
def test_an_entry_rewritten_with_its_leaf_is_named_as_a_range(
    copy: Path, row: int, expected: tuple[int, int]
):
    """The smallest range that the stored tree and the signed roots allow to be told."""
    connection = sqlite3.connect(copy)
    values = list(connection.execute("SELECT * FROM journal WHERE seq = ?", (row,)).fetchone())
    values[7] = "somebody else"
    connection.execute(
        "UPDATE journal SET actor = ?, leaf = ? WHERE seq = ?", (values[7], leaf_of(values), row)
    )
    connection.commit()
    connection.close()
    report = verify_file(copy)
    bad = report.first_bad
    assert bad is not None
    assert (bad.args["first"], bad.args["last"]) == expected
    if row < 1030:
        assert "checkpoint-root" in report.counts


def test_an_entry_rewritten_with_its_leaf_and_the_whole_stored_tree_fails_at_the_checkpoint(tmp_path: Path):
    builder = usual()
    builder.rows[400][7] = "somebody else"
    builder.rows[400][10] = leaf_of(builder.rows[400])
    report = verify_file(builder.write(tmp_path / "s.sqlite"))
    assert report.first_bad is not None
    assert (report.first_bad.code, report.first_bad.args) == (
        "checkpoint-root",
        {"first": 301, "last": 600, "size": 600},
    )


@pytest.mark.parametrize("row", [1, 2, 256, 257, 300, 700])
def test_a_removed_entry_is_named(copy: Path, row: int):
    change(copy, "DELETE FROM journal WHERE seq = ?", row)
    report = verify_file(copy)
    assert first(report) == ("entry-missing", row)
    assert report.first_bad is not None
    assert report.first_bad.args == {"first": row, "last": row}


def test_removed_entries_are_named_as_ranges(copy: Path):
    change(copy, "DELETE FROM journal WHERE seq BETWEEN 310 AND 900 OR seq BETWEEN 20 AND 21")
    missing = [
        (f.args["first"], f.args["last"]) for f in verify_file(copy).findings if f.code == "entry-missing"
    ]
    assert missing == [(20, 21), (310, 900)]


def test_removed_and_renumbered_entries_are_found(tmp_path: Path):
    builder = usual()
    del builder.rows[449]
    for seq, row in enumerate(builder.rows, 1):
        row[0] = seq
        row[10] = leaf_of(row)
    assert first(verify_file(builder.write(tmp_path / "s.sqlite")))[0] == "checkpoint-root"


@pytest.mark.parametrize("left", [1029, 600, 257])
def test_a_tail_cut_off_below_a_checkpoint_is_said(copy: Path, left: int):
    change(copy, "DELETE FROM journal WHERE seq > ?", left)
    report = verify_file(copy)
    assert first(report) == ("checkpoint-beyond", left + 1)
    assert report.counts["tail-missing"] == 1


def test_an_unsigned_tail_cut_off_is_said_by_the_head(copy: Path):
    change(copy, "DELETE FROM journal WHERE seq > 1035")
    assert first(verify_file(copy)) == ("tail-missing", 1036)


def test_two_entries_with_one_number(copy: Path):
    change(copy, "CREATE TABLE loose AS SELECT * FROM journal")
    change(copy, "DROP TABLE journal")
    change(copy, "ALTER TABLE loose RENAME TO journal")
    change(copy, "INSERT INTO journal SELECT * FROM journal WHERE seq = 9")
    assert first(verify_file(copy)) == ("entry-twice", 9)


def test_an_entry_with_another_number_is_named_by_its_place(copy: Path):
    change(copy, "UPDATE journal SET seq = 99999 WHERE seq = 9")
    report = verify_file(copy)
    assert first(report) == ("entry-number", 9)
    assert report.counts == {"entry-number": 1}


@pytest.mark.parametrize("number", [2**62, 5_000_000])
def test_a_number_far_ahead_takes_neither_time_nor_memory(copy: Path, number: int):
    change(copy, "UPDATE journal SET seq = ?, body = '' WHERE seq = 1040", number)
    report = verify_file(copy)
    assert first(report) == ("entry-missing", 1040)


def test_entries_of_another_site_or_an_earlier_time(tmp_path: Path):
    builder = Builder().fill(4)
    builder.add(site="elsewhere")
    builder.add(recorded_at=7)
    builder.fill(8)
    report = verify_file(builder.write(tmp_path / "s.sqlite"))
    assert [(f.code, f.seq) for f in report.findings] == [("entry-site", 5), ("entry-time", 6)]


def test_findings_are_counted_but_not_kept_without_limit(copy: Path):
    change(copy, "UPDATE journal SET actor = 'x'")
    report = verify_file(copy)
    assert report.counts["entry-leaf"] == 1040
    assert len([f for f in report.findings if f.code == "entry-leaf"]) == FINDINGS_PER_CODE_MAX
    assert first(report) == ("entry-leaf", 1)


# -- a hand in the tables beside it --------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE merkle_node SET hash = zeroblob(32) WHERE level = 8 AND idx = 2", "tree-range"),
        ("UPDATE merkle_node SET hash = zeroblob(32) WHERE level = 10", "tree-range"),
        ("UPDATE merkle_node SET hash = zeroblob(31) WHERE level = 9 AND idx = 0", "tree-node-missing"),
        ("UPDATE merkle_node SET hash = 'text' WHERE level = 9 AND idx = 1", "tree-node-missing"),
        ("UPDATE merkle_node SET idx = 77 WHERE level = 8 AND idx = 2", "tree-node-missing"),
        ("UPDATE merkle_node SET level = -5 WHERE level = 10", "tree-node-missing"),
        ("UPDATE merkle_node SET level = 9e99, idx = 'x' WHERE level = 10", "tree-node-missing"),
        ("DELETE FROM merkle_node WHERE level = 9 AND idx = 0", "tree-node-missing"),
        ("INSERT INTO merkle_node VALUES (8, 4, zeroblob(32))", "tree-node-extra"),
        ("INSERT INTO merkle_node VALUES (7, 0, zeroblob(32))", "tree-node-extra"),
        ("DELETE FROM record_head", "head-missing"),
        ("UPDATE record_head SET one = 2", "head-column"),
        ("UPDATE record_head SET site = 'x'", "head-column"),
        ("UPDATE record_head SET size = 1039", "head-size"),
        ("UPDATE record_head SET size = 1041", "tail-missing"),
        ("UPDATE record_head SET size = 'many'", "head-column"),
        ("UPDATE record_head SET peaks = zeroblob(64)", "head-peaks"),
        ("UPDATE record_head SET peaks = peaks || x'00'", "head-column"),
        ("UPDATE record_head SET last_recorded_at = 5", "head-column"),
        ("UPDATE record_head SET last_id = 'x'", "head-column"),
        ("UPDATE checkpoint SET root = zeroblob(32) WHERE size = 600", "checkpoint-root"),
        ("UPDATE checkpoint SET root = 5 WHERE size = 600", "checkpoint-type"),
        ("UPDATE checkpoint SET size = 601 WHERE size = 600", "checkpoint-root"),
        ("UPDATE checkpoint SET size = 'x' WHERE size = 600", "checkpoint-type"),
        ("UPDATE checkpoint SET size = 5000 WHERE size = 600", "checkpoint-beyond"),
        ("UPDATE checkpoint SET at = at + 1 WHERE size = 600", "checkpoint-signature"),
        ("UPDATE checkpoint SET signature = zeroblob(64) WHERE size = 600", "checkpoint-signature"),
        ("UPDATE checkpoint SET signature = zeroblob(3) WHERE size = 600", "checkpoint-type"),
        ("UPDATE checkpoint SET key_id = 'x' WHERE size = 600", "checkpoint-key-unknown"),
        ("UPDATE checkpoint SET key_id = (SELECT key_id FROM checkpoint WHERE size = 600) WHERE size = 1030",
         "checkpoint-key-time"),
        ("UPDATE site_key SET public_key = zeroblob(32) WHERE retired_seq IS NULL", "key-table"),
        ("UPDATE site_key SET introduced_seq = 3 WHERE retired_seq IS NULL", "key-table"),
        ("UPDATE site_key SET retired_seq = NULL", "key-table"),
        ("UPDATE site_key SET key_id = 'x' WHERE retired_seq IS NULL", "key-table"),
        ("INSERT INTO site_key VALUES ('0011223344556677', zeroblob(32), 5, NULL)", "key-table"),
        ("DELETE FROM site_key", "key-table"),
        ("UPDATE sealed SET value = 'lòt bagay' WHERE id = 's1'", "sealed-value"),
        ("UPDATE sealed SET salt = zeroblob(16) WHERE id = 's1'", "sealed-value"),
        ("UPDATE sealed SET value = CAST(value AS BLOB) WHERE id = 's1'", "sealed-type"),
        ("UPDATE sealed SET value = NULL WHERE id = 's1'", "sealed-type"),
        ("UPDATE sealed SET erased_at = 5 WHERE id = 's1'", "sealed-type"),
        ("UPDATE sealed SET value = NULL, salt = NULL WHERE id = 's1'", "sealed-unrecorded"),
        ("UPDATE sealed SET value = NULL, salt = NULL, erased_at = 5, erased_seq = 303 WHERE id = 's1'",
         "sealed-unrecorded"),
        ("UPDATE sealed SET value = NULL, salt = NULL, erased_at = 5, erased_seq = 7 WHERE id = 's1'",
         "sealed-unrecorded"),
        ("UPDATE sealed SET id = 'x' WHERE id = 's1'", "sealed-missing"),
        ("DELETE FROM sealed", "sealed-missing"),
        ("UPDATE sealed SET value = 'x', salt = x'00', erased_at = NULL, erased_seq = NULL WHERE id = 's2'",
         "sealed-kept"),
        ("UPDATE sealed SET erased_seq = 7 WHERE id = 's2'", "sealed-unrecorded"),
        ("UPDATE sealed SET erased_at = NULL WHERE id = 's2'", "sealed-unrecorded"),
        ("INSERT INTO sealed VALUES ('s9', 'x', 'x', 'x', x'00', 'x', 1, 7, NULL, NULL)", "sealed-unclaimed"),
        ("UPDATE sealed SET sealed_seq = 7 WHERE id = 's1'", "sealed-unclaimed"),
    ],
)  # fmt: skip
def test_each_change_beside_the_journal_is_found(copy: Path, sql: str, code: str):
    change(copy, sql)
    report = verify_file(copy)
    assert not report.ok
    assert code in report.counts, report.findings


def test_one_wrong_node_is_one_finding(copy: Path):
    change(copy, "UPDATE merkle_node SET hash = zeroblob(32) WHERE level = 9 AND idx = 1")
    report = verify_file(copy)
    assert report.counts == {"tree-range": 1}
    assert report.findings[0].args == {"first": 601, "last": 1024}


def test_a_sealed_value_that_was_never_kept_is_named(tmp_path: Path):
    builder = usual()
    builder.add("sealed.erased", "sealed/s1", {"id": "s1", "sealed": "s1", "reason": "retention"})
    report = verify_file(builder.write(tmp_path / "s.sqlite"))
    assert first(report) == ("sealed-kept", 1041)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"sealed":}', "entry-body"),
        ('{"a":' * 100_000 + '"sealed":', "entry-body"),
        ('{"words":{"commitment":5,"sealed":"s1"}}', "sealed-type"),
        ('{"words":{"commitment":"00","sealed":["s1"]}}', "sealed-type"),
        ('{"words":{"commitment":"00","sealed":"\\ud800"}}', "sealed-type"),
        ('{"words":{"commitment":"00","sealed":"a\\u0000b"}}', "sealed-type"),
        ('{"words":[{"x":{"commitment":"00","sealed":"s1"}}]}', "sealed-value"),
        ('{"words":{"commitment":"' + "0" * 64 + '","sealed":"s1"}}', "sealed-value"),
        ('{"words":{"commitment":"(erased)","sealed":"s1"}}', "sealed-value"),
    ],
)
def test_hostile_bodies_are_findings(tmp_path: Path, body: str, code: str):
    builder = usual()
    builder.add(body=body)
    report = verify_file(builder.write(tmp_path / "s.sqlite"))
    assert first(report) == (code, 1041)


@pytest.mark.parametrize("body", ['{"of":"call/1","sealed":"s1"}', '{"tit":"a \\"sealed\\": text"}'])
def test_bodies_that_only_speak_of_a_sealed_value_are_no_commitments(tmp_path: Path, body: str):
    builder = usual()
    builder.add(body=body)
    assert verify_file(builder.write(tmp_path / "s.sqlite")).ok


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"id": "0011223344556677", "public_key": "00" * 32}, "key-wrong"),
        ({"id": "0011223344556677", "public_key": "zz"}, "entry-body"),
        ({"id": 5, "public_key": "00" * 32}, "entry-body"),
        ({"public_key": None}, "entry-body"),
        ("[]", "entry-body"),
        ("no json", "entry-body"),
    ],
)
def test_hostile_introductions_of_keys_are_findings(tmp_path: Path, body: Any, code: str):
    builder = usual()
    builder.add("record.key_introduced", "record/x", body)
    assert first(verify_file(builder.write(tmp_path / "s.sqlite"))) == (code, 1041)


# -- files that are no store -----------------------------------------------------------------


def test_files_that_are_no_store_are_said_to_be_none(tmp_path: Path):
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("once upon a time " * 100)
    (tmp_path / "random").write_bytes(os.urandom(5000))
    (tmp_path / "header").write_bytes(b"SQLite format 3\x00")
    foreign = sqlite3.connect(tmp_path / "foreign")
    foreign.executescript("CREATE TABLE journal (seq, id); CREATE TABLE poems (words)")
    foreign.close()
    expected = {
        "none": "file-missing", "empty": "file-not-store", "text": "file-not-database",
        "random": "file-not-database", "foreign": "file-not-store", ".": "file-unreadable",
    }  # fmt: skip
    for name, code in expected.items():
        report = verify_file(tmp_path / name)
        assert first(report) == (code, None), name
        assert report.counts == {code: 1}
    assert not verify_file(tmp_path / "header").ok
    assert not verify_file("a\x00b").ok


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE journal RENAME TO j; CREATE VIEW journal AS SELECT * FROM j",
        "ALTER TABLE sealed DROP COLUMN salt",
        "ALTER TABLE checkpoint RENAME COLUMN root TO r; "
        "ALTER TABLE checkpoint ADD COLUMN root BYTEA GENERATED ALWAYS AS (r) VIRTUAL",
        "DROP TABLE merkle_node; CREATE VIRTUAL TABLE merkle_node USING fts5(level, idx, hash)",
    ],
)
def test_views_and_computed_columns_are_not_believed(copy: Path, sql: str):
    connection = sqlite3.connect(copy)
    connection.executescript(sql)
    connection.close()
    assert first(verify_file(copy)) == ("file-not-store", None)


def test_an_index_that_lies_changes_nothing(copy: Path):
    """Judged is what stands in the table, also when an index has it all and would be faster to read."""
    change(copy, f"CREATE INDEX everything ON journal ({', '.join(COLUMNS)}, leaf)")
    data = copy.read_bytes()
    words = "dife nan lari 44 é".encode()
    places = [match.start() for match in re.finditer(re.escape(words), data)]
    assert len(places) == 2, "one in the table, one in the index"
    reports: list[Report] = []
    for place in places:
        copy.write_bytes(data[:place] + words.replace(b"44", b"45") + data[place + len(words) :])
        reports.append(verify_file(copy))
    assert sorted(report.ok for report in reports) == [False, True]
    assert {first(report) for report in reports if not report.ok} == {("entry-leaf", 44)}


PROTECTED = {
    "journal": "*", "merkle_node": "*", "record_head": "*", "site_key": "*", "checkpoint": "*",
    "sealed": "id, salt, value, erased_seq",
}  # fmt: skip


def protected(path: Path) -> list[Any]:
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    try:
        return [
            sorted(map(repr, connection.execute(f"SELECT {columns} FROM {table} NOT INDEXED")))
            for table, columns in PROTECTED.items()
        ]
    finally:
        connection.close()


@given(data=st.data())
@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_bytes_overwritten_anywhere_in_the_file_are_found_or_harmless(
    good: Path, tmp_path: Path, data: st.DataObject
):
    raw = bytearray(good.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        # Page headers and cell pointers are where a file breaks in interesting ways: half the hits go there.
        place = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):
            place = place // 4096 * 4096 + data.draw(st.integers(0, 200))
        raw[place % len(raw)] = data.draw(st.integers(0, 255))
    path = tmp_path / "torn.sqlite"
    path.write_bytes(raw)
    report = verify_file(path)
    if report.ok:
        assert protected(path) == protected(good), "what the verifier passed is what was written"
    else:
        assert report.first_bad is not None


def test_a_broken_schema_whose_message_cannot_be_read_is_a_finding(copy: Path):
    """SQLite repeats the broken bytes in its message; Python refuses to decode them."""
    copy.write_bytes(copy.read_bytes().replace(b"CREATE TABLE journal", b"CREATE \xff\xfeBLE journal"))
    assert first(verify_file(copy)) == ("file-damaged", None)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_file_cut_short_is_found(copy: Path, share: float):
    raw = copy.read_bytes()
    copy.write_bytes(raw[: int(len(raw) * share)])
    assert not verify_file(copy).ok


def test_a_page_that_cannot_be_read_stops_at_the_entry_it_held(copy: Path):
    raw = bytearray(copy.read_bytes())
    place = raw.index(b"dife nan lari 500 ") // 4096 * 4096
    raw[place : place + 4096] = bytes([0xA5]) * 4096
    copy.write_bytes(raw)
    report = verify_file(copy)
    code, seq = first(report)
    assert code == "file-damaged"
    assert seq is not None
    assert 480 <= seq <= 500
    assert report.first_bad is not None
    assert report.first_bad.args["table"] == "journal"
    assert "checkpoint-beyond" not in report.counts, "what could not be read is not said to be missing"


# -- the verifier's own promises ---------------------------------------------------------------


def test_it_shares_no_code_with_the_server():
    allowed = set(sys.stdlib_module_names) | {"cryptography", "psycopg"}
    imported = set()
    for statement in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(statement, ast.Import):
            imported |= {name.name.split(".")[0] for name in statement.names}
        elif isinstance(statement, ast.ImportFrom):
            assert statement.level == 0, "a relative import reaches into the server"
            imported.add((statement.module or "").split(".")[0])
    assert "hashlib" in imported
    assert imported <= allowed


def test_it_runs_alone_as_one_copied_file(good: Path, copy: Path, tmp_path: Path):
    alone = shutil.copy(SOURCE, tmp_path / "verify.py")
    command = [sys.executable, "-I", str(alone)]
    done = subprocess.run([*command, str(good)], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["entries"]) == (0, 1040)
    change(copy, "UPDATE journal SET body = '{}' WHERE seq = 3")
    done = subprocess.run([*command, str(copy)], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["first_bad"]["seq"]) == (1, 3)
    root = mth(usual().leaves()[:700]).hex()
    for held, status in [(f"700:{root}", 0), (f"701:{root}", 1), (":", 2), ("many:00", 2)]:
        done = subprocess.run([*command, str(good), "0" * 16, held], capture_output=True, check=False)
        assert done.returncode == (1 if status == 0 else status), "no checkpoint here is of that key"
        done = subprocess.run([*command, str(good), held], capture_output=True, check=False)
        assert done.returncode == status
    for wrong in ([], [str(good), "00", "11"]):
        assert subprocess.run([*command, *wrong], capture_output=True, check=False).returncode == 2


DOCUMENTED = dict(
    re.findall(r"^    ([a-z]+(?:-[a-z]+)+): ?((?:[a-z_]+(?:, )?)*)", verifier.__doc__ or "", re.MULTILINE)
)


def test_the_docstring_lists_every_code_that_can_be_found():
    used = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', SOURCE.read_text(encoding="utf-8").split('"""', 2)[2]))
    assert used - {"utf-8", "lanbi-checkpoint"} == set(DOCUMENTED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_sentence_with_its_arguments_in_every_language(lang: str):
    resource = FluentParser().parse((LOCALES / lang / "verify.ftl").read_text(encoding="utf-8"))
    assert not [entry for entry in resource.body if isinstance(entry, ftl.Junk)]
    messages = {entry.id.name: entry for entry in resource.body if isinstance(entry, ftl.Message)}
    for code, args in DOCUMENTED.items():
        message = messages[code]
        assert message.value is not None
        assert variables(message) <= set(filter(None, args.split(", "))), f"{lang}: {code}"
    english = FluentParser().parse((LOCALES / "en" / "verify.ftl").read_text(encoding="utf-8"))
    known = {entry.id.name: entry for entry in english.body if isinstance(entry, ftl.Message)}
    assert messages.keys() == known.keys()
    for name, message in messages.items():
        assert variables(message) == variables(known[name]), f"{lang}: {name}"
        assert {a.id.name for a in message.attributes} == {a.id.name for a in known[name].attributes}


def variables(message: ftl.Message) -> set[str]:
    return set(re.findall(r"\$(\w+)", FluentSerializer().serialize_entry(message)))


# -- the documents' commands -------------------------------------------------------------------

RECORD_PAGE = SOURCE.parents[3] / "docs" / "concepts" / "record.md"


@pytest.mark.skipif(not (shutil.which("sqlite3") and shutil.which("xxd")), reason="needs sqlite3 and xxd")
def test_an_outsider_can_do_by_hand_what_the_page_on_the_record_says(good: Path, tmp_path: Path):
    """Every shell command of docs/concepts/record.md is run, in order, on a good copy; each ends well."""
    shutil.copy(good, tmp_path / "copy.sqlite")
    blocks = re.findall(
        r"^```sh\n(.*?)^```", RECORD_PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) >= 4
    script = "\n".join(block for block in blocks if "localhost" not in block and "lanbi " not in block)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    hashes = re.findall(r"^[0-9a-f]{64}", done.stdout, re.MULTILINE)
    rows = usual().rows
    assert hashes == [rows[4][10].hex()] * 2 + [mth([row[10] for row in rows[:2]]).hex()]
    assert "Verified Successfully" in done.stdout
    assert done.stdout.rstrip().endswith("the same"), "the sealed value opens its commitment"
