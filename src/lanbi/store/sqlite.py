"""SQLite through apsw: the laptop's engine. WAL, `synchronous=FULL`, erased means overwritten."""

import fcntl
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import apsw

from lanbi.core.errors import Busy, Conflict, Refused

BUSY_TIMEOUT_MS = 5_000
CACHE_KIB = 32_768
STATEMENTS_MAX = 600
WAL_PAGES_MAX = 4_000
FILE_NAME = "lanbi.sqlite"
LOCK_NAME = "lanbi.lock"

_WRITER_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # What is erased (sealed values) is overwritten with zeros, not left in free pages.
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA wal_autocheckpoint = {WAL_PAGES_MAX}",
)
_SETTINGS = ("PRAGMA temp_store = MEMORY", f"PRAGMA cache_size = -{CACHE_KIB}")


def _keep_plans(connection: apsw.Connection) -> None:
    """A statement is planned once, and not anew for every set of parameters.

    apsw's SQLite weighs bound values when it plans a join, and so it would prepare
    such a statement again for each of its runs, which costs more than the run.
    """
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)


class SqliteConnection:
    """One apsw connection in the house's terms."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute

    def rows(self, sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return self._execute(sql, params).fetchall()

    def run(self, sql: str, params: Mapping[str, Any]) -> int:
        self._execute(sql, params)
        return self._connection.changes()

    def run_many(self, sql: str, params: Sequence[Mapping[str, Any]]) -> None:
        self._connection.executemany(sql, params)

    def script(self, sql: str) -> None:
        self._execute(sql)

    def begin_write(self) -> None:
        self._execute("BEGIN IMMEDIATE")

    def begin_read(self) -> None:
        self._execute("BEGIN")

    def commit(self) -> None:
        self._execute("COMMIT")

    def rollback(self) -> None:
        # A full disk makes SQLite end the transaction by itself.
        if self._connection.in_transaction:
            self._execute("ROLLBACK")

    def savepoint(self) -> None:
        self._execute("SAVEPOINT piece")

    def release(self) -> None:
        self._execute("RELEASE piece")

    def rollback_to_savepoint(self) -> None:
        self._execute("ROLLBACK TO piece")
        self._execute("RELEASE piece")

    def close(self) -> None:
        self._connection.close()


class SqliteEngine:
    """One file in a data folder, held by one process at a time."""

    name = "sqlite"
    remote = False

    def __init__(self, path: Path, *, exclusive: bool = True) -> None:
        """`path`: the database file; its folder must exist.

        Raises `Refused("store-in-use")` when another process holds the folder.
        """
        self.path = path
        self._lock_fd: int | None = None
        if exclusive:
            self._lock_fd = os.open(path.with_name(LOCK_NAME), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(self._lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(self._lock_fd)
                self._lock_fd = None
                raise Refused("store-in-use", folder=str(path.parent)) from error

    def connect(self) -> SqliteConnection:
        old_mask = os.umask(0o077)  # the store is for the node's own user only
        try:
            connection = apsw.Connection(str(self.path), statementcachesize=STATEMENTS_MAX)
        finally:
            os.umask(old_mask)
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        for setting in (*_WRITER_SETTINGS, *_SETTINGS):
            connection.execute(setting)
        _keep_plans(connection)
        return SqliteConnection(connection)

    def connect_reader(self) -> SqliteConnection:
        connection = apsw.Connection(
            str(self.path),
            flags=apsw.SQLITE_OPEN_READONLY,
            statementcachesize=STATEMENTS_MAX,
        )
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        for setting in _SETTINGS:
            connection.execute(setting)
        _keep_plans(connection)
        return SqliteConnection(connection)

    def explain(self, error: Exception) -> Exception:
        if isinstance(error, apsw.ConstraintError):
            return Conflict("already-there", detail=str(error))
        if isinstance(error, apsw.FullError):
            return Busy("store-full", folder=str(self.path.parent))
        if isinstance(error, apsw.IOError | apsw.CantOpenError | apsw.BusyError | apsw.ReadOnlyError):
            return Busy("store-away", detail=str(error))
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            return Refused("store-corrupt", file=str(self.path), detail=str(error))
        return error

    def is_engine_failure(self, error: Exception) -> bool:
        return isinstance(error, apsw.Error) and not isinstance(
            error, apsw.ConstraintError | apsw.SQLError | apsw.BindingsError
        )

    def close(self) -> None:
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None
