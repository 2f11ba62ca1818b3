"""Files taken in over both stores: whole or not at all, once, in pieces, and known again."""

import hashlib
from typing import Any

import msgspec
import pytest

from lanbi.core.errors import Forbidden, Refused
from lanbi.core.ports import Tx
from lanbi.tracing.handling import HandlingRule
from lanbi.tracing.model import Entity, Given, Source
from lanbi.tracing.recoveries import imports as imports_module
from lanbi.tracing.recoveries import writing
from lanbi.tracing.recoveries.importer import read_table
from lanbi.tracing.recoveries.jobs import told_by
from stores import ACTORS
from tracing.recoveries.ground import Ground, firearm, gun, refused, table
from tracing.room import ANALYST

GOOD = table(
    gun("A1", sold_on="2025-01-10", dealer="Synthetic Arms", dealer_city="Orlando", dealer_country="USA"),
    gun("A2", sold_on="2025-02-10", dealer="Synthetic Arms", dealer_city="Orlando", dealer_country="USA"),
    gun("A3", case="24-2", calibre="11.9 rale"),
)
MIXED = table(
    gun("A1"),
    gun("A2", date="2031-01-01"),
    ["24-1", "half"],
    gun("A3", country="Ostralia", sold_on="2026-08-01"),
    gun("A4"),
)


def dossier(ground: Ground, entity_id: str) -> Any:
    return ground.room.look(lambda reader: ground.room.tracing.dossier(reader, ANALYST, entity_id))


def test_a_dry_run_reads_everything_and_writes_nothing(ground: Ground) -> None:
    before = ground.count("entries")
    report = ground.judge(GOOD)
    assert (report.rows, report.good, report.bad, report.state) == (3, 3, 0, "judged")
    assert {kind: counts.new for kind, counts in report.kinds.items()} == {
        "recovery": 2, "firearm": 3, "dealer": 1, "acquisition": 2,
    }  # fmt: skip
    assert report.flags == {"calibre_unknown": 1}
    assert report.timed == 2
    assert "container" in report.absent and report.unread == ()
    assert ground.count("entries") == before


def test_a_good_file_goes_in_with_where_each_value_stands(ground: Ground) -> None:
    report = ground.run(GOOD)
    assert (report.state, report.rows_done, report.made, report.stated, report.known) == ("done", 3, 8, 0, 2)
    lines = {line.serial: line for line in ground.firearms()}
    assert set(lines) == {"A1", "A2", "A3"}
    one = lines["A1"]
    assert (one.make, one.calibre, one.country, one.recovered_on, one.recovered_in) == (
        "GLOCK", "9X19", "AT", "2026-05-02", "HT",
    )  # fmt: skip
    assert (one.sold_on, one.sold_in) == ("2025-01-10", "US")
    assert one.recovery == lines["A2"].recovery != lines["A3"].recovery
    assert one.dealer_id == lines["A2"].dealer_id is not None
    held = dossier(ground, one.id)
    (source,) = held.sources.values()
    assert (source.kind, source.reference) == ("import", "seizures.csv, 2–4")
    assert (source.digest, source.originator) == (hashlib.sha256(GOOD).hexdigest(), "HT")
    assert {said.handling.tlp for said in held.statements} == {"AMBER_STRICT"}
    assert "tracing.file_taken" in [kind for kind, *_ in ground.room.entries()]


def test_the_same_file_again_is_refused_with_when_it_came(ground: Ground) -> None:
    ground.run(GOOD)
    before = ground.count("entries")
    for again in (ground.run, ground.judge):
        error = refused("recoveries-file-known", lambda again=again: again(GOOD, name="copy.csv"))
        assert error.args_by_name == {
            "at": "2026-11-22T03:47:12.000000Z", "file": "seizures.csv", "by": "analyst-1",
        }  # fmt: skip
    assert ground.count("entries") == before


def test_one_bad_row_and_nothing_goes_in(ground: Ground) -> None:
    before = ground.count("entries")
    error = refused("recoveries-import-bad", lambda: ground.run(MIXED))
    assert error.args_by_name == {"bad": 3, "rows": 5, "line": 3, "reason": "recoveries-day-ahead"}
    assert ground.count("entries") == before and ground.firearms() == []
    report = ground.judge(MIXED)
    assert [(line, fault.column, fault.code) for line, fault in report.faults()] == [
        (3, "date", "recoveries-day-ahead"),
        (4, None, "recoveries-row-columns"),
        (5, "country", "tracing-country"),
    ]
    assert report.reasons == {
        "recoveries-day-ahead": 1, "recoveries-row-columns": 1, "tracing-country": 1,
    }  # fmt: skip


def test_good_rows_go_in_when_told_and_no_half_of_a_bad_one(ground: Ground) -> None:
    report = ground.run(MIXED, skip_bad=True)
    assert (report.good, report.bad, report.state) == (2, 3, "done")
    assert [line.serial for line in ground.firearms()] == ["A4", "A1"]
    assert [line.case for line in ground.board()] == ["24-1"]
    assert ground.room.look(
        lambda reader: reader.rows("SELECT row_count, bad_count, rows_done FROM tracing_import")
    ) == [(5, 3, 5)]


def test_a_file_of_bad_rows_alone_is_not_taken(ground: Ground) -> None:
    refused("recoveries-import-nothing", lambda: ground.run(table(gun("A", date="2031")), skip_bad=True))
    assert ground.count("sources") == 0


def test_the_next_edition_adds_what_is_new_and_says_what_changed(ground: Ground) -> None:
    ground.run(GOOD)
    more = table(
        gun("A1", sold_on="2025-01-10", dealer="Synthetic Arms", dealer_city="Orlando", dealer_country="USA"),
        gun("A2", sold_on="2025-02-10", dealer="Synthetic Arms", dealer_city="Orlando", dealer_country="CA"),
        gun("A3", case="24-2", calibre="11.9 rale"),
        gun("B1", case="24-2"),
    )
    dry = ground.judge(more)
    assert {kind: (counts.new, counts.known) for kind, counts in dry.kinds.items()} == {
        "recovery": (0, 2), "firearm": (1, 3), "dealer": (0, 1), "acquisition": (0, 2),
    }  # fmt: skip
    assert dry.similar == []
    ground.run(more)
    dealer = dossier(ground, str(ground.firearms(q="A1")[0].dealer_id))
    assert sorted(said.value for said in dealer.statements if said.prop == "country") == ["CA", "US"]
    assert dealer.entity.contested == 1
    assert {line.serial for line in ground.firearms()} == {"A1", "A2", "A3", "B1"}


def test_what_was_taken_back_as_wrong_is_not_said_again(ground: Ground) -> None:
    keyed = {
        "name": "site", "labels": {"en": "A site"},
        "entity": [{"kind": "firearm", "key": ["id"],
                    "values": {"make": {"column": "make"}, "serial": {"column": "serial"}}}],
    }  # fmt: skip
    ground.run(b"id,make,serial\n1,Glock,A1\n", keyed)
    (line,) = ground.firearms()
    wrong = [said.id for said in dossier(ground, line.id).statements if said.prop == "make"]
    ground.room.do(lambda tx: ground.room.tracing.withdraw(tx, wrong, "error"))
    report = ground.run(b"id,make,serial\n1,Glock,A1\n2,Ruger,B2\n", keyed)
    assert (report.made, report.stated, report.known) == (1, 0, 1)
    assert ground.firearms(q="A1")[0].make is None
    report = ground.run(b"id,make,serial\n1,Taurus,A1\n", keyed)
    assert (report.made, report.stated) == (0, 1)
    assert ground.firearms(q="A1")[0].make == "TAURUS"


def test_rows_alike_are_two_and_stay_two(ground: Ground) -> None:
    twice = table(gun("A1"), gun("A1"))
    report = ground.judge(twice)
    assert report.kinds["firearm"].new == 2
    assert [(one.line, one.other_line, one.ref) for one in report.similar] == [(3, 2, None)]
    ground.run(twice)
    assert len(ground.firearms()) == 2
    report = ground.run(table(gun("A1"), gun("A1"), gun("A1")))
    assert report.made == 1


def test_what_the_store_has_already_is_proposed_for_merging(ground: Ground) -> None:
    held = ground.record(firearm(serial="A1"), date="2026-05-02", agency="PNH", case="24-1")
    report = ground.judge(GOOD)
    assert [(one.line, one.reason, one.ref) for one in report.similar] == [
        (2, "same_case", held.recovery.ref), (2, "same_serial", held.items[0].ref),
    ]  # fmt: skip
    ground.run(GOOD)
    assert {one.ref for one in ground.page(held.recovery).similar} == {"R-2", "F-2"}


def test_a_run_in_parts_comes_out_as_one(ground: Ground) -> None:
    rows = [gun(f"S{n}", case=f"24-{n // 3}") for n in range(50)]
    job = ground.job(table(*rows))
    ground.imports.judge(ground.room.store, ANALYST, job)
    states = []
    for _ in range(3):
        report = ground.imports.run(ground.room.store, ANALYST, job, rows_max=23)
        states.append((report.state, report.rows_done))
    assert states == [("running", 23), ("running", 46), ("done", 50)]
    assert len(ground.firearms()) == 50 and len(ground.board()) == 17
    assert report.made == 67


def test_what_was_stopped_goes_on_where_it_stood(ground: Ground) -> None:
    """Another process, after a power cut: only the file and the store are left."""
    data = table(*[gun(f"S{n}", case=f"24-{n // 3}") for n in range(50)])
    first = ground.imports.run(ground.room.store, ANALYST, ground.job(data), rows_max=23)
    assert (first.state, len(ground.firearms())) == ("running", 23)
    report = ground.run(data)
    assert (report.state, report.made, report.known) == ("done", 67, 33)
    assert len(ground.firearms()) == 50 and len(ground.board()) == 17
    refused("recoveries-file-known", lambda: ground.run(data))


def test_what_was_stopped_goes_on_by_the_same_mapping_only(ground: Ground) -> None:
    data = table(*[gun(f"S{n}") for n in range(5)])
    ground.imports.run(ground.room.store, ANALYST, ground.job(data), rows_max=2)
    job = ground.imports.job(
        ANALYST, read_table(data, "x.csv"), told_by(ground.imports.mapping("lanbi"), originator="JM")
    )
    error = refused(
        "recoveries-import-otherwise", lambda: ground.imports.run(ground.room.store, ANALYST, job)
    )
    assert error.args_by_name == {"mapping": "lanbi", "rows": 2}
    assert ground.run(data).state == "done"


class _Refusing:
    """A tracing that refuses one serial: a term that was retired while the file was on its way."""

    def __init__(self, tracing: Any, serial: str) -> None:
        self._tracing = tracing
        self._serial = serial

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracing, name)

    def make(self, tx: Tx, kind: str, givens: list[Given], source: Source, handling: Any) -> Entity:
        if any(given.value == self._serial for given in givens):
            raise Refused("retired-term", table="x", code="y")
        return self._tracing.make(tx, kind, givens, source, handling)


def test_a_row_that_the_store_will_not_have_leaves_its_neighbours_whole(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = table(*[gun(f"S{n}", case=f"24-{n}") for n in range(30)])
    refusing = _Refusing(ground.room.tracing, "S25")
    writer = writing.Writer
    monkeypatch.setattr(
        imports_module, "Writer", lambda _tracing, *rest, **how: writer(refusing, *rest, **how)
    )  # fmt: skip
    error = refused("recoveries-import-stopped", lambda: ground.run(data))
    assert error.args_by_name == {"line": 27, "rows": 20, "reason": "retired-term"}
    assert len(ground.firearms()) == 20
    report = ground.run(data, skip_bad=True)
    assert (report.state, report.good, report.bad) == ("done", 29, 1)
    assert report.reasons == {"retired-term": 1}
    assert len(ground.firearms()) == 29 and len(ground.board()) == 29
    assert ground.firearms(q="S25") == [] and ground.board(q="24-25") == []


def test_originator_rules_and_grade_are_the_importers(ground: Ground) -> None:
    mapping = told_by(
        ground.imports.mapping("lanbi"),
        originator="JM",
        handling=HandlingRule(tlp="GREEN", releasable=("HT", "DO"), onward=True),
        grade="B2",
        synthetic=True,
    )
    job = ground.imports.job(ANALYST, read_table(GOOD, "jm.csv"), mapping)
    ground.imports.run(ground.room.store, ANALYST, job)
    held = dossier(ground, ground.firearms()[0].id)
    (source,) = held.sources.values()
    assert (source.originator, source.grade, source.synthetic) == ("JM", "B2", True)
    assert {said.handling for said in held.statements} == {mapping.handling.rules("JM")}


def test_a_source_may_stand_in_a_column(ground: Ground) -> None:
    data = (
        b"country,year,metric,value,unit,source_url,note\n"
        b"Haiti,2024,traces,46,firearms,https://example.org/a,\n"
        b"Haiti,2023,traces,NA,firearms,https://example.org/a,not given\n"
        b"Jamaica,2024,traces,606,firearms,https://example.org/b,\n"
        b"25 Caribbean countries,2018-2022,traces,7399,firearms,https://example.org/b,\n"
    )
    assert ground.run(data, "facts").made == 4
    sources = ground.room.look(
        lambda reader: reader.rows(
            "SELECT s.reference, s.kind, s.grade, COUNT(DISTINCT t.entity_id) FROM tracing_source s "
            "JOIN tracing_statement t ON t.source_id = s.id GROUP BY s.reference, s.kind, s.grade ORDER BY 1"
        )
    )
    assert sources == [
        ("https://example.org/a", "publication", "C3", 2), ("https://example.org/b", "publication", "C3", 2),
    ]  # fmt: skip
    figures = ground.room.look(
        lambda reader: [
            msgspec.json.decode(row[0])
            for row in reader.rows(
                "SELECT preferred FROM tracing_entity WHERE kind = 'figure' ORDER BY number"
            )
        ]
    )
    assert [figure["value"] for figure in figures] == ["46", "NA", "606", "7399"]
    assert figures[0]["country"] == "HT" and "country" not in figures[3] and "year" not in figures[3]
    assert figures[3]["note"] == "25 Caribbean countries; 2018-2022"
    lacking = data.replace(b"https://example.org/b,\n25", b",\n25")
    report = ground.judge(lacking, "facts")
    assert [(line, fault.column) for line, fault in report.faults()] == [(4, "source_url")]


def test_persons_come_in_sealed_and_no_table_holds_their_name(ground: Ground) -> None:
    mapping = {
        "name": "site", "labels": {"en": "A site"},
        "entity": [
            {"kind": "firearm", "key": ["serial"], "values": {"serial": {"column": "serial"}}},
            {"kind": "person", "key": ["buyer"], "values": {
                "name": {"column": "buyer"}, "role": {"constant": "purchaser"},
            }},
            {"kind": "acquisition", "key": ["serial"], "values": {
                "firearm": {"entity": "firearm"}, "buyer": {"entity": "person"}, "date": {"column": "sold"},
            }},
        ],
    }  # fmt: skip
    data = b"serial,buyer,sold\nA1,Envante Moun,2025-01-01\nA2,Envante Moun,2025-01-02\n"
    report = ground.run(data, mapping)
    assert (report.made, report.known) == (5, 1)
    tables = ["tracing_statement", "tracing_entity", "tracing_import_key", "tracing_source", "journal"]
    for name in tables:
        rows = ground.room.look(lambda reader, name=name: reader.rows(f"SELECT * FROM {name}"))
        assert rows and "Envante" not in repr(rows)
    again = ground.run(data.replace(b"A2", b"A3"), mapping)
    assert (again.made, again.stated) == (2, 0)


def test_a_person_who_expired_is_a_new_one_the_next_time(ground: Ground) -> None:
    mapping = {
        "name": "site", "labels": {"en": "A site"},
        "entity": [{"kind": "person", "key": ["p"], "values": {"role": {"column": "r"}}}],
    }  # fmt: skip
    ground.run(b"p,r\nP1,purchaser\n", mapping)
    ground.room.clock.advance(400 * 86_400)
    ground.room.do(ground.room.tracing.expire_persons)
    report = ground.run(b"p,r\nP1,purchaser\n\n", mapping)
    assert (report.made, report.known) == (1, 0)


def test_how_far_it_is_is_told(swift: Ground) -> None:
    data = table(*[gun(f"S{n}") for n in range(50)])
    job = swift.job(data)
    told: list[tuple[int, int]] = []
    swift.imports.judge(swift.room.store, ANALYST, job, progress=lambda *at: told.append(at))
    assert told == [(50, 50)]
    told.clear()
    swift.imports.run(swift.room.store, ANALYST, job, progress=lambda *at: told.append(at))
    assert told == [(20, 50), (40, 50), (50, 50)]


def test_who_may_not_record_takes_nothing_in(swift: Ground) -> None:
    dispatcher = ACTORS["dispatcher"]
    job = swift.job(GOOD)
    for work in (
        lambda: swift.imports.job(dispatcher, job.table, job.mapping),
        lambda: swift.imports.judge(swift.room.store, dispatcher, job),
        lambda: swift.imports.run(swift.room.store, dispatcher, job),
        lambda: swift.imports.mappings(dispatcher),
    ):
        with pytest.raises(Forbidden):
            work()
    assert swift.count("entities") == 0


def test_sources_lead_back_to_their_part_of_a_long_file(
    swift: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SOURCE_ROWS", 30)
    swift.run(table(*[gun(f"S{n}") for n in range(70)]), name="long " + "x" * 200 + ".csv")
    found = swift.room.look(lambda reader: reader.rows("SELECT reference FROM tracing_source ORDER BY id"))
    assert [reference.rpartition(", ")[2] for (reference,) in found] == ["2–31", "32–61", "62–71"]
    assert swift.firearms(q="S0")[0].ref == "F-1"
