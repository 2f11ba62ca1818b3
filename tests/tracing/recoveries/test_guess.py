"""Mappings guessed from the names of columns, in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.tracing.recoveries import mapping as mappings
from lanbi.tracing.recoveries.guess import Proposal, propose
from stores import VOCABULARY
from tracing.recoveries.ground import refused

TABLES = {
    "ht": ["Dat sezi a", "Sèvis", "Nimewo dosye", "Komin", "Mak", "Modèl", "Kalib", "Nimewo seri"],
    "fr": ["Date de saisie", "Service", "N° dossier", "Lieu", "Marque", "Modèle", "Calibre", "N° de série"],
    "es": ["Fecha de incautación", "Organismo", "Expediente", "Lugar", "Marca", "Modelo", "Calibre",
           "Número de serie"],
    "en": ["Recovery date", "Agency", "Case number", "Location", "Manufacturer", "Model", "Caliber",
           "Serial #"],
}  # fmt: skip
HELD = ["date", "agency", "case", "area", "make", "model", "calibre", "serial"]


def guessed(proposal: Proposal) -> dict[str, str | None]:
    return {guess.column: guess.prop for guess in proposal.columns}


@pytest.mark.parametrize("lang", TABLES)
def test_a_table_is_recognised_in_every_language(lang: str) -> None:
    proposal = propose(TABLES[lang])
    assert [guess.prop for guess in proposal.columns] == HELD
    assert proposal.mapping is not None and not proposal.doubts
    mappings.check(proposal.mapping, VOCABULARY)
    assert proposal.mapping.read_columns and set(proposal.mapping.read_columns) == set(TABLES[lang])


def test_a_slip_in_a_name_is_seen_through_and_says_how_sure() -> None:
    proposal = propose(["Serial numbr", "Manufacturr", "xyz"])
    assert guessed(proposal) == {"Serial numbr": "serial", "Manufacturr": "make", "xyz": None}
    assert all(88 <= guess.score < 100 for guess in proposal.columns[:2])


def test_each_column_is_one_thing_and_each_thing_one_column() -> None:
    proposal = propose(["serial", "serial number", "make"])
    assert [guess.prop for guess in proposal.columns] == ["serial", None, "make"]


def test_sales_come_with_their_dealer_and_buyer_who_is_sealed() -> None:
    proposal = propose(["serial", "date of sale", "dealer name", "dealer city", "purchaser name", "race"])
    assert proposal.mapping is not None
    mappings.check(proposal.mapping, VOCABULARY)
    kinds = {rule.kind: rule for rule in proposal.mapping.entity}
    assert set(kinds) == {"firearm", "dealer", "person", "acquisition"}
    assert {name: rule.entity for name, rule in kinds["acquisition"].values.items() if rule.entity} == {
        "firearm": "firearm", "seller": "dealer", "buyer": "person",
    }  # fmt: skip
    assert "race" not in proposal.mapping.read_columns
    assert kinds["person"].key == ()  # two of one name are two


def test_a_table_of_something_else_gets_no_mapping() -> None:
    proposal = propose(["colour of the sky", "wind"])
    assert proposal.mapping is None
    assert proposal.doubts == ("no_serial", "no_date")


@pytest.mark.parametrize(
    ("cells", "spellings", "doubts"),
    [
        (["2026-07-10"], (), ()),
        (["25/12/2025", "03/04/2026"], ("%d/%m/%Y",), ()),
        (["12/25/2025", "03/04/2026"], ("%m/%d/%Y",), ()),
        (["03/04/2026", "05/06/2026"], ("%d/%m/%Y",), ("dates_ambiguous",)),
        (["04/04/2026"], ("%d/%m/%Y",), ()),
        (["25/12/2025", "12/25/2025"], ("%d/%m/%Y",), ("dates_mixed",)),
        (["10 Jul 2026"], ("%d %b %Y",), ()),
        (["around Easter"], (), ("dates_unreadable",)),
        (["NA", "?", ""], (), ()),
    ],
)
def test_how_days_are_written_is_seen_in_the_rows(
    cells: list[str], spellings: tuple[str, ...], doubts: tuple[str, ...]
) -> None:
    proposal = propose(["serial", "date"], [["A1", cell] for cell in cells])
    assert proposal.mapping is not None
    assert (proposal.mapping.dates, proposal.doubts) == (spellings, doubts)


def test_more_columns_than_a_table_may_have_are_refused() -> None:
    assert len(propose(["serial"] * 200).columns) == 200
    refused("recoveries-headers-many", lambda: propose(["serial"] * 201))


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_names_give_a_mapping_that_can_be_used_or_none(headers: list[str]) -> None:
    proposal = propose(headers, [headers])
    assert [guess.column for guess in proposal.columns] == headers
    if proposal.mapping is not None:
        mappings.check(proposal.mapping, VOCABULARY)
