"""Two serials side by side: where they differ, and what each difference weighs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.tracing.markings.kernel import mark_weights
from lanbi.tracing.markings.marks import ALIKE, ALPHABET, UNREAD, alike, coded, fold
from lanbi.tracing.markings.score import Around, Comparison, Gun, align, compare, parts_by_code, posterior_of

SERIALS = st.text(ALPHABET, min_size=1, max_size=12)
READINGS = st.text(ALPHABET + UNREAD, min_size=1, max_size=12)


def differences(reading: str, register: str) -> list[tuple[str | None, str | None, str]]:
    steps, _ = align(reading, register)
    return [(step.recovered, step.register, step.relation) for step in steps if step.relation != "same"]


@pytest.mark.parametrize(
    ("reading", "register", "expected"),
    [
        ("SYN488075", "SYN488075", []),
        ("SYN48B?75", "SYN488075", [("B", "8", "look_alike"), ("?", "0", "unknown")]),
        ("SYN702214", "SYN7O2214", [("0", "O", "look_alike")]),
        ("SYN331906", "SYN33I906", [("1", "I", "look_alike")]),
        ("SYN956120", "SYN965120", [("5", "6", "swapped"), ("6", "5", "swapped")]),
        ("SYN2??408", "SYN214408", [("?", "1", "unknown"), ("?", "4", "unknown")]),
        ("SYN2…408", "SYN214408", [("?", "1", "unknown"), ("?", "4", "unknown")]),
        ("SYN48075", "SYN488075", [(None, "8", "missing")]),
        ("SYN4880755", "SYN488075", [("5", None, "extra")]),
        ("SYN488071", "SYN488075", [("1", "5", "other")]),
    ],
)
def test_the_difference_is_shown_mark_by_mark(
    reading: str, register: str, expected: list[tuple[str | None, str | None, str]]
) -> None:
    assert differences(reading, register) == expected
    steps, _ = align(reading, register)
    assert "".join(step.register or "" for step in steps) == register
    if "…" not in reading:
        assert "".join(step.recovered or "" for step in steps) == reading


def test_look_alikes_are_those_of_the_table_and_never_two_figures() -> None:
    assert alike("0", "O")
    assert alike("1", "L")
    assert not alike("8", "8")
    assert not alike("3", "8")
    for group in ALIKE:
        assert sum(mark.isdigit() for mark in group) == 1
        assert len({fold(mark) for mark in group}) == 1


def weight(reading: str, register: str) -> float:
    return align(reading, register)[1]


def test_each_difference_costs_and_the_likelier_error_costs_less() -> None:
    right = weight("SYN488075", "SYN488075")
    look = weight("SYN48B075", "SYN488075")
    swap = weight("SYN480875", "SYN488075")
    other = weight("SYN483075", "SYN488075")
    two = weight("SYN433075", "SYN488075")
    assert right > look > other > two
    assert right > swap > two
    assert weight("SYN48?075", "SYN488075") > other


@given(SERIALS, SERIALS)
def test_what_is_missing_one_way_is_extra_the_other(one: str, other: str) -> None:
    back = {"missing": "extra", "extra": "missing"}
    there, here = align(one, other)[0], align(other, one)[0]
    relations = sorted(back.get(step.relation, step.relation) for step in there)
    assert relations == sorted(step.relation for step in here)


@given(SERIALS)
def test_nothing_weighs_more_than_the_very_same(marks: str) -> None:
    same = weight(marks, marks)
    for at in range(len(marks)):
        assert weight(marks[:at] + UNREAD + marks[at + 1 :], marks) < same
        assert weight(marks[:at] + marks[at + 1 :], marks) < same


@given(st.data())
def test_many_at_once_weigh_what_one_pair_weighs(data: st.DataObject) -> None:
    """The arrays of a batch and the alignment that a screen draws are one model."""
    held = data.draw(SERIALS)
    at = data.draw(st.integers(0, len(held) - 1))
    mark = data.draw(st.sampled_from(ALPHABET + UNREAD))
    read = data.draw(
        st.sampled_from([
            held,
            held[:at] + mark + held[at + 1 :],
            held[:at] + held[at + 1 :] or held,
            held[:at] + mark + held[at:],
            held[:at] + held[at : at + 2][::-1] + held[at + 2 :],
            "".join(data.draw(st.permutations(held))),
        ])
    )  # fmt: skip
    (codes, lengths), (held_codes, held_lengths) = coded([read]), coded([held])
    assert mark_weights(codes, held_codes, lengths, held_lengths)[0] == pytest.approx(
        weight(read, held), abs=1e-4
    )


def parts(found: Comparison) -> dict[str, float]:
    return {code: part.weight for code, part in parts_by_code(found.parts).items()}


@given(
    READINGS, SERIALS, st.sampled_from([None, "GLOCK", "TAURUS", "ROSSI"]), st.sampled_from([None, "9X19"])
)
def test_the_parts_add_up_to_the_odds(
    reading: str, register: str, make: str | None, calibre: str | None
) -> None:
    around = Around(entries=1_400_000, shares={"make": 0.2}, pattern=-1.5, rivals=(-3.0, 0.5))
    found = compare(
        Gun(marks=reading, make=make, calibre=calibre),
        Gun(marks=register, make="TAURUS", calibre="9X18"),
        around,
    )
    assert sum(part.weight for part in found.parts) == pytest.approx(found.log10_odds, abs=1e-6)
    assert found.posterior == pytest.approx(posterior_of(found.log10_odds))
    assert 0 <= found.posterior <= 1
    assert all(math.isfinite(part.weight) for part in found.parts)


def test_each_part_says_what_it_is_for() -> None:
    around = Around(
        entries=1_400_000, shares={"make": 0.02, "calibre": 0.3}, pattern=-0.5, rivals=(3.5, -5.0)
    )
    reading = Gun(marks="SYN48B?75", make="GLOCK", calibre="9X19")
    found = compare(reading, Gun(marks="SYN488075", make="GLOCK", calibre="9X19"), around)
    weights = parts(found)
    assert weights["register"] < 0 < weights["marks"]
    assert weights["look_alike"] < 0
    assert weights["unread"] < 0
    assert weights["make"] > weights["calibre"] > 0
    assert weights["others"] < 0
    assert parts_by_code(found.parts)["others"].count == 1
    differs = compare(reading, Gun(marks="SYN488075", make="RUGER", calibre="45ACP"), around)
    assert parts(differs)["make"] < 0
    assert parts(differs)["calibre"] < 0
    assert differs.posterior < found.posterior


def test_a_rare_make_says_more_than_a_common_one_and_kin_says_little() -> None:
    reading = Gun(marks="AB1234", make="CENTURY")
    common = compare(reading, Gun(marks="AB1234", make="CENTURY"), Around(shares={"make": 0.3}))
    rare = compare(reading, Gun(marks="AB1234", make="CENTURY"), Around(shares={"make": 0.001}))
    kin = compare(reading, Gun(marks="AB1234", make="ROMARM"), Around(shares={"make": 0.3}))
    other = compare(reading, Gun(marks="AB1234", make="GLOCK"), Around(shares={"make": 0.3}))
    assert parts(rare)["make"] > parts(common)["make"] > parts(kin)["make"] > parts(other)["make"]
    assert "make" not in parts(compare(Gun(marks="AB1234"), Gun(marks="AB1234", make="GLOCK")))


def test_the_posterior_is_a_share_whatever_the_odds() -> None:
    assert posterior_of(0.0) == 0.5
    assert posterior_of(1e9) == pytest.approx(1.0)
    assert posterior_of(-1e9) == pytest.approx(0.0)
    assert np.isfinite(posterior_of(-1e9))
