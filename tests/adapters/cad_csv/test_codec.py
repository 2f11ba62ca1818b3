"""Bytes to calls: every row comes out, as a call or as a bad row with its line; nothing raises."""

import csv
import io
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanbi.adapters.cad_csv import codec
from lanbi.adapters.cad_csv.codec import BadRow, CallRow, Reading, Record, key_of, lines, one_line, records
from lanbi.adapters.cad_csv.mapping import Mapping, parse
from lanbi.core.access import LANGUAGES
from lanbi.core.errors import Malformed
from lanbi.core.geo import check_coordinates
from lanbi.core.time import parse_instant, rfc3339
from lanbi.locales import hint, say
from stores import VOCABULARY

MAPPING = b"""
source = "test"
name = "Test"
zone = "America/New_York"
title = "what"
time = [{ column = "when", format = "%Y-%m-%d %H:%M" }]
place = { lat = "lat", lon = "lon", words = ["where", "town"] }
types = { fallback = "other", prefix = { "FALL" = "fall" } }
"""
COLUMNS = ["when", "lat", "lon", "where", "town", "what"]


def anywhere(lat: float, lon: float) -> None:
    """The ground of a source that covers the Earth."""
    check_coordinates(lat, lon)


def mapping(text: bytes = MAPPING) -> Mapping:
    return parse(text, "test.toml", VOCABULARY)


def in_chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def read(
    data: bytes, delimiter: str = ",", size: int = 65_536, encoding: str = "utf-8"
) -> list[Record | BadRow]:
    return list(records(lines(in_chunks(data, size), encoding), delimiter))


def shown(rows: Iterable[Record | BadRow]) -> list[tuple[int, object]]:
    """(line, fields or the code of what is wrong) of each row."""
    return [(row.line, row.error.code if isinstance(row, BadRow) else row.fields) for row in rows]


def call_of(text: bytes = MAPPING, **fields: str) -> CallRow | BadRow:
    """The row that these fields make, the rest as of a plain good one."""
    plain = {
        "when": "2016-01-15 08:00", "lat": "40.12", "lon": "-75.34",
        "where": "ALPHA ST", "town": "SAMPLE TOWN", "what": "FALL VICTIM",
    }  # fmt: skip
    return Reading(mapping(text), COLUMNS, anywhere).call(Record(7, list((plain | fields).values())))


def good(**fields: str) -> CallRow:
    row = call_of(**fields)
    assert isinstance(row, CallRow), row
    return row


# -- lines -----------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.binary(max_size=9), st.sampled_from([b"\n", b"\r\n", b"\r"]))), st.integers(1, 7)
)
@example([(b"a", b"\r"), (b"", b"\n"), (b"b", b"\r\n")], 1)
def test_lines_are_numbered_as_an_editor_numbers_them_however_they_arrive(
    parts: list[tuple[bytes, bytes]], size: int
) -> None:
    data = b"".join(text + end for text, end in parts)
    expected = [piece.decode("latin-1") for piece in data.splitlines(keepends=True)]
    found = list(lines(in_chunks(data, size), "latin-1"))
    assert [line.text for line in found] == expected
    assert [line.number for line in found] == list(range(1, len(expected) + 1))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
@pytest.mark.parametrize("size", [1_000, 65_536, 200_000])
def test_a_line_without_end_is_let_go_and_the_next_is_read(end: bytes, size: int) -> None:
    data = b"a,b\n" + b"x" * 150_000 + (end + b"c,d" if end else b"")
    found = shown(read(data, size=size))
    assert found == [(1, ["a", "b"]), (2, "csv-line-long"), *([(3, ["c", "d"])] if end else [])]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert shown(read(b"\xef\xbb\xbfwhen,lat\n")) == [(1, ["when", "lat"])]


# -- records -----------------------------------------------------------------------------------

FIELDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
ROWS = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(FIELDS, min_size=width, max_size=width)))


@given(ROWS, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.integers(1, 9), st.booleans())
def test_what_a_spreadsheet_wrote_is_read_back_to_the_letter(
    rows: list[list[str]], delimiter: str, end: str, size: int, bom: bool
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    data = (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode()
    found = read(data, delimiter, size)
    assert [row.fields for row in found if isinstance(row, Record)] == rows
    starts, line = [], 1
    for row in rows:
        starts.append(line)
        line += 1 + sum(len(field.encode().splitlines(keepends=True)) for field in row)
        line -= sum(bool(field) and field[-1] not in "\r\n" for field in row)
    assert [row.line for row in found] == starts


def test_a_row_with_line_breaks_is_numbered_by_the_line_it_begins_on() -> None:
    data = b'a,b\n"one\ntwo\r\nthree",x\nc,d\n'
    assert shown(read(data)) == [(1, ["a", "b"]), (2, ["one\ntwo\r\nthree", "x"]), (5, ["c", "d"])]


def test_blank_lines_count_as_lines_and_not_as_rows() -> None:
    assert shown(read(b"a,b\n\n  \r\nc,d\n\x1a")) == [(1, ["a", "b"]), (4, ["c", "d"])]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"only one", "csv-columns"),
        (b"1,2,3", "csv-columns"),
        (b'"quoted" and more,2', "csv-quote-stray"),
        (b"N\0L,2", "csv-nul"),
        (b"caf\xe9,2", "csv-undecodable"),
        (b"\xff\xfe,2", "csv-undecodable"),
        (b'"never closed,2', "csv-quote-open"),
        (b'1,"', "csv-quote-open"),
    ],
)
@pytest.mark.parametrize("tail", [b"\nc,d\ne,f\n", b"\n", b""])
def test_one_bad_row_costs_no_other(line: bytes, code: str, tail: bytes) -> None:
    after = [(3, ["c", "d"]), (4, ["e", "f"])] if len(tail) > 1 else []
    assert shown(read(b"a,b\n" + line + tail)) == [(1, ["a", "b"]), (2, code), *after]


@pytest.mark.parametrize(
    ("opened", "closed", "after"),
    [
        # The first pair, taken together, looks like one good row.
        (b'"stray,2,3,4,5', b'stray",2,3,4,5', ['stray"', "2", "3", "4", "5"]),
        (b'1,"stray,3,4,5', b'stray",2,3,4,5', ['stray"', "2", "3", "4", "5"]),
        (b'1,"stray,3,4,5', b'1,2,"stray",4,5', ["1", "2", "stray", "4", "5"]),
    ],
)
def test_a_quote_closed_by_another_rows_quote_swallows_nothing_between(
    opened: bytes, closed: bytes, after: list[str]
) -> None:
    data = b"\n".join([b"a,b,c,d,e", opened, b"1,2,3,4,5", closed, b"6,7,8,9,0", b""])
    found = shown(read(data))
    assert found == [
        (1, ["a", "b", "c", "d", "e"]),
        (2, "csv-quote-open"),
        (3, ["1", "2", "3", "4", "5"]),
        (4, after),
        (5, ["6", "7", "8", "9", "0"]),
    ]


def test_a_file_of_open_quotes_is_read_to_its_end() -> None:
    count = codec.RECORD_LINES_MAX * 3
    found = read(b"a,b\n" + b'"x,1\n' * count + b"c,d\n")
    assert shown(found)[0] == (1, ["a", "b"])
    assert shown(found)[-1] == (count + 2, ["c", "d"])
    # Each second one looks closed by the next line's quote: all of them are told, none in silence.
    assert {row.error.code for row in found if isinstance(row, BadRow)} <= {
        "csv-quote-open",
        "csv-quote-stray",
    }
    assert len(found) == count + 2


@given(st.binary(max_size=400), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "cp1252", "latin-1"]))
@example(b'"\0,\n\r"\r\n\xff', ",", "utf-8")
@example(b'""",', ",", "cp1252")
def test_no_bytes_whatever_get_an_exception_out_of_the_codec(
    data: bytes, delimiter: str, encoding: str
) -> None:
    reading = Reading(mapping(), COLUMNS, anywhere)
    line = 0
    for row in records(lines(in_chunks(data, 16), encoding), delimiter, len(COLUMNS)):
        outcome = row if isinstance(row, BadRow) else reading.call(row)
        assert outcome.line > line
        line = outcome.line
        if isinstance(outcome, BadRow):
            for lang in LANGUAGES:
                assert say(lang, outcome.error.code, **outcome.error.args_by_name) != outcome.error.code
                assert hint(lang, outcome.error.code, **outcome.error.args_by_name)


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_fields_whatever_get_an_exception_out_of_the_codec(fields: list[str]) -> None:
    fields = [field.encode(errors="replace").decode() for field in fields]
    outcome = Reading(mapping(), COLUMNS, anywhere).call(Record(2, ["2016-01-15 08:00", *fields[1:]]))
    assert isinstance(outcome, CallRow)
    assert "\n" not in outcome.title
    assert len(outcome.title) <= 200


# -- calls -----------------------------------------------------------------------------------


def test_a_row_becomes_a_call_with_its_time_place_type_and_title() -> None:
    row = good()
    assert rfc3339(row.at) == "2016-01-15T13:00:00.000000Z"
    assert (row.line, row.type, row.typed, row.title) == (7, "fall", True, "FALL VICTIM")
    assert row.area is not None
    assert (row.area.lat, row.area.lon, row.area.radius_m) == (40.12, -75.34, 100.0)
    assert (row.area.source, row.area.confidence, row.area.words) == (
        "import",
        "likely",
        "ALPHA ST, SAMPLE TOWN",
    )
    assert row.misplaced is None


@pytest.mark.parametrize(
    ("given_time", "utc"),
    [
        ("2016-07-15 08:00", "2016-07-15T12:00:00Z"),  # summer time
        ("2016-11-06 01:30", "2016-11-06T05:30:00Z"),  # an hour that came twice: the first
        (" 2016-01-15 08:00 ", "2016-01-15T13:00:00Z"),
    ],
)
def test_times_without_offset_are_those_of_the_zone(given_time: str, utc: str) -> None:
    assert good(when=given_time).at == parse_instant(utc)


@pytest.mark.parametrize(
    ("rule", "text", "utc"),
    [
        (b"iso", "2016-01-15T08:00:00Z", "2016-01-15T08:00:00Z"),
        (b"iso", "2016-01-15T08:00:00", "2016-01-15T13:00:00Z"),
        (b"%d/%m/%Y %I:%M %p %z", "15/01/2016 08:00 PM +0200", "2016-01-15T18:00:00Z"),
    ],
)
def test_an_offset_in_the_text_rules_over_the_zone(rule: bytes, text: str, utc: str) -> None:
    row = call_of(MAPPING.replace(b"%Y-%m-%d %H:%M", rule), when=text)
    assert isinstance(row, CallRow)
    assert row.at == parse_instant(utc)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2016-13-01 08:00", "2016-01-15", "1815-06-18 11:00", "9999-01-01 00:00"]
)
def test_a_row_without_a_readable_time_is_no_call(text: str) -> None:
    row = call_of(when=text)
    assert isinstance(row, BadRow)
    assert (row.line, row.error.code) == (7, "csv-time")


def test_times_are_tried_in_their_order() -> None:
    text = MAPPING.replace(
        b"time = [",
        rb"""time = [{ column = "what", pattern = 'at (\S+)', format = "iso" }, """,
    )
    first, second = call_of(text, what="FALL at 2016-01-15T09:00:00Z"), call_of(text, what="FALL at noon")
    assert isinstance(first, CallRow)
    assert isinstance(second, CallRow)
    assert first.at == parse_instant("2016-01-15T09:00:00Z")
    assert second.at == parse_instant("2016-01-15T13:00:00Z")


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("", "", "csv-coordinate"),
        ("40.12", "", "csv-coordinate"),
        ("N 40.12", "-75.34", "csv-coordinate"),
        ("nan", "inf", "csv-coordinate"),
        ("4_0", "-75", "csv-coordinate"),
        ("1e1", "-75", "csv-coordinate"),
        ("140.12", "-75.34", "coordinates-impossible"),
        ("40.12", "-575.34", "coordinates-impossible"),
    ],
)
def test_a_row_with_unbelievable_coordinates_is_a_call_with_its_words(lat: str, lon: str, code: str) -> None:
    row = good(lat=lat, lon=lon)
    assert row.misplaced is not None
    assert row.misplaced.code == code
    assert row.area is not None
    assert not row.area.known
    assert (row.area.words, row.area.confidence) == ("ALPHA ST, SAMPLE TOWN", "heard")


def test_a_row_without_any_place_is_still_a_call() -> None:
    row = good(lat="", lon="", where=" ", town="")
    assert row.area is None
    assert row.misplaced is not None


def test_a_decimal_comma_is_understood() -> None:
    row = good(lat="18,5392", lon="-72,3364")
    assert row.area is not None
    assert (row.area.lat, row.area.lon) == (18.5392, -72.3364)


def test_the_same_words_in_two_columns_are_said_once() -> None:
    row = good(where="DELMA 33", town="DELMA 33")
    assert row.area is not None
    assert row.area.words == "DELMA 33"


def test_titles_and_places_become_one_line_and_are_cut_where_too_long() -> None:
    row = good(what="FALL\n  of \x07 a\tchild", where="x" * 600)
    assert row.title == "FALL of a child"
    assert row.area is not None
    assert len(row.area.words) == 500
    assert row.area.words.endswith("…")
    assert one_line("é" * 201, 200) == "é" * 199 + "…"


def test_rows_are_told_apart_by_their_fields_and_by_nothing_else() -> None:
    assert good().key == good(where=" ALPHA ST ").key
    assert len({good().key, good(where="BETA ST").key, good(when="2016-01-15 08:01").key}) == 3
    assert key_of(["ab", "c"]) != key_of(["a", "bc"])


def test_columns_that_are_not_there_or_there_twice_are_named() -> None:
    with pytest.raises(Malformed) as refused:
        Reading(mapping(), ["when", "lat", "lat", "where", "town", "what"], anywhere)
    assert refused.value.code == "csv-header"
    assert refused.value.args_by_name["missing"] == "lat, lon"
    Reading(mapping(), [f" {name} " for name in reversed(COLUMNS)] + ["more", "more"], anywhere)
