"""Builds small stores from the published format alone, with none of the code that writes real ones."""

import json
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SCHEMA = """
CREATE TABLE journal (
  seq BIGINT PRIMARY KEY, id TEXT NOT NULL, site TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
  at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, actor TEXT NOT NULL, purpose TEXT NOT NULL,
  body TEXT NOT NULL, leaf BYTEA NOT NULL
);
CREATE INDEX journal_subject ON journal (subject, seq);
CREATE TABLE merkle_node (
  level BIGINT NOT NULL, idx BIGINT NOT NULL, hash BYTEA NOT NULL, PRIMARY KEY (level, idx)
);
CREATE TABLE record_head (
  one SMALLINT PRIMARY KEY CHECK (one = 1), site TEXT NOT NULL, size BIGINT NOT NULL, peaks BYTEA NOT NULL,
  last_recorded_at BIGINT NOT NULL, last_id TEXT NOT NULL
);
CREATE TABLE site_key (
  key_id TEXT PRIMARY KEY, public_key BYTEA NOT NULL, introduced_seq BIGINT NOT NULL, retired_seq BIGINT
);
CREATE TABLE checkpoint (
  size BIGINT PRIMARY KEY, root BYTEA NOT NULL, at BIGINT NOT NULL, key_id TEXT NOT NULL,
  signature BYTEA NOT NULL
);
CREATE TABLE sealed (
  id TEXT PRIMARY KEY, subject TEXT NOT NULL, field TEXT NOT NULL, class TEXT NOT NULL, salt BYTEA,
  value TEXT, retain_until BIGINT NOT NULL, sealed_seq BIGINT NOT NULL, erased_at BIGINT, erased_seq BIGINT
);
"""
START = 1_795_000_000_000_000
COLUMNS = ("seq", "id", "site", "subject", "kind", "at", "recorded_at", "actor", "purpose", "body")


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node(mth(leaves[:k]), mth(leaves[k:]))


def leaf_of(row: Any) -> bytes:
    lines = ["lanbi-entry/1", *(str(value) for value in row[:10])]
    return sha256(b"\x00" + "".join(f"{line}\n" for line in lines).encode()).digest()


def compact(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Builder:
    """A store that grows entry by entry in memory; `write` puts it into a file."""

    def __init__(self, site: str = "dcpj-ouest") -> None:
        self.site = site
        self.rows: list[list[Any]] = []
        self.sealed: dict[str, list[Any]] = {}
        self.checkpoints: list[list[Any]] = []
        self.keys: dict[str, list[Any]] = {}
        self.new_key(b"\x01" * 32)

    def add(
        self, kind: str = "incident.opened", subject: str = "incident/1", body: Any = None, **given: Any
    ) -> int:
        seq = len(self.rows) + 1
        if not isinstance(body, str):
            body = compact(body or {"id": "1", "tit": f"dife nan lari {seq} é"})
        row = {
            "seq": seq,
            "id": f"0192f000-0000-7000-8000-{seq:012x}",
            "site": self.site,
            "subject": subject,
            "kind": kind,
            "at": START + seq,
            "recorded_at": START + seq * 1000,
            "actor": "marie",
            "purpose": "",
            "body": body,
        } | given
        values = [row[column] for column in COLUMNS]
        self.rows.append([*values, leaf_of(values)])
        return seq

    def fill(self, size: int) -> "Builder":
        while len(self.rows) < size:
            self.add()
        return self

    def new_key(self, seed: bytes) -> str:
        self.signer = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self.signer.public_key().public_bytes_raw()
        self.key_id = sha256(raw).hexdigest()[:16]
        seq = self.add(
            "record.key_introduced", f"record/{self.key_id}", {"id": self.key_id, "public_key": raw.hex()}
        )
        for key in self.keys.values():
            if key[3] is None:
                key[3] = seq
        self.keys[self.key_id] = [self.key_id, raw, seq, None]
        return self.key_id

    def seal(self, value: str, name: str = "s1") -> int:
        salt = sha256(name.encode()).digest()[:16]
        commitment = sha256(salt + value.encode()).hexdigest()
        seq = self.add(
            "incident.noted", body={"id": "1", "words": {"commitment": commitment, "sealed": name}}
        )
        self.sealed[name] = [name, "incident/1", "words", "words", salt, value, START * 2, seq, None, None]
        return seq

    def erase(self, name: str = "s1") -> int:
        seq = self.add("sealed.erased", f"sealed/{name}", {"id": name, "reason": "retention", "sealed": name})
        row = self.sealed[name]
        row[4] = row[5] = None
        row[8:] = [START + 5, seq]
        return seq

    def leaves(self) -> list[bytes]:
        return [row[10] for row in self.rows]

    def sign(self) -> int:
        size, at = len(self.rows), START + 77
        root = mth(self.leaves())
        text = f"lanbi-checkpoint/1\n{self.site}\n{size}\n{root.hex()}\n{at}\n".encode()
        self.checkpoints.append([size, root, at, self.key_id, self.signer.sign(text)])
        return size

    def nodes(self) -> list[tuple[int, int, bytes]]:
        leaves, found, level = self.leaves(), [], 8
        while len(leaves) >> level:
            width = 1 << level
            found += [
                (level, i, mth(leaves[i * width : (i + 1) * width])) for i in range(len(leaves) >> level)
            ]
            level += 1
        return found

    def peaks(self) -> bytes:
        leaves, start, found = self.leaves(), 0, b""
        for level in reversed(range(len(leaves).bit_length())):
            if len(leaves) >> level & 1:
                found += mth(leaves[start : start + (1 << level)])
                start += 1 << level
        return found

    def tables(self) -> dict[str, list[Any]]:
        last = self.rows[-1]
        return {
            "journal": self.rows,
            "merkle_node": self.nodes(),
            "record_head": [[1, self.site, len(self.rows), self.peaks(), last[6], last[1]]],
            "site_key": list(self.keys.values()),
            "checkpoint": self.checkpoints,
            "sealed": list(self.sealed.values()),
        }

    def write(self, path: Path) -> Path:
        with sqlite3.connect(path) as connection:
            connection.executescript(SCHEMA)
            for table, rows in self.tables().items():
                for row in rows:
                    blanks = ", ".join("?" * len(row))
                    connection.execute(f"INSERT INTO {table} VALUES ({blanks})", row)
        connection.close()
        return path


def change(path: Path, sql: str, *params: Any) -> None:
    """What a hand with the file open does to it; no rule of the schema stands in its way."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(sql, params)
    connection.commit()
    connection.close()
