"""Stores as a node's first start leaves them: migrated and empty. Made once, copied for each test.

Fifty migrations take a second and a half on PostgreSQL; a copy takes a tenth of one. That the migrations run,
each once and in order, is what tests/store/test_restart.py asks of stores that are truly empty.
"""

import functools
import tempfile
from pathlib import Path

from lanbi.store.engine import Engine
from lanbi.store.migrate import migrate
from lanbi.store.postgres import PostgresEngine
from lanbi.store.sqlite import FILE_NAME, SqliteEngine


def _migrated(engine: Engine) -> None:
    connection = engine.connect()
    migrate(connection, 0)
    connection.close()
    engine.close()


@functools.cache
def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE_NAME
        _migrated(SqliteEngine(file))
        return file.read_bytes()


def lay_sqlite(file: Path) -> None:
    """A migrated, empty store at that path, where there is none yet."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(_sqlite())


def lay_postgres(url: str) -> None:
    """Migrates the empty database."""
    _migrated(PostgresEngine(url))
