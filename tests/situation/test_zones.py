"""Four silences, each constructed for real; and the ground that they lie over."""

import threading

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dispatch.yard import CHANMAS
from lanbi.core.errors import LanbiError, Malformed
from lanbi.core.geo import Area
from lanbi.core.time import DAY, HOUR, MINUTE
from lanbi.situation.zones import (
    BASELINE_HOURS_MIN,
    Facts,
    Ground,
    UnitThere,
    Zone,
    ZoneGiven,
    baseline_windows,
    judge,
    lay_out,
)
from situation.room import CENTRE, CHIEF, NORTH, POST, Room
from stores import MARIE, NIGHT, Web

CORNERS = "[[-72.35,18.53],[-72.32,18.53],[-72.32,18.56],[-72.35,18.56],[-72.35,18.53]]"
SQUARE = f'{{"type":"Polygon","coordinates":[{CORNERS}]}}'
FAR = Area(lat=18.60, lon=-72.20, radius_m=50, source="map", confidence="exact")


def unit(heard_min: float | None, callsign: str = "M21") -> UnitThere:
    return UnitThere(
        callsign=callsign, heard_at=None if heard_min is None else NIGHT - round(heard_min * MINUTE)
    )


def verdict(*units: UnitThere, events: int = 0, baseline: tuple[int, ...] = ()) -> tuple[str, Facts]:
    found = judge(units, events=events, event_at=None, baseline=baseline, now=NIGHT)
    return found.state, found.facts


# -- the rule -----------------------------------------------------------------------------


def test_nobody_there_is_no_unit_whatever_else_is_so() -> None:
    assert verdict(events=5, baseline=(9,) * 28)[0] == "no_unit"


def test_every_link_lost_is_no_link_since_the_last_word() -> None:
    found = judge([unit(41), unit(26, "P19")], events=3, event_at=None, baseline=(), now=NIGHT)
    assert (found.state, found.since) == ("no_link", NIGHT - 26 * MINUTE)
    assert found.facts.lost == ("M21", "P19")


def test_one_link_that_works_is_no_silence_but_the_lost_one_is_named() -> None:
    state, facts = verdict(unit(41), unit(2, "P19"), events=1)
    assert (state, facts.lost) == ("quiet", ("M21",))


def test_a_link_is_lost_after_fifteen_minutes_and_not_at_them() -> None:
    assert verdict(unit(15), events=1)[0] == "quiet"
    assert verdict(unit(15.1), events=1)[0] == "no_link"


def test_a_unit_that_never_had_a_link_has_none_to_lose() -> None:
    assert verdict(unit(None), events=1)[0] == "quiet"
    assert verdict(unit(None), baseline=(0,) * 28) == (
        "unknown",
        Facts(reason="no_link_to_check", units=1, baseline_hours=28, baseline_least=0, baseline_median=0),
    )


def test_nothing_where_nothing_is_usual_is_quiet() -> None:
    state, facts = verdict(unit(2), baseline=(0, 1, 0, 2) * 7)
    assert (state, facts.reason, facts.baseline_median) == ("quiet", "as_usual", 0.5)


def test_nothing_where_something_always_came_is_not_reporting() -> None:
    state, facts = verdict(unit(2), baseline=(3, 4, 7, 9) * 7)
    assert (state, facts.reason) == ("not_reporting", "never_so_few")
    assert (facts.baseline_hours, facts.baseline_least) == (28, 3)


def test_a_short_past_claims_nothing() -> None:
    state, facts = verdict(unit(2), baseline=(9,) * (BASELINE_HOURS_MIN - 1))
    assert (state, facts.reason, facts.baseline_hours) == ("unknown", "too_little_history", 18)
    assert verdict(unit(2), baseline=(9,) * BASELINE_HOURS_MIN)[0] == "not_reporting"


@given(st.lists(st.integers(0, 9), max_size=60))
def test_a_claim_is_never_made_of_an_hour_that_is_one_in_twenty(baseline: list[int]) -> None:
    state, _ = verdict(unit(2), baseline=tuple(baseline))
    # An ordinary hour, put among the others at random, is as empty as this with that chance.
    chance = (1 + baseline.count(0)) / (1 + len(baseline))
    assert (state == "not_reporting") == (chance <= 0.05)


def test_the_same_hour_of_past_days_begins_when_the_node_began() -> None:
    assert baseline_windows(NIGHT, None) == []
    windows = baseline_windows(NIGHT, NIGHT - 3 * DAY - 2 * HOUR)
    assert [(NIGHT - end) // DAY for _, end in windows] == [1, 2, 3]
    assert {end - start for start, end in windows} == {HOUR}
    assert len(baseline_windows(NIGHT, 0)) == 28


# -- the ground ---------------------------------------------------------------------------


def zone(plot_number: int, given_: ZoneGiven, rings: object) -> Zone:
    return Zone(
        id=f"z{plot_number}", name=given_.name, names={}, place_id=None, lat=0, lon=0,
        rings=rings, retired=False, state=None, since=None, facts=Facts(reason=""),
    )  # type: ignore[arg-type]  # fmt: skip


def ground_of(*givens: ZoneGiven) -> Ground:
    return Ground([zone(i, plot.given, plot.rings) for i, plot in enumerate(lay_out(givens))])


def test_a_point_belongs_to_the_zone_that_holds_it_or_to_none() -> None:
    ground = ground_of(CENTRE, NORTH)
    assert ground.at(CENTRE.lat, CENTRE.lon) == "z0"
    assert ground.at(NORTH.lat, NORTH.lon) == "z1"
    assert ground.at(FAR.lat, FAR.lon) is None
    assert ground.at(None, None) is None


def test_circles_that_meet_part_the_ground_half_way() -> None:
    near = ZoneGiven(name="b", lat=18.5434, lon=-72.3308, radius_m=1_500)
    plots = lay_out([CENTRE, near])
    first, second = (shapely.Polygon(plot.rings[0]) for plot in plots)
    assert first.intersection(second).area < 1e-9
    ground = ground_of(CENTRE, near)
    assert ground.at(18.5434, -72.3350) == "z0"
    assert ground.at(18.5434, -72.3346) == "z1"


def test_where_outlines_overlap_the_smaller_is_meant() -> None:
    ground = ground_of(ZoneGiven(name="gwo", geometry=SQUARE), CENTRE)
    assert ground.at(CENTRE.lat, CENTRE.lon) == "z1"
    assert ground.at(18.531, -72.349) == "z0"


@pytest.mark.parametrize(
    ("givens", "code"),
    [
        ([], "zones-none"),
        ([CENTRE, CENTRE], "zone-twice"),
        ([ZoneGiven(name="a")], "zone-outline"),
        ([ZoneGiven(name="a", geometry='{"type":"Point","coordinates":[-72.3,18.5]}')], "zone-outline"),
        ([ZoneGiven(name="a", geometry="{}")], "zone-outline"),
        ([ZoneGiven(name="a", lat=18.5, lon=-72.3, radius_m=1)], "zone-radius"),
        ([ZoneGiven(name="a", lat=18.5, lon=-72.3, radius_m=float("nan"))], "zone-radius"),
        ([ZoneGiven(name="a", lat=95.0, lon=-72.3, radius_m=500)], "coordinates-impossible"),
        (
            [
                ZoneGiven(
                    name="a",
                    geometry='{"type":"Polygon","coordinates":[[[-72.3,18.5],[-72.2,18.6],[-72.2,18.5],[-72.3,18.6],[-72.3,18.5]]]}',
                )
            ],
            "zone-outline",
        ),
    ],
)
def test_ground_that_cannot_be_is_refused(givens: list[ZoneGiven], code: str) -> None:
    with pytest.raises(Malformed) as refused:
        lay_out(givens)
    assert refused.value.code == code


# -- at work, on both stores ----------------------------------------------------------------


def test_a_zone_is_found_in_each_of_the_four_silences(room: Room) -> None:
    unit_there = room.commission("M21")
    room.part()
    room.heard(unit_there)
    # Twenty-eight nights on which somebody always called from Delmas at this hour, and once more before.
    room.call_from(CHANMAS)
    room.clock.advance(2 * 3_600)
    for _ in range(28):
        room.call_from(POST)
        room.clock.advance(86_400)
    room.clock.advance(20 * 60)
    tonight = room.clock.now()

    # Nobody in the centre; in Delmas the unit is heard, and nobody calls.
    room.heard(unit_there)
    zones = room.look_round()
    assert zones["Sant vil"].state == "no_unit"
    assert (zones["Dèlma"].state, zones["Dèlma"].facts.baseline_hours) == ("not_reporting", 28)
    assert zones["Dèlma"].since == tonight - DAY  # nobody called for a day, and longer is not looked for

    # A call comes: all is well, once that has stood for a minute.
    room.call_from(POST)
    assert room.settle()["Dèlma"].state == "quiet"

    # The unit is not heard any more.
    room.clock.advance(16 * 60)
    found = room.settle()["Dèlma"]
    assert (found.state, found.facts.lost) == ("no_link", ("M21",))
    assert found.since == tonight  # when it was heard last

    # The unit drives to the centre and is heard from there: the gap is where it was.
    room.heard(unit_there, area=CHANMAS)
    zones = room.settle()
    assert zones["Dèlma"].state == "no_unit"
    assert zones["Sant vil"].state in {"quiet", "unknown"}

    states = room.look(
        lambda reader: room.situation.zone_states(reader, CHIEF, zones["Dèlma"].id, before=2**62, limit=10)
    )
    assert [state for _, state, *_ in states] == ["no_unit", "no_link", "quiet", "not_reporting"]
    assert room.kinds(f"zone/{zones['Dèlma'].id}") == ["zone.state_changed"] * 4


def test_a_unit_on_its_way_to_a_zone_covers_it(room: Room) -> None:
    there = room.commission("M21")
    room.part()
    room.heard(there)
    assert room.look_round()["Sant vil"].state == "no_unit"
    room.assign(room.open(), there)
    assert room.settle()["Sant vil"].state == "unknown"


def test_a_unit_out_of_service_covers_nothing(room: Room) -> None:
    there = room.commission("M21")
    room.part(NORTH)
    room.heard(there)
    assert room.look_round()["Dèlma"].state == "unknown"
    room.do(lambda tx: room.dispatch.set_availability(tx, there.id, "out_of_service", reason="garage"))
    assert room.settle()["Dèlma"].state == "no_unit"


def test_a_state_that_does_not_stand_for_a_minute_is_not_written(room: Room) -> None:
    there = room.commission("M21")
    room.part(NORTH)
    room.heard(there)
    before = room.look_round()["Dèlma"]
    room.heard(there, area=CHANMAS)  # over the border…
    room.clock.advance(30)
    assert room.look_round()["Dèlma"] == before
    room.heard(there)  # …and back
    room.clock.advance(40)
    head = room.head
    assert room.look_round()["Dèlma"] == before
    assert room.head == head


def test_rounds_that_find_nothing_new_write_nothing(room: Room) -> None:
    room.part()
    room.look_round()
    head = room.head
    room.clock.advance(3_600)
    assert {zone.state for zone in room.look_round().values()} == {"no_unit"}
    assert room.head == head


def test_zones_parted_anew_keep_the_history_of_their_name(room: Room) -> None:
    room.part()
    before = room.look_round()
    after = room.part(NORTH)
    assert list(after) == ["Dèlma"]
    assert after["Dèlma"].id == before["Dèlma"].id
    assert after["Dèlma"].state == "no_unit"
    again = room.part()
    assert again["Sant vil"].id == before["Sant vil"].id
    assert again["Sant vil"].state is None  # it was not looked at meanwhile


def test_only_who_commands_parts_the_ground(guarded: Room) -> None:
    plots = guarded.situation.laid_out(CHIEF, [NORTH])
    for attempt in (
        lambda: guarded.situation.laid_out(MARIE, [NORTH]),
        lambda: guarded.do(lambda tx: guarded.situation.set_zones(tx, plots), by=MARIE),
    ):
        with pytest.raises(LanbiError) as refused:
            attempt()
        assert refused.value.code == "not-allowed"
    assert guarded.part(NORTH)


def test_nobody_waits_while_outlines_are_drawn(web: Web) -> None:
    """The writer's thread is everybody's: shapes are made on another one."""
    drawn: list[str] = []
    check = web.node.situation._check_place

    def noting(lat: float, lon: float) -> None:
        drawn.append(threading.current_thread().name)
        check(lat, lon)

    web.node.situation._check_place = noting
    body = {"zones": [{"name": "Dèlma", "lat": 18.5446, "lon": -72.3018, "radius_m": 1500}]}
    assert web.post("/situation/zones", body, role="commander").status_code == 200
    assert drawn
    assert "lanbi-writer" not in drawn
