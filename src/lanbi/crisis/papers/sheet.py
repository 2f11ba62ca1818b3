"""What stands on a form: blocks, whose words are already in the reader's language.

A form is a list of blocks (fields, text, tables, lines to sign); the screen and the page print the same ones.
"""

from typing import Literal

import msgspec


class Field(msgspec.Struct, frozen=True):
    """A label and what stands beside it."""

    label: str
    value: str


class Fields(msgspec.Struct, frozen=True, kw_only=True, tag="fields"):
    """Short facts side by side, `columns` of them in a row."""

    title: str = ""
    columns: int = 2
    items: tuple[Field, ...]


class Text(msgspec.Struct, frozen=True, kw_only=True, tag="text"):
    """Words as they were written; without any, `lines` empty ones to write on."""

    title: str
    words: str
    lines: int = 0


class Space(msgspec.Struct, frozen=True, kw_only=True, tag="space"):
    """Room to draw in, on paper only."""

    title: str
    height_mm: int


class Column(msgspec.Struct, frozen=True):
    """A column; `width` is its share of the page, `align` "start" or "end"."""

    label: str
    width: float = 1
    align: Literal["start", "end"] = "start"


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """Rows of text. `empty` is said where there are none; `note` stands below."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    note: str = ""


class Sign(msgspec.Struct, frozen=True, kw_only=True, tag="sign"):
    """Who prepared or approved it: name and place to sign by hand."""

    title: str
    items: tuple[Field, ...]


Block = Fields | Text | Space | Table | Sign


class Signed(msgspec.Struct, frozen=True):
    """The newest signed head of the record when the form was made."""

    size: int
    root: str
    at: str
    key_id: str


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it stands at `as_of`, the time of entry `seq`, the newest of the record.

    `frame`: the words of the header and the footer in the form's language, by name. `synthetic`: it shows
    invented events and says so on every page.
    """

    code: str
    name: str
    title: str
    lang: str
    site: str
    major_id: str
    number: int
    major: str
    state: str
    period: str
    as_of: str
    local: str
    utc: str
    seq: int
    signed: Signed | None
    synthetic: bool
    frame: dict[str, str]
    blocks: tuple[Block, ...]
