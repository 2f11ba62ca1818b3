"""A mapping guessed from the names of columns in four languages, for a person to look at. Pure.

The table is `data/headers.toml`. A guess is never run by itself: it is shown, altered, and judged in a dry
run.
"""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from lanbi.core.errors import Malformed
from lanbi.tracing.recoveries.importer import COLUMNS_MAX
from lanbi.tracing.recoveries.judging import day_of, plain
from lanbi.tracing.recoveries.mapping import EntityRule, Mapping, ValueRule
from lanbi.tracing.schema import load, prop_of

ALIKE_MIN = 88.0
"""Percent of likeness (RapidFuzz ratio) under which two names are not taken for one."""
ALIKE_CHARS_MIN = 5
CERTAIN = 100
HEADER_CHARS_MAX = 200
ROWS_LOOKED_AT_MAX = 200

Doubt = Literal["dates_ambiguous", "dates_mixed", "dates_unreadable", "no_serial", "no_date"]
"""Days that read either way (03/04); of both orders; that no spelling reads; no column of serials, of
days."""


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """What a column seems to hold. `score`: percent; nothing was recognised where `kind` is None."""

    column: str
    kind: str | None = None
    prop: str | None = None
    score: int = 0


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping to look at; None where neither a firearm nor a recovery was recognised."""

    mapping: Mapping | None
    columns: tuple[Guess, ...]
    doubts: tuple[Doubt, ...]


@cache
def _data() -> dict[str, Any]:
    text = files("lanbi.tracing.recoveries").joinpath("data", "headers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _known() -> dict[str, tuple[str, str]]:
    """Folded name → (kind, property). What stands in the table goes before the labels."""
    found: dict[str, tuple[str, str]] = {}
    for kind, props in _data()["columns"].items():
        for prop, names in props.items():
            prop_of(kind, prop)
            for name in names:
                found.setdefault(plain(name), (kind, prop))
    for kind in ("firearm", "recovery"):
        for prop, shape in load()[kind].props.items():
            if shape.type not in ("entity", "photo", "personal"):
                for label in shape.labels.values():
                    found.setdefault(plain(label), (kind, prop))
    return found


def propose(headers: Sequence[str], rows: Iterable[Sequence[str]] = ()) -> Proposal:
    """A mapping for a table with these columns. `rows`: some of its rows, for how days are written.

    Raises `Malformed("recoveries-headers-many")` for more columns than a table may have.
    """
    if len(headers) > COLUMNS_MAX:
        raise Malformed("recoveries-headers-many", limit=COLUMNS_MAX, given=len(headers))
    guesses = _guesses([header[:HEADER_CHARS_MAX] for header in headers])
    held = {(guess.kind, guess.prop or ""): guess.column for guess in guesses if guess.kind is not None}
    looked = [row for row, _ in zip(rows, range(ROWS_LOOKED_AT_MAX), strict=False)]
    at = [n for n, guess in enumerate(guesses) if guess.kind and _is_day(guess)]
    dates, doubts = _spellings([row[n] for row in looked for n in at if n < len(row)])
    if ("firearm", "serial") not in held:
        doubts.append("no_serial")
    if ("recovery", "date") not in held:
        doubts.append("no_date")
    return Proposal(mapping=_mapping(held, dates), columns=guesses, doubts=tuple(doubts))


def _is_day(guess: Guess) -> bool:
    return prop_of(str(guess.kind), str(guess.prop)).type == "date"


def _guesses(headers: Sequence[str]) -> tuple[Guess, ...]:
    """The best match first; each property once, each column once."""
    offers = sorted(
        ((score, -at, known) for at, header in enumerate(headers) for score, known in _offers(header)),
        reverse=True,
    )
    taken: dict[int, tuple[int, tuple[str, str]]] = {}
    given: set[tuple[str, str]] = set()
    for score, minus_at, known in offers:
        if -minus_at not in taken and known not in given:
            taken[-minus_at] = (score, known)
            given.add(known)
    return tuple(
        Guess(column=header, kind=taken[at][1][0], prop=taken[at][1][1], score=taken[at][0])
        if at in taken
        else Guess(column=header)
        for at, header in enumerate(headers)
    )


def _offers(header: str) -> list[tuple[int, tuple[str, str]]]:
    name = plain(header)
    exact = _known().get(name)
    if exact is not None:
        return [(CERTAIN, exact)]
    if len(name) < ALIKE_CHARS_MIN:
        return []
    from rapidfuzz import fuzz, process  # only for names that are not in the table

    found = process.extract(name, list(_known()), scorer=fuzz.ratio, score_cutoff=ALIKE_MIN, limit=3)
    return [(int(score), _known()[other]) for other, score, _ in found if len(other) >= ALIKE_CHARS_MIN]


def _spellings(cells: Sequence[str]) -> tuple[tuple[str, ...], list[Doubt]]:
    """The spellings of days that read these cells, and what is doubtful about them."""
    table = _data()["dates"]
    empty = {plain(text) for text in _data()["empty"]}
    texts = [text for cell in cells if plain(text := cell.strip()) not in {"", *empty}]
    texts = [text for text in dict.fromkeys(texts) if not _reads(text, ())]
    if not texts:
        return (), []
    day_first = [*table["either"], *table["day_first"]]
    month_first = [*table["either"], *table["month_first"]]
    by_day = [text for text in texts if _reads(text, day_first)]
    by_month = [text for text in texts if _reads(text, month_first)]
    doubts: list[Doubt] = []
    chosen = day_first if len(by_day) >= len(by_month) else month_first
    both = set(by_day) & set(by_month)
    if len(by_day) == len(by_month) == len(texts):
        if any(day_of(text, "", day_first) != day_of(text, "", month_first) for text in both):
            doubts.append("dates_ambiguous")
    elif set(by_day) - both and set(by_month) - both:
        doubts.append("dates_mixed")
    if len(set(by_day) | set(by_month)) < len(texts):
        doubts.append("dates_unreadable")
    return tuple(spelling for spelling in chosen if any(_reads(text, [spelling]) for text in texts)), doubts


def _reads(text: str, spellings: Sequence[str]) -> bool:
    try:
        day_of(text, "date", spellings)
    except Malformed:
        return False
    return True


_LINKS = {
    "recovery": {"consignment": "consignment"},
    "firearm": {"recovery": "recovery"},
    "acquisition": {"firearm": "firearm", "seller": "dealer", "buyer": "person"},
}
_CONSTANTS = {"person": {"role": "purchaser"}, "acquisition": {"kind": "first_sale"}}
# By what rows tell of the same one: the first that the table has all of. A container goes round the world,
# so it is the same consignment only on the same day.
_KEYS = {
    "recovery": (
        (("recovery", "case"), ("recovery", "date"), ("recovery", "agency")),
        (("recovery", "case"), ("recovery", "date")),
        (("recovery", "case"),),
    ),
    "dealer": ((("dealer", "licence"),), (("dealer", "name"), ("dealer", "city"))),
    "consignment": ((("consignment", "bill"),), (("consignment", "container"), ("recovery", "date"))),
}
_ORDER = ("consignment", "recovery", "firearm", "dealer", "person", "acquisition")


def _mapping(held: dict[tuple[str, str], str], dates: tuple[str, ...]) -> Mapping | None:
    there = {kind for kind, _ in held}
    if not there & {"firearm", "recovery"}:
        return None
    if there & {"dealer", "person"} and "firearm" in there:
        there.add("acquisition")
    entities = []
    for kind in _ORDER:
        if kind not in there:
            continue
        values = {
            prop: ValueRule(column=column, split=";" if prop_of(kind, prop).many else None)
            for (of, prop), column in held.items()
            if of == kind
        }
        for prop, other in _LINKS.get(kind, {}).items():
            if other in there:
                values[prop] = ValueRule(entity=other)
        for prop, constant in _CONSTANTS.get(kind, {}).items():
            values[prop] = ValueRule(constant=constant)
        when = tuple(column for (of, _), column in held.items() if of in ("acquisition", "dealer", "person"))[
            :10
        ]
        entities.append(
            EntityRule(
                kind=kind, values=values, key=_key(kind, held), when=when if kind == "acquisition" else ()
            )
        )
    data = _data()
    return Mapping(
        name="proposed",
        labels=data["labels"],
        entity=tuple(entities),
        empty=tuple(data["empty"]),
        dates=dates,
    )


def _key(kind: str, held: dict[tuple[str, str], str]) -> tuple[str, ...]:
    for wanted in _KEYS.get(kind, ()):
        if all(known in held for known in wanted):
            return tuple(held[known] for known in wanted)
    return ()
