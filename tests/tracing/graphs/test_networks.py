"""Networks that a search finds among all recoveries, why each stands, and what would break it."""

import pytest

from lanbi.core.errors import Forbidden, NotFound
from lanbi.tracing.graphs.found import Networks
from stores import ACTORS
from tracing.graphs.test_workspace import Case, gun
from tracing.room import ANALYST, CHIEF, Room


def networks(room: Room) -> Networks:
    return Networks(room.tracing, room.store, room.clock)


def test_a_search_finds_what_belongs_together_and_says_why(room: Room) -> None:
    case = Case(room)
    _, (apart,) = room.seized(gun("SYN999999"))
    _, (third,) = room.seized(gun("SYN111111"))
    room.make(
        "acquisition",
        {"firearm": third.id, "seller": case.dealer.id, "buyer": case.buyer.id, "date": "2026-03-11"},
    )
    search = networks(room)
    assert room.look(lambda reader: search.row(reader, ANALYST)).at is None
    found = search.search(ANALYST)
    assert (found.firearms, len(found.networks), found.stale) == (5, 1, False)
    (network,) = found.networks
    assert network.id == "N-1"
    assert search.network_of(case.one.id) == search.network_of(third.id) == "N-1"
    assert search.network_of(apart.id) is None
    why = room.look(lambda reader: search.why(reader, ANALYST, "N-1"))
    assert {key for key, _ in why.firearms} >= {case.one.id, case.two.id, third.id}
    assert any(tie.reason == "purchaser" and tie.about == case.buyer.ref for tie in why.strongest)
    room.state(case.one, {"finish": "nwa"})
    assert room.look(lambda reader: search.row(reader, ANALYST)).stale


def test_what_was_not_found_is_not_there(small: Room) -> None:
    search = networks(small)
    assert search.search(CHIEF).networks == []
    for name in ("N-1", "N-0", "x", "N-99999999999999"):
        with pytest.raises(NotFound, match="tracing-network-none"):
            small.look(lambda reader, name=name: search.why(reader, ANALYST, name))
    with pytest.raises(Forbidden):
        search.search(ACTORS["dispatcher"])
