"""A made register, guns that are in none, and readings of both with a published error model.

docs/concepts/serial-search.md gives the model and its sources. A share that we chose ourselves says "ours".
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lanbi.tracing.markings import catalogue
from lanbi.tracing.markings.density import Columns
from lanbi.tracing.markings.index import columns_of
from lanbi.tracing.markings.marks import ALPHABET
from lanbi.tracing.markings.weights import ATTRIBUTES, Attribute

WORLD_GUNS = 1_013_000_000
"""All firearms at the end of 2017 (Karp, Small Arms Survey 2018). Shared out among the makes below: what
counts is that a register of the size of INTERPOL's iARMS holds one gun in 700, of each make and format that
has room."""
LOT_SHARE = 0.10
"""Of the register, how much came in lots of neighbours. American dealers report some 18,000 guns lost or
stolen a year (ATF, 2016), persons lose some 380,000 (Hemenway, Azrael and Miller 2017): 5 %; twice that, for
what is lost in consignments and from the stocks of states."""
NEAR_SHARE = 0.10
"""Of the guns that are in no register, how many are within thirty numbers of one that is."""
HARDER = (300_000_000, 0.5)
"""World and share in lots of a register that is much harder to search: for comparison, without a goal."""
ABSENT_SHARE = 0.30
LOT_GUNS = 64

# Make → share of the register (%), and formats with their shares: A a letter, 9 a figure. The first twenty
# are after 583 serials of de-identified crime guns (Wilmington, Delaware; Brady), rounded, Ruger's there
# being cut; the rest is ours.
FORMATS: dict[str, tuple[float, dict[str, float]]] = {
    "GLOCK": (24, {"AAAA999": 84, "AAA999": 14, "AAA999AA": 2}),
    "SMITHWESSON": (16, {"AAA9999": 90, "A999999": 4, "AA999999": 3, "999999": 3}),
    "TAURUS": (14, {"AAA999999": 57, "AAA99999": 28, "9A999999": 5, "AA99999": 5, "A9999999": 5}),
    "RUGER": (10, {"99999999": 45, "999999999": 50, "AA9999999": 5}),
    "SPRINGFIELD": (4, {"AA999999": 90, "A9999999": 10}),
    "SCCY": (3, {"999999": 55, "A999999": 45}),
    "BERETTA": (3, {"A999999A": 40, "AAA999999": 25, "AA999999": 35}),
    "SIGSAUER": (3, {"99A999999": 60, "99A99999": 20, "AA999999": 20}),
    "CANIK": (2, {"99AA99999": 80, "AAA99999": 20}),
    "FN": (2, {"AAA9999999": 80, "AA999999": 20}),
    "HIPOINT": (2, {"A9999999": 80, "A99999999": 20}),
    "COBRA": (1, {"AA999999": 60, "A99999": 40}),
    "LORCIN": (1, {"999999": 70, "A9999999": 30}),
    "MOSSBERG": (1.5, {"A9999999": 50, "A999999": 50}),
    "REMINGTON": (1.5, {"A999999A": 70, "AA99999A": 30}),
    "KELTEC": (1, {"A9999": 30, "AA9A99": 30, "A9A99": 40}),
    "DAVIS": (0.5, {"A999999": 50, "999999": 50}),
    "COLT": (1.5, {"AA99999": 60, "999999A": 20, "AA999999": 20}),
    "WALTHER": (1, {"AA9999": 50, "AAA9999": 50}),
    "BRYCO": (0.5, {"999999": 100}),
    "ROMARM": (1, {"9999AA9999": 40, "A9999999": 60}),
    "ZASTAVA": (1, {"A999999": 50, "999999": 50}),
    "NORINCO": (1, {"9999999": 70, "99999999": 30}),
    "ANDERSON": (0.8, {"99999999": 100}),
    "PALMETTO": (0.8, {"AAA999999": 60, "AA999999": 40}),
    "BARRETT": (0.2, {"AA999999": 50, "999999": 50}),
    "KALASHNIKOV": (0.5, {"A99999999": 50, "AA9999": 50}),
    "ROSSI": (0.7, {"A999999": 50, "AA999999": 50}),
    "BERSA": (0.5, {"999999": 50, "A99999": 50}),
    "HERITAGE": (0.5, {"A99999": 50, "9AA999999": 50}),
}
SOLD_MODELS = 12  # of the catalogue's, the first so many of a make are in the world

# What a reader takes for what. Figures for figures: the errors of one published reader of handwritten figures
# (confusion matrix of MobileNetV3 on the 10,000 of the MNIST test set, row: what stands there).
_FIGURES = (
    (955, 0, 5, 0, 8, 1, 7, 3, 0, 1),
    (0, 1120, 2, 2, 1, 1, 6, 3, 0, 0),
    (9, 0, 951, 6, 0, 45, 15, 1, 5, 0),
    (0, 0, 4, 949, 0, 44, 0, 2, 9, 2),
    (3, 1, 0, 0, 950, 0, 7, 1, 0, 20),
    (3, 1, 33, 36, 0, 803, 0, 10, 4, 2),
    (18, 5, 16, 1, 4, 1, 906, 0, 7, 0),
    (0, 7, 3, 2, 0, 14, 0, 995, 0, 7),
    (2, 0, 3, 7, 0, 3, 6, 1, 942, 10),
    (18, 1, 1, 0, 6, 4, 0, 13, 2, 964),
)
# Pairs that a survey of number-plate readers lists as taken for each other (small letters as capitals).
_PLATES = "O0 PB Z2 S5 38 B8 PR DO 1I QO CG A4 KX FE B6 Q9 VW XY VU 68 53 58 08 39 49"  # cspell: disable-line
# The four mix-ups that make more than half of all (ISMP, as the FDA's Patient Safety News 96 tells it).
_FOUR = "L1 O0 Z2 17"
FIGURES_WEIGHT, PLATES_WEIGHT, FOUR_WEIGHT = 1.0, 0.4, 2.4  # ours, so that the four are about a half
# Of a number that is misread, how many of its marks: 3 % of each (Selfridge and Neisser), eight and a half
# marks.
MISREAD_MARKS = {1: 0.88, 2: 0.11, 3: 0.01}

KINDS = {"clean": 0.35, "formatting": 0.20, "misread": 0.25, "typing": 0.10, "partial": 0.10}  # ours
# Verhoeff's ranges for numbers written by people, their middles; where he gives one figure for leaving out
# and adding, halves.
TYPING = {"one": 77.5, "neighbours": 15, "twin": 1, "jump": 1, "phonetic": 1, "left_out": 7.5, "added": 7.5}
UNREAD_MARKS = {1: 0.5, 2: 0.3, 3: 0.2}  # ours
UNREAD_TOGETHER = 0.5
GAP_SHARE = 0.10
# Of the make, model, calibre and type: missing, and wrongly written or read (ours).
MISSING = {"make": 0.07, "model": 0.30, "calibre": 0.15, "type": 0.20}
WRONG = {"make": 0.04, "model": 0.05, "calibre": 0.05, "type": 0.02}
TYPO_IN_MAKE = 0.05
REGISTER_MISSING = {"make": 0.02, "model": 0.15, "calibre": 0.03, "type": 0.02}


class Query(NamedTuple):
    """One reading as a person wrote it. `truth`: the id in the register, or None; `kind` of error."""

    serial: str
    make: str
    model: str
    calibre: str
    type: str
    truth: int | None
    kind: str


class World:
    """All the guns that were ever made: families (a make's format) and running numbers in them."""

    def __init__(self, seed: int, guns: int = WORLD_GUNS, lot_share: float = LOT_SHARE) -> None:
        self._lot_share = lot_share
        self.families: list[tuple[str, str]] = []
        sizes: list[int] = []
        whole = sum(share for share, _ in FORMATS.values())
        for make, (share, formats) in FORMATS.items():
            for shape, part in formats.items():
                space = 1
                for sign in shape:
                    space *= 26 if sign == "A" else 10
                self.families.append((make, shape))
                sizes.append(min(int(guns * share / whole * part / sum(formats.values())), int(0.6 * space)))
        self.sizes = np.array(sizes)
        self.first = np.concatenate([[0], np.cumsum(self.sizes)])
        self._random = np.random.default_rng(seed)
        self._turns = self._random.integers(1, 2**31, size=(len(sizes), 2))
        numbers = catalogue.numbers("models")
        self._models = {
            make: [code for code in numbers if code.startswith(make + "/")][:SOLD_MODELS] for make in FORMATS
        }

    def serials(self, guns: NDArray[np.int64]) -> NDArray[np.bytes_]:
        """The serial of each gun: the last group of figures runs, what stands before it seems random."""
        out = np.zeros(len(guns), dtype="S12")
        family = np.searchsorted(self.first, guns, side="right") - 1
        for one in np.unique(family):
            where = np.flatnonzero(family == one)
            number, shape = guns[where] - self.first[one], self.families[one][1]
            end = max(at for at, sign in enumerate(shape) if sign == "9") + 1
            start = len(shape[:end].rstrip("9"))
            figures = 10 ** (end - start)
            head = shape[:start] + shape[end:]
            bases = [26 if sign == "A" else 10 for sign in head]
            space = int(np.prod(bases)) if bases else 1
            turn = int(self._turns[one, 0]) % space if space > 1 else 0
            while space > 1 and np.gcd(turn, space) != 1:
                turn += 1
            block = (number // figures * turn + int(self._turns[one, 1])) % space
            marks = np.zeros((len(where), 12), dtype=np.uint8)
            places = [*range(start), *range(end, len(shape))]
            for at, base in reversed(list(zip(places, bases, strict=True))):
                marks[:, at] = block % base + (65 if base == 26 else 48)
                block = block // base
            running = number % figures
            for at in range(end - 1, start - 1, -1):
                marks[:, at] = running % 10 + 48
                running = running // 10
            out[where] = marks.view("S12").ravel()
        return out

    def gun(self, gun: int) -> tuple[str, str | None, str | None, str | None]:
        """Make, model, calibre and type: one model for `LOT_GUNS` in a row."""
        family = int(np.searchsorted(self.first, gun, side="right")) - 1
        make = self.families[family][0]
        models = self._models[make]
        if not models:
            return make, None, None, None
        lot = random.Random((gun // LOT_GUNS) * 1_000_003 + family)
        model = catalogue.models()[lot.choices(models, [1 / (k + 1) for k in range(len(models))])[0]]
        return make, model.code, model.calibres[0 if lot.random() < 0.85 else -1], model.type

    def register(self, entries: int) -> NDArray[np.int64]:
        """Part in lots (21 running numbers on average, seven of ten of them held), part one by one."""
        draw, total = self._random, int(self.first[-1])
        found = self._gaps = np.zeros(0, dtype=np.int64)
        while len(found) < entries:
            left = (entries - len(found)) * 1.05 + 100
            begin = draw.integers(0, total, int(left * self._lot_share / 21 / 0.7) + 1)
            length = np.minimum(draw.geometric(1 / 21, len(begin)), 200)
            within = np.repeat(begin, length) + np.arange(length.sum())
            within -= np.repeat(np.cumsum(length) - length, length)
            within = within[within < total]
            kept = draw.random(len(within)) < 0.7
            self._gaps = np.unique(np.concatenate([self._gaps, within[~kept]]))
            alone = draw.integers(0, total, int(left * (1 - self._lot_share)))
            fresh = np.unique(np.concatenate([within[kept], alone]))
            found = np.concatenate([found, draw.permutation(fresh[~np.isin(fresh, found)])])
        return found[:entries]

    def absent(self, register: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Guns like those in the register that are not in it.

        As many of its lots as it has of them, some within thirty numbers of an entry, the rest any.
        """
        draw, total = self._random, int(self.first[-1])
        of_lots = self._gaps[draw.integers(0, len(self._gaps), 4 * count)]
        near = register[draw.integers(0, len(register), 4 * count)] + draw.integers(-30, 31, 4 * count)
        anywhere = draw.integers(0, total, 4 * count)
        lots = int(count * self._lot_share)
        near_count = int(count * NEAR_SHARE)
        sizes = (lots, near_count, count - near_count - lots)
        kept: list[NDArray[np.int64]] = []
        for some, size in zip((of_lots, np.clip(near, 0, total - 1), anywhere), sizes, strict=True):
            kept.append(some[~np.isin(some, register)][:size])
        return np.concatenate(kept)


def confusions() -> dict[str, dict[str, float]]:
    """What stands there → what is read → weight, of the three sources together."""
    table: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for figure, counts in enumerate(_FIGURES):
        wrong = sum(counts) - counts[figure]
        for other, count in enumerate(counts):
            if other != figure and count:
                table[str(figure)][str(other)] += FIGURES_WEIGHT * count / wrong
    for pairs, weight in ((_PLATES, PLATES_WEIGHT), (_FOUR, FOUR_WEIGHT)):
        for one, other in pairs.split():
            if one.isdigit() and other.isdigit() and pairs is _PLATES:
                continue  # counted above
            table[one][other] += weight
            table[other][one] += weight
    return {mark: dict(others) for mark, others in table.items()}


class Errors:
    """The published error model, with a random number generator of its own."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._table = confusions()

    def kind(self) -> str:
        """Which kind of error the next reading has."""
        return self._of(KINDS)

    def written(self, marks: str, kind: str) -> str:
        """A serial number as it is read and written down, with one kind of error."""
        if kind == "formatting":
            return self._formatted(marks)
        if kind == "misread":
            for _ in range(self._of(MISREAD_MARKS)):
                marks = self._misread(marks)
        elif kind == "typing":
            marks = self._typed(marks)
        elif kind == "partial":
            marks = self._partial(marks)
        # Clean is clean; what has another error is written in any form as often as not.
        return self._formatted(marks) if kind != "clean" and self._random.random() < 0.3 else marks

    def _of(self, shares: dict[Any, float]) -> Any:
        return self._random.choices(list(shares), list(shares.values()))[0]

    def _formatted(self, marks: str) -> str:
        draw = self._random
        if draw.random() < 0.5:
            marks = marks.lower()
        cuts = [at for at in range(1, len(marks)) if marks[at].isdigit() != marks[at - 1].isdigit()] or [
            len(marks) // 2
        ]
        for at in sorted(draw.sample(cuts, draw.randint(0, min(2, len(cuts)))), reverse=True):
            if marks[at - 1].isalnum() and marks[at].isalnum():
                marks = marks[:at] + draw.choice(" -/ ") + marks[at:]
        if draw.random() < 0.2:
            marks = draw.choice(("S/N ", "SN: ", "Ser. No. ", "No. ", "# ", "n° ", "Serial ")) + marks
        return marks

    def _misread(self, marks: str) -> str:
        can = [(at, self._table[mark]) for at, mark in enumerate(marks) if mark in self._table]
        if not can:
            return marks
        at, others = self._random.choices(can, [sum(others.values()) for _, others in can])[0]
        return marks[:at] + self._of(others) + marks[at + 1 :]

    def _other(self, mark: str) -> str:
        same_kind = ALPHABET[:10] if mark.isdigit() else ALPHABET[10:]
        return self._random.choice(same_kind.replace(mark, ""))

    def _typed(self, marks: str) -> str:
        draw, kind = self._random, self._of(TYPING)
        at = draw.randrange(len(marks))
        if kind == "neighbours" and len(marks) > 1:
            at = draw.choice([k for k in range(len(marks) - 1) if marks[k] != marks[k + 1]] or [0])
            return marks[:at] + marks[at + 1] + marks[at] + marks[at + 2 :]
        if kind == "twin" and (twins := [k for k in range(len(marks) - 1) if marks[k] == marks[k + 1]]):
            at = draw.choice(twins)
            return marks[:at] + self._other(marks[at]) * 2 + marks[at + 2 :]
        if kind == "jump" and len(marks) > 2:
            at = draw.randrange(len(marks) - 2)
            return marks[:at] + marks[at + 2] + marks[at + 1] + marks[at] + marks[at + 3 :]
        if kind == "phonetic" and (
            teens := [k for k in range(len(marks) - 1) if marks[k + 1] == "0" != marks[k]]
        ):
            at = draw.choice(teens)
            return marks[:at] + "1" + marks[at] + marks[at + 2 :]
        if kind == "left_out":
            return marks[:at] + marks[at + 1 :]
        if kind == "added":
            return marks[:at] + draw.choice((marks[at], self._other(marks[at]))) + marks[at:]
        return marks[:at] + self._other(marks[at]) + marks[at + 1 :]

    def _partial(self, marks: str) -> str:
        draw = self._random
        count = min(self._of(UNREAD_MARKS), len(marks) - 2)
        if draw.random() < UNREAD_TOGETHER:
            start = draw.randrange(len(marks) - count + 1)
            if draw.random() < GAP_SHARE:
                return marks[:start] + "…" + marks[start + count :]
            places = range(start, start + count)
        else:
            places = draw.sample(range(len(marks)), count)
        sign = draw.choice("?_·")
        return "".join(sign if at in places else mark for at, mark in enumerate(marks))

    def described(self, gun: tuple[str, str | None, str | None, str | None]) -> tuple[str, str, str, str]:
        """Make, model, calibre and type as they are written: under any of their names, missing, or wrong."""
        draw = self._random
        make_code, model_code, calibre_code, type_code = gun
        makes, models = catalogue.makes(), catalogue.models()
        calibres, types = catalogue.calibres(), catalogue.firearm_types()
        make = makes[self._right("make", make_code, makes)]
        text = draw.choice((make.name, make.name, *make.spellings))
        if draw.random() < TYPO_IN_MAKE and len(text) > 3:
            at = draw.randrange(1, len(text) - 1)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        of_make = [code for code in models if code.startswith(make_code + "/")]
        model = "" if model_code is None else draw.choice(
            (models[code := self._right("model", model_code, of_make)].name, *models[code].spellings)
        )  # fmt: skip
        calibre = type_text = ""
        if calibre_code is not None:
            one = calibres[self._right("calibre", calibre_code, calibres)]
            short = [other for other in calibres.values() if one.code in other.holds]
            one = draw.choice(short) if short and draw.random() < 0.2 else one
            calibre = draw.choice((one.labels["en"], *one.spellings))
        if type_code is not None:
            kind = types[self._right("type", type_code, types)]
            type_text = draw.choice((*kind.labels.values(), *kind.spellings))
        written = {"make": text, "model": model, "calibre": calibre, "type": type_text}
        for name, share in MISSING.items():
            if draw.random() < share:
                written[name] = ""
        return written["make"], written["model"], written["calibre"], written["type"]

    def _right(self, which: str, code: str, others: Any) -> str:
        return self._random.choice(list(others)) if self._random.random() < WRONG[which] else code


def queries_of(world: World, register: NDArray[np.int64], count: int, seed: int) -> list[Query]:
    """Readings of guns that are in the register (`truth` is the place in it) and of some that are not."""
    draw, errors = np.random.default_rng(seed), Errors(seed)
    absent = world.absent(register, int(count * ABSENT_SHARE))
    present = draw.integers(0, len(register), count - len(absent))
    guns = np.concatenate([register[present], absent])
    truths: list[int | None] = [*present.tolist(), *([None] * len(absent))]
    found: list[Query] = []
    for gun, marks, truth in zip(guns.tolist(), world.serials(guns).tolist(), truths, strict=True):
        kind = errors.kind()
        described = errors.described(world.gun(gun))
        found.append(Query(errors.written(marks.decode(), kind), *described, truth, kind))
    return found


def columns(world: World, register: NDArray[np.int64], seed: int) -> Columns:
    """The register as the index takes it, with some of what describes each gun missing."""
    draw = np.random.default_rng(seed + 1)
    family = np.searchsorted(world.first, register, side="right")
    _, inverse = np.unique(np.stack([register // LOT_GUNS, family]), axis=1, return_inverse=True)
    one_of = np.zeros(int(inverse.max()) + 1, dtype=np.int64)
    one_of[inverse] = register
    numbers = {which: catalogue.numbers(f"{which}s") for which in ATTRIBUTES}
    table: dict[Attribute, NDArray[np.int16]] = {
        which: np.zeros(len(one_of), dtype=np.int16) for which in ATTRIBUTES
    }
    for at, gun in enumerate(one_of.tolist()):
        for which, code in zip(ATTRIBUTES, world.gun(gun), strict=True):
            table[which][at] = numbers[which][code] if code else 0
    attributes: dict[Attribute, NDArray[np.int16]] = {which: table[which][inverse] for which in ATTRIBUTES}
    for which in ATTRIBUTES:
        attributes[which][draw.random(len(register)) < REGISTER_MISSING[which]] = 0
    marks = world.serials(register)
    return columns_of(marks=marks.astype(str).tolist(), attributes=attributes)
