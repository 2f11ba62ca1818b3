"""What stands in a case report: sections of blocks, whose words are already in the reader's language."""

from typing import Literal

import msgspec


class Field(msgspec.Struct, frozen=True):
    """A label and what stands beside it."""

    label: str
    value: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One claim in print. `n`: the number of its source; `note`: as written, and what is doubtful; `mark`:
    whose it is, the grade of its source and its label; `worked`: None where nobody contradicts it."""

    value: str
    n: int
    note: str
    mark: str
    worked: bool | None
    machine: bool = False


class Row(msgspec.Struct, frozen=True):
    """A property with all that is said of it."""

    label: str
    said: tuple[Said, ...]


class Claims(msgspec.Struct, frozen=True, kw_only=True, tag="claims"):
    """An entity: its reference, its kind, and what is said of it. `facts`: what we computed from that."""

    ref: str
    kind: str
    rows: tuple[Row, ...]
    facts: tuple[Field, ...] = ()


class Column(msgspec.Struct, frozen=True):
    """A column; `width` is its share of the page."""

    label: str
    width: float
    align: Literal["start", "end"] = "start"


class Cell(msgspec.Struct, frozen=True):
    """Words, and the sources that they stand on."""

    words: str
    n: tuple[int, ...] = ()


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """Rows of cells. `note` stands below."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class TieLine(msgspec.Struct, frozen=True, kw_only=True):
    """One tie: a solid line where a document says it, a dashed one where we conclude it."""

    solid: bool
    title: str
    between: str
    shares: str
    strength: str
    n: tuple[int, ...]
    readings: tuple[str, ...]


class TieLines(msgspec.Struct, frozen=True, kw_only=True, tag="ties"):
    lines: tuple[TieLine, ...]
    solid: str
    dashed: str


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the report; `note` stands under its title."""

    title: str
    note: str = ""
    blocks: tuple[Claims | Table | TieLines, ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The report. `frame`: the words of header and footer, by name; `notices`: what must be read first."""

    lang: str
    title: str
    case: str
    site: str
    tlp: str
    only: str
    snapshot: str
    synthetic: bool
    frame: dict[str, str]
    head: tuple[Field, ...]
    notices: tuple[str, ...]
    rules: Table
    sections: tuple[Section, ...]
