"""What goes and what stays, and by whose word."""

import pytest

from lanbi.core.errors import LanbiError, Malformed, NotFound, TooLarge
from lanbi.tracing.exports import model
from lanbi.tracing.exports.cut import cut, reasons_of
from lanbi.tracing.exports.model import Cut, Selection, for_recipient, strictest
from lanbi.tracing.exports.ties import spells, ties, timeline
from lanbi.tracing.handling import Handling, Recipient
from lanbi.tracing.model import Entity
from tracing.exports.cases import CLOSED, OURS, STRICT, THEIRS, TO_DO, Case
from tracing.room import ANALYST, GLOCK, Room


def cut_of(room: Room, selection: Selection, to: Recipient = TO_DO) -> Cut:
    return room.look(lambda reader: cut(reader, selection, to, us=room.code))


def refs(made: Cut) -> set[str]:
    return {item.ref for item in made.release.items}


def test_a_case_is_its_recoveries_and_all_that_hangs_on_them(room: Room) -> None:
    case = Case(room)
    other, (gun,) = room.seized(GLOCK, case="24-999")
    room.make("packing", {"item": gun.id, "consignment": case.consignment.id})
    made = case.cut()
    kinds = {item.kind for item in made.release.items}
    assert kinds == {
        "recovery", "firearm", "materiel", "consignment", "dealer", "person", "port", "acquisition",
        "possession", "leg", "ballistic",
    }  # fmt: skip
    # A firearm of another case that was in the same consignment is looked at, its seizure is not.
    assert gun.ref in {ref for ref, _ in made.refs.values()}
    assert other.ref not in {ref for ref, _ in made.refs.values()}


def test_what_stays_is_counted_by_reason_and_named_without_its_value(room: Room) -> None:
    case = Case(room)
    made = case.cut()
    assert reasons_of(made.kept) == {"not_named": 1, "sealed": 3}
    (serial,) = [one for one in made.kept if one.prop == "serial"]
    assert (serial.entity_id, serial.originator) == (case.glock.id, "US")
    assert made.release.incomplete
    assert "SYN48B076" not in made.release.canonical.decode()


def test_an_entity_of_which_nothing_goes_is_not_mentioned_and_neither_is_what_names_it(room: Room) -> None:
    case = Case(room)
    hidden = room.make(
        "dealer", {"name": "Kache Arms"}, handling=Handling(originator="HT", releasable=("JM",))
    )
    case.say(case.sale, {"seller": hidden.id}, OURS)
    made = case.cut()
    assert hidden.ref not in refs(made)
    (named,) = [one for one in made.kept if one.entity_id == case.sale.id]
    assert (named.prop, named.reason) == ("seller", "names_kept")
    assert [claim.target for claim in made.release.by_id[case.sale.id].claims_of("seller")] == [
        case.dealer.id
    ]


def test_what_names_something_that_was_not_chosen_stays(room: Room) -> None:
    case = Case(room)
    made = cut_of(room, Selection(entities=(case.glock.id, case.dealer.id)))
    # The sale joins both; its buyer was not chosen, nor the firearm's seizure.
    assert refs(made) == {case.glock.ref, case.dealer.ref, case.sale.ref}
    beyond = {(one.entity_id, one.prop) for one in made.kept if one.reason == "names_beyond"}
    assert beyond == {(case.sale.id, "buyer"), (case.glock.id, "recovery")}


def test_the_values_worked_with_are_those_of_a_reader_of_these_alone(room: Room) -> None:
    case = Case(room)
    case.say(case.glock, {"make": "Taurus"}, CLOSED, grade="A1", kind="trace_answer", originator="US")
    inside = room.look(lambda reader: room.tracing.entity(reader, ANALYST, case.glock.id))
    assert inside.value("make") == "TAURUS"
    outside = case.release().by_id[case.glock.id]
    assert outside.value("make") in ("GLOCK", "Zanmi Fò & Frè")
    assert [claim.worked for claim in outside.claims_of("make")] == [True, False]


def test_the_whole_bears_the_strictest_label_of_what_is_in_it(room: Room) -> None:
    case = Case(room)
    assert case.release().tlp == "AMBER_STRICT"
    statistics = Recipient("JM", "statistics", TO_DO.today)
    assert case.release(statistics).tlp == "AMBER"
    assert strictest(["GREEN", "RED", "CLEAR"]) == "RED"
    assert strictest([]) == "CLEAR"


def test_who_else_may_have_it_is_told_only_to_whom_may_pass_it_on() -> None:
    assert for_recipient(OURS, TO_DO).releasable == ("DO",)
    assert for_recipient(THEIRS, TO_DO).releasable == ("DO", "HT", "JM")
    assert for_recipient(Handling(originator="DO", tlp="RED"), TO_DO).releasable == ("DO",)
    site = Recipient("DO-SDQ", "prosecution", TO_DO.today)
    assert for_recipient(STRICT, site).releasable == ("DO",)


def test_withdrawn_and_stopped_words_stay(room: Room) -> None:
    case = Case(room)
    before = case.release()
    room.do(lambda tx: room.tracing.withdraw(tx, [before.by_id[case.dealer.id].claims[0].id], "originator"))
    assert reasons_of(case.cut().kept)["withdrawn"] == 1
    room.do(lambda tx: room.tracing.stop(tx, "US", True))
    stopped = case.cut()
    assert case.dealer.ref not in refs(stopped)
    assert reasons_of(stopped.kept)["stopped"] > 5


def test_a_states_switch_holds_for_its_sites(room: Room) -> None:
    rules = Handling(originator="US-ATF", tlp="GREEN", releasable=("*",), onward=True)
    dealer = room.make("dealer", {"name": "Synthetic Arms 09"}, handling=rules, originator="US-ATF")
    assert refs(cut_of(room, Selection(entities=(dealer.id,)))) == {dealer.ref}
    room.do(lambda tx: room.tracing.stop(tx, "US", True))
    assert refs(cut_of(room, Selection(entities=(dealer.id,)))) == set()


def test_red_goes_back_to_who_said_it_and_to_nobody_else(room: Room) -> None:
    rules = Handling(originator="DO", tlp="RED", releasable=("JM",), onward=True)
    dealer = room.make("dealer", {"name": "Synthetic Arms 08"}, handling=rules, originator="DO")
    back = cut_of(room, Selection(entities=(dealer.id,)))
    assert (refs(back), back.release.tlp, back.release.second) == ({dealer.ref}, "RED", True)
    away = cut_of(room, Selection(entities=(dealer.id,)), Recipient("JM", TO_DO.purpose, TO_DO.today))
    assert (refs(away), reasons_of(away.kept)) == (set(), {"red": 1})


def test_persons_go_as_pseudonyms_and_only_with_a_second_person(room: Room) -> None:
    case = Case(room)
    release = case.release()
    assert (release.personal, release.second) == (True, True)
    assert {claim.prop for item in release.of("person") for claim in item.claims} == {"role", "legal_status"}
    guns = cut_of(room, Selection(entities=(case.glock.id,))).release
    assert (guns.personal, guns.second) == (False, False)


def same(room: Room, left: Entity, right: Entity) -> None:
    room.do(lambda tx: room.tracing.judge(tx, left.id, right.id, "same", "menm nimewo, ak foto K-7 ki sele"))


def test_our_judgements_go_only_where_we_say_so_and_never_why(room: Room) -> None:
    case = Case(room)
    twin = case.make("firearm", {"make": "Glock", "serial": "SYN48BO75"}, OURS, reference="PNH 9")
    same(room, case.glock, twin)
    plain = case.cut()
    assert (plain.release.same, twin.ref in refs(plain)) == ((), False)
    told = case.cut(judgements=True)
    assert [(one.left, one.right, one.verdict) for one in told.release.same] == [
        (case.glock.id, twin.id, "same")
    ]
    assert twin.ref in refs(told)
    assert b"K-7" not in told.release.canonical


def test_the_same_content_has_the_same_snapshot_and_any_other_another(room: Room) -> None:
    case = Case(room)
    one = case.release()
    assert case.release().snapshot == one.snapshot
    later = Recipient(TO_DO.code, TO_DO.purpose, "2026-11-23")
    elsewhere = Recipient("JM", TO_DO.purpose, TO_DO.today)
    case.say(case.taurus, {"finish": "ajan"}, OURS)
    others = {case.release(later).snapshot, case.release(elsewhere).snapshot, case.release().snapshot}
    assert len(others | {one.snapshot}) == 4


def test_links_are_found_in_what_goes_and_in_nothing_else(room: Room) -> None:
    case = Case(room)
    found, left = ties(case.release())
    assert ([tie.kind for tie in found if tie.kind == "purchaser"], left) == (["purchaser"], 0)
    (purchaser,) = [tie for tie in found if tie.kind == "purchaser"]
    assert (purchaser.about, set(purchaser.firearms)) == (case.buyer.id, {case.glock.id, case.taurus.id})
    assert purchaser.evidence == "evidenced"
    (lead,) = [tie for tie in found if tie.kind == "ballistic_lead"]
    assert lead.evidence == "inferred"
    # Without the right purpose the trace answers stay, and with them the purchaser and the link.
    for_court = case.release(Recipient("DO", "prosecution", TO_DO.today))
    assert "purchaser" not in {tie.kind for tie in ties(for_court)[0]}


def test_time_to_crime_keeps_its_denominator_and_its_doubt(room: Room) -> None:
    case = Case(room)
    by_ref = {spell.firearm.ref: spell for spell in spells(case.release())}
    assert by_ref[case.glock.ref].days == (249, 249)
    assert by_ref[case.rifle.ref].why_not == "sale_unknown"
    case.make("acquisition", {"firearm": case.rifle.id, "date": "2026-07"}, OURS, reference="lis")
    unsure = {spell.firearm.ref: spell for spell in spells(case.release())}[case.rifle.ref]
    assert unsure.days == (1, 61)
    case.make("acquisition", {"firearm": case.taurus.id, "date": "2024"}, OURS, reference="lis")
    wrong = case.make("firearm", {"recovery": case.recovery.id, "make": "Glock"}, OURS, reference="lis")
    case.make("acquisition", {"firearm": wrong.id, "date": "2026-09-01"}, OURS, reference="lis")
    found = {spell.firearm.ref: spell for spell in spells(case.release())}
    assert found[wrong.ref].why_not == "recovered_before_sale"
    assert len(found) == 4


def test_the_timeline_begins_with_what_can_have_been_first(room: Room) -> None:
    case = Case(room)
    dates = [moment.on for moment in timeline(case.release())]
    assert dates == [
        "2025-11-03", "2025-11-05", "2026-06-20", "2026-06-24", "2026-07", "2026-07-10", "2026-08",
        "2026-09-02",
    ]  # fmt: skip


def refused(code: str, room: Room, selection: Selection, kind: type[LanbiError]) -> None:
    with pytest.raises(kind) as caught:
        room.look(lambda reader: cut(reader, selection.checked(), TO_DO, us="HT"))
    assert caught.value.code == code


def test_what_cannot_be_chosen_is_refused(small: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(small)
    refused("export-selection", small, Selection(), Malformed)
    refused("export-selection", small, Selection(case="24-118", entities=(case.glock.id,)), Malformed)
    refused("export-case-none", small, Selection(case="99-999"), NotFound)
    refused("tracing-none", small, Selection(entities=("0" * 36,)), NotFound)
    refused("export-many", small, Selection(entities=tuple(str(n) for n in range(1001))), Malformed)
    monkeypatch.setattr("lanbi.tracing.exports.cut.ENTITIES_MAX", 5)
    refused("export-entities-many", small, Selection(case="24-118"), TooLarge)
    monkeypatch.setattr("lanbi.tracing.exports.cut.ENTITIES_MAX", model.ENTITIES_MAX)
    monkeypatch.setattr("lanbi.tracing.exports.cut.STATEMENTS_MAX", 20)
    refused("export-statements-many", small, Selection(case="24-118"), TooLarge)
