"""How long firearms took from sale to recovery, with every denominator and nothing dropped in silence."""

import pytest

from lanbi.core.errors import Forbidden
from lanbi.tracing.figures.timing import TimeToCrimeRow, time_to_crime
from stores import ACTORS
from tracing.room import ANALYST, GLOCK, Room


def sold(room: Room, count: int, *, on: str, calibre: str = "9mm", seller: str | None = None) -> None:
    for number in range(count):
        firearm = {**GLOCK, "calibre": calibre, "serial": f"SYN{on[:4]}{number:03}"}
        _, (made,) = room.seized(firearm, date="2026-07-10")
        sale = {"firearm": made.id, "date": on, **({} if seller is None else {"seller": seller})}
        room.make("acquisition", sale)


def curves(room: Room, by: str = "none") -> TimeToCrimeRow:
    return room.look(
        lambda reader: time_to_crime(room.tracing, room.clock, reader, ANALYST, by)  # pyright: ignore
    )


def test_denominators_are_printed_and_nobody_is_dropped(room: Room) -> None:
    sold(room, 6, on="2026-06-10")
    sold(room, 6, on="2021-07-10")
    sold(room, 2, on="2027-01-01")  # after the recovery: cannot be
    sold(room, 1, on="2024")  # known to the year only: censored, since the first sale was then or before
    room.seized(GLOCK, GLOCK)
    found = curves(room)
    whole = found.whole
    assert (whole.n, whole.events, whole.censored) == (13, 12, 1)
    assert whole.excluded == {"sale_unknown": 2, "sold_after_as_of": 2}
    assert len(found.impossible) == 2
    assert whole.within_1_year is not None
    assert whole.within_1_year.low < whole.within_1_year.value < whole.within_1_year.high
    assert whole.recovered == sorted(whole.recovered)


def test_a_small_group_shows_nothing(room: Room) -> None:
    sold(room, 11, on="2026-01-10")
    sold(room, 9, on="2025-01-10", calibre=".40 S&W")
    found = curves(room, "calibre")
    assert [(group.group, group.n) for group in found.groups] == [("9X19", 11)]
    assert found.whole.n == 20


def test_groups_are_compared_by_dealer_and_origin(room: Room) -> None:
    dealers = [
        room.make("dealer", {"name": f"Synthetic {n}", "country": c}) for n, c in ((1, "US"), (2, "BR"))
    ]
    sold(room, 10, on="2026-06-10", seller=dealers[0].id)
    sold(room, 10, on="2019-06-10", seller=dealers[1].id)
    by_dealer, by_origin = curves(room, "dealer"), curves(room, "origin")
    assert {group.group for group in by_dealer.groups} == {dealer.ref for dealer in dealers}
    assert {group.group for group in by_origin.groups} == {"US", "BR"}
    assert by_origin.p is not None
    assert by_origin.p < 0.001


def test_auditors_may_read_figures_and_the_floor_may_not(small: Room) -> None:
    small.look(lambda reader: time_to_crime(small.tracing, small.clock, reader, ACTORS["auditor"], "none"))
    with pytest.raises(Forbidden):
        small.look(
            lambda reader: time_to_crime(small.tracing, small.clock, reader, ACTORS["call_taker"], "none")
        )
