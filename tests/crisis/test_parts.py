"""What may happen to the parts of a major incident, and what may not: no store, no clock."""

from hypothesis import given
from hypothesis import strategies as st

from crisis.hall import code_of
from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.core.time import HOUR, MINUTE
from lanbi.crisis.parts import (
    COUNT_MAX,
    LETTERS,
    PERIOD_MAX,
    PERIOD_MIN,
    REQUEST_STEPS,
    Objective,
    Period,
    Request,
    Statement,
    check_period,
    check_statement,
    newest,
    period_at,
)
from stores import NIGHT

MADE = {"id": "i", "major_id": "m", "made_at": NIGHT, "made_by": "a", "made_by_name": "A"}


def test_who_edits_a_part_that_somebody_changed_meanwhile_is_told() -> None:
    goal = Objective(**MADE, priority=1, edit_seq=5)
    assert code_of(lambda: goal.change(priority=2, due_at=None, seq=9, held=4, at=NIGHT)) == (
        "item-edited-meanwhile"
    )
    assert goal.change(priority=2, due_at=None, seq=9, held=5, at=NIGHT).priority == 2


@given(st.lists(st.sampled_from([*REQUEST_STEPS, "declined", "cancelled"]), max_size=8), st.booleans())
def test_a_request_goes_forward_only_and_ends_once(wanted: list, reasoned: bool) -> None:
    request = Request(**MADE, number=1, capability="foam", count=2)
    for minute, status in enumerate(wanted, start=1):
        was, at = request, NIGHT + minute * MINUTE
        try:
            request = was.move(status, at=at, reasoned=reasoned)
        except (Refused, Malformed):
            assert (
                not was.wanting
                or (status == "declined" and not reasoned)
                or (
                    status in REQUEST_STEPS and REQUEST_STEPS.index(status) <= REQUEST_STEPS.index(was.status)
                )
            )
        else:
            assert was.wanting
            assert request.clocks[status] == at
            assert {**was.clocks, status: at} == request.clocks
    assert list(request.clocks.values()) == sorted(request.clocks.values())


@given(
    st.sampled_from(LETTERS),
    st.dictionaries(st.sampled_from(["p1", "dead"]), st.integers(-5, COUNT_MAX + 5) | st.none()),
    st.booleans(),
    st.integers(-HOUR, HOUR) | st.none(),
)
def test_a_statement_says_something_that_can_be_so(letter: str, counts: dict, worded: bool, late) -> None:
    given_counts = [count for count in counts.values() if count is not None]
    at = None if late is None else NIGHT + late
    good = (
        all(0 <= count <= COUNT_MAX for count in given_counts)
        and (letter == "number" or not given_counts)
        and (worded or bool(given_counts))
        and (late is None or late <= 2 * MINUTE)
    )
    try:
        when = check_statement(letter, at, counts, worded=worded, now=NIGHT)
    except Malformed:
        assert not good
    else:
        assert good
        assert when <= NIGHT


def test_the_latest_statement_stands_not_the_one_written_last() -> None:
    early = Statement(**{**MADE, "id": "a"}, letter="hazards", at=NIGHT, seq=9)
    late = Statement(**{**MADE, "id": "b"}, letter="hazards", at=NIGHT + MINUTE, seq=3)
    assert newest((late, early))["hazards"].id == "b"


@given(
    st.integers(-HOUR, 300 * HOUR) | st.none(),
    st.integers(-HOUR, 300 * HOUR) | st.none(),
    st.integers(-20 * HOUR, 20 * HOUR) | st.none(),
)
def test_periods_follow_each_other(begin, end, last_begin) -> None:
    last = None
    if last_begin is not None:
        begun = NIGHT + last_begin
        last = Period(**MADE, number=1, begins_at=begun, ends_at=begun + 12 * HOUR)
    try:
        found = check_period(
            None if begin is None else NIGHT + begin,
            None if end is None else NIGHT + end,
            last,
            now=NIGHT,
        )
    except LanbiError as refused:
        assert refused.code in ("period-impossible", "period-overlaps", "major-due-impossible")
    else:
        assert PERIOD_MIN <= found[1] - found[0] <= PERIOD_MAX
        assert last is None or found[0] >= last.begins_at + PERIOD_MIN


def test_the_period_that_runs_is_the_last_that_began() -> None:
    first = Period(**MADE, number=1, begins_at=NIGHT, ends_at=NIGHT + HOUR)
    second = Period(**MADE, number=2, begins_at=NIGHT + HOUR, ends_at=NIGHT + 2 * HOUR)
    assert period_at((), NIGHT) is None
    assert period_at((first, second), NIGHT - 1) == first
    assert period_at((first, second), NIGHT + HOUR - 1) == first
    assert period_at((first, second), NIGHT + HOUR) == second
