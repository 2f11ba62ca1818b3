"""The receipt code: unguessable, easy to say, and a slip of the tongue is noticed."""

import math

from hypothesis import given
from hypothesis import strategies as st

from lanbi.tips.receipt import ALPHABET, SYMBOLS, grouped, holder_key, lookup_of, new_code, read_code

codes = st.builds(lambda _: new_code(), st.integers())


def test_nobody_guesses_a_code() -> None:
    assert (SYMBOLS - 1) * math.log2(len(ALPHABET)) >= 80
    assert len({new_code() for _ in range(500)}) == 500


@given(codes, st.sampled_from(["-", " ", "", " - ", "."]), st.booleans())
def test_a_code_is_read_however_it_was_written_down(code: str, between: str, small: bool) -> None:
    typed = between.join(grouped(code).split("-"))
    assert read_code(typed.lower() if small else typed) == code
    assert len(grouped(code)) == 23


@given(codes, st.integers(0, SYMBOLS - 1), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_noticed(code: str, place: int, symbol: str) -> None:
    typed = code[:place] + symbol + code[place + 1 :]
    assert read_code(typed) == (code if typed == code else None)


@given(codes, st.integers(0, SYMBOLS - 1), st.integers(0, SYMBOLS - 1))
def test_two_symbols_that_change_places_are_noticed(code: str, one: int, other: int) -> None:
    symbols = list(code)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    typed = "".join(symbols)
    assert read_code(typed) == (code if typed == code else None)


def test_what_looks_like_a_figure_is_read_as_one() -> None:
    code = next(code for code in iter(new_code, "") if "0" in code and "1" in code)
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    read = read_code(typed)
    assert read is None or (len(read) == SYMBOLS and set(read) <= set(ALPHABET))


def test_the_store_cannot_have_the_code_or_the_holders_key_back() -> None:
    code = new_code()
    lookup, private = lookup_of(code), holder_key(code).private_bytes_raw()
    assert lookup == lookup_of(code)
    assert len({lookup, private, code.encode()}) == 3
    assert lookup != lookup_of(new_code())
