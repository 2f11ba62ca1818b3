"""Calls and promises over both stores: each refusal beside its success; nothing personal in the journal."""

import re

import msgspec
import pytest

from lanbi.calls.model import Call, Promise
from lanbi.core.access import Actor
from lanbi.core.errors import Conflict, Forbidden, LanbiError, NotFound, TooLarge
from lanbi.core.geo import Area
from lanbi.core.time import DAY, SECOND
from lanbi.record.sealed import erase
from stores import ACTORS, MARIE, PIERRE, Floor

NUMBER = "+509 3456 0142"
DIGITS = "50934560142"
CHANCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|\b\d{16}\b")
NAME = "Wideline Désir"
SAID = "Gen yon kamyon ki chavire dèyè mache Salomon an, moun yo bloke anba l"
HEARD = "dèyè mache Salomon an"
BEHIND = Area(lat=18.54, lon=-72.34, radius_m=300, source="landmark", confidence="heard", words=HEARD)
NOWHERE = "00000000-0000-7000-8000-000000000000"


def ring(floor: Floor, **given) -> Call:
    return floor.do(lambda tx: floor.calls.offer(tx, **({"channel": "voice", "number": NUMBER} | given)))


def get(floor: Floor, call: Call) -> Call:
    return floor.look(lambda reader: floor.calls.get(reader, MARIE, call.id))


def refused(floor: Floor, work, *, by: Actor = MARIE, purpose: str = "") -> LanbiError:
    """The refusal of a command; the journal is as it was before."""
    head = floor.head
    with pytest.raises(LanbiError) as caught:
        floor.do(work, by=by, purpose=purpose)
    assert floor.head == head
    return caught.value


# -- intake ----------------------------------------------------------------------------


def test_a_call_rings_with_what_the_exchange_knows(floor: Floor) -> None:
    call = ring(floor, name=NAME, lang="ht", area=BEHIND, text=SAID)
    assert (call.number, call.state, call.channel, call.lang) == (1, "offered", "voice", "ht")
    assert (call.line, call.words, call.area) == ("+509 ·· ·· 01 42", SAID, BEHIND)
    assert call.offered_at == floor.clock.now()
    assert call == get(floor, call)
    assert call.seq == floor.head
    assert ring(floor).number == 2


def test_a_withheld_number_is_no_number(floor: Floor) -> None:
    call = ring(floor, number=None, name="  ", text=" ")
    assert (call.line, call.line_sealed, call.name_sealed, call.words) == (None, None, None, None)
    assert ring(floor, number="").line is None


UNUSABLE = [
    ({"number": "anonim"}, "number-unreadable"),
    ({"channel": "pigeon"}, "unknown-term"),
    ({"lang": "xx"}, "unknown-term"),
    ({"area": Area()}, "area-empty"),
    ({"area": Area(words="la a", source="crystal_ball")}, "unknown-term"),
    ({"area": Area(words="la a", confidence="sure")}, "unknown-term"),
    ({"area": Area(lat=91.0, lon=0.0, radius_m=5)}, "coordinates-impossible"),
    ({"name": "Jan\nPyè"}, "text-control"),
    ({"name": "\ud800"}, "text-surrogate"),
    ({"text": "dife\x00"}, "text-nul"),
    ({"text": "dife \udc00"}, "text-surrogate"),
    ({"text": "a" * 20_001}, "text-too-long"),
]


def test_what_cannot_be_is_refused_at_the_door(floor: Floor) -> None:
    for given, code in UNUSABLE:
        told = refused(floor, lambda tx, g=given: floor.calls.offer(tx, **({"channel": "voice"} | g)))
        assert told.code == code, given
    assert ring(floor).number == 1


LETTERS = [
    "Dife 🔥👩‍🚒🇭🇹 vit vit!",
    "النار في السوق \u202eabc",
    "e\u0301 ò ñ \u200b\ufeff",
    "\tde\r\nliy\n",
    "ò" * 10_000,
    "🔥" * 20_000,
    "\uffff\U0010ffff",
    "'; DROP TABLE call; --",
    "%s :id {x}",
]


def test_words_are_kept_to_the_letter(floor: Floor) -> None:
    for said in LETTERS:
        call = floor.do(lambda tx, s=said: floor.calls.text(tx, channel="sms", text=s))
        assert get(floor, call).words == said
        floor.do(lambda tx, s=said, key=call.id: floor.calls.add_words(tx, key, s, lang="fr"))
        pieces = floor.look(lambda reader, key=call.id: floor.calls.pieces(reader, MARIE, key))
        assert [piece.words for piece in pieces] == [said, said]


def test_a_text_waits_and_is_then_a_call_like_any_other(floor: Floor) -> None:
    text = floor.do(lambda tx: floor.calls.text(tx, channel="web", text=SAID, number=NUMBER, lang="ht"))
    assert (text.channel, text.state, text.words) == ("web", "offered", SAID)
    assert refused(floor, lambda tx: floor.calls.abandon(tx, text.id)).code == "text-waits"
    floor.do(lambda tx: floor.calls.answer(tx, text.id))
    assert floor.do(lambda tx: floor.calls.end(tx, text.id)).state == "ended"


def test_a_text_has_words_and_a_channel_for_words(floor: Floor) -> None:
    assert refused(floor, lambda tx: floor.calls.text(tx, channel="sms", text=" ")).code == "text-empty"
    assert (
        refused(floor, lambda tx: floor.calls.text(tx, channel="voice", text="a")).code == "channel-not-text"
    )


def test_an_imported_call_keeps_the_time_at_which_it_rang(floor: Floor) -> None:
    before = floor.clock.now() - 3 * DAY
    assert ring(floor, offered_at=before).offered_at == before
    assert floor.look(lambda r: r.row("SELECT at, recorded_at FROM journal WHERE kind = 'call.offered'")) == (
        before,
        floor.clock.now(),
    )
    ahead = floor.clock.now() + 90 * SECOND
    assert ring(floor, offered_at=ahead).offered_at == floor.clock.now()
    far = floor.clock.now() + 121 * SECOND
    assert (
        refused(floor, lambda tx: floor.calls.offer(tx, channel="voice", offered_at=far)).code
        == "offered-ahead"
    )


# -- on the line -----------------------------------------------------------------------


def test_one_person_answers_and_the_second_is_told_who(floor: Floor) -> None:
    call = ring(floor)
    floor.clock.advance(8)
    taken = floor.do(lambda tx: floor.calls.answer(tx, call.id))
    assert (taken.state, taken.answered_at) == ("answered", floor.clock.now())
    assert taken.taken_by is not None
    assert (taken.taken_by.id, taken.taken_by.name) == (MARIE.id, MARIE.name)
    late = refused(floor, lambda tx: floor.calls.answer(tx, call.id), by=PIERRE)
    assert (late.code, late.args_by_name["by"]) == ("call-taken", MARIE.name)
    assert get(floor, call) == taken


def test_a_second_tap_is_no_second_entry(floor: Floor) -> None:
    call = ring(floor)
    taken = floor.do(lambda tx: floor.calls.answer(tx, call.id))
    floor.clock.advance(3)
    assert floor.do(lambda tx: floor.calls.answer(tx, call.id)) == taken
    assert floor.kinds(f"call/{call.id}") == ["call.offered", "call.answered"]


def test_a_call_ends_once_and_only_after_it_was_answered(floor: Floor) -> None:
    call = ring(floor)
    assert refused(floor, lambda tx: floor.calls.end(tx, call.id)).code == "call-not-answered"
    floor.do(lambda tx: floor.calls.answer(tx, call.id))
    assert refused(floor, lambda tx: floor.calls.abandon(tx, call.id)).code == "call-not-ringing"
    assert floor.do(lambda tx: floor.calls.end(tx, call.id)).ended_at == floor.clock.now()
    assert refused(floor, lambda tx: floor.calls.end(tx, call.id)).code == "call-not-answered"
    assert refused(floor, lambda tx: floor.calls.answer(tx, call.id)).code == "call-over"


def test_a_call_that_is_not_there_is_not_found(floor: Floor) -> None:
    calls = floor.calls
    for work in (
        lambda tx: calls.answer(tx, NOWHERE),
        lambda tx: calls.abandon(tx, NOWHERE),
        lambda tx: calls.end(tx, NOWHERE),
        lambda tx: calls.locate(tx, NOWHERE, BEHIND),
        lambda tx: calls.set_language(tx, NOWHERE, "fr"),
        lambda tx: calls.add_words(tx, NOWHERE, "a"),
        lambda tx: calls.join(tx, NOWHERE, NOWHERE),
        lambda tx: calls.unjoin(tx, NOWHERE),
        lambda tx: calls.callback(tx, NOWHERE, "reached"),
        lambda tx: calls.promise(tx, kind="news", call_id=NOWHERE),
    ):
        assert refused(floor, work).code == "call-none"
    with pytest.raises(NotFound, match="call-none"):
        floor.look(lambda reader: calls.get(reader, MARIE, NOWHERE))
    with pytest.raises(NotFound, match="call-none"):
        floor.look(lambda reader: calls.log(reader, MARIE, NOWHERE, before=2**62, limit=1))


# -- missed calls ----------------------------------------------------------------------


def test_a_missed_call_is_owed_until_somebody_gets_through(floor: Floor) -> None:
    call = ring(floor)
    floor.clock.advance(30)
    missed = floor.do(lambda tx: floor.calls.abandon(tx, call.id))
    assert missed.callback is not None
    assert missed.callback.due_at == floor.clock.now() + 600 * SECOND
    assert owed(floor) == [call.id]
    assert refused(floor, lambda tx: floor.calls.callback(tx, call.id, "perhaps")).code == "unknown-term"  # pyright: ignore[reportArgumentType]
    for attempt in (1, 2):
        tried = floor.do(lambda tx: floor.calls.callback(tx, call.id, "no_answer"))
        assert tried.callback is not None
        assert (tried.callback.attempts, tried.owed) == (attempt, True)
    done = floor.do(lambda tx: floor.calls.callback(tx, call.id, "reached"))
    assert done.callback is not None
    assert (done.callback.attempts, done.callback.settled_at) == (3, floor.clock.now())
    assert owed(floor) == []
    assert refused(floor, lambda tx: floor.calls.callback(tx, call.id, "reached")).code == "callback-settled"


def owed(floor: Floor) -> list[str]:
    found = floor.look(lambda reader: floor.calls.page(reader, MARIE, state="owed", before=2**62, limit=200))
    return [call.id for call in found]


def test_a_missed_call_without_a_number_owes_nothing(floor: Floor) -> None:
    call = ring(floor, number=None)
    assert floor.do(lambda tx: floor.calls.abandon(tx, call.id)).callback is None
    assert owed(floor) == []
    assert refused(floor, lambda tx: floor.calls.callback(tx, call.id, "reached")).code == "callback-none"


# -- what is known of it ---------------------------------------------------------------


def test_two_people_who_edit_at_once_lose_nothing(floor: Floor) -> None:
    call = ring(floor, lang="fr")
    held = call.seq
    # Marie sets the place, Pierre the language, both from the row they saw: both stand.
    floor.do(lambda tx: floor.calls.locate(tx, call.id, BEHIND, held=held))
    floor.do(lambda tx: floor.calls.set_language(tx, call.id, "ht", held=held), by=PIERRE)
    both = get(floor, call)
    assert (both.area, both.lang) == (BEHIND, "ht")
    # Pierre also sets the place from the old row: he is told what stands there now.
    told = refused(
        floor, lambda tx: floor.calls.locate(tx, call.id, Area(words="lòt kote"), held=held), by=PIERRE
    )
    assert isinstance(told, Conflict)
    assert (told.code, told.args_by_name["now"]) == ("edited-meanwhile", HEARD)
    assert get(floor, call) == both
    moved = floor.do(
        lambda tx: floor.calls.locate(tx, call.id, Area(words="lòt kote"), held=both.seq), by=PIERRE
    )
    assert moved.area == Area(words="lòt kote")
    late = refused(floor, lambda tx: floor.calls.set_language(tx, call.id, "es", held=held))
    assert late.code == "edited-meanwhile"


def test_words_are_added_and_never_replaced(floor: Floor) -> None:
    call = ring(floor, text=SAID, lang="ht")
    floor.clock.advance(60)
    floor.do(lambda tx: floor.calls.add_words(tx, call.id, "Un camion s’est renversé", lang="fr"), by=PIERRE)
    assert get(floor, call).words == SAID
    pieces = floor.look(lambda reader: floor.calls.pieces(reader, MARIE, call.id))
    assert [(piece.words, piece.lang, piece.by.name) for piece in pieces] == [
        (SAID, "ht", MARIE.name),
        ("Un camion s’est renversé", "fr", PIERRE.name),
    ]
    assert (
        refused(floor, lambda tx: floor.calls.add_words(tx, call.id, "a", lang="xx")).code == "unknown-term"
    )
    assert refused(floor, lambda tx: floor.calls.add_words(tx, call.id, "\n")).code == "text-empty"
    too_long = refused(floor, lambda tx: floor.calls.add_words(tx, call.id, "a" * 20_001))
    assert isinstance(too_long, TooLarge)


def test_a_silent_call_has_its_first_words_when_they_come(floor: Floor) -> None:
    call = ring(floor)
    assert get(floor, call).words is None
    assert floor.do(lambda tx: floor.calls.add_words(tx, call.id, SAID)).words == SAID


# -- incidents -------------------------------------------------------------------------


def test_an_incident_opened_from_a_call_has_it_and_its_clocks(floor: Floor) -> None:
    call = ring(floor)
    floor.clock.advance(6)
    floor.do(lambda tx: floor.calls.answer(tx, call.id))
    floor.clock.advance(20)
    incident = floor.do(lambda tx: floor.incidents.open(tx, call_id=call.id, type="road_accident"))
    assert get(floor, call).incident_id == incident.id
    assert incident.calls == 1
    assert incident.clocks["ring"].at == call.offered_at
    assert incident.clocks["answer"].at == call.offered_at + 6 * SECOND
    assert floor.kinds(f"call/{call.id}")[-1] == "call.joined"


def test_a_call_that_has_an_incident_opens_no_second_one(floor: Floor) -> None:
    call = ring(floor)
    incident = floor.do(lambda tx: floor.incidents.open(tx, call_id=call.id))
    again = refused(floor, lambda tx: floor.incidents.open(tx, call_id=call.id))
    assert (again.code, again.args_by_name["incident_id"]) == ("call-joined", incident.id)
    assert refused(floor, lambda tx: floor.incidents.open(tx, call_id=NOWHERE)).code == "call-none"
    count = floor.look(lambda reader: reader.row("SELECT COUNT(*) FROM incident"))
    assert count == (1,)


def test_a_call_is_joined_and_unjoined_by_hand(floor: Floor) -> None:
    first, second = (floor.do(floor.incidents.open) for _ in range(2))
    call = ring(floor)
    assert refused(floor, lambda tx: floor.calls.unjoin(tx, call.id)).code == "call-not-joined"
    assert refused(floor, lambda tx: floor.calls.join(tx, call.id, NOWHERE)).code == "incident-none"
    assert floor.do(lambda tx: floor.calls.join(tx, call.id, first.id)).incident_id == first.id
    assert refused(floor, lambda tx: floor.calls.join(tx, call.id, second.id)).code == "call-joined"
    assert floor.do(lambda tx: floor.calls.unjoin(tx, call.id)).incident_id is None
    floor.do(lambda tx: floor.calls.join(tx, call.id, second.id))
    counts = [
        floor.look(lambda reader, i=incident: floor.incidents.get(reader, MARIE, i.id)).calls
        for incident in (first, second)
    ]
    assert counts == [0, 1]
    about = floor.look(
        lambda reader: floor.calls.page(reader, MARIE, incident_id=second.id, before=2**62, limit=9)
    )
    assert [one.id for one in about] == [call.id]


# -- sealed ----------------------------------------------------------------------------


def test_a_number_is_opened_for_a_purpose_and_the_reading_is_an_entry(floor: Floor) -> None:
    call = ring(floor, name=NAME)
    opened = floor.do(lambda tx: floor.calls.reveal(tx, call.id, "number"), purpose="call_back")
    assert opened == "+" + DIGITS
    assert floor.do(lambda tx: floor.calls.reveal(tx, call.id, "name"), purpose="life_at_risk") == NAME
    read = [(actor, why) for _, kind, actor, why, _ in floor.entries() if kind == "sealed.read"]
    assert read == [(MARIE.id, "call_back"), (MARIE.id, "life_at_risk")]


def test_without_a_purpose_or_a_value_nothing_is_opened(floor: Floor) -> None:
    call = ring(floor)
    for field, purpose, code in (
        ("number", "", "purpose-missing"),
        ("number", "curiosity", "unknown-term"),
        ("number", "call_back\ncall_back", "unknown-term"),
        ("name", "call_back", "sealed-none"),
        ("words", "call_back", "field-not-sealed"),
    ):
        told = refused(floor, lambda tx, f=field: floor.calls.reveal(tx, call.id, f), purpose=purpose)
        assert told.code == code


def test_nothing_personal_ever_stands_in_the_journal_or_in_the_rows(floor: Floor) -> None:
    call = ring(floor, name=NAME, lang="ht", area=BEHIND, text=SAID)
    calls, promised, translated = floor.calls, "m ap voye yon anbilans ba ou", "Un camion derrière le marché"
    floor.do(lambda tx: calls.answer(tx, call.id))
    floor.do(lambda tx: calls.locate(tx, call.id, Area(words=HEARD + " menm")))
    floor.do(lambda tx: calls.add_words(tx, call.id, translated, lang="fr"))
    floor.do(lambda tx: calls.reveal(tx, call.id, "number"), purpose="call_back")
    floor.do(lambda tx: calls.reveal(tx, call.id, "name"), purpose="call_back")
    incident = floor.do(
        lambda tx: floor.incidents.open(tx, call_id=call.id, title="Aksidan Salomon", area=BEHIND)
    )
    floor.do(lambda tx: floor.incidents.note(tx, incident.id, f"rele {NAME}"))
    promise = floor.do(lambda tx: calls.promise(tx, kind="unit_coming", call_id=call.id, text=promised))
    floor.do(lambda tx: calls.settle(tx, promise.id, "kept", text="rive vre"))
    floor.do(lambda tx: floor.incidents.close(tx, incident.id, "resolved", text="moun yo sove"))
    secrets = [
        DIGITS,
        "34560142",
        "0142",
        NAME,
        "Wideline",
        "Salomon",
        translated,
        promised,
        "rive vre",
        "sove",
    ]
    columns = ["call", "call_words", "promise"]
    everything = [" ".join(entry) for entry in floor.entries()]
    assert len(everything) > 12
    for table in columns:
        rows = floor.look(lambda reader, t=table: reader.rows(f"SELECT * FROM {t}"))
        assert rows
        everything += [" ".join(str(value) for value in row if value != "+509 ·· ·· 01 42") for row in rows]
    # Four digits stand by chance in an id, a commitment or an instant.
    told = [CHANCE.sub("", text) for text in everything]
    for secret in secrets:
        assert not [text for text in (told if secret == "0142" else everything) if secret in text], secret


def erase_field(floor: Floor, subject: str, field: str) -> None:
    found = floor.look(
        lambda reader: reader.rows(
            "SELECT id FROM sealed WHERE subject = :subject AND field = :field", subject=subject, field=field
        )
    )
    assert found
    for (sealed_id,) in found:
        floor.do(lambda tx, key=sealed_id: erase(tx, key, "data_subject_request"))


def test_what_is_erased_vanishes_from_the_row(floor: Floor) -> None:
    call = ring(floor, name=NAME, area=BEHIND, text=SAID)
    about = f"call/{call.id}"
    erase_field(floor, about, "words")
    gone = get(floor, call)
    assert (gone.words, gone.line, gone.seq) == (None, "+509 ·· ·· 01 42", floor.head)
    assert [p.words for p in floor.look(lambda r: floor.calls.pieces(r, MARIE, call.id))] == [None]
    erase_field(floor, about, "place")
    gone = get(floor, call)
    assert gone.area is not None
    assert (gone.area.words, gone.area.lat, gone.seq) == ("", 18.54, floor.head)
    erase_field(floor, about, "number")
    assert (get(floor, call).line, get(floor, call).seq) == (None, floor.head)
    told = refused(floor, lambda tx: floor.calls.reveal(tx, call.id, "number"), purpose="audit")
    assert told.code == "sealed-erased"
    erase_field(floor, about, "name")
    assert "Wideline" not in str(floor.look(lambda reader: reader.rows("SELECT * FROM sealed")))


def test_retention_erases_numbers_after_180_days_and_words_after_730(floor: Floor) -> None:
    call = ring(floor, name=NAME, text=SAID)
    promise = floor.do(lambda tx: floor.calls.promise(tx, kind="news", call_id=call.id, text="n ap rele w"))
    floor.clock.advance(179 * 86_400)
    assert floor.erase_all_due() == 0
    floor.clock.advance(86_400)
    assert floor.erase_all_due() == 2
    assert (get(floor, call).line, get(floor, call).words) == (None, SAID)
    floor.clock.advance(550 * 86_400)
    assert floor.erase_all_due() == 2
    assert get(floor, call).words is None
    found = promises(floor)
    assert [(one.id, one.words, one.seq > promise.seq) for one in found] == [(promise.id, None, True)]
    assert floor.erase_all_due() == 0


def test_an_edit_after_an_erasure_does_not_bring_anything_back(floor: Floor) -> None:
    call = ring(floor, area=BEHIND, text=SAID)
    for field in ("words", "place", "number"):
        erase_field(floor, f"call/{call.id}", field)
    floor.do(lambda tx: floor.calls.answer(tx, call.id))
    floor.do(lambda tx: floor.calls.set_language(tx, call.id, "fr"))
    after = get(floor, call)
    assert (after.words, after.line) == (None, None)
    assert after.area is not None
    assert after.area.words == ""


# -- promises --------------------------------------------------------------------------


def promises(floor: Floor, **asked) -> list[Promise]:
    return floor.look(
        lambda reader: floor.calls.promises(reader, MARIE, **({"before": 2**62, "limit": 200} | asked))
    )


def test_a_promise_to_a_caller_is_one_about_the_incident_too(floor: Floor) -> None:
    call = ring(floor)
    incident = floor.do(lambda tx: floor.incidents.open(tx, call_id=call.id))
    promise = floor.do(
        lambda tx: floor.calls.promise(tx, kind="unit_coming", call_id=call.id, text="yo nan wout")
    )
    assert (promise.call_id, promise.incident_id) == (call.id, incident.id)
    assert promise.due_at == floor.clock.now() + 720 * SECOND
    assert (promise.owner.id, promise.owner.name, promise.words) == (MARIE.id, MARIE.name, "yo nan wout")
    log = floor.look(lambda r: floor.incidents.log(r, MARIE, incident.id, before=2**62, limit=50))
    assert ("promise.made", "yo nan wout") in [(line.kind, line.words.get("words")) for line in log]


def test_a_promise_is_settled_once(floor: Floor) -> None:
    incident = floor.do(floor.incidents.open)
    promise = floor.do(lambda tx: floor.calls.promise(tx, kind="news", incident_id=incident.id, due_in_s=60))
    floor.clock.advance(61)
    assert refused(floor, lambda tx: floor.calls.settle(tx, promise.id, "forgotten")).code == "unknown-term"  # pyright: ignore[reportArgumentType]
    broken = floor.do(lambda tx: floor.calls.settle(tx, promise.id, "broken", text="liy lan koupe"))
    assert (broken.outcome, broken.settled_at) == ("broken", floor.clock.now())
    again = refused(floor, lambda tx: floor.calls.settle(tx, promise.id, "kept"))
    assert (again.code, again.args_by_name["outcome"]) == ("promise-settled", "broken")
    assert promises(floor) == [broken]
    assert promises(floor, unsettled=True) == []
    assert refused(floor, lambda tx: floor.calls.settle(tx, NOWHERE, "kept")).code == "promise-none"


UNKEEPABLE = [
    ({"kind": "a_gift"}, "unknown-term"),
    ({"due_in_s": 0}, "due-impossible"),
    ({"due_in_s": 604_801}, "due-impossible"),
    ({"due_in_s": 60, "due_at": 1}, "due-twice"),
    ({"due_at": 1}, "due-impossible"),
    ({"text": "a" * 2_001}, "text-too-long"),
    ({"text": "\x00"}, "text-nul"),
    ({"owner": "Jan\nPyè"}, "text-control"),
    ({"incident_id": NOWHERE}, "incident-none"),
    ({"call_id": None}, "promise-to-nobody"),
]


def test_a_promise_that_cannot_be_kept_track_of_is_refused(floor: Floor) -> None:
    call = ring(floor)
    usual = {"kind": "news", "call_id": call.id}
    for given, code in UNKEEPABLE:
        assert refused(floor, lambda tx, g=given: floor.calls.promise(tx, **(usual | g))).code == code
    assert promises(floor) == []
    floor.do(lambda tx: floor.calls.promise(tx, **usual))
    assert len(promises(floor)) == 1


def test_a_promise_may_be_owned_by_somebody_else(floor: Floor) -> None:
    call = ring(floor)
    promise = floor.do(lambda tx: floor.calls.promise(tx, kind="visit", call_id=call.id, owner="pierre"))
    assert promise.owner.id == "pierre"


# -- lists and logs --------------------------------------------------------------------


def test_lists_are_walked_page_by_page_and_miss_nothing(floor: Floor) -> None:
    made = [ring(floor) for _ in range(5)]
    for call in made[:2]:
        floor.do(lambda tx, key=call.id: floor.calls.answer(tx, key))

    def walk(**asked) -> list[int]:
        seen: list[int] = []
        before = 2**62
        while page := floor.look(lambda r, b=before: floor.calls.page(r, MARIE, before=b, limit=2, **asked)):
            seen += [call.number for call in page]
            before = page[-1].number
        return seen

    assert walk() == [5, 4, 3, 2, 1]
    assert walk(state="answered") == [2, 1]
    assert walk(state="offered") == [5, 4, 3]
    assert walk(state="owed") == []
    incident = floor.do(lambda tx: floor.incidents.open(tx, call_id=made[0].id))
    floor.do(lambda tx: floor.calls.join(tx, made[3].id, incident.id))
    assert walk(incident_id=incident.id) == [4, 1]
    assert walk(incident_id=incident.id, state="offered") == [4]
    assert walk(incident_id=incident.id, state="owed") == []
    for number in range(3):
        floor.do(lambda tx, key=made[number].id: floor.calls.promise(tx, kind="news", call_id=key))
    assert [p.call_id for p in promises(floor)] == [made[2].id, made[1].id, made[0].id]
    assert [p.call_id for p in promises(floor, limit=1)] == [made[2].id]
    assert [p.call_id for p in promises(floor, incident_id=incident.id)] == [made[0].id]
    assert [p.call_id for p in promises(floor, call_id=made[1].id, unsettled=True)] == [made[1].id]
    assert promises(floor, call_id=made[1].id, incident_id=incident.id) == []


def test_a_log_tells_the_calls_own_story_with_its_words(floor: Floor) -> None:
    call = ring(floor, text=SAID, area=BEHIND, name=NAME)
    ring(floor)
    floor.do(lambda tx: floor.calls.answer(tx, call.id))
    floor.do(lambda tx: floor.calls.end(tx, call.id))
    log = floor.look(lambda reader: floor.calls.log(reader, MARIE, call.id, before=2**62, limit=50))
    assert [line.kind for line in log] == ["call.ended", "call.answered", "call.offered"]
    assert log[-1].words == {"words": SAID, "place": HEARD, "line": None, "name": None}
    assert log[-1].body["channel"] == "voice"
    rest = floor.look(lambda reader: floor.calls.log(reader, MARIE, call.id, before=log[0].seq, limit=1))
    assert [line.kind for line in rest] == ["call.answered"]


# -- who may ---------------------------------------------------------------------------


def test_the_floor_takes_calls_and_others_do_not(guarded: Floor) -> None:
    for role in ("call_taker", "dispatcher", "commander"):
        actor = ACTORS[role]
        call = guarded.do(lambda tx: guarded.calls.offer(tx, channel="voice", number=NUMBER), by=actor)
        guarded.do(lambda tx, key=call.id: guarded.calls.answer(tx, key), by=actor)
        value = guarded.do(
            lambda tx, key=call.id: guarded.calls.reveal(tx, key, "number"), by=actor, purpose="call_back"
        )
        assert value == "+" + DIGITS
    for role in ("field_unit", "analyst", "auditor", "administrator"):
        actor = ACTORS[role]
        for work in (
            lambda tx: guarded.calls.offer(tx, channel="voice"),
            lambda tx: guarded.calls.text(tx, channel="sms", text="a"),
            lambda tx: guarded.calls.answer(tx, call.id),
            lambda tx: guarded.calls.abandon(tx, call.id),
            lambda tx: guarded.calls.end(tx, call.id),
            lambda tx: guarded.calls.locate(tx, call.id, BEHIND),
            lambda tx: guarded.calls.set_language(tx, call.id, "fr"),
            lambda tx: guarded.calls.add_words(tx, call.id, "a"),
            lambda tx: guarded.calls.join(tx, call.id, NOWHERE),
            lambda tx: guarded.calls.unjoin(tx, call.id),
            lambda tx: guarded.calls.callback(tx, call.id, "reached"),
            lambda tx: guarded.calls.reveal(tx, call.id, "number"),
            lambda tx: guarded.calls.promise(tx, kind="news", call_id=call.id),
            lambda tx: guarded.calls.settle(tx, NOWHERE, "kept"),
        ):
            assert isinstance(refused(guarded, work, by=actor, purpose="call_back"), Forbidden)


def test_an_auditor_sees_that_there_was_a_call_and_not_what_was_said(guarded: Floor) -> None:
    call = guarded.do(lambda tx: guarded.calls.offer(tx, channel="voice", number=NUMBER, text=SAID))
    auditor, calls = ACTORS["auditor"], guarded.calls
    assert guarded.look(lambda reader: calls.get(reader, auditor, call.id)).id == call.id
    pieces = guarded.look(lambda reader: calls.pieces(reader, auditor, call.id))
    assert [piece.words for piece in pieces] == [None]
    log = guarded.look(lambda reader: calls.log(reader, auditor, call.id, before=2**62, limit=5))
    assert SAID not in msgspec.json.encode(log).decode()
    analyst = ACTORS["analyst"]
    with pytest.raises(NotFound, match="call-none"):
        guarded.look(lambda reader: calls.get(reader, analyst, call.id))
    with pytest.raises(Forbidden):
        guarded.look(lambda reader: calls.page(reader, analyst, before=2**62, limit=5))
    with pytest.raises(Forbidden):
        guarded.look(lambda reader: calls.promises(reader, analyst, before=2**62, limit=5))
