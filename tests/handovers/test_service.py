"""Hand-overs over both stores: what is open is told, read, signed; what proves it stands by itself."""

import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from handovers.watch import ROSE, Watch, line
from lanbi.core.access import Actor
from lanbi.core.errors import Conflict, Forbidden, LanbiError, NotFound, Refused
from lanbi.situation import sql as situation_sql
from lanbi.situation.model import House
from stores import ACTORS, MARIE, PIERRE, SITE


def test_the_list_is_what_is_open(watch: Watch) -> None:
    waiting, underway = watch.open("cardiac_arrest"), watch.open("house_fire")
    unit, broken = watch.commission("M21"), watch.commission("M22")
    watch.assign(underway, unit)
    watch.do(lambda tx: watch.dispatch.set_availability(tx, broken.id, "out_of_service", reason="garage"))
    call = watch.do(lambda tx: watch.calls.offer(tx, channel="voice", number="34560142"))
    watch.do(lambda tx: watch.calls.abandon(tx, call.id))
    watch.do(lambda tx: watch.calls.promise(tx, kind="news", incident_id=waiting.id), by=PIERRE)
    handover = watch.start()
    codes = {item.code: item.facts for item in handover.items}
    assert codes["incident_waiting"]["number"] == waiting.number
    assert codes["incident_underway"]["units"] == ["M21"]
    assert codes["unit_out"] == {"unit": "M22", "reason": "garage"}
    assert (codes["callback_owed"]["call"], codes["callback_owed"]["attempts"]) == (call.number, 0)
    assert (codes["promise_open"]["number"], codes["promise_open"]["owner"]) == (waiting.number, PIERRE.name)
    assert len(handover.items) == 5
    kinds = watch.kinds(f"handover/{handover.id}")
    assert kinds == ["handover.started"]


def test_shifts_that_nobody_signed_on_or_off_are_told(watch: Watch) -> None:
    units = [watch.commission(f"M{n}", crew=0) for n in range(3)]
    members = [watch.enrol(f"A-{n}") for n in range(3)]
    watch.on(watch.plan(units[0], 0, 1, members[0]))
    watch.plan(units[1], 1, 8, members[1])
    watch.on(watch.plan(units[2], 0, 14, members[2]))
    watch.clock.advance(2 * 3600)
    facts = {item.code: item.facts for item in watch.start().items}
    assert facts == {
        "shift_over": {"post": "M0"},
        "shift_late": {"post": "M1"},
        "shift_tired": {"post": "M2"},
    }


def test_a_shift_to_which_nobody_came_is_not_told_for_ever(watch: Watch) -> None:
    unit = watch.commission("M1", crew=0)
    watch.plan(unit, 1, 9, watch.enrol("A-1"))
    watch.clock.advance(2 * 3_600)
    handover = watch.start()
    assert line(handover, "shift_late").facts == {"post": "M1"}
    watch.clock.advance(3 * 24 * 3_600)
    watch.refresh()
    assert [item.code for item in watch.handover(handover).items if item.code == "shift_late"] == []


def test_from_the_first_line_to_both_signatures(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    handover = watch.taken()
    with pytest.raises(Refused, match="handover-lines-open"):
        watch.sign(handover, by=PIERRE)
    watch.acknowledge_all(handover)
    once = watch.sign(handover, by=ROSE)
    assert once.state == "acknowledging"
    signed = watch.sign(handover, by=PIERRE)
    assert signed.state == "signed"
    assert watch.kinds(f"handover/{handover.id}") == [
        "handover.started", "handover.offered", "handover.taken", "handover.acknowledged",
        "handover.initialled", "handover.signed",
    ]  # fmt: skip


def test_a_signed_document_proves_itself_without_the_node(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    handover = watch.taken()
    watch.do(lambda tx: watch.handovers.remark(tx, handover.id, "Dlo fini nan sal la"), by=PIERRE)
    watch.acknowledge_all(handover)
    watch.sign(handover, by=PIERRE)
    with pytest.raises(NotFound, match="handover-unsigned"):
        watch.look(lambda reader: watch.handovers.document(reader, ROSE, handover.id))
    watch.sign(handover, by=ROSE)
    proof = watch.look(lambda reader: watch.handovers.document(reader, ROSE, handover.id))
    digest = hashlib.sha256(proof.text.encode()).hexdigest()
    assert digest == proof.sha256
    assert hashlib.sha256(proof.public_key).hexdigest()[:16] == proof.key_id
    key = Ed25519PublicKey.from_public_bytes(proof.public_key)
    key.verify(proof.signature, f"lanbi-handover/1\n{SITE}\n{digest}\n".encode())
    changed = hashlib.sha256(proof.text.replace("P0", "P4").encode()).hexdigest()
    with pytest.raises(InvalidSignature):
        key.verify(proof.signature, f"lanbi-handover/1\n{SITE}\n{changed}\n".encode())
    (entry,) = [body for _, kind, _, _, body in watch.entries() if kind == "handover.signed"]
    assert json.loads(entry)["sha256"] == digest
    whole = json.loads(proof.text)
    assert [one["by"] for one in whole["signatures"]] == [PIERRE.id, ROSE.id]
    assert "Dlo fini" not in proof.text
    assert not any("Dlo fini" in body for *_, body in watch.entries())


def test_what_changes_meanwhile_is_read_again(watch: Watch) -> None:
    incident = watch.open("cardiac_arrest", priority="P2")
    handover = watch.acknowledge_all(watch.taken())
    watch.do(lambda tx: watch.incidents.prioritise(tx, incident.id, "P0"))
    with pytest.raises(Refused, match="handover-lines-open"):
        watch.sign(handover, by=PIERRE)
    watch.refresh()
    stands = watch.handover(handover)
    item = line(stands, "incident_waiting")
    assert (item.changed, item.facts["priority"]) == (True, "P0")
    with pytest.raises(Conflict, match="handover-line-changed"):
        watch.do(lambda tx: watch.handovers.acknowledge(tx, handover.id, item.n, 1), by=ROSE)
    watch.acknowledge(handover, item)
    assert watch.sign(handover, by=PIERRE).signatures


def test_a_new_incident_voids_the_first_signature(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    handover = watch.acknowledge_all(watch.taken())
    watch.sign(handover, by=PIERRE)
    watch.open("house_fire", priority="P1")
    with pytest.raises(Refused, match="handover-lines-open"):
        watch.sign(handover, by=ROSE)
    watch.refresh()
    stands = watch.handover(handover)
    assert stands.signatures == ()
    assert [item.fresh for item in stands.items] == [False, True]
    watch.acknowledge_all(handover)
    watch.sign(handover, by=ROSE)
    assert watch.sign(handover, by=PIERRE).state == "signed"


def test_who_signs_a_list_that_changed_since_they_read_it_is_told(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    read = watch.acknowledge_all(watch.taken())
    watch.open("house_fire", priority="P1")
    with pytest.raises(Conflict, match="handover-changed"):
        watch.sign(read, by=PIERRE, held=read.seq)
    watch.refresh()
    again = watch.acknowledge_all(read)
    with pytest.raises(Conflict, match="handover-changed"):
        watch.sign(read, by=PIERRE, held=read.seq)
    assert watch.sign(read, by=ROSE, held=again.seq).seq > again.seq
    # The other signature changed the hand-over, and nothing of what is signed.
    assert watch.sign(read, by=PIERRE, held=again.seq).state == "signed"


def test_nothing_is_written_while_nothing_changes(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    watch.refresh()
    handover = watch.taken()
    head = watch.head
    watch.clock.advance(3600)
    watch.refresh()
    assert watch.head == head
    assert watch.handover(handover).items[0].rev == 1


def test_a_reserve_that_runs_down_is_another_line_by_the_hour_and_not_by_the_second(watch: Watch) -> None:
    def told(battery_s: int) -> None:
        at = watch.clock.now()
        row = House(id="p", what="power", state="battery", at=at, by_id="m", by_name="M", battery_s=battery_s)
        watch.do(lambda tx: situation_sql.save_house(tx, row))

    told(11_400)
    handover = watch.acknowledge_all(watch.taken())
    watch.sign(handover, by=PIERRE)
    told(11_370)
    watch.refresh()
    assert len(watch.handover(handover).signatures) == 1
    told(7_100)
    watch.refresh()
    stands = watch.handover(handover)
    assert (stands.signatures, line(stands, "power").facts["battery_s"]) == ((), 3_600)


def test_one_at_a_time_for_a_post(watch: Watch) -> None:
    first = watch.start(seat="Plas 2")
    with pytest.raises(Refused, match="handover-open"):
        watch.start(by=ROSE, seat="plas 2")
    assert watch.start(by=ROSE, seat="Plas 3").post == "Plas 3"
    watch.do(lambda tx: watch.handovers.withdraw(tx, first.id), by=PIERRE)
    assert watch.start(by=ROSE, seat="plas 2").post == "plas 2"


def test_the_post_is_the_seat_that_the_roster_knows(watch: Watch) -> None:
    assert watch.start().post == "dispatcher"
    watch.on(watch.seat("Plas 5", ROSE.id, 0, 8))
    assert watch.start(by=ROSE).post == "Plas 5"


def test_questions_and_answers_are_sealed_words(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    handover = watch.acknowledge_all(watch.taken())
    watch.do(lambda tx: watch.handovers.ask(tx, handover.id, 1, "Ki wout ki lib?"), by=ROSE)
    answered = watch.do(lambda tx: watch.handovers.answer(tx, handover.id, 1, "Delma 33"), by=PIERRE)
    item = answered.item(1)
    assert item.question is not None
    assert item.answer is not None
    assert (item.state, item.question.words, item.answer.words) == ("answered", "Ki wout ki lib?", "Delma 33")
    assert not any("Ki wout" in body or "Delma 33" in body for *_, body in watch.entries())
    watch.clock.advance(731 * 86_400)
    watch.erase_all_due()
    erased = watch.handover(handover)
    assert erased.item(1).question.words is None
    assert erased.seq > answered.seq


def test_a_hand_over_survives_who_takes_it_leaving(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    handover = watch.acknowledge_all(watch.taken())
    watch.do(lambda tx: watch.handovers.let_go(tx, handover.id), by=ROSE)
    chief = Actor(id="chef", name="Chèf", role="commander")
    again = watch.do(lambda tx: watch.handovers.take(tx, handover.id), by=chief)
    assert (again.incoming.id, again.settled) == ("chef", 0)


def test_a_refusal_leaves_nothing_behind(watch: Watch) -> None:
    watch.open("cardiac_arrest")
    handover = watch.taken()
    before = watch.rows_of("handover", "handover_line", "handover_document", "sealed", "journal")
    for by, wrong in (
        (PIERRE, lambda tx: watch.handovers.acknowledge(tx, handover.id, 1, 1)),
        (PIERRE, lambda tx: watch.handovers.ask(tx, handover.id, 1, "?")),
        (ROSE, lambda tx: watch.handovers.remark(tx, handover.id, "mwen menm")),
        (ROSE, lambda tx: watch.handovers.acknowledge(tx, handover.id, 99, 1)),
        (ROSE, lambda tx: watch.handovers.sign(tx, handover.id)),
        (MARIE, lambda tx: watch.handovers.withdraw(tx, handover.id)),
        (PIERRE, lambda tx: watch.handovers.offer(tx, handover.id, to="pèsonn")),
        (PIERRE, watch.handovers.start),
    ):
        with pytest.raises(LanbiError):
            watch.do(wrong, by=by)
    assert watch.rows_of("handover", "handover_line", "handover_document", "sealed", "journal") == before


def test_machines_neither_begin_nor_take_over_nor_sign(watch: Watch) -> None:
    token = Actor(id="token:x", name="x", role="dispatcher", kind="token")
    with pytest.raises(Refused, match="handover-person-only"):
        watch.start(by=token)
    handover = watch.offered()
    with pytest.raises(Refused, match="handover-person-only"):
        watch.do(lambda tx: watch.handovers.take(tx, handover.id), by=token)
    watch.do(lambda tx: watch.handovers.take(tx, handover.id), by=ROSE)
    with pytest.raises(Refused, match="handover-person-only"):
        watch.sign(handover, by=token)


def test_who_may_do_what(guarded: Watch) -> None:
    for role in ("analyst", "auditor", "administrator", "field_unit"):
        with pytest.raises(Forbidden):
            guarded.start(by=ACTORS[role])
    handover = guarded.start(by=MARIE)
    for role in ("analyst", "administrator", "field_unit"):
        with pytest.raises(NotFound):
            guarded.look(lambda reader, r=role: guarded.handovers.get(reader, ACTORS[r], handover.id))
    assert guarded.look(lambda reader: guarded.handovers.get(reader, ACTORS["auditor"], handover.id))
    assert not guarded.handovers.may_read_words(ACTORS["auditor"])
    with pytest.raises(Forbidden):
        guarded.do(lambda tx: guarded.handovers.take(tx, handover.id), by=ACTORS["auditor"])
