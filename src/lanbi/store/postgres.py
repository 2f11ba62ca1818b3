"""PostgreSQL through psycopg 3: the nation's engine. The same SQL, the same journal."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg import errors as pg

from lanbi.core.errors import Busy, Conflict, Malformed

CONNECT_TIMEOUT_S = 10
STATEMENT_TIMEOUT_S = 60
# One number for the whole database: whoever holds it writes the journal.
WRITER_LOCK = 0x1A4B1
PREPARE_AFTER = 2

_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


@cache
def to_psycopg(sql: str) -> str:
    """The house's `:name` parameters in psycopg's spelling."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


class PostgresConnection:
    """One psycopg connection in the house's terms."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def rows(self, sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(to_psycopg(sql), params).fetchall()  # pyright: ignore[reportArgumentType]

    def run(self, sql: str, params: Mapping[str, Any]) -> int:
        return self._connection.execute(to_psycopg(sql), params).rowcount  # pyright: ignore[reportArgumentType]

    def run_many(self, sql: str, params: Sequence[Mapping[str, Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(to_psycopg(sql), params)  # pyright: ignore[reportArgumentType]

    def script(self, sql: str) -> None:
        self._connection.execute(sql.encode())

    def begin_write(self) -> None:
        self._connection.execute("BEGIN")
        # Without it a second node could commit a lower number after a higher one
        # was read, and a reader that resumes by number would skip it (seen).
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITER_LOCK,))

    def begin_read(self) -> None:
        self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if not self._connection.closed:
            self._connection.execute("ROLLBACK")

    def savepoint(self) -> None:
        self._connection.execute("SAVEPOINT piece")

    def release(self) -> None:
        self._connection.execute("RELEASE SAVEPOINT piece")

    def rollback_to_savepoint(self) -> None:
        self._connection.execute("ROLLBACK TO SAVEPOINT piece")
        self._connection.execute("RELEASE SAVEPOINT piece")

    def close(self) -> None:
        self._connection.close()


class PostgresEngine:
    """One database, possibly shared by several nodes of one site."""

    name = "postgres"
    remote = True

    def __init__(self, url: str) -> None:
        """`url`: a libpq address, postgresql://user@host/database."""
        self._url = url

    def _connect(self) -> PostgresConnection:
        try:
            connection = psycopg.connect(
                self._url,
                autocommit=True,  # transactions are opened and ended by name, above
                connect_timeout=CONNECT_TIMEOUT_S,
                prepare_threshold=PREPARE_AFTER,
                options=f"-c statement_timeout={STATEMENT_TIMEOUT_S}s -c client_min_messages=warning",
            )
        except psycopg.OperationalError as error:
            raise Busy("store-away", detail=str(error).strip()) from error
        return PostgresConnection(connection)

    def connect(self) -> PostgresConnection:
        return self._connect()

    def connect_reader(self) -> PostgresConnection:
        return self._connect()

    def explain(self, error: Exception) -> Exception:
        if isinstance(error, pg.IntegrityError):
            return Conflict("already-there", detail=str(error).splitlines()[0])
        if isinstance(error, pg.DiskFull):
            return Busy("store-full", folder="postgresql")
        if isinstance(error, pg.UntranslatableCharacter | pg.CharacterNotInRepertoire) or (
            isinstance(error, psycopg.DataError) and "NUL" in str(error)  # psycopg's own; it has no class
        ):
            return Malformed("text-nul", field="text")
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return Busy("store-away", detail=str(error).strip())
        return error

    def is_engine_failure(self, error: Exception) -> bool:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)

    def close(self) -> None:
        return None
