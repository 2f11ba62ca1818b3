"""What a message promises: its state only ever says what was heard, and never goes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, Refused, TooLarge
from lanbi.core.time import HOUR, MINUTE, SECOND
from lanbi.messages.model import (
    FLASH_ACKNOWLEDGE_S,
    MINUTES_MAX,
    PARTIES_MAX,
    RANK,
    Mark,
    Message,
    Party,
    Receipt,
    addressed,
    check_args,
    mark_of,
    variables,
)
from stores import NIGHT

UNIT = Party("unit", "u1", "M21")
PERSON = Party("account", "marie", "Marie")
SENDER = Party("account", "pierre", "Pierre")
STEPS = ("received", "acknowledged", "will_comply", "cannot_comply", "done")
steps = st.sampled_from(STEPS)


def mark(at: int = NIGHT, source="automatic") -> Mark:
    return Mark(at, "marie", source)


def message(*parties: Party, priority: str = "routine") -> Message:
    return Message(
        id="m",
        sent_at=NIGHT,
        from_id="pierre",
        from_name="Pierre",
        from_unit=None,
        to_kind="unit",
        to_id="u1",
        to_name="M21",
        incident_id=None,
        reply_to=None,
        thread="m",
        priority=priority,
        receipts=addressed(list(parties), SENDER),
    )


def taken(receipt: Receipt, step, at: int = NIGHT) -> Receipt:
    try:
        return receipt.take(step, mark(at))
    except LanbiError:
        return receipt


# -- receipts -----------------------------------------------------------------------------------


@given(st.lists(steps, max_size=12))
def test_whatever_is_said_in_whatever_order_a_receipt_never_goes_back(said: list[str]) -> None:
    receipt = Receipt(party=UNIT)
    for place, step in enumerate(said):
        after = taken(receipt, step, NIGHT + place)
        assert RANK[after.step] >= RANK[receipt.step]
        # What was noted is kept to the letter, and nothing is noted that was not said.
        assert {name: after.steps[name] for name in receipt.steps} == receipt.steps
        assert set(after.steps) <= set(said[: place + 1])
        receipt = after


@given(st.lists(steps, max_size=8), steps)
def test_the_same_step_twice_is_once(said: list[str], step: str) -> None:
    receipt = Receipt(party=UNIT)
    for place, one in enumerate(said):
        receipt = taken(receipt, one, NIGHT + place)
    once = taken(receipt, step, NIGHT + 100)
    assert taken(once, step, NIGHT + 200) == once


@given(st.lists(st.tuples(st.integers(0, 2), steps), max_size=20))
def test_counts_are_the_receipts_and_never_more_than_there_are(said: list[tuple[int, str]]) -> None:
    parties = [Party("unit", f"u{n}", f"M{n}") for n in range(3)]
    held = message(*parties)
    for place, (who, step) in enumerate(said):
        try:
            held = held.take(parties[who], step, mark(NIGHT + place), joins=False)  # pyright: ignore[reportArgumentType]
        except LanbiError:
            continue
    counts = held.counts
    assert counts.of == 3
    assert counts.of >= counts.received >= counts.acknowledged >= counts.will_comply + counts.cannot_comply
    assert counts.will_comply >= counts.done


def test_sent_is_not_received_and_received_is_not_acknowledged() -> None:
    held = message(UNIT)
    assert (held.counts.of, held.counts.received, held.receipts[0].step) == (1, 0, "sent")
    held = held.take(UNIT, "received", mark(), joins=False)
    assert (held.counts.received, held.counts.acknowledged) == (1, 0)
    assert held.open


def test_an_acknowledgement_by_radio_implies_that_it_was_received_and_invents_no_time_for_it() -> None:
    held = message(UNIT).take(UNIT, "acknowledged", mark(source="manual"), joins=False)
    assert held.counts.received == 1
    assert set(held.receipts[0].steps) == {"acknowledged"}


def test_a_crew_that_said_yes_may_find_that_it_cannot_but_not_the_other_way_round() -> None:
    willing = Receipt(party=UNIT).take("will_comply", mark())
    unable = willing.take("cannot_comply", mark(NIGHT + 1), reason_sealed="s")
    assert (unable.step, unable.reason_sealed) == ("cannot_comply", "s")
    for step in ("will_comply", "done"):
        with pytest.raises(Refused) as caught:
            unable.take(step, mark(NIGHT + 2))
        assert caught.value.code == "message-answered"
    with pytest.raises(Refused):
        Receipt(party=UNIT).take("done", mark()).take("cannot_comply", mark(NIGHT + 1))


def test_a_step_cannot_have_happened_before_the_one_before_it() -> None:
    receipt = Receipt(party=UNIT).take("received", mark(NIGHT + MINUTE))
    with pytest.raises(Malformed) as caught:
        receipt.take("acknowledged", mark(NIGHT))
    assert caught.value.code == "receipt-before"
    assert receipt.take("acknowledged", mark(NIGHT + MINUTE)).step == "acknowledged"


def test_only_who_was_addressed_answers_and_of_a_role_whoever_takes_it() -> None:
    held = message(UNIT)
    with pytest.raises(Refused) as caught:
        held.take(PERSON, "acknowledged", mark(), joins=False)
    assert caught.value.code == "message-not-addressed"
    joined = held.take(PERSON, "acknowledged", mark(), joins=True)
    assert [(one.party.id, one.listed) for one in joined.receipts] == [("u1", True), ("marie", False)]
    with pytest.raises(Refused):
        held.take(SENDER, "acknowledged", mark(), joins=True)


def test_it_is_open_until_everybody_acknowledged_and_did_what_they_said() -> None:
    held = message(UNIT, PERSON).take(UNIT, "acknowledged", mark(), joins=False)
    assert held.open
    held = held.take(PERSON, "will_comply", mark(), joins=False)
    assert held.open
    held = held.take(PERSON, "done", mark(NIGHT + 1), joins=False)
    assert not held.open
    assert message().open, "what nobody was there to hear is not settled"


def test_a_flash_message_is_awaited_until_the_last_has_acknowledged() -> None:
    held = message(UNIT, PERSON, priority="flash")
    assert held.acknowledge_by == NIGHT + FLASH_ACKNOWLEDGE_S * SECOND
    held = held.take(UNIT, "will_comply", mark(), joins=False)
    assert (held.awaited, held.silent) == (True, [PERSON])
    held = held.take(PERSON, "acknowledged", mark(), joins=False)
    assert (held.awaited, held.silent) == (False, [])
    urgent = message(UNIT, priority="urgent")
    assert (urgent.awaited, urgent.acknowledge_by) == (False, None)
    assert message(priority="flash").awaited


# -- addressees, times, arguments ---------------------------------------------------------------


def test_everybody_is_addressed_once_and_nobody_writes_to_themselves() -> None:
    assert [one.party for one in addressed([UNIT, PERSON, UNIT, SENDER], SENDER)] == [UNIT, PERSON]


def test_a_message_has_a_bounded_number_of_addressees() -> None:
    many = [Party("unit", str(n), f"M{n}") for n in range(PARTIES_MAX + 1)]
    assert len(addressed(many[:-1], SENDER)) == PARTIES_MAX
    with pytest.raises(TooLarge) as caught:
        addressed(many, SENDER)
    assert caught.value.code == "message-parties"


def test_what_is_entered_long_after_is_marked_late() -> None:
    def source(at: int | None, given="manual") -> str:
        return mark_of(by="marie", now=NIGHT + HOUR, sent_at=NIGHT, at=at, source=given).source

    assert source(None, "automatic") == "automatic"
    assert source(NIGHT + HOUR - 30 * SECOND) == "manual"
    assert source(NIGHT + MINUTE) == "late"
    for at in (NIGHT - 1, NIGHT + HOUR + MINUTE):
        with pytest.raises(Malformed, match="receipt-time"):
            source(at)
    with pytest.raises(Malformed, match="receipt-source"):
        source(NIGHT + MINUTE, "automatic")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("minutes", ["1", " 07", str(MINUTES_MAX)], ["0", "1441", "ten", "1.5", "²", ""]),
        ("incident", ["2417"], ["#2417", "yon ensidan", "9" * 20]),
        ("unit", ["M21", "É-4"], ["M21, P7", "yon bon ekip", ""]),
        ("place", ["dèyè legliz la"], ["", " ", "a\nb", "x" * 121]),
    ],
)
def test_an_argument_is_what_its_name_says(name: str, good: list[str], bad: list[str]) -> None:
    for value in good:
        assert check_args(frozenset({name}), {name: value})[name]
    for value in bad:
        with pytest.raises((Malformed, TooLarge)):
            check_args(frozenset({name}), {name: value})


def test_a_template_gets_all_it_asks_for_and_nothing_else() -> None:
    asked = variables("{unit} ap vini nan {minutes} minit")
    assert asked == {"unit", "minutes"}
    assert check_args(asked, {"unit": "M21", "minutes": "08"}) == {"unit": "M21", "minutes": "8"}
    for given_args in ({"unit": "M21"}, {"unit": "M21", "minutes": "8", "place": "la"}):
        with pytest.raises(Malformed, match="template-argument"):
            check_args(asked, given_args)
