"""Two sites match serials: the count first, which only by a deliberate act, and neither list is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from lanbi.core.errors import Malformed, Refused, TooLarge
from lanbi.core.ports import Tx
from lanbi.core.time import DAY, HOUR, SECOND, parse_instant
from lanbi.record.verify import verify_file
from lanbi.store.sqlite import FILE_NAME
from lanbi.tracing.handling import Handling
from lanbi.tracing.markings.marks import fold
from lanbi.tracing.matching import sql, tokens
from lanbi.tracing.matching.service import FetchState
from lanbi.tracing.matching.tokens import HEADER_BYTES, TokenSet
from lanbi.tracing.matching.voprf import ServerKey
from partners.sites import engines_in, until
from stores import ACTORS
from tracing.matching.sites import CASE, SESSION, WHY, Two, body_of, refusal, two_over
from tracing.room import ANALYST, CHIEF, OTHER_ANALYST

REGISTER = (("A8C123", "GLOCK"), ("X7Y8Z9", "GLOCK"), ("A8C123", "TAURUS"), ("K44210", "SMITHWESSON"))


# ------------------------------------------------------------------- there and back


def test_the_asking_side_learns_how_many_hit_and_opens_which_on_the_record(three_ways: Two) -> None:
    two = three_ways
    offer = two.offered(*REGISTER)
    assert (offer.side, offer.partner, offer.entries, offer.name) == ("theirs", "DO", 4, "SYNTHETIC stolen")
    guns = two.haiti.firearms("ABC123", "X7Y8Z9", "NOBODY1")  # B stands for an 8: look-alikes are folded
    query = two.haiti.ask(offer, guns)
    assert (query.state, query.hits) == ("asked", None)
    two.step()
    query = two.haiti.query(query)
    assert (query.state, query.asked, query.answered, query.hits) == ("answered", 3, 3, 2)
    assert query.key_id == offer.key_id
    opened = two.haiti.open(query)
    assert [gun.id for gun in opened.firearms] == [guns[0].id, guns[1].id]
    ((_, actor, fact),) = two.haiti.facts("matching.opened")
    assert actor == "analyst-1"
    assert fact == {
        "id": query.id, "query": query.id, "side": "out", "partner": "DO", "register": offer.register_id,
        "key_id": offer.key_id, "purpose": WHY, "case": CASE, "asked": 3, "hits": 2, "desk_case": "24-118",
    }  # fmt: skip


def test_both_logs_say_the_same_of_who_asked_how_much_for_what(three_ways: Two) -> None:
    two = three_ways
    offer = two.offered(*REGISTER)
    query = two.asked(offer, "ABC123", "NOBODY1")
    (ours,), (theirs,) = two.haiti.log(), two.owner.log()

    def line(one: Any) -> tuple[Any, ...]:
        return (one.their_id, one.register_id, one.key_id, one.purpose, one.case, one.content,
                one.asked, one.answered, one.state)  # fmt: skip

    assert line(ours) == line(theirs)
    assert line(ours)[-3:] == (2, 2, "answered")
    assert (ours.direction, theirs.direction) == ("out", "in")
    assert (ours.partner, theirs.partner) == ("DO", "HT-PAP")
    assert (ours.hits, theirs.hits) == (1, None)
    ((_, _, mine),) = two.haiti.facts("matching.answered")
    ((_, actor, its),) = two.owner.facts("matching.answered")
    same = ("query", "register", "key_id", "purpose", "case", "asked", "answered", "letter")
    assert actor == "site:HT-PAP"
    assert its["letter"] == query.letter
    assert {name: its[name] for name in same[:-1]} == {name: mine[name] for name in same[:-1]}
    for site in (two.haiti, two.owner):
        totals = site.matching.asking.totals
        assert site.look(lambda reader, totals=totals: totals(reader, direction=None, partner="")) == (
            1,
            2,
            2,
        )


def test_no_serial_stands_in_a_letter_or_in_either_record(two: Two) -> None:
    serials = ("QQ48B0751", "WHXX17793")
    offer = two.offered(("QQ48B0751", "GLOCK"), ("ZZ91735", "GLOCK"))
    query = two.asked(offer, *serials)
    two.haiti.open(query)
    passed = two.pair.road.passed
    assert {body for kind in ("offer", "query", "answer") for body in two.letters(f"matching.{kind}")}
    spoken = [*serials, "ZZ91735"]
    traces = [text.encode() for serial in spoken for text in (serial, fold(serial))]
    assert not [trace for data in passed for trace in traces if trace in data]
    for site in (two.haiti, two.owner):
        bodies = [body.encode() for _, _, body in site.site.entries()]
        assert len(bodies) > 10
        assert not [trace for body in bodies for trace in traces if trace in body]
        letters = site.look(
            lambda reader: reader.rows("SELECT body FROM partner_letter WHERE body IS NOT NULL")
        )
        assert not [trace for (body,) in letters for trace in traces if trace in bytes(body)]


def test_what_is_kept_of_a_batch_is_enciphered_and_gone_once_it_was_opened(two: Two) -> None:
    offer = two.offered(("QQ48B0751", "GLOCK"))
    query = two.haiti.ask(offer, two.haiti.firearms("QQ48B0751"))

    def kept() -> list[bytes]:
        return [bytes(row[0]) for row in two.haiti.look(
            lambda reader: reader.rows("SELECT held FROM tracing_matching_pending")
        )]  # fmt: skip

    (before,) = kept()
    two.step()
    (after,) = kept()
    assert before != after
    for data in (before, after):
        assert b"QQ48B0751" not in data
        assert fold("QQ48B0751").encode() not in data
    two.haiti.open(query)
    assert kept() == []


def test_the_record_of_both_sites_holds(tmp_path: Path) -> None:
    with two_over(*engines_in(tmp_path)) as two:
        two.haiti.open(two.asked(two.offered(*REGISTER), "ABC123"))
        two.clock.advance(31 * DAY / SECOND)
        two.haiti.tidy()
    for folder in ("ht", "do"):
        report = verify_file(str(tmp_path / folder / FILE_NAME))
        assert report.ok, report


def test_nothing_is_kept_of_a_batch_without_hits(two: Two) -> None:
    query = two.asked(two.offered(), "NOBODY1")
    assert (query.state, query.hits) == ("answered", 0)
    assert two.haiti.count("tracing_matching_pending") == 0
    assert refusal(lambda: two.haiti.open(query)).code == "matching-nothing-to-open"


# ------------------------------------------------------------------- counts before identities


def test_until_they_are_opened_the_store_does_not_say_which_hit(two: Two) -> None:
    query = two.asked(two.offered(*REGISTER), "ABC123", "NOBODY1")
    marks = "SELECT hit FROM tracing_matching_asked ORDER BY place"
    assert two.haiti.look(lambda reader: reader.rows(marks)) == [(None,), (None,)]
    two.haiti.open(query)
    assert two.haiti.look(lambda reader: reader.rows(marks)) == [(1,), (None,)]


def test_who_opens_says_for_what_and_each_opening_is_an_entry(two: Two) -> None:
    query = two.asked(two.offered(*REGISTER), "ABC123")
    asking = two.haiti.matching.asking
    refused = refusal(lambda: two.haiti.do(lambda tx: asking.open(tx, query.id, "another session")))
    assert refused.code == "tracing-desk-needed"
    assert two.haiti.facts("matching.opened") == []
    first = two.haiti.open(query)
    second = two.haiti.open(query, by=OTHER_ANALYST, case="24-200")
    assert first.firearms == second.firearms
    assert (second.query.opened_by, second.query.opened_at) == ("analyst-1", first.query.opened_at)
    assert [(actor, fact["desk_case"]) for _, actor, fact in two.haiti.facts("matching.opened")] == [
        ("analyst-1", "24-118"),
        ("analyst-2", "24-200"),
    ]


def test_what_was_not_answered_or_not_asked_cannot_be_opened(two: Two) -> None:
    offer = two.offered(*REGISTER)
    query = two.haiti.ask(offer, two.haiti.firearms("ABC123"))
    assert refusal(lambda: two.haiti.open(query)).code == "matching-not-answered"
    two.step()
    (theirs,) = two.owner.log()
    assert refusal(lambda: two.owner.open(theirs)).code == "matching-query-none"
    assert len(two.haiti.open(query).firearms) == 1


def test_only_who_may_match_asks_and_only_who_may_approve_offers(two: Two) -> None:
    offer = two.offered(*REGISTER)
    gun = two.haiti.firearms("ABC123")[0]
    register = two.owner.register(("B1", "GLOCK"))
    asking, offers = two.haiti.matching.asking, two.owner.matching.offers
    for role in ("auditor", "administrator", "dispatcher"):
        who = ACTORS[role]

        def ask(tx: Tx) -> Any:
            return asking.ask(tx, offer.id, [gun.id], purpose=WHY, case=CASE)

        def opening(tx: Tx) -> Any:
            return asking.open(tx, offer.id, SESSION)

        def offering(tx: Tx) -> Any:
            return offers.offer(tx, register.id, "HT-PAP")

        for site, work in ((two.haiti, ask), (two.haiti, opening), (two.owner, offering)):
            refused = refusal(lambda site=site, work=work, who=who: site.do(work, by=who))
            assert refused.code == "not-allowed"
    read = two.haiti.look(
        lambda reader: two.haiti.matching.asking.log(
            reader, ACTORS["auditor"], direction=None, partner="", before=2**62, limit=9
        )
    )
    assert read == []


# ------------------------------------------------------------------- what can be asked about


def test_firearms_that_cannot_be_asked_about_are_listed_with_the_reason(two: Two) -> None:
    offer = two.offered(*REGISTER)
    haiti = two.haiti
    whole = haiti.firearms("ABC123", serial_status="restored")[0]
    partial = haiti.firearms("ABC12?")[0]
    worn = haiti.firearms("ABC124", serial_status="partial")[0]
    gone = haiti.room.make("firearm", {"make": "Glock", "serial_status": "obliterated"})
    nameless = haiti.room.make("firearm", {"serial": "ABC125"})
    homemade = haiti.firearms("ABC126", make="Atelye Ti Jan")[0]
    guns = [whole, partial, worn, gone, nameless, homemade]
    _, sorting = haiti.do(
        lambda tx: haiti.matching.asking.ask(tx, offer.id, [gun.id for gun in guns], purpose=WHY, case=CASE)
    )
    assert [gun.id for gun in sorting.asked] == [whole.id]
    assert [(gun.id, why) for gun, why in sorting.left_out] == [
        (partial.id, "serial_unread"),
        (worn.id, "serial_unread"),
        (gone.id, "serial_none"),
        (nameless.id, "make_none"),
        (homemade.id, "make_unknown"),
    ]
    two.step()
    assert [(line.asked, line.answered) for line in two.owner.log()] == [(1, 1)]
    alone = refusal(lambda: haiti.ask(offer, [partial]))
    assert (alone.code, type(alone)) == ("matching-batch-empty", Malformed)


def test_two_firearms_of_one_make_and_serial_are_one_question_and_hit_together(two: Two) -> None:
    offer = two.offered(*REGISTER)
    guns = [*two.haiti.firearms("ABC123"), *two.haiti.firearms("A8C123", "NOBODY1")]
    query = two.haiti.ask(offer, [*guns, guns[0]])
    two.step()
    query = two.haiti.query(query)
    assert (query.asked, query.hits) == (2, 1)
    assert {gun.id for gun in two.haiti.open(query).firearms} == {guns[0].id, guns[1].id}


def test_two_hundred_may_be_asked_at_once_and_no_more(two: Two) -> None:
    offer = two.offered(*REGISTER)
    ids = [f"0192f000-0000-7000-8000-{number:012d}" for number in range(201)]
    asking = two.haiti.matching.asking
    refused = refusal(lambda: two.haiti.do(lambda tx: asking.ask(tx, offer.id, ids, purpose=WHY, case=CASE)))
    assert (type(refused), refused.code) == (TooLarge, "matching-batch-large")
    refused = refusal(
        lambda: two.haiti.do(lambda tx: asking.ask(tx, offer.id, ids[:1], purpose=WHY, case=CASE))
    )
    assert refused.code == "tracing-none"
    refused = refusal(lambda: two.haiti.ask(offer, two.haiti.firearms("ABC123"), purpose="curiosity"))
    assert refused.code == "unknown-term"
    assert two.asked(offer, "ABC123").hits == 1


# ------------------------------------------------------------------- quotas


def test_over_the_quota_of_a_day_nothing_is_answered_and_it_says_when_again(two: Two) -> None:
    offer = two.offered(*REGISTER, day_queries=3, case_queries=30)
    assert two.asked(offer, "ABC123", "N1").state == "answered"
    refused = two.asked(offer, "ABC123", "N2")
    assert (refused.state, refused.code, refused.hits) == ("refused", "matching-quota-day", None)
    opens_at = parse_instant(str(refused.args["opens_at"]))
    assert opens_at == two.haiti.log()[0].asked_at + DAY
    assert (refused.args["asked"], refused.args["left"], refused.args["limit"]) == (2, 1, 3)
    for site, direction in ((two.haiti, "out"), (two.owner, "in")):
        ((_, _, fact),) = site.facts("matching.refused")
        assert (fact["side"], fact["code"], fact["asked"]) == (direction, "matching-quota-day", 2)
        assert fact["opens_at"] == refused.args["opens_at"]
    assert two.haiti.count("tracing_matching_pending") == 1  # of the first alone
    # What was refused is not charged: one more fits.
    assert two.asked(offer, "N3").state == "answered"
    two.clock.advance((opens_at - two.clock.now()) / SECOND)
    assert two.asked(offer, "ABC123", "N2").hits == 1


def test_a_quota_counts_all_that_a_partner_asks_whatever_the_register(two: Two) -> None:
    first = two.offered(*REGISTER, day_queries=2, case_queries=30)
    second = two.offered(("K1", "GLOCK"), day_queries=2, case_queries=30)
    assert two.asked(first, "N1", "N2").state == "answered"
    assert two.asked(second, "N3").code == "matching-quota-day"


def test_over_the_quota_of_a_case_another_case_is_answered(two: Two) -> None:
    offer = two.offered(*REGISTER, day_queries=10, case_queries=2)
    assert two.asked(offer, "N1", "N2").state == "answered"
    assert two.asked(offer, "N3").code == "matching-quota-case"
    assert two.asked(offer, "N3", case="DCPJ 2026/115").state == "answered"
    assert two.asked(offer, "N1", "N2", "N3", case="DCPJ 2026/116").code == "matching-quota-never"
    assert [(line.asked, line.answered) for line in two.owner.log()] == [(2, 2), (1, None), (1, 1), (3, None)]


@pytest.mark.parametrize("quotas", [{"day_queries": 0}, {"day_queries": 2_001}, {"case_queries": 4_001}])
def test_a_quota_that_cannot_be_is_refused(two: Two, quotas: dict[str, int]) -> None:
    register = two.owner.register(*REGISTER)
    refused = refusal(lambda: two.owner.offer(register, two.haiti, **quotas))
    assert refused.code == "matching-quota-impossible"
    assert two.owner.offer(register, two.haiti, day_queries=2_000, case_queries=4_000).state == "offered"


# ------------------------------------------------------------------- twice, late, in another order


def test_a_batch_that_comes_twice_is_answered_and_charged_once(two: Two) -> None:
    offer = two.offered(*REGISTER, day_queries=3, case_queries=30)
    two.asked(offer, "ABC123", "N1")
    (letter,) = two.letters("matching.query")
    assert two.owner.site.receive(letter).twice
    # The same batch in another letter, as after a restore of who asks.
    body = body_of(letter)
    again = two.owner.site.receive(two.write(two.haiti, two.owner, "matching.query", body))
    assert (again.outcome, again.twice) == ("taken", False)
    two.step()
    assert len(two.owner.log()) == 1
    assert len(two.owner.facts("matching.answered")) == 1
    assert len(two.letters("matching.answer")) == 1
    assert two.asked(offer, "N2").state == "answered"


def test_a_batch_under_an_id_that_names_another_is_refused(two: Two) -> None:
    offer = two.offered(*REGISTER)
    two.asked(offer, "ABC123")
    two.asked(offer, "N1")
    one, other = (body_of(letter) for letter in two.letters("matching.query"))
    changed = two.write(two.haiti, two.owner, "matching.query", {**one, "batch": other["batch"]})
    found = two.owner.site.receive(changed)
    assert (found.outcome, found.reason) == ("refused", "matching-query-twice")
    assert len(two.owner.log()) == 2


def test_an_answer_that_comes_twice_counts_once(two: Two) -> None:
    offer = two.offered(*REGISTER)
    query = two.asked(offer, "ABC123")
    two.haiti.open(query)
    (letter,) = two.letters("matching.answer")
    again = two.haiti.site.receive(two.write(two.owner, two.haiti, "matching.answer", body_of(letter)))
    assert again.outcome == "taken"
    assert len(two.haiti.facts("matching.answered")) == 1
    assert len(two.haiti.open(query).firearms) == 1


def test_an_answer_to_what_nobody_asked_or_asked_somebody_else_is_refused(two: Two) -> None:
    two.asked(two.offered(*REGISTER), "ABC123")
    (letter,) = two.letters("matching.answer")
    body = {**body_of(letter), "query": "0192f000-0000-7000-8000-000000000001"}
    found = two.haiti.site.receive(two.write(two.owner, two.haiti, "matching.answer", body))
    assert (found.outcome, found.reason) == ("refused", "matching-query-unknown")
    body = {"query": "0192f000-0000-7000-8000-000000000001", "code": "matching-key-other", "args": {}}
    found = two.haiti.site.receive(two.write(two.owner, two.haiti, "matching.refused", body))
    assert (found.outcome, found.reason) == ("refused", "matching-query-unknown")


def test_a_refusal_after_the_answer_changes_nothing(two: Two) -> None:
    query = two.asked(two.offered(*REGISTER), "ABC123")
    body = {"query": query.id, "code": "matching-key-other", "args": {"asked": "a", "held": "b"}}
    assert (
        two.haiti.site.receive(two.write(two.owner, two.haiti, "matching.refused", body)).outcome == "taken"
    )
    assert two.haiti.query(query) == query


def test_a_refusal_in_words_of_a_later_version_is_told_as_one(two: Two) -> None:
    offer = two.offered(*REGISTER)
    query = two.haiti.ask(offer, two.haiti.firearms("ABC123"))
    body = {"query": query.id, "code": "matching-moon-full", "args": {"x": "y"}}
    two.haiti.site.receive(two.write(two.owner, two.haiti, "matching.refused", body))
    found = two.haiti.query(query)
    assert (found.code, found.args) == ("matching-refused-otherwise", {"code": "matching-moon-full"})


def test_of_two_offers_that_overtake_each_other_the_newer_holds(two: Two) -> None:
    register = two.owner.register(*REGISTER)
    two.pair.road.up = False
    for _ in range(2):
        two.owner.offer(register, two.haiti)
    old, new = two.owner.offers()
    first, second = (two.pair.dominicana.sealed(two.pair.haiti, str(offer.letter)) for offer in (old, new))
    assert (old.state, new.state, old.turn, new.turn) == ("superseded", "offered", 1, 2)
    two.haiti.site.receive(second)
    two.haiti.site.receive(first)
    two.haiti.site.receive(second)
    assert [(offer.turn, offer.state) for offer in two.haiti.offers()] == [
        (2, "announced"),
        (1, "superseded"),
    ]
    two.pair.road.up = True
    two.step()
    assert [offer.state for offer in two.haiti.offers()] == ["ready", "superseded"]
    assert two.asked(two.haiti.offers()[0], "ABC123").hits == 1


def test_a_withdrawal_that_overtakes_its_offer_waits_for_it(two: Two) -> None:
    two.pair.road.up = False
    offer = two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    two.owner.do(lambda tx: two.owner.matching.offers.withdraw(tx, offer.id), by=CHIEF)
    letters = two.owner.look(
        lambda reader: reader.rows("SELECT id FROM partner_letter WHERE kind LIKE 'matching.%' ORDER BY id")
    )
    first, second = (two.pair.dominicana.sealed(two.pair.haiti, row[0]) for row in letters)
    assert two.haiti.site.receive(second).outcome == "early"
    assert two.haiti.site.receive(first).outcome == "taken"
    assert [offer.state for offer in two.haiti.offers()] == ["withdrawn"]


# ------------------------------------------------------------------- keys and their change


def test_a_question_for_the_old_key_is_refused_by_name_and_asked_anew(two: Two) -> None:
    register = two.owner.register(*REGISTER)
    two.owner.offer(register, two.haiti)
    two.step()
    (old,) = two.haiti.offers()
    two.pair.road.up = False
    query = two.haiti.ask(old, two.haiti.firearms("ABC123"))
    two.owner.offer(register, two.haiti)
    two.pair.road.up = True
    two.clock.advance(HOUR / SECOND)
    two.step()
    found = two.haiti.query(query)
    _, new = two.haiti.offers()
    assert (found.code, found.args) == (
        "matching-key-other",
        {"asked": old.key_id, "held": new.key_id},
    )
    assert two.owner.log()[0].answered is None
    refused = refusal(lambda: two.haiti.ask(old, two.haiti.firearms("ABC124")))
    assert refused.code == "matching-offer-over"
    assert two.asked(new, "ABC123").hits == 1
    assert new.key_id != old.key_id
    assert new.turn == 2


def test_that_the_key_is_another_is_said_also_where_nothing_is_left_to_ask(two: Two) -> None:
    old = two.offered(*REGISTER, day_queries=1, case_queries=1)
    two.asked(old, "N1")
    register = two.owner.offers()[0].register_id
    query = two.haiti.ask(old, two.haiti.firearms("N2"))
    two.owner.do(lambda tx: two.owner.matching.offers.offer(tx, register, "HT-PAP"), by=CHIEF)
    two.owner.works.step()
    two.step()
    assert two.haiti.query(query).code == "matching-key-other"


def test_the_set_of_an_old_key_stays_until_its_hits_were_opened(two: Two) -> None:
    register = two.owner.register(*REGISTER)
    two.owner.offer(register, two.haiti)
    two.step()
    query = two.asked(two.haiti.offers()[0], "ABC123")
    two.owner.offer(register, two.haiti)
    two.step()
    for site in (two.haiti, two.owner):
        site.tidy()
    old, new = two.haiti.offers()
    assert (old.state, old.held, new.state) == ("superseded", True, "ready")
    assert [offer.held for offer in two.owner.offers()] == [False, True]
    assert len(two.haiti.open(query).firearms) == 1
    two.haiti.tidy()
    assert [offer.held for offer in two.haiti.offers()] == [False, True]
    assert two.haiti.count("tracing_matching_piece") == 1


def test_each_partner_and_each_register_has_a_key_of_its_own(two: Two) -> None:
    two.offered(*REGISTER)
    two.offered(*REGISTER)
    one, other = two.owner.offers()
    assert (one.turn, other.turn) == (1, 1)
    assert one.key_id != other.key_id
    assert one.digest != other.digest


# ------------------------------------------------------------------- a side that does not play fair


def answered_with(two: Two, change: Any) -> Any:
    """A batch of one that hits, whose answer the owner's side changes before it signs it."""
    offer = two.offered(*REGISTER)
    query = two.haiti.ask(offer, two.haiti.firearms("ABC123", "X7Y8Z9"))
    two.pair.couriers["HT-PAP"].serve("DO")
    letters = two.owner.look(
        lambda reader: reader.rows("SELECT body FROM partner_letter WHERE kind = 'matching.answer'")
    )
    body = msgspec.json.decode(bytes(letters[0][0]))
    honest = msgspec.json.decode(msgspec.json.encode(body["answer"]), type=tokens.Answer)
    batch = body_of(two.letters("matching.query")[0])["batch"]
    wrong = change(honest, tokens.decode_batch(msgspec.json.encode(batch)))
    data = two.write(two.owner, two.haiti, "matching.answer", {"query": query.id, "answer": wrong})
    assert two.haiti.site.receive(data).outcome == "taken"
    return two.haiti.query(query)


def other_key(_answer: tokens.Answer, batch: tokens.Batch) -> tokens.Answer:
    key = ServerKey.derive(bytes(32), b"a key that nobody was told of")
    made = tokens.answer(key, msgspec.structs.replace(batch, key_id=key.key_id))
    return msgspec.structs.replace(made, key_id=batch.key_id)


def swapped(answer: tokens.Answer, _batch: tokens.Batch) -> tokens.Answer:
    return msgspec.structs.replace(answer, elements=answer.elements[::-1])


def shortened(answer: tokens.Answer, _batch: tokens.Batch) -> tokens.Answer:
    return msgspec.structs.replace(answer, elements=answer.elements[:1])


def no_element(answer: tokens.Answer, _batch: tokens.Batch) -> tokens.Answer:
    return msgspec.structs.replace(answer, elements=(bytes(32), answer.elements[1]))


def renamed(answer: tokens.Answer, _batch: tokens.Batch) -> tokens.Answer:
    return msgspec.structs.replace(answer, key_id="0" * 16)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (other_key, "matching-proof-wrong"),
        (swapped, "matching-proof-wrong"),
        (shortened, "matching-answer-count"),
        (no_element, "matching-element-bad"),
        (renamed, "matching-key-other"),
    ],
)
def test_an_answer_that_does_not_hold_is_not_used(two: Two, change: Any, code: str) -> None:
    query = answered_with(two, change)
    assert (query.state, query.code, query.hits) == ("failed", code, None)
    ((_, _, fact),) = two.haiti.facts("matching.answer_rejected")
    assert fact["code"] == code
    assert two.haiti.count("tracing_matching_pending") == 0
    assert refusal(lambda: two.haiti.open(query)).code == "matching-not-answered"


def test_the_honest_answer_holds(two: Two) -> None:
    query = answered_with(two, lambda answer, _batch: answer)
    assert (query.state, query.hits) == ("answered", 2)


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def made_again(data: bytes) -> bytes:
    """Another set under the same key: whole in itself, and not the one that was signed."""
    held = TokenSet.load(data)
    return tokens.pack([bytes([n]) * 64 for n in range(len(held))], held.public_key, held.made_at)


@pytest.mark.parametrize(
    ("twist", "code", "recorded"),
    [
        (flipped, "matching-set-damaged", True),
        (made_again, "matching-set-other", True),
        (lambda data: data + b"x", "matching-set-long", False),
        (lambda data: data[:-1], "link-down", False),
    ],
)
def test_a_set_that_was_changed_on_its_way_is_not_taken(
    two: Two, twist: Any, code: str, recorded: bool
) -> None:
    two.road.twist = twist
    two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    two.step()
    (offer,) = two.haiti.offers()
    assert offer.state == "announced"
    state = two.haiti.works.fetching(offer.id)
    assert state is not None
    assert (state.reason, state.failures) == (code, 1)
    assert two.haiti.count("tracing_matching_piece") == 0
    assert refusal(lambda: two.haiti.ask(offer, two.haiti.firearms("A1"))).code == "matching-offer-not-ready"
    two.clock.advance(HOUR / SECOND)
    two.step()
    said = [fact["code"] for _, _, fact in two.haiti.facts("matching.set_rejected")]
    assert said == ([code] if recorded else [])
    assert offer.code == (code if recorded else None)
    two.road.twist = bytes
    two.clock.advance(HOUR / SECOND)
    two.step()
    (offer,) = two.haiti.offers()
    assert (offer.state, offer.code) == ("ready", None)
    assert two.asked(offer, "ABC123").hits == 1


def test_a_set_goes_on_where_the_link_was_cut(two: Two) -> None:
    entries = [(f"K{number:05}", "GLOCK") for number in range(60)]
    two.road.cut_at = 300
    two.owner.offer(two.owner.register(*entries), two.haiti)
    two.step()
    (offer,) = two.haiti.offers()
    state = two.haiti.works.fetching(offer.id)
    assert state is not None
    assert (state.bytes, state.reason) == (300, "link-down")
    two.step()
    assert two.road.starts == [0]  # it rests first
    two.road.cut_at = None
    two.clock.advance(HOUR / SECOND)
    two.step()
    assert two.road.starts == [0, 300]
    assert two.haiti.offers()[0].state == "ready"


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 63}, {"digest": "X" * 64}, {"public_key": "00" * 32}, {"public_key": "zz"},
        {"key_id": "0" * 16}, {"count": 0}, {"count": 8_000_001}, {"turn": 0}, {"name": "a\nb"},
        {"name": " padded"}, {"register": "x"}, {"quotas": {"day": 0, "case": 1}}, {"made_at": -1},
        {"kind": "k" * 61},
    ],
    ids="-".join,
)  # fmt: skip
def test_an_offer_that_cannot_be_is_refused(two: Two, change: dict[str, Any]) -> None:
    two.pair.road.up = False
    offer = two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    data = two.pair.dominicana.sealed(two.pair.haiti, str(offer.letter))
    body = {**body_of(data), **change}
    assert (
        two.haiti.site.receive(two.write(two.owner, two.haiti, "matching.offer", body)).outcome == "refused"
    )
    assert two.haiti.offers() == []
    assert two.haiti.site.receive(data).outcome == "taken"


def test_a_set_that_was_offered_before_is_not_offered_again(two: Two) -> None:
    two.offered(*REGISTER)
    body = {**body_of(two.letters("matching.offer")[0]), "offer": "0192f000-0000-7000-8000-000000000001"}
    found = two.haiti.site.receive(two.write(two.owner, two.haiti, "matching.offer", body))
    assert (found.outcome, found.reason) == ("refused", "matching-offer-known")


def test_a_partner_can_have_fifty_offers_standing(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanbi.tracing.matching.service.OFFERS_OF_ONE_MAX", 1)
    first = two.offered(*REGISTER)
    two.owner.offer(two.owner.register(("K1", "GLOCK")), two.haiti)
    two.step()
    assert [offer.id for offer in two.haiti.offers()] == [first.id]
    second = two.owner.offers()[-1]
    assert (second.state, second.code) == ("offered", "matching-letter-refused")
    # A newer key for the one that stands takes its place.
    register = two.owner.look(lambda reader: reader.rows("SELECT id FROM tracing_register ORDER BY number"))[
        0
    ][0]
    two.owner.do(lambda tx: two.owner.matching.offers.offer(tx, register, "HT-PAP"), by=CHIEF)
    two.owner.works.step()
    two.step()
    assert [offer.state for offer in two.haiti.offers()] == ["superseded", "ready"]


@pytest.mark.parametrize(
    "batch",
    [
        {"key_id": "not hex at all!!"}, {"key_id": "0"}, {"case": ""}, {"case": "x" * 121}, {"case": " x "},
        {"purpose": "a\nb"}, {"elements": []}, {"elements": ["AAAA"] * 201}, {"more": 1},
    ],
    ids="-".join,
)  # fmt: skip
def test_what_is_no_batch_is_refused_and_charged_nobody(two: Two, batch: dict[str, Any]) -> None:
    offer = two.offered(*REGISTER, day_queries=2, case_queries=2)
    two.asked(offer, "N1")
    body = body_of(two.letters("matching.query")[0])
    wrong = {**body, "query": "0192f000-0000-7000-8000-000000000001", "batch": {**body["batch"], **batch}}
    found = two.owner.site.receive(two.write(two.haiti, two.owner, "matching.query", wrong))
    assert found.outcome == "refused"
    assert len(two.owner.log()) == 1
    assert two.asked(offer, "N2").state == "answered"


@pytest.mark.parametrize(
    ("batch", "code"),
    [
        ({"form": "lanbi-match/2"}, "matching-batch-form"),
        ({"elements": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}, "matching-element-bad"),
    ],
)
def test_a_batch_that_cannot_be_answered_stands_in_the_log_and_is_not_charged(
    two: Two, batch: dict[str, Any], code: str
) -> None:
    offer = two.offered(*REGISTER, day_queries=2, case_queries=2)
    two.asked(offer, "N1")
    body = body_of(two.letters("matching.query")[0])
    wrong = {**body, "query": "0192f000-0000-7000-8000-000000000001", "batch": {**body["batch"], **batch}}
    assert two.owner.site.receive(two.write(two.haiti, two.owner, "matching.query", wrong)).outcome == "taken"
    assert [(line.state, line.code) for line in two.owner.log()] == [("answered", None), ("refused", code)]
    assert two.asked(offer, "N2").state == "answered"


# ------------------------------------------------------------------- what may not be asked about


def test_a_register_that_was_never_offered_is_not_answered_about(two: Two) -> None:
    offer = two.offered(*REGISTER)
    hidden = two.owner.register(("SECRET1", "GLOCK"))
    two.asked(offer, "N1")
    body = body_of(two.letters("matching.query")[0])
    for register in (hidden.id, "0192f000-0000-7000-8000-00000000000f"):
        query = two.haiti.ask(offer, two.haiti.firearms("N2"))
        wrong = {**body, "register": register, "query": query.id}
        two.owner.site.receive(two.write(two.haiti, two.owner, "matching.query", wrong))
    found = [line.code for line in two.owner.log() if line.state == "refused"]
    assert found == ["matching-register-unknown"] * 2


def test_what_was_withdrawn_is_answered_no_more(two: Two) -> None:
    offer = two.offered(*REGISTER)
    two.pair.road.up = False
    query = two.haiti.ask(offer, two.haiti.firearms("ABC123"))
    (ours,) = two.owner.offers()
    with pytest.raises(Exception, match="matching-changed"):
        two.owner.do(lambda tx: two.owner.matching.offers.withdraw(tx, ours.id, held=1), by=CHIEF)
    two.owner.do(lambda tx: two.owner.matching.offers.withdraw(tx, ours.id, held=ours.seq), by=CHIEF)
    two.pair.road.up = True
    two.clock.advance(HOUR / SECOND)
    two.step()
    assert two.haiti.query(query).code == "matching-offer-over"
    assert [one.state for one in (*two.haiti.offers(), *two.owner.offers())] == ["withdrawn"] * 2
    assert refusal(lambda: two.haiti.ask(offer, two.haiti.firearms("N1"))).code == "matching-offer-over"
    again = refusal(
        lambda: two.owner.do(lambda tx: two.owner.matching.offers.withdraw(tx, ours.id), by=CHIEF)
    )
    assert again.code == "matching-offer-over"
    assert [fact["heard"] for _, _, fact in two.haiti.facts("matching.offer_withdrawn")] == [True]
    two.owner.tidy()
    two.haiti.tidy()
    assert (two.owner.count("tracing_matching_piece"), two.haiti.count("tracing_matching_piece")) == (0, 0)


def test_a_register_that_its_originator_took_back_is_answered_about_no_more(two: Two) -> None:
    register = two.owner.register(*REGISTER)
    two.owner.offer(register, two.haiti)
    two.step()
    (offer,) = two.haiti.offers()
    assert two.asked(offer, "N1").state == "answered"
    two.owner.withdraw_register(register)
    assert two.asked(offer, "ABC123").code == "matching-offer-over"
    gone = refusal(lambda: two.owner.offer(register, two.haiti))
    assert gone.code == "register-none"


def test_the_switch_stops_everything_at_once_and_lets_it_go_on(two: Two) -> None:
    offer = two.offered(*REGISTER)
    (ours,) = two.owner.offers()
    waiting = two.haiti.ask(offer, two.haiti.firearms("ABC123"))
    two.pair.dominicana.do(lambda tx: two.pair.dominicana.partners.enable(tx, "HT-PAP", False))
    two.step()
    assert two.haiti.query(waiting).state == "asked"
    assert two.owner.log() == []
    none = refusal(
        lambda: two.owner.look(lambda reader: two.owner.matching.offers.served(reader, ours.digest))
    )
    assert none.code == "matching-set-none"
    assert (
        refusal(lambda: two.owner.offer(two.owner.register(("K1", "GLOCK")), two.haiti)).code
        == "partner-disabled"
    )
    two.pair.haiti.switch(two.pair.dominicana, False)
    assert refusal(lambda: two.haiti.ask(offer, two.haiti.firearms("N1"))).code == "partner-disabled"
    two.pair.haiti.switch(two.pair.dominicana, True)
    two.pair.dominicana.do(lambda tx: two.pair.dominicana.partners.enable(tx, "HT-PAP", True))
    two.clock.advance(HOUR / SECOND)
    two.step()
    assert two.haiti.query(waiting).hits == 1


def test_nothing_is_fetched_from_a_partner_that_is_switched_off(two: Two) -> None:
    two.road.up = False
    two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    two.step()
    two.road.up = True
    two.pair.haiti.switch(two.pair.dominicana, False)
    two.clock.advance(HOUR / SECOND)
    two.haiti.works.step()
    assert two.road.starts == [0]
    two.pair.haiti.switch(two.pair.dominicana, True)
    two.haiti.works.step()
    assert [offer.state for offer in two.haiti.offers()] == ["ready"]


@pytest.mark.parametrize(
    ("handling", "why"),
    [
        (Handling(originator="DO", tlp="RED"), "red"),
        (Handling(originator="DO", review_on="2026-01-01"), "review_due"),
        (Handling(originator="US"), "not_named"),
        (Handling(originator="US", releasable=("HT",)), "onward"),
        (Handling(originator="US", releasable=("JM",), onward=True), "not_named"),
    ],
)
def test_a_register_goes_no_further_than_its_rules_let_it(two: Two, handling: Handling, why: str) -> None:
    register = two.owner.register(*REGISTER, handling=handling)
    refused = refusal(lambda: two.owner.offer(register, two.haiti))
    assert (type(refused), refused.code, refused.args_by_name) == (
        Refused,
        "matching-release-kept",
        {"why": why},
    )


@pytest.mark.parametrize(
    "handling",
    [
        Handling(originator="DO"),
        Handling(originator="US", releasable=("HT",), onward=True),
        Handling(originator="US", releasable=("*",), onward=True, review_on="2027-01-01"),
    ],
)
def test_a_register_goes_where_its_rules_let_it(two: Two, handling: Handling) -> None:
    assert two.owner.offer(two.owner.register(*REGISTER, handling=handling), two.haiti).state == "offered"


def test_rules_are_asked_again_with_every_batch(two: Two) -> None:
    handling = Handling(originator="US", releasable=("HT",), onward=True, purposes=("prosecution",))
    two.owner.offer(two.owner.register(*REGISTER, handling=handling), two.haiti)
    two.step()
    (offer,) = two.haiti.offers()
    guns = two.haiti.firearms("ABC123")
    first = two.haiti.ask(offer, guns)
    second = two.haiti.ask(offer, guns, purpose="prosecution")
    two.step()
    assert (two.haiti.query(first).code, two.haiti.query(first).args) == (
        "matching-release-kept",
        {"why": "purpose"},
    )
    assert two.haiti.query(second).hits == 1
    two.owner.do(lambda tx: two.owner.room.tracing.stop(tx, "US", True), by=CHIEF)
    third = two.haiti.ask(offer, guns, purpose="prosecution")
    two.step()
    assert two.haiti.query(third).args == {"why": "stopped"}


# ------------------------------------------------------------------- making a set


def test_entries_that_cannot_be_matched_are_counted_and_left_out(two: Two) -> None:
    offer = two.owner.offer(
        two.owner.register(
            ("A8C123", "GLOCK"), ("ABC123", "GLOCK"), ("A8C12?", "GLOCK"), ("A8…", "GLOCK"),
            ("A8C124", None), ("A8C125", "ATELYE TI JAN"), ("K1", "TAURUS"),
        ),
        two.haiti,
    )  # fmt: skip
    assert (offer.entries, offer.left_out) == (2, 4)  # two look alike and are one
    ((_, _, fact),) = two.owner.facts("matching.offered")
    assert (fact["entries"], fact["left_out"], fact["digest"]) == (2, 4, offer.digest)
    ((_, actor, approved),) = two.owner.facts("matching.offer_approved")
    assert (actor, approved["turn"], approved["key_id"]) == ("commander-1", 1, offer.key_id)


def test_a_register_with_nothing_to_match_is_not_offered(two: Two) -> None:
    offer = two.owner.offer(two.owner.register(("A8C12?", "GLOCK")), two.haiti)
    assert (offer.state, offer.code) == ("failed", "matching-register-empty")
    two.step()
    assert two.haiti.offers() == []
    assert two.owner.offer(two.owner.register(*REGISTER), two.haiti).state == "offered"


def test_a_second_offer_waits_until_the_first_is_made(two: Two) -> None:
    register, offers = two.owner.register(*REGISTER), two.owner.matching.offers
    two.owner.do(lambda tx: offers.offer(tx, register.id, "HT-PAP"), by=CHIEF)
    twice = refusal(lambda: two.owner.do(lambda tx: offers.offer(tx, register.id, "HT-PAP"), by=CHIEF))
    assert twice.code == "matching-offer-building"
    two.owner.works.step()
    assert two.owner.offer(register, two.haiti).turn == 2


def test_what_the_node_left_half_made_is_made_at_its_next_start(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "PROGRESS_TOKENS", 10)
    register = two.owner.register(*((f"K{number:04}", "GLOCK") for number in range(50)))
    offers, works, seen = two.owner.matching.offers, two.owner.works, []
    made = two.owner.do(lambda tx: offers.offer(tx, register.id, "HT-PAP"), by=CHIEF)
    some = offers.some_entries

    def stopping(reader: Any, offer: Any, after: int) -> Any:
        seen.append(works.progress(offer.id))
        works.stop()
        return some(reader, offer, after)

    monkeypatch.setattr(offers, "some_entries", stopping)
    assert works.step() == 0
    assert (seen[0].done, seen[0].of) == (0, 50)
    assert two.owner.the_offer(made.id).state == "building"
    monkeypatch.undo()
    two.owner.wire()
    assert two.owner.works.step() == 1
    assert two.owner.the_offer(made.id).entries == 50


def test_sets_are_made_and_fetched_by_themselves_once_the_node_runs(two: Two) -> None:
    register, offers = two.owner.register(*REGISTER), two.owner.matching.offers
    for site in (two.owner, two.haiti):
        site.works.start()
    try:
        made = two.owner.do(lambda tx: offers.offer(tx, register.id, "HT-PAP"), by=CHIEF)
        two.owner.works.wake()
        until(lambda: two.owner.the_offer(made.id).state == "offered", "the set is made")
        two.road.up = False
        two.pair.step()
        two.haiti.works.wake()
        (offer,) = two.haiti.offers()
        until(lambda: (two.haiti.works.fetching(offer.id) or FetchState()).failures, "it was tried")
        two.road.up = True
        two.haiti.works.hurry()
        until(lambda: two.haiti.offers()[0].state == "ready", "the set is fetched")
    finally:
        for site in (two.owner, two.haiti):
            site.works.stop()
            site.works.stop()
    assert two.asked(two.haiti.offers()[0], "ABC123").hits == 1


def test_an_offer_fails_where_its_register_or_its_partner_is_gone_before_it_is_made(two: Two) -> None:
    register, offers = two.owner.register(*REGISTER), two.owner.matching.offers
    made = two.owner.do(lambda tx: offers.offer(tx, register.id, "HT-PAP"), by=CHIEF)
    dominicana = two.pair.dominicana
    dominicana.do(lambda tx: dominicana.partners.enable(tx, "HT-PAP", False))
    two.owner.works.step()
    assert two.owner.the_offer(made.id).code == "partner-disabled"
    dominicana.do(lambda tx: dominicana.partners.enable(tx, "HT-PAP", True))
    made = two.owner.do(lambda tx: offers.offer(tx, register.id, "HT-PAP"), by=CHIEF)
    two.owner.withdraw_register(register)
    two.owner.works.step()
    assert two.owner.the_offer(made.id).code == "matching-register-empty"
    assert [fact["code"] for _, _, fact in two.owner.facts("matching.offer_failed")] == [
        "partner-disabled",
        "matching-register-empty",
    ]
    two.owner.tidy()
    assert two.owner.count("tracing_matching_piece") == 0


def test_an_offer_to_nobody_or_of_nothing_is_refused(two: Two) -> None:
    register, offers = two.owner.register(*REGISTER), two.owner.matching.offers

    def code(register_id: str, partner: str) -> str:
        return refusal(lambda: two.owner.do(lambda tx: offers.offer(tx, register_id, partner), by=CHIEF)).code

    assert code(register.id, "JM") == "partner-none"
    assert code("0192f000-0000-7000-8000-00000000000f", "HT-PAP") == "register-none"
    dominicana = two.pair.dominicana
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_out=("tracing.*",)))
    assert code(register.id, "HT-PAP") == "partner-kind-closed"
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_out=("matching.*",)))
    assert two.owner.offer(register, two.haiti).state == "offered"


# ------------------------------------------------------------------- by file


def test_all_of_it_goes_by_stick_where_there_is_no_link(two: Two) -> None:
    haiti, dominicana = two.pair.haiti, two.pair.dominicana
    haiti.do(lambda tx: haiti.partners.edit(tx, "DO", url=""))
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", url=""))

    def carry(giver: Any, taker: Any) -> None:
        data = giver.do(lambda tx: giver.outbox.carry(tx, taker.code))
        report = taker.inbox.take_in_bundle(taker.store, ACTORS["administrator"], data)
        assert {line.outcome for line in report.lines} == {"taken"}

    ours = two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    data = two.owner.look(lambda reader: sql.whole_set(reader, ours.digest))
    early = refusal(lambda: two.haiti.works.take_in(ANALYST, data))
    assert early.code == "matching-set-unasked"
    carry(dominicana, haiti)
    assert two.haiti.works.step() == 0
    for wrong, code in (
        (flipped(data), "matching-set-damaged"),
        (data[:HEADER_BYTES], "matching-set-malformed"),
        (b"", "matching-set-malformed"),
        (made_again(data), "matching-set-unasked"),
    ):
        assert refusal(lambda wrong=wrong: two.haiti.works.take_in(ANALYST, wrong)).code == code
    taken = two.haiti.works.take_in(ANALYST, data)
    assert two.haiti.works.take_in(ANALYST, data).id == taken.id
    assert [fact["by_file"] for _, _, fact in two.haiti.facts("matching.set_taken_in")] == [True]
    query = two.haiti.ask(taken, two.haiti.firearms("ABC123"))
    carry(haiti, dominicana)
    carry(dominicana, haiti)
    assert two.haiti.query(query).hits == 1
    assert refusal(lambda: two.haiti.works.take_in(ACTORS["auditor"], data)).code == "not-allowed"


# ------------------------------------------------------------------- letters that are not taken, and time


def test_a_batch_whose_letter_is_not_taken_says_so_and_is_answered_when_it_goes_again(two: Two) -> None:
    offer = two.offered(*REGISTER)
    dominicana, haiti = two.pair.dominicana, two.pair.haiti
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_in=("tracing.*",)))
    query = two.asked(offer, "ABC123")
    assert (query.state, query.code, query.args) == (
        "refused",
        "matching-letter-refused",
        {"reason": "letter-kind-closed"},
    )
    dominicana.do(lambda tx: dominicana.partners.edit(tx, "HT-PAP", kinds_in=("*",)))
    haiti.do(lambda tx: haiti.outbox.renew(tx, query.letter))
    two.step()
    query = two.haiti.query(query)
    assert (query.state, query.code, query.hits) == ("answered", None, 1)


def test_an_offer_whose_letter_is_not_taken_says_so(two: Two) -> None:
    haiti = two.pair.haiti
    haiti.do(lambda tx: haiti.partners.edit(tx, "DO", kinds_in=()))
    offer = two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    two.step()
    found = two.owner.the_offer(offer.id)
    assert (found.state, found.code) == ("offered", "matching-letter-refused")
    haiti.do(lambda tx: haiti.partners.edit(tx, "DO", kinds_in=("*",)))
    two.pair.dominicana.do(lambda tx: two.pair.dominicana.outbox.renew(tx, str(found.letter)))
    two.step()
    assert [one.state for one in two.haiti.offers()] == ["ready"]


def test_after_thirty_days_nothing_is_kept_of_what_was_not_answered_or_not_opened(two: Two) -> None:
    offer = two.offered(*REGISTER)
    opened = two.asked(offer, "ABC123")
    two.haiti.open(opened)
    unopened = two.asked(offer, "ABC123")
    two.pair.road.up = False
    waiting = two.haiti.ask(offer, two.haiti.firearms("X7Y8Z9"))
    two.clock.advance(30 * DAY / SECOND - 1)
    two.haiti.tidy()
    assert two.haiti.count("tracing_matching_pending") == 2
    two.clock.advance(1)
    two.haiti.tidy()
    assert two.haiti.count("tracing_matching_pending") == 0
    gone = two.haiti.query(unopened)
    assert (gone.state, gone.hits, gone.openable) == ("answered", 1, False)
    assert refusal(lambda: two.haiti.open(gone)).code == "matching-pending-gone"
    assert two.haiti.query(waiting).state == "lapsed"
    assert [fact["answered"] for _, _, fact in two.haiti.facts("matching.forgotten")] == [True, False]
    assert len(two.haiti.open(opened).firearms) == 1
    # The letter goes after all: the answer is counted and cannot be used.
    two.pair.road.up = True
    two.step()
    late = two.haiti.query(waiting)
    assert (late.state, late.answered, late.hits, late.code) == ("failed", 1, None, "matching-pending-gone")
    assert two.owner.log()[-1].answered == 1


def test_after_a_change_of_the_sites_key_what_was_kept_cannot_be_opened_nor_an_old_offer_answered(
    two: Two,
) -> None:
    offer = two.offered(*REGISTER)
    query = two.asked(offer, "ABC123")
    for site, other in ((two.haiti, two.owner), (two.owner, two.haiti)):
        old = site.site.key
        site.site.change_key(bytes([len(site.code)]) * 32)
        site.wire()
        key = site.site.key.public_key.hex()
        other.site.do(
            lambda tx, site=site, key=key, other=other: other.site.partners.add_key(tx, site.code, key)
        )
        assert old.key_id != site.site.key.key_id
    two.pair.couriers = {
        site.code: type(two.pair.couriers[site.code])(
            site.site.outbox, site.site.inbox, site.site.store, two.clock, two.pair.road, chance=lambda: 0.5
        )
        for site in (two.haiti, two.owner)
    }
    assert refusal(lambda: two.haiti.open(query)).code == "matching-pending-gone"
    assert two.asked(offer, "ABC123").code == "matching-key-other"
    two.owner.offer(two.owner.register(*REGISTER, name="again"), two.haiti)
    two.step()
    assert two.asked(two.haiti.offers()[-1], "ABC123").hits == 1


def test_who_asked_stands_in_the_owners_log_whatever_it_called_itself(two: Two) -> None:
    query = two.asked(two.offered(*REGISTER), "ABC123")
    (line,) = two.owner.log()
    assert (line.by, line.partner) == ("site:HT-PAP", "HT-PAP")
    assert (two.haiti.query(query).by, two.haiti.query(query).letter) == ("analyst-1", line.letter)
