"""Mappings as people write them: what can be, and what is refused before a row is read."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lanbi.core.errors import LanbiError
from lanbi.tracing.recoveries import mapping as mappings
from stores import VOCABULARY
from tracing.recoveries.ground import refused

BASE: dict[str, Any] = {
    "name": "site", "labels": {"en": "A site"},
    "entity": [
        {"kind": "recovery", "key": ["case"], "values": {"date": {"column": "d"}, "case": {"column": "c"}}},
        {"kind": "firearm", "values": {"recovery": {"entity": "recovery"}, "serial": {"column": "serial"}}},
    ],
}  # fmt: skip


def made(**firearm: Any) -> mappings.Mapping:
    """The base with other values of its firearm."""
    recovery, gun = BASE["entity"]
    raw = {**BASE, "entity": [recovery, {**gun, "values": {**gun["values"], **firearm}}]}
    return mappings.from_data(raw, VOCABULARY)


@pytest.mark.parametrize("name", mappings.shipped())
def test_every_shipped_mapping_can_be_used_in_every_language(name: str) -> None:
    mapping = mappings.load(name, VOCABULARY)
    assert mapping.name == name
    assert set(mapping.labels) == {"ht", "fr", "es", "en"}


@pytest.mark.parametrize("name", mappings.shipped())
def test_a_mapping_is_the_same_as_json(name: str) -> None:
    mapping = mappings.load(name, VOCABULARY)
    assert mappings.from_data(msgspec.json.decode(msgspec.json.encode(mapping)), VOCABULARY) == mapping


def test_a_mapping_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\n[labels]\nen = "Mine"\n[[entity]]\nkind = "firearm"\n'
        '[entity.values]\nserial = { column = "s" }\n'
    )
    assert mappings.load(str(file), VOCABULARY, site_files=True).read_columns == ("s",)
    error = refused("recoveries-mapping-none", lambda: mappings.load(str(file), VOCABULARY))
    assert "brady" in str(error.args_by_name["shipped"])
    file.write_bytes(b"x" * (mappings.FILE_BYTES_MAX + 1))
    refused("recoveries-mapping-large", lambda: mappings.load(str(file), VOCABULARY, site_files=True))
    file.write_text("name = ")
    refused("recoveries-mapping-unreadable", lambda: mappings.load(str(file), VOCABULARY, site_files=True))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"race": {"column": "r"}}, "recoveries-mapping-value"),
        ({"make": {}}, "recoveries-mapping-origin"),
        ({"make": {"column": "a", "constant": "b"}}, "recoveries-mapping-origin"),
        ({"recovery": {"column": "a"}}, "recoveries-mapping-origin"),
        ({"recovery": {"entity": "firearm"}}, "recoveries-mapping-entity"),
        ({"make": {"column": "a", "split": ";"}}, "recoveries-mapping-origin"),
        ({"make": {"lat": "a", "lon": "b"}}, "recoveries-mapping-origin"),
        ({"serial_status": {"constant": "lost"}}, "recoveries-mapping-value"),
        ({"serial_status": {"column": "a", "codes": {"x": "lost"}}}, "recoveries-mapping-value"),
        ({"country": {"constant": "Ostralia"}}, "recoveries-mapping-value"),
        ({"import_year": {"column": "a", "dates": ["%H:%M"]}}, "recoveries-mapping-dates"),
        ({"make": {"column": "a", "colum": "b"}}, "recoveries-mapping-field"),
    ],
)
def test_what_a_value_cannot_be_is_said(values: dict[str, Any], code: str) -> None:
    refused(code, lambda: made(**values))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Not A Name"}, "recoveries-mapping-field"),
        ({"labels": {"de": "Ort"}}, "recoveries-mapping-field"),
        ({"entity": []}, "recoveries-mapping-field"),
        ({"dates": ["%d %m"]}, "recoveries-mapping-dates"),
        ({"grade": "Z9"}, "tracing-grade"),
        ({"source": {"kind": "rumour"}}, "unknown-term"),
        ({"handling": {"releasable": ["haiti"]}}, "tracing-party-code"),
        ({"handling": {"purposes": ["fun"]}}, "unknown-term"),
        ({"entity": [BASE["entity"][0], BASE["entity"][0]]}, "recoveries-mapping-twice"),
        ({"entity": [{"kind": "victim", "values": {"x": {"column": "a"}}}]}, "tracing-kind"),
        (
            {"entity": [{"kind": "firearm", "values": {"make": {"constant": "Glock"}}}]},
            "recoveries-mapping-no-column",
        ),
    ],
)
def test_what_a_mapping_cannot_be_is_said(change: dict[str, Any], code: str) -> None:
    refused(code, lambda: mappings.from_data({**BASE, **change}, VOCABULARY))


def test_no_mapping_names_a_field_for_race_sex_or_age() -> None:
    for name in mappings.shipped():
        text = (Path(mappings.__file__).parent / "data" / "mappings" / f"{name}.toml").read_text()
        for column in mappings.load(name, VOCABULARY).read_columns:
            assert not {"race", "ethnicity", "sex", "gender", "age"} & set(column.lower().split("_"))
        tomllib.loads(text)


def test_a_mapping_may_be_anything_and_only_refuses() -> None:
    for raw in (None, 1, "x", [], {}, {"entity": 5}, {**BASE, "entity": [[]]}):
        with pytest.raises(LanbiError):
            mappings.from_data(raw, VOCABULARY)
