"""A full disk: everybody is told, nothing is half done, looking goes on, and room is all that it takes."""

import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Busy
from lanbi.core.ports import Tx
from lanbi.record.checkpoint import SiteKey
from lanbi.record.verify import verify_file
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.store.store import LanbiStore
from store.homes import MAKE, ThingMade, TwoHands
from stores import SEED, SITE

pytestmark = pytest.mark.faults

DISK_MB = 8
BALLAST_BYTES = 3_000_000
WRITERS = 4
PUT = "INSERT INTO thing (id, seq) VALUES (:id, :seq)"
WORDS = "INSERT INTO site_setting (name, value) VALUES (:name, :value)"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A filesystem of 8 MB of the test's own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=700", "tmpfs", str(folder)]
    try:
        mounted = (
            os.geteuid() == 0 and subprocess.run(words, capture_output=True, check=False).returncode == 0
        )
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small disk cannot be mounted here (root and tmpfs are needed)")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def command(name: str):
    """Two rows, an entry and a long text that belong together."""

    def work(tx: Tx) -> None:
        entry = tx.record(ThingMade(id=name))
        tx.run(PUT, id=name, seq=entry.seq)
        tx.run(WORDS, name=name, value="dlo " * 2_000)

    return work


def test_a_full_disk_is_told_survived_and_forgotten(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * BALLAST_BYTES)
    file = small_disk / FILE_NAME
    store = LanbiStore(SqliteEngine(file), TwoHands(tick_s=0.001), SiteKey.from_seed(SEED), SITE)
    store.open()
    store.write_now(SYSTEM, lambda tx: tx.run(MAKE))
    told = threading.Event()

    def fill(name: str) -> list[str]:
        """Writes until the disk is full; the names that were answered."""
        kept: list[str] = []
        while not told.is_set():
            try:
                store.write_now(SYSTEM, command(f"{name}{len(kept)}"))
            except Busy as busy:
                assert busy.code == "store-full"
                assert busy.args_by_name["folder"] == str(small_disk)
                told.set()
            else:
                kept.append(f"{name}{len(kept)}")
        return kept

    try:
        with ThreadPoolExecutor(WRITERS) as pool:
            kept = {name for names in pool.map(fill, "abcd") for name in names}
        assert kept

        def there() -> tuple[set[str], set[str], set[str]]:
            return store.read_now(
                lambda reader: (
                    {row[0] for row in reader.rows("SELECT id FROM thing")},
                    {row[0] for row in reader.rows("SELECT name FROM site_setting")},
                    {
                        row[0][6:]
                        for row in reader.rows("SELECT subject FROM journal WHERE kind = 'thing.made'")
                    },
                )
            )

        # Looking goes on, and shows what was answered and nothing else.
        assert there() == (kept, kept, kept)
        # Still full: still told, still nothing half.
        refused = 0
        for number in range(20):
            try:
                store.write_now(SYSTEM, command(f"more{number}"))
                kept.add(f"more{number}")
            except Busy:
                refused += 1
        assert refused
        assert there() == (kept, kept, kept)
        ballast.unlink()
        for number in range(20):
            store.write_now(SYSTEM, command(f"after{number}"))
            kept.add(f"after{number}")
        assert there() == (kept, kept, kept)
    finally:
        store.close()
    report = verify_file(file)
    assert report.ok, report.findings
