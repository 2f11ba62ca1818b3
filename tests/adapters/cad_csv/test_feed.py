"""A file of calls goes in through the room's own services: whole, once, at its pace, and nothing is lost."""

import os
import random
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lanbi.adapters.cad_csv import feed
from lanbi.adapters.cad_csv.feed import Report, due_in_s
from lanbi.bootstrap import Node
from lanbi.config import Settings
from lanbi.core.access import SYSTEM
from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.core.time import DAY, SECOND, parse_instant, rfc3339
from lanbi.locales import hint, say
from lanbi.record import once
from lanbi.record.sealed import erase_due
from lanbi.record.verify import verify_file
from stores import NIGHT, FixedClock

HEADER = "lat,lng,desc,zip,title,timeStamp,twp,addr,e\n"


def row(number: int, *, lat: str = "40.12", at: str = "", addr: str = "ALPHA ST") -> str:
    """A row in Montgomery's form, one second after the one before."""
    stamp = at or rfc3339(parse_instant("2016-01-15T08:00:00Z") + number * SECOND)[:19].replace("T", " ")
    return f"{lat},-75.34,,0,EMS: FALL VICTIM,{stamp},SAMPLE TOWN,{addr},{number}\n"


def written(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


def many(path: Path, count: int, first: int = 0) -> Path:
    return written(path, *(row(number) for number in range(first, first + count)))


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """Rows, calls, repeated, unplaced, refused; and the sum that always holds."""
    assert report.rows == report.calls + report.repeated + report.refused
    return report.rows, report.calls, report.repeated, report.unplaced, report.refused


def one(node: Node, sql: str) -> Any:
    found = node.store.read_now(lambda reader: reader.row(sql))
    assert found is not None
    return found[0] if len(found) == 1 else found


def head(node: Node) -> int:
    return node.store.read_now(lambda reader: reader.head)


def refusal(node: Node, file: Path, mapping: str = "montgomery", **asked: Any) -> LanbiError:
    """The refusal of an import, after seeing that it has its sentence and wrote nothing."""
    before = head(node)
    with pytest.raises(LanbiError) as error:
        node.import_calls(file, mapping=mapping, **asked)
    assert head(node) == before
    assert say("ht", error.value.code, **error.value.args_by_name) != error.value.code
    assert hint("ht", error.value.code, **error.value.args_by_name)
    return error.value


# -- what goes in ------------------------------------------------------------------------------


def test_each_row_is_a_call_and_an_incident_as_the_source_tells_them(node: Node, samples: Path) -> None:
    report = node.import_calls(samples / "montgomery_form.csv", mapping="montgomery")
    assert counts(report) == (5, 5, 0, 2, 0)
    assert report.fallback == 1
    assert [(bad.line, bad.error.code) for bad in report.misplaced] == [
        (5, "coordinates-empty"),
        (6, "coordinates-swapped"),
    ]
    found = node.store.read_now(
        lambda reader: reader.rows(
            "SELECT type, title, place_words, lat, opened_at FROM incident ORDER BY number"
        )
    )
    assert [incident[:2] for incident in found] == [
        ("cardiac_arrest", "EMS: CARDIAC ARREST"),
        ("road_accident", "Traffic: VEHICLE ACCIDENT -"),
        ("gas_leak", "Fire: GAS-ODOR/LEAK"),
        ("fall", "EMS: FALL VICTIM"),
        ("other", "EMS: SOMETHING NEVER HEARD OF"),
    ]
    assert found[2][2] == 'DELTA LN, NEAR THE "OLD MILL", SAMPLE TOWN'
    assert [incident[3] for incident in found] == [40.1200001, 40.1300001, 40.1400001, None, None]
    # The county's own time where it is written; else when the collector saw it. Winter and summer.
    assert found[0][4] == parse_instant("2016-01-15T08:01:02-05:00")
    assert found[2][4] == parse_instant("2016-07-15T08:06:00-04:00")


def test_what_the_source_says_bears_its_time_and_what_the_importer_does_bears_now(
    node: Node, samples: Path
) -> None:
    node.import_calls(samples / "montgomery_form.csv", mapping="montgomery", limit=1)
    then = parse_instant("2016-01-15T08:01:02-05:00")
    entries = node.store.read_now(
        lambda reader: reader.rows(
            "SELECT kind, at, recorded_at, actor FROM journal WHERE actor <> 'system' ORDER BY seq"
        )
    )
    assert entries == [
        ("call.offered", then, NIGHT, "import-montgomery"),
        ("incident.opened", then, NIGHT, "import-montgomery"),
        ("call.joined", NIGHT, NIGHT, "import-montgomery"),
        ("call.answered", NIGHT, NIGHT, "import-montgomery"),
        ("call.ended", NIGHT, NIGHT, "import-montgomery"),
        ("incident.closed", NIGHT, NIGHT, "import-montgomery"),
    ]
    call = node.store.read_now(lambda reader: node.calls.page(reader, SYSTEM, before=10, limit=1))[0]
    assert (call.state, call.offered_at, call.answered_at) == ("ended", then, NIGHT)
    incident = node.store.read_now(
        lambda reader: node.incidents.page(reader, SYSTEM, state=None, before=10, limit=1)
    )[0]
    assert incident.clocks["ring"].at == then
    assert incident.clocks["answer"].at == NIGHT  # by the importer: no time of the source's is made up
    assert {stamp.by for stamp in incident.clocks.values()} == {"import-montgomery"}
    assert call.incident_id == incident.id
    # Words are kept from the day they came here, not from the day they were said.
    node.store.write_now(SYSTEM, erase_due)
    assert one(node, "SELECT COUNT(*) FROM sealed WHERE erased_at IS NOT NULL") == 0


def test_flat_out_history_leaves_nothing_on_the_live_picture(node: Node, samples: Path) -> None:
    node.import_calls(samples / "montgomery_form.csv", mapping="montgomery")
    assert one(node, "SELECT COUNT(*) FROM incident WHERE state = 'open'") == 0
    assert one(node, "SELECT COUNT(*) FROM call WHERE pictured = 1") == 0
    assert one(node, "SELECT MIN(disposition) FROM incident") == "imported"


def test_at_a_pace_incidents_stay_open_for_the_room(laptop: Node, samples: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = laptop.import_calls(
        samples / "montgomery_form.csv",
        mapping="montgomery",
        speed=1_000_000,
        limit=2,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert counts(report) == (2, 2, 0, 0, 0)
    assert one(laptop, "SELECT COUNT(*) FROM incident WHERE state = 'open'") == 2
    assert one(laptop, "SELECT COUNT(*) FROM call WHERE pictured = 1") == 0
    assert seen == [(1, 2), (2, 2), (2, 2)]


def test_seattles_form_goes_in(laptop: Node, samples: Path) -> None:
    report = laptop.import_calls(samples / "seattle_form.csv", mapping="seattle")
    assert counts(report) == (4, 3, 0, 1, 1)
    assert [(bad.line, bad.error.code) for bad in report.bad] == [(5, "csv-time")]  # there is no hour 24
    assert one(laptop, "SELECT offered_at FROM call WHERE number = 1") == parse_instant(
        "2011-11-09T22:04:00Z"
    )
    assert one(laptop, "SELECT offered_at FROM call WHERE number = 3") == parse_instant(
        "2013-07-04T05:06:07Z"
    )


def test_a_mapping_of_ones_own_goes_in_on_the_sites_own_ground(laptop: Node, samples: Path) -> None:
    own = laptop.territory
    report = laptop.import_calls(samples / "own.csv", mapping=str(samples / "own.toml"))
    assert counts(report) == (4, 4, 0, 2, 0)
    assert laptop.territory is own
    found = laptop.store.read_now(
        lambda reader: reader.rows(
            "SELECT type, title, place_words, radius_m, confidence FROM incident ORDER BY number"
        )
    )
    assert found == [
        ("motorcycle_accident", "Aksidan moto devan legliz", "Anba pye sapoti a, Delma 33", 250, "heard"),
        ("shooting", "TIRE", "Dèyè mache a, Delma 32", 250, "heard"),
        ("house_fire", "Gwo dife nan yon kay", "Bò ravin nan, Delma 31", None, "heard"),
        ("assistance", "Moun bezwen èd", "", None, None),
    ]
    assert one(laptop, "SELECT MIN(disposition), MAX(disposition) FROM incident") == ("resolved", "resolved")


# -- bad rows ----------------------------------------------------------------------------------


def hostile(path: Path) -> Path:
    """Fifteen lines of trouble among good rows."""
    path.write_bytes(
        HEADER.encode()
        + row(1).encode()  # 2
        + b"40.12,-75.34,too,few\n"  # 3
        + row(2, at="yesterday").encode()  # 4
        + row(3).encode().replace(b"ALPHA", b"AL\0PHA")  # 5
        + row(4).encode().replace(b"ALPHA", b"AL\xffPHA")  # 6
        + row(5, addr='"AL"PHA').encode()  # 7
        + b"\n"  # 8
        + row(6, addr='"LINE\nBREAK"').encode()  # 9 and 10
        + row(7, addr="A" * 70_000).encode()  # 11
        + row(8, addr='"OPEN').encode()  # 12
        + row(9).encode()  # 13
        + row(10, lat="999").encode()  # 14
        + row(11, at="2031-01-01 00:00:00").encode()  # 15: later than now
        + row(12).encode()  # 16
        + row(13).encode()[:-30]  # 17: the end is missing
    )
    return path


def test_bad_rows_are_listed_by_line_and_reason_and_cost_no_other(node: Node, tmp_path: Path) -> None:
    report = node.import_calls(hostile(tmp_path / "hostile.csv"), mapping="montgomery")
    assert counts(report) == (14, 5, 0, 1, 9)
    listed = sorted((bad.line, bad.error.code) for bad in report.bad)
    assert listed == [
        (3, "csv-columns"),
        (4, "csv-time"),
        (5, "csv-nul"),
        (6, "csv-undecodable"),
        (7, "csv-quote-stray"),
        (11, "csv-line-long"),
        (12, "csv-quote-open"),
        (15, "offered-ahead"),
        (17, "csv-columns"),
    ]
    assert [bad.line for bad in report.misplaced] == [14]
    assert one(node, "SELECT COUNT(*) FROM call") == 5
    assert one(node, "SELECT COUNT(*) FROM incident") == 5
    again = node.import_calls(tmp_path / "hostile.csv", mapping="montgomery")
    assert counts(again) == (14, 0, 5, 0, 9)


def test_the_list_of_bad_rows_is_bounded_and_their_number_is_not(
    laptop: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "BAD_ROWS_LISTED_MAX", 3)
    file = written(tmp_path / "bad.csv", *(row(number, at="never") for number in range(5)), row(6))
    report = laptop.import_calls(file, mapping="montgomery")
    assert counts(report) == (6, 1, 0, 0, 5)
    assert [bad.line for bad in report.bad] == [2, 3, 4]


def test_random_damage_loses_no_whole_row(laptop: Node, tmp_path: Path) -> None:
    """Bytes changed in some rows: all the others are calls, by their own last column."""
    chance = random.Random(1804)
    rows = [row(number).encode() for number in range(400)]
    hurt = set(chance.sample(range(len(rows)), 40))
    for number in hurt:
        data = bytearray(rows[number])
        data[chance.randrange(len(data) - 1)] = chance.choice(b'"\0\xff,;\x80')
        rows[number] = bytes(data)
    file = tmp_path / "damaged.csv"
    file.write_bytes(HEADER.encode() + b"".join(rows))
    report = laptop.import_calls(file, mapping="montgomery")
    assert report.rows == len(rows)
    taken = laptop.store.read_now(lambda reader: {at for (at,) in reader.rows("SELECT offered_at FROM call")})
    began = parse_instant("2016-01-15T08:00:00-05:00")
    whole = {began + number * SECOND for number in range(len(rows)) if number not in hurt}
    assert whole <= taken


# -- once --------------------------------------------------------------------------------------


def test_the_same_file_again_adds_nothing_even_after_a_month(
    node: Node, clock: FixedClock, samples: Path, tmp_path: Path
) -> None:
    file = samples / "montgomery_form.csv"
    node.import_calls(file, mapping="montgomery")
    before = head(node)
    assert counts(node.import_calls(file, mapping="montgomery")) == (5, 0, 5, 0, 0)
    assert head(node) == before
    clock.advance(31 * DAY / SECOND)
    node.store.write_now(SYSTEM, once.forget_old)
    before = head(node)
    assert counts(node.import_calls(file, mapping="montgomery")) == (5, 0, 5, 0, 0)
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file, "911.csv")
    assert counts(node.import_calls(packed, mapping="montgomery")) == (5, 0, 5, 0, 0)
    assert head(node) == before


def test_a_longer_export_adds_only_what_is_new(laptop: Node, tmp_path: Path) -> None:
    laptop.import_calls(many(tmp_path / "january.csv", 10), mapping="montgomery")
    longer = laptop.import_calls(many(tmp_path / "to_february.csv", 25), mapping="montgomery")
    assert counts(longer) == (25, 15, 10, 0, 0)


def test_rows_that_are_alike_are_as_many_calls_and_stay_as_many(laptop: Node, tmp_path: Path) -> None:
    file = written(tmp_path / "twins.csv", row(1), row(2), row(1), row(1))
    assert counts(laptop.import_calls(file, mapping="montgomery")) == (4, 4, 0, 0, 0)
    assert counts(laptop.import_calls(file, mapping="montgomery")) == (4, 0, 4, 0, 0)


def test_a_row_known_by_its_number_may_be_corrected_in_the_source(
    laptop: Node, samples: Path, tmp_path: Path
) -> None:
    own = str(samples / "own.toml")
    laptop.import_calls(samples / "own.csv", mapping=own)
    corrected = tmp_path / "corrected.csv"
    corrected.write_bytes((samples / "own.csv").read_bytes().replace(b"legliz", b"lekol"))
    assert counts(laptop.import_calls(corrected, mapping=own)) == (4, 0, 4, 0, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("speed", [0, 1_000])
def test_stopped_by_a_signal_it_says_where_and_the_next_run_goes_on(
    laptop: Node, tmp_path: Path, number: signal.Signals, speed: float
) -> None:
    file = many(tmp_path / "calls.csv", 350)
    before = signal.getsignal(number)

    def interrupt(done: int, total: int) -> None:
        assert total == 350
        if done == 100:
            signal.raise_signal(number)

    with pytest.raises(Refused) as stopped:
        laptop.import_calls(file, mapping="montgomery", speed=speed, progress=interrupt)
    assert stopped.value.code == "import-stopped"
    assert stopped.value.args_by_name["line"] == 101
    assert stopped.value.args_by_name["calls"] == 100
    assert "101" in say("ht", stopped.value.code, **stopped.value.args_by_name)
    assert signal.getsignal(number) is before
    assert one(laptop, "SELECT COUNT(*) FROM call") == 100
    assert counts(laptop.import_calls(file, mapping="montgomery")) == (350, 250, 100, 0, 0)
    assert counts(laptop.import_calls(file, mapping="montgomery")) == (350, 0, 350, 0, 0)


def test_a_signal_ends_the_wait_for_the_next_row(laptop: Node, tmp_path: Path) -> None:
    file = written(tmp_path / "calls.csv", row(1), row(2, at="2017-01-01 00:00:00"))

    def interrupt(done: int, total: int) -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(Refused) as stopped:
        laptop.import_calls(file, mapping="montgomery", speed=1, progress=interrupt)
    assert (stopped.value.code, stopped.value.args_by_name["line"]) == ("import-stopped", 2)
    assert one(laptop, "SELECT COUNT(*) FROM call") == 1


def test_a_second_run_at_a_pace_does_not_wait_for_what_is_there(laptop: Node, tmp_path: Path) -> None:
    """Ten years lie between the first row and the last two; real pace would outlast this test."""
    first, last = row(1, at="2006-01-01 00:00:00"), [row(2), row(2)]
    laptop.import_calls(written(tmp_path / "old.csv", first), mapping="montgomery")
    file = written(tmp_path / "calls.csv", first, *last)
    assert counts(laptop.import_calls(file, mapping="montgomery", speed=1)) == (3, 2, 1, 0, 0)


def test_a_store_that_cannot_go_on_stops_the_import(
    laptop: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is not forty bad rows: the import stops, and what is in stays in."""
    monkeypatch.setattr("lanbi.store.store.QUEUE_PIECES_MAX", 0)
    file = many(tmp_path / "calls.csv", 40)
    with pytest.raises(LanbiError) as error:
        laptop.import_calls(file, mapping="montgomery")
    assert error.value.code == "queue-full"
    monkeypatch.undo()
    assert counts(laptop.import_calls(file, mapping="montgomery")) == (40, 40, 0, 0, 0)


def test_limit_reads_no_further(laptop: Node, tmp_path: Path) -> None:
    file = many(tmp_path / "calls.csv", 20)
    report = laptop.import_calls(file, mapping="montgomery", limit=7)
    assert counts(report) == (7, 7, 0, 0, 0)
    assert report.ended_line == 8


# -- pace --------------------------------------------------------------------------------------


def test_rows_are_due_as_far_apart_as_they_came() -> None:
    origin = (1_000 * SECOND, 50.0)
    assert due_in_s(origin, 1_000 * SECOND, 50.0, 1) == 0
    assert due_in_s(origin, 1_060 * SECOND, 50.0, 1) == 60
    assert due_in_s(origin, 1_060 * SECOND, 50.0, 60) == 1
    assert due_in_s(origin, 1_060 * SECOND, 55.0, 10) == 1
    assert due_in_s(origin, 940 * SECOND, 50.0, 1) < 0  # earlier than the row before: at once


@pytest.mark.parametrize("speed", [-1, float("nan"), float("inf"), 1e9])
def test_a_speed_that_cannot_be_is_refused(laptop: Node, samples: Path, speed: float) -> None:
    assert refusal(laptop, samples / "montgomery_form.csv", speed=speed).code == "import-speed"


@pytest.mark.parametrize("limit", [0, -5])
def test_a_limit_that_cannot_be_is_refused(laptop: Node, samples: Path, limit: int) -> None:
    assert refusal(laptop, samples / "montgomery_form.csv", limit=limit).code == "import-limit"


# -- the ground --------------------------------------------------------------------------------


def test_an_empty_store_takes_the_sources_ground_and_keeps_it(tmp_path: Path, samples: Path) -> None:
    settings = Settings(data=tmp_path / "node")
    node = Node(settings)
    node.import_calls(samples / "montgomery_form.csv", mapping="montgomery")
    node.close()
    node = Node(settings)
    try:
        assert node.territory.name == "Montgomery County, PA"
        assert counts(node.import_calls(samples / "montgomery_form.csv", mapping="montgomery")) == (
            5,
            0,
            5,
            0,
            0,
        )
        error = refusal(node, samples / "seattle_form.csv", "seattle")
        assert (error.code, error.args_by_name["present"]) == ("import-elsewhere", "Montgomery County, PA")
    finally:
        node.close()


def test_a_store_at_work_in_haiti_refuses_calls_from_elsewhere(laptop: Node, samples: Path) -> None:
    laptop.store.write_now(SYSTEM, lambda tx: laptop.calls.offer(tx, channel="voice"))
    assert refusal(laptop, samples / "montgomery_form.csv").code == "import-elsewhere"
    assert laptop.territory.holds(18.54, -72.33)


# -- files -------------------------------------------------------------------------------------


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), data)
    return path


def test_a_zip_with_one_csv_is_taken_as_it_is(laptop: Node, tmp_path: Path) -> None:
    data = (HEADER + row(1) + row(2)).encode()
    file = zipped(tmp_path / "calls.zip", calls_csv=data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.mkdir("__MACOSX")
        archive.writestr("__MACOSX/._calls.csv", b"of no use")
    assert counts(laptop.import_calls(file, mapping="montgomery")) == (2, 2, 0, 0, 0)


def test_zips_that_are_traps_or_broken_are_refused_before_the_first_row(laptop: Node, tmp_path: Path) -> None:
    data = (HEADER + "".join(row(number) for number in range(2_000))).encode()
    bomb = zipped(tmp_path / "bomb.zip", calls_csv=HEADER.encode() + b"\n" * 20_000_000)
    assert refusal(laptop, bomb).code == "csv-zip-bomb"
    assert refusal(laptop, zipped(tmp_path / "two.zip", a_csv=data, b_csv=data)).code == "csv-zip-members"
    assert refusal(laptop, zipped(tmp_path / "none.zip")).code == "csv-zip-members"
    whole = zipped(tmp_path / "calls.zip", calls_csv=data).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert refusal(laptop, cut).code == "csv-zip-broken"
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 0xFF
    cut.write_bytes(changed)
    assert refusal(laptop, cut).code == "csv-zip-broken"
    locked = bytearray(whole)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(mark) + offset] |= 1
    cut.write_bytes(locked)
    assert refusal(laptop, cut).code == "csv-zip-locked"


def test_a_zip_that_lies_about_its_size_is_not_followed(laptop: Node, tmp_path: Path) -> None:
    data = b"\n" * 3_000_000
    lying = bytearray(zipped(tmp_path / "liar.zip", calls_csv=data).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = lying.index(mark) + offset
        lying[start : start + 4] = (1_000).to_bytes(4, "little")
    file = tmp_path / "lying.zip"
    file.write_bytes(lying)
    assert refusal(laptop, file).code == "csv-zip-broken"


def test_files_that_are_no_lists_of_calls_are_refused_with_what_to_do(
    laptop: Node, tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(laptop, samples / "seattle_form.csv").code == "csv-header"
    assert refusal(laptop, tmp_path / "none.csv").code == "csv-file-unreadable"
    assert refusal(laptop, tmp_path).code == "csv-file-unreadable"
    file = tmp_path / "file.csv"
    for data, code in (
        (b"", "csv-empty"),
        (b"\n\n", "csv-empty"),
        ((HEADER + row(1)).encode("utf-16"), "csv-utf16"),
        (os.urandom(2_000).replace(b'"', b"'").replace(b"\n", b" "), None),
        (b"PK\x03\x04 and no zip", "csv-zip-broken"),
    ):
        file.write_bytes(data)
        error = refusal(laptop, file)
        assert code is None or error.code == code
    monkeypatch.setattr(feed, "FILE_BYTES_MAX", 1_000)
    assert refusal(laptop, many(tmp_path / "large.csv", 20)).code == "csv-file-large"
    with pytest.raises(Malformed):
        laptop.import_calls(samples / "own.csv", mapping="no-such-mapping")


def test_more_rows_than_can_be_told_apart_stop_the_import(
    laptop: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "ROWS_MAX", 10)
    assert counts(laptop.import_calls(many(tmp_path / "ten.csv", 10), mapping="montgomery"))[1] == 10
    with pytest.raises(LanbiError) as error:
        laptop.import_calls(many(tmp_path / "more.csv", 11), mapping="montgomery")
    assert error.value.code == "import-rows"


# -- the record --------------------------------------------------------------------------------


def test_the_record_of_an_import_holds(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "node")
    node = Node(settings)
    node.import_calls(many(tmp_path / "calls.csv", 300), mapping="montgomery")
    node.close()
    report = verify_file(str(settings.database))
    assert report.ok
    assert report.entries >= 6 * 300


def test_the_command_says_what_became_of_the_rows(tmp_path: Path, samples: Path) -> None:
    def lanbi(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lanbi", "import", "calls", *words, "--data", str(tmp_path / "node")],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "LANBI_LANG": "en"},
        )

    done = lanbi(str(samples / "montgomery_form.csv"), "--as", "montgomery")
    assert done.returncode == 0, done.stderr
    assert "5 rows: 5 calls" in done.stdout
    done = lanbi(str(hostile(tmp_path / "hostile.csv")), "--as", "montgomery")
    assert done.returncode == 1
    assert "line 3: " in done.stdout
    assert "9 refused" in done.stdout
    done = lanbi(str(samples / "montgomery_form.csv"), "--as", "montgomry")
    assert done.returncode == 1
    assert "montgomery, seattle" in done.stderr
