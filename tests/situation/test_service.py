"""Unserved demand, norms over real incidents, workload and the house, on both stores."""

import pytest

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError, Malformed, NotFound, Refused
from lanbi.core.time import DAY, HOUR, MINUTE, SECOND
from lanbi.incidents.model import Incident
from lanbi.situation.model import Unserved
from lanbi.situation.service import Ledger, NormFigure
from situation.room import CHIEF, MACHINE, Room
from stores import ACTORS, MARIE, PIERRE

CREW = ACTORS["field_unit"]


def mark(
    room: Room, incident: Incident, reason: str = "no_unit", *, by: Actor = PIERRE, text: str = ""
) -> Unserved:
    return room.do(lambda tx: room.situation.mark_unserved(tx, incident.id, reason, text=text), by=by)


def ledger(room: Room, **since: int) -> Ledger:
    now = room.clock.now()
    return room.look(lambda reader: room.situation.ledger(reader, CHIEF, now=now, **since))


def norms(room: Room, **asked: object) -> dict[str, NormFigure]:
    now = room.clock.now()
    _, _, found = room.look(
        lambda reader: room.situation.norms(reader, CHIEF, now=now, **asked)  # type: ignore[arg-type]
    )
    return {figure.norm.code: figure for figure in found}


def code_of(room: Room, work, by: Actor = PIERRE) -> str:
    with pytest.raises(LanbiError) as refused:
        room.do(work, by=by)
    return refused.value.code


# -- nobody can come ----------------------------------------------------------------------


def test_nobody_can_come_is_counted_of_all_that_was_asked(room: Room) -> None:
    first, second, _ = room.open(), room.open(), room.open()
    mark(room, first)
    mark(room, second, "road_blocked")
    found = ledger(room)
    assert found.demands == 3
    assert sorted(found.counts) == [("no_unit", "open", 1), ("road_blocked", "open", 1)]


def test_words_stand_sealed_and_never_in_the_journal(room: Room) -> None:
    incident = room.open()
    said = mark(room, incident, text="pon an kraze")
    assert said.words == "pon an kraze"
    assert "kraze" not in str(room.entries())
    room.clock.advance(3 * 365 * 86_400)
    assert room.erase_all_due() >= 1
    (kept,) = room.look(lambda reader: room.situation.unserved(reader, CHIEF, 0, before=2**62, limit=9))
    assert kept.words is None


def test_it_stands_in_the_log_of_its_incident(room: Room) -> None:
    incident = room.open()
    said = mark(room, incident)
    assert room.kinds(f"unserved/{said.id}") == ["unserved.marked"]
    log = room.look(lambda reader: room.incidents.log(reader, PIERRE, incident.id, before=2**62, limit=9))
    assert "unserved.marked" in [row.kind for row in log]


def test_it_is_said_once_at_a_time(room: Room) -> None:
    incident = room.open()
    said = mark(room, incident)
    assert (
        code_of(room, lambda tx: room.situation.mark_unserved(tx, incident.id, "danger")) == "unserved-said"
    )
    room.do(lambda tx: room.situation.withdraw_unserved(tx, said.id, text="m te twonpe m"))
    mark(room, incident, "danger")
    assert sorted(ledger(room).counts) == [("danger", "open", 1), ("no_unit", "withdrawn", 1)]
    assert code_of(room, lambda tx: room.situation.withdraw_unserved(tx, said.id)) == "unserved-over"


def test_a_unit_on_the_scene_serves_it_after_all(room: Room) -> None:
    incident, unit = room.open(), room.commission("M21")
    said = mark(room, incident)
    task = room.assign(incident, unit)
    assert ledger(room).counts == [("no_unit", "open", 1)]  # sent is not served
    room.clock.advance(300)
    room.step(task, "on_scene")
    assert ledger(room).counts == [("no_unit", "served", 1)]
    assert room.kinds(f"unserved/{said.id}") == ["unserved.marked", "unserved.served"]


def test_an_arrival_taken_back_leaves_it_unserved(room: Room) -> None:
    incident, unit = room.open(), room.commission("M21")
    said = mark(room, incident)
    room.do(lambda tx: room.situation.scene_taken_back(tx, incident.id))  # nothing had served it
    task = room.assign(incident, unit)
    room.step(task, "on_scene")
    room.do(lambda tx: room.situation.scene_taken_back(tx, incident.id))  # a unit is there all the same
    assert ledger(room).counts == [("no_unit", "served", 1)]
    room.step(task, "cleared")
    room.do(lambda tx: room.situation.scene_taken_back(tx, incident.id))
    assert ledger(room).counts == [("no_unit", "open", 1)]
    assert room.kinds(f"unserved/{said.id}")[-1] == "unserved.stands"


def test_closing_the_incident_hides_nothing(room: Room) -> None:
    incident = room.open()
    mark(room, incident)
    room.do(lambda tx: room.incidents.close(tx, incident.id, "nothing_found"), by=PIERRE)
    assert ledger(room).counts == [("no_unit", "closed", 1)]
    assert (
        code_of(room, lambda tx: room.situation.mark_unserved(tx, incident.id, "danger")) == "unserved-closed"
    )


def test_the_ledger_counts_from_the_beginning_of_the_shift(room: Room) -> None:
    mark(room, room.open())
    room.clock.advance(3_600)
    shift = room.clock.now()
    mark(room, room.open(), "danger")
    found = ledger(room, since=shift)
    assert (found.demands, found.counts) == (1, [("danger", "open", 1)])
    with pytest.raises(Malformed) as refused:
        ledger(room, since=room.clock.now() + HOUR)
    assert refused.value.code == "window-impossible"


def test_what_cannot_be_marked_is_refused(room: Room) -> None:
    incident = room.open()
    other = room.open()
    assert code_of(room, lambda tx: room.situation.mark_unserved(tx, incident.id, "lazy")) == "unknown-term"
    with pytest.raises(NotFound):
        room.do(lambda tx: room.situation.mark_unserved(tx, "0" * 36, "danger"))
    with pytest.raises(NotFound):
        room.do(lambda tx: room.situation.withdraw_unserved(tx, other.id))


@pytest.mark.parametrize(("by", "may"), [(PIERRE, True), (CHIEF, True), (MARIE, False), (CREW, False)])
def test_whoever_may_send_units_may_say_that_nobody_can_come(guarded: Room, by: Actor, may: bool) -> None:
    incident = guarded.open()
    if may:
        assert mark(guarded, incident, by=by).open
    else:
        assert (
            code_of(guarded, lambda tx: guarded.situation.mark_unserved(tx, incident.id, "danger"), by)
            == "not-allowed"
        )


# -- norms --------------------------------------------------------------------------------


def test_norms_are_measured_over_what_came_in_within_the_window(room: Room) -> None:
    for answered_s in (5, 10, 15, 40):
        call = room.do(lambda tx: room.calls.offer(tx, channel="voice", number="34560142"))
        room.clock.advance(answered_s)
        room.do(lambda tx, call=call: room.calls.answer(tx, call.id))
    missed = room.do(lambda tx: room.calls.offer(tx, channel="voice", number="34560142"))
    room.clock.advance(4)
    room.do(lambda tx: room.calls.abandon(tx, missed.id))
    room.do(lambda tx: room.calls.offer(tx, channel="voice"))  # rings on
    room.clock.advance(30)
    found = norms(room)["answer_90"].figure
    assert (found.kept, found.of, found.measured, found.running_late) == (3, 5, 4, 1)
    assert found.left_out["gave_up"] == 1
    assert (found.p90_s, found.p90_at_least) == (40, True)
    assert norms(room)["answer_95"].figure.kept == 3

    room.clock.advance(2 * 86_400)
    assert norms(room)["answer_90"].figure.total == 0
    before = room.clock.now() - 3 * DAY
    assert norms(room, since=before)["answer_90"].figure.total == 6
    assert norms(room, since=before, until=before + HOUR)["answer_90"].figure.total == 0


def test_a_norm_is_about_its_priorities_and_a_group_about_its_types(room: Room) -> None:
    unit = room.commission("M21")
    urgent = room.open("cardiac_arrest", priority="P0")
    room.open("cardiac_arrest", priority="P3")
    room.open(None)
    task = room.assign(urgent, unit)
    room.step(task, "notified")
    room.clock.advance(20)
    room.step(task, "acknowledged")
    room.clock.advance(30)
    room.step(task, "en_route")
    found = norms(room)
    assert (found["acknowledge"].figure.kept, found["acknowledge"].figure.of) == (1, 1)
    assert found["acknowledge"].figure.total == 3
    assert found["turnout_ems"].figure.total == 1
    assert (found["turnout_ems"].figure.p90_s, found["turnout_ems"].figure.of) == (50, 1)
    assert found["travel_first"].figure.running == 1
    room.clock.advance(241)
    assert norms(room)["travel_first"].figure.running_late == 1
    assert norms(room, group="medical")["acknowledge"].figure.total == 2
    assert norms(room, group="fire")["acknowledge"].figure.total == 0


def test_a_time_entered_from_memory_measures_nothing(room: Room) -> None:
    incident = room.open(priority="P1")
    now = room.clock.now()
    for clock, at in (("notified", now - 5 * MINUTE), ("acknowledged", now)):
        room.do(lambda tx, clock=clock, at=at: room.incidents.set_clock(tx, incident.id, clock, at, "late"))
    found = norms(room)["acknowledge"].figure
    assert (found.of, found.left_out["late_entry"]) == (0, 1)


def test_a_window_is_bounded(room: Room) -> None:
    now = room.clock.now()
    for asked, code in (
        ({"since": now - 32 * DAY}, "window-too-long"),
        ({"since": now, "until": now - DAY}, "window-impossible"),
        ({"group": "weather"}, "unknown-term"),
    ):
        with pytest.raises(Malformed) as refused:
            norms(room, **asked)
        assert refused.value.code == code
    assert norms(room, since=now - 31 * DAY)


def test_the_window_is_served_by_an_index(tmp_path, request) -> None:
    from lanbi.situation import reading
    from situation.room import room_over
    from stores import FILE_NAME, SqliteEngine

    with room_over(SqliteEngine(tmp_path / FILE_NAME)) as room:
        for sql in (reading.INCIDENTS_IN, reading.CALLS_IN, reading.CALLED_FROM, reading.MADE_BY):
            given = {
                name: value for name, value in (("start", 0), ("end", 1), ("limit", 1)) if f":{name}" in sql
            }
            plan = room.look(
                lambda reader, sql=sql, given=given: reader.rows("EXPLAIN QUERY PLAN " + sql, **given)
            )
            said = " | ".join(str(row[-1]) for row in plan)
            assert "SCAN" not in said, said


# -- workload -----------------------------------------------------------------------------


def seat(room: Room, login: str, role: str, name: str) -> Actor:
    from lanbi.accounts.service import Accounts

    accounts = Accounts(room.gate)
    room.do(
        lambda tx: accounts.create(tx, login=login, name=name, role=role, password_hash="-", lang="ht"),
        by=MACHINE,
    )
    return Actor(id=login, name=name, role=role)


def test_a_seat_sees_its_own_load_and_who_commands_sees_all_by_name(guarded: Room) -> None:
    room = guarded
    zoe, anne = seat(room, "zoe", "call_taker", "Zoe"), seat(room, "anne", "dispatcher", "Anne")
    call = room.do(lambda tx: room.calls.offer(tx, channel="voice", number="34560142"))
    room.do(lambda tx: room.calls.answer(tx, call.id), by=zoe)
    room.do(lambda tx: room.calls.promise(tx, kind="news", call_id=call.id, text="n ap rele w"), by=zoe)
    room.do(lambda tx: room.incidents.open(tx, call_id=call.id, type="cardiac_arrest"), by=zoe)
    now = room.clock.now()

    def load(actor: Actor):
        return room.look(lambda reader: room.situation.workload(reader, actor, now=now))

    everybody = load(CHIEF)
    assert [row.name for row in everybody.seats] == ["Anne", "Zoe"]
    (own,) = load(zoe).seats
    assert own == everybody.seats[1]
    assert (own.calls, own.talking, own.incidents, own.promises, own.overdue) == (1, 1, 1, 1, 0)
    assert [hour.calls for hour in own.hours] == [1]
    assert load(anne).seats == [everybody.seats[0]]
    assert not load(anne).everybody
    with pytest.raises(LanbiError) as refused:
        load(ACTORS["auditor"])
    assert refused.value.code == "not-allowed"


def test_units_tell_the_share_of_their_time_on_tasks(room: Room) -> None:
    unit = room.commission("M21")
    room.commission("E1", "fire_engine")
    task = room.assign(room.open(), unit)
    room.clock.advance(1_800)
    room.step(task, "cleared")
    room.clock.advance(1_800)
    now = room.clock.now()
    found = room.look(lambda reader: room.situation.workload(reader, CHIEF, now=now))
    assert [(row.callsign, row.busy_s, row.of_s, row.tasks) for row in found.units] == [
        ("E1", 0, 3_600, 0),
        ("M21", 1_800, 3_600, 1),
    ]
    half = room.look(
        lambda reader: room.situation.workload(reader, CHIEF, now=now, since=now - 2_700 * SECOND)
    )
    assert [(row.busy_s, row.of_s) for row in half.units] == [(0, 2_700), (900, 2_700)]


# -- the house ----------------------------------------------------------------------------


def test_the_house_is_told_by_hand_and_by_machine_and_the_newest_stands(guarded: Room) -> None:
    room, situation = guarded, guarded.situation
    told = room.do(
        lambda tx: situation.tell_power(tx, "generator", generator_s=24_000, battery_s=11_400), by=MARIE
    )
    assert (told.state, told.generator_s, told.by_name) == ("generator", 24_000, MARIE.name)
    room.do(
        lambda tx: situation.tell_link(tx, "VSAT", kind="satellite", state="good", latency_ms=640), by=MACHINE
    )
    room.clock.advance(60)
    room.do(lambda tx: situation.tell_link(tx, "vsat", kind="satellite", state="weak"), by=MARIE)
    power, link = room.look(lambda reader: situation.house(reader, CHIEF))
    assert power.what == "power"
    assert (link.name, link.state, link.latency_ms) == ("VSAT", "weak", None)
    late = room.clock.now() - HOUR
    assert (
        code_of(
            room, lambda tx: situation.tell_link(tx, "VSAT", kind="satellite", state="cut", at=late), MARIE
        )
        == "told-overtaken"
    )
    assert code_of(room, lambda tx: situation.tell_power(tx, "grid"), CREW) == "not-allowed"


def test_a_machine_with_a_fast_clock_does_not_overtake_people(guarded: Room) -> None:
    room, situation = guarded, guarded.situation
    ahead = room.clock.now() + 90 * SECOND
    told = room.do(lambda tx: situation.tell_power(tx, "grid", at=ahead), by=MACHINE)
    assert told.at == room.clock.now()
    room.clock.advance(1)
    assert room.do(lambda tx: situation.tell_power(tx, "generator"), by=MARIE).state == "generator"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"source": "wind"}, "unknown-term"),
        ({"source": "grid", "battery_s": -1}, "reserve-impossible"),
        ({"source": "grid", "generator_s": 91 * 86_400}, "reserve-impossible"),
        ({"source": "grid", "at": 0}, "told-old"),
        ({"source": "grid", "at": 2**60}, "told-ahead"),
    ],
)
def test_impossible_power_is_refused(room: Room, given: dict, code: str) -> None:
    assert code_of(room, lambda tx: room.situation.tell_power(tx, **given)) == code


def test_impossible_links_are_refused(room: Room) -> None:
    tell = room.situation.tell_link
    assert code_of(room, lambda tx: tell(tx, "x" * 25, kind="radio", state="good")) == "text-too-long"
    assert code_of(room, lambda tx: tell(tx, "VSAT", kind="pigeon", state="good")) == "unknown-term"
    assert code_of(room, lambda tx: tell(tx, "VSAT", kind="radio", state="fine")) == "unknown-term"
    assert (
        code_of(room, lambda tx: tell(tx, "VSAT", kind="radio", state="good", latency_ms=-1))
        == "latency-impossible"
    )
    for number in range(24):
        room.do(lambda tx, number=number: tell(tx, f"Radyo {number}", kind="radio", state="good"))
    assert code_of(room, lambda tx: tell(tx, "VSAT", kind="satellite", state="good")) == "links-of-house-full"
    with pytest.raises(Refused):
        room.do(lambda tx: tell(tx, "VSAT", kind="satellite", state="good"))
    room.do(lambda tx: tell(tx, "Radyo 3", kind="radio", state="cut"))
