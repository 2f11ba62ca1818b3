"""An alarm decides: taken and cleared in any order, put aside, back again; and what the clerk must change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lanbi.alarms.model import Alarm, Change, changes
from lanbi.core.access import Person
from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.core.time import MINUTE, SECOND
from lanbi.core.vocabulary import AlarmKind
from lanbi.core.watch import Condition
from stores import NIGHT

MARIE, PIERRE = Person("marie", "Marie"), Person("pierre", "Pierre")
LABELS = dict.fromkeys(("ht", "fr", "es", "en"), "x")
KINDS = {
    "promise_overdue": AlarmKind(
        code="promise_overdue", labels=LABELS, group="calls", severity="medium", after_s=0,
        escalate_after_s=600, shelve_minutes_max=30,
    ),
    "emergency_button": AlarmKind(
        code="emergency_button", labels=LABELS, group="people", severity="emergency", after_s=0,
        escalate_after_s=30,
    ),
}  # fmt: skip
OVERDUE = Condition(kind="promise_overdue", subject="promise/1", since=NIGHT)


def alarm(**given) -> Alarm:
    told = {
        "id": "a1", "kind": "promise_overdue", "severity": "medium", "subject": "promise/1",
        "since": NIGHT, "raised_at": NIGHT,
    }  # fmt: skip
    return Alarm(**(told | given))


def todo(
    alarms: list[Alarm], *seen: Condition, now: int = NIGHT, blind: tuple[str, ...] = ()
) -> list[Change]:
    by_kind = {kind: [c for c in seen if c.kind == kind] for kind in KINDS}
    return changes(alarms, by_kind, blind=blind, kinds=KINDS, now=now)


def test_it_stands_until_it_is_both_taken_and_cleared() -> None:
    raised = alarm()
    assert raised.live
    taken, cleared = raised.take(by=MARIE, at=NIGHT), raised.clear(at=NIGHT)
    assert taken.live, "somebody sees to it, and it is still so"
    assert cleared.live, "it is over, and nobody has seen that it was"
    assert cleared.unseen
    assert not taken.clear(at=NIGHT).live
    assert not cleared.take(by=MARIE, at=NIGHT).live


def test_one_person_has_it_and_a_second_tap_changes_nothing() -> None:
    taken = alarm().take(by=MARIE, at=NIGHT)
    assert taken.take(by=MARIE, at=NIGHT + SECOND) is taken
    with pytest.raises(Refused) as refused:
        taken.take(by=PIERRE, at=NIGHT)
    assert (refused.value.code, refused.value.args_by_name) == ("alarm-taken", {"by": "Marie"})


def test_it_is_put_aside_for_as_long_as_its_kind_allows() -> None:
    shelved = alarm().shelve(30, limit=30, by=MARIE, at=NIGHT, sealed="s1")
    assert (shelved.shelved_until, shelved.taken_by) == (NIGHT + 30 * MINUTE, MARIE)
    for minutes in (0, 31, -5):
        with pytest.raises(Malformed, match="shelf-impossible"):
            alarm().shelve(minutes, limit=30, by=MARIE, at=NIGHT, sealed="s1")


def test_an_emergency_and_what_is_over_are_not_put_aside() -> None:
    with pytest.raises(Refused, match="alarm-emergency"):
        alarm(severity="emergency").shelve(1, limit=30, by=MARIE, at=NIGHT, sealed="s1")
    with pytest.raises(Refused, match="alarm-emergency"):
        alarm().shelve(1, limit=0, by=MARIE, at=NIGHT, sealed="s1")
    with pytest.raises(Refused, match="alarm-over"):
        alarm().clear(at=NIGHT).shelve(1, limit=30, by=MARIE, at=NIGHT, sealed="s1")


def test_from_the_shelf_it_comes_back_unseen() -> None:
    back = alarm().shelve(30, limit=30, by=MARIE, at=NIGHT, sealed="s1").unshelve(at=NIGHT)
    assert (back.unseen, back.shelved_until, back.shelf_sealed) == (True, None, None)
    with pytest.raises(Refused, match="alarm-not-shelved"):
        back.unshelve(at=NIGHT)


def test_what_comes_back_from_the_shelf_gives_the_floor_its_minutes_again() -> None:
    called = alarm().escalate(at=NIGHT + 10 * MINUTE)
    back = called.shelve(30, limit=30, by=MARIE, at=NIGHT + 10 * MINUTE, sealed="s1").unshelve(
        at=NIGHT + 40 * MINUTE
    )
    assert todo([back], OVERDUE, now=NIGHT + 49 * MINUTE) == []
    assert [c.verb for c in todo([back], OVERDUE, now=NIGHT + 50 * MINUTE)] == ["escalate"]


def test_the_clerk_raises_what_is_new_and_clears_what_is_over() -> None:
    assert todo([], OVERDUE) == [Change("raise", None, OVERDUE)]
    assert todo([alarm()], OVERDUE) == []
    assert todo([alarm()]) == [Change("clear", alarm())]
    over = alarm().clear(at=NIGHT)
    assert todo([over]) == [], "over and unseen: it waits for a person, not for the clerk"
    assert todo([over], OVERDUE) == [Change("raise_again", over, OVERDUE)]


def test_the_same_kind_about_something_else_is_another_alarm() -> None:
    other = replace(OVERDUE, subject="promise/2")
    assert todo([alarm()], OVERDUE, other) == [Change("raise", None, other)]


def test_where_a_watch_fails_nothing_of_its_kind_is_cleared() -> None:
    assert todo([alarm()], blind=("promise_overdue",)) == []
    late = NIGHT + 600 * SECOND
    assert [c.verb for c in todo([alarm()], blind=("promise_overdue",), now=late)] == ["escalate"], (
        "that nobody takes it needs no watch to be seen"
    )


def test_what_nobody_takes_goes_to_the_commander_once() -> None:
    edge = NIGHT + 600 * SECOND
    assert todo([alarm()], OVERDUE, now=edge - 1) == []
    assert [c.verb for c in todo([alarm()], OVERDUE, now=edge)] == ["escalate"]
    assert todo([alarm().escalate(at=edge)], OVERDUE, now=edge + SECOND) == []
    assert todo([alarm().take(by=MARIE, at=NIGHT)], OVERDUE, now=edge) == []


def test_a_shelf_ends_by_itself() -> None:
    shelved = alarm().shelve(30, limit=30, by=MARIE, at=NIGHT, sealed="s1")
    assert todo([shelved], OVERDUE, now=NIGHT + 30 * MINUTE - 1) == []
    assert [c.verb for c in todo([shelved], OVERDUE, now=NIGHT + 30 * MINUTE)] == ["unshelve"]
    assert [c.verb for c in todo([shelved])] == ["clear"], "what is over does not wait on a shelf"


def test_a_kind_that_is_watched_no_more_clears() -> None:
    orphan = alarm(kind="retired_kind")
    assert [c.verb for c in todo([orphan])] == ["clear"]


VERBS = st.sampled_from(["see", "gone", "take", "shelve", "unshelve", "minute", "hour"])


@given(st.lists(VERBS, max_size=40))
def test_whatever_happens_no_alarm_is_lost_and_the_clerk_comes_to_rest(verbs: list[str]) -> None:
    """One condition that comes and goes, one person: what is so stands; what left was seen and over."""
    held: Alarm | None = None
    now, so = NIGHT, False
    for verb in verbs:
        now += {"minute": MINUTE, "hour": 60 * MINUTE}.get(verb, SECOND)
        if verb in ("see", "gone"):
            so = verb == "see"
        try:
            if held and verb == "take":
                held = held.take(by=MARIE, at=now)
            elif held and verb == "shelve":
                held = held.shelve(5, limit=30, by=MARIE, at=now, sealed="s")
            elif held and verb == "unshelve":
                held = held.unshelve(at=now)
        except LanbiError:
            pass
        for _ in range(3):  # the clerk's next seconds
            if held and not held.live:
                assert held.taken_by is not None and held.cleared_at is not None
                held = None
            seen = [OVERDUE] if so else []
            work = todo([held] if held else [], *seen, now=now)
            if not work:
                break
            [change] = work
            if change.verb == "raise":
                held = alarm(raised_at=now)
            elif held and change.verb == "raise_again":
                held = held.raise_again(OVERDUE, at=now)
            elif held and change.verb == "clear":
                held = held.clear(at=now)
            elif held and change.verb == "unshelve":
                held = held.unshelve(at=now)
            elif held:
                held = held.escalate(at=now)
        else:
            pytest.fail("the clerk does not come to rest")
        if so:
            assert held is not None and held.live and held.cleared_at is None
