"""Trace requests between two real states: from the draft to the answer, in any order, and back again."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from lanbi.core.access import Actor
from lanbi.core.errors import Forbidden
from lanbi.core.ports import Tx
from lanbi.core.time import DAY
from lanbi.partners.envelope import canonical
from lanbi.record.sealed import erase
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.tracing import sql as tracing_sql
from lanbi.tracing.handling import Handling
from lanbi.tracing.model import Entity
from lanbi.tracing.photos import keep_photo
from lanbi.tracing.requests import letters
from lanbi.tracing.requests.answering import SaleGiven
from lanbi.tracing.requests.model import TraceRequest
from partners.sites import KEEPER
from stores import ACTORS
from tracing.requests.states import (
    ANALYST,
    CHIEF,
    DEALER,
    GLOCK,
    SALE,
    Exchange,
    State,
    exchange_over,
    refusal,
)

THIRD = Actor(id="third", name="third", role="analyst")


def asked(exchange: Exchange, **given: Any) -> tuple[Entity, TraceRequest, TraceRequest]:
    """(our firearm, our request, the same as it came there), sent and arrived."""
    haiti = exchange.haiti
    firearm = haiti.seized(haiti.rules("DO"))
    request = haiti.ask(firearm, **given)
    exchange.carry()
    return firearm, request, exchange.dominicana.came()


def worked(state: State, request: TraceRequest) -> TraceRequest:
    return state.step("progress", state.step("acknowledge", request))


def buyer(state: State, rules: Handling) -> Entity:
    return state.state(
        "person",
        {"role": "purchaser", "legal_status": "suspect", "name": "Moun Envante", "document": "402-0000000-1"},
        rules,
    )


# ------------------------------------------------------------------------ there and back


def test_from_a_seizure_to_an_answer_as_claims_of_whoever_answers(both: Exchange) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    firearm = haiti.seized(haiti.rules("DO"))
    request = haiti.draft(firearm, text="Èske n ka fè vit?")
    assert haiti.board(firearm) == ("draft", None)
    assert both.road.passed == []
    request = haiti.send(haiti.approve(request))
    assert (request.state, haiti.board(firearm)) == ("sent", ("sent", None))
    both.carry()
    came = dominicana.came()
    assert (came.partner, came.their_ref, came.state, came.case) == ("HT-PAP", request.ref, "sent", "24-118")
    theirs = dominicana.look(lambda reader: tracing_sql.get(reader, came.firearm_id))
    assert (theirs.value("make"), theirs.value("serial"), theirs.value("calibre")) == (
        "GLOCK",
        "SYN48B075",
        "9X19",
    )
    said = dominicana.statements(theirs.id)
    assert {one.handling.originator for one in said} == {"HT-PAP"}
    assert {one.handling.releasable for one in said} == {("DO",)}
    source = dominicana.look(lambda reader: tracing_sql.source(reader, said[0].source_id))
    assert (source.kind, source.originator, source.grade) == ("trace_request", "HT-PAP", "A1")
    (recovery,) = dominicana.entities("recovery")
    assert recovery.value("case") == "24-118"
    assert recovery.value("concealment") is None

    dominicana.step("acknowledge", came)
    both.carry()
    assert haiti.board(firearm) == ("acknowledged", None)
    dominicana.step("progress", came)
    dominicana.step(
        "answer",
        came,
        outcome="purchaser",
        sale=SaleGiven(values=SALE, dealer=DEALER, reference="Libro 7"),
        text="Vea también el folio 12.",
    )
    both.carry()
    answered = haiti.now(request)
    assert (answered.state, answered.outcome, answered.purchaser) == ("answered", "purchaser", "none")
    assert haiti.board(firearm) == ("answered", "purchaser")
    (sale,) = haiti.entities("acquisition")
    (dealer,) = haiti.entities("dealer")
    assert (sale.value("firearm"), sale.value("seller"), sale.value("date")) == (
        firearm.id,
        dealer.id,
        "2025-03-09",
    )
    (said, *_) = haiti.statements(sale.id)
    assert said.handling == Handling(
        originator="DO", releasable=("HT-PAP",), purposes=("criminal_investigation",)
    )
    source = haiti.look(lambda reader: tracing_sql.source(reader, said.source_id))
    assert (source.kind, source.originator) == ("trace_answer", "DO")
    row = haiti.look(
        lambda reader: reader.row(
            "SELECT sold_on, dealer_id FROM tracing_firearm WHERE id = :id", id=firearm.id
        )
    )
    assert row == ("2025-03-09", dealer.id)
    assert set(answered.clocks) == {
        "drafted", "approved", "sent", "delivered", "acknowledged", "in_progress", "answered",
    }  # fmt: skip
    assert haiti.story(request) == [
        "drafted", "approved", "sent", "acknowledged", "in_progress", "answered",
    ]  # fmt: skip
    assert dominicana.story(came) == ["arrived", "acknowledged", "in_progress", "answered"]


def test_what_people_wrote_reaches_the_other_side_and_never_the_record(exchange: Exchange) -> None:
    _, request, came = asked(exchange, text="Mo pa nou SYN-W1")
    dominicana, haiti = exchange.dominicana, exchange.haiti
    dominicana.step("acknowledge", came)
    dominicana.step("need_more", came, ["firearm.serial"], "Foto SYN-W2")
    exchange.carry()
    steps = haiti.look(lambda reader: haiti.requests.looks.story(reader, ANALYST, request.id))
    assert (steps[-1].what, steps[-1].words, steps[-1].facts) == (
        "more_needed",
        "Foto SYN-W2",
        {"asks": ["firearm.serial"]},
    )
    theirs = dominicana.look(lambda reader: dominicana.requests.looks.story(reader, ANALYST, came.id))
    assert theirs[0].words == "Mo pa nou SYN-W1"
    for state in (haiti, dominicana):
        assert not any("SYN-W" in body or "SYN48B075" in body for _, _, body in state.entries())
    sealed_id = haiti.look(
        lambda reader: reader.row(
            "SELECT words_sealed FROM trace_step WHERE what = 'more_needed' AND request_id = :id",
            id=request.id,
        )
    )
    assert sealed_id is not None
    before = haiti.now(request).seq
    haiti.do(lambda tx: erase(tx, sealed_id[0], "retention"), by=KEEPER)
    steps = haiti.look(lambda reader: haiti.requests.looks.story(reader, ANALYST, request.id))
    assert steps[-1].words is None
    assert haiti.now(request).seq > before


def test_both_sides_hold_signed_who_asked_when_it_was_seen_and_when_it_was_released(both: Exchange) -> None:
    _, request, came = asked(both)
    worked(both.dominicana, came)
    both.dominicana.step("answer", came, outcome="undetermined", reason="no_record")
    both.carry()
    for state, one, what in (
        (both.haiti, request, ["sent"]),
        (both.dominicana, came, ["acknowledged", "in_progress", "answered"]),
    ):
        steps = state.look(lambda reader, s=state, r=one: s.requests.looks.story(reader, ANALYST, r.id))
        signed = {step.what: step for step in steps if step.receipt_id is not None}
        assert list(signed) == what
        for step in signed.values():
            assert step.receipt_outcome == "taken"
            assert step.letter_id is not None
            letter = state.letter(step.letter_id)
            assert letter.receipt is not None
            assert msgspec.json.decode(letter.receipt)["id"] == step.receipt_id
    sent = both.haiti.entries("tracing.request_sent")[0][2]
    assert len(msgspec.json.decode(sent)["statements"]) == 13
    assert both.haiti.now(request).clocks["delivered"] == both.haiti.clock.now()


def test_letters_of_a_request_that_arrive_in_any_order_end_the_same(both: Exchange) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    firearm, request, came = asked(both)
    worked(dominicana, came)
    dominicana.step(
        "answer", came, outcome="purchaser", sale=SaleGiven(values=SALE, dealer=DEALER, reference="Libro 7")
    )
    ids = dominicana.look(
        lambda reader: reader.rows(
            "SELECT id FROM partner_letter WHERE direction = 'out' AND state = 'waiting' ORDER BY made_seq"
        )
    )
    sealed = [dominicana.sealed(haiti, row[0]) for row in ids]
    for data in (sealed[2], sealed[0], sealed[2], sealed[1], sealed[0]):
        assert haiti.receive(data).outcome == "taken"
    assert haiti.board(firearm) == ("answered", "purchaser")
    assert set(haiti.now(request).clocks) >= {"acknowledged", "in_progress", "answered"}
    assert len(haiti.entities("acquisition")) == 1
    both.carry()
    assert len(haiti.entities("acquisition")) == 1


def test_a_cut_of_weeks_loses_nothing_and_a_stick_carries_what_the_link_does_not(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    exchange.road.up = False
    firearm = haiti.seized(haiti.rules("DO"))
    request = haiti.ask(firearm)
    exchange.carry()
    exchange.wait(40)
    data = haiti.do(lambda tx: haiti.outbox.carry(tx, "DO"), by=KEEPER)
    report = dominicana.inbox.take_in_bundle(dominicana.store, KEEPER, data)
    assert [line.outcome for line in report.lines] == ["taken"]
    came = dominicana.came()
    dominicana.step("acknowledge", came)
    exchange.road.up = True
    exchange.wait(1)
    exchange.carry()
    assert haiti.board(firearm) == ("acknowledged", None)
    assert "delivered" in haiti.now(request).clocks
    assert len(dominicana.look(lambda r: r.rows("SELECT id FROM trace_request"))) == 1


# ------------------------------------------------------------------------ more is needed, refused, lapsed


def test_what_is_missing_is_asked_for_and_sent_again_by_two_persons(both: Exchange) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    rules = haiti.rules("DO")
    firearm = haiti.seized(rules, {key: GLOCK[key] for key in ("make", "model", "calibre")})
    request = haiti.ask(firearm)
    both.carry()
    came = dominicana.came()
    dominicana.step("acknowledge", came)
    assert refusal(lambda: dominicana.step("need_more", came, [])) == "trace-asks-nothing"
    dominicana.step("need_more", came, ["firearm.serial", "firearm.country"])
    both.carry()
    assert haiti.board(firearm) == ("more_needed", None)
    assert haiti.now(request).asks == ("firearm.serial", "firearm.country")
    haiti.state("firearm", {"serial": "SYN48B075", "country": "AT"}, rules, of=firearm)
    assert refusal(lambda: haiti.send(request)) == "trace-step"
    haiti.send(haiti.approve(request))
    both.carry()
    again = dominicana.now(came)
    assert (again.state, again.round, again.asks) == ("sent", 2, ())
    assert dominicana.said(came.firearm_id)["serial"] == "SYN48B075"
    assert len(dominicana.entities("firearm")) == 1
    assert len(dominicana.look(lambda r: r.rows("SELECT id FROM trace_request"))) == 1
    worked(dominicana, again)
    dominicana.step("answer", again, outcome="foreign")
    both.carry()
    assert haiti.board(firearm) == ("answered", "foreign")


def test_a_refusal_comes_back_with_its_reason(both: Exchange) -> None:
    firearm, request, came = asked(both)
    dominicana = both.dominicana
    assert refusal(lambda: dominicana.step("refuse", came, "because")) == "unknown-term"
    dominicana.step("refuse", came, "rights", "Se trata de un preso político.")
    both.carry()
    refused = both.haiti.now(request)
    assert (refused.state, refused.reason, refused.steps) == ("refused", "rights", ("ask_again",))
    assert both.haiti.board(firearm) == ("refused", None)
    assert refusal(lambda: dominicana.step("acknowledge", came)) == "trace-step"
    # A new request may be drafted now, and only now.
    again = both.haiti.ask(firearm, priority="urgent")
    assert again.number == request.number + 1
    assert refusal(lambda: both.haiti.draft(firearm)) == "trace-open-already"
    both.carry()
    assert both.dominicana.came().firearm_id == came.firearm_id


def test_what_nobody_answers_lapses_by_itself_and_the_other_side_is_told(both: Exchange) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    firearm, request, came = asked(both)
    draft = haiti.draft(haiti.seized(haiti.rules("DO")))
    assert haiti.do(haiti.requests.asking.lapse_due, by=KEEPER) is False
    assert (
        refusal(lambda: haiti.do(lambda tx: haiti.requests.asking.lapse(tx, request.id))) == "trace-not-over"
    )
    both.wait(31)
    haiti.do(haiti.requests.asking.lapse_due, by=KEEPER)
    assert (haiti.now(draft).state, haiti.now(request).state) == ("lapsed", "sent")
    assert haiti.story(draft) == ["drafted", "lapsed"]
    both.wait(150)
    haiti.do(haiti.requests.asking.lapse_due, by=KEEPER)
    assert haiti.board(firearm) == ("lapsed", None)
    both.carry()
    assert (dominicana.now(came).state, dominicana.now(came).steps) == ("lapsed", ())
    assert refusal(lambda: dominicana.step("acknowledge", came)) == "trace-step"
    assert [kind for kind, _, _ in haiti.entries() if kind.endswith("lapsed")] == [
        "tracing.request_lapsed"
    ] * 2


def test_an_answer_that_crosses_the_lapse_still_counts(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    firearm, request, came = asked(exchange)
    exchange.road.up = False
    worked(dominicana, came)
    dominicana.step("answer", came, outcome="foreign")
    exchange.wait(181)
    haiti.do(haiti.requests.asking.lapse_due, by=KEEPER)
    assert haiti.board(firearm) == ("lapsed", None)
    exchange.road.up = True
    exchange.wait(1)
    exchange.carry()
    assert haiti.board(firearm) == ("answered", "foreign")
    assert haiti.now(request).outcome == "foreign"
    assert dominicana.now(came).state == "answered"


def test_a_partner_that_is_switched_off_does_not_keep_a_request_from_lapsing(exchange: Exchange) -> None:
    haiti = exchange.haiti
    firearm, _, _ = asked(exchange)
    haiti.do(lambda tx: haiti.partners.enable(tx, "DO", False), by=KEEPER)
    exchange.wait(181)
    haiti.do(haiti.requests.asking.lapse_due, by=KEEPER)
    assert haiti.board(firearm) == ("lapsed", None)
    exchange.carry()
    assert exchange.dominicana.came().state == "sent"
    haiti.do(lambda tx: haiti.partners.enable(tx, "DO", True), by=KEEPER)
    exchange.carry()
    assert exchange.dominicana.came().state == "lapsed"


# ------------------------------------------------------------------------ two persons, and who may


def test_nothing_leaves_before_a_second_person_has_looked(exchange: Exchange) -> None:
    haiti = exchange.haiti
    firearm = haiti.seized(haiti.rules("DO"))
    request = haiti.draft(firearm)
    assert refusal(lambda: haiti.send(request)) == "trace-step"
    assert refusal(lambda: haiti.approve(request, by=ANALYST)) == "trace-second-person"
    for role in ("auditor", "dispatcher", "administrator", "call_taker"):
        with pytest.raises(Forbidden):
            haiti.approve(request, by=ACTORS[role])
        with pytest.raises(Forbidden):
            haiti.draft(haiti.seized(haiti.rules("DO")), by=ACTORS[role])
    haiti.approve(request)
    exchange.carry()
    assert exchange.road.passed == []
    haiti.send(request, by=THIRD)
    exchange.carry()
    assert len(exchange.road.passed) == 1


def test_what_was_said_or_withdrawn_since_needs_another_approval(exchange: Exchange) -> None:
    haiti = exchange.haiti
    rules = haiti.rules("DO")
    firearm = haiti.seized(rules)
    request = haiti.approve(haiti.draft(firearm))
    haiti.state("firearm", {"finish": "nwa"}, rules, of=firearm)
    assert refusal(lambda: haiti.send(request)) == "trace-not-as-approved"
    haiti.do(lambda tx: haiti.requests.asking.edit(tx, request.id, priority="urgent"))
    request = haiti.approve(request)
    serial = next(one for one in haiti.statements(firearm.id) if one.prop == "serial")
    haiti.do(lambda tx: haiti.tracing.withdraw(tx, [serial.id], "error"))
    assert refusal(lambda: haiti.send(request)) == "trace-not-as-approved"
    haiti.do(lambda tx: haiti.requests.asking.edit(tx, request.id, case="24-118"))
    haiti.send(haiti.approve(request))
    exchange.carry()
    said = exchange.dominicana.said(exchange.dominicana.came().firearm_id)
    assert "serial" not in said
    assert said["finish"] == "nwa"


def test_what_nobody_may_have_is_not_asked_and_what_is_left_out_stays(exchange: Exchange) -> None:
    haiti = exchange.haiti
    hidden = haiti.seized(haiti.rules())
    request = haiti.approve(haiti.draft(hidden))
    assert refusal(lambda: haiti.send(request)) == "trace-nothing-travels"
    firearm = haiti.seized(haiti.rules("DO"))
    serial = next(one for one in haiti.statements(firearm.id) if one.prop == "serial")
    request = haiti.draft(firearm, leave_out=[serial.id])
    look = haiti.look(
        lambda reader: haiti.requests.looks.preview(reader, ANALYST, request.id, haiti.clock.now())
    )
    assert {one.prop: one.state for one in look.needed} == {
        "make": "goes", "model": "goes", "calibre": "goes", "serial": "stays", "country": "goes",
    }  # fmt: skip
    assert [item.stays for item in look.selection.items if item.statement.id == serial.id] == ["left_out"]
    haiti.send(haiti.approve(request))
    exchange.carry()
    assert "serial" not in exchange.dominicana.said(exchange.dominicana.came().firearm_id)


def test_whom_one_cannot_ask(exchange: Exchange) -> None:
    haiti = exchange.haiti
    firearm = haiti.seized(haiti.rules("DO"))
    assert refusal(lambda: haiti.draft(firearm, "JM")) == "trace-no-way"
    assert refusal(lambda: haiti.draft(firearm, "HT-PAP")) == "trace-to-us"
    assert refusal(lambda: haiti.draft(firearm, "jm")) == "tracing-party-code"
    assert refusal(lambda: haiti.draft(firearm, purpose="curiosity")) == "unknown-term"
    assert refusal(lambda: haiti.draft(firearm, case=" ")) == "text-empty"
    (recovery,) = haiti.entities("recovery")
    assert refusal(lambda: haiti.draft(recovery)) == "trace-no-firearm"
    request = haiti.approve(haiti.draft(firearm))
    haiti.do(lambda tx: haiti.partners.enable(tx, "DO", False), by=KEEPER)
    assert refusal(lambda: haiti.send(request)) == "trace-no-way"
    assert haiti.draft(firearm, "JM", channel="paper").state == "draft"


# ------------------------------------------------------------------------ who bought


def test_who_bought_travels_as_a_pseudonym_unless_two_persons_say_otherwise(both: Exchange) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    _, request, came = asked(both)
    worked(dominicana, came)
    person = buyer(dominicana, dominicana.rules("HT-PAP"))
    sale = SaleGiven(values=SALE, dealer=DEALER, buyer_id=person.id, reference="Libro 7")
    dominicana.step("answer", came, outcome="purchaser", sale=sale)
    both.carry()
    (here,) = haiti.entities("person")
    said = {one.prop: one for one in haiti.statements(here.id)}
    assert set(said) == {"role", "legal_status"}
    assert haiti.now(request).purchaser == "exists"
    assert "Moun Envante" not in "".join(body.decode() for body in both.road.passed)

    asking = dominicana.step("answer", came, outcome="purchaser", purchaser=True)
    assert asking.steps[0] == "approve"
    both.carry()
    assert haiti.now(request).purchaser == "exists"
    assert refusal(lambda: dominicana.approve(came, by=ANALYST)) == "trace-second-person"
    dominicana.approve(came)
    both.carry()
    assert haiti.now(request).purchaser == "sealed"
    assert [one.id for one in haiti.entities("person")] == [here.id]
    said = {one.prop: one for one in haiti.statements(here.id)}
    assert set(said) == {"role", "legal_status", "name", "document"}
    assert (said["name"].value, said["name"].sealed_id is not None) == (None, True)
    assert haiti.look(
        lambda reader: reader.row("SELECT value FROM sealed WHERE id = :id", id=said["name"].sealed_id)
    ) == ("Moun Envante",)
    reads = [body for kind, _, body in dominicana.entries() if kind == "sealed.read"]
    assert len(reads) == 2
    for state in (haiti, dominicana):
        assert not any("Moun Envante" in body for _, _, body in state.entries())
        assert state.bodies() == 0


def test_names_leave_only_as_they_were_when_the_second_person_looked(exchange: Exchange) -> None:
    dominicana = exchange.dominicana
    _, _, came = asked(exchange)
    worked(dominicana, came)
    assert refusal(lambda: dominicana.step("answer", came, outcome="purchaser", purchaser=True)) == (
        "trace-no-purchaser"
    )
    rules = dominicana.rules("HT-PAP")
    person = buyer(dominicana, rules)
    sale = SaleGiven(values=SALE, dealer=DEALER, buyer_id=person.id, reference="Libro 7")
    dominicana.step("answer", came, outcome="purchaser", sale=sale, purchaser=True)
    dominicana.state("person", {"born": "1990-01-01"}, rules, of=person)
    assert refusal(lambda: dominicana.approve(came)) == "trace-not-as-approved"
    dominicana.step("answer", came, outcome="purchaser", purchaser=True)
    dominicana.approve(came)
    exchange.carry()
    (here,) = exchange.haiti.entities("person")
    assert {one.prop for one in exchange.haiti.statements(here.id)} >= {"born"}


def test_a_buyer_of_whom_nothing_may_be_said_is_still_somebody_or_is_not_told_of(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    _, request, came = asked(exchange)
    worked(dominicana, came)
    hidden = buyer(dominicana, dominicana.rules())
    sale = SaleGiven(values=SALE, dealer=DEALER, buyer_id=hidden.id, reference="Libro 7")
    dominicana.step("answer", came, outcome="purchaser", sale=sale)
    exchange.carry()
    (here,) = haiti.entities("person")
    assert haiti.said(here.id) == {"role": "purchaser"}
    assert haiti.now(request).purchaser == "exists"
    # Where the sale's own statement stays, nobody is told that there is somebody.
    _, second, came = asked(exchange)
    worked(dominicana, came)
    secret = dominicana.state("dealer", DEALER, dominicana.rules("HT-PAP"))
    dominicana.state(
        "acquisition",
        {"firearm": came.firearm_id, "seller": secret.id, "date": "2025-01-01"},
        dominicana.rules("HT-PAP"),
    )
    (_, made) = dominicana.entities("acquisition")
    dominicana.state("acquisition", {"buyer": hidden.id}, dominicana.rules(), of=made)
    dominicana.step("answer", came, outcome="purchaser")
    exchange.carry()
    assert haiti.now(second).purchaser == "none"
    assert len(haiti.entities("person")) == 1


def test_the_same_dealer_and_buyer_are_the_same_here_and_nobody_elses_key_fits(tmp_path: Path) -> None:
    for name in ("ht", "do", "jm"):
        (tmp_path / name).mkdir()
    engines = [SqliteEngine(tmp_path / name / FILE_NAME) for name in ("ht", "do", "jm")]
    with exchange_over(engines, ("HT-PAP", "DO", "JM")) as exchange:
        dominicana = exchange.dominicana
        rules = dominicana.rules("HT-PAP", "JM")
        person, dealer = buyer(dominicana, rules), dominicana.state("dealer", DEALER, rules)
        for state in (exchange.haiti, exchange.haiti, exchange.states["JM"]):
            state.ask(state.seized(state.rules("DO")))
            exchange.carry()
            came = worked(dominicana, dominicana.came())
            sale = SaleGiven(
                values=SALE, dealer_id=dealer.id, buyer_id=person.id, reference="Libro 7",
                rules=lambda originator: Handling(originator=originator, releasable=("HT-PAP", "JM")),
            )  # fmt: skip
            dominicana.step("answer", came, outcome="purchaser", sale=sale)
            exchange.carry()
        haiti, jamaica = exchange.haiti, exchange.states["JM"]
        assert [len(haiti.entities(kind)) for kind in ("acquisition", "dealer", "person")] == [2, 1, 1]
        keys = [
            {row[0] for row in state.look(lambda reader: reader.rows("SELECT their_key FROM trace_known"))}
            for state in (haiti, jamaica)
        ]
        assert not keys[0] & keys[1]
        assert not any(person.id in body.decode() for body in exchange.road.passed)


# ------------------------------------------------------------------------ taken back


def test_what_its_originator_takes_back_is_taken_back_everywhere(tmp_path: Path) -> None:
    for name in ("ht", "do", "jm"):
        (tmp_path / name).mkdir()
    engines = [SqliteEngine(tmp_path / name / FILE_NAME) for name in ("ht", "do", "jm")]
    with exchange_over(engines, ("HT-PAP", "DO", "JM")) as exchange:
        haiti, dominicana, jamaica = exchange.haiti, exchange.dominicana, exchange.states["JM"]
        firearm = haiti.seized(Handling(originator="HT-PAP", releasable=("DO", "JM"), onward=True))
        request = haiti.ask(firearm)
        exchange.carry()
        came = dominicana.came()
        # What the asker allowed to be passed on is: to a third state, as the asker's word.
        onward = dominicana.entities("firearm")[0]
        dominicana.ask(onward, "JM")
        exchange.carry()
        third = jamaica.came()
        assert {one.handling.originator for one in jamaica.statements(third.firearm_id)} == {"HT-PAP"}
        serial = next(one for one in haiti.statements(firearm.id) if one.prop == "serial")
        haiti.do(lambda tx: haiti.tracing.withdraw(tx, [serial.id], "court"))
        exchange.carry()
        for state, key in ((dominicana, came.firearm_id), (jamaica, third.firearm_id)):
            assert "serial" not in state.said(key)
            assert any(one.prop == "serial" and not one.stands for one in state.statements(key))
        assert haiti.story(request)[-1] == "withdrawn"
        assert dominicana.story(came)[-1] == "withdrawn"
        # What was taken back leaves no more.
        look = dominicana.look(
            lambda reader: dominicana.requests.looks.page(reader, ANALYST, side="out", before=2**62, limit=1)
        )[0]
        preview = dominicana.look(
            lambda reader: dominicana.requests.looks.preview(reader, ANALYST, look.id, haiti.clock.now())
        )
        assert "serial" not in {item.statement.prop for item in preview.selection.going}


def test_an_answer_is_taken_back_and_the_board_follows(both: Exchange) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    firearm, request, came = asked(both)
    worked(dominicana, came)
    sale = SaleGiven(values=SALE, dealer=DEALER, reference="Libro 7")
    dominicana.step("answer", came, outcome="purchaser", sale=sale)
    both.carry()
    (made,) = dominicana.entities("acquisition")
    ids = [one.id for one in dominicana.statements(made.id)]
    dominicana.do(lambda tx: dominicana.tracing.withdraw(tx, ids, "correction"))
    both.carry()
    both.carry()
    (here,) = haiti.entities("acquisition")
    assert haiti.said(here.id) == {}
    row = haiti.look(
        lambda reader: reader.row(
            "SELECT sold_on, dealer_id FROM tracing_firearm WHERE id = :id", id=firearm.id
        )
    )
    assert row == (None, None)
    assert haiti.story(request)[-1] == "withdrawn"
    assert len(haiti.entries("tracing.withdrawal_heard")) == 1
    assert len(dominicana.entries("tracing.withdrawal_told")) == 1


def test_what_was_taken_back_before_it_came_does_not_come(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    firearm = haiti.seized(haiti.rules("DO"))
    haiti.ask(firearm)
    serial = next(one for one in haiti.statements(firearm.id) if one.prop == "serial")
    haiti.do(lambda tx: haiti.tracing.withdraw(tx, [serial.id], "error"))
    ids = haiti.look(
        lambda reader: reader.rows(
            "SELECT id FROM partner_letter WHERE direction = 'out' ORDER BY made_seq DESC"
        )
    )
    for row in ids:
        assert dominicana.receive(haiti.sealed(dominicana, row[0])).outcome == "taken"
    said = dominicana.said(dominicana.came().firearm_id)
    assert "serial" not in said
    assert said["make"] == "GLOCK"


def test_a_withdrawal_waits_for_a_partner_that_is_switched_off(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    firearm, _, came = asked(exchange)
    haiti.do(lambda tx: haiti.partners.enable(tx, "DO", False), by=KEEPER)
    serial = next(one for one in haiti.statements(firearm.id) if one.prop == "serial")
    haiti.do(lambda tx: haiti.tracing.withdraw(tx, [serial.id], "error"))
    exchange.carry()
    assert "serial" in dominicana.said(came.firearm_id)
    haiti.do(lambda tx: haiti.partners.enable(tx, "DO", True), by=KEEPER)
    exchange.carry()
    assert "serial" not in dominicana.said(came.firearm_id)
    haiti.do(lambda tx: haiti.partners.retire(tx, "DO"), by=KEEPER)
    make = next(one for one in haiti.statements(firearm.id) if one.prop == "make")
    haiti.do(lambda tx: haiti.tracing.withdraw(tx, [make.id], "error"))
    (sent,) = haiti.look(lambda r: haiti.requests.looks.page(r, ANALYST, side="out", before=2**62, limit=9))
    assert haiti.story(sent)[-1] == "withdrawn_untold"


def test_nobody_takes_back_what_another_said(tmp_path: Path) -> None:
    for name in ("ht", "do", "jm"):
        (tmp_path / name).mkdir()
    engines = [SqliteEngine(tmp_path / name / FILE_NAME) for name in ("ht", "do", "jm")]
    with exchange_over(engines, ("HT-PAP", "DO", "JM")) as exchange:
        haiti, dominicana, jamaica = exchange.haiti, exchange.dominicana, exchange.states["JM"]
        firearm, _, came = asked(exchange)
        ids = tuple(one.id for one in haiti.statements(firearm.id))
        body = letters.WithdrawnLetter(statements=ids, reason="error", at=haiti.clock.now())
        jamaica.do(lambda tx: jamaica.outbox.send(tx, "DO", letters.WITHDRAWN, body))
        exchange.carry()
        assert dominicana.said(came.firearm_id)["serial"] == "SYN48B075"


# ------------------------------------------------------------------------ letters that are wrong


def test_an_answer_to_what_was_never_asked_is_refused_and_says_so(both: Exchange) -> None:
    _, request, came = asked(both)
    haiti, dominicana = both.haiti, both.dominicana

    def forged(tx: Tx, **changed: Any) -> str:
        fields = {
            "request": request.id, "step": 1, "at": tx.now, "outcome": "foreign",
            "package": letters.Package(), **changed,
        }  # fmt: skip
        return dominicana.outbox.send(tx, "HT-PAP", letters.ANSWER, letters.AnswerLetter(**fields))

    unknown = dominicana.do(lambda tx: forged(tx, request="0197f000-0000-7000-8000-000000000000"))
    nowhere = dominicana.do(lambda tx: forged(tx, outcome="somewhere"))
    zero = dominicana.do(lambda tx: forged(tx, step=0))
    both.carry()
    assert dominicana.letter(unknown).reason == "trace-none"
    assert dominicana.letter(nowhere).reason == "unknown-term"
    assert dominicana.letter(zero).reason == "trace-letter"
    assert haiti.now(request).state == "sent"
    assert came.state == "sent"


BAD_BODIES: list[tuple[str, Any]] = [
    (letters.REQUEST, {}),
    (letters.REQUEST, {"request": 7}),
    (letters.STEP, {"request": "x", "step": 1, "what": "acknowledged", "at": 0}),
    (letters.STEP, {"request": "0197f000-0000-7000-8000-000000000000", "step": 1, "what": "lapsed", "at": 0}),
    (letters.WITHDRAWN, {"statements": [], "reason": "error", "at": 0}),
    (letters.WITHDRAWN, {"statements": ["x"], "reason": "error", "at": 0}),
    (letters.LAPSED, {"request": "0197f000-0000-7000-8000-000000000000", "at": -1}),
]


@pytest.mark.parametrize(("kind", "body"), BAD_BODIES)
def test_a_letter_that_cannot_be_read_is_refused_with_its_reason(
    exchange: Exchange, kind: str, body: Any
) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    letter = dominicana.do(lambda tx: dominicana.outbox.send(tx, "HT-PAP", kind, canonical(body)))
    exchange.carry()
    found = dominicana.letter(letter)
    assert (found.state, found.reason) in (("refused", "trace-letter"), ("refused", "id-unreadable"))
    assert haiti.look(lambda r: r.rows("SELECT id FROM trace_request")) == []


def test_what_cannot_be_read_here_or_is_our_own_word_is_left_out_and_named(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    firearm = haiti.seized(haiti.rules("DO"))
    haiti.ask(firearm)
    (body,) = haiti.bodies_sent(letters.REQUEST)
    letter = msgspec.json.decode(body, type=letters.AskLetter)
    (source, *_) = letter.package.sources
    kinds = {entity.key: entity.kind for entity in letter.package.entities}
    said = {f"{kinds[one.entity]}.{one.prop}": one for one in letter.package.statements}
    ours = msgspec.structs.replace(source, key="ours", originator="DO")
    future = msgspec.structs.replace(said["firearm.model"].handling, purposes=("a_purpose_of_tomorrow",))
    changes: dict[str, dict[str, Any]] = {
        "firearm.make": {"source": "ours"},
        "firearm.model": {"handling": future},
        "firearm.country": {"value": "Österreich"},
        "firearm.type": {"prop": "colour_of_tomorrow"},
        "recovery.legal_basis": {"value": "a_basis_of_tomorrow"},
    }
    statements = tuple(msgspec.structs.replace(one, **changes.get(name, {})) for name, one in said.items())
    package = msgspec.structs.replace(
        letter.package, sources=(*letter.package.sources, ours), statements=statements
    )
    letter = msgspec.structs.replace(letter, package=package)
    haiti.do(lambda tx: haiti.outbox.send(tx, "DO", letters.REQUEST, letter))
    ids = haiti.look(
        lambda reader: reader.rows("SELECT id FROM partner_letter WHERE direction = 'out' ORDER BY made_seq")
    )
    assert dominicana.receive(haiti.sealed(dominicana, ids[-1][0])).outcome == "taken"
    came = dominicana.came()
    assert set(dominicana.said(came.firearm_id)) == {"calibre", "serial", "serial_status", "recovery"}
    steps = dominicana.look(lambda reader: dominicana.requests.looks.story(reader, ANALYST, came.id))
    assert steps[0].facts["unread"] == [
        "firearm.colour_of_tomorrow", "firearm.country", "firearm.make", "firearm.model",
        "recovery.legal_basis",
    ]  # fmt: skip


def test_a_photograph_travels_with_its_bytes_or_not_at_all(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(picture, "PNG")
    kept = haiti.do(lambda tx: keep_photo(tx, picture.getvalue()))
    rules = haiti.rules("DO")
    firearm = haiti.seized(rules)
    haiti.state("firearm", {"photo": kept.digest}, rules, of=firearm)
    haiti.state("firearm", {"photo": "0" * 64}, rules, of=firearm)
    request = haiti.draft(firearm)
    look = haiti.look(
        lambda reader: haiti.requests.looks.preview(reader, ANALYST, request.id, haiti.clock.now())
    )
    photos = {
        item.statement.value: item.stays for item in look.selection.items if item.statement.prop == "photo"
    }
    assert photos == {kept.digest: None, "0" * 64: "photo_large"}
    haiti.send(haiti.approve(request))
    exchange.carry()
    assert dominicana.said(dominicana.came().firearm_id)["photo"] == kept.digest
    row = dominicana.look(lambda r: r.row("SELECT bytes FROM tracing_photo WHERE digest = :d", d=kept.digest))
    assert row is not None
    assert bytes(row[0]) == picture.getvalue()


def test_a_letter_that_the_other_side_refuses_is_shown_on_the_request(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_in=("tracing.answer",)), by=KEEPER)
    request = haiti.ask(haiti.seized(haiti.rules("DO")))
    exchange.carry()
    stuck = haiti.now(request)
    assert (stuck.state, stuck.trouble) == ("sent", "letter-kind-closed")
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_in=("tracing.*",)), by=KEEPER)
    steps = haiti.look(lambda reader: haiti.requests.looks.story(reader, ANALYST, request.id))
    haiti.do(lambda tx: haiti.outbox.renew(tx, steps[-1].letter_id or ""), by=KEEPER)
    exchange.carry()
    assert (haiti.now(request).trouble, dominicana.came().state) == (None, "sent")


# ------------------------------------------------------------------------ by hand, days, reminders


def test_a_state_that_is_no_partner_is_asked_on_paper_and_its_word_is_written_down(both: Exchange) -> None:
    haiti = both.haiti
    firearm = haiti.seized(haiti.rules("US"))
    request = haiti.send(haiti.approve(haiti.draft(firearm, "US", channel="etrace")))
    both.carry()
    assert both.road.passed == []
    worked(haiti, request)
    sale = SaleGiven(
        values=SALE, dealer={"name": "Invented Arms", "region": "FL", "country": "US"}, reference="eTrace T1"
    )
    answered = haiti.step("answer", request, outcome="purchaser", sale=sale)
    assert (answered.state, haiti.board(firearm)) == ("answered", ("answered", "purchaser"))
    (made,) = haiti.entities("acquisition")
    (said, *_) = haiti.statements(made.id)
    # What came on paper stays in our enclave as much as what came by letter.
    assert said.handling == Handling(originator="US")
    source = haiti.look(lambda reader: tracing_sql.source(reader, said.source_id))
    assert (source.kind, source.originator) == ("trace_answer", "US")


def test_what_is_overdue_is_listed_with_who_owes_it(both: Exchange) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    haiti.do(
        lambda tx: haiti.requests.asking.set_term(tx, "DO", "urgent", ack=2, answer=5, lapse=9), by=CHIEF
    )
    _, request, came = asked(both, priority="urgent")

    def dues(state: State) -> list[tuple[str, str, int]]:
        found = state.look(lambda reader: state.requests.looks.dues(reader, ANALYST, state.clock.now()))
        return [(due.kind, due.owed_by, due.count) for due in found]

    assert dues(haiti) == dues(dominicana) == []
    both.wait(2)
    assert dues(haiti) == [("ack_due", "them", 1)]
    assert dues(dominicana) == [("ack_due", "us", 1)]
    worked(dominicana, came)
    both.carry()
    assert dues(haiti) == dues(dominicana) == []
    both.wait(3)
    assert (dues(haiti), dues(dominicana)) == ([("answer_due", "them", 1)], [("answer_due", "us", 1)])
    person = buyer(dominicana, dominicana.rules("HT-PAP", review_on=dominicana.today()))
    sale = SaleGiven(
        values=SALE, buyer_id=person.id, reference="Libro 7",
        rules=lambda originator: Handling(
            originator=originator, releasable=("HT-PAP",), review_on=dominicana.today()
        ),
    )  # fmt: skip
    dominicana.step("answer", came, outcome="purchaser", sale=sale, purchaser=True)
    assert dues(dominicana) == [("answer_due", "us", 1), ("approval_due", "us", 1)]
    dominicana.approve(came)
    both.carry()
    assert haiti.now(request).state == "answered"
    both.wait(2)
    assert dues(haiti) == [("review_due", "us", 8)]
    assert dues(dominicana) == []


def test_days_are_set_for_one_partner_for_all_or_as_shipped(exchange: Exchange) -> None:
    haiti = exchange.haiti
    asking = haiti.requests.asking
    haiti.do(lambda tx: asking.set_term(tx, "", "routine", ack=3, answer=20, lapse=90), by=CHIEF)
    haiti.do(lambda tx: asking.set_term(tx, "DO", "routine", ack=1, answer=10, lapse=50), by=CHIEF)
    listed = haiti.look(lambda reader: asking.terms(reader, ANALYST))
    assert [(partner, priority, days.lapse) for partner, priority, days in listed] == [
        ("", "urgent", 60), ("", "routine", 180), ("", "routine", 90), ("DO", "routine", 50),
    ]  # fmt: skip
    request = haiti.ask(haiti.seized(haiti.rules("DO")))
    assert request.lapse_at == haiti.clock.now() + 50 * DAY
    paper = haiti.send(haiti.approve(haiti.draft(haiti.seized(haiti.rules("US")), "US", channel="paper")))
    assert paper.lapse_at == haiti.clock.now() + 90 * DAY
    assert refusal(
        lambda: haiti.do(lambda tx: asking.set_term(tx, "do", "routine", ack=1, answer=2, lapse=3))
    ) == ("tracing-party-code")
    with pytest.raises(Forbidden):
        haiti.do(
            lambda tx: asking.set_term(tx, "", "routine", ack=1, answer=2, lapse=3), by=ACTORS["auditor"]
        )


def test_requests_stand_on_the_time_axis_and_in_the_open_indicators(exchange: Exchange) -> None:
    haiti, dominicana = exchange.haiti, exchange.dominicana
    firearm, request, came = asked(exchange)
    start = haiti.clock.now() - DAY
    exchange.wait(4)
    worked(dominicana, came)
    dominicana.step("answer", came, outcome="undetermined", reason="too_old")
    exchange.carry()
    (span,) = haiti.look(lambda reader: haiti.requests.looks.spans(reader, [firearm.id, "none"]))
    assert (span.ref, span.partner, span.sent_on, span.answered_on) == (
        request.ref, "DO", "2026-11-22", "2026-11-26",
    )  # fmt: skip
    (out,) = haiti.look(lambda reader: haiti.requests.looks.asked(reader, start, start + 30 * DAY))
    (inward,) = dominicana.look(
        lambda reader: dominicana.requests.looks.asked(reader, start, start + 30 * DAY)
    )
    assert (out.direction, out.partner, out.outcome, out.reason) == ("out", "DO", "answered", "too_old")
    assert (inward.direction, inward.partner, inward.outcome) == ("in", "HT-PAP", "answered")
    assert out.responded is not None
    assert (out.responded - out.sent).days == 4


def test_a_synthetic_past_is_told_and_marked(exchange: Exchange) -> None:
    haiti = exchange.haiti
    firearm = haiti.seized(haiti.rules("US"))
    told = haiti.do(
        lambda tx: haiti.requests.asking.tell_of(
            tx, firearm.id, to="US", sent=date(2025, 1, 9), answered=date(2025, 2, 20), outcome="purchaser",
            reason=None,
        )
    )  # fmt: skip
    assert (told.synthetic, told.channel, haiti.board(firearm)) == (True, "paper", ("answered", "purchaser"))
    assert haiti.look(lambda reader: haiti.requests.looks.dues(reader, ANALYST, haiti.clock.now())) == []
    assert haiti.do(haiti.requests.asking.lapse_due, by=KEEPER) is False
