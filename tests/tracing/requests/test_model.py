"""What may happen to a trace request, in every state; and that letters may overtake each other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import Conflict, LanbiError, Malformed
from lanbi.core.time import DAY
from lanbi.tracing.model import TraceState
from lanbi.tracing.requests.model import (
    Prepared,
    TraceRequest,
    Verb,
    check_asks,
    dues_of,
    trace_of,
)
from lanbi.tracing.requests.terms import ROUTINE, Term, check_days, load, shipped
from stores import NIGHT, VOCABULARY

TERM = Term(ack=7, answer=30, lapse=180, source="test", checked=True)
STATES = [state for state in get_args(TraceState) if state != "none"]
VERBS: tuple[Verb, ...] = get_args(Verb)


def request(**changed: Any) -> TraceRequest:
    fields: dict[str, Any] = {
        "id": "r", "number": 12, "side": "out", "partner": "DO", "firearm_id": "f", "their_id": "r",
        "their_ref": "Q-12", "channel": "lanbi", "priority": "routine", "purpose": "prosecution",
        "legal_basis": "judicial_order", "case": "24-118", "state": "draft", "drafted_by": "anna",
        "clocks": {"drafted": NIGHT}, **changed,
    }  # fmt: skip
    return TraceRequest(**fields)


def sent(**changed: Any) -> TraceRequest:
    approved = request(**changed).approve("chief", "d1", NIGHT)
    return approved.send("d1", NIGHT, TERM)


def refused(work: Callable[[], Any]) -> tuple[str, dict[str, object]]:
    with pytest.raises(LanbiError) as error:
        work()
    return error.value.code, error.value.args_by_name


def act(one: TraceRequest, verb: Verb) -> TraceRequest:
    match verb:
        case "edit":
            return one.edit("anna", priority="urgent")
        case "approve":
            return one.approve("chief", "d1", NIGHT)
        case "send":
            return one.send("d1", NIGHT, TERM)
        case "acknowledge" | "progress" | "need_more" | "refuse" | "answer":
            return one.say(verb, NIGHT)
        case _:
            one.must_allow(verb)
            return one


@pytest.mark.parametrize("side", ["out", "in"])
@pytest.mark.parametrize("state", STATES)
def test_each_step_is_possible_or_names_the_one_that_is(state: TraceState, side: str) -> None:
    if side == "in" and state == "draft":
        return
    for approved in (None, "chief"):
        one = request(
            state=state, side=side, approved_by=approved, approved_digest="d1" if approved else None,
            clocks={"drafted": NIGHT, "sent": NIGHT},
        )  # fmt: skip
        for verb in VERBS:
            if verb in one.steps:
                act(one, verb)
            else:
                code, args = refused(lambda one=one, verb=verb: act(one, verb))
                assert code == "trace-step"
                assert args["state"] == state
                assert args["next"] == (one.steps[0] if one.steps else "none")


def test_from_a_draft_to_an_answer_with_the_clocks() -> None:
    one = request()
    assert one.steps == ("approve", "edit")
    one = one.approve("chief", "d1", NIGHT + 1)
    assert one.steps == ("send", "edit")
    one = one.send("d1", NIGHT + 2, TERM)
    assert (one.state, one.steps) == ("sent", ("wait",))
    assert (one.ack_due_at, one.answer_due_at, one.lapse_at) == (
        NIGHT + 2 + 7 * DAY, NIGHT + 2 + 30 * DAY, NIGHT + 2 + 180 * DAY,
    )  # fmt: skip
    one = one.hear("acknowledged", 1, NIGHT + 3)
    assert (one.ack_due_at, one.answer_due_at is None) == (None, False)
    one = one.hear("in_progress", 2, NIGHT + 4)
    one = one.hear("answered", 3, NIGHT + 5, outcome="purchaser")
    assert (one.state, one.outcome, one.open) == ("answered", "purchaser", False)
    assert (one.answer_due_at, one.lapse_at) == (None, None)
    assert one.clocks == {
        "drafted": NIGHT, "approved": NIGHT + 1, "sent": NIGHT + 2, "acknowledged": NIGHT + 3,
        "in_progress": NIGHT + 4, "answered": NIGHT + 5,
    }  # fmt: skip


def test_nobody_approves_what_they_wrote_or_changed() -> None:
    one = request()
    assert refused(lambda: one.approve("anna", "d1", NIGHT))[0] == "trace-second-person"
    changed = one.edit("chief", purpose="prosecution")
    assert refused(lambda: changed.approve("chief", "d1", NIGHT))[0] == "trace-second-person"
    assert changed.approve("third", "d1", NIGHT).approved_by == "third"


def test_what_changed_after_it_was_approved_does_not_leave() -> None:
    approved = request().approve("chief", "d1", NIGHT)
    assert refused(lambda: approved.send("d2", NIGHT, TERM))[0] == "trace-not-as-approved"
    edited = approved.edit("anna", case="24-119")
    assert edited.approved_by is None
    assert refused(lambda: edited.send("d1", NIGHT, TERM)) == (
        "trace-step",
        {"ref": "Q-12", "state": "draft", "next": "approve"},
    )


HEARD: dict[str, list[tuple[TraceState, int]]] = {
    "answered": [("acknowledged", 1), ("in_progress", 2), ("answered", 3)],
    "refused": [("acknowledged", 1), ("refused", 2)],
    "more": [("acknowledged", 1), ("more_needed", 2), ("in_progress", 3), ("answered", 4)],
    "more_last": [("acknowledged", 1), ("in_progress", 2), ("more_needed", 3)],
}


@pytest.mark.parametrize("words", HEARD.values(), ids=HEARD)
def test_letters_that_overtake_each_other_end_the_same(words: list[tuple[TraceState, int]]) -> None:
    ends = set()
    for order in permutations(words):
        one = sent()
        for state, step in order:
            one = one.hear(state, step, NIGHT + step)
        ends.add(one.state)
        assert {state: one.clocks[state] for state, _ in words} == {
            state: NIGHT + step for state, step in words
        }
    assert ends == {words[-1][0]}


@given(st.lists(st.sampled_from([("acknowledged", 1), ("in_progress", 2), ("answered", 3)]), max_size=12))
def test_letters_that_come_again_change_nothing(words: list[tuple[TraceState, int]]) -> None:
    once, again = sent(), sent()
    for state, step in dict.fromkeys(words):
        once = once.hear(state, step, NIGHT + step)
    for state, step in words:
        again = again.hear(state, step, NIGHT + step)
    assert (once.state, once.step) == (again.state, again.step)


def test_an_answer_counts_also_after_we_stopped_waiting() -> None:
    lapsed = sent().lapse(NIGHT + 200 * DAY)
    assert (lapsed.state, lapsed.steps) == ("lapsed", ("ask_again",))
    assert lapsed.hear("acknowledged", 1, NIGHT).state == "lapsed"
    assert lapsed.hear("answered", 2, NIGHT, outcome="foreign").state == "answered"


def test_nobody_answers_what_was_not_asked() -> None:
    assert refused(lambda: request().hear("answered", 1, NIGHT))[0] == "trace-not-asked"
    assert (
        refused(lambda: request(side="in", state="sent").hear("answered", 1, NIGHT))[0] == "trace-not-asked"
    )


def test_when_more_is_needed_the_asker_has_the_next_word_and_sends_again() -> None:
    one = sent().hear("more_needed", 1, NIGHT, asks=("firearm.serial",))
    assert (one.asks, one.ack_due_at, one.answer_due_at) == (("firearm.serial",), None, None)
    assert one.lapse_at is not None
    assert one.steps == ("approve", "edit")
    again = one.approve("chief", "d2", NIGHT).send("d2", NIGHT + DAY, TERM)
    assert (again.state, again.round, again.asks) == ("sent", 2, ())
    assert again.clocks["sent_again"] == NIGHT + DAY
    asked = request(side="in", state="more_needed", asks=("firearm.serial",))
    back = asked.arrive_again(2, NIGHT, ack_due_at=NIGHT)
    assert (back.state, back.round, back.steps) == ("sent", 2, ("acknowledge", "refuse"))


def test_an_answer_with_names_waits_for_a_second_person() -> None:
    one = request(side="in", state="in_progress")
    prepared = Prepared(
        outcome="purchaser", reason=None, leave_out=(), words_sealed=None, by="rosa", at=NIGHT, digest="d1"
    )
    waiting = one.prepare(prepared)
    assert waiting.steps[0] == "approve"
    assert [due.kind for due in dues_of(waiting, NIGHT)] == ["approval_due"]
    assert refused(lambda: waiting.release("rosa", "d1"))[0] == "trace-second-person"
    assert refused(lambda: waiting.release("rafael", "d2"))[0] == "trace-not-as-approved"
    assert waiting.release("rafael", "d1") == prepared
    assert waiting.say("answer", NIGHT).prepared is None
    assert refused(lambda: one.release("rafael", "d1"))[0] == "trace-step"


def test_by_hand_the_other_sides_word_is_written_down() -> None:
    one = sent(channel="paper")
    assert one.steps == ("acknowledge", "refuse")
    one = one.say("acknowledge", NIGHT).say("progress", NIGHT).say("answer", NIGHT, outcome="purchaser")
    assert (one.state, one.steps) == ("answered", ("ask_again",))
    more = sent(channel="paper").say("acknowledge", NIGHT).say("need_more", NIGHT)
    assert more.steps == ("approve", "edit")
    assert refused(lambda: sent(channel="paper").hear("answered", 1, NIGHT))[0] == "trace-not-asked"


def test_what_is_overdue_and_who_owes_it() -> None:
    one = sent()
    assert dues_of(one, NIGHT + 6 * DAY) == []
    (ack,) = dues_of(one, NIGHT + 7 * DAY)
    assert (ack.kind, ack.owed_by, ack.ref) == ("ack_due", "them", "Q-12")
    assert [due.kind for due in dues_of(one, NIGHT + 30 * DAY)] == ["ack_due", "answer_due"]
    heard = one.hear("acknowledged", 1, NIGHT)
    assert [due.kind for due in dues_of(heard, NIGHT + 30 * DAY)] == ["answer_due"]
    asked = request(side="in", state="sent", ack_due_at=NIGHT, answer_due_at=NIGHT + DAY)
    assert [due.owed_by for due in dues_of(asked, NIGHT)] == ["us"]
    assert dues_of(one.hear("refused", 1, NIGHT), NIGHT + 99 * DAY) == []


def test_the_board_shows_the_best_answer_else_the_newest_request() -> None:
    def one(number: int, state: TraceState, outcome: str | None = None, **more: Any) -> TraceRequest:
        clocks = {"drafted": NIGHT} if more.pop("unsent", False) else {"drafted": NIGHT, "sent": NIGHT}
        return request(number=number, state=state, outcome=outcome, clocks=clocks, **more)

    assert trace_of([]) == ("none", None)
    assert trace_of([one(1, "refused"), one(2, "draft", unsent=True)]) == ("draft", None)
    assert trace_of([one(1, "lapsed", unsent=True)]) == ("none", None)
    assert trace_of([one(1, "lapsed")]) == ("lapsed", None)
    answered = [one(1, "answered", "undetermined"), one(2, "answered", "purchaser"), one(3, "draft")]
    assert trace_of(answered) == ("answered", "purchaser")
    assert trace_of([one(1, "answered", "foreign", side="in")]) == ("none", None)


def test_who_saw_an_older_version_is_told() -> None:
    one = request(seq=9)
    one.must_hold(9)
    one.must_hold(None)
    with pytest.raises(Conflict):
        one.must_hold(8)


def test_what_is_asked_for_is_of_the_schema() -> None:
    assert check_asks(["firearm.serial", "firearm.serial", "recovery.date"]) == (
        "firearm.serial",
        "recovery.date",
    )
    for wrong in (["firearm.colour"], ["serial"], ["x.y"], [f"firearm.{n}" for n in range(31)]):
        with pytest.raises(Malformed):
            check_asks(wrong)


def test_the_days_follow_each_other_and_say_where_they_come_from() -> None:
    for priority, days in load().days.items():
        assert priority in VOCABULARY.tables["trace_priorities"]
        assert 1 <= days.ack <= days.answer <= days.lapse
        assert days.source
    assert shipped("a_sites_own") == shipped(ROUTINE)
    assert check_days(1, 2, 3).lapse == 3
    for wrong in ((0, 1, 2), (3, 2, 4), (1, 5, 4), (1, 2, 9_999)):
        assert refused(lambda wrong=wrong: check_days(*wrong))[0] == "trace-terms"
