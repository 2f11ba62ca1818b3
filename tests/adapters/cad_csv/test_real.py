"""The real feeds, where they are at hand: never part of this repository.

LANBI_REAL_DATA names their folder; otherwise `shared/data` beside the checkout is looked at.
"""

import os
from pathlib import Path

import pytest

from lanbi.adapters.cad_csv.feed import Report
from lanbi.bootstrap import Node
from lanbi.config import Settings
from lanbi.record.verify import verify_file

DATA = Path(os.environ.get("LANBI_REAL_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
SLICE_ROWS = 2_000
HEADLESS = """
source = "montgomery-minutes"
name = "Montgomery County, PA"
zone = "America/New_York"
columns = ["lat", "lng", "title", "time", "twp", "addr"]
title = "title"
time = [{ column = "time", format = "%Y-%m-%d %H:%M" }]
place = { lat = "lat", lon = "lng", words = ["addr", "twp"] }
bounds = { west = -75.95, south = 39.85, east = -74.85, north = 40.60 }
types = { fallback = "other", pattern = { "VEHICLE ACCIDENT" = "road_accident" } }
"""


def real(name: str) -> Path:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"the real calls are not here: {name} (set LANBI_REAL_DATA to their folder)")
    return path


def taken(folder: Path, file: Path, mapping: str, limit: int | None = None) -> tuple[Report, Report]:
    """The import, and the same again; the record holds after both."""
    settings = Settings(data=folder / "node")
    node = Node(settings)
    try:
        first = node.import_calls(file, mapping=mapping, limit=limit)
        again = node.import_calls(file, mapping=mapping, limit=limit)
    finally:
        node.close()
    assert verify_file(str(settings.database)).ok
    assert (again.rows, again.repeated, again.calls) == (first.rows, first.calls, 0)
    return first, again


def test_a_slice_of_montgomery_goes_in_whole(tmp_path: Path) -> None:
    file = real("cad_montgomery/montcoalert_911_99492.zip")
    report, _ = taken(tmp_path, file, "montgomery", SLICE_ROWS)
    assert (report.rows, report.calls, report.refused, report.bad) == (SLICE_ROWS, SLICE_ROWS, 0, [])
    assert report.fallback <= SLICE_ROWS / 100


def test_a_sample_of_the_same_feed_without_header_goes_in_by_a_mapping_of_ones_own(tmp_path: Path) -> None:
    file = real("cad_montgomery/leehayeong_911.csv")
    own = tmp_path / "own.toml"
    own.write_text(HEADLESS)
    report, _ = taken(tmp_path, file, str(own), 500)
    assert (report.rows, report.calls, report.refused) == (500, 500, 0)


def test_a_slice_of_seattle_goes_in_but_for_hours_that_are_none(tmp_path: Path) -> None:
    report, _ = taken(tmp_path, real("cad_seattle_fire/seattle_fire_911.csv"), "seattle", 500)
    assert (report.rows, report.fallback) == (500, 0)
    assert {bad.error.code for bad in report.bad} <= {"csv-time"}
    assert report.refused == len(report.bad) < 5


@pytest.mark.slow
def test_all_of_montgomery_goes_in_and_nothing_is_lost(tmp_path: Path) -> None:
    report, _ = taken(tmp_path, real("cad_montgomery/montcoalert_911_99492.zip"), "montgomery")
    assert (report.rows, report.calls, report.refused) == (99_492, 99_492, 0)
    assert report.unplaced == 15
    assert report.fallback <= 995
