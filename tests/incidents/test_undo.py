"""What somebody has just changed of an incident is taken back: on the record, by them, at once."""

import pytest

from incidents.test_service import HERE, NOWHERE, get, opened, refused
from lanbi.core.errors import LanbiError
from lanbi.core.geo import Area
from lanbi.core.time import SECOND
from lanbi.incidents.api import live
from lanbi.record.undo import UNDO_GRACE, UNDO_WITHIN
from stores import ACTORS, MARIE, PIERRE, VOCABULARY, Floor, Screen

THERE = Area(lat=18.6, lon=-72.3, radius_m=90, source="map", confidence="exact", words="bò mache a")
TOO_LATE_S = (UNDO_WITHIN + UNDO_GRACE) / SECOND + 1


def undo(floor: Floor, incident, *what, by=MARIE):
    return floor.do(lambda tx: floor.incidents.undo(tx, incident.id, what), by=by)


def change(floor: Floor, incident, what: str):
    incidents = floor.incidents
    return {
        "type": lambda tx: incidents.classify(tx, incident.id, "flood"),
        "priority": lambda tx: incidents.prioritise(tx, incident.id, "P4"),
        "title": lambda tx: incidents.retitle(tx, incident.id, "Dlo nan kay la"),
        "area": lambda tx: incidents.relocate(tx, incident.id, THERE),
    }[what]


@pytest.mark.parametrize("what", ["type", "priority", "title", "area"])
def test_what_stood_before_stands_again(floor: Floor, what: str) -> None:
    incident = opened(floor, type="house_fire", title="Dife", area=HERE)
    assert floor.do(change(floor, incident, what)) != incident
    floor.clock.advance(9)
    back = undo(floor, incident, what)
    shown = ("type", "priority", "title", "area", "clocks", "state")
    assert [getattr(back, name) for name in shown] == [getattr(incident, name) for name in shown]
    assert "incident.undone" in floor.kinds(f"incident/{incident.id}")
    assert not any("bò mache" in body or "Dlo nan" in body for *_, body in floor.entries())


@pytest.mark.parametrize("what", ["type", "title", "area"])
def test_where_nothing_stood_nothing_stands_again_and_no_clock_either(floor: Floor, what: str) -> None:
    incident = opened(floor)
    floor.do(change(floor, incident, what))
    assert undo(floor, incident, what).clocks == incident.clocks
    again = get(floor, incident)
    assert (again.type, again.title, again.area) == (None, "", None)
    # Set once more and taken back once more: still nothing.
    floor.do(change(floor, incident, what))
    undo(floor, incident, what)
    assert getattr(get(floor, incident), what) == getattr(incident, what)


def test_a_type_that_brought_its_priority_takes_it_along(floor: Floor) -> None:
    incident = opened(floor)
    floor.do(change(floor, incident, "type"))
    assert get(floor, incident).priority == VOCABULARY.term("incident_types", "flood").priority
    back = undo(floor, incident, "type", "priority")
    assert (back.type, back.priority) == (None, None)


def test_an_earlier_title_and_place_come_back_not_the_first(floor: Floor) -> None:
    incident = opened(floor, title="Dife", area=HERE)
    floor.do(change(floor, incident, "title"))
    floor.do(change(floor, incident, "area"))
    floor.do(lambda tx: floor.incidents.retitle(tx, incident.id, "Twazyèm"))
    floor.do(lambda tx: floor.incidents.relocate(tx, incident.id, HERE))
    back = undo(floor, incident, "title", "area")
    assert (back.title, back.area) == ("Dlo nan kay la", THERE)


def test_only_who_did_it_only_at_once_only_what_stands(floor: Floor) -> None:
    incident = opened(floor, type="house_fire", title="Dife", area=HERE)
    work = lambda tx: floor.incidents.undo(tx, incident.id, ["priority"])  # noqa: E731
    assert refused(floor, work).code == "undo-nothing"
    floor.do(change(floor, incident, "priority"))
    assert refused(floor, work, by=PIERRE).code == "undo-not-yours"
    floor.clock.advance(TOO_LATE_S)
    assert refused(floor, work).code == "undo-late"
    floor.do(change(floor, incident, "priority"))
    assert undo(floor, incident, "priority").priority == "P4", "what stood just before"
    floor.do(lambda tx: floor.incidents.close(tx, incident.id, "resolved"))
    assert refused(floor, work).code == "incident-closed"


def test_what_was_opened_by_mistake_is_closed_as_that_and_its_call_is_free(floor: Floor) -> None:
    call = floor.do(lambda tx: floor.calls.offer(tx, channel="voice"))
    incident = opened(floor, call_id=call.id, type="house_fire")
    assert floor.look(lambda reader: floor.calls.get(reader, MARIE, call.id)).incident_id == incident.id
    back = floor.do(lambda tx: floor.incidents.undo_open(tx, incident.id))
    assert (back.state, back.disposition, back.calls) == ("closed", "opened_by_mistake", 0)
    assert floor.look(lambda reader: floor.calls.get(reader, MARIE, call.id)).incident_id is None
    assert opened(floor, call_id=call.id).number == incident.number + 1
    assert floor.kinds(f"incident/{incident.id}")[-2:] == ["incident.undone", "incident.closed"]


def test_what_others_have_joined_since_is_not_closed_over_their_heads(floor: Floor) -> None:
    incident = opened(floor)
    work = lambda tx: floor.incidents.undo_open(tx, incident.id)  # noqa: E731
    assert refused(floor, work, by=PIERRE).code == "undo-not-yours"
    call = floor.do(lambda tx: floor.calls.offer(tx, channel="voice"))
    floor.do(lambda tx: floor.calls.join(tx, call.id, incident.id))
    assert refused(floor, work).code == "undo-overtaken"
    floor.do(lambda tx: floor.calls.unjoin(tx, call.id))
    floor.clock.advance(TOO_LATE_S)
    assert refused(floor, work).code == "undo-late"


def test_a_call_taker_may_take_back_an_opening_though_not_close(guarded: Floor) -> None:
    incident = opened(guarded)
    assert refused(guarded, lambda tx: guarded.incidents.close(tx, incident.id, "hoax")).code == "not-allowed"
    assert guarded.do(lambda tx: guarded.incidents.undo_open(tx, incident.id)).state == "closed"
    with pytest.raises(LanbiError) as caught:
        undo(guarded, incident, "type", by=ACTORS["analyst"])
    assert caught.value.code == "not-allowed"


def test_a_note_is_withdrawn_and_stays(floor: Floor) -> None:
    incident = opened(floor)
    note = floor.do(lambda tx: floor.incidents.note(tx, incident.id, "move ensidan"))
    withdraw = lambda tx: floor.incidents.withdraw_note(tx, incident.id, note.seq)  # noqa: E731
    assert refused(floor, withdraw, by=PIERRE).code == "undo-not-yours"
    assert refused(floor, lambda tx: floor.incidents.withdraw_note(tx, incident.id, 1)).code == "note-none"
    assert (
        refused(floor, lambda tx: floor.incidents.withdraw_note(tx, NOWHERE, note.seq)).code
        == "incident-none"
    )
    held = floor.do(withdraw)
    assert held.seq == note.seq + 1
    log = floor.look(lambda reader: floor.incidents.log(reader, MARIE, incident.id, before=2**62, limit=9))
    assert [(line.kind, line.body.get("note"), line.words) for line in log[:2]] == [
        ("incident.note_withdrawn", note.seq, {}),
        ("incident.noted", None, {"words": "move ensidan"}),
    ]
    assert refused(floor, withdraw).code == "note-withdrawn"
    late = floor.do(lambda tx: floor.incidents.note(tx, incident.id, "twò ta"))
    floor.clock.advance(TOO_LATE_S)
    assert (
        refused(floor, lambda tx: floor.incidents.withdraw_note(tx, incident.id, late.seq)).code
        == "undo-late"
    )


def test_screens_that_look_on_see_what_a_fresh_screen_sees(floor: Floor) -> None:
    kind = live(floor.incidents, VOCABULARY)
    screen = Screen(floor, kind)
    incident = opened(floor, type="house_fire")
    floor.do(change(floor, incident, "area"))
    screen.push()
    undo(floor, incident, "area")
    other = opened(floor)
    screen.push()
    floor.do(lambda tx: floor.incidents.undo_open(tx, other.id))
    screen.push()
    assert screen.picture == Screen(floor, kind).picture
