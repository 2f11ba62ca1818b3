"""Files of registers, row by row: CSV as others save it, and spreadsheets. Never whole in our memory."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

import msgspec

from lanbi.core.errors import Malformed, TooLarge
from lanbi.tracing.matches.columns import FIELDS, HEADING_CHARS_MAX, Field, columns_of

FILE_BYTES_MAX = 512_000_000
SHEET_BYTES_MAX = 64_000_000
SHEET_INFLATED_BYTES_MAX = 1_000_000_000
"""Of a spreadsheet, packed and unpacked; a larger register is saved as CSV."""
CELL_CHARS_MAX = 32_768
HEADING_ROWS_MAX = 20
"""Titles and empty rows that may stand before the headings."""
COLUMNS_MAX = 500
WHOLE_FIGURES_MAX = 10**15
"""A spreadsheet keeps fifteen figures of a number; of more, the last are lost."""
CHUNK_BYTES = 1_048_576
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", ";", "\t", "|")


class FileRow(msgspec.Struct, frozen=True):
    """A row: where it stands in the file, its cells in the order of `FIELDS`; `bad`: the code and what it
    names, where a cell cannot be taken at all."""

    line: int
    cells: tuple[str, ...]
    number_cell: bool = False
    bad: tuple[str, str] | None = None


class Table(msgspec.Struct, frozen=True):
    """An open file: which heading each field is read from, and its rows. `place()` of `total` says how
    far."""

    headings: dict[Field, str]
    rows: Iterator[FileRow]
    place: Any
    total: int


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex. Raises `Malformed("register-file-none")`,
    `TooLarge("register-file-large")`."""
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            raise TooLarge("register-file-large", limit=FILE_BYTES_MAX // 1_000_000, given=size // 1_000_000)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Malformed("register-file-none", file=path.name) from error


@contextmanager
def open_table(path: Path, mapping: Mapping[str, str] | None = None) -> Iterator[Table]:
    """The rows of a CSV file or of the first sheet of a spreadsheet, whatever the file is called.

    Raises `Malformed`, `TooLarge`: register-file-…, register-column-…, register-field.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Malformed("register-file-none", file=path.name) from error
    with file:
        head = file.read(4)
        file.seek(0)
        if head == _ZIP:
            yield _sheet(path, file, mapping)
        elif head[:2] in _UTF16:
            yield _csv(path, file, "utf-16", mapping)
        else:
            yield _csv(path, file, "utf-8-sig", mapping)


def _under_headings(
    rows: Iterator[tuple[int, list[str]]], mapping: Mapping[str, str] | None, name: str
) -> tuple[dict[Field, int], list[str]]:
    """Reads on to the row of headings. Raises where the first rows hold none."""
    first: list[str] = []
    for _, cells in islice(rows, HEADING_ROWS_MAX):
        if len(cells) > COLUMNS_MAX:
            raise Malformed("register-file-columns", limit=COLUMNS_MAX, given=len(cells))
        found = columns_of(cells, mapping)
        if found is not None:
            return found, cells
        first = first or [cell.strip()[:HEADING_CHARS_MAX] for cell in cells if cell.strip()]
    if not first:
        raise Malformed("register-file-empty", file=name)
    wanted = ", ".join((mapping or {}).values()) or "serial"
    raise Malformed("register-column-none", wanted=wanted[:200], columns=", ".join(first)[:400])


# -- CSV -----------------------------------------------------------------------------------


def _csv(path: Path, file: IO[bytes], encoding: str, mapping: Mapping[str, str] | None) -> Table:
    total = path.stat().st_size
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    rows = _csv_rows(path, text)
    columns, headings = _under_headings(rows, mapping, path.name)
    places = [columns.get(name) for name in FIELDS]

    def read() -> Iterator[FileRow]:
        for line, cells in rows:
            width = len(cells)
            picked = tuple("" if at is None or at >= width else cells[at] for at in places)
            if any(cells):
                yield FileRow(line, picked)

    return Table(
        headings={name: headings[at].strip() for name, at in columns.items()},
        rows=read(),
        place=lambda: total if file.closed else file.tell(),
        total=total,
    )


def _csv_rows(path: Path, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(CELL_CHARS_MAX)  # an unclosed quotation mark swallows no more than this
    reader: Any = None
    skipped = 0
    try:
        head = text.readline(CELL_CHARS_MAX)
        while head and not head.strip():
            skipped, head = skipped + 1, text.readline(CELL_CHARS_MAX)
        delimiter = max(_DELIMITERS, key=head.count)
        reader = csv.reader(chain([head], text), delimiter=delimiter)
        before = skipped
        for cells in reader:
            yield before + 1, cells
            before = skipped + reader.line_num
    except UnicodeError as error:
        raise Malformed("register-file-not-utf8", file=path.name, line=_first_unread(path)) from error
    except csv.Error as error:
        raise Malformed(
            "register-file-not-csv", file=path.name, line=skipped + reader.line_num, detail=str(error)
        ) from error


def _first_unread(path: Path) -> int:
    """The first line that is not UTF-8: text is decoded in pieces that know nothing of lines."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                raw.decode()
            except UnicodeDecodeError:
                return number
    return 1


# -- spreadsheets --------------------------------------------------------------------------


def _sheet(path: Path, file: IO[bytes], mapping: Mapping[str, str] | None) -> Table:
    _check_archive(path, file)
    sheet, height = _first_sheet(path)
    start = (sheet.start or (0, 0))[0]
    raw = enumerate(sheet.iter_rows(), start=start + 1)
    # The rows up to the headings are looked at as texts, the others as what they are.
    columns, headings = _under_headings(
        ((at, [_text(cell) for cell in row]) for at, row in raw), mapping, path.name
    )
    places = [columns.get(name) for name in FIELDS]
    done = [start]

    def read() -> Iterator[FileRow]:
        for at, row in raw:
            done[0] = at
            cells = [None if place is None or place >= len(row) else row[place] for place in places]
            if all(cell in ("", None) for cell in row):
                continue
            texts = tuple(_text(cell) for cell in cells)
            number, bad = _judged(cells[0])
            yield FileRow(at, texts, number, None if bad is None else (bad, texts[0][:40]))

    return Table(
        headings={name: headings[at].strip() for name, at in columns.items()},
        rows=read(),
        place=lambda: done[0],
        total=start + height,
    )


def _check_archive(path: Path, file: IO[bytes]) -> None:
    """What is unpacked is what it says it is, and not more than we can hold."""
    if (size := path.stat().st_size) > SHEET_BYTES_MAX:
        raise TooLarge("register-sheet-large", limit=SHEET_BYTES_MAX // 1_000_000, given=size // 1_000_000)
    try:
        with zipfile.ZipFile(file) as archive:
            inflated = sum(member.file_size for member in archive.infolist())
            if inflated > SHEET_INFLATED_BYTES_MAX:
                raise TooLarge(
                    "register-sheet-large",
                    limit=SHEET_INFLATED_BYTES_MAX // 1_000_000,
                    given=inflated // 1_000_000,
                )
            broken = archive.testzip()
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Malformed("register-file-not-sheet", file=path.name, detail=type(error).__name__) from error
    if broken is not None:
        raise Malformed("register-file-not-sheet", file=path.name, detail=broken[:60])


def _first_sheet(path: Path) -> tuple[Any, int]:
    import python_calamine  # only who takes in a spreadsheet pays for it

    try:
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        height = sheet.height
    except Exception as error:
        raise Malformed("register-file-not-sheet", file=path.name, detail=type(error).__name__) from error
    except BaseException as error:
        # A file may be broken in a way that the reader itself did not foresee.
        if type(error).__name__ != "PanicException":
            raise
        raise Malformed("register-file-not-sheet", file=path.name, detail="unreadable") from error
    return sheet, height


def _judged(serial: Any) -> tuple[bool, str | None]:
    """(whether the serial stands there as a number, the code of what is wrong with such a cell)."""
    if serial is None or isinstance(serial, str):
        return False, None
    if isinstance(serial, float | int) and not isinstance(serial, bool):
        return True, "register-row-figures" if abs(serial) >= WHOLE_FIGURES_MAX else None
    return False, "register-row-date"


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10 * WHOLE_FIGURES_MAX:
        return str(int(cell))
    return str(cell)
