"""What two sites match: the same keys on both sides, a set that tells nothing, right hits, and quotas."""

from __future__ import annotations

import struct
from hashlib import sha256

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, Refused, TooLarge
from lanbi.core.time import DAY, HOUR, parse_instant
from lanbi.record.checkpoint import SiteKey
from lanbi.tracing.markings.catalogue import makes
from lanbi.tracing.markings.marks import ALPHABET, fold
from lanbi.tracing.matching import tokens as matching
from lanbi.tracing.matching.tokens import (
    CASE_WINDOW,
    HEADER_BYTES,
    QUERIES_MAX,
    SET_BYTES_MAX,
    TOKEN_BYTES,
    Answer,
    Batch,
    Hits,
    Pending,
    Quota,
    Spent,
    TokenSet,
    answer,
    ask,
    build,
    decode_answer,
    decode_batch,
    encode,
    hits,
    match_key,
    pack,
    register_key,
)
from lanbi.tracing.matching.voprf import ServerKey, evaluate

NOW = parse_instant("2026-11-22T12:00:00Z")
KEY = ServerKey.derive(bytes(32), b"register of stolen arms, partner jm, turn 1")
NEXT = ServerKey.derive(bytes(32), b"register of stolen arms, partner jm, turn 2")
REGISTER = [match_key("GLOCK", f"A8C{number:03}") for number in range(50)]
SET = build(KEY, REGISTER, NOW)
WHY = {"purpose": "tracing", "case": "DCPJ 2026/114"}


def code_of(refused: pytest.ExceptionInfo[LanbiError]) -> str:
    return refused.value.code


# ---------------------------------------------------------------- match keys


def test_the_key_is_three_lines() -> None:
    assert match_key("SMITH_WESSON", "A8C123") == b"lanbi-match/1\nSMITH_WESSON\nA8C123\n"


words = st.text(st.sampled_from("ACX019_-"), min_size=1, max_size=4).filter(lambda text: text[0] not in "_-")
marks = st.text(st.sampled_from("ACX019"), min_size=1, max_size=4)


@given(words, marks, words, marks)
def test_two_firearms_never_share_a_key(make: str, serial: str, other_make: str, other_serial: str) -> None:
    alike = match_key(make, serial) == match_key(other_make, other_serial)
    assert alike == ((make, serial) == (other_make, other_serial))


def test_a_mark_is_taken_exactly_if_folding_leaves_it() -> None:
    """Where this fails the fold table was changed: then `MATCH_FORM` and `FORM_VERSION` must be, too."""
    assert fold(ALPHABET) == "0123456789A8C0EF6H1JK1MN0P0R5TUVWXY2"
    for mark in ALPHABET:
        assert match_key("GLOCK", fold(mark))
        if fold(mark) != mark:
            with pytest.raises(Malformed):
                match_key("GLOCK", mark)


def test_every_make_of_the_catalogue_can_be_matched() -> None:
    assert all(match_key(code, "A1") for code in makes())


@pytest.mark.parametrize(
    ("make", "serial", "field"),
    [
        ("", "A8C123", "make"),
        ("glock", "A8C123", "make"),
        ("GLOCK\n", "A8C123", "make"),
        ("G" * 65, "A8C123", "make"),
        ("GLOCK", "", "serial"),
        ("GLOCK", "A8 C", "serial"),
        ("GLOCK", "A8C\n123", "serial"),
        ("GLOCK", "a8c123", "serial"),
        ("GLOCK", "ABC123", "serial"),  # not folded
        ("GLOCK", "A8C12?", "serial"),  # a mark that nobody could read
        ("GLOCK", "A8…23", "serial"),
        ("GLOCK", "É123", "serial"),
        ("GLOCK", "１２３", "serial"),  # wide figures
        ("GLOCK", "A" * 65, "serial"),
    ],
)
def test_what_two_sites_might_write_in_two_ways_is_no_key(make: str, serial: str, field: str) -> None:
    assert match_key("G" * 64, "A" * 64)
    with pytest.raises(Malformed) as refused:
        match_key(make, serial)
    assert code_of(refused) == "matching-field-unusable"
    assert refused.value.args_by_name == {"field": field}


# -------------------------------------------------------------- the arithmetic


def test_false_hits_stay_below_one_in_a_million_a_year_and_one_byte_less_would_not_do() -> None:
    expected = QUERIES_MAX * 365 * 1_400_000
    assert expected / 256**TOKEN_BYTES < 1e-6 < expected / 256 ** (TOKEN_BYTES - 1)


# ------------------------------------------------------------------- its key

SITE = SiteKey.from_seed(bytes(32))


def test_register_partner_turn_and_site_each_make_another_key() -> None:
    keys = [
        register_key(SITE, "stolen", "jcf-kingston", 1),
        register_key(SITE, "licensed", "jcf-kingston", 1),
        register_key(SITE, "stolen", "rbpf-nassau", 1),
        register_key(SITE, "stolen", "jcf-kingston", 2),
        register_key(SiteKey.from_seed(b"\1" * 32), "stolen", "jcf-kingston", 1),
    ]
    assert len({one.key_id for one in keys}) == len(keys)
    assert register_key(SITE, "stolen", "jcf-kingston", 1).public_key == keys[0].public_key


@pytest.mark.parametrize("name", ["", "two\nlines"])
def test_a_key_is_not_made_for_what_could_be_read_in_two_ways(name: str) -> None:
    for register, partner in ((name, "jcf-kingston"), ("stolen", name)):
        with pytest.raises(Malformed) as refused:
            register_key(SITE, register, partner, 1)
        assert code_of(refused) in ("text-empty", "text-control")


# -------------------------------------------------------------------- the set


def test_every_entry_is_found_and_nothing_else() -> None:
    loaded = TokenSet.load(SET)
    assert (len(loaded), loaded.key_id, loaded.public_key, loaded.made_at) == (
        50,
        KEY.key_id,
        KEY.public_key,
        NOW,
    )
    assert all(loaded.contains(evaluate(KEY, one)) for one in REGISTER)
    assert not any(loaded.contains(evaluate(KEY, match_key("BERETTA", f"A8C{n:03}"))) for n in range(50))
    assert not any(loaded.contains(evaluate(NEXT, one)) for one in REGISTER)
    assert len(SET) == HEADER_BYTES + 50 * TOKEN_BYTES


@given(st.lists(st.binary(min_size=64, max_size=64), max_size=40), st.binary(min_size=64, max_size=64))
def test_what_was_packed_is_what_is_found(outputs: list[bytes], other: bytes) -> None:
    loaded = TokenSet.load(pack(outputs, KEY.public_key, NOW))
    held = {one[:TOKEN_BYTES] for one in outputs}
    assert len(loaded) == len(held)
    assert all(loaded.contains(one) for one in outputs)
    assert loaded.contains(other) == (other[:TOKEN_BYTES] in held)


@pytest.mark.parametrize("edge", [b"\0" * 64, b"\xff" * 64, b"\x7f" + b"\xff" * 63, b"\x80" + b"\0" * 63])
def test_the_ends_of_the_range_are_found_and_not_their_neighbours(edge: bytes) -> None:
    loaded = TokenSet.load(pack([edge], KEY.public_key, NOW))
    assert loaded.contains(edge)
    for other in (b"\0" * 64, b"\xff" * 64, b"\x01" * 64):
        assert loaded.contains(other) == (other[:TOKEN_BYTES] == edge[:TOKEN_BYTES])


def test_the_order_of_the_register_leaves_no_trace() -> None:
    assert build(KEY, reversed(REGISTER), NOW) == SET
    assert build(KEY, [*REGISTER, *REGISTER], NOW) == SET


def test_an_empty_register_is_a_set_in_which_nothing_is() -> None:
    loaded = TokenSet.load(build(KEY, [], NOW))
    assert len(loaded) == 0
    assert not loaded.contains(evaluate(KEY, REGISTER[0]))


def test_the_same_register_under_another_key_shares_no_token() -> None:
    one, other = SET[HEADER_BYTES:], build(NEXT, REGISTER, NOW)[HEADER_BYTES:]
    assert not set(np.frombuffer(one, ">u8")) & set(np.frombuffer(other, ">u8"))


@given(st.integers(0, len(SET) * 8 - 1))
@settings(max_examples=200)
def test_a_set_with_one_bit_changed_is_refused(place: int) -> None:
    changed = bytearray(SET)
    changed[place // 8] ^= 1 << place % 8
    with pytest.raises(Malformed) as refused:
        TokenSet.load(bytes(changed))
    assert code_of(refused).startswith("matching-set-")


@given(st.integers(0, len(SET) - 1))
def test_a_set_that_was_cut_off_or_goes_on_is_refused(length: int) -> None:
    for data in (SET[:length], SET + SET[: length + 1]):
        with pytest.raises(Malformed) as refused:
            TokenSet.load(data)
        assert code_of(refused) == "matching-set-malformed"


@given(st.binary(max_size=300), st.booleans())
def test_whatever_bytes_come_they_are_refused(data: bytes, begins_well: bool) -> None:
    with pytest.raises(Malformed):
        TokenSet.load(SET[:8] + data if begins_well else data)


def signed_anew(head: bytes, body: bytes) -> bytes:
    return head + sha256(head + body).digest() + body


@pytest.mark.parametrize(
    ("place", "what"), [(8, "2.1.8"), (10, "1.2.8"), (12, "1.1.16")], ids=["form", "suite", "width"]
)
def test_a_set_of_another_form_is_told_apart_from_a_broken_one(place: int, what: str) -> None:
    head = bytearray(SET[: HEADER_BYTES - 32])
    struct.pack_into(">H", head, place, 16 if place == 12 else 2)
    with pytest.raises(Malformed) as refused:
        TokenSet.load(signed_anew(bytes(head), SET[HEADER_BYTES:]))
    assert code_of(refused) == "matching-set-form"
    assert refused.value.args_by_name == {"form": what}


def test_tokens_out_of_order_or_twice_are_refused_though_the_digest_holds() -> None:
    head, body = SET[: HEADER_BYTES - 32], SET[HEADER_BYTES:]
    assert TokenSet.load(signed_anew(head, body))
    turned = body[8:16] + body[:8] + body[16:]
    twice = body[:8] + body[:8] + body[16:]
    for wrong in (turned, twice):
        with pytest.raises(Malformed) as refused:
            TokenSet.load(signed_anew(head, wrong))
        assert code_of(refused) == "matching-set-damaged"


def test_a_set_whose_key_is_none_is_refused() -> None:
    head, body = SET[: HEADER_BYTES - 64], SET[HEADER_BYTES:]
    for key in (bytes(32), b"\xff" * 32):
        with pytest.raises(Malformed) as refused:
            TokenSet.load(signed_anew(head + key, body))
        assert code_of(refused) == "matching-key-bad"
        with pytest.raises(Malformed):
            pack([], key, NOW)


def test_what_is_too_large_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge) as refused:
        TokenSet.load(bytes(SET_BYTES_MAX + 1))
    assert code_of(refused) == "matching-set-large"
    monkeypatch.setattr(matching, "TOKENS_MAX", 3)
    assert len(TokenSet.load(pack([bytes([n]) * 64 for n in range(3)], KEY.public_key, NOW))) == 3
    with pytest.raises(TooLarge):
        pack((bytes([n]) * 64 for n in range(200)), KEY.public_key, NOW)


def test_building_says_how_far_it_is_and_can_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "PROGRESS_TOKENS", 20)
    said: list[int] = []
    assert build(KEY, iter(REGISTER), NOW, said.append) == SET
    assert said == [20, 40, 50]

    class StoppedError(Exception):
        pass

    def stop(_done: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        build(KEY, iter(REGISTER), NOW, stop)


# ------------------------------------------------------- questions and answers


@given(st.lists(st.integers(0, 99), min_size=1, max_size=12))
@settings(max_examples=25)
def test_a_batch_goes_there_and_back_as_bytes_and_finds_exactly_its_hits(serials: list[int]) -> None:
    keys = [match_key("GLOCK", f"A8C{number:03}") for number in serials]
    pending = ask(KEY.public_key, keys, **WHY)
    sent = decode_batch(encode(pending.batch))
    assert sent == pending.batch
    assert (sent.key_id, sent.purpose, sent.case) == (KEY.key_id, "tracing", "DCPJ 2026/114")
    came = decode_answer(encode(answer(KEY, sent)))
    found = hits(pending, came, TokenSet.load(SET))
    places = tuple(place for place, number in enumerate(serials) if number < 50)
    assert found == Hits(asked=len(serials), count=len(places), places=places)


def test_a_question_kept_for_days_is_answered_after_a_restart() -> None:
    pending = ask(KEY.public_key, REGISTER[:2], **WHY)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(pending), type=Pending)
    assert kept == pending
    assert hits(kept, answer(KEY, pending.batch), TokenSet.load(SET)).count == 2


def test_what_is_sent_holds_no_serial_and_never_repeats() -> None:
    pending = ask(KEY.public_key, [REGISTER[0]] * 10, **WHY)
    assert len(set(pending.batch.elements)) == 10
    assert b"A8C" not in encode(pending.batch)
    assert "A8C" not in repr(pending) and KEY.key_id in repr(pending)


def test_as_many_as_a_batch_holds_and_not_one_more() -> None:
    keys = [match_key("GLOCK", f"{number:06}") for number in range(QUERIES_MAX)]
    pending = ask(KEY.public_key, keys, **WHY)
    assert hits(pending, answer(KEY, pending.batch), TokenSet.load(SET)).asked == QUERIES_MAX
    with pytest.raises(TooLarge) as refused:
        ask(KEY.public_key, [*keys, REGISTER[0]], **WHY)
    assert code_of(refused) == "matching-batch-large"
    larger = msgspec.structs.replace(pending.batch, elements=(*pending.batch.elements, KEY.public_key))
    with pytest.raises(TooLarge):
        answer(KEY, larger)
    with pytest.raises(Malformed) as refused:
        decode_batch(encode(larger))
    assert code_of(refused) == "matching-message-malformed"
    with pytest.raises(Malformed) as refused:
        ask(KEY.public_key, [], **WHY)
    assert code_of(refused) == "matching-batch-empty"


def test_a_key_that_has_been_changed_is_refused_on_both_sides_by_its_name() -> None:
    pending = ask(KEY.public_key, REGISTER[:1], **WHY)
    with pytest.raises(Refused) as refused:
        answer(NEXT, pending.batch)
    assert code_of(refused) == "matching-key-other"
    assert refused.value.args_by_name == {"asked": KEY.key_id, "held": NEXT.key_id}
    right = answer(KEY, pending.batch)
    newer = TokenSet.load(build(NEXT, REGISTER, NOW))
    with pytest.raises(Refused) as refused:
        hits(pending, right, newer)
    assert code_of(refused) == "matching-key-other"
    with pytest.raises(Refused) as refused:
        hits(pending, msgspec.structs.replace(right, key_id=NEXT.key_id), TokenSet.load(SET))
    assert code_of(refused) == "matching-key-other"


def test_an_answer_by_another_key_under_the_right_name_is_refused() -> None:
    pending = ask(KEY.public_key, REGISTER[:1], **WHY)
    forged = answer(NEXT, msgspec.structs.replace(pending.batch, key_id=NEXT.key_id))
    with pytest.raises(Refused) as refused:
        hits(pending, msgspec.structs.replace(forged, key_id=KEY.key_id), TokenSet.load(SET))
    assert code_of(refused) == "matching-proof-wrong"


def test_a_batch_of_another_form_is_refused_rather_than_without_hits() -> None:
    pending = ask(KEY.public_key, REGISTER[:1], **WHY)
    with pytest.raises(Malformed) as refused:
        answer(KEY, msgspec.structs.replace(pending.batch, form="lanbi-match/2"))
    assert code_of(refused) == "matching-batch-form"


@pytest.mark.parametrize(
    ("purpose", "case", "code"),
    [
        ("", "c", "text-empty"),
        ("p", " ", "text-empty"),
        ("p", "a\nb", "text-control"),
        ("p", "c" * 121, "text-too-long"),
    ],
)
def test_nothing_is_asked_or_taken_without_saying_why(purpose: str, case: str, code: str) -> None:
    with pytest.raises(LanbiError) as refused:
        ask(KEY.public_key, REGISTER[:1], purpose=purpose, case=case)
    assert code_of(refused) == code
    batch = ask(KEY.public_key, REGISTER[:1], **WHY).batch
    with pytest.raises(LanbiError) as refused:
        decode_batch(encode(msgspec.structs.replace(batch, purpose=purpose, case=case)))
    assert code_of(refused) == code


@given(st.binary(max_size=200) | st.just(b"[" * 100_000) | st.just(b'{"key_id":1}'))
def test_whatever_bytes_come_as_a_message_they_are_refused(body: bytes) -> None:
    for decode in (decode_batch, decode_answer):
        with pytest.raises(Malformed) as refused:
            decode(body)
        assert code_of(refused) == "matching-message-malformed"


def test_a_batch_or_an_answer_with_a_field_more_is_refused() -> None:
    pending = ask(KEY.public_key, REGISTER[:1], **WHY)
    for message, decode in ((pending.batch, decode_batch), (answer(KEY, pending.batch), decode_answer)):
        body = encode(message)
        assert isinstance(decode(body), (Batch, Answer))
        with pytest.raises(Malformed):
            decode(body[:-1] + b',"serials":["ABC001"]}')


# --------------------------------------------------------------------- quotas

QUOTA = Quota(day_queries=20, case_queries=30)
spent_lists = st.lists(
    st.builds(
        Spent,
        at=st.integers(NOW - 40 * DAY, NOW + HOUR),  # and some after now: the clock was set back
        case=st.sampled_from(["a", "b"]),
        queries=st.integers(1, 20),
    ),
    max_size=12,
)


def used(spent: list[Spent], now: int, window: int, case: str | None = None) -> int:
    return sum(one.queries for one in spent if now - window < one.at and case in (None, one.case))


@given(spent_lists, st.sampled_from(["a", "b"]), st.integers(1, 20))
@settings(max_examples=300)
def test_what_is_let_through_never_exceeds_a_quota_and_opens_when_it_says(
    spent: list[Spent], case: str, queries: int
) -> None:
    fits = used(spent, NOW, DAY) + queries <= 20 and used(spent, NOW, CASE_WINDOW, case) + queries <= 30
    assert (queries <= QUOTA.left(spent, now=NOW, case=case)) == fits
    if fits:
        assert QUOTA.take(spent, now=NOW, case=case, queries=queries) == Spent(NOW, case, queries)
        return
    with pytest.raises(Refused) as refused:
        QUOTA.take(spent, now=NOW, case=case, queries=queries)
    assert code_of(refused) in ("matching-quota-day", "matching-quota-case")
    said = refused.value.args_by_name
    assert (said["asked"], said["left"]) == (queries, QUOTA.left(spent, now=NOW, case=case))
    opens = parse_instant(str(said["opens_at"]))
    assert opens > NOW
    assert QUOTA.take(spent, now=opens, case=case, queries=queries)
    with pytest.raises(Refused):
        QUOTA.take(spent, now=opens - 1, case=case, queries=queries)


def test_around_midnight_nobody_gets_two_days_at_once() -> None:
    late = parse_instant("2026-11-22T23:59:00Z")
    spent = [QUOTA.take([], now=late, case="a", queries=20)]
    with pytest.raises(Refused) as refused:
        QUOTA.take(spent, now=late + HOUR, case="b", queries=1)
    assert code_of(refused) == "matching-quota-day"
    assert refused.value.args_by_name == {
        "asked": 1,
        "left": 0,
        "limit": 20,
        "opens_at": "2026-11-23T23:59:00.000000Z",
    }


def test_a_case_that_has_had_its_share_waits_while_another_goes_on() -> None:
    spent = [Spent(NOW - 2 * DAY, "a", 20), Spent(NOW - DAY, "a", 10)]
    with pytest.raises(Refused) as refused:
        QUOTA.take(spent, now=NOW, case="a", queries=1)
    assert code_of(refused) == "matching-quota-case"
    assert refused.value.args_by_name["opens_at"] == "2026-12-20T12:00:00.000000Z"
    assert QUOTA.take(spent, now=NOW, case="b", queries=20)


def test_more_than_a_whole_quota_never_goes_and_nothing_is_no_question() -> None:
    assert QUOTA.take([], now=NOW, case="a", queries=20)
    with pytest.raises(Refused) as refused:
        QUOTA.take([], now=NOW, case="a", queries=21)
    assert code_of(refused) == "matching-quota-never"
    assert refused.value.args_by_name == {"asked": 21, "limit": 20}
    for queries in (0, -5):
        with pytest.raises(Malformed) as nothing:
            QUOTA.take([], now=NOW, case="a", queries=queries)
        assert code_of(nothing) == "matching-batch-empty"


def test_the_shipped_quota_lets_one_full_batch_through_in_a_day() -> None:
    assert Quota().take([], now=NOW, case="a", queries=QUERIES_MAX)
