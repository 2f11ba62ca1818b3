"""Makes, models, calibres and types as they are written in reports → codes, with how each was recognised.

What is not recognised is no error: it is kept as written, and its `how` is "unknown", which is the flag.
Serial numbers are read in `serial`; `Serial` and `serial_of` are handed on from there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Literal

import msgspec

from lanbi.tracing.markings.catalogue import calibres, firearm_types, makes, models
from lanbi.tracing.markings.serial import SERIAL_STATUSES, Serial, SerialStatus, serial_of

__all__ = [
    "SERIAL_STATUSES",
    "How",
    "Read",
    "Serial",
    "SerialStatus",
    "ascii_upper",
    "calibre_of",
    "make_of",
    "model_of",
    "serial_of",
    "type_of",
]

How = Literal["exact", "spelling", "near", "unknown"]

WRITTEN_CHARS_MAX = 120
"""A longer text is cut before it is recognised (never before it is kept): no make has such a name."""
NEAR_KEY_CHARS_MIN = 4
"""Among shorter names one letter apart is another name (Colt, Cobra's CBR; FN, HK)."""
NEAR_SCORE_MIN = 84.0
"""Percent of likeness (RapidFuzz ratio) under which two keys are not taken for one name."""
NEAR_LEAD_MIN = 4.0
"""By how many percent the nearest must be nearer than the nearest of another code."""
_CACHE_ENTRIES = 16_384

_COMPANY = frozenset(
    [
        "INC",
        "CO",
        "CORP",
        "CORPORATION",
        "COMPANY",
        "LLC",
        "LTD",
        "LIMITED",
        "GMBH",
        "SA",
        "SPA",
        "SRL",
        "AS",
        "AG",
        "KG",
        "PLC",
        "THE",
    ]
)
_TRADE = frozenset(
    [
        "ARMS",
        "FIREARMS",
        "FIREARM",
        "MFG",
        "MANUFACTURING",
        "MANUFACTURER",
        "INDUSTRIES",
        "IND",
        "USA",
        "US",
        "INTL",
        "INTERNATIONAL",
        "WEAPONS",
    ]
)
_UNDECOMPOSED = str.maketrans({
    "Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "×": "x", "&": " and ", "+": " and ",
})  # fmt: skip
_MODEL_WORDS = frozenset({"MODEL", "MODELE", "MODELO", "MOD"})
_WORD = re.compile(r"[A-Z0-9]+")
_CALIBRE_WORDS = re.compile(r"\b(?:CALIBRES?|CALIBERS?|CALIBRO|CALIB|CAL|KALIB|KAL)\b\.?")
_MILLIMETRES = re.compile(r"(?<=\d)\s*MM\b(?=\s*X)|(?<=\d)\s*MM\s*(?=R?$)")
_TIMES = re.compile(r"(?<=\d)\s*(?:MM)?\s*[X*]\s*(?=\d)")
_GAUGE_SIGN = re.compile(r"^(?:12|16|20|28|10|410)(?:G|GAUGES|JAUGE|BORE|GA)$")
_DIGITS = re.compile(r"\d+")


class Read(msgspec.Struct, frozen=True):
    """What a text was recognised as. `code` None: unknown, to be kept as `written`.

    `how`: exact (its own name), spelling (one that is listed), near (one letter or word away), unknown.
    """

    code: str | None
    written: str
    how: How


@lru_cache(maxsize=_CACHE_ENTRIES)
def make_of(text: str) -> Read:
    """A make by its name, a spelling of it, or something very like one of these."""
    words = _words(text)
    names = _make_keys()
    for kept in (words, [w for w in words if w not in _COMPANY], _without_trade(words)):
        if found := names.get("".join(kept)):
            return _recognised(found, text, exact=kept == words)
    # "GLOCK 19" in the field of the make: the first words are a make and the rest is a model of it.
    for count in range(len(words) - 1, 0, -1):
        found = names.get("".join(words[:count]))
        if found and "".join(words[count:]) in _model_keys(found[0]):
            return Read(found[0], text, "near")
    return _nearest("".join(_without_trade(words)), text, names)


@lru_cache(maxsize=_CACHE_ENTRIES)
def model_of(text: str, make: str | None = None) -> Read:
    """A model of `make` (a code), or of the make that the text begins with ("Glock 19").

    Without either it is unknown: an "AK-47" or a "1911" comes from many makers.
    """
    words = _words(text)
    for count in range(min(len(words) - 1, 3), -1, -1):
        before, rest = "".join(words[:count]), "".join(words[count:])
        named = _make_keys().get(before)
        if named is not None and make is None:
            return model_of(text, named[0])
        if make is None or (before and before not in _MODEL_WORDS and (named is None or named[0] != make)):
            continue
        if found := _model_keys(make).get(rest):
            return _recognised(found, text, exact=not before)
    if make is None:
        return Read(None, text, "unknown")
    return _nearest("".join(words), text, _model_keys(make))


@lru_cache(maxsize=_CACHE_ENTRIES)
def calibre_of(text: str) -> Read:
    """A calibre by its name or a spelling of it (".40", "9 PARA"); near only with the same figures."""
    key = _calibre_key(text)
    keys = _calibre_keys()
    if key in keys:
        return _recognised(keys[key], text)
    if _GAUGE_SIGN.match(key):
        gauge = keys.get(_DIGITS.findall(key)[0] + "GA")
        if gauge:
            return Read(gauge[0], text, "spelling")
    return _nearest(key, text, keys)


@lru_cache(maxsize=_CACHE_ENTRIES)
def type_of(text: str) -> Read:
    """A type of firearm by its code, a label or a spelling in any of the four languages."""
    words = _words(text)
    keys = _type_keys()
    if found := keys.get("".join(words)):
        return _recognised(found, text)
    if words and (found := keys.get(words[0])):  # "Shotgun (pump)"
        return Read(found[0], text, "near")
    return _nearest("".join(words), text, keys)


def ascii_upper(text: str) -> str:
    """Upper case without accents; a letter that is none of ours stays as it is."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).upper()


_Keys = Mapping[str, tuple[str, bool]]
"""Key → (code, whether the key is the thing's own name)."""


def _words(text: str) -> list[str]:
    return _WORD.findall(
        ascii_upper(text[:WRITTEN_CHARS_MAX]).replace(".", "").replace("'", "").replace("’", "")
    )


def _without_trade(words: list[str]) -> list[str]:
    kept = [w for w in words if w not in _COMPANY]
    while len(kept) > 1 and kept[-1] in _TRADE:
        kept.pop()
    return kept


def _recognised(found: tuple[str, bool], text: str, *, exact: bool = True) -> Read:
    code, own = found
    return Read(code, text, "exact" if own and exact else "spelling")


def _nearest(key: str, text: str, keys: _Keys) -> Read:
    if len(key) < NEAR_KEY_CHARS_MIN or not keys:
        return Read(None, text, "unknown")
    from rapidfuzz import fuzz, process  # only for what is not written as listed

    figures = _DIGITS.findall(key)
    found = [
        (keys[other][0], score)
        for other, score, _ in process.extract(
            key, list(keys), scorer=fuzz.ratio, score_cutoff=NEAR_SCORE_MIN, limit=12
        )
        if len(other) >= NEAR_KEY_CHARS_MIN and _DIGITS.findall(other) == figures
    ]
    if not found:
        return Read(None, text, "unknown")
    code, score = found[0]
    rivals = [other_score for other, other_score in found if other != code]
    if rivals and score - rivals[0] < NEAR_LEAD_MIN:
        return Read(None, text, "unknown")
    return Read(code, text, "near")


def _keys_of(named: Iterable[tuple[str, Iterable[str], Iterable[str]]]) -> dict[str, tuple[str, bool]]:
    """(code, own names, spellings) → key → code. What two would have is a name before it is a spelling."""
    keys: dict[str, tuple[str, bool]] = {}
    rows = [(code, list(own), list(spellings)) for code, own, spellings in named]
    for code, own, _ in rows:
        for name in own:
            keys.setdefault(name, (code, True))
    for code, _, spellings in rows:
        for name in spellings:
            keys.setdefault(name, (code, False))
    keys.pop("", None)
    return keys


@cache
def _make_keys() -> _Keys:
    def key(name: str) -> str:
        return "".join(_words(name))

    return _keys_of(
        (
            one.code,
            (one.code, key(one.name)),
            [*map(key, one.spellings), "".join(_without_trade(_words(one.name)))],
        )
        for one in makes().values()
    )


@cache
def _model_keys(make: str) -> _Keys:
    def key(name: str) -> str:
        return "".join(_words(name))

    return _keys_of(
        (one.code, (key(one.name),), [*map(key, one.spellings)])
        for one in models().values()
        if one.make == make
    )


def _calibre_key(text: str) -> str:
    plain = ascii_upper(text[:WRITTEN_CHARS_MAX]).replace(" AND ", "&").replace(",", ".")
    plain = _CALIBRE_WORDS.sub(" ", plain)
    plain = _TIMES.sub("X", plain)
    if "X" in plain:
        plain = _MILLIMETRES.sub("", plain)
    return re.sub(r"^0+(?=\d)", "", re.sub(r"[^A-Z0-9&]", "", plain)).replace("&", "")


@cache
def _calibre_keys() -> _Keys:
    return _keys_of(
        (
            one.code,
            dict.fromkeys(map(_calibre_key, (one.code, *one.labels.values()))),
            [*map(_calibre_key, one.spellings)],
        )
        for one in calibres().values()
    )


@cache
def _type_keys() -> _Keys:
    return _keys_of(
        (
            one.code,
            dict.fromkeys("".join(_words(name)) for name in (one.code, *one.labels.values())),
            ["".join(_words(name)) for name in one.spellings],
        )
        for one in firearm_types().values()
    )
