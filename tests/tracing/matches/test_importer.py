"""A register is taken in whole, or nothing of it; nobody finds a part of one."""

from pathlib import Path
from typing import Any

import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Forbidden, LanbiError
from lanbi.tracing.handling import Handling
from lanbi.tracing.matches import importer, sql
from lanbi.tracing.matches.importer import BadRowsError, import_register
from lanbi.tracing.matches.model import ENTRY_STRIDE, REGISTER_ROWS_MAX, Wanted
from stores import ACTORS
from tracing.matches.queue_room import HEADINGS, OTHERS, STOLEN, QueueRoom
from tracing.room import ANALYST

BAD = ("1.2E+11", "Glock", "", "", "", "")
UNNAMED = ("", "Taurus", "", "", "", "")


def refused(code: str, queue: QueueRoom, path: Path, **more: Any) -> LanbiError:
    with pytest.raises(LanbiError) as caught:
        queue.take_in(path, **more)
    assert caught.value.code == code
    return caught.value


def held(queue: QueueRoom) -> tuple[int, int]:
    """(registers, entries) in the store, seen or not."""
    return queue.room.look(
        lambda reader: (
            reader.rows("SELECT COUNT(*) FROM tracing_register")[0][0],
            reader.rows("SELECT COUNT(*) FROM tracing_register_entry")[0][0],
        )
    )


def test_a_register_is_taken_in_whole_with_its_source_and_its_rules(queue: QueueRoom) -> None:
    path = queue.file("a.csv", [STOLEN, *OTHERS])
    wanted = Wanted(
        name="SYNTHETIC stolen",
        kind="stolen",
        handling=Handling(originator="US", tlp="AMBER", releasable=("HT",), purposes=("prosecution",)),
        grade="B2",
        synthetic=True,
    )
    report = import_register(queue.room.store, queue.registers, ANALYST, path, wanted)
    register = report.register
    assert register is not None
    assert (report.rows, report.entries, report.refused, report.repeated) == (9, 9, 0, 0)
    assert report.headings == dict(
        zip(("serial", "make", "model", "calibre", "type", "reference"), HEADINGS, strict=True)
    )
    assert (register.number, register.kind, register.entries, register.synthetic) == (1, "stolen", 9, True)
    assert register.handling == wanted.handling
    source = queue.room.look(
        lambda reader: reader.rows(
            "SELECT kind, originator, reference, grade, digest, synthetic FROM tracing_source WHERE id = :id",
            id=register.source_id,
        )
    )
    assert source == [("register", "US", "SYNTHETIC stolen", "B2", report.digest, 1)]
    entry = queue.room.look(lambda reader: sql.entry(reader, register.number * ENTRY_STRIDE + 1))
    assert entry is not None
    assert (entry.marks, entry.make, entry.model, entry.reference) == (
        "SYN488075", "GLOCK", "GLOCK/19", "case 24-77",
    )  # fmt: skip
    assert (entry.register_number, entry.row, entry.as_written("make")) == (1, 1, "Glock GmbH")


def test_the_record_says_that_it_came_and_nothing_of_what_it_says(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    kinds = {kind: body for kind, _, _, body in queue.room.entries()}
    body = kinds["tracing.register_imported"]
    assert '"entries":9' in body
    for word in ("SYN488075", "stolen 2026", "SYNTHETIC", "24-77", "Glock", "GLOCK"):
        assert word not in body


def test_one_bad_row_refuses_the_file_with_every_reason(queue: QueueRoom) -> None:
    path = queue.file("a.csv", [STOLEN, BAD, *OTHERS, UNNAMED, ("#N/A", "", "", "", "", "")])
    before = queue.room.look(lambda reader: reader.head)
    error = refused("register-bad-rows", queue, path)
    assert isinstance(error, BadRowsError)
    assert [(row.line, row.code) for row in error.report.bad] == [
        (3, "register-row-exponent"), (12, "register-row-no-serial"), (13, "register-row-error"),
    ]  # fmt: skip
    assert (error.report.entries, error.report.refused) == (9, 3)
    assert held(queue) == (0, 0)
    assert queue.room.look(lambda reader: reader.head) == before
    assert queue.search("SYN488075").hits == []


def test_bad_rows_can_be_left_out(queue: QueueRoom) -> None:
    path = queue.file("a.csv", [STOLEN, BAD, UNNAMED, *OTHERS])
    report = queue.take_in(path, skip_bad=True)
    assert report.register is not None
    assert (report.register.entries, report.register.skipped) == (9, 2)
    assert report.by_reason == {"register-row-exponent": 1, "register-row-no-serial": 1}
    # An entry keeps the number of its row: what was left out leaves a gap.
    rows = queue.room.look(lambda reader: reader.rows("SELECT n FROM tracing_register_entry ORDER BY n"))
    assert [n % ENTRY_STRIDE for (n,) in rows] == [1, 4, 5, 6, 7, 8, 9, 10, 11]


def test_a_dry_run_says_the_same_and_changes_nothing(queue: QueueRoom) -> None:
    path = queue.file("a.csv", [STOLEN, BAD, STOLEN, ("AB12?4", "Zanmi Fò", "", "", "", "")])
    before = queue.room.look(lambda reader: reader.head)
    report = queue.take_in(path, dry_run=True)
    assert (report.entries, report.refused, report.repeated, report.register) == (3, 1, 1, None)
    assert report.flags == {"make_unknown": 1, "serial_partial": 1}
    assert held(queue) == (0, 0)
    assert queue.room.look(lambda reader: reader.head) == before
    refused("unknown-term", queue, path, dry_run=True, kind="borrowed")


def test_the_same_file_is_taken_in_once_until_it_is_withdrawn(queue: QueueRoom) -> None:
    path = queue.file("a.csv", [STOLEN])
    first = queue.take_in(path).register
    assert first is not None
    again = path.rename(path.with_name("b.csv"))
    assert refused("register-twice", queue, again, name="another name").args_by_name["number"] == 1
    refused("register-twice", queue, again, dry_run=True)
    queue.withdraw(first)
    second = queue.take_in(again).register
    assert second is not None
    assert second.number > first.number


def test_of_two_imports_of_one_file_at_once_one_stands(queue: QueueRoom) -> None:
    path = queue.file("a.csv", [STOLEN])
    raced: list[str] = []

    def meanwhile(_done: int, _total: int) -> None:
        if not raced:
            raced.append("begun")
            assert queue.take_in(path, name="the faster").register is not None

    refused("register-twice", queue, path, name="the slower", progress=meanwhile)
    assert held(queue) == (1, 1)
    assert [hit.register and hit.register.name for hit in queue.search("SYN488075").hits] == ["the faster"]


def test_nobody_finds_a_part_of_a_register(queue: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "PIECE_ROWS", 2)
    monkeypatch.setattr(importer, "PROGRESS_EVERY_ROWS", 1)
    seen: list[tuple[int, int]] = []

    def meanwhile(_done: int, _total: int) -> None:
        queue.holder.refresh()
        seen.append((held(queue)[1], len(queue.search("SYN488075", make="Glock").hits)))

    queue.take_in(queue.file("a.csv", [STOLEN, *OTHERS]), progress=meanwhile)
    assert {hits for _, hits in seen} == {0}
    assert max(entries for entries, _ in seen) == 8
    queue.holder.refresh()
    assert len(queue.search("SYN488075", make="Glock").hits) == 1


def test_an_import_that_ends_early_leaves_nothing(queue: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "PIECE_ROWS", 2)
    monkeypatch.setattr(importer, "PROGRESS_EVERY_ROWS", 6)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    path = queue.file("a.csv", [STOLEN, *OTHERS])
    with pytest.raises(KeyboardInterrupt):
        queue.take_in(path, progress=stop)
    assert held(queue) == (0, 0)
    assert queue.take_in(path).register is not None


def test_what_a_dead_import_left_is_cleared_after_an_hour(queue: QueueRoom) -> None:
    wanted = Wanted(name="SYNTHETIC dead", kind="stolen", handling=Handling(originator="US"))
    dead = queue.room.do(lambda tx: queue.registers.begin(tx, wanted, "d" * 64), by=SYSTEM)
    row = {"n": dead.number * ENTRY_STRIDE + 1, "marks": "AB1234", "flags": "", "written": None}
    blank = dict.fromkeys(("make", "model", "calibre", "type", "reference"))
    queue.room.do(lambda tx: tx.run(sql.TOUCH_REGISTER, id=dead.id, last_n=row["n"], now=tx.now))
    queue.room.do(lambda tx: tx.run_many(sql.ADD_ENTRY, [{**row, **blank}]))
    queue.clerk.step()
    assert held(queue) == (1, 1)
    queue.room.clock.advance(3_601)
    queue.clerk.step()
    queue.clerk.step()
    assert held(queue) == (0, 0)
    with pytest.raises(LanbiError) as caught:
        queue.room.do(
            lambda tx: queue.registers.finish(tx, dead.id, entries=1, skipped=0, repeated=0), by=SYSTEM
        )
    assert caught.value.code == "register-none"


def test_an_import_cleared_away_under_its_hands_says_so(
    queue: QueueRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "PIECE_ROWS", 2)
    monkeypatch.setattr(importer, "PROGRESS_EVERY_ROWS", 5)

    def meanwhile(_done: int, _total: int) -> None:
        queue.room.clock.advance(7_200)
        queue.room.do(queue.registers.clear, by=SYSTEM)

    refused("register-gone", queue, queue.file("a.csv", [STOLEN, *OTHERS]), progress=meanwhile)
    assert held(queue) == (0, 0)


def test_too_many_entries_are_refused_before_they_stand(
    queue: QueueRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = queue.file("a.csv", [STOLEN, *OTHERS])
    monkeypatch.setattr("lanbi.tracing.matches.service.ENTRIES_MAX", 8)
    assert refused("registers-full", queue, path).args_by_name == {"limit": 8, "held": 0, "given": 9}
    monkeypatch.setattr(importer, "REGISTER_ROWS_MAX", 5)
    refused("register-rows-many", queue, path)
    assert held(queue) == (0, 0)
    monkeypatch.undo()
    assert queue.take_in(path).register is not None


def test_the_numbers_of_two_registers_never_meet() -> None:
    assert REGISTER_ROWS_MAX < ENTRY_STRIDE


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("unknown-term", {"kind": "borrowed"}),
        ("tracing-party-code", {"originator": "united states"}),
        ("text-empty", {"name": "  "}),
        ("text-too-long", {"name": "x" * 121}),
        ("tracing-grade", {"grade": "Z9"}),
        ("register-field", {"mapping": {"owner": "Make"}}),
    ],
)
def test_what_a_register_is_called_and_whose_it_is_must_make_sense(
    small_queue: QueueRoom, code: str, wanted: dict[str, Any]
) -> None:
    refused(code, small_queue, small_queue.file("a.csv", [STOLEN]), **wanted)
    assert held(small_queue) == (0, 0)


def test_a_register_of_nothing_is_refused(small_queue: QueueRoom) -> None:
    refused("register-file-empty", small_queue, small_queue.file("a.csv", []))
    refused("register-file-empty", small_queue, small_queue.file("b.csv", [BAD]), skip_bad=True)
    assert held(small_queue) == (0, 0)


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "field_unit", "auditor", "administrator"])
def test_only_who_works_on_tracing_takes_in_registers(small_queue: QueueRoom, role: str) -> None:
    path = small_queue.file("a.csv", [STOLEN])
    with pytest.raises(Forbidden):
        small_queue.take_in(path, actor=ACTORS[role])
    assert held(small_queue) == (0, 0)
    assert small_queue.take_in(path, actor=ACTORS["analyst"]).register is not None
