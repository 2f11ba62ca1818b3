"""Intake by two people over both stores: claims, holds, cards, and why an incident is what it is."""

import pytest
from msgspec.json import decode

from lanbi.calls.api import live, row_of, without_words
from lanbi.calls.model import CARD_ANSWERS_MAX, CLAIM_FOR, Call
from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.core.time import DAY, SECOND
from lanbi.incidents.events import Because
from stores import ACTORS, MARIE, PIERRE, Floor, Screen

ROAD = "road_accident"


def ring(floor: Floor) -> Call:
    return floor.do(lambda tx: floor.calls.offer(tx, channel="voice", number="34560142"))


def answer(
    floor: Floor, call: Call, question: str, value: str | None, *, by: Actor = MARIE, card: str = ROAD
):
    return floor.do(
        lambda tx: floor.calls.answer_card(
            tx, call.id, card=card, question=question, answer=value, lang="ht"
        ),
        by=by,
    )


def refusal(floor: Floor, work, *, by: Actor = MARIE) -> str:
    head = floor.head
    with pytest.raises(LanbiError) as caught:
        floor.do(work, by=by)
    assert floor.head == head
    return caught.value.code


# -- claim -------------------------------------------------------------------------------


def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(floor: Floor) -> None:
    call = ring(floor)
    claimed = floor.do(lambda tx: floor.calls.claim(tx, call.id))
    assert claimed.claimed_by is not None
    assert (claimed.claimed_by.id, claimed.claimed_until) == ("marie", floor.clock.now() + CLAIM_FOR)
    assert refusal(floor, lambda tx: floor.calls.claim(tx, call.id), by=PIERRE) == "call-claimed"
    head = floor.head
    floor.do(lambda tx: floor.calls.claim(tx, call.id))
    assert floor.head == head


def test_a_claim_lapses_after_ten_seconds(floor: Floor) -> None:
    call = ring(floor)
    floor.do(lambda tx: floor.calls.claim(tx, call.id))
    floor.clock.advance(CLAIM_FOR / SECOND)
    taken_over = floor.do(lambda tx: floor.calls.claim(tx, call.id), by=PIERRE)
    assert taken_over.claimed_by is not None
    assert taken_over.claimed_by.id == "pierre"
    assert floor.kinds(f"call/{call.id}") == ["call.offered", "call.claimed", "call.claimed"]


def test_a_claim_keeps_nobody_from_answering_and_ends_with_the_answer(floor: Floor) -> None:
    call = ring(floor)
    floor.do(lambda tx: floor.calls.claim(tx, call.id))
    taken = floor.do(lambda tx: floor.calls.answer(tx, call.id), by=PIERRE)
    assert (taken.state, taken.claimed_by, taken.claimed_until) == ("answered", None, None)
    assert refusal(floor, lambda tx: floor.calls.claim(tx, call.id)) == "call-not-ringing"


# -- hold --------------------------------------------------------------------------------


def test_a_caller_waits_and_is_spoken_to_again(floor: Floor) -> None:
    call = ring(floor)
    assert refusal(floor, lambda tx: floor.calls.hold(tx, call.id)) == "call-not-answered"
    floor.do(lambda tx: floor.calls.answer(tx, call.id))
    held = floor.do(lambda tx: floor.calls.hold(tx, call.id))
    assert held.held_at == floor.clock.now()
    since = held.held_at
    floor.clock.advance(40)
    assert floor.do(lambda tx: floor.calls.hold(tx, call.id), by=PIERRE).held_at == since
    assert floor.do(lambda tx: floor.calls.resume(tx, call.id)).held_at is None
    floor.do(lambda tx: floor.calls.resume(tx, call.id))
    assert floor.kinds(f"call/{call.id}")[2:] == ["call.held", "call.resumed"]
    assert decode(floor.entries()[-1][4])["held_at"] == since


def test_a_call_that_ends_is_held_no_more(floor: Floor) -> None:
    call = ring(floor)
    floor.do(lambda tx: floor.calls.answer(tx, call.id))
    floor.do(lambda tx: floor.calls.hold(tx, call.id))
    assert floor.do(lambda tx: floor.calls.end(tx, call.id)).held_at is None
    assert refusal(floor, lambda tx: floor.calls.resume(tx, call.id)) == "call-not-answered"


def test_two_people_who_write_in_one_call_keep_both_texts(floor: Floor) -> None:
    call = ring(floor)
    floor.do(lambda tx: floor.calls.add_words(tx, call.id, "moto a anba kamyon an", lang="ht"))
    floor.do(lambda tx: floor.calls.add_words(tx, call.id, "il y a trois blessés", lang="fr"), by=PIERRE)
    pieces = floor.look(lambda reader: floor.calls.pieces(reader, MARIE, call.id))
    assert [(piece.words, piece.by.id) for piece in pieces] == [
        ("moto a anba kamyon an", "marie"),
        ("il y a trois blessés", "pierre"),
    ]


# -- cards -------------------------------------------------------------------------------


def test_the_last_answer_stands_and_all_are_on_the_record(floor: Floor) -> None:
    call = ring(floor)
    answer(floor, call, "hurt", "2")
    answer(floor, call, "trapped", "yes", by=PIERRE)
    now = answer(floor, call, "hurt", "3")
    assert [(a.question, a.answer, a.by.id) for a in now.answers] == [
        ("hurt", "3", "marie"),
        ("trapped", "yes", "pierre"),
    ]
    assert answer(floor, call, "trapped", None).answers == now.answers[:1]
    bodies = [decode(body) for _, kind, _, _, body in floor.entries() if kind == "call.card_answered"]
    assert [(b["number"], b["question"], b["answer"]) for b in bodies] == [
        (1, "hurt", "2"), (2, "trapped", "yes"), (1, "hurt", "3"), (2, "trapped", None),
    ]  # fmt: skip


def test_free_words_are_sealed_and_go_with_their_time(floor: Floor) -> None:
    call = ring(floor)
    said = "yon Nissan blan, plak BB 12345"
    now = answer(floor, call, "vehicle", said, card="kidnapping")
    assert [(a.answer, a.words) for a in now.answers] == [(None, said)]
    assert said not in str(floor.entries())
    assert without_words(row_of(now)).answers[0].words is None
    floor.clock.advance(731 * DAY / SECOND)
    floor.erase_all_due()
    later = floor.look(lambda reader: floor.calls.get(reader, MARIE, call.id))
    assert [(a.question, a.words) for a in later.answers] == [("vehicle", None)]


@pytest.mark.parametrize(
    ("card", "question", "value", "code"),
    [
        ("nope", "hurt", "1", "card-unknown"),
        (ROAD, "nope", "1", "card-question-unknown"),
        (ROAD, "trapped", "wi", "card-answer-unknown"),
        (ROAD, "hurt", "anpil", "card-answer-count"),
    ],
)
def test_an_answer_that_there_is_not_is_refused(
    floor: Floor, card: str, question: str, value: str, code: str
) -> None:
    call = ring(floor)
    work = lambda tx: floor.calls.answer_card(tx, call.id, card=card, question=question, answer=value)  # noqa: E731
    assert refusal(floor, work) == code


def test_a_call_takes_so_many_answers_and_no_more(floor: Floor) -> None:
    call = ring(floor)
    for count in range(CARD_ANSWERS_MAX):
        answer(floor, call, "hurt", str(count % 9))
    work = lambda tx: floor.calls.answer_card(tx, call.id, card=ROAD, question="hurt", answer="1")  # noqa: E731
    assert refusal(floor, work) == "answers-full"


def test_the_live_picture_follows_answers_claims_and_holds(floor: Floor) -> None:
    kind = live(floor.calls)[0]
    screen = Screen(floor, kind)
    call = ring(floor)
    for work in (
        lambda tx: floor.calls.claim(tx, call.id),
        lambda tx: floor.calls.answer(tx, call.id),
        lambda tx: floor.calls.answer_card(tx, call.id, card=ROAD, question="trapped", answer="yes"),
        lambda tx: floor.calls.hold(tx, call.id),
        lambda tx: floor.calls.answer_card(tx, call.id, card=ROAD, question="trapped", answer=None),
    ):
        floor.do(work)
        screen.push()
        assert screen.picture == Screen(floor, kind).picture
        assert screen.picture[call.id] == row_of(floor.look(lambda r: floor.calls.get(r, MARIE, call.id)))


def test_only_the_floor_answers_claims_and_holds(guarded: Floor) -> None:
    call = ring(guarded)
    for work in (
        lambda tx: guarded.calls.claim(tx, call.id),
        lambda tx: guarded.calls.hold(tx, call.id),
        lambda tx: guarded.calls.answer_card(tx, call.id, card=ROAD, question="hurt", answer="1"),
    ):
        assert refusal(guarded, work, by=ACTORS["analyst"]) == "not-allowed"
    assert guarded.do(lambda tx: guarded.calls.claim(tx, call.id), by=ACTORS["call_taker"]).claimed_by


# -- because -----------------------------------------------------------------------------


def test_an_incident_says_which_card_proposed_what_it_is(floor: Floor) -> None:
    because = Because(card=ROAD, rule="trapped")
    incident = floor.do(
        lambda tx: floor.incidents.open(tx, type="road_accident_trapped", priority="P1", because=because)
    )
    floor.do(
        lambda tx: floor.incidents.classify(tx, incident.id, "bus_accident", because=Because(ROAD, "bus"))
    )
    floor.do(lambda tx: floor.incidents.prioritise(tx, incident.id, "P0", because=Because(ROAD, "not_awake")))
    floor.do(lambda tx: floor.incidents.prioritise(tx, incident.id, "P2"))
    mine = f"incident/{incident.id}"
    said = [decode(body).get("because") for about, _, _, _, body in floor.entries() if about == mine]
    assert said == [
        {"card": ROAD, "rule": "trapped"},
        {"card": ROAD, "rule": "bus"},
        {"card": ROAD, "rule": "not_awake"},
        None,
    ]


def test_a_reason_that_no_card_has_is_refused(floor: Floor) -> None:
    incident = floor.do(floor.incidents.open)
    for because, code in ((Because("nope"), "card-unknown"), (Because(ROAD, "nope"), "card-rule-unknown")):
        for work in (
            lambda tx, b=because: floor.incidents.open(tx, type="fight", because=b),
            lambda tx, b=because: floor.incidents.classify(tx, incident.id, "fight", because=b),
            lambda tx, b=because: floor.incidents.prioritise(tx, incident.id, "P1", because=b),
        ):
            assert refusal(floor, work) == code
