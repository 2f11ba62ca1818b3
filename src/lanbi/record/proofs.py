"""Proofs from the store: that an entry is in the tree of a given size, and that one tree continues another.

A proof asks for at most two tiles of 256 leaves and one stored node for each
level above them, so its cost grows with the logarithm of the journal. What is
returned was verified first: a damaged store gives an error, never a false proof.
"""

import msgspec

from lanbi.core.errors import LanbiError, Malformed, NotFound
from lanbi.core.ports import Reader
from lanbi.core.time import Instant
from lanbi.record.merkle import (
    STORED_LEVEL_MIN,
    consistency_path,
    inclusion_path,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)

NODE = "SELECT hash FROM merkle_node WHERE level = :level AND idx = :idx"
LEAVES = "SELECT leaf FROM journal WHERE seq BETWEEN :first AND :last ORDER BY seq"
NEWEST_CHECKPOINT = """
SELECT size, root, at, key_id, signature FROM checkpoint WHERE size <= :head ORDER BY size DESC LIMIT 1
"""
SITE = "SELECT site FROM record_head WHERE one = 1"


class InclusionProof(msgspec.Struct, frozen=True):
    """That the entry `seq` stands in the tree of the first `size` entries, whose root is `root`."""

    seq: int
    size: int
    leaf: bytes
    path: list[bytes]
    root: bytes


class ConsistencyProof(msgspec.Struct, frozen=True):
    """That the tree of `new` entries begins with the tree of `old` entries."""

    old: int
    new: int
    path: list[bytes]
    old_root: bytes
    new_root: bytes


class SignedCheckpoint(msgspec.Struct, frozen=True):
    """What the site signed; the bytes are those of `checkpoint.checkpoint_bytes`. `at`: microseconds."""

    site: str
    size: int
    root: bytes
    at: Instant
    key_id: str
    signature: bytes


class _Tree:
    """The perfect subtrees of one view's journal: stored ones as rows, lower ones from a tile of leaves."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._tiles: dict[int, list[list[bytes]]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        if level >= STORED_LEVEL_MIN:
            return self._node(level, index)
        per_tile_bits = STORED_LEVEL_MIN - level
        rows = self._tile(index >> per_tile_bits)
        place = index & ((1 << per_tile_bits) - 1)
        if level >= len(rows) or place >= len(rows[level]):
            raise LanbiError("record-incomplete", first=(index << level) + 1, last=(index + 1) << level)
        return rows[level][place]

    def _node(self, level: int, index: int) -> bytes:
        digest = self._nodes.get((level, index))
        if digest is None:
            found = self._reader.row(NODE, level=level, idx=index)
            if found is None:
                raise LanbiError("record-incomplete", first=(index << level) + 1, last=(index + 1) << level)
            digest = self._nodes[level, index] = bytes(found[0])
        return digest

    def _tile(self, index: int) -> list[list[bytes]]:
        """The tile's hashes by level, from its leaves up; the last tile may be short."""
        rows = self._tiles.get(index)
        if rows is None:
            first = (index << STORED_LEVEL_MIN) + 1
            last = (index + 1) << STORED_LEVEL_MIN
            row = [bytes(leaf) for (leaf,) in self._reader.rows(LEAVES, first=first, last=last)]
            rows = self._tiles[index] = [row]
            while len(row) > 1:
                pairs = iter(row)
                row = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=False)]
                rows.append(row)
        return rows


def inclusion_proof(reader: Reader, seq: int, size: int | None = None) -> InclusionProof:
    """The proof of entry `seq` (from 1) in the tree of `size` entries, by default of all.

    Raises `NotFound("entry-unknown")`, `Malformed("proof-size")` where `size` is
    smaller than `seq` or larger than the journal, `LanbiError("record-incomplete")`
    or `LanbiError("record-broken")` where the store is damaged.
    """
    size = reader.head if size is None else size
    if not 1 <= seq <= reader.head:
        raise NotFound("entry-unknown", seq=seq)
    if not seq <= size <= reader.head:
        raise Malformed("proof-size", size=size, head=reader.head)
    tree = _Tree(reader)
    leaf, root = tree(0, seq - 1), root_at(size, tree)
    path = inclusion_path(seq - 1, size, tree)
    if not verify_inclusion(seq - 1, size, leaf, path, root):
        raise LanbiError("record-broken", first=seq, last=size)
    return InclusionProof(seq=seq, size=size, leaf=leaf, path=path, root=root)


def consistency_proof(reader: Reader, old: int, new: int | None = None) -> ConsistencyProof:
    """The proof that the journal of `new` entries (by default of all) continues that of `old`.

    Raises `Malformed("proof-size")` unless 0 <= old <= new <= head, and as
    `inclusion_proof` where the store is damaged.
    """
    new = reader.head if new is None else new
    if not 0 <= old <= new <= reader.head:
        raise Malformed("proof-size", size=old if old > new or old < 0 else new, head=reader.head)
    tree = _Tree(reader)
    old_root, new_root = root_at(old, tree), root_at(new, tree)
    path = consistency_path(old, new, tree)
    if not verify_consistency(old, new, path, old_root, new_root):
        raise LanbiError("record-broken", first=old, last=new)
    return ConsistencyProof(old=old, new=new, path=path, old_root=old_root, new_root=new_root)


def newest_checkpoint(reader: Reader) -> SignedCheckpoint | None:
    """The newest checkpoint of this view, None before the first."""
    found, site = reader.row(NEWEST_CHECKPOINT, head=reader.head), reader.row(SITE)
    if found is None or site is None:
        return None
    size, root, at, key_id, signature = found
    return SignedCheckpoint(
        site=site[0], size=size, root=bytes(root), at=at, key_id=key_id, signature=bytes(signature)
    )
