"""The Merkle tree over a journal's leaves, as RFC 6962 section 2.1 (RFC 9162 section 2.1) draws it.

Nothing here touches a disk or a clock. A hash is 32 bytes of SHA-256. The perfect
subtree (level, index) covers the leaves [index * 2**level, (index + 1) * 2**level).
A tree of any size is a row of perfect subtrees, one for each bit of the size, the
largest first: its *peaks*. They are all that must be kept to append to it.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import islice
from typing import Self

HASH_BYTES = 32
# Subtrees below this level are cheap to hash again from at most 2**8 leaves; from here on they are stored.
STORED_LEVEL_MIN = 8
# A sequence number is a signed 64-bit integer in both databases, so no honest tree is higher.
LEVELS_MAX = 63
# How many leaves `extend` works on at a time, so that a generator of millions needs little memory.
EXTEND_LEAVES = 65_536

EMPTY_ROOT = sha256(b"").digest()

Subtree = tuple[int, int, bytes]
"""Level, index and hash of a perfect subtree."""

SubtreeHash = Callable[[int, int], bytes]
"""Gives the hash of the perfect subtree (level, index); level 0 is a leaf."""


def leaf_hash(preimage: bytes) -> bytes:
    """SHA-256(0x00 || preimage). The prefix keeps a leaf from passing for an interior node."""
    return sha256(b"\x00" + preimage).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The peaks of a growing tree."""

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._size = 0
        # By level; None where the size has no bit.
        self._peaks: list[bytes | None] = []

    @property
    def size(self) -> int:
        """How many leaves were appended."""
        return self._size

    def append(self, leaf: bytes) -> list[Subtree]:
        """Adds one leaf hash; returns the perfect subtrees of level >= 8 that it completed, lowest first."""
        done: list[Subtree] = []
        peaks, level, digest = self._peaks, 0, leaf
        while level < len(peaks) and (left := peaks[level]) is not None:
            digest = node_hash(left, digest)
            peaks[level] = None
            level += 1
            if level >= STORED_LEVEL_MIN:
                done.append((level, self._size >> level, digest))
        if level == len(peaks):
            peaks.append(None)
        peaks[level] = digest
        self._size += 1
        return done

    def extend(self, leaves: Iterable[bytes]) -> list[Subtree]:
        """Adds leaf hashes in order; returns what `append` would have returned for each, in that order."""
        done: list[Subtree] = []
        source = iter(leaves)
        while chunk := list(islice(source, EXTEND_LEAVES)):
            done += self._extend(chunk)
        return done

    def _extend(self, row: list[bytes]) -> list[Subtree]:
        done: list[Subtree] = []
        added, level, peaks = len(row), 0, self._peaks
        while row:
            if level == len(peaks):
                peaks.append(None)
            if (left := peaks[level]) is not None:
                row.insert(0, left)
            peaks[level] = row.pop() if len(row) % 2 else None
            pairs = iter(row)
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            level += 1
            if level >= STORED_LEVEL_MIN:
                first = self._size >> level
                done += [(level, first + place, digest) for place, digest in enumerate(row)]
        self._size += added
        # By the leaf that completed them, then from the bottom up: the order in which single appends report.
        done.sort(key=lambda subtree: ((subtree[1] + 1) << subtree[0], subtree[0]))
        return done

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far."""
        return _join(peak for peak in self._peaks if peak is not None)

    def copy(self) -> "Frontier":
        """An independent frontier at the same place."""
        twin = Frontier()
        twin._size, twin._peaks = self._size, self._peaks.copy()
        return twin

    def to_bytes(self) -> bytes:
        """The peaks' hashes one after another, the largest subtree first; empty for an empty tree."""
        return b"".join(peak for peak in reversed(self._peaks) if peak is not None)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Self:
        """The frontier of `size` leaves from what `to_bytes` gave; ValueError if they do not fit."""
        if size < 0 or len(data) != HASH_BYTES * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has not {len(data)} bytes of peaks")
        frontier = cls()
        frontier._size = size
        frontier._peaks = [None] * size.bit_length()
        place = 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                frontier._peaks[level] = data[place : place + HASH_BYTES]
                place += HASH_BYTES
        return frontier


def _join(smallest_first: Iterable[bytes]) -> bytes:
    peaks = iter(smallest_first)
    digest = next(peaks, None)
    if digest is None:
        return EMPTY_ROOT
    for peak in peaks:
        digest = node_hash(peak, digest)
    return digest


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash of leaf hashes; SHA-256 of nothing for none."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def root_at(size: int, subtree: SubtreeHash) -> bytes:
    """The root of the tree's first `size` leaves, from the hashes of its perfect subtrees."""
    return range_hash(0, size, subtree) if size else EMPTY_ROOT


def range_hash(start: int, end: int, subtree: SubtreeHash) -> bytes:
    """MTH(D[start:end]) of RFC 6962, for a range that some tree holds as one subtree.

    So `start` is a multiple of the smallest power of two that is not below the width.
    """
    peaks: list[bytes] = []
    width = end - start
    for level in reversed(range(width.bit_length())):
        if width >> level & 1:
            peaks.append(subtree(level, start >> level))
            start += 1 << level
    return _join(reversed(peaks))


def inclusion_path(index: int, size: int, subtree: SubtreeHash) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1, nearest the leaf first.

    `index` counts from 0. Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(middle, end, subtree))
            end = middle
        else:
            path.append(range_hash(start, middle, subtree))
            start = middle
    path.reverse()
    return path


def consistency_path(old: int, new: int, subtree: SubtreeHash) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty when the sizes are equal or the old tree was empty.

    Raises ValueError unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not continue one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end, subtree))
            end = middle
        else:
            path.append(range_hash(start, middle, subtree))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, end, subtree))
    path.reverse()
    return path


def _split(width: int) -> int:
    """The largest power of two below `width`, which is at least 2."""
    return 1 << (width - 1).bit_length() - 1


def verify_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from the leaf hash at `index` (from 0) to the root of the tree of `size`.

    RFC 9162 section 2.1.3.2. The arguments may come from anyone: whatever is not
    a proof is False, never an error.
    """
    if not (_is_size(index) and _is_size(size) and _are_hashes(path) and _are_hashes((leaf, root))):
        return False
    if index >= size:
        return False
    place, last, digest = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(sibling, digest)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            digest = node_hash(digest, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and digest == root


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `path` shows that the tree of `new` leaves begins with the tree of `old` leaves.

    RFC 9162 section 2.1.4.2; in addition every tree continues the empty one, by an
    empty path. Whatever is not a proof is False, never an error.
    """
    if not (_is_size(old) and _is_size(new) and _are_hashes(path) and _are_hashes((old_root, new_root))):
        return False
    if old > new:
        return False
    if old == new:
        return not path and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    steps = list(path)
    if old & (old - 1) == 0:
        # The old tree is itself a perfect subtree of the new one, so its root is not sent.
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old_digest = new_digest = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_digest = node_hash(sibling, old_digest)
            new_digest = node_hash(sibling, new_digest)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            new_digest = node_hash(new_digest, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and old_digest == old_root and new_digest == new_root


def _is_size(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << LEVELS_MAX


def _are_hashes(values: object) -> bool:
    # A path has at most two hashes a level; longer ones are refused before any of them is hashed.
    return (
        isinstance(values, list | tuple)
        and len(values) <= 2 * LEVELS_MAX
        and all(type(value) is bytes and len(value) == HASH_BYTES for value in values)
    )
