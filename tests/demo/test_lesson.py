"""The first shift's call: it rings for the learner, crews hurry for it, and it leaves no debt behind."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.exceptions import LitestarDeprecationWarning
from litestar.testing import TestClient

from lanbi.bootstrap import DEMO_PLACES, Node
from lanbi.config import Settings
from lanbi.core.access import SYSTEM, Actor
from lanbi.core.geo import Area
from lanbi.core.ports import Tx
from lanbi.core.time import MINUTE, SECOND, SystemClock
from lanbi.demo.player import LESSON_GIVE_UP_S, DemoClock, Player
from lanbi.demo.script import load_evening

PIERRE = Actor(id="plas2", name="Plas 2", role="dispatcher")
CHURCH = Area(lat=18.5114, lon=-72.2857, radius_m=90, source="gazetteer", confidence="likely")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A demo two minutes into its evening, its clock held."""
    made = Node(
        Settings(data=tmp_path / "node", demo=True), clock=DemoClock(SystemClock().now() - 40 * MINUTE)
    )
    try:
        _play(made, 2 * MINUTE)
        yield made
    finally:
        made.close()


def _play(node: Node, ahead: int) -> Player:
    """Goes on with the evening, the clock moved by hand."""
    clock = node.clock
    assert isinstance(clock, DemoClock)
    if node._player is None:
        node.import_places(DEMO_PLACES, source=None, dry_run=False, strict=True, progress=None)
        node._player = Player(load_evening(node.vocabulary), node, clock, people=lambda: 1)
        node._player.set_stage()
    node._player.play_ahead(clock, clock.now() + ahead)
    return node._player


def test_its_crew_is_on_scene_and_clear_before_a_learner_is_bored(node: Node) -> None:
    player = _play(node, 0)
    do = node.store.write_now
    call = do(PIERRE, player.offer_lesson)
    player.follow_lesson(call.id)
    _play(node, 50 * SECOND)
    assert node.store.read_now(lambda reader: node.calls.get(reader, SYSTEM, call.id)).state == "offered"

    def learn(tx: Tx) -> str:
        node.calls.answer(tx, call.id)
        incident = node.incidents.open(tx, call_id=call.id, type="pedestrian_hit", area=CHURCH)
        return incident.id

    incident_id = do(PIERRE, learn)
    _play(node, 4 * SECOND)
    advice = node.store.read_now(lambda reader: node.dispatch.recommend(reader, PIERRE, incident_id))
    sent = do(PIERRE, lambda tx: node.dispatch.assign(tx, incident_id, advice.units[0].unit.unit_id))
    _play(node, 3 * MINUTE)
    done = node.store.read_now(lambda reader: node.dispatch.assignment(reader, PIERRE, sent.id))
    assert {"acknowledged", "en_route", "on_scene"} <= set(done.clocks)
    assert done.status in {"cleared", "transporting", "at_destination"}


def test_a_call_that_nobody_took_stops_and_owes_nothing(node: Node) -> None:
    player = _play(node, 0)
    call = node.store.write_now(PIERRE, player.offer_lesson)
    player.follow_lesson(call.id)
    _play(node, round((LESSON_GIVE_UP_S + 5) * SECOND))
    left = node.store.read_now(lambda reader: node.calls.get(reader, SYSTEM, call.id))
    assert (left.state, left.owed) == ("abandoned", False)


def test_it_is_asked_for_over_http_in_the_demo_and_nowhere_else(tmp_path: Path) -> None:
    for demo, wanted in ((True, 201), (False, 404)):
        node = Node(Settings(data=tmp_path / str(demo), demo=demo))
        try:
            if demo:
                node.prepare_demo()
            with warnings.catch_warnings():
                # What will change in Litestar 3 is no news to a project that is pinned below it.
                warnings.simplefilter("ignore", LitestarDeprecationWarning)
                app = node.app()
            with TestClient(app) as web:
                if demo:
                    entered = web.post(
                        "/api/v1/demo/session",
                        json={"account": "plas2"},
                        headers={"origin": "http://testserver.local"},
                    )
                    assert entered.status_code == 201, entered.text
                answer = web.post(
                    "/api/v1/demo/lesson", json={}, headers={"origin": "http://testserver.local"}
                )
                assert answer.status_code in ({wanted} if demo else {401, 404}), answer.text
                if demo:
                    assert answer.json()["number"] > 0
        finally:
            node.close()
