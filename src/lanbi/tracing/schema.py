"""What tracing speaks of, as data: kinds of entity, their properties, how each value is read.

The tables stand in `data/schema.toml`. Forms, imports, the completeness meter, the graph and the exports are
all made from them: a property that is added there appears everywhere.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Malformed

PropType = Literal[
    "text", "words", "date", "integer", "country", "make", "model", "calibre", "firearm_type", "serial",
    "container", "port", "area", "photo", "code", "entity", "personal",
]  # fmt: skip
Label = Annotated[str, Meta(min_length=1, max_length=40)]


class Prop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One property of a kind. `needed`: a trace cannot do without it; `many`: may hold several at once."""

    type: PropType
    ht: Label
    fr: Label
    es: Label
    en: Label
    of: tuple[str, ...] = ()
    table: str = ""
    needed: bool = False
    many: bool = False
    ftm: str = ""

    @property
    def labels(self) -> dict[str, str]:
        return {lang: getattr(self, lang) for lang in LANGUAGES}


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of entity. `letter` begins its references; `node`: it stands on the graph itself; `edges`:
    pairs
    of its properties that it joins there."""

    letter: Annotated[str, Meta(pattern="^[A-Z]$")]
    node: bool
    ftm: str
    ht: Label
    fr: Label
    es: Label
    en: Label
    props: dict[str, Prop]
    edges: tuple[tuple[str, str], ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        return {lang: getattr(self, lang) for lang in LANGUAGES}


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
YEAR_MIN, YEAR_MAX = 1800, 2200


@cache
def load() -> dict[str, Kind]:
    """The kinds by name, as shipped.

    Raises `ValueError` for a table that contradicts itself: the house does not start with one.
    """
    raw = tomllib.loads(files("lanbi.tracing").joinpath("data", "schema.toml").read_text(encoding="utf-8"))
    kinds = msgspec.convert(raw, dict[str, Kind])
    letters = [kind.letter for kind in kinds.values()]
    if len(set(letters)) != len(letters):
        raise ValueError("two kinds share a letter")
    for name, kind in kinds.items():
        for prop_name, prop in kind.props.items():
            if (prop.type == "entity") != bool(prop.of) or not set(prop.of) <= kinds.keys():
                raise ValueError(f"{name}.{prop_name}: `of` names no kind")
            if (prop.type == "code") != bool(prop.table):
                raise ValueError(f"{name}.{prop_name}: `table` goes with type code")
        for end in (end for pair in kind.edges for end in pair):
            if kind.props[end].type != "entity":
                raise ValueError(f"{name}.{end}: an edge ends at an entity")
    return kinds


def kind_of(name: str) -> Kind:
    """The kind; raises `Malformed("tracing-kind", given=)`."""
    found = load().get(name)
    if found is None:
        raise Malformed("tracing-kind", given=name[:40])
    return found


def prop_of(kind: str, name: str) -> Prop:
    """The property of a kind; raises `Malformed("tracing-prop", kind=, given=)`."""
    found = kind_of(kind).props.get(name)
    if found is None:
        raise Malformed("tracing-prop", kind=kind, given=name[:40])
    return found


def needed(kind: str) -> tuple[str, ...]:
    """The properties of a kind that a trace cannot do without."""
    return tuple(name for name, prop in kind_of(kind).props.items() if prop.needed)


def read_date(text: str, field: str) -> str:
    """A day, a month or a year as ISO 8601 writes them; raises `Malformed("tracing-date", field=,
    given=)`."""
    text = text.strip()
    found = _DATE.fullmatch(text)
    if found is None or not YEAR_MIN <= int(found[1]) <= YEAR_MAX or not _in_calendar(*found.groups()):
        raise Malformed("tracing-date", field=field, given=text[:40])
    return text


def _in_calendar(year: str, month: str | None, day: str | None) -> bool:
    from datetime import date

    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


def earliest(text: str) -> str:
    """The first day that a date can mean: "2024-03" begins on 2024-03-01."""
    return text if len(text) == 10 else f"{text}-01" if len(text) == 7 else f"{text}-01-01"


def latest(text: str) -> str:
    """The last day that a date can mean."""
    if len(text) == 10:
        return text
    if len(text) == 4:
        return f"{text}-12-31"
    from calendar import monthrange

    return f"{text}-{monthrange(int(text[:4]), int(text[5:]))[1]:02d}"
