"""Whoever changes one byte of the record is found out, whether by SQL or with a hex editor."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from lanbi.core.access import Actor
from lanbi.core.ports import Tx
from lanbi.record.checkpoint import SiteKey
from lanbi.record.verify import verify_file
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from store.homes import ThingMade, TwoHands
from stores import SEED, SITE

pytestmark = pytest.mark.faults

ENTRIES = 40
MARIE = Actor(id="marie", name="Marie", role="call_taker")
COLUMNS = ("seq", "id", "site", "subject", "kind", "at", "recorded_at", "actor", "purpose", "body", "leaf")
RAW_CHANGES = 60


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed store of a few dozen entries, one file with no log beside it."""
    folder = tmp_path_factory.mktemp("honest")
    store = LanbiStore(SqliteEngine(folder / FILE_NAME), TwoHands(tick_s=0.5), SiteKey.from_seed(SEED), SITE)
    store.open()
    for number in range(ENTRIES):

        def work(tx: Tx, number: int = number) -> None:
            tx.record(ThingMade(id=f"t{number}"))

        store.write_now(MARIE, work, purpose=f"rezon {number}")
    store.close()
    connection = sqlite3.connect(folder / FILE_NAME)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("VACUUM")
    connection.close()
    assert verify_file(folder / FILE_NAME).ok
    return folder / FILE_NAME


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_is_found_by_its_entry(honest: Path, tmp_path: Path, column: str) -> None:
    file = Path(shutil.copy(honest, tmp_path / "copy.sqlite"))
    connection = sqlite3.connect(file)
    seq = 17
    (value,) = connection.execute(f"SELECT {column} FROM journal WHERE seq = ?", (seq,)).fetchone()
    if isinstance(value, bytes):
        changed = bytes((value[0] ^ 1,)) + value[1:]
    else:
        changed = value + 1_000 if isinstance(value, int) else value[:-1] + chr(ord(value[-1]) ^ 1)
    connection.execute(f"UPDATE journal SET {column} = ? WHERE seq = ?", (changed, seq))
    connection.commit()
    connection.close()
    report = verify_file(file)
    assert not report.ok
    assert report.first_bad is not None
    assert report.first_bad.seq == seq


@pytest.mark.parametrize("statement", [
    "DELETE FROM journal WHERE seq = 17",
    "DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)",
    "UPDATE journal SET seq = 1000 WHERE seq = 17",
    "INSERT INTO journal SELECT seq + 1, id, site, subject, kind, at, recorded_at, actor, purpose, body, leaf"
    " FROM journal ORDER BY seq DESC LIMIT 1",
    "UPDATE record_head SET size = size - 1",
    "UPDATE record_head SET peaks = zeroblob(length(peaks))",
    "UPDATE checkpoint SET root = zeroblob(32)",
    "UPDATE checkpoint SET at = at + 1",
    "UPDATE checkpoint SET signature = zeroblob(64)",
])  # fmt: skip
def test_a_changed_shape_is_found(honest: Path, tmp_path: Path, statement: str) -> None:
    file = Path(shutil.copy(honest, tmp_path / "copy.sqlite"))
    connection = sqlite3.connect(file)
    assert connection.execute(statement).rowcount >= 1
    connection.commit()
    connection.close()
    assert not verify_file(file).ok


def test_a_changed_byte_of_the_file_is_found(honest: Path, tmp_path: Path) -> None:
    """Bytes of the entries' own texts, wherever in the file they lie; none is changed unseen."""
    whole = honest.read_bytes()
    connection = sqlite3.connect(honest)
    texts = [
        (seq, text.encode())
        for seq, *row in connection.execute("SELECT seq, id, purpose, body FROM journal")
        for text in row
        if text
    ]
    connection.close()
    moments = random.Random(b"always the same bytes")
    file = tmp_path / "copy.sqlite"
    for seq, text in moments.sample(texts, RAW_CHANGES):
        place = whole.index(text) + moments.randrange(len(text))
        changed = bytearray(whole)
        changed[place] ^= 1 << moments.randrange(7)
        file.write_bytes(changed)
        assert not verify_file(file).ok, f"byte {place} of entry {seq}"
