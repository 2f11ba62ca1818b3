"""Makes, models, calibres and types of firearm as data, with the numbers that an index holds for them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

import msgspec

from lanbi.core.access import LANGUAGES

UNKNOWN = 0
"""In a column of an index: not given, or not known to the catalogue."""


class Make(msgspec.Struct, frozen=True, kw_only=True):
    """A maker or brand. `countries`: ISO 3166-1. `kin`: makes that often stand on one gun with it."""

    code: str
    name: str
    countries: tuple[str, ...]
    spellings: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A model of one make; its code is "MAKE/MODEL". `calibres`: the commonest first."""

    code: str
    make: str
    name: str
    type: str
    calibres: tuple[str, ...]
    spellings: tuple[str, ...] = ()


class Calibre(msgspec.Struct, frozen=True, kw_only=True):
    """A calibre. `holds`: it is a short name for any of these. `near`: commonly written for each other."""

    code: str
    labels: dict[str, str]
    spellings: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


class FirearmType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of firearm. `ncic`: its code in the FBI's National Crime Information Center."""

    code: str
    labels: dict[str, str]
    ncic: str
    spellings: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


class SerialWords(msgspec.Struct, frozen=True, kw_only=True):
    """Words in the field of a serial number that are no part of it.

    `prefixes`: before it. `instead`: in its place, by the state that they tell. `importers`: import marks
    copied with it → the importer, "" for a mark that names none.
    """

    prefixes: tuple[str, ...]
    instead: dict[str, tuple[str, ...]]
    importers: dict[str, str]


@cache
def makes() -> dict[str, Make]:
    """All makes by code, in the order of the file."""
    return {code: msgspec.convert({**one, "code": code}, Make) for code, one in _read("makes.toml").items()}


@cache
def models() -> dict[str, Model]:
    """All models by code."""
    found: dict[str, Model] = {}
    for make, of_make in _read("models.toml").items():
        for name, one in cast("dict[str, dict[str, Any]]", of_make).items():
            code = f"{make}/{name}"
            found[code] = msgspec.convert({"name": name, **one, "code": code, "make": make}, Model)
    return found


@cache
def calibres() -> dict[str, Calibre]:
    """All calibres by code."""
    return {
        code: msgspec.convert({**_labelled(one), "code": code}, Calibre)
        for code, one in _read("calibres.toml").items()
    }


@cache
def firearm_types() -> dict[str, FirearmType]:
    """All types by code."""
    return {
        code: msgspec.convert({**_labelled(one), "code": code}, FirearmType)
        for code, one in _read("firearm_types.toml").items()
    }


@cache
def serial_words() -> SerialWords:
    """What is written around serial numbers."""
    return msgspec.convert(_read("serial_words.toml"), SerialWords)


@cache
def numbers(table: str) -> Mapping[str, int]:
    """Code → number of it in an index's column, 1 and up; `table`: makes, models, calibres or types.

    The numbers hold as long as the process runs: they are the order of the files, and are never stored.
    """
    codes = {"makes": makes, "models": models, "calibres": calibres, "types": firearm_types}[table]()
    return {code: number for number, code in enumerate(codes, start=1)}


@cache
def near_pairs(table: str) -> frozenset[tuple[int, int]]:
    """Pairs of numbers (both ways round) that speak neither clearly for nor against one gun.

    makes: kin. calibres: near, or one holds the other. types: near. models: none.
    """
    pairs: set[tuple[str, str]] = set()
    if table == "makes":
        pairs = {(one.code, kin) for one in makes().values() for kin in one.kin}
    elif table == "calibres":
        pairs = {(one.code, other) for one in calibres().values() for other in (*one.near, *one.holds)}
    elif table == "types":
        pairs = {(one.code, other) for one in firearm_types().values() for other in one.near}
    number = numbers(table)
    return frozenset((number[a], number[b]) for pair in pairs for a, b in (pair, pair[::-1]))


@cache
def codes(table: str) -> tuple[str, ...]:
    """The codes in the order of their numbers, that of number 1 first."""
    return tuple(numbers(table))


def _labelled(one: dict[str, Any]) -> dict[str, Any]:
    labels = {lang: one.get(lang, one.get("label")) for lang in LANGUAGES}
    return {
        **{field: value for field, value in one.items() if field not in (*LANGUAGES, "label")},
        "labels": labels,
    }


def _read(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("lanbi.tracing.markings").joinpath("data", name).read_text("utf-8"))
