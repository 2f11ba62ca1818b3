"""What is planned in a major incident, on both stores: what is kept, what is told, what is refused."""

from crisis.hall import CHIEF, Hall, code_of
from lanbi.core.time import HOUR, MINUTE


def test_objectives_are_met_dropped_and_opened_again(hall: Hall) -> None:
    major = hall.major()
    goal = hall.do(lambda tx: hall.plan.set_objective(tx, major.id, "Etenn dife a", priority=2))
    settle = lambda status: hall.do(  # noqa: E731
        lambda tx: hall.plan.settle_objective(tx, major.id, goal.id, status)
    )
    assert settle("met").settled_at == hall.clock.now()
    assert code_of(lambda: settle("met")) == "objective-settled"
    change = lambda tx: hall.plan.change_objective(tx, major.id, goal.id, priority=1)  # noqa: E731
    assert code_of(lambda: hall.do(change)) == "objective-settled"
    assert settle("open").settled_at is None
    assert hall.do(change).priority == 1
    bad = lambda tx: hall.plan.set_objective(tx, major.id, "a", priority=0)  # noqa: E731
    assert code_of(lambda: hall.do(bad)) == "objective-priority"


def test_requests_are_numbered_and_keep_their_times(hall: Hall) -> None:
    major = hall.major()
    ask = lambda: hall.do(lambda tx: hall.plan.request(tx, major.id, "foam", 2))  # noqa: E731
    first, second = ask(), ask()
    assert (first.number, second.number) == (1, 2)
    move = lambda one, to, why=None: hall.do(  # noqa: E731
        lambda tx: hall.plan.move_request(tx, major.id, one.id, to, reason=why)
    )
    hall.clock.advance(60)
    assert move(first, "en_route").clocks == {"requested": first.made_at, "en_route": hall.clock.now()}
    assert code_of(lambda: move(first, "approved")) == "request-not-forward"
    assert code_of(lambda: move(second, "declined")) == "request-reason-missing"
    assert move(second, "declined", "pa gen mous").said["reason"] == "pa gen mous"
    stand_down = lambda: hall.do(lambda tx: hall.crisis.stand_down(tx, major.id), by=CHIEF)  # noqa: E731
    assert code_of(stand_down) == "major-requests-open"
    move(first, "arrived")
    assert code_of(lambda: move(first, "cancelled")) == "request-ended"
    assert stand_down().state == "stood_down"
    assert code_of(ask) == "major-stood-down"


def test_a_unit_works_in_one_division_and_only_where_it_is_sent(hall: Hall) -> None:
    major = hall.major()
    unit = hall.sent(major)
    stray = hall.do(
        lambda tx: hall.dispatch.commission(tx, callsign="E9", kind="fire_engine", capabilities=(), crew=4)
    )
    form = lambda name: hall.do(lambda tx: hall.plan.form_division(tx, major.id, name))  # noqa: E731
    one, two = form("A"), form("B")
    join = lambda where, who: hall.do(  # noqa: E731
        lambda tx: hall.plan.join_division(tx, major.id, where.id, who.id)
    )
    assert code_of(lambda: join(one, stray)) == "division-unit-elsewhere"
    assert join(one, unit).unit_ids == (unit.id,)
    assert join(two, unit).unit_ids == (unit.id,)
    assert [part.unit_ids for part in hall.whole(major.id).divisions] == [(), (unit.id,)]
    leave = lambda where: hall.do(  # noqa: E731
        lambda tx: hall.plan.leave_division(tx, major.id, where.id, unit.id)
    )
    assert code_of(lambda: leave(one)) == "division-unit-none"
    assert leave(two).unit_ids == ()
    join(one, unit)
    closed = hall.do(lambda tx: hall.plan.close_division(tx, major.id, one.id))
    assert closed.unit_ids == ()
    assert code_of(lambda: join(one, unit)) == "division-closed"


def test_a_new_period_ends_the_one_that_runs(hall: Hall) -> None:
    major, now = hall.major(), hall.clock.now()
    first = hall.do(lambda tx: hall.plan.set_period(tx, major.id))
    assert (first.begins_at, first.ends_at) == (now, now + 12 * HOUR)
    following = hall.do(lambda tx: hall.plan.set_period(tx, major.id))
    assert following.begins_at == first.ends_at
    third = {"begins_at": following.begins_at + HOUR, "ends_at": following.begins_at + 5 * HOUR}
    hall.do(lambda tx: hall.plan.set_period(tx, major.id, **third))
    periods = hall.whole(major.id).periods
    assert [(one.number, one.ends_at) for one in periods[:2]] == [
        (1, first.ends_at),
        (2, third["begins_at"]),
    ]
    early = lambda tx: hall.plan.set_period(tx, major.id, begins_at=now + MINUTE)  # noqa: E731
    assert code_of(lambda: hall.do(early)) == "period-overlaps"


def test_the_way_out_is_checked_once_and_can_be_withdrawn(hall: Hall) -> None:
    major = hall.major()
    unit = hall.sent(major)
    check = lambda: hall.do(lambda tx: hall.plan.check_demob(tx, major.id, unit.id, "radio"))  # noqa: E731
    first = check()
    assert check().id == first.id
    withdraw = lambda: hall.do(lambda tx: hall.plan.withdraw_demob(tx, major.id, first.id))  # noqa: E731
    assert withdraw().gone
    assert hall.whole(major.id).demob == ()
    assert code_of(withdraw) == "demob-withdrawn"
    assert check().id != first.id
