"""A mapping is checked whole before the first row; what is wrong in it is said."""

from pathlib import Path

import pytest

from lanbi.adapters.cad_csv.mapping import (
    PATTERN_CHARS_MAX,
    RULES_MAX,
    Mapping,
    Rules,
    TypeRules,
    load,
    parse,
    shipped,
)
from lanbi.core.errors import LanbiError
from lanbi.locales import hint, say
from stores import VOCABULARY

GOOD = """
source = "test"
name = "Test"
zone = "America/New_York"
title = "what"
time = [{ column = "when", format = "%Y" }]
place = { lat = "lat", lon = "lon" }
types = { fallback = "other" }
"""
LONG = "a" * (PATTERN_CHARS_MAX + 1)


def refused(text: str, expected: type[LanbiError] = LanbiError) -> LanbiError:
    with pytest.raises(expected) as error:
        parse(text.encode(), "own.toml", VOCABULARY)
    assert say("ht", error.value.code, **error.value.args_by_name) != error.value.code
    assert hint("ht", error.value.code, **error.value.args_by_name)
    return error.value


def test_what_is_shipped_can_be_used() -> None:
    assert shipped() == ["montgomery", "seattle"]
    for name in shipped():
        mapping = load(name, VOCABULARY)
        assert mapping.source == name
        assert mapping.ground is not None


def test_a_file_of_ones_own_is_taken_by_its_path(samples: Path) -> None:
    mapping = load(str(samples / "own.toml"), VOCABULARY)
    assert (mapping.source, mapping.encoding, mapping.key_columns) == ("delma", "cp1252", ("Nimewo",))


def test_a_name_that_is_none_is_answered_with_those_that_are(tmp_path: Path) -> None:
    for given in ("montgomry", str(tmp_path), str(tmp_path / "none.toml")):
        with pytest.raises(LanbiError) as error:
            load(given, VOCABULARY)
        assert error.value.code == "mapping-none"
        assert error.value.args_by_name["shipped"] == "montgomery, seattle"


def test_a_file_that_is_no_mapping_by_its_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(LanbiError) as error:
        load(str(path), VOCABULARY)
    assert error.value.code == "mapping-too-large"


def test_without_a_key_all_columns_that_are_read_tell_rows_apart() -> None:
    mapping = parse(GOOD.encode(), "own.toml", VOCABULARY)
    assert isinstance(mapping, Mapping)
    assert mapping.key_columns == ("when", "lat", "lon", "what")
    assert mapping.ground is None


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("source =", "source = =", "mapping-unreadable"),
        ('title = "what"', "", "mapping-field"),
        ('"test"', '"Te st"', "mapping-field"),
        ('"test"', r'"te\nst"', "mapping-field"),
        ('title = "what"', 'title = "what"\ntypo = 1', "mapping-field"),
        ('lat = "lat"', 'latt = "lat"', "mapping-field"),
        ('lon = "lon"', 'lon = "lon", radius_m = 0', "mapping-field"),
        ('time = [{ column = "when", format = "%Y" }]', "time = []", "mapping-field"),
        ("America/New_York", "America/Nowhere", "mapping-zone"),
        ("America/New_York", "../../../etc/passwd", "mapping-zone"),
        (', lon = "lon"', "", "mapping-place"),
        ('lat = "lat", lon = "lon"', "", "mapping-place"),
        ('format = "%Y"', 'format = "%Y", pattern = "("', "mapping-pattern"),
        ('fallback = "other"', 'fallback = "other", pattern = { "[" = "fall" }', "mapping-pattern"),
        ('"other"', f'"other", pattern = {{ "{LONG}" = "fall" }}', "mapping-pattern-long"),
        ('fallback = "other"', 'fallback = "others"', "unknown-term"),
        ('fallback = "other"', 'fallback = "other", exact = { FALL = "fal" }', "unknown-term"),
        ('title = "what"', 'title = "what"\nclose_as = "done"', "unknown-term"),
        (
            "types =",
            "bounds = { west = -74, south = 20, east = -71, north = 18 }\ntypes =",
            "mapping-bounds",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_mapping_is_said(before: str, after: str, code: str) -> None:
    assert before in GOOD
    assert refused(GOOD.replace(before, after, 1)).code == code


def test_rules_are_bounded() -> None:
    many = "\n".join(f'"w{number}" = "fall"' for number in range(RULES_MAX + 1))
    types = f'[types]\nfallback = "other"\n[types.exact]\n{many}'
    text = GOOD.replace('types = { fallback = "other" }', types)
    assert refused(text).code == "mapping-rules"


def test_bytes_that_are_no_text_are_no_mapping() -> None:
    with pytest.raises(LanbiError) as error:
        parse(b"\xff\xfe", "own.toml", VOCABULARY)
    assert error.value.code == "mapping-unreadable"


def test_types_are_tried_exact_then_longest_prefix_then_pattern_then_fallback() -> None:
    rules = Rules(
        TypeRules(
            fallback="other",
            exact={"Fire": "house_fire"},
            prefix={"Fire ": "smoke", "Fire in car": "vehicle_fire"},
            pattern={"f[iu]re": "wildfire", "fire": "fuel_fire"},
        )
    )
    assert rules.type_of(" FIRE ") == ("house_fire", True)
    assert rules.type_of("fire in carriage") == ("vehicle_fire", True)
    assert rules.type_of("Fire in shed") == ("smoke", True)
    assert rules.type_of("A fire") == ("wildfire", True)
    assert rules.type_of("Flood") == ("other", False)
    assert rules.type_of("") == ("other", False)
