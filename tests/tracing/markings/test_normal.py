"""Makes, models, calibres and types as they stand in reports."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.access import LANGUAGES
from lanbi.tracing.markings.catalogue import calibres, firearm_types, makes, models, near_pairs, numbers
from lanbi.tracing.markings.normal import Read, calibre_of, make_of, model_of, type_of

REAL = (
    Path(__file__).resolve().parents[4]
    / "shared/data/firearms/brady_crime_guns_deid/crime_gun_events_deid.csv"
)
RECOGNISED_SHARE_MIN = 0.97


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("GLOCK", "GLOCK", "exact"),
        ("Smith & Wesson", "SMITHWESSON", "exact"),
        ("S&W", "SMITHWESSON", "spelling"),
        ("Smith and Wesson Corp.", "SMITHWESSON", "spelling"),
        ("Glock, Inc.", "GLOCK", "spelling"),
        ("Forjas Taurus S.A.", "TAURUS", "spelling"),
        ("Berreta", "BERETTA", "spelling"),
        ("Rugr", "RUGER", "near"),
        ("Springfeild Armory", "SPRINGFIELD", "near"),
        ("Glock 19", "GLOCK", "near"),
        ("Česká zbrojovka", "CZ", "exact"),
        ("Ceska Zbrojovka", "CZ", "exact"),
        ("Fabryka Broni Lucznik", "LUCZNIK", "spelling"),
        ("H&K", "HK", "spelling"),
        ("XK", None, "unknown"),
        ("Acme Armas de Fuego", None, "unknown"),
        ("", None, "unknown"),
    ],
)
def test_a_make_is_recognised_and_says_how(text: str, code: str | None, how: str) -> None:
    read = make_of(text)
    assert (read.code, read.how) == (code, how)
    assert read.written == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9mm", "9X19"),
        ("9 mm Luger", "9X19"),
        ("9x19", "9X19"),
        ("9 PARA", "9X19"),
        ("9mm court", "380ACP"),
        ("9x18 Makarov", "9X18"),
        (".40 S&W", "40SW"),
        ("40", "40SW"),
        ("0.40", "40SW"),
        ("7.62x39", "7.62X39"),
        ("7,62 x 39 mm", "7.62X39"),
        ("7.62mm x 51", "7.62X51"),
        ("cal .38", "38"),
        (".38 Spécial", "38SPL"),
        ("calibre 12", "12GA"),
        ("kalib 12", "12GA"),
        ("12 Gauge", "12GA"),
        ("5.56 NATO", "5.56X45"),
        (".223", "223REM"),
        (".50 BMG", "12.7X99"),
        (".45", "45"),
    ],
)
def test_a_calibre_is_recognised_however_it_is_written(text: str, code: str) -> None:
    assert calibre_of(text).code == code


@pytest.mark.parametrize("text", ["11", "7.92x99", "unknown", "38 mm flare"])
def test_a_calibre_that_is_not_known_is_kept_as_written(text: str) -> None:
    assert calibre_of(text) == Read(None, text, "unknown")


def test_a_figure_wrong_is_another_calibre_a_letter_wrong_is_not() -> None:
    assert calibre_of("9mm Lugr") == Read("9X19", "9mm Lugr", "near")
    assert calibre_of("8mm Luger").code is None


def test_a_model_needs_its_make() -> None:
    assert model_of("G19", "GLOCK") == Read("GLOCK/19", "G19", "spelling")
    assert model_of("Glock 19").code == "GLOCK/19"
    assert model_of("PT-111", "TAURUS").code == "TAURUS/PT111"
    assert model_of("Model 10", "SMITHWESSON").code == "SMITHWESSON/10"
    assert model_of("AK-47").code is None  # many makers' guns are called that
    assert model_of("AK-47", "KALASHNIKOV").code == "KALASHNIKOV/AK47"
    assert model_of("19", "RUGER").code is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("handgun", "pistol"),
        ("Pistolè", "pistol"),
        ("révolver", "revolver"),
        ("fusil d'assaut", "rifle"),
        ("Shotgun (pump)", "shotgun"),
        ("zam kreyòl", "pmf"),
        ("ghost gun", "pmf"),
        ("armazón", "receiver"),
        ("catapult", None),
    ],
)
def test_a_type_is_recognised_in_four_languages(text: str, code: str | None) -> None:
    assert type_of(text).code == code


def test_the_data_name_enough_and_only_what_is_there() -> None:
    assert len(makes()) >= 60
    assert len(calibres()) >= 45
    for calibre in calibres().values():
        assert {*calibre.near, *calibre.holds} <= calibres().keys(), calibre.code
    for model in models().values():
        assert model.make in makes(), model.code
        assert model.type in firearm_types(), model.code
        assert set(model.calibres) <= calibres().keys(), model.code
    for make in makes().values():
        assert set(make.kin) <= makes().keys(), make.code
        assert all(len(country) == 2 for country in make.countries), make.code
    for labelled in (*calibres().values(), *firearm_types().values()):
        assert all(labelled.labels[lang] for lang in LANGUAGES), labelled.code
    assert {one.ncic[0] for one in firearm_types().values()} <= set("BMPRSZ")


def test_every_listed_spelling_leads_to_its_own_thing() -> None:
    """A spelling under two codes would silently be the first's."""
    read: list[tuple[Callable[[str], Read], str, str]] = []
    for make in makes().values():
        read += [(make_of, make.code, name) for name in (make.code, make.name, *make.spellings)]
    for calibre in calibres().values():
        names = (calibre.code, *calibre.labels.values(), *calibre.spellings)
        read += [(calibre_of, calibre.code, name) for name in names]
    for kind in firearm_types().values():
        names = (kind.code, *kind.labels.values(), *kind.spellings)
        read += [(type_of, kind.code, name) for name in names]
    for model in models().values():
        of_make = lambda name, make=model.make: model_of(name, make)  # noqa: E731
        read += [(of_make, model.code, name) for name in (model.name, *model.spellings)]
    wrong = [f"{name!r} is {of(name).code}, not {code}" for of, code, name in read if of(name).code != code]
    assert not wrong


def test_near_pairs_hold_both_ways() -> None:
    number = numbers("calibres")
    pairs = near_pairs("calibres")
    assert (number["223REM"], number["5.56X45"]) in pairs
    assert (number["308WIN"], number["7.62X51"]) in pairs
    assert (number["45"], number["45ACP"]) in pairs
    assert all(pair[::-1] in pairs for pair in pairs)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    for read in (make_of(text), calibre_of(text), type_of(text), model_of(text), model_of(text, "GLOCK")):
        assert read.written == text
        assert (read.code is None) == (read.how == "unknown")


def test_nearly_all_makes_and_calibres_of_real_crime_guns_are_recognised() -> None:
    if not REAL.exists():
        pytest.skip("the de-identified crime guns are not beside the repository")
    with REAL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column, of in (("manufacturer_name", make_of), ("firearm_caliber", calibre_of)):
        given = [row[column] for row in rows if row[column].strip()]
        known = sum(of(text).code is not None for text in given)
        assert known >= RECOGNISED_SHARE_MIN * len(given), column
