"""The marks of a serial number: the alphabet, which marks look alike, and rows of marks as bytes.

A mark is one of 36 (0–9, A–Z) or unread (`?`). In an array a mark is a small number: 0 nothing, 1–10 the
digits, 11–36 the letters, 37 unread.

`ALIKE` is the table by which a search takes marks for one another. It is that of the number-plate readers
(the "OCR equivalent characters" of Genetec's Security Center: 0ODQ, 1I, 2Z, 5S, 8B, 6G), with L beside 1 and
I, since a serial is also written down by hand. It never holds two digits: guns made one after the other
differ in a digit.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

SERIAL_MARKS_MAX = 24
"""A longer one is no serial number: the longest known formats have some sixteen marks."""

UNREAD = "?"
GAP = "…"
"""In a reading: marks are missing here and nobody knows how many."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALIKE = ("0ODQ", "1IL", "2Z", "5S", "8B", "6G")

NOTHING = 0
UNREAD_CODE = len(ALPHABET) + 1
CODES = UNREAD_CODE + 1

Codes = NDArray[np.uint8]


def _byte_table() -> Codes:
    table = np.zeros(256, dtype=np.uint8)
    for code, mark in enumerate(ALPHABET, start=1):
        table[ord(mark)] = code
    table[ord(UNREAD)] = UNREAD_CODE
    return table


def _fold_table() -> Codes:
    table = np.zeros(CODES, dtype=np.uint8)
    group = {mark: marks[0] for marks in ALIKE for mark in marks}
    first: dict[str, int] = {}
    for code, mark in enumerate(ALPHABET, start=1):
        table[code] = first.setdefault(group.get(mark, mark), len(first) + 1)
    table[UNREAD_CODE] = len(first) + 1
    return table


_CODE_OF_BYTE = _byte_table()
FOLD = _fold_table()
"""Code of a mark → number of its group of look-alikes (1 and up; the unread mark has one of its own)."""
FOLDS = int(FOLD[UNREAD_CODE]) - 1
"""How many groups of look-alikes there are, the unread mark aside."""
IS_DIGIT = np.array([1 <= code <= 10 for code in range(CODES)])
IS_LETTER = np.array([10 < code < UNREAD_CODE for code in range(CODES)])
ALIKE_COUNT = np.array([int((FOLD[code] == FOLD).sum()) for code in range(CODES)])
"""Code of a mark → how many marks are in its group, itself included."""


def coded(serials: Iterable[str]) -> tuple[Codes, NDArray[np.uint8]]:
    """Marks → (codes, lengths): one row of `SERIAL_MARKS_MAX` codes for each, filled up with 0.

    `serials`: normalised marks (`normal.serial_of(...).marks`), without a gap. What is not a mark is taken as
    nothing, which only a caller that did not normalise can see.
    """
    joined = np.array([s.encode("ascii", "replace") for s in serials], dtype=f"S{SERIAL_MARKS_MAX}")
    if not len(joined):
        return np.zeros((0, SERIAL_MARKS_MAX), dtype=np.uint8), np.zeros(0, dtype=np.uint8)
    codes = _CODE_OF_BYTE[joined.view(np.uint8).reshape(len(joined), SERIAL_MARKS_MAX)]
    return codes, (codes != NOTHING).sum(axis=1).astype(np.uint8)


def written(codes: Codes) -> str:
    """One row of codes → its marks."""
    return "".join(UNREAD if code == UNREAD_CODE else ALPHABET[code - 1] for code in codes if code)


def fold(marks: str) -> str:
    """Marks with each look-alike written as the first of its group: what a folded key compares."""
    group = {mark: alike[0] for alike in ALIKE for mark in alike}
    return "".join(group.get(mark, mark) for mark in marks)


def alike(one: str, other: str) -> bool:
    """Whether two marks are different and are taken for one another."""
    return one != other and fold(one) == fold(other)
