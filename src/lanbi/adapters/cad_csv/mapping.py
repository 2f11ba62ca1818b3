"""What the columns of one source mean: a TOML file, checked before the first row is read.

How to write one: `docs/adapters/cad_csv.md`.
"""

import re
import tomllib
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from lanbi.core.errors import Malformed, TooLarge
from lanbi.core.geo import RADIUS_M_MAX
from lanbi.core.vocabulary import Vocabulary
from lanbi.places.territory import Territory

FILE_BYTES_MAX = 1_000_000
RULES_MAX = 5_000
PATTERN_CHARS_MAX = 200
COLUMNS_MAX = 500
TIMES_MAX = 8
TYPE_WORDS_CHARS_MAX = 500  # of the source's words for a type, before a pattern is tried on them

Column = Annotated[str, Meta(min_length=1, max_length=200)]


class TimeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place where a row may say its time.

    `format`: as in `datetime.strptime`, or "iso" for ISO 8601. `pattern`: a regular
    expression whose first group (or whole match) is the time within a longer text.
    """

    column: Column
    format: Annotated[str, Meta(min_length=1, max_length=100)]
    pattern: Annotated[str, Meta(max_length=PATTERN_CHARS_MAX)] | None = None


class PlaceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it was: columns of degrees WGS 84, columns of words, and how far to trust the figures.

    `radius_m`: metres of doubt around the coordinates, since such files never say.
    """

    lat: Column | None = None
    lon: Column | None = None
    words: Annotated[tuple[Column, ...], Meta(max_length=20)] = ()
    radius_m: Annotated[float, Meta(gt=0, le=RADIUS_M_MAX)] = 100.0
    confidence: Literal["exact", "likely", "heard", "unknown"] = "likely"


class TypeRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the source's words for what happened to this house's incident types.

    Tried in this order: `exact`; the longest `prefix`; the first `pattern` found;
    `fallback`. Letters' case and spaces at the ends do not count.
    """

    fallback: str
    column: Column | None = None
    exact: dict[str, str] = {}
    prefix: dict[str, str] = {}
    pattern: dict[str, str] = {}


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ground that the source covers, in degrees."""

    west: Annotated[float, Meta(ge=-180, le=180)]
    south: Annotated[float, Meta(ge=-90, le=90)]
    east: Annotated[float, Meta(ge=-180, le=180)]
    north: Annotated[float, Meta(ge=-90, le=90)]


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A source of calls, by its name and columns.

    `source`: its short name; with a row's `key` columns it tells a row that is there
    already. `columns`: the names, where the file has no header. `close_as`: the
    disposition of incidents that are over.
    """

    source: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    zone: str
    time: Annotated[tuple[TimeRule, ...], Meta(min_length=1, max_length=TIMES_MAX)]
    place: PlaceRule
    title: Column
    types: TypeRules
    encoding: Literal["utf-8", "cp1252", "latin-1"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    columns: Annotated[tuple[Column, ...], Meta(max_length=COLUMNS_MAX)] = ()
    key: Annotated[tuple[Column, ...], Meta(max_length=20)] = ()
    close_as: str = "imported"
    bounds: Bounds | None = None

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone of times that bear no offset of their own."""
        return ZoneInfo(self.zone)

    @cached_property
    def ground(self) -> Territory | None:
        """The bounds as a territory; None where the mapping gives none."""
        if self.bounds is None:
            return None
        box = self.bounds
        return Territory.of_bounds(self.name, box.west, box.south, box.east, box.north)

    @cached_property
    def key_columns(self) -> tuple[str, ...]:
        """The columns that tell one row from another: those named, else all that are read."""
        if self.key:
            return self.key
        place = self.place
        named = (
            *(rule.column for rule in self.time), place.lat, place.lon, *place.words,
            self.title, self.types.column,
        )  # fmt: skip
        return tuple(dict.fromkeys(column for column in named if column is not None))

    @cached_property
    def rules(self) -> "Rules":
        """The type rules, ready to be asked."""
        return Rules(self.types)

    @cached_property
    def time_patterns(self) -> tuple[re.Pattern[str] | None, ...]:
        """The compiled `pattern` of each time rule."""
        return tuple(None if rule.pattern is None else re.compile(rule.pattern) for rule in self.time)


class Rules:
    """Answers which incident type the source's words mean; remembers what it was asked."""

    REMEMBERED_MAX = 10_000

    def __init__(self, rules: TypeRules) -> None:
        self._fallback = rules.fallback
        self._exact = {_plain(words): code for words, code in rules.exact.items()}
        prefixes = {_plain(words): code for words, code in rules.prefix.items()}
        self._prefixes = sorted(prefixes.items(), key=lambda item: -len(item[0]))
        self._patterns = [(re.compile(text, re.IGNORECASE), code) for text, code in rules.pattern.items()]
        self._known: dict[str, str | None] = {}

    def type_of(self, words: str) -> tuple[str, bool]:
        """(incident type, whether a rule said so); without a rule, the fallback."""
        words = _plain(words[:TYPE_WORDS_CHARS_MAX])
        if words not in self._known:
            if len(self._known) >= self.REMEMBERED_MAX:
                self._known.clear()
            self._known[words] = self._find(words)
        code = self._known[words]
        return (self._fallback, False) if code is None else (code, True)

    def _find(self, words: str) -> str | None:
        if words in self._exact:
            return self._exact[words]
        for prefix, code in self._prefixes:
            if words.startswith(prefix):
                return code
        return next((code for pattern, code in self._patterns if pattern.search(words)), None)


def _plain(words: str) -> str:
    return words.strip().casefold()


def shipped() -> list[str]:
    """Names of the mappings in the package."""
    folder = files("lanbi.adapters.cad_csv") / "mappings"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def load(given: str, vocabulary: Vocabulary) -> Mapping:
    """The mapping named `given` in the package, or the TOML file at that path.

    Raises `Malformed("mapping-none")` where there is neither, and
    `Malformed("mapping-…", file=, reason=)` for the first thing that is wrong in it.
    """
    names = shipped()
    if given in names:
        data = (files("lanbi.adapters.cad_csv") / "mappings" / f"{given}.toml").read_bytes()
    else:
        path = Path(given)
        if not path.is_file():
            raise Malformed("mapping-none", given=given[:200], shipped=", ".join(names))
        if path.stat().st_size > FILE_BYTES_MAX:
            raise TooLarge("mapping-too-large", file=given, limit=FILE_BYTES_MAX)
        data = path.read_bytes()
    return parse(data, given, vocabulary)


def parse(data: bytes, file: str, vocabulary: Vocabulary) -> Mapping:
    """A mapping from TOML; raises as `load`. `file`: its name, for the error."""
    try:
        mapping = msgspec.convert(tomllib.loads(data.decode()), Mapping)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed("mapping-unreadable", file=file, reason=str(error)) from error
    except msgspec.ValidationError as error:
        raise Malformed("mapping-field", file=file, reason=str(error)) from error
    _check_zone(mapping, file)
    _check_place(mapping, file)
    _check_patterns(mapping, file)
    rules = mapping.types
    codes = {rules.fallback, *rules.exact.values(), *rules.prefix.values(), *rules.pattern.values()}
    for code in sorted(codes):
        vocabulary.usable("incident_types", code)
    vocabulary.usable("dispositions", mapping.close_as)
    return mapping


def _check_zone(mapping: Mapping, file: str) -> None:
    try:
        _ = mapping.tz
    except (ValueError, OSError, LookupError) as error:  # ZoneInfoNotFoundError is a LookupError
        raise Malformed("mapping-zone", file=file, given=mapping.zone[:60]) from error


def _check_place(mapping: Mapping, file: str) -> None:
    place = mapping.place
    if (place.lat is None) != (place.lon is None) or not (place.lat or place.words):
        raise Malformed("mapping-place", file=file)
    if (box := mapping.bounds) is not None and not (box.west < box.east and box.south < box.north):
        raise Malformed("mapping-bounds", file=file)


def _check_patterns(mapping: Mapping, file: str) -> None:
    rules = mapping.types
    if len(rules.exact) + len(rules.prefix) + len(rules.pattern) > RULES_MAX:
        raise TooLarge("mapping-rules", file=file, limit=RULES_MAX)
    for text in (*rules.pattern, *(rule.pattern for rule in mapping.time if rule.pattern is not None)):
        try:
            if len(text) > PATTERN_CHARS_MAX:
                raise TooLarge("mapping-pattern-long", file=file, limit=PATTERN_CHARS_MAX)
            re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            raise Malformed("mapping-pattern", file=file, given=text[:60], reason=str(error)) from error
