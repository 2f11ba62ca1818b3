"""Real files, where they stand beside the checkout: they go in, and what is wrong in them is found."""

from pathlib import Path

import pytest

from lanbi.tracing.recoveries.importer import read_table
from tracing.recoveries.ground import FOLDER, Ground
from tracing.room import ANALYST

BRADY = FOLDER / "brady_crime_guns_deid" / "crime_gun_events_deid.csv"
FACTS = FOLDER / "facts" / "caribbean_trace_facts.csv"


def bytes_of(path: Path) -> bytes:
    if not path.is_file():
        pytest.skip(f"the real file {path.name} is not beside this checkout")
    return path.read_bytes()


def test_635_traced_crime_guns_pass_through_and_the_one_impossible_row_is_found(swift: Ground) -> None:
    data = bytes_of(BRADY)
    report = swift.judge(data, "brady", BRADY.name)
    assert (report.rows, report.good, report.bad) == (635, 634, 1)
    (bad,) = report.bad_rows
    (fault,) = bad.faults
    assert (bad.line, fault.column, fault.code) == (211, "crime_date", "recoveries-day-ahead")
    assert fault.args["day"] == "2028-03-10"
    assert report.flags == {}
    assert (report.kinds["recovery"].new, report.kinds["firearm"].new) == (597, 634)
    assert (report.kinds["dealer"].new, report.kinds["person"].new) == (238, 480)
    assert report.timed == 450
    done = swift.run(data, "brady", BRADY.name, skip_bad=True)
    assert done.state == "done"
    assert swift.room.look(lambda reader: swift.recoveries.timed(reader, ANALYST)) == 450
    assert not any(line.sold_after for line in swift.firearms(limit=1_000))


def test_62_published_figures_go_in_as_claims_of_their_pages(swift: Ground) -> None:
    data = bytes_of(FACTS)
    report = swift.run(data, "facts", FACTS.name)
    assert (report.rows, report.bad, report.made) == (62, 0, 62)
    references = swift.room.look(
        lambda reader: reader.rows("SELECT DISTINCT reference FROM tracing_source WHERE kind = 'publication'")
    )
    assert references and all(reference.startswith("https://") for (reference,) in references)


def test_a_real_table_is_recognised_by_its_columns() -> None:
    from lanbi.tracing.recoveries.guess import propose

    read = read_table(bytes_of(BRADY), BRADY.name)
    guessed = {
        guess.column: (guess.kind, guess.prop) for guess in propose(read.columns, read.sample(20)).columns
    }
    assert guessed["manufacturer_name"] == ("firearm", "make")
    assert guessed["firearm_caliber"] == ("firearm", "calibre")
    assert guessed["serial_pseudo"] == ("firearm", "serial")
    assert (guessed["sale_date"], guessed["crime_date"]) == (("acquisition", "date"), ("recovery", "date"))
    assert guessed["case_id"] == ("recovery", "case")
    assert guessed["person_id"] == (None, None)
