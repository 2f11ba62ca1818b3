"""Tips over both stores: sealed on arrival, read by few, answered by code."""

import json
import re

import pytest

from lanbi.core.access import ROLES, SYSTEM, Actor
from lanbi.core.errors import Forbidden, LanbiError
from lanbi.core.geo import Area
from lanbi.core.ids import new_id
from lanbi.core.time import DAY, MINUTE
from lanbi.tips.model import PIECES_MAX, UNLOCK_FAILURES_MAX, WORDS_CHARS_MAX, Answered, Told
from lanbi.tips.receipt import new_code
from stores import ACTORS, PIERRE, VOCABULARY
from tips.room import ANALYST, CHEF, PASSPHRASE, SAID, SESSION, WHERE, TriageDesk

TABLES = ("journal", "sealed", "tip", "tip_piece", "tip_arrival", "tip_compartment", "once", "observation")
NEW_TEXT = "Yo siyale zam ki rive pa kamyon lannwit. Pwoche ak prekosyon."
DEPOT = Area(words="zòn depo yo", source="caller", confidence="heard")


def refused(desk: TriageDesk, work, *, by: Actor = CHEF, purpose: str = "") -> LanbiError:
    """The refusal of a command; the journal is as it was before."""
    head = desk.floor.head
    with pytest.raises(LanbiError) as caught:
        desk.do(work, by=by, purpose=purpose)
    assert desk.floor.head == head
    return caught.value


def everything(desk: TriageDesk) -> str:
    """All that the tables hold, bytes too, as text in which words would be found."""
    found = []
    for table in TABLES:
        for row in desk.look(lambda reader, t=table: reader.rows(f"SELECT * FROM {t}")):
            found += [
                bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v) for v in row
            ]
    return "\n".join(found)


# -- arrival ------------------------------------------------------------------------------


def test_words_lie_nowhere_in_the_store(desk: TriageDesk) -> None:
    code, tip = desk.taken(place=WHERE)
    desk.unlock()
    desk.read(tip)
    desk.do(lambda tx: desk.tips.reply(tx, tip.id, "Mèsi anpil pou enfòmasyon an"))
    desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="Youn ladan yo gen yon bèrè wouj"), by=SYSTEM)
    held = everything(desk)
    for secret in ("kamyon", "Sen Michèl", "bèrè", "Mèsi anpil", PASSPHRASE, code, code[:5], "web"):
        assert secret not in held, secret
        assert secret.encode().decode("latin-1") not in held, secret


def test_the_record_learns_of_a_tip_by_the_tide_and_of_nobody(desk: TriageDesk) -> None:
    head = desk.floor.head
    codes = [desk.give(f"{SAID} {n}", channel=channel) for n, channel in enumerate(("web", "voice", "web"))]
    assert desk.floor.head == head
    assert desk.all() == []
    desk.floor.clock.advance(433)
    assert desk.tide() == 3
    assert desk.tide() == 0
    tips = desk.all()
    assert [tip.number for tip in tips] == [1, 2, 3]
    assert {tip.taken_in_at for tip in tips} == {desk.floor.clock.now()}
    entries = [entry for entry in desk.floor.entries() if entry[1] == "tip.received"]
    assert {entry[2] for entry in entries} == {"system"}
    for _, _, _, purpose, body in entries:
        assert purpose == ""
        assert json.loads(body).keys() - {"id"} == {"number", "compartment", "commitment"}
    assert len({desk.replies(code) is not None for code in codes}) == 1


def test_tips_come_in_by_chance_and_not_in_the_order_in_which_they_came(desk: TriageDesk) -> None:
    """Ten rounds of six: the odds that all of them kept their order are one in 720 to the tenth."""
    desk.unlock()
    orders = set()
    for _ in range(10):
        before = len(desk.all())
        for n in range(6):
            desk.give(f"mo {n}")
        desk.tide()
        read = [desk.read(tip).pieces[0][1].words for tip in desk.all()[before:]]
        orders.add(tuple(read))
    assert len(orders) > 1


UNUSABLE = [
    ({"text": "  "}, "text-empty"),
    ({"text": "dife\x00"}, "text-nul"),
    ({"text": "\ud800"}, "text-surrogate"),
    ({"text": "a" * (WORDS_CHARS_MAX + 1)}, "text-too-long"),
    ({"place": "a" * 301}, "text-too-long"),
    ({"lang": "xx"}, "unknown-term"),
]


@pytest.mark.parametrize(("given", "code"), UNUSABLE)
def test_what_cannot_be_is_refused_at_the_door(desk: TriageDesk, given: dict[str, str], code: str) -> None:
    told = {"channel": "web", "lang": "ht", "text": SAID, **given}
    assert refused(desk, lambda tx: desk.tips.receive(tx, **told), by=SYSTEM).code == code
    desk.give("a" * WORDS_CHARS_MAX)
    desk.give("Yon bagay kout 🐓")
    assert desk.tide() == 2


def test_a_centre_without_a_compartment_takes_nothing(desk: TriageDesk) -> None:
    assert desk.look(desk.tips.is_open)
    desk.do(lambda tx: tx.run("DELETE FROM tip_compartment"))
    assert not desk.look(desk.tips.is_open)
    told = refused(desk, lambda tx: desk.tips.receive(tx, channel="web", lang="ht", text=SAID), by=SYSTEM)
    assert told.code == "tips-no-compartment"


# -- the holder of the code ---------------------------------------------------------------------


def test_the_code_reads_replies_and_adds_words(desk: TriageDesk) -> None:
    code = desk.give()
    assert desk.replies(code) == []
    assert desk.do(lambda tx: desk.tips.add(tx, code.lower(), lang="ht", text="Se lendi pase"), by=SYSTEM)
    desk.tide()
    (tip,) = desk.all()
    assert (tip.unread, tip.pieces) == (2, 2)
    desk.unlock()
    assert [piece.words for _, piece in desk.read(tip).pieces] == [SAID, "Se lendi pase"]
    desk.do(lambda tx: desk.tips.reply(tx, tip.id, "Ki koulè kamyon yo?"))
    assert [reply.words for reply in desk.replies(code) or []] == ["Ki koulè kamyon yo?"]
    assert desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="Yo blan"), by=SYSTEM)
    desk.tide()
    opened = desk.read(desk.all()[0], purpose="follow_up")
    assert [type(piece) for _, piece in opened.pieces] == [Told, Told, Answered, Told]
    assert opened.pieces[2][1].by == CHEF.name


def test_reading_replies_leaves_no_trace(desk: TriageDesk) -> None:
    code, _ = desk.taken()
    before, head = everything(desk), desk.floor.head
    assert desk.replies(code) == []
    assert (everything(desk), desk.floor.head) == (before, head)


def test_a_code_that_opens_nothing_is_told_nothing(desk: TriageDesk) -> None:
    desk.taken()
    for code in (new_code(), "", "7K2QA", "A" * 20, "x" * 500):
        assert desk.replies(code) is None
        assert desk.do(lambda tx, c=code: desk.tips.add(tx, c, lang="ht", text="lòt mo"), by=SYSTEM) is False
    assert desk.tide() == 0


def test_one_holder_does_not_read_what_another_was_told(desk: TriageDesk) -> None:
    (mine, tip), (theirs, other) = desk.taken("premye"), desk.taken("dezyèm")
    desk.unlock()
    desk.read(tip)
    desk.read(other)
    desk.do(lambda tx: desk.tips.reply(tx, tip.id, "pou premye moun nan"))
    assert len(desk.replies(mine) or []) == 1
    assert desk.replies(theirs) == []


def test_only_so_much_is_added_to_one_tip(desk: TriageDesk) -> None:
    code = desk.give()
    for _ in range(PIECES_MAX - 1):
        desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="ankò"), by=SYSTEM)
    told = refused(desk, lambda tx: desk.tips.add(tx, code, lang="ht", text="ankò"), by=SYSTEM)
    assert told.code == "tips-full"
    desk.tide()
    assert desk.all()[0].pieces == PIECES_MAX


# -- the compartment's key ------------------------------------------------------------------------


def test_nobody_reads_while_the_compartment_is_locked(desk: TriageDesk) -> None:
    _, tip = desk.taken()
    read = lambda tx: desk.tips.read(tx, SESSION, tip.id)  # noqa: E731
    assert refused(desk, read, purpose="assess").code == "tips-locked"
    until = desk.unlock()
    assert until == desk.floor.clock.now() + 15 * MINUTE
    assert desk.read(tip).pieces[0][1].words == SAID
    other = lambda tx: desk.tips.read(tx, "another-session", tip.id)  # noqa: E731
    assert refused(desk, other, purpose="assess").code == "tips-locked"
    desk.do(lambda tx: desk.tips.lock(tx, SESSION))
    assert refused(desk, read, purpose="assess").code == "tips-locked"
    desk.unlock()
    desk.floor.clock.advance(15 * 60)
    assert desk.tips.keys_held == 1
    desk.tips.forget_keys(desk.floor.clock.now())
    assert desk.tips.keys_held == 0, "nor do they lie in memory"
    assert desk.tips.open_until(SESSION) is None
    assert refused(desk, read, purpose="assess").code == "tips-locked"


def test_wrong_passphrases_are_on_the_record_and_are_soon_enough_no_more_taken(desk: TriageDesk) -> None:
    for n in range(UNLOCK_FAILURES_MAX):
        desk.tips.may_try(CHEF)
        assert desk.unlock(f"move fraz {n} move fraz") is None
    with pytest.raises(LanbiError) as caught:
        desk.tips.may_try(CHEF)
    assert caught.value.code == "tips-unlock-wait"
    desk.tips.may_try(ANALYST)
    desk.floor.clock.advance(5 * 60)
    desk.tips.may_try(CHEF)
    assert desk.unlock() is not None
    kinds = [kind for _, kind, *_ in desk.floor.entries() if kind.startswith("tip.unlock")]
    assert kinds == ["tip.unlock_refused"] * UNLOCK_FAILURES_MAX + ["tip.unlocked"]


def test_another_passphrase_opens_the_same_tips(desk: TriageDesk) -> None:
    _, tip = desk.taken()
    new = "yon lòt fraz ki pi long"
    (pair,) = desk.look(lambda reader: desk.tips.pairs(reader, CHEF))
    with pytest.raises(LanbiError) as caught:
        desk.tips.rewrapped(pair, "se pa li menm ditou", new)
    assert caught.value.code == "tips-passphrase-wrong"
    changed = desk.tips.rewrapped(pair, PASSPHRASE, new)
    desk.unlock()
    desk.do(lambda tx: desk.tips.change_passphrase(tx, changed))
    assert desk.tips.open_until(SESSION) is None, "who had it unlocked must know the new one"
    assert desk.unlock() is None
    assert desk.unlock(new) is not None
    assert desk.read(tip).pieces[0][1].words == SAID


def test_a_new_key_seals_what_comes_and_the_old_one_still_opens_what_came(desk: TriageDesk) -> None:
    code, old = desk.taken("anvan")
    pair = desk.tips.new_pair(new_id(desk.floor.clock.now()), "fraz ki fenk fèt la")
    desk.floor.clock.advance(60)
    desk.do(lambda tx: desk.tips.make(tx, pair))
    _, new = desk.taken("apre")
    desk.unlock("fraz ki fenk fèt la")
    assert desk.read(new).pieces[0][1].words == "apre"
    told = refused(desk, lambda tx: desk.tips.read(tx, SESSION, old.id), purpose="assess")
    assert told.code == "tips-other-key"
    desk.unlock(PASSPHRASE)
    assert desk.read(old).pieces[0][1].words == "anvan"
    # What is added to an old tip is sealed for the key that opens the rest of it.
    desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="plis"), by=SYSTEM)
    desk.tide()
    assert desk.read(desk.all()[0]).pieces[1][1].words == "plis"


# -- triage ------------------------------------------------------------------------------------------


def test_each_reading_says_who_and_why(desk: TriageDesk) -> None:
    _, tip = desk.taken()
    desk.unlock()
    for purpose in ("", "-", "kiryozite"):
        told = refused(desk, lambda tx: desk.tips.read(tx, SESSION, tip.id), purpose=purpose)
        assert told.code == "unknown-term"
    opened = desk.read(tip, purpose="life_at_risk")
    assert (opened.tip.state, opened.tip.unread) == ("read", 0)
    desk.read(tip, purpose="check")
    read = [(actor, why) for _, kind, actor, why, _ in desk.floor.entries() if kind == "tip.read"]
    assert read == [(CHEF.id, "life_at_risk"), (CHEF.id, "check")]


def test_source_and_information_are_graded_apart_and_confidence_apart_from_both(desk: TriageDesk) -> None:
    _, tip = desk.taken()
    told = refused(desk, lambda tx: desk.tips.grade(tx, tip.id, "A", "1", "high"))
    assert told.code == "tips-unread"
    desk.unlock()
    desk.read(tip)
    for wrong in (("G", "1", "high"), ("A", "7", "high"), ("A", "1", "sure"), ("1", "A", "high")):
        assert refused(desk, lambda tx, w=wrong: desk.tips.grade(tx, tip.id, *w)).code == "unknown-term"
    graded = desk.do(lambda tx: desk.tips.grade(tx, tip.id, "B", "3", "moderate"))
    assert (graded.reliability, graded.credibility, graded.confidence) == ("B", "3", "moderate")
    (body,) = [body for _, kind, _, _, body in desk.floor.entries() if kind == "tip.graded"]
    assert json.loads(body) | {"id": ""} == {
        "id": "", "reliability": "B", "credibility": "3", "confidence": "moderate",
    }  # fmt: skip


def test_a_tip_is_followed_closed_and_opened_again_by_new_words(desk: TriageDesk) -> None:
    code, tip = desk.taken()
    desk.unlock()
    desk.read(tip)
    assert desk.do(lambda tx: desk.tips.follow(tx, tip.id)).state == "followed"
    head = desk.floor.head
    assert desk.do(lambda tx: desk.tips.follow(tx, tip.id)).state == "followed"
    assert desk.floor.head == head
    assert refused(desk, lambda tx: desk.tips.close(tx, tip.id, "bored")).code == "unknown-term"
    closed = desk.do(lambda tx: desk.tips.close(tx, tip.id, "nothing_to_do"))
    assert (closed.state, closed.outcome) == ("closed", "nothing_to_do")
    assert closed.erase_at == desk.floor.clock.now() + 30 * DAY
    assert refused(desk, lambda tx: desk.tips.close(tx, tip.id, "handled")).code == "tips-ended"
    desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="Yo tounen"), by=SYSTEM)
    desk.tide()
    assert (desk.all()[0].state, desk.all()[0].unread) == ("new", 1)


# -- to the floor -----------------------------------------------------------------------------------


def pass_on(desk: TriageDesk, tip_id: str, **told):
    told = {"as_": "observation", "text": NEW_TEXT, "code": "gunfire", "area": DEPOT, **told}
    return lambda tx: desk.tips.pass_on(tx, SESSION, tip_id, **told)


def graded(desk: TriageDesk, **told):
    code, tip = desk.taken(place=WHERE, **told)
    desk.unlock()
    desk.read(tip)
    desk.grade(tip)
    return code, tip


def kind_of_observation(desk: TriageDesk) -> str:
    return next(iter(VOCABULARY.tables["observation_kinds"]))


def test_the_floor_gets_a_new_text_and_no_way_back_to_the_tip(desk: TriageDesk) -> None:
    code, tip = graded(desk)
    kind = kind_of_observation(desk)
    before = len(desk.floor.entries())
    link = desk.do(pass_on(desk, tip.id, code=kind))
    after = desk.floor.entries()[before:]
    assert [kind for _, kind, *_ in after] == ["observation.reported"]
    assert tip.id not in str(after)
    seen = desk.look(lambda reader: desk.tracks.observations(reader, CHEF, before=2**62, limit=9))
    assert [item.words for item in seen] == [NEW_TEXT]
    assert link.subject == f"observation/{seen[0].id}"
    # The desk's own tide leaves it for the node's: the two entries must not stand side by side.
    assert desk.tide(with_passed=False) == 0
    assert desk.read(tip, purpose="check").passed == link
    assert refused(desk, pass_on(desk, tip.id, code=kind)).code == "tips-ended"
    desk.floor.clock.advance(600)
    assert desk.tide() == 1
    (entry,) = [entry for entry in desk.floor.entries() if entry[1] == "tip.passed_on"]
    assert entry[2] == "system"
    assert seen[0].id not in str(entry)
    opened = desk.read(tip, purpose="check")
    assert (opened.tip.state, opened.passed) == ("passed_on", link)
    assert desk.replies(code) == []


def test_an_incident_may_come_of_it(desk: TriageDesk) -> None:
    _, tip = graded(desk)
    link = desk.do(pass_on(desk, tip.id, as_="incident", code=None, area=None))
    assert link.number == 1
    incident = desk.look(lambda reader: desk.floor.incidents.get(reader, PIERRE, link.subject.split("/")[1]))
    assert (incident.title, incident.number) == (NEW_TEXT, 1)


def test_the_original_never_goes_out(desk: TriageDesk) -> None:
    _, tip = desk.taken()
    kind = kind_of_observation(desk)
    desk.unlock()
    desk.read(tip)
    assert refused(desk, pass_on(desk, tip.id, code=kind)).code == "tips-ungraded"
    desk.grade(tip)
    assert refused(desk, pass_on(desk, tip.id, code=kind, text=SAID)).code == "tips-copied"
    assert (
        refused(desk, pass_on(desk, tip.id, code=kind, text=f"Nou tande: {SAID[:40]}")).code == "tips-copied"
    )
    copied = Area(lat=18.55, lon=-72.3, radius_m=300, source="map", confidence="heard", words=SAID)
    assert refused(desk, pass_on(desk, tip.id, code=kind, area=copied)).code == "tips-copied"
    assert refused(desk, pass_on(desk, tip.id, code=None)).code == "tips-pass-on-what"
    assert refused(desk, pass_on(desk, tip.id, code=kind, area=None)).code == "tips-pass-on-what"
    desk.do(lambda tx: desk.tips.lock(tx, SESSION))
    assert refused(desk, pass_on(desk, tip.id, code=kind)).code == "tips-locked"
    desk.unlock()
    desk.do(pass_on(desk, tip.id, code=kind))


# -- retention ---------------------------------------------------------------------------------------


def test_ciphertext_is_erased_in_time_and_the_journal_stays(desk: TriageDesk) -> None:
    code, tip = desk.taken()
    _, kept = desk.taken("yon lòt")
    desk.unlock()
    desk.read(tip)
    desk.do(lambda tx: desk.tips.close(tx, tip.id, "handled"))
    desk.floor.clock.advance(30 * 86_400 - 1)
    assert desk.do(desk.tips.erase_due, by=SYSTEM) == 0
    desk.floor.clock.advance(1)
    entries = desk.floor.entries()
    assert desk.do(desk.tips.erase_due, by=SYSTEM) == 1
    assert desk.floor.entries()[: len(entries)] == entries
    assert desk.floor.kinds(f"tip/{tip.id}")[-1] == "tip.erased"
    boxes = desk.look(lambda reader: reader.rows("SELECT tip_id, box FROM tip_piece"))
    assert [(tip_id, box is None) for tip_id, box in sorted(boxes)] == sorted(
        [(tip.id, True), (kept.id, False)]
    )
    assert desk.replies(code) is None
    desk.unlock()
    told = refused(desk, lambda tx: desk.tips.read(tx, SESSION, tip.id), purpose="check")
    assert told.code == "tips-erased"
    desk.floor.clock.advance(150 * 86_400)
    assert desk.do(desk.tips.erase_due, by=SYSTEM) == 1


def test_what_waits_for_an_erased_tip_goes_with_it(desk: TriageDesk) -> None:
    code, _ = desk.taken()
    desk.floor.clock.advance(200 * 86_400)
    desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="twò ta"), by=SYSTEM)
    desk.do(desk.tips.erase_due, by=SYSTEM)
    assert desk.tide() == 0


# -- rights ---------------------------------------------------------------------------------------------


MATRIX = {
    "tips.take": {"call_taker", "dispatcher", "commander"},
    "tips.triage": {"analyst", "commander"},
    "tips.pass_on": {"commander"},
    "tips.compartment": {"commander"},
}


@pytest.mark.parametrize("action", MATRIX)
def test_who_may_what(guarded_desk: TriageDesk, action: str) -> None:
    gate = guarded_desk.floor.gate
    assert {role for role in ROLES if gate.allows(ACTORS[role], action)} == MATRIX[action]


@pytest.mark.parametrize("role", ROLES)
def test_only_the_desk_reads(guarded_desk: TriageDesk, role: str) -> None:
    desk, actor = guarded_desk, ACTORS[role]
    _, tip = desk.taken()
    desk.unlock()
    desk.read(tip)
    desk.grade(tip)
    if role in MATRIX["tips.triage"]:
        desk.unlock(by=actor, session="s")
        assert desk.read(tip, by=actor, session="s").pieces[0][1].words == SAID
    else:
        # Not even with the session of somebody who has it unlocked.
        for work in (
            lambda tx: desk.tips.read(tx, SESSION, tip.id),
            lambda tx: desk.tips.grade(tx, tip.id, "A", "1", "high"),
            lambda tx: desk.tips.reply(tx, tip.id, "non"),
            lambda tx: desk.tips.follow(tx, tip.id),
            lambda tx: desk.tips.close(tx, tip.id, "handled"),
            lambda tx: desk.tips.lock(tx, SESSION),
        ):
            assert isinstance(refused(desk, work, by=actor, purpose="assess"), Forbidden)
        with pytest.raises(Forbidden):
            desk.unlock(by=actor)
        with pytest.raises(Forbidden):
            desk.look(lambda reader: desk.tips.page(reader, actor, state=None, before=9, limit=9))
        with pytest.raises(Forbidden):
            desk.tips.check_take_in(actor)
    passing = pass_on(desk, tip.id, code=kind_of_observation(desk))
    if role in MATRIX["tips.pass_on"]:
        desk.do(passing, by=actor)
        desk.tips.check_making(actor, PASSPHRASE)
    else:
        assert isinstance(refused(desk, passing, by=actor), Forbidden)
        with pytest.raises(Forbidden):
            desk.tips.check_making(actor, PASSPHRASE)


def test_no_entry_of_this_domain_carries_a_sentence(desk: TriageDesk) -> None:
    """Codes, numbers and hexadecimal only: what a journal browser shows says nothing that somebody wrote."""
    code, tip = graded(desk)
    desk.do(lambda tx: desk.tips.reply(tx, tip.id, "Mèsi anpil"))
    desk.do(lambda tx: desk.tips.add(tx, code, lang="ht", text="Pa gen pwoblèm"), by=SYSTEM)
    desk.do(pass_on(desk, tip.id, code=kind_of_observation(desk)))
    desk.floor.clock.advance(200 * 86_400)
    desk.tide()
    desk.do(desk.tips.erase_due, by=SYSTEM)
    bodies = [json.loads(body) for about, _, _, _, body in desk.floor.entries() if about.startswith("tip")]
    assert len(bodies) > 6
    for body in bodies:
        for name, value in body.items():
            assert isinstance(value, int) or re.fullmatch(r"[A-Za-z0-9_-]*", value), (name, value)
