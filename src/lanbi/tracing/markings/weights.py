"""How much each difference between a reading and a register entry weighs: log10 likelihood ratios.

The question behind every weight: how often would this be read if the gun is the one of the entry, against how
often if it is another gun (Fellegi and Sunter, "A Theory for Record Linkage", JASA 64, 1969). For marks:

- A reader gets 3 % of hand-printed letters and figures wrong that he sees without context (Selfridge and
  Neisser, "Pattern Recognition by Machine", 1960). Half of it falls on look-alikes: the Institute for Safe
  Medication Practices gives more than half of such errors to four pairs, three of which are in `marks.ALIKE`.
- For swapped, missing and extra marks, the shares that Verhoeff found in six-figure numbers written by people
  ("Error Detecting Decimal Codes", 1969: single figures 60–95 % of all errors, neighbours swapped 10–20 %,
  one missing or extra 10–20 %), taken over eight marks.

What describes the gun (make, model, calibre, type) is right so often, near so often and wrong so often:
assumptions of ours, on the cautious side. Nothing here was chosen on the queries that the search is measured
on.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings.marks import ALIKE_COUNT, CODES, FOLD, IS_DIGIT, IS_LETTER, NOTHING, UNREAD_CODE

MISREAD = 0.03
ALIKE_MISREAD = 0.015
OTHER_MISREAD = 0.015
SWAPPED = 0.005
MISSING = 0.002
EXTRA = 0.002
RIGHT = 1 - MISREAD - SWAPPED - MISSING - EXTRA

DIGIT_CHANCE = 1 / 10
LETTER_CHANCE = 1 / 26

Attribute = Literal["make", "model", "calibre", "type"]
ATTRIBUTES: tuple[Attribute, ...] = ("make", "model", "calibre", "type")
NOT_GIVEN, SAME, NEAR, DIFFERS = range(4)

_RIGHT: dict[Attribute, float] = {"make": 0.91, "model": 0.80, "calibre": 0.88, "type": 0.93}
_NEAR: dict[Attribute, float] = {"make": 0.04, "model": 0.05, "calibre": 0.07, "type": 0.04}
_WRONG: dict[Attribute, float] = {"make": 0.05, "model": 0.15, "calibre": 0.05, "type": 0.03}
SHARE_MIN = 1e-3
"""Rarer than this in the register counts as this rare: a register is a sample of the guns that there are."""
NEAR_WEIGHT_MAX = 0.5

Floats = NDArray[np.float64]


def chance() -> NDArray[np.float32]:
    """Code of a mark → log10 of how often another gun has it there, given that it has a mark of that kind."""
    table = np.zeros(CODES, dtype=np.float32)
    table[IS_DIGIT] = np.log10(DIGIT_CHANCE)
    table[IS_LETTER] = np.log10(LETTER_CHANCE)
    return table


def pairs() -> NDArray[np.float32]:
    """(code read, code in the register) → weight. An unread mark on either side weighs nothing."""
    by_chance = 10.0 ** chance().astype(np.float64)
    table = np.full((CODES, CODES), np.log10(OTHER_MISREAD))
    for read in range(1, UNREAD_CODE):
        for held in range(1, UNREAD_CODE):
            if read == held:
                table[read, held] = np.log10(RIGHT / by_chance[read])
            elif FOLD[read] == FOLD[held]:
                others = ALIKE_COUNT[held] - 1
                table[read, held] = np.log10(ALIKE_MISREAD / others / by_chance[read])
    for blank in (NOTHING, UNREAD_CODE):
        table[blank, :] = table[:, blank] = 0.0
    return table.astype(np.float32)


PAIR = pairs()
CHANCE = chance()
MISSING_WEIGHT = float(np.log10(MISSING))
EXTRA_WEIGHT = float(np.log10(EXTRA))


def swapped(first: Any, second: Any) -> Any:
    """Weight of two neighbours read in each other's place, by their codes (numbers or arrays of them)."""
    return np.log10(SWAPPED) - CHANCE[first] - CHANCE[second]


def attribute(which: Attribute, relation: int, share: Floats) -> Floats:
    """Weight of what was written of the gun beside what the entry says.

    `relation`: NOT_GIVEN, SAME, NEAR or DIFFERS. `share`: of the register's entries, how many have what was
    written (0 to 1; of those of the same make, where that is known).
    """
    rare = np.maximum(share, SHARE_MIN)
    wrong = np.log10(_WRONG[which])
    if relation == SAME:
        return np.log10(_RIGHT[which] / rare)
    if relation == NEAR:
        return np.clip(np.log10(_NEAR[which] / rare), wrong, NEAR_WEIGHT_MAX)
    return np.full_like(rare, wrong if relation == DIFFERS else 0.0)
