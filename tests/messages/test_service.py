"""Messages at work over both stores: who is addressed, what each may say of it, what stays sealed."""

import json
from typing import Any

import pytest

from lanbi.core.access import Actor
from lanbi.core.errors import NotFound
from lanbi.core.time import DAY, HOUR, SECOND
from lanbi.messages import sql
from lanbi.messages.model import PICTURED_MAX
from lanbi.messages.service import ARCHIVE_ROWS_MAX, KEEP_WORDS_FOR
from messages.desk import CHIEF, JOHN, M21, M22, P7, Desk, crew_of
from stores import ACTORS, MARIE, PIERRE, VOCABULARY

NOWHERE = "00000000-0000-7000-8000-000000000000"
WORDS = "Vire agoch apre estasyon gaz la 🔥"


def listed(message: Any) -> list[str]:
    return [receipt.party.name for receipt in message.receipts]


def step_of(message: Any, name: str) -> str:
    return next(receipt.step for receipt in message.receipts if receipt.party.name == name)


def on_the_picture(reader: Any) -> list[Any]:
    """What a fresh screen is shown."""
    return sql.changed(reader, 0)


# -- sending ------------------------------------------------------------------------------------


def test_a_message_to_a_unit_goes_its_whole_way(desk: Desk) -> None:
    sent = desk.say(WORDS)
    assert (sent.words, sent.to_name, sent.priority, listed(sent)) == (WORDS, "M21", "routine", ["M21"])
    crew = crew_of(M21)
    steps = ["received", "acknowledged", "will_comply", "done"]
    for step in steps:
        desk.clock.advance(5)
        held = desk.take(sent, step, by=crew)
        assert held.receipts[0].step == step
    assert not held.open
    assert [mark.source for mark in held.receipts[0].steps.values()] == ["automatic"] * 4
    assert desk.kinds(f"message/{sent.id}") == [
        "message.sent", "message.received", "message.acknowledged", "message.complying", "message.done",
    ]  # fmt: skip


def test_the_same_receipt_twice_is_one_entry(desk: Desk) -> None:
    sent = desk.say()
    desk.take(sent, "acknowledged", by=crew_of(M21))
    head = desk.head
    desk.take(sent, "acknowledged", by=crew_of(M21))
    desk.take(sent, "received", by=crew_of(M21))
    assert desk.head == head


def test_words_places_reasons_and_names_never_stand_in_the_journal(desk: Desk) -> None:
    sent = desk.say(WORDS)
    desk.take(sent, "cannot_comply", by=crew_of(M21), reason="Wout la bloke nan Nazon")
    desk.say(None, template="road_blocked", args={"place": "kafou Ayewopò"})
    channel = desk.do(lambda tx: desk.messages.open_channel(tx, name="Operasyon Nazon"), by=CHIEF)
    journal = json.dumps(desk.entries(), ensure_ascii=False)
    for said in (WORDS, "Nazon", "Ayewopò"):
        assert said not in journal
    held = desk.look(lambda reader: desk.messages.get(reader, PIERRE, sent.id))
    assert held.receipts[0].reason == "Wout la bloke nan Nazon"
    assert channel.name == "Operasyon Nazon"


def test_erased_words_leave_the_rows(desk: Desk) -> None:
    sent = desk.say(WORDS)
    desk.take(sent, "cannot_comply", by=crew_of(M21), reason="Wout la bloke")
    place = desk.say(None, template="road_open", args={"place": "Nazon"})
    channel = desk.do(lambda tx: desk.messages.open_channel(tx, name="Operasyon"), by=CHIEF)
    assert place.place == "Nazon"
    desk.clock.advance(KEEP_WORDS_FOR / SECOND)
    assert desk.erase_all_due() == 4
    held = desk.look(lambda reader: desk.messages.get(reader, PIERRE, sent.id))
    assert (held.words, held.receipts[0].reason, held.receipts[0].step) == (None, None, "cannot_comply")
    assert held.seq > sent.seq
    assert desk.look(lambda reader: desk.messages.get(reader, PIERRE, place.id)).place is None
    (shown,) = [
        one for one in desk.look(lambda reader: desk.messages.channels(reader, CHIEF)) if one.id == channel.id
    ]
    assert shown.name is None


def test_a_template_is_kept_by_its_code_and_brings_its_own_priority(desk: Desk) -> None:
    sent = desk.say(None, template="help_coming", args={"unit": "P7", "minutes": "08"})
    assert (sent.template, sent.args, sent.words) == ("help_coming", {"unit": "P7", "minutes": "8"}, None)
    assert sent.priority == "routine"
    flash = desk.say(None, template="take_cover", args={"place": "Site Solèy"})
    assert (flash.priority, flash.place, flash.args) == ("flash", "Site Solèy", {})
    calm = desk.say(None, template="take_cover", args={"place": "Site Solèy"}, priority="urgent")
    assert calm.priority == "urgent"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": "  "}, "message-empty"),
        ({"text": None}, "message-empty"),
        ({"text": "ale", "template": "stand_by"}, "message-twice"),
        ({"text": None, "template": "stand_bi"}, "unknown-term"),
        ({"text": None, "template": "help_coming", "args": {"unit": "P7"}}, "template-argument"),
        ({"priority": "panic"}, "unknown-term"),
        ({"text": "x" * 2001}, "text-too-long"),
        ({"to": ("unit", NOWHERE)}, "unit-none"),
        ({"to": ("account", "nobody")}, "account-none"),
        ({"to": ("role", "auditor")}, "message-role"),
        ({"to": ("channel", "nowhere")}, "channel-none"),
        ({"incident_id": NOWHERE}, "incident-none"),
        ({"reply_to": NOWHERE}, "message-none"),
    ],
)
def test_what_cannot_be_sent_leaves_nothing(desk: Desk, given: dict[str, Any], code: str) -> None:
    to = given.get("to", ("unit", M21.id))
    asked = {"text": "ale", **{name: value for name, value in given.items() if name != "to"}}
    assert desk.refusal(lambda tx: desk.messages.send(tx, to_kind=to[0], to_id=to[1], **asked)) == code


# -- whom it is for -----------------------------------------------------------------------------


def test_a_role_is_those_who_are_signed_in_and_whoever_takes_it_later(desk: Desk) -> None:
    sent = desk.say(to=("role", "dispatcher"), by=MARIE)
    assert listed(sent) == ["Pierre Louis", "John Pè"]
    held = desk.take(sent, "acknowledged", by=PIERRE)
    assert (held.counts.acknowledged, held.counts.of) == (1, 2)
    late = seated_later("late", "dispatcher")
    held = desk.take(sent, "acknowledged", by=late)
    assert (held.counts.acknowledged, held.counts.of, held.receipts[-1].listed) == (2, 3, False)
    assert (
        desk.refusal(lambda tx: desk.messages.step(tx, sent.id, "acknowledged"), by=CHIEF)
        == "message-not-addressed"
    )


def seated_later(name: str, role: str) -> Any:
    return Actor(id=name, name=name, role=role)


def test_a_sender_of_the_role_does_not_answer_themselves(desk: Desk) -> None:
    sent = desk.say(to=("role", "dispatcher"), by=PIERRE)
    assert listed(sent) == ["John Pè"]
    code = desk.refusal(lambda tx: desk.messages.step(tx, sent.id, "received"), by=PIERRE)
    assert code == "message-not-addressed"


def test_a_standing_channel_is_heard_by_its_units_and_one_of_people_by_people(desk: Desk) -> None:
    desk.rooms.crews[1].in_service = False
    assert listed(desk.say(to=("channel", "ambulance"))) == ["M21"]
    assert listed(desk.say(to=("channel", "police"))) == ["P7"]
    assert listed(desk.say(to=("channel", "command"))) == ["John Pè", "Jan Batis"]
    assert listed(desk.say(to=("channel", "room"), by=MARIE)) == ["Pierre Louis", "John Pè", "Jan Batis"]
    assert listed(desk.say(to=("role", "field_unit"))) == ["M21", "P7"]


def test_an_incidents_channel_is_heard_by_the_units_that_are_on_it_now(desk: Desk) -> None:
    incident = desk.do(lambda tx: desk.incidents.open(tx, type="house_fire"))
    channel = desk.do(
        lambda tx: desk.messages.open_channel(tx, name="Dife", incident_id=incident.id, units=[P7.id]),
        by=CHIEF,
    )
    assert listed(desk.say(to=("channel", channel.id))) == ["P7"]
    desk.rooms.crews[0].incident_id = incident.id
    assert listed(desk.say(to=("channel", channel.id))) == ["P7", "M21"]


def test_an_incidents_channel_is_over_with_it_and_no_other_is(desk: Desk) -> None:
    incident, other = (desk.do(lambda tx: desk.incidents.open(tx, type="house_fire")) for _ in range(2))
    ours, theirs = (
        desk.do(lambda tx, i=i: desk.messages.open_channel(tx, name="Dife", incident_id=i.id), by=CHIEF)
        for i in (incident, other)
    )
    desk.do(lambda tx: desk.messages.incident_closed(tx, incident.id), by=MARIE)
    assert desk.kinds(f"channel/{ours.id}") == ["channel.opened", "channel.closed"]
    assert desk.kinds(f"channel/{theirs.id}") == ["channel.opened"]
    send = lambda tx: desk.messages.send(tx, to_kind="channel", to_id=ours.id, text="ale")  # noqa: E731
    assert desk.refusal(send) == "channel-closed"
    desk.do(lambda tx: desk.messages.incident_closed(tx, incident.id), by=MARIE)
    assert desk.kinds(f"channel/{ours.id}") == ["channel.opened", "channel.closed"]


def test_a_closed_channel_takes_nothing_more_and_a_standing_one_is_not_closed(desk: Desk) -> None:
    channel = desk.do(lambda tx: desk.messages.open_channel(tx, name="Dife"), by=CHIEF)
    desk.do(lambda tx: desk.messages.close_channel(tx, channel.id), by=CHIEF)
    send = lambda tx: desk.messages.send(tx, to_kind="channel", to_id=channel.id, text="ale")  # noqa: E731
    assert desk.refusal(send) == "channel-closed"
    for key, code in ((channel.id, "channel-closed"), ("room", "channel-standing")):
        assert desk.refusal(lambda tx, key=key: desk.messages.close_channel(tx, key)) == code
    names = [one.id for one in desk.look(lambda reader: desk.messages.channels(reader, CHIEF))]
    assert names == list(VOCABULARY.tables["message_channels"])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "text-empty"),
        ({"name": "x" * 61}, "text-too-long"),
        ({"name": "Dife", "units": [NOWHERE]}, "unit-none"),
        ({"name": "Dife", "roles": ["auditor"]}, "message-role"),
        ({"name": "Dife", "incident_id": NOWHERE}, "incident-none"),
    ],
)
def test_a_channel_that_cannot_be(desk: Desk, given: dict[str, Any], code: str) -> None:
    assert desk.refusal(lambda tx: desk.messages.open_channel(tx, **given)) == code


# -- heard by radio -----------------------------------------------------------------------------


def test_a_dispatcher_enters_what_a_crew_said_by_radio(desk: Desk) -> None:
    sent = desk.say()
    desk.clock.advance(600)
    held = desk.take(sent, "acknowledged", by=PIERRE, for_unit=M21.id)
    mark = held.receipts[0].steps["acknowledged"]
    assert (mark.source, mark.by) == ("manual", PIERRE.id)
    late = desk.take(sent, "will_comply", by=PIERRE, for_unit=M21.id, at=desk.clock.now())
    assert late.receipts[0].step == "will_comply"


def test_what_was_heard_before_is_entered_at_its_true_time_and_marked(desk: Desk) -> None:
    sent = desk.say()
    heard = desk.clock.advance(30)
    desk.clock.advance(600)
    held = desk.take(sent, "acknowledged", by=PIERRE, for_unit=M21.id, at=heard)
    assert held.receipts[0].steps["acknowledged"].source == "late"
    at = desk.look(lambda reader: reader.row("SELECT at FROM journal WHERE kind = 'message.acknowledged'"))
    assert at == (heard,)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"for_unit": M21.id, "source": "automatic"}, "receipt-source"),
        ({"for_unit": M22.id}, "message-not-addressed"),
        ({"for_unit": NOWHERE}, "unit-none"),
        ({"for_unit": M21.id, "at": 0}, "receipt-time"),
        ({}, "message-not-addressed"),
    ],
)
def test_what_cannot_be_entered(desk: Desk, given: dict[str, Any], code: str) -> None:
    sent = desk.say()
    assert desk.refusal(lambda tx: desk.messages.step(tx, sent.id, "acknowledged", **given)) == code


def test_who_cannot_must_say_why(desk: Desk) -> None:
    sent = desk.say()
    crew = crew_of(M21)
    refuse = lambda tx: desk.messages.step(tx, sent.id, "cannot_comply")  # noqa: E731
    assert desk.refusal(refuse, by=crew) == "text-empty"
    held = desk.take(sent, "cannot_comply", by=crew, reason="Pa gen gaz")
    assert (held.receipts[0].reason, held.counts.cannot_comply) == ("Pa gen gaz", 1)
    done = lambda tx: desk.messages.step(tx, sent.id, "done")  # noqa: E731
    assert desk.refusal(done, by=crew) == "message-answered"


# -- threads, lists, the incident's log -----------------------------------------------------------


def test_a_reply_stays_in_the_thread_and_about_the_incident(desk: Desk) -> None:
    incident = desk.do(lambda tx: desk.incidents.open(tx, type="house_fire"))
    asked = desk.say(incident_id=incident.id)
    answer = desk.say("Bò legliz la", to=("role", "dispatcher"), by=crew_of(M21), reply_to=asked.id)
    assert (answer.thread, answer.incident_id, answer.from_unit) == (asked.id, incident.id, M21.id)
    log = desk.look(lambda reader: desk.incidents.log(reader, PIERRE, incident.id, before=2**62, limit=10))
    assert [line.kind for line in log] == ["message.sent", "message.sent", "incident.opened"]
    assert log[0].words == {"words": "Bò legliz la"}


def test_lists_are_by_one_filter_newest_first(desk: Desk) -> None:
    one = desk.say("1")
    two = desk.say("2", to=("channel", "room"))
    three = desk.say("3", to=("account", "john"))
    four = desk.say("4", to=("role", "call_taker"), by=crew_of(M21), reply_to=one.id)

    def page(**given: Any) -> list[str]:
        found = desk.look(
            lambda reader: desk.messages.page(reader, PIERRE, **{"before": 2**62, "limit": 9, **given})
        )
        return [message.id for message in found]

    assert page() == [four.id, three.id, two.id, one.id]
    assert page(limit=2) == [four.id, three.id]
    assert page(before=three.sent_seq) == [two.id, one.id]
    assert page(to=("channel", "room")) == [two.id]
    assert page(thread=one.id) == [four.id, one.id]
    assert page(party=f"unit/{M21.id}") == [four.id, one.id]
    assert page(party="account/john") == [three.id, two.id]
    assert (
        desk.refusal(lambda tx: desk.messages.page(tx, PIERRE, thread="x", party="y", before=1, limit=1))
        == "message-filters"
    )


# -- who may -------------------------------------------------------------------------------------


def test_a_crew_never_sees_what_is_for_another(guarded: Desk) -> None:
    theirs = guarded.say("sekrè", to=M22)
    own = guarded.say(to=M21)
    crew = crew_of(M21)
    with pytest.raises(NotFound):
        guarded.look(lambda reader: guarded.messages.get(reader, crew, theirs.id))
    assert guarded.look(lambda reader: guarded.messages.get(reader, crew, own.id)).id == own.id
    step = lambda tx: guarded.messages.step(tx, theirs.id, "acknowledged")  # noqa: E731
    assert guarded.refusal(step, by=crew) == "message-none"
    by_radio = lambda tx: guarded.messages.step(tx, own.id, "acknowledged", for_unit=M22.id)  # noqa: E731
    assert guarded.refusal(by_radio, by=crew) == "not-allowed"
    for given in ({}, {"thread": theirs.id}, {"party": f"unit/{M22.id}"}, {"to": ("unit", M22.id)}):
        found = guarded.look(
            lambda reader, given=given: guarded.messages.page(reader, crew, before=2**62, limit=9, **given)
        )
        assert theirs.id not in [message.id for message in found]


def test_a_crew_writes_to_the_floor_and_where_it_hears_and_to_nobody_else(guarded: Desk) -> None:
    crew = crew_of(M21)
    for to in (("role", "dispatcher"), ("account", "marie"), ("channel", "ambulance")):
        assert guarded.say("Nou rive", to=to, by=crew).from_unit == M21.id
    for to in (("unit", M22.id), ("account", "crew.m22"), ("channel", "police"), ("role", "field_unit")):
        send = lambda tx, to=to: guarded.messages.send(tx, to_kind=to[0], to_id=to[1], text="ale")  # noqa: E731
        assert guarded.refusal(send, by=crew) == "not-allowed"


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "commander"])
def test_the_floor_writes_reads_and_enters(guarded: Desk, role: str) -> None:
    actor = ACTORS[role]
    sent = guarded.say(by=actor)
    assert guarded.take(sent, "acknowledged", by=actor, for_unit=M21.id).counts.acknowledged == 1
    assert guarded.look(lambda reader: guarded.messages.people(reader, actor, 0))


@pytest.mark.parametrize("role", ["analyst", "auditor", "administrator"])
def test_who_is_not_of_the_floor_neither_reads_nor_writes(guarded: Desk, role: str) -> None:
    actor, sent = ACTORS[role], guarded.say()
    messages = guarded.messages
    send = lambda tx: messages.send(tx, to_kind="unit", to_id=M21.id, text="ale")  # noqa: E731
    assert guarded.refusal(send, by=actor) == "not-allowed"
    assert guarded.refusal(lambda tx: messages.get(tx, actor, sent.id), by=actor) == "message-none"
    for look in (
        lambda tx: messages.page(tx, actor, before=1, limit=1),
        lambda tx: messages.channels(tx, actor),
        lambda tx: messages.people(tx, actor, 0),
    ):
        assert guarded.refusal(look, by=actor) == "not-allowed"


def test_only_a_commander_makes_channels(guarded: Desk) -> None:
    channel = guarded.do(lambda tx: guarded.messages.open_channel(tx, name="Dife", units=[M21.id]), by=CHIEF)
    open_one = lambda tx: guarded.messages.open_channel(tx, name="Dife")  # noqa: E731
    close = lambda tx: guarded.messages.close_channel(tx, channel.id)  # noqa: E731
    assert guarded.refusal(open_one, by=JOHN) == guarded.refusal(close, by=JOHN) == "not-allowed"
    for crew, sees in ((M21, True), (M22, False)):
        seen = guarded.look(lambda reader, crew=crew: guarded.messages.channels(reader, crew_of(crew)))
        assert (channel.id in [one.id for one in seen]) is sees
    assert guarded.do(close, by=CHIEF).closed_at


# -- time -----------------------------------------------------------------------------------------


def test_an_unacknowledged_flash_is_seen_by_the_watch_and_only_then(desk: Desk) -> None:
    sent = desk.say(None, template="take_cover", args={"place": "Nazon"})
    desk.say("nòmal")
    look = lambda: desk.look(lambda reader: desk.messages.unacknowledged(reader, desk.clock.now()))  # noqa: E731
    desk.clock.advance(59)
    assert look() == []
    desk.clock.advance(1)
    (found,) = look()
    assert (found.kind, found.subject, found.unit_id) == (
        "message_unacknowledged",
        f"message/{sent.id}",
        M21.id,
    )
    assert found.facts == {"acknowledged": 0, "of": 1}
    desk.take(sent, "acknowledged", by=crew_of(M21))
    assert look() == []


def archive_all(desk: Desk) -> int:
    gone = 0
    while piece := desk.do(desk.messages.archive, by=ACTORS["administrator"]):
        assert piece <= ARCHIVE_ROWS_MAX
        gone += piece
    return gone


def test_the_picture_keeps_what_is_open_or_recent(desk: Desk) -> None:
    settled, waiting = desk.say("1"), desk.say("2")
    desk.take(settled, "acknowledged", by=crew_of(M21))
    assert archive_all(desk) == 0
    desk.clock.advance(13 * HOUR / SECOND)
    assert archive_all(desk) == 1
    shown = lambda: [message.id for message in desk.look(on_the_picture)]  # noqa: E731
    assert shown() == [waiting.id]
    desk.clock.advance(3 * DAY / SECOND)
    assert archive_all(desk) == 1
    assert shown() == []
    # What left the picture can still be answered, and stays in the lists.
    assert desk.take(waiting, "acknowledged", by=crew_of(M21)).archived
    assert desk.kinds(f"message/{waiting.id}")[-2:] == ["message.archived", "message.acknowledged"]


def test_the_picture_is_bounded(desk: Desk) -> None:
    def many(tx: Any) -> None:
        for n in range(PICTURED_MAX + 3):
            desk.messages.send(tx, to_kind="unit", to_id=M21.id, text=str(n))

    desk.do(many, by=PIERRE)
    assert archive_all(desk) == 3
    kept = [message.words for message in desk.look(on_the_picture)]
    assert (len(kept), kept[0], kept[-1]) == (PICTURED_MAX, "3", str(PICTURED_MAX + 2))
