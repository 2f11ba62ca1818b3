"""What the columns of one source mean, as data: TOML, or the same as JSON, checked before a row is read.

A mapping says which entities a row tells of, which column each value comes from, what says nothing ("NA"),
how days are written, whose the figures are and under which rules. How to write one:
`docs/guides/record-a-recovery.md`.
"""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import LanbiError, Malformed, TooLarge
from lanbi.core.geo import RADIUS_M_MAX
from lanbi.core.vocabulary import Vocabulary
from lanbi.tracing.handling import HandlingRule
from lanbi.tracing.model import UNGRADED, check_grade
from lanbi.tracing.reading import read
from lanbi.tracing.schema import Prop, kind_of, prop_of

FILE_BYTES_MAX = 200_000
ENTITIES_MAX = 16
VALUES_MAX = 60
COLUMNS_AT_ONCE_MAX = 10
SHAPES_MAX = 20
SHAPE_CHARS_MAX = 60
CODES_MAX = 1_000
EMPTY_MAX = 50
DATES_MAX = 12

Name = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
Column = Annotated[str, Meta(min_length=1, max_length=200)]
Columns = Annotated[tuple[Column, ...], Meta(max_length=COLUMNS_AT_ONCE_MAX)]
Text = Annotated[str, Meta(min_length=1, max_length=500)]
Shape = Annotated[str, Meta(min_length=1, max_length=SHAPE_CHARS_MAX)]
Dates = Annotated[tuple[Annotated[str, Meta(min_length=2, max_length=40)], ...], Meta(max_length=DATES_MAX)]


class ValueRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where one value of an entity comes from: columns, a constant, another entity of the row, or figures.

    `columns`: joined by `join` where they say something. `codes`: from the source's words (their case does
    not matter) to a value, "" for none; what stands in no line is refused, left out or kept by `others`.
    `only`: shapes, "9" a digit and "A" a letter; a text that has none of them is left out. `dates`: where
    they differ from the mapping's. `required`: a row without it is bad. `split`: parts one cell into several
    values. `lat`, `lon`, `radius_m`: columns of degrees and metres of doubt, for a place.
    """

    column: Column | None = None
    columns: Columns = ()
    join: Annotated[str, Meta(max_length=10)] = " "
    constant: Text | None = None
    entity: Name | None = None
    codes: Annotated[dict[str, str], Meta(max_length=CODES_MAX)] = {}
    others: Literal["refuse", "leave", "keep"] = "refuse"
    only: Annotated[tuple[Shape, ...], Meta(max_length=SHAPES_MAX)] = ()
    dates: Dates = ()
    required: bool = False
    split: Annotated[str, Meta(min_length=1, max_length=3)] | None = None
    lat: Column | None = None
    lon: Column | None = None
    radius_m: Annotated[float, Meta(gt=0, le=RADIUS_M_MAX)] = 5_000.0

    @property
    def read_columns(self) -> tuple[str, ...]:
        """Every column that it looks at."""
        single = () if self.column is None else (self.column,)
        return (*single, *self.columns, *(name for name in (self.lat, self.lon) if name is not None))


class EntityRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One entity that a row tells of. `name`: what others of the row call it; its kind unless given.

    `key`: the columns by which rows tell of the same one. The first says who it is: where that is empty, or
    where no key is given, each row tells of one of its own. `when`: columns of which one must say
    something, or there is no such entity in the row; the first of its key and those of its values unless
    given.
    """

    kind: Name
    values: Annotated[dict[str, ValueRule], Meta(min_length=1, max_length=VALUES_MAX)]
    name: Name | None = None
    key: Columns = ()
    when: Columns = ()

    @property
    def called(self) -> str:
        return self.name or self.kind

    @property
    def own_columns(self) -> tuple[str, ...]:
        """Those that say something of it: of its values, and the first of its key."""
        of_values = (name for rule in self.values.values() for name in rule.read_columns)
        return tuple(dict.fromkeys((*self.key[:1], *of_values)))

    @property
    def read_columns(self) -> tuple[str, ...]:
        """Every column that it looks at, each once."""
        return tuple(dict.fromkeys((*self.own_columns, *self.key, *self.when)))


class SourceRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the statements are said to come from. `reference`: a column whose text names the source of its row
    (an address, a report); the file's name and rows unless given."""

    kind: str = "import"
    reference: Column | None = None
    words: Annotated[str, Meta(max_length=4_000)] = ""


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A source of recoveries, by its columns. See the module.

    `name`: with the key of an entity it tells what was taken in before. `absent`: whether a file may lack a
    column; what stands in one that is not there is not said. `originator`: the state or site whose
    claims these are; this site unless given. `empty`: texts that say nothing. `ditto`: texts that say what
    the row above says. `dates`: as in `datetime.strptime`, tried in order after ISO 8601. `synthetic`:
    invented, and labelled so everywhere.
    """

    name: Name
    labels: dict[str, Annotated[str, Meta(min_length=1, max_length=80)]]
    entity: Annotated[tuple[EntityRule, ...], Meta(min_length=1, max_length=ENTITIES_MAX)]
    originator: str | None = None
    grade: str = UNGRADED
    absent: Literal["refuse", "allow"] = "refuse"
    empty: Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=EMPTY_MAX)] = ()
    ditto: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=EMPTY_MAX)
    ] = ()
    dates: Dates = ()
    synthetic: bool = False
    source: SourceRule = SourceRule()
    handling: HandlingRule = HandlingRule()

    @property
    def read_columns(self) -> tuple[str, ...]:
        """Every column that is looked at, each once."""
        named = [name for rule in self.entity for name in rule.read_columns]
        reference = () if self.source.reference is None else (self.source.reference,)
        return tuple(dict.fromkeys((*named, *reference)))


@cache
def shipped() -> tuple[str, ...]:
    """Names of the mappings in the package."""
    folder = files("lanbi.tracing.recoveries") / "data" / "mappings"
    return tuple(
        sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))
    )


def load(given: str, vocabulary: Vocabulary, *, site_files: bool = False) -> Mapping:
    """The mapping named `given` in the package; with `site_files`, else the TOML file at that path.

    Raises `Malformed("recoveries-mapping-none")` where there is neither, and the first thing wrong in it.
    """
    if given in shipped():
        name = f"{given}.toml"
        data = files("lanbi.tracing.recoveries").joinpath("data", "mappings", name).read_bytes()
        return parse(data, vocabulary)
    path = Path(given)
    if not site_files or not path.is_file():
        raise Malformed("recoveries-mapping-none", given=given[:80], shipped=", ".join(shipped()))
    if path.stat().st_size > FILE_BYTES_MAX:
        raise TooLarge("recoveries-mapping-large", limit=FILE_BYTES_MAX)
    return parse(path.read_bytes(), vocabulary)


def parse(data: bytes, vocabulary: Vocabulary) -> Mapping:
    """A mapping from TOML; raises `Malformed("recoveries-mapping-…")`."""
    try:
        raw = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed("recoveries-mapping-unreadable", reason=str(error)[:200]) from error
    return from_data(raw, vocabulary)


def from_data(raw: Any, vocabulary: Vocabulary) -> Mapping:
    """A mapping from what TOML or JSON held; raises `Malformed("recoveries-mapping-…")`."""
    try:
        mapping = msgspec.convert(raw, Mapping)
    except msgspec.ValidationError as error:
        raise Malformed("recoveries-mapping-field", reason=str(error)[:200]) from error
    check(mapping, vocabulary)
    return mapping


def check(mapping: Mapping, vocabulary: Vocabulary) -> None:
    """Raises `Malformed` for the first thing that cannot be: a property that its kind has not, an entity
    named before it is told of, a code that the vocabulary has not, a pattern or a spelling of days that is
    none."""
    if set(mapping.labels) - set(LANGUAGES) or not mapping.labels:
        raise Malformed("recoveries-mapping-field", reason="labels")
    check_grade(mapping.grade)
    vocabulary.usable("source_kinds", mapping.source.kind)
    mapping.handling.rules(mapping.originator or "HT")
    for purpose in mapping.handling.purposes:
        vocabulary.usable("tracing_purposes", purpose)
    for spelling in mapping.dates:
        _check_dates(spelling)
    before: dict[str, str] = {}
    for rule in mapping.entity:
        kind_of(rule.kind)
        if rule.called in before:
            raise Malformed("recoveries-mapping-twice", entity=rule.called)
        for name, value in rule.values.items():
            try:
                _check_value(prop_of(rule.kind, name), name, value, before, vocabulary)
            except LanbiError as error:
                if error.code.startswith("recoveries-mapping"):
                    raise
                reason = f"{error.code} {' '.join(map(str, error.args_by_name.values()))}"
                raise Malformed(
                    "recoveries-mapping-value", entity=rule.called, prop=name, reason=reason[:120]
                ) from error
        if not rule.read_columns:
            raise Malformed("recoveries-mapping-no-column", entity=rule.called)
        before[rule.called] = rule.kind


def _check_value(
    prop: Prop, name: str, rule: ValueRule, before: dict[str, str], vocabulary: Vocabulary
) -> None:
    from_columns = rule.column is not None or bool(rule.columns) or rule.lat is not None
    if (from_columns + (rule.constant is not None) + (rule.entity is not None)) != 1:
        raise Malformed("recoveries-mapping-origin", prop=name)
    if (prop.type == "entity") != (rule.entity is not None) or (rule.lat is None) != (rule.lon is None):
        raise Malformed("recoveries-mapping-origin", prop=name)
    if rule.entity is not None and before.get(rule.entity) not in prop.of:
        raise Malformed("recoveries-mapping-entity", prop=name, entity=rule.entity)
    if (rule.lat is not None and prop.type != "area") or (rule.split is not None and not prop.many):
        raise Malformed("recoveries-mapping-origin", prop=name)
    for spelling in rule.dates:
        _check_dates(spelling)
    if prop.type not in ("personal", "area"):
        for text in (*rule.codes.values(), *(() if rule.constant is None else (rule.constant,))):
            if text:
                read(vocabulary, name, prop, text)


def _check_dates(spelling: str) -> None:
    try:
        moment = datetime(2024, 3, 9)  # noqa: DTZ001 - only its calendar counts
        datetime.strptime(moment.strftime(spelling), spelling)  # noqa: DTZ007 - as above
    except ValueError as error:
        raise Malformed("recoveries-mapping-dates", given=spelling) from error
    if "%Y" not in spelling and "%y" not in spelling:
        raise Malformed("recoveries-mapping-dates", given=spelling)
