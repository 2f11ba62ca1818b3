"""Whom to send: nothing that can be covered is left uncovered, and nothing is missing without a word."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lanbi.core.geo import Area, distance_m
from lanbi.core.time import DAY, HOUR, MINUTE, SECOND
from lanbi.core.vocabulary import Need
from lanbi.dispatch.model import IncidentSite
from lanbi.dispatch.recommend import (
    BECAUSE_UNITS_MAX,
    PREEMPTABLE_ASKED_MAX,
    PREEMPTABLE_UNITS_MAX,
    RECOMMENDED_UNITS_MAX,
    Candidate,
    Recommendation,
    recommend,
)
from lanbi.dispatch.straight_line import DETOUR_FACTOR, SPEED_KMH, StraightLine
from lanbi.tracks.model import Fix

NOW = 1_795_319_232_000_000
LAT, LON = 18.54, -72.33
STEP_DEG = 0.01


def site(*needs: tuple[str, int]) -> IncidentSite:
    area = Area(lat=LAT, lon=LON, radius_m=50)
    wanted = tuple(Need(code, count) for code, count in needs)
    return IncidentSite(number=7, state="open", area=area, needs=wanted, priority="P1")


def unit(callsign: str, *capabilities: str, far: float | None = 1, **given) -> Candidate:
    """A unit `far` steps to the north of the incident."""
    home = None if far is None else (LAT + far * STEP_DEG, LON)
    fields = {"unit_id": f"id-{callsign}", "callsign": callsign, "home": home} | given
    return Candidate(capabilities=frozenset(capabilities), **fields)


def busy(callsign: str, *capabilities: str, status: str = "en_route", **given) -> Candidate:
    return unit(callsign, *capabilities, incident_id="i9", number=9, status=status, **given)


def ask(there: IncidentSite, *fleet: Candidate, positions=None, may_preempt=lambda _: True) -> Recommendation:
    return recommend(there, "i7", fleet, positions or {}, StraightLine(), now=NOW, may_preempt=may_preempt)


def names(found: Recommendation, choice: str) -> list[str]:
    return [item.unit.callsign for item in found.units if item.choice == choice]


def codes(found: Recommendation, callsign: str) -> list[str]:
    (item,) = [item for item in found.units if item.unit.callsign == callsign]
    return [reason["code"] for reason in item.reasons]


# -- travel ------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=5),
    st.floats(-90, 90),
    st.floats(-180, 180),
)
def test_straight_line_is_the_houses_distance_with_a_detour_at_one_speed(points, lat, lon) -> None:
    for (from_lat, from_lon), way in zip(points, StraightLine().to(points, lat, lon), strict=True):
        metres = distance_m(from_lat, from_lon, lat, lon) * DETOUR_FACTOR
        assert way.metres == pytest.approx(metres, rel=1e-9, abs=1e-3)
        assert way.seconds == pytest.approx(metres / (SPEED_KMH / 3.6), rel=1e-9, abs=1e-3)


# -- the cover -----------------------------------------------------------------------------

CODES = "abcd"
FLEETS = st.lists(st.tuples(st.frozensets(st.sampled_from(CODES), min_size=1), st.integers(0, 9)), max_size=7)
NEEDS = st.dictionaries(st.sampled_from(CODES), st.integers(1, 3), min_size=1)


def met_by(units: list[Candidate], needs: dict[str, int]) -> int:
    """How many of the needs these units meet together."""
    has = Counter(code for one in units for code in one.capabilities)
    return sum(min(count, has[code]) for code, count in needs.items())


@given(FLEETS, NEEDS)
def test_nothing_that_the_fleet_can_cover_is_left_uncovered(fleet, needs) -> None:
    units = [unit(f"U{n}", *sorted(codes), far=far) for n, (codes, far) in enumerate(fleet)]
    found = ask(site(*needs.items()), *units)
    chosen = [item.unit for item in found.units if item.choice == "chosen"]
    # Brute force: the best that any set of units does, and the least number that does it.
    best = max(met_by(list(some), needs) for n in range(len(units) + 1) for some in combinations(units, n))
    least = next(
        n
        for n in range(len(units) + 1)
        if any(met_by(list(some), needs) == best for some in combinations(units, n))
    )
    assert met_by(chosen, needs) == best
    assert least <= len(chosen) <= max(least, round(least * (1 + 1.4)))  # 1 + ln(4 needs): Chvátal's bound
    missing = {gap.capability: gap.missing for gap in found.shortfalls}
    has = Counter(code for one in units for code in one.capabilities)
    assert missing == {code: count - has[code] for code, count in needs.items() if has[code] < count}
    assert all(gap.because for gap in found.shortfalls)


@given(FLEETS, NEEDS)
def test_every_chosen_unit_meets_a_need_that_those_before_it_left_open(fleet, needs) -> None:
    units = [unit(f"U{n}", *sorted(codes), far=far) for n, (codes, far) in enumerate(fleet)]
    sent: list[Candidate] = []
    for item in ask(site(*needs.items()), *units).units:
        if item.choice == "chosen":
            sent.append(item.unit)
            assert met_by(sent, needs) > met_by(sent[:-1], needs)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20, unique=True))
def test_among_equals_the_nearest_go_first_and_the_next_are_listed_in_order(distances) -> None:
    units = [unit(f"U{far:02}", "a", far=far) for far in distances]
    found = ask(site(("a", 1)), *units)
    ordered = [f"U{far:02}" for far in sorted(distances)]
    assert [item.unit.callsign for item in found.units] == ordered[:RECOMMENDED_UNITS_MAX]
    assert names(found, "chosen") == ordered[:1]


def test_one_unit_that_has_both_goes_before_two_that_have_one_each() -> None:
    found = ask(site(("a", 1), ("b", 1)), unit("A", "a"), unit("B", "b"), unit("AB", "a", "b", far=3))
    assert names(found, "chosen") == ["AB"]
    assert names(found, "alternative") == ["A", "B"]


def test_what_is_on_the_incident_already_counts() -> None:
    there = unit("M1", "a", incident_id="i7", number=7, status="on_scene")
    found = ask(site(("a", 2)), there, unit("M2", "a"), unit("M3", "a", far=2))
    assert [(need.count, need.met) for need in found.needs] == [(2, 1)]
    assert (names(found, "chosen"), names(found, "alternative")) == (["M2"], ["M3"])


def test_needs_of_many_units_are_not_cut_to_the_length_of_the_list() -> None:
    units = [unit(f"U{n:02}", "a", far=n) for n in range(30)]
    found = ask(site(("a", 20)), *units)
    assert len(names(found, "chosen")) == 20
    assert (names(found, "alternative"), found.shortfalls) == ([], [])


# -- reasons -----------------------------------------------------------------------------


def test_a_unit_says_why_it_is_proposed() -> None:
    found = ask(site(("a", 1)), unit("M1", "a"), positions={"id-M1": Fix(LAT, LON, NOW - 20 * SECOND)})
    (item,) = found.units
    assert item.position_age_s == 20
    assert item.reasons == [
        {"code": "covers", "capabilities": ["a"]},
        {"code": "distance", "km": 0.0, "minutes": 0},
    ]


def test_the_position_counts_before_the_home_post_and_its_age_is_said() -> None:
    positions = {"id-M1": Fix(LAT, LON, NOW - 6 * MINUTE)}
    found = ask(site(("a", 1)), unit("M1", "a", far=9), unit("M2", "a", far=1), positions=positions)
    assert names(found, "chosen") == ["M1"]
    assert "position_old" in codes(found, "M1")
    assert "from_home_post" in codes(found, "M2")
    assert "from_home_post" not in codes(found, "M1")


def test_a_unit_that_nobody_can_place_comes_last_and_says_so() -> None:
    found = ask(site(("a", 1)), unit("M1", "a", far=None), unit("M2", "a", far=40))
    assert names(found, "chosen") == ["M2"]
    assert "position_unknown" in codes(found, "M1")
    assert found.units[1].seconds is None


def test_a_short_crew_and_a_shift_that_ends_are_said() -> None:
    one = unit("M1", "a", crew=1, shift_until=NOW + 20 * MINUTE)
    other = unit("M2", "a", crew=2, shift_until=NOW + 2 * HOUR)
    found = ask(site(("a", 1)), one, other)
    assert {"short_crew", "shift_ends"} <= set(codes(found, "M1"))
    assert not {"short_crew", "shift_ends"} & set(codes(found, "M2"))


def test_without_known_needs_the_nearest_units_are_listed_and_say_so() -> None:
    found = ask(site(), unit("M1", "a"), unit("E1", "b", far=2))
    assert names(found, "alternative") == ["M1", "E1"]
    assert "needs_unknown" in codes(found, "M1")


# -- what is missing -----------------------------------------------------------------------


def because(found: Recommendation) -> list[tuple[str | None, str]]:
    (gap,) = found.shortfalls
    return [(why["callsign"], why["code"]) for why in gap.because]


def test_each_unit_that_could_not_go_is_named_with_its_reason() -> None:
    found = ask(
        site(("a", 1)),
        unit("M1", "a", availability="out_of_service", reason="garage"),
        busy("M2", "a"),
        unit("M3", "a", crew=0),
        unit("M4", "a", shift_until=NOW - 5 * MINUTE),
    )
    said = ["out_of_service", "busy", "no_crew", "off_shift"]
    assert because(found) == list(zip(["M1", "M2", "M3", "M4"], said, strict=True))
    first, second, _, fourth = found.shortfalls[0].because
    assert (first["reason"], second["number"], fourth["minutes"]) == ("garage", 9, 5)


def test_a_capability_that_nobody_has_is_said() -> None:
    assert because(ask(site(("a", 1)), unit("M1", "b"))) == [(None, "none_in_fleet")]


def test_a_fleet_that_is_too_small_is_said() -> None:
    found = ask(site(("a", 3)), unit("M1", "a"), busy("M2", "a"))
    assert found.shortfalls[0].missing == 2
    assert because(found) == [("M2", "busy"), (None, "no_more_in_fleet")]


def test_a_long_list_of_reasons_is_cut_and_counts_the_rest() -> None:
    found = ask(site(("a", 1)), *(unit(f"M{n:02}", "a", crew=0) for n in range(BECAUSE_UNITS_MAX + 5)))
    assert len(found.shortfalls[0].because) == BECAUSE_UNITS_MAX + 1
    assert found.shortfalls[0].because[-1]["count"] == 5


def test_an_empty_answer_is_never_silent() -> None:
    assert because(ask(site())) == [(None, "none_in_fleet")]
    assert because(ask(site(), unit("M1", "a", crew=0))) == [("M1", "no_crew")]
    assert because(ask(site(("a", 1)))) == [(None, "none_in_fleet")]


# -- busy units ------------------------------------------------------------------------------


def test_busy_units_that_could_be_taken_are_marked_and_never_chosen() -> None:
    found = ask(site(("a", 1)), busy("M1", "a", far=1), unit("M2", "a", far=8))
    assert (names(found, "chosen"), names(found, "preempt")) == (["M2"], ["M1"])
    (reason,) = [why for item in found.units for why in item.reasons if why["code"] == "would_preempt"]
    assert (reason["number"], reason["status"]) == (9, "en_route")


def test_a_unit_that_may_not_be_taken_is_not_offered() -> None:
    fleet = [busy("M1", "a", status="on_scene"), busy("M2", "a", far=5)]
    found = ask(site(("a", 1)), *fleet, may_preempt=lambda one: one.status != "on_scene")
    assert names(found, "preempt") == ["M2"]


def test_few_busy_units_are_offered_and_few_are_asked_about() -> None:
    fleet = [busy(f"M{n:03}", "a", far=n) for n in range(200)]
    assert names(ask(site(("a", 1)), *fleet), "preempt") == ["M000", "M001", "M002"]
    asked: list[str] = []

    def refuse(one: Candidate) -> bool:
        asked.append(one.callsign)
        return False

    ask(site(("a", 1)), *fleet, may_preempt=refuse)
    assert len(asked) == PREEMPTABLE_ASKED_MAX
    assert PREEMPTABLE_UNITS_MAX == 3


def test_no_busy_unit_is_offered_for_what_is_met() -> None:
    there = unit("M1", "a", incident_id="i7", number=7, status="on_scene")
    found = ask(site(("a", 1)), there, busy("M2", "a"))
    assert (found.units, found.shortfalls) == ([], [])
    assert found.needs[0].met == 1


@given(FLEETS, NEEDS, st.data())
def test_whatever_the_fleet_is_the_answer_holds_together(fleet, needs, data) -> None:
    units: list[Candidate] = []
    for n, (has, far) in enumerate(fleet):
        one = unit(f"U{n}", *sorted(has), far=data.draw(st.sampled_from([None, far])))
        change = data.draw(
            st.sampled_from(
                [
                    {},
                    {"crew": 0},
                    {"availability": "out_of_service", "reason": "meal"},
                    {"shift_until": NOW - DAY},
                    {"incident_id": "i9", "number": 9, "status": "on_scene"},
                    {"incident_id": "i7", "number": 7, "status": "en_route"},
                ]
            )
        )
        units.append(replace(one, **change))
    found = ask(site(*needs.items()), *units)
    listed = [item.unit.callsign for item in found.units]
    assert len(listed) == len(set(listed))
    for item in found.units:
        assert item.reasons
        if item.choice != "preempt":
            assert item.unit.availability == "available"
            assert item.unit.incident_id is None
            assert item.unit.crew
        assert item.unit.incident_id != "i7"
    for gap in found.shortfalls:
        assert gap.missing > 0
        assert gap.because
