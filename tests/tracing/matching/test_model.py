"""What may be asked about, what a letter may say, what is kept secret: decided without a store."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanbi.core.errors import LanbiError, Malformed, Refused
from lanbi.core.time import DAY
from lanbi.tracing.handling import Handling
from lanbi.tracing.matching import tokens
from lanbi.tracing.matching.model import (
    BACKOFF_MAX_S,
    REFUSALS,
    AnswerLetter,
    Firearm,
    Held,
    Offer,
    OfferLetter,
    Query,
    QueryLetter,
    RefusedLetter,
    WithdrawnLetter,
    backoff_s,
    close,
    disclose,
    key_of,
    read,
    why_not_askable,
    why_not_offered,
)
from lanbi.tracing.matching.tokens import Quota, match_key
from lanbi.tracing.matching.voprf import ServerKey
from tracing.matching.sites import refusal

KEY = ServerKey.derive(bytes(32), b"a register")
SECRET = b"a secret of thirty-two bytes....."[:32]
NOW = 1_795_319_232_000_000
ID = "0192f000-0000-7000-8000-000000000001"


def gun(**values: Any) -> Firearm:
    plain: dict[str, Any] = {
        "id": "f", "number": 1, "make": "GLOCK", "model": None, "calibre": None, "type": None,
        "serial": "ABC123", "serial_status": None, "trace_state": "none", "recovery_id": None,
        "recovery_number": None,
    }  # fmt: skip
    return Firearm(**{**plain, **values})


# ------------------------------------------------------------------- what may be asked about


@pytest.mark.parametrize("status", [None, "legible", "restored"])
def test_a_serial_that_was_wholly_read_can_be_asked_about(status: str | None) -> None:
    assert why_not_askable(gun(serial_status=status)) is None


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"serial": None}, "serial_none"),
        ({"serial": ""}, "serial_none"),
        ({"serial_status": "none"}, "serial_none"),
        ({"serial": "?"}, "serial_unread"),
        ({"serial": "ABC12?"}, "serial_unread"),
        ({"serial": "ABC…"}, "serial_unread"),
        ({"serial_status": "partial"}, "serial_unread"),
        ({"serial_status": "obliterated"}, "serial_unread"),
        ({"make": None}, "make_none"),
        ({"make": "Atelye Ti Jan"}, "make_unknown"),
        ({"make": "glock"}, "make_unknown"),
    ],
)
def test_another_cannot_and_it_is_said_why(values: dict[str, Any], why: str) -> None:
    assert why_not_askable(gun(**values)) == why


marks = st.text(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ?…"), max_size=24)
makes = st.sampled_from(["GLOCK", "TAURUS", "SMITHWESSON", "glock", "", None])


@given(marks, makes)
def test_both_sides_come_to_the_same_key_or_both_to_none(serial: str, make: str | None) -> None:
    askable = why_not_askable(gun(serial=serial, make=make)) is None
    assert askable == (key_of(make, serial) is not None)


def test_look_alikes_are_one_and_other_makes_are_others() -> None:
    assert key_of("GLOCK", "ABC123") == key_of("GLOCK", "A8C123") == match_key("GLOCK", "A8C123")
    assert key_of("TAURUS", "ABC123") != key_of("GLOCK", "ABC123")


# ------------------------------------------------------------------- rules of a register

TODAY = "2026-11-22"
rules = st.builds(
    Handling,
    originator=st.sampled_from(["DO", "US", "HT"]),
    tlp=st.sampled_from(["CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"]),
    releasable=st.lists(st.sampled_from(["HT", "JM", "*"]), max_size=2).map(tuple),
    purposes=st.lists(st.sampled_from(["prosecution", "border_security"]), max_size=2).map(tuple),
    onward=st.booleans(),
    review_on=st.sampled_from([None, "2026-11-21", "2026-11-22"]),
)


@given(rules, st.sampled_from(["prosecution", "statistics"]), st.booleans())
def test_nothing_red_stopped_overdue_or_for_another_purpose_is_ever_asked_about(
    handling: Handling, purpose: str, stopped: bool
) -> None:
    why = why_not_offered(handling, "HT-PAP", purpose, TODAY, us="DO", stopped=stopped)
    if why is not None or handling.originator == "HT":
        return
    assert not stopped
    assert handling.tlp != "RED"
    assert handling.review_on != "2026-11-21"
    assert not handling.purposes or purpose in handling.purposes
    if handling.originator != "DO":
        assert handling.onward
        assert {"HT", "*"} & set(handling.releasable)


@given(rules)
def test_what_may_be_asked_for_some_purpose_may_be_offered(handling: Handling) -> None:
    offered = why_not_offered(handling, "HT-PAP", None, TODAY, us="DO", stopped=False)
    for purpose in (*handling.purposes, "statistics"):
        if why_not_offered(handling, "HT-PAP", purpose, TODAY, us="DO", stopped=False) is None:
            assert offered is None


# ------------------------------------------------------------------- what is kept


def pending() -> tokens.Pending:
    return tokens.ask(KEY.public_key, [match_key("GLOCK", "A8C123")], purpose="prosecution", case="1")


def test_what_is_kept_comes_back_with_the_same_key_for_the_same_batch_only() -> None:
    held = Held(pending())
    closed = close(SECRET, "q1", held, bytes(12))
    assert disclose(SECRET, "q1", closed) == held
    assert b"A8C123" not in closed
    answered = Held(held.pending, tokens.answer(KEY, held.pending.batch))
    assert disclose(SECRET, "q1", close(SECRET, "q1", answered, bytes(12))) == answered
    for secret, query, data in (
        (bytes(32), "q1", closed),
        (SECRET, "q2", closed),
        (SECRET, "q1", closed[:-1]),
        (SECRET, "q1", b""),
    ):
        refused = refusal(lambda secret=secret, query=query, data=data: disclose(secret, query, data))
        assert (type(refused), refused.code) == (Refused, "matching-pending-gone")


# ------------------------------------------------------------------- letters


def offer_letter(**changed: Any) -> dict[str, Any]:
    return {
        "offer": ID, "register": ID, "name": "Stolen", "kind": "stolen", "synthetic": False, "turn": 1,
        "count": 3, "key_id": KEY.key_id, "public_key": KEY.public_key.hex(), "digest": "0" * 64,
        "made_at": NOW, "quotas": {"day": 200, "case": 400}, **changed,
    }  # fmt: skip


def test_a_letter_that_says_more_than_this_version_knows_is_read() -> None:
    letter = read(msgspec.json.encode(offer_letter(more={"x": 1})), OfferLetter)
    assert (letter.count, letter.quotas.day) == (3, 200)


LETTERS = (OfferLetter, WithdrawnLetter, QueryLetter, AnswerLetter, RefusedLetter)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from([*offer_letter(), "query", "batch", "answer", "code", "args"])


@given(st.dictionaries(names, json, max_size=14), st.sampled_from(LETTERS))
def test_whatever_comes_is_read_or_refused_and_nothing_else(body: dict[str, Any], kind: Any) -> None:
    for base in ({}, offer_letter(), {"query": ID, "code": "x"}):
        try:
            read(msgspec.json.encode({**base, **body}), kind)
        except LanbiError as error:
            assert error.status in (413, 422)


@given(st.binary(max_size=60), st.sampled_from(LETTERS))
def test_bytes_that_are_no_letter_are_refused(data: bytes, kind: Any) -> None:
    with pytest.raises(Malformed):
        read(data, kind)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_a_refusal_that_this_site_could_say_itself_is_told_as_it_is(code: str) -> None:
    letter = read(msgspec.json.encode({"query": ID, "code": code, "args": {"asked": 1}}), RefusedLetter)
    assert (letter.code, letter.args) == (code, {"asked": 1})


@pytest.mark.parametrize(
    "body",
    [
        {"code": "x" * 61},
        {"code": "x", "args": {"a": "y" * 201}},
        {"code": "x", "args": {str(n): n for n in range(11)}},
        {"code": "matching-quota-day", "args": {"opens_at": "soon"}},
        {"code": "x", "args": {"a": [1]}},
    ],
)
def test_a_refusal_that_no_screen_could_hold_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(msgspec.json.encode({"query": ID, **body}), RefusedLetter)


# ------------------------------------------------------------------- offers and batches


def offer(**values: Any) -> Offer:
    plain: dict[str, Any] = {
        "id": "o", "side": "theirs", "partner": "DO", "their_id": ID, "register_id": ID, "name": "Stolen",
        "kind": "stolen", "synthetic": False, "turn": 1, "state": "ready", "key_id": KEY.key_id,
        "public_key": KEY.public_key, "quota": Quota(), "made_at": NOW, "by": "x", "seq": 7,
    }  # fmt: skip
    return Offer(**{**plain, **values})


def test_who_saw_an_older_version_is_told() -> None:
    offer().must_hold(None)
    offer().must_hold(7)
    assert refusal(lambda: offer().must_hold(6)).code == "matching-changed"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": "announced"}, "matching-offer-not-ready"),
        ({"state": "superseded"}, "matching-offer-over"),
        ({"state": "withdrawn"}, "matching-offer-over"),
        ({"side": "ours", "state": "offered"}, "matching-offer-none"),
    ],
)
def test_only_what_is_ready_can_be_asked_under(values: dict[str, Any], code: str) -> None:
    assert offer().must_be_ready() == offer()
    assert refusal(lambda: offer(**values).must_be_ready()).code == code


@pytest.mark.parametrize(
    ("values", "openable"),
    [
        ({"state": "answered", "hits": 2, "open_until": NOW + DAY}, True),
        ({"state": "answered", "hits": 2, "opened_at": NOW}, True),
        ({"state": "answered", "hits": 2}, False),
        ({"state": "answered", "hits": 0, "open_until": NOW + DAY}, False),
        ({"state": "asked", "open_until": NOW + DAY}, False),
        ({"state": "failed", "open_until": NOW + DAY}, False),
    ],
)
def test_hits_can_be_opened_where_there_are_any_and_they_are_still_kept(
    values: dict[str, Any], openable: bool
) -> None:
    query = Query(
        id="q", direction="out", partner="DO", their_id="q", offer_id="o", register_id=ID, key_id=KEY.key_id,
        purpose="p", case="c", content="", asked=3, by="x", asked_at=NOW, letter=ID, **values,
    )  # fmt: skip
    assert query.openable == openable
    if openable:
        query.must_open()
    else:
        assert refusal(query.must_open).code in (
            "matching-not-answered", "matching-nothing-to-open", "matching-pending-gone",
        )  # fmt: skip


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_it_rests_longer_each_time_and_never_too_long(failures: int, chance: float) -> None:
    assert 2.5 <= backoff_s(failures, chance) <= BACKOFF_MAX_S
    assert backoff_s(failures + 1, chance) >= backoff_s(failures, chance)
