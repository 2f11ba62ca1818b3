"""The live picture of positions and observations: a snapshot and what came after is a fresh snapshot."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.yard import CHANMAS, Yard, crew
from lanbi.core.time import DAY, HOUR, SECOND, rfc3339
from lanbi.tracks.api import live
from lanbi.tracks.model import Report
from stores import ACTORS, PIERRE, Screen

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["report", "observe", "withdraw", "wait", "clock back"]),
        st.integers(0, 1),
        st.integers(0, 14 * 60),
        st.booleans(),
    ),
    min_size=1,
    max_size=15,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_snapshot_and_what_came_after_is_a_fresh_snapshot(yard: Yard, steps) -> None:
    """Also where observations lapse in between, and where the node's clock is set back."""
    units = [yard.commission(f"M{n}-{yard.head}", "ambulance") for n in range(2)]
    kinds = live(yard.tracks)
    screens = [Screen(yard, kind, actor) for kind in kinds for actor in (PIERRE, crew(units[0]))]
    for verb, unit, minutes, push in steps:
        if verb == "report":
            at = rfc3339(yard.clock.now() - minutes * 60 * SECOND)
            yard.report(Report(unit_id=units[unit].id, at=at, lat=18.5, lon=-72.3, accuracy_m=5))
        elif verb == "observe":
            ago = minutes * 60 * SECOND
            yard.do(lambda tx, ago=ago: yard.tracks.observe(tx, "quiet", CHANMAS, at=tx.now - ago))
        elif verb == "withdraw":
            seen = yard.do(lambda tx: yard.tracks.observe(tx, "quiet", CHANMAS))
            if push:
                for screen in screens:
                    screen.push()
            yard.do(lambda tx, seen=seen: yard.tracks.withdraw(tx, seen.id))
        else:
            yard.clock.advance(minutes * (60 if verb == "wait" else -60))
        if push:
            for screen in screens:
                screen.push()
    for screen in screens:
        screen.push()
        held = msgspec.json.encode(screen.picture, order="sorted")
        screen.snapshot()
        assert held == msgspec.json.encode(screen.picture, order="sorted")


def test_an_observation_leaves_the_picture_after_twelve_hours(yard: Yard) -> None:
    _, kind = live(yard.tracks)
    seen = yard.do(lambda tx: yard.tracks.observe(tx, "barricade", CHANMAS))
    screen = Screen(yard, kind)
    yard.clock.advance(12 * 3600 - 1)
    yard.commission("M1")
    screen.push()
    assert set(screen.picture) == {seen.id}
    yard.clock.advance(1)
    yard.commission("M2")
    screen.push()
    assert screen.picture == {}
    assert yard.look(lambda r: yard.tracks.observation(r, PIERRE, seen.id)).id == seen.id


def test_an_observation_entered_long_after_is_never_live(yard: Yard) -> None:
    _, kind = live(yard.tracks)
    screen = Screen(yard, kind)
    yard.do(lambda tx: yard.tracks.observe(tx, "barricade", CHANMAS, at=tx.now - 13 * HOUR))
    screen.push()
    assert screen.picture == {}


def test_a_crew_sees_its_own_place_and_others_words_only_who_may(guarded: Yard) -> None:
    yard = guarded
    m1, m2 = (
        yard.do(
            lambda tx, c=c: yard.dispatch.commission(tx, callsign=c, kind="ambulance"), by=ACTORS["commander"]
        )
        for c in ("M1", "M2")
    )
    for unit in (m1, m2):
        yard.report(Report(unit_id=unit.id, at=yard.at(), lat=18.5, lon=-72.3, accuracy_m=5))
    seen = yard.do(lambda tx: yard.tracks.observe(tx, "barricade", CHANMAS, text="gen barikad"))
    track, observation = live(yard.tracks)
    assert set(Screen(yard, track, crew(m1)).picture) == {m1.id}
    assert set(Screen(yard, track, PIERRE).picture) == {m1.id, m2.id}
    assert Screen(yard, observation, PIERRE).picture[seen.id].words == "gen barikad"
    assert Screen(yard, observation, ACTORS["analyst"]).picture[seen.id].words is None


def test_erased_words_leave_the_screens_that_hold_them(yard: Yard) -> None:
    yard.do(lambda tx: yard.tracks.observe(tx, "quiet", CHANMAS, text="tout bagay kal"))
    _, kind = live(yard.tracks)
    screen = Screen(yard, kind)
    assert screen.picture
    yard.clock.advance(731 * DAY / SECOND)
    yard.erase_all_due()
    screen.push()
    assert screen.picture == {}
