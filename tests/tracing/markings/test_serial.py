"""A serial number as somebody wrote it: what is kept, what is noted, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import Malformed
from lanbi.tracing.markings.marks import ALPHABET, GAP, SERIAL_MARKS_MAX, UNREAD
from lanbi.tracing.markings.normal import SERIAL_STATUSES, serial_of
from lanbi.tracing.markings.serial import SERIAL_CHARS_MAX


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("SYN488075", "SYN488075"),
        (" syn 48-8075 \n", "SYN488075"),
        ("(ABC) 123/45", "ABC12345"),
        ("S/N: abc 123", "ABC123"),
        ("SN ABC123", "ABC123"),
        ("SN12345", "SN12345"),  # nothing parts it: it may be the number's own
        ("Serial No. # 12.345.678", "12345678"),
        ("N° de série : AB 12", "AB12"),
        ("nimewo seri: 4411", "4411"),
        ("№ 12", "12"),
        ("SYN48B·75", "SYN48B?75"),
        ("SYN48B?75", "SYN48B?75"),
        ("48B.75", "48B?75"),
        ("48_·75", "48??75"),
        ("48***75", "48???75"),
        ("SYN48*", "SYN48…"),
        ("*8075", "…8075"),
        ("48...75", "48…75"),
        ("48…75", "48…75"),
        ("AB [illegible] 12", "AB…12"),
        ("АБ 1234", "AB1234"),  # Cyrillic A and Be
        ("1Ø23", "1023"),
        ("★12345", "12345"),
        ("١٢٣", "123"),
        ("Łucznik".upper()[:1] + "12", "?12"),
    ],
)
def test_what_is_written_around_the_marks_is_left_out(text: str, marks: str) -> None:
    read = serial_of(text)
    assert read.marks == marks
    assert read.raw == text


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("ABC123", None, "legible"),
        ("ABC?23", None, "partial"),
        ("ABC…", None, "partial"),
        ("ABC?23", "legible", "partial"),
        ("ABC123", "restored", "restored"),
        ("ABC?23", "restored", "restored"),
        ("ABC123", "obliterated", "partial"),  # marks were read after all
        ("effacé", None, "obliterated"),
        ("yo lime l", None, "obliterated"),
        ("????", None, "obliterated"),
        ("", "obliterated", "obliterated"),
        ("sin número", None, "none"),
        ("pa gen", None, "none"),
        ("N/A", "none", "none"),
        ("", "none", "none"),
    ],
)
def test_the_state_follows_from_what_is_written_and_what_is_said(
    text: str, status: str | None, expected: str
) -> None:
    read = serial_of(text, status)  # pyright: ignore[reportArgumentType]
    assert read.status == expected
    assert (read.known == 0) == (expected in ("none", "obliterated"))


def test_an_import_mark_beside_the_number_is_noted_and_left_out() -> None:
    read = serial_of("S/N A12345 CAI ST ALB VT")
    assert (read.marks, read.importer) == ("A12345", "Century Arms")
    assert read.notes == ("prefix", "importer")
    assert serial_of("MADE IN AUSTRIA ABC123US").notes == ("import_mark",)
    assert serial_of("A1USA").marks == "A1USA"  # no word of its own


def test_what_was_taken_for_something_is_noted() -> None:
    assert serial_of("12.345.678").notes == ("grouped",)
    assert serial_of("Ж12").notes == ("other_script",)
    assert serial_of("AB?1", "legible").notes == ("unread",)
    assert serial_of("none").notes == ("words",)


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("", None, "serial-empty"),
        ("  -- ", None, "serial-empty"),
        ("", "legible", "serial-empty"),
        ("A" * (SERIAL_MARKS_MAX + 1), None, "serial-too-long"),
        ("A " * SERIAL_CHARS_MAX, None, "serial-too-long"),
        ("A\tB", None, "serial-control-character"),
        ("A\x00B", None, "serial-control-character"),
        ("A\u2028B", None, "serial-control-character"),
        ("A…B…C", None, "serial-gaps"),
        ("ABC123", "none", "serial-none-with-marks"),
        ("ABC123", "worn", "serial-status"),
    ],
)
def test_what_cannot_be_a_serial_number_is_refused(text: str, status: str | None, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        serial_of(text, status)  # pyright: ignore[reportArgumentType]
    assert refused.value.code == code


def test_the_longest_and_the_shortest_are_read() -> None:
    assert len(serial_of("A" * SERIAL_MARKS_MAX).marks) == SERIAL_MARKS_MAX
    assert serial_of("7").marks == "7"


@given(st.text(max_size=40), st.sampled_from((None, *SERIAL_STATUSES)))
def test_any_text_is_read_or_refused_and_reading_again_changes_nothing(text: str, status: str | None) -> None:
    try:
        read = serial_of(text, status)  # pyright: ignore[reportArgumentType]
    except Malformed:
        return
    assert set(read.marks) <= set(ALPHABET + UNREAD + GAP)
    assert len(read.marks.replace(GAP, "")) <= SERIAL_MARKS_MAX
    if read.marks:
        again = serial_of(read.marks, read.status)
        assert (again.marks, again.status, again.notes) == (read.marks, read.status, ())


@given(st.text(ALPHABET, min_size=4, max_size=12), st.sampled_from(["", " ", "-", "/", ":"]))
def test_separators_and_case_never_matter(marks: str, sign: str) -> None:
    try:
        whole = serial_of(marks)
    except Malformed:
        return
    if whole.marks:
        assert serial_of(sign.join(marks[:1]) + marks[1:].lower()).marks == whole.marks
