"""Spreadsheets as an office writes them, and as somebody hostile does."""

import datetime as dt
import io
import struct
import zipfile
import zlib
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError
from lanbi.tracing.recoveries import importer, workbook
from lanbi.tracing.recoveries.importer import BadRow, Row, read_table
from tracing.recoveries.ground import refused

ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(rows: list[list[Any]], *, title: str = "Sezi") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, **parts: bytes | None) -> bytes:
    """The same zip with other contents of some parts; `sheet` is the first sheet's."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        left = {names.get(name, name): content for name, content in parts.items()}
        for item in old.infolist():
            content = left.pop(item.filename) if item.filename in left else old.read(item)
            if content is not None:
                new.writestr(item.filename, content)
        for name, content in left.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def sheet_of(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def ods(content: str, *, mime: str = ODS_MIME) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mime)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
            "</manifest:manifest>",
        )
        archive.writestr("content.xml", content)
    return out.getvalue()


def ods_rows(*rows: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sezi">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def ods_row(*texts: str, more: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row>{cells}{more}</table:table-row>"


HEADER = ["case", "date", "serial", "count", "seen"]


def test_a_spreadsheet_is_read_as_it_looks() -> None:
    data = xlsx([
        ["Seizures of July"], HEADER,
        ["24-118", dt.date(2026, 7, 10), "0AB12", 12, True],
        ["24-119", dt.datetime.fromisoformat("2026-07-11T22:05"), 711537, 0.5, None],
    ])  # fmt: skip
    read = read_table(data, "july.xlsx")
    assert (read.kind, read.sheet, read.columns) == ("xlsx", "Sezi", tuple(HEADER))
    assert read.rows == (
        Row(3, ("24-118", "2026-07-10", "0AB12", "12", "TRUE")),
        Row(4, ("24-119", "2026-07-11 22:05:00", "711537", "0.5", "")),
    )


def test_formulas_are_not_worked_out() -> None:
    read = read_table(xlsx([["a", "b"], ["x", "=1+1"], ["y", '=WEBSERVICE("http://example.com")']]), "x.xlsx")
    assert [row.cells for row in read.rows if isinstance(row, Row)] == [("x", ""), ("y", "")]


def test_a_serial_that_the_spreadsheet_rounded_is_bad() -> None:
    read = read_table(xlsx([["a", "serial"], ["x", 12345678901234567890], ["y", 2**53 - 1]]), "x.xlsx")
    one, two = read.rows
    assert isinstance(one, BadRow) and one.faults[0].code == "recoveries-cell-number"
    assert isinstance(two, Row) and two.cells == ("y", "9007199254740991")


def test_a_hidden_or_empty_first_sheet_is_passed_over() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["not", "this"])
    first.append(["1", "2"])
    first.sheet_state = "hidden"
    book.create_sheet("empty")
    table = book.create_sheet("table")
    table.append(["make", "serial"])
    table.append(["Glock", "A1"])
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "x.xlsx").sheet == "table"


def test_an_open_document_is_read_too() -> None:
    empty = '<table:table-cell table:number-columns-repeated="16382"/>'
    tail = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    data = ods(ods_rows(ods_row("mak", "seri", more=empty), ods_row("Glock", "AB12", more=empty), tail))
    read = read_table(data, "x.ods")
    assert (read.kind, read.columns) == ("ods", ("mak", "seri"))
    assert [row.cells for row in read.rows if isinstance(row, Row)] == [("Glock", "AB12")]


# -- hostile ------------------------------------------------------------------------------


def test_a_little_zip_that_is_huge_inside_is_refused_by_what_it_says() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    assert len(out.getvalue()) < 100_000
    error = refused("recoveries-zip-large", lambda: read_table(out.getvalue(), "x.xlsx"))
    assert error.status == 413


def test_a_zip_that_lies_about_its_size_is_found_out() -> None:
    """The directory says 100 bytes, the part holds ten million: only so many are ever unpacked."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(b"<" * 10_000_000) + body.flush()
    name = b"xl/workbook.xml"
    crc = zlib.crc32(b"<" * 100)
    local = (
        struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 100, len(name), 0) + name
    )
    central = (
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            0,
            crc,
            len(packed),
            100,
            len(name),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + name
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local) + len(packed), 0)
    refused("recoveries-zip-large", lambda: read_table(local + packed + central + end, "x.xlsx"))


def test_a_zip_of_very_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ZIP_MEMBERS_MAX", 3)
    refused("recoveries-zip-large", lambda: read_table(xlsx([["a", "b"], ["1", "2"]]), "x.xlsx"))


@pytest.mark.parametrize("corner", ["XFD1", "A1048576", "XFD1048576", "ZZZZ9"])
def test_a_cell_in_the_farthest_corner_makes_no_rectangle(corner: str) -> None:
    data = xlsx([["a", "b"], ["1", "2"]])
    far = f'<row r="3"><c r="{corner}" t="n"><v>1</v></c></row></sheetData>'.encode()
    hostile = changed(data, sheet=sheet_of(data).replace(b"</sheetData>", far))
    refused("recoveries-sheet-large", lambda: read_table(hostile, "x.xlsx"))
    styled = f'<row r="3"><c r="{corner}" s="0"/></row></sheetData>'.encode()
    if corner != "ZZZZ9":
        harmless = changed(data, sheet=sheet_of(data).replace(b"</sheetData>", styled))
        assert len(read_table(harmless, "x.xlsx").rows) == 1


def test_rows_without_a_number_are_counted_as_a_reader_would(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx([["a", "b"], ["1", "2"]])
    monkeypatch.setattr(importer, "ROWS_MAX", 1_000)
    many = b"<row/>" * 2_000 + b'<row><c t="n"><v>1</v></c></row></sheetData>'
    hostile = changed(data, sheet=sheet_of(data).replace(b"</sheetData>", many))
    refused("recoveries-sheet-large", lambda: read_table(hostile, "x.xlsx"))


def test_a_long_text_that_every_cell_repeats_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "TEXT_BYTES_MAX", 50_000)
    data = xlsx([["a", "b"], ["1", "2"]])
    text = b"x" * 1_000
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%b</t></si></sst>'
        % text
    )
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(3, 83))
    sheet = sheet_of(data).replace(b"</sheetData>", rows + b"</sheetData>")
    refused(
        "recoveries-sheet-large", lambda: read_table(changed(data, sheet=sheet, strings=strings), "x.xlsx")
    )


def test_an_open_document_that_repeats_without_end_is_refused() -> None:
    wide = (
        '<table:table-row><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    refused("recoveries-sheet-large", lambda: read_table(ods(ods_rows(wide)), "x.ods"))
    deep = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )
    refused("recoveries-sheet-large", lambda: read_table(ods(ods_rows(deep)), "x.ods"))
    gap = '<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>'
    refused("recoveries-sheet-large", lambda: read_table(ods(ods_rows(gap, ods_row("x", "y"))), "x.ods"))


@pytest.mark.parametrize(
    "trick",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>', b"<!-- a -->", b"<![CDATA[<]]>", b'<?x y="?>',
        "<row/>".encode("utf-16"),
    ],
)  # fmt: skip
def test_what_could_hide_a_cell_is_refused(trick: bytes) -> None:
    data = xlsx([["a", "b"], ["1", "2"]])
    hostile = changed(data, sheet=sheet_of(data).replace(b"</sheetData>", trick + b"</sheetData>"))
    refused("recoveries-sheet-unreadable", lambda: read_table(hostile, "x.xlsx"))


def test_what_is_no_spreadsheet_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    refused("recoveries-file-kind", lambda: read_table(out.getvalue(), "x.docx"))
    refused(
        "recoveries-file-kind", lambda: read_table(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "x.xls")
    )
    writer = ods(ods_rows(ods_row("a")), mime="application/vnd.oasis.opendocument.text")
    refused("recoveries-file-kind", lambda: read_table(writer, "x.odt"))
    refused("recoveries-zip-broken", lambda: read_table(b"PK\x03\x04" + b"x" * 100, "x.xlsx"))
    data = xlsx([["a", "b"], ["1", "2"]])
    refused("recoveries-zip-broken", lambda: read_table(data[: len(data) // 2], "x.xlsx"))
    broken = changed(data, **{"xl/workbook.xml": b"<workbook><sheets"})
    refused("recoveries-sheet-unreadable", lambda: read_table(broken, "x.xlsx"))
    no_sheet = changed(data, sheet=b"<worksheet>")
    refused("recoveries-file-empty", lambda: read_table(no_sheet, "x.xlsx"))


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/Workbook.xml", "<x/>")
    refused("recoveries-zip-broken", lambda: read_table(out.getvalue(), "x.xlsx"))


SPREADSHEET = xlsx([HEADER, ["24-118", dt.date(2026, 7, 10), "0AB12", 12, True]])


@given(st.integers(0, len(SPREADSHEET) - 1), st.integers(1, 255))
def test_a_damaged_spreadsheet_is_a_table_or_a_refusal(at: int, flip: int) -> None:
    damaged = bytearray(SPREADSHEET)
    damaged[at] ^= flip
    try:
        read_table(bytes(damaged), "x.xlsx")
    except LanbiError:
        return


@given(
    st.one_of(
        st.text(max_size=20), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.dates(),
        st.floats(allow_nan=False, allow_infinity=False), st.none(),
    )
)  # fmt: skip
def test_every_value_of_a_cell_is_a_text(value: Any) -> None:
    try:
        text = workbook.text_of(value)
    except LanbiError as error:
        assert error.code == "recoveries-cell-number" and abs(value) >= 2**53
        return
    assert isinstance(text, str) and "\x00" not in text
    if isinstance(value, int) and not isinstance(value, bool):
        assert text == str(value)
