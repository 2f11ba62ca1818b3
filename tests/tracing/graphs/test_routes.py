"""The likeliest ways to a seizure: as probabilities that sum to one, with what each of them contradicts."""

import json

import pytest

from lanbi.tracing.graphs.routes import RoutesRow, routes_row
from lanbi.tracing.model import Entity
from tracing.graphs.test_workspace import Case, look
from tracing.room import ANALYST, GLOCK, Room

PAP = json.dumps({"lat": 18.54, "lon": -72.34, "radius_m": 6000, "words": "Pòtoprens"})


def routes(room: Room, recovery: Entity) -> RoutesRow:
    return room.look(lambda reader: routes_row(room.tracing, reader, ANALYST, recovery.id))


def test_what_is_known_moves_the_likeliest_route(room: Room) -> None:
    bare, _ = room.seized(GLOCK, area=PAP)
    before = routes(room, bare)
    assert before.evidence == 0
    case = Case(room)
    room.state(case.first, {"area": PAP})
    after = routes(room, case.first)
    best = after.routes[0]
    assert [stop.code for stop in best.stops][-2:] == ["USMIA", "HTPAP"]
    assert best.probability > before.routes[0].probability
    assert best.supported
    for answer in (before, after):
        whole = sum(one.probability for one in answer.routes) + answer.other_routes + answer.none_of_these
        assert whole == pytest.approx(1, abs=0.01)
        assert answer.none_of_these > 0


def test_a_route_is_not_asked_for_where_nobody_says_where_it_ended(room: Room) -> None:
    recovery, _ = room.seized(GLOCK)
    assert routes(room, recovery).routes == []


def test_likely_legs_are_drawn_as_inferred_and_go_with_the_switch(room: Room) -> None:
    recovery, _ = room.seized(GLOCK, area=PAP)
    legs = look(room, recovery).legs
    assert legs
    assert {leg.evidence for leg in legs} == {"inferred"}
    assert all(leg.confidence is not None and 0 < leg.confidence <= 1 for leg in legs)
    assert look(room, recovery, inferred=False).legs == []
