"""Copies of a store: made while the node runs, verified before they count, put back into an empty folder."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import apsw

from lanbi.core.errors import Busy, Malformed, NotFound, Refused
from lanbi.record.verify import Report, verify_file
from lanbi.store.sqlite import BUSY_TIMEOUT_MS

STEP_PAGES = 2_000
PROGRESS = Callable[[int, int], None]

NEWEST = """
SELECT h.site, c.size, c.root, c.at, c.key_id, c.signature, k.public_key FROM checkpoint c
JOIN site_key k ON k.key_id = c.key_id JOIN record_head h ON h.one = 1 ORDER BY c.size DESC LIMIT 1
"""


def _sync(path: Path) -> None:
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def backup(source: Path, target: Path, *, progress: PROGRESS | None = None) -> Report:
    """Copies the SQLite store at `source` to the new file `target` and verifies the copy.

    The node may go on writing: the copy is one consistent moment. Until it is
    verified it bears the name `target`.part. Raises `NotFound("store-none")`,
    `Refused("backup-exists")`, `Refused("backup-broken")`, `Busy("store-full")`.
    """
    if not source.is_file():
        raise NotFound("store-none", file=str(source))
    if target.exists():
        raise Refused("backup-exists", file=str(target))
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    old_mask = os.umask(0o077)
    try:
        reading = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY)
        reading.set_busy_timeout(BUSY_TIMEOUT_MS)
        writing = apsw.Connection(str(part))
        try:
            # One reading transaction, so that a busy writer cannot make the copy start over.
            reading.execute("BEGIN; SELECT size FROM record_head")
            with writing.backup("main", reading, "main") as copying:
                while not copying.done:
                    copying.step(STEP_PAGES)
                    if progress is not None:
                        progress(copying.page_count - copying.remaining, copying.page_count)
            # A copy stands alone: no companion files that could be left behind.
            writing.execute("PRAGMA journal_mode = DELETE")
        finally:
            writing.close()
            reading.close()
    except apsw.FullError as error:
        part.unlink(missing_ok=True)
        raise Busy("store-full", folder=str(target.parent)) from error
    except apsw.Error as error:
        part.unlink(missing_ok=True)
        raise Refused("store-corrupt", file=str(source), detail=str(error)) from error
    finally:
        os.umask(old_mask)
    _sync(part)
    report = verify_file(part, trusted_key=None, progress=progress)
    if not report.ok:
        raise Refused("backup-broken", file=str(part), entry=report.first_bad.seq if report.first_bad else 0)
    part.rename(target)
    _sync(target)
    return report


def restore(
    source: Path, target: Path, key: Path | None, key_target: Path, *, progress: PROGRESS | None = None
) -> Report:
    """Puts the backup `source` at `target` in a folder that has no store yet, after verifying it.

    `key`: the site's key file, copied to `key_target` where given. Raises
    `Refused("restore-occupied")`, `Refused("backup-broken")`.
    """
    if target.exists() or key_target.exists():
        raise Refused("restore-occupied", folder=str(target.parent))
    report = verify_file(source, trusted_key=None, progress=progress)
    if not report.ok:
        raise Refused(
            "backup-broken", file=str(source), entry=report.first_bad.seq if report.first_bad else 0
        )
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        _sync(part)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Busy("store-full", folder=str(target.parent)) from error
    part.rename(target)
    if key is not None:
        if not key.is_file():
            raise Malformed("cli-file-none", file=str(key))
        shutil.copyfile(key, key_target)
        key_target.chmod(0o600)
    _sync(target)
    return report


def newest_checkpoint(path: Path) -> str:
    """The newest checkpoint of a store as lines of text: what was signed, then key and signature."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        row = connection.execute(NEWEST).fetchone()
    finally:
        connection.close()
    if row is None:
        raise NotFound("checkpoint-none")
    site, size, root, at, key_id, signature, public_key = row
    return (
        f"lanbi-checkpoint/1\n{site}\n{size}\n{root.hex()}\n{at}\n"
        f"key {key_id} {public_key.hex()}\nsignature {signature.hex()}"
    )
