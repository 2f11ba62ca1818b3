"""What a CSV may be, what of it is said to be wrong, and that nothing in it can hurt."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError
from lanbi.tracing.recoveries import importer
from lanbi.tracing.recoveries.importer import BadRow, Row, read_table
from tracing.recoveries.ground import refused

CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\x1a"), max_size=30)
ROWS = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=20)
)


def good(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.line, row.cells) for row in read_table(data, "x.csv").rows if isinstance(row, Row)]


def bad(data: bytes) -> list[tuple[int, list[str]]]:
    rows = read_table(data, "x.csv").rows
    return [(row.line, [fault.code for fault in row.faults]) for row in rows if isinstance(row, BadRow)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_however_it_is_parted(delimiter: str, end: str) -> None:
    text = (
        end.join(delimiter.join(cells) for cells in (["make", "serial"], ["Glock", "A 1"], ["", "B2"])) + end
    )
    read = read_table(text.encode(), "x.csv")
    assert (read.columns, read.delimiter, read.kind) == (("make", "serial"), delimiter, "csv")
    assert [row.cells for row in read.rows if isinstance(row, Row)] == [("Glock", "A 1"), ("", "B2")]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("mak,kote\nGlock,Pòtoprens".encode(), "utf-8"),
        (b"\xef\xbb\xbf" + "mak,kote\nGlock,Pòtoprens".encode(), "utf-8-sig"),
        ("mak,kote\nGlock,Pòtoprens".encode("cp1252"), "cp1252"),
        ("mak,kote\nGlock,Pòtoprens".encode("utf-16"), "utf-16"),
    ],
)
def test_letters_come_out_right(data: bytes, encoding: str) -> None:
    read = read_table(data, "x.csv")
    assert read.encoding == encoding
    assert good(data) == [(2, ("Glock", "Pòtoprens"))]


def test_what_is_no_known_alphabet_is_refused_with_its_line() -> None:
    error = refused("recoveries-file-encoding", lambda: read_table(b"a,b\nc,\x81\xff\n", "x.csv"))
    assert error.args_by_name == {"line": 2}
    refused("recoveries-file-binary", lambda: read_table(b"a,b\nc,\x00\n", "x.csv"))


def test_a_title_above_the_header_is_passed_over() -> None:
    data = b"Seizures of 2026,,,\n,,,\ncase,date,make,serial\n1,2026-01-01,Glock,A1\n"
    assert read_table(data, "x.csv").columns == ("case", "date", "make", "serial")
    assert good(data) == [(4, ("1", "2026-01-01", "Glock", "A1"))]


def test_columns_without_a_name_have_their_number() -> None:
    assert read_table(b"a,,c,,\n1,2,3,,\n", "x.csv").columns == ("a", "#2", "c")


def test_half_a_row_is_bad_and_its_neighbours_are_good() -> None:
    data = b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n\n10,11,12,,\n"
    assert good(data) == [(2, ("1", "2", "3")), (6, ("10", "11", "12"))]
    assert bad(data) == [(3, ["recoveries-row-columns"]), (4, ["recoveries-row-columns"])]


def test_a_quote_that_is_not_closed_costs_its_own_row_only() -> None:
    lines = ["a,b,c", '1,"open,3', "4,5,6", '7,"and ""closed"", well",9', "10,11,12"]
    assert bad("\n".join(lines).encode()) == [(2, ["recoveries-row-quote"])]
    assert [line for line, _ in good("\n".join(lines).encode())] == [3, 4, 5]


def test_a_cell_over_several_lines_is_one_cell() -> None:
    data = b'a,b\n1,"first\nsecond"\n3,4\n'
    assert good(data) == [(2, ("1", "first\nsecond")), (4, ("3", "4"))]


def test_a_file_of_nothing_but_broken_quotes_is_no_table() -> None:
    rows = '1,"open,3\n' * (importer.QUOTE_FAULTS_MAX + 60)
    refused("recoveries-file-quotes", lambda: read_table(f"a,b,c\n{rows}".encode(), "x.csv"))


def test_formulas_are_text() -> None:
    cells = "=1+1", '=HYPERLINK("http://example.com")', "@SUM(A1)", "+1"
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c", "d"], cells])
    assert good(out.getvalue().encode()) == [(2, cells)]


def test_a_cell_that_is_too_long_names_its_column() -> None:
    long = "x" * (importer.CELL_CHARS_MAX + 1)
    data = f"a,b\n1,{long}\n2,{long[1:]}\n".encode()
    (row,) = [row for row in read_table(data, "x.csv").rows if isinstance(row, BadRow)]
    assert [(fault.code, fault.column) for fault in row.faults] == [("recoveries-cell-long", "b")]
    assert [line for line, _ in good(data)] == [3]


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    importer.check_size(importer.FILE_BYTES_MAX)
    error = refused("recoveries-file-large", lambda: importer.check_size(26_000_000))
    assert error.status == 413
    wide = ",".join(f"c{n}" for n in range(importer.COLUMNS_MAX + 1))
    refused("recoveries-file-columns", lambda: read_table(f"{wide}\n{wide}\n".encode(), "x.csv"))
    narrow = ",".join(f"c{n}" for n in range(importer.COLUMNS_MAX))
    assert len(read_table(f"{narrow}\n{narrow}\n".encode(), "x.csv").columns) == importer.COLUMNS_MAX


def test_as_many_rows_as_are_allowed_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "ROWS_MAX", 3)
    assert len(good(b"a,b\n1,2\n1,2\n1,2\n")) == 3
    error = refused("recoveries-file-rows", lambda: read_table(b"a,b\n1,2\n1,2\n1,2\n1,2\n", "x.csv"))
    assert error.args_by_name == {"limit": 3, "given": 4}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a,b\n", b",,\n,,\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_table_is_refused(data: bytes) -> None:
    refused("recoveries-file-empty", lambda: read_table(data, "x.csv"))


@given(ROWS)
def test_what_a_program_wrote_is_read_back(rows: list[list[str]]) -> None:
    header = [f"column {n}" for n in range(len(rows[0]))]
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    blank = " \t\r\n\x1a\xa0"
    wanted = [tuple(cell.strip(blank) for cell in row) for row in rows]
    wanted = [row for row in wanted if any(row)]
    try:
        found = read_table(out.getvalue().encode(), "x.csv")
    except LanbiError as error:
        assert error.code == "recoveries-file-empty" and not wanted
        return
    assert [row.cells for row in found.rows if isinstance(row, Row)] == wanted


@given(st.binary(max_size=400))
def test_whatever_comes_is_a_table_or_a_refusal(data: bytes) -> None:
    try:
        read = read_table(data, "x")
    except LanbiError:
        return
    assert all(len(row.cells) == len(read.columns) for row in read.rows if isinstance(row, Row))


@given(st.text('ab,"\n\r;\t ', max_size=120))
def test_no_row_is_lost_among_quotes(text: str) -> None:
    """Each line that holds something stands in a row that was read, or in one that is said to be bad."""
    try:
        read = read_table(b"h1,h2\n" + text.encode(), "x")
    except LanbiError:
        return
    lines = [row.line for row in read.rows]
    assert lines == sorted(set(lines))
