"""Serials a few numbers apart in one series: guns that left the factory for one dealer in one box.

It reaches guns that nobody could trace. Where both were traced, they must have been sold at one dealer and
near in time. A serial with one or two signs that nobody could read, or that do not fit the model's usual
pattern (a letter among its digits), is compared with every serial that it may be; what it may be by chance
is taken off its weight.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import product

import numpy as np

from lanbi.tracing.networks.facts import SHORT_DAYS, Table
from lanbi.tracing.networks.grounds import WEIGHT_MIN_NATS, Found, Weights, places, two

NEAR = 10
VERY_NEAR = 3
DAYS = 60
NEIGHBOURS_MAX = 20
EXPECTED_MAX = 0.01  # chance neighbours above which a series is crowded
UNREAD = "?"
UNREAD_MAX = 2
PATTERN_GUNS_MIN = 10
PATTERN_SHARE_MIN = 0.6
OTHER_PATTERN_SHARE_MIN = 0.05
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
_PARTS = re.compile(r"(.*?)(\d{3,12})(\D*)")

Series = tuple[str, str, str, str, int]  # make, model, before the number, after it, its digits
Pair = tuple[int, int, int, float, int]  # gun, gun, numbers apart, chance neighbours, place of the series


def serials(table: Table, weights: Weights) -> list[Found]:
    """Links between guns of one series; `about` is the make, the model and what stands around the number."""
    models: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for gun, one in enumerate(table.marked):
        if one.make and one.model and one.serial:
            models.setdefault((one.make, one.model), []).append((gun, one.serial))
    numbers: dict[Series, list[tuple[int, int]]] = {}
    unread: list[tuple[int, str, str, tuple[str, str], int]] = []
    for model, guns in models.items():
        usual, others = _patterns([serial for _, serial in guns])
        for gun, serial in guns:
            masked = serial if _pattern(serial) in others else _masked(serial, usual)
            if UNREAD in masked:
                if usual and len(masked) == len(usual) and masked.count(UNREAD) <= UNREAD_MAX:
                    unread.append((gun, masked, usual, model, len(guns)))
            elif parts := _PARTS.fullmatch(serial):
                key = (*model, parts[1], parts[3], len(parts[2]))
                numbers.setdefault(key, []).append((int(parts[2]), gun))
    place = {key: at for at, key in enumerate(numbers)}
    pairs = list(_read(numbers, place))
    pairs += _guessed(numbers, place, unread)
    return [_weighed(table, weights, [" ".join((*key[:2], f"{key[2]}…{key[3]}")) for key in place], pairs)]


def _pattern(serial: str) -> str:
    return "".join("9" if sign.isdigit() else "A" if sign.isalpha() else sign for sign in serial)


def _patterns(serials_: list[str]) -> tuple[str, set[str]]:
    """The pattern that most serials of a model have, or nothing; and all that are no slip of the pen."""
    counts = Counter(_pattern(one) for one in serials_ if UNREAD not in one)
    pattern, most = counts.most_common(1)[0] if counts else ("", 0)
    enough = most >= PATTERN_GUNS_MIN and most >= PATTERN_SHARE_MIN * counts.total()
    often = {one for one, count in counts.items() if count >= OTHER_PATTERN_SHARE_MIN * counts.total()}
    return pattern if enough else "", often


def _masked(serial: str, usual: str) -> str:
    """The serial with what does not fit the usual pattern unread."""
    if len(serial) != len(usual):
        return serial
    return "".join(
        sign if _pattern(sign) == kind else UNREAD for sign, kind in zip(serial, usual, strict=True)
    )


def _read(numbers: dict[Series, list[tuple[int, int]]], place: dict[Series, int]) -> Iterator[Pair]:
    for key, guns in numbers.items():
        guns.sort()
        for at, (number, gun) in enumerate(guns):
            for other, neighbour in guns[at + 1 : at + 1 + NEIGHBOURS_MAX]:
                if other - number > NEAR:
                    break
                apart = other - number
                yield gun, neighbour, apart, len(guns) * (2 * apart + 1) / 10.0 ** key[4], place[key]


def _guessed(
    numbers: dict[Series, list[tuple[int, int]]],
    place: dict[Series, int],
    unread: list[tuple[int, str, str, tuple[str, str], int]],
) -> Iterator[Pair]:
    """Each gun with unread signs beside the guns that are near to a serial that it may have."""
    for gun, masked, usual, model, of_model in unread:
        parts = _PARTS.fullmatch(usual.replace("A", "x"))
        if parts is None:
            continue
        begin, end = len(parts[1]), len(parts[1]) + len(parts[2])
        room = float(10 ** (end - begin) * len(LETTERS) ** (begin + len(usual) - end))
        heads, tails = _filled(masked[:begin], LETTERS), _filled(masked[end:], LETTERS)
        ways = [int(way) for way in _filled(masked[begin:end], DIGITS)]
        nearest: dict[int, tuple[int, int]] = {}
        tried = len(heads) * len(tails) * len(ways)
        for head, tail in product(heads, tails):
            key = (*model, head, tail, end - begin)
            if key not in numbers:
                continue
            guns = numbers[key]
            for number in ways:
                low = bisect_left(guns, (number - NEAR, -1))
                for other, neighbour in guns[low : bisect_right(guns, (number + NEAR, 1 << 62))]:
                    found = (abs(other - number), place[key])
                    nearest[neighbour] = min(nearest.get(neighbour, found), found)
        for neighbour, (apart, at) in list(nearest.items())[:NEIGHBOURS_MAX]:
            yield gun, neighbour, apart, of_model * (2 * NEAR + 1) * tried / room, at


def _filled(text: str, signs: str) -> list[str]:
    """Every text that a text with unread signs may be."""
    return ["".join(way) for way in product(*(signs if sign == UNREAD else sign for sign in text))]


def _weighed(table: Table, weights: Weights, names: list[str], pairs: list[Pair]) -> Found:
    columns = np.array(pairs, dtype=float).reshape(-1, 5)
    left, right, apart, about = columns[:, [0, 1, 2, 4]].astype(np.int64).T
    expected = np.maximum(columns[:, 3], 1e-12)
    sale = np.full(len(table.firearms), -1, dtype=np.int64)
    sale[table.sale_gun[::-1]] = np.arange(len(table.sale_gun))[::-1]
    one, other = sale[left], sale[right]
    both = (one >= 0) & (other >= 0)
    day, dealer = np.append(table.sale_day, np.nan), np.append(table.dealer.codes, -1)
    long = np.append((table.found[table.sale_gun] - table.sale_day) > SHORT_DAYS, False)
    weight = np.where(apart <= VERY_NEAR, weights.serials, weights.serials_far)
    weight = weight + np.where(both, weights.serials_sold_together, 0.0)
    weight = weight - np.maximum(0.0, np.log(expected / EXPECTED_MAX))
    weight = weight + weights.serials_long * (long[one].astype(int) + long[other])
    weight = weight + places(table, weights, left, right)
    elsewhere = both & ((dealer[one] != dealer[other]) | (np.abs(day[one] - day[other]) > DAYS))
    keep = np.flatnonzero(~elsewhere & (weight >= WEIGHT_MIN_NATS))
    fact = np.append(table.sale_fact, -1)
    return Found(
        "serials", names, about[keep], left[keep], right[keep], weight[keep],
        np.full(len(keep), 2), apart[keep], two(fact[one], fact[other])[keep],
    )  # fmt: skip
