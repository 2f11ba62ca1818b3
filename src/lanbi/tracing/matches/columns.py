"""Headings of a register → fields, and one row of it → an entry, or the reason why not. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec

from lanbi.core.errors import Malformed
from lanbi.core.text import line
from lanbi.tracing.markings.marks import GAP, SERIAL_MARKS_MAX
from lanbi.tracing.markings.normal import calibre_of, make_of, model_of, serial_of, type_of
from lanbi.tracing.model import VALUE_CHARS_MAX

Field = Literal["serial", "make", "model", "calibre", "type", "reference"]
FIELDS: tuple[Field, ...] = get_args(Field)
REFERENCE_CHARS_MAX = 160
HEADING_CHARS_MAX = 80
DESCRIPTIONS_KEPT_MAX = 50_000
FLAGS = (
    "make_unknown", "calibre_unknown", "type_unknown", "serial_partial", "number_cell", "not_searched",
)  # fmt: skip
"""What is doubtful of an entry that is kept all the same. number_cell: the serial stood in the file as a
number, so zeros at its front may be lost. not_searched: nobody knows how many marks there are, so no search
holds it."""

_EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,3}", re.IGNORECASE)
_ERROR_CELL = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|NULL!|NUM!|DIV/0!|SPILL!)", re.IGNORECASE)
# Read as it stands, as nine rows of ten are: capitals and figures, one figure at least. No word that stands
# in the place of a serial, or before one, is written so.
_PLAIN = re.compile(rf"(?=[A-Z]*[0-9])[A-Z0-9]{{1,{SERIAL_MARKS_MAX}}}")
EXPONENT_FIGURES_MIN = 9
"""1.2E+11 is a spreadsheet's way to write a number that was too wide; 5E3 may be a serial."""


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says of the gun but for its serial; many rows say the same."""

    make: str | None
    model: str | None
    calibre: str | None
    type: str | None
    flags: tuple[str, ...]
    written: dict[str, str]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row as read, before it has a number."""

    marks: str
    described: Described
    reference: str | None
    flags: tuple[str, ...]
    written: dict[str, str]


def heading_key(text: str) -> str:
    """A heading without case, accents, spaces and signs."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("№", "no").replace("º", "o").replace("°", "o").casefold()
    )
    return "".join(char for char in plain if char.isascii() and char.isalnum())


@cache
def _known() -> dict[Field, tuple[str, ...]]:
    text = files("lanbi.tracing.matches").joinpath("data", "columns.toml").read_text(encoding="utf-8")
    spellings = msgspec.convert(tomllib.loads(text), dict[Field, tuple[str, ...]])
    return {name: tuple(dict.fromkeys(map(heading_key, spellings[name]))) for name in FIELDS}


def columns_of(headings: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[Field, int] | None:
    """Field → column of a row of headings; None where the row has no serial number and so is no row of
    headings.

    `mapping`: field → heading, for what the headings do not tell. Raises `Malformed`: register-field (no such
    field in the mapping), register-column-twice (two columns for one field: the mapping must say which).
    """
    keys = [heading_key(heading) for heading in headings]
    found: dict[Field, int] = {}
    for name, heading in (mapping or {}).items():
        if name not in FIELDS:
            raise Malformed("register-field", given=name[:40], known=", ".join(FIELDS))
        if (key := heading_key(heading)) not in keys:
            return None
        found[name] = keys.index(key)
    for name, spellings in _known().items():
        if name in found:
            continue
        places = [at for at, key in enumerate(keys) if key in spellings and at not in found.values()]
        if len(places) > 1:
            raise Malformed(
                "register-column-twice", field=name,
                columns=", ".join(headings[at].strip()[:HEADING_CHARS_MAX] for at in places),
            )  # fmt: skip
        if places:
            found[name] = places[0]
    return found if "serial" in found else None


class RowReader:
    """Reads rows of one register; remembers how descriptions were recognised, since they repeat."""

    def __init__(self) -> None:
        self._described: dict[tuple[str, ...], Described] = {}

    def read(self, cells: Sequence[str], *, number_cell: bool = False) -> Row:
        """`cells`: texts in the order of `FIELDS`; empty where there is none. `number_cell`: see `FLAGS`.

        Raises `Malformed`: register-row-no-serial, register-row-exponent (a spreadsheet wrote the serial as
        1.2E+11 and lost its figures), register-row-error (#N/A), text-… of a cell, serial-… of the serial.
        """
        serial, *rest, reference = cells
        text = serial.strip()
        if not text:
            raise Malformed("register-row-no-serial")
        check_figures(text)
        marks, partial = text, False
        if _PLAIN.fullmatch(text) is None:
            found = serial_of(text)
            marks, partial = found.marks, found.status == "partial"
            if not marks:
                raise Malformed("register-row-no-serial")
        key = tuple(rest)
        described = self._described.get(key)
        if described is None:
            if len(self._described) >= DESCRIPTIONS_KEPT_MAX:
                self._described.clear()
            described = self._described[key] = _described(*rest)
        flags = described.flags
        if partial:
            flags = (*flags, "serial_partial")
        if GAP in marks:
            flags = (*flags, "not_searched")
        if number_cell:
            flags = (*flags, "number_cell")
        written = described.written
        if marks != text:
            written = {"serial": line(text, "serial"), **written}
        return Row(
            marks=marks,
            described=described,
            reference=_cell(reference, "reference", REFERENCE_CHARS_MAX),
            flags=flags,
            written=written,
        )


def check_figures(text: str) -> None:
    """Raises `Malformed` for what a spreadsheet made of a serial."""
    if text[0] == "#" and _ERROR_CELL.fullmatch(text):
        raise Malformed("register-row-error", given=text)
    if (found := _EXPONENT.fullmatch(text)) and int(re.split("[eE]", found[0])[1]) >= EXPONENT_FIGURES_MIN:
        raise Malformed("register-row-exponent", given=text[:40])


def _cell(text: str, field: str, chars_max: int = VALUE_CHARS_MAX) -> str | None:
    if not text or text.isspace():
        return None
    if len(text) <= chars_max and text.isascii() and text.isprintable():
        return text.strip()
    return line(text, field, chars_max=chars_max)


def _described(make: str, model: str, calibre: str, type_: str) -> Described:
    written: dict[str, str] = {}
    flags: list[str] = []

    def kept(prop: str, text: str | None, code: str | None, *, flag: bool = True) -> str | None:
        if text is None or code == text:
            return code
        if code is None:
            if flag:
                flags.append(f"{prop}_unknown")
            return text
        written[prop] = text
        return code

    make_text, model_text = _cell(make, "make"), _cell(model, "model")
    calibre_text, type_text = _cell(calibre, "calibre"), _cell(type_, "type")
    make_code = None if make_text is None else make_of(make_text).code
    model_code = None if model_text is None else model_of(model_text, make_code).code
    if make_text is None and model_code is not None:
        make_kept: str | None = model_code.partition("/")[0]  # "Glock 19" in the column of the model
    else:
        make_kept = kept("make", make_text, make_code)
    return Described(
        make=make_kept,
        model=kept("model", model_text, model_code, flag=False),
        calibre=kept(
            "calibre", calibre_text, None if calibre_text is None else calibre_of(calibre_text).code
        ),
        type=kept("type", type_text, None if type_text is None else type_of(type_text).code),
        flags=tuple(flags),
        written=written,
    )
