"""Files as offices save them, as machines break them, and as somebody with bad intent makes them."""

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lanbi.core.errors import LanbiError
from lanbi.tracing.matches import files
from lanbi.tracing.matches.columns import RowReader
from lanbi.tracing.matches.files import FileRow, digest_of, open_table

GOOD = "Serial,Make\nAB1234,Glock\n"


def rows_of(path: Path, mapping: dict[str, str] | None = None) -> list[FileRow]:
    with open_table(path, mapping) as table:
        found = list(table.rows)
        assert table.place() == table.total
        return found


def serials(path: Path) -> list[str]:
    return [row.cells[0] for row in rows_of(path)]


def refused(code: str, path: Path, mapping: dict[str, str] | None = None) -> dict[str, object]:
    with pytest.raises(LanbiError) as caught:
        rows_of(path, mapping)
    assert caught.value.code == code
    return caught.value.args_by_name


def text_file(folder: Path, text: str | bytes, name: str = "register.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def sheet(folder: Path, rows: list[list[Any]], change: Callable[[Any], None] | None = None) -> Path:
    """A spreadsheet as an office program writes it."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if change is not None:
        change(book)
    path = folder / "register.xlsx"
    book.save(path)
    return path


# -- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_as_it_is_saved(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    lines = [["Nimewo seri", "Mak", "Modèl"], ["AB1234", "Zanmi Fò", "19"], ["CD5678", "Glock", ""]]
    text = ending.join(delimiter.join(line) for line in lines)
    found = rows_of(text_file(tmp_path, text.encode(encoding)))
    assert [(row.line, row.cells[:3]) for row in found] == [
        (2, ("AB1234", "Zanmi Fò", "19")), (3, ("CD5678", "Glock", "")),
    ]  # fmt: skip


def test_titles_and_empty_lines_do_not_hide_the_headings(tmp_path: Path) -> None:
    text = '\n\nStolen arms 2026\n\nSerial,Make\n\nAB1234,Glock\n,,\n"CD\n56",Taurus\nEF78,Colt\n'
    found = rows_of(text_file(tmp_path, text))
    assert [(row.line, row.cells[0]) for row in found] == [(7, "AB1234"), (9, "CD\n56"), (11, "EF78")]


def test_short_and_long_rows_are_rows(tmp_path: Path) -> None:
    found = rows_of(text_file(tmp_path, "Make,Serial\nGlock\nGlock,AB1234,x,y\n"))
    assert [row.cells[:2] for row in found] == [("", "Glock"), ("AB1234", "Glock")]


def test_a_register_that_says_no_headings_is_refused_unless_told(tmp_path: Path) -> None:
    path = text_file(tmp_path, "Arme,Quoi\nAB1234,Glock\n")
    assert refused("register-column-none", path)["columns"] == "Arme, Quoi"
    assert rows_of(path, {"serial": "Arme"})[0].cells[0] == "AB1234"
    assert refused("register-column-none", path, {"serial": "Nimewo"})["wanted"] == "Nimewo"


def test_what_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    text = GOOD.encode() + "CD5678,Fòj\n".encode("cp1252")
    assert refused("register-file-not-utf8", text_file(tmp_path, text))["line"] == 3
    assert refused("register-file-not-utf8", text_file(tmp_path, b"\xff\xfe" + b"a" * 7))


def test_an_unclosed_quotation_mark_does_not_swallow_the_file(tmp_path: Path) -> None:
    text = GOOD + '"CD5678,Glock\n' + "EF1234,Taurus\n" * 10_000
    assert refused("register-file-not-csv", text_file(tmp_path, text))["line"] >= 3  # pyright: ignore[reportOperatorIssue]


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("register-file-empty", b""),
        ("register-file-empty", b"\n\n  \n"),
        ("register-column-none", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3".replace(b"\xe2\xe3\xcf\xd3", b"x")),
        ("register-file-not-utf8", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("register-file-not-utf8", bytes(range(256)) * 40),
        ("register-column-none", b"\x00" * 5_000),
        ("register-file-not-csv", b"a" * 200_000),
        ("register-file-columns", b",".join([b"x"] * 1_000) + b"\n"),
        ("register-file-not-sheet", b"PK\x03\x04" + b"\x00" * 100),
    ],
)
def test_what_is_no_register_is_refused(tmp_path: Path, code: str, data: bytes) -> None:
    refused(code, text_file(tmp_path, data))


def test_a_file_that_is_not_there_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused("register-file-none", tmp_path / "none.csv")
    refused("register-file-none", tmp_path)
    path = text_file(tmp_path, GOOD)
    assert len(digest_of(path)) == 64
    monkeypatch.setattr(files, "FILE_BYTES_MAX", 10)
    with pytest.raises(LanbiError) as caught:
        digest_of(path)
    assert (caught.value.code, caught.value.status) == ("register-file-large", 413)
    with pytest.raises(LanbiError) as caught:
        digest_of(tmp_path / "none.csv")
    assert caught.value.code == "register-file-none"


# -- spreadsheets ------------------------------------------------------------------------------


def test_a_spreadsheet_is_read_by_what_it_is_not_by_its_name(tmp_path: Path) -> None:
    path = sheet(
        tmp_path, [["Rejis"], [], ["Nimewo seri", "Mak", "Kalib"], ["AB1234", "Glock", 9.5], [], ["CD5678"]]
    )
    named = path.rename(tmp_path / "register.csv")
    assert [(row.line, row.cells[:4]) for row in rows_of(named)] == [
        (4, ("AB1234", "Glock", "", "9.5")), (6, ("CD5678", "", "", "")),
    ]  # fmt: skip


def test_numbers_dates_and_truth_values_are_what_a_spreadsheet_made_of_serials(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [
            ["Serial"],
            [12345678],
            [1234567890123456789],
            [datetime.date(2024, 2, 1)],
            [True],
            ["12E45"],
            ["007"],
        ],
    )
    found = rows_of(path)
    assert [(row.cells[0], row.number_cell, row.bad and row.bad[0]) for row in found] == [
        ("12345678", True, None),
        ("1.234567890123457e+18", True, "register-row-figures"),
        ("2024-02-01", False, "register-row-date"),
        ("TRUE", False, "register-row-date"),
        ("12E45", False, None),
        ("007", False, None),
    ]
    assert RowReader().read(found[0].cells, number_cell=True).flags == ("number_cell",)


def test_a_formula_is_its_value_and_nothing_is_run(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [["Serial", "Make"], ["AB1234", '=HYPERLINK("http://x.invalid","Glock")'], ["CD5678", "=1/0"]],
    )
    assert serials(path) == ["AB1234", "CD5678"]


def _zipped(members: dict[str, bytes], *, lying: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    data = buffer.getvalue()
    if lying:
        size = len(members["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
        data = data.replace(size, (100).to_bytes(4, "little"))
    return data


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SHEET_INFLATED_BYTES_MAX", 1_000_000)
    bomb = text_file(tmp_path, _zipped({"xl/worksheets/sheet1.xml": b"0" * 2_000_000}))
    assert refused("register-sheet-large", bomb)["given"] == 2
    monkeypatch.setattr(files, "SHEET_BYTES_MAX", 1_000)
    refused("register-sheet-large", sheet(tmp_path, [["Serial"], ["AB1234"]]))


def test_a_bomb_that_says_it_is_small_is_found_out(tmp_path: Path) -> None:
    lying = _zipped({"xl/worksheets/sheet1.xml": b"0" * 2_000_003}, lying=True)
    refused("register-file-not-sheet", text_file(tmp_path, lying))


@pytest.mark.parametrize("kept", [200, 1_000, 3_000])
def test_a_spreadsheet_cut_off_on_the_way_is_refused(tmp_path: Path, kept: int) -> None:
    whole = sheet(tmp_path, [["Serial"], *([f"AB{at:04}"] for at in range(200))]).read_bytes()
    refused("register-file-not-sheet", text_file(tmp_path, whole[:kept]))


def test_any_other_archive_is_no_spreadsheet(tmp_path: Path) -> None:
    refused("register-file-not-sheet", text_file(tmp_path, _zipped({"readme.txt": b"hello"})))
    refused("register-file-not-sheet", text_file(tmp_path, _zipped({"[Content_Types].xml": b"<Types/>"})))
    broken = {"xl/workbook.xml": b"<workbook><sheets><sheet", "xl/_rels/workbook.xml.rels": b"<<<"}
    refused("register-file-not-sheet", text_file(tmp_path, _zipped(broken)))
    # What a locked spreadsheet is: no archive at all.
    refused("register-file-not-utf8", text_file(tmp_path, bytes.fromhex("d0cf11e0a1b11ae1") + b"\xfe" * 600))


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    refused("register-file-empty", sheet(tmp_path, []))
    refused("register-column-none", sheet(tmp_path, [["Owner"], ["x"]]))
