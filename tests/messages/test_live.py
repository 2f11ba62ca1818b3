"""The live picture of messages: a snapshot and what follows it are always a fresh snapshot, for every eye."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from lanbi.core.access import Actor
from lanbi.core.errors import LanbiError
from lanbi.messages.api import live
from lanbi.store.sqlite import FILE_NAME, SqliteEngine
from messages.desk import CHIEF, M21, M22, P7, Desk, crew_of, desk_over
from stores import ACTORS, MARIE, PIERRE, VOCABULARY, Screen

EYES = (PIERRE, crew_of(M21), crew_of(M22))


def test_the_channels_that_always_stand_are_there_before_anything_was_said(desk: Desk) -> None:
    _, kind = live(desk.messages)
    assert set(Screen(desk, kind, PIERRE).picture) == set(VOCABULARY.tables["message_channels"])
    assert Screen(desk, kind, crew_of(M21)).picture == {}


def test_a_channel_comes_and_goes(desk: Desk) -> None:
    _, kind = live(desk.messages)
    screen, crew = Screen(desk, kind, PIERRE), Screen(desk, kind, crew_of(M21))
    channel = desk.do(lambda tx: desk.messages.open_channel(tx, name="Dife", units=[M21.id]), by=CHIEF)
    for one in (screen, crew):
        one.push()
        assert one.picture[channel.id].name == "Dife"
    desk.do(lambda tx: desk.messages.close_channel(tx, channel.id), by=CHIEF)
    for one in (screen, crew):
        one.push()
        assert channel.id not in one.picture
    assert screen.picture == Screen(desk, kind, PIERRE).picture


def test_the_floor_shares_one_row_and_a_crew_sees_of_others_only_the_count(desk: Desk) -> None:
    kind, _ = live(desk.messages)
    sent = desk.say(to=("channel", "ambulance"))
    ((_, _, row),) = desk.look(lambda reader: kind.changed(reader, 0))
    assert kind.seen_by(row, PIERRE) is kind.seen_by(row, MARIE) is row, "one encoding for the whole floor"
    (own,) = Screen(desk, kind, crew_of(M22)).picture.values()
    assert [receipt.name for receipt in own.receipts] == ["M22"]
    assert own.counts.of == 2
    assert Screen(desk, kind, crew_of(P7)).picture == {}
    answer = desk.say("wi", to=("role", "dispatcher"), by=crew_of(M22), reply_to=sent.id)
    assert len(Screen(desk, kind, crew_of(M22)).picture[answer.id].receipts) == 2
    assert answer.id not in Screen(desk, kind, crew_of(M21)).picture


def test_who_is_not_of_the_floor_has_no_such_kind(guarded: Desk) -> None:
    for role in ("analyst", "auditor", "administrator"):
        assert not any(guarded.gate.allows(ACTORS[role], kind.action) for kind in live(guarded.messages))
    for actor in EYES:
        assert all(guarded.gate.allows(actor, kind.action) for kind in live(guarded.messages))


class Night(RuleBasedStateMachine):
    """Any night of messages, in any order: every screen agrees with a fresh one."""

    sent = Bundle("sent")
    people = st.sampled_from([MARIE, PIERRE, CHIEF, crew_of(M21), crew_of(P7)])

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="lanbi-messages-")
        self.context = desk_over(SqliteEngine(Path(self.folder.name) / FILE_NAME))
        self.desk = self.context.__enter__()
        self.screens = [Screen(self.desk, kind, eye) for kind in live(self.desk.messages) for eye in EYES]

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.__exit__(None, None, None)
            self.folder.cleanup()

    def _try(self, work, by: Actor) -> None:
        head = self.desk.head
        try:
            self.desk.do(work, by=by)
        except LanbiError:
            assert self.desk.head == head

    @rule(
        target=sent,
        by=people,
        to=st.sampled_from([
            ("unit", M21.id), ("role", "dispatcher"), ("account", "marie"), ("channel", "ambulance"),
        ]),
        priority=st.sampled_from(["routine", "flash"]),
    )  # fmt: skip
    def say(self, by: Actor, to: tuple[str, str], priority: str) -> str:
        self.desk.clock.advance(7)
        return self.desk.say("ale", to=to, by=by, priority=priority).id

    @rule(
        by=people,
        message=sent,
        step=st.sampled_from(["received", "acknowledged", "will_comply", "cannot_comply", "done"]),
        for_unit=st.sampled_from([None, M21.id, M22.id]),
    )
    def answer(self, by: Actor, message: str, step, for_unit: str | None) -> None:
        messages = self.desk.messages
        self._try(lambda tx: messages.step(tx, message, step, for_unit=for_unit, reason="pa gen gaz"), by)

    @rule(open_one=st.booleans())
    def channel(self, open_one: bool) -> None:
        messages = self.desk.messages
        if open_one:
            self._try(lambda tx: messages.open_channel(tx, name="Dife", units=[M22.id]), CHIEF)
            return
        made = self.desk.look(lambda reader: messages.channels(reader, CHIEF))[len(messages.standing) :]
        if made:
            self._try(lambda tx: messages.close_channel(tx, made[0].id), CHIEF)

    @rule(hours=st.sampled_from([1, 13, 80, 24 * 731]))
    def time_passes(self, hours: int) -> None:
        self.desk.clock.advance(hours * 3_600)
        self.desk.do(self.desk.messages.archive, by=ACTORS["administrator"])
        self.desk.erase_all_due()

    @rule()
    def look_again(self) -> None:
        for screen in self.screens:
            screen.push()

    @invariant()
    def pictures_agree(self) -> None:
        if not hasattr(self, "desk"):
            return
        eyes = [(kind, eye) for kind in live(self.desk.messages) for eye in EYES]
        for screen, (kind, eye) in zip(self.screens, eyes, strict=True):
            followed = Screen(self.desk, kind, eye)
            fresh = dict(followed.rows)
            followed.rows, followed.since = dict(screen.rows), screen.since
            followed.push()
            assert followed.rows == fresh


TestNight = Night.TestCase
TestNight.settings = settings(max_examples=20, stateful_step_count=25)
