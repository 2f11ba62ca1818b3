"""Verifies a record without any of the code that wrote it.

For outsiders: an auditor, a court, another site. This file stands alone: it needs
Python's standard library and `cryptography` (and `psycopg` for a PostgreSQL
address), imports nothing else of Lanbi, and can be copied out and run by itself:

    python verify.py FILE [KEY] [SIZE:ROOT ...]

The format that it checks is described in docs/concepts/record.md. It only reads.
What it reads may be hostile; whatever is wrong becomes a finding, never an error.

Findings (code: arguments). `first` and `last` are sequence numbers of entries.
  The file
    file-missing: path                      there is no such file
    file-unreadable: detail                 it cannot be opened
    file-not-database: detail               it is no SQLite database
    file-not-store: missing                 a table or column of the record is not there as it must be
    file-damaged: table, detail             reading stopped: the file is damaged there
    database-unreachable: detail            the PostgreSQL server did not answer
    driver-missing:                         psycopg is needed for a PostgreSQL address
    key-malformed: key                      the trusted key given is neither 64 nor 16 hex digits
  Entries
    entry-missing: first, last              these entries are not there
    entry-leaf: seq                         what the entry says is not what was hashed
    entry-type: seq, column                 a value of the wrong type, or a leaf that is not 32 bytes
    entry-newline: seq                      a field holds a newline, so it could be read in two ways
    entry-number: seq, found                the entry's number was changed to `found`
    entry-twice: seq                        two entries have this number
    entry-time: seq                         recorded before the entry in front of it
    entry-site: seq                         belongs to another site
    entry-body: seq                         the body cannot be read as JSON
  The tree
    tree-range: first, last                 these entries are not those the stored tree was made of
    tree-node-missing: first, last          the stored tree lacks the node over these entries
    tree-node-extra: level, index           the stored tree has a node that it cannot have
    head-missing:                           the row that says where the journal ends is not there
    head-size: size, entries                it says another number of entries
    head-peaks: first, last                 its hashes are not those of these entries
    head-column: column                     its `column` is not that of the last entry
    tail-missing: first, last               the head counts these entries; they are not there
  Checkpoints
    checkpoint-type: size                   a value of the wrong type
    checkpoint-root: size, first, last      the signed root is not that of the entries
    checkpoint-signature: size, key_id      the signature is not that key's
    checkpoint-key-unknown: size, key_id    no entry introduced the key
    checkpoint-key-time: size, key_id       the key was not the site's key at that entry
    checkpoint-beyond: size, entries        it covers entries that are not there
    held-root: size, first, last            the checkpoint you hold is not of this record
    held-beyond: size, entries              the checkpoint you hold covers entries that are not there
    held-malformed: size                    the checkpoint you hold is no size and root
    key-wrong: seq, key_id                  the entry introduces a key under a name that is not its own
    key-table: key_id, column               the table of keys does not say what the entries say
    trusted-key-absent: key_id              no checkpoint that holds was signed by the trusted key
  Sealed values
    sealed-missing: seq, id                 not there, though no entry says that it was erased
    sealed-value: seq, id                   not the value that was sealed
    sealed-kept: seq, id                    the entry says it was erased; it is still there
    sealed-unrecorded: seq, id              erased, but no entry says so
    sealed-type: seq, id                    a value of the wrong type, or half erased
    sealed-unclaimed: id                    kept, though no entry speaks of it
  Statements (of tracing: the entry holds a salted commitment, the value stands in a table of its own)
    statement-value: seq, id                not what the entry committed to
    statement-missing: seq, count           the entry committed to so many that are not there
    statement-unclaimed: id                 kept, though the entry does not speak of it
    statement-emptied: seq, id              its value is gone, and no entry says that its time was over

Notes do not make a record fail; they say what this verdict does not cover.
    note-wal-missing:                       a write-ahead log may belong to the file; newest entries may lack
    note-wal-unread:                        a write-ahead log lies beside the file and could not be read
    note-key-from-file: key_ids             the keys were taken from the file itself
    note-other-keys: key_ids                checkpoints of other keys than the trusted one
    note-no-checkpoint:                     nothing is signed
    note-tail: entries                      so many entries follow the last signed checkpoint
    note-clock: seq                         the node's clock went back here, and the record says so
"""

import contextlib
import json
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FINDINGS_PER_CODE_MAX = 20
DETAIL_CHARS_MAX = 200
BATCH_ENTRIES = 1024
PROGRESS_EVERY_ENTRIES = 16_384
# A longer gap than this is not walked leaf by leaf; the tree behind it cannot be judged anyway.
GAP_ENTRIES_MAX = 1 << 22
# The largest value that is read from one column: no honest entry comes near it.
VALUE_BYTES_MAX = 64 << 20
# A sealed value is claimed by the entry it was sealed for, or one of the same piece of work shortly after.
CLAIM_ENTRIES = 256

# How many gaps are checked for rows that merely lie elsewhere; each check reads the whole table.
GAP_LOOKUPS_MAX = 8
ID_CHARS_MAX = 64
SHOWN_CHARS_MAX = 80

CACHE_KIB = 32_768

HASH_BYTES = 32
SIGNATURE_BYTES = 64
TILE_BITS = 8
TILE_LEAVES = 1 << TILE_BITS
EMPTY_ROOT = sha256(b"").digest()

KEY_INTRODUCED = b"record.key_introduced"
CLOCK_STEPPED = b"record.clock_stepped"
SEALED_ERASED = b"sealed.erased"

# A sealed value as canonical JSON has it. Quotes inside a JSON text are escaped, so no text can look like it.
COMMITMENT = re.compile(rb'\{"commitment":"([0-9a-f]{64})","sealed":"([0-9A-Za-z_.:-]{1,64})"\}')

# The leaf's prefix byte, then the eleven lines of an entry.
ENTRY = b"\x00lanbi-entry/1\n%d\n%b\n%b\n%b\n%b\n%d\n%d\n%b\n%b\n%b\n"
ENTRY_LINES = 11
ENTRY_COLUMNS = (
    "seq",
    "id",
    "site",
    "subject",
    "kind",
    "at",
    "recorded_at",
    "actor",
    "purpose",
    "body",
    "leaf",
)
INTEGER_COLUMNS = ("seq", "at", "recorded_at")

TABLES: dict[str, tuple[str, ...]] = {
    "journal": ENTRY_COLUMNS,
    "merkle_node": ("level", "idx", "hash"),
    "record_head": ("one", "site", "size", "peaks", "last_recorded_at", "last_id"),
    "site_key": ("key_id", "public_key", "introduced_seq", "retired_seq"),
    "checkpoint": ("size", "root", "at", "key_id", "signature"),
    "sealed": ("id", "salt", "value", "sealed_seq", "erased_at", "erased_seq"),
}

# The place of the first column whose type is wrong, or 0.
_TYPES = " ".join(
    f"WHEN typeof({column}) <> '{kind}' THEN {place}"
    for place, column, kind in [
        (place, column, "integer" if column in INTEGER_COLUMNS else "blob" if column == "leaf" else "text")
        for place, column in enumerate(ENTRY_COLUMNS, 1)
    ]
)
# Tables are read in the order of their own pages: an index is a second copy that nobody vouches for.
SQLITE_ENTRIES = f"SELECT {', '.join(ENTRY_COLUMNS)}, CASE {_TYPES} ELSE 0 END FROM journal NOT INDEXED"  # noqa: S608
# The last column of each of these says whether every value has the type it must have.
SQLITE_NODES = """
SELECT level, idx, hash, typeof(level) = 'integer' AND typeof(idx) = 'integer' AND typeof(hash) = 'blob'
FROM merkle_node NOT INDEXED ORDER BY (idx + 1) << level, level
"""
SQLITE_CHECKPOINTS = """
SELECT size, root, at, key_id, signature, typeof(size) = 'integer' AND typeof(root) = 'blob'
  AND typeof(at) = 'integer' AND typeof(key_id) = 'text' AND typeof(signature) = 'blob'
FROM checkpoint NOT INDEXED ORDER BY size
"""
SQLITE_KEYS = """
SELECT key_id, public_key, introduced_seq, retired_seq,
  typeof(key_id) = 'text' AND typeof(public_key) = 'blob'
FROM site_key NOT INDEXED
"""
SQLITE_HEAD = """
SELECT one, site, size, peaks, last_recorded_at, last_id, typeof(size) = 'integer' AND typeof(peaks) = 'blob'
  AND typeof(site) = 'text' AND typeof(last_id) = 'text'
FROM record_head NOT INDEXED
"""
SQLITE_SEALED = """
SELECT salt, value, erased_at, erased_seq,
  typeof(salt) IN ('blob', 'null') AND typeof(value) IN ('text', 'null')
FROM sealed WHERE id = ?
"""
# Statements are read apart from `TABLES`: a store of before they were made has none.
STATEMENT_COLUMNS = ("id", "entity_id", "value", "original", "sealed_id", "salt", "said_seq")
STATED = b"tracing.stated"
EXPIRED = b"tracing.person_expired"
SQLITE_STATEMENTS = """
SELECT s.id, s.salt, s.value, s.original, s.said_seq, s.entity_id, s.sealed_id, j.kind, j.body
FROM tracing_statement AS s NOT INDEXED LEFT JOIN journal AS j ON j.seq = s.said_seq
"""
SQLITE_STATED = "SELECT seq, kind, subject, body FROM journal NOT INDEXED WHERE kind IN (?, ?)"
POSTGRES_STATEMENTS = """
SELECT s.id, s.salt, s.value, s.original, s.said_seq, s.entity_id, s.sealed_id, j.kind, j.body
FROM tracing_statement AS s LEFT JOIN journal AS j ON j.seq = s.said_seq
"""
POSTGRES_STATED = "SELECT seq, kind, subject, body FROM journal WHERE kind IN (%s, %s)"
SQLITE_UNCLAIMED = """
SELECT id FROM sealed AS s WHERE NOT EXISTS (
  SELECT 1 FROM journal AS j
  WHERE j.seq BETWEEN s.sealed_seq AND s.sealed_seq + ? AND instr(j.body, s.id) > 0
) LIMIT ?
"""
POSTGRES_COLUMNS = """
SELECT a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
WHERE a.attrelid = to_regclass(%s) AND c.relkind = 'r' AND a.attnum > 0 AND a.attgenerated = ''
  AND NOT a.attisdropped
"""
POSTGRES_ENTRIES = f"SELECT {', '.join(ENTRY_COLUMNS)} FROM journal ORDER BY seq"  # noqa: S608
POSTGRES_NODES = """
SELECT level, idx, hash, TRUE FROM merkle_node
ORDER BY (idx + 1)::numeric * power(2::numeric, level::numeric), level
"""
POSTGRES_CHECKPOINTS = "SELECT size, root, at, key_id, signature, TRUE FROM checkpoint ORDER BY size"
POSTGRES_KEYS = "SELECT key_id, public_key, introduced_seq, retired_seq, TRUE FROM site_key"
POSTGRES_HEAD = "SELECT one, site, size, peaks, last_recorded_at, last_id, TRUE FROM record_head"
POSTGRES_SEALED = "SELECT id, salt, value, erased_at, erased_seq, TRUE FROM sealed WHERE id = ANY(%s)"
POSTGRES_UNCLAIMED = """
SELECT id FROM sealed AS s WHERE NOT EXISTS (
  SELECT 1 FROM journal AS j
  WHERE j.seq BETWEEN s.sealed_seq AND s.sealed_seq + %s AND strpos(j.body, s.id) > 0
) LIMIT %s
"""

Progress = Callable[[int, int], None]
"""Told how many entries were judged, of about how many."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. `seq`: the first entry it concerns, None where it concerns none."""

    code: str
    args: dict[str, int | str]
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class SignedRoot:
    """The newest checkpoint that holds. `root` in hex; `at` in microseconds since 1970 UTC."""

    size: int
    root: str
    at: int
    key_id: str


@dataclass(slots=True)
class Report:
    """The verdict.

    `ok`: nothing was found. `entries`: the last sequence number read. `findings`: at
    most 20 of each code, in the order found; `counts` says how many of each there
    were. `root`: hex, of all entries; empty where it cannot be told. `unsigned_tail`:
    entries after the last checkpoint that holds (and is of the trusted key, if one
    was given).
    """

    ok: bool = False
    site: str = ""
    entries: int = 0
    first_bad: Finding | None = None
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)
    checkpoints: int = 0
    signed: SignedRoot | None = None
    unsigned_tail: int = 0
    root: str = ""
    key_ids: list[str] = field(default_factory=list)
    sealed: int = 0
    erased: int = 0
    statements: int = 0
    seconds: float = 0.0


class _Damaged(Exception):
    """Reading a table stopped."""

    def __init__(self, table: str, error: Exception) -> None:
        super().__init__(table, error)
        self.table = table
        self.detail = str(error)[:DETAIL_CHARS_MAX]


class _Unusable(Exception):
    """There is no record here to read."""

    def __init__(self, code: str, **args: int | str) -> None:
        super().__init__(code)
        self.finding = Finding(code, args)


Row = tuple[Any, ...]
Mention = tuple[int, str, str | None]
"""Entry, id of a sealed value, and its commitment; None where the entry says that it was erased."""


class _Source(Protocol):
    """Where the rows come from. Text arrives as UTF-8 bytes; every method may raise `_Damaged`."""

    notes: list[Finding]

    def entries(self, in_order: bool) -> Iterator[list[Row]]: ...
    def nodes(self) -> Iterator[Row]: ...
    def checkpoints(self) -> Iterator[Row]: ...
    def key_rows(self) -> list[Row]: ...
    def head_rows(self) -> list[Row]: ...
    def has_entry(self, seq: int) -> bool: ...
    def entry(self, seq: int) -> Row | None: ...
    def sealed(self, ids: Sequence[str]) -> dict[str, Row]: ...
    def unclaimed(self) -> list[Row]: ...
    def has_statements(self) -> bool: ...
    def statements(self) -> Iterator[list[Row]]: ...
    def stated(self) -> Iterator[list[Row]]: ...
    def close(self) -> None: ...


# SQLite puts broken bytes of the file into its messages, and then Python cannot read those.
SQLITE_ERRORS = (sqlite3.Error, UnicodeError)


class _Sqlite:
    """A store's file, opened read-only."""

    def __init__(self, path: Path) -> None:
        self.notes: list[Finding] = []
        try:
            if not path.exists():
                raise _Unusable("file-missing", path=str(path))
            with path.open("rb") as file:
                header = file.read(20)
            wal_beside = path.with_name(path.name + "-wal").exists()
        except (OSError, ValueError) as error:
            raise _Unusable("file-unreadable", detail=str(error)[:DETAIL_CHARS_MAX]) from error
        # Bytes 18 and 19 of the header: 2 where a write-ahead log belongs to the file.
        logged = header[18:20] == b"\x02\x02"
        if logged and not wal_beside:
            # A copy by itself. `immutable` leaves no files beside the evidence, and works on a
            # write-protected disk.
            self.notes.append(Finding("note-wal-missing", {}))
            self._connection = self._open(path, "immutable=1")
            return
        try:
            self._connection = self._open(path, "mode=ro")
        except _Unusable as unusable:
            if not (logged and wal_beside) or unusable.finding.code != "file-unreadable":
                raise
            self.notes.append(Finding("note-wal-unread", {}))
            self._connection = self._open(path, "immutable=1")

    def _open(self, path: Path, how: str) -> sqlite3.Connection:
        connection = None
        try:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, check_same_thread=False
            )
            connection.text_factory = bytes
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)
            # A hostile schema must not run functions with effects, and a torn cell must not be believed.
            for pragma in (
                "trusted_schema = OFF",
                "query_only = ON",
                "cell_size_check = ON",
                "mmap_size = 0",
            ):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN")  # one view of everything, also of a file that is being written
            self._check_tables(connection)
        except (*SQLITE_ERRORS, _Unusable) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, _Unusable):
                raise
            detail = str(error)[:DETAIL_CHARS_MAX]
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
                raise _Unusable("file-not-database", detail=detail) from error
            if isinstance(error, sqlite3.OperationalError):
                raise _Unusable("file-unreadable", detail=detail) from error
            raise _Unusable("file-damaged", table="sqlite_schema", detail=detail) from error
        return connection

    @staticmethod
    def _check_tables(connection: sqlite3.Connection) -> None:
        # Only plain tables with plain columns: a view or a computed column could show one thing
        # here and another elsewhere.
        plain = {
            bytes(name).decode("utf-8", "replace")
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            if isinstance(name, bytes) and not bytes(sql or b"").upper().startswith(b"CREATE VIRTUAL")
        }
        for table, columns in TABLES.items():
            if table not in plain:
                raise _Unusable("file-not-store", missing=table)
            stored = {row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0}
            for column in columns:
                if column.encode() not in stored:
                    raise _Unusable("file-not-store", missing=f"{table}.{column}")

    def _stream(self, table: str, sql: str, params: Sequence[Any] = ()) -> Iterator[list[Row]]:
        try:
            cursor = self._connection.execute(sql, params)
            while rows := cursor.fetchmany(BATCH_ENTRIES):
                yield rows
        except SQLITE_ERRORS as error:
            raise _Damaged(table, error) from error

    def _all(self, table: str, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        return [row for rows in self._stream(table, sql, params) for row in rows]

    def entries(self, in_order: bool) -> Iterator[list[Row]]:
        sql, read = SQLITE_ENTRIES + (" ORDER BY seq" if in_order else ""), 0
        try:
            for rows in self._stream("journal", sql):
                read += len(rows)
                yield rows
        except _Damaged:
            # The batch that met the damage was lost whole: its rows in front of it are read one by one.
            rows = []
            with contextlib.suppress(*SQLITE_ERRORS):
                for row in self._connection.execute(sql + " LIMIT ? OFFSET ?", (BATCH_ENTRIES, read)):
                    rows.append(row)
            yield rows
            raise

    def nodes(self) -> Iterator[Row]:
        for rows in self._stream("merkle_node", SQLITE_NODES):
            yield from rows

    def checkpoints(self) -> Iterator[Row]:
        for rows in self._stream("checkpoint", SQLITE_CHECKPOINTS):
            yield from rows

    def key_rows(self) -> list[Row]:
        return self._all("site_key", SQLITE_KEYS)

    def head_rows(self) -> list[Row]:
        return self._all("record_head", SQLITE_HEAD)

    def has_entry(self, seq: int) -> bool:
        return bool(self._all("journal", "SELECT 1 FROM journal NOT INDEXED WHERE seq = ? LIMIT 1", (seq,)))

    def entry(self, seq: int) -> Row | None:
        found = self._all("journal", "SELECT kind, body FROM journal WHERE seq = ?", (seq,))
        return found[0] if found else None

    def sealed(self, ids: Sequence[str]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        try:
            execute = self._connection.execute
            for name in ids:
                row = execute(SQLITE_SEALED, (name,)).fetchone()
                if row is not None:
                    found[name] = row
        except SQLITE_ERRORS as error:
            raise _Damaged("sealed", error) from error
        return found

    def unclaimed(self) -> list[Row]:
        return self._all("sealed", SQLITE_UNCLAIMED, (CLAIM_ENTRIES - 1, FINDINGS_PER_CODE_MAX))

    def has_statements(self) -> bool:
        try:
            columns = self._connection.execute("PRAGMA table_xinfo(tracing_statement)").fetchall()
        except SQLITE_ERRORS as error:
            raise _Damaged("tracing_statement", error) from error
        return set(STATEMENT_COLUMNS) <= {row[1].decode() for row in columns}

    def statements(self) -> Iterator[list[Row]]:
        return self._stream("tracing_statement", SQLITE_STATEMENTS)

    def stated(self) -> Iterator[list[Row]]:
        return self._stream("journal", SQLITE_STATED, (STATED.decode(), EXPIRED.decode()))

    def close(self) -> None:
        with contextlib.suppress(*SQLITE_ERRORS):
            self._connection.close()


class _Postgres:
    """A store in PostgreSQL, read in one read-only snapshot."""

    def __init__(self, address: str) -> None:
        self.notes: list[Finding] = []
        try:
            import psycopg
        except ImportError as error:
            raise _Unusable("driver-missing") from error
        self._error = psycopg.Error
        self._cursors = 0
        try:
            self._connection = psycopg.connect(address, connect_timeout=10)
            self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._connection.read_only = True
        except psycopg.Error as error:
            raise _Unusable("database-unreachable", detail=str(error)[:DETAIL_CHARS_MAX]) from error
        try:
            self._check_tables()
        except (psycopg.Error, _Unusable) as error:
            self._connection.close()
            if isinstance(error, _Unusable):
                raise
            raise _Unusable("database-unreachable", detail=str(error)[:DETAIL_CHARS_MAX]) from error

    def _check_tables(self) -> None:
        for table, columns in TABLES.items():
            stored = self._connection.execute(POSTGRES_COLUMNS, (table,))
            names = {str(name) for (name,) in stored}
            for column in columns:
                if column not in names:
                    raise _Unusable("file-not-store", missing=f"{table}.{column}" if names else table)

    def _stream(self, table: str, sql: str, params: Sequence[Any] = ()) -> Iterator[list[Row]]:
        self._cursors += 1
        try:
            with self._connection.cursor(f"verify_{self._cursors}", binary=True) as cursor:  # pyright: ignore[reportArgumentType]
                cursor.execute(sql, params)  # pyright: ignore[reportArgumentType, reportCallIssue]
                while rows := cursor.fetchmany(BATCH_ENTRIES):
                    yield [tuple(v.encode() if type(v) is str else v for v in row) for row in rows]
        except (self._error, UnicodeError) as error:
            raise _Damaged(table, error) from error

    def _all(self, table: str, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        return [row for rows in self._stream(table, sql, params) for row in rows]

    def entries(self, in_order: bool) -> Iterator[list[Row]]:  # noqa: ARG002 (always in order)
        for rows in self._stream("journal", POSTGRES_ENTRIES):
            yield [(*row, _wrong_column(row)) for row in rows]

    def nodes(self) -> Iterator[Row]:
        for rows in self._stream("merkle_node", POSTGRES_NODES):
            yield from rows

    def checkpoints(self) -> Iterator[Row]:
        for rows in self._stream("checkpoint", POSTGRES_CHECKPOINTS):
            yield from rows

    def key_rows(self) -> list[Row]:
        return self._all("site_key", POSTGRES_KEYS)

    def head_rows(self) -> list[Row]:
        return self._all("record_head", POSTGRES_HEAD)

    def has_entry(self, seq: int) -> bool:
        return self.entry(seq) is not None

    def entry(self, seq: int) -> Row | None:
        found = self._all("journal", "SELECT kind, body FROM journal WHERE seq = %s", (seq,))
        return found[0] if found else None

    def sealed(self, ids: Sequence[str]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for name, *row in self._all("sealed", POSTGRES_SEALED, (list(ids),)):
            found[name.decode()] = tuple(row)
        return found

    def unclaimed(self) -> list[Row]:
        return self._all("sealed", POSTGRES_UNCLAIMED, (CLAIM_ENTRIES - 1, FINDINGS_PER_CODE_MAX))

    def has_statements(self) -> bool:
        try:
            stored = self._connection.execute(POSTGRES_COLUMNS, ("tracing_statement",))
            return set(STATEMENT_COLUMNS) <= {str(name) for (name,) in stored}
        except self._error as error:
            raise _Damaged("tracing_statement", error) from error

    def statements(self) -> Iterator[list[Row]]:
        return self._stream("tracing_statement", POSTGRES_STATEMENTS)

    def stated(self) -> Iterator[list[Row]]:
        return self._stream("journal", POSTGRES_STATED, (STATED.decode(), EXPIRED.decode()))

    def close(self) -> None:
        self._connection.close()


def _wrong_column(row: Row) -> int:
    for place, (column, value) in enumerate(zip(ENTRY_COLUMNS, row, strict=True), 1):
        if type(value) is not (int if column in INTEGER_COLUMNS else bytes):
            return place
    return 0


def _pair(row: list[bytes]) -> list[bytes]:
    pairs = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]


def _tile_hash(leaves: list[bytes | None]) -> bytes:
    """The hash of a whole tile, none of whose leaves is missing."""
    row = [leaf for leaf in leaves if leaf is not None]
    while len(row) > 1:
        row = _pair(row)
    return row[0]


class _Tree:
    """The tree so far: whole tiles as peaks from level 8 up, and the leaves of the tile that is being filled.

    None stands for a hash that cannot be told because entries are missing.
    """

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[tuple[int, bytes | None]] = []  # level and hash, largest first
        self.tile: list[bytes | None] = []
        # Where a row and its stored leaf disagree, the tile holds the stored leaf, and this the other one.
        self.instead: dict[int, bytes] = {}
        self._low: list[tuple[int, bytes | None]] = []
        self._low_count = 0

    def low_peaks(self, other: bool = False) -> list[tuple[int, bytes | None]]:
        """The peaks inside the open tile; `other`: of the rows as they are, not of the stored leaves."""
        if other:
            low: list[tuple[int, bytes | None]] = []
            for place, leaf in enumerate(self.tile):
                _add_peak(low, 0, self.instead.get(place, leaf))
            return low
        for leaf in self.tile[self._low_count :]:
            _add_peak(self._low, 0, leaf)
        self._low_count = len(self.tile)
        return self._low

    def roots(self) -> list[bytes]:
        """The root by the stored leaves, and by the rows where they disagree; none if it cannot be told."""
        found = [_root(self.peaks + self.low_peaks())]
        if self.instead:
            found.append(_root(self.peaks + self.low_peaks(other=True)))
        return [root for root in found if root is not None]

    def next_tile(self) -> None:
        self.tile, self.instead, self._low, self._low_count = [], {}, [], 0


def _add_peak(peaks: list[tuple[int, bytes | None]], level: int, digest: bytes | None) -> None:
    while peaks and peaks[-1][0] == level:
        left = peaks.pop()[1]
        digest = None if left is None or digest is None else sha256(b"\x01" + left + digest).digest()
        level += 1
    peaks.append((level, digest))


def _root(peaks: list[tuple[int, bytes | None]]) -> bytes | None:
    if not peaks:
        return EMPTY_ROOT
    digest = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        if left is None or digest is None:
            return None
        digest = sha256(b"\x01" + left + digest).digest()
    return digest


class _OutOfOrder(Exception):
    """The rows do not lie in the order of their numbers: they must be sorted first."""


class _Check:
    """One pass over a record."""

    def __init__(
        self, source: _Source, trusted: str | None, held: Sequence[tuple[int, str]], progress: Progress | None
    ) -> None:
        self.source = source
        self.trusted = trusted
        self.held_given = held
        self.progress = progress
        self.begin()

    def begin(self) -> None:
        self.report = Report(notes=list(self.source.notes))
        self.first_place = 0
        self.tree = _Tree()
        self.judgeable = True  # whether the tree can still be told; not behind a very long gap
        self.gaps = 0
        self.site = b""
        self.last: Row | None = None
        self.last_recorded_at = -(1 << 63)
        self.proven = 0  # size of the newest tree whose signed root agrees
        self.bad_range_last = 0
        # By key id: the raw key, the entry that introduced it, the entry that retired it.
        self.keys: dict[str, tuple[bytes, int, int | None]] = {}
        self.active_key = ""
        self.other_keys: set[str] = set()
        self.lost: set[str] = set()  # tables that could not be read to their end
        self.nodes = self.follow(self.source.nodes())
        self.node = next(self.nodes, None)
        self.checkpoints = self.follow(self.source.checkpoints())
        self.checkpoint = self.next_checkpoint()
        self.held = self.read_held()
        self.due = self.next_due()

    # -- what is found -----------------------------------------------------------------

    def found(
        self, code: str, args: dict[str, int | str], *, seq: int | None = None, place: int | None = None
    ) -> None:
        """Keeps a finding; `place`: where in the journal it shows. The earliest is the report's first."""
        report = self.report
        count = report.counts[code] = report.counts.get(code, 0) + 1
        finding = Finding(code, args, seq)
        if place is None:
            place = 1 << 64 if seq is None else seq
        if report.first_bad is None or place < self.first_place:
            report.first_bad, self.first_place = finding, place
        if count <= FINDINGS_PER_CODE_MAX:
            report.findings.append(finding)

    def found_at(self, seq: int, code: str, **args: int | str) -> None:
        self.found(code, {"seq": seq, **args}, seq=seq)

    def found_range(self, code: str, first: int, last: int, **args: int | str) -> None:
        """Among these entries at least one does not hold: it shows where the last of them was read."""
        self.found(code, {"first": first, "last": last, **args}, seq=first, place=last)

    def note(self, code: str, args: dict[str, int | str], *, seq: int | None = None) -> None:
        notes = self.report.notes
        if sum(note.code == code for note in notes) < FINDINGS_PER_CODE_MAX:
            notes.append(Finding(code, args, seq))

    def follow(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows as far as they can be read."""
        try:
            yield from rows
        except _Damaged as damaged:
            self.lose(damaged)

    def lose(self, damaged: _Damaged, seq: int | None = None) -> None:
        if damaged.table not in self.lost:
            self.lost.add(damaged.table)
            self.found("file-damaged", {"table": damaged.table, "detail": damaged.detail}, seq=seq)

    # -- the pass ----------------------------------------------------------------------

    def run(self) -> Report:
        total = self.expected_entries()
        try:
            self.read_entries(total, in_order=False)
        except _OutOfOrder:
            self.begin()
            self.read_entries(total, in_order=True)
        self.finish()
        if self.progress is not None:
            self.progress(self.tree.size, max(self.tree.size, total))
        return self.report

    def expected_entries(self) -> int:
        """What the head says; only to show how far the work is."""
        with contextlib.suppress(_Damaged):
            for _one, _site, size, *_ in self.source.head_rows():
                if type(size) is int and size > 0:
                    return size
        return 0

    def read_entries(self, total: int, *, in_order: bool) -> None:
        tree, tell_at = self.tree, PROGRESS_EVERY_ENTRIES
        mentions: list[Mention] = []
        try:
            for batch in self.source.entries(in_order):
                for row in batch:
                    # The plain entry, of which there are millions; whatever is unusual takes the long way.
                    if not row[11] and row[0] == tree.size + 1 and self.judgeable:
                        text = ENTRY % row[:10]
                        if (
                            sha256(text).digest() == row[10]
                            and text.count(b"\n") == ENTRY_LINES
                            and row[2] == self.site
                            and row[6] >= self.last_recorded_at
                            and row[4] != KEY_INTRODUCED
                            and b'"sealed":' not in row[9]
                        ):
                            self.last_recorded_at, self.last = row[6], row
                            tree.tile.append(row[10])
                            tree.size = row[0]
                            if not tree.size % TILE_LEAVES or tree.size == self.due:
                                self.settle()
                            continue
                    self.read_entry(row, in_order, mentions)
                if mentions:
                    self.open_sealed(mentions)
                    mentions.clear()
                if tree.size >= tell_at and self.progress is not None:
                    self.progress(tree.size, max(tree.size, total))
                    tell_at = tree.size + PROGRESS_EVERY_ENTRIES
        except _Damaged as damaged:
            self.lose(damaged, seq=tree.size + 1)

    def read_entry(self, row: Row, in_order: bool, mentions: list[Mention]) -> None:
        seq = self.tree.size + 1
        leaf, wrong = row[10], row[11]
        if row[0] != seq or wrong or len(leaf) != HASH_BYTES:
            placed = self.place(row, seq, in_order)
            if placed is None:
                return
            seq, row = placed
            if wrong or len(leaf) != HASH_BYTES:
                self.found_at(seq, "entry-type", column=ENTRY_COLUMNS[wrong - 1] if wrong else "leaf")
                self.last = None
                if wrong in (0, len(ENTRY_COLUMNS)):
                    leaf = sha256(ENTRY % row[:10]).digest()  # only the stored leaf is wrong
                self.push(leaf if type(leaf) is bytes and len(leaf) == HASH_BYTES else None)
                return
        text = ENTRY % row[:10]
        digest = sha256(text).digest()
        if digest != leaf:
            self.found_at(seq, "entry-leaf")
        elif text.count(b"\n") != ENTRY_LINES:
            self.found_at(seq, "entry-newline")
        kind, recorded_at, body = row[4], row[6], row[9]
        if recorded_at < self.last_recorded_at:
            if kind == CLOCK_STEPPED:
                self.note("note-clock", {"seq": seq}, seq=seq)
            else:
                self.found_at(seq, "entry-time")
        self.last_recorded_at = recorded_at
        if row[2] != self.site:
            if self.site:
                self.found_at(seq, "entry-site")
            else:
                self.site = row[2]
        self.last = row
        if kind == KEY_INTRODUCED:
            self.introduce(seq, body)
        if b'"sealed":' in body:
            self.read_mentions(seq, kind, body, mentions)
        self.push(leaf, None if digest == leaf else digest)

    def place(self, row: Row, seq: int, in_order: bool) -> tuple[int, Row] | None:
        """Where a row that is not as expected belongs: its number and the row, or None to pass over it."""
        number, leaf, wrong = row[0], row[10], row[11]
        if number == seq or type(number) is not int:
            return seq, row
        if not wrong and len(leaf) == HASH_BYTES:
            renumbered = (seq, *row[1:])
            if sha256(ENTRY % renumbered[:10]).digest() == leaf:
                self.found_at(seq, "entry-number", found=number)
                return seq, renumbered
        if number < seq:
            if not in_order:
                raise _OutOfOrder
            if number == seq - 1:
                self.found_at(number, "entry-twice")
            else:
                self.found_at(seq, "entry-number", found=number)
            return None
        if not in_order and self.gaps < GAP_LOOKUPS_MAX and self.source.has_entry(seq):
            raise _OutOfOrder
        self.gaps += 1
        self.found("entry-missing", {"first": seq, "last": number - 1}, seq=seq)
        self.skip_to(number)
        return number, row

    def skip_to(self, number: int) -> None:
        if number - self.tree.size > GAP_ENTRIES_MAX:
            self.judgeable = False
        if self.judgeable:
            while self.tree.size < number - 1:
                self.push(None)
        else:
            while self.due is not None and self.due < number:
                self.judge_due()
            self.tree.size = number - 1

    # -- the tree ----------------------------------------------------------------------

    def push(self, leaf: bytes | None, instead: bytes | None = None) -> None:
        """The next leaf; `instead`: the hash of the row, where it is not the stored leaf."""
        tree = self.tree
        if not self.judgeable:
            tree.size += 1
        else:
            if instead is not None:
                tree.instead[len(tree.tile)] = instead
            tree.tile.append(leaf)
            tree.size += 1
        self.settle()

    def settle(self) -> None:
        """After each leaf: closes a full tile, compares the roots that are due at this size."""
        tree = self.tree
        if len(tree.tile) == TILE_LEAVES:
            self.close_tile()
        while self.due is not None and self.due <= tree.size:
            self.judge_due()

    def close_tile(self) -> None:
        tree = self.tree
        index = (tree.size >> TILE_BITS) - 1
        stored = self.take_node(TILE_BITS, index)
        digest = stored
        if None not in tree.tile:
            digest = _tile_hash(tree.tile)
            if tree.instead and stored not in (None, digest):
                digest = _tile_hash([tree.instead.get(place, leaf) for place, leaf in enumerate(tree.tile)])
            self.compare_node(TILE_BITS, index, digest, stored)
        level = TILE_BITS
        while tree.peaks and tree.peaks[-1][0] == level:
            left = tree.peaks.pop()[1]
            level += 1
            index >>= 1
            stored = self.take_node(level, index)
            if left is None or digest is None:
                digest = stored
            else:
                digest = sha256(b"\x01" + left + digest).digest()
                self.compare_node(level, index, digest, stored)
        tree.peaks.append((level, digest))
        tree.next_tile()

    def compare_node(self, level: int, index: int, digest: bytes | None, stored: bytes | None) -> None:
        first, last = (index << level) + 1, (index + 1) << level
        # What is wrong below is wrong above: it is said once, of the smallest range.
        if stored not in (None, digest) and not first <= self.bad_range_last <= last:
            self.bad_range_last = last
            self.found_range("tree-range", max(first, min(self.proven + 1, last)), last)

    def take_node(self, level: int, index: int) -> bytes | None:
        """The stored hash of a subtree. The stored nodes come in the order in which entries complete them."""
        wanted = (index + 1) << level, level
        while self.node is not None:
            node_level, node_index, digest, fits = self.node
            honest = fits and TILE_BITS <= node_level < 64 and node_index >= 0 and len(digest) == HASH_BYTES
            key = ((node_index + 1) << node_level, node_level) if honest else (-1, -1)
            if key > wanted:
                break
            self.node = next(self.nodes, None)
            if key == wanted:
                return digest
            self.extra_node(node_level, node_index)
        if "merkle_node" not in self.lost:
            self.found_range("tree-node-missing", (index << level) + 1, (index + 1) << level)
        return None

    def extra_node(self, level: object, index: object) -> None:
        self.found("tree-node-extra", {"level": _shown(level), "index": _shown(index)})

    # -- checkpoints -------------------------------------------------------------------

    def next_checkpoint(self) -> Row | None:
        for row in self.checkpoints:
            size, root, at, key_id, signature, fits = row
            if fits and size > 0 and len(root) == HASH_BYTES and len(signature) == SIGNATURE_BYTES:
                return size, root, at, key_id.decode("utf-8", "replace"), signature
            self.found("checkpoint-type", {"size": _shown(size)})
        return None

    def read_held(self) -> list[tuple[int, bytes]]:
        held: list[tuple[int, bytes]] = []
        for size, root in self.held_given:
            with contextlib.suppress(ValueError):
                digest = bytes.fromhex(root)
                if size > 0 and len(digest) == HASH_BYTES:
                    held.append((size, digest))
                    continue
            self.found("held-malformed", {"size": size})
        return sorted(held, reverse=True)

    def next_due(self) -> int | None:
        """The size at which the next root must be compared."""
        sizes = [self.checkpoint[0]] if self.checkpoint is not None else []
        if self.held:
            sizes.append(self.held[-1][0])
        return min(sizes, default=None)

    def judge_due(self) -> None:
        size = self.due
        assert size is not None  # noqa: S101 (the callers looked)
        # Behind a gap, and where the tree ends before it, no root can be told.
        roots = self.tree.roots() if self.judgeable and size == self.tree.size else []
        while self.held and self.held[-1][0] == size:
            _, root = self.held.pop()
            if roots and root not in roots:
                self.found_range("held-root", min(self.proven + 1, size), size, size=size)
        if self.checkpoint is not None and self.checkpoint[0] == size:
            self.judge_checkpoint(self.checkpoint, roots)
            self.checkpoint = self.next_checkpoint()
        self.due = self.next_due()

    def judge_checkpoint(self, checkpoint: Row, roots: list[bytes]) -> None:
        size, root, at, key_id, signature = checkpoint
        self.report.checkpoints += 1
        agrees = root in roots
        if roots and not agrees:
            self.found_range("checkpoint-root", min(self.proven + 1, size), size, size=size)
        if not self.judge_signature(size, root, at, key_id, signature) or not agrees:
            return
        self.proven = size
        if self.is_trusted(key_id):
            self.report.signed = SignedRoot(size, root.hex(), at, key_id)
        else:
            self.other_keys.add(key_id)

    def judge_signature(self, size: int, root: bytes, at: int, key_id: str, signature: bytes) -> bool:
        key = self.keys.get(key_id)
        given = bytes.fromhex(self.trusted) if self.trusted and len(self.trusted) == 64 else None
        raw = given if given is not None and _key_id(given) == key_id else key[0] if key is not None else None
        if key is None:
            self.found("checkpoint-key-unknown", {"size": size, "key_id": key_id}, place=size)
        elif key_id != self.active_key:
            self.found("checkpoint-key-time", {"size": size, "key_id": key_id}, place=size)
        if raw is None:
            return False
        signed = b"lanbi-checkpoint/1\n%b\n%d\n%b\n%d\n" % (self.site, size, root.hex().encode(), at)
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(signature, signed)
        except (InvalidSignature, ValueError):
            self.found("checkpoint-signature", {"size": size, "key_id": key_id}, place=size)
            return False
        return True

    def is_trusted(self, key_id: str) -> bool:
        if self.trusted is None:
            return True
        return key_id == (self.trusted if len(self.trusted) == 16 else _key_id(bytes.fromhex(self.trusted)))

    def introduce(self, seq: int, body: bytes) -> None:
        """An entry says that a key serves from here on; the one before it retires."""
        fact = _json(body)
        name = fact.get("id") if isinstance(fact, dict) else None
        public = fact.get("public_key") if isinstance(fact, dict) else None
        try:
            raw = bytes.fromhex(public) if isinstance(public, str) else b""
        except ValueError:
            raw = b""
        if not isinstance(name, str) or len(raw) != HASH_BYTES:
            self.found_at(seq, "entry-body")
            return
        if _key_id(raw) != name:
            self.found_at(seq, "key-wrong", key_id=_shown(name))
            return
        if self.active_key and self.active_key != name:
            old, introduced, _ = self.keys[self.active_key]
            self.keys[self.active_key] = (old, introduced, seq)
        first = self.keys[name][1] if name in self.keys else seq
        self.keys[name] = (raw, first, None)
        self.active_key = name

    # -- sealed values -----------------------------------------------------------------

    def read_mentions(self, seq: int, kind: bytes, body: bytes, mentions: list[Mention]) -> None:
        """Collects (entry, sealed id, commitment) from a body; an erasure has None for commitment."""
        if kind != SEALED_ERASED:
            plain = COMMITMENT.findall(body)
            if len(plain) == body.count(b'"sealed":'):
                mentions += [(seq, name.decode(), commitment.decode()) for commitment, name in plain]
                return
        fact = _json(body)
        if fact is None:
            self.found_at(seq, "entry-body")
            return
        stack: list[Any] = [fact]
        while stack:
            part = stack.pop()
            if isinstance(part, list):
                stack += part
            elif isinstance(part, dict):
                name, commitment = part.get("sealed"), part.get("commitment")
                erasure = kind == SEALED_ERASED and part is fact
                if "sealed" in part and (erasure or commitment is not None):
                    if isinstance(name, str) and _is_id(name) and (erasure or isinstance(commitment, str)):
                        mentions.append((seq, name, None if erasure else commitment))
                    else:
                        self.found_at(seq, "sealed-type", id=_shown(name))
                stack += [value for value in part.values() if isinstance(value, dict | list)]

    def open_sealed(self, mentions: list[Mention]) -> None:
        if "sealed" in self.lost:
            return
        try:
            rows = self.source.sealed([name for _, name, _ in mentions])
            for seq, name, commitment in mentions:
                row = rows.get(name)
                if row is None:
                    self.found_at(seq, "sealed-missing", id=name)
                elif not row[4] or (row[0] is None) != (row[1] is None):
                    self.found_at(seq, "sealed-type", id=name)
                elif commitment is None:
                    self.judge_erasure(seq, name, row)
                elif row[0] is None:
                    if not self.erasure_recorded(name, row):
                        self.found_at(seq, "sealed-unrecorded", id=name)
                elif sha256(row[0] + row[1]).hexdigest() != commitment:
                    self.found_at(seq, "sealed-value", id=name)
                elif row[2] is not None or row[3] is not None:
                    self.found_at(seq, "sealed-type", id=name)
                else:
                    self.report.sealed += 1
        except _Damaged as damaged:
            self.lose(damaged)

    def judge_erasure(self, seq: int, name: str, row: Row) -> None:
        if row[0] is not None:
            self.found_at(seq, "sealed-kept", id=name)
        elif row[3] != seq:
            self.found_at(seq, "sealed-type", id=name)
        else:
            self.report.erased += 1

    def erasure_recorded(self, name: str, row: Row) -> bool:
        _, _, erased_at, erased_seq, _ = row
        if type(erased_at) is not int or type(erased_seq) is not int:
            return False
        entry = self.source.entry(erased_seq)
        if entry is None or entry[0] != SEALED_ERASED:
            return False
        fact = _json(entry[1])
        return isinstance(fact, dict) and fact.get("sealed") == name

    # -- statements --------------------------------------------------------------------

    def judge_statements(self) -> None:
        """Every statement against the entry that committed to it, and every entry against what is there."""
        said: dict[int, int] = {}
        expired: set[bytes] = set()
        for rows in self.source.stated():
            for seq, kind, subject, body in rows:
                if kind == EXPIRED:
                    expired.add(subject)
                else:
                    said[seq] = body.count(b'"prop":"')
        for rows in self.source.statements():
            for row in rows:
                said[row[4]] = said.get(row[4], 0) - 1
                self.judge_statement(row, expired)
        for seq, count in said.items():
            if count > 0:
                self.found_at(seq, "statement-missing", count=count)

    def judge_statement(self, row: Row, expired: set[bytes]) -> None:
        name, salt, value, original, seq, entity, sealed, kind, body = row
        if kind != STATED or b'"id":"%s","p' % name not in body:
            self.found("statement-unclaimed", {"id": _shown(name)})
        elif sealed is not None:
            pass  # its value is judged among the sealed ones
        elif salt is None or value is None:
            if b"tracing/" + entity not in expired:
                self.found_at(seq, "statement-emptied", id=_shown(name))
        else:
            digest = sha256(salt + value + b"\x00" + (original or b"")).hexdigest()
            if b'{"commitment":"%s","id":"%s",' % (digest.encode(), name) not in body:
                self.found_at(seq, "statement-value", id=_shown(name))
            else:
                self.report.statements += 1

    # -- the end -----------------------------------------------------------------------

    def finish(self) -> None:
        report, tree = self.report, self.tree
        entries = report.entries = tree.size
        report.site = self.site.decode("utf-8", "replace")
        self.finish_checkpoints(entries)
        while self.node is not None:
            self.extra_node(*self.node[:2])
            self.node = next(self.nodes, None)
        roots = tree.roots() if self.judgeable else []
        report.root = roots[0].hex() if roots else ""
        try:
            self.judge_head(entries)
            self.judge_keys()
            if not {"journal", "sealed"} & self.lost:
                for (name,) in self.source.unclaimed():
                    self.found("sealed-unclaimed", {"id": _shown(name)})
            if not {"journal", "tracing_statement"} & self.lost and self.source.has_statements():
                self.judge_statements()
        except _Damaged as damaged:
            self.lose(damaged)
        report.key_ids = list(self.keys)
        report.unsigned_tail = entries - (report.signed.size if report.signed is not None else 0)
        self.finish_notes()
        report.ok = report.first_bad is None

    def finish_checkpoints(self, entries: int) -> None:
        while self.due is not None:
            size, after = self.due, entries + 1
            if "journal" not in self.lost:
                if self.checkpoint is not None and self.checkpoint[0] == size:
                    self.found("checkpoint-beyond", {"size": size, "entries": entries}, seq=after)
                if self.held and self.held[-1][0] == size:
                    self.found("held-beyond", {"size": size, "entries": entries}, seq=after)
            self.judge_due()

    def finish_notes(self) -> None:
        report = self.report
        if self.trusted is None:
            if report.key_ids:
                self.note("note-key-from-file", {"key_ids": " ".join(report.key_ids)})
        elif report.signed is None:
            self.found("trusted-key-absent", {"key_id": self.trusted})
        if self.other_keys:
            self.note("note-other-keys", {"key_ids": " ".join(sorted(self.other_keys))})
        if not report.checkpoints:
            self.note("note-no-checkpoint", {})
        if report.unsigned_tail:
            self.note("note-tail", {"entries": report.unsigned_tail})

    def judge_head(self, entries: int) -> None:
        rows = self.source.head_rows()
        if not rows and entries:
            self.found("head-missing", {})
        for one, site, size, peaks, last_recorded_at, last_id, fits in rows:
            if one != 1 or not fits:
                self.found("head-column", {"column": "one" if one != 1 else "size"})
            elif entries and site != self.site:
                self.found("head-column", {"column": "site"})
            elif size > entries:
                if "journal" not in self.lost:
                    self.found("tail-missing", {"first": entries + 1, "last": size}, seq=entries + 1)
            elif size < entries:
                self.found("head-size", {"size": size, "entries": entries})
            else:
                self.judge_peaks(peaks)
                if self.last is not None and last_recorded_at != self.last[6]:
                    self.found("head-column", {"column": "last_recorded_at"})
                if self.last is not None and last_id != self.last[1]:
                    self.found("head-column", {"column": "last_id"})

    def judge_peaks(self, stored: bytes) -> None:
        if not self.judgeable:
            return
        tree = self.tree
        variants = [tree.peaks + tree.low_peaks()]
        if tree.instead:
            variants.append(tree.peaks + tree.low_peaks(other=True))
        if any(_fits(variant, stored) for variant in variants):
            return
        start = 0
        for place, (level, digest) in enumerate(variants[0]):
            end = start + (1 << level)
            if digest not in (None, stored[place * HASH_BYTES : (place + 1) * HASH_BYTES]):
                # A tree that a checkpoint signed was compared already; what is wrong lies behind it.
                self.found_range("head-peaks", max(start, min(self.proven, end - 1)) + 1, end)
                return
            start = end
        self.found("head-column", {"column": "peaks"})

    def judge_keys(self) -> None:
        """The table of keys repeats what the entries say; it must not say more, or other things."""
        expected = dict(self.keys)
        for key_id, public_key, introduced, retired, fits in self.source.key_rows():
            name = key_id.decode("utf-8", "replace") if type(key_id) is bytes else _shown(key_id)
            key = expected.pop(str(name), None)
            if key is None or not fits:
                self.found("key-table", {"key_id": name, "column": "key_id"})
                continue
            columns = zip(
                ("public_key", "introduced_seq", "retired_seq"),
                (public_key, introduced, retired),
                key,
                strict=True,
            )
            for column, stored, said in columns:
                if stored != said:
                    self.found("key-table", {"key_id": name, "column": column})
        for name in expected:
            self.found("key-table", {"key_id": name, "column": "key_id"})


def _fits(peaks: list[tuple[int, bytes | None]], stored: bytes) -> bool:
    if len(stored) != HASH_BYTES * len(peaks):
        return False
    return all(
        digest in (None, stored[place * HASH_BYTES : (place + 1) * HASH_BYTES])
        for place, (_, digest) in enumerate(peaks)
    )


def _key_id(raw: bytes) -> str:
    return sha256(raw).hexdigest()[:16]


def _is_id(text: str) -> bool:
    return 0 < len(text) <= ID_CHARS_MAX and text.isascii() and text.isprintable()


def _shown(value: object) -> str:
    """A value from the file as a short line that can be printed."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return "".join(letter if letter.isprintable() else "?" for letter in text[:SHOWN_CHARS_MAX])


def _json(body: bytes) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        return None


def verify_file(
    path: str | Path,
    *,
    trusted_key: str | None = None,
    held: Sequence[tuple[int, str]] = (),
    progress: Progress | None = None,
) -> Report:
    """Checks a store and says what does not hold.

    `path`: a copy of the store's file (or the live one: it is opened read-only), or a
    `postgresql://` address. `trusted_key`: the public key in 64 hex digits, or its
    key id in 16, from a source other than the file. `held`: checkpoints kept
    elsewhere, as (size, root in hex). Never raises for what the file holds.
    """
    start = time.monotonic()
    try:
        report = _verify(str(path), trusted_key, held, progress)
    except _Unusable as unusable:
        report = Report(first_bad=unusable.finding, findings=[unusable.finding])
        report.counts[unusable.finding.code] = 1
    report.seconds = round(time.monotonic() - start, 3)
    return report


def _verify(
    path: str, trusted_key: str | None, held: Sequence[tuple[int, str]], progress: Progress | None
) -> Report:
    trusted = None
    if trusted_key is not None:
        trusted = trusted_key.strip().lower()
        if len(trusted) not in (16, 64) or not set(trusted) <= set("0123456789abcdef"):
            raise _Unusable("key-malformed", key=_shown(trusted_key))
    postgres = path.startswith(("postgresql://", "postgres://"))
    source = _Postgres(path) if postgres else _Sqlite(Path(path))
    try:
        return _Check(source, trusted, held, progress).run()
    finally:
        source.close()


def main(arguments: Sequence[str]) -> int:
    """Prints the report as JSON; 0 if the record holds, 1 if not, 2 if called wrongly.

    `arguments`: the file, then in any order a trusted key and checkpoints held elsewhere (SIZE:ROOT).
    """
    keys = [argument for argument in arguments[1:] if ":" not in argument]
    held = [argument.split(":", 1) for argument in arguments[1:] if ":" in argument]
    if not arguments or len(keys) > 1 or not all(size.isdecimal() for size, _ in held):
        sys.stderr.write("verify.py FILE [KEY] [SIZE:ROOT ...]\n")
        return 2
    report = verify_file(
        arguments[0], trusted_key=keys[0] if keys else None, held=[(int(size), root) for size, root in held]
    )
    sys.stdout.write(json.dumps(asdict(report), indent=2) + "\n")
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
