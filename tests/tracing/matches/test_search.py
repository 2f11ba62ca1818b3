"""What a serial may be: searched at once, fresh, and never in what was taken back."""

from pathlib import Path
from typing import Any

import pytest

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Busy, Forbidden, LanbiError
from lanbi.tracing.matches import holder as holder_module
from lanbi.tracing.matches import sql
from lanbi.tracing.matches.service import Search
from stores import ACTORS
from tracing.matches.queue_room import OTHERS, STOLEN, Later, QueueRoom
from tracing.room import ANALYST, CHIEF, GLOCK, Room


def refused(code: str, queue: QueueRoom, serial: str, **more: Any) -> LanbiError:
    with pytest.raises(LanbiError) as caught:
        queue.search(serial, **more)
    assert caught.value.code == code
    return caught.value


def names(search: Search) -> list[str]:
    return [
        hit.register.name if hit.register is not None else f"F-{hit.firearm.number}" if hit.firearm else "?"
        for hit in search.hits
    ]


def test_a_misread_serial_finds_its_entry_with_every_difference(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    found = queue.search("s/n SYN-48B-075", make="Glock", model="19", calibre="9mm")
    assert (found.serial.marks, found.serial.notes) == ("SYN48B075", ("prefix",))
    assert (found.reading.make, found.reading.model, found.reading.calibre) == ("GLOCK", "GLOCK/19", "9X19")
    (hit,) = found.hits
    assert hit.entry is not None
    assert (hit.entry.marks, hit.entry.row, hit.scored.near, hit.scored.of) == ("SYN488075", 1, 0, 9)
    assert hit.scored.score > 0.9
    relations = [step.relation for step in hit.scored.comparison.steps]
    assert relations == ["same"] * 5 + ["look_alike"] + ["same"] * 3


def test_recovered_firearms_are_found_beside_registers(queue: QueueRoom) -> None:
    queue.register(("SYN48B075", "Glock", "19", "9mm", "", ""))
    queue.room.seized(GLOCK)
    queue.holder.refresh()
    found = queue.search("SYN48B075", make="Glock")
    assert sorted(names(found)) == ["F-1", "SYNTHETIC stolen"]
    assert all(hit.scored.score > 0.9 and hit.scored.near == 0 for hit in found.hits)
    assert (found.entries, found.firearms) == (9, 1)


def test_one_gun_in_two_registers_is_found_in_both(queue: QueueRoom) -> None:
    queue.register(STOLEN, name="SYNTHETIC sold", kind="sold")
    queue.register(STOLEN, ("SYN999123", "Colt", "", "", "", ""), name="SYNTHETIC stolen")
    found = queue.search("SYN488075", make="Glock")
    assert sorted(names(found)) == ["SYNTHETIC sold", "SYNTHETIC stolen"]
    assert all(hit.scored.score > 0.9 for hit in found.hits)


def test_nothing_like_it_finds_nothing(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    assert queue.search("ZX00000").hits == []
    assert queue.search("SYN488075", limit=1).hits != []


def test_too_many_are_not_told_apart(queue: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    from lanbi.tracing.markings import part

    queue.register(STOLEN)
    assert not queue.search("SYN4…").too_many
    monkeypatch.setattr(part, "LOOSE_ROWS_MAX", 3)
    found = queue.search("SYN…")
    assert (found.too_many, found.hits) == (True, [])
    refused("serial-no-marks", queue, "…")
    refused("serial-no-marks", queue, "???")


@pytest.mark.parametrize(
    ("code", "serial", "more"),
    [
        ("serial-empty", "  ", {}),
        ("serial-no-marks", "obliterated", {}),
        ("serial-too-long", "A1" * 20, {}),
        ("serial-gaps", "A…B…C", {}),
        ("serial-control-character", "AB\n12", {}),
        ("serial-status", "AB1234", {"status": "smudged"}),
        ("serial-none-with-marks", "AB1234", {"status": "none"}),
        ("limit-impossible", "AB1234", {"limit": 0}),
        ("limit-impossible", "AB1234", {"limit": 51}),
        ("text-too-long", "AB1234", {"make": "x" * 501}),
        ("text-nul", "AB1234", {"model": "a\x00"}),
    ],
)
def test_what_cannot_be_searched_is_refused(
    small_queue: QueueRoom, code: str, serial: str, more: dict[str, Any]
) -> None:
    small_queue.register(STOLEN)
    refused(code, small_queue, serial, **more)


def test_what_is_not_recognised_is_left_out_of_the_search(small_queue: QueueRoom) -> None:
    small_queue.register(STOLEN)
    found = small_queue.search("SYN488075", make="Zanmi Fò", calibre=" ", type="bagay")
    assert (found.reading.make, found.reading.calibre, found.reading.type) == (None, None, None)
    assert len(found.hits) == 1
    assert small_queue.search("SYN488075", model="Glock 19").reading.make == "GLOCK"


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "field_unit", "auditor", "administrator"])
def test_only_who_works_on_tracing_searches(small_queue: QueueRoom, role: str) -> None:
    small_queue.register(STOLEN)
    actor = ACTORS[role]
    with pytest.raises(Forbidden):
        small_queue.room.look(lambda reader: small_queue.searching.search(reader, actor, "SYN488075"))
    with pytest.raises(Forbidden):
        small_queue.room.look(lambda reader: small_queue.registers.page(reader, actor, before=9, limit=9))
    with pytest.raises(Forbidden):
        small_queue.room.do(lambda tx: small_queue.registers.read_entry(tx, 10_000_001), by=actor)
    assert small_queue.room.look(lambda reader: small_queue.searching.search(reader, CHIEF, "SYN488075")).hits


# -- being made, and kept up to date ---------------------------------------------------------


def test_while_serials_are_made_ready_a_search_says_how_far(small: Room, tmp_path: Path) -> None:
    later = Later()
    queue = QueueRoom(small, tmp_path, start=later)
    queue.register(STOLEN)
    error = refused("serial-index-building", queue, "SYN488075")
    assert isinstance(error, Busy)
    assert error.args_by_name == {"percent": 0}
    refused("serial-index-building", queue, "SYN488075")
    assert len(later.waiting) == 1
    assert not queue.holder.refresh()
    later.go()
    assert len(queue.search("SYN488075").hits) == 1
    assert queue.holder.bytes > 0


def test_a_store_without_a_need_holds_nothing(small_queue: QueueRoom) -> None:
    assert small_queue.clerk.step() == 0
    assert (small_queue.holder.held, small_queue.holder.bytes) == (None, 0)


def test_making_that_fails_is_begun_again(
    small: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = QueueRoom(small, tmp_path)
    queue.register(STOLEN)

    def broken(*_: object) -> object:
        raise RuntimeError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(holder_module, "SerialIndex", broken)
        refused("serial-index-building", queue, "SYN488075")
    assert len(queue.search("SYN488075").hits) == 1


def test_what_is_recorded_is_found_with_the_next_second(queue: QueueRoom) -> None:
    assert queue.search("SYN48B075").hits == []
    _, (firearm,) = queue.room.seized(GLOCK)
    queue.clerk.step()
    assert names(queue.search("SYN48B075")) == ["F-1"]
    queue.room.state(firearm, {"serial": "XK770123"}, grade="A1")
    queue.clerk.step()
    assert names(queue.search("SYN48B075")) == []
    assert names(queue.search("XK770123")) == ["F-1"]
    queue.room.state(firearm, {"serial": "obliterated"}, kind="laboratory", grade="A1")
    queue.clerk.step()
    assert names(queue.search("XK770123")) == []


def test_a_new_register_is_found_beside_the_held_ones(
    queue: QueueRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.register(STOLEN, name="SYNTHETIC one")
    assert names(queue.search("SYN488075")) == ["SYNTHETIC one"]
    queue.register(("QQ123987", "Colt", "", "", "", ""), name="SYNTHETIC two")
    assert queue.holder.refresh()
    assert names(queue.search("QQ123987")) == ["SYNTHETIC two"]
    # One too large to be added is built anew with the others, which go on being found meanwhile.
    monkeypatch.setattr(holder_module, "ADDED_ENTRIES_MAX", 5)
    queue.register(("ZZ555111", "Colt", "", "", "", ""), name="SYNTHETIC three")
    assert not queue.holder.refresh()
    assert queue.holder.refresh()
    assert names(queue.search("ZZ555111")) == ["SYNTHETIC three"]
    assert names(queue.search("QQ123987")) == ["SYNTHETIC two"]


def test_a_register_too_large_to_add_is_built_aside(
    small: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Later()
    queue = QueueRoom(small, tmp_path, start=later)
    queue.register(STOLEN, name="SYNTHETIC one")
    refused("serial-index-building", queue, "SYN488075")
    later.go()
    monkeypatch.setattr(holder_module, "ADDED_ENTRIES_MAX", 5)
    queue.register(("ZZ555111", "Colt", "", "", "", ""), name="SYNTHETIC two")
    assert not queue.holder.refresh()
    assert not queue.holder.refresh()
    assert len(later.waiting) == 1
    assert names(queue.search("SYN488075")) == ["SYNTHETIC one"]
    assert names(queue.search("ZZ555111")) == []
    later.go()
    assert queue.holder.refresh()
    assert names(queue.search("ZZ555111")) == ["SYNTHETIC two"]


def test_many_small_changes_are_merged_in_the_end(queue: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    from lanbi.tracing.markings import index

    queue.register(STOLEN)
    assert names(queue.search("SYN488075")) == ["SYNTHETIC stolen"]
    monkeypatch.setattr(index, "DELTA_ROWS_MAX", 2)
    queue.room.seized(*({**GLOCK, "serial": f"KR{at}7741"} for at in range(4)))
    assert not queue.holder.refresh()
    held = queue.holder.held
    assert held is not None
    assert not held.firearms.wants_merge
    assert queue.holder.refresh()
    assert names(queue.search("KR27741"))[0] == "F-3"


# -- taken back --------------------------------------------------------------------------------


def test_a_withdrawn_register_is_found_no_more_at_once(queue: QueueRoom) -> None:
    register = queue.register(STOLEN)
    assert names(queue.search("SYN488075")) == ["SYNTHETIC stolen"]
    gone = queue.withdraw(register)
    # Nothing was refreshed yet: it is left out where it is read.
    assert names(queue.search("SYN488075")) == []
    assert (gone.state, gone.withdrawn_by, gone.withdrawn_why) == ("withdrawn", "analyst-1", "originator")
    with pytest.raises(LanbiError) as caught:
        queue.withdraw(register)
    assert caught.value.code == "register-withdrawn"
    with pytest.raises(LanbiError) as caught:
        queue.room.do(lambda tx: queue.registers.read_entry(tx, register.last_n))
    assert caught.value.code == "register-withdrawn"


def test_what_is_withdrawn_is_freed_and_deleted(queue: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    from lanbi.tracing.markings import index

    monkeypatch.setattr(index, "DELTA_ROWS_MAX", 2)
    kept = queue.register(("QQ123987", "Colt", "", "", "", ""), name="SYNTHETIC kept")
    gone = queue.register(STOLEN, name="SYNTHETIC gone")
    queue.search("SYN488075")
    held = queue.holder.held
    assert held is not None
    assert len(held.registers) == 18
    queue.withdraw(gone)
    queue.holder.refresh()
    held = queue.holder.held
    assert held is not None
    assert len(held.registers) == 9
    assert not held.registers.wants_merge
    queue.clear_all()
    left = queue.room.look(lambda reader: reader.rows("SELECT n FROM tracing_register_entry"))
    assert {n // 10_000_000 for (n,) in left} == {kept.number}
    assert len(left) == len(OTHERS) + 1


def test_withdrawal_needs_a_reason_the_right_and_the_version_that_was_seen(small_queue: QueueRoom) -> None:
    register = small_queue.register(STOLEN)
    for code, more in (
        ("unknown-term", {"reason": "because"}),
        ("register-changed", {"held": register.seq - 1}),
    ):
        with pytest.raises(LanbiError) as caught:
            small_queue.withdraw(register, **more)
        assert caught.value.code == code
    with pytest.raises(Forbidden):
        small_queue.room.do(
            lambda tx: small_queue.registers.withdraw(tx, register.id, "error"), by=ACTORS["auditor"]
        )
    assert small_queue.withdraw(register, held=register.seq).state == "withdrawn"


def test_clearing_goes_in_pieces(small_queue: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanbi.tracing.matches.service.CLEARED_ROWS_MAX", 4)
    register = small_queue.register(STOLEN)
    small_queue.withdraw(register)
    left: list[int] = []
    while small_queue.room.do(small_queue.registers.clear, by=SYSTEM):
        left.append(
            small_queue.room.look(lambda r: r.rows("SELECT COUNT(*) FROM tracing_register_entry")[0][0])
        )
    assert left == [5, 1, 0]
    shown = small_queue.room.look(
        lambda reader: small_queue.registers.page(reader, ANALYST, before=2**62, limit=9)
    )
    assert [one.state for one in shown] == ["withdrawn"]


# -- the record -------------------------------------------------------------------------------------


def test_a_search_is_no_entry_of_the_record_but_reading_an_entry_is(queue: QueueRoom) -> None:
    register = queue.register(STOLEN)
    before = queue.room.look(lambda reader: reader.head)
    queue.search("SYN488075")
    assert queue.room.look(lambda reader: reader.head) == before
    n = register.number * 10_000_000 + 1
    entry, of = queue.room.do(lambda tx: queue.registers.read_entry(tx, n), purpose="prosecution")
    assert (entry.reference, of.name) == ("case 24-77", "SYNTHETIC stolen")
    kind, actor, purpose, body = queue.room.entries()[-1]
    assert (kind, actor, purpose) == ("tracing.register_entry_read", ANALYST.id, "prosecution")
    assert "24-77" not in body
    assert "SYN488075" not in body
    with pytest.raises(LanbiError) as caught:
        queue.room.do(lambda tx: queue.registers.read_entry(tx, n + 500))
    assert caught.value.code == "register-entry-none"


def test_registers_are_listed_newest_first_and_only_whole_ones(queue: QueueRoom) -> None:
    made = [queue.register((f"AB{at}1234", "", "", "", "", ""), name=f"SYNTHETIC {at}") for at in range(3)]
    page = queue.room.look(lambda reader: queue.registers.page(reader, ANALYST, before=2**62, limit=2))
    assert [one.name for one in page] == ["SYNTHETIC 2", "SYNTHETIC 1"]
    rest = queue.room.look(
        lambda reader: queue.registers.page(reader, ANALYST, before=page[-1].number, limit=2)
    )
    assert [one.id for one in rest] == [made[0].id]
    unseen = queue.room.do(
        lambda tx: sql.add_register(
            tx, register_id="0" * 36, number=99, name="x", kind="stolen", handling=made[0].handling,
            digest="f" * 64, synthetic=False,
        ),
        by=SYSTEM,
    )  # fmt: skip
    assert unseen is None
    for work in (
        lambda reader: queue.registers.get(reader, ANALYST, "0" * 36),
        lambda reader: queue.registers.get(reader, ANALYST, "1" * 36),
    ):
        with pytest.raises(LanbiError) as caught:
            queue.room.look(work)
        assert caught.value.code == "register-none"
    assert queue.room.look(lambda reader: queue.registers.get(reader, ANALYST, made[0].id)) == made[0]
