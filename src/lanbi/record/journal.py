"""The journal's writer: gives each entry its place, hashes it, and keeps the tree's frontier.

It lives on the store's writer thread. A batch is: `begin`, any number of
pieces (`mark`, `append`…, or `back_to` the mark when a piece is refused),
`flush`. Nothing is inserted before `flush`, so a refused piece leaves no gap in
the sequence.
"""

from typing import Any, Protocol

import msgspec

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Malformed
from lanbi.core.events import Event
from lanbi.core.ids import new_id
from lanbi.core.ports import Entry
from lanbi.core.time import SECOND, Clock, Instant
from lanbi.record.checkpoint import SiteKey
from lanbi.record.events import ClockStepped, KeyIntroduced
from lanbi.record.merkle import Frontier, leaf_hash

CHECKPOINT_ENTRIES_MAX = 4096
CHECKPOINT_AGE_MAX_S = 30
# A wall clock may be slewed a little by NTP; beyond this it stepped.
CLOCK_STEP_MIN: Instant = 2 * SECOND

HEAD = "SELECT site, size, peaks, last_recorded_at, last_id FROM record_head WHERE one = 1"
FOUND = """
INSERT INTO record_head (one, site, size, peaks, last_recorded_at, last_id)
VALUES (1, :site, 0, :peaks, 0, '')
"""
ADVANCE = """
UPDATE record_head SET size = :size, peaks = :peaks, last_recorded_at = :last_recorded_at, last_id = :last_id
WHERE one = 1
"""
APPEND = """
INSERT INTO journal (seq, id, site, subject, kind, at, recorded_at, actor, purpose, body, leaf)
VALUES (:seq, :id, :site, :subject, :kind, :at, :recorded_at, :actor, :purpose, :body, :leaf)
"""
ADD_NODE = "INSERT INTO merkle_node (level, idx, hash) VALUES (:level, :idx, :hash)"
LAST_CHECKPOINT = "SELECT size, at FROM checkpoint ORDER BY size DESC LIMIT 1"
SIGN = """
INSERT INTO checkpoint (size, root, at, key_id, signature)
VALUES (:size, :root, :at, :key_id, :signature)
ON CONFLICT (size) DO NOTHING
"""
KEY_KNOWN = "SELECT key_id FROM site_key WHERE retired_seq IS NULL"
RETIRE_KEYS = "UPDATE site_key SET retired_seq = :seq WHERE retired_seq IS NULL"
ADD_KEY = """
INSERT INTO site_key (key_id, public_key, introduced_seq, retired_seq)
VALUES (:key_id, :public_key, :seq, NULL)
ON CONFLICT (key_id) DO UPDATE SET retired_seq = NULL
"""

_encoder = msgspec.json.Encoder(order="sorted")


class Connection(Protocol):
    """What the journal needs of a database connection."""

    def rows(self, sql: str, params: Any) -> list[tuple[Any, ...]]: ...
    def run(self, sql: str, params: Any) -> int: ...
    def run_many(self, sql: str, params: Any) -> None: ...


def preimage(entry: Entry) -> bytes:
    """The bytes whose hash is the entry's leaf: eleven lines of UTF-8 (docs/concepts/record.md)."""
    return (
        f"lanbi-entry/1\n{entry.seq}\n{entry.id}\n{entry.site}\n{entry.subject}\n{entry.kind}\n"
        f"{entry.at}\n{entry.recorded_at}\n{entry.actor}\n{entry.purpose}\n{entry.body}\n"
    ).encode()


class Journal:
    """The growing end of one site's record. Not thread-safe: it belongs to the writer."""

    def __init__(self, clock: Clock, key: SiteKey, site: str) -> None:
        self._clock = clock
        self._key = key
        self._site = site
        self._frontier = Frontier()
        self._pending: list[Entry] = []
        self._now: Instant = 0
        self._last_recorded_at: Instant = 0
        self._last_seen: tuple[Instant, float] | None = None
        self._seen_before: tuple[Instant, float] | None = None
        self._signed_size = 0
        self._signed_at: Instant = 0
        self.seq = 0

    @property
    def now(self) -> Instant:
        """The instant of this batch: never before the last entry's, unless a clock step stands on record."""
        return self._now

    @property
    def site(self) -> str:
        return self._site

    @property
    def unsigned(self) -> bool:
        """Whether entries follow the last checkpoint."""
        return self.seq > self._signed_size

    def begin(self, connection: Connection) -> None:
        """Reads where the journal ends and takes the batch's time."""
        head = connection.rows(HEAD, {})
        if not head:
            connection.run(FOUND, {"site": self._site, "peaks": b""})
            head = connection.rows(HEAD, {})
        site, size, peaks, last_recorded_at, _last_id = head[0]
        self._site = site
        if size != self._frontier.size or self._pending or size != self.seq:
            # At the start, after a failed commit, or when another node wrote in between.
            self._frontier = Frontier.from_bytes(size, bytes(peaks))
            signed = connection.rows(LAST_CHECKPOINT, {})
            self._signed_size, self._signed_at = signed[0] if signed else (0, 0)
        self._pending = []
        self.seq = size
        self._last_recorded_at = last_recorded_at
        self._take_time()
        if not any(key_id == self._key.key_id for (key_id,) in connection.rows(KEY_KNOWN, {})):
            self._introduce_key(connection)

    def _take_time(self) -> None:
        wall, steady = self._clock.now(), self._clock.monotonic()
        self._seen_before = self._last_seen
        if self._last_seen is None:
            expected = max(self._last_recorded_at, wall)
        else:
            expected = self._last_seen[0] + round((steady - self._last_seen[1]) * SECOND)
        step = wall - expected
        self._last_seen = (wall, steady)
        if abs(step) >= CLOCK_STEP_MIN and self.seq:
            self._now = wall
            self.append(ClockStepped(id=self._site, by_ms=step // 1000), SYSTEM.id, "", wall)
            self._last_recorded_at = wall
        self._now = max(wall, self._last_recorded_at)

    def _introduce_key(self, connection: Connection) -> None:
        fact = KeyIntroduced(id=self._key.key_id, public_key=self._key.public_key.hex())
        entry = self.append(fact, SYSTEM.id, "", self._now)
        connection.run(RETIRE_KEYS, {"seq": entry.seq})
        connection.run(
            ADD_KEY, {"key_id": self._key.key_id, "public_key": self._key.public_key, "seq": entry.seq}
        )

    def mark(self) -> int:
        """Where a piece begins."""
        return len(self._pending)

    def back_to(self, mark: int) -> None:
        """Forgets what a refused piece appended; its numbers are free again."""
        self.seq -= len(self._pending) - mark
        del self._pending[mark:]

    def append(self, fact: Event, actor: str, purpose: str, at: Instant) -> Entry:
        """The entry of a fact, with the next sequence number."""
        subject = fact.subject
        if "\n" in subject or "\n" in actor or "\n" in purpose:
            raise Malformed("text-control", field="purpose")
        entry = Entry(
            seq=self.seq + 1,
            id=new_id(self._now),
            site=self._site,
            subject=subject,
            kind=fact.kind,
            at=at,
            recorded_at=self._now,
            actor=actor,
            purpose=purpose,
            body=_encoder.encode(fact).decode(),
        )
        self._pending.append(entry)
        self.seq += 1
        return entry

    def flush(self, connection: Connection, *, sign: bool = False) -> None:
        """Writes the batch's entries, tree nodes, head, and a checkpoint where one is due."""
        if self._pending:
            leaves = [leaf_hash(preimage(entry)) for entry in self._pending]
            connection.run_many(
                APPEND,
                [
                    {
                        "seq": entry.seq,
                        "id": entry.id,
                        "site": entry.site,
                        "subject": entry.subject,
                        "kind": entry.kind,
                        "at": entry.at,
                        "recorded_at": entry.recorded_at,
                        "actor": entry.actor,
                        "purpose": entry.purpose,
                        "body": entry.body,
                        "leaf": leaf,
                    }
                    for entry, leaf in zip(self._pending, leaves, strict=True)
                ],
            )
            nodes = self._frontier.extend(leaves)
            if nodes:
                connection.run_many(
                    ADD_NODE,
                    [{"level": level, "idx": index, "hash": digest} for level, index, digest in nodes],
                )
            last = self._pending[-1]
            connection.run(
                ADVANCE,
                {
                    "size": self.seq,
                    "peaks": self._frontier.to_bytes(),
                    "last_recorded_at": last.recorded_at,
                    "last_id": last.id,
                },
            )
            self._last_recorded_at = last.recorded_at
            self._pending = []
        if sign or self._checkpoint_due():
            self._sign(connection)

    def _checkpoint_due(self) -> bool:
        behind = self.seq - self._signed_size
        return behind > 0 and (
            behind >= CHECKPOINT_ENTRIES_MAX or self._now - self._signed_at >= CHECKPOINT_AGE_MAX_S * SECOND
        )

    def _sign(self, connection: Connection) -> None:
        if not self.unsigned:
            return
        root = self._frontier.root()
        signature = self._key.sign(self._site, self.seq, root, self._now)
        connection.run(
            SIGN,
            {
                "size": self.seq,
                "root": root,
                "at": self._now,
                "key_id": self._key.key_id,
                "signature": signature,
            },
        )
        self._signed_size, self._signed_at = self.seq, self._now

    def committed(self) -> None:
        """After a commit: what it says of the clock stands."""
        self._seen_before = self._last_seen

    def forget(self) -> None:
        """After a failed commit: the next `begin` reads everything anew."""
        self._frontier = Frontier()
        self._pending = []
        self._last_seen = self._seen_before  # a clock step that was not written down is seen again
        self.seq = -1
