"""The first table of an XLSX or ODS file, read by calamine behind a guard. Pure.

A spreadsheet is a zip of XML, and three traps are known: a little zip that is huge when unpacked, a sheet
whose one cell stands in the last row and column (a reader that makes a whole rectangle of it dies), and a
long text that every cell repeats. So each part is unpacked within its declared size, what the sheets would
hold is counted, and calamine is handed a zip that was written here, of those parts only. No formula is
worked out.
"""

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from lanbi.core.errors import LanbiError, Malformed, TooLarge

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OLD_START = b"\xd0\xcf\x11\xe0"
"""How .xls and files under a password begin (a compound document)."""
ZIP_MEMBERS_MAX = 2_000
ZIP_RATIO_MAX = 200
"""Sheets shrink ten- to sixtyfold; what shrinks more is a trap."""
SMALL_BYTES = 1_000_000
"""A part that unpacks to less cannot be a trap, however well it shrinks."""
UNPACKED_BYTES_MAX = 200_000_000
TEXT_BYTES_MAX = 200_000_000
"""Of all cells together, each repeat of a shared text counted."""
CELLS_MAX = 4_000_000
"""Of the rectangle that holds every cell: 200,000 rows of 20 columns."""
EXACT_MAX = 2**53
"""Whole numbers above it are rounded by every spreadsheet: a serial among them is not what was typed."""

_XLSX = "xl/workbook.xml"
_ODS = "content.xml"
_ODS_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_PARTS = re.compile(
    r"(xl/.*|_rels/.*|META-INF/.*)\.(xml|rels)|\[Content_Types\]\.xml|mimetype|(content|styles|meta|settings)\.xml"
)
_ATTRIBUTES = rb"""((?:[^>"']|"[^"]*"|'[^']*')*?)(/?)>"""
_TAG = rb"<(?:[\w.-]+:)?"
_SHEET_TAG = re.compile(_TAG + rb"(row|c|v)(?=[\s/>])" + _ATTRIBUTES + rb"([^<]*)")
_STRING_TAG = re.compile(_TAG + rb"si(?=[\s/>])")
_ODS_TAG = re.compile(_TAG + rb"(table|table-row|table-cell|covered-table-cell)(?=[\s/>])" + _ATTRIBUTES)
_REF = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,8})?(\d{1,9})["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_COLUMNS_REPEATED = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)["']""")
_ROWS_REPEATED = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)["']""")
_VALUE_TYPE = re.compile(rb"value-type\s*=")


class Workbook(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of the first visible sheet that holds any: (number from 1, its texts, or why it has none)."""

    kind: Literal["xlsx", "ods"]
    sheet: str
    rows: list[tuple[int, list[str] | LanbiError]]


def read_workbook(data: bytes, *, rows_max: int, columns_max: int) -> Workbook:
    """The file's first table, of at most so many rows and columns.

    Raises `Malformed` (recoveries-zip-broken, recoveries-file-kind, recoveries-sheet-unreadable), and
    `TooLarge` (recoveries-zip-large, recoveries-sheet-large) for what would not fit.
    """
    parts = _unpacked(data)
    if _XLSX in parts:
        kind: Literal["xlsx", "ods"] = "xlsx"
        _check_xlsx(parts, rows_max, columns_max)
    elif _ODS in parts and parts.get("mimetype", b"").startswith(_ODS_MIME):
        kind = "ods"
        _check_ods(parts[_ODS], rows_max, columns_max)
    else:
        raise Malformed("recoveries-file-kind")
    return _read(kind, _packed(parts))


# -- the zip -----------------------------------------------------------------------------


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The parts that make up the sheets, by name: no picture, no macro, nothing larger than it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members)
            return {
                member.filename: _inflated(data, member)
                for member in members
                if _PARTS.fullmatch(member.filename)
            }
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError) as error:
        raise Malformed("recoveries-zip-broken") from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > ZIP_MEMBERS_MAX:
        raise TooLarge("recoveries-zip-large", limit=UNPACKED_BYTES_MAX // 1_000_000)
    if sum(member.file_size for member in members) > UNPACKED_BYTES_MAX or any(
        member.file_size > max(SMALL_BYTES, ZIP_RATIO_MAX * member.compress_size) for member in members
    ):
        raise TooLarge("recoveries-zip-large", limit=UNPACKED_BYTES_MAX // 1_000_000)
    names = [member.filename.casefold() for member in members]
    if len(set(names)) != len(names) or any(member.flag_bits & 1 for member in members):
        raise Malformed("recoveries-zip-broken")


def _inflated(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """One part, at most as large as the zip's directory says: the directory is the writer's word only."""
    head = data[member.header_offset : member.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise Malformed("recoveries-zip-broken")
    name_bytes, extra_bytes = struct.unpack("<HH", head[26:30])
    start = member.header_offset + 30 + name_bytes + extra_bytes
    packed = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        found = packed
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        found = zlib.decompressobj(-15).decompress(packed, member.file_size + 1)
    else:
        raise Malformed("recoveries-zip-broken")
    if len(found) > member.file_size:
        raise TooLarge("recoveries-zip-large", limit=UNPACKED_BYTES_MAX // 1_000_000)
    if len(found) < member.file_size or zlib.crc32(found) != member.CRC:
        raise Malformed("recoveries-zip-broken")
    return found


def _packed(parts: dict[str, bytes]) -> io.BytesIO:
    """The same parts in a zip of ours: what was looked at is what is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    out.seek(0)
    return out


# -- what the sheets would hold ----------------------------------------------------------


class _Rectangle:
    """Counts what a reader would make of a sheet, and refuses it before one does."""

    def __init__(self, rows_max: int, columns_max: int) -> None:
        self._rows_max, self._columns_max = rows_max, columns_max
        self.row = self.column = self.text = 0

    def cell(self, row: int, column: int, text: int) -> None:
        self.row, self.column = max(self.row, row), max(self.column, column)
        self.text += text
        if (
            self.row > self._rows_max
            or self.column > self._columns_max
            or self.row * self.column > CELLS_MAX
            or self.text > TEXT_BYTES_MAX
        ):
            raise TooLarge(
                "recoveries-sheet-large", rows=self._rows_max, columns=self._columns_max, cells=CELLS_MAX
            )


def _check_plain(xml: bytes) -> None:
    """Comments, CDATA, entities and other encodings could hide a cell from the count; no office uses them."""
    if b"<!" in xml or b"\x00" in xml or b"<?" in xml[5:] or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Malformed("recoveries-sheet-unreadable")


def _check_xlsx(parts: dict[str, bytes], rows_max: int, columns_max: int) -> None:
    shared: list[int] = []
    for name, xml in parts.items():
        if name.lower().endswith("sharedstrings.xml"):
            _check_plain(xml)
            starts = [found.start() for found in _STRING_TAG.finditer(xml)]
            shared = [end - start for start, end in zip(starts, [*starts[1:], len(xml)], strict=True)]
    for name, xml in parts.items():
        if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
            _check_plain(xml)
            _count_xlsx(xml, shared, _Rectangle(rows_max, columns_max))


def _count_xlsx(xml: bytes, shared: list[int], held: _Rectangle) -> None:
    row = column = 0
    is_shared = False
    for found in _SHEET_TAG.finditer(xml):
        tag, attributes, closed, text = found.groups()
        if tag == b"row":
            ref = _REF.search(attributes)
            row, column = (int(ref[2]) if ref else row + 1), 0
            continue
        if tag == b"c":
            ref = _REF.search(attributes)
            column = _column(ref[1]) if ref and ref[1] else column + 1
            row = int(ref[2]) if ref and ref[1] else row
            kind = _TYPE.search(attributes)
            is_shared = kind is not None and kind[1] == b"s"
            if not closed:
                held.cell(row, column, 0)
            continue
        if is_shared and text.strip().isdigit():
            index = int(text)
            held.cell(row, column, shared[index] if index < len(shared) else 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return min(int(found[1]), 10**9) if found else 1


def _check_ods(xml: bytes, rows_max: int, columns_max: int) -> None:
    _check_plain(xml)
    held = _Rectangle(rows_max, columns_max)
    row = column = repeats = widest = 0
    row_began = 0

    def end_row(at: int) -> None:
        """What stands in the row is there as often as the row and its widest cell say."""
        if widest:
            held.cell(row, held.column, (at - row_began) * repeats * widest)

    for found in _ODS_TAG.finditer(xml):
        tag, attributes, closed = found.groups()
        if tag in (b"table", b"table-row"):
            end_row(found.start())
            column = widest = 0
            row_began = found.start()
            if tag == b"table":
                row = repeats = 0
                held = _Rectangle(rows_max, columns_max)
                continue
            repeats = _count(_ROWS_REPEATED, attributes)
            row += repeats
            continue
        times = _count(_COLUMNS_REPEATED, attributes)
        column += times
        if not closed or _VALUE_TYPE.search(attributes):
            widest = max(widest, times)
            held.cell(row, column, 0)
    end_row(len(xml))


# -- the values --------------------------------------------------------------------------


def _read(kind: Literal["xlsx", "ods"], packed: io.BytesIO) -> Workbook:
    import python_calamine as calamine  # only who takes in spreadsheets pays for it

    errors = (calamine.CalamineError, OSError, ValueError, LookupError)
    shown = (calamine.SheetTypeEnum.WorkSheet, calamine.SheetVisibleEnum.Visible)
    try:
        with calamine.load_workbook(packed) as book:
            for sheet in book.sheets_metadata:
                if (sheet.typ, sheet.visible) != shown:
                    continue
                table = book.get_sheet_by_name(sheet.name)
                values = table.to_python()
                if values:
                    first = 1 + (table.start[0] if table.start else 0)
                    return Workbook(kind=kind, sheet=sheet.name, rows=_rows(values, first))
    except errors as error:
        raise Malformed("recoveries-sheet-unreadable") from error
    except BaseException as error:
        # How a panic in Rust arrives; its class has no name to import.
        if type(error).__name__ != "PanicException":
            raise
        raise Malformed("recoveries-sheet-unreadable") from error
    raise Malformed("recoveries-file-empty")


def _rows(values: list[list[Any]], first: int) -> list[tuple[int, list[str] | LanbiError]]:
    out: list[tuple[int, list[str] | LanbiError]] = []
    for line, cells in enumerate(values, first):
        try:
            out.append((line, [text_of(cell) for cell in cells]))
        except Malformed as error:
            out.append((line, error))
    return out


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value.replace("\x00", ""),
    bool: lambda value: "TRUE" if value else "FALSE",
    int: lambda value: _whole(value),  # noqa: PLW0108 - it is written below
    float: lambda value: _whole(value) if value.is_integer() else repr(value),
    dt.date: lambda value: value.isoformat(),
    dt.datetime: lambda value: value.isoformat(" ", "seconds").removesuffix(" 00:00:00"),
    dt.time: lambda value: value.isoformat("seconds"),
    dt.timedelta: str,
    type(None): lambda _value: "",
}  # fmt: skip


def _whole(value: float) -> str:
    if abs(value) >= EXACT_MAX:
        raise Malformed("recoveries-cell-number", given=f"{value:g}")
    return str(int(value))


def text_of(value: Any) -> str:
    """A cell's value as a text: whole numbers without a point, days as ISO 8601.

    Raises `Malformed("recoveries-cell-number")` for a whole number that the spreadsheet could not hold.
    """
    return _TEXTS[type(value)](value)
