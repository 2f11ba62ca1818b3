"""The demo's robots on a held clock: half an hour of a room at work, and people who are never overruled."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lanbi.bootstrap import Node
from lanbi.config import Settings
from lanbi.core.access import Actor
from lanbi.core.time import MINUTE, SECOND, SystemClock
from lanbi.demo.player import ROBOTS, DemoClock, Player
from lanbi.demo.script import load_evening
from lanbi.record.verify import verify_file

HALF_HOUR = 30 * MINUTE
MARIE = Actor(id="plas1", name="Plas 1", role="call_taker")
PIERRE = Actor(id="plas2", name="Plas 2", role="dispatcher")


class Listener(logging.Handler):
    """Keeps what the robots said above a whisper."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record)


@pytest.fixture(scope="module")
def ears() -> Iterator[Listener]:
    """Hears every robot that stumbles."""
    listener = Listener()
    logger = logging.getLogger("lanbi.demo")
    logger.addHandler(listener)
    yield listener
    logger.removeHandler(listener)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory, ears: Listener) -> Iterator[Node]:
    """A demo whose robots have played half an hour ahead, as `lanbi demo` plays twelve minutes."""
    folder = tmp_path_factory.mktemp("evening") / "node"
    node = Node(Settings(data=folder, demo=True), clock=DemoClock(SystemClock().now() - HALF_HOUR))
    try:
        node.prepare_demo()
        yield node
    finally:
        node.close()


def rows(node: Node, sql: str) -> list[tuple[Any, ...]]:
    return node.store.read_now(lambda reader: reader.rows(sql))


def count(node: Node, kind: str) -> int:
    """How many entries of a kind the journal holds."""
    return rows(node, f"SELECT COUNT(*) FROM journal WHERE kind = '{kind}'")[0][0]


def test_in_half_an_hour_calls_become_incidents_and_incidents_end(evening: Node) -> None:
    for kind, least in (
        ("call.offered", 40),
        ("call.answered", 30),
        ("call.abandoned", 2),
        ("call.joined", 10),
        ("incident.opened", 15),
        ("assignment.made", 15),
        ("assignment.on_scene", 10),
        ("assignment.cleared", 10),
        ("incident.closed", 8),
        ("promise.made", 3),
        ("promise.settled", 2),
    ):
        assert count(evening, kind) >= least, kind
    assert {state for (state,) in rows(evening, "SELECT DISTINCT state FROM incident")} == {"open", "closed"}


def test_only_robots_worked_and_each_under_a_name_of_its_own(evening: Node) -> None:
    hands = {
        actor
        for (actor,) in rows(
            evening,
            "SELECT DISTINCT actor FROM journal WHERE kind IN "
            "('call.answered', 'incident.opened', 'assignment.made', 'incident.closed')",
        )
    }
    assert hands <= ROBOTS, hands
    assert len(hands) >= 3
    crews = {
        actor
        for (actor,) in rows(
            evening, "SELECT DISTINCT actor FROM journal WHERE kind = 'assignment.acknowledged'"
        )
    }
    assert all(actor.startswith("crew.") for actor in crews)


def test_units_move_and_every_time_lies_in_the_half_hour(evening: Node) -> None:
    now = SystemClock().now()
    first, last = rows(evening, "SELECT MIN(recorded_at), MAX(recorded_at) FROM journal")[0]
    assert now - HALF_HOUR - 5 * MINUTE <= first
    assert last <= now
    assert [
        seq
        for seq, before, after in rows(
            evening,
            "SELECT b.seq, a.recorded_at, b.recorded_at FROM journal a JOIN journal b ON b.seq = a.seq + 1",
        )
        if after < before
    ] == [], "time never runs backwards"
    placed = {unit for (unit,) in rows(evening, "SELECT DISTINCT unit_id FROM track_latest")}
    assert len(placed) >= 10


def test_no_robot_stumbled(evening: Node, ears: Listener) -> None:
    assert [logging.Formatter().format(record) for record in ears.heard] == []
    assert count(evening, "record.clock_stepped") == 0, "playing ahead is no step of the clock"


def test_what_was_played_ahead_holds(evening: Node) -> None:
    evening.store.write_now(MARIE, lambda tx: None)
    report = verify_file(evening.settings.database)
    assert report.ok, report.findings
    assert report.entries > 300
    assert report.sealed > 50


# -- with people in the room ---------------------------------------------------------------


class Stage:
    """A player on a node of its own, moved along by hand."""

    def __init__(self, folder: Path, *, people: int) -> None:
        self.clock = DemoClock(SystemClock().now() - HALF_HOUR)
        self.node = Node(Settings(data=folder), clock=self.clock)
        self.player = Player(load_evening(self.node.vocabulary), self.node, self.clock, people=lambda: people)
        self.player.set_stage()

    def play(self, seconds: float) -> None:
        self.player.play_ahead(self.clock, self.clock.now() + round(seconds * SECOND))

    def ringing(self) -> str:
        """The id of a call that rings now, played on until there is one."""
        for _ in range(600):
            found = rows(
                self.node, "SELECT id FROM call WHERE state = 'offered' AND channel = 'voice' ORDER BY number"
            )
            if found:
                return found[0][0]
            self.play(1)
        raise AssertionError("nobody called for ten minutes")


@pytest.fixture
def stage(tmp_path: Path, ears: Listener) -> Iterator[Stage]:
    """A room with one person in it."""
    ears.heard.clear()
    made = Stage(tmp_path / "node", people=1)
    try:
        yield made
    finally:
        made.node.close()
    assert [logging.Formatter().format(record) for record in ears.heard] == []


def test_a_call_that_a_person_answered_is_left_to_them(stage: Stage) -> None:
    call = stage.ringing()
    stage.node.store.write_now(MARIE, lambda tx: stage.node.calls.answer(tx, call))
    stage.play(240)
    [(state, taker, incident)] = rows(
        stage.node, f"SELECT state, taker_id, incident_id FROM call WHERE id = '{call}'"
    )
    assert (state, taker, incident) == ("answered", MARIE.id, None)
    kinds = rows(stage.node, f"SELECT kind, actor FROM journal WHERE subject = 'call/{call}' ORDER BY seq")
    assert kinds == [("call.offered", "system"), ("call.answered", MARIE.id)]


def test_calls_ring_longer_while_somebody_looks_on_and_are_answered_all_the_same(stage: Stage) -> None:
    call = stage.ringing()
    stage.play(12)
    assert rows(stage.node, f"SELECT state FROM call WHERE id = '{call}'") == [("offered",)]
    stage.play(60)
    [(state, taker)] = rows(stage.node, f"SELECT state, taker_id FROM call WHERE id = '{call}'")
    assert state in ("answered", "ended")
    assert taker in ROBOTS


def test_an_incident_that_a_person_served_gets_no_second_helping_and_its_crew_drives(stage: Stage) -> None:
    node = stage.node
    for _ in range(600):
        opened = rows(node, "SELECT id FROM incident WHERE state = 'open' ORDER BY number")
        if opened:
            break
        stage.play(1)
    incident = opened[0][0]
    [(unit,)] = rows(node, "SELECT id FROM unit WHERE callsign = 'M21'")
    node.store.write_now(PIERRE, lambda tx: node.dispatch.assign(tx, incident, unit))
    stage.play(150)
    made = rows(
        node, f"SELECT actor FROM journal WHERE kind = 'assignment.made' AND body LIKE '%{incident}%'"
    )
    assert made == [(PIERRE.id,)]
    done = rows(node, "SELECT kind FROM journal WHERE actor = 'crew.m21' ORDER BY seq")
    assert ("assignment.acknowledged",) in done
