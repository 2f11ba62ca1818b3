"""The live picture of calls and promises: a snapshot and what follows it are always a fresh snapshot."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from lanbi.calls.api import live
from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.core.geo import Area
from lanbi.core.live import LiveKind
from lanbi.incidents import api as incidents_api
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from stores import ACTORS, MARIE, PIERRE, VOCABULARY, Floor, Screen, floor_over


def kinds(floor: Floor) -> list[LiveKind]:
    return live(floor.calls)


def test_a_missed_call_stays_in_the_picture_until_it_is_settled(floor: Floor) -> None:
    calls, (kind, _) = floor.calls, kinds(floor)
    screen = Screen(floor, kind)
    call = floor.do(lambda tx: calls.offer(tx, channel="voice", number="34560142"))

    def shown() -> str | None:
        screen.push()
        assert screen.picture == Screen(floor, kind).picture
        row = screen.picture.get(call.id)
        return None if row is None else row.state

    assert shown() == "offered"
    floor.do(lambda tx: calls.abandon(tx, call.id))
    assert shown() == "abandoned"
    floor.do(lambda tx: calls.callback(tx, call.id, "no_answer"))
    assert shown() == "abandoned"
    assert screen.picture[call.id].callback.attempts == 1
    floor.do(lambda tx: calls.callback(tx, call.id, "settled"))
    assert shown() is None


def test_a_promise_stays_until_it_is_settled(floor: Floor) -> None:
    calls, (_, kind) = floor.calls, kinds(floor)
    call = floor.do(lambda tx: calls.offer(tx, channel="voice"))
    screen = Screen(floor, kind)
    promise = floor.do(lambda tx: calls.promise(tx, kind="news", call_id=call.id, text="n ap tounen"))
    screen.push()
    assert [row.words for row in screen.picture.values()] == ["n ap tounen"]
    floor.do(lambda tx: calls.settle(tx, promise.id, "kept"))
    screen.push()
    assert screen.picture == Screen(floor, kind).picture == {}


def test_a_long_text_is_shown_by_its_beginning(floor: Floor) -> None:
    floor.do(lambda tx: floor.calls.text(tx, channel="sms", text="dife " * 400))
    (row,) = Screen(floor, kinds(floor)[0]).picture.values()
    assert row.words == ("dife " * 100)[:499] + "…"


@pytest.mark.parametrize(("role", "reads"), [("call_taker", True), ("commander", True), ("auditor", False)])
def test_only_those_who_may_read_words_see_them(guarded: Floor, role: str, reads: bool) -> None:
    here = Area(lat=18.5, lon=-72.3, radius_m=50, words="lakay Mari")
    call = guarded.do(lambda tx: guarded.calls.offer(tx, channel="voice", area=here, text="Anmwe!"))
    guarded.do(lambda tx: guarded.calls.promise(tx, kind="news", call_id=call.id, text="n ap rele w"))
    calls_kind, promises_kind = kinds(guarded)
    for kind in (calls_kind, promises_kind):
        assert guarded.gate.allows(ACTORS[role], kind.action)
    (row,) = Screen(guarded, calls_kind, ACTORS[role]).picture.values()
    (promise,) = Screen(guarded, promises_kind, ACTORS[role]).picture.values()
    assert (row.words, row.area.words) == (("Anmwe!", "lakay Mari") if reads else (None, ""))
    assert row.area.lat == 18.5
    assert promise.words == ("n ap rele w" if reads else None)


def test_analysts_see_no_calls(guarded: Floor) -> None:
    assert not any(guarded.gate.allows(ACTORS["analyst"], kind.action) for kind in kinds(guarded))


class Night(RuleBasedStateMachine):
    """Any night, by two people, in any order: refusals change nothing, pictures agree, counts are true."""

    calls_made = Bundle("calls_made")
    incidents_made = Bundle("incidents_made")
    promises_made = Bundle("promises_made")
    people = st.sampled_from([MARIE, PIERRE])

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="lanbi-night-")
        self.context = floor_over(SqliteEngine(Path(self.folder.name) / FILE_NAME))
        self.floor = self.context.__enter__()
        self.kinds = [*kinds(self.floor), incidents_api.live(self.floor.incidents, VOCABULARY)]
        self.screens = [Screen(self.floor, kind) for kind in self.kinds]

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.__exit__(None, None, None)
            self.folder.cleanup()

    def _everything(self) -> list[object]:
        tables = ("call", "call_words", "call_answer", "promise", "incident", "incident_related", "sealed")
        return [
            self.floor.look(lambda reader, t=table: reader.rows(f"SELECT * FROM {t} ORDER BY 1, 2"))
            for table in tables
        ]

    def _try(self, work, by: Actor) -> None:
        before, head = self._everything(), self.floor.head
        self.floor.clock.advance(7)
        try:
            self.floor.do(work, by=by)
        except LanbiError:
            assert self._everything() == before
            assert self.floor.head == head

    @rule(target=calls_made, by=people, number=st.sampled_from([None, "34560142"]), text=st.booleans())
    def ring(self, by: Actor, number: str | None, text: bool) -> str:
        calls = self.floor.calls
        if text:
            work = lambda tx: calls.text(tx, channel="sms", text="Anmwe!", number=number)  # noqa: E731
        else:
            work = lambda tx: calls.offer(tx, channel="voice", number=number)  # noqa: E731
        return self.floor.do(work, by=by).id

    @rule(target=incidents_made, by=people)
    def open(self, by: Actor) -> str:
        return self.floor.do(self.floor.incidents.open, by=by).id

    @rule(by=people, call=calls_made)
    def open_from(self, by: Actor, call: str) -> None:
        self._try(lambda tx: self.floor.incidents.open(tx, call_id=call, type="house_fire"), by)

    @rule(
        by=people,
        call=calls_made,
        verb=st.sampled_from(["answer", "claim", "hold", "resume", "abandon", "end", "unjoin"]),
    )
    def handle(self, by: Actor, call: str, verb: str) -> None:
        self._try(lambda tx: getattr(self.floor.calls, verb)(tx, call), by)

    @rule(by=people, call=calls_made, given=st.sampled_from(["yes", "no", "perhaps", None]))
    def answer_card(self, by: Actor, call: str, given: str | None) -> None:
        answer_card = self.floor.calls.answer_card
        self._try(
            lambda tx: answer_card(tx, call, card="road_accident", question="trapped", answer=given), by
        )
        self._try(lambda tx: answer_card(tx, call, card="robbery", question="look", answer=given), by)

    @rule(by=people, call=calls_made, outcome=st.sampled_from(["reached", "no_answer", "settled"]))
    def call_back(self, by: Actor, call: str, outcome) -> None:
        self._try(lambda tx: self.floor.calls.callback(tx, call, outcome), by)

    @rule(by=people, call=calls_made, incident=incidents_made)
    def join(self, by: Actor, call: str, incident: str) -> None:
        self._try(lambda tx: self.floor.calls.join(tx, call, incident), by)

    @rule(by=people, call=calls_made, behind=st.integers(0, 5))
    def edit(self, by: Actor, call: str, behind: int) -> None:
        held = max(0, self.floor.head - behind)
        self._try(lambda tx: self.floor.calls.locate(tx, call, Area(words="la"), held=held), by)
        self._try(lambda tx: self.floor.calls.set_language(tx, call, "ht", held=held), by)

    @rule(by=people, incident=incidents_made, behind=st.integers(0, 5))
    def edit_incident(self, by: Actor, incident: str, behind: int) -> None:
        held = max(0, self.floor.head - behind)
        self._try(lambda tx: self.floor.incidents.classify(tx, incident, "house_fire", held=held), by)

    @rule(by=people, incident=incidents_made, shut=st.booleans())
    def close(self, by: Actor, incident: str, shut: bool) -> None:
        incidents = self.floor.incidents
        if shut:
            self._try(lambda tx: incidents.close(tx, incident, "resolved"), by)
        else:
            self._try(lambda tx: incidents.reopen(tx, incident, "toujou gen lafimen"), by)

    @rule(target=promises_made, by=people, call=calls_made)
    def promise(self, by: Actor, call: str) -> str:
        return self.floor.do(lambda tx: self.floor.calls.promise(tx, kind="news", call_id=call), by=by).id

    @rule(by=people, promise=promises_made, outcome=st.sampled_from(["kept", "broken"]))
    def settle(self, by: Actor, promise: str, outcome) -> None:
        self._try(lambda tx: self.floor.calls.settle(tx, promise, outcome), by)

    @rule(days=st.sampled_from([181, 731]))
    def time_passes(self, days: int) -> None:
        self.floor.clock.advance(days * 86_400)
        self.floor.erase_all_due()

    @rule()
    def look_again(self) -> None:
        for screen in self.screens:
            screen.push()

    @invariant()
    def pictures_agree(self) -> None:
        if not hasattr(self, "floor"):
            return
        for screen, kind in zip(self.screens, self.kinds, strict=True):
            followed = Screen(self.floor, kind)
            followed.rows, followed.since = dict(screen.rows), screen.since
            followed.push()
            assert followed.rows == Screen(self.floor, kind).rows

    @invariant()
    def counts_are_true(self) -> None:
        if not hasattr(self, "floor"):
            return
        counted = self.floor.look(
            lambda reader: reader.rows(
                "SELECT i.calls, COUNT(c.id), MAX(i.seq) FROM incident i"
                " LEFT JOIN call c ON c.incident_id = i.id GROUP BY i.id, i.calls"
            )
        )
        head = self.floor.head
        assert all(said == true and seq <= head for said, true, seq in counted)


TestNight = Night.TestCase
TestNight.settings = settings(max_examples=30, stateful_step_count=30)
