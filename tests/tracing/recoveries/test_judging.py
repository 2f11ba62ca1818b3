"""Rows judged by a mapping: what is kept and flagged, what makes a row bad, each with its reason."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.time import parse_instant
from lanbi.tracing.recoveries import mapping as mappings
from lanbi.tracing.recoveries.countries import country_of
from lanbi.tracing.recoveries.importer import BadRow, Row, Table, read_table
from lanbi.tracing.recoveries.judging import GoodRow, Judge, day_of, filled_down, plain, shape_of
from stores import NIGHT, VOCABULARY
from tracing.recoveries.ground import gun, refused, table


def judge(data: bytes, mapping: Any = "lanbi") -> list[GoodRow | BadRow]:
    read = read_table(data, "x.csv")
    rules = (
        mappings.load(mapping, VOCABULARY)
        if isinstance(mapping, str)
        else mappings.from_data(mapping, VOCABULARY)
    )
    judged = Judge(rules, read.columns, VOCABULARY, NIGHT)
    return [row if isinstance(row, BadRow) else judged.row(row) for row in read.rows]


def values(row: GoodRow | BadRow, called: str) -> dict[str, str | None]:
    assert isinstance(row, GoodRow), row
    (draft,) = [draft for draft in row.drafts if draft.called == called]
    return {said.prop: said.kept for said in draft.said}


def faults(row: GoodRow | BadRow) -> list[tuple[str | None, str]]:
    assert isinstance(row, BadRow), row
    return [(fault.column, fault.code) for fault in row.faults]


def one(**cells: str) -> list[GoodRow | BadRow]:
    return judge(table(gun(cells.pop("serial", "AB123"), **cells)))


def simple(**firearm: Any) -> dict[str, Any]:
    return {
        "name": "site", "labels": {"en": "A site"}, "empty": ["NA", "s/n"],
        "entity": [{"kind": "firearm", "values": firearm}],
    }  # fmt: skip


def test_a_row_becomes_what_it_tells_of() -> None:
    (row,) = one(sold_on="2025-01-10", dealer="Synthetic Arms 07", dealer_country="Etazini")
    assert values(row, "recovery") == {"date": "2026-05-02", "agency": "PNH", "case": "24-1", "country": "HT"}
    assert values(row, "firearm") == {
        "make": "GLOCK", "model": "19", "calibre": "9X19", "serial": "AB123", "country": "AT",
    }  # fmt: skip
    assert values(row, "dealer") == {"name": "Synthetic Arms 07", "country": "US"}
    assert values(row, "acquisition") == {"date": "2025-01-10", "kind": "first_sale"}
    assert isinstance(row, GoodRow)
    assert [draft.called for draft in row.drafts] == ["recovery", "firearm", "dealer", "acquisition"]


def test_what_is_not_said_makes_nothing() -> None:
    (row,) = one()
    assert isinstance(row, GoodRow)
    assert [draft.called for draft in row.drafts] == ["recovery", "firearm"]


def test_an_unknown_make_or_calibre_is_kept_as_written_and_flagged() -> None:
    (row,) = one(make="Zanmi Fò & Frè", calibre="11.9 rale")
    assert isinstance(row, GoodRow)
    flags = {(said.flag, said.kept) for draft in row.drafts for said in draft.said if said.flag}
    assert flags == {("make_unknown", "Zanmi Fò & Frè"), ("calibre_unknown", "11.9 rale")}


def test_a_container_whose_check_digit_does_not_fit_is_flagged() -> None:
    kept = simple(serial={"column": "s"})
    kept["entity"].insert(0, {"kind": "consignment", "values": {"container": {"column": "c"}}})
    right, wrong = judge(b"s,c\nA1,CSQU 305438 3\nA2,CSQU3054384\n", kept)
    assert values(right, "consignment") == {"container": "CSQU3054383"}
    assert isinstance(wrong, GoodRow) and isinstance(right, GoodRow)
    assert [said.flag for said in right.drafts[0].said] == [None]
    assert [said.flag for said in wrong.drafts[0].said] == ["check_digit"]


def test_a_crime_before_the_sale_is_bad_and_says_both_days() -> None:
    (row,) = one(sold_on="2026-06-01")
    assert faults(row) == [("sold_on", "recoveries-before-sale")]
    assert isinstance(row, BadRow)
    assert row.faults[0].args == {"recovered": "2026-05-02", "sold": "2026-06-01"}
    # On the same day, or where only the month is known, it may be so.
    for sold in ("2026-05-02", "2026-05", "2026"):
        assert isinstance(one(sold_on=sold)[0], GoodRow)


def test_a_day_that_has_not_come_is_bad() -> None:
    (row,) = one(date="2026-11-24")
    assert faults(row) == [("date", "recoveries-day-ahead")]
    (row,) = one(date="2027-01-05", sold_on="2028-01-01")
    assert faults(row) == [
        ("date", "recoveries-day-ahead"),
        ("sold_on", "recoveries-day-ahead"),
        ("sold_on", "recoveries-before-sale"),
    ]
    assert isinstance(one(date="2026-11-22")[0], GoodRow)


def test_every_reason_of_a_row_is_given_by_column() -> None:
    (row,) = one(date="31/02/2026", country="Ostralia", sold_on="soon")
    assert faults(row) == [
        ("date", "tracing-date"), ("country", "tracing-country"), ("sold_on", "tracing-date"),
    ]  # fmt: skip


def test_what_a_row_must_have_is_asked_for() -> None:
    (row,) = one(date="NA")
    assert faults(row) == [("date", "recoveries-value-missing")]


@pytest.mark.parametrize(
    ("text", "spellings", "day"),
    [
        ("2026-03-09", (), "2026-03-09"),
        ("2026-03", (), "2026-03"),
        ("2026", (), "2026"),
        ("2026-03-09 14:05:00", (), "2026-03-09"),
        ("2026-03-09T14:05:00Z", (), "2026-03-09"),
        ("09/03/2026", ("%d/%m/%Y",), "2026-03-09"),
        ("03/09/2026", ("%m/%d/%Y",), "2026-03-09"),
        ("9/3/26", ("%d/%m/%Y", "%d/%m/%y"), "2026-03-09"),
        ("03/2026", ("%d/%m/%Y", "%m/%Y"), "2026-03"),
        ("Mar 2026", ("%b %Y",), "2026-03"),
        ("20260309", ("%Y%m%d",), "2026-03-09"),
    ],
)
def test_days_are_read_in_the_spellings_of_the_mapping(
    text: str, spellings: tuple[str, ...], day: str
) -> None:
    assert day_of(text, "date", spellings) == day


def test_a_day_in_no_spelling_of_the_mapping_is_refused() -> None:
    refused("tracing-date", lambda: day_of("09/03/2026", "date", ()))
    refused("tracing-date", lambda: day_of("31/02/2026", "date", ("%d/%m/%Y",)))
    refused("tracing-date", lambda: day_of("09/03/1492", "date", ("%d/%m/%Y",)))


def test_what_says_nothing_is_the_mappings_word() -> None:
    rule = simple(serial={"column": "s"}, make={"column": "m"})
    rows = judge(b"s,m\nA1,na\nS/N,Glock\nA2,N/A\n", rule)
    assert [values(row, "firearm") for row in rows] == [
        {"serial": "A1"},
        {"make": "GLOCK"},
        {"serial": "A2", "make": "N/A"},
    ]


def test_codes_of_the_source_become_codes_of_ours() -> None:
    status = {"column": "s", "codes": {"OK": "legible", "Filed": "obliterated", "dunno": ""}}
    rows = judge(b"s,m\nok,x\nFILED,x\nDunno,x\nodd,x\n", simple(serial_status=status, make={"column": "m"}))
    assert [values(row, "firearm").get("serial_status") for row in rows[:3]] == [
        "legible",
        "obliterated",
        None,
    ]
    assert faults(rows[3]) == [("s", "recoveries-value-code")]
    leave = simple(serial_status={**status, "others": "leave"}, make={"column": "m"})
    assert values(judge(b"s,m\nodd,x\n", leave)[0], "firearm") == {"make": "x"}
    keep = simple(make={"column": "m", "codes": {"G": "Glock"}, "others": "keep"})
    assert [values(row, "firearm")["make"] for row in judge(b"s,m\n,g\n,Taurus\n", keep)] == [
        "GLOCK",
        "TAURUS",
    ]


def test_a_code_may_stand_in_any_of_the_languages() -> None:
    for word in ("seized", "yo sezi l", "SAISIE", "Incautada"):
        read = judge(table(["1", "2026-01-01", word], header="case,date,disposition"))
        assert values(read[0], "recovery")["disposition"] == "seized"
    unknown = judge(table(["1", "2026-01-01", "eaten"], header="case,date,disposition"))
    assert faults(unknown[0]) == [("disposition", "unknown-term")]


def test_a_serial_that_says_it_is_gone_says_so_in_its_state() -> None:
    rule = simple(serial={"column": "s"})
    gone, part, whole = judge(b"s,m\nobliterated,\nAB?12,\nAB 12,\n", rule)
    assert values(gone, "firearm") == {"serial": "?", "serial_status": "obliterated"}
    assert values(part, "firearm") == {"serial": "AB?12", "serial_status": "partial"}
    assert values(whole, "firearm") == {"serial": "AB12"}
    told = simple(serial={"column": "s"}, serial_status={"column": "state"})
    said, unsaid = judge(b"s,state\nAB?12,restored\nAB?12,\n", told)
    assert values(said, "firearm") == {"serial": "AB?12", "serial_status": "restored"}
    assert values(unsaid, "firearm") == {"serial": "AB?12", "serial_status": "partial"}


def test_places_are_words_or_a_point_with_its_doubt() -> None:
    rule = {
        "name": "site", "labels": {"en": "A site"},
        "entity": [{"kind": "recovery", "values": {
            "area": {"columns": ["town"], "lat": "y", "lon": "x", "radius_m": 300.0},
        }}],
    }  # fmt: skip
    rows = judge(b'town,y,x\nGonayiv,"19,45",-72.69\nOkap,,\nNowhere,abc,1\nMoon,99,200\n', rule)
    assert '"lat":19.45' in str(values(rows[0], "recovery")["area"])
    assert '"radius_m":300.0' in str(values(rows[0], "recovery")["area"])
    assert '"words":"Okap"' in str(values(rows[1], "recovery")["area"])
    assert faults(rows[2]) == [("town", "recoveries-value-degrees")]
    assert faults(rows[3]) == [("town", "coordinates-impossible")]


def test_several_values_in_a_cell_are_several_claims() -> None:
    rule = simple(other_marks={"column": "m", "split": ";"})
    (row, many) = judge(b"m,n\nHT 2021; PNH;,\n" + b";".join(b"x%d" % n for n in range(30)) + b",\n", rule)
    assert isinstance(row, GoodRow)
    assert [said.kept for said in row.drafts[0].said] == ["HT 2021", "PNH"]
    assert faults(many) == [("m", "recoveries-value-many")]


def test_figures_are_read_as_people_write_them() -> None:
    rule = {
        "name": "site", "labels": {"en": "A site"},
        "entity": [{"kind": "materiel", "values": {
            "count": {"column": "n"}, "kind": {"constant": "ammunition"},
        }}],
    }  # fmt: skip
    rows = judge(b'n,x\n"36,000",\n36 000,\n36.000,\n12.0,\nmany,\n', rule)
    assert [values(row, "materiel")["count"] for row in rows[:4]] == ["36000", "36000", "36000", "12"]
    assert faults(rows[4]) == [("n", "tracing-integer")]


def test_columns_must_be_there_unless_the_mapping_says_otherwise() -> None:
    strict = simple(serial={"column": "serial"}, make={"column": "make"})
    error = refused("recoveries-column-none", lambda: judge(b"serial,b\n1,2\n", strict))
    assert error.args_by_name["column"] == "make"
    assert values(judge(b"Serial,b\n1,2\n", {**strict, "absent": "allow"})[0], "firearm") == {"serial": "1"}
    refused("recoveries-column-none", lambda: judge(b"a,b\n1,2\n", {**strict, "absent": "allow"}))
    refused("recoveries-column-none", lambda: judge(b"make,b\n1,2\n"))
    refused("recoveries-column-twice", lambda: judge(b"serial,make,SERIAL\n1,2,3\n", strict))


def test_a_row_that_says_nothing_is_bad() -> None:
    assert faults(judge(b"serial,other\n,x\n", simple(serial={"column": "serial"}))[0]) == [
        (None, "recoveries-row-empty")
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [("Ayiti", "HT"), ("HAÏTI", "HT"), ("ht", "HT"), ("EE. UU.", "US"), ("Trinidad & Tobago", "TT"),
     ("République dominicaine", "DO"), ("Otrich", "AT"), ("Ostralia", "Ostralia")],
)  # fmt: skip
def test_countries_are_known_by_their_names(name: str, code: str) -> None:
    assert country_of(name) == code


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31)))
def test_every_day_is_read_back_in_every_spelling(day: date) -> None:
    for spelling in ("%d/%m/%Y", "%m-%d-%Y", "%Y%m%d", "%d %b %Y"):
        assert day_of(day.strftime(spelling), "date", (spelling,)) == day.isoformat()


@given(st.text(max_size=60))
def test_any_cell_is_read_or_refused(text: str) -> None:
    rule = mappings.load("lanbi", VOCABULARY)
    columns = rule.read_columns
    judged = Judge(rule, columns, VOCABULARY, NIGHT)
    row = judged.row(Row(2, (text,) * len(columns)))
    assert isinstance(row, GoodRow | BadRow)


@given(st.text(max_size=40))
def test_folding_a_name_again_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert len(shape_of(text)) == len(text)


def test_what_stands_for_the_row_above_is_written_out() -> None:
    read = read_table(b"a,b\n1,x\n2,IDEM\n3,idem\n4\n5,idem\n6,y\n", "x.csv")
    filled = filled_down(read, ["idem"])
    assert [row.cells for row in filled.rows if isinstance(row, Row)] == [
        ("1", "x"), ("2", "x"), ("3", "x"), ("6", "y"),
    ]  # fmt: skip
    assert [faults(row) for row in filled.rows if isinstance(row, BadRow)] == [
        [(None, "recoveries-row-columns")], [("b", "recoveries-cell-ditto")],
    ]  # fmt: skip
    assert filled_down(read, []) is read


def test_the_clock_is_handed_in() -> None:
    read = Table(name="x", digest="", kind="csv", columns=("date",), rows=(Row(2, ("2026-11-23",)),))
    rule = mappings.from_data(
        {"name": "a", "labels": {"en": "A"},
         "entity": [{"kind": "recovery", "values": {"date": {"column": "date"}}}]},
        VOCABULARY,
    )  # fmt: skip
    (row,) = read.rows
    assert isinstance(row, Row)
    early = Judge(rule, read.columns, VOCABULARY, parse_instant("2026-11-22T09:59:00Z")).row(row)
    late = Judge(rule, read.columns, VOCABULARY, parse_instant("2026-11-22T10:00:00Z")).row(row)
    assert isinstance(early, BadRow) and isinstance(late, GoodRow)  # it is the 23rd in Kiribati
