"""The live picture of hand-overs: a snapshot and what follows it are always a fresh snapshot."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from handovers.watch import ROSE, Watch, watch_over
from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.handovers.api import live
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from stores import ACTORS, MARIE, PIERRE, Screen


def test_both_see_each_others_progress_until_it_is_signed(watch: Watch) -> None:
    (kind,) = live(watch.handovers)
    watch.open("cardiac_arrest")
    watch.open("house_fire")
    screen = Screen(watch, kind, PIERRE)
    handover = watch.taken()

    def shown() -> tuple[str, int, int] | None:
        screen.push()
        assert screen.picture == Screen(watch, kind, PIERRE).picture
        row = screen.picture.get(handover.id)
        return None if row is None else (row.state, row.settled, len(row.lines))

    assert shown() == ("acknowledging", 0, 2)
    watch.acknowledge(handover, handover.items[0])
    assert shown() == ("acknowledging", 1, 2)
    watch.acknowledge_all(handover)
    watch.sign(handover, by=ROSE)
    assert shown() == ("acknowledging", 2, 2)
    watch.sign(handover, by=PIERRE)
    assert shown() is None


def test_an_auditor_sees_the_lines_but_not_what_was_written(guarded: Watch) -> None:
    (kind,) = live(guarded.handovers)
    handover = guarded.start(by=MARIE)
    guarded.do(lambda tx: guarded.handovers.remark(tx, handover.id, "Dlo fini"), by=MARIE)
    (mine,) = Screen(guarded, kind, MARIE).picture.values()
    (audited,) = Screen(guarded, kind, ACTORS["auditor"]).picture.values()
    assert [line.remark.words for line in mine.lines] == ["Dlo fini"]
    assert [line.remark.words for line in audited.lines] == [None]
    assert not guarded.gate.allows(ACTORS["analyst"], kind.action)


class Change(RuleBasedStateMachine):
    """Any change of shift, while the night goes on: pictures agree, refusals change nothing."""

    people = st.sampled_from([PIERRE, ROSE])

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.made = watch_over(SqliteEngine(Path(self.folder.name) / FILE_NAME))
        self.watch = self.made.__enter__()
        (self.kind,) = live(self.watch.handovers)
        self.screen = Screen(self.watch, self.kind, PIERRE)
        self.handover = self.watch.taken()
        self.incidents: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "made"):
            self.made.__exit__(None, None, None)
            self.folder.cleanup()

    def _try(self, work, by: Actor) -> None:
        before = self.watch.head
        try:
            self.watch.do(work, by=by)
        except LanbiError:
            assert self.watch.head == before

    @rule(priority=st.sampled_from(["P0", "P2", "P4"]))
    def opens(self, priority: str) -> None:
        self.incidents.append(self.watch.open("house_fire", priority=priority).id)

    @rule()
    def closes(self) -> None:
        if self.incidents:
            incident = self.incidents.pop()
            self._try(lambda tx: self.watch.incidents.close(tx, incident, "resolved"), PIERRE)

    @rule(by=people, n=st.integers(1, 4), rev=st.integers(1, 2))
    def acknowledge(self, by: Actor, n: int, rev: int) -> None:
        self._try(lambda tx: self.watch.handovers.acknowledge(tx, self.handover.id, n, rev), by)

    @rule(by=people, n=st.integers(1, 4))
    def ask(self, by: Actor, n: int) -> None:
        self._try(lambda tx: self.watch.handovers.ask(tx, self.handover.id, n, "kisa?"), by)

    @rule(by=people)
    def remark(self, by: Actor) -> None:
        self._try(lambda tx: self.watch.handovers.remark(tx, self.handover.id, "gade sa"), by)

    @rule(by=people)
    def sign(self, by: Actor) -> None:
        self._try(lambda tx: self.watch.handovers.sign(tx, self.handover.id), by)

    @rule(by=people)
    def begins_again(self, by: Actor) -> None:
        self._try(self.watch.handovers.start, by)

    @rule()
    def a_second_passes(self) -> None:
        self.watch.refresh()

    @rule()
    def look_again(self) -> None:
        self.screen.push()

    @invariant()
    def pictures_agree(self) -> None:
        if not hasattr(self, "handover"):
            return
        followed = Screen(self.watch, self.kind, PIERRE)
        followed.rows, followed.since = dict(self.screen.rows), self.screen.since
        followed.push()
        assert followed.rows == Screen(self.watch, self.kind, PIERRE).rows


TestChange = Change.TestCase
TestChange.settings = settings(max_examples=20, stateful_step_count=25)
