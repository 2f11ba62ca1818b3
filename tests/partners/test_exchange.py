"""Letters between two real sites: nothing lost, nothing twice, nothing from anybody else."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lanbi.core.errors import Forbidden, LanbiError, Malformed, Refused
from lanbi.core.ids import new_id
from lanbi.core.ports import Tx
from lanbi.core.time import DAY
from lanbi.partners import sql
from lanbi.partners.envelope import Envelope, canonical, open_envelope
from lanbi.partners.events import Arrived
from lanbi.partners.model import BODY_KEPT_FOR, RECEIPT
from partners.sites import KEEPER, KIND, Pair, Site, engines_in, pair_over, shape
from stores import ACTORS, FixedClock, real_gate


def refusal(work: Callable[[], Any]) -> str:
    with pytest.raises(LanbiError) as refused:
        work()
    return refused.value.code


def envelope(pair: Pair, **changed: Any) -> Envelope:
    fields: dict[str, Any] = {
        "id": new_id(pair.haiti.clock.now()),
        "sender": "HT-PAP",
        "recipient": "DO",
        "kind": KIND,
        "made_at": pair.haiti.clock.now(),
        "body": canonical({"n": 1}),
        **changed,
    }
    return Envelope(**fields)


def states(site: Site, *letters: str) -> list[tuple[str, str | None]]:
    return [(found.state, found.outcome) for found in map(site.letter, letters)]


# ------------------------------------------------------------------------ there and back


def test_a_letter_arrives_once_and_both_sides_hold_what_the_other_signed(both: Pair) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    letter = haiti.send(dominicana, {"serial": "SYN-1"})
    assert states(haiti, letter) == [("waiting", None)]
    both.step()
    (arrived,) = dominicana.worked
    assert (arrived.id, arrived.sender, arrived.kind) == (letter, "HT-PAP", KIND)
    assert msgspec.json.decode(arrived.body) == {"serial": "SYN-1"}
    sent, came = haiti.letter(letter), dominicana.letter(letter)
    assert (sent.state, sent.outcome, came.state) == ("delivered", "taken", "taken")
    assert sent.content == came.content
    assert sent.receipt == came.receipt
    assert sent.receipt is not None
    keys = {"DO": [key.as_partner_key() for key in haiti.look(lambda r: sql.get(r, "DO")).keys]}
    receipt = open_envelope(sent.receipt, keys, "HT-PAP", haiti.clock.now())
    assert msgspec.json.decode(receipt.body)["content"] == sent.content
    assert (haiti.bodies(), dominicana.bodies()) == (0, 0)


def test_what_a_letter_says_never_stands_in_the_record(pair: Pair) -> None:
    pair.haiti.send(pair.dominicana, {"serial": "SYN-9137"})
    pair.step()
    for site in (pair.haiti, pair.dominicana):
        assert not any("SYN-9137" in body for _, _, body in site.entries())
    assert [kind for kind, _, _ in pair.haiti.entries() if kind.startswith("partner.letter")] == [
        "partner.letter_written",
        "partner.letter_settled",
    ]
    ((_, actor, _),) = pair.dominicana.entries("partner.letter_taken_in")
    assert actor == "site:HT-PAP"


def test_a_letter_is_written_with_the_rows_that_it_tells_of_or_not_at_all(both: Pair) -> None:
    haiti = both.haiti

    def half(tx: Tx) -> None:
        haiti.outbox.send(tx, "DO", KIND, {"n": 1})
        raise Refused("letter-fault")

    assert refusal(lambda: haiti.do(half)) == "letter-fault"
    both.step()
    assert both.road.passed == []


def test_a_letter_that_comes_twice_is_worked_once(both: Pair) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    letter = haiti.send(dominicana)
    data = haiti.sealed(dominicana, letter)
    first, second = dominicana.receive(data), dominicana.receive(data)
    assert len(dominicana.worked) == 1
    assert (first.outcome, first.twice, second.outcome, second.twice) == ("taken", False, "taken", True)
    assert len(dominicana.entries("partner.letter_taken_in")) == 1


def test_an_answer_that_is_lost_is_asked_for_again(pair: Pair) -> None:
    letter = pair.haiti.send(pair.dominicana)
    pair.road.loses_answers = True
    pair.step()
    assert states(pair.haiti, letter) == [("waiting", None)]
    pair.road.loses_answers = False
    pair.haiti.clock.advance(3_600)
    pair.step()
    assert states(pair.haiti, letter) == [("delivered", "taken")]
    assert len(pair.dominicana.worked) == 1


def test_letters_go_in_the_order_in_which_they_were_written(pair: Pair) -> None:
    written = [pair.haiti.send(pair.dominicana, {"n": n}) for n in range(7)]
    pair.step()
    assert [arrived.id for arrived in pair.dominicana.worked] == written


def test_after_a_cut_of_six_weeks_nothing_is_lost(pair: Pair) -> None:
    pair.road.up = False
    written = []
    for week in range(6):
        written.append(pair.haiti.send(pair.dominicana, {"week": week}))
        pair.step()
        pair.haiti.clock.advance(7 * 24 * 3600)
    link = pair.couriers["HT-PAP"].links["DO"]
    assert (link.reason, link.failing_since is not None, link.failures > 1) == ("link-down", True, True)
    pair.road.up = True
    pair.step()
    assert [arrived.id for arrived in pair.dominicana.worked] == written
    assert pair.couriers["HT-PAP"].links["DO"].failing_since is None


# ------------------------------------------------------------------------ out of order, unknown, refused


def test_a_letter_that_comes_before_what_it_follows_waits_for_it(both: Pair) -> None:
    haiti, dominicana, seen = both.haiti, both.dominicana, set[int]()

    def work(tx: Tx, arrived: Arrived) -> bool:
        body = msgspec.json.decode(arrived.body)
        if body["after"] not in {0, *seen}:
            return False
        seen.add(body["n"])
        dominicana.worked.append(arrived)
        return True

    dominicana.listen(work=work)
    letters = [haiti.send(dominicana, {"n": n, "after": n - 1}) for n in (1, 2, 3)]
    sealed = [haiti.sealed(dominicana, letter) for letter in letters]
    assert dominicana.receive(sealed[2]).outcome == "early"
    assert dominicana.receive(sealed[1]).outcome == "early"
    assert dominicana.worked == []
    assert dominicana.receive(sealed[0]).outcome == "taken"
    assert [arrived.id for arrived in dominicana.worked] == letters
    assert states(dominicana, *letters) == [("taken", "taken")] * 3
    assert dominicana.bodies() == 2  # receipts of those that had been told to wait
    both.step()
    assert states(haiti, *letters) == [("delivered", "taken")] * 3
    assert len(dominicana.worked) == 3


def test_a_kind_that_nobody_knows_is_kept_shown_and_worked_after_an_update(pair: Pair) -> None:
    letter = pair.haiti.send(pair.dominicana, {"n": 1}, kind="matching.batch")
    pair.step()
    assert states(pair.haiti, letter) == [("delivered", "kept")]
    (shown,) = pair.dominicana.look(
        lambda reader: pair.dominicana.outbox.letters(reader, KEEPER, state="kept", before=2**62, limit=9)
    )
    assert (shown.id, shown.kind, pair.dominicana.bodies()) == (letter, "matching.batch", 1)
    assert pair.dominicana.inbox.take_kept(pair.dominicana.store) == 0
    pair.dominicana.listen("matching.batch")
    assert pair.dominicana.inbox.take_kept(pair.dominicana.store) == 1
    assert [arrived.id for arrived in pair.dominicana.worked] == [letter]
    pair.step()
    assert states(pair.haiti, letter) == [("delivered", "taken")]


def test_what_the_other_side_refuses_comes_back_signed_with_its_reason(both: Pair) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    before: list[int] = []

    def refuse(tx: Tx, arrived: Arrived) -> bool:
        tx.seal(subject="x/1", field="x", kind="words", value="rete", keep_for=DAY)
        before.append(1)
        raise Refused("partner-known", code="JM")

    dominicana.listen(work=refuse)
    letter = haiti.send(dominicana)
    after = haiti.send(dominicana)
    both.step()
    refused = haiti.letter(letter)
    assert (refused.state, refused.reason, refused.args) == ("refused", "partner-known", {"code": "JM"})
    assert len(before) == 2
    assert dominicana.look(
        lambda reader: reader.rows("SELECT COUNT(*) FROM sealed WHERE subject = 'x/1'")
    ) == [(0,)]
    assert states(haiti, after) == [("refused", "refused")]
    dominicana.listen()
    haiti.do(lambda tx: haiti.outbox.renew(tx, letter))
    both.step()
    assert states(haiti, letter) == [("delivered", "taken")]
    assert [arrived.id for arrived in dominicana.worked] == [letter]
    assert refusal(lambda: haiti.do(lambda tx: haiti.outbox.renew(tx, letter))) == "letter-not-refused"


def test_a_fault_of_ours_holds_up_no_other_letter(pair: Pair) -> None:
    def fail(tx: Tx, arrived: Arrived) -> bool:
        raise ZeroDivisionError

    pair.dominicana.listen("matching.batch", work=fail)
    bad = pair.haiti.send(pair.dominicana, kind="matching.batch")
    good = pair.haiti.send(pair.dominicana)
    pair.step()
    assert pair.haiti.letter(bad).reason == "letter-fault"
    assert states(pair.haiti, good) == [("delivered", "taken")]


def test_kinds_that_do_not_pass_are_refused_on_both_sides(pair: Pair) -> None:
    haiti, dominicana = pair.haiti, pair.dominicana
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_in=("tracing.answer",)))
    letter = haiti.send(dominicana)
    pair.step()
    assert haiti.letter(letter).reason == "letter-kind-closed"
    haiti.do(lambda tx: haiti.partners.edit(tx, "DO", kinds_out=("tracing.answer",)))
    assert refusal(lambda: haiti.send(dominicana)) == "partner-kind-closed"
    assert not haiti.look(lambda reader: haiti.outbox.may_send(reader, "DO", KIND))
    assert haiti.look(lambda reader: haiti.outbox.may_send(reader, "DO", "tracing.answer"))


# ------------------------------------------------------------------------ who may not write


def test_nothing_that_was_changed_on_the_way_is_taken(pair: Pair) -> None:
    data = bytearray(pair.haiti.sealed(pair.dominicana, pair.haiti.send(pair.dominicana, {"serial": "A1"})))
    place = data.index(b"A1")
    data[place : place + 2] = b"B1"
    assert pair.dominicana.refusal(bytes(data)) == "envelope-signature-wrong"
    assert pair.dominicana.worked == []
    assert pair.dominicana.entries("partner.letter_taken_in") == []


def test_nothing_that_is_for_somebody_else_is_taken(pair: Pair) -> None:
    data = shape(envelope(pair, recipient="JM"), pair.haiti)
    assert pair.dominicana.refusal(data) == "envelope-recipient-other"


def test_nothing_of_a_stranger_or_under_anothers_name_is_taken(pair: Pair) -> None:
    assert (
        pair.dominicana.refusal(shape(envelope(pair, sender="JM"), pair.haiti)) == "envelope-sender-unknown"
    )
    forged = shape(envelope(pair, sender="HT-PAP"), pair.dominicana)
    assert pair.dominicana.refusal(forged) == "envelope-key-unknown"


def test_an_id_that_names_another_letter_changes_nothing(pair: Pair) -> None:
    first = envelope(pair)
    pair.dominicana.receive(shape(first, pair.haiti))
    found = pair.dominicana.receive(
        shape(msgspec.structs.replace(first, body=canonical({"n": 2})), pair.haiti)
    )
    assert (found.outcome, found.reason) == ("refused", "letter-id-used")
    assert len(pair.dominicana.worked) == 1
    assert pair.dominicana.letter(first.id).state == "taken"


def test_an_old_letter_that_somebody_kept_does_nothing_when_it_is_sent_again(pair: Pair) -> None:
    data = pair.haiti.sealed(pair.dominicana, pair.haiti.send(pair.dominicana))
    pair.dominicana.receive(data)
    pair.haiti.clock.advance(29 * 24 * 3600)
    assert pair.dominicana.receive(data).twice
    pair.haiti.clock.advance(2 * 24 * 3600)
    assert pair.dominicana.refusal(data) == "envelope-stale"
    assert len(pair.dominicana.worked) == 1


def test_both_keys_are_taken_until_the_old_one_is_retired(both: Pair) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    old = haiti.sealed(dominicana, haiti.send(dominicana, {"n": "old"}))
    old_key = haiti.key.key_id
    haiti.change_key(bytes([9]) * 32)
    both.couriers["HT-PAP"] = type(both.couriers["HT-PAP"])(
        haiti.outbox, haiti.inbox, haiti.store, haiti.clock, both.road, chance=lambda: 0.5
    )
    newer = haiti.send(dominicana, {"n": "new"})
    assert dominicana.refusal(haiti.sealed(dominicana, newer)) == "envelope-key-unknown"
    dominicana.do(lambda tx: dominicana.partners.add_key(tx, "HT-PAP", haiti.key.public_key.hex()))
    assert dominicana.receive(old).outcome == "taken"
    both.step()
    assert len(dominicana.worked) == 2
    dominicana.do(lambda tx: dominicana.partners.retire_key(tx, "HT-PAP", old_key))
    assert dominicana.refusal(old) == "envelope-key-retired"
    haiti.send(dominicana, {"n": "newest"})
    both.step()
    assert len(dominicana.worked) == 3


def test_a_switched_off_partner_gets_nothing_and_gives_nothing_at_once(both: Pair) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    waiting = haiti.send(dominicana)
    coming = dominicana.sealed(haiti, dominicana.send(haiti))
    haiti.switch(dominicana, False)
    both.step()
    assert states(haiti, waiting) == [("waiting", None)]
    assert haiti.refusal(coming) == "partner-closed"
    assert refusal(lambda: haiti.send(dominicana)) == "partner-disabled"
    assert refusal(lambda: haiti.look(lambda r: haiti.outbox.bundle(r, "DO"))) == "partner-disabled"
    held = haiti.do(lambda tx: haiti.outbox.send(tx, "DO", KIND, {"n": 2}, hold=True))
    assert (haiti.worked, dominicana.worked) == ([], [])
    link = both.couriers["DO"].links["HT-PAP"]
    assert (link.reason, link.args["reason"]) == ("link-refused", "partner-closed")
    haiti.switch(dominicana, True)
    haiti.clock.advance(3_600)
    both.step()
    assert states(haiti, waiting, held) == [("delivered", "taken")] * 2
    assert len(haiti.worked) == 1


def test_what_waited_for_a_retired_partner_is_dropped(pair: Pair) -> None:
    haiti = pair.haiti
    letter = haiti.send(pair.dominicana)
    haiti.do(lambda tx: haiti.partners.retire(tx, "DO"))
    assert (haiti.letter(letter).state, haiti.bodies()) == ("dropped", 0)
    assert refusal(lambda: haiti.send(pair.dominicana)) == "partner-retired"
    pair.step()
    assert pair.dominicana.worked == []
    assert '"dropped":1' in haiti.entries("partner.retired")[0][2]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"letter": "0197f000-0000-7000-8000-000000000000"}, "receipt-malformed"),
        ({"content": "0" * 64}, "receipt-malformed"),
        ({"outcome": "delivered"}, "receipt-malformed"),
        ({"args": {"x": "y" * 300}}, "receipt-malformed"),
    ],
)
def test_a_receipt_for_something_else_settles_nothing(pair: Pair, changed: Any, code: str) -> None:
    haiti, dominicana = pair.haiti, pair.dominicana
    letter = haiti.send(dominicana)
    content = haiti.letter(letter).content
    body = {"letter": letter, "content": content, "outcome": "taken", "reason": None, "args": {}, **changed}
    data = shape(
        envelope(pair, sender="DO", recipient="HT-PAP", kind=RECEIPT, body=canonical(body)), dominicana
    )
    assert refusal(lambda: haiti.inbox.settle(haiti.store, "DO", letter, data)) == code
    assert states(haiti, letter) == [("waiting", None)]
    body = {"letter": letter, "content": content, "outcome": "taken"}
    good = shape(
        envelope(pair, sender="DO", recipient="HT-PAP", kind=RECEIPT, body=canonical(body)), dominicana
    )
    assert haiti.inbox.settle(haiti.store, "DO", letter, good) == "taken"
    assert states(haiti, letter) == [("delivered", "taken")]


# ------------------------------------------------------------------------ by file


def carried(pair: Pair, giver: Site, taker: Site) -> Any:
    data = giver.do(lambda tx: giver.outbox.carry(tx, taker.code))
    return taker.inbox.take_in_bundle(taker.store, KEEPER, data)


def test_a_stick_carries_letters_there_and_receipts_back(both: Pair) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    both.road.up = False
    letters = [haiti.send(dominicana, {"n": n}) for n in range(3)]
    report = carried(both, haiti, dominicana)
    assert [(line.letter, line.outcome) for line in report.lines] == [(key, "taken") for key in letters]
    assert states(haiti, *letters) == [("waiting", None)] * 3
    carried(both, dominicana, haiti)
    assert states(haiti, *letters) == [("delivered", "taken")] * 3
    assert (haiti.bodies(), dominicana.bodies()) == (0, 0)
    assert refusal(lambda: carried(both, dominicana, haiti)) == "bundle-empty"


def test_a_letter_that_goes_by_stick_and_by_link_is_worked_once(pair: Pair) -> None:
    haiti, dominicana = pair.haiti, pair.dominicana
    haiti.send(dominicana)
    data = haiti.do(lambda tx: haiti.outbox.carry(tx, "DO"))
    pair.step()
    for _ in range(2):
        report = dominicana.inbox.take_in_bundle(dominicana.store, KEEPER, data)
        assert [line.outcome for line in report.lines] == ["taken"]
    assert len(dominicana.worked) == 1
    pair.step()
    assert dominicana.look(dominicana.outbox.counts) == {}


def test_a_partner_without_an_address_is_served_by_file_alone(pair: Pair) -> None:
    haiti, dominicana = pair.haiti, pair.dominicana
    haiti.do(lambda tx: haiti.partners.edit(tx, "DO", url=""))
    letter = haiti.send(dominicana)
    pair.step()
    assert states(haiti, letter) == [("waiting", None)]
    carried(pair, haiti, dominicana)
    pair.step()
    assert states(haiti, letter) == [("delivered", "taken")]


def test_a_stick_that_cannot_be_read_says_so_and_changes_nothing(pair: Pair) -> None:
    haiti, dominicana = pair.haiti, pair.dominicana
    haiti.send(dominicana)
    data = haiti.do(lambda tx: haiti.outbox.carry(tx, "DO"))
    take = dominicana.inbox.take_in_bundle
    for wrong, error, code in (
        (data[:-1], Malformed, "bundle-damaged"),
        (b"", Malformed, "bundle-malformed"),
    ):
        with pytest.raises(error) as refused:
            take(dominicana.store, KEEPER, wrong)
        assert refused.value.code == code
    dominicana.switch(haiti, False)
    with pytest.raises(Forbidden):
        take(dominicana.store, KEEPER, data)
    assert dominicana.worked == []
    dominicana.switch(haiti, True)
    assert [line.outcome for line in take(dominicana.store, KEEPER, data).lines] == ["taken"]


# ------------------------------------------------------------------------ who may, and what is kept


def test_who_may_do_what(tmp_path: Path) -> None:
    with pair_over(*engines_in(tmp_path), real_gate()) as pair:
        haiti, analyst = pair.haiti, ACTORS["analyst"]
        assert haiti.look(lambda reader: haiti.partners.partners(reader, analyst))[0].code == "DO"
        assert haiti.partners.us(analyst).public_key == haiti.key.public_key
        for role in ("analyst", "commander", "auditor", "dispatcher"):
            with pytest.raises(Forbidden):
                haiti.do(lambda tx: haiti.partners.enable(tx, "DO", False), by=ACTORS[role])
            with pytest.raises(Forbidden):
                haiti.do(lambda tx: haiti.outbox.carry(tx, "DO"), by=ACTORS[role])
        for role in ("dispatcher", "call_taker", "field_unit"):
            with pytest.raises(Forbidden):
                haiti.look(lambda reader, role=role: haiti.partners.partners(reader, ACTORS[role]))


def test_whom_one_may_not_add(pair: Pair) -> None:
    haiti = pair.haiti

    def add(**given: Any) -> Any:
        fields = {"code": "JM", "name": "Jamaica", "key": "ab" * 32, "screening": "ok", **given}
        return haiti.do(lambda tx: haiti.partners.add(tx, **fields))

    assert refusal(lambda: add(code="DO")) == "partner-known"
    assert refusal(lambda: add(code="HT-PAP")) == "partner-us"
    assert refusal(lambda: add(key=haiti.key.public_key.hex())) == "partner-key-ours"
    assert refusal(lambda: add(key=pair.dominicana.key.public_key.hex())) == "partner-key-taken"
    assert refusal(lambda: add(screening="  ")) == "text-empty"
    assert refusal(lambda: add(url="http://jm.example")) == "partner-url"
    added = add(key="07" * 32)
    assert (added.code, added.state, added.open, added.screening) == ("JM", "JM", True, "ok")
    stale = added.seq - 1
    assert (
        refusal(lambda: haiti.do(lambda tx: haiti.partners.retire(tx, "JM", held=stale))) == "partner-changed"
    )


def test_what_nobody_could_work_is_forgotten_after_three_months(pair: Pair) -> None:
    pair.haiti.send(pair.dominicana, kind="matching.batch")
    pair.step()
    dominicana = pair.dominicana
    assert dominicana.bodies() == 1
    assert dominicana.do(dominicana.outbox.forget_bodies) is False
    assert dominicana.bodies() == 1
    pair.haiti.clock.advance(BODY_KEPT_FOR / 1_000_000 + 1)
    dominicana.do(dominicana.outbox.forget_bodies)
    assert dominicana.bodies() == 0


def test_a_flood_is_turned_away_and_others_are_not_kept_out_for_long(pair: Pair) -> None:
    data = pair.haiti.sealed(pair.dominicana, pair.haiti.send(pair.dominicana))
    codes = set()
    for _ in range(400):
        try:
            pair.dominicana.receive(data)
        except LanbiError as error:
            codes.add(error.code)
    assert codes == {"partners-door-full"}
    pair.haiti.clock.advance(60)
    assert pair.dominicana.receive(data).twice


# ------------------------------------------------------------------------ any week of links


class Weeks(RuleBasedStateMachine):
    """Any links, any sticks, in any order: in the end every letter was worked once, whatever happened."""

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = tempfile.TemporaryDirectory()
        self.made = pair_over(*engines_in(Path(self.folder.name)))
        self.pair = self.made.__enter__()
        self.clock: FixedClock = self.pair.haiti.clock
        self.written: dict[str, list[str]] = {"HT-PAP": [], "DO": []}
        self.sticks: list[tuple[Site, bytes]] = []
        self.held: list[tuple[Site, bytes]] = []

    def ends(self, back: bool) -> tuple[Site, Site]:
        return (self.pair.dominicana, self.pair.haiti) if back else (self.pair.haiti, self.pair.dominicana)

    @rule(back=st.booleans())
    def write(self, back: bool) -> None:
        giver, taker = self.ends(back)
        self.written[giver.code].append(giver.send(taker, {"n": len(self.written[giver.code])}))

    @rule(up=st.booleans(), loses=st.booleans(), hours=st.integers(0, 400))
    def time_passes(self, up: bool, loses: bool, hours: int) -> None:
        self.pair.road.up, self.pair.road.loses_answers = up, loses
        self.clock.advance(hours * 3600)
        self.pair.step()

    @rule(back=st.booleans())
    def make_a_stick(self, back: bool) -> None:
        giver, taker = self.ends(back)
        try:
            self.sticks.append((taker, giver.do(lambda tx: giver.outbox.carry(tx, taker.code))))
        except Refused as error:
            assert error.code == "bundle-empty"

    @rule(which=st.integers(0, 20))
    def carry_one(self, which: int) -> None:
        if self.sticks:
            taker, data = self.sticks[which % len(self.sticks)]
            taker.inbox.take_in_bundle(taker.store, KEEPER, data)

    @rule(which=st.integers(0, 200))
    def somebody_sends_an_old_letter_again(self, which: int) -> None:
        if self.pair.road.passed:
            data = self.pair.road.passed[which % len(self.pair.road.passed)]
            for site in (self.pair.haiti, self.pair.dominicana):
                try:
                    site.receive(data)
                except LanbiError as error:
                    assert error.code in ("envelope-recipient-other", "envelope-stale", "partners-door-full")

    @invariant()
    def nothing_twice(self) -> None:
        if hasattr(self, "pair"):
            for site in (self.pair.haiti, self.pair.dominicana):
                ids = [arrived.id for arrived in site.worked]
                assert len(ids) == len(set(ids))

    def teardown(self) -> None:
        if not hasattr(self, "pair"):
            return
        self.pair.road.up, self.pair.road.loses_answers = True, False
        for _ in range(3):
            self.clock.advance(24 * 3600)
            self.pair.step()
        assert sorted(one.id for one in self.pair.dominicana.worked) == sorted(self.written["HT-PAP"])
        assert sorted(one.id for one in self.pair.haiti.worked) == sorted(self.written["DO"])
        for giver in (self.pair.haiti, self.pair.dominicana):
            assert all(found == ("delivered", "taken") for found in states(giver, *self.written[giver.code]))
            assert giver.bodies() == 0
        self.made.__exit__(None, None, None)
        self.folder.cleanup()


TestWeeks = Weeks.TestCase
TestWeeks.settings = settings(max_examples=12, stateful_step_count=25)
