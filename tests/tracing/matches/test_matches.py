"""What a recovered firearm may be: proposed by the node, decided by people, undone exactly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.core.access import SYSTEM
from lanbi.core.errors import Forbidden, LanbiError
from lanbi.core.ports import Tx
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.tracing.handling import Recipient, why_kept
from lanbi.tracing.matches import sql
from lanbi.tracing.matches.model import QUEUE_SCORE_MIN, Match
from lanbi.tracing.matches.service import weigh_both
from lanbi.tracing.model import Entity
from stores import ACTORS
from tracing.matches.queue_room import OTHERS, STOLEN, QueueRoom
from tracing.room import ANALYST, GLOCK, SEIZURE, room_over

RESTORED = {**GLOCK, "serial": "SYN4??075", "serial_status": "partial"}


def refused(code: str, queue: QueueRoom, work: Callable[[Tx], Any], **more: Any) -> LanbiError:
    with pytest.raises(LanbiError) as caught:
        queue.room.do(work, **more)
    assert caught.value.code == code
    return caught.value


def seized(queue: QueueRoom, *firearms: dict[str, str], **seizure: str) -> list[Entity]:
    """Recovered, and searched by the node."""
    _, found = queue.room.seized(*firearms, **seizure)
    queue.clerk.step()
    return found


def snapshot(queue: QueueRoom, *entities: Entity) -> list[tuple[str, object, int, str]]:
    """What is worked with, and who is one with whom."""
    now = [queue.entity(entity) for entity in entities]
    return [(one.id, one.preferred, one.contested, one.canonical) for one in now]


# -- proposals ---------------------------------------------------------------------------------


def test_a_recovered_firearm_is_searched_by_the_node_itself(queue: QueueRoom) -> None:
    register = queue.register(STOLEN)
    (firearm,) = seized(queue, GLOCK)
    match = queue.one()
    assert (match.kind, match.firearm_id, match.register_id) == ("register", firearm.id, register.id)
    assert (match.reading.marks, match.held.marks) == ("SYN48B075", "SYN488075")
    assert match.score > 0.9
    assert [step["relation"] for step in match.alignment] == ["same"] * 5 + ["look_alike"] + ["same"] * 3
    assert sum(part["weight"] for part in match.parts) == pytest.approx(match.rank / 1e6, abs=0.01)
    assert (match.near, match.of, match.verdict, match.decided_at) == (0, 9, "none", None)
    # Only proposed: nothing was joined or stated.
    assert snapshot(queue, firearm) == [(firearm.id, firearm.preferred, 0, firearm.id)]


def test_looking_again_changes_nothing(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    seized(queue, GLOCK)
    before = (queue.queue(), queue.room.look(lambda reader: reader.head))
    assert queue.clerk.step() == 0
    queue.another_clerk().step()
    assert (queue.queue(), queue.room.look(lambda reader: reader.head)) == before


def test_what_changes_but_not_its_markings_is_not_searched_again(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    (firearm,) = seized(queue, GLOCK)
    queue.room.state(firearm, {"finish": "black"})
    assert queue.clerk.step() == 0
    queue.room.state(firearm, {"type": "pistol"})
    assert queue.clerk.step() == 1


def test_a_register_that_comes_later_is_searched_for_all(queue: QueueRoom) -> None:
    seized(queue, GLOCK, {**GLOCK, "serial": "KR770123"})
    assert queue.queue() == []
    queue.register(STOLEN)
    assert queue.clerk.step() == 2
    assert queue.one().held.marks == "SYN488075"


def test_nothing_is_proposed_for_a_serial_that_says_little(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    seized(
        queue,
        {**GLOCK, "serial": "obliterated"},
        {key: value for key, value in GLOCK.items() if key != "serial"},
        {**GLOCK, "serial": "…075"},
        {**GLOCK, "serial": "ZZ00001"},
    )
    assert queue.queue() == []


def test_one_gun_recovered_twice_is_proposed_as_a_duplicate(queue: QueueRoom) -> None:
    (first,) = seized(queue, GLOCK)
    (second,) = seized(queue, GLOCK, case="24-119")
    match = queue.one()
    assert (match.kind, match.firearm_id, match.other_id) == ("duplicate", second.id, first.id)
    assert (match.register_id, match.entry_n) == (None, None)


def test_one_gun_written_twice_in_one_case_is_proposed_too(queue: QueueRoom) -> None:
    first, second = seized(queue, GLOCK, GLOCK)
    match = queue.one()
    assert (match.kind, {match.firearm_id, match.other_id}) == ("duplicate", {first.id, second.id})


def test_an_alike_firearm_is_no_duplicate(queue: QueueRoom) -> None:
    seized(queue, GLOCK)
    seized(queue, {**GLOCK, "serial": "SYN488075"})
    assert queue.one().kind == "firearm"
    seized(queue, {**GLOCK, "serial": "SYN48B075", "make": "Taurus"})
    assert {match.kind for match in queue.queue()} == {"firearm"}


def test_guns_in_a_row_are_not_proposed_to_each_other(queue: QueueRoom) -> None:
    """A planted fault: numbers that follow each other are another gun's, not a misreading."""
    run = [{**GLOCK, "serial": f"SYN48{number}"} for number in range(2075, 2095)]
    seized(queue, *run)
    assert queue.queue() == []
    seized(queue, run[7])
    assert [match.kind for match in queue.queue()] == ["duplicate"]


def test_a_serial_that_is_corrected_is_proposed_anew(queue: QueueRoom) -> None:
    queue.register(STOLEN, ("KR770123", "Glock", "19", "9mm", "", ""))
    (firearm,) = seized(queue, GLOCK)
    old = queue.one()
    queue.room.state(firearm, {"serial": "KR770123"}, grade="A1", kind="laboratory")
    queue.clerk.step()
    new = queue.one()
    assert (new.held.marks, new.reading.marks) == ("KR770123", "KR770123")
    gone = queue.room.look(lambda reader: queue.matches.get(reader, ANALYST, old.id))
    assert (gone.withdrawn_at is not None, gone.withdrawn_why) == (True, "stale")
    refused("match-withdrawn", queue, lambda tx: queue.matches.decide(tx, old.id, "same", "late"))


def test_what_holds_again_is_the_same_proposal_again(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    (firearm,) = seized(queue, GLOCK)
    old = queue.one()
    changed = queue.room.state(firearm, {"serial": "ZZ00001"}, grade="A1")
    queue.clerk.step()
    assert queue.queue() == []
    said = queue.room.look(lambda reader: queue.room.tracing.dossier(reader, ANALYST, changed.id))
    wrong = next(one.id for one in said.statements if one.value == "ZZ00001")
    queue.room.do(lambda tx: queue.room.tracing.withdraw(tx, [wrong], "error"))
    queue.clerk.step()
    again = queue.one()
    assert (again.id, again.number) == (old.id, old.number)
    assert again.seq > old.seq


def test_when_the_other_side_changes_the_proposal_is_looked_at_again(queue: QueueRoom) -> None:
    (first,) = seized(queue, GLOCK)
    (second,) = seized(queue, GLOCK)
    assert queue.one().other_id == first.id
    queue.room.state(first, {"serial": "ZZ00001"}, grade="A1")
    queue.clerk.step()
    assert queue.queue() == []
    queue.room.state(first, {"serial": "SYN488075"}, grade="A1", kind="laboratory")
    queue.clerk.step()
    match = queue.one()
    assert {match.firearm_id, match.other_id} == {first.id, second.id}
    assert {match.reading.marks, match.held.marks} == {"SYN48B075", "SYN488075"}


def test_a_reading_with_unread_marks_is_sought_among_what_comes_later(queue: QueueRoom) -> None:
    (partial,) = seized(queue, RESTORED)
    (whole,) = seized(queue, {**GLOCK, "serial": "SYN481075"})
    # A whole serial does not find one with two unread marks; the other way round it does.
    queue.clerk.step()
    assert queue.queue() == []
    queue.room.clock.advance(3_601)
    assert queue.clerk.step() == 1
    match = queue.one()
    assert {match.firearm_id, match.other_id} == {partial.id, whole.id}
    queue.room.clock.advance(3_601)
    assert queue.clerk.step() == 0


def test_what_would_be_proposed_is_never_passed_over_unsearched(small_queue: QueueRoom) -> None:
    """The quick look before the search leaves out only what the search would not propose."""
    small_queue.register(STOLEN, ("KR770123", "Glock", "19", "9mm", "", ""))
    serials = (
        "SYN48B075", "SYN488075", "SYN48B075", "SYN48B076", "SYN48B07", "SYN4?B075", "SYN4??075", "SY…075",
        "KR77O123", "KR770124", "RK770123", "ZZ00001", "ZZ0000I", "123456", "12345?", "123465", "WX66991Q",
    )  # fmt: skip
    for at, serial in enumerate(serials):
        small_queue.room.seized({**GLOCK, "serial": serial, "make": ("Glock", "Taurus")[at % 3 == 0]})
    assert small_queue.holder.refresh()
    guns = small_queue.room.look(lambda reader: sql.changed(reader, 0, "", 100))
    promising = dict(zip((gun.number for gun in guns), small_queue.holder.promising(guns), strict=True))
    proposed = {
        gun.number
        for gun in guns
        if small_queue.room.look(
            lambda reader, gun=gun: weigh_both(
                reader, small_queue.holder.search(gun.side.gun), own=[gun.number], score_min=QUEUE_SCORE_MIN
            )
        )
    }
    assert proposed <= {number for number, likely in promising.items() if likely}
    assert len(proposed) > 5
    assert not all(promising.values())


def test_a_large_store_is_searched_in_pieces(small_queue: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanbi.tracing.matches.clerk.FIREARMS_AT_ONCE", 3)
    small_queue.register(*((f"KR{at}70123", "Glock", "19", "9mm", "", "") for at in range(8)))
    small_queue.room.seized(*({**GLOCK, "serial": f"KR{at}70123"} for at in range(8)))
    assert small_queue.clerk.step() == 8
    found = small_queue.queue()
    assert sorted(match.reading.marks for match in found) == sorted(match.held.marks for match in found)
    assert len(found) == 8


def test_of_two_nodes_over_one_store_each_piece_is_done_once(
    queue: QueueRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.register(STOLEN)
    queue.room.seized(GLOCK)
    slow, fast = queue.another_clerk(), queue.another_clerk()
    searched = slow._holder.search  # pyright: ignore[reportPrivateUsage]

    def overtaken(reading: Any) -> Any:
        found = searched(reading)
        fast.step()
        return found

    monkeypatch.setattr(slow._holder, "search", overtaken)  # pyright: ignore[reportPrivateUsage]
    assert slow.step() == 0
    assert len(queue.queue()) == 1
    proposed = [kind for kind, *_ in queue.room.entries() if kind == "tracing.matches_proposed"]
    assert len(proposed) == 1


def test_what_changes_while_it_is_searched_comes_again(
    queue: QueueRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.register(STOLEN)
    _, (firearm,) = queue.room.seized(GLOCK)
    searched = queue.holder.search
    changes: list[str] = ["ZZ00001"]

    def changing(reading: Any) -> Any:
        found = searched(reading)
        if changes:
            queue.room.state(firearm, {"serial": changes.pop()}, grade="A1")
        return found

    monkeypatch.setattr(queue.holder, "search", changing)
    queue.clerk.step()
    assert queue.queue() == []


def test_a_register_withdrawn_while_it_is_searched_is_not_proposed(
    queue: QueueRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = queue.register(STOLEN)
    queue.room.seized(GLOCK)
    written = queue.room.store.write_now
    waiting: list[bool] = [True]

    def first_withdraw(actor: Any, work: Any, **more: Any) -> Any:
        if actor is SYSTEM and waiting:
            waiting.clear()
            written(ANALYST, lambda tx: queue.registers.withdraw(tx, register.id, "originator"))
        return written(actor, work, **more)

    monkeypatch.setattr(queue.room.store, "write_now", first_withdraw)
    queue.clerk.step()
    assert queue.queue() == []


def test_the_record_tells_of_proposals_and_not_of_serials(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    seized(queue, GLOCK)
    queue.decide(queue.one())
    queue.undo(queue.queue("same")[0])
    bodies = {kind: (actor, body) for kind, actor, _, body in queue.room.entries()}
    assert bodies["tracing.matches_proposed"][0] == "system"
    assert '"proposed":1' in bodies["tracing.matches_proposed"][1]
    assert bodies["tracing.match_decided"][0] == ANALYST.id
    for _, body in bodies.values():
        for word in ("SYN48", "GLOCK", "photograph", "24-77"):
            assert word not in body


# -- decisions ---------------------------------------------------------------------------------


def test_the_same_as_an_entry_is_stated_beside_what_was_read(queue: QueueRoom) -> None:
    register = queue.register(STOLEN, grade="B2")
    (firearm,) = seized(queue, GLOCK)
    decided = queue.decide(queue.one())
    assert (decided.verdict, decided.decided_by, decided.why) == ("same", ANALYST.id, "photograph compared")
    dossier = queue.room.look(lambda reader: queue.room.tracing.dossier(reader, ANALYST, firearm.id))
    stated = [one for one in dossier.statements if one.id in decided.statements]
    assert {(one.prop, one.value, one.original) for one in stated} == {
        ("serial", "SYN488075", "SYN 488075"), ("make", "GLOCK", "Glock GmbH"), ("calibre", "9X19", "9 mm"),
        ("model", "19", "19"), ("type", "pistol", None),
    }  # fmt: skip
    assert {one.source_id for one in stated} == {register.source_id}
    assert all(one.handling == register.handling for one in stated)
    # What nobody released stays: the register's rules go with its word.
    assert why_kept(stated[0].handling, Recipient("JM", "prosecution", "2026-11-22"), us="HT") == "not_named"
    serials = {one.value for one in dossier.statements if one.prop == "serial" and one.stands}
    assert serials == {"SYN48B075", "SYN488075"}
    assert dossier.entity.contested >= 1
    assert "case 24-77" not in {one.value for one in dossier.statements}


def test_after_the_same_nothing_else_is_proposed_for_that_pair(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    seized(queue, GLOCK)
    queue.decide(queue.one())
    queue.clerk.step()
    assert queue.queue() == []
    assert len(queue.queue("same")) == 1


def test_not_the_same_is_recorded_and_not_proposed_again(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    (firearm,) = seized(queue, GLOCK)
    before = snapshot(queue, firearm)
    for verdict in ("different", "unsure"):
        decided = queue.decide(queue.one(), verdict)
        assert (decided.verdict, decided.statements) == (verdict, ())
        assert snapshot(queue, firearm) == before
        queue.room.state(firearm, {"type": "pistol" if verdict == "different" else "revolver"}, grade="A1")
        queue.clerk.step()
        assert queue.queue() == []
        queue.undo(decided)
        before = snapshot(queue, firearm)


def test_a_decision_on_an_old_reading_does_not_bind_a_new_one(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    (firearm,) = seized(queue, GLOCK)
    queue.decide(queue.one(), "different")
    queue.room.state(firearm, {"serial": "SYN488O75"}, grade="A1", kind="laboratory")
    queue.clerk.step()
    assert queue.one().reading.marks == "SYN488O75"
    assert len(queue.queue("different")) == 1


def test_the_same_as_a_firearm_is_a_judgement(queue: QueueRoom) -> None:
    (first,) = seized(queue, GLOCK)
    (second,) = seized(queue, GLOCK)
    decided = queue.decide(queue.one())
    assert decided.why == "photograph compared"
    assert queue.entity(second).canonical == queue.entity(first).canonical
    dossier = queue.room.look(lambda reader: queue.room.tracing.dossier(reader, ANALYST, second.id))
    assert [(one.id, one.verdict, one.why) for one in dossier.judgements] == [
        (decided.judgement_id, "same", "photograph compared")
    ]
    assert decided.statements == ()


def test_those_that_became_one_are_no_longer_proposed_to_each_other(queue: QueueRoom) -> None:
    firearms = [seized(queue, GLOCK)[0] for _ in range(3)]
    assert len(queue.queue()) == 3
    queue.decide(queue.queue()[0])
    queue.clerk.step()
    queue.decide(queue.queue()[0])
    queue.clerk.step()
    assert queue.queue() == []
    assert len({queue.entity(firearm).canonical for firearm in firearms}) == 1


def test_a_judgement_made_elsewhere_answers_what_waits_and_undone_lets_it_wait_again(
    queue: QueueRoom,
) -> None:
    (first,) = seized(queue, GLOCK)
    (second,) = seized(queue, GLOCK)
    match = queue.one()
    judged = queue.room.do(
        lambda tx: queue.room.tracing.judge(tx, second.id, first.id, "same", "one and the same")
    )
    answered = queue.queue("same")[0]
    assert (answered.id, answered.judgement_id, answered.why) == (match.id, judged.id, "one and the same")
    queue.clerk.step()
    queue.room.do(lambda tx: queue.room.tracing.undo_judgement(tx, judged.id))
    again = queue.one()
    assert (again.id, again.undone_at is not None) == (match.id, True)
    queue.clerk.step()
    assert queue.one().id == match.id


def test_a_pair_that_was_judged_before_it_was_found_is_not_proposed(queue: QueueRoom) -> None:
    _, (first,) = queue.room.seized(GLOCK)
    _, (second,) = queue.room.seized(GLOCK)
    queue.room.do(lambda tx: queue.room.tracing.judge(tx, first.id, second.id, "different", "two guns"))
    queue.clerk.step()
    assert queue.queue() == []


def test_each_refusal_of_a_decision(queue: QueueRoom) -> None:
    register = queue.register(STOLEN)
    seized(queue, GLOCK)
    match = queue.one()
    decide, undo = queue.matches.decide, queue.matches.undo
    refused("match-none", queue, lambda tx: decide(tx, register.id, "same", "why"))
    refused("match-verdict", queue, lambda tx: decide(tx, match.id, "maybe", "why"))
    refused("match-verdict", queue, lambda tx: decide(tx, match.id, "none", "why"))
    refused("text-empty", queue, lambda tx: decide(tx, match.id, "same", "  "))
    refused("text-too-long", queue, lambda tx: decide(tx, match.id, "same", "x" * 2_001))
    refused("match-changed", queue, lambda tx: decide(tx, match.id, "same", "why", held=match.seq - 1))
    refused("match-not-decided", queue, lambda tx: undo(tx, match.id))
    for role in ("call_taker", "dispatcher", "field_unit", "auditor", "administrator"):
        with pytest.raises(Forbidden):
            queue.room.do(lambda tx: decide(tx, match.id, "same", "why"), by=ACTORS[role])
        with pytest.raises(Forbidden):
            queue.room.do(lambda tx: undo(tx, match.id), by=ACTORS[role])
        with pytest.raises(Forbidden):
            queue.room.look(lambda reader, role=role: queue.matches.get(reader, ACTORS[role], match.id))
    assert queue.one() == match  # nothing of all that was kept
    decided = queue.decide(match, held=match.seq)
    refused("match-decided-already", queue, lambda tx: decide(tx, match.id, "same", "why"))
    refused("match-changed", queue, lambda tx: undo(tx, match.id, held=match.seq))
    assert queue.undo(decided, held=decided.seq).verdict == "none"


def test_two_people_who_decide_at_once_do_not_both(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    seized(queue, GLOCK)
    match = queue.one()
    queue.decide(match, "different", held=match.seq)
    refused(
        "match-changed", queue, lambda tx: queue.matches.decide(tx, match.id, "same", "why", held=match.seq)
    )
    assert queue.queue("different")[0].decided_by == ANALYST.id


def test_a_judgement_undone_by_hand_leaves_nothing_to_undo(queue: QueueRoom) -> None:
    seized(queue, GLOCK)
    seized(queue, GLOCK)
    decided = queue.decide(queue.one())
    queue.room.do(lambda tx: queue.room.tracing.undo_judgement(tx, str(decided.judgement_id)))
    refused("match-not-decided", queue, lambda tx: queue.matches.undo(tx, decided.id))


def test_a_statement_withdrawn_by_hand_does_not_stop_the_undoing(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    (firearm,) = seized(queue, GLOCK)
    before = snapshot(queue, firearm)
    decided = queue.decide(queue.one())
    queue.room.do(lambda tx: queue.room.tracing.withdraw(tx, [decided.statements[0]], "error"))
    queue.undo(decided)
    assert snapshot(queue, firearm) == before


def test_undone_after_the_serial_changed_is_not_back_in_the_queue(queue: QueueRoom) -> None:
    (first,) = seized(queue, GLOCK)
    (second,) = seized(queue, GLOCK)
    decided = queue.decide(queue.one())
    queue.room.state(first, {"serial": "SYN488075"}, grade="A1")
    queue.clerk.step()
    undone = queue.undo(decided)
    assert undone.withdrawn_at is not None
    queue.clerk.step()
    match = queue.one()
    assert match.id != decided.id
    assert {match.firearm_id, match.other_id} == {first.id, second.id}


serial_texts = st.sampled_from(["SYN48B075", "SYN488075", "SYN48BO75", "SYN4?B075", "SYN48B07"])
others = st.sampled_from([("Glock", "17"), ("Taurus", "G2C"), ("", ""), ("Zanmi Fò", "x")])


@settings(max_examples=12, deadline=None)
@given(
    read=serial_texts,
    written=serial_texts,
    described=others,
    grade=st.sampled_from(["A1", "F6"]),
    second=st.booleans(),
    verdict=st.sampled_from(["same", "different", "unsure"]),
)
def test_deciding_and_undoing_restores_everything(
    tmp_path_factory: pytest.TempPathFactory,
    read: str,
    written: str,
    described: tuple[str, str],
    grade: str,
    second: bool,
    verdict: str,
) -> None:
    folder: Path = tmp_path_factory.mktemp("undo")
    with room_over(SqliteEngine(folder / FILE_NAME)) as room:
        queue = QueueRoom(room, folder)
        queue.register((written, *described, "9 mm", "", "case 1"), grade=grade)
        firearms = seized(queue, {**GLOCK, "serial": read})
        if second:
            firearms += seized(queue, {**GLOCK, "serial": written})
        waiting = queue.queue()
        for match in waiting:
            before = snapshot(queue, *firearms)
            decided = queue.decide(match, verdict)
            assert (
                queue.room.look(lambda reader, key=match.id: queue.matches.get(reader, ANALYST, key))
                == decided
            )
            undone = queue.undo(decided)
            assert snapshot(queue, *firearms) == before
            assert (undone.verdict, undone.statements, undone.judgement_id) == ("none", (), None)
        queue.clerk.step()
        assert {match.id for match in queue.queue()} == {match.id for match in waiting}


# -- a register is taken back -------------------------------------------------------------------


def test_a_withdrawn_register_takes_its_proposals_and_its_words_with_it(queue: QueueRoom) -> None:
    register = queue.register(STOLEN, ("KR770123", "Glock", "19", "9mm", "", ""))
    first, second = seized(queue, GLOCK, {**GLOCK, "serial": "KR77O123"})
    before = snapshot(queue, first)
    waiting = {match.held.marks: match for match in queue.queue()}
    decided = queue.decide(waiting["SYN488075"])
    queue.withdraw(register)
    assert queue.queue() == []
    gone = queue.room.look(lambda reader: queue.matches.get(reader, ANALYST, waiting["KR770123"].id))
    assert (gone.withdrawn_why, gone.held.marks, gone.alignment, gone.parts) == ("register", "", [], [])
    assert snapshot(queue, first) == before
    marked = queue.queue("same")[0]
    assert (marked.id, marked.seq > decided.seq) == (decided.id, True)
    refused("match-withdrawn", queue, lambda tx: queue.matches.decide(tx, gone.id, "same", "why"))
    queue.clerk.step()
    assert queue.queue() == []
    undone = queue.undo(marked)
    assert (undone.verdict, undone.withdrawn_at is not None, undone.held.marks) == ("none", True, "")
    assert snapshot(queue, first) == before
    assert queue.entity(second).contested == 0


def test_much_that_was_stated_from_it_falls_piece_by_piece(
    small_queue: QueueRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lanbi.tracing.matches.service.WITHDRAWN_STATEMENTS_MAX", 5)
    rows = [(f"KR{at}70123", "Glock", "19", "9mm", "pistol", "") for at in range(4)]
    register = small_queue.register(*rows)
    firearms = seized(small_queue, *({**GLOCK, "serial": row[0]} for row in rows))
    for match in small_queue.queue():
        small_queue.decide(match)
    small_queue.withdraw(register)
    stand = "SELECT COUNT(*) FROM tracing_statement WHERE source_id = :s AND withdrawn_at IS NULL"

    def standing() -> int:
        return small_queue.room.look(lambda reader: reader.rows(stand, s=register.source_id)[0][0])

    assert standing() == 15
    small_queue.clear_all()
    assert standing() == 0
    assert all(small_queue.entity(firearm).value("type") is None for firearm in firearms)


def test_another_register_of_the_same_gun_stands(queue: QueueRoom) -> None:
    gone = queue.register(STOLEN, name="SYNTHETIC gone")
    kept = queue.register(STOLEN, ("ZZ99123", "Colt", "", "", "", ""), name="SYNTHETIC kept", kind="sold")
    seized(queue, GLOCK)
    assert {match.register_id for match in queue.queue()} == {gone.id, kept.id}
    assert all(match.score > 0.9 and match.near == 0 for match in queue.queue())
    queue.withdraw(gone)
    queue.clerk.step()
    assert queue.one().register_id == kept.id


# -- the queue -------------------------------------------------------------------------------------


def test_the_queue_is_best_first_and_comes_in_pages(queue: QueueRoom) -> None:
    queue.register(*((f"KR{at}7012{at}", "Glock", "19", "9mm", "", "") for at in range(5)), *OTHERS)
    seized(queue, *({**GLOCK, "serial": f"KR{at}70{'I' if at % 2 else '1'}2{at}"} for at in range(5)))
    whole = queue.queue()
    assert len(whole) == 5
    assert [match.rank for match in whole] == sorted((match.rank for match in whole), reverse=True)
    paged: list[Match] = []
    before: tuple[int, int] | None = None
    while True:
        page = queue.room.look(
            lambda reader, before=before: queue.matches.page(
                reader, ANALYST, verdict="none", before=before, limit=2
            )
        )
        if not page:
            break
        paged += page
        before = (page[-1].rank, page[-1].number)
    assert paged == whole
    assert queue.room.look(queue.matches.waiting) == 5


def test_the_queue_by_verdict_kind_and_firearm(queue: QueueRoom) -> None:
    queue.register(STOLEN)
    (first,) = seized(queue, GLOCK)
    (second,) = seized(queue, GLOCK, **{**SEIZURE, "case": "24-119"})
    assert {match.kind for match in queue.queue()} == {"register", "duplicate"}
    assert [match.kind for match in queue.queue(kind="duplicate")] == ["duplicate"]
    assert {match.kind for match in queue.queue(firearm_id=first.id)} == {"register", "duplicate"}
    assert len(queue.queue(firearm_id=second.id, kind="register")) == 1
    queue.decide(queue.queue(kind="duplicate")[0], "unsure")
    assert {match.verdict for match in queue.queue(None)} == {"none", "unsure"}
    assert [match.kind for match in queue.queue("unsure", firearm_id=first.id)] == ["duplicate"]
    assert queue.queue("same") == []
