"""A container number is read as people write it, and a wrong digit is seen."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.tracing.networks.container import check_digit, read_container

REAL = ["CSQU3054383", "TOLU4734787", "HLXU2008419", "GVTU3000389", "MSKU9070323", "TGHU7599330"]
tens = st.builds(
    lambda owner, serial: f"{owner}U{serial:06d}",
    st.text(string.ascii_uppercase, min_size=3, max_size=3),
    st.integers(0, 999_999),
)


@pytest.mark.parametrize("number", REAL)
def test_numbers_on_real_containers_are_valid(number: str) -> None:
    found = read_container(number)
    assert found.valid
    assert found.flags == ()
    assert found.category == "container"


@pytest.mark.parametrize("text", ["csqu 305438 3", "CSQU-305438-3", " CSQU305438/3 ", "CSQU 305.438.3"])
def test_a_number_is_read_however_it_is_spaced(text: str) -> None:
    found = read_container(text)
    assert (found.number, found.written, found.text) == ("CSQU3054383", "CSQU 305438 3", text)


def test_a_wrong_check_digit_is_flagged_with_the_right_one() -> None:
    found = read_container("CSQU3054384")
    assert not found.valid
    assert (found.check, found.right_check, found.flags) == (4, 3, ("check_digit",))
    assert found.number == "CSQU3054384"  # kept as written


def test_a_missing_check_digit_is_said_and_given() -> None:
    found = read_container("CSQU305438")
    assert (found.check, found.right_check, found.flags) == (None, 3, ("check_digit_missing",))
    assert found.written == "CSQU 305438"


def test_a_remainder_of_ten_is_written_nought_and_flagged() -> None:
    found = read_container("TASU 117000 0")
    assert found.valid
    assert found.flags == ("ten",)


def test_look_alike_characters_are_read_only_where_the_check_digit_agrees() -> None:
    found = read_container("C5QU 3O5438 3")
    assert (found.number, found.flags) == ("CSQU3054383", ("read_as",))
    assert read_container("C5QU 3O5438 9").flags == ("unreadable",)


@pytest.mark.parametrize(("fourth", "category"), [("U", "container"), ("J", "equipment"), ("Z", "chassis")])
def test_the_fourth_letter_says_what_it_is(fourth: str, category: str) -> None:
    assert read_container(f"CSQ{fourth}305438").category == category


def test_an_unknown_fourth_letter_is_flagged() -> None:
    found = read_container(f"CSQX305438{check_digit('CSQX305438')}")
    assert (found.category, found.flags) == (None, ("category",))


@pytest.mark.parametrize(
    "text", ["", "a blue container", "CSQU30543", "CSQU30543835", "1234567890", "x" * 10_000]
)
def test_what_is_no_number_is_kept_as_written(text: str) -> None:
    found = read_container(text)
    assert (found.text, found.number, found.flags, found.written) == (text, None, ("unreadable",), text)


def test_a_check_digit_is_asked_of_ten_characters_only() -> None:
    with pytest.raises(ValueError, match="four letters and six digits"):
        check_digit("CSQU3054383")


@given(tens, st.integers(4, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen_where_no_remainder_is_ten(ten: str, place: int, more: int) -> None:
    """The standard's promise: weights are prime to eleven. Only nought for ten can hide a wrong digit."""
    wrong = ten[:place] + str((int(ten[place]) + more) % 10) + ten[place + 1 :]
    flags = read_container(ten).flags + read_container(wrong).flags
    if "ten" not in flags:
        assert check_digit(ten) != check_digit(wrong)


@given(tens)
def test_a_number_reads_back_as_it_is_written(ten: str) -> None:
    whole = f"{ten}{check_digit(ten)}"
    assert read_container(read_container(whole).written).number == whole


@given(st.text(max_size=40))
def test_anything_can_be_read(text: str) -> None:
    assert read_container(text).text == text
