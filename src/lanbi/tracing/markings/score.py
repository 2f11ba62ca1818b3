"""A reading beside a register entry: mark by mark, what each difference weighs, how likely they are one gun.

The log10 odds that the reading is of the entry's gun are a sum of named parts:

- `register`: the odds before anything is compared, that it is this one of all the entries;
- `marks`: all the entry's marks, had each been read right; then what is lost by each that was not:
  `look_alike`, `unread`, `swapped`, `missing`, `extra`, `other`;
- `make`, `model`, `calibre`, `type`: as written, against how common that is;
- `pattern`: how much commoner serials like the read one are (neighbours of one production) than marks by lot;
- `others`: the other entries that fit too.

The posterior is the odds as a share. It is a proposal's place in the queue, never a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Literal

import msgspec
import numpy as np

from lanbi.tracing.markings import catalogue, weights
from lanbi.tracing.markings.marks import ALPHABET, GAP, UNREAD, UNREAD_CODE, alike
from lanbi.tracing.markings.weights import DIFFERS, NEAR, NOT_GIVEN, SAME, Attribute

Relation = Literal["same", "look_alike", "unknown", "missing", "extra", "swapped", "other"]

PRESENT_SHARE = 0.5
"""Unless said otherwise: how likely it is, before looking, that the gun is in the register at all."""
ODDS_BOUND = 300.0
"""log10 odds further from even are cut to this: what they say is the same, and their powers stay finite."""
LENGTH_DIFFERENCE_MAX = 1
"""More marks than this missing or extra is another serial number, unless the reading says `…`."""


class Gun(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared: normalised marks, and codes of the catalogue where they are known."""

    marks: str
    make: str | None = None
    model: str | None = None
    calibre: str | None = None
    type: str | None = None


class Step(msgspec.Struct, frozen=True):
    """One place of the two rows. A mark is None where that side has none."""

    recovered: str | None
    register: str | None
    relation: Relation


class Part(msgspec.Struct, frozen=True):
    """One weight of the sum. `count`: of how many marks; for `others`, how many entries fit about as well."""

    code: str
    weight: float
    count: int = 0


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What the register says around one comparison; made by an index, or left as it is for two guns alone.

    `entries`: how many there are. `shares`: by attribute, how many entries have what the reading says.
    `pattern`: log10. `rivals`: log10 odds of the other entries that were found.
    """

    entries: int = 1
    present_share: float = PRESENT_SHARE
    shares: dict[Attribute, float] = {}
    pattern: float = 0.0
    rivals: tuple[float, ...] = ()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """`log10_odds` is the sum of the parts' weights, `posterior` the same as a share (0 to 1)."""

    steps: tuple[Step, ...]
    parts: tuple[Part, ...]
    log10_odds: float
    posterior: float


def align(reading: str, register: str) -> tuple[tuple[Step, ...], float]:
    """The likeliest way to read `reading` from `register` → (the places, their weight).

    Marks of one length are compared place by place, neighbours swapped where that is likelier; where one side
    has a mark more, one is missing or extra and no neighbours are swapped. A `…` stretches. Two lengths
    further apart are compared by place all the same, the rest being missing or extra: no search proposes
    them.
    """
    reading, register = stretched(reading, len(register)), register.replace(GAP, UNREAD)
    if len(reading) == len(register):
        return _same_length(reading, register)
    if abs(len(reading) - len(register)) <= LENGTH_DIFFERENCE_MAX:
        return _one_more(reading, register)
    shorter = min(len(reading), len(register))
    steps, weight = _same_length(reading[:shorter], register[:shorter])
    rest = [Step(mark, None, "extra") for mark in reading[shorter:]]
    rest += [Step(None, mark, "missing") for mark in register[shorter:]]
    return (*steps, *rest), weight + sum(_weight(step) for step in rest)


def stretched(reading: str, length: int) -> str:
    """A reading with as many unread marks in the place of its `…` as make it `length` marks, if it can be."""
    return reading.replace(GAP, UNREAD * max(0, length - (len(reading) - len(GAP))))


def compare(reading: Gun, entry: Gun, around: Around | None = None) -> Comparison:
    """The two guns mark by mark and part by part."""
    around = around or Around()
    steps, total = align(reading.marks, entry.marks)
    whole = sum(_read_right(step.register) for step in steps if step.register is not None)
    share = around.present_share
    parts = [
        Part("register", log10(share / (1 - share)) - log10(max(1, around.entries))),
        Part("marks", whole, sum(step.relation == "same" for step in steps)),
    ]
    lost: dict[str, list[float]] = {}
    for step in steps:
        cost = _weight(step) - (0.0 if step.register is None else _read_right(step.register))
        if step.relation != "same":
            lost.setdefault("unread" if step.relation == "unknown" else step.relation, []).append(cost)
    parts += [Part(code, sum(costs), len(costs)) for code, costs in lost.items()]
    rest = total - whole - sum(part.weight for part in parts[2:])
    if swaps := [at for at, part in enumerate(parts) if part.code == "swapped"]:
        # A swap is weighed for its two marks at once: what is left of the sum is its own.
        parts[swaps[0]] = Part("swapped", parts[swaps[0]].weight + rest, parts[swaps[0]].count // 2)
    relations: dict[Attribute, int] = {
        which: relation_of(which, reading, entry) for which in weights.ATTRIBUTES
    }
    for which, relation in relations.items():
        weight = float(weights.attribute(which, relation, np.array(around.shares.get(which, 1.0))))
        if which in ("calibre", "type") and relations["model"] == SAME:
            weight = min(weight, 0.0)  # the model has said it already
        if relation != NOT_GIVEN:
            parts.append(Part(which, weight))
    parts.append(Part("pattern", around.pattern))
    odds = sum(part.weight for part in parts)
    alone = log10(1 + sum(10.0**rival for rival in around.rivals))
    near = sum(rival >= odds - 1 for rival in around.rivals)
    parts.append(Part("others", -alone, near))
    odds -= alone
    return Comparison(steps=steps, parts=tuple(parts), log10_odds=odds, posterior=posterior_of(odds))


def posterior_of(log10_odds: float) -> float:
    """Odds as a share, 0 to 1."""
    return 1.0 / (1.0 + 10.0 ** -max(-ODDS_BOUND, min(ODDS_BOUND, log10_odds)))


def relation_of(which: Attribute, reading: Gun, entry: Gun) -> int:
    """NOT_GIVEN, SAME, NEAR or DIFFERS."""
    one, other = getattr(reading, which), getattr(entry, which)
    if one is None or other is None:
        return NOT_GIVEN
    if one == other:
        return SAME
    table = f"{which}s"
    number = catalogue.numbers(table)
    return NEAR if (number.get(one), number.get(other)) in catalogue.near_pairs(table) else DIFFERS


def _code(mark: str) -> int:
    return UNREAD_CODE if mark == UNREAD else ALPHABET.index(mark) + 1


def _relation(read: str, held: str) -> Relation:
    if UNREAD in (read, held):
        return "unknown"
    if read == held:
        return "same"
    return "look_alike" if alike(read, held) else "other"


def _pair(read: str, held: str) -> float:
    return float(weights.PAIR[_code(read), _code(held)])


def _read_right(held: str | None) -> float:
    return 0.0 if held is None or held == UNREAD else _pair(held, held)


def _weight(step: Step) -> float:
    if step.recovered is None:
        return weights.MISSING_WEIGHT
    if step.register is None:
        return weights.EXTRA_WEIGHT
    return _pair(step.recovered, step.register)


def _swaps(reading: str, register: str, at: int) -> bool:
    """Whether the marks at `at` and after it are read in each other's place."""
    pair = reading[at : at + 2]
    return (
        len(pair) == 2 and pair[0] != pair[1] and UNREAD not in pair and register[at : at + 2] == pair[::-1]
    )


def _same_length(reading: str, register: str) -> tuple[tuple[Step, ...], float]:
    best: list[tuple[float, bool]] = [(0.0, False)]  # up to here; whether the last two are swapped
    for at, (read, held) in enumerate(zip(reading, register, strict=True)):
        straight = best[at][0] + _pair(read, held)
        across = float("-inf")
        if at and _swaps(reading, register, at - 1):
            across = best[at - 1][0] + float(weights.swapped(_code(reading[at - 1]), _code(read)))
        best.append((max(straight, across), across > straight))
    steps: list[Step] = []
    at = len(reading)
    while at:
        if best[at][1]:
            steps += [Step(reading[k], register[k], "swapped") for k in (at - 1, at - 2)]
            at -= 2
        else:
            at -= 1
            steps.append(Step(reading[at], register[at], _relation(reading[at], register[at])))
    return tuple(reversed(steps)), best[-1][0]


def _one_more(reading: str, register: str) -> tuple[tuple[Step, ...], float]:
    longer, shorter = (register, reading) if len(register) > len(reading) else (reading, register)
    missing = longer is register

    def pair(in_longer: int, in_shorter: int) -> float:
        one, other = longer[in_longer], shorter[in_shorter]
        return _pair(other, one) if missing else _pair(one, other)

    before, after = [0.0], [0.0]
    for at in range(len(shorter)):
        before.append(before[-1] + pair(at, at))
        after.append(after[-1] + pair(len(longer) - 1 - at, len(shorter) - 1 - at))
    sums = [before[at] + after[len(shorter) - at] for at in range(len(longer))]
    at = max(range(len(longer)), key=lambda k: (sums[k], k))
    steps: list[Step] = []
    for k, mark in enumerate(longer):
        if k == at:
            steps.append(Step(None, mark, "missing") if missing else Step(mark, None, "extra"))
            continue
        other = shorter[k if k < at else k - 1]
        read, held = (other, mark) if missing else (mark, other)
        steps.append(Step(read, held, _relation(read, held)))
    extra = weights.MISSING_WEIGHT if missing else weights.EXTRA_WEIGHT
    return tuple(steps), sums[at] + extra


def parts_by_code(parts: Sequence[Part]) -> dict[str, Part]:
    """The parts of a comparison by their code."""
    return {part.code: part for part in parts}
