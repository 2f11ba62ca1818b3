"""Headings as four languages write them, and rows as offices write them."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed
from lanbi.tracing.markings.catalogue import serial_words
from lanbi.tracing.markings.normal import serial_of
from lanbi.tracing.matches.columns import FIELDS, FLAGS, RowReader, columns_of, heading_key
from lanbi.tracing.matches.model import Entry


def read(
    serial: str, make: str = "", model: str = "", calibre: str = "", type_: str = "", ref: str = ""
) -> Entry:
    """One row as an entry."""
    row = RowReader().read((serial, make, model, calibre, type_, ref))
    described = row.described
    return Entry(
        n=10_000_001,
        marks=row.marks,
        make=described.make,
        model=described.model,
        calibre=described.calibre,
        type=described.type,
        reference=row.reference,
        flags=row.flags,
        written=row.written,
    )


def refused(code: str, serial: str, **more: str) -> None:
    with pytest.raises(LanbiError) as caught:
        read(serial, **more)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "headings",
    [
        ("Serial Number", "Manufacturer", "Model", "Caliber", "Weapon type", "Case No."),
        ("N° de série", "Marque", "Modèle", "Calibre", "Type d’arme", "Dossier"),
        ("Número de serie", "Fabricante", "Modelo", "Calibre", "Clase de arma", "Expediente"),
        ("Nimewo seri", "Mak fabrik", "Modèl", "Kalib", "Kalite zam", "Dosye"),
        ("SER", "MAK", "MOD", "CAL", "TYP", "NIC"),
    ],
)
def test_headings_are_understood_in_four_languages(headings: tuple[str, ...]) -> None:
    assert columns_of(headings) == {name: at for at, name in enumerate(FIELDS)}
    backwards = columns_of([*headings[::-1], "Owner", ""])
    assert backwards == {name: 5 - at for at, name in enumerate(FIELDS)}


def test_a_row_without_a_serial_heading_is_no_row_of_headings() -> None:
    assert columns_of(["Register of stolen arms", "2026"]) is None
    assert columns_of([]) is None


def test_two_columns_for_one_field_must_be_told_apart() -> None:
    with pytest.raises(Malformed) as caught:
        columns_of(["Serial", "Marca", "Fabricante"])
    assert caught.value.code == "register-column-twice"
    assert caught.value.args_by_name["columns"] == "Marca, Fabricante"
    assert columns_of(["Serial", "Marca", "Fabricante"], {"make": "marca"}) == {"serial": 0, "make": 1}


def test_what_headings_do_not_tell_can_be_said() -> None:
    assert columns_of(["Arme", "Quoi"]) is None
    assert columns_of(["Arme", "Quoi"], {"serial": "Arme", "reference": "QUOI"}) == {
        "serial": 0,
        "reference": 1,
    }
    assert columns_of(["Arme"], {"serial": "Numéro"}) is None
    with pytest.raises(Malformed) as caught:
        columns_of(["Serial", "Owner"], {"owner": "Owner"})
    assert caught.value.code == "register-field"


def test_a_row_keeps_what_it_says_beside_what_is_understood() -> None:
    entry = read(" syn-488 075", "Glock GmbH", "19", "9 mm", "Pistolet", " case 24-77 ")
    assert (entry.marks, entry.make, entry.model, entry.calibre, entry.type) == (
        "SYN488075", "GLOCK", "GLOCK/19", "9X19", "pistol",
    )  # fmt: skip
    assert entry.reference == "case 24-77"
    assert [entry.as_written(prop) for prop in ("serial", "make", "calibre", "type")] == [
        "syn-488 075", "Glock GmbH", "9 mm", "Pistolet",
    ]  # fmt: skip
    assert entry.flags == ()
    plain = read("SYN488075", "GLOCK")
    assert (plain.written, plain.as_written("serial"), plain.as_written("make")) == ({}, "SYN488075", "GLOCK")
    assert plain.as_written("model") is None


def test_what_is_not_recognised_is_kept_and_flagged() -> None:
    entry = read("AB1234", "Zanmi Fò", "Espesyal", "11.9 rale", "bagay")
    assert (entry.make, entry.model, entry.calibre, entry.type) == (
        "Zanmi Fò",
        "Espesyal",
        "11.9 rale",
        "bagay",
    )
    assert entry.flags == ("make_unknown", "calibre_unknown", "type_unknown")
    assert read("AB12?4").flags == ("serial_partial",)
    assert read("AB…34").flags == ("serial_partial", "not_searched")
    number = RowReader().read(("123456", "", "", "", "", ""), number_cell=True)
    assert number.flags == ("number_cell",)
    assert {*entry.flags, *number.flags, "serial_partial", "not_searched"} == set(FLAGS)


def test_a_make_written_with_its_model_is_found() -> None:
    assert (read("AB1234", model="Glock 19").make, read("AB1234", model="Glock 19").model) == (
        "GLOCK",
        "GLOCK/19",
    )


@pytest.mark.parametrize(
    ("code", "serial"),
    [
        ("register-row-no-serial", "   "),
        ("register-row-no-serial", "NONE"),
        ("register-row-no-serial", "obliterated"),
        ("register-row-no-serial", "???"),
        ("register-row-exponent", "1.23457E+11"),
        ("register-row-exponent", "1,2e12"),
        ("register-row-error", "#N/A"),
        ("register-row-error", "#REF!"),
        ("serial-too-long", "A1" * 20),
        ("serial-control-character", "AB\x0012"),
        ("serial-gaps", "A…B…C"),
    ],
)
def test_a_row_that_can_be_no_entry_says_why(code: str, serial: str) -> None:
    refused(code, serial)


def test_a_serial_that_only_looks_like_a_mangled_one_is_taken() -> None:
    assert [read(serial).marks for serial in ("5E3", "12E7", "1E", "AE12")] == ["5E3", "12E7", "1E", "AE12"]


@pytest.mark.parametrize("field", ["make", "model", "calibre", "type_", "ref"])
def test_cells_that_cannot_be_kept_refuse_their_row(field: str) -> None:
    refused("text-too-long", "AB1234", **{field: "x" * 501})
    refused("text-nul", "AB1234", **{field: "a\x00b"})
    refused("text-control", "AB1234", **{field: "a\nb"})
    read("AB1234", **{field: "x" * 160})


@given(st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=26))
def test_the_short_way_to_read_a_plain_serial_is_the_long_one(text: str) -> None:
    try:
        wanted = serial_of(text).marks
    except LanbiError as error:
        refused(error.code, text)
        return
    if not wanted:
        refused("register-row-no-serial", text)
    elif re.fullmatch(r"\d+E\d{1,3}", text) is None:
        assert read(text).marks == wanted


def test_no_word_about_serials_is_taken_for_one() -> None:
    words = serial_words()
    said = [word for several in words.instead.values() for word in several]
    for word in said:
        refused("register-row-no-serial", word)
        refused("register-row-no-serial", word.upper())
    for prefix in words.prefixes:
        for text in (f"{prefix} 12345", f"{prefix}12345", f"{prefix.upper()}: 12345"):
            assert read(text).marks == serial_of(text).marks


@given(st.text(max_size=40))
def test_any_heading_has_a_key(text: str) -> None:
    key = heading_key(text)
    assert key.isascii()
    assert heading_key(key) == key
