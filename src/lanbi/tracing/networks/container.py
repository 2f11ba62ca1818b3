"""Container numbers of ISO 6346: read as people write them, and checked. Pure.

A number is three letters of the owner, one of the category, six digits and a check digit: CSQU 305438 3.
The check digit (ISO 6346:2022, annex A): letters count 10 to 38 without the multiples of 11, digits as they
are; each times 2 to the power of its place; the sum modulo 11, where 10 is written 0.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import Literal

import msgspec

CATEGORIES = {"U": "container", "J": "equipment", "Z": "chassis"}
"""Freight containers; equipment that comes off a container; trailers and chassis."""
TEXT_CHARS_MAX = 60

ContainerFlag = Literal["unreadable", "check_digit", "check_digit_missing", "category", "read_as", "ten"]
"""`unreadable`: no container number; kept as written. `check_digit`: it does not fit the rest. `category`:
the fourth letter is not one of CATEGORIES. `read_as`: letters and digits that look alike were taken for each
other. `ten`: the remainder is 10, so the check digit 0 is also that of other numbers; owners avoid these."""

_LETTER_VALUES = dict(zip(ascii_uppercase, (value for value in range(10, 39) if value % 11), strict=True))
_AS_LETTER = str.maketrans("01258", "OIZSB")
_AS_DIGIT = str.maketrans("OQDIZSB", "0001258")


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """A container number as read. `text`: as written. `number`: ten or eleven characters, None if unreadable.
    `check`: the digit that stands there; `right_check`: the one that the rest asks for."""

    text: str
    number: str | None
    category: str | None
    check: int | None
    right_check: int | None
    flags: tuple[ContainerFlag, ...]

    @property
    def valid(self) -> bool:
        """Whether it is a number of the standard whose check digit fits."""
        return self.number is not None and self.check is not None and self.check == self.right_check

    @property
    def written(self) -> str:
        """As it stands on a container, `CSQU 305438 3`; as it came where it could not be read."""
        if self.number is None:
            return self.text
        return " ".join(filter(None, (self.number[:4], self.number[4:10], self.number[10:])))


def check_digit(ten: str) -> int:
    """The check digit of four letters and six digits. ValueError for anything else."""
    return _remainder(ten) % 10


def _remainder(ten: str) -> int:
    if not re.fullmatch(r"[A-Z]{4}[0-9]{6}", ten):
        raise ValueError(f"not four letters and six digits: {ten!r}")
    values = (_LETTER_VALUES[c] if c.isalpha() else int(c) for c in ten)
    return sum(value << place for place, value in enumerate(values)) % 11


def read_container(text: str) -> Container:
    """Read a container number as somebody wrote it; nothing is refused, all doubts are flags.

    Spaces, dashes, slashes and case do not matter. Where letters stand among the digits, or digits among the
    letters, those that look alike are taken for each other, and only if the check digit then fits.
    """
    bare = re.sub(r"[\s\-./_·]", "", text[:TEXT_CHARS_MAX]).upper()
    flags: list[ContainerFlag] = []
    if not re.fullmatch(r"[A-Z]{4}[0-9]{6,7}", bare):
        swapped = bare[:4].translate(_AS_LETTER) + bare[4:].translate(_AS_DIGIT)
        if not re.fullmatch(r"[A-Z]{4}[0-9]{7}", swapped) or check_digit(swapped[:10]) != int(swapped[10]):
            return Container(
                text=text, number=None, category=None, check=None, right_check=None, flags=("unreadable",)
            )
        bare = swapped
        flags.append("read_as")
    remainder = _remainder(bare[:10])
    right = remainder % 10
    check = int(bare[10]) if len(bare) == 11 else None
    if check is None:
        flags.append("check_digit_missing")
    elif check != right:
        flags.append("check_digit")
    if bare[3] not in CATEGORIES:
        flags.append("category")
    if remainder == 10:
        flags.append("ten")
    category = CATEGORIES.get(bare[3])
    return Container(
        text=text, number=bare, category=category, check=check, right_check=right, flags=tuple(flags)
    )
