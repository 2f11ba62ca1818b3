"""From the bytes of a file to a table of texts: CSV and spreadsheets, bounded, nothing executed. Pure.

A row that cannot be read comes out as a `BadRow` in its place and none raises; what is wrong with the whole
file (too large, no table, a trap) raises before a row is read. A formula is never worked out: of a
spreadsheet the values are taken that its program saved, and "=1+1" in a CSV is four characters.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from lanbi.core.errors import LanbiError, Malformed, TooLarge
from lanbi.tracing.recoveries.workbook import OLD_START, ZIP_STARTS, read_workbook

FILE_BYTES_MAX = 25_000_000
ROWS_MAX = 200_000
COLUMNS_MAX = 200
CELL_CHARS_MAX = 2_000
RECORD_LINES_MAX = 50
"""A quote that is never closed would swallow the rest of the file."""
QUOTE_FAULTS_MAX = 1_000
"""More rows than this with a quote gone wrong, and the file is no CSV of this kind at all."""
HEADER_ROWS_MAX = 20
"""So far down the header is looked for: reports begin with a title and a date."""
SHOWN_CHARS_MAX = 80
DELIMITERS = (",", ";", "\t", "|")

Kind = Literal["csv", "xlsx", "ods"]
_BLANK = " \t\r\n\x1a\xa0"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, as a refusal's code with its blanks. `column`: by its name; None for the whole row."""

    code: str
    args: dict[str, object] = {}
    column: str | None = None


class Row(msgspec.Struct, frozen=True):
    """One row of the table, its cells by column. `line`: as an editor or spreadsheet numbers it, from 1."""

    line: int
    cells: tuple[str, ...]


class BadRow(msgspec.Struct, frozen=True):
    """A row that cannot be taken in, with every reason."""

    line: int
    faults: tuple[Fault, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A file as read. `columns`: the header, in the file's order; one without a name is called by its number
    ("#3"). `digest`: SHA-256 of the bytes, in hex. `encoding`, `delimiter`: of a CSV; `sheet`: of a
    spreadsheet."""

    name: str
    digest: str
    kind: Kind
    columns: tuple[str, ...]
    rows: tuple[Row | BadRow, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def sample(self, count: int) -> list[tuple[str, ...]]:
        """The cells of the first readable rows."""
        found = (row.cells for row in self.rows if isinstance(row, Row))
        return [cells for cells, _ in zip(found, range(count), strict=False)]


def fault_of(error: LanbiError, column: str | None = None) -> Fault:
    """A refusal as something that is told of a cell."""
    return Fault(code=error.code, args=error.args_by_name, column=column)


def check_size(count: int) -> None:
    """Raises `TooLarge("recoveries-file-large")` over `FILE_BYTES_MAX`: to be asked before a byte is read."""
    if count > FILE_BYTES_MAX:
        raise TooLarge("recoveries-file-large", limit=FILE_BYTES_MAX // 1_000_000, given=count)


def read_table(data: bytes, name: str) -> Table:
    """A CSV, XLSX or ODS file as a table. `name`: the file's, to be shown; what it is, its bytes tell.

    Raises `TooLarge` over 25 MB, 200,000 rows or 200 columns, and for a zip that is a trap; `Malformed` for
    an empty file, one that is no table, a text that is neither UTF-8 nor Windows-1252.
    """
    check_size(len(data))
    if not data.strip(b" \t\r\n"):
        raise Malformed("recoveries-file-empty")
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(OLD_START):
        raise Malformed("recoveries-file-kind")
    if data.startswith(ZIP_STARTS):
        book = read_workbook(data, rows_max=ROWS_MAX + HEADER_ROWS_MAX, columns_max=COLUMNS_MAX)
        found: list[tuple[int, list[str] | BadRow]] = [
            (line, cells if isinstance(cells, list) else BadRow(line, (fault_of(cells),)))
            for line, cells in book.rows
        ]
        columns, rows = _under_header(found)
        return Table(
            name=name, digest=digest, kind=book.kind, columns=columns, rows=_squared(columns, rows, pad=True),
            sheet=book.sheet,
        )  # fmt: skip
    text, encoding = _decoded(data)
    delimiter = _delimiter(text)
    columns, rows = _under_header(list(_records(text, delimiter)))
    return Table(
        name=name, digest=digest, kind="csv", columns=columns, rows=_squared(columns, rows, pad=False),
        encoding=encoding, delimiter=delimiter,
    )  # fmt: skip


# -- the text ----------------------------------------------------------------------------


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"  # "Unicode text" of a spreadsheet
    else:
        encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Malformed("recoveries-file-encoding", line=data.count(b"\n", 0, error.start) + 1) from error
        encoding = "cp1252"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as second:
            line = data.count(b"\n", 0, second.start) + 1
            raise Malformed("recoveries-file-encoding", line=line) from second
    if "\x00" in text:
        raise Malformed("recoveries-file-binary", line=text.count("\n", 0, text.index("\x00")) + 1)
    return text, encoding


def _delimiter(text: str) -> str:
    """That which parts most of the first lines alike, into the more fields; a comma where none parts them."""
    head = [line for line in text[:20_000].splitlines() if line.strip(_BLANK)][:HEADER_ROWS_MAX]

    def alike(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(next(csv.reader([line], delimiter=delimiter), [])) for line in head)
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    best = max(DELIMITERS, key=alike)
    return best if alike(best)[1] else ","


class _Lines:
    """Hands csv the lines of one record, as many as it asks for within the bounds."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.at = 0
        self.begin = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.at >= len(self._lines) or self.at - self.begin >= RECORD_LINES_MAX:
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]

    @property
    def left(self) -> bool:
        return self.at < len(self._lines)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | BadRow]]:
    """(line, cells) of each record, by RFC 4180. Where a quote is opened and not closed, or closed only by
    another row's, the line that opened it is bad and reading goes on with the next: nothing else is lost."""
    source = _Lines(list(io.StringIO(text, newline="")))
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    width = quote_faults = 0
    while source.left:
        source.begin = source.at
        line = source.begin + 1
        try:
            cells = next(reader)
            failed = source.at - source.begin > 1 and width > 1 and len(cells) != width
        except (csv.Error, StopIteration):
            cells, failed = [], True
        if failed:
            quote_faults += 1
            if quote_faults > QUOTE_FAULTS_MAX:
                raise Malformed("recoveries-file-quotes", limit=QUOTE_FAULTS_MAX, line=line)
            source.at = line
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            yield line, BadRow(line, (Fault(code="recoveries-row-quote"),))
            continue
        width = max(width, len(cells)) if line <= HEADER_ROWS_MAX else width
        yield line, cells


# -- the table ---------------------------------------------------------------------------


def _filled(cells: list[str] | BadRow) -> int:
    return 0 if isinstance(cells, BadRow) else sum(1 for cell in cells if cell.strip(_BLANK))


def _under_header(
    found: Sequence[tuple[int, list[str] | BadRow]],
) -> tuple[tuple[str, ...], list[tuple[int, list[str] | BadRow]]]:
    """The names of the columns, and the rows below. The header is the first row that is at least half as full
    as the fullest of the first twenty: a title above it has one cell."""
    head = found[:HEADER_ROWS_MAX]
    fullest = max((_filled(cells) for _, cells in head), default=0)
    if fullest == 0:
        raise Malformed("recoveries-file-empty")
    at = next(at for at, (_, cells) in enumerate(head) if _filled(cells) * 2 >= fullest)
    header = found[at][1]
    assert isinstance(header, list)  # noqa: S101 - a bad row is not filled
    names = [" ".join(name.split())[:CELL_CHARS_MAX] for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > COLUMNS_MAX:
        raise TooLarge("recoveries-file-columns", limit=COLUMNS_MAX, given=len(names))
    columns = tuple(name or f"#{number}" for number, name in enumerate(names, 1))
    rows = [(line, cells) for line, cells in found[at + 1 :] if isinstance(cells, BadRow) or _filled(cells)]
    if len(rows) > ROWS_MAX:
        raise TooLarge("recoveries-file-rows", limit=ROWS_MAX, given=len(rows))
    if not rows:
        raise Malformed("recoveries-file-empty")
    return columns, rows


def _squared(
    columns: tuple[str, ...], rows: Sequence[tuple[int, list[str] | BadRow]], *, pad: bool
) -> tuple[Row | BadRow, ...]:
    """The rows, each as wide as the header; `pad`: a short one ends in empty cells, as in a spreadsheet."""
    width = len(columns)
    out: list[Row | BadRow] = []
    for line, cells in rows:
        if isinstance(cells, BadRow):
            out.append(cells)
            continue
        while len(cells) > width and not cells[-1].strip(_BLANK):
            cells.pop()
        if len(cells) > width or (len(cells) < width and not pad):
            args: dict[str, object] = {"given": len(cells), "expected": width}
            out.append(BadRow(line, (Fault(code="recoveries-row-columns", args=args),)))
            continue
        long = [
            Fault(
                code="recoveries-cell-long", args={"given": len(cell), "limit": CELL_CHARS_MAX}, column=name
            )
            for name, cell in zip(columns, cells, strict=False)
            if len(cell) > CELL_CHARS_MAX
        ]
        if long:
            out.append(BadRow(line, tuple(long)))
            continue
        out.append(Row(line, tuple(cell.strip(_BLANK) for cell in cells) + ("",) * (width - len(cells))))
    return tuple(out)
