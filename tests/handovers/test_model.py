"""What a hand-over promises whatever changes meanwhile. No store, no clock of its own."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from lanbi.core.errors import Conflict, LanbiError, NotFound, Refused
from lanbi.handovers.model import LINES_MAX, REMARKS_MAX, Handover, Line, Person, Said, bounded, document

OUT = Person("pierre", "Pierre Louis", "dispatcher")
IN = Person("rose", "Rose Dorvil", "dispatcher")


def a_line(key: str, priority: str = "P1", **facts) -> Line:
    return Line(
        section="incidents",
        code="incident_waiting",
        key=f"incident/{key}",
        facts={"number": key, "priority": priority, **facts},
        since=1,
        fold=priority if priority in ("P3", "P4") else None,
        weight={"P3": 4, "P4": 5}.get(priority, 0),
    )


def begun(*lines: Line) -> Handover:
    return Handover(id="h1", post="Plas 2", outgoing=OUT, started_at=1).refreshed(lines)[0]


def taken(*lines: Line) -> Handover:
    return begun(*lines).offer(OUT.id, 2, None).take(IN, 3)


def said(by: str, text: str = "?") -> Said:
    return Said(sealed=f"s-{text}", commitment="c", by=by, at=4, words=text)


def all_read(handover: Handover) -> Handover:
    for item in handover.items:
        handover, _ = handover.acknowledge(item.n, item.rev, IN.id, 5)
    return handover


def test_both_sign_when_every_line_is_read() -> None:
    handover = taken(a_line("1"), a_line("2"))
    with pytest.raises(Refused, match="handover-lines-open"):
        handover.sign(OUT.id, OUT.name, 6)
    handover = all_read(handover)
    once = handover.sign(OUT.id, OUT.name, 6)
    assert (once.state, once.open) == ("acknowledging", True)
    with pytest.raises(Refused, match="handover-signed-already"):
        once.sign(OUT.id, OUT.name, 6)
    twice = once.sign(IN.id, IN.name, 7)
    assert (twice.state, [signature.by for signature in twice.signatures]) == ("signed", [OUT.id, IN.id])
    with pytest.raises(Refused, match="handover-over"):
        twice.withdraw(OUT, 8)


def test_what_is_signed_is_what_was_read() -> None:
    handover = replace(all_read(taken(a_line("1"))), seq=9)
    with pytest.raises(Conflict, match="handover-changed"):
        handover.sign(OUT.id, OUT.name, 6, held=8)
    once = replace(handover.sign(OUT.id, OUT.name, 6, held=9), seq=10)
    with pytest.raises(Conflict, match="handover-changed"):
        once.sign(IN.id, IN.name, 7, held=8)
    assert once.sign(IN.id, IN.name, 7, held=9).state == "signed"


def test_a_line_that_changes_is_read_again_and_a_signature_before_it_counts_no_more() -> None:
    handover = all_read(taken(a_line("1"), a_line("2"))).sign(OUT.id, OUT.name, 6)
    handover, changes = handover.refreshed([a_line("1", "P0"), a_line("2")])
    assert ([item.n for item in changes.changed], handover.signatures) == ([1], ())
    one = handover.item(1)
    assert (one.state, one.changed, one.rev) == ("open", True, 2)
    with pytest.raises(Conflict, match="handover-line-changed"):
        handover.acknowledge(1, 1, IN.id, 6)
    handover, one = handover.acknowledge(1, 2, IN.id, 6)
    assert (one.settled, one.changed) == (True, False)


def test_what_is_no_longer_open_is_told_to_who_had_read_it_and_to_nobody_else() -> None:
    handover, _ = taken(a_line("1"), a_line("2")).acknowledge(1, 1, IN.id, 5)
    handover, changes = handover.refreshed([])
    assert ([item.n for item in changes.gone], [item.n for item in changes.dropped]) == ([1], [2])
    (gone,) = handover.items
    assert (gone.gone, gone.settled) == (True, False)
    assert not handover.refreshed([])[1]
    again, changes = handover.refreshed([a_line("1")])
    assert (again.items[0].gone, len(changes.changed)) == (False, 1)


def test_what_comes_meanwhile_is_added_and_marked() -> None:
    handover, changes = taken(a_line("1")).refreshed([a_line("1"), a_line("9", "P0")])
    assert [(item.n, item.fresh) for item in handover.items] == [(1, False), (2, True)]
    assert len(changes.added) == 1


def test_what_came_changed_and_went_before_anybody_read_it_leaves_no_line() -> None:
    """A hand-over that lies about for days must not gather every incident of those days."""
    handover = taken(a_line("1"))
    for priority in ("P1", "P2", "P0"):
        handover, _ = handover.refreshed([a_line("1"), a_line("2", priority)])
    assert (handover.item(2).fresh, handover.item(2).changed) == (True, True)
    gone, changes = handover.refreshed([a_line("1")])
    assert ([item.key for item in gone.items], len(changes.dropped)) == (["incident/1"], 1)
    handover, _ = handover.acknowledge(2, handover.item(2).rev, IN.id, 5)
    told, changes = handover.refreshed([a_line("1")])
    assert told.item(2).gone, "who has read it is told that it is over"


def test_nothing_new_changes_nothing() -> None:
    handover = taken(a_line("1"))
    same, changes = handover.refreshed([a_line("1")])
    assert same is handover
    assert not changes


def test_a_question_waits_for_its_answer_and_then_to_be_read() -> None:
    handover = all_read(taken(a_line("1")))
    handover, item = handover.asked(1, said(IN.id, "ki wout?"))
    assert (item.state, item.settled) == ("asked", False)
    with pytest.raises(Refused, match="handover-not-yours"):
        handover.answered(1, said(IN.id))
    handover, item = handover.answered(1, said(OUT.id, "Delma"))
    assert (item.state, item.settled) == ("answered", False)
    assert all_read(handover).item(1).settled
    with pytest.raises(Refused, match="handover-nothing-asked"):
        taken(a_line("1")).answered(1, said(OUT.id))
    with pytest.raises(NotFound, match="handover-line-none"):
        handover.asked(99, said(IN.id))


def test_what_was_asked_aloud_may_be_answered_aloud() -> None:
    handover, _ = taken(a_line("1")).asked(1, said(IN.id))
    assert all_read(handover).item(1).settled


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (OUT, "handover-own"),
        (Person("mari", "Mari", "call_taker"), "handover-role-lower"),
        (Person("odit", "Odit", "auditor"), "handover-role-lower"),
    ],
)
def test_who_may_not_take_over(by: Person, code: str) -> None:
    with pytest.raises(Refused, match=code):
        begun().offer(OUT.id, 2, None).take(by, 3)


@pytest.mark.parametrize("by", [IN, Person("chef", "Chèf", "commander")])
def test_who_may_take_over(by: Person) -> None:
    assert begun().offer(OUT.id, 2, None).take(by, 3).incoming == by


def test_an_offer_to_one_is_for_nobody_else() -> None:
    offered = begun().offer(OUT.id, 2, IN)
    with pytest.raises(Refused, match="handover-for-another"):
        offered.take(Person("chef", "Chèf", "commander"), 3)
    assert offered.take(IN, 3).incoming == IN
    with pytest.raises(Refused, match="handover-own"):
        begun().offer(OUT.id, 2, OUT)


def test_it_is_offered_to_nobody_who_could_never_take_it() -> None:
    with pytest.raises(Refused, match="handover-role-lower"):
        begun().offer(OUT.id, 2, Person("odit", "Odit", "auditor"))


def test_who_gives_it_back_leaves_nothing_read() -> None:
    handover = all_read(taken(a_line("1"))).let_go(IN.id)
    assert (handover.state, handover.settled, handover.incoming) == ("offered", 0, None)


def test_only_a_higher_role_withdraws_what_another_began() -> None:
    with pytest.raises(Refused, match="handover-not-yours"):
        begun().withdraw(IN, 5)
    assert begun().withdraw(Person("chef", "Chèf", "commander"), 5).state == "withdrawn"
    assert begun().withdraw(OUT, 5).state == "withdrawn"


def test_what_a_commander_left_behind_another_commander_withdraws() -> None:
    left = replace(begun(), outgoing=Person("chef", "Chèf", "commander"))
    assert left.withdraw(Person("chef2", "Chèf 2", "commander"), 5).state == "withdrawn"
    with pytest.raises(Refused, match="handover-not-yours"):
        left.withdraw(OUT, 5)


def test_remarks_are_lines_and_have_an_end() -> None:
    handover = begun()
    for n in range(REMARKS_MAX):
        handover, item = handover.remarked(said(OUT.id, str(n)))
        assert item.section == "remarks"
    with pytest.raises(Refused, match="handover-remarks-full"):
        handover.remarked(said(OUT.id))
    assert len(handover.refreshed([])[0].items) == REMARKS_MAX


@given(
    st.lists(st.sampled_from(["P0", "P1", "P2", "P3", "P4"]), min_size=0, max_size=900),
)
def test_graver_lines_always_stand_by_themselves(priorities: list[str]) -> None:
    found = bounded(a_line(str(n), priority) for n, priority in enumerate(priorities))
    grave = sum(priority < "P3" for priority in priorities)
    assert sum(line.code != "many" and line.fold is None for line in found) == grave
    counted = sum(int(str(line.facts["count"])) if line.code == "many" else 1 for line in found)
    assert counted == len(priorities)
    assert len(found) <= max(LINES_MAX, grave + 2)
    if len(priorities) <= LINES_MAX:
        assert not any(line.code == "many" for line in found)


def test_a_document_is_the_same_for_everybody_and_holds_no_words() -> None:
    handover, _ = all_read(taken(a_line("1"))).remarked(said(OUT.id, "Wout la bloke"))
    handover = all_read(handover).sign(OUT.id, OUT.name, 6).sign(IN.id, IN.name, 7)
    text = document(handover, "delma-33")
    assert "bloke" not in text.replace("s-Wout la bloke", "")
    whole = json.loads(text)
    assert text == json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (whole["site"], len(whole["lines"]), len(whole["signatures"])) == ("delma-33", 2, 2)
    other = document(handover.refreshed([a_line("1", "P0")])[0], "delma-33")
    assert hashlib.sha256(text.encode()).digest() != hashlib.sha256(other.encode()).digest()


class Change(RuleBasedStateMachine):
    """Whatever two people press and whatever happens meanwhile: nobody signs over what they have not read."""

    @initialize(count=st.integers(0, 4))
    def begin(self, count: int) -> None:
        self.open = {str(n): "P1" for n in range(count)}
        self.handover = begun(*self._lines())
        # What who takes over has truly had before their eyes, by line.
        self.read: dict[int, tuple[bool, dict]] = {}

    def _lines(self) -> list[Line]:
        return [a_line(key, priority) for key, priority in self.open.items()]

    def _try(self, work) -> None:
        was = self.handover.refreshed(self._lines())[0] if self.handover.open else self.handover
        try:
            answer = work(was)
        except LanbiError:
            return
        self.handover = answer[0] if isinstance(answer, tuple) else answer

    @rule(who=st.sampled_from([OUT, IN]))
    def offer(self, who: Person) -> None:
        self._try(lambda h: h.offer(who.id, 2, None))

    @rule(who=st.sampled_from([OUT, IN]))
    def take(self, who: Person) -> None:
        self._try(lambda h: h.take(who, 3))

    @rule(n=st.integers(1, 8), who=st.sampled_from([OUT, IN]), rev=st.integers(1, 3))
    def acknowledge(self, n: int, who: Person, rev: int) -> None:
        def work(handover: Handover):
            answer = handover.acknowledge(n, rev, who.id, 5)
            self.read[n] = (answer[1].gone, answer[1].facts)
            return answer

        self._try(work)

    @rule()
    def acknowledge_all(self) -> None:
        for item in self.handover.items:
            self.acknowledge(item.n, IN, item.rev)

    @rule(n=st.integers(1, 8))
    def ask(self, n: int) -> None:
        self._try(lambda h: h.asked(n, said(IN.id)))

    @rule(n=st.integers(1, 8))
    def answer(self, n: int) -> None:
        self._try(lambda h: h.answered(n, said(OUT.id)))

    @rule(who=st.sampled_from([OUT, IN]))
    def remark(self, who: Person) -> None:
        self._try(lambda h: h.remarked(said(who.id, str(h.next_line))))

    @rule()
    def let_go(self) -> None:
        def work(handover: Handover):
            answer = handover.let_go(IN.id)
            self.read.clear()
            return answer

        self._try(work)

    @rule(who=st.sampled_from([OUT, IN]))
    def sign(self, who: Person) -> None:
        self._try(lambda h: h.sign(who.id, who.name, 6))

    @rule(key=st.integers(0, 5), what=st.sampled_from(["P0", "P1", "P2", ""]))
    def happens(self, key: int, what: str) -> None:
        if what:
            self.open[str(key)] = what
        else:
            self.open.pop(str(key), None)

    @invariant()
    def a_signature_covers_what_was_read(self) -> None:
        if not hasattr(self, "handover"):
            return
        handover = self.handover
        if handover.signatures:
            assert all(item.settled for item in handover.items)
        for item in handover.items:
            if item.settled:
                assert self.read[item.n] == (item.gone, item.facts)
        if handover.state == "signed":
            assert {signature.by for signature in handover.signatures} == {OUT.id, IN.id}
        assert len({item.n for item in handover.items}) == len(handover.items)
        assert len({item.key for item in handover.items}) == len(handover.items)


TestChange = Change.TestCase
TestChange.settings = settings(max_examples=60, stateful_step_count=30)
