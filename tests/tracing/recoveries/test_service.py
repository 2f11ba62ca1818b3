"""Recoveries over both stores: recorded whole, proposed for merging, never merged."""

import pytest

from lanbi.core.errors import Forbidden, NotFound
from lanbi.tracing.model import Given
from lanbi.tracing.recoveries.model import ITEMS_AT_ONCE_MAX, Item
from stores import ACTORS
from tracing.recoveries.ground import Ground, firearm, materiel, refused
from tracing.room import ANALYST, CHIEF


def test_a_recovery_is_recorded_with_all_its_items_at_once(ground: Ground) -> None:
    made = ground.record(
        firearm(), firearm(serial="SYN99", make="Taurus"), materiel(kind="ammunition", count="36000")
    )
    assert made.recovery.ref == "R-1"
    assert [item.ref for item in made.items] == ["F-1", "F-2", "M-1"]
    assert all(item.value("recovery") == made.recovery.id for item in made.items)
    (line,) = ground.board()
    assert (line.firearms, line.materiel, line.missing, line.case) == (2, 1, 0, "24-118")
    assert made.similar == []


def test_a_recovery_may_come_before_its_items(ground: Ground) -> None:
    made = ground.record()
    more = ground.add(made.recovery, firearm())
    assert (more.recovery.id, [item.ref for item in more.items]) == (made.recovery.id, ["F-1"])
    refused("recoveries-items-none", lambda: ground.add(made.recovery))
    refused("tracing-none", lambda: ground.add(more.items[0], firearm()))


def test_one_bad_item_and_nothing_is_recorded(ground: Ground) -> None:
    before = ground.count("entries"), ground.count("entities"), ground.count("sources")
    error = refused("tracing-country", lambda: ground.record(firearm(), firearm(country="Ostralia")))
    assert error.args_by_name["item"] == 2
    wrong = Item("firearm", (Given(prop="race", value="x"),))
    refused("tracing-prop", lambda: ground.record(firearm(), wrong))
    refused("recoveries-item-kind", lambda: ground.record(Item("person", (Given(prop="name", value="x"),))))
    elsewhere = Item("firearm", (Given(prop="recovery", value="x"),))
    refused("recoveries-item-elsewhere", lambda: ground.record(elsewhere))
    too_many = [firearm(serial=f"S{n}") for n in range(ITEMS_AT_ONCE_MAX + 1)]
    refused("recoveries-items-many", lambda: ground.record(*too_many))
    assert (ground.count("entries"), ground.count("entities"), ground.count("sources")) == before


def test_nobody_recovers_anything_tomorrow(ground: Ground) -> None:
    error = refused("recoveries-day-ahead", lambda: ground.record(date="2026-11-24"))
    assert error.args_by_name == {"day": "2026-11-24", "today": "2026-11-22"}
    refused("recoveries-day-ahead", lambda: ground.record(date="2027"))
    assert ground.record(date="2026-11-22").recovery.value("date") == "2026-11-22"
    assert ground.record(date="2026", case="2").recovery.value("date") == "2026"


def test_a_first_sale_after_the_recovery_is_refused_with_both_days(ground: Ground) -> None:
    gun = ground.record(firearm(), date="2026-07-10").items[0]
    error = refused("recoveries-before-sale", lambda: ground.sell(gun, date="2026-07-11", kind="first_sale"))
    assert error.args_by_name == {"recovered": "2026-07-10", "sold": "2026-07-11"}
    refused("recoveries-before-sale", lambda: ground.sell(gun, date="2026-08"))
    sale = ground.sell(gun, date="2026-07", kind="first_sale")
    assert sale.value("firearm") == gun.id
    assert ground.firearms()[0].sold_on == "2026-07"
    # A court may sell what was seized.
    assert ground.sell(gun, date="2026-10-01", kind="resale").value("kind") == "resale"
    refused("recoveries-sale-of-what", lambda: ground.sell(sale, date="2026-01-01"))


def test_a_sale_that_came_another_way_is_flagged(ground: Ground) -> None:
    """A partner's answer is a claim like any other: it stands, and the board says that both cannot be."""
    gun = ground.record(firearm(), date="2026-07-10").items[0]
    assert not ground.firearms()[0].sold_after
    ground.room.make("acquisition", {"firearm": gun.id, "date": "2026-09-01", "kind": "first_sale"})
    line = ground.firearms()[0]
    assert (line.sold_after, line.sold_on, line.recovered_on) == (True, "2026-09-01", "2026-07-10")


def test_the_same_serial_and_make_is_proposed_and_never_merged(ground: Ground) -> None:
    first = ground.record(firearm(serial="SYN-48 B075")).items[0]
    again = ground.record(firearm(), firearm(serial="OTHER1"), case="24-900")
    (proposal,) = again.similar
    assert (proposal.reason, proposal.of_ref, proposal.ref) == ("same_serial", "F-2", "F-1")
    assert proposal.values == {"make": "GLOCK", "serial": "SYN48B075", "recovery": "R-1"}
    assert again.items[0].canonical != first.canonical
    assert ground.record(firearm(make="Taurus"), case="24-901").similar == []


def test_two_of_one_seizure_may_be_one_too(ground: Ground) -> None:
    made = ground.record(firearm(), firearm())
    assert [(one.of_ref, one.ref) for one in made.similar] == [("F-1", "F-2"), ("F-2", "F-1")]


@pytest.mark.parametrize("status", ["obliterated", "partial"])
def test_serials_that_are_not_whole_are_not_the_same(ground: Ground, status: str) -> None:
    ground.record(firearm(serial="AB", serial_status=status))
    assert ground.record(firearm(serial="AB", serial_status=status), case="2").similar == []


def test_the_same_case_day_and_agency_is_proposed(ground: Ground) -> None:
    first = ground.record().recovery
    (proposal,) = ground.record().similar
    assert (proposal.reason, proposal.ref) == ("same_case", first.ref)
    assert ground.record(date="2026-07-11").similar == []
    assert ground.record(agency="PNH").similar == []


def test_what_was_judged_is_proposed_no_more(ground: Ground) -> None:
    left = ground.record(firearm()).items[0]
    right = ground.record(firearm(), case="2")
    assert [one.ref for one in ground.page(right.recovery).similar] == ["F-1"]
    tracing = ground.room.tracing
    judged = ground.room.do(
        lambda tx: tracing.judge(tx, left.id, right.items[0].id, "different", "de zam diferan")
    )
    assert ground.page(right.recovery).similar == []
    ground.room.do(lambda tx: tracing.undo_judgement(tx, judged.id))
    assert [one.ref for one in ground.page(right.recovery).similar] == ["F-1"]
    ground.room.do(lambda tx: tracing.judge(tx, left.id, right.items[0].id, "unsure", "nou pa sèten"))
    assert [one.ref for one in ground.page(right.recovery).similar] == ["F-1"]


def test_a_page_shows_each_item_and_what_it_lacks(ground: Ground) -> None:
    made = ground.record(
        firearm(),
        firearm(model="", calibre="11.9 rale", serial="AB?12"),
        materiel(kind="grenade"),
        legal_basis="",
    )
    page = ground.page(made.recovery)
    assert [(item.entity.ref, item.completeness.have, item.completeness.of) for item in page.items] == [
        ("F-1", 5, 5), ("F-2", 4, 5), ("M-1", 1, 1),
    ]  # fmt: skip
    two = page.items[1]
    assert {one.prop: one.standing for one in two.completeness.identifiers} == {
        "make": "given", "model": "missing", "calibre": "doubtful", "serial": "doubtful", "country": "given",
    }  # fmt: skip
    assert [(flag.prop, flag.flag, flag.value) for flag in two.flags] == [
        ("calibre", "calibre_unknown", "11.9 rale")
    ]
    assert two.entity.value("serial_status") == "partial"
    assert two.line is not None and two.line.missing == 1
    assert page.items[2].line is None
    assert [one.prop for one in page.completeness.identifiers if one.standing == "missing"] == ["legal_basis"]
    assert not page.more
    with pytest.raises(NotFound):
        ground.page(made.items[0])


def test_a_serial_that_says_it_is_gone_sets_its_state(ground: Ground) -> None:
    gun = ground.record(firearm(serial="oblitéré")).items[0]
    assert (gun.value("serial"), gun.value("serial_status")) == ("?", "obliterated")
    assert ground.firearms()[0].missing == 0
    kept = ground.record(firearm(serial="AB?12", serial_status="restored"), case="2").items[0]
    assert kept.value("serial_status") == "restored"


def test_who_may_not_record_records_nothing(ground: Ground) -> None:
    for role in ("call_taker", "dispatcher", "field_unit", "auditor"):
        with pytest.raises(Forbidden):
            ground.record(by=ACTORS[role])
    with pytest.raises(Forbidden):
        ground.room.look(lambda reader: ground.recoveries.timed(reader, ACTORS["dispatcher"]))
    assert ground.record(by=CHIEF).recovery.ref == "R-1"


def test_what_is_timed_is_counted(ground: Ground) -> None:
    made = ground.record(firearm(), firearm(serial="X1"))
    assert ground.room.look(lambda reader: ground.recoveries.timed(reader, ANALYST)) == 0
    ground.sell(made.items[0], date="2025-01-01")
    assert ground.room.look(lambda reader: ground.recoveries.timed(reader, ANALYST)) == 1
