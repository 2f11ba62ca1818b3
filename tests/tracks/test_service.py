"""Positions and observations over real stores: in any order, once, vouched for, and thinned with age."""

import hashlib
import json
import struct
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.yard import CHANMAS, Yard, crew, yard_over
from lanbi.core.access import SYSTEM
from lanbi.core.errors import Forbidden, LanbiError, Malformed, NotFound, Refused
from lanbi.core.geo import Area
from lanbi.core.time import DAY, HOUR, MINUTE, SECOND, Instant, parse_instant, rfc3339
from lanbi.dispatch.model import Unit
from lanbi.record.undo import UNDO_GRACE, UNDO_WITHIN
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from lanbi.tracks import service
from lanbi.tracks.model import Report, Stored, Track
from lanbi.tracks.sql import observations_changed
from lanbi.tracks.thinning import POLICY, edge, surplus
from stores import ACTORS, MARIE, PIERRE

TABLES = ("track_position", "track_latest", "track_thinning", "observation", "journal", "sealed")

TOO_LATE_S = (UNDO_WITHIN + UNDO_GRACE) / SECOND + 1


def position(unit: Unit, at: Instant, lat: float = 18.54, **given: Any) -> Report:
    fields = {"lon": -72.33, "accuracy_m": 5.0} | given
    return Report(unit_id=unit.id, at=rfc3339(at), lat=lat, **fields)


def history(yard: Yard, unit: Unit, start: Instant = 0, end: Instant = 2**60) -> list[Track]:
    return yard.look(lambda r: yard.tracks.history(r, PIERRE, unit.id, start=start, end=end, limit=100_000))


def latest(yard: Yard) -> dict[str, Instant]:
    found = yard.look(lambda r: yard.tracks.latest(r, PIERRE, after="", limit=1000))
    return {track.unit_id: track.at for track in found}


def thin(yard: Yard) -> int:
    """To the end, in pieces."""
    removed = 0
    while True:
        piece = yard.do(yard.tracks.thin, by=SYSTEM)
        removed += piece.removed
        if not piece.more:
            return removed


# -- storing -----------------------------------------------------------------------------


def test_a_batch_is_stored_once_and_one_entry_vouches_for_it(yard: Yard) -> None:
    m1, m2 = yard.commission("M1"), yard.commission("M2")
    now = yard.clock.now()
    head = yard.head
    batch = [position(m1, now - 2 * SECOND), position(m1, now - SECOND, speed_mps=8.5), position(m2, now)]
    assert yard.report(*batch) == Stored(3, 0, 0, head + 1)
    assert yard.head == head + 1
    assert latest(yard) == {m1.id: now - SECOND, m2.id: now}
    assert [track.at for track in history(yard, m1)] == [now - SECOND, now - 2 * SECOND]
    assert history(yard, m1)[0].speed_mps == 8.5
    assert yard.report(*batch) == Stored(0, 0, 3, None)
    assert yard.head == head + 1, "what was there before is no entry"


def test_the_digest_can_be_recomputed_from_the_history_alone(yard: Yard) -> None:
    m1, m2 = yard.commission("M1"), yard.commission("M2")
    now = yard.clock.now()
    yard.report(position(m1, now - 9 * SECOND, lat=18.123456789012345))
    stored = yard.report(
        position(m2, now - SECOND, course_deg=359.9),
        position(m1, now - 9 * SECOND, lat=1.0),  # a duplicate: the first report stands
        position(m1, now - 5 * SECOND, lat=-0.0, speed_mps=0.1),
        position(m1, now - 5 * SECOND, lat=17.0),  # twice in one batch: the first stands
    )
    assert (stored.stored, stored.duplicate) == (2, 2)
    rows = [row for unit in (m1, m2) for row in history(yard, unit) if row.seq == stored.seq]
    assert {(row.unit_id, row.lat) for row in rows} == {(m1.id, 0.0), (m2.id, 18.54)}

    def double(value: float | None) -> bytes:
        return bytes.fromhex("7ff8000000000000") if value is None else struct.pack(">d", value)

    told = b"".join(
        row.unit_id.encode()
        + struct.pack(">q", row.at)
        + b"".join(map(double, (row.lat, row.lon, row.accuracy_m, row.speed_mps, row.course_deg)))
        for row in sorted(rows, key=lambda row: (row.unit_id, row.at))
    )
    body = json.loads(yard.entries()[-1][4])
    assert body["digest"] == hashlib.sha256(told).hexdigest()
    assert {name: body[name] for name in ("count", "units", "from", "to", "late", "duplicates")} == {
        "count": 2, "units": 2, "from": now - 5 * SECOND, "to": now - SECOND, "late": 0, "duplicates": 2,
    }  # fmt: skip


def test_a_late_position_is_kept_and_moves_nobody(yard: Yard) -> None:
    m1 = yard.commission("M1")
    now = yard.clock.now()
    yard.report(position(m1, now, lat=18.5))
    version = yard.look(lambda r: yard.tracks.latest(r, PIERRE, after="", limit=1))[0].seq
    assert yard.report(position(m1, now - HOUR, lat=18.9)) == Stored(1, 1, 0, yard.head)
    (track,) = yard.look(lambda r: yard.tracks.latest(r, PIERRE, after="", limit=1))
    assert (track.at, track.lat, track.seq) == (now, 18.5, version)
    assert len(history(yard, m1)) == 2


def test_a_late_trail_with_something_new_at_its_end_counts_both(yard: Yard) -> None:
    m1 = yard.commission("M1")
    now = yard.clock.now()
    yard.report(position(m1, now - 30 * SECOND))
    stored = yard.report(*(position(m1, now - s * SECOND) for s in (0, 20, 30, 40, 50)))
    assert (stored.stored, stored.late, stored.duplicate) == (4, 2, 1)
    assert latest(yard) == {m1.id: now}


REPORTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=25
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REPORTS, st.randoms(use_true_random=False), st.integers(1, 8))
def test_any_order_of_arrival_gives_the_same_latest_and_the_same_history(reports, random, size) -> None:
    with tempfile.TemporaryDirectory() as folder, yard_over(SqliteEngine(Path(folder) / FILE_NAME)) as yard:
        units = [yard.commission(f"M{n}") for n in range(3)]
        now = yard.clock.now()
        # The first report of a unit at a time is the true one, wherever it stands in the order.
        first = {(unit, age): lat for unit, age, lat in reversed(reports)}
        sent = [(unit, age, first[unit, age]) for unit, age, _ in reports]
        random.shuffle(sent)
        counted = [0, 0]
        for start in range(0, len(sent), size):
            batch = [
                position(units[unit], now - age * SECOND, lat=18.0 + lat)
                for unit, age, lat in sent[start : start + size]
            ]
            stored = yard.report(*batch)
            assert stored.stored + stored.duplicate == len(batch)
            counted[0] += stored.stored
            counted[1] += stored.duplicate
        assert counted == [len(first), len(reports) - len(first)]
        kept = {
            (n, (now - track.at) // SECOND): track.lat - 18.0
            for n, unit in enumerate(units)
            for track in history(yard, unit)
        }
        assert kept == first
        youngest = {unit: min(age for other, age in first if other == unit) for unit, _ in first}
        assert latest(yard) == {units[n].id: now - age * SECOND for n, age in youngest.items()}


def test_a_bad_batch_is_refused_whole(yard: Yard) -> None:
    m1 = yard.commission("M1")
    now = yard.clock.now()
    before = yard.rows_of(*TABLES)
    stranger = Report(unit_id=CHANMAS.words, at=rfc3339(now), lat=18.5, lon=-72.3, accuracy_m=5)
    with pytest.raises(Malformed) as refused:
        yard.report(position(m1, now), stranger, position(m1, now + 6 * MINUTE), position(m1, now, lat=99))
    assert [problem["code"] for problem in refused.value.args_by_name["problems"]] == [
        "unit-unknown",
        "position-ahead",
        "coordinates-impossible",
    ]
    assert yard.rows_of(*TABLES) == before
    assert yard.report(position(m1, now)).stored == 1


def test_a_unit_is_known_by_either_spelling_of_its_id_and_as_soon_as_it_exists(yard: Yard) -> None:
    now = yard.clock.now()
    m1 = yard.commission("M1")
    loud = msgspec.structs.replace(position(m1, now), unit_id=m1.id.upper())
    assert yard.report(loud).stored == 1
    assert yard.report(position(m1, now)).duplicate == 1
    assert yard.report(position(yard.commission("M2"), now)).stored == 1


def test_a_position_beyond_the_border_is_kept(yard: Yard) -> None:
    """A boat at sea and a unit near the border are real."""
    b1 = yard.commission("B1", "boat")
    assert yard.report(position(b1, yard.clock.now(), lat=20.5)).stored == 1


# -- history -----------------------------------------------------------------------------


def test_history_is_from_up_to_but_not_including_to(yard: Yard) -> None:
    m1 = yard.commission("M1")
    now = yard.clock.now()
    yard.report(*(position(m1, now - s * SECOND) for s in range(10)))
    found = history(yard, m1, start=now - 5 * SECOND, end=now - 2 * SECOND)
    assert [(now - track.at) // SECOND for track in found] == [3, 4, 5]
    with pytest.raises(NotFound, match="unit-none"):
        yard.look(lambda r: yard.tracks.history(r, PIERRE, "nobody", start=0, end=1, limit=1))


# -- thinning ----------------------------------------------------------------------------

DENSE = st.lists(st.integers(0, 100 * DAY // (17 * SECOND)), max_size=40, unique=True)


def expected(stamps: list[Instant], now: Instant, newest: Instant) -> list[Instant]:
    for tier in POLICY:
        gone = surplus([at for at in stamps if at < edge(tier, now)], tier.every, newest=newest)
        stamps = [at for at in stamps if at not in gone]
    return stamps


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 89), st.integers(0, 40)), min_size=1, max_size=60, unique=True),
    st.lists(st.tuples(st.integers(0, 89), st.integers(0, 40)), max_size=20),
    st.integers(0, 50),
)
def test_thinning_leaves_what_the_policy_says_whenever_it_ran_and_whatever_came_late(
    first, late, days
) -> None:
    with tempfile.TemporaryDirectory() as folder, yard_over(SqliteEngine(Path(folder) / FILE_NAME)) as yard:
        m1 = yard.commission("M1")
        start = yard.clock.now()

        def at(day: int, slot: int) -> Instant:
            return start - day * DAY - slot * 17 * SECOND

        yard.report(*(position(m1, at(*when)) for when in first))
        thin(yard)
        newest = max(at(*when) for when in first)
        kept = expected(sorted({at(*when) for when in first}), start, newest)
        assert [track.at for track in reversed(history(yard, m1))] == kept
        assert thin(yard) == 0, "twice is once"
        if late:
            yard.report(*(position(m1, at(*when)) for when in late))
        yard.clock.advance(days * DAY / SECOND)
        thin(yard)
        newest = max(newest, *(at(*when) for when in late), newest)
        came = sorted({*kept, *(at(*when) for when in late)})
        assert [track.at for track in reversed(history(yard, m1))] == expected(came, yard.clock.now(), newest)
        assert latest(yard) == {m1.id: newest}
        assert thin(yard) == 0


def test_thinning_goes_in_bounded_pieces_each_on_the_record(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "THIN_ROWS_MAX", 50)
    units = [yard.commission(f"M{n}") for n in range(3)]
    old = (yard.clock.now() - 3 * DAY) // HOUR * HOUR
    for unit in units:
        yard.report(*(position(unit, old + s * 15 * SECOND) for s in range(60)))
        yard.report(position(unit, yard.clock.now()))
    removed = thin(yard)
    assert removed == 3 * 45, "of four a minute one is kept"
    bodies = [json.loads(body) for _, kind, _, _, body in yard.entries() if kind == "track.thinned"]
    assert sum(body["count"] for body in bodies) == removed
    assert len(bodies) > 1
    assert all(body["count"] <= 50 and body["from"] <= body["to"] for body in bodies)
    assert latest(yard) == dict.fromkeys((unit.id for unit in units), yard.clock.now())
    assert thin(yard) == 0


def test_a_unit_that_fell_silent_keeps_its_last_position(yard: Yard) -> None:
    m1 = yard.commission("M1")
    last = yard.clock.now()
    yard.report(*(position(m1, last - s * SECOND) for s in range(5)))
    yard.clock.advance(200 * DAY / SECOND)
    thin(yard)
    assert [track.at for track in history(yard, m1)] == [last]
    assert latest(yard) == {m1.id: last}


# -- observations ------------------------------------------------------------------------


def test_what_was_seen_is_on_record_and_what_was_said_is_sealed(yard: Yard) -> None:
    area = Area(words="anba pon Kafou a")
    seen = yard.do(lambda tx: yard.tracks.observe(tx, "barricade", area, text="Ti Jak di gen moun ak zam"))
    assert (seen.kind, seen.area.words, seen.words) == ("barricade", area.words, "Ti Jak di gen moun ak zam")
    assert seen.at == yard.clock.now()
    assert not any("Kafou" in body or "Jak" in body for *_, body in yard.entries())
    yard.clock.advance(731 * DAY / SECOND)
    yard.erase_all_due()
    after = yard.look(lambda r: yard.tracks.observation(r, PIERRE, seen.id))
    assert (after.words, after.area.words) == (None, "")
    assert after.seq > seen.seq


@pytest.mark.parametrize(
    ("kind", "area", "ahead", "code"),
    [
        ("ghosts", CHANMAS, 0, "unknown-term"),
        ("barricade", Area(), 0, "area-empty"),
        ("barricade", Area(lat=99, lon=0, radius_m=5), 0, "coordinates-impossible"),
        ("barricade", CHANMAS, 6 * MINUTE, "observation-ahead"),
    ],
)
def test_what_cannot_have_been_seen_is_refused(yard: Yard, kind, area, ahead, code: str) -> None:
    before = yard.rows_of(*TABLES)
    with pytest.raises(LanbiError, match=code):
        yard.do(lambda tx: yard.tracks.observe(tx, kind, area, at=tx.now + ahead))
    assert yard.rows_of(*TABLES) == before


def test_observations_come_newest_first(yard: Yard) -> None:
    made = [yard.do(lambda tx: yard.tracks.observe(tx, "quiet", CHANMAS)) for _ in range(3)]
    found = yard.look(lambda r: yard.tracks.observations(r, PIERRE, before=made[2].seq, limit=5))
    assert [item.id for item in found] == [made[1].id, made[0].id]


def test_what_was_reported_by_mistake_is_taken_back_and_stays_on_record(yard: Yard) -> None:
    seen = yard.do(lambda tx: yard.tracks.observe(tx, "barricade", CHANMAS, text="gen barikad"))
    yard.clock.advance(9)
    back = yard.do(lambda tx: yard.tracks.withdraw(tx, seen.id))
    assert (back.withdrawn_at, back.words) == (yard.clock.now(), "gen barikad")
    assert back.seq > seen.seq
    assert yard.kinds(f"observation/{seen.id}") == ["observation.reported", "observation.withdrawn"]
    (held,) = yard.look(lambda r: yard.tracks.observations(r, PIERRE, before=2**60, limit=5))
    assert held == back
    assert yard.look(lambda r: observations_changed(r, 0)) == []
    assert [(item.id, live) for _, item, live in yard.look(lambda r: observations_changed(r, seen.seq))] == [
        (seen.id, False)
    ]


@pytest.mark.parametrize(
    ("by", "after_s", "twice", "code"),
    [
        (PIERRE, 0, False, "undo-not-yours"),
        (MARIE, TOO_LATE_S, False, "undo-late"),
        (MARIE, 0, True, "observation-withdrawn"),
    ],
)
def test_a_report_is_not_withdrawn_by_another_nor_late_nor_twice(
    yard: Yard, by, after_s: float, twice: bool, code: str
) -> None:
    seen = yard.do(lambda tx: yard.tracks.observe(tx, "barricade", CHANMAS))
    if twice:
        yard.do(lambda tx: yard.tracks.withdraw(tx, seen.id))
    yard.clock.advance(after_s)
    before = yard.rows_of(*TABLES)
    with pytest.raises(Refused, match=code):
        yard.do(lambda tx: yard.tracks.withdraw(tx, seen.id), by=by)
    assert yard.rows_of(*TABLES) == before


def test_what_nobody_reported_cannot_be_withdrawn(yard: Yard) -> None:
    unit = yard.commission("M1")
    with pytest.raises(NotFound, match="observation-none"):
        yard.do(lambda tx: yard.tracks.withdraw(tx, unit.id))


# -- who may -----------------------------------------------------------------------------


def test_a_crew_reports_and_sees_its_own_positions_only(guarded: Yard) -> None:
    yard = guarded
    m1, m2 = (
        yard.do(
            lambda tx, c=c: yard.dispatch.commission(tx, callsign=c, kind="ambulance"), by=ACTORS["commander"]
        )
        for c in ("M1", "M2")
    )
    now, me = yard.clock.now(), crew(m1)
    assert yard.report(position(m1, now), by=me).stored == 1
    assert yard.report(position(m2, now), by=PIERRE).stored == 1
    with pytest.raises(Forbidden):
        yard.report(position(m1, now), position(m2, now), by=me)
    with pytest.raises(Forbidden):
        yard.report(position(m1, now), by=ACTORS["call_taker"])
    found = yard.look(lambda r: yard.tracks.latest(r, me, after="", limit=9))
    assert [track.unit_id for track in found] == [m1.id]
    with pytest.raises(Forbidden):
        yard.look(lambda r: yard.tracks.history(r, me, m2.id, start=0, end=1, limit=1))
    assert yard.look(lambda r: yard.tracks.history(r, PIERRE, m2.id, start=0, end=2**60, limit=9))


def test_words_are_for_the_floor(guarded: Yard) -> None:
    assert guarded.tracks.may_read_words(PIERRE)
    assert not guarded.tracks.may_read_words(ACTORS["analyst"])
    assert parse_instant(rfc3339(guarded.clock.now())) == guarded.clock.now()
