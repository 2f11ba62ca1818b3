"""A port is found as people write it; what is not known stays as written, and what is not clear is asked."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from lanbi.tracing.networks.ports import TEXT_CHARS_MAX, Port, load_ports

PORTS = load_ports()
METRES_PER_DEGREE = 111_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HTPAP", "HTPAP"),
        ("ht pap", "HTPAP"),
        ("Pòtoprens", "HTPAP"),
        ("PORT AU PRINCE", "HTPAP"),
        ("port-au-prince, Haïti", "HTPAP"),
        ("Okap", "HTCAP"),
        ("Cap-Haïtien", "HTCAP"),
        ("Pòdpè", "HTPAX"),
        ("Puerto de Haina (RD)", "DOHAI"),
        ("Belladère", "HT-BEL"),
        ("htbel", "HT-BEL"),
        ("Dajabón", "HT-OUA"),
        ("Port of Miami", "USMIA"),
        ("Miami River", "US-MRV"),
        ("Port Everglades FL", "USPEF"),
        ("Brooklyn NY", "USNYC"),
        ("Zona Libre de Colón", "PACFZ"),
        ("Panamá", "PAPTY"),
        ("Port of Spain, Trinidad", "TTPOS"),
        ("aeropuerto de Cancún", "MXCUN"),
    ],
)
def test_a_port_is_found_as_people_write_it(text: str, code: str) -> None:
    found = PORTS.find(text)
    assert found.port is not None
    assert (found.port.code, found.flags, found.text) == (code, (), text)


@pytest.mark.parametrize(
    ("text", "code"), [("Prot-au-Prince", "HTPAP"), ("Gonaive", "HTGVS"), ("Savanah", "USSAV")]
)
def test_a_misspelling_is_taken_and_flagged(text: str, code: str) -> None:
    found = PORTS.find(text)
    assert found.port is not None
    assert (found.port.code, found.flags) == (code, ("port_close",))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Manzanillo", {"DOMAN", "PAMIT", "MXZLO"}),
        ("Freeport", {"BSFPO", "USFPO"}),
        ("George Town", {"BSGGT", "KYGEC"}),
        ("Panama City", {"PAPTY", "USPFN"}),
    ],
)
def test_a_name_of_several_places_is_not_decided(text: str, codes: set[str]) -> None:
    found = PORTS.find(text)
    assert found.port is None
    assert found.flags == ("port_ambiguous",)
    assert {port.code for port in found.candidates} == codes


def test_a_country_decides_between_places_of_one_name() -> None:
    for text, country, code in [
        ("Manzanillo, DO", None, "DOMAN"),
        ("manzanillo panama", None, "PAMIT"),
        ("Manzanillo", "MX", "MXZLO"),
        ("Freeport, Bahamas", None, "BSFPO"),
    ]:
        found = PORTS.find(text, country=country)
        assert found.port is not None
        assert found.port.code == code


def test_a_country_that_contradicts_the_place_is_no_match() -> None:
    assert PORTS.find("Miami, Haiti").port is None
    assert PORTS.find("Miami", country="HT").flags == ("port_unknown",)


def test_the_kind_chooses_only_where_it_can() -> None:
    assert PORTS.find("Fort Lauderdale", kind="sea").port is PORTS.by_code["USFLL"]


@pytest.mark.parametrize(
    "text", ["", "xyzzy", "port", "the blue warehouse behind the church", "\x00", "x" * 5_000]
)
def test_what_names_no_place_is_kept_as_written_and_flagged(text: str) -> None:
    found = PORTS.find(text)
    assert (found.text, found.port, found.flags) == (text, None, ("port_unknown",))


@given(st.text(max_size=TEXT_CHARS_MAX + 20))
def test_anything_can_be_asked(text: str) -> None:
    found = PORTS.find(text)
    assert found.text == text
    assert (found.port is not None) != bool({"port_unknown", "port_ambiguous"} & set(found.flags))


@pytest.mark.parametrize("port", PORTS.by_code.values(), ids=lambda port: port.code)
def test_every_port_is_found_by_its_code_and_its_name(port: Port) -> None:
    assert PORTS.find(port.code).port is port
    assert port in PORTS.find(port.name, country=port.country).candidates
    for spelling in port.spellings:
        assert port in PORTS.find(spelling, country=port.country).candidates, spelling


def test_own_codes_cannot_be_taken_for_locodes() -> None:
    for code, port in PORTS.by_code.items():
        assert port.own == ("-" in code)
        assert port.country == code[:2]
        assert len(code.replace("-", "")) == 5


def test_the_places_nearest_to_a_point_come_first() -> None:
    found = PORTS.near(18.54, -72.34, within_m=60_000, country="HT")
    assert [port.code for port, _ in found][:2] == ["HTPAP", "HT-LAF"]
    assert found[0][1] < 3_000
    assert [distance for _, distance in found] == sorted(distance for _, distance in found)


def coast() -> Iterator[tuple[str, object]]:
    text = (files("lanbi.tracing") / "data" / "coast.json").read_text(encoding="utf-8")
    for feature in json.loads(text)["features"]:
        yield feature["properties"]["kind"], shape(feature["geometry"])


# Up a river or a channel, or on an island that the coarse coastline leaves out.
INLAND = {"USSAV", "USMSY", "USLCH", "USBPT", "USHOU", "USBRO", "USJAX", "COBAQ"}
SMALL_ISLAND = {"BSBIM", "TCGDT", "TCXSC", "COADZ", "USEYW"}


def test_sea_ports_lie_on_the_coast_and_crossings_on_the_border() -> None:
    """The positions were written by hand; a slipped digit would put a port into a mountain."""
    lines = dict(coast())
    edge, border = lines["land"].boundary, lines["border"]  # pyright: ignore[reportAttributeAccessIssue]
    looked = 0
    for port in PORTS.by_code.values():
        here = Point(port.lon, port.lat)
        if not (-99.5 < port.lon < -58.5 and 7.5 < port.lat < 32.5) or port.code in SMALL_ISLAND:
            continue
        if port.kind == "sea":
            far = 60_000 if port.code in INLAND else 12_000
            assert edge.distance(here) * METRES_PER_DEGREE < far, port.code
            looked += 1
        if port.kind == "crossing" and port.country == "HT":
            assert border.distance(here) * METRES_PER_DEGREE < 8_000, port.code
            looked += 1
    assert looked > 90


def test_the_coastline_says_where_it_comes_from_and_stays_small() -> None:
    text = (files("lanbi.tracing") / "data" / "coast.json").read_text(encoding="utf-8")
    drawn = json.loads(text)
    assert "Natural Earth" in drawn["source"]
    assert len(text) < 60_000
    kinds = {feature["properties"]["kind"]: shape(feature["geometry"]) for feature in drawn["features"]}
    assert kinds["land"].is_valid
    west, south, east, north = drawn["bbox"]
    for x, y, X, Y in (geometry.bounds for geometry in kinds.values()):
        assert west <= x <= X <= east
        assert south <= y <= Y <= north


def test_the_table_is_ordered_for_readers() -> None:
    raw = tomllib.loads((files("lanbi.tracing.networks") / "data" / "ports.toml").read_text(encoding="utf-8"))
    assert len(raw["ports"]) > 90
    assert {code[:2] for code in raw["ports"]} <= raw["countries"].keys()
