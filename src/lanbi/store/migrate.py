"""Migrations: numbered files of plain SQL that both engines run, each once, in order."""

import hashlib
from importlib.resources import files

import msgspec

from lanbi.core.errors import Refused
from lanbi.core.time import Instant
from lanbi.store.engine import Connection

MADE = "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT, digest TEXT, at BIGINT)"
DONE = "SELECT number, name, digest FROM migration ORDER BY number"
MARK = "INSERT INTO migration (number, name, digest, at) VALUES (:number, :name, :digest, :at)"


class Migration(msgspec.Struct, frozen=True):
    """One file of `migrations/`: NNNN_name.sql."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def statements(self) -> list[str]:
        """The statements one by one, comments removed; each ends with `;` at a line's end."""
        lines = [line for line in self.sql.splitlines() if not line.lstrip().startswith("--")]
        parts = ("\n".join(lines) + "\n").split(";\n")
        return [part.strip() for part in parts if part.strip()]


def shipped() -> list[Migration]:
    """All migrations of this version, in order."""
    folder = files("lanbi.store") / "migrations"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return [
        Migration(int(name.split("_", 1)[0]), name, (folder / name).read_text(encoding="utf-8"))
        for name in names
    ]


def migrate(connection: Connection, now: Instant) -> list[str]:
    """Brings the store to this version inside one transaction; returns the names that were run.

    Raises `Refused("store-newer")` when the store knows a migration that this
    version does not, and `Refused("migration-changed")` when one was altered after
    it had run; in both cases nothing is changed.
    """
    connection.begin_write()
    try:
        ran = _run_missing(connection, now)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return ran


def _run_missing(connection: Connection, now: Instant) -> list[str]:
    connection.run(MADE, {})
    done = {number: (name, digest) for number, name, digest in connection.rows(DONE, {})}
    known = {migration.number: migration for migration in shipped()}
    if unknown := sorted(set(done) - set(known)):
        raise Refused("store-newer", migration=done[unknown[0]][0])
    ran: list[str] = []
    for number, migration in sorted(known.items()):
        if number in done:
            if done[number][1] != migration.digest:
                raise Refused("migration-changed", migration=migration.name)
            continue
        for statement in migration.statements:
            connection.run(statement, {})
        connection.run(
            MARK, {"number": number, "name": migration.name, "digest": migration.digest, "at": now}
        )
        ran.append(migration.name)
    return ran
