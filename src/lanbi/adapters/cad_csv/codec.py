"""From the bytes of a CSV file to calls, row by row: pure, streaming, bounded.

Three steps, each a generator: bytes to `lines`, lines to `records` (RFC 4180, by the
standard library's csv), records to calls by `Reading.calls`. A row that cannot be read
comes out as a `BadRow` in its place; none raises.
"""

import contextlib
import csv
import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from lanbi.adapters.cad_csv.mapping import Mapping
from lanbi.core.errors import LanbiError, Malformed, TooLarge
from lanbi.core.geo import AREA_WORDS_CHARS_MAX, Area
from lanbi.core.text import TITLE_CHARS_MAX
from lanbi.core.time import INSTANT_MAX, INSTANT_MIN, Instant

LINE_BYTES_MAX = 65_536
# A quote that is never closed would swallow the rest of the file.
RECORD_LINES_MAX = 200
RECORD_CHARS_MAX = 100_000
# A line of so many fields within a quoted field is a row that a stray quote swallowed, not prose.
SWALLOWED_FIELDS_MIN = 5
TIME_CHARS_MAX = 2_000
SHOWN_CHARS_MAX = 40
KEY_BYTES = 16

_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# What stands on a line that is no row; the last is how CP/M and some old exports end a file.
_BLANK = " \r\n\x1a"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,20})?")
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")

CheckPlace = Callable[[float, float], None]
"""Raises a `LanbiError` where a point cannot be on the source's ground."""


class Line(msgspec.Struct, frozen=True):
    """A line as an editor numbers it, from 1; `text` is None where it is too long to be kept."""

    number: int
    text: str | None


class Record(msgspec.Struct, frozen=True):
    """One row's fields; `line` is the line that it begins on."""

    line: int
    fields: list[str]


class BadRow(msgspec.Struct, frozen=True):
    """A row that cannot be taken in, and why."""

    line: int
    error: LanbiError


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A call as the source has it.

    `key`: hash of the columns that tell it from other rows. `misplaced`: why its
    coordinates are not believed, where it has none that are. `typed`: whether a
    rule, not the fallback, gave the type.
    """

    line: int
    at: Instant
    type: str
    typed: bool
    title: str
    area: Area | None
    misplaced: LanbiError | None
    key: bytes


# -- bytes to lines ----------------------------------------------------------------------


def lines(chunks: Iterable[bytes], encoding: str) -> Iterator[Line]:
    """The lines with their ends (LF, CRLF or CR). What does not decode is kept as lone surrogates."""
    number, held, too_long = 0, b"", False
    for part in _line_ends(chunks):
        whole = part.endswith((b"\n", b"\r"))
        held = b"" if too_long else held + part
        too_long = too_long or len(held) > LINE_BYTES_MAX
        if whole:
            number += 1
            yield Line(number, None if too_long else _decoded(held, number, encoding))
            held, too_long = b"", False
    if held or too_long:
        number += 1
        yield Line(number, None if too_long else _decoded(held, number, encoding))


def _line_ends(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces that hold at most one line end, which is their last byte or two."""
    returned = b""
    for chunk in chunks:
        parts = (returned + chunk).splitlines(keepends=True)
        returned = b""
        if parts and parts[-1].endswith(b"\r"):  # its line feed may stand in the next chunk
            returned = parts.pop()
            if len(returned) > LINE_BYTES_MAX:
                yield returned[:-1]
                returned = b"\r"
        yield from parts
    if returned:
        yield returned


def _decoded(data: bytes, number: int, encoding: str) -> str:
    if number == 1 and encoding == "utf-8":
        data = data.removeprefix(_BOM)
    return data.decode(encoding, errors="surrogateescape")


# -- lines to records ----------------------------------------------------------------------


class _OneRecord:
    """Hands csv the lines of one record, as many as it asks for within the bounds."""

    def __init__(self, first: Line, more: Callable[[], Line | None]) -> None:
        self.taken = [first]
        self._first: str | None = first.text
        self._more = more
        self._chars = len(first.text or "")

    def __iter__(self) -> "_OneRecord":
        return self

    def __next__(self) -> str:
        if self._first is not None:
            text, self._first = self._first, None
            return text
        if len(self.taken) >= RECORD_LINES_MAX or self._chars > RECORD_CHARS_MAX:
            raise StopIteration
        line = self._more()
        if line is None:
            raise StopIteration
        self.taken.append(line)
        if line.text is None:
            raise StopIteration
        self._chars += len(line.text)
        return line.text


def records(source: Iterable[Line], delimiter: str, width: int | None = None) -> Iterator[Record | BadRow]:
    """The rows, header included; each with `width` fields, or as many as the first good one.

    Where a quote is opened and not closed, or closed only by another row's, the line that
    opened it is bad and reading goes on with the next line: nothing else is lost.
    Blank lines are no rows.
    """
    unread: deque[Line] = deque()
    incoming = iter(source)

    def next_line() -> Line | None:
        return unread.popleft() if unread else next(incoming, None)

    while (first := next_line()) is not None:
        if first.text is None:
            yield BadRow(first.number, TooLarge("csv-line-long", limit=LINE_BYTES_MAX))
            continue
        if not first.text.strip(_BLANK):
            continue
        one = _OneRecord(first, next_line)
        row = _read(one, delimiter, width)
        if isinstance(row, BadRow):
            unread.extendleft(reversed(one.taken[1:]))
        else:
            width = width or len(row.fields)
        yield row


def _read(one: _OneRecord, delimiter: str, width: int | None) -> Record | BadRow:
    start = one.taken[0]
    try:
        fields = next(csv.reader(one, delimiter=delimiter, strict=True))
    except csv.Error:
        stays_open = _stays_open(start, delimiter)
        return BadRow(
            start.number, Malformed("csv-quote-open") if stays_open else Malformed("csv-quote-stray")
        )
    if error := _unreadable(fields):
        return BadRow(start.number, error)
    if width is not None and width >= SWALLOWED_FIELDS_MIN and _swallows_row(one, delimiter, width):
        return BadRow(start.number, Malformed("csv-quote-open"))
    if width is not None and len(fields) != width:
        if len(one.taken) > 1:
            return BadRow(start.number, Malformed("csv-quote-open"))
        return BadRow(start.number, Malformed("csv-columns", given=len(fields), expected=width))
    return Record(start.number, fields)


def _stays_open(start: Line, delimiter: str) -> bool:
    """Whether the line ends within a quoted field, so that csv asks for another one."""
    asked = False

    def only_this() -> Iterator[str]:
        nonlocal asked
        yield start.text or ""
        asked = True

    with contextlib.suppress(csv.Error):
        next(csv.reader(only_this(), delimiter=delimiter, strict=True))
    return asked


def _swallows_row(one: _OneRecord, delimiter: str, width: int) -> bool:
    """Whether a line in the midst of the record is a whole row by itself."""
    for line in one.taken[1:-1]:
        with contextlib.suppress(csv.Error, StopIteration):
            if len(next(csv.reader([line.text or ""], delimiter=delimiter, strict=True))) == width:
                return True
    return False


def _unreadable(fields: list[str]) -> LanbiError | None:
    text = "".join(fields)
    if "\0" in text:
        return Malformed("csv-nul")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return Malformed("csv-undecodable")
    return None


# -- records to calls ----------------------------------------------------------------------


class Reading:
    """One file under one mapping: what its columns are, and how a record becomes a call."""

    def __init__(self, mapping: Mapping, columns: Iterable[str], check_place: CheckPlace) -> None:
        """`columns`: their names in the file's order.

        Raises `Malformed("csv-header", missing=, found=)` where one that the mapping
        reads is not there, or there twice.
        """
        names = [name.strip() for name in columns]
        read = [*mapping.key_columns, mapping.title, mapping.types.column or mapping.title]
        read += [rule.column for rule in mapping.time]
        read += [name for name in (mapping.place.lat, mapping.place.lon, *mapping.place.words) if name]
        missing = [name for name in dict.fromkeys(read) if names.count(name) != 1]
        if missing:
            found = ", ".join(names)
            raise Malformed("csv-header", missing=", ".join(missing), found=found[: 5 * SHOWN_CHARS_MAX])
        self._mapping = mapping
        self._check_place = check_place
        self._at = {name: names.index(name) for name in read}
        self._key = [self._at[name] for name in mapping.key_columns]
        self._type = self._at[mapping.types.column or mapping.title]
        self._words = [self._at[name] for name in mapping.place.words]

    def call(self, record: Record) -> CallRow | BadRow:
        """The call that a record tells of. Without a readable time it is none; without a place it is one."""
        fields, mapping = record.fields, self._mapping
        at = self._time(fields)
        if at is None:
            given = fields[self._at[mapping.time[-1].column]].strip()[:SHOWN_CHARS_MAX]
            return BadRow(record.line, Malformed("csv-time", given=given))
        area, misplaced = self._area(fields)
        type_, typed = mapping.rules.type_of(fields[self._type])
        return CallRow(
            line=record.line,
            at=at,
            type=type_,
            typed=typed,
            title=one_line(fields[self._at[mapping.title]], TITLE_CHARS_MAX),
            area=area,
            misplaced=misplaced,
            key=key_of([fields[index] for index in self._key]),
        )

    def _time(self, fields: list[str]) -> Instant | None:
        mapping = self._mapping
        for rule, pattern in zip(mapping.time, mapping.time_patterns, strict=True):
            text = fields[self._at[rule.column]][:TIME_CHARS_MAX].strip()
            if pattern is not None:
                found = pattern.search(text)
                if found is None:
                    continue
                text = found.group(1 if pattern.groups else 0) or ""
            try:
                stamp = (
                    datetime.fromisoformat(text)
                    if rule.format == "iso"
                    else datetime.strptime(text, rule.format)  # noqa: DTZ007 - the zone follows
                )
                if stamp.tzinfo is None:
                    stamp = stamp.replace(tzinfo=mapping.tz)
                instant = (stamp - _EPOCH) // _MICROSECOND
            except (ValueError, OverflowError):
                continue
            if INSTANT_MIN <= instant <= INSTANT_MAX:
                return instant
        return None

    def _area(self, fields: list[str]) -> tuple[Area | None, LanbiError | None]:
        place = self._mapping.place
        said = dict.fromkeys(one_line(fields[index], AREA_WORDS_CHARS_MAX) for index in self._words)
        words = shortened(", ".join(text for text in said if text), AREA_WORDS_CHARS_MAX)
        try:
            lat, lon = self._degrees(fields, place.lat), self._degrees(fields, place.lon)
            self._check_place(lat, lon)
        except LanbiError as error:
            only_words = Area(source="import", confidence="heard", words=words) if words else None
            return only_words, error
        return Area(
            lat=lat,
            lon=lon,
            radius_m=place.radius_m,
            source="import",
            confidence=place.confidence,
            words=words,
        ), None

    def _degrees(self, fields: list[str], column: str | None) -> float:
        text = "" if column is None else fields[self._at[column]].strip()
        if not _DEGREES.fullmatch(text):
            raise Malformed("csv-coordinate", given=text[:SHOWN_CHARS_MAX])
        return float(text.replace(",", "."))


def key_of(fields: list[str]) -> bytes:
    """16 bytes that tell these fields from others; spaces at their ends do not count."""
    digest = hashlib.blake2b(digest_size=KEY_BYTES)
    for field in fields:
        data = field.strip().encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()


def one_line(text: str, chars_max: int) -> str:
    """The text with every run of spaces, line breaks and control characters as one space."""
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    return shortened(" ".join(text.split()), chars_max)


def shortened(text: str, chars_max: int) -> str:
    """The text, or its beginning with an ellipsis that says there was more."""
    return text if len(text) <= chars_max else text[: chars_max - 1].rstrip() + "…"


def is_utf16(start: bytes) -> bool:
    """Whether a file begins like UTF-16, as spreadsheets write when asked for Unicode text."""
    return start.startswith(_UTF16_BOMS)
