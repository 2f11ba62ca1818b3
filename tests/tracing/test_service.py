"""What an analyst records, contradicts, joins, parts and opens."""

import hashlib
from pathlib import Path

import pytest

from lanbi.core.access import Actor
from lanbi.core.errors import Forbidden, LanbiError, Malformed, NotFound, Refused
from lanbi.core.time import DAY, HOUR, SECOND
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import Entity, Given
from stores import ACTORS
from tracing.room import ANALYST, CHIEF, GLOCK, OTHER_ANALYST, SEIZURE, Room, verified


def refused(room: Room, code: str, work: object, by: Actor = ANALYST) -> LanbiError:
    with pytest.raises(LanbiError) as caught:
        room.do(work, by=by)  # pyright: ignore[reportArgumentType]
    assert caught.value.code == code
    return caught.value


def test_a_firearm_is_what_sources_say_of_it(room: Room) -> None:
    recovery, (firearm,) = room.seized(GLOCK)
    assert (recovery.ref, firearm.ref) == ("R-1", "F-1")
    assert firearm.value("make") == "GLOCK"
    row = room.row("tracing_firearm", firearm)
    assert (row["missing"], row["recovered_on"], row["trace_state"]) == (0, "2026-07-10", "none")
    assert room.row("tracing_recovery", recovery)["firearms"] == 1
    assert room.edges(firearm) == [(recovery.id, "firearm.recovery")]


def test_contradicting_claims_stand_side_by_side(room: Room) -> None:
    _, (firearm,) = room.seized(GLOCK)
    changed = room.state(firearm, {"make": "Taurus"}, reference="lab 7", kind="laboratory", grade="B2")
    assert (changed.value("make"), changed.contested) == ("TAURUS", 1)
    dossier = room.look(lambda reader: room.tracing.dossier(reader, ANALYST, firearm.id))
    said = {s.value: s for s in dossier.statements if s.prop == "make"}
    assert set(said) == {"GLOCK", "TAURUS"}
    assert dossier.sources[said["TAURUS"].source_id].kind == "laboratory"
    back = room.do(lambda tx: room.tracing.prefer(tx, said["GLOCK"].id))
    assert (back.value("make"), back.contested) == ("GLOCK", 1)
    assert room.row("tracing_firearm", firearm)["make"] == "GLOCK"


def test_what_is_taken_back_is_worked_with_no_more_but_stays_readable(room: Room) -> None:
    _, (firearm,) = room.seized(GLOCK)
    room.state(firearm, {"make": "Taurus"}, grade="A1")
    dossier = room.look(lambda reader: room.tracing.dossier(reader, ANALYST, firearm.id))
    wrong = next(s.id for s in dossier.statements if s.value == "TAURUS")
    (left,) = room.do(lambda tx: room.tracing.withdraw(tx, [wrong], "error"))
    assert (left.value("make"), left.contested) == ("GLOCK", 0)
    refused(room, "tracing-withdrawn-already", lambda tx: room.tracing.withdraw(tx, [wrong], "error"))
    refused(room, "tracing-withdrawn-already", lambda tx: room.tracing.prefer(tx, wrong))
    again = room.look(lambda reader: room.tracing.dossier(reader, ANALYST, firearm.id))
    assert [s.value for s in again.statements if not s.stands] == ["TAURUS"]


def test_an_unknown_make_is_kept_as_written_and_flagged(room: Room) -> None:
    firearm = room.make("firearm", {"make": "Zanmi Fò & Frè", "calibre": "11.9 rale"})
    dossier = room.look(lambda reader: room.tracing.dossier(reader, ANALYST, firearm.id))
    assert {(s.prop, s.value, s.flag) for s in dossier.statements} == {
        ("make", "Zanmi Fò & Frè", "make_unknown"),
        ("calibre", "11.9 rale", "calibre_unknown"),
    }


def test_nothing_is_half_recorded(room: Room) -> None:
    before = room.look(lambda reader: reader.head)
    bad = [Given(prop="make", value="Glock"), Given(prop="country", value="Ostralia")]
    refused(room, "tracing-country", lambda tx: room.tracing.make(tx, "firearm", bad, room.source(tx)))
    refused(room, "tracing-prop", lambda tx: room.tracing.make(tx, "firearm", [Given(prop="race", value="x")],
                                                              room.source(tx)))  # fmt: skip
    refused(room, "tracing-kind", lambda tx: room.tracing.make(tx, "victim", [], room.source(tx)))
    refused(room, "tracing-statements-count", lambda tx: room.tracing.make(tx, "port", [], room.source(tx)))
    wrong = room.make("dealer", {"name": "Synthetic Arms 07"})
    refused(
        room,
        "tracing-wrong-kind",
        lambda tx: room.tracing.make(
            tx, "firearm", [Given(prop="recovery", value=wrong.id)], room.source(tx)
        ),
    )
    assert room.look(lambda reader: reader.head) == before + 2
    assert room.look(lambda reader: reader.rows("SELECT COUNT(*) FROM tracing_statement")) == [(1,)]


def test_a_sale_dates_the_firearm_and_joins_dealer_buyer_and_firearm(room: Room) -> None:
    _, (firearm,) = room.seized(GLOCK)
    dealer = room.make("dealer", {"name": "Synthetic Arms 07", "country": "US"})
    buyer = room.make("person", {"role": "purchaser", "legal_status": "suspect", "name": "Moun Envante"})
    room.make(
        "acquisition",
        {"firearm": firearm.id, "seller": dealer.id, "buyer": buyer.id, "date": "2026-03-09"},
    )
    row = room.row("tracing_firearm", firearm)
    assert (row["sold_on"], row["sold_in"], row["dealer_id"]) == ("2026-03-09", "US", dealer.id)
    assert {other for other, _ in room.edges(buyer)} == {dealer.id, firearm.id}
    assert (dealer.id, "acquisition.seller.firearm") not in room.edges(firearm)


def test_a_date_corrected_corrects_its_firearms(room: Room) -> None:
    recovery, (firearm,) = room.seized(GLOCK)
    room.state(recovery, {"date": "2026-07-11"})
    assert room.row("tracing_firearm", firearm)["recovered_on"] == "2026-07-11"


def test_the_record_proves_a_claim_without_holding_it(room: Room) -> None:
    firearm = room.make("firearm", GLOCK)
    kind, _, _, body = room.entries()[-1]
    assert kind == "tracing.stated"
    assert "SYN48B075" not in body
    assert "GLOCK" not in body
    rows = room.look(
        lambda reader: reader.rows(
            "SELECT salt, value, original FROM tracing_statement WHERE entity_id = :id", id=firearm.id
        )
    )
    for salt, value, original in rows:
        text = f"{value}\x00{original or ''}"
        assert hashlib.sha256(bytes(salt) + text.encode()).hexdigest() in body


def pair(room: Room) -> tuple[Entity, Entity]:
    return room.make("dealer", {"name": "Synthetic Arms 7"}), room.make(
        "dealer", {"name": "SYNTHETIC ARMS 07"}
    )


def test_sameness_is_judged_explained_and_taken_back(room: Room) -> None:
    one, two = pair(room)
    judged = room.do(lambda tx: room.tracing.judge(tx, one.id, two.id, "same", "menm lisans"))
    dossier = room.look(lambda reader: room.tracing.dossier(reader, ANALYST, two.id))
    assert {member.id for member in dossier.members} == {one.id, two.id}
    assert [(j.verdict, j.why) for j in dossier.judgements] == [("same", "menm lisans")]
    assert len(dossier.statements) == 2
    refused(
        room, "tracing-judged-already", lambda tx: room.tracing.judge(tx, two.id, one.id, "different", "non")
    )
    room.do(lambda tx: room.tracing.undo_judgement(tx, judged.id), by=OTHER_ANALYST)
    alone = room.look(lambda reader: room.tracing.dossier(reader, ANALYST, two.id))
    assert [member.id for member in alone.members] == [two.id]
    assert [j.undone_by for j in alone.judgements] == ["analyst-2"]
    refused(room, "tracing-undone-already", lambda tx: room.tracing.undo_judgement(tx, judged.id))
    assert "menm lisans" not in "".join(body for *_, body in room.entries())


def test_undoing_the_middle_of_three_parts_them_where_they_were_joined(room: Room) -> None:
    a, b = pair(room)
    c = room.make("dealer", {"name": "Synthetic Arms VII"})
    room.do(lambda tx: room.tracing.judge(tx, a.id, b.id, "same", "non"))
    middle = room.do(lambda tx: room.tracing.judge(tx, b.id, c.id, "same", "adrès"))
    assert len(room.look(lambda reader: room.tracing.dossier(reader, ANALYST, a.id)).members) == 3
    room.do(lambda tx: room.tracing.undo_judgement(tx, middle.id))
    assert len(room.look(lambda reader: room.tracing.dossier(reader, ANALYST, a.id)).members) == 2
    assert len(room.look(lambda reader: room.tracing.dossier(reader, ANALYST, c.id)).members) == 1


def test_a_dealer_is_no_firearm(room: Room) -> None:
    one, _ = pair(room)
    firearm = room.make("firearm", GLOCK)
    refused(room, "tracing-judge-kinds", lambda tx: room.tracing.judge(tx, one.id, firearm.id, "same", "x"))
    refused(room, "tracing-judge-kinds", lambda tx: room.tracing.judge(tx, one.id, one.id, "same", "x"))


def suspect(room: Room, status: str = "suspect") -> Entity:
    return room.make("person", {"role": "purchaser", "legal_status": status, "name": "Moun Envante"})


def open_desk(room: Room, session: str = "s1", by: Actor = ANALYST) -> None:
    room.do(
        lambda tx: room.tracing.open_desk(tx, session, purpose="criminal_investigation", case="24-118"), by=by
    )


def test_a_person_is_a_pseudonym_until_two_persons_open(room: Room) -> None:
    person = suspect(room)
    assert "name" not in person.preferred
    with pytest.raises(Refused, match="tracing-desk-needed"):
        room.look(lambda reader: room.tracing.dossier(reader, ANALYST, person.id))
    refused(room, "tracing-desk-needed", lambda tx: room.tracing.read_person(tx, person.id, "s1"))
    open_desk(room)
    dossier = room.do(lambda tx: room.tracing.read_person(tx, person.id, "s1"))
    assert [(s.value, s.sealed_id is not None) for s in dossier.statements if s.prop == "name"] == [
        (None, True)
    ]
    refused(room, "tracing-not-opened", lambda tx: room.tracing.unseal(tx, person.id, "name"))
    opening = room.do(lambda tx: room.tracing.ask_opening(tx, person.id, "s1"))
    refused(room, "tracing-second-person", lambda tx: room.tracing.decide_opening(tx, opening.id, True))
    room.do(lambda tx: room.tracing.decide_opening(tx, opening.id, True), by=OTHER_ANALYST)
    refused(room, "tracing-decided-already", lambda tx: room.tracing.decide_opening(tx, opening.id, False),
            by=OTHER_ANALYST)  # fmt: skip
    assert room.do(lambda tx: room.tracing.unseal(tx, person.id, "name")) == ["Moun Envante"]
    refused(
        room, "tracing-not-opened", lambda tx: room.tracing.unseal(tx, person.id, "name"), by=OTHER_ANALYST
    )
    room.clock.advance(8 * HOUR / SECOND)
    refused(room, "tracing-not-opened", lambda tx: room.tracing.unseal(tx, person.id, "name"))
    kinds = [kind for kind, *_ in room.entries()]
    assert [k for k in kinds if k.startswith(("tracing.p", "tracing.o", "tracing.desk", "sealed.r"))] == [
        "tracing.desk_opened", "tracing.person_read", "tracing.opening_asked", "tracing.opening_decided",
        "sealed.read",
    ]  # fmt: skip
    assert "Moun Envante" not in "".join(body for *_, body in room.entries())


def test_a_refused_opening_opens_nothing(room: Room) -> None:
    person = suspect(room)
    open_desk(room)
    opening = room.do(lambda tx: room.tracing.ask_opening(tx, person.id, "s1"))
    assert [o.id for o in room.look(lambda reader: room.tracing.openings(reader, CHIEF))] == [opening.id]
    room.do(lambda tx: room.tracing.decide_opening(tx, opening.id, False), by=CHIEF)
    refused(room, "tracing-not-opened", lambda tx: room.tracing.unseal(tx, person.id, "name"))
    assert room.look(lambda reader: room.tracing.openings(reader, CHIEF)) == []


def test_who_is_no_suspect_goes_by_themselves(room: Room) -> None:
    person, kept = suspect(room, "non_suspect"), suspect(room, "suspect")
    _, (firearm,) = room.seized(GLOCK)
    for buyer in (person, kept):
        room.make("acquisition", {"firearm": firearm.id, "buyer": buyer.id, "date": "2026-03-09"})
    room.clock.advance(91 * DAY / SECOND)
    assert room.do(room.tracing.expire_persons, by=ACTORS["administrator"]) is False
    with pytest.raises(NotFound, match="tracing-none"):
        room.look(lambda reader: room.tracing.entity(reader, ANALYST, person.id))
    assert person.id not in {other for other, _ in room.edges(firearm)}
    assert kept.id in {other for other, _ in room.edges(firearm)}
    values = room.look(
        lambda reader: reader.rows(
            "SELECT value FROM sealed WHERE subject = :subject", subject=f"tracing/{person.id}"
        )
    )
    assert values == [(None,)]


def test_an_address_that_two_share_is_one_contact_that_nobody_reads(room: Room) -> None:
    one = room.make("contact", {"kind": "address", "value": "12, rue Imajinè, Delma"})
    two = room.make("contact", {"kind": "address", "value": "12 RUE IMAJINÈ  DELMA"})
    other = room.make("contact", {"kind": "phone", "value": "12 rue imajinè delma"})
    assert one.id == two.id != other.id
    refused(
        room,
        "tracing-contact-half",
        lambda tx: room.tracing.make(tx, "contact", [Given(prop="kind", value="phone")], room.source(tx)),
    )
    stored = room.look(lambda reader: reader.rows("SELECT value FROM tracing_statement WHERE prop = 'value'"))
    assert {row[0] for row in stored} == {None}


def test_rules_are_of_whoever_said_it(room: Room) -> None:
    rules = Handling(originator="US", tlp="AMBER", releasable=("HT",), purposes=("prosecution",))
    firearm = room.make("firearm", GLOCK, handling=rules, originator="US")
    dossier = room.look(lambda reader: room.tracing.dossier(reader, ANALYST, firearm.id))
    assert {s.handling for s in dossier.statements} == {rules}
    with pytest.raises(Malformed, match="tracing-originator-differs"):
        room.make("firearm", GLOCK, handling=rules)


def test_an_originators_switch_is_thrown_and_thrown_back(room: Room) -> None:
    assert room.do(lambda tx: room.tracing.stop(tx, "US", True)) == {"US"}
    assert room.do(lambda tx: room.tracing.stop(tx, "US", True)) == {"US"}
    assert room.do(lambda tx: room.tracing.stop(tx, "US", False)) == frozenset()


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "field_unit", "auditor", "administrator"])
def test_the_floor_has_no_part_in_tracing(small: Room, role: str) -> None:
    firearm = small.make("firearm", GLOCK)
    with pytest.raises(Forbidden):
        small.look(lambda reader: small.tracing.dossier(reader, ACTORS[role], firearm.id))
    with pytest.raises(Forbidden):
        small.make("firearm", GLOCK, by=ACTORS[role])
    with pytest.raises(Forbidden):
        small.make("recovery", SEIZURE, by=ACTORS[role])


def test_the_whole_record_of_a_busy_day_verifies(tmp_path: Path) -> None:
    def day(room: Room) -> None:
        person = suspect(room, "non_suspect")
        _, (firearm,) = room.seized(GLOCK)
        sale = {"firearm": firearm.id, "buyer": person.id, "date": "2026-03-09"}
        room.make("acquisition", sale, text="pawòl temwen")
        one, two = pair(room)
        room.do(lambda tx: room.tracing.judge(tx, one.id, two.id, "same", "menm lisans"))
        room.clock.advance(91 * DAY / SECOND)
        room.do(room.tracing.expire_persons, by=ACTORS["administrator"])

    report = verified(tmp_path, day)
    assert report.ok, report.findings
    assert (report.sealed, report.erased) == (2, 1)
